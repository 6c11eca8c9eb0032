/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whatever happens to the routes or addresses that concern the tunnel, the table is compared with
 * what it has to be, as a whole: the kernel does not tell of every route that goes (with a link's
 * last IPv4 address go all of its IPv4 routes).
 */
#include "config.h"

#include "tunnel-table.h"

#include "fallback-routes.h"
#include "ip-link.h"
#include "local-address.h"
#include "netlink.h"
#include "route.h"
#include "underlay-route.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <netinet/in.h>
#include <string.h>

#define EVENT_BUFFER (512 * 1024)

/* More exceptions than that are none: a host that knows the routes of the internet. */
#define MAX_THROWS 1000

/* Somebody who removes our rules more often than that in a minute (in microseconds) will not have
 * them in it. */
#define MAX_RETURNS  20
#define RETURNS_TIME (60 * G_USEC_PER_SEC)

/* Gateways of other connections with an exception; that of another is none. */
#define MAX_OTHERS 32

/* More than a table has of one family. */
#define MAX_RULES (1 + (2 + MAX_OTHERS) * G_N_ELEMENTS(others_to_gateway))

/* Addresses that the gateway has had since the tunnel was connected; beyond them any may be one. */
#define MAX_FORMER 256

/* Behind all others of the same destination. */
#define LAST_METRIC G_MAXINT32

/* After a dump that found the routes in motion, in milliseconds. */
#define RETRY_MS 1000

static const int families[] = {AF_INET, AF_INET6};

struct TunnelTable {
	guint32 table; /* its number, 0 for none yet */
	int ifindex;
	IpNet gateway;  /* unset where there is none yet */
	GArray *former; /* of IpNet: those before it */
	GArray *others; /* of IpNet: gateways of other connections with an exception and rules */
	TunnelTableGatewaysFunc list_others; /* (nullable) */
	gpointer user_data;
	Netlink *requests;
	NetlinkSubscription *events;
	GArray *nets; /* of IpNet: what the table was about at the last look */
	guint idle_source, retry_source;
	gboolean rules_gone;  /* some may be */
	guint n_returns;      /* that rules were put back, */
	gint64 returns_since; /* since then */
	gboolean is_full;     /* of exceptions, and it was said */
};

/* What of the host is asked for at each look. */
typedef struct {
	GArray *addresses; /* of LocalAddress */
	GArray *links;     /* of IpLink; NULL where the kernel does not tell */
} Host;

/* Which routes of the main table are wanted. */
typedef struct {
	int ifindex;
	const GArray *nets; /* NULL for those of the interface, else what leads elsewhere into them */
} Wanted;

/* Rules */

/* What goes to the gateway and is neither IKE nor ESP: the protocol and the destination ports. But
 * for ICMP, so that one can find out whether it is there. */
static const struct {
	guint8 protocol;
	struct fib_rule_port_range ports; /* all zero: of any */
} others_to_gateway[] = {
	{IPPROTO_TCP, {0}},
	{IPPROTO_SCTP, {0}},
	{IPPROTO_DCCP, {0}},
	{IPPROTO_UDPLITE, {0}},
	{IPPROTO_GRE, {0}},
	{IPPROTO_IPIP, {0}},
	{IPPROTO_IPV6, {0}},
	{IPPROTO_UDP, {1, 499}},
	{IPPROTO_UDP, {501, 4499}},
	{IPPROTO_UDP, {4501, G_MAXUINT16 - 1}}, /* the kernel takes no range up to the last */
};

static guint32
gateway_table(guint32 table)
{
	return table + 1;
}

/* @priority: 0 for any. @to: (nullable) */
static struct nl_msg *
rule_message(int type, int flags, int family, guint32 table, guint32 priority, const IpNet *to)
{
	const struct fib_rule_hdr header = {
		.family = (guint8) family, .action = FR_ACT_TO_TBL, .dst_len = to ? to->prefix : 0};
	const guint8 protocol = TUNNEL_TABLE_PROTOCOL;
	struct nl_msg *message = netlink_message_new(type, flags, &header, sizeof(header));

	if (to)
		netlink_message_put(message, FRA_DST, to->bytes, to->prefix / 8);
	if (priority)
		netlink_message_put_u32(message, FRA_PRIORITY, priority);
	netlink_message_put_u32(message, FRA_TABLE, table);
	netlink_message_put(message, FRA_PROTOCOL, &protocol, sizeof(protocol));
	return message;
}

