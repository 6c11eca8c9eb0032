/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "plugin.h"

#include <nm-vpn-dbus-interface.h>

#include "activation.h"
#include "log.h"
#include "one-line.h"
#include "secret.h"

/* NetworkManager gives whoever has the secrets 120 s. */
#define AWAITS_MS 180000

struct _Plugin {
	NMVpnServicePlugin parent;
	Tunnel *tunnel;
	gboolean login_failed; /* while the failure is being told */
	char *dns;             /* ip_report_dns_to_string() of the last report, NULL before the first */
	void (*shut_down_done)(gpointer user_data);
	gpointer shut_down_data;
	gboolean may_wait;   /* plugin_quit(), not plugin_shut_down() */
	guint awaits_source; /* NetworkManager asks a person for what Connect() is to bring */
	char *uuid;          /* of the connection */
	Activation *before_asking;
	char *key, *question; /* for then */
};

G_DEFINE_TYPE(Plugin, plugin, NM_TYPE_VPN_SERVICE_PLUGIN)

static void
tell(NMVpnServicePlugin *plugin, const IpReport *report)
{
	nm_vpn_service_plugin_set_config(plugin, report->config);
	if (report->ip4)
		nm_vpn_service_plugin_set_ip4_config(plugin, report->ip4);
	if (report->ip6)
		nm_vpn_service_plugin_set_ip6_config(plugin, report->ip6);
}

/* NetworkManager 1.42 and 1.52 take a report on an activated connection too and replace addresses
 * and routes in one step. But DNS servers and domains it hands on only when a connection becomes
 * activated (vpn_connection_state_changed() of its nm-policy.c): where these have changed, the
 * connection is connecting and activated once more. NetworkManager keeps addresses and routes
 * meanwhile.
 *
 * It is activated when NetworkManager has configured the interface, which it does only for a report
 * that it finds different (_l3cfg_l3cd_set() of its nm-vpn-connection.c). Before 1.44 two that
 * differ in their DNS servers alone were the same to it, but for full tunnels (its commit
 * 0a0299517551): so what is reported first has a route more, and what it does with both is what the
 * last one says. */
static void
on_report(const IpReport *report, gpointer user_data)
{
	Plugin *self = user_data;
	g_autofree char *before = g_steal_pointer(&self->dns);
	g_autoptr(IpReport) different = NULL;

	self->dns = ip_report_dns_to_string(report);
	if (!before || g_str_equal(before, self->dns)) {
		tell(user_data, report);
		return;
	}
	different = ip_report_with_route_to_itself(report);
	g_object_set(self, NM_VPN_SERVICE_PLUGIN_STATE, NM_VPN_SERVICE_STATE_STARTING, NULL);
	tell(user_data, different);
	tell(user_data, report);
	g_object_set(self, NM_VPN_SERVICE_PLUGIN_STATE, NM_VPN_SERVICE_STATE_STARTED, NULL);
}

/* libnm's nm_vpn_service_plugin_failure() follows the failure it is told by a second one,
 * CONNECT_FAILED, where the connection was still starting, and NetworkManager believes the last
 * before STOPPED. So the right one is said once more in between. */
static void
repeat_login_failure(Plugin *self)
{
	GDBusConnection *bus = nm_vpn_service_plugin_get_connection(NM_VPN_SERVICE_PLUGIN(self));

	if (!bus)
		return;
	g_dbus_connection_emit_signal(bus, NULL, NM_VPN_DBUS_PLUGIN_PATH, NM_VPN_DBUS_PLUGIN_INTERFACE,
								  "Failure",
								  g_variant_new("(u)", NM_VPN_PLUGIN_FAILURE_LOGIN_FAILED), NULL);
	g_object_unref(bus);
}

static void
forget_question(Plugin *self)
{
	g_clear_pointer(&self->before_asking, activation_free);
	g_clear_pointer(&self->key, g_free);
	g_clear_pointer(&self->question, g_free);
}

/* NetworkManager asks for a connection in the making: a service that is STARTING again after it was
 * STARTED is one that connects anew to it, and keeps its addresses and routes. */
static void
ask(gpointer user_data)
{
	Plugin *self = user_data;
	g_autofree char *key = g_steal_pointer(&self->key),
					*question = g_steal_pointer(&self->question);
	const char *hints[] = {key, NULL};

	forget_question(self);
	g_object_set(self, NM_VPN_SERVICE_PLUGIN_STATE, NM_VPN_SERVICE_STATE_STARTING, NULL);
	nm_vpn_service_plugin_secrets_required(NM_VPN_SERVICE_PLUGIN(self), question, hints);
}

/* NetworkManager takes the DNS servers of a connection away when it ends as activated, not when it
 * ends because nobody has answered (vpn_connection_state_changed() of its nm-policy.c). So they go
 * before anybody is asked; tunnel_give_secrets() brings them back. */
