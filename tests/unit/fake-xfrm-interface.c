/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * XFRM interfaces for a kernel that has none (CONFIG_XFRM_INTERFACE): bridges, which every kernel
 * makes as readily, with the if_id in the length of their queue. In the place of xfrm-link.h,
 * by the linker (ld(1), --wrap). A kernel that has XFRM interfaces shows its own.
 */
#include "config.h"

#include "fake-xfrm-interface.h"
#include "xfrm-link.h"

#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/link/xfrmi.h>
#include <string.h>

/* Added to the if_id; a bridge of somebody else has 1000. */
#define QUEUE 100000

guint32 __real_xfrm_link_read(struct nlattr *const *attributes);
void __real_xfrm_link_put(struct nl_msg *message, guint32 if_id);
guint32 __wrap_xfrm_link_read(struct nlattr *const *attributes);
void __wrap_xfrm_link_put(struct nl_msg *message, guint32 if_id);

static gboolean
try_real(void)
{
	struct nl_sock *sock = nl_socket_alloc();
	struct rtnl_link *link = rtnl_link_xfrmi_alloc();
	gboolean made;

	g_assert_cmpint(nl_connect(sock, NETLINK_ROUTE), ==, 0);
	rtnl_link_set_name(link, "probe");
	rtnl_link_xfrmi_set_if_id(link, 4711);
	made = rtnl_link_add(sock, link, NLM_F_CREATE | NLM_F_EXCL) == 0;
	if (made)
		rtnl_link_delete(sock, link);
	rtnl_link_put(link);
	nl_socket_free(sock);
	return made;
}

static gboolean is_off;

void
fake_xfrm_interface_set_off(gboolean off)
{
	is_off = off;
}

gboolean
fake_xfrm_interface_is_needed(void)
{
	static int real = -1;

	if (real < 0)
		real = try_real();
	return !real && !is_off;
}

guint32
__wrap_xfrm_link_read(struct nlattr *const *attributes)
{
	const guint32 queue = netlink_attribute_u32(attributes[IFLA_TXQLEN]);
	struct nlattr *info[IFLA_INFO_MAX + 1];

	if (!fake_xfrm_interface_is_needed())
		return __real_xfrm_link_read(attributes);
	if (!attributes[IFLA_LINKINFO] ||
		nla_parse_nested(info, IFLA_INFO_MAX, attributes[IFLA_LINKINFO], NULL) < 0 ||
		!info[IFLA_INFO_KIND] || nla_strcmp(info[IFLA_INFO_KIND], "bridge") != 0)
		return 0;
	return queue > QUEUE ? queue - QUEUE : 0;
}

void
__wrap_xfrm_link_put(struct nl_msg *message, guint32 if_id)
{
	struct nlattr *info;

	if (!fake_xfrm_interface_is_needed()) {
		__real_xfrm_link_put(message, if_id);
		return;
	}
	netlink_message_put_u32(message, IFLA_TXQLEN, QUEUE + if_id);
	info = nla_nest_start(message, IFLA_LINKINFO);
	nla_put_string(message, IFLA_INFO_KIND, "bridge");
	nla_nest_end(message, info);
}
