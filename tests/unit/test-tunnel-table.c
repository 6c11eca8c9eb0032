/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In a network namespace of the test's, with the kernel's own rules and routes: "tun0", a veth,
 * stands for our interface, "up0" for the uplink, "other0" for
 * another tunnel's.
 */
#include "config.h"

#include "fallback-routes.h"
#include "no-descriptors.h"
#include "own-netns.h"
#include "tunnel-table.h"
#include "wait-until.h"

#include <gio/gio.h>
#include <net/if.h>
#include <sys/wait.h>

#define ROUTER "192.0.2.254"

static const char *no_netns;
static char *rules_before;

static char *said_by(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* What ip(8) prints, its lines in order and joined with "; ". A table that is not there is empty.
 */
static char *
said_by(const char *format, ...)
{
	g_autofree char *command = NULL, *line = NULL, *said = NULL, *complaint = NULL;
	g_auto(GStrv) lines = NULL;
	GString *text = g_string_new(NULL);
	va_list args;

	va_start(args, format);
	command = g_strdup_vprintf(format, args);
	va_end(args);
	line = g_strconcat("ip ", command, NULL);
	g_assert_true(g_spawn_command_line_sync(line, &said, &complaint, NULL, NULL));
	lines = g_strsplit(said, "\n", -1);
	for (char **one = lines; *one; one++) {
		if (*g_strstrip(*one))
			g_string_append_printf(text, "%s%s", text->len ? "; " : "", *one);
	}
	return g_string_free(text, FALSE);
}

/* Of one family; how the kernel spells a preference of IPv6 does not matter. */
static char *
routes_in(guint32 table, int family)
{
	g_autofree char *said = said_by("-%d route show table %u", family, table);
	g_auto(GStrv) pieces = g_strsplit(said, " pref medium", -1);

	return g_strjoinv("", pieces);
}

static gboolean
is_text(char *text, const char *wanted)
{
	gboolean is = g_str_equal(text, wanted);

	if (!is)
		g_debug("'%s' instead of '%s'", text, wanted);
	g_free(text);
	return is;
}

/* The link by which packets to @address leave, or what the kernel says instead. */
static char *
link_to(const char *address)
{
	g_autofree char *said = said_by("route get %s", address);
	g_auto(GStrv) words = g_strsplit(said, " ", -1);

	for (char **word = words; *word; word++) {
		if (g_str_equal(*word, "dev") && word[1])
			return g_strdup(word[1]);
	}
	return g_strdup("none");
}

#define WAIT_LINK(address, link)      WAIT_UNTIL(is_text(link_to(address), link))
#define WAIT_TABLE(table, family, is) WAIT_UNTIL(is_text(routes_in(table, family), is))

/* Links, addresses and the routes of an uplink, and of a tunnel as NetworkManager makes them. */
static gboolean
begin(void)
{
	if (skipped(no_netns))
		return FALSE;
	add_veth("tun0");
	add_veth("up0");
	ip("tuntap add other0 mode tun");
	ip("link set other0 up");
	ip("addr add 192.0.2.1/24 dev up0");
	ip("addr add 2001:db8:1::1/64 dev up0 nodad");
	ip("addr add 10.30.1.1/32 dev tun0");
	ip("addr add 2001:db8:30::1/128 dev tun0 nodad");
	ip("route add default via " ROUTER " dev up0 metric 100");
	ip("-6 route add default via 2001:db8:1::fe dev up0 metric 100");
	ip("route add 10.20.0.0/16 dev tun0 proto static metric 50");
	ip("-6 route add 2001:db8:20::/48 dev tun0 proto static metric 50");
	return TRUE;
}

static void
finish(TunnelTable *table)
{
	guint32 number = tunnel_table_get_number(table);

	tunnel_table_free(table);
	g_assert_true(is_text(said_by("rule"), rules_before));
	g_assert_true(is_text(routes_in(number, 4), ""));
	g_assert_true(is_text(routes_in(number, 6), ""));
	ip("link del tun0");
	ip("link del up0");
	ip("link del other0");
}

static TunnelTable *
table_of_ours(void)
{
	g_autoptr(GError) error = NULL;
	TunnelTable *table = tunnel_table_new((int) if_nametoindex("tun0"), &error);

	g_assert_no_error(error);
	g_assert_nonnull(table);
	return table;
}

#define IN_TABLE  "10.20.0.0/16 dev tun0 proto 215 scope link metric 50"
#define IN_TABLE6 "2001:db8:20::/48 dev tun0 proto 215 metric 50"

static void
test_copies(void)
{
	TunnelTable *table;
	guint32 number;

	if (!begin())
		return;
	ip("route add 10.21.0.0/16 dev tun0 table 1234");
	table = table_of_ours();
	number = tunnel_table_get_number(table);
	/* Neither what is of another table, nor what never leaves a link. */
	WAIT_TABLE(number, 4, IN_TABLE);
	WAIT_TABLE(number, 6, IN_TABLE6);
	ip("route add 10.22.0.0/16 dev tun0 src 192.0.2.1 metric 7 mtu 1400");
	WAIT_TABLE(number, 4,
			   IN_TABLE "; 10.22.0.0/16 dev tun0 proto 215 scope link src 192.0.2.1 metric 7 "
						"mtu 1400");
	ip("route change 10.22.0.0/16 dev tun0 src 10.30.1.1 metric 7");
	WAIT_TABLE(number, 4,
			   IN_TABLE "; 10.22.0.0/16 dev tun0 proto 215 scope link src 10.30.1.1 metric 7");
	ip("route del 10.22.0.0/16 dev tun0 metric 7");
	WAIT_TABLE(number, 4, IN_TABLE);
	finish(table);
}

/* What DHCP, a router advertisement, a redirect or dhclient's script has made leads nobody past. */
static void
test_past(void)
{
	static const char *const specific[] = {
		"10.20.0.1 via " ROUTER " dev up0 proto dhcp",
		"10.20.0.1 dev up0 scope link proto dhcp",
		"10.20.0.1 via " ROUTER " dev up0",
		"10.20.0.1 via " ROUTER " dev up0 proto kernel",
		/* What dhclient's script makes of a route without a router, and the kernel of a prefix that
		 * is said to be on the link. */
		"10.20.0.1 dev up0",
		"10.20.0.0/24 dev up0 proto kernel",
		/* NetworkManager's to the router that DHCP names, in the tunnel's network. */
		"10.20.0.1 dev up0 scope link proto static",
		"10.20.0.1 via " ROUTER " dev up0 proto redirect",
		"10.20.0.0/17 dev other0 proto dhcp",
		"10.20.0.0/17 dev other0 proto ra",
		"10.20.0.0/16 via " ROUTER " dev up0 proto dhcp metric 1",
	};
	TunnelTable *table;
	guint i;

	if (!begin())
		return;
	table = table_of_ours();
	for (i = 0; i < G_N_ELEMENTS(specific); i++) {
		g_test_message("%s", specific[i]);
		ip("route add %s", specific[i]);
		g_assert_true(is_text(link_to("10.20.0.1"), "tun0"));
		/* Nor when it has been looked at. */
		tunnel_table_update(table);
		g_assert_true(is_text(link_to("10.20.0.1"), "tun0"));
		ip("route del %s", specific[i]);
	}
	ip("-6 route add 2001:db8:20::1 via 2001:db8:1::fe dev up0 proto ra");
	tunnel_table_update(table);
	g_assert_true(is_text(link_to("2001:db8:20::1"), "tun0"));
	/* Nor out of a link by which somebody wants it to leave. */
	ip("route add 10.20.0.1 via " ROUTER " dev up0 proto dhcp");
	g_assert_true(is_text(link_to("10.20.0.1"), "tun0"));
	finish(table);
}

/* A tunnel for everything. */
static void
test_everything(void)
{
	TunnelTable *table;
	guint32 number;

	if (!begin())
		return;
	ip("addr add 169.254.7.7/16 dev up0 scope link");
	ip("route add default dev tun0 proto static metric 50");
	ip("-6 route add default dev tun0 proto static metric 50");
	table = table_of_ours();
	number = tunnel_table_get_number(table);
	ip("route add 198.51.100.1 via " ROUTER " dev up0 proto dhcp");
	ip("-6 route add 2001:db8:77::/64 via 2001:db8:1::fe dev up0 proto ra");
	ip("route add 198.51.100.2 via " ROUTER " dev up0 proto static");
	WAIT_LINK("198.51.100.2", "up0");
	g_assert_true(is_text(link_to("198.51.100.1"), "tun0"));
	g_assert_true(is_text(link_to("2001:db8:77::1"), "tun0"));
	g_assert_true(is_text(link_to("203.0.113.1"), "tun0"));
	/* The link's own networks and neighbours. */
	g_assert_true(is_text(link_to("192.0.2.77"), "up0"));
	g_assert_true(is_text(link_to("169.254.1.1"), "up0"));
	g_assert_true(is_text(link_to("2001:db8:1::77"), "up0"));
	g_assert_true(is_text(link_to("fe80::77 oif up0"), "up0"));
	/* However low the metric of another default route, and whoever has made it; but another
	 * tunnel's counts. */
	ip("route add default via " ROUTER " dev up0 metric 0");
	tunnel_table_update(table);
	g_assert_true(is_text(link_to("203.0.113.1"), "tun0"));
	ip("route add default via " ROUTER " dev up0 proto static metric 20");
	tunnel_table_update(table);
	g_assert_true(is_text(link_to("203.0.113.1"), "tun0"));
	ip("route del default via " ROUTER " dev up0 metric 0");
	ip("route add default dev other0 proto static metric 10");
	WAIT_LINK("203.0.113.1", "other0");
	/* But not by the network's word (6rd). */
	ip("route add default dev other0 proto dhcp metric 5");
	ip("route del default dev other0 proto static metric 10");
	WAIT_LINK("203.0.113.1", "tun0");
	ip("route del default dev other0 proto dhcp metric 5");
	ip("route add default dev other0 proto static metric 10");
	WAIT_LINK("203.0.113.1", "other0");
	/* Unless the main table has one before it. */
	ip("route add default via " ROUTER " dev up0 metric 0");
	WAIT_LINK("203.0.113.1", "tun0");
	/* Half of the internet is nobody's LAN. */
	ip("addr add 203.0.113.77/1 dev up0");
	ip("addr add 2600::77/16 dev up0 nodad");
	tunnel_table_update(table);
	g_assert_true(is_text(link_to("198.51.100.3"), "tun0"));
	g_assert_true(is_text(link_to("2600:1::1"), "tun0"));
	/* Nothing of it stays when NetworkManager takes it back. */
	ip("route del default dev tun0 metric 50");
	ip("-6 route del default dev tun0 metric 50");
	WAIT_TABLE(number, 4, IN_TABLE);
	WAIT_TABLE(number, 6, IN_TABLE6);
	finish(table);
}

/* By the word of this host or its user: a route elsewhere stays one. */
static void
test_elsewhere(void)
{
	static const char *const specific[] = {
		"10.20.0.1 via " ROUTER " dev up0 proto static",
		"10.20.0.1 dev other0",
		"10.20.0.0/24 via " ROUTER " dev up0 proto bird",
		"10.20.0.0/16 via " ROUTER " dev up0 proto static metric 1",
	};
	TunnelTable *table;
	guint32 number;
	guint i;

	if (!begin())
		return;
	table = table_of_ours();
	number = tunnel_table_get_number(table);
	for (i = 0; i < G_N_ELEMENTS(specific); i++) {
		g_test_message("%s", specific[i]);
		ip("route add %s", specific[i]);
		WAIT_LINK("10.20.0.1", strstr(specific[i], "other0") ? "other0" : "up0");
		ip("route del %s", specific[i]);
		WAIT_TABLE(number, 4, IN_TABLE);
		g_assert_true(is_text(link_to("10.20.0.1"), "tun0"));
	}
	/* With a higher metric it comes second, as in the main table. */
	ip("route add 10.20.0.0/16 via " ROUTER " dev up0 proto static metric 60");
	WAIT_TABLE(number, 4, IN_TABLE "; throw 10.20.0.0/16 proto 215 metric 60");
	g_assert_true(is_text(link_to("10.20.0.1"), "tun0"));
	/* What is refused is refused. */
	ip("route add unreachable 10.20.7.0/24 proto static");
	WAIT_LINK("10.20.7.1", "none");
	ip("route del unreachable 10.20.7.0/24");
	finish(table);
}

/* Networks that a link is attached to, whoever has told us of them. */
static void
test_attached(void)
{
	TunnelTable *table;

	if (!begin())
		return;
	table = table_of_ours();
	ip("addr add 10.20.8.2/24 dev up0");
	WAIT_LINK("10.20.8.77", "up0");
	g_assert_true(is_text(link_to("10.20.9.77"), "tun0"));
	ip("addr del 10.20.8.2/24 dev up0");
	WAIT_LINK("10.20.8.77", "tun0");
	/* As NetworkManager does it: the route is its own. */
	ip("addr add 2001:db8:20:1::2/64 dev up0 nodad noprefixroute");
	ip("-6 route add 2001:db8:20:1::/64 dev up0 proto ra");
	WAIT_LINK("2001:db8:20:1::77", "up0");
	/* The route alone, of a prefix where we have no address. */
	ip("-6 route add 2001:db8:20:2::/64 dev up0 proto ra");
	tunnel_table_update(table);
	g_assert_true(is_text(link_to("2001:db8:20:2::77"), "tun0"));
	ip("addr del 2001:db8:20:1::2/64 dev up0");
	WAIT_LINK("2001:db8:20:1::77", "tun0");
	finish(table);
}

/* A host route is the LAN's where the LAN is a part of the tunnel's network, and not where that is
 * a part of the LAN or the same. */
static void
test_hosts_of_lan(void)
{
	static const struct {
		const char *address, *host, *link;
	} cases[] = {
		{"10.20.8.2/24", "10.20.8.9", "up0"},
		{"10.20.8.2/17", "10.20.8.9", "up0"},
		{"10.20.8.2/16", "10.20.0.1", "tun0"},
		{"10.77.0.2/8", "10.20.0.1", "tun0"},
	};
	TunnelTable *table;

	if (!begin())
		return;
	table = table_of_ours();
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s on a link with %s", cases[i].host, cases[i].address);
		ip("addr add %s dev up0 noprefixroute", cases[i].address);
		ip("route add %s dev up0 proto dhcp metric 1", cases[i].host);
		tunnel_table_update(table);
		g_assert_true(is_text(link_to(cases[i].host), cases[i].link));
		ip("route del %s dev up0", cases[i].host);
		ip("addr del %s dev up0", cases[i].address);
	}
	finish(table);
}

