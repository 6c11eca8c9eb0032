/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "ipsec-secrets.h"
#include "secret.h"

#include <string.h>

/* Two digits for each byte, and what stands around them. */
static gsize
record_size(const char *kind, const char *secret)
{
	return secret ? strlen(": ") + strlen(kind) + strlen(" 0x") + 2 * strlen(secret) + 1 : 0;
}

static char *
append_record(char *at, const char *kind, const char *secret)
{
	static const char digits[] = "0123456789abcdef";

	if (!secret)
		return at;
	at = g_stpcpy(at, ": ");
	at = g_stpcpy(at, kind);
	at = g_stpcpy(at, " 0x");
	for (const char *p = secret; *p; p++) {
		*at++ = digits[(guchar) *p >> 4];
		*at++ = digits[(guchar) *p & 15];
	}
	*at++ = '\n';
	return at;
}

char *
ipsec_secrets_write(const Profile *profile, gsize *len, G_GNUC_UNUSED GError **error)
{
	/* profile_set_secret() saw to it that they are not empty and fit a line. */
	guint n;
	const Secret *secrets = secret_all(&n);
	gsize size = 0;
	char *text, *end;

	for (guint i = 0; i < n; i++)
		size += record_size(secrets[i].record, secret_get(&secrets[i], profile));
	/* One allocation of the final size: a buffer that grows leaves copies behind. */
	end = text = g_malloc(size + 1);
	for (guint i = 0; i < n; i++)
		end = append_record(end, secrets[i].record, secret_get(&secrets[i], profile));
	*end = '\0';
	g_assert((gsize) (end - text) == size);
	*len = size;
	return text;
}

void
ipsec_secrets_free(char *text, gsize len)
{
	if (!text)
		return;
	explicit_bzero(text, len);
	g_free(text);
}
