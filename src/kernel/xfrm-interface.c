/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "xfrm-interface.h"
#include "xfrm-table.h"

#include <gio/gio.h>
#include <netlink/errno.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/link/xfrmi.h>
#include <netlink/socket.h>
#include <string.h>

/* What makes an interface ours: the alias (ip-link(8)), which the kernel keeps and only root sets.
 */
#define MARK "nm-libreswan "

/* Numbers stay small: they are read aloud, and firewall rules are made of them. */
#define MAX_IF_ID 65535

static bool
fail(GError **error, int nl_error, const char *what, const char *name)
{
	int code = G_IO_ERROR_FAILED;
	const char *why = nl_geterror(nl_error);

	switch (-nl_error) {
	case NLE_PERM:
	case NLE_NOACCESS:
		code = G_IO_ERROR_PERMISSION_DENIED;
		break;
	case NLE_OPNOTSUPP:
		code = G_IO_ERROR_NOT_SUPPORTED;
		why = "the kernel has no XFRM interfaces (module xfrm_interface)";
		break;
	case NLE_EXIST:
		code = G_IO_ERROR_EXISTS;
		why = "there is one already";
		break;
	default:
		break;
	}
	g_set_error(error, G_IO_ERROR, code, "cannot %s interface %s: %s", what, name, why);
	return false;
}

static struct nl_sock *
connect_route(GError **error)
{
	struct nl_sock *sock = nl_socket_alloc();
	int n = sock ? nl_connect(sock, NETLINK_ROUTE) : -NLE_NOMEM;

	if (n < 0) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
					"cannot talk to the kernel's rtnetlink: %s", nl_geterror(n));
		g_clear_pointer(&sock, nl_socket_free);
	}
	return sock;
}

/* The links of this namespace; freed with nl_cache_free(). */
static struct nl_cache *
read_links(struct nl_sock *sock, GError **error)
{
	struct nl_cache *links;
	int n = rtnl_link_alloc_cache(sock, AF_UNSPEC, &links);

	if (n >= 0)
		return links;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot list the network interfaces: %s",
				nl_geterror(n));
	return NULL;
}

static bool
is_ours(struct rtnl_link *link, const char *uuid, XfrmInterface *out)
{
	const char *alias = rtnl_link_get_ifalias(link);
	guint32 if_id;

	if (!rtnl_link_is_xfrmi(link) || rtnl_link_xfrmi_get_if_id(link, &if_id) < 0 || !alias ||
		!g_str_has_prefix(alias, MARK))
		return false;
	alias += strlen(MARK);
	if (!g_uuid_string_is_valid(alias) || (uuid && strcmp(uuid, alias) != 0))
		return false;
	memset(out, 0, sizeof(*out));
	out->if_id = if_id;
	out->ifindex = rtnl_link_get_ifindex(link);
	g_strlcpy(out->name, rtnl_link_get_name(link), sizeof(out->name));
	g_strlcpy(out->uuid, alias, sizeof(out->uuid));
	return true;
}

GArray *
xfrm_interface_list_ours(const char *uuid, GError **error)
{
	struct nl_sock *sock = connect_route(error);
	struct nl_cache *links = sock ? read_links(sock, error) : NULL;
	GArray *ours = NULL;

	if (links) {
		ours = g_array_new(FALSE, FALSE, sizeof(XfrmInterface));
		for (struct nl_object *o = nl_cache_get_first(links); o; o = nl_cache_get_next(o)) {
			XfrmInterface interface;

			if (is_ours((struct rtnl_link *) o, uuid, &interface))
				g_array_append_val(ours, interface);
		}
		nl_cache_free(links);
	}
	if (sock)
		nl_socket_free(sock);
	return ours;
}

/* N is taken by a link of that name, by an XFRM interface of any name with that if_id, by states,
 * or by policies. */
