/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In a network namespace of the test's: "up0" is the uplink. */
#include "config.h"

#include "gateway.h"
#include "own-netns.h"

#define GATEWAY  "203.0.113.1"
#define GATEWAY6 "2001:db8:2::1"

static const char *no_netns;

static void
add(Gateway *gateway, const char *text)
{
	IpNet address;

	g_assert_true(ip_net_parse(&address, text));
	g_array_append_val(gateway_get_addresses(gateway), address);
}

static gboolean
on_too_late(gpointer user_data)
{
	*(gboolean *) user_data = TRUE;
	return G_SOURCE_CONTINUE;
}

/* What is in /etc/hosts everywhere. */
static void
test_name(void)
{
	g_autoptr(Gateway) gateway = gateway_new("localhost", AF_INET);
	const GArray *addresses = gateway_get_addresses(gateway);
	gboolean too_late = FALSE;
	guint source = g_timeout_add(10000, on_too_late, &too_late);

	while (addresses->len == 0 && !too_late)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(source);
	g_assert_cmpuint(addresses->len, ==, 1);
	g_assert_cmpint(g_array_index(addresses, IpNet, 0).family, ==, AF_INET);
	g_assert_true(ip_net_is_host(&g_array_index(addresses, IpNet, 0)));
}

static void
test_freed_while_looking(void)
{
	gateway_free(gateway_new("localhost", AF_UNSPEC));
	gateway_free(NULL);
	while (g_main_context_iteration(NULL, FALSE))
		;
}

static void
test_used(void)
{
	g_autoptr(Gateway) gateway = gateway_new(GATEWAY, AF_UNSPEC);
	IpNet address;

	g_assert_cmpuint(gateway_get_addresses(gateway)->len, ==, 0);
	g_assert_null(gateway_get_used(gateway));
	g_assert_true(ip_net_parse(&address, GATEWAY6));
	gateway_use(gateway, &address);
	g_assert_cmpstr(gateway_get_used(gateway), ==, GATEWAY6);
}

static void
assert_only_way(const Gateway *gateway, const char *expected)
{
	g_autofree char *text = gateway_only_way(gateway, 0);

	g_assert_cmpstr(text, ==, expected);
}

static void
test_only_way(void)
{
	g_autoptr(Gateway) gateway = gateway_new(GATEWAY, AF_UNSPEC);

	if (no_netns) {
		g_test_skip(no_netns);
		return;
	}
	ip("link add up0 type veth peer name up0-peer");
	ip("link set up0-peer up");
	ip("link set up0 up");
	ip("addr add 192.0.2.2/24 dev up0");
	ip("addr add 2001:db8:1::2/64 dev up0 nodad");
	ip("-6 route add default via 2001:db8:1::1 dev up0");
	assert_only_way(gateway, NULL);
	add(gateway, GATEWAY);
	assert_only_way(gateway, NULL);
	add(gateway, GATEWAY6);
	assert_only_way(gateway, GATEWAY6);
	ip("route add default via 192.0.2.1 dev up0");
	assert_only_way(gateway, NULL);
	ip("link del up0");
	assert_only_way(gateway, NULL);
}

int
main(int argc, char **argv)
{
	g_autofree char *program = g_find_program_in_path("ip");

	no_netns = program ? own_netns_enter() : "there is no ip(8)";
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gateway/name", test_name);
	g_test_add_func("/gateway/freed-while-looking", test_freed_while_looking);
	g_test_add_func("/gateway/used", test_used);
	g_test_add_func("/gateway/only-way", test_only_way);
	return g_test_run();
}
