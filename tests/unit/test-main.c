/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The service's program itself, on a bus of the test's own, where /run and libreswan's directory
 * are the test's own too.
 */
#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <nm-vpn-dbus-interface.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "fake-libreswan.h"
#include "fake-uplink.h"
#include "fallback-routes.h"
#include "own-bus.h"
#include "plugin.h"
#include "run-directory.h"

#define PROGRAM BUILDDIR "/nm-libreswan-service"
#define UUID    "6f1c3a5e-57a5-4bd8-8d4c-0f7a3a1b2c3d"
#define NAME    PLUGIN_BUS_NAME ".test"

/* A libexec directory that libreswan may not be in. */
#define LIBEXEC "/usr/libexec"

static const char *no_world;
static GDBusConnection *bus;

typedef struct {
	GSubprocess *process;
	GError *error;
	char *output;
	gboolean ended;
} Service;

static void
on_output(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Service *service = user_data;

	g_subprocess_communicate_utf8_finish(G_SUBPROCESS(source), result, &service->output, NULL,
										 &service->error);
	service->ended = TRUE;
}

/* @options: with blanks between. @address: of the bus. */
static Service *
start_at(const char *address, const char *options)
{
	g_autofree char *command = g_strconcat(PROGRAM " ", options, NULL);
	g_auto(GStrv) argv = g_strsplit(command, " ", -1);
	g_autoptr(GSubprocessLauncher) launcher =
		g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
	Service *service = g_new0(Service, 1);

	g_subprocess_launcher_setenv(launcher, "DBUS_SYSTEM_BUS_ADDRESS", address, TRUE);
	g_subprocess_launcher_setenv(launcher, "NM_VPN_LOG_LEVEL", "7", TRUE);
	service->process =
		g_subprocess_launcher_spawnv(launcher, (const char *const *) argv, &service->error);
	g_assert_no_error(service->error);
	g_subprocess_communicate_utf8_async(service->process, NULL, NULL, on_output, service);
	return service;
}

static Service *
start(const char *options)
{
	return start_at(g_getenv("DBUS_SYSTEM_BUS_ADDRESS"), options);
}

/* @status: of exit(2). */
static void
assert_ends(Service *service, int status, const char *output)
{
	until(service->ended);
	g_assert_no_error(service->error);
	g_assert_true(g_subprocess_get_if_exited(service->process));
	g_assert_cmpint(g_subprocess_get_exit_status(service->process), ==, status);
	if (!g_pattern_match_simple(output, service->output))
		g_error("\"%s\" instead of \"%s\"", service->output, output);
	g_object_unref(service->process);
	g_free(service->output);
	g_free(service);
}

static gboolean
has_owner(void)
{
	g_autoptr(GVariant) answer = g_dbus_connection_call_sync(
		bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
		"NameHasOwner", g_variant_new("(s)", NAME), G_VARIANT_TYPE("(b)"), G_DBUS_CALL_FLAGS_NONE,
		-1, NULL, NULL);
	gboolean is_there = FALSE;

	if (answer)
		g_variant_get(answer, "(b)", &is_there);
	return is_there;
}

/* Its main loop runs: from then on it hears signals. */
static gboolean
is_up(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) answer = g_dbus_connection_call_sync(
		bus, NAME, NM_VPN_DBUS_PLUGIN_PATH, NM_VPN_DBUS_PLUGIN_INTERFACE, "NeedSecrets",
		g_variant_new_parsed("({'connection': {'id': <'Office'>}},)"), NULL,
		G_DBUS_CALL_FLAGS_NO_AUTO_START, 1000, NULL, &error);

	return answer || g_error_matches(error, NM_VPN_PLUGIN_ERROR, NM_VPN_PLUGIN_ERROR_BAD_ARGUMENTS);
}

static void
test_options(void)
{
	assert_ends(start("--version"), 0, PACKAGE_STRING "\n");
	assert_ends(start("--help"), 0, "*--bus-name=*--persist*--debug*");
	assert_ends(start("--no-such-option"), 1, "*--no-such-option*");
	assert_ends(start("word"), 1, "*no arguments are taken, but \"word\" was given\n");
}

