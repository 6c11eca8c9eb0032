/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "libreswan.h"
#include "pluto-log-places.h"
#include "pluto-log.h"

/* As of a pluto that has begun #1 and #2. */
static PlutoLogLine
take(const char *text)
{
	static PlutoLog *log;

	g_clear_pointer(&log, pluto_log_free);
	log = pluto_log_new();
	for (guint i = 0; i < G_N_ELEMENTS(pluto_log_before); i++)
		pluto_log_take(log, pluto_log_before[i]);
	return pluto_log_take(log, text);
}

/* As of one that has only begun: what it says of the profile and of the host counts then. */
static PlutoLogLine
take_early(const char *text)
{
	static PlutoLog *log;

	g_clear_pointer(&log, pluto_log_free);
	log = pluto_log_new();
	pluto_log_take(log, "\"vpn\" #1: initiating IKEv2 connection");
	return pluto_log_take(log, text);
}

/* As of one that has sent the third message of Main Mode. */
static PlutoLogLine
take_keyed(const char *text)
{
	static PlutoLog *log;

	g_clear_pointer(&log, pluto_log_free);
	log = pluto_log_new();
	pluto_log_take(log, "\"vpn\" #1: initiating IKEv1 Main Mode connection");
	pluto_log_take(log, "\"vpn\" #1: sent Main Mode I3");
	return pluto_log_take(log, text);
}

