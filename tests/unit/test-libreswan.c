/* SPDX-License-Identifier: GPL-2.0-or-later */
/* With programs of the test's own (fake-pluto.c). */
#include "config.h"

#include "libreswan.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake-libreswan.h"
#include "test-clock.h"

#define VERSION_DEADLINE_MS 10000

typedef struct {
	FakeLibreswan *fake;
	Libreswan *libreswan;
	guint n_answers;
	GError *error;
} Fixture;

static void
set_up(Fixture *f, gconstpointer unused)
{
	f->fake = fake_libreswan_new();
	f->libreswan = fake_libreswan_open(f->fake);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	fake_libreswan_free(f->fake);
	libreswan_free(f->libreswan);
	g_assert_cmpuint(test_clock_count(), ==, 0);
	g_clear_error(&f->error);
}

static void
on_version(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Fixture *f = user_data;

	f->n_answers++;
	g_clear_error(&f->error);
	libreswan_query_version_finish(result, &f->error);
}

static void
ask(Fixture *f)
{
	libreswan_query_version_async(f->libreswan, NULL, on_version, f);
}

static void
test_parse_version(void)
{
	static const struct {
		const char *text;
		guint major, minor;
	} rows[] = {
		{"Libreswan 4.10", 4, 10},
		{"Libreswan 5.2", 5, 2},
		{"Libreswan v5.2-1-g123", 5, 2},
		{"Libreswan 4.10 (netkey) on 6.1", 4, 10},
		{"Openswan 2.6", 0, 0},
		{"Libreswan", 0, 0},
		{"Libreswan x", 0, 0},
		{"Libreswan -4.10", 0, 0},
		{"Libreswan 4", 0, 0},
		{"libreswan 4.10", 0, 0},
		{"", 0, 0},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		guint major = 0, minor = 0;

		g_assert_cmpint(libreswan_parse_version(rows[i].text, &major, &minor), ==,
						rows[i].major > 0);
		g_assert_cmpuint(major, ==, rows[i].major);
		g_assert_cmpuint(minor, ==, rows[i].minor);
	}
}

static void
test_capabilities(void)
{
	static const struct {
		guint major, minor;
		gboolean interface;
		guint32 lowest;
		gboolean apart, flushes; /* with the guard library */
	} rows[] = {
		{3, 32, TRUE, 2, FALSE, FALSE}, {4, 10, TRUE, 2, TRUE, FALSE},
		{5, 0, FALSE, 1, TRUE, TRUE},   {5, 1, FALSE, 1, TRUE, TRUE},
		{5, 2, TRUE, 1, TRUE, TRUE},    {5, 3, TRUE, 1, FALSE, FALSE},
		{6, 0, TRUE, 1, FALSE, FALSE},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		Libreswan libreswan = {.major = rows[i].major, .minor = rows[i].minor};
		g_autoptr(GError) error = NULL;
		g_autoptr(GError) unguarded = NULL;
		g_autoptr(GError) untried = NULL;

		g_assert_cmpint(libreswan_supports_interface(&libreswan, &error), ==, rows[i].interface);
		g_assert_true((error == NULL) == rows[i].interface);
		g_assert_cmpuint(libreswan_lowest_if_id(&libreswan), ==, rows[i].lowest);
		g_assert_false(libreswan_is_kept_apart(&libreswan, &unguarded));
		g_assert_nonnull(strstr(unguarded->message, "its guard library cannot be loaded"));
		g_assert_false(libreswan_flushes(&libreswan));
		libreswan.guarded = TRUE;
		g_assert_cmpint(libreswan_is_kept_apart(&libreswan, &untried), ==, rows[i].apart);
		g_assert_cmpint(libreswan_flushes(&libreswan), ==, rows[i].flushes);
		g_assert_true((untried == NULL) == rows[i].apart);
		g_assert_cmpint(libreswan_wants_trial(&libreswan), ==, rows[i].major > 3 && !rows[i].apart);
		libreswan_distrust(&libreswan);
		g_assert_false(libreswan_wants_trial(&libreswan));
		g_assert_false(libreswan_is_kept_apart(&libreswan, NULL));
		g_assert_false(libreswan_flushes(&libreswan));
	}
}

