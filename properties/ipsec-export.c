/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "ipsec-export.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ipsec-conf.h"
#include "nm-comment.h"

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
	return g_string_free(g_steal_pointer(&name), FALSE);
}

/* Quotes keep the blanks around a value, which the end of a line would lose. */
static void
append_comment(GString *text, const char *prefix, const char *key, const char *value)
{
	const char *quote = value[0] == ' ' || g_str_has_suffix(value, " ") ? "\"" : "";

	g_string_append_printf(text, "# %s%s=%s%s%s\n", prefix, key, quote, value, quote);
}

/* What is ours alone, and would not come back from the keywords. */
static void
append_comments(GString *text, const Profile *profile, const char *name)
{
	guint n;
	const Option *options = option_all(&n);
	const char *id = profile_get_id(profile);

	g_string_append(text, "# NetworkManager specific configs, don't remove:\n");
	if (id && option_text_is_safe(id) && !g_str_equal(id, name))
		append_comment(text, "", NM_COMMENT_NAME, id);
	for (guint i = 0; i < n; i++) {
		const char *key = options[i].key;
		const char *value = profile_get_option(profile, &options[i]);

		if (value && options[i].flags & OPTION_NM_ONLY && !g_str_equal(key, "ipsec-interface") &&
			!g_str_equal(key, "mtu"))
			append_comment(text, g_str_has_prefix(key, "nm-") ? "" : NM_COMMENT_OPTION, key, value);
	}
}

/* Recovery is NetworkManager's, so what we tell pluto about it is no part of the profile. */
static gboolean
is_about_recovery(const Option *option)
{
	static const char *const keys[] = {"keyingtries", "dpdaction", "retransmit-timeout", NULL};

	return g_strv_contains(keys, option->key);
}

static gboolean
append_keys(GString *text, const Profile *profile, GError **error)
{
	guint ike = profile_is_ikev2(profile) ? OPTION_IKEV2 : OPTION_IKEV1;
	guint n;
	const Option *options = option_all(&n);

	for (guint i = 0; i < n; i++) {
		const Option *option = &options[i];
		const char *value = profile_get_option(profile, option);
		const char *keyword = option->conf4;
		gboolean ok;

		if (g_str_equal(option->key, "ipsec-interface") || g_str_equal(option->key, "mtu"))
			keyword = option->key; /* written by the service or NetworkManager otherwise */
		if (!keyword || !value || !(option->ike & ike) || is_about_recovery(option))
			continue;
		if (option->kind == OPTION_NUMBER || option->kind == OPTION_DURATION ||
			option->kind == OPTION_INTERFACE)
			ok = ipsec_conf_append_number(text, keyword, value, error);
		else
			ok = ipsec_conf_append(text, keyword, value, error);
		if (!ok)
			return FALSE;
	}
	return TRUE;
}

char *
ipsec_export(NMConnection *connection, GError **error)
{
	g_autoptr(Profile) profile = profile_new(connection, error);
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *name = NULL;

	if (!profile)
		return NULL;
	name = conn_name(profile_get_id(profile));
	g_string_append(text, "# A connection of NetworkManager, as ipsec.conf(5) for libreswan.\n"
						  "# Its secrets are not in this file.\n");
	append_comments(text, profile, name);
	g_string_append_printf(text, "\nconn %s\n", name);
	if (!append_keys(text, profile, error))
		return NULL;
	if (!ipsec_conf_append(text, "auto", profile_is_on_demand(profile) ? "ondemand" : "start",
						   error))
		return NULL;
	return g_string_free(g_steal_pointer(&text), FALSE);
}
