/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "xfrm-ownership.h"

#include <string.h>

#define RECORD(records, i) (&g_array_index(records, XfrmOwnership, i))

GArray *
xfrm_ownership_new(void)
{
	return g_array_new(FALSE, FALSE, sizeof(XfrmOwnership));
}

static gboolean
record_equal(const XfrmOwnership *a, const XfrmOwnership *b)
{
	return ip_net_equal(&a->child.my_client, &b->child.my_client) &&
		   ip_net_equal(&a->child.peer_client, &b->child.peer_client) &&
		   a->child.protocol == b->child.protocol && a->child.my_port == b->child.my_port &&
		   a->child.peer_port == b->child.peer_port && ip_net_equal(&a->me, &b->me) &&
		   ip_net_equal(&a->peer, &b->peer) && a->reqid == b->reqid && a->if_id == b->if_id;
}

gboolean
xfrm_ownership_add(GArray *records, const XfrmOwnership *record)
{
	for (guint i = 0; i < records->len; i++) {
		if (record_equal(RECORD(records, i), record))
			return FALSE;
	}
	g_array_append_vals(records, record, 1);
	return TRUE;
}

/* What stands in a group. */
static const struct {
	const char *key;
	gsize field;
} nets[] = {
	{"me", G_STRUCT_OFFSET(XfrmOwnership, me)},
	{"peer", G_STRUCT_OFFSET(XfrmOwnership, peer)},
	{"my-client", G_STRUCT_OFFSET(XfrmOwnership, child.my_client)},
	{"peer-client", G_STRUCT_OFFSET(XfrmOwnership, child.peer_client)},
};

char *
xfrm_ownership_to_text(const GArray *records, guint i)
{
	const XfrmOwnership *record = RECORD(records, i);
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autofree char *group = g_strdup_printf("child-%u", i + 1);
	g_autofree char *text = NULL;
	char net[IP_NET_STRLEN];

	for (guint j = 0; j < G_N_ELEMENTS(nets); j++)
		g_key_file_set_string(file, group, nets[j].key,
							  ip_net_to_string(G_STRUCT_MEMBER_P(record, nets[j].field), net));
	g_key_file_set_integer(file, group, "protocol", record->child.protocol);
	g_key_file_set_integer(file, group, "my-port", record->child.my_port);
	g_key_file_set_integer(file, group, "peer-port", record->child.peer_port);
	g_key_file_set_uint64(file, group, "reqid", record->reqid);
	g_key_file_set_uint64(file, group, "if-id", record->if_id);
	text = g_key_file_to_data(file, NULL, NULL);
	return g_strconcat(text, "\n", NULL);
}

static gboolean
read_number(GKeyFile *file, const char *group, const char *key, guint64 max, guint64 *number)
{
	g_autoptr(GError) error = NULL;

	*number = g_key_file_get_uint64(file, group, key, &error);
	return !error && *number <= max;
}

static gboolean
read_record(GKeyFile *file, const char *group, XfrmOwnership *record)
{
	guint64 protocol, my_port, peer_port, reqid, if_id;

	*record = (XfrmOwnership){0};
	for (guint i = 0; i < G_N_ELEMENTS(nets); i++) {
		g_autofree char *net = g_key_file_get_string(file, group, nets[i].key, NULL);

		if (!net || !ip_net_parse(G_STRUCT_MEMBER_P(record, nets[i].field), net))
			return FALSE;
	}
	if (!read_number(file, group, "protocol", G_MAXUINT8, &protocol) ||
		!read_number(file, group, "my-port", G_MAXUINT16, &my_port) ||
		!read_number(file, group, "peer-port", G_MAXUINT16, &peer_port) ||
		!read_number(file, group, "reqid", G_MAXUINT32, &reqid) ||
		!read_number(file, group, "if-id", G_MAXUINT32, &if_id))
		return FALSE;
	record->child.protocol = protocol;
	record->child.my_port = my_port;
	record->child.peer_port = peer_port;
	record->reqid = reqid;
	record->if_id = if_id;
	return TRUE;
}

/* A key file is refused whole for one line that is none: what comes before it counts. */
static void
load(GKeyFile *file, const char *text)
{
	g_autofree char *whole = g_strdup(text);

	while (!g_key_file_load_from_data(file, whole, (gsize) -1, G_KEY_FILE_NONE, NULL)) {
		char *last = g_strrstr(whole, "\n[");

		if (!last)
			return;
		last[1] = '\0';
	}
}

GArray *
xfrm_ownership_parse(const char *text)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_auto(GStrv) groups = NULL;
	GArray *records = xfrm_ownership_new();
	XfrmOwnership record;

	load(file, text);
	groups = g_key_file_get_groups(file, NULL);
	for (char **group = groups; *group; group++) {
		if (read_record(file, *group, &record))
			xfrm_ownership_add(records, &record);
	}
	return records;
}

gboolean
xfrm_ownership_sweep(const GArray *records, guint *n_deleted, GError **error)
{
	g_autoptr(XfrmTable) table = NULL;
	g_autoptr(XfrmTable) doomed = xfrm_table_new();

	*n_deleted = 0;
	if (records->len == 0)
		return TRUE;
	table = xfrm_table_read(error);
	for (guint i = 0; table && i < records->len; i++) {
		g_autoptr(XfrmTable) chosen = xfrm_table_select_owned(table, RECORD(records, i));

		xfrm_table_add(doomed, chosen);
	}
	return table && xfrm_table_delete(doomed, n_deleted, error);
}
