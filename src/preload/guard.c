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
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "guard-wire.h"
#include "trial-namespace.h"
#include "xfrm-filter.h"

static char go[GUARD_WIRE_MAX + 1];
static const char *updown = "";
static bool main_mode;
static bool on_trial;
static bool must_flush;     /* before it may listen */
static atomic_uint stopped; /* XFRM_FILTER_FLUSH_... */

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

	atomic_fetch_or(&stopped, flushes);
	if (flushes & XFRM_FILTER_FLUSH_STATES)
		say(states, sizeof(states) - 1);
	if (flushes & XFRM_FILTER_FLUSH_POLICIES)
		say(policies, sizeof(policies) - 1);
}

bool
guard_is_proven(void)
{
	const unsigned both = XFRM_FILTER_FLUSH_STATES | XFRM_FILTER_FLUSH_POLICIES;

	if (!must_flush || (atomic_load(&stopped) & both) == both)
		return true;
	say(GUARD_UNPROVEN, strlen(GUARD_UNPROVEN));
	return false;
}

static bool
is_channel(int fd)
{
	int domain = 0, type = 0;
	socklen_t len = sizeof(domain);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) == 0 && domain == AF_UNIX &&
		   getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 && type == SOCK_SEQPACKET;
}

/* Skips one of the words and a blank at *@text. Returns which of them it is, or -1. */
static int
take_word(const char **text, const char *const *words)
{
	for (int i = 0; words[i]; i++) {
		const size_t len = strlen(words[i]);

		if (strncmp(*text, words[i], len) == 0 && (*text)[len] == ' ') {
			*text += len + 1;
			return i;
		}
	}
	return -1;
}

/* Takes what the service says; false where it is not of the form in guard-wire.h. */
static bool
take_go(void)
{
	static const char *const modes[] = {GUARD_INITIATOR, GUARD_MAIN_MODE, NULL};
	static const char *const runs[] = {GUARD_UNKNOWN, GUARD_FLUSHES, GUARD_TRIAL, NULL};
	const char *text = go;
	int mode, run;

	if (strncmp(text, GUARD_GO, strlen(GUARD_GO)) != 0)
		return false;
	text += strlen(GUARD_GO);
	mode = take_word(&text, modes);
	run = mode < 0 ? -1 : take_word(&text, runs);
	if (run < 0)
		return false;
	main_mode = mode == 1;
	must_flush = run == 1;
	on_trial = run == 2;
	updown = text;
	return true;
}

static void
refuse_trial(int error)
{
	char text[GUARD_WIRE_MAX];
	int len = snprintf(text, sizeof(text), GUARD_NO_TRIAL "%s", strerror(error));

	say(text, (size_t) len);
	_exit(127);
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
	if (on_trial && !trial_begin())
		refuse_trial(errno);
}

/* Behind all that the program does at its end. */
__attribute__((destructor)) static void
end(void)
{
	const char *text = on_trial && trial_is_kept() ? GUARD_KEPT : GUARD_LOST;

	if (on_trial)
		say(text, strlen(text));
}
