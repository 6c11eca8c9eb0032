/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What may not leave by the uplink while a tunnel with an interface is there. Routes decide what
 * goes into the interface, and whoever answers the uplink's DHCP or sends its router advertisements
 * has a word in them: a route of his that is more specific than the tunnel's leads past it (RFC
 * 3442, "TunnelVision"). So what starts from an address of the uplink's link and goes to a net of
 * the tunnel is blocked (block_policies_new_out()). That matches only packets that leave elsewhere
 * than through the interface, because packets into it have the leased source address.
 */
#pragma once

#include "child-sa.h"
#include "local-address.h"

/** Uplink: what of the host is below the tunnel. A plain value. */
typedef struct {
	const GArray *addresses; /* of LocalAddress: of the link by which the gateway is reached */
	const IpNet *gateway;
	const IpNet *next_hop; /* unset where the gateway is on the link */
} Uplink;

/**
 * uplink_blocks_list: from each of the addresses to each net of @children, also of those that are
 * missing, whose routes stay as well. But not
 *
 *  - to a net with the address itself, the gateway or the next hop in it, as the whole internet has
 *    them: that would cut the link;
 *  - from an address that is within our side of a Child SA to this net, or to a part of it: packets
 *    into the interface may have that one, and so may those that a trap waits for (on demand).
 *
 * Returns: (transfer full) (element-type XfrmChild): for host_resources_block_uplink()
 */
GArray *uplink_blocks_list(const ChildTable *children, const Uplink *uplink);

/**
 * uplink_blocks_find_overlap: a network that the link is attached to and that is a part of a net of
 * @children, so that it stays reachable as it is, outside of the tunnel: the same one of several
 * each time.
 *
 * @attached, @net: (out)
 */
gboolean uplink_blocks_find_overlap(const ChildTable *children, const Uplink *uplink,
									IpNet *attached, IpNet *net);
