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
	char *text = ipsec_secrets_write(profile, NULL, &len, &error);

	g_assert_no_error(error);
	g_assert_cmpstr(text, ==, expected);
	g_assert_cmpuint(len, ==, strlen(expected));
	ipsec_secrets_free(text, len);
}

static void
test_write(void)
{
	check("right=gw\npskvalue=abc\nxauthpassword=xyz", ": XAUTH\n 0seHl6\n: PSK\n 0sYWJj\n");
	check("right=gw\npskvalue=abcd", ": PSK\n 0sYWJjZA==\n");
	check("right=gw\nleftcert=c\nxauthpassword=xy", ": XAUTH\n 0seHk=\n");
	check("right=gw\nleftcert=c", "");
}

/* A secret that the tunnel does not need is not written where it could leak. */
static void
test_not_needed(void)
{
	check("right=gw\nikev2=yes\npskvalue=abc\nxauthpassword=xyz", ": PSK\n 0sYWJj\n");
	check("right=gw\nleftcert=c\npskvalue=abc\nxauthpassword=xyz", ": XAUTH\n 0seHl6\n");
	check("right=gw\nikev2=yes\nleftcert=c\npskvalue=abc\nxauthpassword=xyz", "");
	check("right=gw\npskinputmodes=unused\npskvalue=abc", "");
	check("right=gw\nxauthpasswordinputmodes=unused\nxauthpassword=xyz\npskvalue=abc",
		  ": PSK\n 0sYWJj\n");
}

/* Nothing that is in a secret, a user name or an identity can end the line. */
static void
test_hostile(void)
{
	check("right=gw\npskvalue=\"'`#: \t\\", ": PSK\n 0sIidgIzogCVw=\n");
	check("right=gw\nleftcert=c\nxauthpassword=0sYQ==", ": XAUTH\n 0sMHNZUT09\n");
	check("right=gw\nleftusername=a' : PSK 'b\npskvalue=\xc3\xbc", ": PSK\n 0sw7w=\n");
	check("right=gw\nleftid=@a : PSK b\npskvalue=a", ": PSK\n 0sYQ==\n");
}

/* What pluto does with it: the value of the one record that a line and its continuation are. */
static char *
read_record(const char *text, const char *kind)
{
	g_autofree char *head = g_strdup_printf(": %s\n 0s", kind);
	g_autofree guchar *bytes = NULL;
	gsize len;

	g_assert_true(g_str_has_prefix(text, head));
	g_assert_true(g_str_has_suffix(text, "\n"));
	text += strlen(head);
	g_assert_cmpuint(strlen(text), <=, 2047 - strlen(" 0s"));
	g_assert_cmpuint(
		strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/="), ==,
		strlen(text) - 1);
	bytes = g_base64_decode(text, &len);
	return g_strndup((const char *) bytes, len);
}

static void
check_bytes(const char *key, const char *kind, const char *secret)
{
	g_autoptr(Profile) profile = make_profile("right=gw\nikev2=no\npskvalue=a\n"
											  "xauthpasswordinputmodes=unused");
	g_autoptr(GError) error = NULL;
	g_autofree char *read = NULL;
	gsize len;
	char *text;

	g_assert_true(profile_set_secret(profile, key, secret, &error));
	g_assert_no_error(error);
	text = ipsec_secrets_write(profile, NULL, &len, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(strlen(text), ==, len);
	read = read_record(text, kind);
	g_assert_cmpstr(read, ==, secret);
	ipsec_secrets_free(text, len);
}

/* Any bytes, in any number. What pluto itself reads, the case secrets_random of tests/ike says. */
static void
test_random(void)
{
	const guint max = (guint) option_find("pskvalue")->max;

	for (guint i = 0; i < 2000; i++) {
		const guint len = i < 40 ? i + 1 : (guint) g_test_rand_int_range(1, (gint32) max + 1);
		g_autofree char *secret = g_malloc0(len + 1);

		for (guint k = 0; k < len; k++)
			secret[k] = (char) g_test_rand_int_range(1, 256);
		check_bytes("pskvalue", "PSK", secret);
	}
}

/* The longest secret still fits a line of pluto's; a longer one is refused by name. */
static void
test_longest(void)
{
	static const char *const keys[] = {"pskvalue", "xauthpassword"};

	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		const guint max = (guint) option_find(keys[i])->max;
		g_autofree char *secret = g_strnfill(max, 'a');
		g_autofree char *longer = g_strnfill(max + 1, 'a');
		g_autoptr(Profile) profile = make_profile("right=gw");
		g_autoptr(GError) error = NULL;

		g_assert_cmpuint(max, ==, 1500);
		g_assert_false(profile_set_secret(profile, keys[i], longer, &error));
		g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
		g_assert_true(g_str_has_prefix(error->message, keys[i]));
		g_assert_null(strstr(error->message, "aaa"));
		g_assert_true(profile_set_secret(profile, keys[i], secret, NULL));
	}
	{
		g_autofree char *secret = g_strnfill(1500, 'a');

		check_bytes("pskvalue", "PSK", secret);
	}
	ipsec_secrets_free(NULL, 0);
}

/* pluto aborts of an empty pre-shared key. */
static void
test_none(void)
{
	static const char *const profiles[] = {
		"right=gw", "right=gw\npskvalue=", "right=gw\nikev2=insist\npskvalue-flags=4"};

	for (guint i = 0; i < G_N_ELEMENTS(profiles); i++) {
		g_autoptr(Profile) profile = make_profile(profiles[i]);
		g_autoptr(GError) error = NULL;
		gsize len;

		g_assert_null(ipsec_secrets_write(profile, NULL, &len, &error));
		g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_MISSING);
		g_assert_true(g_str_has_prefix(error->message, "pskvalue: is missing"));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ipsec-secrets/write", test_write);
	g_test_add_func("/ipsec-secrets/not-needed", test_not_needed);
	g_test_add_func("/ipsec-secrets/hostile", test_hostile);
	g_test_add_func("/ipsec-secrets/random", test_random);
	g_test_add_func("/ipsec-secrets/longest", test_longest);
	g_test_add_func("/ipsec-secrets/none", test_none);
	return g_test_run();
}
