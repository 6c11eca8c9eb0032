/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tunnel on a libreswan of the test's own (fake-libreswan.h), in a network namespace of its own,
 * by a clock of its own: nothing here waits for a time.
 */
#include "config.h"

#include "tunnel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fake-libreswan.h"
#include "fake-uplink.h"
#include "fake-xfrm-interface.h"
#include "host-resources.h"
#include "kernel-xfrm.h"
#include "log-capture.h"
#include "make-profile.h"
#include "prompt-proxy.h"
#include "test-clock.h"
#include "tunnel-table.h"
#include "xfrm-interface.h"

#define UUID   "6f1c3a5e-57a5-4bd8-8d4c-0f7a3a1b2c3d"
#define HELPER BUILDDIR "/nm-libreswan-service-helper"

/* An address from the gateway, on an interface. */
#define IKEV1                                                                                      \
	"right=" UPLINK_GATEWAY "\nleftusername=joe\npskvalue=secret\nxauthpassword=code"              \
	"\nrightsubnet=10.20.0.0/24"
#define IKEV2 "right=" UPLINK_GATEWAY "\nikev2=insist\npskvalue=secret"
/* Between fixed addresses: policies alone. */
#define SITE                                                                                       \
	"right=" UPLINK_GATEWAY "\nikev2=insist\npskvalue=secret\nleftmodecfgclient=no"                \
	"\nleft=" UPLINK_ME "\nleftsubnet=192.0.2.0/24\nrightsubnet=10.20.0.0/24"

#define LEASE  "10.30.1.1/32"
#define LEASE2 "10.30.2.1/32"
#define NET    "10.20.0.0/24"

/* What pluto says of state #1; of the first it is said that it is ours. */
#define BEGINS     "\"vpn\" #1: initiating IKEv1 Main Mode connection"
#define ANSWERED   "\"vpn\" #1: sent Main Mode I2"
#define XAUTH_FAIL "\"vpn\" #1: Received Cisco XAUTH status: FAIL"
#define NO_PROPOSAL                                                                                \
	"\"vpn\" #1: ignoring IKE_SA_INIT response containing NO_PROPOSAL_CHOSEN notification"
#define SILENT "\"vpn\" #1: STATE_MAIN_I3: retransmission; will wait 4 seconds for response"
#define GARBAGE                                                                                    \
	"\"vpn\" #1: probable authentication failure (mismatch of preshared secrets?): malformed "     \
	"payload in packet"
#define ICMP                                                                                       \
	"\"vpn\" #1: ERROR: asynchronous network error report on up0 (192.0.2.1:500), complainant "    \
	"192.0.2.1: No route to host [errno 113, origin ICMP type 3 code 1 (not authenticated)]"
/* Somebody begins, and does not have the key. */
#define STRANGER_BEGINS "\"vpn\" #7: processing IKE_SA_INIT request from 203.0.113.1:UDP/500"
#define STRANGER_FAILS                                                                             \
	"\"vpn\" #7: authentication failed: computed hash does not match hash received from peer "     \
	"ID_FQDN '@gateway.example'"

/* Seconds, of the machine (machine.h). */
#define SECOND 1000

static const char *no_netns;

typedef struct {
	FakeLibreswan *fake;
	Libreswan *libreswan;
	char *directory;
	char *base;
	char *import; /* of the import program */
	Tunnel *tunnel;
	FakeProcess *pluto; /* the last one */

	guint n_reports, n_asks, n_failed, n_idle;
	char *ip4; /* of the last report, as text */
	char *config;
	char *key, *question;
	MachineFailure failure;
	char *reason;
} Fixture;

static void
take(char **where, char *text)
{
	g_free(*where);
	*where = text;
}

static void
on_report(const IpReport *report, gpointer user_data)
{
	Fixture *f = user_data;

	f->n_reports++;
	take(&f->ip4, report->ip4 ? g_variant_print(report->ip4, FALSE) : NULL);
	take(&f->config, g_variant_print(report->config, FALSE));
}

static void
on_ask(const char *key, const char *message, const IpReport *last, gpointer user_data)
{
	Fixture *f = user_data;

	/* Before the first tunnel there is none. */
	g_assert_cmpint(last != NULL, ==, f->n_reports > 0);
	f->n_asks++;
	take(&f->key, g_strdup(key));
	take(&f->question, g_strdup(message));
}

static void
on_failed(MachineFailure failure, const char *message, gpointer user_data)
{
	Fixture *f = user_data;

	f->n_failed++;
	f->failure = failure;
	take(&f->reason, g_strdup(message));
}

static void
on_idle(gpointer user_data)
{
	((Fixture *) user_data)->n_idle++;
}

static const TunnelCallbacks callbacks = {on_report, on_ask, on_failed, on_idle};

static gboolean
begin(Fixture *f)
{
	g_autoptr(GError) error = NULL;
	TunnelParams params = {.helper = HELPER, .import = f->import};

	if (skipped(no_netns))
		return FALSE;
	f->fake = fake_libreswan_new();
	f->libreswan = fake_libreswan_open(f->fake);
	f->directory = g_dir_make_tmp("tunnel-XXXXXX", &error);
	g_assert_no_error(error);
	f->base = g_build_filename(f->directory, "run", NULL);
	params.libreswan = f->libreswan;
	params.base = f->base;
	f->tunnel = tunnel_new(&params, &callbacks, f);
	g_assert_true(tunnel_is_idle(f->tunnel));
	return TRUE;
}

static void
assert_no_trace(const Fixture *f)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(XfrmTable) table = xfrm_table_read(&error);
	g_autoptr(GArray) interfaces = xfrm_interface_list_ours(NULL, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(table->policies->len, ==, 0);
	g_assert_cmpuint(table->states->len, ==, 0);
	g_assert_cmpuint(interfaces->len, ==, 0);
	g_assert_false(g_file_test(f->base, G_FILE_TEST_EXISTS));
}

static void
end(Fixture *f)
{
	g_clear_pointer(&f->tunnel, tunnel_free);
	assert_no_trace(f);
	g_clear_pointer(&f->fake, fake_libreswan_free);
	until(f->libreswan->asking == NULL); /* its version */
	g_assert_cmpuint(test_clock_count(), ==, 0);
	g_clear_pointer(&f->libreswan, libreswan_free);
	g_assert_cmpint(g_rmdir(f->directory), ==, 0);
	g_free(f->directory);
	g_free(f->base);
	g_free(f->import);
	g_free(f->ip4);
	g_free(f->config);
	g_free(f->key);
	g_free(f->question);
	g_free(f->reason);
	log_capture_end();
}

static char *
run_file(const Fixture *f, const char *name)
{
	return g_build_filename(f->base, UUID, name, NULL);
}

static char *
read_run_file(const Fixture *f, const char *name)
{
	g_autofree char *path = run_file(f, name);
	g_autoptr(GError) error = NULL;
	char *text = NULL;

	g_file_get_contents(path, &text, NULL, &error);
	g_assert_no_error(error);
	return text;
}

static void
assert_conf_has(const Fixture *f, const char *text)
{
	g_autofree char *conf = read_run_file(f, "ipsec.conf");

	if (!strstr(conf, text))
		g_error("no \"%s\" in:\n%s", text, conf);
}

/* What pluto says, and what we make of it. */
static void
says(Fixture *f, const char *line)
{
	fake_do(f->pluto, "log %s", line);
	drain();
}

static void
next_pluto(Fixture *f)
{
	f->pluto = fake_next(f->fake, "pluto");
	says(f, BEGINS);
}

static void
connect_to(Fixture *f, Profile *profile, gboolean can_ask)
{
	tunnel_connect(f->tunnel, profile, can_ask);
	g_assert_false(tunnel_is_idle(f->tunnel));
}

/* Until pluto runs. */
static void
connect_with(Fixture *f, const char *profile)
{
	connect_to(f, make_profile(profile), FALSE);
	next_pluto(f);
}

static void
updown_of(Fixture *f, const char *connection, const char *verb, const char *mine,
		  const char *theirs, const char *more)
{
	fake_do(f->pluto,
			"updown %s PLUTO_CONNECTION='%s' PLUTO_CONNECTION_TYPE='tunnel' "
			"PLUTO_VIRT_INTERFACE='NULL' PLUTO_INTERFACE='up0' PLUTO_XFRMI_ROUTE='' "
			"PLUTO_ME='" UPLINK_ME "' PLUTO_MY_CLIENT='%s' PLUTO_MY_PORT=0 PLUTO_MY_PROTOCOL=0 "
			"PLUTO_SA_REQID=16388 PLUTO_SA_TYPE='ESP' PLUTO_PEER='" UPLINK_GATEWAY "' "
			"PLUTO_PEER_CLIENT='%s' PLUTO_PEER_PORT=0 PLUTO_PEER_PROTOCOL=0 "
			"PLUTO_CONN_ADDRFAMILY='ipv4' %s SPI_IN=0x12345678 SPI_OUT=0x9abcdef0",
			verb, connection, mine, theirs, more);
	g_assert_cmpint(fake_status(f->pluto), ==, 0);
}

#define WITH_LEASE "PLUTO_CFG_CLIENT=1 PLUTO_PEER_DNS_INFO='10.20.0.53'"

static void
updown(Fixture *f, const char *verb, const char *mine, const char *theirs)
{
	updown_of(f, "vpn", verb, mine, theirs,
			  g_str_has_prefix(mine, "10.30.") ? WITH_LEASE : "PLUTO_CFG_CLIENT=0");
}

static void
come_up(Fixture *f, const char *profile)
{
	connect_with(f, profile);
	says(f, ANSWERED);
	updown(f, "up-client", LEASE, NET);
	g_assert_cmpuint(f->n_reports, ==, 1);
	assert_logged("message: Office: connected after *");
	assert_logged("event d1d014f3a31445188a55c30c4b46d935 of " UUID " on ipsec*");
}

static void
come_up_as_site(Fixture *f, const char *more)
{
	g_autofree char *profile = g_strconcat(SITE, more, NULL);

	connect_with(f, profile);
	updown(f, "up-client", "192.0.2.0/24", NET);
	g_assert_cmpuint(f->n_reports, ==, 1);
	assert_logged("message: Office: connected after * on policies: *");
}

static void
go_down(Fixture *f)
{
	tunnel_disconnect(f->tunnel);
	until(tunnel_is_idle(f->tunnel));
	drain();
	g_assert_cmpuint(f->n_failed, ==, 0);
	g_assert_cmpuint(f->n_idle, ==, 1);
	assert_logged("message: Office: disconnected");
}

static void
await_failure(Fixture *f, MachineFailure failure, const char *reason)
{
	g_autofree char *line = g_strdup_printf("warning: Office: failed: %s", reason);

	until(f->n_failed > 0);
	until(tunnel_is_idle(f->tunnel) && f->n_idle > 0);
	g_assert_cmpuint(f->n_failed, ==, 1);
	g_assert_cmpint(f->failure, ==, failure);
	if (!g_pattern_match_simple(reason, f->reason))
		g_error("\"%s\" instead of \"%s\"", f->reason, reason);
	assert_logged(line);
	assert_logged("event c8e2cfbebe9440629b43d73f0a31e1c9 of " UUID " on *");
	assert_no_trace(f);
}

/* The next instance of pluto, of one that is lost, and back up. */
static void
come_back(Fixture *f, const char *lease)
{
	next_pluto(f);
	updown(f, "up-client", lease, NET);
	assert_logged("message: Office: reconnected after *");
}

/* Connecting */

static void
test_life(void)
{
	Fixture f = {0};
	g_autofree char *arguments = NULL;
	g_autofree char *secrets = NULL;

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	arguments = g_strdup_printf("*--config %s/" UUID "/ipsec.conf*", f.base);
	g_assert_true(g_pattern_match_simple(arguments, fake_arguments(f.pluto)));
	assert_logged("message: Office: connecting to " UPLINK_GATEWAY " with IKEv1, main mode");
	g_assert_nonnull(strstr(f.ip4, "uint32"));
	g_assert_nonnull(strstr(f.config, "ipsec1"));
	assert_conf_has(&f, "auto=start");
	assert_conf_has(&f, "right=" UPLINK_GATEWAY);
	secrets = read_run_file(&f, "ipsec.secrets");
	g_assert_nonnull(strstr(secrets, "PSK"));
	go_down(&f);
	g_assert_true(fake_was_asked(f.pluto)); /* SIGTERM, so that it sends its Deletes */
	g_assert_cmpuint(fake_libreswan_count(f.fake, "certutil"), ==, 1);
	end(&f);
}

static void
test_modes(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_with(&f, IKEV2);
	assert_logged("message: Office: connecting to * with IKEv2");
	go_down(&f);
	connect_with(&f, IKEV1 "\naggressive=yes");
	assert_logged("message: Office: connecting to * with IKEv1, aggressive mode");
	f.n_idle = 0;
	go_down(&f);
	end(&f);
}

static void
test_libreswan_4(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	fake_libreswan_script(f.fake, "version", "out Libreswan 4.10|exit 0");
	come_up(&f, IKEV1);
	g_assert_nonnull(strstr(f.config, "ipsec2")); /* ipsec1 is what 4.x tries the kernel with */
	go_down(&f);
	end(&f);
}

/* A number that this libreswan cannot have: the connection gets another, and says so. */
static void
test_interface_number(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	fake_libreswan_script(f.fake, "version", "out Libreswan 4.10|exit 0");
	come_up(&f, IKEV1 "\nipsec-interface=1");
	g_assert_nonnull(strstr(f.config, "ipsec2"));
	assert_logged("warning: ipsec-interface=1 cannot be had with libreswan 4.10: *");
	f.n_reports = 0;
	go_down(&f);
	come_up(&f, IKEV1 "\nipsec-interface=7");
	g_assert_nonnull(strstr(f.config, "ipsec7"));
	f.n_idle = 0;
	go_down(&f);
	end(&f);
}

