/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In a network namespace of the test's, with an uplink. */
#include "config.h"

#include "ip-link.h"
#include "fake-uplink.h"

#include <errno.h>
#include <linux/rtnetlink.h>

static const char *no_netns;

static Netlink *
begin(void)
{
	if (skipped(no_netns))
		return NULL;
	return netlink_open(NETLINK_ROUTE, NETLINK_OWN_NAMESPACE, NULL);
}

static void
test_get(void)
{
	g_autoptr(Netlink) netlink = begin();
	IpLink up0, same;

	if (!netlink)
		return;
	ip("link set up0 mtu 1400 alias 'somebody'\\''s'");
	g_assert_cmpint(ip_link_get(netlink, 0, "up0", &up0), ==, 0);
	g_assert_cmpint(ip_link_get(netlink, up0.ifindex, NULL, &same), ==, 0);
	g_assert_cmpstr(same.name, ==, "up0");
	g_assert_cmpstr(same.alias, ==, "somebody's");
	g_assert_cmpuint(same.mtu, ==, 1400);
	g_assert_cmpuint(same.if_id, ==, 0);
	g_assert_cmphex(same.flags & (IFF_UP | IFF_LOOPBACK), ==, IFF_UP);
	ip("link set up0 down alias ''");
	g_assert_cmpint(ip_link_get(netlink, up0.ifindex, NULL, &same), ==, 0);
	g_assert_cmpstr(same.alias, ==, "");
	g_assert_cmphex(same.flags & IFF_UP, ==, 0);
	g_assert_cmpint(ip_link_get(netlink, 4711, NULL, &same), ==, -ENODEV);
	g_assert_cmpint(ip_link_get(netlink, 0, "up4711", &same), ==, -ENODEV);
}

static void
test_list(void)
{
	g_autoptr(Netlink) netlink = begin();
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) links = NULL;
	guint n_loopback = 0;

	if (!netlink)
		return;
	links = ip_link_list(netlink, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(links->len, >=, 3);
	for (guint i = 0; i < links->len; i++)
		n_loopback += g_array_index(links, IpLink, i).flags & IFF_LOOPBACK ? 1 : 0;
	g_assert_cmpuint(n_loopback, ==, 1);
}

static void
test_delete(void)
{
	g_autoptr(Netlink) netlink = begin();
	IpLink link;

	if (!netlink)
		return;
	for (guint i = 0; i < 2; i++) {
		ip("link add gone0 type veth peer name gone1");
		g_assert_cmpint(ip_link_get(netlink, 0, "gone0", &link), ==, 0);
		g_assert_cmpint(ip_link_delete(netlink, i ? link.ifindex : 0, "gone0"), ==, 0);
		g_assert_cmpint(ip_link_delete(netlink, i ? link.ifindex : 0, "gone0"), ==, -ENODEV);
	}
}

/* The end of one is no link, nor is any part of one. */
static void
test_read(void)
{
	const struct ifinfomsg header = {.ifi_index = 7};
	struct nl_msg *message = netlink_message_new(RTM_DELLINK, 0, &header, sizeof(header));
	IpLink link;

	g_assert_false(ip_link_read(nlmsg_hdr(message), &link));
	nlmsg_hdr(message)->nlmsg_type = RTM_NEWLINK;
	g_assert_true(ip_link_read(nlmsg_hdr(message), &link));
	g_assert_cmpint(link.ifindex, ==, 7);
	nlmsg_hdr(message)->nlmsg_len--;
	g_assert_false(ip_link_read(nlmsg_hdr(message), &link));
	nlmsg_free(message);
}

int
main(int argc, char **argv)
{
	no_netns = fake_uplink_enter();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ip-link/get", test_get);
	g_test_add_func("/ip-link/list", test_list);
	g_test_add_func("/ip-link/delete", test_delete);
	g_test_add_func("/ip-link/read", test_read);
	return g_test_run();
}
