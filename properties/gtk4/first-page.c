/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "first-page.h"

#include <glib/gi18n-lib.h>

#include "choice-row.h"
#include "description.h"
#include "editor-summary.h"
#include "field-row.h"
#include "page-window.h"

/* The height that the page takes where nobody scrolls it: GNOME Settings 43 makes its window as
 * high as we are, on whatever screen. */
#define HEIGHT_MAX 460

/* The height of GNOME Settings 48's window that shows how one signs in. It keeps that of the list
 * of kinds of VPN, which is low where there are few. */
#define WINDOW_HEIGHT 620

/* Around the cards, for their shadows. */
#define MARGIN 3

/*****************************************************************************/
/* How one signs in. */

static void
refresh_method(GtkWidget *row)
{
	SignIn method = editor_model_get_sign_in(editor_state_model_of(row));

	adw_combo_row_set_selected(ADW_COMBO_ROW(row), method);
	gtk_widget_set_tooltip_text(row, sign_in_help(method));
	choice_row_describe(row, sign_in_name(method), sign_in_help(method));
}

static void
on_method(GtkWidget *row)
{
	guint selected = adw_combo_row_get_selected(ADW_COMBO_ROW(row));

	if (selected < SIGN_IN_N)
		editor_state_tell(editor_state_of(row),
						  editor_model_set_sign_in(editor_state_model_of(row), selected));
}

static GtkWidget *
make_method(EditorState *state)
{
	GtkWidget *row = adw_combo_row_new();
	g_autoptr(GtkStringList) list = gtk_string_list_new(NULL);

	for (guint i = 0; i < SIGN_IN_N; i++)
		gtk_string_list_append(list, sign_in_name(i));
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), _("Sign In With"));
	adw_combo_row_set_model(ADW_COMBO_ROW(row), G_LIST_MODEL(list));
	choice_row_show_items_whole(ADW_COMBO_ROW(row));
	editor_state_follow(state, row, G_CALLBACK(refresh_method));
	g_signal_connect(row, "notify::selected", G_CALLBACK(on_method), NULL);
	return row;
}

/* The gateway and how one signs in, then whatever that needs. */
static void
add_sign_in(GtkBox *page, EditorState *state)
{
	AdwPreferencesGroup *gateway = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
	AdwPreferencesGroup *rest = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
	guint n;
	const EditorField *fields = editor_field_all(&n);

	field_row_add(gateway, state, editor_field_find("right"));
	adw_preferences_group_add(gateway, make_method(state));
	for (guint i = 0; i < n; i++) {
		if (fields[i].page == EDITOR_PAGE_SIGN_IN && !g_str_equal(fields[i].key, "right"))
			field_row_add(rest, state, &fields[i]);
	}
	gtk_box_append(page, GTK_WIDGET(gateway));
	gtk_box_append(page, GTK_WIDGET(rest));
}

/*****************************************************************************/
/* The other pages. */

typedef struct {
	EditorPage page;
	GtkWidget *warning;
} PageRow;

static void
refresh_page_row(GtkWidget *row)
{
	PageRow *self = g_object_get_data(G_OBJECT(row), "page-row");
	g_autofree char *summary = editor_summary(editor_state_model_of(row), self->page);
	g_autofree char *warning = self->page == EDITOR_PAGE_SECURITY
								   ? editor_summary_warning(editor_state_model_of(row))
								   : NULL;

	g_autofree char *said = warning ? g_strdup_printf("%s\n%s", summary, warning) : NULL;

	adw_action_row_set_subtitle(ADW_ACTION_ROW(row), summary);
	description_set(row, said ? said : summary);
	gtk_widget_set_visible(self->warning, warning != NULL);
	gtk_widget_set_tooltip_text(self->warning, warning);
}

static void
on_page_row(GtkWidget *row)
{
	PageRow *self = g_object_get_data(G_OBJECT(row), "page-row");

	page_window_show(self->page, editor_state_of(row), row);
}

