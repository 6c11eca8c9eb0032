/* SPDX-License-Identifier: GPL-2.0-or-later */
/* With a pluto of the test's own (fake-pluto.c), by a clock of its own. */
#include "config.h"

#include "pluto.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "fake-libreswan.h"
#include "log-capture.h"
#include "test-clock.h"
#include "no-descriptors.h"

/* pluto.c: how long pluto may take to go, and its log to end after it. */
#define STOP_DEADLINE_MS  4000
#define LOG_DEADLINE_MS   200

#define GUARD_DEADLINE_MS 10000

/* What it may run. */
#define UPDOWN "/bin/true /run/socket"

typedef struct {
	FakeLibreswan *fake;
	Libreswan *libreswan;
	Pluto *pluto;
	FakeProcess *process;
	char *rundir, *working;
	GPtrArray *lines;
	guint n_waits, n_refused, n_unproven, n_exited;
	char *refused;
	gboolean holds; /* pluto is not told to go on */
	char *how;
	gboolean free_at_line, free_at_exit;
} Fixture;

static void
on_line(Pluto *pluto, const PlutoLogLine *line, gpointer user_data)
{
	Fixture *f = user_data;

	g_assert_true(pluto == f->pluto);
	g_ptr_array_add(f->lines, g_strdup(line->text));
	if (f->free_at_line)
		g_clear_pointer(&f->pluto, pluto_free);
}

static void
on_exited(Pluto *pluto, const char *how, gpointer user_data)
{
	Fixture *f = user_data;

	f->n_exited++;
	g_free(f->how);
	f->how = g_strdup(how);
	if (f->free_at_exit)
		g_clear_pointer(&f->pluto, pluto_free);
}

static void
on_waits(Pluto *pluto, gpointer user_data)
{
	Fixture *f = user_data;

	f->n_waits++;
	if (!f->holds)
		pluto_go(pluto, GUARD_RESPOND_NEVER, GUARD_RUN_UNKNOWN, UPDOWN);
}

static void
on_refused(Pluto *pluto, const char *what, gpointer user_data)
{
	Fixture *f = user_data;

	f->n_refused++;
	g_free(f->refused);
	f->refused = g_strdup(what);
}

static void
on_unproven(Pluto *pluto, gpointer user_data)
{
	Fixture *f = user_data;

	f->n_unproven++;
}

static void
on_tried(Pluto *pluto, const char *why, gpointer user_data)
{
	g_assert_not_reached();
}

static const PlutoCallbacks callbacks = {
	.waits = on_waits,
	.refused = on_refused,
	.unproven = on_unproven,
	.tried = on_tried,
	.log_line = on_line,
	.exited = on_exited,
};

static void
start(Fixture *f)
{
	g_autoptr(GError) error = NULL;

	f->pluto = pluto_start(f->libreswan, f->rundir, f->working, &callbacks, f, &error);
	g_assert_no_error(error);
}

static void
on_version(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GError) error = NULL;

	libreswan_query_version_finish(result, &error);
	g_assert_no_error(error);
	*(gboolean *) user_data = TRUE;
}

static void
ask_version(Fixture *f)
{
	gboolean known = FALSE;

	libreswan_query_version_async(f->libreswan, NULL, on_version, &known);
	until(known);
}

static void
set_up(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	f->fake = fake_libreswan_new();
	f->libreswan = fake_libreswan_open(f->fake);
	f->rundir = g_dir_make_tmp("pluto-XXXXXX", &error);
	g_assert_no_error(error);
	f->working = g_build_filename(f->rundir, "pluto", NULL);
	g_assert_cmpint(g_mkdir(f->working, 0700), ==, 0);
	f->lines = g_ptr_array_new_with_free_func(g_free);
	ask_version(f);
}

