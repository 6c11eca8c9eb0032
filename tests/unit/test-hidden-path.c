/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "hidden-path.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <unistd.h>

static const char *mountinfo;

/* As systemd 252 mounts them for a service. */
static const char private_tmp[] =
	"22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"
	"60 22 8:1 /tmp/systemd-private-4a-NetworkManager.service-x/tmp /tmp rw shared:1 - ext4 "
	"/dev/sda1 rw\n";
static const char protect_home[] =
	"22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"
	"61 22 0:25 /systemd/inaccessible/dir /home ro,nosuid shared:2 master:3 - tmpfs tmpfs rw\n"
	"62 22 0:25 /systemd/inaccessible/dir /root ro,nosuid - tmpfs tmpfs rw\n";
static const char tmpfs_home[] = "22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"
								 "61 22 0:50 / /home ro,nosuid - tmpfs tmpfs rw\n";
static const char none[] = "22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"
						   "61 22 8:2 / /home rw,nosuid - ext4 /dev/sda2 rw\n"
						   "62 22 0:51 / /tmp rw,nosuid - tmpfs tmpfs rw\n"
						   "63 22 0:52 / /run rw,nosuid - tmpfs tmpfs rw\n"
						   "64 63 0:53 / /run/user/1000 rw,nosuid - tmpfs tmpfs rw\n"
						   "nothing of that form\n\n- - - -\n";

static void
check(const char *text, const char *path, gboolean hidden)
{
	g_assert_true(g_file_set_contents(mountinfo, text, -1, NULL));
	g_assert_cmpint(hidden_path_is(path, mountinfo), ==, hidden);
}

static void
test_hidden(void)
{
	check(private_tmp, "/tmp/joe.p12", TRUE);
	check(protect_home, "/home/joe/joe.p12", TRUE);
	check(protect_home, "/root/joe.p12", TRUE);
	check(tmpfs_home, "/home/joe/joe.p12", TRUE);
}

static void
test_not_hidden(void)
{
	check(private_tmp, "/home/joe/joe.p12", FALSE);
	check(private_tmp, "/tmpfile/joe.p12", FALSE);
	check(protect_home, "/tmp/joe.p12", FALSE);
	check(protect_home, "/etc/joe.p12", FALSE);
	check(none, "/home/joe/joe.p12", FALSE);
	check(none, "/tmp/joe.p12", FALSE);
	check(none, "/run/user/1000/joe.p12", FALSE);
	check("", "/home/joe.p12", FALSE);
	g_assert_false(hidden_path_is("/home/joe", "/nonexistent"));
}

int
main(int argc, char **argv)
{
	g_autofree char *path = NULL;
	int fd, status;

	g_test_init(&argc, &argv, NULL);
	fd = g_file_open_tmp("mountinfo-XXXXXX", &path, NULL);
	close(fd);
	mountinfo = path;
	g_test_add_func("/hidden-path/hidden", test_hidden);
	g_test_add_func("/hidden-path/not-hidden", test_not_hidden);
	status = g_test_run();
	g_unlink(path);
	return status;
}
