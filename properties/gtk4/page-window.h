/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A window with a page of settings. There is no Apply in it: what is changed is in the model at
 * once, and the editor's own window saves it or drops it.
 */

#pragma once

#include <adwaita.h>

#include "editor-state.h"

/**
 * page_window_show:
 * @page: a page other than the first
 * @state: what it is a page of
 * @above: a widget of the window that it belongs to
 */
void page_window_show(EditorPage page, EditorState *state, GtkWidget *above);
