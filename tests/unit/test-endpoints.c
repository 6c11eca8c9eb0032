/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In a network namespace of the test's: "up0" is the uplink, "lan0" leads to nobody. */
#include "config.h"

#include "endpoints.h"
#include "make-profile.h"
#include "own-netns.h"

#include <net/if.h>

#define GATEWAY  "203.0.113.1"
#define GATEWAY6 "2001:db8:2::1"

static const char *no_netns;

/* A blank between addresses. */
static GArray *
hosts(const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	GArray *array = g_array_new(FALSE, FALSE, sizeof(IpNet));

	for (char **word = words; *word; word++) {
		IpNet host;

		if (**word) {
			g_assert_true(ip_net_parse(&host, *word));
			g_array_append_val(array, host);
		}
	}
	return array;
}

/* @expected: "LOCAL GATEWAY", or what the error says. */
static void
assert_ends(const char *gateways, const char *left, const char *lefts, const char *expected)
{
	g_autoptr(GArray) to = hosts(gateways);
	g_autoptr(GArray) from = lefts ? hosts(lefts) : NULL;
	const EndpointsParams params = {.gateways = to, .left = left, .lefts = from};
	g_autoptr(GError) error = NULL;
	g_autofree char *found = NULL;
	char local[IP_NET_STRLEN], gateway[IP_NET_STRLEN];
	Endpoints ends;

	if (endpoints_find(&ends, &params, &error)) {
		g_assert_no_error(error);
		found = g_strdup_printf("%s %s", ip_net_to_string(&ends.local, local),
								ip_net_to_string(&ends.gateway, gateway));
	}
	g_assert_cmpstr(found ? found : error->message, ==, expected);
	g_assert_cmpint(endpoints_find(&ends, &params, NULL), ==, found != NULL);
}

static void
set_up(void)
{
	add_veth("up0");
	add_veth("lan0");
	ip("addr add 192.0.2.2/24 dev up0");
	ip("addr add 192.0.2.3/24 dev up0");
	ip("addr add 10.9.0.2/24 dev lan0");
	ip("addr add 2001:db8:1::2/64 dev up0 nodad");
}

static void
tear_down(void)
{
	ip("link del up0");
	ip("link del lan0");
}

static void
test_default(void)
{
	if (skipped(no_netns))
		return;
	set_up();
	assert_ends(GATEWAY, "%defaultroute", NULL, "there is no route to the gateway " GATEWAY);
	assert_ends("", "%defaultroute", NULL, "the gateway has no address");
	ip("route add default via 192.0.2.1 dev up0");
	assert_ends(GATEWAY, "%defaultroute", NULL, "192.0.2.2 " GATEWAY);
	assert_ends(GATEWAY, NULL, NULL, "192.0.2.2 " GATEWAY);
	ip("route replace default via 192.0.2.1 dev up0 src 192.0.2.3");
	assert_ends(GATEWAY, "%defaultroute", NULL, "192.0.2.3 " GATEWAY);
	assert_ends("10.9.0.7 " GATEWAY, "%defaultroute", NULL, "10.9.0.2 10.9.0.7");
	tear_down();
}

/* IPv4 first, but what there is a route to before what there is none to. */
static void
test_families(void)
{
	if (skipped(no_netns))
		return;
	set_up();
	ip("-6 route add default via 2001:db8:1::1 dev up0");
	assert_ends(GATEWAY6 " " GATEWAY, "%defaultroute", NULL, "2001:db8:1::2 " GATEWAY6);
	assert_ends(GATEWAY " " GATEWAY6, "%defaultroute", NULL, "2001:db8:1::2 " GATEWAY6);
	assert_ends(GATEWAY, "%defaultroute", NULL, "there is no route to the gateway " GATEWAY);
	ip("route add 203.0.113.0/24 via 192.0.2.1 dev up0");
	assert_ends(GATEWAY6 " " GATEWAY, "%defaultroute", NULL, "192.0.2.2 " GATEWAY);
	assert_ends("198.51.100.9 203.0.113.9 " GATEWAY, "%defaultroute", NULL,
				"192.0.2.2 203.0.113.9");
	tear_down();
}

