/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "child-sa.h"

#include <string.h>

struct _ChildTable {
	GPtrArray *children; /* that are up */
	GPtrArray *missing;
};

static void
child_clear(gpointer data)
{
	ChildSa *child = data;

	g_free(child->key);
	g_free(child->connection);
	g_array_unref(child->dns);
	g_strfreev(child->domains);
	g_free(child->banner);
}

static void
child_unref(gpointer data)
{
	g_rc_box_release_full(data, child_clear);
}

XfrmChild
child_sa_selectors(const UpdownEvent *event)
{
	return (XfrmChild){
		.my_client = event->my_client,
		.peer_client = event->peer_client,
		.protocol = event->my_protocol ? event->my_protocol : event->peer_protocol,
		.my_port = event->my_port,
		.peer_port = event->peer_port,
	};
}

static ChildSa *
child_new(const UpdownEvent *event)
{
	const XfrmChild selectors = child_sa_selectors(event);
	ChildSa *child = g_rc_box_new0(ChildSa);

	child->key = updown_event_child_key(event);
	child->connection = g_strdup(event->connection);
	child->my_client = selectors.my_client;
	child->peer_client = selectors.peer_client;
	child->protocol = selectors.protocol;
	child->my_port = selectors.my_port;
	child->peer_port = selectors.peer_port;
	child->me = event->me;
	child->peer = event->peer;
	/* The address is PLUTO_MY_CLIENT: with 4.10 PLUTO_MY_SOURCEIP stays the first lease for ever.
	 * A trap of a connection that will get one (5.2) says that it is one, and means our own. */
	child->leased = event->cfg_client && ip_net_is_host(&event->my_client) &&
					!ip_net_equal(&event->my_client, &event->me);
	child->dns = g_array_copy(event->dns);
	child->domains = g_strdupv(event->domains);
	child->banner = g_strdup(event->banner);
	return child;
}

static gboolean
child_equal(const ChildSa *a, const ChildSa *b)
{
	if (!ip_net_equal(&a->me, &b->me) || !ip_net_equal(&a->peer, &b->peer) ||
		a->leased != b->leased || a->dns->len != b->dns->len)
		return FALSE;
	for (guint i = 0; i < a->dns->len; i++) {
		if (!ip_net_equal(&g_array_index(a->dns, IpNet, i), &g_array_index(b->dns, IpNet, i)))
			return FALSE;
	}
	return g_strv_equal((const char *const *) a->domains, (const char *const *) b->domains) &&
		   g_str_equal(a->banner, b->banner);
}

ChildTable *
child_table_new(void)
{
	ChildTable *table = g_new0(ChildTable, 1);

	table->children = g_ptr_array_new_with_free_func(child_unref);
	table->missing = g_ptr_array_new_with_free_func(child_unref);
	return table;
}

void
child_table_free(ChildTable *table)
{
	if (!table)
		return;
	g_ptr_array_unref(table->children);
	g_ptr_array_unref(table->missing);
	g_free(table);
}

static gboolean
find(const ChildTable *table, const char *key, guint *index)
{
	for (guint i = 0; i < table->children->len; i++) {
		if (g_str_equal(child_table_get(table, i)->key, key)) {
			*index = i;
			return TRUE;
		}
	}
	return FALSE;
}

static gboolean
has_connection(const GPtrArray *children, const char *connection)
{
	for (guint i = 0; i < children->len; i++) {
		const ChildSa *child = children->pdata[i];

		if (g_str_equal(child->connection, connection))
			return TRUE;
	}
	return FALSE;
}

/* Does @child carry what is protected of these nets? @mine: unset for whatever address we are
 * given.
 */
static gboolean
carries(const ChildSa *child, const IpNet *mine, const IpNet *theirs)
{
	return ip_net_equal(&child->peer_client, theirs) &&
		   (!ip_net_is_set(mine) || ip_net_equal(&child->my_client, mine));
}

/* Is @child what @row, which is missing, was to be? A Child SA may carry nets of both address
 * families, and each comes up by itself. */
static gboolean
replaces(const ChildSa *child, const ChildSa *row)
{
	if (*row->connection == '\0')
		return carries(child, &row->my_client, &row->peer_client);
	return g_str_equal(row->connection, child->connection) &&
		   row->peer_client.family == child->peer_client.family;
}

