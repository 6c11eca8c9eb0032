/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connections for tests, from lines of key=value; a line without an equals sign counts nothing. */

#pragma once

#include <string.h>

#include <NetworkManager.h>

#include "option.h"

#define SERVICE_TYPE "org.freedesktop.NetworkManager.libreswan"

static inline NMConnection *
make_connection(const char *text)
{
	NMConnection *connection = nm_simple_connection_new();
	NMSettingVpn *vpn = NM_SETTING_VPN(nm_setting_vpn_new());
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	nm_connection_add_setting(
		connection,
		NM_SETTING(g_object_new(NM_TYPE_SETTING_CONNECTION, "id", "office", "uuid",
								"6f1c3a5e-57a5-4bd8-8d4c-0f7a3a1b2c3d", "type", "vpn", NULL)));
	g_object_set(vpn, NM_SETTING_VPN_SERVICE_TYPE, SERVICE_TYPE, NULL);
	nm_connection_add_setting(connection, NM_SETTING(vpn));
	for (guint i = 0; lines[i]; i++) {
		char *equals = strchr(lines[i], '=');
		const Option *option;

		if (!equals)
			continue;
		*equals = '\0';
		option = option_find(lines[i]);
		if (option && option->flags & OPTION_SECRET_KEY)
			nm_setting_vpn_add_secret(vpn, lines[i], equals + 1);
		else
			nm_setting_vpn_add_data_item(vpn, lines[i], equals + 1);
	}
	return connection;
}

static inline void
take_item(const char *key, const char *value, gpointer list)
{
	g_ptr_array_add(list, g_strdup_printf("%s=%s", key, value));
}

static inline gint
compare_lines(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* (transfer full): all that its VPN setting has, sorted, a line each. */
static inline char *
vpn_lines(NMConnection *connection)
{
	NMSettingVpn *vpn = nm_connection_get_setting_vpn(connection);
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

	nm_setting_vpn_foreach_data_item(vpn, take_item, lines);
	nm_setting_vpn_foreach_secret(vpn, take_item, lines);
	g_ptr_array_sort(lines, compare_lines);
	g_ptr_array_add(lines, g_strdup_printf("persistent %d", nm_setting_vpn_get_persistent(vpn)));
	g_ptr_array_add(lines, NULL);
	return g_strjoinv("\n", (char **) lines->pdata);
}
