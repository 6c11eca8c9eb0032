/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "ip-report.h"
#include "make-net.h"

#include <NetworkManager.h>
#include <nm-vpn-dbus-interface.h>
#include <arpa/inet.h>
#include <string.h>

#include "updown-fixture.h"

static const IpReportParams params = {.interface = "ipsec1", .mtu = 1400};

static void
up(ChildTable *table, const char *mine, const char *theirs, const char *more)
{
	g_autoptr(UpdownEvent) event =
		fixture_event("up-client", mine, theirs, "PLUTO_CFG_CLIENT=1", more, NULL);

	child_table_take(table, event);
}

static guint32
number_of(GVariant *dict, const char *key)
{
	guint32 number = 0;

	g_assert_true(g_variant_lookup(dict, key, "u", &number));
	return number;
}

static gboolean
boolean_of(GVariant *dict, const char *key)
{
	gboolean value = FALSE;

	g_assert_true(g_variant_lookup(dict, key, "b", &value));
	return value;
}

static char *
printed(GVariant *dict, const char *key)
{
	g_autoptr(GVariant) value = g_variant_lookup_value(dict, key, NULL);

	return value ? g_variant_print(value, FALSE) : NULL;
}

static void
test_ikev1_road_warrior(void)
{
	g_autoptr(ChildTable) table = child_table_new();
	g_autoptr(IpReport) report = NULL;
	g_autoptr(GVariant) routes = NULL;
	g_autoptr(GVariant) route = NULL;
	g_autofree char *domains = NULL;
	const char *tundev;
	guint32 value;

	up(table, "10.30.1.1/32", "10.20.0.0/24", "PLUTO_PEER_DOMAIN_INFO=corp.example");
	report = ip_report_new(table, &params);
	g_assert_true(g_variant_lookup(report->config, NM_VPN_PLUGIN_CONFIG_TUNDEV, "&s", &tundev));
	g_assert_cmpstr(tundev, ==, "ipsec1");
	g_assert_cmpuint(number_of(report->config, NM_VPN_PLUGIN_CONFIG_EXT_GATEWAY), ==,
					 inet_addr("203.0.113.1"));
	g_assert_cmpuint(number_of(report->config, NM_VPN_PLUGIN_CONFIG_MTU), ==, 1400);
	g_assert_true(boolean_of(report->config, NM_VPN_PLUGIN_CONFIG_HAS_IP4));
	g_assert_false(boolean_of(report->config, NM_VPN_PLUGIN_CONFIG_HAS_IP6));
	g_assert_true(boolean_of(report->config, NM_VPN_PLUGIN_CAN_PERSIST));
	g_assert_null(report->ip6);

	g_assert_cmpuint(number_of(report->ip4, NM_VPN_PLUGIN_IP4_CONFIG_ADDRESS), ==,
					 inet_addr("10.30.1.1"));
	g_assert_cmpuint(number_of(report->ip4, NM_VPN_PLUGIN_IP4_CONFIG_PREFIX), ==, 32);
	g_assert_true(boolean_of(report->ip4, NM_VPN_PLUGIN_IP4_CONFIG_NEVER_DEFAULT));
	domains = printed(report->ip4, NM_VPN_PLUGIN_IP4_CONFIG_DOMAINS);
	g_assert_cmpstr(domains, ==, "['corp.example']");
	routes =
		g_variant_lookup_value(report->ip4, NM_VPN_PLUGIN_IP4_CONFIG_ROUTES, G_VARIANT_TYPE("aau"));
	g_assert_cmpuint(g_variant_n_children(routes), ==, 1);
	route = g_variant_get_child_value(routes, 0);
	g_assert_cmpuint(g_variant_n_children(route), ==, 4);
	g_variant_get_child(route, 0, "u", &value);
	g_assert_cmpuint(value, ==, inet_addr("10.20.0.0"));
	g_variant_get_child(route, 1, "u", &value);
	g_assert_cmpuint(value, ==, 24);
}