static void
test_gateway(void)
{
	TunnelTable *table;
	IpNet inside, other, outside, unset = {0};

	if (!begin())
		return;
	g_assert_true(ip_net_parse(&inside, "10.20.0.5"));
	g_assert_true(ip_net_parse(&other, "10.20.0.6"));
	g_assert_true(ip_net_parse(&outside, "198.51.100.1"));
	table = table_of_ours();
	tunnel_table_set_gateway(table, &outside);
	g_assert_true(is_text(routes_in(tunnel_table_get_number(table), 4), IN_TABLE));
	ip("route add 10.20.0.5 via " ROUTER " dev up0 proto dhcp");
	g_assert_true(is_text(link_to("10.20.0.5"), "tun0"));
	tunnel_table_set_gateway(table, &inside);
	g_assert_true(is_text(link_to("10.20.0.5"), "up0"));
	g_assert_true(is_text(link_to("10.20.0.5 ipproto udp dport 500"), "up0"));
	g_assert_true(is_text(link_to("10.20.0.5 ipproto udp dport 4500"), "up0"));
	g_assert_true(is_text(link_to("10.20.0.5 ipproto icmp"), "up0"));
	/* Whose address that is, somebody's DNS answer may have said. */
	g_assert_true(is_text(link_to("10.20.0.5 ipproto tcp dport 80"), "tun0"));
	g_assert_true(is_text(link_to("10.20.0.5 ipproto udp dport 53"), "tun0"));
	g_assert_true(is_text(link_to("10.20.0.5 ipproto udp dport 4501"), "tun0"));
	g_assert_true(is_text(link_to("10.20.0.6 ipproto tcp dport 80"), "tun0"));
	ip("route flush table %u", tunnel_table_get_number(table) + 1);
	ip("rule del ipproto tcp");
	WAIT_LINK("10.20.0.5 ipproto tcp dport 80", "tun0");
	tunnel_table_set_gateway(table, &other);
	g_assert_true(is_text(link_to("10.20.0.5"), "tun0"));
	g_assert_true(is_text(said_by("rule show to 10.20.0.5"), ""));
	/* NetworkManager's route to the last one stays. */
	ip("route add 10.20.0.5 via " ROUTER " dev up0 proto static metric 50");
	ip("route add 10.20.0.6 via " ROUTER " dev up0 proto static metric 50");
	tunnel_table_update(table);
	g_assert_true(is_text(link_to("10.20.0.5"), "tun0"));
	g_assert_true(is_text(link_to("10.20.0.6"), "up0"));
	g_assert_true(is_text(link_to("10.20.0.6 ipproto tcp dport 80"), "tun0"));
	ip("route del 10.20.0.5 via " ROUTER " dev up0 proto static");
	ip("route del 10.20.0.6 via " ROUTER " dev up0 proto static");
	/* The gateway alone is the net: how IKE and ESP reach it the main table says. */
	ip("route add 10.99.0.1 dev tun0 metric 50");
	WAIT_LINK("10.99.0.1", "tun0");
	g_assert_true(ip_net_parse(&inside, "10.99.0.1"));
	tunnel_table_set_gateway(table, &inside);
	g_assert_true(is_text(routes_in(tunnel_table_get_number(table), 4), IN_TABLE));
	ip("route add 10.99.0.1 via " ROUTER " dev up0 metric 1");
	g_assert_true(is_text(link_to("10.99.0.1 ipproto udp dport 4500"), "up0"));
	g_assert_true(is_text(link_to("10.99.0.1 ipproto tcp dport 80"), "tun0"));
	g_assert_true(is_text(link_to("10.99.0.1 ipproto udp dport 53"), "tun0"));
	ip("route del 10.99.0.1 dev tun0 metric 50");
	WAIT_LINK("10.99.0.1 ipproto tcp dport 80", "up0"); /* it is no net of the tunnel any more */
	ip("route del 10.99.0.1 via " ROUTER " dev up0 metric 1");
	tunnel_table_set_gateway(table, &unset);
	finish(table);
}

