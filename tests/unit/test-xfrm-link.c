/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Against libnl-route, as not every kernel has XFRM interfaces. */
#include "config.h"

#include "xfrm-link.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/link/xfrmi.h>

static guint32
read_message(struct nl_msg *message)
{
	struct nlattr *attributes[IFLA_MAX + 1];

	g_assert_true(
		netlink_message_parse(nlmsg_hdr(message), sizeof(struct ifinfomsg), attributes, IFLA_MAX));
	return xfrm_link_read(attributes);
}

static struct nl_msg *
new_message(void)
{
	const struct ifinfomsg header = {.ifi_family = AF_UNSPEC, .ifi_index = 7};

	return netlink_message_new(RTM_NEWLINK, 0, &header, sizeof(header));
}

static void
test_read(void)
{
	struct rtnl_link *link = rtnl_link_xfrmi_alloc();
	struct nl_msg *message;

	rtnl_link_set_name(link, "ipsec7");
	rtnl_link_xfrmi_set_if_id(link, 0xfffffffe);
	g_assert_cmpint(rtnl_link_build_add_request(link, 0, &message), ==, 0);
	g_assert_cmphex(read_message(message), ==, 0xfffffffe);
	nlmsg_free(message);
	rtnl_link_put(link);
}

/* An if_id's attribute may be in another type's data, and mean something else. */
static void
test_read_others(void)
{
	static const guint8 data[] = {8, 0, IFLA_XFRM_IF_ID, 0, 7, 0, 0, 0};
	static const char *const kinds[] = {"bridge", "xfr", "xfrmi", NULL};

	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		struct nl_msg *message = new_message();
		struct nlattr *info = nla_nest_start(message, IFLA_LINKINFO);

		if (kinds[i])
			nla_put_string(message, IFLA_INFO_KIND, kinds[i]);
		netlink_message_put(message, IFLA_INFO_DATA, data, sizeof(data));
		nla_nest_end(message, info);
		g_assert_cmpuint(read_message(message), ==, 0);
		nlmsg_free(message);
	}
}

static void
test_read_external(void)
{
	struct nl_msg *message = new_message();
	struct nlattr *info = nla_nest_start(message, IFLA_LINKINFO);

	g_assert_cmpuint(read_message(message), ==, 0);
	nla_put_string(message, IFLA_INFO_KIND, "xfrm");
	nla_nest_end(message, info);
	g_assert_cmpuint(read_message(message), ==, 0);
	nlmsg_free(message);
}

static void
take_object(struct nl_object *object, void *user_data)
{
	struct rtnl_link *link = (struct rtnl_link *) object;

	g_assert_true(rtnl_link_is_xfrmi(link));
	g_assert_cmpint(rtnl_link_xfrmi_get_if_id(link, user_data), ==, 0);
}

static void
test_put(void)
{
	struct nl_msg *message = new_message();
	guint32 if_id = 0;

	xfrm_link_put(message, 65535);
	g_assert_cmpuint(read_message(message), ==, 65535);
	nla_put_string(message, IFLA_IFNAME, "ipsec7");
	nlmsg_set_proto(message, NETLINK_ROUTE);
	g_assert_cmpint(nl_msg_parse(message, take_object, &if_id), >=, 0);
	g_assert_cmpuint(if_id, ==, 65535);
	nlmsg_free(message);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/xfrm-link/read", test_read);
	g_test_add_func("/xfrm-link/read-others", test_read_others);
	g_test_add_func("/xfrm-link/read-external", test_read_external);
	g_test_add_func("/xfrm-link/put", test_put);
	return g_test_run();
}
