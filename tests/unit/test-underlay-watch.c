/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * underlay-route and underlay-watch in a network namespace of the test's, with the kernel's own
 * routes: "up0" is the better of two uplinks, "tun0" stands for our interface.
 */
#include "config.h"

#include "underlay-watch.h"
#include "own-netns.h"
#include "fallback-routes.h"

#include <gio/gio.h>
#include <net/if.h>
#include <string.h>

#define GATEWAY  "203.0.113.1"
#define GATEWAY6 "2001:db8:2::1"

static const char *no_netns;

static void
add_uplink(const char *name, const char *net, const char *metric)
{
	g_autofree char *link = g_strdup_printf("link add %s type veth peer name %s-peer", name, name);
	g_autofree char *up = g_strdup_printf("link set %s up", name);
	g_autofree char *peer = g_strdup_printf("link set %s-peer up", name);
	g_autofree char *address = g_strdup_printf("addr add %s.2/24 dev %s", net, name);
	g_autofree char *route =
		g_strdup_printf("route add default via %s.1 dev %s metric %s", net, name, metric);

	ip(link);
	ip(peer);
	ip(up);
	ip(address);
	ip(route);
}

static void
set_up(void)
{
	add_uplink("up0", "192.0.2", "100");
	add_uplink("up1", "198.51.100", "200");
	ip("link add tun0 type veth peer name tun0-peer");
	ip("link set tun0-peer up");
	ip("link set tun0 up");
	ip("addr add 10.30.1.5/32 dev tun0");
}

static void
tear_down(void)
{
	ip("link del up0");
	ip("link del up1");
	ip("link del tun0");
	ip("route flush table main");
	ip("-6 route flush table main");
}

static int
tun0(void)
{
	return (int) if_nametoindex("tun0");
}

static IpNet
gateway(const char *text)
{
	IpNet net;

	g_assert_true(ip_net_parse(&net, text));
	return net;
}

static void
assert_way(const char *to, int tunnel, const char *expected)
{
	const IpNet host = gateway(to);
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	UnderlayRoute way;

	if (underlay_route_find(&host, tunnel, &way, &error))
		text = underlay_route_to_string(&way);
	else
		g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE);
	g_assert_cmpstr(text, ==, expected);
}

/* What the kernel does, by ip(8). */
static void
assert_kernel_takes(const char *device)
{
	g_autofree char *word = g_strdup_printf(" dev %s ", device);
	g_autofree char *said = NULL;

	g_assert_true(g_spawn_command_line_sync("ip route get " GATEWAY, &said, NULL, NULL, NULL));
	if (!strstr(said, word))
		g_error("not by %s: %s", device, said);
}

static gboolean
skipped(void)
{
	if (no_netns)
		g_test_skip(no_netns);
	return no_netns != NULL;
}

static void
test_way(void)
{
	const IpNet host = gateway(GATEWAY);
	UnderlayRoute way;

	if (skipped())
		return;
	assert_way(GATEWAY, 0, NULL);
	set_up();
	assert_way(GATEWAY, 0, "up0 from 192.0.2.2");
	assert_way(GATEWAY, tun0(), "up0 from 192.0.2.2");
	/* On the link itself. */
	assert_way("198.51.100.7", tun0(), "up1 from 198.51.100.2");
	g_assert_true(underlay_route_find(&host, 0, &way, NULL));
	g_assert_cmpuint(way.mtu, ==, 1500);
	ip("link set up0 mtu 1400");
	g_assert_true(underlay_route_find(&host, 0, &way, NULL));
	g_assert_cmpuint(way.mtu, ==, 1400);
	ip("route add " GATEWAY " via 192.0.2.1 mtu 1350");
	g_assert_true(underlay_route_find(&host, 0, &way, NULL));
	g_assert_cmpuint(way.mtu, ==, 1350);
	tear_down();
}

static void
test_way6(void)
{
	if (skipped())
		return;
	set_up();
	assert_way(GATEWAY6, tun0(), NULL);
	ip("addr add 2001:db8:1::2/64 dev up0 nodad");
	ip("-6 route add default via 2001:db8:1::1 dev up0");
	assert_way(GATEWAY6, tun0(), "up0 from 2001:db8:1::2");
	ip("-6 route add default dev tun0 metric 50");
	assert_way(GATEWAY6, tun0(), "up0 from 2001:db8:1::2");
	tear_down();
}

