/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A library that is preloaded into pluto (LD_PRELOAD, ld.so(8)) and into nothing else. It makes
 * itself known to the service before pluto's main(), and lets pluto begin when the service says so:
 * the service gives pluto no configuration before. A pluto without it has nothing to do; a library
 * without a service ends the program.
 */
#include "config.h"

#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "guard-wire.h"

static char go[GUARD_WIRE_MAX + 1];

const char *
guard_updown(void)
{
	return go + strlen(GUARD_GO);
}

static void
say(const char *text, size_t len)
{
	while (send(GUARD_FD, text, len, MSG_NOSIGNAL) < 0 && errno == EINTR)
		;
}

void
guard_refuse(const char *what, const char *why, const char *command)
{
	char text[GUARD_WIRE_MAX];
	int len = snprintf(text, sizeof(text), GUARD_REFUSED "%s(): %s: %s", what, why, command);

	if (len < 0)
		return;
	say(text, (size_t) len < sizeof(text) ? (size_t) len : sizeof(text) - 1);
}

static bool
is_channel(int fd)
{
	int domain = 0, type = 0;
	socklen_t len = sizeof(domain);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) == 0 && domain == AF_UNIX &&
		   getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 && type == SOCK_SEQPACKET;
}

__attribute__((constructor)) static void
begin(void)
{
	ssize_t n;

	/* Whatever pluto starts (addconn, the updown helper) is none of ours. */
	unsetenv("LD_PRELOAD");
	if (!is_channel(GUARD_FD))
		_exit(127);
	fcntl(GUARD_FD, F_SETFD, FD_CLOEXEC);
	close(GUARD_LIBRARY_FD);
	say(GUARD_HELLO, strlen(GUARD_HELLO));
	do
		n = recv(GUARD_FD, go, sizeof(go) - 1, MSG_TRUNC);
	while (n < 0 && errno == EINTR);
	if (n <= 0 || (size_t) n >= sizeof(go) || strncmp(go, GUARD_GO, strlen(GUARD_GO)) != 0)
		_exit(127);
}
