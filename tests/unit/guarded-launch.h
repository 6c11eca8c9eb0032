/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/*
 * A program of the tests' own with the library in it that is preloaded into pluto, as the service
 * would have it.
 */

#include "pluto-guard.h"

#include <glib.h>
#include <glib/gstdio.h>

#define LIBRARY BUILDDIR "/.libs/pluto-guard.so"

typedef struct {
	char *dir;
	PlutoGuard *guard;
	GuardChannel *channel;
	GMainLoop *loop;
	const char *updown;
	GuardRespond respond;
	GuardRun run;
	GString *events; /* what the callbacks were told */
	char *output;
	guint left; /* of what the loop waits for */
} Fixture;

static void
one_less(Fixture *f)
{
	if (--f->left == 0)
		g_main_loop_quit(f->loop);
}

static void
on_ready(gpointer user_data)
{
	Fixture *f = user_data;

	g_string_append(f->events, "ready;");
	guard_channel_go(f->channel, f->respond, f->run, f->updown);
}

static void
on_refused(const char *what, gpointer user_data)
{
	Fixture *f = user_data;

	g_string_append_printf(f->events, "%s;", what);
}

static void
on_stopped(GuardFlush what, gpointer user_data)
{
	Fixture *f = user_data;

	g_string_append(f->events, what == GUARD_FLUSH_STATES ? "states;" : "policies;");
}

static void
on_unproven(gpointer user_data)
{
	Fixture *f = user_data;

	g_string_append(f->events, "unproven;");
}

static void
on_tried(const char *why, gpointer user_data)
{
	Fixture *f = user_data;

	g_string_append_printf(f->events, "%s;", why ? why : "kept");
}

static void
on_closed(gpointer user_data)
{
	Fixture *f = user_data;

	g_string_append(f->events, "closed;");
	one_less(f);
}

static const GuardChannelCallbacks guarded_callbacks = {
	.ready = on_ready,
	.refused = on_refused,
	.stopped = on_stopped,
	.unproven = on_unproven,
	.tried = on_tried,
	.closed = on_closed,
};

static void
on_output(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Fixture *f = user_data;
	g_autoptr(GError) error = NULL;

	g_subprocess_communicate_utf8_finish(G_SUBPROCESS(source), result, &f->output, NULL, &error);
	g_assert_no_error(error);
	one_less(f);
}

static void
set_up(Fixture *f, gconstpointer data)
{
	g_autoptr(GError) error = NULL;

	f->dir = g_dir_make_tmp("guard-XXXXXX", &error);
	g_assert_no_error(error);
	f->guard = pluto_guard_open(LIBRARY, &error);
	g_assert_no_error(error);
	f->loop = g_main_loop_new(NULL, FALSE);
	f->events = g_string_new(NULL);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
	guard_channel_free(f->channel);
	pluto_guard_free(f->guard);
	g_main_loop_unref(f->loop);
	g_string_free(f->events, TRUE);
	g_free(f->output);
	g_rmdir(f->dir);
	g_free(f->dir);
}

/* Launches the program with the library, and waits for its end and that of the line. */
static void
launch(Fixture *f, const char *const *argv, const char *preload)
{
	g_autoptr(GSubprocessLauncher) launcher =
		g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
	g_autoptr(GSubprocess) process = NULL;
	g_autoptr(GError) error = NULL;

	g_string_truncate(f->events, 0);
	g_clear_pointer(&f->output, g_free);
	g_clear_pointer(&f->channel, guard_channel_free);
	f->channel = guard_channel_new(f->guard, launcher, &guarded_callbacks, f, &error);
	g_assert_no_error(error);
	if (preload)
		g_subprocess_launcher_setenv(launcher, "LD_PRELOAD", preload, TRUE);
	process = g_subprocess_launcher_spawnv(launcher, argv, &error);
	g_assert_no_error(error);
	g_clear_object(&launcher);
	g_subprocess_communicate_utf8_async(process, NULL, NULL, on_output, f);
	f->left = 2;
	g_main_loop_run(f->loop);
}
