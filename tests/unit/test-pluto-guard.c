/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The library that is preloaded into pluto, in a program that does what pluto does, and the
 * service's end of the line to it.
 */
#include "config.h"

#include "pluto-guard.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guard-wire.h"
#include "guarded-launch.h"
#include "own-netns.h"

#define PROGRAM BUILDDIR "/tests/unit/guarded-program"

static const char *no_netns;

/* A socket of another program's, which would share the port. */
static int
bind_shared(const char *host, in_port_t port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), yes = 1;

	g_assert_cmpint(inet_pton(AF_INET, host, &address.sin_addr), ==, 1);
	g_assert_cmpint(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)), ==, 0);
	g_assert_cmpint(bind(fd, (const struct sockaddr *) &address, sizeof(address)), ==, 0);
	return fd;
}

/* The helper's place takes a program that shows what it was given. */
static char *
write_script(Fixture *f, const char *name, const char *text)
{
	char *path = g_build_filename(f->dir, name, NULL);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_assert_cmpint(g_chmod(path, 0700), ==, 0);
	return path;
}

static void
test_runs_updown_alone(Fixture *f, gconstpointer data)
{
	g_autofree char *path =
		write_script(f, "helper",
					 "#!/usr/bin/env -S -i /bin/sh\necho \"$0 $1\"; cat /proc/$$/environ "
					 "| tr '\\0' '\\n'; ls /proc/self/fd | wc -l; echo err >&2; exit 3\n");
	g_autofree char *updown = g_strconcat(path, " /the/socket", NULL);
	g_autofree char *good =
		g_strconcat("2>&1 PLUTO_VERB='up-client' PLUTO_INTERFACE='a b;$(id)' ", updown, NULL);
	g_autofree char *evil =
		g_strconcat("2>&1 PLUTO_INTERFACE='';echo${IFS}owned;'' ", updown, NULL);
	g_autofree char *expected = NULL;
	const char *const argv[] = {PROGRAM, good, evil, "!echo owned", "echo owned", NULL};

	f->updown = updown;
	launch(f, argv, NULL);
	g_assert_nonnull(strstr(f->output, "begin, LD_PRELOAD is gone\n"));
	g_assert_nonnull(strstr(f->output, "pclose: exit 3\npopen: Operation not permitted\n"
									   "system: -1 Operation not permitted\n"
									   "popen: Operation not permitted\n"));
	g_assert_nonnull(strstr(f->output, "| err\n"));
	g_assert_null(strstr(f->output, "owned"));
	expected =
		g_strdup_printf("ready;popen(): a value is not followed by a blank: 2>&1 "
						"PLUTO_INTERFACE='';echo${IFS}owned;'' %s;"
						"system(): pluto has no use for it: echo owned;"
						"popen(): it does not begin as libreswan's updown command does: echo "
						"owned;closed;",
						updown);
	g_assert_cmpstr(f->events->str, ==, expected);
	g_unlink(path);
}

static void
test_misuse(Fixture *f, gconstpointer data)
{
	const char *const argv[] = {PROGRAM, "misuse", "2>&1 PLUTO_VERB='up-client' /h /s", NULL};

	f->updown = "/h /s";
	launch(f, argv, NULL);
	g_assert_nonnull(strstr(f->output, "to write: Operation not permitted\n"
									   "not ours: -1 Invalid argument\n"
									   "a shell: 0\n"
									   "no descriptor: Too many open files\n"));
	g_assert_cmpstr(f->events->str, ==,
					"ready;popen(): it is not to be read from: 2>&1 PLUTO_VERB='up-client' /h /s;"
					"closed;");
}

/* A helper that cannot be executed is none, as often as it is tried. */
static void
test_no_helper(Fixture *f, gconstpointer data)
{
	const char *argv[100];
	const char *at;
	guint n = 0;

	argv[0] = PROGRAM;
	for (guint i = 1; i + 1 < G_N_ELEMENTS(argv); i++)
		argv[i] = "2>&1 PLUTO_VERB='up-client' /nonexistent/helper /s";
	argv[G_N_ELEMENTS(argv) - 1] = NULL;
	f->updown = "/nonexistent/helper /s";
	launch(f, argv, NULL);
	for (at = f->output; (at = strstr(at, "popen: No such file or directory\n")) != NULL; at++)
		n++;
	g_assert_cmpuint(n, ==, G_N_ELEMENTS(argv) - 2);
	g_assert_cmpstr(f->events->str, ==, "ready;closed;");
}

