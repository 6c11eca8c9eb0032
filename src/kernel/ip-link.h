/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "netlink.h"

#include <net/if.h> /* before the kernel's, which makes room for it */
#include <linux/if.h>

/** IpLink: a network interface, in ip-link(8)'s words. A plain value. */
typedef struct {
	int ifindex;
	guint32 flags; /* IFF_UP, IFF_LOOPBACK */
	guint32 mtu;   /* in bytes */
	char name[IFNAMSIZ];
	char alias[IFALIASZ]; /* "" for none */
	char kind[16];        /* "veth", "wireguard" and the like; "" for a device */
	guint32 if_id;        /* of an XFRM interface (xfrm-link.h), else 0 */
} IpLink;

/** ip_link_read: returns false where @message is no RTM_NEWLINK. */
gboolean ip_link_read(struct nlmsghdr *message, IpLink *link);

/**
 * ip_link_get: the one of index @ifindex; where that is 0, of the name @name.
 *
 * Returns: 0, or a negative errno: -ENODEV for none.
 */
int ip_link_get(Netlink *netlink, int ifindex, const char *name, IpLink *link);

/**
 * ip_link_list: all of them.
 *
 * Returns: (transfer full) (element-type IpLink): NULL with an error of netlink_fail().
 */
GArray *ip_link_list(Netlink *netlink, GError **error);

/**
 * ip_link_is_tunnel: a tunnel of whichever kind, where nobody gives addresses and routes by DHCP or
 * router advertisements. Mobile broadband and PPP have no neighbours either, but are uplinks.
 */
gboolean ip_link_is_tunnel(const IpLink *link);

/** ip_link_delete: as ip_link_get(). */
int ip_link_delete(Netlink *netlink, int ifindex, const char *name);
