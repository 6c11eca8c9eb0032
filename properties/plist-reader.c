/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "plist-reader.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "option.h"

/* What is being read: the lists and dicts that are open, and the text in what is not one. */
typedef struct {
	GPtrArray *open; /* (element-type Value): the innermost is the last */
	GPtrArray *keys; /* (element-type utf8): of each, the key that has no value yet; or NULL */
	GString *text;   /* NULL outside of a plain value */
	Value *top;
	guint n_values;
	gboolean in_plist;
} Plist;

G_GNUC_PRINTF(2, 3)
static void
fail(GError **error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_propagate_error(
		error, g_error_new_valist(G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, format, args));
	va_end(args);
}

static void
fail_element(GError **error, const char *element)
{
	g_autofree char *quoted = option_quote(element);

	fail(error, _("%s cannot be here"), quoted);
}

/* The open list or dict; NULL at the top. */
static Value *
innermost(const Plist *plist)
{
	return plist->open->len ? g_ptr_array_index(plist->open, plist->open->len - 1) : NULL;
}

static char **
innermost_key(const Plist *plist)
{
	return (char **) &g_ptr_array_index(plist->keys, plist->keys->len - 1);
}

/* Takes the value. */
static gboolean
add_value(Plist *plist, Value *value, GError **error)
{
	Value *into = innermost(plist);
	g_autofree char *key = NULL;

	if (!into) {
		plist->top = value;
		return TRUE;
	}
	if (value_kind(into) == VALUE_LIST) {
		value_list_add(into, value);
		return TRUE;
	}
	key = g_steal_pointer(innermost_key(plist));
	if (value_map_add(into, key, value))
		return TRUE;
	{
		g_autofree char *quoted = option_quote(key);

		fail(error, _("%s is there twice"), quoted);
	}
	return FALSE;
}

static ValueKind
kind_of(const char *element)
{
	if (g_str_equal(element, "dict"))
		return VALUE_MAP;
	if (g_str_equal(element, "array"))
		return VALUE_LIST;
	if (g_str_equal(element, "integer") || g_str_equal(element, "real"))
		return VALUE_NUMBER;
	if (g_str_equal(element, "true") || g_str_equal(element, "false"))
		return VALUE_BOOLEAN;
	return g_str_equal(element, "data") ? VALUE_DATA : VALUE_TEXT;
}

static gboolean
is_value(const char *element)
{
	return kind_of(element) != VALUE_TEXT || g_str_equal(element, "string") ||
		   g_str_equal(element, "date");
}

/* Whether it may begin here. */
static gboolean
check_place(const Plist *plist, const char *element, GError **error)
{
	const Value *into = innermost(plist);
	gboolean is_key = g_str_equal(element, "key");
	gboolean in_dict = into && value_kind(into) == VALUE_MAP;
	gboolean wants_key = in_dict && !*innermost_key(plist);

	if (plist->text || !plist->in_plist || (!into && plist->top) ||
		(!is_key && !is_value(element)) || is_key != wants_key) {
		fail_element(error, element);
		return FALSE;
	}
	return TRUE;
}

static void
on_start(GMarkupParseContext *context, const char *element, const char **names, const char **values,
		 gpointer data, GError **error)
{
	Plist *plist = data;
	ValueKind kind = kind_of(element);

	if (g_str_equal(element, "plist") && !plist->in_plist && !plist->top) {
		plist->in_plist = TRUE;
		return;
	}
	if (!check_place(plist, element, error))
		return;
	if (++plist->n_values > VALUE_COUNT_MAX || plist->open->len >= VALUE_DEPTH_MAX) {
		fail(error, _("it has too many values"));
		return;
	}
	if (kind == VALUE_MAP || kind == VALUE_LIST) {
		Value *value = value_new(kind, NULL);

		if (!add_value(plist, value, error))
			return;
		g_ptr_array_add(plist->open, value);
		g_ptr_array_add(plist->keys, NULL);
		return;
	}
	plist->text = g_string_new(NULL);
}

