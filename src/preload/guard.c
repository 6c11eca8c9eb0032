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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "guard-wire.h"
#include "xfrm-filter.h"

static char go[GUARD_WIRE_MAX + 1];
static const char *updown = "";
static bool main_mode;

const char *
guard_updown(void)
{
	return updown;
}

bool
guard_main_mode(void)
{
	return main_mode;
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

void
guard_stopped(unsigned flushes)
{
	static const char states[] = GUARD_STOPPED GUARD_STATES;
	static const char policies[] = GUARD_STOPPED GUARD_POLICIES;

	if (flushes & XFRM_FILTER_FLUSH_STATES)
		say(states, sizeof(states) - 1);
	if (flushes & XFRM_FILTER_FLUSH_POLICIES)
		say(policies, sizeof(policies) - 1);
}

static bool
is_channel(int fd)
{
	int domain = 0, type = 0;
	socklen_t len = sizeof(domain);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) == 0 && domain == AF_UNIX &&
		   getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 && type == SOCK_SEQPACKET;
}

/* Returns what is behind @word in @text; NULL where @text does not begin with it. */
static const char *
behind(const char *text, const char *word)
{
	return text && strncmp(text, word, strlen(word)) == 0 ? text + strlen(word) : NULL;
}

/* Takes what the service says; false where it is not of the form in guard-wire.h. */
static bool
take_go(void)
{
	const char *mode = behind(go, GUARD_GO);
	const char *rest = behind(mode, GUARD_INITIATOR " ");

	if (!rest) {
		rest = behind(mode, GUARD_MAIN_MODE " ");
		main_mode = rest != NULL;
	}
	if (rest)
		updown = rest;
	return rest != NULL;
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
	if (n <= 0 || (size_t) n >= sizeof(go) || strlen(go) != (size_t) n || !take_go())
		_exit(127);
}
