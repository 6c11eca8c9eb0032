/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "ipsec-export.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ipsec-conf.h"
#include "nm-comment.h"

/* Longer ones nobody can read in a log. */
#define CONN_NAME_MAX 100

/* The service writes it itself, so the table has no keyword. */
static gboolean
is_ours(const Option *option)
{
	return g_str_equal(option->key, "ipsec-interface");
}

static const char *
keyword_of(const Option *option)
{
	/* The one of its two names that NetworkManager-libreswan knows. */
	if (g_str_equal(option->key, "aggressive"))
		return "aggrmode";
	return is_ours(option) ? option->key : option->conf4;
}

/* Recovery is NetworkManager's, so what we tell pluto about it is no part of the profile. */
static gboolean
is_about_recovery(const Option *option)
{
	static const char *const keys[] = {"keyingtries", "dpdaction", "retransmit-timeout", NULL};

	return g_strv_contains(keys, option->key);
}

/* Whether a row stands in the conn. */
static gboolean
is_exported(const Option *option, const Profile *profile)
{
	guint ike = profile_is_ikev2(profile) ? OPTION_IKEV2 : OPTION_IKEV1;
	const char *value = profile_get_option(profile, option);

	if (!value || !keyword_of(option) || !(option->ike & ike) || is_about_recovery(option))
		return FALSE;
	/* NetworkManager-libreswan cannot read it; "no" is what it does where there is no leftid. */
	return !g_str_equal(option->key, "aggressive") || !g_str_equal(value, "no") ||
		   profile_get(profile, "leftid");
}

/* A conn's name is one word; the connection's may be anything. */
static char *
conn_name(const char *id)
{
	g_autoptr(GString) name = g_string_new(NULL);

	for (const char *p = id ?: ""; *p; p++) {
		if (g_ascii_isalnum(*p) || strchr("-_.", *p))
			g_string_append_c(name, *p);
		else if (name->len && name->str[name->len - 1] != '-')
			g_string_append_c(name, '-');
	}
	if (strspn(name->str, "0123456789-.") == name->len)
		g_string_prepend(name, "vpn");
	g_string_truncate(name, MIN(name->len, CONN_NAME_MAX));
	return g_string_free(g_steal_pointer(&name), FALSE);
}

/* Quotes keep the blanks around a value, which the end of a line would lose. */
static void
append_comment(GString *text, const char *prefix, const char *key, const char *value)
{
	const char *quote = value[0] == ' ' || g_str_has_suffix(value, " ") ? "\"" : "";

	g_string_append_printf(text, "# %s%s=%s%s%s\n", prefix, key, quote, value, quote);
}

static void
append_name(GString *text, const char *id, const char *name)
{
	g_autofree char *escaped = NULL;

	if (!id || g_str_equal(id, name))
		return;
	if (option_text_is_safe(id)) {
		append_comment(text, "", NM_COMMENT_NAME, id);
		return;
	}
	escaped = g_uri_escape_string(id, " /:@,()", TRUE);
	append_comment(text, "", NM_COMMENT_NAME_ESCAPED, escaped);
}

/* What the conn, or a comment of its own, says of a key; or NULL. */
static const char *
written_value(const Profile *profile, const Option *option)
{
	gboolean in_comment = option->flags & OPTION_NM_ONLY && !is_ours(option);

	return in_comment || is_exported(option, profile) ? profile_get_option(profile, option) : NULL;
}

/* Which keys are the user's own, and how he spells them where the conn does otherwise. */
static void
append_given(GString *text, NMSettingVpn *setting, const Profile *profile)
{
	g_autoptr(GString) keys = g_string_new(NULL);
	guint n;
	const Option *options = option_all(&n);

	for (guint i = 0; i < n; i++) {
		const Option *option = &options[i];
		const char *given = nm_setting_vpn_get_data_item(setting, option->key);

		if (!given || !*given)
			continue;
		g_string_append_printf(keys, "%s%s", keys->len ? " " : "", option->key);
		if (g_strcmp0(given, written_value(profile, option)) != 0)
			append_comment(text, NM_COMMENT_GIVEN, option->key, given);
	}
	append_comment(text, "", NM_COMMENT_KEYS, keys->str);
}

