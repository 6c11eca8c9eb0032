/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "updown-listener.h"
#include "updown-wire.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* pluto runs one helper at a time; more than a few at once is not pluto. */
#define MAX_CLIENTS 16

/* Why a client was sent away. Each kind is logged once in the life of a listener. */
typedef enum {
	REFUSED_CROWD,
	REFUSED_UID,
	REFUSED_SILENT,
	REFUSED_OVERSIZED,
	REFUSED_EMPTY,
	REFUSED_EVENT, /* and as many more as UpdownEventError has */
} Refusal;

struct UpdownListener {
	char *path;
	char *connection;
	uid_t uid;
	guint patience_ms;
	UpdownListenerFunc func;
	gpointer user_data;

	int fd;
	GSource *source;
	GPtrArray *clients; /* of Client */
	guint refused;
	guint logged; /* a bit for each Refusal */
};

/* A connected helper, from accept to its end. */
typedef struct {
	UpdownListener *listener;
	int fd;
	pid_t pid;
	GSource *source;
	GSource *deadline; /* until the message is there */
} Client;

static void
clear_source(GSource **source)
{
	if (!*source)
		return;
	g_source_destroy(*source);
	g_clear_pointer(source, g_source_unref);
}

/* Ends the connection; the helper goes on. */
static void
client_free(gpointer data)
{
	Client *client = data;

	clear_source(&client->source);
	clear_source(&client->deadline);
	close(client->fd);
	g_free(client);
}

static void
drop(Client *client)
{
	g_ptr_array_remove_fast(client->listener->clients, client);
}

G_GNUC_PRINTF(4, 5)
static void
refuse(UpdownListener *listener, guint kind, pid_t pid, const char *format, ...)
{
	g_autofree char *why = NULL;
	va_list args;

	listener->refused++;
	va_start(args, format);
	why = g_strdup_vprintf(format, args);
	va_end(args);
	if (listener->logged & (1u << kind)) {
		g_debug("updown: another event from pid %d is ignored: %s", (int) pid, why);
		return;
	}
	listener->logged |= 1u << kind;
	g_message("updown: an event from pid %d is ignored: %s", (int) pid, why);
}

static GSource *
watch(int fd, GUnixFDSourceFunc func, gpointer user_data)
{
	GSource *source = g_unix_fd_source_new(fd, G_IO_IN);

	g_source_set_callback(source, G_SOURCE_FUNC(func), user_data, NULL);
	g_source_attach(source, g_main_context_get_thread_default());
	return source;
}

