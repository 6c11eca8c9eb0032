/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "machine.h"

typedef guint (*Handler)(Machine *m, const MachineEvent *event);

static const char *const state_names[MACHINE_N_STATES] = {
	[MACHINE_IDLE] = "idle",
	[MACHINE_CONNECTING] = "connecting",
	[MACHINE_READY] = "ready",
	[MACHINE_UP] = "up",
	[MACHINE_STOPPING] = "stopping",
	[MACHINE_WAITING] = "waiting",
	[MACHINE_RECOVERING] = "recovering",
	[MACHINE_ASKING] = "asking",
	[MACHINE_BLOCKED] = "blocked",
	[MACHINE_CLEANING] = "cleaning",
};

static const char *const event_names[MACHINE_N_EVENTS] = {
	[EVENT_CONNECT] = "connect",
	[EVENT_DISCONNECT] = "disconnect",
	[EVENT_START_FAILED] = "start-failed",
	[EVENT_HELD_UP] = "held-up",
	[EVENT_INVALID] = "invalid",
	[EVENT_OTHER_COMMAND] = "other-command",
	[EVENT_PEER_ANSWERED] = "peer-answered",
	[EVENT_TRAPPED] = "trapped",
	[EVENT_CHILD_UP] = "child-up",
	[EVENT_CHILD_DOWN] = "child-down",
	[EVENT_LOST] = "lost",
	[EVENT_LOGIN_SENT] = "login-sent",
	[EVENT_LOGIN_ACCEPTED] = "login-accepted",
	[EVENT_LOGIN_REFUSED] = "login-refused",
	[EVENT_LOGIN_UNCLEAR] = "login-unclear",
	[EVENT_REFUSED] = "refused",
	[EVENT_SECRET_MISSING] = "secret-missing",
	[EVENT_SECRET_WRONG] = "secret-wrong",
	[EVENT_PROMPTED] = "prompted",
	[EVENT_LOGIN_DOUBTED] = "login-doubted",
	[EVENT_DOUBTED] = "doubted",
	[EVENT_UNREACHABLE] = "unreachable",
	[EVENT_PLUTO_EXITED] = "pluto-exited",
	[EVENT_PLUTO_HANGS] = "pluto-hangs",
	[EVENT_STOPPED] = "stopped",
	[EVENT_CLEANED] = "cleaned",
	[EVENT_UPLINK_CHANGED] = "uplink-changed",
	[EVENT_UPLINK_GONE] = "uplink-gone",
	[EVENT_UPLINK_BACK] = "uplink-back",
	[EVENT_RESUMED] = "resumed",
	[EVENT_SECRETS] = "secrets",
	[EVENT_NO_SECRETS] = "no-secrets",
	[EVENT_TIMER] = "timer",
};

#define ACTION_NAME(NAME, name) #name,
static const char *const action_names[] = {MACHINE_ACTIONS(ACTION_NAME)};

static const gint64 backoff_ms[] = {0, 1000, 2000, 5000, 10000, 30000};

gint64
machine_backoff_ms(guint attempt)
{
	return backoff_ms[MIN(attempt, G_N_ELEMENTS(backoff_ms) - 1)];
}

static guint
arm(Machine *m, gint64 ms)
{
	m->timer_ms = ms;
	return ACTION_ARM;
}

/* The gateway has until then, from now on. */
static guint
give_time(Machine *m, const MachineEvent *event, gint64 ms)
{
	m->doubt = FAILURE_NONE;
	m->deadline_ms = event->now_ms + ms;
	return arm(m, ms);
}

/* Into a state in which an instance runs and the gateway is to answer. */
static guint
start(Machine *m, const MachineEvent *event, MachineState state)
{
	m->held_up = FALSE;
	m->state = state;
	m->prompted = FALSE;
	m->answered = FALSE;
	m->login_open = FALSE;
	m->flaps = FALSE;
	return ACTION_START | give_time(m, event, MACHINE_SILENCE_MS);
}