static void
test_kinds(void)
{
	static const struct {
		const char *line;
		PlutoLogKind kind;
		gboolean authenticated;
	} rows[] = {
		{"Nov 23 13:43:03.971396: listening for IKE messages", PLUTO_LOG_OTHER, FALSE},
		{"Nov 23 13:43:05.120001: \"vpn\" #1: non-CIDR Traffic Selector range "
		 "10.20.0.1-10.20.0.9 is not supported (address range is not a subnet)",
		 PLUTO_LOG_REFUSED, TRUE},
		{"\"vpn\" #3: Expecting MODE_CFG_SET, got 1 instead.", PLUTO_LOG_XAUTH_AGAIN, TRUE},
		{"\"vpn\" #3: expecting MODE_CFG_SET, got ISAKMP_CFG_REQUEST instead; message ignored.",
		 PLUTO_LOG_XAUTH_AGAIN, TRUE},
		{"Nov 23 13:43:05.120001: \"vpn\" #2: up-client command too long!", PLUTO_LOG_REFUSED,
		 TRUE},
		{"\"vpn\" #2: up-client command exited with status 137", PLUTO_LOG_REFUSED, TRUE},
		{"\"vpn\" #2: up-client-v6 command exited with signal 9", PLUTO_LOG_REFUSED, TRUE},
		{"\"vpn\": prepare-host command exited with status 127", PLUTO_LOG_REFUSED, TRUE},
		{"Nov 23 13:43:03.964118:   3DES_CBC           [*192]         IKEv1: IKE ESP",
		 PLUTO_LOG_NOISE, FALSE},
		{"", PLUTO_LOG_NOISE, FALSE},
		{"\"vpn\":   1:IKE=AES_GCM_C_256-HMAC_SHA2_512", PLUTO_LOG_NOISE, FALSE},
		{"\"vpn\": Child SA proposals (connection add):", PLUTO_LOG_NOISE, FALSE},
		{"addconn: \"vpn\" #1: initiating IKEv2 connection", PLUTO_LOG_NOISE, FALSE},
		/* Nobody hides among it. */
		{"\"vpn\" #1: Peer ID is ID_FQDN: '@FIPS impair | addconn: :IKE='", PLUTO_LOG_OTHER, FALSE},
		{"\"vpn\": prepare-host output: :IKE= watchdog:", PLUTO_LOG_OTHER, FALSE},
		{"\"vpn\" #1: Received Cisco XAUTH status: FAIL", PLUTO_LOG_LOGIN_REFUSED, TRUE},
		{"\"vpn\" #1: XAUTH: aborting entire IKE Exchange", PLUTO_LOG_LOGIN_REFUSED, TRUE},
		{"\"vpn\" #1: XAUTH password requested, but no file descriptor available for prompt",
		 PLUTO_LOG_LOGIN_REFUSED, TRUE},
		{"\"vpn\" #1: IKE SA authentication request rejected by peer: AUTHENTICATION_FAILED",
		 PLUTO_LOG_LOGIN_REFUSED, FALSE},
		{"\"vpn\" #1: IKE SA authentication request rejected by peer: INVALID_SYNTAX",
		 PLUTO_LOG_REFUSED, FALSE},
		{"\"vpn\" #1: Peer ID '@other.example' mismatched on first found connection and no better "
		 "connection found",
		 PLUTO_LOG_REFUSED, FALSE},
		{"\"vpn\" #2: CHILD SA failed: TS_UNACCEPTABLE", PLUTO_LOG_REFUSED, TRUE},
		{"\"vpn\" #1: private key matching CKAID '0ab1' not found: can't find the private key "
		 "matching the NSS CKAID",
		 PLUTO_LOG_BROKEN, TRUE},
		{"\"vpn\" #1: unable to locate my private key for RSA Signature", PLUTO_LOG_BROKEN, TRUE},
		{"addconn: Failed to load connection left= is not set", PLUTO_LOG_INVALID, TRUE},
		{"addconn: ERROR: ipsec addconn: bad leftprotoport=udp/x", PLUTO_LOG_INVALID, TRUE},
		{"\"vpn\" #1: authentication failed: computed hash does not match hash received from peer "
		 "ID_FQDN '@gateway'",
		 PLUTO_LOG_LOGIN_REFUSED, FALSE},
		{"\"vpn\" #1: received Hash Payload does not match computed value", PLUTO_LOG_LOGIN_REFUSED,
		 FALSE},
		{"\"vpn\" #1: received and ignored notification payload: NO_PROPOSAL_CHOSEN",
		 PLUTO_LOG_REFUSED, FALSE},
		{"\"vpn\" #1: ignoring informational payload NO_PROPOSAL_CHOSEN, msgid=00000000, length=12",
		 PLUTO_LOG_REFUSED, FALSE},
		{"\"vpn\" #1: ignoring unsecured informational payload AUTHENTICATION_FAILED, length=12",
		 PLUTO_LOG_LOGIN_REFUSED, FALSE},
		{"\"vpn\" #1: ignoring secured informational payload INVALID_ID_INFORMATION, "
		 "msgid=b48fd5ae, length=12",
		 PLUTO_LOG_REFUSED, FALSE},
		{"\"vpn\" #1: dropping unexpected IKE_SA_INIT message containing NO_PROPOSAL_CHOSEN "
		 "notification; message payloads: N; missing payloads: SA,KE,Ni",
		 PLUTO_LOG_REFUSED, FALSE},
		{"\"vpn\"[1] 192.0.2.99 #1: ignoring IKE_SA_INIT response containing NO_PROPOSAL_CHOSEN "
		 "notification (Message ID 0; message payloads N, missing SA,KE,Ni)",
		 PLUTO_LOG_REFUSED, FALSE},
		{"\"vpn\" #2: IKE_AUTH response rejected Child SA with TS_UNACCEPTABLE", PLUTO_LOG_REFUSED,
		 TRUE},
		{"\"vpn\" #2: IKE_AUTH response rejected Child SA with SINGLE_PAIR_REQUIRED",
		 PLUTO_LOG_REFUSED, TRUE},
		{"\"vpn\" #2: IKE_AUTH response contained the error notification INTERNAL_ADDRESS_FAILURE",
		 PLUTO_LOG_REFUSED, FALSE},
		{"\"vpn\" #1: probable authentication failure (mismatch of preshared secrets?): malformed "
		 "payload in packet",
		 PLUTO_LOG_LOGIN_REFUSED, FALSE},
		{"\"vpn\" #1: malformed payload in packet", PLUTO_LOG_REFUSED, FALSE},
		{"\"vpn\" #1: IMPAIR: skipping revival of connection that is supposed to remain up",
		 PLUTO_LOG_LOST, TRUE},
		{"\"vpn\"[1] 2001:db8::1 #2: connection is supposed to remain up; revival attempt 1 "
		 "scheduled in 0 seconds",
		 PLUTO_LOG_LOST, TRUE},
		{"\"vpn\" #1: received Delete SA payload: replace IPsec State #2 now", PLUTO_LOG_LOST,
		 TRUE},
		{"\"vpn\": failed to add IKEv1 connection: global ikev1-policy does not allow IKEv1 "
		 "connections",
		 PLUTO_LOG_INVALID, TRUE},
		{"addconn: \"vpn\": failed to add connection: bad luck", PLUTO_LOG_INVALID, TRUE},
		{"\"vpn\": failed to add connection: host address family unknown", PLUTO_LOG_UNREACHABLE,
		 TRUE},
		{"\"vpn\": failed to add connection: replay-window=5000 exceeds XFRM limit of 4096",
		 PLUTO_LOG_INVALID, TRUE},
		{"addconn: ERROR: /run/x/ipsec.conf: 12: keyword fragmentation, invalid value: maybe",
		 PLUTO_LOG_INVALID, TRUE},
		{"\"vpn\": we cannot identify ourselves with either end of this connection.  192.0.2.9 or "
		 "203.0.113.1 are not usable",
		 PLUTO_LOG_BROKEN, TRUE},
		{"ERROR: bind uplink0 UDP endpoint 192.0.2.2:500 failed, bind(): Address already in use "
		 "(errno 98)",
		 PLUTO_LOG_PORT_TAKEN, TRUE},
		{"ERROR: \"vpn\" #1: send on uplink0 from 192.0.2.2:500 to 203.0.113.1:500 using UDP "
		 "failed "
		 "in IKE_SA_INIT request: Network is unreachable (errno 101)",
		 PLUTO_LOG_UNREACHABLE, FALSE},
		{"no public interfaces found", PLUTO_LOG_UNREACHABLE, TRUE},
		{"\"vpn\" #1: ERROR: asynchronous network error report on uplink0 (192.0.2.2:500), "
		 "complainant 192.0.2.1: No route to host [errno 113, origin ICMP type 3 code 1 (not "
		 "authenticated)]",
		 PLUTO_LOG_UNREACHABLE, FALSE},
		/* Whose packet it was about is not known. */
		{"ERROR: asynchronous network error report on uplink0 (192.0.2.2:500), complainant "
		 "192.0.2.1: No route to host [errno 113, origin ICMP type 3 code 1 (not authenticated)]",
		 PLUTO_LOG_OTHER, FALSE},
		{"\"vpn\" #1: ERROR: asynchronous network error report on uplink0 (192.0.2.2:500), "
		 "complainant 192.0.2.1: Message too long [errno 90, origin ICMP type 3 code 4 (not "
		 "authenticated)]",
		 PLUTO_LOG_OTHER, FALSE},
		{"FATAL ERROR: NSS: initialization using read-only database", PLUTO_LOG_BROKEN, TRUE},
		{"\"vpn\" #1: sent Main Mode I2", PLUTO_LOG_ANSWERED, FALSE},
		{"\"vpn\" #1: IKE SA established {auth=PRESHARED_KEY cipher=AES_CBC_256}",
		 PLUTO_LOG_ANSWERED, TRUE},
		{"\"vpn\" #1: something that nobody knows", PLUTO_LOG_OTHER, FALSE},
		/* What the helper prints. */
		{"\"vpn\" #2: unroute-host output: RTNETLINK answers: Network is unreachable",
		 PLUTO_LOG_OTHER, FALSE},
		/* New keys are no loss: 4.10 and 5.2, at the gateway's wish and at ours. */
		{"\"vpn\" #1: the peer proposed: 10.30.1.1/32===10.20.0.0/24", PLUTO_LOG_OTHER, FALSE},
		{"\"vpn\" #3: responding to Quick Mode proposal {msgid:15e7680c} using ISAKMP SA #1",
		 PLUTO_LOG_OTHER, FALSE},
		{"\"vpn\" #4: sent Quick Mode request, to replace #3", PLUTO_LOG_OTHER, FALSE},
		{"\"vpn\"[1] 203.0.113.1 #3: responder rekeyed Child SA #2 using #1; IPsec tunnel "
		 "[10.30.1.1-10.30.1.1:0-65535 0] -> [10.20.0.0-10.20.0.255:0-65535 0]",
		 PLUTO_LOG_OTHER, FALSE},
		{"\"vpn\"[1] 203.0.113.1 #4: responder rekeyed IKE SA #1 {cipher=AES_CBC_256}",
		 PLUTO_LOG_OTHER, FALSE},
		{"\"vpn\"[1] 203.0.113.1 #1: deleting state (STATE_V2_ESTABLISHED_IKE_SA) aged 14.334164s "
		 "and NOT sending notification",
		 PLUTO_LOG_OTHER, FALSE},
		{"packet from 192.0.2.66:500: malformed payload in packet", PLUTO_LOG_STRANGER, FALSE},
		{"\"vpn\" #7: authentication failed: computed hash does not match hash received from peer "
		 "ID_FQDN '@gateway'",
		 PLUTO_LOG_STRANGER, FALSE},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		gboolean early = rows[i].kind == PLUTO_LOG_INVALID || rows[i].kind == PLUTO_LOG_BROKEN ||
						 rows[i].kind == PLUTO_LOG_PORT_TAKEN;
		PlutoLogLine line = early ? take_early(rows[i].line) : take(rows[i].line);

		g_test_message("%s", rows[i].line);
		g_assert_cmpint(line.kind, ==, rows[i].kind);
		g_assert_cmpint(line.authenticated, ==, rows[i].authenticated);
		/* What a person may be shown is never the line. */
		g_assert_true(!line.reason || !strstr(rows[i].line, line.reason));
	}
}

