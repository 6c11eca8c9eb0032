/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef UPLINK_WATCH_H
#define UPLINK_WATCH_H

#include "uplink-way.h"

/**
 * UplinkWatch: watches which way leads to the gateway outside of the tunnel (uplink-way.h), and
 * keeps it open with a host route where the tunnel itself would be in the way. Main loop only (the
 * default main context).
 */
typedef struct UplinkWatch UplinkWatch;

typedef enum {
	UPLINK_NEWS_CHANGED, /* there is a way, and it is another than the last one */
	UPLINK_NEWS_GONE,    /* there is none */
	UPLINK_NEWS_BACK,    /* there is the same one again */
	UPLINK_NEWS_MTU,     /* the same one, with another MTU */
} UplinkNews;

/* Where there has been no way to the gateway for so many milliseconds, its other addresses count.
 * Before that the one way may be back: a cable that was pulled, a network that replaces another. */
#define UPLINK_WATCH_LOYAL_MS 2000

/* The watch may be freed in here. */
typedef void (*UplinkWatchFunc)(UplinkNews news, gpointer user_data);

/* Milliseconds without a change of links, addresses, routes or rules after which the kernel is
 * asked; and at most so many after the first. NetworkManager replaces one network by another in a
 * burst of changes, and what is true in between is not worth a tunnel. */
#define UPLINK_WATCH_QUIET_MS   100
#define UPLINK_WATCH_PATIENT_MS 500

/**
 * uplink_watch_new:
 * @tunnel: as for uplink_way_find()
 *
 * Returns: NULL with an error in G_IO_ERROR where the kernel does not let us watch. That there is
 * no way at the moment is none.
 */
UplinkWatch *uplink_watch_new(const IpNet *gateway, int tunnel, UplinkWatchFunc func,
							  gpointer user_data, GError **error);

void uplink_watch_free(UplinkWatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UplinkWatch, uplink_watch_free)

/**
 * uplink_watch_follow: from now on it is the way to this gateway, past this interface, which is
 * looked up at once and is no news.
 */
void uplink_watch_follow(UplinkWatch *self, const IpNet *gateway, int tunnel);

/**
 * uplink_watch_know_others:
 * @addresses: of IpNet, other addresses of the gateway, best first, the one that is followed may be
 * among them; it may grow afterwards
 *
 * Where there is no way to the gateway for UPLINK_WATCH_LOYAL_MS, it is the first of these that
 * there is a way to, from then on: UPLINK_NEWS_CHANGED.
 */
void uplink_watch_know_others(UplinkWatch *self, GArray *addresses);

/** uplink_watch_get_gateway: the one that is followed; for whoever is told of a change. */
const IpNet *uplink_watch_get_gateway(const UplinkWatch *self);

/**
 * uplink_watch_hold: from now on there is a host route to the gateway even where none is needed,
 * until the watch is freed: for the end, when the host routes of others go in an order of their
 * own.
 */
void uplink_watch_hold(UplinkWatch *self);

/** uplink_watch_get: the way, as it was last told; NULL for none. */
const UplinkWay *uplink_watch_get(const UplinkWatch *self);

#endif /* UPLINK_WATCH_H */
