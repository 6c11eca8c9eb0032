/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plugin on a bus of the test's own, with a libreswan of its own: the test is NetworkManager,
 * calls what NetworkManager calls, and writes down what it is told.
 */
#include "config.h"

#include "own-bus.h"
#include "plugin.h"

#include <glib/gstdio.h>
#include <nm-vpn-dbus-interface.h>
#include <string.h>

#include "fake-libreswan.h"
#include "fake-network-manager.h"
#include "fake-uplink.h"
#include "log-capture.h"
#include "test-clock.h"

#define UUID       "6f1c3a5e-57a5-4bd8-8d4c-0f7a3a1b2c3d"
#define HELPER     BUILDDIR "/nm-libreswan-service-helper"
#define NET        "10.20.0.0/24"
#define XAUTH_FAIL "log \"vpn\" #1: Received Cisco XAUTH status: FAIL"

static const char *no_netns;
static GDBusConnection *bus;

typedef struct {
	FakeLibreswan *fake;
	Libreswan *libreswan;
	char *directory, *base, *import;
	Plugin *plugin;
	FakeProcess *pluto; /* the last one */
	guint subscription;
	GString *told; /* the signals, a word each */
	char *config, *ip4;

	gboolean answered; /* the last call */
	GVariant *answer;
	GError *error;
} Fixture;

static const char *
name_of_state(guint state)
{
	return state == NM_VPN_SERVICE_STATE_STARTING   ? "starting"
		   : state == NM_VPN_SERVICE_STATE_STARTED  ? "started"
		   : state == NM_VPN_SERVICE_STATE_STOPPING ? "stopping"
		   : state == NM_VPN_SERVICE_STATE_STOPPED  ? "stopped"
													: "another-state";
}

static void
on_signal(GDBusConnection *connection, const char *sender, const char *path, const char *interface,
		  const char *signal, GVariant *parameters, gpointer user_data)
{
	Fixture *f = user_data;
	g_autofree const char **hints = NULL;
	const char *question;
	guint number;

	if (g_str_equal(signal, "StateChanged")) {
		g_variant_get(parameters, "(u)", &number);
		g_string_append_printf(f->told, "%s ", name_of_state(number));
	} else if (g_str_equal(signal, "Failure")) {
		g_variant_get(parameters, "(u)", &number);
		g_string_append(f->told, number == NM_VPN_PLUGIN_FAILURE_LOGIN_FAILED ? "login-failed "
								 : number == NM_VPN_PLUGIN_FAILURE_CONNECT_FAILED
									 ? "connect-failed "
									 : "failed ");
	} else if (g_str_equal(signal, "SecretsRequired")) {
		g_variant_get(parameters, "(&s^a&s)", &question, &hints);
		g_assert_nonnull(strstr(question, "Office"));
		g_assert_cmpstr(hints[0], ==, f->import ? "cert-pass" : "xauthpassword");
		g_assert_null(hints[1]);
		g_string_append(f->told, "asks ");
	} else if (g_str_equal(signal, "Config")) {
		g_free(f->config);
		f->config = g_variant_print(parameters, FALSE);
		g_string_append(f->told, "config ");
	} else if (g_str_equal(signal, "Ip4Config")) {
		g_free(f->ip4);
		f->ip4 = g_variant_print(parameters, FALSE);
		g_string_append(f->told, "ip4 ");
	} else if (g_str_equal(signal, "Ip6Config")) {
		g_string_append(f->told, "ip6 ");
	}
}

