/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "token-uri.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "option.h"

#define SCHEME "pkcs11:"

/* An object's ID in bytes: a hash, mostly. */
#define ID_MAX 255

/* In the order in which they are written. The first ones are the token's; of the object "type" says
 * only what each key of a profile is about anyway. */
enum { TOKEN, MANUFACTURER, MODEL, SERIAL, OBJECT, ID, TYPE, N_ATTRIBUTES };
#define N_OF_TOKEN OBJECT

static const char *const names[N_ATTRIBUTES] = {"token",  "manufacturer", "model", "serial",
												"object", "id",           "type"};

typedef struct {
	GByteArray *values[N_ATTRIBUTES]; /* NULL: it is not there */
} Attributes;

static void
clear(Attributes *self)
{
	for (guint i = 0; i < N_ATTRIBUTES; i++)
		g_clear_pointer(&self->values[i], g_byte_array_unref);
}

static gboolean
is_uri(const char *value)
{
	return g_ascii_strncasecmp(value, SCHEME, strlen(SCHEME)) == 0;
}

gboolean
token_uri_is_one(const char *value)
{
	const char *colon = strchr(value, ':');

	/* Another URI names a file of elsewhere. */
	return value[0] != '/' && colon && (is_uri(value) || !g_str_has_prefix(colon, "://"));
}

static int
find_name(const char *name, gsize len)
{
	for (guint i = 0; i < N_ATTRIBUTES; i++) {
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			return (int) i;
	}
	return -1;
}

/* NULL where a % is not followed by two digits. */
static GByteArray *
decode(const char *text, gsize len)
{
	GByteArray *bytes = g_byte_array_new();

	for (gsize i = 0; i < len; i++) {
		guint8 byte = (guint8) text[i];

		if (byte == '%') {
			if (i + 2 >= len || !g_ascii_isxdigit(text[i + 1]) || !g_ascii_isxdigit(text[i + 2])) {
				g_byte_array_unref(bytes);
				return NULL;
			}
			byte = (guint8) (g_ascii_xdigit_value(text[i + 1]) << 4 |
							 g_ascii_xdigit_value(text[i + 2]));
			i += 2;
		}
		g_byte_array_append(bytes, &byte, 1);
	}
	return bytes;
}

/* A name may be shown, and the token's is in a line of a file. */
static gboolean
is_allowed(guint attribute, const GByteArray *value)
{
	g_autofree char *text = NULL;

	if (value->len == 0)
		return FALSE;
	if (attribute == ID)
		return value->len <= ID_MAX;
	text = g_strndup((const char *) value->data, value->len);
	return strlen(text) == value->len && option_text_is_safe(text);
}

static char *
quote(const char *text, gsize len)
{
	g_autofree char *copy = g_strndup(text, len);

	return option_quote(copy);
}

/* Of the part behind the "?". */
static char *
refuse_query(const char *query)
{
	static const char *const secret[] = {"pin-value", "pin-source"};
	static const char *const code[] = {"module-path", "module-name"};

	for (guint i = 0; i < 2; i++) {
		if (strstr(query, secret[i]))
			return g_strdup_printf(
				_("has %s in it; the PIN is a secret, and belongs into the secret pin"), secret[i]);
		if (strstr(query, code[i]))
			return g_strdup_printf(_("has %s in it; only the modules are used that p11-kit has "
									 "configured, see pkcs11.conf(5)"),
								   code[i]);
	}
	return g_strdup(_("has a \"?\" in it, which nothing may follow"));
}

/* What is wrong with one attribute, or NULL. */
static char *
take_attribute(Attributes *self, const char *text, gsize len)
{
	const char *equals = memchr(text, '=', len);
	gsize name_len = equals ? (gsize) (equals - text) : len;
	int which = find_name(text, name_len);
	g_autofree char *name = quote(text, name_len);

	if (!equals)
		return g_strdup_printf(_("has %s in it, which is no attribute with a value"), name);
	if (which < 0)
		return g_strdup_printf(_("has the attribute %s, which is not one of token, manufacturer, "
								 "model, serial, object, id and type"),
							   name);
	if (self->values[which])
		return g_strdup_printf(_("has the attribute %s twice"), name);
	self->values[which] = decode(equals + 1, len - name_len - 1);
	if (!self->values[which] || !is_allowed((guint) which, self->values[which]))
		return g_strdup_printf(_("has an attribute %s whose value is empty, or no text with the "
								 "rest as %% and two hexadecimal digits"),
							   name);
	return NULL;
}

