/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The service's end of the helper's socket: the real helper, and clients that are not helpers.
 */
#include "config.h"

#include "updown-listener.h"
#include "updown-wire.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define AN_EVENT                                                                                   \
	UPDOWN_WIRE_MAGIC "\0PLUTO_VERB=up-client\0PLUTO_CONNECTION=tunnel\0"                          \
					  "PLUTO_CONN_ADDRFAMILY=ipv4\0PLUTO_ME=192.0.2.2\0"                           \
					  "PLUTO_PEER=198.51.100.1\0PLUTO_MY_CLIENT=10.9.0.6/32\0"                     \
					  "PLUTO_PEER_CLIENT=10.1.0.0/16\0PLUTO_CFG_CLIENT=1"

static const char an_event[] = AN_EVENT;

typedef struct {
	char *directory;
	char *path;
	UpdownListener *listener;
	guint n_events;
	int waits; /* the client's end: nothing has come there during the call */
	gboolean free_in_callback;
} Fixture;

static void
on_event(const UpdownEvent *event, gpointer user_data)
{
	Fixture *f = user_data;
	char byte;

	g_assert_cmpstr(event->connection, ==, "tunnel");
	f->n_events++;
	if (f->waits > 0) {
		g_assert_cmpint(recv(f->waits, &byte, 1, MSG_DONTWAIT), ==, -1);
		g_assert_cmpint(errno, ==, EAGAIN);
	}
	if (f->free_in_callback)
		g_clear_pointer(&f->listener, updown_listener_free);
}

static void
set_up_for(Fixture *f, uid_t uid)
{
	g_autoptr(GError) error = NULL;

	f->directory = g_dir_make_tmp("updown-XXXXXX", NULL);
	f->path = g_build_filename(f->directory, "socket", NULL);
	f->listener = updown_listener_new(f->path, "tunnel", uid, on_event, f, &error);
	g_assert_no_error(error);
}

static void
set_up(Fixture *f, gconstpointer unused)
{
	set_up_for(f, getuid());
}

static void
set_up_other_uid(Fixture *f, gconstpointer unused)
{
	set_up_for(f, getuid() + 1);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	g_clear_pointer(&f->listener, updown_listener_free);
	/* The listener has unlinked its socket, so the directory is empty. */
	g_assert_cmpint(g_rmdir(f->directory), ==, 0);
	g_free(f->path);
	g_free(f->directory);
}

static int
dial(const Fixture *f)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	g_strlcpy(address.sun_path, f->path, sizeof(address.sun_path));
	g_assert_cmpint(connect(fd, (struct sockaddr *) &address, sizeof(address)), ==, 0);
	return fd;
}

static void
say(int fd, const void *data, gsize len)
{
	g_assert_cmpint(send(fd, data, len, MSG_NOSIGNAL), ==, len);
}

/* Runs the loop until the listener has answered or closed: the answer, or 0 for none. */
static char
outcome(int fd)
{
	char byte = 0;
	ssize_t n;

	while ((n = recv(fd, &byte, 1, MSG_DONTWAIT)) < 0 && errno == EAGAIN)
		g_main_context_iteration(NULL, TRUE);
	close(fd);
	return n == 1 ? byte : 0;
}

static void
settle(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

static void
expect_log(const char *pattern)
{
	g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, pattern);
}

static void
test_event(Fixture *f, gconstpointer unused)
{
	struct stat st;
	int fd = dial(f);

	g_assert_cmpint(stat(f->path, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 07777, ==, 0600);
	say(fd, an_event, sizeof(an_event));
	g_assert_cmpint(outcome(fd), ==, UPDOWN_WIRE_ANSWER);
	g_assert_cmpuint(f->n_events, ==, 1);
}

/* pluto stands still until the event has been dealt with. */
static void
test_held(Fixture *f, gconstpointer unused)
{
	int fd = dial(f);

	f->waits = fd;
	say(fd, an_event, sizeof(an_event));
	g_assert_cmpint(outcome(fd), ==, UPDOWN_WIRE_ANSWER);
	g_assert_cmpuint(f->n_events, ==, 1);
	g_assert_cmpuint(updown_listener_n_open(f->listener), ==, 0);
}

static void
test_helper(Fixture *f, gconstpointer unused)
{
	static const char helper[] = BUILDDIR "/nm-libreswan-service-helper";
	g_autoptr(GSubprocessLauncher) launcher =
		g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDERR_PIPE);
	g_autoptr(GSubprocess) process = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *said = NULL;
	const char *variable = an_event + sizeof(UPDOWN_WIRE_MAGIC);

	for (; variable < an_event + sizeof(an_event); variable += strlen(variable) + 1) {
		g_auto(GStrv) parts = g_strsplit(variable, "=", 2);

		g_subprocess_launcher_setenv(launcher, parts[0], parts[1], TRUE);
	}
	process = g_subprocess_launcher_spawn(launcher, &error, helper, f->path, NULL);
	g_assert_no_error(error);
	while (f->n_events == 0)
		g_main_context_iteration(NULL, TRUE);
	g_subprocess_communicate_utf8(process, NULL, NULL, NULL, &said, &error);
	g_assert_no_error(error);
	g_assert_cmpint(g_subprocess_get_exit_status(process), ==, 0);
	g_assert_cmpstr(said, ==, "");
}

