/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "test-clock.h"

#include <time.h>

typedef struct {
	GSource source;
	gint64 due_ms;
	guint period_ms;
} Timer;

/* Not 0, which means "never" to many. */
static gint64 now_ms = 1000000;
static gint64 slept_ms;
static GList *timers;
static gboolean use_seconds;

int __real_clock_gettime(clockid_t clock, struct timespec *out);
int __wrap_clock_gettime(clockid_t clock, struct timespec *out);
gint64 __wrap_g_get_monotonic_time(void);
guint __wrap_g_timeout_add(guint ms, GSourceFunc func, gpointer user_data);
guint __wrap_g_timeout_add_seconds(guint seconds, GSourceFunc func, gpointer user_data);

int
__wrap_clock_gettime(clockid_t clock, struct timespec *out)
{
	gint64 ms = now_ms + (clock == CLOCK_BOOTTIME ? slept_ms : 0);

	if (clock != CLOCK_BOOTTIME && clock != CLOCK_MONOTONIC)
		return __real_clock_gettime(clock, out);
	out->tv_sec = ms / 1000;
	out->tv_nsec = ms % 1000 * 1000000;
	return 0;
}

gint64
__wrap_g_get_monotonic_time(void)
{
	return now_ms * 1000;
}

static gboolean
is_due(GSource *source)
{
	return ((Timer *) source)->due_ms <= now_ms;
}

static gboolean
prepare(GSource *source, gint *timeout)
{
	*timeout = -1;
	return is_due(source);
}

static gboolean
dispatch(GSource *source, GSourceFunc func, gpointer user_data)
{
	Timer *timer = (Timer *) source;

	timer->due_ms = now_ms + timer->period_ms;
	return func(user_data);
}

static void
finalize(GSource *source)
{
	timers = g_list_remove(timers, source);
}

static GSourceFuncs funcs = {
	.prepare = prepare, .check = is_due, .dispatch = dispatch, .finalize = finalize};

guint
__wrap_g_timeout_add(guint ms, GSourceFunc func, gpointer user_data)
{
	GSource *source = g_source_new(&funcs, sizeof(Timer));
	Timer *timer = (Timer *) source;
	guint id;

	timer->period_ms = ms;
	timer->due_ms = now_ms + ms;
	timers = g_list_prepend(timers, source);
	g_source_set_callback(source, func, user_data, NULL);
	id = g_source_attach(source, NULL);
	g_source_unref(source);
	return id;
}

guint
__wrap_g_timeout_add_seconds(guint seconds, GSourceFunc func, gpointer user_data)
{
	const guint id = __wrap_g_timeout_add(seconds * 1000, func, user_data);

	if (!use_seconds)
		((Timer *) timers->data)->due_ms = G_MAXINT64;
	return id;
}

static void
run_pending(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

static gint64
next_due(gint64 limit_ms)
{
	for (const GList *i = timers; i; i = i->next)
		limit_ms = MIN(limit_ms, ((const Timer *) i->data)->due_ms);
	return limit_ms;
}

void
test_clock_advance(guint ms)
{
	const gint64 end_ms = now_ms + ms;

	run_pending();
	while (now_ms < end_ms) {
		now_ms = MAX(now_ms, next_due(end_ms));
		run_pending();
	}
}

void
test_clock_sleep(guint ms)
{
	slept_ms += ms;
}

void
test_clock_use_seconds(gboolean use)
{
	use_seconds = use;
}

guint
test_clock_count(void)
{
	return g_list_length(timers);
}
