/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "underlay-watch.h"
#include "two-uplinks.h"
#include "no-descriptors.h"

#include <string.h>

static const char *no_netns;

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

typedef struct {
	GMainLoop *loop;
	GString *news; /* a letter each */
} Listener;

static void
on_news(UplinkNews news, gpointer user_data)
{
	Listener *listener = user_data;

	g_string_append_c(listener->news, "CGBML"[news]);
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

static gboolean
has_host_route(void)
{
	g_autofree char *said = NULL;

	g_assert_true(g_spawn_command_line_sync(
		"ip route show proto " G_STRINGIFY(UNDERLAY_ROUTE_PROTOCOL), &said, NULL, NULL, NULL));
	return strstr(said, GATEWAY) != NULL;
}

/* Another connection, and what is said to it. */
static GString *claims;
static gboolean has_route_too;

static void
on_claim(const IpNet *gateway, gpointer user_data)
{
	char text[IP_NET_STRLEN];

	g_string_append_printf(claims, "%s;", gateway ? ip_net_to_string(gateway, text) : "none");
}

static gboolean
on_is_anothers(const IpNet *gateway, gpointer user_data)
{
	g_string_append(claims, "?");
	return has_route_too;
}

/* The host route goes with the last of two that have it. */
static void
test_claims(void)
{
	static const UnderlayClaims others = {on_claim, on_is_anothers};
	const IpNet host = net(GATEWAY);
	Listener listener = {g_main_loop_new(NULL, FALSE), g_string_new(NULL)};
	UnderlayWatch *watch;

	if (!skipped(no_netns)) {
		set_up();
		claims = g_string_new(NULL);
		for (has_route_too = FALSE; has_route_too <= TRUE; has_route_too++) {
			g_string_truncate(claims, 0);
			watch = underlay_watch_new(&host, tun0(), on_news, &others, &listener, NULL);
			g_assert_nonnull(watch);
			g_assert_cmpstr(claims->str, ==, "");
			underlay_watch_hold(watch);
			g_assert_true(has_host_route());
			underlay_watch_hold(watch);
			g_assert_cmpstr(claims->str, ==, GATEWAY ";");
			underlay_watch_free(watch);
			/* Ours first, or of two that go at once nobody would be the last. */
			g_assert_cmpstr(claims->str, ==, GATEWAY ";none;?");
			g_assert_cmpint(has_host_route(), ==, has_route_too);
		}
		g_string_free(claims, TRUE);
		tear_down();
	}
	g_main_loop_unref(listener.loop);
	g_string_free(listener.news, TRUE);
}

static void
test_watch(void)
{
	const IpNet host = net(GATEWAY);
	Listener listener = {g_main_loop_new(NULL, FALSE), g_string_new(NULL)};
	g_autoptr(UnderlayWatch) watch = NULL;
	g_autoptr(GError) error = NULL;

	if (!skipped(no_netns)) {
		set_up();
		watch = underlay_watch_new(&host, tun0(), on_news, NULL, &listener, &error);
		g_assert_no_error(error);
		g_assert_nonnull(underlay_watch_get(watch));
		/* What does not concern the route is no news. */
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
		/* A better route appears. */
		ip("route add default via 192.0.2.1 dev up0 metric 100");
		assert_news(&listener, "C");
		/* Another router for the same address. */
		ip("route add default via 192.0.2.254 dev up0 metric 10");
		assert_news(&listener, "L");
		g_assert_cmpuint(underlay_watch_get_addresses(watch)->len, ==, 2);
		/* Another address of the link, with which the gateway is not reached. */
		ip("addr add 192.0.2.77/32 dev up0");
		assert_news(&listener, "L");
		g_assert_cmpuint(underlay_watch_get_addresses(watch)->len, ==, 3);
		ip("addr del 192.0.2.77/32 dev up0");
		assert_news(&listener, "L");
		g_assert_cmpuint(underlay_watch_get_addresses(watch)->len, ==, 2);
		/* Of another link, and what is of no use beyond this one. */
		ip("addr add 198.51.100.77/32 dev up1");
		assert_news(&listener, "L");
		ip("addr add 169.254.7.7/16 scope link dev up0");
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
	const IpNet host = net(GATEWAY);
	Listener listener = {g_main_loop_new(NULL, FALSE), g_string_new(NULL)};
	g_autoptr(UnderlayWatch) watch = NULL;

	if (!skipped(no_netns)) {
		set_up();
		watch = underlay_watch_new(&host, tun0(), on_news, NULL, &listener, NULL);
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
	const IpNet host = net(GATEWAY), other = net(GATEWAY6);
	Listener listener = {g_main_loop_new(NULL, FALSE), g_string_new(NULL)};
	g_autoptr(GArray) others = g_array_new(FALSE, FALSE, sizeof(IpNet));
	g_autoptr(UnderlayWatch) watch = NULL;

	if (!skipped(no_netns)) {
		set_up();
		ip("link set up1 down");
		ip("addr add 2001:db8:1::2/64 dev up0 nodad");
		ip("-6 route add default via 2001:db8:1::1 dev up0");
		watch = underlay_watch_new(&host, tun0(), on_news, NULL, &listener, NULL);
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
		/* A link that comes meanwhile is news, also where it leads to none of them. */
		ip("addr add 192.0.2.77/32 dev up0");
		assert_news(&listener, "L");
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

	ip("addr %s 10.30.1.9/32 dev tun0", n++ % 2 ? "del" : "add");
	return G_SOURCE_CONTINUE;
}

static void
test_watch_in_noise(void)
{
	const IpNet host = net(GATEWAY);
	Listener listener = {g_main_loop_new(NULL, FALSE), g_string_new(NULL)};
	g_autoptr(UnderlayWatch) watch = NULL;
	guint noise;

	if (!skipped(no_netns)) {
		set_up();
		watch = underlay_watch_new(&host, tun0(), on_news, NULL, &listener, NULL);
		noise = g_timeout_add(UNDERLAY_WATCH_QUIET_MS / 5, on_noise, NULL);
		ip("route del default dev up0");
		assert_news(&listener, "C");
		g_source_remove(noise);
		tear_down();
	}
	g_main_loop_unref(listener.loop);
	g_string_free(listener.news, TRUE);
}

static void
test_no_descriptor(void)
{
	const IpNet host = net(GATEWAY);
	Listener listener = {NULL, NULL};
	g_autoptr(GError) error = NULL;

	no_descriptors_begin();
	assert_no_descriptor(underlay_watch_new(&host, 0, on_news, NULL, &listener, &error), error);
	no_descriptors_end();
}

/* At once, and even where none is needed; it goes with the watch. */
static void
test_hold(void)
{
	const IpNet host = net(GATEWAY);
	Listener listener = {NULL, NULL};
	g_autoptr(UnderlayWatch) watch = NULL;

	if (skipped(no_netns))
		return;
	set_up();
	watch = underlay_watch_new(&host, tun0(), on_news, NULL, &listener, NULL);
	g_assert_false(has_host_route());
	underlay_watch_hold(watch);
	g_assert_true(has_host_route());
	g_clear_pointer(&watch, underlay_watch_free);
	g_assert_false(has_host_route());
	tear_down();
}

int
main(int argc, char **argv)
{
	no_netns = own_netns_enter();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/underlay-watch/news", test_watch);
	g_test_add_func("/underlay-watch/claims", test_claims);
	g_test_add_func("/underlay-watch/keeps-route", test_watch_keeps_route);
	g_test_add_func("/underlay-watch/turns-to-others", test_watch_turns_to_others);
	g_test_add_func("/underlay-watch/noise", test_watch_in_noise);
	g_test_add_func("/underlay-watch/no-descriptor", test_no_descriptor);
	g_test_add_func("/underlay-watch/hold", test_hold);
	return g_test_run();
}
