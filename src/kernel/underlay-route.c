/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "underlay-route.h"
#include "fallback-routes.h"

#include <ifaddrs.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Before NetworkManager's (50 and more, by the connection's route-metric): with vpn.persistent it
 * leaves the host route to the gateway on a link that has lost its last address (1.42, 1.52). */
#define OUR_METRIC 1

/* One route, as a dump or a query tells it. */
typedef struct {
	IpNet dst;
	IpNet source;   /* RTA_PREFSRC */
	IpNet next_hop; /* RTA_GATEWAY; RTA_VIA, of another family, is left out */
	guint32 table;
	guint32 metric;
	guint32 mtu; /* 0: none of its own */
	int ifindex; /* of the first next hop that is not the tunnel */
	guint8 type, protocol;
	bool is_usable;   /* neither dead nor a cached exception */
	bool is_for_some; /* for packets of some source or type of service only */
} Route;

typedef struct {
	const IpNet *gateway; /* of which routes to it are wanted, NULL for our own host routes */
	int tunnel;
	GArray *routes; /* of Route */
} Dump;

typedef struct {
	bool found;
	Route route;
} Answer;

static struct nl_sock *
connect_route(GError **error)
{
	struct nl_sock *sock = nl_socket_alloc();
	int n = sock ? nl_connect(sock, NETLINK_ROUTE) : -NLE_NOMEM;
	int on = 1;

	if (n < 0) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
					"cannot talk to the kernel's rtnetlink: %s", nl_geterror(n));
		g_clear_pointer(&sock, nl_socket_free);
		return NULL;
	}
	(void) setsockopt(nl_socket_get_fd(sock), SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	return sock;
}

static IpNet
read_host(int family, const struct nlattr *attr)
{
	static const IpNet unset;
	int len = (int) ip_net_max_prefix(family) / 8;

	return attr && nla_len(attr) >= len
			   ? ip_net_from_bytes(family, nla_data(attr), ip_net_max_prefix(family))
			   : unset;
}

static guint32
read_mtu(struct nlattr *metrics)
{
	struct nlattr *attrs[RTAX_MAX + 1];

	if (!metrics || nla_parse_nested(attrs, RTAX_MAX, metrics, NULL) < 0 || !attrs[RTAX_MTU])
		return 0;
	return nla_get_u32(attrs[RTAX_MTU]);
}

/* Of several next hops the first that is not the tunnel. */
static void
read_hops(Route *route, int family, struct nlattr *multipath, int tunnel)
{
	const struct rtnexthop *hop = nla_data(multipath);
	int left = nla_len(multipath);

	while (RTNH_OK(hop, left)) {
		struct nlattr *attrs[RTA_MAX + 1];

		if (hop->rtnh_ifindex != tunnel && !(hop->rtnh_flags & RTNH_F_DEAD)) {
			route->ifindex = hop->rtnh_ifindex;
			if (nla_parse(attrs, RTA_MAX, (struct nlattr *) RTNH_DATA(hop),
						  hop->rtnh_len - (int) sizeof(*hop), NULL) >= 0)
				route->next_hop = read_host(family, attrs[RTA_GATEWAY]);
			return;
		}
		left -= NLMSG_ALIGN(hop->rtnh_len);
		hop = RTNH_NEXT(hop);
	}
}

