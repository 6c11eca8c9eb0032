/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads JSON (RFC 8259) whose top is an object.
 */

#pragma once

#include "value-tree.h"

/* Objects and lists together: json-glib calls itself for each that is in another. */
#define JSON_GROUPS_MAX 200u

/**
 * json_read:
 * @text: UTF-8
 * @error: %PROFILE_ERROR_INVALID
 *
 * null is as what is not there.
 *
 * Returns: (transfer full): a map
 */
Value *json_read(const char *text, GError **error);