/* Nobody hears the same twice. */
static void
test_same_report(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	updown(&f, "up-client", LEASE, NET);
	updown(&f, "route-client", LEASE, NET);
	g_assert_cmpuint(f.n_reports, ==, 1);
	go_down(&f);
	end(&f);
}

static void
test_another_address(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	updown(&f, "down-client", LEASE, NET);
	assert_logged("message: Office: connection lost, reconnecting*");
	until(fake_is_gone(f.pluto));
	g_assert_false(fake_was_asked(f.pluto)); /* killed: it would only begin something new */
	come_back(&f, LEASE2);
	g_assert_cmpuint(f.n_reports, ==, 2);
	g_assert_cmpuint(f.n_idle, ==, 0);
	g_assert_cmpuint(fake_libreswan_count(f.fake, "certutil"), ==, 1);
	go_down(&f);
	end(&f);
}

static void
test_same_address_again(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	updown(&f, "down-client", LEASE, NET);
	come_back(&f, LEASE);
	g_assert_cmpuint(f.n_reports, ==, 1);
	go_down(&f);
	end(&f);
}

/* Failing at the first attempt */

static void
test_refused(void)
{
	static const struct {
		const char *line;
		guint ms; /* that are left to the gateway */
		MachineFailure failure;
		const char *reason;
	} rows[] = {
		{"\"vpn\" #1: IKE SA authentication request rejected by peer: AUTHENTICATION_FAILED",
		 MACHINE_DOUBT_MS, FAILURE_LOGIN,
		 "the gateway refused our identity, pre-shared key or certificate"},
		{XAUTH_FAIL, 0, FAILURE_LOGIN, "the gateway refused the XAUTH user name or password"},
		{NO_PROPOSAL, MACHINE_DOUBT_MS, FAILURE_CONNECT, "the gateway accepts none of our *"},
		{ICMP, MACHINE_DOUBT_MS, FAILURE_CONNECT,
		 "the network says that the gateway cannot be reached"},
		{"\"vpn\" #2: IKE_AUTH response rejected Child SA with TS_UNACCEPTABLE", 0, FAILURE_CONNECT,
		 "the gateway refused the networks: see rightsubnet= and leftsubnet="},
		{"\"vpn\": failed to add connection: bad luck", 0, FAILURE_CONNECT,
		 "libreswan does not accept the profile: failed to add connection: bad luck"},
		{"FATAL ERROR: no luck", 0, FAILURE_CONNECT, "libreswan ended with a fatal error"},
		{GARBAGE, MACHINE_DOUBT_MS, FAILURE_LOGIN, "*the pre-shared key is wrong"},
		{"\"vpn\" #1: connection is supposed to remain up; revival attempt 1", 0, FAILURE_CONNECT,
		 "the negotiation ended before there was a tunnel"},
		{"guard: addconn has ended: signal 6", 0, FAILURE_CONNECT,
		 "libreswan has not loaded the connection: addconn has ended: signal 6"},
		{SILENT, MACHINE_DOUBT_MS, FAILURE_LOGIN, "*the pre-shared key may be wrong"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		Fixture f = {0};

		if (!begin(&f))
			return;
		connect_with(&f, IKEV1);
		says(&f, rows[i].line);
		if (rows[i].ms > 0) {
			test_clock_advance(rows[i].ms - 1);
			drain();
			g_assert_cmpuint(f.n_failed, ==, 0);
			test_clock_advance(1);
		}
		await_failure(&f, rows[i].failure, rows[i].reason);
		end(&f);
	}
}

/* What anybody may say is not the end: the gateway answers after all. */
static void
test_doubts_are_refuted(void)
{
	static const char *const lines[] = {NO_PROPOSAL, ICMP, GARBAGE};

	for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
		Fixture f = {0};

		if (!begin(&f))
			return;
		connect_with(&f, IKEV1);
		says(&f, lines[i]);
		test_clock_advance(MACHINE_DOUBT_MS - 1);
		says(&f, ANSWERED);
		test_clock_advance(MACHINE_SILENCE_MS);
		g_assert_cmpuint(f.n_failed, ==, 0);
		updown(&f, "up-client", LEASE, NET);
		g_assert_cmpuint(f.n_reports, ==, 1);
		go_down(&f);
		end(&f);
	}
}

/* The reason is of the doubt that has not been refuted. */
static void
test_doubts_after_an_answer(void)
{
	static const char *const answers[] = {
		ANSWERED,
		"\"vpn\" #1: XAUTH: Answering XAUTH challenge with user='joe'",
		"\"vpn\" #1: XAUTH: Successfully Authenticated",
	};

	for (guint i = 0; i < G_N_ELEMENTS(answers); i++) {
		Fixture f = {0};

		if (!begin(&f))
			return;
		connect_with(&f, IKEV1);
		says(&f, NO_PROPOSAL);
		says(&f, answers[i]);
		says(&f, GARBAGE);
		says(&f, NO_PROPOSAL);
		test_clock_advance(MACHINE_DOUBT_MS);
		await_failure(&f, FAILURE_LOGIN, "*the pre-shared key is wrong");
		end(&f);
	}
}

/* Where there is no pre-shared key that could be wrong. */
static void
test_silence_without_psk(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_with(&f, "right=" UPLINK_GATEWAY "\nleftusername=joe\nxauthpassword=code"
					 "\nleftcert=me\nleftrsasigkey=%cert\nrightrsasigkey=%cert");
	says(&f, SILENT);
	test_clock_advance(MACHINE_DOUBT_MS);
	g_assert_cmpuint(f.n_failed, ==, 0);
	go_down(&f);
	end(&f);
}

/* Anybody can send these, from anywhere. */
static void
test_strangers(void)
{
	static const char *const lines[] = {
		"packet from 127.0.0.1:40000: malformed payload in packet",
		"packet from 192.0.2.66:500: ignoring NO_PROPOSAL_CHOSEN (14) informational, no matching "
		"ISAKMP",
		"\"other\" #1: connection is supposed to remain up",
		STRANGER_BEGINS,
		STRANGER_FAILS,
		"\"vpn\" #7: IMPAIR: skipping revival of connection that is supposed to remain up",
		"\"vpn\" #1: Peer ID is ID_FQDN: '@XAUTH status: FAIL'",
		"\"vpn\" #1: XAUTH Message: Received Cisco XAUTH status: FAIL",
	};
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_with(&f, IKEV1);
	for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
		says(&f, lines[i]);
	test_clock_advance(MACHINE_SILENCE_MS - 1);
	g_assert_cmpuint(f.n_failed, ==, 0);
	updown(&f, "up-client", LEASE, NET);
	for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
		says(&f, lines[i]);
	assert_not_logged("message: Office: connection lost*");
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 1);
	go_down(&f);
	end(&f);
}

/* It is the cause that is told, not what follows from it. */
static void
test_first_reason(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_with(&f, IKEV1);
	fake_send(f.pluto, "log " XAUTH_FAIL);
	fake_send(f.pluto, "log FATAL ERROR: and all that");
	fake_send(f.pluto, "exit 1");
	await_failure(&f, FAILURE_LOGIN, "the gateway refused the XAUTH user name or password");
	end(&f);
}

static void
test_silent_gateway(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_with(&f, IKEV1);
	test_clock_advance(MACHINE_SILENCE_MS - 1);
	g_assert_cmpuint(f.n_failed, ==, 0);
	test_clock_advance(1);
	await_failure(&f, FAILURE_CONNECT, "the gateway does not answer");
	end(&f);
}

/* A machine that is slow: no packet was sent. */
static void
test_slow_start(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	fake_libreswan_script(f.fake, "certutil", NULL);
	connect_to(&f, make_profile(IKEV1), FALSE);
	g_assert_nonnull(fake_next(f.fake, "certutil"));
	test_clock_advance(MACHINE_SILENCE_MS);
	await_failure(&f, FAILURE_CONNECT, "libreswan was not started in time");
	end(&f);
}

static void
test_gateway_stops_answering(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_with(&f, IKEV1);
	says(&f, ANSWERED);
	test_clock_advance(MACHINE_CONNECT_MS - 1);
	g_assert_cmpuint(f.n_failed, ==, 0);
	test_clock_advance(1);
	await_failure(&f, FAILURE_CONNECT, "the gateway answered, but did not finish in time");
	end(&f);
}

/* pluto */

static void
test_pluto_exits(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_with(&f, IKEV1);
	says(&f, "nothing that anybody knows");
	fake_send(f.pluto, "exit 3");
	await_failure(&f, FAILURE_CONNECT, "pluto exited unexpectedly (exit status 3)");
	assert_logged("message: Office: pluto exited unexpectedly (exit status 3)");
	end(&f);
}

static void
test_pluto_aborts(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_with(&f, IKEV1);
	fake_send(f.pluto, "abort");
	await_failure(&f, FAILURE_CONNECT, "pluto exited unexpectedly (signal 6)");
	end(&f);
}

static void
test_pluto_exits_while_up(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	test_clock_advance(MACHINE_STABLE_MS);
	fake_send(f.pluto, "exit 1");
	come_back(&f, LEASE);
	assert_logged("message: Office: pluto exited unexpectedly (exit status 1)");
	go_down(&f);
	end(&f);
}

static void
test_pluto_hangs(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	fake_libreswan_script(f.fake, "whack", NULL);
	test_clock_use_seconds(TRUE);
	come_up(&f, IKEV1);
	test_clock_use_seconds(FALSE);
	test_clock_advance(10 * SECOND);
	fake_next(f.fake, "whack");
	test_clock_advance(8 * SECOND);
	assert_logged("message: Office: pluto does not answer any more: ending it");
	until(fake_is_gone(f.pluto));
	come_back(&f, LEASE);
	go_down(&f);
	end(&f);
}

/* It gets no SIGTERM while it is stopped, and has to be killed. */
static void
test_pluto_does_not_go(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	fake_do(f.pluto, "on-term ignore");
	tunnel_disconnect(f.tunnel);
	until(fake_was_asked(f.pluto));
	test_clock_advance(4 * SECOND);
	assert_logged("warning: pluto does not go when asked: killing it");
	go_down(&f);
	end(&f);
}

/* What it still says about a tunnel that was given up changes nothing. */
static void
test_last_words(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	fake_do(f.pluto, "on-term ignore");
	tunnel_disconnect(f.tunnel);
	until(fake_was_asked(f.pluto));
	says(&f, XAUTH_FAIL);
	updown(&f, "down-client", LEASE, NET);
	updown(&f, "up-client", LEASE2, NET);
	fake_send(f.pluto, "exit 0");
	go_down(&f);
	g_assert_cmpuint(f.n_reports, ==, 1);
	end(&f);
}

/* Starting */

static void
test_no_version(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	fake_libreswan_script(f.fake, "version", "out Openswan 2.6|exit 0");
	connect_to(&f, make_profile(IKEV1), FALSE);
	await_failure(&f, FAILURE_CONNECT, "*says \"Openswan 2.6\"*");
	end(&f);
}

static void
test_no_interface_with_5_0(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	fake_libreswan_script(f.fake, "version", "out Libreswan 5.0|exit 0");
	connect_to(&f, make_profile(IKEV1), FALSE);
	await_failure(&f, FAILURE_CONNECT, "libreswan 5.0 puts addresses on an XFRM interface *");
	end(&f);
}

static void
test_no_guard(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	libreswan_set_guard(f.libreswan, "/nonexistent/guard.so");
	connect_to(&f, make_profile(IKEV1), FALSE);
	await_failure(&f, FAILURE_CONNECT, "libreswan 5.2 runs its updown command through a shell*");
	end(&f);
}

/* One of 5.4 and later needs none. */
static void
test_no_guard_needed(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	libreswan_set_guard(f.libreswan, "/nonexistent/guard.so");
	fake_libreswan_script(f.fake, "version", "out Libreswan 5.4|exit 0");
	come_up(&f, IKEV1);
	go_down(&f);
	end(&f);
}

/* An interface has a name that is a command. */
static void
test_other_command(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	fake_send(f.pluto, "updown up-client PLUTO_INTERFACE='';sh${IFS}i*;''");
	await_failure(&f, FAILURE_CONNECT, "pluto wanted to run another command than the updown*");
	assert_logged("warning: Office: pluto wanted to run another command than the updown*");
	end(&f);
}

/* What it says of it when it is ended already. */
static void
test_other_command_at_the_end(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	fake_do(f.pluto, "on-term ignore");
	tunnel_disconnect(f.tunnel);
	until(fake_was_asked(f.pluto));
	fake_do(f.pluto, "updown down-client PLUTO_INTERFACE='';sh${IFS}i*;''");
	until(log_capture_find("warning: Office: pluto wanted to run another command than the*"));
	fake_send(f.pluto, "exit 0");
	go_down(&f);
	end(&f);
}

/* ipsec.conf is what cannot be written: no other attempt would do better. */
static void
test_unsupported(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	fake_libreswan_script(f.fake, "version", "out Libreswan 3.32|exit 0");
	connect_to(&f, make_profile(SITE), FALSE);
	await_failure(&f, FAILURE_CONNECT, "libreswan 3.32 cannot do this: *");
	end(&f);
}

static void
test_no_nss_database(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	fake_libreswan_script(f.fake, "certutil", "log no token|exit 1");
	connect_to(&f, make_profile(IKEV1), FALSE);
	await_failure(&f, FAILURE_CONNECT, "certutil cannot make the NSS database: no token");
	end(&f);
}

static void
test_pluto_does_not_start(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_with(&f, IKEV1); /* and its version is known from here on */
	go_down(&f);
	fake_libreswan_remove(f.fake, "pluto");
	connect_to(&f, make_profile(IKEV1), FALSE);
	await_failure(&f, FAILURE_CONNECT, "pluto does not start: *");
	end(&f);
}

