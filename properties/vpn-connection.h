/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A new connection of our kind, as an import makes it.
 */

#pragma once

#include <NetworkManager.h>

/**
 * vpn_connection_new:
 * @name: what it is called
 * @data: (element-type utf8 utf8): its vpn.data
 *
 * It does not start by itself, and has a UUID of its own.
 *
 * Returns: (transfer full): the connection
 */
NMConnection *vpn_connection_new(const char *name, GHashTable *data);
