/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "secret-row.h"

#include <glib/gi18n-lib.h>

#include "secret-storage.h"

/* As many as secret_storage_all() has. */
#define STORAGES_MAX 4

typedef struct {
	EditorState *state;
	const EditorField *field;
	GtkWidget *button;
	GtkWidget *checks[STORAGES_MAX];
	gboolean refreshing; /* what the widgets say now is our own doing */
} SecretRow;

static void
secret_row_free(gpointer data)
{
	SecretRow *self = data;

	g_object_unref(self->state);
	g_free(self);
}

static SecretRow *
get_self(GtkWidget *row)
{
	return g_object_get_data(G_OBJECT(row), "secret-row");
}

static void
set_button(SecretRow *self, const SecretStorage *storage, const char *name)
{
	/* Translators: a button beside an entry: what is entered (Password), and how it is kept. */
	g_autofree char *text = g_strdup_printf(_("%s: %s"), name, _(storage->label));

	gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(self->button), storage->icon);
	gtk_widget_set_tooltip_text(self->button, _(storage->label));
	gtk_accessible_update_property(GTK_ACCESSIBLE(self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
								   text, -1);
}

static void
set_title(GtkWidget *row, const SecretStorage *storage, const char *name)
{
	g_autofree char *title =
		storage->nothing ? g_strdup_printf(_("%s: %s"), name, _(storage->label)) : g_strdup(name);

	adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
}

static void
refresh(GtkWidget *row)
{
	SecretRow *self = get_self(row);
	EditorModel *model = editor_state_get_model(self->state);
	const char *key = self->field->key;
	const char *name = editor_model_get_label(model, key);
	const char *secret = editor_model_get_secret(model, key);
	guint n, chosen = secret_storage_find(editor_model_get_storage(model, key));
	const SecretStorage *storage = &secret_storage_all(&n)[chosen];

	self->refreshing = TRUE;
	set_button(self, storage, name);
	set_title(row, storage, name);
	gtk_check_button_set_active(GTK_CHECK_BUTTON(self->checks[chosen]), TRUE);
	if (g_strcmp0(gtk_editable_get_text(GTK_EDITABLE(row)), secret ? secret : "") != 0)
		gtk_editable_set_text(GTK_EDITABLE(row), secret ? secret : "");
	gtk_editable_set_editable(GTK_EDITABLE(row), !storage->nothing);
	gtk_widget_set_visible(row, editor_model_shows(model, self->field));
	self->refreshing = FALSE;
}

static void
on_text_changed(GtkWidget *row)
{
	SecretRow *self = get_self(row);
	EditorModel *model = editor_state_get_model(self->state);
	const char *text = gtk_editable_get_text(GTK_EDITABLE(row));

	if (!self->refreshing)
		editor_state_tell(self->state, editor_model_set_secret(model, self->field->key, text));
}

static void
on_check(GtkCheckButton *check, GParamSpec *pspec, GtkWidget *row)
{
	SecretRow *self = get_self(row);
	EditorModel *model = editor_state_get_model(self->state);

	guint n;
	const SecretStorage *storages = secret_storage_all(&n);

	if (self->refreshing || !gtk_check_button_get_active(check))
		return;
	for (guint i = 0; i < n; i++) {
		if (self->checks[i] == GTK_WIDGET(check))
			editor_state_tell(self->state,
							  editor_model_set_storage(model, self->field->key, storages[i].flags));
	}
}

static GtkWidget *
make_button(SecretRow *self, GtkWidget *row)
{
	GtkWidget *button = gtk_menu_button_new();
	GtkWidget *popover = gtk_popover_new();
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
	guint n;
	const SecretStorage *storages = secret_storage_all(&n);

	g_assert(n <= STORAGES_MAX);
	for (guint i = 0; i < n; i++) {
		self->checks[i] = gtk_check_button_new_with_label(_(storages[i].label));
		if (i)
			gtk_check_button_set_group(GTK_CHECK_BUTTON(self->checks[i]),
									   GTK_CHECK_BUTTON(self->checks[0]));
		gtk_box_append(GTK_BOX(box), self->checks[i]);
		g_signal_connect_object(self->checks[i], "notify::active", G_CALLBACK(on_check), row, 0);
	}
	gtk_popover_set_child(GTK_POPOVER(popover), box);
	gtk_menu_button_set_popover(GTK_MENU_BUTTON(button), popover);
	gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
	gtk_widget_add_css_class(button, "flat");
	return button;
}

static void
name_after_tooltip(GtkWidget *button)
{
	const char *tooltip = gtk_widget_get_tooltip_text(button);

	gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL,
								   tooltip ? tooltip : "", -1);
}

/* To a screen reader libadwaita 1.2's button that shows the password is a "GtkImage". */
static void
name_buttons(GtkWidget *above)
{
	for (GtkWidget *child = gtk_widget_get_first_child(above); child;
		 child = gtk_widget_get_next_sibling(child)) {
		if (GTK_IS_BUTTON(child) && gtk_widget_get_tooltip_text(child)) {
			name_after_tooltip(child);
			g_signal_connect(child, "notify::tooltip-text", G_CALLBACK(name_after_tooltip), NULL);
		}
		name_buttons(child);
	}
}

GtkWidget *
secret_row_new(EditorState *state, const EditorField *field)
{
	GtkWidget *row = adw_password_entry_row_new();
	SecretRow *self = g_new0(SecretRow, 1);

	self->state = g_object_ref(state);
	self->field = field;
	g_object_set_data_full(G_OBJECT(row), "secret-row", self, secret_row_free);
	name_buttons(row);
	self->button = make_button(self, row);
	adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
	adw_entry_row_add_suffix(ADW_ENTRY_ROW(row), self->button);
	refresh(row);
	g_signal_connect(row, "changed", G_CALLBACK(on_text_changed), NULL);
	g_signal_connect_object(state, "changed", G_CALLBACK(refresh), row, G_CONNECT_SWAPPED);
	return row;
}