/* Which of this host's addresses has lost a port. */
static void
test_port_taken(void)
{
	static const char v4[] = "ERROR: bind up0 UDP endpoint 192.0.2.2:4500 failed, bind(): Address "
							 "already in use (errno 98)";
	static const char v6[] = "ERROR: bind up0 UDP endpoint [2001:db8::2]:4500 failed, bind(): "
							 "Address already in use (errno 98)";
	static const struct {
		const char *line, *address;
		gboolean is_about;
	} rows[] = {
		{v4, "192.0.2.2", TRUE},   {v4, "192.0.2.22", FALSE}, {v4, "92.0.2.2", FALSE},
		{v6, "2001:db8::2", TRUE}, {v6, "2001:db8::", FALSE}, {v6, "192.0.2.2", FALSE},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		PlutoLogLine line = take_early(rows[i].line);
		IpNet address;

		g_assert_true(ip_net_parse(&address, rows[i].address));
		g_assert_cmpint(line.kind, ==, PLUTO_LOG_PORT_TAKEN);
		g_assert_cmpint(pluto_log_is_about(&line, &address), ==, rows[i].is_about);
	}
}

/* Ways in which a negotiation fails, and what a person is told: as 4.10 and 5.2 write them. */
static void
test_failures(void)
{
	static const struct {
		const char *line;
		PlutoLogKind kind;
		gboolean authenticated;
		const char *reason; /* a part of it */
	} rows[] = {
		{"\"vpn\" #1: STATE_MAIN_I1: 60 second timeout exceeded after 7 retransmits.  No response "
		 "(or "
		 "no acceptable response) to our first IKEv1 message",
		 PLUTO_LOG_UNREACHABLE, FALSE, "does not answer"},
		{"\"vpn\" #1: STATE_V2_PARENT_I2: max number of retransmissions (8) reached after 60.5 "
		 "seconds.  Possible authentication failure: no acceptable response to our first encrypted "
		 "message",
		 PLUTO_LOG_REFUSED, FALSE, "UDP port 4500"},
		{"\"vpn\" #1: IKE_AUTH_I: 30 second timeout exceeded after 6 retransmits.  Possible "
		 "authentication failure: no acceptable response to our first encrypted message",
		 PLUTO_LOG_REFUSED, FALSE, "UDP port 4500"},
		{"\"vpn\" #2: STATE_QUICK_I1: 60 second timeout exceeded after 7 retransmits.  No "
		 "acceptable "
		 "response to our first Quick Mode message: perhaps peer likes no proposal",
		 PLUTO_LOG_REFUSED, FALSE, "esp="},
		{"\"vpn\" #1: STATE_MAIN_I2: 60 second timeout exceeded after 7 retransmits.  No response "
		 "(or "
		 "no acceptable response) to our IKEv1 message",
		 PLUTO_LOG_UNREACHABLE, FALSE, "any more"},
		{"\"vpn\" #1: x: 60 second timeout exceeded after 7 retransmits.  No response (or no "
		 "acceptable "
		 "response) to our IKEv1 message",
		 PLUTO_LOG_OTHER, FALSE, NULL},
		{"\"vpn\" #1: STATE_MAIN_I3: retransmission; will wait 0.5 seconds for response",
		 PLUTO_LOG_OTHER, FALSE, NULL},
		{"\"vpn\" #1: STATE_MAIN_I3: retransmission; will wait 4 seconds for response",
		 PLUTO_LOG_LOGIN_REFUSED, FALSE, "pre-shared key"},
		{"\"vpn\" #1: STATE_MAIN_I1: retransmission; will wait 4 seconds for response",
		 PLUTO_LOG_OTHER, FALSE, NULL},
		/* Before there is an SA it is about who we are, then about networks. */
		{"\"vpn\" #1: ignoring unsecured informational payload INVALID_ID_INFORMATION, length=12",
		 PLUTO_LOG_REFUSED, FALSE, "leftid="},
		{"\"vpn\" #1: ignoring informational payload UNSUPPORTED_EXCHANGE_TYPE, msgid=00000000, "
		 "length=12",
		 PLUTO_LOG_REFUSED, FALSE, "aggressive="},
		{"\"vpn\" #1: dropping unexpected IKE_SA_INIT message containing INVALID_MAJOR_VERSION "
		 "notification; message payloads: N; missing payloads: SA,KE,Ni",
		 PLUTO_LOG_REFUSED, FALSE, "ikev2="},
		{"\"vpn\" #1: IKE SA authentication request rejected by peer: INVALID_CERTIFICATE",
		 PLUTO_LOG_LOGIN_REFUSED, FALSE, "certificate"},
		{"\"vpn\" #1: Discarding unauthenticated INVALID_KE_PAYLOAD response to DH MODP2048; "
		 "suggested "
		 "DH DH20 is not acceptable",
		 PLUTO_LOG_REFUSED, FALSE, "Diffie-Hellman"},
		{"\"vpn\" #1: X509: CERT payload bogus or revoked", PLUTO_LOG_REFUSED, FALSE,
		 "certificate is not valid"},
		{"\"vpn\" #1: NSS: ERROR: IPsec certificate CN=gw,O=Lab,C=DE invalid: "
		 "SEC_ERROR_EXPIRED_CERTIFICATE: Peer's Certificate has expired.",
		 PLUTO_LOG_REFUSED, FALSE, "expired"},
		{"\"vpn\" #1: NSS: ERROR: IPsec certificate CN=gw invalid: SEC_ERROR_UNKNOWN_ISSUER: "
		 "Peer's "
		 "Certificate issuer is not recognized.",
		 PLUTO_LOG_REFUSED, FALSE, "another authority"},
		/* What the certificate itself says is no part of it. */
		{"\"vpn\" #1: NSS: ERROR: IPsec certificate CN=x invalid: SEC_ERROR_EXPIRED_CERTIFICATE "
		 "invalid: "
		 "SEC_ERROR_REVOKED_CERTIFICATE: Peer's Certificate has been revoked.",
		 PLUTO_LOG_REFUSED, FALSE, "revoked"},
		{"\"vpn\" #1: NSS: ERROR: IPsec certificate CN=x invalid: SEC_ERROR_EXPIRED_CERTIFICATE "
		 "invalid: "
		 "SEC_ERROR_BAD_SIGNATURE: Peer's certificate has an invalid signature.",
		 PLUTO_LOG_OTHER, FALSE, NULL},
		{"\"vpn\" #1: X509: authentication failed; peer certificate subjectAltName extension does "
		 "not "
		 "match ID_FQDN 'gateway.example'",
		 PLUTO_LOG_REFUSED, FALSE, "rightid="},
		{"\"vpn\" #1: authentication failed: no certificate matched PKCS#1 1.5 RSA with SHA2_256 "
		 "and "
		 "'@gateway.example'",
		 PLUTO_LOG_REFUSED, FALSE, "no certificate for its identity"},
		{"\"vpn\" #1: authentication failed: peer authentication requires policy ECDSA",
		 PLUTO_LOG_REFUSED, FALSE, "authby="},
		{"\"vpn\" #1: no Certificate Authority in NSS Certificate DB! certificate payloads "
		 "discarded",
		 PLUTO_LOG_REFUSED, FALSE, "no CA certificate"},
		{"\"vpn\" #1: peer certificate subjectAltName extension does not match ID_FQDN '@gw'",
		 PLUTO_LOG_REFUSED, FALSE, "rightid="},
		{"\"vpn\" #1: sending encrypted notification INVALID_ID_INFORMATION to 192.0.2.1:500",
		 PLUTO_LOG_REFUSED, FALSE, "libreswan does not accept"},
		{"\"vpn\" #1: encountered fatal error in state IKE_AUTH_I", PLUTO_LOG_REFUSED, FALSE,
		 "libreswan does not accept"},
		{"\"vpn\" #1: XAUTH: Username or password request was received, but XAUTH client mode not "
		 "enabled.",
		 PLUTO_LOG_REFUSED, TRUE, "leftxauthclient="},
		{"\"vpn\" #1: XAUTH: Unsupported type: 3", PLUTO_LOG_REFUSED, TRUE, "kind of XAUTH"},
		{"\"vpn\" #2: no acceptable Proposal in IPsec SA", PLUTO_LOG_REFUSED, TRUE, "esp="},
		{"\"vpn\" #2: IKE_AUTH initiator accepting remote ESP/AH proposal failed, responder SA "
		 "processing returned NO_PROPOSAL_CHOSEN",
		 PLUTO_LOG_REFUSED, TRUE, "not proposed"},
		{"\"vpn\" #2: missing v2CP reply, not attempting to setup child SA", PLUTO_LOG_REFUSED,
		 TRUE, "leftmodecfgclient="},
		{"\"vpn\" #2: policy dictates tunnel, but peer requested transport", PLUTO_LOG_REFUSED,
		 TRUE, "type="},
		{"\"vpn\" #2: policy dictates tunnel, ignoring peer's request for transport",
		 PLUTO_LOG_OTHER, FALSE, NULL},
		{"\"vpn\" #2: local policy requires Tunnel Mode but peer requires required Transport Mode",
		 PLUTO_LOG_REFUSED, TRUE, "type="},
		{"ERROR: \"vpn\" #2: netlink response for Add SA esp.1234@192.0.2.1: Protocol not "
		 "supported "
		 "(errno 93)",
		 PLUTO_LOG_REFUSED, TRUE, "kernel"},
		{"ERROR: netlink response for Del SA del probe: No such process (errno 3)", PLUTO_LOG_OTHER,
		 FALSE, NULL},
		{"\"vpn\" #1: connection vpn's RSA private key not found", PLUTO_LOG_BROKEN, TRUE,
		 "private key"},
		{"\"vpn\": cannot initiate connection without knowing peer IP address (kind=TEMPLATE "
		 "narrowing=no)",
		 PLUTO_LOG_INVALID, TRUE, "does not accept the profile"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		/* What speaks of this host alone does so before there is an SA. */
		PlutoLogLine line =
			strstr(rows[i].line, "#2") ? take(rows[i].line) : take_early(rows[i].line);

		g_test_message("%s", rows[i].line);
		g_assert_cmpint(line.kind, ==, rows[i].kind);
		g_assert_cmpint(line.authenticated, ==, rows[i].authenticated);
		g_assert_true(!rows[i].reason == !line.reason);
		g_assert_true(!rows[i].reason || strstr(line.reason, rows[i].reason));
		g_assert_true(line.of_psk == (strstr(rows[i].line, "will wait 4") && line.reason));
	}
}

/* What follows the third message of Main Mode, or the ISAKMP SA, means another thing than before.
 */
static void
test_later(void)
{
	static const char malformed[] =
		"\"vpn\" #1: ignoring unsecured informational payload PAYLOAD_MALFORMED, length=12";
	static const char hash[] = "\"vpn\" #1: received 'Informational' message HASH(1) data does not "
							   "match computed value";
	static const char type[] = "\"vpn\" #1: message ignored because it contains an unknown or "
							   "unexpected payload type (ISAKMP_NEXT_SAK) at the outermost level";
	static const char networks[] = "\"vpn\" #1: ignoring secured informational payload "
								   "INVALID_ID_INFORMATION, msgid=b48fd5ae, length=12";
	const char *const keyed[] = {malformed, hash, type};
	g_autoptr(PlutoLog) log = pluto_log_new();

	for (guint i = 0; i < G_N_ELEMENTS(keyed); i++) {
		g_assert_cmpint(take_early(keyed[i]).kind, ==, PLUTO_LOG_OTHER);
		g_assert_cmpint(take_keyed(keyed[i]).kind, ==, PLUTO_LOG_LOGIN_REFUSED);
		g_assert_false(take_keyed(keyed[i]).authenticated);
	}
	pluto_log_take(log, "\"vpn\" #1: initiating IKEv1 Main Mode connection");
	g_assert_nonnull(strstr(pluto_log_take(log, networks).reason, "leftid="));
	pluto_log_take(log, "\"vpn\" #1: ISAKMP SA established {auth=PRESHARED_KEY}");
	g_assert_nonnull(strstr(pluto_log_take(log, networks).reason, "rightsubnet= and leftsubnet="));
}

/* pluto listens on the one address that was chosen, so it is that which has gone, and not all. */
static void
test_no_address(void)
{
	g_assert_nonnull(strstr(take("no public interfaces found").reason, "listen="));
}

static char *
fill(const char *place, const char *text)
{
	const char *hole = strstr(place, "%s");
	g_autofree char *before = g_strndup(place, (gsize) (hole - place));

	return g_strconcat(before, text, hole + strlen("%s"), NULL);
}

static void
assert_means_as_much(const char *place, const char *text)
{
	g_autofree char *line = fill(place, text);
	g_autofree char *harmless = fill(place, "x");
	PlutoLogLine expected = take(harmless);
	PlutoLogKind kind = expected.kind;
	const char *reason = expected.reason;
	PlutoLogLine got = take(line);

	if (got.kind != kind || g_strcmp0(got.reason, reason) != 0)
		g_error("%s: means %u, as if it were not in somebody's mouth", line, got.kind);
}

/* It is a proof. */
static gboolean
is_proof(const char *sentence)
{
	return strstr(sentence, "SA established {") != NULL;
}

/* Each sentence of the tables, where somebody else can put it: it says what any other word there
 * says. */
static void
test_sentences_in_others_mouths(void)
{
	g_auto(GStrv) sentences = pluto_log_list_sentences();

	g_assert_cmpuint(g_strv_length(sentences), >, 80);
	for (guint i = 0; sentences[i]; i++) {
		for (guint j = 0; j < G_N_ELEMENTS(pluto_log_places); j++)
			assert_means_as_much(pluto_log_places[j], sentences[i]);
		for (guint j = 0; j < G_N_ELEMENTS(pluto_log_strange_states) && !is_proof(sentences[i]);
			 j++)
			assert_means_as_much(pluto_log_strange_states[j], sentences[i]);
	}
}

/* And where pluto says it of our own negotiation, each means something. */
static void
test_sentences_of_ours(void)
{
	g_auto(GStrv) sentences = pluto_log_list_sentences();

	for (guint i = 0; sentences[i]; i++) {
		/* The path of a file is headless. */
		const char *head = *sentences[i] == '/' ? "ERROR: " : "\"vpn\"[1] 203.0.113.1 #1: ";
		g_autofree char *text = g_strconcat(head, sentences[i], NULL);

		if (take(text).kind <= PLUTO_LOG_STRANGER && take_early(text).kind <= PLUTO_LOG_STRANGER &&
			take_keyed(text).kind <= PLUTO_LOG_STRANGER)
			g_error("%s: means nothing", text);
	}
}

/* Who has begun a state is known from its first word on; a number is never used again. */
static void
test_roles(void)
{
	static const struct {
		const char *line;
		PlutoLogKind kind;
	} rows[] = {
		{"\"vpn\" #1: initiating IKEv2 connection", PLUTO_LOG_OTHER},
		{"\"vpn\" #2: processing IKE_SA_INIT request from 192.0.2.99:UDP/500", PLUTO_LOG_STRANGER},
		{"\"vpn\" #2: authentication failed: computed hash does not match", PLUTO_LOG_STRANGER},
		{"\"vpn\" #2: connection is supposed to remain up; revival attempt 1", PLUTO_LOG_STRANGER},
		{"\"vpn\" #1: authentication failed: computed hash does not match",
		 PLUTO_LOG_LOGIN_REFUSED},
		/* 4.10 of an IKE_SA_INIT request with the wrong group, and of no more than that. */
		{"\"vpn\" #3: proposal 1:IKE=AES_GCM_C_256-HMAC_SHA2_512-MODP2048 chosen from remote "
		 "proposals 1:IKE:ENCR=AES_GCM_C_256",
		 PLUTO_LOG_STRANGER},
		{"\"vpn\" #3: IMPAIR: skipping revival of connection that is supposed to remain up",
		 PLUTO_LOG_STRANGER},
		/* Before aggressive mode says that it answers. */
		{"\"vpn\" #4: Peer ID '@x' mismatched on first found connection", PLUTO_LOG_OTHER},
		{"\"vpn\" #4: responding to Aggressive Mode, state #4, connection \"vpn\" from 192.0.2.99",
		 PLUTO_LOG_STRANGER},
		{"\"vpn\" #4: probable authentication failure (mismatch of preshared secrets?): malformed "
		 "payload in packet",
		 PLUTO_LOG_STRANGER},
		/* What comes before keys are agreed on says nothing of them. */
		{"\"vpn\" #7: initiating IKEv1 Main Mode connection", PLUTO_LOG_OTHER},
		{"\"vpn\" #7: sent Main Mode I2", PLUTO_LOG_ANSWERED},
		{"\"vpn\" #7: malformed payload in packet", PLUTO_LOG_REFUSED},
		{"\"vpn\" #7: sent Main Mode I3", PLUTO_LOG_ANSWERED},
		{"\"vpn\" #7: malformed payload in packet", PLUTO_LOG_LOGIN_REFUSED},
		{"\"vpn\" #1: malformed payload in packet", PLUTO_LOG_REFUSED},
		/* A gateway that makes the ISAKMP SA anew by its own Main Mode. */
		{"\"vpn\" #5: responding to Main Mode", PLUTO_LOG_STRANGER},
		{"\"vpn\" #5: Received IPv4 address: 10.30.1.1", PLUTO_LOG_STRANGER},
		{"\"vpn\" #5: ISAKMP SA established {auth=PRESHARED_KEY}", PLUTO_LOG_ANSWERED},
		{"\"vpn\" #5: Received IPv4 address: 10.30.1.1", PLUTO_LOG_LEASE},
		{"\"vpn\" #5: ignoring unsecured informational payload AUTHENTICATION_FAILED, length=12",
		 PLUTO_LOG_OTHER},
		{"\"vpn\" #5: IKE SA authentication request rejected by peer: AUTHENTICATION_FAILED",
		 PLUTO_LOG_OTHER},
		{"\"vpn\" #5: connection is supposed to remain up; revival attempt 1", PLUTO_LOG_LOST},
		/* Nobody becomes ours by saying so. */
		{"\"vpn\" #2: initiating IKEv2 connection", PLUTO_LOG_STRANGER},
		{"\"vpn\" #1: responding to Main Mode", PLUTO_LOG_OTHER},
		{"\"vpn\" #1: authentication failed: x", PLUTO_LOG_LOGIN_REFUSED},
		/* A Child SA of ours that has said nothing before: 5.2. */
		{"\"vpn\" #6: connection is supposed to remain up; revival attempt 1", PLUTO_LOG_LOST},
	};
	g_autoptr(PlutoLog) log = pluto_log_new();

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%s", rows[i].line);
		g_assert_cmpint(pluto_log_take(log, rows[i].line).kind, ==, rows[i].kind);
	}
}

