/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Updown events for tests, made as pluto and the helper make them: through the wire and its parser.
 */
#pragma once

#include <string.h>

#include "updown-event.h"
#include "updown-wire.h"

static inline UpdownEvent *
fixture_event_va(const char *connection, const char *verb, const char *my_client,
				 const char *peer_client, va_list more)
{
	g_autoptr(GError) error = NULL;
	GString *text = g_string_new(NULL);
	UpdownEvent *event;
	const char *word;
	struct {
		const char *name, *value;
	} fixed[] = {
		{"PLUTO_VERB", verb},
		{"PLUTO_CONNECTION", connection},
		{"PLUTO_CONN_ADDRFAMILY", "ipv4"},
		{"PLUTO_ME", "192.0.2.2"},
		{"PLUTO_PEER", "203.0.113.1"},
		{"PLUTO_MY_CLIENT", my_client},
		{"PLUTO_PEER_CLIENT", peer_client},
	};

	g_string_append_len(text, UPDOWN_WIRE_MAGIC, strlen(UPDOWN_WIRE_MAGIC) + 1);
	for (guint i = 0; i < G_N_ELEMENTS(fixed); i++) {
		g_string_append_printf(text, "%s=%s", fixed[i].name, fixed[i].value);
		g_string_append_c(text, '\0');
	}
	while ((word = va_arg(more, const char *)))
		g_string_append_len(text, word, strlen(word) + 1);
	event = updown_event_parse(text->str, text->len, "vpn", &error);
	g_assert_no_error(error);
	g_string_free(text, TRUE);
	return event;
}

/* Further NAME=VALUE words may follow, up to NULL. */
static inline UpdownEvent *
fixture_event(const char *verb, const char *my_client, const char *peer_client, ...)
{
	UpdownEvent *event;
	va_list more;

	va_start(more, peer_client);
	event = fixture_event_va("vpn", verb, my_client, peer_client, more);
	va_end(more);
	return event;
}

/* The same, of one of the connections that libreswan makes for subnets: vpn/1x2. */
static inline UpdownEvent *
fixture_event_of(const char *connection, const char *verb, const char *my_client,
				 const char *peer_client, ...)
{
	UpdownEvent *event;
	va_list more;

	va_start(more, peer_client);
	event = fixture_event_va(connection, verb, my_client, peer_client, more);
	va_end(more);
	return event;
}
