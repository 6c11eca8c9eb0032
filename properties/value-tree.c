/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "value-tree.h"

#include <string.h>

struct _Value {
	ValueKind kind;
	char *text;
	GBytes *bytes;
	GPtrArray *members; /* (element-type Value): of a list, or of a map in the order of keys */
	GPtrArray *keys;    /* of a map */
	gboolean seen;
};

Value *
value_new(ValueKind kind, const char *text)
{
	Value *value = g_new0(Value, 1);

	value->kind = kind;
	value->text = g_strdup(text);
	if (kind == VALUE_LIST || kind == VALUE_MAP)
		value->members = g_ptr_array_new_with_free_func((GDestroyNotify) value_free);
	if (kind == VALUE_MAP)
		value->keys = g_ptr_array_new_with_free_func(g_free);
	return value;
}

Value *
value_new_data(GBytes *bytes)
{
	Value *value = value_new(VALUE_DATA, NULL);

	value->bytes = g_bytes_ref(bytes);
	return value;
}

void
value_free(Value *value)
{
	if (value->text)
		explicit_bzero(value->text, strlen(value->text));
	g_free(value->text);
	g_clear_pointer(&value->bytes, g_bytes_unref);
	g_clear_pointer(&value->members, g_ptr_array_unref);
	g_clear_pointer(&value->keys, g_ptr_array_unref);
	g_free(value);
}

static Value *
find(const Value *map, const char *key)
{
	for (guint i = 0; map->keys && i < map->keys->len; i++) {
		if (g_str_equal(g_ptr_array_index(map->keys, i), key))
			return g_ptr_array_index(map->members, i);
	}
	return NULL;
}

gboolean
value_map_add(Value *map, const char *key, Value *member)
{
	if (find(map, key)) {
		value_free(member);
		return FALSE;
	}
	g_ptr_array_add(map->keys, g_strdup(key));
	g_ptr_array_add(map->members, member);
	return TRUE;
}

void
value_list_add(Value *list, Value *member)
{
	g_ptr_array_add(list->members, member);
}

ValueKind
value_kind(const Value *value)
{
	return value->kind;
}

const char *
value_text(const Value *value)
{
	return value->text;
}

GBytes *
value_bytes(const Value *value)
{
	return value->bytes;
}

guint
value_length(const Value *value)
{
	return value->kind == VALUE_LIST ? value->members->len : 0;
}

Value *
value_nth(const Value *list, guint n)
{
	return g_ptr_array_index(list->members, n);
}

Value *
value_find(Value *map, const char *key)
{
	Value *value = find(map, key);

	if (value)
		value->seen = TRUE;
	return value;
}

static int
compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
value_list_unseen(const Value *map)
{
	GPtrArray *unseen = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; map->keys && i < map->keys->len; i++) {
		const Value *member = g_ptr_array_index(map->members, i);

		if (!member->seen)
			g_ptr_array_add(unseen, g_strdup(g_ptr_array_index(map->keys, i)));
	}
	g_ptr_array_sort(unseen, compare);
	return unseen;
}

typedef struct {
	guint8 *bytes;
	gsize len;
} Block;

static void
block_free(gpointer data)
{
	Block *block = data;

	explicit_bzero(block->bytes, block->len);
	g_free(block->bytes);
	g_free(block);
}

GBytes *
value_take_bytes(guint8 *bytes, gsize len)
{
	Block *block = g_new(Block, 1);

	*block = (Block){bytes, len};
	return g_bytes_new_with_free_func(bytes, len, block_free, block);
}

GBytes *
value_decode_base64(const char *text)
{
	guint8 *bytes;
	gsize len, n = 0;

	for (const char *p = text; *p; p++) {
		if (g_ascii_isspace(*p))
			continue;
		if (!g_ascii_isalnum(*p) && !strchr("+/=", *p))
			return NULL;
		n++;
	}
	if (n % 4)
		return NULL;
	bytes = g_base64_decode(text, &len);
	if (!len) {
		g_free(bytes);
		return NULL;
	}
	return value_take_bytes(bytes, len);
}