static gboolean
begin(Fixture *f)
{
	g_autoptr(GError) error = NULL;
	TunnelParams params = {.helper = HELPER, .import = f->import};

	if (skipped(no_netns))
		return FALSE;
	f->fake = fake_libreswan_new();
	f->libreswan = fake_libreswan_open(f->fake);
	f->directory = g_dir_make_tmp("plugin-XXXXXX", &error);
	g_assert_no_error(error);
	f->base = g_build_filename(f->directory, "run", NULL);
	f->told = g_string_new(NULL);
	params.libreswan = f->libreswan;
	params.base = f->base;
	f->plugin = plugin_new(PLUGIN_BUS_NAME, &params, &error);
	g_assert_no_error(error);
	f->subscription = g_dbus_connection_signal_subscribe(
		bus, NULL, NM_VPN_DBUS_PLUGIN_INTERFACE, NULL, NM_VPN_DBUS_PLUGIN_PATH, NULL,
		G_DBUS_SIGNAL_FLAGS_NONE, on_signal, f, NULL);
	return TRUE;
}

static void
on_answer(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Fixture *f = user_data;

	f->answer = g_dbus_connection_call_finish(G_DBUS_CONNECTION(source), result, &f->error);
	f->answered = TRUE;
}

/* A method of the plugin's, until it has answered. */
static void
call(Fixture *f, const char *method, GVariant *arguments)
{
	g_clear_pointer(&f->answer, g_variant_unref);
	g_clear_error(&f->error);
	f->answered = FALSE;
	g_dbus_connection_call(bus, PLUGIN_BUS_NAME, NM_VPN_DBUS_PLUGIN_PATH,
						   NM_VPN_DBUS_PLUGIN_INTERFACE, method, arguments, NULL,
						   G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, on_answer, f);
	until(f->answered);
}

static void
end(Fixture *f)
{
	g_dbus_connection_signal_unsubscribe(bus, f->subscription);
	if (f->plugin)
		plugin_end(g_steal_pointer(&f->plugin));
	g_clear_pointer(&f->fake, fake_libreswan_free);
	until(f->libreswan->asking == NULL); /* its version */
	g_clear_pointer(&f->libreswan, libreswan_free);
	g_assert_cmpint(g_rmdir(f->directory), ==, 0);
	g_free(f->directory);
	g_free(f->base);
	if (f->import)
		g_unlink(f->import);
	g_free(f->import);
	g_string_free(f->told, TRUE);
	g_free(f->config);
	g_free(f->ip4);
	g_clear_pointer(&f->answer, g_variant_unref);
	g_clear_error(&f->error);
	log_capture_end();
}

/* What was told up to @last, and forgets it. */
static void
assert_told(Fixture *f, const char *last, const char *expected)
{
	until(strstr(f->told->str, last));
	g_assert_cmpstr(f->told->str, ==, expected);
	g_string_truncate(f->told, 0);
}

static gboolean
told_after(const Fixture *f, const char *first, const char *second)
{
	const char *at = strstr(f->told->str, first);

	return at && strstr(at + strlen(first), second);
}

/* Other DNS servers: connecting once more, and two reports of which the last one counts. */
static gboolean
told_other_names(const Fixture *f)
{
	return g_str_equal(f->told->str, "starting config started ip4 config ip4 ");
}

/* Whoever has been told of all that was said before this call has answered. */
static void
assert_silent(Fixture *f)
{
	call(f, "NeedSecrets", g_variant_new_parsed("({'connection': {'id': <'Office'>}},)"));
	g_assert_cmpstr(f->told->str, ==, "");
}

static GVariant *
strings(const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	GVariantBuilder builder;

	g_variant_builder_init(&builder, G_VARIANT_TYPE("a{ss}"));
	for (guint i = 0; words[i] && words[i][0]; i++) {
		char *equals = strchr(words[i], '=');

		*equals = '\0';
		g_variant_builder_add(&builder, "{ss}", words[i], equals + 1);
	}
	return g_variant_builder_end(&builder);
}

/* The arguments of Connect() and its like; @data, @secrets: KEY=VALUE, with blanks between. */
static GVariant *
connection(const char *data, const char *secrets)
{
	return g_variant_new_parsed(
		"({'connection': {'id': <'Office'>, 'uuid': <'" UUID "'>, 'type': <'vpn'>},"
		"  'vpn': {'service-type': <'org.freedesktop.NetworkManager.libreswan'>,"
		"          'data': <%@a{ss}>, 'secrets': <%@a{ss}>}},)",
		strings(data), strings(secrets));
}

