/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The examples of nm-settings-libreswan(5) are profiles that we take. */

#include "config.h"

#include <string.h>

#include "profile.h"

/* What roff writes for a character that means something to it. */
static char *
unescape(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "\\-", -1);
	g_autofree char *dashes = g_strjoinv("-", parts);
	g_auto(GStrv) lines = g_strsplit(dashes, "\\e\n", -1);

	return g_strjoinv("", lines);
}

/* nmcli's "key = value, key = value" after a property's name. */
static GHashTable *
items_of(const char *command, const char *property)
{
	GHashTable *items = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	const char *at = strstr(command, property);
	g_autofree char *list = NULL;
	g_auto(GStrv) parts = NULL;
	const char *end;

	if (!at)
		return items;
	at += strlen(property) + 1;
	g_assert_true(*at == '\'' || *at == '"');
	end = strchr(at + 1, *at);
	g_assert_nonnull(end);
	list = g_strndup(at + 1, (gsize) (end - at - 1));
	parts = g_strsplit(list, ", ", -1);
	for (guint i = 0; parts[i]; i++) {
		char *equals = strstr(parts[i], " = ");

		g_assert_nonnull(equals);
		g_hash_table_insert(items, g_strndup(parts[i], (gsize) (equals - parts[i])),
							g_strdup(equals + strlen(" = ")));
	}
	return items;
}

static void
test_examples(void)
{
	g_autofree char *path =
		g_test_build_filename(G_TEST_DIST, "..", "man", "nm-settings-libreswan.tail", NULL);
	g_autofree char *page = NULL;
	g_autofree char *text = NULL;
	g_auto(GStrv) examples = NULL;
	g_autoptr(GError) error = NULL;
	guint n = 0;

	g_file_get_contents(path, &page, NULL, &error);
	g_assert_no_error(error);
	text = unescape(page);
	examples = g_strsplit(text, ".EX\n", -1);
	for (guint i = 1; examples[i]; i++) {
		g_autoptr(GHashTable) data = NULL;
		g_autoptr(GHashTable) secrets = NULL;
		g_autoptr(Profile) profile = NULL;

		*strstr(examples[i], ".EE") = '\0';
		if (!strstr(examples[i], "vpn.data"))
			continue;
		g_test_message("%s", examples[i]);
		data = items_of(examples[i], "vpn.data");
		secrets = items_of(examples[i], "vpn.secrets");
		profile = profile_new_from_data(NULL, NULL, data, secrets, NULL, &error);
		g_assert_no_error(error);
		n++;
	}
	g_assert_cmpuint(n, >=, 5);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/man/examples", test_examples);
	return g_test_run();
}