/* What is ours alone, and would not come back from the keywords. */
static void
append_comments(GString *text, NMSettingVpn *setting, const Profile *profile, const char *name)
{
	const char *user_name = nm_setting_vpn_get_user_name(setting);
	guint n;
	const Option *options = option_all(&n);

	g_string_append(text, "# NetworkManager specific configs, don't remove:\n");
	append_name(text, profile_get_id(profile), name);
	if (user_name && *user_name && option_validate(option_find("leftusername"), user_name, NULL))
		append_comment(text, "", NM_COMMENT_USER_NAME, user_name);
	for (guint i = 0; i < n; i++) {
		const char *key = options[i].key;
		const char *value = profile_get_option(profile, &options[i]);

		if (value && options[i].flags & OPTION_NM_ONLY && !g_str_equal(key, "ipsec-interface"))
			append_comment(text, g_str_has_prefix(key, "nm-") ? "" : NM_COMMENT_OPTION, key, value);
	}
	append_given(text, setting, profile);
}

static gboolean
append_keys(GString *text, const Profile *profile, GError **error)
{
	guint n;
	const Option *options = option_all(&n);

	for (guint i = 0; i < n; i++) {
		const Option *option = &options[i];
		const char *value = profile_get_option(profile, option);
		gboolean ok;

		if (!is_exported(option, profile))
			continue;
		if (option->kind == OPTION_NUMBER || option->kind == OPTION_DURATION ||
			option->kind == OPTION_INTERFACE)
			ok = ipsec_conf_append_number(text, keyword_of(option), value, error);
		else
			ok = ipsec_conf_append(text, keyword_of(option), value, error);
		if (!ok)
			return FALSE;
	}
	return TRUE;
}

char *
ipsec_export_conn(const Profile *profile, const char *name, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	g_string_append_printf(text, "conn %s\n", name);
	if (!append_keys(text, profile, error))
		return NULL;
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Without the certificate nobody could connect with the file, neither libreswan nor
 * NetworkManager-libreswan; and import takes no file's word for another file to be read. */
static gboolean
check_files(const Profile *profile, GError **error)
{
	if (!profile_needs_import(profile))
		return TRUE;
	if (profile_has_key_file(profile)) {
		g_set_error_literal(error, PROFILE_ERROR, PROFILE_ERROR_UNSUPPORTED,
							_("key: names a file of this computer, which an exported file does not "
							  "have in it; allowed is leftckaid, the ID of a key in libreswan's "
							  "NSS database"));
		return FALSE;
	}
	if (profile_get_token(profile)) {
		g_set_error_literal(
			error, PROFILE_ERROR, PROFILE_ERROR_UNSUPPORTED,
			_("cert: names a token, and the authority in ca is a file of this computer, which an "
			  "exported file does not have in it; allowed is leftcert, the nickname of a "
			  "certificate in libreswan's NSS database"));
		return FALSE;
	}
	g_set_error_literal(error, PROFILE_ERROR, PROFILE_ERROR_UNSUPPORTED,
						_("cert: names a file of this computer, which an exported file does not "
						  "have in it; allowed is leftcert, the nickname of a certificate in "
						  "libreswan's NSS database"));
	return FALSE;
}

char *
ipsec_export(NMConnection *connection, GError **error)
{
	g_autoptr(Profile) profile = profile_new(connection, error);
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *name = NULL;
	g_autofree char *conn = NULL;

	if (!profile || !check_files(profile, error))
		return NULL;
	name = conn_name(profile_get_id(profile));
	conn = ipsec_export_conn(profile, name, error);
	if (!conn)
		return NULL;
	g_string_append(text,
					"# A connection of NetworkManager, as ipsec.conf(5) for libreswan, which "
					"loads it with\n"
					"# auto=add, auto=ondemand or auto=start in the conn. Its secrets are not "
					"in this file.\n");
	append_comments(text, nm_connection_get_setting_vpn(connection), profile, name);
	g_string_append_printf(text, "\n%s", conn);
	return g_string_free(g_steal_pointer(&text), FALSE);
}
