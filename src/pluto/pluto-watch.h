/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/**
 * PlutoWatch: notices a pluto that lives and no longer answers: stopped, in an endless loop,
 * waiting for something that never comes.
 *
 * Every PLUTO_WATCH_PERIOD_S seconds it asks one question through whack, the cheapest that 4.10 and
 * 5.2 have: --fipsstatus, a line that pluto knows by heart. One question at a time; a whack that
 * has no answer at the end of its time is killed with it.
 *
 * What counts as time are ticks of our own main loop. While the machine sleeps, while it is too
 * busy to let us run, and while we are stopped ourselves, no time passes.
 */
typedef struct PlutoWatch PlutoWatch;

/* A hang is noticed after 8 to 18 s. A question costs two process starts' worth of milliseconds and
 * one wakeup, shared with others (g_timeout_add_seconds). */
#define PLUTO_WATCH_PERIOD_S 10
#define PLUTO_WATCH_TICKS    8
#define PLUTO_WATCH_TICK_MS  1000

typedef struct {
	/* pluto does not answer. Once; the watch is over then, and may be freed in here. */
	void (*hangs)(gpointer user_data);
	/* Is pluto waiting for us? Then it cannot answer, and no time passes either. */
	gboolean (*is_waiting)(gpointer user_data);
} PlutoWatchCallbacks;

typedef struct {
	const char *whack;  /* full path */
	const char *rundir; /* with pluto.ctl in it */
	guint period_ms;    /* 0: PLUTO_WATCH_PERIOD_S */
	guint tick_ms;      /* 0: PLUTO_WATCH_TICK_MS */
} PlutoWatchParams;

/**
 * pluto_watch_new: the first question is asked a period from now.
 *
 * A whack that cannot be started or cannot reach pluto's socket is no answer, and no proof of a
 * hang either: it is logged once, and asked again.
 */
PlutoWatch *pluto_watch_new(const PlutoWatchParams *params, const PlutoWatchCallbacks *callbacks,
							gpointer user_data);

/** pluto_watch_free: kills the whack that runs. */
void pluto_watch_free(PlutoWatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlutoWatch, pluto_watch_free)
