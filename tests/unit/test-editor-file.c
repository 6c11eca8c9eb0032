/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "editor-file.h"

#include <fnmatch.h>

/* What is a file is chosen as one, and nothing else is. */
static void
test_fields(void)
{
	guint n, n_files = 0;
	const EditorField *fields = editor_field_all(&n);

	for (guint i = 0; i < n; i++) {
		const EditorFile *file = editor_file_find(&fields[i]);

		const OptionKind kind = editor_field_option(&fields[i])->kind;

		g_assert_cmpint(file != NULL, ==, kind == OPTION_FILE || kind == OPTION_OBJECT);
		if (!file)
			continue;
		n_files++;
		g_assert_cmpstr(file->key, ==, fields[i].key);
		g_assert_nonnull(file->title);
		g_assert_nonnull(file->kind);
		g_assert_nonnull(file->suffixes[0]);
	}
	g_assert_cmpuint(n_files, ==, 3);
	g_assert_cmpstr(editor_file_any(), ==, "All files");
}

/* Whether the chooser offers a file of that name. */
static gboolean
is_offered(const EditorFile *file, const char *name)
{
	for (const char *const *suffix = file->suffixes; *suffix; suffix++) {
		g_autofree char *pattern = editor_file_pattern(*suffix);

		if (fnmatch(pattern, name, 0) == 0)
			return TRUE;
	}
	return FALSE;
}

static void
test_names(void)
{
	static const struct {
		const char *key, *name;
		gboolean offered;
	} cases[] = {
		{"cert", "alice.p12", TRUE},  {"cert", "ALICE.P12", TRUE},
		{"cert", "alice.Pfx", TRUE},  {"cert", "alice.pem", TRUE},
		{"cert", "alicep12", FALSE},  {"cert", "alice.p12.txt", FALSE},
		{"cert", "alice.key", FALSE}, {"key", "alice.key", TRUE},
		{"key", "alice.crt", FALSE},  {"ca", "authority.crt", TRUE},
		{"ca", "alice.p12", FALSE},   {"ca", "authority.CER", TRUE},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpint(
			is_offered(editor_file_find(editor_field_find(cases[i].key)), cases[i].name), ==,
			cases[i].offered);
}

/* A path is taken; of an address of elsewhere the profile says that it is none. */
static void
test_name(void)
{
	static const struct {
		const char *uri, *name;
		gboolean is_valid;
	} cases[] = {
		{"file:///home/joe/my%20vpn/joe.p12", "/home/joe/my vpn/joe.p12", TRUE},
		{"sftp://example.com/joe.p12", "sftp://example.com/joe.p12", FALSE},
	};
	const Option *option = editor_field_option(editor_field_find("cert"));

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GFile) file = g_file_new_for_uri(cases[i].uri);
		g_autofree char *name = editor_file_name(file);

		g_assert_cmpstr(name, ==, cases[i].name);
		g_assert_cmpint(option_validate(option, name, NULL), ==, cases[i].is_valid);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/editor-file/fields", test_fields);
	g_test_add_func("/editor-file/names", test_names);
	g_test_add_func("/editor-file/name", test_name);
	return g_test_run();
}
