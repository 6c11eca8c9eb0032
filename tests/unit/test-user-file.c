/* SPDX-License-Identifier: GPL-2.0-or-later */
/* As root with the rights of another user, where the test is root. */
#include "config.h"

#include "user-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define USER    "nobody"
#define PATIENT 30000

typedef struct {
	char *directory;
} Fixture;

static void
set_up(Fixture *f, gconstpointer unused)
{
	f->directory = g_dir_make_tmp("user-file-XXXXXX", NULL);
	g_assert_nonnull(f->directory);
	g_assert_cmpint(chmod(f->directory, 0755), ==, 0);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	g_autoptr(GDir) dir = g_dir_open(f->directory, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(f->directory, name, NULL);

		g_remove(path);
	}
	g_rmdir(f->directory);
	g_free(f->directory);
}

static char *
path_of(const Fixture *f, const char *name)
{
	return g_build_filename(f->directory, name, NULL);
}

static char *
put(const Fixture *f, const char *name, const char *text, mode_t mode)
{
	char *path = path_of(f, name);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_assert_cmpint(chmod(path, mode), ==, 0);
	return path;
}

static void
expect_text(const char *user, const char *path, const char *text)
{
	UserFile file;
	Fault fault = {false};

	g_assert_true(user_file_read(&file, user, path, PATIENT, IMPORT_FIELD_KEY, &fault));
	g_assert_false(fault.is_there);
	g_assert_cmpmem(file.bytes, file.len + 1, text, strlen(text) + 1);
	user_file_free(&file);
}

static void
expect_fault(const char *user, const char *path, ImportFault wanted)
{
	UserFile file;
	Fault fault = {false};

	g_assert_false(user_file_read(&file, user, path, PATIENT, IMPORT_FIELD_KEY, &fault));
	g_assert_true(fault.is_there);
	g_assert_cmpint(fault.field, ==, IMPORT_FIELD_KEY);
	g_assert_cmpint(fault.fault, ==, wanted);
	user_file_free(&file);
}

static void
test_read(Fixture *f, gconstpointer unused)
{
	g_autofree char *path = put(f, "file", "text", 0600);
	g_autofree char *link = path_of(f, "link");

	expect_text("", path, "text");
	g_assert_cmpint(symlink(path, link), ==, 0);
	expect_text("", link, "text");
}

static void
test_no_file(Fixture *f, gconstpointer unused)
{
	g_autofree char *fifo = path_of(f, "fifo");
	g_autofree char *socket_path = path_of(f, "socket");
	g_autofree char *absent = path_of(f, "absent");
	g_autofree char *beyond = path_of(f, "file/beyond");
	g_autofree char *file = put(f, "file", "text", 0600);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	g_strlcpy(address.sun_path, socket_path, sizeof(address.sun_path));
	g_assert_cmpint(bind(fd, (const struct sockaddr *) &address, sizeof(address)), ==, 0);
	expect_fault("", fifo, IMPORT_FAULT_NO_FILE);
	expect_fault("", socket_path, IMPORT_FAULT_NO_FILE);
	expect_fault("", "/dev/zero", IMPORT_FAULT_NO_FILE);
	expect_fault("", "/dev/null", IMPORT_FAULT_NO_FILE);
	expect_fault("", f->directory, IMPORT_FAULT_NO_FILE);
	expect_fault("", absent, IMPORT_FAULT_NOT_THERE);
	expect_fault("", beyond, IMPORT_FAULT_NOT_THERE);
	close(fd);
}

static void
set_size(const char *path, off_t size)
{
	g_assert_cmpint(truncate(path, size), ==, 0);
}

static void
test_size(Fixture *f, gconstpointer unused)
{
	g_autofree char *path = put(f, "file", "", 0600);
	UserFile file;
	Fault fault = {false};

	expect_fault("", path, IMPORT_FAULT_EMPTY);
	set_size(path, IMPORT_FILE_MAX);
	g_assert_true(user_file_read(&file, "", path, PATIENT, IMPORT_FIELD_CA, &fault));
	g_assert_cmpuint(file.len, ==, IMPORT_FILE_MAX);
	user_file_free(&file);
	set_size(path, IMPORT_FILE_MAX + 1);
	expect_fault("", path, IMPORT_FAULT_TOO_LARGE);
	set_size(path, (off_t) 1 << 30);
	expect_fault("", path, IMPORT_FAULT_TOO_LARGE);
}

