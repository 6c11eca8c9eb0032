/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "sign-in.h"

#include <glib/gi18n-lib.h>

#define NO_GATEWAY     N_("Enter the gateway’s name or address.")
#define NO_CERTIFICATE N_("Choose the file with your certificate.")

static const SignInKey keys_group[] = {
	{"right", NULL, NO_GATEWAY},
	{"leftusername"},
	{"xauthpassword"},
	/* Translators: what Cisco calls the group name or IPsec ID. */
	{"leftid", N_("Group Name"), .no_default = TRUE},
	/* Translators: the pre-shared key that all of a group have. */
	{"pskvalue", N_("Group Secret")},
	{"rightid"},
	{NULL},
};

static const SignInKey keys_certificate[] = {
	{"right", NULL, NO_GATEWAY},
	{"cert", NULL, NO_CERTIFICATE, "leftcert"},
	{"key"},
	{"cert-pass"},
	{"pin"},
	{"ca"},
	{"leftcert"},
	{"leftid"},
	{"rightid"},
	{"rightca"},
	{NULL},
};

static const SignInKey keys_key[] = {
	{"right", NULL, NO_GATEWAY}, {"pskvalue"}, {"leftid"}, {"rightid"}, {NULL},
};

static const SignInKey keys_password[] = {
	{"right", NULL, NO_GATEWAY},
	{"leftusername"},
	{"xauthpassword"},
	{"cert", NULL, NO_CERTIFICATE, "leftcert"},
	{"key"},
	{"cert-pass"},
	{"pin"},
	{"ca"},
	{"leftcert"},
	{"leftid"},
	{"rightid"},
	{"rightca"},
	{NULL},
};

static const SignInKey keys_other[] = {
	{"right", NULL, NO_GATEWAY},
	{"authby"},
	{"leftusername"},
	{"xauthpassword"},
	{"cert"},
	{"key"},
	{"cert-pass"},
	{"pin"},
	{"ca"},
	{"leftcert"},
	{"leftid"},
	{"pskvalue"},
	{"rightid"},
	{"rightca"},
	{NULL},
};

/* The keys stand in the same order in each, so that no method forgets one. What IKEv1 has to be
 * told in authby follows with IKEv2 from the certificate. */
#define SETTINGS(version, auth, cert)                                                              \
	{"ikev2", version}, {"authby", auth}, {"leftxauthclient", NULL}, {"rightxauthserver", NULL},   \
		{"cert", cert}, {"key", cert}, {"ca", cert}, {"leftcert", cert}, {"leftrsasigkey", NULL},  \
		{"leftckaid", NULL}, {"rightcert", cert}, {"rightrsasigkey", NULL},                        \
		{"pskinputmodes", NULL}, {"xauthpasswordinputmodes", NULL},                                \
	{                                                                                              \
		NULL                                                                                       \
	}

static const SignInSetting settings_group[] = {SETTINGS("never", "secret", NULL)};
static const SignInSetting settings_certificate[] = {SETTINGS("insist", NULL, SIGN_IN_KEEP)};
static const SignInSetting settings_key[] = {SETTINGS("insist", "secret", NULL)};
static const SignInSetting settings_password[] = {SETTINGS("never", "rsasig", SIGN_IN_KEEP)};
static const SignInSetting settings_other[] = {{NULL}};

static const struct {
	const char *name;
	const char *help;
	const SignInKey *keys;
	const SignInSetting *settings;
} methods[SIGN_IN_N] = {
	/* Translators: how one signs in to a VPN: with a password, and a secret that a group has. Keep
	 * it short. */
	[SIGN_IN_GROUP] =
		{N_("Password, group"),
		 N_("IKEv1 with XAUTH: your user name and password, and the secret of a group "
			"(Cisco, FRITZ!Box, Fortinet)"),
		 keys_group, settings_group},
	[SIGN_IN_CERTIFICATE] = {N_("Certificate"), N_("IKEv2 with a certificate of your own"),
							 keys_certificate, settings_certificate},
	/* Translators: how one signs in to a VPN: with a key that both ends have. Keep it short. */
	[SIGN_IN_KEY] = {N_("Shared key"), N_("IKEv2 with a key that the gateway has too"), keys_key,
					 settings_key},
	/* Translators: how one signs in to a VPN: with a password and a certificate. Keep it short. */
	[SIGN_IN_PASSWORD] = {N_("Password, cert."),
						  N_("IKEv1 with XAUTH: your user name and password, and a certificate"),
						  keys_password, settings_password},
	/* Translators: how one signs in to a VPN: in a way that is not in the list. */
	[SIGN_IN_OTHER] = {N_("Other"), N_("Whatever this profile has"), keys_other, settings_other},
};

const char *
sign_in_name(SignIn method)
{
	return _(methods[method].name);
}

const char *
sign_in_help(SignIn method)
{
	return _(methods[method].help);
}

const SignInKey *
sign_in_keys(SignIn method)
{
	return methods[method].keys;
}

const SignInKey *
sign_in_find_key(SignIn method, const char *key)
{
	for (const SignInKey *row = methods[method].keys; row->key; row++) {
		if (g_str_equal(row->key, key))
			return row;
	}
	return NULL;
}

const SignInSetting *
sign_in_settings(SignIn method)
{
	return methods[method].settings;
}

SignIn
sign_in_find(const Profile *profile)
{
	const char *authby = profile_get(profile, "authby");
	gboolean by_key = g_strcmp0(authby, "secret") == 0 && profile_needs_psk(profile);
	gboolean by_certificate = (profile_get(profile, "cert") || profile_get(profile, "leftcert")) &&
							  profile_authenticates_gateway(profile) && !profile_needs_psk(profile);
	gboolean has_password = profile_needs_xauthpassword(profile);
	gboolean has_user = !profile_is_ikev2(profile) &&
						g_strcmp0(profile_get(profile, "leftxauthclient"), "yes") == 0;

	/* Who answers XAUTH without a password of his own is in none of the methods. */
	if (has_user != has_password)
		return SIGN_IN_OTHER;
	if (by_key)
		return has_user ? SIGN_IN_GROUP : SIGN_IN_KEY;
	if (by_certificate)
		return has_user ? SIGN_IN_PASSWORD : SIGN_IN_CERTIFICATE;
	return SIGN_IN_OTHER;
}

gboolean
sign_in_has_user(SignIn method)
{
	return method == SIGN_IN_GROUP || method == SIGN_IN_PASSWORD;
}
