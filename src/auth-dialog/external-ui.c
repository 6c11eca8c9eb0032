/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "external-ui.h"

#include "auth-prompt.h"

#define VERSION_OF_FORMAT 2

char *
external_ui_to_data(const char *title, const char *description, const GPtrArray *prompts,
					gsize *len)
{
	g_autoptr(GKeyFile) file = g_key_file_new();

	g_key_file_set_integer(file, EXTERNAL_UI_WHOLE, "Version", VERSION_OF_FORMAT);
	g_key_file_set_string(file, EXTERNAL_UI_WHOLE, "Title", title);
	g_key_file_set_string(file, EXTERNAL_UI_WHOLE, "Description", description);
	for (guint i = 0; i < prompts->len; i++) {
		const AuthPrompt *prompt = prompts->pdata[i];
		const char *key = prompt->secret->key;

		g_key_file_set_string(file, key, "Value", prompt->value);
		g_key_file_set_string(file, key, "Label", prompt->label);
		g_key_file_set_boolean(file, key, "IsSecret", TRUE);
		g_key_file_set_boolean(file, key, "ShouldAsk", prompt->should_ask);
	}
	return g_key_file_to_data(file, len, NULL);
}
