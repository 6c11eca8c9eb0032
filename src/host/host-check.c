/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "host-check.h"
#include "option.h"
#include "socket-owner.h"

#include <netinet/in.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

G_DEFINE_QUARK(nm_libreswan_host_check_error, host_check_error)

const HostCheckPlaces host_check_places = {"/proc", "/sys/fs/cgroup"};

/* Where IKE lives: RFC 7296 section 2, RFC 3947 section 4. */
#define IKE_PORT 500
static const guint16 ike_ports[] = {IKE_PORT, 4500, 0};

static const struct {
	const char *name;
	int family;
} socket_files[] = {
	{"udp", AF_INET},
	{"udp6", AF_INET6},
};

/* An address of /proc/net/udp: the bytes of each 32-bit word as one number in the host's order. */
static gboolean
parse_address(IpNet *net, int family, const char *hex, gsize len)
{
	guint words = family == AF_INET ? 1 : 4;
	guint32 bytes[4] = {0};

	if (len != words * 8)
		return FALSE;
	for (guint i = 0; i < words; i++) {
		char word[9] = {0};
		guint64 number;

		memcpy(word, hex + i * 8, 8);
		if (!g_ascii_string_to_unsigned(word, 16, 0, G_MAXUINT32, &number, NULL))
			return FALSE;
		bytes[i] = number;
	}
	/* A socket of IPv6 that is bound to ::ffff:192.0.2.1 is on the port of 192.0.2.1. */
	if (family == AF_INET6 && IN6_IS_ADDR_V4MAPPED((const struct in6_addr *) bytes))
		*net = ip_net_from_bytes(AF_INET, &bytes[3], ip_net_max_prefix(AF_INET));
	else
		*net = ip_net_from_bytes(family, bytes, ip_net_max_prefix(family));
	return TRUE;
}

/* The columns: sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode ... */
static gboolean
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
		return FALSE;
	colon = strchr(columns[1], ':');
	if (!colon || !parse_address(&found->address, family, columns[1], colon - columns[1]) ||
		!g_ascii_string_to_unsigned(colon + 1, 16, 0, G_MAXUINT16, &number, NULL))
		return FALSE;
	found->port = number;
	if (!g_ascii_string_to_unsigned(columns[7], 10, 0, G_MAXUINT32, &number, NULL))
		return FALSE;
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

static gboolean
is_wildcard(const IpNet *address)
{
	static const IpNet any4 = {.family = AF_INET, .prefix = 32};
	static const IpNet any6 = {.family = AF_INET6, .prefix = 128};

	return ip_net_equal(address, &any4) || ip_net_equal(address, &any6);
}

/* Would pluto share something with it?
 *
 * On port 4500 that is the address, or all of them; a wildcard of IPv6 mostly is one of IPv4 too.
 * Port 500 pluto binds for a moment on all addresses to list them (find_kernel_ifaces(), 4.10 to
 * 5.4), and dies where somebody has it on any. It is no port for everybody, either: who has it is
 * an IKE daemon, whose states libreswan 5 would flush. */
static gboolean
is_in_the_way(const HostCheckSocket *found, const HostCheckListen *listen)
{
	const IpNet *address;

	if (!listen || found->port == IKE_PORT || (listen->everywhere && found->uid == 0))
		return TRUE;
	address = listen->address;
	if (is_wildcard(&found->address))
		return found->address.family == address->family || found->address.family == AF_INET6;
	return ip_net_equal(&found->address, address);
}

/* (transfer full): "user joe", "uid 4711". */
static char *
name_user(uid_t uid)
{
	const struct passwd *user = getpwuid(uid);

	return user && option_text_is_safe(user->pw_name) ? g_strdup_printf("user %s", user->pw_name)
													  : g_strdup_printf("uid %u", uid);
}

/* (transfer full): for the user; NULL where nobody is seen. Without CAP_SYS_PTRACE it is the cgroup
 * that tells, or nobody. */
static char *
name_owner(const HostCheckPlaces *places, const HostCheckSocket *found, pid_t *pid)
{
	g_autofree char *program = socket_owner_by_fd(places->proc, found->inode, pid);
	g_autofree char *cgroup = NULL;
	guint64 id;

	if (program)
		return g_strdup_printf("%s (pid %d)", program, (int) *pid);
	id = socket_owner_cgroup_id(found->inode);
	cgroup = id ? socket_owner_find_cgroup(places->cgroups, id) : NULL;
	return cgroup ? socket_owner_by_cgroup(places->proc, cgroup) : NULL;
}

