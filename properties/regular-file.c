/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "regular-file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

static char *
refuse(const char *path, int code, const char *why, GError **error)
{
	g_autofree char *name = g_filename_display_name(path);

	g_set_error(error, G_FILE_ERROR, code, "%s: %s", name, why);
	return NULL;
}

static char *
refuse_errno(const char *path, int errsv, GError **error)
{
	return refuse(path, (int) g_file_error_from_errno(errsv), g_strerror(errsv), error);
}

/* What it is instead of a regular file; NULL where it is one. */
static const char *
kind_of(mode_t mode)
{
	if (S_ISREG(mode))
		return NULL;
	if (S_ISDIR(mode))
		return _("is a directory; choose a file in it");
	if (S_ISFIFO(mode))
		return _("is a FIFO; it has to be a regular file");
	if (S_ISSOCK(mode))
		return _("is a socket; it has to be a regular file");
	return _("is a device; it has to be a regular file");
}

static char *
refuse_size(const char *path, guint64 size, gsize max, GError **error)
{
	g_autofree char *why =
		g_strdup_printf(_("has %llu bytes; the largest that can be imported has %zu"),
						(unsigned long long) size, max);

	return refuse(path, G_FILE_ERROR_INVAL, why, error);
}

/* Up to @size bytes; -1 and errno where they cannot be read. */
static gssize
read_all(int fd, char *buffer, gsize size)
{
	gsize done = 0;

	while (done < size) {
		ssize_t n = read(fd, buffer + done, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		done += (gsize) n;
	}
	return (gssize) done;
}

static char *
read_open(int fd, const char *path, gsize max, gsize *len, GError **error)
{
	g_autofree char *buffer = NULL;
	const char *kind;
	struct stat st;
	gssize n;

	if (fstat(fd, &st) < 0)
		return refuse_errno(path, errno, error);
	kind = kind_of(st.st_mode);
	if (kind)
		return refuse(path, G_FILE_ERROR_INVAL, kind, error);
	if ((guint64) st.st_size > max)
		return refuse_size(path, (guint64) st.st_size, max, error);

	/* It may grow meanwhile, and those of /proc have no size: one byte more than it may have
	 * shows that it has too many. */
	buffer = g_malloc(max + 2);
	n = read_all(fd, buffer, max + 1);
	if (n < 0)
		return refuse_errno(path, errno, error);
	if ((gsize) n > max)
		return refuse_size(path, (guint64) n, max, error);
	buffer[n] = '\0';
	*len = (gsize) n;
	return g_realloc(g_steal_pointer(&buffer), (gsize) n + 1);
}

char *
regular_file_read(const char *path, gsize max, gsize *len, GError **error)
{
	/* Without O_NONBLOCK the open of a FIFO waits for its writer, before fstat() can say that it
	 * is one; O_NOCTTY as a terminal must not become ours. */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int errsv = errno;
	struct stat st;
	char *text;

	if (fd < 0) {
		/* A socket cannot be opened: ENXIO would not tell anybody why. */
		if (errsv == ENXIO && stat(path, &st) == 0 && kind_of(st.st_mode))
			return refuse(path, G_FILE_ERROR_INVAL, kind_of(st.st_mode), error);
		return refuse_errno(path, errsv, error);
	}
	text = read_open(fd, path, max, len, error);
	close(fd);
	return text;
}
