/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often a secret is in the process's memory, from NetworkManager's call on: the test reads all
 * of its own memory. It has to have wiping-free.c, as the service has.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake-libreswan.h"
#include "own-bus.h"
#include "plugin.h"
#include "profile.h"
#include "secret.h"

#define LEN 40
/* No secret of the test's is ever there as it is but in what is tested. */
#define MASK 0x55

static char masked[][LEN] = {
	"the pre-shared key, which is in no file.",
	"the password of XAUTH, likewise nowhere.",
};

static const char *const keys[] = {"pskvalue", "xauthpassword"};

static void
mask(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(masked); i++) {
		for (guint c = 0; c < LEN; c++)
			masked[i][c] ^= MASK;
	}
}

static gboolean
is_secret_at(const char *at, guint i)
{
	for (guint c = 0; c < LEN; c++) {
		if ((at[c] ^ MASK) != masked[i][c])
			return FALSE;
	}
	return TRUE;
}

static guint
count_in(const char *begin, const char *end, guint i)
{
	const char *at = begin;
	guint n = 0;

	while (end - at >= LEN && (at = memchr(at, masked[i][0] ^ MASK, (gsize) (end - at) - LEN + 1)))
		n += is_secret_at(at++, i);
	return n;
}

/* In whatever is written to and readable: heaps, stacks, data. */
static guint
count(guint i)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512], access[5], name[256];
	uintptr_t begin, end;
	guint n = 0;

	g_assert_nonnull(maps);
	while (fgets(line, sizeof(line), maps)) {
		name[0] = '\0';
		g_assert_cmpint(sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s %*s %*s %*s %255s", &begin,
							   &end, access, name),
						>=, 3);
		if (g_str_has_prefix(access, "rw") && !g_str_has_prefix(name, "[v"))
			n += count_in((const char *) begin, (const char *) end, i);
	}
	fclose(maps);
	return n;
}

static GVariant *
new_setting(const char *name, const char *value)
{
	GVariantBuilder builder;

	g_variant_builder_init(&builder, G_VARIANT_TYPE_VARDICT);
	g_variant_builder_add(&builder, "{sv}", name, g_variant_new_string(value));
	return g_variant_builder_end(&builder);
}

static GVariant *
new_strings(gboolean secrets)
{
	GVariantBuilder builder;

	g_variant_builder_init(&builder, G_VARIANT_TYPE("a{ss}"));
	for (guint i = 0; secrets && i < G_N_ELEMENTS(keys); i++) {
		char text[LEN + 1] = "";

		for (guint c = 0; c < LEN; c++)
			text[c] = masked[i][c] ^ MASK;
		g_variant_builder_add(&builder, "{ss}", keys[i], text);
		explicit_bzero(text, sizeof(text));
	}
	if (!secrets) {
		g_variant_builder_add(&builder, "{ss}", "right", "192.0.2.1");
		g_variant_builder_add(&builder, "{ss}", "leftxauthusername", "joe");
	}
	return g_variant_builder_end(&builder);
}

/* The arguments of Connect() and NeedSecrets(). */
static GVariant *
new_arguments(void)
{
	GVariantBuilder vpn, builder;

	g_variant_builder_init(&vpn, G_VARIANT_TYPE_VARDICT);
	g_variant_builder_add(&vpn, "{sv}", "service-type",
						  g_variant_new_string("org.freedesktop.NetworkManager.libreswan"));
	g_variant_builder_add(&vpn, "{sv}", "data", new_strings(FALSE));
	g_variant_builder_add(&vpn, "{sv}", "secrets", new_strings(TRUE));
	g_variant_builder_init(&builder, G_VARIANT_TYPE("a{sa{sv}}"));
	g_variant_builder_add(&builder, "{s@a{sv}}", "connection", new_setting("id", "Office"));
	g_variant_builder_add(&builder, "{s@a{sv}}", "vpn", g_variant_builder_end(&vpn));
	return g_variant_new("(@a{sa{sv}})", g_variant_builder_end(&builder));
}

/* A connection as it comes out of GDBus's parser. */
static GVariant *
new_call(void)
{
	g_autoptr(GDBusMessage) sent = g_dbus_message_new_method_call(NULL, "/", NULL, "Connect");
	g_autoptr(GDBusMessage) received = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree guchar *blob = NULL;
	gsize len;

	g_dbus_message_set_body(sent, new_arguments());
	g_dbus_message_set_serial(sent, 1);
	blob = g_dbus_message_to_blob(sent, &len, G_DBUS_CAPABILITY_FLAGS_NONE, &error);
	g_assert_no_error(error);
	received = g_dbus_message_new_from_blob(blob, len, G_DBUS_CAPABILITY_FLAGS_NONE, &error);
	g_assert_no_error(error);
	return g_variant_get_child_value(g_dbus_message_get_body(received), 0);
}

static void
assert_counts(guint expected)
{
	for (guint i = 0; i < G_N_ELEMENTS(masked); i++)
		g_assert_cmpuint(count(i), ==, expected);
}

