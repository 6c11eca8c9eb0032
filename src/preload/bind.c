/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind(2), which pluto calls for each UDP socket that it listens on.
 *
 * No message comes to it by which a peer would begin an exchange that the profile has no use for
 * (ike-filter.h). A socket that cannot have the filter is not bound.
 *
 * UDP 500 and 4500, without which it sends nothing, it has once it is proven that it could not
 * flush (guard-wire.h); and it has them alone or not at all: without SO_REUSEADDR, which pluto
 * sets, nobody else can bind them as well and get its packets, and it takes them from nobody. Where
 * somebody has one already the kernel chooses another port (udp-ports.h).
 */
#include "config.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guard.h"
#include "guard-wire.h"
#include "ike-filter.h"
#include "udp-ports.h"

/* RFC 7296, 2.23 */
#define IKE_PORT 500
#define NAT_PORT 4500

/* Of an address that pluto may bind a UDP socket to. */
union inet_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_storage longest; /* that the kernel takes */
};

/* -1 with errno where the socket does not say so. */
static int
get_option(int fd, int option)
{
	int value = -1;
	socklen_t len = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, option, &value, &len) < 0 ? -1 : value;
}

/* Where the port of a UDP socket's address is; NULL where it is none. */
static in_port_t *
port_of(union inet_address *address, socklen_t len)
{
	if (len >= sizeof(address->v4) && address->any.sa_family == AF_INET)
		return &address->v4.sin_port;
	if (len >= sizeof(address->v6) && address->any.sa_family == AF_INET6)
		return &address->v6.sin6_port;
	return NULL;
}

static const void *
bytes_of(const union inet_address *address)
{
	return address->any.sa_family == AF_INET ? (const void *) &address->v4.sin_addr
											 : (const void *) &address->v6.sin6_addr;
}

static int
real_bind(int fd, const void *address, socklen_t len)
{
	return (int) syscall(SYS_bind, fd, address, len);
}

/* Binds to a port of the kernel's choice, which @address has then. */
static int
bind_to_another(int fd, union inet_address *address, in_port_t *port, socklen_t len)
{
	*port = 0;
	if (real_bind(fd, address, len) < 0)
		return -1;
	return getsockname(fd, &address->any, &len);
}

/* @port: of @address, UDP 500 or 4500. */
static int
bind_alone(int fd, union inet_address *address, in_port_t *port, socklen_t len)
{
	const int family = address->any.sa_family, no = 0;
	const in_port_t wanted = *port;

	if (!guard_is_proven()) {
		errno = EPERM;
		return -1;
	}
	if (!udp_ports_can_add(family, bytes_of(address), wanted)) {
		errno = ENOBUFS;
		return -1;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &no, sizeof(no)) < 0 ||
		setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &no, sizeof(no)) < 0)
		return -1;
	if (real_bind(fd, address, len) < 0) {
		if (errno != EADDRINUSE || bind_to_another(fd, address, port, len) < 0)
			return -1;
		/* pluto's log is its standard error. */
		dprintf(STDERR_FILENO, GUARD_PORT "%u is somebody else's, %u is used instead\n",
				ntohs(wanted), ntohs(*port));
	}
	udp_ports_add(family, bytes_of(address), wanted, *port);
	return 0;
}

static bool
is_udp(int fd, int domain)
{
	return (domain == AF_INET || domain == AF_INET6) && get_option(fd, SO_TYPE) == SOCK_DGRAM &&
		   get_option(fd, SO_PROTOCOL) == IPPROTO_UDP;
}

int
bind(int fd, const struct sockaddr *address, socklen_t len)
{
	const int domain = get_option(fd, SO_DOMAIN);
	union inet_address copy = {0};
	in_port_t *port = NULL;

	if (domain < 0)
		return -1;
	if (!is_udp(fd, domain))
		return real_bind(fd, address, len);
	if (len > 0 && len <= sizeof(copy)) {
		memcpy(&copy, address, len);
		port = port_of(&copy, len);
	}
	if (ike_filter_attach(fd, guard_main_mode(), port && *port == htons(IKE_PORT)) < 0)
		return -1;
	if (!port || (*port != htons(IKE_PORT) && *port != htons(NAT_PORT)))
		return real_bind(fd, address, len);
	return bind_alone(fd, &copy, port, len);
}
