/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "editor-object.h"

#define EDITOR_TYPE_OBJECT (editor_object_get_type())
G_DECLARE_FINAL_TYPE(EditorObject, editor_object, EDITOR, OBJECT, GObject)

struct _EditorObject {
	GObject parent;
	EditorState *state;
	GObject *widget;
};

static GObject *
get_widget(NMVpnEditor *editor)
{
	return EDITOR_OBJECT(editor)->widget;
}

/* Called with every change, and by some to see whether the profile could be saved as it is. */
static gboolean
update_connection(NMVpnEditor *editor, NMConnection *connection, GError **error)
{
	EditorModel *model = editor_state_get_model(EDITOR_OBJECT(editor)->state);

	if (!editor_model_check(model, error))
		return FALSE;
	editor_model_apply(model, connection);
	return TRUE;
}

static void
interface_init(NMVpnEditorInterface *iface)
{
	iface->get_widget = get_widget;
	iface->update_connection = update_connection;
}

G_DEFINE_TYPE_WITH_CODE(EditorObject, editor_object, G_TYPE_OBJECT,
						G_IMPLEMENT_INTERFACE(NM_TYPE_VPN_EDITOR, interface_init))

static void
dispose(GObject *object)
{
	EditorObject *self = EDITOR_OBJECT(object);

	g_clear_object(&self->widget);
	g_clear_object(&self->state);
	G_OBJECT_CLASS(editor_object_parent_class)->dispose(object);
}

static void
editor_object_class_init(EditorObjectClass *klass)
{
	G_OBJECT_CLASS(klass)->dispose = dispose;
}

static void
editor_object_init(EditorObject *self)
{
}

static void
on_changed(EditorObject *self)
{
	g_signal_emit_by_name(self, "changed");
}

NMVpnEditor *
editor_object_new(EditorState *state, GObject *widget)
{
	EditorObject *self = g_object_new(EDITOR_TYPE_OBJECT, NULL);

	self->state = g_object_ref(state);
	self->widget = widget;
	g_signal_connect_object(state, "changed", G_CALLBACK(on_changed), self, G_CONNECT_SWAPPED);
	return NM_VPN_EDITOR(self);
}
