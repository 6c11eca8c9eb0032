/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "net-pair.h"

#include "make-profile.h"

#define ME "192.0.2.2"

/* @expected: "MINE>THEIRS" for each, with "lease" for an address that the gateway gives. */
static void
assert_pairs(const char *text, const char *expected)
{
	g_autoptr(Profile) profile = make_profile(text);
	g_autoptr(GString) found = g_string_new(NULL);
	g_autoptr(GArray) pairs = NULL;
	IpNet me;

	g_assert_true(ip_net_parse(&me, ME));
	pairs = net_pairs_of_profile(profile, &me);
	for (guint i = 0; i < pairs->len; i++) {
		const NetPair *pair = &g_array_index(pairs, NetPair, i);
		char mine[IP_NET_STRLEN], theirs[IP_NET_STRLEN];

		g_string_append_printf(found, "%s%s>%s", i ? " " : "",
							   ip_net_is_set(&pair->mine) ? ip_net_to_string(&pair->mine, mine)
														  : "lease",
							   ip_net_to_string(&pair->theirs, theirs));
	}
	g_assert_cmpstr(found->str, ==, expected);
}

/* One pair is what pluto comes up with first. */
static void
test_one(void)
{
	assert_pairs("right=gw", "");
	assert_pairs("right=gw\nrightsubnet=10.1.0.0/16", "");
	assert_pairs("right=gw\nleftmodecfgclient=no\nleftsubnet=10.9.0.0/16\nrightsubnet=10.1.0.0/16",
				 "");
}

static void
test_lease(void)
{
	assert_pairs("right=gw\nrightsubnets=10.1.0.0/16,10.2.0.0/16",
				 "lease>10.1.0.0/16 lease>10.2.0.0/16");
}

static void
test_site(void)
{
	assert_pairs("right=gw\nleftmodecfgclient=no\nrightsubnets=10.1.0.0/16,10.2.0.0/16",
				 ME ">10.1.0.0/16 " ME ">10.2.0.0/16");
	assert_pairs("right=gw\nleftmodecfgclient=no\nleftsubnet=10.9.0.0/16\n"
				 "rightsubnets=10.1.0.0/16,10.2.0.0/16",
				 "10.9.0.0/16>10.1.0.0/16 10.9.0.0/16>10.2.0.0/16");
	assert_pairs("right=gw\nleftmodecfgclient=no\nleftsubnets=10.8.0.0/16,10.9.0.0/16\n"
				 "rightsubnets=10.1.0.0/16,10.2.0.0/16",
				 "10.8.0.0/16>10.1.0.0/16 10.9.0.0/16>10.1.0.0/16 "
				 "10.8.0.0/16>10.2.0.0/16 10.9.0.0/16>10.2.0.0/16");
}

/* No Child SA joins two families. */
static void
test_families(void)
{
	assert_pairs("right=gw\nleftmodecfgclient=no\nleftsubnets=10.8.0.0/16,2001:db8:1::/48\n"
				 "rightsubnets=10.1.0.0/16,2001:db8:2::/48",
				 "10.8.0.0/16>10.1.0.0/16 2001:db8:1::/48>2001:db8:2::/48");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/net-pair/one", test_one);
	g_test_add_func("/net-pair/lease", test_lease);
	g_test_add_func("/net-pair/site", test_site);
	g_test_add_func("/net-pair/families", test_families);
	return g_test_run();
}