/* A helper that is gone meanwhile is no error. */
static void
answer(Client *client)
{
	static const char byte = UPDOWN_WIRE_ANSWER;

	if (send(client->fd, &byte, sizeof(byte), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		g_debug("updown: the helper with pid %d is gone", (int) client->pid);
}

/* The listener may be freed in there, and the client with it. */
static void
hand_over(Client *client, const UpdownEvent *event)
{
	UpdownListener *listener = client->listener;
	g_autoptr(GPtrArray) clients = g_ptr_array_ref(listener->clients);

	listener->func(event, listener->user_data);
	if (!g_ptr_array_find(clients, client, NULL))
		return;
	answer(client);
	drop(client);
}

static gboolean
on_message(int fd, GIOCondition condition, gpointer user_data)
{
	Client *client = user_data;
	UpdownListener *listener = client->listener;
	g_autofree char *buffer = g_malloc(UPDOWN_WIRE_MAX);
	g_autoptr(UpdownEvent) event = NULL;
	g_autoptr(GError) error = NULL;
	ssize_t len = recv(fd, buffer, UPDOWN_WIRE_MAX, MSG_DONTWAIT | MSG_TRUNC);

	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return G_SOURCE_CONTINUE;
	if (len <= 0) {
		refuse(listener, REFUSED_EMPTY, client->pid, "it closed the connection without a message");
	} else if (len > UPDOWN_WIRE_MAX) {
		refuse(listener, REFUSED_OVERSIZED, client->pid, "its message has %zd bytes, more than %d",
			   len, UPDOWN_WIRE_MAX);
	} else {
		event = updown_event_parse(buffer, len, listener->connection, &error);
		if (!event)
			refuse(listener, REFUSED_EVENT + error->code, client->pid, "%s", error->message);
	}
	if (event)
		hand_over(client, event);
	else
		drop(client);
	return G_SOURCE_REMOVE;
}

static gboolean
on_silence(gpointer user_data)
{
	Client *client = user_data;

	refuse(client->listener, REFUSED_SILENT, client->pid, "it sends no message for %u ms",
		   client->listener->patience_ms);
	drop(client);
	return G_SOURCE_REMOVE;
}

static gboolean
on_client(int listening, GIOCondition condition, gpointer user_data)
{
	UpdownListener *listener = user_data;
	int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct ucred peer = {0};
	socklen_t len = sizeof(peer);
	Client *client;

	if (fd < 0)
		return G_SOURCE_CONTINUE;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0 || peer.uid != listener->uid) {
		refuse(listener, REFUSED_UID, peer.pid, "it is of uid %u, not %u", peer.uid, listener->uid);
		close(fd);
		return G_SOURCE_CONTINUE;
	}
	if (listener->clients->len >= MAX_CLIENTS) {
		refuse(listener, REFUSED_CROWD, peer.pid, "there are %d others already", MAX_CLIENTS);
		close(fd);
		return G_SOURCE_CONTINUE;
	}

	client = g_new0(Client, 1);
	client->listener = listener;
	client->fd = fd;
	client->pid = peer.pid;
	client->source = watch(fd, on_message, client);
	client->deadline = g_timeout_source_new(listener->patience_ms);
	g_source_set_callback(client->deadline, on_silence, client, NULL);
	g_source_attach(client->deadline, g_main_context_get_thread_default());
	g_ptr_array_add(listener->clients, client);
	return G_SOURCE_CONTINUE;
}

static gboolean
fail(GError **error, const char *what, const char *path)
{
	int saved = errno;

	g_set_error(error, G_IO_ERROR, g_io_error_from_errno(saved),
				"cannot %s the updown socket %s: %s", what, path, g_strerror(saved));
	return FALSE;
}

static gboolean
bind_and_listen(int fd, const char *path, GError **error)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	mode_t mask;
	int n;

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return fail(error, "bind", path);
	}
	g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
	/* Mode 0600 from the first moment; nobody else makes files while this runs. */
	mask = umask(0177);
	n = bind(fd, (struct sockaddr *) &address, sizeof(address));
	umask(mask);
	if (n < 0)
		return fail(error, "bind", path);
	if (listen(fd, MAX_CLIENTS) < 0) {
		fail(error, "listen on", path);
		unlink(path);
		return FALSE;
	}
	return TRUE;
}

UpdownListener *
updown_listener_new(const char *path, const char *connection, uid_t uid, UpdownListenerFunc func,
					gpointer user_data, GError **error)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	UpdownListener *listener;

	if (fd < 0) {
		fail(error, "make", path);
		return NULL;
	}
	if (!bind_and_listen(fd, path, error)) {
		close(fd);
		return NULL;
	}
	listener = g_new0(UpdownListener, 1);
	listener->path = g_strdup(path);
	listener->connection = g_strdup(connection);
	listener->uid = uid;
	listener->patience_ms = UPDOWN_WIRE_TIMEOUT_MS;
	listener->func = func;
	listener->user_data = user_data;
	listener->fd = fd;
	listener->clients = g_ptr_array_new_with_free_func(client_free);
	listener->source = watch(fd, on_client, listener);
	return listener;
}

void
updown_listener_free(UpdownListener *listener)
{
	if (!listener)
		return;
	clear_source(&listener->source);
	unlink(listener->path);
	close(listener->fd);
	g_ptr_array_set_size(listener->clients, 0);
	g_ptr_array_unref(listener->clients);
	g_free(listener->path);
	g_free(listener->connection);
	g_free(listener);
}

void
updown_listener_set_patience(UpdownListener *listener, guint patience_ms)
{
	listener->patience_ms = patience_ms;
}

guint
updown_listener_n_open(const UpdownListener *listener)
{
	return listener->clients->len;
}

guint
updown_listener_n_refused(const UpdownListener *listener)
{
	return listener->refused;
}
