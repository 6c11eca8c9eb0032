/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files with certificates, which are made here; wrong ones are in tests/vpn-files. */

#include "config.h"

#include <string.h>

#include "make-certificate.h"
#include "profile.h"
#include "remove-tree.h"
#include "sswan-import.h"

static char *
base64(GString *bytes)
{
	char *text = g_base64_encode((const guchar *) bytes->str, bytes->len);

	g_string_free(bytes, TRUE);
	return text;
}

static NMConnection *
import(const char *more)
{
	TestCertificate certificate =
		make_certificate(&(TestCertificateParams){"CN=alice", .algorithm = GNUTLS_PK_ECDSA});
	g_autofree char *ca = base64(certificate_bytes(&certificate, GNUTLS_X509_FMT_DER));
	g_autofree char *p12 =
		base64(pkcs12_bytes(&certificate, NULL, "secret", GNUTLS_PKCS_PBES2_AES_256));
	g_autofree char *text = g_strdup_printf(
		"{\"uuid\": \"x\", \"name\": \"Office\", \"type\": \"ikev2-cert\", \"remote\": "
		"{\"addr\": \"vpn.example.com\", \"id\": \"gw.example.com\", \"cert\": \"%s\"}, "
		"\"local\": {\"id\": \"alice@example.com\", \"p12\": \"%s\"}%s}",
		ca, p12, more);
	g_autoptr(ImportDraft) draft = import_draft_new("file");
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	NMConnection *connection = NULL;

	if (sswan_import(text, draft, &error))
		connection = import_draft_finish(draft, IMPORT_HOST_TERMINAL, notes, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(notes->len, ==, 0);
	g_assert_true(nm_connection_verify(connection, NULL));
	test_certificate_clear(&certificate);
	return connection;
}

static const char *
get(NMConnection *connection, const char *key)
{
	return nm_setting_vpn_get_data_item(nm_connection_get_setting_vpn(connection), key);
}

static void
test_import(void)
{
	g_autoptr(NMConnection) connection = import("");
	g_autoptr(GError) error = NULL;
	g_autoptr(Profile) profile = profile_new(connection, &error);
	g_autofree char *pem = NULL;

	g_assert_no_error(error);
	g_assert_cmpstr(nm_connection_get_id(connection), ==, "Office");
	g_assert_cmpstr(get(connection, "right"), ==, "vpn.example.com");
	g_assert_cmpstr(get(connection, "rightid"), ==, "gw.example.com");
	g_assert_cmpstr(get(connection, "leftid"), ==, "@@alice@example.com");
	g_assert_cmpstr(get(connection, "ikev2"), ==, "insist");
	g_assert_cmpstr(get(connection, "cert-pass-flags"), ==, "1");
	g_assert_true(g_str_has_suffix(get(connection, "cert"), "/.cert/nm-libreswan/Office-cert.p12"));
	g_assert_true(g_str_has_suffix(get(connection, "ca"), "/.cert/nm-libreswan/Office-ca.pem"));
	g_assert_true(g_file_get_contents(get(connection, "ca"), &pem, NULL, NULL));
	g_assert_true(g_str_has_prefix(pem, "-----BEGIN CERTIFICATE-----"));
	g_assert_cmpstr(profile_get(profile, "leftid"), ==, "alice@example.com");
	/* None of our own: the name that the gateway has to show is theirs. */
	g_assert_cmpstr(profile_get(profile, "rightid"), ==, "@gw.example.com");
}

static void
check_proposals(const char *theirs, const char *key, const char *ours)
{
	g_autofree char *more = g_strdup_printf(", \"%s-proposal\": \"%s\"", key, theirs);
	g_autoptr(NMConnection) connection = import(more);

	g_assert_cmpstr(get(connection, key), ==, ours);
}

static void
test_proposals(void)
{
	check_proposals("aes256-sha256-ecp256", "ike", "aes256-sha2_256;dh19");
	check_proposals("aes256gcm16-prfsha256-ecp256", "ike", "aes_gcm256-sha2_256;dh19");
	check_proposals("aes128-sha1-prfsha1-modp2048-x25519", "ike", "aes128-sha1;modp2048+dh31");
	check_proposals("aes256gcm16", "esp", "aes_gcm256");
	check_proposals("aes256gcm16-ecp384", "esp", "aes_gcm256;dh20");
	check_proposals("chacha20poly1305-curve25519", "esp", "chacha20_poly1305;dh31");
	check_proposals("aes256-sha512", "esp", "aes256-sha2_512");
}

static void
test_ip(void)
{
	g_autoptr(NMConnection) connection =
		import(", \"mtu\": 1400, \"dns-servers\": [\"10.0.0.53\"], "
			   "\"split-tunneling\": {\"subnets\": [\"10.1.0.0/16\", \"10.2.0.1\"], "
			   "\"block-ipv6\": true}");
	NMSettingIPConfig *ip = nm_connection_get_setting_ip4_config(connection);

	g_assert_cmpstr(get(connection, "mtu"), ==, "1400");
	g_assert_cmpuint(nm_setting_ip_config_get_num_routes(ip), ==, 2);
	g_assert_cmpstr(nm_setting_ip_config_get_dns(ip, 0), ==, "10.0.0.53");
	g_assert_true(nm_setting_ip_config_get_never_default(ip));
}

int
main(int argc, char **argv)
{
	g_autofree char *home = g_dir_make_tmp("sswan-import-XXXXXX", NULL);
	int rc;

	g_setenv("HOME", home, TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/sswan-import/import", test_import);
	g_test_add_func("/sswan-import/proposals", test_proposals);
	g_test_add_func("/sswan-import/ip", test_ip);
	rc = g_test_run();
	remove_tree(home);
	return rc;
}
