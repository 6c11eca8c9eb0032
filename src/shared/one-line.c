/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "one-line.h"

gboolean
one_line_is_escaped(gunichar c)
{
	switch (g_unichar_type(c)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_FORMAT: /* direction marks, zero width */
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
	case G_UNICODE_PRIVATE_USE:
	case G_UNICODE_SURROGATE:
	case G_UNICODE_UNASSIGNED:
		return TRUE;
	default:
		return FALSE;
	}
}

static void
append(GString *line, gunichar c)
{
	switch (c) {
	case '\n':
		g_string_append(line, "\\n");
		break;
	case '\r':
		g_string_append(line, "\\r");
		break;
	case '\t':
		g_string_append(line, "\\t");
		break;
	default:
		if (one_line_is_escaped(c))
			g_string_append_printf(line, "\\u%04x", c);
		else
			g_string_append_unichar(line, c);
	}
}

char *
one_line(const char *text, gsize max)
{
	GString *line = g_string_new(NULL);

	for (gsize n = 0; *text; n++) {
		gunichar c = g_utf8_get_char_validated(text, -1);

		if (max > 0 && n == max) {
			g_string_append(line, "…");
			break;
		}
		if (c == (gunichar) -1 || c == (gunichar) -2) {
			g_string_append_printf(line, "\\x%02x", (guchar) *text++);
			continue;
		}
		append(line, c);
		text = g_utf8_next_char(text);
	}
	return g_string_free(line, FALSE);
}
