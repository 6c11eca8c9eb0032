/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "local-address.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

static IpNet
host_of(const struct sockaddr *address)
{
	static const IpNet none;

	if (address && address->sa_family == AF_INET)
		return ip_net_from_bytes(AF_INET, &((const struct sockaddr_in *) address)->sin_addr, 32);
	if (address && address->sa_family == AF_INET6 &&
		!IN6_IS_ADDR_LINKLOCAL(&((const struct sockaddr_in6 *) address)->sin6_addr))
		return ip_net_from_bytes(AF_INET6, &((const struct sockaddr_in6 *) address)->sin6_addr,
								 128);
	return none;
}

/* Nothing that starts there arrives anywhere. */
static bool
is_loopback(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
		return ntohl(((const struct sockaddr_in *) address)->sin_addr.s_addr) >> IN_CLASSA_NSHIFT ==
			   IN_LOOPBACKNET;
	return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *) address)->sin6_addr);
}

static guint8
bits_of(const struct sockaddr *mask)
{
	const guint8 *bytes;
	guint8 n = 0;
	gsize size;

	if (mask->sa_family == AF_INET) {
		bytes = (const guint8 *) &((const struct sockaddr_in *) mask)->sin_addr;
		size = sizeof(struct in_addr);
	} else {
		bytes = (const guint8 *) &((const struct sockaddr_in6 *) mask)->sin6_addr;
		size = sizeof(struct in6_addr);
	}
	for (gsize i = 0; i < size; i++)
		n += (guint8) __builtin_popcount(bytes[i]);
	return n;
}

bool
local_address_within(const IpNet *net, IpNet *address)
{
	struct ifaddrs *all = NULL;
	bool found = false;

	if (getifaddrs(&all) < 0)
		return false;
	for (const struct ifaddrs *one = all; one && !found; one = one->ifa_next) {
		IpNet host = host_of(one->ifa_addr);

		if ((one->ifa_flags & IFF_UP) && ip_net_is_set(&host) && !is_loopback(one->ifa_addr) &&
			ip_net_contains(net, &host)) {
			*address = host;
			found = true;
		}
	}
	freeifaddrs(all);
	return found;
}

static GArray *
list(const char *but_for, bool nets)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(IpNet));
	struct ifaddrs *all = NULL;

	if (getifaddrs(&all) < 0)
		return found;
	for (const struct ifaddrs *one = all; one; one = one->ifa_next) {
		IpNet host = host_of(one->ifa_addr);

		if (!(one->ifa_flags & IFF_UP) || !ip_net_is_set(&host) || is_loopback(one->ifa_addr) ||
			!one->ifa_netmask || g_strcmp0(one->ifa_name, but_for) == 0)
			continue;
		if (nets)
			host = ip_net_from_bytes(host.family, host.bytes, bits_of(one->ifa_netmask));
		g_array_append_val(found, host);
	}
	freeifaddrs(all);
	return found;
}

GArray *
local_address_list(const char *but_for)
{
	return list(but_for, false);
}

GArray *
local_address_list_nets(const char *but_for)
{
	return list(but_for, true);
}

guint8
local_address_prefix(const IpNet *host)
{
	struct ifaddrs *all = NULL;
	guint8 prefix = host->prefix;

	if (getifaddrs(&all) < 0)
		return prefix;
	for (const struct ifaddrs *one = all; one; one = one->ifa_next) {
		IpNet found = host_of(one->ifa_addr);

		if (ip_net_equal(&found, host) && one->ifa_netmask) {
			prefix = bits_of(one->ifa_netmask);
			break;
		}
	}
	freeifaddrs(all);
	return prefix;
}

bool
local_address_exists(const IpNet *host)
{
	struct ifaddrs *all = NULL;
	bool found = false;

	if (getifaddrs(&all) < 0)
		return false;
	for (const struct ifaddrs *one = all; one && !found; one = one->ifa_next) {
		IpNet address = host_of(one->ifa_addr);

		found = (one->ifa_flags & IFF_UP) && ip_net_equal(&address, host);
	}
	freeifaddrs(all);
	return found;
}

bool
local_address_of_link(const char *name, int family, IpNet *address)
{
	unsigned int index = if_nametoindex(name);
	struct ifaddrs *all = NULL;
	bool found = false;

	if (index == 0 || getifaddrs(&all) < 0)
		return false;
	for (const struct ifaddrs *one = all; one && !found; one = one->ifa_next) {
		IpNet host = host_of(one->ifa_addr);

		/* ifa_name may be an address label (eth0:1), which leads to the same index. */
		if (host.family == family && (one->ifa_flags & IFF_UP) &&
			if_nametoindex(one->ifa_name) == index) {
			*address = host;
			found = true;
		}
	}
	freeifaddrs(all);
	return found;
}