/* The end: away with everything; what NetworkManager is told follows when it is gone, so that
 * whoever sees the failure sees nothing of ours any more. */
static guint
clean(Machine *m, MachineFailure failure)
{
	m->state = MACHINE_CLEANING;
	m->prompted = FALSE;
	m->failure = failure;
	return ACTION_CLEAN | ACTION_DISARM;
}

static guint
throw_away(Machine *m)
{
	m->state = MACHINE_STOPPING;
	m->prompted = FALSE;
	return ACTION_STOP | ACTION_DISARM;
}

/* What is protected stays so. */
static guint
close_down(Machine *m, MachineFailure failure)
{
	m->blocks = TRUE;
	m->failure = failure;
	return throw_away(m);
}

/* The end of what has protected something. */
static guint
give_up(Machine *m, MachineFailure failure)
{
	return m->recovery_ms >= 0 ? clean(m, failure) : close_down(m, failure);
}

static gboolean
recovery_is_over(const Machine *m, gint64 now_ms)
{
	return m->recovery_ms >= 0 && now_ms - m->down_since_ms >= m->recovery_ms;
}

/* Whether the instance that ends was a working one decides whether the next may start at once.
 * One that came up and did not last is spaced from the next, but not ever further: the gateway lets
 * us in, and what throws us out again may be over any moment. */
static guint
lose_tunnel(Machine *m, const MachineEvent *event)
{
	if (event->now_ms - m->up_since_ms >= MACHINE_STABLE_MS)
		m->attempt = 0;
	if (m->attempt == 0) {
		m->down_since_ms = event->now_ms;
	} else {
		m->flaps = TRUE;
		m->attempt = 1;
	}
	return throw_away(m);
}

static guint
on_connect(Machine *m, const MachineEvent *event)
{
	m->failure = FAILURE_NONE;
	m->connect_again = FALSE;
	m->asks = FALSE;
	m->was_missing = FALSE;
	m->was_wrong = FALSE;
	m->held_up = FALSE;
	m->was_corrected = FALSE;
	m->blocks = FALSE;
	m->reported = FALSE;
	m->attempt = 0;
	m->n_unclear = 0;
	m->connect_since_ms = event->now_ms;
	m->no_uplink = FALSE;
	return start(m, event, MACHINE_CONNECTING);
}

static guint
on_connect_while_cleaning(Machine *m, const MachineEvent *event)
{
	m->connect_again = TRUE;
	m->failure = FAILURE_NONE;
	return 0;
}

static guint
on_disconnect(Machine *m, const MachineEvent *event)
{
	return clean(m, FAILURE_NONE);
}

static guint
on_disconnect_while_cleaning(Machine *m, const MachineEvent *event)
{
	m->connect_again = FALSE;
	m->failure = FAILURE_NONE;
	return 0;
}

/* Of a first connection, which has protected nothing yet. What somebody has said of it may be the
 * best that is known. */
static guint
on_failure(Machine *m, const MachineEvent *event)
{
	return clean(m, m->doubt == FAILURE_LOGIN ? FAILURE_LOGIN : FAILURE_CONNECT);
}

/* The first is refused, or nobody gives the next. */
static guint
on_no_login(Machine *m, const MachineEvent *event)
{
	return clean(m, FAILURE_LOGIN);
}

/* The gateway has refused the first login. A person may have mistyped it, or an agent have an old
 * one, and would give it each time: he is asked once. After a code it is not known which of the two
 * it was. */
static guint
on_first_login_refused(Machine *m, const MachineEvent *event)
{
	if (!m->can_correct || m->was_corrected || !m->login_open)
		return on_no_login(m, event);
	m->login_open = FALSE;
	m->was_corrected = TRUE;
	m->asks = TRUE;
	return throw_away(m);
}

/* Nobody else has been told it, so another one locks no account, and NetworkManager waits for as
 * long as it takes a person to type: once for each, as who has mistyped twice may want to look it
 * up. */
