/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "netlink.h"

/*
 * What ip-link(8) has of the type xfrm alone: the if_id.
 */

/**
 * xfrm_link_read:
 * @attributes: of an RTM_NEWLINK
 *
 * Returns: the if_id; 0 where the link is of another type, or has none (external).
 */
guint32 xfrm_link_read(struct nlattr *const *attributes);

/** xfrm_link_put: @message, an RTM_NEWLINK, is to make a link of the type xfrm with this if_id. */
void xfrm_link_put(struct nl_msg *message, guint32 if_id);