static bool
read_route(struct nlmsghdr *header, int tunnel, Route *route)
{
	const struct rtmsg *info = nlmsg_data(header);
	struct nlattr *attrs[RTA_MAX + 1];
	guint8 bytes[16] = {0};

	memset(route, 0, sizeof(*route));
	if (header->nlmsg_type != RTM_NEWROUTE ||
		nlmsg_parse(header, sizeof(*info), attrs, RTA_MAX, NULL) < 0)
		return false;
	if (attrs[RTA_DST])
		nla_memcpy(bytes, attrs[RTA_DST], sizeof(bytes));
	route->dst = ip_net_from_bytes(info->rtm_family, bytes, info->rtm_dst_len);
	route->source = read_host(info->rtm_family, attrs[RTA_PREFSRC]);
	route->next_hop = read_host(info->rtm_family, attrs[RTA_GATEWAY]);
	route->table = attrs[RTA_TABLE] ? nla_get_u32(attrs[RTA_TABLE]) : info->rtm_table;
	route->metric = attrs[RTA_PRIORITY] ? nla_get_u32(attrs[RTA_PRIORITY]) : 0;
	route->mtu = read_mtu(attrs[RTA_METRICS]);
	if (attrs[RTA_MULTIPATH])
		read_hops(route, info->rtm_family, attrs[RTA_MULTIPATH], tunnel);
	else if (attrs[RTA_OIF])
		route->ifindex = (int) nla_get_u32(attrs[RTA_OIF]);
	route->type = info->rtm_type;
	route->protocol = info->rtm_protocol;
	route->is_usable = !(info->rtm_flags & (RTNH_F_DEAD | RTM_F_CLONED));
	/* IPv6 answers with a source of no bits set, but all of its length. */
	route->is_for_some = info->rtm_src_len != 0 || info->rtm_tos != 0;
	return ip_net_is_set(&route->dst);
}

static int
on_answer(struct nl_msg *msg, void *user_data)
{
	Answer *answer = user_data;

	if (read_route(nlmsg_hdr(msg), 0, &answer->route))
		answer->found = true;
	return NL_OK;
}

/* What the kernel would do with a packet to @gateway; with RTM_F_FIB_MATCH, by which route.
 * @ifindex: as if it had to leave there. */
static bool
ask(struct nl_sock *sock, const IpNet *gateway, guint flags, int ifindex, Route *route)
{
	struct rtmsg info = {
		.rtm_family = gateway->family, .rtm_dst_len = gateway->prefix, .rtm_flags = flags};
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETROUTE, 0);
	int n = msg ? nlmsg_append(msg, &info, sizeof(info), NLMSG_ALIGNTO) : -NLE_NOMEM;
	Answer answer = {0};

	if (n >= 0)
		n = nla_put(msg, RTA_DST, gateway->prefix / 8, gateway->bytes);
	if (n >= 0 && ifindex)
		n = nla_put_u32(msg, RTA_OIF, (guint32) ifindex);
	if (n >= 0)
		n = nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, on_answer, &answer);
	if (n >= 0)
		n = nl_send_auto(sock, msg);
	if (n >= 0)
		n = nl_recvmsgs_default(sock);
	/* A refusal is the acknowledgement already. */
	if (n >= 0)
		n = nl_wait_for_ack(sock);
	if (msg)
		nlmsg_free(msg);
	*route = answer.route;
	return n >= 0 && answer.found;
}

static int
on_dumped(struct nl_msg *msg, void *user_data)
{
	Dump *dump = user_data;
	Route route;
	bool is_ours;

	if (!read_route(nlmsg_hdr(msg), dump->tunnel, &route) || !route.is_usable || route.is_for_some)
		return NL_OK;
	is_ours = route.protocol == UNDERLAY_ROUTE_PROTOCOL;
	if (dump->gateway
			? !is_ours && (route.table == RT_TABLE_MAIN || route.table == RT_TABLE_DEFAULT) &&
				  ip_net_contains(&route.dst, dump->gateway)
			: is_ours)
		g_array_append_val(dump->routes, route);
	return NL_OK;
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

/* Returns: (transfer full) (element-type Route): @gateway: what leads to it but for our own host
 * route, best first; NULL: our own host routes. NULL with an error of libnl in @nl_error. */
static GArray *
read_routes(struct nl_sock *sock, int family, const IpNet *gateway, int tunnel, int *nl_error)
{
	Dump dump = {gateway, tunnel, g_array_new(FALSE, FALSE, sizeof(Route))};
	struct rtmsg info = {.rtm_family = family};
	int n, attempts = 5;

	/* A change during the dump is not this moment's table: once more. */
	do {
		struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETROUTE, NLM_F_DUMP);

		g_array_set_size(dump.routes, 0);
		n = msg ? nlmsg_append(msg, &info, sizeof(info), NLMSG_ALIGNTO) : -NLE_NOMEM;
		if (n >= 0)
			n = nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, on_dumped, &dump);
		if (n >= 0)
			n = nl_send_auto(sock, msg);
		if (n >= 0)
			n = nl_recvmsgs_default(sock);
		if (msg)
			nlmsg_free(msg);
	} while (n == -NLE_DUMP_INTR && --attempts > 0);
	*nl_error = n;
	if (n < 0)
		g_clear_pointer(&dump.routes, g_array_unref);
	else
		g_array_sort(dump.routes, compare_routes);
	return dump.routes;
}