static guint
ask_once(Machine *m, const MachineEvent *event, gboolean *before)
{
	if (!m->has_person || *before)
		return on_no_login(m, event);
	*before = TRUE;
	m->asks = TRUE;
	return throw_away(m);
}

static guint
on_secret_missing(Machine *m, const MachineEvent *event)
{
	return ask_once(m, event, &m->was_missing);
}

static guint
on_secret_wrong(Machine *m, const MachineEvent *event)
{
	return ask_once(m, event, &m->was_wrong);
}

/* It was right once, and what has become of it since a person need not know. */
static guint
on_secret_lost(Machine *m, const MachineEvent *event)
{
	return give_up(m, FAILURE_LOGIN);
}

/* pluto waits for it, so whoever has the answer has as long as the gateway waits. To NetworkManager
 * a question is the end of what nobody answers, as it is of ask_or_block(). */
static guint
on_prompted(Machine *m, const MachineEvent *event)
{
	if (!m->has_person || (m->recovery_ms < 0 && m->reported))
		return m->reported ? give_up(m, FAILURE_LOGIN) : clean(m, FAILURE_LOGIN);
	m->prompted = TRUE;
	return ACTION_PROMPT | give_time(m, event, MACHINE_PROMPT_MS);
}

/* What the user took is neither libnm's minute nor the recovery's time. */
static guint
on_code(Machine *m, const MachineEvent *event)
{
	if (!m->prompted)
		return 0;
	m->prompted = FALSE;
	m->was_corrected = TRUE;
	m->answered = TRUE;
	if (m->state == MACHINE_CONNECTING)
		m->connect_since_ms = event->now_ms;
	else
		m->down_since_ms = event->now_ms;
	return ACTION_ANSWER | (m->reported ? ACTION_REMIND : 0) |
		   give_time(m, event, MACHINE_SILENCE_MS);
}

static guint
on_no_code(Machine *m, const MachineEvent *event)
{
	return m->prompted ? clean(m, FAILURE_LOGIN) : 0;
}

static guint
on_connecting_too_long(Machine *m, const MachineEvent *event)
{
	return m->prompted ? on_no_code(m, event) : on_failure(m, event);
}

static guint
on_end(Machine *m, const MachineEvent *event)
{
	return give_up(m, FAILURE_CONNECT);
}

static guint
on_answered(Machine *m, const MachineEvent *event)
{
	if (m->prompted || (m->answered && m->doubt == FAILURE_NONE))
		return 0; /* it was before the question */
	if (m->answered)
		return give_time(m, event, MAX(m->deadline_ms - event->now_ms, 0));
	m->answered = TRUE;
	if (m->state != MACHINE_CONNECTING)
		return give_time(m, event, MACHINE_ANSWERED_MS);
	return give_time(m, event, MAX(m->connect_since_ms + MACHINE_CONNECT_MS - event->now_ms, 0));
}

/* What comes after a login is a matter of seconds. It may not come at all: of a lost answer to the
 * gateway's word that the login was right libreswan and strongSwan wait for each other. */
static guint
on_login_accepted(Machine *m, const MachineEvent *event)
{
	guint todo = on_answered(m, event);

	if (m->prompted || m->deadline_ms - event->now_ms <= MACHINE_SILENCE_MS)
		return todo;
	return give_time(m, event, MACHINE_SILENCE_MS);
}

/* The first is the cause, and what is said after it are its consequences: a gateway that we have
 * told that its identity is another one keeps silent, or sends what cannot be decrypted any more.
 */
static guint
doubt(Machine *m, const MachineEvent *event, MachineFailure failure)
{
	if (m->doubt != FAILURE_NONE || m->prompted)
		return 0;
	m->doubt = failure;
	return arm(m, CLAMP(m->deadline_ms - event->now_ms, 0, MACHINE_DOUBT_MS));
}

static guint
on_doubted(Machine *m, const MachineEvent *event)
{
	return doubt(m, event, FAILURE_CONNECT);
}

static guint
on_login_doubted(Machine *m, const MachineEvent *event)
{
	return doubt(m, event, FAILURE_LOGIN);
}

