/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each file of tests/vpn-files is one as administrators send them, or a wrong one;
 * NAME.expected is what becomes of it, for nmcli and for a program with an editor.
 */

#include "config.h"

#include "describe-import.h"
#include "make-certificate.h"
#include "remove-tree.h"

static void
test_sample(gconstpointer data)
{
	const char *path = data;
	g_autofree char *expected_path = g_strconcat(path, ".expected", NULL);
	g_autofree char *expected = NULL;
	g_autofree char *found = describe_file(path);

	g_file_get_contents(expected_path, &expected, NULL, NULL);
	g_assert_cmpstr(found, ==, expected);
}

static void
add_samples(void)
{
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "vpn-files", NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *file;
	guint n = 0;

	g_assert_nonnull(dir);
	while ((file = g_dir_read_name(dir))) {
		g_autofree char *test = g_strconcat("/vpn-file/sample/", file, NULL);

		if (g_str_has_suffix(file, ".expected"))
			continue;
		g_test_add_data_func_full(test, g_build_filename(path, file, NULL), test_sample, g_free);
		n++;
	}
	g_assert_cmpuint(n, >=, 6);
}

/* However much of a file has arrived, it is a connection or an error, and never a crash. */
static void
test_truncated(void)
{
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "vpn-files", NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *file;

	while ((file = g_dir_read_name(dir))) {
		g_autofree char *sample = g_build_filename(path, file, NULL);
		g_autofree char *text = NULL;
		gsize len;

		if (g_str_has_suffix(file, ".expected"))
			continue;
		g_assert_true(g_file_get_contents(sample, &text, &len, NULL));
		for (gsize n = 0; n <= len; n += 1 + len / 300) {
			g_autofree char *part = g_strndup(text, n);
			g_autoptr(GError) error = NULL;
			g_autoptr(NMConnection) connection =
				vpn_file_import_bytes(part, n, "part", IMPORT_HOST_TERMINAL, NULL, &error);

			g_assert_true((connection == NULL) == (error != NULL));
		}
	}
}

/* @passphrase: NULL for none */
static NMConnection *
import_pkcs12(const char *name, const char *passphrase, GString *bytes)
{
	g_autofree char *file = g_strconcat(name, ".p12", NULL);
	g_autofree char *path = g_build_filename(g_get_home_dir(), file, NULL);
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	NMConnection *connection;

	g_assert_true(g_file_set_contents(path, bytes->str, (gssize) bytes->len, NULL));
	connection = vpn_file_import(path, IMPORT_HOST_TERMINAL, notes, &error);
	g_assert_no_error(error);
	g_assert_true(nm_connection_verify(connection, NULL));
	g_assert_cmpstr(nm_connection_get_id(connection), ==, name);
	g_assert_nonnull(strstr(notes->pdata[0], "which gateway"));
	return connection;
}

/* The profile has everything but the gateway; with it, it is one. */
static void
test_pkcs12(void)
{
	TestCertificate certificate =
		make_certificate(&(TestCertificateParams){"CN=alice", .algorithm = GNUTLS_PK_ECDSA});
	const char *const passphrases[] = {NULL, "secret"};

	for (guint i = 0; i < G_N_ELEMENTS(passphrases); i++) {
		g_autoptr(GString) bytes =
			pkcs12_bytes(&certificate, NULL, passphrases[i], GNUTLS_PKCS_PBES2_AES_256);
		g_autoptr(NMConnection) connection = import_pkcs12("alice", passphrases[i], bytes);
		NMSettingVpn *s_vpn = nm_connection_get_setting_vpn(connection);
		const char *path = nm_setting_vpn_get_data_item(s_vpn, "cert");
		g_autoptr(GError) error = NULL;
		g_autoptr(Profile) profile = NULL;
		g_autofree char *found = NULL;
		gsize len;

		g_assert_true(g_file_get_contents(path, &found, &len, NULL));
		g_assert_cmpmem(found, len, bytes->str, bytes->len);
		g_assert_cmpstr(nm_setting_vpn_get_data_item(s_vpn, "cert-pass-flags"), ==,
						passphrases[i] ? "1" : NULL);
		g_assert_false(profile_validate_setting(s_vpn, &error));
		g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_MISSING);
		nm_setting_vpn_add_data_item(s_vpn, "right", "vpn.example.com");
		profile = profile_new(connection, NULL);
		g_assert_true(profile_is_ikev2(profile));
		g_assert_true(profile_uses_files(profile));
	}
	test_certificate_clear(&certificate);
}

int
main(int argc, char **argv)
{
	g_autofree char *home = g_dir_make_tmp("vpn-file-XXXXXX", NULL);
	int rc;

	g_setenv("HOME", home, TRUE);
	g_test_init(&argc, &argv, NULL);
	add_samples();
	g_test_add_func("/vpn-file/truncated", test_truncated);
	g_test_add_func("/vpn-file/pkcs12", test_pkcs12);
	rc = g_test_run();
	remove_tree(home);
	return rc;
}
