/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "underlay-route.h"
#include "fallback-routes.h"
#include "ip-link.h"
#include "local-address.h"
#include "route.h"

#include <string.h>

/* Before NetworkManager's (50 and more, by the connection's route-metric): with vpn.persistent it
 * leaves the host route to the gateway on a link that has lost its last address (1.42, 1.52). */
#define OUR_METRIC 1

/* Which routes of a dump are wanted. */
typedef struct {
	const IpNet *gateway;
	int tunnel;
} Wanted;

static Netlink *
connect_route(GError **error)
{
	return netlink_open(NETLINK_ROUTE, NETLINK_OWN_NAMESPACE, error);
}

static void
read_answer(struct nlmsghdr *message, GArray *into, gconstpointer user_data)
{
	Route route;

	if (route_read(message, 0, &route))
		g_array_append_val(into, route);
}

/* What the kernel would do with a packet to @gateway; with RTM_F_FIB_MATCH, by which route.
 * @oif: as if it had to leave there. */
static gboolean
ask(Netlink *netlink, const IpNet *gateway, guint flags, int oif, Route *route)
{
	const struct rtmsg info = {
		.rtm_family = gateway->family, .rtm_dst_len = gateway->prefix, .rtm_flags = flags};
	struct nl_msg *request = netlink_message_new(RTM_GETROUTE, 0, &info, sizeof(info));
	g_autoptr(GArray) routes = g_array_new(FALSE, FALSE, sizeof(Route));
	int n;

	netlink_message_put(request, RTA_DST, gateway->bytes, gateway->prefix / 8);
	if (oif)
		netlink_message_put_u32(request, RTA_OIF, (guint32) oif);
	n = netlink_query(netlink, request, read_answer, routes, NULL);
	if (n < 0 || routes->len == 0)
		return FALSE;
	*route = g_array_index(routes, Route, routes->len - 1);
	return TRUE;
}

static gboolean
is_wanted(const Wanted *wanted, const Route *route)
{
	/* Neither dead nor a cached exception, nor for packets of some source or type of service. */
	if ((route->flags & (RTNH_F_DEAD | RTM_F_CLONED)) || ip_net_is_set(&route->src) || route->tos)
		return FALSE;
	return route->protocol != UNDERLAY_ROUTE_PROTOCOL &&
		   (route->table == RT_TABLE_MAIN || route->table == RT_TABLE_DEFAULT) &&
		   ip_net_contains(&route->dst, wanted->gateway);
}

static void
read_wanted(struct nlmsghdr *message, GArray *into, gconstpointer user_data)
{
	const Wanted *wanted = user_data;
	Route route;

	if (route_read(message, wanted->tunnel, &route) && is_wanted(wanted, &route))
		g_array_append_val(into, route);
}

/* The order in which the kernel takes them. */
static gint
compare_routes(gconstpointer a, gconstpointer b)
{
	const Route *one = a, *other = b;

	if (one->dst.prefix != other->dst.prefix)
		return one->dst.prefix > other->dst.prefix ? -1 : 1;
	return one->metric < other->metric ? -1 : one->metric > other->metric;
}

/* Returns: (transfer full) (element-type Route): what leads to @gateway but for our own host route,
 * best first. NULL with a negative errno in @answer. */
static GArray *
read_routes(Netlink *netlink, int family, const IpNet *gateway, int tunnel, int *answer)
{
	static const Route any;
	const Wanted wanted = {gateway, tunnel};
	g_autoptr(GArray) routes = g_array_new(FALSE, FALSE, sizeof(Route));

	*answer = route_dump(netlink, family, &any, read_wanted, routes, &wanted);
	if (*answer < 0)
		return NULL;
	g_array_sort(routes, compare_routes);
	return g_steal_pointer(&routes);
}

static gboolean
is_guard(const Route *route)
{
	return route->protocol == FALLBACK_ROUTES_PROTOCOL && route->type == RTN_UNREACHABLE;
}

/* 0 where there is no such link. */
static guint32
mtu_of(Netlink *netlink, int ifindex)
{
	IpLink link;

	return ip_link_get(netlink, ifindex, NULL, &link) >= 0 ? link.mtu : 0;
}

/* Where a link has lost its last address but not its routes, the kernel takes an address of any
 * other link, such as that of our tunnel. Nothing that starts from there arrives. */
