/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's word on which routes there are is a dump: it reports what comes, but not all that
 * goes. So an event adds a fallback, and only a dump removes one.
 *
 * libnl-route makes an object of each route of the host, be they a million; the few that concern
 * us are read here, and dumps are filtered by the kernel (NETLINK_GET_STRICT_CHK).
 */
#include "config.h"

#include "fallback-routes.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <string.h>
#include <sys/socket.h>

#define QUIET_MS    1000
#define STAND_IN_MS 5000

/* NetworkManager's NM_VPN_ROUTE_METRIC_DEFAULT. */
#define VPN_METRIC 50

/* Somebody who removes a fallback more often than that will not have it. */
#define MAX_RETURNS  20

#define EVENT_BUFFER (512 * 1024)

/* Where a route stands: two of the same are equal byte for byte. */
typedef struct {
	guint32 table;
	guint32 metric;
	guint32 tos;
	IpNet dst;
	IpNet src; /* IPv6: of source-specific routes */
} Place;

typedef struct {
	Place place;
	guint32 ifindex; /* 0: none, or several */
	guint8 type, protocol;
	bool is_cached;
} Route;

typedef struct {
	Place place;
	guint n_returns; /* that it was put back */
	bool is_needed;  /* while settling */
	bool stands_in;  /* no route has been seen there yet */
} Fallback;

struct FallbackRoutes {
	guint32 ifindex;
	struct nl_sock *requests;
	struct nl_sock *events;
	guint events_source;
	guint quiet_source;
	guint stand_in_source;
	bool settling;
	GHashTable *fallbacks; /* set of Fallback, by Place */
};

static guint
place_hash(gconstpointer key)
{
	const guint8 *bytes = key;
	guint hash = 5381;

	for (gsize i = 0; i < sizeof(Place); i++)
		hash = hash * 33 + bytes[i];
	return hash;
}

static gboolean
place_equal(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, sizeof(Place)) == 0;
}

static char *
place_to_string(const Place *place)
{
	char dst[IP_NET_STRLEN];

	return g_strdup_printf("%s, table %u, metric %u", ip_net_to_string(&place->dst, dst),
						   place->table, place->metric);
}

/* Talking */

static bool
fail(GError **error, int nl_error, const char *what)
{
	int code = nl_error == -NLE_PERM || nl_error == -NLE_NOACCESS ? G_IO_ERROR_PERMISSION_DENIED
																  : G_IO_ERROR_FAILED;

	g_set_error(error, G_IO_ERROR, code, "cannot %s: %s", what, nl_geterror(nl_error));
	return false;
}

