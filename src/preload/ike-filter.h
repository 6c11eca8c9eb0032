/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

/*
 * What pluto does not get to see: a message by which a peer would begin an IKE exchange with it as
 * the responder. A classic BPF filter on the UDP socket (socket(7), SO_ATTACH_FILTER) drops it in
 * the kernel. Dropped are
 *
 * - IKEv2: requests IKE_SA_INIT and IKE_SESSION_RESUME (RFC 7296, RFC 5723). Answers to our own
 *   IKE_SA_INIT have the Response flag and pass, also those without a responder SPI (COOKIE,
 *   INVALID_KE_PAYLOAD);
 * - IKEv1: the first message of Main Mode (Identity Protection) and of Aggressive Mode, which is
 *   that without a responder cookie (RFC 2408);
 *
 * as they are where pluto listens at port 500, and at every other port behind the non-ESP marker
 * (RFC 3948). All else passes: what belongs to an exchange that we began, Informational exchanges,
 * keepalives, and what is too short for an IKE header. ESP in UDP does not come here: the kernel
 * takes it before.
 */

/*
 * ike_filter_attach: for good: the filter can be neither replaced nor removed (SO_LOCK_FILTER).
 *
 * @fd: a UDP socket, IPv4 or IPv6
 * @main_mode: the first message of Main Mode passes
 * @bare: pluto takes it for the socket at port 500, whichever port it has (udp-ports.h)
 *
 * Returns: 0, or -1 with errno
 */
int ike_filter_attach(int fd, bool main_mode, bool bare);
