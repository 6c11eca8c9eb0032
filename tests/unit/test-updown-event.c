/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "updown-event.h"
#include "updown-wire.h"

#include <string.h>

/* What 4.10 exports at the up-client of an IKEv1 road warrior after the gateway gave it another
 * address, and 5.2 at that of an IKEv2 one; cut to what is read. */
static const char *const ikev1_on_4_10[] = {
	"PLUTO_VERB=up-client",
	"PLUTO_CONNECTION=tunnel",
	"PLUTO_CONNECTION_TYPE=tunnel",
	"PLUTO_VIRT_INTERFACE=ipsec1",
	"PLUTO_INTERFACE=eth0",
	"PLUTO_XFRMI_ROUTE=yes",
	"PLUTO_NEXT_HOP=192.0.2.1",
	"PLUTO_ME=192.0.2.2",
	"PLUTO_MY_ID=@client",
	"PLUTO_MY_CLIENT=10.9.0.6/32",
	"PLUTO_MY_CLIENT_NET=10.9.0.6",
	"PLUTO_MY_CLIENT_MASK=255.255.255.255",
	"PLUTO_MY_PORT=0",
	"PLUTO_MY_PROTOCOL=0",
	"PLUTO_SA_REQID=16388",
	"PLUTO_SA_TYPE=ESP",
	"PLUTO_PEER=198.51.100.1",
	"PLUTO_PEER_ID=198.51.100.1",
	"PLUTO_PEER_CLIENT=10.1.0.0/16",
	"PLUTO_PEER_CLIENT_NET=10.1.0.0",
	"PLUTO_PEER_CLIENT_MASK=255.255.0.0",
	"PLUTO_PEER_PORT=0",
	"PLUTO_PEER_PROTOCOL=0",
	"PLUTO_PEER_CA=",
	"PLUTO_STACK=xfrm",
	"PLUTO_ADDTIME=1700000000",
	"PLUTO_CONN_POLICY=PSK+ENCRYPT+TUNNEL+PFS+UP+XAUTH+MODECFG_PULL",
	"PLUTO_CONN_KIND=CK_PERMANENT",
	"PLUTO_CONN_ADDRFAMILY=ipv4",
	"XAUTH_FAILED=0",
	"PLUTO_MY_SOURCEIP=10.9.0.5",
	"PLUTO_MOBIKE_EVENT=",
	"PLUTO_IS_PEER_CISCO=0",
	"PLUTO_PEER_DNS_INFO=10.1.0.53 10.1.0.54",
	"PLUTO_PEER_DOMAIN_INFO=corp.example,lab.example",
	"PLUTO_PEER_BANNER=Welcome to the lab",
	"PLUTO_CFG_SERVER=0",
	"PLUTO_CFG_CLIENT=1",
	"PLUTO_NM_CONFIGURED=0",
	"PLUTO_INBYTES=0",
	"PLUTO_OUTBYTES=0",
	"PLUTO_XFRMI_FWMARK=",
	"VTI_IFACE=",
	"SPI_IN=0xc0ffee01",
	"SPI_OUT=0x2bad",
	NULL,
};

static const char *const six_on_5_2[] = {
	"PLUTO_VERB=up-client-v6",
	"PLUTO_CONNECTION=tunnel",
	"PLUTO_CONNECTION_TYPE=tunnel",
	"PLUTO_VIRT_INTERFACE=NULL",
	"PLUTO_INTERFACE=NULL",
	"PLUTO_XFRMI_ROUTE=",
	"PLUTO_ME=192.0.2.2",
	"PLUTO_CLIENT_FAMILY=ipv6",
	"PLUTO_MY_CLIENT=2001:db8:9::5/128",
	"PLUTO_MY_CLIENT_NET=2001:db8:9::5",
	"PLUTO_MY_CLIENT_MASK=ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	"PLUTO_PEER=198.51.100.1",
	"PLUTO_PEER_CLIENT=::/0",
	"PLUTO_PEER_CLIENT_NET=::",
	"PLUTO_PEER_CLIENT_MASK=::",
	"PLUTO_CONN_ADDRFAMILY=ipv4",
	"PLUTO_CFG_CLIENT=1",
	"PLUTO_SA_REQID=16389",
	NULL,
};

/* The message of @variables, with @with in the place of the one of the same name, and without the
 * one whose name is @without. A @with of no known name comes last. */
