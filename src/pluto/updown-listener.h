/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "updown-event.h"

#include <sys/types.h>

/**
 * UpdownListener: the service's end of the helper's socket.
 *
 * One listener belongs to one instance of pluto, with a path of its own: a helper that a dead
 * pluto left behind then finds nobody, instead of reporting a dead SA to the living.
 *
 * It hands over what it could read and trust. Everything else (another uid, a message that is cut
 * off, too long, garbage, of another connection, a client that says nothing for
 * UPDOWN_WIRE_TIMEOUT_MS, more than 16 clients at once) changes nothing, is answered by closing the
 * connection, and is logged once per kind. What a helper says after its message nobody reads.
 */
typedef struct UpdownListener UpdownListener;

/**
 * UpdownListenerFunc: an event has arrived.
 *
 * @event: valid during the call. The helper, and pluto with it, stands still until this returns;
 * the listener may be freed in here, which lets it go without an answer.
 */
typedef void (*UpdownListenerFunc)(const UpdownEvent *event, gpointer user_data);

/**
 * updown_listener_new: listens on a new socket, with mode 0600, in the calling thread's default
 * main context.
 *
 * @path: must not exist and fit into sockaddr_un (107 bytes).
 * @connection: the only connection whose events are taken; NULL for any.
 * @uid: the only uid whose events are taken, by SO_PEERCRED: 0, but in tests.
 *
 * Returns: NULL with an error in G_IO_ERROR.
 */
UpdownListener *updown_listener_new(const char *path, const char *connection, uid_t uid,
									UpdownListenerFunc func, gpointer user_data, GError **error);

/** updown_listener_free: closes and unlinks the socket and lets every helper go. */
void updown_listener_free(UpdownListener *listener);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UpdownListener, updown_listener_free)

/** updown_listener_set_patience: how long a connected client may be silent, in milliseconds:
 * UPDOWN_WIRE_TIMEOUT_MS, but in tests. Of clients that connect from now on. */
void updown_listener_set_patience(UpdownListener *listener, guint patience_ms);

/** updown_listener_n_open: how many clients are connected, each with a pluto behind it that waits.
 */
guint updown_listener_n_open(const UpdownListener *listener);

/** updown_listener_n_refused: how many clients were sent away, for tests and the log. */
guint updown_listener_n_refused(const UpdownListener *listener);
