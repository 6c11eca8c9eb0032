/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "libreswan.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "rights.h"

/* Milliseconds that `pluto --version` may take; natively it takes 10. NetworkManager gives up a
 * connection after 60 s. */
#define VERSION_DEADLINE_MS 10000

/* The newest with which the guard library was tried in the laboratory; others are tried out where
 * they are (libreswan-trial.h). */
#define TRIED_MAJOR 5
#define TRIED_MINOR 2

static char *
program_in(const char *dir, const char *name, GError **error)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);

	if (!g_file_test(path, G_FILE_TEST_IS_EXECUTABLE)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
					"%s is not there or not executable: is libreswan installed?", path);
		return NULL;
	}
	return g_steal_pointer(&path);
}

Libreswan *
libreswan_new(const char *dir, GError **error)
{
	g_autoptr(Libreswan) self = g_new0(Libreswan, 1);

	self->pluto = program_in(dir, "pluto", error);
	if (!self->pluto)
		return NULL;
	self->whack = program_in(dir, "whack", error);
	if (!self->whack)
		return NULL;
	self->certutil = g_find_program_in_path("certutil");
	return g_steal_pointer(&self);
}

static void
end_version(Libreswan *self)
{
	g_clear_handle_id(&self->deadline_source, g_source_remove);
	g_clear_pointer(&self->probe, guard_channel_free);
	g_clear_object(&self->version_deadline);
	g_clear_object(&self->version_process);
}

void
libreswan_free(Libreswan *self)
{
	if (!self)
		return;
	g_free(self->pluto);
	g_free(self->whack);
	g_free(self->certutil);
	end_version(self);
	pluto_guard_free(self->guard);
	g_clear_error(&self->no_guard);
	g_free(self);
}

void
libreswan_set_guard(Libreswan *self, const char *path)
{
	g_clear_error(&self->no_guard);
	g_clear_pointer(&self->guard, pluto_guard_free);
	self->guard = pluto_guard_open(path, &self->no_guard);
}

gboolean
libreswan_has_shell(guint major, guint minor)
{
	return major < 5 || (major == 5 && minor < 4);
}

gboolean
libreswan_parse_version(const char *text, guint *major, guint *minor)
{
	const char *number;
	guint a, b;

	number = g_str_has_prefix(text, "Libreswan ") ? text + strlen("Libreswan ") : NULL;
	if (!number)
		return FALSE;
	if (g_str_has_prefix(number, "v"))
		number++;
	if (!g_ascii_isdigit(*number) || sscanf(number, "%u.%u", &a, &b) != 2)
		return FALSE;
	*major = a;
	*minor = b;
	return TRUE;
}

static const char *
last_line(const char *text)
{
	const char *newline = strrchr(text, '\n');

	return newline ? newline + 1 : text;
}

/* Why pluto has not loaded it. */
static const char *
why_unguarded(const Libreswan *self)
{
	return self->no_guard ? self->no_guard->message
		   : self->guard
			   ? "the dynamic linker did not load it, as where SELinux changes the domain "
				 "(AT_SECURE): its policy needs noatsecure"
			   : "there is none";
}

/* Fails closed: what cannot be shown to have no shell is not used. */
static gboolean
check_guard(const Libreswan *self, guint major, guint minor, GError **error)
{
	if (self->guarded || !libreswan_has_shell(major, minor))
		return TRUE;
	g_set_error(
		error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
		"libreswan %u.%u runs its updown command through a shell, and the library that "
		"takes the shell away from pluto cannot be loaded into it (%s): pluto is not started",
		major, minor, why_unguarded(self));
	return FALSE;
}

static gboolean
is_newer(const Libreswan *self)
{
	return self->major > TRIED_MAJOR || (self->major == TRIED_MAJOR && self->minor > TRIED_MINOR);
}

/* With which the guard library was tried in the laboratory. */
static gboolean
is_known(const Libreswan *self)
{
	return self->major >= 4 && !is_newer(self);
}

gboolean
libreswan_wants_trial(const Libreswan *self)
{
	return self->guarded && !self->distrusted && is_newer(self) &&
		   self->trial == LIBRESWAN_TRIAL_NONE;
}

gboolean
libreswan_flushes(const Libreswan *self)
{
	if (!libreswan_is_kept_apart(self, NULL))
		return FALSE;
	return is_known(self) ? self->major >= 5 : self->trial == LIBRESWAN_TRIAL_FLUSHES;
}

gboolean
libreswan_is_kept_apart(const Libreswan *self, GError **error)
{
	if (!self->guarded) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
					"pluto cannot be kept from it: its guard library cannot be loaded (%s)",
					why_unguarded(self));
		return FALSE;
	}
	if (self->distrusted) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
					"pluto cannot be kept from it: libreswan %u.%u does not do it in the way that "
					"is known",
					self->major, self->minor);
		return FALSE;
	}
	if (!is_known(self) && self->trial != LIBRESWAN_TRIAL_FLUSHES &&
		self->trial != LIBRESWAN_TRIAL_QUIET) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
					self->trial == LIBRESWAN_TRIAL_FAILED
						? "pluto cannot be kept from it: libreswan %u.%u was tried out, and failed"
						: "whether pluto can be kept from it was not tried with libreswan %u.%u",
					self->major, self->minor);
		return FALSE;
	}
	return TRUE;
}

