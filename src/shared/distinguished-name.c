/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "distinguished-name.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "option.h"

/* Tags of ASN.1 (X.690). */
enum {
	TAG_OID = 0x06,
	TAG_UTF8 = 0x0c,
	TAG_PRINTABLE = 0x13,
	TAG_T61 = 0x14,
	TAG_IA5 = 0x16,
	TAG_BMP = 0x1e,
	TAG_SEQUENCE = 0x30,
	TAG_SET = 0x31,
};

/* A type and a value. */
typedef struct {
	GByteArray *oid;
	guint8 tag;
	GByteArray *value;
} Attribute;

struct _DistinguishedName {
	GArray *attributes; /* of Attribute */
};

/* Every name that libreswan reads, in any case. */
static const struct {
	const char *name;
	const char *oid;
	guint8 tag;
} types[] = {
	{"C", "2.5.4.6", TAG_PRINTABLE},
	{"O", "2.5.4.10", TAG_PRINTABLE},
	{"OU", "2.5.4.11", TAG_PRINTABLE},
	{"CN", "2.5.4.3", TAG_PRINTABLE},
	{"L", "2.5.4.7", TAG_PRINTABLE},
	{"ST", "2.5.4.8", TAG_PRINTABLE},
	{"DC", "0.9.2342.19200300.100.1.25", TAG_PRINTABLE},
	{"UID", "0.9.2342.19200300.100.1.1", TAG_PRINTABLE},
	{"E", "1.2.840.113549.1.9.1", TAG_IA5},
	{"Email", "1.2.840.113549.1.9.1", TAG_IA5},
	{"emailAddress", "1.2.840.113549.1.9.1", TAG_IA5},
	{"SN", "2.5.4.5", TAG_PRINTABLE},
	{"serialNumber", "2.5.4.5", TAG_PRINTABLE},
	{"S", "2.5.4.4", TAG_PRINTABLE},
	{"G", "2.5.4.42", TAG_PRINTABLE},
	{"N", "2.5.4.41", TAG_PRINTABLE},
	{"I", "2.5.4.43", TAG_PRINTABLE},
	{"T", "2.5.4.12", TAG_PRINTABLE},
	{"D", "2.5.4.13", TAG_PRINTABLE},
	{"ID", "2.5.4.45", TAG_PRINTABLE},
	{"UN", "1.2.840.113549.1.9.2", TAG_IA5},
	{"unstructuredName", "1.2.840.113549.1.9.2", TAG_IA5},
	{"ND", "0.2.262.1.10.7.20", TAG_PRINTABLE},
	{"TCGID", "1.3.6.1.4.1.1201.1.1.2.2.75", TAG_PRINTABLE},
};

static void
attribute_clear(gpointer data)
{
	Attribute *attribute = data;

	g_byte_array_unref(attribute->oid);
	g_byte_array_unref(attribute->value);
}

static DistinguishedName *
name_new(void)
{
	DistinguishedName *name = g_new0(DistinguishedName, 1);

	name->attributes = g_array_new(FALSE, FALSE, sizeof(Attribute));
	g_array_set_clear_func(name->attributes, attribute_clear);
	return name;
}

void
distinguished_name_free(DistinguishedName *name)
{
	if (!name)
		return;
	g_array_unref(name->attributes);
	g_free(name);
}

/* Takes ownership of both. */
static void
add(DistinguishedName *name, GByteArray *oid, guint8 tag, GByteArray *value)
{
	const Attribute attribute = {oid, tag, value};

	g_array_append_val(name->attributes, attribute);
}

static void
append_byte(GByteArray *bytes, guint byte)
{
	const guint8 one = (guint8) byte;

	g_byte_array_append(bytes, &one, 1);
}

/* DER */

static void
append_tlv(GByteArray *out, guint8 tag, const GByteArray *value)
{
	append_byte(out, tag);
	if (value->len < 0x80) {
		append_byte(out, value->len);
	} else {
		/* No value here needs more than two bytes of length. */
		append_byte(out, value->len < 0x100 ? 0x81 : 0x82);
		if (value->len >= 0x100)
			append_byte(out, value->len >> 8);
		append_byte(out, value->len & 0xff);
	}
	g_byte_array_append(out, value->data, value->len);
}

