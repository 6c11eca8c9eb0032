/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens in the kernel is only the occasion to ask; what has happened is not read. So nothing
 * depends on the order in which it tells.
 */
#include "config.h"

#include "underlay-watch.h"

#include <glib-unix.h>
#include <linux/rtnetlink.h>
#include <netlink/errno.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

struct UnderlayWatch {
	IpNet gateway;
	int tunnel;
	UnderlayWatchFunc func;
	gpointer user_data;
	struct nl_sock *events;
	guint events_source;
	guint settle_source;
	guint loyal_source; /* while there is no way, for so long only the one gateway counts */
	GArray *others;     /* of IpNet */
	gint64 stirred_us;  /* when the first change came that was not looked at yet */
	bool is_there;
	bool held;         /* underlay_watch_hold() */
	UnderlayRoute way; /* the last one; all zero before the first */
	bool has_route;    /* there is a host route of ours, by routed */
	UnderlayRoute routed;
};

/* In a full tunnel the tunnel is the way to the gateway too, unless there is a host route.
 * NetworkManager makes one on the link that the connection was started on; when that link is given
 * up it leaves it there (vpn.persistent), and makes no other. */
static void
keep_route(UnderlayWatch *self)
{
	g_autoptr(GError) error = NULL;
	bool needed;

	needed =
		self->is_there && (self->held || underlay_route_needs_route(&self->gateway, self->tunnel));
	if (needed) {
		/* Even where it has been added before: the kernel flushes it with the link's last address.
		 */
		self->has_route = underlay_route_add_route(&self->gateway, &self->way, &error);
	} else if (self->has_route) {
		self->has_route = false;
		underlay_route_delete_routes(&self->gateway, &error);
	}
	if (error)
		g_warning("%s", error->message);
}

static void
turn_to(UnderlayWatch *self, const IpNet *gateway)
{
	if (self->has_route && !ip_net_equal(&self->gateway, gateway)) {
		underlay_route_delete_routes(&self->gateway, NULL);
		self->has_route = false;
	}
	self->gateway = *gateway;
}

static void
try_others(UnderlayWatch *self)
{
	const IpNet *other =
		self->others ? underlay_route_find_first(self->others, AF_UNSPEC, self->tunnel, &self->way)
					 : NULL;

	if (!other)
		return;
	turn_to(self, other);
	self->is_there = true;
	keep_route(self);
	self->func(UPLINK_NEWS_CHANGED, self->user_data);
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
	UnderlayRoute way;
	bool was_there = self->is_there;
	bool is_same, is_mtu;

	self->is_there = underlay_route_find(&self->gateway, self->tunnel, &way, NULL);
	if (!self->is_there) {
		keep_route(self);
		if (was_there) {
			self->loyal_source = g_timeout_add(UNDERLAY_WATCH_LOYAL_MS, on_loyal_enough, self);
			self->func(UPLINK_NEWS_GONE, self->user_data);
		} else if (self->loyal_source == 0) {
			try_others(self);
		}
		return;
	}
	g_clear_handle_id(&self->loyal_source, g_source_remove);
	is_same = underlay_route_is_same(&way, &self->way);
	/* Another router on the same link, for the same address: the SAs do not mind. */
	if (was_there && way.ifindex == self->way.ifindex &&
		ip_net_equal(&way.source, &self->way.source))
		is_same = true;
	is_mtu = way.mtu != self->way.mtu;
	self->way = way;
	keep_route(self);
	if (!is_same)
		self->func(UPLINK_NEWS_CHANGED, self->user_data);
	else if (!was_there)
		self->func(UPLINK_NEWS_BACK, self->user_data);
	else if (is_mtu)
		self->func(UPLINK_NEWS_MTU, self->user_data);
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
stirred(UnderlayWatch *self)
{
	gint64 now = g_get_monotonic_time();

	if (self->stirred_us == 0)
		self->stirred_us = now;
	else if (now - self->stirred_us >=
			 (UNDERLAY_WATCH_PATIENT_MS - UNDERLAY_WATCH_QUIET_MS) * G_TIME_SPAN_MILLISECOND)
		return; /* it is looked at when it is, however much more comes */
	g_clear_handle_id(&self->settle_source, g_source_remove);
	self->settle_source = g_timeout_add(UNDERLAY_WATCH_QUIET_MS, on_settled, self);
}

static int
on_event(struct nl_msg *msg, void *user_data)
{
	return NL_OK;
}

static gboolean
on_events(gint fd, GIOCondition condition, gpointer user_data)
{
	UnderlayWatch *self = user_data;
	int n;

	do {
		n = nl_recvmsgs_default(self->events);
		if (n == -NLE_NOMEM || n == -NLE_MSG_OVERFLOW)
			n = 0; /* ENOBUFS: some were lost, which is an occasion too */
	} while (n >= 0);
	stirred(self);
	if (n == -NLE_AGAIN)
		return G_SOURCE_CONTINUE;
	g_warning("cannot watch the way to the gateway any more: %s", nl_geterror(n));
	self->events_source = 0;
	return G_SOURCE_REMOVE;
}

static int
subscribe(struct nl_sock *sock)
{
	int n = nl_connect(sock, NETLINK_ROUTE);

	if (n < 0)
		return n;
	nl_socket_disable_seq_check(sock);
	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, on_event, NULL);
	n = nl_socket_add_memberships(sock, RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR,
								  RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV4_RULE,
								  RTNLGRP_IPV6_RULE, 0);
	return n < 0 ? n : nl_socket_set_nonblocking(sock);
}

UnderlayWatch *
underlay_watch_new(const IpNet *gateway, int tunnel, UnderlayWatchFunc func, gpointer user_data,
				   GError **error)
{
	g_autoptr(UnderlayWatch) self = g_new0(UnderlayWatch, 1);
	int n;

	self->func = func;
	self->user_data = user_data;
	self->events = nl_socket_alloc();
	n = self->events ? subscribe(self->events) : -NLE_NOMEM;
	if (n < 0) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot watch the kernel's routes: %s",
					nl_geterror(n));
		return NULL;
	}
	self->events_source = g_unix_fd_add(nl_socket_get_fd(self->events),
										G_IO_IN | G_IO_ERR | G_IO_HUP, on_events, self);
	underlay_watch_follow(self, gateway, tunnel);
	return g_steal_pointer(&self);
}

void
underlay_watch_free(UnderlayWatch *self)
{
	if (!self)
		return;
	if (self->has_route)
		underlay_route_delete_routes(&self->gateway, NULL);
	g_clear_handle_id(&self->settle_source, g_source_remove);
	g_clear_handle_id(&self->loyal_source, g_source_remove);
	g_clear_handle_id(&self->events_source, g_source_remove);
	g_clear_pointer(&self->others, g_array_unref);
	if (self->events)
		nl_socket_free(self->events);
	g_free(self);
}

/* It is no news. */
static void
look(UnderlayWatch *self)
{
	self->is_there = underlay_route_find(&self->gateway, self->tunnel, &self->way, NULL);
	if (self->is_there)
		g_clear_handle_id(&self->loyal_source, g_source_remove);
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
	self->held = true;
	look(self);
}

const UnderlayRoute *
underlay_watch_get(const UnderlayWatch *self)
{
	return self->is_there ? &self->way : NULL;
}
