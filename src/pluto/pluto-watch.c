/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "pluto-watch.h"

#include <gio/gio.h>

#include "libreswan.h"

struct PlutoWatch {
	char *whack;
	char *socket;
	guint period_ms;
	guint tick_ms;
	const PlutoWatchCallbacks *callbacks;
	gpointer user_data;

	guint ask_source;
	guint tick_source;
	guint ticks;          /* that the question has been open */
	GSubprocess *process; /* the whack that asks; NULL for none */
	GCancellable *cancellable;
	gboolean complained;
};

static void ask_later(PlutoWatch *self);

static void
stop_asking(PlutoWatch *self)
{
	g_clear_handle_id(&self->tick_source, g_source_remove);
	if (!self->process)
		return;
	g_cancellable_cancel(self->cancellable);
	g_clear_object(&self->cancellable);
	libreswan_kill(self->process);
	g_clear_object(&self->process);
}

static void
complain(PlutoWatch *self, const char *why)
{
	if (!self->complained)
		g_warning("cannot ask pluto whether it is well: %s", why);
	self->complained = TRUE;
}

static void
on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	PlutoWatch *self;

	g_subprocess_communicate_utf8_finish(G_SUBPROCESS(source), result, &text, NULL, &error);
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	self = user_data;
	g_clear_handle_id(&self->tick_source, g_source_remove);
	if (error)
		complain(self, error->message);
	else if (!g_subprocess_get_successful(G_SUBPROCESS(source)))
		complain(self, g_strchomp(text));
	else
		self->complained = FALSE;
	g_clear_object(&self->process);
	g_clear_object(&self->cancellable);
	ask_later(self);
}

static gboolean
on_tick(gpointer user_data)
{
	PlutoWatch *self = user_data;

	if (self->callbacks->is_waiting(self->user_data) || ++self->ticks < PLUTO_WATCH_TICKS)
		return G_SOURCE_CONTINUE;
	self->tick_source = 0;
	stop_asking(self);
	self->callbacks->hangs(self->user_data);
	return G_SOURCE_REMOVE;
}

static gboolean
on_ask(gpointer user_data)
{
	PlutoWatch *self = user_data;
	const char *const argv[] = {
		self->whack, "--ctlsocket", self->socket, "--fipsstatus", NULL,
	};
	g_autofree char *rundir = g_path_get_dirname(self->socket);
	g_autoptr(GError) error = NULL;

	self->ask_source = 0;
	self->process = libreswan_spawn(argv, rundir, &error);
	if (!self->process) {
		complain(self, error->message);
		ask_later(self);
		return G_SOURCE_REMOVE;
	}
	self->cancellable = g_cancellable_new();
	self->ticks = 0;
	self->tick_source = g_timeout_add(self->tick_ms, on_tick, self);
	g_subprocess_communicate_utf8_async(self->process, NULL, self->cancellable, on_answer, self);
	return G_SOURCE_REMOVE;
}

static void
ask_later(PlutoWatch *self)
{
	if (self->period_ms % 1000 == 0)
		self->ask_source = g_timeout_add_seconds(self->period_ms / 1000, on_ask, self);
	else
		self->ask_source = g_timeout_add(self->period_ms, on_ask, self);
}

PlutoWatch *
pluto_watch_new(const PlutoWatchParams *params, const PlutoWatchCallbacks *callbacks,
				gpointer user_data)
{
	PlutoWatch *self = g_new0(PlutoWatch, 1);

	self->whack = g_strdup(params->whack);
	self->socket = g_build_filename(params->rundir, "pluto.ctl", NULL);
	self->period_ms = params->period_ms ? params->period_ms : PLUTO_WATCH_PERIOD_S * 1000;
	self->tick_ms = params->tick_ms ? params->tick_ms : PLUTO_WATCH_TICK_MS;
	self->callbacks = callbacks;
	self->user_data = user_data;
	ask_later(self);
	return self;
}

void
pluto_watch_free(PlutoWatch *self)
{
	if (!self)
		return;
	g_clear_handle_id(&self->ask_source, g_source_remove);
	stop_asking(self);
	g_free(self->whack);
	g_free(self->socket);
	g_free(self);
}