static gboolean
is_good_source(Netlink *netlink, const IpNet *source, int ifindex, int tunnel, gboolean is_chosen)
{
	g_autoptr(GArray) addresses = NULL;

	if (!ip_net_is_set(source))
		return FALSE;
	addresses = local_address_read(netlink);
	for (guint i = 0; addresses && i < addresses->len; i++) {
		const LocalAddress *address = &g_array_index(addresses, LocalAddress, i);

		if (address->ifindex != tunnel && ip_net_equal(&address->host, source) &&
			(is_chosen || address->ifindex == ifindex || (address->link_flags & IFF_LOOPBACK)))
			return TRUE;
	}
	return FALSE;
}

/* @is_chosen: somebody has given the route this source. Returns: false where it leads nowhere. */
static gboolean
to_underlay(Netlink *netlink, const IpNet *gateway, int tunnel, const Route *route,
			gboolean is_chosen, UnderlayRoute *underlay)
{
	IpNet source = route->prefsrc;
	guint32 mtu;
	Route answer;

	if (route->type != RTN_UNICAST || route->oif == 0 || route->oif == tunnel)
		return FALSE;
	if (!ip_net_is_set(&source) && ask(netlink, gateway, 0, route->oif, &answer))
		source = answer.prefsrc;
	if (!is_good_source(netlink, &source, route->oif, tunnel, is_chosen))
		return FALSE;
	mtu = mtu_of(netlink, route->oif);
	memset(underlay, 0, sizeof(*underlay));
	underlay->ifindex = route->oif;
	underlay->source = source;
	underlay->next_hop = route->gateway;
	underlay->mtu = route->mtu && route->mtu < mtu ? route->mtu : mtu;
	return TRUE;
}

/* What the kernel does, unless it is by our own host route or leads nowhere. */
static gboolean
find_by_kernel(Netlink *netlink, const IpNet *gateway, int tunnel, UnderlayRoute *underlay)
{
	Route answer, match;
	gboolean is_chosen = FALSE;

	if (!ask(netlink, gateway, 0, 0, &answer))
		return FALSE;
	if (ask(netlink, gateway, RTM_F_FIB_MATCH, 0, &match)) {
		if (match.protocol == UNDERLAY_ROUTE_PROTOCOL)
			return FALSE;
		is_chosen = ip_net_is_set(&match.prefsrc);
	}
	return to_underlay(netlink, gateway, tunnel, &answer, is_chosen, underlay);
}

/* What the kernel would do without those routes that lead nowhere: into our own tunnel, to our
 * guard, or out of a link that has no address. What others call unreachable is, even if something
 * worse would lead out. */
static gboolean
find_by_tables(Netlink *netlink, const IpNet *gateway, int tunnel, UnderlayRoute *underlay)
{
	int n;
	g_autoptr(GArray) routes = read_routes(netlink, gateway->family, gateway, tunnel, &n);

	for (guint i = 0; routes && i < routes->len; i++) {
		const Route *route = &g_array_index(routes, Route, i);

		if (is_guard(route))
			continue;
		if (route->type != RTN_UNICAST)
			return FALSE;
		if (to_underlay(netlink, gateway, tunnel, route, ip_net_is_set(&route->prefsrc), underlay))
			return TRUE;
	}
	return FALSE;
}

gboolean
underlay_route_find(const IpNet *gateway, int tunnel, UnderlayRoute *underlay, GError **error)
{
	g_autoptr(Netlink) netlink = connect_route(error);
	char text[IP_NET_STRLEN];
	gboolean found;

	if (!netlink)
		return FALSE;
	found = find_by_kernel(netlink, gateway, tunnel, underlay) ||
			find_by_tables(netlink, gateway, tunnel, underlay);
	if (!found)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE, "there is no route to %s",
					ip_net_to_string(gateway, text));
	return found;
}

gboolean
underlay_route_find_source(const IpNet *gateway, IpNet *source)
{
	g_autoptr(Netlink) netlink = connect_route(NULL);
	Route answer;
	gboolean found = netlink && ask(netlink, gateway, 0, 0, &answer) &&
					 answer.type == RTN_UNICAST && ip_net_is_set(&answer.prefsrc);

	if (found)
		*source = answer.prefsrc;
	return found;
}

