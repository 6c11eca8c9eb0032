/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs nm-libreswan-auth-dialog as a secret agent does. */

#pragma once

#include <gio/gio.h>
#include <glib/gstdio.h>

#define AUTH_DIALOG BUILDDIR "/nm-libreswan-auth-dialog"
#define AUTH_UUID   "6f1c3a5e-57a5-4bd8-8d4c-0f7a3a1b2c3d"

/* By a process named @comm, whose child it is. @options: as in a shell, without quotes. @bus: of
 * the session, NULL for none. Returns: (transfer full): its output; @said: its errors. */
static inline char *
auth_dialog_say(const char *comm, const char *options, const char *input, const char *bus,
				int *status, char **said)
{
	g_autofree char *directory = g_dir_make_tmp("auth-XXXXXX", NULL);
	g_autofree char *caller = g_build_filename(directory, comm, NULL);
	g_autofree char *command =
		g_strdup_printf("%s " AUTH_DIALOG " -u " AUTH_UUID
						" -n office -s org.freedesktop.NetworkManager.libreswan %s",
						caller, options);
	g_auto(GStrv) argv = g_strsplit(command, " ", -1);
	g_autoptr(GSubprocessLauncher) launcher =
		g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
								  G_SUBPROCESS_FLAGS_STDERR_PIPE);
	g_autoptr(GSubprocess) process = NULL;
	g_autoptr(GError) error = NULL;
	char *output = NULL;

	/* Not exec: its name is to be the parent's. */
	g_assert_true(g_file_set_contents(caller, "#!/bin/sh\n\"$@\"\nexit $?\n", -1, NULL));
	g_assert_cmpint(g_chmod(caller, 0700), ==, 0);
	g_subprocess_launcher_setenv(launcher, "LC_ALL", "C.UTF-8", TRUE);
	g_subprocess_launcher_unsetenv(launcher, "DISPLAY");
	g_subprocess_launcher_unsetenv(launcher, "WAYLAND_DISPLAY");
	g_subprocess_launcher_unsetenv(launcher, "HOME");
	if (bus)
		g_subprocess_launcher_setenv(launcher, "DBUS_SESSION_BUS_ADDRESS", bus, TRUE);
	else
		g_subprocess_launcher_unsetenv(launcher, "DBUS_SESSION_BUS_ADDRESS");
	process = g_subprocess_launcher_spawnv(launcher, (const char *const *) argv, &error);
	g_assert_no_error(error);
	g_assert_true(g_subprocess_communicate_utf8(process, input, NULL, &output, said, &error));
	g_assert_no_error(error);
	*status = g_subprocess_get_if_exited(process) ? g_subprocess_get_exit_status(process) : -1;
	g_unlink(caller);
	g_rmdir(directory);
	return output;
}