/* (transfer full): what the element and its text are; NULL with an error. */
static Value *
make_plain(const char *element, char *text, GError **error)
{
	ValueKind kind = kind_of(element);
	g_autoptr(GBytes) bytes = NULL;

	if (kind == VALUE_BOOLEAN)
		return value_new(kind, g_str_equal(element, "true") ? "1" : "0");
	if (kind == VALUE_NUMBER)
		return value_new(kind, g_strstrip(text));
	if (kind == VALUE_TEXT)
		return value_new(kind, text);
	bytes = value_decode_base64(text);
	if (!bytes)
		fail(error, _("<data> has to be base64"));
	return bytes ? value_new_data(bytes) : NULL;
}

static void
wipe(GString *text)
{
	explicit_bzero(text->str, text->len);
	g_string_free(text, TRUE);
}

static void
on_end(GMarkupParseContext *context, const char *element, gpointer data, GError **error)
{
	Plist *plist = data;
	Value *value;

	if (!plist->text) {
		if (g_str_equal(element, "plist")) {
			plist->in_plist = FALSE;
			return;
		}
		if (*innermost_key(plist))
			fail(error, _("a <key> is without its value"));
		g_ptr_array_set_size(plist->open, (int) plist->open->len - 1);
		g_ptr_array_set_size(plist->keys, (int) plist->keys->len - 1);
		return;
	}
	if (g_str_equal(element, "key")) {
		*innermost_key(plist) = g_strdup(plist->text->str);
	} else {
		value = make_plain(element, plist->text->str, error);
		if (value)
			add_value(plist, value, error);
	}
	wipe(g_steal_pointer(&plist->text));
}

static void
on_text(GMarkupParseContext *context, const char *text, gsize len, gpointer data, GError **error)
{
	Plist *plist = data;

	if (plist->text)
		g_string_append_len(plist->text, text, (gssize) len);
	else if (strspn(text, " \t\r\n") < len)
		fail(error, _("there is text outside of a value"));
}

/* Comments, <?xml?>, and the DOCTYPE, which may define nothing. */
static void
on_passthrough(GMarkupParseContext *context, const char *text, gsize len, gpointer data,
			   GError **error)
{
	if (len >= 2 && text[0] == '<' && text[1] == '!' && strncmp(text, "<!--", 4) != 0 &&
		(memchr(text, '[', len) || g_strstr_len(text, (gssize) len, "ENTITY")))
		fail(error, _("a DOCTYPE with definitions of its own is not read"));
}

static const GMarkupParser parser = {on_start, on_end, on_text, on_passthrough, NULL};

static gboolean
parse(Plist *plist, const char *text, GError **error)
{
	GMarkupParseContext *context = g_markup_parse_context_new(
		&parser, G_MARKUP_TREAT_CDATA_AS_TEXT | G_MARKUP_PREFIX_ERROR_POSITION, plist, NULL);
	g_autoptr(GError) wrong = NULL;
	gboolean ok = g_markup_parse_context_parse(context, text, -1, &wrong) &&
				  g_markup_parse_context_end_parse(context, &wrong);

	g_markup_parse_context_free(context);
	if (!ok) {
		/* What it cites is of the file. */
		g_autofree char *why = g_utf8_make_valid(wrong->message, -1);

		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID, _("the file is no plist: %s"),
					why);
		return FALSE;
	}
	if (plist->top && value_kind(plist->top) == VALUE_MAP)
		return TRUE;
	g_set_error_literal(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
						_("the file is no plist with a <dict> in it"));
	return FALSE;
}

Value *
plist_read(const char *text, GError **error)
{
	Plist plist = {0};

	plist.open = g_ptr_array_new();
	plist.keys = g_ptr_array_new_with_free_func(g_free);
	if (!parse(&plist, text, error))
		g_clear_pointer(&plist.top, value_free);
	g_ptr_array_unref(plist.open);
	g_ptr_array_unref(plist.keys);
	if (plist.text)
		wipe(plist.text);
	return plist.top;
}
