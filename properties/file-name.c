/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "file-name.h"

#include <string.h>

#define SUFFIX ".conf"

/* What a name in a list or in a shell should not have, beside what the kernel forbids. */
static gboolean
is_bad(gunichar c)
{
	GUnicodeType type = g_unichar_type(c);

	return c == '/' || c == '\\' || type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT ||
		   type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

char *
file_name_suggest(const char *id)
{
	g_autofree char *valid = g_utf8_make_valid(id ? id : "", -1);
	g_autoptr(GString) name = g_string_new(NULL);

	g_strstrip(valid);
	for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		gsize len = (gsize) (g_utf8_next_char(p) - p);

		if (name->len + len + strlen(SUFFIX) > FILE_NAME_MAX)
			break;
		if (is_bad(c) || (c == '.' && !name->len))
			g_string_append_c(name, '-');
		else
			g_string_append_len(name, p, (gssize) len);
	}
	if (!name->len)
		g_string_append(name, "vpn");
	g_string_append(name, SUFFIX);
	return g_string_free(g_steal_pointer(&name), FALSE);
}
