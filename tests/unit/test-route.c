/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages that are made up, and the kernel's own, in a network namespace of the test's. */
#include "config.h"

#include "route.h"
#include "fake-uplink.h"
#include "make-net.h"

#include <errno.h>
#include <net/if.h>

#define PROTOCOL 219 /* nobody's */

static const char *no_netns;

static void
assert_same(const Route *a, const Route *b)
{
	g_assert_true(ip_net_equal(&a->dst, &b->dst));
	g_assert_true(ip_net_equal(&a->src, &b->src));
	g_assert_true(ip_net_equal(&a->gateway, &b->gateway));
	g_assert_true(ip_net_equal(&a->prefsrc, &b->prefsrc));
	g_assert_cmpuint(a->table, ==, b->table);
	g_assert_cmpuint(a->metric, ==, b->metric);
	g_assert_cmpuint(a->mtu, ==, b->mtu);
	g_assert_cmpint(a->oif, ==, b->oif);
	g_assert_cmpuint(a->tos, ==, b->tos);
	g_assert_cmpuint(a->type, ==, b->type);
	g_assert_cmpuint(a->protocol, ==, b->protocol);
	g_assert_cmpuint(a->scope, ==, b->scope);
	g_assert_cmpint(a->is_multipath, ==, b->is_multipath);
}

/* Messages that are made up */

static Route
full_ipv4(void)
{
	return (Route){.dst = net("10.1.0.0/16"),
				   .gateway = net(UPLINK_ROUTER),
				   .prefsrc = net(UPLINK_ME),
				   .table = 4711,
				   .metric = 51,
				   .mtu = 1380,
				   .oif = 7,
				   .tos = 0x10,
				   .type = RTN_UNICAST,
				   .protocol = PROTOCOL};
}

static Route
full_ipv6(void)
{
	return (Route){.dst = net("2001:db8:1::/48"),
				   .src = net("2001:db8:9::/64"),
				   .gateway = net("fe80::1"),
				   .prefsrc = net("2001:db8:9::5"),
				   .table = RT_TABLE_MAIN,
				   .metric = G_MAXUINT32,
				   .oif = 7,
				   .type = RTN_UNICAST,
				   .protocol = PROTOCOL};
}

static void
test_write_and_read(void)
{
	const Route routes[] = {
		full_ipv4(),
		full_ipv6(),
		{.dst = net("0.0.0.0/0"), .type = RTN_UNREACHABLE, .scope = RT_SCOPE_NOWHERE},
		{.dst = net("::/0"), .oif = 1, .table = RT_TABLE_MAIN},
		{.dst = net("198.51.100.7"), .scope = RT_SCOPE_LINK, .type = RTN_BLACKHOLE},
	};

	for (guint i = 0; i < G_N_ELEMENTS(routes); i++) {
		struct nl_msg *message = route_message(RTM_NEWROUTE, NLM_F_CREATE, &routes[i]);
		Route read;

		g_assert_cmpint(nlmsg_hdr(message)->nlmsg_flags & NLM_F_CREATE, !=, 0);
		g_assert_true(route_read(nlmsg_hdr(message), 0, &read));
		assert_same(&read, &routes[i]);
		nlmsg_free(message);
	}
}

static void
test_no_route(void)
{
	const Route route = full_ipv4();
	struct nl_msg *message = route_message(RTM_DELROUTE, 0, &route);
	struct nlmsghdr *header = nlmsg_hdr(message);
	struct rtmsg *info = nlmsg_data(header);
	Route read;

	g_assert_true(route_read(header, 0, &read));
	header->nlmsg_type = RTM_NEWLINK;
	g_assert_false(route_read(header, 0, &read));
	header->nlmsg_type = RTM_NEWROUTE;
	info->rtm_dst_len = 33;
	g_assert_false(route_read(header, 0, &read));
	info->rtm_dst_len = 16;
	info->rtm_family = AF_BRIDGE;
	g_assert_false(route_read(header, 0, &read));
	nlmsg_free(message);
}

