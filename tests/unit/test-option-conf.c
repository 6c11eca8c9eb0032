/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each key of a profile becomes in ipsec.conf, for libreswan 4 and 5: one row for every key
 * that there is. */
#include "config.h"

#include "ipsec-conf.h"
#include "make-profile.h"

/* Profiles that a key belongs into. */
#define IKEV1 "right=192.0.2.1\n"
#define IKEV2 "right=192.0.2.1\nikev2=insist\n"
#define SITE  IKEV2 "leftmodecfgclient=no\n"
#define CERT  IKEV2 "leftcert=joe\n"

typedef struct {
	const char *profile;
	const char *key, *value;
	const char *line4, *line5; /* NULL: nothing, neither the key nor its value */
} Row;

static const Row rows[] = {
	{"", "right", "vpn.example.com", "right=vpn.example.com", "right=vpn.example.com"},
	{IKEV2, "rightid", "@gw.example", "rightid=@gw.example", "rightid=@gw.example"},
	{IKEV2, "rightid", "gw.example", "rightid=@gw.example", "rightid=@gw.example"},
	{IKEV2, "left", "192.0.2.7", "left=192.0.2.7", "left=192.0.2.7"},
	{IKEV2, "leftid", "joe@example.com", "leftid=@joe@example.com", "leftid=@joe@example.com"},
	{CERT, "leftid", "%fromcert", "leftid=%fromcert", "leftid=%fromcert"},
	{IKEV2, "hostaddrfamily", "ipv4", "hostaddrfamily=ipv4", "hostaddrfamily=ipv4"},
	{IKEV1, "ikev2", "insist", "ikev2=insist", "keyexchange=ikev2"},
	{IKEV1, "ikev2", "propose", "ikev2=insist", "keyexchange=ikev2"},
	{IKEV1, "ikev2", "yes", "ikev2=insist", "keyexchange=ikev2"},
	{IKEV1, "ikev2", "permit", "ikev2=never", "keyexchange=ikev1"},
	{IKEV1, "ikev2", "no", "ikev2=never", "keyexchange=ikev1"},
	{IKEV1, "ikev2", "never", "ikev2=never", "keyexchange=ikev1"},
	{IKEV1 "leftid=group\n", "aggressive", "no", "aggressive=no", "aggressive=no"},
	{IKEV1, "aggrmode", "yes", "aggressive=yes", "aggressive=yes"},
	{IKEV2, "authby", "secret", "authby=secret", "authby=secret"},
	{IKEV2, "cert", "/home/joe/joe.p12", NULL, NULL},
	{IKEV2 "cert=/home/joe/joe.p12\n", "key", "/home/joe/key.pem", NULL, NULL},
	{IKEV2 "cert=/home/joe/joe.p12\n", "ca", "/home/joe/root.pem", NULL, NULL},
	{IKEV2, "leftcert", "joe", "leftcert=joe", "leftcert=joe"},
	{IKEV2, "leftckaid", "0123456789ABCDEF0123456789abcdef01234567",
	 "leftckaid=0123456789abcdef0123456789abcdef01234567",
	 "leftckaid=0123456789abcdef0123456789abcdef01234567"},
	{CERT, "leftrsasigkey", "%cert", "leftrsasigkey=%cert", "leftrsasigkey=%cert"},
	{CERT, "leftsendcert", "ifasked", "leftsendcert=sendifasked", "leftsendcert=sendifasked"},
	{CERT, "leftsendcert", "disabled", "leftsendcert=never", "leftsendcert=never"},
	{CERT, "leftsendcert", "always", "leftsendcert=always", "leftsendcert=always"},
	{CERT, "rightcert", "gateway", "rightcert=gateway", "rightcert=gateway"},
	{CERT, "rightrsasigkey", "%cert", "rightrsasigkey=%cert", "rightrsasigkey=%cert"},
	{CERT, "rightca", "CN=CA, O=Example", "rightca=\"CN=CA, O=Example\"",
	 "rightca=\"CN=CA, O=Example\""},
	{CERT, "require-id-on-certificate", "no", "require-id-on-certificate=no",
	 "require-id-on-certificate=no"},
	{IKEV1, "leftusername", "alice", "leftusername=alice", "leftusername=alice"},
	{IKEV1, "leftxauthusername", "alice", "leftusername=alice", "leftusername=alice"},
	{IKEV1, "leftxauthclient", "no", "leftxauthclient=no", "leftxauthclient=no"},
	{IKEV1, "rightxauthserver", "no", "rightxauthserver=no", "rightxauthserver=no"},
	{IKEV2, "leftmodecfgclient", "no", "leftmodecfgclient=no", "leftmodecfgclient=no"},
	{IKEV2, "rightmodecfgserver", "no", "rightmodecfgserver=no", "rightmodecfgserver=no"},
	{IKEV1, "modecfgpull", "no", "modecfgpull=no", "modecfgpull=no"},
	{SITE, "leftsubnet", "10.1.0.0/16", "leftsubnet=10.1.0.0/16", "leftsubnet=10.1.0.0/16"},
	{SITE "rightsubnet=10.3.0.0/16\n", "leftsubnets", "10.1.0.0/16 10.2.0.0/16",
	 "leftsubnets=10.1.0.0/16,10.2.0.0/16", "leftsubnets=10.1.0.0/16,10.2.0.0/16"},
	{IKEV2, "rightsubnet", "10.1.2.3/16", "rightsubnet=10.1.0.0/16", "rightsubnet=10.1.0.0/16"},
	{SITE "leftsubnet=10.3.0.0/16\n", "rightsubnets", "{10.1.0.0/16,10.2.0.0/16}",
	 "rightsubnets=10.1.0.0/16,10.2.0.0/16", "rightsubnets=10.1.0.0/16,10.2.0.0/16"},
	{SITE, "leftprotoport", "17/1701", "leftprotoport=17/1701", "leftprotoport=17/1701"},
	{SITE, "rightprotoport", "tcp/443", "rightprotoport=tcp/443", "rightprotoport=tcp/443"},
	{IKEV2, "clientaddrfamily", "ipv6", "clientaddrfamily=ipv6", "clientaddrfamily=ipv6"},
	{IKEV2, "narrowing", "no", "narrowing=no", "narrowing=no"},
	{SITE, "type", "transport", "type=transport", "type=transport"},
	{IKEV2, "ipsec-interface", "no", NULL, NULL},
	{IKEV2, "ipsec-interface", "yes", "ipsec-interface=7", "ipsec-interface=7"},
	{IKEV2, "mtu", "1391", NULL, NULL},
	{IKEV2, "ike", "aes256-sha2_256;modp2048", "ike=aes256-sha2_256;modp2048",
	 "ike=aes256-sha2_256;modp2048"},
	{IKEV2, "esp", "aes256-sha2_512", "esp=aes256-sha2_512", "esp=aes256-sha2_512"},
	{IKEV2, "phase2alg", "aes256-sha2_512", "esp=aes256-sha2_512", "esp=aes256-sha2_512"},
	{IKEV2, "authby", "psk", "authby=secret", "authby=secret"},
	{IKEV2, "leftid", "@#0x5573657273", "leftid=\"@#5573657273\"", "leftid=\"@#5573657273\""},
	{IKEV2, "leftid", "@[TWFudQ==]", "leftid=\"@#5457467564513d3d\"",
	 "leftid=\"@#5457467564513d3d\""},
	{SITE, "leftsubnet", "10.1/16", "leftsubnet=10.1.0.0/16", "leftsubnet=10.1.0.0/16"},
	{IKEV2, "rightsubnet", "0/0", "rightsubnet=0.0.0.0/0", "rightsubnet=0.0.0.0/0"},
	{IKEV2, "ikelifetime", "1.5h", "ikelifetime=5400", "ikelifetime=5400"},
	{IKEV2, "dpddelay", "500ms", "dpddelay=1", "dpddelay=1"},
	{IKEV2, "ipsec-interface", "0", "ipsec-interface=7", "ipsec-interface=7"},
	{IKEV2, "right",
	 "b\xc3\xbc"
	 "ro.example",
	 "right=xn--bro-hoa.example", "right=xn--bro-hoa.example"},
	{IKEV2, "pfs", "no", "pfs=no", "pfs=no"},
	{IKEV2, "ikelifetime", "7h", "ikelifetime=7h", "ikelifetime=7h"},
	{IKEV2, "salifetime", "7200", "salifetime=7200", "salifetime=7200"},
	{IKEV2, "rekey", "no", "rekey=no", "rekey=no"},
	{IKEV2, "keyingtries", "5", "keyingtries=1", NULL},
	{IKEV2, "dpddelay", "7s", "dpddelay=7s", "dpddelay=7s"},
	{IKEV1, "dpdtimeout", "77s", "dpdtimeout=77s", "dpdtimeout=77s"},
	{IKEV1, "dpdaction", "clear", "dpdaction=clear", NULL},
	{IKEV2, "retransmit-timeout", "33s", "retransmit-timeout=33s", "retransmit-timeout=33s"},
	{SITE "ipsec-interface=no\n", "mobike", "yes", "mobike=yes", "mobike=yes"},
	{IKEV2 "ipsec-interface=yes\n", "mobike", "yes", NULL, NULL},
	{IKEV1, "fragmentation", "force", "fragmentation=force", "fragmentation=force"},
	{IKEV2, "fragmentation", "force", "fragmentation=yes", "fragmentation=yes"},
	{IKEV2, "encapsulation", "yes", "encapsulation=yes", "encapsulation=yes"},
	{IKEV2, "initial-contact", "yes", "initial-contact=yes", "initial-contact=yes"},
	{IKEV1, "vendor", "Cisco", "cisco-unity=yes", "cisco-unity=yes"},
	{IKEV1, "cisco-unity", "yes", "cisco-unity=yes", "cisco-unity=yes"},
	{IKEV1, "remote-peer-type", "cisco", "remote-peer-type=cisco", "remote-peer-type=cisco"},
	{IKEV1 "ikev2=never\nnm-auto-defaults=no\n", "remote_peer_type", "cisco",
	 "remote-peer-type=cisco", "remote-peer-type=cisco"},
	{IKEV2, "nm-auto-defaults", "no", NULL, NULL},
	{SITE, "nm-connect-mode", "ondemand", NULL, NULL},
	{IKEV2, "nm-recovery-timeout", "71s", NULL, NULL},
	{IKEV2, "Domain", "corp.example", NULL, NULL},
	{IKEV2, "pskinputmodes", "save", NULL, NULL},
	{IKEV1, "xauthpasswordinputmodes", "ask", NULL, NULL},
	{IKEV2, "pskvalue-flags", "1", NULL, NULL},
	{IKEV1, "xauthpassword-flags", "2", NULL, NULL},
	{IKEV1, "xauthcode-flags", "2", NULL, NULL},
	{IKEV2, "cert-pass-flags", "1", NULL, NULL},
	{IKEV2, "pin-flags", "2", NULL, NULL},
	{IKEV1, "dhgroup", "modp1024", NULL, NULL},
	{IKEV1, "pfsgroup", "modp1024", NULL, NULL},
	{IKEV2, "pskvalue", "the secret of us two", NULL, NULL},
	{IKEV1, "xauthpassword", "the secret of the user", NULL, NULL},
	{IKEV1, "xauthcode", "123456", NULL, NULL},
	{IKEV2 "cert=/home/joe/joe.p12\n", "cert-pass", "the secret of the file", NULL, NULL},
	{IKEV2 "cert=pkcs11:token=Joe;object=vpn\nca=/ca\n", "pin", "123456", NULL, NULL},
};

