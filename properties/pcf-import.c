/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "pcf-import.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cisco-password.h"
#include "option.h"

typedef struct {
	ImportDraft *draft;
	GHashTable *values; /* key in lower case -> value */
} Pcf;

/* What has no meaning for us whatever its value: what NetworkManager does itself, what the client
 * does on Windows, and what counts with another key alone that is looked at. */
static const char *const without_meaning[] = {
	"description",       "enableispconnect",
	"ispconnecttype",    "ispconnect",
	"ispphonebook",      "ispcommand",
	"enablemslogon",     "mslogontype",
	"enablenat",         "tcptunnelingport",
	"certstore",         "certpath",
	"certserialhash",    "sendcertchain",
	"peertimeout",       "forcekeepalives",
	"enablelocallan",    "enablesplitdns",
	"forcenetlogin",     "uselegacyikeport",
	"radiussdi",         "sdiusehardwaretoken",
	"dialupwait",        "forcenatkeepalives",
	"forcenatt",         "iphoneconnectcommand",
	"natkeepalive",      "dhcpguard",
	"linkbackupservers", "statefulfirewallalwayson",
};

static const char *
get(const Pcf *pcf, const char *key)
{
	return g_hash_table_lookup(pcf->values, key);
}

/* Takes it out, so that what is left at the end is what nobody has looked at. */
static char *
take(Pcf *pcf, const char *key)
{
	char *value = g_strdup(get(pcf, key));

	g_hash_table_remove(pcf->values, key);
	return value && *value ? value : (g_free(value), NULL);
}

static gboolean
is_on(const char *value)
{
	return g_strcmp0(value, "1") == 0;
}

static void
wipe_free(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	g_free(secret);
}

/* A password is there as it is, or obscured. */
static void
take_password(Pcf *pcf, const char *plain_key, const char *obscured_key, const char *label,
			  const char *obscured_label, const char *key)
{
	g_autofree char *obscured = take(pcf, obscured_key);
	char *password = take(pcf, plain_key);

	if (!password && obscured) {
		label = obscured_label;
		password = cisco_password_reveal(obscured);
		if (!password)
			import_draft_refuse(pcf->draft, label,
								_("this is no password that Cisco's client has written: a part of "
								  "it is missing, or was changed"));
	}
	import_draft_set_secret(pcf->draft, label, key, password);
	wipe_free(password);
}

static gboolean
take_auth(Pcf *pcf, GError **error)
{
	g_autofree char *type = take(pcf, "authtype");
	g_autofree char *group = take(pcf, "groupname");
	g_autofree char *certificate = take(pcf, "certname");
	g_autofree char *subject = take(pcf, "certsubjectname");
	g_autofree char *verify = take(pcf, "verifycertdn");

	if (g_strcmp0(type, "5") == 0) {
		g_set_error_literal(error, PROFILE_ERROR, PROFILE_ERROR_UNSUPPORTED,
							_("AuthType=5: this is mutual group authentication (hybrid), which "
							  "libreswan cannot do; NetworkManager-vpnc can"));
		return FALSE;
	}
	if (g_strcmp0(type, "3") == 0) {
		import_draft_set(pcf->draft, "AuthType", "authby", "rsasig");
		import_draft_refuse(pcf->draft, "AuthType=3",
							_("the certificate is not in the file: import it as a .p12 file, and "
							  "enter the gateway there"));
		return TRUE;
	}
	if (type && !is_on(type)) {
		g_autofree char *quoted = option_quote(type);

		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("AuthType=%s: allowed is 1 (a group's secret) or 3 (a certificate)"), quoted);
		return FALSE;
	}
	import_draft_set(pcf->draft, "AuthType", "authby", "secret");
	if (group)
		import_draft_set_group(pcf->draft, "GroupName", group);
	else
		import_draft_refuse(pcf->draft, "GroupName", _("the name of the group is missing"));
	import_draft_want_secret(pcf->draft, "pskvalue", FALSE);
	take_password(pcf, "grouppwd", "enc_grouppwd", "GroupPwd", "enc_GroupPwd", "pskvalue");
	return TRUE;
}

static void
take_user(Pcf *pcf)
{
	g_autofree char *user = take(pcf, "username");
	g_autofree char *save = take(pcf, "saveuserpassword");
	g_autofree char *domain = take(pcf, "ntdomain");

	import_draft_set(pcf->draft, "Username", "leftusername", user);
	import_draft_want_secret(pcf->draft, "xauthpassword", save && !is_on(save));
	take_password(pcf, "userpassword", "enc_userpassword", "UserPassword", "enc_UserPassword",
				  "xauthpassword");
	if (domain)
		import_draft_note(pcf->draft, "NTDomain",
						  _("is left out; a gateway that asks for a domain takes it with the user "
							"name, as DOMAIN\\user"));
}