/* A gateway that asks for the password once more may not have got it; the third time is once too
 * often, and so is an end of the ISAKMP SA then. */
static void
test_xauth(void)
{
	static const char begins[] = "\"vpn\" #1: initiating IKEv1 Main Mode connection";
	static const char other[] = "\"vpn\" #2: initiating IKEv1 Main Mode connection to replace #1";
	static const char answers[] = "\"vpn\" #1: XAUTH: Answering XAUTH challenge with user='joe'";
	static const char success[] = "\"vpn\" #1: XAUTH: Successfully Authenticated";
	static const char lease[] = "\"vpn\" #1: Received IPv4 address: 10.30.1.1/32";
	static const char deletes[] =
		"\"vpn\" #1: received Delete SA payload: self-deleting ISAKMP State #1";
	static const struct {
		const char *lines[6];
		PlutoLogKind last;
	} cases[] = {
		{{begins, answers}, PLUTO_LOG_LOGIN_SENT},
		{{begins, answers, answers}, PLUTO_LOG_LOGIN_REFUSED},
		{{begins, answers, answers, answers}, PLUTO_LOG_LOGIN_UNCLEAR},
		{{begins, answers, answers, success}, PLUTO_LOG_LOGIN_ACCEPTED},
		{{begins, answers, success, answers}, PLUTO_LOG_LOGIN_SENT},
		{{begins, answers, success, answers, answers}, PLUTO_LOG_LOGIN_REFUSED},
		{{begins, answers, deletes}, PLUTO_LOG_LOGIN_UNCLEAR},
		{{begins, answers, answers, deletes}, PLUTO_LOG_LOGIN_UNCLEAR},
		{{begins, answers, success, deletes}, PLUTO_LOG_OTHER},
		{{begins, deletes}, PLUTO_LOG_OTHER},
		/* Of another ISAKMP SA. */
		{{begins, answers, other, "\"vpn\" #2: XAUTH: Answering XAUTH challenge with user='joe'"},
		 PLUTO_LOG_LOGIN_SENT},
		/* A recorded question. */
		{{begins, answers, success, lease, answers}, PLUTO_LOG_ANSWERED},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(PlutoLog) log = pluto_log_new();
		PlutoLogLine line = {0};

		for (guint j = 0; j < G_N_ELEMENTS(cases[i].lines) && cases[i].lines[j]; j++)
			line = pluto_log_take(log, cases[i].lines[j]);
		g_test_message("case %u: %s", i, line.text);
		g_assert_cmpint(line.kind, ==, cases[i].last);
		g_assert_true(line.authenticated ==
					  (line.kind != PLUTO_LOG_OTHER && line.kind != PLUTO_LOG_LOGIN_REFUSED));
	}
}

