/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "file-button.h"

#include <glib/gi18n-lib.h>

static void
on_response(GtkNativeDialog *dialog, int response, GtkEntry *entry)
{
	g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));

	if (response == GTK_RESPONSE_ACCEPT && file) {
		g_autofree char *name = editor_file_name(file);

		gtk_entry_set_text(entry, name);
		gtk_widget_grab_focus(GTK_WIDGET(entry));
	}
	g_object_set_data(G_OBJECT(entry), "chooser", NULL);
}

static void
add_filters(GtkFileChooser *chooser, const EditorFile *file)
{
	GtkFileFilter *ours = gtk_file_filter_new(), *any = gtk_file_filter_new();

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

static void
on_clicked(GtkWidget *entry)
{
	const EditorFile *file = g_object_get_data(G_OBJECT(entry), "file");
	const char *path = gtk_entry_get_text(GTK_ENTRY(entry));
	GtkWidget *window = gtk_widget_get_toplevel(entry);
	GtkFileChooserNative *chooser;

	if (!GTK_IS_WINDOW(window) || g_object_get_data(G_OBJECT(entry), "chooser"))
		return;
	chooser = gtk_file_chooser_native_new(_(file->title), GTK_WINDOW(window),
										  GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
	add_filters(GTK_FILE_CHOOSER(chooser), file);
	/* Where there is no such file, its folder, if there is that. */
	if (g_path_is_absolute(path))
		gtk_file_chooser_set_filename(GTK_FILE_CHOOSER(chooser), path);
	gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
	g_object_set_data_full(G_OBJECT(entry), "chooser", chooser, g_object_unref);
	g_signal_connect_object(chooser, "response", G_CALLBACK(on_response), entry, 0);
	gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

GtkWidget *
file_button_new(GtkEntry *entry, const EditorFile *file)
{
	/* Translators: a button beside the path of a file. */
	GtkWidget *button = gtk_button_new_with_label(_("Choose…"));

	gtk_widget_set_tooltip_text(button, _(file->title));
	atk_object_set_name(gtk_widget_get_accessible(button), _(file->title));
	g_object_set_data(G_OBJECT(entry), "file", (gpointer) file);
	g_signal_connect_object(button, "clicked", G_CALLBACK(on_clicked), entry, G_CONNECT_SWAPPED);
	return button;
}