static void
take_group(Pcf *pcf)
{
	g_autofree char *group = take(pcf, "dhgroup");

	/* 5 is what there is without it, in aggressive mode. */
	if (!group || g_str_equal(group, "5"))
		return;
	if (g_str_equal(group, "1") || g_str_equal(group, "2"))
		import_draft_note(pcf->draft, "DHGroup",
						  _("the Diffie-Hellman groups 1 and 2 are too weak for many builds of "
							"libreswan: group 5 is used, which the gateway has to allow"));
	else if (g_str_equal(group, "14"))
		import_draft_set(pcf->draft, "DHGroup", "ike", "aes256-sha1;modp2048");
	else
		import_draft_refuse(pcf->draft, "DHGroup", _("allowed is 1, 2, 5 or 14"));
}

static void
take_rest(Pcf *pcf)
{
	g_autofree char *mode = take(pcf, "tunnelingmode");
	g_autofree char *backup = take(pcf, "enablebackup");
	g_autofree char *servers = take(pcf, "backupserver");
	g_autofree char *nat = g_strdup(get(pcf, "enablenat"));
	g_autoptr(GList) left = NULL;

	if (is_on(mode) && g_strcmp0(nat, "0") != 0)
		import_draft_refuse(pcf->draft, "TunnelingMode=1",
							_("IPsec inside TCP is Cisco's own; ask for a gateway that takes UDP "
							  "(TunnelingMode=0)"));
	if (is_on(backup) && servers)
		import_draft_note(pcf->draft, "BackupServer",
						  _("is left out: a connection has one gateway; import the file once for "
							"each"));
	for (guint i = 0; i < G_N_ELEMENTS(without_meaning); i++)
		g_hash_table_remove(pcf->values, without_meaning[i]);
	left = g_list_sort(g_hash_table_get_keys(pcf->values), (GCompareFunc) strcmp);
	for (GList *l = left; l; l = l->next) {
		g_autofree char *quoted = option_quote(l->data);

		import_draft_note(pcf->draft, quoted, _("is not known, and left out"));
	}
}

/*****************************************************************************/

static gboolean
fail_line(guint line, const char *why, GError **error)
{
	g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID, _("line %u: %s"), line, why);
	return FALSE;
}

static gboolean
read_line(Pcf *pcf, char *text, guint line, gboolean *in_main, GError **error)
{
	char *equals;
	g_autofree char *key = NULL;

	g_strstrip(text);
	if (!*text || *text == ';')
		return TRUE;
	if (*text == '[') {
		*in_main = g_ascii_strcasecmp(text, "[main]") == 0;
		return TRUE;
	}
	equals = strchr(text, '=');
	if (!equals)
		return fail_line(line, _("this is neither key=value, nor a [section], nor a ;comment"),
						 error);
	if (!*in_main)
		return TRUE;
	/* The client's user cannot change what has a ! in front. */
	key = g_ascii_strdown(text + (*text == '!'), equals - text - (*text == '!'));
	g_strchomp(key);
	if (g_hash_table_contains(pcf->values, key)) {
		g_autofree char *quoted = option_quote(key);
		g_autofree char *why = g_strdup_printf(_("%s is there twice"), quoted);

		return fail_line(line, why, error);
	}
	g_hash_table_insert(pcf->values, g_steal_pointer(&key), g_strdup(g_strchug(equals + 1)));
	return TRUE;
}

static gboolean
read_lines(Pcf *pcf, const char *text, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", PCF_LINES_MAX + 1);
	gboolean in_main = FALSE, ok = TRUE;

	for (guint i = 0; lines[i]; i++) {
		gsize len = strlen(lines[i]);

		if (i == PCF_LINES_MAX && ok)
			ok = fail_line(i + 1, _("no such file has so many lines"), error);
		ok = ok && read_line(pcf, lines[i], i + 1, &in_main, error);
		explicit_bzero(lines[i], len);
	}
	return ok;
}

static gboolean
take_all(Pcf *pcf, GError **error)
{
	g_autofree char *host = take(pcf, "host");

	import_draft_set_name(pcf->draft, get(pcf, "description"));
	import_draft_set(pcf->draft, "Host", "ikev2", "never");
	if (host)
		import_draft_set(pcf->draft, "Host", "right", host);
	else
		import_draft_lack_gateway(pcf->draft);
	import_draft_set(pcf->draft, "Host", "vendor", "Cisco");
	if (!take_auth(pcf, error))
		return FALSE;
	take_user(pcf);
	take_group(pcf);
	take_rest(pcf);
	return TRUE;
}

gboolean
pcf_import(const char *text, ImportDraft *draft, GError **error)
{
	Pcf pcf = {.draft = draft};
	gboolean ok;

	pcf.values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify) wipe_free);
	ok = read_lines(&pcf, text, error) && take_all(&pcf, error);
	g_hash_table_unref(pcf.values);
	return ok;
}
