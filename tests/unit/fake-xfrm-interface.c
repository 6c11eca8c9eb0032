/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * XFRM interfaces for a kernel that has none (CONFIG_XFRM_INTERFACE): bridges, which every kernel
 * makes as readily, with the if_id in the length of their queue. In the place of libnl's functions,
 * by the linker (ld(1), --wrap). A kernel that has XFRM interfaces shows its own.
 */
#include "config.h"

#include "fake-xfrm-interface.h"

#include <glib.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/link/xfrmi.h>
#include <string.h>

/* Added to the if_id; a bridge of somebody else has 1000. */
#define QUEUE 100000

struct rtnl_link *__real_rtnl_link_xfrmi_alloc(void);
int __real_rtnl_link_is_xfrmi(struct rtnl_link *link);
int __real_rtnl_link_xfrmi_get_if_id(struct rtnl_link *link, uint32_t *if_id);
int __real_rtnl_link_xfrmi_set_if_id(struct rtnl_link *link, uint32_t if_id);
struct rtnl_link *__wrap_rtnl_link_xfrmi_alloc(void);
int __wrap_rtnl_link_is_xfrmi(struct rtnl_link *link);
int __wrap_rtnl_link_xfrmi_get_if_id(struct rtnl_link *link, uint32_t *if_id);
int __wrap_rtnl_link_xfrmi_set_if_id(struct rtnl_link *link, uint32_t if_id);

static bool
try_real(void)
{
	struct nl_sock *sock = nl_socket_alloc();
	struct rtnl_link *link = __real_rtnl_link_xfrmi_alloc();
	bool made;

	g_assert_cmpint(nl_connect(sock, NETLINK_ROUTE), ==, 0);
	rtnl_link_set_name(link, "probe");
	__real_rtnl_link_xfrmi_set_if_id(link, 4711);
	made = rtnl_link_add(sock, link, NLM_F_CREATE | NLM_F_EXCL) == 0;
	if (made)
		rtnl_link_delete(sock, link);
	rtnl_link_put(link);
	nl_socket_free(sock);
	return made;
}

bool
fake_xfrm_interface_is_needed(void)
{
	static int real = -1;

	if (real < 0)
		real = try_real();
	return !real;
}

struct rtnl_link *
__wrap_rtnl_link_xfrmi_alloc(void)
{
	struct rtnl_link *link;

	if (!fake_xfrm_interface_is_needed())
		return __real_rtnl_link_xfrmi_alloc();
	link = rtnl_link_alloc();
	rtnl_link_set_type(link, "bridge");
	return link;
}

int
__wrap_rtnl_link_is_xfrmi(struct rtnl_link *link)
{
	if (!fake_xfrm_interface_is_needed())
		return __real_rtnl_link_is_xfrmi(link);
	return g_strcmp0(rtnl_link_get_type(link), "bridge") == 0 && rtnl_link_get_txqlen(link) > QUEUE;
}

int
__wrap_rtnl_link_xfrmi_get_if_id(struct rtnl_link *link, uint32_t *if_id)
{
	if (!fake_xfrm_interface_is_needed())
		return __real_rtnl_link_xfrmi_get_if_id(link, if_id);
	*if_id = rtnl_link_get_txqlen(link) - QUEUE;
	return 0;
}

int
__wrap_rtnl_link_xfrmi_set_if_id(struct rtnl_link *link, uint32_t if_id)
{
	if (!fake_xfrm_interface_is_needed())
		return __real_rtnl_link_xfrmi_set_if_id(link, if_id);
	rtnl_link_set_txqlen(link, QUEUE + if_id);
	return 0;
}
