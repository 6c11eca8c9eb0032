/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

/*
 * The library's line to the service (guard-wire.h).
 */

/* guard_updown: what leftupdown= says; "" where no command is allowed. */
const char *guard_updown(void);

/* guard_main_mode: whether a peer may begin a Main Mode of IKEv1; no before the service says so. */
bool guard_main_mode(void);

/*
 * guard_refuse: tells the service.
 *
 * @what: "popen", "system"
 * @why: a sentence
 * @command: the command, which is cut
 */
void guard_refuse(const char *what, const char *why, const char *command);

/*
 * guard_stopped: tells the service of a flush that was not done.
 *
 * @flushes: XFRM_FILTER_FLUSH_... (xfrm-filter.h)
 */
void guard_stopped(unsigned flushes);

/*
 * guard_is_proven: that the program was kept from flushing what it is known to flush. Where it was
 * not, the service is told.
 */
bool guard_is_proven(void);
