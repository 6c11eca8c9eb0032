/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Round trips of whole files are test-import.c's. */

#include "config.h"

#include "exported-keys.h"
#include "ipsec-conf-reader.h"

typedef struct {
	IpsecConfFile *file;
	GHashTable *entries, *comments;
	ExportedKeys keys;
	Profile *profile;
} Fixture;

static void
set_up(Fixture *f, gconstpointer data)
{
	const IpsecConfSection *conn;

	f->file =
		ipsec_conf_read("conn a\n\tright=gw\n\tleft=%defaultroute\n\tikev2=insist\n\tdpddelay=5s\n"
						"\tauto=add\n",
						-1, NULL);
	f->entries = g_hash_table_new(g_str_hash, g_str_equal);
	f->comments = g_hash_table_new(g_str_hash, g_str_equal);
	conn = ipsec_conf_find_conn(f->file, "a");
	for (guint i = 0; i < conn->entries->len; i++) {
		IpsecConfEntry *entry = g_ptr_array_index(conn->entries, i);

		g_hash_table_insert(f->entries, entry->keyword, entry);
	}
	g_hash_table_insert(f->comments, (gpointer) "nm-auto-defaults", (gpointer) "no");
}

static void
tear_down(Fixture *f, gconstpointer data)
{
	profile_free(f->profile);
	exported_keys_clear(&f->keys);
	g_hash_table_unref(f->comments);
	g_hash_table_unref(f->entries);
	ipsec_conf_file_free(f->file);
}

static void
test_restore(Fixture *f, gconstpointer data)
{
	g_autoptr(GHashTable) restored = NULL;

	g_assert_false(exported_keys_are_there(&f->keys));
	g_assert_false(exported_keys_take(&f->keys, "nm-name", "x"));
	g_assert_true(exported_keys_take(&f->keys, "nm-keys", "right ikev2 nm-auto-defaults"));
	exported_keys_add_given(&f->keys, "ikev2", "yes");
	g_assert_true(exported_keys_are_there(&f->keys));
	restored = exported_keys_restore(&f->keys, f->entries, f->comments, "a", &f->profile);
	g_assert_nonnull(restored);
	g_assert_cmpuint(g_hash_table_size(restored), ==, 3);
	g_assert_cmpstr(g_hash_table_lookup(restored, "right"), ==, "gw");
	g_assert_cmpstr(g_hash_table_lookup(restored, "ikev2"), ==, "yes");
	g_assert_cmpstr(g_hash_table_lookup(restored, "nm-auto-defaults"), ==, "no");
	g_assert_true(profile_is_ikev2(f->profile));
}

/* A list that does not lead to the conn says nothing. */
static void
test_other(Fixture *f, gconstpointer data)
{
	static const char *const lists[] = {
		"",
		"right",
		"right ikev2",
		"right ikev2 nm-auto-defaults rekey",
		"right ikev2 nm-auto-defaults pskvalue",
		"right  ikev2 nm-auto-defaults",
		"rigth ikev2 nm-auto-defaults",
	};

	for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
		g_auto(ExportedKeys) keys = {0};

		exported_keys_take(&keys, "nm-keys", lists[i]);
		exported_keys_add_given(&keys, "pskvalue", "leak");
		g_assert_null(exported_keys_restore(&keys, f->entries, f->comments, "a", &f->profile));
		g_assert_null(f->profile);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/exported-keys/restore", Fixture, NULL, set_up, test_restore, tear_down);
	g_test_add("/exported-keys/other", Fixture, NULL, set_up, test_other, tear_down);
	return g_test_run();
}
