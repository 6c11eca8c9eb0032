/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each tests/import/NAME.conf is a file as people have them. NAME.data is what it
 * becomes, one key=value a line, and NAME.notes what whoever imports it is told; NAME.error is why
 * it cannot.
 */

#include "config.h"

#include <string.h>
#include <unistd.h>

#include "ipsec-export.h"
#include "ipsec-import.h"
#include "make-profile.h"
#include "random-profile.h"

static char *
read_sample(const char *name, const char *suffix)
{
	g_autofree char *file = g_strconcat(name, suffix, NULL);
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "import", file, NULL);
	char *text = NULL;

	g_file_get_contents(path, &text, NULL, NULL);
	return text;
}

static int
compare_words(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* The connection's name, and what is in vpn.data, sorted. */
static char *
describe(NMConnection *connection)
{
	NMSettingVpn *s_vpn = nm_connection_get_setting_vpn(connection);
	g_autofree const char **keys = nm_setting_vpn_get_data_keys(s_vpn, NULL);
	g_autoptr(GString) text = g_string_new(NULL);

	if (keys)
		qsort(keys, g_strv_length((char **) keys), sizeof(*keys), compare_words);
	g_string_append_printf(text, "[%s]\n", nm_connection_get_id(connection));
	if (nm_setting_vpn_get_user_name(s_vpn))
		g_string_append_printf(text, "vpn.user-name=%s\n", nm_setting_vpn_get_user_name(s_vpn));
	for (guint i = 0; keys && keys[i]; i++)
		g_string_append_printf(text, "%s=%s\n", keys[i],
							   nm_setting_vpn_get_data_item(s_vpn, keys[i]));
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Everything that takes part in what the tunnel is, one key=value a line. */
static char *
meaning(NMConnection *connection)
{
	static const char *const ours[] = {"keyingtries", "dpdaction", "retransmit-timeout", NULL};
	g_autoptr(GError) error = NULL;
	g_autoptr(Profile) profile = profile_new(connection, &error);
	g_autoptr(GString) text = g_string_new(NULL);
	guint n, ike;
	const Option *options = option_all(&n);

	g_assert_no_error(error);
	ike = profile_is_ikev2(profile) ? OPTION_IKEV2 : OPTION_IKEV1;
	g_string_append_printf(text, "[%s]\n", profile_get_id(profile));
	for (guint i = 0; i < n; i++) {
		const char *value = profile_get_option(profile, &options[i]);

		if (!value || g_strv_contains(ours, options[i].key) || g_strcmp0(value, "no") == 0)
			continue;
		/* A keyword of the other IKE version is not written and says nothing. */
		if (!(options[i].ike & ike) && !(options[i].flags & OPTION_NM_ONLY))
			continue;
		/* These are what silence means too. */
		if ((g_str_equal(options[i].key, "nm-connect-mode") && g_str_equal(value, "up")) ||
			(g_str_equal(options[i].key, "nm-auto-defaults") && g_str_equal(value, "yes")))
			continue;
		g_string_append_printf(text, "%s=%s\n", options[i].key, value);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
check_round_trip(NMConnection *connection)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = ipsec_export(connection, &error);
	g_autoptr(NMConnection) again = NULL;
	g_autofree char *before = NULL, *after = NULL, *text_again = NULL;
	g_autofree char *own = describe(connection), *own_again = NULL;

	if (nm_setting_vpn_get_data_item(nm_connection_get_setting_vpn(connection), "cert")) {
		g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_UNSUPPORTED);
		return;
	}
	g_assert_no_error(error);
	again = ipsec_import(text, -1, NULL, NULL, &error);
	if (error)
		g_test_message("%s", text);
	g_assert_no_error(error);
	before = meaning(connection);
	after = meaning(again);
	if (!g_str_equal(before, after))
		g_test_message("%s", text);
	g_assert_cmpstr(after, ==, before);
	/* The user's own keys, each in his spelling, and no other. */
	own_again = describe(again);
	if (!g_str_equal(own, own_again))
		g_test_message("%s", text);
	g_assert_cmpstr(own_again, ==, own);

	text_again = ipsec_export(again, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(text_again, ==, text);
}

static void
test_sample(gconstpointer data)
{
	const char *name = data;
	g_autofree char *conf = read_sample(name, ".conf");
	g_autofree char *expected = read_sample(name, ".data");
	g_autofree char *expected_error = read_sample(name, ".error");
	g_autofree char *expected_notes = read_sample(name, ".notes");
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	g_autoptr(NMConnection) connection = ipsec_import(conf, -1, name, notes, &error);
	g_autofree char *found = NULL, *found_notes = NULL;

	if (expected_error) {
		g_assert_null(connection);
		g_assert_nonnull(error);
		g_assert_cmpstr(error->message, ==, g_strchomp(expected_error));
		return;
	}
	g_assert_no_error(error);
	g_assert_true(nm_connection_normalize(connection, NULL, NULL, &error));
	found = describe(connection);
	g_assert_cmpstr(found, ==, expected);
	if (notes->len) {
		g_ptr_array_add(notes, g_strdup("")); /* a line break after the last */
		g_ptr_array_add(notes, NULL);
		found_notes = g_strjoinv("\n", (char **) notes->pdata);
	}
	g_assert_cmpstr(found_notes, ==, expected_notes);
	check_round_trip(connection);
}

static void
add_samples(void)
{
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "import", NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *file;
	guint n = 0;

	g_assert_nonnull(dir);
	while ((file = g_dir_read_name(dir))) {
		g_autofree char *test = NULL;
		char *name;

		if (!g_str_has_suffix(file, ".conf"))
			continue;
		name = g_strndup(file, strlen(file) - strlen(".conf"));
		test = g_strconcat("/import/sample/", name, NULL);
		g_test_add_data_func_full(test, name, test_sample, g_free);
		n++;
	}
	g_assert_cmpuint(n, >=, 60);
}

/* What an editor is given of a file that nmcli refuses. */
static void
check_half(const char *text, const char *data, const char *said)
{
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	g_autoptr(NMConnection) whole = ipsec_import(text, -1, NULL, NULL, NULL);
	g_autoptr(NMConnection) half = ipsec_import_what_can_be(text, -1, NULL, notes, &error);
	g_autofree char *found = NULL, *found_said = NULL;

	g_assert_no_error(error);
	g_assert_null(whole);
	g_assert_true(nm_connection_verify(half, NULL));
	found = describe(half);
	g_assert_cmpstr(found, ==, data);
	g_ptr_array_add(notes, NULL);
	found_said = g_strjoinv("\n", (char **) notes->pdata);
	g_assert_cmpstr(found_said, ==, said);
}

static void
test_half(void)
{
	check_half("conn a\n left=%defaultroute\n right=gw\n authby=secret\n also=nowhere\n "
			   "ikev2=insist\n rightsubnet=x\n ah=sha1\n",
			   "[a]\nauthby=secret\nikev2=insist\nleft=%defaultroute\nleftmodecfgclient=no\n"
			   "nm-auto-defaults=no\nright=gw\n",
			   "line 5: also=nowhere, but the file has no such conn\n"
			   "line 7: rightsubnet=\"x\": allowed is a subnet such as 10.1.0.0/16 or "
			   "2001:db8::/32\n"
			   "line 8: ah=\"sha1\": only ESP is supported: set esp");
	/* Neither side is known, and one thing is said twice. */
	check_half("conn a\n left=192.0.2.1\n right=198.51.100.1\n right=gw\n authby=secret\n",
			   "[a]\nauthby=secret\nikev2=insist\nleft=192.0.2.1\nleftmodecfgclient=no\n"
			   "nm-auto-defaults=no\nright=198.51.100.1\n",
			   "line 4: right is in line 3 already\n"
			   "conn a in line 1: cannot tell whether this computer is left (192.0.2.1) or right "
			   "(198.51.100.1); write %defaultroute for the side that it is");
	/* That nobody has to be the gateway is not taken over. */
	check_half(
		"conn a\n left=%defaultroute\n right=gw\n authby=null\n",
		"[a]\nikev2=insist\nleft=%defaultroute\nleftmodecfgclient=no\n"
		"nm-auto-defaults=no\nright=gw\n",
		"line 4: authby=\"null\": with null the gateway does not have to prove who it is, "
		"and whoever answers in its place gets what goes through the tunnel; if that is what "
		"you want, make the connection by hand");
}

/* Every file that is refused: it is a connection with something to say, or no client's at all. */
static void
test_half_samples(void)
{
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "import", NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *file;
	guint n = 0;

	while ((file = g_dir_read_name(dir))) {
		g_autofree char *name = g_strndup(file, strlen(file) - MIN(strlen(file), 6));
		g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
		g_autofree char *text = NULL;
		g_autoptr(GError) error = NULL;
		g_autoptr(NMConnection) half = NULL;

		if (!g_str_has_suffix(file, ".error"))
			continue;
		text = read_sample(name, ".conf");
		half = ipsec_import_what_can_be(text, -1, name, notes, &error);
		g_assert_true((half == NULL) == (error != NULL));
		g_assert_true(!half || notes->len > 0);
		n += half != NULL;
	}
	g_assert_cmpuint(n, >=, 5);
}

static NMConnection *
connection_from(const char *text, const char *id)
{
	NMConnection *connection = nm_simple_connection_new();
	NMSetting *s_con = nm_setting_connection_new();
	NMSettingVpn *s_vpn = NM_SETTING_VPN(nm_setting_vpn_new());
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	g_object_set(s_con, NM_SETTING_CONNECTION_ID, id, NULL);
	g_object_set(s_vpn, NM_SETTING_VPN_SERVICE_TYPE, "org.freedesktop.NetworkManager.libreswan",
				 NULL);
	for (guint i = 0; lines[i]; i++) {
		char *equals = strchr(lines[i], '=');
		const Option *option;

		if (!equals)
			continue;
		*equals = '\0';
		option = option_find(lines[i]);
		if (!(option->flags & OPTION_SECRET_KEY))
			nm_setting_vpn_add_data_item(s_vpn, lines[i], equals + 1);
	}
	nm_connection_add_setting(connection, s_con);
	nm_connection_add_setting(connection, NM_SETTING(s_vpn));
	return connection;
}

/* Every valid profile comes back from its export as what it was. */
static void
test_property(void)
{
	static const char *const ids[] = {
		"Office",     "B\xc3\xbcro (K\xc3\xb6ln)",        "a b",   "42",     "x", "--", " b ",
		"two\nlines", "B\xc3\xbcro / VPN \"x\" $(id) %s", "50%0A", "\t\r\"", NULL};
	guint rounds = g_test_slow() ? 20000 : 1000;

	for (guint i = 0; i < rounds; i++) {
		g_autofree char *text = random_profile();
		g_autoptr(GString) given = g_string_new(text);
		g_autoptr(NMConnection) connection = NULL;

		if (g_test_rand_int_range(0, 4) == 0 && !strstr(text, "aggr"))
			g_string_append(given, "nm-auto-defaults=no\n");
		connection = connection_from(given->str, pick(ids));
		if (g_test_rand_bit())
			g_object_set(nm_connection_get_setting_vpn(connection), NM_SETTING_VPN_USER_NAME,
						 "erin", NULL);
		check_round_trip(connection);
	}
}

/* Profiles of other programs' users. */
static void
test_own_keys(void)
{
	static const char *const profiles[] = {
		"right=gw\nikev2=yes\nleftid=joe",
		"right=gw\nleftxauthusername=erin\nleftid=staff",
		"right=gw\nleftusername=erin\nnm-auto-defaults=yes\ndpddelay=5s",
		"right=gw\nphase2alg=aes256-sha1\nremote_peer_type=cisco\naggrmode=yes",
		"right=gw\nikev2=insist\nrightsubnet=0/0\nleftsubnet=10.1/16\nleftmodecfgclient=false",
		"right=gw\nikelifetime=1.5h\ndpdaction=none\nkeyingtries=3\ndhgroup=2",
		"right=gw\nnm-connect-mode=route\nleftmodecfgclient=no\nipsec-interface=0\nmtu=1400",
		"right=gw\nikev2=propose\nleftcert=c\nleftsendcert=disabled\nvendor=Cisco",
		"right=gw\nDomain=a.example, b.example\nleftid=@[a=b]\npskvalue-flags=1",
		"right=gw\nnm-auto-defaults=false\nauthby=psk\nike=aes256-sha1;modp2048, aes128-sha1",
	};

	for (guint i = 0; i < G_N_ELEMENTS(profiles); i++) {
		g_autoptr(NMConnection) connection = connection_from(profiles[i], "x");

		g_test_message("%s", profiles[i]);
		check_round_trip(connection);
	}
}

/* Whoever edits an exported file means what it says then. */
static void
test_edited(void)
{
	static const struct {
		const char *from, *to, *key, *value;
		gboolean noted;
	} cases[] = {
		{"right=gw.example", "right=gw2.example", "right", "gw2.example", FALSE},
		{"esp=aes256-sha1", "esp=aes128-sha1", "esp", "aes128-sha1", TRUE},
		{"# nm-option mtu=1400", "# nm-option mtu=1300", "mtu", "1300", FALSE},
		{"# nm-given aggressive=TRUE", "# nm-given aggressive=no", "aggrmode", NULL, TRUE},
		{"# nm-keys=right", "# nm-keys=right rekey", "rekey", "yes", FALSE},
		{"# nm-keys=right", "# nm-keys=nothing", "right", "gw.example", TRUE},
		{"# nm-keys=right", "# nm-keys=pskvalue", "right", "gw.example", TRUE},
		{"\trekey=yes", "\trekey=yes\n\tauto=start", "rekey", NULL, FALSE},
	};
	g_autoptr(NMConnection) connection =
		connection_from("right=gw.example\nleftid=staff\nmtu=1400\naggressive=TRUE", "x");
	g_autofree char *text = ipsec_export(connection, NULL);

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(GStrv) parts = g_strsplit(text, cases[i].from, 2);
		g_autofree char *edited = g_strjoinv(cases[i].to, parts);
		g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(NMConnection) again = NULL;
		g_autoptr(GError) error = NULL;
		gboolean noted = FALSE;

		g_test_message("%s", edited);
		g_assert_cmpuint(g_strv_length(parts), ==, 2);
		again = ipsec_import(edited, -1, NULL, notes, &error);
		g_assert_no_error(error);
		g_assert_cmpstr(
			nm_setting_vpn_get_data_item(nm_connection_get_setting_vpn(again), cases[i].key), ==,
			cases[i].value);
		for (guint j = 0; j < notes->len; j++)
			noted = noted || g_str_has_prefix(notes->pdata[j], "the file was changed since");
		g_assert_cmpint(noted, ==, cases[i].noted);
	}
}

static void
test_hostile(void)
{
	static const char *const files[] = {
		"",
		"\n\n\n",
		"conn a\n also=a\n left=%defaultroute\n right=gw\n",
		"conn a\n also=b\n left=%defaultroute\nconn b\n also=a\n also=a\n right=gw\n",
		"conn %default\n right=gw\n",
		"conn a\n left=%defaultroute\n right=gw\n leftid=\"a\"b\"\n",
		"conn a\n left=%defaultroute\n right=$(reboot)\n",
		"conn a\n left=%defaultroute\n right=gw\n leftleftid=x\n",
		"conn a\n left=%defaultroute\n right=gw\n left=\n",
		"# nm-option pskvalue=leak\nconn a\n left=%defaultroute\n right=gw\n",
		"# nm-recovery-timeout=never\nconn a\n left=%defaultroute\n right=gw\n",
		"# nm-name=a\n# nm-name=b\nconn a\n left=%defaultroute\n right=gw\n",
		"# nm-name=\nconn a\n left=%defaultroute\n right=gw\n",
		"conn a\n left=%defaultroute\n right=gw\n pskvalue=leak\n",
		"# nm-keys=right pskvalue\n# nm-given pskvalue=leak\nconn a\n left=%defaultroute\n "
		"right=gw\n",
		"# nm-keys=\nconn a\n left=%defaultroute\n right=gw\n",
		"# nm-name-escaped=%00x\nconn a\n left=%defaultroute\n right=gw\n",
		"# nm-name-escaped=%ff\nconn a\n left=%defaultroute\n right=gw\n",
		"# nm-name-escaped=%\nconn a\n left=%defaultroute\n right=gw\n",
		"# nm-user-name=a\"b\nconn a\n left=%defaultroute\n right=gw\n",
	};

	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(NMConnection) connection = ipsec_import(files[i], -1, NULL, NULL, &error);

		g_assert_true((connection != NULL) != (error != NULL));
		if (connection) {
			NMSettingVpn *s_vpn = nm_connection_get_setting_vpn(connection);

			g_assert_null(nm_setting_vpn_get_data_item(s_vpn, "pskvalue"));
			check_round_trip(connection);
		}
	}
}

/* A terminal carries out what it is shown of a connection's name. */
static void
test_name_for_terminals(void)
{
	static const struct {
		const char *escaped, *name;
	} rows[] = {
		{"a%1b[2J", NULL},
		{"a%c2%9b2J", NULL},
		{"a%08", NULL},
		{"a%7f", NULL},
		{"a%0db%0ac%09d", "a\rb\nc\td"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *file = g_strdup_printf(
			"# nm-name-escaped=%s\nconn vpn\n left=%%defaultroute\n right=gw\n", rows[i].escaped);
		g_autoptr(GError) error = NULL;
		g_autoptr(NMConnection) connection = ipsec_import(file, -1, NULL, NULL, &error);

		g_assert_no_error(error);
		g_assert_cmpstr(nm_connection_get_id(connection), ==, rows[i].name ? rows[i].name : "vpn");
	}
}

/* conn c0 takes from c1 and so on, and the last has what a connection needs. */
static char *
also_chain(guint levels)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < levels; i++)
		g_string_append_printf(text, "conn c%u\n\talso=c%u\n", i, i + 1);
	g_string_append_printf(text, "conn c%u\n\tleft=%%defaultroute\n\tright=gw\n", levels);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
test_also_levels(void)
{
	g_autofree char *most = also_chain(32), *more = also_chain(33);
	/* What is taken already brings nothing new, however deep it is named again. */
	g_autofree char *back = g_strconcat(most, "\talso=c1\n\talso=c32\n", NULL);
	g_autoptr(NMConnection) connection = NULL;
	g_autoptr(NMConnection) circle = NULL;
	g_autoptr(GError) error = NULL;

	connection = ipsec_import(most, -1, "c0", NULL, &error);
	g_assert_no_error(error);
	circle = ipsec_import(back, -1, "c0", NULL, &error);
	g_assert_no_error(error);
	g_assert_null(ipsec_import(more, -1, "c0", NULL, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
	g_assert_cmpstr(error->message, ==,
					"line 66: also=c33: these are more than 32 levels of also=");
}

/* What an import says although it is no error. */
static void
test_notes(void)
{
	static const struct {
		const char *text;
		gboolean weak;
	} cases[] = {
		{"rightid=%any\n leftcert=me\n rightrsasigkey=%cert", TRUE},
		{"rightid=%fromcert\n leftcert=me", TRUE},
		{"rightid=%fromcert\n leftcert=me\n authby=ecdsa", TRUE},
		{"rightid=%fromcert\n authby=rsasig,secret", TRUE},
		{"rightid=@gw\n leftcert=me", FALSE},
		{"leftcert=me", FALSE},
		{"rightid=%fromcert\n leftcert=me\n rightcert=gw", FALSE},
		{"rightid=%any\n rightrsasigkey=0sAQ", FALSE},
		{"rightid=%any\n authby=secret", FALSE},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = g_strdup_printf("conn c\n left=%%defaultroute\n right=gw\n"
												" rightsubnet=0.0.0.0/0\n %s\n",
												cases[i].text);
		g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(GError) error = NULL;
		g_autoptr(NMConnection) connection = ipsec_import(text, -1, NULL, notes, &error);

		g_test_message("%s", cases[i].text);
		g_assert_no_error(error);
		g_assert_cmpuint(notes->len, ==, cases[i].weak);
		if (cases[i].weak)
			g_assert_true(g_str_has_prefix(notes->pdata[0], "rightid asks for no identity: "));
	}
}

static void
test_many_conns(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < 500; i++)
		g_string_append_printf(text, "conn c%u\n", i);
	g_assert_null(ipsec_import(text->str, -1, NULL, NULL, &error));
	g_assert_true(g_str_has_prefix(error->message, "the file has 500 connections (c0, c1, "));
	g_assert_nonnull(strstr(error->message, ", c18, c19, …): copy it"));
}

/* A mebibyte of the same again and again, which takes what reading it takes. */
static void
test_big(void)
{
	static const struct {
		const char *text, *message; /* @: a number that is another each time */
	} cases[] = {
		{"conn c@\n also=d@\n", "line 2001: the file has more than 1000 sections"},
		{"conn @\n", "line 1001: the file has more than 1000 sections"},
		{"include @\n", "line 1001: the file has more than 1000 sections"},
		{" also=d\n", NULL},
		{" x-@=y\n", NULL},
		{"# nm-option mtu=1400\n", NULL},
		{" also=d@\n", "line 5: also=d0, but the file has no such conn"},
		{" also=d\n y@=z\n", "conn c in line 2 cannot be imported:\nline 6: y0=\"z\": "},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(GStrv) parts = g_strsplit(cases[i].text, "@", -1);
		gboolean is_section = cases[i].text[0] != ' ' && cases[i].text[0] != '#';
		g_autoptr(GString) text =
			g_string_new(is_section ? "" : "conn d\nconn c\n left=%defaultroute\n right=gw\n");
		g_autoptr(NMConnection) connection = NULL;
		g_autoptr(GError) error = NULL;

		for (guint n = 0; text->len < 1000 * 1000; n++) {
			g_autofree char *number = g_strdup_printf("%u", n);
			g_autofree char *line = g_strjoinv(number, parts);

			g_string_append(text, line);
		}
		g_test_message("%s", parts[0]);
		/* What is quadratic takes a minute, and what is not a fraction of a second. */
		alarm(30);
		connection = ipsec_import(text->str, (gssize) text->len, "c", NULL, &error);
		alarm(0);
		if (!cases[i].message) {
			g_assert_no_error(error);
			continue;
		}
		g_assert_null(connection);
		g_assert_true(g_str_has_prefix(error->message, cases[i].message));
		g_assert_cmpuint(strlen(error->message), <, 4096);
	}
}

static void
test_export_refused(void)
{
	g_autoptr(NMConnection) connection = connection_from("leftid=joe", "x");
	g_autoptr(NMConnection) empty = nm_simple_connection_new();
	g_autoptr(GError) error = NULL;

	g_assert_null(ipsec_export(connection, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_MISSING);
	g_clear_error(&error);
	g_assert_null(ipsec_export(empty, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_MISSING);
}

/* A certificate in a file of this computer is not in the file. */
static void
test_export_of_files_refused(void)
{
	g_autoptr(NMConnection) connection =
		connection_from("right=gw\nikev2=insist\ncert=/home/joe/joe.p12", "x");
	g_autoptr(GError) error = NULL;

	g_assert_null(ipsec_export(connection, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_UNSUPPORTED);
	g_assert_true(g_str_has_prefix(error->message, "cert: names a file of this computer"));
}

/* Who writes a file that is imported names no other to be read, in whatever way. */
static void
test_no_file_is_named(void)
{
	static const char *const texts[] = {
		"# nm-option cert=/etc/shadow\n# nm-option key=/etc/shadow\n# nm-option ca=/etc/shadow\n"
		"conn a\n right=gw\n left=%defaultroute\n ikev2=insist\n",
		"# nm-keys=right ikev2 cert key ca\n# nm-given cert=/etc/shadow\n"
		"# nm-given key=/etc/shadow\n# nm-option cert=/etc/shadow\n"
		"conn a\n right=gw\n left=%defaultroute\n ikev2=insist\n",
	};

	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(NMConnection) connection = ipsec_import(texts[i], -1, "a", NULL, &error);
		NMSettingVpn *vpn;

		g_assert_no_error(error);
		vpn = nm_connection_get_setting_vpn(connection);
		g_assert_cmpstr(nm_setting_vpn_get_data_item(vpn, "right"), ==, "gw");
		g_assert_null(nm_setting_vpn_get_data_item(vpn, "cert"));
		g_assert_null(nm_setting_vpn_get_data_item(vpn, "key"));
		g_assert_null(nm_setting_vpn_get_data_item(vpn, "ca"));
	}
}

static void
test_no_secret_exported(void)
{
	g_autoptr(NMConnection) connection = connection_from("right=gw", "x");
	g_autofree char *text = NULL;

	nm_setting_vpn_add_secret(nm_connection_get_setting_vpn(connection), "pskvalue", "hush");
	nm_setting_vpn_add_secret(nm_connection_get_setting_vpn(connection), "xauthpassword", "hush");
	text = ipsec_export(connection, NULL);
	g_assert_nonnull(text);
	g_assert_null(strstr(text, "hush"));
	g_assert_null(strstr(text, "68757368"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	add_samples();
	g_test_add_func("/import/half", test_half);
	g_test_add_func("/import/half-samples", test_half_samples);
	g_test_add_func("/import/name-for-terminals", test_name_for_terminals);
	g_test_add_func("/import/property", test_property);
	g_test_add_func("/import/own-keys", test_own_keys);
	g_test_add_func("/import/edited", test_edited);
	g_test_add_func("/import/hostile", test_hostile);
	g_test_add_func("/import/also-levels", test_also_levels);
	g_test_add_func("/import/notes", test_notes);
	g_test_add_func("/import/many-conns", test_many_conns);
	g_test_add_func("/import/big", test_big);
	g_test_add_func("/import/no-file-is-named", test_no_file_is_named);
	g_test_add_func("/export/refused", test_export_refused);
	g_test_add_func("/export/files-refused", test_export_of_files_refused);
	g_test_add_func("/export/no-secret", test_no_secret_exported);
	return g_test_run();
}
