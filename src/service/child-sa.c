/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "child-sa.h"

struct _ChildTable {
	GPtrArray *children;
};

static void
child_free(gpointer data)
{
	ChildSa *child = data;

	g_free(child->key);
	g_array_unref(child->dns);
	g_strfreev(child->domains);
	g_free(child->banner);
	g_free(child);
}

static ChildSa *
child_new(const UpdownEvent *event)
{
	ChildSa *child = g_new0(ChildSa, 1);

	child->key = updown_event_child_key(event);
	child->my_client = event->my_client;
	child->peer_client = event->peer_client;
	child->protocol = event->my_protocol ? event->my_protocol : event->peer_protocol;
	child->my_port = event->my_port;
	child->peer_port = event->peer_port;
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

	table->children = g_ptr_array_new_with_free_func(child_free);
	return table;
}

void
child_table_free(ChildTable *table)
{
	if (!table)
		return;
	g_ptr_array_unref(table->children);
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

static ChildChange
take_up(ChildTable *table, const UpdownEvent *event)
{
	ChildSa *child = child_new(event);
	guint i;

	if (!find(table, child->key, &i)) {
		g_ptr_array_add(table->children, child);
		return CHILD_WENT_UP;
	}
	if (child_equal(child, child_table_get(table, i))) {
		child_free(child);
		return CHILD_UNCHANGED;
	}
	child_free(table->children->pdata[i]);
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
	g_ptr_array_remove_index(table->children, i);
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

void
child_table_clear(ChildTable *table)
{
	g_ptr_array_set_size(table->children, 0);
}

guint
child_table_size(const ChildTable *table)
{
	return table->children->len;
}

const ChildSa *
child_table_get(const ChildTable *table, guint i)
{
	return table->children->pdata[i];
}

GArray *
child_table_list(const ChildTable *table)
{
	GArray *list = g_array_new(FALSE, FALSE, sizeof(XfrmChild));

	for (guint i = 0; i < child_table_size(table); i++) {
		const ChildSa *child = child_table_get(table, i);
		XfrmChild nets = {child->my_client, child->peer_client, child->protocol, child->my_port,
						  child->peer_port};

		g_array_append_val(list, nets);
	}
	return list;
}

GArray *
child_table_list_promised(const ChildTable *table)
{
	GArray *list = child_table_list(table);

	for (guint i = 0; i < child_table_size(table); i++) {
		const ChildSa *child = child_table_get(table, i);
		XfrmChild nets = g_array_index(list, XfrmChild, i);

		nets.my_client = child->me;
		if (child->leased && child->me.family == child->peer_client.family &&
			child->peer_client.prefix > 0 && !ip_net_contains(&child->peer_client, &child->me))
			g_array_append_val(list, nets);
	}
	return list;
}
