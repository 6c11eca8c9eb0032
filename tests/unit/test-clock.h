/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * A clock of the test's own in the place of CLOCK_MONOTONIC, CLOCK_BOOTTIME and GLib's timers, for
 * the objects that the test is linked from: the linker puts it there (ld(1), --wrap). It stands
 * still until the test moves it, so that whatever waits for a time waits exactly so long on any
 * machine, and none is spent.
 */

/** test_clock_advance: so many milliseconds pass; every timer runs at its time, in their order. */
void test_clock_advance(guint ms);

/** test_clock_sleep: the machine is suspended for so long: CLOCK_BOOTTIME alone goes on. */
void test_clock_sleep(guint ms);

/** test_clock_use_seconds: whether timers of g_timeout_add_seconds() that begin from now on run at
 * all. Not so at first: each of them starts a process that asks pluto whether it is well, whose
 * answer a clock that leaps does not wait for. */
void test_clock_use_seconds(gboolean use);

/** test_clock_count: how many timers run. */
guint test_clock_count(void);