/* A pluto of which it is known that it flushes, and that was not seen to be kept from it. */
static void
test_flush_not_seen(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_with(&f, IKEV1);
	fake_send(f.pluto, "listen");
	await_failure(&f, FAILURE_CONNECT,
				  "pluto cannot be shown to leave the host's other IPsec tunnels alone: *");
	end(&f);
}

/* One that cannot be kept from others' ports and tunnels. */
static void
use_untried_libreswan(Fixture *f)
{
	fake_libreswan_script(f->fake, "version", "out Libreswan 5.6|exit 0");
	f->libreswan->trial = LIBRESWAN_TRIAL_FAILED;
}

/* Another program of the host has a tunnel: a pluto that cannot be kept from it is not started. */
static void
test_host_check_refuses(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	use_untried_libreswan(&f);
	add_child("10.1.0.0/16", "10.2.0.0/16", 0, 77);
	connect_to(&f, make_profile(IKEV1), FALSE);
	until(f.n_failed > 0);
	assert_logged("warning: Office: failed: another IPsec tunnel is up on this host * (* libreswan "
				  "5.6 was tried out, and failed)");
	flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 0);
	end(&f);
}

/* One that can leaves it alone. */
static void
test_beside_others(void)
{
	Fixture f = {0};
	g_autoptr(XfrmTable) table = NULL;

	if (!begin(&f))
		return;
	add_child("10.1.0.0/16", "10.2.0.0/16", 0, 77);
	come_up(&f, IKEV1);
	go_down(&f);
	table = xfrm_table_read(NULL);
	g_assert_cmpuint(table->policies->len, ==, 3);
	flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	end(&f);
}

/* A libreswan that is newer than what is known is tried out, once, and then trusted. */
static void
test_trial(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	fake_libreswan_script(f.fake, "version", "out Libreswan 5.6|exit 0");
	add_child("10.1.0.0/16", "10.2.0.0/16", 0, 77);
	connect_to(&f, make_profile(IKEV1), FALSE);
	fake_send(fake_next(f.fake, "pluto"), "log listening for IKE messages");
	next_pluto(&f);
	updown(&f, "up-client", LEASE, NET);
	g_assert_cmpuint(f.n_reports, ==, 1);
	go_down(&f);
	f.n_idle = 0;
	f.n_reports = 0;
	come_up(&f, IKEV1);
	go_down(&f);
	flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	end(&f);
}

/* One that fails is not started beside others. */
static void
test_trial_fails(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	fake_libreswan_script(f.fake, "version", "out Libreswan 5.6|exit 0");
	add_child("10.1.0.0/16", "10.2.0.0/16", 0, 77);
	connect_to(&f, make_profile(IKEV1), FALSE);
	fake_send(fake_next(f.fake, "pluto"), "exit 1");
	until(f.n_failed > 0);
	assert_logged("message: libreswan 5.6 was tried out, and failed: it has ended before *");
	assert_logged(
		"warning: Office: failed: another IPsec tunnel is up on this host * (pluto cannot "
		"be kept from it: libreswan 5.6 was tried out, and failed)");
	flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	end(&f);
}

static void
test_disconnect_while_on_trial(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	fake_libreswan_script(f.fake, "version", "out Libreswan 5.6|exit 0");
	connect_to(&f, make_profile(IKEV1), FALSE);
	fake_next(f.fake, "pluto");
	go_down(&f);
	end(&f);
}

/* Each has a number of its own. */
static void
test_own_reqid(void)
{
	g_autofree char *expected =
		g_strdup_printf("\txfrmlifetime=%u\n", host_resources_acq_expires());
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_with(&f, SITE);
	assert_conf_has(&f, "\treqid=");
	assert_conf_has(&f, expected);
	go_down(&f);
	end(&f);
}

/* Disconnecting */

static void
test_disconnect_while_asking_version(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	fake_libreswan_script(f.fake, "version", NULL);
	connect_to(&f, make_profile(IKEV1), FALSE);
	fake_send(fake_next(f.fake, "version"), "out Libreswan 5.2");
	go_down(&f);
	end(&f);
}

static void
test_disconnect_while_making_database(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	fake_libreswan_script(f.fake, "certutil", NULL);
	connect_to(&f, make_profile(IKEV1), FALSE);
	fake_next(f.fake, "certutil");
	go_down(&f);
	end(&f);
}

static void
test_disconnect_while_connecting(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_with(&f, IKEV1);
	go_down(&f);
	end(&f);
}

static void
test_disconnect_while_stopping(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	fake_do(f.pluto, "keep-log");
	updown(&f, "down-client", LEASE, NET);
	tunnel_disconnect(f.tunnel);
	go_down(&f);
	end(&f);
}

static void
wait_once(Fixture *f)
{
	come_up(f, IKEV1);
	updown(f, "down-client", LEASE, NET);
	next_pluto(f);
	fake_send(f->pluto, "exit 1");
	until(log_capture_find("message: Office: next attempt in *"));
}

static void
test_disconnect_while_waiting(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	wait_once(&f);
	go_down(&f);
	end(&f);
}

static void
test_disconnect_while_recovering(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	updown(&f, "down-client", LEASE, NET);
	next_pluto(&f);
	go_down(&f);
	end(&f);
}

/* NetworkManager wants it again while the last one is being cleaned away. */
static void
test_connect_while_cleaning(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	fake_do(f.pluto, "on-term ignore");
	tunnel_disconnect(f.tunnel);
	until(fake_was_asked(f.pluto));
	tunnel_connect(f.tunnel, make_profile(SITE), FALSE);
	drain();
	tunnel_connect(f.tunnel, make_profile(IKEV2), FALSE); /* the last word counts */
	drain();
	fake_send(f.pluto, "exit 0");
	next_pluto(&f);
	assert_logged("message: Office: connecting to * with IKEv2");
	g_assert_cmpuint(f.n_idle, ==, 0);
	go_down(&f);
	end(&f);
}

static void
test_free_while_up(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	g_clear_pointer(&f.tunnel, tunnel_free);
	until(fake_is_gone(f.pluto));
	end(&f);
}

static void
test_free_at_any_time(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	fake_libreswan_script(f.fake, "version", NULL);
	connect_to(&f, make_profile(IKEV1), FALSE);
	g_clear_pointer(&f.tunnel, tunnel_free);
	end(&f);
	tunnel_free(NULL);

	begin(&f);
	fake_libreswan_script(f.fake, "version", NULL);
	connect_to(&f, make_profile(IKEV1), FALSE);
	fake_next(f.fake, "version");
	g_clear_pointer(&f.tunnel, tunnel_free);
	end(&f);

	begin(&f);
	wait_once(&f);
	g_clear_pointer(&f.tunnel, tunnel_free);
	end(&f);
}

/* Recovering */

static void
test_back_off(void)
{
	static const guint steps[] = {1000, 2000, 5000, 10000, 30000, 30000};
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	test_clock_advance(MACHINE_STABLE_MS);
	updown(&f, "down-client", LEASE, NET);
	for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
		next_pluto(&f);
		fake_send(f.pluto, "exit 1");
		until(log_capture_find("message: Office: next attempt in *"));
		/* Why: once, as long as it is the same. */
		if (i == 0)
			assert_logged("message: Office: pluto exited unexpectedly (*");
		assert_not_logged("message: Office: pluto exited*");
		test_clock_advance(steps[i] - 1);
		g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, i + 2);
		test_clock_advance(1 + steps[i] / 10);
	}
	come_back(&f, LEASE);
	go_down(&f);
	end(&f);
}

/* The gateway lets us in, and throws us out at once. */
static void
test_flaps(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	updown(&f, "down-client", LEASE, NET);
	for (guint i = 0; i < 3; i++) {
		come_back(&f, LEASE);
		test_clock_advance(500);
		updown(&f, "down-client", LEASE, NET);
		until(log_capture_find("message: Office: next attempt in 1.*"));
		test_clock_advance(MACHINE_STABLE_MS);
	}
	go_down(&f);
	end(&f);
}

static void
test_recovery_ends(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1 "\nnm-recovery-timeout=30");
	test_clock_advance(MACHINE_STABLE_MS);
	updown(&f, "down-client", LEASE, NET);
	next_pluto(&f);
	test_clock_advance(MACHINE_SILENCE_MS);
	until(log_capture_find("message: Office: next attempt in *"));
	test_clock_advance(2000);
	next_pluto(&f);
	test_clock_advance(MACHINE_SILENCE_MS);
	await_failure(&f, FAILURE_CONNECT, "the gateway does not answer");
	end(&f);
}

/* A user's link has a name with which no pluto is started, for longer than a recovery may take. */
static void
test_bad_name(void)
{
	static const guint steps[] = {1000, 2000, 5000, 10000, 30000};
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1 "\nnm-recovery-timeout=30");
	test_clock_advance(MACHINE_STABLE_MS);
	ip("link add name a;b type veth peer name bad-peer");
	for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
		until(log_capture_find("message: Office: next attempt in *"));
		test_clock_advance(steps[i] + steps[i] / 10);
	}
	until(log_capture_find("message: Office: next attempt in *"));
	g_assert_cmpuint(f.n_failed, ==, 0);
	ip("link del bad-peer");
	test_clock_advance(33 * SECOND);
	come_back(&f, LEASE);
	go_down(&f);
	end(&f);
}

static void
test_refused_while_recovering(void)
{
	static const char *const lines[] = {
		NO_PROPOSAL,
		GARBAGE,
		ICMP,
		"FATAL ERROR: no luck",
	};
	static const guint waits[] = {1000, 2000, 5000, 10000};
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV2);
	updown(&f, "down-client", LEASE, NET);
	for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
		next_pluto(&f);
		says(&f, lines[i]);
		test_clock_advance(MACHINE_DOUBT_MS);
		until(log_capture_find("message: Office: next attempt in *"));
		test_clock_advance(waits[i] + waits[i] / 10);
	}
	come_back(&f, LEASE);
	go_down(&f);
	end(&f);
}

/* A stored secret that is refused would be refused again, and accounts get locked. */
static void
test_login_refused_while_recovering(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	updown(&f, "down-client", LEASE, NET);
	next_pluto(&f);
	says(&f, XAUTH_FAIL);
	await_failure(&f, FAILURE_LOGIN, "the gateway refused the XAUTH user name or password");
	end(&f);
}

/* The key has worked: who says that it is wrong may not have it himself. */
static void
test_wrong_key_while_recovering(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV2);
	updown(&f, "down-client", LEASE, NET);
	next_pluto(&f);
	says(&f, "\"vpn\" #1: IKE SA authentication request rejected by peer: AUTHENTICATION_FAILED");
	says(&f, "\"vpn\" #2: connection is supposed to remain up; revival attempt 1");
	until(log_capture_find("message: Office: next attempt in *"));
	test_clock_advance(1100);
	come_back(&f, LEASE);
	g_assert_cmpuint(f.n_failed, ==, 0);
	go_down(&f);
	end(&f);
}

/* Asking */

#define TOKEN IKEV1 "\nxauthpassword-flags=2"

static void
come_to_ask(Fixture *f)
{
	connect_to(f, make_profile(TOKEN), TRUE);
	next_pluto(f);
	updown(f, "up-client", LEASE, NET);
	test_clock_advance(MACHINE_STABLE_MS);
	updown(f, "down-client", LEASE, NET);
	next_pluto(f);
	says(f, XAUTH_FAIL);
	until(f->n_asks == 1);
	g_assert_cmpstr(f->key, ==, "xauthpassword");
	g_assert_nonnull(strstr(f->question, "Office"));
}

static void
test_ask(void)
{
	Fixture f = {0};
	g_autoptr(Profile) answer = make_profile(IKEV1 "\nxauthpassword=next");
	g_autofree char *secrets = NULL;

	if (!begin(&f))
		return;
	come_to_ask(&f);
	tunnel_give_secrets(f.tunnel, answer);
	until(f.n_reports == 2); /* it was a connection in the making */
	next_pluto(&f);
	secrets = read_run_file(&f, "ipsec.secrets");
	g_assert_nonnull(strstr(secrets, ": XAUTH\n 0sbmV4dA==\n")); /* "next" */
	updown(&f, "up-client", LEASE, NET);
	g_assert_cmpuint(f.n_reports, ==, 2);
	go_down(&f);
	end(&f);
}

static void
test_nobody_answers(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_to_ask(&f);
	test_clock_advance(MACHINE_ASKING_MS - 1);
	g_assert_cmpuint(f.n_failed, ==, 0);
	test_clock_advance(1);
	until(f.n_failed == 1);
	g_assert_cmpint(f.failure, ==, FAILURE_LOGIN);
	assert_logged("warning: Office: failed: *");
	end(&f);
}

static void
test_same_answer(void)
{
	const char *const answers[] = {IKEV1, "right=gw\npskvalue=other"};

	for (guint i = 0; i < G_N_ELEMENTS(answers); i++) {
		g_autoptr(Profile) answer = make_profile(answers[i]);
		Fixture f = {0};

		if (!begin(&f))
			return;
		come_to_ask(&f);
		tunnel_give_secrets(f.tunnel, answer);
		until(f.n_failed == 1);
		g_assert_cmpint(f.failure, ==, FAILURE_LOGIN);
		assert_logged("message: Office: the answer is no other secret*");
		assert_logged("warning: Office: failed: *");
		g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 2);
		end(&f);
	}
}

/* Another pre-shared key would not make the password right. */
static void
test_psk_is_not_asked_for(void)
{
	const char *text = IKEV1 "\npskvalue-flags=2\nxauthpassword-flags=0";
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_to(&f, make_profile(text), TRUE);
	next_pluto(&f);
	updown(&f, "up-client", LEASE, NET);
	test_clock_advance(MACHINE_STABLE_MS);
	updown(&f, "down-client", LEASE, NET);
	next_pluto(&f);
	says(&f, "\"vpn\" #1: XAUTH: Answering XAUTH challenge with user='joe'");
	says(&f, XAUTH_FAIL);
	until(f.n_failed == 1);
	g_assert_cmpint(f.failure, ==, FAILURE_LOGIN);
	g_assert_cmpuint(f.n_asks, ==, 0);
	assert_logged("warning: Office: failed: the gateway refused the XAUTH user name or password");
	end(&f);
}

