/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "check-source.h"

#include <glib/gstdio.h>
#include <string.h>

#include "option.h"

#define LIBRESWAN "org.freedesktop.NetworkManager.libreswan"
#define UUID      "6f1c3a5e-57a5-4bd8-8d4c-0f7a3a1b2c3d"
#define OTHER     "6f1c3a5e-57a5-4bd8-8d4c-0f7a3a1b2c3e"

#define KEYFILE                                                                                    \
	"# a comment\n[connection]\nid=office\nuuid=" UUID "\ntype=vpn\n\n"                            \
	"[vpn]\nservice-type=%s\nright=192.0.2.1\n\n[vpn-secrets]\npskvalue=secret\n"

/* What a file of that name gives; NULL with @error. */
static NMConnection *
get(const char *name, const char *text, GPtrArray *notes, gboolean *has_secrets, GError **error)
{
	g_autofree char *folder = g_dir_make_tmp("check-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autoptr(GError) none = NULL;
	g_autoptr(CheckSource) source = NULL;
	NMConnection *connection;

	g_file_set_contents(path, text, -1, &none);
	g_assert_no_error(none);
	source = check_source_open(path, error);
	g_unlink(path);
	g_rmdir(folder);
	g_assert_nonnull(source);
	connection = check_source_get(source, notes, error);
	*has_secrets = check_source_has_secrets(source);
	return connection;
}

static void
test_keyfile(void)
{
	static const char *const names[] = {"office.nmconnection", "office", "office.conf"};
	g_autofree char *text = g_strdup_printf(KEYFILE, LIBRESWAN);

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(GError) error = NULL;
		gboolean has_secrets = FALSE;
		g_autoptr(NMConnection) connection = get(names[i], text, notes, &has_secrets, &error);
		NMSettingVpn *setting;

		g_assert_no_error(error);
		g_assert_true(has_secrets);
		g_assert_cmpuint(notes->len, ==, 0);
		g_assert_cmpstr(nm_connection_get_uuid(connection), ==, UUID);
		setting = nm_connection_get_setting_vpn(connection);
		g_assert_cmpstr(nm_setting_vpn_get_data_item(setting, "right"), ==, "192.0.2.1");
		g_assert_cmpstr(nm_setting_vpn_get_secret(setting, "pskvalue"), ==, "secret");
	}
}

static void
test_ipsec_conf(void)
{
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	gboolean has_secrets = TRUE;
	g_autoptr(NMConnection) connection =
		get("b.conf",
			"conn a\n right=192.0.2.1\n left=%defaultroute\n"
			"conn b\n right=192.0.2.7\n left=%defaultroute\n auto=start\n",
			notes, &has_secrets, &error);

	g_assert_no_error(error);
	g_assert_false(has_secrets);
	g_assert_cmpuint(notes->len, ==, 1); /* auto= */
	g_assert_cmpstr(
		nm_setting_vpn_get_data_item(nm_connection_get_setting_vpn(connection), "right"), ==,
		"192.0.2.7");
}

static void
test_bad_files(void)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{"conn a\n left=%defaultroute\n right=192.0.2.1\n no-such-keyword=1\n",
		 "*no-such-keyword*"},
		{"[connection\n", "*office.conf: *"},
		{"[connection]\nid=a\ntype=ethernet\n", "\"a\" is no VPN connection of the type *"},
		{"", "*"},
		{"\xff\xfe", "*"},
	};
	g_autofree char *other = g_strdup_printf(KEYFILE, "org.freedesktop.NetworkManager.openvpn");

	for (guint i = 0; i <= G_N_ELEMENTS(cases); i++) {
		const gboolean last = i == G_N_ELEMENTS(cases);
		g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(GError) error = NULL;
		gboolean has_secrets;
		NMConnection *connection =
			get("office.conf", last ? other : cases[i].text, notes, &has_secrets, &error);

		g_assert_null(connection);
		g_assert_nonnull(error);
		if (!g_pattern_match_simple(last ? "\"office\" is no VPN connection of the type *"
										 : cases[i].says,
									error->message))
			g_error("case %u: %s", i, error->message);
	}
}

static void
test_no_file(void)
{
	static const char *const names[] = {"./no-such-file", "no-such-file.conf",
										"no-such.nmconnection", "/dev/zero"};

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(check_source_open(names[i], &error));
		g_assert_nonnull(strstr(error->message, names[i]));
	}
}

static void
add(GPtrArray *connections, const char *id, const char *uuid, const char *service)
{
	NMConnection *connection = nm_simple_connection_new();
	NMSetting *s_con = nm_setting_connection_new();

	g_object_set(s_con, NM_SETTING_CONNECTION_ID, id, NM_SETTING_CONNECTION_UUID, uuid, NULL);
	nm_connection_add_setting(connection, s_con);
	if (service) {
		NMSetting *s_vpn = nm_setting_vpn_new();

		g_object_set(s_vpn, NM_SETTING_VPN_SERVICE_TYPE, service, NULL);
		nm_connection_add_setting(connection, s_vpn);
	}
	g_ptr_array_add(connections, connection);
}

static void
assert_choice(const GPtrArray *connections, const char *what, const char *uuid, const char *says)
{
	g_autoptr(GError) error = NULL;
	NMConnection *connection = check_source_choose(connections, what, &error);

	if (!says) {
		g_assert_no_error(error);
		g_assert_cmpstr(nm_connection_get_uuid(connection), ==, uuid);
		return;
	}
	g_assert_null(connection);
	if (!g_pattern_match_simple(says, error->message))
		g_error("%s: %s", what, error->message);
}

static void
test_choose(void)
{
	g_autoptr(GPtrArray) connections = g_ptr_array_new_with_free_func(g_object_unref);

	add(connections, "office", "00000000-57a5-4bd8-8d4c-0f7a3a1b2c3d", NULL);
	add(connections, "office", UUID, LIBRESWAN);
	add(connections, "twice", OTHER, LIBRESWAN);
	add(connections, "twice", "11111111-57a5-4bd8-8d4c-0f7a3a1b2c3d", LIBRESWAN);
	assert_choice(connections, "office", UUID, NULL); /* not the wired one */
	assert_choice(connections, UUID, UUID, NULL);
	assert_choice(connections, OTHER, OTHER, NULL);
	assert_choice(connections, "twice", NULL, "several connections *" OTHER "*11111111*");
	assert_choice(connections, "none", NULL, "*\"none\"*\"./none\"*");
	assert_choice(connections, "00000000-57a5-4bd8-8d4c-0f7a3a1b2c3d", NULL, "*is no VPN*");
}

static void
test_no_network_manager(void)
{
	g_autoptr(GError) error = NULL;

	g_setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
	g_assert_null(check_source_open("office", &error));
	g_assert_true(g_str_has_prefix(error->message, "NetworkManager cannot be asked: "));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/check-source/keyfile", test_keyfile);
	g_test_add_func("/check-source/ipsec-conf", test_ipsec_conf);
	g_test_add_func("/check-source/bad-files", test_bad_files);
	g_test_add_func("/check-source/no-file", test_no_file);
	g_test_add_func("/check-source/choose", test_choose);
	g_test_add_func("/check-source/no-network-manager", test_no_network_manager);
	return g_test_run();
}
