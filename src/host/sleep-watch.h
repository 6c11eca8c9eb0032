/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <gio/gio.h>

/**
 * SleepWatch: tells when the machine has slept, by logind's PrepareForSleep signal on the system
 * bus (org.freedesktop.login1(5)). Before sleep nothing is done and nothing held up. Without bus or
 * logind it tells nothing. Main loop only (the default main context).
 */
typedef struct SleepWatch SleepWatch;

/** SleepWatchFunc: @ms: how long it slept, from logind's word before to its word after. */
typedef void (*SleepWatchFunc)(gint64 ms, gpointer user_data);

/**
 * sleep_watch_new:
 * @bus: (nullable): the system bus, or in tests another
 */
SleepWatch *sleep_watch_new(GDBusConnection *bus, SleepWatchFunc func, gpointer user_data);

void sleep_watch_free(SleepWatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SleepWatch, sleep_watch_free)
