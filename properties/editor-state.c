/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "editor-state.h"

struct _EditorState {
	GObject parent;
	EditorModel *model;
};

G_DEFINE_TYPE(EditorState, editor_state, G_TYPE_OBJECT)

static guint changed_signal;

static void
finalize(GObject *object)
{
	editor_model_free(EDITOR_STATE(object)->model);
	G_OBJECT_CLASS(editor_state_parent_class)->finalize(object);
}

static void
editor_state_class_init(EditorStateClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = finalize;
	changed_signal = g_signal_new("changed", EDITOR_TYPE_STATE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
								  NULL, G_TYPE_NONE, 0);
}

static void
editor_state_init(EditorState *state)
{
}

EditorState *
editor_state_new(NMConnection *connection)
{
	EditorState *state = g_object_new(EDITOR_TYPE_STATE, NULL);

	state->model = editor_model_new(connection);
	return state;
}

EditorModel *
editor_state_get_model(EditorState *state)
{
	return state->model;
}

void
editor_state_tell(EditorState *state, gboolean changed)
{
	if (changed)
		g_signal_emit(state, changed_signal, 0);
}

EditorState *
editor_state_of(gpointer widget)
{
	return g_object_get_data(G_OBJECT(widget), "state");
}

EditorModel *
editor_state_model_of(gpointer widget)
{
	return editor_state_get_model(editor_state_of(widget));
}

void
editor_state_follow(EditorState *state, gpointer widget, GCallback refresh)
{
	g_object_set_data_full(G_OBJECT(widget), "state", g_object_ref(state), g_object_unref);
	((void (*)(gpointer)) refresh)(widget);
	g_signal_connect_object(state, "changed", refresh, widget, G_CONNECT_SWAPPED);
}