#define DATA                                                                                       \
	"right=" UPLINK_GATEWAY " leftusername=joe rightsubnet=" NET                                   \
	" nm-recovery-timeout=300 xauthpassword-flags=2"
#define SECRETS "pskvalue=secret xauthpassword=code"

static void
next_pluto(Fixture *f)
{
	f->pluto = fake_next(f->fake, "pluto");
	fake_do(f->pluto, "log \"vpn\" #1: initiating IKEv1 Main Mode connection");
}

static void
updown(Fixture *f, const char *verb, const char *lease, const char *dns)
{
	fake_do(f->pluto,
			"updown %s PLUTO_CONNECTION='vpn' PLUTO_CONNECTION_TYPE='tunnel' "
			"PLUTO_VIRT_INTERFACE='NULL' PLUTO_INTERFACE='up0' PLUTO_XFRMI_ROUTE='' "
			"PLUTO_ME='" UPLINK_ME "' PLUTO_MY_CLIENT='%s' PLUTO_MY_PORT=0 PLUTO_MY_PROTOCOL=0 "
			"PLUTO_SA_REQID=16388 PLUTO_SA_TYPE='ESP' PLUTO_PEER='" UPLINK_GATEWAY "' "
			"PLUTO_PEER_CLIENT='" NET "' PLUTO_PEER_PORT=0 PLUTO_PEER_PROTOCOL=0 "
			"PLUTO_CONN_ADDRFAMILY='ipv4' PLUTO_CFG_CLIENT=1 PLUTO_PEER_DNS_INFO='%s' "
			"SPI_IN=0x12345678 SPI_OUT=0x9abcdef0",
			verb, lease, dns);
	g_assert_cmpint(fake_status(f->pluto), ==, 0);
}

static void
come_up(Fixture *f, const char *method, GVariant *arguments)
{
	call(f, method, arguments);
	g_assert_no_error(f->error);
	next_pluto(f);
	updown(f, "up-client", "10.30.1.1/32", "10.20.0.53");
	/* libnm says that it is started once it has what it had the last time. */
	until(told_after(f, "starting ", "ip4 ") && told_after(f, "starting ", "started "));
	g_assert_true(g_str_has_prefix(f->told->str, "starting config "));
	g_string_truncate(f->told, 0);
}

static void
go_down(Fixture *f)
{
	call(f, "Disconnect", NULL);
	g_assert_no_error(f->error);
	assert_told(f, "stopped", "stopping stopped ");
	until(log_capture_find("message: Office: disconnected"));
}

static void
test_life(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, "Connect", connection(DATA, SECRETS));
	g_assert_nonnull(strstr(f.config, "ipsec1"));
	go_down(&f);
	end(&f);
}

/* NetworkManager takes another address on an activated connection, but of DNS it hears only when a
 * connection becomes activated. */
static void
test_another_report(void)
{
	Fixture f = {0};
	g_autofree char *before = NULL;

	if (!begin(&f))
		return;
	come_up(&f, "Connect", connection(DATA, SECRETS));
	before = g_steal_pointer(&f.ip4);
	updown(&f, "down-client", "10.30.1.1/32", "10.20.0.53");
	next_pluto(&f);
	updown(&f, "up-client", "10.30.2.1/32", "10.20.0.53");
	assert_told(&f, "ip4", "config ip4 ");
	g_assert_cmpstr(f.ip4, !=, before);
	assert_silent(&f);
	test_clock_advance(MACHINE_STABLE_MS);
	updown(&f, "down-client", "10.30.2.1/32", "10.20.0.53");
	next_pluto(&f);
	updown(&f, "up-client", "10.30.2.1/32", "10.20.0.54");
	until(told_other_names(&f));
	g_assert_null(strstr(f.ip4, "[16915978, 32,")); /* 10.30.2.1 */
	g_string_truncate(f.told, 0);
	go_down(&f);
	/* What the last connection had is no word on this one. */
	come_up(&f, "Connect", connection(DATA, SECRETS));
	go_down(&f);
	end(&f);
}

