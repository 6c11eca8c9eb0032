/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer: any bytes as a file to import. What is imported has to come back
 * from its export as itself.
 */

#include "config.h"

#include "round-trip.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(NMConnection) connection =
		ipsec_import((const char *) data, (gssize) size, NULL, NULL, &error);

	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(NMConnection) half =
		ipsec_import_what_can_be((const char *) data, (gssize) size, NULL, notes, NULL);

	/* What can be taken as a whole can be taken in part. */
	g_assert_true(half || !connection);
	g_assert_true(!half || nm_connection_verify(half, NULL));
	if (!connection) {
		g_assert(error && g_utf8_validate(error->message, -1, NULL));
		return 0;
	}
	assert_round_trip(connection);
	return 0;
}
