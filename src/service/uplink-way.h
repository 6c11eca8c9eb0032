/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef UPLINK_WAY_H
#define UPLINK_WAY_H

#include "ip-net.h"

#include <gio/gio.h>

/** UplinkWay: how packets get to the gateway outside of the tunnel. A plain value. */
typedef struct {
	int ifindex;
	IpNet source;   /* the address that they start with */
	IpNet next_hop; /* unset where the gateway is on the link */
	guint32 mtu;    /* in bytes, of the link, or of the route where that is smaller */
} UplinkWay;

/* The protocol number (ip-route(8)) of our host routes to gateways; see ROUTE_GUARD_PROTOCOL. */
#define UPLINK_WAY_PROTOCOL 214

/**
 * uplink_way_find: as the kernel's rules and routes say at this moment.
 *
 * @gateway: a host.
 * @tunnel: the index of our own interface, 0 for none. Where the kernel would lead into it (a full
 * tunnel is the way to everything), is refused by our own guard (route-guard.h), or would send from
 * a link without an address, it is the best of the other routes of the tables main and default.
 *
 * Returns: false, with an error in G_IO_ERROR: NETWORK_UNREACHABLE where there is no way.
 */
bool uplink_way_find(const IpNet *gateway, int tunnel, UplinkWay *way, GError **error);

/**
 * uplink_way_find_source: the address that the kernel would send from to @gateway, whatever link it
 * is of, where there is a route at all.
 */
bool uplink_way_find_source(const IpNet *gateway, IpNet *source);

/**
 * uplink_way_find_first: the first of @hosts (of IpNet) that there is a way to.
 *
 * @family: only such hosts count; AF_UNSPEC for any.
 *
 * Returns: (transfer none): NULL for none.
 */
const IpNet *uplink_way_find_first(const GArray *hosts, int family, int tunnel, UplinkWay *way);

/** uplink_way_is_same: packets leave by the same interface, from the same address, to the same next
 * hop. */
bool uplink_way_is_same(const UplinkWay *a, const UplinkWay *b);

/** uplink_way_to_string: (transfer full): "uplink0 from 192.0.2.2". */
char *uplink_way_to_string(const UplinkWay *way);

/**
 * uplink_way_needs_route: would the kernel, if there were no host route of ours, take another way
 * to
 * @gateway than uplink_way_find() has found, one that leads nowhere?
 */
bool uplink_way_needs_route(const IpNet *gateway, int tunnel);

/**
 * uplink_way_add_route: a host route to @gateway by @way, before any that there is, in the table
 * main; it replaces our last one to @gateway. One that is there already is left as it is.
 */
bool uplink_way_add_route(const IpNet *gateway, const UplinkWay *way, GError **error);

/**
 * uplink_way_delete_routes: away with host routes of ours.
 *
 * @gateway: to this one; NULL for all of them, also those of a service that died.
 */
bool uplink_way_delete_routes(const IpNet *gateway, GError **error);

#endif /* UPLINK_WAY_H */
