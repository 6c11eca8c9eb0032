/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "kernel-module.h"

#include <string.h>

/* A line of modules.dep or modules.builtin: "kernel/net/ipv4/esp4.ko.xz: ...". */
static gboolean
is_listed(const char *list, const char *name)
{
	g_autofree char *file = g_strdup_printf("/%s.ko", name);

	for (const char *at = list; (at = strstr(at, file)); at++) {
		const char after = at[strlen(file)];

		if (after == '\0' || strchr(".:\n", after))
			return TRUE;
	}
	return FALSE;
}

KernelModule
kernel_module_find(const char *root, const char *release, const char *name)
{
	static const char *const lists[] = {"modules.builtin", "modules.dep"};
	g_autofree char *loaded = g_build_filename(root, "sys/module", name, NULL);
	KernelModule found = KERNEL_MODULE_UNKNOWN;

	if (g_file_test(loaded, G_FILE_TEST_IS_DIR))
		return KERNEL_MODULE_THERE;
	for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
		g_autofree char *path = g_build_filename(root, "lib/modules", release, lists[i], NULL);
		g_autofree char *list = NULL;

		if (!g_file_get_contents(path, &list, NULL, NULL))
			continue;
		if (is_listed(list, name))
			return KERNEL_MODULE_THERE;
		found = KERNEL_MODULE_MISSING;
	}
	return found;
}
