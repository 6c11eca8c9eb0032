/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each case is a program of its own, that becomes one with a GTK by loading a library which has a
 * symbol of that GTK. The editor's library is fake-editor.c. */

#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "editor-library.h"

#define GTK3_EDITOR "libnm-vpn-plugin-libreswan-editor.so"
#define GTK4_EDITOR "libnm-gtk4-vpn-plugin-libreswan-editor.so"

/* Where the fakes are built. */
static char *
fake(const char *name)
{
	return g_strdup_printf("%s/tests/unit/.libs/%s.so", g_getenv("G_TEST_BUILDDIR"), name);
}

static void
become(const char *toolkit)
{
	g_autofree char *path = fake(toolkit);

	g_assert_nonnull(dlopen(path, RTLD_NOW | RTLD_GLOBAL));
}

/* (transfer full): a folder with a library, or none. */
static char *
folder_with(const char *name, const char *library)
{
	g_autoptr(GError) error = NULL;
	char *folder = g_dir_make_tmp("editor-library-XXXXXX", &error);
	g_autofree char *path = NULL, *target = NULL;

	g_assert_no_error(error);
	if (!name)
		return folder;
	path = g_build_filename(folder, name, NULL);
	target = fake(library);
	g_assert_cmpint(symlink(target, path), ==, 0);
	return folder;
}

static void
expect(const char *name, const char *library, gboolean there, const char *message)
{
	g_autofree char *folder = folder_with(name, library);
	g_autofree char *path = name ? g_build_filename(folder, name, NULL) : NULL;
	g_autoptr(NMConnection) connection = nm_simple_connection_new();
	g_autoptr(GError) error = NULL;

	g_assert_true(editor_library_is_there(folder) == there);
	g_assert_null(editor_library_open(folder, NULL, connection, &error));
	g_test_message("%s", error->message);
	g_assert_nonnull(strstr(error->message, message));
	if (path)
		g_assert_cmpint(g_unlink(path), ==, 0);
	g_assert_cmpint(g_rmdir(folder), ==, 0);
}

static void
without_gtk(void)
{
	expect(GTK4_EDITOR, "fake-editor", FALSE, "this program cannot show the editor; nmcli(1)");
}

static void
gtk3(void)
{
	become("fake-gtk3");
	expect(GTK3_EDITOR, "fake-editor", TRUE, "the fake editor was asked");
}

static void
gtk4(void)
{
	become("fake-gtk4");
	expect(GTK4_EDITOR, "fake-editor", TRUE, "the fake editor was asked");
}

/* The other one's library is of no use. */
static void
gtk3_without_library(void)
{
	become("fake-gtk3");
	expect(GTK4_EDITOR, "fake-editor", FALSE, "the editor for GTK 3 is not installed");
}

static void
gtk4_without_library(void)
{
	become("fake-gtk4");
	expect(GTK3_EDITOR, "fake-editor", FALSE, "the editor for GTK 4 is not installed");
}

static void
foreign_library(void)
{
	become("fake-gtk4");
	expect(GTK4_EDITOR, "fake-gtk3", TRUE, "is the editor of another package");
}

static void
broken_library(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *folder = folder_with(NULL, NULL);
	g_autofree char *path = g_build_filename(folder, GTK4_EDITOR, NULL);

	become("fake-gtk4");
	g_assert_true(g_file_set_contents(path, "no library", -1, NULL));
	g_assert_null(editor_library_open(folder, NULL, NULL, &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_FAILED);
	g_assert_true(g_str_has_prefix(error->message, "cannot load the editor: "));
	g_unlink(path);
	g_rmdir(folder);
}

static const struct {
	const char *path;
	void (*run)(void);
} cases[] = {
	{"/editor-library/without-gtk", without_gtk},
	{"/editor-library/gtk3", gtk3},
	{"/editor-library/gtk4", gtk4},
	{"/editor-library/gtk3-without-library", gtk3_without_library},
	{"/editor-library/gtk4-without-library", gtk4_without_library},
	{"/editor-library/foreign-library", foreign_library},
	{"/editor-library/broken-library", broken_library},
};

static void
in_program_of_its_own(gconstpointer data)
{
	guint i = GPOINTER_TO_UINT(data);

	if (g_test_subprocess()) {
		cases[i].run();
		return;
	}
	g_test_trap_subprocess(NULL, 0, 0);
	g_test_trap_assert_passed();
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
		g_test_add_data_func(cases[i].path, GUINT_TO_POINTER(i), in_program_of_its_own);
	return g_test_run();
}
