/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "fake-libreswan.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PROGRAM     BUILDDIR "/tests/unit/fake-pluto"
#define GUARD       BUILDDIR "/.libs/pluto-guard.so"

#define MESSAGE_MAX 65536
/* Longer than anything takes on a machine that is busy with other things and has sanitizers. */
#define PATIENCE_US (30 * G_TIME_SPAN_SECOND)

struct FakeLibreswan {
	char *directory;
	int fd;
	guint source;
	char *path; /* $PATH as it was */
	GHashTable *scripts;
	GPtrArray *processes;
};

struct FakeProcess {
	FakeLibreswan *owner;
	int fd;
	guint source;
	char *role; /* NULL before it has said so */
	char *arguments;
	GPid pid;
	guint n_sent, n_done;
	int status;
	gboolean taken, asked, gone;
};

static const char *const programs[] = {"pluto", "whack", "certutil"};

/* Wakes the main loop, so that until() can see the time. */
static gboolean
on_tick(gpointer unused)
{
	return G_SOURCE_CONTINUE;
}

void
until_iterate(const char *where, const char *condition, gint64 began_us)
{
	GSource *tick = g_timeout_source_new(200);

	if (g_get_real_time() - began_us > PATIENCE_US)
		g_error("%s: waited in vain for: %s", where, condition);
	g_source_set_callback(tick, on_tick, NULL, NULL);
	g_source_attach(tick, NULL);
	g_main_context_iteration(NULL, TRUE);
	g_source_destroy(tick);
	g_source_unref(tick);
}

void
drain(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

static void
process_free(gpointer data)
{
	FakeProcess *self = data;

	g_clear_handle_id(&self->source, g_source_remove);
	if (self->fd >= 0)
		close(self->fd);
	if (!self->gone && self->pid > 0)
		kill(self->pid, SIGKILL);
	g_free(self->role);
	g_free(self->arguments);
	g_free(self);
}

/* The service may end a program before it has had its script, a whack with its pluto for instance.
 */
static void
run_script(FakeProcess *self)
{
	const char *script = g_hash_table_lookup(self->owner->scripts, self->role);
	g_auto(GStrv) commands = script ? g_strsplit(script, "|", -1) : NULL;

	self->taken = script != NULL;
	for (guint i = 0; commands && commands[i]; i++) {
		const ssize_t len = strlen(commands[i]);

		if (send(self->fd, commands[i], len, MSG_NOSIGNAL) != len) {
			g_assert_true(errno == EPIPE || errno == ECONNRESET);
			return;
		}
		self->n_sent++;
	}
}

static void
introduced(FakeProcess *self, const char *message)
{
	g_auto(GStrv) words = g_strsplit(message, " ", 3);

	self->role = g_strdup(words[0]);
	self->arguments = g_strdup(message + strlen(words[0]) + 1);
	self->pid = (GPid) g_ascii_strtoll(words[1], NULL, 10);
	run_script(self);
}

static void
heard(FakeProcess *self, const char *message)
{
	if (!self->role) {
		introduced(self, message);
	} else if (g_str_has_prefix(message, "done")) {
		self->n_done++;
		if (message[4])
			self->status = (int) g_ascii_strtoll(message + 4, NULL, 10);
	} else if (g_str_equal(message, "term")) {
		self->asked = TRUE;
	} else {
		g_error("fake %s says: %s", self->role, message);
	}
}

static gboolean
on_message(gint fd, GIOCondition condition, gpointer user_data)
{
	g_autofree char *message = g_malloc(MESSAGE_MAX);
	FakeProcess *self = user_data;
	ssize_t n = recv(fd, message, MESSAGE_MAX - 1, 0);

	if (n <= 0) {
		self->gone = TRUE;
		self->source = 0;
		return G_SOURCE_REMOVE;
	}
	message[n] = '\0';
	heard(self, message);
	return G_SOURCE_CONTINUE;
}

static gboolean
on_connection(gint fd, GIOCondition condition, gpointer user_data)
{
	FakeLibreswan *self = user_data;
	FakeProcess *process = g_new0(FakeProcess, 1);

	process->owner = self;
	process->fd = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
	g_assert_cmpint(process->fd, >=, 0);
	process->source = g_unix_fd_add(process->fd, G_IO_IN | G_IO_HUP, on_message, process);
	g_ptr_array_add(self->processes, process);
	return G_SOURCE_CONTINUE;
}

static void
listen_at(FakeLibreswan *self)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	g_snprintf(address.sun_path, sizeof(address.sun_path), "%s/control", self->directory);
	self->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	g_assert_cmpint(bind(self->fd, (const struct sockaddr *) &address, sizeof(address)), ==, 0);
	g_assert_cmpint(listen(self->fd, 64), ==, 0);
	self->source = g_unix_fd_add(self->fd, G_IO_IN, on_connection, self);
}

