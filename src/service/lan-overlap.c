/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "lan-overlap.h"

#include "local-address.h"

#include <string.h>

/* Of two, which is told: the same one in whatever order they come. */
static gboolean
comes_before(const LanOverlap *a, const LanOverlap *b)
{
	int order = memcmp(&a->attached, &b->attached, sizeof(a->attached));

	if (order == 0)
		order = memcmp(&a->net, &b->net, sizeof(a->net));
	return (order ? order : a->ifindex - b->ifindex) < 0;
}

gboolean
lan_overlap_find(const ChildTable *children, const GArray *addresses, LanOverlap *overlap)
{
	gboolean found = FALSE;

	for (guint i = 0; i < addresses->len; i++) {
		const LocalAddress *address = &g_array_index(addresses, LocalAddress, i);
		const IpNet lan = local_address_net(address);

		/* Nobody else is in a network of one address. */
		for (guint j = 0; j < child_table_size_protected(children) && !ip_net_is_host(&lan); j++) {
			const IpNet *theirs = &child_table_get(children, j)->peer_client;
			const LanOverlap one = {lan, *theirs, address->ifindex};

			/* Of two routes to the same network the tunnel's has the lower metric. */
			if (theirs->prefix == 0 || theirs->prefix == lan.prefix || !ip_net_is_lan(&lan) ||
				!ip_net_contains(theirs, &lan) || (found && !comes_before(&one, overlap)))
				continue;
			*overlap = one;
			found = TRUE;
		}
	}
	return found;
}
