/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "link-names.h"
#include "netlink.h"

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "option.h"

struct LinkNames {
	NetlinkSubscription *subscription;
	LinkNamesFunc func;
	gpointer user_data;
};

/* A label is LINK or LINK:WORD. */
static gboolean
is_plain(const char *name, gboolean is_label)
{
	g_auto(GStrv) parts = NULL;

	if (!is_label)
		return option_is_interface_name(name);
	parts = g_strsplit(name, ":", -1);
	for (guint i = 0; parts[i]; i++) {
		if (*parts[i] && !option_is_interface_name(parts[i]))
			return FALSE;
	}
	return *name != '\0';
}

static char *
describe(const char *name, gboolean is_label)
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
	const gboolean is_label = header->nlmsg_type == RTM_NEWADDR;
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

/* Checking */

static void
append_fault(struct nlmsghdr *message, GArray *into, gconstpointer user_data)
{
	char *fault = find_fault(message);

	if (fault)
		g_array_append_val(into, fault);
}

static void
clear_fault(gpointer fault)
{
	g_free(*(char **) fault);
}

/* @header: the struct of @type. Returns: false with an error: also for a name that is bad. */
static gboolean
check(Netlink *netlink, int type, const void *header, gsize size, GError **error)
{
	g_autoptr(GArray) faults = g_array_new(FALSE, FALSE, sizeof(char *));
	int n;

	g_array_set_clear_func(faults, clear_fault);
	n = netlink_dump(netlink, netlink_message_new(type, 0, header, size), append_fault, faults,
					 NULL);
	if (faults->len > 0)
		g_set_error_literal(error, LINK_NAMES_ERROR, LINK_NAMES_ERROR_NAME,
							g_array_index(faults, char *, 0));
	else if (n < 0)
		netlink_fail(error, n, "list the kernel's network interfaces");
	return n >= 0 && faults->len == 0;
}

G_DEFINE_QUARK(link - names - error - quark, link_names_error)

gboolean
link_names_check(GError **error)
{
	const struct ifinfomsg link = {.ifi_family = AF_UNSPEC};
	const struct ifaddrmsg address = {.ifa_family = AF_INET};
	g_autoptr(Netlink) netlink = netlink_open(NETLINK_ROUTE, NETLINK_OWN_NAMESPACE, error);

	return netlink && check(netlink, RTM_GETLINK, &link, sizeof(link), error) &&
		   check(netlink, RTM_GETADDR, &address, sizeof(address), error);
}

/* Watching */

static void
on_message(struct nlmsghdr *message, gpointer user_data)
{
	LinkNames *self = user_data;
	g_autofree char *fault = find_fault(message);

	if (fault)
		self->func(fault, self->user_data);
}

/* What there is counts. */
static void
on_lost(gpointer user_data)
{
	LinkNames *self = user_data;
	g_autoptr(GError) error = NULL;

	if (!link_names_check(&error))
		self->func(error->message, self->user_data);
}

static const NetlinkInterest names = {
	.what = "the names of network interfaces",
	.protocol = NETLINK_ROUTE,
	.groups = {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR},
	.on_message = on_message,
	.on_lost = on_lost,
};

LinkNames *
link_names_watch(LinkNamesFunc func, gpointer user_data, GError **error)
{
	g_autoptr(LinkNames) self = g_new0(LinkNames, 1);

	self->func = func;
	self->user_data = user_data;
	self->subscription = netlink_subscribe(&names, NETLINK_OWN_NAMESPACE, self, error);
	return self->subscription ? g_steal_pointer(&self) : NULL;
}

void
link_names_free(LinkNames *self)
{
	if (!self)
		return;
	netlink_unsubscribe(self->subscription);
	g_free(self);
}
