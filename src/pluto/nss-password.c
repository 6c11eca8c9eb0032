/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "nss-password.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "secret.h"
#include "token-uri.h"

char *
nss_password_write(const Profile *profile, gsize *len, GError **error)
{
	const char *pin = secret_get(secret_find("pin"), profile);
	g_autofree char *token = token_uri_get(profile_get_token(profile), "token");
	char *text;

	if (pin && strpbrk(pin, "\r\n")) {
		g_set_error_literal(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
							_("pin: has a line break in it; allowed is a PIN in one line"));
		return NULL;
	}
	*len = pin ? strlen(token) + strlen(pin) + 2 : 0;
	/* One allocation of the final size: a buffer that grows leaves copies behind. */
	text = g_malloc(*len + 1);
	if (pin)
		g_snprintf(text, *len + 1, "%s:%s\n", token, pin);
	else
		text[0] = '\0';
	return text;
}

void
nss_password_free(char *text, gsize len)
{
	if (!text)
		return;
	explicit_bzero(text, len);
	g_free(text);
}

gboolean
nss_password_is_said(const char *text)
{
	return g_str_has_prefix(text, "NSS Password from file \"");
}
