/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "system-nss.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake-libreswan.h"
#include "make-profile.h"

#define UUID     "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
#define NICKNAME "right=gw\nleftcert=joe"

/* SQLite's, of who writes (os_unix.c). */
#define PENDING 0x40000000

typedef struct {
	char *base, *place;
	const char *places[3];
	RunDirectory *directory;
	GCancellable *cancellable;
	gboolean ended, copied;
	GError *error;
} Fixture;

static void
put(const Fixture *f, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(f->place, name, NULL);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void
set_up(Fixture *f, gconstpointer unused)
{
	f->base = g_dir_make_tmp("system-nss-XXXXXX", NULL);
	f->place = g_build_filename(f->base, "system", NULL);
	g_assert_cmpint(g_mkdir(f->place, 0700), ==, 0);
	f->directory = run_directory_open(f->base, UUID, NULL);
	g_assert_nonnull(f->directory);
	f->places[0] = "/nonexistent";
	f->places[1] = f->place;
	f->cancellable = g_cancellable_new();
	put(f, "cert9.db", "certificates");
	put(f, "key4.db", "keys");
	put(f, "secmod.db", "not ours");
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	static const char *const names[] = {"cert9.db", "key4.db", "secmod.db", "key4.db-journal"};

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(f->place, names[i], NULL);

		g_unlink(path);
	}
	g_assert_true(run_directory_remove(f->directory, NULL));
	run_directory_close(f->directory);
	g_assert_cmpint(g_rmdir(f->place), ==, 0);
	g_rmdir(f->base);
	g_free(f->place);
	g_free(f->base);
	g_object_unref(f->cancellable);
	g_clear_error(&f->error);
}

static void
on_copied(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Fixture *f = user_data;

	f->copied = system_nss_copy_finish(result, &f->error);
	f->ended = TRUE;
}

static void
start(Fixture *f, const Profile *profile)
{
	f->ended = FALSE;
	g_clear_error(&f->error);
	system_nss_copy_async(f->places, f->directory, profile, f->cancellable, on_copied, f);
	g_assert_false(f->ended);
}

static void
copy(Fixture *f)
{
	g_autoptr(Profile) profile = make_profile(NICKNAME);

	start(f, profile);
	until(f->ended);
}

static char *
read_copy(const Fixture *f, const char *name)
{
	g_autofree char *nss = run_directory_file(f->directory, "nss");
	g_autofree char *path = g_build_filename(nss, name, NULL);
	struct stat info;
	char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return NULL;
	g_assert_cmpint(g_stat(path, &info), ==, 0);
	g_assert_cmpuint(info.st_mode & 07777, ==, 0600);
	return text;
}

static void
assert_copied(const Fixture *f, const char *certificates, const char *keys)
{
	g_autofree char *cert9 = read_copy(f, "cert9.db"), *key4 = read_copy(f, "key4.db");
	g_autofree char *other = read_copy(f, "secmod.db");

	g_assert_no_error(f->error);
	g_assert_true(f->copied);
	g_assert_cmpstr(cert9, ==, certificates);
	g_assert_cmpstr(key4, ==, keys);
	g_assert_null(other);
}

static void
test_is_needed(void)
{
	static const char *const needed[] = {NICKNAME, "right=gw\nrightcert=gw",
										 "right=gw\nleftrsasigkey=0sAQ", "right=gw\nleftckaid=01"};
	static const char *const others[] = {"right=gw", "right=gw\nikev2=insist\ncert=/c",
										 "right=gw\nrightrsasigkey=0sAQ",
										 "right=gw\nkey=/k\nrightrsasigkey=0sAQ"};

	for (guint i = 0; i < G_N_ELEMENTS(needed); i++) {
		g_autoptr(Profile) one = make_profile(needed[i]);
		g_autoptr(Profile) other = make_profile(others[i]);

		g_assert_true(system_nss_is_needed(one));
		g_assert_false(system_nss_is_needed(other));
	}
}

static void
test_copy(Fixture *f, gconstpointer unused)
{
	copy(f);
	assert_copied(f, "certificates", "keys");
	/* Once for a connection. */
	put(f, "cert9.db", "others");
	copy(f);
	assert_copied(f, "certificates", "keys");
}

/* pluto will say which nickname it does not find. */
static void
test_none(Fixture *f, gconstpointer unused)
{
	f->places[1] = NULL;
	copy(f);
	assert_copied(f, NULL, NULL);
}