/* A negotiation that a packet has begun has no deadline of ours. */
static guint
on_doubted_while_ready(Machine *m, const MachineEvent *event)
{
	m->deadline_ms = event->now_ms + MACHINE_DOUBT_MS;
	return doubt(m, event, FAILURE_CONNECT);
}

static guint
on_login_doubted_while_ready(Machine *m, const MachineEvent *event)
{
	m->deadline_ms = event->now_ms + MACHINE_DOUBT_MS;
	return doubt(m, event, FAILURE_LOGIN);
}

static guint
on_answered_while_ready(Machine *m, const MachineEvent *event)
{
	if (m->doubt == FAILURE_NONE)
		return 0;
	m->doubt = FAILURE_NONE;
	return ACTION_DISARM;
}

static guint
on_child_up(Machine *m, const MachineEvent *event)
{
	if (event->n_up == 0)
		return 0;
	m->state = MACHINE_UP;
	m->login_open = FALSE;
	m->n_unclear = 0;
	m->reported = TRUE;
	m->doubt = FAILURE_NONE;
	m->up_since_ms = event->now_ms;
	return ACTION_REPORT | ACTION_DISARM;
}

static guint
on_trapped(Machine *m, const MachineEvent *event)
{
	m->state = MACHINE_READY;
	m->reported = TRUE;
	m->doubt = FAILURE_NONE;
	m->up_since_ms = event->now_ms;
	return ACTION_REPORT | ACTION_DISARM;
}

static guint
on_trapped_again(Machine *m, const MachineEvent *event)
{
	return ACTION_REPORT;
}

static guint
on_child_up_again(Machine *m, const MachineEvent *event)
{
	return event->n_up > 0 ? ACTION_REPORT : 0;
}

static guint
on_child_down(Machine *m, const MachineEvent *event)
{
	return event->n_up > 0 ? ACTION_REPORT : lose_tunnel(m, event);
}

/* A secret that the user gives each time may be good for one login only: another one is asked for.
 * One that is stored is refused again, and every try counts against the account. */
static guint
on_login_refused(Machine *m, const MachineEvent *event)
{
	m->login_open = FALSE;
	if (!m->can_ask)
		return give_up(m, FAILURE_LOGIN);
	m->asks = TRUE;
	return throw_away(m);
}

/* The instance that is thrown away has sent a login that nobody has judged. It may have been
 * refused, and may count against the account, so there are not many of them. */
static void
leave_login_open(Machine *m)
{
	m->login_open = FALSE;
	if (m->n_unclear < MACHINE_UNCLEAR_MAX)
		m->n_unclear++;
	m->asks |= m->can_ask;
	if (!m->can_ask && m->n_unclear >= MACHINE_UNCLEAR_MAX)
		close_down(m, FAILURE_LOGIN);
}

/* pluto was quicker than its end: nobody will hear what comes of this one. */
static guint
on_login_sent_while_stopping(Machine *m, const MachineEvent *event)
{
	if (m->asks && !m->reported)
		return 0; /* there will be another one, and nothing to block */
	leave_login_open(m);
	return 0;
}

/* Likewise, and the gateway was quicker, too. */
static guint
on_login_refused_while_stopping(Machine *m, const MachineEvent *event)
{
	m->login_open = FALSE;
	m->asks |= m->can_ask;
	if (m->asks)
		return 0;
	if (m->recovery_ms >= 0)
		return clean(m, FAILURE_LOGIN);
	m->blocks = TRUE;
	m->failure = FAILURE_LOGIN;
	return 0;
}

/* The gateway itself does not say whether the login was right: the next one comes late. */
static guint
on_login_unclear(Machine *m, const MachineEvent *event)
{
	if (m->state != MACHINE_RECOVERING)
		m->down_since_ms = event->now_ms;
	m->login_open = TRUE;
	m->flaps = FALSE;
	m->attempt = G_N_ELEMENTS(backoff_ms) - 1;
	return throw_away(m);
}

