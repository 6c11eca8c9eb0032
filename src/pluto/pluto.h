/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One pluto process: started, its log read line by line, stopped.
 */
#pragma once

#include "libreswan.h"
#include "pluto-log.h"

typedef struct _Pluto Pluto;

typedef struct {
	/* Its guard library (pluto-guard.h) is there: pluto waits, and reads its files only after
	 * pluto_go(). Not where this libreswan goes without the library. May free the Pluto. */
	void (*waits)(Pluto *pluto, gpointer user_data);
	/* It wanted to run another command than updown, which was not done. May free the Pluto. */
	void (*refused)(Pluto *pluto, const char *what, gpointer user_data);
	/* It was not seen to be kept from flushing what others have in the kernel, and does not get its
	 * ports. May free the Pluto. */
	void (*unproven)(Pluto *pluto, gpointer user_data);
	/* How a GUARD_RUN_TRIAL has ended, before exited(). @why: as of GuardChannelCallbacks; it does
	 * not free the Pluto. */
	void (*tried)(Pluto *pluto, const char *why, gpointer user_data);
	/* A line of its log; may free the Pluto. */
	void (*log_line)(Pluto *pluto, const PlutoLogLine *line, gpointer user_data);
	/* It is gone. @how: "exit status 3", "signal 6". The Pluto is of no more use, and may be freed
	 * in here. */
	void (*exited)(Pluto *pluto, const char *how, gpointer user_data);
} PlutoCallbacks;

/**
 * pluto_start:
 * @rundir: the private directory with ipsec.conf, ipsec.secrets and nss/
 * @directory: where it is to work, and would put a core; no text of others lies there
 *
 * Starts `pluto --nofork` with everything in @rundir. With auto=start in its ipsec.conf it loads
 * the connection and sends the first IKE message without another process of ours.
 *
 * Returns: (transfer full): free with pluto_free()
 */
Pluto *pluto_start(const Libreswan *libreswan, const char *rundir, const char *directory,
				   const PlutoCallbacks *callbacks, gpointer user_data, GError **error);

/**
 * pluto_go: after waits().
 * @respond: what a peer may begin with it
 * @run: what is known of it
 * @updown: what leftupdown= says, the one command that it may run
 */
void pluto_go(Pluto *self, GuardRespond respond, GuardRun run, const char *updown);

/** pluto_was_kept: of a GUARD_RUN_TRIAL: whether it has been kept from flushing both states and
 * policies until now. Callbacks of the guard library's may come in here. */
gboolean pluto_was_kept(Pluto *self);

/** pluto_get_pid: 0 where it is gone. */
pid_t pluto_get_pid(const Pluto *self);

/**
 * pluto_stop:
 *
 * Asks it to go (SIGTERM: it sends its Deletes, so that the gateway frees the lease) and kills it
 * where it has not gone in time. exited() follows, never from within this call.
 */
void pluto_stop(Pluto *self);

/** pluto_kill: ends it at once, without a word to the gateway. exited() follows likewise. */
void pluto_kill(Pluto *self);

/** pluto_free: kills it where it still runs, without a word. */
void pluto_free(Pluto *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pluto, pluto_free)
