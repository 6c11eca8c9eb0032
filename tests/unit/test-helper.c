/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The updown helper against servers that behave and servers that do not. The helper with little
 * patience is the same source with UPDOWN_WIRE_TIMEOUT_MS=200.
 */
#include "config.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "updown-wire.h"

#define HELPER    "nm-libreswan-service-helper"
#define IMPATIENT "tests/unit/impatient-helper"

typedef struct {
	char *directory;
	char *path;
	int fd; /* listens */
} Server;

static struct sockaddr_un
address_of(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
	return address;
}

static int
client(const Server *server)
{
	struct sockaddr_un address = address_of(server->path);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	g_assert_cmpint(fd, >=, 0);
	if (connect(fd, (struct sockaddr *) &address, sizeof(address)) == 0)
		return fd;
	g_assert_cmpint(errno, ==, EAGAIN);
	close(fd);
	return -1;
}

static void
set_up(Server *server, gconstpointer backlog)
{
	struct sockaddr_un address;

	server->directory = g_dir_make_tmp("updown-XXXXXX", NULL);
	server->path = g_build_filename(server->directory, "socket", NULL);
	address = address_of(server->path);
	server->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	g_assert_cmpint(bind(server->fd, (struct sockaddr *) &address, sizeof(address)), ==, 0);
	g_assert_cmpint(listen(server->fd, GPOINTER_TO_INT(backlog)), ==, 0);
}

static void
tear_down(Server *server, gconstpointer backlog)
{
	close(server->fd);
	g_unlink(server->path);
	g_rmdir(server->directory);
	g_free(server->path);
	g_free(server->directory);
}

/* Starts a helper with just @environment. */
static GSubprocess *
start(const char *program, const char *const *environment, ...)
{
	g_autoptr(GSubprocessLauncher) launcher =
		g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
	g_autofree char *path = g_build_filename(BUILDDIR, program, NULL);
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_autoptr(GError) error = NULL;
	GSubprocess *process;
	const char *arg;
	va_list args;

	g_ptr_array_add(argv, path);
	va_start(args, environment);
	while ((arg = va_arg(args, const char *)))
		g_ptr_array_add(argv, (char *) arg);
	va_end(args);
	g_ptr_array_add(argv, NULL);
	g_subprocess_launcher_set_environ(launcher, (char **) environment);
	process = g_subprocess_launcher_spawnv(launcher, (const char *const *) argv->pdata, &error);
	g_assert_no_error(error);
	return process;
}

/* Waits for its end and returns what it said on stderr. */
static char *
finish(GSubprocess *process, int expected_status)
{
	g_autoptr(GError) error = NULL;
	char *said;

	g_subprocess_communicate_utf8(process, NULL, NULL, NULL, &said, &error);
	g_assert_no_error(error);
	g_assert_true(g_subprocess_get_if_exited(process));
	g_assert_cmpint(g_subprocess_get_exit_status(process), ==, expected_status);
	g_object_unref(process);
	return said;
}

static const char *const an_event[] = {
	"PATH=/bin",      "PLUTO_VERB=up-client", "SPI_IN=0x1",
	"SPI_OUT=0x2",    "SPI_INNER=no",         "PLUTO=no",
	"XAUTH_FAILED=0", "PLUTO_EMPTY=",         "HOME=/root",
	"SECRET=no",      "VTI_IFACE=x",          NULL,
};

static const char an_event_on_the_wire[] =
	UPDOWN_WIRE_MAGIC "\0PLUTO_VERB=up-client\0SPI_IN=0x1\0SPI_OUT=0x2\0XAUTH_FAILED=0\0"
					  "PLUTO_EMPTY=";

static int
accept_one(const Server *server)
{
	int fd = accept(server->fd, NULL, NULL);

	g_assert_cmpint(fd, >=, 0);
	return fd;
}

static void
test_usage(void)
{
	static const char *const none[] = {NULL};
	g_autofree char *nothing = finish(start(HELPER, none, NULL), 2);
	g_autofree char *two = finish(start(HELPER, none, "a", "b", NULL), 2);
	g_autofree char *option = finish(start(HELPER, none, "--what", NULL), 2);
	g_autofree char *empty = finish(start(HELPER, none, "", NULL), 2);
	g_autofree char *help = finish(start(HELPER, none, "--help", NULL), 0);
	g_autofree char *version = finish(start(HELPER, none, "--version", NULL), 0);

	g_assert_nonnull(strstr(nothing, "Usage:"));
	g_assert_nonnull(strstr(two, "Usage:"));
	g_assert_nonnull(strstr(option, "Usage:"));
	g_assert_nonnull(strstr(empty, "Usage:"));
	g_assert_cmpstr(help, ==, "");
	g_assert_cmpstr(version, ==, "");
}

