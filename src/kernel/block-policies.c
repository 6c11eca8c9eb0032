/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "block-policies.h"

#include "local-address.h"

#include <errno.h>
#include <gio/gio.h>
#include <linux/rtnetlink.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <string.h>

/* Larger is later. pluto's own are below 2^24 where the user sets them, and far below this. */
#define PRIORITY_BLOCK 0xffffff00u
#define PRIORITY_HOLE  (PRIORITY_BLOCK - 1)

/* Before all others: pluto's own holes are of everybody's, and so it makes none (xfrm-filter.h). */
#define PRIORITY_NEIGHBOURS 1

/* RFC 4861: neighbour solicitation and advertisement. */
static const guint16 neighbour_types[] = {135, 136};

/* What addresses that are gone would send stays blocked, since they may come back before we have
 * heard of it; but not for ever, where they are always others. */
#define MAX_OF_GONE 256

static const guint8 dirs[] = {XFRM_POLICY_OUT, XFRM_POLICY_IN, XFRM_POLICY_FWD};

/* What one Child SA carries, and which tunnel, counted from 0, carried it last. */
typedef struct {
	XfrmChild child;
	gboolean is_of_address; /* no Child SA carries it: what another address would send */
	IpNet lan;              /* a part of the net that is reached past the block; unset for none */
	guint generation;
	gboolean is_low; /* blocked with low priority, for all that we know */
	gboolean is_sub; /* blocked as sub-policy */
} Block;

struct BlockPolicies {
	guint32 user; /* of each policy's selector */
	Netlink *requests;
	NetlinkSubscription *events;
	GArray *addresses;  /* of LocalAddress: this host's, at the last look */
	GHashTable *blocks; /* set of Block, by child */
	guint generation;
	guint idle_source;
	gboolean reconnecting; /* since the last loss */
};

static guint
block_hash(gconstpointer key)
{
	const XfrmChild *child = &((const Block *) key)->child;

	return ((ip_net_hash(&child->my_client) * 31 + ip_net_hash(&child->peer_client)) * 31 +
			child->protocol) *
			   31 +
		   child->my_port * 7u + child->peer_port;
}

static gboolean
block_equal(gconstpointer key_a, gconstpointer key_b)
{
	const XfrmChild *a = &((const Block *) key_a)->child, *b = &((const Block *) key_b)->child;

	return ip_net_equal(&a->my_client, &b->my_client) &&
		   ip_net_equal(&a->peer_client, &b->peer_client) && a->protocol == b->protocol &&
		   a->my_port == b->my_port && a->peer_port == b->peer_port;
}

/* Some packet would be both's. */
static gboolean
children_overlap(const XfrmChild *a, const XfrmChild *b)
{
	return ip_net_overlaps(&a->my_client, &b->my_client) &&
		   ip_net_overlaps(&a->peer_client, &b->peer_client);
}

static XfrmPolicy
block_policy(const BlockPolicies *self, const XfrmChild *child, guint8 type, guint8 dir)
{
	gboolean out = dir == XFRM_POLICY_OUT;

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
		.user = self->user,
	};
}

static XfrmPolicy
hole_policy(const BlockPolicies *self, const XfrmChild *child, guint8 type, guint8 dir,
			guint16 icmp_type)
{
	XfrmPolicy hole = block_policy(self, child, type, dir);

	/* ICMPv6's type stands in the source port (RFC 4301, 4.4.1.1). */
	hole.sport = icmp_type;
	hole.dport = 0;
	hole.proto = IPPROTO_ICMPV6;
	hole.action = XFRM_POLICY_ALLOW;
	hole.priority = PRIORITY_NEIGHBOURS;
	return hole;
}