/* Our tunnel is the way to everything, and behind it our guard refuses everything. */
static void
test_way_beside_full_tunnel(void)
{
	const IpNet host = gateway(GATEWAY);
	g_autoptr(GError) error = NULL;
	UnderlayRoute way;

	if (skipped())
		return;
	set_up();
	g_assert_false(underlay_route_needs_route(&host, tun0()));
	ip("route add default dev tun0 metric 50");
	assert_way(GATEWAY, tun0(), "up0 from 192.0.2.2");
	g_assert_true(underlay_route_needs_route(&host, tun0()));
	ip("route add unreachable default metric 51 proto " G_STRINGIFY(FALLBACK_ROUTES_PROTOCOL));
	assert_way(GATEWAY, tun0(), "up0 from 192.0.2.2");
	ip("route del default dev tun0 metric 50");
	assert_way(GATEWAY, tun0(), "up0 from 192.0.2.2");
	g_assert_true(underlay_route_needs_route(&host, tun0()));

	/* With a host route of ours the kernel goes that way, and it does not count as an answer. */
	g_assert_true(underlay_route_find(&host, tun0(), &way, NULL));
	g_assert_true(underlay_route_add_route(&host, &way, &error));
	assert_way(GATEWAY, 0, "up0 from 192.0.2.2");
	g_assert_true(underlay_route_needs_route(&host, tun0()));
	ip("route del default dev up0");
	assert_way(GATEWAY, tun0(), "up1 from 198.51.100.2");
	g_assert_true(underlay_route_find(&host, tun0(), &way, NULL));
	g_assert_true(underlay_route_add_route(&host, &way, &error));
	assert_way(GATEWAY, 0, "up1 from 198.51.100.2");
	/* Somebody's own host route counts, and stays. */
	ip("route add " GATEWAY " via 192.0.2.1 dev up0 metric 7");
	assert_way(GATEWAY, tun0(), "up0 from 192.0.2.2");
	g_assert_false(underlay_route_needs_route(&host, tun0()));
	g_assert_true(underlay_route_delete_routes(NULL, &error));
	assert_way(GATEWAY, 0, "up0 from 192.0.2.2");
	ip("route del " GATEWAY " via 192.0.2.1 dev up0 metric 7");
	g_assert_true(underlay_route_delete_routes(&host, &error)); /* none is no error */
	g_assert_true(underlay_route_needs_route(&host, tun0()));
	tear_down();
}

/* NetworkManager's host route on a link that has lost its address: the kernel would send from the
 * address of the tunnel. */
static void
test_way_without_address(void)
{
	const IpNet host = gateway(GATEWAY);
	g_autoptr(GError) error = NULL;
	UnderlayRoute way;

	if (skipped())
		return;
	set_up();
	ip("link set up1 down");
	ip("addr del 192.0.2.2/24 dev up0");
	/* The kernel has flushed its routes; NetworkManager puts these back. */
	ip("route add 192.0.2.1 dev up0 metric 50");
	ip("route add " GATEWAY " via 192.0.2.1 dev up0 metric 50");
	assert_way(GATEWAY, tun0(), NULL);
	ip("link set up1 up");
	ip("route add default via 198.51.100.1 dev up1 metric 200");
	assert_way(GATEWAY, tun0(), "up1 from 198.51.100.2");
	g_assert_true(underlay_route_needs_route(&host, tun0()));
	g_assert_true(underlay_route_find(&host, tun0(), &way, NULL));
	g_assert_true(underlay_route_add_route(&host, &way, &error));
	assert_way(GATEWAY, 0, "up1 from 198.51.100.2");
	g_assert_true(underlay_route_needs_route(&host, tun0()));
	g_assert_true(underlay_route_delete_routes(&host, &error));
	/* A source that somebody has chosen may be of another link, but not of the tunnel. */
	ip("route add " GATEWAY " via 192.0.2.1 dev up0 metric 5 src 198.51.100.2");
	assert_way(GATEWAY, tun0(), "up0 from 198.51.100.2");
	ip("route add " GATEWAY " via 192.0.2.1 dev up0 metric 4 src 10.30.1.5");
	assert_way(GATEWAY, tun0(), "up0 from 198.51.100.2");
	tear_down();
}

