/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keywords of ipsec.conf(5) that a connection of NetworkManager does without, and why. One table;
 * what is neither in it nor in the option table is refused.
 */

#pragma once

#include <glib.h>

typedef enum {
	LEFT_OUT_NOT,      /* cannot be left out, or is not known */
	LEFT_OUT_SILENTLY, /* says what is so anyway */
	LEFT_OUT_NAMED,    /* and whoever imports it should know */
} LeftOut;

/**
 * left_out_find:
 * @keyword: in lower case, with left for our side
 * @value: its value
 * @why: (out): for LEFT_OUT_NAMED: why, translated; for LEFT_OUT_NOT: what would be right, where
 *   something is known about it, or %NULL
 */
LeftOut left_out_find(const char *keyword, const char *value, const char **why);

/**
 * left_out_is_strongswan:
 *
 * Returns: whether strongSwan alone has this keyword or value; its files look alike
 */
gboolean left_out_is_strongswan(const char *keyword, const char *value);
