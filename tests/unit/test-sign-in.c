/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <string.h>

#include "editor-field.h"
#include "make-profile.h"
#include "sign-in.h"

static void
test_find(void)
{
	static const struct {
		const char *text;
		SignIn method;
	} cases[] = {
		{"right=gw", SIGN_IN_GROUP},
		{"right=gw\nleftid=@[group]\nleftusername=joe", SIGN_IN_GROUP},
		{"right=gw\nikev2=never\nauthby=secret", SIGN_IN_GROUP},
		{"right=gw\nikev2=insist", SIGN_IN_KEY},
		{"right=gw\nikev2=insist\nauthby=secret", SIGN_IN_KEY},
		{"right=gw\nleftxauthclient=no", SIGN_IN_KEY},
		{"right=gw\nikev2=insist\nleftcert=joe", SIGN_IN_CERTIFICATE},
		{"right=gw\nikev2=insist\nleftcert=joe\nauthby=secret", SIGN_IN_CERTIFICATE},
		{"right=gw\nleftcert=joe\nleftxauthclient=no", SIGN_IN_CERTIFICATE},
		{"right=gw\nleftcert=joe", SIGN_IN_PASSWORD},
		{"right=gw\nleftcert=joe\nauthby=rsasig\nikev2=no", SIGN_IN_PASSWORD},
		{"right=gw\nikev2=insist\nleftrsasigkey=0sAQ", SIGN_IN_OTHER},
		{"right=gw\nikev2=insist\nauthby=null", SIGN_IN_OTHER},
		{"right=gw\nxauthpasswordinputmodes=unused", SIGN_IN_OTHER},
		{"right=gw\npskinputmodes=unused", SIGN_IN_OTHER},
		{"right=gw\nikev2=insist\nleftcert=joe\nauthby=secret,rsasig", SIGN_IN_OTHER},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Profile) profile = make_profile(cases[i].text);

		g_test_message("%s", cases[i].text);
		g_assert_cmpint(sign_in_find(profile), ==, cases[i].method);
	}
}

static void
test_tables(void)
{
	for (guint m = 0; m < SIGN_IN_N; m++) {
		const SignInSetting *first = sign_in_settings(SIGN_IN_GROUP), *s = sign_in_settings(m);

		g_assert_true(*sign_in_name(m));
		g_assert_true(*sign_in_help(m));
		/* The popup of a list cuts what is longer, in GNOME Settings 48. */
		g_assert_cmpint(g_utf8_strlen(sign_in_name(m), -1), <=, 17);
		g_assert_nonnull(sign_in_find_key(m, "right"));
		g_assert_nonnull(sign_in_find_key(m, "right")->missing);
		g_assert_null(sign_in_find_key(m, "mtu"));
		for (const SignInKey *row = sign_in_keys(m); row->key; row++)
			g_assert_cmpint(editor_field_find(row->key)->page, ==, EDITOR_PAGE_SIGN_IN);
		if (m == SIGN_IN_OTHER) {
			g_assert_null(s->key);
			continue;
		}
		for (; first->key; first++, s++) {
			const Option *option = option_find(s->key);

			g_assert_cmpstr(first->key, ==, s->key);
			g_assert_nonnull(option);
			if (s->value && !g_str_equal(s->value, SIGN_IN_KEEP))
				g_assert_true(option_validate(option, s->value, NULL));
		}
		g_assert_null(s->key);
	}
}

/* Every field of the first page is shown by some method. */
static void
test_each_field_is_shown(void)
{
	guint n;
	const EditorField *fields = editor_field_all(&n);

	for (guint i = 0; i < n; i++) {
		if (fields[i].page == EDITOR_PAGE_SIGN_IN)
			g_assert_nonnull(sign_in_find_key(SIGN_IN_OTHER, fields[i].key));
	}
}

static void
test_has_user(void)
{
	g_assert_true(sign_in_has_user(SIGN_IN_GROUP));
	g_assert_true(sign_in_has_user(SIGN_IN_PASSWORD));
	g_assert_false(sign_in_has_user(SIGN_IN_KEY));
	g_assert_false(sign_in_has_user(SIGN_IN_CERTIFICATE));
	g_assert_false(sign_in_has_user(SIGN_IN_OTHER));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/sign-in/find", test_find);
	g_test_add_func("/sign-in/tables", test_tables);
	g_test_add_func("/sign-in/each-field", test_each_field_is_shown);
	g_test_add_func("/sign-in/has-user", test_has_user);
	return g_test_run();
}
