/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib/gstdio.h>

/** remove_tree: a folder, or a file, with all that is in it; no link is followed. */
static inline void
remove_tree(const char *path)
{
	g_autoptr(GDir) dir =
		g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *below = g_build_filename(path, name, NULL);

		remove_tree(below);
	}
	g_remove(path);
}
