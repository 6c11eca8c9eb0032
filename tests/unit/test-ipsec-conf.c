/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "ipsec-conf-reader.h"
#include "ipsec-conf.h"
#include "make-profile.h"
#include "random-profile.h"

#define CONN "6f1c3a5e-57a5-4bd8-8d4c-0f7a3a1b2c3d"

static IpsecConfParams
params_for(guint major, guint minor, const Profile *profile)
{
	return (IpsecConfParams){
		.libreswan_major = major,
		.libreswan_minor = minor,
		.conn_name = CONN,
		.dumpdir = "/run/nm-libreswan/7",
		.nssdir = "/run/nm-libreswan/7/nss",
		.secretsfile = "/run/nm-libreswan/7/ipsec.secrets",
		.listen = "192.0.2.7",
		.if_id = profile_wants_interface(profile) ? 7 : 0,
		.updown = "/usr/libexec/helper /run/nm-libreswan/7/updown",
		.auto_mode = "start",
	};
}

static char *
write_conf(guint major, guint minor, const char *given)
{
	g_autoptr(Profile) profile = make_profile(given);
	IpsecConfParams params = params_for(major, minor, profile);
	g_autoptr(GError) error = NULL;
	char *conf = ipsec_conf_write(profile, &params, &error);

	g_assert_no_error(error);
	return conf;
}

#define SETUP                                                                                      \
	"config setup\n"                                                                               \
	"\tnssdir=/run/nm-libreswan/7/nss\n"                                                           \
	"\tsecretsfile=/run/nm-libreswan/7/ipsec.secrets\n"                                            \
	"\tdumpdir=/run/nm-libreswan/7\n"                                                              \
	"\tlisten=192.0.2.7\n"

static void
test_ikev1(void)
{
	g_autofree char *conf4 = write_conf(4, 10, "right=192.0.2.1\nleftid=group\nvendor=Cisco");
	g_autofree char *conf5 = write_conf(5, 2, "right=192.0.2.1\naggressive=no");

	g_assert_cmpstr(conf4, ==,
					SETUP "\tikev1-policy=accept\n"
						  "\n"
						  "conn " CONN "\n"
						  "\tright=192.0.2.1\n"
						  "\tleft=192.0.2.7\n"
						  "\tleftid=@group\n"
						  "\tikev2=never\n"
						  "\taggressive=yes\n"
						  "\tauthby=secret\n"
						  "\tleftusername=joe\n"
						  "\tleftxauthclient=yes\n"
						  "\trightxauthserver=yes\n"
						  "\tleftmodecfgclient=yes\n"
						  "\trightmodecfgserver=yes\n"
						  "\tmodecfgpull=yes\n"
						  "\trightsubnet=0.0.0.0/0\n"
						  "\tike=aes256-sha1;modp1536\n"
						  "\tesp=aes256-sha1\n"
						  "\tikelifetime=24h\n"
						  "\tsalifetime=24h\n"
						  "\trekey=yes\n"
						  "\tkeyingtries=1\n"
						  "\tdpddelay=5s\n"
						  "\tdpdtimeout=20s\n"
						  "\tdpdaction=hold\n"
						  "\tcisco-unity=yes\n"
						  "\tremote-peer-type=cisco\n"
						  "\tipsec-interface=7\n"
						  "\tleftupdown=\"/usr/libexec/helper /run/nm-libreswan/7/updown\"\n"
						  "\tauto=start\n");
	g_assert_cmpstr(conf5, ==,
					SETUP "\tikev1-policy=accept\n"
						  "\tipsec-interface-managed=no\n"
						  "\n"
						  "conn " CONN "\n"
						  "\tright=192.0.2.1\n"
						  "\tleft=192.0.2.7\n"
						  "\tkeyexchange=ikev1\n"
						  "\taggressive=no\n"
						  "\tauthby=secret\n"
						  "\tleftusername=joe\n"
						  "\tleftxauthclient=yes\n"
						  "\trightxauthserver=yes\n"
						  "\tleftmodecfgclient=yes\n"
						  "\trightmodecfgserver=yes\n"
						  "\tmodecfgpull=yes\n"
						  "\trightsubnet=0.0.0.0/0\n"
						  "\tikelifetime=24h\n"
						  "\tsalifetime=24h\n"
						  "\trekey=yes\n"
						  "\tdpddelay=5s\n"
						  "\tdpdtimeout=20s\n"
						  "\tipsec-interface=7\n"
						  "\tleftupdown=\"/usr/libexec/helper /run/nm-libreswan/7/updown\"\n"
						  "\tauto=start\n");
}