static void
on_ask(const char *key, const char *message, const IpReport *last, gpointer user_data)
{
	Plugin *self = user_data;
	g_autoptr(GDBusConnection) bus =
		nm_vpn_service_plugin_get_connection(NM_VPN_SERVICE_PLUGIN(self));
	g_autoptr(IpReport) without = last ? ip_report_without_names(last) : NULL;
	g_autofree char *dns = without ? ip_report_dns_to_string(without) : NULL;

	forget_question(self);
	self->key = g_strdup(key);
	self->question = g_strdup(message);
	if (!without || !bus || g_strcmp0(dns, self->dns) == 0) {
		ask(self);
		return;
	}
	self->before_asking = activation_await(bus, self->uuid, ask, self);
	on_report(without, self);
}

static void
on_failed(MachineFailure failure, const char *message, gpointer user_data)
{
	Plugin *self = user_data;

	forget_question(self);
	self->login_failed = failure == FAILURE_LOGIN;
	nm_vpn_service_plugin_failure(NM_VPN_SERVICE_PLUGIN(self),
								  self->login_failed ? NM_VPN_PLUGIN_FAILURE_LOGIN_FAILED
													 : NM_VPN_PLUGIN_FAILURE_CONNECT_FAILED);
	self->login_failed = FALSE;
}

static void
on_idle(gpointer user_data)
{
	Plugin *self = user_data;

	if (self->shut_down_done && !self->awaits_source)
		self->shut_down_done(self->shut_down_data);
}

static gboolean
on_awaited(gpointer user_data)
{
	Plugin *self = user_data;

	self->awaits_source = 0;
	if (tunnel_is_idle(self->tunnel))
		on_idle(self);
	return G_SOURCE_REMOVE;
}

/* The next connection has begun while the last one is cleaned away, and a person is asked for its
 * secrets: NetworkManager would take a service that quits meanwhile for one that has crashed. */
static void
await_connect(Plugin *self)
{
	if (!self->shut_down_done || !self->may_wait)
		return;
	g_clear_handle_id(&self->awaits_source, g_source_remove);
	self->awaits_source = g_timeout_add(AWAITS_MS, on_awaited, self);
}

static const TunnelCallbacks tunnel_callbacks = {
	.report = on_report,
	.ask = on_ask,
	.failed = on_failed,
	.idle = on_idle,
};

static void
on_introspected(GObject *source, GAsyncResult *result, gpointer unused)
{
	g_autoptr(GVariant) answer =
		g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, NULL);
}

/* GDBus reads each message into one buffer, which it keeps: that with the secrets would lie there
 * until a longer one came, which may be never. The bus's description of itself is one, has some
 * kilobytes, and may be asked for by anybody. */
static void
overwrite_read_buffer(NMVpnServicePlugin *plugin)
{
	g_autoptr(GDBusConnection) bus = nm_vpn_service_plugin_get_connection(plugin);

	if (bus)
		g_dbus_connection_call(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
							   "org.freedesktop.DBus.Introspectable", "Introspect", NULL, NULL,
							   G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_introspected, NULL);
}

/* What @connection has of secrets is in the profile alone afterwards. */
static Profile *
take_profile(NMVpnServicePlugin *plugin, NMConnection *connection, GError **error)
{
	overwrite_read_buffer(plugin);
	return profile_take(connection, error);
}

static Profile *
read_profile(NMVpnServicePlugin *plugin, NMConnection *connection, GError **error)
{
	g_autoptr(GError) reason = NULL;
	Profile *profile = take_profile(plugin, connection, &reason);

	if (!profile) {
		const char *id = nm_connection_get_id(connection);
		g_autofree char *name = one_line(id ? id : "?", ONE_LINE_NAME_MAX);

		log_event(LOG_EVENT_FAILED, (LogConnection){.uuid = nm_connection_get_uuid(connection)},
				  "%s: the profile cannot be used: %s", name, reason->message);
		g_set_error_literal(error, NM_VPN_PLUGIN_ERROR, NM_VPN_PLUGIN_ERROR_BAD_ARGUMENTS,
							reason->message);
	}
	return profile;
}

static gboolean
plugin_need_secrets(NMVpnServicePlugin *plugin, NMConnection *connection, const char **setting_name,
					GError **error)
{
	Profile *profile = take_profile(plugin, connection, NULL);
	gboolean missing = FALSE;
	const Secret *secrets;
	guint n;

	/* An error here would be one of secrets to NetworkManager ("no secrets were provided");
	 * Connect() comes next and says what is wrong. */
	if (!profile)
		return FALSE;
	secrets = secret_all(&n);
	for (guint i = 0; i < n; i++)
		missing |= secret_is_missing(&secrets[i], profile);
	profile_free(profile);
	if (missing) {
		*setting_name = NM_SETTING_VPN_SETTING_NAME;
		await_connect(PLUGIN_SERVICE(plugin));
	}
	return missing;
}

