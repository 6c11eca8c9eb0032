/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "check-report.h"

static void
take(const char *line, gpointer user_data)
{
	g_string_append(user_data, line);
}

static void
test_lines(void)
{
	g_autoptr(GString) said = g_string_new(NULL);
	g_autoptr(CheckReport) report = check_report_new(take, said);

	check_report_head(report, "Connection \"%s\"", "office");
	check_report_say(report, "to %s", "192.0.2.1");
	g_assert_cmpuint(check_report_count_problems(report), ==, 0);
	check_report_warn(report, "%d", 7);
	g_assert_cmpuint(check_report_count_problems(report), ==, 0);
	check_report_problem(report, "no %s", "pluto");
	check_report_problem(report, "no more");
	g_assert_cmpuint(check_report_count_problems(report), ==, 2);
	check_report_text(report, "conn vpn\n\n\tright=a\n");
	g_assert_cmpstr(said->str, ==,
					"Connection \"office\"\n"
					"  to 192.0.2.1\n"
					"  warning: 7\n"
					"  problem: no pluto\n"
					"  problem: no more\n"
					"  conn vpn\n"
					"      right=a\n");
}

/* What somebody else has chosen makes no line of its own, and moves no cursor. */
static void
test_forged(void)
{
	g_autoptr(GString) said = g_string_new(NULL);
	g_autoptr(CheckReport) report = check_report_new(take, said);

	check_report_head(report, "Connection \"%s\"", "a\nProblems: 0.");
	check_report_problem(report, "%s", "\033[2J\r");
	check_report_text(report, "right=a\rb");
	g_assert_cmpstr(said->str, ==,
					"Connection \"a\\nProblems: 0.\"\n"
					"  problem: \\u001b[2J\\r\n"
					"  right=a\\rb\n");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/check-report/lines", test_lines);
	g_test_add_func("/check-report/forged", test_forged);
	return g_test_run();
}
