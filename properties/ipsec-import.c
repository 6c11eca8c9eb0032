/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "ipsec-import.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "client-conn.h"
#include "exported-keys.h"
#include "left-out.h"
#include "nm-comment.h"
#include "profile.h"
#include "proposals.h"
#include "protoport.h"
#include "subnet.h"
#include "vpn-connection.h"

/* How many lines an error names at most. */
#define PROBLEMS_MAX 20

/* Keywords that are another name for one of ours, without left or right. */
static const struct {
	const char *keyword, *key;
} synonyms[] = {
	{"ipsec-lifetime", "salifetime"},
	{"lifetime", "salifetime"},
	{"keylife", "salifetime"},
	{"ikev1-dpdtimeout", "dpdtimeout"},
};

typedef struct {
	const IpsecConfFile *file;
	GHashTable *entries; /* keyword -> IpsecConfEntry, with left for our side */
	GHashTable *data;    /* what becomes vpn.data; owns both */
	GPtrArray *notes;    /* what to say although nothing is wrong, or NULL */
	ExportedKeys exported;
	GHashTable *taken;     /* the options that have a value */
	const char *user_name; /* vpn.user-name, or NULL */
	gboolean from_us;      /* NetworkManager has exported it */
	gboolean half;         /* what is wrong is a note */
	GString *problems;
	guint n_problems;
} Import;

/* In a message. */
static char *
show_value(const IpsecConfEntry *entry)
{
	const Option *option = option_find(entry->keyword);
	gboolean is_known = option && !(option->flags & OPTION_SECRET_KEY);

	return is_known ? option_quote(entry->value) : ipsec_conf_show(entry->keyword, entry->value);
}

static void
problem(Import *import, const IpsecConfEntry *entry, const char *why)
{
	g_autofree char *value = NULL;

	if (import->n_problems++ >= PROBLEMS_MAX)
		return;
	value = show_value(entry);
	if (import->half) {
		g_ptr_array_add(import->notes, g_strdup_printf(_("line %u: %s=%s: %s"), entry->line,
													   entry->keyword, value, why));
		return;
	}
	g_string_append_printf(import->problems, _("\nline %u: %s=%s: %s"), entry->line, entry->keyword,
						   value, why);
}

static void
note(Import *import, const char *text)
{
	if (text && import->notes)
		g_ptr_array_add(import->notes, g_strdup(text));
}

/* What the connection does without, or has otherwise. */
static void
note_entry(Import *import, const IpsecConfEntry *entry, const char *why)
{
	g_autofree char *value = import->notes ? show_value(entry) : NULL;

	if (import->notes)
		g_ptr_array_add(import->notes, g_strdup_printf(_("line %u: %s=%s is left out: %s"),
													   entry->line, entry->keyword, value, why));
}

/*****************************************************************************/
/* What a setting becomes. */

static void
set(Import *import, const char *key, const char *value)
{
	g_hash_table_insert(import->data, g_strdup(key), g_strdup(value));
}

static const char *
get(const Import *import, const char *key)
{
	return g_hash_table_lookup(import->data, key);
}

static const Option *
option_for_keyword(const char *keyword)
{
	guint n;
	const Option *options = option_all(&n);

	for (guint i = 0; i < G_N_ELEMENTS(synonyms); i++) {
		if (g_str_equal(keyword, synonyms[i].keyword))
			keyword = synonyms[i].key;
	}
	for (guint i = 0; i < n; i++) {
		const Option *option = &options[i];

		if (g_strcmp0(option->conf4, keyword) == 0 || g_strcmp0(option->conf5, keyword) == 0)
			return option;
		if (option->same_as && g_str_equal(option->key, keyword))
			return option_find(option->same_as);
	}
	if (g_str_equal(keyword, "ipsec-interface") || g_str_equal(keyword, "mtu"))
		return option_find(keyword);
	return NULL;
}

static gboolean
has_word(const char *list, const char *word)
{
	g_auto(GStrv) words = g_strsplit(list, ",", -1);

	return g_strv_contains((const char *const *) words, word);
}

static void take_option(Import *import, const IpsecConfEntry *entry, const Option *option);

