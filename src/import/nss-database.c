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

static bool
import_der_key(PK11SlotInfo *slot, CERTCertificate *certificate, const gnutls_datum_t *pkcs8)
{
	char nickname[] = IMPORT_NICKNAME;
	SECItem name = {siBuffer, (unsigned char *) nickname, sizeof(nickname) - 1};
	SECItem item = {siBuffer, pkcs8->data, pkcs8->size};
	SECKEYPublicKey *public_key = CERT_ExtractPublicKey(certificate);
	SECKEYPrivateKey *key = NULL;
	bool ok;

	if (!public_key)
		return false;
	ok =
		PK11_ImportDERPrivateKeyInfoAndReturnKey(slot, &item, &name, key_id_of(public_key), PR_TRUE,
												 PR_TRUE, KU_ALL, &key, NULL) == SECSuccess;
	if (key)
		SECKEY_DestroyPrivateKey(key);
	SECKEY_DestroyPublicKey(public_key);
	return ok;
}

static bool
import_key(PK11SlotInfo *slot, const Credential *credential, CERTCertificate *certificate)
{
	gnutls_datum_t pkcs8 = {NULL, 0};
	bool ok;

	if (!key_to_pkcs8(credential->key, credential->key_kind, &pkcs8))
		return false;
	ok = import_der_key(slot, certificate, &pkcs8);
	explicit_bzero(pkcs8.data, pkcs8.size);
	gnutls_free(pkcs8.data);
	return ok;
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
	if (PK11_NeedUserInit(slot) && PK11_InitPin(slot, NULL, "") != SECSuccess)
		return nss_fault(fault);
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

bool
nss_database_make(const char *directory, const Credential *credential, Fault *fault)
{
	char database[PATH_MAX + 8];
	PK11SlotInfo *slot;
	bool ok;

	if (!check_roots(credential, fault))
		return false;
	snprintf(database, sizeof(database), "sql:%.*s", PATH_MAX, directory);
	if (NSS_Initialize(database, "", "", SECMOD_DB, 0) != SECSuccess)
		return nss_fault(fault);
	slot = PK11_GetInternalKeySlot();
	ok = slot ? import_all(slot, credential, fault) : nss_fault(fault);
	if (slot)
		PK11_FreeSlot(slot);
	if (NSS_Shutdown() != SECSuccess && ok)
		ok = nss_fault(fault);
	return ok && (credential->key || add_tokens(directory, fault));
}