GByteArray *
distinguished_name_to_der(const DistinguishedName *name)
{
	g_autoptr(GByteArray) sets = g_byte_array_new();
	GByteArray *der = g_byte_array_new();

	for (guint i = 0; i < name->attributes->len; i++) {
		const Attribute *attribute = &g_array_index(name->attributes, Attribute, i);
		g_autoptr(GByteArray) pair = g_byte_array_new();
		g_autoptr(GByteArray) sequence = g_byte_array_new();

		append_tlv(pair, TAG_OID, attribute->oid);
		append_tlv(pair, attribute->tag, attribute->value);
		append_tlv(sequence, TAG_SEQUENCE, pair);
		append_tlv(sets, TAG_SET, sequence);
	}
	append_tlv(der, TAG_SEQUENCE, sets);
	return der;
}

typedef struct {
	const guint8 *data;
	gsize len;
} Bytes;

/* Takes the first element off @in. */
static gboolean
read_tlv(Bytes *in, guint8 *tag, Bytes *value)
{
	gsize len, head = 2;

	if (in->len < 2)
		return FALSE;
	*tag = in->data[0];
	len = in->data[1];
	if (len >= 0x80) {
		gsize n = len & 0x7f;

		if (n < 1 || n > 2 || in->len < 2 + n)
			return FALSE;
		len = n == 1 ? in->data[2] : (gsize) in->data[2] << 8 | in->data[3];
		head += n;
	}
	if (len > in->len - head)
		return FALSE;
	*value = (Bytes){in->data + head, len};
	in->data += head + len;
	in->len -= head + len;
	return TRUE;
}

static gboolean
read_tagged(Bytes *in, guint8 wanted, Bytes *value)
{
	guint8 tag;

	return read_tlv(in, &tag, value) && tag == wanted;
}

static gboolean
is_string_tag(guint8 tag)
{
	return tag == TAG_UTF8 || tag == TAG_PRINTABLE || tag == TAG_T61 || tag == TAG_IA5 ||
		   tag == TAG_BMP;
}

static GByteArray *
copy_bytes(Bytes bytes)
{
	return g_byte_array_append(g_byte_array_new(), bytes.data, (guint) bytes.len);
}

static gboolean
read_set(DistinguishedName *name, Bytes set)
{
	while (set.len > 0) {
		Bytes pair, oid, value;
		guint8 tag;

		if (!read_tagged(&set, TAG_SEQUENCE, &pair) || !read_tagged(&pair, TAG_OID, &oid) ||
			oid.len == 0 || !read_tlv(&pair, &tag, &value) || !is_string_tag(tag) || pair.len > 0)
			return FALSE;
		add(name, copy_bytes(oid), tag, copy_bytes(value));
	}
	return TRUE;
}

DistinguishedName *
distinguished_name_from_der(const guint8 *der, gsize len)
{
	g_autoptr(DistinguishedName) name = name_new();
	Bytes all = {der, len}, sets, set;

	if (!read_tagged(&all, TAG_SEQUENCE, &sets) || all.len > 0)
		return NULL;
	while (sets.len > 0) {
		if (!read_tagged(&sets, TAG_SET, &set) || set.len == 0 || !read_set(name, set))
			return NULL;
	}
	return g_steal_pointer(&name);
}

/* Text */

/* Where we are in it, and what was wrong. */
typedef struct {
	const char *p;
	const char *separators;
	char *fault;
} Reader;

/* Takes ownership of @fault. */
static gboolean
wrong(Reader *reader, char *fault)
{
	reader->fault = fault;
	return FALSE;
}

static char *
quote(const char *part, gsize len)
{
	g_autofree char *text = g_strndup(part, len);

	return option_quote(text);
}

/* The part in which we are, up to the next separator. */
static char *
quote_part(const Reader *reader, const char *begin)
{
	return quote(begin, strcspn(begin, reader->separators));
}

static void
skip(Reader *reader, const char *what)
{
	reader->p += strspn(reader->p, what);
}

/* One number of an OID, seven bits a byte. libreswan leaves out a byte in the middle that has none
 * of them set, which makes another OID of it. */
static gboolean
append_arc(GByteArray *oid, guint64 arc)
{
	guint8 digits[10];
	guint n = 0;

	do {
		digits[n++] = arc & 0x7f;
		arc >>= 7;
	} while (arc > 0);
	for (guint i = n; i > 0; i--) {
		if (digits[i - 1] == 0 && i > 1)
			return FALSE;
		append_byte(oid, digits[i - 1] | (i > 1 ? 0x80 : 0));
	}
	return TRUE;
}

