/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "pluto-guard.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guard-wire.h"

struct _PlutoGuard {
	int fd;
};

struct _GuardChannel {
	int fd;
	guint source;
	gboolean is_ready;
	const GuardChannelCallbacks *callbacks;
	gpointer user_data;
};

static gboolean
fail(GError **error, const char *what, const char *path)
{
	int saved = errno;

	g_set_error(error, G_IO_ERROR, g_io_error_from_errno(saved), "%s %s: %s", what, path,
				g_strerror(saved));
	return FALSE;
}

static gboolean
check_file(int fd, const char *path, GError **error)
{
	struct stat file;

	if (fstat(fd, &file) < 0)
		return fail(error, "cannot look at", path);
	if (!S_ISREG(file.st_mode)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "%s is not a regular file",
					path);
		return FALSE;
	}
	if (file.st_uid != 0 && file.st_uid != geteuid()) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
					"%s belongs to uid %u; it has to be root's", path, (guint) file.st_uid);
		return FALSE;
	}
	if (file.st_mode & (S_IWGRP | S_IWOTH)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
					"%s can be written to by others (mode %04o); it must not be", path,
					(guint) file.st_mode & 07777);
		return FALSE;
	}
	return TRUE;
}

PlutoGuard *
pluto_guard_open(const char *path, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	PlutoGuard *self;

	if (fd < 0) {
		fail(error, "cannot open", path);
		return NULL;
	}
	if (!check_file(fd, path, error)) {
		close(fd);
		return NULL;
	}
	self = g_new0(PlutoGuard, 1);
	self->fd = fd;
	return self;
}

void
pluto_guard_free(PlutoGuard *self)
{
	if (!self)
		return;
	close(self->fd);
	g_free(self);
}

static void
hear_no_trial(GuardChannel *self, const char *text)
{
	g_autofree char *escaped = g_strescape(text + strlen(GUARD_NO_TRIAL), "\"");
	g_autofree char *why = g_strconcat("it could not be tried out: ", escaped, NULL);

	self->callbacks->tried(why, self->user_data);
}

static void
hear_refused(GuardChannel *self, const char *text)
{
	g_autofree char *escaped = g_strescape(text + strlen(GUARD_REFUSED), "\"");

	self->callbacks->refused(escaped, self->user_data);
}

/* Returns FALSE where it means nothing. The channel may be freed in here. */
static gboolean
hear(GuardChannel *self, const char *text)
{
	const GuardChannelCallbacks *callbacks = self->callbacks;
	gpointer user_data = self->user_data;

	if (!self->is_ready) {
		self->is_ready = g_str_equal(text, GUARD_HELLO);
		if (self->is_ready)
			callbacks->ready(user_data);
		else
			return FALSE;
	} else if (g_str_has_prefix(text, GUARD_REFUSED)) {
		hear_refused(self, text);
	} else if (g_str_equal(text, GUARD_STOPPED GUARD_STATES)) {
		callbacks->stopped(GUARD_FLUSH_STATES, user_data);
	} else if (g_str_equal(text, GUARD_STOPPED GUARD_POLICIES)) {
		callbacks->stopped(GUARD_FLUSH_POLICIES, user_data);
	} else if (g_str_equal(text, GUARD_UNPROVEN)) {
		callbacks->unproven(user_data);
	} else if (g_str_equal(text, GUARD_KEPT)) {
		callbacks->tried(NULL, user_data);
	} else if (g_str_equal(text, GUARD_LOST)) {
		callbacks->tried("it has removed what was not its own", user_data);
	} else if (g_str_has_prefix(text, GUARD_NO_TRIAL)) {
		hear_no_trial(self, text);
	} else {
		return FALSE;
	}
	return TRUE;
}

static gboolean
on_message(int fd, GIOCondition condition, gpointer user_data)
{
	GuardChannel *self = user_data;
	char text[GUARD_WIRE_MAX + 1];
	ssize_t n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return G_SOURCE_CONTINUE;
	if (n > 0) {
		g_autofree char *escaped = NULL;

		text[n] = '\0';
		if (hear(self, text))
			return G_SOURCE_CONTINUE;
		/* Another version of the library: its promises are not those that we know. */
		escaped = g_strescape(text, NULL);
		g_warning("pluto's guard library says \"%.100s\", which means nothing here", escaped);
	}
	self->source = 0;
	self->callbacks->closed(self->user_data);
	return G_SOURCE_REMOVE;
}

GuardChannel *
guard_channel_new(const PlutoGuard *guard, GSubprocessLauncher *launcher,
				  const GuardChannelCallbacks *callbacks, gpointer user_data, GError **error)
{
	g_autofree char *preload = g_strdup_printf("/proc/self/fd/%d", GUARD_LIBRARY_FD);
	int ends[2], library = fcntl(guard->fd, F_DUPFD_CLOEXEC, 0);
	GuardChannel *self;

	if (library < 0) {
		fail(error, "cannot hand over", "pluto's guard library");
		return NULL;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
		fail(error, "cannot make the socket of", "pluto's guard library");
		close(library);
		return NULL;
	}
	g_subprocess_launcher_take_fd(launcher, ends[1], GUARD_FD);
	g_subprocess_launcher_take_fd(launcher, library, GUARD_LIBRARY_FD);
	g_subprocess_launcher_setenv(launcher, "LD_PRELOAD", preload, TRUE);
	self = g_new0(GuardChannel, 1);
	self->fd = ends[0];
	self->callbacks = callbacks;
	self->user_data = user_data;
	self->source = g_unix_fd_add(ends[0], G_IO_IN | G_IO_HUP | G_IO_ERR, on_message, self);
	return self;
}

void
guard_channel_go(GuardChannel *self, GuardRespond respond, GuardRun run, const char *updown)
{
	static const char *const runs[] = {GUARD_UNKNOWN, GUARD_FLUSHES, GUARD_TRIAL};
	const char *mode = respond == GUARD_RESPOND_MAIN_MODE ? GUARD_MAIN_MODE : GUARD_INITIATOR;
	g_autofree char *text = g_strconcat(GUARD_GO, mode, " ", runs[run], " ", updown, NULL);

	/* Where it is too long or the program is gone, closed() says so: the program ends without it.
	 */
	if (strlen(text) > GUARD_WIRE_MAX ||
		send(self->fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		shutdown(self->fd, SHUT_RDWR);
}

void
guard_channel_read(GuardChannel *self)
{
	char text[GUARD_WIRE_MAX + 1];
	ssize_t n;

	while (self->source && (n = recv(self->fd, text, sizeof(text) - 1, MSG_DONTWAIT)) > 0) {
		text[n] = '\0';
		hear(self, text);
	}
}

void
guard_channel_free(GuardChannel *self)
{
	if (!self)
		return;
	g_clear_handle_id(&self->source, g_source_remove);
	close(self->fd);
	g_free(self);
}
