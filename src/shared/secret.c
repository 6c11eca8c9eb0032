/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "secret.h"

#include <glib/gi18n-lib.h>

static const Secret secrets[] = {
	{
		.key = "xauthpassword",
		.is_needed = profile_needs_xauthpassword,
		.record = "XAUTH",
		/* Translators: the field for a VPN user's password. */
		.label = N_("Password"),
		/* Translators: the field for a VPN user's password; %s is the user's name. */
		.label_of_user = N_("Password of %s"),
		/* Translators: %s is the name of a VPN connection. */
		.ask = N_("“%s” asks for your password."),
		/* Translators: a VPN connection was lost, and the gateway did not take the password or the
		 * token's code again. %s is the name of the connection. */
		.ask_again = N_("Authentication required to reconnect “%s”: the gateway refused the last "
						"password or code. Enter another one."),
		/* Translators: %s is the name of a VPN connection. */
		.correct = N_("The gateway of “%s” refused your user name or password. Enter the password "
					  "again."),
		.is_sent = TRUE,
	},
	{
		.key = "pskvalue",
		.is_needed = profile_needs_psk,
		.record = "PSK",
		/* Translators: the field for a secret that all users of a VPN gateway share. Administrators
		 * call it by either name. */
		.label = N_("Pre-shared key (group password)"),
		/* Translators: %s is the name of a VPN connection. */
		.ask = N_("“%s” asks for its pre-shared key, also called group password."),
		/* No question: that it is wrong nobody says who has proven to be the gateway. */
	},
	{
		.key = SECRET_CODE,
		.is_needed = profile_has_codes,
		.is_late = TRUE,
		/* Translators: the field for a token's code, or whatever a VPN gateway asks for. */
		.label = N_("Code"),
		/* Translators: %s is the name of a VPN connection. */
		.ask = N_("“%s” asks for a code."),
	},
	{
		.key = "cert-pass",
		.is_needed = profile_may_have_passphrase,
		.is_optional = TRUE,
		/* Translators: the field for what the file with a certificate's private key is encrypted
		 * with. */
		.label = N_("Passphrase of the private key"),
		/* Translators: %s is the name of a VPN connection. */
		.ask = N_("“%s” asks for the passphrase of the private key of your certificate."),
		/* Translators: %s is the name of a VPN connection. */
		.ask_again = N_("“%s” cannot read the private key of your certificate: the passphrase is "
						"wrong. Enter another one."),
	},
	{
		.key = "pin",
		.is_needed = profile_needs_pin,
		.is_of_token = TRUE,
		/* Translators: the field for the PIN of a smart card, or of another token. */
		.label = N_("PIN of the smart card"),
		/* Translators: %s is the name of a VPN connection. */
		.ask = N_("“%s” asks for the PIN of your smart card."),
		/* Translators: %s is the name of a VPN connection. */
		.ask_again = N_("“%s” cannot use your smart card: its PIN is wrong, or it has one try left "
						"before it locks itself. Enter the PIN with care."),
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
secret_is_wanted(const Secret *secret, const Profile *profile)
{
	const NMSettingSecretFlags flags = profile_get_secret_flags(profile, secret->key);

	if (!secret->is_needed(profile) || secret->is_late ||
		flags & NM_SETTING_SECRET_FLAG_NOT_REQUIRED)
		return FALSE;
	return !secret->is_optional ||
		   flags & (NM_SETTING_SECRET_FLAG_AGENT_OWNED | NM_SETTING_SECRET_FLAG_NOT_SAVED);
}

gboolean
secret_is_missing(const Secret *secret, const Profile *profile)
{
	return secret_is_wanted(secret, profile) && !profile_get_secret(profile, secret->key);
}

static const Secret *
find_sent(const Profile *profile, NMSettingSecretFlags flags)
{
	for (guint i = 0; i < G_N_ELEMENTS(secrets); i++) {
		const Secret *secret = &secrets[i];

		if (secret->is_sent && secret->is_needed(profile) &&
			profile_get_secret_flags(profile, secret->key) & flags)
			return secret;
	}
	return NULL;
}

const Secret *
secret_find_asked(const Profile *profile)
{
	return find_sent(profile, NM_SETTING_SECRET_FLAG_NOT_SAVED);
}

const Secret *
secret_find_corrected(const Profile *profile)
{
	return find_sent(profile,
					 NM_SETTING_SECRET_FLAG_AGENT_OWNED | NM_SETTING_SECRET_FLAG_NOT_SAVED);
}

/* A name is no format, and a translation is not trusted to be one. */
static char *
fill_in(const char *text, const char *name)
{
	g_auto(GStrv) parts = g_strsplit(text, "%s", 2);

	return g_strjoinv(name, parts);
}

char *
secret_label(const Secret *secret, const Profile *profile)
{
	const char *user = profile_get_xauth_user(profile);

	return secret->label_of_user && user ? fill_in(_(secret->label_of_user), user)
										 : g_strdup(_(secret->label));
}

char *
secret_ask(const Secret *secret, const char *name)
{
	return fill_in(_(secret->ask), name);
}

char *
secret_ask_again(const Secret *secret, const char *name)
{
	return fill_in(_(secret->ask_again), name);
}

char *
secret_correct(const Secret *secret, const char *name)
{
	return fill_in(_(secret->correct), name);
}

char *
secret_ask_in_words(const char *name, const char *words)
{
	/* Translators: the first %s is the name of a VPN connection, the second what its gateway says,
	 * such as "Enter your next code". They stay in this order. */
	g_auto(GStrv) parts = g_strsplit(_("The gateway of “%s” says: “%s”"), "%s", 3);

	/* As fill_in(). */
	if (g_strv_length(parts) != 3)
		return g_strdup(words);
	return g_strconcat(parts[0], name, parts[1], words, parts[2], NULL);
}
