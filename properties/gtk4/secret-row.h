/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A row for a secret, and a button that says how it is kept. (libnma's icon in the entry cannot be
 * reached by keyboard with GTK 4, and needs a plain GtkEntry.)
 */

#pragma once

#include <adwaita.h>

#include "editor-state.h"

/* (transfer floating): @field: an %EDITOR_SECRET. */
GtkWidget *secret_row_new(EditorState *state, const EditorField *field);
