/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "value-tree.h"

static void
test_map(void)
{
	g_autoptr(Value) map = value_new(VALUE_MAP, NULL);
	Value *list = value_new(VALUE_LIST, NULL);
	g_autoptr(GPtrArray) unseen = NULL;

	g_assert_true(value_map_add(map, "b", value_new(VALUE_TEXT, "text")));
	g_assert_true(value_map_add(map, "c", list));
	g_assert_true(value_map_add(map, "a", value_new(VALUE_NUMBER, "5")));
	g_assert_false(value_map_add(map, "b", value_new(VALUE_TEXT, "other")));
	value_list_add(list, value_new(VALUE_BOOLEAN, "1"));

	g_assert_null(value_find(map, "d"));
	g_assert_cmpstr(value_text(value_find(map, "b")), ==, "text");
	unseen = value_list_unseen(map);
	g_assert_cmpuint(unseen->len, ==, 2);
	g_assert_cmpstr(unseen->pdata[0], ==, "a");
	g_assert_cmpstr(unseen->pdata[1], ==, "c");

	g_assert_null(value_text(map));
	g_assert_null(value_bytes(map));
	g_assert_cmpuint(value_length(map), ==, 0);
	g_assert_cmpuint(value_length(list), ==, 1);
	g_assert_cmpstr(value_text(value_nth(list, 0)), ==, "1");
	g_assert_null(value_find(list, "b"));
}

static void
test_base64(void)
{
	const char *const wrong[] = {"", " ", "QQ", "Q===Q", "QU-C", "QUJD\x01", "Ä"};
	g_autoptr(GBytes) bytes = value_decode_base64(" QU\r\n\tJD ");
	gsize len;
	const char *data = g_bytes_get_data(bytes, &len);

	g_assert_cmpmem(data, len, "ABC", 3);
	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
		g_assert_null(value_decode_base64(wrong[i]));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/value-tree/map", test_map);
	g_test_add_func("/value-tree/base64", test_base64);
	return g_test_run();
}
