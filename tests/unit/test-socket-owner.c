/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "socket-owner.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* A /proc and a /sys/fs/cgroup of files. */

typedef struct {
	char *top;
	char *proc;
	char *cgroups;
} Fixture;

static void
put(const char *top, const char *name, const char *content)
{
	g_autofree char *path = g_build_filename(top, name, NULL);
	g_autofree char *parent = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
	g_assert_true(g_file_set_contents(path, content, -1, NULL));
}

static void
put_link(const char *top, const char *name, const char *target)
{
	g_autofree char *path = g_build_filename(top, name, NULL);
	g_autofree char *parent = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
	g_assert_cmpint(symlink(target, path), ==, 0);
}

static void
set_up(Fixture *f, gconstpointer unused)
{
	f->top = g_dir_make_tmp("owner-XXXXXX", NULL);
	f->proc = g_build_filename(f->top, "proc", NULL);
	f->cgroups = g_build_filename(f->top, "cgroup", NULL);
	put(f->proc, "1/comm", "init\n");
	put_link(f->proc, "1/fd/0", "/dev/null");
	put_link(f->proc, "1/fd/1", "socket:[47110]");
	put_link(f->proc, "1/fd/2", "pipe:[4711]");
	put(f->proc, "812/comm", "char\x1b[31m\n");
	put_link(f->proc, "812/fd/0", "/dev/null");
	put_link(f->proc, "812/fd/7", "socket:[4711]");
	put_link(f->proc, "813/fd/7", "socket:[4712]");
	put(f->proc, "self/comm", "test\n");
	put(f->proc, "123/comm", "charon-systemd\n");
	put(f->proc, "200/comm", "bash\n");
	put(f->proc, "201/comm", "bash\n");
	put(f->proc, "202/comm", "socat\n");
	for (guint i = 300; i < 308; i++) {
		g_autofree char *name = g_strdup_printf("%u/comm", i);
		g_autofree char *comm = g_strdup_printf("worker%u\n", i);

		put(f->proc, name, comm);
	}
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	const char *argv[] = {"rm", "-rf", f->top, NULL};

	g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
				 NULL);
	g_free(f->top);
	g_free(f->proc);
	g_free(f->cgroups);
}

static void
test_fd(Fixture *f, gconstpointer unused)
{
	pid_t pid = 0;
	g_autofree char *owner = socket_owner_by_fd(f->proc, 4711, &pid);
	g_autofree char *nameless = socket_owner_by_fd(f->proc, 4712, NULL);
	g_autofree char *nobody = socket_owner_by_fd(f->proc, 1, NULL);
	g_autofree char *nowhere = socket_owner_by_fd("/nonexistent", 4711, NULL);

	g_assert_cmpstr(owner, ==, "char?[31m");
	g_assert_cmpint(pid, ==, 812);
	g_assert_cmpstr(nameless, ==, "a program");
	g_assert_null(nobody);
	g_assert_null(nowhere);
}

static guint64
inode_of(const char *path)
{
	struct stat st;

	g_assert_cmpint(stat(path, &st), ==, 0);
	return st.st_ino;
}

static void
test_find(Fixture *f, gconstpointer unused)
{
	g_autofree char *v2 = g_build_filename(f->cgroups, "unified", "a.slice", "b.service", NULL);
	g_autofree char *v1 = g_build_filename(f->cgroups, "memory", "a.slice", NULL);
	g_autofree char *file = g_build_filename(v2, "cgroup.procs", NULL);
	g_autofree char *found = NULL;

	put(v2, "cgroup.procs", "");
	put(v2, "cgroup.controllers", "");
	put(v1, "cgroup.procs", "");
	/* Not a way out, or round and round. */
	put_link(v2, "loop", "..");

	found = socket_owner_find_cgroup(f->cgroups, inode_of(v2));
	g_assert_cmpstr(found, ==, v2);
	g_assert_null(socket_owner_find_cgroup(f->cgroups, inode_of(v1)));
	g_assert_null(socket_owner_find_cgroup(f->cgroups, inode_of(file)));
	g_assert_null(socket_owner_find_cgroup(f->cgroups, G_MAXUINT64));
	g_assert_null(socket_owner_find_cgroup("/nonexistent", inode_of(v2)));
}

static void
test_find_deep(Fixture *f, gconstpointer unused)
{
	g_autoptr(GString) dir = g_string_new(f->cgroups);
	g_autofree char *found = NULL;

	for (guint i = 0; i < 16; i++)
		g_string_append(dir, "/d");
	put(dir->str, "cgroup.controllers", "");
	found = socket_owner_find_cgroup(f->cgroups, inode_of(dir->str));
	g_assert_cmpstr(found, ==, dir->str);

	g_string_append(dir, "/d");
	put(dir->str, "cgroup.controllers", "");
	g_assert_null(socket_owner_find_cgroup(f->cgroups, inode_of(dir->str)));
}