static GArray *others; /* of IpNet: gateways of other connections */
static gboolean others_complete = TRUE;

static GArray *
list_others(gboolean *complete, gpointer user_data)
{
	g_assert_true(user_data == &others);
	*complete = others_complete;
	return g_array_ref(others);
}

static void
add_other(const char *text)
{
	IpNet gateway;

	g_assert_true(ip_net_parse(&gateway, text));
	g_array_append_val(others, gateway);
	ip("route add %s via " ROUTER " dev up0 proto static metric 50", text);
}

/* NetworkManager has a route past the tunnel to the gateway of another connection: it is for IKE,
 * ESP and ICMP alone, and for as long as that one is there. */
static void
test_others_gateways(void)
{
	TunnelTable *table;
	IpNet own, unset = {0};

	if (!begin())
		return;
	g_assert_true(ip_net_parse(&own, "10.20.0.5"));
	others = g_array_new(FALSE, FALSE, sizeof(IpNet));
	table = table_of_ours();
	tunnel_table_list_others_by(table, list_others, &others);
	add_other("10.20.0.5");
	add_other("198.51.100.9"); /* not in a net of ours */
	tunnel_table_update(table);
	g_assert_true(is_text(link_to("10.20.0.5 ipproto udp dport 4500"), "up0"));
	g_assert_true(is_text(link_to("10.20.0.5 ipproto icmp"), "up0"));
	g_assert_true(is_text(link_to("10.20.0.5 ipproto tcp dport 80"), "tun0"));
	g_assert_true(is_text(link_to("10.20.0.5 ipproto udp dport 53"), "tun0"));
	g_assert_true(is_text(said_by("rule show to 198.51.100.9"), ""));
	/* Whoever removes what is for the rest removes it in vain. */
	ip("route flush table %u", tunnel_table_get_number(table) + 1);
	ip("rule del ipproto tcp");
	WAIT_LINK("10.20.0.5 ipproto tcp dport 80", "tun0");
	/* Ours is there as well, and goes elsewhere. */
	tunnel_table_set_gateway(table, &own);
	g_assert_true(is_text(link_to("10.20.0.5 ipproto tcp dport 80"), "tun0"));
	tunnel_table_set_gateway(table, &unset);
	g_assert_true(is_text(link_to("10.20.0.5 ipproto udp dport 4500"), "up0"));
	g_assert_true(is_text(link_to("10.20.0.5 ipproto tcp dport 80"), "tun0"));
	/* The other connection is gone, and the route is left: at once it is no exception any more. */
	add_other("10.20.0.7");
	tunnel_table_update(table);
	g_assert_true(is_text(link_to("10.20.0.7 ipproto udp dport 4500"), "up0"));
	g_array_set_size(others, 0);
	tunnel_table_update(table);
	g_assert_true(is_text(link_to("10.20.0.5 ipproto udp dport 4500"), "tun0"));
	g_assert_true(is_text(link_to("10.20.0.7 ipproto udp dport 4500"), "tun0"));
	g_assert_true(is_text(link_to("10.20.0.7 ipproto tcp dport 80"), "tun0"));
	g_assert_true(is_text(said_by("rule show to 10.20.0.5"), ""));
	/* Where not all are known any may be one. */
	ip("route add 10.20.0.8 via " ROUTER " dev up0 proto static metric 50");
	tunnel_table_update(table);
	g_assert_true(is_text(link_to("10.20.0.8"), "up0"));
	others_complete = FALSE;
	tunnel_table_update(table);
	g_assert_true(is_text(link_to("10.20.0.8"), "tun0"));
	others_complete = TRUE;
	/* So many have no rules each, and no exception then. */
	for (guint i = 10; i < 50; i++) {
		g_autofree char *text = g_strdup_printf("10.20.0.%u", i);

		add_other(text);
	}
	WAIT_LINK("10.20.0.41 ipproto udp dport 4500", "up0");
	g_assert_true(is_text(link_to("10.20.0.41 ipproto tcp dport 80"), "tun0"));
	g_assert_true(is_text(link_to("10.20.0.42 ipproto udp dport 4500"), "tun0"));
	finish(table);
	g_assert_true(is_text(said_by("rule show to 10.20.0.10"), ""));
	g_array_unref(others);
}

