/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <string.h>

#include "editor-model.h"
#include "make-connection.h"
#include "random-profile.h"

/* How many random profiles a property is tried with. */
#define ROUNDS 60

/* (element-type utf8): every profile that an import has made in the tests, and random ones, which
 * have all kinds of keys and spellings; also one that is wrong in every way. */
static GPtrArray *
corpus(void)
{
	static const char *const odd[] = {
		"",
		"right=a b\nmtu=x\nfoo=bar\nikev2=perhaps\nleftsubnets=no net\ndhgroup=",
		"right=gw\nrightsubnet=10.1.0.0/16\nrightsubnets=10.2.0.0/16 10.3/16\naggrmode=yes\n"
		"aggressive=no\nphase2alg=aes256-sha1\nleftxauthusername=joe\nleftusername=jim",
		"right=gw\npskvalue=secret\npskvalue-flags=0\nxauthpassword-flags=2\n"
		"xauthpasswordinputmodes=ask\npskinputmodes=save",
		"right= gw \nleftid= @group\nsome-key=1",
	};
	GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "import", NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	g_assert_nonnull(dir);
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *file = g_build_filename(path, name, NULL);
		char *text;

		if (!g_str_has_suffix(name, ".data"))
			continue;
		g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
		g_ptr_array_add(texts, text);
	}
	g_assert_cmpuint(texts->len, >, 20);
	for (guint i = 0; i < G_N_ELEMENTS(odd); i++)
		g_ptr_array_add(texts, g_strdup(odd[i]));
	for (guint i = 0; i < ROUNDS; i++)
		g_ptr_array_add(texts, random_profile());
	return texts;
}

typedef void (*Trial)(NMConnection *connection, EditorModel *model);

/* Tries something that is to leave each profile of the corpus as it was. */
static void
changes_nothing(Trial trial)
{
	g_autoptr(GPtrArray) texts = corpus();

	for (guint i = 0; i < texts->len; i++) {
		const char *text = g_ptr_array_index(texts, i);
		g_autoptr(NMConnection) connection = make_connection(text);
		g_autofree char *before = vpn_lines(connection);
		g_autofree char *after = NULL;
		g_autoptr(EditorModel) model = NULL;

		/* A new one has its storage chosen for it. */
		if (!strchr(text, '='))
			continue;
		model = editor_model_new(connection);
		g_test_message("%s", text);
		trial(connection, model);
		editor_model_apply(model, connection);
		after = vpn_lines(connection);
		g_assert_cmpstr(after, ==, before);
	}
}

static void
only_open(NMConnection *connection, EditorModel *model)
{
}

static void
test_open_and_save(void)
{
	changes_nothing(only_open);
}

/* What a page does while it is shown, and what GNOME Settings does with every key that is pressed.
 */
static void
look_at_everything(NMConnection *connection, EditorModel *model)
{
	guint n;
	const EditorField *fields = editor_field_all(&n);

	for (guint i = 0; i < n; i++) {
		g_autofree char *value = NULL, *text = NULL;

		editor_model_shows(model, &fields[i]);
		if (!fields[i].label)
			continue;
		text = editor_model_find_problem(model, fields[i].key);
		if (fields[i].kind == EDITOR_SECRET) {
			g_assert_false(editor_model_set_secret(model, fields[i].key,
												   editor_model_get_secret(model, fields[i].key)));
			g_assert_false(editor_model_set_storage(
				model, fields[i].key, editor_model_get_storage(model, fields[i].key)));
			continue;
		}
		g_free(editor_model_describe_default(model, &fields[i]));
		value = editor_model_get(model, fields[i].key);
		g_assert_false(editor_model_set(model, fields[i].key, value));
	}
	editor_model_check(model, NULL);
	editor_model_apply(model, connection);
}

static void
test_look_and_save(void)
{
	changes_nothing(look_at_everything);
}

/* KDE's editor writes empty values. */
static void
test_empty_values(void)
{
	g_autoptr(NMConnection) connection = make_connection("right=gw\nike=\nleftid=\nmtu=1400");
	g_autoptr(EditorModel) model = editor_model_new(connection);
	g_autofree char *before = vpn_lines(connection), *after = NULL;

	look_at_everything(connection, model);
	after = vpn_lines(connection);
	g_assert_cmpstr(after, ==, before);
	g_assert_null(editor_model_get(model, "ike"));
}

