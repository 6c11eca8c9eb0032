/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "field-line.h"

#include <glib/gi18n-lib.h>

#include "editor-choice.h"
#include "editor-file.h"
#include "file-button.h"
#include "secret-storage.h"

/* An entry with a button beside it has room for "Automatic (in the same file)". */
#define PATH_CHARS 27

typedef struct {
	EditorState *state;
	const EditorField *field;
	GtkWidget *label;    /* NULL for a switch, which has its own */
	GtkWidget *control;  /* entry, list, or check button */
	GtkWidget *storage;  /* the list of how a secret is kept; otherwise NULL */
	GtkWidget *choose;   /* the button that chooses a file; otherwise NULL */
	GtkWidget *problem;  /* what is wrong with an entry; otherwise NULL */
	EditorChoice choice; /* of a list */
	gboolean touched;    /* somebody has changed the entry */
	gboolean left;       /* and has gone elsewhere afterwards */
	gboolean refreshing; /* what the controls say now is our own doing */
} FieldLine;

static void
field_line_free(gpointer data)
{
	FieldLine *self = data;

	g_object_unref(self->state);
	editor_choice_clear(&self->choice);
	g_free(self);
}

static FieldLine *
get_self(GtkWidget *control)
{
	return g_object_get_data(G_OBJECT(control), "field-line");
}

static EditorModel *
model_of(const FieldLine *self)
{
	return editor_state_get_model(self->state);
}

GtkWidget *
field_line_new_label(const char *text, GtkWidget *control)
{
	GtkWidget *label = gtk_label_new(text);

	gtk_label_set_xalign(GTK_LABEL(label), 1);
	gtk_label_set_mnemonic_widget(GTK_LABEL(label), control);
	atk_object_set_name(gtk_widget_get_accessible(control), text);
	return label;
}

/*****************************************************************************/
/* What it shows. */

static void
set_entry_text(FieldLine *self, const char *text)
{
	if (g_strcmp0(gtk_entry_get_text(GTK_ENTRY(self->control)), text ? text : "") != 0)
		gtk_entry_set_text(GTK_ENTRY(self->control), text ? text : "");
}

static void
refresh_problem(FieldLine *self)
{
	g_autofree char *sentence = editor_model_find_problem(model_of(self), self->field->key);
	GtkStyleContext *style = gtk_widget_get_style_context(self->control);
	AtkObject *accessible = gtk_widget_get_accessible(self->control);
	gboolean show;

	/* Once it is right, the next mistake may be finished in peace as well. */
	if (!sentence)
		self->left = FALSE;
	show = self->left && gtk_widget_get_visible(self->control);
	gtk_label_set_text(GTK_LABEL(self->problem), show ? sentence : "");
	gtk_widget_set_visible(self->problem, show);
	if (show)
		gtk_style_context_add_class(style, "error");
	else
		gtk_style_context_remove_class(style, "error");
	atk_object_set_description(accessible, show ? sentence : "");
	atk_object_notify_state_change(accessible, ATK_STATE_INVALID_ENTRY, show);
}

static void
refresh_entry(FieldLine *self)
{
	EditorModel *model = model_of(self);
	g_autofree char *value = editor_model_get(model, self->field->key);
	g_autofree char *text = value ? NULL : editor_model_describe_automatic(model, self->field);

	gtk_entry_set_placeholder_text(GTK_ENTRY(self->control), text);
}

static void
refresh_secret(FieldLine *self)
{
	EditorModel *model = model_of(self);
	guint n, chosen = secret_storage_find(editor_model_get_storage(model, self->field->key));

	set_entry_text(self, editor_model_get_secret(model, self->field->key));
	gtk_widget_set_sensitive(self->control, !secret_storage_all(&n)[chosen].nothing);
	gtk_combo_box_set_active(GTK_COMBO_BOX(self->storage), (gint) chosen);
}

static void
refresh_list(FieldLine *self)
{
	guint selected;
	g_auto(GStrv) items = editor_choice_list(&self->choice, model_of(self), &selected);

	gtk_combo_box_text_remove_all(GTK_COMBO_BOX_TEXT(self->control));
	for (guint i = 0; items[i]; i++)
		gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(self->control), items[i]);
	gtk_combo_box_set_active(GTK_COMBO_BOX(self->control), (gint) selected);
}

static void
refresh(GtkWidget *control)
{
	FieldLine *self = get_self(control);
	EditorModel *model = model_of(self);
	const char *label = editor_model_get_label(model, self->field->key);
	gboolean visible = editor_model_shows(model, self->field);

	self->refreshing = TRUE;
	if (self->field->kind == EDITOR_TEXT)
		refresh_entry(self);
	else if (self->field->kind == EDITOR_SECRET)
		refresh_secret(self);
	else if (self->field->kind == EDITOR_CHOICE)
		refresh_list(self);
	else
		gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(self->control),
									 editor_model_is_on(model, self->field));
	self->refreshing = FALSE;
	gtk_widget_set_visible(self->control, visible);
	if (self->label) {
		gtk_label_set_text(GTK_LABEL(self->label), label);
		atk_object_set_name(gtk_widget_get_accessible(self->control), label);
		gtk_widget_set_visible(self->label, visible);
	}
	if (self->storage)
		gtk_widget_set_visible(self->storage, visible);
	if (self->choose)
		gtk_widget_set_visible(self->choose, visible);
	if (self->problem)
		refresh_problem(self);
}

/*****************************************************************************/
/* What a person does. */