static const IpsecConfEntry *
entry_of(const Import *import, const char *keyword)
{
	return g_hash_table_lookup(import->entries, keyword);
}

static gboolean
is_entry(const Import *import, const char *keyword, const char *value)
{
	const IpsecConfEntry *entry = entry_of(import, keyword);

	return entry && g_ascii_strcasecmp(entry->value, value) == 0;
}

/* Both ends prove themselves in the same way: that is authby. */
static gboolean
take_auth(Import *import, const IpsecConfEntry *entry)
{
	static const char *const words[] = {"secret", "rsasig", "rsa", "ecdsa", "null", NULL};
	gboolean left = g_str_equal(entry->keyword, "leftauth");
	const char *other = left ? "rightauth" : "leftauth";
	IpsecConfEntry authby = {.keyword = (char *) "authby", .value = entry->value};

	if (!left && !g_str_equal(entry->keyword, "rightauth"))
		return FALSE;
	authby.line = entry->line;
	if (!g_strv_contains(words, entry->value))
		problem(import, entry, _("allowed is secret, rsasig, ecdsa"));
	else if (!is_entry(import, other, entry->value))
		problem(import, entry,
				_("both ends have to prove who they are in the same way: leftauth and rightauth "
				  "differ"));
	else if (left)
		take_option(import, &authby, option_find("authby"));
	return TRUE;
}

/* The keywords that are no row of the table but mean something all the same. */
static gboolean
take_special(Import *import, const IpsecConfEntry *entry)
{
	const char *value = entry->value;

	if (g_str_equal(entry->keyword, "auto")) {
		if (g_str_equal(value, "ondemand") || g_str_equal(value, "route"))
			set(import, "nm-connect-mode", "ondemand");
		else if (!import->from_us && !g_str_equal(value, "add") && !g_str_equal(value, "ignore"))
			note_entry(import, entry, _("connection.autoconnect says whether it starts by itself"));
		return TRUE;
	}
	if (g_str_equal(entry->keyword, "keyexchange")) {
		if (g_str_equal(value, "ikev1") || g_str_equal(value, "ikev2"))
			set(import, "ikev2", g_str_equal(value, "ikev2") ? "insist" : "never");
		else if (!g_str_equal(value, "ike"))
			problem(import, entry, _("allowed is ikev1, ikev2 or ike"));
		return TRUE;
	}
	if (g_str_equal(entry->keyword, "forceencaps") && g_str_equal(value, "yes")) {
		set(import, "encapsulation", "yes");
		return TRUE;
	}
	if (g_str_has_suffix(entry->keyword, "addresspool") &&
		is_entry(import, "leftmodecfgclient", "yes")) {
		note_entry(import, entry, _("is for a gateway that answers clients"));
		return TRUE;
	}
	return take_auth(import, entry);
}

/* The key is the keyword where a profile may have it: KDE's editor shows leftxauthusername alone.
 */
static const char *
key_for(const Option *option, const char *keyword)
{
	const Option *own = option_find(keyword);

	/* What NetworkManager-libreswan calls it. */
	if (g_str_equal(option->key, "aggressive"))
		return "aggrmode";
	return own && g_strcmp0(own->same_as, option->key) == 0 ? own->key : option->key;
}

static void
take_option(Import *import, const IpsecConfEntry *entry, const Option *option)
{
	g_autofree char *normal = option_normalize(option, entry->value, NULL);

	if (!normal) {
		g_autofree char *why = option_explain(option, entry->value);

		problem(import, entry, why);
	} else if (g_str_equal(option->key, "authby") && has_word(normal, "null")) {
		/* Of a file that came by mail nobody expects that. */
		problem(import, entry,
				_("with null the gateway does not have to prove who it is, and whoever answers in "
				  "its place gets what goes through the tunnel; if that is what you want, make the "
				  "connection by hand"));
	} else if (!g_hash_table_contains(import->taken, option)) {
		g_hash_table_add(import->taken, (gpointer) option);
		set(import, key_for(option, entry->keyword), normal);
	}
}