static pid_t
helper_of(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	g_assert_cmpint(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len), ==, 0);
	return peer.pid;
}

/* Whatever fails, pluto sees success and its log says why. */
static void
test_no_server(void)
{
	g_autofree char *gone = finish(start(HELPER, an_event, "/nonexistent/socket", NULL), 0);
	g_autofree char *name = g_strnfill(200, 'x');
	g_autofree char *too_long = finish(start(HELPER, an_event, name, NULL), 0);

	g_assert_nonnull(strstr(gone, "/nonexistent/socket: No such file"));
	g_assert_nonnull(strstr(too_long, "too long"));
}

static void
test_event(Server *server, gconstpointer backlog)
{
	GSubprocess *helper = start(HELPER, an_event, server->path, NULL);
	int fd = accept_one(server);
	g_autofree char *said = NULL;
	char buffer[1024];

	g_assert_cmpmem(buffer, recv(fd, buffer, sizeof(buffer), 0), an_event_on_the_wire,
					sizeof(an_event_on_the_wire));
	g_assert_cmpint(send(fd, "k", 1, 0), ==, 1);
	said = finish(helper, 0);
	g_assert_cmpstr(said, ==, "");
	close(fd);
}

/* As long as the wire allows, and one byte more. */
static void
test_size(Server *server, gconstpointer backlog)
{
	gsize header = sizeof(UPDOWN_WIRE_MAGIC), name = strlen("PLUTO_X=") + 1;

	for (gsize over = 0; over <= 1; over++) {
		g_autofree char *fill = g_strnfill(UPDOWN_WIRE_MAX - header - name + over, 'v');
		g_autofree char *variable = g_strconcat("PLUTO_X=", fill, NULL);
		const char *const environment[] = {variable, NULL};
		GSubprocess *helper = start(HELPER, environment, server->path, NULL);
		int fd = accept_one(server);
		g_autofree char *buffer = g_malloc(UPDOWN_WIRE_MAX + 1);
		gssize len = recv(fd, buffer, UPDOWN_WIRE_MAX + 1, 0);
		g_autofree char *said = NULL;

		close(fd);
		said = finish(helper, 0);
		g_assert_cmpstr(buffer, ==, UPDOWN_WIRE_MAGIC);
		if (over) {
			g_assert_cmpint(buffer[header], ==, UPDOWN_WIRE_FAILURE);
			g_assert_cmpint(buffer[len - 1], ==, '\0');
			g_assert_nonnull(strstr(said, "too large"));
		} else {
			g_assert_cmpint(len, ==, UPDOWN_WIRE_MAX);
			g_assert_cmpstr(said, ==, "");
		}
	}
}

static void
test_many_variables(Server *server, gconstpointer backlog)
{
	g_autoptr(GPtrArray) environment = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *buffer = g_malloc(UPDOWN_WIRE_MAX);
	g_autofree char *said = NULL;
	GSubprocess *helper;
	int fd;

	for (guint i = 0; i < 20000; i++)
		g_ptr_array_add(environment, g_strdup_printf("PLUTO_%u=%u", i, i));
	g_ptr_array_add(environment, NULL);
	helper = start(HELPER, (const char *const *) environment->pdata, server->path, NULL);
	fd = accept_one(server);
	g_assert_cmpint(recv(fd, buffer, UPDOWN_WIRE_MAX, 0), <, 1024);
	g_assert_cmpint(buffer[sizeof(UPDOWN_WIRE_MAGIC)], ==, UPDOWN_WIRE_FAILURE);
	close(fd);
	said = finish(helper, 0);
	g_assert_nonnull(strstr(said, "too large"));
}