/* The first child that ends is addconn, which is said when no other has ended, and once. */
static void
assert_said(Fixture *f, const char *how, const char *waited, const char *said)
{
	const char *const argv[] = {PROGRAM, how, "child-exits", NULL};
	const char *line;

	launch(f, argv, NULL);
	g_assert_nonnull(strstr(f->output, waited));
	line = strstr(f->output, GUARD_ADDCONN);
	g_assert_nonnull(line);
	g_assert_true(g_str_has_prefix(line + strlen(GUARD_ADDCONN), said));
	g_assert_null(strstr(line + 1, GUARD_ADDCONN));
}

static void
test_addconn(Fixture *f, gconstpointer data)
{
	assert_said(f, "child-exits", "waitpid: exit 7\n", "exit status 7\n");
	assert_said(f, "child-is-killed", "waitpid: signal 9\nwaitpid: exit 7\n", "signal 9\n");
}

/* What the helper gets: these variables and no other, no descriptor beyond the third, no library.
 */
static void
test_environment(Fixture *f, gconstpointer data)
{
	g_autofree char *updown = g_strconcat(BUILDDIR "/tests/unit/guarded-helper", " /s", NULL);
	g_autofree char *command =
		g_strconcat("2>&1 PLUTO_VERB='up' PLUTO_X='a b' SPI_IN=0x1 ", updown, NULL);
	const char *const argv[] = {PROGRAM, command, NULL};

	f->updown = updown;
	launch(f, argv, NULL);
	g_assert_cmpstr(
		f->output, ==,
		"begin, LD_PRELOAD is gone\n"
		"| argument /s\n| PLUTO_VERB=up\n| PLUTO_X=a b\n| SPI_IN=0x1\n| descriptors 0 1 2\n"
		"pclose: exit 7\n");
	g_assert_cmpstr(f->events->str, ==, "ready;closed;");
}

static void
test_nothing_allowed(Fixture *f, gconstpointer data)
{
	const char *const argv[] = {PROGRAM, "2>&1 /bin/echo owned", NULL};

	f->updown = NULL;
	launch(f, argv, NULL);
	g_assert_cmpstr(f->output, ==, "begin, LD_PRELOAD is gone\npopen: Operation not permitted\n");
}

/* Where the program does not load it, nothing says that it does. */
static void
test_not_loaded(Fixture *f, gconstpointer data)
{
	const char *const argv[] = {PROGRAM, "echo owned", NULL};

	launch(f, argv, "/nowhere.so");
	g_assert_cmpstr(f->events->str, ==, "closed;");
	g_assert_nonnull(
		strstr(f->output, "| owned\n")); /* which is why the service gives it nothing */
}

/* The library does not go without a service. */
static void
test_no_service(Fixture *f, gconstpointer data)
{
	g_autofree char *output = NULL;
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), "LD_PRELOAD", LIBRARY, TRUE);
	char *argv[] = {(char *) PROGRAM, (char *) "echo owned", NULL};
	int status;

	g_assert_true(g_spawn_sync(NULL, argv, environment, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL,
							   &status, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(output, ==, "");
	g_assert_cmpint(WEXITSTATUS(status), ==, 127);
}

/* As guard_channel_new() does it, with a service that says @go. */
static int
exit_status_after(const char *go, size_t len)
{
	g_autoptr(GSubprocessLauncher) launcher =
		g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
	const char *const argv[] = {PROGRAM, NULL};
	g_autoptr(GSubprocess) process = NULL;
	g_autoptr(GError) error = NULL;
	char hello[64];
	int ends[2];

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), ==, 0);
	g_subprocess_launcher_take_fd(launcher, ends[1], GUARD_FD);
	g_subprocess_launcher_setenv(launcher, "LD_PRELOAD", LIBRARY, TRUE);
	process = g_subprocess_launcher_spawnv(launcher, argv, &error);
	g_assert_no_error(error);
	g_assert_cmpint(recv(ends[0], hello, sizeof(hello), 0), ==, strlen(GUARD_HELLO));
	g_assert_cmpint(send(ends[0], go, len, MSG_NOSIGNAL), ==, len);
	g_assert_true(g_subprocess_wait(process, NULL, &error));
	close(ends[0]);
	return g_subprocess_get_exit_status(process);
}