/* NetworkManager believes the last failure before the end. */
static void
test_login_failed(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	call(&f, "Connect", connection(DATA, SECRETS));
	g_assert_no_error(f.error);
	next_pluto(&f);
	fake_do(f.pluto, XAUTH_FAIL);
	until(strstr(f.told->str, "stopped"));
	g_assert_true(g_str_has_prefix(f.told->str, "starting login-failed "));
	g_assert_true(g_str_has_suffix(f.told->str, " login-failed stopped "));
	assert_logged("warning: Office: failed: *");
	end(&f);
}

static void
test_connect_failed(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	call(&f, "Connect", connection(DATA, SECRETS));
	next_pluto(&f);
	fake_send(f.pluto, "exit 1");
	until(strstr(f.told->str, "stopped"));
	g_assert_null(strstr(f.told->str, "login-failed"));
	g_assert_nonnull(strstr(f.told->str, "connect-failed"));
	assert_logged("warning: Office: failed: pluto exited unexpectedly *");
	/* And not the failure of the one before. */
	end(&f);
}

static void
test_refused(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	call(&f, "Connect", connection("right=#", SECRETS));
	g_assert_error(f.error, NM_VPN_PLUGIN_ERROR, NM_VPN_PLUGIN_ERROR_BAD_ARGUMENTS);
	g_assert_nonnull(strstr(f.error->message, "right"));
	assert_logged("warning: Office: the profile cannot be used: *right*");
	assert_logged("event c8e2cfbebe9440629b43d73f0a31e1c9 of " UUID " on -");
	call(&f, "ConnectInteractive",
		 g_variant_new("(@a{sa{sv}}@a{sv})",
					   g_variant_new_parsed("{'connection': {'id': <'Office\\n!'>}}"),
					   g_variant_new_parsed("@a{sv} {}")));
	g_assert_nonnull(f.error);
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 0);
	while (log_capture_find("warning: Office*: the profile cannot be used: *"))
		;
	end(&f);
}

static void
assert_needs(Fixture *f, GVariant *arguments, const char *expected)
{
	const char *setting;

	call(f, "NeedSecrets", arguments);
	g_assert_no_error(f->error);
	g_variant_get(f->answer, "(&s)", &setting);
	g_assert_cmpstr(setting, ==, expected);
}

static void
test_need_secrets(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	assert_needs(&f, connection(DATA, SECRETS), "");
	assert_needs(&f, connection(DATA, "pskvalue=secret"), "vpn");
	assert_needs(&f, connection(DATA, "xauthpassword=code"), "vpn");
	assert_needs(&f, connection(DATA " pskvalue-flags=4", "xauthpassword=code"), "");
	assert_needs(&f, connection("right=192.0.2.1 ikev2=insist", "pskvalue=secret"), "");
	/* Connect() comes next, and says what is wrong. */
	assert_needs(&f, connection("right=#", ""), "");
	end(&f);
}

static GVariant *
interactive(void)
{
	g_autoptr(GVariant) arguments = g_variant_ref_sink(connection(DATA, SECRETS));
	g_autoptr(GVariant) of = g_variant_get_child_value(arguments, 0);

	return g_variant_new("(@a{sa{sv}}@a{sv})", of, g_variant_new_parsed("@a{sv} {}"));
}

static void
come_to_ask(Fixture *f)
{
	come_up(f, "ConnectInteractive", interactive());
	test_clock_advance(MACHINE_STABLE_MS);
	updown(f, "down-client", "10.30.1.1/32", "10.20.0.53");
	next_pluto(f);
	fake_do(f->pluto, XAUTH_FAIL);
	/* NetworkManager has no names of ours while it asks: it would keep them without an answer. */
	until(told_other_names(f));
	g_assert_null(strstr(f->ip4, "'dns'"));
	g_string_truncate(f->told, 0);
	assert_silent(f);
	fake_nm_says(bus, FAKE_NM_OURS, NM_VPN_CONNECTION_STATE_CONNECT);
	fake_nm_says(bus, FAKE_NM_OURS, NM_VPN_CONNECTION_STATE_ACTIVATED);
	assert_told(f, "asks", "starting asks ");
}

