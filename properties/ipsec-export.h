/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An ipsec.conf(5) from a connection: what a person would read, what plain
 * libreswan would accept, and what ipsec_import() makes the same profile of.
 */

#pragma once

#include <NetworkManager.h>

/**
 * ipsec_export:
 * @connection: a connection
 * @error: %PROFILE_ERROR
 *
 * Secrets are left out.
 *
 * Returns: (transfer full): the file's text
 */
char *ipsec_export(NMConnection *connection, GError **error);
