/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "socket-owner.h"
#include "netlink.h"

#include <fts.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bounds of the search below /sys/fs/cgroup; a desktop has some 200 cgroups of 50 files, 8 deep. */
#define MAX_DEPTH 16
#define MAX_FILES 200000

/* Names in a "one of". */
#define MAX_NAMES 5

/* As /proc/PID/comm has them, which ends after 15 letters. */
static const char *const ike_daemons[] = {
	"charon", "charon-systemd", "charon-nm", "charon-cmd", "pluto",
	"iked",   "isakmpd",        "racoon",    "vpnc",       NULL,
};

static char *
printable(char *text)
{
	for (char *p = text; *p; p++) {
		if (!g_ascii_isprint(*p))
			*p = '?';
	}
	return text;
}

char *
socket_owner_name(const char *proc, const char *pid)
{
	g_autofree char *path = g_build_filename(proc, pid, "comm", NULL);
	char *comm = NULL;

	return g_file_get_contents(path, &comm, NULL, NULL) ? printable(g_strstrip(comm)) : NULL;
}

gboolean
socket_owner_is_ike_daemon(const char *name)
{
	return g_strv_contains(ike_daemons, name);
}

/* By /proc/PID/fd */

static gboolean
holds(const char *proc, const char *pid, const char *socket)
{
	g_autofree char *path = g_build_filename(proc, pid, "fd", NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *fd = g_build_filename(path, name, NULL);
		char target[64];
		ssize_t len = readlink(fd, target, sizeof(target) - 1);

		if (len > 0) {
			target[len] = '\0';
			if (strcmp(target, socket) == 0)
				return TRUE;
		}
	}
	return FALSE;
}

char *
socket_owner_by_fd(const char *proc, guint64 inode, pid_t *pid)
{
	g_autofree char *socket = g_strdup_printf("socket:[%" G_GUINT64_FORMAT "]", inode);
	g_autoptr(GDir) dir = g_dir_open(proc, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		guint64 number;
		char *comm;

		if (!g_ascii_string_to_unsigned(name, 10, 1, G_MAXINT32, &number, NULL) ||
			!holds(proc, name, socket))
			continue;
		if (pid)
			*pid = number;
		comm = socket_owner_name(proc, name);
		return comm ? comm : g_strdup("a program");
	}
	return NULL;
}

/* By cgroup: the kernel's part */

/* @into: of guint64; @user_data: the inode, as a guint64. */
static void
append_cgroup(struct nlmsghdr *message, GArray *into, gconstpointer user_data)
{
	const struct inet_diag_msg *found = nlmsg_data(message);
	struct nlattr *attributes[INET_DIAG_CGROUP_ID + 1], *id;
	guint64 cgroup_id;

	if (message->nlmsg_type != SOCK_DIAG_BY_FAMILY ||
		!netlink_message_parse(message, sizeof(*found), attributes, INET_DIAG_CGROUP_ID) ||
		found->idiag_inode != (guint32) * (const guint64 *) user_data)
		return;
	id = attributes[INET_DIAG_CGROUP_ID];
	if (!id || nla_len(id) < (int) sizeof(cgroup_id))
		return;
	cgroup_id = nla_get_u64(id);
	g_array_append_val(into, cgroup_id);
}

/* Returns: 0 where there is none. */
static guint64
find_cgroup_id(Netlink *netlink, int family, guint64 inode)
{
	const struct inet_diag_req_v2 wanted = {
		.sdiag_family = family,
		.sdiag_protocol = IPPROTO_UDP,
		.idiag_states = G_MAXUINT32,
	};
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(guint64));

	netlink_dump(netlink, netlink_message_new(SOCK_DIAG_BY_FAMILY, 0, &wanted, sizeof(wanted)),
				 append_cgroup, found, &inode);
	return found->len > 0 ? g_array_index(found, guint64, 0) : 0;
}

guint64
socket_owner_cgroup_id(guint64 inode)
{
	g_autoptr(Netlink) netlink = netlink_open(NETLINK_SOCK_DIAG, NETLINK_OWN_NAMESPACE, NULL);
	guint64 id = netlink ? find_cgroup_id(netlink, AF_INET, inode) : 0;

	return netlink && id == 0 ? find_cgroup_id(netlink, AF_INET6, inode) : id;
}

