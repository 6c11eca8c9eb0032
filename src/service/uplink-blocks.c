/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "uplink-blocks.h"

#include <string.h>

/* Returns: (transfer container) (element-type ChildSa): those whose own packets @source may have.
 */
static GPtrArray *
list_users(const ChildTable *children, const IpNet *source)
{
	GPtrArray *users = g_ptr_array_new();

	for (guint i = 0; i < child_table_size_protected(children); i++) {
		const ChildSa *child = child_table_get(children, i);

		if (ip_net_contains(&child->my_client, source))
			g_ptr_array_add(users, (gpointer) child);
	}
	return users;
}

static gboolean
leads_to_part_of(const GPtrArray *users, const IpNet *net)
{
	for (guint i = 0; i < users->len; i++) {
		if (ip_net_overlaps(&((const ChildSa *) users->pdata[i])->peer_client, net))
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_blocked(const ChildSa *child, const Uplink *uplink, const IpNet *source, const GPtrArray *users)
{
	const IpNet *net = &child->peer_client;

	return net->family == source->family && !ip_net_contains(net, source) &&
		   !ip_net_contains(net, uplink->gateway) && !ip_net_contains(net, &child->peer) &&
		   !ip_net_contains(net, uplink->next_hop) && !leads_to_part_of(users, net);
}

GArray *
uplink_blocks_list(const ChildTable *children, const Uplink *uplink)
{
	GArray *blocks = g_array_new(FALSE, FALSE, sizeof(XfrmChild));

	for (guint i = 0; i < uplink->addresses->len; i++) {
		const IpNet *source = &g_array_index(uplink->addresses, LocalAddress, i).host;
		g_autoptr(GPtrArray) users = list_users(children, source);

		for (guint j = 0; j < child_table_size_protected(children); j++) {
			const ChildSa *child = child_table_get(children, j);
			/* Of one protocol alone where the tunnel carries no other. */
			const XfrmChild block = {*source, child->peer_client, child->protocol, child->my_port,
									 child->peer_port};

			if (is_blocked(child, uplink, source, users))
				g_array_append_val(blocks, block);
		}
	}
	return blocks;
}

/* Of two pairs, which is told: the same one in whatever order they come. */
static gboolean
comes_before(const IpNet *attached, const IpNet *net, const IpNet *other_attached,
			 const IpNet *other_net)
{
	int order = memcmp(attached, other_attached, sizeof(*attached));

	return (order ? order : memcmp(net, other_net, sizeof(*net))) < 0;
}

gboolean
uplink_blocks_find_overlap(const ChildTable *children, const Uplink *uplink, IpNet *attached,
						   IpNet *net)
{
	gboolean found = FALSE;

	for (guint i = 0; i < uplink->addresses->len; i++) {
		const LocalAddress *address = &g_array_index(uplink->addresses, LocalAddress, i);
		const IpNet lan =
			ip_net_from_bytes(address->host.family, address->host.bytes, address->prefix);

		/* Nobody else is in a network of one address. */
		for (guint j = 0; j < child_table_size_protected(children) && !ip_net_is_host(&lan); j++) {
			const IpNet *theirs = &child_table_get(children, j)->peer_client;

			/* Of two routes to the same network the tunnel's has the lower metric. */
			if (theirs->prefix == 0 || theirs->prefix == lan.prefix ||
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
