/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each in a child, read back from the kernel: /proc/PID/status, or what exec leaves of it. */
#include "config.h"

#include "rights.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NET_ADMIN UINT64_C(0x1000)
#define OF_PLUTO  UINT64_C(0x20003400)
#define OF_IMPORT UINT64_C(0xe2) /* DAC_OVERRIDE, KILL, SETGID, SETUID */

static uint64_t all; /* what the test has itself */

/* Field of /proc/self/status, "" where there is none. */
static char *
status_of(const char *text, const char *field)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++) {
		if (g_str_has_prefix(*line, field) && (*line)[strlen(field)] == ':')
			return g_strdup(g_strstrip(*line + strlen(field) + 1));
	}
	return g_strdup("");
}

static uint64_t
capabilities(const char *text, const char *field)
{
	g_autofree char *hex = status_of(text, field);

	return g_ascii_strtoull(hex, NULL, 16);
}

static void
assert_capabilities(const char *text, const char *field, uint64_t wanted)
{
	g_assert_cmphex(capabilities(text, field), ==, wanted & all);
}

static void
assert_status(const char *text, const char *field, const char *wanted)
{
	g_autofree char *value = status_of(text, field);

	g_assert_cmpstr(value, ==, wanted);
}

typedef struct {
	Rights rights;
	bool begin;
	const char *const *argv; /* what is executed; NULL for cat /proc/self/status without exec */
	void (*instead)(void);
} Child;

static void
copy_status(void)
{
	char text[8192];
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, text, sizeof(text));

	if (n <= 0 || write(STDOUT_FILENO, text, (size_t) n) != n)
		_exit(3);
}

/* Returns what it said. */
static char *
run(const Child *child)
{
	GString *said = g_string_new(NULL);
	int fds[2], status;
	char text[4096];
	ssize_t n;
	pid_t pid;

	g_assert_cmpint(pipe(fds), ==, 0);
	pid = fork();
	g_assert_cmpint(pid, >=, 0);
	if (pid == 0) {
		const char *failed;

		dup2(fds[1], STDOUT_FILENO);
		close(fds[0]);
		close(fds[1]);
		if (child->begin && !rights_begin())
			_exit(2);
		failed = rights_take(&child->rights);
		if (failed) {
			g_printerr("%s: %s\n", failed, g_strerror(errno));
			_exit(1);
		}
		if (child->argv)
			execvp(child->argv[0], (char **) child->argv);
		else if (child->instead)
			child->instead();
		else
			copy_status();
		_exit(child->argv ? 127 : 0);
	}
	close(fds[1]);
	while ((n = read(fds[0], text, sizeof(text))) > 0)
		g_string_append_len(said, text, n);
	close(fds[0]);
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_cmpint(status, ==, 0);
	return g_string_free(said, FALSE);
}

static const char *const cat_status[] = {"cat", "/proc/self/status", NULL};

/* What there is after exec, where root would get everything back. */
static char *
after_exec(RightsKind kind, bool with_selinux)
{
	const Child child = {.rights = rights_plan(kind, with_selinux, "/tmp"), .argv = cat_status};

	return run(&child);
}

static void
test_pluto(void)
{
	g_autofree char *text = after_exec(RIGHTS_PLUTO, false);

	assert_capabilities(text, "CapPrm", OF_PLUTO);
	assert_capabilities(text, "CapEff", OF_PLUTO);
	assert_capabilities(text, "CapInh", 0);
	assert_capabilities(text, "CapAmb", 0);
	assert_status(text, "NoNewPrivs", "1");
}

static void
test_tool(void)
{
	g_autofree char *text = after_exec(RIGHTS_TOOL, false);

	assert_capabilities(text, "CapPrm", 0);
	assert_capabilities(text, "CapEff", 0);
	assert_status(text, "NoNewPrivs", "1");
}

static void
test_import(void)
{
	g_autofree char *text = after_exec(RIGHTS_IMPORT, false);

	assert_capabilities(text, "CapPrm", OF_IMPORT);
	assert_capabilities(text, "CapEff", OF_IMPORT);
	assert_capabilities(text, "CapInh", 0);
	assert_status(text, "NoNewPrivs", "1");
}

static void
test_service(void)
{
	const Child child = {.rights = rights_plan(RIGHTS_SERVICE, false, NULL), .begin = true};
	g_autofree char *text = run(&child);

	assert_capabilities(text, "CapEff", NET_ADMIN);
	assert_capabilities(text, "CapPrm", OF_PLUTO | OF_IMPORT);
	assert_status(text, "NoNewPrivs", "1");
	assert_status(text, "Umask", "0077");
}

static void
test_reaper(void)
{
	const Child child = {.rights = rights_plan(RIGHTS_REAPER, false, NULL), .begin = true};
	g_autofree char *text = run(&child);

	assert_capabilities(text, "CapEff", NET_ADMIN);
	assert_capabilities(text, "CapPrm", NET_ADMIN);
}