static void
test_ikev2(void)
{
	static const char given[] = "right=192.0.2.1\nikev2=insist\nleftid=joe\nrightsubnet=10.0.0.0/8";
	g_autofree char *conf4 = write_conf(4, 10, given);
	g_autofree char *conf5 = write_conf(5, 2, given);

	g_assert_cmpstr(conf4, ==,
					SETUP "\n"
						  "conn " CONN "\n"
						  "\tright=192.0.2.1\n"
						  "\tleft=192.0.2.7\n"
						  "\tleftid=@joe\n"
						  "\tikev2=insist\n"
						  "\tauthby=secret\n"
						  "\tleftmodecfgclient=yes\n"
						  "\trightmodecfgserver=yes\n"
						  "\tleftsubnet=0.0.0.0/0\n"
						  "\trightsubnet=10.0.0.0/8\n"
						  "\tnarrowing=yes\n"
						  "\tsalifetime=45m\n"
						  "\trekey=yes\n"
						  "\tkeyingtries=1\n"
						  "\tdpddelay=5s\n"
						  "\tdpdaction=hold\n"
						  "\tretransmit-timeout=20s\n"
						  "\tipsec-interface=7\n"
						  "\tleftupdown=\"/usr/libexec/helper /run/nm-libreswan/7/updown\"\n"
						  "\tauto=start\n");
	g_assert_cmpstr(conf5, ==,
					SETUP "\tipsec-interface-managed=no\n"
						  "\n"
						  "conn " CONN "\n"
						  "\tright=192.0.2.1\n"
						  "\tleft=192.0.2.7\n"
						  "\tleftid=@joe\n"
						  "\tkeyexchange=ikev2\n"
						  "\tauthby=secret\n"
						  "\tleftmodecfgclient=yes\n"
						  "\trightmodecfgserver=yes\n"
						  "\tleftsubnet=0.0.0.0/0\n"
						  "\trightsubnet=10.0.0.0/8\n"
						  "\tnarrowing=yes\n"
						  "\tsalifetime=45m\n"
						  "\trekey=yes\n"
						  "\tdpddelay=5s\n"
						  "\tretransmit-timeout=20s\n"
						  "\tipsec-interface=7\n"
						  "\tleftupdown=\"/usr/libexec/helper /run/nm-libreswan/7/updown\"\n"
						  "\tauto=start\n");
}

/* A tunnel between fixed addresses has no interface, and then nothing about one. */
static void
test_policy_based(void)
{
	g_autofree char *conf =
		write_conf(5, 2,
				   "right=192.0.2.1\nleft=192.0.2.7\nleftmodecfgclient=no\nikev2=yes\n"
				   "leftsubnets=10.1.0.0/16,10.2.0.0/16\nrightsubnets=10.3.0.0/16");

	g_assert_null(strstr(conf, "interface"));
	g_assert_null(strstr(conf, "narrowing"));
	g_assert_null(strstr(conf, "rightsubnet="));
	g_assert_nonnull(strstr(conf, "\tleftsubnets=10.1.0.0/16,10.2.0.0/16\n"));
	g_assert_nonnull(strstr(conf, "\trightsubnets=10.3.0.0/16\n"));
}

static void
test_optional_params(void)
{
	g_autoptr(Profile) profile = make_profile("right=192.0.2.1\nnm-auto-defaults=no");
	IpsecConfParams params = {.libreswan_major = 5, .libreswan_minor = 2, .conn_name = "a"};
	g_autofree char *conf = ipsec_conf_write(profile, &params, NULL);

	g_assert_cmpstr(conf, ==,
					"config setup\n\nconn a\n\tright=192.0.2.1\n\tleft=%defaultroute\n"
					"\tdpddelay=5s\n\tretransmit-timeout=20s\n");
}