/* Another connection's route to its gateway, inside of this tunnel, is none of the tunnel's own,
 * and no exception. */
static void
test_nested(void)
{
	TunnelTable *table;

	if (!begin())
		return;
	table = table_of_ours();
	ip("route add 10.20.0.7 dev tun0 proto 214 metric 1");
	tunnel_table_update(table);
	g_assert_true(is_text(routes_in(tunnel_table_get_number(table), 4), IN_TABLE));
	g_assert_true(is_text(link_to("10.20.0.7"), "tun0"));
	finish(table);
}

/* A host in the LAN is reached in it, also where it is another connection's gateway. */
static void
test_others_gateway_in_lan(void)
{
	TunnelTable *table;
	IpNet gateway;

	if (!begin())
		return;
	g_assert_true(ip_net_parse(&gateway, "10.20.8.9"));
	others = g_array_new(FALSE, FALSE, sizeof(IpNet));
	g_array_append_val(others, gateway);
	ip("addr add 10.20.8.2/24 dev up0");
	ip("route add 10.20.8.9 dev up0 proto static metric 50");
	table = table_of_ours();
	tunnel_table_list_others_by(table, list_others, &others);
	g_assert_true(is_text(link_to("10.20.8.9 ipproto tcp dport 80"), "up0"));
	g_assert_true(is_text(said_by("rule show to 10.20.8.9"), ""));
	ip("addr del 10.20.8.2/24 dev up0");
	finish(table);
	g_array_unref(others);
}

