/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "prompt-proxy.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "one-line.h"

/* A line of pluto's is shorter; what is longer is no question, and goes through as it is. */
#define LINE_MAX_BYTES 4096
/* Before each line, of whack's: a number of three digits and a blank. */
#define NUMBER_LENGTH 4
/* What the gateway says, before its question (xauth_inI0() in pluto's ikev1_xauth.c). */
#define MESSAGE_BEGINS "XAUTH Message: "

struct _PromptProxy {
	char *path, *control, *connection;
	PromptFunc func;
	gpointer user_data;
	int listener;
	guint listener_source;
	int whack, pluto; /* the two ends; -1: not there */
	guint whack_source, pluto_source;
	GString *line;    /* of pluto's, without its end yet */
	GString *message; /* NULL: none since the last question */
	gboolean asking;
};

static gboolean
fill_address(struct sockaddr_un *address, const char *path)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (g_strlcpy(address->sun_path, path, sizeof(address->sun_path)) < sizeof(address->sun_path))
		return TRUE;
	errno = ENAMETOOLONG;
	return FALSE;
}

static void
close_end(int *fd, guint *source)
{
	g_clear_handle_id(source, g_source_remove);
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Whichever has gone: neither has anything to say without the other. */
static void
hang_up(PromptProxy *self)
{
	close_end(&self->whack, &self->whack_source);
	close_end(&self->pluto, &self->pluto_source);
	self->asking = FALSE;
}

/* Both are local and say little: what does not fit their socket's buffer is somebody's defect. */
static gboolean
pass_on(PromptProxy *self, int to, const char *data, gsize len)
{
	if (send(to, data, len, MSG_NOSIGNAL) == (gssize) len)
		return TRUE;
	g_debug("whack or pluto takes no more: %s", g_strerror(errno));
	hang_up(self);
	return FALSE;
}

/* Behind the number: "vpn" #1: or "vpn"[1] 192.0.2.1 #1:, and with 4.10 the name once more. NULL
 * for a line of something else. */
static const char *
skip_head(const PromptProxy *self, const char *line)
{
	g_autofree char *quoted = g_strdup_printf("\"%s\"", self->connection);
	g_autofree char *again = g_strconcat(self->connection, " ", NULL);
	const char *text;

	if (strlen(line) < NUMBER_LENGTH || strspn(line, "0123456789") != NUMBER_LENGTH - 1 ||
		line[NUMBER_LENGTH - 1] != ' ' || !g_str_has_prefix(line + NUMBER_LENGTH, quoted))
		return NULL;
	text = strstr(line + NUMBER_LENGTH + strlen(quoted), ": ");
	if (!text)
		return NULL;
	text += 2;
	return g_str_has_prefix(text, again) ? text + strlen(again) : text;
}

static gboolean
find_question(const char *text, PromptKind *kind)
{
	static const char *const questions[] = {
		[PROMPT_USER] = "prompt for Username:",
		[PROMPT_PASSWORD] = "prompt for Password:",
	};

	for (guint i = 0; i < G_N_ELEMENTS(questions); i++) {
		const gsize len = strlen(questions[i]);

		if (strncmp(text, questions[i], len) == 0 && !text[len + strspn(text + len, " ")]) {
			*kind = (PromptKind) i;
			return TRUE;
		}
	}
	return FALSE;
}

/* The text may have line breaks in it, as pluto prints it as it is. */
static void
keep_message(PromptProxy *self, const char *text, const char *line)
{
	if (text && g_str_has_prefix(text, MESSAGE_BEGINS)) {
		if (self->message)
			g_string_free(self->message, TRUE);
		self->message = g_string_new(text + strlen(MESSAGE_BEGINS));
	} else if (!text && self->message && self->message->len < LINE_MAX_BYTES) {
		g_string_append_c(self->message, ' ');
		g_string_append(self->message, line);
	}
}

static char *
take_message(PromptProxy *self)
{
	g_autofree char *text = NULL;

	if (!self->message)
		return NULL;
	text = g_string_free(g_steal_pointer(&self->message), FALSE);
	g_strstrip(text);
	return *text ? one_line(text, PROMPT_MESSAGE_MAX) : NULL;
}

/* FALSE where the two have gone. */
static gboolean
take_line(PromptProxy *self)
{
	const char *text = skip_head(self, self->line->str);
	g_autofree char *message = NULL;
	gboolean is_passed;
	PromptKind kind;

	if (text && find_question(text, &kind)) {
		g_string_truncate(self->line, 0);
		self->asking = TRUE;
		message = take_message(self);
		self->func(kind, message, self->user_data);
		return self->pluto >= 0;
	}
	keep_message(self, text, self->line->str);
	g_string_append_c(self->line, '\n');
	is_passed = pass_on(self, self->whack, self->line->str, self->line->len);
	g_string_truncate(self->line, 0);
	return is_passed;
}

/* @source: that called us. @data: LINE_MAX_BYTES of them.
 *
 * Returns: how many there are, 0 for none yet, -1 where that end has gone, and the other with it.
 */
static gssize
receive(PromptProxy *self, int fd, guint *source, char *data)
{
	gssize n = recv(fd, data, LINE_MAX_BYTES, MSG_DONTWAIT);

	if (n > 0)
		return n;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	*source = 0;
	hang_up(self);
	return -1;
}

static gboolean
on_pluto(gint fd, GIOCondition condition, gpointer user_data)
{
	PromptProxy *self = user_data;
	char data[LINE_MAX_BYTES];
	gssize n = receive(self, fd, &self->pluto_source, data);

	if (n <= 0)
		return n == 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
	for (gssize i = 0; i < n; i++) {
		if (data[i] != '\n')
			g_string_append_c(self->line, data[i]);
		else if (!take_line(self))
			return G_SOURCE_REMOVE;
		if (self->line->len < LINE_MAX_BYTES)
			continue;
		if (!pass_on(self, self->whack, self->line->str, self->line->len))
			return G_SOURCE_REMOVE;
		g_string_truncate(self->line, 0);
	}
	return G_SOURCE_CONTINUE;
}

static gboolean
on_whack(gint fd, GIOCondition condition, gpointer user_data)
{
	PromptProxy *self = user_data;
	char data[LINE_MAX_BYTES];
	gssize n = receive(self, fd, &self->whack_source, data);

	if (n <= 0)
		return n == 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
	return pass_on(self, self->pluto, data, (gsize) n) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static int
connect_to(const char *path)
{
	struct sockaddr_un address;
	int fd;

	if (!fill_address(&address, path))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *) &address, sizeof(address)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static gboolean
on_client(gint fd, GIOCondition condition, gpointer user_data)
{
	PromptProxy *self = user_data;

	self->whack = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
	if (self->whack < 0)
		return G_SOURCE_CONTINUE;
	unlink(self->path);
	self->pluto = connect_to(self->control);
	if (self->pluto < 0) {
		g_info("cannot reach pluto at %s: %s", self->control, g_strerror(errno));
		hang_up(self);
	} else {
		self->whack_source = g_unix_fd_add(self->whack, G_IO_IN | G_IO_HUP, on_whack, self);
		self->pluto_source = g_unix_fd_add(self->pluto, G_IO_IN | G_IO_HUP, on_pluto, self);
	}
	self->listener_source = 0;
	return G_SOURCE_REMOVE;
}

static gboolean
listen_at(PromptProxy *self, GError **error)
{
	struct sockaddr_un address;
	mode_t mask;
	int n = -1;

	self->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (self->listener >= 0 && fill_address(&address, self->path)) {
		/* Of an instance before this one. */
		unlink(self->path);
		/* Mode 0600 from the first moment; nobody else makes files while this runs. */
		mask = umask(0177);
		n = bind(self->listener, (struct sockaddr *) &address, sizeof(address));
		umask(mask);
	}
	if (n == 0 && listen(self->listener, 1) == 0)
		return TRUE;
	g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "cannot listen at %s: %s",
				self->path, g_strerror(errno));
	return FALSE;
}

PromptProxy *
prompt_proxy_new(const char *path, const char *control, const char *connection, PromptFunc func,
				 gpointer user_data, GError **error)
{
	g_autoptr(PromptProxy) self = g_new0(PromptProxy, 1);

	self->path = g_strdup(path);
	self->control = g_strdup(control);
	self->connection = g_strdup(connection);
	self->func = func;
	self->user_data = user_data;
	self->whack = self->pluto = -1;
	self->line = g_string_new(NULL);
	if (!listen_at(self, error))
		return NULL;
	self->listener_source = g_unix_fd_add(self->listener, G_IO_IN, on_client, self);
	return g_steal_pointer(&self);
}

void
prompt_proxy_free(PromptProxy *self)
{
	if (!self)
		return;
	hang_up(self);
	if (self->listener_source != 0)
		unlink(self->path);
	close_end(&self->listener, &self->listener_source);
	g_string_free(self->line, TRUE);
	if (self->message)
		g_string_free(self->message, TRUE);
	g_free(self->path);
	g_free(self->control);
	g_free(self->connection);
	g_free(self);
}

gboolean
prompt_proxy_is_asking(const PromptProxy *self)
{
	return self->asking;
}

gboolean
prompt_proxy_answer(PromptProxy *self, const char *answer)
{
	const gsize len = strlen(answer);

	if (!self->asking || len == 0 || len > PROMPT_ANSWER_MAX)
		return FALSE;
	self->asking = FALSE;
	/* With its NUL, as whack sends it. */
	return pass_on(self, self->pluto, answer, len + 1);
}
