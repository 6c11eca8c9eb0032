/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "vpn-connection.h"

static void
test_new(void)
{
	g_autoptr(GHashTable) data = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(NMConnection) one = NULL;
	g_autoptr(NMConnection) two = NULL;
	g_autoptr(GError) error = NULL;
	NMSettingVpn *s_vpn;

	g_hash_table_insert(data, (gpointer) "right", (gpointer) "vpn.example.com");
	one = vpn_connection_new("office", data);
	two = vpn_connection_new("office", data);
	g_assert_true(nm_connection_verify(one, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(nm_connection_get_id(one), ==, "office");
	g_assert_cmpstr(nm_connection_get_uuid(one), !=, nm_connection_get_uuid(two));
	g_assert_false(
		nm_setting_connection_get_autoconnect(nm_connection_get_setting_connection(one)));
	s_vpn = nm_connection_get_setting_vpn(one);
	g_assert_cmpstr(nm_setting_vpn_get_service_type(s_vpn), ==,
					"org.freedesktop.NetworkManager.libreswan");
	g_assert_cmpstr(nm_setting_vpn_get_data_item(s_vpn, "right"), ==, "vpn.example.com");
	g_assert_cmpuint(nm_setting_vpn_get_num_data_items(s_vpn), ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/vpn-connection/new", test_new);
	return g_test_run();
}