static void
test_disconnect_while_asking(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_to_ask(&f);
	go_down(&f);
	end(&f);
}

/* An answer to no question. */
static void
test_secrets_unasked(void)
{
	Fixture f = {0};
	g_autoptr(Profile) answer = make_profile(IKEV1 "\nxauthpassword=next");

	if (!begin(&f))
		return;
	tunnel_give_secrets(f.tunnel, answer);
	drain();
	come_up(&f, IKEV1);
	tunnel_give_secrets(f.tunnel, answer);
	drain();
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 1);
	f.n_idle = 0;
	go_down(&f);
	end(&f);
}

/* A password that was mistyped, or that an agent has kept from before: asked for, once. */
static void
test_first_password_refused(void)
{
	static const char *const answers[] = {"next", "another"};

	for (guint i = 0; i < G_N_ELEMENTS(answers); i++) {
		g_autofree char *text = g_strconcat(IKEV1 "\nxauthpassword=", answers[i], NULL);
		g_autoptr(Profile) answer = make_profile(text);
		Fixture f = {0};

		if (!begin(&f))
			return;
		connect_to(&f, make_profile(IKEV1 "\nxauthpassword-flags=1"), TRUE);
		next_pluto(&f);
		says(&f, "\"vpn\" #1: XAUTH: Answering XAUTH challenge with user='joe'");
		says(&f, XAUTH_FAIL);
		until(f.n_asks == 1);
		g_assert_cmpstr(f.key, ==, "xauthpassword");
		g_assert_nonnull(strstr(f.question, "The gateway of “Office” refused"));
		g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 1);
		tunnel_give_secrets(f.tunnel, answer);
		next_pluto(&f);
		says(&f, "\"vpn\" #1: XAUTH: Answering XAUTH challenge with user='joe'");
		if (i == 0) {
			updown(&f, "up-client", LEASE, NET);
			g_assert_cmpuint(f.n_reports, ==, 1);
			go_down(&f);
		} else {
			says(&f, XAUTH_FAIL);
			await_failure(&f, FAILURE_LOGIN, "the gateway refused the XAUTH user name or password");
		}
		g_assert_cmpuint(f.n_asks, ==, 1);
		g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 2);
		end(&f);
	}
}

/* Codes: a question for each, through the control socket. The test is whack at its one end, and
 * pluto at the other. */

#define CODES   IKEV1 "\nxauthcode-flags=2"
#define LOADING "loading secrets from \"/run/ipsec.secrets\""
#define PROMPT  "010 \"vpn\" #1: prompt for Password:\n"
#define SENT    "\"vpn\" #1: XAUTH: Answering XAUTH challenge with user='joe'"

typedef struct {
	int listener, pluto, whack;
} Sockets;

static struct sockaddr_un
run_address(const Fixture *f, const char *name)
{
	g_autofree char *path = run_file(f, name);
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	g_assert_cmpuint(g_strlcpy(address.sun_path, path, sizeof(address.sun_path)), <,
					 sizeof(address.sun_path));
	return address;
}

static gboolean
pluto_is_called(Sockets *ends)
{
	ends->pluto = accept4(ends->listener, NULL, NULL, SOCK_CLOEXEC);
	return ends->pluto >= 0;
}

/* Until pluto has been asked to negotiate, by a whack that stays. */
static void
begin_prompting(Fixture *f, Sockets *ends)
{
	struct sockaddr_un address;
	FakeProcess *whack;

	ends->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	fake_libreswan_script(f->fake, "whack", NULL);
	f->pluto = fake_next(f->fake, "pluto");
	address = run_address(f, "pluto.ctl");
	g_assert_cmpint(bind(ends->listener, (struct sockaddr *) &address, sizeof(address)), ==, 0);
	g_assert_cmpint(listen(ends->listener, 1), ==, 0);
	says(f, LOADING);
	whack = fake_next(f->fake, "whack");
	g_assert_true(g_pattern_match_simple("* --ctlsocket */prompt.ctl --name vpn --initiate",
										 fake_arguments(whack)));
	address = run_address(f, "prompt.ctl");
	ends->whack = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	g_assert_cmpint(connect(ends->whack, (struct sockaddr *) &address, sizeof(address)), ==, 0);
	until(pluto_is_called(ends));
	says(f, BEGINS);
	says(f, ANSWERED);
}

static void
end_prompting(Sockets *ends)
{
	close(ends->listener);
	close(ends->pluto);
	close(ends->whack);
}

static void
pluto_asks(const Sockets *ends, const char *text)
{
	g_assert_cmpint(send(ends->pluto, text, strlen(text), MSG_NOSIGNAL), ==, strlen(text));
}

static void
assert_pluto_has(const Sockets *ends, const char *answer)
{
	char heard[200];
	gssize n = -1;

	until((n = recv(ends->pluto, heard, sizeof(heard), MSG_DONTWAIT)) >= 0 || errno != EAGAIN);
	g_assert_cmpint(n, ==, strlen(answer) + 1);
	g_assert_cmpstr(heard, ==, answer);
}

static void
answer_code(Fixture *f, const char *code)
{
	g_autofree char *text = g_strconcat(CODES "\nxauthcode=", code, NULL);
	g_autoptr(Profile) answer = make_profile(text);

	tunnel_give_secrets(f->tunnel, answer);
}

static void
come_to_code(Fixture *f, Sockets *ends)
{
	connect_to(f, make_profile(CODES), TRUE);
	begin_prompting(f, ends);
	pluto_asks(ends, PROMPT);
	assert_pluto_has(ends, "code"); /* the password of the profile */
	says(f, SENT);
	g_assert_cmpuint(f->n_asks, ==, 0);
	pluto_asks(ends, "003 \"vpn\" #1: XAUTH Message: Next\ncode?\n" PROMPT);
	until(f->n_asks == 1);
	g_assert_cmpstr(f->key, ==, "xauthcode");
	g_assert_cmpstr(f->question, ==, "The gateway of “Office” says: “Next code?”");
	assert_logged("message: Office: asking for xauthcode, which the gateway wants: 'Next code?'");
}

/* Rounds: the password, a code, and another one. */
static void
test_codes(void)
{
	Fixture f = {0};
	Sockets ends;
	g_autofree char *secrets = NULL, *conf = NULL;

	if (!begin(&f))
		return;
	connect_to(&f, make_profile(CODES), TRUE);
	f.pluto = fake_next(f.fake, "pluto");
	secrets = read_run_file(&f, "ipsec.secrets");
	g_assert_null(strstr(secrets, "XAUTH"));
	g_assert_nonnull(strstr(secrets, "PSK"));
	conf = read_run_file(&f, "ipsec.conf");
	g_assert_nonnull(strstr(conf, "\tauto=add\n"));
	tunnel_disconnect(f.tunnel);
	until(tunnel_is_idle(f.tunnel));

	come_to_code(&f, &ends);
	/* What anybody says meanwhile shortens no time. */
	says(&f, NO_PROPOSAL);
	test_clock_advance(MACHINE_PROMPT_MS - 1);
	g_assert_cmpuint(f.n_failed, ==, 0);
	answer_code(&f, "111111");
	assert_pluto_has(&ends, "111111");
	says(&f, SENT);
	pluto_asks(&ends, PROMPT);
	until(f.n_asks == 2);
	g_assert_cmpstr(f.question, ==, "“Office” asks for a code.");
	answer_code(&f, "222222");
	assert_pluto_has(&ends, "222222");
	says(&f, SENT);
	says(&f, "\"vpn\" #1: XAUTH: Successfully Authenticated");
	updown(&f, "up-client", LEASE, NET);
	g_assert_cmpuint(f.n_reports, ==, 1);
	f.n_idle = 0;
	go_down(&f);
	end_prompting(&ends);
	end(&f);
}

static void
test_code_refused(void)
{
	Fixture f = {0};
	Sockets ends;

	if (!begin(&f))
		return;
	come_to_code(&f, &ends);
	answer_code(&f, "111111");
	assert_pluto_has(&ends, "111111");
	says(&f, SENT);
	says(&f, XAUTH_FAIL);
	await_failure(&f, FAILURE_LOGIN, "the gateway refused the XAUTH user name or password");
	g_assert_cmpuint(f.n_asks, ==, 1);
	end_prompting(&ends);
	end(&f);
}

/* The gateway does not wait for ever, and pluto does nothing else meanwhile. */
static void
test_code_unanswered(void)
{
	Fixture late = {0}, none = {0}, down = {0};
	g_autoptr(Profile) empty = make_profile(CODES);
	Sockets ends;
	char byte;

	if (!begin(&late))
		return;
	come_to_code(&late, &ends);
	test_clock_advance(MACHINE_PROMPT_MS);
	/* It gets the end of the file, as it takes no signal before. */
	until(recv(ends.pluto, &byte, 1, MSG_DONTWAIT) == 0);
	await_failure(&late, FAILURE_LOGIN,
				  "nobody has answered the question for xauthcode within 60 s");
	end_prompting(&ends);
	end(&late);

	g_assert_true(begin(&none));
	come_to_code(&none, &ends);
	tunnel_give_secrets(none.tunnel, empty);
	await_failure(&none, FAILURE_LOGIN, "the gateway asks for a code, and there is none*");
	end_prompting(&ends);
	end(&none);

	g_assert_true(begin(&down));
	come_to_code(&down, &ends);
	go_down(&down);
	end_prompting(&ends);
	end(&down);
}

/* A recovery asks, too; NetworkManager has had a connection in the making meanwhile. */
static void
test_code_in_recovery(void)
{
	Fixture f = {0};
	Sockets first, second;

	if (!begin(&f))
		return;
	connect_to(&f, make_profile(CODES), TRUE);
	begin_prompting(&f, &first);
	pluto_asks(&first, PROMPT);
	assert_pluto_has(&first, "code");
	updown(&f, "up-client", LEASE, NET);
	test_clock_advance(MACHINE_STABLE_MS);
	{
		g_autofree char *control = run_file(&f, "pluto.ctl");

		g_unlink(control);
	}
	updown(&f, "down-client", LEASE, NET);
	begin_prompting(&f, &second);
	pluto_asks(&second, PROMPT);
	assert_pluto_has(&second, "code");
	pluto_asks(&second, PROMPT);
	until(f.n_asks == 1);
	test_clock_advance(MACHINE_PROMPT_MS - 1);
	answer_code(&f, "333333");
	until(f.n_reports == 2);
	assert_pluto_has(&second, "333333");
	updown(&f, "up-client", LEASE, NET);
	assert_logged("message: Office: reconnected after *");
	go_down(&f);
	end_prompting(&first);
	end_prompting(&second);
	end(&f);
}

/* With a new ISAKMP SA, when no whack is there any more: nothing was refused, and the next instance
 * can ask. */
static void
test_code_after_up(void)
{
	Fixture f = {0};
	Sockets ends;

	if (!begin(&f))
		return;
	connect_to(&f, make_profile(CODES), TRUE);
	begin_prompting(&f, &ends);
	pluto_asks(&ends, PROMPT);
	assert_pluto_has(&ends, "code");
	updown(&f, "up-client", LEASE, NET);
	test_clock_advance(MACHINE_STABLE_MS);
	says(&f, "\"vpn\" #1: XAUTH password requested, but no file descriptor available for prompt");
	assert_logged("message: Office: connection lost, reconnecting: the gateway asks for the XAUTH "
				  "user again");
	f.pluto = fake_next(f.fake, "pluto");
	go_down(&f);
	end_prompting(&ends);
	end(&f);
}

/* Nobody is there to be asked, or pluto has no room for the password: as without it. */
static void
test_no_codes(void)
{
	g_autofree char *letters = g_strnfill(PROMPT_ANSWER_MAX + 1, 'x');
	g_autofree char *too_long = g_strconcat(CODES "\nxauthpassword=", letters, NULL);
	const char *const profiles[] = {CODES, too_long};

	for (guint i = 0; i < G_N_ELEMENTS(profiles); i++) {
		Fixture f = {0};
		g_autofree char *secrets = NULL;

		if (!begin(&f))
			return;
		connect_to(&f, make_profile(profiles[i]), i == 1);
		next_pluto(&f);
		assert_conf_has(&f, "\tauto=start\n");
		secrets = read_run_file(&f, "ipsec.secrets");
		g_assert_nonnull(strstr(secrets, "XAUTH"));
		go_down(&f);
		end(&f);
	}
}

/* Log lines while it is up */

static void
test_lost_by_log(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	says(&f, "\"vpn\" #1: connection is supposed to remain up; revival attempt 1");
	assert_logged("message: Office: connection lost, reconnecting*");
	come_back(&f, LEASE);
	go_down(&f);
	end(&f);
}

static void
test_another_lease_by_log(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_with(&f, IKEV1);
	says(&f, "\"vpn\" #1: Received IPv4 address: 10.30.1.1/32"); /* the first is no news */
	updown(&f, "up-client", LEASE, NET);
	says(&f, "\"vpn\" #3: Received IPv4 address: 10.30.1.1/32");
	says(&f, "\"vpn\" #3: Received IPv4 address: nonsense");
	assert_not_logged("message: Office: connection lost*");
	says(&f, "\"vpn\" #3: Received IPv4 address: 10.30.2.1/32");
	assert_logged("message: Office: connection lost, reconnecting*");
	come_back(&f, LEASE2);
	go_down(&f);
	end(&f);
}