static void
test_dns(void)
{
	g_autoptr(ChildTable) table = child_table_new();
	g_autoptr(IpReport) report = NULL;
	g_autoptr(GVariant) dns = NULL;
	gsize n = 0;
	const guint32 *servers;

	up(table, "10.30.1.1/32", "10.20.0.0/24", "PLUTO_PEER_DNS_INFO=10.20.0.53 10.20.0.54");
	up(table, "10.30.1.1/32", "10.21.0.0/24", "PLUTO_PEER_DNS_INFO=10.20.0.53 10.20.0.54");
	report = ip_report_new(table, &params);
	dns = g_variant_lookup_value(report->ip4, NM_VPN_PLUGIN_IP4_CONFIG_DNS, G_VARIANT_TYPE("au"));
	servers = g_variant_get_fixed_array(dns, &n, sizeof(guint32));
	g_assert_cmpuint(n, ==, 2);
	g_assert_cmpuint(servers[0], ==, inet_addr("10.20.0.53"));
	g_assert_cmpuint(servers[1], ==, inet_addr("10.20.0.54"));
}

/* It differs where servers or domains do, and only there. */
static void
test_dns_to_string(void)
{
	static const struct {
		const char *lease, *more;
		gboolean same;
	} cases[] = {
		{"10.30.1.1/32", "PLUTO_PEER_DNS_INFO=10.20.0.53", TRUE},
		{"10.30.2.1/32", "PLUTO_PEER_DNS_INFO=10.20.0.53", TRUE},
		{"10.30.1.1/32", "PLUTO_PEER_DNS_INFO=10.20.0.54", FALSE},
		{"10.30.1.1/32", "PLUTO_PEER_DNS_INFO=10.20.0.53 10.20.0.54", FALSE},
		{"10.30.1.1/32", "PLUTO_PEER_DOMAIN_INFO=corp.example", FALSE},
		{"2001:db8::1/128", "PLUTO_PEER_DNS_INFO=10.20.0.53", FALSE},
		{"10.30.1.1/32", NULL, FALSE},
	};
	g_autofree char *first = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(ChildTable) table = child_table_new();
		g_autoptr(IpReport) report = NULL;
		g_autofree char *text = NULL;

		up(table, cases[i].lease, strchr(cases[i].lease, ':') ? "2001:db8::/64" : "10.20.0.0/24",
		   cases[i].more);
		report = ip_report_new(table, &params);
		text = ip_report_dns_to_string(report);
		if (!first)
			first = g_strdup(text);
		g_assert_cmpint(g_str_equal(first, text), ==, cases[i].same);
	}
}

static void
test_without_names(void)
{
	g_autoptr(ChildTable) table = child_table_new();
	g_autoptr(ChildTable) nameless = child_table_new();
	g_autoptr(IpReport) report = NULL;
	g_autoptr(IpReport) without = NULL;
	g_autoptr(IpReport) expected = NULL;

	up(table, "10.30.1.1/32", "10.20.0.0/24", "PLUTO_PEER_DNS_INFO=10.20.0.53");
	up(table, "10.30.1.1/32", "10.21.0.0/24", "PLUTO_PEER_DOMAIN_INFO=corp.example");
	report = ip_report_new(table, &params);
	without = ip_report_without_names(report);
	up(nameless, "10.30.1.1/32", "10.20.0.0/24", NULL);
	up(nameless, "10.30.1.1/32", "10.21.0.0/24", NULL);
	expected = ip_report_new(nameless, &params);
	g_assert_false(ip_report_equal(report, without));
	g_assert_true(ip_report_equal(expected, without));
}

static void
test_without_dns(void)
{
	static const char *const left_out[] = {"10.20.0.53", "2001:db8:20::53"};
	g_autoptr(ChildTable) table = child_table_new();
	g_autoptr(GArray) servers = g_array_new(FALSE, FALSE, sizeof(IpNet));
	g_autoptr(IpReport) report = NULL, without = NULL, none = NULL;
	g_autoptr(GArray) all = NULL, rest = NULL;
	g_autoptr(GVariant) value = NULL;

	up(table, "10.30.1.1/32", "10.20.0.0/24", "PLUTO_PEER_DNS_INFO=10.20.0.53 10.20.0.54");
	up(table, "2001:db8:30::1/128", "2001:db8:20::/64", "PLUTO_PEER_DNS_INFO=2001:db8:20::53");
	report = ip_report_new(table, &params);
	all = ip_report_list_dns(report);
	g_assert_cmpuint(all->len, ==, 3);
	for (guint i = 0; i < G_N_ELEMENTS(left_out); i++) {
		const IpNet server = net(left_out[i]);

		g_array_append_val(servers, server);
	}
	without = ip_report_without_dns(report, servers);
	rest = ip_report_list_dns(without);
	g_assert_cmpuint(rest->len, ==, 1);
	g_assert_true(ip_net_list_has(all, &g_array_index(rest, IpNet, 0)));
	value = g_variant_lookup_value(without->ip6, NM_VPN_PLUGIN_IP6_CONFIG_DNS, NULL);
	g_assert_null(value);
	g_array_set_size(servers, 0);
	none = ip_report_without_dns(report, servers);
	g_assert_true(ip_report_equal(report, none));
}

