/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The items of a list to choose a field's value from: the default, its words, and a value of the
 * profile's that is none of them.
 */

#pragma once

#include "editor-model.h"

typedef struct {
	const EditorField *field; /* an EDITOR_CHOICE */
	char *other;              /* the value that is none of the words; or NULL */
} EditorChoice;

/* Frees what it has, not the struct. */
void editor_choice_clear(EditorChoice *choice);

/**
 * editor_choice_list:
 * @choice: of a field; remembers a value that is none of the words
 * @model: the model
 * @selected: (out): which of the items is so now
 *
 * Returns: (transfer full): the items, for people
 */
char **editor_choice_list(EditorChoice *choice, const EditorModel *model, guint *selected);

/**
 * editor_choice_take:
 * @choice: of a field
 * @model: the model
 * @selected: the item that somebody has chosen
 *
 * Returns: whether that was a change
 */
gboolean editor_choice_take(const EditorChoice *choice, EditorModel *model, guint selected);
