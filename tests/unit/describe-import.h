/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib/gstdio.h>
#include <string.h>

#include "round-trip.h"
#include "vpn-file.h"

static inline int
compare_words(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static inline void
describe_vpn(GString *text, NMSettingVpn *s_vpn)
{
	g_autofree const char **data = nm_setting_vpn_get_data_keys(s_vpn, NULL);
	g_autofree const char **secrets = nm_setting_vpn_get_secret_keys(s_vpn, NULL);

	if (data)
		qsort(data, g_strv_length((char **) data), sizeof(*data), compare_words);
	for (guint i = 0; data && data[i]; i++)
		g_string_append_printf(text, "%s=%s\n", data[i],
							   nm_setting_vpn_get_data_item(s_vpn, data[i]));
	if (secrets)
		qsort(secrets, g_strv_length((char **) secrets), sizeof(*secrets), compare_words);
	for (guint i = 0; secrets && secrets[i]; i++)
		g_string_append_printf(text, "secret %s=%s\n", secrets[i],
							   nm_setting_vpn_get_secret(s_vpn, secrets[i]));
}

static inline void
describe_ip(GString *text, const char *name, NMSettingIPConfig *ip)
{
	for (guint i = 0; ip && i < nm_setting_ip_config_get_num_dns(ip); i++)
		g_string_append_printf(text, "%s.dns=%s\n", name,
							   nm_setting_ip_config_get_dns(ip, (int) i));
	for (guint i = 0; ip && i < nm_setting_ip_config_get_num_routes(ip); i++) {
		NMIPRoute *route = nm_setting_ip_config_get_route(ip, (int) i);

		g_string_append_printf(text, "%s.route=%s/%u\n", name, nm_ip_route_get_dest(route),
							   nm_ip_route_get_prefix(route));
	}
	if (ip && nm_setting_ip_config_get_never_default(ip))
		g_string_append_printf(text, "%s.never-default=yes\n", name);
	if (ip && nm_setting_ip_config_get_ignore_auto_dns(ip))
		g_string_append_printf(text, "%s.ignore-auto-dns=yes\n", name);
}

static inline void
describe_export(GString *text, NMConnection *connection)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *conf = ipsec_export(connection, &error);

	if (conf)
		assert_round_trip(connection);
	/* Which comments are above is test-import's. */
	g_string_append_printf(text, "export %s\n",
						   conf ? strstr(conf, "\nconn ") + 1 : error->message);
}

/** describe_import: (transfer full): all that comes of a file, for one of who imports: the
 * connection with its secrets, what was said, and what its export is, or why there is none. The
 * user's home is "~". */
static inline char *
describe_import(const char *path, ImportHost host)
{
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	g_autoptr(NMConnection) connection = vpn_file_import(path, host, notes, &error);
	g_autoptr(GString) text = g_string_new(NULL);
	g_auto(GStrv) parts = NULL;

	if (!connection) {
		g_string_append_printf(text, "error %s\n", error->message);
	} else {
		g_assert_true(nm_connection_verify(connection, NULL));
		g_string_append_printf(text, "[%s]\n", nm_connection_get_id(connection));
		describe_vpn(text, nm_connection_get_setting_vpn(connection));
		describe_ip(text, "ipv4", nm_connection_get_setting_ip4_config(connection));
		describe_ip(text, "ipv6", nm_connection_get_setting_ip6_config(connection));
		for (guint i = 0; i < notes->len; i++)
			g_string_append_printf(text, "note %s\n", (char *) g_ptr_array_index(notes, i));
		describe_export(text, connection);
	}
	parts = g_strsplit(text->str, g_get_home_dir(), -1);
	return g_strjoinv("~", parts);
}

/** describe_file: (transfer full): for both of them. */
static inline char *
describe_file(const char *path)
{
	g_autofree char *terminal = describe_import(path, IMPORT_HOST_TERMINAL);
	g_autofree char *desktop = describe_import(path, IMPORT_HOST_DESKTOP);

	return g_strconcat("terminal\n", terminal, "\ndesktop\n", desktop, NULL);
}
