/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "activation.h"

#include "fake-network-manager.h"
#include "own-bus.h"

#define UUID "6f1c3a5e-57a5-4bd8-8d4c-0f7a3a1b2c3d"

static GDBusConnection *nm, *service;

static void
on_activated(gpointer user_data)
{
	(*(guint *) user_data)++;
}

static void
on_pong(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GVariant) answer =
		g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, NULL);

	g_assert_nonnull(answer);
	*(gboolean *) user_data = TRUE;
}

/* The service has been told what @nm has said before, and has its answers. */
static void
settle(void)
{
	for (guint i = 0; i < 2; i++) {
		gboolean done = FALSE;

		g_dbus_connection_call(service, NM_DBUS_SERVICE, FAKE_NM_OURS, "org.freedesktop.DBus.Peer",
							   "Ping", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_pong,
							   &done);
		WAIT_UNTIL(done);
	}
}

static void
test_activated(void)
{
	guint n = 0;
	g_autoptr(Activation) activation = activation_await(service, UUID, on_activated, &n);

	settle();
	/* Of before. */
	fake_nm_says(nm, FAKE_NM_OURS, NM_VPN_CONNECTION_STATE_ACTIVATED);
	fake_nm_says(nm, FAKE_NM_OTHER, NM_VPN_CONNECTION_STATE_CONNECT);
	fake_nm_says(nm, FAKE_NM_OURS, NM_VPN_CONNECTION_STATE_CONNECT);
	fake_nm_says(nm, FAKE_NM_OURS, NM_VPN_CONNECTION_STATE_IP_CONFIG_GET);
	fake_nm_says(nm, FAKE_NM_OTHER, NM_VPN_CONNECTION_STATE_ACTIVATED);
	settle();
	g_assert_cmpuint(n, ==, 0);
	fake_nm_says(nm, FAKE_NM_OURS, NM_VPN_CONNECTION_STATE_ACTIVATED);
	WAIT_UNTIL(n == 1);
	fake_nm_says(nm, FAKE_NM_OURS, NM_VPN_CONNECTION_STATE_ACTIVATED);
	settle();
	g_assert_cmpuint(n, ==, 1);
}

static void
test_deactivating(void)
{
	guint n = 0;
	g_autoptr(Activation) activation = activation_await(service, UUID, on_activated, &n);

	settle();
	fake_nm_says(nm, FAKE_NM_OURS, NM_VPN_CONNECTION_STATE_CONNECT);
	fake_nm_deactivates(nm, FAKE_NM_OURS);
	settle();
	g_assert_cmpuint(n, ==, 0);
}

/* Anybody can send a signal of that name. */
static void
test_not_network_manager(void)
{
	guint n = 0;
	g_autoptr(Activation) activation = activation_await(service, UUID, on_activated, &n);

	settle();
	fake_nm_says(service, FAKE_NM_OURS, NM_VPN_CONNECTION_STATE_CONNECT);
	fake_nm_says(service, FAKE_NM_OURS, NM_VPN_CONNECTION_STATE_ACTIVATED);
	settle();
	g_assert_cmpuint(n, ==, 0);
}

static void
test_forgotten(void)
{
	guint n = 0;
	Activation *activation = activation_await(service, UUID, on_activated, &n);

	settle();
	fake_nm_says(nm, FAKE_NM_OURS, NM_VPN_CONNECTION_STATE_CONNECT);
	fake_nm_says(nm, FAKE_NM_OURS, NM_VPN_CONNECTION_STATE_ACTIVATED);
	activation_free(activation);
	settle();
	g_assert_cmpuint(n, ==, 0);
	activation_free(NULL);
}

int
main(int argc, char **argv)
{
	OwnBus *dbus;
	int status;

	g_test_init(&argc, &argv, NULL);
	dbus = own_bus_start();
	nm = own_bus_connect(dbus);
	service = own_bus_connect(dbus);
	fake_nm_begin(nm, UUID);
	g_test_add_func("/activation/activated", test_activated);
	g_test_add_func("/activation/deactivating", test_deactivating);
	g_test_add_func("/activation/not-network-manager", test_not_network_manager);
	g_test_add_func("/activation/forgotten", test_forgotten);
	status = g_test_run();
	g_object_unref(nm);
	g_object_unref(service);
	own_bus_stop(dbus);
	return status;
}