static bool
is_taken(guint32 if_id, struct nl_cache *links, const XfrmTable *table)
{
	char name[IFNAMSIZ];

	g_snprintf(name, sizeof(name), "ipsec%u", if_id);
	for (struct nl_object *o = nl_cache_get_first(links); o; o = nl_cache_get_next(o)) {
		struct rtnl_link *link = (struct rtnl_link *) o;
		guint32 theirs;

		if (g_strcmp0(rtnl_link_get_name(link), name) == 0 ||
			(rtnl_link_is_xfrmi(link) && rtnl_link_xfrmi_get_if_id(link, &theirs) == 0 &&
			 theirs == if_id))
			return true;
	}
	for (guint i = 0; i < table->states->len; i++) {
		if (g_array_index(table->states, XfrmState, i).if_id == if_id)
			return true;
	}
	for (guint i = 0; i < table->policies->len; i++) {
		if (g_array_index(table->policies, XfrmPolicy, i).if_id == if_id)
			return true;
	}
	return false;
}

static guint32
find_free(struct nl_sock *sock, guint32 from, guint32 to, GError **error)
{
	g_autoptr(XfrmTable) table = xfrm_table_read(error);
	struct nl_cache *links = table ? read_links(sock, error) : NULL;
	guint32 if_id = 0;

	if (!links)
		return 0;
	for (guint32 n = MAX(from, 1); n <= to && if_id == 0; n++) {
		if (!is_taken(n, links, table))
			if_id = n;
	}
	nl_cache_free(links);
	if (if_id == 0)
		g_set_error(error, G_IO_ERROR, from == to ? G_IO_ERROR_EXISTS : G_IO_ERROR_NO_SPACE,
					"the interface number %u is taken: an interface ipsec%u, or an XFRM state or "
					"policy with that if_id, is there",
					from, from);
	return if_id;
}

guint32
xfrm_interface_find_free(guint32 from, GError **error)
{
	struct nl_sock *sock = connect_route(error);
	guint32 if_id;

	if (!sock)
		return 0;
	if_id = find_free(sock, from, MAX_IF_ID, error);
	nl_socket_free(sock);
	return if_id;
}

/* The kernel takes no alias with RTM_NEWLINK, so it is set next, together with IFF_UP: the
 * interface is never up without its mark. */
static int
mark_and_set_up(struct nl_sock *sock, struct rtnl_link *link, const char *uuid, XfrmInterface *out)
{
	g_autofree char *alias = g_strconcat(MARK, uuid, NULL);
	struct rtnl_link *made, *change = rtnl_link_alloc();
	int n = change ? rtnl_link_get_kernel(sock, 0, out->name, &made) : -NLE_NOMEM;

	if (n >= 0) {
		out->ifindex = rtnl_link_get_ifindex(made);
		rtnl_link_set_ifalias(change, alias);
		rtnl_link_set_flags(change, IFF_UP);
		n = rtnl_link_change(sock, made, change, 0);
		rtnl_link_put(made);
	}
	if (change)
		rtnl_link_put(change);
	if (n < 0)
		rtnl_link_delete(sock, link);
	return n;
}

static int
make(struct nl_sock *sock, const char *uuid, guint32 if_id, guint32 mtu, XfrmInterface *out)
{
	struct rtnl_link *link = rtnl_link_xfrmi_alloc();
	int n;

	if (!link)
		return -NLE_NOMEM;
	memset(out, 0, sizeof(*out));
	out->if_id = if_id;
	g_snprintf(out->name, sizeof(out->name), "ipsec%u", if_id);
	g_strlcpy(out->uuid, uuid, sizeof(out->uuid));
	rtnl_link_set_name(link, out->name);
	rtnl_link_set_mtu(link, mtu ? mtu : XFRM_INTERFACE_DEFAULT_MTU);
	rtnl_link_xfrmi_set_if_id(link, if_id);
	n = rtnl_link_add(sock, link, NLM_F_CREATE | NLM_F_EXCL);
	if (n >= 0)
		n = mark_and_set_up(sock, link, uuid, out);
	rtnl_link_put(link);
	return n;
}

static bool
create(const char *uuid, guint32 from, guint32 to, guint32 mtu, XfrmInterface *out, GError **error)
{
	struct nl_sock *sock = connect_route(error);
	guint32 if_id;
	int n;

	if (!sock)
		return false;
	/* Somebody may take the number between the look and the deed: then the next one. */
	do {
		if_id = find_free(sock, from, to, error);
		n = if_id ? make(sock, uuid, if_id, mtu, out) : 0;
		from = if_id + 1;
	} while (n == -NLE_EXIST && from <= to);
	nl_socket_free(sock);
	if (n < 0)
		fail(error, n, "make", out->name);
	return if_id != 0 && n >= 0;
}

