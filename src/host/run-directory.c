/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "run-directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK      "lock"
#define STATE     "state"
#define STATE_MAX 4096

/* How many services may finish one after the other while one wants to start. */
#define MAX_TURNS 50
/* Milliseconds that somebody may take to clean up after a dead service, and between two looks. */
#define CLEANING_MS 10000
#define PAUSE_MS    10

/* Locks of the open file (fcntl(2)), that end with the process as flock's do, and unlike them can
 * be asked for without being taken. Their lengths tell who has it. */
static const struct flock service_lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
static const struct flock cleaner_lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

#define DIRECTORY_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

struct RunDirectory {
	char *uuid;
	char *path;
	char *base;
	int base_fd;
	int fd;
	int lock_fd;
};

G_GNUC_PRINTF(3, 4)
static gboolean
fail(GError **error, int number, const char *format, ...)
{
	g_autofree char *what = NULL;
	va_list args;

	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, G_IO_ERROR, g_io_error_from_errno(number), "%s: %s", what,
				g_strerror(number));
	return FALSE;
}

/* As GLib reads UUIDs, but lower case alone: a directory must have one name. */
static gboolean
is_uuid(const char *text)
{
	for (const char *p = text; *p; p++) {
		if (g_ascii_isupper(*p))
			return FALSE;
	}
	return g_uuid_string_is_valid(text);
}

static gboolean
is_component(const char *name)
{
	return name[0] != '\0' && !strchr(name, '/') && strcmp(name, ".") != 0 &&
		   strcmp(name, "..") != 0;
}

/* Makes it if need be and opens it; -1 with an error where it is not a directory of ours alone. */
static int
open_private(int at, const char *name, const char *path, GError **error)
{
	struct stat st;
	int fd;

	if (mkdirat(at, name, 0700) < 0 && errno != EEXIST) {
		fail(error, errno, "cannot make the directory %s", path);
		return -1;
	}
	fd = openat(at, name, DIRECTORY_FLAGS);
	if (fd < 0 || fstat(fd, &st) < 0) {
		/* O_NOFOLLOW with O_DIRECTORY says ENOTDIR of a symbolic link. */
		fail(error, errno, "cannot use %s as a directory", path);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	if (st.st_uid != geteuid() || (st.st_mode & 0022)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
					"%s belongs to uid %u with mode %04o; it must be uid %u's alone", path,
					st.st_uid, st.st_mode & 07777, geteuid());
		close(fd);
		return -1;
	}
	/* Whoever made it: what lies in it is nobody else's to list. */
	if ((st.st_mode & 0777) != 0700 && fchmod(fd, 0700) < 0) {
		fail(error, errno, "cannot make %s mode 0700", path);
		close(fd);
		return -1;
	}
	return fd;
}

/* The lock is worth something only while the directory that it lies in is the one of that name:
 * whoever had it before may have removed the directory between our open and our lock. */
static gboolean
still_there(const RunDirectory *directory)
{
	struct stat ours, named;

	return fstat(directory->fd, &ours) == 0 &&
		   fstatat(directory->base_fd, directory->uuid, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
		   ours.st_ino == named.st_ino && ours.st_dev == named.st_dev && ours.st_nlink > 0;
}

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static gboolean
is_held_by_cleaner(const struct flock *holder)
{
	return holder->l_type != F_UNLCK && holder->l_len == cleaner_lock.l_len;
}

/* Whoever has it may have let go of it in the meantime: then it is as if a cleaner had it. */
static gboolean
fail_busy(const RunDirectory *directory, GError **error)
{
	struct flock holder = cleaner_lock;

	if (fcntl(directory->lock_fd, F_OFD_GETLK, &holder) == 0 &&
		(holder.l_type == F_UNLCK || is_held_by_cleaner(&holder)))
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK,
					"the files of a service that died are still being removed from %s",
					directory->path);
	else
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_BUSY,
					"another service runs the connection %s already (it holds %s/" LOCK ")",
					directory->uuid, directory->path);
	return FALSE;
}