static struct nl_sock *
connect_route(GError **error)
{
	struct nl_sock *sock = nl_socket_alloc();
	int n = sock ? nl_connect(sock, NETLINK_ROUTE) : -NLE_NOMEM;
	int on = 1;

	if (n < 0) {
		fail(error, n, "talk to the kernel's rtnetlink");
		g_clear_pointer(&sock, nl_socket_free);
		return NULL;
	}
	/* Without it (before Linux 4.20) a dump is the whole table. */
	(void) setsockopt(nl_socket_get_fd(sock), SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	return sock;
}

static bool
read_net(IpNet *net, int family, const struct nlattr *attr, guint bits)
{
	guint8 bytes[16] = {0};

	if (attr)
		nla_memcpy(bytes, attr, sizeof(bytes));
	*net = ip_net_from_bytes(family, bytes, bits);
	return ip_net_is_set(net);
}

static bool
read_route(struct nlmsghdr *header, Route *route)
{
	const struct rtmsg *info = nlmsg_data(header);
	struct nlattr *attrs[RTA_MAX + 1];

	memset(route, 0, sizeof(*route));
	if ((header->nlmsg_type != RTM_NEWROUTE && header->nlmsg_type != RTM_DELROUTE) ||
		nlmsg_parse(header, sizeof(*info), attrs, RTA_MAX, NULL) < 0 ||
		!read_net(&route->place.dst, info->rtm_family, attrs[RTA_DST], info->rtm_dst_len) ||
		(info->rtm_src_len &&
		 !read_net(&route->place.src, info->rtm_family, attrs[RTA_SRC], info->rtm_src_len)))
		return false;
	route->place.table = attrs[RTA_TABLE] ? nla_get_u32(attrs[RTA_TABLE]) : info->rtm_table;
	route->place.metric = attrs[RTA_PRIORITY] ? nla_get_u32(attrs[RTA_PRIORITY]) : 0;
	route->place.tos = info->rtm_tos;
	if (attrs[RTA_OIF] && !attrs[RTA_MULTIPATH])
		route->ifindex = nla_get_u32(attrs[RTA_OIF]);
	route->type = info->rtm_type;
	route->protocol = info->rtm_protocol;
	route->is_cached = info->rtm_flags & RTM_F_CLONED;
	return true;
}

static int
on_dumped(struct nl_msg *msg, void *user_data)
{
	GArray *routes = user_data;
	Route route;

	if (read_route(nlmsg_hdr(msg), &route))
		g_array_append_val(routes, route);
	return NL_OK;
}

/* @ifindex, @type, @protocol: 0 for any; what the kernel does not filter the caller must. */
static int
dump_family(struct nl_sock *sock, int family, guint32 ifindex, guint8 type, guint8 protocol,
			GArray *routes)
{
	struct rtmsg info = {.rtm_family = family, .rtm_type = type, .rtm_protocol = protocol};
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETROUTE, NLM_F_DUMP);
	int n = msg ? nlmsg_append(msg, &info, sizeof(info), NLMSG_ALIGNTO) : -NLE_NOMEM;

	if (n >= 0 && ifindex)
		n = nla_put_u32(msg, RTA_OIF, ifindex);
	if (n >= 0)
		n = nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, on_dumped, routes);
	if (n >= 0)
		n = nl_send_auto(sock, msg);
	if (n >= 0)
		n = nl_recvmsgs_default(sock);
	if (msg)
		nlmsg_free(msg);
	/* No such interface any more, or no IPv6: no routes. */
	return n == -NLE_NODEV || n == -NLE_OPNOTSUPP || n == -NLE_AF_NOSUPPORT ? 0 : n;
}

static GArray *
dump(struct nl_sock *sock, guint32 ifindex, guint8 type, guint8 protocol, GError **error)
{
	g_autoptr(GArray) routes = g_array_new(FALSE, FALSE, sizeof(Route));
	int n, attempts = 5;

	/* A change during the dump is not this moment's table: once more. */
	do {
		g_array_set_size(routes, 0);
		n = dump_family(sock, AF_INET, ifindex, type, protocol, routes);
		if (n >= 0)
			n = dump_family(sock, AF_INET6, ifindex, type, protocol, routes);
	} while (n == -NLE_DUMP_INTR && --attempts > 0);
	if (n >= 0)
		return g_steal_pointer(&routes);
	fail(error, n, "read the kernel's routes");
	return NULL;
}

/* Puts a fallback there, or takes it away. */
static int
request(struct nl_sock *sock, int type, int flags, const Place *place)
{
	struct rtmsg info = {.rtm_family = place->dst.family,
						 .rtm_dst_len = place->dst.prefix,
						 .rtm_src_len = place->src.prefix,
						 .rtm_tos = place->tos,
						 .rtm_protocol = FALLBACK_ROUTES_PROTOCOL,
						 .rtm_scope = RT_SCOPE_UNIVERSE,
						 .rtm_type = RTN_UNREACHABLE};
	int len = (int) ip_net_max_prefix(place->dst.family) / 8;
	struct nl_msg *msg = nlmsg_alloc_simple(type, flags);
	int n = msg ? nlmsg_append(msg, &info, sizeof(info), NLMSG_ALIGNTO) : -NLE_NOMEM;

	if (n >= 0 && place->dst.prefix)
		n = nla_put(msg, RTA_DST, len, place->dst.bytes);
	if (n >= 0 && place->src.prefix)
		n = nla_put(msg, RTA_SRC, len, place->src.bytes);
	if (n >= 0)
		n = nla_put_u32(msg, RTA_TABLE, place->table);
	if (n >= 0)
		n = nla_put_u32(msg, RTA_PRIORITY, place->metric);
	if (n >= 0)
		n = nl_send_auto(sock, msg);
	if (n >= 0)
		n = nl_wait_for_ack(sock);
	if (msg)
		nlmsg_free(msg);
	return n;
}

