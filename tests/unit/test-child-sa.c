/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "child-sa.h"
#include "updown-fixture.h"

static ChildChange
take(ChildTable *table, const char *verb, const char *mine, const char *theirs, const char *more)
{
	g_autoptr(UpdownEvent) event =
		fixture_event(verb, mine, theirs, "PLUTO_CFG_CLIENT=1", more, NULL);

	return child_table_take(table, event);
}

static void
test_up_and_down(void)
{
	g_autoptr(ChildTable) table = child_table_new();

	g_assert_cmpint(take(table, "prepare-client", "10.30.1.1/32", "10.20.0.0/24", NULL), ==,
					CHILD_UNCHANGED);
	g_assert_cmpint(take(table, "route-client", "10.30.1.1/32", "10.20.0.0/24", NULL), ==,
					CHILD_UNCHANGED);
	g_assert_cmpuint(child_table_size(table), ==, 0);
	g_assert_cmpint(take(table, "up-client", "10.30.1.1/32", "10.20.0.0/24", NULL), ==,
					CHILD_WENT_UP);
	g_assert_cmpint(take(table, "up-client", "10.30.1.1/32", "10.20.0.0/24", NULL), ==,
					CHILD_UNCHANGED);
	g_assert_cmpuint(child_table_size(table), ==, 1);
	/* What goes down is what went up, not another one. */
	g_assert_cmpint(take(table, "down-client", "10.30.1.2/32", "10.20.0.0/24", NULL), ==,
					CHILD_UNCHANGED);
	g_assert_cmpint(take(table, "down-client", "10.30.1.1/32", "10.20.0.0/24", NULL), ==,
					CHILD_WENT_DOWN);
	g_assert_cmpint(take(table, "down-client", "10.30.1.1/32", "10.20.0.0/24", NULL), ==,
					CHILD_UNCHANGED);
	g_assert_cmpuint(child_table_size(table), ==, 0);
}

static void
test_address_is_my_client(void)
{
	g_autoptr(ChildTable) table = child_table_new();
	char text[IP_NET_STRLEN];

	/* libreswan 4.10 after an address change: PLUTO_MY_SOURCEIP is still the first lease. */
	take(table, "up-client", "10.30.2.1/32", "10.20.0.0/24", "PLUTO_MY_SOURCEIP=10.30.1.1");
	g_assert_true(child_table_get(table, 0)->leased);
	g_assert_cmpstr(ip_net_to_string(&child_table_get(table, 0)->my_client, text), ==, "10.30.2.1");
}

static void
test_no_lease(void)
{
	g_autoptr(ChildTable) table = child_table_new();
	g_autoptr(UpdownEvent) event =
		fixture_event("up-client", "10.1.0.0/16", "10.20.0.0/24", "PLUTO_CFG_CLIENT=0", NULL);
	g_autoptr(UpdownEvent) trap =
		fixture_event("route-client", "192.0.2.2/32", "10.20.0.0/24", "PLUTO_CFG_CLIENT=1", NULL);

	child_table_take(table, event);
	g_assert_false(child_table_get(table, 0)->leased);
	child_table_take_trap(table, trap);
	g_assert_false(child_table_get(table, 1)->leased);
}

static void
test_traps(void)
{
	g_autoptr(ChildTable) traps = child_table_new();
	g_autoptr(UpdownEvent) prepare =
		fixture_event("prepare-client", "10.1.0.0/16", "10.20.0.0/24", "PLUTO_CFG_CLIENT=0", NULL);
	g_autoptr(UpdownEvent) route =
		fixture_event("route-client", "10.1.0.0/16", "10.20.0.0/24", "PLUTO_CFG_CLIENT=0", NULL);
	g_autoptr(UpdownEvent) unroute =
		fixture_event("unroute-client", "10.1.0.0/16", "10.20.0.0/24", "PLUTO_CFG_CLIENT=0", NULL);

	g_assert_cmpint(child_table_take_trap(traps, prepare), ==, CHILD_UNCHANGED);
	g_assert_cmpint(child_table_take_trap(traps, route), ==, CHILD_WENT_UP);
	g_assert_cmpint(child_table_take_trap(traps, route), ==, CHILD_UNCHANGED);
	g_assert_cmpint(child_table_take(traps, route), ==, CHILD_UNCHANGED);
	g_assert_cmpint(child_table_take_trap(traps, unroute), ==, CHILD_WENT_DOWN);
	g_assert_cmpuint(child_table_size(traps), ==, 0);
}

