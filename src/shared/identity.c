/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "identity.h"

#include <arpa/inet.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "distinguished-name.h"
#include "option.h"

typedef enum {
	KIND_ANY,     /* what it is, is left to others */
	KIND_NOBODY,  /* ID_NULL */
	KIND_ADDRESS, /* value: 4 or 16 bytes */
	KIND_HOST,    /* an address that DNS tells */
	KIND_NAME,    /* value: the text, in small letters, without dots at the end */
	KIND_USER,    /* likewise */
	KIND_KEY,     /* value: the bytes */
	KIND_SUBJECT, /* name */
} Kind;

typedef struct {
	Kind kind;
	GByteArray *value;
	DistinguishedName *name; /* NULL where it is one that we cannot read */
	char *fault;
} Identity;

static void
identity_clear(Identity *identity)
{
	g_byte_array_unref(identity->value);
	distinguished_name_free(identity->name);
	g_free(identity->fault);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Identity, identity_clear)

static void
take_bytes(Identity *identity, Kind kind, const void *bytes, gsize len)
{
	identity->kind = kind;
	g_byte_array_append(identity->value, bytes, (guint) len);
}

static gboolean
take_address(Identity *identity, const char *text)
{
	guint8 bytes[sizeof(struct in6_addr)];

	if (inet_pton(AF_INET, text, bytes) == 1)
		take_bytes(identity, KIND_ADDRESS, bytes, sizeof(struct in_addr));
	else if (inet_pton(AF_INET6, text, bytes) == 1)
		take_bytes(identity, KIND_ADDRESS, bytes, sizeof(struct in6_addr));
	else
		return FALSE;
	return TRUE;
}

/* libreswan compares names without regard to case and to dots at their end (id_eq()). */
static void
take_name(Identity *identity, Kind kind, const char *text)
{
	g_autofree char *lower = g_ascii_strdown(text, -1);
	gsize len = strlen(lower);

	while (len > 0 && lower[len - 1] == '.')
		len--;
	take_bytes(identity, kind, lower, len);
}

/* Pairs of hexadecimal digits; between two bytes an underscore may stand. */
static gboolean
append_hex(GByteArray *bytes, const char *text)
{
	while (g_ascii_isxdigit(text[0]) && g_ascii_isxdigit(text[1])) {
		guint8 byte = (guint8) (g_ascii_xdigit_value(text[0]) << 4 | g_ascii_xdigit_value(text[1]));

		g_byte_array_append(bytes, &byte, 1);
		text += 2;
		if (text[0] == '_' && text[1] != '\0')
			text++;
	}
	return *text == '\0' && bytes->len > 0;
}

static void
read_key(Identity *identity, const char *digits)
{
	identity->kind = KIND_KEY;
	if (!append_hex(identity->value, digits))
		identity->fault = g_strdup(_("has something else after @# than pairs of hexadecimal "
									 "digits without 0x"));
}

static void
read_der(Identity *identity, const char *digits)
{
	identity->kind = KIND_SUBJECT;
	if (append_hex(identity->value, digits))
		identity->name = distinguished_name_from_der(identity->value->data, identity->value->len);
	if (!identity->name)
		identity->fault = g_strdup(_("has something else after @~ than the hexadecimal digits of "
									 "a distinguished name in DER"));
}

static void
read_subject(Identity *identity, const char *text)
{
	g_autofree char *fault = NULL;

	identity->kind = KIND_SUBJECT;
	identity->name = distinguished_name_parse(text, &fault);
	if (identity->name)
		return;
	identity->fault =
		g_strdup_printf(_("is no distinguished name, for which libreswan takes every identity "
						  "with an equals sign: %s"),
						fault);
	if (!strpbrk(text, ",/")) {
		g_autofree char *group = g_strconcat("@[", text, "]", NULL);
		g_autofree char *quoted = option_quote(group);
		g_autofree char *because = identity->fault;

		identity->fault =
			g_strdup_printf(_("%s; if it is the name of a group, write %s"), because, quoted);
	}
}

static void
read_word(Identity *identity, const char *word)
{
	static const char *const any[] = {"%fromcert", "%any", "%none", NULL};

	identity->kind = g_str_equal(word, "%null") ? KIND_NOBODY : KIND_ANY;
	if (identity->kind == KIND_ANY && !g_strv_contains(any, word))
		identity->fault =
			g_strdup(_("is none of libreswan's words %fromcert, %any, %none and %null"));
}

