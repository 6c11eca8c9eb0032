/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/* Messages for NETLINK_XFRM as pluto writes them; libc alone, for the tests' programs too. */

#include <linux/netlink.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct xfrm_messages {
	_Alignas(struct nlmsghdr) unsigned char bytes[4096];
	size_t len;
};

/* xfrm_message_add: with an acknowledgement. Returns where it begins. */
static inline size_t
xfrm_message_add(struct xfrm_messages *messages, uint16_t type, uint32_t seq, const void *payload,
				 size_t len)
{
	const struct nlmsghdr header = {
		.nlmsg_len = (uint32_t) NLMSG_LENGTH(len),
		.nlmsg_type = type,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		.nlmsg_seq = seq,
	};
	const size_t begin = NLMSG_ALIGN(messages->len);

	memset(messages->bytes + messages->len, 0, begin - messages->len);
	memcpy(messages->bytes + begin, &header, sizeof(header));
	if (len > 0)
		memcpy(messages->bytes + begin + NLMSG_HDRLEN, payload, len);
	messages->len = begin + header.nlmsg_len;
	return begin;
}

/* xfrm_message_add_attribute: to the message that begins at @begin, the last one. Returns where its
 * value begins. */
static inline size_t
xfrm_message_add_attribute(struct xfrm_messages *messages, size_t begin, uint16_t type,
						   const void *value, size_t len)
{
	const struct nlattr attribute = {.nla_len = (uint16_t) (NLA_HDRLEN + len), .nla_type = type};
	const size_t at = NLMSG_ALIGN(messages->len);
	struct nlmsghdr header;

	memset(messages->bytes + messages->len, 0, at - messages->len);
	memcpy(messages->bytes + at, &attribute, sizeof(attribute));
	memcpy(messages->bytes + at + NLA_HDRLEN, value, len);
	messages->len = at + attribute.nla_len;
	memcpy(&header, messages->bytes + begin, sizeof(header));
	header.nlmsg_len = (uint32_t) (messages->len - begin);
	memcpy(messages->bytes + begin, &header, sizeof(header));
	return at + NLA_HDRLEN;
}

static inline void
xfrm_message_add_if_id(struct xfrm_messages *messages, size_t begin, uint32_t if_id)
{
	xfrm_message_add_attribute(messages, begin, XFRMA_IF_ID, &if_id, sizeof(if_id));
}

/* xfrm_message_flush_states, _policies: as kernel_xfrm_flush() of libreswan 5. */
static inline size_t
xfrm_message_flush_states(struct xfrm_messages *messages, uint32_t seq)
{
	const struct xfrm_usersa_flush any = {0};

	return xfrm_message_add(messages, XFRM_MSG_FLUSHSA, seq, &any, sizeof(any));
}

static inline size_t
xfrm_message_flush_policies(struct xfrm_messages *messages, uint32_t seq)
{
	return xfrm_message_add(messages, XFRM_MSG_FLUSHPOLICY, seq, NULL, 0);
}

/* The selector of what lets neighbour discovery pass; @type is ICMPv6's. */
static inline struct xfrm_selector
xfrm_message_neighbour(int type)
{
	return (struct xfrm_selector){
		.family = AF_INET6,
		.proto = IPPROTO_ICMPV6,
		.sport = htons((uint16_t) type),
		.sport_mask = 0xffff,
	};
}

static inline size_t
xfrm_message_put_policy(struct xfrm_messages *messages, uint16_t type, uint32_t seq,
						struct xfrm_selector selector)
{
	const struct xfrm_userpolicy_info info = {
		.sel = selector,
		.lft = {XFRM_INF, XFRM_INF, XFRM_INF, XFRM_INF},
		.priority = 1,
		.dir = XFRM_POLICY_IN,
		.action = XFRM_POLICY_ALLOW,
		.share = XFRM_SHARE_ANY,
	};

	return xfrm_message_add(messages, type, seq, &info, sizeof(info));
}

static inline size_t
xfrm_message_delete_policy(struct xfrm_messages *messages, uint32_t seq,
						   struct xfrm_selector selector)
{
	const struct xfrm_userpolicy_id id = {.sel = selector, .dir = XFRM_POLICY_IN};

	return xfrm_message_add(messages, XFRM_MSG_DELPOLICY, seq, &id, sizeof(id));
}
