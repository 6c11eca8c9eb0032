/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cert-policy.h"

#include <string.h>

#include <glib/gi18n-lib.h>

static gboolean
refuse(GError **error, const char *sentence)
{
	g_set_error_literal(error, PROFILE_ERROR, PROFILE_ERROR_INVALID, sentence);
	return FALSE;
}

/* Whether every word of authby is of this algorithm. */
static gboolean
authby_is_of(const char *authby, const char *algorithm)
{
	g_auto(GStrv) words = g_strsplit(authby, ",", -1);

	for (guint i = 0; words[i]; i++) {
		if (!g_str_has_prefix(words[i], algorithm))
			return FALSE;
	}
	return TRUE;
}

static gboolean
check_key(const Profile *profile, const CertReport *report, GError **error)
{
	const char *authby = profile_get(profile, "authby");
	const gboolean is_ec = report->user_key == IMPORT_KEY_EC;

	if (is_ec && !profile_is_ikev2(profile))
		return refuse(error, _("cert: is of an ECDSA key, which libreswan cannot use with IKEv1; "
							   "allowed is an RSA key, or ikev2=insist"));
	if (report->user_key == IMPORT_KEY_RSA_PSS && !profile_is_ikev2(profile))
		return refuse(error, _("cert: is of a key for RSA-PSS alone, which IKEv1 does not have; "
							   "allowed is an RSA key, or ikev2=insist"));
	if (authby && is_ec && !authby_is_of(authby, "ecdsa"))
		return refuse(error, _("authby: is not ecdsa, and the key of cert is an ECDSA key; allowed "
							   "is ecdsa, or none"));
	if (authby && !is_ec && authby_is_of(authby, "ecdsa"))
		return refuse(error, _("authby: is ecdsa, and the key of cert is an RSA key; allowed is "
							   "rsasig, or none"));
	return TRUE;
}

gboolean
cert_policy_find(const Profile *profile, const CertReport *report, const char *gateway,
				 IpsecConfCertificates *certificates, GError **error)
{
	if (report->ckaid) {
		*certificates = (IpsecConfCertificates){.leftckaid = report->ckaid};
		return TRUE;
	}
	*certificates = (IpsecConfCertificates){
		.leftcert = profile_get_token(profile) ? profile_get_token(profile) : IMPORT_NICKNAME,
		.rightca = report->root_name,
		.sends_issuers = report->has_issuers,
	};
	if (!check_key(profile, report, error))
		return FALSE;
	if (!report->root_name && !profile_get(profile, "rightca"))
		return refuse(error, _("ca: has a name that libreswan does not read, with several values "
							   "in one part; set rightca to %same where the authority has signed "
							   "our certificate, too"));
	if (report->user_key != IMPORT_KEY_EC || profile_get(profile, "authby"))
		return TRUE;
	/* The gateway's key is known when it has answered; mostly it is of the kind of its
	 * authority's. */
	certificates->leftauth = "ecdsa";
	certificates->rightauth = gateway                             ? gateway
							  : report->root_key == IMPORT_KEY_EC ? "ecdsa"
																  : "rsasig";
	return TRUE;
}

/* By a secret, or not at all. */
static gboolean
is_without_keys(const Profile *profile)
{
	const char *authby = profile_get(profile, "authby");

	return authby && (authby_is_of(authby, "secret") || authby_is_of(authby, "null"));
}

gboolean
cert_policy_check_ours(const Profile *profile, GError **error)
{
	static const char *const ours[] = {"leftcert", "leftrsasigkey", "leftckaid", "cert", "key"};

	if (is_without_keys(profile) ||
		!(profile_get(profile, "rightcert") || profile_get(profile, "rightrsasigkey")))
		return TRUE;
	for (guint i = 0; i < G_N_ELEMENTS(ours); i++) {
		if (profile_get(profile, ours[i]))
			return TRUE;
	}
	if (profile_is_ikev2(profile))
		return refuse(error,
					  _("cert: is not set, and the gateway has a certificate or a key; a password "
						"in the place of ours is EAP, which libreswan cannot do as a client; set "
						"cert, or leave rightcert and rightrsasigkey out and set pskvalue"));
	return refuse(error,
				  _("cert: is not set, and the gateway has a certificate or a key; a password in "
					"the place of ours is hybrid authentication, which libreswan does not have; "
					"set cert, or leave rightcert and rightrsasigkey out and set pskvalue"));
}

const char *
cert_policy_of_gateway(const char *text)
{
	static const char begins[] = "authentication failed: peer authentication requires policy ";

	if (!g_str_has_prefix(text, begins))
		return NULL;
	text += strlen(begins);
	if (g_str_has_prefix(text, "ECDSA"))
		return "ecdsa";
	return g_str_has_prefix(text, "RSASIG") ? "rsasig" : NULL;
}
