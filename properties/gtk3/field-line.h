/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line of a form for a field: its label, its control, and below, once that was left, what is
 * wrong.
 */

#pragma once

#include <gtk/gtk.h>

#include "editor-state.h"

/**
 * field_line_add:
 * @grid: the form; its first column has labels, its second controls
 * @top: (inout): the next free row of @grid
 * @state: what it is a line of
 * @field: a field with a label
 */
void field_line_add(GtkGrid *grid, int *top, EditorState *state, const EditorField *field);

/* A label that is read with the control beside it. */
GtkWidget *field_line_new_label(const char *text, GtkWidget *control);