/* Then the next instance says so in its configuration. */
static void
test_xauth_again(void)
{
	Fixture f = {0};
	g_autofree char *before = NULL, *after = NULL;

	if (!begin(&f))
		return;
	fake_libreswan_script(f.fake, "version", "out Libreswan 4.10|exit 0");
	come_up(&f, IKEV1 "\nvendor=Cisco");
	before = read_run_file(&f, "ipsec.conf");
	says(&f, "\"vpn\" #3: Expecting MODE_CFG_SET, got 1 instead");
	assert_logged("message: Office: connection lost, reconnecting*");
	come_back(&f, LEASE);
	after = read_run_file(&f, "ipsec.conf");
	g_assert_nonnull(strstr(before, "remote-peer-type"));
	g_assert_null(strstr(after, "remote-peer-type"));
	go_down(&f);
	end(&f);
}

/* Anybody can send these. */
static void
test_noise_while_up(void)
{
	static const char *const lines[] = {
		GARBAGE,
		NO_PROPOSAL,
		ICMP,
		"\"vpn\" #1: established",
		"| a line for libreswan's developers",
		"a line that nobody knows",
	};
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV2);
	for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
		says(&f, lines[i]);
	test_clock_advance(1000 * SECOND);
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 1);
	go_down(&f);
	end(&f);
}

/* Several Child SAs */

#define SEVERAL IKEV2 "\nrightsubnets=10.20.0.0/24 10.21.0.0/24\nleftsubnet=0.0.0.0/0"

static void
several_up(Fixture *f, const char *profile)
{
	connect_with(f, profile);
	updown_of(f, "vpn/0x1", "up-client", LEASE, NET, WITH_LEASE);
	updown_of(f, "vpn/0x2", "up-client", LEASE, "10.21.0.0/24", WITH_LEASE);
	g_assert_cmpuint(f->n_reports, >=, 1);
}

static void
test_lose_part(void)
{
	Fixture f = {0};
	FakeProcess *whack;

	if (!begin(&f))
		return;
	several_up(&f, SEVERAL);
	fake_libreswan_script(f.fake, "whack", NULL);
	says(&f, "\"vpn/0x2\" #3: connection is supposed to remain up; revival attempt 1");
	assert_not_logged("message: Office: connection lost*");
	test_clock_advance(2 * SECOND);
	assert_logged("message: Office: asking for vpn/0x2 again");
	whack = fake_next(f.fake, "whack");
	g_assert_nonnull(strstr(fake_arguments(whack), "--name vpn/0x2 --initiate"));
	fake_send(whack, "out well");
	fake_send(whack, "exit 0");
	until(fake_is_gone(whack));
	updown_of(&f, "vpn/0x2", "up-client", LEASE, "10.21.0.0/24", WITH_LEASE);
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 1);
	/* Both: now it is lost. */
	says(&f, "\"vpn/0x1\" #3: connection is supposed to remain up; revival attempt 1");
	says(&f, "\"vpn/0x2\" #3: connection is supposed to remain up; revival attempt 1");
	assert_logged("message: Office: connection lost, reconnecting*");
	next_pluto(&f);
	go_down(&f);
	end(&f);
}

static void
test_one_goes_down(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	several_up(&f, SEVERAL);
	updown_of(&f, "vpn/0x2", "down-client", LEASE, "10.21.0.0/24", WITH_LEASE);
	assert_not_logged("message: Office: connection lost*");
	updown_of(&f, "vpn/0x1", "down-client", LEASE, NET, WITH_LEASE);
	assert_logged("message: Office: connection lost, reconnecting*");
	next_pluto(&f);
	go_down(&f);
	end(&f);
}

/* whack cannot be started: it is said, and tried again. */
static void
test_cannot_revive(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	several_up(&f, SEVERAL);
	fake_libreswan_remove(f.fake, "whack");
	says(&f, "\"vpn/0x2\" #3: connection is supposed to remain up; revival attempt 1");
	test_clock_advance(2 * SECOND);
	assert_logged("warning: cannot ask pluto for vpn/0x2: *");
	go_down(&f);
	end(&f);
}

/* Of one Child SA with several pairs of nets there is one report, when they have all come. */
static void
test_siblings(void)
{
	Fixture f = {0};
	const char *profile = SITE ",10.21.0.0/24";

	if (!begin(&f))
		return;
	connect_with(&f, profile);
	updown(&f, "up-client", "192.0.2.0/24", NET);
	test_clock_advance(200);
	updown(&f, "up-client", "192.0.2.0/24", "10.21.0.0/24");
	test_clock_advance(299);
	g_assert_cmpuint(f.n_reports, ==, 0);
	test_clock_advance(1);
	g_assert_cmpuint(f.n_reports, ==, 1);
	go_down(&f);
	end(&f);
}

/* Without an interface */

static void
test_site(void)
{
	Fixture f = {0};
	g_autofree char *owned = NULL;

	if (!begin(&f))
		return;
	come_up_as_site(&f, "");
	owned = read_run_file(&f, "xfrm-ownership");
	g_assert_nonnull(strstr(owned, NET));
	updown(&f, "down-client", "192.0.2.0/24", NET);
	next_pluto(&f);
	updown(&f, "up-client", "192.0.2.0/24", NET);
	assert_logged("message: Office: reconnected after *: the same configuration*");
	go_down(&f);
	end(&f);
}

/* On demand */

#define DEMAND "\nnm-connect-mode=ondemand"

static void
test_on_demand(void)
{
	Fixture f = {0};
	const char *profile = SITE DEMAND;

	if (!begin(&f))
		return;
	connect_with(&f, profile);
	assert_conf_has(&f, "auto=ondemand");
	updown(&f, "route-client", "192.0.2.0/24", NET);
	assert_logged("message: Office: waiting for a packet after *");
	g_assert_cmpuint(f.n_reports, ==, 1);
	updown(&f, "up-client", "192.0.2.0/24", NET);
	assert_logged("message: Office: connected on demand: *");
	/* 4.10 says it once more. */
	updown(&f, "route-client", "192.0.2.0/24", NET);
	updown(&f, "down-client", "192.0.2.0/24", NET);
	assert_logged("message: Office: connection lost, reconnecting*");
	next_pluto(&f);
	updown(&f, "route-client", "192.0.2.0/24", NET);
	assert_logged("message: Office: waiting for a packet after *");
	/* The packet's negotiation fails. */
	says(&f, NO_PROPOSAL);
	test_clock_advance(MACHINE_DOUBT_MS);
	until(log_capture_find("message: Office: *proposal*"));
	until(log_capture_find("message: Office: next attempt in *"));
	test_clock_advance(3 * SECOND);
	next_pluto(&f);
	go_down(&f);
	end(&f);
}

/* Somebody flushes the policies while a packet is waited for, with which the trap and what blocks
 * go. */
static void
test_flushed_on_demand(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_with(&f, SITE DEMAND);
	updown(&f, "route-client", "192.0.2.0/24", NET);
	assert_logged("message: Office: waiting for a packet after *");
	flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	next_pluto(&f);
	updown(&f, "route-client", "192.0.2.0/24", NET);
	assert_logged("message: Office: waiting for a packet after *");
	go_down(&f);
	end(&f);
}

/* Somebody flushes after the first of two nets has come up, before there is a report. */
static void
test_flushed_between_nets(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_with(&f, SITE "\nrightsubnet=10.20.0.0/24,10.21.0.0/24");
	updown(&f, "up-client", "192.0.2.0/24", NET);
	flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	await_failure(&f, FAILURE_CONNECT, "* removed all of the kernel's IPsec policies");
	end(&f);
}

/* The uplink */

/* What the watch takes to look (underlay-watch.h). */
static void
settle_uplink(void)
{
	test_clock_advance(500);
}

static void
uplink_is_back(void)
{
	ip("link set up0 up");
	ip(UPLINK_ROUTE);
	settle_uplink();
}

static void
test_uplink_flaps(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	ip("link set up0 down");
	settle_uplink();
	assert_logged("message: Office: there is no route to the gateway any more");
	uplink_is_back();
	assert_logged("message: Office: there is a route again to the gateway " UPLINK_GATEWAY ": *");
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 1);
	go_down(&f);
	end(&f);
}

static void
test_uplink_away_for_long(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	ip("link set up0 down");
	settle_uplink();
	test_clock_advance(MACHINE_FORGIVEN_MS);
	uplink_is_back();
	come_back(&f, LEASE);
	go_down(&f);
	end(&f);
}

/* No attempt, but seldom, while there is no route; one at once when there is. */
static void
test_no_uplink_while_recovering(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	updown(&f, "down-client", LEASE, NET);
	next_pluto(&f);
	ip("link set up0 down");
	settle_uplink();
	until(log_capture_find("message: Office: next attempt in 6*"));
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 2);
	uplink_is_back();
	come_back(&f, LEASE);
	go_down(&f);
	end(&f);
}

static void
test_no_uplink_until_the_end(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1 "\nnm-recovery-timeout=30");
	ip("link set up0 down");
	settle_uplink();
	updown(&f, "down-client", LEASE, NET);
	until(log_capture_find("message: Office: next attempt in *"));
	test_clock_advance(33 * SECOND);
	await_failure(&f, FAILURE_CONNECT, "there is no route to the gateway");
	uplink_is_back();
	end(&f);
}

/* Blocked */

/* With vpn.persistent. */
static Profile *
make_persistent(const char *text)
{
	g_autoptr(NMConnection) connection = nm_simple_connection_new();
	NMSetting *s_con = nm_setting_connection_new();
	NMSetting *s_vpn = nm_setting_vpn_new();
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autoptr(GError) error = NULL;
	Profile *profile;

	g_object_set(s_con, NM_SETTING_CONNECTION_ID, "Office", NM_SETTING_CONNECTION_UUID, UUID, NULL);
	g_object_set(s_vpn, NM_SETTING_VPN_PERSISTENT, TRUE, NULL);
	for (guint i = 0; lines[i]; i++) {
		g_auto(GStrv) pair = g_strsplit(lines[i], "=", 2);
		const Option *option = option_find(pair[0]);

		if (option && option->flags & OPTION_SECRET_KEY)
			nm_setting_vpn_add_secret(NM_SETTING_VPN(s_vpn), pair[0], pair[1]);
		else
			nm_setting_vpn_add_data_item(NM_SETTING_VPN(s_vpn), pair[0], pair[1]);
	}
	nm_connection_add_setting(connection, s_con);
	nm_connection_add_setting(connection, s_vpn);
	profile = profile_new(connection, &error);
	g_assert_no_error(error);
	return profile;
}

/* The gateway's DNS server is a neighbour's address from now on: it is not asked any more. */
static void
test_dns_in_a_later_lan(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	g_assert_nonnull(strstr(f.ip4, "'dns'"));
	add_veth("up1");
	ip("addr add 10.20.0.7/25 dev up1");
	settle_uplink();
	until(f.n_reports == 2);
	g_assert_null(strstr(f.ip4, "'dns'"));
	assert_logged("warning: Office: the gateway's DNS server 10.20.0.53 is left out: *");
	assert_logged("message: Office: the network 10.20.0.0/25 of up1 is within 10.20.0.0/24 *");
	ip("link del up1");
	settle_uplink();
	until(f.n_reports == 3);
	g_assert_nonnull(strstr(f.ip4, "'dns'"));
	go_down(&f);
	end(&f);
}

/* With what it had before, which NetworkManager does not know any more. */
static void
test_same_connect_while_cleaning(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	fake_do(f.pluto, "on-term ignore");
	tunnel_disconnect(f.tunnel);
	until(fake_was_asked(f.pluto));
	/* Nor is anything of the last one said to it. */
	add_veth("up1");
	ip("addr add 10.20.0.7/25 dev up1");
	settle_uplink();
	ip("link del up1");
	settle_uplink();
	g_assert_cmpuint(f.n_reports, ==, 1);
	tunnel_connect(f.tunnel, make_profile(IKEV1), FALSE);
	drain();
	fake_send(f.pluto, "exit 0");
	next_pluto(&f);
	says(&f, ANSWERED);
	updown(&f, "up-client", LEASE, NET);
	until(f.n_reports == 2);
	go_down(&f);
	end(&f);
}

/* Likewise while it is lost, for however long. */
static void
test_dns_in_a_lan_while_lost(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_to(&f, make_persistent(IKEV1), FALSE);
	next_pluto(&f);
	updown(&f, "up-client", LEASE, NET);
	g_assert_nonnull(strstr(f.ip4, "'dns'"));
	fake_uplink_becomes("10.20.0.7/25", "10.20.0.1");
	settle_uplink();
	until(f.n_reports == 2);
	g_assert_null(strstr(f.ip4, "'dns'"));
	next_pluto(&f);
	assert_logged("warning: Office: the gateway's DNS server 10.20.0.53 is left out: *");
	go_down(&f);
	fake_uplink_becomes(UPLINK_ME "/24", UPLINK_ROUTER);
	end(&f);
}

/* Returns: 0, or the errno of a packet that a program of this host sends into the tunnel's net. */
static int
send_into_net(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), error = 0;

	g_assert_cmpint(inet_pton(AF_INET, "10.20.0.1", &to.sin_addr), ==, 1);
	if (sendto(fd, "x", 1, 0, (struct sockaddr *) &to, sizeof(to)) < 0)
		error = errno;
	close(fd);
	return error;
}

/* Without an interface it is the source address that decides what is the tunnel's. */
static void
test_other_address_without_interface(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_to(&f,
			   make_persistent("right=" UPLINK_GATEWAY "\nikev2=insist\npskvalue=secret\n"
							   "rightsubnet=10.20.0.0/24\nleftmodecfgclient=no"),
			   FALSE);
	next_pluto(&f);
	g_assert_cmpint(send_into_net(), ==, 0);
	updown(&f, "up-client", "192.0.2.2/32", NET);
	/* No policy of pluto's here: it is as in the moment in which they have gone. */
	g_assert_cmpint(send_into_net(), ==, EPERM);
	fake_uplink_becomes("192.0.2.3/24", UPLINK_ROUTER);
	until(send_into_net() == EPERM);
	settle_uplink();
	next_pluto(&f);
	g_assert_cmpint(send_into_net(), ==, EPERM);
	go_down(&f);
	g_assert_cmpint(send_into_net(), ==, 0);
	fake_uplink_becomes(UPLINK_ME "/24", UPLINK_ROUTER);
	end(&f);
}

