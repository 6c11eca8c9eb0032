/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "import-draft.h"

#include <arpa/inet.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "cert-folder.h"
#include "one-line.h"
#include "profile.h"
#include "subnet.h"
#include "vpn-connection.h"

/* Routes and DNS servers. */
#define ITEMS_MAX 200u

/* Stands for the path of a file, and for the gateway, until they are known. */
#define FILE_TO_COME    "/certificate"
#define GATEWAY_TO_COME "gateway.invalid"

typedef struct {
	char *key, *suffix;
	GBytes *bytes;
} DraftFile;

struct _ImportDraft {
	char *name;
	GHashTable *data;    /* key -> value, of vpn.data */
	GHashTable *secrets; /* key -> value */
	GHashTable *wanted;  /* key of a secret -> whether it is asked for each time */
	GPtrArray *files;    /* (element-type DraftFile) */
	GPtrArray *dns, *routes;
	GPtrArray *problems, *notes;
	gboolean lacks_gateway;
};

static void
wipe(gpointer secret)
{
	explicit_bzero(secret, strlen(secret));
	g_free(secret);
}

static void
draft_file_free(gpointer data)
{
	DraftFile *file = data;

	g_free(file->key);
	g_free(file->suffix);
	g_bytes_unref(file->bytes);
	g_free(file);
}

ImportDraft *
import_draft_new(const char *name)
{
	ImportDraft *draft = g_new0(ImportDraft, 1);

	draft->data = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	draft->secrets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, wipe);
	draft->wanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	draft->files = g_ptr_array_new_with_free_func(draft_file_free);
	draft->dns = g_ptr_array_new_with_free_func(g_free);
	draft->routes = g_ptr_array_new_with_free_func((GDestroyNotify) nm_ip_route_unref);
	draft->problems = g_ptr_array_new_with_free_func(g_free);
	draft->notes = g_ptr_array_new_with_free_func(g_free);
	import_draft_set_name(draft, name);
	if (!draft->name)
		draft->name = g_strdup("VPN");
	return draft;
}

void
import_draft_free(ImportDraft *draft)
{
	g_free(draft->name);
	g_hash_table_unref(draft->data);
	g_hash_table_unref(draft->secrets);
	g_hash_table_unref(draft->wanted);
	g_ptr_array_unref(draft->files);
	g_ptr_array_unref(draft->dns);
	g_ptr_array_unref(draft->routes);
	g_ptr_array_unref(draft->problems);
	g_ptr_array_unref(draft->notes);
	g_free(draft);
}

void
import_draft_set_name(ImportDraft *draft, const char *name)
{
	g_autofree char *line = name ? g_strstrip(one_line(name, ONE_LINE_NAME_MAX)) : NULL;

	if (!line || !*line)
		return;
	g_free(draft->name);
	draft->name = g_steal_pointer(&line);
}

/*****************************************************************************/

static void
add_line(GPtrArray *lines, const char *label, const char *why)
{
	if (lines->len < IMPORT_DRAFT_LINES_MAX)
		g_ptr_array_add(lines, g_strdup_printf("%s: %s", label, why));
}

void
import_draft_note(ImportDraft *draft, const char *label, const char *why)
{
	add_line(draft->notes, label, why);
}

void
import_draft_refuse(ImportDraft *draft, const char *label, const char *why)
{
	add_line(draft->problems, label, why);
}

void
import_draft_lack_gateway(ImportDraft *draft)
{
	draft->lacks_gateway = TRUE;
}

static void
refuse_value(ImportDraft *draft, const char *label, const char *value, const char *why)
{
	g_autofree char *quoted = option_quote(value);
	g_autofree char *text = g_strdup_printf("%s=%s", label, quoted);

	import_draft_refuse(draft, text, why);
}

void
import_draft_set(ImportDraft *draft, const char *label, const char *key, const char *value)
{
	const Option *option = option_find(key);
	g_autofree char *normal = NULL;

	if (!value || !*value)
		return;
	normal = option_normalize(option, value, NULL);
	if (normal) {
		g_hash_table_insert(draft->data, g_strdup(key), g_steal_pointer(&normal));
	} else {
		g_autofree char *why = option_explain(option, value);

		refuse_value(draft, label, value, why);
	}
}

const char *
import_draft_get(const ImportDraft *draft, const char *key)
{
	return g_hash_table_lookup(draft->data, key);
}

