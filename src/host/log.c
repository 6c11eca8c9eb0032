/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "log.h"

#include <stdio.h>
#include <string.h>

#include "one-line.h"

static gboolean want_debug;
static gboolean to_journal;

/* With the whole name: the kernel's name of the process, which the journal takes otherwise, ends
 * after 15 letters. */
static GLogWriterOutput
write_journal(GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
	g_autofree GLogField *all = g_new(GLogField, n_fields + 1);

	memcpy(all, fields, n_fields * sizeof(*fields));
	all[n_fields] = (GLogField){"SYSLOG_IDENTIFIER", "nm-libreswan-service", -1};
	return g_log_writer_journald(level, all, n_fields + 1, user_data);
}

/* A field of the journal may have line breaks, a stream has nothing but them to tell a message from
 * the next. GLib escapes other control characters. */
static GLogWriterOutput
write_stream(GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
	g_autofree GLogField *all = g_new(GLogField, n_fields);
	g_autofree char *line = NULL;

	memcpy(all, fields, n_fields * sizeof(*fields));
	for (gsize i = 0; i < n_fields; i++) {
		g_autofree char *text = NULL;

		if (strcmp(all[i].key, "MESSAGE") != 0 || line)
			continue;
		text = all[i].length < 0 ? g_strdup(all[i].value)
								 : g_strndup(all[i].value, (gsize) all[i].length);
		line = one_line(text, 0);
		all[i] = (GLogField){"MESSAGE", line, -1};
	}
	return g_log_writer_standard_streams(level, all, n_fields, user_data);
}

static GLogWriterOutput
write_log(GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
	GLogLevelFlags least = want_debug   ? G_LOG_LEVEL_DEBUG
						   : to_journal ? G_LOG_LEVEL_INFO
										: G_LOG_LEVEL_MESSAGE;

	/* The smaller the number, the graver the message. */
	if ((level & G_LOG_LEVEL_MASK) > least)
		return G_LOG_WRITER_HANDLED;
	if (to_journal && write_journal(level, fields, n_fields, user_data) == G_LOG_WRITER_HANDLED)
		return G_LOG_WRITER_HANDLED;
	return write_stream(level, fields, n_fields, user_data);
}

void
log_start(gboolean debug)
{
	want_debug = debug;
	to_journal = g_log_writer_is_journald(fileno(stderr));
	g_log_set_writer_func(write_log, NULL, NULL);
}
