/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plugin as libnm loads it, which is what nmcli does to import and export. */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include <NetworkManager.h>

#define SERVICE_TYPE "org.freedesktop.NetworkManager.libreswan"

static NMVpnEditorPlugin *
load(void)
{
	g_autoptr(GError) error = NULL;
	NMVpnEditorPlugin *plugin = nm_vpn_editor_plugin_load(PLUGIN, SERVICE_TYPE, &error);

	g_assert_no_error(error);
	return plugin;
}

static void
test_properties(void)
{
	g_autoptr(NMVpnEditorPlugin) plugin = load();
	g_autofree char *name = NULL, *description = NULL, *service = NULL;
	g_autoptr(NMConnection) connection = nm_simple_connection_new();
	g_autoptr(GError) error = NULL;
	NMVpnEditorPluginCapability capabilities = nm_vpn_editor_plugin_get_capabilities(plugin);

	g_object_get(plugin, NM_VPN_EDITOR_PLUGIN_NAME, &name, NM_VPN_EDITOR_PLUGIN_DESCRIPTION,
				 &description, NM_VPN_EDITOR_PLUGIN_SERVICE, &service, NULL);
	g_assert_true(name && *name);
	g_assert_true(description && *description);
	g_assert_cmpstr(service, ==, SERVICE_TYPE);
	g_assert_true(capabilities & NM_VPN_EDITOR_PLUGIN_CAPABILITY_IMPORT);
	g_assert_true(capabilities & NM_VPN_EDITOR_PLUGIN_CAPABILITY_EXPORT);

	g_assert_null(nm_vpn_editor_plugin_get_editor(plugin, connection, &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

static void
test_import_export(void)
{
	g_autoptr(NMVpnEditorPlugin) plugin = load();
	g_autofree char *conf = g_test_build_filename(G_TEST_DIST, "import", "fritzbox.conf", NULL);
	g_autoptr(NMConnection) connection = NULL;
	g_autoptr(NMConnection) again = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *dir = g_dir_make_tmp("editor-plugin-XXXXXX", &error);
	g_autofree char *path = NULL, *name = NULL, *path_again = NULL;
	g_autofree char *text = NULL, *text_again = NULL;

	g_assert_no_error(error);
	connection = nm_vpn_editor_plugin_import(plugin, conf, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(nm_connection_get_id(connection), ==, "fritzbox");
	g_assert_true(nm_connection_verify(connection, &error));
	g_assert_no_error(error);

	name = nm_vpn_editor_plugin_get_suggested_filename(plugin, connection);
	g_assert_cmpstr(name, ==, "fritzbox.conf");
	path = g_build_filename(dir, name, NULL);
	g_assert_true(nm_vpn_editor_plugin_export(plugin, path, connection, &error));
	g_assert_no_error(error);
	again = nm_vpn_editor_plugin_import(plugin, path, &error);
	g_assert_no_error(error);
	path_again = g_build_filename(dir, "again.conf", NULL);
	g_assert_true(nm_vpn_editor_plugin_export(plugin, path_again, again, &error));
	g_assert_no_error(error);
	g_file_get_contents(path, &text, NULL, NULL);
	g_file_get_contents(path_again, &text_again, NULL, NULL);
	g_assert_cmpstr(text_again, ==, text);
	g_unlink(path_again);
	g_unlink(path);
	g_rmdir(dir);
}

/* What an import has to say although it works is what nmcli shows on its stderr. */
static void
test_notes(void)
{
	g_autoptr(NMVpnEditorPlugin) plugin = load();
	g_autoptr(NMConnection) connection = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("editor-plugin-XXXXXX", &path, &error);

	g_assert_no_error(error);
	close(fd);
	g_file_set_contents(
		path, "conn a\n left=%defaultroute\n right=gw\n leftcert=me\n rightid=%any\n", -1, NULL);
	g_test_expect_message("nm-libreswan", G_LOG_LEVEL_MESSAGE,
						  "*editor-plugin-*: rightid asks for no identity: *");
	connection = nm_vpn_editor_plugin_import(plugin, path, &error);
	g_test_assert_expected_messages();
	g_assert_no_error(error);
	g_unlink(path);
}

static void
test_errors(void)
{
	g_autoptr(NMVpnEditorPlugin) plugin = load();
	g_autofree char *conf = g_test_build_filename(G_TEST_DIST, "import", "error-lines.conf", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_null(nm_vpn_editor_plugin_import(plugin, "/no/such/file.conf", &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
	g_clear_error(&error);
	g_assert_null(nm_vpn_editor_plugin_import(plugin, "/dev/zero", &error));
	g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
	g_assert_true(g_str_has_prefix(error->message, "/dev/zero: is a device"));
	g_clear_error(&error);
	g_assert_null(nm_vpn_editor_plugin_import(plugin, conf, &error));
	g_assert_nonnull(strstr(error->message, "line 5: leftupdown="));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/editor-plugin/properties", test_properties);
	g_test_add_func("/editor-plugin/import-export", test_import_export);
	g_test_add_func("/editor-plugin/notes", test_notes);
	g_test_add_func("/editor-plugin/errors", test_errors);
	return g_test_run();
}
