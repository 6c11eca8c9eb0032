/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "bundle.h"

#include <gnutls/pkcs12.h>
#include <string.h>

#define PEM_BEGIN "-----BEGIN "
#define PEM_END   "-----END "
#define PEM_KEY   "PRIVATE KEY-----"

typedef struct {
	const char *passphrase;
	unsigned wants;
	ImportField field;
	Fault *fault;
} Reading;

static bool
wrong(const Reading *reading, ImportFault fault)
{
	return fault_set(reading->fault, reading->field, fault, 0);
}

static bool
has_text(const gnutls_datum_t *data, const char *text)
{
	return memmem(data->data, data->size, text, strlen(text)) != NULL;
}

/*****************************************************************************/
/* A private key. */

static bool
is_encrypted(const gnutls_datum_t *data, gnutls_x509_crt_fmt_t format)
{
	int result;

	if (format == GNUTLS_X509_FMT_PEM)
		return has_text(data, "BEGIN ENCRYPTED PRIVATE KEY") || has_text(data, "4,ENCRYPTED");
	result = gnutls_pkcs8_info(data, format, NULL, NULL, NULL, NULL, NULL, NULL);
	return result == 0 || result == GNUTLS_E_UNKNOWN_CIPHER_TYPE;
}

static bool
is_about_cipher(int error)
{
	return error == GNUTLS_E_UNKNOWN_CIPHER_TYPE || error == GNUTLS_E_UNKNOWN_HASH_ALGORITHM ||
		   error == GNUTLS_E_UNIMPLEMENTED_FEATURE;
}

/* What is decrypted with another passphrase is no key, whatever it is taken for. */
static ImportFault
fault_of_key(int error, bool encrypted)
{
	if (encrypted && !is_about_cipher(error))
		return IMPORT_FAULT_WRONG_PASSPHRASE;
	return error == GNUTLS_E_UNKNOWN_PK_ALGORITHM || error == GNUTLS_E_ECC_UNSUPPORTED_CURVE
			   ? IMPORT_FAULT_UNKNOWN_KEY
			   : IMPORT_FAULT_UNKNOWN_FORMAT;
}

static bool
read_key(Bundle *self, const gnutls_datum_t *data, gnutls_x509_crt_fmt_t format,
		 const Reading *reading)
{
	const bool encrypted = is_encrypted(data, format);
	int error;

	if (encrypted && reading->passphrase[0] == '\0')
		return wrong(reading, IMPORT_FAULT_NEEDS_PASSPHRASE);
	if (gnutls_x509_privkey_init(&self->key) != 0)
		return wrong(reading, IMPORT_FAULT_UNREADABLE);
	error = gnutls_x509_privkey_import2(self->key, data, format,
										encrypted ? reading->passphrase : NULL, 0);
	if (error == 0)
		return true;
	gnutls_x509_privkey_deinit(self->key);
	self->key = NULL;
	return wrong(reading, fault_of_key(error, encrypted));
}

/* The block of the first private key, from its BEGIN line to its END line: what else is in the
 * file, such as the parameters of a curve before it, GnuTLS would stumble over. */
static bool
find_key(const gnutls_datum_t *data, gnutls_datum_t *block)
{
	unsigned char *const file_end = data->data + data->size;
	unsigned char *word = memmem(data->data, data->size, PEM_KEY, strlen(PEM_KEY));
	unsigned char *begin = word, *end;

	while (begin && begin > data->data && memcmp(begin, PEM_BEGIN, strlen(PEM_BEGIN)) != 0)
		begin--;
	if (!begin || memcmp(begin, PEM_BEGIN, strlen(PEM_BEGIN)) != 0)
		return false;
	word += strlen(PEM_KEY);
	end = memmem(word, (size_t) (file_end - word), PEM_END, strlen(PEM_END));
	end = end ? memmem(end, (size_t) (file_end - end), PEM_KEY, strlen(PEM_KEY)) : NULL;
	if (!end)
		return false;
	end += strlen(PEM_KEY);
	*block = (gnutls_datum_t){begin, (unsigned) (end - begin)};
	return true;
}

/*****************************************************************************/
/* Certificates. */

/* Takes ownership of @list and of what is in it. */
static bool
take_list(Bundle *self, gnutls_x509_crt_t *list, unsigned n, const Reading *reading)
{
	bool fit = n <= IMPORT_CERTIFICATES_MAX - self->n_certificates;

	for (unsigned i = 0; i < n; i++) {
		if (fit)
			self->certificates[self->n_certificates++] = list[i];
		else
			gnutls_x509_crt_deinit(list[i]);
	}
	gnutls_free(list);
	return fit || wrong(reading, IMPORT_FAULT_TOO_MANY);
}

static bool
read_certificates(Bundle *self, const gnutls_datum_t *data, gnutls_x509_crt_fmt_t format,
				  const Reading *reading)
{
	gnutls_x509_crt_t *list = NULL;
	unsigned n = 0;

	if (gnutls_x509_crt_list_import2(&list, &n, data, format, 0) < 0)
		return wrong(reading, IMPORT_FAULT_UNKNOWN_FORMAT);
	return take_list(self, list, n, reading);
}

