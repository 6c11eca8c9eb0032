/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "exported-keys.h"

#include <string.h>

#include "ipsec-conf-reader.h"
#include "ipsec-export.h"
#include "nm-comment.h"

void
exported_keys_clear(ExportedKeys *self)
{
	g_clear_pointer(&self->keys, g_free);
	g_clear_pointer(&self->user_name, g_free);
	g_clear_pointer(&self->given, g_hash_table_unref);
}

gboolean
exported_keys_take(ExportedKeys *self, const char *key, const char *value)
{
	char **place = g_str_equal(key, NM_COMMENT_KEYS)        ? &self->keys
				   : g_str_equal(key, NM_COMMENT_USER_NAME) ? &self->user_name
															: NULL;

	if (place && !*place)
		*place = g_strdup(value);
	return place != NULL;
}

void
exported_keys_add_given(ExportedKeys *self, const char *key, const char *value)
{
	if (!self->given)
		self->given = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_hash_table_insert(self->given, g_strdup(key), g_strdup(value));
}

gboolean
exported_keys_are_there(const ExportedKeys *self)
{
	return self->keys != NULL;
}

static const char *
entry_value(GHashTable *entries, const char *keyword)
{
	const IpsecConfEntry *entry = keyword ? g_hash_table_lookup(entries, keyword) : NULL;

	return entry ? entry->value : NULL;
}

/* What the profile has for a key of its own. */
static const char *
find_value(const ExportedKeys *self, GHashTable *entries, GHashTable *comments, const char *key)
{
	const Option *option = option_find(key);
	const char *value = self->given ? g_hash_table_lookup(self->given, key) : NULL;

	if (!option || option->flags & OPTION_SECRET_KEY || option->kind == OPTION_FILE ||
		option->kind == OPTION_OBJECT)
		return NULL;
	if (!value)
		value = entry_value(entries, option->conf4 ? option->conf4 : key);
	if (!value && g_str_equal(key, "aggressive"))
		value = entry_value(entries, "aggrmode");
	if (!value && option->flags & OPTION_NM_ONLY)
		value = g_hash_table_lookup(comments, key);
	return value;
}

static GHashTable *
collect(const ExportedKeys *self, GHashTable *entries, GHashTable *comments)
{
	g_autoptr(GHashTable) data = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_auto(GStrv) keys = g_strsplit(self->keys, " ", -1);

	for (guint i = 0; keys[i]; i++) {
		const char *value = find_value(self, entries, comments, keys[i]);

		if (!value || !*value)
			return NULL;
		g_hash_table_insert(data, g_strdup(keys[i]), g_strdup(value));
	}
	return g_steal_pointer(&data);
}

/* Whether a profile is exported as the conn that the file has. auto= is for plain libreswan, and
 * whoever uses the file with it adds that. */
static gboolean
is_same_conn(const Profile *profile, GHashTable *entries, const char *name)
{
	g_autofree char *text = ipsec_export_conn(profile, name, NULL);
	g_autoptr(IpsecConfFile) file = text ? ipsec_conf_read(text, -1, NULL) : NULL;
	const IpsecConfSection *conn = file ? ipsec_conf_find_conn(file, name) : NULL;
	guint n = g_hash_table_size(entries) - g_hash_table_contains(entries, "auto");

	if (!conn || conn->entries->len != n)
		return FALSE;
	for (guint i = 0; i < conn->entries->len; i++) {
		const IpsecConfEntry *entry = g_ptr_array_index(conn->entries, i);

		if (g_strcmp0(entry_value(entries, entry->keyword), entry->value) != 0)
			return FALSE;
	}
	return TRUE;
}

/* The same for what only NetworkManager reads. */
static gboolean
are_same_comments(const Profile *profile, GHashTable *comments)
{
	guint n;
	const Option *options = option_all(&n);

	for (guint i = 0; i < n; i++) {
		if (options[i].flags & OPTION_NM_ONLY && !g_str_equal(options[i].key, "ipsec-interface") &&
			g_strcmp0(profile_get_option(profile, &options[i]),
					  g_hash_table_lookup(comments, options[i].key)) != 0)
			return FALSE;
	}
	return TRUE;
}

GHashTable *
exported_keys_restore(const ExportedKeys *self, GHashTable *entries, GHashTable *comments,
					  const char *name, Profile **profile)
{
	/* Where the profile has a name of its own, nobody else looks at this one. */
	gboolean valid =
		!self->user_name || option_validate(option_find("leftusername"), self->user_name, NULL);
	g_autoptr(GHashTable) data = valid ? collect(self, entries, comments) : NULL;
	g_autoptr(Profile) found =
		data ? profile_new_from_data(NULL, name, data, NULL, self->user_name, NULL) : NULL;

	if (!found || !is_same_conn(found, entries, name) || !are_same_comments(found, comments))
		return NULL;
	*profile = g_steal_pointer(&found);
	return g_steal_pointer(&data);
}
