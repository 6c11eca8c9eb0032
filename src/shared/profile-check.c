/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "profile-check.h"

#include <string.h>
#include <sys/socket.h>

#include <glib/gi18n-lib.h>

#include "protoport.h"
#include "token-uri.h"

/* How many pairs of a subnet here and one at the gateway a profile may have. */
#define PAIRS_MAX 1024u

static gboolean
has(const Profile *profile, const char *key, const char *value)
{
	return g_strcmp0(profile_get(profile, key), value) == 0;
}

static gboolean
refuse(GError **error, const char *key, const char *why)
{
	g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID, "%s: %s", key, why);
	return FALSE;
}

static gboolean
check_aggressive(const Profile *profile, GError **error)
{
	if (!has(profile, "aggressive", "yes"))
		return TRUE;
	if (profile_is_ikev2(profile)) {
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("aggressive: \"yes\" is for IKEv1, but ikev2 is \"%s\"; allowed is no"),
					profile_get(profile, "ikev2") ?: "insist");
		return FALSE;
	}
	return TRUE;
}

/* libreswan finds the key by the certificate, and looks for it where that is; and of authorities it
 * knows those alone that are in a database of its own. */
static gboolean
check_token(const Profile *profile, GError **error)
{
	const char *token = profile_get_token(profile), *key = profile_get(profile, "key");

	if (!token && profile_uses_files(profile) && key && token_uri_is_one(key))
		return refuse(error, "key",
					  _("is on a token, and the certificate in cert is in a file: libreswan wants "
						"both on the token; put the certificate on it, and name that in cert"));
	if (!token)
		return TRUE;
	if (key && !token_uri_is_one(key))
		return refuse(error, "key",
					  _("names a file, and the certificate in cert is on a token; allowed is the "
						"key on the same token, or none"));
	if (key && !token_uri_same_token(key, token))
		return refuse(error, "key",
					  _("is on another token than the certificate in cert; libreswan wants both on "
						"the same"));
	if (!profile_get(profile, "ca"))
		return refuse(error, "ca",
					  _("is missing; the certificate in cert is on a token, and the authority that "
						"the gateway's must be of has to be in a file"));
	return TRUE;
}

static gboolean
is_key(const char *value)
{
	return value && !g_str_equal(value, "%cert");
}

/* The gateway knows our key without a certificate, and we know its. */
static gboolean
check_key_file(const Profile *profile, GError **error)
{
	if (!profile_has_key_file(profile))
		return TRUE;
	if (token_uri_is_one(profile_get(profile, "key")))
		return refuse(error, "key",
					  _("is on a token, and the certificate of it is not set; set cert, which "
						"names it on the token"));
	if (!is_key(profile_get(profile, "rightrsasigkey")))
		return refuse(error, "key",
					  _("belongs to a certificate in a file, and cert, which names it, is not set; "
						"for a key without a certificate set rightrsasigkey, the gateway's"));
	return TRUE;
}

/* With files the database has what is in them, and nothing else. */
static gboolean
check_no_nicknames(const Profile *profile, GError **error)
{
	static const char *const nicknames[] = {"leftcert", "rightcert"};
	const char *file = profile_uses_files(profile) ? "cert" : "key";

	for (guint i = 0; i < G_N_ELEMENTS(nicknames); i++) {
		if (!profile_get(profile, nicknames[i]))
			continue;
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("%s: is the nickname of a certificate in an NSS database, and %s names a "
					  "file; allowed is one of the two"),
					nicknames[i], file);
		return FALSE;
	}
	if (profile_get(profile, "leftckaid")) {
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("leftckaid: is the ID of a key in an NSS database, and %s names a file; "
					  "allowed is one of the two"),
					file);
		return FALSE;
	}
	return TRUE;
}

static gboolean
check_no_public_key(const Profile *profile, GError **error)
{
	if (!is_key(profile_get(profile, "leftrsasigkey")))
		return TRUE;
	if (profile_has_key_file(profile))
		return refuse(error, "leftrsasigkey",
					  _("is our public key, and key names a file with the private one, which has "
						"that in it; allowed is one of the two"));
	return refuse(error, "leftrsasigkey",
				  _("is a key without a certificate, and cert names a file with one; allowed is "
					"one of the two"));
}

static gboolean
check_files(const Profile *profile, GError **error)
{
	if (profile_get(profile, "ca") && !profile_uses_files(profile))
		return refuse(
			error, "ca",
			_("belongs to a certificate in a file, and cert, which names it, is not set"));
	if (!check_key_file(profile, error))
		return FALSE;
	if (!profile_needs_import(profile))
		return TRUE;
	return check_token(profile, error) && check_no_nicknames(profile, error) &&
		   check_no_public_key(profile, error);
}

gboolean
profile_check_given(const Profile *profile, GError **error)
{
	if (!check_aggressive(profile, error) || !check_files(profile, error))
		return FALSE;
	for (guint i = 0; i < 2; i++) {
		const char *one = i ? "rightsubnet" : "leftsubnet";
		const char *many = i ? "rightsubnets" : "leftsubnets";
		const char *subnets = profile_get(profile, one);

		if (!profile_is_ikev2(profile) && subnets && strchr(subnets, ',')) {
			g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
						_("%s: several subnets in one tunnel are for IKEv2; for a tunnel each put "
						  "them into %s"),
						one, many);
			return FALSE;
		}
	}
	return TRUE;
}

/*****************************************************************************/
/* Who proves what. */

/* IKEv1 negotiates one method, and knows two. */
static gboolean
check_authby(const Profile *profile, GError **error)
{
	const char *authby = profile_get(profile, "authby");
	g_autofree char *quoted = authby ? option_quote(authby) : NULL;

	if (profile_is_ikev2(profile) || !authby || g_str_equal(authby, "secret") ||
		g_str_equal(authby, "rsasig"))
		return TRUE;
	g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
				_("authby: %s is for IKEv2; allowed with IKEv1 is secret or rsasig"), quoted);
	return FALSE;
}

