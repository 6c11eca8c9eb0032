/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "lan-overlap.h"

#include "local-address.h"

#include <string.h>

/* Of two pairs, which is told: the same one in whatever order they come. */
static gboolean
comes_before(const IpNet *attached, const IpNet *net, const IpNet *other_attached,
			 const IpNet *other_net)
{
	int order = memcmp(attached, other_attached, sizeof(*attached));

	return (order ? order : memcmp(net, other_net, sizeof(*net))) < 0;
}

gboolean
lan_overlap_find(const ChildTable *children, const GArray *addresses, IpNet *attached, IpNet *net)
{
	gboolean found = FALSE;

	for (guint i = 0; i < addresses->len; i++) {
		const IpNet lan = local_address_net(&g_array_index(addresses, LocalAddress, i));

		/* Nobody else is in a network of one address. */
		for (guint j = 0; j < child_table_size_protected(children) && !ip_net_is_host(&lan); j++) {
			const IpNet *theirs = &child_table_get(children, j)->peer_client;

			/* Of two routes to the same network the tunnel's has the lower metric. */
			if (theirs->prefix == 0 || theirs->prefix == lan.prefix || !ip_net_is_lan(&lan) ||
				!ip_net_contains(theirs, &lan) ||
				(found && !comes_before(&lan, theirs, attached, net)))
				continue;
			*attached = lan;
			*net = *theirs;
			found = TRUE;
		}
	}
	return found;
}
