/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "kernel-watch.h"
#include "netlink.h"
#include "xfrm-table.h"

#include <linux/rtnetlink.h>
#include <linux/xfrm.h>

typedef struct {
	XfrmChild child;
	gboolean seen; /* the kernel has carried it */
} Expected;

struct KernelWatch {
	gboolean has_interface;
	XfrmInterface interface;
	KernelWatchFunc func;
	gpointer user_data;
	KernelWatchWhoFunc who;
	gpointer who_data;
	guint pause_ms;

	NetlinkSubscription *links;
	NetlinkSubscription *xfrm;
	guint look_source;
	gboolean was_down;   /* the interface, since it is followed */
	gboolean suspicious; /* the last look missed something */
	gboolean told;       /* and it was said */
	gboolean flushed;    /* somebody has flushed, since the last look */
	gboolean bare;       /* and flushed policies */
	gboolean protects;   /* there are policies of ours: traps and blocks, too */
	char *flusher;       /* who; NULL for not known */
	GArray *expected;    /* of Expected */
};

static void look_in(KernelWatch *self, guint ms);

static guint32
if_id_of(const KernelWatch *self)
{
	return self->has_interface ? self->interface.if_id : 0;
}

static void
forget_flush(KernelWatch *self)
{
	self->flushed = self->bare = FALSE;
	g_clear_pointer(&self->flusher, g_free);
}

/* Looking */

/* @certain: a second look is not needed. */
static char *
find_interface_fault(const KernelWatch *self, gboolean *certain)
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
			expected->seen = TRUE;
			continue;
		}
		if (expected->seen)
			return g_strdup_printf("%s removed the kernel's policies or states for %s and %s",
								   self->flusher ? self->flusher : "somebody",
								   ip_net_to_string(&expected->child.my_client, mine),
								   ip_net_to_string(&expected->child.peer_client, peers));
	}
	return NULL;
}

/* What of ours was flushed need not be asked: also what waits for a packet, and what blocks. */
static char *
find_flush(const KernelWatch *self)
{
	return self->bare && self->protects
			   ? g_strdup_printf("%s removed all of the kernel's IPsec policies",
								 self->flusher ? self->flusher : "somebody")
			   : NULL;
}

