/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What passes and what does not, with sockets of the kernel's. */
#include "config.h"

#include "ike-filter.h"

#include <glib.h>
#include <linux/filter.h>
#include <sched.h>

#include "ike-datagram.h"
#include "own-netns.h"

static const char *no_netns;

enum { I = 0x08, R = 0x20 };

typedef enum {
	PASSES,
	DROPPED,
	MAIN_MODE, /* passes where Main Mode may be begun */
} Outcome;

static const struct {
	const char *name;
	int version, exchange, flags;
	gboolean responder; /* its SPI is there */
	Outcome outcome;
} rows[] = {
	{"IKE_SA_INIT request", 2, 34, I, FALSE, DROPPED},
	{"IKE_SA_INIT request with a responder SPI", 2, 34, I, TRUE, DROPPED},
	{"IKE_SA_INIT request without the Initiator flag", 2, 34, 0, FALSE, DROPPED},
	{"IKE_SA_INIT response", 2, 34, R, TRUE, PASSES},
	{"IKE_SA_INIT response with COOKIE or INVALID_KE_PAYLOAD", 2, 34, R, FALSE, PASSES},
	{"IKE_SESSION_RESUME request", 2, 38, I, FALSE, DROPPED},
	{"IKE_SESSION_RESUME response", 2, 38, R, TRUE, PASSES},
	{"IKE_AUTH response", 2, 35, R, TRUE, PASSES},
	{"IKE_AUTH request", 2, 35, I, TRUE, PASSES}, /* to no IKE SA that there could be */
	{"CREATE_CHILD_SA request", 2, 36, 0, TRUE, PASSES},
	{"INFORMATIONAL request", 2, 37, 0, TRUE, PASSES},
	{"INFORMATIONAL request without a responder SPI", 2, 37, 0, FALSE, PASSES},
	{"IKE_INTERMEDIATE response", 2, 43, R, TRUE, PASSES},

	{"Main Mode, first message", 1, 2, 0, FALSE, MAIN_MODE},
	{"Main Mode, later message", 1, 2, 0, TRUE, PASSES},
	{"Main Mode, encrypted", 1, 2, 1, TRUE, PASSES},
	{"Aggressive Mode, first message", 1, 4, 0, FALSE, DROPPED},
	{"Aggressive Mode, the answer", 1, 4, 0, TRUE, PASSES},
	{"Informational", 1, 5, 0, FALSE, PASSES},
	{"Informational in an ISAKMP SA", 1, 5, 1, TRUE, PASSES},
	{"Transaction", 1, 6, 1, TRUE, PASSES},
	{"Quick Mode", 1, 32, 1, TRUE, PASSES},

	{"IKEv1 with an exchange of IKEv2", 1, 34, I, FALSE, PASSES},
	{"IKEv2 with an exchange of IKEv1", 2, 2, I, FALSE, PASSES},
	{"IKEv0", 0, 34, I, FALSE, PASSES},
	{"IKEv3", 3, 34, I, FALSE, PASSES},
};

static const struct {
	int domain;
	in_port_t port;
} places[] = {{AF_INET, 500}, {AF_INET, 4500}, {AF_INET6, 500}, {AF_INET6, 4500}};

static gboolean
is_marked(guint place)
{
	return places[place].port == 4500;
}

static int
listen_filtered(guint place, gboolean main_mode)
{
	int fd = ike_datagram_bind(places[place].domain, places[place].port);

	g_assert_cmpint(fd, >=, 0);
	g_assert_cmpint(ike_filter_attach(fd, main_mode, !is_marked(place)), ==, 0);
	return fd;
}

static void
check(int fd, guint place, const char *name, const struct ike_datagram *datagram, gboolean passes)
{
	g_test_message("%s, IPv%d, port %u", name, places[place].domain == AF_INET ? 4 : 6,
				   places[place].port);
	g_assert_cmpint(ike_datagram_is_heard(fd, datagram), ==, passes);
}

static void
for_each_place(void (*func)(int fd, guint place, gboolean main_mode))
{
	if (skipped(no_netns))
		return;
	for (guint place = 0; place < G_N_ELEMENTS(places); place++) {
		for (int main_mode = 0; main_mode < 2; main_mode++) {
			int fd = listen_filtered(place, main_mode);

			func(fd, place, main_mode);
			close(fd);
		}
	}
}

