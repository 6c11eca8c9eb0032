/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The library that takes the shell away from pluto, and keeps it from being a responder and from
 * flushing what others have in the kernel (src/preload), from the service's side: the file, and the
 * line to it in one process.
 */
#pragma once

#include <gio/gio.h>

/**
 * PlutoGuard: the library's file, opened once: what is preloaded at each start is this very file,
 * whatever is installed in its place meanwhile.
 */
typedef struct _PlutoGuard PlutoGuard;

/**
 * pluto_guard_open: @path: has to be a regular file of root or of our own uid that nobody else can
 * write to.
 *
 * Returns: (transfer full): NULL with a G_IO_ERROR that names the file and what is wrong with it
 */
PlutoGuard *pluto_guard_open(const char *path, GError **error);
void pluto_guard_free(PlutoGuard *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlutoGuard, pluto_guard_free)

typedef struct _GuardChannel GuardChannel;

/** What a program would have flushed. */
typedef enum {
	GUARD_FLUSH_STATES,
	GUARD_FLUSH_POLICIES,
} GuardFlush;

typedef struct {
	/* The library is in the process, which waits for guard_channel_go(). Once. */
	void (*ready)(gpointer user_data);
	/* It has refused a command. @what: a sentence of it, printable and cut; the program goes on. */
	void (*refused)(const char *what, gpointer user_data);
	/* The program wanted to flush the kernel's XFRM states or policies, and believes that it has.
	 */
	void (*stopped)(GuardFlush what, gpointer user_data);
	/* It is known to flush, wants to listen, and has not been seen to flush: by another way it may
	 * have. It does not get its ports. */
	void (*unproven)(gpointer user_data);
	/* The last word on a GUARD_RUN_TRIAL. @why: NULL where the program has left alone what is not
	 * its own, else a sentence; printable. */
	void (*tried)(const char *why, gpointer user_data);
	/* The process has no library, or is gone; nothing comes any more. */
	void (*closed)(gpointer user_data);
} GuardChannelCallbacks;

/**
 * guard_channel_new:
 * @launcher: what is launched with it next has the library, and its end of the line
 *
 * No callback comes from within a call of this module. The launcher holds the program's end: it is
 * to be freed after the launch, or the end of the program is not noticed.
 *
 * Returns: (transfer full): NULL with an error in G_IO_ERROR
 */
GuardChannel *
guard_channel_new(const PlutoGuard *guard, GSubprocessLauncher *launcher,
				  const GuardChannelCallbacks *callbacks, gpointer user_data, GError **error);

/** Which IKE exchange a peer may begin with pluto as the responder. */
typedef enum {
	GUARD_RESPOND_NEVER,
	GUARD_RESPOND_MAIN_MODE, /* IKEv1's Main Mode */
} GuardRespond;

/** What is known of a program. */
typedef enum {
	GUARD_RUN_UNKNOWN, /* it may flush the kernel's states and policies, or not */
	GUARD_RUN_FLUSHES, /* it does when it starts, and is to be seen to be kept from it before it may
						* listen */
	GUARD_RUN_TRIAL,   /* that is to be found out: it runs in a network namespace of its own */
} GuardRun;

/**
 * guard_channel_go: lets the program begin.
 * @updown: the one command that it may run, as leftupdown= says it; NULL for none
 */
void guard_channel_go(GuardChannel *self, GuardRespond respond, GuardRun run, const char *updown);

/** guard_channel_read: tells at once what the program has said until now, for whoever knows that it
 * is gone and does not free the channel when told. */
void guard_channel_read(GuardChannel *self);

/** guard_channel_free: a program that has not begun ends. */
void guard_channel_free(GuardChannel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GuardChannel, guard_channel_free)