static void
test_cgroup(Fixture *f, gconstpointer unused)
{
	static const struct {
		const char *dir;
		const char *procs;
		const char *owner;
	} cases[] = {
		/* The one process. */
		{"system.slice/lab.service", "202\n", "socat (pid 202, lab.service)"},
		{"system.slice/lab.service/inner", "202\n", "socat (pid 202, lab.service)"},
		{"user.slice/user@1000.service/app.slice/x.scope", "202\n", "socat (pid 202, x.scope)"},
		{"", "202\n", "socat (pid 202)"},
		{"system.slice/lab.service", "812\n", "char?[31m (pid 812, lab.service)"},
		{"system.slice/a\nb.service", "202\n", "socat (pid 202, a?b.service)"},
		/* The one that is an IKE daemon. */
		{"system.slice/strongswan.service", "200\n123\n202\n",
		 "charon-systemd (pid 123, strongswan.service)"},
		{"", "1\n123\n202\n", "charon-systemd (pid 123)"},
		/* All of the unit. */
		{"system.slice/lab.service", "200\n201\n202\n", "one of bash, socat of lab.service"},
		{"system.slice/lab.service", "200\n201\n", "bash of lab.service"},
		{"system.slice/lab.service", "300\n301\n302\n303\n304\n305\n306\n",
		 "one of worker300, worker301, worker302, worker303, worker304 and 2 more of lab.service"},
		{"", "200\n201\n202\n", NULL},
		/* Ended, of another PID namespace, or hidden. */
		{"system.slice/lab.service", "999\n202\n", "socat (pid 202, lab.service)"},
		{"system.slice/lab.service", "0\n0\n", "a process of lab.service"},
		{"system.slice/lab.service", "-1\nx\n202 1\n", "a process of lab.service"},
		{"", "0\n", NULL},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *dir = g_build_filename(f->cgroups, cases[i].dir, NULL);
		g_autofree char *owner = NULL;

		put(dir, "cgroup.procs", cases[i].procs);
		owner = socket_owner_by_cgroup(f->proc, dir);
		g_assert_cmpstr(owner, ==, cases[i].owner);
	}
	g_assert_null(socket_owner_by_cgroup(f->proc, "/nonexistent"));
}

/* The real thing: a socket of this process. */
static void
test_real(gconstpointer family)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} address = {.any.sa_family = GPOINTER_TO_INT(family)};
	int fd = socket(GPOINTER_TO_INT(family), SOCK_DGRAM | SOCK_CLOEXEC, 0);
	g_autofree char *pid = g_strdup_printf("%d", (int) getpid());
	g_autofree char *dir = NULL;
	g_autofree char *path = NULL;
	g_autofree char *procs = NULL;
	g_auto(GStrv) lines = NULL;
	struct stat st;
	guint64 id;

	if (fd < 0 || bind(fd, &address.any, sizeof(address)) < 0) {
		g_test_skip("no socket of this family here");
		return;
	}
	g_assert_cmpint(fstat(fd, &st), ==, 0);
	id = socket_owner_cgroup_id(st.st_ino);
	close(fd);
	g_assert_cmpuint(socket_owner_cgroup_id(st.st_ino), ==, 0);
	if (!id) {
		g_test_skip("this kernel does not say a socket's cgroup");
		return;
	}
	dir = socket_owner_find_cgroup("/sys/fs/cgroup", id);
	if (!dir) {
		g_test_skip("our cgroup is not to be seen in /sys/fs/cgroup");
		return;
	}
	g_test_message("cgroup %" G_GUINT64_FORMAT " is %s", id, dir);
	path = g_build_filename(dir, "cgroup.procs", NULL);
	g_assert_true(g_file_get_contents(path, &procs, NULL, NULL));
	lines = g_strsplit(procs, "\n", -1);
	g_assert_true(g_strv_contains((const char *const *) lines, pid));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/socket-owner/fd", Fixture, NULL, set_up, test_fd, tear_down);
	g_test_add("/socket-owner/find", Fixture, NULL, set_up, test_find, tear_down);
	g_test_add("/socket-owner/find-deep", Fixture, NULL, set_up, test_find_deep, tear_down);
	g_test_add("/socket-owner/cgroup", Fixture, NULL, set_up, test_cgroup, tear_down);
	g_test_add_data_func("/socket-owner/real/ipv4", GINT_TO_POINTER(AF_INET), test_real);
	g_test_add_data_func("/socket-owner/real/ipv6", GINT_TO_POINTER(AF_INET6), test_real);
	return g_test_run();
}
