/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "key-kind.h"

#include <string.h>

/* NSS's softoken has these three. */
static bool
is_known_curve(gnutls_ecc_curve_t curve)
{
	return curve == GNUTLS_ECC_CURVE_SECP256R1 || curve == GNUTLS_ECC_CURVE_SECP384R1 ||
		   curve == GNUTLS_ECC_CURVE_SECP521R1;
}

static bool
judge(int algorithm, gnutls_ecc_curve_t curve, ImportKey *kind, ImportField field, Fault *fault)
{
	switch (algorithm) {
	case GNUTLS_PK_RSA:
		*kind = IMPORT_KEY_RSA;
		return true;
	case GNUTLS_PK_RSA_PSS:
		*kind = IMPORT_KEY_RSA_PSS;
		return true;
	case GNUTLS_PK_ECDSA:
		*kind = IMPORT_KEY_EC;
		return is_known_curve(curve) || fault_set(fault, field, IMPORT_FAULT_UNKNOWN_KEY, 0);
	case GNUTLS_PK_EDDSA_ED25519:
	case GNUTLS_PK_EDDSA_ED448:
		return fault_set(fault, field, IMPORT_FAULT_ED25519, 0);
	default:
		return fault_set(fault, field, IMPORT_FAULT_UNKNOWN_KEY, 0);
	}
}

bool
key_kind_of_certificate(gnutls_x509_crt_t certificate, ImportKey *kind, ImportField field,
						Fault *fault)
{
	int algorithm = gnutls_x509_crt_get_pk_algorithm(certificate, NULL);
	gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;

	if (algorithm == GNUTLS_PK_ECDSA)
		gnutls_x509_crt_get_pk_ecc_raw(certificate, &curve, NULL, NULL);
	return judge(algorithm, curve, kind, field, fault);
}

bool
key_kind_of_private(gnutls_x509_privkey_t key, ImportKey *kind, ImportField field, Fault *fault)
{
	int algorithm = gnutls_x509_privkey_get_pk_algorithm(key);
	gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;

	if (algorithm == GNUTLS_PK_ECDSA)
		gnutls_x509_privkey_export_ecc_raw(key, &curve, NULL, NULL, NULL);
	return judge(algorithm, curve, kind, field, fault);
}

/*****************************************************************************/

static bool
same(const gnutls_datum_t *a, const gnutls_datum_t *b)
{
	return a->size == b->size && a->size > 0 && memcmp(a->data, b->data, a->size) == 0;
}

/* The numbers of a public key: modulus and exponent, or a curve's point. An RSA key says no other
 * numbers where it is for PSS alone, but has another identifier: so not that is compared. */
static bool
export_numbers(gnutls_pubkey_t key, gnutls_datum_t numbers[2])
{
	gnutls_ecc_curve_t curve;

	if (gnutls_pubkey_export_rsa_raw2(key, &numbers[0], &numbers[1], 0) == 0)
		return true;
	return gnutls_pubkey_export_ecc_raw2(key, &curve, &numbers[0], &numbers[1], 0) == 0;
}

static bool
import_private(gnutls_pubkey_t public_key, gnutls_x509_privkey_t key)
{
	gnutls_privkey_t private_key;
	bool ok;

	if (gnutls_privkey_init(&private_key) != 0)
		return false;
	ok = gnutls_privkey_import_x509(private_key, key, 0) == 0 &&
		 gnutls_pubkey_import_privkey(public_key, private_key, 0, 0) == 0;
	gnutls_privkey_deinit(private_key);
	return ok;
}

bool
key_belongs(gnutls_x509_privkey_t key, gnutls_x509_crt_t certificate)
{
	gnutls_datum_t of_key[2] = {{NULL, 0}}, of_certificate[2] = {{NULL, 0}};
	gnutls_pubkey_t one = NULL, other = NULL;
	bool belongs = gnutls_pubkey_init(&one) == 0 && gnutls_pubkey_init(&other) == 0 &&
				   import_private(one, key) && export_numbers(one, of_key) &&
				   gnutls_pubkey_import_x509(other, certificate, 0) == 0 &&
				   export_numbers(other, of_certificate) && same(&of_key[0], &of_certificate[0]) &&
				   same(&of_key[1], &of_certificate[1]);

	for (unsigned i = 0; i < 2; i++) {
		gnutls_free(of_key[i].data);
		gnutls_free(of_certificate[i].data);
	}
	if (one)
		gnutls_pubkey_deinit(one);
	if (other)
		gnutls_pubkey_deinit(other);
	return belongs;
}

/*****************************************************************************/

enum { N_RSA_NUMBERS = 6 };

static void
wipe_numbers(gnutls_datum_t numbers[N_RSA_NUMBERS])
{
	for (unsigned i = 0; i < N_RSA_NUMBERS; i++) {
		if (numbers[i].data)
			explicit_bzero(numbers[i].data, numbers[i].size);
		gnutls_free(numbers[i].data);
	}
}

/* NSS takes no PrivateKeyInfo with the identifier of RSA-PSS; to it the key itself is one of RSA,
 * and that it is for PSS alone the certificate says. */
static bool
pss_to_pkcs8(gnutls_x509_privkey_t key, gnutls_datum_t *pkcs8)
{
	gnutls_datum_t n[N_RSA_NUMBERS] = {{NULL, 0}};
	gnutls_x509_privkey_t plain;
	bool ok;

	if (gnutls_x509_privkey_init(&plain) != 0)
		return false;
	ok = gnutls_x509_privkey_export_rsa_raw(key, &n[0], &n[1], &n[2], &n[3], &n[4], &n[5]) == 0 &&
		 gnutls_x509_privkey_import_rsa_raw(plain, &n[0], &n[1], &n[2], &n[3], &n[4], &n[5]) == 0 &&
		 key_to_pkcs8(plain, IMPORT_KEY_RSA, pkcs8);
	wipe_numbers(n);
	gnutls_x509_privkey_deinit(plain);
	return ok;
}

bool
key_to_pkcs8(gnutls_x509_privkey_t key, ImportKey kind, gnutls_datum_t *pkcs8)
{
	if (kind == IMPORT_KEY_RSA_PSS)
		return pss_to_pkcs8(key, pkcs8);
	return gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_DER, NULL, GNUTLS_PKCS_PLAIN,
											 pkcs8) == 0;
}
