/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens in the kernel is only the occasion to ask; what has happened is not read. So nothing
 * depends on the order in which it tells.
 */
#include "config.h"

#include "underlay-watch.h"
#include "local-address.h"
#include "netlink.h"

#include <linux/rtnetlink.h>

struct UnderlayWatch {
	IpNet gateway;
	int tunnel;
	UnderlayWatchFunc func;
	const UnderlayClaims *claims; /* NULL for none */
	gpointer user_data;
	NetlinkSubscription *events;
	guint settle_source;
	guint loyal_source; /* while there is no route, for so long only the one gateway counts */
	GArray *others;     /* of IpNet */
	gint64 stirred_us;  /* when the first change came that was not looked at yet */
	gboolean is_there;
	gboolean held;          /* underlay_watch_hold() */
	UnderlayRoute underlay; /* the last one; all zero before the first */
	GArray *addresses;      /* of LocalAddress, of all links but the tunnel's */
	gboolean has_route;     /* there is a host route of ours, by routed */
	UnderlayRoute routed;
};

static void
delete_route(UnderlayWatch *self, GError **error)
{
	self->has_route = FALSE;
	/* In this order, of two that go at once the second sees that it is the last. */
	if (self->claims)
		self->claims->claim(NULL, self->user_data);
	if (!self->claims || !self->claims->is_anothers(&self->gateway, self->user_data))
		underlay_route_delete_route(&self->gateway, error);
}

/* In a full tunnel the tunnel is the route to the gateway too, unless there is a host route.
 * NetworkManager makes one on the link that the connection was started on; when that link is given
 * up it leaves it there (vpn.persistent), and makes no other. */
static void
keep_route(UnderlayWatch *self)
{
	g_autoptr(GError) error = NULL;
	gboolean needed;

	needed =
		self->is_there && (self->held || underlay_route_needs_route(&self->gateway, self->tunnel));
	if (needed) {
		/* Even where it has been added before: the kernel flushes it with the link's last address.
		 */
		if (self->claims && !self->has_route)
			self->claims->claim(&self->gateway, self->user_data);
		self->has_route = underlay_route_add_route(&self->gateway, &self->underlay, &error);
		if (self->claims && !self->has_route)
			self->claims->claim(NULL, self->user_data);
	} else if (self->has_route) {
		delete_route(self, &error);
	}
	if (error)
		g_warning("%s", error->message);
}

static gboolean
same_addresses(const GArray *a, const GArray *b)
{
	for (guint i = 0; a->len == b->len && i < a->len; i++) {
		if (!local_address_equal(&g_array_index(a, LocalAddress, i),
								 &g_array_index(b, LocalAddress, i)))
			return FALSE;
	}
	return a->len == b->len;
}

/* Returns whether they are others than before. */
static gboolean
look_at_addresses(UnderlayWatch *self)
{
	GArray *addresses = local_address_list_but(self->tunnel);
	gboolean is_same;

	is_same = same_addresses(addresses, self->addresses);
	g_array_unref(self->addresses);
	self->addresses = addresses;
	return !is_same;
}

static void
turn_to(UnderlayWatch *self, const IpNet *gateway)
{
	if (self->has_route && !ip_net_equal(&self->gateway, gateway))
		delete_route(self, NULL);
	self->gateway = *gateway;
}

/* Returns: whether one of them has a route. */
static gboolean
try_others(UnderlayWatch *self)
{
	const IpNet *other = self->others ? underlay_route_find_first(self->others, AF_UNSPEC,
																  self->tunnel, &self->underlay)
									  : NULL;

	if (!other)
		return FALSE;
	turn_to(self, other);
	self->is_there = TRUE;
	look_at_addresses(self);
	keep_route(self);
	self->func(UPLINK_NEWS_CHANGED, self->user_data);
	return TRUE;
}

static gboolean
on_loyal_enough(gpointer user_data)
{
	UnderlayWatch *self = user_data;

	self->loyal_source = 0;
	try_others(self);
	return G_SOURCE_REMOVE;
}