void
import_draft_set_id(ImportDraft *draft, const char *label, const char *key, const char *id)
{
	g_autofree char *user = NULL;

	if (!id)
		return;
	if (*id == '%') {
		refuse_value(draft, label, id, _("this is a word of libreswan's, and nobody's identity"));
		return;
	}
	/* Without them it is a name that has an @ in it (profile.c). */
	if (*id != '@' && strchr(id, '@') && !strchr(id, '='))
		user = g_strconcat("@@", id, NULL);
	import_draft_set(draft, label, key, user ? user : id);
}

void
import_draft_set_group(ImportDraft *draft, const char *label, const char *name)
{
	g_autoptr(GString) id = g_string_new("@#");

	if (!name || !*name)
		return;
	/* In hexadecimal nothing in it means anything. It is written as people read it where it is a
	 * plain word. */
	for (const char *p = name; *p; p++)
		g_string_append_printf(id, "%02x", (guint8) *p);
	if (strspn(name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.") == strlen(name))
		g_string_printf(id, "@[%s]", name);
	import_draft_set(draft, label, "leftid", id->str);
}

void
import_draft_set_secret(ImportDraft *draft, const char *label, const char *key, const char *value)
{
	const Option *option = option_find(key);
	g_autoptr(GError) error = NULL;
	char *normal;

	if (!value || !*value)
		return;
	normal = option_normalize(option, value, &error);
	if (!normal) {
		import_draft_refuse(draft, label, error->message);
		return;
	}
	g_hash_table_insert(draft->secrets, g_strdup(key), normal);
}

void
import_draft_want_secret(ImportDraft *draft, const char *key, gboolean each_time)
{
	g_hash_table_insert(draft->wanted, g_strdup(key), GINT_TO_POINTER(each_time));
}

void
import_draft_set_file(ImportDraft *draft, const char *key, const char *suffix, GBytes *bytes)
{
	DraftFile *file = g_new0(DraftFile, 1);

	file->key = g_strdup(key);
	file->suffix = g_strdup(suffix);
	file->bytes = g_bytes_ref(bytes);
	g_ptr_array_add(draft->files, file);
	g_hash_table_insert(draft->data, g_strdup(key), g_strdup(FILE_TO_COME));
}

/*****************************************************************************/
/* Of NetworkManager's own settings. */

static int
family_of(const char *address)
{
	return strchr(address, ':') ? AF_INET6 : AF_INET;
}

void
import_draft_add_dns(ImportDraft *draft, const char *label, const char *address)
{
	if (!option_is_address(address, AF_UNSPEC)) {
		refuse_value(draft, label, address, _("allowed is an IP address"));
	} else if (draft->dns->len >= ITEMS_MAX) {
		import_draft_refuse(draft, label, _("there are too many"));
	} else {
		g_ptr_array_add(draft->dns, g_strdup(address));
	}
}

void
import_draft_add_route(ImportDraft *draft, const char *label, const char *subnet)
{
	g_auto(GStrv) parts = NULL;
	g_autofree char *normal = subnet_normalize_list(subnet);
	int family;
	NMIPRoute *route;
	const char *bits;

	if (!normal || strchr(normal, ',') || !option_is_subnet(normal, AF_UNSPEC)) {
		refuse_value(draft, label, subnet, _("allowed is a subnet such as 10.1.0.0/16"));
		return;
	}
	if (draft->routes->len >= ITEMS_MAX) {
		import_draft_refuse(draft, label, _("there are too many"));
		return;
	}
	parts = g_strsplit(normal, "/", 2);
	family = family_of(parts[0]);
	bits = parts[1] ? parts[1] : (family == AF_INET ? "32" : "128");
	route =
		nm_ip_route_new(family, parts[0], (guint) g_ascii_strtoull(bits, NULL, 10), NULL, -1, NULL);
	if (route)
		g_ptr_array_add(draft->routes, route);
	else
		refuse_value(draft, label, subnet, _("allowed is a subnet such as 10.1.0.0/16"));
}

/* Nothing where the file says nothing: NetworkManager has its defaults. */
static NMSetting *
make_ip_setting(const ImportDraft *draft, int family)
{
	NMSetting *setting =
		family == AF_INET ? nm_setting_ip4_config_new() : nm_setting_ip6_config_new();
	NMSettingIPConfig *ip = NM_SETTING_IP_CONFIG(setting);

	g_object_set(setting, NM_SETTING_IP_CONFIG_METHOD, "auto", NM_SETTING_IP_CONFIG_IGNORE_AUTO_DNS,
				 draft->dns->len > 0, NM_SETTING_IP_CONFIG_NEVER_DEFAULT, draft->routes->len > 0,
				 NULL);
	for (guint i = 0; i < draft->dns->len; i++) {
		if (family_of(g_ptr_array_index(draft->dns, i)) == family)
			nm_setting_ip_config_add_dns(ip, g_ptr_array_index(draft->dns, i));
	}
	for (guint i = 0; i < draft->routes->len; i++) {
		if (nm_ip_route_get_family(g_ptr_array_index(draft->routes, i)) == family)
			nm_setting_ip_config_add_route(ip, g_ptr_array_index(draft->routes, i));
	}
	return setting;
}

/*****************************************************************************/

static gboolean
refuse_all(const ImportDraft *draft, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < draft->problems->len; i++)
		g_string_append_printf(text, "\n%s", (const char *) g_ptr_array_index(draft->problems, i));
	/* Translators: %s is a list, each line of it after a line break. */
	g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID, _("the file cannot be imported:%s"),
				text->str);
	return FALSE;
}