static void
look(KernelWatch *self)
{
	gboolean certain = FALSE;
	g_autofree char *fault = find_interface_fault(self, &certain);

	if (!fault) {
		fault = find_xfrm_fault(self);
		if (!fault)
			fault = find_flush(self);
		certain = self->flushed;
	}
	forget_flush(self);
	if (!fault) {
		self->suspicious = FALSE;
		return;
	}
	if (!certain && !self->suspicious) {
		self->suspicious = TRUE;
		look_in(self, self->pause_ms);
		return;
	}
	self->suspicious = FALSE;
	self->told = TRUE;
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

static void
on_link(struct nlmsghdr *message, gpointer user_data)
{
	KernelWatch *self = user_data;
	const struct ifinfomsg *info = nlmsg_data(message);

	if (!nlmsg_valid_hdr(message, sizeof(*info)) || !self->has_interface ||
		info->ifi_index != self->interface.ifindex)
		return;
	self->was_down |= !(info->ifi_flags & IFF_UP);
	look_in(self, message->nlmsg_type == RTM_DELLINK ? 0 : self->pause_ms);
}

/* What stands before the attributes; -1 where nothing is known of such a message. */
static int
header_size(const struct nlmsghdr *message)
{
	switch (message->nlmsg_type) {
	case XFRM_MSG_NEWSA:
	case XFRM_MSG_UPDSA:
		return sizeof(struct xfrm_usersa_info);
	case XFRM_MSG_DELSA:
		return sizeof(struct xfrm_usersa_id);
	case XFRM_MSG_NEWPOLICY:
	case XFRM_MSG_UPDPOLICY:
		return sizeof(struct xfrm_userpolicy_info);
	case XFRM_MSG_DELPOLICY:
		return sizeof(struct xfrm_userpolicy_id);
	default:
		return -1;
	}
}

/* Of many connections each hears of all, and to look means to read the whole tables. */
static gboolean
may_be_ours(const KernelWatch *self, struct nlmsghdr *message)
{
	struct nlattr *attributes[XFRMA_IF_ID + 1];
	const int size = header_size(message);

	return size < 0 || !netlink_message_parse(message, (gsize) size, attributes, XFRMA_IF_ID) ||
		   netlink_attribute_u32(attributes[XFRMA_IF_ID]) == if_id_of(self);
}

static void
on_xfrm(struct nlmsghdr *message, gpointer user_data)
{
	KernelWatch *self = user_data;
	const gboolean flush =
		message->nlmsg_type == XFRM_MSG_FLUSHSA || message->nlmsg_type == XFRM_MSG_FLUSHPOLICY;

	if ((self->expected->len == 0 && !self->protects) || !may_be_ours(self, message))
		return;
	self->bare |= message->nlmsg_type == XFRM_MSG_FLUSHPOLICY;
	if (flush && !self->flushed) {
		self->flushed = TRUE;
		/* Now: whoever it was may be about to end. */
		self->flusher = self->who ? self->who(message->nlmsg_pid, self->who_data) : NULL;
	}
	look_in(self, flush ? 0 : self->pause_ms);
}

/* A look is as good as any message. */
static void
on_lost(gpointer user_data)
{
	KernelWatch *self = user_data;

	look_in(self, self->pause_ms);
}

static const NetlinkInterest link_changes = {
	.what = "the kernel's interfaces",
	.protocol = NETLINK_ROUTE,
	.groups = {RTNLGRP_LINK},
	.on_message = on_link,
	.on_lost = on_lost,
};
static const NetlinkInterest xfrm_changes = {
	.what = "the kernel's XFRM policies and states",
	.protocol = NETLINK_XFRM,
	.groups = {XFRMNLGRP_POLICY, XFRMNLGRP_SA},
	.on_message = on_xfrm,
	.on_lost = on_lost,
};

KernelWatch *
kernel_watch_new(const XfrmInterface *interface, KernelWatchFunc func, gpointer user_data,
				 GError **error)
{
	g_autoptr(KernelWatch) self = g_new0(KernelWatch, 1);

	self->func = func;
	self->user_data = user_data;
	self->pause_ms = KERNEL_WATCH_PAUSE_MS;
	self->expected = g_array_new(FALSE, FALSE, sizeof(Expected));
	self->links = netlink_subscribe(&link_changes, NETLINK_OWN_NAMESPACE, self, error);
	if (!self->links)
		return NULL;
	self->xfrm = netlink_subscribe(&xfrm_changes, NETLINK_OWN_NAMESPACE, self, error);
	if (!self->xfrm)
		return NULL;
	if (interface)
		kernel_watch_follow(self, interface);
	return g_steal_pointer(&self);
}

void
kernel_watch_follow(KernelWatch *self, const XfrmInterface *interface)
{
	/* Its making is not its going down. */
	netlink_subscription_read(self->links);
	self->has_interface = TRUE;
	self->interface = *interface;
	self->told = self->suspicious = self->was_down = FALSE;
	/* It may have gone already. */
	look_in(self, self->pause_ms);
}

gboolean
kernel_watch_was_down(const KernelWatch *self)
{
	return self->was_down;
}

static gboolean
was_seen(const GArray *expected, const XfrmChild *child)
{
	for (guint i = 0; i < expected->len; i++) {
		const Expected *e = &g_array_index(expected, Expected, i);

		if (ip_net_equal(&e->child.my_client, &child->my_client) &&
			ip_net_equal(&e->child.peer_client, &child->peer_client))
			return e->seen;
	}
	return FALSE;
}

void
kernel_watch_expect(KernelWatch *self, const GArray *children)
{
	GArray *expected = g_array_new(FALSE, FALSE, sizeof(Expected));
	const gboolean was_protecting = self->protects;

	for (guint i = 0; children && i < children->len; i++) {
		Expected e = {.child = g_array_index(children, XfrmChild, i)};

		e.seen = was_seen(self->expected, &e.child);
		g_array_append_val(expected, e);
	}
	g_array_unref(self->expected);
	self->expected = expected;
	self->protects = children != NULL;
	/* What has not been looked at yet is still to be told. */
	if (!self->protects || !was_protecting || self->told)
		forget_flush(self);
	self->told = self->suspicious = FALSE;
	if (expected->len == 0 && !self->flushed)
		return;
	/* What is there already is known to have been there, whatever happens until the next look. */
	g_free(find_xfrm_fault(self));
	look_in(self, self->pause_ms);
}

void
kernel_watch_set_who(KernelWatch *self, KernelWatchWhoFunc func, gpointer user_data)
{
	self->who = func;
	self->who_data = user_data;
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
	netlink_unsubscribe(self->links);
	netlink_unsubscribe(self->xfrm);
	g_array_unref(self->expected);
	forget_flush(self);
	g_free(self);
}
