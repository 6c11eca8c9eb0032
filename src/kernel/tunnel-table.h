/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "ip-net.h"

#include <gio/gio.h>

/**
 * TunnelTable: a routing table of the tunnel's own that a rule has the kernel look up before the
 * main table (ip-rule(8)), so that no route which a network has given to this host leads past the
 * tunnel: a more specific one of the uplink's DHCP (RFC 3442, "TunnelVision") or router
 * advertisements would win in the main table.
 *
 * In it are
 *
 *  - what the interface has in the main table, with the same destination, metric and source;
 *  - behind each of them an unreachable route: those make FallbackRoutes, as in any table;
 *  - a throw route, which has the kernel go on with the main table, for what leads elsewhere into a
 *    part of those nets on the word of this host or its user: networks that a link is attached to,
 *    and routes that neither DHCP, a router advertisement, a redirect, nor, where they have a
 *    gateway, an unknown program has made (ip-route(8), protocol dhcp, ra, redirect, boot); of
 *    default routes any, as there the metric decides;
 *  - likewise for the gateway's own address, and for IPv6's link-local addresses.
 *
 * It follows the main table and the addresses of all links.
 */
typedef struct TunnelTable TunnelTable;

/* The protocol number (ip-route(8)) of the rules and routes; see FALLBACK_ROUTES_PROTOCOL. */
#define TUNNEL_TABLE_PROTOCOL 215

/* The rules' priority: after those for this host's own addresses (0) and of VRFs (1000), before
 * that for the main table (32766) and what WireGuard's tools add just before it. */
#define TUNNEL_TABLE_PRIORITY 21300

/* The table's number is the first from here that no other tunnel has. */
#define TUNNEL_TABLE_FIRST 213000001u

/**
 * tunnel_table_new: for the interface with the index @ifindex.
 *
 * Returns: (transfer full): NULL with an error of netlink_fail(); nothing is left then. A kernel
 * without IPv6 is no error.
 */
TunnelTable *tunnel_table_new(int ifindex, GError **error);

/** tunnel_table_follow: the interface has been replaced by another. */
void tunnel_table_follow(TunnelTable *self, int ifindex);

/** tunnel_table_set_gateway: the gateway's address, which is reached outside of the tunnel. */
void tunnel_table_set_gateway(TunnelTable *self, const IpNet *gateway);

/** tunnel_table_update: takes now what would be taken as soon as the main loop is idle. */
void tunnel_table_update(TunnelTable *self);

/** tunnel_table_get_number: of the table (ip-route(8)). */
guint32 tunnel_table_get_number(const TunnelTable *self);

/** tunnel_table_free: removes the rules and all routes of the table but the unreachable ones. */
void tunnel_table_free(TunnelTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TunnelTable, tunnel_table_free)

/**
 * tunnel_table_clean_stale: removes the rules and throw routes of services that died. The routes
 * into an interface go with it. A living service puts its own back at once.
 *
 * Returns: false with an error of netlink_fail() where the kernel does not tell which there are.
 */
gboolean tunnel_table_clean_stale(GError **error);