/* libreswan puts the first two numbers into one byte. */
static gboolean
parse_oid(GByteArray *oid, const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, ".", -1);
	guint64 arcs[2] = {0};

	if (g_strv_length(words) < 2)
		return FALSE;
	for (guint i = 0; words[i]; i++) {
		guint64 arc;

		if (!g_ascii_string_to_unsigned(words[i], 10, 0, G_MAXUINT32, &arc, NULL))
			return FALSE;
		if (i < 2)
			arcs[i] = arc;
		if (i == 1 && (arcs[0] > 2 || arcs[1] >= 40))
			return FALSE;
		if (i == 1)
			append_byte(oid, (guint) (arcs[0] * 40 + arcs[1]));
		if (i > 1 && !append_arc(oid, arc))
			return FALSE;
	}
	return TRUE;
}

/* The row of a type's name; -1 where there is none. */
static int
find_type(const char *name, gsize len)
{
	for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
		if (strlen(types[i].name) == len && g_ascii_strncasecmp(types[i].name, name, len) == 0)
			return (int) i;
	}
	return -1;
}

/* @tag: of a text for it; 0 where only BER will do */
static gboolean
read_type(Reader *reader, GByteArray *oid, guint8 *tag)
{
	const char *begin = reader->p;
	gsize len = strcspn(begin, " =");
	const char *after = begin + len + strspn(begin + len, " ");
	g_autofree char *text = g_strndup(begin, len);
	g_autofree char *type = option_quote(text);
	g_autofree char *part = quote_part(reader, begin);
	int row = find_type(begin, len);

	/* What has no '=' before the next separator is a piece of a value. */
	if (*after != '=' || strcspn(begin, reader->separators) < len)
		return wrong(reader, g_strdup_printf(_("its part %s is not TYPE=VALUE; a comma or slash in "
											   "a value is written \\, or \\/"),
											 part));
	if (g_ascii_isdigit(*begin) && !parse_oid(oid, text))
		return wrong(reader, g_strdup_printf(
								 _("%s is no object identifier that libreswan can write"), type));
	if (!g_ascii_isdigit(*begin) && row < 0)
		return wrong(reader, g_strdup_printf(_("libreswan does not know %s; it knows C, O, OU, CN, "
											   "L, ST, DC, UID, E, SN, S, G, N, I, T, D, ID, UN, "
											   "ND and TCGID"),
											 type));
	if (row >= 0)
		parse_oid(oid, types[row].oid);
	*tag = row >= 0 ? types[row].tag : 0;
	reader->p = after + 1;
	skip(reader, " ");
	return TRUE;
}

static gboolean
read_hex_pair(const char *p, guint8 *byte)
{
	if (!g_ascii_isxdigit(p[0]) || !g_ascii_isxdigit(p[1]))
		return FALSE;
	*byte = (guint8) (g_ascii_xdigit_value(p[0]) << 4 | g_ascii_xdigit_value(p[1]));
	return TRUE;
}

/* # and the hexadecimal of one string's BER. */
static gboolean
read_ber(Reader *reader, guint8 *tag, GByteArray *value)
{
	g_autoptr(GByteArray) ber = g_byte_array_new();
	g_autofree char *part = quote_part(reader, reader->p++);
	Bytes all, content;
	guint8 byte;

	for (; read_hex_pair(reader->p, &byte); reader->p += 2)
		append_byte(ber, byte);
	skip(reader, " ");
	all = (Bytes){ber->data, ber->len};
	if ((*reader->p && !strchr(reader->separators, *reader->p)) || !read_tlv(&all, tag, &content) ||
		all.len > 0 || !is_string_tag(*tag))
		return wrong(
			reader,
			g_strdup_printf(_("%s is not # and the hexadecimal digits of a string in DER"), part));
	g_byte_array_append(value, content.data, (guint) content.len);
	return TRUE;
}

/* Would libreswan's "A=x+B=y" have been meant as two values of one RDN? */
static gboolean
begins_another_value(const char *plus)
{
	const char *begin = plus + 1 + strspn(plus + 1, " ");
	gsize len = strcspn(begin, " =,/+");

	return begin[len + strspn(begin + len, " ")] == '=' && find_type(begin, len) >= 0;
}

