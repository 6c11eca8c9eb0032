/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Certificates for tests, made while the test runs: no key is in the tree. */

#pragma once

#include <glib.h>
#include <gnutls/pkcs12.h>
#include <gnutls/x509.h>
#include <string.h>
#include <time.h>

#define DAY (24 * 60 * 60)

typedef struct {
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t certificate;
} TestCertificate;

typedef struct {
	const char *name; /* RFC 4514, in reverse order: "CN=joe,O=Lab" */
	int algorithm;    /* GNUTLS_PK_RSA by default */
	gboolean is_authority;
	const TestCertificate *issuer;  /* NULL: itself */
	int begin_days, end_days;       /* from now; 0 and 0: -1 and 365 */
	const guint8 *authority_key_id; /* NULL for none; the extension's value in DER */
	size_t authority_key_id_len;
} TestCertificateParams;

static inline gnutls_x509_privkey_t
make_key(int algorithm)
{
	gnutls_x509_privkey_t key;
	unsigned bits =
		algorithm == GNUTLS_PK_ECDSA ? GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1) : 2048;

	if (algorithm == GNUTLS_PK_EDDSA_ED25519)
		bits = 0;
	g_assert_cmpint(gnutls_x509_privkey_init(&key), ==, 0);
	g_assert_cmpint(gnutls_x509_privkey_generate(key, (gnutls_pk_algorithm_t) algorithm, bits, 0),
					==, 0);
	return key;
}

static inline TestCertificate
make_certificate(const TestCertificateParams *params)
{
	static guint8 serial;
	const int algorithm = params->algorithm ? params->algorithm : GNUTLS_PK_RSA;
	TestCertificate made = {.key = make_key(algorithm)};
	const TestCertificate *issuer = params->issuer ? params->issuer : &made;
	gboolean has_days = params->begin_days || params->end_days;
	const guint8 number[] = {1, ++serial};
	time_t now = time(NULL);
	guint8 id[64];
	size_t len = sizeof(id);
	const char *wrong = NULL;

	g_assert_cmpint(gnutls_x509_crt_init(&made.certificate), ==, 0);
	gnutls_x509_crt_set_version(made.certificate, 3);
	g_assert_cmpint(gnutls_x509_crt_set_dn(made.certificate, params->name, &wrong), ==, 0);
	gnutls_x509_crt_set_serial(made.certificate, number, sizeof(number));
	gnutls_x509_crt_set_activation_time(made.certificate,
										now + DAY * (has_days ? params->begin_days : -1));
	gnutls_x509_crt_set_expiration_time(made.certificate,
										now + DAY * (has_days ? params->end_days : 365));
	gnutls_x509_crt_set_basic_constraints(made.certificate, params->is_authority, -1);
	gnutls_x509_crt_set_key_usage(made.certificate, params->is_authority
														? GNUTLS_KEY_KEY_CERT_SIGN
														: GNUTLS_KEY_DIGITAL_SIGNATURE);
	g_assert_cmpint(gnutls_x509_crt_set_key(made.certificate, made.key), ==, 0);
	g_assert_cmpint(gnutls_x509_crt_get_key_id(made.certificate, 0, id, &len), ==, 0);
	gnutls_x509_crt_set_subject_key_id(made.certificate, id, len);
	if (params->authority_key_id)
		g_assert_cmpint(gnutls_x509_crt_set_extension_by_oid(made.certificate, "2.5.29.35",
															 params->authority_key_id,
															 params->authority_key_id_len, 0),
						==, 0);
	g_assert_cmpint(gnutls_x509_crt_sign2(
						made.certificate, params->issuer ? issuer->certificate : made.certificate,
						issuer->key,
						gnutls_x509_privkey_get_pk_algorithm(issuer->key) == GNUTLS_PK_EDDSA_ED25519
							? GNUTLS_DIG_SHA512
							: GNUTLS_DIG_SHA256,
						0),
					==, 0);
	return made;
}

static inline void
test_certificate_clear(TestCertificate *self)
{
	gnutls_x509_crt_deinit(self->certificate);
	gnutls_x509_privkey_deinit(self->key);
}