/* What our own address says to the net is protected to the tunnel where it gave us another. */
static void
test_protected(void)
{
	static const struct {
		const char *mine, *theirs, *cfg, *protected;
	} rows[] = {
		{"10.30.1.1/32", "10.20.0.0/24", "PLUTO_CFG_CLIENT=1", "10.30.1.1 192.0.2.2"},
		{"10.30.1.1/32", "0.0.0.0/0", "PLUTO_CFG_CLIENT=1", "10.30.1.1"},
		{"10.30.1.1/32", "192.0.0.0/8", "PLUTO_CFG_CLIENT=1", "10.30.1.1"},
		{"10.1.0.0/16", "10.20.0.0/24", "PLUTO_CFG_CLIENT=0", "10.1.0.0/16"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(ChildTable) table = child_table_new();
		g_autoptr(UpdownEvent) event =
			fixture_event("up-client", rows[i].mine, rows[i].theirs, rows[i].cfg, NULL);
		g_autoptr(GArray) list = NULL;
		g_autoptr(GString) text = g_string_new(NULL);
		char buffer[IP_NET_STRLEN];

		child_table_take(table, event);
		list = child_table_list_protected(table);
		for (guint j = 0; j < list->len; j++)
			g_string_append_printf(
				text, "%s%s", j ? " " : "",
				ip_net_to_string(&g_array_index(list, XfrmChild, j).my_client, buffer));
		g_assert_cmpstr(text->str, ==, rows[i].protected);
	}
}

static void
test_several(void)
{
	g_autoptr(ChildTable) table = child_table_new();
	g_autoptr(GArray) list = NULL;

	take(table, "up-client", "10.30.1.1/32", "10.20.0.0/24", NULL);
	take(table, "up-client", "10.30.1.1/32", "10.21.0.0/24", NULL);
	g_assert_cmpuint(child_table_size(table), ==, 2);
	list = child_table_list(table);
	g_assert_cmpuint(list->len, ==, 2);
	take(table, "down-client", "10.30.1.1/32", "10.20.0.0/24", NULL);
	g_assert_cmpuint(child_table_size(table), ==, 1);
	child_table_clear(table);
	g_assert_cmpuint(child_table_size(table), ==, 0);
}

static ChildChange
take_of(ChildTable *table, const char *connection, const char *verb, const char *theirs)
{
	g_autoptr(UpdownEvent) event =
		fixture_event_of(connection, verb, "10.30.1.1/32", theirs, "PLUTO_CFG_CLIENT=1", NULL);

	return verb[0] == 'r' ? child_table_take_trap(table, event) : child_table_take(table, event);
}

static void
assert_nets(const ChildTable *table, const char *up, const char *missing)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *wanted = g_strdup_printf("%s|%s", up, missing);
	char buffer[IP_NET_STRLEN];

	for (guint i = 0; i < child_table_size_protected(table); i++) {
		if (i == child_table_size(table))
			g_string_append_c(text, '|');
		g_string_append_printf(text, " %s",
							   ip_net_to_string(&child_table_get(table, i)->peer_client, buffer));
	}
	if (child_table_size(table) == child_table_size_protected(table))
		g_string_append_c(text, '|');
	g_assert_cmpstr(text->str, ==, wanted);
}

/* What was protected stays so until its connection says something else. */
static void
test_missing(void)
{
	g_autoptr(ChildTable) table = child_table_new();
	g_autoptr(GArray) list = NULL;

	take_of(table, "vpn/1x1", "up-client", "10.20.0.0/24");
	take_of(table, "vpn/1x2", "up-client", "10.21.0.0/24");
	assert_nets(table, " 10.20.0.0/24 10.21.0.0/24", "");
	take_of(table, "vpn/1x1", "down-client", "10.20.0.0/24");
	assert_nets(table, " 10.21.0.0/24", " 10.20.0.0/24");
	list = child_table_list(table);
	g_assert_cmpuint(list->len, ==, 1);
	g_clear_pointer(&list, g_array_unref);
	/* Each of them, and what our own address says to its net. */
	list = child_table_list_protected(table);
	g_assert_cmpuint(list->len, ==, 4);
	g_assert_true(child_table_knows(table, "vpn/1x1"));
	g_assert_false(child_table_knows(table, "vpn/2x1"));

	child_table_lose(table, NULL);
	assert_nets(table, "", " 10.20.0.0/24 10.21.0.0/24");
	g_assert_cmpint(take_of(table, "vpn/1x2", "up-client", "10.22.0.0/24"), ==, CHILD_WENT_UP);
	assert_nets(table, " 10.22.0.0/24", " 10.20.0.0/24");
	g_assert_cmpint(take_of(table, "vpn/1x1", "up-client", "10.20.0.0/24"), ==, CHILD_WENT_UP);
	assert_nets(table, " 10.22.0.0/24 10.20.0.0/24", "");
	child_table_lose(table, "vpn/1x2");
	assert_nets(table, " 10.20.0.0/24", " 10.22.0.0/24");
	child_table_clear(table);
	assert_nets(table, "", "");
}