/* However often it changes, the last one counts, and none of those before. */
static void
test_many_gateways(void)
{
	TunnelTable *table;

	if (!begin())
		return;
	table = table_of_ours();
	for (guint i = 0; i < 300; i++) {
		g_autofree char *text = g_strdup_printf("10.20.%u.%u", i / 200, i % 200);
		IpNet gateway;

		g_assert_true(ip_net_parse(&gateway, text));
		tunnel_table_set_gateway(table, &gateway);
		if (i % 100 > 0)
			continue;
		ip("route add %s via " ROUTER " dev up0 proto static", text);
		tunnel_table_update(table);
		g_assert_true(is_text(link_to(text), "up0"));
	}
	g_assert_true(is_text(link_to("10.20.0.0"), "tun0"));
	g_assert_true(is_text(link_to("10.20.0.100"), "tun0"));
	g_assert_true(is_text(link_to("10.20.1.0"), "tun0"));
	/* Nor what may have been one: so many are not known one by one. */
	ip("route add 10.20.7.7 via " ROUTER " dev up0 proto static");
	ip("route add 10.20.8.0/31 via " ROUTER " dev up0 proto static");
	tunnel_table_update(table);
	g_assert_true(is_text(link_to("10.20.7.7"), "tun0"));
	g_assert_true(is_text(link_to("10.20.8.1"), "up0"));
	finish(table);
}

