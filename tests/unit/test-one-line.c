/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "make-profile.h"
#include "one-line.h"
#include "secret.h"

static void
assert_shown(const char *text, const char *wanted)
{
	g_autofree char *line = one_line(text, 0);

	g_assert_cmpstr(line, ==, wanted);
	g_assert_true(g_utf8_validate(line, -1, NULL));
}

static void
test_ordinary(void)
{
	static const char *const names[] = {
		"office",
		"Büro (Köln) #2",
		"it's \"home\"",
		"DOMAIN\\joe",
		"工作",
		"العمل",
		"работа ",
		"café",
		"",
		"🏢 office",
		NULL,
	};

	for (const char *const *name = names; *name; name++)
		assert_shown(*name, *name);
}

static void
test_escaped(void)
{
	assert_shown("office\nNov 27 00:00:00 host sshd[1]: Accepted publickey",
				 "office\\nNov 27 00:00:00 host sshd[1]: Accepted publickey");
	assert_shown("a\r\n\tb\v\f", "a\\r\\n\\tb\\u000b\\u000c");
	assert_shown("\033]0;x\a\177", "\\u001b]0;x\\u0007\\u007f");
	assert_shown("a\302\205b", "a\\u0085b"); /* next line, C1 */
	assert_shown("a\342\200\250b\342\200\251c", "a\\u2028b\\u2029c");
	assert_shown("\377\xc3", "\\xff\\xc3");
}

static void
test_direction_and_width(void)
{
	static const gunichar ranges[][2] = {
		{0x00ad, 0x00ad}, {0x061c, 0x061c}, {0x200b, 0x200f}, {0x202a, 0x202e},
		{0x2060, 0x2069}, {0xfeff, 0xfeff}, {0xe000, 0xe000},
	};

	for (guint i = 0; i < G_N_ELEMENTS(ranges); i++) {
		for (gunichar c = ranges[i][0]; c <= ranges[i][1]; c++) {
			g_autofree char *wanted = g_strdup_printf("a\\u%04xb", c);
			char letter[7] = {0};
			g_autofree char *text = NULL;

			g_unichar_to_utf8(c, letter);
			text = g_strconcat("a", letter, "b", NULL);
			assert_shown(text, wanted);
		}
	}
}

static void
test_cut(void)
{
	g_autofree char *exact = one_line("äbc", 3);
	g_autofree char *cut = one_line("äbcd", 3);
	g_autofree char *broken = one_line("\377\377", 1);

	g_assert_cmpstr(exact, ==, "äbc");
	g_assert_cmpstr(cut, ==, "äbc…");
	g_assert_cmpstr(broken, ==, "\\xff…");
}

/* What the log calls a connection, and what a person is asked about it. */
static void
test_name_of_a_profile(void)
{
	g_autoptr(GHashTable) data = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(Profile) odd = NULL;
	g_autoptr(Profile) nameless = NULL;
	g_autoptr(Profile) plain = make_profile("right=192.0.2.1\n");
	g_autofree char *question = NULL;
	g_autofree char *long_id = g_strnfill(1000, 'a');
	g_autoptr(Profile) long_name = NULL;

	g_hash_table_insert(data, (gpointer) "right", (gpointer) "192.0.2.1");
	odd = profile_new_from_data(NULL, "a\n\342\200\256b", data, NULL, NULL, NULL);
	nameless = profile_new_from_data(NULL, NULL, data, NULL, NULL, NULL);
	long_name = profile_new_from_data(NULL, long_id, data, NULL, NULL, NULL);
	g_assert_cmpstr(profile_get_name(plain), ==, "Office");
	g_assert_cmpstr(profile_get_name(odd), ==, "a\\n\\u202eb");
	g_assert_cmpstr(profile_get_name(nameless), ==, "?");
	g_assert_cmpuint(g_utf8_strlen(profile_get_name(long_name), -1), ==, ONE_LINE_NAME_MAX + 1);
	question = secret_ask_again(secret_find("xauthpassword"), profile_get_name(odd));
	g_assert_null(strchr(question, '\n'));
	g_assert_nonnull(strstr(question, "a\\n\\u202eb"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/one-line/ordinary", test_ordinary);
	g_test_add_func("/one-line/escaped", test_escaped);
	g_test_add_func("/one-line/direction-and-width", test_direction_and_width);
	g_test_add_func("/one-line/cut", test_cut);
	g_test_add_func("/one-line/name-of-a-profile", test_name_of_a_profile);
	return g_test_run();
}