/* Fails with NOT_FOUND where the last owner removes directory or base at this moment, with
 * WOULD_BLOCK where a cleaner has it. */
static gboolean
open_and_lock(RunDirectory *directory, const struct flock *lock, GError **error)
{
	directory->base_fd = open_private(AT_FDCWD, directory->base, directory->base, error);
	if (directory->base_fd < 0)
		return FALSE;
	directory->fd = open_private(directory->base_fd, directory->uuid, directory->path, error);
	if (directory->fd < 0)
		return FALSE;
	directory->lock_fd =
		openat(directory->fd, LOCK, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0600);
	if (directory->lock_fd < 0)
		return fail(error, errno, "cannot make the lock of %s", directory->path);
	if (fcntl(directory->lock_fd, F_OFD_SETLK, lock) < 0) {
		if (errno != EAGAIN && errno != EACCES)
			return fail(error, errno, "cannot lock %s", directory->path);
		return fail_busy(directory, error);
	}
	return still_there(directory) || fail(error, ENOENT, "cannot use %s", directory->path);
}

static RunDirectory *
open_with(const char *base, const char *uuid, const struct flock *lock, gint64 patience_ms,
		  GError **error)
{
	const gint64 end = g_get_monotonic_time() + patience_ms * G_TIME_SPAN_MILLISECOND;
	g_autoptr(RunDirectory) directory = NULL;
	g_autoptr(GError) why = NULL;
	guint turn = 0;

	if (!is_uuid(uuid)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
					"\"%.40s\" is not a connection's UUID in lower case", uuid);
		return NULL;
	}
	directory = g_new0(RunDirectory, 1);
	directory->uuid = g_strdup(uuid);
	directory->base = g_strdup(base);
	directory->path = g_build_filename(base, uuid, NULL);
	directory->base_fd = directory->fd = directory->lock_fd = -1;

	/* Each turn that finds the directory gone means that its last owner has just finished. */
	while (turn < MAX_TURNS) {
		g_clear_error(&why);
		if (open_and_lock(directory, lock, &why))
			return g_steal_pointer(&directory);
		close_fd(&directory->lock_fd);
		close_fd(&directory->fd);
		close_fd(&directory->base_fd);
		if (g_error_matches(why, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
			turn++;
		else if (g_error_matches(why, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) &&
				 g_get_monotonic_time() < end)
			g_usleep(PAUSE_MS * 1000);
		else
			break;
	}
	g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

RunDirectory *
run_directory_open(const char *base, const char *uuid, GError **error)
{
	return open_with(base, uuid, &service_lock, CLEANING_MS, error);
}

RunDirectory *
run_directory_open_stale(const char *base, const char *uuid, GError **error)
{
	return open_with(base, uuid, &cleaner_lock, 0, error);
}

void
run_directory_close(RunDirectory *directory)
{
	if (!directory)
		return;
	close_fd(&directory->lock_fd);
	close_fd(&directory->fd);
	close_fd(&directory->base_fd);
	g_free(directory->uuid);
	g_free(directory->base);
	g_free(directory->path);
	g_free(directory);
}

const char *
run_directory_get_path(const RunDirectory *directory)
{
	return directory->path;
}

char *
run_directory_file(const RunDirectory *directory, const char *name)
{
	return g_build_filename(directory->path, name, NULL);
}

static gboolean
write_all(int fd, const char *data, gsize len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return FALSE;
		data += n;
		len -= n;
	}
	return TRUE;
}

gboolean
run_directory_write(RunDirectory *directory, const char *name, const void *data, gsize len,
					GError **error)
{
	g_autofree char *beside = NULL;
	gboolean ok;
	int fd;

	g_return_val_if_fail(is_component(name), FALSE);
	beside = g_strconcat(".", name, ".new", NULL);
	/* The lock is ours, so what has this name is of a service that died in the middle. */
	unlinkat(directory->fd, beside, 0);
	fd = openat(directory->fd, beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(error, errno, "cannot make %s/%s", directory->path, name);
	/* No fsync: it is a tmpfs, and nothing in it outlives the kernel. */
	ok = write_all(fd, data, len);
	if (close(fd) < 0)
		ok = FALSE;
	if (ok)
		ok = renameat(directory->fd, beside, directory->fd, name) == 0;
	if (!ok) {
		fail(error, errno, "cannot write %s/%s", directory->path, name);
		unlinkat(directory->fd, beside, 0);
	}
	return ok;
}

char *
run_directory_read(const RunDirectory *directory, const char *name, gsize max)
{
	g_autofree char *text = g_malloc(max + 2);
	gsize len = 0;
	ssize_t n = -1;
	int fd;

	g_return_val_if_fail(is_component(name), NULL);
	fd = openat(directory->fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return NULL;
	do {
		n = read(fd, text + len, max + 1 - len);
		len += MAX(n, 0);
	} while (n > 0 || (n < 0 && errno == EINTR));
	close(fd);
	if (n < 0 || len > max)
		return NULL;
	text[len] = '\0';
	return g_steal_pointer(&text);
}

gboolean
run_directory_remove_file(RunDirectory *directory, const char *name, GError **error)
{
	g_return_val_if_fail(is_component(name), FALSE);
	if (unlinkat(directory->fd, name, 0) < 0 && errno != ENOENT)
		return fail(error, errno, "cannot remove %s/%s", directory->path, name);
	return TRUE;
}

gboolean
run_directory_mkdir(RunDirectory *directory, const char *name, GError **error)
{
	g_autofree char *path = run_directory_file(directory, name);
	int fd;

	g_return_val_if_fail(is_component(name), FALSE);
	fd = open_private(directory->fd, name, path, error);
	if (fd < 0)
		return FALSE;
	close(fd);
	return TRUE;
}

gboolean
run_directory_append(RunDirectory *directory, const char *name, const char *text, GError **error)
{
	gboolean ok;
	int fd;

	g_return_val_if_fail(is_component(name), FALSE);
	fd = openat(directory->fd, name, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	ok = fd >= 0 && write_all(fd, text, strlen(text));
	if (!ok)
		fail(error, errno, "cannot write %s/%s", directory->path, name);
	if (fd >= 0)
		close(fd);
	return ok;
}

gboolean
run_directory_write_pluto(RunDirectory *directory, const ProcessId *pluto, GError **error)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autofree char *text = NULL;
	gsize len;

	g_key_file_set_integer(file, "pluto", "pid", (int) pluto->pid);
	g_key_file_set_uint64(file, "pluto", "start", pluto->start);
	text = g_key_file_to_data(file, &len, NULL);
	return run_directory_write(directory, STATE, text, len, error);
}

static gboolean
parse_pluto(ProcessId *pluto, const char *text)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(GError) error = NULL;

	if (!g_key_file_load_from_data(file, text, (gsize) -1, G_KEY_FILE_NONE, NULL))
		return FALSE;
	pluto->pid = g_key_file_get_integer(file, "pluto", "pid", &error);
	if (!error)
		pluto->start = g_key_file_get_uint64(file, "pluto", "start", &error);
	return !error && pluto->pid >= 0;
}

gboolean
run_directory_read_pluto(RunDirectory *directory, ProcessId *pluto, GError **error)
{
	g_autofree char *text = run_directory_read(directory, STATE, STATE_MAX);

	*pluto = (ProcessId){0};
	if (!text && faccessat(directory->fd, STATE, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
		return TRUE;
	if (text && parse_pluto(pluto, text))
		return TRUE;
	*pluto = (ProcessId){0};
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s/" STATE " does not name a process",
				directory->path);
	return FALSE;
}

static gboolean remove_contents(int fd, const char *path, const char *keep, GError **error);

static gboolean
remove_entry(int at, const char *name, const char *path, GError **error)
{
	g_autofree char *inner = g_build_filename(path, name, NULL);
	gboolean ok;
	int fd;

	if (unlinkat(at, name, 0) == 0 || errno == ENOENT)
		return TRUE;
	if (errno != EISDIR && errno != EPERM)
		return fail(error, errno, "cannot remove %s", inner);
	fd = openat(at, name, DIRECTORY_FLAGS);
	if (fd < 0)
		return fail(error, errno, "cannot remove %s", inner);
	ok = remove_contents(fd, inner, NULL, error);
	close(fd);
	if (ok && unlinkat(at, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
		ok = fail(error, errno, "cannot remove %s", inner);
	return ok;
}

static gboolean
remove_contents(int fd, const char *path, const char *keep, GError **error)
{
	int copy = openat(fd, ".", DIRECTORY_FLAGS);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;
	gboolean ok = TRUE;

	if (!dir) {
		fail(error, errno, "cannot list %s", path);
		close_fd(&copy);
		return FALSE;
	}
	while ((entry = readdir(dir))) {
		if (is_component(entry->d_name) && (!keep || strcmp(entry->d_name, keep) != 0))
			ok &= remove_entry(fd, entry->d_name, path, ok ? error : NULL);
	}
	closedir(dir);
	return ok;
}

gboolean
run_directory_clear(RunDirectory *directory, GError **error)
{
	return remove_contents(directory->fd, directory->path, LOCK, error);
}

gboolean
run_directory_remove(RunDirectory *directory, GError **error)
{
	if (!run_directory_clear(directory, error))
		return FALSE;
	/* The lock's name goes last, while it is held. Who opens the directory before sees the lock
	 * taken; between, makes a lock of its own, and the directory is its from then on (ENOTEMPTY);
	 * afterwards, starts anew. */
	if ((unlinkat(directory->fd, LOCK, 0) < 0 && errno != ENOENT) ||
		(unlinkat(directory->base_fd, directory->uuid, AT_REMOVEDIR) < 0 && errno != ENOENT &&
		 errno != ENOTEMPTY))
		return fail(error, errno, "cannot remove %s", directory->path);
	/* Others' directories keep it. */
	rmdir(directory->base);
	return TRUE;
}

/* Who has the lock of the directory @name in @base; l_type is F_UNLCK for nobody. Returns: whether
 * there is one. */
static gboolean
find_holder(const char *base, const char *name, struct flock *holder)
{
	g_autofree char *lock = g_build_filename(base, name, LOCK, NULL);
	int fd = is_uuid(name) ? open(lock, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK) : -1;
	gboolean found;

	*holder = cleaner_lock;
	found = fd >= 0 && fcntl(fd, F_OFD_GETLK, holder) == 0;
	close_fd(&fd);
	return found;
}

char **
run_directory_list_stale(const char *base)
{
	GPtrArray *stale = g_ptr_array_new();
	g_autoptr(GDir) dir = g_dir_open(base, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		struct flock holder;

		if (find_holder(base, name, &holder) && holder.l_type == F_UNLCK)
			g_ptr_array_add(stale, g_strdup(name));
	}
	g_ptr_array_add(stale, NULL);
	return (char **) g_ptr_array_free(stale, FALSE);
}

/* Returns: (transfer full) (element-type utf8): the names of the directories beside it whose
 * service lives. */
static GPtrArray *
list_others(const RunDirectory *directory)
{
	GPtrArray *others = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GDir) dir = g_dir_open(directory->base, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		struct flock holder;

		if (strcmp(name, directory->uuid) != 0 && find_holder(directory->base, name, &holder) &&
			holder.l_type != F_UNLCK && !is_held_by_cleaner(&holder))
			g_ptr_array_add(others, g_strdup(name));
	}
	return others;
}

GPtrArray *
run_directory_read_others(const RunDirectory *directory, const char *name, gsize max)
{
	g_autoptr(GPtrArray) others = list_others(directory);
	GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < others->len; i++) {
		RunDirectory other = {
			.fd = openat(directory->base_fd, others->pdata[i], DIRECTORY_FLAGS),
		};
		char *text = other.fd >= 0 ? run_directory_read(&other, name, max) : NULL;

		close_fd(&other.fd);
		if (text)
			g_ptr_array_add(texts, text);
	}
	return texts;
}

gboolean
run_directory_has_others(const RunDirectory *directory)
{
	g_autoptr(GPtrArray) others = list_others(directory);

	return others->len > 0;
}
