/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A button beside the entry of a file's path, which has a file chooser fill it in.
 */

#pragma once

#include <gtk/gtk.h>

#include "editor-file.h"

/**
 * file_button_new:
 * @entry: the entry
 * @file: what is chosen
 *
 * To the entry it is as if somebody had written the path.
 *
 * Returns: (transfer floating)
 */
GtkWidget *file_button_new(GtkEntry *entry, const EditorFile *file);
