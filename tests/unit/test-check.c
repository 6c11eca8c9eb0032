/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole of --check, with a libreswan and an uplink of the test's own. */
#include "config.h"

#include "check.h"

#include <netinet/in.h>
#include <string.h>

#include "fake-libreswan.h"
#include "fake-uplink.h"
#include "make-profile.h"

#define UUID "6f1c3a5e-57a5-4bd8-8d4c-0f7a3a1b2c3d"
#define PSK  "a key of some length"
/* Without an interface: this kernel may have none. */
#define PROFILE                                                                                    \
	"right=" UPLINK_GATEWAY "\nikev2=insist\nrightsubnet=10.20.0.0/24\nipsec-interface=no\n"       \
	"leftmodecfgclient=no"

static const char *no_world;

typedef struct {
	FakeLibreswan *fake;
	GString *said;
	guint16 probe_port;
	int status;
} Fixture;

static void
set_up(Fixture *f, gconstpointer unused)
{
	if (skipped(no_world))
		return;
	f->fake = fake_libreswan_new();
	f->said = g_string_new(NULL);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	if (!f->fake)
		return;
	g_string_free(f->said, TRUE);
	fake_libreswan_free(f->fake);
}

static void
take(const char *line, gpointer user_data)
{
	g_string_append(user_data, line);
}

/* @lines: KEY=VALUE, of vpn.data and vpn.secrets. */
static NMConnection *
make_connection(const char *lines)
{
	NMConnection *connection = nm_simple_connection_new();
	NMSetting *s_con = nm_setting_connection_new();
	NMSettingVpn *s_vpn = NM_SETTING_VPN(nm_setting_vpn_new());
	g_auto(GStrv) each = g_strsplit(lines, "\n", -1);

	g_object_set(s_con, NM_SETTING_CONNECTION_ID, "Office", NM_SETTING_CONNECTION_UUID, UUID, NULL);
	g_object_set(s_vpn, NM_SETTING_VPN_SERVICE_TYPE, "org.freedesktop.NetworkManager.libreswan",
				 NULL);
	for (char **line = each; *line; line++) {
		char *equals = strchr(*line, '=');
		const Option *option;

		if (!equals)
			continue;
		*equals = '\0';
		option = option_find(*line);
		if (option && option->flags & OPTION_SECRET_KEY)
			nm_setting_vpn_add_secret(s_vpn, *line, equals + 1);
		else
			nm_setting_vpn_add_data_item(s_vpn, *line, equals + 1);
	}
	nm_connection_add_setting(connection, s_con);
	nm_connection_add_setting(connection, NM_SETTING(s_vpn));
	return connection;
}

static void
run_with(Fixture *f, const char *lines, const char *libreswan_dir)
{
	g_autoptr(NMConnection) connection = make_connection(lines);
	g_autoptr(CheckReport) report = check_report_new(take, f->said);

	g_string_truncate(f->said, 0);
	f->status = check_run(report, &(CheckParams){
									  .connection = connection,
									  .has_secrets = TRUE,
									  .libreswan_dir = libreswan_dir,
									  .guard = BUILDDIR "/.libs/pluto-guard.so",
									  .helper = BUILDDIR "/nm-libreswan-service-helper",
									  .base = "/nonexistent/run",
									  .probe_port = f->probe_port,
								  });
	g_test_message("%s", f->said->str);
	g_assert_null(strstr(f->said->str, PSK)); /* whatever comes */
}

static void
run(Fixture *f, const char *lines)
{
	run_with(f, lines, fake_libreswan_directory(f->fake));
}

#define assert_says(f, pattern)                                                                    \
	do {                                                                                           \
		if (!g_pattern_match_simple("*" pattern "*", (f)->said->str))                              \
			g_error("%s: not said: %s: %s", G_STRLOC, pattern, (f)->said->str);                    \
	} while (0)

#define assert_silent(f, text) g_assert_null(strstr((f)->said->str, text))

static void
test_good(Fixture *f, gconstpointer unused)
{
	if (!f->fake)
		return;
	run(f, PROFILE "\npskvalue=" PSK);
	assert_says(f, "Connection \"Office\" " UUID "\n");
	assert_says(f, "  to " UPLINK_GATEWAY " with IKEv2, without an interface (policies)\n");
	assert_says(f, "\n  libreswan 5.2 in ");
	assert_says(f, "\n  it loads the guard library ");
	assert_says(f, "\n  " UPLINK_GATEWAY ", by up0 from " UPLINK_ME "\n");
	assert_says(f, "\n  conn vpn\n      right=" UPLINK_GATEWAY "\n");
	assert_says(f, "\n      left=" UPLINK_ME "\n");
	assert_says(f, "\n      leftupdown=\"*/nm-libreswan-service-helper /nonexistent/run/" UUID
				   "/updown-1\"\n");
	assert_says(f, "\n  no other IPsec tunnel is up\n");
	assert_says(f, "\n  UDP ports 500 and 4500 are free\n");
	assert_silent(f, "problem: ");
	g_assert_true(g_str_has_suffix(f->said->str, "\nNo problem was found.\n"));
	g_assert_cmpint(f->status, ==, CHECK_GOOD);
	/* It was asked for its version, and no more. */
	g_assert_cmpuint(fake_libreswan_count(f->fake, "version"), ==, 1);
	g_assert_cmpuint(fake_libreswan_count(f->fake, "pluto"), ==, 0);
	g_assert_cmpuint(fake_libreswan_count(f->fake, "certutil"), ==, 0);
}