static GByteArray *
message(const char *const *variables, const char *with, const char *without)
{
	GByteArray *bytes = g_byte_array_new();
	gsize name = with ? (gsize) (strchr(with, '=') - with) + 1 : 0;

	g_byte_array_append(bytes, (const guint8 *) UPDOWN_WIRE_MAGIC, sizeof(UPDOWN_WIRE_MAGIC));
	for (; *variables; variables++) {
		const char *variable = *variables;

		if (without && g_str_has_prefix(variable, without) && variable[strlen(without)] == '=')
			continue;
		if (with && strncmp(variable, with, name) == 0) {
			variable = with;
			with = NULL;
		}
		g_byte_array_append(bytes, (const guint8 *) variable, strlen(variable) + 1);
	}
	if (with)
		g_byte_array_append(bytes, (const guint8 *) with, strlen(with) + 1);
	return bytes;
}

static UpdownEvent *
parse(const char *const *variables, const char *with, const char *without, GError **error)
{
	g_autoptr(GByteArray) bytes = message(variables, with, without);

	return updown_event_parse((const char *) bytes->data, bytes->len, "tunnel", error);
}

static void
assert_net(const IpNet *net, const char *expected)
{
	char buffer[IP_NET_STRLEN];

	g_assert_cmpstr(ip_net_to_string(net, buffer), ==, expected);
}

static void
test_road_warrior(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(UpdownEvent) event = parse(ikev1_on_4_10, NULL, NULL, &error);
	g_autofree char *line = NULL;
	IpNet lease;

	g_assert_no_error(error);
	g_assert_cmpint(event->verb, ==, UPDOWN_VERB_UP);
	g_assert_false(event->host);
	g_assert_cmpstr(event->connection, ==, "tunnel");
	g_assert_cmpint(event->outer_family, ==, AF_INET);
	assert_net(&event->me, "192.0.2.2");
	assert_net(&event->peer, "198.51.100.1");
	assert_net(&event->my_client, "10.9.0.6");
	assert_net(&event->peer_client, "10.1.0.0/16");
	/* The address is the new one, whatever PLUTO_MY_SOURCEIP says. */
	g_assert_true(updown_event_get_lease(event, &lease));
	assert_net(&lease, "10.9.0.6");
	g_assert_cmpuint(event->dns->len, ==, 2);
	assert_net(&g_array_index(event->dns, IpNet, 1), "10.1.0.54");
	g_assert_cmpuint(g_strv_length(event->domains), ==, 2);
	g_assert_cmpstr(event->domains[1], ==, "lab.example");
	g_assert_cmpstr(event->banner, ==, "Welcome to the lab");
	g_assert_true(event->xfrmi_route);
	g_assert_cmpstr(event->virt_interface, ==, "ipsec1");
	g_assert_cmpuint(event->reqid, ==, 16388);
	line = updown_event_to_string(event);
	/* What a person looks for in the log. */
	g_assert_nonnull(strstr(line, "up-client"));
	g_assert_nonnull(strstr(line, "10.9.0.6"));
	g_assert_nonnull(strstr(line, "interface ipsec1"));
	g_assert_nonnull(strstr(line, "DNS 10.1.0.53 10.1.0.54"));
	g_assert_nonnull(strstr(line, "domains corp.example lab.example"));
}

static void
test_six_in_four(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(UpdownEvent) event = parse(six_on_5_2, NULL, NULL, &error);
	g_autofree char *line = NULL;

	g_assert_no_error(error);
	assert_net(&event->my_client, "2001:db8:9::5");
	assert_net(&event->peer_client, "::/0");
	g_assert_false(event->xfrmi_route);
	g_assert_null(event->virt_interface);
	g_assert_cmpuint(event->dns->len, ==, 0);
	g_assert_null(event->domains[0]);
	line = updown_event_to_string(event);
	g_assert_nonnull(strstr(line, "2001:db8:9::5"));
}

static void
test_verbs(void)
{
	static const struct {
		const char *variable;
		UpdownVerb verb;
		gboolean host;
	} good[] = {
		{"PLUTO_VERB=prepare-host", UPDOWN_VERB_PREPARE, TRUE},
		{"PLUTO_VERB=prepare-client-v6", UPDOWN_VERB_PREPARE, FALSE},
		{"PLUTO_VERB=route-client", UPDOWN_VERB_ROUTE, FALSE},
		{"PLUTO_VERB=unroute-host-v6", UPDOWN_VERB_UNROUTE, TRUE},
		{"PLUTO_VERB=up-host", UPDOWN_VERB_UP, TRUE},
		{"PLUTO_VERB=down-client", UPDOWN_VERB_DOWN, FALSE},
		{"PLUTO_VERB=disconnectNM-client", UPDOWN_VERB_DISCONNECT_NM, FALSE},
	};
	static const char *const bad[] = {
		"PLUTO_VERB=",           "PLUTO_VERB=up",        "PLUTO_VERB=up-",
		"PLUTO_VERB=up-client ", "PLUTO_VERB=UP-client", "PLUTO_VERB=up-client-v4",
		"PLUTO_VERB=-client",    "PLUTO_VERB=up-host\n", "PLUTO_VERB=spi-client",
	};

	for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(UpdownEvent) event = parse(ikev1_on_4_10, good[i].variable, NULL, &error);

		g_assert_no_error(error);
		g_assert_cmpint(event->verb, ==, good[i].verb);
		g_assert_cmpint(event->host, ==, good[i].host);
	}
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(parse(ikev1_on_4_10, bad[i], NULL, &error));
		g_assert_error(error, UPDOWN_EVENT_ERROR, UPDOWN_EVENT_ERROR_VALUE);
	}
}