static gsize
n_routes(GVariant *dict)
{
	g_autoptr(GVariant) routes =
		g_variant_lookup_value(dict, NM_VPN_PLUGIN_IP4_CONFIG_ROUTES, NULL);

	return routes ? g_variant_n_children(routes) : 0;
}

static void
test_with_route_to_itself(void)
{
	g_autoptr(ChildTable) table = child_table_new();
	g_autoptr(ChildTable) full = child_table_new();
	g_autoptr(IpReport) report = NULL, with = NULL, of_full = NULL, with_full = NULL;
	g_autofree char *routes = NULL;
	g_autoptr(GVariant) value = NULL;

	up(table, "10.30.1.1/32", "10.20.0.0/24", "PLUTO_PEER_DNS_INFO=10.20.0.53");
	up(table, "2001:db8:30::1/128", "2001:db8:20::/64", NULL);
	report = ip_report_new(table, &params);
	with = ip_report_with_route_to_itself(report);
	g_assert_cmpuint(n_routes(report->ip4), ==, 1);
	g_assert_cmpuint(n_routes(with->ip4), ==, 2);
	g_assert_cmpuint(n_routes(report->ip6), ==, 1);
	g_assert_cmpuint(n_routes(with->ip6), ==, 2);
	value = g_variant_lookup_value(with->ip4, NM_VPN_PLUGIN_IP4_CONFIG_ROUTES, NULL);
	routes = g_variant_print(value, FALSE);
	g_assert_nonnull(strstr(routes, "[16850442, 32, 0, 0]"));
	/* The rest is as it was. */
	g_assert_true(g_variant_equal(report->config, with->config));
	g_assert_cmpuint(g_variant_n_children(report->ip4), ==, g_variant_n_children(with->ip4));

	up(full, "10.30.1.1/32", "0.0.0.0/0", NULL);
	of_full = ip_report_new(full, &params);
	with_full = ip_report_with_route_to_itself(of_full);
	g_assert_cmpuint(n_routes(of_full->ip4), ==, 0);
	g_assert_cmpuint(n_routes(with_full->ip4), ==, 1);
}

/* The profile's domains come before the gateway's. */
static void
test_own_domains(void)
{
	const IpReportParams own = {.interface = "ipsec1", .domain = "own.example other.example"};
	g_autoptr(ChildTable) table = child_table_new();
	g_autoptr(IpReport) report = NULL;
	g_autofree char *domains = NULL;

	up(table, "10.30.1.1/32", "10.20.0.0/24", "PLUTO_PEER_DOMAIN_INFO=corp.example own.example");
	report = ip_report_new(table, &own);
	domains = printed(report->ip4, NM_VPN_PLUGIN_IP4_CONFIG_DOMAINS);
	g_assert_cmpstr(domains, ==, "['own.example', 'other.example', 'corp.example']");
}

static void
test_full_tunnel(void)
{
	g_autoptr(ChildTable) table = child_table_new();
	g_autoptr(IpReport) report = NULL;
	g_autofree char *routes = NULL;

	up(table, "10.30.1.1/32", "0.0.0.0/0", NULL);
	report = ip_report_new(table, &params);
	g_assert_false(boolean_of(report->ip4, NM_VPN_PLUGIN_IP4_CONFIG_NEVER_DEFAULT));
	routes = printed(report->ip4, NM_VPN_PLUGIN_IP4_CONFIG_ROUTES);
	g_assert_null(routes);
}