static void
test_respond(Fixture *f, gconstpointer data)
{
	const char *const argv[] = {PROGRAM, "hear", NULL};

	f->respond = GUARD_RESPOND_NEVER;
	launch(f, argv, NULL);
	g_assert_cmpstr(f->output, ==,
					"begin, LD_PRELOAD is gone\nIKE_SA_INIT: not heard\nMain Mode: not heard\n"
					"Aggressive Mode: not heard\nINFORMATIONAL: heard\n");
	f->respond = GUARD_RESPOND_MAIN_MODE;
	launch(f, argv, NULL);
	g_assert_cmpstr(f->output, ==,
					"begin, LD_PRELOAD is gone\nIKE_SA_INIT: not heard\nMain Mode: heard\n"
					"Aggressive Mode: not heard\nINFORMATIONAL: heard\n");
	g_assert_cmpstr(f->events->str, ==, "ready;closed;");
}

/* Only UDP has a filter, and without one no UDP socket is bound. */
static void
test_bind(Fixture *f, gconstpointer data)
{
	const char *const argv[] = {PROGRAM, "bind-others", "bind-locked", NULL};

	launch(f, argv, NULL);
	g_assert_cmpstr(f->output, ==,
					"begin, LD_PRELOAD is gone\nbind: bound, not filtered\n"
					"bind: bound, not filtered\nbind: bound, filtered\n"
					"bind: Bad file descriptor\nbind: Socket operation on non-socket\n"
					"bind: Operation not permitted, filtered\n");
}

/* Without SO_REUSEADDR, which the program has set: nobody else gets its packets. What is taken
 * already it does not share, but has another port. */
static void
check_ports(Fixture *f, const char *word)
{
	const char *const argv[] = {PROGRAM, word, NULL};
	static const char *const said[] = {"500: has another, alone\n", "4500: has another, alone\n"};
	g_auto(GStrv) lines = NULL;
	guint n = 0;

	launch(f, argv, NULL);
	g_assert_nonnull(strstr(f->output, "\n500: has it, alone\n"));
	g_assert_nonnull(strstr(f->output, "\n4500: has it, alone\n"));
	for (guint i = 0; i < G_N_ELEMENTS(said); i++)
		g_assert_nonnull(strstr(f->output, said[i]));
	/* All others as it says. */
	g_assert_nonnull(strstr(f->output, "\n501: has it, shared\n501: has it, shared\n"));
	lines = g_strsplit(f->output, "\n", -1);
	for (char **line = lines; *line; line++)
		n += g_str_has_prefix(*line, GUARD_PORT "500 is somebody else's, ") ||
			 g_str_has_prefix(*line, GUARD_PORT "4500 is somebody else's, ");
	g_assert_cmpuint(n, ==, 2);
	g_assert_cmpstr(f->events->str, ==, "ready;closed;");
}

static void
test_ports(Fixture *f, gconstpointer data)
{
	if (skipped(no_netns))
		return;
	check_ports(f, "listen-twice");
	check_ports(f, "listen-twice-6");
}

/* Another address' ports are not ours, and those of all addresses are. */
static void
test_ports_of_others(Fixture *f, gconstpointer data)
{
	const char *const argv[] = {PROGRAM, "listen-twice", NULL};
	int fd;

	if (skipped(no_netns))
		return;
	fd = bind_shared("127.0.0.9", 4500);
	launch(f, argv, NULL);
	g_assert_nonnull(strstr(f->output, "\n4500: has it, alone\n"));
	close(fd);
	fd = bind_shared("0.0.0.0", 4500);
	launch(f, argv, NULL);
	g_assert_null(strstr(f->output, "\n4500: has it"));
	g_assert_nonnull(strstr(f->output, "4500: has another, alone\n"));
	close(fd);
}

