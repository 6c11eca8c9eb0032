/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "questions.h"

#include <string.h>

#include "external-ui.h"

static void
question_free(gpointer data)
{
	Question *question = data;

	g_free(question->key);
	g_free(question->label);
	g_free(question);
}

void
questions_free(Questions *self)
{
	if (!self)
		return;
	g_free(self->title);
	g_free(self->description);
	g_ptr_array_unref(self->asked);
	g_free(self);
}

static void
take_group(Questions *self, GKeyFile *file, const char *group)
{
	g_autofree char *label = g_key_file_get_string(file, group, "Label", NULL);
	Question *question;

	if (!label || !g_key_file_get_boolean(file, group, "ShouldAsk", NULL))
		return;
	question = g_new0(Question, 1);
	question->key = g_strdup(group);
	question->label = g_steal_pointer(&label);
	g_ptr_array_add(self->asked, question);
}

Questions *
questions_parse(const char *data, gsize len, GError **error)
{
	g_autoptr(Questions) self = g_new0(Questions, 1);
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_auto(GStrv) groups = NULL;

	self->asked = g_ptr_array_new_with_free_func(question_free);
	if (g_key_file_load_from_data(file, data, len, G_KEY_FILE_NONE, NULL)) {
		self->title = g_key_file_get_string(file, EXTERNAL_UI_WHOLE, "Title", NULL);
		self->description = g_key_file_get_string(file, EXTERNAL_UI_WHOLE, "Description", NULL);
		groups = g_key_file_get_groups(file, NULL);
	}
	for (char **group = groups; group && *group; group++) {
		if (!g_str_equal(*group, EXTERNAL_UI_WHOLE))
			take_group(self, file, *group);
	}
	if (self->title && self->description && self->asked->len > 0)
		return g_steal_pointer(&self);
	g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "there is nothing to ask");
	return NULL;
}

gboolean
questions_answer(GString *text, const char *key, const char *value)
{
	if (strpbrk(value, "\n\r"))
		return FALSE;
	g_string_append(text, key);
	g_string_append_c(text, '\n');
	g_string_append(text, value);
	g_string_append_c(text, '\n');
	return TRUE;
}

char *
questions_find_answer(const char **at, const char *key)
{
	const gsize len = strlen(key);
	const char *value = *at + len + 1, *end;

	if (strncmp(*at, key, len) != 0 || (*at)[len] != '\n')
		return NULL;
	end = strchr(value, '\n');
	if (!end)
		return NULL;
	*at = end + 1;
	return g_strndup(value, (gsize) (end - value));
}