bool
xfrm_interface_create(const char *uuid, guint32 from, guint32 mtu, XfrmInterface *out,
					  GError **error)
{
	return create(uuid, from, MAX_IF_ID, mtu, out, error);
}

bool
xfrm_interface_create_numbered(const char *uuid, guint32 if_id, guint32 mtu, XfrmInterface *out,
							   GError **error)
{
	return create(uuid, if_id, if_id, mtu, out, error);
}

XfrmInterfaceHealth
xfrm_interface_look(const XfrmInterface *interface)
{
	struct nl_sock *sock = connect_route(NULL);
	XfrmInterfaceHealth health = XFRM_INTERFACE_WELL;
	struct rtnl_link *link = NULL;
	int n;

	if (!sock)
		return health;
	n = rtnl_link_get_kernel(sock, interface->ifindex, NULL, &link);
	if (n == -NLE_OBJ_NOTFOUND || n == -NLE_NODEV)
		health = XFRM_INTERFACE_GONE;
	else if (n >= 0 && g_strcmp0(rtnl_link_get_name(link), interface->name) != 0)
		health = XFRM_INTERFACE_RENAMED;
	else if (n >= 0 && !(rtnl_link_get_flags(link) & IFF_UP))
		health = XFRM_INTERFACE_DOWN;
	if (link)
		rtnl_link_put(link);
	nl_socket_free(sock);
	return health;
}

bool
xfrm_interface_is_anothers(const XfrmInterface *interface)
{
	struct nl_sock *sock = connect_route(NULL);
	struct nl_cache *links = sock ? read_links(sock, NULL) : NULL;
	bool anothers = !links;

	for (struct nl_object *o = links ? nl_cache_get_first(links) : NULL; o;
		 o = nl_cache_get_next(o)) {
		struct rtnl_link *link = (struct rtnl_link *) o;
		XfrmInterface found;
		guint32 if_id;

		if (rtnl_link_is_xfrmi(link) && rtnl_link_xfrmi_get_if_id(link, &if_id) == 0 &&
			if_id == interface->if_id && !is_ours(link, interface->uuid, &found))
			anothers = true;
	}
	if (links)
		nl_cache_free(links);
	if (sock)
		nl_socket_free(sock);
	return anothers;
}

bool
xfrm_interface_set_mtu(const XfrmInterface *interface, guint32 mtu, GError **error)
{
	struct nl_sock *sock = connect_route(error);
	struct rtnl_link *old = NULL, *change = NULL;
	int n = -NLE_NOMEM;

	if (!sock)
		return false;
	old = rtnl_link_alloc();
	change = rtnl_link_alloc();
	if (old && change) {
		rtnl_link_set_ifindex(old, interface->ifindex);
		rtnl_link_set_mtu(change, mtu);
		n = rtnl_link_change(sock, old, change, 0);
	}
	if (old)
		rtnl_link_put(old);
	if (change)
		rtnl_link_put(change);
	nl_socket_free(sock);
	return n >= 0 || fail(error, n, "set the MTU of", interface->name);
}

bool
xfrm_interface_delete(const XfrmInterface *interface, GError **error)
{
	struct nl_sock *sock = connect_route(error);
	struct rtnl_link *link = NULL;
	XfrmInterface found;
	bool ours = true;
	int n;

	if (!sock)
		return false;
	n = rtnl_link_get_kernel(sock, interface->ifindex, NULL, &link);
	if (n >= 0) {
		ours = is_ours(link, interface->uuid, &found);
		if (ours)
			n = rtnl_link_delete(sock, link);
		rtnl_link_put(link);
	}
	nl_socket_free(sock);
	if (!ours) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
					"the interface %s (index %d) is not ours any more and is left alone",
					interface->name, interface->ifindex);
		return false;
	}
	if (n == -NLE_OBJ_NOTFOUND || n == -NLE_NODEV)
		return true;
	return n >= 0 || fail(error, n, "remove", interface->name);
}
