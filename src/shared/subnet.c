/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "subnet.h"

#include <arpa/inet.h>
#include <string.h>

/* Decimal digits without sign and blanks, up to @max. */
static gboolean
parse_number(const char *text, guint max, guint *number)
{
	guint n = 0;

	if (!*text || strlen(text) > 3)
		return FALSE;
	for (const char *p = text; *p; p++) {
		if (!g_ascii_isdigit(*p))
			return FALSE;
		n = n * 10 + (guint) (*p - '0');
	}
	*number = n;
	return n <= max;
}

/* 10.1 is 10.1.0.0: what is missing of a network is zero. A host has all four. */
static gboolean
parse_address4(const char *text, gboolean whole, guint8 *address)
{
	g_auto(GStrv) parts = g_strsplit(text, ".", 5);
	guint n = g_strv_length(parts);

	memset(address, 0, sizeof(struct in_addr));
	if (n == 0 || n > 4 || (whole && n != 4))
		return FALSE;
	for (guint i = 0; i < n; i++) {
		guint byte;

		/* To some 010 is eight. */
		if ((parts[i][0] == '0' && parts[i][1]) || !parse_number(parts[i], 255, &byte))
			return FALSE;
		address[i] = (guint8) byte;
	}
	return TRUE;
}

/* 255.255.0.0 is 16; what has holes is no mask. */
static gboolean
parse_mask4(const char *text, guint *prefix)
{
	guint8 bytes[sizeof(struct in_addr)];
	guint32 mask;

	if (!parse_address4(text, TRUE, bytes))
		return FALSE;
	mask = (guint32) bytes[0] << 24 | (guint32) bytes[1] << 16 | (guint32) bytes[2] << 8 | bytes[3];
	if (~mask & (~mask + 1))
		return FALSE;
	for (*prefix = 0; mask; mask <<= 1)
		(*prefix)++;
	return TRUE;
}

char *
subnet_normalize(const char *text, int *family)
{
	g_auto(GStrv) parts = g_strsplit(text, "/", 3);
	guint8 address[sizeof(struct in6_addr)];
	char network[INET6_ADDRSTRLEN];
	gboolean ipv6;
	guint prefix, size;

	if (!parts[0] || (parts[1] && parts[2]))
		return NULL;
	ipv6 = inet_pton(AF_INET6, parts[0], address) == 1;
	if (!ipv6 && !parse_address4(parts[0], !parts[1], address))
		return NULL;

	size = prefix = ipv6 ? 128 : 32;
	if (parts[1] && !parse_number(parts[1], size, &prefix) &&
		(ipv6 || !parse_mask4(parts[1], &prefix)))
		return NULL;
	for (guint bit = prefix; bit < size; bit++)
		address[bit / 8] &= (guint8) ~(0x80 >> (bit % 8));
	if (!inet_ntop(ipv6 ? AF_INET6 : AF_INET, address, network, sizeof(network)))
		return NULL;
	if (family)
		*family = ipv6 ? AF_INET6 : AF_INET;
	return g_strdup_printf("%s/%u", network, prefix);
}

char *
subnet_normalize_list(const char *text)
{
	g_auto(GStrv) parts = NULL;
	g_autoptr(GString) list = g_string_new(NULL);
	gsize len = strlen(text);
	g_autofree char *inner = NULL;

	/* ipsec.conf(5) knows lists in braces; NetworkManager-libreswan did not. */
	if (len >= 2 && text[0] == '{' && text[len - 1] == '}')
		text = inner = g_strndup(text + 1, len - 2);

	parts = g_strsplit_set(text, ", \t", -1);
	for (guint i = 0; parts[i]; i++) {
		g_autofree char *subnet = NULL;

		if (!parts[i][0])
			continue;
		subnet = subnet_normalize(parts[i], NULL);
		if (!subnet)
			return NULL;
		g_string_append_printf(list, "%s%s", list->len ? "," : "", subnet);
	}
	return list->len ? g_string_free(g_steal_pointer(&list), FALSE) : NULL;
}

gboolean
subnet_list_has(const char *list, const char *address)
{
	g_auto(GStrv) parts = g_strsplit(list, ",", -1);

	for (guint i = 0; parts[i]; i++) {
		const char *slash = strchr(parts[i], '/');
		g_autofree char *same_size = g_strconcat(address, slash ? slash : "", NULL);
		g_autofree char *network = subnet_normalize(same_size, NULL);

		if (g_strcmp0(network, parts[i]) == 0)
			return TRUE;
	}
	return FALSE;
}
