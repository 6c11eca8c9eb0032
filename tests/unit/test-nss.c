/* SPDX-License-Identifier: GPL-2.0-or-later */
/* With a certutil of the test's own (fake-pluto.c), and with NSS's where it is installed. */
#include "config.h"

#include "nss.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "fake-libreswan.h"
#include "own-netns.h"

#define UUID "3f2504e0-4f89-41d3-9a0c-0305e82c3301"

typedef struct {
	FakeLibreswan *fake;
	Libreswan *libreswan;
	char *base;
	RunDirectory *directory;
	GCancellable *cancellable;
	guint n_answers;
	GError *error;
} Fixture;

static char *real_certutil;
static const char *no_mounts;

static void
set_up(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	f->fake = fake_libreswan_new();
	f->libreswan = fake_libreswan_open(f->fake);
	f->base = g_dir_make_tmp("nss-XXXXXX", &error);
	g_assert_no_error(error);
	f->directory = run_directory_open(f->base, UUID, &error);
	g_assert_no_error(error);
	f->cancellable = g_cancellable_new();
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(run_directory_remove(f->directory, &error));
	g_assert_no_error(error);
	run_directory_close(f->directory);
	g_rmdir(f->base);
	g_free(f->base);
	g_object_unref(f->cancellable);
	fake_libreswan_free(f->fake);
	libreswan_free(f->libreswan);
	g_clear_error(&f->error);
}

static void
on_created(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Fixture *f = user_data;

	f->n_answers++;
	g_clear_error(&f->error);
	nss_create_finish(result, &f->error);
}

static void
create(Fixture *f)
{
	const guint before = f->n_answers;

	nss_create_async(f->libreswan, f->directory, f->cancellable, on_created, f);
	g_assert_cmpuint(f->n_answers, ==, before);
}

static void
create_and_wait(Fixture *f)
{
	create(f);
	until(f->n_answers > 0);
}

static gboolean
has_file(const Fixture *f, const char *name)
{
	g_autofree char *directory = run_directory_file(f->directory, "nss");
	g_autofree char *path = g_build_filename(directory, name, NULL);

	return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void
test_create(Fixture *f, gconstpointer unused)
{
	g_autofree char *nss = run_directory_file(f->directory, "nss");
	g_autofree char *wanted = g_strdup_printf("*-N -d sql:%s --empty-password", nss);
	struct stat info;

	fake_libreswan_script(f->fake, "certutil", NULL);
	create(f);
	{
		FakeProcess *certutil = fake_next(f->fake, "certutil");

		g_assert_true(g_pattern_match_simple(wanted, fake_arguments(certutil)));
		fake_send(certutil, "make-database");
		fake_send(certutil, "exit 0");
	}
	until(f->n_answers == 1);
	g_assert_no_error(f->error);
	g_assert_cmpint(g_stat(nss, &info), ==, 0);
	g_assert_cmpuint(info.st_mode & 07777, ==, 0700);
	create(f);
	until(f->n_answers == 2);
	g_assert_no_error(f->error);
	g_assert_cmpuint(fake_libreswan_count(f->fake, "certutil"), ==, 1); /* the same is kept */
}

static void
test_real(Fixture *f, gconstpointer unused)
{
	if (!real_certutil) {
		g_test_skip("there is no certutil");
		return;
	}
	g_free(f->libreswan->certutil);
	f->libreswan->certutil = g_strdup(real_certutil);
	create_and_wait(f);
	g_assert_no_error(f->error);
	g_assert_true(has_file(f, "pkcs11.txt"));
	g_assert_true(has_file(f, "cert9.db"));
	g_assert_true(has_file(f, "key4.db"));
}

static void
test_fails(Fixture *f, gconstpointer unused)
{
	fake_libreswan_script(f->fake, "certutil", "log certutil: no token|exit 255");
	create_and_wait(f);
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_FAILED);
	g_assert_cmpstr(f->error->message, ==,
					"certutil cannot make the NSS database: certutil: no token");
}

/* However much it says, and whatever. */
static void
test_fails_at_length(Fixture *f, gconstpointer unused)
{
	g_autofree char *text = g_strnfill(5000, 'x');
	g_autofree char *script = g_strdup_printf("log %s|exit 1", text);

	fake_libreswan_script(f->fake, "certutil", script);
	create_and_wait(f);
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_FAILED);
	g_assert_cmpuint(strlen(f->error->message), <, 300);
}

static void
test_says_no_text(Fixture *f, gconstpointer unused)
{
	fake_libreswan_script(f->fake, "certutil", "log \xff\xff|exit 1");
	create_and_wait(f);
	g_assert_nonnull(f->error);
}

static void
test_none(Fixture *f, gconstpointer unused)
{
	g_clear_pointer(&f->libreswan->certutil, g_free);
	create_and_wait(f);
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_does_not_start(Fixture *f, gconstpointer unused)
{
	fake_libreswan_remove(f->fake, "certutil");
	create_and_wait(f);
	g_assert_nonnull(f->error);
	g_assert_nonnull(strstr(f->error->message, "certutil"));
}

/* A link in the place of our directory is not followed. */
static void
test_no_directory(Fixture *f, gconstpointer unused)
{
	g_autofree char *nss = run_directory_file(f->directory, "nss");

	g_assert_true(g_file_set_contents(nss, "a file", -1, NULL));
	create_and_wait(f);
	g_assert_nonnull(f->error);
	g_assert_cmpuint(fake_libreswan_count(f->fake, "certutil"), ==, 0);
}

static void
test_cancelled(Fixture *f, gconstpointer unused)
{
	fake_libreswan_script(f->fake, "certutil", NULL);
	create(f);
	fake_next(f->fake, "certutil");
	g_cancellable_cancel(f->cancellable);
	until(f->n_answers == 1);
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* certutil calls a full file system an error of a module; the user is told what it is. */
static void
test_full(Fixture *f, gconstpointer unused)
{
	g_autofree char *nss = run_directory_file(f->directory, "nss");
	g_autoptr(GError) error = NULL;

	g_assert_true(run_directory_mkdir(f->directory, "nss", &error));
	if (skipped(no_mounts))
		return;
	g_assert_cmpint(mount("nss", nss, "tmpfs", 0, "size=64k,mode=0700"), ==, 0);
	fake_libreswan_script(f->fake, "certutil", "log SEC_ERROR_IO|exit 255");
	create_and_wait(f);
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
	g_assert_nonnull(strstr(f->error->message, nss));
	g_assert_cmpint(umount(nss), ==, 0);
}

#define ADD(name, test) g_test_add("/nss/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
	no_mounts = own_mounts_enter();
	real_certutil = g_find_program_in_path("certutil");
	g_test_init(&argc, &argv, NULL);
	ADD("create", test_create);
	ADD("real", test_real);
	ADD("fails", test_fails);
	ADD("fails-at-length", test_fails_at_length);
	ADD("says-no-text", test_says_no_text);
	ADD("none", test_none);
	ADD("does-not-start", test_does_not_start);
	ADD("no-directory", test_no_directory);
	ADD("cancelled", test_cancelled);
	ADD("full", test_full);
	return g_test_run();
}
