/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "machine.h"

#define RECOVERY_MS 300000

static guint
feed_at(Machine *m, MachineEventKind kind, guint n_up, gint64 now_ms)
{
	const MachineEvent event = {.kind = kind, .now_ms = now_ms, .n_up = n_up};

	return machine_step(m, &event);
}

static guint
feed(Machine *m, MachineEventKind kind)
{
	return feed_at(m, kind, kind == EVENT_CHILD_UP ? 1 : 0, 1000);
}

/* The shortest way into each state. */
static Machine
machine_in(MachineState state)
{
	Machine m;

	machine_init(&m, RECOVERY_MS);
	if (state == MACHINE_IDLE)
		return m;
	feed(&m, EVENT_CONNECT);
	if (state == MACHINE_CONNECTING)
		return m;
	if (state == MACHINE_CLEANING) {
		feed(&m, EVENT_DISCONNECT);
		return m;
	}
	if (state == MACHINE_READY) {
		feed(&m, EVENT_TRAPPED);
		return m;
	}
	feed(&m, EVENT_CHILD_UP);
	if (state == MACHINE_UP)
		return m;
	feed_at(&m, EVENT_CHILD_DOWN, 0, 10000);
	if (state == MACHINE_STOPPING)
		return m;
	feed_at(&m, EVENT_STOPPED, 0, 10000);
	if (state == MACHINE_RECOVERING)
		return m;
	if (state == MACHINE_ASKING) {
		m.can_ask = TRUE;
		feed_at(&m, EVENT_LOGIN_REFUSED, 0, 10000);
		feed_at(&m, EVENT_STOPPED, 0, 10000);
		return m;
	}
	if (state == MACHINE_BLOCKED) {
		m.recovery_ms = -1;
		feed_at(&m, EVENT_LOGIN_REFUSED, 0, 10000);
		feed_at(&m, EVENT_STOPPED, 0, 10000);
		return m;
	}
	feed_at(&m, EVENT_UNREACHABLE, 0, 10000);
	feed_at(&m, EVENT_STOPPED, 0, 10000);
	g_assert_cmpint(m.state, ==, MACHINE_WAITING);
	return m;
}

/* Where every event leads from every state: one letter a state, '.' for no change at all. */
static void
test_every_event_in_every_state(void)
{
	/* idle, connecting, ready (on demand), up, stopping, waiting, recovering, asking, blocked,
	 * cleaning */
	static const char letters[] = "icduswrabx";
	static const struct {
		MachineEventKind event;
		const char *leads_to; /* from the states in this order */
	} rows[] = {
		{EVENT_CONNECT, "c.......xx"},        {EVENT_DISCONNECT, ".xxxxxxxxx"},
		{EVENT_START_FAILED, ".xs...s..."},   {EVENT_PEER_ANSWERED, ".c....r..."},
		{EVENT_TRAPPED, ".dd...d..."},        {EVENT_CHILD_UP, ".uuu..u..."},
		{EVENT_CHILD_DOWN, "...s......"},     {EVENT_LOST, ".xss..s..."},
		{EVENT_LOGIN_REFUSED, ".xxxx.x..."},  {EVENT_REFUSED, ".xs...s..."},
		{EVENT_LOGIN_DOUBTED, ".cd...r..."},  {EVENT_DOUBTED, ".cd...r..."},
		{EVENT_UNREACHABLE, ".xs...s..."},    {EVENT_PLUTO_EXITED, ".xss..s..."},
		{EVENT_PLUTO_HANGS, ".xss..s..."},    {EVENT_STOPPED, "....r....."},
		{EVENT_CLEANED, ".........i"},        {EVENT_UPLINK_CHANGED, "..ss.rs..."},
		{EVENT_UPLINK_GONE, ".....ws..."},    {EVENT_UPLINK_BACK, "..ss.rs..."},
		{EVENT_RESUMED, "...s.rs..."},        {EVENT_TIMER, ".xs..rsx.."},
		{EVENT_INVALID, ".xx...s..."},        {EVENT_SECRETS, ".......r.."},
		{EVENT_OTHER_COMMAND, ".xxx..x..."},  {EVENT_HELD_UP, ".x....s..."},
		{EVENT_LOGIN_UNCLEAR, ".xss..s..."},  {EVENT_LOGIN_SENT, ".cdu..r..."},
		{EVENT_LOGIN_ACCEPTED, ".c....r..."}, {EVENT_NO_SECRETS, ".......x.."},
		{EVENT_SECRET_MISSING, ".x....x..."}, {EVENT_SECRET_WRONG, ".x....x..."},
		{EVENT_PROMPTED, ".x....x..."},
	};

	g_assert_cmpuint(G_N_ELEMENTS(rows), ==, MACHINE_N_EVENTS);
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (guint state = 0; state < MACHINE_N_STATES; state++) {
			Machine m = machine_in(state);
			char expected = rows[i].leads_to[state];
			guint actions;

			g_assert_cmpint(m.state, ==, state);
			actions = feed_at(&m, rows[i].event, rows[i].event == EVENT_CHILD_UP ? 1 : 0, 20000);
			g_test_message("%s in %s: %s", machine_event_name(rows[i].event),
						   machine_state_name(state), machine_state_name(m.state));
			if (expected == '.') {
				g_assert_cmpint(m.state, ==, state);
				g_assert_cmpuint(actions, ==, 0);
			} else {
				g_assert_cmpint(letters[m.state], ==, expected);
			}
		}
	}
}

/* A code that is good for one login: the user is asked for the next one, and has time. */
static void
test_asking(void)
{
	Machine m = machine_in(MACHINE_RECOVERING);

	m.can_ask = TRUE;
	g_assert_cmpuint(feed_at(&m, EVENT_LOGIN_REFUSED, 0, 11000), ==, ACTION_STOP | ACTION_DISARM);
	g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, 11000), ==, ACTION_ARM | ACTION_ASK);
	g_assert_cmpint(m.timer_ms, ==, MACHINE_ASKING_MS);
	g_assert_cmpuint(feed_at(&m, EVENT_UPLINK_CHANGED, 0, 12000), ==, 0);
	/* The recovery's own time does not run meanwhile. */
	g_assert_cmpuint(feed_at(&m, EVENT_SECRETS, 0, 11000 + RECOVERY_MS), ==,
					 ACTION_START | ACTION_ARM | ACTION_REMIND);
	g_assert_cmpuint(feed_at(&m, EVENT_REFUSED, 0, 12000 + RECOVERY_MS), ==,
					 ACTION_STOP | ACTION_DISARM);
	g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, 12000 + RECOVERY_MS), ==, ACTION_ARM);
	g_assert_cmpint(m.state, ==, MACHINE_WAITING);

	m = machine_in(MACHINE_ASKING);
	g_assert_cmpuint(feed(&m, EVENT_TIMER), ==, ACTION_CLEAN | ACTION_DISARM);
	g_assert_cmpint(m.failure, ==, FAILURE_LOGIN);
	g_assert_cmpuint(feed(&m, EVENT_CLEANED), ==, ACTION_FAIL);
}

/* The first login is wrong: whoever it belongs to is asked, once. */
static void
test_first_login_refused(void)
{
	static const gint64 recoveries[] = {RECOVERY_MS, -1};

	for (guint i = 0; i < G_N_ELEMENTS(recoveries); i++) {
		Machine m;

		machine_init(&m, recoveries[i]);
		m.has_person = m.can_correct = TRUE;
		feed(&m, EVENT_CONNECT);
		feed(&m, EVENT_LOGIN_SENT);
		g_assert_cmpuint(feed(&m, EVENT_LOGIN_REFUSED), ==, ACTION_STOP | ACTION_DISARM);
		/* pluto says more of the same. */
		g_assert_cmpuint(feed(&m, EVENT_LOGIN_REFUSED), ==, 0);
		g_assert_cmpuint(feed(&m, EVENT_LOGIN_SENT), ==, 0);
		g_assert_cmpuint(feed(&m, EVENT_STOPPED), ==, ACTION_ARM | ACTION_ASK);
		g_assert_cmpuint(feed(&m, EVENT_SECRETS), ==, ACTION_START | ACTION_ARM);
		g_assert_cmpint(m.state, ==, MACHINE_CONNECTING);
		feed(&m, EVENT_LOGIN_SENT);
		g_assert_cmpuint(feed(&m, EVENT_LOGIN_REFUSED), ==, ACTION_CLEAN | ACTION_DISARM);
		g_assert_cmpint(m.failure, ==, FAILURE_LOGIN);
	}
}

/* What nobody was told is not refused; what this host keeps nobody can correct; and after a code
 * nobody knows what was wrong. */
static void
test_first_login_not_asked(void)
{
	for (guint i = 0; i < 3; i++) {
		Machine m;

		machine_init(&m, RECOVERY_MS);
		m.has_person = m.can_ask = TRUE;
		m.can_correct = i != 1;
		feed(&m, EVENT_CONNECT);
		if (i > 0)
			feed(&m, EVENT_LOGIN_SENT);
		if (i == 2) {
			feed(&m, EVENT_PROMPTED);
			feed(&m, EVENT_SECRETS);
		}
		g_assert_cmpuint(feed(&m, EVENT_LOGIN_REFUSED), ==, ACTION_CLEAN | ACTION_DISARM);
		g_assert_cmpint(m.failure, ==, FAILURE_LOGIN);
	}
}

