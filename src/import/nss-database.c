/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "nss-database.h"

#include <cert.h>
#include <errno.h>
#include <keyhi.h>
#include <limits.h>
#include <nss.h>
#include <pk11pub.h>
#include <prerror.h>
#include <stdio.h>
#include <string.h>

#include "key-kind.h"

/* NSS says why by a number of the thread's. */
static bool
nss_fault(Fault *fault)
{
	return fault_set(fault, IMPORT_FIELD_DATABASE, IMPORT_FAULT_DATABASE, PR_GetError());
}

static CERTCertificate *
read_certificate(gnutls_x509_crt_t certificate)
{
	gnutls_datum_t der = {NULL, 0};
	CERTCertificate *read;
	SECItem item;

	if (gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_DER, &der) != 0)
		return NULL;
	item = (SECItem){siBuffer, der.data, der.size};
	read = CERT_NewTempCertificate(CERT_GetDefaultCertDB(), &item, NULL, PR_FALSE, PR_TRUE);
	gnutls_free(der.data);
	return read;
}

/* What NSS finds a private key by. */
static SECItem *
key_id_of(SECKEYPublicKey *key)
{
	return key->keyType == ecKey ? &key->u.ec.publicValue : &key->u.rsa.modulus;
}

/* @id: what NSS finds it by; (transfer full) (nullable). */
static SECKEYPrivateKey *
import_key_as(PK11SlotInfo *slot, gnutls_x509_privkey_t key, ImportKey kind, SECItem *id)
{
	char nickname[] = IMPORT_NICKNAME;
	SECItem name = {siBuffer, (unsigned char *) nickname, sizeof(nickname) - 1};
	gnutls_datum_t pkcs8 = {NULL, 0};
	SECKEYPrivateKey *imported = NULL;
	SECItem item;

	if (!key_to_pkcs8(key, kind, &pkcs8))
		return NULL;
	item = (SECItem){siBuffer, pkcs8.data, pkcs8.size};
	if (PK11_ImportDERPrivateKeyInfoAndReturnKey(slot, &item, &name, id, PR_TRUE, PR_TRUE, KU_ALL,
												 &imported, NULL) != SECSuccess)
		imported = NULL;
	explicit_bzero(pkcs8.data, pkcs8.size);
	gnutls_free(pkcs8.data);
	return imported;
}

static bool
import_key(PK11SlotInfo *slot, const Credential *credential, CERTCertificate *certificate)
{
	SECKEYPublicKey *public_key = CERT_ExtractPublicKey(certificate);
	SECKEYPrivateKey *key;

	if (!public_key)
		return false;
	key = import_key_as(slot, credential->key, credential->key_kind, key_id_of(public_key));
	SECKEY_DestroyPublicKey(public_key);
	if (key)
		SECKEY_DestroyPrivateKey(key);
	return key != NULL;
}

/* With a private key of another certificate NSS is content, and pluto ends a negotiation without a
 * word. */
static bool
finds_key(CERTCertificate *certificate)
{
	SECKEYPrivateKey *key = PK11_FindKeyByAnyCert(certificate, NULL);

	if (key)
		SECKEY_DestroyPrivateKey(key);
	return key != NULL;
}

/* As pluto finds its roots in the database (root_certs.c): by what NSS makes of a certificate,
 * whatever GnuTLS does. */
static bool
is_root_of_pluto(CERTCertificate *certificate)
{
	return certificate->isRoot && CERT_IsCACert(certificate, NULL);
}

static bool
check_root(const CredentialItem *item, Fault *fault)
{
	CERTCertificate *certificate = read_certificate(item->certificate);
	bool ok = certificate || nss_fault(fault);

	if (certificate && item->role != CREDENTIAL_ROOT && is_root_of_pluto(certificate))
		ok = fault_set(fault, item->role == CREDENTIAL_OTHER ? IMPORT_FIELD_CA : IMPORT_FIELD_CERT,
					   IMPORT_FAULT_OTHER_ROOT, 0);
	if (certificate)
		CERT_DestroyCertificate(certificate);
	return ok;
}

/* Before there is a database. */
static bool
check_roots(const Credential *credential, Fault *fault)
{
	bool ok = NSS_NoDB_Init(NULL) == SECSuccess || nss_fault(fault);

	for (unsigned i = 0; ok && i < credential->n_items; i++)
		ok = check_root(&credential->items[i], fault);
	if (NSS_IsInitialized() && NSS_Shutdown() != SECSuccess && ok)
		ok = nss_fault(fault);
	return ok;
}

static bool
import_item(PK11SlotInfo *slot, const Credential *credential, unsigned i)
{
	const CredentialItem *item = &credential->items[i];
	const bool ours = item->role == CREDENTIAL_USER;
	CERTCertificate *certificate;
	char name[32] = IMPORT_NICKNAME;
	bool ok;

	/* On a token pluto looks for it there. */
	if (ours && !credential->key)
		return true;
	certificate = read_certificate(item->certificate);
	if (!certificate)
		return false;
	if (!ours)
		snprintf(name, sizeof(name), "authority %u", i);
	ok = (!ours || import_key(slot, credential, certificate)) &&
		 PK11_ImportCert(slot, certificate, CK_INVALID_HANDLE, name, PR_FALSE) == SECSuccess &&
		 (!ours || finds_key(certificate));
	CERT_DestroyCertificate(certificate);
	return ok;
}