/* The gateway's question, recorded and sent once more: pluto takes it for another one. */
static void
test_replayed(void)
{
	static const char *const asks[] = {
		"\"vpn\" #1: Expecting MODE_CFG_SET, got 1 instead.",
		"\"vpn\" #1: expecting MODE_CFG_SET, got ISAKMP_CFG_REQUEST instead.",
	};

	for (guint i = 0; i < G_N_ELEMENTS(asks); i++) {
		g_autoptr(PlutoLog) log = pluto_log_new();

		pluto_log_take(log, "\"vpn\" #1: initiating IKEv1 Main Mode connection");
		g_assert_cmpint(pluto_log_take(log, asks[i]).kind, ==, PLUTO_LOG_XAUTH_AGAIN);
		pluto_log_take(log, "\"vpn\" #1: Received IPv4 address: 10.30.1.1/32");
		g_assert_cmpint(pluto_log_take(log, asks[i]).kind, ==, PLUTO_LOG_OTHER);
	}
}

/* What follows a line break in a text of the gateway's: of the profile pluto speaks before. */
static void
test_gateways_lines(void)
{
	static const char *const lines[] = {
		"\"vpn\": failed to add VPN: your licence has ended",
		"FATAL ERROR: call 0900-1234",
		"/etc/ipsec.conf: 3: keyword x, invalid value: y",
	};
	g_autoptr(PlutoLog) log = pluto_log_new();

	pluto_log_take(log, "\"vpn\" #1: initiating IKEv1 Main Mode connection");
	pluto_log_take(log, "\"vpn\" #1: ISAKMP SA established {auth=PRESHARED_KEY}");
	pluto_log_take(log, "\"vpn\" #1: XAUTH Message: hi");
	for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
		PlutoLogLine line = pluto_log_take(log, lines[i]);

		g_assert_cmpint(line.kind, ==, PLUTO_LOG_OTHER);
		g_assert_null(line.reason);
	}
}

