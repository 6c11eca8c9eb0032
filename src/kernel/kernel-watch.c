/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "kernel-watch.h"
#include "xfrm-table.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <linux/rtnetlink.h>
#include <linux/xfrm.h>
#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

typedef struct {
	XfrmChild child;
	bool seen; /* the kernel has carried it */
} Expected;

struct KernelWatch {
	bool has_interface;
	XfrmInterface interface;
	KernelWatchFunc func;
	gpointer user_data;
	guint pause_ms;

	struct nl_sock *links;
	struct nl_sock *xfrm;
	guint links_source;
	guint xfrm_source;
	guint look_source;
	bool was_down;    /* the interface, since it is followed */
	bool suspicious;  /* the last look missed something */
	bool told;        /* and it was said */
	GArray *expected; /* of Expected */
};

static void look_in(KernelWatch *self, guint ms);

static guint32
if_id_of(const KernelWatch *self)
{
	return self->has_interface ? self->interface.if_id : 0;
}

/* Looking */

/* @certain: a second look is not needed. */
static char *
find_interface_fault(const KernelWatch *self, bool *certain)
{
	XfrmInterfaceHealth health =
		self->has_interface ? xfrm_interface_look(&self->interface) : XFRM_INTERFACE_WELL;
	const char *what = NULL;

	if (health == XFRM_INTERFACE_WELL && self->was_down)
		health = XFRM_INTERFACE_DOWN; /* its routes are gone all the same */
	*certain = health == XFRM_INTERFACE_GONE;
	switch (health) {
	case XFRM_INTERFACE_GONE:
		what = "removed";
		break;
	case XFRM_INTERFACE_RENAMED:
		what = "renamed";
		break;
	case XFRM_INTERFACE_DOWN:
		what = self->expected->len > 0 ? "set down" : NULL;
		break;
	default:
		break;
	}
	return what ? g_strdup_printf("somebody %s the interface %s", what, self->interface.name)
				: NULL;
}

static char *
find_xfrm_fault(KernelWatch *self)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(XfrmTable) table = self->expected->len > 0 ? xfrm_table_read(&error) : NULL;

	if (error)
		g_debug("%s", error->message);
	for (guint i = 0; table && i < self->expected->len; i++) {
		Expected *expected = &g_array_index(self->expected, Expected, i);
		char mine[IP_NET_STRLEN], peers[IP_NET_STRLEN];

		if (xfrm_table_carries(table, if_id_of(self), &expected->child)) {
			expected->seen = true;
			continue;
		}
		if (expected->seen)
			return g_strdup_printf("somebody removed the kernel's policies or states for %s and %s",
								   ip_net_to_string(&expected->child.my_client, mine),
								   ip_net_to_string(&expected->child.peer_client, peers));
	}
	return NULL;
}

static void
look(KernelWatch *self)
{
	bool certain = false;
	g_autofree char *fault = find_interface_fault(self, &certain);

	if (!fault)
		fault = find_xfrm_fault(self);
	if (!fault) {
		self->suspicious = false;
		return;
	}
	if (!certain && !self->suspicious) {
		self->suspicious = true;
		look_in(self, self->pause_ms);
		return;
	}
	self->suspicious = false;
	self->told = true;
	self->func(fault, self->user_data);
}

static gboolean
on_look(gpointer user_data)
{
	KernelWatch *self = user_data;

	self->look_source = 0;
	if (!self->told)
		look(self);
	return G_SOURCE_REMOVE;
}

static void
look_in(KernelWatch *self, guint ms)
{
	if (self->look_source && ms > 0)
		return; /* soon enough, however many changes there are */
	g_clear_handle_id(&self->look_source, g_source_remove);
	self->look_source = g_timeout_add(ms, on_look, self);
}

/* Messages */

static int
on_link(struct nl_msg *msg, void *user_data)
{
	KernelWatch *self = user_data;
	const struct nlmsghdr *header = nlmsg_hdr(msg);
	const struct ifinfomsg *info = nlmsg_data(header);

	if (nlmsg_valid_hdr(header, sizeof(*info)) && self->has_interface &&
		info->ifi_index == self->interface.ifindex) {
		self->was_down |= !(info->ifi_flags & IFF_UP);
		look_in(self, header->nlmsg_type == RTM_DELLINK ? 0 : self->pause_ms);
	}
	return NL_OK;
}

static int
on_xfrm(struct nl_msg *msg, void *user_data)
{
	KernelWatch *self = user_data;

	if (self->expected->len > 0)
		look_in(self, self->pause_ms);
	return NL_OK;
}

static gboolean
read_messages(KernelWatch *self, struct nl_sock *sock, guint *source)
{
	int n;

	do {
		n = nl_recvmsgs_default(sock);
		if (n == -NLE_NOMEM || n == -NLE_MSG_OVERFLOW) {
			/* ENOBUFS: some were lost. A look is as good as any message. */
			look_in(self, self->pause_ms);
			n = 0;
		}
	} while (n >= 0);
	if (n == -NLE_AGAIN)
		return G_SOURCE_CONTINUE;
	g_warning("cannot watch the kernel any more: %s", nl_geterror(n));
	*source = 0;
	return G_SOURCE_REMOVE;
}

