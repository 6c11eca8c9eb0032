/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Profiles with certificates, which are made here; others are in tests/vpn-files. */

#include "config.h"

#include <string.h>

#include "make-certificate.h"
#include "mobileconfig-import.h"
#include "profile.h"
#include "remove-tree.h"

static char *
base64(GString *bytes)
{
	char *text = g_base64_encode((const guchar *) bytes->str, bytes->len);

	g_string_free(bytes, TRUE);
	return text;
}

static char *
key_string(const char *key, const char *value)
{
	return g_strdup_printf("<key>%s</key><string>%s</string>", key, value);
}

/* A profile with an authority, an identity and a VPN that @vpn is in. */
static char *
profile_with(const char *vpn, const char *password)
{
	TestCertificate authority = make_certificate(
		&(TestCertificateParams){"CN=Lab CA", .algorithm = GNUTLS_PK_ECDSA, .is_authority = TRUE});
	TestCertificate alice = make_certificate(
		&(TestCertificateParams){"CN=alice", .algorithm = GNUTLS_PK_ECDSA, .issuer = &authority});
	g_autofree char *der = base64(certificate_bytes(&authority, GNUTLS_X509_FMT_DER));
	g_autofree char *pem = base64(certificate_bytes(&alice, GNUTLS_X509_FMT_PEM));
	g_autofree char *p12 = base64(pkcs12_bytes(&alice, NULL, "secret", GNUTLS_PKCS_PBES2_AES_256));
	g_autofree char *given = password ? key_string("Password", password) : g_strdup("");
	char *text = g_strdup_printf(
		"<plist version=\"1.0\"><dict><key>PayloadContent</key><array>"
		"<dict><key>PayloadType</key><string>com.apple.security.root</string>"
		"<key>PayloadContent</key><data>%s</data></dict>"
		"<dict><key>PayloadType</key><string>com.apple.security.pem</string>"
		"<key>PayloadContent</key><data>%s</data></dict>"
		"<dict><key>PayloadType</key><string>com.apple.security.pkcs12</string>"
		"<key>PayloadUUID</key><string>Alice-1</string>%s<key>PayloadContent</key><data>%s</data>"
		"</dict><dict><key>PayloadType</key><string>com.apple.vpn.managed</string>%s</dict>"
		"</array></dict></plist>",
		der, pem, given, p12, vpn);

	test_certificate_clear(&authority);
	test_certificate_clear(&alice);
	return text;
}

#define NAME "<key>UserDefinedName</key><string>Office</string>"
#define AUTH                                                                                       \
	"<key>RemoteAddress</key><string>vpn.example.com</string><key>AuthenticationMethod</key>"      \
	"<string>Certificate</string><key>PayloadCertificateUUID</key><string>alice-1</string>"
#define IKEV2                                                                                      \
	NAME "<key>VPNType</key><string>IKEv2</string><key>IKEv2</key><dict>" AUTH                     \
		 "<key>RemoteIdentifier</key><string>gw.example.com</string>"                              \
		 "<key>ServerCertificateIssuerCommonName</key><string>Lab CA</string></dict>"
#define IPSEC                                                                                      \
	NAME "<key>VPNType</key><string>IPSec</string><key>IPSec</key><dict>" AUTH                     \
		 "<key>XAuthEnabled</key><integer>0</integer></dict>"

static NMConnection *
import(const char *vpn, const char *password, GError **error)
{
	g_autofree char *text = profile_with(vpn, password);
	g_autoptr(ImportDraft) draft = import_draft_new("file");
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	NMConnection *connection = NULL;

	if (mobileconfig_import(text, draft, error))
		connection = import_draft_finish(draft, IMPORT_HOST_TERMINAL, notes, error);
	g_assert_cmpuint(notes->len, ==, 0);
	return connection;
}

static void
check_connection(NMConnection *connection, gboolean ikev2)
{
	NMSettingVpn *s_vpn = nm_connection_get_setting_vpn(connection);
	g_autoptr(GError) error = NULL;
	g_autoptr(Profile) profile = profile_new(connection, &error);
	g_autofree char *pem = NULL;

	g_assert_no_error(error);
	g_assert_true(profile_uses_files(profile));
	g_assert_true(profile_is_ikev2(profile) == ikev2);
	g_assert_cmpstr(nm_connection_get_id(connection), ==, "Office");
	g_assert_true(
		g_str_has_suffix(nm_setting_vpn_get_data_item(s_vpn, "cert"), "/Office-cert.p12") ||
		strstr(nm_setting_vpn_get_data_item(s_vpn, "cert"), "/Office-cert-"));
	g_file_get_contents(nm_setting_vpn_get_data_item(s_vpn, "ca"), &pem, NULL, NULL);
	/* Both. */
	g_assert_nonnull(strstr(strstr(pem, "-----BEGIN") + 1, "-----BEGIN"));
}

static void
test_ikev2(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(NMConnection) connection = import(IKEV2, "secret", &error);
	NMSettingVpn *s_vpn;

	g_assert_no_error(error);
	check_connection(connection, TRUE);
	s_vpn = nm_connection_get_setting_vpn(connection);
	g_assert_cmpstr(nm_setting_vpn_get_data_item(s_vpn, "rightid"), ==, "gw.example.com");
	g_assert_cmpstr(nm_setting_vpn_get_secret(s_vpn, "cert-pass"), ==, "secret");
	g_assert_cmpstr(nm_setting_vpn_get_data_item(s_vpn, "cert-pass-flags"), ==, "0");
}

static void
test_ipsec(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(NMConnection) connection = import(IPSEC, NULL, &error);
	NMSettingVpn *s_vpn;

	g_assert_no_error(error);
	check_connection(connection, FALSE);
	s_vpn = nm_connection_get_setting_vpn(connection);
	g_assert_cmpstr(nm_setting_vpn_get_data_item(s_vpn, "leftxauthclient"), ==, "no");
	g_assert_cmpstr(nm_setting_vpn_get_data_item(s_vpn, "cert-pass-flags"), ==, "1");
}

static void
test_wrong_password(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(import(IKEV2, "tell nobody", &error));
	g_assert_nonnull(strstr(error->message, "passphrase is not that"));
	g_assert_null(strstr(error->message, "tell nobody"));
}

int
main(int argc, char **argv)
{
	g_autofree char *home = g_dir_make_tmp("mobileconfig-import-XXXXXX", NULL);
	int rc;

	g_setenv("HOME", home, TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mobileconfig-import/ikev2", test_ikev2);
	g_test_add_func("/mobileconfig-import/ipsec", test_ipsec);
	g_test_add_func("/mobileconfig-import/wrong-password", test_wrong_password);
	rc = g_test_run();
	remove_tree(home);
	return rc;
}
