/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An editor's library that says it was asked. */

#include "config.h"

#include "editor-library.h"

NMVpnEditor *
EDITOR_LIBRARY_FUNCTION(NMVpnEditorPlugin *plugin, NMConnection *connection, GError **error)
{
	g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, "the fake editor was asked");
	return NULL;
}
