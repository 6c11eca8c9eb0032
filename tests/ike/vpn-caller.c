/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Speaks to the service over D-Bus as NetworkManager does, for one connection, and prints what it
 * hears, a line each:
 *
 *	error MESSAGE            of a method call; the end
 *	needs-secrets            NeedSecrets() says so
 *	asks KEY: MESSAGE        SecretsRequired; "answer KEY" lines of the profile are what the user
 *	                         says
 *	address ADDRESS          of Ip4Config; then it disconnects
 *	failure NUMBER           NMVpnPluginFailure
 *	stopped                  the end
 *	timeout                  likewise
 *
 * Standard input has the profile: "data KEY=VALUE", "secret KEY=VALUE", "answer KEY=VALUE" (one for
 * each time), "id NAME", "uuid UUID", "user NAME" (connection.permissions), "interactive", "types
 * MILLISECONDS" (how long the user takes for an answer), "look COMMAND" (of the shell, while it is
 * up; what it prints is printed).
 */
#include <NetworkManager.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OBJECT "/org/freedesktop/NetworkManager/VPN/Plugin"
#define PLUGIN "org.freedesktop.NetworkManager.VPN.Plugin"

typedef struct {
	GDBusConnection *bus;
	const char *service;
	NMConnection *connection;
	NMSettingVpn *vpn;
	GQueue answers; /* of "KEY=VALUE" */
	gboolean interactive;
	guint types_ms;
	char *look;
	gboolean up;
	GMainLoop *loop;
} Caller;

static GVariant *
call(Caller *self, const char *method, GVariant *parameters)
{
	g_autoptr(GError) error = NULL;
	GVariant *answer =
		g_dbus_connection_call_sync(self->bus, self->service, OBJECT, PLUGIN, method, parameters,
									NULL, G_DBUS_CALL_FLAGS_NONE, 30000, NULL, &error);

	if (answer)
		return answer;
	g_dbus_error_strip_remote_error(error);
	printf("error %s\n", error->message);
	exit(0);
}

static GVariant *
settings(Caller *self)
{
	return nm_connection_to_dbus(self->connection, NM_CONNECTION_SERIALIZE_ALL);
}

static void
set(Caller *self, const char *text, gboolean secret)
{
	g_auto(GStrv) pair = g_strsplit(text, "=", 2);

	g_assert(pair[0] && pair[1]);
	if (secret)
		nm_setting_vpn_add_secret(self->vpn, pair[0], pair[1]);
	else
		nm_setting_vpn_add_data_item(self->vpn, pair[0], pair[1]);
}

static void
read_line(Caller *self, NMSettingConnection *setting, char *line)
{
	char *value = strchr(line, ' ');

	if (value)
		*value++ = '\0';
	if (g_str_equal(line, "data"))
		set(self, value, FALSE);
	else if (g_str_equal(line, "secret"))
		set(self, value, TRUE);
	else if (g_str_equal(line, "answer"))
		g_queue_push_tail(&self->answers, g_strdup(value));
	else if (g_str_equal(line, "id"))
		g_object_set(setting, NM_SETTING_CONNECTION_ID, value, NULL);
	else if (g_str_equal(line, "uuid"))
		g_object_set(setting, NM_SETTING_CONNECTION_UUID, value, NULL);
	else if (g_str_equal(line, "user"))
		nm_setting_connection_add_permission(setting, "user", value, NULL);
	else if (g_str_equal(line, "interactive"))
		self->interactive = TRUE;
	else if (g_str_equal(line, "types"))
		self->types_ms = (guint) atoi(value);
	else if (g_str_equal(line, "look"))
		self->look = g_strdup(value);
	else
		g_error("no such word: %s", line);
}

static void
read_profile(Caller *self)
{
	NMSettingConnection *setting = NM_SETTING_CONNECTION(nm_setting_connection_new());
	char *line = NULL;
	size_t size = 0;

	self->connection = nm_simple_connection_new();
	self->vpn = NM_SETTING_VPN(nm_setting_vpn_new());
	g_object_set(self->vpn, NM_SETTING_VPN_SERVICE_TYPE, "org.freedesktop.NetworkManager.libreswan",
				 NULL);
	g_object_set(setting, NM_SETTING_CONNECTION_TYPE, "vpn", NULL);
	nm_connection_add_setting(self->connection, NM_SETTING(setting));
	nm_connection_add_setting(self->connection, NM_SETTING(self->vpn));
	while (getline(&line, &size, stdin) > 0)
		read_line(self, setting, g_strchomp(line));
	free(line);
}

