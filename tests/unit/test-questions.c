/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "questions.h"

#include <string.h>

#include "auth-prompt.h"
#include "external-ui.h"
#include "make-profile.h"

static char *
no_keyring(const AuthRequest *request, const char *key)
{
	return NULL;
}

/* What the dialog writes is what the window reads, with all that a gateway may have said. */
static void
test_round_trip(void)
{
	static const char description[] = "The gateway of “a=b\n[c]” says: “%s ; #\\n\t”";
	g_autoptr(GHashTable) secrets = g_hash_table_new(g_str_hash, g_str_equal);
	AuthRequest request = {.name = (char *) "office", .may_ask = TRUE, .secrets = secrets};
	g_autoptr(Profile) profile =
		make_profile("right=gw\nleftusername=al;ice\nxauthpassword-flags=1\npskvalue-flags=1");
	g_autoptr(GPtrArray) prompts = NULL;
	g_autoptr(Questions) questions = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *data = NULL;
	const Question *question;
	gsize len;

	g_hash_table_insert(secrets, (gpointer) "pskvalue", (gpointer) "there");
	prompts = auth_prompts_new(&request, profile, no_keyring);
	data = external_ui_to_data("Sign In", description, prompts, &len);
	questions = questions_parse(data, len, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(questions->title, ==, "Sign In");
	g_assert_cmpstr(questions->description, ==, description);
	/* What is known is not asked. */
	g_assert_cmpuint(questions->asked->len, ==, 1);
	question = questions->asked->pdata[0];
	g_assert_cmpstr(question->key, ==, "xauthpassword");
	g_assert_cmpstr(question->label, ==, "Password of al;ice");
}

static void
test_nothing_to_ask(void)
{
	static const char *const texts[] = {
		"",
		"nonsense",
		"[VPN Plugin UI]\nVersion=2\nTitle=a\nDescription=b\n",
		"[VPN Plugin UI]\nVersion=2\nTitle=a\nDescription=b\n[k]\nLabel=l\nShouldAsk=false\n",
		"[VPN Plugin UI]\nVersion=2\nTitle=a\nDescription=b\n[k]\nShouldAsk=true\n",
		"[VPN Plugin UI]\nVersion=2\nTitle=a\n[k]\nLabel=l\nShouldAsk=true\n",
		"[k]\nLabel=l\nShouldAsk=true\n",
	};

	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(questions_parse(texts[i], strlen(texts[i]), &error));
		g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
	}
}

static void
test_answers(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *first = NULL, *second = NULL;
	const char *at;

	g_assert_true(questions_answer(text, "xauthpassword", "s3cret = \"é\" \t"));
	g_assert_true(questions_answer(text, "pskvalue", ""));
	g_assert_false(questions_answer(text, "pskvalue", "one\ntwo"));
	g_assert_false(questions_answer(text, "pskvalue", "one\rtwo"));
	at = text->str;
	/* In their order, and of no other key. */
	g_assert_null(questions_find_answer(&at, "pskvalue"));
	g_assert_null(questions_find_answer(&at, "xauth"));
	first = questions_find_answer(&at, "xauthpassword");
	g_assert_cmpstr(first, ==, "s3cret = \"é\" \t");
	second = questions_find_answer(&at, "pskvalue");
	g_assert_cmpstr(second, ==, "");
	g_assert_cmpstr(at, ==, "");
	g_assert_null(questions_find_answer(&at, "pskvalue"));
	at = "pskvalue\nwithout an end";
	g_assert_null(questions_find_answer(&at, "pskvalue"));
	at = "pskvalue";
	g_assert_null(questions_find_answer(&at, "pskvalue"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/questions/round-trip", test_round_trip);
	g_test_add_func("/questions/nothing-to-ask", test_nothing_to_ask);
	g_test_add_func("/questions/answers", test_answers);
	return g_test_run();
}