static void
set_and_take_back(NMConnection *connection, EditorModel *model)
{
	guint n;
	const EditorField *fields = editor_field_all(&n);

	for (guint i = 0; i < n; i++) {
		const Option *option = editor_field_option(&fields[i]);
		g_autofree char *value = NULL, *other = NULL;

		if (fields[i].kind == EDITOR_SECRET || !fields[i].label)
			continue;
		value = editor_model_get(model, fields[i].key);
		other = random_value(option);
		editor_model_set(model, fields[i].key, other);
		editor_model_apply(model, connection);
		editor_model_set(model, fields[i].key, NULL);
		editor_model_apply(model, connection);
		editor_model_set(model, fields[i].key, value);
	}
}

static void
test_set_and_take_back(void)
{
	changes_nothing(set_and_take_back);
}

static void
try_all_methods(NMConnection *connection, EditorModel *model)
{
	SignIn was = editor_model_get_sign_in(model);

	for (guint m = 0; m < SIGN_IN_N; m++) {
		editor_model_set_sign_in(model, m);
		editor_model_apply(model, connection);
	}
	editor_model_set_sign_in(model, was);
}

static void
test_methods_come_back(void)
{
	changes_nothing(try_all_methods);
}

static void
there_and_back(NMConnection *connection, EditorModel *model)
{
	g_autofree char *was = editor_model_get(model, "ikev2");
	SignIn method = editor_model_get_sign_in(model);

	editor_model_set(model, "ikev2", "insist");
	editor_model_set(model, "ikev2", "never");
	editor_model_set(model, "ikev2", "insist");
	editor_model_set(model, "ikev2", was);
	g_assert_cmpint(editor_model_get_sign_in(model), ==, method);
}

static void
test_versions_come_back(void)
{
	g_autoptr(GPtrArray) texts = corpus();

	for (guint i = 0; i < texts->len; i++) {
		g_autoptr(NMConnection) connection = make_connection(g_ptr_array_index(texts, i));
		g_autoptr(EditorModel) model = editor_model_new(connection);

		there_and_back(connection, model);
	}
}

/*****************************************************************************/

static gboolean
belongs_to_methods(const char *line)
{
	g_autofree char *key = g_strndup(line, strcspn(line, "="));

	for (const SignInSetting *s = sign_in_settings(SIGN_IN_GROUP); s->key; s++) {
		if (g_str_equal(s->key, key))
			return TRUE;
	}
	return g_str_has_prefix(key, "pskvalue") || g_str_has_prefix(key, "xauthpassword") ||
		   g_str_has_prefix(key, "cert-pass") || g_str_has_prefix(key, "xauthcode") ||
		   g_str_has_prefix(key, "pin");
}

/* (transfer full): the lines that no method has to do with. */
static char *
other_lines(const char *lines)
{
	g_auto(GStrv) parts = g_strsplit(lines, "\n", -1);
	GString *text = g_string_new(NULL);

	for (guint i = 0; parts[i]; i++) {
		if (!belongs_to_methods(parts[i]))
			g_string_append_printf(text, "%s\n", parts[i]);
	}
	return g_string_free(text, FALSE);
}

/* A method that is chosen touches its keys alone, and the profile then is of that method. */
static void
test_methods_touch_their_keys(void)
{
	g_autoptr(GPtrArray) texts = corpus();

	for (guint i = 0; i < texts->len * SIGN_IN_N; i++) {
		const char *text = g_ptr_array_index(texts, i / SIGN_IN_N);
		SignIn method = i % SIGN_IN_N;
		g_autoptr(NMConnection) connection = make_connection(text);
		g_autoptr(EditorModel) model = editor_model_new(connection);
		g_autofree char *lines = vpn_lines(connection), *before = other_lines(lines);
		g_autofree char *after = NULL, *others = NULL, *cert = NULL;
		g_autoptr(Profile) profile = NULL;
		gboolean changed = editor_model_get_sign_in(model) != method;

		g_test_message("%s to %s", text, sign_in_name(method));
		g_assert_true(editor_model_set_sign_in(model, method) == changed);
		editor_model_apply(model, connection);
		after = vpn_lines(connection);
		others = other_lines(after);
		g_assert_cmpstr(others, ==, before);

		if (method == SIGN_IN_OTHER || !changed)
			continue;
		cert = editor_model_get(model, "leftcert");
		if (sign_in_find_key(method, "leftcert") && !cert)
			editor_model_set(model, "leftcert", "joe");
		profile = editor_model_make_profile(model, NULL, NULL);
		if (profile)
			g_assert_cmpint(sign_in_find(profile), ==, method);
	}
}

