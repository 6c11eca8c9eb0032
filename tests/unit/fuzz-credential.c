/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of a connection, as the import program reads them: three parts with ==== between. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bundle.h"
#include "credential.h"
#include "key-kind.h"

#define BETWEEN "\n====\n"
enum { N_PARTS = 3 };

typedef struct {
	unsigned char *bytes; /* with a NUL behind them */
	size_t len;
} Part;

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
split(const unsigned char *data, size_t size, Part parts[N_PARTS])
{
	for (unsigned i = 0; i < N_PARTS; i++) {
		const unsigned char *end = memmem(data, size, BETWEEN, strlen(BETWEEN));
		size_t len = end && i + 1 < N_PARTS ? (size_t) (end - data) : size;
		size_t skipped = len < size ? len + strlen(BETWEEN) : len;

		parts[i] = (Part){calloc(1, len + 1), len};
		memcpy(parts[i].bytes, data, len);
		data += skipped;
		size -= skipped;
	}
}

/* As the program does, but for NSS. */
static void
look_at(const Bundle bundles[N_PARTS], Fault *fault)
{
	const CredentialFiles files = {.ca = bundles[0].n_certificates > 0 ? &bundles[0] : NULL,
								   .cert = &bundles[1],
								   .key = bundles[2].key ? &bundles[2] : NULL};
	gnutls_datum_t pkcs8 = {NULL, 0};
	static Credential credential;

	if (!credential_find(&credential, &files, 1800000000, fault))
		return;
	if (key_to_pkcs8(credential.key, credential.key_kind, &pkcs8))
		gnutls_free(pkcs8.data);
	if (!freopen("/dev/null", "w", stdout) || !credential_print(&credential, fault))
		return;
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static const unsigned wants[N_PARTS] = {BUNDLE_CERTIFICATES, BUNDLE_CERTIFICATES | BUNDLE_KEY,
											BUNDLE_KEY};
	Fault fault = {false};
	Bundle bundles[N_PARTS];
	Part parts[N_PARTS];
	bool ok = true;

	split(data, size, parts);
	for (unsigned i = 0; i < N_PARTS; i++)
		ok &= bundle_read(&bundles[i], parts[i].bytes, parts[i].len, "p", wants[i],
						  IMPORT_FIELD_CERT, &fault) ||
			  i != 1;
	if (ok)
		look_at(bundles, &fault);
	for (unsigned i = 0; i < N_PARTS; i++) {
		bundle_clear(&bundles[i]);
		free(parts[i].bytes);
	}
	return 0;
}
