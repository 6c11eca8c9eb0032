/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The smart card of the cases: softhsm2's token, which counts no wrong PINs, with what a card says
 * of them in its CK_TOKEN_INFO: the words in /etc/card are its flags. A card that is locked takes
 * no PIN.
 */
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <string.h>

static CK_FUNCTION_LIST *token;
static CK_FUNCTION_LIST card;

static const struct {
	const char *word;
	CK_FLAGS flag;
} words[] = {
	{"low", CKF_USER_PIN_COUNT_LOW},
	{"final", CKF_USER_PIN_FINAL_TRY},
	{"locked", CKF_USER_PIN_LOCKED},
	{"keypad", CKF_PROTECTED_AUTHENTICATION_PATH},
};

static CK_FLAGS
read_flags(void)
{
	FILE *file = fopen("/etc/card", "re");
	char text[64] = "";
	CK_FLAGS flags = 0;

	if (!file)
		return 0;
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		flags |= strstr(text, words[i].word) ? words[i].flag : 0;
	return flags;
}

static CK_RV
get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
	CK_RV result = token->C_GetTokenInfo(slot, info);

	if (result == CKR_OK)
		info->flags = (info->flags & ~(CK_FLAGS) CKF_USER_PIN_COUNT_LOW) | read_flags();
	return result;
}

static CK_RV
login(CK_SESSION_HANDLE session, CK_USER_TYPE type, CK_UTF8CHAR *pin, CK_ULONG len)
{
	if (read_flags() & CKF_USER_PIN_LOCKED)
		return CKR_PIN_LOCKED;
	return token->C_Login(session, type, pin, len);
}

CK_RV
C_GetFunctionList(CK_FUNCTION_LIST **list)
{
	CK_RV (*get)(CK_FUNCTION_LIST **);
	void *library = dlopen("/usr/lib/softhsm/libsofthsm2.so", RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return CKR_GENERAL_ERROR;
	*(void **) &get = dlsym(library, "C_GetFunctionList");
	if (!get || get(&token) != CKR_OK)
		return CKR_GENERAL_ERROR;
	card = *token;
	card.C_GetTokenInfo = get_token_info;
	card.C_Login = login;
	*list = &card;
	return CKR_OK;
}
