/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "activation.h"

#include <NetworkManager.h>

struct Activation {
	GDBusConnection *bus;
	char *uuid;
	void (*func)(gpointer user_data);
	gpointer user_data;
	guint subscription;
	GHashTable *activating; /* set of the object paths that were seen in the making */
	GCancellable *cancellable;
};

/* Of VPN connections NetworkManager says "activated" also when they begin to deactivate. */
static gboolean
is_activated(GVariant *properties, const char *uuid)
{
	guint32 state = NM_ACTIVE_CONNECTION_STATE_UNKNOWN;
	const char *of = NULL;

	g_variant_lookup(properties, "Uuid", "&s", &of);
	g_variant_lookup(properties, "State", "u", &state);
	return g_strcmp0(of, uuid) == 0 && state == NM_ACTIVE_CONNECTION_STATE_ACTIVATED;
}

static void
on_properties(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) answer =
		g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, &error);
	g_autoptr(GVariant) properties = NULL;
	Activation *self = user_data;

	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	if (!answer) {
		g_debug("NetworkManager does not say whose connection is activated: %s", error->message);
		return;
	}
	properties = g_variant_get_child_value(answer, 0);
	if (!self->subscription || !is_activated(properties, self->uuid))
		return;
	/* No second time. */
	g_dbus_connection_signal_unsubscribe(self->bus, self->subscription);
	self->subscription = 0;
	self->func(self->user_data);
}

static void
on_state(GDBusConnection *bus, const char *sender, const char *path, const char *interface,
		 const char *signal, GVariant *parameters, gpointer user_data)
{
	Activation *self = user_data;
	guint32 state, reason;

	if (!g_variant_is_of_type(parameters, G_VARIANT_TYPE("(uu)")))
		return;
	g_variant_get(parameters, "(uu)", &state, &reason);
	/* One that comes without was said before it was waited for. */
	if (state < NM_VPN_CONNECTION_STATE_ACTIVATED)
		g_hash_table_add(self->activating, g_strdup(path));
	if (state != NM_VPN_CONNECTION_STATE_ACTIVATED || !g_hash_table_remove(self->activating, path))
		return;
	g_dbus_connection_call(bus, sender, path, "org.freedesktop.DBus.Properties", "GetAll",
						   g_variant_new("(s)", NM_DBUS_INTERFACE_ACTIVE_CONNECTION),
						   G_VARIANT_TYPE("(a{sv})"), G_DBUS_CALL_FLAGS_NO_AUTO_START, -1,
						   self->cancellable, on_properties, self);
}

Activation *
activation_await(GDBusConnection *bus, const char *uuid, void (*func)(gpointer user_data),
				 gpointer user_data)
{
	Activation *self = g_new0(Activation, 1);

	self->bus = g_object_ref(bus);
	self->uuid = g_strdup(uuid);
	self->func = func;
	self->user_data = user_data;
	self->activating = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	self->cancellable = g_cancellable_new();
	self->subscription = g_dbus_connection_signal_subscribe(
		bus, NM_DBUS_SERVICE, NM_DBUS_INTERFACE_VPN_CONNECTION, "VpnStateChanged", NULL, NULL,
		G_DBUS_SIGNAL_FLAGS_NONE, on_state, self, NULL);
	return self;
}

void
activation_free(Activation *self)
{
	if (!self)
		return;
	if (self->subscription)
		g_dbus_connection_signal_unsubscribe(self->bus, self->subscription);
	g_cancellable_cancel(self->cancellable);
	g_object_unref(self->cancellable);
	g_hash_table_unref(self->activating);
	g_object_unref(self->bus);
	g_free(self->uuid);
	g_free(self);
}