static bool
read_pem(Bundle *self, const gnutls_datum_t *data, const Reading *reading)
{
	gnutls_datum_t key;

	if (reading->wants & BUNDLE_CERTIFICATES && has_text(data, " CERTIFICATE-----") &&
		!read_certificates(self, data, GNUTLS_X509_FMT_PEM, reading))
		return false;
	if (reading->wants & BUNDLE_KEY && find_key(data, &key))
		return read_key(self, &key, GNUTLS_X509_FMT_PEM, reading);
	return true;
}

/*****************************************************************************/
/* PKCS#12. */

static int
parse_pkcs12(Bundle *self, gnutls_pkcs12_t pkcs12, const char *passphrase, const Reading *reading)
{
	gnutls_x509_crt_t *chain = NULL, *extra = NULL;
	unsigned n_chain = 0, n_extra = 0;
	int error = gnutls_pkcs12_simple_parse(pkcs12, passphrase, &self->key, &chain, &n_chain, &extra,
										   &n_extra, NULL, 0);

	if (error < 0) {
		self->key = NULL;
		return error;
	}
	if (!take_list(self, chain, n_chain, reading)) {
		for (unsigned i = 0; i < n_extra; i++)
			gnutls_x509_crt_deinit(extra[i]);
		gnutls_free(extra);
		return 0;
	}
	take_list(self, extra, n_extra, reading);
	return 0;
}

static bool
read_pkcs12(Bundle *self, gnutls_pkcs12_t pkcs12, const Reading *reading)
{
	const bool has_passphrase = reading->passphrase[0] != '\0';
	int error = parse_pkcs12(self, pkcs12, reading->passphrase, reading);

	/* One that has no passphrase was written with an empty one, or with none: that is not the same.
	 * And a passphrase may be there in vain. */
	if (error < 0 && has_passphrase)
		error = parse_pkcs12(self, pkcs12, "", reading);
	if (error < 0)
		error = parse_pkcs12(self, pkcs12, NULL, reading);
	if (error >= 0)
		return !reading->fault->is_there;
	if (is_about_cipher(error) || error == GNUTLS_E_UNKNOWN_PK_ALGORITHM)
		return wrong(reading, error == GNUTLS_E_UNKNOWN_PK_ALGORITHM ? IMPORT_FAULT_UNKNOWN_KEY
																	 : IMPORT_FAULT_UNKNOWN_FORMAT);
	return wrong(reading,
				 has_passphrase ? IMPORT_FAULT_WRONG_PASSPHRASE : IMPORT_FAULT_NEEDS_PASSPHRASE);
}

/* What is not DER of it is something else. */
static bool
is_pkcs12(const gnutls_datum_t *data, gnutls_pkcs12_t *pkcs12)
{
	if (gnutls_pkcs12_init(pkcs12) != 0)
		return false;
	if (gnutls_pkcs12_import(*pkcs12, data, GNUTLS_X509_FMT_DER, 0) == 0)
		return true;
	gnutls_pkcs12_deinit(*pkcs12);
	return false;
}

/*****************************************************************************/

static bool
is_der_certificate(const gnutls_datum_t *data)
{
	gnutls_x509_crt_t certificate;
	bool ok;

	if (gnutls_x509_crt_init(&certificate) != 0)
		return false;
	ok = gnutls_x509_crt_import(certificate, data, GNUTLS_X509_FMT_DER) == 0;
	gnutls_x509_crt_deinit(certificate);
	return ok;
}

static bool
read_der(Bundle *self, const gnutls_datum_t *data, const Reading *reading)
{
	gnutls_pkcs12_t pkcs12;
	bool ok;

	if (is_pkcs12(data, &pkcs12)) {
		ok = read_pkcs12(self, pkcs12, reading);
		gnutls_pkcs12_deinit(pkcs12);
		return ok;
	}
	if (is_der_certificate(data))
		return !(reading->wants & BUNDLE_CERTIFICATES) ||
			   read_certificates(self, data, GNUTLS_X509_FMT_DER, reading);
	if (reading->wants & BUNDLE_KEY)
		return read_key(self, data, GNUTLS_X509_FMT_DER, reading);
	return wrong(reading, IMPORT_FAULT_UNKNOWN_FORMAT);
}

bool
bundle_read(Bundle *self, const unsigned char *bytes, size_t len, const char *passphrase,
			unsigned wants, ImportField field, Fault *fault)
{
	const gnutls_datum_t data = {(unsigned char *) bytes, (unsigned) len};
	const Reading reading = {passphrase, wants, field, fault};

	*self = (Bundle){.key = NULL};
	return has_text(&data, PEM_BEGIN) ? read_pem(self, &data, &reading)
									  : read_der(self, &data, &reading);
}

/* GnuTLS wipes the numbers of a key that it frees. */
void
bundle_clear(Bundle *self)
{
	for (unsigned i = 0; i < self->n_certificates; i++)
		gnutls_x509_crt_deinit(self->certificates[i]);
	if (self->key)
		gnutls_x509_privkey_deinit(self->key);
	*self = (Bundle){.key = NULL};
}