/* The certificate of one method is in a file, or has a name in libreswan's database. */
static void
test_certificate_file(void)
{
	g_autoptr(NMConnection) connection = make_connection("right=gw\nikev2=insist\nauthby=secret");
	g_autoptr(EditorModel) model = NULL;
	g_autofree char *missing = NULL, *named = NULL, *in_file = NULL;
	const char *flags;

	nm_setting_connection_add_permission(nm_connection_get_setting_connection(connection), "user",
										 "joe", NULL);
	model = editor_model_new(connection);
	editor_model_set_sign_in(model, SIGN_IN_CERTIFICATE);
	missing = editor_model_find_problem(model, "cert");
	g_assert_nonnull(missing);
	editor_model_set(model, "leftcert", "joe");
	named = editor_model_find_problem(model, "cert");
	g_assert_null(named);
	editor_model_set(model, "leftcert", NULL);
	editor_model_set(model, "cert", "/home/joe/joe.p12");
	in_file = editor_model_find_problem(model, "cert");
	g_assert_null(in_file);
	/* That there is a passphrase is known when there is one: else it would be asked for. */
	editor_model_apply(model, connection);
	flags =
		nm_setting_vpn_get_data_item(nm_connection_get_setting_vpn(connection), "cert-pass-flags");
	g_assert_null(flags);
	editor_model_set_secret(model, "cert-pass", "phrase");
	editor_model_apply(model, connection);
	flags =
		nm_setting_vpn_get_data_item(nm_connection_get_setting_vpn(connection), "cert-pass-flags");
	g_assert_cmpstr(flags, ==, "1");
}

/* A secret that nobody asks for does not stay. */
static void
test_methods_drop_secrets(void)
{
	g_autoptr(NMConnection) connection =
		make_connection("right=gw\npskvalue=key\npskvalue-flags=0\nxauthpassword=word\n"
						"xauthpassword-flags=0");
	g_autoptr(EditorModel) model = editor_model_new(connection);
	g_autofree char *lines = NULL;

	editor_model_set_sign_in(model, SIGN_IN_CERTIFICATE);
	g_assert_null(editor_model_get_secret(model, "pskvalue"));
	editor_model_apply(model, connection);
	lines = vpn_lines(connection);
	g_assert_cmpstr(lines, ==, "ikev2=insist\nright=gw\npersistent 0");

	editor_model_set_sign_in(model, SIGN_IN_GROUP);
	g_assert_cmpstr(editor_model_get_secret(model, "pskvalue"), ==, "key");
}

/*****************************************************************************/

