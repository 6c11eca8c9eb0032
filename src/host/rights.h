/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each kind of process may do: capabilities(7), no_new_privs, and where it may write
 * (Landlock, landlock(7)). The rest of NetworkManager's rights, which the service is started with,
 * is given up.
 *
 * Where SELinux is enabled, its policy decides what pluto may do: exec moves it into the domain
 * ipsec_t, which no_new_privs would prevent (process2:nnp_transition). Without no_new_privs exec
 * gives root back every capability of the bounding set, so there a child has what the service had.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef enum {
	RIGHTS_SERVICE, /* nm-libreswan-service; what it hands to its children it has, but does not use
					 */
	RIGHTS_REAPER,  /* the second process, reaper.h */
	RIGHTS_PLUTO,   /* and addconn and the updown helper, which it starts */
	RIGHTS_IMPORT,  /* the import program, which becomes the user whose files it reads */
	RIGHTS_TOOL,    /* whack, certutil, and a pluto that is asked for its version */
} RightsKind;

/** Rights: what a child is to have, decided before the fork. */
typedef struct {
	uint64_t permitted; /* bits as in linux/capability.h */
	uint64_t effective;
	bool no_new_privs;
	bool confined;        /* to write below @writable alone, where the kernel has Landlock */
	const char *writable; /* NULL for nowhere; as the caller gave it */
} Rights;

/**
 * rights_begin: what every process of ours has from the first moment on, and its children inherit:
 * files are nobody else's (umask), no core is dumped, in which secrets would be, and nobody reads
 * our memory but who has CAP_SYS_PTRACE (PR_SET_DUMPABLE; a child has that anew after exec).
 *
 * Returns: false with errno
 */
bool rights_begin(void);

/** rights_with_selinux: whether SELinux is enabled on this host, and has a policy. */
bool rights_with_selinux(void);

/**
 * rights_plan:
 * @with_selinux: rights_with_selinux()
 * @writable: a directory below which it may make, write and remove files; NULL for none
 *
 * No capability is planned that the calling process does not have.
 */
Rights rights_plan(RightsKind kind, bool with_selinux, const char *writable);

/**
 * rights_take: has the calling thread, and what it executes, be restricted so. For a child between
 * fork and exec (async-signal-safe), or before there is another thread. A kernel without Landlock
 * confines nothing.
 *
 * Returns: NULL, or the name of the system call that failed, with errno
 */
const char *rights_take(const Rights *rights);