/* The rest is test-check.c's. */
static void
test_check(void)
{
	g_autofree char *path = NULL;
	g_autofree char *option = NULL;
	g_autoptr(GError) error = NULL;
	int fd;

	if (skipped(no_world))
		return;
	assert_ends(start("--check ./no-such-file"), 2, "*./no-such-file: *");
	assert_ends(start("--check Office"), 2, "*NetworkManager does not run*");
	assert_ends(start("--probe"), 1, "*--probe belongs to --check*");
	fd = g_file_open_tmp("check-XXXXXX.conf", &path, &error);
	g_assert_no_error(error);
	close(fd);
	option = g_strconcat("--check ", path, NULL);
	g_assert_true(
		g_file_set_contents(path, "conn a\n left=%defaultroute\n right=gw\n nosuch=1\n", -1, NULL));
	assert_ends(start(option), 1, "*line 4*");
	/* There is no libreswan here. */
	g_assert_true(
		g_file_set_contents(path, "conn a\n left=%defaultroute\n right=192.0.2.1\n", -1, NULL));
	assert_ends(start(option), 1, "*conn vpn*Problems: *");
	g_unlink(path);
}

static void
test_no_libreswan(void)
{
	if (skipped(no_world))
		return;
	assert_ends(start("--bus-name " NAME), 1,
				"*" LIBRESWAN_DIR "/pluto is not there or not executable*");
}

typedef struct {
	FakeLibreswan *fake;
} Fixture;

static void
set_up(Fixture *f, gconstpointer unused)
{
	if (skipped(no_world))
		return;
	f->fake = fake_libreswan_new();
	/* Of one that has a shell: the guard library is not installed. */
	fake_libreswan_script(f->fake, "version", "out Libreswan 5.4|exit 0");
	g_assert_cmpint(mount(fake_libreswan_directory(f->fake), LIBRESWAN_DIR, NULL, MS_BIND, NULL),
					==, 0);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	if (!f->fake)
		return;
	until(!has_owner());
	g_assert_cmpint(umount2(LIBRESWAN_DIR, MNT_DETACH), ==, 0);
	fake_libreswan_free(f->fake);
	g_assert_false(g_file_test(RUN_DIRECTORY_BASE, G_FILE_TEST_EXISTS));
}

static void
test_no_bus(Fixture *f, gconstpointer unused)
{
	if (!f->fake)
		return;
	assert_ends(start_at("unix:path=/nonexistent/bus", "--bus-name " NAME), 1,
				"*cannot be the D-Bus service " NAME ": *");
}

/* What a dead service has left, as its successor and its reaper know it. */
static void
leave_behind(void)
{
	g_autoptr(GError) error = NULL;
	RunDirectory *directory = run_directory_open(RUN_DIRECTORY_BASE, UUID, &error);

	g_assert_no_error(error);
	g_assert_true(run_directory_write(directory, "ipsec.secrets", "s", 1, &error));
	run_directory_close(directory);
	ip("route add unreachable 10.20.0.0/24 proto " G_STRINGIFY(FALLBACK_ROUTES_PROTOCOL));
}

static gboolean
is_left(void)
{
	g_autofree char *said = NULL;

	g_assert_true(g_spawn_command_line_sync("ip route", &said, NULL, NULL, NULL));
	return g_file_test(RUN_DIRECTORY_BASE, G_FILE_TEST_EXISTS) || strstr(said, "unreachable");
}

/* SIGTERM and SIGINT end it in order. */
static void
test_signals(Fixture *f, gconstpointer unused)
{
	static const int signals[] = {SIGTERM, SIGINT};

	for (guint i = 0; f->fake && i < G_N_ELEMENTS(signals); i++) {
		Service *service;

		leave_behind();
		service = start(i ? "--bus-name " NAME : "--persist --debug --bus-name " NAME);
		until(is_up());
		g_assert_false(is_left());
		until(fake_libreswan_count(f->fake, "version") == i + 1);
		g_subprocess_send_signal(service->process, signals[i]);
		assert_ends(service, 0, "*");
		until(!has_owner());
	}
}

