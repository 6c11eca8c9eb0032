/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's word on which routes there are is a dump: it reports what comes, but not all that
 * goes. So an event adds a fallback, and only a dump removes one.
 */
#include "config.h"

#include "fallback-routes.h"
#include "route.h"
#include "tunnel-table.h"
#include "underlay-route.h"

#include <errno.h>
#include <string.h>

#define QUIET_MS    1000
#define STAND_IN_MS 5000
/* For so long after a report a family without any route is one whose routes are still to come. */
#define PATIENT_MS 10000

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
	guint n_returns;    /* that it was put back */
	gboolean is_needed; /* while settling */
	gboolean stands_in; /* no route has been seen there yet */
} Fallback;

struct FallbackRoutes {
	int ifindex;
	Netlink *requests;
	NetlinkSubscription *events;
	guint quiet_source;
	guint stand_in_source;
	gboolean settling;
	gint64 patient_until_us;
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

static Place
place_of(const Route *route)
{
	Place place = {.table = route->table, .metric = route->metric, .tos = route->tos};

	place.dst = route->dst;
	place.src = route->src;
	return place;
}

/* Talking */

static void
append_route(struct nlmsghdr *message, GArray *into, gconstpointer user_data)
{
	Route route;

	if (route_read(message, 0, &route))
		g_array_append_val(into, route);
}

/* Those that are like @like, and where the kernel cannot choose perhaps others. */
static GArray *
dump(Netlink *netlink, const Route *like, GError **error)
{
	static const int families[] = {AF_INET, AF_INET6};
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Route));

	for (guint i = 0; i < G_N_ELEMENTS(families); i++) {
		g_autoptr(GArray) routes = g_array_new(FALSE, FALSE, sizeof(Route));
		int n = route_dump(netlink, families[i], like, append_route, routes, NULL);

		/* No such interface any more, or no IPv6: no routes. */
		if (n < 0 && n != -ENODEV && n != -EOPNOTSUPP && n != -EAFNOSUPPORT) {
			netlink_fail(error, n, "read the kernel's routes");
			return NULL;
		}
		g_array_append_vals(all, routes->data, routes->len);
	}
	return g_steal_pointer(&all);
}

/* Puts a fallback there, or takes it away. */
static int
request(Netlink *netlink, int type, int flags, const Place *place)
{
	const Route fallback = {.dst = place->dst,
							.src = place->src,
							.table = place->table,
							.metric = place->metric,
							.tos = place->tos,
							.type = RTN_UNREACHABLE,
							.protocol = FALLBACK_ROUTES_PROTOCOL};

	return netlink_request(netlink, route_message(type, flags, &fallback));
}

/* NLM_F_CREATE alone puts an IPv4 fallback before another route of its metric. EEXIST: then there
 * is an unreachable route in that place already, a dead service's, or for IPv6 anybody's. */
static int
add_fallback(Netlink *netlink, const Place *place)
{
	g_autofree char *text = place_to_string(place);
	int n = request(netlink, RTM_NEWROUTE, NLM_F_CREATE, place);

	if (n >= 0)
		g_debug("unreachable %s: added", text);
	else if (n != -EEXIST)
		g_warning("cannot add an unreachable route (%s): %s", text, netlink_strerror(n));
	return n;
}

/* Never another's: the kernel compares the protocol number. */
static void
delete_fallback(Netlink *netlink, const Place *place)
{
	g_autofree char *text = place_to_string(place);
	int n = request(netlink, RTM_DELROUTE, 0, place);

	if (n >= 0)
		g_debug("unreachable %s: removed", text);
	else if (!netlink_is_gone(n))
		g_warning("cannot remove the unreachable route (%s): %s", text, netlink_strerror(n));
}

/* Twins: two connections may have a route to one prefix, and in the main table the fallback behind
 * it is one for both. Each has another in its own table (tunnel-table.h), with the same prefix and
 * metric, by which the kernel says whose it is, too. */