static void
test_others_word_counts(void)
{
	if (skipped())
		return;
	set_up();
	ip("route add unreachable 203.0.113.0/24");
	assert_way(GATEWAY, tun0(), NULL);
	ip("route add default dev tun0 metric 50");
	assert_way(GATEWAY, tun0(), NULL);
	ip("route del unreachable 203.0.113.0/24");
	ip("rule add to " GATEWAY " table 77");
	ip("route add default via 198.51.100.1 dev up1 table 77");
	assert_way(GATEWAY, tun0(), "up1 from 198.51.100.2");
	ip("rule del to " GATEWAY " table 77");
	tear_down();
}

typedef struct {
	GMainLoop *loop;
	GString *news; /* a letter each */
} Listener;

static void
on_news(UplinkNews news, gpointer user_data)
{
	Listener *listener = user_data;

	g_string_append_c(listener->news, "CGBM"[news]);
	g_main_loop_quit(listener->loop);
}

static gboolean
on_too_late(gpointer user_data)
{
	g_main_loop_quit(user_data);
	return G_SOURCE_CONTINUE;
}

static void
assert_news_within(Listener *listener, guint ms, const char *expected)
{
	guint source = g_timeout_add(ms, on_too_late, listener->loop);

	g_string_truncate(listener->news, 0);
	g_main_loop_run(listener->loop);
	g_source_remove(source);
	g_assert_cmpstr(listener->news->str, ==, expected);
}

static void
assert_news(Listener *listener, const char *expected)
{
	assert_news_within(listener, *expected ? 5000 : 2 * UNDERLAY_WATCH_PATIENT_MS, expected);
}

static void
test_watch(void)
{
	const IpNet host = gateway(GATEWAY);
	Listener listener = {g_main_loop_new(NULL, FALSE), g_string_new(NULL)};
	g_autoptr(UnderlayWatch) watch = NULL;
	g_autoptr(GError) error = NULL;

	if (!skipped()) {
		set_up();
		watch = underlay_watch_new(&host, tun0(), on_news, &listener, &error);
		g_assert_no_error(error);
		g_assert_nonnull(underlay_watch_get(watch));
		/* What does not concern the way is no news. */
		ip("addr add 10.30.1.6/32 dev tun0");
		ip("route add 10.20.0.0/24 dev tun0");
		assert_news(&listener, "");
		ip("link set up0 mtu 1300");
		assert_news(&listener, "M");
		ip("route del default dev up0");
		assert_news(&listener, "C");
		g_assert_cmpint(underlay_watch_get(watch)->ifindex, ==, (int) if_nametoindex("up1"));
		ip("link set up1 down");
		assert_news(&listener, "G");
		g_assert_null(underlay_watch_get(watch));
		ip("link set up1 up");
		ip("route add default via 198.51.100.1 dev up1 metric 200");
		assert_news(&listener, "B");
		/* Another address on the same link; away and there in one burst. */
		ip("addr del 198.51.100.2/24 dev up1");
		ip("addr add 198.51.100.3/24 dev up1");
		ip("route add default via 198.51.100.1 dev up1 metric 200");
		assert_news(&listener, "C");
		/* A better way appears. */
		ip("route add default via 192.0.2.1 dev up0 metric 100");
		assert_news(&listener, "C");
		/* Another router for the same address. */
		ip("route add default via 192.0.2.254 dev up0 metric 10");
		assert_news(&listener, "");
		tear_down();
	}
	g_main_loop_unref(listener.loop);
	g_string_free(listener.news, TRUE);
}

/* Our host route is flushed with the link's last address, and the same address is back before
 * anybody has looked. */
static void
test_watch_keeps_route(void)
{
	const IpNet host = gateway(GATEWAY);
	Listener listener = {g_main_loop_new(NULL, FALSE), g_string_new(NULL)};
	g_autoptr(UnderlayWatch) watch = NULL;

	if (!skipped()) {
		set_up();
		watch = underlay_watch_new(&host, tun0(), on_news, &listener, NULL);
		ip("route add default dev tun0 metric 50");
		assert_news(&listener, "");
		assert_kernel_takes("up0");
		ip("addr del 192.0.2.2/24 dev up0");
		ip("addr add 192.0.2.2/24 dev up0");
		ip("route add default via 192.0.2.1 dev up0 metric 100");
		assert_news(&listener, "");
		assert_kernel_takes("up0");
		/* It goes with the watch. */
		g_clear_pointer(&watch, underlay_watch_free);
		assert_kernel_takes("tun0");
		tear_down();
	}
	g_main_loop_unref(listener.loop);
	g_string_free(listener.news, TRUE);
}

