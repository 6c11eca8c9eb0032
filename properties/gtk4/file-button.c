/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "file-button.h"

#include <glib/gi18n-lib.h>

/* GtkFileDialog, which is to be used instead, is of GTK 4.10. */
G_GNUC_BEGIN_IGNORE_DEPRECATIONS

static void
on_response(GtkNativeDialog *dialog, int response, GtkEditable *row)
{
	g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));

	if (response == GTK_RESPONSE_ACCEPT && file) {
		g_autofree char *name = editor_file_name(file);

		gtk_editable_set_text(row, name);
		/* Whoever goes on by keyboard goes on from there, and what is wrong with it is said then.
		 */
		gtk_widget_grab_focus(GTK_WIDGET(row));
	}
	g_object_set_data(G_OBJECT(row), "chooser", NULL);
}

static void
add_filters(GtkFileChooser *chooser, const EditorFile *file)
{
	g_autoptr(GtkFileFilter) ours = gtk_file_filter_new();
	g_autoptr(GtkFileFilter) any = gtk_file_filter_new();

	gtk_file_filter_set_name(ours, _(file->kind));
	for (const char *const *suffix = file->suffixes; *suffix; suffix++) {
		g_autofree char *pattern = editor_file_pattern(*suffix);

		gtk_file_filter_add_pattern(ours, pattern);
	}
	gtk_file_filter_set_name(any, editor_file_any());
	gtk_file_filter_add_pattern(any, "*");
	gtk_file_chooser_add_filter(chooser, ours);
	gtk_file_chooser_add_filter(chooser, any);
}

/* Where the file is that is chosen now. */
static void
set_folder(GtkFileChooser *chooser, const char *path)
{
	g_autofree char *name = g_path_get_dirname(path);
	g_autoptr(GFile) folder = g_file_new_for_path(name);

	if (g_path_is_absolute(path) && g_file_query_exists(folder, NULL))
		gtk_file_chooser_set_current_folder(chooser, folder, NULL);
}

static void
on_clicked(GtkWidget *row)
{
	const EditorFile *file = g_object_get_data(G_OBJECT(row), "file");
	GtkRoot *root = gtk_widget_get_root(row);
	GtkFileChooserNative *chooser;

	if (!GTK_IS_WINDOW(root) || g_object_get_data(G_OBJECT(row), "chooser"))
		return;
	chooser = gtk_file_chooser_native_new(_(file->title), GTK_WINDOW(root),
										  GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
	add_filters(GTK_FILE_CHOOSER(chooser), file);
	set_folder(GTK_FILE_CHOOSER(chooser), gtk_editable_get_text(GTK_EDITABLE(row)));
	gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
	g_object_set_data_full(G_OBJECT(row), "chooser", chooser, g_object_unref);
	g_signal_connect_object(chooser, "response", G_CALLBACK(on_response), row, 0);
	gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

G_GNUC_END_IGNORE_DEPRECATIONS

void
file_button_add(AdwEntryRow *row, const EditorFile *file)
{
	GtkWidget *button = gtk_button_new_from_icon_name("document-open-symbolic");

	gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
	gtk_widget_add_css_class(button, "flat");
	gtk_widget_set_tooltip_text(button, _(file->title));
	gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL,
								   _(file->title), -1);
	adw_entry_row_add_suffix(row, button);
	g_object_set_data(G_OBJECT(row), "file", (gpointer) file);
	g_signal_connect_object(button, "clicked", G_CALLBACK(on_clicked), row, G_CONNECT_SWAPPED);
}
