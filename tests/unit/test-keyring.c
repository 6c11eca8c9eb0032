/* SPDX-License-Identifier: GPL-2.0-or-later */
/* With a gnome-keyring of the test's own on a bus of the test's own. */
#include "config.h"

#include <gio/gio.h>
#include <libsecret/secret.h>
#include <string.h>

#include "auth-caller.h"
#include "keyring.h"
#include "own-bus.h"
#include "wait-until.h"

/* One for all tests: GIO has one session bus in a process. */
static OwnBus *bus;
static char *directory;
static GSubprocess *keyring;

static gint n_prompts; /* of the keyring for its own password */

/* As NetworkManager's agents do (nm-applet, applet-agent.c; GNOME Shell). */
static const SecretSchema agents_schema = {
	.name = "org.freedesktop.NetworkManager.Connection",
	.flags = SECRET_SCHEMA_DONT_MATCH_NAME,
	.attributes = {{"connection-uuid", SECRET_SCHEMA_ATTRIBUTE_STRING},
				   {"setting-name", SECRET_SCHEMA_ATTRIBUTE_STRING},
				   {"setting-key", SECRET_SCHEMA_ATTRIBUTE_STRING}},
};

static gboolean
is_owned(GDBusConnection *connection, const char *name)
{
	g_autoptr(GVariant) answer = g_dbus_connection_call_sync(
		connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
		"NameHasOwner", g_variant_new("(s)", name), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
	gboolean is = FALSE;

	g_variant_get(answer, "(b)", &is);
	return is;
}

static void
start_keyring(const char *program)
{
	g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
		G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
		G_SUBPROCESS_FLAGS_STDERR_SILENCE);
	g_autoptr(GError) error = NULL;
	GOutputStream *in;

	g_subprocess_launcher_setenv(launcher, "XDG_DATA_HOME", directory, TRUE);
	g_subprocess_launcher_setenv(launcher, "XDG_RUNTIME_DIR", directory, TRUE);
	keyring = g_subprocess_launcher_spawn(launcher, &error, program, "--foreground",
										  "--components=secrets", "--unlock", NULL);
	g_assert_no_error(error);
	/* The password of the keyring, as pam_gnome_keyring gives it. */
	in = g_subprocess_get_stdin_pipe(keyring);
	g_assert_true(g_output_stream_write_all(in, "login", 5, NULL, NULL, NULL));
	g_assert_true(g_output_stream_close(in, NULL, NULL));
}

/* Returns: false where the host has none. */
static gboolean
begin(void)
{
	g_autofree char *program = g_find_program_in_path("gnome-keyring-daemon");
	g_autoptr(GDBusConnection) connection = NULL;
	g_autoptr(GError) error = NULL;

	if (!program) {
		g_test_skip("there is no gnome-keyring-daemon");
		return FALSE;
	}
	if (bus)
		return TRUE;
	directory = g_dir_make_tmp("keyring-XXXXXX", NULL);
	bus = own_bus_start();
	g_setenv("DBUS_SESSION_BUS_ADDRESS", bus->address, TRUE);
	start_keyring(program);
	connection = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, &error);
	g_assert_no_error(error);
	WAIT_UNTIL(is_owned(connection, "org.freedesktop.secrets"));
	return TRUE;
}

static void
end(void)
{
	g_autofree char *remove = g_strdup_printf("rm -r %s", directory);

	g_subprocess_force_exit(keyring);
	g_subprocess_wait(keyring, NULL, NULL);
	g_assert_true(g_spawn_command_line_sync(remove, NULL, NULL, NULL, NULL));
	own_bus_stop(bus);
}

static void
store(const char *uuid, const char *key, const char *value)
{
	g_autoptr(GError) error = NULL;

	secret_password_store_sync(&agents_schema, SECRET_COLLECTION_DEFAULT, "VPN secret", value, NULL,
							   &error, "connection-uuid", uuid, "setting-name", "vpn",
							   "setting-key", key, NULL);
	g_assert_no_error(error);
}

#define INPUT                                                                                      \
	"DATA_KEY=right\nDATA_VAL=vpn.example.com\nDATA_KEY=leftusername\nDATA_VAL=alice\n"            \
	"DATA_KEY=xauthpassword-flags\nDATA_VAL=1\nDATA_KEY=pskvalue-flags\nDATA_VAL=4\nDONE\n\n"

static void
assert_dialog(const char *comm, const char *options, const char *address, const char *wanted)
{
	g_autofree char *said = NULL;
	int status;
	g_autofree char *output = auth_dialog_say(comm, options, INPUT, address, &status, &said);

	g_assert_cmpint(status, ==, 0);
	if (!strstr(output, wanted))
		g_error("'%s' instead of '%s'", output, wanted);
}

