/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "client-conn.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "conn-purpose.h"
#include "conn-side.h"

/* How many levels of also= there may be; libreswan's own limit (ALSO_LIMIT). */
#define ALSO_MAX 32u

/* How many conns an error names at most. */
#define NAMES_MAX 20

typedef struct {
	const IpsecConfFile *file;
	GHashTable *entries; /* keyword -> IpsecConfEntry, the first that counts */
	GHashTable *seen;    /* sections that also= has led to */
	GPtrArray *faults;   /* what is wrong, where it is collected all the same; or NULL */
} Conn;

/* Whether it goes on: with what would be an error among the faults. */
static gboolean
pass(Conn *self, GError *fault, GError **error)
{
	if (!self->faults) {
		g_propagate_error(error, fault);
		return FALSE;
	}
	g_ptr_array_add(self->faults, g_strdup(fault->message));
	g_error_free(fault);
	return TRUE;
}

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

static void note(GPtrArray *notes, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
note(GPtrArray *notes, const char *format, ...)
{
	va_list args;

	if (!notes)
		return;
	va_start(args, format);
	g_ptr_array_add(notes, g_strdup_vprintf(format, args));
	va_end(args);
}

/* The conns that are there for themselves, with one of that name alone where there is one. */
static GPtrArray *
list_conns(const IpsecConfFile *file, const char *name, GError **error)
{
	g_autoptr(GPtrArray) conns = g_ptr_array_new();
	g_autoptr(GHashTable) bases = list_bases(file);

	for (guint i = 0; i < file->sections->len; i++) {
		IpsecConfSection *section = g_ptr_array_index(file->sections, i);

		if (section->type != IPSEC_CONF_CONN || section->name[0] == '%' ||
			g_hash_table_contains(bases, section->name))
			continue;
		if (ipsec_conf_find_conn(file, section->name) != section) {
			g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
						_("line %u: there already is a conn %s"), section->line, section->name);
			return NULL;
		}
		if (g_strcmp0(section->name, name) == 0) {
			g_ptr_array_set_size(conns, 0);
			g_ptr_array_add(conns, section);
			break;
		}
		g_ptr_array_add(conns, section);
	}
	return g_steal_pointer(&conns);
}

/* Where there are several, those that are a client's, if there are any. */
static void
leave_out_others(const IpsecConfFile *file, GPtrArray *conns, GPtrArray *notes)
{
	g_autoptr(ConnPurpose) purpose = conn_purpose_new(file);
	g_autoptr(GPtrArray) clients = g_ptr_array_new();
	g_autoptr(GPtrArray) why = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < conns->len; i++) {
		const IpsecConfSection *conn = g_ptr_array_index(conns, i);
		g_autofree char *other = conn_purpose_find_other(purpose, conn);

		if (!other)
			g_ptr_array_add(clients, (gpointer) conn);
		else
			note(why, _("line %u: conn %s is left out: with %s it is no connection of a client's"),
				 conn->line, conn->name, other);
	}
	if (clients->len == 0 || clients->len == conns->len)
		return;
	g_ptr_array_set_size(conns, 0);
	for (guint i = 0; i < clients->len; i++)
		g_ptr_array_add(conns, g_ptr_array_index(clients, i));
	for (guint i = 0; conns->len == 1 && i < why->len; i++)
		note(notes, "%s", (const char *) g_ptr_array_index(why, i));
}

static void
refuse_empty(const IpsecConfFile *file, GError **error)
{
	for (guint i = 0; i < file->sections->len; i++) {
		const IpsecConfSection *include = g_ptr_array_index(file->sections, i);

		if (include->type != IPSEC_CONF_INCLUDE)
			continue;
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("the file has no connection; line %u includes %s: import the file that has "
					  "it"),
					include->line, include->name);
		return;
	}
	g_set_error_literal(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
						_("the file has no connection: there is no conn line"));
}

