/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "no-descriptors.h"
#include "reaper.h"

static int cleaned_fd;

static void
clean(void)
{
	if (write(cleaned_fd, "c", 1) != 1)
		_exit(1);
}

/* Returns what came through the pipe until every process that holds it had ended. */
static char
life(int how)
{
	int fds[2], status, lowest;
	char byte = '-';
	pid_t pid;

	g_assert_cmpint(pipe(fds), ==, 0);
	pid = fork();
	g_assert_cmpint(pid, >=, 0);
	if (pid == 0) {
		close(fds[0]);
		cleaned_fd = fds[1];
		lowest = dup(STDIN_FILENO);
		close(lowest);
		/* We keep one end of its pipe, which is not the lower one. */
		if (!reaper_start(clean) || dup(STDIN_FILENO) != lowest)
			_exit(1);
		close(fds[1]);
		if (how == 0)
			_exit(0);
		kill(getpid(), how);
	}
	close(fds[1]);
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_cmpint(WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), ==, how);
	if (read(fds[0], &byte, 1) < 0)
		byte = '!';
	close(fds[0]);
	return byte;
}

static void
test_killed(void)
{
	g_assert_cmpint(life(SIGKILL), ==, 'c');
}

static void
test_terminated(void)
{
	g_assert_cmpint(life(SIGTERM), ==, 'c');
}

static void
test_ends_by_itself(void)
{
	g_assert_cmpint(life(0), ==, 'c');
}

static void
test_no_descriptor(void)
{
	no_descriptors_begin();
	g_assert_false(reaper_start(clean));
	no_descriptors_end();
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/reaper/killed", test_killed);
	g_test_add_func("/reaper/terminated", test_terminated);
	g_test_add_func("/reaper/ends-by-itself", test_ends_by_itself);
	g_test_add_func("/reaper/no-descriptor", test_no_descriptor);
	return g_test_run();
}