static void
test_stored(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *found = NULL, *none = NULL;

	if (!begin())
		return;
	store(AUTH_UUID, "xauthpassword", "s3cret");
	store("another", "pskvalue", "of another");
	found = keyring_find(AUTH_UUID, "xauthpassword", FALSE, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(found, ==, "s3cret");
	none = keyring_find(AUTH_UUID, "pskvalue", FALSE, &error);
	g_assert_no_error(error);
	g_assert_null(none);
	/* The dialog answers an agent with it, has nmcli ask all the same, and never answers a second
	 * question with it. */
	assert_dialog("gnome-shell", "--external-ui-mode -i", bus->address,
				  "Value=s3cret\nLabel=Password of alice\nIsSecret=true\nShouldAsk=false");
	assert_dialog("nmcli", "--external-ui-mode -i", bus->address,
				  "Value=s3cret\nLabel=Password of alice\n"
				  "IsSecret=true\nShouldAsk=true");
	assert_dialog("gnome-shell", "--external-ui-mode -i -t xauthpassword", bus->address,
				  "Value=\nLabel=Password of alice\nIsSecret=true\nShouldAsk=true");
}

/* In GDBus's thread. Nobody answers it: to the keyring the person has gone away. */
static GDBusMessage *
count_prompts(GDBusConnection *connection, GDBusMessage *message, gboolean incoming,
			  gpointer user_data)
{
	if (incoming && g_strcmp0(g_dbus_message_get_interface(message),
							  "org.gnome.keyring.internal.Prompter") == 0)
		g_atomic_int_inc(&n_prompts);
	return message;
}

/* A locked keyring is not opened where nobody is there to be asked for its password. */
static void
test_locked(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *found = NULL;
	g_autofree char *still_none = NULL;
	g_autoptr(GDBusConnection) connection = NULL;
	g_autoptr(SecretService) service = NULL;
	SecretCollection *collection;
	GList *collections;
	guint name, filter;

	if (!begin())
		return;
	store(AUTH_UUID, "xauthpassword", "s3cret");
	service = secret_service_get_sync(SECRET_SERVICE_LOAD_COLLECTIONS, NULL, &error);
	g_assert_no_error(error);
	collection = secret_collection_for_alias_sync(service, SECRET_COLLECTION_DEFAULT,
												  SECRET_COLLECTION_NONE, NULL, &error);
	g_assert_no_error(error);
	collections = g_list_prepend(NULL, collection);
	g_assert_cmpint(secret_service_lock_sync(service, collections, NULL, NULL, &error), ==, 1);
	g_assert_no_error(error);
	connection = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, &error);
	g_assert_no_error(error);
	filter = g_dbus_connection_add_filter(connection, count_prompts, NULL, NULL);
	name = g_bus_own_name_on_connection(connection, "org.gnome.keyring.SystemPrompter",
										G_BUS_NAME_OWNER_FLAGS_NONE, NULL, NULL, NULL, NULL);
	WAIT_UNTIL(is_owned(connection, "org.gnome.keyring.SystemPrompter"));
	found = keyring_find(AUTH_UUID, "xauthpassword", FALSE, &error);
	g_assert_no_error(error);
	g_assert_null(found);
	g_assert_cmpint(g_atomic_int_get(&n_prompts), ==, 0);
	still_none = keyring_find(AUTH_UUID, "xauthpassword", TRUE, &error);
	g_assert_no_error(error);
	g_assert_null(still_none);
	g_assert_cmpint(g_atomic_int_get(&n_prompts), >, 0);
	g_bus_unown_name(name);
	g_dbus_connection_remove_filter(connection, filter);
	g_list_free_full(collections, g_object_unref);
	g_clear_object(&service);
}

static void
test_no_bus(void)
{
	g_autoptr(GError) error = NULL;

	g_unsetenv("DBUS_SESSION_BUS_ADDRESS");
	g_unsetenv("DISPLAY");
	g_unsetenv("XDG_RUNTIME_DIR");
	g_assert_null(keyring_find(AUTH_UUID, "xauthpassword", TRUE, &error));
	g_assert_nonnull(error);
}

int
main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	/* Before there is a bus that GIO remembers. */
	g_test_add_func("/keyring/no-bus", test_no_bus);
	g_test_add_func("/keyring/stored", test_stored);
	g_test_add_func("/keyring/locked", test_locked);
	status = g_test_run();
	if (bus)
		end();
	return status;
}
