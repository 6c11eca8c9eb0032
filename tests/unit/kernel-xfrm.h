/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/*
 * The kernel's XFRM tables, as pluto or somebody else would change them. Call own_netns_enter()
 * before. States are larval ones (XFRM_MSG_ALLOCSPI), which a kernel without ESP can have too.
 */

#include "make-net.h"
#include "xfrm-table.h"

#include <linux/xfrm.h>
#include <netinet/in.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <string.h>
#include <sys/socket.h>

static inline XfrmChild
child(const char *mine, const char *peers)
{
	return (XfrmChild){.my_client = net(mine), .peer_client = net(peers)};
}

/* The kernel, as another program would change it. */

static inline struct nl_sock *
xfrm_socket(void)
{
	struct nl_sock *sock = nl_socket_alloc();

	g_assert_cmpint(nl_connect(sock, NETLINK_XFRM), ==, 0);
	return sock;
}

static inline int
send_and_wait(struct nl_msg *msg)
{
	struct nl_sock *sock = xfrm_socket();
	int n = nl_send_auto(sock, msg);

	nlmsg_free(msg);
	g_assert_cmpint(n, >, 0);
	n = nl_wait_for_ack(sock);
	nl_socket_free(sock);
	return n;
}

static inline void
to_xfrm(xfrm_address_t *address, const IpNet *from)
{
	memcpy(address, from->bytes, sizeof(*address));
}

static inline struct xfrm_userpolicy_info
policy_info(int dir, const char *src, const char *dst, int action)
{
	IpNet s = net(src), d = net(dst);
	struct xfrm_userpolicy_info info = {
		.sel = {.family = s.family, .prefixlen_s = s.prefix, .prefixlen_d = d.prefix},
		.lft = {XFRM_INF, XFRM_INF, XFRM_INF, XFRM_INF},
		.priority = 1042407,
		.dir = dir,
		.action = action,
		.share = XFRM_SHARE_ANY,
	};

	to_xfrm(&info.sel.saddr, &s);
	to_xfrm(&info.sel.daddr, &d);
	return info;
}

/* In the place of a reqid: no template, as of a block; the template of a trap for on demand. */
#define BLOCK 0
#define TRAP  1

static inline void
add_policy(int dir, const char *src, const char *dst, guint32 if_id, guint32 reqid, guint32 mark)
{
	struct xfrm_userpolicy_info info =
		policy_info(dir, src, dst, reqid == BLOCK ? XFRM_POLICY_BLOCK : XFRM_POLICY_ALLOW);
	struct nl_msg *msg =
		nlmsg_alloc_simple(XFRM_MSG_NEWPOLICY, NLM_F_CREATE | NLM_F_EXCL | NLM_F_REQUEST);
	struct xfrm_user_tmpl tmpl = {.family = AF_INET,
								  .id = {.proto = IPPROTO_ESP},
								  .reqid = reqid,
								  .mode = XFRM_MODE_TUNNEL,
								  .aalgos = ~0u,
								  .ealgos = ~0u,
								  .calgos = ~0u};
	struct xfrm_mark m = {.v = mark, .m = 0xffffffff};
	IpNet me = net("192.0.2.2"), peer = net("198.51.100.1");

	if (reqid == TRAP) {
		tmpl.reqid = 0;
		tmpl.mode = XFRM_MODE_TRANSPORT;
	} else {
		to_xfrm(&tmpl.saddr, dir == XFRM_POLICY_OUT ? &me : &peer);
		to_xfrm(&tmpl.id.daddr, dir == XFRM_POLICY_OUT ? &peer : &me);
	}
	nlmsg_append(msg, &info, sizeof(info), NLMSG_ALIGNTO);
	if (reqid != BLOCK)
		nla_put(msg, XFRMA_TMPL, sizeof(tmpl), &tmpl);
	if (if_id)
		nla_put_u32(msg, XFRMA_IF_ID, if_id);
	if (mark)
		nla_put(msg, XFRMA_MARK, sizeof(m), &m);
	g_assert_cmpint(send_and_wait(msg), ==, 0);
}

/* The three policies of a Child SA, as pluto adds them. */
static inline void
add_child(const char *mine, const char *peers, guint32 if_id, guint32 reqid)
{
	add_policy(XFRM_POLICY_OUT, mine, peers, if_id, reqid, 0);
	add_policy(XFRM_POLICY_IN, peers, mine, if_id, reqid, 0);
	add_policy(XFRM_POLICY_FWD, peers, mine, if_id, reqid, 0);
}

static inline void
add_state(const char *src, const char *dst, guint32 spi, guint32 if_id, guint32 reqid)
{
	IpNet s = net(src), d = net(dst);
	struct xfrm_userspi_info info = {
		.info = {.id = {.proto = IPPROTO_ESP},
				 .family = s.family,
				 .reqid = reqid,
				 .mode = XFRM_MODE_TUNNEL},
		.min = spi,
		.max = spi,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(XFRM_MSG_ALLOCSPI, NLM_F_REQUEST | NLM_F_ACK);

	to_xfrm(&info.info.saddr, &s);
	to_xfrm(&info.info.id.daddr, &d);
	nlmsg_append(msg, &info, sizeof(info), NLMSG_ALIGNTO);
	if (if_id)
		nla_put_u32(msg, XFRMA_IF_ID, if_id);
	g_assert_cmpint(send_and_wait(msg), ==, 0);
}

/* The three policies and a state of a Child SA away, one by one, as pluto deletes them. */
static inline void
delete_policy(int dir, const char *src, const char *dst, guint32 if_id)
{
	const struct xfrm_userpolicy_info info = policy_info(dir, src, dst, 0);
	struct xfrm_userpolicy_id id = {.sel = info.sel, .dir = dir};
	struct nl_msg *msg = nlmsg_alloc_simple(XFRM_MSG_DELPOLICY, NLM_F_REQUEST | NLM_F_ACK);

	nlmsg_append(msg, &id, sizeof(id), NLMSG_ALIGNTO);
	if (if_id)
		nla_put_u32(msg, XFRMA_IF_ID, if_id);
	g_assert_cmpint(send_and_wait(msg), ==, 0);
}

static inline void
delete_child(const char *mine, const char *peers, guint32 if_id)
{
	delete_policy(XFRM_POLICY_OUT, mine, peers, if_id);
	delete_policy(XFRM_POLICY_IN, peers, mine, if_id);
	delete_policy(XFRM_POLICY_FWD, peers, mine, if_id);
}

static inline void
delete_state(const char *dst, guint32 spi)
{
	IpNet d = net(dst);
	struct xfrm_usersa_id id = {.spi = g_htonl(spi), .family = d.family, .proto = IPPROTO_ESP};
	struct nl_msg *msg = nlmsg_alloc_simple(XFRM_MSG_DELSA, NLM_F_REQUEST | NLM_F_ACK);

	to_xfrm(&id.daddr, &d);
	nlmsg_append(msg, &id, sizeof(id), NLMSG_ALIGNTO);
	g_assert_cmpint(send_and_wait(msg), ==, 0);
}

/* Everything away, as `ip xfrm policy flush` or `ip xfrm state flush` does it. */
static inline void
flush_xfrm(int type)
{
	struct xfrm_usersa_flush info = {.proto = 0}; /* any */
	struct nl_msg *msg = nlmsg_alloc_simple(type, NLM_F_REQUEST);

	if (type == XFRM_MSG_FLUSHSA)
		nlmsg_append(msg, &info, sizeof(info), NLMSG_ALIGNTO);
	g_assert_cmpint(send_and_wait(msg), ==, 0);
}