/* Several next hops, each of which claims the length that it likes. */
static struct nl_msg *
multipath_message(guint n_hops, guint length)
{
	const struct rtmsg info = {.rtm_family = AF_INET, .rtm_dst_len = 0};
	struct nl_msg *message = netlink_message_new(RTM_NEWROUTE, 0, &info, sizeof(info));
	struct rtnexthop hops[4] = {0};

	for (guint i = 0; i < n_hops; i++)
		hops[i] = (struct rtnexthop){.rtnh_len = length, .rtnh_ifindex = (int) i + 1};
	netlink_message_put(message, RTA_MULTIPATH, hops, n_hops * sizeof(hops[0]));
	return message;
}

static void
test_hops(void)
{
	static const struct {
		guint n_hops, length;
		int avoid, oif;
	} rows[] = {
		{4, 8, 0, 1},  {4, 8, 1, 2}, {4, 8, 2, 1}, {1, 8, 1, 0},  {0, 0, 0, 0},
		{4, 16, 1, 3}, {4, 0, 0, 0}, {4, 7, 0, 0}, {4, 32, 0, 1}, {4, 33, 0, 0},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct nl_msg *message = multipath_message(rows[i].n_hops, rows[i].length);
		Route read;

		g_assert_true(route_read(nlmsg_hdr(message), rows[i].avoid, &read));
		g_assert_true(read.is_multipath);
		g_assert_cmpint(read.oif, ==, rows[i].oif);
		nlmsg_free(message);
	}
}

/* Whatever comes, no byte beyond its end is read (AddressSanitizer). */
static void
test_garbled(void)
{
	const Route routes[] = {full_ipv4(), full_ipv6()};

	for (guint n = 0; n < 40000; n++) {
		struct nl_msg *message =
			n % 3 == 2 ? multipath_message(4, 8) : route_message(RTM_NEWROUTE, 0, &routes[n % 3]);
		guint size = nlmsg_hdr(message)->nlmsg_len;
		guint kept = (guint) g_test_rand_int_range(NLMSG_HDRLEN, (int) size + 1);
		guint8 *bytes = memcpy(g_malloc(kept), nlmsg_hdr(message), kept);
		struct nlmsghdr *header = (void *) bytes;
		Route read;

		for (gint i = g_test_rand_int_range(0, 4); i > 0 && kept > NLMSG_HDRLEN; i--)
			bytes[g_test_rand_int_range(NLMSG_HDRLEN, (int) kept)] =
				(guint8) g_test_rand_int_range(0, 256);
		header->nlmsg_len = kept;
		route_read(header, g_test_rand_int_range(0, 5), &read);
		g_free(bytes);
		nlmsg_free(message);
	}
}

/* The kernel's own */

/* An uplink, or skips. */
static Netlink *
begin(void)
{
	g_autoptr(GError) error = NULL;
	Netlink *netlink;

	if (skipped(no_netns))
		return NULL;
	netlink = netlink_open(NETLINK_ROUTE, NETLINK_OWN_NAMESPACE, &error);
	g_assert_no_error(error);
	return netlink;
}

/* @user_data: int: of the next hop to avoid. */
static void
append_route(struct nlmsghdr *message, GArray *into, gconstpointer user_data)
{
	Route route;

	if (route_read(message, *(const int *) user_data, &route) && route.protocol == PROTOCOL)
		g_array_append_val(into, route);
}

static GArray *
read_routes(Netlink *netlink, int family, const Route *like, int avoid)
{
	GArray *routes = g_array_new(FALSE, FALSE, sizeof(Route));

	g_assert_cmpint(route_dump(netlink, family, like, append_route, routes, &avoid), ==, 0);
	return routes;
}

