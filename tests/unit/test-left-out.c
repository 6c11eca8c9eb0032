/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "left-out.h"
#include "option.h"

static void
test_find(void)
{
	static const struct {
		const char *keyword, *value;
		LeftOut left_out;
		gboolean why;
	} cases[] = {
		{"leftnexthop", "192.0.2.1", LEFT_OUT_NAMED, TRUE},
		{"leftnexthop", "%defaultroute", LEFT_OUT_SILENTLY, FALSE},
		{"compress", "NO", LEFT_OUT_SILENTLY, FALSE},
		{"compress", "yes", LEFT_OUT_NAMED, TRUE},
		{"x-anything", "1", LEFT_OUT_SILENTLY, FALSE},
		{"sha2-truncbug", "no", LEFT_OUT_SILENTLY, FALSE},
		{"sha2-truncbug", "yes", LEFT_OUT_NOT, FALSE},
		{"enable-tcp", "yes", LEFT_OUT_NOT, FALSE},
		{"ppk", "insist", LEFT_OUT_NOT, FALSE},
		{"vti-interface", "vti0", LEFT_OUT_NOT, TRUE},
		{"leftupdown", "/bin/x", LEFT_OUT_NOT, FALSE},
		{"right", "gw", LEFT_OUT_NOT, FALSE},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *why;

		g_test_message("%s=%s", cases[i].keyword, cases[i].value);
		g_assert_cmpint(left_out_find(cases[i].keyword, cases[i].value, &why), ==,
						cases[i].left_out);
		g_assert_true((why != NULL) == cases[i].why);
	}
}

/* What a profile can have is not left out, but for what is NetworkManager's. */
static void
test_options(void)
{
	static const char *const ours[] = {"keyingtries", "dpdaction", "retransmit-timeout", NULL};
	guint n;
	const Option *options = option_all(&n);

	for (guint i = 0; i < n; i++) {
		const char *why;

		g_assert_true(left_out_find(options[i].key, "some value", &why) == LEFT_OUT_NOT ||
					  g_strv_contains(ours, options[i].key));
	}
}

static void
test_strongswan(void)
{
	g_assert_true(left_out_is_strongswan("leftauth", "eap-tls"));
	g_assert_true(left_out_is_strongswan("eap_identity", "erin"));
	g_assert_true(left_out_is_strongswan("leftsourceip", "%config"));
	g_assert_false(left_out_is_strongswan("leftsourceip", "192.0.2.1"));
	g_assert_false(left_out_is_strongswan("leftauth", "secret"));
	g_assert_false(left_out_is_strongswan("keyexchange", "ikev2"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/left-out/find", test_find);
	g_test_add_func("/left-out/options", test_options);
	g_test_add_func("/left-out/strongswan", test_strongswan);
	return g_test_run();
}