static void
test_both_families(void)
{
	g_autoptr(ChildTable) table = child_table_new();
	g_autoptr(IpReport) report = NULL;
	g_autofree char *routes = NULL;

	up(table, "10.30.1.1/32", "10.20.0.0/24", NULL);
	up(table, "2001:db8:30::1/128", "2001:db8:20::/64", NULL);
	report = ip_report_new(table, &params);
	g_assert_true(boolean_of(report->config, NM_VPN_PLUGIN_CONFIG_HAS_IP4));
	g_assert_true(boolean_of(report->config, NM_VPN_PLUGIN_CONFIG_HAS_IP6));
	g_assert_nonnull(report->ip6);
	g_assert_cmpuint(number_of(report->ip6, NM_VPN_PLUGIN_IP6_CONFIG_PREFIX), ==, 128);
	routes = printed(report->ip6, NM_VPN_PLUGIN_IP6_CONFIG_ROUTES);
	g_assert_nonnull(routes);
}

/* Without an interface a route without its source would send plaintext. */
static void
test_policy_based_routes_have_a_source(void)
{
	const IpReportParams policy_based = {0};
	g_autoptr(ChildTable) table = child_table_new();
	g_autoptr(IpReport) report = NULL;
	g_autoptr(GVariant) routes = NULL;
	g_autoptr(GVariant) route = NULL;
	g_autofree char *tundev = NULL;
	guint32 source;

	up(table, "10.30.1.1/32", "10.20.0.0/24", NULL);
	report = ip_report_new(table, &policy_based);
	tundev = printed(report->config, NM_VPN_PLUGIN_CONFIG_TUNDEV);
	g_assert_null(tundev);
	routes =
		g_variant_lookup_value(report->ip4, NM_VPN_PLUGIN_IP4_CONFIG_ROUTES, G_VARIANT_TYPE("aau"));
	route = g_variant_get_child_value(routes, 0);
	g_assert_cmpuint(g_variant_n_children(route), ==, 5);
	g_variant_get_child(route, 4, "u", &source);
	g_assert_cmpuint(source, ==, inet_addr("10.30.1.1"));
}

static gboolean
local_of_ours(const IpNet *net, IpNet *address)
{
	IpNet ours;

	g_assert_true(ip_net_parse(&ours, "10.1.0.7"));
	if (!ip_net_contains(net, &ours))
		return FALSE;
	*address = ours;
	return TRUE;
}

static guint8
prefix_of_ours(const IpNet *host)
{
	return host->family == AF_INET ? 24 : 64;
}

static const IpReportParams policy_params = {.find_local = local_of_ours};

static void
site(ChildTable *table, const char *mine, const char *theirs, const char *more)
{
	g_autoptr(UpdownEvent) event =
		fixture_event("up-client", mine, theirs, "PLUTO_CFG_CLIENT=0", more, NULL);

	child_table_take(table, event);
}

/* "DESTINATION/BITS SOURCE" of each route. */
static char *
routes_of(const IpReport *report)
{
	g_autoptr(GVariant) routes =
		g_variant_lookup_value(report->ip4, NM_VPN_PLUGIN_IP4_CONFIG_ROUTES, G_VARIANT_TYPE("aau"));
	GString *text = g_string_new(NULL);

	for (gsize i = 0; routes && i < g_variant_n_children(routes); i++) {
		g_autoptr(GVariant) route = g_variant_get_child_value(routes, i);
		guint32 dst, bits, source = 0;

		g_variant_get_child(route, 0, "u", &dst);
		g_variant_get_child(route, 1, "u", &bits);
		if (g_variant_n_children(route) > 4)
			g_variant_get_child(route, 4, "u", &source);
		g_string_append_printf(text, "%s%s/%u", i ? ", " : "",
							   inet_ntoa((struct in_addr){.s_addr = dst}), bits);
		if (source)
			g_string_append_printf(text, " %s", inet_ntoa((struct in_addr){.s_addr = source}));
	}
	return g_string_free(text, FALSE);
}

