/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Subnets as people write them: 10.1.0.0/16, 10.1.0.0/255.255.0.0, 10.1/16, 10.1.2.3, 0/0,
 * 2001:db8::/32, ::/0. There is one spelling that is stored and written, network/prefix, because
 * pluto 5 loads neither netmasks nor short addresses.
 */

#pragma once

#include <glib.h>

/**
 * subnet_normalize:
 * @text: one subnet
 * @family: (out) (optional): AF_INET or AF_INET6
 *
 * Returns: (transfer full): network/prefix with the bits of the host cleared, or %NULL
 */
char *subnet_normalize(const char *text, int *family);

/**
 * subnet_normalize_list:
 * @text: subnets, separated by commas or blanks, with or without braces around them
 *
 * Returns: (transfer full): the subnets with commas between them, or %NULL
 */
char *subnet_normalize_list(const char *text);

/* Whether @address, an IP address, is in one of @list, which has its one spelling. */
gboolean subnet_list_has(const char *list, const char *address);
