/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One conn of a file, as a client has it: with what also= and %default bring,
 * and turned so that left is this computer.
 */

#pragma once

#include "ipsec-conf-reader.h"

/**
 * client_conn_choose:
 * @file: a file; outlives what is returned
 * @name: (nullable): the conn to take where the file has several
 * @notes: (nullable) (element-type utf8): gets a sentence for each conn that does not count
 * @error: %PROFILE_ERROR_INVALID
 *
 * Returns: the one conn that is neither %default nor there for also= alone, nor, beside one of a
 * client's, for something else (conn-purpose.h)
 */
const IpsecConfSection *
client_conn_choose(const IpsecConfFile *file, const char *name, GPtrArray *notes, GError **error);

/**
 * client_conn_collect:
 * @file: the conn's file; the keywords of its entries are turned with the sides
 * @conn: what client_conn_choose() returned
 * @left_is_ours: left is this computer, no need to find out
 * @notes: (nullable) (element-type utf8): gets a sentence where that was guessed
 * @faults: (nullable) (element-type utf8): gets what is wrong with a conn, where the rest is to be
 *   collected all the same: of two settings the first, and the conn as if left were ours
 * @error: %PROFILE_ERROR_INVALID
 *
 * Which side is ours is conn-side.h's to say; where it cannot, it is an error.
 *
 * Returns: (transfer container) (element-type utf8 IpsecConfEntry): its entries by keyword
 */
GHashTable *
client_conn_collect(const IpsecConfFile *file, const IpsecConfSection *conn, gboolean left_is_ours,
					GPtrArray *notes, GPtrArray *faults, GError **error);
