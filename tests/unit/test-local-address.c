/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In a network namespace of the test's, where it knows which addresses there are. */
#include "config.h"

#include "local-address.h"
#include "own-netns.h"

static const char *no_netns;

static void
test_within(void)
{
	static const struct {
		const char *net, *address;
	} rows[] = {
		{"10.9.0.0/24", "10.9.0.5"}, {"10.9.0.5/32", "10.9.0.5"},
		{"10.9.1.0/24", NULL},       {"2001:db8:9::/64", "2001:db8:9::5"},
		{"2001:db8:8::/64", NULL},   {"fe80::/10", NULL},
		{"0.0.0.0/0", "10.9.0.5"},   {"127.0.0.0/8", NULL},
		{"::/0", "2001:db8:9::5"},
	};

	if (no_netns) {
		g_test_skip(no_netns);
		return;
	}
	ip("addr add 10.9.0.5/32 dev lo");
	ip("addr add 2001:db8:9::5/128 dev lo nodad");
	ip("addr add fe80::5/64 dev lo nodad");
	for (guint up = 0; up < 2; up++) {
		for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
			char text[IP_NET_STRLEN];
			IpNet net, address;
			bool found;

			g_assert_true(ip_net_parse(&net, rows[i].net));
			found = local_address_within(&net, &address);
			/* A link that is down has no address that anybody could answer to. */
			g_assert_cmpint(found, ==, up && rows[i].address);
			if (found)
				g_assert_cmpstr(ip_net_to_string(&address, text), ==, rows[i].address);
		}
		ip("link set lo up");
	}
}

static void
test_prefix(void)
{
	static const struct {
		const char *host;
		guint8 prefix;
	} rows[] = {
		{"10.9.2.5/32", 24},
		{"2001:db8:9:2::5/128", 64},
		{"10.9.2.6/32", 32},
		{"2001:db8::1/128", 128},
	};

	if (no_netns) {
		g_test_skip(no_netns);
		return;
	}
	ip("addr add 10.9.2.5/24 dev lo");
	ip("addr add 2001:db8:9:2::5/64 dev lo nodad");
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		IpNet host;

		g_assert_true(ip_net_parse(&host, rows[i].host));
		g_assert_cmpuint(local_address_prefix(&host), ==, rows[i].prefix);
	}
}

static bool
exists(const char *text)
{
	IpNet host;

	g_assert_true(ip_net_parse(&host, text));
	return local_address_exists(&host);
}

static void
assert_of_link(const char *name, int family, const char *expected)
{
	char text[IP_NET_STRLEN];
	IpNet address;
	bool found = local_address_of_link(name, family, &address);

	g_assert_cmpstr(found ? ip_net_to_string(&address, text) : NULL, ==, expected);
}

static void
test_of_link(void)
{
	if (no_netns) {
		g_test_skip(no_netns);
		return;
	}
	ip("link add one type veth peer name two");
	ip("addr add 10.9.3.5/24 dev one label one:x");
	ip("addr add 10.9.3.6/24 dev one");
	ip("addr add 10.9.4.5/24 dev two");
	ip("addr add fe80::9/64 dev one nodad");
	ip("addr add 2001:db8:9:3::5/64 dev one nodad");
	g_assert_false(exists("10.9.3.5"));
	assert_of_link("one", AF_INET, NULL); /* it is down */
	ip("link set one up");
	ip("link set two up");
	g_assert_true(exists("10.9.3.5"));
	g_assert_true(exists("2001:db8:9:3::5"));
	g_assert_false(exists("10.9.3.7"));
	assert_of_link("one", AF_INET, "10.9.3.5");
	assert_of_link("one", AF_INET6, "2001:db8:9:3::5");
	assert_of_link("two", AF_INET, "10.9.4.5");
	assert_of_link("two", AF_INET6, NULL);
	assert_of_link("three", AF_INET, NULL);
	ip("link del one");
}

int
main(int argc, char **argv)
{
	no_netns = own_netns_enter();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/local-address/within", test_within);
	g_test_add_func("/local-address/prefix", test_prefix);
	g_test_add_func("/local-address/of-link", test_of_link);
	return g_test_run();
}