/* NLM_F_CREATE alone puts an IPv4 fallback before another route of its metric. EEXIST: then there
 * is an unreachable route in that place already, a dead service's, or for IPv6 anybody's. */
static int
add_fallback(struct nl_sock *sock, const Place *place)
{
	g_autofree char *text = place_to_string(place);
	int n = request(sock, RTM_NEWROUTE, NLM_F_CREATE, place);

	if (n >= 0)
		g_debug("unreachable %s: added", text);
	else if (n != -NLE_EXIST)
		g_warning("cannot add an unreachable route (%s): %s", text, nl_geterror(n));
	return n;
}

/* Never another's: the kernel compares the protocol number. */
static void
delete_fallback(struct nl_sock *sock, const Place *place)
{
	g_autofree char *text = place_to_string(place);
	int n = request(sock, RTM_DELROUTE, 0, place);

	if (n >= 0)
		g_debug("unreachable %s: removed", text);
	else if (n != -NLE_OBJ_NOTFOUND)
		g_warning("cannot remove the unreachable route (%s): %s", text, nl_geterror(n));
}

/* Guarding */

static bool
is_link_local_or_multicast(const IpNet *net)
{
	return net->family == AF_INET6 && net->prefix >= 8 &&
		   (net->bytes[0] == 0xff ||
			(net->prefix >= 10 && net->bytes[0] == 0xfe && (net->bytes[1] & 0xc0) == 0x80));
}

static bool
is_ours(const FallbackRoutes *self, const Route *route)
{
	return route->ifindex == self->ifindex && route->type == RTN_UNICAST && !route->is_cached &&
		   route->place.table != RT_TABLE_LOCAL && !is_link_local_or_multicast(&route->place.dst);
}

/* An IPv6 route that was added with metric 0 is reported with 1024, which it has.
 * Returns: false where no metric is left. */
static bool
place_behind(const Route *route, Place *behind)
{
	*behind = route->place;
	behind->metric++;
	return behind->metric > route->place.metric;
}

static void
stand_at(FallbackRoutes *self, const Place *place, bool stands_in)
{
	Fallback *fallback = g_hash_table_lookup(self->fallbacks, place);
	int n;

	if (fallback) {
		fallback->stands_in = fallback->stands_in && stands_in;
		return;
	}
	n = add_fallback(self->requests, place);
	if (n < 0 && n != -NLE_EXIST)
		return;
	fallback = g_new0(Fallback, 1);
	fallback->place = *place;
	fallback->stands_in = stands_in;
	g_hash_table_add(self->fallbacks, fallback);
}

static void
stand_behind(FallbackRoutes *self, const Route *route)
{
	Place behind;

	if (place_behind(route, &behind))
		stand_at(self, &behind, false);
}

/* By whom, we do not know. */
static void
put_back(FallbackRoutes *self, Fallback *fallback)
{
	if (fallback->n_returns >= MAX_RETURNS || add_fallback(self->requests, &fallback->place) < 0)
		return;
	if (++fallback->n_returns == MAX_RETURNS) {
		g_autofree char *text = place_to_string(&fallback->place);

		g_warning("somebody keeps removing the unreachable route (%s): left to them", text);
	}
}

static GArray *
read_ours(FallbackRoutes *self, GError **error)
{
	GArray *routes = dump(self->requests, self->ifindex, RTN_UNICAST, 0, error);

	for (guint i = routes ? routes->len : 0; i > 0; i--) {
		if (!is_ours(self, &g_array_index(routes, Route, i - 1)))
			g_array_remove_index_fast(routes, i - 1);
	}
	return routes;
}

static bool
guard_all(FallbackRoutes *self, GError **error)
{
	g_autoptr(GArray) routes = read_ours(self, error);

	for (guint i = 0; routes && i < routes->len; i++)
		stand_behind(self, &g_array_index(routes, Route, i));
	return routes != NULL;
}

/* Settling */

