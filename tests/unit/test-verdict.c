/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "verdict.h"

#include <string.h>

#define NONE MACHINE_N_EVENTS

/* Whatever is not authenticated is a doubt, in every state. */
static void
test_events(void)
{
	static const struct {
		PlutoLogKind kind;
		MachineEventKind authenticated, doubted;
	} rows[] = {
		{PLUTO_LOG_OTHER, NONE, NONE},
		{PLUTO_LOG_NOISE, NONE, NONE},
		{PLUTO_LOG_STRANGER, NONE, NONE},
		{PLUTO_LOG_ANSWERED, EVENT_PEER_ANSWERED, EVENT_PEER_ANSWERED},
		{PLUTO_LOG_LOST, EVENT_LOST, EVENT_LOST},
		{PLUTO_LOG_LOGIN_SENT, EVENT_LOGIN_SENT, EVENT_LOGIN_SENT},
		{PLUTO_LOG_LOGIN_ACCEPTED, EVENT_LOGIN_ACCEPTED, EVENT_LOGIN_ACCEPTED},
		{PLUTO_LOG_LOGIN_REFUSED, EVENT_LOGIN_REFUSED, EVENT_LOGIN_DOUBTED},
		{PLUTO_LOG_REFUSED, EVENT_REFUSED, EVENT_DOUBTED},
		{PLUTO_LOG_UNREACHABLE, EVENT_UNREACHABLE, EVENT_DOUBTED},
		{PLUTO_LOG_INVALID, EVENT_INVALID, EVENT_INVALID},
		{PLUTO_LOG_BROKEN, EVENT_START_FAILED, EVENT_START_FAILED},
		{PLUTO_LOG_PORT_TAKEN, EVENT_START_FAILED, EVENT_START_FAILED},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (guint state = 0; state < MACHINE_N_STATES; state++) {
			PlutoLogLine line = {.kind = rows[i].kind, .authenticated = TRUE};

			g_assert_cmpint(verdict_event(&line, state, TRUE), ==, rows[i].authenticated);
			line.authenticated = FALSE;
			g_assert_cmpint(verdict_event(&line, state, FALSE), ==, rows[i].doubted);
		}
	}
}

/* These end a tunnel that is up, and mean nothing elsewhere. */
static void
test_while_up(void)
{
	const PlutoLogLine lease = {.kind = PLUTO_LOG_LEASE, .authenticated = TRUE};
	const PlutoLogLine again = {.kind = PLUTO_LOG_XAUTH_AGAIN, .authenticated = TRUE};

	for (guint state = 0; state < MACHINE_N_STATES; state++) {
		const MachineEventKind wanted = state == MACHINE_UP ? EVENT_LOST : NONE;

		g_assert_cmpint(verdict_event(&lease, state, TRUE), ==, wanted);
		g_assert_cmpint(verdict_event(&lease, state, FALSE), ==, NONE);
		g_assert_cmpint(verdict_event(&again, state, FALSE), ==, wanted);
	}
}

static void
assert_reason(const PlutoLogLine *line, MachineEventKind event, MachineState state,
			  const char *expected)
{
	g_autofree char *reason = verdict_reason(line, event, state);

	g_assert_cmpstr(reason, ==, expected);
}

static void
test_reasons(void)
{
	const PlutoLogLine line = {.reason = "why", .rest = "keyword\n\"x\""};
	const PlutoLogLine silent = {.rest = "text of the gateway"};

	assert_reason(&line, EVENT_LOST, MACHINE_UP, "why");
	assert_reason(&line, EVENT_LOST, MACHINE_CONNECTING,
				  "the negotiation ended before there was a tunnel");
	assert_reason(&line, EVENT_LOGIN_REFUSED, MACHINE_UP, "why");
	assert_reason(&line, EVENT_REFUSED, MACHINE_CONNECTING, "why");
	assert_reason(&line, EVENT_DOUBTED, MACHINE_RECOVERING, "why");
	/* It goes on. */
	assert_reason(&line, EVENT_REFUSED, MACHINE_UP, NULL);
	assert_reason(&line, EVENT_LOGIN_DOUBTED, MACHINE_UP, NULL);
	assert_reason(&line, EVENT_PEER_ANSWERED, MACHINE_CONNECTING, NULL);
	assert_reason(&line, NONE, MACHINE_CONNECTING, NULL);
	assert_reason(&silent, EVENT_LOST, MACHINE_UP, NULL);
}

/* What the gateway shows can be copied, and nothing else comes of it. */
static void
test_other_id(void)
{
	static const struct {
		const char *rest, *shown;
	} rows[] = {
		{"Peer ID '@gateway.example' mismatched on first found connection", "@gateway.example"},
		{"Peer ID '@it's' mismatched on' mismatched on first found", "@it's' mismatched on"},
		{"Peer ID 'C=DE, CN=a\nb' mismatched on first found connection", "C=DE, CN=a\\nb"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const PlutoLogLine line = {.reason = "another", .rest = rows[i].rest, .shows_id = TRUE};
		g_autofree char *expected = g_strdup_printf(
			"the gateway shows the identity '%s', and rightid= wants another; where "
			"it is the right gateway, set rightid=%s",
			rows[i].shown, rows[i].shown);

		assert_reason(&line, EVENT_DOUBTED, MACHINE_CONNECTING, expected);
		assert_reason(&line, EVENT_DOUBTED, MACHINE_UP, NULL);
	}
	assert_reason(&(PlutoLogLine){.reason = "another", .rest = "Peer ID 'x", .shows_id = TRUE},
				  EVENT_DOUBTED, MACHINE_CONNECTING, "another");
}

/* In one line, and not more of it than a person reads. */
static void
test_diagnosis(void)
{
	g_autofree char *much = g_strnfill(5000, 'x');
	const PlutoLogLine line = {.reason = "refused", .rest = "keyword\nx"};
	const PlutoLogLine longer = {.reason = "refused", .rest = much};
	g_autofree char *reason = verdict_reason(&line, EVENT_INVALID, MACHINE_CONNECTING);
	g_autofree char *cut = verdict_reason(&longer, EVENT_INVALID, MACHINE_CONNECTING);

	g_assert_true(g_str_has_prefix(reason, "refused: keyword"));
	g_assert_null(strchr(reason, '\n'));
	g_assert_cmpuint(strlen(cut), <, 300);
	assert_reason(&line, EVENT_INVALID, MACHINE_UP, NULL);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/verdict/events", test_events);
	g_test_add_func("/verdict/while-up", test_while_up);
	g_test_add_func("/verdict/reasons", test_reasons);
	g_test_add_func("/verdict/diagnosis", test_diagnosis);
	g_test_add_func("/verdict/other-id", test_other_id);
	return g_test_run();
}
