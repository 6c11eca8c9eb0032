/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <string.h>

#include "import-draft.h"
#include "option.h"
#include "remove-tree.h"

/* What a connection cannot do without. */
static ImportDraft *
good_draft(const char *name)
{
	ImportDraft *draft = import_draft_new(name);

	import_draft_set(draft, "Server", "right", "vpn.example.com");
	import_draft_set(draft, "Version", "ikev2", "yes");
	import_draft_set(draft, "Auth", "authby", "secret");
	return draft;
}

static const char *
get(NMConnection *connection, const char *key)
{
	return nm_setting_vpn_get_data_item(nm_connection_get_setting_vpn(connection), key);
}

static void
test_hosts(void)
{
	const ImportHost hosts[] = {IMPORT_HOST_TERMINAL, IMPORT_HOST_DESKTOP};

	for (guint i = 0; i < G_N_ELEMENTS(hosts); i++) {
		g_autoptr(ImportDraft) draft = good_draft("office");
		g_autoptr(NMConnection) connection = NULL;
		g_autoptr(GError) error = NULL;

		import_draft_set_secret(draft, "Secret", "pskvalue", "s");
		import_draft_want_secret(draft, "cert-pass", FALSE);
		import_draft_want_secret(draft, "xauthpassword", TRUE);
		connection = import_draft_finish(draft, hosts[i], NULL, &error);
		g_assert_no_error(error);
		g_assert_cmpstr(get(connection, "right"), ==, "vpn.example.com");
		g_assert_cmpstr(get(connection, "ikev2"), ==, "insist");
		g_assert_cmpstr(get(connection, "pskvalue-flags"), ==,
						hosts[i] == IMPORT_HOST_DESKTOP ? "1" : "0");
		g_assert_cmpstr(get(connection, "cert-pass-flags"), ==, "1");
		g_assert_cmpstr(get(connection, "xauthpassword-flags"), ==, "2");
		g_assert_cmpstr(
			nm_setting_vpn_get_secret(nm_connection_get_setting_vpn(connection), "pskvalue"), ==,
			"s");
	}
}

static void
test_refuse(void)
{
	const char *const bad[] = {"a b", "x\nright=y", "x\"y", "\xff", ""};

	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(ImportDraft) draft = good_draft("office");
		g_autoptr(ImportDraft) again = good_draft("office");
		g_autoptr(NMConnection) connection = NULL;
		g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(GError) error = NULL;

		import_draft_set(draft, "Address", "right", bad[i]);
		import_draft_set(again, "Address", "right", bad[i]);
		connection = import_draft_finish(draft, IMPORT_HOST_TERMINAL, notes, &error);
		if (!*bad[i]) {
			g_assert_cmpstr(get(connection, "right"), ==, "vpn.example.com");
			continue;
		}
		g_assert_null(connection);
		g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
		g_assert_nonnull(strstr(error->message, "\nAddress=\""));
		g_assert_true(g_utf8_validate(error->message, -1, NULL));

		connection = import_draft_finish(again, IMPORT_HOST_DESKTOP, notes, NULL);
		g_assert_cmpstr(get(connection, "right"), ==, "vpn.example.com");
		g_assert_cmpuint(notes->len, ==, 1);
		g_assert_true(g_str_has_prefix(notes->pdata[0], "Address=\""));
	}
}

static void
test_secret_unseen(void)
{
	g_autoptr(ImportDraft) draft = good_draft("office");
	g_autofree char *secret = g_strnfill(2000, 'z');
	g_autoptr(GError) error = NULL;

	import_draft_set_secret(draft, "Secret", "pskvalue", secret);
	g_assert_null(import_draft_finish(draft, IMPORT_HOST_TERMINAL, NULL, &error));
	g_assert_nonnull(strstr(error->message, "\nSecret: "));
	g_assert_null(strstr(error->message, "zz"));
}

static void
test_many_lines(void)
{
	g_autoptr(ImportDraft) draft = good_draft("office");
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < 5000; i++) {
		import_draft_note(draft, "A", "is left out");
		import_draft_refuse(draft, "B", "is wrong");
	}
	g_assert_nonnull(import_draft_finish(draft, IMPORT_HOST_DESKTOP, notes, &error));
	g_assert_cmpuint(notes->len, ==, 2 * IMPORT_DRAFT_LINES_MAX);
}

static void
check_name(const char *name, const char *given, const char *wanted)
{
	g_autoptr(ImportDraft) draft = good_draft(name);
	g_autoptr(NMConnection) connection = NULL;

	import_draft_set_name(draft, given);
	connection = import_draft_finish(draft, IMPORT_HOST_TERMINAL, NULL, NULL);
	g_assert_cmpstr(nm_connection_get_id(connection), ==, wanted);
}

static void
test_names(void)
{
	check_name("office", NULL, "office");
	check_name("office", " ", "office");
	check_name("office", " Büro ", "Büro");
	check_name("", NULL, "VPN");
	check_name("office", "a\nb\x1b[2J", "a\\nb\\u001b[2J");
	check_name("\xff", NULL, "\\xff");
}

static void
check_group(const char *name, const char *wanted)
{
	g_autoptr(ImportDraft) draft = good_draft("office");

	import_draft_set_group(draft, "Group", name);
	g_assert_cmpstr(import_draft_get(draft, "leftid"), ==, wanted);
}

