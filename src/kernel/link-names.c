/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "link-names.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <string.h>

#include "option.h"

struct LinkNames {
	struct nl_sock *sock;
	guint source;
	char *bad; /* a sentence: of the messages that are just being read */
	bool lost; /* some of them */
	LinkNamesFunc func;
	gpointer user_data;
};

/* A label is LINK or LINK:WORD. */
static bool
is_plain(const char *name, bool is_label)
{
	g_auto(GStrv) parts = NULL;

	if (!is_label)
		return option_is_interface_name(name);
	parts = g_strsplit(name, ":", -1);
	for (guint i = 0; parts[i]; i++) {
		if (*parts[i] && !option_is_interface_name(parts[i]))
			return false;
	}
	return *name != '\0';
}

static char *
describe(const char *name, bool is_label)
{
	g_autofree char *quoted = option_quote(name);

	return g_strdup_printf(
		"the %s %s has other characters in its name than letters, digits and -._@, which "
		"libreswan's shell would take for a command; rename or remove it",
		is_label ? "address label" : "network interface", quoted);
}

/* (transfer full): a sentence about what is wrong with the name in @header, NULL for nothing. */
static char *
find_fault(struct nlmsghdr *header)
{
	const bool is_label = header->nlmsg_type == RTM_NEWADDR;
	const int len = is_label ? sizeof(struct ifaddrmsg) : sizeof(struct ifinfomsg);
	/* IFLA_IFNAME is that of the link itself also where the message is a bridge's or a port's. */
	const int type = is_label ? (int) IFA_LABEL : (int) IFLA_IFNAME;
	const struct nlattr *attr;
	g_autofree char *name = NULL;

	if ((!is_label && header->nlmsg_type != RTM_NEWLINK) || !nlmsg_valid_hdr(header, len))
		return NULL;
	attr = nlmsg_find_attr(header, len, type);
	if (!attr)
		return NULL;
	name = g_strndup(nla_data(attr), (gsize) nla_len(attr));
	return is_plain(name, is_label) ? NULL : describe(name, is_label);
}

static int
on_message(struct nl_msg *msg, void *user_data)
{
	char **bad = user_data;

	if (!*bad)
		*bad = find_fault(nlmsg_hdr(msg));
	return NL_OK;
}

static struct nl_sock *
connect_route(GError **error)
{
	struct nl_sock *sock = nl_socket_alloc();
	int n = sock ? nl_connect(sock, NETLINK_ROUTE) : -NLE_NOMEM;

	if (n >= 0)
		return sock;
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot talk to the kernel's rtnetlink: %s",
				nl_geterror(n));
	if (sock)
		nl_socket_free(sock);
	return NULL;
}

static int
dump(struct nl_sock *sock, int type, char **bad)
{
	struct ifinfomsg link = {.ifi_family = AF_UNSPEC};
	struct ifaddrmsg address = {.ifa_family = AF_INET};
	int n, attempts = 5;

	/* A change during the dump is not this moment's table: once more. */
	do {
		n = type == RTM_GETLINK ? nl_send_simple(sock, type, NLM_F_DUMP, &link, sizeof(link))
								: nl_send_simple(sock, type, NLM_F_DUMP, &address, sizeof(address));
		if (n >= 0)
			n = nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, on_message, bad);
		if (n >= 0)
			n = nl_recvmsgs_default(sock);
	} while (n == -NLE_DUMP_INTR && --attempts > 0);
	return n;
}

bool
link_names_check(GError **error)
{
	struct nl_sock *sock = connect_route(error);
	g_autofree char *bad = NULL;
	int n;

	if (!sock)
		return false;
	n = dump(sock, RTM_GETLINK, &bad);
	if (n >= 0 && !bad)
		n = dump(sock, RTM_GETADDR, &bad);
	nl_socket_free(sock);
	if (bad)
		g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, bad);
	else if (n < 0)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
					"cannot list the kernel's network interfaces: %s", nl_geterror(n));
	return !bad && n >= 0;
}

/* Some messages are lost, or there will be no more: what there is counts. */
static void
look_for_yourself(LinkNames *self)
{
	g_autoptr(GError) error = NULL;

	if (!self->bad && !link_names_check(&error))
		self->bad = g_strdup(error->message);
}

static gboolean
on_readable(gint fd, GIOCondition condition, gpointer user_data)
{
	LinkNames *self = user_data;
	g_autofree char *bad = NULL;
	int n;

	do {
		n = nl_recvmsgs_default(self->sock);
		if (n == -NLE_NOMEM || n == -NLE_MSG_OVERFLOW) {
			self->lost = true;
			n = 0;
		}
	} while (n >= 0);
	if (n != -NLE_AGAIN) {
		g_warning("cannot watch the names of network interfaces any more: %s", nl_geterror(n));
		self->source = 0;
	}
	if (self->lost || n != -NLE_AGAIN)
		look_for_yourself(self);
	self->lost = false;
	bad = g_steal_pointer(&self->bad);
	/* Not after it: it may be freed in there, which removes the source as well. */
	if (bad)
		self->func(bad, self->user_data);
	return n == -NLE_AGAIN ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

LinkNames *
link_names_watch(LinkNamesFunc func, gpointer user_data, GError **error)
{
	g_autoptr(LinkNames) self = g_new0(LinkNames, 1);
	int n;

	self->func = func;
	self->user_data = user_data;
	self->sock = connect_route(error);
	if (!self->sock)
		return NULL;
	nl_socket_disable_seq_check(self->sock);
	nl_socket_modify_cb(self->sock, NL_CB_VALID, NL_CB_CUSTOM, on_message, &self->bad);
	n = nl_socket_add_memberships(self->sock, RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, 0);
	if (n >= 0)
		n = nl_socket_set_nonblocking(self->sock);
	if (n < 0) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
					"cannot watch the kernel's network interfaces: %s", nl_geterror(n));
		return NULL;
	}
	self->source = g_unix_fd_add(nl_socket_get_fd(self->sock), G_IO_IN | G_IO_ERR | G_IO_HUP,
								 on_readable, self);
	return g_steal_pointer(&self);
}

void
link_names_free(LinkNames *self)
{
	if (!self)
		return;
	g_clear_handle_id(&self->source, g_source_remove);
	if (self->sock)
		nl_socket_free(self->sock);
	g_free(self->bad);
	g_free(self);
}
