/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>
#include <sys/types.h>

/**
 * ProcessId: names one process for ever. The number alone is given to another when it is gone; with
 * the time at which it started it is not.
 */
typedef struct {
	pid_t pid;     /* 0 for none */
	guint64 start; /* starttime of /proc/PID/stat (proc(5)): clock ticks since the kernel's start */
} ProcessId;

/**
 * process_id_of: names the process that has @pid now.
 *
 * Returns: false, and @id all zero, where there is none.
 */
gboolean process_id_of(pid_t pid, ProcessId *id);

/**
 * process_id_kill: kills (SIGKILL) exactly this process, and waits until it is gone.
 *
 * @wait_ms: how long at most, in milliseconds.
 *
 * Returns: false where there was none, or none of ours to kill.
 */
gboolean process_id_kill(const ProcessId *id, int wait_ms);
