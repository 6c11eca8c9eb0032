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
 *    part of those nets on the word of this host or its user: networks that a link is attached to
 *    (of /8 and longer, /32 with IPv6), and other routes than those of DHCP, of router
 *    advertisements and of redirects (ip-route(8), protocol dhcp, ra, redirect), and than those of
 *    the kernel and of unknown programs (kernel, boot) that do not lead into another tunnel; and
 *    than NetworkManager's static ones to a router outside of the link's networks and to an address
 *    that the gateway had before; of default routes another tunnel's alone, where it is the first;
 *  - likewise for the gateway's own address, and for IPv6's link-local addresses.
 *
 * The gateway's address may be of somebody's choice, who answers the question for its name: what
 * goes there and is neither IKE, ESP nor ICMP is led into the interface all the same where its
 * network is, by more rules and a second table ("TunnelCrack", ServerIP). Likewise for the address
 * of another connection's gateway that NetworkManager has a route to past this tunnel.
 *
 * It follows the main table and the addresses of all links.
 */
typedef struct TunnelTable TunnelTable;

/* The protocol number (ip-route(8)) of the rules and routes; see FALLBACK_ROUTES_PROTOCOL. */
#define TUNNEL_TABLE_PROTOCOL 215

/* The rules' priority: after those for this host's own addresses (0) and of VRFs (1000), before
 * NetworkManager's for DNS servers (20053), that for the main table (32766), and what WireGuard's
 * tools add just before it. */
#define TUNNEL_TABLE_PRIORITY 19213

/* The table's number is the first from here, by twos, that no other tunnel has. */
#define TUNNEL_TABLE_FIRST 213000001u

/* Tunnels of one host. */
#define TUNNEL_TABLE_COUNT 1000u

/**
 * tunnel_table_new: for the interface with the index @ifindex.
 *
 * Returns: (transfer full): NULL with an error of netlink_fail(); nothing is left then. A kernel
 * without IPv6 is no error.
 */
TunnelTable *tunnel_table_new(int ifindex, GError **error);

/** tunnel_table_follow: the interface has been replaced by another. */
void tunnel_table_follow(TunnelTable *self, int ifindex);

/**
 * tunnel_table_set_gateway: the gateway's address, which is reached outside of the tunnel; what it
 * was before is not any more. Unset for none.
 */
void tunnel_table_set_gateway(TunnelTable *self, const IpNet *gateway);

/**
 * TunnelTableGatewaysFunc: the addresses of other connections' gateways, also those that they had
 * before: NetworkManager leaves its routes to them.
 *
 * @complete: set to false where there are more than they know of
 *
 * Returns: (transfer full) (element-type IpNet)
 */
typedef GArray *(*TunnelTableGatewaysFunc)(gboolean *complete, gpointer user_data);

/** tunnel_table_list_others_by: @func is asked at each look at the routes. */
void
tunnel_table_list_others_by(TunnelTable *self, TunnelTableGatewaysFunc func, gpointer user_data);

/** tunnel_table_update: takes now what would be taken as soon as the main loop is idle. */
void tunnel_table_update(TunnelTable *self);

/** tunnel_table_get_number: of the table (ip-route(8)). */
guint32 tunnel_table_get_number(const TunnelTable *self);

/** tunnel_table_free: removes the rules and all routes of the table but the unreachable ones. */
void tunnel_table_free(TunnelTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TunnelTable, tunnel_table_free)

/**
 * tunnel_table_clean_stale: removes the rules and routes of the table @number, which was of a
 * service that died (tunnel_table_get_number()).
 *
 * Returns: false with an error of netlink_fail().
 */
gboolean tunnel_table_clean_stale(guint32 number, GError **error);