/* A value that libreswan cannot have put there spoils the event, and is named. */
static void
test_lies(void)
{
	static const char *const lies[] = {
		"PLUTO_CONNECTION_TYPE=beet",
		"PLUTO_CONN_ADDRFAMILY=ipv5",
		"PLUTO_CONN_ADDRFAMILY=ipv6", /* the addresses are not */
		"PLUTO_ME=192.0.2.0/24",
		"PLUTO_ME=not.an.address",
		"PLUTO_ME=::1",
		"PLUTO_PEER=",
		"PLUTO_PEER=::1",
		"PLUTO_MY_CLIENT=10.9.0.5/24",
		"PLUTO_MY_CLIENT=10.9.0.7/32", /* PLUTO_MY_CLIENT_NET says another */
		"PLUTO_MY_CLIENT=10.9.0.6/33",
		"PLUTO_MY_CLIENT=10.9.0.6/32; reboot",
		"PLUTO_MY_CLIENT_MASK=255.255.255.254",
		"PLUTO_PEER_CLIENT=10.1.0.0-10.1.0.9",
		"PLUTO_PEER_CLIENT=2001:db8::/32",
		"PLUTO_PEER_CLIENT_NET=10.2.0.0",
		"PLUTO_MY_PROTOCOL=256",
		"PLUTO_MY_PORT=-1",
		"PLUTO_PEER_PORT=65536",
		"PLUTO_CFG_CLIENT=2",
		"PLUTO_CFG_CLIENT=",
		"PLUTO_PEER_DNS_INFO=10.1.0.53 evil",
		"PLUTO_PEER_DNS_INFO=10.1.0.0/24",
		"PLUTO_XFRMI_ROUTE=no",
		"PLUTO_VIRT_INTERFACE=NULL", /* though PLUTO_XFRMI_ROUTE=yes */
		"PLUTO_VIRT_INTERFACE=../../etc",
		"PLUTO_VIRT_INTERFACE=a-name-of-sixteen",
		"PLUTO_VIRT_INTERFACE=with space",
		"PLUTO_SA_REQID=4294967296",
		"PLUTO_SA_REQID=0x10",
	};

	for (guint i = 0; i < G_N_ELEMENTS(lies); i++) {
		g_autoptr(GError) error = NULL;

		if (parse(ikev1_on_4_10, lies[i], NULL, &error))
			g_error("\"%s\" passed", lies[i]);
		g_assert_error(error, UPDOWN_EVENT_ERROR, UPDOWN_EVENT_ERROR_VALUE);
		g_assert_true(g_str_has_prefix(error->message, "PLUTO_"));
	}
}

/* What nobody needs refuses nothing, whatever stands in it. */
static void
test_not_looked_at(void)
{
	static const char *const variables[] = {
		"PLUTO_INBYTES=",
		"PLUTO_OUTBYTES=99999999999999999999",
		"PLUTO_ADDTIME=today",
		"PLUTO_INTERFACE=eth0:1",
		"SPI_IN=",
		"XAUTH_FAILED=yes",
		"PLUTO_MTU=-5",
		"PLUTO_MY_SOURCEIP=%any",
	};

	for (guint i = 0; i < G_N_ELEMENTS(variables); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(UpdownEvent) event = parse(ikev1_on_4_10, variables[i], NULL, &error);

		g_assert_no_error(error);
	}
}

static void
test_error_names_value(void)
{
	g_autofree char *long_value =
		g_strdup_printf("PLUTO_ME=\x1b[31m%s", "1234567890123456789012345"
											   "678901234567890123456789012345678901234567890");
	g_autoptr(GError) error = NULL;

	g_assert_null(parse(ikev1_on_4_10, long_value, NULL, &error));
	g_assert_true(g_str_has_prefix(error->message, "PLUTO_ME is \"?[31m1234"));
	g_assert_nonnull(strstr(error->message, "...\", not an address"));
}