/* A gateway that can be reached at another address, of the other family. */
static void
test_watch_turns_to_others(void)
{
	const IpNet host = gateway(GATEWAY), other = gateway(GATEWAY6);
	Listener listener = {g_main_loop_new(NULL, FALSE), g_string_new(NULL)};
	g_autoptr(GArray) others = g_array_new(FALSE, FALSE, sizeof(IpNet));
	g_autoptr(UnderlayWatch) watch = NULL;

	if (!skipped()) {
		set_up();
		ip("link set up1 down");
		ip("addr add 2001:db8:1::2/64 dev up0 nodad");
		ip("-6 route add default via 2001:db8:1::1 dev up0");
		watch = underlay_watch_new(&host, tun0(), on_news, &listener, NULL);
		/* They are looked up meanwhile. */
		underlay_watch_know_others(watch, others);
		g_array_append_val(others, host);
		g_array_append_val(others, other);
		/* Back at once: nobody turns away. */
		ip("route del default dev up0");
		assert_news(&listener, "G");
		g_assert_null(underlay_watch_get(watch));
		ip("route add default via 192.0.2.1 dev up0");
		assert_news(&listener, "B");
		g_assert_true(ip_net_equal(underlay_watch_get_gateway(watch), &host));
		/* Not back. */
		ip("route del default dev up0");
		assert_news(&listener, "G");
		assert_news(&listener, "C");
		g_assert_true(ip_net_equal(underlay_watch_get_gateway(watch), &other));
		g_assert_cmpint(underlay_watch_get(watch)->source.family, ==, AF_INET6);
		/* It stays, though the first one is back, until it goes as well. */
		ip("route add default via 192.0.2.1 dev up0");
		assert_news(&listener, "");
		ip("-6 route del default dev up0");
		assert_news(&listener, "G");
		assert_news(&listener, "C");
		g_assert_true(ip_net_equal(underlay_watch_get_gateway(watch), &host));
		/* Long after the last one has gone: the first that comes is taken at once. */
		ip("route del default dev up0");
		assert_news(&listener, "G");
		assert_news_within(&listener, UNDERLAY_WATCH_LOYAL_MS + UNDERLAY_WATCH_PATIENT_MS, "");
		ip("-6 route add default via 2001:db8:1::1 dev up0");
		assert_news(&listener, "C");
		g_assert_true(ip_net_equal(underlay_watch_get_gateway(watch), &other));
		tear_down();
	}
	g_main_loop_unref(listener.loop);
	g_string_free(listener.news, TRUE);
}

/* More changes than there is quiet between: it is looked at all the same. */
static gboolean
on_noise(gpointer user_data)
{
	static guint n;

	ip(n++ % 2 ? "addr del 10.30.1.9/32 dev tun0" : "addr add 10.30.1.9/32 dev tun0");
	return G_SOURCE_CONTINUE;
}

static void
test_watch_in_noise(void)
{
	const IpNet host = gateway(GATEWAY);
	Listener listener = {g_main_loop_new(NULL, FALSE), g_string_new(NULL)};
	g_autoptr(UnderlayWatch) watch = NULL;
	guint noise;

	if (!skipped()) {
		set_up();
		watch = underlay_watch_new(&host, tun0(), on_news, &listener, NULL);
		noise = g_timeout_add(UNDERLAY_WATCH_QUIET_MS / 5, on_noise, NULL);
		ip("route del default dev up0");
		assert_news(&listener, "C");
		g_source_remove(noise);
		tear_down();
	}
	g_main_loop_unref(listener.loop);
	g_string_free(listener.news, TRUE);
}

int
main(int argc, char **argv)
{
	g_autofree char *program = g_find_program_in_path("ip");

	no_netns = program ? own_netns_enter() : "there is no ip(8)";
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/underlay-route/plain", test_way);
	g_test_add_func("/underlay-route/ipv6", test_way6);
	g_test_add_func("/underlay-route/beside-full-tunnel", test_way_beside_full_tunnel);
	g_test_add_func("/underlay-route/without-address", test_way_without_address);
	g_test_add_func("/underlay-route/others-word-counts", test_others_word_counts);
	g_test_add_func("/underlay-watch/news", test_watch);
	g_test_add_func("/underlay-watch/keeps-route", test_watch_keeps_route);
	g_test_add_func("/underlay-watch/turns-to-others", test_watch_turns_to_others);
	g_test_add_func("/underlay-watch/noise", test_watch_in_noise);
	return g_test_run();
}
