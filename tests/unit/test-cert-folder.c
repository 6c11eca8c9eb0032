/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cert-folder.h"
#include "remove-tree.h"

static char *home;

static char *
store(const char *what, const char *content, GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_new(content, strlen(content));

	return cert_folder_store(what, "p12", bytes, error);
}

static void
check_stored(const char *what, const char *content, const char *name)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = store(what, content, &error);
	g_autofree char *wanted = g_build_filename(home, ".cert", "nm-libreswan", name, NULL);
	g_autofree char *found = NULL;
	struct stat st;

	g_assert_no_error(error);
	g_assert_cmpstr(path, ==, wanted);
	g_assert_true(g_file_get_contents(path, &found, NULL, NULL));
	g_assert_cmpstr(found, ==, content);
	g_assert_cmpint(g_stat(path, &st), ==, 0);
	g_assert_cmpuint(st.st_mode & 0777, ==, 0600);
}

static void
test_store(void)
{
	g_autofree char *folder = g_build_filename(home, ".cert", "nm-libreswan", NULL);
	struct stat st;

	umask(0);
	check_stored("office-cert", "one", "office-cert.p12");
	g_assert_cmpint(g_stat(folder, &st), ==, 0);
	g_assert_cmpuint(st.st_mode & 0777, ==, 0700);
	/* The same again is the same file; another is beside it, and found again. */
	check_stored("office-cert", "one", "office-cert.p12");
	check_stored("office-cert", "two", "office-cert-2.p12");
	check_stored("office-cert", "twp", "office-cert-3.p12");
	check_stored("office-cert", "two", "office-cert-2.p12");
	check_stored("office-cert", "one", "office-cert.p12");
}

static void
test_names(void)
{
	g_autofree char *long_one = g_strnfill(5000, 'x');
	g_autofree char *cut = g_strnfill(100, 'x');
	g_autofree char *wanted = g_strconcat(cut, ".p12", NULL);

	check_stored("../../etc/passwd", "a", "etc-passwd.p12");
	check_stored("Büro; rm -rf $HOME", "b", "B-ro-rm--rf-HOME.p12");
	check_stored("\n\x1b[2J", "c", "2J.p12");
	check_stored("...", "d", "vpn.p12");
	check_stored(long_one, "e", wanted);
}

/* What is there stays what it is, whatever it is. */
static void
test_others(void)
{
	g_autofree char *link = g_build_filename(home, ".cert", "nm-libreswan", "link.p12", NULL);
	g_autofree char *target = g_build_filename(home, "target", NULL);
	g_autofree char *folder = g_build_filename(home, ".cert", "nm-libreswan", "dir.p12", NULL);
	g_autofree char *fifo = g_build_filename(home, ".cert", "nm-libreswan", "fifo.p12", NULL);

	g_assert_true(g_file_set_contents(target, "x", -1, NULL));
	g_assert_cmpint(symlink(target, link), ==, 0);
	g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	check_stored("link", "x", "link-2.p12");
	check_stored("dir", "x", "dir-2.p12");
	check_stored("fifo", "x", "fifo-2.p12");
	g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
}

static void
test_full(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = NULL;

	for (guint i = 0; i < 100; i++) {
		g_autofree char *content = g_strdup_printf("%u", i);
		g_autofree char *one = store("many", content, NULL);

		g_assert_nonnull(one);
	}
	path = store("many", "one more", &error);
	g_assert_null(path);
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
	g_assert_nonnull(strstr(error->message, "many-100.p12"));
}

static void
test_no_folder(void)
{
	g_autofree char *cert = g_build_filename(home, ".cert", NULL);
	g_autofree char *path = NULL;
	g_autoptr(GError) error = NULL;

	remove_tree(cert);
	g_assert_true(g_file_set_contents(cert, "", 0, NULL));
	path = store("office", "one", &error);
	g_assert_null(path);
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);
	g_assert_nonnull(strstr(error->message, ".cert"));
}

int
main(int argc, char **argv)
{
	int rc;

	home = g_dir_make_tmp("cert-folder-XXXXXX", NULL);
	g_setenv("HOME", home, TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/cert-folder/store", test_store);
	g_test_add_func("/cert-folder/names", test_names);
	g_test_add_func("/cert-folder/others", test_others);
	g_test_add_func("/cert-folder/full", test_full);
	g_test_add_func("/cert-folder/no-folder", test_no_folder);
	rc = g_test_run();
	remove_tree(home);
	g_free(home);
	return rc;
}