static void
as_the_service_does(void)
{
	const Rights rights = rights_plan(RIGHTS_PLUTO, false, "/tmp");

	if (rights_take(&rights))
		_exit(4);
	execvp(cat_status[0], (char **) cat_status);
	_exit(127);
}

/* The service has given up nothing that pluto needs. */
static void
test_pluto_of_the_service(void)
{
	const Child child = {.rights = rights_plan(RIGHTS_SERVICE, false, NULL),
						 .begin = true,
						 .instead = as_the_service_does};
	g_autofree char *text = run(&child);

	assert_capabilities(text, "CapEff", OF_PLUTO);
	assert_status(text, "Umask", "0077");
}

static void
say_begun(void)
{
	struct rlimit core;
	g_autofree char *text = NULL;

	getrlimit(RLIMIT_CORE, &core);
	text = g_strdup_printf("%d %d %d", (int) core.rlim_cur, (int) core.rlim_max,
						   prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
	if (write(STDOUT_FILENO, text, strlen(text)) < 0)
		_exit(3);
}

static void
test_begin(void)
{
	const Child child = {
		.rights = rights_plan(RIGHTS_SERVICE, false, NULL), .begin = true, .instead = say_begun};
	static const char *const limit[] = {"sh", "-c", "ulimit -Hc; ulimit -Sc", NULL};
	const Child exec = {
		.rights = rights_plan(RIGHTS_PLUTO, false, "/tmp"), .begin = true, .argv = limit};
	g_autofree char *text = run(&child);
	g_autofree char *of_pluto = run(&exec);

	g_assert_cmpstr(text, ==, "0 0 0");
	g_assert_cmpstr(of_pluto, ==, "0\n0\n");
}

/* A domain transition is to be possible, and what happens to capabilities is as it was. */
static void
test_selinux(void)
{
	g_autofree char *pluto = after_exec(RIGHTS_PLUTO, true);
	const Child child = {.rights = rights_plan(RIGHTS_SERVICE, true, NULL)};
	g_autofree char *service = run(&child);

	assert_status(pluto, "NoNewPrivs", "0");
	assert_capabilities(pluto, "CapEff", all);
	assert_status(service, "NoNewPrivs", "0");
	assert_capabilities(service, "CapEff", NET_ADMIN);
	assert_capabilities(service, "CapPrm", all);
}

static int alive_fd;

/* The end of a service of these rights. */
static void
start_pluto_and_die(RightsKind kind, bool with_selinux)
{
	static const char *const sleeps[] = {"sleep", "60", NULL};
	Rights service = rights_plan(RIGHTS_SERVICE, with_selinux, NULL);
	pid_t parent, pid;
	int ready[2];
	char byte;

	if (rights_take(&service) || pipe2(ready, O_CLOEXEC) < 0)
		_exit(5);
	parent = getpid();
	pid = fork();
	if (pid == 0) {
		Rights rights = rights_plan(kind, with_selinux, "/tmp");

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent || rights_take(&rights))
			_exit(6);
		execvp(sleeps[0], (char **) sleeps);
		_exit(127);
	}
	close(ready[1]);
	/* Closed by exec. */
	if (read(ready[0], &byte, 1) != 0)
		_exit(7);
	close(alive_fd);
	_exit(0);
}

/* A process that gains capabilities by exec would go on when the service is gone. */
static void
test_dies_with_the_service(gconstpointer user_data)
{
	bool with_selinux = GPOINTER_TO_INT(user_data);
	const RightsKind kinds[] = {RIGHTS_PLUTO, RIGHTS_TOOL};

	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		int fds[2], status;
		char byte;
		pid_t pid;

		/* Held by the child's child alone once the child is gone. */
		g_assert_cmpint(pipe(fds), ==, 0);
		pid = fork();
		if (pid == 0) {
			close(fds[0]);
			alive_fd = fds[1];
			start_pluto_and_die(kinds[i], with_selinux);
		}
		close(fds[1]);
		g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
		g_assert_cmpint(status, ==, 0);
		alarm(20);
		g_assert_cmpint(read(fds[0], &byte, 1), ==, 0);
		alarm(0);
		close(fds[0]);
	}
}

/* Landlock */

static long
landlock_version(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
}

static bool
skipped_without_landlock(void)
{
	if (landlock_version() >= 1)
		return false;
	g_test_skip("the kernel has no Landlock, or it is not switched on");
	return true;
}

static char *inside, *outside;

/* "yes" or the error. */
static void
try(const char *what, int result)
{
	g_autofree char *line =
		g_strdup_printf("%s: %s\n", what, result >= 0 ? "yes" : g_strerror(errno));

	if (write(STDOUT_FILENO, line, strlen(line)) < 0)
		_exit(3);
}

