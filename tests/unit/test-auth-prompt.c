/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "auth-prompt.h"
#include "make-profile.h"

static guint n_looks; /* into the keyring */

static char *
keyring_with_all(const AuthRequest *request, const char *key)
{
	n_looks++;
	return g_strconcat("stored ", key, NULL);
}

static char *
empty_keyring(const AuthRequest *request, const char *key)
{
	n_looks++;
	return NULL;
}

typedef struct {
	const char *name;
	const char *profile;
	AuthRequest request; /* but for its tables */
	const char *known;   /* a key of vpn.secrets that the agent has */
	AuthKeyring keyring;
	const char *prompts; /* KEY=VALUE, with ? where it is asked */
	guint n_looks;
} Case;

#define IKEV1 "right=vpn.example.com\nleftusername=alice\n"

static char *hint_password[] = {(char *) "xauthpassword", NULL};
static char *hint_passphrase[] = {(char *) "cert-pass", NULL};
static char *hint_code[] = {(char *) "xauthcode", NULL};

static const Case cases[] = {
	{"system-owned",
	 IKEV1,
	 {.may_ask = TRUE},
	 NULL,
	 keyring_with_all,
	 "xauthpassword=? pskvalue=? ",
	 0},
	{"agent-owned",
	 IKEV1 "xauthpassword-flags=1\npskvalue-flags=1",
	 {.may_ask = TRUE},
	 NULL,
	 keyring_with_all,
	 "xauthpassword=stored xauthpassword pskvalue=stored pskvalue ",
	 2},
	{"agent-owned/empty-keyring",
	 IKEV1 "xauthpassword-flags=1\npskvalue-flags=1",
	 {.may_ask = TRUE},
	 NULL,
	 empty_keyring,
	 "xauthpassword=? pskvalue=? ",
	 2},
	{"agent-owned/known",
	 IKEV1 "xauthpassword-flags=1\npskvalue-flags=1",
	 {.may_ask = TRUE},
	 "xauthpassword",
	 keyring_with_all,
	 "xauthpassword=known pskvalue=stored pskvalue ",
	 1},
	{"agent-owned/not-alone",
	 IKEV1 "xauthpassword-flags=1\npskvalue-flags=1",
	 {.may_ask = FALSE},
	 NULL,
	 empty_keyring,
	 "",
	 2},
	{"nmcli",
	 IKEV1 "xauthpassword-flags=1\npskvalue-flags=0",
	 {.may_ask = TRUE, .without_keyring = TRUE},
	 "pskvalue",
	 keyring_with_all,
	 "xauthpassword=stored xauthpassword? pskvalue=known ",
	 1},
	{"not-saved",
	 IKEV1 "xauthpassword-flags=2\npskvalue-flags=2",
	 {.may_ask = TRUE},
	 "pskvalue",
	 keyring_with_all,
	 "xauthpassword=? pskvalue=? ",
	 0},
	/* The gateway has refused it, or wants the next: an account would be locked by the last. */
	{"hint",
	 IKEV1 "xauthpassword-flags=1\npskvalue-flags=1",
	 {.may_ask = TRUE, .hints = hint_password},
	 "xauthpassword",
	 keyring_with_all,
	 "xauthpassword=? pskvalue=stored pskvalue ",
	 1},
	/* Nothing that is stored is a code, and a code is stored by nobody. */
	{"code",
	 IKEV1 "xauthpassword-flags=1\npskvalue-flags=1\nxauthcode-flags=2",
	 {.may_ask = TRUE, .hints = hint_code},
	 "xauthcode",
	 keyring_with_all,
	 "xauthpassword=stored xauthpassword pskvalue=stored pskvalue xauthcode=? ",
	 2},
	{"code/not-before",
	 IKEV1 "xauthpassword-flags=1\npskvalue-flags=4\nxauthcode-flags=2",
	 {.may_ask = TRUE},
	 "xauthcode",
	 empty_keyring,
	 "xauthpassword=? ",
	 1},
	{"hint/nobody-there",
	 IKEV1 "xauthpassword-flags=1\npskvalue-flags=1",
	 {.hints = hint_password},
	 "xauthpassword",
	 keyring_with_all,
	 "pskvalue=stored pskvalue ",
	 1},
	{"hint/not-needed",
	 "right=vpn.example.com\nikev2=insist\npskvalue-flags=1",
	 {.may_ask = TRUE, .hints = hint_password},
	 NULL,
	 empty_keyring,
	 "xauthpassword=? ",
	 1},
	{"again",
	 IKEV1 "xauthpassword-flags=1\npskvalue-flags=1",
	 {.may_ask = TRUE, .ask_again = TRUE},
	 NULL,
	 keyring_with_all,
	 "xauthpassword=stored xauthpassword? pskvalue=stored pskvalue? ",
	 2},
	{"not-required",
	 IKEV1 "xauthpassword-flags=4\npskvalue-flags=1",
	 {.may_ask = TRUE},
	 NULL,
	 empty_keyring,
	 "pskvalue=? ",
	 1},
	{"passphrase",
	 "right=vpn.example.com\nikev2=insist\ncert=/home/joe/joe.p12\ncert-pass-flags=1\n",
	 {.may_ask = TRUE},
	 NULL,
	 empty_keyring,
	 "cert-pass=? ",
	 1},
	/* It is wrong, whoever has stored it. */
	{"passphrase/hint",
	 "right=vpn.example.com\nikev2=insist\ncert=/home/joe/joe.p12\n",
	 {.may_ask = TRUE, .hints = hint_passphrase},
	 "cert-pass",
	 keyring_with_all,
	 "cert-pass=? ",
	 0},
	{"passphrase/none",
	 "right=vpn.example.com\nikev2=insist\ncert=/home/joe/joe.p12\n",
	 {.may_ask = TRUE},
	 NULL,
	 empty_keyring,
	 "",
	 0},
	{"certificate",
	 "right=vpn.example.com\nikev2=insist\nleftcert=mine\n",
	 {.may_ask = TRUE},
	 NULL,
	 empty_keyring,
	 "",
	 0},
};

