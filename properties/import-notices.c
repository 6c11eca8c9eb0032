/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "import-notices.h"

/* Longer ones nobody reads above an editor; the rest is in the log. */
#define NOTICES_MAX 40u

#define KEY         "libreswan-pluto-import-notices"

/* The last import alone: a program shows one new connection at a time. */
typedef struct {
	char *uuid;
	char **notices;
} Kept;

static void
kept_free(gpointer data)
{
	Kept *kept = data;

	g_free(kept->uuid);
	g_strfreev(kept->notices);
	g_free(kept);
}

void
import_notices_keep(GObject *plugin, NMConnection *connection, const GPtrArray *notices)
{
	Kept *kept = NULL;

	if (notices->len) {
		kept = g_new0(Kept, 1);
		kept->uuid = g_strdup(nm_connection_get_uuid(connection));
		kept->notices = g_new0(char *, notices->len + 1);
		for (guint i = 0; i < MIN(notices->len, NOTICES_MAX); i++)
			kept->notices[i] = g_strdup(g_ptr_array_index(notices, i));
	}
	g_object_set_data_full(plugin, KEY, kept, kept_free);
}

const char *const *
import_notices_get(GObject *plugin, NMConnection *connection)
{
	const Kept *kept = g_object_get_data(plugin, KEY);

	if (!kept || g_strcmp0(kept->uuid, nm_connection_get_uuid(connection)) != 0)
		return NULL;
	return (const char *const *) kept->notices;
}
