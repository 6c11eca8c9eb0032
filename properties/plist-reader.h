/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads Apple's property lists (plist) as XML. No entity is known but those of XML itself, no DTD
 * is looked at, and nothing is fetched.
 */

#pragma once

#include "value-tree.h"

/**
 * plist_read:
 * @text: UTF-8
 * @error: %PROFILE_ERROR_INVALID
 *
 * Returns: (transfer full): a map: the dict at the top
 */
Value *plist_read(const char *text, GError **error);
