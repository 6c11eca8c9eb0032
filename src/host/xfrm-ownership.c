/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "xfrm-ownership.h"

#include <string.h>

#define CLAIM(claims, i) (&g_array_index(claims, XfrmOwnership, i))

GArray *
xfrm_ownership_new(void)
{
	return g_array_new(FALSE, FALSE, sizeof(XfrmOwnership));
}

static bool
claim_equal(const XfrmOwnership *a, const XfrmOwnership *b)
{
	return ip_net_equal(&a->child.my_client, &b->child.my_client) &&
		   ip_net_equal(&a->child.peer_client, &b->child.peer_client) &&
		   a->child.protocol == b->child.protocol && a->child.my_port == b->child.my_port &&
		   a->child.peer_port == b->child.peer_port && ip_net_equal(&a->me, &b->me) &&
		   ip_net_equal(&a->peer, &b->peer) && a->reqid == b->reqid && a->if_id == b->if_id;
}

bool
xfrm_ownership_add(GArray *claims, const XfrmOwnership *claim)
{
	for (guint i = 0; i < claims->len; i++) {
		if (claim_equal(CLAIM(claims, i), claim))
			return false;
	}
	g_array_append_vals(claims, claim, 1);
	return true;
}

char *
xfrm_ownership_to_text(const GArray *claims)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < claims->len; i++) {
		const XfrmOwnership *claim = CLAIM(claims, i);
		char me[IP_NET_STRLEN], peer[IP_NET_STRLEN], mine[IP_NET_STRLEN], peers[IP_NET_STRLEN];

		g_string_append_printf(
			text, "%s %s %s %s %u %u %u %u %u\n", ip_net_to_string(&claim->me, me),
			ip_net_to_string(&claim->peer, peer), ip_net_to_string(&claim->child.my_client, mine),
			ip_net_to_string(&claim->child.peer_client, peers), claim->child.protocol,
			claim->child.my_port, claim->child.peer_port, claim->reqid, claim->if_id);
	}
	return g_string_free(text, FALSE);
}

static bool
parse_line(XfrmOwnership *claim, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	guint64 protocol, my_port, peer_port, reqid, if_id = 0;
	guint n = g_strv_length(words);

	memset(claim, 0, sizeof(*claim));
	if ((n != 8 && n != 9) || !ip_net_parse(&claim->me, words[0]) ||
		!ip_net_parse(&claim->peer, words[1]) || !ip_net_parse(&claim->child.my_client, words[2]) ||
		!ip_net_parse(&claim->child.peer_client, words[3]) ||
		!g_ascii_string_to_unsigned(words[4], 10, 0, G_MAXUINT8, &protocol, NULL) ||
		!g_ascii_string_to_unsigned(words[5], 10, 0, G_MAXUINT16, &my_port, NULL) ||
		!g_ascii_string_to_unsigned(words[6], 10, 0, G_MAXUINT16, &peer_port, NULL) ||
		!g_ascii_string_to_unsigned(words[7], 10, 0, G_MAXUINT32, &reqid, NULL) ||
		(n == 9 && !g_ascii_string_to_unsigned(words[8], 10, 0, G_MAXUINT32, &if_id, NULL)))
		return false;
	claim->child.protocol = protocol;
	claim->child.my_port = my_port;
	claim->child.peer_port = peer_port;
	claim->reqid = reqid;
	claim->if_id = if_id;
	return true;
}

GArray *
xfrm_ownership_parse(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	GArray *claims = xfrm_ownership_new();
	XfrmOwnership claim;

	for (char **line = lines; *line; line++) {
		if (parse_line(&claim, *line))
			xfrm_ownership_add(claims, &claim);
	}
	return claims;
}

GArray *
xfrm_ownership_children(const GArray *claims)
{
	GArray *children = g_array_new(FALSE, FALSE, sizeof(XfrmChild));

	for (guint i = 0; i < claims->len; i++)
		g_array_append_vals(children, &CLAIM(claims, i)->child, 1);
	return children;
}

bool
xfrm_ownership_sweep(const GArray *claims, guint *n_deleted, GError **error)
{
	g_autoptr(XfrmTable) table = NULL;
	g_autoptr(XfrmTable) doomed = xfrm_table_new();

	*n_deleted = 0;
	if (claims->len == 0)
		return true;
	table = xfrm_table_read(error);
	for (guint i = 0; table && i < claims->len; i++) {
		g_autoptr(XfrmTable) chosen = xfrm_table_select_claim(table, CLAIM(claims, i));

		xfrm_table_add(doomed, chosen);
	}
	return table && xfrm_table_delete(doomed, n_deleted, error);
}
