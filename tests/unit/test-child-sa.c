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

	child_table_take(table, event);
	g_assert_false(child_table_get(table, 0)->leased);
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
	g_test_add_func("/child-sa/several", test_several);
	g_test_add_func("/child-sa/other-configuration", test_other_configuration);
	return g_test_run();
}
