/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints the part of nm-settings-libreswan(5) that the option table is.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "option.h"

static void
print_text(const char *text)
{
	/* A line of roff must not begin with one of its control characters. */
	if (text[0] == '.' || text[0] == '\'')
		fputs("\\&", stdout);
	for (const char *p = text; *p; p++) {
		if (*p == '-')
			fputs("\\-", stdout);
		else if (*p == '\\')
			fputs("\\e", stdout);
		else
			putchar(*p);
	}
}

static void
print_sentence(const char *before, const char *text)
{
	printf("%s", before);
	print_text(text);
	puts(".");
}

static const char *
versions(const Option *option)
{
	return (option->ike & OPTION_IKE) == OPTION_IKEV1   ? "Only for IKEv1"
		   : (option->ike & OPTION_IKE) == OPTION_IKEV2 ? "Only for IKEv2"
														: NULL;
}

static void
print_option(const Option *option)
{
	g_autofree char *allowed = option_allowed(option);

	printf(".TP\n.B ");
	print_text(option->key);
	puts("");
	print_text(option->help);
	puts("");
	if (option->flags & OPTION_IGNORED || option->same_as)
		return;
	print_sentence("Allowed: ", allowed);
	if (option->flags & OPTION_REQUIRED)
		puts("Required.");
	else if (option->fallback)
		print_sentence("Default: ", option->fallback);
	if (versions(option))
		print_sentence("", versions(option));
}

static void
print_options(guint with, guint without, gboolean aliases)
{
	guint n;
	const Option *options = option_all(&n);

	for (guint i = 0; i < n; i++) {
		const Option *option = &options[i];

		if (aliases ? option->same_as != NULL || option->flags & OPTION_IGNORED
					: !option->same_as && !(option->flags & OPTION_IGNORED) &&
						  (option->flags & with) == with && !(option->flags & without))
			print_option(option);
	}
}

int
main(void)
{
	puts(".SH VPN.DATA");
	print_options(0, OPTION_DERIVED | OPTION_SECRET_KEY, FALSE);
	puts(".SS Keys that follow from others");
	puts("These need not be set: their default does what the other keys ask for.");
	print_options(OPTION_DERIVED, OPTION_SECRET_KEY, FALSE);
	puts(".SS Keys of older profiles");
	print_options(0, 0, TRUE);
	puts(".SH VPN.SECRETS");
	print_options(OPTION_SECRET_KEY, 0, FALSE);
	return 0;
}