static void
test_missing(void)
{
	static const char *const required[] = {
		"PLUTO_VERB", "PLUTO_CONNECTION", "PLUTO_CONN_ADDRFAMILY", "PLUTO_ME",
		"PLUTO_PEER", "PLUTO_MY_CLIENT",  "PLUTO_PEER_CLIENT",     "PLUTO_CFG_CLIENT",
	};

	for (guint i = 0; i < G_N_ELEMENTS(required); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(parse(ikev1_on_4_10, NULL, required[i], &error));
		g_assert_error(error, UPDOWN_EVENT_ERROR, UPDOWN_EVENT_ERROR_MISSING);
		g_assert_nonnull(strstr(error->message, required[i]));
	}
}

static void
test_other_connection(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(parse(ikev1_on_4_10, "PLUTO_CONNECTION=another", NULL, &error));
	g_assert_error(error, UPDOWN_EVENT_ERROR, UPDOWN_EVENT_ERROR_CONNECTION);
}

/* What libreswan makes of leftsubnets= and rightsubnets= is ours, each with a key of its own. */
static void
test_one_of_several_subnets(void)
{
	static const char *const others[] = {"tunnel/",     "tunnel/1x",  "tunnel/x1",   "tunnel/1x2x3",
										 "tunnel/1x2a", "tunnel/1y2", "tunnel1x2",   "tunnel/-1x2",
										 "tunne/1x2",   "other/1x2",  "tunnel/1x2/", "tunnel /1x2"};
	g_autoptr(GError) error = NULL;
	g_autoptr(UpdownEvent) one = parse(ikev1_on_4_10, "PLUTO_CONNECTION=tunnel/1x2", NULL, &error);
	g_autoptr(UpdownEvent) two = parse(ikev1_on_4_10, "PLUTO_CONNECTION=tunnel/0x13", NULL, &error);
	g_autofree char *one_key = NULL;
	g_autofree char *two_key = NULL;

	g_assert_no_error(error);
	g_assert_cmpstr(one->connection, ==, "tunnel/1x2");
	one_key = updown_event_child_key(one);
	two_key = updown_event_child_key(two);
	g_assert_cmpstr(one_key, !=, two_key);
	for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
		g_autofree char *other = g_strconcat("PLUTO_CONNECTION=", others[i], NULL);
		g_autoptr(GError) refused = NULL;

		g_assert_null(parse(ikev1_on_4_10, other, NULL, &refused));
		g_assert_error(refused, UPDOWN_EVENT_ERROR, UPDOWN_EVENT_ERROR_CONNECTION);
	}
}

