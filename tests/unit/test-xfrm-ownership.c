/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sweep itself is test-xfrm-table's. */
#include "config.h"

#include "xfrm-ownership.h"

static IpNet
net(const char *text)
{
	IpNet parsed;

	g_assert_true(ip_net_parse(&parsed, text));
	return parsed;
}

static void
test_there_and_back(void)
{
	const XfrmOwnership subnets = {
		.child = {.my_client = net("10.8.0.0/24"), .peer_client = net("0.0.0.0/0")},
		.me = net("192.0.2.2"),
		.peer = net("198.51.100.1"),
		.reqid = 16389};
	const XfrmOwnership hosts = {.child = {.my_client = net("2001:db8::2"),
										   .peer_client = net("2001:db8::1"),
										   .protocol = 6,
										   .my_port = 0,
										   .peer_port = 5432},
								 .me = net("2001:db8::2"),
								 .peer = net("2001:db8::1"),
								 .reqid = 16393,
								 .if_id = 7};
	XfrmOwnership other = hosts;
	g_autoptr(GArray) claims = xfrm_ownership_new();
	g_autoptr(GArray) read = NULL;
	g_autoptr(GArray) children = NULL;
	g_autofree char *text = NULL;
	g_autofree char *again = NULL;

	g_assert_true(xfrm_ownership_add(claims, &subnets));
	g_assert_true(xfrm_ownership_add(claims, &hosts));
	g_assert_false(xfrm_ownership_add(claims, &subnets));
	other.if_id = 8;
	g_assert_true(xfrm_ownership_add(claims, &other));
	text = xfrm_ownership_to_text(claims);
	g_assert_cmpstr(text, ==,
					"192.0.2.2 198.51.100.1 10.8.0.0/24 0.0.0.0/0 0 0 0 16389 0\n"
					"2001:db8::2 2001:db8::1 2001:db8::2 2001:db8::1 6 0 5432 16393 7\n"
					"2001:db8::2 2001:db8::1 2001:db8::2 2001:db8::1 6 0 5432 16393 8\n");
	read = xfrm_ownership_parse(text);
	again = xfrm_ownership_to_text(read);
	g_assert_cmpstr(again, ==, text);
	children = xfrm_ownership_children(read);
	g_assert_cmpuint(children->len, ==, 3);
	g_assert_cmpuint(g_array_index(children, XfrmChild, 1).peer_port, ==, 5432);
}

static void
test_damaged(void)
{
	g_autoptr(GArray) claims =
		xfrm_ownership_parse("\n"
							 "192.0.2.2 198.51.100.1 10.8.0.0/24 0.0.0.0/0 0 0 0 7\n"
							 "192.0.2.2 198.51.100.1 10.8.0.0/24 0.0.0.0/0 0 0 0\n"
							 "192.0.2.2 198.51.100.1 10.8.0.0/24 0.0.0.0/0 0 0 0 7 -1\n"
							 "192.0.2.2 198.51.100.1 10.8.0.0/24 0.0.0.0/0 0 0 0 7 3 1\n"
							 "192.0.2.2 198.51.100.1 10.8.0.0/24 nowhere 0 0 0 7\n"
							 "192.0.2.2 198.51.100.1 10.8.0.0/24 0.0.0.0/0 256 0 0 7\n"
							 "192.0.2.2 198.51.100.1 10.8.0");
	g_autoptr(GArray) none = xfrm_ownership_parse("");

	g_assert_cmpuint(claims->len, ==, 1);
	g_assert_cmpuint(g_array_index(claims, XfrmOwnership, 0).reqid, ==, 7);
	g_assert_cmpuint(g_array_index(claims, XfrmOwnership, 0).if_id, ==, 0);
	g_assert_cmpuint(none->len, ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/claims/there-and-back", test_there_and_back);
	g_test_add_func("/claims/damaged", test_damaged);
	return g_test_run();
}