const IpNet *
underlay_route_find_first(const GArray *hosts, int family, int tunnel, UnderlayRoute *underlay)
{
	for (guint i = 0; i < hosts->len; i++) {
		const IpNet *host = &g_array_index(hosts, IpNet, i);

		if ((family == AF_UNSPEC || host->family == family) &&
			underlay_route_find(host, tunnel, underlay, NULL))
			return host;
	}
	return NULL;
}

gboolean
underlay_route_is_same(const UnderlayRoute *a, const UnderlayRoute *b)
{
	return a->ifindex == b->ifindex && ip_net_equal(&a->source, &b->source) &&
		   ip_net_equal(&a->next_hop, &b->next_hop);
}

char *
underlay_route_to_string(const UnderlayRoute *underlay)
{
	g_autoptr(Netlink) netlink = connect_route(NULL);
	char source[IP_NET_STRLEN];
	IpLink link = {.name = "?"};

	if (netlink)
		ip_link_get(netlink, underlay->ifindex, NULL, &link);
	return g_strdup_printf("%s from %s", link.name, ip_net_to_string(&underlay->source, source));
}

/* The first of all routes but ours is what the kernel would take. */
gboolean
underlay_route_needs_route(const IpNet *gateway, int tunnel)
{
	g_autoptr(Netlink) netlink = connect_route(NULL);
	g_autoptr(GArray) routes = NULL;
	UnderlayRoute underlay;
	gboolean needs = FALSE;
	int n;

	if (!netlink)
		return FALSE;
	if (!find_by_kernel(netlink, gateway, tunnel, &underlay)) {
		routes = read_routes(netlink, gateway->family, gateway, 0, &n);
		if (routes && routes->len > 0) {
			const Route *first = &g_array_index(routes, Route, 0);

			needs = !to_underlay(netlink, gateway, tunnel, first, ip_net_is_set(&first->prefsrc),
								 &underlay);
		}
	}
	return needs;
}

/* @underlay: NULL for whichever there is. */
static Route
host_route(const IpNet *gateway, const UnderlayRoute *underlay)
{
	Route route = {.dst = *gateway,
				   .table = RT_TABLE_MAIN,
				   .metric = OUR_METRIC,
				   .type = RTN_UNICAST,
				   .protocol = UNDERLAY_ROUTE_PROTOCOL,
				   .scope = RT_SCOPE_NOWHERE}; /* any, for a deletion; IPv6 has none */

	if (!underlay)
		return route;
	route.oif = underlay->ifindex;
	route.gateway = underlay->next_hop;
	route.scope = !ip_net_is_set(&underlay->next_hop) && gateway->family == AF_INET
					  ? RT_SCOPE_LINK
					  : RT_SCOPE_UNIVERSE;
	return route;
}

static int
delete_route(Netlink *netlink, const IpNet *gateway)
{
	const Route route = host_route(gateway, NULL);
	int n = netlink_request(netlink, route_message(RTM_DELROUTE, 0, &route));

	return netlink_is_gone(n) ? 0 : n;
}

/* Is it there already, as it should be? */
static gboolean
is_added(Netlink *netlink, const IpNet *gateway, const UnderlayRoute *underlay)
{
	Route match;

	return ask(netlink, gateway, RTM_F_FIB_MATCH, 0, &match) &&
		   match.protocol == UNDERLAY_ROUTE_PROTOCOL && match.oif == underlay->ifindex &&
		   ip_net_equal(&match.gateway, &underlay->next_hop);
}

gboolean
underlay_route_add_route(const IpNet *gateway, const UnderlayRoute *underlay, GError **error)
{
	g_autoptr(Netlink) netlink = connect_route(error);
	const Route route = host_route(gateway, underlay);
	char text[IP_NET_STRLEN];
	int n = 0;

	if (!netlink)
		return FALSE;
	if (!is_added(netlink, gateway, underlay)) {
		/* Not replaced: the kernel compares less for that than for a deletion, and could take one
		 * of somebody else's. */
		n = delete_route(netlink, gateway);
		if (n >= 0)
			n = netlink_request(netlink,
								route_message(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &route));
	}
	return n >= 0 ||
		   netlink_fail(error, n, "add a route to the gateway %s", ip_net_to_string(gateway, text));
}

gboolean
underlay_route_delete_route(const IpNet *gateway, GError **error)
{
	g_autoptr(Netlink) netlink = connect_route(error);
	int n = netlink ? delete_route(netlink, gateway) : 0;

	return netlink && (n >= 0 || netlink_fail(error, n, "remove a route to a gateway"));
}