/* A secret that this host finds missing or wrong before there is an instance: once for each. */
static void
test_asking_before_the_first(void)
{
	static const MachineEventKind orders[][3] = {
		{EVENT_SECRET_WRONG, EVENT_SECRET_WRONG, MACHINE_N_EVENTS},
		{EVENT_SECRET_MISSING, EVENT_SECRET_MISSING, MACHINE_N_EVENTS},
		{EVENT_SECRET_MISSING, EVENT_SECRET_WRONG, EVENT_SECRET_WRONG},
		{EVENT_SECRET_WRONG, EVENT_SECRET_MISSING, EVENT_SECRET_WRONG},
	};

	for (guint i = 0; i < 2 * G_N_ELEMENTS(orders); i++) {
		const MachineEventKind *order = orders[i / 2];
		const guint n = order[2] == MACHINE_N_EVENTS ? 2 : 3;
		gint64 now = 1000;
		Machine m;

		/* Nothing is protected yet, so vpn.persistent has nothing to say. */
		machine_init(&m, i % 2 ? -1 : RECOVERY_MS);
		m.has_person = TRUE;
		feed_at(&m, EVENT_CONNECT, 0, now);
		for (guint k = 0; k < n - 1; k++) {
			g_assert_cmpuint(feed_at(&m, order[k], 0, now), ==, ACTION_STOP | ACTION_DISARM);
			g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, now), ==, ACTION_ARM | ACTION_ASK);
			g_assert_cmpint(m.timer_ms, ==, MACHINE_ASKING_MS);
			now += MACHINE_ASKING_MS - 1;
			/* It is a first connection still. */
			g_assert_cmpuint(feed_at(&m, EVENT_SECRETS, 0, now), ==, ACTION_START | ACTION_ARM);
			g_assert_cmpint(m.state, ==, MACHINE_CONNECTING);
		}
		g_assert_cmpuint(feed_at(&m, order[n - 1], 0, now), ==, ACTION_CLEAN | ACTION_DISARM);
		g_assert_cmpint(m.failure, ==, FAILURE_LOGIN);
		g_assert_cmpuint(feed(&m, EVENT_CLEANED), ==, ACTION_FAIL);
		/* The next connection may ask again. */
		feed(&m, EVENT_CONNECT);
		g_assert_cmpuint(feed(&m, order[0]), ==, ACTION_STOP | ACTION_DISARM);
	}
}

/* After the answer the gateway has as much time as ever. */
static void
test_time_after_the_answer(void)
{
	Machine m;

	machine_init(&m, RECOVERY_MS);
	m.has_person = TRUE;
	feed_at(&m, EVENT_CONNECT, 0, 1000);
	feed_at(&m, EVENT_SECRET_WRONG, 0, 1000);
	feed_at(&m, EVENT_STOPPED, 0, 1000);
	feed_at(&m, EVENT_SECRETS, 0, 91000);
	g_assert_cmpint(m.timer_ms, ==, MACHINE_SILENCE_MS);
	g_assert_cmpuint(feed_at(&m, EVENT_PEER_ANSWERED, 0, 92000), ==, ACTION_ARM);
	g_assert_cmpint(m.timer_ms, ==, MACHINE_CONNECT_MS - 1000);
	g_assert_cmpuint(feed_at(&m, EVENT_TIMER, 0, 92000 + m.timer_ms), ==,
					 ACTION_CLEAN | ACTION_DISARM);
	g_assert_cmpint(m.failure, ==, FAILURE_CONNECT);
}

static void
test_nobody_answers_before_the_first(void)
{
	static const MachineEventKind ends[] = {EVENT_TIMER, EVENT_NO_SECRETS};

	for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
		Machine m;

		machine_init(&m, -1);
		m.has_person = TRUE;
		feed(&m, EVENT_CONNECT);
		feed(&m, EVENT_SECRET_WRONG);
		feed(&m, EVENT_STOPPED);
		g_assert_cmpint(m.state, ==, MACHINE_ASKING);
		g_assert_cmpuint(feed(&m, ends[i]), ==, ACTION_CLEAN | ACTION_DISARM);
		g_assert_cmpint(m.failure, ==, FAILURE_LOGIN);
	}
}

/* What the gateway asks for beside the password: pluto waits, and whoever has it has time. */
static void
test_prompted(void)
{
	Machine m;

	machine_init(&m, RECOVERY_MS);
	m.has_person = TRUE;
	feed_at(&m, EVENT_CONNECT, 0, 1000);
	feed_at(&m, EVENT_PEER_ANSWERED, 0, 1000);
	feed_at(&m, EVENT_LOGIN_SENT, 0, 2000);
	g_assert_cmpuint(feed_at(&m, EVENT_PROMPTED, 0, 50000), ==, ACTION_PROMPT | ACTION_ARM);
	g_assert_cmpint(m.timer_ms, ==, MACHINE_PROMPT_MS);
	/* What was said before the question is heard after it, and changes nothing. */
	g_assert_cmpuint(feed_at(&m, EVENT_PEER_ANSWERED, 0, 50000), ==, 0);
	g_assert_cmpuint(feed_at(&m, EVENT_LOGIN_SENT, 0, 50000), ==, 0);
	g_assert_cmpuint(feed_at(&m, EVENT_DOUBTED, 0, 50000), ==, 0);
	g_assert_cmpuint(feed_at(&m, EVENT_LOGIN_DOUBTED, 0, 50000), ==, 0);
	g_assert_cmpuint(feed_at(&m, EVENT_SECRETS, 0, 100000), ==, ACTION_ANSWER | ACTION_ARM);
	g_assert_cmpint(m.timer_ms, ==, MACHINE_SILENCE_MS);
	g_assert_cmpuint(feed_at(&m, EVENT_SECRETS, 0, 100000), ==, 0); /* once for each question */
	g_assert_cmpuint(feed_at(&m, EVENT_PROMPTED, 0, 101000), ==, ACTION_PROMPT | ACTION_ARM);
	g_assert_cmpuint(feed_at(&m, EVENT_TIMER, 0, 161000), ==, ACTION_CLEAN | ACTION_DISARM);
	g_assert_cmpint(m.failure, ==, FAILURE_LOGIN);
}

static void
test_prompted_in_recovery(void)
{
	Machine m = machine_in(MACHINE_RECOVERING);

	m.has_person = TRUE;
	g_assert_cmpuint(feed_at(&m, EVENT_PROMPTED, 0, 11000), ==, ACTION_PROMPT | ACTION_ARM);
	/* The recovery's own time does not run meanwhile. */
	g_assert_cmpuint(feed_at(&m, EVENT_SECRETS, 0, 11000 + RECOVERY_MS), ==,
					 ACTION_ANSWER | ACTION_ARM | ACTION_REMIND);
	feed_at(&m, EVENT_REFUSED, 0, 12000 + RECOVERY_MS);
	g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, 12000 + RECOVERY_MS), ==, ACTION_ARM);
	g_assert_cmpint(m.state, ==, MACHINE_WAITING);

	m = machine_in(MACHINE_RECOVERING);
	m.has_person = TRUE;
	feed_at(&m, EVENT_PROMPTED, 0, 11000);
	g_assert_cmpuint(feed_at(&m, EVENT_NO_SECRETS, 0, 12000), ==, ACTION_CLEAN | ACTION_DISARM);
	g_assert_cmpint(m.failure, ==, FAILURE_LOGIN);

	/* NetworkManager would end it. */
	m = machine_in(MACHINE_RECOVERING);
	m.has_person = TRUE;
	m.recovery_ms = -1;
	g_assert_cmpuint(feed_at(&m, EVENT_PROMPTED, 0, 11000), ==, ACTION_STOP | ACTION_DISARM);
	g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, 11000), ==, ACTION_BLOCK);
}

static void
test_connect_and_disconnect(void)
{
	Machine m;

	machine_init(&m, RECOVERY_MS);
	g_assert_cmpuint(feed(&m, EVENT_CONNECT), ==, ACTION_START | ACTION_ARM);
	g_assert_cmpint(m.timer_ms, ==, MACHINE_SILENCE_MS);
	g_assert_cmpuint(feed_at(&m, EVENT_PEER_ANSWERED, 0, 15000), ==, ACTION_ARM);
	g_assert_cmpint(m.timer_ms, ==, MACHINE_CONNECT_MS - 14000);
	g_assert_cmpuint(feed(&m, EVENT_PEER_ANSWERED), ==, 0);
	g_assert_cmpuint(feed(&m, EVENT_CHILD_UP), ==, ACTION_REPORT | ACTION_DISARM);
	g_assert_cmpuint(feed(&m, EVENT_DISCONNECT), ==, ACTION_CLEAN | ACTION_DISARM);
	g_assert_cmpuint(feed(&m, EVENT_CLEANED), ==, 0);
	g_assert_cmpint(m.state, ==, MACHINE_IDLE);
}

