/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "instance.h"

#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#include "ipsec-conf.h"
#include "ipsec-secrets.h"
#include "link-names.h"
#include "nss.h"
#include "nss-password.h"
#include "pluto-watch.h"
#include "system-nss.h"

/* pluto's working directory, which stays empty. */
#define WORKING_DIRECTORY "pluto"
/* How pluto's line about ipsec.secrets begins. */
#define SECRETS_OPENED "loading secrets from \""
/* And that about what it has told the gateway. */
#define XAUTH_ANSWERED "XAUTH: Answering XAUTH challenge"
/* And that about a question which no whack can be asked. */
#define XAUTH_NOBODY " requested, but no file descriptor available for prompt"
/* Of the proxy. */
#define PROMPT_SOCKET "prompt.ctl"
/* And how that about a certificate whose key it has found. */
#define KEY_LOADED "loaded private key matching left certificate"

struct _Instance {
	const InstanceCallbacks *callbacks;
	gpointer user_data;
	RunDirectory *directory;
	char *conf; /* ipsec.conf and ipsec.secrets, until pluto may read them */
	char *secrets;
	gsize secrets_len;
	gboolean has_secrets; /* ipsec.secrets may be there */
	char *password;       /* of the token; likewise until pluto may read it, NULL: there is none */
	gsize password_len;
	gboolean has_password; /* its file may be there */
	char *updown;          /* as in leftupdown= */
	char *socket_path;
	const Libreswan *libreswan;
	GuardRespond respond;
	gboolean wants_prompts;
	gboolean has_psk; /* the gateway and we authenticate ourselves by a pre-shared key */
	UpdownListener *listener;
	Pluto *pluto;
	PlutoWatch *watch;
	char *control;        /* pluto's socket for whack */
	PromptProxy *prompts; /* NULL: pluto does not ask */
	GSubprocess *whack;   /* that has begun the negotiation through it, and stays */
	GCancellable *whack_cancellable;
};

static gboolean
make_conf(Instance *self, const InstanceParams *params, GError **error)
{
	g_autofree char *working = run_directory_file(params->directory, WORKING_DIRECTORY);
	g_autofree char *secrets = run_directory_file(params->directory, "ipsec.secrets");
	g_autofree char *nss = run_directory_file(params->directory, "nss");
	const IpsecConfParams conf = {
		.libreswan_major = params->libreswan->major,
		.libreswan_minor = params->libreswan->minor,
		.conn_name = INSTANCE_CONN,
		.dumpdir = working,
		.nssdir = nss,
		.secretsfile = secrets,
		.ipsecdir =
			profile_get_token(params->profile) ? run_directory_get_path(params->directory) : NULL,
		.if_id = params->if_id,
		.reqid = params->reqid,
		.acq_expires = params->acq_expires,
		.gateway = params->gateway,
		.listen = params->listen,
		.xauth_again = params->xauth_again,
		.certificates = params->certificates,
		.updown = self->updown,
		/* pluto loads and initiates it by itself: nobody waits for another process. */
		.auto_mode = profile_is_on_demand(params->profile) ? "ondemand"
					 : params->prompts                     ? "add"
														   : "start",
	};

	self->conf = ipsec_conf_write(params->profile, &conf, error);
	return self->conf != NULL;
}

static gboolean
make_secrets(Instance *self, const InstanceParams *params, GError **error)
{
	self->secrets = ipsec_secrets_write(params->profile, params->prompts ? "xauthpassword" : NULL,
										&self->secrets_len, error);
	return self->secrets != NULL;
}

static gboolean
make_password(Instance *self, const InstanceParams *params, GError **error)
{
	if (!profile_get_token(params->profile))
		return TRUE;
	self->password = nss_password_write(params->profile, &self->password_len, error);
	return self->password != NULL;
}

static void
forget_files(Instance *self)
{
	g_clear_pointer(&self->conf, g_free);
	ipsec_secrets_free(self->secrets, self->secrets_len);
	self->secrets = NULL;
	nss_password_free(self->password, self->password_len);
	self->password = NULL;
}

static gboolean
write_password(Instance *self, GError **error)
{
	if (!self->password)
		return TRUE;
	self->has_password = TRUE;
	return run_directory_write(self->directory, NSS_PASSWORD_FILE, self->password,
							   self->password_len, error);
}

