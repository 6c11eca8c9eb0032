/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libnl-route makes an object of each route of the host, be they a million; those that concern us
 * are few, so the messages are read here, one by one, and the kernel is asked for what it can
 * choose itself.
 */
#include "config.h"

#include "route.h"

#include <string.h>

/* Reading */

/* Unset where it is not there; @bits of it count. */
static IpNet
read_net(int family, const struct nlattr *attribute, guint bits)
{
	static const IpNet unset;
	int size = (int) ip_net_max_prefix(family) / 8;

	return attribute && nla_len(attribute) >= size
			   ? ip_net_from_bytes(family, nla_data(attribute), bits)
			   : unset;
}

static IpNet
read_host(int family, const struct nlattr *attribute)
{
	return read_net(family, attribute, ip_net_max_prefix(family));
}

/* The default route's destination has no bytes. */
static IpNet
read_prefix(int family, const struct nlattr *attribute, guint bits)
{
	static const guint8 zero[16];

	return attribute ? read_net(family, attribute, bits) : ip_net_from_bytes(family, zero, bits);
}

static guint32
read_mtu(struct nlattr *metrics)
{
	struct nlattr *attributes[RTAX_MAX + 1];

	if (!metrics || nla_parse_nested(attributes, RTAX_MAX, metrics, NULL) < 0)
		return 0;
	return netlink_attribute_u32(attributes[RTAX_MTU]);
}

static void
read_hop(Route *route, const struct rtnexthop *hop)
{
	struct nlattr *attributes[RTA_MAX + 1];

	route->oif = hop->rtnh_ifindex;
	if (nla_parse(attributes, RTA_MAX, (struct nlattr *) RTNH_DATA(hop),
				  hop->rtnh_len - (int) sizeof(*hop), NULL) >= 0)
		route->gateway = read_host(route->dst.family, attributes[RTA_GATEWAY]);
}

static void
read_hops(Route *route, const struct nlattr *multipath, int avoid)
{
	const struct rtnexthop *hop = nla_data(multipath);
	int left = nla_len(multipath);

	route->is_multipath = TRUE;
	while (left >= (int) sizeof(*hop) && RTNH_OK(hop, left)) {
		gboolean is_avoided = avoid != 0 && hop->rtnh_ifindex == avoid;

		if (!is_avoided && !(hop->rtnh_flags & RTNH_F_DEAD)) {
			read_hop(route, hop);
			return;
		}
		left -= (int) NLMSG_ALIGN(hop->rtnh_len);
		hop = RTNH_NEXT(hop);
	}
}

/* What stands in the message itself. */
static void
read_header(Route *route, const struct rtmsg *info)
{
	route->table = info->rtm_table;
	route->tos = info->rtm_tos;
	route->type = info->rtm_type;
	route->protocol = info->rtm_protocol;
	route->scope = info->rtm_scope;
	route->flags = info->rtm_flags;
}

static void
read_attributes(Route *route, const struct rtmsg *info, struct nlattr **attributes, int avoid)
{
	int family = info->rtm_family;

	route->dst = read_prefix(family, attributes[RTA_DST], info->rtm_dst_len);
	if (info->rtm_src_len)
		route->src = read_prefix(family, attributes[RTA_SRC], info->rtm_src_len);
	route->prefsrc = read_host(family, attributes[RTA_PREFSRC]);
	route->gateway = read_host(family, attributes[RTA_GATEWAY]);
	if (attributes[RTA_TABLE])
		route->table = netlink_attribute_u32(attributes[RTA_TABLE]);
	route->metric = netlink_attribute_u32(attributes[RTA_PRIORITY]);
	route->mtu = read_mtu(attributes[RTA_METRICS]);
	if (attributes[RTA_MULTIPATH])
		read_hops(route, attributes[RTA_MULTIPATH], avoid);
	else
		route->oif = (int) netlink_attribute_u32(attributes[RTA_OIF]);
}

gboolean
route_read(struct nlmsghdr *message, int avoid, Route *route)
{
	const struct rtmsg *info = nlmsg_data(message);
	struct nlattr *attributes[RTA_MAX + 1];

	memset(route, 0, sizeof(*route));
	if ((message->nlmsg_type != RTM_NEWROUTE && message->nlmsg_type != RTM_DELROUTE) ||
		!netlink_message_parse(message, sizeof(*info), attributes, RTA_MAX))
		return FALSE;
	read_header(route, info);
	read_attributes(route, info, attributes, avoid);
	return ip_net_is_set(&route->dst) && (!info->rtm_src_len || ip_net_is_set(&route->src));
}

/* Writing */

/* Nothing for one that is unset or has no bits. */
static void
put_net(struct nl_msg *message, int attribute, const IpNet *net)
{
	if (net->prefix > 0)
		netlink_message_put(message, attribute, net->bytes, ip_net_max_prefix(net->family) / 8);
}

static void
put_number(struct nl_msg *message, int attribute, guint32 number)
{
	if (number != 0)
		netlink_message_put_u32(message, attribute, number);
}

static void
put_mtu(struct nl_msg *message, guint32 mtu)
{
	const struct {
		struct nlattr attribute;
		guint32 mtu;
	} metrics = {{sizeof(metrics), RTAX_MTU}, mtu};

	if (mtu != 0)
		netlink_message_put(message, RTA_METRICS, &metrics, sizeof(metrics));
}

struct nl_msg *
route_message(int type, int flags, const Route *route)
{
	const struct rtmsg info = {.rtm_family = route->dst.family,
							   .rtm_dst_len = route->dst.prefix,
							   .rtm_src_len = route->src.prefix,
							   .rtm_tos = route->tos,
							   .rtm_protocol = route->protocol,
							   .rtm_scope = route->scope,
							   .rtm_type = route->type};
	struct nl_msg *message = netlink_message_new(type, flags, &info, sizeof(info));

	put_net(message, RTA_DST, &route->dst);
	put_net(message, RTA_SRC, &route->src);
	put_net(message, RTA_GATEWAY, &route->gateway);
	put_net(message, RTA_PREFSRC, &route->prefsrc);
	put_number(message, RTA_TABLE, route->table);
	put_number(message, RTA_PRIORITY, route->metric);
	put_number(message, RTA_OIF, (guint32) route->oif);
	put_mtu(message, route->mtu);
	return message;
}

/* Reading all */

int
route_dump(Netlink *netlink, int family, const Route *like, NetlinkReadFunc read, GArray *into,
		   gconstpointer user_data)
{
	const struct rtmsg info = {
		.rtm_family = family, .rtm_type = like->type, .rtm_protocol = like->protocol};
	struct nl_msg *message = netlink_message_new(RTM_GETROUTE, 0, &info, sizeof(info));

	put_number(message, RTA_TABLE, like->table);
	put_number(message, RTA_OIF, (guint32) like->oif);
	return netlink_dump(netlink, message, read, into, user_data);
}
