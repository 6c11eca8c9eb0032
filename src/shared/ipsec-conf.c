/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "ipsec-conf.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* libreswan's lexer (lib/libipsecconf/parser.lex) takes these as they are; a
 * value of anything else goes between double quotes. Quotes everywhere would be
 * simpler, but libreswan 4 does not take them around yes, no and numbers. */
#define BARE_EXTRA "-_.,:;/%@+=!*"

/* libreswan's rekeymargin in seconds, and the part of an SA's life that is ours where it is short.
 */
#define DEFAULT_MARGIN   540
#define LIVES_PER_MARGIN 5

static gboolean
is_bare(const char *value)
{
	for (const char *p = value; *p; p++) {
		if (!g_ascii_isalnum(*p) && !strchr(BARE_EXTRA, *p))
			return FALSE;
	}
	/* These two are numbers to libreswan 4. */
	return strspn(value, "0123456789") != strlen(value) && !g_str_equal(value, "%forever");
}

static gboolean
is_name(const char *name)
{
	if (!name || !*name || strlen(name) > 128)
		return FALSE;
	for (const char *p = name; *p; p++) {
		if (!g_ascii_isalnum(*p) && !strchr("-_.", *p))
			return FALSE;
	}
	/* A conn that is a number is none to libreswan's grammar. */
	return strspn(name, "0123456789") != strlen(name);
}

gboolean
ipsec_conf_append(GString *conf, const char *keyword, const char *value, GError **error)
{
	g_autofree char *fault = option_find_fault(value, OPTION_VALUE_MAX);

	g_assert(keyword && *keyword && is_bare(keyword));

	if (fault) {
		g_autofree char *quoted = option_quote(value);

		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("%s: %s cannot be written into ipsec.conf: it %s"), keyword, quoted, fault);
		return FALSE;
	}
	if (is_bare(value))
		g_string_append_printf(conf, "\t%s=%s\n", keyword, value);
	else
		g_string_append_printf(conf, "\t%s=\"%s\"\n", keyword, value);
	return TRUE;
}

gboolean
ipsec_conf_append_number(GString *conf, const char *keyword, const char *value, GError **error)
{
	if (!*value || strspn(value, "0123456789") != strlen(value))
		return ipsec_conf_append(conf, keyword, value, error); /* 24h, yes */
	g_string_append_printf(conf, "\t%s=%s\n", keyword, value);
	return TRUE;
}

/* As ipsec_conf_append(), for what may be left out. */
static gboolean
append_optional(GString *conf, const char *keyword, const char *value, GError **error)
{
	return !value || ipsec_conf_append(conf, keyword, value, error);
}

static gboolean
at_least(const IpsecConfParams *params, guint major, guint minor)
{
	return params->libreswan_major > major ||
		   (params->libreswan_major == major && params->libreswan_minor >= minor);
}

static gboolean
unsupported(const IpsecConfParams *params, const char *what, GError **error)
{
	g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_UNSUPPORTED,
				_("libreswan %u.%u cannot do this: %s"), params->libreswan_major,
				params->libreswan_minor, what);
	return FALSE;
}

/* What libreswan 4 cannot do with subnets. It loads such a conn not at all, and
 * says nothing or little (starter_permutate_conns in its starterwhack.c). */
static char *
find_subnets_wrong_for_4(const Profile *profile, const char *side, const char *other)
{
	g_autofree char *one_key = g_strconcat(side, "subnet", NULL);
	g_autofree char *many_key = g_strconcat(side, "subnets", NULL);
	g_autofree char *other_one_key = g_strconcat(other, "subnet", NULL);
	g_autofree char *other_many_key = g_strconcat(other, "subnets", NULL);
	const char *one = profile_get(profile, one_key), *many = profile_get(profile, many_key);
	gboolean outside6 = g_strcmp0(profile_get(profile, "hostaddrfamily"), "ipv6") == 0;

	if (one && strchr(one, ','))
		return g_strdup_printf(_("%s with several subnets for one tunnel"), one_key);
	if (!many)
		return NULL;
	if (strchr(many, outside6 ? '.' : ':'))
		return g_strdup_printf(_("%s of another address family than the gateway's"), many_key);
	if (!profile_get(profile, other_one_key) && !profile_get(profile, other_many_key))
		return g_strdup_printf(_("%s without %s"), many_key, other_one_key);
	return NULL;
}