static gboolean
read_escape(Reader *reader, GByteArray *value)
{
	const char *p = reader->p;
	guint8 byte;

	if (read_hex_pair(p + 1, &byte)) {
		if (byte == 0)
			return wrong(reader, g_strdup(_("a value has the zero byte \\00 in it")));
		append_byte(value, byte);
		reader->p += 3;
		return TRUE;
	}
	if (p[1] == '\0')
		return wrong(reader, g_strdup(_("it ends in a backslash, with nothing to escape")));
	append_byte(value, (guint8) p[1]);
	reader->p += 2;
	return TRUE;
}

static gboolean
is_printable_string(const GByteArray *value)
{
	for (guint i = 0; i < value->len; i++) {
		if (!g_ascii_isalnum(value->data[i]) && !strchr("'()+,-./:=? ", value->data[i]))
			return FALSE;
	}
	return TRUE;
}

static gboolean
read_text(Reader *reader, guint8 *tag, GByteArray *value)
{
	g_autofree char *part = quote_part(reader, reader->p);
	guint escaped = 0; /* up to where nothing is to be cut off */

	while (*reader->p && !strchr(reader->separators, *reader->p)) {
		if (*reader->p == '\\') {
			if (!read_escape(reader, value))
				return FALSE;
			escaped = value->len;
			continue;
		}
		if (*reader->p == '+' && begins_another_value(reader->p))
			return wrong(reader, g_strdup_printf(_("libreswan has no two values in one part, as in "
												   "%s; a plus sign is written \\+"),
												 part));
		append_byte(value, (guint8) *reader->p++);
	}
	while (value->len > escaped && value->data[value->len - 1] == ' ')
		g_byte_array_set_size(value, value->len - 1);
	if (*tag == TAG_PRINTABLE && !is_printable_string(value))
		*tag = TAG_T61;
	return TRUE;
}

static gboolean
read_value(Reader *reader, guint8 *tag, GByteArray *value)
{
	if (*reader->p == '#')
		return read_ber(reader, tag, value);
	if (*reader->p == '"')
		return wrong(reader, g_strdup(_("double quotes around a value do not quote it; a comma in "
										"it is written \\,")));
	if (*tag != 0)
		return read_text(reader, tag, value);
	return wrong(reader, g_strdup(_("the value of a numeric attribute must be # and the "
									"hexadecimal digits of a string in DER")));
}

static gboolean
read_attribute(Reader *reader, DistinguishedName *name)
{
	g_autoptr(GByteArray) oid = g_byte_array_new();
	g_autoptr(GByteArray) value = g_byte_array_new();
	guint8 tag = 0;

	if (!read_type(reader, oid, &tag) || !read_value(reader, &tag, value))
		return FALSE;
	add(name, g_steal_pointer(&oid), tag, g_steal_pointer(&value));
	return TRUE;
}

static gboolean
read_all(Reader *reader, DistinguishedName *name)
{
	g_autofree char *blanks_too = g_strconcat(" ", reader->separators, NULL);
	g_autoptr(GByteArray) der = NULL;

	for (skip(reader, blanks_too); *reader->p; skip(reader, blanks_too)) {
		if (!read_attribute(reader, name))
			return FALSE;
	}
	if (name->attributes->len == 0)
		return wrong(reader, g_strdup(_("nothing is in it")));
	der = distinguished_name_to_der(name);
	return der->len <= DISTINGUISHED_NAME_MAX ||
		   wrong(reader, g_strdup_printf(_("it is too long (%u bytes as DER, libreswan takes %d)"),
										 der->len, DISTINGUISHED_NAME_MAX));
}

static DistinguishedName *
parse(const char *text, const char *separators, char **fault)
{
	g_autoptr(DistinguishedName) name = name_new();
	Reader reader = {.p = text, .separators = separators};

	if (read_all(&reader, name))
		return g_steal_pointer(&name);
	if (fault)
		*fault = reader.fault;
	else
		g_free(reader.fault);
	return NULL;
}

DistinguishedName *
distinguished_name_parse(const char *text, char **fault)
{
	return parse(text, ",/", fault);
}

DistinguishedName *
distinguished_name_parse_printed(const char *text)
{
	return parse(text, ",", NULL);
}

/* Texts and, in BMP strings, zero bytes. */
static gboolean
same_but_for_case(const GByteArray *a, const GByteArray *b)
{
	for (guint i = 0; i < a->len && i < b->len; i++) {
		if (g_ascii_tolower((char) a->data[i]) != g_ascii_tolower((char) b->data[i]))
			return FALSE;
	}
	return a->len == b->len;
}