static void
test_versions(void)
{
	static const struct {
		guint major, minor;
		const char *given;
		int code; /* -1: it can */
	} cases[] = {
		{3, 32, "right=gw", PROFILE_ERROR_UNSUPPORTED},
		{4, 3, "right=gw", -1},
		{4, 15, "right=gw", -1},
		{5, 0, "right=gw", PROFILE_ERROR_UNSUPPORTED},
		{5, 1, "right=gw", PROFILE_ERROR_UNSUPPORTED},
		{5, 1, "right=gw\nipsec-interface=no", -1},
		{5, 2, "right=gw", -1},
		{5, 3, "right=gw", -1},
		{6, 0, "right=gw", -1},
		{4, 10, "right=gw\nikev2=yes\nrightsubnet=10.0.0.0/8,10.2.0.0/16",
		 PROFILE_ERROR_UNSUPPORTED},
		{4, 10, "right=gw\nikev2=yes\nrightsubnets=10.0.0.0/8,2001:db8::/32",
		 PROFILE_ERROR_UNSUPPORTED},
		{4, 10, "right=gw\nikev2=yes\nrightsubnets=10.0.0.0/8,10.2.0.0/16", -1},
		{4, 10, "right=gw\nikev2=yes\nrightsubnets=2001:db8::/32", PROFILE_ERROR_UNSUPPORTED},
		{4, 10, "right=2001:db8::1\nikev2=yes\nrightsubnets=2001:db8::/32", -1},
		{4, 10, "right=2001:db8::1\nikev2=yes\nrightsubnets=10.0.0.0/8", PROFILE_ERROR_UNSUPPORTED},
		{4, 10, "right=gw\nrightsubnets=10.0.0.0/8", PROFILE_ERROR_UNSUPPORTED},
		{4, 10, "right=gw\nleftsubnet=10.1.0.0/16\nrightsubnets=10.0.0.0/8", -1},
		{4, 10, "right=gw\nleftsubnets=10.1.0.0/16", -1},
		{5, 2, "right=gw\nrightsubnets=10.0.0.0/8", -1},
		{5, 2, "right=gw\nikev2=yes\nrightsubnets=10.0.0.0/8,2001:db8::/32", -1},
		{5, 2, "right=gw\nikev2=yes\nrightsubnet=10.0.0.0/8,10.2.0.0/16", -1},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Profile) profile = make_profile(cases[i].given);
		IpsecConfParams params = params_for(cases[i].major, cases[i].minor, profile);
		g_autoptr(GError) error = NULL;
		g_autofree char *conf = ipsec_conf_write(profile, &params, &error);

		g_test_message("%u.%u %s", cases[i].major, cases[i].minor, cases[i].given);
		if (cases[i].code >= 0) {
			g_assert_error(error, PROFILE_ERROR, cases[i].code);
			g_assert_null(conf);
		} else {
			g_assert_no_error(error);
			g_assert_nonnull(conf);
		}
	}
}

static void
test_append(void)
{
	static const struct {
		const char *value, *line; /* NULL: refused */
	} cases[] = {
		{"yes", "\tx=yes\n"},
		{"%defaultroute", "\tx=%defaultroute\n"},
		{"2001:db8::/32", "\tx=2001:db8::/32\n"},
		{"aes256-sha1;modp1536", "\tx=aes256-sha1;modp1536\n"},
		{"a b", "\tx=\"a b\"\n"},
		{"#a", "\tx=\"#a\"\n"},
		{"a#b", "\tx=\"a#b\"\n"},
		{"{a}", "\tx=\"{a}\"\n"},
		{"it's", "\tx=\"it's\"\n"},
		{"$(reboot)", "\tx=\"$(reboot)\"\n"},
		{"\\", "\tx=\"\\\"\n"},
		{"Büro", "\tx=\"Büro\"\n"},
		{"17", "\tx=\"17\"\n"}, /* a user may be called so */
		{"%forever", "\tx=\"%forever\"\n"},
		{"", NULL},
		{"a\"b", NULL},
		{"a\nb", NULL},
		{"a\rb", NULL},
		{"a\x01", NULL},
		{"a\xff", NULL},
		{"a\x7f", NULL},
	};
	g_autofree char *long_value = g_strnfill(OPTION_VALUE_MAX + 1, 'a');
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;

		g_string_truncate(text, 0);
		g_assert_cmpint(ipsec_conf_append(text, "x", cases[i].value, &error), ==,
						cases[i].line != NULL);
		g_assert_cmpstr(text->str, ==, cases[i].line ?: "");
		if (!cases[i].line)
			g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
	}
	g_assert_false(ipsec_conf_append(text, "x", long_value, NULL));

	g_string_truncate(text, 0);
	g_assert_true(ipsec_conf_append_number(text, "x", "17", NULL));
	g_assert_true(ipsec_conf_append_number(text, "y", "24h", NULL));
	g_assert_cmpstr(text->str, ==, "\tx=17\n\ty=24h\n");
	g_assert_false(ipsec_conf_append_number(text, "x", "", NULL));
	g_assert_false(ipsec_conf_append_number(text, "x", "1\n2", NULL));
}

