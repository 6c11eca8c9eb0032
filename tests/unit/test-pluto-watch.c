/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * whack is a program of ours here, that asks nobody: it answers, fails, or waits for ever, as the
 * test says. With pluto and its whack: the laboratory's fault pluto-stopped.
 */
#include "config.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "pluto-watch.h"
#include "wait-until.h"

/* In milliseconds. A whack that waits for ever is left waiting for three short ones; one that
 * answers has three long ones for it, however busy the machine is. */
#define SHORT_TICK 20
#define LONG_TICK  3000

typedef struct {
	char *directory;
	char *whack;
	char *asked; /* a line for each question */
	PlutoWatch *watch;
	guint n_hangs;
	gboolean waiting;
	gboolean free_in_callback;
} Fixture;

static void
on_hangs(gpointer user_data)
{
	Fixture *f = user_data;

	f->n_hangs++;
	if (f->free_in_callback)
		g_clear_pointer(&f->watch, pluto_watch_free);
}

static gboolean
is_waiting(gpointer user_data)
{
	return ((Fixture *) user_data)->waiting;
}

static const PlutoWatchCallbacks callbacks = {on_hangs, is_waiting};

static void
start_watch(Fixture *f, guint tick_ms)
{
	const PlutoWatchParams params = {
		.whack = f->whack, .rundir = f->directory, .period_ms = 5, .tick_ms = tick_ms};

	f->watch = pluto_watch_new(&params, &callbacks, f);
}

static void
set_up(Fixture *f, gconstpointer script)
{
	g_autofree char *text = NULL;

	f->directory = g_dir_make_tmp("watch-XXXXXX", NULL);
	f->whack = g_build_filename(f->directory, "whack", NULL);
	f->asked = g_build_filename(f->directory, "asked", NULL);
	text = g_strdup_printf("#!/bin/sh\necho $$ \"$@\" >>%s\n%s\n", f->asked, (const char *) script);
	g_assert_true(g_file_set_contents(f->whack, text, -1, NULL));
	g_assert_cmpint(g_chmod(f->whack, 0700), ==, 0);
	start_watch(f, LONG_TICK);
}

static void
tear_down(Fixture *f, gconstpointer script)
{
	pluto_watch_free(f->watch);
	g_unlink(f->whack);
	g_unlink(f->asked);
	g_assert_cmpint(g_rmdir(f->directory), ==, 0);
	g_free(f->directory);
	g_free(f->whack);
	g_free(f->asked);
}

static char **
questions(const Fixture *f)
{
	char *text = NULL;
	char **lines;

	if (!g_file_get_contents(f->asked, &text, NULL, NULL))
		return g_new0(char *, 1);
	lines = g_strsplit(g_strchomp(text), "\n", -1);
	g_free(text);
	return lines;
}

static guint
n_questions(const Fixture *f)
{
	g_auto(GStrv) lines = questions(f);

	return g_strv_length(lines);
}

static void
until_asked(const Fixture *f, guint n)
{
	WAIT_UNTIL(n_questions(f) >= n);
}

/* One that waits for ever, and whose time begins once it is known to have asked. */
static void
start_asking(Fixture *f)
{
	pluto_watch_free(f->watch);
	f->waiting = TRUE;
	start_watch(f, SHORT_TICK);
	until_asked(f, 1);
}

static gboolean
on_over(gpointer over)
{
	*(gboolean *) over = TRUE;
	return G_SOURCE_REMOVE;
}

static void
run_for(guint ms)
{
	gboolean over = FALSE;

	g_timeout_add(ms, on_over, &over);
	while (!over)
		g_main_context_iteration(NULL, TRUE);
}

static gboolean
lives(const char *question)
{
	return kill((pid_t) g_ascii_strtoll(question, NULL, 10), 0) == 0;
}

/* It is killed at once, and gone when GLib has had time for it. */
static void
until_gone(char **lines)
{
	WAIT_UNTIL(!lives(lines[0]));
}

