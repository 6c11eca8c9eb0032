/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plugin as libnm loads it, which is what nmcli does to import and export. */

#include "config.h"

#include <dlfcn.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include <NetworkManager.h>

#include "import-notices.h"

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
	/* NO_EDITOR, public since 1.52 only: this program has no GTK. */
	g_assert_true(capabilities & 0x08);

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
	/* And what its editor can show. */
	g_assert_cmpuint(g_strv_length((char **) import_notices_get(G_OBJECT(plugin), connection)), ==,
					 1);
	g_assert_true(
		g_str_has_prefix(import_notices_get(G_OBJECT(plugin), connection)[0], "rightid asks for"));
}

/* Files of other programs come the same way. */
static void
test_other_formats(void)
{
	g_autoptr(NMVpnEditorPlugin) plugin = load();
	g_autofree char *good = g_test_build_filename(G_TEST_DIST, "vpn-files", "office.pcf", NULL);
	g_autofree char *bad = g_test_build_filename(G_TEST_DIST, "vpn-files", "error-eap.sswan", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(NMConnection) connection = nm_vpn_editor_plugin_import(plugin, good, &error);

	g_assert_no_error(error);
	g_assert_cmpstr(nm_connection_get_id(connection), ==, "Office, Berlin");
	g_assert_null(import_notices_get(G_OBJECT(plugin), connection));
	g_assert_null(nm_vpn_editor_plugin_import(plugin, bad, &error));
	g_assert_nonnull(strstr(error->message, "cannot do EAP"));
}

/* In a program that can show the editor, a file with something wrong in it is a connection, and the
 * plugin has what is to be said about it. */
static void
in_desktop(void)
{
	g_autofree char *folder = g_dir_make_tmp("editor-plugin-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "libnm-vpn-plugin-libreswan.so", NULL);
	g_autofree char *editor =
		g_build_filename(folder, "libnm-gtk4-vpn-plugin-libreswan-editor.so", NULL);
	g_autofree char *file =
		g_test_build_filename(G_TEST_DIST, "vpn-files", "error-words.sswan", NULL);
	g_autoptr(NMVpnEditorPlugin) plugin = NULL;
	g_autoptr(NMConnection) connection = NULL;
	g_autoptr(GError) error = NULL;
	const char *const *notices;

	g_assert_nonnull(dlopen(BUILDDIR "/tests/unit/.libs/fake-gtk4.so", RTLD_NOW | RTLD_GLOBAL));
	g_assert_cmpint(symlink(PLUGIN, path), ==, 0);
	g_assert_true(g_file_set_contents(editor, "", 0, NULL));
	plugin = nm_vpn_editor_plugin_load(path, SERVICE_TYPE, &error);
	g_assert_no_error(error);
	connection = nm_vpn_editor_plugin_import(plugin, file, &error);
	g_assert_no_error(error);
	notices = import_notices_get(G_OBJECT(plugin), connection);
	g_assert_true(g_str_has_prefix(notices[0], "remote.addr="));
	g_unlink(path);
	g_unlink(editor);
	g_rmdir(folder);
}

static void
test_desktop(void)
{
	if (g_test_subprocess()) {
		in_desktop();
		return;
	}
	g_test_trap_subprocess(NULL, 0, 0);
	g_test_trap_assert_passed();
}

static NMConnection *
connection_from(const char *text)
{
	NMConnection *connection = nm_simple_connection_new();
	NMSetting *s_con = nm_setting_connection_new();
	NMSettingVpn *s_vpn = NM_SETTING_VPN(nm_setting_vpn_new());
	g_auto(GStrv) items = g_strsplit(text, ", ", -1);

	g_object_set(s_con, NM_SETTING_CONNECTION_ID, "vpn", NULL);
	g_object_set(s_vpn, NM_SETTING_VPN_SERVICE_TYPE, SERVICE_TYPE, NULL);
	for (guint i = 0; items[i]; i++) {
		g_auto(GStrv) item = g_strsplit(items[i], "=", 2);

		nm_setting_vpn_add_data_item(s_vpn, item[0], item[1]);
	}
	nm_connection_add_setting(connection, s_con);
	nm_connection_add_setting(connection, NM_SETTING(s_vpn));
	return connection;
}

/* Exports it, takes every double quote out, which does no harm where no value has blanks, and
 * imports it. */
static NMConnection *
there_and_back(NMConnection *connection, char **text)
{
	g_autoptr(NMVpnEditorPlugin) plugin = load();
	g_autoptr(GError) error = NULL;
	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("editor-plugin-XXXXXX", &path, &error);
	g_autofree char *exported = NULL;
	g_auto(GStrv) parts = NULL;
	NMConnection *again;

	g_assert_no_error(error);
	close(fd);
	g_assert_true(nm_vpn_editor_plugin_export(plugin, path, connection, &error));
	g_assert_no_error(error);
	g_file_get_contents(path, &exported, NULL, NULL);
	parts = g_strsplit(exported, "\"", -1);
	*text = g_strjoinv("", parts);
	g_file_set_contents(path, *text, -1, NULL);
	again = nm_vpn_editor_plugin_import(plugin, path, &error);
	g_assert_no_error(error);
	g_unlink(path);
	return again;
}

static void
assert_same_data(NMConnection *one, NMConnection *two)
{
	NMSettingVpn *first = nm_connection_get_setting_vpn(one);
	NMSettingVpn *second = nm_connection_get_setting_vpn(two);
	g_autofree const char **keys = nm_setting_vpn_get_data_keys(first, NULL);

	g_assert_cmpuint(nm_setting_vpn_get_num_data_items(first), ==,
					 nm_setting_vpn_get_num_data_items(second));
	for (guint i = 0; keys[i]; i++)
		g_assert_cmpstr(nm_setting_vpn_get_data_item(first, keys[i]), ==,
						nm_setting_vpn_get_data_item(second, keys[i]));
}

/* As NetworkManager's own tests of such connections go: each key that one may have comes back, in
 * the user's spelling; our defaults stand in the file and become no keys. */
static void
test_reimport(void)
{
	static const char options[] =
		"right=192.0.2.4, leftmodecfgclient=yes, rightid=@gateway, rightrsasigkey=their-key, "
		"left=192.0.2.5, leftid=@laptop, leftrsasigkey=our-key, leftcert=our-cert, "
		"ike=aes256-sha1;modp1536, esp=aes256-sha1, ikelifetime=10m, salifetime=1h, "
		"rightsubnet=192.0.2.0/24, ikev2=yes, narrowing=yes, rekey=no, fragmentation=no";
	static const char *const send[] = {NULL, "always", "sendifasked", "disabled"};

	for (guint i = 0; i < G_N_ELEMENTS(send); i++) {
		g_autofree char *line = g_strconcat("leftsendcert=", send[i], NULL);
		g_autoptr(NMConnection) connection = connection_from(options);
		g_autoptr(NMConnection) again = NULL;
		g_autofree char *text = NULL;

		if (send[i])
			nm_setting_vpn_add_data_item(nm_connection_get_setting_vpn(connection), "leftsendcert",
										 send[i]);
		again = there_and_back(connection, &text);
		g_assert_true(!send[i] || strstr(text, line) != NULL);
		assert_same_data(connection, again);
	}
}

static void
test_auto_defaults(void)
{
	static const char *const given[] = {"", ", nm-auto-defaults=yes", ", nm-auto-defaults=no"};
	static const char *const defaults[] = {"\trightsubnet=0.0.0.0/0\n", "\tikelifetime=24h\n",
										   "\trekey=yes\n"};

	for (guint i = 0; i < G_N_ELEMENTS(given); i++) {
		g_autofree char *data =
			g_strconcat("right=192.0.2.4, rightid=@gateway, rightrsasigkey=their-key, "
						"left=192.0.2.5, leftid=@laptop, leftrsasigkey=our-key, leftcert=our-cert, "
						"ike=aes256-sha1;modp1536, esp=aes256-sha1, rightca=Our-CA",
						given[i], NULL);
		g_autoptr(NMConnection) connection = connection_from(data);
		g_autofree char *text = NULL;
		g_autoptr(NMConnection) again = there_and_back(connection, &text);
		gboolean filled_in = !strstr(given[i], "=no");

		g_assert_true((strstr(text, "# nm-auto-defaults=no\n") != NULL) == !filled_in);
		for (guint j = 0; j < G_N_ELEMENTS(defaults); j++)
			g_assert_true((strstr(text, defaults[j]) != NULL) == filled_in);
		g_assert_nonnull(strstr(text, "\trightca=Our-CA\n"));
		assert_same_data(connection, again);
	}
}

/* What would be more lines of ipsec.conf, and a key that nobody has. */
static void
test_wrong_data(void)
{
	static const struct {
		const char *data, *message;
	} cases[] = {
		{"right=192.0.2.4, ikev2=insist, leftcert=c, leftid=%fromcert\n leftupdown=/bin/true\nconn "
		 "b",
		 "leftid: "},
		{"right=192.0.2.4, ikev2=insist, leftcert=c, foo=bar", "unknown key \"foo\""},
	};
	g_autoptr(NMVpnEditorPlugin) plugin = load();

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(NMConnection) connection = connection_from(cases[i].data);
		g_autoptr(GError) error = NULL;

		g_assert_false(
			nm_vpn_editor_plugin_export(plugin, "/nonexistent/file", connection, &error));
		g_assert_true(g_str_has_prefix(error->message, cases[i].message));
	}
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
	g_test_add_func("/editor-plugin/desktop", test_desktop);
	g_test_add_func("/editor-plugin/other-formats", test_other_formats);
	g_test_add_func("/editor-plugin/reimport", test_reimport);
	g_test_add_func("/editor-plugin/auto-defaults", test_auto_defaults);
	g_test_add_func("/editor-plugin/wrong-data", test_wrong_data);
	g_test_add_func("/editor-plugin/errors", test_errors);
	return g_test_run();
}
