/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "local-address.h"
#include "ip-link.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>

#define ADDRESS(addresses, i) (&g_array_index(addresses, LocalAddress, i))

/* Reading */

static void
append_address(struct nlmsghdr *message, GArray *into, gconstpointer user_data)
{
	const struct ifaddrmsg *header = nlmsg_data(message);
	struct nlattr *attributes[IFA_MAX + 1], *address;
	LocalAddress found = {0};
	guint bits;

	if (message->nlmsg_type != RTM_NEWADDR ||
		!netlink_message_parse(message, sizeof(*header), attributes, IFA_MAX))
		return;
	bits = ip_net_max_prefix(header->ifa_family);
	/* Of two that are linked to each other IFA_ADDRESS is the other one's. */
	address = attributes[IFA_LOCAL] ? attributes[IFA_LOCAL] : attributes[IFA_ADDRESS];
	if (bits == 0 || !address || nla_len(address) < (int) bits / 8)
		return;
	found.host = ip_net_from_bytes(header->ifa_family, nla_data(address), bits);
	found.prefix = header->ifa_prefixlen;
	found.scope = header->ifa_scope;
	found.ifindex = (int) header->ifa_index;
	g_array_append_val(into, found);
}

/* One that is gone by now has no flags. */
static void
note_link(LocalAddress *address, const GArray *links)
{
	for (guint i = 0; i < links->len; i++) {
		const IpLink *link = &g_array_index(links, IpLink, i);

		if (link->ifindex != address->ifindex)
			continue;
		address->link_flags = link->flags;
		address->is_of_tunnel = ip_link_is_tunnel(link);
	}
}

GArray *
local_address_read(Netlink *netlink)
{
	const struct ifaddrmsg header = {.ifa_family = AF_UNSPEC};
	GArray *addresses = g_array_new(FALSE, FALSE, sizeof(LocalAddress));
	int n = netlink_dump(netlink, netlink_message_new(RTM_GETADDR, 0, &header, sizeof(header)),
						 append_address, addresses, NULL);
	g_autoptr(GArray) links = n >= 0 ? ip_link_list(netlink, NULL) : NULL;

	if (!links)
		g_clear_pointer(&addresses, g_array_unref);
	for (guint i = 0; links && i < addresses->len; i++)
		note_link(ADDRESS(addresses, i), links);
	return addresses;
}

static gboolean
is_link_local(const IpNet *host)
{
	return host->family == AF_INET6 && host->bytes[0] == 0xfe && (host->bytes[1] & 0xc0) == 0x80;
}

/* But for link-local ones: what is one without its link? */
static GArray *
read_all(Netlink *netlink)
{
	GArray *addresses = local_address_read(netlink);

	for (guint i = addresses ? addresses->len : 0; i > 0; i--) {
		if (is_link_local(&ADDRESS(addresses, i - 1)->host))
			g_array_remove_index(addresses, i - 1);
	}
	return addresses;
}

static Netlink *
connect_route(void)
{
	return netlink_open(NETLINK_ROUTE, NETLINK_OWN_NAMESPACE, NULL);
}

static GArray *
read_all_here(void)
{
	g_autoptr(Netlink) netlink = connect_route();
	GArray *addresses = netlink ? read_all(netlink) : NULL;

	return addresses ? addresses : g_array_new(FALSE, FALSE, sizeof(LocalAddress));
}

/* Choosing */

static gboolean
is_up(const LocalAddress *address)
{
	return (address->link_flags & IFF_UP) != 0;
}

/* Nothing that starts there arrives anywhere. */
static gboolean
is_loopback(const IpNet *host)
{
	if (host->family == AF_INET)
		return host->bytes[0] == IN_LOOPBACKNET;
	return memcmp(host->bytes, &in6addr_loopback, sizeof(in6addr_loopback)) == 0;
}

gboolean
local_address_within(const IpNet *net, IpNet *address)
{
	g_autoptr(GArray) all = read_all_here();

	for (guint i = 0; i < all->len; i++) {
		const LocalAddress *one = ADDRESS(all, i);

		if (is_up(one) && !is_loopback(&one->host) && ip_net_contains(net, &one->host)) {
			*address = one->host;
			return TRUE;
		}
	}
	return FALSE;
}

static int
index_of(Netlink *netlink, const char *name)
{
	IpLink link;

	return name && ip_link_get(netlink, 0, name, &link) >= 0 ? link.ifindex : 0;
}

gboolean
local_address_equal(const LocalAddress *a, const LocalAddress *b)
{
	return ip_net_equal(&a->host, &b->host) && a->prefix == b->prefix;
}

IpNet
local_address_net(const LocalAddress *address)
{
	return ip_net_from_bytes(address->host.family, address->host.bytes, address->prefix);
}

static GArray *
list(const char *but_for, gboolean nets)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(IpNet));
	g_autoptr(Netlink) netlink = connect_route();
	g_autoptr(GArray) all = netlink ? read_all(netlink) : NULL;
	int other = netlink ? index_of(netlink, but_for) : 0;

	for (guint i = 0; all && i < all->len; i++) {
		const LocalAddress *one = ADDRESS(all, i);
		const IpNet net = nets ? local_address_net(one) : one->host;

		if (!is_up(one) || is_loopback(&one->host) || one->ifindex == other)
			continue;
		g_array_append_val(found, net);
	}
	return found;
}

GArray *
local_address_list_but(int ifindex)
{
	GArray *all = read_all_here();

	for (guint i = all->len; i > 0; i--) {
		const LocalAddress *one = ADDRESS(all, i - 1);

		if (one->ifindex == ifindex || one->link_flags & IFF_LOOPBACK ||
			one->scope != RT_SCOPE_UNIVERSE)
			g_array_remove_index(all, i - 1);
	}
	return all;
}

GArray *
local_address_list(const char *but_for)
{
	return list(but_for, FALSE);
}

GArray *
local_address_list_nets(const char *but_for)
{
	return list(but_for, TRUE);
}

guint8
local_address_prefix(const IpNet *host)
{
	g_autoptr(GArray) all = read_all_here();

	for (guint i = 0; i < all->len; i++) {
		if (ip_net_equal(&ADDRESS(all, i)->host, host))
			return ADDRESS(all, i)->prefix;
	}
	return host->prefix;
}

gboolean
local_address_exists(const IpNet *host)
{
	g_autoptr(GArray) all = read_all_here();

	for (guint i = 0; i < all->len; i++) {
		if (is_up(ADDRESS(all, i)) && ip_net_equal(&ADDRESS(all, i)->host, host))
			return TRUE;
	}
	return FALSE;
}

gboolean
local_address_of_link(const char *name, int family, IpNet *address)
{
	g_autoptr(Netlink) netlink = connect_route();
	g_autoptr(GArray) all = netlink ? read_all(netlink) : NULL;
	int ifindex = netlink ? index_of(netlink, name) : 0;

	for (guint i = 0; all && i < all->len && ifindex != 0; i++) {
		const LocalAddress *one = ADDRESS(all, i);

		if (one->ifindex == ifindex && one->host.family == family && is_up(one)) {
			*address = one->host;
			return TRUE;
		}
	}
	return FALSE;
}

GArray *
local_address_list_sources(Netlink *netlink)
{
	GArray *sources = read_all(netlink);

	for (guint i = sources ? sources->len : 0; i > 0; i--) {
		const LocalAddress *address = ADDRESS(sources, i - 1);

		if (address->is_of_tunnel || address->link_flags & IFF_LOOPBACK)
			g_array_remove_index(sources, i - 1);
	}
	return sources;
}
