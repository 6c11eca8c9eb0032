/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "fallback-routes.h"
#include "make-net.h"
#include "own-netns.h"
#include "underlay-route.h"

#include <gio/gio.h>
#include <net/if.h>

/*
 * A network namespace of the test's own, with the kernel's own routes: "up0" is the better of two
 * uplinks, "tun0" stands for our interface. Call own_netns_enter() before.
 */
#define GATEWAY  "203.0.113.1"
#define GATEWAY6 "2001:db8:2::1"

static inline void
add_uplink(const char *name, const char *network, guint metric)
{
	add_veth(name);
	ip("addr add %s.2/24 dev %s", network, name);
	ip("route add default via %s.1 dev %s metric %u", network, name, metric);
}

static inline void
set_up(void)
{
	add_uplink("up0", "192.0.2", 100);
	add_uplink("up1", "198.51.100", 200);
	add_veth("tun0");
	ip("addr add 10.30.1.5/32 dev tun0");
}

static inline void
tear_down(void)
{
	ip("link del up0");
	ip("link del up1");
	ip("link del tun0");
	ip("route flush table main");
	ip("-6 route flush table main");
}

static inline int
tun0(void)
{
	return (int) if_nametoindex("tun0");
}