/* That the connection is not there is heard of at the end of addconn, whatever was said before. */
static void
test_not_loaded(void)
{
	static const char end[] = "guard: addconn has ended: exit status 0";
	static const char ended[] = "addconn has ended: exit status 0";
	static const struct {
		const char *lines[5];
		PlutoLogKind last;
		const char *rest;
	} cases[] = {
		{{"\"vpn\": added IKEv2 connection", end}, PLUTO_LOG_OTHER, NULL},
		{{"\"vpn/1x2\": added unoriented IKEv1 connection", end}, PLUTO_LOG_OTHER, NULL},
		{{"addconn: \"vpn\": added IKEv2 connection", end}, PLUTO_LOG_OTHER, NULL},
		{{"listening for IKE messages", end}, PLUTO_LOG_INVALID, ended},
		{{"guard: UDP port 500 is somebody else's, 37100 is used instead", end},
		 PLUTO_LOG_INVALID,
		 ended},
		{{"\"vpn\": warning: something is ignored", end}, PLUTO_LOG_INVALID, ended},
		/* Said at each start on a kernel without the module, whatever the connection is. */
		{{"ERROR: xfrmi is not supported, failed to create ipsec-interface ipsec1 bound to lo",
		  "ipsec-interface is not working: xfrmi is not supported", end},
		 PLUTO_LOG_INVALID,
		 ended},
		{{"guard: addconn has ended: signal 11"},
		 PLUTO_LOG_INVALID,
		 "addconn has ended: signal 11"},
		/* 5.2: what addconn prints comes last, and in between what it has had from pluto. */
		{{"\"vpn\": IKE SA proposals (connection add):", "addconn: nobody knows leftfoo=",
		  "listening for IKE messages", "addconn: listening for IKE messages", end},
		 PLUTO_LOG_INVALID,
		 "nobody knows leftfoo="},
		{{"addconn: ERROR: a", "addconn: b", "addconn: ", "| c", end}, PLUTO_LOG_INVALID, "b"},
		/* 4.10 */
		{{"while loading 'vpn': bad luck", "adding UDP interface uplink0 192.0.2.2:500",
		  "no connection named \"vpn\""},
		 PLUTO_LOG_INVALID,
		 "while loading 'vpn': bad luck"},
		{{"no connection named \"vpn\""}, PLUTO_LOG_INVALID, "no connection named \"vpn\""},
		/* Said once. */
		{{"no connection named \"vpn\"", end}, PLUTO_LOG_OTHER, NULL},
		/* Of others it is not ours. */
		{{"\"other\": added IKEv2 connection", end}, PLUTO_LOG_INVALID, ended},
		{{"packet from 192.0.2.66:500: x", end}, PLUTO_LOG_INVALID, ended},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(PlutoLog) log = pluto_log_new();
		PlutoLogLine line = {0};

		for (guint j = 0; j < G_N_ELEMENTS(cases[i].lines) && cases[i].lines[j]; j++)
			line = pluto_log_take(log, cases[i].lines[j]);
		g_test_message("case %u: %s", i, line.text);
		g_assert_cmpint(line.kind, ==, cases[i].last);
		if (cases[i].rest)
			g_assert_cmpstr(line.rest, ==, cases[i].rest);
		g_assert_true(line.authenticated == (line.kind == PLUTO_LOG_INVALID));
	}
}