static void
forget_replaced(ChildTable *table, const ChildSa *child)
{
	for (guint i = table->missing->len; i > 0; i--) {
		if (replaces(child, table->missing->pdata[i - 1]))
			g_ptr_array_remove_index(table->missing, i - 1);
	}
}

/* The last word of a connection on its nets is what is protected. */
static void
lose(ChildTable *table, guint i)
{
	ChildSa *child = g_rc_box_acquire(table->children->pdata[i]);

	g_ptr_array_add(table->missing, child);
	g_ptr_array_remove_index(table->children, i);
}

static ChildChange
take_up(ChildTable *table, const UpdownEvent *event)
{
	ChildSa *child = child_new(event);
	guint i;

	forget_replaced(table, child);
	if (!find(table, child->key, &i)) {
		g_ptr_array_add(table->children, child);
		return CHILD_WENT_UP;
	}
	if (child_equal(child, child_table_get(table, i))) {
		child_unref(child);
		return CHILD_UNCHANGED;
	}
	child_unref(table->children->pdata[i]);
	table->children->pdata[i] = child;
	return CHILD_WENT_UP;
}

static ChildChange
take_down(ChildTable *table, const UpdownEvent *event)
{
	g_autofree char *key = updown_event_child_key(event);
	guint i;

	if (!find(table, key, &i))
		return CHILD_UNCHANGED;
	lose(table, i);
	return CHILD_WENT_DOWN;
}

ChildChange
child_table_take(ChildTable *table, const UpdownEvent *event)
{
	switch (event->verb) {
	case UPDOWN_VERB_UP:
		return take_up(table, event);
	case UPDOWN_VERB_DOWN:
		return take_down(table, event);
	default:
		return CHILD_UNCHANGED;
	}
}

ChildChange
child_table_take_trap(ChildTable *table, const UpdownEvent *event)
{
	switch (event->verb) {
	case UPDOWN_VERB_ROUTE:
		return take_up(table, event);
	case UPDOWN_VERB_UNROUTE:
		return take_down(table, event);
	default:
		return CHILD_UNCHANGED;
	}
}

gboolean
child_table_knows(const ChildTable *table, const char *connection)
{
	return has_connection(table->children, connection) ||
		   has_connection(table->missing, connection);
}

void
child_table_lose(ChildTable *table, const char *connection)
{
	for (guint i = 0; i < table->children->len;) {
		if (connection && !g_str_equal(child_table_get(table, i)->connection, connection))
			i++;
		else
			lose(table, i);
	}
}

void
child_table_protect(ChildTable *table, const ChildTable *other)
{
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
	const guint n = child_table_size_protected(table);

	for (guint i = 0; i < n; i++)
		g_hash_table_add(known, child_table_get(table, i)->connection);
	for (guint i = 0; i < child_table_size_protected(other); i++) {
		const ChildSa *child = child_table_get(other, i);

		/* A connection may have several pairs of nets. */
		if (!g_hash_table_contains(known, child->connection))
			g_ptr_array_add(table->missing, g_rc_box_acquire((gpointer) child));
	}
}

static guint
pair_hash(gconstpointer key)
{
	const NetPair *pair = key;

	return ip_net_hash(&pair->mine) * 31 + ip_net_hash(&pair->theirs);
}

/* A plain value without padding. */
static gboolean
pair_equal(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, sizeof(NetPair)) == 0;
}

static void
add_pair(GHashTable *pairs, const IpNet *mine, const IpNet *theirs)
{
	NetPair *pair = g_new0(NetPair, 1);

	if (mine)
		pair->mine = *mine;
	pair->theirs = *theirs;
	g_hash_table_add(pairs, pair);
}

static ChildSa *
child_new_missing(const NetPair *pair)
{
	ChildSa *row = g_rc_box_new0(ChildSa);

	row->key = g_strdup("");
	row->connection = g_strdup("");
	row->my_client = pair->mine;
	row->peer_client = pair->theirs;
	row->leased = !ip_net_is_set(&pair->mine);
	row->dns = g_array_new(FALSE, FALSE, sizeof(IpNet));
	row->domains = g_new0(char *, 1);
	row->banner = g_strdup("");
	return row;
}