/* What is not root's is hardly an IPsec program. */
static char *
describe_owner(const HostCheckSocket *found, const char *program)
{
	g_autofree char *user = found->uid ? name_user(found->uid) : NULL;

	if (user)
		return g_strdup_printf("%s of %s", program ? program : "a program", user);
	return g_strdup_printf("another IPsec program, %s,",
						   program ? program : "one of root that cannot be seen");
}

static gboolean
check_socket(const HostCheckPlaces *places, const HostCheckSocket *found, pid_t ours,
			 GError **error)
{
	char address[IP_NET_STRLEN];
	pid_t pid = 0;
	g_autofree char *program = name_owner(places, found, &pid);
	g_autofree char *who = NULL;

	if (pid && pid == ours)
		return TRUE;
	who = describe_owner(found, program);
	g_set_error(error, HOST_CHECK_ERROR, found->uid ? HOST_CHECK_ERROR_USER : HOST_CHECK_ERROR_PORT,
				"%s uses UDP port %u of address %s; stop it first, two cannot share the port", who,
				found->port, ip_net_to_string(&found->address, address));
	return FALSE;
}

/* (transfer full) (element-type HostCheckSocket): who is on UDP 500 or 4500. */
static GArray *
list_sockets(const HostCheckPlaces *places, GError **error)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(HostCheckSocket));

	for (guint i = 0; i < G_N_ELEMENTS(socket_files); i++) {
		g_autofree char *path = g_build_filename(places->proc, "net", socket_files[i].name, NULL);
		g_autofree char *text = NULL;
		g_autoptr(GArray) sockets = NULL;
		g_autoptr(GError) unread = NULL;

		if (!g_file_get_contents(path, &text, NULL, &unread)) {
			/* A kernel without IPv6 has no udp6. */
			if (socket_files[i].family == AF_INET6 &&
				g_error_matches(unread, G_FILE_ERROR, G_FILE_ERROR_NOENT))
				continue;
			g_propagate_error(error, g_steal_pointer(&unread));
			return NULL;
		}
		sockets = host_check_parse_udp(text, socket_files[i].family, ike_ports);
		g_array_append_vals(all, sockets->data, sockets->len);
	}
	return g_steal_pointer(&all);
}

gboolean
host_check_ports(const HostCheckPlaces *places, const HostCheckListen *listen, pid_t ours,
				 GError **error)
{
	g_autoptr(GArray) sockets = list_sockets(places, error);

	for (guint i = 0; sockets && i < sockets->len; i++) {
		const HostCheckSocket *found = &g_array_index(sockets, HostCheckSocket, i);

		if (is_in_the_way(found, listen) && !check_socket(places, found, ours, error))
			return FALSE;
	}
	return sockets != NULL;
}

gboolean
host_check_users(const HostCheckPlaces *places, const HostCheckListen *listen, GError **error)
{
	g_autoptr(GArray) sockets = list_sockets(places, error);

	for (guint i = 0; sockets && i < sockets->len; i++) {
		const HostCheckSocket *found = &g_array_index(sockets, HostCheckSocket, i);

		if (found->uid && is_in_the_way(found, listen) && !check_socket(places, found, 0, error))
			return FALSE;
	}
	return sockets != NULL;
}

gboolean
host_check_has_daemon(const HostCheckPlaces *places)
{
	g_autoptr(GArray) sockets = list_sockets(places, NULL);

	for (guint i = 0; sockets && i < sockets->len; i++) {
		const HostCheckSocket *found = &g_array_index(sockets, HostCheckSocket, i);

		if (found->port == IKE_PORT || found->uid == 0)
			return TRUE;
	}
	return sockets == NULL;
}

gboolean
host_check_xfrm(const XfrmTable *table, const guint32 *if_ids, gsize n_if_ids, GError **error)
{
	g_autoptr(XfrmTable) foreign = xfrm_table_select_foreign(table, if_ids, n_if_ids);
	guint n = foreign->states->len + foreign->policies->len;
	g_autofree char *first = NULL;
	g_autofree char *more = NULL;

	if (n == 0)
		return TRUE;
	first = foreign->states->len
				? xfrm_state_to_string(&g_array_index(foreign->states, XfrmState, 0))
				: xfrm_policy_to_string(&g_array_index(foreign->policies, XfrmPolicy, 0));
	more = n > 1 ? g_strdup_printf(" and %u more", n - 1) : g_strdup("");
	g_set_error(error, HOST_CHECK_ERROR, HOST_CHECK_ERROR_XFRM,
				"another IPsec tunnel is up on this host (%s%s), and this one would end it; take "
				"it down first",
				first, more);
	return FALSE;
}

gboolean
host_check(const HostCheckListen *listen, GError **error)
{
	g_autoptr(XfrmTable) table = xfrm_table_read(error);

	return table && host_check_xfrm(table, NULL, 0, error) &&
		   host_check_ports(&host_check_places, listen, 0, error);
}