static void
try_to_write(void)
{
	g_autofree char *in = g_build_filename(inside, "file", NULL);
	g_autofree char *out = g_build_filename(outside, "file", NULL);
	g_autofree char *there = g_build_filename(outside, "there", NULL);
	g_autofree char *dir = g_build_filename(outside, "dir", NULL);

	try("make inside", open(in, O_WRONLY | O_CREAT, 0600));
	try("truncate inside", truncate(in, 0));
	try("rename inside", rename(in, in));
	try("remove inside", unlink(in));
	try("null", open("/dev/null", O_RDWR));
	try("read outside", open(there, O_RDONLY));
	try("make outside", open(out, O_WRONLY | O_CREAT, 0600));
	try("write outside", open(there, O_WRONLY));
	try("remove outside", unlink(there));
	try("mkdir outside", mkdir(dir, 0700));
	try("link outside", symlink("/", out));
	try("a setting", open("/proc/sys/net/ipv4/ip_forward", O_WRONLY));
	try("another program's end", kill(getppid(), 0));
}

#define NO "Permission denied"

static void
test_confined(void)
{
	Child child = {.instead = try_to_write};
	g_autofree char *root = g_dir_make_tmp("rights-XXXXXX", NULL);
	g_autofree char *there = NULL;
	g_autofree char *text = NULL;
	g_autofree char *wanted = NULL;

	if (skipped_without_landlock())
		return;
	inside = g_build_filename(root, "inside", NULL);
	outside = g_build_filename(root, "outside", NULL);
	there = g_build_filename(outside, "there", NULL);
	g_assert_cmpint(g_mkdir(inside, 0700), ==, 0);
	g_assert_cmpint(g_mkdir(outside, 0700), ==, 0);
	g_assert_true(g_file_set_contents(there, "x", 1, NULL));
	child.rights = rights_plan(RIGHTS_PLUTO, false, inside);
	text = run(&child);
	wanted = g_strconcat("make inside: yes\ntruncate inside: yes\nrename inside: yes\n"
						 "remove inside: yes\nnull: yes\nread outside: yes\n"
						 "make outside: " NO "\nwrite outside: " NO "\nremove outside: " NO "\n"
						 "mkdir outside: " NO "\nlink outside: " NO "\na setting: " NO "\n"
						 "another program's end: ",
						 landlock_version() >= 6 ? "Operation not permitted" : "yes", "\n", NULL);
	g_assert_cmpstr(text, ==, wanted);
	g_unlink(there);
	g_rmdir(outside);
	g_rmdir(inside);
	g_rmdir(root);
	g_free(inside);
	g_free(outside);
}

static void
make_in_tmp(void)
{
	try("tmp", open("/tmp/rights-of-a-tool", O_WRONLY | O_CREAT, 0600));
}

static void
test_tool_writes_nowhere(void)
{
	Child child = {.instead = make_in_tmp, .rights = rights_plan(RIGHTS_TOOL, false, NULL)};
	g_autofree char *text = NULL;

	if (skipped_without_landlock())
		return;
	text = run(&child);
	g_assert_cmpstr(text, ==, "tmp: " NO "\n");
}

/* Rather no pluto than one that is not confined. */
static void
test_no_such_directory(void)
{
	const Rights rights = rights_plan(RIGHTS_PLUTO, false, "/nonexistent");
	int status;
	pid_t pid;

	if (skipped_without_landlock())
		return;
	pid = fork();
	if (pid == 0)
		_exit(g_strcmp0(rights_take(&rights), "landlock_add_rule") == 0 && errno == ENOENT ? 0 : 1);
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_cmpint(status, ==, 0);
}

int
main(int argc, char **argv)
{
	g_autofree char *text = NULL;

	g_test_init(&argc, &argv, NULL);
	g_assert_true(g_file_get_contents("/proc/self/status", &text, NULL, NULL));
	all = capabilities(text, "CapPrm");
	g_test_add_func("/rights/pluto", test_pluto);
	g_test_add_func("/rights/tool", test_tool);
	g_test_add_func("/rights/import", test_import);
	g_test_add_func("/rights/service", test_service);
	g_test_add_func("/rights/reaper", test_reaper);
	g_test_add_func("/rights/pluto-of-the-service", test_pluto_of_the_service);
	g_test_add_func("/rights/begin", test_begin);
	g_test_add_func("/rights/selinux", test_selinux);
	g_test_add_data_func("/rights/dies-with-the-service", GINT_TO_POINTER(0),
						 test_dies_with_the_service);
	g_test_add_data_func("/rights/dies-with-the-service-selinux", GINT_TO_POINTER(1),
						 test_dies_with_the_service);
	g_test_add_func("/rights/confined", test_confined);
	g_test_add_func("/rights/tool-writes-nowhere", test_tool_writes_nowhere);
	g_test_add_func("/rights/no-such-directory", test_no_such_directory);
	return g_test_run();
}
