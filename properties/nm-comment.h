/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an exported file says to NetworkManager alone stands in comments:
 *
 *	# nm-auto-defaults=no
 *	# nm-connect-mode=ondemand
 *	# nm-name=The connection's name
 *	# nm-name-escaped=one%0Awith a line break
 *	# nm-user-name=vpn.user-name, who is asked for a password
 *	# nm-option Domain=example.com
 *	# nm-keys=right leftid ikev2
 *	# nm-given ikev2=yes
 *
 * The first two are those of NetworkManager-libreswan. The last two are for the way back: which
 *keys the profile has of its own, and the spelling of those that the conn has in another; they
 *count where they still lead to the very conn that the file has.
 */

#pragma once

#define NM_COMMENT_NAME         "nm-name"
#define NM_COMMENT_NAME_ESCAPED "nm-name-escaped"
#define NM_COMMENT_USER_NAME    "nm-user-name"
#define NM_COMMENT_KEYS         "nm-keys"
#define NM_COMMENT_OPTION       "nm-option "
#define NM_COMMENT_GIVEN        "nm-given "