void
libreswan_distrust(Libreswan *self)
{
	self->distrusted = TRUE;
}

static gboolean
take_version(Libreswan *self, GObject *process, GAsyncResult *result, GError **error)
{
	g_autofree char *text = NULL;
	guint major, minor;

	if (g_cancellable_is_cancelled(self->version_deadline)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
					"%s --version has not ended in %d s and was killed", self->pluto,
					VERSION_DEADLINE_MS / 1000);
		return FALSE;
	}
	if (!g_subprocess_communicate_utf8_finish(G_SUBPROCESS(process), result, &text, NULL, error))
		return FALSE;
	/* ld.so(8) says on standard error what it could not preload, before the rest. */
	if (!self->guarded && g_str_has_prefix(text, "ERROR: ld.so:") && strchr(text, '\n'))
		g_info("%.*s", (int) strcspn(text, "\n"), text);
	g_strchomp(text);
	if (g_subprocess_get_if_signaled(G_SUBPROCESS(process))) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s --version ended by signal %d%s",
					self->pluto, g_subprocess_get_term_sig(G_SUBPROCESS(process)),
					self->guard && !self->guarded
						? ", before the library that takes the shell away from it was loaded"
						: "");
		return FALSE;
	}
	if (!libreswan_parse_version(last_line(text), &major, &minor)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
					"%s --version says \"%.60s\", not \"Libreswan\" and a version", self->pluto,
					text);
		return FALSE;
	}
	if (!check_guard(self, major, minor, error))
		return FALSE;
	self->major = major;
	self->minor = minor;
	g_info("libreswan %u.%u at %s", self->major, self->minor, self->pluto);
	return TRUE;
}

static void
on_version_text(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Libreswan *self = user_data;
	g_autoptr(GError) error = NULL;
	GSList *asking;

	take_version(self, source, result, &error);
	end_version(self);
	asking = g_steal_pointer(&self->asking);
	for (GSList *i = asking; i; i = i->next) {
		if (error)
			g_task_return_error(i->data, g_error_copy(error));
		else
			g_task_return_boolean(i->data, TRUE);
	}
	g_slist_free_full(asking, g_object_unref);
}

typedef struct {
	pid_t parent;
	Rights rights;
} ChildSetup;

