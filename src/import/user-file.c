/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "user-file.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hidden-path.h"

/* The child's exit status: 0, or the fault and this. Then it has written nothing but the errno. */
#define STATUS_OF_FAULT 64

typedef struct {
	ImportFault fault;
	int number;
} Trouble;

static long long
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/*****************************************************************************/
/* In the child. */

static _Noreturn void
end_with(int out, ImportFault fault, int number)
{
	if (write(out, &number, sizeof(number)) != sizeof(number))
		_exit(1);
	_exit(STATUS_OF_FAULT + (int) fault);
}

/* Root, which has no rights but what this process has, keeps them. */
static void
become(const char *user, int out)
{
	const struct passwd *entry;

	if (user[0] == '\0')
		return;
	errno = 0;
	entry = getpwnam(user);
	if (!entry)
		end_with(out, IMPORT_FAULT_NO_SUCH_USER, errno);
	if (initgroups(user, entry->pw_gid) < 0 ||
		setresgid(entry->pw_gid, entry->pw_gid, entry->pw_gid) < 0 ||
		setresuid(entry->pw_uid, entry->pw_uid, entry->pw_uid) < 0)
		end_with(out, IMPORT_FAULT_UNREADABLE, errno);
	/* Back must be impossible, or what follows would be done with root's rights. */
	if (entry->pw_uid != 0 && setresuid(0, 0, 0) == 0)
		end_with(out, IMPORT_FAULT_UNREADABLE, EPERM);
}

static ImportFault
fault_of_open(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return IMPORT_FAULT_NOT_THERE;
	case EACCES:
	case EPERM:
		return IMPORT_FAULT_NOT_ALLOWED;
	case ENXIO: /* a socket, or a device that nobody has */
	case ENODEV:
		return IMPORT_FAULT_NO_FILE;
	default:
		return IMPORT_FAULT_UNREADABLE;
	}
}

/* Without waiting for the other end of a FIFO, or becoming the terminal's process. */
static int
open_file(const char *path, int out)
{
	struct stat info;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		end_with(out, fault_of_open(errno), errno);
	if (fstat(fd, &info) < 0)
		end_with(out, IMPORT_FAULT_UNREADABLE, errno);
	if (!S_ISREG(info.st_mode))
		end_with(out, IMPORT_FAULT_NO_FILE, 0);
	if (info.st_size > IMPORT_FILE_MAX)
		end_with(out, IMPORT_FAULT_TOO_LARGE, 0);
	return fd;
}

/* A file of /proc has no size before it is read. */
static size_t
read_file(int fd, unsigned char *bytes, size_t max, int out)
{
	size_t len = 0;

	while (len < max) {
		ssize_t n = read(fd, bytes + len, max - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			end_with(out, IMPORT_FAULT_UNREADABLE, errno);
		if (n == 0)
			break;
		len += (size_t) n;
	}
	if (len == 0)
		end_with(out, IMPORT_FAULT_EMPTY, 0);
	if (len == max)
		end_with(out, IMPORT_FAULT_TOO_LARGE, 0);
	return len;
}

static _Noreturn void
run_child(const char *user, const char *path, int out)
{
	static unsigned char bytes[IMPORT_FILE_MAX + 1];
	size_t len, written = 0;
	int fd;

	/* Whoever waits for the end of our parent's output would wait for this process. */
	for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++) {
		if (i != out)
			close(i);
	}
	become(user, out);
	/* After the change of user, which takes it back. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_DUMPABLE, 0);
	fd = open_file(path, out);
	len = read_file(fd, bytes, sizeof(bytes), out);
	while (written < len) {
		ssize_t n = write(out, bytes + written, len - written);

		if (n < 0 && errno != EINTR)
			_exit(1);
		written += n > 0 ? (size_t) n : 0;
	}
	explicit_bzero(bytes, len);
	_exit(0);
}

/*****************************************************************************/

/* What comes until the end of the file; false where that does not come in time. */
static bool
receive(UserFile *self, int fd, long long deadline)
{
	const size_t max = IMPORT_FILE_MAX + 1;

	for (;;) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		long long left = deadline - now_ms();
		int n_ready;
		ssize_t n;

		if (left <= 0)
			return false;
		n_ready = poll(&ready, 1, (int) left);
		if (n_ready < 0 && errno == EINTR)
			continue;
		if (n_ready <= 0)
			return false;
		n = read(fd, self->bytes + self->len, max - self->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return true;
		self->len += (size_t) n;
	}
}

static Trouble
trouble_of(const UserFile *self, int status)
{
	Trouble trouble = {IMPORT_FAULT_UNREADABLE, 0};

	if (WIFEXITED(status) && WEXITSTATUS(status) >= STATUS_OF_FAULT &&
		WEXITSTATUS(status) < STATUS_OF_FAULT + IMPORT_N_FAULTS &&
		self->len == sizeof(trouble.number)) {
		trouble.fault = (ImportFault) (WEXITSTATUS(status) - STATUS_OF_FAULT);
		memcpy(&trouble.number, self->bytes, sizeof(trouble.number));
	}
	return trouble;
}

static bool
blame(Trouble trouble, const char *path, ImportField field, Fault *fault)
{
	if ((trouble.fault == IMPORT_FAULT_NOT_THERE || trouble.fault == IMPORT_FAULT_NOT_ALLOWED) &&
		hidden_path_is(path, "/proc/self/mountinfo"))
		trouble.fault = IMPORT_FAULT_HIDDEN;
	return fault_set(fault, field, trouble.fault, trouble.number);
}

static pid_t
start_child(const char *user, const char *path, int *fd)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		run_child(user, path, ends[1]);
	}
	close(ends[1]);
	*fd = ends[0];
	if (pid < 0)
		close(ends[0]);
	return pid;
}

/* One that waits for a file server cannot be killed before that answers: it is not waited for, and
 * goes by itself, as nobody reads from it any more. */
static bool
give_up_on(pid_t pid, const char *path, ImportField field, Fault *fault)
{
	kill(pid, SIGKILL);
	return blame((Trouble){IMPORT_FAULT_TOO_SLOW, 0}, path, field, fault);
}

bool
user_file_read(UserFile *self, const char *user, const char *path, int deadline_ms,
			   ImportField field, Fault *fault)
{
	const long long deadline = now_ms() + deadline_ms;
	int fd = -1, status = 0;
	bool in_time;
	pid_t pid;

	*self = (UserFile){calloc(1, IMPORT_FILE_MAX + 2), 0};
	pid = self->bytes ? start_child(user, path, &fd) : -1;
	if (pid < 0)
		return blame((Trouble){IMPORT_FAULT_UNREADABLE, errno}, path, field, fault);
	in_time = receive(self, fd, deadline);
	close(fd);
	if (!in_time)
		return give_up_on(pid, path, field, fault);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || self->len == 0)
		return blame(trouble_of(self, status), path, field, fault);
	return true;
}

void
user_file_free(UserFile *self)
{
	if (self->bytes) {
		explicit_bzero(self->bytes, self->len);
		free(self->bytes);
	}
	*self = (UserFile){NULL, 0};
}
