/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "credential.h"

#include <stdio.h>
#include <string.h>

#include "key-kind.h"

/* More authorities above each other nobody has; a circle of them has no end. */
#define DEPTH_MAX 8

typedef struct {
	Credential *credential;
	const CredentialFiles *files;
	time_t now;
	Fault *fault;
	gnutls_x509_crt_t chain[DEPTH_MAX + 1]; /* ours, what has signed it, what has signed that... */
	unsigned n_chain;
} Search;

static bool
is_self_signed(gnutls_x509_crt_t certificate)
{
	return gnutls_x509_crt_check_issuer(certificate, certificate) != 0;
}

/* pluto wants basicConstraints to say so. */
static bool
is_authority(gnutls_x509_crt_t certificate)
{
	return gnutls_x509_crt_get_ca_status(certificate, NULL) > 0;
}

static bool
is_root(gnutls_x509_crt_t certificate)
{
	return is_self_signed(certificate) && is_authority(certificate);
}

static bool
check_dates(const Search *search, gnutls_x509_crt_t certificate, ImportField field)
{
	time_t begin = gnutls_x509_crt_get_activation_time(certificate);
	time_t end = gnutls_x509_crt_get_expiration_time(certificate);

	if (search->now < begin)
		return fault_set(search->fault, field, IMPORT_FAULT_NOT_YET_VALID, begin);
	/* -1: it says that it has no end. */
	if (end != (time_t) -1 && search->now > end)
		return fault_set(search->fault, field, IMPORT_FAULT_EXPIRED, end);
	return true;
}

static bool
has_item(const Credential *credential, gnutls_x509_crt_t certificate)
{
	for (unsigned i = 0; i < credential->n_items; i++) {
		if (gnutls_x509_crt_equals(credential->items[i].certificate, certificate))
			return true;
	}
	return false;
}

static bool
add(const Search *search, CredentialRole role, gnutls_x509_crt_t certificate, ImportField field)
{
	Credential *credential = search->credential;
	CredentialItem item = {role, certificate, IMPORT_KEY_RSA};

	if (has_item(credential, certificate))
		return true;
	if (!key_kind_of_certificate(certificate, &item.kind, field, search->fault))
		return false;
	credential->items[credential->n_items++] = item;
	return true;
}

/*****************************************************************************/
/* Ours. */

static bool
find_key(const Search *search)
{
	const Bundle *from = search->files->key ? search->files->key : search->files->cert;
	const ImportField field = search->files->key ? IMPORT_FIELD_KEY : IMPORT_FIELD_CERT;
	Credential *credential = search->credential;

	if (search->files->on_token)
		return key_kind_of_certificate(from->certificates[0], &credential->key_kind, field,
									   search->fault);
	if (!from->key)
		return fault_set(search->fault, field, IMPORT_FAULT_NO_KEY, 0);
	credential->key = from->key;
	return key_kind_of_private(from->key, &credential->key_kind, field, search->fault);
}

/* In a file of several the order is no matter: ours is the one that the private key is of. */
static bool
find_user(Search *search)
{
	const Bundle *from = search->files->cert;

	if (from->n_certificates == 0)
		return fault_set(search->fault, IMPORT_FIELD_CERT, IMPORT_FAULT_NO_CERTIFICATE, 0);
	for (unsigned i = 0; i < from->n_certificates; i++) {
		if (!search->files->on_token &&
			!key_belongs(search->credential->key, from->certificates[i]))
			continue;
		search->chain[search->n_chain++] = from->certificates[i];
		return check_dates(search, from->certificates[i], IMPORT_FIELD_CERT) &&
			   add(search, CREDENTIAL_USER, from->certificates[i], IMPORT_FIELD_CERT);
	}
	return fault_set(search->fault, search->files->key ? IMPORT_FIELD_KEY : IMPORT_FIELD_CERT,
					 IMPORT_FAULT_OTHER_KEY, 0);
}

/*****************************************************************************/
/* Authorities. */

static gnutls_x509_crt_t
find_issuer_in(const Bundle *bundle, gnutls_x509_crt_t certificate)
{
	unsigned output;

	for (unsigned i = 0; bundle && i < bundle->n_certificates; i++) {
		gnutls_x509_crt_t candidate = bundle->certificates[i];

		/* Of two with the same name and different keys one has signed it. Dates and algorithms are
		 * pluto's, or the gateway's, to judge. */
		if (!gnutls_x509_crt_equals(candidate, certificate) &&
			gnutls_x509_crt_check_issuer(certificate, candidate) != 0 &&
			gnutls_x509_crt_verify(certificate, &candidate, 1,
								   GNUTLS_VERIFY_DISABLE_TIME_CHECKS |
									   GNUTLS_VERIFY_DISABLE_CA_SIGN | GNUTLS_VERIFY_ALLOW_BROKEN,
								   &output) == 0 &&
			!(output & GNUTLS_CERT_SIGNATURE_FAILURE))
			return candidate;
	}
	return NULL;
}

static gnutls_x509_crt_t
find_issuer(const Search *search, gnutls_x509_crt_t certificate)
{
	gnutls_x509_crt_t issuer = find_issuer_in(search->files->cert, certificate);

	return issuer ? issuer : find_issuer_in(search->files->ca, certificate);
}