static void
test_other_uid(Fixture *f, gconstpointer unused)
{
	int fd = dial(f);

	expect_log("*uid*");
	say(fd, an_event, sizeof(an_event));
	g_assert_cmpint(outcome(fd), ==, 0);
	g_test_assert_expected_messages();
	g_assert_cmpuint(f->n_events, ==, 0);
	g_assert_cmpuint(updown_listener_n_refused(f->listener), ==, 1);
}

static void
test_hostile(Fixture *f, gconstpointer unused)
{
	static const char other[] = UPDOWN_WIRE_MAGIC "\0PLUTO_VERB=up-client";
	static const char failure[] = UPDOWN_WIRE_MAGIC "\0!too large";
	g_autofree char *oversized = g_malloc0(UPDOWN_WIRE_MAX + 1);
	const struct {
		const char *data;
		gsize len;
		const char *log;
	} cases[] = {
		{an_event, sizeof(an_event) - 1, "*cut off*"},
		{other, sizeof(other), "*PLUTO_CONNECTION is missing*"},
		{failure, sizeof(failure), "*the helper says: too large*"},
		{oversized, UPDOWN_WIRE_MAX + 1, "*65537 bytes*"},
		{"", 0, "*without a message*"},
	};

	memcpy(oversized, an_event, sizeof(an_event));
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		/* Each kind is logged once, however often it comes. */
		expect_log(cases[i].log);
		for (guint times = 0; times < 3; times++) {
			int fd = dial(f);

			say(fd, cases[i].data, cases[i].len);
			g_assert_cmpint(outcome(fd), ==, 0);
		}
		g_test_assert_expected_messages();
	}
	g_assert_cmpuint(f->n_events, ==, 0);
	g_assert_cmpuint(updown_listener_n_refused(f->listener), ==, 3 * G_N_ELEMENTS(cases));

	/* And the next honest one is served as ever. */
	test_event(f, unused);
}

/* A message that is all garbage, of every length up to some. */
static void
test_garbage(Fixture *f, gconstpointer unused)
{
	expect_log("*does not begin with*");
	for (guint i = 1; i < 300; i++) {
		guint8 garbage[300];
		int fd = dial(f);

		for (guint j = 0; j < i; j++)
			garbage[j] = g_test_rand_int();
		say(fd, garbage, i);
		g_assert_cmpint(outcome(fd), ==, 0);
	}
	g_test_assert_expected_messages();
	g_assert_cmpuint(f->n_events, ==, 0);
}

static void
test_second_message(Fixture *f, gconstpointer unused)
{
	int fd = dial(f);

	/* Nobody reads it, so the kernel resets the connection, and there is no answer. */
	say(fd, an_event, sizeof(an_event));
	say(fd, an_event, sizeof(an_event));
	g_assert_cmpint(outcome(fd), ==, 0);
	settle();
	g_assert_cmpuint(f->n_events, ==, 1);
}

static void
test_silent(Fixture *f, gconstpointer unused)
{
	int fd;

	updown_listener_set_patience(f->listener, 10);
	fd = dial(f);
	expect_log("*no message for 10 ms*");
	g_assert_cmpint(outcome(fd), ==, 0);
	g_test_assert_expected_messages();
	g_assert_cmpuint(f->n_events, ==, 0);
}

static void
test_crowd(Fixture *f, gconstpointer unused)
{
	int fds[16], late;

	for (guint i = 0; i < G_N_ELEMENTS(fds); i++) {
		fds[i] = dial(f);
		settle();
	}
	late = dial(f);
	expect_log("*16 others*");
	say(late, an_event, sizeof(an_event));
	g_assert_cmpint(outcome(late), ==, 0);
	g_test_assert_expected_messages();
	for (guint i = 0; i < G_N_ELEMENTS(fds); i++) {
		say(fds[i], an_event, sizeof(an_event));
		g_assert_cmpint(outcome(fds[i]), ==, UPDOWN_WIRE_ANSWER);
	}
	g_assert_cmpuint(f->n_events, ==, G_N_ELEMENTS(fds));
}

