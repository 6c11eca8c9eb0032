/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libFuzzer: any bytes as a .mobileconfig: it is refused with a message, or a connection. */

#include "config.h"

#include "fuzz-vpn-file.h"
#include "mobileconfig-import.h"

static gboolean
import(const char *text, gsize len, ImportDraft *draft, GError **error)
{
	return mobileconfig_import(text, draft, error);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	return fuzz_vpn_file(data, size, import);
}
