/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "log.h"

#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "one-line.h"

static gboolean want_debug;
static gboolean to_journal;

/* The connection that the process serves; empty for none. */
static char served_uuid[64];
static char served_device[IFNAMSIZ];

static const struct {
	GLogLevelFlags level;
	const char *id;
} events[] = {
#define LOG_EVENT_ROW(NAME, level, id) [LOG_EVENT_##NAME] = {level, id},
	LOG_EVENTS(LOG_EVENT_ROW)};

#define FIELDS_MAX 8

typedef struct {
	GLogField all[FIELDS_MAX];
	gsize n;
} Fields;

static void
add_field(Fields *fields, const char *key, const char *value)
{
	g_assert(fields->n < FIELDS_MAX);
	fields->all[fields->n++] = (GLogField){key, value, -1};
}

/* A field is one word, which people paste into commands. */
static gboolean
is_word(const char *text, gsize size)
{
	const gsize len = text ? strlen(text) : 0;

	return len > 0 && len < size &&
		   strspn(text, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.") == len;
}

static void
add_connection(Fields *fields, const char *uuid, const char *device)
{
	if (!is_word(uuid, sizeof(served_uuid)))
		return;
	add_field(fields, "NM_CONNECTION", uuid);
	if (is_word(device, sizeof(served_device)))
		add_field(fields, "NM_DEVICE", device);
}

static gboolean
is_event(const GLogField *fields, gsize n_fields)
{
	for (gsize i = 0; i < n_fields; i++) {
		if (strcmp(fields[i].key, "MESSAGE_ID") == 0)
			return TRUE;
	}
	return FALSE;
}

/* With the whole name: the kernel's name of the process, which the journal takes otherwise, ends
 * after 15 letters. */
static GLogWriterOutput
write_journal(GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
	g_autofree GLogField *all = g_new(GLogField, n_fields + FIELDS_MAX);
	Fields more = {0};

	add_field(&more, "SYSLOG_IDENTIFIER", "nm-libreswan-service");
	if (!is_event(fields, n_fields))
		add_connection(&more, served_uuid, served_device);
	memcpy(all, fields, n_fields * sizeof(*fields));
	memcpy(all + n_fields, more.all, more.n * sizeof(*fields));
	return g_log_writer_journald(level, all, n_fields + more.n, user_data);
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

void
log_serve(LogConnection connection)
{
	g_strlcpy(served_uuid, connection.uuid ? connection.uuid : "", sizeof(served_uuid));
	g_strlcpy(served_device, connection.device ? connection.device : "", sizeof(served_device));
}

void
log_event(LogEvent event, LogConnection connection, const char *format, ...)
{
	const GLogLevelFlags level = events[event].level;
	g_autofree char *text = NULL;
	Fields fields = {0};
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	add_field(&fields, "MESSAGE", text);
	add_field(&fields, "MESSAGE_ID", events[event].id);
	/* syslog(3)'s number, as GLib has it for its own functions. */
	add_field(&fields, "PRIORITY", level == G_LOG_LEVEL_WARNING ? "4" : "5");
	add_field(&fields, "GLIB_DOMAIN", G_LOG_DOMAIN);
	add_connection(&fields, connection.uuid, connection.device);
	g_log_structured_array(level, fields.all, fields.n);
}
