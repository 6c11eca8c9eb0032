/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "regular-file.h"

#define LIMIT 4096

/* Seconds. Nothing here may wait, and SIGALRM ends what does. */
#define DEADLINE 30

typedef struct {
	char *dir;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
	f->dir = g_dir_make_tmp("regular-file-XXXXXX", NULL);
	g_assert_nonnull(f->dir);
}

static void
tear_down(Fixture *f, gconstpointer data)
{
	g_autoptr(GDir) dir = g_dir_open(f->dir, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(f->dir, name, NULL);

		g_remove(path);
	}
	g_rmdir(f->dir);
	g_free(f->dir);
}

static char *
path_in(const Fixture *f, const char *name)
{
	return g_build_filename(f->dir, name, NULL);
}

/* A file of that many bytes, all of them a hole but the first. */
static char *
make_file(const Fixture *f, const char *name, gint64 size)
{
	char *path = path_in(f, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	g_assert_cmpint(fd, >=, 0);
	g_assert_cmpint(write(fd, "#", size ? 1 : 0), ==, size ? 1 : 0);
	g_assert_cmpint(ftruncate(fd, size), ==, 0);
	close(fd);
	return path;
}

static void
assert_refused(const char *path, GFileError code, const char *why)
{
	g_autofree char *expected = g_strconcat(path, ": ", why, NULL);
	g_autoptr(GError) error = NULL;
	gsize len = 17;

	alarm(DEADLINE);
	g_assert_null(regular_file_read(path, LIMIT, &len, &error));
	g_test_message("%s", error->message);
	g_assert_error(error, G_FILE_ERROR, (int) code);
	g_assert_cmpstr(error->message, ==, expected);
	alarm(0);
}

static void
test_read(Fixture *f, gconstpointer data)
{
	static const gsize sizes[] = {0, 1, LIMIT - 1, LIMIT};

	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autofree char *path = make_file(f, "file", (gint64) sizes[i]);
		g_autofree char *link = path_in(f, "link");
		g_autofree char *text = NULL, *by_link = NULL;
		gsize len = 17;

		text = regular_file_read(path, LIMIT, &len, NULL);
		g_assert_nonnull(text);
		g_assert_cmpuint(len, ==, sizes[i]);
		g_assert_cmpint(text[0], ==, sizes[i] ? '#' : '\0');
		g_assert_cmpint(text[len], ==, '\0');

		g_assert_cmpint(symlink(path, link), ==, 0);
		by_link = regular_file_read(link, LIMIT, &len, NULL);
		g_assert_nonnull(by_link);
		g_assert_cmpuint(len, ==, sizes[i]);
		g_unlink(link);
		g_unlink(path);
	}
}

static void
test_size(Fixture *f, gconstpointer data)
{
	g_autofree char *more = make_file(f, "more", LIMIT + 1);
	g_autofree char *huge = make_file(f, "huge", (gint64) 1 << 30);

	assert_refused(more, G_FILE_ERROR_INVAL,
				   "has 4097 bytes; the largest that can be imported has 4096");
	assert_refused(huge, G_FILE_ERROR_INVAL,
				   "has 1073741824 bytes; the largest that can be imported has 4096");
}

/* A regular file that says it has no bytes, and has more than are wanted. */
static void
test_no_size(Fixture *f, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	gsize len = 0;

	text = regular_file_read("/proc/self/status", 64 * 1024, &len, &error);
	g_assert_no_error(error);
	g_assert_true(g_str_has_prefix(text, "Name:"));
	g_assert_null(regular_file_read("/proc/self/status", 100, &len, &error));
	g_assert_cmpstr(error->message, ==,
					"/proc/self/status: has 101 bytes; the largest that can be imported has 100");
}

static void
test_kinds(Fixture *f, gconstpointer data)
{
	g_autofree char *fifo = path_in(f, "fifo");
	g_autofree char *socket_path = path_in(f, "socket");
	g_autofree char *link = path_in(f, "link");
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	assert_refused(fifo, G_FILE_ERROR_INVAL, "is a FIFO; it has to be a regular file");

	g_assert_cmpuint(strlen(socket_path), <, sizeof(address.sun_path));
	strcpy(address.sun_path, socket_path);
	g_assert_cmpint(bind(fd, (struct sockaddr *) &address, sizeof(address)), ==, 0);
	assert_refused(socket_path, G_FILE_ERROR_INVAL, "is a socket; it has to be a regular file");
	close(fd);

	assert_refused(f->dir, G_FILE_ERROR_INVAL, "is a directory; choose a file in it");
	assert_refused("/dev/zero", G_FILE_ERROR_INVAL, "is a device; it has to be a regular file");
	g_assert_cmpint(symlink("/dev/zero", link), ==, 0);
	assert_refused(link, G_FILE_ERROR_INVAL, "is a device; it has to be a regular file");
}

static void
test_unreadable(Fixture *f, gconstpointer data)
{
	g_autofree char *none = path_in(f, "none");
	g_autofree char *circle = path_in(f, "circle");

	assert_refused(none, G_FILE_ERROR_NOENT, g_strerror(ENOENT));
	g_assert_cmpint(symlink("circle", circle), ==, 0);
	assert_refused(circle, G_FILE_ERROR_LOOP, g_strerror(ELOOP));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/regular-file/read", Fixture, NULL, set_up, test_read, tear_down);
	g_test_add("/regular-file/size", Fixture, NULL, set_up, test_size, tear_down);
	g_test_add("/regular-file/no-size", Fixture, NULL, set_up, test_no_size, tear_down);
	g_test_add("/regular-file/kinds", Fixture, NULL, set_up, test_kinds, tear_down);
	g_test_add("/regular-file/unreadable", Fixture, NULL, set_up, test_unreadable, tear_down);
	return g_test_run();
}
