/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Certificates that came inside another file, before they become files of their own: that they are
 * what they are said to be, and nothing else. Which certificate is what, and whether it is good, is
 * found out when the connection is activated.
 */

#pragma once

#include <glib.h>

/* How many certificates there may be together. */
#define CERTIFICATE_FILE_MAX 32u

/**
 * certificate_file_check_pkcs12:
 * @bytes: what should be a PKCS#12
 * @passphrase: (nullable): what it is encrypted with, where that is known
 * @locked: (out): whether one is needed that is not known
 * @error: %PROFILE_ERROR_INVALID: it is none, or @passphrase is not its
 */
gboolean certificate_file_check_pkcs12(GBytes *bytes, const char *passphrase, gboolean *locked,
									   GError **error);

/**
 * certificate_file_add_pem:
 * @pem: gets the certificates, written anew
 * @bytes: one certificate in DER, or some in PEM
 * @n: (inout): how many there are in @pem
 * @error: %PROFILE_ERROR_INVALID
 */
gboolean certificate_file_add_pem(GString *pem, GBytes *bytes, guint *n, GError **error);
