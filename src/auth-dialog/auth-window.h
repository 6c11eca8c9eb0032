/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For agents that do not show questions themselves: runs the program with the window, which has the
 * toolkit that this one does without.
 */

#pragma once

#include <gio/gio.h>

/**
 * auth_window_ask:
 * @program: its full path
 * @data: @len bytes: the questions (external-ui.h)
 * @prompts: (element-type AuthPrompt): those that are asked get their values
 * @quit_fd: where the agent says QUIT when nobody is to be asked any more; what it has said before
 *   this call is none
 *
 * Waits for the person. The secrets go by pipes; the window ends with this process.
 *
 * Returns: FALSE with %G_IO_ERROR_CANCELLED where the person or the agent does not want to, and
 * another error for people where there can be no window.
 */
gboolean auth_window_ask(const char *program, const char *data, gsize len, GPtrArray *prompts,
						 int quit_fd, GError **error);