static char *
take_uri(Attributes *self, const char *value)
{
	const char *query = strchr(value, '?');
	const char *at = value + strlen(SCHEME);
	char *fault = query ? refuse_query(query + 1) : NULL;

	while (!fault && *at) {
		const gsize len = strcspn(at, ";");

		fault = take_attribute(self, at, len);
		at += len;
		if (*at == ';')
			at++;
	}
	return fault;
}

/* As certutil(1) writes it. */
static char *
take_nickname(Attributes *self, const char *value)
{
	const char *colon = strchr(value, ':');

	self->values[TOKEN] = g_byte_array_new();
	self->values[OBJECT] = g_byte_array_new();
	g_byte_array_append(self->values[TOKEN], (const guint8 *) value, (guint) (colon - value));
	g_byte_array_append(self->values[OBJECT], (const guint8 *) colon + 1,
						(guint) strlen(colon + 1));
	if (!is_allowed(TOKEN, self->values[TOKEN]) || !is_allowed(OBJECT, self->values[OBJECT]))
		return g_strdup(_("is no token and an object of it, with a colon in between"));
	return NULL;
}

static char *
take(Attributes *self, const char *value)
{
	char *fault = is_uri(value) ? take_uri(self, value) : take_nickname(self, value);

	if (fault)
		return fault;
	if (!self->values[TOKEN])
		return g_strdup(_("does not have the attribute token, the token's name"));
	if (!self->values[OBJECT] && !self->values[ID])
		return g_strdup(_("has neither the attribute object nor id, which name the object"));
	return NULL;
}

static char *
write_uri(const Attributes *self)
{
	GString *uri = g_string_new(SCHEME);

	for (guint i = 0; i < TYPE; i++) {
		const GByteArray *value = self->values[i];

		if (!value)
			continue;
		g_string_append_printf(uri, "%s%s=", uri->len > strlen(SCHEME) ? ";" : "", names[i]);
		for (guint k = 0; k < value->len; k++) {
			const char c = (char) value->data[k];

			if (i != ID && (g_ascii_isalnum(c) || strchr("-._", c)))
				g_string_append_c(uri, c);
			else
				g_string_append_printf(uri, "%%%02X", value->data[k]);
		}
	}
	return g_string_free(uri, FALSE);
}

char *
token_uri_normalize(const char *value, char **fault)
{
	Attributes attributes = {{NULL}};
	char *wrong = token_uri_is_one(value)
					  ? take(&attributes, value)
					  : g_strdup(_("is neither a PKCS#11 URI nor a token and an object of it"));
	char *uri = wrong ? NULL : write_uri(&attributes);

	clear(&attributes);
	if (fault)
		*fault = wrong;
	else
		g_free(wrong);
	return uri;
}

char *
token_uri_get(const char *uri, const char *attribute)
{
	const int which = find_name(attribute, strlen(attribute));
	Attributes attributes = {{NULL}};
	g_autofree char *fault = take_uri(&attributes, uri);
	char *text = NULL;

	if (which >= 0 && attributes.values[which])
		text =
			g_strndup((const char *) attributes.values[which]->data, attributes.values[which]->len);
	clear(&attributes);
	return text;
}

gboolean
token_uri_same_token(const char *a, const char *b)
{
	for (guint i = 0; i < N_OF_TOKEN; i++) {
		g_autofree char *of_a = token_uri_get(a, names[i]), *of_b = token_uri_get(b, names[i]);

		if (of_a && of_b && !g_str_equal(of_a, of_b))
			return FALSE;
	}
	return TRUE;
}
