/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "form.h"

#include <glib/gi18n-lib.h>

#include "editor-summary.h"
#include "field-line.h"

#define SPACING 6

/*****************************************************************************/

static void
refresh_method(GtkWidget *list)
{
	SignIn method = editor_model_get_sign_in(editor_state_model_of(list));

	gtk_combo_box_set_active(GTK_COMBO_BOX(list), (gint) method);
	gtk_widget_set_tooltip_text(list, sign_in_help(method));
}

static void
on_method(GtkWidget *list)
{
	gint selected = gtk_combo_box_get_active(GTK_COMBO_BOX(list));

	if (selected >= 0 && selected < SIGN_IN_N)
		editor_state_tell(editor_state_of(list),
						  editor_model_set_sign_in(editor_state_model_of(list), (SignIn) selected));
}

static void
add_method(GtkGrid *grid, int *top, EditorState *state)
{
	GtkWidget *list = gtk_combo_box_text_new();

	for (guint i = 0; i < SIGN_IN_N; i++)
		gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(list), sign_in_name(i));
	editor_state_follow(state, list, G_CALLBACK(refresh_method));
	g_signal_connect(list, "changed", G_CALLBACK(on_method), NULL);
	gtk_grid_attach(grid, field_line_new_label(_("Sign In With"), list), 0, *top, 1, 1);
	gtk_grid_attach(grid, list, 1, (*top)++, 2, 1);
}

static void
refresh_persistent(GtkWidget *check)
{
	gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(check),
								 editor_model_get_persistent(editor_state_model_of(check)));
}

static void
on_persistent(GtkToggleButton *check)
{
	editor_state_tell(editor_state_of(check),
					  editor_model_set_persistent(editor_state_model_of(check),
												  gtk_toggle_button_get_active(check)));
}

static void
add_persistent(GtkGrid *grid, int *top, EditorState *state)
{
	GtkWidget *check = gtk_check_button_new_with_label(editor_persistent_title());

	gtk_widget_set_tooltip_text(check, editor_persistent_help());
	editor_state_follow(state, check, G_CALLBACK(refresh_persistent));
	g_signal_connect(check, "toggled", G_CALLBACK(on_persistent), NULL);
	gtk_grid_attach(grid, check, 1, (*top)++, 2, 1);
}

/*****************************************************************************/

static void
add_heading(GtkGrid *grid, int *top, const char *text)
{
	GtkWidget *label = gtk_label_new(text);
	PangoAttrList *attributes = pango_attr_list_new();

	pango_attr_list_insert(attributes, pango_attr_weight_new(PANGO_WEIGHT_BOLD));
	gtk_label_set_attributes(GTK_LABEL(label), attributes);
	pango_attr_list_unref(attributes);
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_widget_set_margin_top(label, SPACING);
	gtk_grid_attach(grid, label, 0, (*top)++, 3, 1);
}

static void
refresh_note(GtkWidget *label)
{
	EditorPage page = GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(label), "page"));
	g_autofree char *text = page == EDITOR_PAGE_SECURITY
								? editor_summary_warning(editor_state_model_of(label))
								: editor_summary_kept(editor_state_model_of(label));

	gtk_label_set_text(GTK_LABEL(label), text ? text : "");
	gtk_widget_set_visible(label, text != NULL);
}

/* What is to be said of a page: on the first, what is on none of them. */
static void
add_note(GtkGrid *grid, int *top, EditorState *state, EditorPage page)
{
	GtkWidget *label = gtk_label_new(NULL);

	gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_max_width_chars(GTK_LABEL(label), 50);
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_widget_set_no_show_all(label, TRUE);
	gtk_grid_attach(grid, label, 0, (*top)++, 3, 1);
	g_object_set_data(G_OBJECT(label), "page", GUINT_TO_POINTER(page));
	editor_state_follow(state, label, G_CALLBACK(refresh_note));
}

static GtkWidget *
make_page(EditorState *state, EditorPage page)
{
	GtkWidget *scroller = gtk_scrolled_window_new(NULL, NULL);
	GtkGrid *grid = GTK_GRID(gtk_grid_new());
	const char *section = NULL;
	int top = 0;
	guint n;
	const EditorField *fields = editor_field_all(&n);

	gtk_container_set_border_width(GTK_CONTAINER(grid), 2 * SPACING);
	gtk_grid_set_row_spacing(grid, SPACING);
	gtk_grid_set_column_spacing(grid, 2 * SPACING);
	for (guint i = 0; i < n; i++) {
		if (fields[i].page != page)
			continue;
		if (fields[i].section && g_strcmp0(section, fields[i].section) != 0)
			add_heading(grid, &top, _(fields[i].section));
		section = fields[i].section;
		field_line_add(grid, &top, state, &fields[i]);
		if (g_str_equal(fields[i].key, "right"))
			add_method(grid, &top, state);
		if (g_str_equal(fields[i].key, "nm-recovery-timeout"))
			add_persistent(grid, &top, state);
	}
	if (page == EDITOR_PAGE_SIGN_IN || page == EDITOR_PAGE_SECURITY)
		add_note(grid, &top, state, page);
	gtk_container_add(GTK_CONTAINER(scroller), GTK_WIDGET(grid));
	gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER,
								   GTK_POLICY_AUTOMATIC);
	return scroller;
}

GtkWidget *
form_new(EditorState *state)
{
	GtkWidget *book = gtk_notebook_new();

	for (guint page = EDITOR_PAGE_SIGN_IN; page < EDITOR_PAGE_KEPT; page++)
		gtk_notebook_append_page(GTK_NOTEBOOK(book), make_page(state, page),
								 gtk_label_new(editor_page_title(page)));
	/* But for what is hidden now, which is not to be shown with the rest. */
	gtk_widget_show_all(book);
	return book;
}