static int
add_rule(TunnelTable *self, int family)
{
	return netlink_request(self->requests,
						   rule_message(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, family, self->table,
										TUNNEL_TABLE_PRIORITY, NULL));
}

/* @i: index in others_to_gateway */
static int
change_gateway_rule(TunnelTable *self, int type, const IpNet *gateway, guint i)
{
	struct nl_msg *message =
		rule_message(type, type == RTM_NEWRULE ? NLM_F_CREATE | NLM_F_EXCL : 0, gateway->family,
					 gateway_table(self->table), TUNNEL_TABLE_PRIORITY - 1, gateway);

	netlink_message_put(message, FRA_IP_PROTO, &others_to_gateway[i].protocol,
						sizeof(others_to_gateway[i].protocol));
	if (others_to_gateway[i].ports.end)
		netlink_message_put(message, FRA_DPORT_RANGE, &others_to_gateway[i].ports,
							sizeof(others_to_gateway[i].ports));
	return netlink_request(self->requests, message);
}

/* Returns: how many were missing, or there. */
static guint
change_gateway_rules(TunnelTable *self, int type, const IpNet *gateway)
{
	guint n = 0;

	for (guint i = 0; ip_net_is_set(gateway) && i < G_N_ELEMENTS(others_to_gateway); i++)
		n += change_gateway_rule(self, type, gateway, i) >= 0;
	return n;
}

/* All that look @table up. */
static void
delete_rules(Netlink *netlink, int family, guint32 table)
{
	int n = 0;

	for (guint i = 0; n >= 0 && i < MAX_RULES; i++) {
		struct nl_msg *message = rule_message(RTM_DELRULE, 0, family, table, 0, NULL);

		n = netlink_request(netlink, message);
	}
	if (n < 0 && !netlink_is_gone(n) && n != -EAFNOSUPPORT)
		g_warning("cannot remove the routing rules for table %u: %s", table, netlink_strerror(n));
}

static gboolean
on_retry(gpointer user_data)
{
	TunnelTable *self = user_data;

	self->retry_source = 0;
	tunnel_table_update(self);
	return G_SOURCE_REMOVE;
}

static void
retry_after(TunnelTable *self, guint ms)
{
	if (!self->retry_source)
		self->retry_source = g_timeout_add(ms, on_retry, self);
}

/* Returns: whether it may be put back once more: not for ever against somebody's will. */
static gboolean
may_return(TunnelTable *self)
{
	gint64 now = g_get_monotonic_time();

	if (now - self->returns_since > RETURNS_TIME)
		self->n_returns = 0;
	if (self->n_returns == 0)
		self->returns_since = now;
	return self->n_returns < MAX_RETURNS;
}

/* By whom it was removed, we do not know. */
static void
put_rules_back(TunnelTable *self)
{
	guint n = 0;

	if (!self->rules_gone)
		return;
	if (!may_return(self)) {
		retry_after(self, RETURNS_TIME / 1000);
		return;
	}
	self->rules_gone = FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(families); i++)
		n += add_rule(self, families[i]) >= 0;
	n += change_gateway_rules(self, RTM_NEWRULE, &self->gateway);
	for (guint i = 0; i < self->others->len; i++)
		n += change_gateway_rules(self, RTM_NEWRULE, &g_array_index(self->others, IpNet, i));
	self->n_returns += n > 0;
	if (n > 0 && self->n_returns == MAX_RETURNS)
		g_warning("somebody keeps removing the routing rules for table %u: left to them for a "
				  "minute",
				  self->table);
}

/* Returns: false where @message is no rule of ours. */
static gboolean
read_rule(struct nlmsghdr *message, guint32 *table)
{
	const struct fib_rule_hdr *header = nlmsg_data(message);
	struct nlattr *attributes[FRA_MAX + 1];

	if ((message->nlmsg_type != RTM_NEWRULE && message->nlmsg_type != RTM_DELRULE) ||
		!netlink_message_parse(message, sizeof(*header), attributes, FRA_MAX) ||
		!attributes[FRA_PROTOCOL] || nla_len(attributes[FRA_PROTOCOL]) < 1 ||
		nla_get_u8(attributes[FRA_PROTOCOL]) != TUNNEL_TABLE_PROTOCOL)
		return FALSE;
	*table = netlink_attribute_u32(attributes[FRA_TABLE]);
	return TRUE;
}

/* Reading routes */

/* A table that is not there has no routes; likewise without IPv6, or without the interface. */
static gboolean
is_empty(int answer)
{
	return netlink_is_gone(answer) || answer == -EOPNOTSUPP || answer == -EAFNOSUPPORT;
}

