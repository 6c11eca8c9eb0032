/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "cisco-password.h"

#include <gnutls/crypto.h>
#include <string.h>

#define HASH  20u
#define KEY   24u
#define BLOCK 8u

/* In bytes; a password is never longer. */
#define TEXT_MAX 1024u

/* (transfer full): its bytes; NULL where it is no hexadecimal. */
static guint8 *
from_hex(const char *hex, gsize *len)
{
	g_autofree guint8 *bytes = NULL;

	*len = strlen(hex);
	if (*len % 2 || *len > 2 * (2 * HASH + TEXT_MAX))
		return NULL;
	*len /= 2;
	bytes = g_malloc(*len + 1);
	for (gsize i = 0; i < *len; i++) {
		if (!g_ascii_isxdigit(hex[2 * i]) || !g_ascii_isxdigit(hex[2 * i + 1]))
			return NULL;
		bytes[i] =
			(guint8) (g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
	}
	return g_steal_pointer(&bytes);
}

/* The hash of @seed with @add added to its last byte, which does not carry. */
static gboolean
hash_seed(const guint8 *seed, guint8 add, guint8 *hash)
{
	guint8 changed[HASH];

	memcpy(changed, seed, HASH);
	changed[HASH - 1] = (guint8) (changed[HASH - 1] + add);
	return gnutls_hash_fast(GNUTLS_DIG_SHA1, changed, HASH, hash) == 0;
}

static gboolean
decrypt(const guint8 *seed, guint8 *text, gsize len)
{
	guint8 key[2 * HASH], iv[BLOCK];
	gnutls_cipher_hd_t cipher;
	gnutls_datum_t key_datum = {key, KEY}, iv_datum = {iv, BLOCK};
	gboolean ok;

	memcpy(iv, seed, BLOCK);
	if (!hash_seed(seed, 1, key) || !hash_seed(seed, 3, key + HASH) ||
		gnutls_cipher_init(&cipher, GNUTLS_CIPHER_3DES_CBC, &key_datum, &iv_datum) != 0)
		return FALSE;
	ok = gnutls_cipher_decrypt(cipher, text, len) == 0;
	gnutls_cipher_deinit(cipher);
	return ok;
}

char *
cisco_password_reveal(const char *hex)
{
	gsize len;
	g_autofree guint8 *bytes = from_hex(hex, &len);
	guint8 hash[HASH], *text;
	char *password = NULL;

	if (!bytes || len < 2 * HASH + BLOCK || (len - 2 * HASH) % BLOCK)
		return NULL;
	text = bytes + 2 * HASH;
	len -= 2 * HASH;
	if (gnutls_hash_fast(GNUTLS_DIG_SHA1, text, len, hash) != 0 ||
		memcmp(hash, bytes + HASH, HASH) != 0)
		return NULL;
	if (decrypt(bytes, text, len) && text[len - 1] >= 1 && text[len - 1] <= BLOCK) {
		gsize n = len - text[len - 1];

		if (!memchr(text, '\0', n))
			password = g_strndup((const char *) text, n);
	}
	explicit_bzero(text, len);
	return password;
}