/* What a gateway says is less than what pluto says: nonsense is left out, and the tunnel lives. */
static void
test_gateway_nonsense(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(UpdownEvent) dns =
		parse(ikev1_on_4_10, "PLUTO_PEER_DNS_INFO= 0.0.0.0 10.1.0.53  224.0.0.1 10.1.0.53 ::", NULL,
			  &error);
	g_autoptr(UpdownEvent) domains = parse(
		ikev1_on_4_10,
		"PLUTO_PEER_DOMAIN_INFO=Corp.Example. corp.example -x x- a..b .a a\xc3\xa4 a_b.c \\015 ok "
		"$(reboot) 12345678901234567890123456789012345678901234567890123456789012345.de",
		NULL, &error);
	g_autoptr(UpdownEvent) banner =
		parse(ikev1_on_4_10, "PLUTO_PEER_BANNER= a\x1b[2Jb\nc\xff ", NULL, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(dns->dns->len, ==, 1);
	g_assert_cmpuint(g_strv_length(domains->domains), ==, 3);
	g_assert_cmpstr(domains->domains[0], ==, "corp.example");
	g_assert_cmpstr(domains->domains[1], ==, "a_b.c");
	g_assert_cmpstr(domains->domains[2], ==, "ok");
	g_assert_cmpstr(banner->banner, ==, "a?[2Jb?c?");
}

static void
test_wire(void)
{
	g_autoptr(GByteArray) whole = message(ikev1_on_4_10, NULL, NULL);
	const char *data = (const char *) whole->data;
	static const char wrong_version[] = "nm-libreswan-updown 2\0PLUTO_VERB=up-client";
	static const char no_equals[] = UPDOWN_WIRE_MAGIC "\0PLUTO_VERB";
	static const char no_name[] = UPDOWN_WIRE_MAGIC "\0=up-client";
	static const char empty[] = UPDOWN_WIRE_MAGIC "\0\0\0";
	static const char twice[] = UPDOWN_WIRE_MAGIC "\0PLUTO_ME=192.0.2.2\0PLUTO_ME=192.0.2.3";
	static const char failure[] = UPDOWN_WIRE_MAGIC "\0!too \ttired";
	static const struct {
		const char *data;
		gsize len;
		gint code;
	} cases[] = {
		{NULL, 0, UPDOWN_EVENT_ERROR_WIRE},
		{"", 1, UPDOWN_EVENT_ERROR_WIRE},
		{UPDOWN_WIRE_MAGIC, sizeof(UPDOWN_WIRE_MAGIC) - 1, UPDOWN_EVENT_ERROR_WIRE},
		{UPDOWN_WIRE_MAGIC, sizeof(UPDOWN_WIRE_MAGIC), UPDOWN_EVENT_ERROR_MISSING},
		{wrong_version, sizeof(wrong_version), UPDOWN_EVENT_ERROR_WIRE},
		{no_equals, sizeof(no_equals), UPDOWN_EVENT_ERROR_WIRE},
		{no_name, sizeof(no_name), UPDOWN_EVENT_ERROR_WIRE},
		{empty, sizeof(empty), UPDOWN_EVENT_ERROR_WIRE},
		{twice, sizeof(twice), UPDOWN_EVENT_ERROR_TWICE},
		{failure, sizeof(failure), UPDOWN_EVENT_ERROR_HELPER},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(updown_event_parse(cases[i].data, cases[i].len, NULL, &error));
		g_assert_error(error, UPDOWN_EVENT_ERROR, cases[i].code);
	}
	/* Cut off anywhere, it is refused or lacks what is not required; it never reads beyond. */
	for (gsize len = 0; len < whole->len; len++) {
		/* Of just this size, so that a sanitizer sees a read beyond. */
		g_autofree char *cut = g_malloc(MAX(len, 1));
		g_autoptr(GError) error = NULL;
		g_autoptr(UpdownEvent) event = NULL;

		memcpy(cut, data, len);
		event = updown_event_parse(cut, len, NULL, &error);
		g_assert_true(event || error);
		if (len > 0 && data[len - 1] != '\0')
			g_assert_null(event);
	}
}

/* Any byte of it changed to any of a few mean ones: no crash, and an error where there is none. */
static void
test_garbage(void)
{
	static const char mean[] = {'\0', '\n', '\'', '=', '/', '-', '9', '!', '\x7f', '\xff'};
	g_autoptr(GByteArray) whole = message(six_on_5_2, NULL, NULL);

	for (gsize i = 0; i < whole->len; i++) {
		for (gsize j = 0; j < sizeof(mean); j++) {
			guint8 saved = whole->data[i];
			g_autoptr(GError) error = NULL;
			g_autoptr(UpdownEvent) event = NULL;

			whole->data[i] = mean[j];
			event = updown_event_parse((const char *) whole->data, whole->len, "tunnel", &error);
			g_assert_true((event != NULL) == (error == NULL));
			whole->data[i] = saved;
		}
	}
}

/* The key is the same for up and down over a rekey, and differs for another pair of nets. */
static void
test_child_key(void)
{
	g_autoptr(UpdownEvent) up = parse(ikev1_on_4_10, NULL, NULL, NULL);
	g_autoptr(UpdownEvent) rekeyed = parse(ikev1_on_4_10, "SPI_IN=0x1", NULL, NULL);
	g_autoptr(UpdownEvent) moved = parse(ikev1_on_4_10, "PLUTO_ME=192.0.2.77", NULL, NULL);
	g_autoptr(UpdownEvent) port = parse(ikev1_on_4_10, "PLUTO_PEER_PORT=443", NULL, NULL);
	g_autoptr(UpdownEvent) other = parse(six_on_5_2, NULL, NULL, NULL);
	g_autofree char *up_key = updown_event_child_key(up);
	g_autofree char *rekeyed_key = updown_event_child_key(rekeyed);
	g_autofree char *moved_key = updown_event_child_key(moved);
	g_autofree char *port_key = updown_event_child_key(port);
	g_autofree char *other_key = updown_event_child_key(other);

	g_assert_cmpstr(up_key, ==, "tunnel 10.9.0.6/32:0:0 10.1.0.0/16:0:0");
	g_assert_cmpstr(up_key, ==, rekeyed_key);
	g_assert_cmpstr(up_key, ==, moved_key);
	g_assert_cmpstr(up_key, !=, port_key);
	g_assert_cmpstr(up_key, !=, other_key);
}

static void
test_lease(void)
{
	g_autoptr(UpdownEvent) fixed = parse(ikev1_on_4_10, "PLUTO_CFG_CLIENT=0", NULL, NULL);
	g_autoptr(UpdownEvent) net =
		parse(six_on_5_2, "PLUTO_MY_CLIENT=2001:db8:9::/64", "PLUTO_MY_CLIENT_NET", NULL);
	IpNet lease;

	g_assert_false(updown_event_get_lease(fixed, &lease));
	g_assert_false(updown_event_get_lease(net, &lease));
}

static UpdownEvent *
parse_well(const char *with)
{
	g_autoptr(GError) error = NULL;
	UpdownEvent *event = parse(ikev1_on_4_10, with, NULL, &error);

	g_assert_no_error(error);
	return event;
}

static void
assert_refused(const char *with)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(parse(ikev1_on_4_10, with, NULL, &error));
	g_assert_error(error, UPDOWN_EVENT_ERROR, UPDOWN_EVENT_ERROR_VALUE);
}

