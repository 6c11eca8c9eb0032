/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "libreswan-trial.h"

#include <string.h>

#include "nss.h"
#include "pluto.h"
#include "run-directory.h"

/* Milliseconds from its start to its end; natively it takes 50. */
#define TRIAL_DEADLINE_MS 10000

#define CONF              "config setup\n"

/* What pluto says when it has begun in earnest. */
#define LISTENS "listening for IKE messages"

typedef struct {
	Libreswan *libreswan;
	RunDirectory *directory;
	Pluto *pluto;
	GTask *task; /* while pluto runs */
	gulong cancel_handler;
	guint deadline_source;
	guint end_source;
	gboolean has_listened;
	gboolean has_flushed;
	gboolean is_kept;
	char *why;
} Trial;

static void
trial_free(gpointer data)
{
	Trial *self = data;

	g_clear_handle_id(&self->deadline_source, g_source_remove);
	g_clear_handle_id(&self->end_source, g_source_remove);
	pluto_free(self->pluto);
	if (self->directory) {
		run_directory_remove(self->directory, NULL);
		run_directory_close(self->directory);
	}
	g_free(self->why);
	g_free(self);
}

/* Of this trial nothing is left when whoever waits for it hears of it. */
static void
finish(Trial *self)
{
	g_autoptr(GTask) task = g_steal_pointer(&self->task);
	Libreswan *libreswan = self->libreswan;
	const gboolean passed = self->is_kept && self->has_listened;
	g_autofree char *why = g_strdup(self->why ?: "it has ended before it was ready");

	g_cancellable_disconnect(g_task_get_cancellable(task), self->cancel_handler);
	libreswan->trial = !passed             ? LIBRESWAN_TRIAL_FAILED
					   : self->has_flushed ? LIBRESWAN_TRIAL_FLUSHES
										   : LIBRESWAN_TRIAL_QUIET;
	g_task_set_task_data(task, NULL, NULL);
	if (passed)
		g_task_return_boolean(task, TRUE);
	else
		g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_FAILED,
								"libreswan %u.%u was tried out, and failed: %s", libreswan->major,
								libreswan->minor, why);
}

static void
on_waits(Pluto *pluto, gpointer user_data)
{
	pluto_go(pluto, GUARD_RESPOND_NEVER, GUARD_RUN_TRIAL, NULL);
}

static void
on_log_line(Pluto *pluto, const PlutoLogLine *line, gpointer user_data)
{
	Trial *self = user_data;

	g_debug("trial: %s", line->text);
	if (!g_str_equal(line->text, LISTENS))
		return;
	self->has_listened = TRUE;
	self->has_flushed = pluto_was_kept(pluto);
	pluto_stop(pluto);
}

static void
on_tried(Pluto *pluto, const char *why, gpointer user_data)
{
	Trial *self = user_data;

	self->is_kept = why == NULL;
	g_free(self->why);
	self->why = g_strdup(why);
}

static void
on_refused(Pluto *pluto, const char *what, gpointer user_data)
{
}

static void
on_unproven(Pluto *pluto, gpointer user_data)
{
}

static void
on_exited(Pluto *pluto, const char *how, gpointer user_data)
{
	finish(user_data);
}

static const PlutoCallbacks pluto_callbacks = {
	.waits = on_waits,
	.refused = on_refused,
	.unproven = on_unproven,
	.tried = on_tried,
	.log_line = on_log_line,
	.exited = on_exited,
};

static gboolean
on_deadline(gpointer user_data)
{
	Trial *self = user_data;

	self->deadline_source = 0;
	g_free(self->why);
	self->why = g_strdup_printf("it was not done in %d s", TRIAL_DEADLINE_MS / 1000);
	self->has_listened = FALSE;
	pluto_kill(self->pluto);
	return G_SOURCE_REMOVE;
}

static gboolean
end_cancelled(gpointer user_data)
{
	Trial *self = user_data;
	g_autoptr(GTask) task = g_steal_pointer(&self->task);

	self->end_source = 0;
	g_cancellable_disconnect(g_task_get_cancellable(task), self->cancel_handler);
	g_task_set_task_data(task, NULL, NULL);
	g_task_return_error_if_cancelled(task);
	return G_SOURCE_REMOVE;
}

/* A handler cannot be disconnected from within it. */
static void
on_cancelled(GCancellable *cancellable, gpointer user_data)
{
	Trial *self = user_data;

	if (!self->end_source)
		self->end_source = g_idle_add(end_cancelled, self);
}

/* @task: (transfer full) */
static gboolean
launch(Trial *self, GTask *task, GError **error)
{
	const char *rundir = run_directory_get_path(self->directory);
	g_autofree char *working = run_directory_file(self->directory, "pluto");
	GCancellable *cancellable = g_task_get_cancellable(task);

	if (!run_directory_mkdir(self->directory, "pluto", error) ||
		!run_directory_write(self->directory, "ipsec.conf", CONF, strlen(CONF), error) ||
		!run_directory_write(self->directory, "ipsec.secrets", "", 0, error))
		return FALSE;
	self->pluto = pluto_start(self->libreswan, rundir, working, &pluto_callbacks, self, error);
	if (!self->pluto)
		return FALSE;
	self->task = task;
	self->deadline_source = g_timeout_add(TRIAL_DEADLINE_MS, on_deadline, self);
	if (cancellable)
		self->cancel_handler =
			g_cancellable_connect(cancellable, G_CALLBACK(on_cancelled), self, NULL);
	return TRUE;
}

/* @task, @error: (transfer full). The run directory is free when that is heard of. */
static void
fail(GTask *task, GError *error)
{
	g_task_set_task_data(task, NULL, NULL);
	g_task_return_error(task, error);
	g_object_unref(task);
}

static void
on_nss_ready(GObject *source, GAsyncResult *result, gpointer user_data)
{
	GTask *task = user_data;
	Trial *self = g_task_get_task_data(task);
	GError *error = NULL;

	if (!nss_create_finish(result, &error) ||
		g_cancellable_set_error_if_cancelled(g_task_get_cancellable(task), &error) ||
		!launch(self, task, &error))
		fail(task, error);
}

void
libreswan_trial_async(Libreswan *self, const char *base, const char *uuid,
					  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
	GTask *task = g_task_new(NULL, cancellable, callback, user_data);
	Trial *trial = g_new0(Trial, 1);
	GError *error = NULL;

	g_task_set_task_data(task, trial, trial_free);
	trial->libreswan = self;
	trial->directory = run_directory_open(base, uuid, &error);
	if (trial->directory && run_directory_clear(trial->directory, &error))
		nss_create_async(self, trial->directory, cancellable, on_nss_ready, task);
	else
		fail(task, error);
}

gboolean
libreswan_trial_finish(GAsyncResult *result, GError **error)
{
	return g_task_propagate_boolean(G_TASK(result), error);
}
