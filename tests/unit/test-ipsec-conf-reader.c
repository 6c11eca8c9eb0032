/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <string.h>

#include "ipsec-conf-reader.h"

static void
test_sections(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(IpsecConfFile) file = ipsec_conf_read("\xef\xbb\xbf# A comment\r\n"
													"version 2.0\r\n"
													"\r\n"
													"config setup\r\n"
													"\tuniqueids=no   # why not\r\n"
													"include /etc/ipsec.d/*.conf\n"
													"conn %default\n"
													"    IKEv2 = insist\n"
													"  \t #nm-connect-mode=ondemand\n"
													"conn a#b # the tunnel\n"
													"\tleftid=\"C=DE, CN=joe # x\" # it is\n"
													"\trightsubnets={ 10.0.0.0/8 }\n"
													"\tleftcert=a#b\n"
													"\tesp=\n"
													"\tike=one\n"
													"\tike=two",
													-1, &error);
	const IpsecConfSection *section;

	g_assert_no_error(error);
	g_assert_cmpuint(file->comments->len, ==, 2);
	g_assert_cmpstr(file->comments->pdata[0], ==, "A comment");
	g_assert_cmpstr(file->comments->pdata[1], ==, "nm-connect-mode=ondemand");
	g_assert_cmpuint(file->sections->len, ==, 4);

	section = file->sections->pdata[0];
	g_assert_cmpint(section->type, ==, IPSEC_CONF_SETUP);
	g_assert_null(section->name);
	g_assert_cmpuint(section->line, ==, 4);
	g_assert_cmpstr(ipsec_conf_section_find(section, "uniqueids")->value, ==, "no");

	section = file->sections->pdata[1];
	g_assert_cmpint(section->type, ==, IPSEC_CONF_INCLUDE);
	g_assert_cmpstr(section->name, ==, "/etc/ipsec.d/*.conf");

	section = file->sections->pdata[2];
	g_assert_cmpstr(section->name, ==, "%default");
	g_assert_cmpstr(ipsec_conf_section_find(section, "ikev2")->value, ==, "insist");

	section = file->sections->pdata[3];
	g_assert_cmpstr(section->name, ==, "a#b");
	g_assert_cmpuint(section->entries->len, ==, 6);
	g_assert_cmpstr(ipsec_conf_section_find(section, "leftid")->value, ==, "C=DE, CN=joe # x");
	g_assert_cmpuint(ipsec_conf_section_find(section, "leftid")->line, ==, 11);
	g_assert_cmpstr(ipsec_conf_section_find(section, "rightsubnets")->value, ==, " 10.0.0.0/8 ");
	g_assert_cmpstr(ipsec_conf_section_find(section, "leftcert")->value, ==, "a#b");
	g_assert_cmpstr(ipsec_conf_section_find(section, "esp")->value, ==, "");
	g_assert_cmpstr(ipsec_conf_section_find(section, "ike")->value, ==, "two");
	g_assert_null(ipsec_conf_section_find(section, "right"));
}

static void
test_refused(void)
{
	static const struct {
		const char *text, *message; /* how it begins */
	} cases[] = {
		{" right=gw\n", "line 1: \"right=gw\": a conn line has to come before it"},
		{"conn a\nright=gw\n", "line 2: \"right=gw\": a setting has to be indented"},
		{"conn\n", "line 1: \"conn\": "},
		{"conn a b\n", "line 1: \"conn a b\": a conn needs one name"},
		{"conn \"\"\n", "line 1: "},
		{"config\n", "line 1: "},
		{"config nothing\n", "line 1: \"config nothing\": the only config section"},
		{"include\n", "line 1: "},
		{"hello\n", "line 1: \"hello\": this is neither a section nor a setting"},
		{"conn a\n\n leftcert=Libreswan Client\n",
		 "line 3: \"leftcert=Libreswan Client\": a value with blanks in it has to be in quotes"},
		{"conn a\n leftid=\"open\n", "line 2: \"leftid=\\\"open\": a quote or brace is not closed"},
		{"conn a\n leftid={open\n", "line 2: "},
		{"conn a\n leftid=a\"b\n", "line 2: \"leftid=a\\\"b\": a value cannot have a quote in it"},
		{"conn a\n leftid\n", "line 2: \"leftid\": a setting is keyword=value"},
		{"conn a\n =b\n", "line 2: "},
		{"  conn a\n", "line 1: \"conn a\": a conn or config line begins in the first column"},
		{"conn a\n config setup\n", "line 2: \"config setup\": a conn or config line begins in "},
		{"include x\n a=b\n", "line 2: "},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(IpsecConfFile) file = ipsec_conf_read(cases[i].text, -1, &error);

		g_assert_null(file);
		g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
		g_test_message("%s", error->message);
		g_assert_true(g_str_has_prefix(error->message, cases[i].message));
	}
}

