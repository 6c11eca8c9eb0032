/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OWN_NETNS_H
#define OWN_NETNS_H

#include <errno.h>
#include <glib.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/**
 * own_netns_enter: moves the process into a network namespace of its own, in which it may do what
 * it likes to the kernel's tables. To be called first in main(), before there are threads.
 *
 * Returns: NULL, or why the kernel refuses: the reason to skip with.
 */
static inline const char *
own_netns_enter(void)
{
	static char why[128];
	int flags = getuid() == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET;

	if (unshare(flags) == 0)
		return NULL;
	g_snprintf(why, sizeof(why), "no network namespace of our own: %s", g_strerror(errno));
	return why;
}

/* ip: one command of ip(8), there. */
static inline void
ip(const char *command)
{
	g_autofree char *line = g_strconcat("ip ", command, NULL);
	g_autoptr(GError) error = NULL;
	g_autofree char *said = NULL;
	int status;

	g_spawn_command_line_sync(line, NULL, &said, &status, &error);
	g_assert_no_error(error);
	if (status != 0)
		g_error("%s: %s", line, said);
}

#endif /* OWN_NETNS_H */