/* What a packet wanted did not come about, or pluto went: a recovery begins here. */
static guint
lose_readiness(Machine *m, const MachineEvent *event)
{
	if (event->now_ms - m->up_since_ms >= MACHINE_CALM_MS)
		m->attempt = 0;
	m->down_since_ms = event->now_ms;
	return throw_away(m);
}

static guint
on_retry(Machine *m, const MachineEvent *event)
{
	return throw_away(m);
}

static guint
on_recovering_too_long(Machine *m, const MachineEvent *event)
{
	return m->prompted ? on_no_code(m, event) : throw_away(m);
}

/* As long as he does it a user of this host, who need not be the one whose tunnel it is, is not to
 * end it: the time of the recovery stands still. */
static guint
on_held_up(Machine *m, const MachineEvent *event)
{
	m->down_since_ms = event->now_ms;
	m->held_up = TRUE;
	return throw_away(m);
}

/* pluto is gone, and while it was there a program of a user took its packets. */
static guint
on_held_up_while_stopping(Machine *m, const MachineEvent *event)
{
	m->down_since_ms = event->now_ms;
	m->held_up = TRUE;
	return 0;
}

static guint
on_secrets(Machine *m, const MachineEvent *event)
{
	/* libnm's minute begins again, too. */
	if (!m->reported) {
		m->connect_since_ms = event->now_ms;
		return start(m, event, MACHINE_CONNECTING);
	}
	m->attempt = 1;
	/* What the user took is not the recovery's. And that is how long it may take, not the minute
	 * that libnm gives a connection in the making. */
	m->down_since_ms = event->now_ms;
	return start(m, event, MACHINE_RECOVERING) | ACTION_REMIND;
}

static guint
ask(Machine *m)
{
	m->asks = FALSE;
	m->state = MACHINE_ASKING;
	return ACTION_ASK | arm(m, MACHINE_ASKING_MS);
}

static guint
block(Machine *m)
{
	m->blocks = m->asks = FALSE;
	m->state = MACHINE_BLOCKED;
	return ACTION_BLOCK;
}

/* NetworkManager ends a connection whose user does not answer, with vpn.persistent too: such a one
 * asks nobody once it protects something. */
static guint
ask_or_block(Machine *m)
{
	if (m->recovery_ms >= 0 || !m->reported)
		return ask(m);
	m->failure = FAILURE_LOGIN;
	return block(m);
}

static guint
wait_for(Machine *m, const MachineEvent *event, gint64 ms)
{
	if (m->recovery_ms >= 0 && !m->held_up)
		ms = CLAMP(m->down_since_ms + m->recovery_ms - event->now_ms, 0, ms);
	m->state = MACHINE_WAITING;
	return arm(m, ms);
}

static guint
on_stopped(Machine *m, const MachineEvent *event)
{
	gint64 ms;

	if (m->blocks)
		return block(m);
	if (m->asks)
		return ask_or_block(m);
	if (recovery_is_over(m, event->now_ms))
		return clean(m, FAILURE_CONNECT);
	if (m->no_uplink)
		return wait_for(m, event, MACHINE_NO_UPLINK_MS);
	ms = m->flaps ? m->up_since_ms + MACHINE_STABLE_MS - event->now_ms
				  : machine_backoff_ms(m->attempt);
	m->attempt++;
	return ms <= 0 ? start(m, event, MACHINE_RECOVERING) : wait_for(m, event, ms);
}

static guint
on_backoff_passed(Machine *m, const MachineEvent *event)
{
	/* There is another look whether he does it still, however short a recovery may be. */
	if (m->held_up)
		m->down_since_ms = event->now_ms;
	if (recovery_is_over(m, event->now_ms))
		return clean(m, FAILURE_CONNECT);
	return start(m, event, MACHINE_RECOVERING);
}

/* The route to the gateway is another, or the machine has slept: whatever was tried before says
 * nothing about it, and the SAs that are up are of the past. */
