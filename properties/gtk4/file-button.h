/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A button beside the entry of a file's path, which has a file chooser fill it in.
 */

#pragma once

#include <adwaita.h>

#include "editor-file.h"

/**
 * file_button_add:
 * @row: the entry
 * @file: what is chosen
 *
 * To the entry it is as if somebody had written the path.
 */
void file_button_add(AdwEntryRow *row, const EditorFile *file);
