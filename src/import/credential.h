/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A credential: our certificate with its private key, the authorities between it and its root, and
 * the root that the gateway's certificate must be of. Which certificate of the files is what is
 * decided here, and whether libreswan can use it today.
 */
#pragma once

#include <gnutls/x509.h>
#include <stdbool.h>
#include <time.h>

#include "bundle.h"
#include "fault.h"

typedef enum {
	CREDENTIAL_USER,   /* our certificate */
	CREDENTIAL_ISSUER, /* an authority between it and its root */
	CREDENTIAL_OTHER,  /* another intermediate authority, which the gateway may leave out */
	CREDENTIAL_ROOT,   /* the one that is trusted */
} CredentialRole;

typedef struct {
	CredentialRole role;
	gnutls_x509_crt_t certificate; /* of a bundle */
	ImportKey kind;
} CredentialItem;

typedef struct {
	CredentialItem items[2 * IMPORT_CERTIFICATES_MAX]; /* in the order of their roles */
	unsigned n_items;
	gnutls_x509_privkey_t key; /* of a bundle; NULL: on the token, as our certificate is */
	ImportKey key_kind;
} Credential;

typedef struct {
	const Bundle *ca; /* NULL: the profile names none; that of our certificate is in its file */
	const Bundle *cert;
	const Bundle *key; /* NULL: it is in cert */
	bool on_token;     /* cert is our certificate alone, whose key was found on its token */
} CredentialFiles;

/**
 * credential_find:
 * @files: they have to outlive the credential
 * @now: the time of day
 *
 * Of self-signed certificates only the root is taken: libreswan trusts every one that it finds in
 * its database, also one that came along with ours.
 *
 * Returns: false with a fault
 */
bool credential_find(Credential *self, const CredentialFiles *files, time_t now, Fault *fault);

/** credential_print: its lines of the report. False with a fault, and nothing printed. */
bool credential_print(const Credential *self, Fault *fault);