/* The interface's routes are missing for a moment: nothing else goes to the gateway meanwhile. */
static void
test_gateway_without_routes(void)
{
	g_autoptr(FallbackRoutes) fallbacks = NULL;
	TunnelTable *table;
	IpNet gateway, gateway6;
	gint64 began;

	if (!begin())
		return;
	g_assert_true(ip_net_parse(&gateway, "10.20.0.5"));
	g_assert_true(ip_net_parse(&gateway6, "2001:db8:20::5"));
	fallbacks = fallback_routes_new((int) if_nametoindex("tun0"), NULL);
	table = table_of_ours();
	WAIT_TABLE(tunnel_table_get_number(table), 4,
			   IN_TABLE "; unreachable 10.20.0.0/16 proto 213 metric 51");
	ip("addr del 10.30.1.1/32 dev tun0");
	ip("route add 10.20.0.5 via " ROUTER " dev up0 proto static");
	tunnel_table_set_gateway(table, &gateway);
	g_assert_true(is_text(link_to("10.20.0.5"), "up0"));
	g_assert_true(is_text(link_to("10.20.0.5 ipproto tcp dport 80"), "none"));
	ip("addr add 10.30.2.1/32 dev tun0");
	ip("route add 10.20.0.0/16 dev tun0 proto static metric 50");
	WAIT_LINK("10.20.0.5 ipproto tcp dport 80", "tun0");
	/* And then there is nothing left to do. */
	ip("-6 route del 2001:db8:20::/48 dev tun0");
	ip("-6 route add 2001:db8:20::5 via 2001:db8:1::fe dev up0 proto static");
	tunnel_table_set_gateway(table, &gateway6);
	g_assert_true(is_text(link_to("2001:db8:20::5"), "up0"));
	g_assert_true(is_text(link_to("2001:db8:20::5 ipproto tcp dport 80"), "none"));
	/* Duplicate address detection tells of each link's own address once more. */
	WAIT_UNTIL(is_text(said_by("-6 addr show tentative"), ""));
	WAIT_UNTIL(!g_main_context_pending(NULL));
	began = g_get_monotonic_time();
	while (g_get_monotonic_time() - began < G_USEC_PER_SEC / 20)
		g_assert_false(g_main_context_iteration(NULL, FALSE));
	g_clear_pointer(&fallbacks, fallback_routes_free);
	finish(table);
}

