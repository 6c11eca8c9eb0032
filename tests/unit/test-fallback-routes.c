/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In a network namespace of the test's, with the kernel's own routes: "tun0", a veth, stands for
 * our interface, "up0" for the uplink that must not be taken.
 */
#include "config.h"

#include "fallback-routes.h"
#include "own-netns.h"
#include "tunnel-table.h"
#include "no-descriptors.h"
#include "wait-until.h"

#include <arpa/inet.h>
#include <gio/gio.h>
#include <net/if.h>
#include <netlink/netlink.h>
#include <netlink/route/route.h>
#include <sys/socket.h>

#define OURS   "tun0"
#define UPLINK "up0"
#define TABLE  1234

static const char *no_netns;

typedef struct {
	const char *dst;
	guint32 table, metric;
	guint8 type, protocol;
	const char *out;
} R;

static struct nl_sock *
route_socket(void)
{
	struct nl_sock *sock = nl_socket_alloc();

	g_assert_cmpint(nl_connect(sock, NETLINK_ROUTE), ==, 0);
	return sock;
}

static void
change_address(gboolean add, const char *name, const char *address)
{
	ip("addr %s %s dev %s%s", add ? "add" : "del", address, name,
	   add && strchr(address, ':') ? " nodad" : "");
}

/* @flags: of an addition; 0 is a deletion. */
static int
change_route(int flags, const R *r)
{
	struct nl_sock *sock = route_socket();
	struct rtnl_route *route = rtnl_route_alloc();
	struct nl_addr *dst;
	int n;

	g_assert_cmpint(nl_addr_parse(r->dst, AF_UNSPEC, &dst), ==, 0);
	rtnl_route_set_dst(route, dst);
	rtnl_route_set_table(route, r->table ? r->table : RT_TABLE_MAIN);
	rtnl_route_set_priority(route, r->metric);
	rtnl_route_set_type(route, r->type ? r->type : RTN_UNICAST);
	rtnl_route_set_protocol(route, r->protocol ? r->protocol : RTPROT_STATIC);
	rtnl_route_set_scope(route, r->out && nl_addr_get_family(dst) == AF_INET ? RT_SCOPE_LINK
																			 : RT_SCOPE_UNIVERSE);
	if (r->out) {
		struct rtnl_nexthop *hop = rtnl_route_nh_alloc();

		rtnl_route_nh_set_ifindex(hop, (int) if_nametoindex(r->out));
		rtnl_route_add_nexthop(route, hop);
	}
	n = flags ? rtnl_route_add(sock, route, flags) : rtnl_route_delete(sock, route, 0);
	nl_addr_put(dst);
	rtnl_route_put(route);
	nl_socket_free(sock);
	return n;
}

static void
add_route(R r)
{
	g_assert_cmpint(change_route(NLM_F_CREATE | NLM_F_EXCL, &r), ==, 0);
}

static void
delete_route(R r)
{
	g_assert_cmpint(change_route(0, &r), ==, 0);
}

/* A default route's destination has no bytes in libnl. */
static gboolean
is_dst(struct rtnl_route *route, struct nl_addr *dst)
{
	struct nl_addr *its = rtnl_route_get_dst(route);

	if (rtnl_route_get_family(route) != nl_addr_get_family(dst))
		return FALSE;
	return nl_addr_get_prefixlen(dst) == 0 ? nl_addr_get_prefixlen(its) == 0
										   : nl_addr_cmp(its, dst) == 0;
}

static gboolean
is_route(struct rtnl_route *route, const R *r, struct nl_addr *dst)
{
	return rtnl_route_get_protocol(route) == r->protocol && rtnl_route_get_type(route) == r->type &&
		   (!r->table || rtnl_route_get_table(route) == r->table) &&
		   (!r->metric || rtnl_route_get_priority(route) == r->metric) &&
		   (!dst || is_dst(route, dst));
}