/* What GnuTLS has made, as a GString of any bytes. */
static inline GString *
take_datum(int result, gnutls_datum_t *datum)
{
	GString *bytes;

	g_assert_cmpint(result, ==, 0);
	bytes = g_string_new_len((const char *) datum->data, (gssize) datum->size);
	gnutls_free(datum->data);
	return bytes;
}

static inline GString *
certificate_bytes(const TestCertificate *from, gnutls_x509_crt_fmt_t format)
{
	gnutls_datum_t datum;
	int result = gnutls_x509_crt_export2(from->certificate, format, &datum);

	return take_datum(result, &datum);
}

/* PKCS#1 or SEC1; what GnuTLS has for the other kinds. */
static inline GString *
key_bytes(const TestCertificate *from, gnutls_x509_crt_fmt_t format)
{
	gnutls_datum_t datum;
	int result = gnutls_x509_privkey_export2(from->key, format, &datum);

	return take_datum(result, &datum);
}

/* @passphrase: NULL for none; @flags: gnutls_pkcs_encrypt_flags_t */
static inline GString *
pkcs8_bytes(const TestCertificate *from, gnutls_x509_crt_fmt_t format, const char *passphrase,
			unsigned flags)
{
	gnutls_datum_t datum;
	int result = gnutls_x509_privkey_export2_pkcs8(from->key, format, passphrase,
												   passphrase ? flags : GNUTLS_PKCS_PLAIN, &datum);

	return take_datum(result, &datum);
}

static inline void
add_bag(gnutls_pkcs12_t pkcs12, gnutls_pkcs12_bag_t bag, const char *passphrase, unsigned flags)
{
	if (passphrase)
		g_assert_cmpint(gnutls_pkcs12_bag_encrypt(bag, passphrase, flags), ==, 0);
	g_assert_cmpint(gnutls_pkcs12_set_bag(pkcs12, bag), ==, 0);
	gnutls_pkcs12_bag_deinit(bag);
}

/* The key and certificate of @from, and @others, up to NULL. */
static inline GString *
pkcs12_bytes(const TestCertificate *from, const TestCertificate *const *others,
			 const char *passphrase, unsigned flags)
{
	g_autoptr(GString) pkcs8 =
		pkcs8_bytes(from, GNUTLS_X509_FMT_DER, passphrase, flags | GNUTLS_PKCS_PLAIN * !passphrase);
	const gnutls_datum_t key = {(guint8 *) pkcs8->str, (unsigned) pkcs8->len};
	gnutls_pkcs12_bag_t certificates, keys;
	gnutls_datum_t datum, id;
	gnutls_pkcs12_t pkcs12;
	guint8 raw_id[64];
	size_t len = sizeof(raw_id);
	int place;

	g_assert_cmpint(gnutls_x509_crt_get_key_id(from->certificate, 0, raw_id, &len), ==, 0);
	id = (gnutls_datum_t){raw_id, (unsigned) len};
	gnutls_pkcs12_init(&pkcs12);
	gnutls_pkcs12_bag_init(&certificates);
	place = gnutls_pkcs12_bag_set_crt(certificates, from->certificate);
	g_assert_cmpint(place, >=, 0);
	gnutls_pkcs12_bag_set_key_id(certificates, (unsigned) place, &id);
	for (guint i = 0; others && others[i]; i++)
		g_assert_cmpint(gnutls_pkcs12_bag_set_crt(certificates, others[i]->certificate), >=, 0);
	add_bag(pkcs12, certificates, passphrase, flags);
	gnutls_pkcs12_bag_init(&keys);
	place = gnutls_pkcs12_bag_set_data(
		keys, passphrase ? GNUTLS_BAG_PKCS8_ENCRYPTED_KEY : GNUTLS_BAG_PKCS8_KEY, &key);
	g_assert_cmpint(place, >=, 0);
	gnutls_pkcs12_bag_set_key_id(keys, (unsigned) place, &id);
	add_bag(pkcs12, keys, NULL, 0);
	g_assert_cmpint(gnutls_pkcs12_generate_mac(pkcs12, passphrase ? passphrase : ""), ==, 0);
	place = gnutls_pkcs12_export2(pkcs12, GNUTLS_X509_FMT_DER, &datum);
	gnutls_pkcs12_deinit(pkcs12);
	return take_datum(place, &datum);
}
