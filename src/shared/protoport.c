/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "protoport.h"

#include <string.h>

#include <glib/gi18n-lib.h>

static gboolean
is_number(const char *text, guint64 max)
{
	return strspn(text, "0123456789") == strlen(text) && *text && strlen(text) <= 5 &&
		   g_ascii_strtoull(text, NULL, 10) <= max;
}

/* A name of protocols(5) or services(5). */
static gboolean
is_name(const char *text)
{
	gboolean letter = FALSE;

	for (const char *p = text; *p; p++) {
		if (!g_ascii_isalnum(*p) && !strchr("-_.+", *p))
			return FALSE;
		letter = letter || g_ascii_isalpha(*p);
	}
	return letter;
}

static gboolean
is_range(const char *text)
{
	const char *dash = strchr(text, '-');

	return dash && strspn(text, "0123456789-") == strlen(text);
}

char *
protoport_find_fault(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "/", 3);

	if (!parts[0] || (parts[1] && parts[2]) || strlen(text) > 64)
		return g_strdup(_("is not allowed"));
	if (parts[1] && is_range(parts[1]))
		return g_strdup(_("has a range of ports, of which libreswan knows none: write one port, or "
						  "%any"));
	if (!is_number(parts[0], 255) && !is_name(parts[0]) && !g_str_equal(parts[0], "%any"))
		return g_strdup(_("has no protocol before the '/'"));
	if (parts[1] && parts[1][0] && !is_number(parts[1], 65535) && !is_name(parts[1]) &&
		!g_str_equal(parts[1], "%any"))
		return g_strdup(_("has no port after the '/'"));
	if (parts[1] && g_strcmp0(parts[1], "0") != 0 && parts[1][0] &&
		(g_str_equal(parts[0], "0") || g_str_equal(parts[0], "%any")))
		return g_strdup(_("has a port of no protocol"));
	return NULL;
}

gboolean
protoport_has_any_port(const char *text)
{
	return g_str_has_suffix(text, "/%any");
}

gboolean
protoport_is_l2tp(const char *text)
{
	return g_str_equal(text, "17/1701") || g_ascii_strcasecmp(text, "udp/1701") == 0 ||
		   g_ascii_strcasecmp(text, "udp/l2tp") == 0 || g_ascii_strcasecmp(text, "17/l2tp") == 0;
}
