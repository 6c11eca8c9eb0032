/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "ipsec-secrets.h"
#include "secret.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* How a record goes on: in a line of its own, so that it has pluto's 2047 bytes alone. */
#define VALUE_BEGINS "\n 0s"

/* Four characters for each three bytes, and what stands around them. */
static gsize
record_size(const char *kind, const char *secret)
{
	if (!kind || !secret)
		return 0;
	return strlen(": ") + strlen(kind) + strlen(VALUE_BEGINS) + (strlen(secret) + 2) / 3 * 4 + 1;
}

static char *
append_base64(char *at, const char *secret)
{
	int save = 0; /* bytes of the secret that are still to be written */
	gint state = 0;

	at += g_base64_encode_step((const guchar *) secret, strlen(secret), FALSE, at, &state, &save);
	at += g_base64_encode_close(FALSE, at, &state, &save);
	explicit_bzero(&save, sizeof(save));
	return at;
}

static char *
append_record(char *at, const char *kind, const char *secret)
{
	if (!kind || !secret)
		return at;
	at = g_stpcpy(at, ": ");
	at = g_stpcpy(at, kind);
	at = g_stpcpy(at, VALUE_BEGINS);
	at = append_base64(at, secret);
	*at++ = '\n';
	return at;
}

/* pluto asserts that a pre-shared key is not empty, and without one it ends the negotiation with a
 * sentence about itself. */
static gboolean
check_psk(const Profile *profile, GError **error)
{
	g_autofree char *allowed = NULL;

	if (!profile_needs_psk(profile) || profile_get_secret(profile, "pskvalue"))
		return TRUE;
	allowed = option_allowed(option_find("pskvalue"));
	g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_MISSING, _("%s: is missing; it has to be %s"),
				"pskvalue", allowed);
	return FALSE;
}

static const char *
find_value(const Secret *secret, const Profile *profile, const char *without)
{
	return g_strcmp0(secret->key, without) == 0 ? NULL : secret_get(secret, profile);
}

char *
ipsec_secrets_write(const Profile *profile, const char *without, gsize *len, GError **error)
{
	/* profile_set_secret() saw to it that they are not empty and fit a line. */
	guint n;
	const Secret *secrets = secret_all(&n);
	gsize size = 0;
	char *text, *end;

	if (!check_psk(profile, error))
		return NULL;
	for (guint i = 0; i < n; i++)
		size += record_size(secrets[i].record, find_value(&secrets[i], profile, without));
	/* One allocation of the final size: a buffer that grows leaves copies behind. */
	end = text = g_malloc(size + 1);
	for (guint i = 0; i < n; i++)
		end = append_record(end, secrets[i].record, find_value(&secrets[i], profile, without));
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
