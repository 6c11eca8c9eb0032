/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "value-fields.h"

#include <glib/gi18n-lib.h>

#include "option.h"

static Value *
find(const Fields *fields, const char *key)
{
	return fields->map ? value_find(fields->map, key) : NULL;
}

char *
fields_label(const Fields *fields, const char *key)
{
	return g_strconcat(fields->path, key, NULL);
}

void
fields_note(const Fields *fields, const char *key, const char *why)
{
	g_autofree char *label = fields_label(fields, key);

	import_draft_note(fields->draft, label, why);
}

void
fields_refuse(const Fields *fields, const char *key, const char *why)
{
	g_autofree char *label = fields_label(fields, key);

	import_draft_refuse(fields->draft, label, why);
}

const char *
fields_text(const Fields *fields, const char *key)
{
	const Value *value = find(fields, key);

	if (!value)
		return NULL;
	if (value_kind(value) != VALUE_TEXT && value_kind(value) != VALUE_NUMBER) {
		fields_refuse(fields, key, _("has to be text"));
		return NULL;
	}
	return value_text(value) && *value_text(value) ? value_text(value) : NULL;
}

gboolean
fields_switch(const Fields *fields, const char *key, gboolean fallback)
{
	const Value *value = find(fields, key);
	const char *text = value ? value_text(value) : NULL;

	if (!value)
		return fallback;
	if (g_strcmp0(text, "1") == 0 || g_strcmp0(text, "0") == 0)
		return *text == '1';
	fields_refuse(fields, key, _("has to be true or false, or 1 or 0"));
	return fallback;
}

GBytes *
fields_bytes(const Fields *fields, const char *key)
{
	const Value *value = find(fields, key);

	if (value && value_kind(value) != VALUE_DATA)
		fields_refuse(fields, key, _("has to be data"));
	return value ? value_bytes(value) : NULL;
}

Value *
fields_list(const Fields *fields, const char *key)
{
	Value *value = find(fields, key);

	if (!value || value_kind(value) == VALUE_LIST)
		return value;
	fields_refuse(fields, key, _("has to be a list"));
	return NULL;
}

Fields
fields_map(const Fields *fields, const char *key, const char *path)
{
	Value *value = find(fields, key);

	if (value && value_kind(value) != VALUE_MAP) {
		fields_refuse(fields, key, _("has to have members of its own"));
		value = NULL;
	}
	return (Fields){fields->draft, value, path};
}

void
fields_set(const Fields *fields, const char *key, const char *option)
{
	g_autofree char *label = fields_label(fields, key);

	import_draft_set(fields->draft, label, option, fields_text(fields, key));
}

void
fields_set_id(const Fields *fields, const char *key, const char *option)
{
	g_autofree char *label = fields_label(fields, key);

	import_draft_set_id(fields->draft, label, option, fields_text(fields, key));
}

void
fields_set_secret(const Fields *fields, const char *key, const char *option)
{
	g_autofree char *label = fields_label(fields, key);

	import_draft_set_secret(fields->draft, label, option, fields_text(fields, key));
}

void
fields_ignore(const Fields *fields, const char *const *keys)
{
	for (guint i = 0; keys[i]; i++)
		find(fields, keys[i]);
}

void
fields_note_unseen(const Fields *fields)
{
	g_autoptr(GPtrArray) unseen = fields->map ? value_list_unseen(fields->map) : NULL;

	for (guint i = 0; unseen && i < unseen->len; i++) {
		g_autofree char *label = fields_label(fields, g_ptr_array_index(unseen, i));
		g_autofree char *quoted = option_quote(label);

		import_draft_note(fields->draft, quoted, _("is not known, and left out"));
	}
}
