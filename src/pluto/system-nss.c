/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "system-nss.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

/* Debian and Fedora; the enterprise distributions up to 9. */
static const char *const usual_places[] = {"/var/lib/ipsec/nss", "/etc/ipsec.d", NULL};

/* pluto and NSS need no more of it: its own token they know, and pluto knows no other. */
static const char *const files[] = {"cert9.db", "key4.db"};

/* How long somebody may write to it, and how often that is looked for, in milliseconds. */
#define PATIENCE_MS 5000
#define INTERVAL_MS 100
/* A database of a thousand certificates has 2 MB. */
#define SIZE_MAX_BYTES (64 * 1024 * 1024)

/* SQLite's locks of a file, which every program that has it open takes (os_unix.c): who reads has
 * the last, and asks by the first; who is about to write has the first. */
#define SQLITE_PENDING     0x40000000
#define SQLITE_SHARED      (SQLITE_PENDING + 2)
#define SQLITE_SHARED_SIZE 510

typedef struct {
	RunDirectory *directory;
	char *place;
	guint source;
	guint n_tries;
} Copy;

static void
copy_free(gpointer data)
{
	Copy *self = data;

	g_clear_handle_id(&self->source, g_source_remove);
	g_free(self->place);
	g_free(self);
}

static gboolean
is_key(const char *value)
{
	return value && !g_str_equal(value, "%cert");
}

gboolean
system_nss_is_needed(const Profile *profile)
{
	return profile_get(profile, "leftcert") || profile_get(profile, "rightcert") ||
		   profile_get(profile, "leftckaid") || is_key(profile_get(profile, "leftrsasigkey"));
}

static char *
find_place(const char *const *places)
{
	for (guint i = 0; places[i]; i++) {
		g_autofree char *file = g_build_filename(places[i], files[0], NULL);

		if (g_file_test(file, G_FILE_TEST_EXISTS))
			return g_strdup(places[i]);
	}
	return NULL;
}

/*****************************************************************************/

/* Given back with the descriptor. */
static gboolean
lock_for_reading(int fd)
{
	struct flock pending = {
		.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = SQLITE_PENDING, .l_len = 1};
	struct flock shared = {.l_type = F_RDLCK,
						   .l_whence = SEEK_SET,
						   .l_start = SQLITE_SHARED,
						   .l_len = SQLITE_SHARED_SIZE};

	if (fcntl(fd, F_OFD_SETLK, &pending) < 0 || fcntl(fd, F_OFD_SETLK, &shared) < 0)
		return FALSE;
	pending.l_type = F_UNLCK;
	return fcntl(fd, F_OFD_SETLK, &pending) == 0;
}

/* What a program that is gone has left half done, SQLite would undo with its journal. */
static gboolean
has_journal(const char *path)
{
	g_autofree char *journal = g_strconcat(path, "-journal", NULL);
	struct stat info;

	return stat(journal, &info) == 0 && info.st_size > 0;
}

static gboolean
io_error(GError **error, const char *path)
{
	const int number = errno;

	g_set_error(error, G_IO_ERROR, g_io_error_from_errno(number),
				"the NSS database of the system cannot be read: %s: %s", path, g_strerror(number));
	return FALSE;
}

static char *
read_all(int fd, gsize *len)
{
	struct stat info;
	char *bytes;
	gsize n = 0;

	if (fstat(fd, &info) < 0)
		return NULL;
	if (!S_ISREG(info.st_mode) || info.st_size > SIZE_MAX_BYTES) {
		errno = EFBIG;
		return NULL;
	}
	*len = (gsize) info.st_size;
	bytes = g_malloc(*len + 1);
	while (n < *len) {
		const ssize_t got = pread(fd, bytes + n, *len - n, (off_t) n);

		if (got > 0) {
			n += (gsize) got;
		} else if (got == 0 || errno != EINTR) {
			errno = got == 0 ? EIO : errno;
			g_free(bytes);
			return NULL;
		}
	}
	return bytes;
}

/* Private keys are encrypted in it, mostly with an empty password. */
static gboolean
write_copy(const Copy *self, const char *name, const char *bytes, gsize len, GError **error)
{
	g_autofree char *directory = run_directory_file(self->directory, "nss");
	g_autofree char *path = g_build_filename(directory, name, NULL);

	return g_file_set_contents_full(path, bytes, (gssize) len, G_FILE_SET_CONTENTS_NONE, 0600,
									error);
}