static void
test_left(void)
{
	if (skipped(no_netns))
		return;
	set_up();
	ip("route add default via 192.0.2.1 dev up0");
	assert_ends(GATEWAY, "192.0.2.3", NULL, "192.0.2.3 " GATEWAY);
	assert_ends(GATEWAY, "192.0.2.4", NULL, "left=192.0.2.4: no interface has this address");
	assert_ends(GATEWAY6, "192.0.2.3", NULL,
				"left=192.0.2.3: the gateway's address is of the other family, IPv6");
	assert_ends(GATEWAY6, "2001:db8:1::2", NULL, "2001:db8:1::2 " GATEWAY6);
	assert_ends(GATEWAY, "%lan0", NULL, "10.9.0.2 " GATEWAY);
	assert_ends(GATEWAY6 " " GATEWAY, "%up0", NULL, "192.0.2.2 " GATEWAY);
	assert_ends(GATEWAY6, "%up0", NULL, "2001:db8:1::2 " GATEWAY6);
	assert_ends(GATEWAY6, "%lan0", NULL,
				"left=%lan0: there is no such interface, or it has no IPv6 address");
	assert_ends(GATEWAY, "%eth9", NULL,
				"left=%eth9: there is no such interface, or it has no IPv4 address");
	assert_ends(GATEWAY, "me.example", "2001:db8:1::2 198.51.100.7 10.9.0.2", "10.9.0.2 " GATEWAY);
	assert_ends(GATEWAY, "me.example", "2001:db8:1::2",
				"left=me.example: no interface has an IPv4 address of this name");
	tear_down();
}

/* A link without an address sends from another's, as long as that is not our tunnel's. */
static void
test_unnumbered(void)
{
	g_autoptr(GArray) to = hosts(GATEWAY);
	EndpointsParams params = {.gateways = to, .left = "%defaultroute"};
	Endpoints ends;

	if (skipped(no_netns))
		return;
	set_up();
	ip("addr flush dev up0");
	ip("route add default dev up0");
	assert_ends(GATEWAY, "%defaultroute", NULL, "10.9.0.2 " GATEWAY);
	params.tunnel = (int) if_nametoindex("lan0");
	g_assert_false(endpoints_find(&ends, &params, NULL));
	tear_down();
}

/* Ends */

typedef struct {
	gboolean finished;
	GError *error;
} Outcome;

static void
on_found(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Outcome *outcome = user_data;

	g_assert_false(outcome->finished);
	outcome->finished = TRUE;
	g_assert_cmpint(ends_find_finish(result, &outcome->error), ==, !outcome->error);
}

static gboolean
on_too_late(gpointer user_data)
{
	g_error("nothing came of it in a minute");
	return G_SOURCE_REMOVE;
}

static GError *
finish(Outcome *outcome)
{
	guint source = g_timeout_add_seconds(60, on_too_late, NULL);

	while (!outcome->finished)
		g_main_context_iteration(NULL, TRUE);
	g_source_remove(source);
	/* What else was under way is of no interest, and does no harm. */
	while (g_main_context_iteration(NULL, FALSE))
		;
	return outcome->error;
}

/* @expected: "LISTEN GATEWAY", "all GATEWAY", or how the error begins. */
static void
assert_profile(const char *text, gboolean again, const char *used, const char *expected)
{
	g_autoptr(Profile) profile = make_profile(text);
	g_autoptr(Ends) ends = ends_new(profile);
	g_autofree char *found = NULL;
	char listen[IP_NET_STRLEN], gateway[IP_NET_STRLEN];
	Outcome outcome = {0};
	IpNet address;

	if (used) {
		g_assert_true(ip_net_parse(&address, used));
		gateway_use(ends_gateway(ends), &address);
	}
	ends_find_async(ends, again, 0, NULL, on_found, &outcome);
	g_assert_false(outcome.finished);
	if (!finish(&outcome))
		found = g_strdup_printf(
			"%s %s",
			ends_get_listen(ends) ? ip_net_to_string(ends_get_listen(ends), listen) : "all",
			ip_net_to_string(ends_get_gateway(ends), gateway));
	if (!g_str_has_prefix(found ? found : outcome.error->message, expected))
		g_error("%s: '%s', not '%s'", text, found ? found : outcome.error->message, expected);
	g_clear_error(&outcome.error);
}

