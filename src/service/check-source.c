/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "check-source.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ipsec-conf-reader.h"
#include "ipsec-import.h"
#include "one-line.h"
#include "option.h"
#include "plugin.h"
#include "regular-file.h"

struct _CheckSource {
	NMConnection *connection; /* of NetworkManager */
	char *path;               /* or a file, and what is in it */
	char *text;
	gsize len;
};

static gboolean
is_file(const char *what)
{
	return strchr(what, '/') || g_str_has_suffix(what, ".conf") ||
		   g_str_has_suffix(what, ".nmconnection");
}

static gboolean
is_ours(NMConnection *connection)
{
	NMSettingVpn *setting = nm_connection_get_setting_vpn(connection);

	return setting && g_strcmp0(nm_setting_vpn_get_service_type(setting), PLUGIN_BUS_NAME) == 0;
}

static gboolean
check_kind(NMConnection *connection, GError **error)
{
	const char *id = nm_connection_get_id(connection);
	g_autofree char *shown = one_line(id ? id : "?", 0);

	if (is_ours(connection))
		return TRUE;
	g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
				_("\"%s\" is no VPN connection of the type libreswan"), shown);
	return FALSE;
}

NMConnection *
check_source_choose(const GPtrArray *connections, const char *what, GError **error)
{
	g_autofree char *shown = one_line(what, 0);
	NMConnection *found = NULL;

	for (guint i = 0; i < connections->len; i++) {
		NMConnection *connection = connections->pdata[i];

		if (g_strcmp0(nm_connection_get_uuid(connection), what) == 0)
			return check_kind(connection, error) ? connection : NULL;
	}
	for (guint i = 0; i < connections->len; i++) {
		NMConnection *connection = connections->pdata[i];

		if (g_strcmp0(nm_connection_get_id(connection), what) != 0 || !is_ours(connection))
			continue;
		if (found) {
			g_set_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS,
						_("several connections have the name \"%s\": give the UUID, %s or %s"),
						shown, nm_connection_get_uuid(found), nm_connection_get_uuid(connection));
			return NULL;
		}
		found = connection;
	}
	if (!found)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
					_("NetworkManager has no VPN connection of the type libreswan with the name or "
					  "UUID \"%s\" (a file in this folder is \"./%s\")"),
					shown, shown);
	return found;
}

static NMConnection *
ask_network_manager(const char *what, GError **error)
{
	g_autoptr(NMClient) client = nm_client_new(NULL, error);
	NMConnection *found;

	if (!client) {
		g_prefix_error(error, _("NetworkManager cannot be asked: "));
		return NULL;
	}
	if (!nm_client_get_nm_running(client)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED,
					_("NetworkManager does not run: name the connection's file, such as "
					  "/etc/NetworkManager/system-connections/%s.nmconnection"),
					what);
		return NULL;
	}
	found = check_source_choose(nm_client_get_connections(client), what, error);
	return found ? nm_simple_connection_new_clone(found) : NULL;
}

CheckSource *
check_source_open(const char *what, GError **error)
{
	g_autoptr(CheckSource) self = g_new0(CheckSource, 1);

	if (is_file(what)) {
		self->path = g_canonicalize_filename(what, NULL);
		self->text = regular_file_read(what, IPSEC_CONF_MAX, &self->len, error);
	} else {
		self->connection = ask_network_manager(what, error);
	}
	return self->text || self->connection ? g_steal_pointer(&self) : NULL;
}

void
check_source_free(CheckSource *self)
{
	if (!self)
		return;
	g_clear_object(&self->connection);
	if (self->text)
		explicit_bzero(self->text, self->len);
	g_free(self->text);
	g_free(self->path);
	g_free(self);
}

/* The first line that is no comment begins a group, which ipsec.conf(5) has none of. */
static gboolean
is_keyfile(const char *text)
{
	while (*text) {
		text += strspn(text, " \t\r\n");
		if (*text != '#' && *text != ';')
			break;
		text += strcspn(text, "\n");
	}
	return *text == '[';
}

static NMConnection *
read_keyfile(const CheckSource *self, GError **error)
{
	g_autoptr(GKeyFile) keys = g_key_file_new();
	g_autofree char *folder = g_path_get_dirname(self->path);
	g_autofree char *name = g_path_get_basename(self->path);
	NMConnection *connection = NULL;

	if (g_key_file_load_from_data(keys, self->text, self->len, G_KEY_FILE_NONE, error))
		connection =
			nm_keyfile_read(keys, folder, NM_KEYFILE_HANDLER_FLAGS_NONE, NULL, NULL, error);
	if (!connection)
		g_prefix_error(error, "%s: ", name);
	return connection;
}

static NMConnection *
read_ipsec_conf(const CheckSource *self, GPtrArray *notes, GError **error)
{
	g_autofree char *name = g_path_get_basename(self->path);

	if (g_str_has_suffix(name, ".conf"))
		name[strlen(name) - strlen(".conf")] = '\0';
	return ipsec_import(self->text, (gssize) self->len, name, notes, error);
}

NMConnection *
check_source_get(CheckSource *self, GPtrArray *notes, GError **error)
{
	g_autoptr(NMConnection) connection = self->connection ? g_object_ref(self->connection)
										 : is_keyfile(self->text)
											 ? read_keyfile(self, error)
											 : read_ipsec_conf(self, notes, error);

	return connection && check_kind(connection, error) ? g_steal_pointer(&connection) : NULL;
}

gboolean
check_source_has_secrets(const CheckSource *self)
{
	return self->path && is_keyfile(self->text);
}
