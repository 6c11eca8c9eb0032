/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message bus of the test's own. (GTestDBus has a second process that may write a line after the
 * test's end, and TAP takes it for the exit status: it hears of our end before it has read that the
 * bus was stopped.)
 */

#pragma once

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/prctl.h>

typedef struct {
	GSubprocess *daemon;
	char *directory;
	char *address;
} OwnBus;

static inline void
own_bus_die_with_test(gpointer user_data)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static inline char *
own_bus_write_configuration(const OwnBus *self)
{
	char *path = g_build_filename(self->directory, "bus.conf", NULL);
	g_autofree char *text =
		g_strdup_printf("<busconfig><type>session</type><listen>unix:dir=%s</listen>"
						"<policy context=\"default\"><allow send_destination=\"*\"/>"
						"<allow receive_sender=\"*\"/><allow own=\"*\"/></policy></busconfig>",
						self->directory);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	return path;
}

/* Returns: (transfer full): free it with own_bus_stop(). */
static inline OwnBus *
own_bus_start(void)
{
	OwnBus *self = g_new0(OwnBus, 1);
	g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
		G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
	g_autoptr(GDataInputStream) lines = NULL;
	g_autofree char *path = NULL, *option = NULL;
	g_autoptr(GError) error = NULL;

	self->directory = g_dir_make_tmp("bus-XXXXXX", NULL);
	path = own_bus_write_configuration(self);
	option = g_strconcat("--config-file=", path, NULL);
	g_subprocess_launcher_set_child_setup(launcher, own_bus_die_with_test, NULL, NULL);
	self->daemon = g_subprocess_launcher_spawn(launcher, &error, "dbus-daemon", "--nofork",
											   "--print-address", option, NULL);
	g_assert_no_error(error);
	lines = g_data_input_stream_new(g_subprocess_get_stdout_pipe(self->daemon));
	self->address = g_data_input_stream_read_line(lines, NULL, NULL, &error);
	g_assert_no_error(error);
	g_assert_nonnull(self->address);
	g_unlink(path);
	return self;
}

/* Returns: (transfer full) */
static inline GDBusConnection *
own_bus_connect(const OwnBus *self)
{
	g_autoptr(GError) error = NULL;
	GDBusConnection *connection =
		g_dbus_connection_new_for_address_sync(self->address,
											   G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
												   G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
											   NULL, NULL, &error);

	g_assert_no_error(error);
	return connection;
}

static inline void
own_bus_stop(OwnBus *self)
{
	g_autofree char *remove = g_strdup_printf("rm -rf %s", self->directory);

	g_subprocess_force_exit(self->daemon);
	g_subprocess_wait(self->daemon, NULL, NULL);
	g_object_unref(self->daemon);
	g_assert_true(g_spawn_command_line_sync(remove, NULL, NULL, NULL, NULL));
	g_free(self->directory);
	g_free(self->address);
	g_free(self);
}
