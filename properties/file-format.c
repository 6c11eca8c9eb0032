/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "file-format.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* Files that begin with these words are of another kind. */
static const struct {
	const char *begin;
	const char *explanation;
} others[] = {
	{"-----BEGIN PKCS7", N_("the file is signed or encrypted (CMS); ask for it as plain text")},
	{"-----BEGIN CMS", N_("the file is signed or encrypted (CMS); ask for it as plain text")},
	{"-----BEGIN ", N_("the file is a certificate or a key, and no connection: make the "
					   "connection, and choose the "
					   "file there; a .p12 file can be imported")},
	{"[Interface]", N_("this is a WireGuard connection: import it as that")},
	{"client\n", N_("this is an OpenVPN connection: import it as that")},
};

/* A line that is a section of an .ini file. */
static gboolean
has_section(const char *text, const char *section)
{
	for (const char *at = text; at; at = strchr(at, '\n')) {
		at += strspn(at, "\r\n\t ");
		if (g_ascii_strncasecmp(at, section, strlen(section)) == 0)
			return TRUE;
		/* Only comments may be above it. */
		if (*at != ';')
			return FALSE;
	}
	return FALSE;
}

/* Where the text begins. */
static const char *
skip_blanks(const char *text)
{
	if (g_str_has_prefix(text, "\xef\xbb\xbf"))
		text += 3;
	return text + strspn(text, "\r\n\t ");
}

static const char *
find_other(const char *text)
{
	for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
		if (g_str_has_prefix(text, others[i].begin))
			return _(others[i].explanation);
	}
	return NULL;
}

FileFormat
file_format_find(const char *bytes, gsize len)
{
	const char *text = skip_blanks(bytes);

	if (has_section(text, "[main]"))
		return FILE_FORMAT_PCF;
	return find_other(text) ? FILE_FORMAT_OTHER : FILE_FORMAT_IPSEC_CONF;
}

const char *
file_format_explain(const char *bytes, gsize len)
{
	return find_other(skip_blanks(bytes));
}
