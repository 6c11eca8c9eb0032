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
#include <spawn.h>
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

/* Returns the process, or -1 with errno. The signals that pluto handles have their default action
 * in it, and none is blocked; of pluto's descriptors it has the first three. */
static pid_t
execute(int output)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	pid_t pid = -1;
	int error;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	error = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	if (error == 0)
		error = posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
	if (error == 0)
		error = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	if (error == 0)
		error = posix_spawnattr_setsigmask(&attributes, &none);
	if (error == 0)
		error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	if (error == 0)
		error = posix_spawn(&pid, parsed.arguments[0], &actions, &attributes, parsed.arguments,
							parsed.environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	errno = error;
	return error == 0 ? pid : -1;
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
	running[i].pid = running[i].stream ? execute(ends[1]) : -1;
	if (running[i].pid < 0) {
		int error = errno;

		close(ends[1]);
		if (running[i].stream)
			fclose(running[i].stream);
		else
			close(ends[0]);
		running[i].stream = NULL;
		return refuse(error);
	}
	close(ends[1]);
	return running[i].stream;
}

int
pclose(FILE *stream)
{
	int status = -1;
	pid_t pid;

	for (size_t i = 0; i < N_RUNNING; i++) {
		if (!running[i].stream || running[i].stream != stream)
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
