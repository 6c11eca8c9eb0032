/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The editor for GTK 4, which GNOME Settings loads.
 */

#include "config.h"

#include "editor-library.h"
#include "editor-object.h"
#include "first-page.h"

NMVpnEditor *
EDITOR_LIBRARY_FUNCTION(NMVpnEditorPlugin *plugin, NMConnection *connection, GError **error)
{
	g_autoptr(EditorState) state = editor_state_new(connection);

	return editor_object_new(state, g_object_ref_sink(G_OBJECT(first_page_new(state))));
}
