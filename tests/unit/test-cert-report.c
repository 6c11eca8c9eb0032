/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cert-report.h"

#include <string.h>

/* O=Lab, CN=x */
#define NAME "301a310c300a060355040a0c034c6162310a300806035504030c0178"
#define ITEM " rsa 1 4102444800 " NAME " " NAME "\n"
#define GOOD "user" ITEM "root" ITEM "end\n"
/* Two values in one part. */
#define MULTI                                                                                      \
	"3018"                                                                                         \
	"3116"                                                                                         \
	"300a060355040a0c034c6162"                                                                     \
	"3008060355040b0c0178"

static CertReport *
parse(const char *text)
{
	return cert_report_parse(CERT_REPORT_CERTIFICATES, text, strlen(text), NULL);
}

static void
test_good(void)
{
	g_autoptr(CertReport) report = parse(GOOD);

	g_assert_nonnull(report);
	g_assert_false(report->has_fault);
	g_assert_false(report->has_issuers);
	g_assert_cmpint(report->user_key, ==, IMPORT_KEY_RSA);
	g_assert_cmpint(report->root_key, ==, IMPORT_KEY_RSA);
	g_assert_cmpstr(report->root_name, ==, "O=#0C034C6162, CN=#0C0178");
	g_assert_false(cert_report_is_about_passphrase(report));
}

static void
test_kinds(void)
{
	g_autoptr(CertReport) report =
		parse("user ec -1 2 " NAME " " NAME "\nissuer" ITEM "issuer" ITEM "other" ITEM "other" ITEM
			  "root rsa-pss 1 2 " NAME " 300e310c300a060355040a0c034c6162\nend\n");

	g_assert_nonnull(report);
	g_assert_true(report->has_issuers);
	g_assert_cmpint(report->user_key, ==, IMPORT_KEY_EC);
	g_assert_cmpint(report->root_key, ==, IMPORT_KEY_RSA_PSS);
	g_assert_cmpstr(report->root_name, ==, "O=#0C034C6162");
}

/* Whatever is left out, added, twice or elsewhere. */
static void
test_bad(void)
{
	static const char *const texts[] = {
		"",
		"\n",
		"end\n",
		"user" ITEM,
		"user" ITEM "end\n",
		"root" ITEM "end\n",
		"user" ITEM "root" ITEM,
		"user" ITEM "root" ITEM "end",
		"user" ITEM "root" ITEM "end\nend\n",
		GOOD "\n",
		"\n" GOOD,
		GOOD GOOD,
		"user" ITEM "user" ITEM "root" ITEM "end\n",
		"user" ITEM "root" ITEM "root" ITEM "end\n",
		"root" ITEM "user" ITEM "end\n",
		"user" ITEM "other" ITEM "issuer" ITEM "root" ITEM "end\n",
		"user" ITEM "root" ITEM "issuer" ITEM "end\n",
		"user" ITEM "root" ITEM "end 1\n",
		"user" ITEM "root" ITEM "fault ca empty 0\nend\n",
		"user rsa 1 2 " NAME "\nroot" ITEM "end\n",
		"user rsa 1 2 " NAME " " NAME " x\nroot" ITEM "end\n",
		"user rsa  1 2 " NAME " " NAME "\nroot" ITEM "end\n",
		"user RSA 1 2 " NAME " " NAME "\nroot" ITEM "end\n",
		"user dsa 1 2 " NAME " " NAME "\nroot" ITEM "end\n",
		"user rsa x 2 " NAME " " NAME "\nroot" ITEM "end\n",
		"user rsa 1 99999999999999999999 " NAME " " NAME "\nroot" ITEM "end\n",
		"user rsa 1 2 3 " NAME "\nroot" ITEM "end\n",
		"user rsa 1 2 zz " NAME "\nroot" ITEM "end\n",
		"user rsa 1 2 AA " NAME "\nroot" ITEM "end\n",
		"user rsa 1 2  " NAME "\nroot" ITEM "end\n",
		"fault\n",
		"fault ca\n",
		"fault ca empty\n",
		"fault ca empty 0",
		"fault ca empty 0 0\n",
		"fault ca empty x\n",
		"fault ca nonsense 0\n",
		"fault nothing empty 0\n",
		"fault ca empty 0\n\n",
		"fault ca empty 0\n" GOOD,
	};

	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(
			cert_report_parse(CERT_REPORT_CERTIFICATES, texts[i], strlen(texts[i]), &error));
		g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
	}
	g_assert_null(
		cert_report_parse(CERT_REPORT_CERTIFICATES, GOOD, sizeof(GOOD), NULL)); /* with its NUL */
}

static void
test_too_long(void)
{
	g_autoptr(GString) text = g_string_new("user" ITEM);
	g_autoptr(GString) name = g_string_new(NULL);

	while (text->len <= IMPORT_REPORT_MAX)
		g_string_append(text, "issuer" ITEM);
	g_string_append(text, "root" ITEM "end\n");
	g_assert_null(parse(text->str));
	for (guint i = 0; i <= IMPORT_NAME_MAX; i++)
		g_string_append(name, "30");
	g_string_printf(text, "user rsa 1 2 %s " NAME "\nroot" ITEM "end\n", name->str);
	g_assert_null(parse(text->str));
}

