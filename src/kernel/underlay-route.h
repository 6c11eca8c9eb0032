/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "ip-net.h"

#include <gio/gio.h>

/** UnderlayRoute: how packets get to the gateway outside of the tunnel. A plain value. */
typedef struct {
	int ifindex;
	IpNet source;   /* the address that they start with */
	IpNet next_hop; /* unset where the gateway is on the link */
	guint32 mtu;    /* in bytes, of the link, or of the route where that is smaller */
} UnderlayRoute;

/* The protocol number (ip-route(8)) of our host routes to gateways; see FALLBACK_ROUTES_PROTOCOL.
 */
#define UNDERLAY_ROUTE_PROTOCOL 214

/**
 * underlay_route_find: as the kernel's rules and routes say at this moment.
 *
 * @gateway: a host.
 * @tunnel: the index of our own interface, 0 for none. Where the kernel would lead into it (a full
 * tunnel leads to everything), is refused by our own guard (fallback-routes.h), or would send
 * from a link without an address, it is the best of the other routes of the tables main and
 * default.
 *
 * Returns: false, with an error in G_IO_ERROR: NETWORK_UNREACHABLE where there is no route.
 */
gboolean
underlay_route_find(const IpNet *gateway, int tunnel, UnderlayRoute *underlay, GError **error);

/**
 * underlay_route_find_source: the address that the kernel would send from to @gateway, whatever
 * link it is of, where there is a route at all.
 */
gboolean underlay_route_find_source(const IpNet *gateway, IpNet *source);

/**
 * underlay_route_find_first: the first of @hosts (of IpNet) that there is a route to.
 *
 * @family: only such hosts count; AF_UNSPEC for any.
 *
 * Returns: (transfer none): NULL for none.
 */
const IpNet *
underlay_route_find_first(const GArray *hosts, int family, int tunnel, UnderlayRoute *underlay);

/** underlay_route_is_same: packets leave by the same interface, from the same address, to the same
 * next hop. */
gboolean underlay_route_is_same(const UnderlayRoute *a, const UnderlayRoute *b);

/** underlay_route_to_string: (transfer full): "uplink0 from 192.0.2.2". */
char *underlay_route_to_string(const UnderlayRoute *underlay);

/**
 * underlay_route_needs_route: would the kernel, if there were no host route of ours, take another
 * route to @gateway than underlay_route_find() has found, one that leads nowhere?
 */
gboolean underlay_route_needs_route(const IpNet *gateway, int tunnel);

/**
 * underlay_route_add_route: a host route to @gateway by @underlay, before any that there is, in the
 * table main; it replaces our last one to @gateway. One that is there already is left as it is.
 *
 * Returns: false with an error of netlink_fail().
 */
gboolean
underlay_route_add_route(const IpNet *gateway, const UnderlayRoute *underlay, GError **error);

/**
 * underlay_route_delete_route: away with the host route of ours to @gateway, whoever of us has
 * added it.
 *
 * Returns: false with an error of netlink_fail(); that there is none is no error.
 */
gboolean underlay_route_delete_route(const IpNet *gateway, GError **error);
