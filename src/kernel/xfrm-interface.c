/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "xfrm-interface.h"
#include "ip-link.h"
#include "xfrm-link.h"
#include "xfrm-table.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

/* What makes an interface ours: the alias (ip-link(8)), which the kernel keeps and only root sets.
 */
#define MARK "nm-libreswan "

/* Numbers stay small: they are read aloud, and firewall rules are made of them. */
#define MAX_IF_ID 65535

static Netlink *
connect_route(GError **error)
{
	return netlink_open(NETLINK_ROUTE, NETLINK_OWN_NAMESPACE, error);
}

/* @out: NULL, or what it gets filled with. */
static gboolean
is_ours(const IpLink *link, const char *uuid, XfrmInterface *out)
{
	const char *owner = link->alias + strlen(MARK);

	if (link->if_id == 0 || !g_str_has_prefix(link->alias, MARK) ||
		!g_uuid_string_is_valid(owner) || (uuid && strcmp(uuid, owner) != 0))
		return FALSE;
	if (!out)
		return TRUE;
	memset(out, 0, sizeof(*out));
	out->if_id = link->if_id;
	out->ifindex = link->ifindex;
	g_strlcpy(out->name, link->name, sizeof(out->name));
	g_strlcpy(out->uuid, owner, sizeof(out->uuid));
	return TRUE;
}

GArray *
xfrm_interface_list_ours(const char *uuid, GError **error)
{
	g_autoptr(Netlink) netlink = connect_route(error);
	g_autoptr(GArray) links = netlink ? ip_link_list(netlink, error) : NULL;
	GArray *ours = links ? g_array_new(FALSE, FALSE, sizeof(XfrmInterface)) : NULL;

	for (guint i = 0; links && i < links->len; i++) {
		XfrmInterface interface;

		if (is_ours(&g_array_index(links, IpLink, i), uuid, &interface))
			g_array_append_val(ours, interface);
	}
	return ours;
}

/* N is taken by a link of that name, by an XFRM interface of any name with that if_id, by states,
 * or by policies. */
static gboolean
is_taken(guint32 if_id, const GArray *links, const XfrmTable *table)
{
	char name[IFNAMSIZ];

	g_snprintf(name, sizeof(name), "ipsec%u", if_id);
	for (guint i = 0; i < links->len; i++) {
		const IpLink *link = &g_array_index(links, IpLink, i);

		if (strcmp(link->name, name) == 0 || link->if_id == if_id)
			return TRUE;
	}
	for (guint i = 0; i < table->states->len; i++) {
		if (g_array_index(table->states, XfrmState, i).if_id == if_id)
			return TRUE;
	}
	for (guint i = 0; i < table->policies->len; i++) {
		if (g_array_index(table->policies, XfrmPolicy, i).if_id == if_id)
			return TRUE;
	}
	return FALSE;
}

static guint32
find_free(Netlink *netlink, guint32 from, guint32 to, GError **error)
{
	g_autoptr(XfrmTable) table = xfrm_table_read(error);
	g_autoptr(GArray) links = table ? ip_link_list(netlink, error) : NULL;

	if (!links)
		return 0;
	for (guint32 n = MAX(from, 1); n <= to; n++) {
		if (!is_taken(n, links, table))
			return n;
	}
	g_set_error(error, G_IO_ERROR, from == to ? G_IO_ERROR_EXISTS : G_IO_ERROR_NO_SPACE,
				"the interface number %u is taken: an interface ipsec%u, or an XFRM state or "
				"policy with that if_id, is there",
				from, from);
	return 0;
}

guint32
xfrm_interface_find_free(guint32 from, GError **error)
{
	g_autoptr(Netlink) netlink = connect_route(error);

	return netlink ? find_free(netlink, from, MAX_IF_ID, error) : 0;
}

static int
add(Netlink *netlink, const XfrmInterface *interface, guint32 mtu)
{
	const struct ifinfomsg header = {.ifi_family = AF_UNSPEC};
	struct nl_msg *message =
		netlink_message_new(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &header, sizeof(header));

	netlink_message_put(message, IFLA_IFNAME, interface->name, strlen(interface->name) + 1);
	netlink_message_put_u32(message, IFLA_MTU, mtu ? mtu : XFRM_INTERFACE_DEFAULT_MTU);
	xfrm_link_put(message, interface->if_id);
	return netlink_request(netlink, message);
}

/* The kernel takes no alias with RTM_NEWLINK, so it is set next, together with IFF_UP: the
 * interface is never up without its mark. */
