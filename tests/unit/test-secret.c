/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "make-profile.h"
#include "secret.h"

/* What every row has to be. */
static void
test_rows(void)
{
	guint n;
	const Secret *secrets = secret_all(&n);

	g_assert_cmpuint(n, ==, 5);
	for (guint i = 0; i < n; i++) {
		const Option *option = option_find(secrets[i].key);
		const char *place = secrets[i].ask_again ? strstr(secrets[i].ask_again, "%s") : NULL;

		g_assert_nonnull(option);
		g_assert_true(option->flags & OPTION_SECRET_KEY);
		g_assert_nonnull(secrets[i].is_needed);
		g_assert_cmpstr(secrets[i].record, !=, "");
		g_assert_true(place || !secrets[i].ask_again);
		g_assert_null(place ? strchr(place + 1, '%') : NULL);
		g_assert_true(secret_find(secrets[i].key) == &secrets[i]);
	}
	g_assert_null(secret_find("right"));
	g_assert_null(secret_find(NULL));
}

/* Every option that is a secret has its row. */
static void
test_complete(void)
{
	guint n;
	const Option *options = option_all(&n);

	for (guint i = 0; i < n; i++) {
		if (options[i].flags & OPTION_SECRET_KEY)
			g_assert_nonnull(secret_find(options[i].key));
	}
}

static void
check(const char *text, const char *missing, const char *asked)
{
	g_autoptr(Profile) profile = make_profile(text);
	g_autoptr(GString) found = g_string_new(NULL);
	const Secret *secret;
	guint n;
	const Secret *secrets = secret_all(&n);

	for (guint i = 0; i < n; i++) {
		if (secret_is_missing(&secrets[i], profile))
			g_string_append_printf(found, "%s ", secrets[i].key);
	}
	g_assert_cmpstr(found->str, ==, missing);
	secret = secret_find_asked(profile);
	g_assert_cmpstr(secret ? secret->key : NULL, ==, asked);
}

static void
check_corrected(const char *text, const char *expected)
{
	g_autoptr(Profile) profile = make_profile(text);
	const Secret *secret = secret_find_corrected(profile);
	g_autofree char *question = secret ? secret_correct(secret, "100%s") : NULL;

	g_assert_cmpstr(secret ? secret->key : NULL, ==, expected);
	g_assert_true(!secret || strstr(question, "“100%s”"));
}

/* What is a person's, and not the host's. */
static void
test_corrected(void)
{
	check_corrected("right=gw\nxauthpassword-flags=1", "xauthpassword");
	check_corrected("right=gw\nxauthpassword-flags=2", "xauthpassword");
	check_corrected("right=gw\nxauthpassword-flags=0", NULL);
	check_corrected("right=gw\nxauthpassword-flags=4", NULL);
	check_corrected("right=gw\npskvalue-flags=1", NULL);
	check_corrected("right=gw\nikev2=insist\nxauthpassword-flags=1\npskvalue-flags=1", NULL);
	check_corrected("right=gw\nikev2=insist\ncert=/c\ncert-pass-flags=1", NULL);
}