/* The holes of one type to the neighbours on an address's own link. */
static void
append_lan(const BlockPolicies *self, XfrmTable *table, const Block *block, guint8 type)
{
	XfrmChild to_lan = block->child;

	to_lan.peer_client = block->lan;
	for (guint i = 0; ip_net_is_set(&block->lan) && i < G_N_ELEMENTS(dirs); i++) {
		XfrmPolicy hole = block_policy(self, &to_lan, type, dirs[i]);

		hole.action = XFRM_POLICY_ALLOW;
		hole.priority = PRIORITY_HOLE;
		g_array_append_val(table->policies, hole);
	}
}

/* The policies of one type for one Child SA: holes first, so that a block never is without them. */
static void
append(const BlockPolicies *self, XfrmTable *table, const Block *of, guint8 type)
{
	const XfrmChild *child = &of->child;
	gboolean needs_holes = child->my_client.family == AF_INET6 && child->protocol == 0;

	append_lan(self, table, of, type);
	for (guint i = 0; i < G_N_ELEMENTS(dirs); i++) {
		XfrmPolicy block = block_policy(self, child, type, dirs[i]);

		for (guint j = 0; needs_holes && j < G_N_ELEMENTS(neighbour_types); j++) {
			XfrmPolicy hole = hole_policy(self, child, type, dirs[i], neighbour_types[j]);

			/* Neighbour discovery is between neighbours, never forwarded. */
			if (dirs[i] != XFRM_POLICY_FWD)
				g_array_append_val(table->policies, hole);
		}
		g_array_append_val(table->policies, block);
	}
}

static guint32
user_of(guint32 number)
{
	return XFRM_BLOCK_USER | (number & ~XFRM_BLOCK_USER_MASK);
}

gboolean
block_policies_has_number(const XfrmTable *table, guint32 number)
{
	const guint32 user = user_of(number);

	for (guint i = 0; i < table->policies->len; i++) {
		if (g_array_index(table->policies, XfrmPolicy, i).user == user)
			return TRUE;
	}
	return FALSE;
}

static Block *
find_or_add(BlockPolicies *self, const XfrmChild *child)
{
	const Block key = {.child = *child};
	Block *block = g_hash_table_lookup(self->blocks, &key);

	if (block)
		return block;
	block = g_new0(Block, 1);
	block->child = *child;
	g_hash_table_replace(self->blocks, block, block);
	return block;
}

/* Everything of it that may be in the kernel. */
static void
append_all(const BlockPolicies *self, XfrmTable *doomed, const Block *block)
{
	append(self, doomed, block, XFRM_POLICY_TYPE_MAIN);
	if (block->is_sub)
		append(self, doomed, block, XFRM_POLICY_TYPE_SUB);
}

/* What of the last but one tunnel and before is to go; it is forgotten. */
static void
forget_old(BlockPolicies *self, XfrmTable *doomed)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, self->blocks);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Block *block = value;

		if (block->generation + 1 >= self->generation)
			continue;
		append_all(self, doomed, block);
		g_hash_table_iter_remove(&iter);
	}
}

/* A sub-policy of the last tunnel would also stop what is up now, where its nets were others but
 * not disjoint. */
static void
lift(BlockPolicies *self, const XfrmChild *child, XfrmTable *doomed)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, self->blocks);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		Block *block = value;

		if (!block->is_sub || !children_overlap(&block->child, child))
			continue;
		append(self, doomed, block, XFRM_POLICY_TYPE_SUB);
		block->is_sub = FALSE;
	}
}

/* What pluto has flushed meanwhile: whatever lasts from the tunnel before is put there again. */
static void
renew(BlockPolicies *self, XfrmTable *wanted)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, self->blocks);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		Block *block = value;

		if (!block->is_low)
			append(self, wanted, block, XFRM_POLICY_TYPE_MAIN);
		block->is_low = TRUE;
	}
}

/* Returns: false where it was blocked for this tunnel already. */
static gboolean
set_low(BlockPolicies *self, Block *block, XfrmTable *wanted, XfrmTable *doomed)
{
	if (block->is_low && block->generation == self->generation)
		return FALSE;
	block->generation = self->generation;
	if (!block->is_low) {
		append(self, wanted, block, XFRM_POLICY_TYPE_MAIN);
		block->is_low = TRUE;
		lift(self, &block->child, doomed);
	}
	return TRUE;
}