static gboolean
is_tunnel_table(guint32 table)
{
	return table >= TUNNEL_TABLE_FIRST && table < TUNNEL_TABLE_FIRST + 2 * TUNNEL_TABLE_COUNT;
}

/* Returns: (transfer full) (element-type Route): all fallbacks of all connections; NULL with an
 * error. */
static GArray *
read_fallbacks(Netlink *netlink, GError **error)
{
	const Route like = {.type = RTN_UNREACHABLE, .protocol = FALLBACK_ROUTES_PROTOCOL};
	GArray *routes = dump(netlink, &like, error);

	for (guint i = routes ? routes->len : 0; i > 0; i--) {
		const Route *route = &g_array_index(routes, Route, i - 1);

		if (route->type != like.type || route->protocol != like.protocol)
			g_array_remove_index_fast(routes, i - 1);
	}
	return routes;
}

/* Whether one of @all is the twin of what is at @place, and is not @own (set of Fallback; NULL for
 * none). */
static gboolean
has_twin(const GArray *all, const Place *place, GHashTable *own)
{
	for (guint i = 0; all && i < all->len; i++) {
		const Place other = place_of(&g_array_index(all, Route, i));
		Place there = other;

		there.table = place->table;
		if (is_tunnel_table(other.table) && place_equal(&there, place) &&
			!(own && g_hash_table_contains(own, &other)))
			return TRUE;
	}
	return FALSE;
}

/* @all: as the kernel has them; NULL where it is not known */
static void
delete_unless_anothers(FallbackRoutes *self, const GArray *all, const Place *place)
{
	if (is_tunnel_table(place->table) || !has_twin(all, place, self->fallbacks))
		delete_fallback(self->requests, place);
}

/* Forgotten once all are deleted: of two twins of ours that go together neither is another's.
 *
 * @doomed: (element-type Fallback): of ours */
static void
give_up(FallbackRoutes *self, const GPtrArray *doomed)
{
	g_autoptr(GArray) all = doomed->len > 0 ? read_fallbacks(self->requests, NULL) : NULL;

	for (guint i = 0; i < doomed->len; i++)
		delete_unless_anothers(self, all, &((const Fallback *) doomed->pdata[i])->place);
	for (guint i = 0; i < doomed->len; i++)
		g_hash_table_remove(self->fallbacks, doomed->pdata[i]);
}

/* Guarding */

/* Not the route by which another connection inside of this tunnel reaches its gateway: that one
 * comes and goes with it. */
static gboolean
is_ours(const FallbackRoutes *self, const Route *route)
{
	return route->protocol != UNDERLAY_ROUTE_PROTOCOL && route->oif == self->ifindex &&
		   !route->is_multipath && route->type == RTN_UNICAST && !(route->flags & RTM_F_CLONED) &&
		   route->table != RT_TABLE_LOCAL && !ip_net_is_of_link(&route->dst);
}

/* An IPv6 route that was added with metric 0 is reported with 1024, which it has.
 * Returns: false where no metric is left. */
static gboolean
place_behind(const Route *route, Place *behind)
{
	*behind = place_of(route);
	behind->metric++;
	return behind->metric > route->metric;
}

static void
stand_at(FallbackRoutes *self, const Place *place, gboolean stands_in)
{
	Fallback *fallback = g_hash_table_lookup(self->fallbacks, place);
	int n;

	if (fallback) {
		fallback->stands_in = fallback->stands_in && stands_in;
		return;
	}
	n = add_fallback(self->requests, place);
	if (n < 0 && n != -EEXIST)
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
		stand_at(self, &behind, FALSE);
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
	const Route like = {.oif = self->ifindex, .type = RTN_UNICAST};
	GArray *routes = dump(self->requests, &like, error);

	for (guint i = routes ? routes->len : 0; i > 0; i--) {
		if (!is_ours(self, &g_array_index(routes, Route, i - 1)))
			g_array_remove_index_fast(routes, i - 1);
	}
	return routes;
}

