/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "ip-net.h"

#include <glib.h>

/**
 * FallbackRoutes: stands behind the routes of one interface, so that a packet for the remote
 * network is refused, and does not leave in plaintext by another route, while its route is missing.
 *
 * It is missing for a moment whenever NetworkManager replaces the configuration: the old address
 * goes first, and with the last IPv4 address of a link the kernel flushes all IPv4 routes of it
 * (fib_disable_ip()); it tells nobody. So every unicast route of the interface, of any table but
 * the local one, has a fallback from the moment it is seen: type unreachable, the same prefix and
 * table, the metric one higher. A fallback hangs on no interface, and nothing flushes it.
 *
 * Two connections may have a route to the same prefix, with the same metric: the fallback is one
 * for both, and goes with the last.
 *
 * Left without a fallback: what is link-local or multicast, routes with several next hops, and
 * those with the highest metric of all. Main loop only (the default main context).
 */
typedef struct FallbackRoutes FallbackRoutes;

/* The protocol number (ip-route(8)) of our fallbacks: neither in iproute2's rt_protos nor in the
 * kernel's rtnetlink.h nor in FRR's list. The kernel gives numbers above 4 no meaning. */
#define FALLBACK_ROUTES_PROTOCOL 213

/**
 * fallback_routes_new: guards the routes that are there, and each that comes.
 *
 * Returns: (transfer full): NULL with an error of netlink_fail(); nothing is left then.
 */
FallbackRoutes *fallback_routes_new(int ifindex, GError **error);

/**
 * fallback_routes_settle: another configuration has been reported. Once it is installed, fallbacks
 * whose route is gone for good go too: when a route of the interface has come or gone after this
 * call, then a second has passed without another, and the interface has any route at all.
 */
void fallback_routes_settle(FallbackRoutes *self);

/**
 * fallback_routes_follow: the interface has been replaced by another. The fallbacks of the old
 * one's routes stay until fallback_routes_settle().
 */
void fallback_routes_follow(FallbackRoutes *self, int ifindex);

/**
 * fallback_routes_stand_in: somebody has taken the interface, perhaps before NetworkManager could
 * put routes on it, and it may call the tunnel active all the same. So an unreachable route to each
 * of
 * @nets comes where NetworkManager would put its own by default (the main table, the metric of a
 * VPN). They go as other fallbacks do, and those that no route has come for go five seconds after
 * fallback_routes_settle() in any case: a profile may ask for none.
 *
 * Default routes are left out: whether the profile wants one only NetworkManager knows.
 */
void fallback_routes_stand_in(FallbackRoutes *self, const IpNet *nets, gsize n_nets);

/** fallback_routes_free: removes every fallback that is not another connection's as well. */
void fallback_routes_free(FallbackRoutes *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FallbackRoutes, fallback_routes_free)

/**
 * fallback_routes_clean_stale: removes the fallbacks of a service that died: those in its table,
 * and elsewhere those that no other connection has in a table of its own. Another's that go with
 * them, since its route is not in the main table, it puts back at once.
 *
 * @table: of the tunnel (tunnel_table_get_number()), 0 where it is not known
 *
 * Returns: false with an error of netlink_fail() where the routes cannot be read.
 */
gboolean fallback_routes_clean_stale(guint32 table, GError **error);