/* The code of a token is good for one login. */
static void
test_asks(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_to_ask(&f);
	call(&f, "NewSecrets", connection(DATA, "pskvalue=secret xauthpassword=next"));
	g_assert_no_error(f.error);
	/* At once, as libnm ends what is in the making after a minute. */
	until(g_str_equal(f.told->str, "config started ip4 config ip4 "));
	g_assert_nonnull(strstr(f.ip4, "'dns'"));
	g_string_truncate(f.told, 0);
	next_pluto(&f);
	updown(&f, "up-client", "10.30.2.1/32", "10.20.0.53");
	until(told_after(&f, "config ", "ip4 "));
	g_string_truncate(f.told, 0);
	go_down(&f);
	end(&f);
}

#define FILES    "right=" UPLINK_GATEWAY " ikev2=insist cert=/home/joe/joe.p12 cert-pass-flags=1"
#define LAB      "300e310c300a060355040a0c034c6162" /* O=Lab */
#define RSA      "rsa 1 4102444800 " LAB " " LAB
#define IMPORTED "user " RSA "\\nroot " RSA "\\nend\\n"

/* An import program that takes one passphrase; the real one is in test-cert-import.c. */
static gboolean
begin_with_passphrase(Fixture *f)
{
	static const char program[] =
		"#!/bin/sh\ncase $(tr '\\0' '|') in *'|right|||') printf '" IMPORTED "';;\n"
		"*) printf 'fault cert wrong-passphrase 0\\n';;\nesac\n";
	int fd = g_file_open_tmp("import-XXXXXX", &f->import, NULL);

	g_assert_cmpint(write(fd, program, strlen(program)), ==, strlen(program));
	fchmod(fd, 0700);
	close(fd);
	if (begin(f))
		return TRUE;
	g_unlink(f->import);
	return FALSE;
}

static void
connect_with_wrong_passphrase(Fixture *f)
{
	g_autoptr(GVariant) arguments = g_variant_ref_sink(connection(FILES, "cert-pass=wrong"));
	g_autoptr(GVariant) of = g_variant_get_child_value(arguments, 0);

	call(f, "ConnectInteractive",
		 g_variant_new("(@a{sa{sv}}@a{sv})", of, g_variant_new_parsed("@a{sv} {}")));
	g_assert_no_error(f->error);
	assert_told(f, "asks", "starting asks ");
	assert_silent(f);
}

/* The passphrase of a file, before there is a pluto. */
static void
test_asks_passphrase(void)
{
	Fixture f = {0};

	if (!begin_with_passphrase(&f))
		return;
	connect_with_wrong_passphrase(&f);
	call(&f, "NewSecrets", connection(FILES, "cert-pass=right"));
	g_assert_no_error(f.error);
	next_pluto(&f);
	updown(&f, "up-client", "10.30.1.1/32", "10.20.0.53");
	until(told_after(&f, "config ", "ip4 ") && told_after(&f, "config ", "started "));
	g_assert_null(strstr(f.told->str, "asks"));
	g_string_truncate(f.told, 0);
	go_down(&f);
	end(&f);
}

static void
test_wrong_passphrase_again(void)
{
	Fixture f = {0};

	if (!begin_with_passphrase(&f))
		return;
	connect_with_wrong_passphrase(&f);
	call(&f, "NewSecrets", connection(FILES, "cert-pass=another"));
	g_assert_no_error(f.error);
	until(strstr(f.told->str, "stopped"));
	g_assert_null(strstr(f.told->str, "asks"));
	g_assert_true(g_str_has_suffix(f.told->str, " login-failed stopped "));
	assert_logged("warning: Office: failed: cert: *is encrypted with another passphrase*");
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 0);
	end(&f);
}

