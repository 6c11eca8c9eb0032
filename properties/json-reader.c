/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "json-reader.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "option.h"

typedef struct {
	guint n_values;
	guint depth;
	guint n_tops;
	GHashTable *sizes; /* object -> how many members were put into it */
	char *twice;       /* a member that is there twice */
} Read;

static gboolean
fail(GError **error, const char *why)
{
	g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID, _("the file is no JSON: %s"), why);
	return FALSE;
}

/*****************************************************************************/
/* json-glib takes what is no JSON: a member twice, of which the last counts, and one value after
 * the other. */

static void
on_begin(JsonParser *parser, gpointer data)
{
	Read *read = data;

	read->n_tops += read->depth++ == 0;
}

static void
on_object_end(JsonParser *parser, JsonObject *object, gpointer data)
{
	Read *read = data;

	read->depth--;
	g_hash_table_remove(read->sizes, object);
}

static void
on_array_end(JsonParser *parser, JsonArray *array, gpointer data)
{
	Read *read = data;

	read->depth--;
}

static void
on_member(JsonParser *parser, JsonObject *object, const char *name, gpointer data)
{
	Read *read = data;
	guint size = GPOINTER_TO_UINT(g_hash_table_lookup(read->sizes, object)) + 1;

	g_hash_table_insert(read->sizes, object, GUINT_TO_POINTER(size));
	if (json_object_get_size(object) < size && !read->twice)
		read->twice = g_strdup(name);
}

static JsonParser *
make_parser(Read *read)
{
	JsonParser *parser = json_parser_new();

	g_signal_connect(parser, "object-start", G_CALLBACK(on_begin), read);
	g_signal_connect(parser, "object-end", G_CALLBACK(on_object_end), read);
	g_signal_connect(parser, "object-member", G_CALLBACK(on_member), read);
	g_signal_connect(parser, "array-start", G_CALLBACK(on_begin), read);
	g_signal_connect(parser, "array-end", G_CALLBACK(on_array_end), read);
	return parser;
}

/*****************************************************************************/

static Value *convert(JsonNode *node, Read *read);

static Value *
convert_object(JsonObject *object, Read *read)
{
	Value *map = value_new(VALUE_MAP, NULL);
	g_autoptr(GList) names = json_object_get_members(object);

	for (GList *l = names; l; l = l->next) {
		Value *member = convert(json_object_get_member(object, l->data), read);

		if (member)
			value_map_add(map, l->data, member);
	}
	return map;
}

static Value *
convert_array(JsonArray *array, Read *read)
{
	Value *list = value_new(VALUE_LIST, NULL);

	for (guint i = 0; i < json_array_get_length(array); i++) {
		Value *member = convert(json_array_get_element(array, i), read);

		if (member)
			value_list_add(list, member);
	}
	return list;
}

static Value *
convert_plain(JsonNode *node)
{
	g_autofree char *number = NULL;

	switch (json_node_get_value_type(node)) {
	case G_TYPE_BOOLEAN:
		return value_new(VALUE_BOOLEAN, json_node_get_boolean(node) ? "1" : "0");
	case G_TYPE_INT64:
		number = g_strdup_printf("%" G_GINT64_FORMAT, json_node_get_int(node));
		return value_new(VALUE_NUMBER, number);
	case G_TYPE_DOUBLE:
		number = g_strdup_printf("%g", json_node_get_double(node));
		return value_new(VALUE_NUMBER, number);
	default:
		return value_new(VALUE_TEXT, json_node_get_string(node));
	}
}

/* NULL for null, and for what is too much. */
static Value *
convert(JsonNode *node, Read *read)
{
	if (read->n_values++ >= VALUE_COUNT_MAX)
		return NULL;
	switch (json_node_get_node_type(node)) {
	case JSON_NODE_OBJECT:
		return convert_object(json_node_get_object(node), read);
	case JSON_NODE_ARRAY:
		return convert_array(json_node_get_array(node), read);
	case JSON_NODE_VALUE:
		return convert_plain(node);
	case JSON_NODE_NULL:
	default:
		return NULL;
	}
}

/* Before json-glib sees it. */
static gboolean
check_text(const char *text, GError **error)
{
	guint n = 0;

	for (const char *p = text; *p; p++)
		n += *p == '{' || *p == '[';
	if (n > JSON_GROUPS_MAX)
		return fail(error, _("it has too many objects and lists"));
	if (strstr(text, "\\u0000"))
		return fail(error, _("it has a zero byte in a text"));
	return TRUE;
}

static gboolean
check_read(const Read *read, JsonNode *root, GError **error)
{
	if (!root || !JSON_NODE_HOLDS_OBJECT(root) || read->n_tops != 1)
		return fail(error, _("it has to be one object"));
	if (read->twice) {
		g_autofree char *quoted = option_quote(read->twice);
		g_autofree char *why = g_strdup_printf(_("%s is there twice"), quoted);

		return fail(error, why);
	}
	return TRUE;
}

Value *
json_read(const char *text, GError **error)
{
	g_autoptr(GHashTable) sizes = g_hash_table_new(NULL, NULL);
	Read read = {.sizes = sizes};
	g_autoptr(JsonParser) parser = make_parser(&read);
	g_autoptr(GError) wrong = NULL;
	Value *value = NULL;

	if (!check_text(text, error))
		return NULL;
	if (!json_parser_load_from_data(parser, text, -1, &wrong)) {
		g_autofree char *why = option_quote(wrong->message);

		fail(error, why);
	} else if (check_read(&read, json_parser_get_root(parser), error)) {
		value = convert(json_parser_get_root(parser), &read);
		if (read.n_values > VALUE_COUNT_MAX) {
			g_clear_pointer(&value, value_free);
			fail(error, _("it has too many values"));
		}
	}
	g_free(read.twice);
	return value;
}
