/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The NSS database of the system, where an administrator has put certificates and keys with
 * certutil(1) and pk12util(1): profiles name what is in it by nicknames. A connection gets a copy:
 * nothing of the system's is written to, and what writes to it meanwhile does not end pluto, as it
 * would where pluto itself has it open.
 */
#pragma once

#include "profile.h"
#include "run-directory.h"

/** system_nss_is_needed: whether @profile names something that is in it. */
gboolean system_nss_is_needed(const Profile *profile);

/**
 * system_nss_copy_async: copies it to nss/ of @directory, unless there is a database already. One
 * that is being written to is waited for.
 *
 * @places: where it may be, the first that has one counts, up to %NULL; %NULL: where libreswan has
 * it in the distributions
 * @profile: read at once
 */
void
system_nss_copy_async(const char *const *places, RunDirectory *directory, const Profile *profile,
					  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/**
 * system_nss_copy_finish:
 *
 * Returns: TRUE also where there is none: then pluto names the nickname that it does not find.
 * FALSE with an error: %PROFILE_ERROR where the connection is one user's, to whom the keys of the
 * system do not belong
 */
gboolean system_nss_copy_finish(GAsyncResult *result, GError **error);