/* NetworkManager replaces the address: the kernel drops the link's routes of every table. */
static void
test_another_address(void)
{
	g_autoptr(FallbackRoutes) fallbacks = NULL;
	TunnelTable *table;

	if (!begin())
		return;
	fallbacks = fallback_routes_new((int) if_nametoindex("tun0"), NULL);
	table = table_of_ours();
	WAIT_TABLE(tunnel_table_get_number(table), 4,
			   IN_TABLE "; unreachable 10.20.0.0/16 proto 213 metric 51");
	ip("route add 10.20.0.1 via " ROUTER " dev up0 proto dhcp");
	ip("addr del 10.30.1.1/32 dev tun0");
	g_assert_true(is_text(link_to("10.20.0.1"), "none"));
	tunnel_table_update(table);
	g_assert_true(is_text(link_to("10.20.0.1"), "none"));
	ip("addr add 10.30.2.1/32 dev tun0");
	ip("route add 10.20.0.0/16 dev tun0 proto static metric 50");
	WAIT_LINK("10.20.0.1", "tun0");
	/* While it is gone, exceptions hold all the same. */
	ip("addr del 10.30.2.1/32 dev tun0");
	ip("route add 10.20.0.2 via " ROUTER " dev up0 proto static");
	WAIT_LINK("10.20.0.2", "up0");
	g_assert_true(is_text(link_to("10.20.0.1"), "none"));
	/* Another interface in its place. */
	ip("link del tun0");
	add_veth("tun0");
	ip("addr add 10.30.2.1/32 dev tun0");
	fallback_routes_follow(fallbacks, (int) if_nametoindex("tun0"));
	tunnel_table_follow(table, (int) if_nametoindex("tun0"));
	ip("route add 10.20.0.0/16 dev tun0 proto static metric 50");
	WAIT_LINK("10.20.0.1", "tun0");
	fallback_routes_free(g_steal_pointer(&fallbacks));
	finish(table);
}

static guint
count_rules(guint32 number, int family)
{
	g_autofree char *said = said_by("-%d rule show", family);
	g_autofree char *rule =
		g_strdup_printf("%d:\tfrom all lookup %u proto 215", TUNNEL_TABLE_PRIORITY, number);
	g_auto(GStrv) lines = g_strsplit(said, "; ", -1);
	guint n = 0;

	for (char **line = lines; *line; line++)
		n += g_str_equal(*line, rule);
	return n;
}

static void
test_rules(void)
{
	TunnelTable *table, *second;
	guint32 number, another;

	if (!begin())
		return;
	table = table_of_ours();
	second = table_of_ours();
	number = tunnel_table_get_number(table);
	another = tunnel_table_get_number(second);
	g_assert_cmpuint(number, !=, another);
	g_assert_cmpuint(count_rules(number, 4), ==, 1);
	g_assert_cmpuint(count_rules(number, 6), ==, 1);
	g_assert_cmpuint(count_rules(another, 4), ==, 1);
	ip("rule del priority %d lookup %u", TUNNEL_TABLE_PRIORITY, number);
	ip("-6 rule del priority %d lookup %u", TUNNEL_TABLE_PRIORITY, number);
	WAIT_UNTIL(count_rules(number, 4) == 1 && count_rules(number, 6) == 1);
	/* What somebody removes from the table comes back, too. */
	ip("route flush table %u", number);
	WAIT_TABLE(number, 4, IN_TABLE);
	tunnel_table_free(second);
	g_assert_cmpuint(count_rules(another, 4), ==, 0);
	g_assert_cmpuint(count_rules(number, 4), ==, 1);
	finish(table);
}

/* Whoever removes our rules all the time has the last word. */
static void
test_persistent_other(void)
{
	TunnelTable *table;
	guint32 number;

	if (!begin())
		return;
	table = table_of_ours();
	number = tunnel_table_get_number(table);
	for (guint i = 0; i < 20; i++) {
		WAIT_UNTIL(count_rules(number, 4) == 1);
		if (i == 19)
			g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "*keeps removing*");
		ip("rule del priority %d lookup %u", TUNNEL_TABLE_PRIORITY, number);
	}
	WAIT_UNTIL(count_rules(number, 4) == 1);
	g_test_assert_expected_messages();
	ip("rule del priority %d lookup %u", TUNNEL_TABLE_PRIORITY, number);
	tunnel_table_update(table);
	g_assert_cmpuint(count_rules(number, 4), ==, 0);
	finish(table);
}