/* Routes like @r; its destination may be NULL, table and metric 0: any. */
static guint
count_routes(R r)
{
	struct nl_sock *sock = route_socket();
	struct nl_cache *cache;
	struct nl_addr *dst = NULL;
	guint count = 0;

	if (r.dst)
		g_assert_cmpint(nl_addr_parse(r.dst, AF_UNSPEC, &dst), ==, 0);
	g_assert_cmpint(rtnl_route_alloc_cache(sock, AF_UNSPEC, 0, &cache), ==, 0);
	for (struct nl_object *o = nl_cache_get_first(cache); o; o = nl_cache_get_next(o)) {
		if (is_route((struct rtnl_route *) o, &r, dst))
			count++;
	}
	nl_cache_free(cache);
	if (dst)
		nl_addr_put(dst);
	nl_socket_free(sock);
	return count;
}

static R
fallback(const char *dst, guint32 metric)
{
	return (R){.dst = dst,
			   .metric = metric,
			   .type = RTN_UNREACHABLE,
			   .protocol = FALLBACK_ROUTES_PROTOCOL};
}

static guint
count_fallbacks(const char *dst)
{
	return count_routes(fallback(dst, 0));
}

/* The source address that a packet would have, or why it would not leave. */
static const char *
source_to(const char *address)
{
	static char text[INET6_ADDRSTRLEN];
	gboolean v6 = strchr(address, ':') != NULL;
	struct sockaddr_in6 to6 = {.sin6_family = AF_INET6, .sin6_port = htons(9)};
	struct sockaddr_in to4 = {.sin_family = AF_INET, .sin_port = htons(9)};
	struct sockaddr *to = v6 ? (struct sockaddr *) &to6 : (struct sockaddr *) &to4;
	socklen_t len = v6 ? sizeof(to6) : sizeof(to4);
	int fd = socket(to->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int error;

	g_assert_cmpint(
		inet_pton(to->sa_family, address, v6 ? (void *) &to6.sin6_addr : (void *) &to4.sin_addr),
		==, 1);
	error = connect(fd, to, len) == 0 ? 0 : errno;
	if (error == 0) {
		g_assert_cmpint(getsockname(fd, to, &len), ==, 0);
		inet_ntop(to->sa_family, v6 ? (void *) &to6.sin6_addr : (void *) &to4.sin_addr, text,
				  sizeof(text));
	}
	close(fd);
	return error == 0              ? text
		   : error == EHOSTUNREACH ? "unreachable"
		   : error == ENETUNREACH  ? "no route"
								   : g_strerror(error);
}

/* What the kernel has told already. */
static void
settle_events(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

/* Interfaces and routes are made anew for each test. */
static gboolean
begin(void)
{
	if (skipped(no_netns))
		return FALSE;
	add_veth(OURS);
	add_veth(UPLINK);
	change_address(TRUE, UPLINK, "192.0.2.1/24");
	change_address(TRUE, UPLINK, "2001:db8:1::1/64");
	add_route((R){.dst = "0.0.0.0/0", .metric = 100, .out = UPLINK});
	add_route((R){.dst = "::/0", .metric = 100, .out = UPLINK});
	change_address(TRUE, OURS, "10.9.0.5/32");
	return TRUE;
}

static void
finish(FallbackRoutes *guard)
{
	fallback_routes_free(guard);
	g_assert_cmpuint(count_fallbacks(NULL), ==, 0);
	if (if_nametoindex(OURS))
		ip("link del " OURS);
	ip("link del " UPLINK);
}

static FallbackRoutes *
guard_ours(void)
{
	g_autoptr(GError) error = NULL;
	FallbackRoutes *guard = fallback_routes_new((int) if_nametoindex(OURS), &error);

	g_assert_no_error(error);
	g_assert_nonnull(guard);
	return guard;
}

static void
test_appears(void)
{
	FallbackRoutes *guard;

	if (!begin())
		return;
	add_route((R){.dst = "10.50.0.0/16", .metric = 50, .out = OURS});
	guard = guard_ours();
	g_assert_cmpuint(count_routes(fallback("10.50.0.0/16", 51)), ==, 1);

	add_route((R){.dst = "10.51.0.0/16", .out = OURS});
	add_route((R){.dst = "10.52.0.0/16", .metric = 7, .table = TABLE, .out = OURS});
	add_route((R){.dst = "10.53.0.0/16", .metric = G_MAXUINT32, .out = OURS});
	add_route((R){.dst = "10.54.0.0/16", .out = UPLINK});
	add_route((R){.dst = "10.55.0.0/16", .table = RT_TABLE_LOCAL, .out = OURS});
	WAIT_UNTIL(count_fallbacks("10.51.0.0/16") && count_fallbacks("10.52.0.0/16"));
	g_assert_cmpuint(count_routes(fallback("10.51.0.0/16", 1)), ==, 1);
	g_assert_cmpuint(count_routes((R){.dst = "10.52.0.0/16",
									  .metric = 8,
									  .table = TABLE,
									  .type = RTN_UNREACHABLE,
									  .protocol = FALLBACK_ROUTES_PROTOCOL}),
					 ==, 1);
	/* Neither the uplink's nor what has no metric left nor the local table's. */
	g_assert_cmpuint(count_fallbacks(NULL), ==, 3);
	g_assert_cmpstr(source_to("10.51.1.1"), ==, "10.9.0.5");
	delete_route((R){.dst = "10.52.0.0/16", .metric = 7, .table = TABLE, .out = OURS});
	finish(guard);
}

/* Longer than the quiet second. */
static gboolean
on_late(gpointer user_data)
{
	*(gboolean *) user_data = TRUE;
	return G_SOURCE_REMOVE;
}

static void
let_time_pass(void)
{
	gboolean late = FALSE;

	g_timeout_add(1300, on_late, &late);
	WAIT_UNTIL(late);
}

/* What NetworkManager does, at its slowest. */
static void
test_another_address(void)
{
	FallbackRoutes *guard;

	if (!begin())
		return;
	guard = guard_ours();
	add_route((R){.dst = "10.50.0.0/16", .metric = 50, .out = OURS});
	add_route((R){.dst = "10.60.0.0/16", .metric = 50, .out = OURS});
	WAIT_UNTIL(count_fallbacks(NULL) == 2);
	fallback_routes_settle(guard);
	change_address(FALSE, OURS, "10.9.0.5/32");
	g_assert_cmpstr(source_to("10.50.1.1"), ==, "unreachable");
	g_assert_cmpstr(source_to("198.51.100.1"), ==, "192.0.2.1");
	settle_events();
	change_address(TRUE, OURS, "10.9.0.6/32");
	g_assert_cmpstr(source_to("10.50.1.1"), ==, "unreachable");
	settle_events();
	add_route((R){.dst = "10.50.0.0/16", .metric = 50, .out = OURS});
	g_assert_cmpstr(source_to("10.50.1.1"), ==, "10.9.0.6");
	g_assert_cmpstr(source_to("10.60.1.1"), ==, "unreachable");
	WAIT_UNTIL(count_fallbacks("10.60.0.0/16") == 0);
	g_assert_cmpstr(source_to("10.60.1.1"), ==, "192.0.2.1");
	g_assert_cmpuint(count_fallbacks("10.50.0.0/16"), ==, 1);

	/* Once settled, nothing goes until the next configuration. */
	add_route((R){.dst = "10.61.0.0/16", .metric = 50, .out = OURS});
	delete_route((R){.dst = "10.50.0.0/16", .metric = 50, .out = OURS});
	let_time_pass();
	g_assert_cmpstr(source_to("10.50.1.1"), ==, "unreachable");
	g_assert_cmpstr(source_to("10.61.1.1"), ==, "10.9.0.6");
	finish(guard);
}

/* A route that goes, and no other for longer than the quiet second: no route at all is not a
 * configuration. */
static void
test_nothing_yet(void)
{
	FallbackRoutes *guard;

	if (!begin())
		return;
	guard = guard_ours();
	add_route((R){.dst = "10.50.0.0/16", .metric = 50, .out = OURS});
	WAIT_UNTIL(count_fallbacks(NULL) == 1);
	fallback_routes_settle(guard);
	delete_route((R){.dst = "10.50.0.0/16", .metric = 50, .out = OURS});
	change_address(FALSE, OURS, "10.9.0.5/32");
	ip("link del " OURS);
	let_time_pass();
	g_assert_cmpstr(source_to("10.50.1.1"), ==, "unreachable");
	finish(guard);
}

/* Likewise of one family, where the other one's routes are there. */
static void
test_one_family_later(void)
{
	FallbackRoutes *guard;

	if (!begin())
		return;
	change_address(TRUE, OURS, "2001:db8:9::5/128");
	guard = guard_ours();
	add_route((R){.dst = "10.50.0.0/16", .metric = 50, .out = OURS});
	add_route((R){.dst = "2001:db8:50::/48", .metric = 50, .out = OURS});
	WAIT_UNTIL(count_fallbacks("10.50.0.0/16") == 1 && count_fallbacks("2001:db8:50::/48") == 1);
	fallback_routes_settle(guard);
	delete_route((R){.dst = "2001:db8:50::/48", .metric = 50, .out = OURS});
	add_route((R){.dst = "2001:db8:51::/48", .metric = 50, .out = OURS});
	change_address(FALSE, OURS, "10.9.0.5/32");
	g_assert_cmpstr(source_to("10.50.1.1"), ==, "unreachable");
	let_time_pass();
	g_assert_cmpstr(source_to("10.50.1.1"), ==, "unreachable");
	g_assert_cmpuint(count_fallbacks("2001:db8:50::/48"), ==, 0);
	/* It is in the next configuration no more: not for ever. */
	for (guint i = 0; i < 9; i++)
		let_time_pass();
	WAIT_UNTIL(count_fallbacks("10.50.0.0/16") == 0);
	finish(guard);
}

/* The routes that go had fallbacks in the main table and in the tunnel's own: both go. */
static void
test_twins_of_ours(void)
{
	FallbackRoutes *guard;

	if (!begin())
		return;
	guard = guard_ours();
	for (guint i = 0; i < 16; i++) {
		g_autofree char *dst = g_strdup_printf("10.%u.0.0/16", 100 + i);

		add_route((R){.dst = dst, .metric = 50, .out = OURS});
		add_route((R){.dst = dst, .metric = 50, .table = TUNNEL_TABLE_FIRST, .out = OURS});
	}
	WAIT_UNTIL(count_fallbacks(NULL) == 32);
	fallback_routes_settle(guard);
	for (guint i = 0; i < 16; i++) {
		g_autofree char *dst = g_strdup_printf("10.%u.0.0/16", 100 + i);

		delete_route((R){.dst = dst, .metric = 50, .out = OURS});
		delete_route((R){.dst = dst, .metric = 50, .table = TUNNEL_TABLE_FIRST, .out = OURS});
	}
	add_route((R){.dst = "10.61.0.0/16", .metric = 50, .out = OURS});
	WAIT_UNTIL(count_fallbacks(NULL) == 1);
	finish(guard);
}

/* Somebody removes our interface, and another takes its place: nothing leaks between. */
static void
test_another_interface(void)
{
	FallbackRoutes *guard;

	if (!begin())
		return;
	guard = guard_ours();
	add_route((R){.dst = "10.50.0.0/16", .metric = 50, .out = OURS});
	WAIT_UNTIL(count_fallbacks(NULL) == 1);
	ip("link del " OURS);
	settle_events();
	add_veth(OURS);
	fallback_routes_follow(guard, (int) if_nametoindex(OURS));
	let_time_pass();
	g_assert_cmpstr(source_to("10.50.1.1"), ==, "unreachable");
	fallback_routes_settle(guard);
	change_address(TRUE, OURS, "10.9.0.6/32");
	add_route((R){.dst = "10.60.0.0/16", .metric = 50, .out = OURS});
	g_assert_cmpstr(source_to("10.50.1.1"), ==, "unreachable");
	WAIT_UNTIL(count_fallbacks("10.60.0.0/16") == 1 && count_fallbacks("10.50.0.0/16") == 0);
	finish(guard);
}

/* Somebody removes our interface before there is any route: NetworkManager's will be on another. */
static void
test_stands_in(void)
{
	IpNet nets[4];
	FallbackRoutes *guard;

	if (!begin())
		return;
	g_assert_true(ip_net_parse(&nets[0], "10.50.0.0/16"));
	g_assert_true(ip_net_parse(&nets[1], "0.0.0.0/0"));
	g_assert_true(ip_net_parse(&nets[2], "2001:db8:50::/48"));
	g_assert_true(ip_net_parse(&nets[3], "10.60.0.0/16"));
	guard = guard_ours();
	ip("link del " OURS);
	fallback_routes_stand_in(guard, nets, G_N_ELEMENTS(nets));
	fallback_routes_stand_in(guard, nets, G_N_ELEMENTS(nets));
	g_assert_cmpuint(count_fallbacks(NULL), ==, 3);
	g_assert_cmpstr(source_to("10.50.1.1"), ==, "unreachable");
	g_assert_cmpstr(source_to("2001:db8:50::1"), ==, "unreachable");
	g_assert_cmpstr(source_to("198.51.100.1"), ==, "192.0.2.1");

	add_veth(OURS);
	fallback_routes_follow(guard, (int) if_nametoindex(OURS));
	change_address(TRUE, OURS, "10.9.0.6/32");
	fallback_routes_settle(guard);
	add_route((R){.dst = "10.50.0.0/16", .metric = 50, .out = OURS});
	WAIT_UNTIL(count_fallbacks("10.60.0.0/16") == 0);
	g_assert_cmpstr(source_to("10.50.1.1"), ==, "10.9.0.6");
	g_assert_cmpuint(count_routes(fallback("10.50.0.0/16", 51)), ==, 1);
	/* What stands in for a family without any route does so longer, and not for ever. */
	g_assert_cmpstr(source_to("2001:db8:50::1"), ==, "unreachable");
	WAIT_UNTIL(count_fallbacks(NULL) == 1);
	finish(guard);
}

/* The profile wants no routes: what stood in for them does not stay for ever. */
static void
test_stands_in_for_nothing(void)
{
	IpNet net;
	FallbackRoutes *guard;

	if (!begin())
		return;
	g_assert_true(ip_net_parse(&net, "10.50.0.0/16"));
	guard = guard_ours();
	fallback_routes_stand_in(guard, &net, 1);
	let_time_pass();
	g_assert_cmpstr(source_to("10.50.1.1"), ==, "unreachable");
	fallback_routes_settle(guard);
	WAIT_UNTIL(count_fallbacks(NULL) == 0);
	g_assert_cmpstr(source_to("10.50.1.1"), ==, "192.0.2.1");
	finish(guard);
}

static void
test_default_route(void)
{
	FallbackRoutes *guard;

	if (!begin())
		return;
	change_address(TRUE, OURS, "2001:db8:9::5/128");
	guard = guard_ours();
	add_route((R){.dst = "0.0.0.0/0", .metric = 50, .out = OURS});
	add_route((R){.dst = "::/0", .metric = 50, .out = OURS});
	WAIT_UNTIL(count_routes(fallback("0.0.0.0/0", 51)) && count_routes(fallback("::/0", 51)));
	g_assert_cmpstr(source_to("198.51.100.1"), ==, "10.9.0.5");
	g_assert_cmpstr(source_to("2001:db8:7::1"), ==, "2001:db8:9::5");
	ip("link del " OURS);
	settle_events();
	g_assert_cmpstr(source_to("198.51.100.1"), ==, "unreachable");
	g_assert_cmpstr(source_to("2001:db8:7::1"), ==, "unreachable");
	g_assert_cmpstr(source_to("192.0.2.9"), ==, "192.0.2.1");
	fallback_routes_free(guard);
	g_assert_cmpstr(source_to("198.51.100.1"), ==, "192.0.2.1");
	g_assert_cmpstr(source_to("2001:db8:7::1"), ==, "2001:db8:1::1");
	finish(NULL);
}

static void
test_ipv6(void)
{
	FallbackRoutes *guard;

	if (!begin())
		return;
	guard = guard_ours();
	change_address(TRUE, OURS, "2001:db8:9::5/128");
	add_route((R){.dst = "2001:db8:50::/48", .metric = 50, .out = OURS});
	add_route((R){.dst = "2001:db8:51::/48", .out = OURS});
	WAIT_UNTIL(count_fallbacks("2001:db8:50::/48") && count_fallbacks("2001:db8:51::/48"));
	g_assert_cmpuint(count_routes(fallback("2001:db8:50::/48", 51)), ==, 1);
	g_assert_cmpuint(count_routes(fallback("2001:db8:51::/48", 1025)), ==, 1);
	g_assert_cmpuint(count_fallbacks("fe80::/64"), ==, 0);
	g_assert_cmpuint(count_fallbacks("ff00::/8"), ==, 0);
	g_assert_cmpstr(source_to("2001:db8:50::1"), ==, "2001:db8:9::5");
	fallback_routes_settle(guard);
	delete_route((R){.dst = "2001:db8:50::/48", .metric = 50, .out = OURS});
	g_assert_cmpstr(source_to("2001:db8:50::1"), ==, "unreachable");
	WAIT_UNTIL(count_fallbacks("2001:db8:50::/48") == 0);
	g_assert_cmpuint(count_fallbacks("2001:db8:51::/48"), ==, 1);
	finish(guard);
}

static void
test_somebody_else(void)
{
	const R foreign = {
		.dst = "10.50.0.0/16", .metric = 51, .type = RTN_UNREACHABLE, .protocol = RTPROT_STATIC};
	const R foreign6 = {.dst = "2001:db8:50::/48",
						.metric = 51,
						.type = RTN_UNREACHABLE,
						.protocol = RTPROT_STATIC};
	R usurper;
	FallbackRoutes *guard;

	if (!begin())
		return;
	add_route(foreign);
	add_route(foreign6);
	guard = guard_ours();
	add_route((R){.dst = "10.50.0.0/16", .metric = 50, .out = OURS});
	add_route((R){.dst = "2001:db8:50::/48", .metric = 50, .out = OURS});
	add_route((R){.dst = "10.51.0.0/16", .metric = 50, .out = OURS});
	WAIT_UNTIL(count_fallbacks("10.51.0.0/16"));
	g_assert_cmpuint(count_fallbacks("10.50.0.0/16"), ==, 1);

	/* They take ours away, or theirs: ours is there. */
	delete_route(fallback("10.51.0.0/16", 51));
	WAIT_UNTIL(count_fallbacks("10.51.0.0/16"));
	delete_route(foreign6);
	WAIT_UNTIL(count_fallbacks("2001:db8:50::/48"));

	/* They put another in its place: ours is before it again. */
	usurper = (R){.dst = "10.51.0.0/16", .metric = 51, .out = UPLINK};
	g_assert_cmpint(change_route(NLM_F_CREATE | NLM_F_REPLACE, &usurper), ==, 0);
	g_assert_cmpuint(count_fallbacks("10.51.0.0/16"), ==, 0);
	WAIT_UNTIL(count_fallbacks("10.51.0.0/16"));
	change_address(FALSE, OURS, "10.9.0.5/32");
	g_assert_cmpstr(source_to("10.51.1.1"), ==, "unreachable");

	fallback_routes_free(guard);
	g_assert_cmpuint(count_routes(foreign), ==, 1);
	g_assert_cmpstr(source_to("10.51.1.1"), ==, "192.0.2.1");
	delete_route(foreign);
	finish(NULL);
}

/* Another connection, inside of this tunnel, has a route to its gateway, and then none any more. */
static void
test_nested(void)
{
	FallbackRoutes *guard;

	if (!begin())
		return;
	guard = guard_ours();
	ip("route add 10.50.0.7 dev " OURS " proto 214 metric 1");
	add_route((R){.dst = "10.50.0.0/16", .metric = 50, .out = OURS});
	WAIT_UNTIL(count_fallbacks("10.50.0.0/16"));
	g_assert_cmpuint(count_fallbacks(NULL), ==, 1);
	ip("route del 10.50.0.7 dev " OURS " proto 214 metric 1");
	g_assert_cmpstr(source_to("10.50.0.7"), ==, source_to("10.50.0.8"));
	finish(guard);
}

/* The uplink has a route of the very metric of the fallback: the fallback is before it. */
static void
test_same_metric(void)
{
	FallbackRoutes *guard;

	if (!begin())
		return;
	add_route((R){.dst = "10.50.0.0/16", .metric = 51, .out = UPLINK});
	guard = guard_ours();
	add_route((R){.dst = "10.50.0.0/16", .metric = 50, .out = OURS});
	WAIT_UNTIL(count_fallbacks("10.50.0.0/16"));
	change_address(FALSE, OURS, "10.9.0.5/32");
	g_assert_cmpstr(source_to("10.50.1.1"), ==, "unreachable");
	fallback_routes_free(guard);
	g_assert_cmpstr(source_to("10.50.1.1"), ==, "192.0.2.1");
	finish(NULL);
}

/* More events than the socket holds, while nobody reads. */
static void
test_overrun(void)
{
	FallbackRoutes *guard;

	if (!begin())
		return;
	guard = guard_ours();
	add_route((R){.dst = "10.50.0.0/16", .metric = 50, .out = OURS});
	WAIT_UNTIL(count_fallbacks(NULL) == 1);
	for (guint i = 0; i < 3000; i++) {
		add_route((R){.dst = "10.77.0.0/16", .metric = 9, .out = UPLINK});
		delete_route((R){.dst = "10.77.0.0/16", .metric = 9, .out = UPLINK});
	}
	delete_route(fallback("10.50.0.0/16", 51));
	add_route((R){.dst = "10.60.0.0/16", .metric = 50, .out = OURS});
	WAIT_UNTIL(count_fallbacks("10.60.0.0/16") && count_fallbacks("10.50.0.0/16"));
	finish(guard);
}

static void
test_clean_stale(void)
{
	const R foreign = {
		.dst = "10.70.0.0/16", .metric = 51, .type = RTN_UNREACHABLE, .protocol = RTPROT_STATIC};
	const R blackhole = {.dst = "10.71.0.0/16",
						 .metric = 51,
						 .type = RTN_BLACKHOLE,
						 .protocol = FALLBACK_ROUTES_PROTOCOL};
	g_autoptr(GError) error = NULL;
	FallbackRoutes *guard;

	if (!begin())
		return;
	g_assert_true(fallback_routes_clean_stale(0, &error));
	g_assert_no_error(error);
	add_route(foreign);
	add_route(blackhole);
	add_route(fallback("10.72.0.0/16", 51));
	add_route(fallback("2001:db8:72::/48", 51));
	add_route((R){.dst = "10.50.0.0/16", .metric = 50, .out = OURS});
	guard = guard_ours();
	g_assert_cmpuint(count_fallbacks(NULL), ==, 3);
	g_assert_true(fallback_routes_clean_stale(0, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(count_fallbacks(NULL), ==, 0);
	g_assert_cmpuint(count_routes(foreign), ==, 1);
	g_assert_cmpuint(count_routes(blackhole), ==, 1);
	/* A guard that lives. */
	WAIT_UNTIL(count_fallbacks("10.50.0.0/16"));
	g_assert_cmpuint(count_fallbacks(NULL), ==, 1);
	delete_route(foreign);
	delete_route(blackhole);
	finish(guard);
}

/* In the table of a tunnel. */
static R
twin(guint n, const char *dst, guint32 metric)
{
	R r = fallback(dst, metric);

	r.table = TUNNEL_TABLE_FIRST + 2 * n;
	return r;
}

static guint
count_in_main(const char *dst)
{
	R r = fallback(dst, 51);

	r.table = RT_TABLE_MAIN;
	return count_routes(r);
}

/* What another connection has behind its route to the same prefix: it goes with the last. */
static void
test_shared(void)
{
	FallbackRoutes *guard;

	if (!begin())
		return;
	/* Ours has a table of its own, too. */
	add_route((R){.dst = "10.50.0.0/16", .metric = 50, .out = OURS});
	add_route((R){.dst = "10.50.0.0/16", .metric = 50, .table = TUNNEL_TABLE_FIRST, .out = OURS});
	add_route((R){.dst = "10.51.0.0/16", .metric = 50, .out = OURS});
	add_route((R){.dst = "10.52.0.0/16", .metric = 50, .out = OURS});
	add_route(twin(1, "10.51.0.0/16", 51));
	add_route(twin(1, "10.52.0.0/16", 60)); /* another metric: another place */
	guard = guard_ours();
	g_assert_cmpuint(count_in_main("10.50.0.0/16"), ==, 1);
	g_assert_cmpuint(count_in_main("10.51.0.0/16"), ==, 1);
	/* Likewise where it has become superfluous. */
	fallback_routes_settle(guard);
	delete_route((R){.dst = "10.51.0.0/16", .metric = 50, .out = OURS});
	delete_route((R){.dst = "10.52.0.0/16", .metric = 50, .out = OURS});
	WAIT_UNTIL(count_in_main("10.52.0.0/16") == 0);
	g_assert_cmpuint(count_in_main("10.51.0.0/16"), ==, 1);
	add_route(twin(1, "10.50.0.0/16", 51));
	fallback_routes_free(guard);
	g_assert_cmpuint(count_in_main("10.50.0.0/16"), ==, 1);
	g_assert_cmpuint(count_routes(twin(0, "10.50.0.0/16", 51)), ==, 0);
	delete_route(twin(1, "10.50.0.0/16", 51));
	delete_route(twin(1, "10.52.0.0/16", 60));
	guard = guard_ours();
	fallback_routes_free(guard);
	g_assert_cmpuint(count_in_main("10.50.0.0/16"), ==, 0);
	g_assert_cmpuint(count_in_main("10.51.0.0/16"), ==, 1);
	delete_route(fallback("10.51.0.0/16", 51));
	delete_route(twin(1, "10.51.0.0/16", 51));
	finish(NULL);
}

/* Of two that died, and one that lives: by the number of the table. */
static void
test_clean_shared(void)
{
	static const char *const dst[] = {"10.73.0.0/16", "2001:db8:73::/48"};
	g_autoptr(GError) error = NULL;

	if (!begin())
		return;
	for (guint i = 0; i < G_N_ELEMENTS(dst); i++) {
		add_route(fallback(dst[i], 51));
		add_route(twin(0, dst[i], 51));
		add_route(twin(1, dst[i], 51));
	}
	add_route(fallback("10.74.0.0/16", 51));
	add_route(twin(0, "10.74.0.0/16", 51));
	g_assert_true(fallback_routes_clean_stale(TUNNEL_TABLE_FIRST, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(count_fallbacks("10.74.0.0/16"), ==, 0);
	for (guint i = 0; i < G_N_ELEMENTS(dst); i++) {
		g_assert_cmpuint(count_routes(twin(0, dst[i], 51)), ==, 0);
		g_assert_cmpuint(count_routes(twin(1, dst[i], 51)), ==, 1);
		g_assert_cmpuint(count_fallbacks(dst[i]), ==, 2);
	}
	g_assert_true(fallback_routes_clean_stale(TUNNEL_TABLE_FIRST + 2, &error));
	finish(NULL);
}

static void
test_no_descriptor(void)
{
	g_autoptr(GError) error = NULL;

	no_descriptors_begin();
	assert_no_descriptor(fallback_routes_new(1, &error), error);
	assert_no_descriptor(fallback_routes_clean_stale(0, &error), error);
	no_descriptors_end();
}

int
main(int argc, char **argv)
{
	no_netns = own_netns_enter();
	if (!no_netns)
		ip("link set lo up");
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/fallback-routes/appears", test_appears);
	g_test_add_func("/fallback-routes/another-address", test_another_address);
	g_test_add_func("/fallback-routes/nothing-yet", test_nothing_yet);
	g_test_add_func("/fallback-routes/one-family-later", test_one_family_later);
	g_test_add_func("/fallback-routes/twins-of-ours", test_twins_of_ours);
	g_test_add_func("/fallback-routes/another-interface", test_another_interface);
	g_test_add_func("/fallback-routes/stands-in", test_stands_in);
	g_test_add_func("/fallback-routes/stands-in-for-nothing", test_stands_in_for_nothing);
	g_test_add_func("/fallback-routes/default-route", test_default_route);
	g_test_add_func("/fallback-routes/ipv6", test_ipv6);
	g_test_add_func("/fallback-routes/somebody-else", test_somebody_else);
	g_test_add_func("/fallback-routes/nested", test_nested);
	g_test_add_func("/fallback-routes/same-metric", test_same_metric);
	g_test_add_func("/fallback-routes/overrun", test_overrun);
	g_test_add_func("/fallback-routes/clean-stale", test_clean_stale);
	g_test_add_func("/fallback-routes/shared", test_shared);
	g_test_add_func("/fallback-routes/clean-shared", test_clean_shared);
	g_test_add_func("/fallback-routes/no-descriptor", test_no_descriptor);
	return g_test_run();
}
