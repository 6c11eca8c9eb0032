/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said of each event where people look for it: in the catalog and in the manual page. */
#include "config.h"

#include "log-event.h"

#include <glib/gstdio.h>
#include <string.h>

#include "count-text.h"

static const char *const ids[] = {
#define LOG_EVENT_ID(NAME, level, id) [LOG_EVENT_##NAME] = id,
	LOG_EVENTS(LOG_EVENT_ID)};

static char *
read_file(const char *folder, const char *name)
{
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", folder, name, NULL);
	g_autoptr(GError) error = NULL;
	char *text = NULL;

	g_file_get_contents(path, &text, NULL, &error);
	g_assert_no_error(error);
	return text;
}

/* systemd's sd_id128_from_string() takes these. */
static void
test_ids(void)
{
	for (guint i = 0; i < LOG_N_EVENTS; i++) {
		g_assert_cmpuint(strlen(ids[i]), ==, 32);
		g_assert_cmpuint(strspn(ids[i], "0123456789abcdef"), ==, 32);
		for (guint other = 0; other < i; other++)
			g_assert_cmpstr(ids[i], !=, ids[other]);
	}
}

static void
test_man(void)
{
	g_autofree char *page = read_file("man", "nm-libreswan-service.8");

	for (guint i = 0; i < LOG_N_EVENTS; i++)
		g_assert_cmpuint(count_text(page, ids[i]), >=, 1);
}

static void
assert_catalog(const char *catalog)
{
	g_auto(GStrv) entries = g_strsplit(catalog, "\n-- ", -1);

	/* Before the first there is a comment. */
	g_assert_cmpuint(g_strv_length(entries), ==, LOG_N_EVENTS + 1);
	for (guint i = 0; i < LOG_N_EVENTS; i++) {
		g_autofree char *head = g_strdup_printf("\n-- %s\nSubject: ", ids[i]);

		g_assert_cmpuint(count_text(catalog, head), ==, 1);
	}
	for (guint i = 1; entries[i]; i++) {
		const char *text = strstr(entries[i], "\n\n");

		g_assert_nonnull(strstr(entries[i], "\nDefined-By: NetworkManager-pluto\n"));
		g_assert_nonnull(text);
		g_assert_cmpuint(strlen(text), >, 40);
	}
}

static void
test_catalog(void)
{
	g_autofree char *catalog = read_file("data", "nm-libreswan-service.catalog");

	assert_catalog(catalog);
}

/* systemd itself reads it. */
static void
test_journalctl(void)
{
	g_autofree char *program = g_find_program_in_path("journalctl");
	g_autofree char *root = g_dir_make_tmp("catalog-XXXXXX", NULL);
	g_autofree char *source = g_build_filename(root, "usr/lib/systemd/catalog", NULL);
	g_autofree char *made = g_build_filename(root, "var/lib/systemd/catalog", NULL);
	g_autofree char *path = g_build_filename(source, "nm-libreswan-service.catalog", NULL);
	g_autofree char *catalog = read_file("data", "nm-libreswan-service.catalog");
	g_autofree char *root_option = g_strdup_printf("--root=%s", root);
	const char *update[] = {program, root_option, "--update-catalog", NULL};
	const char *list[] = {program, root_option, "--list-catalog", NULL};
	const char *remove[] = {"rm", "-r", root, NULL};
	g_autofree char *listed = NULL;
	g_autoptr(GError) error = NULL;
	int status;

	if (!program) {
		g_test_skip("there is no journalctl(1)");
		return;
	}
	g_assert_cmpint(g_mkdir_with_parents(source, 0755), ==, 0);
	g_assert_cmpint(g_mkdir_with_parents(made, 0755), ==, 0);
	g_file_set_contents(path, catalog, -1, &error);
	g_assert_no_error(error);

	g_spawn_sync(NULL, (char **) update, NULL, 0, NULL, NULL, NULL, NULL, &status, &error);
	g_assert_no_error(error);
	g_assert_cmpint(status, ==, 0);
	g_spawn_sync(NULL, (char **) list, NULL, 0, NULL, NULL, &listed, NULL, &status, &error);
	g_assert_no_error(error);
	g_assert_cmpint(status, ==, 0);
	for (guint i = 0; i < LOG_N_EVENTS; i++)
		g_assert_nonnull(strstr(listed, ids[i]));

	g_spawn_sync(NULL, (char **) remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
				 &error);
	g_assert_no_error(error);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/log-event/ids", test_ids);
	g_test_add_func("/log-event/man", test_man);
	g_test_add_func("/log-event/catalog", test_catalog);
	g_test_add_func("/log-event/journalctl", test_journalctl);
	return g_test_run();
}