static gboolean
write_files(Instance *self, GError **error)
{
	gboolean written;

	self->has_secrets = TRUE;
	written =
		run_directory_write(self->directory, "ipsec.conf", self->conf, strlen(self->conf), error) &&
		run_directory_write(self->directory, "ipsec.secrets", self->secrets, self->secrets_len,
							error) &&
		write_password(self, error);

	forget_files(self);
	return written;
}

/* A pluto that has a shell never has a configuration. */
static void
on_waits(Pluto *pluto, gpointer user_data)
{
	Instance *self = user_data;
	g_autoptr(GError) error = NULL;

	if (write_files(self, &error))
		pluto_go(pluto, self->respond,
				 libreswan_flushes(self->libreswan) ? GUARD_RUN_FLUSHES : GUARD_RUN_UNKNOWN,
				 self->updown);
	else
		self->callbacks->unwritten(error, self->user_data);
}

static void
on_refused(Pluto *pluto, const char *what, gpointer user_data)
{
	Instance *self = user_data;

	self->callbacks->refused(what, self->user_data);
}

static void
on_unproven(Pluto *pluto, gpointer user_data)
{
	Instance *self = user_data;

	self->callbacks->unproven(self->user_data);
}

static void
on_updown(const UpdownEvent *event, gpointer user_data)
{
	Instance *self = user_data;

	self->callbacks->updown(event, self->user_data);
}

static void
remove_file(const Instance *self, gboolean *is_there, const char *name)
{
	g_autoptr(GError) error = NULL;

	if (!*is_there)
		return;
	*is_there = FALSE;
	if (!run_directory_remove_file(self->directory, name, &error))
		g_warning("%s", error->message);
}

static void
remove_secrets(Instance *self)
{
	remove_file(self, &self->has_secrets, "ipsec.secrets");
}

static void
remove_password(Instance *self)
{
	remove_file(self, &self->has_password, NSS_PASSWORD_FILE);
}

static void
on_begun(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GError) error = NULL;

	/* What it says pluto's log says, too. */
	if (!g_subprocess_communicate_finish(G_SUBPROCESS(source), result, NULL, NULL, &error) &&
		!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		g_info("cannot hear what whack says: %s", error->message);
}

/* pluto asks whoever has begun the negotiation, for as long as that stays. FALSE: it has been said
 * that it cannot, and the instance may be gone. */
static gboolean
begin_through_proxy(Instance *self)
{
	g_autofree char *socket = run_directory_file(self->directory, PROMPT_SOCKET);
	const char *const argv[] = {
		self->libreswan->whack, "--ctlsocket", socket, "--name", INSTANCE_CONN, "--initiate", NULL,
	};
	g_autoptr(GError) error = NULL;

	if (!self->prompts || self->whack)
		return TRUE;
	self->whack = libreswan_spawn(argv, run_directory_get_path(self->directory), &error);
	if (!self->whack) {
		self->callbacks->unwritten(error, self->user_data);
		return FALSE;
	}
	self->whack_cancellable = g_cancellable_new();
	g_subprocess_communicate_async(self->whack, NULL, self->whack_cancellable, on_begun, NULL);
	return TRUE;
}

/* pluto, where it waits for an answer, takes no signal before it has one. */
static void
stop_prompts(Instance *self)
{
	g_clear_pointer(&self->prompts, prompt_proxy_free);
	if (!self->whack)
		return;
	g_cancellable_cancel(self->whack_cancellable);
	libreswan_kill(self->whack);
	g_clear_object(&self->whack_cancellable);
	g_clear_object(&self->whack);
}

static void
on_prompt(PromptKind kind, const char *message, gpointer user_data)
{
	Instance *self = user_data;

	self->callbacks->asks(kind, message, self->user_data);
}

gboolean
instance_answer(Instance *self, const char *answer)
{
	return self->prompts && prompt_proxy_answer(self->prompts, answer);
}

/* Of a pluto that asks: another question has had another answer; and with a new ISAKMP SA, when
 * whack has gone, there is nobody to be asked, so that nothing was refused. */
static void
hear_prompted(PlutoLogLine *line)
{
	if (line->kind != PLUTO_LOG_LOGIN_REFUSED && line->kind != PLUTO_LOG_LOGIN_UNCLEAR)
		return;
	if (g_str_has_prefix(line->rest, XAUTH_ANSWERED)) {
		line->kind = PLUTO_LOG_LOGIN_SENT;
		line->reason = NULL;
	} else if (strstr(line->rest, XAUTH_NOBODY)) {
		line->kind = PLUTO_LOG_LOST;
		line->reason = "the gateway asks for the XAUTH user again";
	}
}

