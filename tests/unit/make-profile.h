/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Profiles for tests, from lines of key=value. */

#pragma once

#include <string.h>

#include "profile.h"

/* text: key=value lines; the secrets among them go where secrets belong. */
static inline Profile *
make_profile_checked(const char *text, const char *user, GError **error)
{
	g_autoptr(GHashTable) data = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GHashTable) secrets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (guint i = 0; lines[i]; i++) {
		char *equals = strchr(lines[i], '=');
		const Option *option;

		if (!equals)
			continue;
		*equals = '\0';
		option = option_find(lines[i]);
		g_hash_table_insert(option && option->flags & OPTION_SECRET_KEY ? secrets : data,
							g_strdup(lines[i]), g_strdup(equals + 1));
	}
	return profile_new_from_data("6f1c3a5e-57a5-4bd8-8d4c-0f7a3a1b2c3d", "Office", data, secrets,
								 user, error);
}

static inline Profile *
make_profile(const char *text)
{
	g_autoptr(GError) error = NULL;
	Profile *profile = make_profile_checked(text, "joe", &error);

	g_assert_no_error(error);
	return profile;
}
