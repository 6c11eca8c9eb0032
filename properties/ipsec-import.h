/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A connection from an ipsec.conf(5) as people have them.
 */

#pragma once

#include <NetworkManager.h>

/**
 * ipsec_import:
 * @text: (array length=len): the file
 * @len: how many bytes, or -1 where @text ends with a zero
 * @name: (nullable): the file's name without folder and suffix; where the file has
 *   several conns it chooses one
 * @notes: (nullable) (element-type utf8): gets a sentence for each thing that whoever imports the
 *   file should know, although it is no error; its free function is g_free()
 * @error: %PROFILE_ERROR; names each line that a profile cannot represent
 *
 * The connection does what the file does with libreswan: where our defaults
 * would change its meaning, the profile gets nm-auto-defaults=no.
 *
 * Returns: (transfer full): the connection
 */
NMConnection *
ipsec_import(const char *text, gssize len, const char *name, GPtrArray *notes, GError **error);

/**
 * ipsec_import_what_can_be:
 *
 * As ipsec_import(), for who can show @notes and have the rest mended: what is wrong with a conn,
 * and what a profile cannot represent, is among them, and left out. What is no connection of a
 * client's at all is an error.
 */
NMConnection *ipsec_import_what_can_be(const char *text, gssize len, const char *name,
									   GPtrArray *notes, GError **error);