static gboolean
dump(Netlink *netlink, const Route *like, NetlinkReadFunc read, GArray *into,
	 gconstpointer user_data)
{
	gboolean is_read = TRUE;

	for (guint i = 0; i < G_N_ELEMENTS(families); i++) {
		g_autoptr(GArray) routes = g_array_new(FALSE, FALSE, sizeof(Route));
		int n = route_dump(netlink, families[i], like, read, routes, user_data);

		if (n >= 0)
			g_array_append_vals(into, routes->data, routes->len);
		else if (!is_empty(n))
			is_read = FALSE;
	}
	return is_read;
}

static gboolean
is_into_interface(const Route *route, int ifindex)
{
	return route->oif == ifindex && route->type == RTN_UNICAST;
}

/* By which another connection inside of this tunnel reaches its gateway: it comes and goes with
 * that one, and leads where the tunnel's own does. */
static gboolean
is_of_nested(const Route *route)
{
	return route->protocol == UNDERLAY_ROUTE_PROTOCOL;
}

static void
read_wanted(struct nlmsghdr *message, GArray *into, gconstpointer user_data)
{
	const Wanted *wanted = user_data;
	Route route;

	if (!route_read(message, 0, &route) || route.table != RT_TABLE_MAIN ||
		(route.flags & RTM_F_CLONED) || ip_net_is_of_link(&route.dst))
		return;
	if (wanted->nets ? !is_into_interface(&route, wanted->ifindex) &&
						   ip_net_list_find_around(wanted->nets, &route.dst)
					 : is_into_interface(&route, wanted->ifindex) && !route.is_multipath &&
						   !is_of_nested(&route))
		g_array_append_val(into, route);
}

static gboolean
is_own_table(guint32 own, guint32 table)
{
	return own != 0 && (table == own || table == gateway_table(own));
}

static void
read_own(struct nlmsghdr *message, GArray *into, gconstpointer user_data)
{
	const guint32 *table = user_data;
	Route route;

	if (route_read(message, 0, &route) && is_own_table(*table, route.table))
		g_array_append_val(into, route);
}

static gboolean
dump_own(TunnelTable *self, GArray *into)
{
	const Route first = {.table = self->table}, second = {.table = gateway_table(self->table)};

	return dump(self->requests, &first, read_own, into, &self->table) &&
		   dump(self->requests, &second, read_own, into, &self->table);
}

/* What the table has to be */

static gboolean
has_place(const GArray *routes, const Route *place)
{
	for (guint i = 0; i < routes->len; i++) {
		const Route *route = &g_array_index(routes, Route, i);

		if (route->table == place->table && route->metric == place->metric &&
			route->tos == place->tos && ip_net_equal(&route->dst, &place->dst) &&
			ip_net_equal(&route->src, &place->src))
			return TRUE;
	}
	return FALSE;
}

/* A host in a LAN is reached in it as the others there are: where no network of the tunnel's around
 * it is as specific as the LAN. */
static gboolean
is_lan_host(const TunnelTable *self, const IpNet *lan, const IpNet *host)
{
	if (!ip_net_is_host(host) || !ip_net_contains(lan, host))
		return FALSE;
	for (guint i = 0; i < self->nets->len; i++) {
		const IpNet *net = &g_array_index(self->nets, IpNet, i);

		if (net->prefix >= lan->prefix && ip_net_contains(net, host))
			return FALSE;
	}
	return TRUE;
}

/* @net is one that this host has an address in, on the link of the index @oif, or a host in it: it
 * is reached there, whoever has made the route. */
static gboolean
is_attached(const TunnelTable *self, const Host *host, const IpNet *net, int oif)
{
	for (guint i = 0; i < host->addresses->len; i++) {
		const LocalAddress *address = &g_array_index(host->addresses, LocalAddress, i);
		const IpNet lan = local_address_net(address);

		if (address->ifindex == oif && ip_net_is_lan(&lan) &&
			(ip_net_equal(&lan, net) || is_lan_host(self, &lan, net)))
			return TRUE;
	}
	return FALSE;
}

static const IpLink *
find_link(const Host *host, int ifindex)
{
	for (guint i = 0; host->links && i < host->links->len; i++) {
		const IpLink *link = &g_array_index(host->links, IpLink, i);

		if (link->ifindex == ifindex)
			return link;
	}
	return NULL;
}

/* In the main table no other default route stands before that of another tunnel: it would be the
 * one to which a throw route leads. */
