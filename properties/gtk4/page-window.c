/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "page-window.h"

#include <glib/gi18n-lib.h>

#include "editor-summary.h"
#include "field-row.h"

/* As GNOME Settings' own window for a connection is at first. */
#define WIDTH  480
#define HEIGHT 560

static void
refresh_warning(GtkLabel *label)
{
	EditorState *state = g_object_get_data(G_OBJECT(label), "state");
	g_autofree char *text = editor_summary_warning(editor_state_get_model(state));

	gtk_label_set_text(label, text ? text : "");
	gtk_widget_set_visible(gtk_widget_get_parent(GTK_WIDGET(label)), text != NULL);
}

static void
add_warning(AdwPreferencesPage *page, EditorState *state)
{
	AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
	GtkWidget *label = gtk_label_new(NULL);

	gtk_label_set_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_box_append(GTK_BOX(box), gtk_image_new_from_icon_name("dialog-warning-symbolic"));
	gtk_box_append(GTK_BOX(box), label);
	adw_preferences_group_add(group, box);
	adw_preferences_page_add(page, group);
	g_object_set_data_full(G_OBJECT(label), "state", g_object_ref(state), g_object_unref);
	refresh_warning(GTK_LABEL(label));
	g_signal_connect_object(state, "changed", G_CALLBACK(refresh_warning), label,
							G_CONNECT_SWAPPED);
}

/*****************************************************************************/
/* vpn.persistent, which is no key of vpn.data. */

static void
refresh_persistent(GtkSwitch *control)
{
	EditorState *state = g_object_get_data(G_OBJECT(control), "state");

	gtk_switch_set_active(control, editor_model_get_persistent(editor_state_get_model(state)));
}

static void
on_persistent(GtkSwitch *control)
{
	EditorState *state = g_object_get_data(G_OBJECT(control), "state");

	editor_state_tell(state, editor_model_set_persistent(editor_state_get_model(state),
														 gtk_switch_get_active(control)));
}

static void
add_persistent(AdwPreferencesGroup *group, EditorState *state)
{
	GtkWidget *control;
	GtkWidget *row =
		field_row_new_switch(editor_persistent_title(), editor_persistent_help(), &control);

	adw_preferences_group_add(group, row);
	g_object_set_data_full(G_OBJECT(control), "state", g_object_ref(state), g_object_unref);
	refresh_persistent(GTK_SWITCH(control));
	g_signal_connect(control, "notify::active", G_CALLBACK(on_persistent), NULL);
	g_signal_connect_object(state, "changed", G_CALLBACK(refresh_persistent), control,
							G_CONNECT_SWAPPED);
}

/*****************************************************************************/

static GtkWidget *
make_page(EditorPage page, EditorState *state)
{
	GtkWidget *widget = adw_preferences_page_new();
	AdwPreferencesGroup *group = NULL;
	const char *section = NULL;
	guint n;
	const EditorField *fields = editor_field_all(&n);

	if (page == EDITOR_PAGE_SECURITY)
		add_warning(ADW_PREFERENCES_PAGE(widget), state);
	for (guint i = 0; i < n; i++) {
		if (fields[i].page != page)
			continue;
		if (!group || g_strcmp0(section, fields[i].section) != 0) {
			group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
			section = fields[i].section;
			if (section)
				adw_preferences_group_set_title(group, _(section));
			adw_preferences_page_add(ADW_PREFERENCES_PAGE(widget), group);
		}
		field_row_add(group, state, &fields[i]);
		if (g_str_equal(fields[i].key, "nm-recovery-timeout"))
			add_persistent(group, state);
	}
	return widget;
}

void
page_window_show(EditorPage page, EditorState *state, GtkWidget *above)
{
	GtkWidget *window = gtk_window_new();
	GtkEventController *keys = gtk_shortcut_controller_new();
	GtkRoot *root = gtk_widget_get_root(above);

	gtk_window_set_title(GTK_WINDOW(window), editor_page_title(page));
	gtk_window_set_titlebar(GTK_WINDOW(window), gtk_header_bar_new());
	gtk_window_set_child(GTK_WINDOW(window), make_page(page, state));
	gtk_window_set_default_size(GTK_WINDOW(window), WIDTH, HEIGHT);
	gtk_window_set_modal(GTK_WINDOW(window), TRUE);
	gtk_window_set_destroy_with_parent(GTK_WINDOW(window), TRUE);
	if (GTK_IS_WINDOW(root))
		gtk_window_set_transient_for(GTK_WINDOW(window), GTK_WINDOW(root));
	gtk_shortcut_controller_add_shortcut(GTK_SHORTCUT_CONTROLLER(keys),
										 gtk_shortcut_new(gtk_keyval_trigger_new(GDK_KEY_Escape, 0),
														  gtk_named_action_new("window.close")));
	gtk_widget_add_controller(window, keys);
	gtk_window_present(GTK_WINDOW(window));
}
