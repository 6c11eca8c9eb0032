/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "auth-request.h"

#include <string.h>

static AuthRequest *
parse(const char *line, GError **error)
{
	g_auto(GStrv) argv = g_strsplit(line, " ", -1);
	g_autofree char **moving = g_new(char *, g_strv_length(argv) + 1);
	char **rest = moving;
	int argc = (int) g_strv_length(argv);
	gboolean show_version = FALSE;

	memcpy(moving, argv, sizeof(char *) * (g_strv_length(argv) + 1));
	return auth_request_new(&argc, &rest, &show_version, error);
}

#define OF_OURS " -s org.freedesktop.NetworkManager.libreswan"

static void
test_options(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(AuthRequest) request = parse(
		"dialog -u U -n N -s org.freedesktop.NetworkManager.openswan --external-ui-mode -i -r "
		"-t x-vpn-message:Hello -t pskvalue -t other -t x-vpn-message:later -t xauthpassword",
		&error);

	g_assert_no_error(error);
	g_assert_cmpstr(request->uuid, ==, "U");
	g_assert_cmpstr(request->name, ==, "N");
	g_assert_cmpstr(request->message, ==, "Hello");
	g_assert_true(request->external_ui && request->may_ask && request->ask_again);
	g_assert_cmpuint(g_strv_length(request->hints), ==, 2);
	g_assert_cmpstr(request->hints[0], ==, "pskvalue");
	g_assert_cmpstr(request->hints[1], ==, "xauthpassword");
}

static void
test_few_options(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(AuthRequest) request = parse("dialog -u U -n N" OF_OURS " -t other", &error);

	g_assert_no_error(error);
	g_assert_null(request->hints);
	g_assert_null(request->message);
	g_assert_false(request->external_ui || request->may_ask || request->ask_again);
}

static void
test_wrong_options(void)
{
	static const struct {
		const char *line, *message;
	} cases[] = {
		{"dialog -n N" OF_OURS, "*--uuid is missing*"},
		{"dialog -u U" OF_OURS, "*--name is missing*"},
		{"dialog -u U -n N", "*--service is missing*"},
		{"dialog -u U -n N -s x", "*--service=x is not the VPN service*libreswan*"},
		{"dialog -u U -n N -x" OF_OURS, "*-x*"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(parse(cases[i].line, &error));
		g_assert_true(g_pattern_match_simple(cases[i].message, error->message));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/auth-request/options", test_options);
	g_test_add_func("/auth-request/few", test_few_options);
	g_test_add_func("/auth-request/wrong", test_wrong_options);
	return g_test_run();
}
