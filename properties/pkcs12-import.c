/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "pkcs12-import.h"

#include "certificate-file.h"

static gboolean
take(ImportDraft *draft, const char *label, GBytes *bytes, const char *passphrase, GError **error)
{
	gboolean locked;

	if (!certificate_file_check_pkcs12(bytes, passphrase, &locked, error))
		return FALSE;
	import_draft_set_file(draft, "cert", "p12", bytes);
	if (locked)
		import_draft_want_secret(draft, "cert-pass", FALSE);
	import_draft_set_secret(draft, label, "cert-pass", passphrase);
	return TRUE;
}

gboolean
pkcs12_import(GBytes *bytes, ImportDraft *draft, GError **error)
{
	if (!take(draft, "PKCS#12", bytes, NULL, error))
		return FALSE;
	import_draft_set(draft, "PKCS#12", "ikev2", "insist");
	import_draft_lack_gateway(draft);
	return TRUE;
}

void
pkcs12_import_into(ImportDraft *draft, const char *label, GBytes *bytes, const char *passphrase)
{
	g_autoptr(GError) error = NULL;

	if (!take(draft, label, bytes, passphrase, &error))
		import_draft_refuse(draft, label, error->message);
}
