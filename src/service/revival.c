/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "revival.h"

#include <string.h>

/* Seconds before each attempt; the last one counts for all that follow. After a recovery pluto
 * makes all Child SAs by itself, one soon after the other, hence none is at once. */
static const guint steps[] = {2, 5, 10, 30};

/* Where nothing was missing for less than that, the next loss is more of the same. */
#define CALM_US (60 * G_TIME_SPAN_SECOND)

struct Revival {
	RevivalFunc func;
	gpointer user_data;
	guint second_ms;
	GPtrArray *missing; /* of names */
	guint attempt;
	guint source;
	gint64 whole_us; /* since when nothing is missing */
};

static gboolean on_due(gpointer user_data);

static void
arm(Revival *self)
{
	guint seconds = steps[MIN(self->attempt, G_N_ELEMENTS(steps) - 1)];

	self->source = g_timeout_add(seconds * self->second_ms, on_due, self);
}

static gboolean
on_due(gpointer user_data)
{
	Revival *self = user_data;

	self->attempt++;
	arm(self);
	for (guint i = 0; i < self->missing->len; i++)
		self->func(self->missing->pdata[i], self->user_data);
	return G_SOURCE_REMOVE;
}

static void
list_missing(Revival *self, const ChildTable *table)
{
	g_ptr_array_set_size(self->missing, 0);
	if (!table || child_table_size(table) == 0)
		return;
	for (guint i = child_table_size(table); i < child_table_size_protected(table); i++) {
		const char *name = child_table_get(table, i)->connection;

		/* What never was up is pluto's own first attempt, which was refused or goes on. */
		if (*name && !g_ptr_array_find_with_equal_func(self->missing, name, g_str_equal, NULL))
			g_ptr_array_add(self->missing, g_strdup(name));
	}
}

Revival *
revival_new(guint second_ms, RevivalFunc func, gpointer user_data)
{
	Revival *self = g_new0(Revival, 1);

	self->second_ms = second_ms;
	self->func = func;
	self->user_data = user_data;
	self->missing = g_ptr_array_new_with_free_func(g_free);
	return self;
}

void
revival_free(Revival *self)
{
	if (!self)
		return;
	g_clear_handle_id(&self->source, g_source_remove);
	g_ptr_array_unref(self->missing);
	g_free(self);
}

void
revival_follow(Revival *self, const ChildTable *table)
{
	list_missing(self, table);
	if (self->missing->len == 0) {
		if (self->source)
			self->whole_us = g_get_monotonic_time();
		g_clear_handle_id(&self->source, g_source_remove);
	} else if (!self->source) {
		if (g_get_monotonic_time() - self->whole_us >= CALM_US)
			self->attempt = 0;
		arm(self);
	}
}
