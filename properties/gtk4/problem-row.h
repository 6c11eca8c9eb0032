/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is wrong with an entry, below it. Nothing is said of an entry that nobody has touched, nor
 * while somebody is still typing in it for the first time.
 */

#pragma once

#include <adwaita.h>

#include "editor-state.h"

typedef struct _ProblemRow ProblemRow;

/**
 * problem_row_add:
 * @group: where the entry is
 * @state: what it is of
 * @field: the entry's field
 * @entry: an AdwEntryRow with its tooltip; outlived by @group
 *
 * Returns: (transfer none): lives as long as @group
 */
ProblemRow *problem_row_add(AdwPreferencesGroup *group, EditorState *state,
							const EditorField *field, GtkWidget *entry);

/* Looks again: to be called when the entry's field may have another problem, or none. */
void problem_row_refresh(ProblemRow *self);