static void
set_up_running(Fixture *f, gconstpointer unused)
{
	set_up(f, unused);
	start(f);
	f->process = fake_next(f->fake, "pluto");
	g_assert_cmpuint(f->n_waits, ==, 1);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	g_clear_pointer(&f->pluto, pluto_free);
	g_assert_cmpuint(test_clock_count(), ==, 0);
	until(!f->process || fake_is_gone(f->process));
	fake_libreswan_free(f->fake);
	g_assert_cmpint(g_rmdir(f->working), ==, 0);
	g_assert_cmpint(g_rmdir(f->rundir), ==, 0);
	g_free(f->rundir);
	g_free(f->working);
	g_free(f->refused);
	libreswan_free(f->libreswan);
	g_ptr_array_unref(f->lines);
	g_free(f->how);
	log_capture_end();
}

static const char *
last_line(const Fixture *f)
{
	return f->lines->pdata[f->lines->len - 1];
}

static void
test_start(Fixture *f, gconstpointer unused)
{
	g_autofree char *wanted = g_strdup_printf(
		"%d --nofork --stderrlog --log-no-time --rundir %s --config %s/ipsec.conf "
		"--secretsfile %s/ipsec.secrets --nssdir %s/nss --nhelpers 0 --impair revival",
		(int) fake_pid(f->process), f->rundir, f->rundir, f->rundir, f->rundir);

	g_assert_true(g_pattern_match_simple(wanted, fake_arguments(f->process)));
	g_assert_cmpint(pluto_get_pid(f->pluto), ==, fake_pid(f->process));
}

/* In a process group of its own, and dead when we are: prctl(2), PR_SET_PDEATHSIG. */
static void
test_group(Fixture *f, gconstpointer unused)
{
	g_assert_cmpint(getpgid(fake_pid(f->process)), ==, fake_pid(f->process));
}

static void
test_lines(Fixture *f, gconstpointer unused)
{
	fake_send(f->process, "log \"vpn\" #1: one");
	fake_send(f->process, "raw \"vpn\" #1: in ");
	fake_send(f->process, "raw two parts\nthree\n\n");
	fake_send(f->process, "out and what comes by standard output");
	until(f->lines->len == 5);
	g_assert_cmpstr(f->lines->pdata[0], ==, "\"vpn\" #1: one");
	g_assert_cmpstr(f->lines->pdata[1], ==, "\"vpn\" #1: in two parts");
	g_assert_cmpstr(f->lines->pdata[2], ==, "three");
	g_assert_cmpstr(f->lines->pdata[3], ==, "");
	g_assert_cmpstr(f->lines->pdata[4], ==, "and what comes by standard output");
}

/* What the gateway sends is in the log as bytes. */
static void
test_invalid_utf8(Fixture *f, gconstpointer unused)
{
	fake_send(f->process, "log \"vpn\" #1: banner \xff\xfe end");
	until(f->lines->len == 1);
	g_assert_true(g_utf8_validate(last_line(f), -1, NULL));
	g_assert_true(g_str_has_prefix(last_line(f), "\"vpn\" #1: banner "));
	g_assert_true(g_str_has_suffix(last_line(f), " end"));
}

static void
test_long_line(Fixture *f, gconstpointer unused)
{
	g_autofree char *text = g_strnfill(20000, 'x');

	fake_send(f->process, "log %s", text);
	fake_send(f->process, "log next");
	until(f->lines->len == 2);
	g_assert_cmpstr(last_line(f), ==, "next");
	g_assert_cmpuint(strlen(f->lines->pdata[0]), ==, 4096); /* cut */
}

static void
test_last_words(Fixture *f, gconstpointer unused)
{
	fake_send(f->process, "log why");
	fake_send(f->process, "exit 7");
	until(f->n_exited == 1);
	g_assert_cmpstr(f->how, ==, "exit status 7");
	g_assert_cmpstr(last_line(f), ==, "why");
}

static void
test_abort(Fixture *f, gconstpointer unused)
{
	fake_send(f->process, "abort");
	until(f->n_exited == 1);
	g_assert_cmpstr(f->how, ==, "signal 6");
}