static gboolean
check_version(const Profile *profile, const IpsecConfParams *params, GError **error)
{
	g_autofree char *wrong = NULL;

	if (params->libreswan_major < 4)
		return unsupported(params, _("libreswan 4 or later is needed"), error);

	/* 5.0 and 5.1 put the assigned address on the interface by themselves;
	 * the keyword that stops that came with 5.2. */
	if (params->if_id && at_least(params, 5, 0) && !at_least(params, 5, 2))
		return unsupported(
			params,
			_("an interface for the tunnel that NetworkManager manages (\"ipsec-interface\"); "
			  "5.2 can"),
			error);

	/* A packet wakes no connection that is still to be narrowed: 4.10 does not see it, 5.0 to 5.4
	 * say so only when it comes (initiate_ondemand()). */
	if (profile_is_on_demand(profile) && profile_is_ikev2(profile) &&
		g_strcmp0(profile_get(profile, "narrowing"), "yes") == 0)
		return unsupported(
			params,
			_("nm-connect-mode=ondemand with IKEv2 and narrowing, which an address from "
			  "the gateway needs; IKEv1 can, or a connection from the start"),
			error);

	if (at_least(params, 5, 0))
		return TRUE;
	wrong = find_subnets_wrong_for_4(profile, "right", "left");
	if (!wrong)
		wrong = find_subnets_wrong_for_4(profile, "left", "right");
	return !wrong || unsupported(params, wrong, error);
}

static gboolean
append_uint(GString *conf, const char *keyword, guint32 value, GError **error)
{
	char number[16];

	g_snprintf(number, sizeof(number), "%" G_GUINT32_FORMAT, value);
	return ipsec_conf_append_number(conf, keyword, number, error);
}

static gboolean
append_setup(GString *conf, const Profile *profile, const IpsecConfParams *params, GError **error)
{
	g_string_append(conf, "config setup\n");
	if (!append_optional(conf, "nssdir", params->nssdir, error) ||
		!append_optional(conf, "secretsfile", params->secretsfile, error) ||
		!append_optional(conf, "dumpdir", params->dumpdir, error) ||
		!append_optional(conf, "ipsecdir", params->ipsecdir, error) ||
		!append_optional(conf, "listen", params->listen, error))
		return FALSE;
	/* The keyword came with 4.2. Libreswan's default is to drop IKEv1 since
	 * 5.0, Debian's already in 4.10. */
	if (!profile_is_ikev2(profile) && at_least(params, 4, 2) &&
		!ipsec_conf_append(conf, "ikev1-policy", "accept", error))
		return FALSE;
	/* 5.0 to 5.2 write what this says, or 30, where the host has something else; 5.3 and later take
	 * what the host has, and 4.x never did. */
	if (params->acq_expires && at_least(params, 5, 0) && !at_least(params, 5, 3) &&
		!append_uint(conf, "xfrmlifetime", params->acq_expires, error))
		return FALSE;
	/* The addresses on the interface are NetworkManager's. */
	if (params->if_id && at_least(params, 5, 2) &&
		!ipsec_conf_append(conf, "ipsec-interface-managed", "no", error))
		return FALSE;
	return TRUE;
}

/* What a row's value is called in the file where it differs. */
static const char *
spell(const Option *option, const Profile *profile, const IpsecConfParams *params,
	  const char *value)
{
	const guint major = params->libreswan_major;

	if (params->gateway && g_str_equal(option->key, "right"))
		return params->gateway;
	if (params->listen && g_str_equal(option->key, "left"))
		return params->listen;
	if (g_str_equal(option->key, "ikev2") && major >= 5)
		return profile_is_ikev2(profile) ? "ikev2" : "ikev1";
	/* IKEv2 has no way to force it; libreswan 5 warns of the word. */
	if (g_str_equal(option->key, "fragmentation") && profile_is_ikev2(profile) &&
		g_str_equal(value, "force"))
		return "yes";
	return value;
}

/* pluto asks the kernel to migrate policies without saying of which if_id (4.10 to 5.4), so it
 * finds none of an interface's. Recovery is faster, too: pluto waits 3 s after a new address. */
static gboolean
is_left_out(const Option *option, const IpsecConfParams *params)
{
	/* Its one word, "cisco", says that the gateway does not ask for XAUTH again. */
	if (params->xauth_again && g_str_equal(option->key, "remote-peer-type"))
		return TRUE;
	return params->if_id && g_str_equal(option->key, "mobike");
}

/* Whether a row belongs to the IKE version. Before 4.7 libreswan wants dpdtimeout of IKEv2 too, or
 * it does not ask whether the gateway lives. */
