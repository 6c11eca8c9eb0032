/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The PIN of a token, in the file where pluto reads it when NSS asks for one: a line with the
 * token's name, a colon and the PIN.
 */
#pragma once

#include "profile.h"

/* In the directory that pluto takes for ipsecdir=. */
#define NSS_PASSWORD_FILE "nsspassword"

/**
 * nss_password_write:
 * @profile: one with a token, and with its secrets
 * @len: (out): of the text, in bytes
 * @error: %PROFILE_ERROR_INVALID: a PIN that cannot be in a line
 *
 * Returns: (transfer full): the file's text, empty where the profile has no PIN; free with
 * nss_password_free()
 */
char *nss_password_write(const Profile *profile, gsize *len, GError **error);

/** nss_password_free: wipes and frees. */
void nss_password_free(char *text, gsize len);

/** nss_password_is_said: whether pluto says in a line (PlutoLogLine.rest) how long the PIN is. */
gboolean nss_password_is_said(const char *text);
