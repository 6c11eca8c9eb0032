/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "ip-net.h"
#include "netlink.h"

#include <linux/rtnetlink.h>

/** Route: one route of the kernel, in the words of ip-route(8) and rtnetlink(7). A plain value. */
typedef struct {
	IpNet dst; /* its family is the route's; a prefix of 0 for the default route */
	IpNet src; /* "from": of an IPv6 route that is for packets of some source only, else unset */
	guint32 table;
	guint32 metric;
	guint32 mtu; /* 0: none of its own */
	int oif;     /* 0: none */
	IpNet gateway;
	IpNet prefsrc; /* "src": what packets start with, where they have no source yet */
	guint8 tos;
	guint8 type;     /* RTN_UNICAST, RTN_UNREACHABLE */
	guint8 protocol; /* who has made it: RTPROT_KERNEL and the like */
	guint8 scope;
	guint32 flags;         /* RTM_F_CLONED (an exception that is cached), RTNH_F_DEAD */
	gboolean is_multipath; /* several next hops, of which oif and gateway are one */
} Route;

/**
 * route_read: @message as a route.
 *
 * @avoid: of several next hops the first counts that is not dead and does not leave by this
 * interface; 0 for whichever is first.
 *
 * What a gateway of another family than the route's is (RTA_VIA) is left out.
 *
 * Returns: false where it is no RTM_NEWROUTE or RTM_DELROUTE, or not IPv4's or IPv6's.
 */
gboolean route_read(struct nlmsghdr *message, int avoid, Route *route);

/**
 * route_message: a request for @route; what is 0 or unset in it the kernel chooses, or, when it
 * deletes, does not look at. Several next hops are not written.
 *
 * @type: RTM_NEWROUTE, RTM_DELROUTE
 * @flags: NLM_F_CREATE, NLM_F_EXCL
 *
 * Returns: (transfer full): for netlink_request().
 */
struct nl_msg *route_message(int type, int flags, const Route *route);

/**
 * route_dump: reads the routes of @family that are like @like, as far as the kernel chooses by
 * these: oif, table, type, protocol, where they are not 0 (before Linux 4.20 it gives all of them).
 *
 * Returns: as netlink_dump(); -ENOENT where there is no such table.
 */
int route_dump(Netlink *netlink, int family, const Route *like, NetlinkReadFunc read, GArray *into,
			   gconstpointer user_data);