static gboolean
is_first_default(const Host *host, const GArray *routes, const Route *wanted)
{
	for (guint i = 0; i < routes->len; i++) {
		const Route *route = &g_array_index(routes, Route, i);
		const IpLink *link = find_link(host, route->oif);

		if (ip_net_equal(&route->dst, &wanted->dst) && route->type == RTN_UNICAST &&
			route->metric <= wanted->metric && !(link && ip_link_is_tunnel(link)))
			return FALSE;
	}
	return TRUE;
}

/* By the word of the network, also into a tunnel (6rd by DHCP). */
static gboolean
is_of_network(const Route *route)
{
	return route->protocol == RTPROT_DHCP || route->protocol == RTPROT_RA ||
		   route->protocol == RTPROT_REDIRECT;
}

/* By the word of this host or its user: which protocol says who has made a route. What
 * NetworkManager has from DHCP and from router advertisements bears theirs, what the kernel has
 * from them its own, and dhclient's script leaves it to ip(8), which writes `boot`. But
 * NetworkManager makes a static route to the router as well, which is what DHCP says, in a network
 * of the link's or not. A default route says how everything else leaves, whoever has made it and
 * whatever its metric; but another tunnel's is another tunnel for everything (is_first_default()).
 */
static gboolean
is_exception(const TunnelTable *self, const Host *host, const GArray *elsewhere, const Route *route)
{
	const gboolean is_on_link = !ip_net_is_set(&route->gateway) && route->type == RTN_UNICAST;
	const IpLink *link = find_link(host, route->oif);
	const gboolean is_of_tunnel = link && ip_link_is_tunnel(link);

	if (is_on_link && is_attached(self, host, &route->dst, route->oif))
		return TRUE;
	if (is_of_network(route))
		return FALSE;
	if (route->dst.prefix == 0 && route->type == RTN_UNICAST)
		return is_of_tunnel && is_first_default(host, elsewhere, route);
	switch (route->protocol) {
	case RTPROT_UNSPEC:
	case RTPROT_KERNEL:
	case RTPROT_BOOT:
		return route->type != RTN_UNICAST || (is_on_link && is_of_tunnel);
	default:
		return !is_on_link || !ip_net_is_host(&route->dst) || is_of_tunnel;
	}
}

/* Our own, whose place in the table is kept by another like it (fallback-routes.h). */
static gboolean
is_fallback(const TunnelTable *self, const Route *route)
{
	return route->type == RTN_UNREACHABLE && route->protocol == FALLBACK_ROUTES_PROTOCOL &&
		   ip_net_list_has(self->nets, &route->dst);
}

/* NetworkManager leaves its static route to an address that the gateway had, and who answers the
 * question for the gateway's name may have chosen it. Nothing of ours goes there any more. Likewise
 * for another connection's.
 *
 * @others: (element-type IpNet): gateways of other connections; @complete: whether all of them are
 * known */
static gboolean
is_to_former_gateway(const TunnelTable *self, const GArray *others, gboolean complete,
					 const IpNet *dst)
{
	return ip_net_is_host(dst) && !ip_net_equal(dst, &self->gateway) &&
		   !ip_net_list_has(others, dst) &&
		   (!complete || self->former->len == MAX_FORMER || ip_net_list_has(self->former, dst));
}

static Route
throw_route(const TunnelTable *self, const IpNet *dst)
{
	return (Route){.dst = *dst,
				   .table = self->table,
				   .metric = 1,
				   .type = RTN_THROW,
				   .protocol = TUNNEL_TABLE_PROTOCOL};
}

static Route
copy_of(const Route *route, guint32 table)
{
	Route copy = *route;

	copy.table = table;
	copy.protocol = TUNNEL_TABLE_PROTOCOL;
	copy.flags = 0;
	return copy;
}

static void
add_copies(const TunnelTable *self, const GArray *of_interface, GArray *table)
{
	for (guint i = 0; i < of_interface->len; i++) {
		const Route *route = &g_array_index(of_interface, Route, i);
		const Route copy = copy_of(route, self->table);
		gboolean is_own_address = route->protocol == RTPROT_KERNEL && ip_net_is_host(&route->dst);

		/* Of a net that is the gateway alone the main table decides. An address of the interface's
		 * own leads nowhere. */
		if (!ip_net_equal(&copy.dst, &self->gateway) && !is_own_address)
			g_array_append_val(table, copy);
	}
}