/* The old hole goes, and the block with the new one is to be put there once more. */
static void
set_lan(BlockPolicies *self, Block *block, const IpNet *lan, XfrmTable *doomed)
{
	if (ip_net_equal(&block->lan, lan))
		return;
	append_lan(self, doomed, block, XFRM_POLICY_TYPE_MAIN);
	if (block->is_sub)
		append_lan(self, doomed, block, XFRM_POLICY_TYPE_SUB);
	block->lan = *lan;
	block->is_low = FALSE;
}

static Block *
find_child(BlockPolicies *self, const XfrmChild *child, XfrmTable *doomed)
{
	static const IpNet none;
	Block *block = find_or_add(self, child);

	set_lan(self, block, &none, doomed);
	block->is_of_address = FALSE;
	return block;
}

/* Returns: what @address would send to where @child leads; NULL where that is not ours to block, or
 * a Child SA carries it. */
static Block *
find_from(BlockPolicies *self, const LocalAddress *address, const XfrmChild *child,
		  XfrmTable *doomed)
{
	const IpNet net = local_address_net(address);
	XfrmChild from = *child;
	IpNet lan = {0};
	Block *block;

	from.my_client = address->host;
	if (address->host.family != child->peer_client.family || child->peer_client.prefix == 0 ||
		ip_net_contains(&child->my_client, &address->host))
		return NULL;
	block = g_hash_table_lookup(self->blocks, &(Block){.child = from});
	if (block && !block->is_of_address && block->generation == self->generation)
		return NULL;
	if (ip_net_is_lan(&net) && !ip_net_is_host(&net) && net.prefix > child->peer_client.prefix &&
		ip_net_contains(&child->peer_client, &net))
		lan = net;
	block = find_or_add(self, &from);
	set_lan(self, block, &lan, doomed);
	block->is_of_address = TRUE;
	return block;
}

gboolean
block_policies_set_low(BlockPolicies *self, const XfrmChild *children, gsize n_children,
					   GError **error)
{
	g_autoptr(XfrmTable) wanted = xfrm_table_new();
	g_autoptr(XfrmTable) doomed = xfrm_table_new();
	g_autofree gboolean *is_new = g_new0(gboolean, n_children + 1);
	gboolean ok;

	/* Called for each of hundreds of Child SAs, with all of them: what is done already costs a
	 * lookup. */
	for (gsize i = 0; i < n_children; i++)
		is_new[i] = set_low(self, find_child(self, &children[i], doomed), wanted, doomed);
	for (gsize i = 0; i < n_children; i++) {
		for (guint j = 0; is_new[i] && j < self->addresses->len; j++) {
			Block *block = find_from(self, &g_array_index(self->addresses, LocalAddress, j),
									 &children[i], doomed);

			if (block)
				set_low(self, block, wanted, doomed);
		}
	}
	if (self->reconnecting || wanted->policies->len > 0) {
		forget_old(self, doomed);
		renew(self, wanted);
	}
	self->reconnecting = FALSE;
	/* First low, then no sub-policy any more: nothing is uncovered between. */
	ok = xfrm_table_put(wanted, error);
	return xfrm_table_delete(doomed, NULL, ok ? error : NULL) && ok;
}

gboolean
block_policies_set_sub(BlockPolicies *self, GError **error)
{
	g_autoptr(XfrmTable) wanted = xfrm_table_new();
	GHashTableIter iter;
	gpointer value;
	gboolean ok;

	/* However many attempts there are until the next one is up, it is the next one. */
	if (!self->reconnecting)
		self->generation++;
	self->reconnecting = TRUE;
	g_hash_table_iter_init(&iter, self->blocks);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		Block *block = value;

		append(self, wanted, block, XFRM_POLICY_TYPE_SUB);
		/* The next pluto flushes it (from 5.0 on). */
		block->is_low = FALSE;
	}
	ok = xfrm_table_put(wanted, error);
	/* A kernel without XFRM_POLICY_TYPE_SUB is not asked to delete them. */
	g_hash_table_iter_init(&iter, self->blocks);
	while (ok && g_hash_table_iter_next(&iter, NULL, &value))
		((Block *) value)->is_sub = TRUE;
	return ok;
}