/* One that says that it is empty, and is endless or not. */
static void
test_proc(Fixture *f, gconstpointer unused)
{
	g_autofree char *version = NULL;

	g_assert_true(g_file_get_contents("/proc/version", &version, NULL, NULL));
	expect_text("", "/proc/version", version);
}

static void
test_slow(Fixture *f, gconstpointer unused)
{
	g_autofree char *path = put(f, "file", "text", 0600);
	UserFile file;
	Fault fault = {false};

	/* It is over before anything has come. */
	g_assert_false(user_file_read(&file, "", path, -1, IMPORT_FIELD_CERT, &fault));
	g_assert_cmpint(fault.fault, ==, IMPORT_FAULT_TOO_SLOW);
	user_file_free(&file);
	/* The child has been killed. */
	g_assert_cmpint(waitpid(-1, NULL, 0), >, 0);
}

static gboolean
is_no_root(void)
{
	if (geteuid() == 0 && getpwnam(USER))
		return FALSE;
	g_test_skip("needs root and the user " USER);
	return TRUE;
}

static void
test_other_user(Fixture *f, gconstpointer unused)
{
	g_autofree char *own = put(f, "own", "own", 0600);
	g_autofree char *others = put(f, "others", "others", 0600);
	g_autofree char *link = path_of(f, "link");

	if (is_no_root())
		return;
	g_assert_cmpint(chown(own, getpwnam(USER)->pw_uid, (gid_t) -1), ==, 0);
	expect_text(USER, own, "own");
	expect_text("", own, "own");
	expect_text("root", others, "others");
	expect_fault(USER, others, IMPORT_FAULT_NOT_ALLOWED);
	expect_fault(USER, "/etc/shadow", IMPORT_FAULT_NOT_ALLOWED);
	expect_fault(USER, "/proc/1/environ", IMPORT_FAULT_NOT_ALLOWED);
	g_assert_cmpint(symlink(others, link), ==, 0);
	expect_fault(USER, link, IMPORT_FAULT_NOT_ALLOWED);
	expect_fault("no-such-user-here", own, IMPORT_FAULT_NO_SUCH_USER);
}

/* Not those of root, and those that the user has. */
static void
test_groups(Fixture *f, gconstpointer unused)
{
	g_autofree char *of_root = put(f, "of-root", "group", 0040);
	g_autofree char *of_user = put(f, "of-user", "group", 0040);

	if (is_no_root())
		return;
	g_assert_cmpint(chown(of_root, 0, 0), ==, 0);
	g_assert_cmpint(chown(of_user, 0, getpwnam(USER)->pw_gid), ==, 0);
	expect_fault(USER, of_root, IMPORT_FAULT_NOT_ALLOWED);
	expect_text(USER, of_user, "group");
}

/* Somebody makes the path a link to his own file and to another's, all the time. */
static pid_t
start_swapping(const char *link, const char *one, const char *other)
{
	g_autofree char *next = g_strconcat(link, "-next", NULL);
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	for (gboolean which = FALSE;; which = !which) {
		unlink(next);
		if (symlink(which ? one : other, next) < 0 || rename(next, link) < 0)
			_exit(1);
	}
}

static void
test_swapped(Fixture *f, gconstpointer unused)
{
	g_autofree char *own = put(f, "own", "own", 0644);
	g_autofree char *others = put(f, "others", "others", 0600);
	g_autofree char *link = path_of(f, "link");
	guint n_read = 0, n_refused = 0;
	pid_t pid;

	if (is_no_root())
		return;
	g_assert_cmpint(symlink(own, link), ==, 0);
	pid = start_swapping(link, own, others);
	/* Until both have been seen often. */
	while (n_read < 100 || n_refused < 100) {
		UserFile file;
		Fault fault = {false};

		if (user_file_read(&file, USER, link, PATIENT, IMPORT_FIELD_KEY, &fault)) {
			g_assert_cmpmem(file.bytes, file.len, "own", 3);
			n_read++;
		} else {
			g_assert_cmpint(fault.fault, ==, IMPORT_FAULT_NOT_ALLOWED);
			n_refused++;
		}
		user_file_free(&file);
	}
	kill(pid, SIGKILL);
	g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
}

#define ADD(name, test) g_test_add("/user-file/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("read", test_read);
	ADD("no-file", test_no_file);
	ADD("size", test_size);
	ADD("proc", test_proc);
	ADD("slow", test_slow);
	ADD("other-user", test_other_user);
	ADD("groups", test_groups);
	ADD("swapped", test_swapped);
	return g_test_run();
}
