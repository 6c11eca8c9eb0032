/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "reaper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "rights.h"

/* Its files, the lock among them, are closed one by one while it goes: only when it is gone as a
 * process are they certain to be free. pidfd_open(2), Linux 5.3. */
static void
wait_until_gone(int pidfd)
{
	struct pollfd gone = {.fd = pidfd, .events = POLLIN};

	while (pidfd >= 0 && poll(&gone, 1, -1) < 0 && errno == EINTR)
		;
}

static void
wait_and_clean(pid_t service, int alive, void (*clean)(void))
{
	const Rights rights = rights_plan(RIGHTS_REAPER, rights_with_selinux(), NULL);
	int pidfd = (int) syscall(SYS_pidfd_open, service, 0);
	char byte;

	prctl(PR_SET_NAME, "nm-libreswan-re");
	/* What ends the service by a signal to its group or session must not end us before it. */
	setsid();
	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	/* Whatever it says: to clean up with too many rights is better than not to. */
	rights_take(&rights);
	while (read(alive, &byte, 1) < 0 && errno == EINTR)
		;
	wait_until_gone(pidfd);
	clean();
}

bool
reaper_start(void (*clean)(void))
{
	pid_t service = getpid();
	int pipe_fds[2];
	pid_t pid;

	/* The end that we write to is never written to: the kernel closes it when we are gone. */
	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return false;
	pid = fork();
	if (pid == 0) {
		close(pipe_fds[1]);
		wait_and_clean(service, pipe_fds[0], clean);
		_exit(0);
	}
	close(pipe_fds[0]);
	if (pid < 0)
		close(pipe_fds[1]);
	return pid > 0;
}
