/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs the program that makes the NSS database of a connection from the files of its profile
 * (src/import).
 */
#pragma once

#include "cert-report.h"
#include "profile.h"
#include "run-directory.h"

/**
 * cert_import_async:
 * @program: its full path
 * @directory: its nss/ becomes the database; it must not have one yet. NULL: no database is made,
 * and of a profile with a token that alone is looked at
 * @profile: one that needs an import; read at once
 * @may_use_final_try: the PIN was typed just now: the last try that a token gives may be its
 *
 * One that does not end is killed, as is one that is cancelled.
 */
void cert_import_async(const char *program, RunDirectory *directory, const Profile *profile,
					   gboolean may_use_final_try, GCancellable *cancellable,
					   GAsyncReadyCallback callback, gpointer user_data);

/**
 * cert_import_finish:
 * @explanation: (out): where the report has a fault: cert_report_explain()
 *
 * Returns: (transfer full): what the program says; NULL with an error where it says nothing
 */
CertReport *cert_import_finish(GAsyncResult *result, char **explanation, GError **error);
