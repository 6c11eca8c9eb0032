/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A connection from the file that a person has, whatever its format is.
 */

#pragma once

#include "import-draft.h"

/**
 * vpn_file_import:
 * @path: the file
 * @host: who imports
 * @notes: (nullable) (element-type utf8): gets a sentence for each thing that whoever imports the
 *   file should know although there is a connection; its free function is g_free()
 * @error: %PROFILE_ERROR, %G_FILE_ERROR
 *
 * Nothing is read but the file, and nothing written but certificates that are in it
 * (cert-folder.h).
 *
 * Returns: (transfer full): the connection
 */
NMConnection *vpn_file_import(const char *path, ImportHost host, GPtrArray *notes, GError **error);

/**
 * vpn_file_import_bytes:
 * @bytes: (array length=len): the file; a zero follows
 * @len: how many bytes
 * @name: its name, without folder and suffix
 *
 * The same of what has been read.
 */
NMConnection *vpn_file_import_bytes(const char *bytes, gsize len, const char *name, ImportHost host,
									GPtrArray *notes, GError **error);
