/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cert-policy.h"
#include "make-profile.h"

#define FILES "right=gw.example\ncert=/cert\n"
#define IKEV1 FILES "ikev2=never\n"
#define IKEV2 FILES "ikev2=insist\n"

static char ca[] = "O=#0C034C6162";

typedef struct {
	const char *profile;
	ImportKey user, root;
	const char *gateway;
	const char *leftauth, *rightauth; /* or: */
	const char *error;
} Row;

/* By the kinds of the keys, with what was measured with pluto 4.10 and 5.2. */
static const Row rows[] = {
	/* An RSA key needs nothing: libreswan takes what the gateway has. */
	{IKEV2, IMPORT_KEY_RSA, IMPORT_KEY_RSA, NULL, NULL, NULL, NULL},
	{IKEV2, IMPORT_KEY_RSA, IMPORT_KEY_EC, NULL, NULL, NULL, NULL},
	{IKEV2 "authby=rsasig", IMPORT_KEY_RSA, IMPORT_KEY_RSA, NULL, NULL, NULL, NULL},
	{IKEV2 "authby=rsasig,ecdsa", IMPORT_KEY_RSA, IMPORT_KEY_EC, NULL, NULL, NULL, NULL},
	{IKEV2, IMPORT_KEY_RSA_PSS, IMPORT_KEY_RSA, NULL, NULL, NULL, NULL},
	{IKEV1, IMPORT_KEY_RSA, IMPORT_KEY_RSA, NULL, NULL, NULL, NULL},
	/* With the default libreswan signs with an ECDSA key as if it were RSA. */
	{IKEV2, IMPORT_KEY_EC, IMPORT_KEY_EC, NULL, "ecdsa", "ecdsa", NULL},
	{IKEV2, IMPORT_KEY_EC, IMPORT_KEY_RSA, NULL, "ecdsa", "rsasig", NULL},
	/* Once the gateway has shown its own. */
	{IKEV2, IMPORT_KEY_EC, IMPORT_KEY_EC, "rsasig", "ecdsa", "rsasig", NULL},
	{IKEV2, IMPORT_KEY_EC, IMPORT_KEY_RSA, "ecdsa", "ecdsa", "ecdsa", NULL},
	{IKEV2, IMPORT_KEY_RSA, IMPORT_KEY_RSA, "ecdsa", NULL, NULL, NULL},
	{IKEV2 "authby=ecdsa", IMPORT_KEY_EC, IMPORT_KEY_EC, NULL, NULL, NULL, NULL},
	/* What cannot work is refused by name. */
	{IKEV2 "authby=rsasig", IMPORT_KEY_EC, IMPORT_KEY_EC, NULL, NULL, NULL, "authby: is not ecdsa"},
	{IKEV2 "authby=rsasig,ecdsa", IMPORT_KEY_EC, IMPORT_KEY_EC, NULL, NULL, NULL,
	 "authby: is not ecdsa"},
	{IKEV2 "authby=ecdsa", IMPORT_KEY_RSA, IMPORT_KEY_RSA, NULL, NULL, NULL, "authby: is ecdsa"},
	{IKEV1, IMPORT_KEY_EC, IMPORT_KEY_EC, NULL, NULL, NULL, "cert: is of an ECDSA key"},
	{IKEV1, IMPORT_KEY_RSA_PSS, IMPORT_KEY_RSA, NULL, NULL, NULL, "cert: is of a key for RSA-PSS"},
};

