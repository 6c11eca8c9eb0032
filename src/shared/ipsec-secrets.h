/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipsec.secrets(5) for the pluto of one connection.
 */

#pragma once

#include "profile.h"

/**
 * ipsec_secrets_write:
 * @profile: a profile with its secrets
 * @without: (nullable): the key of a secret that pluto is to ask for
 * @len: (out): how long the text is, in bytes
 * @error: %PROFILE_ERROR_MISSING: the profile needs a pre-shared key and has none
 *
 * The secrets that the profile needs (secret.h) are written in base64, so that no byte in them can
 * end a line or a quote, each in a line of its own: what does not fit a line of pluto's (2047
 * bytes, MAX_TOK_LEN in libreswan's lex.h) it writes into its log, and asks DNS for the rest. There
 * is no index, so that no user name or identity can end a line either: the file belongs to one
 * pluto with one connection, and a record without an index is that connection's.
 *
 * Returns: (transfer full): the file's text, free with ipsec_secrets_free()
 */
char *ipsec_secrets_write(const Profile *profile, const char *without, gsize *len, GError **error);

/* Wipes and frees. */
void ipsec_secrets_free(char *text, gsize len);