/* NetworkManager's route to the gateway of another connection, whose address may be of somebody's
 * choice as well: what is neither IKE, ESP nor ICMP is led into the interface all the same. A host
 * in a LAN is reached in it, whatever else it is.
 *
 * @found: (element-type IpNet): gets the gateway where it is one
 *
 * Returns: false where there are too many to have rules for each. */
static gboolean
note_other(const TunnelTable *self, const Host *host, const GArray *others, const Route *route,
		   GArray *found)
{
	if (!ip_net_is_host(&route->dst) || ip_net_equal(&route->dst, &self->gateway) ||
		!ip_net_list_has(others, &route->dst) || ip_net_list_has(found, &route->dst) ||
		is_attached(self, host, &route->dst, route->oif))
		return TRUE;
	if (found->len >= MAX_OTHERS)
		return FALSE;
	g_array_append_val(found, route->dst);
	return TRUE;
}

/* What @gateway was is no reason for an exception any more. */
static void
note_former(TunnelTable *self, const IpNet *gateway)
{
	if (ip_net_is_set(gateway) && self->former->len < MAX_FORMER &&
		!ip_net_list_has(self->former, gateway))
		g_array_append_val(self->former, *gateway);
}

/* Before there is another look at the routes to them. */
static void
note_former_others(TunnelTable *self, const GArray *others)
{
	for (guint i = 0; i < self->others->len; i++) {
		const IpNet *gateway = &g_array_index(self->others, IpNet, i);

		if (!ip_net_list_has(others, gateway))
			note_former(self, gateway);
	}
}

/* Returns: (transfer full) (element-type IpNet): gateways of other connections to which exceptions
 * lead. */
static GArray *
add_throws(TunnelTable *self, GArray *addresses, const GArray *elsewhere, const GArray *unreachable,
		   GArray *table)
{
	g_autoptr(GArray) links = ip_link_list(self->requests, NULL);
	gboolean complete = TRUE;
	g_autoptr(GArray) others = self->list_others ? self->list_others(&complete, self->user_data)
												 : g_array_new(FALSE, FALSE, sizeof(IpNet));
	GArray *found = g_array_new(FALSE, FALSE, sizeof(IpNet));
	const Host host = {addresses, links};
	guint n = 0;

	note_former_others(self, others);
	for (guint i = 0; i < elsewhere->len; i++) {
		const Route *route = &g_array_index(elsewhere, Route, i);
		Route exception = throw_route(self, &route->dst);

		/* What two have in the main table with one metric, we have first. */
		exception.src = route->src;
		exception.tos = route->tos;
		exception.metric = route->metric;
		if (!is_exception(self, &host, elsewhere, route) || is_fallback(self, route) ||
			is_to_former_gateway(self, others, complete, &route->dst) ||
			has_place(table, &exception) || has_place(unreachable, &exception) ||
			!note_other(self, &host, others, route, found))
			continue;
		if (n++ == MAX_THROWS) {
			if (!self->is_full)
				g_warning("more than %d routes lead elsewhere into networks of the tunnel: the "
						  "rest is not used",
						  MAX_THROWS);
			self->is_full = TRUE;
			break;
		}
		g_array_append_val(table, exception);
	}
	return found;
}

static void
add_throw(const TunnelTable *self, const IpNet *dst, const GArray *unreachable, GArray *table)
{
	const Route exception = throw_route(self, dst);

	if (ip_net_is_set(dst) && ip_net_list_find_around(self->nets, dst) &&
		!has_place(table, &exception) && !has_place(unreachable, &exception))
		g_array_append_val(table, exception);
}

/* Whatever else goes to the gateway's address goes where its network does, also where that is the
 * gateway alone: into the interface, and into nothing where the interface's routes are missing. */
static void
add_rest_of_gateway(const TunnelTable *self, const IpNet *gateway, const GArray *of_interface,
					GArray *table)
{
	Route nowhere = {.dst = *gateway,
					 .table = gateway_table(self->table),
					 .metric = LAST_METRIC,
					 .type = RTN_UNREACHABLE,
					 .protocol = TUNNEL_TABLE_PROTOCOL};
	const Route *best = NULL;

	for (guint i = 0; i < of_interface->len; i++) {
		const Route *route = &g_array_index(of_interface, Route, i);

		if (ip_net_contains(&route->dst, gateway) &&
			(!best || route->dst.prefix > best->dst.prefix))
			best = route;
	}
	if (best) {
		Route copy = copy_of(best, nowhere.table);

		copy.dst = *gateway;
		g_array_append_val(table, copy);
	}
	if (best || ip_net_list_find_around(self->nets, gateway))
		g_array_append_val(table, nowhere);
}