void
child_table_protect_nets(ChildTable *table, const NetPair *pairs, gsize n_pairs)
{
	/* Profiles have up to a thousand pairs, and this is done at each event. */
	g_autoptr(GHashTable) carried = g_hash_table_new_full(pair_hash, pair_equal, g_free, NULL);

	for (guint i = 0; n_pairs > 0 && i < child_table_size_protected(table); i++) {
		const ChildSa *child = child_table_get(table, i);

		add_pair(carried, &child->my_client, &child->peer_client);
		add_pair(carried, NULL, &child->peer_client);
	}
	for (gsize i = 0; i < n_pairs; i++) {
		if (g_hash_table_contains(carried, &pairs[i]))
			continue;
		add_pair(carried, &pairs[i].mine, &pairs[i].theirs);
		g_ptr_array_add(table->missing, child_new_missing(&pairs[i]));
	}
}

void
child_table_clear(ChildTable *table)
{
	g_ptr_array_set_size(table->children, 0);
	g_ptr_array_set_size(table->missing, 0);
}

guint
child_table_size(const ChildTable *table)
{
	return table->children->len;
}

guint
child_table_size_protected(const ChildTable *table)
{
	return table->children->len + table->missing->len;
}

const ChildSa *
child_table_get(const ChildTable *table, guint i)
{
	return i < table->children->len ? table->children->pdata[i]
									: table->missing->pdata[i - table->children->len];
}

GArray *
child_table_list_dns(const ChildTable *table)
{
	g_autoptr(GHashTable) known = g_hash_table_new(ip_net_hash, ip_net_hash_equal);
	GArray *list = g_array_new(FALSE, FALSE, sizeof(IpNet));

	for (guint i = 0; i < child_table_size(table); i++) {
		GArray *dns = child_table_get(table, i)->dns;

		for (guint j = 0; j < dns->len && list->len < CHILD_TABLE_DNS_MAX; j++) {
			IpNet *server = &g_array_index(dns, IpNet, j);

			if (g_hash_table_add(known, server))
				g_array_append_val(list, *server);
		}
	}
	return list;
}

gboolean
child_table_has_lease(const ChildTable *table, const IpNet *address)
{
	for (guint i = 0; i < child_table_size(table); i++) {
		const ChildSa *child = child_table_get(table, i);

		if (child->leased && ip_net_equal(&child->my_client, address))
			return TRUE;
	}
	return FALSE;
}

gboolean
child_table_leads_to(const ChildTable *table, const IpNet *host, gboolean has_interface)
{
	for (guint i = 0; i < child_table_size_protected(table); i++) {
		const ChildSa *child = child_table_get(table, i);
		gboolean counts = has_interface || i < child_table_size(table) || !child->leased;

		if (counts && ip_net_contains(&child->peer_client, host))
			return TRUE;
	}
	return FALSE;
}

static XfrmChild
nets_of(const ChildSa *child)
{
	return (XfrmChild){child->my_client, child->peer_client, child->protocol, child->my_port,
					   child->peer_port};
}

static GArray *
list_of(const ChildTable *table, guint n)
{
	GArray *list = g_array_new(FALSE, FALSE, sizeof(XfrmChild));

	for (guint i = 0; i < n; i++) {
		XfrmChild nets = nets_of(child_table_get(table, i));

		/* What has no address yet: see child_table_list_protected(). */
		if (ip_net_is_set(&nets.my_client))
			g_array_append_val(list, nets);
	}
	return list;
}

GArray *
child_table_list(const ChildTable *table)
{
	return list_of(table, child_table_size(table));
}

GArray *
child_table_list_protected(const ChildTable *table)
{
	const guint n = child_table_size_protected(table);
	GArray *list = list_of(table, n);

	/* What is sent to the same net from under the address that the gateway gives; where it has
	 * given none yet, that is all. */
	for (guint i = 0; i < n; i++) {
		const ChildSa *child = child_table_get(table, i);
		XfrmChild nets = nets_of(child);

		nets.my_client = ip_net_is_set(&child->me) ? child->me : child_table_get(table, 0)->me;
		if (child->leased && nets.my_client.family == child->peer_client.family &&
			child->peer_client.prefix > 0 && !ip_net_contains(&child->peer_client, &nets.my_client))
			g_array_append_val(list, nets);
	}
	return list;
}