static int
mark_and_set_up(Netlink *netlink, const XfrmInterface *interface)
{
	const struct ifinfomsg header = {.ifi_family = AF_UNSPEC,
									 .ifi_index = interface->ifindex,
									 .ifi_flags = IFF_UP,
									 .ifi_change = IFF_UP};
	g_autofree char *alias = g_strconcat(MARK, interface->uuid, NULL);
	struct nl_msg *message = netlink_message_new(RTM_NEWLINK, 0, &header, sizeof(header));

	netlink_message_put(message, IFLA_IFALIAS, alias, strlen(alias) + 1);
	return netlink_request(netlink, message);
}

static int
make(Netlink *netlink, const char *uuid, guint32 if_id, guint32 mtu, XfrmInterface *out)
{
	IpLink made;
	int n;

	memset(out, 0, sizeof(*out));
	out->if_id = if_id;
	g_snprintf(out->name, sizeof(out->name), "ipsec%u", if_id);
	g_strlcpy(out->uuid, uuid, sizeof(out->uuid));
	n = add(netlink, out, mtu);
	if (n < 0)
		return n;
	n = ip_link_get(netlink, 0, out->name, &made);
	if (n >= 0) {
		out->ifindex = made.ifindex;
		n = mark_and_set_up(netlink, out);
	}
	if (n < 0)
		ip_link_delete(netlink, out->ifindex, out->name);
	return n;
}

static gboolean
fail_to_make(GError **error, int answer, const char *name)
{
	if (answer != -EOPNOTSUPP)
		return netlink_fail(error, answer, "make interface %s", name);
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
				"cannot make interface %s: the kernel has no XFRM interfaces (module "
				"xfrm_interface)",
				name);
	return FALSE;
}

static gboolean
create(const char *uuid, guint32 from, guint32 to, guint32 mtu, XfrmInterface *out, GError **error)
{
	g_autoptr(Netlink) netlink = connect_route(error);
	guint32 if_id;
	int n;

	if (!netlink)
		return FALSE;
	/* Somebody may take the number between the look and the deed: then the next one. */
	do {
		if_id = find_free(netlink, from, to, error);
		if (if_id == 0)
			return FALSE;
		n = make(netlink, uuid, if_id, mtu, out);
		from = if_id + 1;
	} while (n == -EEXIST && from <= to);
	return n >= 0 || fail_to_make(error, n, out->name);
}

gboolean
xfrm_interface_create(const char *uuid, guint32 from, guint32 mtu, XfrmInterface *out,
					  GError **error)
{
	return create(uuid, from, MAX_IF_ID, mtu, out, error);
}

gboolean
xfrm_interface_create_numbered(const char *uuid, guint32 if_id, guint32 mtu, XfrmInterface *out,
							   GError **error)
{
	return create(uuid, if_id, if_id, mtu, out, error);
}

XfrmInterfaceHealth
xfrm_interface_look(const XfrmInterface *interface)
{
	g_autoptr(Netlink) netlink = connect_route(NULL);
	IpLink link;
	int n;

	if (!netlink)
		return XFRM_INTERFACE_WELL;
	n = ip_link_get(netlink, interface->ifindex, NULL, &link);
	if (netlink_is_gone(n))
		return XFRM_INTERFACE_GONE;
	if (n >= 0 && strcmp(link.name, interface->name) != 0)
		return XFRM_INTERFACE_RENAMED;
	if (n >= 0 && !(link.flags & IFF_UP))
		return XFRM_INTERFACE_DOWN;
	return XFRM_INTERFACE_WELL;
}

gboolean
xfrm_interface_is_anothers(const XfrmInterface *interface)
{
	g_autoptr(Netlink) netlink = connect_route(NULL);
	g_autoptr(GArray) links = netlink ? ip_link_list(netlink, NULL) : NULL;

	for (guint i = 0; links && i < links->len; i++) {
		const IpLink *link = &g_array_index(links, IpLink, i);

		if (link->if_id == interface->if_id && !is_ours(link, interface->uuid, NULL))
			return TRUE;
	}
	return !links;
}

gboolean
xfrm_interface_delete(const XfrmInterface *interface, GError **error)
{
	g_autoptr(Netlink) netlink = connect_route(error);
	IpLink link;
	int n;

	if (!netlink)
		return FALSE;
	n = ip_link_get(netlink, interface->ifindex, NULL, &link);
	if (n >= 0 && !is_ours(&link, interface->uuid, NULL)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
					"the interface %s (index %d) is not ours any more and is left alone",
					interface->name, interface->ifindex);
		return FALSE;
	}
	if (n >= 0)
		n = ip_link_delete(netlink, interface->ifindex, NULL);
	return n >= 0 || netlink_is_gone(n) ||
		   netlink_fail(error, n, "remove interface %s", interface->name);
}
