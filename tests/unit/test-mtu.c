/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mtu.h"

#include "xfrm-interface.h"

static void
test_rule(void)
{
	static const struct {
		guint32 wanted, underlay, mtu;
	} cases[] = {
		{1200, 1500, 1200}, /* the profile decides */
		{9000, 1500, 9000},
		{0, 0, XFRM_INTERFACE_DEFAULT_MTU}, /* unknown */
		{0, 1500, 1390},
		{0, 9000, XFRM_INTERFACE_DEFAULT_MTU}, /* what follows may be narrower */
		{0, 1495, 1374},                       /* (1495 - 104) / 16 * 16 - 2 */
		{0, 1496, 1390},
		{0, 1402, 1294},
		{0, 1391, 1280},
		{0, 1280, 1280}, /* IPv6 needs that much */
		{0, 576, 1280},
		{0, 1, 1280},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpuint(mtu_of_interface(cases[i].wanted, cases[i].underlay), ==, cases[i].mtu);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mtu/rule", test_rule);
	return g_test_run();
}