/* Whether the keys go together. */
static void
check_profile(ImportDraft *draft)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Profile) profile = NULL;
	const char *weakness;

	if (draft->lacks_gateway)
		g_hash_table_insert(draft->data, g_strdup("right"), g_strdup(GATEWAY_TO_COME));
	profile = profile_new_from_data(NULL, draft->name, draft->data, draft->secrets, NULL, &error);
	if (draft->lacks_gateway) {
		g_hash_table_remove(draft->data, "right");
		g_ptr_array_insert(draft->notes, 0,
						   g_strdup(_("the file does not say which gateway to connect to: enter "
									  "its name or address (right)")));
	}
	if (!profile) {
		/* With a file of another program's half taken something is missing anyway. */
		if (!draft->problems->len)
			g_ptr_array_add(draft->problems, g_strdup(error->message));
		return;
	}
	weakness = profile_find_weakness(profile);
	if (weakness && draft->notes->len < IMPORT_DRAFT_LINES_MAX)
		g_ptr_array_add(draft->notes, g_strdup(weakness));
}

static gboolean
store_files(ImportDraft *draft, GError **error)
{
	for (guint i = 0; i < draft->files->len; i++) {
		const DraftFile *file = g_ptr_array_index(draft->files, i);
		g_autofree char *what = g_strdup_printf("%s-%s", draft->name, file->key);
		char *path = cert_folder_store(what, file->suffix, file->bytes, error);

		if (!path)
			return FALSE;
		g_hash_table_insert(draft->data, g_strdup(file->key), path);
	}
	return TRUE;
}

static void
add_secrets(const ImportDraft *draft, NMSettingVpn *s_vpn, ImportHost host)
{
	NMSettingSecretFlags kept = host == IMPORT_HOST_DESKTOP ? NM_SETTING_SECRET_FLAG_AGENT_OWNED
															: NM_SETTING_SECRET_FLAG_NONE;
	GHashTableIter iter;
	gpointer key, value;

	g_hash_table_iter_init(&iter, draft->wanted);
	while (g_hash_table_iter_next(&iter, &key, &value))
		nm_setting_set_secret_flags(
			NM_SETTING(s_vpn), key,
			value ? NM_SETTING_SECRET_FLAG_NOT_SAVED : NM_SETTING_SECRET_FLAG_AGENT_OWNED, NULL);
	g_hash_table_iter_init(&iter, draft->secrets);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		nm_setting_vpn_add_secret(s_vpn, key, value);
		nm_setting_set_secret_flags(NM_SETTING(s_vpn), key, kept, NULL);
	}
}

static NMConnection *
make_connection(const ImportDraft *draft, ImportHost host)
{
	NMConnection *connection = vpn_connection_new(draft->name, draft->data);

	add_secrets(draft, nm_connection_get_setting_vpn(connection), host);
	if (draft->dns->len || draft->routes->len) {
		nm_connection_add_setting(connection, make_ip_setting(draft, AF_INET));
		nm_connection_add_setting(connection, make_ip_setting(draft, AF_INET6));
	}
	return connection;
}

static void
tell(GPtrArray *notes, const GPtrArray *lines)
{
	for (guint i = 0; notes && i < lines->len; i++)
		g_ptr_array_add(notes, g_strdup(g_ptr_array_index(lines, i)));
}

NMConnection *
import_draft_finish(ImportDraft *draft, ImportHost host, GPtrArray *notes, GError **error)
{
	check_profile(draft);
	if (draft->problems->len && host == IMPORT_HOST_TERMINAL) {
		refuse_all(draft, error);
		return NULL;
	}
	if (!store_files(draft, error))
		return NULL;
	tell(notes, draft->problems);
	tell(notes, draft->notes);
	return make_connection(draft, host);
}