/* Where a token alone was looked at. */
static void
test_check(void)
{
	static const char *const bad[] = {"",
									  "end",
									  "end\n\n",
									  "end 1\n",
									  GOOD,
									  "fault cert no-token\n",
									  "fault cert no-token 0\nend\n"};
	g_autoptr(CertReport) good = cert_report_parse(CERT_REPORT_CHECK, "end\n", 4, NULL);
	g_autoptr(CertReport) fault = NULL;

	g_assert_nonnull(good);
	g_assert_false(good->has_fault);
	fault = cert_report_parse(CERT_REPORT_CHECK, "fault cert wrong-pin 0\n", 23, NULL);
	g_assert_nonnull(fault);
	g_assert_true(cert_report_is_about_pin(fault));
	g_assert_false(cert_report_is_about_passphrase(fault));
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(cert_report_parse(CERT_REPORT_CHECK, bad[i], strlen(bad[i]), &error));
		g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
	}
}

#define CKAID "0123456789abcdef0123456789abcdef01234567"

/* Where a key has no certificate. */
static void
test_key(void)
{
	static const char *const bad[] = {
		"",
		"end\n",
		GOOD,
		"key " CKAID "\n",
		"key " CKAID "\nend",
		"key " CKAID "\nend\nend\n",
		"key " CKAID "\nkey " CKAID "\nend\n",
		"key " CKAID " \nend\n",
		"key " CKAID "0\nend\n",
		"key 0123456789ABCDEF0123456789abcdef01234567\nend\n",
		"key \nend\n",
		"key\nend\n",
	};
	const char *text = "key " CKAID "\nend\n";
	g_autoptr(CertReport) good = cert_report_parse(CERT_REPORT_KEY, text, strlen(text), NULL);
	g_autoptr(CertReport) fault =
		cert_report_parse(CERT_REPORT_KEY, "fault key no-key 0\n", 19, NULL);

	g_assert_nonnull(good);
	g_assert_cmpstr(good->ckaid, ==, CKAID);
	g_assert_null(good->root_name);
	g_assert_nonnull(fault);
	g_assert_true(fault->has_fault);
	g_assert_null(fault->ckaid);
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_null(cert_report_parse(CERT_REPORT_KEY, bad[i], strlen(bad[i]), NULL));
	/* What was not asked for is no answer. */
	g_assert_null(cert_report_parse(CERT_REPORT_CERTIFICATES, text, strlen(text), NULL));
	g_assert_null(cert_report_parse(CERT_REPORT_CHECK, text, strlen(text), NULL));
}

/* What libreswan cannot be told of, it is not told. */
static void
test_no_name(void)
{
	g_autoptr(CertReport) report = parse("user" ITEM "root rsa 1 2 " MULTI " " MULTI "\nend\n");

	g_assert_nonnull(report);
	g_assert_cmpstr(report->root_name, ==, NULL);
}

/* Each fault has a sentence of its own that names the key and the file. */
static void
test_explain(void)
{
	static const char *const fields[IMPORT_N_FIELDS] = {"joe", "/ca", "/cert", "/key",
														"/db", "",    "",      ""};
	static const char *const root[IMPORT_N_FIELDS] = {"", "", "/cert", "", "/db", "", "", ""};
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < IMPORT_N_FAULTS; i++) {
		const CertReport report = {
			.has_fault = TRUE, .field = IMPORT_FIELD_KEY, .fault = (ImportFault) i, .number = 13};
		char *sentence = cert_report_explain(&report, fields);

		if (i != IMPORT_FAULT_DATABASE && i != IMPORT_FAULT_BAD_REQUEST)
			g_assert_true(g_str_has_prefix(sentence, "key: \"/key\" "));
		g_assert_true(g_hash_table_add(seen, sentence));
	}
	for (guint i = 0; i < IMPORT_N_FAULTS; i++) {
		const CertReport report = {
			.has_fault = TRUE, .field = IMPORT_FIELD_CA, .fault = (ImportFault) i};
		g_autofree char *sentence = cert_report_explain(&report, root);

		/* What is no file of its own is not called one. */
		g_assert_null(strstr(sentence, "\"\""));
	}
	{
		const CertReport report = {.has_fault = TRUE,
								   .field = IMPORT_FIELD_CERT,
								   .fault = IMPORT_FAULT_EXPIRED,
								   .number = 1735689600};
		g_autofree char *sentence = cert_report_explain(&report, fields);

		g_assert_nonnull(strstr(sentence, "2025-01-01 00:00 UTC"));
	}
	{
		const CertReport report = {
			.has_fault = TRUE, .field = IMPORT_FIELD_CERT, .fault = IMPORT_FAULT_NOT_ALLOWED};
		g_autofree char *sentence = cert_report_explain(&report, fields);

		g_assert_cmpstr(sentence, ==,
						"cert: \"/cert\" may not be read by \"joe\", whose connection it is");
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/cert-report/good", test_good);
	g_test_add_func("/cert-report/kinds", test_kinds);
	g_test_add_func("/cert-report/bad", test_bad);
	g_test_add_func("/cert-report/too-long", test_too_long);
	g_test_add_func("/cert-report/check", test_check);
	g_test_add_func("/cert-report/key", test_key);
	g_test_add_func("/cert-report/no-name", test_no_name);
	g_test_add_func("/cert-report/explain", test_explain);
	return g_test_run();
}