/* What the service passes is checked like what the user gives. */
static void
test_hostile_params(void)
{
	static const char *const hostile[] = {"x\ny", "x\"y", "x\n\nconn z\n\tright=%any", "\xff", ""};
	static const char *const names[] = {"a b", "a\nb", "a\"b", "{a}", "%default", "123", "", "a#b"};
	g_autoptr(Profile) profile = make_profile("right=gw");

	for (guint i = 0; i < G_N_ELEMENTS(hostile); i++) {
		for (guint j = 0; j < 6; j++) {
			IpsecConfParams params = params_for(4, 10, profile);
			const char **places[] = {&params.dumpdir, &params.nssdir, &params.secretsfile,
									 &params.listen,  &params.updown, &params.auto_mode};
			g_autoptr(GError) error = NULL;

			*places[j] = hostile[i];
			g_assert_null(ipsec_conf_write(profile, &params, &error));
			g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
		}
	}
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		IpsecConfParams params = params_for(4, 10, profile);
		g_autoptr(GError) error = NULL;

		params.conn_name = names[i];
		g_assert_null(ipsec_conf_write(profile, &params, &error));
		g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
	}
}

/*****************************************************************************/

/* Exactly the keywords that the profile and the parameters mean, each once. */
static void
check_reads_back(const char *conf, const Profile *profile, guint major)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(IpsecConfFile) file = ipsec_conf_read(conf, -1, &error);
	guint ike = profile_is_ikev2(profile) ? OPTION_IKEV2 : OPTION_IKEV1;
	const IpsecConfSection *conn;
	guint n, expected = 2 /* leftupdown, auto */;
	const Option *options = option_all(&n);

	g_assert_no_error(error);
	g_assert_cmpuint(file->sections->len, ==, 2);
	g_assert_cmpuint(file->comments->len, ==, 0);
	g_assert_cmpint(((IpsecConfSection *) file->sections->pdata[0])->type, ==, IPSEC_CONF_SETUP);
	conn = file->sections->pdata[1];
	g_assert_cmpint(conn->type, ==, IPSEC_CONF_CONN);
	g_assert_cmpstr(conn->name, ==, CONN);

	for (guint i = 0; i < n; i++) {
		const char *keyword = major >= 5 ? options[i].conf5 : options[i].conf4;
		const char *value = profile_get_option(profile, &options[i]);
		const IpsecConfEntry *entry;

		if (!keyword)
			continue;
		entry = ipsec_conf_section_find(conn, keyword);
		if (!value || !(options[i].ike & ike) ||
			(g_str_equal(keyword, "mobike") && profile_wants_interface(profile))) {
			g_assert_null(entry);
			continue;
		}
		g_assert_nonnull(entry);
		if (g_str_equal(keyword, "keyexchange"))
			value = ike == OPTION_IKEV2 ? "ikev2" : "ikev1";
		if (g_str_equal(keyword, "fragmentation") && ike == OPTION_IKEV2 &&
			g_str_equal(value, "force"))
			value = "yes";
		if (g_str_equal(keyword, "left"))
			value = "192.0.2.7"; /* the one that it listens on */
		g_assert_cmpstr(entry->value, ==, value);
		expected++;
	}
	if (profile_wants_interface(profile)) {
		g_assert_cmpstr(ipsec_conf_section_find(conn, "ipsec-interface")->value, ==, "7");
		expected++;
	}
	if (ipsec_conf_section_find(conn, "rekeymargin")) {
		g_assert_true(profile_get(profile, "ikelifetime") || profile_get(profile, "salifetime"));
		expected++;
	}
	g_assert_cmpuint(conn->entries->len, ==, expected);
}