static gboolean
attribute_matches(const Attribute *shown, const Attribute *wanted)
{
	if (shown->oid->len != wanted->oid->len ||
		memcmp(shown->oid->data, wanted->oid->data, shown->oid->len) != 0)
		return FALSE;
	if (wanted->value->len == 1 && wanted->value->data[0] == '*')
		return TRUE;
	return same_but_for_case(shown->value, wanted->value);
}

gboolean
distinguished_name_matches(const DistinguishedName *shown, const DistinguishedName *wanted)
{
	for (guint i = 0; i < wanted->attributes->len; i++) {
		gboolean found = FALSE;

		for (guint j = 0; j < shown->attributes->len && !found; j++)
			found = attribute_matches(&g_array_index(shown->attributes, Attribute, j),
									  &g_array_index(wanted->attributes, Attribute, i));
		if (!found)
			return FALSE;
	}
	return wanted->attributes->len > 0;
}

gboolean
distinguished_name_is_any(const DistinguishedName *name)
{
	for (guint i = 0; i < name->attributes->len; i++) {
		const GByteArray *value = g_array_index(name->attributes, Attribute, i).value;

		if (value->len != 1 || value->data[0] != '*')
			return FALSE;
	}
	return TRUE;
}

/* An object identifier in the dotted form that RFC 4514 has for it, from its DER. */
static char *
format_oid(const GByteArray *oid)
{
	g_autoptr(GString) text = g_string_new(NULL);
	guint64 arc = 0;

	for (guint i = 0; i < oid->len; i++) {
		if (arc > G_MAXUINT32)
			return NULL;
		arc = arc << 7 | (oid->data[i] & 0x7f);
		if (oid->data[i] & 0x80)
			continue;
		if (text->len == 0)
			g_string_printf(text, "%u.%" G_GUINT64_FORMAT, (guint) MIN(arc / 40, 2),
							arc - 40 * MIN(arc / 40, 2));
		else
			g_string_append_printf(text, ".%" G_GUINT64_FORMAT, arc);
		arc = 0;
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* libreswan's name of an attribute, or its number. */
static char *
spell_type(const GByteArray *oid)
{
	g_autofree char *number = format_oid(oid);

	for (guint i = 0; number && i < G_N_ELEMENTS(types); i++) {
		if (g_str_equal(types[i].oid, number))
			return g_strdup(types[i].name);
	}
	return g_steal_pointer(&number);
}

static gboolean
spell_attribute(GString *text, const Attribute *attribute)
{
	g_autofree char *type = spell_type(attribute->oid);
	g_autoptr(GByteArray) ber = g_byte_array_new();

	if (!type)
		return FALSE;
	append_tlv(ber, attribute->tag, attribute->value);
	g_string_append_printf(text, "%s%s=#", text->len ? ", " : "", type);
	for (guint i = 0; i < ber->len; i++)
		g_string_append_printf(text, "%02X", ber->data[i]);
	return TRUE;
}

/* Whether libreswan, which puts each value into a set of its own, reads @text as this name. */
static gboolean
is_spelling(const char *text, const guint8 *der, gsize len)
{
	g_autoptr(DistinguishedName) name = distinguished_name_parse(text, NULL);
	g_autoptr(GByteArray) again = name ? distinguished_name_to_der(name) : NULL;

	return again && again->len == len && memcmp(again->data, der, len) == 0;
}

char *
distinguished_name_spell(const guint8 *der, gsize len)
{
	g_autoptr(DistinguishedName) name = distinguished_name_from_der(der, len);
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; name && i < name->attributes->len; i++) {
		if (!spell_attribute(text, &g_array_index(name->attributes, Attribute, i)))
			return NULL;
	}
	return is_spelling(text->str, der, len) ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

static gboolean
begins_with_type(const char *text)
{
	return text[strcspn(text, "=,/")] == '=';
}

char *
distinguished_name_escape_commas(const char *text)
{
	GString *escaped = g_string_new(NULL);

	while (*text) {
		/* An escape and what it escapes stay together. */
		gsize n = text[0] == '\\' && text[1] ? 2 : 1;
		gsize run = strspn(text, " /,");

		if (!g_str_has_prefix(text, ",,")) {
			g_string_append_len(escaped, text, (gssize) n);
			text += n;
		} else if (begins_with_type(text + run)) {
			g_string_append(escaped, ", ");
			text += run;
		} else {
			g_string_append(escaped, "\\,");
			text += 2;
		}
	}
	return g_string_free(escaped, FALSE);
}
