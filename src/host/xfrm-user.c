/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "xfrm-user.h"
#include "socket-owner.h"

#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

/* Above it a number is of the kernel's choice: it counts down from -4096. */
#define PORT_MAX G_MAXINT32
/* PID_MAX_LIMIT of the kernel. A program that uses libnl has its number in so many bits, and above
 * them which of its sockets it is. */
#define PID_BITS 22

/* The columns of /proc/net/netlink: sk, Eth, Pid, ... */
enum { COLUMN_PROTOCOL = 1, COLUMN_PORT = 2, N_COLUMNS = 3 };

static char *
describe(const char *proc, const char *pid)
{
	g_autofree char *name = socket_owner_name(proc, pid);

	return name ? g_strdup_printf("%s (pid %s)", name, pid) : NULL;
}

char *
xfrm_user_by_port(const char *proc, guint32 port)
{
	g_autofree char *pid = NULL;
	char *said;

	if (port == 0 || port > PORT_MAX)
		return NULL;
	pid = g_strdup_printf("%u", port & ((1u << PID_BITS) - 1));
	said = describe(proc, pid);
	if (!said && port >> PID_BITS == 0)
		said = g_strdup_printf("a program that has ended (pid %s)", pid);
	return said;
}

/* Of a line "KEY:\tVALUE" of /proc/PID/status. Returns: (transfer full): NULL for none. */
static char *
read_status(const char *proc, const char *pid, const char *key)
{
	g_autofree char *path = g_build_filename(proc, pid, "status", NULL);
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return NULL;
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		if (g_str_has_prefix(*line, key) && (*line)[strlen(key)] == ':')
			return g_strstrip(g_strdup(*line + strlen(key) + 1));
	}
	return NULL;
}

static gboolean
is_daemon_of_others(const char *proc, const char *pid)
{
	g_autofree char *name = socket_owner_name(proc, pid);
	g_autofree char *mine = socket_owner_name(proc, "self");
	g_autofree char *parent = NULL;
	g_autofree char *parents_name = NULL;

	if (!name || !socket_owner_is_ike_daemon(name))
		return FALSE;
	parent = read_status(proc, pid, "PPid");
	parents_name = parent ? socket_owner_name(proc, parent) : NULL;
	return !parents_name || g_strcmp0(parents_name, mine) != 0;
}

/* Returns: (transfer full): the pid that a line of /proc/net/netlink has, where it is an XFRM
 * socket's; else NULL. */
static char *
xfrm_socket_pid(const char *line)
{
	g_auto(GStrv) words = g_strsplit_set(line, " ", -1);
	const char *columns[N_COLUMNS] = {NULL};
	guint n = 0;
	guint64 port;

	for (char **word = words; *word && n < N_COLUMNS; word++) {
		if (**word)
			columns[n++] = *word;
	}
	if (n < N_COLUMNS || strcmp(columns[COLUMN_PROTOCOL], G_STRINGIFY(NETLINK_XFRM)) != 0 ||
		!g_ascii_string_to_unsigned(columns[COLUMN_PORT], 10, 1, PORT_MAX, &port, NULL))
		return NULL;
	return g_strdup(columns[COLUMN_PORT]);
}

char *
xfrm_user_daemon(const char *proc)
{
	g_autofree char *path = g_build_filename(proc, "net", "netlink", NULL);
	g_autofree char *text = NULL;
	g_autofree char *found = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return NULL;
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		g_autofree char *pid = xfrm_socket_pid(*line);

		if (!pid || !is_daemon_of_others(proc, pid))
			continue;
		if (found)
			return NULL;
		found = describe(proc, pid);
	}
	return g_steal_pointer(&found);
}