static void
compare(UnderlayWatch *self)
{
	UnderlayRoute underlay;
	gboolean was_there = self->is_there;
	gboolean is_same, is_mtu, is_link;

	self->is_there = underlay_route_find(&self->gateway, self->tunnel, &underlay, NULL);
	if (!self->is_there) {
		keep_route(self);
		is_link = look_at_addresses(self);
		if (was_there) {
			self->loyal_source = g_timeout_add(UNDERLAY_WATCH_LOYAL_MS, on_loyal_enough, self);
			self->func(UPLINK_NEWS_GONE, self->user_data);
		} else if ((self->loyal_source != 0 || !try_others(self)) && is_link) {
			self->func(UPLINK_NEWS_LINK, self->user_data);
		}
		return;
	}
	g_clear_handle_id(&self->loyal_source, g_source_remove);
	is_same = underlay_route_is_same(&underlay, &self->underlay);
	/* Another router on the same link, for the same address: the SAs do not mind. */
	if (was_there && underlay.ifindex == self->underlay.ifindex &&
		ip_net_equal(&underlay.source, &self->underlay.source))
		is_same = TRUE;
	is_mtu = underlay.mtu != self->underlay.mtu;
	is_link = !ip_net_equal(&underlay.next_hop, &self->underlay.next_hop);
	self->underlay = underlay;
	is_link |= look_at_addresses(self);
	keep_route(self);
	if (!is_same)
		self->func(UPLINK_NEWS_CHANGED, self->user_data);
	else if (!was_there)
		self->func(UPLINK_NEWS_BACK, self->user_data);
	else if (is_mtu)
		self->func(UPLINK_NEWS_MTU, self->user_data);
	else if (is_link)
		self->func(UPLINK_NEWS_LINK, self->user_data);
}

static gboolean
on_settled(gpointer user_data)
{
	UnderlayWatch *self = user_data;

	self->settle_source = 0;
	self->stirred_us = 0;
	compare(self);
	return G_SOURCE_REMOVE;
}

static void
stirred(gpointer user_data)
{
	UnderlayWatch *self = user_data;
	gint64 now = g_get_monotonic_time();

	if (self->stirred_us == 0)
		self->stirred_us = now;
	else if (now - self->stirred_us >=
			 (UNDERLAY_WATCH_PATIENT_MS - UNDERLAY_WATCH_QUIET_MS) * G_TIME_SPAN_MILLISECOND)
		return; /* it is looked at when it is, however much more comes */
	g_clear_handle_id(&self->settle_source, g_source_remove);
	self->settle_source = g_timeout_add(UNDERLAY_WATCH_QUIET_MS, on_settled, self);
}

static void
on_event(struct nlmsghdr *message, gpointer user_data)
{
	stirred(user_data);
}

/* That some were lost is an occasion too. */
static const NetlinkInterest changes = {
	.what = "the route to the gateway",
	.protocol = NETLINK_ROUTE,
	.groups = {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE,
			   RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE},
	.on_message = on_event,
	.on_lost = stirred,
};

UnderlayWatch *
underlay_watch_new(const IpNet *gateway, int tunnel, UnderlayWatchFunc func,
				   const UnderlayClaims *claims, gpointer user_data, GError **error)
{
	g_autoptr(UnderlayWatch) self = g_new0(UnderlayWatch, 1);

	self->func = func;
	self->claims = claims;
	self->user_data = user_data;
	self->addresses = g_array_new(FALSE, FALSE, sizeof(LocalAddress));
	self->events = netlink_subscribe(&changes, NETLINK_OWN_NAMESPACE, self, error);
	if (!self->events)
		return NULL;
	underlay_watch_follow(self, gateway, tunnel);
	return g_steal_pointer(&self);
}

void
underlay_watch_free(UnderlayWatch *self)
{
	if (!self)
		return;
	if (self->has_route)
		delete_route(self, NULL);
	g_clear_handle_id(&self->settle_source, g_source_remove);
	g_clear_handle_id(&self->loyal_source, g_source_remove);
	netlink_unsubscribe(self->events);
	g_array_unref(self->addresses);
	g_clear_pointer(&self->others, g_array_unref);
	g_free(self);
}

/* It is no news. */
static void
look(UnderlayWatch *self)
{
	self->is_there = underlay_route_find(&self->gateway, self->tunnel, &self->underlay, NULL);
	if (self->is_there)
		g_clear_handle_id(&self->loyal_source, g_source_remove);
	look_at_addresses(self);
	keep_route(self);
}

void
underlay_watch_follow(UnderlayWatch *self, const IpNet *gateway, int tunnel)
{
	turn_to(self, gateway);
	self->tunnel = tunnel;
	look(self);
}

void
underlay_watch_know_others(UnderlayWatch *self, GArray *addresses)
{
	g_clear_pointer(&self->others, g_array_unref);
	self->others = g_array_ref(addresses);
}

const IpNet *
underlay_watch_get_gateway(const UnderlayWatch *self)
{
	return &self->gateway;
}

void
underlay_watch_hold(UnderlayWatch *self)
{
	self->held = TRUE;
	look(self);
}

const UnderlayRoute *
underlay_watch_get(const UnderlayWatch *self)
{
	return self->is_there ? &self->underlay : NULL;
}

const GArray *
underlay_watch_get_addresses(const UnderlayWatch *self)
{
	return self->addresses;
}
