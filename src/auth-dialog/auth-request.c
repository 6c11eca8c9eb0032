/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "auth-request.h"

#include <NetworkManager.h>
#include <glib/gi18n.h>
#include <string.h>

#include "secret.h"

/* NetworkManager puts the service's own words among the hints (nm-vpn-connection.c). */
#define MESSAGE_PREFIX "x-vpn-message:"

static const char *const services[] = {
	"org.freedesktop.NetworkManager.libreswan",
	"org.freedesktop.NetworkManager.openswan",
	NULL,
};

/* The message, and the keys; of others we know nothing. */
static void
take_hints(AuthRequest *self, char **hints)
{
	g_autoptr(GPtrArray) keys = g_ptr_array_new();

	for (char **hint = hints; hint && *hint; hint++) {
		if (secret_find(*hint))
			g_ptr_array_add(keys, g_strdup(*hint));
		else if (g_str_has_prefix(*hint, MESSAGE_PREFIX) && !self->message)
			self->message = g_strdup(*hint + strlen(MESSAGE_PREFIX));
	}
	if (keys->len == 0)
		return;
	g_ptr_array_add(keys, NULL);
	self->hints = (char **) g_ptr_array_free(g_steal_pointer(&keys), FALSE);
}

static gboolean
check(const AuthRequest *self, const char *service, GError **error)
{
	if (!self->uuid || !self->name || !service) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
					_("--%s is missing: a secret agent says which connection it is"),
					!self->uuid   ? "uuid"
					: !self->name ? "name"
								  : "service");
		return FALSE;
	}
	if (!g_strv_contains(services, service)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
					_("--service=%s is not the VPN service that this dialog is for, %s"), service,
					services[0]);
		return FALSE;
	}
	return TRUE;
}

AuthRequest *
auth_request_new(int *argc, char ***argv, gboolean *show_version, GError **error)
{
	g_autoptr(AuthRequest) self = g_new0(AuthRequest, 1);
	g_autofree char *service = NULL;
	g_auto(GStrv) hints = NULL;
	const GOptionEntry options[] = {
		{"uuid", 'u', 0, G_OPTION_ARG_STRING, &self->uuid, N_("UUID of the connection"), "UUID"},
		{"name", 'n', 0, G_OPTION_ARG_STRING, &self->name, N_("Name of the connection"), "NAME"},
		{"service", 's', 0, G_OPTION_ARG_STRING, &service, N_("Its VPN service"), "SERVICE"},
		{"allow-interaction", 'i', 0, G_OPTION_ARG_NONE, &self->may_ask,
		 N_("Somebody is there to be asked"), NULL},
		{"reprompt", 'r', 0, G_OPTION_ARG_NONE, &self->ask_again,
		 N_("Ask for secrets that are known, too"), NULL},
		{"hint", 't', 0, G_OPTION_ARG_STRING_ARRAY, &hints, N_("Ask for this secret alone"), "KEY"},
		{"external-ui-mode", 0, 0, G_OPTION_ARG_NONE, &self->external_ui,
		 N_("Print the questions, for a program that asks them"), NULL},
		{"version", 0, 0, G_OPTION_ARG_NONE, show_version, N_("Print the version and exit"), NULL},
		{NULL},
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);

	g_option_context_add_main_entries(context, options, GETTEXT_PACKAGE);
	g_option_context_set_summary(
		context, _("Says what a secret agent of NetworkManager has to ask a person for a VPN "
				   "connection of type libreswan. The connection comes on standard input."));
	if (!g_option_context_parse(context, argc, argv, error))
		return NULL;
	take_hints(self, hints);
	if (!*show_version && !check(self, service, error))
		return NULL;
	return g_steal_pointer(&self);
}

gboolean
auth_request_read(AuthRequest *self, int fd, GError **error)
{
	if (nm_vpn_service_plugin_read_vpn_details(fd, &self->data, &self->secrets))
		return TRUE;
	g_set_error_literal(
		error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
		_("standard input has no key of a VPN connection (DATA_KEY, DATA_VAL, DONE)"));
	return FALSE;
}

void
auth_request_free(AuthRequest *self)
{
	if (!self)
		return;
	g_free(self->uuid);
	g_free(self->name);
	g_free(self->message);
	g_strfreev(self->hints);
	g_clear_pointer(&self->data, g_hash_table_unref);
	g_clear_pointer(&self->secrets, g_hash_table_unref);
	g_free(self);
}
