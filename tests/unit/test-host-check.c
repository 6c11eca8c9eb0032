/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "host-check.h"
#include "own-netns.h"

#include <arpa/inet.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <sys/socket.h>

static const char *no_netns;

/* As a little-endian kernel prints them; the header line is the kernel's too. */
static const char udp[] =
	"   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
	"inode ref pointer drops            \n"
	"  300: 020200C0:01F4 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 "
	"4711 2 0000000000000000 0           \n"
	"  301: 00000000:1194 00000000:0000 07 00000000:00000000 00:00000000 00000000   107        0 "
	"4712 2 0000000000000000 0           \n"
	"  302: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 "
	"4713 2 0000000000000000 0           \n";

static const char udp6[] =
	"  sl  local_address                         remote_address                        st tx_queue "
	"rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n"
	"  300: B80D0120000000000000000001000000:01F4 00000000000000000000000000000000:0000 07 "
	"00000000:00000000 00:00000000 00000000     0        0 4714 2 0000000000000000 0\n"
	"  301: 00000000000000000000000000000000:1194 00000000000000000000000000000000:0000 07 "
	"00000000:00000000 00:00000000 00000000     0        0 4715 2 0000000000000000 0\n"
	"  302: 0000000000000000FFFF0000020200C0:1194 00000000000000000000000000000000:0000 07 "
	"00000000:00000000 00:00000000 00000000   107        0 4716 2 0000000000000000 0\n";

static const char empty[] = "  sl  local_address rem_address\n";

static const guint16 ports[] = {500, 4500, 0};

static void
assert_socket(const GArray *sockets, guint i, const char *address, guint16 port, guint64 inode)
{
	const HostCheckSocket *socket = &g_array_index(sockets, HostCheckSocket, i);
	char buffer[IP_NET_STRLEN];

	g_assert_cmpstr(ip_net_to_string(&socket->address, buffer), ==, address);
	g_assert_cmpuint(socket->port, ==, port);
	g_assert_cmpuint(socket->inode, ==, inode);
}

static void
test_parse(void)
{
	g_autoptr(GArray) four = NULL;
	g_autoptr(GArray) six = NULL;

	if (G_BYTE_ORDER != G_LITTLE_ENDIAN) {
		g_test_skip("the samples are of a little-endian kernel");
		return;
	}
	four = host_check_parse_udp(udp, AF_INET, ports);
	six = host_check_parse_udp(udp6, AF_INET6, ports);
	g_assert_cmpuint(four->len, ==, 2);
	assert_socket(four, 0, "192.0.2.2", 500, 4711);
	assert_socket(four, 1, "0.0.0.0", 4500, 4712);
	g_assert_cmpuint(g_array_index(four, HostCheckSocket, 1).uid, ==, 107);
	g_assert_cmpuint(six->len, ==, 3);
	assert_socket(six, 0, "2001:db8::1", 500, 4714);
	assert_socket(six, 1, "::", 4500, 4715);
	assert_socket(six, 2, "192.0.2.2", 4500, 4716);
}

static void
test_parse_nonsense(void)
{
	static const char *const lines[] = {
		"",
		"\n\n",
		"300: 020200C0:01F4",
		"300: 020200C0 0 07 0:0 00:0 0 0 0 4711 2 0 0",
		"300: 020200C:01F4 0:0 07 0:0 00:0 0 0 0 4711 2 0 0",
		"300: 020200CG:01F4 0:0 07 0:0 00:0 0 0 0 4711 2 0 0",
		"300: 020200C0:1F4F4 0:0 07 0:0 00:0 0 0 0 4711 2 0 0",
		"300: 020200C0:01F4 0:0 07 0:0 00:0 0 -1 0 4711 2 0 0",
		"300: 020200C0:01F4 0:0 07 0:0 00:0 0 0 0 x 2 0 0",
	};

	for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autoptr(GArray) sockets = host_check_parse_udp(lines[i], AF_INET, ports);

		g_assert_cmpuint(sockets->len, ==, 0);
	}
}

