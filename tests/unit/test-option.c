/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <string.h>
#include <sys/socket.h>

#include "option.h"

static void
test_table(void)
{
	g_autoptr(GHashTable) keys = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) keywords = g_hash_table_new(g_str_hash, g_str_equal);
	guint n;
	const Option *options = option_all(&n);

	for (guint i = 0; i < n; i++) {
		const Option *o = &options[i];
		g_autofree char *allowed = option_allowed(o);

		g_test_message("%s", o->key);
		g_assert_true(g_hash_table_add(keys, (gpointer) o->key));
		g_assert_true(option_find(o->key) == o);
		g_assert_cmpuint(option_index(o), ==, i);
		g_assert_nonnull(allowed);
		g_assert_nonnull(o->help);
		g_assert_true(g_str_has_suffix(o->help, "."));
		g_assert_cmpuint(o->ike & OPTION_IKE, !=, 0);
		if (o->kind != OPTION_NUMBER)
			g_assert_cmpint(o->words != NULL, ==,
							o->kind == OPTION_ENUM || o->kind == OPTION_AUTHBY);
		g_assert_cmpuint(o->min, <=, o->max);
		g_assert_cmpint(o->kind == OPTION_SECRET, ==, (o->flags & OPTION_SECRET_KEY) != 0);

		/* A row is written, or is ours, or is another row's spelling. */
		g_assert_cmpint((o->conf4 || o->conf5) + !!(o->flags & OPTION_NM_ONLY) + !!o->same_as, ==,
						1);
		if (o->conf4)
			g_assert_true(g_hash_table_add(keywords, (gpointer) o->conf4));
		if (o->same_as) {
			const Option *other = option_find(o->same_as);

			g_assert_nonnull(other);
			g_assert_null(other->same_as);
			g_assert_cmpint(other->kind, ==, o->kind);
			g_assert_cmpuint(other->ike, ==, o->ike);
			g_assert_true(other->words == o->words);
		}
		/* Whatever a word means has to be a word that means itself. */
		for (const OptionWord *w = o->words; w && w->word; w++) {
			g_autofree char *once = option_normalize(o, w->word, NULL);
			g_autofree char *twice = NULL;

			g_assert_cmpstr(once, ==, w->meaning);
			twice = option_normalize(o, once, NULL);
			g_assert_cmpstr(twice, ==, once);
		}
	}
	g_assert_null(option_find("no-such-key"));
	g_assert_null(option_find("Right")); /* NetworkManager's keys have a case */
	g_assert_null(option_find(NULL));
}

/* The keys of NetworkManager-libreswan 1.2.30: none may get lost. */
static void
test_old_keys(void)
{
	static const char *const old[] = {"right",
									  "rightid",
									  "rightcert",
									  "rightrsasigkey",
									  "rightca",
									  "rightsubnet",
									  "rightsubnets",
									  "rightprotoport",
									  "left",
									  "leftid",
									  "leftcert",
									  "leftrsasigkey",
									  "leftsendcert",
									  "leftsubnet",
									  "leftsubnets",
									  "leftprotoport",
									  "leftmodecfgclient",
									  "leftusername",
									  "leftxauthusername",
									  "authby",
									  "ikev2",
									  "ike",
									  "esp",
									  "phase2alg",
									  "pfs",
									  "pfsgroup",
									  "dhgroup",
									  "ikelifetime",
									  "salifetime",
									  "rekey",
									  "narrowing",
									  "fragmentation",
									  "mobike",
									  "dpddelay",
									  "dpdtimeout",
									  "dpdaction",
									  "ipsec-interface",
									  "type",
									  "hostaddrfamily",
									  "clientaddrfamily",
									  "require-id-on-certificate",
									  "vendor",
									  "Domain",
									  "pskvalue",
									  "pskvalue-flags",
									  "pskinputmodes",
									  "xauthpassword",
									  "xauthpassword-flags",
									  "xauthpasswordinputmodes",
									  "nm-auto-defaults",
									  "nm-connect-mode",
									  "cisco-unity",
									  "keyingtries",
									  "aggrmode",
									  "leftxauthclient",
									  "rightxauthserver",
									  "remote-peer-type",
									  "remote_peer_type",
									  "rightmodecfgserver",
									  "modecfgpull"};
	guint n, new = 0;
	const Option *options = option_all(&n);

	for (guint i = 0; i < G_N_ELEMENTS(old); i++) {
		g_assert_nonnull(option_find(old[i]));
		g_assert_cmpuint(option_find(old[i])->flags & OPTION_NEW, ==, 0);
	}
	for (guint i = 0; i < n; i++)
		new += (options[i].flags & OPTION_NEW) != 0;
	g_assert_cmpuint(n, ==, G_N_ELEMENTS(old) + new);
}