static void
test_failures(void)
{
	static const struct {
		MachineEventKind event;
		MachineFailure failure;
	} rows[] = {
		{EVENT_LOGIN_REFUSED, FAILURE_LOGIN},  {EVENT_REFUSED, FAILURE_CONNECT},
		{EVENT_UNREACHABLE, FAILURE_CONNECT},  {EVENT_PLUTO_EXITED, FAILURE_CONNECT},
		{EVENT_START_FAILED, FAILURE_CONNECT}, {EVENT_TIMER, FAILURE_CONNECT},
		{EVENT_INVALID, FAILURE_CONNECT},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		Machine m = machine_in(MACHINE_CONNECTING);

		g_assert_cmpuint(feed(&m, rows[i].event), ==, ACTION_CLEAN | ACTION_DISARM);
		/* A failure is told when nothing is left, not before. */
		g_assert_cmpuint(feed(&m, EVENT_CLEANED), ==, ACTION_FAIL);
		g_assert_cmpint(m.failure, ==, rows[i].failure);
	}
}

/* The seed: down, thrown away, started anew at once, up; the activation is never given up. */
static void
test_address_change(void)
{
	Machine m = machine_in(MACHINE_UP);
	gint64 now = 1000;

	for (guint i = 0; i < 20; i++) {
		now += MACHINE_STABLE_MS;
		g_assert_cmpuint(feed_at(&m, EVENT_CHILD_DOWN, 0, now), ==, ACTION_STOP | ACTION_DISARM);
		g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, now + 10), ==, ACTION_START | ACTION_ARM);
		g_assert_cmpint(m.state, ==, MACHINE_RECOVERING);
		g_assert_cmpuint(feed_at(&m, EVENT_CHILD_UP, 1, now + 200), ==,
						 ACTION_REPORT | ACTION_DISARM);
		now += 200;
	}
}

/* On demand: activated before any SA is up; the first packet brings one up; the gateway ends it,
 * and the next packet is waited for. */
static void
test_on_demand(void)
{
	Machine m = machine_in(MACHINE_CONNECTING);

	g_assert_cmpuint(feed_at(&m, EVENT_TRAPPED, 0, 1000), ==, ACTION_REPORT | ACTION_DISARM);
	/* The second of two pairs of nets. */
	g_assert_cmpuint(feed_at(&m, EVENT_TRAPPED, 0, 1001), ==, ACTION_REPORT);
	g_assert_cmpuint(feed_at(&m, EVENT_PEER_ANSWERED, 0, 900000), ==, 0);
	g_assert_cmpuint(feed_at(&m, EVENT_CHILD_UP, 1, 900001), ==, ACTION_REPORT | ACTION_DISARM);
	g_assert_cmpint(m.state, ==, MACHINE_UP);
	g_assert_cmpuint(feed_at(&m, EVENT_CHILD_DOWN, 0, 950000), ==, ACTION_STOP | ACTION_DISARM);
	g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, 950001), ==, ACTION_START | ACTION_ARM);
	g_assert_cmpuint(feed_at(&m, EVENT_TRAPPED, 0, 950002), ==, ACTION_REPORT | ACTION_DISARM);
	g_assert_cmpint(m.state, ==, MACHINE_READY);
}

/* Packets for a gateway that refuses, or that cannot be reached: tried ever more seldom, never
 * given up, since nobody knows when the next packet comes. */
static void
test_on_demand_refused(void)
{
	static const gint64 waits[] = {0, 1000, 2000, 5000, 10000, 30000, 30000};
	Machine m = machine_in(MACHINE_READY);
	gint64 now = 1000;

	for (guint i = 0; i < G_N_ELEMENTS(waits); i++) {
		now += 500;
		g_assert_cmpuint(feed_at(&m, EVENT_REFUSED, 0, now), ==, ACTION_STOP | ACTION_DISARM);
		feed_at(&m, EVENT_STOPPED, 0, now);
		if (waits[i] > 0) {
			g_assert_cmpint(m.state, ==, MACHINE_WAITING);
			g_assert_cmpint(m.timer_ms, ==, waits[i]);
			now += waits[i];
			feed_at(&m, EVENT_TIMER, 0, now);
		}
		g_assert_cmpint(m.state, ==, MACHINE_RECOVERING);
		feed_at(&m, EVENT_TRAPPED, 0, now);
		g_assert_cmpint(m.state, ==, MACHINE_READY);
	}
	/* No packet for long, even longer than a recovery may take: the next one is as good as the
	 * first. */
	now += 10 * RECOVERY_MS;
	feed_at(&m, EVENT_UNREACHABLE, 0, now);
	g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, now), ==, ACTION_START | ACTION_ARM);
	/* Who we are is refused for good. */
	feed_at(&m, EVENT_TRAPPED, 0, now);
	g_assert_cmpuint(feed_at(&m, EVENT_LOGIN_REFUSED, 0, now), ==, ACTION_CLEAN | ACTION_DISARM);
}

static void
test_one_of_several_goes_down(void)
{
	Machine m = machine_in(MACHINE_UP);

	g_assert_cmpuint(feed_at(&m, EVENT_CHILD_UP, 2, 2000), ==, ACTION_REPORT);
	g_assert_cmpuint(feed_at(&m, EVENT_CHILD_DOWN, 1, 3000), ==, ACTION_REPORT);
	g_assert_cmpint(m.state, ==, MACHINE_UP);
	g_assert_cmpuint(feed_at(&m, EVENT_CHILD_DOWN, 0, 4000), ==, ACTION_STOP | ACTION_DISARM);
}

static void
test_backoff(void)
{
	static const gint64 waits[] = {1000, 2000, 5000, 10000, 30000, 30000};
	Machine m = machine_in(MACHINE_RECOVERING);
	gint64 now = 10000;

	for (guint i = 0; i < G_N_ELEMENTS(waits); i++) {
		g_assert_cmpuint(feed_at(&m, EVENT_UNREACHABLE, 0, now), ==, ACTION_STOP | ACTION_DISARM);
		g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, now), ==, ACTION_ARM);
		g_assert_cmpint(m.state, ==, MACHINE_WAITING);
		g_assert_cmpint(m.timer_ms, ==, waits[i]);
		now += m.timer_ms;
		g_assert_cmpuint(feed_at(&m, EVENT_TIMER, 0, now), ==, ACTION_START | ACTION_ARM);
	}
}

/* A gateway that lets us in and throws us out at once is not hammered, nor is it left alone for
 * long: twenty resets in a row, faster than a tunnel is called a working one. */
static void
test_flapping(void)
{
	Machine m = machine_in(MACHINE_RECOVERING);
	gint64 now = 10000;

	for (guint i = 0; i < 20; i++) {
		feed_at(&m, EVENT_CHILD_UP, 1, now);
		feed_at(&m, EVENT_CHILD_DOWN, 0, now + 500);
		feed_at(&m, EVENT_STOPPED, 0, now + 700);
		g_assert_cmpint(m.state, ==, MACHINE_WAITING);
		g_assert_cmpint(m.timer_ms, ==, MACHINE_STABLE_MS - 700);
		now += MACHINE_STABLE_MS;
		feed_at(&m, EVENT_TIMER, 0, now);
		g_assert_cmpint(m.state, ==, MACHINE_RECOVERING);
	}
	/* It does not let us in any more. */
	feed_at(&m, EVENT_UNREACHABLE, 0, now);
	feed_at(&m, EVENT_STOPPED, 0, now);
	g_assert_cmpint(m.timer_ms, ==, 2000);
	/* One that flaps for as long as a recovery may take does not work. */
	feed_at(&m, EVENT_TIMER, 0, now + 2000);
	now = 10000 + 500 + RECOVERY_MS;
	feed_at(&m, EVENT_CHILD_UP, 1, now - 1000);
	feed_at(&m, EVENT_CHILD_DOWN, 0, now - 500);
	g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, now), ==, ACTION_CLEAN | ACTION_DISARM);
}

static void
test_gives_up(void)
{
	Machine m = machine_in(MACHINE_RECOVERING);

	/* down since 10000 */
	feed_at(&m, EVENT_TIMER, 0, 10000 + RECOVERY_MS - 500);
	feed_at(&m, EVENT_STOPPED, 0, 10000 + RECOVERY_MS - 400);
	g_assert_cmpint(m.state, ==, MACHINE_WAITING);
	g_assert_cmpint(m.timer_ms, ==, 400);
	g_assert_cmpuint(feed_at(&m, EVENT_TIMER, 0, 10000 + RECOVERY_MS), ==,
					 ACTION_CLEAN | ACTION_DISARM);
	g_assert_cmpuint(feed(&m, EVENT_CLEANED), ==, ACTION_FAIL);
	g_assert_cmpint(m.failure, ==, FAILURE_CONNECT);
}

static void
test_never_gives_up_when_persistent(void)
{
	Machine m = machine_in(MACHINE_RECOVERING);

	m.recovery_ms = -1;
	feed_at(&m, EVENT_UNREACHABLE, 0, G_GINT64_CONSTANT(100000000000));
	feed_at(&m, EVENT_STOPPED, 0, G_GINT64_CONSTANT(100000000000));
	g_assert_cmpint(m.state, ==, MACHINE_WAITING);
	g_assert_cmpint(m.timer_ms, ==, 1000);
}

/* Another route to the gateway: at once, however long the tunnel was up, and however often was
 * tried.
 */
