/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "editor-library.h"

#include <dlfcn.h>

#include <glib/gi18n-lib.h>

/* A symbol that this GTK has and no other, and the library's name: that of
 * NetworkManager-libreswan's, whose files ours are in the place of. */
static const struct {
	const char *symbol;
	const char *file;
	guint gtk;
} libraries[] = {
	{"gtk_container_add", "libnm-vpn-plugin-libreswan-editor.so", 3},
	{"gtk_native_get_surface", "libnm-gtk4-vpn-plugin-libreswan-editor.so", 4},
};

/* (transfer full): the library for this program, there or not; NULL where it has no GTK. */
static char *
find_path(const char *folder, guint *gtk)
{
	for (guint i = 0; i < G_N_ELEMENTS(libraries); i++) {
		if (!dlsym(RTLD_DEFAULT, libraries[i].symbol))
			continue;
		*gtk = libraries[i].gtk;
		return g_build_filename(folder, libraries[i].file, NULL);
	}
	return NULL;
}

gboolean
editor_library_is_there(const char *folder)
{
	guint gtk;
	g_autofree char *path = find_path(folder, &gtk);

	return path && g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

NMVpnEditor *
editor_library_open(const char *folder, NMVpnEditorPlugin *plugin, NMConnection *connection,
					GError **error)
{
	guint gtk;
	g_autofree char *path = find_path(folder, &gtk);
	__typeof__(&EDITOR_LIBRARY_FUNCTION) make;
	void *library;

	if (!path) {
		g_set_error_literal(
			error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
			_("this program cannot show the editor; nmcli(1) can edit the connection, and "
			  "nm-settings-libreswan(5) lists its keys"));
		return NULL;
	}
	if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
					_("the editor for GTK %u is not installed: there is no %s; nmcli(1) can edit "
					  "the connection, and nm-settings-libreswan(5) lists its keys"),
					gtk, path);
		return NULL;
	}
	library = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
	if (!library) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, _("cannot load the editor: %s"),
					dlerror());
		return NULL;
	}
	make = (__typeof__(make)) dlsym(library, G_STRINGIFY(EDITOR_LIBRARY_FUNCTION));
	if (!make) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
					_("%s is the editor of another package; remove that, or install the one that "
					  "belongs to this plugin"),
					path);
		return NULL;
	}
	return make(plugin, connection, error);
}