static void
test_nearest(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_cmpstr(option_nearest("rigth"), ==, "right");
	g_assert_cmpstr(option_nearest("Right"), ==, "right");
	g_assert_cmpstr(option_nearest("leftsubet"), ==, "leftsubnet");
	g_assert_cmpstr(option_nearest("domain"), ==, "Domain");
	g_assert_cmpstr(option_nearest("psk-value"), ==, "pskvalue");
	g_assert_cmpstr(option_nearest("xauth-password"), ==, "xauthpassword");
	g_assert_null(option_nearest("hola"));
	g_assert_null(option_nearest(""));
	g_assert_null(
		option_nearest("a-key-that-is-longer-than-any-that-there-is-or-that-there-may-be"));

	option_unknown_key("rigth", &error);
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_UNKNOWN_KEY);
	g_assert_cmpstr(error->message, ==, "unknown key \"rigth\"; did you mean \"right\"?");
	g_clear_error(&error);
	option_unknown_key("leftautheap", &error);
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_UNKNOWN_KEY);
	g_assert_true(
		g_str_has_prefix(error->message, "unknown key \"leftautheap\": EAP is in libreswan"));
	g_clear_error(&error);
	option_unknown_key("ho\nla", &error);
	g_assert_cmpstr(error->message, ==,
					"unknown key \"ho\\nla\"; nm-settings-libreswan(5) lists those that there are");
}

