/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is in a file that a profile names: certificates and at most one private key. PEM and DER;
 * keys in PKCS#8, also encrypted, PKCS#1, SEC1, and the encrypted PEM of old OpenSSL (RFC 1421);
 * all of it in PKCS#12.
 */
#pragma once

#include <gnutls/x509.h>
#include <stdbool.h>
#include <stddef.h>

#include "fault.h"

typedef struct {
	gnutls_x509_crt_t certificates[IMPORT_CERTIFICATES_MAX];
	unsigned n_certificates;
	gnutls_x509_privkey_t key; /* NULL where there is none */
} Bundle;

/** What a file is asked for: of another object that may be in it too nothing is said. */
typedef enum {
	BUNDLE_CERTIFICATES = 1 << 0,
	BUNDLE_KEY = 1 << 1,
} BundleWants;

/**
 * bundle_read:
 * @bytes: @len of them, and a NUL behind them
 * @passphrase: of the key, or of all; empty where there is none
 * @wants: a set of BundleWants
 * @field: which file it is, for @fault
 *
 * Where there is no key, or no certificate, nothing is wrong yet.
 *
 * Returns: false with a fault; bundle_clear() in any case
 */
bool bundle_read(Bundle *self, const unsigned char *bytes, size_t len, const char *passphrase,
				 unsigned wants, ImportField field, Fault *fault);

void bundle_clear(Bundle *self);