/* What each leads to that is blocked already, one of a kind: whatever leads to the same from other
 * addresses says nothing more, and there may be thousands of those.
 *
 * Returns: (transfer full) (element-type Block): unowned */
static GPtrArray *
list_destinations(const BlockPolicies *self)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(block_hash, block_equal, NULL, g_free);
	GPtrArray *list = g_ptr_array_new();
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, self->blocks);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		Block *to = g_new0(Block, 1);

		to->child = ((const Block *) value)->child;
		to->child.my_client = (IpNet){.family = to->child.peer_client.family};
		/* A Child SA's own net is not blocked for each address that is in it. */
		if (!((const Block *) value)->is_of_address || !g_hash_table_contains(seen, to))
			g_ptr_array_add(list, value);
		g_hash_table_replace(seen, to, to);
	}
	return list;
}

/* @destinations: (element-type Block) */
static void
block_address(BlockPolicies *self, const LocalAddress *address, const GPtrArray *destinations,
			  XfrmTable *wanted, XfrmTable *doomed)
{
	g_autoptr(GHashTable) done = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < destinations->len; i++) {
		const Block *to = destinations->pdata[i];
		Block *block = find_from(self, address, &to->child, doomed);

		if (!block || !g_hash_table_add(done, block))
			continue;
		block->generation = self->generation;
		if (!block->is_low)
			append(self, wanted, block, XFRM_POLICY_TYPE_MAIN);
		if (self->reconnecting)
			append(self, wanted, block, XFRM_POLICY_TYPE_SUB);
		/* As after block_policies_set_sub(). */
		block->is_low = !self->reconnecting;
		block->is_sub |= self->reconnecting;
	}
}

static gboolean
has_address(const GArray *addresses, const LocalAddress *wanted)
{
	for (guint i = 0; i < addresses->len; i++) {
		if (local_address_equal(&g_array_index(addresses, LocalAddress, i), wanted))
			return TRUE;
	}
	return FALSE;
}

/* What addresses would send that this host does not have any more. Returns: (transfer full): of
 * Block, unowned */
static GPtrArray *
list_of_gone(const BlockPolicies *self)
{
	g_autoptr(GHashTable) hosts =
		g_hash_table_new((GHashFunc) ip_net_hash, (GEqualFunc) ip_net_equal);
	GPtrArray *gone = g_ptr_array_new();
	GHashTableIter iter;
	gpointer value;

	for (guint i = 0; i < self->addresses->len; i++)
		g_hash_table_add(hosts, &g_array_index(self->addresses, LocalAddress, i).host);
	g_hash_table_iter_init(&iter, self->blocks);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Block *block = value;

		if (block->is_of_address && !g_hash_table_contains(hosts, &block->child.my_client))
			g_ptr_array_add(gone, value);
	}
	return gone;
}

static void
forget_gone(BlockPolicies *self, XfrmTable *doomed)
{
	g_autoptr(GPtrArray) gone = list_of_gone(self);

	for (guint i = 0; gone->len > MAX_OF_GONE && i < gone->len; i++) {
		append_all(self, doomed, gone->pdata[i]);
		g_hash_table_remove(self->blocks, gone->pdata[i]);
	}
}

