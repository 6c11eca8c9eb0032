/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "process-id.h"

#include <glib.h>
#include <sys/types.h>

/* Where it is; on tmpfs, since secrets lie there. */
#define RUN_DIRECTORY_BASE "/run/nm-libreswan"

/**
 * RunDirectory: a connection's directory BASE/UUID, mode 0700, locked as long as this lives. The
 * kernel drops the lock with the process, however it ends, so a directory whose lock is free is a
 * dead service's.
 */
typedef struct RunDirectory RunDirectory;

/**
 * run_directory_open: makes the directory, or takes over a dead service's, and locks it.
 *
 * @base: made with mode 0700 if it is not there. Refused, as is BASE/UUID: a symbolic link,
 * something that is not a directory, one of another owner than the calling process's uid, one that
 * others can write to. One that is there with another mode, which others can list, is made 0700.
 * @uuid: lower case, 36 characters; anything else is refused.
 *
 * What a dead service left in it is still there: read run_directory_read_pluto(), clean up, then
 * run_directory_clear().
 *
 * Where somebody is cleaning up in it, that is waited for, for seconds at most: a service that has
 * made its directory and not yet locked it looks dead to another one that starts at the same
 * moment.
 *
 * Returns: NULL with G_IO_ERROR_BUSY where a living service has it, with another G_IO_ERROR
 * otherwise.
 */
RunDirectory *run_directory_open(const char *base, const char *uuid, GError **error);

/**
 * run_directory_open_stale: likewise, to clean up after a dead service and remove the directory.
 * Nothing is waited for, and nobody takes the caller for the service whose it is.
 */
RunDirectory *run_directory_open_stale(const char *base, const char *uuid, GError **error);

/**
 * run_directory_close: lets go of the lock. The directory stays, and is stale from then on;
 * run_directory_remove() first for none to stay.
 */
void run_directory_close(RunDirectory *directory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RunDirectory, run_directory_close)

/** run_directory_get_path: (transfer none). */
const char *run_directory_get_path(const RunDirectory *directory);

/** run_directory_file: (transfer full): the path of a file in it. */
char *run_directory_file(const RunDirectory *directory, const char *name);

/**
 * run_directory_write: writes a file whole or not at all (O_EXCL beside it, then rename), mode
 * 0600. The caller wipes @data if it is secret; nothing of it is kept here.
 *
 * @name: one path component.
 */
gboolean run_directory_write(RunDirectory *directory, const char *name, const void *data, gsize len,
							 GError **error);

/**
 * run_directory_read: (transfer full): what is in a file of it, NUL-terminated; NULL where there is
 * none that can be read, or where it is longer than @max bytes.
 *
 * @name: one path component.
 */
char *run_directory_read(const RunDirectory *directory, const char *name, gsize max);

/** run_directory_remove_file: @name: one path component; one that is not there is fine. */
gboolean run_directory_remove_file(RunDirectory *directory, const char *name, GError **error);

/** run_directory_mkdir: makes a directory in it, mode 0700; one that is there already is fine. */
gboolean run_directory_mkdir(RunDirectory *directory, const char *name, GError **error);

/**
 * run_directory_append: adds to the end of a file, which is made if it is not there.
 *
 * @name: one path component.
 */
gboolean
run_directory_append(RunDirectory *directory, const char *name, const char *text, GError **error);

/** run_directory_write_pluto: which process is pluto, for whoever comes after us. */
gboolean run_directory_write_pluto(RunDirectory *directory, const ProcessId *pluto, GError **error);

/**
 * run_directory_read_pluto: of the last service. All zero, and true, where there is none.
 *
 * Returns: false with an error where it makes no sense; then nothing is known.
 */
gboolean run_directory_read_pluto(RunDirectory *directory, ProcessId *pluto, GError **error);

/** run_directory_clear: removes everything in it but the lock, following no link. */
gboolean run_directory_clear(RunDirectory *directory, GError **error);

/**
 * run_directory_remove: removes it whole, and the base too where it was the last. Still to be
 * closed afterwards, and good for nothing else.
 */
gboolean run_directory_remove(RunDirectory *directory, GError **error);

/**
 * run_directory_list_stale: the UUIDs of directories under @base whose service is dead. Each can
 * be opened with run_directory_open_stale(), which settles any race for it.
 *
 * Returns: (transfer full): NULL-terminated, empty where there are none or no base.
 */
char **run_directory_list_stale(const char *base);

/**
 * run_directory_read_others: what the living services of ours beside @directory have in a file of
 * that name.
 *
 * @name: one path component
 * @max: as for run_directory_read(); what is longer, or is not there, is left out
 *
 * Returns: (transfer full) (element-type utf8): free with g_ptr_array_unref()
 */
GPtrArray *run_directory_read_others(const RunDirectory *directory, const char *name, gsize max);

/** run_directory_has_others: whether there is a living service of ours beside @directory. */
gboolean run_directory_has_others(const RunDirectory *directory);