static gboolean
belongs(const Option *option, const Profile *profile, const IpsecConfParams *params)
{
	if (g_str_equal(option->key, "dpdtimeout") && !at_least(params, 4, 7))
		return TRUE;
	return (option->ike & (profile_is_ikev2(profile) ? OPTION_IKEV2 : OPTION_IKEV1)) != 0;
}

static gboolean
append_keys(GString *conf, const Profile *profile, const IpsecConfParams *params, GError **error)
{
	guint n;
	const Option *options = option_all(&n);

	for (guint i = 0; i < n; i++) {
		const Option *option = &options[i];
		const char *keyword = params->libreswan_major >= 5 ? option->conf5 : option->conf4;
		const char *value = profile_get_option(profile, option);

		if (!keyword || !value || !belongs(option, profile, params) || is_left_out(option, params))
			continue;
		value = spell(option, profile, params, value);
		if (option->kind == OPTION_NUMBER || option->kind == OPTION_DURATION) {
			if (!ipsec_conf_append_number(conf, keyword, value, error))
				return FALSE;
		} else if (!ipsec_conf_append(conf, keyword, value, error)) {
			return FALSE;
		}
	}
	return TRUE;
}

static guint64
shorter(guint64 seconds, const char *lifetime)
{
	guint64 its = lifetime ? option_duration(lifetime) : 0;

	return its > 0 ? MIN(seconds, its) : seconds;
}

/* pluto makes an SA anew between one and two times rekeymargin before its end (rekeyfuzz=100%). Its
 * own nine minutes are more than a short life has: libreswan 4 then begins when the old SA ends,
 * and the tunnel with it; libreswan 5 gives it a longer life than was asked for. */
static gboolean
append_rekey_margin(GString *conf, const Profile *profile, GError **error)
{
	guint64 life = shorter(shorter(G_MAXUINT64, profile_get(profile, "ikelifetime")),
						   profile_get(profile, "salifetime"));
	g_autofree char *text = NULL;

	if (!profile_has_auto_defaults(profile) || life / LIVES_PER_MARGIN >= DEFAULT_MARGIN)
		return TRUE;
	text = g_strdup_printf("%" G_GUINT64_FORMAT "s", MAX(life / LIVES_PER_MARGIN, 1));
	return ipsec_conf_append_number(conf, "rekeymargin", text, error);
}

/* Keywords that the profile itself may have, too: 4.10 does not load a conn with one twice. */
static gboolean
append_unless_given(GString *conf, const Profile *profile, const char *keyword, const char *value,
					GError **error)
{
	return profile_get(profile, keyword) || append_optional(conf, keyword, value, error);
}

static gboolean
append_certificates(GString *conf, const Profile *profile,
					const IpsecConfCertificates *certificates, GError **error)
{
	if (!certificates)
		return TRUE;
	return append_optional(conf, "leftcert", certificates->leftcert, error) &&
		   append_optional(conf, "leftckaid", certificates->leftckaid, error) &&
		   append_unless_given(conf, profile, "rightca", certificates->rightca, error) &&
		   /* With `issuer` only one of several goes out. */
		   append_optional(conf, "sendca", certificates->sends_issuers ? "all" : NULL, error) &&
		   append_optional(conf, "leftauth", certificates->leftauth, error) &&
		   append_optional(conf, "rightauth", certificates->rightauth, error);
}

static gboolean
append_conn(GString *conf, const Profile *profile, const IpsecConfParams *params, GError **error)
{
	g_string_append_printf(conf, "\nconn %s\n", params->conn_name);
	if (!append_keys(conf, profile, params, error) || !append_rekey_margin(conf, profile, error) ||
		!append_certificates(conf, profile, params->certificates, error))
		return FALSE;
	if ((params->if_id && !append_uint(conf, "ipsec-interface", params->if_id, error)) ||
		(params->reqid && !append_uint(conf, "reqid", params->reqid, error)))
		return FALSE;
	return append_optional(conf, "leftupdown", params->updown, error) &&
		   append_optional(conf, "auto", params->auto_mode, error);
}

char *
ipsec_conf_write(const Profile *profile, const IpsecConfParams *params, GError **error)
{
	g_autoptr(GString) conf = g_string_new(NULL);

	if (!is_name(params->conn_name)) {
		g_autofree char *quoted = option_quote(params->conn_name ?: "");

		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("%s cannot be the name of a conn"), quoted);
		return NULL;
	}
	if (!check_version(profile, params, error) || !append_setup(conf, profile, params, error) ||
		!append_conn(conf, profile, params, error))
		return NULL;
	return g_string_free(g_steal_pointer(&conf), FALSE);
}
