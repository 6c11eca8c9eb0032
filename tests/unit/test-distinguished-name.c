/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "distinguished-name.h"

#include <string.h>

static char *
der_of(const char *text)
{
	g_autofree char *fault = NULL;
	g_autoptr(DistinguishedName) name = distinguished_name_parse(text, &fault);
	g_autoptr(GByteArray) der = NULL;
	GString *hex = g_string_new(NULL);

	g_assert_cmpstr(fault, ==, NULL);
	g_assert_nonnull(name);
	der = distinguished_name_to_der(name);
	for (guint i = 0; i < der->len; i++)
		g_string_append_printf(hex, "%02x", der->data[i]);
	return g_string_free(hex, FALSE);
}

/* As openssl asn1parse shows them. */
static void
test_der(void)
{
	static const char de_j[] = "3019310b3009060355040613024445310a300806035504031301"
							   "6a";
	static const struct {
		const char *text, *der;
	} rows[] = {
		{"C=DE, CN=j", de_j},
		{"/C=DE/CN=j", de_j},
		{" , c = DE  ,/ cn=j ", de_j},
		{"C=DE,CN=\\6a", de_j},
		{"C=#13024445, CN=#13016a", de_j},
		{"2.5.4.6=#13024445, CN=j", de_j},
		{"CN=\xc3\xbc", "300d310b3009060355040314"
						"02c3bc"},
		{"E=a@b", "30143112301006092a864886f70d0109011603614062"},
		{"CN=", "300b3109300706035504031300"},
		{"CN=\\ \\ ", "300d310b300906035504031302"
					  "2020"},
		{"CN=a\\,\\/\\\\\\#b", "301131"
							   "0f300d060355040314"
							   "06612c2f5c2362"},
		{"DC=x", "30133111300f060a0992268993f22c6401191301"
				 "78"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *der = der_of(rows[i].text);

		g_assert_cmpstr(der, ==, rows[i].der);
	}
}

/* Each was given to pluto 4.10 and 5.2: neither has the identity then. */
static void
test_faults(void)
{
	static const struct {
		const char *text, *fault;
	} rows[] = {
		{"C=DE, CN=gw, FOO=bar", "libreswan does not know \"FOO\"; it knows C, O, *"},
		{"CN=a, OID.2.5.4.3=x", "libreswan does not know \"OID.2.5.4.3\"; *"},
		{"O=Foo, Inc, CN=a", "its part \"Inc\" is not TYPE=VALUE; a comma or slash in *"},
		{"O=a/b", "its part \"b\" is not TYPE=VALUE; *"},
		{"CN=a, joe", "its part \"joe\" is not TYPE=VALUE; *"},
		{"=x", "libreswan does not know \"\"; *"},
		{"2.5.4.3=A", "the value of a numeric attribute must be # *"},
		{"2.40.3=#0c0141", "\"2.40.3\" is no object identifier that libreswan can write"},
		{"3.5.4=#0c0141", "\"3.5.4\" is no object identifier *"},
		{"1.2.16384=#0c0141", "\"1.2.16384\" is no object identifier *"},
		{"1.2.x=#0c0141", "\"1.2.x\" is no object identifier *"},
		{"2=#0c0141", "\"2\" is no object identifier *"},
		{"CN=#0c0141zz, O=x", "\"#0c0141zz\" is not # and the hexadecimal digits of a string in *"},
		{"CN=#0c0241", "\"#0c0241\" is not # *"},
		{"CN=#0c014", "\"#0c014\" is not # *"},
		{"CN=#020141", "\"#020141\" is not # *"},
		{"CN=#", "\"#\" is not # *"},
		{"CN=a+OU=b", "libreswan has no two values in one part, as in \"a+OU=b\"; a plus *"},
		{"CN=\"a\"", "double quotes around a value do not quote it; *"},
		{"CN=a\\", "it ends in a backslash, with nothing to escape"},
		{"CN=a\\00b", "a value has the zero byte \\00 in it"},
		{"", "nothing is in it"},
		{" ,/ ", "nothing is in it"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *fault = NULL;

		g_assert_null(distinguished_name_parse(rows[i].text, &fault));
		if (!fault || !g_pattern_match_simple(rows[i].fault, fault))
			g_error("%s: \"%s\" instead of \"%s\"", rows[i].text, fault, rows[i].fault);
		g_assert_null(distinguished_name_parse(rows[i].text, NULL));
	}
}

/* To the byte. */
static void
test_length(void)
{
	const guint head = 4 + 4 + 4 + 5 + 4; /* sequence, set, sequence, OID, string */

	for (guint len = DISTINGUISHED_NAME_MAX - head; len <= DISTINGUISHED_NAME_MAX - head + 1;
		 len++) {
		g_autofree char *value = g_strnfill(len, 'a');
		g_autofree char *text = g_strconcat("CN=", value, NULL);
		g_autofree char *fault = NULL;
		g_autoptr(DistinguishedName) name = distinguished_name_parse(text, &fault);

		g_assert_true(!name == (len > DISTINGUISHED_NAME_MAX - head));
		g_assert_cmpstr(fault, ==,
						name ? NULL : "it is too long (513 bytes as DER, libreswan takes 512)");
	}
}

static void
test_from_der(void)
{
	g_autoptr(DistinguishedName) name = distinguished_name_parse("C=DE, O=\xc3\xbc, E=a@b", NULL);
	g_autoptr(GByteArray) der = distinguished_name_to_der(name);
	g_autoptr(DistinguishedName) again = distinguished_name_from_der(der->data, der->len);
	g_autoptr(GByteArray) once_more = NULL;

	g_assert_nonnull(again);
	once_more = distinguished_name_to_der(again);
	g_assert_cmpmem(der->data, der->len, once_more->data, once_more->len);
	g_assert_true(distinguished_name_matches(again, name));
	/* Cut anywhere, or with something behind it, it is none. */
	for (guint len = 0; len < der->len; len++)
		g_assert_null(distinguished_name_from_der(der->data, len));
	g_byte_array_append(der, (const guint8 *) "", 1);
	g_assert_null(distinguished_name_from_der(der->data, der->len));
}

static gboolean
matches(const char *shown, const char *wanted)
{
	g_autoptr(DistinguishedName) one = distinguished_name_parse_printed(shown);
	g_autoptr(DistinguishedName) other = distinguished_name_parse(wanted, NULL);

	g_assert_nonnull(one);
	g_assert_nonnull(other);
	return distinguished_name_matches(one, other);
}

static void
test_matches(void)
{
	g_assert_true(matches("C=DE, O=x, CN=y", "C=DE, O=x, CN=y"));
	g_assert_true(matches("C=DE, O=X, CN=Y", "/C=DE/O=x/CN=y"));
	g_assert_true(matches("CN=y, C=DE", "C=DE, CN=y"));
	g_assert_true(matches("C=DE, O=x, CN=y", "C=DE, O=*, CN=y"));
	g_assert_true(matches("E=a@b.c", "emailAddress=a@b.c"));
	g_assert_true(matches("CN=a/b", "CN=a\\/b"));
	g_assert_true(matches("CN=M\\C3\\BCller", "CN=M\xc3\xbcller"));
	g_assert_true(matches("CN=A", "CN=#0c0141"));
	g_assert_false(matches("C=DE, O=x, CN=y", "C=DE, O=x, CN=z"));
	g_assert_false(matches("C=DE, CN=y", "C=DE, O=*, CN=y"));
	g_assert_false(matches("CN=yy", "CN=y"));
	g_assert_false(matches("O=y", "CN=y"));
	g_assert_null(distinguished_name_parse_printed("role=x, CN=y"));
}

static void
test_commas(void)
{
	static const struct {
		const char *text, *escaped;
	} rows[] = {
		{"O=Foo,,Inc, CN=a", "O=Foo\\,Inc, CN=a"},
		{"O=Foo,, CN=a", "O=Foo, CN=a"},
		{"O=Foo,,", "O=Foo\\,"},
		{"O=a\\,,, CN=b", "O=a\\,, CN=b"},
		{"C=DE, O=x", "C=DE, O=x"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *escaped = distinguished_name_escape_commas(rows[i].text);

		g_assert_cmpstr(escaped, ==, rows[i].escaped);
	}
}

/* DER writes a length in one, two or three bytes: there and back over each bound, at each level. */
static void
test_lengths_in_der(void)
{
	for (guint len = 0x80 - 40; len < 0x100 + 8; len++) {
		g_autofree char *value = g_strnfill(len, 'a');
		g_autofree char *text = g_strconcat("CN=", value, NULL);
		g_autoptr(DistinguishedName) name = distinguished_name_parse(text, NULL);
		g_autoptr(GByteArray) der = distinguished_name_to_der(name);
		g_autoptr(DistinguishedName) again = distinguished_name_from_der(der->data, der->len);

		g_assert_nonnull(again);
		g_assert_true(distinguished_name_matches(again, name));
	}
}

static void
test_plus_and_blank(void)
{
	g_autofree char *fault = NULL;

	g_assert_null(distinguished_name_parse("CN=a+  OU=b", &fault));
	g_assert_nonnull(strstr(fault, "two values"));
}

/* What a certificate may have, and what libreswan reads of it: the very same. */
static void
test_spell(void)
{
	static const struct {
		const char *der;  /* hexadecimal */
		const char *text; /* NULL: it cannot */
	} names[] = {
		/* O=Lab, CN=x */
		{"301a310c300a060355040a0c034c6162310a300806035504030c0178", "O=#0C034C6162, CN=#0C0178"},
		/* CN with a comma, a quote and half an umlaut */
		{"3011310f300d06035504030c06612c62224dc3", "CN=#0C06612C62224DC3"},
		/* emailAddress, as IA5String */
		{"30123110300e06092a864886f70d010901160140", "E=#160140"},
		/* an attribute that libreswan has no name for: 2.5.4.17, postalCode */
		{"300c310a300806035504110c0131", "2.5.4.17=#0C0131"},
		/* O and OU in one part */
		{"30183116300a060355040a0c034c61623008060355040b0c0178", NULL},
		/* 2.999: more than libreswan's first byte holds */
		{"300b3109300706028837"
		 "0c0131",
		 NULL},
		/* a number in the place of a string */
		{"300c310a30080603550403020178", NULL},
		{"3000", NULL},
		{"30", NULL},
		{"", NULL},
	};

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(GByteArray) der = g_byte_array_new();
		g_autofree char *text = NULL;

		for (const char *p = names[i].der; *p; p += 2) {
			const guint8 byte =
				(guint8) (g_ascii_xdigit_value(p[0]) << 4 | g_ascii_xdigit_value(p[1]));

			g_byte_array_append(der, &byte, 1);
		}
		text = distinguished_name_spell(der->data, der->len);
		g_test_message("%s", names[i].der);
		g_assert_cmpstr(text, ==, names[i].text);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/distinguished-name/der", test_der);
	g_test_add_func("/distinguished-name/faults", test_faults);
	g_test_add_func("/distinguished-name/length", test_length);
	g_test_add_func("/distinguished-name/from-der", test_from_der);
	g_test_add_func("/distinguished-name/spell", test_spell);
	g_test_add_func("/distinguished-name/matches", test_matches);
	g_test_add_func("/distinguished-name/commas", test_commas);
	g_test_add_func("/distinguished-name/lengths-in-der", test_lengths_in_der);
	g_test_add_func("/distinguished-name/plus-and-blank", test_plus_and_blank);
	return g_test_run();
}
