/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bind(2), which pluto calls for each UDP socket that it listens on: no message comes to it by
 * which a peer would begin an exchange that the profile has no use for (ike-filter.h). A socket
 * that cannot have the filter is not bound.
 */
#include "config.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guard.h"
#include "ike-filter.h"

/* -1 with errno where the socket does not say so. */
static int
get_option(int fd, int option)
{
	int value = -1;
	socklen_t len = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, option, &value, &len) < 0 ? -1 : value;
}

int
bind(int fd, const struct sockaddr *address, socklen_t len)
{
	const int domain = get_option(fd, SO_DOMAIN);

	if (domain < 0)
		return -1;
	if ((domain == AF_INET || domain == AF_INET6) && get_option(fd, SO_TYPE) == SOCK_DGRAM &&
		get_option(fd, SO_PROTOCOL) == IPPROTO_UDP && ike_filter_attach(fd, guard_main_mode()) < 0)
		return -1;
	return (int) syscall(SYS_bind, fd, address, len);
}