/* Each number at its bound, and in the field that is its own. */
static void
test_numbers(void)
{
	g_autoptr(UpdownEvent) plain = parse_well(NULL);
	g_autoptr(UpdownEvent) my_protocol = parse_well("PLUTO_MY_PROTOCOL=255");
	g_autoptr(UpdownEvent) peer_protocol = parse_well("PLUTO_PEER_PROTOCOL=255");
	g_autoptr(UpdownEvent) my_port = parse_well("PLUTO_MY_PORT=65535");
	g_autoptr(UpdownEvent) peer_port = parse_well("PLUTO_PEER_PORT=65535");
	g_autoptr(UpdownEvent) reqid = parse_well("PLUTO_SA_REQID=4294967295");
	g_autoptr(UpdownEvent) cisco = parse_well("PLUTO_IS_PEER_CISCO=1");

	g_assert_cmpuint(plain->my_protocol + plain->peer_protocol, ==, 0);
	g_assert_cmpuint(plain->my_port + plain->peer_port, ==, 0);
	g_assert_false(plain->peer_is_cisco);
	g_assert_cmpuint(my_protocol->my_protocol, ==, 255);
	g_assert_cmpuint(my_protocol->peer_protocol, ==, 0);
	g_assert_cmpuint(peer_protocol->peer_protocol, ==, 255);
	g_assert_cmpuint(my_port->my_port, ==, 65535);
	g_assert_cmpuint(my_port->peer_port, ==, 0);
	g_assert_cmpuint(peer_port->peer_port, ==, 65535);
	g_assert_cmpuint(reqid->reqid, ==, G_MAXUINT32);
	g_assert_true(cisco->peer_is_cisco);
	assert_refused("PLUTO_PEER_PROTOCOL=256");
	assert_refused("PLUTO_MY_PORT=65536");
	assert_refused("PLUTO_IS_PEER_CISCO=2");
	assert_refused("PLUTO_IS_PEER_CISCO=00");
}

static void
test_interface_names(void)
{
	g_autoptr(UpdownEvent) longest = parse_well("PLUTO_VIRT_INTERFACE=fifteen-letters");
	g_autoptr(GError) error = NULL;
	g_autoptr(UpdownEvent) none =
		parse(ikev1_on_4_10, "PLUTO_VIRT_INTERFACE=", "PLUTO_XFRMI_ROUTE", &error);

	g_assert_no_error(error);
	g_assert_null(none->virt_interface);
	g_assert_cmpstr(longest->virt_interface, ==, "fifteen-letters");
	assert_refused("PLUTO_VIRT_INTERFACE=sixteen--letters");
	assert_refused("PLUTO_VIRT_INTERFACE=.");
	assert_refused("PLUTO_VIRT_INTERFACE=..");
	assert_refused("PLUTO_VIRT_INTERFACE=a/b");
	assert_refused("PLUTO_VIRT_INTERFACE=a:b");
	assert_refused("PLUTO_VIRT_INTERFACE=a\x7f");
}

