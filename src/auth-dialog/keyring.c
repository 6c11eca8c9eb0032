/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "keyring.h"

#include <libsecret/secret.h>

/* The attributes by which NetworkManager's agents find what they have stored. */
static const SecretSchema schema = {
	.name = "org.freedesktop.NetworkManager.Connection",
	.flags = SECRET_SCHEMA_DONT_MATCH_NAME,
	.attributes =
		{
			{"connection-uuid", SECRET_SCHEMA_ATTRIBUTE_STRING},
			{"setting-name", SECRET_SCHEMA_ATTRIBUTE_STRING},
			{"setting-key", SECRET_SCHEMA_ATTRIBUTE_STRING},
		},
};

static void
free_items(gpointer items)
{
	g_list_free_full(items, g_object_unref);
}

char *
keyring_find(const char *uuid, const char *key, gboolean may_unlock, GError **error)
{
	const SecretSearchFlags flags =
		SECRET_SEARCH_LOAD_SECRETS | (may_unlock ? SECRET_SEARCH_UNLOCK : 0);
	g_autoptr(GHashTable) attributes = secret_attributes_build(
		&schema, "connection-uuid", uuid, "setting-name", "vpn", "setting-key", key, NULL);
	g_autoptr(SecretValue) value = NULL;
	GError *failure = NULL;
	GList *items;
	char *secret = NULL;

	items = secret_service_search_sync(NULL, &schema, attributes, flags, NULL, &failure);
	if (items)
		value = secret_item_get_secret(items->data);
	if (value)
		secret = g_strdup(secret_value_get_text(value));
	free_items(items);
	if (failure)
		g_propagate_error(error, failure);
	return secret;
}
