/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "conn-purpose.h"

static void
test_other(void)
{
	static const struct {
		const char *text, *other;
	} cases[] = {
		{"conn a\n left=%defaultroute\n right=gw\n auto=add\n", NULL},
		{"conn a\n type=passthrough\n", "type=passthrough"},
		{"conn a\n type=drop\n authby=never\n", "type=drop"},
		{"conn a\n authby=never\n", "authby=never"},
		{"conn a\n auto=ignore\n", "auto=ignore"},
		{"conn a\n right=%any\n", "right=%any"},
		{"conn a\n right=%opportunisticgroup\n", "right=%opportunisticgroup"},
		{"conn a\n right=%group\n", "right=%group"},
		{"conn a\n also=b\nconn b\n type=reject\n", "type=reject"},
		{"conn a\n type=tunnel\n also=b\nconn b\n type=reject\n", NULL},
		{"conn %default\n auto=ignore\nconn a\n right=gw\n", "auto=ignore"},
		{"conn %default\n auto=ignore\nconn a\n auto=start\n", NULL},
		{"conn a\n also=b\nconn b\n also=a\n also=nowhere\n right=%any\n", "right=%any"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(IpsecConfFile) file = ipsec_conf_read(cases[i].text, -1, &error);
		g_autoptr(ConnPurpose) purpose = NULL;
		g_autofree char *other = NULL;

		g_assert_no_error(error);
		g_test_message("%s", cases[i].text);
		purpose = conn_purpose_new(file);
		other = conn_purpose_find_other(purpose, ipsec_conf_find_conn(file, "a"));
		g_assert_cmpstr(other, ==, cases[i].other);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/conn-purpose/other", test_other);
	return g_test_run();
}
