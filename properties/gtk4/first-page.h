/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page that GNOME Settings shows: how a person signs in, and a row for each of the other pages
 * that says what is set there.
 */

#pragma once

#include <adwaita.h>

#include "editor-state.h"

/* (transfer floating) */
GtkWidget *first_page_new(EditorState *state);
