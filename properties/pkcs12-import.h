/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bare PKCS#12 (.p12, .pfx): what a person with a certificate has to have, but for the gateway.
 */

#pragma once

#include "import-draft.h"

/**
 * pkcs12_import:
 * @bytes: the file
 * @draft: gets IKEv2 with that certificate, and lacks the gateway
 * @error: %PROFILE_ERROR_INVALID: it is none
 */
gboolean pkcs12_import(GBytes *bytes, ImportDraft *draft, GError **error);

/**
 * pkcs12_import_into:
 * @label: what the file calls it
 * @passphrase: (nullable): what it is encrypted with, where that is known
 *
 * A PKCS#12 inside another file: the draft's certificate. One that is none is refused there.
 */
void
pkcs12_import_into(ImportDraft *draft, const char *label, GBytes *bytes, const char *passphrase);
