/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "run-directory.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define UUID       "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
#define OTHER      "3f2504e0-4f89-41d3-9a0c-0305e82c3302"

#define OTHER_UUID "0b0f6f1e-3c52-4b8a-9d0e-2f4f3f0f9a11"

typedef struct {
	char *root; /* made by the test */
	char *base; /* not there yet */
	char *path; /* BASE/UUID */
} Fixture;

static void
set_up(Fixture *f, gconstpointer unused)
{
	f->root = g_dir_make_tmp("run-XXXXXX", NULL);
	f->base = g_build_filename(f->root, "base", NULL);
	f->path = g_build_filename(f->base, UUID, NULL);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	const char *argv[] = {"rm", "-rf", f->root, NULL};

	g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
				 NULL);
	g_free(f->root);
	g_free(f->base);
	g_free(f->path);
}

static RunDirectory *
must_open(const Fixture *f)
{
	g_autoptr(GError) error = NULL;
	RunDirectory *directory = run_directory_open(f->base, UUID, &error);

	g_assert_no_error(error);
	return directory;
}

static void
assert_refused(const Fixture *f, int code, const char *named)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(run_directory_open(f->base, UUID, &error));
	g_assert_error(error, G_IO_ERROR, code);
	g_assert_nonnull(strstr(error->message, named));
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	g_assert_cmpint(lstat(path, &st), ==, 0);
	return st.st_mode & 07777;
}

static gboolean
exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static void
test_life(Fixture *f, gconstpointer unused)
{
	g_autoptr(RunDirectory) directory = must_open(f);
	g_autofree char *file = run_directory_file(directory, "ipsec.secrets");
	g_autofree char *nss = run_directory_file(directory, "nss");
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	mode_t mask = umask(0);

	g_assert_cmpstr(run_directory_get_path(directory), ==, f->path);
	g_assert_cmpint(mode_of(f->base), ==, 0700);
	g_assert_cmpint(mode_of(f->path), ==, 0700);
	g_assert_true(run_directory_write(directory, "ipsec.secrets", "one", 3, &error));
	g_assert_true(run_directory_write(directory, "ipsec.secrets", "two\0", 4, &error));
	g_assert_cmpint(mode_of(file), ==, 0600);
	g_assert_true(g_file_get_contents(file, &text, NULL, &error));
	g_assert_cmpstr(text, ==, "two");
	g_assert_true(run_directory_mkdir(directory, "nss", &error));
	g_assert_true(run_directory_mkdir(directory, "nss", NULL));
	g_assert_cmpint(mode_of(nss), ==, 0700);
	umask(mask);
	g_assert_true(run_directory_remove(directory, &error));
	g_assert_no_error(error);
	/* The last one takes the base with it. */
	g_assert_false(exists(f->base));
}

static void
test_base_stays(Fixture *f, gconstpointer unused)
{
	g_autoptr(RunDirectory) directory = must_open(f);
	g_autoptr(RunDirectory) other = run_directory_open(f->base, OTHER, NULL);

	g_assert_nonnull(other);
	g_assert_true(run_directory_remove(directory, NULL));
	g_assert_false(exists(f->path));
	g_assert_true(exists(run_directory_get_path(other)));
}

static void
test_names(Fixture *f, gconstpointer unused)
{
	static const char *const bad[] = {
		"", "..", "../" UUID, "3F2504E0-4F89-41D3-9A0C-0305E82C3301", UUID "/x", "a",
	};

	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(run_directory_open(f->base, bad[i], &error));
		g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
	}
	g_assert_false(exists(f->base));
}

static void
test_links_refused(Fixture *f, gconstpointer unused)
{
	g_autofree char *elsewhere = g_build_filename(f->root, "elsewhere", NULL);

	g_assert_cmpint(g_mkdir(elsewhere, 0700), ==, 0);
	g_assert_cmpint(symlink(elsewhere, f->base), ==, 0);
	assert_refused(f, G_IO_ERROR_NOT_DIRECTORY, f->base);
	g_assert_cmpint(unlink(f->base), ==, 0);

	g_assert_cmpint(g_mkdir(f->base, 0700), ==, 0);
	g_assert_cmpint(symlink(elsewhere, f->path), ==, 0);
	assert_refused(f, G_IO_ERROR_NOT_DIRECTORY, f->path);
	g_assert_cmpint(unlink(f->path), ==, 0);

	g_assert_true(g_file_set_contents(f->path, "a file", -1, NULL));
	assert_refused(f, G_IO_ERROR_NOT_DIRECTORY, f->path);
}

