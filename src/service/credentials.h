/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The certificates of one connection, over all its instances: imported once from the files of its
 * profile, before its first pluto, into the database in the run directory, which stays as long as
 * that does. A file that has gone since, or whose user has logged out, ends no tunnel.
 *
 * A token is looked at before each pluto: it may have been pulled out, and its PIN changed. Its
 * last try is the user's, with a PIN that he has just typed.
 */
#pragma once

#include "cert-policy.h"
#include "run-directory.h"

typedef struct _Credentials Credentials;

#define CREDENTIALS_ERROR (credentials_error_quark())
GQuark credentials_error_quark(void);

typedef enum {
	CREDENTIALS_ERROR_MISSING, /* the secret of credentials_get_wanted() is not there */
	CREDENTIALS_ERROR_WRONG,   /* or another one is right */
} CredentialsError;

/** credentials_new: @program: the full path of the import program. */
Credentials *credentials_new(const char *program);
void credentials_free(Credentials *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Credentials, credentials_free)

/**
 * credentials_import_async: at once where @profile uses no files, or they are imported already and
 * there is no token.
 *
 * @directory: the database is made in its nss/
 */
void credentials_import_async(Credentials *self, RunDirectory *directory, const Profile *profile,
							  GCancellable *cancellable, GAsyncReadyCallback callback,
							  gpointer user_data);

/**
 * credentials_import_finish:
 *
 * Returns: FALSE with an error for people: %CREDENTIALS_ERROR, %PROFILE_ERROR where it is the
 * profile or a file that is at fault, another where it is this host. %G_IO_ERROR_CANCELLED: whoever
 * has cancelled it may be gone.
 */
gboolean credentials_import_finish(GAsyncResult *result, GError **error);

/** credentials_get_wanted: after %CREDENTIALS_ERROR: the key of the secret (secret.h) that another
 * attempt wants; NULL else. */
const char *credentials_get_wanted(const Credentials *self);

/** credentials_is_untried: the secret of credentials_get_wanted() is there, and was not tried: it
 * may be the right one, and has to come from a person. */
gboolean credentials_is_untried(const Credentials *self);

/**
 * credentials_find: what ipsec.conf has of them.
 *
 * @certificates: (out): as long as these credentials are not forgotten; all NULL where @profile
 * uses no files
 *
 * Returns: FALSE with %PROFILE_ERROR where the profile cannot be used with them
 */
gboolean credentials_find(Credentials *self, const Profile *profile,
						  IpsecConfCertificates *certificates, GError **error);

/**
 * credentials_learn: pluto says something of the gateway's signature. Once for a connection that is
 * TRUE: with what credentials_find() says then, it would have passed. No password is spent by
 * another attempt.
 *
 * @text: PlutoLogLine.rest
 */
gboolean credentials_learn(Credentials *self, const char *text);

/** credentials_forget: the database is gone, or another profile comes. */
void credentials_forget(Credentials *self);
