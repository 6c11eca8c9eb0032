/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "certificate-file.h"

#include <gnutls/pkcs12.h>
#include <gnutls/x509.h>

#include <glib/gi18n-lib.h>

#include "option.h"

/* With more rounds than these a file would keep us busy for seconds; those of openssl and of
 * Windows have 2048 to 600000. */
#define ROUNDS_MAX 5000000u

static gboolean
fail(GError **error, const char *why)
{
	g_set_error_literal(error, PROFILE_ERROR, PROFILE_ERROR_INVALID, why);
	return FALSE;
}

static gnutls_datum_t
datum_of(GBytes *bytes)
{
	gsize len;
	const void *data = g_bytes_get_data(bytes, &len);

	return (gnutls_datum_t){(unsigned char *) data, (unsigned) len};
}

static gboolean
check_pkcs12(gnutls_pkcs12_t pkcs12, const char *passphrase, gboolean *locked, GError **error)
{
	unsigned rounds = 0;

	*locked = FALSE;
	/* Without a checksum nobody can tell before all of it is decrypted. */
	if (gnutls_pkcs12_mac_info(pkcs12, NULL, NULL, NULL, &rounds, NULL) < 0)
		return TRUE;
	if (rounds > ROUNDS_MAX)
		return fail(error, _("the PKCS#12 demands far too many rounds to derive its key"));
	if (passphrase && *passphrase)
		return gnutls_pkcs12_verify_mac(pkcs12, passphrase) == 0 ||
			   fail(error, _("the passphrase is not that of the PKCS#12"));
	/* Programs do not agree on what no passphrase is. */
	*locked =
		gnutls_pkcs12_verify_mac(pkcs12, NULL) != 0 && gnutls_pkcs12_verify_mac(pkcs12, "") != 0;
	return TRUE;
}

gboolean
certificate_file_check_pkcs12(GBytes *bytes, const char *passphrase, gboolean *locked,
							  GError **error)
{
	gnutls_datum_t datum = datum_of(bytes);
	gnutls_pkcs12_t pkcs12;
	gboolean ok;

	if (gnutls_pkcs12_init(&pkcs12) < 0)
		return fail(error, _("out of memory"));
	ok = gnutls_pkcs12_import(pkcs12, &datum, GNUTLS_X509_FMT_DER, 0) == 0
			 ? check_pkcs12(pkcs12, passphrase, locked, error)
			 : fail(error, _("this is no PKCS#12, or a part of it is missing"));
	gnutls_pkcs12_deinit(pkcs12);
	return ok;
}

static gboolean
add_pem(GString *pem, gnutls_x509_crt_t certificate)
{
	gnutls_datum_t out;

	if (gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &out) < 0)
		return FALSE;
	g_string_append_len(pem, (const char *) out.data, out.size);
	gnutls_free(out.data);
	return TRUE;
}

gboolean
certificate_file_add_pem(GString *pem, GBytes *bytes, guint *n, GError **error)
{
	gnutls_datum_t datum = datum_of(bytes);
	gnutls_x509_crt_t list[CERTIFICATE_FILE_MAX];
	unsigned count = CERTIFICATE_FILE_MAX;
	gboolean is_pem = g_strstr_len((const char *) datum.data, datum.size, "-----BEGIN") != NULL;
	gboolean ok = TRUE;
	int rc = gnutls_x509_crt_list_import(list, &count, &datum,
										 is_pem ? GNUTLS_X509_FMT_PEM : GNUTLS_X509_FMT_DER,
										 GNUTLS_X509_CRT_LIST_IMPORT_FAIL_IF_EXCEED);

	if (rc == GNUTLS_E_SHORT_MEMORY_BUFFER)
		return fail(error, _("there are too many certificates"));
	if (rc < 1)
		return fail(error, _("this is no certificate, or a part of it is missing"));
	count = (unsigned) rc;
	for (unsigned i = 0; i < count; i++) {
		ok = ok && add_pem(pem, list[i]);
		gnutls_x509_crt_deinit(list[i]);
	}
	*n += count;
	if (*n > CERTIFICATE_FILE_MAX)
		return fail(error, _("there are too many certificates"));
	return ok || fail(error, _("this is no certificate, or a part of it is missing"));
}