static gboolean
guard_all(FallbackRoutes *self, GError **error)
{
	g_autoptr(GArray) routes = read_ours(self, error);

	for (guint i = 0; routes && i < routes->len; i++)
		stand_behind(self, &g_array_index(routes, Route, i));
	return routes != NULL;
}

/* Settling */

static gboolean
has_family(const GArray *routes, int family)
{
	for (guint i = 0; i < routes->len; i++) {
		if (g_array_index(routes, Route, i).dst.family == family)
			return TRUE;
	}
	return FALSE;
}

/* With a link's last IPv4 address go its IPv4 routes, and none of IPv6. */
static gboolean
is_awaited(const FallbackRoutes *self, const Fallback *fallback, const GArray *routes)
{
	return g_get_monotonic_time() < self->patient_until_us &&
		   !has_family(routes, fallback->place.dst.family);
}

/* Returns: whether some may be superfluous later. */
static gboolean
drop_superfluous(FallbackRoutes *self, const GArray *routes)
{
	g_autoptr(GPtrArray) doomed = g_ptr_array_new();
	gboolean is_any_awaited = FALSE;
	GHashTableIter iter;
	gpointer key;

	for (guint i = 0; i < routes->len; i++) {
		Place behind;
		Fallback *fallback = place_behind(&g_array_index(routes, Route, i), &behind)
								 ? g_hash_table_lookup(self->fallbacks, &behind)
								 : NULL;

		if (fallback)
			fallback->is_needed = TRUE;
	}
	g_hash_table_iter_init(&iter, self->fallbacks);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		Fallback *fallback = key;

		if (!fallback->is_needed && is_awaited(self, fallback, routes))
			is_any_awaited = TRUE;
		else if (!fallback->is_needed)
			g_ptr_array_add(doomed, fallback);
		fallback->is_needed = FALSE;
	}
	give_up(self, doomed);
	return is_any_awaited;
}

static gboolean
is_waiting(gpointer key, gpointer value, gpointer user_data)
{
	return ((const Fallback *) key)->stands_in;
}

static gboolean
on_stood_in(gpointer user_data)
{
	FallbackRoutes *self = user_data;
	g_autoptr(GPtrArray) doomed = g_ptr_array_new();
	GHashTableIter iter;
	gpointer key;

	self->stand_in_source = 0;
	g_hash_table_iter_init(&iter, self->fallbacks);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		if (((const Fallback *) key)->stands_in)
			g_ptr_array_add(doomed, key);
	}
	give_up(self, doomed);
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
	self->settling = drop_superfluous(self, routes);
	if (self->settling)
		self->quiet_source = g_timeout_add(PATIENT_MS, on_quiet, self);
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

static gboolean
may_end_fallback(const struct nlmsghdr *header, const Route *route)
{
	if (header->nlmsg_type == RTM_DELROUTE)
		return route->type == RTN_UNREACHABLE;
	return (header->nlmsg_flags & NLM_F_REPLACE) && route->protocol != FALLBACK_ROUTES_PROTOCOL;
}

static void
on_event(struct nlmsghdr *message, gpointer user_data)
{
	FallbackRoutes *self = user_data;
	Route route;

	if (!route_read(message, 0, &route))
		return;
	if (is_ours(self, &route)) {
		if (message->nlmsg_type == RTM_NEWROUTE)
			stand_behind(self, &route);
		stirred(self);
	} else if (may_end_fallback(message, &route)) {
		Place place = place_of(&route);
		Fallback *fallback = g_hash_table_lookup(self->fallbacks, &place);

		if (fallback)
			put_back(self, fallback);
	}
}