static void
test_where_packets_come_from(void)
{
	static const struct {
		const char *mine, *theirs, *more;
		gboolean leased, interface;
		const char *routes;
	} rows[] = {
		/* Our address in the net behind us, if we have one there. */
		{"10.1.0.0/16", "10.20.0.0/24", NULL, FALSE, FALSE, "10.20.0.0/24 10.1.0.7"},
		{"10.2.0.0/16", "10.20.0.0/24", NULL, FALSE, FALSE, ""},
		{"10.1.0.0/16", "10.20.0.0/24", NULL, FALSE, TRUE, "10.20.0.0/24 10.1.0.7"},
		{"10.2.0.0/16", "10.20.0.0/24", NULL, FALSE, TRUE, "10.20.0.0/24"},
		{"192.0.2.2/32", "10.20.0.0/24", NULL, FALSE, FALSE, "10.20.0.0/24 192.0.2.2"},
		/* All the internet, with a source address. */
		{"10.30.1.1/32", "0.0.0.0/0", NULL, TRUE, FALSE,
		 "0.0.0.0/1 10.30.1.1, 128.0.0.0/1 10.30.1.1"},
		{"10.30.1.1/32", "0.0.0.0/0", NULL, TRUE, TRUE, ""},
		/* A trap on the link of a connection that has no address yet. */
		{"192.0.2.2/32", "10.20.0.0/24", NULL, FALSE, TRUE, "10.20.0.0/24 192.0.2.2"},
		/* One protocol: the others go as they always went. */
		{"192.0.2.2/32", "10.20.0.0/24", "PLUTO_MY_PROTOCOL=6", FALSE, FALSE, ""},
		{"10.30.1.1/32", "10.20.0.0/24", "PLUTO_MY_PROTOCOL=6", TRUE, FALSE,
		 "10.20.0.0/24 10.30.1.1"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(ChildTable) table = child_table_new();
		g_autoptr(IpReport) report = NULL;
		g_autofree char *routes = NULL;
		IpReportParams p = policy_params;

		if (rows[i].interface)
			p.interface = "ipsec1";
		(rows[i].leased ? up : site)(table, rows[i].mine, rows[i].theirs, rows[i].more);
		report = ip_report_new(table, &p);
		routes = routes_of(report);
		g_assert_cmpstr(routes, ==, rows[i].routes);
	}
}

/* For a NetworkManager before 1.48. */
static void
test_address_is_needed(void)
{
	g_autoptr(ChildTable) hosts = child_table_new();
	g_autoptr(ChildTable) others = child_table_new();
	g_autoptr(IpReport) report = NULL;
	g_autoptr(IpReport) nothing = NULL;
	g_autoptr(IpReport) newer = NULL;
	g_autoptr(IpReport) linked = NULL;
	IpReportParams p = policy_params;

	site(hosts, "192.0.2.2/32", "10.20.0.0/24", NULL);
	site(others, "10.2.0.0/16", "10.20.0.0/24", NULL);
	newer = ip_report_new(hosts, &p);
	g_assert_false(g_variant_lookup(newer->ip4, NM_VPN_PLUGIN_IP4_CONFIG_ADDRESS, "u", NULL));
	p.needs_address = TRUE;
	report = ip_report_new(hosts, &p);
	g_assert_cmpuint(number_of(report->ip4, NM_VPN_PLUGIN_IP4_CONFIG_ADDRESS), ==,
					 inet_addr("192.0.2.2"));
	g_assert_cmpuint(number_of(report->ip4, NM_VPN_PLUGIN_IP4_CONFIG_PREFIX), ==, 32);
	p.prefix_of = prefix_of_ours;
	linked = ip_report_new(hosts, &p);
	g_assert_cmpuint(number_of(linked->ip4, NM_VPN_PLUGIN_IP4_CONFIG_PREFIX), ==, 24);
	nothing = ip_report_new(others, &p);
	g_assert_null(nothing->ip4);
	g_assert_false(boolean_of(nothing->config, NM_VPN_PLUGIN_CONFIG_HAS_IP4));
}

static void
up_of(ChildTable *table, const char *connection, const char *mine, const char *theirs,
	  const char *leased)
{
	g_autoptr(UpdownEvent) event =
		fixture_event_of(connection, "up-client", mine, theirs, leased, NULL);

	child_table_take(table, event);
}

static char *
routes_now(const ChildTable *table, const IpReportParams *how)
{
	g_autoptr(IpReport) report = ip_report_new(table, how);

	return routes_of(report);
}

#define LEASED "PLUTO_CFG_CLIENT=1"
#define FIXED  "PLUTO_CFG_CLIENT=0"

/* The routes of what is missing stay, unless their source is a lease that is gone. */
static void
test_missing(void)
{
	const IpReportParams without = {.interface = NULL};
	g_autoptr(ChildTable) table = child_table_new();
	g_autoptr(IpReport) whole = NULL;
	g_autoptr(IpReport) part = NULL;
	g_autoptr(IpReport) policies = NULL;
	g_autofree char *text = NULL;
	g_autofree char *routes = NULL;
	g_autofree char *fixed = NULL;
	g_autofree char *still = NULL;

	up_of(table, "vpn/1x1", "10.30.1.1/32", "10.20.0.0/24", LEASED);
	up_of(table, "vpn/1x2", "10.30.1.1/32", "10.21.0.0/24", LEASED);
	up_of(table, "vpn/2x1", "2001:db8:30::1/128", "2001:db8:20::/64", LEASED);
	whole = ip_report_new(table, &params);
	child_table_lose(table, "vpn/1x2");
	child_table_lose(table, "vpn/2x1");
	part = ip_report_new(table, &params);
	g_assert_true(ip_report_equal(whole, part));
	text = ip_report_to_string(table);
	g_assert_nonnull(strstr(text, "; network 10.21.0.0/24 is missing"));

	policies = ip_report_new(table, &without);
	g_assert_null(policies->ip6);
	routes = routes_now(table, &without);
	g_assert_cmpstr(routes, ==, "10.20.0.0/24 10.30.1.1");

	child_table_clear(table);
	up_of(table, "vpn/1x1", "10.1.0.1/32", "10.20.0.0/24", FIXED);
	up_of(table, "vpn/1x2", "10.1.0.1/32", "10.21.0.0/24", FIXED);
	fixed = routes_now(table, &without);
	child_table_lose(table, "vpn/1x2");
	still = routes_now(table, &without);
	g_assert_cmpstr(fixed, ==, "10.20.0.0/24 10.1.0.1, 10.21.0.0/24 10.1.0.1");
	g_assert_cmpstr(still, ==, fixed);
}

static void
test_equal(void)
{
	g_autoptr(ChildTable) table = child_table_new();
	g_autoptr(ChildTable) other_table = child_table_new();
	g_autoptr(IpReport) report = NULL;
	g_autoptr(IpReport) same = NULL;
	g_autoptr(IpReport) other = NULL;

	up(table, "10.30.1.1/32", "10.20.0.0/24", "PLUTO_PEER_DNS_INFO=10.20.0.53");
	up(other_table, "10.30.2.1/32", "10.20.0.0/24", "PLUTO_PEER_DNS_INFO=10.20.0.53");
	report = ip_report_new(table, &params);
	same = ip_report_new(table, &params);
	other = ip_report_new(other_table, &params);
	g_assert_true(ip_report_equal(report, same));
	g_assert_false(ip_report_equal(report, other));
	g_assert_false(ip_report_equal(report, NULL));
	g_assert_true(ip_report_equal(NULL, NULL));
}

static void
test_order_of_children_means_nothing(void)
{
	static const char *const nets[] = {"10.20.0.128/25", "10.20.0.0/25", "10.20.0.0/24"};
	g_autoptr(ChildTable) table = child_table_new();
	g_autoptr(ChildTable) other_table = child_table_new();
	g_autoptr(IpReport) report = NULL;
	g_autoptr(IpReport) other = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(nets); i++) {
		up(table, "10.30.1.1/32", nets[i], NULL);
		up(other_table, "10.30.1.1/32", nets[G_N_ELEMENTS(nets) - 1 - i], NULL);
	}
	report = ip_report_new(table, &params);
	other = ip_report_new(other_table, &params);
	g_assert_true(ip_report_equal(report, other));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ip-report/ikev1-road-warrior", test_ikev1_road_warrior);
	g_test_add_func("/ip-report/dns", test_dns);
	g_test_add_func("/ip-report/dns-to-string", test_dns_to_string);
	g_test_add_func("/ip-report/without-names", test_without_names);
	g_test_add_func("/ip-report/without-dns", test_without_dns);
	g_test_add_func("/ip-report/with-route-to-itself", test_with_route_to_itself);
	g_test_add_func("/ip-report/own-domains", test_own_domains);
	g_test_add_func("/ip-report/full-tunnel", test_full_tunnel);
	g_test_add_func("/ip-report/both-families", test_both_families);
	g_test_add_func("/ip-report/policy-based-routes-have-a-source",
					test_policy_based_routes_have_a_source);
	g_test_add_func("/ip-report/where-packets-come-from", test_where_packets_come_from);
	g_test_add_func("/ip-report/address-is-needed", test_address_is_needed);
	g_test_add_func("/ip-report/missing", test_missing);
	g_test_add_func("/ip-report/equal", test_equal);
	g_test_add_func("/ip-report/order-of-children-means-nothing",
					test_order_of_children_means_nothing);
	return g_test_run();
}