/* An answer that is none ends it. */
static void
test_wrong_answer(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_to_ask(&f);
	call(&f, "NewSecrets", connection("right=#", "xauthpassword=next"));
	g_assert_error(f.error, NM_VPN_PLUGIN_ERROR, NM_VPN_PLUGIN_ERROR_BAD_ARGUMENTS);
	assert_logged("warning: Office: the profile cannot be used: *");
	until(strstr(f.told->str, "stopped"));
	until(log_capture_find("message: Office: disconnected"));
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 2);
	end(&f);
}

/* Nobody is there to be asked. */
static void
test_asks_nobody(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, "Connect", connection(DATA, SECRETS));
	test_clock_advance(MACHINE_STABLE_MS);
	updown(&f, "down-client", "10.30.1.1/32", "10.20.0.53");
	next_pluto(&f);
	fake_do(f.pluto, XAUTH_FAIL);
	until(strstr(f.told->str, "stopped"));
	g_assert_null(strstr(f.told->str, "asks"));
	g_assert_null(strstr(f.told->str, "connect-failed"));
	assert_logged("warning: Office: failed: *");
	end(&f);
}

static void
test_weakness(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	call(
		&f, "Connect",
		connection("right=" UPLINK_GATEWAY " ikev2=insist authby=null leftid=@me rightid=@it", ""));
	g_assert_no_error(f.error);
	assert_logged("warning: Office: authby has null in it: *");
	next_pluto(&f);
	call(&f, "Disconnect", NULL);
	until(strstr(f.told->str, "stopped"));
	until(log_capture_find("message: Office: disconnected"));
	end(&f);
}

static void
on_shut_down(gpointer user_data)
{
	++*(guint *) user_data;
}

static void
test_shut_down(void)
{
	Fixture f = {0};
	guint n = 0;

	if (!begin(&f))
		return;
	plugin_shut_down(f.plugin, on_shut_down, &n);
	g_assert_cmpuint(n, ==, 1);
	come_up(&f, "Connect", connection(DATA, SECRETS));
	plugin_shut_down(f.plugin, on_shut_down, &n);
	g_assert_cmpuint(n, ==, 1);
	until(n == 2);
	g_assert_true(fake_was_asked(f.pluto));
	g_assert_false(g_file_test(f.base, G_FILE_TEST_EXISTS));
	assert_logged("message: Office: disconnected");
	end(&f);
}

/* NetworkManager ends the connection, and begins the next one while the last is being cleaned away;
 * for that it wants a secret. */
static void
leave_and_want_again(Fixture *f, guint *n)
{
	come_up(f, "Connect", connection(DATA, SECRETS));
	fake_do(f->pluto, "on-term ignore");
	call(f, "Disconnect", NULL);
	assert_told(f, "stopped", "stopping stopped ");
	plugin_quit(f->plugin, on_shut_down, n);
	assert_needs(f, connection(DATA, "pskvalue=secret"), "vpn");
	fake_send(f->pluto, "exit 0");
	until(!g_file_test(f->base, G_FILE_TEST_EXISTS));
}

/* Whoever is asked for the secret may take his time. */
static void
test_quit(void)
{
	Fixture f = {0};
	guint n = 0;

	if (!begin(&f))
		return;
	leave_and_want_again(&f, &n);
	g_assert_cmpuint(n, ==, 0);
	/* Another connection comes of it, and with that one's end it quits. */
	come_up(&f, "Connect", connection(DATA, SECRETS));
	call(&f, "Disconnect", NULL);
	assert_told(&f, "stopped", "stopping stopped ");
	until(n == 1);
	/* Nobody gives it. */
	leave_and_want_again(&f, &n);
	test_clock_advance(180000 - 1);
	g_assert_cmpuint(n, ==, 1);
	test_clock_advance(1);
	until(n == 2);
	/* Who ends the service does not wait for anybody. */
	leave_and_want_again(&f, &n);
	plugin_shut_down(f.plugin, on_shut_down, &n);
	until(n == 3);
	end(&f);
}

