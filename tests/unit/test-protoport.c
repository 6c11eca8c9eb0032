/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <string.h>

#include "protoport.h"

static void
test_fault(void)
{
	static const struct {
		const char *text, *fault; /* NULL: right */
	} cases[] = {
		{"17/1701", NULL},
		{"tcp/443", NULL},
		{"icmp", NULL},
		{"6/%any", NULL},
		{"ipv6-icmp", NULL},
		{"17/", NULL},
		{"udp/l2tp", NULL},
		{"%any", NULL},
		{"0/0", NULL},
		{"tcp/1000-2000", "range of ports"},
		{"6/80-90", "range"},
		{"256/1", "no protocol"},
		{"tcp/65536", "no port"},
		{"tcp/-1", "range"},
		{"/443", "no protocol"},
		{"tcp/443/1", "not allowed"},
		{"t cp", "no protocol"},
		{"tcp/44 3", "no port"},
		{"0/443", "of no protocol"},
		{"", "not allowed"},
		{"%any/443", "of no protocol"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *fault = protoport_find_fault(cases[i].text);

		g_test_message("%s: %s", cases[i].text, fault ? fault : "right");
		g_assert_true((fault != NULL) == (cases[i].fault != NULL));
		if (fault)
			g_assert_nonnull(strstr(fault, cases[i].fault));
	}
}

static void
test_port(void)
{
	g_assert_true(protoport_has_any_port("tcp/%any"));
	g_assert_false(protoport_has_any_port("tcp"));
	g_assert_true(protoport_is_l2tp("17/1701"));
	g_assert_true(protoport_is_l2tp("UDP/l2tp"));
	g_assert_false(protoport_is_l2tp("17/500"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/protoport/fault", test_fault);
	g_test_add_func("/protoport/port", test_port);
	return g_test_run();
}
