/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "child-sa.h"

typedef struct {
	IpNet attached; /* the network of the link */
	IpNet net;      /* of @children */
	int ifindex;    /* of the link */
} LanOverlap;

/**
 * lan_overlap_find: a network that a link is attached to and that is a part of a net of @children,
 * so that it stays reachable as it is, outside of the tunnel (tunnel-table.h): the same one of
 * several each time.
 *
 * @addresses: of LocalAddress: of all links but the tunnel's
 * @overlap: (out): untouched where there is none
 */
gboolean lan_overlap_find(const ChildTable *children, const GArray *addresses, LanOverlap *overlap);