static void
test_keys(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Profile) profile = make_profile(rows[i].profile);
		const CertReport report = {
			.user_key = rows[i].user, .root_key = rows[i].root, .root_name = ca};
		g_autoptr(GError) error = NULL;
		IpsecConfCertificates found;
		gboolean ok = cert_policy_find(profile, &report, rows[i].gateway, &found, &error);

		g_assert_cmpint(ok, ==, rows[i].error == NULL);
		if (rows[i].error) {
			g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
			g_assert_true(g_str_has_prefix(error->message, rows[i].error));
			continue;
		}
		g_assert_no_error(error);
		g_assert_cmpstr(found.leftauth, ==, rows[i].leftauth);
		g_assert_cmpstr(found.rightauth, ==, rows[i].rightauth);
		g_assert_cmpstr(found.leftcert, ==, "user");
		g_assert_cmpstr(found.rightca, ==, ca);
		g_assert_false(found.sends_issuers);
	}
}

static void
test_authorities(void)
{
	g_autoptr(Profile) profile = make_profile(IKEV2);
	g_autoptr(Profile) own = make_profile(IKEV2 "rightca=%same");
	const CertReport issuers = {.root_name = ca, .has_issuers = TRUE};
	const CertReport nameless = {.root_name = NULL};
	g_autoptr(GError) error = NULL;
	IpsecConfCertificates found;

	g_assert_true(cert_policy_find(profile, &issuers, NULL, &found, NULL));
	g_assert_true(found.sends_issuers);
	g_assert_false(cert_policy_find(profile, &nameless, NULL, &found, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
	g_assert_true(g_str_has_prefix(error->message, "ca: "));
	g_assert_true(cert_policy_find(own, &nameless, NULL, &found, NULL));
}

static void
test_gateway(void)
{
	g_assert_cmpstr(cert_policy_of_gateway(
						"authentication failed: peer authentication requires policy RSASIG_v1_5"),
					==, "rsasig");
	g_assert_cmpstr(
		cert_policy_of_gateway("authentication failed: peer authentication requires policy RSASIG"),
		==, "rsasig");
	g_assert_cmpstr(
		cert_policy_of_gateway("authentication failed: peer authentication requires policy ECDSA"),
		==, "ecdsa");
	g_assert_null(
		cert_policy_of_gateway("authentication failed: peer authentication requires policy PSK"));
	g_assert_null(cert_policy_of_gateway("peer authentication requires policy ECDSA"));
	g_assert_null(cert_policy_of_gateway(""));
}

/* A password is not in the place of a certificate. */
static void
test_ours(void)
{
	static const struct {
		const char *profile, *error; /* NULL: right */
	} cases[] = {
		{"right=gw\nikev2=insist\nrightcert=gw",
		 "cert: is not set,*is EAP, which libreswan cannot*"},
		{"right=gw\nikev2=insist\nrightrsasigkey=0sAQ", "cert: is not set,*is EAP*"},
		{"right=gw\nikev2=never\nrightcert=gw", "cert: is not set,*is hybrid authentication*"},
		{"right=gw\nikev2=insist\nrightcert=gw\nleftcert=me", NULL},
		{"right=gw\nikev2=insist\nrightrsasigkey=0sAQ\nleftrsasigkey=0sAQ", NULL},
		{"right=gw\nikev2=insist\nrightrsasigkey=0sAQ\nleftckaid=01", NULL},
		{"right=gw\nikev2=insist", NULL},
		{"right=gw\nikev2=insist\nauthby=null", NULL},
		{"right=gw\nikev2=insist\nnm-auto-defaults=no\nauthby=secret\nrightcert=gw", NULL},
		{"right=gw\nikev2=insist\nnm-auto-defaults=no", NULL},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Profile) profile = make_profile(cases[i].profile);
		g_autoptr(GError) error = NULL;

		g_assert_cmpint(cert_policy_check_ours(profile, &error), ==, cases[i].error == NULL);
		if (!cases[i].error)
			continue;
		g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
		g_assert_true(g_pattern_match_simple(cases[i].error, error->message));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/cert-policy/keys", test_keys);
	g_test_add_func("/cert-policy/ours", test_ours);
	g_test_add_func("/cert-policy/authorities", test_authorities);
	g_test_add_func("/cert-policy/gateway", test_gateway);
	return g_test_run();
}