/* A policy-based tunnel's routes get their source by the service. */
static gboolean
take_source(Import *import, const IpsecConfEntry *entry)
{
	const IpsecConfEntry *subnet = entry_of(import, "leftsubnet");
	g_autofree char *list = NULL;

	if (!g_str_equal(entry->keyword, "leftsourceip"))
		return FALSE;
	if (!subnet)
		subnet = entry_of(import, "leftsubnets");
	list = subnet ? subnet_normalize_list(subnet->value) : NULL;
	if (is_entry(import, "leftmodecfgclient", "yes"))
		note_entry(import, entry, _("the gateway assigns the address"));
	else if (list && subnet_list_has(list, entry->value))
		return FALSE;
	else
		note_entry(import, entry,
				   _("it is not in leftsubnet, so that the tunnel would carry nothing from it"));
	return TRUE;
}

static void
take_entry(Import *import, const IpsecConfEntry *entry)
{
	/* libreswan 3 had underscores in many. */
	g_autofree char *dashes = g_strdelimit(g_strdup(entry->keyword), "_", '-');
	const Option *option;
	const char *why;

	if (!entry->value[0] || take_source(import, entry))
		return;
	switch (left_out_find(dashes, entry->value, &why)) {
	case LEFT_OUT_SILENTLY:
		return;
	case LEFT_OUT_NAMED:
		note_entry(import, entry, why);
		return;
	case LEFT_OUT_NOT:
		break;
	}
	if (take_special(import, entry))
		return;
	option = option_for_keyword(entry->keyword);
	if (!option)
		option = option_for_keyword(dashes);
	if (option)
		take_option(import, entry, option);
	else
		problem(import, entry,
				why ? why : _("a connection of NetworkManager cannot have this keyword"));
}

static gint
compare_lines(gconstpointer a, gconstpointer b)
{
	const IpsecConfEntry *one = a, *two = b;

	return one->line < two->line ? -1 : one->line > two->line;
}

/* In the order of the file: of two spellings of a key the first counts, and the
 * problems are in order. */
static void
take_entries(Import *import)
{
	g_autoptr(GList) entries = g_hash_table_get_values(import->entries);

	entries = g_list_sort(entries, compare_lines);
	for (GList *e = entries; e; e = e->next)
		take_entry(import, e->data);
}

/*****************************************************************************/
/* What only NetworkManager reads. */

/* Splits "key = value" off a comment; FALSE if it is not of that form. A value
 * that begins or ends with a blank is in quotes. */
static gboolean
split_comment(const char *comment, char **key, char **value)
{
	const char *equals = strchr(comment, '=');
	gsize len;

	if (!equals)
		return FALSE;
	*key = g_strstrip(g_strndup(comment, (gsize) (equals - comment)));
	*value = g_strstrip(g_strdup(equals + 1));
	len = strlen(*value);
	if (len >= 2 && (*value)[0] == '"' && (*value)[len - 1] == '"') {
		(*value)[len - 1] = '\0';
		memmove(*value, *value + 1, len - 1);
	}
	return TRUE;
}

/* What a terminal would carry out where the name is printed as it is. */
static gboolean
commands_terminal(const char *name)
{
	for (const char *at = name; *at; at = g_utf8_next_char(at)) {
		if (g_unichar_iscntrl(g_utf8_get_char(at)) && !strchr("\n\r\t", *at))
			return TRUE;
	}
	return FALSE;
}

static gboolean
take_comment(Import *import, const char *comment, char **name, GError **error)
{
	g_autofree char *key = NULL;
	g_autofree char *value = NULL;
	gboolean is_option = g_str_has_prefix(comment, NM_COMMENT_OPTION);
	const Option *option;
	g_autofree char *normal = NULL;

	if (g_str_has_prefix(comment, NM_COMMENT_GIVEN)) {
		if (split_comment(comment + strlen(NM_COMMENT_GIVEN), &key, &value))
			exported_keys_add_given(&import->exported, key, value);
		return TRUE;
	}
	if (is_option)
		comment += strlen(NM_COMMENT_OPTION);
	else if (!g_str_has_prefix(comment, "nm-"))
		return TRUE;
	if (!split_comment(comment, &key, &value))
		return TRUE;
	if (g_str_equal(key, NM_COMMENT_NAME)) {
		if (!*name && value[0] && option_text_is_safe(value))
			*name = g_steal_pointer(&value);
		return TRUE;
	}
	if (g_str_equal(key, NM_COMMENT_NAME_ESCAPED)) {
		g_autofree char *id = g_uri_unescape_string(value, NULL);

		if (!*name && id && id[0] && g_utf8_validate(id, -1, NULL) && !commands_terminal(id))
			*name = g_steal_pointer(&id);
		return TRUE;
	}
	if (exported_keys_take(&import->exported, key, value))
		return TRUE;
	option = option_find(key);
	/* Prose that happens to begin so is no error; one of ours with a wrong value is. */
	if (!option || !(option->flags & OPTION_NM_ONLY) || option->flags & OPTION_SECRET_KEY)
		return TRUE;
	/* Who writes a file that is imported does not name another to be read. */
	if (option->kind == OPTION_FILE || option->kind == OPTION_OBJECT)
		return TRUE;
	normal = option_normalize(option, value, error);
	if (!normal)
		return FALSE;
	set(import, option->key, normal);
	return TRUE;
}

