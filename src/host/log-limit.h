/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines that others can cause as often as they like: the first few of each kind are written, of the
 * rest how many there were.
 */
#pragma once

#include <glib.h>

/* A kind's lines are counted for so long, and then anew. */
#define LOG_LIMIT_WINDOW_MS 60000
/* More kinds than that at a time are one. */
#define LOG_LIMIT_KINDS 32

typedef struct _LogLimit LogLimit;

typedef struct {
	void (*write)(const char *text, gpointer user_data);
	gint64 (*now_ms)(gpointer user_data); /* NULL: the monotonic clock */
} LogLimitCallbacks;

LogLimit *log_limit_new(const LogLimitCallbacks *callbacks, gpointer user_data);

/** log_limit_free: what was left out is told. */
void log_limit_free(LogLimit *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LogLimit, log_limit_free)

/**
 * log_limit_line:
 * @kind: what lines of its kind have in common
 * @most: so many of them are written within LOG_LIMIT_WINDOW_MS
 *
 * Returns: whether @text was written.
 */
gboolean log_limit_line(LogLimit *self, const char *kind, guint most, const char *text);

/** log_limit_look: tells how many lines were left out where the time is over. It is called by a
 * timer of its own, while there are any. */
void log_limit_look(LogLimit *self);
