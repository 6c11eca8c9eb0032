/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "editor-choice.h"

#include <glib/gi18n-lib.h>

void
editor_choice_clear(EditorChoice *choice)
{
	g_clear_pointer(&choice->other, g_free);
}

char **
editor_choice_list(EditorChoice *choice, const EditorModel *model, guint *selected)
{
	const EditorWord *words = choice->field->words;
	g_autofree char *value = editor_model_get(model, choice->field->key);
	g_autofree char *normal = editor_model_get_normal(model, choice->field->key);
	char *automatic = editor_model_describe_automatic(model, choice->field);
	g_autoptr(GPtrArray) items = g_ptr_array_new();
	gboolean found = value == NULL;

	*selected = 0;
	g_ptr_array_add(items, automatic ? automatic : g_strdup(_("Automatic")));
	for (guint i = 0; words[i].word; i++) {
		g_ptr_array_add(items, g_strdup(_(words[i].label)));
		if (!value || !g_str_equal(normal ? normal : value, words[i].word))
			continue;
		*selected = i + 1;
		found = TRUE;
	}
	if (!found) {
		g_free(choice->other);
		choice->other = g_strdup(value);
		*selected = items->len;
	}
	if (choice->other)
		g_ptr_array_add(items, g_strdup(choice->other));
	g_ptr_array_add(items, NULL);
	return (char **) g_ptr_array_free(g_steal_pointer(&items), FALSE);
}

gboolean
editor_choice_take(const EditorChoice *choice, EditorModel *model, guint selected)
{
	const EditorWord *words = choice->field->words;

	if (selected == 0)
		return editor_model_choose(model, choice->field, NULL);
	for (guint i = 0; words[i].word; i++) {
		if (i + 1 == selected)
			return editor_model_choose(model, choice->field, words[i].word);
	}
	return choice->other && editor_model_choose(model, choice->field, choice->other);
}
