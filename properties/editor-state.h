/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The model as the widgets of an editor share it: whoever changes it says so, and all that show
 * something of it look again.
 *
 * Signals: "changed", when a person has changed something.
 */

#pragma once

#include "editor-model.h"

#define EDITOR_TYPE_STATE (editor_state_get_type())
G_DECLARE_FINAL_TYPE(EditorState, editor_state, EDITOR, STATE, GObject)

/* (transfer full): of what is to be edited. */
EditorState *editor_state_new(NMConnection *connection);

/* (transfer none) */
EditorModel *editor_state_get_model(EditorState *state);

/**
 * editor_state_tell:
 * @state: the state
 * @changed: what editor_model_set() and its like have returned
 *
 * Says it to all where that was a change.
 */
void editor_state_tell(EditorState *state, gboolean changed);

/**
 * editor_state_follow: has a widget look again with every change, and at once.
 * @widget: an object; it has the state for as long as it lives
 * @refresh: void (*)(widget)
 */
void editor_state_follow(EditorState *state, gpointer widget, GCallback refresh);

/* (transfer none): what such a widget follows, and its model. */
EditorState *editor_state_of(gpointer widget);
EditorModel *editor_state_model_of(gpointer widget);
