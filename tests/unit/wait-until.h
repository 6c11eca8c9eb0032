/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

static inline gboolean
on_tick(gpointer user_data)
{
	return G_SOURCE_CONTINUE;
}

/* Everything that is ready, then on until the condition holds. */
#define WAIT_UNTIL(condition)                                                                      \
	G_STMT_START                                                                                   \
	{                                                                                              \
		gint64 until = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;                               \
		guint tick = g_timeout_add(10, on_tick, NULL);                                             \
		while (g_main_context_iteration(NULL, FALSE))                                              \
			;                                                                                      \
		while (!(condition)) {                                                                     \
			g_assert_cmpint(g_get_monotonic_time(), <, until);                                     \
			g_main_context_iteration(NULL, TRUE);                                                  \
		}                                                                                          \
		g_source_remove(tick);                                                                     \
	}                                                                                              \
	G_STMT_END
