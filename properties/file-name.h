/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The name of a file for a connection: in a folder that the user chooses, never a way out of it.
 */

#pragma once

#include <glib.h>

/* The longest name that a file can have, in bytes (NAME_MAX). */
#define FILE_NAME_MAX 255

/**
 * file_name_suggest:
 * @id: (nullable): the connection's name, which may be anything
 *
 * Returns: (transfer full): a name that ends with ".conf", of at most %FILE_NAME_MAX bytes, without
 * separators of folders, control characters and a dot in front
 */
char *file_name_suggest(const char *id);
