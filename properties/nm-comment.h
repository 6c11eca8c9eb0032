/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an exported file says to NetworkManager alone stands in comments:
 *
 *	# nm-auto-defaults=no
 *	# nm-connect-mode=ondemand
 *	# nm-name=The connection's name
 *	# nm-option Domain=example.com
 *
 * The first two are those of NetworkManager-libreswan.
 */

#pragma once

#define NM_COMMENT_NAME   "nm-name"
#define NM_COMMENT_OPTION "nm-option "