static void
on_changed(GtkWidget *control)
{
	FieldLine *self = get_self(control);
	EditorModel *model = model_of(self);
	gboolean changed;

	if (self->refreshing)
		return;
	if (self->field->kind == EDITOR_SWITCH) {
		changed = editor_model_switch(model, self->field,
									  gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(control)));
	} else if (self->field->kind == EDITOR_CHOICE) {
		gint selected = gtk_combo_box_get_active(GTK_COMBO_BOX(control));

		changed = selected >= 0 && editor_choice_take(&self->choice, model, (guint) selected);
	} else {
		const char *text = gtk_entry_get_text(GTK_ENTRY(control));

		self->touched = TRUE;
		changed = self->field->kind == EDITOR_SECRET
					  ? editor_model_set_secret(model, self->field->key, text)
					  : editor_model_set(model, self->field->key, text);
	}
	editor_state_tell(self->state, changed);
}

static void
on_storage(GtkWidget *storage, GtkWidget *control)
{
	FieldLine *self = get_self(control);
	gint selected = gtk_combo_box_get_active(GTK_COMBO_BOX(storage));
	guint n;
	const SecretStorage *storages = secret_storage_all(&n);

	if (!self->refreshing && selected >= 0)
		editor_state_tell(self->state, editor_model_set_storage(model_of(self), self->field->key,
																storages[selected].flags));
}

static gboolean
on_left(GtkWidget *control)
{
	FieldLine *self = get_self(control);

	self->left = self->touched;
	refresh_problem(self);
	return GDK_EVENT_PROPAGATE;
}

/*****************************************************************************/

static GtkWidget *
make_storage(FieldLine *self)
{
	GtkWidget *list = gtk_combo_box_text_new();
	guint n;
	const SecretStorage *storages = secret_storage_all(&n);
	g_autofree char *name = NULL;

	for (guint i = 0; i < n; i++)
		gtk_combo_box_text_append_text(GTK_COMBO_BOX_TEXT(list), _(storages[i].label));
	/* Translators: the accessible name of a list; %s is what is kept (Password). */
	name = g_strdup_printf(_("How It Is Kept: %s"),
						   editor_model_get_label(model_of(self), self->field->key));
	atk_object_set_name(gtk_widget_get_accessible(list), name);
	return list;
}

static GtkWidget *
make_problem(void)
{
	GtkWidget *label = gtk_label_new(NULL);

	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
	gtk_style_context_add_class(gtk_widget_get_style_context(label), "error");
	/* What is shown with this role screen readers read at once. */
	atk_object_set_role(gtk_widget_get_accessible(label), ATK_ROLE_NOTIFICATION);
	return label;
}

static void
make_controls(FieldLine *self)
{
	const char *label = editor_model_get_label(model_of(self), self->field->key);
	g_autofree char *value = NULL;

	switch (self->field->kind) {
	case EDITOR_SWITCH:
		self->control = gtk_check_button_new_with_label(label);
		return;
	case EDITOR_CHOICE:
		self->choice.field = self->field;
		self->control = gtk_combo_box_text_new();
		break;
	case EDITOR_SECRET:
		self->control = gtk_entry_new();
		gtk_entry_set_visibility(GTK_ENTRY(self->control), FALSE);
		gtk_entry_set_input_purpose(GTK_ENTRY(self->control), GTK_INPUT_PURPOSE_PASSWORD);
		self->storage = make_storage(self);
		self->problem = make_problem();
		break;
	case EDITOR_TEXT:
		self->control = gtk_entry_new();
		value = editor_model_get(model_of(self), self->field->key);
		set_entry_text(self, value);
		/* What the profile has already nobody is still typing. */
		self->touched = self->left = value != NULL;
		self->problem = make_problem();
		if (editor_file_find(self->field))
			self->choose = file_button_new(GTK_ENTRY(self->control), editor_file_find(self->field));
		break;
	}
	self->label = field_line_new_label(label, self->control);
}

static void
attach(GtkGrid *grid, int *top, FieldLine *self)
{
	GtkWidget *const widgets[] = {self->control, self->storage, self->problem};

	if (self->label) {
		gtk_grid_attach(grid, self->label, 0, *top, 1, 1);
		gtk_widget_set_no_show_all(self->label, TRUE);
	}
	gtk_widget_set_hexpand(self->control, TRUE);
	if (self->choose) {
		gtk_grid_attach(grid, self->choose, 2, *top, 1, 1);
		gtk_widget_set_no_show_all(self->choose, TRUE);
	}
	for (guint i = 0; i < G_N_ELEMENTS(widgets); i++) {
		gboolean has_neighbour = widgets[i] == self->control && self->choose;

		if (!widgets[i])
			continue;
		gtk_grid_attach(grid, widgets[i], 1, (*top)++, has_neighbour ? 1 : 2, 1);
		gtk_widget_set_no_show_all(widgets[i], TRUE);
	}
}

void
field_line_add(GtkGrid *grid, int *top, EditorState *state, const EditorField *field)
{
	FieldLine *self = g_new0(FieldLine, 1);
	g_autofree char *tooltip = editor_field_tooltip(field);

	self->state = g_object_ref(state);
	self->field = field;
	make_controls(self);
	gtk_widget_set_tooltip_text(self->control, tooltip);
	g_object_set_data_full(G_OBJECT(self->control), "field-line", self, field_line_free);
	attach(grid, top, self);
	refresh(self->control);

	g_signal_connect(self->control, field->kind == EDITOR_SWITCH ? "toggled" : "changed",
					 G_CALLBACK(on_changed), NULL);
	if (self->storage)
		g_signal_connect_object(self->storage, "changed", G_CALLBACK(on_storage), self->control, 0);
	if (self->problem)
		g_signal_connect(self->control, "focus-out-event", G_CALLBACK(on_left), NULL);
	g_signal_connect_object(state, "changed", G_CALLBACK(refresh), self->control,
							G_CONNECT_SWAPPED);
}
