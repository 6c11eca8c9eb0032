/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer: any text in each place of pluto's lines where the other side, or somebody else,
 * chooses it. It never changes what the line means.
 */
#include "config.h"

#include <string.h>

#include "pluto-log-places.h"
#include "pluto-log.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void
feed_before(PlutoLog *log)
{
	for (guint i = 0; i < G_N_ELEMENTS(pluto_log_before); i++)
		pluto_log_take(log, pluto_log_before[i]);
}

static char *
fill(const char *place, const char *text)
{
	const char *hole = strstr(place, "%s");
	g_autofree char *before = g_strndup(place, (gsize) (hole - place));

	return g_strconcat(before, text, hole + strlen("%s"), NULL);
}

static void
check(const char *place, const char *text)
{
	g_autoptr(PlutoLog) log = pluto_log_new();
	g_autofree char *line = fill(place, text);
	g_autofree char *harmless = fill(place, "x");
	g_autofree char *topic = NULL;
	PlutoLogLine expected, got;

	feed_before(log);
	expected = pluto_log_take(log, harmless);
	got = pluto_log_take(log, line);
	g_assert_cmpint(got.kind, ==, expected.kind);
	g_assert_cmpint(got.authenticated, ==, expected.authenticated);
	g_assert_cmpstr(got.reason, ==, expected.reason);
	topic = pluto_log_topic(&got);
	g_assert_cmpuint(strlen(topic), <, 60);
	/* And what comes after it means what it did. */
	g_assert_cmpint(pluto_log_take(log, "\"vpn\" #7: authentication failed: x").kind, ==,
					PLUTO_LOG_STRANGER);
	g_assert_cmpint(pluto_log_take(log, "\"vpn\" #1: authentication failed: x").kind, ==,
					PLUTO_LOG_LOGIN_REFUSED);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autofree char *raw = g_strndup((const char *) data, size);
	g_autofree char *text = g_utf8_make_valid(raw, -1);
	g_autoptr(PlutoLog) log = pluto_log_new();
	PlutoLogLine whole;
	g_autofree char *connection = NULL;

	/* pluto writes what is no printable character in octal. */
	g_strdelimit(text, "\n\r", ' ');
	for (guint i = 0; i < G_N_ELEMENTS(pluto_log_places); i++)
		check(pluto_log_places[i], text);
	/* A whole line is anything at all. */
	whole = pluto_log_take(log, text);
	connection = pluto_log_connection(&whole);
	if (whole.kind == PLUTO_LOG_LEASE)
		g_assert_nonnull(pluto_log_address(&whole));
	return 0;
}