/* A translator between the ends is seen in transport mode, and is no lie there. */
static void
test_transport(void)
{
	static const char *const behind_nat[] = {"PLUTO_VERB=up-host",
											 "PLUTO_CONNECTION=tunnel",
											 "PLUTO_CONNECTION_TYPE=transport",
											 "PLUTO_CONN_ADDRFAMILY=ipv4",
											 "PLUTO_ME=192.0.2.2",
											 "PLUTO_PEER=198.51.100.1",
											 "PLUTO_MY_CLIENT=192.0.2.2/32",
											 "PLUTO_MY_CLIENT_NET=203.0.113.9",
											 "PLUTO_MY_CLIENT_MASK=255.255.255.255",
											 "PLUTO_PEER_CLIENT=198.51.100.1/32",
											 "PLUTO_CFG_CLIENT=0",
											 NULL};
	static const char tunnel[] = "PLUTO_CONNECTION_TYPE=tunnel";
	g_autoptr(GError) error = NULL;
	g_autoptr(UpdownEvent) event = parse(behind_nat, NULL, NULL, &error);
	g_autoptr(UpdownEvent) no_mask = parse(behind_nat, tunnel, "PLUTO_MY_CLIENT_MASK", &error);
	g_autoptr(UpdownEvent) no_net = parse(behind_nat, tunnel, "PLUTO_MY_CLIENT_NET", &error);

	g_assert_no_error(error);
	g_assert_true(event->transport);
	g_assert_true(event->host);
	/* Where pluto says it once there is nothing to compare. */
	g_assert_false(no_mask->transport);
	g_assert_nonnull(no_net);
	/* So that readers need not ask. */
	g_assert_cmpstr(event->my_id, ==, "");
	g_assert_cmpstr(event->peer_id, ==, "");
	g_assert_cmpstr(event->banner, ==, "");
	g_assert_null(event->domains[0]);
	g_assert_null(parse(behind_nat, tunnel, NULL, &error));
	g_assert_error(error, UPDOWN_EVENT_ERROR, UPDOWN_EVENT_ERROR_VALUE);
	g_assert_nonnull(strstr(error->message, "PLUTO_MY_CLIENT_NET is \"203.0.113.9\", not the "
											"network 192.0.2.2 with its mask"));
}

/* What cannot be a resolver is left out, and of the others as many as one could use. */
static void
test_dns(void)
{
	g_autoptr(GString) many = g_string_new("PLUTO_PEER_DNS_INFO=");
	g_autoptr(UpdownEvent) edges = parse_well(
		"PLUTO_PEER_DNS_INFO=223.255.255.255,239.1.1.1 240.0.0.1 ff02::1 fe80::1 0.0.0.0 :: ::1");
	g_autoptr(UpdownEvent) full = NULL;
	static const char *const kept[] = {"223.255.255.255", "240.0.0.1", "fe80::1", "::1"};

	g_assert_cmpuint(edges->dns->len, ==, G_N_ELEMENTS(kept));
	for (guint i = 0; i < G_N_ELEMENTS(kept); i++)
		assert_net(&g_array_index(edges->dns, IpNet, i), kept[i]);
	for (guint i = 1; i <= 17; i++)
		g_string_append_printf(many, "10.0.0.%u ", i);
	full = parse_well(many->str);
	g_assert_cmpuint(full->dns->len, ==, 16);
	assert_net(&g_array_index(full->dns, IpNet, 0), "10.0.0.1");
	assert_net(&g_array_index(full->dns, IpNet, 15), "10.0.0.16");
}

/* RFC 1035, 2.3.4: labels of 63 letters, names of 253. */
static void
test_domains(void)
{
	g_autofree char *label = g_strnfill(63, 'a');
	g_autofree char *rest = g_strnfill(61, 'b');
	g_autofree char *name = g_strjoin(".", label, label, label, rest, NULL);
	g_autofree char *text =
		g_strdup_printf("PLUTO_PEER_DOMAIN_INFO=%sb,%s;%s %sa . a- -a a-.b a.-b a-b x_y.z. q..q",
						name, name, label, label);
	g_autoptr(UpdownEvent) event = parse_well(text);
	const char *const kept[] = {name, label, "a-b", "x_y.z", NULL};
	g_autoptr(GString) many = g_string_new("PLUTO_PEER_DOMAIN_INFO=");
	g_autoptr(UpdownEvent) full = NULL;

	g_assert_cmpuint(strlen(name), ==, 253);
	g_assert_true(g_strv_equal((const char *const *) event->domains, kept));
	for (guint i = 1; i <= 65; i++)
		g_string_append_printf(many, "d%u ", i);
	full = parse_well(many->str);
	g_assert_cmpuint(g_strv_length(full->domains), ==, 64);
	g_assert_cmpstr(full->domains[63], ==, "d64");
}

/* Texts of the gateway are cut, and shown without what a terminal would obey. */
static void
test_texts(void)
{
	static const struct {
		const char *name;
		gsize max;
		gsize field;
	} rows[] = {
		{"PLUTO_MY_ID", 2048, G_STRUCT_OFFSET(UpdownEvent, my_id)},
		{"PLUTO_PEER_ID", 2048, G_STRUCT_OFFSET(UpdownEvent, peer_id)},
		{"PLUTO_PEER_BANNER", 1024, G_STRUCT_OFFSET(UpdownEvent, banner)},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *whole = g_strnfill(rows[i].max - 1, 'x');
		g_autofree char *text = g_strdup_printf("%s=\x1b%sy", rows[i].name, whole);
		g_autoptr(UpdownEvent) event = parse_well(text);
		const char *value = G_STRUCT_MEMBER(const char *, event, rows[i].field);

		g_assert_cmpuint(strlen(value), ==, rows[i].max);
		g_assert_cmpint(value[0], ==, '?');
		g_assert_cmpint(value[rows[i].max - 1], ==, 'x');
	}
}