/*****************************************************************************/
/* Whose defaults. */

/* What libreswan does where the file is silent and we would do otherwise. */
static void
say_libreswans_defaults(Import *import)
{
	static const char *const ikev1_only[] = {
		"aggrmode",         "leftxauthclient",   "rightxauthserver",
		"leftusername",     "leftxauthusername", "remote-peer-type",
		"remote_peer_type", "modecfgpull",       "cisco-unity"};

	for (guint i = 0; i < G_N_ELEMENTS(ikev1_only) && !get(import, "ikev2"); i++) {
		if (get(import, ikev1_only[i]))
			set(import, "ikev2", "never"); /* written for libreswan 3, where that was the default */
	}
	if (!get(import, "ikev2"))
		set(import, "ikev2", "insist");
	if (!get(import, "leftmodecfgclient"))
		set(import, "leftmodecfgclient", "no");
	if (g_str_equal(get(import, "ikev2"), "insist"))
		return;
	if (!get(import, "aggrmode") && get(import, "leftid"))
		set(import, "aggrmode", "no");
	if (!get(import, "leftxauthclient"))
		set(import, "leftxauthclient", "no");
}

/* An identity that is a distinguished name may have an @ in front, which libreswan drops. */
static gboolean
same_id(const char *one, const char *two)
{
	if (!one || !two || !strchr(one, '=') || !strchr(two, '='))
		return FALSE;
	return g_str_equal(one + (one[0] == '@'), two + (two[0] == '@'));
}

/* What ours fill in although the file is silent, and the file means too. */
static gboolean
is_meant_anyway(const char *key, const char *value, const Profile *verbatim)
{
	if (g_str_equal(key, "left"))
		return TRUE; /* libreswan cannot do without, so %defaultroute was left out */
	if (g_str_has_suffix(key, "rsasigkey"))
		return g_str_equal(value, "%cert");
	/* A client that is to get any address has to offer them all. */
	if (g_str_equal(key, "leftsubnet") || g_str_equal(key, "narrowing"))
		return profile_is_ikev2(verbatim) && profile_modecfg_expected(verbatim);
	return FALSE;
}

/* Whether the profile with our defaults asks the gateway for what the file does. */
static gboolean
same_meaning(const Profile *ours, const Profile *verbatim)
{
	static const char *const keys[] = {"left",
									   "right",
									   "leftid",
									   "rightid",
									   "ikev2",
									   "aggressive",
									   "authby",
									   "leftxauthclient",
									   "leftmodecfgclient",
									   "leftsubnet",
									   "leftsubnets",
									   "rightsubnet",
									   "rightsubnets",
									   "leftrsasigkey",
									   "leftckaid",
									   "rightrsasigkey",
									   "ike",
									   "esp",
									   "narrowing",
									   "type",
									   "cisco-unity"};

	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *one = profile_get(ours, keys[i]), *two = profile_get(verbatim, keys[i]);

		/* No is what silence means for each of these that is yes or no. */
		if (g_strcmp0(one ?: "no", two ?: "no") == 0 || same_id(one, two))
			continue;
		if (two || !is_meant_anyway(keys[i], one, verbatim))
			return FALSE;
	}
	return TRUE;
}

