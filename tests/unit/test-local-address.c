/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In a network namespace of the test's, where it knows which addresses there are. */
#include "config.h"

#include "local-address.h"
#include "own-netns.h"
#include "no-descriptors.h"
#include "make-net.h"

#include <net/if.h>

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

	if (skipped(no_netns))
		return;
	ip("addr add 10.9.0.5/32 dev lo");
	ip("addr add 2001:db8:9::5/128 dev lo nodad");
	ip("addr add fe80::5/64 dev lo nodad");
	for (guint up = 0; up < 2; up++) {
		for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
			char text[IP_NET_STRLEN];
			IpNet net, address;
			gboolean found;

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

	if (skipped(no_netns))
		return;
	ip("addr add 10.9.2.5/24 dev lo");
	ip("addr add 2001:db8:9:2::5/64 dev lo nodad");
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		IpNet host;

		g_assert_true(ip_net_parse(&host, rows[i].host));
		g_assert_cmpuint(local_address_prefix(&host), ==, rows[i].prefix);
	}
}

static gboolean
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
	gboolean found = local_address_of_link(name, family, &address);

	g_assert_cmpstr(found ? ip_net_to_string(&address, text) : NULL, ==, expected);
}

static void
assert_sources(const char *expected)
{
	g_autoptr(Netlink) netlink = netlink_open(NETLINK_ROUTE, NETLINK_OWN_NAMESPACE, NULL);
	g_autoptr(GArray) sources = local_address_list_sources(netlink);
	g_autoptr(GString) text = g_string_new(NULL);
	char buffer[IP_NET_STRLEN];

	for (guint i = 0; i < sources->len; i++)
		g_string_append_printf(
			text, "%s%s", i ? " " : "",
			ip_net_to_string(&g_array_index(sources, LocalAddress, i).host, buffer));
	g_assert_cmpstr(text->str, ==, expected);
}

static void
test_of_link(void)
{
	g_autoptr(GArray) list = NULL;

	if (skipped(no_netns))
		return;
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
	ip("addr add 169.254.9.5/16 scope link dev one");
	list = local_address_list_but((int) if_nametoindex("two"));
	g_assert_cmpuint(list->len, ==, 3);
	for (guint i = 0; i < list->len; i++) {
		const LocalAddress *one = &g_array_index(list, LocalAddress, i);

		g_assert_cmpuint(one->prefix, ==, one->host.family == AF_INET ? 24 : 64);
	}
	assert_sources("10.9.4.5 169.254.9.5 10.9.3.5 10.9.3.6 2001:db8:9:3::5");
	ip("link set one down");
	assert_sources("10.9.4.5 169.254.9.5 10.9.3.5 10.9.3.6");
	ip("link del one");
}

static gboolean
has_host(const GArray *nets, const char *text)
{
	IpNet wanted;

	g_assert_true(ip_net_parse(&wanted, text));
	for (guint i = 0; i < nets->len; i++) {
		if (ip_net_equal(&g_array_index(nets, IpNet, i), &wanted))
			return TRUE;
	}
	return FALSE;
}

/* But for those of one link, by whatever label they go, and its net. */
static void
test_list(void)
{
	g_autoptr(GArray) addresses = NULL;
	g_autoptr(GArray) nets = NULL;

	if (skipped(no_netns))
		return;
	ip("link add one type veth peer name two");
	ip("addr add 10.9.5.5/24 dev one");
	ip("addr add 10.9.5.6/24 dev one label one:x");
	ip("addr add 10.9.6.5/24 dev two");
	ip("addr add 10.9.7.5 peer 10.9.7.6/32 dev two");
	ip("link set one up");
	ip("link set two up");
	addresses = local_address_list("one");
	nets = local_address_list_nets("one");
	g_assert_false(has_host(addresses, "10.9.5.5"));
	g_assert_false(has_host(addresses, "10.9.5.6"));
	g_assert_true(has_host(addresses, "10.9.6.5"));
	g_assert_true(has_host(addresses, "10.9.7.5"));
	g_assert_false(has_host(addresses, "10.9.7.6"));
	g_assert_false(has_host(addresses, "127.0.0.1"));
	g_assert_cmpuint(addresses->len, ==, nets->len);
	g_assert_false(has_host(nets, "10.9.5.0/24"));
	g_assert_true(has_host(nets, "10.9.6.0/24"));
	g_clear_pointer(&addresses, g_array_unref);
	addresses = local_address_list(NULL);
	g_assert_true(has_host(addresses, "10.9.5.6"));
	ip("link del one");
}

/* With their links, also those that are down, link-local and of the loopback interface. */
static void
test_read(void)
{
	g_autoptr(Netlink) netlink = NULL;
	g_autoptr(GArray) all = NULL;
	guint n_down = 0, n_loopback = 0;

	if (skipped(no_netns))
		return;
	ip("link add one type veth peer name two");
	ip("addr add 10.9.5.5/23 dev one");
	netlink = netlink_open(NETLINK_ROUTE, NETLINK_OWN_NAMESPACE, NULL);
	all = local_address_read(netlink);
	for (guint i = 0; i < all->len; i++) {
		const LocalAddress *address = &g_array_index(all, LocalAddress, i);

		if (address->link_flags & IFF_LOOPBACK)
			n_loopback++;
		if (address->link_flags & IFF_UP)
			continue;
		n_down++;
		g_assert_cmpint(address->ifindex, ==, if_nametoindex("one"));
		g_assert_cmpuint(address->prefix, ==, 23);
	}
	g_assert_cmpuint(n_down, ==, 1);
	g_assert_cmpuint(n_loopback, >=, 1);
	ip("link del one");
}

static void
test_no_descriptor(void)
{
	const IpNet host = net("127.0.0.1");
	g_autoptr(GArray) nets = NULL, hosts = NULL;
	IpNet address;

	if (skipped(no_netns))
		return;
	ip("link set lo up");
	g_assert_true(local_address_exists(&host));
	no_descriptors_begin();
	g_assert_false(local_address_exists(&host));
	g_assert_false(local_address_within(&host, &address));
	g_assert_false(local_address_of_link("lo", AF_INET, &address));
	g_assert_cmpuint(local_address_prefix(&host), ==, 32);
	hosts = local_address_list(NULL);
	nets = local_address_list_nets(NULL);
	no_descriptors_end();
	g_assert_cmpuint(hosts->len, ==, 0);
	g_assert_cmpuint(nets->len, ==, 0);
}

int
main(int argc, char **argv)
{
	no_netns = own_netns_enter();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/local-address/within", test_within);
	g_test_add_func("/local-address/prefix", test_prefix);
	g_test_add_func("/local-address/of-link", test_of_link);
	g_test_add_func("/local-address/list", test_list);
	g_test_add_func("/local-address/read", test_read);
	g_test_add_func("/local-address/no-descriptor", test_no_descriptor);
	return g_test_run();
}
