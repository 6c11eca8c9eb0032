/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A row with a list to choose from: the default, the words, and a value of the profile's that is
 * none of them.
 */

#pragma once

#include <adwaita.h>

#include "editor-state.h"

/* (transfer floating): @field: an %EDITOR_CHOICE. */
GtkWidget *choice_row_new(EditorState *state, const EditorField *field);

/* What a screen reader says of a row with a list beside its title: what is chosen, and what that
 * means (nullable). */
void choice_row_describe(GtkWidget *row, const char *chosen, const char *help);

/* A list that shows its items whole: the popup of an AdwComboRow cuts them at some 20 characters.
 */
void choice_row_show_items_whole(AdwComboRow *row);
