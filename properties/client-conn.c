/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "client-conn.h"

#include <ifaddrs.h>
#include <netdb.h>
#include <string.h>

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

/* How many levels of also= there may be; libreswan's own limit (ALSO_LIMIT). */
#define ALSO_MAX 32u

/* How many conns an error names at most. */
#define NAMES_MAX 20

typedef struct {
	const IpsecConfFile *file;
	GHashTable *entries; /* keyword -> IpsecConfEntry, the first that counts */
	GHashTable *seen;    /* sections that also= has led to */
} Conn;

/* The names that an also= has: conns that are there for others. */
static GHashTable *
list_bases(const IpsecConfFile *file)
{
	GHashTable *bases = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < file->sections->len; i++) {
		const IpsecConfSection *section = g_ptr_array_index(file->sections, i);

		for (guint j = 0; j < section->entries->len; j++) {
			const IpsecConfEntry *entry = g_ptr_array_index(section->entries, j);

			if (g_str_equal(entry->keyword, "also"))
				g_hash_table_add(bases, entry->value);
		}
	}
	return bases;
}

static void
append_name(GString *names, guint n, const char *name)
{
	if (n < NAMES_MAX)
		g_string_append_printf(names, "%s%s", n ? ", " : "", name);
	else if (n == NAMES_MAX)
		g_string_append(names, ", …");
}

const IpsecConfSection *
client_conn_choose(const IpsecConfFile *file, const char *name, GError **error)
{
	g_autoptr(GString) names = g_string_new(NULL);
	g_autoptr(GHashTable) bases = list_bases(file);
	const IpsecConfSection *found = NULL, *include = NULL;
	guint n = 0;

	for (guint i = 0; i < file->sections->len; i++) {
		const IpsecConfSection *section = g_ptr_array_index(file->sections, i);

		if (section->type == IPSEC_CONF_INCLUDE && !include)
			include = section;
		if (section->type != IPSEC_CONF_CONN || section->name[0] == '%' ||
			g_hash_table_contains(bases, section->name))
			continue;
		if (ipsec_conf_find_conn(file, section->name) != section) {
			g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
						_("line %u: there already is a conn %s"), section->line, section->name);
			return NULL;
		}
		if (g_strcmp0(section->name, name) == 0)
			return section;
		found = section;
		append_name(names, n++, section->name);
	}
	if (n == 1)
		return found;
	if (n > 1)
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("the file has %u connections (%s): copy it to a file that is named after "
					  "the one to import, such as %s.conf, and import that"),
					n, names->str, found->name);
	else if (include)
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("the file has no connection; line %u includes %s: import the file that has "
					  "it"),
					include->line, include->name);
	else
		g_set_error_literal(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
							_("the file has no connection: there is no conn line"));
	return NULL;
}

/*****************************************************************************/
/* What is in it: its own settings, then those of also=, then those of %default. */

static gboolean
collect(Conn *self, const IpsecConfSection *section, guint level, GError **error)
{
	g_autoptr(GHashTable) own = g_hash_table_new(g_str_hash, g_str_equal);

	/* Nothing new comes from there, and also= may lead in a circle. */
	if (!g_hash_table_add(self->seen, (gpointer) section))
		return TRUE;

	for (guint i = 0; i < section->entries->len; i++) {
		const IpsecConfEntry *entry = g_ptr_array_index(section->entries, i);
		const IpsecConfEntry *first;

		if (g_str_equal(entry->keyword, "also"))
			continue;
		first = g_hash_table_lookup(own, entry->keyword);
		if (first) {
			g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
						_("line %u: %s is in line %u already"), entry->line, entry->keyword,
						first->line);
			return FALSE;
		}
		g_hash_table_insert(own, entry->keyword, (gpointer) entry);
		if (!g_hash_table_contains(self->entries, entry->keyword))
			g_hash_table_insert(self->entries, entry->keyword, (gpointer) entry);
	}
	for (guint i = 0; i < section->entries->len; i++) {
		const IpsecConfEntry *entry = g_ptr_array_index(section->entries, i);
		const IpsecConfSection *base;

		if (!g_str_equal(entry->keyword, "also"))
			continue;
		base = ipsec_conf_find_conn(self->file, entry->value);
		if (!base) {
			g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
						_("line %u: also=%s, but the file has no such conn"), entry->line,
						entry->value);
			return FALSE;
		}
		if (level == ALSO_MAX && !g_hash_table_contains(self->seen, base)) {
			g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
						_("line %u: also=%s: these are more than %u levels of also="), entry->line,
						entry->value, ALSO_MAX);
			return FALSE;
		}
		if (!collect(self, base, level + 1, error))
			return FALSE;
	}
	return TRUE;
}

