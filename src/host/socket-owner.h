/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>
#include <sys/types.h>

/*
 * Whose is that socket? Asked when a port that we need is taken, to tell the user which program to
 * stop. /proc/PID/fd has the answer, but only for who has CAP_SYS_PTRACE, and NetworkManager's unit
 * denies it to NetworkManager and its children. Then there is another way: the kernel tells anybody
 * in which cgroup a socket was made (sock_diag(7)), and systemd makes a cgroup for each unit.
 */

/**
 * socket_owner_by_fd: who holds the socket, by /proc/PID/fd.
 *
 * @proc: "/proc", but in tests.
 * @pid: gets the process, where not NULL.
 *
 * Returns: (transfer full): the program's name (/proc/PID/comm, printable), NULL where nobody is
 * seen to hold it: it ended, lives in another PID namespace, or we may not look.
 */
char *socket_owner_by_fd(const char *proc, guint64 inode, pid_t *pid);

/**
 * socket_owner_cgroup_id: the cgroup (v2) in which a UDP socket of our network namespace was made.
 *
 * Returns: the inode number of the cgroup's directory, 0 where the kernel (before 5.7, or without
 * udp_diag) does not say.
 */
guint64 socket_owner_cgroup_id(guint64 inode);

/**
 * socket_owner_find_cgroup: the directory of a cgroup.
 *
 * @cgroups: "/sys/fs/cgroup", but in tests. A v2 hierarchy below v1's is found too.
 *
 * Returns: (transfer full): a path, NULL if there is none with the number @id.
 */
char *socket_owner_find_cgroup(const char *cgroups, guint64 id);

/**
 * socket_owner_by_cgroup: whom to name for a socket of the cgroup with directory @dir. That is the
 * one process in it, or the one that is known to be an IKE daemon, or all of the unit.
 *
 * @proc: "/proc", but in tests.
 *
 * Returns: (transfer full): "charon-systemd (pid 123, strongswan.service)", "one of bash, socat of
 * lab.service"; NULL where there is nothing to say.
 */
char *socket_owner_by_cgroup(const char *proc, const char *dir);

/**
 * socket_owner_name: (transfer full): the name of the process @pid (/proc/PID/comm, printable);
 * NULL where there is none.
 *
 * @proc: "/proc", but in tests.
 */
char *socket_owner_name(const char *proc, const char *pid);

/** socket_owner_is_ike_daemon: is @name that of a program that is known to speak IKE? */
gboolean socket_owner_is_ike_daemon(const char *name);