static bool
is_guard(const Route *route)
{
	return route->protocol == FALLBACK_ROUTES_PROTOCOL && route->type == RTN_UNREACHABLE;
}

static guint32
mtu_of(int ifindex)
{
	struct ifreq request = {0};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok = fd >= 0 && if_indextoname((guint) ifindex, request.ifr_name) &&
			  ioctl(fd, SIOCGIFMTU, &request) == 0;

	if (fd >= 0)
		close(fd);
	return ok && request.ifr_mtu > 0 ? (guint32) request.ifr_mtu : 0;
}

static IpNet
address_of(const struct ifaddrs *entry)
{
	const void *bytes = entry->ifa_addr->sa_family == AF_INET
							? (const void *) &((struct sockaddr_in *) entry->ifa_addr)->sin_addr
							: (const void *) &((struct sockaddr_in6 *) entry->ifa_addr)->sin6_addr;

	return ip_net_from_bytes(entry->ifa_addr->sa_family, bytes,
							 ip_net_max_prefix(entry->ifa_addr->sa_family));
}

/* Where a link has lost its last address but not its routes, the kernel takes an address of any
 * other link, such as that of our tunnel. Nothing that starts from there arrives. */
static bool
is_good_source(const IpNet *source, int ifindex, int tunnel, bool is_chosen)
{
	struct ifaddrs *entries;
	bool good = false;

	if (!ip_net_is_set(source) || getifaddrs(&entries) < 0)
		return false;
	for (const struct ifaddrs *entry = entries; entry && !good; entry = entry->ifa_next) {
		int its = (int) if_nametoindex(entry->ifa_name);
		IpNet address;

		if (!entry->ifa_addr || entry->ifa_addr->sa_family != source->family || its == tunnel)
			continue;
		address = address_of(entry);
		good = ip_net_equal(&address, source) &&
			   (is_chosen || its == ifindex || (entry->ifa_flags & IFF_LOOPBACK));
	}
	freeifaddrs(entries);
	return good;
}

/* @is_chosen: somebody has given the route this source. Returns: false where it leads nowhere. */
static bool
to_way(struct nl_sock *sock, const IpNet *gateway, int tunnel, const Route *route, bool is_chosen,
	   UnderlayRoute *way)
{
	guint32 mtu = mtu_of(route->ifindex);
	IpNet source = route->source;
	Route answer;

	if (route->type != RTN_UNICAST || route->ifindex == 0 || route->ifindex == tunnel)
		return false;
	if (!ip_net_is_set(&source) && ask(sock, gateway, 0, route->ifindex, &answer))
		source = answer.source;
	if (!is_good_source(&source, route->ifindex, tunnel, is_chosen))
		return false;
	memset(way, 0, sizeof(*way));
	way->ifindex = route->ifindex;
	way->source = source;
	way->next_hop = route->next_hop;
	way->mtu = route->mtu && route->mtu < mtu ? route->mtu : mtu;
	return true;
}

