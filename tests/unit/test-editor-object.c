/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The editor as its host has it, around a widget that is none. */

#include "config.h"

#include "editor-object.h"
#include "make-connection.h"

static void
count(NMVpnEditor *editor, guint *n)
{
	(*n)++;
}

static void
test_interface(void)
{
	g_autoptr(NMConnection) connection = make_connection("right=gw");
	g_autoptr(EditorState) state = editor_state_new(connection);
	GObject *widget = g_object_new(G_TYPE_OBJECT, NULL);
	NMVpnEditor *editor = editor_object_new(state, widget);
	EditorModel *model = editor_state_get_model(state);
	NMSettingVpn *setting = nm_connection_get_setting_vpn(connection);
	g_autoptr(GError) error = NULL;
	guint n = 0;

	g_signal_connect(editor, "changed", G_CALLBACK(count), &n);
	g_assert_true(nm_vpn_editor_get_widget(editor) == widget);
	g_assert_true(nm_vpn_editor_update_connection(editor, connection, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(n, ==, 0);

	editor_state_tell(state, editor_model_set(model, "right", "a b"));
	g_assert_cmpuint(n, ==, 1);
	g_assert_false(nm_vpn_editor_update_connection(editor, connection, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
	g_assert_cmpstr(nm_setting_vpn_get_data_item(setting, "right"), ==, "gw");
	g_clear_error(&error);

	editor_state_tell(state, editor_model_set(model, "right", "other"));
	g_assert_true(nm_vpn_editor_update_connection(editor, connection, &error));
	g_assert_cmpstr(nm_setting_vpn_get_data_item(setting, "right"), ==, "other");

	/* Nothing of it stays. */
	g_object_add_weak_pointer(widget, (gpointer *) &widget);
	g_object_unref(editor);
	g_assert_null(widget);
	editor_state_tell(state, TRUE);
	g_assert_cmpuint(n, ==, 2);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/editor-object/interface", test_interface);
	return g_test_run();
}
