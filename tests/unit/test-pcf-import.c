/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tests/vpn-files cannot have as a file; the rest is there (test-vpn-file.c). */

#include "config.h"

#include <string.h>

#include "option.h"
#include "pcf-import.h"

static void
check_error(const char *text, const char *message)
{
	g_autoptr(ImportDraft) draft = import_draft_new("x");
	g_autoptr(GError) error = NULL;
	gboolean ok = pcf_import(text, draft, &error);
	g_autoptr(NMConnection) connection =
		ok ? import_draft_finish(draft, IMPORT_HOST_TERMINAL, NULL, &error) : NULL;

	g_assert_null(connection);
	g_assert_nonnull(error);
	if (!strstr(error->message, message))
		g_error("%s", error->message);
}

static void
test_errors(void)
{
	g_autofree char *many = g_strnfill(5000, '\n');
	g_autofree char *lines = g_strconcat("[main]\nHost=x", many, NULL);
	g_autofree char *name = g_strnfill(5000, 'x');
	g_autofree char *long_name = g_strconcat("[main]\nHost=x\nAuthType=1\nGroupName=", name, NULL);

	check_error("[main]\nHost\n", "line 2: this is neither");
	check_error(lines, "line 1001: no such file");
	check_error("[main]\nHost=x\nAuthType=2\nGroupName=g\n", "AuthType=\"2\": allowed is 1");
	check_error(long_name, "GroupName=");
	check_error("[main]\nHost=x;y\nAuthType=1\nGroupName=g\n", "Host=\"x;y\"");
	check_error("[main]\nHost=x\nAuthType=1\nGroupName=g\nUsername=a\"b\n", "Username=");
}

static void
test_no_host(void)
{
	g_autoptr(ImportDraft) draft = import_draft_new("x");
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(NMConnection) connection = NULL;

	g_assert_true(pcf_import("[main]\nGroupName=g\nGroupPwd=s\n", draft, NULL));
	connection = import_draft_finish(draft, IMPORT_HOST_TERMINAL, notes, NULL);
	g_assert_nonnull(connection);
	g_assert_nonnull(strstr(notes->pdata[0], "which gateway"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pcf-import/errors", test_errors);
	g_test_add_func("/pcf-import/no-host", test_no_host);
	return g_test_run();
}
