/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "token.h"

#include <cert.h>
#include <keyhi.h>
#include <nss.h>
#include <pk11pub.h>
#include <pkcs11uri.h>
#include <prerror.h>
#include <secerr.h>
#include <secmod.h>
#include <string.h>

typedef struct {
	const TokenParams *params;
	Bundle *found;
	Fault *fault;
} Search;

static bool
wrong_field(const Search *search, ImportField field, ImportFault fault)
{
	return fault_set(search->fault, field, fault, 0);
}

static bool
wrong(const Search *search, ImportFault fault)
{
	return wrong_field(search, IMPORT_FIELD_CERT, fault);
}

static bool
token_fails(const Search *search)
{
	return fault_set(search->fault, IMPORT_FIELD_CERT, IMPORT_FAULT_TOKEN_FAILS, PR_GetError());
}

/*****************************************************************************/
/* The token. */

/* What a token says of itself is filled up with blanks. */
static bool
is_text(const CK_UTF8CHAR *field, size_t size, const char *text)
{
	while (size > 0 && field[size - 1] == ' ')
		size--;
	return !text || (strlen(text) == size && memcmp(text, field, size) == 0);
}

static bool
is_meant(PK11SlotInfo *slot, PK11URI *uri)
{
	CK_TOKEN_INFO info;

	if (PK11_IsInternal(slot) || !PK11_IsPresent(slot) ||
		PK11_GetTokenInfo(slot, &info) != SECSuccess)
		return false;
	return is_text(info.label, sizeof(info.label),
				   PK11URI_GetPathAttribute(uri, PK11URI_PATTR_TOKEN)) &&
		   is_text(info.manufacturerID, sizeof(info.manufacturerID),
				   PK11URI_GetPathAttribute(uri, PK11URI_PATTR_MANUFACTURER)) &&
		   is_text(info.model, sizeof(info.model),
				   PK11URI_GetPathAttribute(uri, PK11URI_PATTR_MODEL)) &&
		   is_text(info.serialNumber, sizeof(info.serialNumber),
				   PK11URI_GetPathAttribute(uri, PK11URI_PATTR_SERIAL));
}

/* The one; with a fault, NULL. */
static PK11SlotInfo *
find_slot(const Search *search, PK11URI *uri)
{
	PK11SlotList *list = PK11_GetAllTokens(CKM_INVALID_MECHANISM, PR_FALSE, PR_FALSE, NULL);
	PK11SlotListElement *element = list ? PK11_GetFirstSafe(list) : NULL;
	PK11SlotInfo *slot = NULL;
	unsigned n = 0;

	for (; element; element = PK11_GetNextSafe(list, element, PR_FALSE)) {
		if (!is_meant(element->slot, uri))
			continue;
		if (n++ == 0)
			slot = PK11_ReferenceSlot(element->slot);
	}
	if (list)
		PK11_FreeSlotList(list);
	if (n == 1)
		return slot;
	if (slot)
		PK11_FreeSlot(slot);
	wrong(search, n == 0 ? IMPORT_FAULT_NO_TOKEN : IMPORT_FAULT_SEVERAL_TOKENS);
	return NULL;
}

/*****************************************************************************/
/* The PIN. */

/* @before: the token's flags; what it says of the tries may be other now. */
static bool
refused(const Search *search, PK11SlotInfo *slot, CK_FLAGS before)
{
	const PRErrorCode error = PR_GetError();
	CK_TOKEN_INFO info;

	if (PK11_GetTokenInfo(slot, &info) != SECSuccess)
		info.flags = before;
	if (error == SEC_ERROR_LOCKED_PASSWORD || info.flags & CKF_USER_PIN_LOCKED)
		return wrong(search, IMPORT_FAULT_PIN_LOCKED);
	if (error != SEC_ERROR_BAD_PASSWORD && error != SEC_ERROR_INVALID_PASSWORD) {
		PR_SetError(error, 0);
		return token_fails(search);
	}
	return wrong(search, info.flags & CKF_USER_PIN_FINAL_TRY   ? IMPORT_FAULT_WRONG_PIN_LAST
						 : info.flags & CKF_USER_PIN_COUNT_LOW ? IMPORT_FAULT_WRONG_PIN_LOW
															   : IMPORT_FAULT_WRONG_PIN);
}

/* Tokens count the tries, and lock themselves after a few. */
static bool
log_in(const Search *search, PK11SlotInfo *slot)
{
	CK_TOKEN_INFO info;

	if (!PK11_NeedLogin(slot))
		return true;
	if (PK11_GetTokenInfo(slot, &info) != SECSuccess)
		return token_fails(search);
	if (info.flags & CKF_USER_PIN_LOCKED)
		return wrong(search, IMPORT_FAULT_PIN_LOCKED);
	if (info.flags & CKF_PROTECTED_AUTHENTICATION_PATH)
		return wrong(search, IMPORT_FAULT_PIN_PAD);
	if (search->params->pin[0] == '\0')
		return wrong(search, IMPORT_FAULT_NEEDS_PIN);
	if (info.flags & CKF_USER_PIN_FINAL_TRY && !search->params->final_try)
		return wrong(search, IMPORT_FAULT_FINAL_TRY);
	return PK11_CheckUserPassword(slot, search->params->pin) == SECSuccess ||
		   refused(search, slot, info.flags);
}

/*****************************************************************************/
/* What is on it. */

