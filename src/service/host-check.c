/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "host-check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

G_DEFINE_QUARK(nm_libreswan_host_check_error, host_check_error)

/* Where IKE lives: RFC 7296 section 2, RFC 3947 section 4. */
static const guint16 ike_ports[] = {500, 4500, 0};

static const struct {
	const char *name;
	int family;
} socket_files[] = {
	{"udp", AF_INET},
	{"udp6", AF_INET6},
};

/* An address of /proc/net/udp: the bytes of each 32-bit word as one number in the host's order. */
static bool
parse_address(IpNet *net, int family, const char *hex, gsize len)
{
	guint words = family == AF_INET ? 1 : 4;
	guint32 bytes[4] = {0};

	if (len != words * 8)
		return false;
	for (guint i = 0; i < words; i++) {
		char word[9] = {0};
		guint64 number;

		memcpy(word, hex + i * 8, 8);
		if (!g_ascii_string_to_unsigned(word, 16, 0, G_MAXUINT32, &number, NULL))
			return false;
		bytes[i] = number;
	}
	*net = ip_net_from_bytes(family, bytes, ip_net_max_prefix(family));
	return true;
}

/* The columns: sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode ... */
static bool
parse_line(HostCheckSocket *found, int family, const char *line)
{
	g_auto(GStrv) words = g_strsplit_set(line, " ", -1);
	const char *columns[10];
	const char *colon;
	guint64 number;
	guint n = 0;

	for (char **word = words; *word && n < G_N_ELEMENTS(columns); word++) {
		if (**word)
			columns[n++] = *word;
	}
	if (n < G_N_ELEMENTS(columns))
		return false;
	colon = strchr(columns[1], ':');
	if (!colon || !parse_address(&found->address, family, columns[1], colon - columns[1]) ||
		!g_ascii_string_to_unsigned(colon + 1, 16, 0, G_MAXUINT16, &number, NULL))
		return false;
	found->port = number;
	if (!g_ascii_string_to_unsigned(columns[7], 10, 0, G_MAXUINT32, &number, NULL))
		return false;
	found->uid = number;
	return g_ascii_string_to_unsigned(columns[9], 10, 0, G_MAXUINT64, &found->inode, NULL);
}

GArray *
host_check_parse_udp(const char *text, int family, const guint16 *ports)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	GArray *sockets = g_array_new(FALSE, FALSE, sizeof(HostCheckSocket));

	for (char **line = lines; *line; line++) {
		HostCheckSocket found = {0};

		if (!parse_line(&found, family, *line))
			continue;
		for (const guint16 *port = ports; *port; port++) {
			if (found.port == *port)
				g_array_append_val(sockets, found);
		}
	}
	return sockets;
}

static bool
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
				return true;
		}
	}
	return false;
}

char *
host_check_socket_owner(const char *proc, guint64 inode, pid_t *pid)
{
	g_autofree char *socket = g_strdup_printf("socket:[%" G_GUINT64_FORMAT "]", inode);
	g_autoptr(GDir) dir = g_dir_open(proc, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = NULL;
		char *comm = NULL;
		guint64 number;

		if (!g_ascii_string_to_unsigned(name, 10, 1, G_MAXINT32, &number, NULL) ||
			!holds(proc, name, socket))
			continue;
		if (pid)
			*pid = number;
		path = g_build_filename(proc, name, "comm", NULL);
		if (!g_file_get_contents(path, &comm, NULL, NULL))
			return g_strdup("a program");
		g_strstrip(comm);
		for (char *p = comm; *p; p++) {
			if (!g_ascii_isprint(*p))
				*p = '?';
		}
		return comm;
	}
	return NULL;
}

static bool
check_socket(const char *proc, const HostCheckSocket *found, pid_t ours, GError **error)
{
	char address[IP_NET_STRLEN];
	pid_t pid = 0;
	g_autofree char *program = host_check_socket_owner(proc, found->inode, &pid);
	g_autofree char *who = NULL;

	if (program && ours && pid == ours)
		return true;
	who = program ? g_strdup_printf("%s (pid %d)", program, (int) pid)
				  : g_strdup_printf("a process of uid %u that cannot be seen", found->uid);
	g_set_error(error, HOST_CHECK_ERROR, HOST_CHECK_ERROR_PORT,
				"another IPsec program, %s, uses UDP port %u of address %s; stop it first, two "
				"cannot share the port",
				who, found->port, ip_net_to_string(&found->address, address));
	return false;
}

bool
host_check_ports(const char *proc, pid_t ours, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(socket_files); i++) {
		g_autofree char *path = g_build_filename(proc, "net", socket_files[i].name, NULL);
		g_autofree char *text = NULL;
		g_autoptr(GArray) sockets = NULL;
		g_autoptr(GError) unread = NULL;

		if (!g_file_get_contents(path, &text, NULL, &unread)) {
			/* A kernel without IPv6 has no udp6. */
			if (socket_files[i].family == AF_INET6 &&
				g_error_matches(unread, G_FILE_ERROR, G_FILE_ERROR_NOENT))
				continue;
			g_propagate_error(error, g_steal_pointer(&unread));
			return false;
		}
		sockets = host_check_parse_udp(text, socket_files[i].family, ike_ports);
		for (guint j = 0; j < sockets->len; j++) {
			if (!check_socket(proc, &g_array_index(sockets, HostCheckSocket, j), ours, error))
				return false;
		}
	}
	return true;
}

bool
host_check_xfrm(const XfrmTable *table, const guint32 *if_ids, gsize n_if_ids, GError **error)
{
	g_autoptr(XfrmTable) foreign = xfrm_table_select_foreign(table, if_ids, n_if_ids);
	guint n = foreign->states->len + foreign->policies->len;
	g_autofree char *first = NULL;
	g_autofree char *more = NULL;

	if (n == 0)
		return true;
	first = foreign->states->len
				? xfrm_state_to_string(&g_array_index(foreign->states, XfrmState, 0))
				: xfrm_policy_to_string(&g_array_index(foreign->policies, XfrmPolicy, 0));
	more = n > 1 ? g_strdup_printf(" and %u more", n - 1) : g_strdup("");
	g_set_error(error, HOST_CHECK_ERROR, HOST_CHECK_ERROR_XFRM,
				"another IPsec tunnel is up on this host (%s%s), and this one would end it; take "
				"it down first",
				first, more);
	return false;
}

bool
host_check(GError **error)
{
	g_autoptr(XfrmTable) table = xfrm_table_read(error);

	return table && host_check_xfrm(table, NULL, 0, error) && host_check_ports("/proc", 0, error);
}
