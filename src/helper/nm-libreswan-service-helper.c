/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pluto's leftupdown command: hands the variables of one updown event to the service and waits
 * until it has dealt with them. It decides nothing.
 *
 * Once called properly it exits 0 whatever happens. pluto takes another status of up, prepare or
 * route as a failure of the Child SA and unwinds it (route_and_eroute in 4.x,
 * install_outbound_ipsec_kernel_policies in 5.x); but whether a tunnel is good is for the service
 * to say, and where the service cannot be reached there is nobody left whom a torn down tunnel
 * would help. What goes wrong is one sentence on stderr, which pluto writes to its log.
 *
 * libc alone and static data: it runs while pluto stands still. It is nobody's without pluto, so it
 * dies with it (PR_SET_PDEATHSIG, prctl(2)), even where it is stopped.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "updown-wire.h"

#define PROGRAM "nm-libreswan-service-helper"

static char message[UPDOWN_WIRE_MAX];

static int
complain(const char *what, const char *name, const char *why)
{
	dprintf(STDERR_FILENO, PROGRAM ": %s %s: %s\n", what, name, why);
	return 0;
}

static long
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000L + t.tv_nsec / 1000000;
}

static bool
wanted(const char *variable)
{
	static const char *const others[] = {UPDOWN_WIRE_OTHER_NAMES};

	if (strncmp(variable, "PLUTO_", 6) == 0)
		return true;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		size_t len = strlen(others[i]);

		if (strncmp(variable, others[i], len) == 0 && variable[len] == '=')
			return true;
	}
	return false;
}

/* Returns the message's length. */
static size_t
collect(char **variables)
{
	static const char too_large[] = "!the environment of the updown event is too large";
	size_t header = sizeof(UPDOWN_WIRE_MAGIC), used = header;

	memcpy(message, UPDOWN_WIRE_MAGIC, header);
	for (; *variables; variables++) {
		size_t len = strlen(*variables) + 1;

		if (!wanted(*variables))
			continue;
		if (len > sizeof(message) - used) {
			memcpy(message + header, too_large, sizeof(too_large));
			complain("cannot report", "the event", too_large + 1);
			return header + sizeof(too_large);
		}
		memcpy(message + used, *variables, len);
		used += len;
	}
	return used;
}

static int
deliver(const char *path, size_t len)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const struct timeval limit = {.tv_sec = UPDOWN_WIRE_TIMEOUT_MS / 1000,
								  .tv_usec = UPDOWN_WIRE_TIMEOUT_MS % 1000 * 1000};
	long deadline = now_ms() + UPDOWN_WIRE_TIMEOUT_MS, left;
	struct pollfd ready = {.events = POLLIN};
	int n;

	if (strlen(path) >= sizeof(address.sun_path))
		return complain("cannot reach the service at", path, "the path is too long");
	memcpy(address.sun_path, path, strlen(path) + 1);

	ready.fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (ready.fd < 0)
		return complain("cannot make a socket for", path, strerror(errno));

	/* A full backlog blocks connect() for as long as the send timeout: socket(7), SO_SNDTIMEO. */
	setsockopt(ready.fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (connect(ready.fd, (struct sockaddr *) &address, sizeof(address)) < 0)
		return complain("cannot reach the service at", path, strerror(errno));
	if (send(ready.fd, message, len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return complain("cannot send the event to", path, strerror(errno));

	/* The answer and the end of the connection are one to us; its content is no decision. */
	do {
		left = deadline - now_ms();
		n = poll(&ready, 1, left > 0 ? (int) left : 0);
	} while (n < 0 && errno == EINTR);
	if (n == 0)
		return complain("no answer from", path, "the service is too slow");
	return 0;
}

int
main(int argc, char **argv)
{
	static const char usage[] = "Usage: " PROGRAM " SOCKET\n"
								"Reports a libreswan updown event (PLUTO_* in the environment) "
								"to nm-libreswan-service.\n";

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return write(STDOUT_FILENO, usage, sizeof(usage) - 1) < 0;
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return dprintf(STDOUT_FILENO, PROGRAM " " PACKAGE_VERSION "\n") < 0;
	if (argc != 2 || argv[1][0] == '-' || argv[1][0] == '\0') {
		dprintf(STDERR_FILENO, "%s", usage);
		return 2;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	return deliver(argv[1], collect(environ));
}