/* Of a connection that is not asked for any name is taken, up to a length; and none with what is no
 * name in it. */
static void
test_connection_names(void)
{
	for (gsize len = 0; len <= 257; len++) {
		g_autofree char *name = g_strnfill(len, 'n');
		g_autofree char *with = g_strconcat("PLUTO_CONNECTION=", name, NULL);
		g_autoptr(GByteArray) bytes = message(ikev1_on_4_10, with, NULL);
		g_autoptr(UpdownEvent) event =
			updown_event_parse((const char *) bytes->data, bytes->len, NULL, NULL);

		g_assert_cmpint(event != NULL, ==, len > 0 && len <= 256);
	}
	assert_refused("PLUTO_CONNECTION=tunnel\n");
}

/* Values are shown up to 60 letters, and that there were more. */
static void
test_shown_length(void)
{
	for (gsize len = 60; len <= 61; len++) {
		g_autofree char *value = g_strnfill(len, '1');
		g_autofree char *with = g_strconcat("PLUTO_ME=", value, NULL);
		g_autoptr(GError) error = NULL;

		g_assert_null(parse(ikev1_on_4_10, with, NULL, &error));
		g_assert_cmpint(strstr(error->message, "...") != NULL, ==, len > 60);
	}
}

static void
test_copy(void)
{
	g_autoptr(UpdownEvent) event = parse_well(NULL);
	g_autofree char *line = updown_event_to_string(event);
	g_autofree char *line_of_copy = NULL;
	g_autoptr(UpdownEvent) copy = updown_event_copy(event);

	g_clear_pointer(&event, updown_event_free);
	line_of_copy = updown_event_to_string(copy);
	g_assert_cmpstr(line, ==,
					"up-client of \"tunnel\": 10.9.0.6 (from the gateway) === 10.1.0.0/16, outside "
					"192.0.2.2 - 198.51.100.1, interface ipsec1, DNS 10.1.0.53 10.1.0.54, domains "
					"corp.example lab.example");
	g_assert_cmpstr(line_of_copy, ==, line);
	g_assert_cmpstr(copy->my_id, ==, "@client");
	g_assert_cmpstr(copy->peer_id, ==, "198.51.100.1");
	g_assert_cmpstr(copy->banner, ==, "Welcome to the lab");
	g_assert_cmpuint(copy->reqid, ==, 16388);
	g_assert_cmpstr(updown_verb_to_string(UPDOWN_VERB_DISCONNECT_NM), ==, "disconnectNM");
	g_assert_cmpstr(updown_verb_to_string(UPDOWN_VERB_DISCONNECT_NM + 1), ==, "unknown");
	updown_event_free(NULL);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/updown-event/road-warrior", test_road_warrior);
	g_test_add_func("/updown-event/six-in-four", test_six_in_four);
	g_test_add_func("/updown-event/verbs", test_verbs);
	g_test_add_func("/updown-event/lies", test_lies);
	g_test_add_func("/updown-event/not-looked-at", test_not_looked_at);
	g_test_add_func("/updown-event/error-names-value", test_error_names_value);
	g_test_add_func("/updown-event/missing", test_missing);
	g_test_add_func("/updown-event/other-connection", test_other_connection);
	g_test_add_func("/updown-event/one-of-several-subnets", test_one_of_several_subnets);
	g_test_add_func("/updown-event/gateway-nonsense", test_gateway_nonsense);
	g_test_add_func("/updown-event/wire", test_wire);
	g_test_add_func("/updown-event/garbage", test_garbage);
	g_test_add_func("/updown-event/child-key", test_child_key);
	g_test_add_func("/updown-event/lease", test_lease);
	g_test_add_func("/updown-event/numbers", test_numbers);
	g_test_add_func("/updown-event/interface-names", test_interface_names);
	g_test_add_func("/updown-event/transport", test_transport);
	g_test_add_func("/updown-event/dns", test_dns);
	g_test_add_func("/updown-event/domains", test_domains);
	g_test_add_func("/updown-event/texts", test_texts);
	g_test_add_func("/updown-event/connection-names", test_connection_names);
	g_test_add_func("/updown-event/shown-length", test_shown_length);
	g_test_add_func("/updown-event/copy", test_copy);
	return g_test_run();
}
