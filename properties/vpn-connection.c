/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "vpn-connection.h"

#define SERVICE_TYPE "org.freedesktop.NetworkManager.libreswan"

NMConnection *
vpn_connection_new(const char *name, GHashTable *data)
{
	NMConnection *connection = nm_simple_connection_new();
	NMSetting *s_con = nm_setting_connection_new();
	NMSettingVpn *s_vpn = NM_SETTING_VPN(nm_setting_vpn_new());
	g_autofree char *uuid = nm_utils_uuid_generate();
	GHashTableIter iter;
	gpointer key, value;

	g_object_set(s_con, NM_SETTING_CONNECTION_ID, name, NM_SETTING_CONNECTION_UUID, uuid,
				 NM_SETTING_CONNECTION_TYPE, NM_SETTING_VPN_SETTING_NAME,
				 NM_SETTING_CONNECTION_AUTOCONNECT, FALSE, NULL);
	g_object_set(s_vpn, NM_SETTING_VPN_SERVICE_TYPE, SERVICE_TYPE, NULL);
	g_hash_table_iter_init(&iter, data);
	while (g_hash_table_iter_next(&iter, &key, &value))
		nm_setting_vpn_add_data_item(s_vpn, key, value);
	nm_connection_add_setting(connection, s_con);
	nm_connection_add_setting(connection, NM_SETTING(s_vpn));
	return connection;
}
