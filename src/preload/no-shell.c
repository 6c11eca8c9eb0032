/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * popen(3), pclose(3) and system(3) without a shell. libreswan before 5.4 runs its updown command
 * by popen(), with text in it that others have chosen: the name of an interface stands there
 * unquoted. Here the command is taken apart (updown-command.h), and the updown helper is executed
 * with the variables as its environment, and nothing else. What is not exactly that is executed not
 * at all.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guard.h"
#include "updown-command.h"

/* pluto has one at a time. */
static struct {
	FILE *stream;
	pid_t pid;
} running[4];

#define N_RUNNING (sizeof(running) / sizeof(running[0]))

/* pluto runs updown in its main thread alone, and waits for it. */
static struct updown_command parsed;

/* Between vfork() and execve(): nothing that allocates or changes what the parent has. */
static void
execute(int output)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	execve(parsed.arguments[0], parsed.arguments, parsed.environment);
	_exit(127);
}

static FILE *
refuse(int error)
{
	errno = error;
	return NULL;
}

FILE *
popen(const char *command, const char *mode)
{
	const char *wrong = updown_command_parse(&parsed, command, guard_updown());
	int ends[2];
	size_t i = 0;

	if (!wrong && *mode != 'r')
		wrong = "it is not to be read from";
	if (wrong) {
		guard_refuse("popen", wrong, command);
		return refuse(EPERM);
	}
	while (i < N_RUNNING && running[i].stream)
		i++;
	if (i == N_RUNNING)
		return refuse(EAGAIN);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return NULL;
	running[i].stream = fdopen(ends[0], "r");
	running[i].pid = running[i].stream ? vfork() : -1;
	if (running[i].pid == 0)
		execute(ends[1]);
	close(ends[1]);
	if (running[i].pid < 0) {
		int error = errno;

		if (running[i].stream)
			fclose(running[i].stream);
		else
			close(ends[0]);
		running[i].stream = NULL;
		return refuse(error);
	}
	return running[i].stream;
}

int
pclose(FILE *stream)
{
	int status = -1;
	pid_t pid;

	for (size_t i = 0; stream && i < N_RUNNING; i++) {
		if (running[i].stream != stream)
			continue;
		running[i].stream = NULL;
		fclose(stream);
		do
			pid = waitpid(running[i].pid, &status, 0);
		while (pid < 0 && errno == EINTR);
		return pid < 0 ? -1 : status;
	}
	errno = EINVAL;
	return -1;
}

int
system(const char *command)
{
	if (!command)
		return 0; /* there is no shell */
	guard_refuse("system", "pluto has no use for it", command);
	errno = EPERM;
	return -1;
}
