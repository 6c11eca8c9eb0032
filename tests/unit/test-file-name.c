/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <string.h>

#include "file-name.h"

static void
test_suggest(void)
{
	static const struct {
		const char *id, *name;
	} cases[] = {
		{"office", "office.conf"},
		{"B\xc3\xbcro / VPN \"x\" $(id) %s", "B\xc3\xbcro - VPN \"x\" $(id) %s.conf"},
		{"two\nlines", "two-lines.conf"},
		{"../../etc/passwd", "-.-..-etc-passwd.conf"},
		{".hidden", "-hidden.conf"},
		{"a\\b", "a-b.conf"},
		{"", "vpn.conf"},
		{" ", "vpn.conf"},
		{NULL, "vpn.conf"},
		{"\xe2\x80\xae"
		 "drow",
		 "-drow.conf"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *name = file_name_suggest(cases[i].id);

		g_assert_cmpstr(name, ==, cases[i].name);
	}
}

static void
test_long(void)
{
	g_autofree char *ascii = g_strnfill(300, 'x');
	g_autoptr(GString) umlauts = g_string_new("x");
	g_autofree char *name = file_name_suggest(ascii);
	g_autofree char *other = NULL;

	g_assert_cmpuint(strlen(name), ==, FILE_NAME_MAX);
	g_assert_true(g_str_has_suffix(name, "x.conf"));
	while (umlauts->len < 300)
		g_string_append(umlauts, "\xc3\xbc");
	other = file_name_suggest(umlauts->str);
	g_assert_cmpuint(strlen(other), <=, FILE_NAME_MAX);
	g_assert_true(g_utf8_validate(other, -1, NULL));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/file-name/suggest", test_suggest);
	g_test_add_func("/file-name/long", test_long);
	return g_test_run();
}
