/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * Who has changed the kernel's XFRM tables? The kernel tells everybody of a change the number of
 * the netlink socket by which it was asked for (netlink(7), nl_pid). The first one of a process
 * mostly has the process's own number; that of another is of the kernel's choice, and says nothing.
 */

/**
 * xfrm_user_by_port: whom to name for a change that came by the socket @port.
 *
 * @proc: "/proc", but in tests; its net/netlink is read, and what it says of processes.
 *
 * Returns: (transfer full): "ip (pid 812)", "a program that has ended (pid 812)"; NULL where the
 * number says nothing.
 */
char *xfrm_user_by_port(const char *proc, guint32 port);

/**
 * xfrm_user_daemon: the IKE daemon of this host that has an XFRM socket; no pluto of ours, which is
 * the child of a process with the name of this one.
 *
 * Returns: (transfer full): "pluto (pid 812)"; NULL where there is none, or more than one.
 */
char *xfrm_user_daemon(const char *proc);