static void
test_uplink_changes(void)
{
	Machine m = machine_in(MACHINE_UP);

	g_assert_cmpuint(feed_at(&m, EVENT_UPLINK_CHANGED, 1, 1001), ==, ACTION_STOP | ACTION_DISARM);
	g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, 1002), ==, ACTION_START | ACTION_ARM);
	g_assert_cmpint(m.state, ==, MACHINE_RECOVERING);
	/* And once more before it was up. */
	g_assert_cmpuint(feed_at(&m, EVENT_UPLINK_CHANGED, 0, 1003), ==, ACTION_STOP | ACTION_DISARM);
	g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, 1004), ==, ACTION_START | ACTION_ARM);
	g_assert_cmpint(m.down_since_ms, ==, 1001);
}

/* Without a route to the gateway nothing is tried; with one, at once. */
static void
test_uplink_gone(void)
{
	Machine m = machine_in(MACHINE_RECOVERING);

	m.recovery_ms = -1;
	g_assert_cmpuint(feed_at(&m, EVENT_UPLINK_GONE, 0, 10100), ==, ACTION_STOP | ACTION_DISARM);
	g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, 10200), ==, ACTION_ARM);
	g_assert_cmpint(m.state, ==, MACHINE_WAITING);
	g_assert_cmpint(m.timer_ms, ==, MACHINE_NO_UPLINK_MS);
	/* What else happens does not make it try. */
	g_assert_cmpuint(feed_at(&m, EVENT_RESUMED, 0, 10300), ==, 0);
	g_assert_cmpuint(feed_at(&m, EVENT_UPLINK_BACK, 0, 20000), ==, ACTION_START | ACTION_ARM);
	g_assert_cmpint(m.state, ==, MACHINE_RECOVERING);
	/* Gone for good, and the profile does not wait for ever. */
	m.recovery_ms = RECOVERY_MS;
	feed_at(&m, EVENT_UPLINK_GONE, 0, 10000 + RECOVERY_MS - 300);
	feed_at(&m, EVENT_STOPPED, 0, 10000 + RECOVERY_MS - 300);
	g_assert_cmpint(m.timer_ms, ==, 300);
	g_assert_cmpuint(feed_at(&m, EVENT_TIMER, 0, 10000 + RECOVERY_MS), ==,
					 ACTION_CLEAN | ACTION_DISARM);
}

static void
test_uplink_flaps(void)
{
	Machine m = machine_in(MACHINE_UP);

	g_assert_cmpuint(feed_at(&m, EVENT_UPLINK_GONE, 1, 5000), ==, 0);
	g_assert_cmpuint(feed_at(&m, EVENT_UPLINK_BACK, 1, 5000 + MACHINE_FORGIVEN_MS - 1), ==, 0);
	g_assert_cmpint(m.state, ==, MACHINE_UP);
	feed_at(&m, EVENT_UPLINK_GONE, 1, 20000);
	/* Said twice: the first counts. */
	feed_at(&m, EVENT_UPLINK_GONE, 1, 24000);
	g_assert_cmpuint(feed_at(&m, EVENT_UPLINK_BACK, 1, 20000 + MACHINE_FORGIVEN_MS), ==,
					 ACTION_STOP | ACTION_DISARM);
	g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, 25010), ==, ACTION_START | ACTION_ARM);
}

/* The back-off of the time before the sleep is forgotten. */
static void
test_resumed(void)
{
	Machine m = machine_in(MACHINE_WAITING);

	m.attempt = 5;
	g_assert_cmpuint(feed_at(&m, EVENT_RESUMED, 0, 20000), ==, ACTION_START | ACTION_ARM);
	feed_at(&m, EVENT_UNREACHABLE, 0, 20000);
	feed_at(&m, EVENT_STOPPED, 0, 20000);
	g_assert_cmpint(m.timer_ms, ==, 1000);
	m = machine_in(MACHINE_UP);
	g_assert_cmpuint(feed_at(&m, EVENT_RESUMED, 1, 20000), ==, ACTION_STOP | ACTION_DISARM);
	g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, 20000), ==, ACTION_START | ACTION_ARM);
}

/* The profile was loaded before: an address out of a forged DNS answer makes it invalid, for once.
 */
static void
test_invalid_while_recovering(void)
{
	Machine m = machine_in(MACHINE_RECOVERING);

	g_assert_cmpuint(feed_at(&m, EVENT_INVALID, 0, 11000), ==, ACTION_STOP | ACTION_DISARM);
	g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, 11000), ==, ACTION_ARM);
	g_assert_cmpint(m.state, ==, MACHINE_WAITING);
}

/* That our password was refused is not said: seldom, not for ever, and the end is no plaintext. */
static void
test_login_unclear(void)
{
	static const MachineState froms[] = {MACHINE_READY, MACHINE_UP, MACHINE_RECOVERING};

	for (guint i = 0; i < G_N_ELEMENTS(froms); i++) {
		Machine m = machine_in(froms[i]);
		gint64 now = 20000;

		m.recovery_ms = 1000000;
		for (guint n = 1; n < MACHINE_UNCLEAR_MAX; n++) {
			g_assert_cmpuint(feed_at(&m, EVENT_LOGIN_UNCLEAR, 0, now), ==,
							 ACTION_STOP | ACTION_DISARM);
			g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, now), ==, ACTION_ARM);
			g_assert_cmpint(m.timer_ms, ==, 30000);
			now += 30000;
			g_assert_cmpuint(feed_at(&m, EVENT_TIMER, 0, now), ==, ACTION_START | ACTION_ARM);
		}
		feed_at(&m, EVENT_LOGIN_UNCLEAR, 0, now);
		g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, now), ==, ACTION_BLOCK);
		g_assert_cmpint(m.state, ==, MACHINE_BLOCKED);
	}
}

/* A gateway that is slow to refuse, or whose refusals somebody takes away, gets the password no
 * more often than one that asks again at once. */
static void
test_login_left_open(void)
{
	static const MachineEventKind ends[] = {
		EVENT_TIMER,        EVENT_LOST,        EVENT_REFUSED,        EVENT_UNREACHABLE,
		EVENT_PLUTO_EXITED, EVENT_PLUTO_HANGS, EVENT_UPLINK_CHANGED, EVENT_RESUMED,
	};

	for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
		for (guint can_ask = 0; can_ask < 2; can_ask++) {
			Machine m = machine_in(MACHINE_RECOVERING);
			gint64 now = 20000;

			m.recovery_ms = 1000000;
			m.can_ask = can_ask != 0;
			for (guint n = 1; n < (can_ask ? 1 : MACHINE_UNCLEAR_MAX); n++) {
				feed_at(&m, EVENT_LOGIN_SENT, 0, now);
				g_assert_cmpuint(feed_at(&m, ends[i], 0, now), ==, ACTION_STOP | ACTION_DISARM);
				feed_at(&m, EVENT_STOPPED, 0, now);
				now += 60000;
				if (m.state == MACHINE_WAITING)
					feed_at(&m, EVENT_TIMER, 0, now);
				g_assert_cmpint(m.state, ==, MACHINE_RECOVERING);
			}
			feed_at(&m, EVENT_LOGIN_SENT, 0, now);
			feed_at(&m, ends[i], 0, now);
			feed_at(&m, EVENT_STOPPED, 0, now);
			g_assert_cmpint(m.state, ==, can_ask ? MACHINE_ASKING : MACHINE_BLOCKED);
		}
	}
}

/* On demand the question may come any time, and late too. */
static void
test_login_left_open_while_ready(void)
{
	Machine m = machine_in(MACHINE_READY);

	for (guint n = 1; n < MACHINE_UNCLEAR_MAX; n++) {
		feed_at(&m, EVENT_LOGIN_SENT, 0, 20000 * n);
		feed_at(&m, EVENT_LOGIN_DOUBTED, 0, 20000 * n + 4000);
		feed_at(&m, EVENT_TIMER, 0, 20000 * n + 7000);
		feed_at(&m, EVENT_STOPPED, 0, 20000 * n + 7000);
		if (m.state == MACHINE_WAITING)
			feed_at(&m, EVENT_TIMER, 0, 20000 * n + 10000);
		feed_at(&m, EVENT_TRAPPED, 0, 20000 * n + 10000);
		g_assert_cmpint(m.state, ==, MACHINE_READY);
	}
	feed_at(&m, EVENT_LOGIN_SENT, 0, 100000);
	feed_at(&m, EVENT_TRAPPED, 0, 101000); /* says nothing of it */
	feed_at(&m, EVENT_LOST, 0, 102000);
	feed_at(&m, EVENT_STOPPED, 0, 102000);
	g_assert_cmpint(m.state, ==, MACHINE_BLOCKED);
}

/* While it is thrown away pluto may still send one: it counts as well. */
static void
test_login_sent_while_stopping(void)
{
	for (guint can_ask = 0; can_ask < 2; can_ask++) {
		Machine m = machine_in(MACHINE_RECOVERING);

		m.can_ask = can_ask != 0;
		m.n_unclear = MACHINE_UNCLEAR_MAX - 1;
		feed_at(&m, EVENT_LOST, 0, 20000);
		g_assert_cmpint(m.state, ==, MACHINE_STOPPING);
		g_assert_cmpuint(feed_at(&m, EVENT_LOGIN_SENT, 0, 20001), ==, 0);
		feed_at(&m, EVENT_STOPPED, 0, 20002);
		g_assert_cmpint(m.state, ==, can_ask ? MACHINE_ASKING : MACHINE_BLOCKED);
	}
}

