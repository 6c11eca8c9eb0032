/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where log lines go: to the journal with its levels, or to standard error.
 */
#pragma once

#include <glib.h>

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
