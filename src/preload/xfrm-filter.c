/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "xfrm-filter.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* RFC 4861, 4.3 and 4.4. The type stands in the source port of a selector (RFC 4301, 4.4.1.1). */
#define NEIGHBOUR_SOLICITATION  135
#define NEIGHBOUR_ADVERTISEMENT 136

/* Reads the if_id from the attributes in @at. As the kernel does it: the last one counts, and none
 * is 0. Returns false where they are no attributes. */
static bool
read_if_id(const unsigned char *at, size_t len, uint32_t *if_id)
{
	struct nlattr attribute;

	*if_id = 0;
	while (len >= sizeof(attribute)) {
		size_t whole;

		memcpy(&attribute, at, sizeof(attribute));
		if (attribute.nla_len < NLA_HDRLEN || attribute.nla_len > len)
			return false;
		if ((attribute.nla_type & NLA_TYPE_MASK) == XFRMA_IF_ID) {
			if (attribute.nla_len < NLA_HDRLEN + sizeof(*if_id))
				return false;
			memcpy(if_id, at + NLA_HDRLEN, sizeof(*if_id));
		}
		whole = NLA_ALIGN(attribute.nla_len);
		if (whole > len)
			whole = len;
		at += whole;
		len -= whole;
	}
	return true;
}

static bool
is_neighbour_discovery(const struct xfrm_selector *selector)
{
	const unsigned type = ntohs(selector->sport);

	return selector->family == AF_INET6 && selector->proto == IPPROTO_ICMPV6 &&
		   selector->prefixlen_s == 0 && selector->prefixlen_d == 0 && selector->dport == 0 &&
		   (type == NEIGHBOUR_SOLICITATION || type == NEIGHBOUR_ADVERTISEMENT);
}

/* @fixed: what comes before the attributes; the selector is its beginning. */
static int
judge_policy(const unsigned char *payload, size_t len, size_t fixed, bool *everybodys)
{
	struct xfrm_selector selector;
	uint32_t if_id;

	if (len < fixed)
		return EBADMSG;
	fixed = NLMSG_ALIGN(fixed);
	if (!read_if_id(payload + (fixed < len ? fixed : len), fixed < len ? len - fixed : 0, &if_id))
		return EBADMSG;
	memcpy(&selector, payload, sizeof(selector));
	*everybodys = if_id == 0 && is_neighbour_discovery(&selector);
	return 0;
}

/* @everybodys: (inout): false; whether it must not be done. */
static int
judge(const struct nlmsghdr *header, const unsigned char *payload, bool *everybodys,
	  unsigned *flushes)
{
	const size_t len = header->nlmsg_len - NLMSG_HDRLEN;

	switch (header->nlmsg_type) {
	case XFRM_MSG_FLUSHSA:
		*everybodys = true;
		*flushes |= XFRM_FILTER_FLUSH_STATES;
		return 0;
	case XFRM_MSG_FLUSHPOLICY:
		*everybodys = true;
		*flushes |= XFRM_FILTER_FLUSH_POLICIES;
		return 0;
	case XFRM_MSG_NEWPOLICY:
	case XFRM_MSG_UPDPOLICY:
		return judge_policy(payload, len, sizeof(struct xfrm_userpolicy_info), everybodys);
	case XFRM_MSG_DELPOLICY:
		return judge_policy(payload, len, sizeof(struct xfrm_userpolicy_id), everybodys);
	default:
		return 0;
	}
}

int
xfrm_filter(void *buffer, size_t len, unsigned *flushes)
{
	unsigned char *at = buffer;

	*flushes = 0;
	while (len > 0) {
		struct nlmsghdr header;
		bool everybodys = false;
		size_t whole;
		int error;

		if (len < NLMSG_HDRLEN)
			return EBADMSG;
		memcpy(&header, at, sizeof(header));
		if (header.nlmsg_len < NLMSG_HDRLEN || header.nlmsg_len > len)
			return EBADMSG;
		error = judge(&header, at + NLMSG_HDRLEN, &everybodys, flushes);
		if (error)
			return error;
		if (everybodys) {
			/* Below NLMSG_MIN_TYPE: the kernel acknowledges it and looks no further. */
			header.nlmsg_type = NLMSG_NOOP;
			memcpy(at, &header, sizeof(header));
		}
		whole = NLMSG_ALIGN((size_t) header.nlmsg_len);
		if (whole > len)
			whole = len;
		at += whole;
		len -= whole;
	}
	return 0;
}