/* As libreswan does, in its order. */
static void
read_wanted(Identity *identity, const char *text)
{
	identity->value = g_byte_array_new();
	if (text[0] == '%') {
		read_word(identity, text);
	} else if (strchr(text, '=')) {
		read_subject(identity, text[0] == '@' ? text + 1 : text);
	} else if (g_str_equal(text, "0.0.0.0") || g_str_equal(text, "::")) {
		identity->kind = KIND_ANY;
	} else if (!strchr(text, '@')) {
		if (!take_address(identity, text))
			identity->kind = KIND_HOST;
	} else if (g_str_has_prefix(text, "@#")) {
		read_key(identity, text + 2);
	} else if (g_str_has_prefix(text, "@~")) {
		read_der(identity, text + 2);
	} else if (g_str_has_prefix(text, "@[")) {
		gsize len = strlen(text + 2);

		if (len > 0 && text[2 + len - 1] == ']')
			len--;
		take_bytes(identity, KIND_KEY, text + 2, len);
		if (len == 0)
			identity->fault = g_strdup(_("has nothing between its brackets"));
	} else if (text[0] == '@') {
		take_name(identity, KIND_NAME, text + 1);
		if (text[1] == '\0')
			identity->fault = g_strdup(_("has nothing after its @"));
	} else {
		take_name(identity, KIND_USER, text);
	}
}

/* The digits of a key ID in text between brackets, which need not end with one. */
static char *
spell_key_id(const char *text)
{
	GString *digits = g_string_new("@#");
	gsize len = strlen(text);

	if (len > 0 && text[len - 1] == ']')
		len--;
	for (gsize i = 0; i < len; i++)
		g_string_append_printf(digits, "%02x", (guchar) text[i]);
	return g_string_free(digits, FALSE);
}

char *
identity_normalize(const char *text)
{
	if (g_ascii_strncasecmp(text, "@#0x", 4) == 0)
		return g_strconcat("@#", text + 4, NULL);
	if (!strchr(text, '=') || text[0] == '%')
		return g_strdup(text);
	if (g_str_has_prefix(text, "@["))
		return spell_key_id(text + 2);
	return distinguished_name_escape_commas(text);
}

char *
identity_find_fault(const char *text)
{
	g_auto(Identity) identity = {0};

	read_wanted(&identity, text);
	return g_steal_pointer(&identity.fault);
}

/* \ooo is a byte; libreswan has no other backslash there. */
static char *
unescape(const char *text)
{
	GString *bytes = g_string_new(NULL);

	while (*text) {
		if (text[0] == '\\' && strspn(text + 1, "01234567") >= 3) {
			g_string_append_c(
				bytes, (char) ((text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0')));
			text += 4;
		} else {
			g_string_append_c(bytes, *text++);
		}
	}
	return g_string_free(bytes, FALSE);
}

static void
read_shown(Identity *identity, const char *shown)
{
	g_autofree char *text = unescape(shown);

	identity->value = g_byte_array_new();
	if (g_str_equal(text, "ID_NULL")) {
		identity->kind = KIND_NOBODY;
	} else if (take_address(identity, text)) {
		return;
	} else if (g_str_has_prefix(text, "@#0x")) {
		identity->kind = KIND_KEY;
		append_hex(identity->value, text + 4);
	} else if (text[0] == '@') {
		take_name(identity, KIND_NAME, text + 1);
	} else if (strchr(text, '=')) {
		identity->kind = KIND_SUBJECT;
		identity->name = distinguished_name_parse_printed(text);
	} else if (strchr(text, '@')) {
		take_name(identity, KIND_USER, text);
	}
}

static gboolean
is_same(const Identity *wanted, const Identity *shown)
{
	if (wanted->kind == KIND_ANY)
		return TRUE;
	if (wanted->kind == KIND_HOST)
		return shown->kind == KIND_ADDRESS;
	if (wanted->kind != shown->kind)
		return FALSE;
	/* Where a '*' was asked for, it is a certificate's subject by now, and may have attributes that
	 * libreswan prints and does not read. It has compared them itself. */
	if (wanted->kind == KIND_SUBJECT)
		return !shown->name || distinguished_name_matches(shown->name, wanted->name);
	/* An empty GByteArray has no data, and memcmp() wants some. */
	return wanted->value->len == shown->value->len &&
		   (wanted->value->len == 0 ||
			memcmp(wanted->value->data, shown->value->data, wanted->value->len) == 0);
}

gboolean
identity_is_shown(const char *wanted, const char *shown)
{
	g_auto(Identity) want = {0}, show = {0};

	read_wanted(&want, wanted ? wanted : "%any");
	read_shown(&show, shown);
	if (!wanted)
		return show.kind == KIND_ADDRESS || show.kind == KIND_ANY;
	return !want.fault && is_same(&want, &show);
}

gboolean
identity_is_any(const char *wanted)
{
	g_auto(Identity) identity = {0};

	read_wanted(&identity, wanted);
	return identity.kind == KIND_ANY || identity.kind == KIND_NOBODY ||
		   (identity.kind == KIND_SUBJECT && identity.name &&
			distinguished_name_is_any(identity.name));
}
