/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "libreswan.h"

/**
 * FakeLibreswan: a directory with a pluto, a whack and a certutil of the test's own
 * (fake-pluto.c), for libreswan_new(), and the socket by which the test tells each of their
 * processes what to do. Main loop only.
 */
typedef struct FakeLibreswan FakeLibreswan;

/** FakeProcess: one of these processes; it lives as long as the FakeLibreswan. */
typedef struct FakeProcess FakeProcess;

/**
 * fake_libreswan_new: and $PATH begins with its directory, for whoever looks for certutil.
 *
 * From then on a pluto that is asked for its version says 5.2, a whack is content, and a certutil
 * makes its database; a pluto itself does nothing until fake_next() has it.
 */
FakeLibreswan *fake_libreswan_new(void);

/** fake_libreswan_free: kills what still runs. */
void fake_libreswan_free(FakeLibreswan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FakeLibreswan, fake_libreswan_free)

/** fake_libreswan_open: (transfer full): what the service has of it, with the guard library. */
Libreswan *fake_libreswan_open(const FakeLibreswan *self);

/** fake_libreswan_directory: (transfer none). */
const char *fake_libreswan_directory(const FakeLibreswan *self);

/**
 * fake_libreswan_script: what every process of @role does by itself from now on.
 *
 * @commands: of fake-pluto.c, separated by "|"; NULL: nothing, fake_next() has it
 */
void fake_libreswan_script(FakeLibreswan *self, const char *role, const char *commands);

/** fake_libreswan_remove: there is no program of that name any more. */
void fake_libreswan_remove(FakeLibreswan *self, const char *name);

/** fake_libreswan_count: how many processes of @role have begun. */
guint fake_libreswan_count(const FakeLibreswan *self, const char *role);

/** fake_next: waits for the next process of @role that was not returned yet. */
FakeProcess *fake_next(FakeLibreswan *self, const char *role);

/** fake_arguments: (transfer none): "PID ARGUMENT...". */
const char *fake_arguments(const FakeProcess *process);
GPid fake_pid(const FakeProcess *process);

/** fake_send: a command of fake-pluto.c, which is not waited for. */
void fake_send(FakeProcess *process, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** fake_do: likewise, and waits until it is done. */
void fake_do(FakeProcess *process, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** fake_status: of the last "updown": as of wait(2); of the last "hear". */
int fake_status(const FakeProcess *process);

/** fake_is_idle: every command is done. */
gboolean fake_is_idle(const FakeProcess *process);

/** fake_was_asked: a SIGTERM has come. */
gboolean fake_was_asked(const FakeProcess *process);

/** fake_is_gone: its end of the socket is closed. */
gboolean fake_is_gone(const FakeProcess *process);

/** fake_hang_up: closes the test's end: the process goes by itself, with status 0. */
void fake_hang_up(FakeProcess *process);

/**
 * until: runs the main loop until @condition; a test that waits for longer than any machine takes
 * fails.
 */
#define until(condition)                                                                           \
	for (gint64 until_began_us = g_get_real_time(); !(condition);                                  \
		 until_iterate(G_STRLOC, #condition, until_began_us))

void until_iterate(const char *where, const char *condition, gint64 began_us);

/** drain: runs the main loop for what is there already. */
void drain(void);