/* Those of the table that lead into the interface, or into nothing where its routes are missing. */
static void
note_nets(TunnelTable *self, const GArray *routes)
{
	for (guint i = 0; i < routes->len; i++) {
		const Route *route = &g_array_index(routes, Route, i);

		if (route->type != RTN_THROW && route->table == self->table)
			g_array_append_val(self->nets, route->dst);
	}
}

/* Making it so */

static gboolean
is_same(const Route *a, const Route *b)
{
	return a->table == b->table && a->type == b->type && a->metric == b->metric &&
		   a->tos == b->tos && ip_net_equal(&a->dst, &b->dst) && ip_net_equal(&a->src, &b->src) &&
		   (a->type != RTN_UNICAST || /* the kernel says lo, with IPv6 */
			(a->oif == b->oif && a->mtu == b->mtu && ip_net_equal(&a->prefsrc, &b->prefsrc) &&
			 ip_net_equal(&a->gateway, &b->gateway)));
}

static gboolean
has(const GArray *routes, const Route *wanted)
{
	for (guint i = 0; i < routes->len; i++) {
		if (is_same(&g_array_index(routes, Route, i), wanted))
			return TRUE;
	}
	return FALSE;
}

static void
change(Netlink *netlink, int type, const Route *route)
{
	const int flags = type == RTM_NEWROUTE ? NLM_F_CREATE | NLM_F_EXCL : 0;
	const char *what = route->type == RTN_THROW         ? "throw"
					   : route->type == RTN_UNREACHABLE ? "unreachable"
														: "interface";
	char dst[IP_NET_STRLEN];
	int n = netlink_request(netlink, route_message(type, flags, route));

	ip_net_to_string(&route->dst, dst);
	if (n >= 0)
		g_debug("%s route to %s, table %u, metric %u: %s", what, dst, route->table, route->metric,
				type == RTM_NEWROUTE ? "added" : "removed");
	else if (type == RTM_NEWROUTE ? n != -EEXIST : !netlink_is_gone(n))
		g_warning("cannot %s a route to %s in table %u: %s",
				  type == RTM_NEWROUTE ? "add" : "remove", dst, route->table, netlink_strerror(n));
}

/* Of @a, what @b does not have. */
static void
change_difference(TunnelTable *self, int type, const GArray *a, const GArray *b)
{
	for (guint i = 0; i < a->len; i++) {
		const Route *route = &g_array_index(a, Route, i);

		if (!has(b, route))
			change(self->requests, type, route);
	}
}

/* @routes: loses those that are not ours alone. Returns: (transfer full): the unreachable ones. */
static GArray *
take_unreachable(GArray *routes)
{
	GArray *unreachable = g_array_new(FALSE, FALSE, sizeof(Route));

	for (guint i = routes->len; i > 0; i--) {
		const Route route = g_array_index(routes, Route, i - 1);

		if (route.type == RTN_UNREACHABLE)
			g_array_append_val(unreachable, route);
		if (route.protocol != TUNNEL_TABLE_PROTOCOL)
			g_array_remove_index_fast(routes, i - 1);
	}
	return unreachable;
}

/* What there is already; as long as the host's other routes cannot be read. */
static void
keep_throws(const GArray *is, GArray *table)
{
	for (guint i = 0; i < is->len; i++) {
		const Route *route = &g_array_index(is, Route, i);

		if (route->type == RTN_THROW)
			g_array_append_val(table, *route);
	}
}

/* Returns: (transfer full) (element-type IpNet): as add_throws(); NULL for the same as before. */
static GArray *
add_exceptions(TunnelTable *self, const GArray *is, const GArray *unreachable, GArray *wanted)
{
	const IpNet link_local = {AF_INET6, 10, {0xfe, 0x80}}; /* on every link, never a tunnel's */
	const Wanted elsewhere = {self->ifindex, self->nets};
	const Route of_main = {.table = RT_TABLE_MAIN};
	g_autoptr(GArray) routes = g_array_new(FALSE, FALSE, sizeof(Route));
	g_autoptr(GArray) addresses = NULL;
	GArray *others;

	if (self->nets->len == 0)
		return g_array_new(FALSE, FALSE, sizeof(IpNet));
	addresses = local_address_read(self->requests);
	if (!addresses || !dump(self->requests, &of_main, read_wanted, routes, &elsewhere)) {
		keep_throws(is, wanted);
		retry_after(self, RETRY_MS);
		return NULL;
	}
	others = add_throws(self, addresses, routes, unreachable, wanted);
	add_throw(self, &self->gateway, unreachable, wanted);
	add_throw(self, &link_local, unreachable, wanted);
	return others;
}

