/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "secret.h"

#include <glib/gi18n-lib.h>

static const Secret secrets[] = {
	{
		.key = "xauthpassword",
		.is_needed = profile_needs_xauthpassword,
		.record = "XAUTH",
		/* Translators: a VPN connection was lost, and the gateway did not take the password or the
		 * token's code again. %s is the name of the connection. */
		.ask_again = N_("Authentication required to reconnect “%s”: the gateway refused the last "
						"password or code. Enter another one."),
	},
	{
		.key = "pskvalue", .is_needed = profile_needs_psk, .record = "PSK",
		/* No question: that it is wrong nobody says who has proven to be the gateway. */
	},
};

const Secret *
secret_all(guint *n)
{
	*n = G_N_ELEMENTS(secrets);
	return secrets;
}

const Secret *
secret_find(const char *key)
{
	for (guint i = 0; i < G_N_ELEMENTS(secrets); i++) {
		if (g_strcmp0(secrets[i].key, key) == 0)
			return &secrets[i];
	}
	return NULL;
}

const char *
secret_get(const Secret *secret, const Profile *profile)
{
	return secret->is_needed(profile) ? profile_get_secret(profile, secret->key) : NULL;
}

gboolean
secret_is_missing(const Secret *secret, const Profile *profile)
{
	return secret->is_needed(profile) && !profile_get_secret(profile, secret->key) &&
		   !(profile_get_secret_flags(profile, secret->key) & NM_SETTING_SECRET_FLAG_NOT_REQUIRED);
}

const Secret *
secret_find_asked(const Profile *profile)
{
	for (guint i = 0; i < G_N_ELEMENTS(secrets); i++) {
		const Secret *secret = &secrets[i];

		if (secret->ask_again && secret->is_needed(profile) &&
			profile_get_secret_flags(profile, secret->key) & NM_SETTING_SECRET_FLAG_NOT_SAVED)
			return secret;
	}
	return NULL;
}

char *
secret_ask_again(const Secret *secret, const char *name)
{
	g_auto(GStrv) parts = g_strsplit(_(secret->ask_again), "%s", 2);

	/* A name is no format, and a translation is not trusted to be one. */
	return g_strjoinv(name, parts);
}
