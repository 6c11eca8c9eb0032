/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "xfrm-user.h"

#include <glib/gstdio.h>

/* A /proc of files. */
typedef struct {
	char *proc;
} Fixture;

static void
put(Fixture *f, const char *name, const char *content)
{
	g_autofree char *path = g_build_filename(f->proc, name, NULL);
	g_autofree char *parent = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
	g_assert_true(g_file_set_contents(path, content, -1, NULL));
}

static void
put_process(Fixture *f, const char *pid, const char *name, const char *parent)
{
	g_autofree char *comm = g_strconcat(pid, "/comm", NULL);
	g_autofree char *status = g_strconcat(pid, "/status", NULL);
	g_autofree char *name_line = g_strconcat(name, "\n", NULL);
	g_autofree char *text =
		g_strconcat("Name:\t", name, "\nTgid:\t", pid, "\nPPid:\t", parent, "\n", NULL);

	put(f, comm, name_line);
	put(f, status, text);
}

#define HEAD                                                                                       \
	"sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n"
#define SOCKET(protocol, port)                                                                     \
	"0000000000000000 " protocol "   " port                                                        \
	"        00000003 0        0        0     2        0  "                                        \
	"      4711\n"

static void
set_up(Fixture *f, gconstpointer unused)
{
	f->proc = g_dir_make_tmp("xfrm-user-XXXXXX", NULL);
	put(f, "self/comm", "nm-libreswan-se\n");
	put_process(f, "1", "systemd", "0");
	put_process(f, "100", "nm-libreswan-se", "1");
	put_process(f, "101", "pluto", "100");
	put_process(f, "200", "ip", "1");
	put_process(f, "300", "pluto", "1");
	put_process(f, "301", "pluto", "1");
	put_process(f, "400", "charon", "1");
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	const char *argv[] = {"rm", "-rf", f->proc, NULL};

	g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
				 NULL);
	g_free(f->proc);
}

static void
test_port(Fixture *f, gconstpointer unused)
{
	g_autofree char *here = xfrm_user_by_port(f->proc, 200);
	g_autofree char *gone = xfrm_user_by_port(f->proc, 812);
	g_autofree char *third = xfrm_user_by_port(f->proc, (2 << 22) + 200);

	g_assert_cmpstr(here, ==, "ip (pid 200)");
	g_assert_cmpstr(gone, ==, "a program that has ended (pid 812)");
	g_assert_cmpstr(third, ==, "ip (pid 200)");
	g_assert_null(xfrm_user_by_port(f->proc, (2 << 22) + 812));
	/* The kernel itself, and sockets whose number is of its choice. */
	g_assert_null(xfrm_user_by_port(f->proc, 0));
	g_assert_null(xfrm_user_by_port(f->proc, (guint32) -4097));
}

static void
expect_daemon(Fixture *f, const char *sockets, const char *wanted)
{
	g_autofree char *got = NULL;

	put(f, "net/netlink", sockets);
	got = xfrm_user_daemon(f->proc);
	g_assert_cmpstr(got, ==, wanted);
}

static void
test_daemon(Fixture *f, gconstpointer unused)
{
	g_assert_null(xfrm_user_daemon(f->proc));
	expect_daemon(f, HEAD, NULL);
	/* Ours, no daemon, no XFRM socket, and one that says nothing of whose it is. */
	expect_daemon(
		f, HEAD SOCKET("6", "101") SOCKET("6", "200") SOCKET("0", "300") SOCKET("6", "4294963199"),
		NULL);
	expect_daemon(f, HEAD SOCKET("6", "101") SOCKET("6", "300"), "pluto (pid 300)");
	expect_daemon(f, HEAD SOCKET("6", "400"), "charon (pid 400)");
	/* One of two is not known. */
	expect_daemon(f, HEAD SOCKET("6", "300") SOCKET("6", "301"), NULL);
	/* It has just ended. */
	expect_daemon(f, HEAD SOCKET("6", "999"), NULL);
	expect_daemon(f, "garbage\n6\n", NULL);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/xfrm-user/port", Fixture, NULL, set_up, test_port, tear_down);
	g_test_add("/xfrm-user/daemon", Fixture, NULL, set_up, test_daemon, tear_down);
	return g_test_run();
}
