/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <string.h>

#include "json-reader.h"
#include "option.h"

static void
test_read(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Value) map = json_read(" {\"a\": \"x\\n\\u00e4\", \"b\": [1, true, null, 1.5],\n"
									 "\"c\": {\"a\": {\"a\": false}}, \"d\": null} ",
									 &error);
	Value *list;

	g_assert_no_error(error);
	g_assert_cmpstr(value_text(value_find(map, "a")), ==, "x\nä");
	list = value_find(map, "b");
	g_assert_cmpuint(value_length(list), ==, 3);
	g_assert_cmpint(value_kind(value_nth(list, 0)), ==, VALUE_NUMBER);
	g_assert_cmpstr(value_text(value_nth(list, 0)), ==, "1");
	g_assert_cmpint(value_kind(value_nth(list, 1)), ==, VALUE_BOOLEAN);
	g_assert_cmpstr(value_text(value_nth(list, 2)), ==, "1.5");
	g_assert_cmpstr(value_text(value_find(value_find(value_find(map, "c"), "a"), "a")), ==, "0");
	g_assert_null(value_find(map, "d"));
}

static void
check_error(const char *text, const char *message)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(json_read(text, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
	if (!strstr(error->message, message))
		g_error("%s", error->message);
}

static void
test_wrong(void)
{
	g_autofree char *deep = g_strnfill(500000, '[');
	g_autofree char *deep_object = g_strconcat("{\"a\":", deep, NULL);
	g_autofree char *numbers = g_strnfill(20000, '1');
	g_autofree char *many = NULL;

	for (guint i = 1; i < 20000; i += 2)
		numbers[i] = ',';
	many = g_strconcat("{\"a\":[", numbers, "1]}", NULL);
	check_error("", "no JSON");
	check_error("{", "no JSON");
	check_error("{\"a\":\"b", "no JSON");
	check_error("{\"a\":1}}", "no JSON");
	check_error("[]", "one object");
	check_error("\"a\"", "one object");
	check_error("{}{}", "one object");
	check_error("{\"a\":1} [1]", "one object");
	check_error("{\"a\":1,\"a\":2}", "\"a\" is there twice");
	check_error("{\"b\":[{\"a\":1,\"a\":1}],\"a\":1}", "\"a\" is there twice");
	check_error("{\"a\":\"x\\u0000y\"}", "zero byte");
	check_error(deep_object, "too many objects and lists");
	check_error(many, "too many values");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/json-reader/read", test_read);
	g_test_add_func("/json-reader/wrong", test_wrong);
	return g_test_run();
}