static void
check_exchanges(int fd, guint place, gboolean main_mode)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct ike_datagram datagram = ike_datagram(
			is_marked(place), rows[i].version, rows[i].exchange, rows[i].flags, rows[i].responder);

		check(fd, place, rows[i].name, &datagram,
			  rows[i].outcome == PASSES || (rows[i].outcome == MAIN_MODE && main_mode));
	}
}

static void
test_exchanges(void)
{
	for_each_place(check_exchanges);
}

static void
check_short(int fd, guint place, gboolean main_mode)
{
	struct ike_datagram datagram = ike_datagram(is_marked(place), 2, 34, I, FALSE);
	const size_t shortest = is_marked(place) ? 24 : 20;

	for (datagram.len = 0; datagram.len < shortest; datagram.len++)
		check(fd, place, "a piece", &datagram, TRUE);
	check(fd, place, "all that counts", &datagram, FALSE);
}

/* What is too short to be read is for pluto to throw away; none of it is lost on the way. */
static void
test_short(void)
{
	for_each_place(check_short);
}

static void
check_others(int fd, guint place, gboolean main_mode)
{
	const struct ike_datagram keepalive = {.bytes = {0xff}, .len = 1};
	struct ike_datagram datagram = ike_datagram(!is_marked(place), 2, 34, I, FALSE);

	check(fd, place, "a keepalive", &keepalive, TRUE);
	check(fd, place, "another place for the header", &datagram, TRUE);
	/* Zeros, as a marker is, where there is none. */
	datagram = ike_datagram(is_marked(place), 2, 34, I, FALSE);
	memset(datagram.bytes + (is_marked(place) ? 4 : 0), 0, 4);
	check(fd, place, "an SPI that begins with zeros", &datagram, FALSE);
	/* Both halves of a responder's cookie count. */
	datagram = ike_datagram(is_marked(place), 1, 4, 0, FALSE);
	datagram.bytes[datagram.len - 28 + 15] = 1;
	check(fd, place, "a cookie that begins with zeros", &datagram, TRUE);
	datagram = ike_datagram(is_marked(place), 1, 4, 0, FALSE);
	datagram.bytes[datagram.len - 28 + 8] = 1;
	check(fd, place, "a cookie that ends with zeros", &datagram, TRUE);
}

static void
test_others(void)
{
	for_each_place(check_others);
}

static void
check_locked(int fd, guint place, gboolean main_mode)
{
	const struct ike_datagram datagram = ike_datagram(is_marked(place), 2, 34, I, FALSE);
	const int unused = 0;

	g_assert_cmpint(setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof(unused)), <, 0);
	g_assert_cmpint(errno, ==, EPERM);
	g_assert_cmpint(ike_filter_attach(fd, TRUE, FALSE), <, 0);
	g_assert_cmpint(errno, ==, EPERM);
	check(fd, place, "IKE_SA_INIT request", &datagram, FALSE);
}

static void
test_locked(void)
{
	for_each_place(check_locked);
}

static void
test_no_socket(void)
{
	g_assert_cmpint(ike_filter_attach(-1, FALSE, FALSE), ==, -1);
	g_assert_cmpint(errno, ==, EBADF);
}

/* Two datagrams to ourselves stay in their order on one processor. */
static void
stay_on_one_processor(void)
{
	cpu_set_t all, one;

	g_assert_cmpint(sched_getaffinity(0, sizeof(all), &all), ==, 0);
	CPU_ZERO(&one);
	for (size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++) {
		if (CPU_ISSET(i, &all))
			CPU_SET(i, &one);
	}
	g_assert_cmpint(sched_setaffinity(0, sizeof(one), &one), ==, 0);
}

int
main(int argc, char **argv)
{
	no_netns = own_netns_enter();
	g_test_init(&argc, &argv, NULL);
	stay_on_one_processor();
	if (!no_netns)
		ip("link set lo up");
	g_test_add_func("/ike-filter/exchanges", test_exchanges);
	g_test_add_func("/ike-filter/short", test_short);
	g_test_add_func("/ike-filter/others", test_others);
	g_test_add_func("/ike-filter/locked", test_locked);
	g_test_add_func("/ike-filter/no-socket", test_no_socket);
	return g_test_run();
}