/* Directories of that many dead services. */
#define MANY_DEAD 50

static void
leave_many_behind(void)
{
	for (guint i = 0; i < MANY_DEAD; i++) {
		g_autofree char *uuid = g_uuid_string_random();
		RunDirectory *directory = run_directory_open(RUN_DIRECTORY_BASE, uuid, NULL);

		g_assert_nonnull(directory);
		run_directory_close(directory);
	}
}

/* Returns whether something of the dead was left when the name had its owner. */
static gboolean
has_name_first(void)
{
	gboolean is_first;
	Service *service;

	leave_many_behind();
	service = start("--bus-name " NAME);
	until(has_owner());
	is_first = g_file_test(RUN_DIRECTORY_BASE, G_FILE_TEST_EXISTS);
	until(is_up());
	g_assert_false(g_file_test(RUN_DIRECTORY_BASE, G_FILE_TEST_EXISTS));
	g_subprocess_send_signal(service->process, SIGTERM);
	assert_ends(service, 0, "*");
	until(!has_owner());
	return is_first;
}

/* NetworkManager waits for the name, and not long. We see it late where the machine is busy; if it
 * came after the work we never would. */
static void
test_name_first(Fixture *f, gconstpointer unused)
{
	guint tries = 20;

	if (!f->fake)
		return;
	while (!has_name_first())
		g_assert_cmpuint(--tries, >, 0);
}

/* libreswan says nothing of use: that is a line in the log, until there is a connection. */
static void
test_no_version(Fixture *f, gconstpointer unused)
{
	FakeProcess *version;
	Service *service;

	if (!f->fake)
		return;
	fake_libreswan_script(f->fake, "version", NULL);
	service = start("--bus-name " NAME);
	until(is_up());
	version = fake_next(f->fake, "version");
	fake_do(version, "out Openswan");
	fake_send(version, "exit 0");
	until(fake_is_gone(version));
	g_subprocess_send_signal(service->process, SIGTERM);
	assert_ends(service, 0, "*");
}

/* Killed: its second process cleans up. */
static void
test_killed(Fixture *f, gconstpointer unused)
{
	Service *service;

	if (!f->fake)
		return;
	service = start("--bus-name " NAME);
	until(is_up());
	leave_behind();
	g_assert_true(is_left());
	g_subprocess_force_exit(service->process);
	until(!is_left());
	until(service->ended); /* the reaper has its output as well */
	g_assert_true(g_subprocess_get_if_signaled(service->process));
	g_object_unref(service->process);
	g_free(service->output);
	g_free(service);
}

/* Returns NULL, or why not. */
static const char *
make_world(void)
{
	const char *why = fake_uplink_enter();

	if (!why)
		why = own_mounts_enter();
	if (why)
		return why;
	if (!g_str_has_prefix(LIBRESWAN_DIR, LIBEXEC "/") ||
		mount("tmpfs", LIBEXEC, "tmpfs", 0, "mode=755") != 0)
		return "libreswan's directory is no place for another";
	if (mount("tmpfs", "/run", "tmpfs", 0, "mode=755") != 0)
		return "there is no /run of our own";
	return g_mkdir_with_parents(LIBRESWAN_DIR, 0755) == 0 ? NULL : "no directory for libreswan";
}

#define ADD(name, test) g_test_add("/main/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
	OwnBus *dbus;
	int status;

	no_world = make_world();
	g_test_init(&argc, &argv, NULL);
	dbus = own_bus_start();
	g_setenv("DBUS_SYSTEM_BUS_ADDRESS", dbus->address, TRUE);
	bus = own_bus_connect(dbus);
	g_test_add_func("/main/options", test_options);
	g_test_add_func("/main/check", test_check);
	g_test_add_func("/main/no-libreswan", test_no_libreswan);
	ADD("no-bus", test_no_bus);
	ADD("signals", test_signals);
	ADD("name-first", test_name_first);
	ADD("no-version", test_no_version);
	ADD("killed", test_killed);
	status = g_test_run();
	g_object_unref(bus);
	own_bus_stop(dbus);
	return status;
}