const IpsecConfSection *
client_conn_choose(const IpsecConfFile *file, const char *name, GPtrArray *notes, GError **error)
{
	g_autoptr(GPtrArray) conns = list_conns(file, name, error);
	g_autoptr(GString) names = g_string_new(NULL);
	const IpsecConfSection *last;

	if (!conns)
		return NULL;
	if (conns->len > 1)
		leave_out_others(file, conns, notes);
	if (conns->len == 0) {
		refuse_empty(file, error);
		return NULL;
	}
	last = g_ptr_array_index(conns, conns->len - 1);
	if (conns->len == 1)
		return last;
	for (guint i = 0; i < conns->len; i++)
		append_name(names, i, ((const IpsecConfSection *) g_ptr_array_index(conns, i))->name);
	g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
				_("the file has %u connections (%s): copy it to a file that is named after "
				  "the one to import, such as %s.conf, and import that"),
				conns->len, names->str, last->name);
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
	if (section->not_utf8) {
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("line %u: this is not valid UTF-8"), section->not_utf8);
		return FALSE;
	}

	for (guint i = 0; i < section->entries->len; i++) {
		const IpsecConfEntry *entry = g_ptr_array_index(section->entries, i);
		const IpsecConfEntry *first;

		if (g_str_equal(entry->keyword, "also"))
			continue;
		first = g_hash_table_lookup(own, entry->keyword);
		if (first) {
			if (!pass(self,
					  g_error_new(PROFILE_ERROR, PROFILE_ERROR_INVALID,
								  _("line %u: %s is in line %u already"), entry->line,
								  entry->keyword, first->line),
					  error))
				return FALSE;
			continue;
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
			if (!pass(self,
					  g_error_new(PROFILE_ERROR, PROFILE_ERROR_INVALID,
								  _("line %u: also=%s, but the file has no such conn"), entry->line,
								  entry->value),
					  error))
				return FALSE;
			continue;
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

/*****************************************************************************/

static const char *
address_of(const Conn *self, const char *side)
{
	const IpsecConfEntry *entry = g_hash_table_lookup(self->entries, side);

	return entry && entry->value[0] ? entry->value : _("not set");
}

/* Turns the sides so that left is ours. */
static gboolean
turn_sides(Conn *self, const IpsecConfSection *conn, gboolean left_is_ours, GPtrArray *notes,
		   GError **error)
{
	g_autoptr(GHashTable) turned = NULL;
	GHashTableIter iter;
	gpointer value;
	ConnSide side = left_is_ours ? CONN_SIDE_LEFT : conn_side_find(self->entries);

	if (side == CONN_SIDE_UNKNOWN) {
		if (!pass(self,
				  g_error_new(
					  PROFILE_ERROR, PROFILE_ERROR_INVALID,
					  _("conn %s in line %u: cannot tell whether this computer is left (%s) "
						"or right (%s); write %%defaultroute for the side that it is"),
					  conn->name, conn->line, address_of(self, "left"), address_of(self, "right")),
				  error))
			return FALSE;
	}
	if (side == CONN_SIDE_GUESSED)
		note(notes,
			 _("conn %s in line %u: left (%s) is taken for this computer and right (%s) for the "
			   "gateway, as neither is its name or address; write %%defaultroute for the side that "
			   "it is"),
			 conn->name, conn->line, address_of(self, "left"), address_of(self, "right"));
	if (side != CONN_SIDE_RIGHT)
		return TRUE;

	turned = g_hash_table_new(g_str_hash, g_str_equal);
	g_hash_table_iter_init(&iter, self->entries);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		IpsecConfEntry *entry = value;
		const char *rest = NULL, *its = NULL;

		if (g_str_has_prefix(entry->keyword, "left")) {
			its = "right";
			rest = entry->keyword + strlen("left");
		} else if (g_str_has_prefix(entry->keyword, "right")) {
			its = "left";
			rest = entry->keyword + strlen("right");
		}
		if (its) {
			g_autofree char *old = entry->keyword;

			entry->keyword = g_strconcat(its, rest, NULL);
		}
		g_hash_table_insert(turned, entry->keyword, entry);
	}
	g_hash_table_unref(self->entries);
	self->entries = g_steal_pointer(&turned);
	return TRUE;
}

GHashTable *
client_conn_collect(const IpsecConfFile *file, const IpsecConfSection *conn, gboolean left_is_ours,
					GPtrArray *notes, GPtrArray *faults, GError **error)
{
	const IpsecConfSection *defaults = ipsec_conf_find_conn(file, "%default");
	Conn self = {.file = file, .faults = faults};
	gboolean ok;

	self.entries = g_hash_table_new(g_str_hash, g_str_equal);
	self.seen = g_hash_table_new(NULL, NULL);
	ok = collect(&self, conn, 0, error) && (!defaults || collect(&self, defaults, 0, error)) &&
		 turn_sides(&self, conn, left_is_ours, notes, error);
	g_hash_table_unref(self.seen);
	if (!ok)
		g_clear_pointer(&self.entries, g_hash_table_unref);
	return self.entries;
}
