/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "ipsec-secrets.h"
#include "make-profile.h"

static void
check(const char *given, const char *expected)
{
	g_autoptr(Profile) profile = make_profile(given);
	g_autoptr(GError) error = NULL;
	gsize len = 4711;
	char *text = ipsec_secrets_write(profile, &len, &error);

	g_assert_no_error(error);
	g_assert_cmpstr(text, ==, expected);
	g_assert_cmpuint(len, ==, strlen(expected));
	ipsec_secrets_free(text, len);
}

static void
test_write(void)
{
	check("right=gw\npskvalue=abc\nxauthpassword=xyz", ": XAUTH 0x78797a\n: PSK 0x616263\n");
	check("right=gw\npskvalue=abc", ": PSK 0x616263\n");
	check("right=gw\nxauthpassword=xyz", ": XAUTH 0x78797a\n");
	check("right=gw", "");
}

/* A secret that the tunnel does not need is not written where it could leak. */
static void
test_not_needed(void)
{
	check("right=gw\nikev2=yes\npskvalue=abc\nxauthpassword=xyz", ": PSK 0x616263\n");
	check("right=gw\nleftcert=c\npskvalue=abc\nxauthpassword=xyz", ": XAUTH 0x78797a\n");
	check("right=gw\nikev2=yes\nleftcert=c\npskvalue=abc\nxauthpassword=xyz", "");
	check("right=gw\npskinputmodes=unused\npskvalue=abc", "");
	check("right=gw\nxauthpasswordinputmodes=unused\nxauthpassword=xyz", "");
}

/* Nothing that is in a secret, a user name or an identity can end the line. */
static void
test_hostile(void)
{
	check("right=gw\npskvalue=\"'`#: \t\\", ": PSK 0x222760233a20095c\n");
	check("right=gw\nxauthpassword=0x61", ": XAUTH 0x30783631\n");
	check("right=gw\nleftusername=a' : PSK 'b\npskvalue=\xc3\xbc", ": PSK 0xc3bc\n");
	check("right=gw\nleftid=@a : PSK b\npskvalue=a", ": PSK 0x61\n");
}

static void
test_line_break(void)
{
	g_autoptr(Profile) profile = make_profile("right=gw");
	gsize len;
	char *text;

	g_assert_true(profile_set_secret(profile, "pskvalue", "a\n: RSA b\r\n\xff", NULL));
	text = ipsec_secrets_write(profile, &len, NULL);
	g_assert_cmpstr(text, ==, ": PSK 0x610a3a2052534120620d0aff\n");
	ipsec_secrets_free(text, len);
}

/* The longest secret still fits the 2047 bytes of a line that pluto reads. */
static void
test_longest(void)
{
	guint max = (guint) option_find("xauthpassword")->max;
	g_autofree char *secret = g_strnfill(max, 'a');
	g_autofree char *longer = g_strnfill(max + 1, 'a');
	g_autoptr(Profile) profile = make_profile("right=gw");
	gsize len;
	char *text;

	g_assert_false(profile_set_secret(profile, "xauthpassword", longer, NULL));
	g_assert_true(profile_set_secret(profile, "xauthpassword", secret, NULL));
	text = ipsec_secrets_write(profile, &len, NULL);
	g_assert_cmpuint(len, <=, 2047);
	ipsec_secrets_free(text, len);
	ipsec_secrets_free(NULL, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ipsec-secrets/write", test_write);
	g_test_add_func("/ipsec-secrets/not-needed", test_not_needed);
	g_test_add_func("/ipsec-secrets/hostile", test_hostile);
	g_test_add_func("/ipsec-secrets/line-break", test_line_break);
	g_test_add_func("/ipsec-secrets/longest", test_longest);
	return g_test_run();
}