static void
drop_superfluous(FallbackRoutes *self, const GArray *routes)
{
	GHashTableIter iter;
	gpointer key;

	for (guint i = 0; i < routes->len; i++) {
		Place behind;
		Fallback *fallback = place_behind(&g_array_index(routes, Route, i), &behind)
								 ? g_hash_table_lookup(self->fallbacks, &behind)
								 : NULL;

		if (fallback)
			fallback->is_needed = true;
	}
	g_hash_table_iter_init(&iter, self->fallbacks);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		Fallback *fallback = key;

		if (!fallback->is_needed) {
			delete_fallback(self->requests, &fallback->place);
			g_hash_table_iter_remove(&iter);
			continue;
		}
		fallback->is_needed = false;
	}
}

static gboolean
is_waiting(gpointer key, gpointer value, gpointer user_data)
{
	return ((const Fallback *) key)->stands_in;
}

static gboolean
is_given_up(gpointer key, gpointer value, gpointer user_data)
{
	const Fallback *fallback = key;
	FallbackRoutes *self = user_data;

	if (fallback->stands_in)
		delete_fallback(self->requests, &fallback->place);
	return fallback->stands_in;
}

static gboolean
on_stood_in(gpointer user_data)
{
	FallbackRoutes *self = user_data;

	self->stand_in_source = 0;
	g_hash_table_foreach_remove(self->fallbacks, is_given_up, self);
	return G_SOURCE_REMOVE;
}

static gboolean
on_quiet(gpointer user_data)
{
	FallbackRoutes *self = user_data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) routes = NULL;

	self->quiet_source = 0;
	routes = read_ours(self, &error);
	if (!routes) {
		g_warning("%s", error->message);
		return G_SOURCE_REMOVE;
	}
	if (routes->len == 0)
		return G_SOURCE_REMOVE; /* the new ones are still to come: the next event asks again */
	for (guint i = 0; i < routes->len; i++)
		stand_behind(self, &g_array_index(routes, Route, i));
	drop_superfluous(self, routes);
	self->settling = false;
	return G_SOURCE_REMOVE;
}

static void
stirred(FallbackRoutes *self)
{
	if (!self->settling)
		return;
	g_clear_handle_id(&self->quiet_source, g_source_remove);
	self->quiet_source = g_timeout_add(QUIET_MS, on_quiet, self);
}

/* Events */

static bool
may_end_fallback(const struct nlmsghdr *header, const Route *route)
{
	if (header->nlmsg_type == RTM_DELROUTE)
		return route->type == RTN_UNREACHABLE;
	return (header->nlmsg_flags & NLM_F_REPLACE) && route->protocol != FALLBACK_ROUTES_PROTOCOL;
}

static int
on_event(struct nl_msg *msg, void *user_data)
{
	FallbackRoutes *self = user_data;
	struct nlmsghdr *header = nlmsg_hdr(msg);
	Route route;
	Fallback *fallback;

	if (!read_route(header, &route))
		return NL_OK;
	if (is_ours(self, &route)) {
		if (header->nlmsg_type == RTM_NEWROUTE)
			stand_behind(self, &route);
		stirred(self);
	} else if (may_end_fallback(header, &route)) {
		fallback = g_hash_table_lookup(self->fallbacks, &route.place);
		if (fallback)
			put_back(self, fallback);
	}
	return NL_OK;
}

/* Events were lost: routes of ours may have come, fallbacks may have gone. */
static void
catch_up(FallbackRoutes *self)
{
	g_autoptr(GError) error = NULL;
	GHashTableIter iter;
	gpointer key;

	g_debug("route events were lost: reading all routes");
	if (!guard_all(self, &error))
		g_warning("%s", error->message);
	g_hash_table_iter_init(&iter, self->fallbacks);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		put_back(self, key);
	stirred(self);
}

/* Returns: 0, or why there will be no more. */
static int
read_events(FallbackRoutes *self)
{
	int n;

	do {
		n = nl_recvmsgs_default(self->events);
		if (n == -NLE_NOMEM || n == -NLE_MSG_OVERFLOW) {
			catch_up(self); /* ENOBUFS */
			n = 0;
		}
	} while (n >= 0);
	return n == -NLE_AGAIN ? 0 : n;
}

