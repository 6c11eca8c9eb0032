/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer: any bytes as a file to import. What is imported has to come back
 * from its export as itself.
 */

#include "config.h"

#include "ipsec-export.h"
#include "ipsec-import.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(NMConnection) connection =
		ipsec_import((const char *) data, (gssize) size, NULL, &error);
	g_autoptr(NMConnection) again = NULL;
	g_autofree char *text = NULL, *text_again = NULL;

	if (!connection) {
		g_assert(error && g_utf8_validate(error->message, -1, NULL));
		return 0;
	}
	text = ipsec_export(connection, &error);
	g_assert_no_error(error);
	again = ipsec_import(text, -1, NULL, &error);
	g_assert_no_error(error);
	text_again = ipsec_export(again, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(text_again, ==, text);
	return 0;
}
