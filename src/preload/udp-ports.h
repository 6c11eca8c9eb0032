/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

/*
 * Which UDP port a socket has that pluto believes to have another one: where UDP 500 or 4500 of an
 * address is somebody else's the kernel chooses another (bind.c), of which pluto hears nothing. To
 * it, and to the gateway, that is a NAT in between that rewrites the source port.
 *
 * No dependency but libc, no allocation, no lock. One thread adds, any may look.
 */

/* Of addresses that are listened on, twice: pluto listens on each of the host's addresses where it
 * has to follow a change of them (MOBIKE). */
#define UDP_PORTS_MAX 256

/* udp_ports_can_add: whether there is room for one more. */
bool udp_ports_can_add(int family, const void *address, in_port_t wanted);

/*
 * udp_ports_add: takes the place of what was there for this address and port.
 *
 * @family: AF_INET or AF_INET6; @address is of 4 or 16 bytes
 * @wanted, @got: in network order; equal where pluto has what it wanted
 *
 * Returns: false where there is no room.
 */
bool udp_ports_add(int family, const void *address, in_port_t wanted, in_port_t got);

/* udp_ports_find: the port in the place of @wanted, in network order; @wanted itself where nothing
 * is known of it. */
in_port_t udp_ports_find(int family, const void *address, in_port_t wanted);
