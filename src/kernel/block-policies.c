/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "block-policies.h"

#include <gio/gio.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <string.h>

/* Larger is later. pluto's own are below 2^24 where the user sets them, and far below this. */
#define PRIORITY_BLOCK 0xffffff00u
#define PRIORITY_HOLE  (PRIORITY_BLOCK - 1)

/* RFC 4861: neighbour solicitation and advertisement. */
static const guint16 neighbour_types[] = {135, 136};

/* One Child SA's nets, and which tunnel, counted from 0, carried them last. */
typedef struct {
	XfrmChild child;
	guint generation;
} Block;

struct BlockPolicies {
	GArray *blocks; /* of Block */
	guint generation;
	bool lies_over; /* since the last loss */
	bool lay_over;  /* ever */
};

static bool
same_child(const XfrmChild *a, const XfrmChild *b)
{
	return ip_net_equal(&a->my_client, &b->my_client) &&
		   ip_net_equal(&a->peer_client, &b->peer_client) && a->protocol == b->protocol &&
		   a->my_port == b->my_port && a->peer_port == b->peer_port;
}

static bool
overlap(const IpNet *a, const IpNet *b)
{
	return ip_net_contains(a, b) || ip_net_contains(b, a);
}

/* Some packet would be both's. */
static bool
children_overlap(const XfrmChild *a, const XfrmChild *b)
{
	return overlap(&a->my_client, &b->my_client) && overlap(&a->peer_client, &b->peer_client);
}

static XfrmPolicy
block_policy(const XfrmChild *child, guint8 type, guint8 dir)
{
	bool out = dir == XFRM_POLICY_OUT;

	return (XfrmPolicy){
		.src = out ? child->my_client : child->peer_client,
		.dst = out ? child->peer_client : child->my_client,
		.sport = out ? child->my_port : child->peer_port,
		.dport = out ? child->peer_port : child->my_port,
		.proto = child->protocol,
		.family = child->my_client.family,
		.dir = dir,
		.action = XFRM_POLICY_BLOCK,
		.type = type,
		.priority = PRIORITY_BLOCK,
		.user = XFRM_BLOCK_POLICIES_USER,
	};
}

static XfrmPolicy
hole_policy(const XfrmChild *child, guint8 type, guint8 dir, guint16 icmp_type)
{
	XfrmPolicy hole = block_policy(child, type, dir);

	/* ICMPv6's type stands in the source port (RFC 4301, 4.4.1.1). */
	hole.sport = icmp_type;
	hole.dport = 0;
	hole.proto = IPPROTO_ICMPV6;
	hole.action = XFRM_POLICY_ALLOW;
	hole.priority = PRIORITY_HOLE;
	return hole;
}

/* The policies of one layer under or over one Child SA: holes first, so that a block never is
 * without them. */
static void
append_layer(XfrmTable *table, const XfrmChild *child, guint8 type)
{
	static const guint8 dirs[] = {XFRM_POLICY_OUT, XFRM_POLICY_IN, XFRM_POLICY_FWD};
	bool needs_holes = child->my_client.family == AF_INET6 && child->protocol == 0;

	for (guint i = 0; i < G_N_ELEMENTS(dirs); i++) {
		XfrmPolicy block = block_policy(child, type, dirs[i]);

		for (guint j = 0; needs_holes && j < G_N_ELEMENTS(neighbour_types); j++) {
			XfrmPolicy hole = hole_policy(child, type, dirs[i], neighbour_types[j]);

			/* Neighbour discovery is between neighbours, never forwarded. */
			if (dirs[i] != XFRM_POLICY_FWD)
				g_array_append_val(table->policies, hole);
		}
		g_array_append_val(table->policies, block);
	}
}

BlockPolicies *
block_policies_new(void)
{
	BlockPolicies *self = g_new0(BlockPolicies, 1);

	self->blocks = g_array_new(FALSE, FALSE, sizeof(Block));
	return self;
}

static Block *
block_at(const BlockPolicies *self, guint i)
{
	return &g_array_index(self->blocks, Block, i);
}