/* Rules for each of @a that @b does not have: added before there is an exception, and removed after
 * it has gone. */
static void
change_rules_of_others(TunnelTable *self, int type, const GArray *a, const GArray *b)
{
	for (guint i = 0; i < a->len; i++) {
		const IpNet *gateway = &g_array_index(a, IpNet, i);

		if (ip_net_list_has(b, gateway))
			continue;
		if (!ip_net_equal(gateway, &self->gateway))
			change_gateway_rules(self, type, gateway);
	}
}

void
tunnel_table_update(TunnelTable *self)
{
	const Route of_interface = {.table = RT_TABLE_MAIN, .oif = self->ifindex, .type = RTN_UNICAST};
	const Wanted inside = {self->ifindex, NULL};
	g_autoptr(GArray) is = g_array_new(FALSE, FALSE, sizeof(Route));
	g_autoptr(GArray) routes = g_array_new(FALSE, FALSE, sizeof(Route));
	g_autoptr(GArray) wanted = g_array_new(FALSE, FALSE, sizeof(Route));
	g_autoptr(GArray) unreachable = NULL;
	g_autoptr(GArray) before = NULL;
	GArray *others;

	g_clear_handle_id(&self->idle_source, g_source_remove);
	put_rules_back(self);
	if (!dump_own(self, is) || !dump(self->requests, &of_interface, read_wanted, routes, &inside)) {
		retry_after(self, RETRY_MS);
		return;
	}
	unreachable = take_unreachable(is);
	add_copies(self, routes, wanted);
	g_array_set_size(self->nets, 0);
	note_nets(self, wanted);
	note_nets(self, unreachable);
	if (ip_net_is_set(&self->gateway))
		add_rest_of_gateway(self, &self->gateway, routes, wanted);
	others = add_exceptions(self, is, unreachable, wanted);
	before = self->others;
	self->others = others ? others : g_array_ref(before);
	for (guint i = 0; i < self->others->len; i++)
		add_rest_of_gateway(self, &g_array_index(self->others, IpNet, i), routes, wanted);
	change_rules_of_others(self, RTM_NEWRULE, self->others, before);
	change_difference(self, RTM_DELROUTE, is, wanted);
	change_difference(self, RTM_NEWROUTE, wanted, is);
	change_rules_of_others(self, RTM_DELRULE, before, self->others);
}

/* Events */

static gboolean
on_idle(gpointer user_data)
{
	TunnelTable *self = user_data;

	self->idle_source = 0;
	tunnel_table_update(self);
	return G_SOURCE_REMOVE;
}

/* Of what happens at the same time we see all at once. */
static void
update_soon(TunnelTable *self)
{
	if (!self->idle_source)
		self->idle_source = g_idle_add_full(G_PRIORITY_DEFAULT, on_idle, self, NULL);
}

/* Our own changes of the table come as well, and find nothing to do. */
static gboolean
is_concerned(TunnelTable *self, struct nlmsghdr *message)
{
	Route route;
	guint32 table;

	if (message->nlmsg_type == RTM_NEWADDR || message->nlmsg_type == RTM_DELADDR)
		return TRUE;
	if (read_rule(message, &table)) {
		if (message->nlmsg_type != RTM_DELRULE || !is_own_table(self->table, table))
			return FALSE;
		self->rules_gone = TRUE;
		return TRUE;
	}
	if (!route_read(message, 0, &route) || (route.flags & RTM_F_CLONED))
		return FALSE;
	return is_own_table(self->table, route.table) ||
		   (route.table == RT_TABLE_MAIN &&
			(route.oif == self->ifindex || ip_net_list_find_around(self->nets, &route.dst)));
}

static void
on_event(struct nlmsghdr *message, gpointer user_data)
{
	TunnelTable *self = user_data;

	if (is_concerned(self, message))
		update_soon(self);
}

static void
on_lost(gpointer user_data)
{
	TunnelTable *self = user_data;

	self->rules_gone = TRUE;
	update_soon(self);
}

static const NetlinkInterest table_events = {
	.what = "the kernel's routes and rules",
	.protocol = NETLINK_ROUTE,
	.groups = {RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE,
			   RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR},
	.buffer = EVENT_BUFFER,
	.on_message = on_event,
	.on_lost = on_lost,
};

