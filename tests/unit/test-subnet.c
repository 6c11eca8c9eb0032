/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <sys/socket.h>

#include "subnet.h"

static void
test_normalize(void)
{
	static const struct {
		const char *text, *normal;
	} cases[] = {
		{"10.1.0.0/16", "10.1.0.0/16"},
		{"10.1.2.3/16", "10.1.0.0/16"},
		{"10.1.0.0/255.255.0.0", "10.1.0.0/16"},
		{"10.1.2.3/255.255.255.255", "10.1.2.3/32"},
		{"10.1.2.3/0.0.0.0", "0.0.0.0/0"},
		{"10.1/16", "10.1.0.0/16"},
		{"10/8", "10.0.0.0/8"},
		{"0/0", "0.0.0.0/0"},
		{"192.168.7/255.255.255.0", "192.168.7.0/24"},
		{"10.1.2.3", "10.1.2.3/32"},
		{"2001:db8:1::5/32", "2001:db8::/32"},
		{"::/0", "::/0"},
		{"2001:db8::1", "2001:db8::1/128"},
		{"10.1.0.0/255.0.255.0", NULL},
		{"10.1.0.0/255.255", NULL},
		{"10.1.0.0/33", NULL},
		{"10.1.0.0/", NULL},
		{"10.1", NULL},
		{"10.256/16", NULL},
		{"010.1.0.0/16", NULL},
		{"10..1/16", NULL},
		{"10.1.2.3.4/16", NULL},
		{"/16", NULL},
		{"10.1.0.0/16/8", NULL},
		{"2001:db8::/ffff::", NULL},
		{"2001:db8::/129", NULL},
		{"gw.example.com/32", NULL},
		{"%any", NULL},
		{"", NULL},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *normal = subnet_normalize(cases[i].text, NULL);

		g_test_message("%s", cases[i].text);
		g_assert_cmpstr(normal, ==, cases[i].normal);
	}
}

static void
test_family(void)
{
	g_autofree char *ipv4 = NULL, *ipv6 = NULL;
	int family = 0;

	ipv4 = subnet_normalize("10/8", &family);
	g_assert_cmpint(family, ==, AF_INET);
	ipv6 = subnet_normalize("::/0", &family);
	g_assert_cmpint(family, ==, AF_INET6);
}

static void
test_list(void)
{
	static const char *const lists[] = {
		"10.1/16 10.2.0.0/255.255.0.0",
		"{10.1.0.0/16, 10.2.0.0/16}",
		", 10.1.0.0/16 ,,\t10.2/16",
	};

	for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
		g_autofree char *normal = subnet_normalize_list(lists[i]);

		g_assert_cmpstr(normal, ==, "10.1.0.0/16,10.2.0.0/16");
	}
	g_assert_null(subnet_normalize_list(""));
	g_assert_null(subnet_normalize_list("{}"));
	g_assert_null(subnet_normalize_list("10.1/16,x"));
}

static void
test_has(void)
{
	g_assert_true(subnet_list_has("10.1.0.0/16", "10.1.2.3"));
	g_assert_true(subnet_list_has("10.3.0.0/16,10.1.0.0/16", "10.1.2.3"));
	g_assert_true(subnet_list_has("::/0", "2001:db8::1"));
	g_assert_false(subnet_list_has("10.1.0.0/16", "10.2.0.1"));
	g_assert_false(subnet_list_has("0.0.0.0/0", "2001:db8::1"));
	g_assert_false(subnet_list_has("0.0.0.0/0", "gw"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/subnet/normalize", test_normalize);
	g_test_add_func("/subnet/family", test_family);
	g_test_add_func("/subnet/list", test_list);
	g_test_add_func("/subnet/has", test_has);
	return g_test_run();
}
