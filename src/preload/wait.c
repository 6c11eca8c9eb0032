/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * waitpid(2), which also says in pluto's log how addconn has ended. pluto starts addconn to load
 * the connection, and is content whatever becomes of it: a connection that was not loaded is one of
 * which nothing is ever heard. It is the first child that pluto is told of: it starts it before its
 * main loop, and waits for updown commands by pclose().
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guard-wire.h"

static bool ended; /* addconn has, with this status */
static bool said;
static int addconn_status;

/* pluto's log is its standard error, and a line there stands behind all that was said before. */
static void
say(void)
{
	said = true;
	if (WIFSIGNALED(addconn_status))
		dprintf(STDERR_FILENO, "%ssignal %d\n", GUARD_ADDCONN, WTERMSIG(addconn_status));
	else
		dprintf(STDERR_FILENO, "%sexit status %d\n", GUARD_ADDCONN, WEXITSTATUS(addconn_status));
}

pid_t
waitpid(pid_t pid, int *status, int options)
{
	int ours = 0;
	pid_t child;

	/* pluto asks again and again until no other child has ended, and prints in between what is left
	 * of addconn's output. */
	if (ended && !said && pid == -1)
		say();
	child = wait4(pid, &ours, options, NULL);
	if (child > 0 && pid == -1 && !ended) {
		ended = true;
		addconn_status = ours;
	}
	if (child > 0 && status)
		*status = ours;
	return child;
}