static void
look_at_addresses(BlockPolicies *self)
{
	g_autoptr(XfrmTable) wanted = xfrm_table_new();
	g_autoptr(XfrmTable) doomed = xfrm_table_new();
	GArray *addresses = local_address_list_sources(self->requests);
	g_autoptr(GArray) before = NULL;
	g_autoptr(GPtrArray) destinations = list_destinations(self);
	g_autoptr(GError) error = NULL;

	if (!addresses) {
		g_warning("cannot read this host's addresses: new ones are not kept from going past the "
				  "tunnel");
		return;
	}
	before = self->addresses;
	self->addresses = addresses;
	for (guint i = 0; i < self->addresses->len; i++) {
		const LocalAddress *address = &g_array_index(self->addresses, LocalAddress, i);

		if (!has_address(before, address))
			block_address(self, address, destinations, wanted, doomed);
	}
	forget_gone(self, doomed);
	if (!xfrm_table_put(wanted, &error) || !xfrm_table_delete(doomed, NULL, &error))
		g_warning("cannot refuse what is to go through the tunnel alone: %s", error->message);
}

static gboolean
on_idle(gpointer user_data)
{
	BlockPolicies *self = user_data;

	self->idle_source = 0;
	look_at_addresses(self);
	return G_SOURCE_REMOVE;
}

/* Hundreds that come at once are looked at once. */
static void
look_soon(gpointer user_data)
{
	BlockPolicies *self = user_data;

	if (!self->idle_source)
		self->idle_source = g_idle_add_full(G_PRIORITY_DEFAULT, on_idle, self, NULL);
}

static void
on_event(struct nlmsghdr *message, gpointer user_data)
{
	if (message->nlmsg_type == RTM_NEWADDR)
		look_soon(user_data);
}

static const NetlinkInterest address_events = {
	.what = "this host's addresses",
	.protocol = NETLINK_ROUTE,
	.groups = {RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR},
	.on_message = on_event,
	.on_lost = look_soon,
};

BlockPolicies *
block_policies_new(guint32 number, GError **error)
{
	g_autoptr(BlockPolicies) self = g_new0(BlockPolicies, 1);

	self->user = user_of(number);
	self->blocks = g_hash_table_new_full(block_hash, block_equal, NULL, g_free);
	self->requests = netlink_open(NETLINK_ROUTE, NETLINK_OWN_NAMESPACE, error);
	if (!self->requests)
		return NULL;
	self->events = netlink_subscribe(&address_events, NETLINK_OWN_NAMESPACE, self, error);
	if (!self->events)
		return NULL;
	self->addresses = local_address_list_sources(self->requests);
	if (!self->addresses) {
		netlink_fail(error, -EIO, "read this host's addresses");
		return NULL;
	}
	return g_steal_pointer(&self);
}

gboolean
block_policies_clean_stale(guint32 number, GError **error)
{
	const guint32 user = user_of(number);
	g_autoptr(XfrmTable) table = xfrm_table_read(error);
	g_autoptr(XfrmTable) doomed = xfrm_table_new();

	for (guint i = 0; table && i < table->policies->len; i++) {
		const XfrmPolicy *policy = &g_array_index(table->policies, XfrmPolicy, i);

		if (policy->user == user &&
			(policy->priority >= PRIORITY_HOLE || policy->priority == PRIORITY_NEIGHBOURS))
			g_array_append_vals(doomed->policies, policy, 1);
	}
	return table && xfrm_table_delete(doomed, NULL, error);
}

void
block_policies_free(BlockPolicies *self)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(XfrmTable) doomed = NULL;
	GHashTableIter iter;
	gpointer value;

	if (!self)
		return;
	g_clear_handle_id(&self->idle_source, g_source_remove);
	netlink_unsubscribe(self->events);
	netlink_close(self->requests);
	g_clear_pointer(&self->addresses, g_array_unref);
	doomed = xfrm_table_new();
	g_hash_table_iter_init(&iter, self->blocks);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		append_all(self, doomed, value);
	if (!xfrm_table_delete(doomed, NULL, &error))
		g_warning("cannot lift the blocks for packets without a tunnel: %s", error->message);
	g_hash_table_unref(self->blocks);
	g_free(self);
}