/* Derived keys that come out the same without them need not be in the profile. */
static void
drop_derived(Import *import)
{
	guint n;
	const Option *options = option_all(&n);

	for (guint i = 0; i < n; i++) {
		g_autofree char *value = g_strdup(get(import, options[i].key));
		g_autoptr(Profile) without = NULL;
		const char *key;

		if (!value || !(options[i].flags & OPTION_DERIVED))
			continue;
		g_hash_table_remove(import->data, options[i].key);
		key = options[i].same_as ?: options[i].key;
		without = profile_new_from_data(NULL, NULL, import->data, NULL, NULL, NULL);
		/* One that belongs to the other IKE version is not written anyway. */
		if (!without ||
			(options[i].ike & (profile_is_ikev2(without) ? OPTION_IKEV2 : OPTION_IKEV1) &&
			 g_strcmp0(profile_get(without, key), value) != 0))
			set(import, options[i].key, value);
	}
}

static gboolean
choose_defaults(Import *import, GError **error)
{
	g_autoptr(Profile) ours = NULL;
	g_autoptr(Profile) verbatim = NULL;

	if (get(import, "nm-auto-defaults")) {
		verbatim = profile_new_from_data(NULL, NULL, import->data, NULL, NULL, error);
		if (!verbatim)
			return FALSE;
		note(import, profile_find_weakness(verbatim));
		if (profile_has_auto_defaults(verbatim))
			drop_derived(import);
		return TRUE;
	}
	say_libreswans_defaults(import);
	/* What ours would fill in may not go with the rest. */
	ours = profile_new_from_data(NULL, NULL, import->data, NULL, NULL, NULL);
	set(import, "nm-auto-defaults", "no");
	verbatim = profile_new_from_data(NULL, NULL, import->data, NULL, NULL, error);
	if (!verbatim)
		return FALSE;
	note(import, profile_find_weakness(verbatim));
	if (ours && same_meaning(ours, verbatim)) {
		g_hash_table_remove(import->data, "nm-auto-defaults");
		drop_derived(import);
	}
	return TRUE;
}

/*****************************************************************************/

static NMConnection *
make_connection(const Import *import, const char *name)
{
	NMConnection *connection = vpn_connection_new(name, import->data);

	if (import->user_name)
		g_object_set(nm_connection_get_setting_vpn(connection), NM_SETTING_VPN_USER_NAME,
					 import->user_name, NULL);
	return connection;
}

/* Of a file that is as it was exported, the profile that it was exported of. */
static gboolean
restore_given(Import *import, const IpsecConfSection *conn)
{
	g_autoptr(Profile) profile = NULL;
	GHashTable *data;

	if (!exported_keys_are_there(&import->exported))
		return FALSE;
	data = exported_keys_restore(&import->exported, import->entries, import->data, conn->name,
								 &profile);
	if (!data) {
		note(import, _("the file was changed since it was exported: every setting in it becomes a "
					   "key of the connection"));
		return FALSE;
	}
	note(import, profile_find_weakness(profile));
	g_hash_table_unref(import->data);
	import->data = data;
	import->user_name = import->exported.user_name;
	return TRUE;
}

/* The first thing in the conn, or else in "config setup", that is strongSwan's. */
static const IpsecConfEntry *
find_strongswan(const Import *import)
{
	g_autoptr(GList) entries = g_hash_table_get_values(import->entries);
	const IpsecConfEntry *found = NULL;

	for (GList *e = entries; e; e = e->next) {
		const IpsecConfEntry *entry = e->data;

		if (left_out_is_strongswan(entry->keyword, entry->value) &&
			(!found || entry->line < found->line))
			found = entry;
	}
	for (guint i = 0; !found && i < import->file->sections->len; i++) {
		const IpsecConfSection *section = g_ptr_array_index(import->file->sections, i);

		for (guint j = 0; section->type == IPSEC_CONF_SETUP && j < section->entries->len; j++) {
			const IpsecConfEntry *entry = g_ptr_array_index(section->entries, j);

			if (!found && left_out_is_strongswan(entry->keyword, entry->value))
				found = entry;
		}
	}
	return found;
}

