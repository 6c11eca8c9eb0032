/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What names an object of a token, such as a smart card: a PKCS#11 URI (RFC 7512), or as NSS has
 * it, the token's name, a colon and the object's. All but this file see URIs of one spelling.
 *
 * What loads code is in none of them: the modules are those that the administrator has configured
 * for p11-kit (pkcs11.conf(5)), as a profile's own would run with root's rights.
 */

#pragma once

#include <glib.h>

/** token_uri_is_one: whether @value is meant as one, and not as the path of a file. */
gboolean token_uri_is_one(const char *value);

/**
 * token_uri_normalize:
 * @value: text
 * @fault: (out) (nullable): where it is none: why, for a message after the value
 *
 * The URI has the token's name at least, and of the object its name or its ID.
 *
 * Returns: (transfer full): of letters, digits and -._%:;= alone; %NULL where it is none
 */
char *token_uri_normalize(const char *value, char **fault);

/**
 * token_uri_get:
 * @uri: of token_uri_normalize()
 * @attribute: "token", "manufacturer", "model", "serial" or "object"
 *
 * Returns: (transfer full) (nullable): its text
 */
char *token_uri_get(const char *uri, const char *attribute);

/** token_uri_same_token: whether no attribute of the token differs between two URIs of
 * token_uri_normalize(); what one of them leaves out does not count. */
gboolean token_uri_same_token(const char *a, const char *b);
