/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All pages of the editor as a plain form, for the programs that have GTK 3.
 */

#pragma once

#include <gtk/gtk.h>

#include "editor-state.h"

/* (transfer floating) */
GtkWidget *form_new(EditorState *state);