/* libreswan's own parser, where it is installed. */
static void
check_libreswan(const char *conf)
{
	static const char addconn[] = LIBRESWAN_DIR "/addconn";
	g_autoptr(GError) error = NULL;
	g_autofree char *path = NULL, *out = NULL, *err = NULL;
	const char *check[] = {addconn, "--checkconfig", "--config", NULL, NULL};
	const char *list[] = {addconn, "--listall", "--config", NULL, NULL};
	int fd, status;

	fd = g_file_open_tmp("ipsec-conf-XXXXXX", &path, &error);
	g_assert_no_error(error);
	g_close(fd, NULL);
	g_file_set_contents(path, conf, -1, &error);
	g_assert_no_error(error);

	check[3] = list[3] = path;
	g_spawn_sync(NULL, (char **) check, NULL, 0, NULL, NULL, &out, &err, &status, &error);
	g_assert_no_error(error);
	if (status != 0 || err[0])
		g_test_message("%s\n%s%s", conf, out, err);
	g_assert_cmpint(status, ==, 0);
	g_assert_cmpstr(err, ==, "");

	g_clear_pointer(&out, g_free);
	g_clear_pointer(&err, g_free);
	g_spawn_sync(NULL, (char **) list, NULL, 0, NULL, NULL, &out, &err, &status, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(g_strstrip(out), ==, CONN);
	g_unlink(path);
}

/* The version of the libreswan that is installed, FALSE if none is. */
static gboolean
installed_version(guint *major, guint *minor)
{
	const char *argv[] = {LIBRESWAN_DIR "/pluto", "--version", NULL};
	g_autofree char *out = NULL;
	const char *at;

	if (!g_spawn_sync(NULL, (char **) argv, NULL, 0, NULL, NULL, &out, NULL, NULL, NULL))
		return FALSE;
	at = strstr(out, "Libreswan ");
	return at && sscanf(at, "Libreswan %u.%u", major, minor) == 2;
}

static void
test_property(void)
{
	guint major = 0, minor = 0;
	gboolean installed = installed_version(&major, &minor);
	guint rounds = g_test_slow() ? 20000 : 400;

	g_test_message("libreswan %u.%u", major, minor);
	for (guint i = 0; i < rounds; i++) {
		g_autoptr(Profile) profile = NULL;
		g_autoptr(GError) error = NULL;
		g_autofree char *text = random_profile();
		static const guint versions[][2] = {{4, 10}, {5, 2}};

		profile = make_profile_checked(text, "joe", &error);
		if (error)
			g_test_message("%s", text);
		g_assert_no_error(error);
		for (guint v = 0; v < G_N_ELEMENTS(versions); v++) {
			IpsecConfParams params = params_for(versions[v][0], versions[v][1], profile);
			g_autofree char *conf = ipsec_conf_write(profile, &params, &error);

			/* libreswan 4 cannot do every kind of list, 5 not everything on demand; it has to be
			 * that. */
			if (error) {
				g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_UNSUPPORTED);
				if (strstr(error->message, "nm-connect-mode"))
					g_assert_nonnull(strstr(text, "nm-connect-mode="));
				else
					g_assert_nonnull(strstr(text, "subnets="));
				g_clear_error(&error);
				continue;
			}
			check_reads_back(conf, profile, versions[v][0]);
			if (installed && versions[v][0] == major && i % 8 == 0)
				check_libreswan(conf);
		}
	}
	if (!installed)
		g_test_message("libreswan is not installed: its own parser was not asked");
}

/* libreswan 4.6 asks whether the gateway lives only where it has the timeout, also with IKEv2;
 * later ones warn of it. Never is zero for both. */
static void
test_liveness(void)
{
	const char *given = "right=192.0.2.1\nikev2=insist";
	g_autofree char *old = write_conf(4, 6, given);
	g_autofree char *new = write_conf(4, 7, given);
	g_autofree char *never1 = write_conf(5, 2, "right=192.0.2.1\ndpddelay=0s");
	g_autofree char *never2 = write_conf(5, 2, "right=192.0.2.1\nikev2=yes\ndpddelay=0s");

	g_assert_nonnull(strstr(old, "\tdpddelay=5s\n\tdpdtimeout=20s\n"));
	g_assert_nonnull(strstr(new, "\tdpddelay=5s\n"));
	g_assert_null(strstr(new, "dpdtimeout"));
	g_assert_nonnull(strstr(never1, "\tdpddelay=0\n\tdpdtimeout=0\n"));
	g_assert_nonnull(strstr(never2, "\tdpddelay=0\n"));
	g_assert_null(strstr(never2, "dpdtimeout"));
}

/* pluto cannot migrate what has an if_id. */
static void
test_mobike(void)
{
	const char *given = "right=192.0.2.1\nikev2=insist\nmobike=yes";
	g_autofree char *with = write_conf(5, 2, given);
	g_autofree char *policies = g_strconcat(given, "\nipsec-interface=no", NULL);
	g_autofree char *without = write_conf(5, 2, policies);

	g_assert_null(strstr(with, "mobike"));
	g_assert_nonnull(strstr(without, "\tmobike=yes\n"));
}