static guint
on_news_while_up(Machine *m, const MachineEvent *event)
{
	m->attempt = 0;
	m->down_since_ms = event->now_ms;
	return throw_away(m);
}

static guint
on_news_while_stopping(Machine *m, const MachineEvent *event)
{
	m->attempt = 0;
	m->flaps = FALSE;
	return 0;
}

static guint
on_news_while_waiting(Machine *m, const MachineEvent *event)
{
	if (m->no_uplink)
		return 0;
	m->attempt = 1;
	return start(m, event, MACHINE_RECOVERING);
}

static guint
on_news_while_recovering(Machine *m, const MachineEvent *event)
{
	m->attempt = 0;
	return throw_away(m);
}

static guint
on_uplink_back_while_up(Machine *m, const MachineEvent *event)
{
	/* A cable that was pulled and put back: both ends still have their SAs. */
	if (event->now_ms - m->no_uplink_since_ms < MACHINE_FORGIVEN_MS)
		return 0;
	return on_news_while_up(m, event);
}

static guint
on_uplink_gone_while_waiting(Machine *m, const MachineEvent *event)
{
	return wait_for(m, event, MACHINE_NO_UPLINK_MS);
}

/* NetworkManager wants the same connection anew: with what the user may have changed. */
static guint
on_connect_while_blocked(Machine *m, const MachineEvent *event)
{
	m->connect_again = TRUE;
	return clean(m, FAILURE_NONE);
}

static guint
on_cleaned(Machine *m, const MachineEvent *event)
{
	MachineFailure failure = m->failure;
	gboolean again = m->connect_again;

	m->state = MACHINE_IDLE;
	if (again)
		return on_connect(m, event);
	return failure != FAILURE_NONE ? ACTION_FAIL : 0;
}