static void
on_log_line(Pluto *pluto, const PlutoLogLine *line, gpointer user_data)
{
	Instance *self = user_data;
	PlutoLogLine heard = *line;

	if (line->of_psk && !self->has_psk)
		heard.kind = PLUTO_LOG_OTHER;
	if (line->reason_without_psk && !self->has_psk)
		heard.reason = line->reason_without_psk;
	if (self->wants_prompts)
		hear_prompted(&heard);
	/* 4.10 and 5.2 say so when they have opened the file (lib/libswan/secrets.c), which they do
	 * when they begin to listen, and never again unless whack asks them to: we don't. The
	 * connection is loaded before. */
	if (g_str_has_prefix(line->text, SECRETS_OPENED)) {
		remove_secrets(self);
		if (!begin_through_proxy(self))
			return;
	}
	/* Then it has logged in to the token. */
	if (g_str_has_prefix(line->rest, KEY_LOADED))
		remove_password(self);
	if (nss_password_is_said(line->rest))
		return;
	self->callbacks->log_line(&heard, self->user_data);
}

static void
on_exited(Pluto *pluto, const char *how, gpointer user_data)
{
	Instance *self = user_data;

	g_clear_pointer(&self->watch, pluto_watch_free);
	stop_prompts(self);
	self->callbacks->ended(how, self->user_data);
}

static void
on_hangs(gpointer user_data)
{
	Instance *self = user_data;

	self->callbacks->hangs(self->user_data);
}

static gboolean
is_waiting(gpointer user_data)
{
	const Instance *self = user_data;

	return updown_listener_n_open(self->listener) > 0 ||
		   (self->prompts && prompt_proxy_is_asking(self->prompts));
}

/* Where we have to be the initiator, pluto is nothing else: what somebody without the key begins
 * with it costs nothing and says nothing then, and Aggressive Mode hands no hash made with the key
 * to whoever asks. But a gateway makes an ISAKMP SA of Main Mode anew by a Main Mode of its own. */
static GuardRespond
find_responses(const Profile *profile)
{
	return profile_is_ikev2(profile) || profile_is_aggressive(profile) ? GUARD_RESPOND_NEVER
																	   : GUARD_RESPOND_MAIN_MODE;
}

static const PlutoWatchCallbacks watch_callbacks = {
	.hangs = on_hangs,
	.is_waiting = is_waiting,
};

static const PlutoCallbacks pluto_callbacks = {
	.waits = on_waits,
	.refused = on_refused,
	.unproven = on_unproven,
	.log_line = on_log_line,
	.exited = on_exited,
};

static Instance *
instance_new(const InstanceParams *params, const InstanceCallbacks *callbacks, gpointer user_data)
{
	Instance *self = g_new0(Instance, 1);
	g_autofree char *name = g_strdup_printf("updown-%u", params->number);

	self->callbacks = callbacks;
	self->user_data = user_data;
	self->libreswan = params->libreswan;
	self->directory = params->directory;
	self->control = run_directory_file(params->directory, "pluto.ctl");
	self->socket_path = run_directory_file(params->directory, name);
	self->updown = g_strdup_printf("%s %s", params->helper, self->socket_path);
	self->respond = find_responses(params->profile);
	self->has_psk = g_strcmp0(profile_get(params->profile, "authby"), "secret") == 0;
	self->wants_prompts = params->prompts;
	return self;
}

static gboolean
make_files(Instance *self, const InstanceParams *params, GError **error)
{
	return make_conf(self, params, error) && make_secrets(self, params, error) &&
		   make_password(self, params, error) &&
		   run_directory_mkdir(self->directory, WORKING_DIRECTORY, error) &&
		   run_directory_remove_file(self->directory, "ipsec.conf", error) &&
		   run_directory_remove_file(self->directory, "ipsec.secrets", error) &&
		   run_directory_remove_file(self->directory, NSS_PASSWORD_FILE, error);
}

static gboolean
listen_for_whack(Instance *self, GError **error)
{
	g_autofree char *path = run_directory_file(self->directory, PROMPT_SOCKET);

	self->prompts = prompt_proxy_new(path, self->control, INSTANCE_CONN, on_prompt, self, error);
	return self->prompts != NULL;
}

