/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * On a bus of the test's own; a second connection to it has logind's name and says its words.
 */
#include "config.h"

#include "sleep-watch.h"

typedef struct {
	GTestDBus *dbus;
	GDBusConnection *ours, *logind;
	GMainLoop *loop;
	guint n;
	gint64 ms;
} Fixture;

static GDBusConnection *
connect_to(GTestDBus *dbus)
{
	g_autoptr(GError) error = NULL;
	GDBusConnection *bus =
		g_dbus_connection_new_for_address_sync(g_test_dbus_get_bus_address(dbus),
											   G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
												   G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
											   NULL, NULL, &error);

	g_assert_no_error(error);
	return bus;
}

static void
set_up(Fixture *f)
{
	g_autoptr(GError) error = NULL;

	f->dbus = g_test_dbus_new(G_TEST_DBUS_NONE);
	g_test_dbus_up(f->dbus);
	f->ours = connect_to(f->dbus);
	f->logind = connect_to(f->dbus);
	f->loop = g_main_loop_new(NULL, FALSE);
	g_variant_unref(g_dbus_connection_call_sync(
		f->logind, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
		"RequestName", g_variant_new("(su)", "org.freedesktop.login1", 0), NULL, 0, -1, NULL,
		&error));
	g_assert_no_error(error);
}

static void
tear_down(Fixture *f)
{
	g_main_loop_unref(f->loop);
	g_dbus_connection_close_sync(f->ours, NULL, NULL);
	g_dbus_connection_close_sync(f->logind, NULL, NULL);
	g_object_unref(f->ours);
	g_object_unref(f->logind);
	g_test_dbus_down(f->dbus);
	g_object_unref(f->dbus);
}

static void
say(GDBusConnection *bus, GVariant *what)
{
	g_autoptr(GError) error = NULL;

	g_dbus_connection_emit_signal(bus, NULL, "/org/freedesktop/login1",
								  "org.freedesktop.login1.Manager", "PrepareForSleep", what,
								  &error);
	g_assert_no_error(error);
	g_dbus_connection_flush_sync(bus, NULL, &error);
	g_assert_no_error(error);
}

static void
on_slept(gint64 ms, gpointer user_data)
{
	Fixture *f = user_data;

	f->n++;
	f->ms = ms;
	g_main_loop_quit(f->loop);
}

static gboolean
on_quiet(gpointer user_data)
{
	g_main_loop_quit(user_data);
	return G_SOURCE_REMOVE;
}

/* Until there is news, or @ms have passed. */
static void
run(Fixture *f, guint ms)
{
	guint source = g_timeout_add(ms, on_quiet, f->loop);
	GSource *left;

	g_main_loop_run(f->loop);
	left = g_main_context_find_source_by_id(NULL, source);
	if (left)
		g_source_destroy(left);
}

static void
test_sleep(void)
{
	Fixture f = {0};
	SleepWatch *watch;

	set_up(&f);
	watch = sleep_watch_new(f.ours, on_slept, &f);
	/* The bus has our match rule when it has answered something later. */
	g_dbus_connection_flush_sync(f.ours, NULL, NULL);
	g_variant_unref(g_dbus_connection_call_sync(f.ours, "org.freedesktop.DBus",
												"/org/freedesktop/DBus", "org.freedesktop.DBus",
												"GetId", NULL, NULL, 0, -1, NULL, NULL));
	say(f.logind, g_variant_new("(b)", TRUE));
	run(&f, 300);
	g_assert_cmpuint(f.n, ==, 0);
	say(f.logind, g_variant_new("(b)", FALSE));
	run(&f, 5000);
	g_assert_cmpuint(f.n, ==, 1);
	g_assert_cmpint(f.ms, >=, 250);
	g_assert_cmpint(f.ms, <, 5000);
	/* Only the word after was heard. */
	say(f.logind, g_variant_new("(b)", FALSE));
	run(&f, 5000);
	g_assert_cmpuint(f.n, ==, 2);
	g_assert_cmpint(f.ms, <, 250);
	/* Nonsense, and somebody who is not logind. */
	say(f.logind, g_variant_new("(s)", "no"));
	say(f.ours, g_variant_new("(b)", FALSE));
	run(&f, 300);
	g_assert_cmpuint(f.n, ==, 2);
	sleep_watch_free(watch);
	say(f.logind, g_variant_new("(b)", FALSE));
	run(&f, 300);
	g_assert_cmpuint(f.n, ==, 2);
	tear_down(&f);
}

/* Where there is no system bus, as in a build's chroot, there is no news and no error. */
static void
test_no_bus(void)
{
	Fixture f = {.loop = g_main_loop_new(NULL, FALSE)};
	SleepWatch *watch;

	g_setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
	watch = sleep_watch_new(NULL, on_slept, &f);
	run(&f, 200);
	sleep_watch_free(watch);
	watch = sleep_watch_new(NULL, on_slept, &f);
	sleep_watch_free(watch); /* before the bus has answered */
	run(&f, 200);
	g_assert_cmpuint(f.n, ==, 0);
	g_main_loop_unref(f.loop);
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