/* Events were lost: routes of ours may have come, fallbacks may have gone. */
static void
catch_up(gpointer user_data)
{
	FallbackRoutes *self = user_data;
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

static const NetlinkInterest route_events = {
	.what = "the kernel's routes",
	.protocol = NETLINK_ROUTE,
	.groups = {RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE},
	.buffer = EVENT_BUFFER,
	.on_message = on_event,
	.on_lost = catch_up,
};

/* First the watch, then the look: nothing comes between. */
static gboolean
begin(FallbackRoutes *self, GError **error)
{
	self->requests = netlink_open(NETLINK_ROUTE, NETLINK_OWN_NAMESPACE, error);
	if (!self->requests)
		return FALSE;
	self->events = netlink_subscribe(&route_events, NETLINK_OWN_NAMESPACE, self, error);
	return self->events && guard_all(self, error);
}

FallbackRoutes *
fallback_routes_new(int ifindex, GError **error)
{
	g_autoptr(FallbackRoutes) self = g_new0(FallbackRoutes, 1);

	self->ifindex = ifindex;
	self->fallbacks = g_hash_table_new_full(place_hash, place_equal, g_free, NULL);
	if (!begin(self, error))
		return NULL;
	return g_steal_pointer(&self);
}

void
fallback_routes_settle(FallbackRoutes *self)
{
	/* What has happened until now is not yet the new configuration's. */
	netlink_subscription_read(self->events);
	g_clear_handle_id(&self->quiet_source, g_source_remove);
	self->settling = TRUE;
	self->patient_until_us = g_get_monotonic_time() + PATIENT_MS * G_TIME_SPAN_MILLISECOND;
	g_clear_handle_id(&self->stand_in_source, g_source_remove);
	if (g_hash_table_find(self->fallbacks, is_waiting, NULL))
		self->stand_in_source = g_timeout_add(STAND_IN_MS, on_stood_in, self);
}

void
fallback_routes_follow(FallbackRoutes *self, int ifindex)
{
	g_clear_handle_id(&self->quiet_source, g_source_remove);
	self->settling = FALSE;
	self->ifindex = ifindex;
}

void
fallback_routes_stand_in(FallbackRoutes *self, const IpNet *nets, gsize n_nets)
{
	for (gsize i = 0; i < n_nets; i++) {
		Place place = {.table = RT_TABLE_MAIN, .metric = VPN_METRIC + 1};

		place.dst = nets[i];
		if (nets[i].prefix > 0)
			stand_at(self, &place, TRUE);
	}
}

void
fallback_routes_free(FallbackRoutes *self)
{
	g_autoptr(GArray) all = NULL;
	GHashTableIter iter;
	gpointer key;

	if (!self)
		return;
	g_clear_handle_id(&self->quiet_source, g_source_remove);
	g_clear_handle_id(&self->stand_in_source, g_source_remove);
	netlink_unsubscribe(self->events);
	all = g_hash_table_size(self->fallbacks) > 0 ? read_fallbacks(self->requests, NULL) : NULL;
	g_hash_table_iter_init(&iter, self->fallbacks);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		delete_unless_anothers(self, all, &((Fallback *) key)->place);
	g_hash_table_unref(self->fallbacks);
	netlink_close(self->requests);
	g_free(self);
}

/* Of a table of a tunnel that is gone. */
static void
clean_table(Netlink *netlink, GArray *all, guint32 table)
{
	for (guint i = all->len; table && i > 0; i--) {
		const Place place = place_of(&g_array_index(all, Route, i - 1));

		if (place.table != table)
			continue;
		delete_fallback(netlink, &place);
		g_array_remove_index_fast(all, i - 1);
	}
}

gboolean
fallback_routes_clean_stale(guint32 table, GError **error)
{
	g_autoptr(Netlink) netlink = netlink_open(NETLINK_ROUTE, NETLINK_OWN_NAMESPACE, error);
	g_autoptr(GArray) all = netlink ? read_fallbacks(netlink, error) : NULL;

	if (!all)
		return FALSE;
	clean_table(netlink, all, table);
	for (guint i = 0; i < all->len; i++) {
		const Place place = place_of(&g_array_index(all, Route, i));

		if (!is_tunnel_table(place.table) && !has_twin(all, &place, NULL))
			delete_fallback(netlink, &place);
	}
	return TRUE;
}