/* The filter goes by what pluto takes the socket for. */
static void
test_respond_elsewhere(Fixture *f, gconstpointer data)
{
	const char *const argv[] = {PROGRAM, "hear-elsewhere", NULL};

	if (skipped(no_netns))
		return;
	launch(f, argv, NULL);
	g_assert_nonnull(strstr(f->output, "500: has another, alone\nIKE_SA_INIT: not heard\n"
									   "INFORMATIONAL: heard\n4500: has it, alone\n"
									   "IKE_SA_INIT, marked: not heard\n"));
}

/* A program that is known to flush does not get its ports before it has been kept from it. */
static void
test_unproven(Fixture *f, gconstpointer data)
{
	const char *const bare[] = {PROGRAM, "listen-twice", NULL};
	const char *const half[] = {PROGRAM, "flush-policies", "listen-twice", NULL};
	const char *const whole[] = {PROGRAM, "flush-policies", "flush-states", "listen-twice", NULL};

	if (skipped(no_netns))
		return;
	f->run = GUARD_RUN_FLUSHES;
	launch(f, bare, NULL);
	g_assert_nonnull(strstr(f->output, "\n500: Operation not permitted\n"));
	g_assert_nonnull(strstr(f->output, "\n4500: Operation not permitted\n"));
	g_assert_nonnull(strstr(f->output, "\n501: has it, shared\n"));
	g_assert_cmpstr(f->events->str, ==, "ready;unproven;unproven;unproven;unproven;closed;");
	launch(f, half, NULL);
	g_assert_cmpstr(f->events->str, ==,
					"ready;policies;unproven;unproven;unproven;unproven;closed;");
	launch(f, whole, NULL);
	g_assert_nonnull(strstr(f->output, "\n500: has it, alone\n"));
	g_assert_cmpstr(f->events->str, ==, "ready;policies;states;closed;");
}

/* Whether a program leaves alone what is not its own is found out where there is nobody. */
static void
test_trial(Fixture *f, gconstpointer data)
{
	const char *const quiet[] = {PROGRAM, "listen-twice", NULL};
	const char *const kept[] = {PROGRAM, "flush-policies", "flush-states", NULL};
	const char *const by_another_way[] = {PROGRAM, "flush-unseen", NULL};
	int fd;

	if (skipped(no_netns))
		return;
	f->run = GUARD_RUN_TRIAL;
	if (!has_user_namespaces()) {
		launch(f, quiet, NULL);
		g_assert_cmpstr(f->output, ==, "");
		g_assert_true(g_str_has_prefix(f->events->str, "ready;it could not be tried out: "));
		return;
	}
	/* Nobody is on its ports there. */
	fd = bind_shared("0.0.0.0", 500);
	launch(f, quiet, NULL);
	g_assert_nonnull(strstr(f->output, "\n500: has it, alone\n"));
	close(fd);
	g_assert_cmpstr(f->events->str, ==, "ready;kept;closed;");
	launch(f, kept, NULL);
	g_assert_cmpstr(f->events->str, ==, "ready;policies;states;kept;closed;");
	launch(f, by_another_way, NULL);
	g_assert_cmpstr(f->output, ==, "begin, LD_PRELOAD is gone\n");
	g_assert_cmpstr(f->events->str, ==, "ready;it has removed what was not its own;closed;");
}

/* What the service says is taken as a whole or not at all. */
static void
test_go_is_strict(void)
{
	static const struct {
		const char *go;
		int status; /* exit status of the program */
	} rows[] = {
		{"go initiator unknown ", 0},
		{"go initiator flushes ", 0},
		{"go main-mode unknown ", 0},
		{"go main-mode flushes /h /s", 0},
		{"go initiator trial", 127},
		{"go initiator trials ", 127},
		{"go initiator unknown", 127},
		{"go main-mode flushes", 127},
		{"go initiator ", 127},
		{"go main-mode /h /s", 127},
		{"go initiators unknown /h /s", 127},
		{"go initiator unknowns /h /s", 127},
		{"go  initiator unknown /h /s", 127},
		{"go initiator  unknown /h /s", 127},
		{"go unknown initiator /h /s", 127},
		{"go responder unknown /h /s", 127},
		{"go /h /s", 127},
		{"go ", 127},
		{"go", 127},
		{"gone initiator unknown ", 127},
		{"Go initiator unknown ", 127},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("\"%s\"", rows[i].go);
		g_assert_cmpint(exit_status_after(rows[i].go, strlen(rows[i].go)), ==, rows[i].status);
	}
	g_assert_cmpint(exit_status_after("go initiator unknown \0/h /s", 27), ==, 127);
}