/* However many others there are, ours stays ours and theirs theirs. */
static void
test_many_strangers(void)
{
	g_autoptr(PlutoLog) log = pluto_log_new();
	const guint n = 300000;

	pluto_log_take(log, "\"vpn\" #1: initiating IKEv2 connection");
	for (guint i = 2; i < n; i++) {
		g_autofree char *line = g_strdup_printf("\"vpn\" #%u: processing IKE_SA_INIT request", i);

		pluto_log_take(log, line);
	}
	for (guint i = n - 60000; i < n; i += 1000) {
		g_autofree char *line = g_strdup_printf("\"vpn\" #%u: authentication failed: x", i);

		g_assert_cmpint(pluto_log_take(log, line).kind, ==, PLUTO_LOG_STRANGER);
	}
	g_assert_cmpint(pluto_log_take(log, "\"vpn\" #1: authentication failed: x").kind, ==,
					PLUTO_LOG_LOGIN_REFUSED);
}

static void
test_topic(void)
{
	static const struct {
		const char *line, *topic;
	} rows[] = {
		{"packet from 192.0.2.66:500: dropping packet with mangled IKE header: 9999-byte length",
		 "packet: dropping packet with mangled IKE"},
		{"packet from [2001:db8::1]:40000: x9", "packet: x"},
		{"\"vpn\"[17] 192.0.2.99 #18: deleting state (STATE_MAIN_R1) aged 0.1s",
		 "deleting state STATE_MAIN_R aged s"},
		{"\"vpn\" #2: Peer ID is ID_FQDN: '@anything'", "Peer ID is ID_FQDN "},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		PlutoLogLine line = take(rows[i].line);
		g_autofree char *topic = pluto_log_topic(&line);

		g_assert_cmpstr(topic, ==, rows[i].topic);
	}
}