/* One that is newer than what is known, after its trial. */
static void
test_trial_counts(void)
{
	static const struct {
		LibreswanTrial trial;
		gboolean apart, flushes;
		const char *why;
	} rows[] = {
		{LIBRESWAN_TRIAL_NONE, FALSE, FALSE, "was not tried with libreswan 5.6"},
		{LIBRESWAN_TRIAL_FAILED, FALSE, FALSE, "libreswan 5.6 was tried out, and failed"},
		{LIBRESWAN_TRIAL_QUIET, TRUE, FALSE, NULL},
		{LIBRESWAN_TRIAL_FLUSHES, TRUE, TRUE, NULL},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		Libreswan libreswan = {.major = 5, .minor = 6, .guarded = TRUE, .trial = rows[i].trial};
		g_autoptr(GError) error = NULL;

		g_assert_cmpint(libreswan_is_kept_apart(&libreswan, &error), ==, rows[i].apart);
		g_assert_true(!rows[i].why || strstr(error->message, rows[i].why));
		g_assert_cmpint(libreswan_flushes(&libreswan), ==, rows[i].flushes);
		g_assert_cmpint(libreswan_wants_trial(&libreswan), ==,
						rows[i].trial == LIBRESWAN_TRIAL_NONE);
	}
}

static void
assert_missing(const Fixture *f, const char *name)
{
	g_autoptr(GError) error = NULL;

	fake_libreswan_remove(f->fake, name);
	g_assert_null(libreswan_new(fake_libreswan_directory(f->fake), &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
	g_assert_nonnull(strstr(error->message, fake_libreswan_directory(f->fake)));
	g_assert_nonnull(strstr(error->message, name));
}

static void
test_new(Fixture *f, gconstpointer unused)
{
	g_assert_true(g_str_has_suffix(f->libreswan->pluto, "/pluto"));
	g_assert_true(g_str_has_suffix(f->libreswan->whack, "/whack"));
	g_assert_true(g_str_has_suffix(f->libreswan->certutil, "/certutil"));
	assert_missing(f, "whack");
	assert_missing(f, "pluto");
	libreswan_free(NULL);
}

static void
test_version(Fixture *f, gconstpointer unused)
{
	ask(f);
	ask(f); /* while the first is under way */
	g_assert_cmpuint(f->n_answers, ==, 0);
	until(f->n_answers == 2);
	g_assert_no_error(f->error);
	g_assert_cmpuint(f->libreswan->major, ==, 5);
	g_assert_cmpuint(f->libreswan->minor, ==, 2);
	ask(f);
	until(f->n_answers == 3);
	g_assert_cmpuint(fake_libreswan_count(f->fake, "version"), ==, 1);
}

/* Another one in its place is asked for its version, and trusted as it deserves it. */
static void
test_upgrade(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *program = NULL;
	gsize len;

	ask(f);
	until(f->n_answers == 1);
	libreswan_distrust(f->libreswan);
	g_assert_true(g_file_get_contents(f->libreswan->pluto, &program, &len, &error));
	g_assert_no_error(error);
	fake_libreswan_remove(f->fake, "pluto");
	g_assert_true(g_file_set_contents(f->libreswan->pluto, program, (gssize) len, &error));
	g_assert_no_error(error);
	g_assert_cmpint(g_chmod(f->libreswan->pluto, 0755), ==, 0);
	fake_libreswan_script(f->fake, "version", "out Libreswan 4.10|exit 0");
	ask(f);
	ask(f);
	until(f->n_answers == 3);
	g_assert_no_error(f->error);
	g_assert_cmpuint(f->libreswan->major, ==, 4);
	g_assert_cmpuint(fake_libreswan_count(f->fake, "version"), ==, 2);
	g_assert_true(libreswan_is_kept_apart(f->libreswan, NULL));
}

/* It may be installed in the meantime: asked for again. */
static void
test_wrong_version(Fixture *f, gconstpointer unused)
{
	fake_libreswan_script(f->fake, "version", "out Something else|exit 0");
	ask(f);
	ask(f);
	until(f->n_answers == 2);
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
	g_assert_nonnull(strstr(f->error->message, "\"Something else\""));
	g_assert_cmpuint(f->libreswan->major, ==, 0);
	fake_libreswan_script(f->fake, "version", "out Libreswan 4.10|exit 0");
	ask(f);
	until(f->n_answers == 3);
	g_assert_no_error(f->error);
	g_assert_cmpuint(f->libreswan->minor, ==, 10);
}

static void
test_no_version(Fixture *f, gconstpointer unused)
{
	fake_libreswan_remove(f->fake, "pluto");
	ask(f);
	until(f->n_answers == 1);
	g_assert_nonnull(f->error);
	g_assert_cmpuint(f->libreswan->major, ==, 0);
}

/* Nobody waits for a pluto that hangs; the next one may not. */
static void
test_version_hangs(Fixture *f, gconstpointer unused)
{
	FakeProcess *pluto;

	fake_libreswan_script(f->fake, "version", NULL);
	ask(f);
	pluto = fake_next(f->fake, "version");
	ask(f);
	test_clock_advance(VERSION_DEADLINE_MS - 1);
	drain();
	g_assert_cmpuint(f->n_answers, ==, 0);
	g_assert_false(fake_is_gone(pluto));
	test_clock_advance(1);
	until(f->n_answers == 2);
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
	g_assert_nonnull(strstr(f->error->message, "/pluto --version has not ended in 10 s"));
	until(fake_is_gone(pluto));
	fake_libreswan_script(f->fake, "version", "out Libreswan 5.2|exit 0");
	ask(f);
	until(f->n_answers == 3);
	g_assert_no_error(f->error);
}

/* It has gone, and what it has started has not. */
static void
test_version_output_stays_open(Fixture *f, gconstpointer unused)
{
	FakeProcess *pluto;

	fake_libreswan_script(f->fake, "version", NULL);
	ask(f);
	pluto = fake_next(f->fake, "version");
	fake_do(pluto, "out Libreswan 5.2");
	fake_do(pluto, "keep-log");
	fake_send(pluto, "exit 0");
	until(fake_is_gone(pluto));
	test_clock_advance(VERSION_DEADLINE_MS);
	until(f->n_answers == 1);
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

/* What is no text is no version either. */
static void
test_version_is_no_text(Fixture *f, gconstpointer unused)
{
	fake_libreswan_script(f->fake, "version", "out \xff\xff|exit 0");
	ask(f);
	until(f->n_answers == 1);
	g_assert_nonnull(f->error);
}

static void
test_cancelled(Fixture *f, gconstpointer unused)
{
	g_autoptr(GCancellable) cancellable = g_cancellable_new();

	libreswan_query_version_async(f->libreswan, cancellable, on_version, f);
	g_cancellable_cancel(cancellable);
	until(f->n_answers == 1);
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The guard library */

static void
test_guarded(Fixture *f, gconstpointer unused)
{
	g_assert_false(f->libreswan->guarded);
	ask(f);
	until(f->n_answers == 1);
	g_assert_true(f->libreswan->guarded);
}

static void
assert_no_guard(Fixture *f, const char *path)
{
	const guint before = f->n_answers;

	libreswan_set_guard(f->libreswan, path);
	ask(f);
	until(f->n_answers > before);
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
	g_assert_nonnull(strstr(f->error->message, "through a shell"));
	g_assert_cmpuint(f->libreswan->major, ==, 0);
	g_assert_false(f->libreswan->guarded);
}

static void
test_no_guard(Fixture *f, gconstpointer unused)
{
	g_autofree char *text = g_build_filename(fake_libreswan_directory(f->fake), "text", NULL);

	assert_no_guard(f, "/nonexistent/guard.so");
	/* A file that is none. */
	g_assert_true(g_file_set_contents(text, "no library", -1, NULL));
	g_assert_cmpint(g_chmod(text, 0600), ==, 0);
	assert_no_guard(f, text);
	g_unlink(text);
}

/* 5.4 and later have no shell. */
static void
test_no_guard_needed(Fixture *f, gconstpointer unused)
{
	libreswan_set_guard(f->libreswan, "/nonexistent/guard.so");
	fake_libreswan_script(f->fake, "version", "out Libreswan 5.4|exit 0");
	ask(f);
	until(f->n_answers == 1);
	g_assert_no_error(f->error);
	g_assert_cmpuint(f->libreswan->minor, ==, 4);
}

/* libreswan_spawn() */

/* However its parent dies, and with all that it has started itself. */
static void
test_dies_with_parent(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	FakeProcess *process;
	pid_t service = fork();

	if (service == 0) {
		const char *const argv[] = {f->libreswan->whack, NULL};

		if (!libreswan_spawn(argv, NULL, NULL))
			_exit(1);
		pause();
		_exit(2);
	}
	fake_libreswan_script(f->fake, "whack", NULL);
	process = fake_next(f->fake, "whack");
	g_assert_false(fake_is_gone(process));
	kill(service, SIGKILL);
	until(fake_is_gone(process));
	g_assert_cmpint(waitpid(service, NULL, 0), ==, service);
}

static void
on_text(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GError) error = NULL;

	g_subprocess_communicate_utf8_finish(G_SUBPROCESS(source), result, user_data, NULL, &error);
	g_assert_no_error(error);
}

/* Both outputs are one. */
static void
test_output(Fixture *f, gconstpointer unused)
{
	const char *const argv[] = {f->libreswan->whack, "--status", NULL};
	g_autoptr(GError) error = NULL;
	g_autoptr(GSubprocess) process = NULL;
	g_autofree char *text = NULL;

	fake_libreswan_script(f->fake, "whack", "out one|log two|exit 0");
	process = libreswan_spawn(argv, NULL, &error);
	g_assert_no_error(error);
	g_subprocess_communicate_utf8_async(process, NULL, NULL, on_text, &text);
	until(text);
	g_assert_cmpstr(text, ==, "one\ntwo\n");
}

static void
test_kill(Fixture *f, gconstpointer unused)
{
	const char *const argv[] = {f->libreswan->whack, NULL};
	g_autoptr(GSubprocess) process = NULL;
	FakeProcess *whack;

	fake_libreswan_script(f->fake, "whack", NULL);
	process = libreswan_spawn(argv, NULL, NULL);
	whack = fake_next(f->fake, "whack");
	libreswan_kill(process);
	until(fake_is_gone(whack));
	g_assert_true(g_subprocess_wait(process, NULL, NULL));
	libreswan_kill(process); /* gone already */
}

#define ADD(name, test) g_test_add("/libreswan/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/libreswan/parse-version", test_parse_version);
	g_test_add_func("/libreswan/capabilities", test_capabilities);
	g_test_add_func("/libreswan/trial", test_trial_counts);
	ADD("new", test_new);
	ADD("version", test_version);
	ADD("version/wrong", test_wrong_version);
	ADD("version/upgrade", test_upgrade);
	ADD("version/none", test_no_version);
	ADD("version/no-text", test_version_is_no_text);
	ADD("version/cancelled", test_cancelled);
	ADD("version/hangs", test_version_hangs);
	ADD("version/output-stays-open", test_version_output_stays_open);
	ADD("guard", test_guarded);
	ADD("guard/none", test_no_guard);
	ADD("guard/not-needed", test_no_guard_needed);
	ADD("spawn/dies-with-parent", test_dies_with_parent);
	ADD("spawn/output", test_output);
	ADD("spawn/kill", test_kill);
	return g_test_run();
}