/* NetworkManager would end it where nobody answers. */
static void
test_asks_nobody_when_persistent(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_to(&f, make_persistent(TOKEN), TRUE);
	next_pluto(&f);
	updown(&f, "up-client", LEASE, NET);
	test_clock_advance(MACHINE_STABLE_MS);
	updown(&f, "down-client", LEASE, NET);
	next_pluto(&f);
	says(&f, XAUTH_FAIL);
	until(log_capture_find("warning: Office: blocked, and not tried again: the gateway refused *"));
	g_assert_cmpuint(f.n_asks, ==, 0);
	g_assert_cmpuint(f.n_failed, ==, 0);
	go_down(&f);
	end(&f);
}

/* Up, lost, and refused for good. */
static void
come_to_block(Fixture *f)
{
	connect_to(f, make_persistent(IKEV1), FALSE);
	next_pluto(f);
	updown(f, "up-client", LEASE, NET);
	test_clock_advance(MACHINE_STABLE_MS);
	updown(f, "down-client", LEASE, NET);
	next_pluto(f);
	says(f, XAUTH_FAIL);
	until(log_capture_find(
		"warning: Office: blocked, and not tried again: the gateway refused the XAUTH *"
		"nmcli connection down 'Office'"));
}

/* Without running the main loop, which would hear it. */
static void
wait_for_exit(GPid pid)
{
	g_autofree char *file = g_strdup_printf("/proc/%d/stat", (int) pid);
	gint64 until = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;

	for (;;) {
		g_autofree char *stat = NULL;

		if (!g_file_get_contents(file, &stat, NULL, NULL) || strstr(stat, ") Z "))
			return;
		g_assert_cmpint(g_get_monotonic_time(), <, until);
		g_usleep(1000);
	}
}

/* pluto sends the password after we have heard of what ends it: nobody judges that login. */
static void
test_login_in_the_last_moment(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_to(&f, make_persistent(IKEV1), FALSE);
	next_pluto(&f);
	updown(&f, "up-client", LEASE, NET);
	test_clock_advance(MACHINE_STABLE_MS);
	updown(&f, "down-client", LEASE, NET);
	for (guint i = 0; i < MACHINE_UNCLEAR_MAX; i++) {
		next_pluto(&f);
		fake_send(f.pluto,
				  "log \"vpn\" #1: connection is supposed to remain up; revival attempt 1");
		fake_send(f.pluto, "log \"vpn\" #1: XAUTH: Answering XAUTH challenge with user='joe'");
		fake_send(f.pluto, "exit 1");
		wait_for_exit(fake_pid(f.pluto));
		until(fake_is_gone(f.pluto));
		drain();
		if (i + 1 < MACHINE_UNCLEAR_MAX) {
			until(log_capture_find("message: Office: next attempt in *"));
			test_clock_advance((i + 1) * 3 * SECOND / 2); /* with what chance adds */
		}
	}
	until(log_capture_find("warning: Office: blocked, and not tried again: *"));
	go_down(&f);
	end(&f);
}

/* The interface stays, with what NetworkManager has on it, and nothing is tried whatever happens.
 */
static void
test_blocked(void)
{
	Fixture f = {0};
	g_autoptr(GArray) interfaces = NULL;
	g_autoptr(GError) error = NULL;

	if (!begin(&f))
		return;
	come_to_block(&f);
	ip("link set up0 down");
	test_clock_advance(500);
	uplink_is_back();
	test_clock_advance(500);
	test_clock_sleep(100 * SECOND);
	test_clock_advance(1000 * SECOND);
	drain();
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 2);
	g_assert_cmpuint(f.n_failed, ==, 0);
	g_assert_cmpuint(f.n_idle, ==, 0);
	interfaces = xfrm_interface_list_ours(NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(interfaces->len, ==, 1);
	go_down(&f);
	end(&f);
}

static void
test_connect_while_blocked(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_to_block(&f);
	connect_with(&f, IKEV1);
	updown(&f, "up-client", LEASE, NET);
	assert_logged("message: Office: connected after *");
	go_down(&f);
	end(&f);
}

static void
test_another_uplink(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	ip("addr add 198.51.100.2/24 dev up0");
	ip("route replace default via 198.51.100.1 dev up0 src 198.51.100.2");
	settle_uplink();
	assert_logged("message: Office: there is another route to the gateway " UPLINK_GATEWAY ": *");
	come_back(&f, LEASE);
	go_down(&f);
	ip("addr del 198.51.100.2/24 dev up0");
	ip("route replace default via " UPLINK_ROUTER " dev up0");
	end(&f);
}

/* The link by which packets to @address leave. */
static gboolean
leaves_by(const char *address, const char *link)
{
	g_autofree char *command = g_strdup_printf("ip route get %s", address);
	g_autofree char *wanted = g_strdup_printf(" dev %s ", link);
	g_autofree char *said = NULL;

	g_assert_true(g_spawn_command_line_sync(command, &said, NULL, NULL, NULL));
	return strstr(said, wanted) != NULL;
}

static guint
count_tunnel_rules(void)
{
	g_autofree char *said = NULL;
	g_auto(GStrv) pieces = NULL;

	g_assert_true(g_spawn_command_line_sync("ip rule show", &said, NULL, NULL, NULL));
	pieces = g_strsplit(said, "proto " G_STRINGIFY(TUNNEL_TABLE_PROTOCOL), -1);
	return g_strv_length(pieces) - 1;
}

/* A more specific route of the uplink's, also while the tunnel is lost and made anew. */
static void
test_uplink_route(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	g_assert_cmpuint(count_tunnel_rules(), ==, 11);
	/* As NetworkManager does; and the gateway is in that network. */
	ip("route add 203.0.113.0/24 dev ipsec1 proto static metric 50");
	ip("route add 203.0.113.7 via " UPLINK_ROUTER " dev up0 proto dhcp");
	ip("route add " UPLINK_GATEWAY " via " UPLINK_ROUTER " dev up0 proto static metric 50");
	until(leaves_by("203.0.113.7", "ipsec1"));
	until(leaves_by(UPLINK_GATEWAY, "up0"));
	fake_send(f.pluto, "exit 1");
	next_pluto(&f);
	g_assert_true(leaves_by("203.0.113.7", "ipsec1"));
	g_assert_true(leaves_by(UPLINK_GATEWAY, "up0"));
	updown(&f, "up-client", LEASE, NET);
	assert_logged("message: Office: reconnected after *");
	g_assert_true(leaves_by("203.0.113.7", "ipsec1"));
	go_down(&f);
	g_assert_true(leaves_by("203.0.113.7", "up0"));
	g_assert_cmpuint(count_tunnel_rules(), ==, 0);
	ip("route del 203.0.113.7 via " UPLINK_ROUTER " dev up0");
	ip("route del " UPLINK_GATEWAY " via " UPLINK_ROUTER " dev up0");
	end(&f);
}

/* A part of the tunnel's network is the LAN: it stays reachable, but it is said, once. */
static void
test_lan_within(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	ip("addr add 10.20.0.130/25 dev up0");
	come_up(&f, IKEV1);
	assert_logged(
		"message: Office: the network 10.20.0.128/25 of up0 is within 10.20.0.0/24 of the "
		"tunnel: packets to it leave outside of the tunnel");
	/* Nothing new is said. */
	ip("addr add 192.0.2.77/24 dev up0");
	settle_uplink();
	g_assert_false(log_capture_find("message: Office: the network *"));
	ip("addr del 192.0.2.77/24 dev up0");
	ip("addr del 10.20.0.130/25 dev up0");
	settle_uplink();
	go_down(&f);
	end(&f);
}

static void
test_mtu(void)
{
	Fixture f = {0};
	g_autofree char *before = NULL;

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	before = g_strdup(f.config);
	ip("link set up0 mtu 1400");
	settle_uplink();
	g_assert_cmpuint(f.n_reports, ==, 2);
	g_assert_cmpstr(f.config, !=, before);
	ip("link set up0 mtu 1500");
	go_down(&f);
	settle_uplink();
	end(&f);
}

/* A gateway by name: every other attempt is at the address that worked. */
static void
test_gateway_by_name(void)
{
	Fixture f = {0};
	/* The one name that has an address everywhere; nobody goes there. */
	const char *profile =
		"right=localhost\nhostaddrfamily=ipv4\nleftusername=joe\npskvalue=s\nxauthpassword=c";

	if (!begin(&f))
		return;
	connect_with(&f, profile);
	assert_conf_has(&f, "right=127.0.0.1");
	updown(&f, "up-client", LEASE, NET);
	test_clock_advance(MACHINE_STABLE_MS);
	updown(&f, "down-client", LEASE, NET);
	next_pluto(&f);
	assert_conf_has(&f, "right=" UPLINK_GATEWAY);
	fake_send(f.pluto, "exit 1");
	until(log_capture_find("message: Office: next attempt in *"));
	test_clock_advance(2 * SECOND);
	next_pluto(&f);
	assert_conf_has(&f, "right=127.0.0.1");
	go_down(&f);
	end(&f);
}

/* The name is looked up before pluto is started, which would only say it later. */
static void
test_gateway_without_address(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_to(&f, make_profile("right=gateway.invalid\nikev2=insist\npskvalue=s"), FALSE);
	await_failure(&f, FAILURE_CONNECT, "the host name gateway.invalid has no address*");
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 0);
	end(&f);
}

static void
test_gateway_without_route(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	ip("route del default");
	connect_to(&f, make_profile(IKEV1), FALSE);
	await_failure(&f, FAILURE_CONNECT, "there is no route to the gateway " UPLINK_GATEWAY);
	ip(UPLINK_ROUTE);
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 0);
	end(&f);
}

/* Three of them, in which no pluto is started; the next one is due in 5 s. */
static void
attempts_fail(void)
{
	until(log_capture_find("message: Office: next attempt in 1.*"));
	test_clock_advance(1100);
	until(log_capture_find("message: Office: next attempt in 2.*"));
	test_clock_advance(2200);
	until(log_capture_find("message: Office: next attempt in 5.*"));
}

/* The one address */

static void
test_listen(void)
{
	Fixture f = {0};
	g_autofree char *conf = NULL;

	if (!begin(&f))
		return;
	connect_with(&f, IKEV1);
	assert_conf_has(&f, "\tlisten=" UPLINK_ME "\n");
	assert_conf_has(&f, "\tleft=" UPLINK_ME "\n");
	go_down(&f);
	f.n_idle = 0;
	/* MOBIKE moves to addresses that pluto does not listen on yet. */
	connect_with(&f, SITE "\nmobike=yes");
	conf = read_run_file(&f, "ipsec.conf");
	g_assert_null(strstr(conf, "listen="));
	go_down(&f);
	end(&f);
}

/* In the place of another program. */
static int
bind_port(const char *address, guint16 port)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	g_assert_cmpint(inet_pton(AF_INET, address, &in.sin_addr), ==, 1);
	g_assert_cmpint(bind(fd, (struct sockaddr *) &in, sizeof(in)), ==, 0);
	return fd;
}

#define SQUATTER "*test-tunnel* uses UDP port 4500 of address " UPLINK_ME "; stop it first*"

static void
test_port_taken(void)
{
	Fixture f = {0};
	int fd;

	if (!begin(&f))
		return;
	use_untried_libreswan(&f);
	fd = bind_port(UPLINK_ME, 4500);
	connect_to(&f, make_profile(IKEV1), FALSE);
	await_failure(&f, FAILURE_CONNECT, SQUATTER);
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 0);
	g_assert_cmpuint(fake_libreswan_count(f.fake, "certutil"), ==, 0);
	close(fd);
	end(&f);
}

/* One that can has other ports. */
static void
test_port_taken_before(void)
{
	Fixture f = {0};
	int fd;

	if (!begin(&f))
		return;
	fd = bind_port(UPLINK_ME, 4500);
	come_up(&f, IKEV1);
	test_clock_advance(MACHINE_STABLE_MS);
	updown(&f, "down-client", LEASE, NET);
	come_back(&f, LEASE);
	assert_not_logged("message: Office: " SQUATTER);
	go_down(&f);
	close(fd);
	end(&f);
}

static void
test_port_of_another_address(void)
{
	Fixture f = {0};
	int fd;

	if (!begin(&f))
		return;
	fd = bind_port("127.9.9.9", 4500);
	come_up(&f, IKEV1);
	go_down(&f);
	close(fd);
	end(&f);
}

/* Likewise where pluto listens on all (MOBIKE): of what a user has only the address that is needed
 * counts, to us and in what pluto says of the others. */
static void
test_port_of_another_address_everywhere(void)
{
	Fixture f = {0};
	int fd;

	if (!begin(&f))
		return;
	fd = bind_port("127.9.9.9", 4500);
	g_assert_cmpint(fchown(fd, 65534, (gid_t) -1), ==, 0);
	come_up_as_site(&f, "\nmobike=yes");
	test_clock_advance(MACHINE_STABLE_MS);
	says(&f, "\"vpn\" #1: connection is supposed to remain up");
	next_pluto(&f);
	says(&f, "ERROR: bind lo UDP endpoint 127.0.0.1:4500 failed, bind(): Address already in use "
			 "(errno 98)");
	updown(&f, "up-client", "192.0.2.0/24", NET);
	assert_logged("message: Office: reconnected after *");
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 2);
	go_down(&f);
	close(fd);
	end(&f);
}