static bool
find_chain(Search *search)
{
	gnutls_x509_crt_t last = search->chain[0];

	while (search->n_chain <= DEPTH_MAX && !is_self_signed(last) &&
		   (last = find_issuer(search, last))) {
		search->chain[search->n_chain++] = last;
		if (!is_self_signed(last) && !add(search, CREDENTIAL_ISSUER, last, IMPORT_FIELD_CERT))
			return false;
	}
	return true;
}

/* The root of our own certificate is the one where there are several. */
static bool
choose_root(const Search *search, const Bundle *from, gnutls_x509_crt_t *root)
{
	gnutls_x509_crt_t top = search->chain[search->n_chain - 1];
	unsigned n_roots = 0, n_authorities = 0;

	*root = NULL;
	for (unsigned i = 0; i < from->n_certificates; i++) {
		gnutls_x509_crt_t candidate = from->certificates[i];

		n_authorities += is_authority(candidate);
		if (!is_root(candidate))
			continue;
		if (search->n_chain > 1 && gnutls_x509_crt_equals(candidate, top)) {
			*root = candidate;
			return true;
		}
		/* The same twice is one. */
		if (!*root || !gnutls_x509_crt_equals(candidate, *root))
			n_roots++;
		*root = candidate;
	}
	if (n_roots == 1)
		return true;
	return fault_set(search->fault, IMPORT_FIELD_CA,
					 n_roots > 1         ? IMPORT_FAULT_SEVERAL_ROOTS
					 : n_authorities > 0 ? IMPORT_FAULT_NO_ROOT
										 : IMPORT_FAULT_NO_AUTHORITY,
					 0);
}

static bool
find_root(const Search *search)
{
	const Bundle *from = search->files->ca ? search->files->ca : search->files->cert;
	gnutls_x509_crt_t root;

	return choose_root(search, from, &root) && check_dates(search, root, IMPORT_FIELD_CA) &&
		   add(search, CREDENTIAL_ROOT, root, IMPORT_FIELD_CA);
}

/* What the gateway may leave out of its own chain. */
static bool
find_others(const Search *search)
{
	const Bundle *from = search->files->ca;

	for (unsigned i = 0; from && i < from->n_certificates; i++) {
		gnutls_x509_crt_t candidate = from->certificates[i];

		if (!is_self_signed(candidate) && is_authority(candidate) &&
			!add(search, CREDENTIAL_OTHER, candidate, IMPORT_FIELD_CA))
			return false;
	}
	return true;
}

bool
credential_find(Credential *self, const CredentialFiles *files, time_t now, Fault *fault)
{
	Search search = {.credential = self, .files = files, .now = now, .fault = fault};

	*self = (Credential){.n_items = 0};
	return find_key(&search) && find_user(&search) && find_chain(&search) && find_others(&search) &&
		   find_root(&search);
}

/*****************************************************************************/
/* The report. */

#define WORD(NAME, word) word,
static const char *const kinds[] = {IMPORT_KEYS(WORD)};
static const char *const roles[] = {
	[CREDENTIAL_USER] = "user",
	[CREDENTIAL_ISSUER] = "issuer",
	[CREDENTIAL_OTHER] = "other",
	[CREDENTIAL_ROOT] = "root",
};

static void
print_hex(const gnutls_datum_t *name)
{
	putchar(' ');
	for (unsigned i = 0; i < name->size; i++)
		printf("%02x", name->data[i]);
}

static void
print_item(const CredentialItem *item)
{
	gnutls_datum_t issuer = {NULL, 0}, subject = {NULL, 0};

	gnutls_x509_crt_get_raw_issuer_dn(item->certificate, &issuer);
	gnutls_x509_crt_get_raw_dn(item->certificate, &subject);
	printf("%s %s %lld %lld", roles[item->role], kinds[item->kind],
		   (long long) gnutls_x509_crt_get_activation_time(item->certificate),
		   (long long) gnutls_x509_crt_get_expiration_time(item->certificate));
	print_hex(&issuer);
	print_hex(&subject);
	putchar('\n');
	gnutls_free(issuer.data);
	gnutls_free(subject.data);
}

static bool
is_short(gnutls_x509_crt_t certificate)
{
	gnutls_datum_t issuer = {NULL, 0}, subject = {NULL, 0};
	bool is = gnutls_x509_crt_get_raw_issuer_dn(certificate, &issuer) == 0 &&
			  gnutls_x509_crt_get_raw_dn(certificate, &subject) == 0 && issuer.size > 0 &&
			  issuer.size <= IMPORT_NAME_MAX && subject.size > 0 && subject.size <= IMPORT_NAME_MAX;

	gnutls_free(issuer.data);
	gnutls_free(subject.data);
	return is;
}

bool
credential_print(const Credential *self, Fault *fault)
{
	for (unsigned i = 0; i < self->n_items; i++) {
		const CredentialItem *item = &self->items[i];

		if (!is_short(item->certificate))
			return fault_set(fault,
							 item->role == CREDENTIAL_ROOT || item->role == CREDENTIAL_OTHER
								 ? IMPORT_FIELD_CA
								 : IMPORT_FIELD_CERT,
							 IMPORT_FAULT_LONG_NAME, 0);
	}
	for (unsigned i = 0; i < self->n_items; i++)
		print_item(&self->items[i]);
	puts("end");
	return true;
}