/* The helper is killed while it waits: nothing is left of it, and the answer is no error. */
static void
test_gone(Fixture *f, gconstpointer unused)
{
	for (guint i = 1; i <= 40; i++) {
		int fd = dial(f);

		say(fd, an_event, sizeof(an_event));
		close(fd);
		while (f->n_events < i)
			g_main_context_iteration(NULL, TRUE);
		settle();
	}
	g_assert_cmpuint(updown_listener_n_refused(f->listener), ==, 0);
	g_assert_cmpuint(updown_listener_n_open(f->listener), ==, 0);
	f->n_events = 0;
	test_event(f, unused);
}

/* pluto runs the same event twice, or somebody repeats it: both are answered, and what a repeated
 * event means is for the Child SAs (child-sa.h) to say. */
static void
test_twice(Fixture *f, gconstpointer unused)
{
	int first = dial(f), second = dial(f);

	say(first, an_event, sizeof(an_event));
	say(second, an_event, sizeof(an_event));
	g_assert_cmpint(outcome(second), ==, UPDOWN_WIRE_ANSWER);
	g_assert_cmpint(outcome(first), ==, UPDOWN_WIRE_ANSWER);
	g_assert_cmpuint(f->n_events, ==, 2);
	g_assert_cmpuint(updown_listener_n_open(f->listener), ==, 0);
}

/* The helper is killed before it has said anything. */
static void
test_killed_at_once(Fixture *f, gconstpointer unused)
{
	int fd = dial(f);

	settle();
	g_assert_cmpuint(updown_listener_n_open(f->listener), ==, 1);
	expect_log("*without a message*");
	close(fd);
	while (updown_listener_n_open(f->listener) > 0)
		g_main_context_iteration(NULL, TRUE);
	g_test_assert_expected_messages();
	test_event(f, unused);
}

/* A helper that is stopped, before its message or after: what pluto waits for is then no fault of
 * ours, so that the watch over pluto (pluto-watch.h) sees the hang. */
static void
test_stopped_helper(Fixture *f, gconstpointer unused)
{
	int before, after;

	updown_listener_set_patience(f->listener, 10);
	before = dial(f);
	after = dial(f);
	say(after, an_event, sizeof(an_event));
	expect_log("*no message for 10 ms*");
	while (f->n_events == 0 || updown_listener_n_open(f->listener) > 0)
		g_main_context_iteration(NULL, TRUE);
	g_test_assert_expected_messages();
	close(before);
	close(after);
}

/* The listener ends while helpers are connected: they go on. */
static void
test_freed(Fixture *f, gconstpointer unused)
{
	int fd = dial(f), silent = dial(f), late;
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	while (updown_listener_n_open(f->listener) < 2)
		g_main_context_iteration(NULL, TRUE);
	say(fd, an_event, sizeof(an_event));
	g_clear_pointer(&f->listener, updown_listener_free);
	g_assert_cmpint(outcome(fd), ==, 0);
	g_assert_cmpint(outcome(silent), ==, 0);
	g_assert_cmpuint(f->n_events, ==, 0);

	/* Late: there is nobody any more. */
	late = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	g_strlcpy(address.sun_path, f->path, sizeof(address.sun_path));
	g_assert_cmpint(connect(late, (struct sockaddr *) &address, sizeof(address)), ==, -1);
	g_assert_cmpint(errno, ==, ENOENT);
	close(late);
}

static void
test_freed_in_callback(Fixture *f, gconstpointer unused)
{
	int fd = dial(f);

	f->free_in_callback = TRUE;
	say(fd, an_event, sizeof(an_event));
	g_assert_cmpint(outcome(fd), ==, 0);
	g_assert_null(f->listener);
	settle();
}

static void
test_errors(Fixture *f, gconstpointer unused)
{
	g_autofree char *name = g_strnfill(120, 'x');
	g_autoptr(GError) error = NULL;

	g_assert_null(updown_listener_new(f->path, NULL, 0, on_event, f, &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
	g_assert_nonnull(strstr(error->message, f->path));
	g_clear_error(&error);
	g_assert_null(updown_listener_new(name, NULL, 0, on_event, f, &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG);
	g_clear_error(&error);
	g_assert_null(updown_listener_new("/nonexistent/socket", NULL, 0, on_event, f, &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

#define ADD(name, test) g_test_add("/updown-listener/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("event", test_event);
	ADD("held", test_held);
	ADD("helper", test_helper);
	g_test_add("/updown-listener/other-uid", Fixture, NULL, set_up_other_uid, test_other_uid,
			   tear_down);
	ADD("hostile", test_hostile);
	ADD("garbage", test_garbage);
	ADD("second-message", test_second_message);
	ADD("silent", test_silent);
	ADD("crowd", test_crowd);
	ADD("gone", test_gone);
	ADD("twice", test_twice);
	ADD("killed-at-once", test_killed_at_once);
	ADD("stopped-helper", test_stopped_helper);
	ADD("freed", test_freed);
	ADD("freed-in-callback", test_freed_in_callback);
	ADD("errors", test_errors);
	return g_test_run();
}