static void
on_ready_and_leave(gpointer user_data)
{
	Fixture *f = user_data;

	g_string_append(f->events, "ready;");
	g_clear_pointer(&f->channel, guard_channel_free);
	one_less(f);
}

/* A service that goes away before it has said so lets the program do nothing. */
static void
test_service_leaves(Fixture *f, gconstpointer data)
{
	static const GuardChannelCallbacks leaving = {
		.ready = on_ready_and_leave,
		.refused = on_refused,
		.stopped = on_stopped,
		.unproven = on_unproven,
		.tried = on_tried,
		.closed = on_closed,
	};
	g_autoptr(GSubprocessLauncher) launcher =
		g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE);
	const char *const argv[] = {PROGRAM, "echo owned", NULL};
	g_autoptr(GSubprocess) process = NULL;
	g_autoptr(GError) error = NULL;

	f->channel = guard_channel_new(f->guard, launcher, &leaving, f, &error);
	g_assert_no_error(error);
	process = g_subprocess_launcher_spawnv(launcher, argv, &error);
	g_assert_no_error(error);
	g_clear_object(&launcher);
	g_subprocess_communicate_utf8_async(process, NULL, NULL, on_output, f);
	f->left = 2;
	g_main_loop_run(f->loop);
	g_assert_cmpstr(f->events->str, ==, "ready;");
	g_assert_cmpstr(f->output, ==, "");
	g_assert_cmpint(g_subprocess_get_exit_status(process), ==, 127);
}

static void
check_open(const char *path, GIOErrorEnum code, const char *why)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(pluto_guard_open(path, &error));
	g_assert_error(error, G_IO_ERROR, (int) code);
	g_assert_nonnull(strstr(error->message, path));
	g_assert_nonnull(strstr(error->message, why));
}

static void
test_open(Fixture *f, gconstpointer data)
{
	g_autofree char *path = write_script(f, "library", "");
	g_autofree char *fifo = g_build_filename(f->dir, "fifo", NULL);

	check_open("/nowhere.so", G_IO_ERROR_NOT_FOUND, "No such file");
	check_open(f->dir, G_IO_ERROR_NOT_REGULAR_FILE, "not a regular file");
	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	check_open(fifo, G_IO_ERROR_NOT_REGULAR_FILE, "not a regular file");
	g_chmod(path, 0620);
	check_open(path, G_IO_ERROR_PERMISSION_DENIED, "mode 0620");
	g_chmod(path, 0602);
	check_open(path, G_IO_ERROR_PERMISSION_DENIED, "mode 0602");
	g_chmod(path, 0600);
	if (chown(path, 65534, 65534) == 0)
		check_open(path, G_IO_ERROR_PERMISSION_DENIED, "uid 65534");
	g_unlink(path);
	g_unlink(fifo);
}

int
main(int argc, char **argv)
{
	no_netns = own_netns_enter();
	g_test_init(&argc, &argv, NULL);
	if (!no_netns)
		ip("link set lo up");
#define ADD(name, func) g_test_add("/pluto-guard/" name, Fixture, NULL, set_up, func, tear_down)
	ADD("runs-updown-alone", test_runs_updown_alone);
	ADD("environment", test_environment);
	ADD("nothing-allowed", test_nothing_allowed);
	ADD("not-loaded", test_not_loaded);
	ADD("no-service", test_no_service);
	ADD("respond", test_respond);
	ADD("bind", test_bind);
	ADD("ports", test_ports);
	ADD("ports-of-others", test_ports_of_others);
	ADD("respond-elsewhere", test_respond_elsewhere);
	ADD("unproven", test_unproven);
	ADD("trial", test_trial);
	ADD("misuse", test_misuse);
	ADD("no-helper", test_no_helper);
	ADD("addconn", test_addconn);
	g_test_add_func("/pluto-guard/go-is-strict", test_go_is_strict);
	ADD("service-leaves", test_service_leaves);
	ADD("open", test_open);
#undef ADD
	return g_test_run();
}