/* And the gateway may still refuse it. */
static void
test_login_refused_while_stopping(void)
{
	static const struct {
		gboolean can_ask, persistent;
		MachineState state;
	} rows[] = {
		{FALSE, FALSE, MACHINE_CLEANING},
		{FALSE, TRUE, MACHINE_BLOCKED},
		{TRUE, FALSE, MACHINE_ASKING},
		{TRUE, TRUE, MACHINE_BLOCKED},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		Machine m = machine_in(MACHINE_RECOVERING);

		m.can_ask = rows[i].can_ask;
		m.recovery_ms = rows[i].persistent ? -1 : m.recovery_ms;
		feed_at(&m, EVENT_LOGIN_SENT, 0, 20000);
		feed_at(&m, EVENT_LOST, 0, 20000);
		g_assert_cmpint(m.state, ==, MACHINE_STOPPING);
		feed_at(&m, EVENT_LOGIN_REFUSED, 0, 20001);
		feed_at(&m, EVENT_STOPPED, 0, 20002);
		g_assert_cmpint(m.state, ==, rows[i].state);
		g_assert_cmpint(m.state == MACHINE_ASKING ? FAILURE_LOGIN : m.failure, ==, FAILURE_LOGIN);
	}
}

/* What the gateway has accepted counts against nobody. */
static void
test_login_accepted(void)
{
	static const MachineState states[] = {MACHINE_READY, MACHINE_UP, MACHINE_RECOVERING};

	for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
		Machine m = machine_in(states[i]);

		m.can_ask = TRUE;
		feed_at(&m, EVENT_LOGIN_SENT, 0, 20000);
		feed_at(&m, EVENT_LOGIN_ACCEPTED, 0, 20500);
		feed_at(&m, EVENT_LOST, 0, 21000);
		g_assert_cmpint(m.state, ==, MACHINE_STOPPING);
		feed_at(&m, EVENT_STOPPED, 0, 21000);
		g_assert_cmpint(m.state, !=, MACHINE_ASKING);
	}
}

/* The timer of a wait may run out late. */
static void
test_uplink_gone_after_the_end(void)
{
	Machine m = machine_in(MACHINE_WAITING);

	g_assert_cmpuint(feed_at(&m, EVENT_UPLINK_GONE, 0, 10000 + RECOVERY_MS + 1500), ==, ACTION_ARM);
	g_assert_cmpint(m.timer_ms, ==, 0);
}

/* One that comes up begins the count anew. */
static void
test_login_clear_again(void)
{
	Machine m = machine_in(MACHINE_RECOVERING);

	for (guint i = 0; i < 2 * MACHINE_UNCLEAR_MAX; i++) {
		g_assert_cmpuint(feed_at(&m, EVENT_LOGIN_UNCLEAR, 0, 10000), ==,
						 ACTION_STOP | ACTION_DISARM);
		g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, 10000), ==, ACTION_ARM);
		feed_at(&m, EVENT_TIMER, 0, 40000);
		feed_at(&m, EVENT_CHILD_UP, 1, 40000);
		feed_at(&m, EVENT_CHILD_DOWN, 0, 50000);
		feed_at(&m, EVENT_STOPPED, 0, 50000);
		g_assert_cmpint(m.state, ==, MACHINE_RECOVERING);
	}
}

/* A person who is there is asked; where nobody answers it ends. */
static void
test_login_unclear_asks(void)
{
	Machine m = machine_in(MACHINE_UP);

	m.can_ask = TRUE;
	feed_at(&m, EVENT_LOGIN_UNCLEAR, 0, 20000);
	g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, 20000), ==, ACTION_ARM | ACTION_ASK);
	g_assert_cmpuint(feed_at(&m, EVENT_TIMER, 0, 20000 + MACHINE_ASKING_MS), ==,
					 ACTION_CLEAN | ACTION_DISARM);
	g_assert_cmpint(m.failure, ==, FAILURE_LOGIN);
}

/* As long as somebody takes pluto's packets the time of a recovery stands still. */
static void
test_held_up_while_stopping(void)
{
	Machine m = machine_in(MACHINE_RECOVERING);

	m.recovery_ms = 60000;
	feed_at(&m, EVENT_TIMER, 0, 90000);
	g_assert_cmpint(m.state, ==, MACHINE_STOPPING);
	g_assert_cmpuint(feed_at(&m, EVENT_HELD_UP, 0, 90000), ==, 0);
	g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, 90000), ==, ACTION_ARM);
}

/* One that is persistent is not tried for ever either, but nothing that it protects gets out. */
static void
test_blocked(void)
{
	static const MachineEventKind ends[] = {EVENT_LOGIN_REFUSED, EVENT_INVALID,
											EVENT_OTHER_COMMAND};
	static const MachineState froms[] = {MACHINE_READY, MACHINE_UP, MACHINE_RECOVERING};

	for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
		for (guint j = 0; j < G_N_ELEMENTS(froms); j++) {
			Machine m = machine_in(froms[j]);

			m.recovery_ms = -1;
			if (ends[i] == EVENT_INVALID && froms[j] != MACHINE_READY)
				continue; /* it was loaded before */
			g_assert_cmpuint(feed(&m, ends[i]), ==, ACTION_STOP | ACTION_DISARM);
			/* Another uplink meanwhile does not make it try. */
			feed(&m, EVENT_UPLINK_CHANGED);
			g_assert_cmpuint(feed(&m, EVENT_STOPPED), ==, ACTION_BLOCK);
			g_assert_cmpint(m.state, ==, MACHINE_BLOCKED);
			for (guint kind = 0; kind < MACHINE_N_EVENTS; kind++) {
				if (kind != EVENT_CONNECT && kind != EVENT_DISCONNECT)
					g_assert_cmpuint(feed(&m, kind), ==, 0);
			}
			g_assert_cmpuint(feed(&m, EVENT_DISCONNECT), ==, ACTION_CLEAN | ACTION_DISARM);
			g_assert_cmpuint(feed(&m, EVENT_CLEANED), ==, 0);
		}
	}
}

static void
test_connect_while_blocked(void)
{
	Machine m = machine_in(MACHINE_BLOCKED);

	g_assert_cmpuint(feed(&m, EVENT_CONNECT), ==, ACTION_CLEAN | ACTION_DISARM);
	g_assert_cmpuint(feed(&m, EVENT_CLEANED), ==, ACTION_START | ACTION_ARM);
	g_assert_cmpint(m.state, ==, MACHINE_CONNECTING);
}

/* NetworkManager would end it where nobody answers the question for another code: none is asked. */
static void
test_blocked_instead_of_asking(void)
{
	static const MachineEventKind ends[] = {EVENT_LOGIN_REFUSED, EVENT_LOGIN_UNCLEAR};

	for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
		Machine m = machine_in(MACHINE_RECOVERING);

		m.recovery_ms = -1;
		m.can_ask = TRUE;
		g_assert_cmpuint(feed(&m, ends[i]), ==, ACTION_STOP | ACTION_DISARM);
		g_assert_cmpuint(feed(&m, EVENT_STOPPED), ==, ACTION_BLOCK);
		g_assert_cmpint(m.failure, ==, FAILURE_LOGIN);
		g_assert_cmpuint(feed(&m, EVENT_SECRETS), ==, 0);
	}
}

/* After a login nothing takes long: who waits longer waits for what is lost. */
static void
test_time_after_login(void)
{
	Machine m = machine_in(MACHINE_RECOVERING);

	g_assert_cmpuint(feed_at(&m, EVENT_PEER_ANSWERED, 0, 11000), ==, ACTION_ARM);
	g_assert_cmpint(m.timer_ms, ==, MACHINE_ANSWERED_MS);
	g_assert_cmpuint(feed_at(&m, EVENT_LOGIN_ACCEPTED, 0, 12000), ==, ACTION_ARM);
	g_assert_cmpint(m.timer_ms, ==, MACHINE_SILENCE_MS);
	/* What is over sooner stays so. */
	g_assert_cmpuint(feed_at(&m, EVENT_LOGIN_ACCEPTED, 0, 13000), ==, 0);
	g_assert_cmpuint(feed_at(&m, EVENT_TIMER, 0, 12000 + MACHINE_SILENCE_MS), ==,
					 ACTION_STOP | ACTION_DISARM);
}