static void
test_well(Fixture *f, gconstpointer unused)
{
	g_auto(GStrv) lines = NULL;
	g_autofree char *wanted =
		g_strdup_printf(" --ctlsocket %s/pluto.ctl --fipsstatus", f->directory);

	until_asked(f, 5);
	lines = questions(f);
	g_assert_true(g_str_has_suffix(lines[4], wanted));
	g_assert_cmpuint(f->n_hangs, ==, 0);
}

static void
test_hangs(Fixture *f, gconstpointer unused)
{
	g_auto(GStrv) lines = NULL;

	start_asking(f);
	f->waiting = FALSE;
	WAIT_UNTIL(f->n_hangs > 0);
	/* One question at a time, and nobody is left who waits for its answer; nor is it said twice. */
	run_for(100);
	lines = questions(f);
	g_assert_cmpuint(g_strv_length(lines), ==, 1);
	until_gone(lines);
	g_assert_cmpuint(f->n_hangs, ==, 1);
}

static void
test_freed_in_callback(Fixture *f, gconstpointer unused)
{
	start_asking(f);
	f->waiting = FALSE;
	f->free_in_callback = TRUE;
	WAIT_UNTIL(f->n_hangs > 0);
	run_for(50);
}

static void
test_freed_while_asking(Fixture *f, gconstpointer unused)
{
	g_auto(GStrv) lines = NULL;

	start_asking(f);
	g_clear_pointer(&f->watch, pluto_watch_free);
	run_for(50);
	lines = questions(f);
	until_gone(lines);
	g_assert_cmpuint(f->n_hangs, ==, 0);
}

/* While pluto waits for our answer to an updown event it is not taken for one that hangs. */
static void
test_waits_for_us(Fixture *f, gconstpointer unused)
{
	start_asking(f);
	run_for(3 * SHORT_TICK * PLUTO_WATCH_TICKS);
	g_assert_cmpuint(f->n_hangs, ==, 0);
	f->waiting = FALSE;
	WAIT_UNTIL(f->n_hangs > 0);
}

/* While we do not run ourselves (the machine sleeps, or is too busy) no time passes. The ticks are
 * long beside what a busy machine adds to them. */
static void
test_we_do_not_run(Fixture *f, gconstpointer unused)
{
	const guint tick_ms = 200, sleeps = 3;

	pluto_watch_free(f->watch);
	start_watch(f, tick_ms);
	until_asked(f, 1);
	for (guint i = 0; i < sleeps; i++) {
		g_usleep(1000 * tick_ms * PLUTO_WATCH_TICKS / sleeps + 1000 * tick_ms);
		while (g_main_context_iteration(NULL, FALSE))
			;
	}
	g_assert_cmpuint(f->n_hangs, ==, 0);
}

/* No answer, but at once: a socket that somebody has removed is no hang. Said once. */
static void
test_no_socket(Fixture *f, gconstpointer unused)
{
	g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "*whether it is well: no such socket");
	until_asked(f, 5);
	g_test_assert_expected_messages();
	g_assert_cmpuint(f->n_hangs, ==, 0);
}

static void
test_no_whack(Fixture *f, gconstpointer unused)
{
	g_unlink(f->whack);
	g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "*whether it is well: *whack*");
	run_for(100);
	g_test_assert_expected_messages();
	g_assert_cmpuint(f->n_hangs, ==, 0);
}

#define ADD(name, script, test)                                                                    \
	g_test_add("/pluto-watch/" name, Fixture, script, set_up, test, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("well", "echo FIPS mode disabled", test_well);
	ADD("hangs", "exec sleep 1000", test_hangs);
	ADD("hangs-with-a-child", "sleep 1000; true", test_hangs);
	ADD("freed-in-callback", "exec sleep 1000", test_freed_in_callback);
	ADD("freed-while-asking", "exec sleep 1000", test_freed_while_asking);
	ADD("waits-for-us", "exec sleep 1000", test_waits_for_us);
	ADD("we-do-not-run", "exec sleep 1000", test_we_do_not_run);
	ADD("no-socket", "echo no such socket; exit 1", test_no_socket);
	ADD("no-whack", "true", test_no_whack);
	return g_test_run();
}
