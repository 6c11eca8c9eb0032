/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "cert-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of a file's name, without suffix and number. */
#define NAME_MAX_BYTES 100u

/* How many files of one name there may be. */
#define TRIES 100u

static void
set_error(GError **error, const char *path, int errsv)
{
	g_autofree char *shown = g_filename_display_name(path);

	g_set_error(error, G_FILE_ERROR, (int) g_file_error_from_errno(errsv), "%s: %s", shown,
				g_strerror(errsv));
}

/* (transfer full): the folder, which is there then. */
static char *
make_folder(GError **error)
{
	g_autofree char *folder = NULL;

	if (!g_path_is_absolute(g_get_home_dir())) {
		set_error(error, g_get_home_dir(), ENOENT);
		return NULL;
	}
	folder = g_build_filename(g_get_home_dir(), ".cert", "nm-libreswan", NULL);
	if (g_mkdir_with_parents(folder, 0700) < 0) {
		set_error(error, folder, errno);
		return NULL;
	}
	return g_steal_pointer(&folder);
}

/* No letter that means anything to a shell, a path or a list of them. */
static char *
make_name(const char *what)
{
	g_autoptr(GString) name = g_string_new(NULL);

	for (const char *p = what; *p && name->len < NAME_MAX_BYTES; p++) {
		if (g_ascii_isalnum(*p) || (name->len && strchr("-_.", *p)))
			g_string_append_c(name, *p);
		else if (name->len && name->str[name->len - 1] != '-')
			g_string_append_c(name, '-');
	}
	return g_strdup(name->len ? name->str : "vpn");
}

/* Whether a regular file has these bytes and no others. */
static gboolean
has_bytes(const char *path, GBytes *bytes)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	gsize len, done = 0;
	const char *wanted = g_bytes_get_data(bytes, &len);
	g_autofree char *found = g_malloc(len + 1);
	struct stat st;
	ssize_t n = 0;

	if (fd < 0)
		return FALSE;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (guint64) st.st_size == len) {
		while (done < len && ((n = read(fd, found + done, len - done)) > 0 || errno == EINTR))
			done += n > 0 ? (gsize) n : 0;
	}
	close(fd);
	explicit_bzero(found + done, len + 1 - done);
	n = done == len && st.st_size == (off_t) len && memcmp(found, wanted, len) == 0;
	explicit_bzero(found, len);
	return n > 0;
}

static gboolean
write_all(int fd, const char *data, gsize len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return FALSE;
		data += n;
		len -= (gsize) n;
	}
	return TRUE;
}

/* A new file. 0, or an errno: EEXIST where there is something of that name. */
static int
make_file(const char *path, GBytes *bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	gsize len;
	const char *data = g_bytes_get_data(bytes, &len);
	int errsv = 0;

	if (fd < 0)
		return errno;
	if (!write_all(fd, data, len) || fsync(fd) < 0)
		errsv = errno;
	if (close(fd) < 0 && !errsv)
		errsv = errno;
	if (errsv)
		unlink(path);
	return errsv;
}

char *
cert_folder_store(const char *what, const char *suffix, GBytes *bytes, GError **error)
{
	g_autofree char *folder = make_folder(error);
	g_autofree char *name = make_name(what);
	g_autofree char *path = NULL;
	int errsv = EEXIST;

	if (!folder)
		return NULL;
	for (guint i = 1; i <= TRIES && errsv == EEXIST; i++) {
		g_autofree char *file = i == 1 ? g_strdup_printf("%s.%s", name, suffix)
									   : g_strdup_printf("%s-%u.%s", name, i, suffix);

		g_free(path);
		path = g_build_filename(folder, file, NULL);
		errsv = has_bytes(path, bytes) ? 0 : make_file(path, bytes);
	}
	if (errsv) {
		set_error(error, path, errsv);
		return NULL;
	}
	return g_steal_pointer(&path);
}
