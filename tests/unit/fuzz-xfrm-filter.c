/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer: anything that could be written to NETLINK_XFRM. What is let through has no flush
 * wherever the kernel would look for one, and nothing but types has changed.
 */
#include "xfrm-filter.h"

#include <linux/netlink.h>
#include <linux/xfrm.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* As netlink_rcv_skb() of the kernel goes through it. */
static void
check_messages(const uint8_t *at, size_t len)
{
	while (len >= NLMSG_HDRLEN) {
		struct nlmsghdr header;
		size_t whole;

		memcpy(&header, at, sizeof(header));
		if (header.nlmsg_len < NLMSG_HDRLEN || header.nlmsg_len > len)
			return;
		if (header.nlmsg_type == XFRM_MSG_FLUSHSA || header.nlmsg_type == XFRM_MSG_FLUSHPOLICY)
			abort();
		whole = NLMSG_ALIGN((size_t) header.nlmsg_len);
		whole = whole > len ? len : whole;
		at += whole;
		len -= whole;
	}
}

static void
check_rest(const uint8_t *before, const uint8_t *after, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (before[i] == after[i])
			continue;
		/* A type begins at a multiple of 4, and is NLMSG_NOOP now. */
		if (i % 4 > 1 || after[i] != (i % 4 == 0 ? NLMSG_NOOP : 0))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint8_t *buffer = malloc(len + 1);
	unsigned flushes;

	memcpy(buffer, data, len);
	if (xfrm_filter(buffer, len, &flushes) == 0) {
		check_messages(buffer, len);
		check_rest(data, buffer, len);
	}
	free(buffer);
	return 0;
}