static void
test_lease(void)
{
	PlutoLogLine line = take("\"vpn\" #1: Received IPv4 address: 10.30.1.1/32");

	g_assert_cmpint(line.kind, ==, PLUTO_LOG_LEASE);
	g_assert_cmpstr(pluto_log_address(&line), ==, "10.30.1.1/32");
	line = take("\"vpn\" #1: Received IPv4 address: ");
	g_assert_cmpstr(pluto_log_address(&line), ==, "");
}

static void
test_time_is_cut(void)
{
	g_assert_cmpstr(take("Nov 23 13:43:03.971396: \"vpn\" #1: x").text, ==, "\"vpn\" #1: x");
	g_assert_cmpstr(take("\"vpn\" #1: a: b").text, ==, "\"vpn\" #1: a: b");
	g_assert_cmpstr(take("x").text, ==, "x");
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
		PlutoLogLine line = take(rows[i].line);
		g_autofree char *connection = pluto_log_connection(&line);

		g_assert_cmpstr(connection, ==, rows[i].connection);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pluto-log/kinds", test_kinds);
	g_test_add_func("/pluto-log/port-taken", test_port_taken);
	g_test_add_func("/pluto-log/failures", test_failures);
	g_test_add_func("/pluto-log/later", test_later);
	g_test_add_func("/pluto-log/no-address", test_no_address);
	g_test_add_func("/pluto-log/sentences-in-others-mouths", test_sentences_in_others_mouths);
	g_test_add_func("/pluto-log/sentences-of-ours", test_sentences_of_ours);
	g_test_add_func("/pluto-log/roles", test_roles);
	g_test_add_func("/pluto-log/many-strangers", test_many_strangers);
	g_test_add_func("/pluto-log/not-loaded", test_not_loaded);
	g_test_add_func("/pluto-log/topic", test_topic);
	g_test_add_func("/pluto-log/lease", test_lease);
	g_test_add_func("/pluto-log/time-is-cut", test_time_is_cut);
	g_test_add_func("/libreswan/version", test_version);
	g_test_add_func("/libreswan/supports-interface", test_supports_interface);
	g_test_add_func("/libreswan/xauth", test_xauth);
	g_test_add_func("/libreswan/replayed", test_replayed);
	g_test_add_func("/libreswan/gateways-lines", test_gateways_lines);
	g_test_add_func("/libreswan/missing", test_missing);
	g_test_add_func("/pluto-log/connection", test_connection);
	return g_test_run();
}
