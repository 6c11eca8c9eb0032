/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "duration.h"

#include <string.h>

#define SECOND 1000000u /* in microseconds */

static const struct {
	const char *unit;
	guint64 microseconds;
} units[] = {
	{"", SECOND},
	{"s", SECOND},
	{"m", 60ull * SECOND},
	{"h", 3600ull * SECOND},
	{"d", 24 * 3600ull * SECOND},
	{"w", 7 * 24 * 3600ull * SECOND},
	{"ms", 1000},
	{"us", 1},
};

/* @text up to @len, without locale, sign and blanks. */
static gboolean
parse_digits(const char *text, gsize len, guint64 *number)
{
	*number = 0;
	if (len == 0 || len > 10)
		return FALSE;
	for (gsize i = 0; i < len; i++) {
		if (!g_ascii_isdigit(text[i]))
			return FALSE;
		*number = *number * 10 + (guint64) (text[i] - '0');
	}
	return *number <= G_MAXUINT32;
}

/* How much of a unit of @microseconds "0.@digits" is. */
static guint64
fraction(const char *digits, gsize len, guint64 microseconds)
{
	guint64 sum = 0;

	for (gsize i = 0; i < len && i < 9; i++) {
		microseconds /= 10;
		sum += (guint64) (digits[i] - '0') * microseconds;
	}
	return sum;
}

gboolean
duration_parse(const char *text, guint64 *seconds)
{
	gsize whole = strspn(text, "0123456789"), part = 0;
	const char *digits = text + whole, *unit = digits;
	guint64 n, sum;

	if (!parse_digits(text, whole, &n))
		return FALSE;
	if (*digits == '.') {
		part = strspn(++digits, "0123456789");
		unit = digits + part;
		if (part == 0 || part > 9)
			return FALSE;
	}
	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		if (!g_str_equal(unit, units[i].unit))
			continue;
		sum = n * units[i].microseconds + fraction(digits, part, units[i].microseconds);
		*seconds = sum / SECOND + (sum % SECOND > 0);
		return TRUE;
	}
	return FALSE;
}

char *
duration_normalize(const char *text)
{
	guint64 seconds;

	if (!duration_parse(text, &seconds))
		return NULL;
	/* The fractions and their units came with libreswan 4.10 or so, and other versions differ. */
	if (!strchr(text, '.') && !g_str_has_suffix(text, "ms") && !g_str_has_suffix(text, "us"))
		return g_strdup(text);
	return g_strdup_printf("%" G_GUINT64_FORMAT, seconds);
}
