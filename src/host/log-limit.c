/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "log-limit.h"

/* Of a line of any kind, when there are too many kinds. */
#define OTHER_KINDS "other lines"

#define LOOK_S      10

typedef struct {
	gint64 since_ms;
	guint n_written;
	guint n_left_out;
} Count;

struct _LogLimit {
	const LogLimitCallbacks *callbacks;
	gpointer user_data;
	GHashTable *counts; /* of Count, by kind */
	guint source;       /* while something was left out */
};

static gint64
now_ms(const LogLimit *self)
{
	return self->callbacks->now_ms ? self->callbacks->now_ms(self->user_data)
								   : g_get_monotonic_time() / G_TIME_SPAN_MILLISECOND;
}

static void
tell(LogLimit *self, const char *kind, const Count *count, gint64 now)
{
	g_autofree char *text = NULL;

	if (count->n_left_out == 0)
		return;
	text = g_strdup_printf("%u more lines of this kind in the last %" G_GINT64_FORMAT " s: %s",
						   count->n_left_out, (now - count->since_ms + 999) / 1000, kind);
	self->callbacks->write(text, self->user_data);
}

static void
forget_old(LogLimit *self, gint64 now, gint64 window_ms)
{
	GHashTableIter iter;
	gpointer kind, count;

	g_hash_table_iter_init(&iter, self->counts);
	while (g_hash_table_iter_next(&iter, &kind, &count)) {
		if (now - ((Count *) count)->since_ms < window_ms)
			continue;
		tell(self, kind, count, now);
		g_hash_table_iter_remove(&iter);
	}
}

static gboolean
on_look(gpointer user_data)
{
	LogLimit *self = user_data;

	log_limit_look(self);
	if (g_hash_table_size(self->counts) > 0)
		return G_SOURCE_CONTINUE;
	self->source = 0;
	return G_SOURCE_REMOVE;
}

static Count *
find_count(LogLimit *self, const char *kind, gint64 now)
{
	Count *count;

	if (!g_hash_table_contains(self->counts, kind) &&
		g_hash_table_size(self->counts) >= LOG_LIMIT_KINDS)
		kind = OTHER_KINDS;
	count = g_hash_table_lookup(self->counts, kind);
	if (!count) {
		count = g_new0(Count, 1);
		count->since_ms = now;
		g_hash_table_insert(self->counts, g_strdup(kind), count);
	}
	return count;
}

LogLimit *
log_limit_new(const LogLimitCallbacks *callbacks, gpointer user_data)
{
	LogLimit *self = g_new0(LogLimit, 1);

	self->callbacks = callbacks;
	self->user_data = user_data;
	self->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return self;
}

void
log_limit_free(LogLimit *self)
{
	if (!self)
		return;
	g_clear_handle_id(&self->source, g_source_remove);
	forget_old(self, now_ms(self), 0);
	g_hash_table_unref(self->counts);
	g_free(self);
}

void
log_limit_look(LogLimit *self)
{
	forget_old(self, now_ms(self), LOG_LIMIT_WINDOW_MS);
}

gboolean
log_limit_line(LogLimit *self, const char *kind, guint most, const char *text)
{
	gint64 now = now_ms(self);
	Count *count;

	log_limit_look(self);
	count = find_count(self, kind, now);
	if (count->n_written >= most) {
		count->n_left_out++;
		if (self->source == 0)
			self->source = g_timeout_add_seconds(LOOK_S, on_look, self);
		return FALSE;
	}
	count->n_written++;
	self->callbacks->write(text, self->user_data);
	return TRUE;
}