static NMConnection *
new_connection(GVariant *call)
{
	g_autoptr(GError) error = NULL;
	NMConnection *connection = nm_simple_connection_new_from_dbus(call, &error);

	g_assert_no_error(error);
	return connection;
}

static void
test_lifetime(void)
{
	g_autoptr(GError) error = NULL;
	NMConnection *connection;
	GVariant *call;
	Profile *profile;

	assert_counts(0);
	call = new_call();
	connection = new_connection(call);
	for (guint i = 0; i < G_N_ELEMENTS(masked); i++)
		g_assert_cmpuint(count(i), >=, 2); /* they are found */
	profile = profile_take(connection, &error);
	g_assert_no_error(error);
	/* Who holds the connection for longer holds no secret; and the call ends. */
	g_variant_unref(call);
	assert_counts(1);
	g_object_unref(connection);
	assert_counts(1);
	profile_free(profile);
	assert_counts(0);
}

/* Nor does one stay that is of no use. */
static void
test_refused(void)
{
	g_autoptr(GError) error = NULL;
	GVariant *call = new_call();
	g_autoptr(NMConnection) connection = new_connection(call);

	g_variant_unref(call);
	nm_setting_vpn_add_data_item(nm_connection_get_setting_vpn(connection), "right", "#");
	g_assert_null(profile_take(connection, &error));
	g_assert_nonnull(error);
	assert_counts(0);
}

/* A secret of another service's, which is no profile's. */
static void
test_unknown_secret(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(NMConnection) connection = nm_simple_connection_new();
	g_autoptr(Profile) profile = NULL;
	NMSettingVpn *setting = NM_SETTING_VPN(nm_setting_vpn_new());

	nm_setting_vpn_add_data_item(setting, "right", "192.0.2.1");
	nm_setting_vpn_add_secret(setting, "another", "word");
	nm_connection_add_setting(connection, NM_SETTING(setting));
	profile = profile_take(connection, &error);
	g_assert_no_error(error);
	g_assert_cmpint(nm_setting_vpn_get_num_secrets(setting), ==, 0);
}

/* NetworkManager's part, in a process of its own: it asks as soon as the service is there. */
static int
ask_service(const char *address)
{
	g_autoptr(GDBusConnection) bus =
		g_dbus_connection_new_for_address_sync(address,
											   G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
												   G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
											   NULL, NULL, NULL);
	g_autoptr(GVariant) answer = NULL;

	for (guint i = 0; bus && !answer && i < 300; i++) {
		answer = g_dbus_connection_call_sync(
			bus, PLUGIN_BUS_NAME, "/org/freedesktop/NetworkManager/VPN/Plugin",
			"org.freedesktop.NetworkManager.VPN.Plugin", "NeedSecrets", new_arguments(),
			G_VARIANT_TYPE("(s)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
		if (!answer)
			g_usleep(100000);
	}
	return answer ? 0 : 1;
}

static gboolean
has_ended(pid_t pid, int *status)
{
	return waitpid(pid, status, WNOHANG) == pid;
}

/* The whole way, with the buffers of GDBus. */
static void
test_bus(void)
{
	static const TunnelParams params = {.base = "/nonexistent"};
	OwnBus *dbus;
	g_autoptr(GError) error = NULL;
	Plugin *plugin;
	int status = -1;
	pid_t pid;

	dbus = own_bus_start();
	g_setenv("DBUS_SYSTEM_BUS_ADDRESS", dbus->address, TRUE);
	pid = fork();
	if (pid == 0)
		_exit(ask_service(dbus->address));
	plugin = plugin_new(PLUGIN_BUS_NAME, &params, &error);
	g_assert_no_error(error);
	until(has_ended(pid, &status));
	g_assert_cmpint(status, ==, 0);
	for (guint i = 0; i < G_N_ELEMENTS(masked); i++)
		until(count(i) == 0);
	nm_vpn_service_plugin_shutdown(NM_VPN_SERVICE_PLUGIN(plugin));
	g_object_unref(plugin);
	own_bus_stop(dbus);
}

/* What is left of a block that moves or shrinks. */
static void
test_realloc(void)
{
	char *text = g_malloc(64);

	for (guint c = 0; c < LEN; c++)
		text[c] = masked[0][c] ^ MASK;
	for (gsize size = 128; size < 1000000; size *= 3) {
		text = g_realloc(text, size);
		g_assert_cmpuint(count(0), ==, 1);
		g_assert_true(is_secret_at(text, 0));
	}
	memmove(text + 300, text, LEN);
	text = g_realloc(text, 300);
	g_assert_cmpuint(count(0), ==, 1);
	g_free(text);
	g_assert_cmpuint(count(0), ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	mask();
#ifdef __SANITIZE_ADDRESS__
	(void) test_lifetime;
	(void) test_refused;
	(void) test_realloc;
	(void) test_bus;
#else
	g_test_add_func("/secret-lifetime/call", test_lifetime);
	g_test_add_func("/secret-lifetime/refused", test_refused);
	g_test_add_func("/secret-lifetime/realloc", test_realloc);
	g_test_add_func("/secret-lifetime/bus", test_bus);
#endif
	g_test_add_func("/secret-lifetime/unknown", test_unknown_secret);
	return g_test_run();
}