/* What the kernel does, unless it is by our own host route or leads nowhere. */
static bool
find_way_of_kernel(struct nl_sock *sock, const IpNet *gateway, int tunnel, UnderlayRoute *way)
{
	Route answer, match;
	bool is_chosen = false;

	if (!ask(sock, gateway, 0, 0, &answer))
		return false;
	if (ask(sock, gateway, RTM_F_FIB_MATCH, 0, &match)) {
		if (match.protocol == UNDERLAY_ROUTE_PROTOCOL)
			return false;
		is_chosen = ip_net_is_set(&match.source);
	}
	return to_way(sock, gateway, tunnel, &answer, is_chosen, way);
}

/* What the kernel would do without those routes that lead nowhere: into our own tunnel, to our
 * guard, or out of a link that has no address. What others call unreachable is, even if something
 * worse would lead out. */
static bool
find_way_by_tables(struct nl_sock *sock, const IpNet *gateway, int tunnel, UnderlayRoute *way)
{
	int n;
	g_autoptr(GArray) routes = read_routes(sock, gateway->family, gateway, tunnel, &n);

	for (guint i = 0; routes && i < routes->len; i++) {
		const Route *route = &g_array_index(routes, Route, i);

		if (is_guard(route))
			continue;
		if (route->type != RTN_UNICAST)
			return false;
		if (to_way(sock, gateway, tunnel, route, ip_net_is_set(&route->source), way))
			return true;
	}
	return false;
}

bool
underlay_route_find(const IpNet *gateway, int tunnel, UnderlayRoute *way, GError **error)
{
	struct nl_sock *sock = connect_route(error);
	char text[IP_NET_STRLEN];
	bool found;

	if (!sock)
		return false;
	found = find_way_of_kernel(sock, gateway, tunnel, way) ||
			find_way_by_tables(sock, gateway, tunnel, way);
	if (!found)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE, "there is no way to %s",
					ip_net_to_string(gateway, text));
	nl_socket_free(sock);
	return found;
}

bool
underlay_route_find_source(const IpNet *gateway, IpNet *source)
{
	struct nl_sock *sock = connect_route(NULL);
	Route answer;
	bool found = sock && ask(sock, gateway, 0, 0, &answer) && answer.type == RTN_UNICAST &&
				 ip_net_is_set(&answer.source);

	if (found)
		*source = answer.source;
	if (sock)
		nl_socket_free(sock);
	return found;
}

const IpNet *
underlay_route_find_first(const GArray *hosts, int family, int tunnel, UnderlayRoute *way)
{
	for (guint i = 0; i < hosts->len; i++) {
		const IpNet *host = &g_array_index(hosts, IpNet, i);

		if ((family == AF_UNSPEC || host->family == family) &&
			underlay_route_find(host, tunnel, way, NULL))
			return host;
	}
	return NULL;
}

bool
underlay_route_is_same(const UnderlayRoute *a, const UnderlayRoute *b)
{
	return a->ifindex == b->ifindex && ip_net_equal(&a->source, &b->source) &&
		   ip_net_equal(&a->next_hop, &b->next_hop);
}

char *
underlay_route_to_string(const UnderlayRoute *way)
{
	char name[IF_NAMESIZE] = "?", source[IP_NET_STRLEN];

	if_indextoname((guint) way->ifindex, name);
	return g_strdup_printf("%s from %s", name, ip_net_to_string(&way->source, source));
}

/* The first of all routes but ours is what the kernel would take. */
bool
underlay_route_needs_route(const IpNet *gateway, int tunnel)
{
	struct nl_sock *sock = connect_route(NULL);
	g_autoptr(GArray) routes = NULL;
	UnderlayRoute way;
	bool needs = false;
	int n;

	if (!sock)
		return false;
	if (!find_way_of_kernel(sock, gateway, tunnel, &way)) {
		routes = read_routes(sock, gateway->family, gateway, 0, &n);
		if (routes && routes->len > 0) {
			const Route *first = &g_array_index(routes, Route, 0);

			needs = !to_way(sock, gateway, tunnel, first, ip_net_is_set(&first->source), &way);
		}
	}
	nl_socket_free(sock);
	return needs;
}