static void
test_bad_profile(Fixture *f, gconstpointer unused)
{
	if (!f->fake)
		return;
	run(f, "right=" UPLINK_GATEWAY "\nno-such-key=1\npskvalue=" PSK);
	assert_says(f, "\n  problem: *no-such-key");
	g_assert_true(g_str_has_suffix(f->said->str, "\nProblems: 1.\n"));
	g_assert_cmpint(f->status, ==, CHECK_PROBLEMS);
	g_assert_cmpuint(fake_libreswan_count(f->fake, "version"), ==, 0);
}

static void
test_warnings(Fixture *f, gconstpointer unused)
{
	if (!f->fake)
		return;
	run(f, PROFILE "\nike=aes256-sha1;modp1024\nrightid=%fromcert\nleftcert=me");
	assert_says(f, "warning: *%fromcert");
	assert_says(f, "warning: ike: modp1024 ");
	g_assert_cmpint(f->status, ==, CHECK_GOOD);
	run(f, PROFILE);
	assert_says(f, "warning: pskvalue is needed and not stored");
	run(f, PROFILE "\npskvalue-flags=2");
	assert_says(f, "  pskvalue is asked for each time\n");
	run(f, PROFILE "\npskvalue-flags=1");
	assert_says(f, "  pskvalue is kept by the user's keyring\n");
}

static void
test_libreswan(Fixture *f, gconstpointer unused)
{
	if (!f->fake)
		return;
	run_with(f, PROFILE "\npskvalue=" PSK, "/nonexistent");
	assert_says(f, "\n  problem: /nonexistent/pluto is not there ");
	assert_says(f, "ipsec.conf for libreswan 5.2");
	g_assert_cmpint(f->status, ==, CHECK_PROBLEMS);

	/* Of an interface, which it has no use for. */
	fake_libreswan_script(f->fake, "version", "out Libreswan 5.1|exit 0");
	run(f, "right=" UPLINK_GATEWAY "\nikev2=insist\npskvalue=" PSK);
	assert_says(f, "\n  problem: libreswan 5.1 puts addresses on an XFRM interface by itself");
	g_assert_cmpint(f->status, ==, CHECK_PROBLEMS);

	fake_libreswan_script(f->fake, "version", "out Openswan|exit 0");
	run(f, PROFILE "\npskvalue=" PSK);
	assert_says(f, "libreswan\n  problem: ");
	g_assert_cmpint(f->status, ==, CHECK_PROBLEMS);
}

/* What this version cannot write is a problem of the file. */
static void
test_unsupported(Fixture *f, gconstpointer unused)
{
	if (!f->fake)
		return;
	fake_libreswan_script(f->fake, "version", "out Libreswan 4.10|exit 0");
	run(f, "right=" UPLINK_GATEWAY "\nikev2=insist\nipsec-interface=no\nleftmodecfgclient=no\n"
		   "rightsubnet=10.1.0.0/16,10.2.0.0/16\npskvalue=" PSK);
	assert_says(f, "ipsec.conf for libreswan 4.10 *\n  problem: ");
	g_assert_cmpint(f->status, ==, CHECK_PROBLEMS);
}

static void
test_no_route(Fixture *f, gconstpointer unused)
{
	if (!f->fake)
		return;
	ip("route del default");
	run(f, PROFILE "\npskvalue=" PSK);
	ip(UPLINK_ROUTE);
	assert_says(f, "The gateway\n  problem: ");
	/* The rest is said all the same. */
	assert_says(f, "\n  conn vpn\n");
	g_assert_cmpint(f->status, ==, CHECK_PROBLEMS);
}

/* Whatever the gateway would say (test-ike-probe.c): what is asked is not what aggressive mode
 * would, and what cannot be asked is no problem of the connection. */
static void
test_probe(Fixture *f, gconstpointer unused)
{
	if (!f->fake)
		return;
	f->probe_port = 500;
	run(f, PROFILE "\npskvalue=" PSK "\nike=aes256-hmac_sha2_256_truncbug;modp2048");
	assert_says(f, "The gateway\n*\n  warning: not asked: ike=*truncbug");
	assert_silent(f, "aggressive mode");
	g_assert_cmpint(f->status, ==, CHECK_GOOD);
	run(f, "right=" UPLINK_GATEWAY "\nikev2=never\naggressive=yes\nleftid=@me\nipsec-interface=no\n"
		   "rightsubnet=10.20.0.0/"
		   "24\nleftxauthusername=me\nike=aes256-hmac_sha2_256_truncbug;modp2048");
	assert_says(f, "The gateway\n*\n  warning: the probe asks in main mode; aggressive *");
	assert_says(f, "\n  warning: not asked: ike=*truncbug");
	g_assert_cmpint(f->status, ==, CHECK_GOOD);
}

#define ADD(name, test) g_test_add("/check/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
	no_world = fake_uplink_enter();
	g_test_init(&argc, &argv, NULL);
	ADD("good", test_good);
	ADD("bad-profile", test_bad_profile);
	ADD("warnings", test_warnings);
	ADD("libreswan", test_libreswan);
	ADD("unsupported", test_unsupported);
	ADD("no-route", test_no_route);
	ADD("probe", test_probe);
	return g_test_run();
}
