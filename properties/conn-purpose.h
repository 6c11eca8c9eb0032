/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the conns of a file are for. Beside the tunnel of a client people have conns that exempt
 * some packets from it, that wait for clients, or that are switched off.
 */

#pragma once

#include "ipsec-conf-reader.h"

typedef struct _ConnPurpose ConnPurpose;

ConnPurpose *conn_purpose_new(const IpsecConfFile *file);
void conn_purpose_free(ConnPurpose *purpose);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ConnPurpose, conn_purpose_free)

/**
 * conn_purpose_find_other:
 * @purpose: of the file
 * @conn: one of its conns
 *
 * With what also= and conn %default bring.
 *
 * Returns: (transfer full): the setting that says that it is no connection of a client's, such as
 * "type=passthrough"; or %NULL
 */
char *conn_purpose_find_other(ConnPurpose *purpose, const IpsecConfSection *conn);