/* Who takes the packets of a tunnel is named when it is lost, and no attempt is made beside him. */
static void
test_port_stolen(void)
{
	Fixture f = {0};
	int fd;

	if (!begin(&f))
		return;
	use_untried_libreswan(&f);
	come_up(&f, IKEV1);
	test_clock_advance(MACHINE_STABLE_MS);
	fd = bind_port(UPLINK_ME, 4500);
	says(&f, "\"vpn\" #1: connection is supposed to remain up");
	attempts_fail();
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 1);
	assert_logged("message: Office: " SQUATTER);
	assert_not_logged("message: Office: " SQUATTER);
	close(fd);
	test_clock_advance(5500); /* the next attempt */
	come_back(&f, LEASE);
	go_down(&f);
	end(&f);
}

/* Whoever takes them from each attempt anew, and is not there in between, does not end it. */
static void
test_port_stolen_each_time(void)
{
	static const guint backoff_ms[] = {1100, 2200, 5500, 11000, 33000};
	Fixture f = {0};
	int fd;

	if (!begin(&f))
		return;
	use_untried_libreswan(&f);
	come_up(&f, IKEV1 "\nnm-recovery-timeout=60");
	test_clock_advance(MACHINE_STABLE_MS);
	updown(&f, "down-client", LEASE, NET);
	for (guint i = 0; i < G_N_ELEMENTS(backoff_ms); i++) {
		next_pluto(&f);
		fd = bind_port(UPLINK_ME, 4500);
		g_assert_cmpint(fchown(fd, 65534, (gid_t) -1), ==, 0);
		test_clock_advance(MACHINE_SILENCE_MS);
		until(log_capture_find("message: Office: next attempt in *"));
		close(fd);
		test_clock_advance(backoff_ms[i]);
	}
	g_assert_cmpuint(f.n_failed, ==, 0);
	come_back(&f, LEASE);
	go_down(&f);
	end(&f);
}

/* Nor is it the gateway's fault where he came just after we had looked. */
static void
test_port_stolen_while_connecting(void)
{
	Fixture f = {0};
	int fd;

	if (!begin(&f))
		return;
	use_untried_libreswan(&f);
	connect_with(&f, IKEV1);
	fd = bind_port(UPLINK_ME, 4500);
	test_clock_advance(MACHINE_SILENCE_MS);
	await_failure(&f, FAILURE_CONNECT, SQUATTER);
	assert_logged("message: Office: " SQUATTER);
	close(fd);
	end(&f);
}

/* Names that a shell would run */

#define EVIL       "';id>owned;'"
#define EVIL_NAMED "the network interface \"" EVIL "\" has other characters in its name *"

static void
evil_appears(void)
{
	ip("link add name \"" EVIL "\" type veth peer name evil-peer");
}

static void
evil_goes(void)
{
	ip("link del dev evil-peer");
}

static void
test_name_before(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	evil_appears();
	connect_to(&f, make_profile(IKEV1), FALSE);
	await_failure(&f, FAILURE_CONNECT, EVIL_NAMED);
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 0);
	g_assert_cmpuint(fake_libreswan_count(f.fake, "certutil"), ==, 0);
	evil_goes();
	end(&f);
}

/* It comes between the first look and pluto's start. */
static void
test_name_just_before(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	fake_libreswan_script(f.fake, "certutil", NULL);
	connect_to(&f, make_profile(IKEV1), FALSE);
	f.pluto = fake_next(f.fake, "certutil");
	evil_appears();
	fake_send(f.pluto, "exit 0");
	await_failure(&f, FAILURE_CONNECT, EVIL_NAMED);
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 0);
	evil_goes();
	end(&f);
}

static void
test_name_while_connecting(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_with(&f, IKEV1);
	evil_appears();
	await_failure(&f, FAILURE_CONNECT, EVIL_NAMED);
	g_assert_false(fake_was_asked(f.pluto)); /* its goodbye would be updown commands */
	evil_goes();
	end(&f);
}

static void
test_name_while_up(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	test_clock_advance(MACHINE_STABLE_MS);
	evil_appears();
	until(fake_is_gone(f.pluto));
	g_assert_false(fake_was_asked(f.pluto));
	attempts_fail();
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 1);
	/* Once, as long as it is there. */
	assert_logged("message: Office: connection lost, reconnecting: " EVIL_NAMED);
	assert_not_logged("message: Office: *" EVIL_NAMED);
	evil_goes();
	test_clock_advance(5500); /* the next attempt */
	come_back(&f, LEASE);
	g_assert_cmpuint(f.n_idle, ==, 0);
	go_down(&f);
	end(&f);
}

/* While pluto says goodbye, too. */
static void
test_name_at_the_end(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	come_up(&f, IKEV1);
	fake_do(f.pluto, "on-term ignore");
	tunnel_disconnect(f.tunnel);
	until(fake_was_asked(f.pluto));
	evil_appears();
	until(fake_is_gone(f.pluto));
	go_down(&f);
	evil_goes();
	end(&f);
}

/* The kernel */

static void
interface_is_taken(Fixture *f, const char *command)
{
	come_up(f, IKEV1);
	ip("%s", command);
	test_clock_advance(2 * SECOND);
	assert_logged("message: Office: somebody *");
	come_back(f, LEASE);
	assert_logged("message: ipsec1 is made anew");
	g_assert_cmpuint(f->n_reports, ==, 2);
}

static void
test_interface_removed(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	interface_is_taken(&f, "link del ipsec1");
	go_down(&f);
	end(&f);
}

/* While the first connection is being made it is the end. */
static void
test_interface_removed_while_connecting(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_with(&f, IKEV1);
	ip("link del ipsec1");
	await_failure(&f, FAILURE_CONNECT, "somebody removed the interface ipsec1");
	assert_logged("message: Office: somebody removed the interface ipsec1");
	end(&f);
}

static void
test_interface_set_down(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	interface_is_taken(&f, "link set ipsec1 down");
	go_down(&f);
	end(&f);
}

/* It is not told a configuration of an interface that is not there. */
static void
test_interface_down_before_report(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_with(&f, IKEV1);
	ip("link set ipsec1 down"); /* which is nobody's fault before there is a Child SA */
	updown(&f, "up-client", LEASE, NET);
	g_assert_cmpuint(f.n_reports, ==, 0);
	assert_logged("message: Office: somebody has removed or changed the interface");
	next_pluto(&f);
	updown(&f, "up-client", LEASE, NET);
	g_assert_cmpuint(f.n_reports, ==, 1);
	go_down(&f);
	end(&f);
}

/* As pluto puts it there. */
static void
add_child_sa(void)
{
	add_child(LEASE, NET, 1, 16388);
	add_state("192.0.2.2", "198.51.100.1", 0x1001, 1, 16388);
	add_state("198.51.100.1", "192.0.2.2", 0x1002, 1, 16388);
}

/* Somebody flushes the policies, as another IPsec program does when it starts. */
static void
test_policies_flushed(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_with(&f, IKEV1);
	add_child_sa();
	updown(&f, "up-client", LEASE, NET);
	test_clock_advance(2 * SECOND);
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 1);
	flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	test_clock_advance(2 * SECOND);
	assert_logged("message: Office: * removed the kernel's policies or states *");
	come_back(&f, LEASE);
	go_down(&f);
	end(&f);
}

/* What pluto has left in the kernel goes with it. */
static void
test_sweep(void)
{
	Fixture f = {0};

	if (!begin(&f))
		return;
	connect_with(&f, IKEV1);
	add_child_sa();
	updown(&f, "up-client", LEASE, NET);
	fake_send(f.pluto, "exit 1");
	next_pluto(&f);
	{
		g_autoptr(XfrmTable) table = xfrm_table_read(NULL);

		g_assert_cmpuint(table->policies->len, ==, 0);
		g_assert_cmpuint(table->states->len, ==, 0);
	}
	go_down(&f);
	end(&f);
}

/* Certificates in files */

#define FILES        "right=" UPLINK_GATEWAY "\nikev2=insist\ncert=/home/joe/joe.p12"
#define LAB          "300e310c300a060355040a0c034c6162" /* O=Lab */
#define RSA          "rsa 1 4102444800 " LAB " " LAB
#define EC           "ec 1 4102444800 " LAB " " LAB
#define ALL_RSA      "user " RSA "\\nroot " RSA "\\nend\\n"
#define EC_RSA       "user " EC "\\nissuer " EC "\\nroot " RSA "\\nend\\n"
#define OTHER_POLICY "\"vpn\" #1: authentication failed: peer authentication requires policy ECDSA"

/* A program that says @report, in the place of the real one, which test-cert-import.c has. */
static gboolean
begin_with_import(Fixture *f, const char *report)
{
	g_autofree char *text = g_strdup_printf("#!/bin/sh\ncat > /dev/null\nprintf '%s'\n", report);
	int fd = g_file_open_tmp("import-XXXXXX", &f->import, NULL);

	g_assert_cmpint(write(fd, text, strlen(text)), ==, strlen(text));
	fchmod(fd, 0700);
	close(fd);
	if (begin(f))
		return TRUE;
	g_unlink(f->import);
	return FALSE;
}

static void
end_with_import(Fixture *f)
{
	g_unlink(f->import);
	end(f);
}

static void
test_files(void)
{
	Fixture f = {0};

	if (!begin_with_import(&f, ALL_RSA))
		return;
	connect_with(&f, FILES);
	assert_conf_has(&f, "\tleftcert=user\n");
	assert_conf_has(&f, "\trightca=\"O=#0C034C6162\"\n");
	updown(&f, "up-client", LEASE, NET);
	g_assert_cmpuint(f.n_reports, ==, 1);
	/* The database stays, and what is in it is known: the files may have gone. */
	g_unlink(f.import);
	updown(&f, "down-client", LEASE, NET);
	come_back(&f, LEASE);
	assert_conf_has(&f, "\tleftcert=user\n");
	go_down(&f);
	end(&f);
}

static void
test_files_at_fault(void)
{
	static const struct {
		const char *report, *reason;
		MachineFailure failure;
	} faults[] = {
		{"fault cert expired 1735689600\\n",
		 "cert: \"/home/joe/joe.p12\" has a certificate that has expired on 2025-01-01*",
		 FAILURE_CONNECT},
		{"fault cert wrong-passphrase 0\\n",
		 "cert: \"/home/joe/joe.p12\" is encrypted with another passphrase than cert-pass",
		 FAILURE_LOGIN},
		{"fault database database -8192\\n", "NSS cannot make the database*", FAILURE_CONNECT},
		{"nonsense\\n", "the program that imports certificates has not said*", FAILURE_CONNECT},
	};

	for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
		Fixture f = {0};

		if (!begin_with_import(&f, faults[i].report))
			return;
		connect_to(&f, make_profile(FILES), FALSE);
		await_failure(&f, faults[i].failure, faults[i].reason);
		g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 0);
		end_with_import(&f);
	}
}

/* A program that takes one passphrase, as the real one does of an encrypted file. */
#define WITH_PASSPHRASE                                                                            \
	"#!/bin/sh\ncase $(tr '\\0' '|') in *'|right|||') printf '" ALL_RSA "';;\n"                    \
	"*'||||') printf 'fault cert needs-passphrase 0\\n';;\n"                                       \
	"*) printf 'fault cert wrong-passphrase 0\\n';;\nesac\n"

static gboolean
begin_with_passphrase(Fixture *f)
{
	if (!begin_with_import(f, ""))
		return FALSE;
	g_assert_true(g_file_set_contents(f->import, WITH_PASSPHRASE, -1, NULL));
	g_assert_cmpint(g_chmod(f->import, 0700), ==, 0);
	return TRUE;
}

static void
await_question(Fixture *f, guint number, const char *question)
{
	until(f->n_asks == number);
	g_assert_cmpstr(f->key, ==, "cert-pass");
	if (!g_pattern_match_simple(question, f->question))
		g_error("\"%s\" instead of \"%s\"", f->question, question);
	g_assert_cmpuint(f->n_failed + f->n_reports, ==, 0);
	g_assert_cmpuint(fake_libreswan_count(f->fake, "pluto"), ==, 0);
}

static void
answer_passphrase(Fixture *f, const char *passphrase)
{
	g_autofree char *text = g_strconcat(FILES "\ncert-pass=", passphrase, NULL);
	g_autoptr(Profile) answer = make_profile(text);

	tunnel_give_secrets(f->tunnel, answer);
}

