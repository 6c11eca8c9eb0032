/* SPDX-License-Identifier: GPL-2.0-or-later */
/* With a pluto of the test's own (fake-pluto.c), by a clock of its own. */
#include "config.h"

#include "libreswan-trial.h"

#include <string.h>

#include "fake-libreswan.h"
#include "own-netns.h"
#include "test-clock.h"

#define UUID              "6f1c3a5e-57a5-4bd8-8d4c-0f7a3a1b2c3d"
#define TRIAL_DEADLINE_MS 10000

static const char *no_world;

typedef struct {
	FakeLibreswan *fake;
	Libreswan *libreswan;
	GCancellable *cancellable;
	char *base;
	gboolean done;
	GError *error;
} Fixture;

static void
on_version(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_assert_true(libreswan_query_version_finish(result, NULL));
	*(gboolean *) user_data = TRUE;
}

static void
set_up(Fixture *f, gconstpointer unused)
{
	gboolean known = FALSE;

	if (skipped(no_world))
		return;
	f->fake = fake_libreswan_new();
	f->libreswan = fake_libreswan_open(f->fake);
	f->cancellable = g_cancellable_new();
	f->base = g_dir_make_tmp("trial-XXXXXX", NULL);
	fake_libreswan_script(f->fake, "version", "out Libreswan 5.6|exit 0");
	libreswan_query_version_async(f->libreswan, NULL, on_version, &known);
	until(known);
	g_assert_true(libreswan_wants_trial(f->libreswan));
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	if (!f->fake)
		return;
	g_assert_false(g_file_test(f->base, G_FILE_TEST_EXISTS));
	g_clear_error(&f->error);
	g_object_unref(f->cancellable);
	libreswan_free(f->libreswan);
	fake_libreswan_free(f->fake);
	g_free(f->base);
	g_assert_cmpuint(test_clock_count(), ==, 0);
}

static void
on_tried(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Fixture *f = user_data;

	f->done = TRUE;
	/* Whoever hears of it takes the run directory next. */
	g_assert_false(g_file_test(f->base, G_FILE_TEST_EXISTS));
	libreswan_trial_finish(result, &f->error);
}

static FakeProcess *
begin(Fixture *f)
{
	libreswan_trial_async(f->libreswan, f->base, UUID, f->cancellable, on_tried, f);
	return fake_next(f->fake, "pluto");
}

/* It is stopped when it listens, and has to have left all alone until its end. */
static void
test_passes(Fixture *f, gconstpointer unused)
{
	FakeProcess *pluto = f->fake ? begin(f) : NULL;

	if (!pluto)
		return;
	g_assert_nonnull(strstr(fake_arguments(pluto), UUID));
	fake_send(pluto, "log listening for IKE messages");
	until(f->done);
	g_assert_no_error(f->error);
	g_assert_cmpint(f->libreswan->trial, ==, LIBRESWAN_TRIAL_QUIET);
	until(fake_was_asked(pluto)); /* which it says by a socket of its own */
}

static void
test_flushes(Fixture *f, gconstpointer unused)
{
	FakeProcess *pluto = f->fake ? begin(f) : NULL;

	if (!pluto)
		return;
	fake_do(pluto, "flush");
	fake_send(pluto, "log listening for IKE messages");
	until(f->done);
	g_assert_no_error(f->error);
	g_assert_cmpint(f->libreswan->trial, ==, LIBRESWAN_TRIAL_FLUSHES);
}

static void
assert_failed(Fixture *f, const char *why)
{
	until(f->done);
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_FAILED);
	g_assert_nonnull(strstr(f->error->message, "libreswan 5.6 was tried out, and failed: "));
	g_assert_nonnull(strstr(f->error->message, why));
	g_assert_cmpint(f->libreswan->trial, ==, LIBRESWAN_TRIAL_FAILED);
	g_assert_false(libreswan_wants_trial(f->libreswan));
}

static void
test_flushes_unseen(Fixture *f, gconstpointer unused)
{
	FakeProcess *pluto = f->fake ? begin(f) : NULL;

	if (!pluto)
		return;
	fake_do(pluto, "flush-unseen");
	fake_send(pluto, "log listening for IKE messages");
	assert_failed(f, "it has removed what was not its own");
}

static void
test_ends_early(Fixture *f, gconstpointer unused)
{
	if (!f->fake)
		return;
	fake_send(begin(f), "exit 3");
	assert_failed(f, "it has ended before it was ready");
}

static void
test_hangs(Fixture *f, gconstpointer unused)
{
	if (!f->fake)
		return;
	begin(f);
	test_clock_advance(TRIAL_DEADLINE_MS - 1);
	g_assert_false(f->done);
	test_clock_advance(1);
	assert_failed(f, "it was not done in 10 s");
}

/* It cannot begin: nothing is known then. */
static void
test_no_database(Fixture *f, gconstpointer unused)
{
	if (!f->fake)
		return;
	fake_libreswan_script(f->fake, "certutil", "exit 1");
	libreswan_trial_async(f->libreswan, f->base, UUID, f->cancellable, on_tried, f);
	until(f->done);
	g_assert_nonnull(f->error);
	g_assert_cmpint(f->libreswan->trial, ==, LIBRESWAN_TRIAL_NONE);
	g_assert_cmpuint(fake_libreswan_count(f->fake, "pluto"), ==, 0);
}

/* Nothing is known of it then, and nothing is left. */
static void
test_cancelled(Fixture *f, gconstpointer unused)
{
	FakeProcess *pluto = f->fake ? begin(f) : NULL;

	if (!pluto)
		return;
	g_cancellable_cancel(f->cancellable);
	until(f->done);
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
	until(fake_is_gone(pluto));
	g_assert_cmpint(f->libreswan->trial, ==, LIBRESWAN_TRIAL_NONE);
}

int
main(int argc, char **argv)
{
	no_world = own_netns_enter();
	if (!no_world && !has_user_namespaces())
		no_world = "no user namespace of our own";
	g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/libreswan-trial/" name, Fixture, NULL, set_up, func, tear_down)
	ADD("passes", test_passes);
	ADD("flushes", test_flushes);
	ADD("flushes-unseen", test_flushes_unseen);
	ADD("ends-early", test_ends_early);
	ADD("hangs", test_hangs);
	ADD("no-database", test_no_database);
	ADD("cancelled", test_cancelled);
#undef ADD
	return g_test_run();
}
