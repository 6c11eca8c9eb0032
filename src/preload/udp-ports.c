/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "udp-ports.h"

#include <stdatomic.h>
#include <string.h>

static struct {
	int family;
	unsigned char address[16];
	in_port_t wanted;
	_Atomic in_port_t got;
} ports[UDP_PORTS_MAX];

/* Those below are whole. */
static atomic_uint n_ports;

/* Returns its place; n_ports where there is none. */
static unsigned
find(int family, const void *address, in_port_t wanted)
{
	const unsigned n = atomic_load_explicit(&n_ports, memory_order_acquire);
	const size_t len = family == AF_INET ? 4 : 16;
	unsigned i = 0;

	while (i < n && (ports[i].family != family || ports[i].wanted != wanted ||
					 memcmp(ports[i].address, address, len) != 0))
		i++;
	return i;
}

bool
udp_ports_can_add(int family, const void *address, in_port_t wanted)
{
	return find(family, address, wanted) < UDP_PORTS_MAX;
}

bool
udp_ports_add(int family, const void *address, in_port_t wanted, in_port_t got)
{
	const unsigned n = atomic_load_explicit(&n_ports, memory_order_relaxed);
	const unsigned i = find(family, address, wanted);

	if (i == UDP_PORTS_MAX)
		return false;
	atomic_store_explicit(&ports[i].got, got, memory_order_relaxed);
	if (i < n)
		return true;
	ports[i].family = family;
	ports[i].wanted = wanted;
	memcpy(ports[i].address, address, family == AF_INET ? 4 : 16);
	atomic_store_explicit(&n_ports, n + 1, memory_order_release);
	return true;
}

in_port_t
udp_ports_find(int family, const void *address, in_port_t wanted)
{
	const unsigned i = find(family, address, wanted);

	return i < atomic_load_explicit(&n_ports, memory_order_acquire)
			   ? atomic_load_explicit(&ports[i].got, memory_order_relaxed)
			   : wanted;
}