/* A /proc of files. */

typedef struct {
	char *proc;
	HostCheckPlaces places;
} Fixture;

static void
put(const Fixture *f, const char *name, const char *content)
{
	g_autofree char *path = g_build_filename(f->proc, name, NULL);
	g_autofree char *parent = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
	g_assert_true(g_file_set_contents(path, content, -1, NULL));
}

static void
put_link(const Fixture *f, const char *name, const char *target)
{
	g_autofree char *path = g_build_filename(f->proc, name, NULL);
	g_autofree char *parent = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
	g_assert_cmpint(symlink(target, path), ==, 0);
}

static void
set_up(Fixture *f, gconstpointer unused)
{
	f->proc = g_dir_make_tmp("proc-XXXXXX", NULL);
	f->places = (HostCheckPlaces){f->proc, "/nonexistent"};
	put(f, "net/udp", empty);
	put(f, "net/udp6", empty);
	put(f, "812/comm", "char\x1b[31m\n");
	put_link(f, "812/fd/7", "socket:[4711]");
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	const char *argv[] = {"rm", "-rf", f->proc, NULL};

	g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
				 NULL);
	g_free(f->proc);
}

/* NULL as text: all addresses. */
static gboolean
check_ports(const Fixture *f, const char *address, pid_t ours, GError **error)
{
	IpNet host;
	const HostCheckListen listen = {&host, FALSE};

	g_clear_error(error);
	g_assert_true(!address || ip_net_parse(&host, address));
	return host_check_ports(&f->places, address ? &listen : NULL, ours, error);
}

