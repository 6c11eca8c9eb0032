/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "udp-ports.h"

#include <glib.h>

static void
test_replaces(void)
{
	const guint8 first[16] = {192, 0, 2, 2}, second[16] = {192, 0, 2, 3};

	g_assert_cmpuint(udp_ports_find(AF_INET, first, 4500), ==, 4500);
	g_assert_true(udp_ports_add(AF_INET, first, 4500, 37100));
	g_assert_cmpuint(udp_ports_find(AF_INET, first, 4500), ==, 37100);
	/* Another address, another port, another family. */
	g_assert_cmpuint(udp_ports_find(AF_INET, second, 4500), ==, 4500);
	g_assert_cmpuint(udp_ports_find(AF_INET, first, 500), ==, 500);
	g_assert_cmpuint(udp_ports_find(AF_INET6, first, 4500), ==, 4500);

	g_assert_true(udp_ports_add(AF_INET, second, 4500, 37101));
	g_assert_true(udp_ports_add(AF_INET, first, 4500, 37102));
	g_assert_cmpuint(udp_ports_find(AF_INET, first, 4500), ==, 37102);
	g_assert_cmpuint(udp_ports_find(AF_INET, second, 4500), ==, 37101);
	g_assert_true(udp_ports_add(AF_INET, first, 4500, 4500));
	g_assert_cmpuint(udp_ports_find(AF_INET, first, 4500), ==, 4500);
}

/* Of an IPv6 address all bytes count. */
static void
test_all_bytes(void)
{
	guint8 address[16] = {0x20, 1, 0xd, 0xb8};

	g_assert_true(udp_ports_add(AF_INET6, address, 500, 40000));
	g_assert_cmpuint(udp_ports_find(AF_INET6, address, 500), ==, 40000);
	address[15] = 1;
	g_assert_cmpuint(udp_ports_find(AF_INET6, address, 500), ==, 500);
}

/* What there is no room for is refused, and nothing that is there is lost. */
static void
test_full(void)
{
	guint32 address = 0;

	while (udp_ports_can_add(AF_INET, &address, 500)) {
		g_assert_true(udp_ports_add(AF_INET, &address, 500, (in_port_t) (10000 + address)));
		address++;
		g_assert_cmpuint(address, <=, UDP_PORTS_MAX);
	}
	g_assert_false(udp_ports_add(AF_INET, &address, 500, 1));
	g_assert_cmpuint(udp_ports_find(AF_INET, &address, 500), ==, 500);
	for (guint32 i = 0; i < address; i++)
		g_assert_cmpuint(udp_ports_find(AF_INET, &i, 500), ==, 10000 + i);
	address--;
	g_assert_true(udp_ports_add(AF_INET, &address, 500, 7));
	g_assert_cmpuint(udp_ports_find(AF_INET, &address, 500), ==, 7);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/udp-ports/replaces", test_replaces);
	g_test_add_func("/udp-ports/all-bytes", test_all_bytes);
	g_test_add_func("/udp-ports/full", test_full);
	return g_test_run();
}
