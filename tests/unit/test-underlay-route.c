/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "underlay-route.h"
#include "two-uplinks.h"
#include "no-descriptors.h"

static const char *no_netns;

static void
assert_route(const char *to, int tunnel, const char *expected)
{
	const IpNet host = net(to);
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	UnderlayRoute underlay;

	if (underlay_route_find(&host, tunnel, &underlay, &error))
		text = underlay_route_to_string(&underlay);
	else
		g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE);
	g_assert_cmpstr(text, ==, expected);
}

static void
test_plain(void)
{
	const IpNet host = net(GATEWAY);
	UnderlayRoute underlay;

	if (skipped(no_netns))
		return;
	assert_route(GATEWAY, 0, NULL);
	set_up();
	assert_route(GATEWAY, 0, "up0 from 192.0.2.2");
	assert_route(GATEWAY, tun0(), "up0 from 192.0.2.2");
	/* On the link itself. */
	assert_route("198.51.100.7", tun0(), "up1 from 198.51.100.2");
	g_assert_true(underlay_route_find(&host, 0, &underlay, NULL));
	g_assert_cmpuint(underlay.mtu, ==, 1500);
	ip("link set up0 mtu 1400");
	g_assert_true(underlay_route_find(&host, 0, &underlay, NULL));
	g_assert_cmpuint(underlay.mtu, ==, 1400);
	ip("route add " GATEWAY " via 192.0.2.1 mtu 1350");
	g_assert_true(underlay_route_find(&host, 0, &underlay, NULL));
	g_assert_cmpuint(underlay.mtu, ==, 1350);
	tear_down();
}

static void
test_ipv6(void)
{
	if (skipped(no_netns))
		return;
	set_up();
	assert_route(GATEWAY6, tun0(), NULL);
	ip("addr add 2001:db8:1::2/64 dev up0 nodad");
	ip("-6 route add default via 2001:db8:1::1 dev up0");
	assert_route(GATEWAY6, tun0(), "up0 from 2001:db8:1::2");
	ip("-6 route add default dev tun0 metric 50");
	assert_route(GATEWAY6, tun0(), "up0 from 2001:db8:1::2");
	tear_down();
}

/* Our tunnel leads to everything, and behind it our guard refuses everything. */
static void
test_beside_full_tunnel(void)
{
	const IpNet host = net(GATEWAY);
	g_autoptr(GError) error = NULL;
	UnderlayRoute underlay;

	if (skipped(no_netns))
		return;
	set_up();
	g_assert_false(underlay_route_needs_route(&host, tun0()));
	ip("route add default dev tun0 metric 50");
	assert_route(GATEWAY, tun0(), "up0 from 192.0.2.2");
	g_assert_true(underlay_route_needs_route(&host, tun0()));
	ip("route add unreachable default metric 51 proto " G_STRINGIFY(FALLBACK_ROUTES_PROTOCOL));
	assert_route(GATEWAY, tun0(), "up0 from 192.0.2.2");
	ip("route del default dev tun0 metric 50");
	assert_route(GATEWAY, tun0(), "up0 from 192.0.2.2");
	g_assert_true(underlay_route_needs_route(&host, tun0()));

	/* With a host route of ours the kernel takes it, and it does not count as an answer. */
	g_assert_true(underlay_route_find(&host, tun0(), &underlay, NULL));
	g_assert_true(underlay_route_add_route(&host, &underlay, &error));
	assert_route(GATEWAY, 0, "up0 from 192.0.2.2");
	g_assert_true(underlay_route_needs_route(&host, tun0()));
	ip("route del default dev up0");
	assert_route(GATEWAY, tun0(), "up1 from 198.51.100.2");
	g_assert_true(underlay_route_find(&host, tun0(), &underlay, NULL));
	g_assert_true(underlay_route_add_route(&host, &underlay, &error));
	assert_route(GATEWAY, 0, "up1 from 198.51.100.2");
	/* Somebody's own host route counts, and stays. */
	ip("route add " GATEWAY " via 192.0.2.1 dev up0 metric 7");
	assert_route(GATEWAY, tun0(), "up0 from 192.0.2.2");
	g_assert_false(underlay_route_needs_route(&host, tun0()));
	g_assert_true(underlay_route_delete_route(&host, &error));
	assert_route(GATEWAY, 0, "up0 from 192.0.2.2");
	ip("route del " GATEWAY " via 192.0.2.1 dev up0 metric 7");
	g_assert_true(underlay_route_delete_route(&host, &error)); /* none is no error */
	g_assert_true(underlay_route_needs_route(&host, tun0()));
	tear_down();
}

/* NetworkManager's host route on a link that has lost its address: the kernel would send from the
 * address of the tunnel. */