static bool
import_all(PK11SlotInfo *slot, const Credential *credential, Fault *fault)
{
	for (unsigned i = 0; i < credential->n_items; i++) {
		if (!import_item(slot, credential, i))
			return nss_fault(fault);
	}
	return true;
}

/* Where NSS reads which modules to load; it has made it for its own. */
static bool
add_tokens(const char *directory, Fault *fault)
{
	char path[PATH_MAX + 16];
	FILE *file;
	bool ok;

	snprintf(path, sizeof(path), "%.*s/pkcs11.txt", PATH_MAX, directory);
	file = fopen(path, "ae");
	ok = file && fputs("library=" IMPORT_P11_KIT "\nname=" IMPORT_P11_KIT "\n\n", file) >= 0;
	if (file)
		ok = fclose(file) == 0 && ok;
	return ok || fault_set(fault, IMPORT_FIELD_DATABASE, IMPORT_FAULT_UNREADABLE, errno);
}

/* What goes into a database. */
typedef struct {
	const Credential *credential; /* NULL: the key alone */
	gnutls_x509_privkey_t key;
	char *ckaid;
	Fault *fault;
} Making;

/* NSS knows it by its SHA-1. */
static bool
write_ckaid(SECKEYPrivateKey *key, char ckaid[NSS_DATABASE_CKAID_SIZE])
{
	SECItem *id = PK11_GetLowLevelKeyIDForPrivateKey(key);
	bool ok = id && id->len == (NSS_DATABASE_CKAID_SIZE - 1) / 2;

	for (unsigned i = 0; ok && i < id->len; i++)
		snprintf(ckaid + 2 * i, 3, "%02x", id->data[i]);
	if (id)
		SECITEM_FreeItem(id, PR_TRUE);
	return ok;
}

/* By the modulus less the zero that says that it is not negative: so pluto looks for it. */
static bool
import_by_modulus(PK11SlotInfo *slot, const Making *making, const gnutls_datum_t *modulus)
{
	SECItem id = {siBuffer, modulus->data, modulus->size};
	SECKEYPrivateKey *key;
	bool ok;

	while (id.len > 1 && id.data[0] == 0) {
		id.data++;
		id.len--;
	}
	key = import_key_as(slot, making->key, IMPORT_KEY_RSA, &id);
	ok = key && write_ckaid(key, making->ckaid);
	if (key)
		SECKEY_DestroyPrivateKey(key);
	return ok;
}

static bool
import_alone(PK11SlotInfo *slot, const Making *making)
{
	gnutls_datum_t numbers[6] = {{NULL, 0}};
	bool ok = gnutls_x509_privkey_export_rsa_raw(making->key, &numbers[0], &numbers[1], &numbers[2],
												 &numbers[3], &numbers[4], &numbers[5]) == 0 &&
			  import_by_modulus(slot, making, &numbers[0]);

	for (unsigned i = 0; i < 6; i++) {
		if (numbers[i].data)
			explicit_bzero(numbers[i].data, numbers[i].size);
		gnutls_free(numbers[i].data);
	}
	return ok || nss_fault(making->fault);
}

static bool
fill(PK11SlotInfo *slot, const Making *making)
{
	if (PK11_NeedUserInit(slot) && PK11_InitPin(slot, NULL, "") != SECSuccess)
		return nss_fault(making->fault);
	return making->credential ? import_all(slot, making->credential, making->fault)
							  : import_alone(slot, making);
}

static bool
make(const char *directory, const Making *making)
{
	char database[PATH_MAX + 8];
	PK11SlotInfo *slot;
	bool ok;

	snprintf(database, sizeof(database), "sql:%.*s", PATH_MAX, directory);
	if (NSS_Initialize(database, "", "", SECMOD_DB, 0) != SECSuccess)
		return nss_fault(making->fault);
	slot = PK11_GetInternalKeySlot();
	ok = slot ? fill(slot, making) : nss_fault(making->fault);
	if (slot)
		PK11_FreeSlot(slot);
	if (NSS_Shutdown() != SECSuccess && ok)
		ok = nss_fault(making->fault);
	return ok;
}

bool
nss_database_make(const char *directory, const Credential *credential, Fault *fault)
{
	const Making making = {.credential = credential, .fault = fault};

	return check_roots(credential, fault) && make(directory, &making) &&
		   (credential->key || add_tokens(directory, fault));
}

bool
nss_database_make_for_key(const char *directory, gnutls_x509_privkey_t key,
						  char ckaid[NSS_DATABASE_CKAID_SIZE], Fault *fault)
{
	const Making making = {.key = key, .ckaid = ckaid, .fault = fault};

	return make(directory, &making);
}