/* In the child, between fork and exec: only what signal-safety(7) allows. */
static void
set_up_child(gpointer user_data)
{
	const ChildSetup *setup = user_data;
	const char *failed;
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	/* It may have died before the line above. */
	if (getppid() != setup->parent)
		_exit(127);
	failed = rights_take(&setup->rights);
	if (failed) {
		/* It would be what its log ends with. */
		if (write(STDERR_FILENO, failed, strlen(failed)) < 0 || write(STDERR_FILENO, " fails\n", 7))
			_exit(126);
		_exit(126);
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Not what NetworkManager has: libcurl, NSS and libc's resolver listen to variables. */
static const char *const environment[] = {
	"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
	"LC_ALL=C",
	NULL,
};

static GSubprocessLauncher *
new_launcher_with(GSubprocessFlags flags, RightsKind kind, const char *writable)
{
	ChildSetup *setup = g_new0(ChildSetup, 1);
	GSubprocessLauncher *launcher = g_subprocess_launcher_new(flags);

	g_subprocess_launcher_set_environ(launcher, (char **) environment);
	setup->parent = getpid();
	setup->rights = rights_plan(kind, rights_with_selinux(), writable);
	g_subprocess_launcher_set_child_setup(launcher, set_up_child, setup, g_free);
	return launcher;
}

static GSubprocessLauncher *
new_launcher(RightsKind kind, const char *writable)
{
	return new_launcher_with(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, kind,
							 writable);
}

GSubprocess *
libreswan_spawn(const char *const *argv, const char *writable, GError **error)
{
	g_autoptr(GSubprocessLauncher) launcher = new_launcher(RIGHTS_TOOL, writable);

	return g_subprocess_launcher_spawnv(launcher, argv, error);
}

GSubprocess *
libreswan_spawn_import(const char *const *argv, const char *writable, GError **error)
{
	g_autoptr(GSubprocessLauncher) launcher =
		new_launcher_with(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
							  G_SUBPROCESS_FLAGS_STDERR_SILENCE,
						  RIGHTS_IMPORT, writable);

	return g_subprocess_launcher_spawnv(launcher, argv, error);
}

/* @new_one: (transfer full). @guard: NULL to go without. */
static GSubprocess *
spawn_guarded(GSubprocessLauncher *new_one, const PlutoGuard *guard, const char *const *argv,
			  const GuardChannelCallbacks *callbacks, gpointer user_data, GuardChannel **channel,
			  GError **error)
{
	g_autoptr(GSubprocessLauncher) launcher = new_one;
	g_autoptr(GuardChannel) new_channel = NULL;
	GSubprocess *process;

	if (guard) {
		new_channel = guard_channel_new(guard, launcher, callbacks, user_data, error);
		if (!new_channel)
			return NULL;
	}
	process = g_subprocess_launcher_spawnv(launcher, argv, error);
	if (process)
		*channel = g_steal_pointer(&new_channel);
	return process;
}

GSubprocess *
libreswan_spawn_pluto(const Libreswan *self, const char *const *argv, const char *directory,
					  const char *writable, const GuardChannelCallbacks *callbacks,
					  gpointer user_data, GuardChannel **channel, GError **error)
{
	GSubprocessLauncher *launcher = new_launcher(RIGHTS_PLUTO, writable);

	g_subprocess_launcher_set_cwd(launcher, directory);
	return spawn_guarded(launcher, self->guarded ? self->guard : NULL, argv, callbacks, user_data,
						 channel, error);
}

static void
on_probe_ready(gpointer user_data)
{
	Libreswan *self = user_data;

	self->guarded = TRUE;
	guard_channel_go(self->probe, GUARD_RESPOND_NEVER, GUARD_RUN_UNKNOWN, NULL);
}

static void
on_probe_refused(const char *what, gpointer user_data)
{
	g_warning("pluto --version wanted to run a command: %s", what);
}

static void
on_probe_stopped(GuardFlush what, gpointer user_data)
{
}

static void
on_probe_unproven(gpointer user_data)
{
}

static void
on_probe_tried(const char *why, gpointer user_data)
{
}

static void
on_probe_closed(gpointer user_data)
{
}

static const GuardChannelCallbacks probe_callbacks = {
	.ready = on_probe_ready,
	.refused = on_probe_refused,
	.stopped = on_probe_stopped,
	.unproven = on_probe_unproven,
	.tried = on_probe_tried,
	.closed = on_probe_closed,
};

/* on_version_text() follows, also where something that it has started keeps its output open. */
static gboolean
on_version_deadline(gpointer user_data)
{
	Libreswan *self = user_data;

	self->deadline_source = 0;
	libreswan_kill(self->version_process);
	g_cancellable_cancel(self->version_deadline);
	return G_SOURCE_REMOVE;
}

/* A pluto that was installed since is asked anew, and found out about again. */
static void
forget_other_pluto(Libreswan *self)
{
	struct stat now;

	/* One that is not there is none: its start says so. */
	if (self->asking || stat(self->pluto, &now) < 0)
		return;
	if (now.st_dev == self->asked.st_dev && now.st_ino == self->asked.st_ino &&
		now.st_size == self->asked.st_size && now.st_mtim.tv_sec == self->asked.st_mtim.tv_sec &&
		now.st_mtim.tv_nsec == self->asked.st_mtim.tv_nsec)
		return;
	if (self->major > 0) {
		self->distrusted = FALSE;
		self->trial = LIBRESWAN_TRIAL_NONE;
	}
	self->asked = now;
	self->major = self->minor = 0;
}

void
libreswan_query_version_async(Libreswan *self, GCancellable *cancellable,
							  GAsyncReadyCallback callback, gpointer user_data)
{
	g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
	const char *const argv[] = {self->pluto, "--version", NULL};
	GError *error = NULL;

	forget_other_pluto(self);
	if (self->major > 0) {
		g_task_return_boolean(task, TRUE);
		return;
	}
	if (!self->asking) {
		self->guarded = FALSE;
		self->version_process = spawn_guarded(new_launcher(RIGHTS_TOOL, NULL), self->guard, argv,
											  &probe_callbacks, self, &self->probe, &error);
		if (!self->version_process) {
			g_task_return_error(task, error);
			return;
		}
		self->version_deadline = g_cancellable_new();
		self->deadline_source = g_timeout_add(VERSION_DEADLINE_MS, on_version_deadline, self);
		g_subprocess_communicate_utf8_async(self->version_process, NULL, self->version_deadline,
											on_version_text, self);
	}
	self->asking = g_slist_prepend(self->asking, g_steal_pointer(&task));
}

gboolean
libreswan_query_version_finish(GAsyncResult *result, GError **error)
{
	return g_task_propagate_boolean(G_TASK(result), error);
}

gboolean
libreswan_supports_interface(const Libreswan *self, GError **error)
{
	if (self->major == 5 && self->minor < 2) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
					"libreswan %u.%u puts addresses on an XFRM interface by itself: 5.2 or later, "
					"or 4.x, is needed (or ipsec-interface=no)",
					self->major, self->minor);
		return FALSE;
	}
	return TRUE;
}

guint32
libreswan_lowest_if_id(const Libreswan *self)
{
	return self->major < 5 ? 2 : 1;
}

void
libreswan_kill(GSubprocess *process)
{
	const char *text = g_subprocess_get_identifier(process);
	pid_t pid = text ? (pid_t) g_ascii_strtoll(text, NULL, 10) : 0;

	/* The group first: it has this number as long as a process is in it. */
	if (pid > 1)
		kill(-pid, SIGKILL);
	g_subprocess_force_exit(process);
}