static void
assert_life(Netlink *netlink, const Route *route)
{
	const Route any = {.protocol = PROTOCOL};
	g_autoptr(GArray) there = NULL;
	g_autoptr(GArray) gone = NULL;
	int answer;

	g_assert_cmpint(
		netlink_request(netlink, route_message(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, route)), ==,
		0);
	g_assert_cmpint(
		netlink_request(netlink, route_message(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, route)), ==,
		-EEXIST);
	there = read_routes(netlink, route->dst.family, &any, 0);
	g_assert_cmpuint(there->len, ==, 1);
	assert_same(&g_array_index(there, Route, 0), route);
	/* By what was read, as by what was written. */
	g_assert_cmpint(
		netlink_request(netlink, route_message(RTM_DELROUTE, 0, &g_array_index(there, Route, 0))),
		==, 0);
	answer = netlink_request(netlink, route_message(RTM_DELROUTE, 0, route));
	g_assert_true(netlink_is_gone(answer));
	gone = read_routes(netlink, route->dst.family, &any, 0);
	g_assert_cmpuint(gone->len, ==, 0);
}

static void
test_kernel(void)
{
	g_autoptr(Netlink) netlink = begin();
	Route route = full_ipv4();

	if (!netlink)
		return;
	route.oif = (int) if_nametoindex("up0");
	assert_life(netlink, &route);
	route = (Route){.dst = net("0.0.0.0/0"),
					.table = RT_TABLE_MAIN,
					.metric = 51,
					.type = RTN_UNREACHABLE,
					.protocol = PROTOCOL};
	assert_life(netlink, &route);
	if (g_file_test("/proc/net/if_inet6", G_FILE_TEST_EXISTS)) {
		route.dst = net("2001:db8:1::/48");
		route.oif = 1; /* where the kernel hangs those that lead nowhere */
		assert_life(netlink, &route);
	}
}

/* The kernel chooses where it is asked to. */
static void
test_dump_like(void)
{
	const Route by_oif = {.protocol = PROTOCOL, .oif = 1};
	const Route by_type = {.protocol = PROTOCOL, .type = RTN_BLACKHOLE};
	g_autoptr(Netlink) netlink = begin();
	g_autoptr(GArray) on_lo = NULL;
	g_autoptr(GArray) black = NULL;

	if (!netlink)
		return;
	ip("route add 10.1.0.0/16 dev lo proto 219");
	ip("route add 10.2.0.0/16 dev up0 proto 219");
	ip("route add blackhole 10.3.0.0/16 proto 219");
	on_lo = read_routes(netlink, AF_INET, &by_oif, 0);
	g_assert_cmpuint(on_lo->len, ==, 1);
	g_assert_cmpuint(g_array_index(on_lo, Route, 0).dst.bytes[1], ==, 1);
	black = read_routes(netlink, AF_INET, &by_type, 0);
	g_assert_cmpuint(black->len, ==, 1);
	g_assert_cmpuint(g_array_index(black, Route, 0).dst.bytes[1], ==, 3);
	ip("route flush proto 219");
}

static void
test_multipath(void)
{
	const Route any = {.protocol = PROTOCOL};
	g_autoptr(Netlink) netlink = begin();
	const IpNet router = net(UPLINK_ROUTER), other = net("192.0.2.9");
	const int up0 = netlink ? (int) if_nametoindex("up0") : 0;

	if (!netlink)
		return;
	ip("route add 10.1.0.0/16 proto 219 nexthop via " UPLINK_ROUTER " dev up0 "
	   "nexthop via 192.0.2.9 dev up0-peer onlink");
	for (guint i = 0; i < 2; i++) {
		g_autoptr(GArray) routes = read_routes(netlink, AF_INET, &any, i ? up0 : 0);
		const Route *route = &g_array_index(routes, Route, 0);

		g_assert_cmpuint(routes->len, ==, 1);
		g_assert_true(route->is_multipath);
		g_assert_cmpint(route->oif, ==, if_nametoindex(i ? "up0-peer" : "up0"));
		g_assert_true(ip_net_equal(&route->gateway, i ? &other : &router));
	}
	ip("route del 10.1.0.0/16");
}

int
main(int argc, char **argv)
{
	no_netns = fake_uplink_enter();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/route/write-and-read", test_write_and_read);
	g_test_add_func("/route/no-route", test_no_route);
	g_test_add_func("/route/hops", test_hops);
	g_test_add_func("/route/garbled", test_garbled);
	g_test_add_func("/route/kernel", test_kernel);
	g_test_add_func("/route/dump-like", test_dump_like);
	g_test_add_func("/route/multipath", test_multipath);
	return g_test_run();
}