/* Somebody says that nothing will come of it: that shortens the wait, once. */
static void
test_doubts(void)
{
	Machine m = machine_in(MACHINE_CONNECTING);

	g_assert_cmpuint(feed_at(&m, EVENT_DOUBTED, 0, 2000), ==, ACTION_ARM);
	g_assert_cmpint(m.timer_ms, ==, MACHINE_DOUBT_MS);
	g_assert_cmpuint(feed_at(&m, EVENT_DOUBTED, 0, 3000), ==, 0);
	/* Refuted: the gateway answers, and has the time that it has. */
	g_assert_cmpuint(feed_at(&m, EVENT_PEER_ANSWERED, 0, 4000), ==, ACTION_ARM);
	g_assert_cmpint(m.timer_ms, ==, MACHINE_CONNECT_MS - 3000);
	g_assert_cmpuint(feed_at(&m, EVENT_LOGIN_DOUBTED, 0, 5000), ==, ACTION_ARM);
	g_assert_cmpint(m.timer_ms, ==, MACHINE_DOUBT_MS);
	g_assert_cmpuint(feed_at(&m, EVENT_PEER_ANSWERED, 0, 6000), ==, ACTION_ARM);
	g_assert_cmpint(m.timer_ms, ==, MACHINE_CONNECT_MS - 5000);
	/* Not longer than without it. */
	g_assert_cmpuint(feed_at(&m, EVENT_DOUBTED, 0, 1000 + MACHINE_CONNECT_MS - 500), ==,
					 ACTION_ARM);
	g_assert_cmpint(m.timer_ms, ==, 500);
	g_assert_cmpuint(feed_at(&m, EVENT_CHILD_UP, 1, 1000 + MACHINE_CONNECT_MS - 400), ==,
					 ACTION_REPORT | ACTION_DISARM);
	/* And while it is up nobody listens. */
	g_assert_cmpuint(feed(&m, EVENT_DOUBTED), ==, 0);
	g_assert_cmpuint(feed(&m, EVENT_LOGIN_DOUBTED), ==, 0);
}

/* A first connection fails of it, and the user is told of the login where that was said first. */
static void
test_doubts_of_the_first(void)
{
	static const MachineEventKind ends[] = {EVENT_TIMER, EVENT_LOST, EVENT_PLUTO_EXITED};

	for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
		Machine m = machine_in(MACHINE_CONNECTING);

		feed(&m, EVENT_DOUBTED);
		g_assert_cmpuint(feed(&m, ends[i]), ==, ACTION_CLEAN | ACTION_DISARM);
		g_assert_cmpint(m.failure, ==, FAILURE_CONNECT);
		m = machine_in(MACHINE_CONNECTING);
		feed(&m, EVENT_LOGIN_DOUBTED);
		g_assert_cmpuint(feed(&m, EVENT_DOUBTED), ==, 0);
		g_assert_cmpuint(feed(&m, ends[i]), ==, ACTION_CLEAN | ACTION_DISARM);
		g_assert_cmpint(m.failure, ==, FAILURE_LOGIN);
		m = machine_in(MACHINE_CONNECTING);
		feed(&m, EVENT_DOUBTED);
		g_assert_cmpuint(feed(&m, EVENT_LOGIN_DOUBTED), ==, 0);
		g_assert_cmpuint(feed(&m, ends[i]), ==, ACTION_CLEAN | ACTION_DISARM);
		g_assert_cmpint(m.failure, ==, FAILURE_CONNECT);
	}
}

/* A tunnel that has been up with these secrets: another attempt, and the user is not bothered. */
static void
test_doubts_of_what_has_worked(void)
{
	Machine m = machine_in(MACHINE_RECOVERING);

	m.can_ask = TRUE;
	for (guint i = 0; i < 3; i++) {
		gint64 now = 11000 + i * 10000;

		feed_at(&m, EVENT_LOGIN_DOUBTED, 0, now);
		g_assert_cmpuint(feed_at(&m, i == 0 ? EVENT_LOST : EVENT_TIMER, 0, now + 3000), ==,
						 ACTION_STOP | ACTION_DISARM);
		g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, now + 3000), ==, ACTION_ARM);
		g_assert_cmpint(m.state, ==, MACHINE_WAITING);
		feed_at(&m, EVENT_TIMER, 0, now + 9000);
		g_assert_cmpint(m.state, ==, MACHINE_RECOVERING);
	}
	/* Also with what the user has given since: who says that it is wrong may be anybody. */
	m = machine_in(MACHINE_ASKING);
	feed_at(&m, EVENT_SECRETS, 0, 20000);
	feed_at(&m, EVENT_LOGIN_DOUBTED, 0, 21000);
	feed_at(&m, EVENT_TIMER, 0, 24000);
	g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, 24000), ==, ACTION_ARM);
	g_assert_cmpint(m.state, ==, MACHINE_WAITING);
}

/* On demand, before the first packet: NetworkManager has the routes, so it protects something. */
static void
test_doubts_while_ready(void)
{
	Machine m = machine_in(MACHINE_READY);

	g_assert_cmpuint(feed_at(&m, EVENT_DOUBTED, 0, 5000), ==, ACTION_ARM);
	g_assert_cmpint(m.timer_ms, ==, MACHINE_DOUBT_MS);
	g_assert_cmpuint(feed_at(&m, EVENT_PEER_ANSWERED, 0, 6000), ==, ACTION_DISARM);
	feed_at(&m, EVENT_DOUBTED, 0, 7000);
	g_assert_cmpuint(feed_at(&m, EVENT_TIMER, 0, 10000), ==, ACTION_STOP | ACTION_DISARM);
	m = machine_in(MACHINE_READY);
	feed_at(&m, EVENT_LOGIN_DOUBTED, 0, 5000);
	g_assert_cmpuint(feed_at(&m, EVENT_TIMER, 0, 8000), ==, ACTION_STOP | ACTION_DISARM);
	g_assert_cmpint(m.failure, ==, FAILURE_NONE);
	feed_at(&m, EVENT_STOPPED, 0, 8000);
	g_assert_cmpint(m.state, ==, MACHINE_RECOVERING);
	feed_at(&m, EVENT_LOGIN_DOUBTED, 0, 9000);
	g_assert_cmpuint(feed_at(&m, EVENT_TIMER, 0, 12000), ==, ACTION_STOP | ACTION_DISARM);
	g_assert_cmpint(m.failure, ==, FAILURE_NONE);
}

/* A user of this host keeps the port for longer than a recovery may take: it does not end. */
static void
test_held_up(void)
{
	Machine m = machine_in(MACHINE_RECOVERING);
	gint64 now = 10000;

	for (guint i = 0; i < 20; i++) {
		g_assert_cmpuint(feed_at(&m, EVENT_HELD_UP, 0, now), ==, ACTION_STOP | ACTION_DISARM);
		g_assert_cmpuint(feed_at(&m, EVENT_STOPPED, 0, now), ==, ACTION_ARM);
		g_assert_cmpint(m.state, ==, MACHINE_WAITING);
		now += 30000;
		g_assert_cmpuint(feed_at(&m, EVENT_TIMER, 0, now), ==, ACTION_START | ACTION_ARM);
	}
	g_assert_cmpint(now, >, 10000 + RECOVERY_MS);
}

static void
test_connect_while_cleaning(void)
{
	Machine m = machine_in(MACHINE_CLEANING);

	g_assert_cmpuint(feed(&m, EVENT_CONNECT), ==, 0);
	g_assert_cmpuint(feed(&m, EVENT_CLEANED), ==, ACTION_START | ACTION_ARM);
	g_assert_cmpint(m.state, ==, MACHINE_CONNECTING);

	m = machine_in(MACHINE_CLEANING);
	feed(&m, EVENT_CONNECT);
	feed(&m, EVENT_DISCONNECT);
	g_assert_cmpuint(feed(&m, EVENT_CLEANED), ==, 0);
	g_assert_cmpint(m.state, ==, MACHINE_IDLE);
}

/* --- All sequences of events, held against what must always be true. ---
 *
 * The world beside the machine: what the actions have done so far. The facts that a state of the
 * machine rests on (deadlines) take part through a clock that stands still: with it and the
 * attempts bounded, the pairs of machine and world are finitely many, so a search that remembers
 * the pairs it has seen covers every sequence of any length, not only of eight.
 */
typedef struct {
	gboolean running;   /* an instance exists */
	gboolean ending;    /* STOP or CLEAN was asked for and not answered yet */
	gboolean cleaning;  /* it was CLEAN */
	gboolean resources; /* interface and directory exist */
	gboolean trapped;   /* the kernel waits for a packet */
	gboolean timer;
	gboolean wanted;   /* NetworkManager wants the tunnel and was not told of a failure */
	gboolean protects; /* it has been told a configuration */
	gboolean final;    /* no other attempt is to follow: so said who has authenticated himself, or
						* this host, or nobody has ever come in with these secrets */
	gboolean refused;  /* the gateway has refused the login, or this host a secret, and no other was
						* given */
	gboolean begun;    /* a pluto of this connection has sent a login */
	gboolean open;     /* the instance has sent a login that nobody has judged */
	guint n_sent;      /* instances in a row that did so */
	guint n_up;
} World;

typedef struct {
	Machine m;
	World w;
} Pair;