/* Whether both ends prove themselves without a certificate: libreswan takes the first of RSA,
 * ECDSA, secret and null that authby has. */
static gboolean
has_no_certificate(const Profile *profile)
{
	const char *authby = profile_get(profile, "authby");
	g_auto(GStrv) words = g_strsplit(authby ? authby : "", ",", -1);

	for (guint i = 0; words[i]; i++) {
		if (!g_str_equal(words[i], "secret") && !g_str_equal(words[i], "null"))
			return FALSE;
	}
	return authby != NULL;
}

static gboolean
check_use_of_files(const Profile *profile, GError **error)
{
	if (!profile_uses_files(profile) || !has_no_certificate(profile))
		return TRUE;
	g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
				_("cert: has no use, as authby is \"%s\"; allowed is an authby of rsasig or ecdsa, "
				  "or none"),
				profile_get(profile, "authby"));
	return FALSE;
}

static gboolean
check_ids(const Profile *profile, GError **error)
{
	static const char *const keys[] = {"leftid", "rightid"};

	for (guint i = 0; has_no_certificate(profile) && i < G_N_ELEMENTS(keys); i++) {
		if (!has(profile, keys[i], "%fromcert"))
			continue;
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("%s: \"%%fromcert\" needs a certificate, and authby is \"%s\"; allowed is a "
					  "name, an address or a key ID"),
					keys[i], profile_get(profile, "authby"));
		return FALSE;
	}
	return TRUE;
}

static gboolean
check_proposals(const Profile *profile, GError **error)
{
	if (!profile_is_aggressive(profile) || profile_get(profile, "ike"))
		return TRUE;
	return refuse(error, "ike",
				  _("is missing; aggressive mode needs the algorithms, such as "
					"aes256-sha2_256;modp2048"));
}

/*****************************************************************************/
/* What goes through. */

static void
families_of(const Profile *profile, const char *key, gboolean *ipv4, gboolean *ipv6)
{
	const char *subnets = profile_get(profile, key);
	g_auto(GStrv) parts = g_strsplit(subnets ? subnets : "", ",", -1);

	*ipv4 = *ipv6 = FALSE;
	for (guint i = 0; parts[i]; i++) {
		if (strchr(parts[i], ':'))
			*ipv6 = TRUE;
		else
			*ipv4 = TRUE;
	}
}

static gboolean
check_families(const Profile *profile, GError **error)
{
	static const char *const ends[] = {"left", "right"};
	const char *outside = profile_get(profile, "hostaddrfamily");
	gboolean left4, left6, right4, right6;

	for (guint i = 0; outside && i < G_N_ELEMENTS(ends); i++) {
		const char *address = profile_get(profile, ends[i]);
		gboolean other = address && option_is_address(address, AF_UNSPEC) &&
						 g_str_equal(outside, "ipv6") != option_is_address(address, AF_INET6);

		if (!other)
			continue;
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("hostaddrfamily: \"%s\" is not the family of %s, which is %s"), outside,
					ends[i], address);
		return FALSE;
	}
	families_of(profile, "leftsubnet", &left4, &left6);
	families_of(profile, "rightsubnet", &right4, &right6);
	if ((left4 || left6) && (right4 || right6) && !(left4 && right4) && !(left6 && right6))
		return refuse(error, "leftsubnet",
					  _("is of another address family than rightsubnet; a tunnel carries one "
						"between both ends"));
	return TRUE;
}

static gboolean
check_ports(const Profile *profile, GError **error)
{
	const char *left = profile_get(profile, "leftprotoport");
	const char *right = profile_get(profile, "rightprotoport");

	if (!left || !right || !protoport_has_any_port(left) || !protoport_has_any_port(right))
		return TRUE;
	return refuse(error, "leftprotoport",
				  _("has any port, and rightprotoport too; allowed is any port at one end"));
}

static gboolean
check_mobike(const Profile *profile, GError **error)
{
	if (!profile_is_ikev2(profile) || !has(profile, "mobike", "yes") ||
		!has(profile, "type", "transport"))
		return TRUE;
	return refuse(error, "mobike", _("\"yes\" is for tunnel mode, but type is \"transport\""));
}

static guint
count_subnets(const Profile *profile, const char *one, const char *many)
{
	const char *subnets = profile_get(profile, many) ?: profile_get(profile, one);
	guint n = 1;

	for (const char *p = subnets; p && (p = strchr(p, ',')); p++)
		n++;
	return n;
}

/* Each pair of subnets is a tunnel of its own, or two policies at least. */
static gboolean
check_pairs(const Profile *profile, GError **error)
{
	guint left = count_subnets(profile, "leftsubnet", "leftsubnets");
	guint right = count_subnets(profile, "rightsubnet", "rightsubnets");

	if (left * right <= PAIRS_MAX)
		return TRUE;
	g_set_error(
		error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
		_("%s: %u subnets here and %u in %s are %u pairs with a tunnel each; at most %u are "
		  "allowed"),
		profile_get(profile, "leftsubnets") ? "leftsubnets" : "leftsubnet", left, right,
		profile_get(profile, "rightsubnets") ? "rightsubnets" : "rightsubnet", left * right,
		PAIRS_MAX);
	return FALSE;
}

gboolean
profile_check(const Profile *profile, GError **error)
{
	return check_authby(profile, error) && check_use_of_files(profile, error) &&
		   check_ids(profile, error) && check_proposals(profile, error) &&
		   check_families(profile, error) && check_ports(profile, error) &&
		   check_mobike(profile, error) && check_pairs(profile, error);
}
