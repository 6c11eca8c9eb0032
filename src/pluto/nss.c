/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "nss.h"

#include <sys/statvfs.h>

/* A new database has 60 kB. */
#define SPACE_BYTES (128 * 1024)

/* certutil calls it an unrecoverable error of a PKCS #11 module. */
static gboolean
is_full(const char *path)
{
	struct statvfs fs;

	return statvfs(path, &fs) == 0 && (guint64) fs.f_bavail * fs.f_frsize < SPACE_BYTES;
}

static void
on_certutil(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GTask) task = user_data;
	GSubprocess *process = G_SUBPROCESS(source);
	g_autofree char *text = NULL;
	GError *error = NULL;

	if (!g_subprocess_communicate_utf8_finish(process, result, &text, NULL, &error)) {
		g_task_return_error(task, error);
		return;
	}
	if (!g_subprocess_get_successful(process) && is_full(g_task_get_task_data(task))) {
		g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
								"cannot make the NSS database %s: No space left on device",
								(const char *) g_task_get_task_data(task));
		return;
	}
	if (!g_subprocess_get_successful(process)) {
		g_strchomp(text);
		g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_FAILED,
								"certutil cannot make the NSS database: %.200s", text);
		return;
	}
	g_task_return_boolean(task, TRUE);
}

void
nss_create_async(const Libreswan *libreswan, RunDirectory *directory, GCancellable *cancellable,
				 GAsyncReadyCallback callback, gpointer user_data)
{
	g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
	g_autofree char *path = run_directory_file(directory, "nss");
	g_autofree char *database = g_strconcat("sql:", path, NULL);
	g_autofree char *present = g_build_filename(path, "pkcs11.txt", NULL);
	g_autofree char *copied = g_build_filename(path, "cert9.db", NULL);
	const char *const argv[] = {
		libreswan->certutil, "-N", "-d", database, "--empty-password", NULL,
	};
	g_autoptr(GSubprocess) process = NULL;
	GError *error = NULL;

	if (g_file_test(present, G_FILE_TEST_EXISTS) || g_file_test(copied, G_FILE_TEST_EXISTS)) {
		g_task_return_boolean(task, TRUE);
		return;
	}
	if (!libreswan->certutil) {
		g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
								"NSS's certutil is not there: libreswan needs it too");
		return;
	}
	if (!run_directory_mkdir(directory, "nss", &error)) {
		g_task_return_error(task, error);
		return;
	}
	g_task_set_task_data(task, g_strdup(path), g_free);
	process = libreswan_spawn(argv, path, &error);
	if (!process) {
		g_task_return_error(task, error);
		return;
	}
	g_subprocess_communicate_utf8_async(process, NULL, cancellable, on_certutil,
										g_steal_pointer(&task));
}

gboolean
nss_create_finish(GAsyncResult *result, GError **error)
{
	return g_task_propagate_boolean(G_TASK(result), error);
}
