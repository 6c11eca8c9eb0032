/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "own-netns.h"

/*
 * A network namespace of the test's own with an uplink up0, whose address is UPLINK_ME, and a
 * default route by it; the gateway is behind that, and nobody is.
 */
#define UPLINK_ME      "192.0.2.2"
#define UPLINK_ROUTER  "192.0.2.1"
#define UPLINK_GATEWAY "203.0.113.1"
#define UPLINK_ROUTE   "route add default via " UPLINK_ROUTER " dev up0"

/* fake_uplink_becomes: it has this address, with a prefix, and no other; the default route is by
 * @router. */
static inline void
fake_uplink_becomes(const char *address, const char *router)
{
	ip("addr flush dev up0");
	ip("addr add %s dev up0", address);
	ip("route replace default via %s dev up0", router);
}

/* Returns: NULL, or the reason to skip with. To be called first in main(). */
static inline const char *
fake_uplink_enter(void)
{
	const char *why = own_netns_enter();

	if (why)
		return why;
	ip("link set lo up");
	add_veth("up0");
	ip("addr add " UPLINK_ME "/24 dev up0");
	ip(UPLINK_ROUTE);
	return NULL;
}
