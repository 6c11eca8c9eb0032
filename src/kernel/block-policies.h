/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "xfrm-table.h"

/**
 * BlockPolicies: for Child SAs that have no interface, so that a packet which the tunnel protects
 * is refused, and does not leave in plaintext, while there is none (fail-closed).
 *
 * Two kinds, both of policies that block what a Child SA carries, out, in and fwd:
 *
 *  - low: of the type that pluto's are of (XFRM_POLICY_TYPE_MAIN), with the lowest priority. While
 *    pluto's policies are there they win; in the moment in which pluto removes them the block takes
 *    hold.
 *  - sub: of XFRM_POLICY_TYPE_SUB, which the kernel looks up before MAIN. pluto flushes every
 *    policy when it starts and when it stops (from 5.0 on), but of the type MAIN alone. So these
 *    are there from the moment in which a tunnel is lost until another is up.
 *
 * Blocked is what a Child SA carries, and what this host would send to the same net from another of
 * its addresses, also from one that comes later: without an interface it is the source address that
 * decides whether a packet is the tunnel's, and that may change with the uplink. Not so where the
 * net is everything; and where the network of the address's link is a part of the net, the
 * neighbours in it are reached by a hole (of /8 and longer, ip_net_is_lan()).
 *
 * IKE passes: pluto's sockets have policies of their own, which come before both. For IPv6 a hole
 * for neighbour discovery goes with each block, before pluto's policies too, or a peer on the same
 * link could not be found.
 *
 * The kernel keeps the selector's `user` and compares it when it adds and deletes policies, but not
 * when it looks for the policy of a packet. So ours bear a number there that no other connection
 * has: they never are the same policy as pluto's or another's, and are found by it after a crash.
 */
typedef struct BlockPolicies BlockPolicies;

/** Numbers are from 1 to this. */
#define BLOCK_POLICIES_MAX_NUMBER 0xffffffu

/** block_policies_has_number: whether a policy of @table, as the kernel has them, bears @number. */
gboolean block_policies_has_number(const XfrmTable *table, guint32 number);

/**
 * block_policies_new: blocks nothing yet.
 *
 * @number: that each of its policies bears, and nobody else's
 *
 * Returns: (transfer full): NULL with an error of netlink_fail()
 */
BlockPolicies *block_policies_new(guint32 number, GError **error);

/**
 * block_policies_set_low: these Child SAs are up, trapped or missing: what they carry is blocked
 * with low priority, and no sub-policy blocks it any more.
 *
 * What was blocked before stays blocked for as long as the Child SAs of one more tunnel after it
 * last: whoever still has the old address keeps silent.
 *
 * Returns: false with an error in G_IO_ERROR; what could be done was done.
 */
gboolean block_policies_set_low(BlockPolicies *self, const XfrmChild *children, gsize n_children,
								GError **error);

/** block_policies_set_sub: the tunnel is lost: what the Child SAs carried is blocked. */
gboolean block_policies_set_sub(BlockPolicies *self, GError **error);

/** block_policies_free: removes every block. */
void block_policies_free(BlockPolicies *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BlockPolicies, block_policies_free)

/** block_policies_clean_stale: removes the blocks of a service that died. @number: theirs. */
gboolean block_policies_clean_stale(guint32 number, GError **error);
