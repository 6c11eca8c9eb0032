/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What libreswan and NSS can do with a key.
 */
#pragma once

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdbool.h>

#include "fault.h"

/** key_kind_of_certificate: of the public key. False with a fault of @field. */
bool key_kind_of_certificate(gnutls_x509_crt_t certificate, ImportKey *kind, ImportField field,
							 Fault *fault);

/** key_kind_of_private: likewise. */
bool
key_kind_of_private(gnutls_x509_privkey_t key, ImportKey *kind, ImportField field, Fault *fault);

/** key_belongs: whether the certificate's public key is the other half of @key. */
bool key_belongs(gnutls_x509_privkey_t key, gnutls_x509_crt_t certificate);

/**
 * key_to_pkcs8:
 * @kind: of @key
 * @pkcs8: (out): PrivateKeyInfo in DER, as NSS reads it; to be wiped, and freed with gnutls_free()
 */
bool key_to_pkcs8(gnutls_x509_privkey_t key, ImportKey kind, gnutls_datum_t *pkcs8);