static void
check_invariants(const Pair *p)
{
	switch (p->m.state) {
	case MACHINE_IDLE:
		g_assert_false(p->w.running || p->w.ending || p->w.resources || p->w.timer);
		g_assert_false(p->w.wanted);
		break;
	case MACHINE_CONNECTING:
	case MACHINE_RECOVERING:
		/* Never silent for ever: a deadline is armed. */
		g_assert_true(p->w.running && p->w.timer && !p->w.ending);
		break;
	case MACHINE_READY:
		g_assert_true(p->w.running && p->w.trapped && !p->w.ending);
		g_assert_cmpint(p->w.timer, ==, p->m.doubt != FAILURE_NONE);
		break;
	case MACHINE_UP:
		g_assert_true(p->w.running && p->w.n_up > 0 && !p->w.timer && !p->w.ending);
		break;
	case MACHINE_WAITING:
		g_assert_true(!p->w.running && p->w.timer && p->w.resources);
		break;
	case MACHINE_ASKING:
		g_assert_true(!p->w.running && p->w.timer && p->w.resources);
		g_assert_true(p->m.recovery_ms >= 0 || !p->w.protects);
		break;
	case MACHINE_BLOCKED:
		g_assert_true(!p->w.running && !p->w.timer && p->w.resources && p->w.wanted);
		g_assert_true(p->m.recovery_ms < 0 || p->m.n_unclear > 0);
		break;
	case MACHINE_STOPPING:
		g_assert_true(p->w.ending && !p->w.cleaning && !p->w.timer && p->w.resources);
		break;
	case MACHINE_CLEANING:
		g_assert_true(p->w.ending && p->w.cleaning && !p->w.timer);
		break;
	default:
		g_assert_not_reached();
	}
}

/* Can this event come in this world at all? */
static gboolean
possible(const Pair *p, MachineEventKind kind)
{
	const World *w = &p->w;

	switch (kind) {
	case EVENT_CONNECT:
		return !w->wanted || p->m.state == MACHINE_BLOCKED;
	case EVENT_STOPPED:
		return w->ending && !w->cleaning;
	case EVENT_CLEANED:
		return w->ending && w->cleaning;
	case EVENT_TIMER:
		return w->timer;
	case EVENT_CHILD_DOWN:
		return w->running && !w->ending && w->n_up > 0;
	case EVENT_DISCONNECT:
	case EVENT_UPLINK_CHANGED:
	case EVENT_UPLINK_GONE:
	case EVENT_UPLINK_BACK:
	case EVENT_RESUMED:
	case EVENT_SECRETS:
	case EVENT_NO_SECRETS:
		return TRUE;
	case EVENT_SECRET_MISSING:
	case EVENT_SECRET_WRONG:
		/* Before a pluto is begun. */
		return w->running && !w->ending && !w->open && !w->trapped && w->n_up == 0 &&
			   !p->m.answered;
	case EVENT_LOGIN_SENT:
	case EVENT_LOGIN_REFUSED:
		/* While it is thrown away, too, where a pluto was begun. */
		return w->running && !w->cleaning && (!w->ending || w->protects || w->begun);
	default:
		return w->running && !w->ending;
	}
}

static gboolean
is_final(const Machine *m, MachineEventKind kind)
{
	return kind == EVENT_LOGIN_REFUSED || kind == EVENT_LOGIN_UNCLEAR || kind == EVENT_INVALID ||
		   kind == EVENT_OTHER_COMMAND || kind == EVENT_SECRET_MISSING ||
		   kind == EVENT_SECRET_WRONG ||
		   (kind == EVENT_PROMPTED && (!m->has_person || m->recovery_ms < 0)) ||
		   (m->state == MACHINE_ASKING && (kind == EVENT_TIMER || kind == EVENT_NO_SECRETS)) ||
		   (m->doubt == FAILURE_LOGIN && !m->reported);
}

/* What anybody may send: it only ever shortens a wait; and where the profile waits for ever,
 * nothing but NetworkManager's word takes away what protects. */
static void
check_powers(const Pair *before, const Pair *after, MachineEventKind kind, guint todo)
{
	if (kind == EVENT_DOUBTED || kind == EVENT_LOGIN_DOUBTED) {
		g_assert_cmpuint(todo & ~(guint) ACTION_ARM, ==, 0);
		g_assert_cmpint(after->m.state, ==, before->m.state);
		if (before->m.state == MACHINE_UP)
			g_assert_cmpuint(todo, ==, 0);
	}
	if (todo & ACTION_CLEAN && before->m.recovery_ms < 0 && before->w.protects)
		g_assert_true(kind == EVENT_DISCONNECT || kind == EVENT_CONNECT);
	if (todo & (ACTION_BLOCK | ACTION_ASK))
		g_assert_true(after->w.final);
	if (todo & ACTION_BLOCK)
		g_assert_true(after->w.protects);
}

static void
apply(Pair *p, MachineEventKind kind, gint64 now_ms)
{
	MachineEvent event = {.kind = kind, .now_ms = now_ms};
	Pair before;
	guint todo;

	memcpy(&before, p, sizeof(before));
	p->w.final |= is_final(&p->m, kind);

	switch (kind) {
	case EVENT_CONNECT:
		p->w.wanted = TRUE;
		break;
	case EVENT_DISCONNECT:
		p->w.wanted = FALSE;
		break;
	case EVENT_TRAPPED:
		p->w.trapped = TRUE;
		break;
	case EVENT_CHILD_UP:
		p->w.n_up = MIN(p->w.n_up + 1, 2);
		break;
	case EVENT_CHILD_DOWN:
		p->w.n_up--;
		break;
	case EVENT_LOST:
	case EVENT_PLUTO_EXITED:
	case EVENT_PLUTO_HANGS:
		p->w.n_up = 0;
		break;
	case EVENT_CLEANED:
		p->w.resources = p->w.protects = p->w.final = p->w.refused = FALSE;
		p->w.running = p->w.ending = p->w.cleaning = p->w.begun = FALSE;
		break;
	case EVENT_STOPPED:
		p->w.running = p->w.ending = p->w.begun = FALSE;
		break;
	case EVENT_LOGIN_SENT:
		if (!p->w.open)
			p->w.n_sent = MIN(p->w.n_sent + 1, MACHINE_UNCLEAR_MAX);
		p->w.open = !p->w.ending;
		p->w.begun = TRUE;
		break;
	case EVENT_LOGIN_ACCEPTED:
		p->w.n_sent = 0;
		p->w.open = FALSE;
		break;
	case EVENT_SECRETS:
		if (p->m.state == MACHINE_ASKING) {
			p->w.n_sent = 0;
			p->w.refused = FALSE;
		}
		break;
	case EVENT_LOGIN_REFUSED:
	case EVENT_SECRET_MISSING:
	case EVENT_SECRET_WRONG:
		p->w.refused = TRUE;
		break;
	case EVENT_TIMER:
		p->w.timer = FALSE;
		break;
	default:
		break;
	}
	event.n_up = p->w.n_up;
	todo = machine_step(&p->m, &event);
	if ((todo & ACTION_STOP && before.w.open) || (kind == EVENT_LOGIN_SENT && before.w.ending))
		p->w.final = TRUE;
	check_powers(&before, p, kind, todo);
	if (p->m.state == MACHINE_UP && before.m.state != MACHINE_UP) {
		p->w.open = FALSE;
		p->w.n_sent = 0;
	}
	if (todo & (ACTION_STOP | ACTION_CLEAN))
		p->w.open = FALSE;
	if (todo & ACTION_CLEAN)
		p->w.n_sent = 0; /* NetworkManager is told, and it is the user who begins anew */
	if (todo & ACTION_START) {
		p->w.final = FALSE;
		g_assert_false(p->w.running); /* never two plutos */
		/* Nobody's account is locked: not by a gateway that is slow to refuse, nor by somebody who
		 * takes its refusals away. */
		g_assert_cmpuint(p->w.n_sent, <, p->m.can_ask ? 1 : MACHINE_UNCLEAR_MAX);
		g_assert_false(p->w.refused); /* and no refused one is tried again */
		g_assert_true(p->w.wanted);
		p->w.running = p->w.resources = TRUE;
	}
	/* Only a pluto that waits is answered, and nobody is asked in vain. */
	if (todo & (ACTION_PROMPT | ACTION_ANSWER))
		g_assert_true(p->w.running && !p->w.ending && p->w.wanted && p->m.has_person);
	if (todo & ACTION_ANSWER)
		g_assert_true(before.m.prompted && !p->m.prompted);
	if (todo & ACTION_STOP) {
		g_assert_false(p->w.ending);
		p->w.ending = TRUE;
		p->w.trapped = FALSE;
		p->w.n_up = 0;
	}
	if (todo & ACTION_CLEAN) {
		g_assert_false(p->w.cleaning);
		p->w.ending = p->w.cleaning = TRUE;
		p->w.trapped = FALSE;
		p->w.n_up = 0;
	}
	if (todo & ACTION_REPORT) {
		/* never an address that no SA has */
		g_assert_true(p->w.n_up > 0 || p->w.trapped);
		g_assert_true(p->w.running && !p->w.ending && p->w.wanted);
		p->w.protects = TRUE;
	}
	if (todo & ACTION_FAIL) {
		g_assert_true(p->w.wanted); /* nobody is told of a failure he did not wait for */
		p->w.wanted = FALSE;
	}
	if (todo & ACTION_ARM) {
		g_assert_cmpint(p->m.timer_ms, >=, 0);
		p->w.timer = TRUE;
	}
	if (todo & ACTION_DISARM)
		p->w.timer = FALSE;
	check_invariants(p);
}