/* How long a person took is not the connection's time. */
static void
test_files_ask_passphrase(void)
{
	static const struct {
		const char *profile, *question, *log;
	} rows[] = {
		{FILES "\ncert-pass=old", "“Office” cannot read the private key*passphrase is wrong*",
		 "message: Office: asking for another cert-pass: cert: \"/home/joe/joe.p12\" is encrypted "
		 "with another passphrase*"},
		{FILES, "“Office” asks for the passphrase*",
		 "message: Office: asking for cert-pass: cert: \"/home/joe/joe.p12\" is encrypted, and "
		 "there is no*"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		Fixture f = {0};

		if (!begin_with_passphrase(&f))
			return;
		connect_to(&f, make_profile(rows[i].profile), TRUE);
		await_question(&f, 1, rows[i].question);
		assert_logged(rows[i].log);
		test_clock_advance(MACHINE_ASKING_MS - 1);
		answer_passphrase(&f, "right");
		next_pluto(&f);
		assert_conf_has(&f, "\tleftcert=user\n");
		updown(&f, "up-client", LEASE, NET);
		g_assert_cmpuint(f.n_reports, ==, 1);
		assert_logged("message: Office: connected after 0.* s*");
		go_down(&f);
		end_with_import(&f);
	}
}

/* And no more than that: it is not tried again without another answer, nor asked for for ever. */
static void
test_files_wrong_passphrases(void)
{
	static const struct {
		const char *first;
		const char *answers[3];
		const char *reason;
	} rows[] = {
		{"old", {"other"}, "cert: \"/home/joe/joe.p12\" is encrypted with another passphrase*"},
		{"old", {"old"}, "cert: \"/home/joe/joe.p12\" is encrypted with another passphrase*"},
		{"old", {""}, "cert: \"/home/joe/joe.p12\" is encrypted with another passphrase*"},
		{"", {"one", "two"}, "cert: \"/home/joe/joe.p12\" is encrypted with another passphrase*"},
		{"", {""}, "cert: \"/home/joe/joe.p12\" is encrypted, and there is no passphrase*"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *profile = g_strconcat(FILES "\ncert-pass=", rows[i].first, NULL);
		Fixture f = {0};
		guint n = 0;

		if (!begin_with_passphrase(&f))
			return;
		connect_to(&f, make_profile(profile), TRUE);
		for (; rows[i].answers[n]; n++) {
			await_question(&f, n + 1, "“Office” *");
			answer_passphrase(&f, rows[i].answers[n]);
		}
		await_failure(&f, FAILURE_LOGIN, rows[i].reason);
		g_assert_cmpuint(f.n_asks, ==, n);
		g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 0);
		end_with_import(&f);
	}
}

static void
test_nobody_answers_passphrase(void)
{
	Fixture f = {0};

	if (!begin_with_passphrase(&f))
		return;
	connect_to(&f, make_profile(FILES "\ncert-pass=old"), TRUE);
	await_question(&f, 1, "*");
	test_clock_advance(MACHINE_ASKING_MS - 1);
	g_assert_cmpuint(f.n_failed, ==, 0);
	test_clock_advance(1);
	await_failure(&f, FAILURE_LOGIN, "cert: *; nobody has answered the question for cert-pass *");
	end_with_import(&f);
}

/* Down while somebody is asked; and nobody is there to be asked. */
static void
test_passphrase_unanswered(void)
{
	Fixture f = {0}, alone = {0};

	if (!begin_with_passphrase(&f))
		return;
	connect_to(&f, make_profile(FILES "\ncert-pass=old"), TRUE);
	await_question(&f, 1, "*");
	go_down(&f);
	end_with_import(&f);
	if (!begin_with_passphrase(&alone))
		return;
	connect_to(&alone, make_profile(FILES "\ncert-pass=old"), FALSE);
	await_failure(&alone, FAILURE_LOGIN, "cert: *another passphrase than cert-pass");
	g_assert_cmpuint(alone.n_asks, ==, 0);
	end_with_import(&alone);
}

static void
test_files_of_wrong_kind(void)
{
	Fixture f = {0};

	if (!begin_with_import(&f, EC_RSA))
		return;
	connect_to(&f, make_profile("right=" UPLINK_GATEWAY "\nikev2=never\ncert=/c"), FALSE);
	await_failure(&f, FAILURE_CONNECT, "cert: is of an ECDSA key*");
	end_with_import(&f);
}

/* Down while they are imported, and the tunnel itself goes. */
static void
test_files_cancelled(void)
{
	for (guint i = 0; i < 2; i++) {
		Fixture f = {0};

		if (!begin_with_import(&f, ALL_RSA))
			return;
		connect_to(&f, make_profile(FILES), FALSE);
		until(g_file_test(f.base, G_FILE_TEST_EXISTS));
		if (i == 0)
			go_down(&f);
		end_with_import(&f);
	}
}

/* The gateway's key is of another kind than its authority's: pluto says so, once. */
static void
test_other_policy(void)
{
	Fixture f = {0};

	if (!begin_with_import(&f, EC_RSA))
		return;
	connect_with(&f, FILES);
	assert_conf_has(&f, "\tsendca=all\n");
	assert_conf_has(&f, "\tleftauth=ecdsa\n");
	assert_conf_has(&f, "\trightauth=rsasig\n");
	says(&f, OTHER_POLICY);
	g_assert_cmpuint(f.n_failed, ==, 0);
	next_pluto(&f);
	assert_conf_has(&f, "\tleftauth=ecdsa\n");
	assert_conf_has(&f, "\trightauth=ecdsa\n");
	updown(&f, "up-client", LEASE, NET);
	g_assert_cmpuint(f.n_reports, ==, 1);
	go_down(&f);
	end_with_import(&f);
}

/* Whoever answers in the gateway's place has proven nothing by that: what was up is tried again as
 * it was. */
static void
test_other_policy_after_tunnel(void)
{
	Fixture f = {0};

	if (!begin_with_import(&f, EC_RSA))
		return;
	connect_with(&f, FILES);
	updown(&f, "up-client", LEASE, NET);
	g_assert_cmpuint(f.n_reports, ==, 1);
	updown(&f, "down-client", LEASE, NET);
	next_pluto(&f);
	says(&f, OTHER_POLICY);
	assert_conf_has(&f, "\trightauth=rsasig\n");
	updown(&f, "up-client", LEASE, NET); /* the gateway itself has answered after all */
	assert_logged("message: Office: reconnected after *");
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 2);
	go_down(&f);
	end_with_import(&f);
}

static void
test_other_policy_again(void)
{
	Fixture f = {0};

	if (!begin_with_import(&f, EC_RSA))
		return;
	connect_with(&f, FILES);
	says(&f, OTHER_POLICY);
	next_pluto(&f);
	says(&f, OTHER_POLICY);
	test_clock_advance(MACHINE_DOUBT_MS);
	await_failure(&f, FAILURE_CONNECT, "the gateway's key is of another kind*");
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 2);
	end_with_import(&f);
}

/* Down while the one is being ended for the other. */
static void
test_other_policy_down(void)
{
	Fixture f = {0};

	if (!begin_with_import(&f, EC_RSA))
		return;
	connect_with(&f, FILES);
	fake_send(f.pluto, "log %s", OTHER_POLICY);
	tunnel_disconnect(f.tunnel);
	until(tunnel_is_idle(f.tunnel));
	end_with_import(&f);
}

/* Where an RSA key has left it to libreswan there is nothing else to try. */
static void
test_no_other_policy(void)
{
	Fixture f = {0};

	if (!begin_with_import(&f, ALL_RSA))
		return;
	connect_with(&f, FILES);
	says(&f, OTHER_POLICY);
	test_clock_advance(MACHINE_DOUBT_MS);
	await_failure(&f, FAILURE_CONNECT, "the gateway's key is of another kind*");
	g_assert_cmpuint(fake_libreswan_count(f.fake, "pluto"), ==, 1);
	end_with_import(&f);
}

#define ADD(name, test) g_test_add_func("/tunnel/" name, test)

int
main(int argc, char **argv)
{
	no_netns = fake_uplink_enter();
	g_setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
	g_test_init(&argc, &argv, NULL);
	log_capture_start();
	ADD("life", test_life);
	ADD("modes", test_modes);
	ADD("libreswan-4", test_libreswan_4);
	ADD("interface-number", test_interface_number);
	ADD("same-report", test_same_report);
	ADD("another-address", test_another_address);
	ADD("same-address-again", test_same_address_again);
	ADD("refused", test_refused);
	ADD("first-reason", test_first_reason);
	ADD("doubts-are-refuted", test_doubts_are_refuted);
	ADD("doubts-after-an-answer", test_doubts_after_an_answer);
	ADD("silence-without-psk", test_silence_without_psk);
	ADD("strangers", test_strangers);
	ADD("wrong-key-while-recovering", test_wrong_key_while_recovering);
	ADD("login-in-the-last-moment", test_login_in_the_last_moment);
	ADD("blocked", test_blocked);
	ADD("connect-while-blocked", test_connect_while_blocked);
	ADD("silent-gateway", test_silent_gateway);
	ADD("slow-start", test_slow_start);
	ADD("gateway-stops-answering", test_gateway_stops_answering);
	ADD("pluto-exits", test_pluto_exits);
	ADD("pluto-aborts", test_pluto_aborts);
	ADD("pluto-exits-while-up", test_pluto_exits_while_up);
	ADD("pluto-hangs", test_pluto_hangs);
	ADD("pluto-does-not-go", test_pluto_does_not_go);
	ADD("last-words", test_last_words);
	ADD("no-version", test_no_version);
	ADD("no-interface-with-5.0", test_no_interface_with_5_0);
	ADD("guard/none", test_no_guard);
	ADD("guard/not-needed", test_no_guard_needed);
	ADD("guard/other-command", test_other_command);
	ADD("guard/other-command-at-the-end", test_other_command_at_the_end);
	ADD("unsupported", test_unsupported);
	ADD("no-nss-database", test_no_nss_database);
	ADD("pluto-does-not-start", test_pluto_does_not_start);
	ADD("host-check-refuses", test_host_check_refuses);
	ADD("beside-others", test_beside_others);
	ADD("own-reqid", test_own_reqid);
	ADD("trial/passes", test_trial);
	ADD("trial/fails", test_trial_fails);
	ADD("trial/disconnect", test_disconnect_while_on_trial);
	ADD("flush-not-seen", test_flush_not_seen);
	ADD("disconnect/asking-version", test_disconnect_while_asking_version);
	ADD("disconnect/making-database", test_disconnect_while_making_database);
	ADD("disconnect/connecting", test_disconnect_while_connecting);
	ADD("disconnect/stopping", test_disconnect_while_stopping);
	ADD("disconnect/waiting", test_disconnect_while_waiting);
	ADD("disconnect/recovering", test_disconnect_while_recovering);
	ADD("disconnect/asking", test_disconnect_while_asking);
	ADD("connect-while-cleaning", test_connect_while_cleaning);
	ADD("connect-while-cleaning/same", test_same_connect_while_cleaning);
	ADD("free/up", test_free_while_up);
	ADD("free/any-time", test_free_at_any_time);
	ADD("back-off", test_back_off);
	ADD("flaps", test_flaps);
	ADD("recovery-ends", test_recovery_ends);
	ADD("bad-name", test_bad_name);
	ADD("recovering/refused", test_refused_while_recovering);
	ADD("recovering/login-refused", test_login_refused_while_recovering);
	ADD("ask", test_ask);
	ADD("asks-nobody-when-persistent", test_asks_nobody_when_persistent);
	ADD("first-password-refused", test_first_password_refused);
	ADD("codes/rounds", test_codes);
	ADD("codes/refused", test_code_refused);
	ADD("codes/unanswered", test_code_unanswered);
	ADD("codes/in-recovery", test_code_in_recovery);
	ADD("codes/after-up", test_code_after_up);
	ADD("codes/none", test_no_codes);
	ADD("nobody-answers", test_nobody_answers);
	ADD("same-answer", test_same_answer);
	ADD("psk-is-not-asked-for", test_psk_is_not_asked_for);
	ADD("dns-in-a-later-lan", test_dns_in_a_later_lan);
	ADD("dns-in-a-lan-while-lost", test_dns_in_a_lan_while_lost);
	ADD("other-address-without-interface", test_other_address_without_interface);
	ADD("secrets-unasked", test_secrets_unasked);
	ADD("log/lost", test_lost_by_log);
	ADD("log/another-lease", test_another_lease_by_log);
	ADD("log/xauth-again", test_xauth_again);
	ADD("log/noise", test_noise_while_up);
	ADD("several/lose-part", test_lose_part);
	ADD("several/one-goes-down", test_one_goes_down);
	ADD("several/cannot-revive", test_cannot_revive);
	ADD("several/siblings", test_siblings);
	ADD("site", test_site);
	ADD("on-demand", test_on_demand);
	ADD("flushed-on-demand", test_flushed_on_demand);
	ADD("flushed-between-nets", test_flushed_between_nets);
	ADD("uplink/flaps", test_uplink_flaps);
	ADD("uplink/away-for-long", test_uplink_away_for_long);
	ADD("uplink/none-while-recovering", test_no_uplink_while_recovering);
	ADD("uplink/none-until-the-end", test_no_uplink_until_the_end);
	ADD("uplink/another", test_another_uplink);
	ADD("uplink/route", test_uplink_route);
	ADD("uplink/lan-within", test_lan_within);
	ADD("uplink/mtu", test_mtu);
	ADD("gateway-by-name", test_gateway_by_name);
	ADD("gateway/without-address", test_gateway_without_address);
	ADD("gateway/without-route", test_gateway_without_route);
	ADD("listen", test_listen);
	ADD("port/taken", test_port_taken);
	ADD("port/taken-before", test_port_taken_before);
	ADD("port/of-another-address", test_port_of_another_address);
	ADD("port/everywhere", test_port_of_another_address_everywhere);
	ADD("port/stolen", test_port_stolen);
	ADD("port/stolen-each-time", test_port_stolen_each_time);
	ADD("port/stolen-while-connecting", test_port_stolen_while_connecting);
	ADD("name/before", test_name_before);
	ADD("name/just-before", test_name_just_before);
	ADD("name/while-connecting", test_name_while_connecting);
	ADD("name/while-up", test_name_while_up);
	ADD("name/at-the-end", test_name_at_the_end);
	ADD("interface/removed", test_interface_removed);
	ADD("interface/removed-while-connecting", test_interface_removed_while_connecting);
	ADD("interface/set-down", test_interface_set_down);
	ADD("interface/down-before-report", test_interface_down_before_report);
	ADD("kernel/policies-flushed", test_policies_flushed);
	ADD("kernel/sweep", test_sweep);
	ADD("files/up", test_files);
	ADD("files/at-fault", test_files_at_fault);
	ADD("files/ask-passphrase", test_files_ask_passphrase);
	ADD("files/wrong-passphrases", test_files_wrong_passphrases);
	ADD("files/nobody-answers-passphrase", test_nobody_answers_passphrase);
	ADD("files/passphrase-unanswered", test_passphrase_unanswered);
	ADD("files/of-wrong-kind", test_files_of_wrong_kind);
	ADD("files/cancelled", test_files_cancelled);
	ADD("files/other-policy", test_other_policy);
	ADD("files/other-policy-after-tunnel", test_other_policy_after_tunnel);
	ADD("files/other-policy-again", test_other_policy_again);
	ADD("files/other-policy-down", test_other_policy_down);
	ADD("files/no-other-policy", test_no_other_policy);
	return g_test_run();
}
