/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "xfrm-interface.h"

#include <glib.h>

/**
 * KernelWatch: notices that somebody else took away in the kernel what a tunnel stands on: its
 * policies or states (`ip xfrm policy flush`), or its interface (deleted, renamed, set down).
 *
 * The kernel's messages (netlink) only say when to look; what counts is what is there then, so that
 * nobody has to tell pluto's own changes from others'. Policies and states are missed only where
 * they were seen before, and only after two looks with a pause, as pluto takes some away itself and
 * tells us a moment later. A deleted interface is certain at once, and what a flush has taken: none
 * of ours flushes while there is something to be missed. Main loop only (the default main context).
 */
typedef struct KernelWatch KernelWatch;

/* Milliseconds between a change and the look, and between the first look and the second. */
#define KERNEL_WATCH_PAUSE_MS 700

/**
 * KernelWatchFunc: something is missing. Comes once, until the next kernel_watch_expect() or
 * kernel_watch_follow(). The watch may be freed in here.
 *
 * @what: for people: "somebody removed the interface ipsec1"
 */
typedef void (*KernelWatchFunc)(const char *what, gpointer user_data);

/**
 * KernelWatchWhoFunc: somebody has flushed all policies or states, a moment ago.
 *
 * @port: of the netlink socket by which that was asked for (netlink(7), nl_pid)
 *
 * Returns: (transfer full): who that was, for people; NULL where it is not known.
 */
typedef char *(*KernelWatchWhoFunc)(guint32 port, gpointer user_data);

/**
 * kernel_watch_new:
 * @interface: NULL for a tunnel that is policy-based
 *
 * Returns: (transfer full): NULL with an error of netlink_fail(): PERMISSION_DENIED without
 * CAP_NET_ADMIN.
 */
KernelWatch *kernel_watch_new(const XfrmInterface *interface, KernelWatchFunc func,
							  gpointer user_data, GError **error);

/** kernel_watch_follow: @interface has been made in place of the one before. */
void kernel_watch_follow(KernelWatch *self, const XfrmInterface *interface);

/**
 * kernel_watch_was_down: has the interface been down since it is followed? Whoever set it up again
 * (libreswan 4 does) has not put back the routes that the kernel took.
 */
gboolean kernel_watch_was_down(const KernelWatch *self);

/**
 * kernel_watch_expect: which Child SAs the kernel must carry from now on.
 *
 * @children: (element-type XfrmChild): NULL where the kernel has nothing of ours. As long as there
 * are none, an interface that is down is nobody's fault; a flush of all policies is somebody's, as
 * there are traps that wait for a packet, or policies that block.
 */
void kernel_watch_expect(KernelWatch *self, const GArray *children);

/** kernel_watch_set_who: asked for the name of whoever flushes. */
void kernel_watch_set_who(KernelWatch *self, KernelWatchWhoFunc func, gpointer user_data);

/** kernel_watch_set_pause: instead of KERNEL_WATCH_PAUSE_MS, in tests. */
void kernel_watch_set_pause(KernelWatch *self, guint pause_ms);

/** kernel_watch_free: func is not called any more. */
void kernel_watch_free(KernelWatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KernelWatch, kernel_watch_free)
