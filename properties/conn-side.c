/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "conn-side.h"

#include <ifaddrs.h>
#include <netdb.h>
#include <string.h>

#include <gio/gio.h>

#include "ipsec-conf-reader.h"
#include "option.h"

static const char *
value_of(GHashTable *entries, const char *keyword)
{
	const IpsecConfEntry *entry = g_hash_table_lookup(entries, keyword);

	return entry && entry->value[0] ? entry->value : NULL;
}

static gboolean
is_yes(GHashTable *entries, const char *side, const char *rest)
{
	g_autofree char *keyword = g_strconcat(side, rest, NULL);

	return g_strcmp0(value_of(entries, keyword), "yes") == 0;
}

static gboolean
is_there(GHashTable *entries, const char *side, const char *rest)
{
	g_autofree char *keyword = g_strconcat(side, rest, NULL);

	return value_of(entries, keyword) != NULL;
}

static gboolean
is_own_address(const char *text)
{
	struct ifaddrs *all = NULL;
	gboolean own = FALSE;
	g_autoptr(GInetAddress) address = g_inet_address_new_from_string(text);

	if (!address || getifaddrs(&all) < 0)
		return FALSE;
	for (struct ifaddrs *a = all; a && !own; a = a->ifa_next) {
		char host[NI_MAXHOST];
		socklen_t size;

		if (!a->ifa_addr ||
			(a->ifa_addr->sa_family != AF_INET && a->ifa_addr->sa_family != AF_INET6))
			continue;
		size = a->ifa_addr->sa_family == AF_INET ? sizeof(struct sockaddr_in)
												 : sizeof(struct sockaddr_in6);
		if (getnameinfo(a->ifa_addr, size, host, sizeof(host), NULL, 0, NI_NUMERICHOST) == 0) {
			g_autoptr(GInetAddress) mine = g_inet_address_new_from_string(host);

			own = mine && g_inet_address_equal(mine, address);
		}
	}
	freeifaddrs(all);
	return own;
}

/* This computer's own name, with or without its domain. */
static gboolean
is_own_name(const char *text)
{
	const char *own = g_get_host_name();
	gsize label = strcspn(own, ".");

	if (option_is_address(text, AF_UNSPEC) || text[0] == '%')
		return FALSE;
	return g_ascii_strcasecmp(text, own) == 0 ||
		   (label > 0 && g_ascii_strncasecmp(text, own, label) == 0 &&
			(!text[label] || (text[label] == '.' && !own[label])));
}

/* Whether a side is that of a client: what says so, from the surest to the least. */
static gboolean
is_client(GHashTable *entries, const char *side, const char *other, guint sureness)
{
	const char *address = value_of(entries, side);

	switch (sureness) {
	case 0:
		return address &&
			   (g_str_equal(address, "%defaultroute") ||
				(address[0] == '%' && !g_str_has_prefix(address, "%any") &&
				 !g_str_has_prefix(address, "%group") && !g_str_has_prefix(address, "%oppo")));
	case 1:
		return is_yes(entries, side, "modecfgclient") || is_yes(entries, side, "xauthclient") ||
			   is_there(entries, side, "username") || is_there(entries, side, "xauthusername") ||
			   is_yes(entries, other, "modecfgserver") || is_yes(entries, other, "xauthserver");
	case 2:
		return address && (is_own_address(address) || is_own_name(address));
	default:
		/* A gateway has to be somewhere; who is nowhere or anywhere is the client. */
		return !address || g_str_equal(address, "%any");
	}
}

#define SURENESS_LEAST 3

static gboolean
is_host_name(const char *address)
{
	return address && address[0] != '%' && !option_is_address(address, AF_UNSPEC);
}

ConnSide
conn_side_find(GHashTable *entries)
{
	for (guint sureness = 0; sureness <= SURENESS_LEAST; sureness++) {
		gboolean left = is_client(entries, "left", "right", sureness);
		gboolean right = is_client(entries, "right", "left", sureness);

		if (left != right)
			return left ? CONN_SIDE_LEFT : CONN_SIDE_RIGHT;
	}
	return is_host_name(value_of(entries, "left")) && is_host_name(value_of(entries, "right"))
			   ? CONN_SIDE_GUESSED
			   : CONN_SIDE_UNKNOWN;
}
