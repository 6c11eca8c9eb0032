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

#include "udp-ports.h"

/* RFC 4861, 4.3 and 4.4. The type stands in the source port of a selector (RFC 4301, 4.4.1.1). */
#define NEIGHBOUR_SOLICITATION  135
#define NEIGHBOUR_ADVERTISEMENT 136

/* Finds the attribute @type in @at: as to the kernel, the last one of it counts. *@value is NULL
 * where there is none. Returns false where they are no attributes, or it has less than @min bytes.
 */
static bool
find_attribute(unsigned char *at, size_t len, int type, size_t min, unsigned char **value)
{
	struct nlattr attribute;

	*value = NULL;
	while (len >= sizeof(attribute)) {
		size_t whole;

		memcpy(&attribute, at, sizeof(attribute));
		if (attribute.nla_len < NLA_HDRLEN || attribute.nla_len > len)
			return false;
		if ((attribute.nla_type & NLA_TYPE_MASK) == type) {
			if (attribute.nla_len < NLA_HDRLEN + min)
				return false;
			*value = at + NLA_HDRLEN;
		}
		whole = NLA_ALIGN(attribute.nla_len);
		if (whole > len)
			whole = len;
		at += whole;
		len -= whole;
	}
	return true;
}

/* A message without its header. */
struct payload {
	unsigned char *at;
	size_t len;
};

/* @fixed: the length of what comes before the attributes. */
static bool
find_in_payload(const struct payload *payload, size_t fixed, int type, size_t min,
				unsigned char **value)
{
	if (payload->len < fixed)
		return false;
	fixed = NLMSG_ALIGN(fixed);
	if (fixed > payload->len)
		fixed = payload->len;
	return find_attribute(payload->at + fixed, payload->len - fixed, type, min, value);
}

static bool
is_neighbour_discovery(const struct xfrm_selector *selector)
{
	const unsigned type = ntohs(selector->sport);

	return selector->family == AF_INET6 && selector->proto == IPPROTO_ICMPV6 &&
		   selector->prefixlen_s == 0 && selector->prefixlen_d == 0 && selector->dport == 0 &&
		   (type == NEIGHBOUR_SOLICITATION || type == NEIGHBOUR_ADVERTISEMENT);
}

/* @fixed: of a message whose beginning is the selector. */
static int
judge_policy(const struct payload *payload, size_t fixed, bool *everybodys)
{
	struct xfrm_selector selector;
	unsigned char *value;
	uint32_t if_id = 0;

	if (!find_in_payload(payload, fixed, XFRMA_IF_ID, sizeof(if_id), &value))
		return EBADMSG;
	if (value)
		memcpy(&if_id, value, sizeof(if_id));
	memcpy(&selector, payload->at, sizeof(selector));
	*everybodys = if_id == 0 && is_neighbour_discovery(&selector);
	return 0;
}

static void
correct_ports(unsigned char *value, int family, const xfrm_address_t *from,
			  const xfrm_address_t *to)
{
	struct xfrm_encap_tmpl encap;

	if (family != AF_INET && family != AF_INET6)
		return;
	memcpy(&encap, value, sizeof(encap));
	encap.encap_sport = udp_ports_find(family, from, encap.encap_sport);
	encap.encap_dport = udp_ports_find(family, to, encap.encap_dport);
	memcpy(value, &encap, sizeof(encap));
}

static int
correct_state(const struct payload *payload)
{
	struct xfrm_usersa_info state;
	unsigned char *value;

	if (!find_in_payload(payload, sizeof(state), XFRMA_ENCAP, sizeof(struct xfrm_encap_tmpl),
						 &value))
		return EBADMSG;
	memcpy(&state, payload->at, sizeof(state));
	if (value)
		correct_ports(value, state.family, &state.saddr, &state.id.daddr);
	return 0;
}

/* Of several states that move at once all have the same ends. */
static int
correct_migration(const struct payload *payload)
{
	const size_t fixed = sizeof(struct xfrm_userpolicy_id);
	struct xfrm_user_migrate migrate;
	unsigned char *value, *ends;

	if (!find_in_payload(payload, fixed, XFRMA_ENCAP, sizeof(struct xfrm_encap_tmpl), &value) ||
		!find_in_payload(payload, fixed, XFRMA_MIGRATE, sizeof(migrate), &ends))
		return EBADMSG;
	if (!value || !ends)
		return 0;
	memcpy(&migrate, ends, sizeof(migrate));
	correct_ports(value, migrate.new_family, &migrate.new_saddr, &migrate.new_daddr);
	return 0;
}

/* @everybodys: (inout): false; whether it must not be done. */
static int
judge(unsigned type, const struct payload *payload, bool *everybodys, unsigned *flushes)
{
	switch (type) {
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
		return judge_policy(payload, sizeof(struct xfrm_userpolicy_info), everybodys);
	case XFRM_MSG_DELPOLICY:
		return judge_policy(payload, sizeof(struct xfrm_userpolicy_id), everybodys);
	case XFRM_MSG_NEWSA:
	case XFRM_MSG_UPDSA:
		return correct_state(payload);
	case XFRM_MSG_MIGRATE:
		return correct_migration(payload);
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
		struct payload payload;
		bool everybodys = false;
		size_t whole;
		int error;

		if (len < NLMSG_HDRLEN)
			return EBADMSG;
		memcpy(&header, at, sizeof(header));
		if (header.nlmsg_len < NLMSG_HDRLEN || header.nlmsg_len > len)
			return EBADMSG;
		payload = (struct payload){at + NLMSG_HDRLEN, header.nlmsg_len - NLMSG_HDRLEN};
		error = judge(header.nlmsg_type, &payload, &everybodys, flushes);
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
