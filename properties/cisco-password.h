/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The passwords in Cisco's .pcf files (enc_GroupPwd, enc_UserPassword). They are no secret to who
 * has the file: everything that opens them is in it. A value is, in hexadecimal, 20 bytes that make
 * the key, the SHA-1 of what follows, and the password, in 3DES-CBC. The key is the SHA-1 of the
 * first 20 bytes with 1 added to the last of them, and the first 4 bytes of the SHA-1 with 3 added;
 * their first 8 bytes are the IV. The last byte of the decrypted text counts what was added to fill
 * the block.
 */

#pragma once

#include <glib.h>

/**
 * cisco_password_reveal:
 * @hex: what stands in the file
 *
 * Returns: (transfer full): the password, to be wiped; %NULL where @hex is none
 */
char *cisco_password_reveal(const char *hex);