static int
request(struct nl_sock *sock, int type, int flags, const IpNet *gateway, const UnderlayRoute *way)
{
	struct rtmsg info = {.rtm_family = gateway->family,
						 .rtm_dst_len = gateway->prefix,
						 .rtm_table = RT_TABLE_MAIN,
						 .rtm_protocol = UNDERLAY_ROUTE_PROTOCOL,
						 .rtm_type = RTN_UNICAST,
						 .rtm_scope = RT_SCOPE_UNIVERSE};
	int len = (int) ip_net_max_prefix(gateway->family) / 8;
	struct nl_msg *msg = nlmsg_alloc_simple(type, flags);
	int n = msg ? 0 : -NLE_NOMEM;

	if (!way)
		info.rtm_scope = RT_SCOPE_NOWHERE; /* any; IPv6 has none */
	else if (!ip_net_is_set(&way->next_hop) && gateway->family == AF_INET)
		info.rtm_scope = RT_SCOPE_LINK;
	if (n >= 0)
		n = nlmsg_append(msg, &info, sizeof(info), NLMSG_ALIGNTO);
	if (n >= 0)
		n = nla_put(msg, RTA_DST, len, gateway->bytes);
	if (n >= 0)
		n = nla_put_u32(msg, RTA_PRIORITY, OUR_METRIC);
	if (n >= 0 && way)
		n = nla_put_u32(msg, RTA_OIF, (guint32) way->ifindex);
	if (n >= 0 && way && ip_net_is_set(&way->next_hop))
		n = nla_put(msg, RTA_GATEWAY, len, way->next_hop.bytes);
	if (n >= 0)
		n = nl_send_auto(sock, msg);
	if (n >= 0)
		n = nl_wait_for_ack(sock);
	if (msg)
		nlmsg_free(msg);
	return n;
}

static int
delete_route(struct nl_sock *sock, const IpNet *gateway)
{
	int n = request(sock, RTM_DELROUTE, 0, gateway, NULL);

	return n == -NLE_OBJ_NOTFOUND ? 0 : n;
}

/* Is it there already, as it should be? */
static bool
is_added(struct nl_sock *sock, const IpNet *gateway, const UnderlayRoute *way)
{
	Route match;

	return ask(sock, gateway, RTM_F_FIB_MATCH, 0, &match) &&
		   match.protocol == UNDERLAY_ROUTE_PROTOCOL && match.ifindex == way->ifindex &&
		   ip_net_equal(&match.next_hop, &way->next_hop);
}

bool
underlay_route_add_route(const IpNet *gateway, const UnderlayRoute *way, GError **error)
{
	struct nl_sock *sock = connect_route(error);
	char text[IP_NET_STRLEN];
	int n = 0;

	if (!sock)
		return false;
	if (!is_added(sock, gateway, way)) {
		/* Not replaced: the kernel compares less for that than for a deletion, and could take one
		 * of somebody else's. */
		n = delete_route(sock, gateway);
		if (n >= 0)
			n = request(sock, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, gateway, way);
	}
	nl_socket_free(sock);
	if (n < 0)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
					"cannot add a route to the gateway %s: %s", ip_net_to_string(gateway, text),
					nl_geterror(n));
	return n >= 0;
}

bool
underlay_route_delete_routes(const IpNet *gateway, GError **error)
{
	struct nl_sock *sock = connect_route(error);
	int n = 0;

	if (!sock)
		return false;
	if (gateway)
		n = delete_route(sock, gateway);
	for (guint i = 0; !gateway && i < 2 && n >= 0; i++) {
		g_autoptr(GArray) ours = read_routes(sock, i ? AF_INET6 : AF_INET, NULL, 0, &n);

		for (guint j = 0; ours && j < ours->len && n >= 0; j++)
			n = delete_route(sock, &g_array_index(ours, Route, j).dst);
	}
	nl_socket_free(sock);
	if (n < 0)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot remove a route to a gateway: %s",
					nl_geterror(n));
	return n >= 0;
}