/* The rule for IPv4 is what a number belongs to its tunnel by: there is one of a kind. */
static gboolean
add_rules(TunnelTable *self, GError **error)
{
	int n = -EEXIST;

	for (guint i = 0; n == -EEXIST && i < TUNNEL_TABLE_COUNT; i++) {
		self->table = TUNNEL_TABLE_FIRST + 2 * i;
		n = add_rule(self, AF_INET);
	}
	if (n < 0) {
		self->table = 0;
		return netlink_fail(error, n, "add a routing rule for the tunnel");
	}
	n = add_rule(self, AF_INET6);
	return n >= 0 || n == -EEXIST || n == -EAFNOSUPPORT ||
		   netlink_fail(error, n, "add a routing rule for the tunnel");
}

TunnelTable *
tunnel_table_new(int ifindex, GError **error)
{
	g_autoptr(TunnelTable) self = g_new0(TunnelTable, 1);

	self->ifindex = ifindex;
	self->nets = g_array_new(FALSE, FALSE, sizeof(IpNet));
	self->former = g_array_new(FALSE, FALSE, sizeof(IpNet));
	self->others = g_array_new(FALSE, FALSE, sizeof(IpNet));
	self->requests = netlink_open(NETLINK_ROUTE, NETLINK_OWN_NAMESPACE, error);
	if (!self->requests)
		return NULL;
	self->events = netlink_subscribe(&table_events, NETLINK_OWN_NAMESPACE, self, error);
	if (!self->events || !add_rules(self, error))
		return NULL;
	tunnel_table_update(self);
	return g_steal_pointer(&self);
}

guint32
tunnel_table_get_number(const TunnelTable *self)
{
	return self->table;
}

void
tunnel_table_follow(TunnelTable *self, int ifindex)
{
	self->ifindex = ifindex;
	tunnel_table_update(self);
}

void
tunnel_table_list_others_by(TunnelTable *self, TunnelTableGatewaysFunc func, gpointer user_data)
{
	self->list_others = func;
	self->user_data = user_data;
	tunnel_table_update(self);
}

/* At no time is there a way around the tunnel to either: the rules for the next are there before
 * its exception, those for the last until its is gone. */
void
tunnel_table_set_gateway(TunnelTable *self, const IpNet *gateway)
{
	const IpNet last = self->gateway;

	if (ip_net_equal(&last, gateway))
		return;
	note_former(self, &last);
	self->gateway = *gateway;
	change_gateway_rules(self, RTM_NEWRULE, gateway);
	tunnel_table_update(self);
	if (!ip_net_list_has(self->others, &last))
		change_gateway_rules(self, RTM_DELRULE, &last);
}

/* Those of FallbackRoutes stay to it. */
static gboolean
empty(Netlink *netlink, guint32 table)
{
	const Route like = {.protocol = TUNNEL_TABLE_PROTOCOL};
	g_autoptr(GArray) routes = g_array_new(FALSE, FALSE, sizeof(Route));
	gboolean is_read;
	guint i;

	for (i = 0; i < G_N_ELEMENTS(families); i++) {
		delete_rules(netlink, families[i], table);
		delete_rules(netlink, families[i], gateway_table(table));
	}
	is_read = dump(netlink, &like, read_own, routes, &table);
	for (i = 0; i < routes->len; i++) {
		const Route *route = &g_array_index(routes, Route, i);

		if (route->protocol == TUNNEL_TABLE_PROTOCOL)
			change(netlink, RTM_DELROUTE, route);
	}
	return is_read;
}

void
tunnel_table_free(TunnelTable *self)
{
	if (!self)
		return;
	g_clear_handle_id(&self->idle_source, g_source_remove);
	g_clear_handle_id(&self->retry_source, g_source_remove);
	netlink_unsubscribe(self->events);
	if (self->table)
		empty(self->requests, self->table);
	netlink_close(self->requests);
	g_array_unref(self->nets);
	g_array_unref(self->former);
	g_array_unref(self->others);
	g_free(self);
}

gboolean
tunnel_table_clean_stale(guint32 number, GError **error)
{
	g_autoptr(Netlink) netlink = netlink_open(NETLINK_ROUTE, NETLINK_OWN_NAMESPACE, error);

	if (!netlink)
		return FALSE;
	/* Whatever the number says, only what bears our protocol goes. */
	return empty(netlink, number) || netlink_fail(error, -EIO, "read the kernel's routes");
}
