/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <string.h>

#include "option.h"
#include "plist-reader.h"

#define BEGIN                                                                                      \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST "    \
	"1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">"
#define END "</plist>"

static void
test_read(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Value) map = plist_read(
		BEGIN "<!-- c --><dict><key>s</key><string>a&amp;&#228;<![CDATA[<b>]]></string>"
			  "<key>n</key><integer> 5 </integer><key>r</key><real>1.5</real><key>t</key><true/>"
			  "<key>f</key><false/><key>d</key><data>\n\tQUJD\n\t</data><key>e</key><string/>"
			  "<key>a</key><array><dict><key>s</key><date>2026-01-01T00:00:00Z</date></dict>"
			  "<array/></array></dict>" END,
		&error);
	gsize len;
	const char *data;
	Value *list;

	g_assert_no_error(error);
	g_assert_cmpstr(value_text(value_find(map, "s")), ==, "a&ä<b>");
	g_assert_cmpint(value_kind(value_find(map, "n")), ==, VALUE_NUMBER);
	g_assert_cmpstr(value_text(value_find(map, "n")), ==, "5");
	g_assert_cmpstr(value_text(value_find(map, "r")), ==, "1.5");
	g_assert_cmpint(value_kind(value_find(map, "t")), ==, VALUE_BOOLEAN);
	g_assert_cmpstr(value_text(value_find(map, "t")), ==, "1");
	g_assert_cmpstr(value_text(value_find(map, "f")), ==, "0");
	g_assert_cmpstr(value_text(value_find(map, "e")), ==, "");
	data = g_bytes_get_data(value_bytes(value_find(map, "d")), &len);
	g_assert_cmpmem(data, len, "ABC", 3);
	list = value_find(map, "a");
	g_assert_cmpuint(value_length(list), ==, 2);
	g_assert_cmpstr(value_text(value_find(value_nth(list, 0), "s")), ==, "2026-01-01T00:00:00Z");
}

static void
check_error(const char *text, const char *message)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(plist_read(text, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
	g_assert_true(g_utf8_validate(error->message, -1, NULL));
	if (!strstr(error->message, message))
		g_error("%s", error->message);
}

static void
test_wrong(void)
{
	check_error("", "no plist");
	check_error(BEGIN, "no plist");
	check_error(BEGIN END, "with a <dict> in it");
	check_error(BEGIN "<array/>" END, "with a <dict> in it");
	check_error(BEGIN "<dict/><dict/>" END, "\"dict\" cannot be here");
	check_error("<dict/>", "\"dict\" cannot be here");
	check_error(BEGIN "<dict><string>x</string></dict>" END, "\"string\" cannot be here");
	check_error(BEGIN "<dict><key>a</key></dict>" END, "without its value");
	check_error(BEGIN "<dict><key>a</key><key>b</key></dict>" END, "\"key\" cannot be here");
	check_error(BEGIN "<dict><key>a<b/></key></dict>" END, "\"b\" cannot be here");
	check_error(BEGIN "<dict><key>a</key><string><dict/></string></dict>" END,
				"\"dict\" cannot be here");
	check_error(BEGIN "<dict>x</dict>" END, "text outside of a value");
	check_error(BEGIN "<dict><key>a</key><true/><key>a</key><true/></dict>" END,
				"\"a\" is there twice");
	check_error(BEGIN "<dict><key>a</key><dict/><key>a</key><dict/></dict>" END,
				"\"a\" is there twice");
	check_error(BEGIN "<dict><key>a</key><data>?</data></dict>" END, "has to be base64");
	check_error(BEGIN "<dict><key>a</key><url>x</url></dict>" END, "\"url\" cannot be here");
	check_error(BEGIN "<plist><dict/></plist>" END, "\"plist\" cannot be here");
}

/* What would be read from elsewhere, or become larger than it is. */
static void
test_entities(void)
{
	check_error("<!DOCTYPE plist [<!ENTITY a \"b\">]><plist><dict/></plist>", "DOCTYPE");
	check_error("<!DOCTYPE plist SYSTEM \"file:///etc/passwd\" [ ]><plist><dict/></plist>",
				"no plist");
	check_error("<!ENTITY a SYSTEM \"http://example.com/\"><plist><dict/></plist>", "no plist");
	check_error(BEGIN "<dict><key>a</key><string>&a;</string></dict>" END, "not known");
	check_error(BEGIN "<dict><key>a</key><string>&#0;</string></dict>" END, "no plist");
}

static void
test_much(void)
{
	g_autoptr(GString) deep = g_string_new(BEGIN "<dict><key>a</key>");
	g_autoptr(GString) wide = g_string_new(BEGIN "<dict><key>a</key><array>");
	g_autoptr(GString) unclosed = g_string_new(BEGIN "<dict><key>a</key>");

	for (guint i = 0; i < VALUE_DEPTH_MAX; i++)
		g_string_append(deep, "<array>");
	for (guint i = 0; i < VALUE_COUNT_MAX; i++)
		g_string_append(wide, "<true/>");
	for (guint i = 0; i < 100000; i++)
		g_string_append(unclosed, "<array>");
	check_error(deep->str, "too many values");
	check_error(wide->str, "too many values");
	check_error(unclosed->str, "too many values");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/plist-reader/read", test_read);
	g_test_add_func("/plist-reader/wrong", test_wrong);
	g_test_add_func("/plist-reader/entities", test_entities);
	g_test_add_func("/plist-reader/much", test_much);
	return g_test_run();
}