static void
test_missing_and_asked(void)
{
	check("right=gw", "xauthpassword pskvalue ", NULL);
	check("right=gw\npskvalue=a", "xauthpassword ", NULL);
	check("right=gw\npskvalue=a\nxauthpassword=b", "", NULL);
	check("right=gw\nikev2=insist", "pskvalue ", NULL);
	check("right=gw\nikev2=insist\nleftcert=c\nxauthpassword=b", "", NULL);
	check("right=gw\npskvalue=a\nxauthpassword-flags=4", "", NULL);
	check("right=gw\npskvalue-flags=4\nxauthpassword-flags=5", "", NULL);
	check("right=gw\npskvalue-flags=1\nxauthpassword-flags=1", "xauthpassword pskvalue ", NULL);
	/* What a token makes comes first; one that is not needed is not asked for. */
	check("right=gw\npskvalue-flags=2\nxauthpassword-flags=2", "xauthpassword pskvalue ",
		  "xauthpassword");
	/* Another pre-shared key would have the password refused once more. */
	check("right=gw\npskvalue-flags=2\nxauthpassword=b", "pskvalue ", NULL);
	check("right=gw\nikev2=insist\npskvalue=a\nxauthpassword-flags=2", "", NULL);
	check("right=gw\npskvalue=a\nxauthpassword-flags=2\nxauthpasswordinputmodes=unused", "", NULL);
	/* Whether a file has a passphrase it says itself; where the profile says so it is asked for. */
	check("right=gw\nikev2=insist\ncert=/c", "", NULL);
	check("right=gw\nikev2=insist\ncert=/c\ncert-pass-flags=1", "cert-pass ", NULL);
	check("right=gw\nikev2=insist\ncert=/c\ncert-pass-flags=2", "cert-pass ", NULL);
	check("right=gw\nikev2=insist\ncert=/c\ncert-pass-flags=2\ncert-pass=a", "", NULL);
	check("right=gw\nikev2=insist\ncert=/c\ncert-pass-flags=6", "", NULL);
	check("right=gw\nikev2=insist\npskvalue=a\ncert-pass-flags=2", "", NULL);
	/* What the gateway may want after the password nobody is asked for before. */
	check("right=gw\npskvalue=a\nxauthpassword=b\nxauthcode-flags=2", "", NULL);
	check("right=gw\npskvalue=a\nxauthcode-flags=2", "xauthpassword ", NULL);
	/* A smart card has a PIN, unless the profile says that it has none; its certificate is no file.
	 */
	check("right=gw\nikev2=insist\ncert=Joe:vpn\nca=/c\ncert-pass-flags=2", "pin ", NULL);
	check("right=gw\nikev2=insist\ncert=Joe:vpn\nca=/c\npin-flags=2", "pin ", NULL);
	check("right=gw\nikev2=insist\ncert=Joe:vpn\nca=/c\npin-flags=4", "", NULL);
	check("right=gw\nikev2=insist\ncert=Joe:vpn\nca=/c\npin=1", "", NULL);
	check("right=gw\nikev2=insist\ncert=/c\npin-flags=2", "", NULL);
}

static void
test_get(void)
{
	g_autoptr(Profile) ikev2 = make_profile("right=gw\nikev2=insist\npskvalue=a\nxauthpassword=b");

	g_assert_cmpstr(secret_get(secret_find("pskvalue"), ikev2), ==, "a");
	g_assert_null(secret_get(secret_find("xauthpassword"), ikev2));
}

static void
test_question(void)
{
	g_autofree char *question = secret_ask_again(secret_find("xauthpassword"), "50 %s off %n");

	g_assert_true(
		g_str_has_prefix(question, "Authentication required to reconnect “50 %s off %n”: "));
}

/* Nor is what the gateway says. */
static void
test_question_in_words(void)
{
	g_autofree char *question = secret_ask_in_words("50 %s off", "%n PIN: %s");

	g_assert_cmpstr(question, ==, "The gateway of “50 %s off” says: “%n PIN: %s”");
}

/* A code that an agent could store would be stored over nothing, or on disk. */
static void
test_code_is_never_stored(void)
{
	static const char *const flags[] = {"0", "1", "3", "4", "6"};

	for (guint i = 0; i < G_N_ELEMENTS(flags); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *text = g_strconcat("right=gw\nxauthcode-flags=", flags[i], NULL);

		g_assert_null(make_profile_checked(text, "joe", &error));
		g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
		g_assert_nonnull(strstr(error->message, "xauthcode-flags"));
	}
}

static void
check_codes(const char *text, gboolean expected)
{
	g_autoptr(Profile) profile = make_profile(text);

	g_assert_cmpint(profile_has_codes(profile), ==, expected);
	g_assert_cmpint(secret_find(SECRET_CODE)->is_needed(profile), ==, expected);
}

static void
test_has_codes(void)
{
	check_codes("right=gw\nleftusername=joe\nxauthcode-flags=2", TRUE);
	check_codes("right=gw\nleftusername=joe", FALSE);
	check_codes("right=gw\nleftusername=joe\nxauthcode-flags=2\nleftxauthclient=no", FALSE);
	check_codes("right=gw\nikev2=insist\nxauthcode-flags=2", FALSE);
	check_codes("right=gw\nleftusername=joe\nxauthcode-flags=2\nnm-connect-mode=ondemand"
				"\nleftmodecfgclient=no\nleftsubnet=192.0.2.0/24\nrightsubnet=10.0.0.0/8",
				FALSE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/secret/rows", test_rows);
	g_test_add_func("/secret/complete", test_complete);
	g_test_add_func("/secret/missing-and-asked", test_missing_and_asked);
	g_test_add_func("/secret/get", test_get);
	g_test_add_func("/secret/corrected", test_corrected);
	g_test_add_func("/secret/question", test_question);
	g_test_add_func("/secret/question-in-words", test_question_in_words);
	g_test_add_func("/secret/code-is-never-stored", test_code_is_never_stored);
	g_test_add_func("/secret/has-codes", test_has_codes);
	return g_test_run();
}
