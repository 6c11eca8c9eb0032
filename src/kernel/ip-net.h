/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>
#include <sys/socket.h>

/**
 * IpNet: an IPv4 or IPv6 network, or a host where the prefix is whole. A plain value: all zero is
 * "not set", bits beyond the prefix are zero, so two of the same network are equal byte for byte.
 */
typedef struct {
	guint8 family;    /* AF_INET, AF_INET6 or AF_UNSPEC */
	guint8 prefix;    /* bits */
	guint8 bytes[16]; /* network order; the first 4 for IPv4 */
} IpNet;

/* Room for the longest text of ip_net_to_string(), with the NUL. */
#define IP_NET_STRLEN 64

/**
 * ip_net_parse: reads "ADDRESS" (the whole prefix) or "ADDRESS/BITS".
 *
 * Returns: false, @net untouched, where @text is anything else or has a bit set beyond its prefix.
 */
gboolean ip_net_parse(IpNet *net, const char *text);

/**
 * ip_net_parse_mask: reads an address and a netmask as libreswan exports them apart
 * ("10.0.0.0", "255.0.0.0"; likewise for IPv6). Fails as ip_net_parse() does.
 */
gboolean ip_net_parse_mask(IpNet *net, const char *address, const char *mask);

/**
 * ip_net_from_bytes: @bytes are 4 or 16, by @family; the bits beyond @prefix are dropped. An
 * unknown family or a prefix that is too long gives the unset net.
 */
IpNet ip_net_from_bytes(int family, const void *bytes, guint prefix);

gboolean ip_net_equal(const IpNet *a, const IpNet *b);

/** ip_net_hash, ip_net_hash_equal: for a GHashTable of IpNet. */
guint ip_net_hash(gconstpointer net);
gboolean ip_net_hash_equal(gconstpointer a, gconstpointer b);

static inline gboolean
ip_net_is_set(const IpNet *net)
{
	return net->family != AF_UNSPEC;
}

/** ip_net_max_prefix: 32, 128, or 0 for another family. */
guint ip_net_max_prefix(int family);

/** ip_net_is_host: set, with the whole prefix. */
gboolean ip_net_is_host(const IpNet *net);

/** ip_net_contains: @inner lies within @outer, or is the same. */
gboolean ip_net_contains(const IpNet *outer, const IpNet *inner);

/**
 * ip_net_list_has: @net itself is in the list.
 *
 * @nets: (nullable) (element-type IpNet): NULL for none
 */
gboolean ip_net_list_has(const GArray *nets, const IpNet *net);

/**
 * ip_net_list_find_around: the first of the list that @inner lies within, or that is the same.
 *
 * @nets: (nullable) (element-type IpNet): NULL for none
 *
 * Returns: (transfer none) (nullable): in the list
 */
const IpNet *ip_net_list_find_around(const GArray *nets, const IpNet *inner);

/** ip_net_is_of_link: IPv6's link-local or multicast addresses: every link has routes to them. */
gboolean ip_net_is_of_link(const IpNet *net);

/**
 * ip_net_is_lan: has @net, where a link is attached to it, neighbours on that link? One that is
 * shorter than /8 (/32 with IPv6) is nobody's LAN: whoever answers DHCP says so to have half of all
 * addresses to himself.
 */
gboolean ip_net_is_lan(const IpNet *net);

/** ip_net_overlaps: some address is in both. */
gboolean ip_net_overlaps(const IpNet *a, const IpNet *b);

/**
 * ip_net_to_string: "ADDRESS/BITS", a host as "ADDRESS", "unset" where it is not set.
 *
 * Returns: @buffer.
 */
const char *ip_net_to_string(const IpNet *net, char buffer[IP_NET_STRLEN]);

/** ip_net_address_to_string: the address without the prefix. */
const char *ip_net_address_to_string(const IpNet *net, char buffer[IP_NET_STRLEN]);
