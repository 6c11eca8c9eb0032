/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "libreswan.h"
#include "pluto-log.h"

static void
test_kinds(void)
{
	static const struct {
		const char *line;
		PlutoLogKind kind;
	} rows[] = {
		{"Nov 23 13:43:03.971396: listening for IKE messages", PLUTO_LOG_READY},
		{"Nov 23 13:43:05.120001: \"vpn\" #1: non-CIDR Traffic Selector range "
		 "10.20.0.1-10.20.0.9 is not supported (address range is not a subnet)",
		 PLUTO_LOG_REFUSED},
		{"\"vpn\" #3: Expecting MODE_CFG_SET, got 1 instead.", PLUTO_LOG_XAUTH_AGAIN},
		{"\"vpn\" #3: expecting MODE_CFG_SET, got ISAKMP_CFG_REQUEST instead; message ignored.",
		 PLUTO_LOG_XAUTH_AGAIN},
		{"Nov 23 13:43:05.120001: \"vpn\" #2: up-client command too long!", PLUTO_LOG_REFUSED},
		{"\"vpn\" #2: up-client command exited with status 137", PLUTO_LOG_REFUSED},
		{"\"vpn\" #2: up-client-v6 command exited with signal 9", PLUTO_LOG_REFUSED},
		{"Nov 23 13:43:03.964118:   3DES_CBC           [*192]         IKEv1: IKE ESP",
		 PLUTO_LOG_NOISE},
		{"", PLUTO_LOG_NOISE},
		/* One for each address of the host. */
		{"skipping interface lo with 127.0.0.1", PLUTO_LOG_NOISE},
		{"\"vpn\" #1: XAUTH status: FAIL", PLUTO_LOG_LOGIN_REFUSED},
		{"\"vpn\" #1: IKE SA authentication request rejected by peer: AUTHENTICATION_FAILED",
		 PLUTO_LOG_LOGIN_REFUSED},
		{"\"vpn\" #1: received and ignored notification payload: NO_PROPOSAL_CHOSEN",
		 PLUTO_LOG_REFUSED},
		{"\"vpn\" #1: length of ISAKMP Identification Payload is larger than can fit",
		 PLUTO_LOG_GARBLED},
		{"\"vpn\" #1: malformed payload in packet", PLUTO_LOG_GARBLED},
		{"\"vpn\": failed to add IKEv1 connection: global ikev1-policy does not allow IKEv1 "
		 "connections",
		 PLUTO_LOG_INVALID},
		{"\"vpn\": failed to add connection: host address family unknown", PLUTO_LOG_UNREACHABLE},
		{"\"vpn\": failed to add connection: replay-window=5000 exceeds XFRM limit of 4096",
		 PLUTO_LOG_INVALID},
		{"\"vpn\": we cannot identify ourselves with either end of this connection.  192.0.2.9 or "
		 "203.0.113.1 are not usable",
		 PLUTO_LOG_BROKEN},
		{"ERROR: bind uplink0 UDP endpoint 192.0.2.2:500 failed, bind(): Address already in use "
		 "(errno 98)",
		 PLUTO_LOG_BROKEN},
		{"no public interfaces found", PLUTO_LOG_UNREACHABLE},
		{"ERROR: asynchronous network error report on uplink0 (192.0.2.2:500), complainant "
		 "192.0.2.1: Message too long [errno 90, origin ICMP type 3 code 4 (not authenticated)]",
		 PLUTO_LOG_OTHER},
		{"FATAL ERROR: NSS: initialization using read-only database", PLUTO_LOG_BROKEN},
		{"\"vpn\" #1: sent Main Mode I2", PLUTO_LOG_ANSWERED},
		{"\"vpn\" #1: something that nobody knows", PLUTO_LOG_OTHER},
		/* New keys are no loss: 4.10 and 5.2, at the gateway's wish and at ours. */
		{"\"vpn\" #1: the peer proposed: 10.30.1.1/32===10.20.0.0/24", PLUTO_LOG_OTHER},
		{"\"vpn\" #3: responding to Quick Mode proposal {msgid:15e7680c} using ISAKMP SA #1",
		 PLUTO_LOG_OTHER},
		{"\"vpn\" #4: sent Quick Mode request, to replace #3", PLUTO_LOG_OTHER},
		{"\"vpn\"[1] 203.0.113.1 #3: responder rekeyed Child SA #2 using #1; IPsec tunnel "
		 "[10.30.1.1-10.30.1.1:0-65535 0] -> [10.20.0.0-10.20.0.255:0-65535 0]",
		 PLUTO_LOG_OTHER},
		{"\"vpn\"[1] 203.0.113.1 #4: responder rekeyed IKE SA #1 {cipher=AES_CBC_256}",
		 PLUTO_LOG_OTHER},
		{"\"vpn\"[1] 203.0.113.1 #1: deleting state (STATE_V2_ESTABLISHED_IKE_SA) aged 14.334164s "
		 "and NOT sending notification",
		 PLUTO_LOG_OTHER},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		PlutoLogLine line = pluto_log_parse(rows[i].line);

		g_test_message("%s", rows[i].line);
		g_assert_cmpint(line.kind, ==, rows[i].kind);
	}
}

