/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "field-row.h"

#include <glib/gi18n-lib.h>

#include "choice-row.h"
#include "file-button.h"
#include "problem-row.h"
#include "secret-row.h"

typedef struct {
	EditorState *state;
	const EditorField *field;
	GtkWidget *control;  /* the switch; NULL for an entry */
	ProblemRow *problem; /* NULL for a switch */
} FieldRow;

static void
field_row_free(gpointer data)
{
	FieldRow *self = data;

	g_object_unref(self->state);
	g_free(self);
}

static FieldRow *
get_self(GtkWidget *row)
{
	return g_object_get_data(G_OBJECT(row), "field-row");
}

static FieldRow *
attach(GtkWidget *row, EditorState *state, const EditorField *field)
{
	FieldRow *self = g_new0(FieldRow, 1);
	g_autofree char *tooltip = editor_field_tooltip(field);

	gtk_widget_set_tooltip_text(row, tooltip);
	self->state = g_object_ref(state);
	self->field = field;
	g_object_set_data_full(G_OBJECT(row), "field-row", self, field_row_free);
	return self;
}

/*****************************************************************************/
/* An entry. */

/* (transfer full): what it is called, and while it is empty, what is so then. */
static char *
title_of(const FieldRow *self)
{
	EditorModel *model = editor_state_get_model(self->state);
	const char *label = editor_model_get_label(model, self->field->key);
	g_autofree char *value = editor_model_get(model, self->field->key);
	g_autofree char *automatic = value ? NULL : editor_model_describe_automatic(model, self->field);

	if (!automatic)
		return g_strdup(label);
	/* Translators: an entry that is empty: what it is called, and "Automatic (…)". */
	return g_strdup_printf(_("%s: %s"), label, automatic);
}

static void
refresh_entry(GtkWidget *row)
{
	FieldRow *self = get_self(row);
	g_autofree char *title = title_of(self);

	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
	gtk_widget_set_visible(row,
						   editor_model_shows(editor_state_get_model(self->state), self->field));
	problem_row_refresh(self->problem);
}

static void
on_text_changed(GtkWidget *row)
{
	FieldRow *self = get_self(row);
	const char *text = gtk_editable_get_text(GTK_EDITABLE(row));

	editor_state_tell(
		self->state, editor_model_set(editor_state_get_model(self->state), self->field->key, text));
}

/* Addresses, paths and algorithms are read from the left in every language: from the right two
 * networks would change places. */
static void
set_direction(GtkEditable *row)
{
	if (gtk_widget_get_direction(GTK_WIDGET(row)) != GTK_TEXT_DIR_RTL)
		return;
	gtk_widget_set_direction(GTK_WIDGET(gtk_editable_get_delegate(row)), GTK_TEXT_DIR_LTR);
	gtk_editable_set_alignment(row, 1);
}

static void
add_entry(AdwPreferencesGroup *group, EditorState *state, const EditorField *field)
{
	GtkWidget *row = adw_entry_row_new();
	FieldRow *self = attach(row, state, field);
	g_autofree char *value = editor_model_get(editor_state_get_model(state), field->key);

	adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
	set_direction(GTK_EDITABLE(row));
	adw_entry_row_set_enable_emoji_completion(ADW_ENTRY_ROW(row), FALSE);
	adw_entry_row_set_input_hints(ADW_ENTRY_ROW(row),
								  GTK_INPUT_HINT_NO_SPELLCHECK | GTK_INPUT_HINT_NO_EMOJI);
	gtk_editable_set_text(GTK_EDITABLE(row), value ? value : "");
	if (editor_file_find(field))
		file_button_add(ADW_ENTRY_ROW(row), editor_file_find(field));
	adw_preferences_group_add(group, row);
	self->problem = problem_row_add(group, state, field, row);
	refresh_entry(row);
	g_signal_connect(row, "changed", G_CALLBACK(on_text_changed), NULL);
	g_signal_connect_object(state, "changed", G_CALLBACK(refresh_entry), row, G_CONNECT_SWAPPED);
}

/*****************************************************************************/
/* A secret: its row knows all but what is wrong with it. */

static void
refresh_secret(GtkWidget *row)
{
	problem_row_refresh(get_self(row)->problem);
}

static void
add_secret(AdwPreferencesGroup *group, EditorState *state, const EditorField *field)
{
	GtkWidget *row = secret_row_new(state, field);
	FieldRow *self = attach(row, state, field);

	adw_preferences_group_add(group, row);
	self->problem = problem_row_add(group, state, field, row);
	refresh_secret(row);
	g_signal_connect_object(state, "changed", G_CALLBACK(refresh_secret), row, G_CONNECT_SWAPPED);
}

/*****************************************************************************/
/* A switch. */

GtkWidget *
field_row_new_switch(const char *title, const char *tooltip, GtkWidget **control)
{
	GtkWidget *row = adw_action_row_new();

	*control = gtk_switch_new();
	gtk_widget_set_valign(*control, GTK_ALIGN_CENTER);
	adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
	gtk_widget_set_tooltip_text(row, tooltip);
	/* The switch has the keyboard, and not the row. */
	gtk_accessible_update_property(GTK_ACCESSIBLE(*control), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
								   GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, tooltip, -1);
	adw_action_row_add_suffix(ADW_ACTION_ROW(row), *control);
	adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), *control);
	return row;
}

static void
refresh_switch(GtkWidget *row)
{
	FieldRow *self = get_self(row);
	EditorModel *model = editor_state_get_model(self->state);

	gtk_switch_set_active(GTK_SWITCH(self->control), editor_model_is_on(model, self->field));
	gtk_widget_set_visible(row, editor_model_shows(model, self->field));
}

static void
on_switched(GtkSwitch *control, GParamSpec *pspec, GtkWidget *row)
{
	FieldRow *self = get_self(row);

	editor_state_tell(self->state,
					  editor_model_switch(editor_state_get_model(self->state), self->field,
										  gtk_switch_get_active(control)));
}

static void
add_switch(AdwPreferencesGroup *group, EditorState *state, const EditorField *field)
{
	GtkWidget *control;
	g_autofree char *tooltip = editor_field_tooltip(field);
	GtkWidget *row = field_row_new_switch(
		editor_model_get_label(editor_state_get_model(state), field->key), tooltip, &control);

	attach(row, state, field)->control = control;
	adw_preferences_group_add(group, row);
	refresh_switch(row);
	g_signal_connect_object(control, "notify::active", G_CALLBACK(on_switched), row, 0);
	g_signal_connect_object(state, "changed", G_CALLBACK(refresh_switch), row, G_CONNECT_SWAPPED);
}

/*****************************************************************************/

void
field_row_add(AdwPreferencesGroup *group, EditorState *state, const EditorField *field)
{
	GtkWidget *row;

	switch (field->kind) {
	case EDITOR_TEXT:
		add_entry(group, state, field);
		break;
	case EDITOR_SECRET:
		add_secret(group, state, field);
		break;
	case EDITOR_CHOICE:
		row = choice_row_new(state, field);
		attach(row, state, field);
		adw_preferences_group_add(group, row);
		break;
	case EDITOR_SWITCH:
		add_switch(group, state, field);
		break;
	}
}
