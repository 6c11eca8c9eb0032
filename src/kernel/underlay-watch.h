/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "underlay-route.h"

/**
 * UnderlayWatch: watches the underlay route to the gateway (underlay-route.h), and keeps it
 * with a host route where the kernel would send packets for the gateway into the tunnel itself.
 * Main loop only (the default main context).
 */
typedef struct UnderlayWatch UnderlayWatch;

typedef enum {
	UPLINK_NEWS_CHANGED, /* there is a route, and it is another than the last one */
	UPLINK_NEWS_GONE,    /* there is none */
	UPLINK_NEWS_BACK,    /* there is the same one again */
	UPLINK_NEWS_MTU,     /* the same one, with another MTU */
	UPLINK_NEWS_LINK,    /* the same one, by another router, or this host has other addresses */
} UplinkNews;

/* Where there has been no route to the gateway for so many milliseconds, its other addresses count.
 * Before that the one route may be back: a cable that was pulled, a network that replaces another.
 */
#define UNDERLAY_WATCH_LOYAL_MS 2000

/* The watch may be freed in here. */
typedef void (*UnderlayWatchFunc)(UplinkNews news, gpointer user_data);

/* Milliseconds without a change of links, addresses, routes or rules after which the kernel is
 * asked; and at most so many after the first. NetworkManager replaces one network by another in a
 * burst of changes, and what is true in between is not worth a tunnel. */
#define UNDERLAY_WATCH_QUIET_MS   100
#define UNDERLAY_WATCH_PATIENT_MS 500

/**
 * UnderlayClaims: two connections may go to one gateway, and the host route is one for both: it
 * goes with the last.
 */
typedef struct {
	/* We have the host route to @gateway from now on, or want none any more (NULL). Before it is
	 * added, and before is_anothers(). */
	void (*claim)(const IpNet *gateway, gpointer user_data);
	/* Whether another connection has it, too: it stays then. */
	gboolean (*is_anothers)(const IpNet *gateway, gpointer user_data);
} UnderlayClaims;

/**
 * underlay_watch_new:
 * @tunnel: as for underlay_route_find()
 * @claims: (nullable): with the same user data
 *
 * Returns: (transfer full): NULL with an error of netlink_fail() where the kernel does not let us
 * watch. That there is no route at the moment is none.
 */
UnderlayWatch *underlay_watch_new(const IpNet *gateway, int tunnel, UnderlayWatchFunc func,
								  const UnderlayClaims *claims, gpointer user_data, GError **error);

/** underlay_watch_free: removes the host route too, unless it is another's as well; the function is
 * not called any more. */
void underlay_watch_free(UnderlayWatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UnderlayWatch, underlay_watch_free)

/**
 * underlay_watch_follow: from now on it is the route to this gateway, past this interface, which is
 * looked up at once and is no news.
 */
void underlay_watch_follow(UnderlayWatch *self, const IpNet *gateway, int tunnel);

/**
 * underlay_watch_know_others:
 * @addresses: of IpNet, other addresses of the gateway, best first, the one that is followed may be
 * among them; it may grow afterwards
 *
 * Where there is no route to the gateway for UNDERLAY_WATCH_LOYAL_MS, it is the first of these that
 * there is a route to, from then on: UPLINK_NEWS_CHANGED.
 */
void underlay_watch_know_others(UnderlayWatch *self, GArray *addresses);

/** underlay_watch_get_gateway: the one that is followed; for whoever is told of a change. */
const IpNet *underlay_watch_get_gateway(const UnderlayWatch *self);

/**
 * underlay_watch_hold: from now on there is a host route to the gateway even where none is needed,
 * until the watch is freed: for the end, when the host routes of others go in an order of their
 * own.
 */
void underlay_watch_hold(UnderlayWatch *self);

/** underlay_watch_get: the route, as it was last told; NULL for none. */
const UnderlayRoute *underlay_watch_get(const UnderlayWatch *self);

/** underlay_watch_get_addresses: (transfer none) (element-type LocalAddress): those of global scope
 * of all links but the tunnel's. */
const GArray *underlay_watch_get_addresses(const UnderlayWatch *self);
