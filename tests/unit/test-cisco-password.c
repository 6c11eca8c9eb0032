/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The passwords were obscured with openssl(1), after the description in cisco-password.h. */

#include "config.h"

#include <string.h>

#include "cisco-password.h"

#define GOOD                                                                                       \
	"030A11181F262D343B424950575E656C737A81885939D882AD997CBFF8019E9B7A2E02270C7936095A62B923A9E9" \
	"0B7CBECEE73AE2EEAEF8"

static void
check(const char *hex, const char *password)
{
	g_autofree char *found = cisco_password_reveal(hex);

	g_assert_cmpstr(found, ==, password);
}

static void
test_reveal(void)
{
	g_autofree char *lower = g_ascii_strdown(GOOD, -1);

	check(GOOD, "group secret");
	check(lower, "group secret");
	/* The last byte of the seed overflows, and nothing is carried. */
	check("FA01080F161D242B323940474E555C636A71787FA1FAC88C91C6E429DA240CEDABF5CE0E966BB9E045E5A756"
		  "37FB2E45",
		  "p");
	check("0910171E252C333A41484F565D646B727980878E76847A789A1DCE33603FB809F76934377F07B3AF6C623F5F"
		  "70F4B95D4B9AFAE5AD1E191E",
		  "pass\"word#12");
}

static void
test_wrong(void)
{
	g_autofree char *long_one = g_strnfill(40000, 'A');
	g_autofree char *text = g_strdup(GOOD);

	check("", NULL);
	check("A", NULL);
	check("zz", NULL);
	check(long_one, NULL);
	for (gsize n = 0; n < strlen(GOOD); n++) {
		g_autofree char *part = g_strndup(GOOD, n);

		check(part, NULL);
	}
	/* Each of its digits counts, but those of the seed that the hash does not cover. */
	for (gsize i = 40; i < strlen(GOOD); i++) {
		char good = text[i];

		text[i] = good == '0' ? '1' : '0';
		check(text, NULL);
		text[i] = good;
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/cisco-password/reveal", test_reveal);
	g_test_add_func("/cisco-password/wrong", test_wrong);
	return g_test_run();
}