static const char *
value_of(const Conn *self, const char *keyword)
{
	const IpsecConfEntry *entry = g_hash_table_lookup(self->entries, keyword);

	return entry && entry->value[0] ? entry->value : NULL;
}

static gboolean
is_yes(const Conn *self, const char *side, const char *rest)
{
	g_autofree char *keyword = g_strconcat(side, rest, NULL);

	return g_strcmp0(value_of(self, keyword), "yes") == 0;
}

static gboolean
is_there(const Conn *self, const char *side, const char *rest)
{
	g_autofree char *keyword = g_strconcat(side, rest, NULL);

	return value_of(self, keyword) != NULL;
}

/*****************************************************************************/
/* Which side is ours. */

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

/* Whether a side is that of a client: what says so, from the surest to the least. */
static gboolean
is_client_side(const Conn *self, const char *side, const char *other, guint sureness)
{
	const char *address = value_of(self, side);

	switch (sureness) {
	case 0:
		return address && (g_str_equal(address, "%defaultroute") ||
						   (address[0] == '%' && !g_str_equal(address, "%any")));
	case 1:
		return is_yes(self, side, "modecfgclient") || is_yes(self, side, "xauthclient") ||
			   is_there(self, side, "username") || is_there(self, side, "xauthusername") ||
			   is_yes(self, other, "modecfgserver") || is_yes(self, other, "xauthserver") ||
			   is_there(self, other, "addresspool");
	case 2:
		return address && is_own_address(address);
	default:
		/* A gateway has to be somewhere; who is nowhere or anywhere is the client. */
		return !address || g_str_equal(address, "%any");
	}
}

#define SURENESS_LEAST 3

/* Turns the sides so that left is ours. */
static gboolean
turn_sides(Conn *self, const IpsecConfSection *conn, gboolean left_is_ours, GError **error)
{
	g_autoptr(GHashTable) turned = NULL;
	GHashTableIter iter;
	gpointer value;
	gboolean left = left_is_ours, right = FALSE;

	for (guint sureness = 0; !left && !right && sureness <= SURENESS_LEAST; sureness++) {
		left = is_client_side(self, "left", "right", sureness);
		right = is_client_side(self, "right", "left", sureness);
		if (left && right)
			left = right = FALSE;
	}
	if (!left && !right) {
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("conn %s in line %u: cannot tell whether this computer is left (%s) or right "
					  "(%s); write %%defaultroute for the side that it is"),
					conn->name, conn->line, value_of(self, "left") ?: _("not set"),
					value_of(self, "right") ?: _("not set"));
		return FALSE;
	}
	if (left)
		return TRUE;

	turned = g_hash_table_new(g_str_hash, g_str_equal);
	g_hash_table_iter_init(&iter, self->entries);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		IpsecConfEntry *entry = value;
		const char *rest = NULL, *side = NULL;

		if (g_str_has_prefix(entry->keyword, "left")) {
			side = "right";
			rest = entry->keyword + strlen("left");
		} else if (g_str_has_prefix(entry->keyword, "right")) {
			side = "left";
			rest = entry->keyword + strlen("right");
		}
		if (side) {
			g_autofree char *old = entry->keyword;

			entry->keyword = g_strconcat(side, rest, NULL);
		}
		g_hash_table_insert(turned, entry->keyword, entry);
	}
	g_hash_table_unref(self->entries);
	self->entries = g_steal_pointer(&turned);
	return TRUE;
}

GHashTable *
client_conn_collect(const IpsecConfFile *file, const IpsecConfSection *conn, gboolean left_is_ours,
					GError **error)
{
	const IpsecConfSection *defaults = ipsec_conf_find_conn(file, "%default");
	Conn self = {.file = file};
	gboolean ok;

	self.entries = g_hash_table_new(g_str_hash, g_str_equal);
	self.seen = g_hash_table_new(NULL, NULL);
	ok = collect(&self, conn, 0, error) && (!defaults || collect(&self, defaults, 0, error)) &&
		 turn_sides(&self, conn, left_is_ours, error);
	g_hash_table_unref(self.seen);
	if (!ok)
		g_clear_pointer(&self.entries, g_hash_table_unref);
	return self.entries;
}
