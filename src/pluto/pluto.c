/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "pluto.h"

#include <signal.h>
#include <sys/types.h>

/* Milliseconds that pluto has to send its Deletes and go; natively it takes 6. With IKEv1 the
 * updown command runs between the two Deletes: on a busy machine that alone took 1.5 s, and a
 * gateway that does not hear the second one keeps the lease. */
#define STOP_DEADLINE_MS 4000
/* Milliseconds that the log may stay open after pluto's end: a child of it can hold the pipe. */
#define LOG_DEADLINE_MS 200
/* Milliseconds that the guard library has to say that it is there: it is loaded before main(). */
#define GUARD_DEADLINE_MS 10000
/* A longer line is cut; pluto's own limit is 2 KiB. */
#define LINE_MAX_BYTES 4096

struct _Pluto {
	GSubprocess *process;
	GInputStream *log;
	char line[LINE_MAX_BYTES + 1];
	gsize line_len; /* of the line that has no end yet; what is beyond LINE_MAX_BYTES is dropped */
	PlutoLog *said; /* in the lines before */
	GCancellable *cancellable;
	GuardChannel *guard; /* NULL where it goes without */
	const PlutoCallbacks *callbacks;
	gpointer user_data;
	guint kill_source;
	guint log_source;
	guint guard_source; /* until the guard library has said that it is there */
	gboolean asked;
	gboolean log_ended;
	gboolean process_ended;
	gboolean on_trial;
	guint kept;         /* of 1 << GuardFlush: that it was kept from */
	gboolean unguarded; /* it was killed because the guard library was not in it */
};

static void read_more(Pluto *self);

static char *
how_it_ended(const Pluto *self)
{
	GSubprocess *process = self->process;

	if (self->unguarded)
		return g_strdup("it does not load its guard library");
	if (g_subprocess_get_if_signaled(process))
		return g_strdup_printf("signal %d", g_subprocess_get_term_sig(process));
	return g_strdup_printf("exit status %d", g_subprocess_get_exit_status(process));
}

/* The last lines often say why it went: so it is gone only when both have ended. */
static void
maybe_exited(Pluto *self)
{
	g_autofree char *how = NULL;

	if (!self->log_ended || !self->process_ended)
		return;
	g_clear_handle_id(&self->kill_source, g_source_remove);
	g_clear_handle_id(&self->log_source, g_source_remove);
	g_clear_handle_id(&self->guard_source, g_source_remove);
	if (self->on_trial)
		guard_channel_read(self->guard);
	how = how_it_ended(self);
	self->callbacks->exited(self, how, self->user_data);
}

/* Returns FALSE where nothing is to be read any more: the Pluto may be freed. */
static gboolean
end_line(Pluto *self)
{
	g_autoptr(GCancellable) cancellable = g_object_ref(self->cancellable);
	g_autofree char *line = g_utf8_make_valid(self->line, (gssize) self->line_len);
	PlutoLogLine parsed = pluto_log_take(self->said, line);

	self->line_len = 0;
	self->callbacks->log_line(self, &parsed, self->user_data);
	return !g_cancellable_is_cancelled(cancellable);
}

static gboolean
take_chunk(Pluto *self, const char *chunk, gsize len)
{
	for (gsize i = 0; i < len; i++) {
		if (chunk[i] == '\n') {
			if (!end_line(self))
				return FALSE;
		} else if (self->line_len < LINE_MAX_BYTES) {
			self->line[self->line_len++] = chunk[i];
		}
	}
	return TRUE;
}

static void
on_read(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) chunk =
		g_input_stream_read_bytes_finish(G_INPUT_STREAM(source), result, &error);
	const char *text;
	gsize len = 0;
	Pluto *self;

	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	self = user_data;
	text = chunk ? g_bytes_get_data(chunk, &len) : NULL;
	if (len > 0) {
		if (take_chunk(self, text, len))
			read_more(self);
		return;
	}
	/* The last line of a process that was killed may have no end. */
	if (self->line_len > 0 && !end_line(self))
		return;
	self->log_ended = TRUE;
	maybe_exited(self);
}

static void
read_more(Pluto *self)
{
	g_input_stream_read_bytes_async(self->log, LINE_MAX_BYTES, G_PRIORITY_DEFAULT,
									self->cancellable, on_read, self);
}

static void
stop_reading(Pluto *self)
{
	self->log_ended = TRUE;
	g_cancellable_cancel(self->cancellable);
}

static gboolean
on_log_deadline(gpointer user_data)
{
	Pluto *self = user_data;

	self->log_source = 0;
	stop_reading(self);
	maybe_exited(self);
	return G_SOURCE_REMOVE;
}

static void
on_process_ended(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GError) error = NULL;
	Pluto *self;

	if (!g_subprocess_wait_finish(G_SUBPROCESS(source), result, &error) &&
		g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	self = user_data;
	self->process_ended = TRUE;
	/* Of one that was asked to go, what it has written until now: it may have sent a login in its
	 * last moment. What comes before this source is read first. */
	if (self->asked && !self->log_ended)
		self->log_source = g_idle_add_full(G_PRIORITY_LOW, on_log_deadline, self, NULL);
	else if (!self->log_ended)
		self->log_source = g_timeout_add(LOG_DEADLINE_MS, on_log_deadline, self);
	maybe_exited(self);
}

static void
on_guard_ready(gpointer user_data)
{
	Pluto *self = user_data;

	g_clear_handle_id(&self->guard_source, g_source_remove);
	self->callbacks->waits(self, self->user_data);
}

