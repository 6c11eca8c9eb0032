/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "conn-purpose.h"

#include <string.h>

/* What a conn with this value is for is no tunnel that a client begins. */
static const struct {
	const char *keyword, *value; /* of value: how it begins */
} others[] = {
	{"type", "pass"},   {"type", "drop"},  {"type", "reject"},  {"authby", "never"},
	{"auto", "ignore"}, {"right", "%any"}, {"right", "%group"}, {"right", "%oppo"},
	{"left", "%group"}, {"left", "%oppo"},
};

struct _ConnPurpose {
	const IpsecConfFile *file;
	GHashTable *conns; /* IpsecConfSection -> the values below */
};

/* The value of each of others[] in a conn, by keyword; of those of the file. */
typedef struct {
	const char *values[G_N_ELEMENTS(others)];
} Values;

ConnPurpose *
conn_purpose_new(const IpsecConfFile *file)
{
	ConnPurpose *purpose = g_new0(ConnPurpose, 1);

	purpose->file = file;
	purpose->conns = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	return purpose;
}

void
conn_purpose_free(ConnPurpose *purpose)
{
	if (!purpose)
		return;
	g_hash_table_unref(purpose->conns);
	g_free(purpose);
}

static void
fill_in(Values *values, const Values *more)
{
	for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
		if (!values->values[i])
			values->values[i] = more->values[i];
	}
}

/* Each section is looked through once, so that a file of the largest size takes no longer than it
 * takes to read it. A circle of also= brings nothing new. */
static const Values *
collect(ConnPurpose *purpose, const IpsecConfSection *section, guint level)
{
	Values *values = g_hash_table_lookup(purpose->conns, section);

	if (values)
		return values;
	values = g_new0(Values, 1);
	g_hash_table_insert(purpose->conns, (gpointer) section, values);
	for (guint i = 0; i < section->entries->len; i++) {
		const IpsecConfEntry *entry = g_ptr_array_index(section->entries, i);

		for (guint j = 0; j < G_N_ELEMENTS(others); j++) {
			if (!values->values[j] && g_str_equal(entry->keyword, others[j].keyword))
				values->values[j] = entry->value;
		}
	}
	for (guint i = 0; i < section->entries->len && level < 64; i++) {
		const IpsecConfEntry *entry = g_ptr_array_index(section->entries, i);
		const IpsecConfSection *base = g_str_equal(entry->keyword, "also")
										   ? ipsec_conf_find_conn(purpose->file, entry->value)
										   : NULL;

		if (base)
			fill_in(values, collect(purpose, base, level + 1));
	}
	return values;
}

char *
conn_purpose_find_other(ConnPurpose *purpose, const IpsecConfSection *conn)
{
	const IpsecConfSection *defaults = ipsec_conf_find_conn(purpose->file, "%default");
	Values values = *collect(purpose, conn, 0);

	if (defaults)
		fill_in(&values, collect(purpose, defaults, 0));
	for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
		if (values.values[i] && g_str_has_prefix(values.values[i], others[i].value))
			return g_strdup_printf("%s=%s", others[i].keyword, values.values[i]);
	}
	return NULL;
}
