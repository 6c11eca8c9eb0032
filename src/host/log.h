/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where log lines go: to the journal with its levels, or to standard error.
 */
#pragma once

#include "log-event.h"

/**
 * log_start:
 * @debug: every event, state, action and line of pluto too
 *
 * The story of a connection is told at the levels notice and warning. pluto's own lines are at
 * info: always in the journal (journalctl -p info), on a terminal only with @debug.
 *
 * A message is one line on standard error, whatever is in it (one-line.h): a name with a line break
 * cannot pretend to be another message.
 */
void log_start(gboolean debug);

/** LogConnection: whose a line is, in the journal's fields: NetworkManager's lines have the same
 * ones, and nmcli names them when an activation has failed. */
typedef struct {
	const char *uuid;   /* NM_CONNECTION; NULL: nobody's */
	const char *device; /* NM_DEVICE: the tunnel's interface; NULL where there is none */
} LogConnection;

/**
 * log_serve:
 * @connection: copied
 *
 * The process serves this connection from now on: what is logged without saying whose it is, by
 * code that knows of no connection, is its too.
 */
void log_serve(LogConnection connection);

/** log_event: a line of the story of @connection, at the level of the event. */
void
log_event(LogEvent event, LogConnection connection, const char *format, ...) G_GNUC_PRINTF(3, 4);
