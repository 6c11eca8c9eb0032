/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that a person chose, of which nobody knows what it is: read where it is a
 * regular one of a reasonable size, refused at once where it is anything else.
 */

#pragma once

#include <glib.h>

/**
 * regular_file_read:
 * @path: the file's name
 * @max: how many bytes it may have at most
 * @len: (out): how many it has
 * @error: %G_FILE_ERROR; names the file and what is wrong with it
 *
 * Never waits and never reads more than @max + 1 bytes, whatever the name stands
 * for: a FIFO that nobody writes to, a device without an end, a huge file.
 *
 * Returns: (transfer full) (array length=len): its bytes, and a zero after them
 */
char *regular_file_read(const char *path, gsize max, gsize *len, GError **error);