/* By cgroup: its directory */

/* Each v1 hierarchy numbers its directories anew; those of v2 alone have this file. */
static gboolean
is_v2(const char *dir)
{
	g_autofree char *path = g_build_filename(dir, "cgroup.controllers", NULL);

	return g_file_test(path, G_FILE_TEST_EXISTS);
}

char *
socket_owner_find_cgroup(const char *cgroups, guint64 id)
{
	char *roots[] = {(char *) cgroups, NULL};
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	char *path = NULL;
	FTSENT *entry;

	for (guint n = 0; tree && !path && n < MAX_FILES && (entry = fts_read(tree)); n++) {
		if (entry->fts_info != FTS_D)
			continue;
		if (entry->fts_statp->st_ino == id && is_v2(entry->fts_path))
			path = g_strdup(entry->fts_path);
		if (entry->fts_level >= MAX_DEPTH)
			fts_set(tree, entry, FTS_SKIP);
	}
	if (tree)
		fts_close(tree);
	return path;
}

/* By cgroup: who is in it */

typedef struct {
	pid_t pid;
	char *comm;
} Process;

static void
process_clear(void *process)
{
	g_free(((Process *) process)->comm);
}

static GArray *
read_processes(const char *proc, const char *dir)
{
	GArray *processes = g_array_new(FALSE, FALSE, sizeof(Process));
	g_autofree char *path = g_build_filename(dir, "cgroup.procs", NULL);
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	g_array_set_clear_func(processes, process_clear);
	if (!g_file_get_contents(path, &text, NULL, NULL))
		return processes;
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		Process process;
		guint64 number;

		/* 0 stands for one outside our PID namespace. */
		if (!g_ascii_string_to_unsigned(*line, 10, 1, G_MAXINT32, &number, NULL))
			continue;
		process.pid = number;
		process.comm = socket_owner_name(proc, *line);
		if (process.comm)
			g_array_append_val(processes, process);
	}
	return processes;
}

/* The innermost; a unit may have cgroups of its own below. NULL outside of any. */
static char *
find_unit(const char *dir)
{
	g_auto(GStrv) names = g_strsplit(dir, "/", -1);

	for (guint i = g_strv_length(names); i > 0; i--) {
		const char *name = names[i - 1];

		if (g_str_has_suffix(name, ".service") || g_str_has_suffix(name, ".scope"))
			return printable(g_strdup(name));
	}
	return NULL;
}

static const Process *
choose(const GArray *processes)
{
	for (guint i = 0; i < processes->len; i++) {
		const Process *process = &g_array_index(processes, Process, i);

		if (processes->len == 1 || socket_owner_is_ike_daemon(process->comm))
			return process;
	}
	return NULL;
}

/* Each name once. */
static char *
name_all(const GArray *processes)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	GString *text = g_string_new(NULL);
	guint shown;

	for (guint i = 0; i < processes->len; i++) {
		char *comm = g_array_index(processes, Process, i).comm;

		if (!g_ptr_array_find_with_equal_func(names, comm, g_str_equal, NULL))
			g_ptr_array_add(names, comm);
	}
	shown = MIN(names->len, MAX_NAMES);
	g_string_append(text, names->len > 1 ? "one of " : "");
	for (guint i = 0; i < shown; i++)
		g_string_append_printf(text, "%s%s", i ? ", " : "", (char *) names->pdata[i]);
	if (names->len > shown)
		g_string_append_printf(text, " and %u more", names->len - shown);
	return g_string_free(text, FALSE);
}

char *
socket_owner_by_cgroup(const char *proc, const char *dir)
{
	g_autoptr(GArray) processes = read_processes(proc, dir);
	g_autofree char *unit = find_unit(dir);
	const Process *process = choose(processes);
	g_autofree char *names = NULL;

	if (process)
		return g_strdup_printf("%s (pid %d%s%s)", process->comm, (int) process->pid,
							   unit ? ", " : "", unit ? unit : "");
	/* Outside of units is most of a system without systemd: a list that helps nobody. */
	if (!unit)
		return NULL;
	names = processes->len ? name_all(processes) : g_strdup("a process");
	return g_strdup_printf("%s of %s", names, unit);
}