static gboolean
on_events(gint fd, GIOCondition condition, gpointer user_data)
{
	FallbackRoutes *self = user_data;
	int n = read_events(self);

	if (n == 0)
		return G_SOURCE_CONTINUE;
	g_warning("cannot watch the kernel's routes any more: %s", nl_geterror(n));
	self->events_source = 0;
	return G_SOURCE_REMOVE;
}

static bool
watch(FallbackRoutes *self, GError **error)
{
	int n;

	self->events = connect_route(error);
	if (!self->events)
		return false;
	nl_socket_disable_seq_check(self->events);
	nl_socket_modify_cb(self->events, NL_CB_VALID, NL_CB_CUSTOM, on_event, self);
	nl_socket_set_buffer_size(self->events, EVENT_BUFFER, 0);
	n = nl_socket_add_memberships(self->events, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE, 0);
	if (n >= 0)
		n = nl_socket_set_nonblocking(self->events);
	if (n < 0)
		return fail(error, n, "watch the kernel's routes");
	self->events_source = g_unix_fd_add(nl_socket_get_fd(self->events),
										G_IO_IN | G_IO_ERR | G_IO_HUP, on_events, self);
	return true;
}

FallbackRoutes *
fallback_routes_new(int ifindex, GError **error)
{
	g_autoptr(FallbackRoutes) self = g_new0(FallbackRoutes, 1);

	self->ifindex = (guint32) ifindex;
	self->fallbacks = g_hash_table_new_full(place_hash, place_equal, g_free, NULL);
	self->requests = connect_route(error);
	/* First the watch, then the look: nothing comes between. */
	if (!self->requests || !watch(self, error) || !guard_all(self, error))
		return NULL;
	return g_steal_pointer(&self);
}

void
fallback_routes_settle(FallbackRoutes *self)
{
	/* What has happened until now is not yet the new configuration's. */
	if (self->events_source)
		read_events(self);
	g_clear_handle_id(&self->quiet_source, g_source_remove);
	self->settling = true;
	g_clear_handle_id(&self->stand_in_source, g_source_remove);
	if (g_hash_table_find(self->fallbacks, is_waiting, NULL))
		self->stand_in_source = g_timeout_add(STAND_IN_MS, on_stood_in, self);
}

void
fallback_routes_follow(FallbackRoutes *self, int ifindex)
{
	g_clear_handle_id(&self->quiet_source, g_source_remove);
	self->settling = false;
	self->ifindex = (guint32) ifindex;
}

void
fallback_routes_stand_in(FallbackRoutes *self, const IpNet *nets, gsize n_nets)
{
	for (gsize i = 0; i < n_nets; i++) {
		Place place = {.table = RT_TABLE_MAIN, .metric = VPN_METRIC + 1};

		place.dst = nets[i];
		if (nets[i].prefix > 0)
			stand_at(self, &place, true);
	}
}

void
fallback_routes_free(FallbackRoutes *self)
{
	GHashTableIter iter;
	gpointer key;

	if (!self)
		return;
	g_clear_handle_id(&self->quiet_source, g_source_remove);
	g_clear_handle_id(&self->stand_in_source, g_source_remove);
	g_clear_handle_id(&self->events_source, g_source_remove);
	g_hash_table_iter_init(&iter, self->fallbacks);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		delete_fallback(self->requests, &((Fallback *) key)->place);
	g_hash_table_unref(self->fallbacks);
	if (self->events)
		nl_socket_free(self->events);
	if (self->requests)
		nl_socket_free(self->requests);
	g_free(self);
}

bool
fallback_routes_clean_stale(GError **error)
{
	struct nl_sock *sock = connect_route(error);
	g_autoptr(GArray) routes =
		sock ? dump(sock, 0, RTN_UNREACHABLE, FALLBACK_ROUTES_PROTOCOL, error) : NULL;

	for (guint i = 0; routes && i < routes->len; i++) {
		const Route *route = &g_array_index(routes, Route, i);

		if (route->type == RTN_UNREACHABLE && route->protocol == FALLBACK_ROUTES_PROTOCOL)
			delete_fallback(sock, &route->place);
	}
	if (sock)
		nl_socket_free(sock);
	return routes != NULL;
}
