/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "ip-link.h"
#include "xfrm-link.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

static void
read_text(char *text, gsize size, const struct nlattr *attribute)
{
	if (attribute)
		nla_strlcpy(text, attribute, size);
}

gboolean
ip_link_read(struct nlmsghdr *message, IpLink *link)
{
	const struct ifinfomsg *header = nlmsg_data(message);
	struct nlattr *attributes[IFLA_MAX + 1];
	struct nlattr *info[IFLA_INFO_MAX + 1];

	memset(link, 0, sizeof(*link));
	if (message->nlmsg_type != RTM_NEWLINK ||
		!netlink_message_parse(message, sizeof(*header), attributes, IFLA_MAX))
		return FALSE;
	link->ifindex = header->ifi_index;
	link->flags = header->ifi_flags;
	link->mtu = netlink_attribute_u32(attributes[IFLA_MTU]);
	read_text(link->name, sizeof(link->name), attributes[IFLA_IFNAME]);
	read_text(link->alias, sizeof(link->alias), attributes[IFLA_IFALIAS]);
	if (attributes[IFLA_LINKINFO] &&
		nla_parse_nested(info, IFLA_INFO_MAX, attributes[IFLA_LINKINFO], NULL) >= 0)
		read_text(link->kind, sizeof(link->kind), info[IFLA_INFO_KIND]);
	link->if_id = xfrm_link_read(attributes);
	return TRUE;
}

static void
append_link(struct nlmsghdr *message, GArray *into, gconstpointer user_data)
{
	IpLink link;

	if (ip_link_read(message, &link))
		g_array_append_val(into, link);
}

/* They are the larger part of an answer, and of many connections each asks for all links. */
static void
leave_statistics_out(struct nl_msg *message)
{
	netlink_message_put_u32(message, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
}

static struct nl_msg *
message_about(int type, int ifindex, const char *name)
{
	const struct ifinfomsg header = {.ifi_family = AF_UNSPEC, .ifi_index = ifindex};
	struct nl_msg *message = netlink_message_new(type, 0, &header, sizeof(header));

	if (ifindex == 0)
		netlink_message_put(message, IFLA_IFNAME, name, strlen(name) + 1);
	if (type == RTM_GETLINK)
		leave_statistics_out(message);
	return message;
}

int
ip_link_get(Netlink *netlink, int ifindex, const char *name, IpLink *link)
{
	g_autoptr(GArray) links = g_array_new(FALSE, FALSE, sizeof(IpLink));
	int n =
		netlink_query(netlink, message_about(RTM_GETLINK, ifindex, name), append_link, links, NULL);

	if (n >= 0 && links->len == 0)
		n = -ENODEV;
	if (n >= 0)
		*link = g_array_index(links, IpLink, 0);
	return n;
}

GArray *
ip_link_list(Netlink *netlink, GError **error)
{
	const struct ifinfomsg header = {.ifi_family = AF_UNSPEC};
	g_autoptr(GArray) links = g_array_new(FALSE, FALSE, sizeof(IpLink));
	struct nl_msg *message = netlink_message_new(RTM_GETLINK, 0, &header, sizeof(header));
	int n;

	leave_statistics_out(message);
	n = netlink_dump(netlink, message, append_link, links, NULL);
	if (n >= 0)
		return g_steal_pointer(&links);
	netlink_fail(error, n, "list the network interfaces");
	return NULL;
}

gboolean
ip_link_is_tunnel(const IpLink *link)
{
	static const char *const kinds[] = {"wireguard", "tun",  "xfrm", "vti",    "vti6", "gre",
										"ip6gre",    "ipip", "sit",  "ip6tnl", NULL};

	return link->flags & (IFF_NOARP | IFF_POINTOPOINT) && g_strv_contains(kinds, link->kind);
}

int
ip_link_delete(Netlink *netlink, int ifindex, const char *name)
{
	return netlink_request(netlink, message_about(RTM_DELLINK, ifindex, name));
}
