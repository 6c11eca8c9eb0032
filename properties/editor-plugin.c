/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What libnm loads to import, export and edit connections of our kind. It works without GTK; the
 * editor is in a library of its own (editor-library.h), and where there is none that the program
 * can show, the capabilities say so.
 */

#include "config.h"

#include <dlfcn.h>

#include <NetworkManager.h>
#include <glib/gi18n-lib.h>

#include "editor-library.h"
#include "file-name.h"
#include "import-notices.h"
#include "ipsec-export.h"
#include "vpn-file.h"

#define SERVICE_TYPE "org.freedesktop.NetworkManager.libreswan"

/* Public in libnm since 1.52 only. */
#define CAPABILITY_NO_EDITOR 0x08

#define EDITOR_PLUGIN_TYPE   (editor_plugin_get_type())
G_DECLARE_FINAL_TYPE(EditorPlugin, editor_plugin, EDITOR, PLUGIN, GObject)

struct _EditorPlugin {
	GObject parent;
};

enum { PROP_0, PROP_NAME, PROP_DESC, PROP_SERVICE };

/* (transfer full): where this plugin is, and the libraries of the editor beside it. */
static char *
find_folder(void)
{
	Dl_info info;

	/* Not the configured one: a plugin that is loaded from elsewhere has its libraries there. */
	if (!dladdr((void *) nm_vpn_editor_plugin_factory, &info))
		return g_strdup(".");
	return g_path_get_dirname(info.dli_fname);
}

static guint32
get_capabilities(NMVpnEditorPlugin *plugin)
{
	g_autofree char *folder = find_folder();

	return NM_VPN_EDITOR_PLUGIN_CAPABILITY_IMPORT | NM_VPN_EDITOR_PLUGIN_CAPABILITY_EXPORT |
		   NM_VPN_EDITOR_PLUGIN_CAPABILITY_IPV6 |
		   (editor_library_is_there(folder) ? 0 : CAPABILITY_NO_EDITOR);
}

static NMVpnEditor *
get_editor(NMVpnEditorPlugin *plugin, NMConnection *connection, GError **error)
{
	g_autofree char *folder = find_folder();

	return editor_library_open(folder, plugin, connection, error);
}

static char *
suggested_filename(NMVpnEditorPlugin *plugin, NMConnection *connection)
{
	return file_name_suggest(nm_connection_get_id(connection));
}

static NMConnection *
import_from_file(NMVpnEditorPlugin *plugin, const char *path, GError **error)
{
	g_autofree char *folder = find_folder();
	ImportHost host = editor_library_is_there(folder) ? IMPORT_HOST_DESKTOP : IMPORT_HOST_TERMINAL;
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	NMConnection *connection = vpn_file_import(path, host, notes, error);

	if (!connection)
		return NULL;
	for (guint i = 0; i < notes->len; i++)
		g_message("%s: %s", path, (const char *) g_ptr_array_index(notes, i));
	import_notices_keep(G_OBJECT(plugin), connection, notes);
	return connection;
}

static gboolean
export_to_file(NMVpnEditorPlugin *plugin, const char *path, NMConnection *connection,
			   GError **error)
{
	g_autofree char *text = ipsec_export(connection, error);

	return text && g_file_set_contents(path, text, -1, error);
}

static void
editor_plugin_interface_init(NMVpnEditorPluginInterface *iface)
{
	iface->get_editor = get_editor;
	iface->get_capabilities = get_capabilities;
	iface->import_from_file = import_from_file;
	iface->export_to_file = export_to_file;
	iface->get_suggested_filename = suggested_filename;
}

G_DEFINE_TYPE_WITH_CODE(EditorPlugin, editor_plugin, G_TYPE_OBJECT,
						G_IMPLEMENT_INTERFACE(NM_TYPE_VPN_EDITOR_PLUGIN,
											  editor_plugin_interface_init))

static void
get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
	switch (id) {
	case PROP_NAME:
		g_value_set_string(value, _("IPsec VPN (IKEv1, IKEv2)"));
		break;
	case PROP_DESC:
		/* What a letter of an administrator's may call the gateway. */
		g_value_set_string(value,
						   _("Cisco, FRITZ!Box, Fortinet, strongSwan and other IPsec gateways"));
		break;
	case PROP_SERVICE:
		g_value_set_string(value, SERVICE_TYPE);
		break;
	default:
		G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
	}
}

static void
editor_plugin_class_init(EditorPluginClass *klass)
{
	GObjectClass *object_class = G_OBJECT_CLASS(klass);

	object_class->get_property = get_property;
	g_object_class_override_property(object_class, PROP_NAME, NM_VPN_EDITOR_PLUGIN_NAME);
	g_object_class_override_property(object_class, PROP_DESC, NM_VPN_EDITOR_PLUGIN_DESCRIPTION);
	g_object_class_override_property(object_class, PROP_SERVICE, NM_VPN_EDITOR_PLUGIN_SERVICE);
}

static void
editor_plugin_init(EditorPlugin *plugin)
{
}

NMVpnEditorPlugin *
nm_vpn_editor_plugin_factory(GError **error)
{
	bindtextdomain(GETTEXT_PACKAGE, LOCALEDIR);
	bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
	return g_object_new(EDITOR_PLUGIN_TYPE, NULL);
}
