/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <string.h>

#include <glib.h>

#include "conn-side.h"
#include "ipsec-conf-reader.h"

static ConnSide
find(const char *settings)
{
	g_autofree char *text = g_strconcat("conn a\n", settings, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(IpsecConfFile) file = ipsec_conf_read(text, -1, &error);
	g_autoptr(GHashTable) entries = g_hash_table_new(g_str_hash, g_str_equal);
	const IpsecConfSection *section;

	g_assert_no_error(error);
	section = ipsec_conf_find_conn(file, "a");
	for (guint i = 0; i < section->entries->len; i++) {
		IpsecConfEntry *entry = g_ptr_array_index(section->entries, i);

		g_hash_table_insert(entries, entry->keyword, entry);
	}
	return conn_side_find(entries);
}

static void
test_find(void)
{
	static const struct {
		const char *settings;
		ConnSide side;
	} cases[] = {
		{" left=%defaultroute\n right=gw\n", CONN_SIDE_LEFT},
		{" left=gw\n right=%defaultroute\n", CONN_SIDE_RIGHT},
		{" left=gw\n right=%wlan0\n", CONN_SIDE_RIGHT},
		{" right=gw\n", CONN_SIDE_LEFT},
		{" left=gw\n", CONN_SIDE_RIGHT},
		{" left=192.0.2.1\n right=198.51.100.1\n", CONN_SIDE_UNKNOWN},
		{" left=192.0.2.1\n right=gw\n", CONN_SIDE_UNKNOWN},
		{" left=192.0.2.1\n right=198.51.100.1\n rightmodecfgclient=yes\n", CONN_SIDE_RIGHT},
		{" left=192.0.2.1\n right=198.51.100.1\n rightxauthserver=yes\n", CONN_SIDE_LEFT},
		{" left=192.0.2.1\n right=198.51.100.1\n leftxauthusername=erin\n", CONN_SIDE_LEFT},
		{" left=127.0.0.1\n right=198.51.100.1\n", CONN_SIDE_LEFT},
		{" left=198.51.100.1\n right=127.0.0.1\n", CONN_SIDE_RIGHT},
		{" left=a.example\n right=b.example\n", CONN_SIDE_GUESSED},
		{" left=a.example\n right=%group\n", CONN_SIDE_UNKNOWN},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].settings);
		g_assert_cmpint(find(cases[i].settings), ==, cases[i].side);
	}
}

static void
test_own_name(void)
{
	g_autofree char *label = g_strndup(g_get_host_name(), strcspn(g_get_host_name(), "."));
	g_autofree char *right = g_strdup_printf(" left=gw.example\n right=%s\n", g_get_host_name());
	g_autofree char *left = g_strdup_printf(" left=%s\n right=gw.example\n", label);
	g_autofree char *other = g_strdup_printf(" left=%s2\n right=gw.example\n", label);

	g_assert_cmpint(find(right), ==, CONN_SIDE_RIGHT);
	g_assert_cmpint(find(left), ==, CONN_SIDE_LEFT);
	g_assert_cmpint(find(other), ==, CONN_SIDE_GUESSED);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/conn-side/find", test_find);
	g_test_add_func("/conn-side/own-name", test_own_name);
	return g_test_run();
}
