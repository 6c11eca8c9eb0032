/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <NetworkManager.h>

#include "wait-until.h"

/*
 * NetworkManager's name on the bus, and two active connections: that of the UUID, and another.
 * What it says of their state is true (fake_nm_says()), but that of one that deactivates it calls
 * activated, as NetworkManager does (fake_nm_deactivates()).
 */
#define FAKE_NM_OURS  NM_DBUS_PATH "/ActiveConnection/1"
#define FAKE_NM_OTHER NM_DBUS_PATH "/ActiveConnection/2"

static guint32 fake_nm_state;

static inline GVariant *
fake_nm_get_property(GDBusConnection *bus, const char *sender, const char *path,
					 const char *interface, const char *property, GError **error,
					 gpointer user_data)
{
	if (g_str_equal(property, "State"))
		return g_variant_new_uint32(fake_nm_state);
	return g_variant_new_string(
		g_str_equal(path, FAKE_NM_OURS) ? user_data : "8b0c1fd2-0000-4000-8000-000000000000");
}

static inline void
fake_nm_on_acquired(GDBusConnection *bus, const char *name, gpointer user_data)
{
	*(gboolean *) user_data = TRUE;
}

static inline void
fake_nm_begin(GDBusConnection *bus, const char *uuid)
{
	static const GDBusInterfaceVTable functions = {.get_property = fake_nm_get_property};
	static const char *const paths[] = {FAKE_NM_OURS, FAKE_NM_OTHER};
	g_autoptr(GError) error = NULL;
	g_autoptr(GDBusNodeInfo) node = g_dbus_node_info_new_for_xml(
		"<node><interface name='" NM_DBUS_INTERFACE_ACTIVE_CONNECTION "'>"
		"<property name='Uuid' type='s' access='read'/>"
		"<property name='State' type='u' access='read'/></interface></node>",
		&error);
	gboolean acquired = FALSE;

	g_assert_no_error(error);
	for (guint i = 0; i < G_N_ELEMENTS(paths); i++)
		g_assert_cmpuint(g_dbus_connection_register_object(bus, paths[i], node->interfaces[0],
														   &functions, (gpointer) uuid, NULL, NULL),
						 >, 0);
	g_bus_own_name_on_connection(bus, NM_DBUS_SERVICE, G_BUS_NAME_OWNER_FLAGS_NONE,
								 fake_nm_on_acquired, NULL, &acquired, NULL);
	WAIT_UNTIL(acquired);
}

static inline void
fake_nm_emit(GDBusConnection *bus, const char *path, NMVpnConnectionState state)
{
	g_assert_true(g_dbus_connection_emit_signal(bus, NULL, path, NM_DBUS_INTERFACE_VPN_CONNECTION,
												"VpnStateChanged",
												g_variant_new("(uu)", (guint32) state, 0u), NULL));
}

static inline void
fake_nm_says(GDBusConnection *bus, const char *path, NMVpnConnectionState state)
{
	fake_nm_state = state == NM_VPN_CONNECTION_STATE_ACTIVATED
						? NM_ACTIVE_CONNECTION_STATE_ACTIVATED
						: NM_ACTIVE_CONNECTION_STATE_ACTIVATING;
	fake_nm_emit(bus, path, state);
}

static inline void
fake_nm_deactivates(GDBusConnection *bus, const char *path)
{
	fake_nm_state = NM_ACTIVE_CONNECTION_STATE_DEACTIVATING;
	fake_nm_emit(bus, path, NM_VPN_CONNECTION_STATE_ACTIVATED);
}
