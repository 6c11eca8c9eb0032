/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <sched.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

static inline void
own_namespace_write(const char *path, const char *format, ...) G_GNUC_PRINTF(2, 3);

static inline void
own_namespace_write(const char *path, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	g_assert_cmpint(write(fd, text, strlen(text)), ==, strlen(text));
	close(fd);
}

/* @kind: CLONE_NEWNET, CLONE_NEWNS; returns NULL, or why the kernel refuses. */
static inline const char *
own_namespace_enter(int kind, const char *what)
{
	static char why[128];
	const uid_t uid = getuid();
	const gid_t gid = getgid();

	if (unshare(uid == 0 ? kind : CLONE_NEWUSER | kind) != 0) {
		g_snprintf(why, sizeof(why), "no %s namespace of our own: %s", what, g_strerror(errno));
		return why;
	}
	if (uid == 0)
		return NULL;
	/* Root there, whose programs have its rights too: user_namespaces(7). */
	own_namespace_write("/proc/self/setgroups", "deny");
	own_namespace_write("/proc/self/uid_map", "0 %u 1", uid);
	own_namespace_write("/proc/self/gid_map", "0 %u 1", gid);
	return NULL;
}

/* Larval states (xfrm-table.h) go after half a minute, which a test may take on a busy machine.
 * Only where the namespace is not of a user namespace of our own can it be set. */
static inline void
own_netns_keep_larval_states(void)
{
	int fd = open("/proc/sys/net/core/xfrm_acq_expires", O_WRONLY | O_CLOEXEC);
	ssize_t n G_GNUC_UNUSED;

	if (fd < 0)
		return;
	n = write(fd, "3600", 4);
	close(fd);
}

/**
 * own_netns_enter: moves the process into a network namespace of its own, in which it may do what
 * it likes to the kernel's tables. To be called first in main(), before there are threads.
 *
 * Returns: NULL, or why there is none: the reason to skip with.
 */
static inline const char *
own_netns_enter(void)
{
	g_autofree char *program = g_find_program_in_path("ip");
	const char *why = program ? own_namespace_enter(CLONE_NEWNET, "network") : "there is no ip(8)";

	if (!why)
		own_netns_keep_larval_states();
	return why;
}

/** has_user_namespaces: whether another one can be had, by a program of ours. */
static inline gboolean
has_user_namespaces(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0);
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/** skipped: says why the test is left out, where own_netns_enter() had a reason. */
static inline gboolean
skipped(const char *why)
{
	if (why)
		g_test_skip(why);
	return why != NULL;
}

/** own_mounts_enter: likewise, into a mount namespace of its own. */
static inline const char *
own_mounts_enter(void)
{
	const char *why = own_namespace_enter(CLONE_NEWNS, "mount");

	if (!why && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		why = "the mounts stay shared";
	return why;
}

static inline void ip(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* ip: one command of ip(8), there. */
static inline void
ip(const char *format, ...)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *command = NULL, *line = NULL, *said = NULL;
	va_list args;
	int status;

	va_start(args, format);
	command = g_strdup_vprintf(format, args);
	va_end(args);
	line = g_strconcat("ip ", command, NULL);
	g_spawn_command_line_sync(line, NULL, &said, &status, &error);
	g_assert_no_error(error);
	if (status != 0)
		g_error("%s: %s", line, said);
}

/* add_veth: a link that is up, and what is sent there goes to NAME-peer and no further. */
static inline void
add_veth(const char *name)
{
	ip("link add %s type veth peer name %s-peer", name, name);
	ip("link set %s-peer up", name);
	ip("link set %s up", name);
}