/* Of both families in one Child SA, the first that is up says nothing of the other. */
static void
test_missing_family(void)
{
	g_autoptr(ChildTable) table = child_table_new();
	g_autoptr(UpdownEvent) six = fixture_event("up-client", "2001:db8:30::1/128",
											   "2001:db8:20::/64", "PLUTO_CFG_CLIENT=1", NULL);

	take_of(table, "vpn", "up-client", "10.20.0.0/24");
	child_table_take(table, six);
	child_table_lose(table, NULL);
	take_of(table, "vpn", "up-client", "10.22.0.0/24");
	assert_nets(table, " 10.22.0.0/24", " 2001:db8:20::/64");
	child_table_take(table, six);
	assert_nets(table, " 10.22.0.0/24 2001:db8:20::/64", "");
}

/* On demand: the first of several is up, the others wait for their packet. */
static void
test_promise(void)
{
	g_autoptr(ChildTable) table = child_table_new();
	g_autoptr(ChildTable) traps = child_table_new();

	take_of(traps, "vpn/1x1", "route-client", "10.20.0.0/24");
	take_of(traps, "vpn/1x2", "route-client", "10.21.0.0/24");
	take_of(traps, "vpn/1x2", "route-client", "10.22.0.0/24");
	take_of(table, "vpn/1x1", "up-client", "10.20.0.0/25");
	child_table_protect(table, traps);
	assert_nets(table, " 10.20.0.0/25", " 10.21.0.0/24 10.22.0.0/24");
	child_table_protect(table, traps);
	assert_nets(table, " 10.20.0.0/25", " 10.21.0.0/24 10.22.0.0/24");
	child_table_clear(traps);
	take_of(table, "vpn/1x2", "up-client", "10.21.0.0/24");
	assert_nets(table, " 10.20.0.0/25 10.21.0.0/24", "");
}

/* What the profile asks for is missing until it is up, and then has a name. */
static void
test_promise_nets(void)
{
	g_autoptr(ChildTable) table = child_table_new();
	g_autoptr(GArray) list = NULL;
	NetPair leases[2] = {0}, pair = {0};

	g_assert_true(ip_net_parse(&leases[0].theirs, "10.20.0.0/24"));
	g_assert_true(ip_net_parse(&leases[1].theirs, "10.21.0.0/24"));
	g_assert_true(ip_net_parse(&pair.mine, "10.1.0.0/16"));
	pair.theirs = leases[0].theirs;
	take_of(table, "vpn/0x1", "up-client", "10.20.0.0/24");
	for (guint i = 0; i < 2; i++)
		child_table_protect_nets(table, leases, G_N_ELEMENTS(leases));
	assert_nets(table, " 10.20.0.0/24", " 10.21.0.0/24");
	g_assert_true(child_table_get(table, 1)->leased);
	/* Of it there is what our own address says alone, as it has no other yet. */
	list = child_table_list_protected(table);
	g_assert_cmpuint(list->len, ==, 3);
	g_assert_true(
		ip_net_equal(&g_array_index(list, XfrmChild, 2).my_client, &child_table_get(table, 0)->me));
	g_assert_true(ip_net_equal(&g_array_index(list, XfrmChild, 2).peer_client,
							   &child_table_get(table, 1)->peer_client));
	take_of(table, "vpn/0x2", "up-client", "10.21.0.0/24");
	assert_nets(table, " 10.20.0.0/24 10.21.0.0/24", "");

	/* A net of ours is another pair. */
	child_table_protect_nets(table, &pair, 1);
	assert_nets(table, " 10.20.0.0/24 10.21.0.0/24", " 10.20.0.0/24");
	take_of(table, "vpn/0x1", "up-client", "10.20.0.0/24");
	assert_nets(table, " 10.20.0.0/24 10.21.0.0/24", " 10.20.0.0/24");
	g_clear_pointer(&list, g_array_unref);
	list = child_table_list_protected(table);
	g_assert_cmpuint(list->len, ==, 5);
}

