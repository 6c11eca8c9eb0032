/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "ipsec-conf-reader.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "one-line.h"
#include "option.h"

#define BLANKS " \t"

static void
entry_free(gpointer data)
{
	IpsecConfEntry *entry = data;

	g_free(entry->keyword);
	g_free(entry->value);
	g_free(entry);
}

static void
section_free(gpointer data)
{
	IpsecConfSection *section = data;

	g_free(section->name);
	g_ptr_array_unref(section->entries);
	g_free(section);
}

void
ipsec_conf_file_free(IpsecConfFile *file)
{
	if (!file)
		return;
	g_hash_table_unref(file->conns);
	g_ptr_array_unref(file->sections);
	g_ptr_array_unref(file->comments);
	g_free(file);
}

char *
ipsec_conf_show(const char *said, const char *value)
{
	static const char *const secrets[] = {"psk", "pass", "secret", "xauth \"", ": rsa", NULL};
	g_autofree char *lower = g_ascii_strdown(said, -1);

	for (guint i = 0; secrets[i]; i++) {
		if (strstr(lower, secrets[i]))
			return g_strdup("…");
	}
	return option_quote(value);
}

static gboolean
wrong(guint line, const char *text, const char *why, GError **error)
{
	g_autofree char *quoted = ipsec_conf_show(text, text);

	g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID, _("line %u: %s: %s"), line, quoted,
				why);
	return FALSE;
}

static void
add_section(IpsecConfFile *file, IpsecConfSectionType type, char *name, guint line)
{
	IpsecConfSection *section = g_new0(IpsecConfSection, 1);

	section->type = type;
	section->name = name;
	section->line = line;
	section->entries = g_ptr_array_new_with_free_func(entry_free);
	g_ptr_array_add(file->sections, section);
	if (type == IPSEC_CONF_CONN && !g_hash_table_contains(file->conns, name))
		g_hash_table_insert(file->conns, section->name, section);
}

/* Takes one value off the front of *at, as the lexer's VALUE state does: in
 * quotes, in braces, or up to a blank. NULL where a quote or brace stays open. */
static char *
take_value(const char **at)
{
	const char *start = *at, *end;

	if (*start == '"' || *start == '{') {
		end = strchr(start + 1, *start == '"' ? '"' : '}');
		if (!end)
			return NULL;
		*at = end + 1;
		return g_strndup(start + 1, (gsize) (end - start - 1));
	}
	end = start + strcspn(start, BLANKS);
	*at = end;
	return g_strndup(start, (gsize) (end - start));
}

/* Whether nothing but a comment follows. */
static gboolean
at_end(const char *at)
{
	gsize blanks = strspn(at, BLANKS);

	return !at[blanks] || at[blanks] == '#';
}

/* Names of sections and keywords stand in messages, and the name of the conn becomes that of the
 * connection. */
static gboolean
is_name(const char *text)
{
	for (const char *at = text; *at; at = g_utf8_next_char(at)) {
		if (one_line_is_escaped(g_utf8_get_char(at)))
			return FALSE;
	}
	return *text != '\0';
}

/* After a word that begins a section: its argument, which has to be there and
 * has to be the last word. */
static char *
take_argument(const char *at)
{
	g_autofree char *value = NULL;

	at += strspn(at, BLANKS);
	value = take_value(&at);
	return value && is_name(value) && at_end(at) ? g_steal_pointer(&value) : NULL;
}

static const char *
after_word(const char *text, const char *word)
{
	gsize len = strlen(word);

	return g_str_has_prefix(text, word) && text[len] && strchr(BLANKS, text[len]) ? text + len
																				  : NULL;
}

static gboolean
read_header(IpsecConfFile *file, const char *text, guint line, GError **error)
{
	g_autofree char *name = NULL;
	const char *at;

	if ((at = after_word(text, "conn"))) {
		if (!(name = take_argument(at)))
			return wrong(line, text, _("a conn needs one name"), error);
		add_section(file, IPSEC_CONF_CONN, g_steal_pointer(&name), line);
		return TRUE;
	}
	if ((at = after_word(text, "config"))) {
		name = take_argument(at);
		if (g_strcmp0(name, "setup") != 0)
			return wrong(line, text, _("the only config section is \"config setup\""), error);
		add_section(file, IPSEC_CONF_SETUP, NULL, line);
		return TRUE;
	}
	if ((at = after_word(text, "include"))) {
		if (!(name = take_argument(at)))
			return wrong(line, text, _("include needs the name of one file"), error);
		add_section(file, IPSEC_CONF_INCLUDE, g_steal_pointer(&name), line);
		return TRUE;
	}
	if (after_word(text, "version"))
		return TRUE; /* from FreeS/WAN's days, means nothing */
	if (strchr(text, '='))
		return wrong(line, text, _("a setting has to be indented, below a conn line"), error);
	return wrong(line, text, _("this is neither a section nor a setting"), error);
}