static void
test_killed(Fixture *f, gconstpointer unused)
{
	kill(fake_pid(f->process), SIGKILL);
	until(f->n_exited == 1);
	g_assert_cmpstr(f->how, ==, "signal 9");
	g_assert_cmpint(pluto_get_pid(f->pluto), ==, 0);
}

/* A child of pluto's holds its log. */
static void
test_log_stays_open(Fixture *f, gconstpointer unused)
{
	fake_do(f->process, "keep-log");
	fake_send(f->process, "exit 1");
	until(fake_is_gone(f->process));
	until(test_clock_count() == 1);
	test_clock_advance(LOG_DEADLINE_MS - 1);
	g_assert_cmpuint(f->n_exited, ==, 0);
	test_clock_advance(1);
	g_assert_cmpuint(f->n_exited, ==, 1);
	g_assert_cmpstr(f->how, ==, "exit status 1");
}

/* It is the process that counts. */
static void
test_log_is_closed(Fixture *f, gconstpointer unused)
{
	fake_do(f->process, "close-log");
	drain();
	g_assert_cmpuint(f->n_exited, ==, 0);
	fake_send(f->process, "exit 2");
	until(f->n_exited == 1);
	g_assert_cmpstr(f->how, ==, "exit status 2");
}

static void
test_stop(Fixture *f, gconstpointer unused)
{
	pluto_stop(f->pluto);
	pluto_stop(f->pluto);
	g_assert_cmpuint(f->n_exited, ==, 0);
	until(f->n_exited == 1);
	g_assert_true(fake_was_asked(f->process));
	g_assert_cmpstr(f->how, ==, "exit status 0");
}

/* Nobody waits for the log of a pluto that was asked to go. */
static void
test_stop_with_open_log(Fixture *f, gconstpointer unused)
{
	fake_do(f->process, "keep-log");
	pluto_stop(f->pluto);
	until(f->n_exited == 1);
}

static void
test_stop_deadline(Fixture *f, gconstpointer unused)
{
	fake_do(f->process, "on-term ignore");
	pluto_stop(f->pluto);
	until(fake_was_asked(f->process));
	test_clock_advance(STOP_DEADLINE_MS - 1);
	assert_not_logged("warning: *");
	test_clock_advance(1);
	assert_logged("warning: pluto does not go when asked: killing it");
	until(f->n_exited == 1);
	g_assert_cmpstr(f->how, ==, "signal 9");
}

/* A process that is stopped takes no SIGTERM. */
static void
test_stop_of_stopped(Fixture *f, gconstpointer unused)
{
	fake_send(f->process, "stop");
	pluto_stop(f->pluto);
	test_clock_advance(STOP_DEADLINE_MS);
	assert_logged("warning: pluto does not go when asked: killing it");
	until(f->n_exited == 1);
	g_assert_false(fake_was_asked(f->process));
}

static void
test_kill(Fixture *f, gconstpointer unused)
{
	pluto_kill(f->pluto);
	g_assert_cmpuint(f->n_exited, ==, 0);
	until(f->n_exited == 1);
	g_assert_false(fake_was_asked(f->process));
	g_assert_cmpstr(f->how, ==, "signal 9");
}

static void
test_free(Fixture *f, gconstpointer unused)
{
	fake_send(f->process, "log last");
	g_clear_pointer(&f->pluto, pluto_free);
	until(fake_is_gone(f->process));
	g_assert_cmpuint(f->n_exited, ==, 0);
	g_assert_cmpuint(f->lines->len, ==, 0);
	pluto_free(NULL);
}

static void
test_free_at_line(Fixture *f, gconstpointer unused)
{
	f->free_at_line = TRUE;
	fake_send(f->process, "raw one\ntwo\nthree\n");
	until(f->lines->len == 1);
	until(fake_is_gone(f->process));
	drain();
	g_assert_cmpuint(f->lines->len, ==, 1);
	g_assert_cmpuint(f->n_exited, ==, 0);
}