static void
test_ports(Fixture *f, gconstpointer unused)
{
	const HostCheckPlaces nowhere = {"/nonexistent", "/nonexistent"};
	g_autofree char *file = g_build_filename(f->proc, "net", "udp6", NULL);
	g_autoptr(GError) error = NULL;

	if (G_BYTE_ORDER != G_LITTLE_ENDIAN) {
		g_test_skip("the samples are of a little-endian kernel");
		return;
	}
	g_assert_true(check_ports(f, NULL, 0, &error));
	g_assert_no_error(error);

	put(f, "net/udp", udp);
	g_assert_false(check_ports(f, NULL, 0, &error));
	g_assert_error(error, HOST_CHECK_ERROR, (int) HOST_CHECK_ERROR_PORT);
	g_assert_nonnull(strstr(error->message, "another IPsec program, char?[31m (pid 812), uses UDP "
											"port 500 of address 192.0.2.2"));

	/* Ours does not count; the next one, that nobody is seen to hold, does. */
	g_assert_false(check_ports(f, NULL, 812, &error));
	g_assert_nonnull(strstr(error->message, "a program of u"));
	g_assert_nonnull(strstr(error->message, " uses UDP port 4500 of address 0.0.0.0"));

	put(f, "net/udp", empty);
	put(f, "net/udp6", udp6);
	g_assert_false(check_ports(f, NULL, 0, &error));
	g_assert_nonnull(strstr(error->message, "2001:db8::1"));
	g_assert_nonnull(strstr(error->message, "one of root that cannot be seen, uses"));

	/* A kernel without IPv6. */
	g_assert_cmpint(g_unlink(file), ==, 0);
	g_assert_true(check_ports(f, NULL, 0, &error));
	g_assert_no_error(error);

	g_assert_false(host_check_ports(&nowhere, NULL, 0, &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
	g_assert_true(host_check_has_daemon(&nowhere));
}

/* A pluto that listens on every address that it gets: what root has is in the way wherever it is,
 * what a user has where it is the one that is needed. */
static void
test_everywhere(Fixture *f, gconstpointer unused)
{
	static const struct {
		const char *bound;
		guint uid;
		gboolean is_free;
	} rows[] = {
		{"0909097F:1194", 65534, TRUE},  {"0909097F:1194", 0, FALSE},
		{"020200C0:1194", 65534, FALSE}, {"00000000:1194", 65534, FALSE},
		{"0909097F:01F4", 65534, FALSE},
	};
	IpNet host;
	const HostCheckListen listen = {&host, TRUE};

	if (G_BYTE_ORDER != G_LITTLE_ENDIAN) {
		g_test_skip("the samples are of a little-endian kernel");
		return;
	}
	g_assert_true(ip_net_parse(&host, "192.0.2.2"));
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *line = g_strdup_printf("  302: %s 0:0 07 0:0 00:0 0 %u 0 4711 2 0 0\n",
												rows[i].bound, rows[i].uid);

		put(f, "net/udp", line);
		g_test_message("%s of uid %u", rows[i].bound, rows[i].uid);
		g_assert_cmpint(host_check_ports(&f->places, &listen, 0, NULL), ==, rows[i].is_free);
		g_assert_cmpint(host_check_users(&f->places, &listen, NULL), ==,
						rows[i].is_free || rows[i].uid == 0);
	}
	put(f, "net/udp", udp);
}

/* One socket of port 4500, or 500, for each row. */
static void
test_addresses(Fixture *f, gconstpointer unused)
{
	static const struct {
		const char *file, *bound, *listen;
		gboolean is_free;
	} rows[] = {
		{"net/udp", "020200C0:1194", "192.0.2.2", FALSE},
		{"net/udp", "020200C0:1194", "192.0.2.3", TRUE},
		{"net/udp", "0909097F:1194", "192.0.2.2", TRUE}, /* 127.9.9.9 */
		{"net/udp", "0909097F:1194", "2001:db8::1", TRUE},
		{"net/udp", "00000000:1194", "192.0.2.2", FALSE},
		{"net/udp", "00000000:1194", "2001:db8::1", TRUE},
		{"net/udp6", "B80D0120000000000000000001000000:1194", "2001:db8::1", FALSE},
		{"net/udp6", "B80D0120000000000000000001000000:1194", "2001:db8::2", TRUE},
		{"net/udp6", "B80D0120000000000000000001000000:1194", "192.0.2.2", TRUE},
		{"net/udp6", "00000000000000000000000000000000:1194", "2001:db8::1", FALSE},
		{"net/udp6", "00000000000000000000000000000000:1194", "192.0.2.2", FALSE},
		{"net/udp6", "0000000000000000FFFF0000020200C0:1194", "192.0.2.2", FALSE},
		{"net/udp6", "0000000000000000FFFF0000020200C0:1194", "192.0.2.3", TRUE},
		/* It is no port for everybody, and pluto cannot start beside it. */
		{"net/udp", "0909097F:01F4", "192.0.2.2", FALSE},
		{"net/udp6", "B80D0120000000000000000001000000:01F4", "192.0.2.2", FALSE},
	};

	if (G_BYTE_ORDER != G_LITTLE_ENDIAN) {
		g_test_skip("the samples are of a little-endian kernel");
		return;
	}
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *line =
			g_strdup_printf("  302: %s 0:0 07 0:0 00:0 0 65534 0 4711 2 0 0\n", rows[i].bound);
		gboolean is_free;

		put(f, rows[i].file, line);
		is_free = check_ports(f, rows[i].listen, 0, &error);
		g_test_message("%s for %s: %s", rows[i].bound, rows[i].listen,
					   is_free ? "free" : error->message);
		g_assert_cmpint(is_free, ==, rows[i].is_free);
		if (!is_free) {
			g_assert_null(strstr(error->message, "IPsec program"));
			g_assert_nonnull(
				strstr(error->message, "char?[31m (pid 812) of user nobody uses UDP "));
		}
		/* Any user's port 4500 says nothing of XFRM states. */
		g_assert_cmpint(host_check_has_daemon(&f->places), ==,
						g_str_has_suffix(rows[i].bound, ":01F4"));
		put(f, rows[i].file, empty);
	}
	put(f, "net/udp", udp);
	g_assert_true(host_check_has_daemon(&f->places));
}