FakeLibreswan *
fake_libreswan_new(void)
{
	FakeLibreswan *self = g_new0(FakeLibreswan, 1);
	g_autoptr(GError) error = NULL;
	g_autofree char *path = NULL;

	self->directory = g_dir_make_tmp("libreswan-XXXXXX", &error);
	g_assert_no_error(error);
	self->scripts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	self->processes = g_ptr_array_new_with_free_func(process_free);
	for (guint i = 0; i < G_N_ELEMENTS(programs); i++) {
		g_autofree char *link = g_build_filename(self->directory, programs[i], NULL);

		g_assert_cmpint(symlink(PROGRAM, link), ==, 0);
	}
	fake_libreswan_script(self, "version", "out Libreswan 5.2|exit 0");
	fake_libreswan_script(self, "whack", "out FIPS mode disabled|exit 0");
	fake_libreswan_script(self, "certutil", "make-database|exit 0");
	listen_at(self);
	self->path = g_strdup(g_getenv("PATH"));
	path = g_strdup_printf("%s:%s", self->directory, self->path);
	g_setenv("PATH", path, TRUE);
	return self;
}

Libreswan *
fake_libreswan_open(const FakeLibreswan *self)
{
	g_autoptr(GError) error = NULL;
	Libreswan *libreswan = libreswan_new(self->directory, &error);

	g_assert_no_error(error);
	libreswan_set_guard(libreswan, GUARD);
	return libreswan;
}

void
fake_libreswan_free(FakeLibreswan *self)
{
	g_autofree char *socket_path = NULL;

	if (!self)
		return;
	g_ptr_array_unref(self->processes);
	g_hash_table_unref(self->scripts);
	g_source_remove(self->source);
	close(self->fd);
	socket_path = g_build_filename(self->directory, "control", NULL);
	g_unlink(socket_path);
	for (guint i = 0; i < G_N_ELEMENTS(programs); i++)
		fake_libreswan_remove(self, programs[i]);
	g_assert_cmpint(g_rmdir(self->directory), ==, 0);
	g_setenv("PATH", self->path, TRUE);
	g_free(self->path);
	g_free(self->directory);
	g_free(self);
}

const char *
fake_libreswan_directory(const FakeLibreswan *self)
{
	return self->directory;
}

void
fake_libreswan_script(FakeLibreswan *self, const char *role, const char *commands)
{
	g_hash_table_insert(self->scripts, (gpointer) role, g_strdup(commands));
}

void
fake_libreswan_remove(FakeLibreswan *self, const char *name)
{
	g_autofree char *path = g_build_filename(self->directory, name, NULL);

	g_unlink(path);
}

guint
fake_libreswan_count(const FakeLibreswan *self, const char *role)
{
	guint n = 0;

	for (guint i = 0; i < self->processes->len; i++) {
		const FakeProcess *process = self->processes->pdata[i];

		n += process->role && g_str_equal(process->role, role);
	}
	return n;
}

static FakeProcess *
find_next(FakeLibreswan *self, const char *role)
{
	for (guint i = 0; i < self->processes->len; i++) {
		FakeProcess *process = self->processes->pdata[i];

		if (!process->taken && process->role && g_str_equal(process->role, role))
			return process;
	}
	return NULL;
}

FakeProcess *
fake_next(FakeLibreswan *self, const char *role)
{
	FakeProcess *process;

	until((process = find_next(self, role)));
	process->taken = TRUE;
	return process;
}

const char *
fake_arguments(const FakeProcess *process)
{
	return process->arguments;
}

GPid
fake_pid(const FakeProcess *process)
{
	return process->pid;
}

static void
send_va(FakeProcess *process, const char *format, va_list args)
{
	g_autofree char *text = g_strdup_vprintf(format, args);

	g_assert_cmpuint(strlen(text), <, MESSAGE_MAX);
	g_assert_cmpint(send(process->fd, text, strlen(text), MSG_NOSIGNAL), ==, strlen(text));
	process->n_sent++;
}

void
fake_send(FakeProcess *process, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	send_va(process, format, args);
	va_end(args);
}

void
fake_do(FakeProcess *process, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	send_va(process, format, args);
	va_end(args);
	until(fake_is_idle(process) || process->gone);
}

int
fake_status(const FakeProcess *process)
{
	return process->status;
}

gboolean
fake_is_idle(const FakeProcess *process)
{
	return process->n_done == process->n_sent;
}

gboolean
fake_was_asked(const FakeProcess *process)
{
	return process->asked;
}

gboolean
fake_is_gone(const FakeProcess *process)
{
	return process->gone;
}

void
fake_hang_up(FakeProcess *process)
{
	shutdown(process->fd, SHUT_RDWR);
}
