/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libnm's interface around an editor's widget, the same for every toolkit.
 */

#pragma once

#include "editor-state.h"

/**
 * editor_object_new:
 * @state: what is edited; its changes are told to whoever shows the editor
 * @widget: (transfer full): what shows it
 *
 * Returns: (transfer full): the editor
 */
NMVpnEditor *editor_object_new(EditorState *state, GObject *widget);