static void
test_new(void)
{
	g_autoptr(NMConnection) connection = make_connection("");
	g_autoptr(EditorModel) model = editor_model_new(connection);
	g_autofree char *lines = NULL, *problem = NULL;
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(editor_model_get_sign_in(model), ==, SIGN_IN_GROUP);
	g_assert_false(editor_model_check(model, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
	g_assert_cmpstr(error->message, ==, "Enter the gateway’s name or address.");
	g_clear_error(&error);

	g_assert_true(editor_model_set(model, "right", " vpn.example.com "));
	g_assert_false(editor_model_set(model, "right", "vpn.example.com"));
	g_assert_true(editor_model_check(model, &error));
	g_assert_no_error(error);
	/* Its secrets are the user's own. */
	editor_model_apply(model, connection);
	lines = vpn_lines(connection);
	g_assert_cmpstr(lines, ==,
					"pskvalue-flags=1\nright=vpn.example.com\nxauthpassword-flags=1\n"
					"persistent 0");

	editor_model_set(model, "right", "");
	problem = editor_model_find_problem(model, "right");
	g_assert_cmpstr(problem, ==, "Enter the gateway’s name or address.");
}

/* nm-connection-editor has a connection without a VPN setting to give. */
static void
test_no_setting(void)
{
	g_autoptr(NMConnection) connection = nm_simple_connection_new();
	g_autoptr(EditorModel) model = editor_model_new(connection);
	NMSettingVpn *setting;

	editor_model_set(model, "right", "gw");
	editor_model_apply(model, connection);
	setting = nm_connection_get_setting_vpn(connection);
	g_assert_nonnull(setting);
	g_assert_cmpstr(nm_setting_vpn_get_service_type(setting), ==, SERVICE_TYPE);
	g_assert_cmpstr(nm_setting_vpn_get_data_item(setting, "right"), ==, "gw");
}

static void
test_storage(void)
{
	g_autoptr(NMConnection) connection =
		make_connection("right=gw\npskvalue=key\nxauthpassword=word\npskinputmodes=save\n"
						"xauthpasswordinputmodes=save");
	g_autoptr(NMConnection) own = make_connection("right=gw\nikev2=insist\nleftcert=joe");
	g_autoptr(EditorModel) model = editor_model_new(connection);
	g_autoptr(EditorModel) private = NULL;
	g_autofree char *lines = NULL;

	g_assert_cmpint(editor_model_get_storage(model, "pskvalue"), ==, 0);
	g_assert_true(editor_model_set_storage(model, "pskvalue", NM_SETTING_SECRET_FLAG_AGENT_OWNED));
	g_assert_true(
		editor_model_set_storage(model, "xauthpassword", NM_SETTING_SECRET_FLAG_NOT_SAVED));
	editor_model_apply(model, connection);
	lines = vpn_lines(connection);
	g_assert_cmpstr(lines, ==,
					"pskinputmodes=save\npskvalue-flags=1\npskvalue=key\nright=gw\n"
					"xauthpassword-flags=2\nxauthpasswordinputmodes=ask\npersistent 0");

	/* Everybody's profile keeps its secrets where everybody has them. */
	editor_model_set_sign_in(model, SIGN_IN_KEY);
	g_assert_cmpint(editor_model_get_storage(model, "pskvalue"), ==, 1);
	nm_setting_connection_add_permission(nm_connection_get_setting_connection(own), "user", "joe",
										 NULL);
	private = editor_model_new(own);
	editor_model_set_sign_in(private, SIGN_IN_GROUP);
	g_assert_cmpint(editor_model_get_storage(private, "pskvalue"), ==, 1);
	g_assert_cmpint(editor_model_get_storage(private, "xauthpassword"), ==, 1);
}

/* GNOME Settings gives no secrets where the keyring is locked: they must not be lost. */
static void
test_secrets_not_given(void)
{
	g_autoptr(NMConnection) connection = make_connection("right=gw\npskvalue-flags=1");
	g_autoptr(EditorModel) model = editor_model_new(connection);
	NMSettingVpn *setting = nm_connection_get_setting_vpn(connection);

	editor_model_set_secret(model, "pskvalue", "");
	nm_setting_vpn_add_secret(setting, "pskvalue", "from the keyring");
	editor_model_apply(model, connection);
	g_assert_cmpstr(nm_setting_vpn_get_secret(setting, "pskvalue"), ==, "from the keyring");
	g_assert_cmpstr(nm_setting_vpn_get_data_item(setting, "pskvalue-flags"), ==, "1");
}

static void
test_spellings(void)
{
	static const struct {
		const char *text, *key, *value, *lines;
	} cases[] = {
		/* An older spelling is written where it is. */
		{"right=gw\nphase2alg=aes256-sha1", "esp", "aes128-sha1",
		 "phase2alg=aes128-sha1\nright=gw\npersistent 0"},
		{"right=gw\nphase2alg=aes256-sha1", "esp", NULL, "right=gw\npersistent 0"},
		{"right=gw\naggrmode=yes\naggressive=no", "aggressive", "yes",
		 "aggressive=yes\nright=gw\npersistent 0"},
		/* Several networks are a list, one is not. */
		{"right=gw", "rightsubnet", "10.0.0.0/8", "right=gw\nrightsubnet=10.0.0.0/8\npersistent 0"},
		{"right=gw\nrightsubnet=10.0.0.0/8", "rightsubnet", "10.1.0.0/16, 10.2.0.0/16",
		 "right=gw\nrightsubnets=10.1.0.0/16, 10.2.0.0/16\npersistent 0"},
		{"right=gw\nrightsubnets=10.1.0.0/16,10.2.0.0/16", "rightsubnet", "10.1.0.0/16",
		 "right=gw\nrightsubnet=10.1.0.0/16\npersistent 0"},
		{"right=gw\nikev2=yes\nrightsubnet=10.1.0.0/16,10.2.0.0/16", "rightsubnet",
		 "10.1.0.0/16,10.3.0.0/16",
		 "ikev2=yes\nright=gw\nrightsubnet=10.1.0.0/16,10.3.0.0/16\npersistent 0"},
		{"right=gw\nrightsubnet=10.1.0.0/16\nrightsubnets=10.2.0.0/16", "rightsubnet", "",
		 "right=gw\npersistent 0"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(NMConnection) connection = make_connection(cases[i].text);
		g_autoptr(EditorModel) model = editor_model_new(connection);
		g_autofree char *lines = NULL;

		g_assert_true(editor_model_set(model, cases[i].key, cases[i].value));
		editor_model_apply(model, connection);
		lines = vpn_lines(connection);
		g_assert_cmpstr(lines, ==, cases[i].lines);
	}
}

/* An entry is empty before something else is in it. */
static void
test_spelling_after_nothing(void)
{
	g_autoptr(NMConnection) connection = make_connection("right=gw\nphase2alg=aes256-sha1");
	g_autoptr(EditorModel) model = editor_model_new(connection);
	g_autofree char *lines = NULL;

	editor_model_set(model, "esp", "");
	editor_model_apply(model, connection);
	editor_model_set(model, "esp", "aes128-sha1");
	editor_model_apply(model, connection);
	lines = vpn_lines(connection);
	g_assert_cmpstr(lines, ==, "phase2alg=aes128-sha1\nright=gw\npersistent 0");
}

static void
test_get(void)
{
	g_autoptr(NMConnection) connection = make_connection(
		"right=gw\nrightsubnet=10.1/16\nrightsubnets=10.2/16\nleftxauthusername=joe\n"
		"pfs=TRUE\nmtu=many");
	g_autoptr(EditorModel) model = editor_model_new(connection);
	g_autofree char *nets = editor_model_get(model, "rightsubnet");
	g_autofree char *normal = editor_model_get_normal(model, "rightsubnet");
	g_autofree char *user = editor_model_get(model, "leftusername");
	g_autofree char *pfs = editor_model_get_normal(model, "pfs");

	g_assert_cmpstr(nets, ==, "10.1/16,10.2/16");
	g_assert_cmpstr(normal, ==, "10.1.0.0/16,10.2.0.0/16");
	g_assert_cmpstr(user, ==, "joe");
	g_assert_cmpstr(pfs, ==, "yes");
	g_assert_null(editor_model_get(model, "rightid"));
	g_assert_null(editor_model_get_normal(model, "mtu"));
}

/*****************************************************************************/

static void
test_problems(void)
{
	static const struct {
		const char *text, *sentence;
	} cases[] = {
		{"right=vpn exam", "Gateway: “vpn exam” cannot be used; allowed is an IP address or a host "
						   "name."},
		{"right=%any", "Gateway: “%any” cannot be used; it is for a gateway that waits"},
		{"right=gw\nmtu=12",
		 "Packet Size (MTU): “12” cannot be used; allowed is a number from 576"},
		{"right=gw\nrightsubnets=10.1/16,office",
		 "Networks Behind the Gateway: “10.1/16,office” cannot be used; allowed is a list"},
		{"right=gw\nleftid=%joe", "Group Name: “%joe” cannot be used"},
		{"right=gw\nikev2=yes\nleftid=%joe", "Your Identity: “%joe” cannot be used"},
		{"right=gw\nleftxauthusername=a\"b", "User Name: “a\"b” cannot be used"},
		/* Two together. */
		{"right=gw\nikev2=insist\naggressive=yes",
		 "Aggressive Mode: \"yes\" is for IKEv1, but “IKE "
		 "Version” is \"insist\""},
		{"right=gw\nleftsubnet=10.0.0.0/8\nrightsubnet=2001:db8::/32",
		 "Local Networks: is of another address family than “Networks Behind the Gateway”"},
		/* What nobody can see here is nothing to complain of here. */
		{"right=gw\nfoo=bar\ndpdaction=explode", NULL},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(NMConnection) connection = make_connection(cases[i].text);
		g_autoptr(EditorModel) model = editor_model_new(connection);
		g_autoptr(GError) error = NULL;
		gboolean ok = editor_model_check(model, &error);

		g_test_message("%s: %s", cases[i].text, error ? error->message : "-");
		g_assert_true(ok == !cases[i].sentence);
		if (ok)
			continue;
		g_assert_true(g_str_has_prefix(error->message, cases[i].sentence));
		g_assert_true(g_str_has_suffix(error->message, "."));
	}
}

static void
test_certificate_is_asked_for(void)
{
	g_autoptr(NMConnection) connection = make_connection("right=gw");
	g_autoptr(EditorModel) model = editor_model_new(connection);
	g_autoptr(GError) error = NULL;

	editor_model_set_sign_in(model, SIGN_IN_CERTIFICATE);
	g_assert_false(editor_model_check(model, &error));
	g_assert_nonnull(strstr(error->message, "certificate"));
	editor_model_set(model, "leftcert", "joe");
	g_assert_true(editor_model_check(model, NULL));
}

/* A secret is in no sentence. */
static void
test_secret_problems(void)
{
	g_autoptr(NMConnection) connection = make_connection("right=gw");
	g_autoptr(EditorModel) model = editor_model_new(connection);
	g_autofree char *huge = g_strnfill(2000, 'k');
	g_autofree char *problem = NULL;

	editor_model_set_secret(model, "pskvalue", huge);
	problem = editor_model_find_problem(model, "pskvalue");
	g_assert_true(g_str_has_prefix(problem, "Group Secret: this cannot be used; it is too long"));
	g_assert_null(strstr(problem, "kkk"));
}

static void
test_defaults(void)
{
	static const struct {
		const char *text, *key, *described;
	} cases[] = {
		{"right=gw", "right", NULL},
		{"right=gw", "rightid", "its address"},
		{"right=gw.example.com\nikev2=yes\ncert=/joe.p12", "rightid", "@gw.example.com"},
		{"right=gw\nikev2=yes\ncert=/joe.p12", "leftid", "as in the certificate"},
		{"right=gw", "leftusername", "your login name"},
		/* A group without a name has none, whatever IKE says in its place. */
		{"right=gw", "leftid", NULL},
		{"right=gw\nikev2=yes", "leftid", "your address"},
		{"right=gw", "rightsubnet", "All traffic"},
		{"right=2001:db8::1\nclientaddrfamily=ipv6", "rightsubnet", "All IPv6 traffic"},
		{"right=gw\nrightsubnet=10.0.0.0/8", "rightsubnet", "All traffic"},
		{"right=gw", "leftmodecfgclient", "On"},
		{"right=gw", "ikev2", "IKEv1"},
		{"right=gw", "aggressive", "Off"},
		{"right=gw\nleftid=@[group]", "aggressive", "On"},
		{"right=gw\nleftid=@[group]\naggressive=no", "aggressive", "On"},
		{"right=gw\nleftid=@[group]", "ike", "aes256-sha1;modp1536"},
		{"right=gw", "ikelifetime", "24 hours"},
		{"right=gw\nikev2=yes", "salifetime", "45 minutes"},
		{"right=gw\ndpddelay=10", "dpdtimeout", "40 seconds"},
		{"right=gw", "nm-recovery-timeout", "5 minutes"},
		{"right=gw", "nm-connect-mode", "At once"},
		{"right=gw", "encapsulation", "Behind NAT"},
		{"right=gw", "left", "towards the gateway"},
		{"right=gw", "Domain", NULL},
		{"", "ikelifetime", "24 hours"},
		{"right=gw\nnm-auto-defaults=no", "ikelifetime", "libreswan’s own default"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(NMConnection) connection = make_connection(cases[i].text);
		g_autoptr(EditorModel) model = editor_model_new(connection);
		g_autofree char *described =
			editor_model_describe_default(model, editor_field_find(cases[i].key));

		g_test_message("%s, %s", cases[i].text, cases[i].key);
		g_assert_cmpstr(described, ==, cases[i].described);
	}
}

static void
test_automatic(void)
{
	g_autoptr(NMConnection) connection = make_connection("right=gw\nleftmodecfgclient=no");
	g_autoptr(EditorModel) model = editor_model_new(connection);
	g_autofree char *lifetime =
		editor_model_describe_automatic(model, editor_field_find("ikelifetime"));
	g_autofree char *interface =
		editor_model_describe_automatic(model, editor_field_find("ipsec-interface"));
	g_autofree char *nets = editor_model_describe_automatic(model, editor_field_find("leftsubnet"));

	g_assert_cmpstr(lifetime, ==, "Automatic (24 hours)");
	g_assert_cmpstr(interface, ==, "Automatic (Policies alone)");
	g_assert_cmpstr(nets, ==, "Automatic");
	g_assert_null(editor_model_describe_automatic(model, editor_field_find("Domain")));
}

static void
test_switches(void)
{
	static const struct {
		const char *text, *key;
		gboolean on;
	} cases[] = {
		{"right=gw", "pfs", TRUE},
		{"right=gw\npfs=off", "pfs", FALSE},
		{"right=gw", "mobike", FALSE},
		{"right=gw", "leftmodecfgclient", TRUE},
		{"right=gw\nnm-auto-defaults=no", "leftmodecfgclient", FALSE},
		{"right=gw\nnm-auto-defaults=no", "pfs", TRUE},
		{"right=gw\nnm-auto-defaults=no\nleftmodecfgclient=yes", "leftmodecfgclient", TRUE},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(NMConnection) connection = make_connection(cases[i].text);
		g_autoptr(EditorModel) model = editor_model_new(connection);

		g_test_message("%s, %s", cases[i].text, cases[i].key);
		g_assert_true(editor_model_is_on(model, editor_field_find(cases[i].key)) == cases[i].on);
	}
}

static void
test_choose(void)
{
	static const struct {
		const char *text, *key, *first, *then, *lines;
	} cases[] = {
		{"right=gw", "ikev2", "insist", "never", "ikev2=never\nright=gw\npersistent 0"},
		{"right=gw", "encapsulation", "yes", NULL, "right=gw\npersistent 0"},
		/* What means the same stays as it is. */
		{"right=gw\nfragmentation=insist", "fragmentation", "force", "force",
		 "fragmentation=insist\nright=gw\npersistent 0"},
		{"right=gw\nfragmentation=insist", "fragmentation", "no", "force",
		 "fragmentation=insist\nright=gw\npersistent 0"},
		/* A value that is no word. */
		{"right=gw\nipsec-interface=7", "ipsec-interface", "no", "7",
		 "ipsec-interface=7\nright=gw\npersistent 0"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		const EditorField *field = editor_field_find(cases[i].key);
		g_autoptr(NMConnection) connection = make_connection(cases[i].text);
		g_autoptr(EditorModel) model = editor_model_new(connection);
		g_autofree char *lines = NULL;

		editor_model_choose(model, field, cases[i].first);
		editor_model_choose(model, field, cases[i].then);
		editor_model_apply(model, connection);
		lines = vpn_lines(connection);
		g_assert_cmpstr(lines, ==, cases[i].lines);
	}
}

static void
test_switch(void)
{
	static const struct {
		const char *text, *key;
		gboolean on;
		const char *off_or_on, *back;
	} cases[] = {
		{"right=gw", "pfs", TRUE, "pfs=no\nright=gw\npersistent 0", "right=gw\npersistent 0"},
		{"right=gw", "mobike", FALSE, "mobike=yes\nright=gw\npersistent 0",
		 "right=gw\npersistent 0"},
		{"pfs=TRUE\nright=gw", "pfs", TRUE, "pfs=no\nright=gw\npersistent 0",
		 "pfs=TRUE\nright=gw\npersistent 0"},
		{"pfs=off\nright=gw", "pfs", FALSE, "right=gw\npersistent 0",
		 "pfs=off\nright=gw\npersistent 0"},
		{"nm-auto-defaults=no\nright=gw", "leftmodecfgclient", FALSE,
		 "leftmodecfgclient=yes\nnm-auto-defaults=no\nright=gw\npersistent 0",
		 "nm-auto-defaults=no\nright=gw\npersistent 0"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		const EditorField *field = editor_field_find(cases[i].key);
		g_autoptr(NMConnection) connection = make_connection(cases[i].text);
		g_autoptr(EditorModel) model = editor_model_new(connection);
		g_autofree char *turned = NULL, *back = NULL;

		g_assert_false(editor_model_switch(model, field, cases[i].on));
		g_assert_true(editor_model_switch(model, field, !cases[i].on));
		editor_model_apply(model, connection);
		turned = vpn_lines(connection);
		g_assert_cmpstr(turned, ==, cases[i].off_or_on);
		g_assert_true(editor_model_switch(model, field, cases[i].on));
		editor_model_apply(model, connection);
		back = vpn_lines(connection);
		g_assert_cmpstr(back, ==, cases[i].back);
	}
}

static void
test_versions(void)
{
	g_autoptr(NMConnection) connection = make_connection("right=gw");
	g_autoptr(EditorModel) model = editor_model_new(connection);
	g_autoptr(Profile) profile = NULL;
	g_autofree char *xauth = NULL;

	g_assert_true(editor_model_shows(model, editor_field_find("aggressive")));
	g_assert_false(editor_model_shows(model, editor_field_find("mobike")));
	g_assert_false(editor_model_shows(model, editor_field_find("dpdaction")));
	g_assert_true(editor_model_shows(model, editor_field_find("leftusername")));

	editor_model_set(model, "ikev2", "insist");
	g_assert_cmpint(editor_model_get_sign_in(model), ==, SIGN_IN_KEY);
	g_assert_false(editor_model_shows(model, editor_field_find("aggressive")));
	g_assert_true(editor_model_shows(model, editor_field_find("mobike")));
	g_assert_false(editor_model_shows(model, editor_field_find("leftusername")));
	editor_model_set(model, "ikev2", NULL);
	g_assert_cmpint(editor_model_get_sign_in(model), ==, SIGN_IN_GROUP);

	/* Site to site: a key without a user. */
	editor_model_set_sign_in(model, SIGN_IN_KEY);
	editor_model_set(model, "ikev2", "never");
	g_assert_cmpint(editor_model_get_sign_in(model), ==, SIGN_IN_KEY);
	profile = editor_model_make_profile(model, NULL, NULL);
	g_assert_false(profile_needs_xauthpassword(profile));
	g_assert_cmpint(sign_in_find(profile), ==, SIGN_IN_KEY);
	editor_model_set(model, "ikev2", "insist");
	xauth = editor_model_get(model, "leftxauthclient");
	g_assert_null(xauth);
}

static void
test_labels(void)
{
	g_autoptr(NMConnection) connection = make_connection("right=gw");
	g_autoptr(EditorModel) model = editor_model_new(connection);

	g_assert_cmpstr(editor_model_get_label(model, "leftid"), ==, "Group Name");
	g_assert_cmpstr(editor_model_get_label(model, "pskvalue"), ==, "Group Secret");
	editor_model_set_sign_in(model, SIGN_IN_KEY);
	g_assert_cmpstr(editor_model_get_label(model, "leftid"), ==, "Your Identity");
	g_assert_cmpstr(editor_model_get_label(model, "pskvalue"), ==, "Shared Key");
	g_assert_cmpstr(editor_model_get_label(model, "right"), ==, "Gateway");
}

static void
test_persistent(void)
{
	g_autoptr(NMConnection) connection = make_connection("right=gw");
	g_autoptr(EditorModel) model = editor_model_new(connection);

	g_assert_false(editor_model_get_persistent(model));
	g_assert_true(editor_model_set_persistent(model, TRUE));
	g_assert_false(editor_model_set_persistent(model, TRUE));
	editor_model_apply(model, connection);
	g_assert_true(nm_setting_vpn_get_persistent(nm_connection_get_setting_vpn(connection)));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/editor-model/open-and-save", test_open_and_save);
	g_test_add_func("/editor-model/look-and-save", test_look_and_save);
	g_test_add_func("/editor-model/empty-values", test_empty_values);
	g_test_add_func("/editor-model/set-and-take-back", test_set_and_take_back);
	g_test_add_func("/editor-model/methods-come-back", test_methods_come_back);
	g_test_add_func("/editor-model/versions-come-back", test_versions_come_back);
	g_test_add_func("/editor-model/methods-touch-their-keys", test_methods_touch_their_keys);
	g_test_add_func("/editor-model/certificate-file", test_certificate_file);
	g_test_add_func("/editor-model/methods-drop-secrets", test_methods_drop_secrets);
	g_test_add_func("/editor-model/new", test_new);
	g_test_add_func("/editor-model/no-setting", test_no_setting);
	g_test_add_func("/editor-model/storage", test_storage);
	g_test_add_func("/editor-model/secrets-not-given", test_secrets_not_given);
	g_test_add_func("/editor-model/spellings", test_spellings);
	g_test_add_func("/editor-model/spelling-after-nothing", test_spelling_after_nothing);
	g_test_add_func("/editor-model/get", test_get);
	g_test_add_func("/editor-model/problems", test_problems);
	g_test_add_func("/editor-model/certificate", test_certificate_is_asked_for);
	g_test_add_func("/editor-model/secret-problems", test_secret_problems);
	g_test_add_func("/editor-model/defaults", test_defaults);
	g_test_add_func("/editor-model/automatic", test_automatic);
	g_test_add_func("/editor-model/switches", test_switches);
	g_test_add_func("/editor-model/choose", test_choose);
	g_test_add_func("/editor-model/switch", test_switch);
	g_test_add_func("/editor-model/versions", test_versions);
	g_test_add_func("/editor-model/labels", test_labels);
	g_test_add_func("/editor-model/persistent", test_persistent);
	return g_test_run();
}