static void
test_case(gconstpointer data)
{
	const Case *one = data;
	AuthRequest request = one->request;
	g_autoptr(GHashTable) secrets = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(Profile) profile = make_profile(one->profile);
	g_autoptr(GPtrArray) prompts = NULL;
	g_autoptr(GString) found = g_string_new(NULL);

	n_looks = 0;
	request.secrets = secrets;
	if (one->known)
		g_hash_table_insert(secrets, (gpointer) one->known, (gpointer) "known");
	prompts = auth_prompts_new(&request, profile, one->keyring);
	for (guint i = 0; i < prompts->len; i++) {
		const AuthPrompt *prompt = prompts->pdata[i];

		g_assert_cmpstr(prompt->label, !=, "");
		g_string_append_printf(found, "%s=%s%s ", prompt->secret->key, prompt->value,
							   prompt->should_ask ? "?" : "");
	}
	g_assert_cmpstr(found->str, ==, one->prompts);
	g_assert_cmpuint(n_looks, ==, one->n_looks);
}

/* A name is no format. */
static void
test_describe(void)
{
	g_autoptr(GHashTable) secrets = g_hash_table_new(g_str_hash, g_str_equal);
	AuthRequest request = {
		.name = (char *) "100%s %n", .may_ask = TRUE, .hints = hint_password, .secrets = secrets};
	g_autoptr(Profile) profile = make_profile(IKEV1);
	g_autoptr(GPtrArray) prompts = auth_prompts_new(&request, profile, empty_keyring);
	g_autofree char *sentence = auth_prompts_describe(prompts, &request);
	g_autofree char *message = NULL;

	g_assert_cmpstr(sentence, ==, "“100%s %n” asks for your password.");
	request.message = (char *) "Enter the next code %s";
	message = auth_prompts_describe(prompts, &request);
	g_assert_cmpstr(message, ==, "Enter the next code %s");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/auth-prompt/", cases[i].name, NULL);

		g_test_add_data_func(path, &cases[i], test_case);
	}
	g_test_add_func("/auth-prompt/describe", test_describe);
	return g_test_run();
}
