/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <string.h>

#include "import-draft.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/** fuzz_vpn_file: whatever an importer makes of the bytes, both of who import get a connection that
 * is one to libnm, or a message that can be shown. No certificate is written. */
static inline int
fuzz_vpn_file(const guint8 *data, gsize size,
			  gboolean (*import)(const char *text, gsize len, ImportDraft *draft, GError **error))
{
	g_autofree char *text = g_strndup((const char *) data, size);

	g_setenv("HOME", "/dev/null", TRUE);
	/* What the importers are promised. */
	if (strlen(text) != size || !g_utf8_validate(text, -1, NULL))
		return 0;
	for (guint host = IMPORT_HOST_TERMINAL; host <= IMPORT_HOST_DESKTOP; host++) {
		g_autoptr(ImportDraft) draft = import_draft_new("fuzz");
		g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(GError) error = NULL;
		g_autoptr(NMConnection) connection = NULL;

		if (import(text, size, draft, &error))
			connection = import_draft_finish(draft, (ImportHost) host, notes, &error);
		g_assert_true((connection == NULL) == (error != NULL));
		g_assert_true(!error || g_utf8_validate(error->message, -1, NULL));
		g_assert_true(!connection || nm_connection_verify(connection, NULL));
		for (guint i = 0; i < notes->len; i++)
			g_assert_true(g_utf8_validate(notes->pdata[i], -1, NULL));
	}
	return 0;
}
