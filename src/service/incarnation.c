/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "incarnation.h"

#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#include "ipsec-conf.h"
#include "ipsec-secrets.h"
#include "pluto-watch.h"

struct _Incarnation {
	const IncarnationCallbacks *callbacks;
	gpointer user_data;
	UpdownListener *listener;
	Pluto *pluto;
	PlutoWatch *watch;
	char *whack;
	char *control; /* pluto's socket for whack */
};

static gboolean
write_conf(const IncarnationParams *params, const char *socket_path, GError **error)
{
	const char *rundir = run_directory_get_path(params->directory);
	g_autofree char *secrets = run_directory_file(params->directory, "ipsec.secrets");
	g_autofree char *nss = run_directory_file(params->directory, "nss");
	g_autofree char *updown = g_strdup_printf("%s %s", params->helper, socket_path);
	g_autofree char *text = NULL;
	const IpsecConfParams conf = {
		.libreswan_major = params->libreswan->major,
		.libreswan_minor = params->libreswan->minor,
		.conn_name = INCARNATION_CONN,
		.rundir = rundir,
		.nssdir = nss,
		.secretsfile = secrets,
		.if_id = params->if_id,
		.gateway = params->gateway,
		.xauth_again = params->xauth_again,
		.updown = updown,
		/* pluto loads and initiates it by itself: nobody waits for another process. */
		.auto_mode = profile_is_on_demand(params->profile) ? "ondemand" : "start",
	};

	text = ipsec_conf_write(params->profile, &conf, error);
	return text && run_directory_write(params->directory, "ipsec.conf", text, strlen(text), error);
}

static gboolean
write_secrets(const IncarnationParams *params, GError **error)
{
	gsize len = 0;
	char *text = ipsec_secrets_write(params->profile, &len, error);
	gboolean ok;

	if (!text)
		return FALSE;
	ok = run_directory_write(params->directory, "ipsec.secrets", text, len, error);
	ipsec_secrets_free(text, len);
	return ok;
}

static void
on_updown(UpdownRequest *request, const UpdownEvent *event, gpointer user_data)
{
	Incarnation *self = user_data;

	/* It may be stopped in there; the request is then still to be answered. */
	self->callbacks->updown(event, self->user_data);
	updown_request_answer(request);
}

static void
on_log_line(Pluto *pluto, const PlutoLogLine *line, gpointer user_data)
{
	Incarnation *self = user_data;

	self->callbacks->log_line(line, self->user_data);
}

static void
on_exited(Pluto *pluto, gboolean asked, const char *how, gpointer user_data)
{
	Incarnation *self = user_data;

	g_clear_pointer(&self->watch, pluto_watch_free);
	self->callbacks->ended(asked, how, self->user_data);
}

static void
on_hangs(gpointer user_data)
{
	Incarnation *self = user_data;

	self->callbacks->hangs(self->user_data);
}

static bool
is_waiting(gpointer user_data)
{
	const Incarnation *self = user_data;

	return updown_listener_n_open(self->listener) > 0;
}

static const PlutoWatchCallbacks watch_callbacks = {
	.hangs = on_hangs,
	.is_waiting = is_waiting,
};

static const PlutoCallbacks pluto_callbacks = {
	.log_line = on_log_line,
	.exited = on_exited,
};

Incarnation *
incarnation_start(const IncarnationParams *params, const IncarnationCallbacks *callbacks,
				  gpointer user_data, GError **error)
{
	g_autoptr(Incarnation) self = g_new0(Incarnation, 1);
	g_autofree char *name = g_strdup_printf("updown-%u", params->number);
	g_autofree char *socket_path = run_directory_file(params->directory, name);

	self->callbacks = callbacks;
	self->user_data = user_data;
	self->whack = g_strdup(params->libreswan->whack);
	self->control = run_directory_file(params->directory, "pluto.ctl");
	if (!write_conf(params, socket_path, error) || !write_secrets(params, error))
		return NULL;
	self->listener =
		updown_listener_new(socket_path, INCARNATION_CONN, geteuid(), on_updown, self, error);
	if (!self->listener)
		return NULL;
	self->pluto = pluto_start(params->libreswan, run_directory_get_path(params->directory),
							  &pluto_callbacks, self, error);
	if (!self->pluto)
		return NULL;
	self->watch =
		pluto_watch_new(&(PlutoWatchParams){.whack = params->libreswan->whack,
											.rundir = run_directory_get_path(params->directory)},
						&watch_callbacks, self);
	return g_steal_pointer(&self);
}

pid_t
incarnation_get_pid(const Incarnation *self)
{
	return pluto_get_pid(self->pluto);
}

static void
on_initiated(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;

	if (!g_subprocess_communicate_utf8_finish(G_SUBPROCESS(source), result, &text, NULL, &error))
		g_info("cannot hear what whack says: %s", error->message);
	else
		g_debug("whack: %s", g_strchomp(text));
}

void
incarnation_initiate(Incarnation *self, const char *connection)
{
	/* It does not wait for the outcome. */
	const char *const argv[] = {
		self->whack, "--ctlsocket", self->control, "--asynchronous",
		"--name",    connection,    "--initiate",  NULL,
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(GSubprocess) process = libreswan_spawn(argv, &error);

	if (!process)
		g_warning("cannot ask pluto for %s: %s", connection, error->message);
	else
		g_subprocess_communicate_utf8_async(process, NULL, NULL, on_initiated, NULL);
}

void
incarnation_stop(Incarnation *self)
{
	g_clear_pointer(&self->watch, pluto_watch_free);
	pluto_stop(self->pluto);
}

void
incarnation_kill(Incarnation *self)
{
	g_clear_pointer(&self->watch, pluto_watch_free);
	pluto_kill(self->pluto);
}

void
incarnation_free(Incarnation *self)
{
	if (!self)
		return;
	pluto_watch_free(self->watch);
	pluto_free(self->pluto);
	updown_listener_free(self->listener);
	g_free(self->whack);
	g_free(self->control);
	g_free(self);
}
