/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "problem-row.h"

struct _ProblemRow {
	EditorState *state;
	const EditorField *field;
	GtkWidget *entry;
	GtkWidget *row;
	GtkWidget *label;
	gboolean touched; /* somebody has changed the entry */
	gboolean left;    /* and has gone elsewhere afterwards */
};

/* What a screen reader says of it: GTK 4.8 shows it the row alone, 4.18 the text within. */
static void
describe(GtkWidget *widget, const char *sentence, const char *help)
{
	gtk_accessible_update_state(
		GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_STATE_INVALID,
		sentence ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
	gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
								   sentence ? sentence : help, -1);
}

/* Reads it to whoever does not see it. */
static void
announce(ProblemRow *self, const char *sentence)
{
#if GTK_CHECK_VERSION(4, 14, 0)
	if (sentence)
		gtk_accessible_announce(GTK_ACCESSIBLE(self->entry), sentence,
								GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
#endif
}

static void
show(ProblemRow *self, const char *sentence)
{
	const char *help = gtk_widget_get_tooltip_text(self->entry);

	if (g_strcmp0(gtk_label_get_text(GTK_LABEL(self->label)), sentence ? sentence : "") != 0)
		announce(self, sentence);
	gtk_label_set_text(GTK_LABEL(self->label), sentence ? sentence : "");
	gtk_widget_set_visible(self->row, sentence != NULL && gtk_widget_get_visible(self->entry));
	if (sentence)
		gtk_widget_add_css_class(self->entry, "error");
	else
		gtk_widget_remove_css_class(self->entry, "error");
	describe(self->entry, sentence, help);
	describe(GTK_WIDGET(gtk_editable_get_delegate(GTK_EDITABLE(self->entry))), sentence, help);
}

void
problem_row_refresh(ProblemRow *self)
{
	EditorModel *model = editor_state_get_model(self->state);
	g_autofree char *sentence = editor_model_find_problem(model, self->field->key);

	/* Once it is right, the next mistake may be finished in peace as well. */
	if (!sentence)
		self->left = FALSE;
	show(self, self->left ? sentence : NULL);
}

static void
on_changed(ProblemRow *self)
{
	self->touched = TRUE;
}

static void
on_leave(ProblemRow *self)
{
	self->left = self->touched;
	problem_row_refresh(self);
}

static void
problem_row_free(gpointer data)
{
	ProblemRow *self = data;

	g_object_unref(self->state);
	g_free(self);
}

static GtkWidget *
make_row(ProblemRow *self)
{
	GtkWidget *row = adw_preferences_row_new();
	/* What is shown with this role screen readers read at once. */
	GtkWidget *box = g_object_new(
		GTK_TYPE_BOX, "spacing", 6, "accessible-role",
		GTK_CHECK_VERSION(4, 14, 0) ? GTK_ACCESSIBLE_ROLE_GROUP : GTK_ACCESSIBLE_ROLE_ALERT, NULL);
	GtkWidget *icon = gtk_image_new_from_icon_name("dialog-warning-symbolic");

	self->label = gtk_label_new(NULL);
	gtk_label_set_wrap(GTK_LABEL(self->label), TRUE);
	gtk_label_set_wrap_mode(GTK_LABEL(self->label), PANGO_WRAP_WORD_CHAR);
	gtk_label_set_xalign(GTK_LABEL(self->label), 0);
	gtk_widget_set_hexpand(self->label, TRUE);
	gtk_widget_add_css_class(self->label, "caption");
	gtk_widget_add_css_class(box, "error");
	gtk_widget_set_margin_start(box, 12);
	gtk_widget_set_margin_end(box, 12);
	gtk_widget_set_margin_top(box, 6);
	gtk_widget_set_margin_bottom(box, 6);
	gtk_widget_set_valign(icon, GTK_ALIGN_START);
	gtk_box_append(GTK_BOX(box), icon);
	gtk_box_append(GTK_BOX(box), self->label);
	gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), box);
	gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), FALSE);
	gtk_list_box_row_set_selectable(GTK_LIST_BOX_ROW(row), FALSE);
	gtk_widget_set_focusable(row, FALSE);
	gtk_widget_set_visible(row, FALSE);
	return row;
}

ProblemRow *
problem_row_add(AdwPreferencesGroup *group, EditorState *state, const EditorField *field,
				GtkWidget *entry)
{
	ProblemRow *self = g_new0(ProblemRow, 1);
	EditorModel *model = editor_state_get_model(state);
	GtkEventController *focus = gtk_event_controller_focus_new();
	g_autofree char *value = NULL;

	self->state = g_object_ref(state);
	self->field = field;
	self->entry = entry;
	self->row = make_row(self);
	g_object_set_data_full(G_OBJECT(self->row), "problem-row", self, problem_row_free);
	adw_preferences_group_add(group, self->row);
	/* What the profile has already nobody is still typing. */
	value = field->kind == EDITOR_SECRET ? NULL : editor_model_get(model, field->key);
	self->touched = self->left = value != NULL;
	g_signal_connect_swapped(entry, "changed", G_CALLBACK(on_changed), self);
	g_signal_connect_swapped(focus, "leave", G_CALLBACK(on_leave), self);
	gtk_widget_add_controller(GTK_WIDGET(gtk_editable_get_delegate(GTK_EDITABLE(entry))), focus);
	return self;
}