/* What is this connection's alone, and what is the host's. */
static void
test_numbers(void)
{
	static const struct {
		guint major, minor;
		gboolean lifetime;
	} rows[] = {{4, 10, FALSE}, {5, 0, TRUE}, {5, 2, TRUE}, {5, 3, FALSE}, {6, 0, FALSE}};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Profile) profile =
			make_profile("right=192.0.2.1\nikev2=insist\nipsec-interface=no");
		IpsecConfParams params = params_for(rows[i].major, rows[i].minor, profile);
		g_autofree char *without = ipsec_conf_write(profile, &params, NULL);
		g_autofree char *with = NULL;

		g_assert_null(strstr(without, "reqid"));
		g_assert_null(strstr(without, "xfrmlifetime"));
		params.reqid = 16379;
		params.acq_expires = 165;
		with = ipsec_conf_write(profile, &params, NULL);
		g_assert_nonnull(strstr(with, "\treqid=16379\n"));
		g_assert_cmpint(strstr(with, "\txfrmlifetime=165\n") != NULL, ==, rows[i].lifetime);
	}
}

/* A short life has a short margin. */
static void
test_rekey_margin(void)
{
	static const struct {
		const char *profile, *margin;
	} rows[] = {
		{"right=192.0.2.1\nikev2=insist", NULL},
		{"right=192.0.2.1", NULL},
		{"right=192.0.2.1\nikelifetime=45m", NULL},
		{"right=192.0.2.1\nikelifetime=2699", "539s"},
		{"right=192.0.2.1\nikelifetime=8h\nsalifetime=10m", "120s"},
		{"right=192.0.2.1\nikev2=insist\nsalifetime=1m", "12s"},
		{"right=192.0.2.1\nikev2=insist\nsalifetime=1m\nnm-auto-defaults=no", NULL},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Profile) profile = make_profile(rows[i].profile);
		IpsecConfParams params = params_for(5, 2, profile);
		g_autofree char *conf = ipsec_conf_write(profile, &params, NULL);
		g_autofree char *wanted = g_strdup_printf("\trekeymargin=%s\n", rows[i].margin);

		g_assert_nonnull(conf);
		g_assert_true(rows[i].margin ? strstr(conf, wanted) != NULL
									 : strstr(conf, "rekeymargin") == NULL);
	}
}

static void
test_on_demand(void)
{
	static const struct {
		const char *profile;
		guint major;
		gboolean possible;
	} rows[] = {
		{"right=192.0.2.1\nikev2=insist\nnm-connect-mode=ondemand", 5, FALSE},
		{"right=192.0.2.1\nikev2=insist\nnm-connect-mode=ondemand", 4, FALSE},
		{"right=192.0.2.1\nnm-connect-mode=ondemand", 5, TRUE},
		{"right=192.0.2.1\nikev2=insist\nleftmodecfgclient=no\nnm-connect-mode=ondemand", 5, TRUE},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Profile) profile = make_profile(rows[i].profile);
		IpsecConfParams params = params_for(rows[i].major, rows[i].major == 5 ? 2 : 10, profile);
		g_autoptr(GError) error = NULL;
		g_autofree char *conf = ipsec_conf_write(profile, &params, &error);

		if (rows[i].possible) {
			g_assert_no_error(error);
			continue;
		}
		g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_UNSUPPORTED);
		g_assert_nonnull(strstr(error->message, "nm-connect-mode"));
	}
}

/* The gateway has shown that it is none of Cisco's. */
static void
test_xauth_again(void)
{
	g_autoptr(Profile) profile = make_profile("right=192.0.2.1\nvendor=Cisco");
	IpsecConfParams params = params_for(5, 2, profile);
	g_autofree char *first = ipsec_conf_write(profile, &params, NULL);
	g_autofree char *then = NULL;

	params.xauth_again = TRUE;
	then = ipsec_conf_write(profile, &params, NULL);
	g_assert_nonnull(strstr(first, "\tremote-peer-type=cisco\n"));
	g_assert_null(strstr(then, "remote-peer-type"));
}

