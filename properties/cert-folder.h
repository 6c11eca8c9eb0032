/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The user's folder for the certificates of imported connections, ~/.cert/nm-libreswan: where
 * NetworkManager's plugins put theirs, as SELinux lets NetworkManager read what is there, and no
 * other file of a user's.
 */

#pragma once

#include <glib.h>

/* What a certificate, or a PKCS#12 with a chain of them, never reaches, in bytes. */
#define CERT_FOLDER_FILE_MAX (1024 * 1024)

/**
 * cert_folder_store:
 * @what: what it is and whose, for the name: any bytes
 * @suffix: of the name, a word
 * @bytes: what is to be in it
 * @error: %G_FILE_ERROR; names the file or folder
 *
 * The folder is made where it is not there. A file that is there is never written to: one with
 * these very bytes is that file, and beside another a number is added to the name. The user alone
 * may read what is made.
 *
 * Returns: (transfer full): the file's full path
 */
char *cert_folder_store(const char *what, const char *suffix, GBytes *bytes, GError **error);
