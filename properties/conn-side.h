/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which side of a conn is this computer. ipsec.conf(5) leaves that to libreswan, which looks at the
 * addresses of the host; a file to import often comes from another one.
 */

#pragma once

#include <glib.h>

typedef enum {
	CONN_SIDE_UNKNOWN,
	CONN_SIDE_LEFT,
	CONN_SIDE_RIGHT,
	CONN_SIDE_GUESSED, /* two host names, of which nothing is known: left, as people write it */
} ConnSide;

/**
 * conn_side_find:
 * @entries: (element-type utf8 IpsecConfEntry): a conn's entries by keyword
 *
 * %defaultroute tells, then what only a client has, then this computer's addresses and name, then
 * that a gateway has to be somewhere.
 */
ConnSide conn_side_find(GHashTable *entries);
