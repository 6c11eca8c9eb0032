/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "make-profile.h"

static void
test_refused(void)
{
	static const struct {
		const char *given;
		const char *message; /* how it begins */
	} cases[] = {
		/* who proves what */
		{"ikev2=never\nleftcert=c\nleftid=%fromcert\nauthby=ecdsa",
		 "authby: \"ecdsa\" is for IKEv2"},
		{"ikev2=never\nleftcert=c\nauthby=rsa-sha2_256", "authby: \"rsa-sha2_256\" is for IKEv2"},
		{"ikev2=never\nauthby=null", "authby: \"null\" is for IKEv2"},
		{"ikev2=never\nnm-auto-defaults=no\nauthby=secret,rsasig", "authby: \"secret,rsasig\" is"},
		{"rightid=%fromcert",
		 "rightid: \"%fromcert\" needs a certificate, and authby is \"secret\""},
		{"leftid=%fromcert\nikev2=insist", "leftid: \"%fromcert\" needs a certificate"},
		{"leftid=%fromcert\nikev2=insist\nauthby=null",
		 "leftid: \"%fromcert\" needs a certificate"},
		/* certificates in files */
		{"key=/k", "key: belongs to a certificate in a file, and cert"},
		{"ca=/c\nleftcert=joe", "ca: belongs to a certificate in a file, and cert"},
		{"cert=/c\nleftcert=joe", "leftcert: is the nickname of a certificate in an NSS"},
		{"cert=/c\nrightcert=gw", "rightcert: is the nickname of a certificate in an NSS"},
		{"cert=/c\nleftrsasigkey=0sAQ", "leftrsasigkey: is a key without a certificate"},
		{"cert=/c\nleftckaid=01",
		 "leftckaid: is the ID of a key in an NSS database, and cert names"},
		/* A key without a certificate. */
		{"key=/k\nrightrsasigkey=%cert", "key: belongs to a certificate in a file"},
		{"key=/k\nca=/ca\nrightrsasigkey=0sAQ", "ca: belongs to a certificate in a file"},
		{"key=/k\nrightrsasigkey=0sAQ\nleftrsasigkey=0sAQ", "leftrsasigkey: is our public key"},
		{"key=/k\nrightrsasigkey=0sAQ\nleftckaid=01", "leftckaid: is the ID of a key in an NSS"},
		{"key=/k\nrightrsasigkey=0sAQ\nleftcert=c", "leftcert: is the nickname of a certificate"},
		{"key=Joe:vpn\nrightrsasigkey=0sAQ", "key: is on a token, and the certificate of it is"},
		{"leftckaid=0x01", "leftckaid: \"0x01\" is not allowed; allowed is hexadecimal digits"},
		{"leftckaid=012", "leftckaid: \"012\" is not allowed"},
		/* What libreswan has not. */
		{"authby=eaponly", "authby: \"eaponly\" is not possible: EAP is in libreswan for gateways"},
		{"authby=rsasig,eap-mschapv2", "authby: \"rsasig,eap-mschapv2\" is not possible: EAP"},
		{"authby=xauth-hybrid",
		 "authby: \"xauth-hybrid\" is not possible: libreswan has no hybrid"},
		{"ikev2=never\nauthby=ecdsa\nleftcert=c", "authby: \"ecdsa\" is for IKEv2; allowed with"},
		{"cert=joe.p12", "cert: \"joe.p12\" is not allowed; allowed is the full path of a file"},
		{"cert=pkcs11:token=joe", "cert: \"pkcs11:token=joe\" has neither the attribute object"},
		{"cert=/c\nnm-auto-defaults=no\nauthby=secret",
		 "cert: has no use, as authby is \"secret\""},
		{"cert=/c\nikev2=insist\nauthby=null", "cert: has no use, as authby is \"null\""},
		/* IKEv1 */
		{"aggressive=yes\nikev2=insist", "aggressive: \"yes\" is for IKEv1"},
		{"aggressive=yes\nikev2=never\nnm-auto-defaults=no", "ike: is missing; aggressive mode"},
		/* what goes through */
		{"leftsubnet=10.0.0.0/8\nrightsubnet=2001:db8::/32", "leftsubnet: is of another address"},
		{"hostaddrfamily=ipv6\nleft=192.0.2.7",
		 "hostaddrfamily: \"ipv6\" is not the family of left"},
		{"leftprotoport=6/%any\nrightprotoport=6/%any", "leftprotoport: has any port, and right"},
		{"ikev2=insist\ntype=transport\nmobike=yes", "mobike: \"yes\" is for tunnel mode"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *given = g_strconcat("right=gw.example\n", cases[i].given, NULL);
		g_autoptr(GError) error = NULL;
		g_autoptr(Profile) profile = make_profile_checked(given, NULL, &error);

		g_test_message("%s", cases[i].given);
		g_assert_null(profile);
		g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
		g_test_message("%s", error->message);
		g_assert_true(g_str_has_prefix(error->message, cases[i].message));
	}
}

static void
test_right(void)
{
	static const char *const cases[] = {
		"ikev2=never\nleftcert=c\nleftid=%fromcert",
		"ikev2=never\nleftcert=c\nauthby=rsasig\nleftid=%fromcert",
		"ikev2=never\nauthby=secret",
		"ikev2=insist\ncert=/c\nkey=/k\nca=/a\nauthby=ecdsa",
		"ikev2=never\ncert=/c\nauthby=secret", /* as of an older editor */
		"ikev2=insist\nleftcert=c\nauthby=ecdsa,secret\nleftid=%fromcert\nrightid=%fromcert",
		"ikev2=insist\nnm-auto-defaults=no\nleftid=%fromcert", /* libreswan's default is RSA */
		"ikev2=insist\nleftsubnet=10.0.0.0/8,2001:db8::/32\nrightsubnet=::/0",
		"leftprotoport=6/%any\nrightprotoport=6/443",
		"hostaddrfamily=ipv6\nleft=%defaultroute",
		"hostaddrfamily=ipv4\nleft=192.0.2.7",
		"mobike=yes\ntype=transport", /* IKEv1 has none, and it is not written */
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *given = g_strconcat("right=gw.example\n", cases[i], NULL);
		g_autoptr(Profile) profile = make_profile(given);

		g_assert_nonnull(profile);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/profile-check/refused", test_refused);
	g_test_add_func("/profile-check/right", test_right);
	return g_test_run();
}
