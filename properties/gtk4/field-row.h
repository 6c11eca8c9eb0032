/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A row of a page for a field: an entry, a list of words, a switch or a secret. It shows what the
 * model has, changes it, and is hidden where the model does not show it.
 */

#pragma once

#include <adwaita.h>

#include "editor-state.h"

/**
 * field_row_add:
 * @group: where it is shown
 * @state: what it is a row of
 * @field: a field with a label
 *
 * Below an entry there is room for what is wrong with it, which is said once the entry was left.
 */
void field_row_add(AdwPreferencesGroup *group, EditorState *state, const EditorField *field);

/**
 * field_row_new_switch:
 * @title: what happens when it is on
 * @tooltip: what that means
 * @control: (out) (transfer none): the switch itself
 *
 * Returns: (transfer floating): a row with a switch; AdwSwitchRow is newer than what we build with
 */
GtkWidget *field_row_new_switch(const char *title, const char *tooltip, GtkWidget **control);
