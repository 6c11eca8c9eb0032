/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "duration.h"

static void
test_normalize(void)
{
	static const struct {
		const char *text, *normal;
		guint64 seconds;
	} cases[] = {
		{"90", "90", 90},
		{"90s", "90s", 90},
		{"5m", "5m", 300},
		{"24h", "24h", 86400},
		{"2d", "2d", 172800},
		{"1w", "1w", 604800},
		{"0", "0", 0},
		{"1.5h", "5400", 5400},
		{"86400.0", "86400", 86400},
		{"0.5", "1", 1},
		{"500ms", "1", 1},
		{"1500ms", "2", 2},
		{"0ms", "0", 0},
		{"7us", "1", 1},
		{"0.000000001w", "1", 1},
		{"", NULL, 0},
		{"h", NULL, 0},
		{"1x", NULL, 0},
		{".5h", NULL, 0},
		{"1.h", NULL, 0},
		{"1.5.5h", NULL, 0},
		{"-1", NULL, 0},
		{"+1", NULL, 0},
		{"1 h", NULL, 0},
		{"99999999999", NULL, 0},
		{"1h30m", NULL, 0},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *normal = duration_normalize(cases[i].text);
		guint64 seconds = 0;

		g_test_message("%s", cases[i].text);
		g_assert_cmpstr(normal, ==, cases[i].normal);
		g_assert_true(duration_parse(cases[i].text, &seconds) == (cases[i].normal != NULL));
		g_assert_cmpuint(seconds, ==, cases[i].seconds);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/duration/normalize", test_normalize);
	return g_test_run();
}