/* A recovery does not look the name up. */
static void
test_gateway(void)
{
	g_autoptr(Profile) profile = make_profile("right=vpn.example.com");
	IpsecConfParams params = params_for(5, 2, profile);
	g_autofree char *by_name = ipsec_conf_write(profile, &params, NULL);
	g_autofree char *by_address = NULL;

	params.gateway = "192.0.2.1";
	by_address = ipsec_conf_write(profile, &params, NULL);
	g_assert_nonnull(strstr(by_name, "\tright=vpn.example.com\n"));
	g_assert_nonnull(strstr(by_address, "\tright=192.0.2.1\n"));
	g_assert_null(strstr(by_address, "vpn.example.com"));
}

/* What the certificates of files make of it (cert-policy.h). */
static void
check_certificates(const char *given, const IpsecConfCertificates *certificates,
				   const char *const *lines, const char *const *others)
{
	g_autoptr(Profile) profile = make_profile(given);

	for (guint major = 4; major <= 5; major++) {
		IpsecConfParams params = params_for(major, major == 4 ? 10 : 2, profile);
		g_autofree char *conf = NULL;

		params.certificates = certificates;
		conf = ipsec_conf_write(profile, &params, NULL);
		g_assert_nonnull(conf);
		for (guint i = 0; lines[i]; i++) {
			g_autofree char *line = g_strdup_printf("\t%s\n", lines[i]);
			const char *found = strstr(conf, line);

			if (!found || strstr(found + 1, line))
				g_error("not once: %s in %s", lines[i], conf);
		}
		for (guint i = 0; others[i]; i++)
			g_assert_null(strstr(conf, others[i]));
	}
}

#define FILES "right=gw.example\nikev2=insist\ncert=/home/joe/joe.p12\n"

static void
test_certificates(void)
{
	const IpsecConfCertificates rsa = {.leftcert = "user", .rightca = "O=#0C034C6162"};
	const IpsecConfCertificates ec = {.leftcert = "user",
									  .rightca = "O=#0C034C6162",
									  .sends_issuers = TRUE,
									  .leftauth = "ecdsa",
									  .rightauth = "rsasig"};
	const char *const of_all[] = {"leftcert=user",        "rightca=\"O=#0C034C6162\"",
								  "rightid=@gw.example",  "leftid=%fromcert",
								  "leftsendcert=always",  "leftrsasigkey=%cert",
								  "rightrsasigkey=%cert", NULL};
	const char *const of_ec[] = {"leftauth=ecdsa", "rightauth=rsasig", "sendca=all", NULL};
	const char *const own[] = {"rightca=%same", NULL};
	const char *const not_rsa[] = {"sendca", "leftauth=", "authby", "joe.p12", NULL};
	const char *const not_ec[] = {"authby", "joe.p12", NULL};
	const char *const not_own[] = {"0C034C", NULL};
	const char *const not_yet[] = {"leftcert", "rightca", NULL};
	const char *const nothing[] = {NULL};

	check_certificates(FILES, &rsa, of_all, not_rsa);
	check_certificates(FILES, &ec, of_all, not_ec);
	check_certificates(FILES, &ec, of_ec, not_ec);
	/* 4.10 does not load a conn that has it twice. */
	check_certificates(FILES "rightca=%same", &rsa, own, not_own);
	check_certificates(FILES, NULL, nothing, not_yet);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ipsec-conf/ikev1", test_ikev1);
	g_test_add_func("/ipsec-conf/ikev2", test_ikev2);
	g_test_add_func("/ipsec-conf/policy-based", test_policy_based);
	g_test_add_func("/ipsec-conf/optional-params", test_optional_params);
	g_test_add_func("/ipsec-conf/versions", test_versions);
	g_test_add_func("/ipsec-conf/append", test_append);
	g_test_add_func("/ipsec-conf/hostile-params", test_hostile_params);
	g_test_add_func("/ipsec-conf/property", test_property);
	g_test_add_func("/ipsec-conf/liveness", test_liveness);
	g_test_add_func("/ipsec-conf/mobike", test_mobike);
	g_test_add_func("/ipsec-conf/numbers", test_numbers);
	g_test_add_func("/ipsec-conf/gateway", test_gateway);
	g_test_add_func("/ipsec-conf/rekey-margin", test_rekey_margin);
	g_test_add_func("/ipsec-conf/xauth-again", test_xauth_again);
	g_test_add_func("/ipsec-conf/on-demand", test_on_demand);
	g_test_add_func("/ipsec-conf/certificates", test_certificates);
	return g_test_run();
}
