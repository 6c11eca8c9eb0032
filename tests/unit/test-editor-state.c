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

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/editor-state/tell", test_tell);
	return g_test_run();
}
