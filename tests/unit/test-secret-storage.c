/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "secret-storage.h"

static void
test_find(void)
{
	static const struct {
		guint flags, meaning;
	} cases[] = {{0, 0}, {1, 1}, {2, 2}, {4, 4}, {3, 2}, {5, 4}, {7, 4}};
	guint n;
	const SecretStorage *storages = secret_storage_all(&n);

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		guint found = secret_storage_find((NMSettingSecretFlags) cases[i].flags);

		g_assert_cmpuint(found, <, n);
		g_assert_cmpuint(storages[found].flags, ==, cases[i].meaning);
	}
}

/* What is chosen is what is found again, and has nothing to enter where nothing is kept. */
static void
test_rows(void)
{
	guint n;
	const SecretStorage *storages = secret_storage_all(&n);

	g_assert_cmpuint(n, ==, 4);
	for (guint i = 0; i < n; i++) {
		g_assert_cmpuint(secret_storage_find(storages[i].flags), ==, i);
		g_assert_true(storages[i].nothing == (storages[i].flags >= 2));
		g_assert_true(*storages[i].label && *storages[i].icon);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/secret-storage/find", test_find);
	g_test_add_func("/secret-storage/rows", test_rows);
	return g_test_run();
}