static bool
is_same(const CERTCertificate *a, const CERTCertificate *b)
{
	return SECITEM_CompareItem(&a->derCert, &b->derCert) == SECEqual;
}

/* As pluto does. The one; with a fault, NULL. */
static CERTCertificate *
find_certificate(const Search *search)
{
	CERTCertList *list = PK11_FindCertsFromURI(search->params->cert, NULL);
	CERTCertificate *certificate = NULL;
	bool several = false;

	for (CERTCertListNode *node = list ? CERT_LIST_HEAD(list) : NULL;
		 node && !CERT_LIST_END(node, list); node = CERT_LIST_NEXT(node)) {
		if (!certificate)
			certificate = CERT_DupCertificate(node->cert);
		else if (!is_same(certificate, node->cert))
			several = true;
	}
	if (list)
		CERT_DestroyCertList(list);
	if (certificate && !several)
		return certificate;
	if (certificate)
		CERT_DestroyCertificate(certificate);
	wrong(search, several ? IMPORT_FAULT_SEVERAL_OBJECTS : IMPORT_FAULT_NO_OBJECT);
	return NULL;
}

static bool
is_id(SECKEYPrivateKey *key, const SECItem *id)
{
	SECItem *its;
	bool is;

	if (!id)
		return true;
	its = PK11_GetLowLevelKeyIDForPrivateKey(key);
	is = its && SECITEM_CompareItem(its, id) == SECEqual;
	if (its)
		SECITEM_FreeItem(its, PR_TRUE);
	return is;
}

static bool
is_name(SECKEYPrivateKey *key, const char *name)
{
	char *its;
	bool is;

	if (!name)
		return true;
	its = PK11_GetPrivateKeyNickname(key);
	is = its && strcmp(its, name) == 0;
	PORT_Free(its);
	return is;
}

/* Where the profile says which key it is. */
static bool
check_name_of_key(const Search *search, SECKEYPrivateKey *key)
{
	PK11URI *uri = search->params->key[0] ? PK11URI_ParseURI(search->params->key) : NULL;
	bool ok = search->params->key[0] == '\0' ||
			  (uri && is_id(key, PK11URI_GetPathAttributeItem(uri, PK11URI_PATTR_ID)) &&
			   is_name(key, PK11URI_GetPathAttribute(uri, PK11URI_PATTR_OBJECT)));

	if (uri)
		PK11URI_DestroyURI(uri);
	return ok || wrong_field(search, IMPORT_FIELD_KEY, IMPORT_FAULT_OTHER_TOKEN_KEY);
}

static bool
check_key(const Search *search, PK11SlotInfo *slot, CERTCertificate *certificate)
{
	SECKEYPrivateKey *key = PK11_FindPrivateKeyFromCert(slot, certificate, NULL);
	bool ok;

	if (!key)
		return wrong(search, IMPORT_FAULT_NO_TOKEN_KEY);
	ok = check_name_of_key(search, key);
	SECKEY_DestroyPrivateKey(key);
	return ok;
}

static bool
take(const Search *search, const CERTCertificate *certificate)
{
	const gnutls_datum_t der = {certificate->derCert.data, certificate->derCert.len};
	gnutls_x509_crt_t copy;

	if (gnutls_x509_crt_init(&copy) != 0)
		return wrong(search, IMPORT_FAULT_UNKNOWN_FORMAT);
	if (gnutls_x509_crt_import(copy, &der, GNUTLS_X509_FMT_DER) != 0) {
		gnutls_x509_crt_deinit(copy);
		return wrong(search, IMPORT_FAULT_UNKNOWN_FORMAT);
	}
	search->found->certificates[search->found->n_certificates++] = copy;
	return true;
}

static bool
read_objects(const Search *search, PK11SlotInfo *slot)
{
	CERTCertificate *certificate = find_certificate(search);
	bool ok;

	if (!certificate)
		return false;
	ok = check_key(search, slot, certificate) && take(search, certificate);
	CERT_DestroyCertificate(certificate);
	return ok;
}

static bool
read_token(const Search *search)
{
	PK11URI *uri = PK11URI_ParseURI(search->params->cert);
	PK11SlotInfo *slot;
	bool ok;

	if (!uri)
		return wrong_field(search, IMPORT_FIELD_DATABASE, IMPORT_FAULT_BAD_REQUEST);
	slot = find_slot(search, uri);
	ok = slot && log_in(search, slot) && read_objects(search, slot);
	if (slot)
		PK11_FreeSlot(slot);
	PK11URI_DestroyURI(uri);
	return ok;
}

bool
token_read(const TokenParams *params, Bundle *found, Fault *fault)
{
	const Search search = {params, found, fault};
	char spec[] = "library=" IMPORT_P11_KIT " name=" IMPORT_P11_KIT;
	SECMODModule *module;
	bool ok;

	*found = (Bundle){.key = NULL};
	if (NSS_NoDB_Init(NULL) != SECSuccess)
		return fault_set(fault, IMPORT_FIELD_DATABASE, IMPORT_FAULT_DATABASE, PR_GetError());
	module = SECMOD_LoadUserModule(spec, NULL, PR_FALSE);
	ok = module && module->loaded ? read_token(&search) : wrong(&search, IMPORT_FAULT_NO_P11_KIT);
	if (module) {
		SECMOD_UnloadUserModule(module);
		SECMOD_DestroyModule(module);
	}
	/* Where something is still held the next one begins anew all the same. */
	NSS_Shutdown();
	return ok;
}