/* With everything that it needs in place. */
static gboolean
launch(Instance *self, GError **error)
{
	const char *rundir = run_directory_get_path(self->directory);
	g_autofree char *working = run_directory_file(self->directory, WORKING_DIRECTORY);

	/* At the last moment: whatever appears from now on, who watches the names sees with a pluto to
	 * kill. */
	if (!link_names_check(error) || (!self->libreswan->guarded && !write_files(self, error)))
		return FALSE;
	self->listener =
		updown_listener_new(self->socket_path, INSTANCE_CONN, geteuid(), on_updown, self, error);
	if (!self->listener)
		return FALSE;
	if (self->wants_prompts && !listen_for_whack(self, error))
		return FALSE;
	self->pluto = pluto_start(self->libreswan, rundir, working, &pluto_callbacks, self, error);
	if (!self->pluto)
		return FALSE;
	self->watch =
		pluto_watch_new(&(PlutoWatchParams){.whack = self->libreswan->whack, .rundir = rundir},
						&watch_callbacks, self);
	return TRUE;
}

static void
free_instance(gpointer data)
{
	instance_free(data);
}

static void
on_nss_ready(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GTask) task = user_data;
	g_autoptr(Instance) self = NULL;
	GError *error = NULL;

	/* Once it is cancelled the run directory may be gone. */
	if (g_task_return_error_if_cancelled(task))
		return;
	self = g_object_steal_data(G_OBJECT(task), "instance");
	if (nss_create_finish(result, &error) && launch(self, &error))
		g_task_return_pointer(task, g_steal_pointer(&self), free_instance);
	else
		g_task_return_error(task, error);
}

static void
on_nss_copied(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GTask) task = user_data;
	const Instance *self = g_object_get_data(G_OBJECT(task), "instance");
	GCancellable *cancellable = g_task_get_cancellable(task);
	GError *error = NULL;

	if (g_task_return_error_if_cancelled(task))
		return;
	if (system_nss_copy_finish(result, &error))
		nss_create_async(self->libreswan, self->directory, cancellable, on_nss_ready,
						 g_steal_pointer(&task));
	else
		g_task_return_error(task, error);
}

void
instance_start_async(const InstanceParams *params, const InstanceCallbacks *callbacks,
					 gpointer user_data, GCancellable *cancellable, GAsyncReadyCallback ready,
					 gpointer ready_data)
{
	GTask *task = g_task_new(NULL, cancellable, ready, ready_data);
	g_autoptr(Instance) self = instance_new(params, callbacks, user_data);
	GError *error = NULL;

	if (!make_files(self, params, &error)) {
		g_task_return_error(task, error);
		g_object_unref(task);
		return;
	}
	g_object_set_data_full(G_OBJECT(task), "instance", g_steal_pointer(&self), free_instance);
	if (system_nss_is_needed(params->profile))
		system_nss_copy_async(params->nss_places, params->directory, params->profile, cancellable,
							  on_nss_copied, task);
	else
		nss_create_async(params->libreswan, params->directory, cancellable, on_nss_ready, task);
}

Instance *
instance_start_finish(GAsyncResult *result, GError **error)
{
	return g_task_propagate_pointer(G_TASK(result), error);
}

pid_t
instance_get_pid(const Instance *self)
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
instance_initiate(Instance *self, const char *connection)
{
	/* It does not wait for the outcome. */
	const char *const argv[] = {
		self->libreswan->whack, "--ctlsocket", self->control,
		"--asynchronous",       "--name",      connection,
		"--initiate",           NULL,
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(GSubprocess) process =
		libreswan_spawn(argv, run_directory_get_path(self->directory), &error);

	if (!process)
		g_warning("cannot ask pluto for %s: %s", connection, error->message);
	else
		g_subprocess_communicate_utf8_async(process, NULL, NULL, on_initiated, NULL);
}

void
instance_stop(Instance *self)
{
	g_clear_pointer(&self->watch, pluto_watch_free);
	stop_prompts(self);
	pluto_stop(self->pluto);
}

void
instance_kill(Instance *self)
{
	g_clear_pointer(&self->watch, pluto_watch_free);
	stop_prompts(self);
	pluto_kill(self->pluto);
}

void
instance_free(Instance *self)
{
	if (!self)
		return;
	pluto_watch_free(self->watch);
	stop_prompts(self);
	pluto_free(self->pluto);
	updown_listener_free(self->listener);
	forget_files(self);
	/* pluto may have gone before it read them, and the next one may be long in coming. */
	remove_secrets(self);
	remove_password(self);
	g_free(self->updown);
	g_free(self->socket_path);
	g_free(self->control);
	g_free(self);
}