static void
on_guard_refused(const char *what, gpointer user_data)
{
	Pluto *self = user_data;

	self->callbacks->refused(self, what, self->user_data);
}

static void
on_guard_stopped(GuardFlush what, gpointer user_data)
{
	Pluto *self = user_data;

	self->kept |= 1u << what;
	g_debug("pluto was kept from flushing the kernel's %s",
			what == GUARD_FLUSH_STATES ? "states" : "policies");
}

static void
on_guard_tried(const char *why, gpointer user_data)
{
	Pluto *self = user_data;

	if (self->on_trial)
		self->callbacks->tried(self, why, self->user_data);
}

static void
on_guard_unproven(gpointer user_data)
{
	Pluto *self = user_data;

	self->callbacks->unproven(self, self->user_data);
}

/* It is about to end by itself; or it has no guard library, or has one no more, and must not go on.
 */
static void
on_guard_closed(gpointer user_data)
{
	Pluto *self = user_data;

	self->unguarded |= self->guard_source != 0;
	g_clear_handle_id(&self->guard_source, g_source_remove);
	libreswan_kill(self->process);
}

static gboolean
on_guard_deadline(gpointer user_data)
{
	Pluto *self = user_data;

	self->guard_source = 0;
	self->unguarded = TRUE;
	libreswan_kill(self->process);
	return G_SOURCE_REMOVE;
}

static const GuardChannelCallbacks guard_callbacks = {
	.ready = on_guard_ready,
	.refused = on_guard_refused,
	.stopped = on_guard_stopped,
	.unproven = on_guard_unproven,
	.tried = on_guard_tried,
	.closed = on_guard_closed,
};

Pluto *
pluto_start(const Libreswan *libreswan, const char *rundir, const char *directory,
			const PlutoCallbacks *callbacks, gpointer user_data, GError **error)
{
	g_autofree char *config = g_build_filename(rundir, "ipsec.conf", NULL);
	g_autofree char *secrets = g_build_filename(rundir, "ipsec.secrets", NULL);
	g_autofree char *nss = g_build_filename(rundir, "nss", NULL);
	/* Recovery is the service's: a pluto that revives a connection by itself repeats a refused
	 * password at once, and keeps the old lease. "revival" is what switches that off, in 4.10 as in
	 * 5.2; pluto(8) has no other word for it. */
	const char *const argv[] = {
		libreswan->pluto, "--nofork", "--stderrlog",   "--log-no-time", "--rundir", rundir,
		"--config",       config,     "--secretsfile", secrets,         "--nssdir", nss,
		"--nhelpers",     "0",        "--impair",      "revival",       NULL,
	};
	g_autofree Pluto *self = g_new0(Pluto, 1);

	self->process = libreswan_spawn_pluto(libreswan, argv, directory, rundir, &guard_callbacks,
										  self, &self->guard, error);
	if (!self->process) {
		g_prefix_error(error, "pluto does not start: ");
		return NULL;
	}
	if (self->guard)
		self->guard_source = g_timeout_add(GUARD_DEADLINE_MS, on_guard_deadline, self);
	self->log = g_object_ref(g_subprocess_get_stdout_pipe(self->process));
	self->said = pluto_log_new();
	self->cancellable = g_cancellable_new();
	self->callbacks = callbacks;
	self->user_data = user_data;
	g_subprocess_wait_async(self->process, self->cancellable, on_process_ended, self);
	read_more(self);
	return g_steal_pointer(&self);
}

void
pluto_go(Pluto *self, GuardRespond respond, GuardRun run, const char *updown)
{
	self->on_trial = run == GUARD_RUN_TRIAL;
	guard_channel_go(self->guard, respond, run, updown);
}

gboolean
pluto_was_kept(Pluto *self)
{
	const guint both = 1u << GUARD_FLUSH_STATES | 1u << GUARD_FLUSH_POLICIES;

	/* What it has said of that may be behind what its log says. */
	if (self->on_trial)
		guard_channel_read(self->guard);
	return (self->kept & both) == both;
}

pid_t
pluto_get_pid(const Pluto *self)
{
	const char *text = g_subprocess_get_identifier(self->process);

	return text ? (pid_t) g_ascii_strtoll(text, NULL, 10) : 0;
}

static gboolean
on_stop_deadline(gpointer user_data)
{
	Pluto *self = user_data;

	self->kill_source = 0;
	g_warning("pluto does not go when asked: killing it");
	libreswan_kill(self->process);
	return G_SOURCE_REMOVE;
}

void
pluto_stop(Pluto *self)
{
	if (self->asked)
		return;
	self->asked = TRUE;
	/* A stopped process (SIGSTOP) takes no SIGTERM; the deadline is for that too. */
	g_subprocess_send_signal(self->process, SIGTERM);
	self->kill_source = g_timeout_add(STOP_DEADLINE_MS, on_stop_deadline, self);
}

void
pluto_kill(Pluto *self)
{
	self->asked = TRUE;
	libreswan_kill(self->process);
}

void
pluto_free(Pluto *self)
{
	if (!self)
		return;
	g_clear_handle_id(&self->kill_source, g_source_remove);
	g_clear_handle_id(&self->log_source, g_source_remove);
	g_clear_handle_id(&self->guard_source, g_source_remove);
	guard_channel_free(self->guard);
	g_cancellable_cancel(self->cancellable);
	if (!self->process_ended)
		libreswan_kill(self->process);
	g_object_unref(self->cancellable);
	g_object_unref(self->log);
	pluto_log_free(self->said);
	g_object_unref(self->process);
	g_free(self);
}