/* The service drops the event, or dies. */
static void
test_closed(Server *server, gconstpointer backlog)
{
	GSubprocess *helper = start(HELPER, an_event, server->path, NULL);
	g_autofree char *said = NULL;

	close(accept_one(server));
	said = finish(helper, 0);
	/* It had sent its event, or could not any more: a race, and no harm either way. */
	if (said[0] != '\0')
		g_assert_nonnull(strstr(said, "cannot send the event"));
}

static void
test_garbage_answer(Server *server, gconstpointer backlog)
{
	GSubprocess *helper = start(HELPER, an_event, server->path, NULL);
	static const char garbage[30000];
	int fd = accept_one(server);
	g_autofree char *said = NULL;

	g_assert_cmpint(send(fd, garbage, sizeof(garbage), 0), ==, sizeof(garbage));
	said = finish(helper, 0);
	g_assert_cmpstr(said, ==, "");
	close(fd);
}

/* Accepts, reads, says nothing; or does not even accept. */
static void
test_silent(Server *server, gconstpointer backlog)
{
	gint64 before = g_get_monotonic_time();
	GSubprocess *helper = start(IMPATIENT, an_event, server->path, NULL);
	g_autofree char *said = finish(helper, 0);
	gint64 took = g_get_monotonic_time() - before;

	g_assert_nonnull(strstr(said, "too slow"));
	g_assert_cmpint(took, >=, 200 * 1000);
	/* Of the many seconds that a test machine may lose, far fewer than the default's. */
	g_assert_cmpint(took, <, 4000 * 1000);
}

/* The backlog is full: connect() itself would block. */
static void
test_full(Server *server, gconstpointer backlog)
{
	g_autoptr(GArray) others = g_array_new(FALSE, FALSE, sizeof(int));
	g_autofree char *said = NULL;
	int fd;

	while ((fd = client(server)) >= 0)
		g_array_append_val(others, fd);
	g_assert_cmpuint(others->len, >, 0);
	said = finish(start(IMPATIENT, an_event, server->path, NULL), 0);
	g_assert_nonnull(strstr(said, "cannot reach the service"));
	for (guint i = 0; i < others->len; i++)
		close(g_array_index(others, int, i));
}

/* pluto may have blocked or ignored any signal; none is needed. */
static void
test_signals_blocked(Server *server, gconstpointer backlog)
{
	g_autofree char *said = NULL;
	sigset_t all, before;
	GSubprocess *helper;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	helper = start(IMPATIENT, an_event, server->path, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	said = finish(helper, 0);
	g_assert_nonnull(strstr(said, "too slow"));
}

/* pluto is killed while the helper waits: nobody is left, even where the helper is stopped. */
static void
test_dies_with_pluto(Server *server, gconstpointer backlog)
{
	g_autofree char *path = g_build_filename(BUILDDIR, HELPER, NULL);
	char *const argv[] = {path, server->path, NULL};
	struct pollfd end = {.events = POLLIN};
	char buffer[1024];
	pid_t pluto;
	int status;

	pluto = fork();
	if (pluto == 0) {
		pid_t helper = fork();

		if (helper == 0)
			_exit(execve(path, argv, (char **) an_event));
		/* The helper's message says that it runs and has done what it does first. */
		pause();
		_exit(1);
	}
	end.fd = accept_one(server);
	g_assert_cmpint(recv(end.fd, buffer, sizeof(buffer), 0), >, 0);
	kill(helper_of(end.fd), SIGSTOP);
	kill(pluto, SIGKILL);
	g_assert_cmpint(waitpid(pluto, &status, 0), ==, pluto);
	/* Its end of the connection is closed; with 5 s of patience it would be open still. */
	g_assert_cmpint(poll(&end, 1, 3000), ==, 1);
	close(end.fd);
}

#define ADD(name, backlog, test)                                                                   \
	g_test_add("/helper/" name, Server, GINT_TO_POINTER(backlog), set_up, test, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/helper/usage", test_usage);
	g_test_add_func("/helper/no-server", test_no_server);
	ADD("event", 8, test_event);
	ADD("size", 8, test_size);
	ADD("many-variables", 8, test_many_variables);
	ADD("closed", 8, test_closed);
	ADD("garbage-answer", 8, test_garbage_answer);
	ADD("silent", 8, test_silent);
	ADD("full", 0, test_full);
	ADD("signals-blocked", 8, test_signals_blocked);
	ADD("dies-with-pluto", 8, test_dies_with_pluto);
	return g_test_run();
}
