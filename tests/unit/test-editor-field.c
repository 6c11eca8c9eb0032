/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <string.h>

#include "editor-field.h"

/* Every key of the option table has one place: a page, or among what is kept. */
static void
test_each_key_has_one_place(void)
{
	guint n_options, n_fields;
	const Option *options = option_all(&n_options);
	const EditorField *fields = editor_field_all(&n_fields);

	for (guint i = 0; i < n_options; i++) {
		const EditorField *field = editor_field_find(options[i].key);
		guint places = 0;

		g_test_message("%s", options[i].key);
		g_assert_nonnull(field);
		for (guint j = 0; j < n_fields; j++)
			places += g_str_equal(fields[j].key, options[i].key) ||
					  g_strcmp0(fields[j].list, options[i].key) == 0;
		if (options[i].same_as) {
			g_assert_cmpuint(places, ==, 0);
			g_assert_true(field == editor_field_find(options[i].same_as));
		} else if (places == 0) {
			/* How a secret is kept is said beside it. */
			g_assert_true(field->kind == EDITOR_SECRET);
			g_assert_false(options[i].flags & OPTION_SECRET_KEY);
		} else {
			g_assert_cmpuint(places, ==, 1);
		}
	}
	g_assert_null(editor_field_find("foo"));
}

static void
test_each_row_is_right(void)
{
	guint n;
	const EditorField *fields = editor_field_all(&n);

	for (guint i = 0; i < n; i++) {
		const EditorField *field = &fields[i];
		const Option *option = editor_field_option(field);

		g_test_message("%s", field->key);
		g_assert_nonnull(option);
		g_assert_true((field->label == NULL) == (field->page == EDITOR_PAGE_KEPT));
		if (field->list)
			g_assert_nonnull(option_find(field->list));
		g_assert_true((field->kind == EDITOR_SECRET) == (option->kind == OPTION_SECRET));
		if (field->kind == EDITOR_SWITCH) {
			/* What it shows where nothing is set. */
			g_assert_cmpint(option->kind, ==, OPTION_YES_NO);
			g_assert_true(g_str_equal(option->fallback, "yes") ||
						  g_str_equal(option->fallback, "no"));
		}
		if (field->kind == EDITOR_CHOICE)
			g_assert_nonnull(field->words);
		if (field->label)
			g_assert_false(g_str_has_suffix(field->label, ":"));
		/* A word that is chosen is one that the table takes, and in its one spelling. */
		for (const EditorWord *w = field->words; w && w->word; w++) {
			g_autofree char *normal = option_normalize(option, w->word, NULL);

			g_assert_cmpstr(normal, ==, w->word);
		}
	}
}

/* What a row of words has to offer is all that the key can mean. */
static void
test_choices_are_complete(void)
{
	guint n;
	const EditorField *fields = editor_field_all(&n);

	for (guint i = 0; i < n; i++) {
		const Option *option = editor_field_option(&fields[i]);

		if (fields[i].kind != EDITOR_CHOICE || option->kind != OPTION_ENUM)
			continue;
		for (const OptionWord *w = option->words; w->word; w++) {
			gboolean found = FALSE;

			for (const EditorWord *e = fields[i].words; e->word; e++)
				found = found || g_str_equal(e->word, w->meaning);
			g_test_message("%s=%s", option->key, w->word);
			g_assert_true(found);
		}
	}
}

static void
test_pages_are_together(void)
{
	guint n;
	const EditorField *fields = editor_field_all(&n);

	for (guint i = 1; i < n; i++) {
		const EditorField *before = &fields[i - 1], *field = &fields[i];

		g_assert_cmpint(before->page, <=, field->page);
		if (field->page != before->page || g_strcmp0(field->section, before->section) == 0)
			continue;
		/* A heading comes once. */
		for (guint j = 0; j < i; j++)
			g_assert_false(fields[j].page == field->page &&
						   g_strcmp0(fields[j].section, field->section) == 0);
	}
	for (guint page = 0; page < EDITOR_PAGE_KEPT; page++)
		g_assert_true(*editor_page_title((EditorPage) page));
}

static void
test_descriptions(void)
{
	static const struct {
		const char *key, *value, *text;
	} cases[] = {
		{"pfs", "yes", "On"},
		{"pfs", "no", "Off"},
		{"aggressive", "no", "Off"},
		{"ikev2", "insist", "IKEv2"},
		{"fragmentation", "force", "Always"},
		{"rightsubnet", "0.0.0.0/0", "All traffic"},
		{"rightsubnet", "10.0.0.0/8", "10.0.0.0/8"},
		{"ikelifetime", "24h", "24 hours"},
		{"ikelifetime", "2d", "2 days"},
		{"ikelifetime", "3600s", "1 hour"},
		{"salifetime", "45m", "45 minutes"},
		{"dpddelay", "5s", "5 seconds"},
		{"dpddelay", "1", "1 second"},
		{"dpddelay", "0", "Never"},
		{"mtu", "1390", "1390"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text =
			editor_field_describe(editor_field_find(cases[i].key), cases[i].value);

		g_assert_cmpstr(text, ==, cases[i].text);
	}
}

static void
test_tooltips(void)
{
	g_autofree char *right = editor_field_tooltip(editor_field_find("rightid"));
	g_autofree char *mtu = editor_field_tooltip(editor_field_find("mtu"));
	g_autofree char *version = editor_field_tooltip(editor_field_find("ikev2"));
	g_autofree char *secret = editor_field_tooltip(editor_field_find("pskvalue"));

	g_assert_cmpstr(right, ==, "The identity that the gateway must show.\nipsec.conf: rightid");
	g_assert_true(g_str_has_suffix(mtu, "\nnmcli: vpn.data mtu"));
	g_assert_true(g_str_has_suffix(version, "\nipsec.conf: keyexchange"));
	g_assert_true(g_str_has_suffix(secret, "\nnmcli: vpn.secrets pskvalue"));
}

static void
test_modes_keys(void)
{
	g_autofree char *psk = editor_field_modes_key("pskvalue");
	g_autofree char *password = editor_field_modes_key("xauthpassword");

	g_assert_cmpstr(psk, ==, "pskinputmodes");
	g_assert_cmpstr(password, ==, "xauthpasswordinputmodes");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/editor-field/one-place", test_each_key_has_one_place);
	g_test_add_func("/editor-field/rows", test_each_row_is_right);
	g_test_add_func("/editor-field/choices", test_choices_are_complete);
	g_test_add_func("/editor-field/pages", test_pages_are_together);
	g_test_add_func("/editor-field/descriptions", test_descriptions);
	g_test_add_func("/editor-field/tooltips", test_tooltips);
	g_test_add_func("/editor-field/modes-keys", test_modes_keys);
	return g_test_run();
}