/* Twice the same, and once with all of them there. */
static void
test_many_nets(void)
{
	enum { N = 1024 };
	g_autoptr(ChildTable) table = child_table_new();
	g_autofree NetPair *pairs = g_new0(NetPair, 2 * N);

	for (guint i = 0; i < 2 * N; i++) {
		const guint8 bytes[4] = {10, (guint8) (i % N / 256), (guint8) (i % N % 256), 0};

		pairs[i].theirs = ip_net_from_bytes(AF_INET, bytes, 24);
	}
	child_table_protect_nets(table, pairs, 2 * N);
	g_assert_cmpuint(child_table_size_protected(table), ==, N);
	child_table_protect_nets(table, pairs, 2 * N);
	g_assert_cmpuint(child_table_size_protected(table), ==, N);
	child_table_protect_nets(table, NULL, 0);
	g_assert_cmpuint(child_table_size_protected(table), ==, N);
}

static void
test_dns(void)
{
	g_autoptr(ChildTable) table = child_table_new();
	g_autoptr(GArray) few = NULL, many = NULL;
	IpNet host;

	take(table, "up-client", "10.30.1.1/32", "10.20.0.0/24", "PLUTO_PEER_DNS_INFO=10.20.0.53");
	take(table, "up-client", "10.30.1.1/32", "10.21.0.0/24",
		 "PLUTO_PEER_DNS_INFO=10.20.0.53 10.20.0.54");
	few = child_table_list_dns(table);
	g_assert_cmpuint(few->len, ==, 2);
	g_assert_true(ip_net_parse(&host, "10.21.0.9"));
	g_assert_true(child_table_leads_to(table, &host, TRUE));
	g_assert_true(ip_net_parse(&host, "10.22.0.9"));
	g_assert_false(child_table_leads_to(table, &host, TRUE));
	take(table, "down-client", "10.30.1.1/32", "10.21.0.0/24", NULL);
	g_assert_true(ip_net_parse(&host, "10.21.0.9"));
	g_assert_true(child_table_leads_to(table, &host, TRUE)); /* it is missing */
	/* Its address is gone. */
	g_assert_cmpint(child_table_leads_to(table, &host, FALSE), ==, FALSE);
	for (guint i = 0; i < 10; i++) {
		g_autoptr(GString) dns = g_string_new("PLUTO_PEER_DNS_INFO=");
		g_autofree char *net = g_strdup_printf("10.40.%u.0/24", i);

		for (guint j = 0; j < 16; j++)
			g_string_append_printf(dns, "10.40.%u.%u ", i, j + 1);
		take(table, "up-client", "10.30.1.1/32", net, dns->str);
	}
	many = child_table_list_dns(table);
	g_assert_cmpuint(many->len, ==, CHILD_TABLE_DNS_MAX);
}

static void
test_other_configuration(void)
{
	g_autoptr(ChildTable) table = child_table_new();

	take(table, "up-client", "10.30.1.1/32", "10.20.0.0/24", "PLUTO_PEER_DNS_INFO=10.20.0.53");
	g_assert_cmpint(
		take(table, "up-client", "10.30.1.1/32", "10.20.0.0/24", "PLUTO_PEER_DNS_INFO=10.20.0.54"),
		==, CHILD_WENT_UP);
	g_assert_cmpuint(child_table_size(table), ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/child-sa/up-and-down", test_up_and_down);
	g_test_add_func("/child-sa/address-is-my-client", test_address_is_my_client);
	g_test_add_func("/child-sa/no-lease", test_no_lease);
	g_test_add_func("/child-sa/traps", test_traps);
	g_test_add_func("/child-sa/protected", test_protected);
	g_test_add_func("/child-sa/several", test_several);
	g_test_add_func("/child-sa/missing", test_missing);
	g_test_add_func("/child-sa/missing-family", test_missing_family);
	g_test_add_func("/child-sa/promise", test_promise);
	g_test_add_func("/child-sa/promise-nets", test_promise_nets);
	g_test_add_func("/child-sa/many-nets", test_many_nets);
	g_test_add_func("/child-sa/dns", test_dns);
	g_test_add_func("/child-sa/other-configuration", test_other_configuration);
	return g_test_run();
}
