/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <string.h>

#include "value-fields.h"

static Value *
sample(void)
{
	Value *map = value_new(VALUE_MAP, NULL);
	g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);

	value_map_add(map, "text", value_new(VALUE_TEXT, "vpn.example.com"));
	value_map_add(map, "empty", value_new(VALUE_TEXT, ""));
	value_map_add(map, "number", value_new(VALUE_NUMBER, "1400"));
	value_map_add(map, "on", value_new(VALUE_BOOLEAN, "1"));
	value_map_add(map, "off", value_new(VALUE_NUMBER, "0"));
	value_map_add(map, "data", value_new_data(bytes));
	value_map_add(map, "list", value_new(VALUE_LIST, NULL));
	value_map_add(map, "map", value_new(VALUE_MAP, NULL));
	value_map_add(map, "left\nover", value_new(VALUE_TEXT, ""));
	return map;
}

/* (transfer full): what the draft would say, one a line. */
static char *
said(ImportDraft *draft)
{
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(NMConnection) connection =
		import_draft_finish(draft, IMPORT_HOST_DESKTOP, notes, NULL);

	g_assert_nonnull(connection);
	g_ptr_array_add(notes, NULL);
	return g_strjoinv("\n", (char **) notes->pdata);
}

static void
test_right(void)
{
	g_autoptr(ImportDraft) draft = import_draft_new("x");
	g_autoptr(Value) map = sample();
	Fields fields = {draft, map, "a."}, below = fields_map(&fields, "map", "a.map.");
	Fields missing = fields_map(&fields, "missing", "a.missing.");
	const char *const ignored[] = {"empty", NULL};
	g_autofree char *text = NULL;

	g_assert_cmpstr(fields_text(&fields, "text"), ==, "vpn.example.com");
	g_assert_null(fields_text(&fields, "empty"));
	g_assert_null(fields_text(&fields, "missing"));
	g_assert_cmpstr(fields_text(&fields, "number"), ==, "1400");
	g_assert_true(fields_switch(&fields, "on", FALSE));
	g_assert_false(fields_switch(&fields, "off", TRUE));
	g_assert_true(fields_switch(&fields, "missing", TRUE));
	g_assert_nonnull(fields_bytes(&fields, "data"));
	g_assert_nonnull(fields_list(&fields, "list"));
	g_assert_nonnull(below.map);
	g_assert_null(missing.map);
	g_assert_null(fields_text(&missing, "text"));
	fields_set(&fields, "text", "right");
	fields_set(&fields, "number", "mtu");
	g_assert_cmpstr(import_draft_get(draft, "mtu"), ==, "1400");
	fields_ignore(&fields, ignored);
	fields_ignore(&missing, ignored);
	fields_note_unseen(&missing);
	fields_note_unseen(&fields);
	text = said(draft);
	g_assert_cmpstr(text, ==, "\"a.left\\nover\": is not known, and left out");
}

static void
test_wrong(void)
{
	g_autoptr(ImportDraft) draft = import_draft_new("x");
	g_autoptr(Value) map = sample();
	Fields fields = {draft, map, "a."};
	g_autofree char *text = NULL;

	import_draft_set(draft, "x", "right", "vpn.example.com");
	g_assert_null(fields_text(&fields, "list"));
	g_assert_null(fields_text(&fields, "on"));
	g_assert_true(fields_switch(&fields, "text", TRUE));
	g_assert_null(fields_bytes(&fields, "text"));
	g_assert_null(fields_list(&fields, "text"));
	g_assert_null(fields_map(&fields, "text", "").map);
	fields_set_secret(&fields, "data", "pskvalue");
	text = said(draft);
	g_assert_cmpstr(text, ==,
					"a.list: has to be text\n"
					"a.on: has to be text\n"
					"a.text: has to be true or false, or 1 or 0\n"
					"a.text: has to be data\n"
					"a.text: has to be a list\n"
					"a.text: has to have members of its own\n"
					"a.data: has to be text");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/value-fields/right", test_right);
	g_test_add_func("/value-fields/wrong", test_wrong);
	return g_test_run();
}
