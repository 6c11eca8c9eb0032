/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the import program says of a connection's certificates (import-wire.h). It has read files of
 * strangers, so what it says is believed only where it is exactly of that form.
 */
#pragma once

#include <gio/gio.h>

#include "import-wire.h"

typedef struct {
	gboolean has_fault;
	ImportField field; /* which object is at fault */
	ImportFault fault;
	gint64 number;

	/* Where nothing is at fault. */
	ImportKey user_key;   /* the kind of our own key */
	ImportKey root_key;   /* of the authority's */
	char *root_name;      /* as rightca= has it; NULL where libreswan cannot be told of it */
	gboolean has_issuers; /* our certificate is not signed by the root itself */

	char *ckaid; /* of our key, where it has no certificate; then there is nothing else */
} CertReport;

/* What the program was asked for. */
typedef enum {
	CERT_REPORT_CERTIFICATES,
	CERT_REPORT_KEY,   /* a key without a certificate */
	CERT_REPORT_CHECK, /* to look at a token: without a fault there is nothing in it */
	CERT_REPORT_N_KINDS,
} CertReportKind;

/**
 * cert_report_parse:
 * @text: @len bytes of any kind
 *
 * Returns: (transfer full): NULL with %G_IO_ERROR_INVALID_DATA where it is none
 */
CertReport *cert_report_parse(CertReportKind kind, const char *text, gsize len, GError **error);

void cert_report_free(CertReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CertReport, cert_report_free)

/**
 * cert_report_is_about_passphrase: it is not there, or another one is right.
 */
gboolean cert_report_is_about_passphrase(const CertReport *self);

/**
 * cert_report_is_about_pin: likewise; the token may have one try left, for a PIN that was just
 * typed.
 */
gboolean cert_report_is_about_pin(const CertReport *self);

/**
 * cert_report_explain:
 * @self: one with a fault
 * @fields: what the program was asked for; of the passphrase and the PIN only whether there is one
 *
 * Returns: (transfer full): a sentence for people that names the key of the profile, the file, what
 * is wrong, and what would be right
 */
char *cert_report_explain(const CertReport *self, const char *const fields[IMPORT_N_FIELDS]);