static gboolean
on_links(gint fd, GIOCondition condition, gpointer user_data)
{
	KernelWatch *self = user_data;

	return read_messages(self, self->links, &self->links_source);
}

static gboolean
on_xfrms(gint fd, GIOCondition condition, gpointer user_data)
{
	KernelWatch *self = user_data;

	return read_messages(self, self->xfrm, &self->xfrm_source);
}

static struct nl_sock *
subscribe(KernelWatch *self, int protocol, nl_recvmsg_msg_cb_t func, int group, int other_group,
		  GError **error)
{
	struct nl_sock *sock = nl_socket_alloc();
	int n = sock ? nl_connect(sock, protocol) : -NLE_NOMEM;

	if (n >= 0) {
		nl_socket_disable_seq_check(sock);
		nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, func, self);
		n = nl_socket_add_memberships(sock, group, other_group, 0);
	}
	if (n >= 0)
		n = nl_socket_set_nonblocking(sock);
	if (n >= 0)
		return sock;
	g_set_error(
		error, G_IO_ERROR,
		n == -NLE_PERM || n == -NLE_NOACCESS ? G_IO_ERROR_PERMISSION_DENIED : G_IO_ERROR_FAILED,
		"cannot watch the kernel's %s: %s",
		protocol == NETLINK_XFRM ? "XFRM policies and states" : "interfaces", nl_geterror(n));
	if (sock)
		nl_socket_free(sock);
	return NULL;
}

KernelWatch *
kernel_watch_new(const XfrmInterface *interface, KernelWatchFunc func, gpointer user_data,
				 GError **error)
{
	g_autoptr(KernelWatch) self = g_new0(KernelWatch, 1);

	self->func = func;
	self->user_data = user_data;
	self->pause_ms = KERNEL_WATCH_PAUSE_MS;
	self->expected = g_array_new(FALSE, FALSE, sizeof(Expected));
	self->links = subscribe(self, NETLINK_ROUTE, on_link, RTNLGRP_LINK, 0, error);
	if (!self->links)
		return NULL;
	self->xfrm = subscribe(self, NETLINK_XFRM, on_xfrm, XFRMNLGRP_POLICY, XFRMNLGRP_SA, error);
	if (!self->xfrm)
		return NULL;
	self->links_source =
		g_unix_fd_add(nl_socket_get_fd(self->links), G_IO_IN | G_IO_ERR | G_IO_HUP, on_links, self);
	self->xfrm_source =
		g_unix_fd_add(nl_socket_get_fd(self->xfrm), G_IO_IN | G_IO_ERR | G_IO_HUP, on_xfrms, self);
	if (interface)
		kernel_watch_follow(self, interface);
	return g_steal_pointer(&self);
}

void
kernel_watch_follow(KernelWatch *self, const XfrmInterface *interface)
{
	/* Its making is not its going down. */
	if (self->links_source)
		read_messages(self, self->links, &self->links_source);
	self->has_interface = true;
	self->interface = *interface;
	self->told = self->suspicious = self->was_down = false;
	/* It may have gone already. */
	look_in(self, self->pause_ms);
}

bool
kernel_watch_was_down(const KernelWatch *self)
{
	return self->was_down;
}

static bool
was_seen(const GArray *expected, const XfrmChild *child)
{
	for (guint i = 0; i < expected->len; i++) {
		const Expected *e = &g_array_index(expected, Expected, i);

		if (ip_net_equal(&e->child.my_client, &child->my_client) &&
			ip_net_equal(&e->child.peer_client, &child->peer_client))
			return e->seen;
	}
	return false;
}

void
kernel_watch_expect(KernelWatch *self, const GArray *children)
{
	GArray *expected = g_array_new(FALSE, FALSE, sizeof(Expected));

	for (guint i = 0; children && i < children->len; i++) {
		Expected e = {.child = g_array_index(children, XfrmChild, i)};

		e.seen = was_seen(self->expected, &e.child);
		g_array_append_val(expected, e);
	}
	g_array_unref(self->expected);
	self->expected = expected;
	self->told = self->suspicious = false;
	if (expected->len == 0)
		return;
	/* What is there already is known to have been there, whatever happens until the next look. */
	g_free(find_xfrm_fault(self));
	look_in(self, self->pause_ms);
}

void
kernel_watch_set_pause(KernelWatch *self, guint pause_ms)
{
	self->pause_ms = pause_ms;
}

void
kernel_watch_free(KernelWatch *self)
{
	if (!self)
		return;
	g_clear_handle_id(&self->look_source, g_source_remove);
	g_clear_handle_id(&self->links_source, g_source_remove);
	g_clear_handle_id(&self->xfrm_source, g_source_remove);
	if (self->links)
		nl_socket_free(self->links);
	if (self->xfrm)
		nl_socket_free(self->xfrm);
	g_array_unref(self->expected);
	g_free(self);
}