typedef struct {
	GMutex mutex;
	gboolean slow;
	GString *sent;
} SlowBus;

/* In GDBus's thread, before a message is written. */
static GDBusMessage *
on_message(GDBusConnection *connection, GDBusMessage *message, gboolean incoming,
		   gpointer user_data)
{
	SlowBus *slow = user_data;
	const char *signal = g_dbus_message_get_member(message);

	if (incoming || g_dbus_message_get_message_type(message) != G_DBUS_MESSAGE_TYPE_SIGNAL)
		return message;
	/* A machine that has other work: the thread that sends gets no time. */
	if (g_str_equal(signal, "StateChanged"))
		g_usleep(100 * 1000);
	g_mutex_lock(&slow->mutex);
	g_string_append_printf(slow->sent, "%s ", signal);
	g_mutex_unlock(&slow->mutex);
	return message;
}

static void
on_quit(NMVpnServicePlugin *plugin, gpointer user_data)
{
	*(gboolean *) user_data = TRUE;
}

/* The program ends when libnm says so: the bus has then been told of the failure and the end. */
static void
test_end(void)
{
	g_autoptr(GDBusConnection) plugins = NULL;
	g_autofree char *sent = NULL;
	SlowBus slow = {0};
	Fixture f = {0};
	gboolean quits = FALSE;
	guint n = 0, filter;

	if (!begin(&f))
		return;
	slow.sent = g_string_new(NULL);
	g_signal_connect(f.plugin, "quit", G_CALLBACK(on_quit), &quits);
	call(&f, "Connect", connection(DATA, SECRETS));
	next_pluto(&f);
	plugins = nm_vpn_service_plugin_get_connection(NM_VPN_SERVICE_PLUGIN(f.plugin));
	filter = g_dbus_connection_add_filter(plugins, on_message, &slow, NULL);
	fake_do(f.pluto, XAUTH_FAIL);
	until(quits);
	plugin_shut_down(f.plugin, on_shut_down, &n);
	until(n > 0);
	plugin_end(g_steal_pointer(&f.plugin));
	g_mutex_lock(&slow.mutex);
	sent = g_strdup(slow.sent->str);
	g_mutex_unlock(&slow.mutex);
	g_assert_true(g_str_has_suffix(sent, " Failure StateChanged "));
	/* And NetworkManager hears it in this order. */
	until(strstr(f.told->str, "stopped"));
	g_assert_true(g_str_has_suffix(f.told->str, " login-failed stopped "));
	assert_logged("warning: Office: failed: *");
	g_dbus_connection_remove_filter(plugins, filter);
	g_string_free(slow.sent, TRUE);
	end(&f);
}

#define ADD(name, test) g_test_add_func("/plugin/" name, test)

int
main(int argc, char **argv)
{
	OwnBus *dbus;
	int status;

	no_netns = fake_uplink_enter();
	g_test_init(&argc, &argv, NULL);
	log_capture_start();
	dbus = own_bus_start();
	g_setenv("DBUS_SYSTEM_BUS_ADDRESS", dbus->address, TRUE);
	bus = own_bus_connect(dbus);
	fake_nm_begin(bus, UUID);
	ADD("life", test_life);
	ADD("another-report", test_another_report);
	ADD("login-failed", test_login_failed);
	ADD("connect-failed", test_connect_failed);
	ADD("refused", test_refused);
	ADD("need-secrets", test_need_secrets);
	ADD("asks", test_asks);
	ADD("asks-passphrase", test_asks_passphrase);
	ADD("wrong-passphrase-again", test_wrong_passphrase_again);
	ADD("wrong-answer", test_wrong_answer);
	ADD("asks-nobody", test_asks_nobody);
	ADD("weakness", test_weakness);
	ADD("shut-down", test_shut_down);
	ADD("quit", test_quit);
	ADD("end", test_end);
	status = g_test_run();
	g_object_unref(bus);
	own_bus_stop(dbus);
	return status;
}