static void
test_stale(void)
{
	TunnelTable *living;
	guint32 number;
	pid_t pid;
	int status;

	if (!begin())
		return;
	ip("route add 10.20.0.1 via " ROUTER " dev up0 proto static");
	ip("rule add priority 19213 lookup 1234");
	pid = fork();
	if (pid == 0) {
		table_of_ours();
		_exit(0);
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	WAIT_TABLE(TUNNEL_TABLE_FIRST, 4, IN_TABLE "; throw 10.20.0.1 proto 215");
	/* One that lives beside it is not touched, nor is what others have. */
	living = table_of_ours();
	number = tunnel_table_get_number(living);
	g_assert_cmpuint(number, !=, TUNNEL_TABLE_FIRST);
	g_assert_true(tunnel_table_clean_stale(TUNNEL_TABLE_FIRST, NULL));
	g_assert_true(is_text(routes_in(TUNNEL_TABLE_FIRST, 4), ""));
	g_assert_true(is_text(routes_in(TUNNEL_TABLE_FIRST, 6), ""));
	g_assert_cmpuint(count_rules(TUNNEL_TABLE_FIRST, 4), ==, 0);
	g_assert_cmpuint(count_rules(TUNNEL_TABLE_FIRST, 6), ==, 0);
	g_assert_cmpuint(count_rules(number, 4), ==, 1);
	g_assert_true(is_text(routes_in(number, 4), IN_TABLE "; throw 10.20.0.1 proto 215"));
	ip("rule del priority 19213 lookup 1234");
	finish(living);
}

static void
test_many(void)
{
	g_autoptr(GString) batch = g_string_new(NULL);
	g_autofree char *file = NULL;
	TunnelTable *table;
	int fd;

	if (!begin())
		return;
	for (guint i = 0; i < 1100; i++)
		g_string_append_printf(batch, "route add 10.20.%u.%u dev other0\n", i / 250, i % 250);
	fd = g_file_open_tmp("routes-XXXXXX", &file, NULL);
	g_assert_cmpint(write(fd, batch->str, batch->len), ==, batch->len);
	close(fd);
	ip("-batch %s", file);
	unlink(file);
	g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "more than 1000 routes*");
	table = table_of_ours();
	g_test_assert_expected_messages();
	tunnel_table_update(table);
	g_assert_true(is_text(link_to("10.20.0.7"), "other0"));
	g_assert_true(is_text(link_to("10.20.4.90"), "tun0"));
	finish(table);
}

static void
test_no_descriptors(void)
{
	g_autoptr(GError) error = NULL;

	if (skipped(no_netns))
		return;
	no_descriptors_begin();
	assert_no_descriptor(tunnel_table_new(1, &error), error);
	assert_no_descriptor(tunnel_table_clean_stale(1, &error), error);
	no_descriptors_end();
	g_assert_true(is_text(said_by("rule"), rules_before));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	no_netns = own_netns_enter();
	if (!no_netns) {
		ip("link set lo up");
		rules_before = said_by("rule");
	}
	g_test_add_func("/tunnel-table/copies", test_copies);
	g_test_add_func("/tunnel-table/past", test_past);
	g_test_add_func("/tunnel-table/everything", test_everything);
	g_test_add_func("/tunnel-table/elsewhere", test_elsewhere);
	g_test_add_func("/tunnel-table/attached", test_attached);
	g_test_add_func("/tunnel-table/hosts-of-lan", test_hosts_of_lan);
	g_test_add_func("/tunnel-table/gateway", test_gateway);
	g_test_add_func("/tunnel-table/others-gateways", test_others_gateways);
	g_test_add_func("/tunnel-table/others-gateway-in-lan", test_others_gateway_in_lan);
	g_test_add_func("/tunnel-table/nested", test_nested);
	g_test_add_func("/tunnel-table/many-gateways", test_many_gateways);
	g_test_add_func("/tunnel-table/gateway-without-routes", test_gateway_without_routes);
	g_test_add_func("/tunnel-table/another-address", test_another_address);
	g_test_add_func("/tunnel-table/rules", test_rules);
	g_test_add_func("/tunnel-table/persistent-other", test_persistent_other);
	g_test_add_func("/tunnel-table/stale", test_stale);
	g_test_add_func("/tunnel-table/many", test_many);
	g_test_add_func("/tunnel-table/no-descriptors", test_no_descriptors);
	return g_test_run();
}
