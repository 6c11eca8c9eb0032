/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "editor-state.h"
#include "make-connection.h"

static void
count(EditorState *state, guint *n)
{
	(*n)++;
}

/* What was no change is told to nobody: Apply is off until something was changed. */
static void
test_tell(void)
{
	g_autoptr(NMConnection) connection = make_connection("right=gw");
	g_autoptr(EditorState) state = editor_state_new(connection);
	EditorModel *model = editor_state_get_model(state);
	guint n = 0;

	g_signal_connect(state, "changed", G_CALLBACK(count), &n);
	editor_state_tell(state, editor_model_set(model, "right", "gw"));
	g_assert_cmpuint(n, ==, 0);
	editor_state_tell(state, editor_model_set(model, "right", "other"));
	g_assert_cmpuint(n, ==, 1);
}

static void
count_look(gpointer widget)
{
	g_object_set_data(widget, "looks",
					  GUINT_TO_POINTER(GPOINTER_TO_UINT(g_object_get_data(widget, "looks")) + 1));
}

static guint
looks(gpointer widget)
{
	return GPOINTER_TO_UINT(g_object_get_data(widget, "looks"));
}

/* It looks at once and with every change, and not when it is gone. */
static void
test_follow(void)
{
	g_autoptr(NMConnection) connection = nm_simple_connection_new();
	g_autoptr(EditorState) state = editor_state_new(connection);
	GObject *widget = g_object_new(G_TYPE_OBJECT, NULL);

	editor_state_follow(state, widget, G_CALLBACK(count_look));
	g_assert_true(editor_state_of(widget) == state);
	g_assert_true(editor_state_model_of(widget) == editor_state_get_model(state));
	g_assert_cmpuint(looks(widget), ==, 1);
	editor_state_tell(state, FALSE);
	g_assert_cmpuint(looks(widget), ==, 1);
	editor_state_tell(state, TRUE);
	g_assert_cmpuint(looks(widget), ==, 2);
	g_object_unref(widget);
	editor_state_tell(state, TRUE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/editor-state/tell", test_tell);
	g_test_add_func("/editor-state/follow", test_follow);
	return g_test_run();
}
