/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The editor's widgets are in two libraries beside the plugin, one for each GTK that there is:
 * GNOME Settings has GTK 4, nm-connection-editor, Cinnamon, MATE and XFCE have GTK 3, nmcli has
 * none. The plugin itself has none either; it loads the library that the program can show.
 */

#pragma once

#include <NetworkManager.h>

/**
 * EDITOR_LIBRARY_FUNCTION: what an editor's library exports:
 * nm_vpn_editor_plugin_get_editor(), for this kind of VPN. The name is no other package's.
 */
#define EDITOR_LIBRARY_FUNCTION libreswan_pluto_editor_new
NMVpnEditor *
EDITOR_LIBRARY_FUNCTION(NMVpnEditorPlugin *plugin, NMConnection *connection, GError **error);

/**
 * editor_library_is_there:
 * @folder: where the libraries are
 *
 * Returns: whether there is one that this program can show
 */
gboolean editor_library_is_there(const char *folder);

/**
 * editor_library_open:
 * @folder: where the libraries are
 * @plugin: for the library
 * @connection: what is to be edited
 * @error: %G_IO_ERROR_NOT_SUPPORTED where there is no library that this program can show
 *
 * The library stays loaded: it has types that GObject knows from then on.
 *
 * Returns: (transfer full): its editor
 */
NMVpnEditor *editor_library_open(const char *folder, NMVpnEditorPlugin *plugin,
								 NMConnection *connection, GError **error);