static void
test_profiles(void)
{
	if (skipped(no_netns))
		return;
	set_up();
	ip("link set lo up");
	assert_profile("right=" GATEWAY, TRUE, NULL, "there is no route to the gateway " GATEWAY);
	ip("route add default via 192.0.2.1 dev up0");
	assert_profile("right=" GATEWAY, TRUE, NULL, "192.0.2.2 " GATEWAY);
	assert_profile("right=" GATEWAY "\nleft=192.0.2.3", TRUE, NULL, "192.0.2.3 " GATEWAY);
	assert_profile("right=" GATEWAY "\nleft=localhost", TRUE, NULL, "127.0.0.1 " GATEWAY);
	assert_profile("right=localhost\nhostaddrfamily=ipv4", TRUE, NULL, "192.0.2.2 127.0.0.1");
	/* An address that is in use is another one only if it is looked up. */
	assert_profile("right=localhost\nhostaddrfamily=ipv4", TRUE, GATEWAY, "192.0.2.2 127.0.0.1");
	assert_profile("right=localhost\nhostaddrfamily=ipv4", FALSE, GATEWAY, "192.0.2.2 " GATEWAY);
	assert_profile("right=nowhere.invalid", FALSE, GATEWAY, "192.0.2.2 " GATEWAY);
	assert_profile("right=nowhere.invalid", TRUE, GATEWAY,
				   "the host name nowhere.invalid has no address");
	assert_profile("right=nowhere.invalid\nleft=nowhere-too.invalid", TRUE, NULL,
				   "the host name nowhere");
	assert_profile("right=" GATEWAY "\nleft=nowhere.invalid", FALSE, GATEWAY,
				   "the host name nowhere.invalid has no address");
	/* MOBIKE needs them all, but is not written where there is an interface. */
	assert_profile("right=" GATEWAY "\nikev2=insist\nmobike=yes\nipsec-interface=no", TRUE, NULL,
				   "all " GATEWAY);
	assert_profile("right=" GATEWAY "\nikev2=insist\nmobike=yes", TRUE, NULL, "192.0.2.2 " GATEWAY);
	assert_profile("right=" GATEWAY "\nikev2=insist\nipsec-interface=no", TRUE, NULL,
				   "192.0.2.2 " GATEWAY);
	tear_down();
}

static void
test_cancelled(void)
{
	static const char *const texts[] = {"right=localhost\nleft=localhost", "right=" GATEWAY};

	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(Profile) profile = make_profile(texts[i]);
		g_autoptr(GCancellable) cancellable = g_cancellable_new();
		Ends *ends = ends_new(profile);
		Outcome outcome = {0};

		ends_find_async(ends, TRUE, 0, cancellable, on_found, &outcome);
		g_cancellable_cancel(cancellable);
		ends_free(ends);
		g_assert_error(finish(&outcome), G_IO_ERROR, G_IO_ERROR_CANCELLED);
		g_clear_error(&outcome.error);
	}
	ends_free(NULL);
}

int
main(int argc, char **argv)
{
	no_netns = own_netns_enter();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/endpoints/default", test_default);
	g_test_add_func("/endpoints/families", test_families);
	g_test_add_func("/endpoints/left", test_left);
	g_test_add_func("/endpoints/unnumbered", test_unnumbered);
	g_test_add_func("/endpoints/profiles", test_profiles);
	g_test_add_func("/endpoints/cancelled", test_cancelled);
	return g_test_run();
}