static void
test_xfrm(void)
{
	const guint32 ours[] = {3};
	g_autoptr(XfrmTable) table = xfrm_table_new();
	XfrmPolicy policy = {.dir = XFRM_POLICY_OUT, .family = AF_INET, .if_id = 3};
	XfrmState state = {.proto = IPPROTO_ESP, .spi = 0xc0ffee};
	g_autoptr(GError) error = NULL;

	g_assert_true(ip_net_parse(&policy.src, "10.9.0.5"));
	g_assert_true(ip_net_parse(&policy.dst, "10.1.0.0/16"));
	g_assert_true(ip_net_parse(&state.src, "192.0.2.1"));
	g_assert_true(ip_net_parse(&state.dst, "192.0.2.2"));
	g_assert_true(host_check_xfrm(table, NULL, 0, &error));

	g_array_append_val(table->policies, policy);
	g_assert_true(host_check_xfrm(table, ours, 1, &error));
	g_assert_false(host_check_xfrm(table, NULL, 0, &error));
	g_assert_error(error, HOST_CHECK_ERROR, (int) HOST_CHECK_ERROR_XFRM);
	g_assert_nonnull(strstr(error->message, "(out policy 10.9.0.5 -> 10.1.0.0/16, if_id 3)"));
	g_clear_error(&error);

	g_array_append_val(table->states, state);
	g_assert_false(host_check_xfrm(table, NULL, 0, &error));
	g_assert_nonnull(strstr(error->message,
							"(ESP state 192.0.2.1 -> 192.0.2.2 SPI 0xc0ffee, if_id 0 and 1 more)"));
	g_clear_error(&error);

	/* A socket's own policy disturbs nobody. */
	g_array_set_size(table->states, 0);
	g_array_index(table->policies, XfrmPolicy, 0).dir = 4;
	g_assert_true(host_check_xfrm(table, NULL, 0, &error));
}

/* The real thing: a socket of this process, which is the other program. */
static void
bind_udp(int family, guint16 port, const char *named)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} address = {.any.sa_family = family};
	g_autoptr(GError) error = NULL;
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (family == AF_INET) {
		address.in.sin_port = htons(port);
		address.in.sin_addr.s_addr = htonl(INADDR_ANY);
	} else {
		address.in6.sin6_port = htons(port);
	}
	if (fd < 0 || bind(fd, &address.any, sizeof(address)) < 0) {
		g_test_message("port %u of family %d cannot be bound here: %s", port, family,
					   g_strerror(errno));
		if (fd >= 0)
			close(fd);
		return;
	}
	g_assert_false(host_check(NULL, &error));
	g_assert_error(error, HOST_CHECK_ERROR, (int) HOST_CHECK_ERROR_PORT);
	g_assert_nonnull(strstr(error->message, named));
	g_assert_nonnull(strstr(error->message, "test-host"));
	g_assert_true(host_check_ports(&host_check_places, NULL, getpid(), NULL));
	close(fd);
}

static void
test_real(void)
{
	g_autoptr(GError) error = NULL;

	if (skipped(no_netns))
		return;
	g_assert_true(host_check(NULL, &error));
	g_assert_no_error(error);
	bind_udp(AF_INET, 500, "UDP port 500 of address 0.0.0.0");
	bind_udp(AF_INET6, 4500, "UDP port 4500 of address ::");
	g_assert_true(host_check(NULL, &error));
}

int
main(int argc, char **argv)
{
	no_netns = own_netns_enter();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/host-check/parse", test_parse);
	g_test_add_func("/host-check/parse-nonsense", test_parse_nonsense);
	g_test_add("/host-check/ports", Fixture, NULL, set_up, test_ports, tear_down);
	g_test_add("/host-check/addresses", Fixture, NULL, set_up, test_addresses, tear_down);
	g_test_add("/host-check/everywhere", Fixture, NULL, set_up, test_everywhere, tear_down);
	g_test_add_func("/host-check/xfrm", test_xfrm);
	g_test_add_func("/host-check/real", test_real);
	return g_test_run();
}