/* They stand in messages, and one of them becomes the connection's name. */
static void
test_names(void)
{
	static const char *const bad[] = {
		"conn a\033]0;x\007\n", "conn a\u202eb\n",         "conn \"\"\n",
		"include \033[2J\n",    "conn a\n \033[2Jike=x\n", "conn a\n also=\u2066b\n",
	};

	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(ipsec_conf_read(bad[i], -1, &error));
		g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
		g_assert_null(strchr(error->message, '\033'));
		g_assert_null(strstr(error->message, "\u202e"));
		g_assert_null(strstr(error->message, "\u2066"));
	}
}

static void
test_limits(void)
{
	g_autofree char *big = g_strnfill(IPSEC_CONF_MAX + 1, '\n');
	g_autoptr(IpsecConfFile) empty = ipsec_conf_read("", -1, NULL);

	g_assert_nonnull(empty);
	g_assert_cmpuint(empty->sections->len, ==, 0);
	g_assert_null(ipsec_conf_read(big, -1, NULL));
	g_assert_null(ipsec_conf_read("conn a\0b", 8, NULL));
}

/* As many sections as there may be, and one more. */
static void
test_sections_max(void)
{
	g_autoptr(GString) text = g_string_new("config setup\ninclude x\n");
	g_autoptr(IpsecConfFile) most = NULL;
	g_autoptr(IpsecConfFile) more = NULL;
	g_autoptr(GError) error = NULL;

	for (guint i = 2; i < IPSEC_CONF_SECTIONS_MAX; i++)
		g_string_append_printf(text, "conn c%u\n", i);
	g_string_append(text, "\tleft=%any\n# a comment\n");
	most = ipsec_conf_read(text->str, -1, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(most->sections->len, ==, IPSEC_CONF_SECTIONS_MAX);

	g_string_append(text, "conn more\n");
	more = ipsec_conf_read(text->str, -1, &error);
	g_assert_null(more);
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
	g_assert_cmpstr(error->message, ==, "line 1003: the file has more than 1000 sections");
}

static void
test_find_conn(void)
{
	g_autoptr(IpsecConfFile) file =
		ipsec_conf_read("include a\nconn b\nconn a\n\tike=one\nconn a\n\tike=two\n", -1, NULL);
	const IpsecConfSection *conn = ipsec_conf_find_conn(file, "a");

	g_assert_cmpuint(conn->line, ==, 3);
	g_assert_cmpstr(ipsec_conf_section_find(conn, "ike")->value, ==, "one");
	g_assert_cmpuint(ipsec_conf_find_conn(file, "b")->line, ==, 2);
	g_assert_null(ipsec_conf_find_conn(file, "c"));
}

/* What is not UTF-8 is for whoever wants the section. */
static void
test_not_utf8(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(IpsecConfFile) file =
		ipsec_conf_read("# B\xfcro\nversion \xff\nconn a\n leftid=\xff\n"
						" #\xff\nconn b\n leftid=c\n#\xff\n",
						-1, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(ipsec_conf_find_conn(file, "a")->not_utf8, ==, 4);
	g_assert_cmpuint(ipsec_conf_find_conn(file, "b")->not_utf8, ==, 0);
	for (guint i = 0; i < file->comments->len; i++)
		g_assert_true(g_utf8_validate(file->comments->pdata[i], -1, NULL));
}

static void
test_carriage_returns(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(IpsecConfFile) file =
		ipsec_conf_read("conn a\r left=b\r\n right=c\n\r ike=d", -1, &error);
	const IpsecConfSection *section;

	g_assert_no_error(error);
	section = ipsec_conf_find_conn(file, "a");
	g_assert_cmpuint(ipsec_conf_section_find(section, "left")->line, ==, 2);
	g_assert_cmpuint(ipsec_conf_section_find(section, "right")->line, ==, 3);
	g_assert_cmpuint(ipsec_conf_section_find(section, "ike")->line, ==, 5);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ipsec-conf-reader/sections", test_sections);
	g_test_add_func("/ipsec-conf-reader/refused", test_refused);
	g_test_add_func("/ipsec-conf-reader/names", test_names);
	g_test_add_func("/ipsec-conf-reader/limits", test_limits);
	g_test_add_func("/ipsec-conf-reader/sections-max", test_sections_max);
	g_test_add_func("/ipsec-conf-reader/find-conn", test_find_conn);
	g_test_add_func("/ipsec-conf-reader/not-utf8", test_not_utf8);
	g_test_add_func("/ipsec-conf-reader/carriage-returns", test_carriage_returns);
	return g_test_run();
}