static void
test_free_at_exit(Fixture *f, gconstpointer unused)
{
	f->free_at_exit = TRUE;
	fake_send(f->process, "exit 0");
	until(f->n_exited == 1);
	g_assert_null(f->pluto);
}

/* The guard library */

static void
test_working_directory(Fixture *f, gconstpointer unused)
{
	g_autofree char *link = g_strdup_printf("/proc/%d/cwd", (int) fake_pid(f->process));
	g_autofree char *directory = g_file_read_link(link, NULL);

	g_assert_cmpstr(directory, ==, f->working);
}

static void
write_conf(const Fixture *f, const char *updown)
{
	g_autofree char *path = g_build_filename(f->rundir, "ipsec.conf", NULL);
	g_autofree char *text = g_strdup_printf("conn vpn\n\tleftupdown=\"%s\"\n", updown);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
remove_conf(const Fixture *f)
{
	g_autofree char *path = g_build_filename(f->rundir, "ipsec.conf", NULL);

	g_unlink(path);
}

static void
test_runs_updown(Fixture *f, gconstpointer unused)
{
	write_conf(f, UPDOWN);
	fake_do(f->process, "updown up-client PLUTO_ME='192.0.2.2'");
	g_assert_cmpint(fake_status(f->process), ==, 0);
	g_assert_cmpuint(f->n_refused, ==, 0);
	remove_conf(f);
}

/* One of the same name with something behind it. */
static void
test_runs_nothing_else(Fixture *f, gconstpointer unused)
{
	write_conf(f, UPDOWN);
	fake_do(f->process, "updown up-client PLUTO_INTERFACE='';touch${IFS}it;''");
	until(f->n_refused == 1);
	g_assert_nonnull(strstr(f->refused, "popen"));
	write_conf(f, "/bin/false /run/socket");
	fake_do(f->process, "updown up-client PLUTO_ME='192.0.2.2'");
	until(f->n_refused == 2);
	remove_conf(f);
}

/* What addconn has said last stands before it, and it is said once. */
static void
test_addconn(Fixture *f, gconstpointer unused)
{
	fake_do(f->process, "addconn 3 left= is not set");
	fake_do(f->process, "addconn 0");
	fake_do(f->process, "log last");
	until(f->lines->len == 3);
	g_assert_cmpstr(f->lines->pdata[0], ==, "addconn: left= is not set");
	g_assert_cmpstr(f->lines->pdata[1], ==, "guard: addconn has ended: exit status 3");
	g_assert_cmpstr(last_line(f), ==, "last");
}

static void
test_addconn_killed(Fixture *f, gconstpointer unused)
{
	fake_do(f->process, "addconn -9");
	until(f->lines->len == 1);
	g_assert_cmpstr(last_line(f), ==, "guard: addconn has ended: signal 9");
}

/* It waits until it is told to go on. */
static void
test_waits(Fixture *f, gconstpointer unused)
{
	f->holds = TRUE;
	start(f);
	until(f->n_waits == 1);
	test_clock_advance(2 * GUARD_DEADLINE_MS);
	g_assert_cmpuint(fake_libreswan_count(f->fake, "pluto"), ==, 0);
	pluto_go(f->pluto, GUARD_RESPOND_NEVER, GUARD_RUN_UNKNOWN, UPDOWN);
	f->process = fake_next(f->fake, "pluto");
	g_assert_cmpuint(f->n_exited, ==, 0);
}

/* It flushes as far as is known, and does not. */
static void
test_unproven(Fixture *f, gconstpointer unused)
{
	f->holds = TRUE;
	start(f);
	until(f->n_waits == 1);
	pluto_go(f->pluto, GUARD_RESPOND_NEVER, GUARD_RUN_FLUSHES, UPDOWN);
	f->process = fake_next(f->fake, "pluto");
	fake_do(f->process, "listen");
	until(f->n_unproven == 1 && f->lines->len == 1);
	g_assert_cmpstr(last_line(f), ==, "cannot listen");
	g_assert_cmpuint(f->n_exited, ==, 0);
}

static void
test_free_while_waiting(Fixture *f, gconstpointer unused)
{
	f->holds = TRUE;
	start(f);
	until(f->n_waits == 1);
	g_clear_pointer(&f->pluto, pluto_free);
	drain();
	g_assert_cmpuint(fake_libreswan_count(f->fake, "pluto"), ==, 0);
}

/* It is another file since the version was asked for. */
static void
test_not_loaded(Fixture *f, gconstpointer unused)
{
	g_autofree char *text = g_build_filename(f->rundir, "text", NULL);

	g_assert_true(g_file_set_contents(text, "no library", -1, NULL));
	g_assert_cmpint(g_chmod(text, 0600), ==, 0);
	libreswan_set_guard(f->libreswan, text);
	g_unlink(text);
	start(f);
	test_clock_advance(GUARD_DEADLINE_MS - 1);
	g_assert_cmpuint(f->n_exited, ==, 0);
	test_clock_advance(1);
	until(f->n_exited == 1);
	g_assert_cmpuint(f->n_waits, ==, 0);
	g_assert_cmpstr(f->how, ==, "it does not load its guard library");
}

static void
assert_no_start(Fixture *f, const char *pattern)
{
	g_autoptr(GError) error = NULL;
	Pluto *pluto = pluto_start(f->libreswan, f->rundir, f->working, &callbacks, f, &error);

	g_assert_null(pluto);
	g_assert_nonnull(error);
	if (!g_pattern_match_simple(pattern, error->message))
		g_error("\"%s\" is not like \"%s\"", error->message, pattern);
}

static void
test_no_program(Fixture *f, gconstpointer unused)
{
	fake_libreswan_remove(f->fake, "pluto");
	assert_no_start(f, "pluto does not start: *No such file*");
}

/* The process has no file descriptor left. */
static void
test_no_descriptor(Fixture *f, gconstpointer unused)
{
	no_descriptors_begin();
	assert_no_start(f, "pluto does not start: *Too many open files*");
	no_descriptors_end();
}

#define ADD(name, test)           g_test_add("/pluto/" name, Fixture, NULL, set_up_running, test, tear_down)
#define ADD_UNSTARTED(name, test) g_test_add("/pluto/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	log_capture_start();
	ADD("start", test_start);
	ADD("group", test_group);
	ADD("lines", test_lines);
	ADD("invalid-utf8", test_invalid_utf8);
	ADD("long-line", test_long_line);
	ADD("last-words", test_last_words);
	ADD("abort", test_abort);
	ADD("killed", test_killed);
	ADD("log-stays-open", test_log_stays_open);
	ADD("log-is-closed", test_log_is_closed);
	ADD("stop", test_stop);
	ADD("stop/open-log", test_stop_with_open_log);
	ADD("stop/deadline", test_stop_deadline);
	ADD("stop/stopped", test_stop_of_stopped);
	ADD("kill", test_kill);
	ADD("free", test_free);
	ADD("free/at-line", test_free_at_line);
	ADD("free/at-exit", test_free_at_exit);
	ADD("working-directory", test_working_directory);
	ADD("guard/runs-updown", test_runs_updown);
	ADD("guard/runs-nothing-else", test_runs_nothing_else);
	ADD("guard/addconn", test_addconn);
	ADD("guard/addconn/killed", test_addconn_killed);
	ADD_UNSTARTED("guard/waits", test_waits);
	ADD_UNSTARTED("guard/free-while-waiting", test_free_while_waiting);
	ADD_UNSTARTED("guard/unproven", test_unproven);
	ADD_UNSTARTED("guard/not-loaded", test_not_loaded);
	ADD_UNSTARTED("no-program", test_no_program);
	ADD_UNSTARTED("no-descriptor", test_no_descriptor);
	return g_test_run();
}
