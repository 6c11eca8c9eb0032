/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "choice-row.h"

#include "description.h"
#include "editor-choice.h"

typedef struct {
	EditorState *state;
	EditorChoice choice;
	gboolean refreshing; /* what is selected now is our own doing */
} ChoiceRow;

static void
choice_row_free(gpointer data)
{
	ChoiceRow *self = data;

	g_object_unref(self->state);
	editor_choice_clear(&self->choice);
	g_free(self);
}

static ChoiceRow *
get_self(GtkWidget *row)
{
	return g_object_get_data(G_OBJECT(row), "choice-row");
}

void
choice_row_describe(GtkWidget *row, const char *chosen, const char *help)
{
	g_autofree char *text = help ? g_strdup_printf("%s\n%s", chosen, help) : g_strdup(chosen);

	description_set(row, text);
}

static gboolean
has_items(GtkStringList *list, char **items)
{
	guint n = g_list_model_get_n_items(G_LIST_MODEL(list));

	if (n != g_strv_length(items))
		return FALSE;
	for (guint i = 0; i < n; i++) {
		if (!g_str_equal(gtk_string_list_get_string(list, i), items[i]))
			return FALSE;
	}
	return TRUE;
}

static void
refresh(GtkWidget *row)
{
	ChoiceRow *self = get_self(row);
	GtkStringList *list = GTK_STRING_LIST(adw_combo_row_get_model(ADW_COMBO_ROW(row)));
	EditorModel *model = editor_state_get_model(self->state);
	guint selected;
	g_auto(GStrv) items = editor_choice_list(&self->choice, model, &selected);

	self->refreshing = TRUE;
	if (!has_items(list, items))
		gtk_string_list_splice(list, 0, g_list_model_get_n_items(G_LIST_MODEL(list)),
							   (const char *const *) items);
	adw_combo_row_set_selected(ADW_COMBO_ROW(row), selected);
	self->refreshing = FALSE;
	choice_row_describe(row, items[selected], gtk_widget_get_tooltip_text(row));
	gtk_widget_set_visible(row, editor_model_shows(model, self->choice.field));
}

static void
on_selected(GtkWidget *row)
{
	ChoiceRow *self = get_self(row);
	guint selected = adw_combo_row_get_selected(ADW_COMBO_ROW(row));

	if (self->refreshing || selected == GTK_INVALID_LIST_POSITION)
		return;
	editor_state_tell(
		self->state,
		editor_choice_take(&self->choice, editor_state_get_model(self->state), selected));
}

/*****************************************************************************/

static void
on_setup(GtkSignalListItemFactory *factory, GtkListItem *item)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
	GtkWidget *label = gtk_label_new(NULL);
	GtkWidget *icon = gtk_image_new_from_icon_name("object-select-symbolic");

	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_label_set_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_max_width_chars(GTK_LABEL(label), 36);
	gtk_widget_set_hexpand(label, TRUE);
	gtk_box_append(GTK_BOX(box), label);
	gtk_box_append(GTK_BOX(box), icon);
	gtk_list_item_set_child(item, box);
}

static void
show_check(GtkListItem *item)
{
	GtkWidget *box = gtk_list_item_get_child(item);

	/* Hidden, it would leave the others without a place for theirs. */
	if (box)
		gtk_widget_set_opacity(gtk_widget_get_last_child(box),
							   gtk_list_item_get_selected(item) ? 1 : 0);
}

static void
on_bind(GtkSignalListItemFactory *factory, GtkListItem *item, AdwComboRow *row)
{
	GtkWidget *box = gtk_list_item_get_child(item);
	GtkStringObject *text = gtk_list_item_get_item(item);
	gboolean is_chosen = gtk_list_item_get_position(item) == adw_combo_row_get_selected(row);

	gtk_label_set_text(GTK_LABEL(gtk_widget_get_first_child(box)),
					   gtk_string_object_get_string(text));
	gtk_widget_set_opacity(gtk_widget_get_last_child(box), is_chosen ? 1 : 0);
	g_signal_connect_object(item, "notify::selected", G_CALLBACK(show_check), item, 0);
}

/* What the row itself shows: cut only where the title leaves no room. */
static void
on_setup_chosen(GtkSignalListItemFactory *factory, GtkListItem *item)
{
	GtkWidget *label = gtk_label_new(NULL);

	gtk_label_set_xalign(GTK_LABEL(label), 1);
	gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
	gtk_list_item_set_child(item, label);
}

static void
on_bind_chosen(GtkSignalListItemFactory *factory, GtkListItem *item)
{
	GtkStringObject *text = gtk_list_item_get_item(item);

	gtk_label_set_text(GTK_LABEL(gtk_list_item_get_child(item)),
					   gtk_string_object_get_string(text));
}

void
choice_row_show_items_whole(AdwComboRow *row)
{
	g_autoptr(GtkListItemFactory) chosen = gtk_signal_list_item_factory_new();
	g_autoptr(GtkListItemFactory) list = gtk_signal_list_item_factory_new();

	g_signal_connect(chosen, "setup", G_CALLBACK(on_setup_chosen), NULL);
	g_signal_connect(chosen, "bind", G_CALLBACK(on_bind_chosen), NULL);
	g_signal_connect(list, "setup", G_CALLBACK(on_setup), NULL);
	g_signal_connect_object(list, "bind", G_CALLBACK(on_bind), row, 0);
	g_object_set(row, "factory", chosen, "list-factory", list, NULL);
}

GtkWidget *
choice_row_new(EditorState *state, const EditorField *field)
{
	GtkWidget *row = adw_combo_row_new();
	ChoiceRow *self = g_new0(ChoiceRow, 1);
	g_autofree char *tooltip = editor_field_tooltip(field);
	g_autoptr(GtkStringList) list = gtk_string_list_new(NULL);

	self->state = g_object_ref(state);
	self->choice.field = field;
	g_object_set_data_full(G_OBJECT(row), "choice-row", self, choice_row_free);
	adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
	adw_preferences_row_set_title(
		ADW_PREFERENCES_ROW(row),
		editor_model_get_label(editor_state_get_model(state), field->key));
	gtk_widget_set_tooltip_text(row, tooltip);
	adw_combo_row_set_model(ADW_COMBO_ROW(row), G_LIST_MODEL(list));
	choice_row_show_items_whole(ADW_COMBO_ROW(row));
	refresh(row);
	g_signal_connect(row, "notify::selected", G_CALLBACK(on_selected), NULL);
	g_signal_connect_object(state, "changed", G_CALLBACK(refresh), row, G_CONNECT_SWAPPED);
	return row;
}