static GtkWidget *
make_page_row(EditorState *state, EditorPage page)
{
	GtkWidget *row = adw_action_row_new();
	PageRow *self = g_new0(PageRow, 1);

	self->page = page;
	self->warning = gtk_image_new_from_icon_name("dialog-warning-symbolic");
	g_object_set_data_full(G_OBJECT(row), "page-row", self, g_free);
	adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), editor_page_title(page));
	gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), TRUE);
	gtk_widget_add_css_class(self->warning, "warning");
	adw_action_row_add_suffix(ADW_ACTION_ROW(row), self->warning);
	adw_action_row_add_suffix(ADW_ACTION_ROW(row),
							  gtk_image_new_from_icon_name("go-next-symbolic"));
	editor_state_follow(state, row, G_CALLBACK(refresh_page_row));
	g_signal_connect(row, "activated", G_CALLBACK(on_page_row), NULL);
	return row;
}

static void
add_pages(GtkBox *page, EditorState *state)
{
	AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());

	for (guint i = EDITOR_PAGE_NETWORK; i < EDITOR_PAGE_KEPT; i++)
		adw_preferences_group_add(group, make_page_row(state, i));
	gtk_box_append(page, GTK_WIDGET(group));
}

/*****************************************************************************/

static void
refresh_kept(GtkWidget *label)
{
	g_autofree char *kept = editor_summary_kept(editor_state_model_of(label));

	gtk_label_set_text(GTK_LABEL(label), kept ? kept : "");
	gtk_widget_set_visible(label, kept != NULL);
}

static GtkWidget *
make_note(const char *text)
{
	GtkWidget *label = gtk_label_new(text);

	gtk_label_set_wrap(GTK_LABEL(label), TRUE);
	/* GNOME Settings sets labels of xalign 0 to the right, as titles of entries. */
	gtk_label_set_xalign(GTK_LABEL(label), 0.01f);
	gtk_widget_add_css_class(label, "caption");
	gtk_widget_add_css_class(label, "dim-label");
	return label;
}

static void
add_notes(GtkBox *page, EditorState *state)
{
	EditorModel *model = editor_state_get_model(state);
	g_autofree char *auto_defaults = editor_model_get_normal(model, "nm-auto-defaults");
	GtkWidget *kept = make_note(NULL);

	if (g_strcmp0(auto_defaults, "no") == 0)
		gtk_box_append(page, make_note(_("This profile leaves what is not set to libreswan "
										 "(nm-auto-defaults=no).")));
	gtk_box_append(page, kept);
	editor_state_follow(state, kept, G_CALLBACK(refresh_kept));
}

static void
make_higher(GtkRoot *root)
{
	int width, height;

	if (!GTK_IS_WINDOW(root))
		return;
	gtk_window_get_default_size(GTK_WINDOW(root), &width, &height);
	if (height < WINDOW_HEIGHT)
		gtk_window_set_default_size(GTK_WINDOW(root), width, WINDOW_HEIGHT);
}

/* Where the page is put nobody knows before it is there: GNOME Settings 48 scrolls it, 43 does not.
 */
static void
on_root(AdwBin *bin)
{
	GtkWidget *page = adw_bin_get_child(bin), *scroller;

	GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(bin));

	if (!root || GTK_IS_SCROLLED_WINDOW(page))
		return;
	if (gtk_widget_get_ancestor(GTK_WIDGET(bin), GTK_TYPE_SCROLLED_WINDOW)) {
		make_higher(root);
		return;
	}
	scroller = gtk_scrolled_window_new();
	g_object_ref(page);
	adw_bin_set_child(bin, scroller);
	gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), page);
	g_object_unref(page);
	gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER,
								   GTK_POLICY_AUTOMATIC);
	gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scroller), TRUE);
	gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(scroller), HEIGHT_MAX);
}

GtkWidget *
first_page_new(EditorState *state)
{
	GtkWidget *bin = adw_bin_new();
	GtkWidget *page = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);

	add_sign_in(GTK_BOX(page), state);
	add_pages(GTK_BOX(page), state);
	add_notes(GTK_BOX(page), state);
	gtk_widget_set_margin_start(page, MARGIN);
	gtk_widget_set_margin_end(page, MARGIN);
	gtk_widget_set_margin_top(page, MARGIN);
	gtk_widget_set_margin_bottom(page, MARGIN);
	adw_bin_set_child(ADW_BIN(bin), page);
	gtk_widget_set_hexpand(bin, TRUE);
	g_signal_connect(bin, "notify::root", G_CALLBACK(on_root), NULL);
	return bin;
}