static int
lock(const Fixture *f, const char *name, short type, off_t at)
{
	g_autofree char *path = g_build_filename(f->place, name, NULL);
	struct flock held = {.l_type = type, .l_whence = SEEK_SET, .l_start = at, .l_len = 1};
	int fd = open(path, O_RDWR | O_CLOEXEC);

	g_assert_cmpint(fcntl(fd, F_OFD_SETLK, &held), ==, 0);
	return fd;
}

static gboolean
on_turns(gpointer user_data)
{
	++*(guint *) user_data;
	return G_SOURCE_CONTINUE;
}

/* Who writes, or is about to, has a lock; then comes what he has written. */
static void
test_written(Fixture *f, gconstpointer unused)
{
	g_autoptr(Profile) profile = make_profile(NICKNAME);
	const off_t places[] = {PENDING, PENDING + 2, PENDING + 2 + 509};

	for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
		guint n = 0, source = g_timeout_add(50, on_turns, &n);
		int fd = lock(f, i == 1 ? "cert9.db" : "key4.db", F_WRLCK, places[i]);

		g_assert_true(run_directory_clear(f->directory, NULL));
		start(f, profile);
		until(n >= 5); /* that is more than one try */
		g_source_remove(source);
		g_assert_false(f->ended);
		g_assert_cmpint(pwrite(fd, "i", 1, 0), ==, 1);
		close(fd);
		until(f->ended);
		assert_copied(f, i > 0 ? "iertificates" : "certificates", "ieys");
	}
}

/* Other readers do not matter. */
static void
test_read(Fixture *f, gconstpointer unused)
{
	int fd = lock(f, "key4.db", F_RDLCK, PENDING + 2);

	copy(f);
	close(fd);
	assert_copied(f, "certificates", "keys");
}

/* What is half written, by a program that is gone, is not taken for a database. */
static void
test_journal(Fixture *f, gconstpointer unused)
{
	put(f, "key4.db-journal", "to be undone");
	copy(f);
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_BUSY);
	put(f, "key4.db-journal", ""); /* one that counts for nothing */
	copy(f);
	assert_copied(f, "certificates", "keys");
}

static void
test_unreadable(Fixture *f, gconstpointer unused)
{
	g_autofree char *path = g_build_filename(f->place, "key4.db", NULL);

	g_unlink(path);
	copy(f);
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
	g_assert_nonnull(strstr(f->error->message, path));
}

/* The keys of the system are not those of one of its users. */
static void
test_private(Fixture *f, gconstpointer unused)
{
	g_autoptr(NMConnection) connection = nm_simple_connection_new();
	NMSetting *setting = nm_setting_connection_new(), *vpn = nm_setting_vpn_new();
	g_autoptr(Profile) profile = NULL;

	nm_setting_connection_add_permission(NM_SETTING_CONNECTION(setting), "user", "joe", NULL);
	nm_setting_vpn_add_data_item(NM_SETTING_VPN(vpn), "right", "gw");
	nm_setting_vpn_add_data_item(NM_SETTING_VPN(vpn), "leftcert", "joe");
	nm_connection_add_setting(connection, setting);
	nm_connection_add_setting(connection, vpn);
	profile = profile_new(connection, NULL);
	start(f, profile);
	until(f->ended);
	g_assert_error(f->error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
	g_assert_true(g_str_has_prefix(f->error->message, "leftcert: names what is in the NSS"));
	g_assert_nonnull(strstr(f->error->message, "\"joe\" alone"));
}

static void
test_cancelled(Fixture *f, gconstpointer unused)
{
	g_autoptr(Profile) profile = make_profile(NICKNAME);
	int fd = lock(f, "key4.db", F_WRLCK, PENDING);

	start(f, profile);
	g_cancellable_cancel(f->cancellable);
	until(f->ended);
	close(fd);
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(name, test) g_test_add("/system-nss/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/system-nss/is-needed", test_is_needed);
	ADD("copy", test_copy);
	ADD("none", test_none);
	ADD("written", test_written);
	ADD("read", test_read);
	ADD("journal", test_journal);
	ADD("unreadable", test_unreadable);
	ADD("private", test_private);
	ADD("cancelled", test_cancelled);
	return g_test_run();
}
