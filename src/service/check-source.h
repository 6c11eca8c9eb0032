/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The connection that --check is about: one of NetworkManager's, or one in a file.
 */
#pragma once

#include <NetworkManager.h>

typedef struct _CheckSource CheckSource;

/**
 * check_source_open:
 * @what: a file, where it has a slash or ends with .conf or .nmconnection; else the UUID or the
 *   name of a connection of NetworkManager's
 *
 * Reads what may take rights to read; nothing in a file is looked at yet.
 *
 * Returns: (transfer full): NULL with a sentence for people
 */
CheckSource *check_source_open(const char *what, GError **error);
void check_source_free(CheckSource *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CheckSource, check_source_free)

/**
 * check_source_get:
 * @notes: (element-type utf8): gets what import left out of a file, a sentence each
 *
 * A file is a keyfile of NetworkManager's or an ipsec.conf, whatever its name.
 *
 * Returns: (transfer full): a VPN connection of our type; NULL with a sentence for people, of
 * PROFILE_ERROR where a file's text is at fault
 */
NMConnection *check_source_get(CheckSource *self, GPtrArray *notes, GError **error);

/** check_source_has_secrets: the connection has those that are stored with it: it is a file's. */
gboolean check_source_has_secrets(const CheckSource *self);

/**
 * check_source_choose:
 * @connections: (element-type NMConnection)
 * @what: a UUID, or the name of a VPN connection of our type
 *
 * Returns: (transfer none): NULL with a sentence for people, also where several have the name
 */
NMConnection *check_source_choose(const GPtrArray *connections, const char *what, GError **error);
