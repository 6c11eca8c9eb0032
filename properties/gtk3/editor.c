/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The editor for GTK 3, which nm-connection-editor, Cinnamon, MATE and XFCE load.
 */

#include "config.h"

#include "editor-library.h"
#include "editor-object.h"
#include "form.h"

NMVpnEditor *
EDITOR_LIBRARY_FUNCTION(NMVpnEditorPlugin *plugin, NMConnection *connection, GError **error)
{
	g_autoptr(EditorState) state = editor_state_new(connection);

	return editor_object_new(state, g_object_ref_sink(G_OBJECT(form_new(state))));
}