/* One column a state, one row an event; what is not here changes nothing. */
static const Handler handlers[MACHINE_N_STATES][MACHINE_N_EVENTS] = {
	[MACHINE_IDLE] =
		{
			[EVENT_CONNECT] = on_connect,
		},
	[MACHINE_CONNECTING] =
		{
			[EVENT_DISCONNECT] = on_disconnect,
			[EVENT_OTHER_COMMAND] = on_failure,
			[EVENT_START_FAILED] = on_failure,
			[EVENT_HELD_UP] = on_failure,
			[EVENT_INVALID] = on_failure,
			[EVENT_PEER_ANSWERED] = on_answered,
			[EVENT_TRAPPED] = on_trapped,
			[EVENT_CHILD_UP] = on_child_up,
			[EVENT_LOST] = on_failure,
			[EVENT_LOGIN_SENT] = on_answered,
			[EVENT_LOGIN_ACCEPTED] = on_answered,
			[EVENT_LOGIN_REFUSED] = on_first_login_refused,
			[EVENT_LOGIN_UNCLEAR] = on_no_login,
			[EVENT_REFUSED] = on_failure,
			[EVENT_SECRET_MISSING] = on_secret_missing,
			[EVENT_SECRET_WRONG] = on_secret_wrong,
			[EVENT_PROMPTED] = on_prompted,
			[EVENT_SECRETS] = on_code,
			[EVENT_NO_SECRETS] = on_no_code,
			[EVENT_LOGIN_DOUBTED] = on_login_doubted,
			[EVENT_DOUBTED] = on_doubted,
			[EVENT_UNREACHABLE] = on_failure,
			[EVENT_PLUTO_EXITED] = on_failure,
			[EVENT_PLUTO_HANGS] = on_failure,
			[EVENT_TIMER] = on_connecting_too_long,
		},
	[MACHINE_READY] =
		{
			[EVENT_DISCONNECT] = on_disconnect,
			[EVENT_OTHER_COMMAND] = on_end,
			[EVENT_START_FAILED] = lose_readiness,
			[EVENT_INVALID] = on_end,
			[EVENT_PEER_ANSWERED] = on_answered_while_ready,
			[EVENT_TRAPPED] = on_trapped_again,
			[EVENT_CHILD_UP] = on_child_up,
			[EVENT_LOST] = lose_readiness,
			[EVENT_LOGIN_SENT] = on_answered_while_ready,
			[EVENT_LOGIN_ACCEPTED] = on_answered_while_ready,
			[EVENT_LOGIN_REFUSED] = on_login_refused,
			[EVENT_LOGIN_UNCLEAR] = on_login_unclear,
			[EVENT_REFUSED] = lose_readiness,
			[EVENT_LOGIN_DOUBTED] = on_login_doubted_while_ready,
			[EVENT_DOUBTED] = on_doubted_while_ready,
			[EVENT_UNREACHABLE] = lose_readiness,
			[EVENT_PLUTO_EXITED] = lose_readiness,
			[EVENT_PLUTO_HANGS] = lose_readiness,
			/* The trap has the address of the route that was; a sleep has cost it nothing. */
			[EVENT_UPLINK_CHANGED] = on_news_while_up,
			[EVENT_UPLINK_BACK] = on_uplink_back_while_up,
			[EVENT_TIMER] = lose_readiness,
		},
	[MACHINE_UP] =
		{
			[EVENT_DISCONNECT] = on_disconnect,
			[EVENT_OTHER_COMMAND] = on_end,
			[EVENT_CHILD_UP] = on_child_up_again,
			[EVENT_CHILD_DOWN] = on_child_down,
			[EVENT_LOST] = lose_tunnel,
			/* A renewal of the IKE SA. What anybody may say of it ends nothing that works. */
			[EVENT_LOGIN_REFUSED] = on_login_refused,
			[EVENT_LOGIN_UNCLEAR] = on_login_unclear,
			[EVENT_PLUTO_EXITED] = lose_tunnel,
			[EVENT_PLUTO_HANGS] = lose_tunnel,
			/* Gone alone changes nothing: it may be back before anybody has noticed. */
			[EVENT_UPLINK_CHANGED] = on_news_while_up,
			[EVENT_UPLINK_BACK] = on_uplink_back_while_up,
			[EVENT_RESUMED] = on_news_while_up,
		},
	[MACHINE_STOPPING] =
		{
			[EVENT_DISCONNECT] = on_disconnect,
			[EVENT_LOGIN_SENT] = on_login_sent_while_stopping,
			[EVENT_LOGIN_REFUSED] = on_login_refused_while_stopping,
			[EVENT_HELD_UP] = on_held_up_while_stopping,
			[EVENT_STOPPED] = on_stopped,
			[EVENT_UPLINK_CHANGED] = on_news_while_stopping,
			[EVENT_UPLINK_BACK] = on_news_while_stopping,
			[EVENT_RESUMED] = on_news_while_stopping,
		},
	[MACHINE_WAITING] =
		{
			[EVENT_DISCONNECT] = on_disconnect,
			[EVENT_UPLINK_CHANGED] = on_news_while_waiting,
			[EVENT_UPLINK_GONE] = on_uplink_gone_while_waiting,
			[EVENT_UPLINK_BACK] = on_news_while_waiting,
			[EVENT_RESUMED] = on_news_while_waiting,
			[EVENT_TIMER] = on_backoff_passed,
		},
	[MACHINE_RECOVERING] =
		{
			[EVENT_DISCONNECT] = on_disconnect,
			[EVENT_OTHER_COMMAND] = on_end,
			[EVENT_START_FAILED] = on_retry,
			[EVENT_HELD_UP] = on_held_up,
			/* The same profile was loaded before: it may be the address that somebody's DNS answer
			 * has given the gateway. */
			[EVENT_INVALID] = on_retry,
			[EVENT_PEER_ANSWERED] = on_answered,
			[EVENT_TRAPPED] = on_trapped,
			[EVENT_CHILD_UP] = on_child_up,
			[EVENT_LOST] = on_retry,
			[EVENT_LOGIN_SENT] = on_answered,
			[EVENT_LOGIN_ACCEPTED] = on_login_accepted,
			[EVENT_LOGIN_REFUSED] = on_login_refused,
			[EVENT_LOGIN_UNCLEAR] = on_login_unclear,
			[EVENT_REFUSED] = on_retry,
			[EVENT_SECRET_MISSING] = on_secret_lost,
			[EVENT_SECRET_WRONG] = on_secret_lost,
			[EVENT_PROMPTED] = on_prompted,
			[EVENT_SECRETS] = on_code,
			[EVENT_NO_SECRETS] = on_no_code,
			[EVENT_LOGIN_DOUBTED] = on_login_doubted,
			[EVENT_DOUBTED] = on_doubted,
			[EVENT_UNREACHABLE] = on_retry,
			[EVENT_PLUTO_EXITED] = on_retry,
			[EVENT_PLUTO_HANGS] = on_retry,
			[EVENT_UPLINK_CHANGED] = on_news_while_recovering,
			[EVENT_UPLINK_GONE] = on_retry,
			[EVENT_UPLINK_BACK] = on_news_while_recovering,
			[EVENT_RESUMED] = on_news_while_recovering,
			[EVENT_TIMER] = on_recovering_too_long,
		},
	[MACHINE_ASKING] =
		{
			[EVENT_DISCONNECT] = on_disconnect,
			[EVENT_SECRETS] = on_secrets,
			[EVENT_NO_SECRETS] = on_no_login,
			[EVENT_TIMER] = on_no_login,
		},
	[MACHINE_BLOCKED] =
		{
			[EVENT_CONNECT] = on_connect_while_blocked,
			[EVENT_DISCONNECT] = on_disconnect,
		},
	[MACHINE_CLEANING] =
		{
			[EVENT_CONNECT] = on_connect_while_cleaning,
			[EVENT_DISCONNECT] = on_disconnect_while_cleaning,
			[EVENT_CLEANED] = on_cleaned,
		},
};

