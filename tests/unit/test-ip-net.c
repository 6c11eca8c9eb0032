/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "ip-net.h"

static void
test_parse(void)
{
	static const struct {
		const char *text;
		const char *again; /* NULL: refused */
	} cases[] = {
		{"10.9.0.5", "10.9.0.5"},
		{"10.9.0.5/32", "10.9.0.5"},
		{"10.0.0.0/8", "10.0.0.0/8"},
		{"0.0.0.0/0", "0.0.0.0/0"},
		{"2001:db8::1", "2001:db8::1"},
		{"2001:db8::/33", "2001:db8::/33"},
		{"::/0", "::/0"},
		{"10.9.0.5/24", NULL},
		{"10.0.0.0/33", NULL},
		{"10.0.0.0/-1", NULL},
		{"10.0.0.0/", NULL},
		{"10.0.0.0/8 ", NULL},
		{"10.0.0.0/ 8", NULL},
		{"10.0.0.0/+8", NULL},
		{"10.0.0/8", NULL},
		{"010.0.0.1", NULL},
		{"2001:db8::1/64", NULL},
		{"::1%lo", NULL},
		{"::/129", NULL},
		{"", NULL},
		{"/8", NULL},
		{"10.0.0.1-10.0.0.9", NULL},
		{"<unset-selector>", NULL},
		{"1111:1111:1111:1111:1111:1111:1111:1111:1111:1111", NULL},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		IpNet net = {0};
		char buffer[IP_NET_STRLEN];

		g_assert_cmpint(ip_net_parse(&net, cases[i].text), ==, cases[i].again != NULL);
		g_assert_cmpstr(ip_net_to_string(&net, buffer), ==,
						cases[i].again ? cases[i].again : "unset");
	}
}

static void
test_mask(void)
{
	char buffer[IP_NET_STRLEN];
	IpNet net;

	g_assert_true(ip_net_parse_mask(&net, "10.1.0.0", "255.255.0.0"));
	g_assert_cmpstr(ip_net_to_string(&net, buffer), ==, "10.1.0.0/16");
	g_assert_true(ip_net_parse_mask(&net, "0.0.0.0", "0.0.0.0"));
	g_assert_cmpint(net.prefix, ==, 0);
	g_assert_true(ip_net_parse_mask(&net, "2001:db8::", "ffff:ffff:8000::"));
	g_assert_cmpint(net.prefix, ==, 33);
	g_assert_true(
		ip_net_parse_mask(&net, "2001:db8::7", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
	g_assert_true(ip_net_is_host(&net));
	g_assert_false(ip_net_parse_mask(&net, "10.1.0.0", "255.0.255.0"));
	g_assert_false(ip_net_parse_mask(&net, "10.1.0.0", "0.255.0.0"));
	g_assert_false(ip_net_parse_mask(&net, "10.1.0.1", "255.255.0.0"));
	g_assert_false(ip_net_parse_mask(&net, "10.1.0.0", "ffff::"));
	g_assert_false(ip_net_parse_mask(&net, "10.1.0.0", "16"));
}

static void
test_contains(void)
{
	IpNet wide, net, host, six;

	g_assert_true(ip_net_parse(&wide, "0.0.0.0/0"));
	g_assert_true(ip_net_parse(&net, "10.1.0.0/16"));
	g_assert_true(ip_net_parse(&host, "10.1.2.3"));
	g_assert_true(ip_net_parse(&six, "::/0"));
	g_assert_true(ip_net_contains(&wide, &host));
	g_assert_true(ip_net_contains(&net, &host));
	g_assert_true(ip_net_contains(&net, &net));
	g_assert_false(ip_net_contains(&host, &net));
	g_assert_false(ip_net_contains(&six, &host));
	g_assert_true(ip_net_overlaps(&net, &host));
	g_assert_true(ip_net_overlaps(&host, &net));
	g_assert_false(ip_net_overlaps(&six, &host));
	g_assert_false(ip_net_contains(&(IpNet){0}, &host));
	g_assert_false(ip_net_contains(&wide, &(IpNet){0}));
}

static void
test_from_bytes(void)
{
	const guint8 bytes[] = {10, 1, 2, 3};
	IpNet net = ip_net_from_bytes(AF_INET, bytes, 12), same;

	g_assert_true(ip_net_parse(&same, "10.0.0.0/12"));
	g_assert_true(ip_net_equal(&net, &same));
	net = ip_net_from_bytes(AF_INET, bytes, 33);
	g_assert_false(ip_net_is_set(&net));
	net = ip_net_from_bytes(AF_UNIX, bytes, 0);
	g_assert_false(ip_net_is_set(&net));
}

static void
test_is_lan(void)
{
	static const struct {
		const char *net;
		gboolean is_lan;
	} rows[] = {
		{"10.0.0.0/8", TRUE}, {"192.0.2.2/32", TRUE},  {"10.0.0.0/7", FALSE},
		{"0.0.0.0/0", FALSE}, {"2001:db8::/32", TRUE}, {"2001:db8::/31", FALSE},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		IpNet net;

		g_assert_true(ip_net_parse(&net, rows[i].net));
		g_assert_cmpint(ip_net_is_lan(&net), ==, rows[i].is_lan);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ip-net/parse", test_parse);
	g_test_add_func("/ip-net/mask", test_mask);
	g_test_add_func("/ip-net/contains", test_contains);
	g_test_add_func("/ip-net/from-bytes", test_from_bytes);
	g_test_add_func("/ip-net/is-lan", test_is_lan);
	return g_test_run();
}