static void
check_row(const Row *row, guint major, guint minor, const char *line)
{
	g_autofree char *text = g_strdup_printf("%s%s=%s", row->profile, row->key, row->value);
	g_autofree char *key = g_strdup_printf("\t%s=", row->key);
	g_autofree char *wanted = line ? g_strdup_printf("\t%s\n", line) : NULL;
	g_autoptr(Profile) profile = make_profile(text);
	const IpsecConfParams params = {
		.libreswan_major = major,
		.libreswan_minor = minor,
		.conn_name = "vpn",
		.if_id = profile_wants_interface(profile) ? 7 : 0,
	};
	g_autoptr(GError) error = NULL;
	g_autofree char *conf = ipsec_conf_write(profile, &params, &error);
	gboolean right;

	g_assert_no_error(error);
	right = wanted ? strstr(conf, wanted) != NULL : strstr(conf, key) == NULL;
	/* What is a word of its own cannot be there by chance. */
	if (!wanted && strlen(row->value) > 4)
		right = right && !strstr(conf, row->value);
	if (!right)
		g_test_message("libreswan %u.%u, %s=%s: %s", major, minor, row->key, row->value, conf);
	g_assert_true(right);
}

static void
test_rows(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		check_row(&rows[i], 4, 10, rows[i].line4);
		check_row(&rows[i], 5, 2, rows[i].line5);
	}
}

static void
test_complete(void)
{
	guint n;
	const Option *options = option_all(&n);

	for (guint i = 0; i < n; i++) {
		gboolean found = FALSE;

		for (guint j = 0; j < G_N_ELEMENTS(rows) && !found; j++)
			found = g_str_equal(rows[j].key, options[i].key);
		if (!found)
			g_test_message("no row for %s", options[i].key);
		g_assert_true(found);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/option-conf/rows", test_rows);
	g_test_add_func("/option-conf/complete", test_complete);
	return g_test_run();
}
