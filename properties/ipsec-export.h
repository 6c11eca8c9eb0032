/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An ipsec.conf(5) from a connection: what a person would read, what plain
 * libreswan would accept, and what ipsec_import() makes the same profile of.
 */

#pragma once

#include <NetworkManager.h>

#include "profile.h"

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

/**
 * ipsec_export_conn:
 * @profile: a profile
 * @name: the conn's name, one word
 * @error: %PROFILE_ERROR
 *
 * Returns: (transfer full): the conn alone, without comments. All of it is what
 * NetworkManager-libreswan takes too, unless the profile has what it cannot do; so there is no
 * auto=.
 */
char *ipsec_export_conn(const Profile *profile, const char *name, GError **error);