/* From here, NetworkManager's disconnect leads to nothing left, with two more events at most. */
static void
check_can_end(const Pair *from)
{
	Pair p = *from;

	apply(&p, EVENT_DISCONNECT, 1000);
	if (p.m.state == MACHINE_CLEANING)
		apply(&p, EVENT_CLEANED, 1000);
	g_assert_cmpint(p.m.state, ==, MACHINE_IDLE);
}

/* FNV-1a over words: g_bytes_hash() adds up small numbers in so few bits that most pairs meet. */
static guint
pair_hash(gconstpointer key)
{
	guint64 words[(sizeof(Pair) + 7) / 8] = {0};
	guint64 hash = G_GUINT64_CONSTANT(0xcbf29ce484222325);

	memcpy(words, key, sizeof(Pair));
	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		hash = (hash ^ words[i]) * G_GUINT64_CONSTANT(0x100000001b3);
		hash ^= hash >> 29;
	}
	return (guint) (hash ^ hash >> 32);
}

static gboolean
pair_equal(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, sizeof(Pair)) == 0;
}

/* What the machine will not look at again before it is set anew tells no two situations apart;
 * without this there are a hundred times as many of them. */
static void
forget_what_is_dead(Machine *m)
{
	gboolean over =
		m->state == MACHINE_IDLE || m->state == MACHINE_CLEANING || m->state == MACHINE_CONNECTING;

	m->timer_ms = 0; /* goes out only */
	if (m->state != MACHINE_UP && !m->flaps)
		m->up_since_ms = 0;
	if (m->state != MACHINE_CONNECTING)
		m->connect_since_ms = 0;
	if (m->state != MACHINE_CONNECTING && m->state != MACHINE_RECOVERING)
		m->answered = FALSE;
	if (m->state != MACHINE_CONNECTING && m->state != MACHINE_RECOVERING) {
		m->deadline_ms = 0;
		if (m->state != MACHINE_READY)
			m->doubt = FAILURE_NONE;
	}
	if (over && m->state != MACHINE_CONNECTING)
		m->n_unclear = 0;
	if (m->state == MACHINE_IDLE || m->state == MACHINE_CLEANING)
		m->reported = m->asks = m->blocks = FALSE;
	if (m->state == MACHINE_IDLE || m->state == MACHINE_CLEANING || m->reported)
		m->was_missing = m->was_wrong = m->was_corrected = FALSE;
	if (over)
		m->attempt = 0; /* on_connect() and the first instance begin with none */
	if (over || (m->state == MACHINE_UP && m->attempt == 0))
		m->down_since_ms = 0;
	m->attempt = MIN(m->attempt, 7);
}

#define MAX_SITUATIONS 400000

static guint
search(gint64 recovery_ms, gboolean has_person, gboolean can_ask)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(pair_hash, pair_equal, g_free, NULL);
	g_autoptr(GQueue) todo = g_queue_new();
	Pair *start = g_new0(Pair, 1);
	Pair *p;

	machine_init(&start->m, recovery_ms);
	start->m.has_person = has_person;
	start->m.can_ask = can_ask;
	start->m.can_correct = has_person;
	g_hash_table_add(seen, start);
	g_queue_push_tail(todo, start);
	while ((p = g_queue_pop_head(todo))) {
		check_can_end(p);
		for (guint kind = 0; kind < MACHINE_N_EVENTS; kind++) {
			/* Before and after a tunnel counts as stable, and past the recovery's end. */
			static const gint64 steps[] = {0, MACHINE_STABLE_MS, RECOVERY_MS};

			for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
				Pair next, *kept;

				if (!possible(p, kind))
					continue;
				memcpy(&next, p, sizeof(next)); /* with the padding, which is compared */
				apply(&next, kind, MIN(p->m.down_since_ms, 1000) + steps[i]);
				forget_what_is_dead(&next.m);
				if (g_hash_table_contains(seen, &next))
					continue;
				kept = g_new(Pair, 1);
				memcpy(kept, &next, sizeof(next));
				g_hash_table_add(seen, kept);
				g_queue_push_tail(todo, kept);
				/* A count that never ends makes the search endless. */
				g_assert_cmpuint(g_hash_table_size(seen), <, MAX_SITUATIONS);
			}
		}
	}
	return g_hash_table_size(seen);
}

static void
test_all_sequences(void)
{
	for (guint i = 0; i < 3; i++) {
		guint n = search(RECOVERY_MS, i > 0, i > 1), n_persistent = search(-1, i > 0, i > 1);

		g_test_message("%u and %u situations", n, n_persistent);
		g_assert_cmpuint(n, >, 50);
		g_assert_cmpuint(n_persistent, >, 50);
	}
}

static void
test_names(void)
{
	g_autofree char *text = machine_actions_text(ACTION_START | ACTION_ARM);

	g_assert_cmpstr(text, ==, "start arm");
	for (guint i = 0; i < MACHINE_N_STATES; i++)
		g_assert_nonnull(machine_state_name(i));
	for (guint i = 0; i < MACHINE_N_EVENTS; i++)
		g_assert_nonnull(machine_event_name(i));
}

/* News of a Child SA that is gone by the time they are heard. */
static void
test_up_with_nothing_up(void)
{
	Machine m = machine_in(MACHINE_UP);

	g_assert_cmpuint(feed_at(&m, EVENT_CHILD_UP, 0, 2000), ==, 0);
	g_assert_cmpuint(feed_at(&m, EVENT_CHILD_UP, 1, 2000), ==, ACTION_REPORT);
	g_assert_cmpint(m.state, ==, MACHINE_UP);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/machine/every-event-in-every-state", test_every_event_in_every_state);
	g_test_add_func("/machine/first-login-refused", test_first_login_refused);
	g_test_add_func("/machine/first-login-not-asked", test_first_login_not_asked);
	g_test_add_func("/machine/asking-before-the-first", test_asking_before_the_first);
	g_test_add_func("/machine/time-after-the-answer", test_time_after_the_answer);
	g_test_add_func("/machine/nobody-answers-before-the-first",
					test_nobody_answers_before_the_first);
	g_test_add_func("/machine/prompted", test_prompted);
	g_test_add_func("/machine/prompted-in-recovery", test_prompted_in_recovery);
	g_test_add_func("/machine/connect-and-disconnect", test_connect_and_disconnect);
	g_test_add_func("/machine/asking", test_asking);
	g_test_add_func("/machine/failures", test_failures);
	g_test_add_func("/machine/address-change", test_address_change);
	g_test_add_func("/machine/on-demand", test_on_demand);
	g_test_add_func("/machine/on-demand-refused", test_on_demand_refused);
	g_test_add_func("/machine/one-of-several-goes-down", test_one_of_several_goes_down);
	g_test_add_func("/machine/backoff", test_backoff);
	g_test_add_func("/machine/flapping", test_flapping);
	g_test_add_func("/machine/gives-up", test_gives_up);
	g_test_add_func("/machine/never-gives-up-when-persistent", test_never_gives_up_when_persistent);
	g_test_add_func("/machine/uplink-changes", test_uplink_changes);
	g_test_add_func("/machine/uplink-gone", test_uplink_gone);
	g_test_add_func("/machine/uplink-flaps", test_uplink_flaps);
	g_test_add_func("/machine/resumed", test_resumed);
	g_test_add_func("/machine/invalid-while-recovering", test_invalid_while_recovering);
	g_test_add_func("/machine/login-unclear", test_login_unclear);
	g_test_add_func("/machine/login-left-open", test_login_left_open);
	g_test_add_func("/machine/login-sent-while-stopping", test_login_sent_while_stopping);
	g_test_add_func("/machine/login-refused-while-stopping", test_login_refused_while_stopping);
	g_test_add_func("/machine/login-left-open-while-ready", test_login_left_open_while_ready);
	g_test_add_func("/machine/login-accepted", test_login_accepted);
	g_test_add_func("/machine/uplink-gone-after-the-end", test_uplink_gone_after_the_end);
	g_test_add_func("/machine/login-clear-again", test_login_clear_again);
	g_test_add_func("/machine/login-unclear-asks", test_login_unclear_asks);
	g_test_add_func("/machine/held-up-while-stopping", test_held_up_while_stopping);
	g_test_add_func("/machine/connect-while-cleaning", test_connect_while_cleaning);
	g_test_add_func("/machine/blocked", test_blocked);
	g_test_add_func("/machine/connect-while-blocked", test_connect_while_blocked);
	g_test_add_func("/machine/blocked-instead-of-asking", test_blocked_instead_of_asking);
	g_test_add_func("/machine/time-after-login", test_time_after_login);
	g_test_add_func("/machine/doubts", test_doubts);
	g_test_add_func("/machine/doubts-of-the-first", test_doubts_of_the_first);
	g_test_add_func("/machine/doubts-of-what-has-worked", test_doubts_of_what_has_worked);
	g_test_add_func("/machine/held-up", test_held_up);
	g_test_add_func("/machine/doubts-while-ready", test_doubts_while_ready);
	g_test_add_func("/machine/all-sequences", test_all_sequences);
	g_test_add_func("/machine/names", test_names);
	g_test_add_func("/machine/up-with-nothing-up", test_up_with_nothing_up);
	return g_test_run();
}