static void
on_ip4_config(Caller *self, GVariant *parameters)
{
	g_autoptr(GVariant) config = g_variant_get_child_value(parameters, 0);
	guint32 address = 0;
	char text[INET_ADDRSTRLEN];

	g_variant_lookup(config, "address", "u", &address);
	printf("address %s\n", inet_ntop(AF_INET, &address, text, sizeof(text)));
	fflush(stdout);
	if (!self->up && self->look && system(self->look) != 0)
		printf("cannot look\n");
	if (!self->up)
		g_variant_unref(call(self, "Disconnect", NULL));
	self->up = TRUE;
}

static gboolean
on_typed(gpointer user_data)
{
	Caller *self = user_data;
	g_autofree char *answer = g_queue_pop_head(&self->answers);

	set(self, answer, TRUE);
	g_variant_unref(call(self, "NewSecrets", g_variant_new("(@a{sa{sv}})", settings(self))));
	return G_SOURCE_REMOVE;
}

static void
on_secrets_required(Caller *self, GVariant *parameters)
{
	g_autofree const char **hints = NULL;
	const char *message;

	g_variant_get(parameters, "(&s^a&s)", &message, &hints);
	printf("asks %s: %s\n", hints[0] ? hints[0] : "", message);
	if (g_queue_is_empty(&self->answers))
		g_variant_unref(call(self, "Disconnect", NULL));
	else
		g_timeout_add(self->types_ms, on_typed, self);
}

static void
on_signal(GDBusConnection *bus, const char *sender, const char *path, const char *interface,
		  const char *name, GVariant *parameters, gpointer user_data)
{
	Caller *self = user_data;
	guint32 number = 0;

	if (g_str_equal(name, "Ip4Config"))
		on_ip4_config(self, parameters);
	else if (g_str_equal(name, "SecretsRequired"))
		on_secrets_required(self, parameters);
	if (!g_variant_is_of_type(parameters, G_VARIANT_TYPE("(u)")))
		return;
	g_variant_get(parameters, "(u)", &number);
	if (g_str_equal(name, "Failure"))
		printf("failure %u\n", number);
	if (g_str_equal(name, "StateChanged") && number == NM_VPN_SERVICE_STATE_STOPPED) {
		printf("stopped\n");
		g_main_loop_quit(self->loop);
	}
}

static gboolean
on_timeout(gpointer user_data)
{
	Caller *self = user_data;

	printf("timeout\n");
	g_dbus_connection_call(self->bus, self->service, OBJECT, PLUGIN, "Disconnect", NULL, NULL,
						   G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
	g_dbus_connection_flush_sync(self->bus, NULL, NULL);
	g_main_loop_quit(self->loop);
	return G_SOURCE_REMOVE;
}

static void
need_secrets(Caller *self)
{
	g_autoptr(GVariant) answer =
		call(self, "NeedSecrets", g_variant_new("(@a{sa{sv}})", settings(self)));
	const char *setting;

	g_variant_get(answer, "(&s)", &setting);
	if (*setting)
		printf("needs-secrets\n");
}

static void
connect_vpn(Caller *self)
{
	GVariantBuilder details;

	if (!self->interactive) {
		g_variant_unref(call(self, "Connect", g_variant_new("(@a{sa{sv}})", settings(self))));
		return;
	}
	g_variant_builder_init(&details, G_VARIANT_TYPE_VARDICT);
	g_variant_unref(call(self, "ConnectInteractive",
						 g_variant_new("(@a{sa{sv}}a{sv})", settings(self), &details)));
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	Caller self = {0};

	if (argc != 4) {
		fprintf(stderr, "Usage: vpn-caller BUS-ADDRESS SERVICE SECONDS < PROFILE\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	self.service = argv[2];
	self.bus =
		g_dbus_connection_new_for_address_sync(argv[1],
											   G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
												   G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
											   NULL, NULL, &error);
	if (!self.bus)
		g_error("%s", error->message);
	read_profile(&self);
	self.loop = g_main_loop_new(NULL, FALSE);
	g_dbus_connection_signal_subscribe(self.bus, self.service, PLUGIN, NULL, OBJECT, NULL,
									   G_DBUS_SIGNAL_FLAGS_NONE, on_signal, &self, NULL);
	g_timeout_add_seconds((guint) atoi(argv[3]), on_timeout, &self);
	need_secrets(&self);
	connect_vpn(&self);
	g_main_loop_run(self.loop);
	return 0;
}
