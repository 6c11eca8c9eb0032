/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "verdict.h"

#include "one-line.h"

/* Letters of what pluto says of a profile. */
#define DIAGNOSIS_MAX 200
/* And of the gateway's identity: a subject of a certificate has many. */
#define ID_MAX 200

MachineEventKind
verdict_event(const PlutoLogLine *line, MachineState state, gboolean other_lease)
{
	switch (line->kind) {
	case PLUTO_LOG_ANSWERED:
		return EVENT_PEER_ANSWERED;
	case PLUTO_LOG_LOST:
		return EVENT_LOST;
	case PLUTO_LOG_LEASE:
		return state == MACHINE_UP && other_lease ? EVENT_LOST : MACHINE_N_EVENTS;
	case PLUTO_LOG_XAUTH_AGAIN:
		return state == MACHINE_UP ? EVENT_LOST : MACHINE_N_EVENTS;
	case PLUTO_LOG_LOGIN_SENT:
		return EVENT_LOGIN_SENT;
	case PLUTO_LOG_LOGIN_ACCEPTED:
		return EVENT_LOGIN_ACCEPTED;
	case PLUTO_LOG_LOGIN_REFUSED:
		return line->authenticated ? EVENT_LOGIN_REFUSED : EVENT_LOGIN_DOUBTED;
	case PLUTO_LOG_LOGIN_UNCLEAR:
		return EVENT_LOGIN_UNCLEAR;
	case PLUTO_LOG_REFUSED:
		return line->authenticated ? EVENT_REFUSED : EVENT_DOUBTED;
	case PLUTO_LOG_UNREACHABLE:
		return line->authenticated ? EVENT_UNREACHABLE : EVENT_DOUBTED;
	case PLUTO_LOG_INVALID:
		return EVENT_INVALID;
	case PLUTO_LOG_BROKEN:
	case PLUTO_LOG_PORT_TAKEN:
		return EVENT_START_FAILED;
	case PLUTO_LOG_OTHER:
	case PLUTO_LOG_NOISE:
	case PLUTO_LOG_STRANGER:
		break;
	}
	return MACHINE_N_EVENTS;
}

/* The identity is any text of the other side's: quoted, in one line, and cut. */
static char *
describe_other_id(const PlutoLogLine *line)
{
	g_autofree char *id = pluto_log_shown_id(line);
	g_autofree char *quoted = id ? one_line(id, ID_MAX) : NULL;

	if (!quoted)
		return g_strdup(line->reason);
	return g_strdup_printf(
		"the gateway shows the identity '%s', and rightid= wants another; where it "
		"is the right gateway, set rightid=%s",
		quoted, quoted);
}

char *
verdict_reason(const PlutoLogLine *line, MachineEventKind event, MachineState state)
{
	g_autofree char *diagnosis = NULL;

	if (!line->reason || event == EVENT_PEER_ANSWERED || event == MACHINE_N_EVENTS)
		return NULL;
	if (state == MACHINE_UP && event != EVENT_LOST && event != EVENT_LOGIN_REFUSED &&
		event != EVENT_LOGIN_UNCLEAR)
		return NULL;
	if (line->shows_id)
		return describe_other_id(line);
	/* pluto says so whoever has ended it. Where it was we, the cause was said before, but for one
	 * that nobody knows. */
	if (event == EVENT_LOST && state != MACHINE_UP)
		return g_strdup("the negotiation ended before there was a tunnel");
	if (event != EVENT_INVALID)
		return g_strdup(line->reason);
	/* What pluto says of a profile is the only text of its own that a person is shown: it was not
	 * on the network then. */
	diagnosis = one_line(line->rest, DIAGNOSIS_MAX);
	return g_strdup_printf("%s: %s", line->reason, diagnosis);
}