static void
test_normalize(void)
{
	static const struct {
		const char *key, *value, *normal; /* NULL: refused */
	} cases[] = {
		{"right", "vpn.example.com", "vpn.example.com"},
		{"right", "vpn", "vpn"},
		{"right", "xn--bcher-kva.example", "xn--bcher-kva.example"},
		{"right", "192.0.2.1", "192.0.2.1"},
		{"right", "2001:db8::1", "2001:db8::1"},
		{"right", "192.0.2.256", NULL},
		{"right", "192.0.2", NULL},
		{"right", "2001:db8::1::2", NULL},
		{"right", "%any", NULL},
		{"right",
		 "b\xc3\xbc"
		 "ro.example",
		 "xn--bro-hoa.example"},
		{"right", "\xe2\x80\xa8.example", NULL},
		{"right", "%defaultroute", NULL},
		{"right", "vpn example", NULL},
		{"right", "vpn..example", NULL},
		{"right", "-vpn", NULL},
		{"right", "$(reboot)", NULL},
		{"left", "%defaultroute", "%defaultroute"},
		{"left", "%any", "%any"},
		{"left", "%eth0.7", "%eth0.7"},
		{"left", "%an-interface-name-too-long", NULL},
		{"left", "192.0.2.7", "192.0.2.7"},
		{"leftid", "joe", "joe"},
		{"leftid", "@joe", "@joe"},
		{"leftid", "@[group one]", "@[group one]"},
		{"leftid", "C=DE, O=Büro, CN=joe", "C=DE, O=Büro, CN=joe"},
		{"leftid", "%fromcert", "%fromcert"},
		{"leftid", "%from cert", NULL},
		{"leftid", "O=Foo,,Inc", "O=Foo\\,Inc"},
		{"leftid", "C=DE, FOO=joe", NULL},
		{"leftid", "@a=b", NULL},
		{"leftid", "@#0x27", "@#27"},
		{"leftid", "@#0xx27", NULL},
		{"leftid", "@[TWFudQ==]", "@#5457467564513d3d"},
		{"leftid", "%client", NULL},
		{"leftid", "TWFudQ==", NULL},
		{"leftcert", "My certificate - joe's", "My certificate - joe's"},
		{"leftusername", "EXAMPLE\\joe", "EXAMPLE\\joe"},
		{"Domain", "example.com", "example.com"},
		{"Domain", "lan", "lan"},
		{"Domain", "a.example,b.example c.example.", "a.example b.example c.example"},
		{"Domain", "~corp.example", "~corp.example"},
		{"Domain", "_ldap.example", NULL},
		{"Domain", "example..com", NULL},
		{"Domain", "http://example.com", NULL},
		{"Domain", "a.example; b.example", "a.example b.example"},
		{"Domain", " , ", NULL},
		{"Domain", "example..", NULL},
		{"Domain", "a.example b..", NULL},
		{"leftsubnet", "10.1.2.3/8", "10.0.0.0/8"},
		{"leftsubnet", "10.1.2.3", "10.1.2.3/32"},
		{"leftsubnet", "2001:DB8:0:0:0:0:0:1/32", "2001:db8::/32"},
		{"leftsubnet", "::1", "::1/128"},
		{"leftsubnet", "10.0.0.0/33", NULL},
		{"leftsubnet", "10.0.0.0/", NULL},
		{"leftsubnet", "10.0.0.0/8/8", NULL},
		{"leftsubnet", "10.0.0.0/255.0.0.0", "10.0.0.0/8"},
		{"leftsubnet", "0/0", "0.0.0.0/0"},
		{"leftsubnet", "10.1/16", "10.1.0.0/16"},
		{"leftsubnet", "vhost:%no,%priv", NULL},
		{"rightsubnets", "10.1.0.0/16,10.2.0.0/16", "10.1.0.0/16,10.2.0.0/16"},
		{"rightsubnets", "{10.1.0.0/16 10.2.0.0/16}", "10.1.0.0/16,10.2.0.0/16"},
		{"rightsubnets", " 10.1.0.0/16,, 10.2.0.1 ,", "10.1.0.0/16,10.2.0.1/32"},
		{"rightsubnets", "10.1.0.0/16,joe", NULL},
		{"rightsubnets", "{}", NULL},
		{"rightsubnets", ",", NULL},
		{"ikev2", "propose", "insist"},
		{"ikev2", "permit", "never"},
		{"ikev2", "no", "never"},
		{"ikev2", "ikev2", NULL},
		{"rekey", "TRUE", "yes"},
		{"rekey", "off", "no"},
		{"rekey", "maybe", NULL},
		{"fragmentation", "insist", "force"},
		{"leftsendcert", "yes", "always"},
		{"leftsendcert", "disabled", "never"},
		{"leftsendcert", "ifasked", "sendifasked"},
		{"authby", "rsa|secret", "rsasig,secret"},
		{"authby", "ecdsa-sha2_512, rsa-sha2_512", "ecdsa-sha2_512,rsa-sha2_512"},
		{"authby", "ecdsa-sha1", NULL},
		{"authby", "psk", "secret"},
		{"authby", ",", NULL},
		{"ike", "aes256-sha2_256;modp2048, aes128-sha1", "aes256-sha2_256;modp2048,aes128-sha1"},
		{"ike", "aes 256", "aes256"},
		{"ike", "aes256-sha1;modp2048!", NULL},
		{"esp", "aes256gcm16", NULL},
		{"phase2alg", "aes256-sha1,", NULL},
		{"ike", "aes\\256", NULL},
		{"ike", " ", NULL},
		{"ikelifetime", "24h", "24h"},
		{"ikelifetime", "86400", "86400"},
		{"ikelifetime", "0", NULL},
		{"ikelifetime", "1.5h", "5400"},
		{"ikelifetime", "86400.0", "86400"},
		{"dpddelay", "500ms", "1"},
		{"keyingtries", "%forever", "0"},
		{"keyingtries", "%never", NULL},
		{"dpdaction", "none", "hold"},
		{"ikelifetime", "24 h", NULL},
		{"ikelifetime", "-1", NULL},
		{"ikelifetime", "1h30m", NULL},
		{"ikelifetime", "99999999999999999999s", NULL},
		{"dpddelay", "0", "0"},
		{"dpddelay", "0s", "0s"},
		{"dpddelay", "s", NULL},
		{"mtu", "1280", "1280"},
		{"mtu", "575", NULL},
		{"mtu", "65536", NULL},
		{"mtu", "1280 ", NULL},
		{"mtu", "0x500", NULL},
		{"ipsec-interface", "yes", "yes"},
		{"ipsec-interface", "7", "7"},
		{"ipsec-interface", "0", "yes"},
		{"ipsec-interface", "4294967295", NULL},
		{"ipsec-interface", "4294967294", "4294967294"},
		{"ipsec-interface", "eth0", NULL},
		{"leftprotoport", "17/1701", "17/1701"},
		{"leftprotoport", "tcp/%any", "tcp/%any"},
		{"leftprotoport", "ipv6-icmp/34816", "ipv6-icmp/34816"},
		{"leftprotoport", "icmp", "icmp"},
		{"leftprotoport", "17/1701/2", NULL},
		{"leftprotoport", "/80", NULL},
		{"leftprotoport", "tcp/1000-2000", NULL},
		{"leftrsasigkey", "%cert", "%cert"},
		{"leftrsasigkey", "0sAwEAAc5pWRLBf4rak+/=", "0sAwEAAc5pWRLBf4rak+/="},
		{"leftrsasigkey", "0s AwEA", NULL},
		{"nm-connect-mode", "ondemand", "ondemand"},
		{"nm-connect-mode", "ignore", NULL},
		{"pskvalue-flags", "2", "2"},
		{"pskvalue-flags", "8", NULL},
		{"vendor", "whatever there is", "whatever there is"},
		{"dhgroup", "2", "2"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		const Option *option = option_find(cases[i].key);
		g_autoptr(GError) error = NULL;
		g_autofree char *normal = option_normalize(option, cases[i].value, &error);

		g_test_message("%s=%s", cases[i].key, cases[i].value);
		g_assert_cmpstr(normal, ==, cases[i].normal);
		g_assert_cmpint(option_validate(option, cases[i].value, NULL), ==, normal != NULL);
		if (normal) {
			g_autofree char *again = option_normalize(option, normal, NULL);

			g_assert_no_error(error);
			g_assert_cmpstr(again, ==, normal);
		} else {
			g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
			g_assert_true(g_str_has_prefix(error->message, cases[i].key));
			g_assert_nonnull(strstr(error->message, "allowed is "));
		}
	}
}

static void
test_message(void)
{
	g_autoptr(GError) error = NULL;

	option_validate(option_find("ikev2"), "maybe\tso", &error);
	g_assert_cmpstr(error->message, ==,
					"ikev2: \"maybe\\u0009so\" has a double quote, a line break or a control "
					"character in it; allowed is one of: never, insist, no, yes, propose, permit, "
					"always");
	g_clear_error(&error);
	option_validate(option_find("mtu"), "big", &error);
	g_assert_cmpstr(error->message, ==,
					"mtu: \"big\" is not allowed; allowed is a number from 576 to 65535");
	g_clear_error(&error);
	option_validate(option_find("left"), "", &error);
	g_assert_nonnull(strstr(error->message, "is empty"));
}

/* Whatever key it is put into, such a value is refused, the message names the
 * key, is short, and is printable itself. */
static void
test_hostile(void)
{
	g_autofree char *long_value = g_strnfill(10 * 1024, 'a');
	const char *hostile[] = {
		"x\ny",         "x\n\tleftupdown=/bin/sh",
		"x\"y",         "\"",
		"\r",           "x\r\nconn y",
		"\x01",         "\x7f",
		"x\xff",        "\xc3",
		"\xed\xa0\x80", "x\u2028y",
		"x\xc2\x85y",   "x\vy",
		"x\fy",         long_value,
	};
	guint n;
	const Option *options = option_all(&n);

	for (guint i = 0; i < n; i++) {
		for (guint j = 0; j < G_N_ELEMENTS(hostile); j++) {
			g_autoptr(GError) error = NULL;

			if (options[i].flags & OPTION_SECRET_KEY && hostile[j] != long_value)
				continue; /* may be anything that fits a line */
			g_assert_false(option_validate(&options[i], hostile[j], &error));
			g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
			g_assert_true(g_str_has_prefix(error->message, options[i].key));
			g_assert_cmpuint(strlen(error->message), <, 500);
			for (const char *p = error->message; *p; p = g_utf8_next_char(p))
				g_assert_true(g_unichar_isprint(g_utf8_get_char(p)));
		}
	}
}

static void
test_secret(void)
{
	g_autofree char *secret = g_strnfill(2000, 'Q');
	g_autoptr(GError) error = NULL;

	g_assert_true(option_validate(option_find("pskvalue"), "a \"b\"\n'c'\xff", NULL));
	g_assert_false(option_validate(option_find("pskvalue"), secret, &error));
	g_assert_null(strstr(error->message, "QQ"));
}

static void
test_find_fault(void)
{
	static const struct {
		const char *value, *fault;
	} cases[] = {
		{"", "is empty"},
		{"12345678", NULL},
		{"123456789", "is too long (9 bytes, at most 8)"},
		{"ü§ü§", NULL},
		{"ü§ü§.", "is too long (9 bytes, at most 8)"},
		{"a\nb", "has a double quote, a line break or a control character in it"},
		{"a\"b", "has a double quote, a line break or a control character in it"},
		{"a\xff", "is not valid UTF-8"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *fault = option_find_fault(cases[i].value, 8);

		g_assert_cmpstr(fault, ==, cases[i].fault);
	}
}

static void
test_helpers(void)
{
	g_assert_cmpuint(option_duration("90"), ==, 90);
	g_assert_cmpuint(option_duration("90s"), ==, 90);
	g_assert_cmpuint(option_duration("5m"), ==, 300);
	g_assert_cmpuint(option_duration("24h"), ==, 86400);
	g_assert_cmpuint(option_duration("2d"), ==, 172800);
	g_assert_cmpuint(option_duration("1w"), ==, 604800);
	g_assert_cmpuint(option_duration(""), ==, 0);
	g_assert_cmpuint(option_duration("h"), ==, 0);
	g_assert_cmpuint(option_duration("1x"), ==, 0);

	g_assert_true(option_is_subnet("10.0.0.0/8", AF_INET));
	g_assert_false(option_is_subnet("10.0.0.0/8", AF_INET6));
	g_assert_true(option_is_subnet("::/0", AF_UNSPEC));
	g_assert_true(option_is_address("::1", AF_INET6));
	g_assert_false(option_is_address("::1", AF_INET));
	g_assert_false(option_is_address("localhost", AF_UNSPEC));
	g_assert_true(option_is_interface_name("eth0.7@x-y_z"));
	g_assert_false(option_is_interface_name("sixteen-letters6"));
	g_assert_false(option_is_interface_name("';id>pwn;'"));
	g_assert_false(option_is_interface_name(""));
	g_assert_true(option_text_is_safe("Büro #1; 'x' {y} \\"));
	g_assert_false(option_text_is_safe("x\ny"));
}

/* What a message says beyond what is allowed. */
static void
test_reasons(void)
{
	static const struct {
		const char *key, *value, *reason;
	} cases[] = {
		{"leftid", "%client", "none of libreswan's words %fromcert"},
		{"leftid", "TWFudQ==", "write \"@[TWFudQ==]\""},
		{"right", "%any", "this is a client"},
		{"rightprotoport", "6/1-2", "range of ports"},
		{"ike", "aes256gcm16-prfsha384-ecp384", "spelling is aes_gcm_16_256-sha2_384-ecp384"},
		{"ike", "aes256-sha1;modp768", "\"modp768\""},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_false(option_validate(option_find(cases[i].key), cases[i].value, &error));
		g_test_message("%s", error->message);
		g_assert_true(g_str_has_prefix(error->message, cases[i].key));
		g_assert_nonnull(strstr(error->message, cases[i].reason));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/option/table", test_table);
	g_test_add_func("/option/old-keys", test_old_keys);
	g_test_add_func("/option/nearest", test_nearest);
	g_test_add_func("/option/normalize", test_normalize);
	g_test_add_func("/option/message", test_message);
	g_test_add_func("/option/hostile", test_hostile);
	g_test_add_func("/option/secret", test_secret);
	g_test_add_func("/option/find-fault", test_find_fault);
	g_test_add_func("/option/helpers", test_helpers);
	g_test_add_func("/option/reasons", test_reasons);
	return g_test_run();
}
