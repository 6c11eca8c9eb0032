/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is in a file of another program's, once its syntax is off: maps, lists and plain values. It
 * remembers what was looked at, so that who imports it can name what is left.
 */

#pragma once

#include <glib.h>

typedef enum {
	VALUE_TEXT,
	VALUE_NUMBER,  /* as it is written */
	VALUE_BOOLEAN, /* "1" or "0" */
	VALUE_DATA,    /* bytes */
	VALUE_LIST,
	VALUE_MAP,
} ValueKind;

typedef struct _Value Value;

/* No file that means a VPN is deeper, or has more values. */
#define VALUE_DEPTH_MAX 20u
#define VALUE_COUNT_MAX 5000u

/* (transfer full): @text: (nullable): of a text, number or boolean. Free with value_free(), which
 * wipes it. */
Value *value_new(ValueKind kind, const char *text);
Value *value_new_data(GBytes *bytes);
void value_free(Value *value);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Value, value_free)

/**
 * value_map_add:
 * @map: a map
 * @key: where it goes
 * @member: (transfer full): what goes there
 *
 * Returns: whether there was nothing; otherwise @member is gone
 */
gboolean value_map_add(Value *map, const char *key, Value *member);

/* @member: (transfer full) */
void value_list_add(Value *list, Value *member);

ValueKind value_kind(const Value *value);

/* (transfer none): of a text, number or boolean; otherwise %NULL. */
const char *value_text(const Value *value);

/* (transfer none): of data; otherwise %NULL. */
GBytes *value_bytes(const Value *value);

/* How many members a list has; 0 for everything else. */
guint value_length(const Value *value);

/* (transfer none): of a list. */
Value *value_nth(const Value *list, guint n);

/* (nullable) (transfer none): of a map; it was looked at then. */
Value *value_find(Value *map, const char *key);

/* (transfer full) (element-type utf8): the keys that value_find() was not asked for, sorted. */
GPtrArray *value_list_unseen(const Value *map);

/* @bytes: (transfer full) (array length=len): may be secret, and are wiped in the end */
GBytes *value_take_bytes(guint8 *bytes, gsize len);

/**
 * value_decode_base64:
 * @text: base64, with or without blanks and line breaks
 *
 * Returns: (transfer full): the bytes, as value_take_bytes(); %NULL where it is none, or there are
 *   none
 */
GBytes *value_decode_base64(const char *text);
