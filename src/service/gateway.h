/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GATEWAY_H
#define GATEWAY_H

#include "ip-net.h"

/**
 * Gateway: the host that the profile names, and what is known of its addresses. A name is looked up
 * once, before there is a tunnel: with one, the name may be the tunnel's own to look up. Main loop
 * only.
 */
typedef struct Gateway Gateway;

/**
 * gateway_new:
 * @host: an address, or a name, which begins to be looked up
 * @family: AF_INET or AF_INET6 where only such addresses count; AF_UNSPEC for both
 */
Gateway *gateway_new(const char *host, int family);
void gateway_free(Gateway *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Gateway, gateway_free)

/** gateway_get_addresses: (transfer none): of IpNet, hosts, best first; empty as long as nothing
 * was found, and where @host is an address: then it grows no more. */
GArray *gateway_get_addresses(const Gateway *self);

/** gateway_use: this is the address that is in use. */
void gateway_use(Gateway *self, const IpNet *address);

/**
 * gateway_get_used: (transfer none): as text, NULL before gateway_use().
 */
const char *gateway_get_used(const Gateway *self);

/**
 * gateway_only_way: libreswan takes an IPv4 address of a name where it has one (ttoaddress_dns()),
 * whether there is a way to it or not.
 *
 * @tunnel: as for uplink_way_find()
 *
 * Returns: (transfer full): the first IPv6 address with a way to it, where no IPv4 address has one;
 * otherwise NULL.
 */
char *gateway_only_way(const Gateway *self, int tunnel);

#endif /* GATEWAY_H */
