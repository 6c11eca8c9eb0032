/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process-id.h"

/* A process that waits for its end, with a name that /proc does not escape. */
static pid_t
start_sleeper(void)
{
	int ready[2];
	char byte;
	pid_t pid;

	g_assert_cmpint(pipe(ready), ==, 0);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_NAME, "a) R 1 (b");
		if (write(ready[1], "r", 1) == 1)
			pause();
		_exit(1);
	}
	g_assert_cmpint(read(ready[0], &byte, 1), ==, 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static int
end_of(pid_t pid)
{
	int status;

	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void
test_name(void)
{
	ProcessId self, again, none;

	g_assert_true(process_id_of(getpid(), &self));
	g_assert_cmpint(self.pid, ==, getpid());
	g_assert_cmpuint(self.start, >, 0);
	g_assert_true(process_id_of(getpid(), &again));
	g_assert_cmpuint(again.start, ==, self.start);
	g_assert_false(process_id_of(0, &none));
	g_assert_false(process_id_of(-1, &none));
	g_assert_false(process_id_of(G_MAXINT32, &none));
	g_assert_cmpint(none.pid, ==, 0);
}

static void
test_kill(void)
{
	pid_t pid = start_sleeper();
	ProcessId id;

	g_assert_true(process_id_of(pid, &id));
	g_assert_true(process_id_kill(&id, 5000));
	g_assert_cmpint(end_of(pid), ==, SIGKILL);
	/* It is gone: nobody of that name. */
	g_assert_false(process_id_kill(&id, 0));
}

static void
test_kill_stopped(void)
{
	pid_t pid = start_sleeper();
	ProcessId id;

	kill(pid, SIGSTOP);
	g_assert_true(process_id_of(pid, &id));
	g_assert_true(process_id_kill(&id, 5000));
	g_assert_cmpint(end_of(pid), ==, SIGKILL);
}

/* The number is the same, the process is another. */
static void
test_reused(void)
{
	pid_t pid = start_sleeper();
	ProcessId id;

	g_assert_true(process_id_of(pid, &id));
	id.start--;
	g_assert_false(process_id_kill(&id, 0));
	g_assert_cmpint(kill(pid, 0), ==, 0);
	kill(pid, SIGTERM);
	g_assert_cmpint(end_of(pid), ==, SIGTERM);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/process-id/name", test_name);
	g_test_add_func("/process-id/kill", test_kill);
	g_test_add_func("/process-id/kill-stopped", test_kill_stopped);
	g_test_add_func("/process-id/reused", test_reused);
	return g_test_run();
}