static void
test_group(void)
{
	check_group(NULL, NULL);
	check_group("vpn-team", "@[vpn-team]");
	check_group("a=b", "@#613d62");
	check_group("x]\nright=y", "@#785d0a72696768743d79");
}

static void
test_id(void)
{
	const struct {
		const char *id, *leftid;
	} ids[] = {
		{NULL, NULL},
		{"alice", "alice"},
		{"alice@example.com", "@@alice@example.com"},
		{"@alice", "@alice"},
		{"192.0.2.1", "192.0.2.1"},
		{"C=DE, E=alice@example.com", "C=DE, E=alice@example.com"},
		{"%any", NULL},
		{"%fromcert", NULL},
	};

	for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
		g_autoptr(ImportDraft) draft = good_draft("office");
		g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);

		import_draft_set_id(draft, "Id", "leftid", ids[i].id);
		g_assert_cmpstr(import_draft_get(draft, "leftid"), ==, ids[i].leftid);
		g_assert_nonnull(import_draft_finish(draft, IMPORT_HOST_DESKTOP, notes, NULL));
		g_assert_cmpuint(notes->len, ==, ids[i].id && !ids[i].leftid ? 1 : 0);
	}
}

static void
test_ip(void)
{
	g_autoptr(ImportDraft) draft = good_draft("office");
	g_autoptr(NMConnection) connection = NULL;
	NMSettingIPConfig *ip4, *ip6;

	import_draft_add_dns(draft, "dns", "10.0.0.1");
	import_draft_add_dns(draft, "dns", "2001:db8::1");
	import_draft_add_dns(draft, "dns", "x");
	import_draft_add_route(draft, "route", "10.1.2.3/16");
	import_draft_add_route(draft, "route", "10.9.9.9");
	import_draft_add_route(draft, "route", "2001:db8::/32");
	import_draft_add_route(draft, "route", "10.1.0.0/33");
	connection = import_draft_finish(draft, IMPORT_HOST_DESKTOP, NULL, NULL);
	ip4 = nm_connection_get_setting_ip4_config(connection);
	ip6 = nm_connection_get_setting_ip6_config(connection);
	g_assert_true(nm_connection_verify(connection, NULL));
	g_assert_true(nm_setting_ip_config_get_never_default(ip4));
	g_assert_true(nm_setting_ip_config_get_never_default(ip6));
	g_assert_true(nm_setting_ip_config_get_ignore_auto_dns(ip4));
	g_assert_cmpuint(nm_setting_ip_config_get_num_dns(ip4), ==, 1);
	g_assert_cmpuint(nm_setting_ip_config_get_num_dns(ip6), ==, 1);
	g_assert_cmpuint(nm_setting_ip_config_get_num_routes(ip4), ==, 2);
	g_assert_cmpstr(nm_ip_route_get_dest(nm_setting_ip_config_get_route(ip4, 0)), ==, "10.1.0.0");
	g_assert_cmpuint(nm_ip_route_get_prefix(nm_setting_ip_config_get_route(ip4, 1)), ==, 32);
	g_assert_cmpuint(nm_setting_ip_config_get_num_routes(ip6), ==, 1);
}

/* A gateway that only the user knows is no error, and the profile has none until he says it. */
static void
test_no_gateway(void)
{
	g_autoptr(ImportDraft) draft = import_draft_new("alice");
	g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(NMConnection) connection = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;

	import_draft_set(draft, "p12", "ikev2", "insist");
	import_draft_set_file(draft, "cert", "p12", bytes);
	import_draft_lack_gateway(draft);
	connection = import_draft_finish(draft, IMPORT_HOST_TERMINAL, notes, &error);
	g_assert_no_error(error);
	g_assert_null(get(connection, "right"));
	g_assert_cmpuint(notes->len, ==, 1);
	g_assert_nonnull(strstr(notes->pdata[0], "(right)"));
	g_assert_true(g_file_get_contents(get(connection, "cert"), &text, NULL, NULL));
	g_assert_cmpstr(text, ==, "x");
}

/* What is refused leaves no certificate behind. */
static void
test_no_file(void)
{
	g_autoptr(ImportDraft) draft = good_draft("nothing");
	g_autoptr(GBytes) bytes = g_bytes_new_static("x", 1);
	g_autofree char *path =
		g_build_filename(g_get_home_dir(), ".cert", "nm-libreswan", "nothing-cert.p12", NULL);

	import_draft_set_file(draft, "cert", "p12", bytes);
	import_draft_refuse(draft, "A", "is wrong");
	g_assert_null(import_draft_finish(draft, IMPORT_HOST_TERMINAL, NULL, NULL));
	g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

int
main(int argc, char **argv)
{
	g_autofree char *home = g_dir_make_tmp("import-draft-XXXXXX", NULL);
	int rc;

	g_setenv("HOME", home, TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/import-draft/hosts", test_hosts);
	g_test_add_func("/import-draft/refuse", test_refuse);
	g_test_add_func("/import-draft/secret-unseen", test_secret_unseen);
	g_test_add_func("/import-draft/many-lines", test_many_lines);
	g_test_add_func("/import-draft/names", test_names);
	g_test_add_func("/import-draft/group", test_group);
	g_test_add_func("/import-draft/id", test_id);
	g_test_add_func("/import-draft/ip", test_ip);
	g_test_add_func("/import-draft/no-gateway", test_no_gateway);
	g_test_add_func("/import-draft/no-file", test_no_file);
	rc = g_test_run();
	remove_tree(home);
	return rc;
}