static gboolean
copy_file(const Copy *self, const char *name, int fd, const char *path, GError **error)
{
	gsize len;
	char *bytes = read_all(fd, &len);
	gboolean ok;

	if (!bytes)
		return io_error(error, path);
	ok = write_copy(self, name, bytes, len, error);
	explicit_bzero(bytes, len);
	g_free(bytes);
	return ok;
}

/* G_IO_ERROR_BUSY: somebody writes to it. */
static gboolean
copy_locked(const Copy *self, const char *name, GError **error)
{
	g_autofree char *path = g_build_filename(self->place, name, NULL);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	gboolean ok;

	if (fd < 0)
		return io_error(error, path);
	if (!lock_for_reading(fd) || has_journal(path)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
					"the NSS database of the system is being written to, for more than %d s: %s",
					PATIENCE_MS / 1000, path);
		ok = FALSE;
	} else {
		ok = copy_file(self, name, fd, path, error);
	}
	close(fd);
	return ok;
}

static gboolean
copy_all(const Copy *self, GError **error)
{
	if (!run_directory_mkdir(self->directory, "nss", error))
		return FALSE;
	/* The one that says that there is a database last. */
	for (guint i = G_N_ELEMENTS(files); i > 0; i--) {
		if (!copy_locked(self, files[i - 1], error))
			return FALSE;
	}
	return TRUE;
}

static gboolean on_try(gpointer user_data);

/* With @task: (transfer full). */
static void
try_copy(GTask *task)
{
	Copy *self = g_task_get_task_data(task);
	GError *error = NULL;

	/* Once it is cancelled the run directory may be gone. */
	if (g_task_return_error_if_cancelled(task)) {
		g_object_unref(task);
		return;
	}
	if (copy_all(self, &error)) {
		g_info("the NSS database of this connection is a copy of %s", self->place);
		g_task_return_boolean(task, TRUE);
	} else if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_BUSY) &&
			   self->n_tries++ < PATIENCE_MS / INTERVAL_MS) {
		g_clear_error(&error);
		self->source = g_timeout_add(INTERVAL_MS, on_try, task);
		return;
	} else {
		g_task_return_error(task, error);
	}
	g_object_unref(task);
}

static gboolean
on_try(gpointer user_data)
{
	Copy *self = g_task_get_task_data(user_data);

	self->source = 0;
	try_copy(user_data);
	return G_SOURCE_REMOVE;
}

static gboolean
has_database(RunDirectory *directory)
{
	g_autofree char *nss = run_directory_file(directory, "nss");
	g_autofree char *file = g_build_filename(nss, files[0], NULL);

	return g_file_test(file, G_FILE_TEST_EXISTS);
}

void
system_nss_copy_async(const char *const *places, RunDirectory *directory, const Profile *profile,
					  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
	GTask *task = g_task_new(NULL, cancellable, callback, user_data);
	const char *owner = profile_get_owner(profile);
	Copy *self = g_new0(Copy, 1);

	g_task_set_task_data(task, self, copy_free);
	self->directory = directory;
	self->place = find_place(places ? places : usual_places);
	if (!self->place || has_database(directory)) {
		g_task_return_boolean(task, TRUE);
		g_object_unref(task);
		return;
	}
	if (owner) {
		g_autofree char *quoted = option_quote(owner);

		g_task_return_new_error(
			task, PROFILE_ERROR, PROFILE_ERROR_INVALID,
			_("%s: names what is in the NSS database of the system, and the connection is that of "
			  "%s alone; allowed is a connection of the whole system (connection.permissions), or "
			  "a file in cert"),
			profile_get(profile, "leftcert")    ? "leftcert"
			: profile_get(profile, "rightcert") ? "rightcert"
			: profile_get(profile, "leftckaid") ? "leftckaid"
												: "leftrsasigkey",
			quoted);
		g_object_unref(task);
		return;
	}
	try_copy(task);
}

gboolean
system_nss_copy_finish(GAsyncResult *result, GError **error)
{
	return g_task_propagate_boolean(G_TASK(result), error);
}
