/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "kernel-module.h"

#include <glib/gstdio.h>

static void
make(const char *root, const char *path, const char *text)
{
	g_autofree char *full = g_build_filename(root, path, NULL);
	g_autofree char *folder = g_path_get_dirname(full);
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
	g_file_set_contents(full, text, -1, &error);
	g_assert_no_error(error);
}

static void
test_find(void)
{
	g_autofree char *root = g_dir_make_tmp("modules-XXXXXX", NULL);
	const char *const remove[] = {"rm", "-r", root, NULL};

	make(root, "sys/module/loaded/refcnt", "1\n");
	g_assert_cmpint(kernel_module_find(root, "6.1", "loaded"), ==, KERNEL_MODULE_THERE);
	g_assert_cmpint(kernel_module_find(root, "6.1", "esp4"), ==, KERNEL_MODULE_UNKNOWN);

	make(root, "lib/modules/6.1/modules.builtin", "kernel/net/xfrm/xfrm_user.ko\n");
	make(root, "lib/modules/6.1/modules.dep",
		 "kernel/net/ipv4/esp4.ko.xz: kernel/net/xfrm/xfrm_algo.ko.xz\n"
		 "kernel/net/ipv6/esp6_offload.ko:\n");
	g_assert_cmpint(kernel_module_find(root, "6.1", "xfrm_user"), ==, KERNEL_MODULE_THERE);
	g_assert_cmpint(kernel_module_find(root, "6.1", "esp4"), ==, KERNEL_MODULE_THERE);
	g_assert_cmpint(kernel_module_find(root, "6.1", "esp6"), ==, KERNEL_MODULE_MISSING);
	g_assert_cmpint(kernel_module_find(root, "6.1", "p4"), ==, KERNEL_MODULE_MISSING);
	g_assert_cmpint(kernel_module_find(root, "6.2", "esp4"), ==, KERNEL_MODULE_UNKNOWN);
	g_assert_true(g_spawn_sync(NULL, (char **) remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
							   NULL, NULL, NULL));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/kernel-module/find", test_find);
	return g_test_run();
}
