/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "story.h"

struct _Story {
	gint64 connecting_ms; /* since when, 0: it is not */
	gint64 down_ms;       /* since when, 0: it is not */
	gboolean waited;      /* for a packet, as was told last */
	char *last;           /* the configuration that was told last */
};

Story *
story_new(void)
{
	return g_new0(Story, 1);
}

void
story_free(Story *self)
{
	if (!self)
		return;
	g_free(self->last);
	g_free(self);
}

void
story_connects(Story *self, gint64 now_ms)
{
	self->connecting_ms = now_ms;
}

gboolean
story_is_up(const Story *self)
{
	return self->last && self->connecting_ms == 0 && self->down_ms == 0 && !self->waited;
}

gboolean
story_is_lost(Story *self, gint64 since_ms)
{
	gboolean was_lost = self->down_ms > 0;

	self->down_ms = since_ms;
	return was_lost;
}

void
story_ends(Story *self)
{
	self->down_ms = 0;
	self->waited = FALSE;
	g_clear_pointer(&self->last, g_free);
}

static double
seconds(gint64 from_ms, gint64 to_ms)
{
	return (double) (to_ms - from_ms) / 1000;
}

static LogEvent
event_of(const Story *self, const StoryReport *report)
{
	if (self->connecting_ms > 0 || self->down_ms > 0)
		return report->on_demand         ? LOG_EVENT_WAITING
			   : self->connecting_ms > 0 ? LOG_EVENT_CONNECTED
										 : LOG_EVENT_RECONNECTED;
	return self->waited ? LOG_EVENT_CONNECTED : LOG_EVENT_CHANGED;
}

static char *
line(const Story *self, const StoryReport *report)
{
	const char *which = report->changed ? "another" : "the same";

	if (self->connecting_ms > 0)
		return g_strdup_printf("%s after %.1f s on %s: %s",
							   report->on_demand ? "waiting for a packet" : "connected",
							   seconds(self->connecting_ms, report->now_ms),
							   report->where ? report->where : "policies", report->text);
	if (self->down_ms > 0)
		return g_strdup_printf("%s after %.1f s: %s configuration: %s",
							   report->on_demand ? "waiting for a packet" : "reconnected",
							   seconds(self->down_ms, report->now_ms), which, report->text);
	if (self->waited)
		return g_strdup_printf("connected on demand: %s", report->text);
	if (report->changed || g_strcmp0(report->text, self->last) != 0)
		return g_strdup_printf("%s configuration: %s", which, report->text);
	return NULL;
}

char *
story_tell(Story *self, const StoryReport *report, LogEvent *event)
{
	char *told = line(self, report);

	*event = event_of(self, report);
	g_free(self->last);
	self->last = g_strdup(report->text);
	self->connecting_ms = 0;
	self->down_ms = 0;
	self->waited = report->on_demand;
	return told;
}
