/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "import-notices.h"

static NMConnection *
connection_with_uuid(const char *uuid)
{
	NMConnection *connection = nm_simple_connection_new();
	NMSetting *s_con = nm_setting_connection_new();

	g_object_set(s_con, NM_SETTING_CONNECTION_UUID, uuid, NULL);
	nm_connection_add_setting(connection, s_con);
	return connection;
}

static void
test_keep(void)
{
	g_autoptr(GObject) plugin = g_object_new(G_TYPE_OBJECT, NULL);
	g_autoptr(NMConnection) one = connection_with_uuid("8bfd9a2b-3a52-4c3a-9f2b-6f3a2a3f0001");
	g_autoptr(NMConnection) two = connection_with_uuid("8bfd9a2b-3a52-4c3a-9f2b-6f3a2a3f0002");
	g_autoptr(NMConnection) copy = nm_simple_connection_new_clone(one);
	g_autoptr(GPtrArray) notices = g_ptr_array_new();
	const char *const *kept;

	g_assert_null(import_notices_get(plugin, one));
	g_ptr_array_add(notices, (gpointer) "first");
	g_ptr_array_add(notices, (gpointer) "second");
	import_notices_keep(plugin, one, notices);
	kept = import_notices_get(plugin, copy);
	g_assert_cmpuint(g_strv_length((char **) kept), ==, 2);
	g_assert_cmpstr(kept[0], ==, "first");
	g_assert_cmpstr(kept[1], ==, "second");
	g_assert_null(import_notices_get(plugin, two));

	for (guint i = 0; i < 5000; i++)
		g_ptr_array_add(notices, (gpointer) "more");
	import_notices_keep(plugin, one, notices);
	g_assert_cmpuint(g_strv_length((char **) import_notices_get(plugin, one)), ==, 40);

	/* The next import has said nothing, of either. */
	g_ptr_array_set_size(notices, 0);
	import_notices_keep(plugin, two, notices);
	g_assert_null(import_notices_get(plugin, one));
	g_assert_null(import_notices_get(plugin, two));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/import-notices/keep", test_keep);
	return g_test_run();
}
