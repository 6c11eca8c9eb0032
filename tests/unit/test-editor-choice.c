/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "editor-choice.h"
#include "make-connection.h"

static char *
list(EditorChoice *choice, EditorModel *model)
{
	guint selected;
	g_auto(GStrv) items = editor_choice_list(choice, model, &selected);
	g_autofree char *all = g_strjoinv("|", items);

	return g_strdup_printf("%u of %s", selected, all);
}

static void
test_lists(void)
{
	static const struct {
		const char *text, *key, *items;
	} cases[] = {
		{"right=gw", "ikev2", "0 of Automatic (IKEv1)|IKEv2|IKEv1"},
		{"right=gw\nikev2=propose", "ikev2", "1 of Automatic (IKEv1)|IKEv2|IKEv1"},
		{"right=gw\nikev2=perhaps", "ikev2", "3 of Automatic (IKEv1)|IKEv2|IKEv1|perhaps"},
		{"right=gw", "vendor", "0 of Automatic|Cisco"},
		{"right=gw\nipsec-interface=7", "ipsec-interface",
		 "3 of Automatic (Own interface)|Own interface|Policies alone|7"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(NMConnection) connection = make_connection(cases[i].text);
		g_autoptr(EditorModel) model = editor_model_new(connection);
		EditorChoice choice = {.field = editor_field_find(cases[i].key)};
		g_autofree char *items = list(&choice, model);

		g_assert_cmpstr(items, ==, cases[i].items);
		editor_choice_clear(&choice);
	}
}

/* A value that is none of the words can be had again after another was chosen. */
static void
test_take(void)
{
	g_autoptr(NMConnection) connection = make_connection("right=gw\nikev2=perhaps");
	g_autoptr(EditorModel) model = editor_model_new(connection);
	EditorChoice choice = {.field = editor_field_find("ikev2")};
	static const char *const after[] = {"0 of", "1 of", "2 of", "3 of"};

	for (guint i = 0; i < G_N_ELEMENTS(after); i++) {
		g_autofree char *before = list(&choice, model);
		g_autofree char *items = NULL;

		g_assert_true(editor_choice_take(&choice, model, i));
		g_assert_false(editor_choice_take(&choice, model, i));
		items = list(&choice, model);
		g_assert_true(g_str_has_prefix(items, after[i]));
		g_assert_true(g_str_has_suffix(items, "|perhaps"));
	}
	g_assert_false(editor_choice_take(&choice, model, 17));
	editor_choice_clear(&choice);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/editor-choice/lists", test_lists);
	g_test_add_func("/editor-choice/take", test_take);
	return g_test_run();
}
