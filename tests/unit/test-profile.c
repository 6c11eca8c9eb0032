/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <unistd.h>

#include "make-profile.h"

/* Every effective value of a profile, one key=value a line, in the table's order. */
static char *
effective(const Profile *profile)
{
	g_autoptr(GString) text = g_string_new(NULL);
	guint n;
	const Option *options = option_all(&n);

	for (guint i = 0; i < n; i++) {
		const char *value = profile_get_option(profile, &options[i]);

		if (value)
			g_string_append_printf(text, "%s=%s\n", options[i].key, value);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

#define assert_effective(given, expected)                                                          \
	G_STMT_START                                                                                   \
	{                                                                                              \
		g_autoptr(Profile) p_ = make_profile(given);                                               \
		g_autofree char *text_ = effective(p_);                                                    \
                                                                                                   \
		g_assert_cmpstr(text_, ==, expected);                                                      \
	}                                                                                              \
	G_STMT_END

/* What the plugin that we replace fills in, and what we fill in beyond it. */
static void
test_defaults_ikev1(void)
{
	assert_effective("right=vpn.example.com", "right=vpn.example.com\n"
											  "left=%defaultroute\n"
											  "ikev2=never\n"
											  "aggressive=no\n"
											  "authby=secret\n"
											  "leftusername=joe\n"
											  "leftxauthclient=yes\n"
											  "rightxauthserver=yes\n"
											  "leftmodecfgclient=yes\n"
											  "rightmodecfgserver=yes\n"
											  "modecfgpull=yes\n"
											  "rightsubnet=0.0.0.0/0\n"
											  "ikelifetime=24h\n"
											  "salifetime=24h\n"
											  "rekey=yes\n"
											  "keyingtries=1\n"
											  "dpddelay=5s\n"
											  "dpdtimeout=20s\n"
											  "dpdaction=hold\n");
}

static void
test_defaults_ikev2(void)
{
	assert_effective("right=vpn.example.com\n"
					 "ikev2=insist\n"
					 "rightsubnet=10.0.0.0/8\n"
					 "leftid=%fromcert\n"
					 "leftcert=Joe",
					 "right=vpn.example.com\n"
					 "left=%defaultroute\n"
					 "leftid=%fromcert\n"
					 "ikev2=insist\n"
					 "leftcert=Joe\n"
					 "leftrsasigkey=%cert\n"
					 "rightrsasigkey=%cert\n"
					 "leftmodecfgclient=yes\n"
					 "rightmodecfgserver=yes\n"
					 "leftsubnet=0.0.0.0/0\n"
					 "rightsubnet=10.0.0.0/8\n"
					 "narrowing=yes\n"
					 "salifetime=45m\n"
					 "rekey=yes\n"
					 "keyingtries=1\n"
					 "dpddelay=5s\n"
					 "dpdtimeout=20s\n"
					 "dpdaction=hold\n"
					 "retransmit-timeout=20s\n");
}

/* Certificates in files: the gateway is who has the name that is called. */
static void
test_files(void)
{
	assert_effective("right=vpn.example.com\n"
					 "ikev2=insist\n"
					 "rightsubnet=10.0.0.0/8\n"
					 "cert=/home/joe/joe.p12\n"
					 "authby=secret",
					 "right=vpn.example.com\n"
					 "rightid=@vpn.example.com\n"
					 "left=%defaultroute\n"
					 "leftid=%fromcert\n"
					 "ikev2=insist\n"
					 "cert=/home/joe/joe.p12\n"
					 "leftrsasigkey=%cert\n"
					 "leftsendcert=always\n"
					 "rightrsasigkey=%cert\n"
					 "leftmodecfgclient=yes\n"
					 "rightmodecfgserver=yes\n"
					 "leftsubnet=0.0.0.0/0\n"
					 "rightsubnet=10.0.0.0/8\n"
					 "narrowing=yes\n"
					 "salifetime=45m\n"
					 "rekey=yes\n"
					 "keyingtries=1\n"
					 "dpddelay=5s\n"
					 "dpdtimeout=20s\n"
					 "dpdaction=hold\n"
					 "retransmit-timeout=20s\n");
}

static void
test_files_and_identities(void)
{
	g_autoptr(Profile) address = make_profile("right=192.0.2.1\ncert=/c\nikev2=insist");
	g_autoptr(Profile) own = make_profile("right=gw\ncert=/c\nrightid=other\nleftid=joe");
	g_autoptr(Profile) bare = make_profile("right=gw\ncert=/c\nnm-auto-defaults=no");
	g_autoptr(Profile) nickname = make_profile("right=gw\nleftcert=c");

	/* Its address is libreswan's own default. */
	g_assert_cmpstr(profile_get(address, "rightid"), ==, NULL);
	g_assert_cmpstr(profile_get(own, "rightid"), ==, "@other");
	g_assert_cmpstr(profile_get(own, "leftid"), ==, "@joe");
	/* A certificate is no group of a Cisco gateway. */
	g_assert_cmpstr(profile_get(own, "aggressive"), ==, "no");
	g_assert_cmpstr(profile_get(bare, "rightid"), ==, NULL);
	g_assert_cmpstr(profile_get(bare, "leftid"), ==, NULL);
	g_assert_true(profile_uses_files(bare));
	/* As ever. */
	g_assert_false(profile_uses_files(nickname));
	g_assert_cmpstr(profile_get(nickname, "rightid"), ==, NULL);
	g_assert_cmpstr(profile_get(nickname, "leftsendcert"), ==, NULL);
}

static Profile *
profile_of_users(const char *data, const char *const *users, GError **error)
{
	g_autoptr(NMConnection) connection = nm_simple_connection_new();
	NMSetting *setting = nm_setting_connection_new(), *vpn = nm_setting_vpn_new();

	for (guint i = 0; users[i]; i++)
		nm_setting_connection_add_permission(NM_SETTING_CONNECTION(setting), "user", users[i],
											 NULL);
	nm_setting_vpn_add_data_item(NM_SETTING_VPN(vpn), "right", "gw");
	nm_setting_vpn_add_data_item(NM_SETTING_VPN(vpn), data, "/c");
	nm_connection_add_setting(connection, setting);
	nm_connection_add_setting(connection, vpn);
	return profile_new(connection, error);
}

/* Whose rights its files are read with. */
static void
test_owner(void)
{
	static const char *const none[] = {NULL};
	static const char *const one[] = {"joe", NULL};
	static const char *const two[] = {"joe", "erin", NULL};
	g_autoptr(Profile) of_system = profile_of_users("cert", none, NULL);
	g_autoptr(Profile) of_joe = profile_of_users("cert", one, NULL);
	g_autoptr(Profile) without_files = profile_of_users("leftcert", two, NULL);
	g_autoptr(GError) error = NULL;

	g_assert_cmpstr(profile_get_owner(of_system), ==, NULL);
	g_assert_cmpstr(profile_get_owner(of_joe), ==, "joe");
	g_assert_nonnull(without_files);
	g_assert_null(profile_of_users("cert", two, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
	g_assert_nonnull(strstr(error->message, "connection.permissions names 2"));
}

static void
test_no_auto_defaults(void)
{
	assert_effective("right=vpn.example.com\n"
					 "nm-auto-defaults=no\n"
					 "leftid=joe",
					 "right=vpn.example.com\n"
					 "left=%defaultroute\n"
					 "leftid=joe\n"
					 "keyingtries=1\n"
					 "dpddelay=5s\n"
					 "dpdtimeout=20s\n"
					 "dpdaction=hold\n"
					 "retransmit-timeout=20s\n"
					 "nm-auto-defaults=no\n");
	/* Recovery stays ours even there, and what it needs to know. */
	assert_effective("right=vpn.example.com\n"
					 "nm-auto-defaults=false\n"
					 "dpdaction=restart",
					 "right=vpn.example.com\n"
					 "left=%defaultroute\n"
					 "keyingtries=1\n"
					 "dpddelay=5s\n"
					 "dpdtimeout=20s\n"
					 "dpdaction=hold\n"
					 "retransmit-timeout=20s\n"
					 "nm-auto-defaults=no\n");
}

/* One value each, out of all that the given keys lead to. */
static void
test_single_defaults(void)
{
	static const struct {
		const char *given, *key, *value;
	} cases[] = {
		/* identities */
		{"leftid=joe", "leftid", "@joe"},
		{"leftid=@joe", "leftid", "@joe"},
		{"leftid=@[joe]", "leftid", "@[joe]"},
		{"leftid=joe@example.com", "leftid", "@joe@example.com"},
		{"leftid=@@joe@example.com", "leftid", "joe@example.com"},
		{"leftid=@@joe", "leftid", "@@joe"},
		{"leftid=@@%any@example.com", "leftid", "@@%any@example.com"},
		{"rightid=@@vpn@example.com", "rightid", "vpn@example.com"},
		{"leftid=192.0.2.1", "leftid", "192.0.2.1"},
		{"leftid=2001:db8::1", "leftid", "2001:db8::1"},
		{"leftcert=c\nleftid=%fromcert", "leftid", "%fromcert"},
		{"rightid=gw", "rightid", "@gw"},
		{"rightid=C=DE, CN=gw", "rightid", "@C=DE, CN=gw"}, /* libreswan drops the @ again */

		/* IKE version */
		{"ikev2=no", "ikev2", "never"},
		{"ikev2=permit", "ikev2", "never"},
		{"ikev2=yes", "ikev2", "insist"},
		{"ikev2=propose", "ikev2", "insist"},
		{"ikev2=", "ikev2", "never"},

		/* aggressive mode */
		{"leftid=group", "aggressive", "yes"},
		{"leftid=group", "ike", "aes256-sha1;modp1536"},
		{"leftid=group", "esp", "aes256-sha1"},
		{"leftid=group\nike=3des-sha1;modp1024", "ike", "3des-sha1;modp1024"},
		{"leftid=group\nesp=3des-md5", "esp", "3des-md5"},
		{"leftid=group\nphase2alg=3des-md5", "esp", "3des-md5"},
		{"leftid=group\naggressive=no", "aggressive", "no"},
		{"leftid=group\naggressive=no", "ike", NULL},
		{"leftid=group\naggressive=no", "esp", NULL},
		{"leftid=group\naggrmode=no", "aggressive", "no"},
		{"aggressive=yes", "ike", "aes256-sha1;modp1536"},
		{"leftid=group\nikev2=insist", "aggressive", NULL},
		{"leftid=group\nikev2=insist", "ike", NULL},
		{"leftid=", "aggressive", "no"},

		/* authentication */
		{"leftcert=c", "leftrsasigkey", "%cert"},
		{"leftcert=c", "rightrsasigkey", "%cert"},
		{"leftcert=c", "authby", NULL},
		{"leftcert=c\nauthby=secret", "authby", NULL},
		{"ikev2=insist\nleftcert=c\nauthby=ecdsa", "authby", "ecdsa"},
		{"rightcert=c", "rightrsasigkey", "%cert"},
		{"rightcert=c", "leftrsasigkey", NULL},
		{"leftrsasigkey=0sA\nrightrsasigkey=0sB", "rightrsasigkey", "0sB"},
		{"leftrsasigkey=0sA\nrightrsasigkey=0sB", "authby", NULL},
		{"key=/k\nrightrsasigkey=0sB", "authby", NULL},
		{"key=/k\nrightrsasigkey=0sB", "leftrsasigkey", NULL},
		{"key=/k\nrightrsasigkey=0sB", "leftid", NULL},
		{"leftckaid=01\nrightrsasigkey=0sB", "authby", NULL},
		{"leftckaid=01\nrightrsasigkey=0sB", "leftckaid", "01"},
		{"authby=rsasig", "authby", "secret"},
		{"ikev2=yes\nauthby=null", "authby", "null"},

		/* XAUTH */
		{"leftxauthusername=ann", "leftusername", "ann"},
		{"leftxauthusername=ann", "leftxauthusername", NULL},
		{"leftusername=eve\nleftxauthusername=ann", "leftusername", "eve"},
		{"leftxauthclient=no", "rightxauthserver", "no"},
		{"leftxauthclient=no", "leftusername", NULL},
		{"ikev2=yes", "leftusername", NULL},
		{"ikev2=yes", "leftxauthclient", NULL},

		/* subnets */
		{"clientaddrfamily=ipv6", "rightsubnet", "::/0"},
		{"leftsubnet=2001:db8::/32", "rightsubnet", "::/0"},
		{"leftsubnets=2001:db8::/32", "rightsubnet", "::/0"},
		{"leftsubnet=10.0.0.0/8", "rightsubnet", "0.0.0.0/0"},
		{"leftsubnet=10.0.0.0/8", "clientaddrfamily", NULL},
		{"rightsubnet=10.0.0.0/8\nrightsubnets=10.0.0.0/16", "rightsubnets",
		 "10.0.0.0/8,10.0.0.0/16"},
		{"rightsubnet=10.0.0.0/8\nrightsubnets=10.0.0.0/16", "rightsubnet", NULL},
		{"rightsubnets=2001:db8::/32,2001:db8:1::/48", "clientaddrfamily", "ipv6"},
		{"ikev2=yes\nrightsubnet=10.0.0.0/8,2001:db8::/32", "clientaddrfamily", NULL},
		{"rightsubnets=10.0.0.0/8", "rightsubnet", NULL},
		{"type=transport", "rightsubnet", NULL},
		{"ikev2=yes", "leftsubnet", "0.0.0.0/0"},
		{"ikev2=yes\nclientaddrfamily=ipv6", "leftsubnet", "::/0"},
		{"ikev2=yes\nrightsubnet=2001:db8::/32", "leftsubnet", "::/0"},
		{"ikev2=yes\nrightsubnet=10.0.0.0/8,2001:db8::/32", "leftsubnet", "0.0.0.0/0,::/0"},
		{"ikev2=yes\nleftsubnet=10.9.0.0/16", "leftsubnet", "10.9.0.0/16"},
		{"ikev2=yes\nleftsubnets=10.9.0.0/16", "leftsubnet", NULL},
		{"ikev2=yes\nrightsubnets=10.0.0.0/8,2001:db8::/32", "leftsubnets", "0.0.0.0/0,::/0"},
		{"ikev2=yes\nrightsubnets=10.0.0.0/8,2001:db8::/32", "leftsubnet", NULL},
		{"ikev2=yes\nrightsubnets=10.0.0.0/8", "leftsubnet", "0.0.0.0/0"},
		{"ikev2=yes\nleftmodecfgclient=no", "leftsubnet", NULL},
		{"ikev2=yes\nleftmodecfgclient=no", "narrowing", NULL},
		{"ikev2=yes\nnarrowing=no", "narrowing", "no"},
		{"ikev2=no", "narrowing", NULL},
		{"ikev2=no", "leftsubnet", NULL},
		{"left=2001:db8::2", "leftsubnet", "0.0.0.0/0"},
		{"left=2001:db8::2\nleftsubnet=10.0.0.0/8", "leftsubnet", "10.0.0.0/8"},
		{"left=2001:db8::2\nclientaddrfamily=ipv6", "leftsubnet", NULL},
		{"clientaddrfamily=ipv6", "leftsubnet", "::/0"},
		{"left=2001:db8::2\nleftmodecfgclient=no", "leftsubnet", NULL},

		/* mode configuration */
		{"leftmodecfgclient=no", "leftmodecfgclient", "no"},
		{"leftmodecfgclient=no", "rightmodecfgserver", NULL},
		{"leftmodecfgclient=no", "modecfgpull", NULL},
		{"ikev2=yes", "rightmodecfgserver", "yes"},

		/* lifetimes and liveness */
		{"ikev2=yes", "ikelifetime", NULL},
		{"ikelifetime=8h", "ikelifetime", "8h"},
		{"dpddelay=30", "dpdtimeout", "120s"},
		{"dpddelay=30", "dpddelay", "30"},
		{"dpdtimeout=2m", "dpddelay", "30s"},
		{"dpdtimeout=2s", "dpddelay", "1s"},
		{"dpddelay=10\ndpdtimeout=60", "dpdtimeout", "60"},
		{"dpddelay=0", "dpddelay", "0"},
		{"dpddelay=0", "dpdtimeout", "0"},
		{"dpddelay=0s\ndpdtimeout=20s", "dpddelay", "0"},
		{"dpddelay=0s\ndpdtimeout=20s", "dpdtimeout", "0"},
		{"dpdtimeout=0", "dpddelay", "0"},
		{"dpddelay=10\ndpdtimeout=0", "dpddelay", "0"},
		{"ikev2=yes\ndpdtimeout=0", "dpddelay", "0"},
		{"ikev2=yes\ndpddelay=10\ndpdtimeout=0", "dpddelay", "10"},
		{"nm-auto-defaults=no\ndpddelay=0", "dpddelay", "0"},
		{"dpdaction=restart", "dpdaction", "hold"},
		{"dpdaction=clear", "dpdaction", "clear"},
		{"rekey=no", "rekey", "no"},
		{"keyingtries=3", "keyingtries", "1"},
		{"keyingtries=%forever", "keyingtries", "1"},
		{"dpdaction=none", "dpdaction", "hold"},

		/* families outside */
		{"left=2001:db8::2", "hostaddrfamily", "ipv6"},
		{"left=192.0.2.1", "hostaddrfamily", NULL},
		{"left=2001:db8::2\nhostaddrfamily=v6", "hostaddrfamily", "ipv6"},

		/* vendors */
		{"vendor=Cisco", "cisco-unity", "yes"},
		{"vendor=Cisco\nikev2=yes", "cisco-unity", NULL},
		{"vendor=Juniper", "cisco-unity", NULL},
		{"cisco-unity=yes", "cisco-unity", "yes"},
		{"remote_peer_type=cisco", "remote-peer-type", "cisco"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *given = g_strconcat("right=gw.example.com\n", cases[i].given, NULL);
		g_autoptr(Profile) profile = make_profile(given);

		g_test_message("%s", cases[i].given);
		g_assert_cmpstr(profile_get(profile, cases[i].key), ==, cases[i].value);
	}
}

static void
test_refused(void)
{
	static const struct {
		const char *given;
		ProfileError code;
		const char *message; /* how it begins */
	} cases[] = {
		{"", PROFILE_ERROR_MISSING, "right: is missing"},
		{"right=", PROFILE_ERROR_MISSING, "right: is missing"},
		{"right=gw\nrigth=gw", PROFILE_ERROR_UNKNOWN_KEY, "unknown key \"rigth\"; did you mean"},
		{"right=gw\nhola=x", PROFILE_ERROR_UNKNOWN_KEY, "unknown key \"hola\""},
		{"right=gw\nleftupdown=/bin/sh", PROFILE_ERROR_UNKNOWN_KEY, "unknown key \"leftupdown\""},
		{"right=gw\nauto=start", PROFILE_ERROR_UNKNOWN_KEY, "unknown key \"auto\""},
		{"right=gw\nalso=other", PROFILE_ERROR_UNKNOWN_KEY, "unknown key \"also\""},
		{"right=gw\nikev2=hello world", PROFILE_ERROR_INVALID, "ikev2: \"hello world\""},
		{"right=gw\naggressive=yes\nikev2=yes", PROFILE_ERROR_INVALID, "aggressive: "},
		{"right=gw\naggressive=yes\nnm-auto-defaults=no", PROFILE_ERROR_INVALID, "aggressive: "},
		{"right=gw\nrightsubnet=10.0.0.0/8,10.1.0.0/16", PROFILE_ERROR_INVALID,
		 "rightsubnet: several subnets in one tunnel are for IKEv2"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(Profile) profile = make_profile_checked(cases[i].given, NULL, &error);

		g_test_message("%s", cases[i].given);
		g_assert_null(profile);
		g_assert_error(error, PROFILE_ERROR, (int) cases[i].code);
		g_assert_true(g_str_has_prefix(error->message, cases[i].message));
	}
}

/* Who could be taken for the gateway; with our defaults and without. */
static void
test_weakness(void)
{
	static const struct {
		const char *given;
		gboolean authenticates, weak;
	} cases[] = {
		{"", TRUE, FALSE},
		{"rightid=%any", TRUE, FALSE}, /* the secret says who it is */
		{"authby=null", FALSE, TRUE},
		{"nm-auto-defaults=no\nauthby=null", FALSE, TRUE},
		{"nm-auto-defaults=no\nauthby=secret,null", FALSE, TRUE},
		{"authby=secret,null", TRUE, FALSE}, /* is made secret */
		{"leftcert=c\nauthby=rsasig|null", FALSE, TRUE},
		{"leftcert=c", TRUE, FALSE},
		{"leftcert=c\nrightid=gw", TRUE, FALSE},
		{"leftcert=c\nrightid=%fromcert", TRUE, TRUE},
		{"leftcert=c\nrightid=%any", TRUE, TRUE},
		{"leftcert=c\nrightid=%none", TRUE, TRUE},
		{"leftcert=c\nrightid=%null", TRUE, TRUE},
		{"leftcert=c\nrightid=0.0.0.0", TRUE, TRUE},
		{"leftcert=c\nrightid=C=*, CN=*", TRUE, TRUE},
		{"leftcert=c\nrightid=@~3000", TRUE, TRUE},
		{"leftcert=c\nrightid=C=DE, CN=*", TRUE, FALSE},
		{"leftcert=c\nrightid=gw\nrequire-id-on-certificate=no", TRUE, TRUE},
		{"rightid=gw\nrequire-id-on-certificate=no", TRUE, FALSE},
		{"nm-auto-defaults=no\nrightid=%any", TRUE, TRUE}, /* rsasig is libreswan's default */
		{"leftcert=c\nrightcert=d\nrightid=%any", TRUE, FALSE},
		{"leftcert=c\nrightrsasigkey=0sA\nrightid=%any", TRUE, FALSE},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *given = g_strconcat("right=gw\nikev2=insist\n", cases[i].given, NULL);
		g_autoptr(Profile) profile = make_profile(given);

		g_test_message("%s", cases[i].given);
		g_assert_cmpint(profile_authenticates_gateway(profile), ==, cases[i].authenticates);
		g_assert_cmpint(profile_find_weakness(profile) != NULL, ==, cases[i].weak);
	}
}

static char *
subnets(guint n, guint first)
{
	g_autoptr(GString) list = g_string_new(NULL);

	for (guint i = 0; i < n; i++)
		g_string_append_printf(list, "%s%u.%u.%u.0/24", i ? "," : "", first, i / 256, i % 256);
	return g_string_free(g_steal_pointer(&list), FALSE);
}

static void
assert_refused(const char *text, const char *message)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Profile) profile = make_profile_checked(text, "joe", &error);

	g_assert_null(profile);
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
	g_assert_cmpstr(error->message, ==, message);
}

/* Each pair is a tunnel; a list may be as long as its value, a product of two may not. */
static void
test_pairs(void)
{
	static const struct {
		guint left, right;
		const char *left_key, *right_key, *more;
		const char *message; /* NULL: is allowed */
	} cases[] = {
		{1, 200, "leftsubnet", "rightsubnets", "", NULL},
		{32, 32, "leftsubnets", "rightsubnets", "", NULL},
		{32, 32, "leftsubnet", "rightsubnet", "ikev2=insist", NULL},
		{32, 33, "leftsubnets", "rightsubnets", "",
		 "leftsubnets: 32 subnets here and 33 in rightsubnets are 1056 pairs with a tunnel each; "
		 "at most 1024 are allowed"},
		{32, 33, "leftsubnets", "rightsubnets", "nm-auto-defaults=no",
		 "leftsubnets: 32 subnets here and 33 in rightsubnets are 1056 pairs with a tunnel each; "
		 "at most 1024 are allowed"},
		{200, 200, "leftsubnets", "rightsubnets", "ikev2=insist\nrightsubnet=9.0.0.0/8",
		 "leftsubnets: 200 subnets here and 201 in rightsubnets are 40200 pairs with a tunnel "
		 "each; at most 1024 are allowed"},
		{100, 100, "leftsubnet", "rightsubnet", "ikev2=insist",
		 "leftsubnet: 100 subnets here and 100 in rightsubnet are 10000 pairs with a tunnel each; "
		 "at most 1024 are allowed"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *left = subnets(cases[i].left, 10);
		g_autofree char *right = subnets(cases[i].right, 11);
		g_autofree char *text =
			g_strdup_printf("right=192.0.2.1\nleftmodecfgclient=no\n%s=%s\n%s=%s\n%s",
							cases[i].left_key, left, cases[i].right_key, right, cases[i].more);
		g_autoptr(Profile) profile = NULL;

		if (cases[i].message)
			assert_refused(text, cases[i].message);
		else
			profile = make_profile(text);
	}
}

/* A value that is too long for ipsec.conf once it has its one spelling is refused at once, not when
 * the tunnel is wanted. */
static void
test_too_long(void)
{
	g_autofree char *name = g_strnfill(OPTION_VALUE_MAX, 'a');
	g_autofree char *leftid = g_strconcat("right=gw\nleftid=", name, NULL);
	g_autofree char *verbatim = g_strconcat(leftid, "\nnm-auto-defaults=no", NULL);
	g_autoptr(Profile) fits = make_profile(verbatim); /* there nothing is put in front */
	g_autoptr(GString) list = g_string_new("right=gw\nleftmodecfgclient=no\nrightsubnets=");
	g_autofree char *half = subnets(250, 10);
	g_autofree char *halves = g_strdup_printf("right=gw\nikev2=insist\nrightsubnet=%s\n"
											  "rightsubnets=%s",
											  half, half);

	assert_refused(leftid,
				   "leftid: \"@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…\" is too long "
				   "(4097 bytes, at most 4096); allowed is an identity: a name (vpn.example.com), "
				   "an IP address, a distinguished name (C=DE, CN=joe), a key ID (@[group]) or "
				   "%fromcert");
	for (guint i = 0; i < 400; i++)
		g_string_append_printf(list, "%s1.1.1.%u", i ? "," : "", 100 + i % 100);
	assert_refused(list->str,
				   "rightsubnets: \"1.1.1.100/32,1.1.1.101/32,1.1.1.102/32,1.1.1.103…\" is too "
				   "long (5199 bytes, at most 4096); allowed is a list of subnets such as "
				   "10.1.0.0/16,10.2.0.0/16");
	assert_refused(halves, "rightsubnets: \"10.0.0.0/24,10.0.1.0/24,10.0.2.0/24,10.0.3.0/24,…\" "
						   "is too long (6779 bytes, at most 4096); allowed is a list of subnets "
						   "such as 10.1.0.0/16,10.2.0.0/16");
}

/* vpn.user-name is what a profile could say, and is named where it is not. */
static void
test_user_name(void)
{
	static const struct {
		const char *user, *given, *message; /* NULL: is taken */
	} cases[] = {
		{"EXAMPLE\\joe", "", NULL},
		{"joe\nconn evil\n\tleftupdown=/x", "",
		 "vpn.user-name: \"joe\\nconn evil\\n\\u0009leftupdown=/x\" has a double quote, a line "
		 "break or a control character in it; allowed is text of at most 127 bytes, without "
		 "double quotes, line breaks and control characters"},
		{"j\"oe", "",
		 "vpn.user-name: \"j\\\"oe\" has a double quote, a line break or a control character in "
		 "it; allowed is text of at most 127 bytes, without double quotes, line breaks and "
		 "control characters"},
		/* who is not asked for may be called whatever he is */
		{"joe\n", "leftusername=ann", NULL},
		{"joe\n", "leftxauthclient=no", NULL},
		{"joe\n", "ikev2=insist", NULL},
		{"joe\n", "nm-auto-defaults=no\nikev2=never", NULL},
	};
	g_autofree char *longest = g_strnfill(127, 'j'), *longer = g_strnfill(128, 'j');
	g_autoptr(Profile) most = make_profile_checked("right=gw", longest, NULL);
	g_autoptr(GError) too_long = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = g_strconcat("right=gw\n", cases[i].given, NULL);
		g_autoptr(GError) error = NULL;
		g_autoptr(Profile) profile = make_profile_checked(text, cases[i].user, &error);

		g_test_message("%s", text);
		g_assert_cmpstr(error ? error->message : NULL, ==, cases[i].message);
		g_assert_true((profile == NULL) == (cases[i].message != NULL));
		if (i == 0)
			g_assert_cmpstr(profile_get_xauth_user(profile), ==, cases[i].user);
	}
	g_assert_cmpstr(profile_get_xauth_user(most), ==, longest);
	g_assert_null(make_profile_checked("right=gw", longer, &too_long));
	g_assert_true(g_str_has_prefix(too_long->message, "vpn.user-name: \"jjj"));
	g_assert_nonnull(strstr(too_long->message, "at most 127 bytes"));
}

static void
test_answers(void)
{
	static const struct {
		const char *given;
		gboolean ikev2, aggressive, modecfg, interface, psk, xauth;
	} cases[] = {
		{"", 0, 0, 1, 1, 1, 1},
		{"leftid=group", 0, 1, 1, 1, 1, 1},
		{"ikev2=insist", 1, 0, 1, 1, 1, 0},
		{"ikev2=insist\nleftcert=c", 1, 0, 1, 1, 0, 0},
		{"leftcert=c", 0, 0, 1, 1, 0, 1},
		{"leftrsasigkey=0sA\nrightrsasigkey=0sB", 0, 0, 1, 1, 0, 1},
		{"leftmodecfgclient=no", 0, 0, 0, 0, 1, 1},
		{"leftmodecfgclient=no\nipsec-interface=yes", 0, 0, 0, 1, 1, 1},
		{"leftmodecfgclient=no\nipsec-interface=9", 0, 0, 0, 1, 1, 1},
		{"ipsec-interface=no", 0, 0, 1, 0, 1, 1},
		{"type=transport", 0, 0, 1, 0, 1, 1},
		{"leftxauthclient=no", 0, 0, 1, 1, 1, 0},
		{"pskinputmodes=unused", 0, 0, 1, 1, 0, 1},
		{"xauthpasswordinputmodes=unused", 0, 0, 1, 1, 1, 0},
		{"pskinputmodes=save\nxauthpasswordinputmodes=ask", 0, 0, 1, 1, 1, 1},
		/* libreswan's own defaults: IKEv2, no address, no secret */
		{"nm-auto-defaults=no", 1, 0, 0, 0, 0, 0},
		{"nm-auto-defaults=no\nikev2=no", 0, 0, 0, 0, 0, 0},
		{"nm-auto-defaults=no\nauthby=secret\nleftmodecfgclient=yes", 1, 0, 1, 1, 1, 0},
		{"nm-auto-defaults=no\nikev2=no\nleftxauthclient=yes", 0, 0, 0, 0, 0, 1},
		{"nm-auto-defaults=no\nikev2=no\naggrmode=yes\nike=aes-sha1;dh14", 0, 1, 0, 0, 0, 0},
		{"nm-auto-defaults=no\nikev2=no\nleftid=group", 0, 0, 0, 0, 0, 0},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *given = g_strconcat("right=192.0.2.1\n", cases[i].given, NULL);
		g_autoptr(Profile) profile = make_profile(given);

		g_test_message("%s", cases[i].given);
		g_assert_cmpint(profile_is_ikev2(profile), ==, cases[i].ikev2);
		g_assert_cmpint(profile_is_aggressive(profile), ==, cases[i].aggressive);
		g_assert_cmpint(profile_modecfg_expected(profile), ==, cases[i].modecfg);
		g_assert_cmpint(profile_wants_interface(profile), ==, cases[i].interface);
		g_assert_cmpint(profile_needs_psk(profile), ==, cases[i].psk);
		g_assert_cmpint(profile_needs_xauthpassword(profile), ==, cases[i].xauth);
	}
}

static void
test_accessors(void)
{
	g_autoptr(Profile) plain = make_profile("right=gw");
	g_autoptr(Profile) rich = make_profile("right=gw\n"
										   "ipsec-interface=17\n"
										   "nm-connect-mode=ondemand\n"
										   "Domain=example.com\n"
										   "mtu=1300\n"
										   "nm-recovery-timeout=2m\n"
										   "leftusername=ann\n"
										   "pskvalue-flags=2\n"
										   "xauthpassword-flags=5\n"
										   "pskvalue=secret");
	g_autoptr(Profile) nobody = make_profile_checked("right=gw", NULL, NULL);
	guint32 number = 0;

	g_assert_cmpstr(profile_get_uuid(plain), ==, "6f1c3a5e-57a5-4bd8-8d4c-0f7a3a1b2c3d");
	g_assert_cmpstr(profile_get_id(plain), ==, "Office");
	g_assert_false(profile_get_interface_number(plain, &number));
	g_assert_true(profile_get_interface_number(rich, &number));
	g_assert_cmpuint(number, ==, 17);
	g_assert_false(profile_is_on_demand(plain));
	g_assert_true(profile_is_on_demand(rich));
	g_assert_null(profile_get_domain(plain));
	g_assert_cmpstr(profile_get_domain(rich), ==, "example.com");
	g_assert_cmpuint(profile_get_mtu(plain), ==, 0);
	g_assert_cmpuint(profile_get_mtu(rich), ==, 1300);
	g_assert_cmpuint(profile_get_recovery_timeout(plain), ==, 300);
	g_assert_cmpuint(profile_get_recovery_timeout(rich), ==, 120);
	g_assert_cmpstr(profile_get_xauth_user(plain), ==, "joe");
	g_assert_cmpstr(profile_get_xauth_user(rich), ==, "ann");
	g_assert_null(profile_get_xauth_user(nobody));
	g_assert_cmpint(profile_get_secret_flags(plain, "pskvalue"), ==, 0);
	g_assert_cmpint(profile_get_secret_flags(rich, "pskvalue"), ==,
					NM_SETTING_SECRET_FLAG_NOT_SAVED);
	g_assert_cmpint(profile_get_secret_flags(rich, "xauthpassword"), ==,
					NM_SETTING_SECRET_FLAG_AGENT_OWNED | NM_SETTING_SECRET_FLAG_NOT_REQUIRED);
	g_assert_null(profile_get(plain, "no-such-key"));
	g_assert_true(profile_has_auto_defaults(plain));
	g_assert_false(profile_is_persistent(plain));
}

static void
test_secrets(void)
{
	g_autoptr(Profile) profile = make_profile("right=gw\npskvalue=one\nxauthpassword=two");
	g_autoptr(GHashTable) data = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree char *big = g_strnfill(5000, 'Q');
	g_autoptr(GError) error = NULL;

	g_assert_cmpstr(profile_get_secret(profile, "pskvalue"), ==, "one");
	g_assert_cmpstr(profile_get_secret(profile, "xauthpassword"), ==, "two");
	g_assert_null(profile_get(profile, "pskvalue")); /* not by the common way */
	g_assert_true(profile_set_secret(profile, "xauthpassword", "three", NULL));
	g_assert_cmpstr(profile_get_secret(profile, "xauthpassword"), ==, "three");
	g_assert_false(profile_set_secret(profile, "xauthpassword", big, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
	g_assert_null(strstr(error->message, "QQ"));
	g_assert_cmpstr(profile_get_secret(profile, "xauthpassword"), ==, "three");
	g_assert_true(profile_set_secret(profile, "xauthpassword", NULL, NULL));
	g_assert_null(profile_get_secret(profile, "xauthpassword"));
	g_clear_error(&error);

	/* A secret among the data is refused without showing it. */
	g_hash_table_insert(data, (gpointer) "right", (gpointer) "gw");
	g_hash_table_insert(data, (gpointer) "pskvalue", (gpointer) "hush");
	g_assert_null(profile_new_from_data(NULL, NULL, data, NULL, NULL, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
	g_assert_null(strstr(error->message, "hush"));
	g_assert_true(g_str_has_prefix(error->message, "pskvalue: "));
}

static void
test_connection(void)
{
	g_autoptr(NMConnection) connection = nm_simple_connection_new();
	NMSetting *s_con = nm_setting_connection_new();
	NMSettingVpn *s_vpn = NM_SETTING_VPN(nm_setting_vpn_new());
	g_autoptr(Profile) profile = NULL;
	g_autoptr(GError) error = NULL;

	g_assert_null(profile_new(connection, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_MISSING);
	g_clear_error(&error);

	g_object_set(s_con, NM_SETTING_CONNECTION_ID, "Work", NM_SETTING_CONNECTION_UUID,
				 "0c7a9a38-4b5c-4d2e-9c3f-1d2e3f4a5b6c", NULL);
	g_object_set(s_vpn, NM_SETTING_VPN_PERSISTENT, TRUE, NM_SETTING_VPN_USER_NAME, "eve", NULL);
	nm_setting_vpn_add_data_item(s_vpn, "right", "gw.example.com");
	nm_setting_vpn_add_secret(s_vpn, "pskvalue", "group");
	nm_connection_add_setting(connection, s_con);
	nm_connection_add_setting(connection, NM_SETTING(s_vpn));

	profile = profile_new(connection, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(profile_get_uuid(profile), ==, "0c7a9a38-4b5c-4d2e-9c3f-1d2e3f4a5b6c");
	g_assert_cmpstr(profile_get_id(profile), ==, "Work");
	g_assert_true(profile_is_persistent(profile));
	g_assert_cmpstr(profile_get_xauth_user(profile), ==, "eve");
	g_assert_cmpstr(profile_get_secret(profile, "pskvalue"), ==, "group");

	g_assert_true(profile_validate_setting(s_vpn, NULL));
	nm_setting_vpn_add_data_item(s_vpn, "ikev2", "sometimes");
	g_assert_false(profile_validate_setting(s_vpn, &error));
	g_assert_true(g_str_has_prefix(error->message, "ikev2: \"sometimes\""));
}

static Profile *
profile_with(const char *key, const char *value, GError **error)
{
	g_autoptr(GHashTable) data = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) secrets = g_hash_table_new(g_str_hash, g_str_equal);
	gboolean is_secret = option_find(key)->flags & OPTION_SECRET_KEY;

	g_hash_table_insert(data, (gpointer) "right", (gpointer) "gw");
	g_hash_table_insert(is_secret ? secrets : data, (gpointer) key, (gpointer) value);
	return profile_new_from_data(NULL, NULL, data, secrets, NULL, error);
}

/* What cannot stand in a file is refused by the name of its key, and at once. Secrets may be
 * anything, but not of any length. */
static void
test_hostile(void)
{
	g_autofree char *huge = g_strnfill(10 * 1024, 'a');
	g_autofree char *huge_list = g_malloc0(10 * 1024 + 1);
	const char *hostile[] = {"x\nx",     "x\n",   "\nx",      "x\"",   "x\"y\"",
							 "\t\"",     "x\x01", "\x1b[2J",  "x\x7f", "x\xff",
							 "\xc0\x80", "\xc3",  "x\u2028y", huge,    huge_list};
	guint n;
	const Option *options = option_all(&n);

	/* SIGALRM ends a test that is caught in one of them. */
	alarm(60);
	for (guint i = 0; i < 10 * 1024; i++)
		huge_list[i] = "1,"[i % 2];
	for (guint i = 0; i < n; i++) {
		for (guint j = 0; j < G_N_ELEMENTS(hostile); j++) {
			g_autoptr(GError) error = NULL;
			g_autoptr(Profile) profile = profile_with(options[i].key, hostile[j], &error);
			g_autofree char *start = g_strconcat(options[i].key, ": ", NULL);

			if (options[i].flags & OPTION_SECRET_KEY && strlen(hostile[j]) < 1000) {
				g_assert_no_error(error);
				continue;
			}
			g_assert_null(profile);
			g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
			g_assert_true(g_str_has_prefix(error->message, start));
			g_assert_true(g_utf8_validate(error->message, -1, NULL));
			g_assert_cmpuint(strlen(error->message), <, 500);
		}
	}
	alarm(0);
}

static void
assert_nets(const Profile *profile, const char *side, const char *wanted)
{
	g_auto(GStrv) nets = profile_list_nets(profile, side);
	g_autofree char *text = g_strjoinv(" ", nets);

	g_assert_cmpstr(text, ==, wanted);
}

/* Several connections have several nets; what one Child SA carries is no list. */
static void
test_list_nets(void)
{
	g_autoptr(Profile) one = make_profile("right=192.0.2.1\nikev2=insist\n"
										  "rightsubnet=10.1.0.0/16,10.2.0.0/16");
	g_autoptr(Profile) many = make_profile("right=192.0.2.1\nikev2=insist\nleftmodecfgclient=no\n"
										   "leftsubnet=10.9.0.0/16\n"
										   "rightsubnets={10.1.0.0/16 10.2.0.0/16}");

	assert_nets(one, "right", "");
	assert_nets(one, "left", "");
	g_assert_true(profile_has_several_selectors(one));
	assert_nets(many, "right", "10.1.0.0/16 10.2.0.0/16");
	assert_nets(many, "left", "10.9.0.0/16");
	g_assert_false(profile_has_several_selectors(many));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/profile/defaults/ikev1", test_defaults_ikev1);
	g_test_add_func("/profile/defaults/ikev2", test_defaults_ikev2);
	g_test_add_func("/profile/defaults/none", test_no_auto_defaults);
	g_test_add_func("/profile/files", test_files);
	g_test_add_func("/profile/files-and-identities", test_files_and_identities);
	g_test_add_func("/profile/owner", test_owner);
	g_test_add_func("/profile/defaults/single", test_single_defaults);
	g_test_add_func("/profile/refused", test_refused);
	g_test_add_func("/profile/weakness", test_weakness);
	g_test_add_func("/profile/pairs", test_pairs);
	g_test_add_func("/profile/too-long", test_too_long);
	g_test_add_func("/profile/user-name", test_user_name);
	g_test_add_func("/profile/answers", test_answers);
	g_test_add_func("/profile/accessors", test_accessors);
	g_test_add_func("/profile/secrets", test_secrets);
	g_test_add_func("/profile/connection", test_connection);
	g_test_add_func("/profile/hostile", test_hostile);
	g_test_add_func("/profile/list-nets", test_list_nets);
	return g_test_run();
}
