/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>

/*
 * What pluto does not get to say to the kernel over NETLINK_XFRM (linux/xfrm.h), since it would
 * concern every IPsec user of the host:
 *
 * - XFRM_MSG_FLUSHSA and XFRM_MSG_FLUSHPOLICY, which libreswan 5 sends when it starts and when it
 *   stops, and which take all states and policies of the network namespace away;
 * - XFRM_MSG_NEWPOLICY, _UPDPOLICY and _DELPOLICY of the policies that let IPv6 neighbour discovery
 *   pass: each namespace has one set of them, without an if_id, whoever has made them.
 *
 * They become NLMSG_NOOP, which the kernel acknowledges where the message asks for it, and does
 * nothing else with: pluto goes on as if it had been done.
 *
 * And what pluto does not know: in XFRM_MSG_NEWSA, _UPDSA and _MIGRATE the port of our end of the
 * UDP encapsulation (XFRMA_ENCAP) becomes the one that the socket has (udp-ports.h).
 *
 * All else stays as it is, byte for byte. No dependency but libc and the kernel's headers, no state
 * but that of udp-ports.h, no allocation.
 */

/* Which flushes were in a buffer, of xfrm_filter(). */
enum {
	XFRM_FILTER_FLUSH_STATES = 1,
	XFRM_FILTER_FLUSH_POLICIES = 2,
};

/*
 * xfrm_filter: goes through each message of what is about to be sent, in its place.
 *
 * @buffer: aligned as struct nlmsghdr
 * @flushes: (out): XFRM_FILTER_FLUSH_..., also where it fails
 *
 * Returns: 0, or EBADMSG where it is not messages from its beginning to its end, so that not all of
 * it could be looked at: it must not be sent then.
 */
int xfrm_filter(void *buffer, size_t len, unsigned *flushes);
