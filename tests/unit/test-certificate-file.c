/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <string.h>

#include "certificate-file.h"
#include "make-certificate.h"
#include "option.h"

static GBytes *
take(GString *bytes)
{
	return g_string_free_to_bytes(bytes);
}

static void
check_pkcs12(const char *made_with, const char *passphrase, gboolean locked)
{
	TestCertificate certificate =
		make_certificate(&(TestCertificateParams){"CN=alice", .algorithm = GNUTLS_PK_ECDSA});
	g_autoptr(GBytes) bytes =
		take(pkcs12_bytes(&certificate, NULL, made_with, GNUTLS_PKCS_PBES2_AES_256));
	g_autoptr(GError) error = NULL;
	gboolean found;

	g_assert_true(certificate_file_check_pkcs12(bytes, passphrase, &found, &error));
	g_assert_no_error(error);
	g_assert_true(found == locked);
	test_certificate_clear(&certificate);
}

static void
test_pkcs12(void)
{
	check_pkcs12(NULL, NULL, FALSE);
	check_pkcs12("", NULL, FALSE);
	check_pkcs12("secret", NULL, TRUE);
	check_pkcs12("secret", "", TRUE);
	check_pkcs12("secret", "secret", FALSE);
	check_pkcs12("pass phrase ü\"\\", "pass phrase ü\"\\", FALSE);
}

static void
expect_no_pkcs12(GBytes *bytes, const char *passphrase, const char *message)
{
	g_autoptr(GError) error = NULL;
	gboolean locked;

	g_assert_false(certificate_file_check_pkcs12(bytes, passphrase, &locked, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
	g_assert_nonnull(strstr(error->message, message));
}

static void
test_wrong_pkcs12(void)
{
	TestCertificate certificate =
		make_certificate(&(TestCertificateParams){"CN=alice", .algorithm = GNUTLS_PK_ECDSA});
	g_autoptr(GBytes) good =
		take(pkcs12_bytes(&certificate, NULL, "secret", GNUTLS_PKCS_PBES2_AES_256));
	g_autoptr(GBytes) der = take(certificate_bytes(&certificate, GNUTLS_X509_FMT_DER));
	g_autoptr(GBytes) part = g_bytes_new_from_bytes(good, 0, g_bytes_get_size(good) - 10);
	g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);

	expect_no_pkcs12(good, "other", "passphrase is not that");
	expect_no_pkcs12(der, NULL, "is no PKCS#12");
	expect_no_pkcs12(part, NULL, "is no PKCS#12");
	expect_no_pkcs12(nothing, NULL, "is no PKCS#12");
	test_certificate_clear(&certificate);
}

/* The number of rounds is the last thing in a PKCS#12: INTEGER, of three bytes as GnuTLS makes it.
 */
static void
test_many_rounds(void)
{
	TestCertificate certificate =
		make_certificate(&(TestCertificateParams){"CN=alice", .algorithm = GNUTLS_PK_ECDSA});
	g_autoptr(GString) text = pkcs12_bytes(&certificate, NULL, "secret", GNUTLS_PKCS_PBES2_AES_256);
	guint8 *rounds = (guint8 *) text->str + text->len - 5;
	g_autoptr(GBytes) bytes = NULL;

	g_assert_cmpuint(rounds[0], ==, 0x02);
	g_assert_cmpuint(rounds[1], ==, 3);
	rounds[2] = 0x7f;
	bytes = g_bytes_new(text->str, text->len);
	expect_no_pkcs12(bytes, "secret", "far too many rounds");
	test_certificate_clear(&certificate);
}

static void
test_pem(void)
{
	TestCertificate one =
		make_certificate(&(TestCertificateParams){"CN=one", .algorithm = GNUTLS_PK_ECDSA});
	TestCertificate two =
		make_certificate(&(TestCertificateParams){"CN=two", .algorithm = GNUTLS_PK_ECDSA});
	g_autoptr(GString) first = certificate_bytes(&one, GNUTLS_X509_FMT_PEM);
	g_autoptr(GString) second = certificate_bytes(&two, GNUTLS_X509_FMT_PEM);
	g_autoptr(GBytes) der = take(certificate_bytes(&one, GNUTLS_X509_FMT_DER));
	g_autofree char *text = g_strconcat("a comment\n", second->str, "\nrm -rf /\n", NULL);
	g_autofree char *both = g_strconcat(first->str, second->str, NULL);
	g_autoptr(GBytes) pem = g_bytes_new(text, strlen(text));
	g_autoptr(GString) found = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	guint n = 0;

	g_assert_true(certificate_file_add_pem(found, der, &n, &error));
	g_assert_true(certificate_file_add_pem(found, pem, &n, &error));
	g_assert_cmpuint(n, ==, 2);
	g_assert_cmpstr(found->str, ==, both);
	test_certificate_clear(&one);
	test_certificate_clear(&two);
}

static void
test_wrong_pem(void)
{
	TestCertificate one =
		make_certificate(&(TestCertificateParams){"CN=one", .algorithm = GNUTLS_PK_ECDSA});
	g_autoptr(GString) pem = certificate_bytes(&one, GNUTLS_X509_FMT_PEM);
	g_autoptr(GString) many = g_string_new(NULL);
	g_autoptr(GBytes) key = take(key_bytes(&one, GNUTLS_X509_FMT_PEM));
	g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);
	g_autoptr(GBytes) garbage = g_bytes_new_static("-----BEGIN CERTIFICATE-----\nx\n", 30);
	g_autoptr(GBytes) too_many = NULL;
	g_autoptr(GString) found = g_string_new(NULL);
	guint n = 0;

	for (guint i = 0; i <= CERTIFICATE_FILE_MAX; i++)
		g_string_append(many, pem->str);
	too_many = g_bytes_new(many->str, many->len);
	g_assert_false(certificate_file_add_pem(found, key, &n, NULL));
	g_assert_false(certificate_file_add_pem(found, nothing, &n, NULL));
	g_assert_false(certificate_file_add_pem(found, garbage, &n, NULL));
	g_assert_false(certificate_file_add_pem(found, too_many, &n, NULL));
	g_assert_cmpstr(found->str, ==, "");
	test_certificate_clear(&one);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/certificate-file/pkcs12", test_pkcs12);
	g_test_add_func("/certificate-file/wrong-pkcs12", test_wrong_pkcs12);
	g_test_add_func("/certificate-file/many-rounds", test_many_rounds);
	g_test_add_func("/certificate-file/pem", test_pem);
	g_test_add_func("/certificate-file/wrong-pem", test_wrong_pem);
	return g_test_run();
}
