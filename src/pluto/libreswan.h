/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The libreswan that is installed: where its programs are and which version it is.
 */
#pragma once

#include "pluto-guard.h"

#include <sys/stat.h>

/* The highest reqid= of ipsec.conf(5) that we write. The libreswans from 4 on take those up to
 * 16383 for chosen by hand (IPSEC_MANUAL_REQID_MAX), in groups of four. */
#define LIBRESWAN_MAX_REQID 16379

/** What has come of trying it out (libreswan-trial.h). */
typedef enum {
	LIBRESWAN_TRIAL_NONE,
	LIBRESWAN_TRIAL_FAILED,
	LIBRESWAN_TRIAL_QUIET,   /* it leaves others alone, and does not flush when it starts */
	LIBRESWAN_TRIAL_FLUSHES, /* it flushes both, and is kept from it */
} LibreswanTrial;

typedef struct {
	char *pluto;    /* full path of the IKE daemon */
	char *whack;    /* full path of its control program */
	char *certutil; /* full path of NSS's certutil(1), NULL where there is none */
	guint major;    /* 0 until libreswan_query_version() has succeeded */
	guint minor;
	struct stat asked; /* pluto's file, when it was asked for its version */
	GSList *asking;    /* of GTask: those who wait for the version */
	GSubprocess *version_process;
	GCancellable *version_deadline; /* cancelled when it has taken too long */
	guint deadline_source;

	PlutoGuard *guard; /* NULL where it cannot be opened: see no_guard */
	GError *no_guard;
	gboolean guarded;    /* pluto has been seen to load it */
	gboolean distrusted; /* libreswan_distrust() */
	LibreswanTrial trial;
	GuardChannel *probe;
} Libreswan;

/**
 * libreswan_new:
 * @dir: where libreswan keeps pluto, whack and addconn (its "libexecdir")
 * @error: what is missing, with its full path
 *
 * Returns: (transfer full): free with libreswan_free()
 */
Libreswan *libreswan_new(const char *dir, GError **error);
void libreswan_free(Libreswan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Libreswan, libreswan_free)

/**
 * libreswan_set_guard: pluto is started with the library @path, which takes the shell away from it
 * (pluto-guard.h). That it can't be opened is said by libreswan_query_version_finish(), where this
 * libreswan needs it.
 */
void libreswan_set_guard(Libreswan *self, const char *path);

/**
 * libreswan_query_version_async:
 *
 * Asks pluto for its version, once; later calls answer at once, as long as pluto's file is the
 * same. Whoever calls it at the start of the program does not wait for it later. A pluto that does
 * not end is killed, and is an error. The guard library is loaded as for a start of pluto: a
 * libreswan that has a shell in its updown (libreswan_has_shell()), and does not load the library,
 * is an error.
 */
void libreswan_query_version_async(Libreswan *self, GCancellable *cancellable,
								   GAsyncReadyCallback callback, gpointer user_data);
gboolean libreswan_query_version_finish(GAsyncResult *result, GError **error);

/**
 * libreswan_parse_version:
 * @text: what `pluto --version` prints: "Libreswan 4.10", "Libreswan 5.2", "Libreswan v5.2-1-g…"
 *
 * Returns: FALSE, and nothing changed, where that is not a version of libreswan
 */
gboolean libreswan_parse_version(const char *text, guint *major, guint *minor);

/**
 * libreswan_has_shell: whether pluto runs its updown command as one string through a shell, with
 * the values of the variables in it. 5.4 was the first to hand them over in an environment
 * (programs/pluto/updown.c).
 */
gboolean libreswan_has_shell(guint major, guint minor);

/**
 * libreswan_flushes: whether pluto, when it starts, flushes the states and policies of all IPsec
 * users of its network namespace: from 5.0 on. FALSE for a libreswan of which it is not known.
 */
gboolean libreswan_flushes(const Libreswan *self);

/**
 * libreswan_is_kept_apart: whether pluto leaves other IPsec users of the host alone, other
 * connections of ours among them: it has loaded the guard library, and its version is one with
 * which that was tried, in the laboratory or here.
 *
 * Returns: FALSE with a reason for people
 */
gboolean libreswan_is_kept_apart(const Libreswan *self, GError **error);

/** libreswan_wants_trial: whether it is to be tried out before it is trusted: the guard library is
 * in it, and it is newer than what was tried. */
gboolean libreswan_wants_trial(const Libreswan *self);

/** libreswan_distrust: a pluto of this libreswan has not kept to what is known of it; from now on
 * libreswan_is_kept_apart() says no. */
void libreswan_distrust(Libreswan *self);

/**
 * libreswan_supports_interface:
 *
 * Whether pluto leaves the addresses of an XFRM interface alone: 4.x does for an interface that it
 * finds, 5.2 has `ipsec-interface-managed=no`; 5.0 and 5.1 put addresses on it in any case.
 *
 * Returns: FALSE with an error that names the version
 */
gboolean libreswan_supports_interface(const Libreswan *self, GError **error);

/**
 * libreswan_lowest_if_id: the lowest N of an interface ipsecN that exists before pluto does. 4.x
 * tries out whether the kernel knows XFRM interfaces by making one of the name ipsec1, and takes
 * one that is there already for a kernel that does not.
 */
guint32 libreswan_lowest_if_id(const Libreswan *self);

/**
 * libreswan_spawn:
 * @argv: NULL-terminated; nothing of it is secret
 * @writable: the directory below which it may write; NULL for none
 *
 * Starts a program of ours that dies when this process dies, however it dies
 * (PR_SET_PDEATHSIG, prctl(2)), in a process group of its own, with no standard input and its
 * standard output and error in one pipe, to be had from g_subprocess_get_stdout_pipe(). It has no
 * capabilities (rights.h), and of the environment PATH and LC_ALL=C.
 *
 * Returns: (transfer full)
 */
GSubprocess *libreswan_spawn(const char *const *argv, const char *writable, GError **error);

/**
 * libreswan_spawn_import: likewise, for the program that imports certificates, with the
 * capabilities of RIGHTS_IMPORT and a pipe for its standard input; what it says on its standard
 * error nobody hears.
 */
GSubprocess *libreswan_spawn_import(const char *const *argv, const char *writable, GError **error);

/**
 * libreswan_spawn_pluto: likewise, for pluto, with the capabilities of RIGHTS_PLUTO.
 * @directory: its working directory
 * @callbacks: of the guard library's line
 * @channel: (out): the line; NULL where libreswan_query_version_finish() has allowed to go without
 *
 * With a line pluto does nothing before guard_channel_go().
 *
 * Returns: (transfer full)
 */
GSubprocess *
libreswan_spawn_pluto(const Libreswan *self, const char *const *argv, const char *directory,
					  const char *writable, const GuardChannelCallbacks *callbacks,
					  gpointer user_data, GuardChannel **channel, GError **error);

/**
 * libreswan_kill: kills (SIGKILL) a process of libreswan_spawn() with all that it has started
 * itself and has not put into another process group. One that is gone already is fine.
 */
void libreswan_kill(GSubprocess *process);
