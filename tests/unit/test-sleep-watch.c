/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * On a bus of the test's own; a second connection to it has logind's name and says its words.
 */
#include "config.h"

#include "own-bus.h"
#include "sleep-watch.h"
#include "test-clock.h"

typedef struct {
	OwnBus *bus;
	GDBusConnection *ours, *logind;
	guint n;
	gint64 ms;
} Fixture;

static void
set_up(Fixture *f)
{
	g_autoptr(GError) error = NULL;

	f->bus = own_bus_start();
	f->ours = own_bus_connect(f->bus);
	f->logind = own_bus_connect(f->bus);
	g_variant_unref(g_dbus_connection_call_sync(
		f->logind, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
		"RequestName", g_variant_new("(su)", "org.freedesktop.login1", 0), NULL, 0, -1, NULL,
		&error));
	g_assert_no_error(error);
}

static void
tear_down(Fixture *f)
{
	g_dbus_connection_close_sync(f->ours, NULL, NULL);
	g_dbus_connection_close_sync(f->logind, NULL, NULL);
	g_object_unref(f->ours);
	g_object_unref(f->logind);
	own_bus_stop(f->bus);
}

static void
on_slept(gint64 ms, gpointer user_data)
{
	Fixture *f = user_data;

	f->n++;
	f->ms = ms;
}

/* Whatever was sent before has come, or is on its way to our main loop. */
static void
round_trip(GDBusConnection *bus)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) answer = g_dbus_connection_call_sync(
		bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetId", NULL,
		NULL, 0, -1, NULL, &error);

	g_assert_no_error(error);
}

static void
drain(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

/* @who says it, and we have heard it. */
static void
say(Fixture *f, GDBusConnection *who, GVariant *what)
{
	g_autoptr(GError) error = NULL;

	g_dbus_connection_emit_signal(who, NULL, "/org/freedesktop/login1",
								  "org.freedesktop.login1.Manager", "PrepareForSleep", what,
								  &error);
	g_assert_no_error(error);
	round_trip(who);
	round_trip(f->ours);
	drain();
}

static void
say_sleep(Fixture *f, gboolean before)
{
	say(f, f->logind, g_variant_new("(b)", before));
}

static void
assert_news(const Fixture *f, guint n, gint64 ms)
{
	g_assert_cmpuint(f->n, ==, n);
	g_assert_cmpint(f->ms, ==, ms);
}

static void
test_sleep(void)
{
	Fixture f = {0};
	SleepWatch *watch;

	set_up(&f);
	test_clock_sleep(3000); /* long before */
	watch = sleep_watch_new(f.ours, on_slept, &f);
	round_trip(f.ours); /* the bus has our match rule */
	say_sleep(&f, TRUE);
	g_assert_cmpuint(f.n, ==, 0);
	test_clock_advance(300);
	say_sleep(&f, FALSE);
	assert_news(&f, 1, 300);
	/* Only the word after was heard: the clocks tell. */
	say_sleep(&f, FALSE);
	assert_news(&f, 2, 0);
	test_clock_sleep(7000);
	say_sleep(&f, FALSE);
	assert_news(&f, 3, 7000);
	say_sleep(&f, FALSE);
	assert_news(&f, 4, 0);
	/* From the word before on, so with what it took to fall asleep. */
	say_sleep(&f, TRUE);
	test_clock_advance(300);
	test_clock_sleep(2000);
	say_sleep(&f, FALSE);
	assert_news(&f, 5, 2300);
	/* The word before was not read until after. */
	test_clock_sleep(7000);
	say_sleep(&f, TRUE);
	test_clock_advance(100);
	say_sleep(&f, FALSE);
	assert_news(&f, 6, 7000);
	/* Nonsense, and somebody who is not logind. */
	say(&f, f.logind, g_variant_new("(s)", "no"));
	say(&f, f.ours, g_variant_new("(b)", FALSE));
	g_assert_cmpuint(f.n, ==, 6);
	sleep_watch_free(watch);
	say_sleep(&f, FALSE);
	g_assert_cmpuint(f.n, ==, 6);
	tear_down(&f);
}

static void
on_bus(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_assert_null(g_bus_get_finish(result, NULL));
	*(gboolean *) user_data = TRUE;
}

/* Where there is no system bus, as in a build's chroot, there is no news and no error. */
static void
test_no_bus(void)
{
	Fixture f = {0};

	g_setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
	for (guint i = 0; i < 2; i++) {
		SleepWatch *watch = sleep_watch_new(NULL, on_slept, &f);
		gboolean known = FALSE;

		/* Once before the bus has answered. */
		if (i == 0)
			g_clear_pointer(&watch, sleep_watch_free);
		g_bus_get(G_BUS_TYPE_SYSTEM, NULL, on_bus, &known);
		while (!known)
			g_main_context_iteration(NULL, TRUE);
		drain();
		sleep_watch_free(watch);
	}
	g_assert_cmpuint(f.n, ==, 0);
}

int
main(int argc, char **argv)
{
	g_autofree char *daemon = g_find_program_in_path("dbus-daemon");

	g_test_init(&argc, &argv, NULL);
	if (daemon)
		g_test_add_func("/sleep-watch/sleep", test_sleep);
	g_test_add_func("/sleep-watch/no-bus", test_no_bus);
	return g_test_run();
}