static void
test_without_address(void)
{
	const IpNet host = net(GATEWAY);
	g_autoptr(GError) error = NULL;
	UnderlayRoute underlay;

	if (skipped(no_netns))
		return;
	set_up();
	ip("link set up1 down");
	ip("addr del 192.0.2.2/24 dev up0");
	/* The kernel has flushed its routes; NetworkManager puts these back. */
	ip("route add 192.0.2.1 dev up0 metric 50");
	ip("route add " GATEWAY " via 192.0.2.1 dev up0 metric 50");
	assert_route(GATEWAY, tun0(), NULL);
	ip("link set up1 up");
	ip("route add default via 198.51.100.1 dev up1 metric 200");
	assert_route(GATEWAY, tun0(), "up1 from 198.51.100.2");
	g_assert_true(underlay_route_needs_route(&host, tun0()));
	g_assert_true(underlay_route_find(&host, tun0(), &underlay, NULL));
	g_assert_true(underlay_route_add_route(&host, &underlay, &error));
	assert_route(GATEWAY, 0, "up1 from 198.51.100.2");
	g_assert_true(underlay_route_needs_route(&host, tun0()));
	g_assert_true(underlay_route_delete_route(&host, &error));
	/* A source that somebody has chosen may be of another link, but not of the tunnel. */
	ip("route add " GATEWAY " via 192.0.2.1 dev up0 metric 5 src 198.51.100.2");
	assert_route(GATEWAY, tun0(), "up0 from 198.51.100.2");
	ip("route add " GATEWAY " via 192.0.2.1 dev up0 metric 4 src 10.30.1.5");
	assert_route(GATEWAY, tun0(), "up0 from 198.51.100.2");
	tear_down();
}

static void
test_others_word_counts(void)
{
	if (skipped(no_netns))
		return;
	set_up();
	ip("route add unreachable 203.0.113.0/24");
	assert_route(GATEWAY, tun0(), NULL);
	ip("route add default dev tun0 metric 50");
	assert_route(GATEWAY, tun0(), NULL);
	ip("route del unreachable 203.0.113.0/24");
	ip("rule add to " GATEWAY " table 77");
	ip("route add default via 198.51.100.1 dev up1 table 77");
	assert_route(GATEWAY, tun0(), "up1 from 198.51.100.2");
	ip("rule del to " GATEWAY " table 77");
	tear_down();
}

/* Nothing can be asked of the kernel: no answer is taken for one. */
static void
test_no_descriptor(void)
{
	const IpNet host = net(GATEWAY);
	g_autoptr(GArray) hosts = g_array_new(FALSE, FALSE, sizeof(IpNet));
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	UnderlayRoute underlay;
	IpNet source;

	if (skipped(no_netns))
		return;
	set_up();
	g_array_append_val(hosts, host);
	g_assert_true(underlay_route_find(&host, tun0(), &underlay, NULL));
	ip("route add default dev tun0 metric 50");
	g_assert_true(underlay_route_needs_route(&host, tun0()));
	no_descriptors_begin();
	assert_no_descriptor(underlay_route_find(&host, 0, &underlay, &error), error);
	assert_no_descriptor(underlay_route_add_route(&host, &underlay, &error), error);
	assert_no_descriptor(underlay_route_delete_route(&host, &error), error);
	g_assert_false(underlay_route_find_source(&host, &source));
	g_assert_false(underlay_route_needs_route(&host, 0));
	g_assert_null(underlay_route_find_first(hosts, AF_UNSPEC, 0, &underlay));
	text = underlay_route_to_string(&underlay);
	no_descriptors_end();
	g_assert_cmpstr(text, ==, "? from 192.0.2.2");
	tear_down();
}

static void
test_find_first(void)
{
	const IpNet four = net(GATEWAY), six = net(GATEWAY6);
	g_autoptr(GArray) hosts = g_array_new(FALSE, FALSE, sizeof(IpNet));
	UnderlayRoute underlay;

	if (skipped(no_netns))
		return;
	set_up();
	g_array_append_val(hosts, six);
	g_array_append_val(hosts, four);
	/* The first one that there is a route to. */
	g_assert_true(underlay_route_find_first(hosts, AF_UNSPEC, 0, &underlay) ==
				  &g_array_index(hosts, IpNet, 1));
	g_assert_null(underlay_route_find_first(hosts, AF_INET6, 0, &underlay));
	ip("addr add 2001:db8:1::2/64 dev up0 nodad");
	ip("-6 route add default via 2001:db8:1::1 dev up0");
	g_assert_true(underlay_route_find_first(hosts, AF_UNSPEC, 0, &underlay) ==
				  &g_array_index(hosts, IpNet, 0));
	g_assert_cmpint(underlay.source.family, ==, AF_INET6);
	g_assert_true(underlay_route_find_first(hosts, AF_INET, 0, &underlay) ==
				  &g_array_index(hosts, IpNet, 1));
	g_assert_cmpint(underlay.source.family, ==, AF_INET);
	tear_down();
}

int
main(int argc, char **argv)
{
	no_netns = own_netns_enter();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/underlay-route/plain", test_plain);
	g_test_add_func("/underlay-route/ipv6", test_ipv6);
	g_test_add_func("/underlay-route/beside-full-tunnel", test_beside_full_tunnel);
	g_test_add_func("/underlay-route/without-address", test_without_address);
	g_test_add_func("/underlay-route/others-word-counts", test_others_word_counts);
	g_test_add_func("/underlay-route/no-descriptor", test_no_descriptor);
	g_test_add_func("/underlay-route/find-first", test_find_first);
	return g_test_run();
}
