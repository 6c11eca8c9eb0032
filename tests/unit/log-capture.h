/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>
#include <string.h>

/*
 * What our code logs from "notice" on, for tests in which much is logged: it is kept, and every
 * warning has to be looked for, or the test fails.
 */
static GPtrArray *log_captured; /* of lines, each after its level: "warning: ..." */

static inline void
log_capture_take(const char *domain, GLogLevelFlags level, const char *message, gpointer unused)
{
	const char *word = level & G_LOG_LEVEL_WARNING ? "warning" : "message";

	g_ptr_array_add(log_captured, g_strdup_printf("%s: %s", word, message));
	g_test_message("%s: %s", word, message);
}

static inline const char *
log_capture_field(const GLogField *fields, gsize n_fields, const char *key)
{
	for (gsize i = 0; i < n_fields; i++) {
		if (g_str_equal(fields[i].key, key))
			return fields[i].value;
	}
	return "-";
}

/* What has fields of its own goes past g_log()'s handlers. The fields are kept as a line before it:
 * "event ID of UUID on DEVICE". */
static inline GLogWriterOutput
log_capture_write(GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer unused)
{
	const char *id = log_capture_field(fields, n_fields, "MESSAGE_ID");

	if (id[0] == '-')
		return g_log_writer_default(level, fields, n_fields, NULL);
	g_ptr_array_add(log_captured,
					g_strdup_printf("event %s of %s on %s", id,
									log_capture_field(fields, n_fields, "NM_CONNECTION"),
									log_capture_field(fields, n_fields, "NM_DEVICE")));
	log_capture_take(NULL, level, log_capture_field(fields, n_fields, "MESSAGE"), NULL);
	return G_LOG_WRITER_HANDLED;
}

/* To be called once, after g_test_init(). */
static inline void
log_capture_start(void)
{
	log_captured = g_ptr_array_new_with_free_func(g_free);
	g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
	g_log_set_handler(G_LOG_DOMAIN, G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE, log_capture_take,
					  NULL);
	g_log_set_writer_func(log_capture_write, NULL, NULL);
}

/* Forgets the first line that matches; false where there is none. */
static inline gboolean
log_capture_find(const char *pattern)
{
	for (guint i = 0; i < log_captured->len; i++) {
		if (!g_pattern_match_simple(pattern, log_captured->pdata[i]))
			continue;
		g_ptr_array_remove_index(log_captured, i);
		return TRUE;
	}
	return FALSE;
}

static inline void
log_capture_fail(const char *where, const char *pattern)
{
	for (guint i = 0; i < log_captured->len; i++)
		g_printerr("# logged: %s\n", (const char *) log_captured->pdata[i]);
	g_error("%s: not as it should be in the log: %s", where, pattern);
}

#define assert_logged(pattern)                                                                     \
	do {                                                                                           \
		if (!log_capture_find(pattern))                                                            \
			log_capture_fail(G_STRLOC, pattern);                                                   \
	} while (0)

#define assert_not_logged(pattern)                                                                 \
	do {                                                                                           \
		if (log_capture_find(pattern))                                                             \
			log_capture_fail(G_STRLOC, pattern);                                                   \
	} while (0)

/* At the end of each test. */
#define log_capture_end()                                                                          \
	do {                                                                                           \
		assert_not_logged("warning: *");                                                           \
		g_ptr_array_set_size(log_captured, 0);                                                     \
	} while (0)