static void
want(BlockPolicies *self, const XfrmChild *child)
{
	Block block = {*child, self->generation};

	for (guint i = 0; i < self->blocks->len; i++) {
		if (same_child(&block_at(self, i)->child, child)) {
			block_at(self, i)->generation = self->generation;
			return;
		}
	}
	g_array_append_val(self->blocks, block);
}

/* A kernel without XFRM_POLICY_TYPE_SUB is not asked for it needlessly. */
static void
append_both(const BlockPolicies *self, XfrmTable *table, const XfrmChild *child)
{
	append_layer(table, child, XFRM_POLICY_TYPE_MAIN);
	if (self->lay_over)
		append_layer(table, child, XFRM_POLICY_TYPE_SUB);
}

/* What of the last but one tunnel and before is to go; it is forgotten. */
static void
forget_old(BlockPolicies *self, XfrmTable *doomed)
{
	for (guint i = self->blocks->len; i > 0; i--) {
		const Block *block = block_at(self, i - 1);

		if (block->generation + 1 >= self->generation)
			continue;
		append_both(self, doomed, &block->child);
		g_array_remove_index(self->blocks, i - 1);
	}
}

/* A block of the last tunnel would also stop what is up now, where its nets were others but not
 * disjoint. */
static void
lift(const BlockPolicies *self, const XfrmChild *children, gsize n_children, XfrmTable *doomed)
{
	for (guint i = 0; self->lay_over && i < self->blocks->len; i++) {
		bool in_the_way = false;

		for (gsize j = 0; j < n_children; j++)
			in_the_way |= children_overlap(&block_at(self, i)->child, &children[j]);
		if (in_the_way)
			append_layer(doomed, &block_at(self, i)->child, XFRM_POLICY_TYPE_SUB);
	}
}

bool
block_policies_set_low(BlockPolicies *self, const XfrmChild *children, gsize n_children,
					   GError **error)
{
	g_autoptr(XfrmTable) wanted = xfrm_table_new();
	g_autoptr(XfrmTable) doomed = xfrm_table_new();
	bool ok;

	self->lies_over = false;
	for (gsize i = 0; i < n_children; i++)
		want(self, &children[i]);
	forget_old(self, doomed);
	for (guint i = 0; i < self->blocks->len; i++)
		append_layer(wanted, &block_at(self, i)->child, XFRM_POLICY_TYPE_MAIN);
	lift(self, children, n_children, doomed);
	/* First under, then not over any more: nothing is uncovered between. */
	ok = xfrm_table_put(wanted, error);
	return xfrm_table_delete(doomed, NULL, ok ? error : NULL) && ok;
}

bool
block_policies_set_sub(BlockPolicies *self, GError **error)
{
	g_autoptr(XfrmTable) wanted = xfrm_table_new();
	bool ok;

	/* However many attempts there are until the next one is up, it is the next one. */
	if (!self->lies_over)
		self->generation++;
	self->lies_over = true;
	for (guint i = 0; i < self->blocks->len; i++)
		append_layer(wanted, &block_at(self, i)->child, XFRM_POLICY_TYPE_SUB);
	ok = xfrm_table_put(wanted, error);
	self->lay_over |= ok;
	return ok;
}

bool
block_policies_clean_stale(const XfrmChild *children, gsize n_children, GError **error)
{
	g_autoptr(XfrmTable) doomed = xfrm_table_new();

	for (gsize i = 0; i < n_children; i++) {
		append_layer(doomed, &children[i], XFRM_POLICY_TYPE_MAIN);
		append_layer(doomed, &children[i], XFRM_POLICY_TYPE_SUB);
	}
	return xfrm_table_delete(doomed, NULL, error);
}

void
block_policies_free(BlockPolicies *self)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(XfrmTable) doomed = NULL;

	if (!self)
		return;
	doomed = xfrm_table_new();
	for (guint i = 0; i < self->blocks->len; i++)
		append_both(self, doomed, &block_at(self, i)->child);
	if (!xfrm_table_delete(doomed, NULL, &error))
		g_warning("cannot lift the blocks for packets without a tunnel: %s", error->message);
	g_array_unref(self->blocks);
	g_free(self);
}
