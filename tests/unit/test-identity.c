/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "identity.h"

#include <string.h>

/* What stands in ipsec.conf, and what pluto then exports as PLUTO_PEER_ID: seen with 4.10 and 5.2,
 * which do not differ. */
static const struct {
	const char *wanted, *shown;
} same[] = {
	{"@vpn.example.com", "@vpn.example.com"},
	{"@B\xc3\xbcro", "@B\\303\\274ro"},
	{"@a'$(id)b`\\x", "@a\\047\\044(id)b\\140\\134x"},
	{"192.0.2.250", "192.0.2.250"},
	{"2001:db8:0::1", "2001:db8::1"},
	{"joe@example.com", "joe@example.com"},
	{"@joe@example.com", "@joe@example.com"},
	{"@[group one]", "@#0x67726f7570206f6e65"},
	{"@[gr\xc3\xbcp'$]", "@#0x6772c3bc702724"},
	{"@[open", "@#0x6f70656e"},
	{"@#67726f7570", "@#0x67726f7570"},
	{"@#67_72", "@#0x6772"},
	{"@~3019310b3009060355040613024445310a300806035504030c016a", "C=DE, CN=j"},
	{"C=DE, O=x, CN=y", "C=DE, O=x, CN=y"},
	{"@C=DE, O=x, CN=y", "C=DE, O=x, CN=y"},
	{"/C=DE/O=x/CN=y", "C=DE, O=x, CN=y"},
	{"@O=Foo\\, Inc, CN=a", "O=Foo\\134, Inc, CN=a"},
	{"@O=Foo\\/Bar, CN=a+b", "O=Foo/Bar, CN=a\\134+b"},
	{"@2.5.4.3=#0c0141, CN=b", "CN=A, CN=b"},
	{"@cn=low, EMAILADDRESS=a@b.c, serialnumber=12", "CN=low, E=a@b.c, SN=12"},
	{"@CN=", "CN="},
	{"@CN=*, O=x", "CN=*, O=x"},
	{"@CN=x \\ , O=\\20y", "CN=x \\134 , O=\\134 y"},
	{"@CN=M\xc3\xbcller", "CN=M\\134C3\\134BCller"},
	{"@CN=a=b", "CN=a\\134=b"},
	{"@CN=\\#x", "CN=#14022378"},
	{"%any", "192.0.2.56"},
	{"%none", "192.0.2.57"},
	{"0.0.0.0", "192.0.2.62"},
	{"%null", "ID_NULL"},
	/* As ipsec.conf(5) says. */
	{"%fromcert", "C=DE, CN=j"},
	{"vpn.example.com", "192.0.2.1"},
	/* A certificate's subject, for a wildcard. */
	{"@CN=*, O=x", "CN=y, role=z, O=x"},
	{"@VPN.example.com.", "@vpn.Example.com"},
};

static void
test_same(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(same); i++) {
		g_autofree char *fault = identity_find_fault(same[i].wanted);

		g_assert_cmpstr(fault, ==, NULL);
		if (!identity_is_shown(same[i].wanted, same[i].shown))
			g_error("%s is not %s", same[i].wanted, same[i].shown);
	}
	g_assert_true(identity_is_shown(NULL, "192.0.2.1"));
	g_assert_true(identity_is_shown(NULL, "2001:db8::1"));
}

/* What leaves nothing open is no other one's, and no address for want of it. */
static void
test_others(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(same); i++) {
		if (same[i].wanted[0] == '%' || strchr("0v", same[i].wanted[0]))
			continue;
		g_assert_false(identity_is_shown(same[i].wanted, "192.0.2.99"));
		g_assert_false(identity_is_shown(same[i].wanted, "ID_NULL"));
		g_assert_false(identity_is_shown(same[i].wanted, "@another"));
		g_assert_false(identity_is_shown(same[i].wanted, "a@other"));
		g_assert_false(identity_is_shown(same[i].wanted, "@#0x00"));
		g_assert_false(identity_is_shown(same[i].wanted, "C=XX"));
		g_assert_false(identity_is_shown(same[i].wanted, ""));
	}
	g_assert_false(identity_is_shown(NULL, "@vpn.example.com"));
	g_assert_false(identity_is_shown("vpn.example.com", "@vpn.example.com"));
	g_assert_false(identity_is_shown("%null", "192.0.2.1"));
	/* Whatever it is taken for. */
	g_assert_false(identity_is_shown("@a=b", "192.0.2.1"));
}

/* 4.10 takes the address of the host for all of these, without a word; 5.2 refuses the connection.
 */
static void
test_faults(void)
{
	static const struct {
		const char *text, *fault;
	} rows[] = {
		{"%foo", "is none of libreswan's words %fromcert, %any, %none and %null"},
		{"%from cert", "is none of libreswan's words *"},
		{"@#0x2728", "has something else after @# than pairs of hexadecimal digits without 0x"},
		{"@#6", "has something else after @# *"},
		{"@#", "has something else after @# *"},
		{"@#67_", "has something else after @# *"},
		{"@a=b", "is no distinguished name, for which libreswan takes every identity with an "
				 "equals sign: libreswan does not know \"a\"; *"},
		{"x500=@foo", "is no distinguished name, *"},
		{"@[CN=x]", "is no distinguished name, *: libreswan does not know \"[CN\"; *"},
		/* These both take, for something that nobody meant. */
		{"@~301031", "has something else after @~ *"},
		{"@~", "has something else after @~ *"},
		{"@", "has nothing after its @"},
		{"@[]", "has nothing between its brackets"},
		{"@[", "has nothing between its brackets"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *fault = identity_find_fault(rows[i].text);

		if (!fault || !g_pattern_match_simple(rows[i].fault, fault))
			g_error("%s: \"%s\" instead of \"%s\"", rows[i].text, fault, rows[i].fault);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/identity/same", test_same);
	g_test_add_func("/identity/others", test_others);
	g_test_add_func("/identity/faults", test_faults);
	return g_test_run();
}