void
machine_init(Machine *m, gint64 recovery_ms)
{
	*m = (Machine){.recovery_ms = recovery_ms, .state = MACHINE_IDLE};
}

/* What is so in every state. */
static void
note_uplink(Machine *m, const MachineEvent *event)
{
	if (event->kind == EVENT_UPLINK_GONE && !m->no_uplink)
		m->no_uplink_since_ms = event->now_ms;
	if (event->kind == EVENT_UPLINK_GONE)
		m->no_uplink = TRUE;
	else if (event->kind == EVENT_UPLINK_CHANGED || event->kind == EVENT_UPLINK_BACK)
		m->no_uplink = FALSE;
}

/* And in every one that has an instance; while it is up, with the renewal of an ISAKMP SA. */
static void
note_login(Machine *m, const MachineEvent *event)
{
	if (machine_has_instance(m) && event->kind == EVENT_LOGIN_SENT)
		m->login_open = TRUE;
	else if (machine_has_instance(m) && event->kind == EVENT_LOGIN_ACCEPTED)
		m->login_open = FALSE;
}

guint
machine_step(Machine *m, const MachineEvent *event)
{
	Handler handler = handlers[m->state][event->kind];
	guint todo;

	note_uplink(m, event);
	note_login(m, event);
	todo = handler ? handler(m, event) : 0;
	if (todo & ACTION_STOP && m->login_open)
		leave_login_open(m);
	return todo;
}

gboolean
machine_has_instance(const Machine *m)
{
	return m->state == MACHINE_CONNECTING || m->state == MACHINE_READY || m->state == MACHINE_UP ||
		   m->state == MACHINE_RECOVERING;
}

const char *
machine_state_name(MachineState state)
{
	return state < MACHINE_N_STATES ? state_names[state] : "?";
}

const char *
machine_event_name(MachineEventKind kind)
{
	return kind < MACHINE_N_EVENTS ? event_names[kind] : "?";
}

char *
machine_actions_text(guint actions)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(action_names); i++) {
		if (actions & (1u << i))
			g_string_append_printf(text, "%s%s", text->len ? " " : "", action_names[i]);
	}
	return g_string_free(text, FALSE);
}