/* What is right and does not do on every computer what somebody wants. */
static void
note_what_is_lacking(Import *import)
{
	static const char *const proposals[] = {"ike", "esp"};
	const char *left = get(import, "leftprotoport"), *right = get(import, "rightprotoport");

	for (guint i = 0; i < G_N_ELEMENTS(proposals); i++) {
		g_autofree char *rare = proposals_find_rare(get(import, proposals[i]));
		g_autofree char *text =
			rare ? g_strdup_printf(_("%s: %s is too weak for many builds of libreswan, Debian's "
									 "among them, which refuse the connection for it"),
								   proposals[i], rare)
				 : NULL;

		note(import, text);
	}
	if ((left && protoport_is_l2tp(left)) || (right && protoport_is_l2tp(right)))
		note(import, _("this protects L2TP (UDP port 1701), which is a tunnel of its own inside "
					   "it: NetworkManager-l2tp makes both"));
}

/* A profile of half a file may be none yet. */
static gboolean
take_defaults(Import *import, GError **error)
{
	g_autoptr(GError) fault = NULL;

	if (choose_defaults(import, &fault))
		return TRUE;
	if (!import->half) {
		g_propagate_error(error, g_steal_pointer(&fault));
		return FALSE;
	}
	if (!import->n_problems)
		note(import, fault->message);
	return TRUE;
}

static NMConnection *
import_conn(Import *import, const IpsecConfSection *conn, GError **error)
{
	const IpsecConfEntry *right, *strongswan;
	g_autofree char *name = NULL;

	for (guint i = 0; i < import->file->comments->len; i++) {
		const char *comment = g_ptr_array_index(import->file->comments, i);

		if (!take_comment(import, comment, &name, error))
			return NULL;
		import->from_us = import->from_us || g_str_has_prefix(comment, "nm-") ||
						  g_str_has_prefix(comment, "NetworkManager specific");
	}
	import->entries = client_conn_collect(import->file, conn, import->from_us, import->notes,
										  import->half ? import->notes : NULL, error);
	if (!import->entries)
		return NULL;

	right = g_hash_table_lookup(import->entries, "right");
	if (right && right->value[0] == '%') {
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("conn %s in line %u: this is the configuration of a gateway, whose clients "
					  "come from %s"),
					conn->name, conn->line, right->value);
		return NULL;
	}
	take_entries(import);
	strongswan = find_strongswan(import);
	if (strongswan) {
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("conn %s in line %u is one of strongSwan's, which has %s in line %u, and not "
					  "of libreswan's: NetworkManager-strongswan is for those%s"),
					conn->name, conn->line, strongswan->keyword, strongswan->line,
					import->problems->str);
		return NULL;
	}
	if (import->n_problems && !import->half) {
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("conn %s in line %u cannot be imported:%s"), conn->name, conn->line,
					import->problems->str);
		return NULL;
	}
	if (!restore_given(import, conn) && !take_defaults(import, error))
		return NULL;
	note_what_is_lacking(import);
	return make_connection(import, name ?: conn->name);
}

static NMConnection *
import_file(const char *text, gssize len, const char *name, gboolean half, GPtrArray *notes,
			GError **error)
{
	g_autoptr(IpsecConfFile) file = ipsec_conf_read(text, len, error);
	const IpsecConfSection *conn = file ? client_conn_choose(file, name, notes, error) : NULL;
	NMConnection *connection;
	Import import = {.file = file, .notes = notes, .half = half};

	if (!conn)
		return NULL;
	import.data = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	import.taken = g_hash_table_new(NULL, NULL);
	import.problems = g_string_new(NULL);
	connection = import_conn(&import, conn, error);
	g_clear_pointer(&import.entries, g_hash_table_unref);
	g_hash_table_unref(import.data);
	g_hash_table_unref(import.taken);
	exported_keys_clear(&import.exported);
	g_string_free(import.problems, TRUE);
	return connection;
}

NMConnection *
ipsec_import(const char *text, gssize len, const char *name, GPtrArray *notes, GError **error)
{
	return import_file(text, len, name, FALSE, notes, error);
}

NMConnection *
ipsec_import_what_can_be(const char *text, gssize len, const char *name, GPtrArray *notes,
						 GError **error)
{
	return import_file(text, len, name, TRUE, notes, error);
}
