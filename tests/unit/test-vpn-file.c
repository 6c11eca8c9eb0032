/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each file of tests/vpn-files is one as administrators send them, or a wrong one;
 * NAME.expected is what becomes of it, for nmcli and for a program with an editor.
 */

#include "config.h"

#include "describe-import.h"
#include "remove-tree.h"

static void
test_sample(gconstpointer data)
{
	const char *path = data;
	g_autofree char *expected_path = g_strconcat(path, ".expected", NULL);
	g_autofree char *expected = NULL;
	g_autofree char *found = describe_file(path);

	g_file_get_contents(expected_path, &expected, NULL, NULL);
	g_assert_cmpstr(found, ==, expected);
}

static void
add_samples(void)
{
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "vpn-files", NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *file;
	guint n = 0;

	g_assert_nonnull(dir);
	while ((file = g_dir_read_name(dir))) {
		g_autofree char *test = g_strconcat("/vpn-file/sample/", file, NULL);

		if (g_str_has_suffix(file, ".expected"))
			continue;
		g_test_add_data_func_full(test, g_build_filename(path, file, NULL), test_sample, g_free);
		n++;
	}
	g_assert_cmpuint(n, >=, 6);
}

/* However much of a file has arrived, it is a connection or an error, and never a crash. */
static void
test_truncated(void)
{
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "vpn-files", NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *file;

	while ((file = g_dir_read_name(dir))) {
		g_autofree char *sample = g_build_filename(path, file, NULL);
		g_autofree char *text = NULL;
		gsize len;

		if (g_str_has_suffix(file, ".expected"))
			continue;
		g_assert_true(g_file_get_contents(sample, &text, &len, NULL));
		for (gsize n = 0; n <= len; n += 1 + len / 300) {
			g_autofree char *part = g_strndup(text, n);
			g_autoptr(GError) error = NULL;
			g_autoptr(NMConnection) connection =
				vpn_file_import_bytes(part, n, "part", IMPORT_HOST_TERMINAL, NULL, &error);

			g_assert_true((connection == NULL) == (error != NULL));
		}
	}
}

int
main(int argc, char **argv)
{
	g_autofree char *home = g_dir_make_tmp("vpn-file-XXXXXX", NULL);
	int rc;

	g_setenv("HOME", home, TRUE);
	g_test_init(&argc, &argv, NULL);
	add_samples();
	g_test_add_func("/vpn-file/truncated", test_truncated);
	rc = g_test_run();
	remove_tree(home);
	return rc;
}