static gboolean
take_connection(Plugin *self, NMConnection *connection, gboolean can_ask, GError **error)
{
	Profile *profile = read_profile(NM_VPN_SERVICE_PLUGIN(self), connection, error);

	if (!profile)
		return FALSE;
	if (profile_find_weakness(profile))
		g_warning("%s: %s", profile_get_name(profile), profile_find_weakness(profile));
	g_clear_pointer(&self->dns, g_free);
	g_clear_handle_id(&self->awaits_source, g_source_remove);
	forget_question(self);
	g_free(self->uuid);
	self->uuid = g_strdup(profile_get_uuid(profile));
	tunnel_connect(self->tunnel, profile, can_ask);
	return TRUE;
}

static gboolean
plugin_connect(NMVpnServicePlugin *plugin, NMConnection *connection, GError **error)
{
	return take_connection(PLUGIN_SERVICE(plugin), connection, FALSE, error);
}

static gboolean
plugin_connect_interactive(NMVpnServicePlugin *plugin, NMConnection *connection, GVariant *details,
						   GError **error)
{
	return take_connection(PLUGIN_SERVICE(plugin), connection, TRUE, error);
}

static gboolean
plugin_new_secrets(NMVpnServicePlugin *plugin, NMConnection *connection, GError **error)
{
	Plugin *self = PLUGIN_SERVICE(plugin);
	Profile *answer = read_profile(plugin, connection, error);

	if (!answer) {
		/* libnm says that the connection has stopped, and asks nobody to end it. */
		tunnel_disconnect(self->tunnel);
		return FALSE;
	}
	tunnel_give_secrets(self->tunnel, answer);
	profile_free(answer);
	return TRUE;
}

static gboolean
plugin_disconnect(NMVpnServicePlugin *plugin, GError **error)
{
	Plugin *self = PLUGIN_SERVICE(plugin);

	if (self->login_failed)
		repeat_login_failure(self);
	forget_question(self);
	tunnel_disconnect(self->tunnel);
	return TRUE;
}

static void
plugin_finalize(GObject *object)
{
	Plugin *self = PLUGIN_SERVICE(object);

	g_clear_handle_id(&self->awaits_source, g_source_remove);
	g_clear_pointer(&self->tunnel, tunnel_free);
	forget_question(self);
	g_free(self->uuid);
	g_free(self->dns);
	G_OBJECT_CLASS(plugin_parent_class)->finalize(object);
}

static void
plugin_class_init(PluginClass *klass)
{
	NMVpnServicePluginClass *plugin_class = NM_VPN_SERVICE_PLUGIN_CLASS(klass);

	G_OBJECT_CLASS(klass)->finalize = plugin_finalize;
	plugin_class->need_secrets = plugin_need_secrets;
	plugin_class->connect = plugin_connect;
	plugin_class->connect_interactive = plugin_connect_interactive;
	plugin_class->new_secrets = plugin_new_secrets;
	plugin_class->disconnect = plugin_disconnect;
}

static void
plugin_init(Plugin *self)
{
}

Plugin *
plugin_new(const char *bus_name, const TunnelParams *params, GError **error)
{
	Plugin *self =
		g_initable_new(plugin_get_type(), NULL, error, NM_VPN_SERVICE_PLUGIN_DBUS_SERVICE_NAME,
					   bus_name, NM_VPN_SERVICE_PLUGIN_DBUS_WATCH_PEER, TRUE, NULL);

	if (self)
		self->tunnel = tunnel_new(params, &tunnel_callbacks, self);
	return self;
}

void
plugin_quit(Plugin *self, void (*done)(gpointer user_data), gpointer user_data)
{
	self->may_wait = !self->shut_down_done || self->may_wait;
	self->shut_down_done = done;
	self->shut_down_data = user_data;
	if (tunnel_is_idle(self->tunnel))
		on_idle(self);
}

void
plugin_shut_down(Plugin *self, void (*done)(gpointer user_data), gpointer user_data)
{
	self->may_wait = FALSE;
	g_clear_handle_id(&self->awaits_source, g_source_remove);
	self->shut_down_done = done;
	self->shut_down_data = user_data;
	if (tunnel_is_idle(self->tunnel))
		done(user_data);
	else
		tunnel_disconnect(self->tunnel);
}

/* libnm wants a service that has STOPPED to quit, and says so before it tells the bus: a process
 * that ends at once takes the message with it. */
void
plugin_end(Plugin *self)
{
	NMVpnServicePlugin *plugin = NM_VPN_SERVICE_PLUGIN(self);
	g_autoptr(GDBusConnection) bus = nm_vpn_service_plugin_get_connection(plugin);
	g_autoptr(GError) error = NULL;

	nm_vpn_service_plugin_shutdown(plugin);
	if (bus && !g_dbus_connection_flush_sync(bus, NULL, &error))
		g_debug("the bus has not taken all: %s", error->message);
	g_object_unref(self);
}