static void
test_lock_is_a_link(Fixture *f, gconstpointer unused)
{
	g_autofree char *victim = g_build_filename(f->root, "victim", NULL);
	g_autofree char *lock = g_build_filename(f->path, "lock", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(g_mkdir_with_parents(f->path, 0700), ==, 0);
	g_assert_cmpint(symlink(victim, lock), ==, 0);
	g_assert_null(run_directory_open(f->base, UUID, &error));
	g_assert_nonnull(error);
	g_assert_false(exists(victim));
}

static void
test_open_to_others_refused(Fixture *f, gconstpointer unused)
{
	g_assert_cmpint(g_mkdir(f->base, 0700), ==, 0);
	g_assert_cmpint(chmod(f->base, 0770), ==, 0);
	assert_refused(f, G_IO_ERROR_PERMISSION_DENIED, "mode 0770");
}

/* One of ours that others could list: as if it had been made by us. */
static void
test_open_to_readers_tightened(Fixture *f, gconstpointer unused)
{
	g_autoptr(RunDirectory) directory = NULL;

	g_assert_cmpint(g_mkdir_with_parents(f->path, 0700), ==, 0);
	g_assert_cmpint(chmod(f->base, 0755), ==, 0);
	g_assert_cmpint(chmod(f->path, 0755), ==, 0);
	directory = must_open(f);
	g_assert_cmpint(mode_of(f->base), ==, 0700);
	g_assert_cmpint(mode_of(f->path), ==, 0700);
}

static void
test_foreign_owner_refused(Fixture *f, gconstpointer unused)
{
	if (getuid() != 0) {
		g_test_skip("needs root to give a directory away");
		return;
	}
	g_assert_cmpint(g_mkdir(f->base, 0700), ==, 0);
	g_assert_cmpint(chown(f->base, 65534, 65534), ==, 0);
	assert_refused(f, G_IO_ERROR_PERMISSION_DENIED, "uid 65534");
}

static void
test_no_parent(Fixture *f, gconstpointer unused)
{
	g_autofree char *base = g_build_filename(f->root, "not", "there", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_null(run_directory_open(base, UUID, &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
	g_assert_nonnull(strstr(error->message, base));
}

static void
test_locked(Fixture *f, gconstpointer unused)
{
	g_autoptr(RunDirectory) directory = must_open(f);
	g_auto(GStrv) stale = run_directory_list_stale(f->base);

	assert_refused(f, G_IO_ERROR_BUSY, UUID);
	g_assert_null(stale[0]);
}

/* What others that live have there; neither ours nor a dead service's. */
static void
test_others(Fixture *f, gconstpointer unused)
{
	g_autoptr(RunDirectory) ours = must_open(f);
	RunDirectory *theirs = run_directory_open(f->base, OTHER_UUID, NULL);
	g_autoptr(GPtrArray) none = NULL;
	g_autoptr(GPtrArray) texts = NULL;
	g_autoptr(GPtrArray) dead = NULL;

	g_assert_nonnull(theirs);
	g_assert_true(run_directory_has_others(ours));
	g_assert_true(run_directory_write(ours, "gateway", "192.0.2.1", 9, NULL));
	none = run_directory_read_others(ours, "gateway", 64);
	g_assert_cmpuint(none->len, ==, 0);
	g_assert_true(run_directory_write(theirs, "gateway", "192.0.2.7", 9, NULL));
	texts = run_directory_read_others(ours, "gateway", 64);
	g_assert_cmpuint(texts->len, ==, 1);
	g_assert_cmpstr(texts->pdata[0], ==, "192.0.2.7");
	g_ptr_array_unref(g_steal_pointer(&texts));
	texts = run_directory_read_others(ours, "gateway", 8); /* too long */
	g_assert_cmpuint(texts->len, ==, 0);
	run_directory_close(theirs);
	g_assert_false(run_directory_has_others(ours));
	dead = run_directory_read_others(ours, "gateway", 64);
	g_assert_cmpuint(dead->len, ==, 0);
	theirs = run_directory_open(f->base, OTHER_UUID, NULL);
	g_assert_true(run_directory_remove(theirs, NULL));
	run_directory_close(theirs);
}

static void
test_killed(Fixture *f, gconstpointer unused)
{
	const ProcessId left = {4711, G_MAXUINT64};
	g_autoptr(RunDirectory) directory = NULL;
	g_auto(GStrv) none = run_directory_list_stale(f->base);
	g_auto(GStrv) stale = NULL;
	g_autofree char *file = g_build_filename(f->path, "ipsec.conf", NULL);
	g_autofree char *lock = g_build_filename(f->path, "lock", NULL);
	g_autoptr(GError) error = NULL;
	ProcessId found;
	int status;
	pid_t pid;

	g_assert_null(none[0]);
	pid = fork();
	if (pid == 0) {
		RunDirectory *theirs = run_directory_open(f->base, UUID, NULL);

		if (!theirs || !run_directory_write_pluto(theirs, &left, NULL) ||
			!run_directory_write(theirs, "ipsec.conf", "conn", 4, NULL))
			_exit(1);
		kill(getpid(), SIGKILL);
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_true(WIFSIGNALED(status));

	stale = run_directory_list_stale(f->base);
	g_assert_cmpuint(g_strv_length(stale), ==, 1);
	g_assert_cmpstr(stale[0], ==, UUID);
	directory = must_open(f);
	g_assert_true(run_directory_read_pluto(directory, &found, &error));
	g_assert_cmpint(found.pid, ==, 4711);
	g_assert_cmpuint(found.start, ==, G_MAXUINT64);
	g_assert_true(exists(file));
	g_assert_true(run_directory_clear(directory, &error));
	g_assert_false(exists(file));
	g_assert_true(exists(lock));
	assert_refused(f, G_IO_ERROR_BUSY, UUID);
}

static void
test_pluto(Fixture *f, gconstpointer unused)
{
	static const char *const bad[] = {
		"",
		"[pluto]\n",
		"[pluto]\npid=1\n",
		"[pluto]\nstart=1\n",
		"[pluto]\npid=-1\nstart=1\n",
		"[pluto]\npid=99999999999\nstart=1\n",
		"[pluto]\npid=x\nstart=1\n",
		"1 2 3 ipsec1\n",
		"[Pluto]\npid=1\nstart=1\n",
	};
	g_autoptr(RunDirectory) directory = must_open(f);
	const ProcessId none = {0, 0}, some = {4711, 12};
	ProcessId found = {1, 1};

	/* None yet. */
	g_assert_true(run_directory_read_pluto(directory, &found, NULL));
	g_assert_true(found.pid == 0 && found.start == 0);
	g_assert_true(run_directory_write_pluto(directory, &some, NULL));
	g_assert_true(run_directory_read_pluto(directory, &found, NULL));
	g_assert_cmpint(found.pid, ==, some.pid);
	g_assert_cmpuint(found.start, ==, some.start);
	g_assert_true(run_directory_write_pluto(directory, &none, NULL));
	g_assert_true(run_directory_read_pluto(directory, &found, NULL));
	g_assert_true(found.pid == 0 && found.start == 0);
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_true(run_directory_write(directory, "state", bad[i], strlen(bad[i]), NULL));
		g_assert_false(run_directory_read_pluto(directory, &found, &error));
		g_assert_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
		g_assert_true(found.pid == 0 && found.start == 0);
	}
}

static void
test_append(Fixture *f, gconstpointer unused)
{
	g_autoptr(RunDirectory) directory = must_open(f);
	g_autofree char *path = run_directory_file(directory, "list");
	g_autofree char *target = g_build_filename(f->root, "target", NULL);
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	struct stat st;

	g_assert_true(run_directory_append(directory, "list", "one\n", NULL));
	g_assert_true(run_directory_append(directory, "list", "two\n", NULL));
	text = run_directory_read(directory, "list", 100);
	g_assert_cmpstr(text, ==, "one\ntwo\n");
	g_assert_cmpint(stat(path, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 07777, ==, 0600);
	/* Through no link. */
	g_assert_cmpint(unlink(path), ==, 0);
	g_assert_cmpint(symlink(target, path), ==, 0);
	g_assert_false(run_directory_append(directory, "list", "three\n", &error));
	g_assert_nonnull(strstr(error->message, "/list"));
	g_assert_false(exists(target));
}

/* What lies about is removed, what links lead to is not. */
static void
test_remove_follows_nothing(Fixture *f, gconstpointer unused)
{
	g_autoptr(RunDirectory) directory = must_open(f);
	g_autofree char *outside = g_build_filename(f->root, "outside", NULL);
	g_autofree char *kept = g_build_filename(outside, "kept", NULL);
	g_autofree char *deep = g_build_filename(f->path, "a", "b", "c", NULL);
	g_autofree char *file = g_build_filename(deep, "file", NULL);
	g_autofree char *link = g_build_filename(f->path, "a", "link", NULL);
	g_autofree char *dangling = g_build_filename(f->path, "dangling", NULL);
	g_autofree char *fifo = g_build_filename(f->path, "fifo", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(g_mkdir(outside, 0700), ==, 0);
	g_assert_true(g_file_set_contents(kept, "kept", -1, NULL));
	g_assert_cmpint(g_mkdir_with_parents(deep, 0700), ==, 0);
	g_assert_true(g_file_set_contents(file, "x", -1, NULL));
	g_assert_cmpint(symlink(outside, link), ==, 0);
	g_assert_cmpint(symlink("/nonexistent", dangling), ==, 0);
	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	g_assert_true(run_directory_remove(directory, &error));
	g_assert_no_error(error);
	g_assert_false(exists(f->path));
	g_assert_true(exists(kept));
}

/* Writing replaces a link of that name, instead of writing through it. */
static void
test_write_through_link(Fixture *f, gconstpointer unused)
{
	g_autoptr(RunDirectory) directory = must_open(f);
	g_autofree char *victim = g_build_filename(f->root, "victim", NULL);
	g_autofree char *link = g_build_filename(f->path, "file", NULL);
	g_autofree char *beside = g_build_filename(f->path, ".file.new", NULL);

	g_assert_cmpint(symlink(victim, link), ==, 0);
	g_assert_cmpint(symlink(victim, beside), ==, 0);
	g_assert_true(run_directory_write(directory, "file", "x", 1, NULL));
	g_assert_false(exists(victim));
	g_assert_false(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
	g_assert_false(exists(beside));
}

/* A directory in the way: a clear failure, and nothing half done. */
static void
test_read(Fixture *f, gconstpointer unused)
{
	g_autoptr(RunDirectory) directory = must_open(f);
	g_autofree char *link = g_build_filename(f->path, "link", NULL);
	g_autofree char *whole = NULL;

	g_assert_true(run_directory_write(directory, "file", "four", 4, NULL));
	whole = run_directory_read(directory, "file", 4);
	g_assert_cmpstr(whole, ==, "four");
	/* Too long, a link, not there: nothing is known. */
	g_assert_null(run_directory_read(directory, "file", 3));
	g_assert_cmpint(symlink("file", link), ==, 0);
	g_assert_null(run_directory_read(directory, "link", 4));
	g_assert_null(run_directory_read(directory, "none", 4));
}

static void
test_remove_file(Fixture *f, gconstpointer unused)
{
	g_autoptr(RunDirectory) directory = must_open(f);
	g_autofree char *file = run_directory_file(directory, "file");
	g_autoptr(GError) error = NULL;

	g_assert_true(run_directory_write(directory, "file", "x", 1, NULL));
	g_assert_true(run_directory_remove_file(directory, "file", &error));
	g_assert_false(exists(file));
	g_assert_true(run_directory_remove_file(directory, "file", &error));
	g_assert_true(run_directory_mkdir(directory, "directory", NULL));
	g_assert_false(run_directory_remove_file(directory, "directory", &error));
	g_assert_nonnull(strstr(error->message, "/directory"));
}

static void
test_write_fails(Fixture *f, gconstpointer unused)
{
	g_autoptr(RunDirectory) directory = must_open(f);
	g_autofree char *beside = g_build_filename(f->path, ".file.new", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_true(run_directory_mkdir(directory, "file", NULL));
	g_assert_false(run_directory_write(directory, "file", "x", 1, &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
	g_assert_nonnull(strstr(error->message, "/file"));
	g_assert_false(exists(beside));
}

/* Many services come and go at once: each either has it alone, or is told that it is taken. */
static void
test_race(Fixture *f, gconstpointer unused)
{
	g_autofree char *token = g_build_filename(f->root, "token", NULL);
	pid_t pids[8];

	for (guint i = 0; i < G_N_ELEMENTS(pids); i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			for (guint n = 0; n < 200; n++) {
				GError *error = NULL;
				RunDirectory *directory = run_directory_open(f->base, UUID, &error);
				int fd;

				if (!directory) {
					if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_BUSY)) {
						g_printerr("%s\n", error->message);
						_exit(1);
					}
					g_clear_error(&error);
					continue;
				}
				fd = open(token, O_CREAT | O_EXCL | O_CLOEXEC, 0600);
				if (fd < 0 || close(fd) < 0 || unlink(token) < 0)
					_exit(2);
				if (!run_directory_remove(directory, NULL))
					_exit(3);
				run_directory_close(directory);
			}
			_exit(0);
		}
	}
	for (guint i = 0; i < G_N_ELEMENTS(pids); i++) {
		int status;

		g_assert_cmpint(waitpid(pids[i], &status, 0), ==, pids[i]);
		g_assert_cmpint(status, ==, 0);
	}
}

static gpointer
clean_and_close(gpointer user_data)
{
	RunDirectory *directory = user_data;

	g_usleep(50 * 1000);
	g_assert_true(run_directory_remove(directory, NULL));
	run_directory_close(directory);
	return NULL;
}

/* A service that starts waits for who cleans up in its directory, and a cleaner for nobody; a
 * cleaner is no other service. */
static void
test_cleaner(Fixture *f, gconstpointer unused)
{
	RunDirectory *directory = must_open(f), *stale;
	g_autoptr(RunDirectory) other = NULL;
	g_autoptr(RunDirectory) cleaner = NULL;
	g_autoptr(GError) error = NULL;
	GThread *thread;

	/* Not of one that lives. */
	g_assert_null(run_directory_open_stale(f->base, UUID, &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_BUSY);
	g_clear_error(&error);
	run_directory_close(directory);

	stale = run_directory_open_stale(f->base, UUID, &error);
	g_assert_no_error(error);
	g_assert_null(run_directory_open_stale(f->base, UUID, &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
	g_clear_error(&error);
	thread = g_thread_new("cleaner", clean_and_close, stale);
	directory = must_open(f);
	g_thread_join(thread);

	other = run_directory_open(f->base, OTHER_UUID, &error);
	g_assert_no_error(error);
	g_assert_true(run_directory_has_others(directory));
	run_directory_close(g_steal_pointer(&other));
	cleaner = run_directory_open_stale(f->base, OTHER_UUID, &error);
	g_assert_no_error(error);
	g_assert_false(run_directory_has_others(directory));
	run_directory_close(directory);
}

/* Services that each clean up before they start: none takes another's cleaning for a service. */
static void
test_start_race(Fixture *f, gconstpointer unused)
{
	pid_t pids[6];

	for (guint i = 0; i < G_N_ELEMENTS(pids); i++) {
		g_autofree char *uuid = g_strdup_printf("%.35s%u", UUID, i);

		pids[i] = fork();
		if (pids[i] != 0)
			continue;
		for (guint n = 0; n < 100; n++) {
			g_auto(GStrv) uuids = run_directory_list_stale(f->base);
			GError *error = NULL;
			RunDirectory *directory;

			for (char **each = uuids; *each; each++) {
				RunDirectory *dead = run_directory_open_stale(f->base, *each, NULL);

				if (dead)
					run_directory_remove(dead, NULL);
				run_directory_close(dead);
			}
			directory = run_directory_open(f->base, uuid, &error);
			if (!directory) {
				g_printerr("%s\n", error->message);
				_exit(1);
			}
			run_directory_remove(directory, NULL);
			run_directory_close(directory);
		}
		_exit(0);
	}
	for (guint i = 0; i < G_N_ELEMENTS(pids); i++) {
		int status;

		g_assert_cmpint(waitpid(pids[i], &status, 0), ==, pids[i]);
		g_assert_cmpint(status, ==, 0);
	}
}

#define ADD(name, test) g_test_add("/run-directory/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("life", test_life);
	ADD("base-stays", test_base_stays);
	ADD("names", test_names);
	ADD("links-refused", test_links_refused);
	ADD("lock-is-a-link", test_lock_is_a_link);
	ADD("open-to-others-refused", test_open_to_others_refused);
	ADD("open-to-readers-tightened", test_open_to_readers_tightened);
	ADD("foreign-owner-refused", test_foreign_owner_refused);
	ADD("no-parent", test_no_parent);
	ADD("locked", test_locked);
	ADD("killed", test_killed);
	ADD("others", test_others);
	ADD("pluto", test_pluto);
	ADD("append", test_append);
	ADD("remove-follows-nothing", test_remove_follows_nothing);
	ADD("write-through-link", test_write_through_link);
	ADD("read", test_read);
	ADD("remove-file", test_remove_file);
	ADD("write-fails", test_write_fails);
	ADD("race", test_race);
	ADD("cleaner", test_cleaner);
	ADD("start-race", test_start_race);
	return g_test_run();
}