static gboolean
read_setting(IpsecConfSection *section, const char *text, guint line, GError **error)
{
	g_autofree char *keyword = NULL;
	g_autofree char *value = NULL;
	gsize len = strcspn(text, BLANKS "=\"");
	const char *at = text + len;
	IpsecConfEntry *entry;

	at += strspn(at, BLANKS);
	if ((after_word(text, "conn") || after_word(text, "config")) && *at != '=')
		return wrong(line, text, _("a conn or config line begins in the first column"), error);
	if (len == 0 || *at != '=')
		return wrong(line, text, _("a setting is keyword=value"), error);
	if (!section || section->type == IPSEC_CONF_INCLUDE)
		return wrong(line, text, _("a conn line has to come before it"), error);

	keyword = g_ascii_strdown(text, (gssize) len);
	if (!is_name(keyword))
		return wrong(line, text, _("a keyword has no such characters"), error);
	at++;
	at += strspn(at, BLANKS);
	value = take_value(&at);
	if (!value)
		return wrong(line, text, _("a quote or brace is not closed"), error);
	if (!at_end(at))
		return wrong(line, text, _("a value with blanks in it has to be in quotes"), error);
	if (g_str_equal(keyword, "also") && !is_name(value))
		return wrong(line, text, _("also= needs the name of a conn"), error);
	if (strchr(value, '"'))
		return wrong(line, text, _("a value cannot have a quote in it"), error);

	entry = g_new0(IpsecConfEntry, 1);
	entry->keyword = g_steal_pointer(&keyword);
	entry->value = g_steal_pointer(&value);
	entry->line = line;
	g_ptr_array_add(section->entries, entry);
	return TRUE;
}

static gboolean
read_line(IpsecConfFile *file, const char *text, guint line, GError **error)
{
	gsize blanks = strspn(text, BLANKS);
	IpsecConfSection *last = NULL;

	if (!text[blanks])
		return TRUE;
	if (text[blanks] == '#') {
		const char *comment = text + blanks + strspn(text + blanks, "#" BLANKS);

		g_ptr_array_add(file->comments, g_strdup(comment));
		return TRUE;
	}
	if (!blanks && file->sections->len == IPSEC_CONF_SECTIONS_MAX) {
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("line %u: the file has more than %u sections"), line,
					IPSEC_CONF_SECTIONS_MAX);
		return FALSE;
	}
	if (!blanks)
		return read_header(file, text, line, error);
	if (file->sections->len)
		last = g_ptr_array_index(file->sections, file->sections->len - 1);
	return read_setting(last, text + blanks, line, error);
}

/* Editors on other systems leave a byte order mark, and end lines by carriage returns. */
static char **
split_lines(char *text)
{
	const char *from = g_str_has_prefix(text, "\xef\xbb\xbf") ? text + 3 : text;
	char *to = text;

	for (; *from; from++) {
		if (*from != '\r')
			*to++ = *from;
		else if (from[1] != '\n')
			*to++ = '\n';
	}
	*to = '\0';
	return g_strsplit(text, "\n", -1);
}

/* A line that is not UTF-8 may be a comment, or stand in a conn that nobody asks for. */
static gboolean
read_bytes(IpsecConfFile *file, char *text, guint line, GError **error)
{
	g_autofree char *valid = NULL;
	IpsecConfSection *last;

	g_strchomp(text);
	if (g_utf8_validate(text, -1, NULL))
		return read_line(file, text, line, error);
	valid = g_utf8_make_valid(text, -1);
	if (!read_line(file, valid, line, error))
		return FALSE;
	if (text[strspn(text, BLANKS)] == '#' || !file->sections->len)
		return TRUE;
	last = g_ptr_array_index(file->sections, file->sections->len - 1);
	if (!last->not_utf8)
		last->not_utf8 = line;
	return TRUE;
}

IpsecConfFile *
ipsec_conf_read(const char *text, gssize len, GError **error)
{
	g_autoptr(IpsecConfFile) file = g_new0(IpsecConfFile, 1);
	g_autofree char *copy = NULL;
	g_auto(GStrv) lines = NULL;
	gsize size = len < 0 ? strlen(text) : (gsize) len;

	file->sections = g_ptr_array_new_with_free_func(section_free);
	file->conns = g_hash_table_new(g_str_hash, g_str_equal);
	file->comments = g_ptr_array_new_with_free_func(g_free);

	if (size > IPSEC_CONF_MAX || (size && memchr(text, '\0', size))) {
		g_set_error_literal(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
							_("this is no ipsec.conf file"));
		return NULL;
	}
	copy = g_strndup(text, size);
	lines = split_lines(copy);
	for (guint i = 0; lines[i]; i++) {
		if (!read_bytes(file, lines[i], i + 1, error))
			return NULL;
	}
	return g_steal_pointer(&file);
}

const IpsecConfSection *
ipsec_conf_find_conn(const IpsecConfFile *file, const char *name)
{
	return g_hash_table_lookup(file->conns, name);
}

const IpsecConfEntry *
ipsec_conf_section_find(const IpsecConfSection *section, const char *keyword)
{
	for (guint i = section->entries->len; i > 0; i--) {
		const IpsecConfEntry *entry = g_ptr_array_index(section->entries, i - 1);

		if (g_str_equal(entry->keyword, keyword))
			return entry;
	}
	return NULL;
}
