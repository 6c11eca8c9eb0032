/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "ip-net.h"
#include "netlink.h"

/** LocalAddress: an address of a link of this host. A plain value. */
typedef struct {
	IpNet host;
	guint8 prefix; /* in bits, with which the link has it */
	guint8 scope;  /* rtnetlink(7): RT_SCOPE_UNIVERSE and the like */
	int ifindex;
	guint32 link_flags;    /* of the link: IFF_UP, IFF_LOOPBACK */
	gboolean is_of_tunnel; /* ip_link_is_tunnel() */
} LocalAddress;

/**
 * local_address_read: all of them, in the kernel's order.
 *
 * Returns: (transfer full) (element-type LocalAddress): NULL where the kernel does not tell
 */
GArray *local_address_read(Netlink *netlink);

/** local_address_equal: the same address with the same prefix, on whichever link. */
gboolean local_address_equal(const LocalAddress *a, const LocalAddress *b);

/** local_address_net: the network that the link is attached to by this address. */
IpNet local_address_net(const LocalAddress *address);

/**
 * local_address_within: an address of this host, on any of its links that is up, that lies within
 * @net. The first in the kernel's order; link-local ones do not count.
 *
 * Returns: false, @address untouched, where there is none.
 */
gboolean local_address_within(const IpNet *net, IpNet *address);

/**
 * local_address_prefix: the length of the prefix, in bits, with which a link of this host has the
 * address @host; that of a host where none has it.
 */
guint8 local_address_prefix(const IpNet *host);

/** local_address_exists: a link of this host that is up has the address @host. */
gboolean local_address_exists(const IpNet *host);

/**
 * local_address_of_link: the first address of @family, in the kernel's order, that the link @name
 * has; link-local ones do not count.
 */
gboolean local_address_of_link(const char *name, int family, IpNet *address);

/**
 * local_address_list_but: those of global scope, of all links but loopback and the one with the
 * index @ifindex.
 *
 * Returns: (transfer full) (element-type LocalAddress): never NULL
 */
GArray *local_address_list_but(int ifindex);

/**
 * local_address_list: the addresses of this host's links that are up, but for loopback and
 * link-local ones.
 *
 * @but_for: the name of a link that does not count, or NULL
 *
 * Returns: (transfer full) (element-type IpNet): hosts
 */
GArray *local_address_list(const char *but_for);

/** local_address_list_nets: likewise the nets that these links are attached to. */
GArray *local_address_list_nets(const char *but_for);

/**
 * local_address_list_sources: the addresses that packets of this host may start from without its
 * administrator's doing, on links that are up or not: but for those of the loopback link and of
 * tunnels, and for IPv6's link-local ones.
 *
 * Returns: (transfer full) (element-type LocalAddress): NULL where the kernel does not tell
 */
GArray *local_address_list_sources(Netlink *netlink);