static void
test_lease(void)
{
	PlutoLogLine line = pluto_log_parse("\"vpn\" #1: Received IPv4 address: 10.30.1.1/32");

	g_assert_cmpint(line.kind, ==, PLUTO_LOG_LEASE);
	g_assert_cmpstr(pluto_log_address(&line), ==, "10.30.1.1/32");
	line = pluto_log_parse("\"vpn\" #1: Received IPv4 address: ");
	g_assert_cmpstr(pluto_log_address(&line), ==, "");
}

static void
test_time_is_cut(void)
{
	g_assert_cmpstr(pluto_log_parse("Nov 23 13:43:03.971396: \"vpn\" #1: x").text, ==,
					"\"vpn\" #1: x");
	g_assert_cmpstr(pluto_log_parse("\"vpn\" #1: a: b").text, ==, "\"vpn\" #1: a: b");
	g_assert_cmpstr(pluto_log_parse("x").text, ==, "x");
}

static void
test_version(void)
{
	guint major = 0, minor = 0;

	g_assert_true(libreswan_parse_version("Libreswan 4.10", &major, &minor));
	g_assert_cmpuint(major, ==, 4);
	g_assert_cmpuint(minor, ==, 10);
	g_assert_true(libreswan_parse_version("Libreswan v5.2-1-gabc", &major, &minor));
	g_assert_cmpuint(major, ==, 5);
	g_assert_cmpuint(minor, ==, 2);
	g_assert_false(libreswan_parse_version("Linux strongSwan U6.0.1", &major, &minor));
	g_assert_false(libreswan_parse_version("Libreswan ", &major, &minor));
	g_assert_false(libreswan_parse_version("Libreswan -4.1", &major, &minor));
	g_assert_cmpuint(major, ==, 5);
}

static void
test_supports_interface(void)
{
	static const struct {
		guint major, minor;
		gboolean ok;
	} rows[] = {{4, 10, TRUE}, {4, 15, TRUE}, {5, 0, FALSE},
				{5, 1, FALSE}, {5, 2, TRUE},  {6, 0, TRUE}};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const Libreswan libreswan = {.major = rows[i].major, .minor = rows[i].minor};
		g_autoptr(GError) error = NULL;

		g_assert_cmpint(libreswan_supports_interface(&libreswan, &error), ==, rows[i].ok);
		g_assert_cmpint(error == NULL, ==, rows[i].ok);
	}
}

static void
test_missing(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(libreswan_new("/nonexistent", &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
	g_assert_nonnull(strstr(error->message, "/nonexistent/pluto"));
}

static void
test_connection(void)
{
	static const struct {
		const char *line, *connection;
	} rows[] = {
		{"\"vpn/1x2\" #3: connection is supposed to remain up", "vpn/1x2"},
		{"Nov 23 13:43:03.964105: \"vpn\"[1] 203.0.113.1 #3: anything", "vpn"},
		{"loading secrets from \"/run/x\"", NULL},
		{"\"vpn", NULL},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		PlutoLogLine line = pluto_log_parse(rows[i].line);
		g_autofree char *connection = pluto_log_connection(&line);

		g_assert_cmpstr(connection, ==, rows[i].connection);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pluto-log/kinds", test_kinds);
	g_test_add_func("/pluto-log/lease", test_lease);
	g_test_add_func("/pluto-log/time-is-cut", test_time_is_cut);
	g_test_add_func("/libreswan/version", test_version);
	g_test_add_func("/libreswan/supports-interface", test_supports_interface);
	g_test_add_func("/libreswan/missing", test_missing);
	g_test_add_func("/pluto-log/connection", test_connection);
	return g_test_run();
}
