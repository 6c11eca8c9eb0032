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

	if (!connection) {
		g_assert(error && g_utf8_validate(error->message, -1, NULL));
		return 0;
	}
	assert_round_trip(connection);
	return 0;
}
