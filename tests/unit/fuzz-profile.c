/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer: any bytes as keys and values of a profile, key NUL value NUL. What
 * is accepted has to be written as one setup and one conn and nothing else, and has
 * to come back from its export as itself.
 */

#include "config.h"

#include <string.h>

#include "ipsec-conf-reader.h"
#include "ipsec-conf.h"
#include "ipsec-secrets.h"
#include "round-trip.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static const char *
next_string(const char **at, const char *end)
{
	const char *start = *at;

	if (start >= end)
		return NULL;
	*at = start + strlen(start) + 1;
	return start;
}

static void
check_written(const Profile *profile, guint major, guint minor)
{
	IpsecConfParams params = {
		.libreswan_major = major,
		.libreswan_minor = minor,
		.conn_name = "fuzz",
		.if_id = profile_wants_interface(profile) ? 3 : 0,
		.updown = "/helper socket",
		.auto_mode = "start",
	};
	g_autoptr(GError) error = NULL;
	g_autofree char *conf = ipsec_conf_write(profile, &params, &error);
	g_autoptr(IpsecConfFile) file = NULL;

	if (!conf) {
		/* Whatever the version can do was refused when the profile was made. */
		g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_UNSUPPORTED);
		return;
	}
	file = ipsec_conf_read(conf, -1, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(file->sections->len, ==, 2);
	g_assert_cmpuint(file->comments->len, ==, 0);
}

static NMConnection *
connection_with(GHashTable *table)
{
	NMConnection *connection = nm_simple_connection_new();
	NMSettingVpn *s_vpn = NM_SETTING_VPN(nm_setting_vpn_new());
	GHashTableIter iter;
	gpointer key, value;

	g_hash_table_iter_init(&iter, table);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		if (*(const char *) value)
			nm_setting_vpn_add_data_item(s_vpn, key, value);
	}
	nm_connection_add_setting(connection, NM_SETTING(s_vpn));
	return connection;
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autofree char *copy = g_malloc(size + 1);
	g_autoptr(GHashTable) table = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) secrets = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(NMConnection) connection = NULL;
	g_autoptr(Profile) profile = NULL;
	g_autoptr(GError) error = NULL;
	const char *at = copy, *key, *value;
	char *text;
	gsize len;

	memcpy(copy, data, size);
	copy[size] = '\0';
	while ((key = next_string(&at, copy + size)) && (value = next_string(&at, copy + size))) {
		const Option *option = option_find(key);

		g_hash_table_insert(option && option->flags & OPTION_SECRET_KEY ? secrets : table,
							(gpointer) key, (gpointer) value);
	}
	profile = profile_new_from_data(NULL, NULL, table, secrets, "joe", &error);
	if (!profile) {
		g_assert(error && g_utf8_validate(error->message, -1, NULL));
		return 0;
	}
	check_written(profile, 4, 10);
	check_written(profile, 5, 2);
	connection = connection_with(table);
	assert_round_trip(connection);

	text = ipsec_secrets_write(profile, NULL, &len, &error);
	if (!text) {
		/* There is none. */
		g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_MISSING);
		return 0;
	}
	g_assert_cmpuint(
		strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=: \n"), ==,
		len);
	ipsec_secrets_free(text, len);
	return 0;
}
