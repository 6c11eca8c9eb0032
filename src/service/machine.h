/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The decisions: when to start pluto, when to report, when to throw an instance away and start
 * another, when to give up. Events in, actions out; no file descriptor, no clock and no chance in
 * here, so that every order of events can be walked through in microseconds.
 *
 * An instance is one pluto with one connection in it. A tunnel that goes down without our asking
 * is recovered in one way: the instance is thrown away whole, and a new one is started, while
 * the XFRM interface and NetworkManager's activation stay as they are. Nothing can then remember
 * the old address, and nothing leaves in plaintext meanwhile.
 *
 * What comes from somebody who has not authenticated himself ends nothing that NetworkManager has
 * been told of. It shortens the time that the gateway has for its answer; then there is another
 * attempt, within the time that a recovery has. Final is what an authenticated gateway says: the
 * next attempt might lock an account.
 *
 * Where a recovery may take for ever (vpn.persistent), nothing but somebody's word ends it: what
 * would be an end elsewhere leaves the tunnel blocked.
 *
 * A connection on demand is recovered in the same way; its new instance waits for a packet, as
 * the first one did: a gateway that ends a tunnel because nobody uses it is not asked for another
 * before somebody does, and where packets flow the very next one brings it up. It never gives up
 * for lack of an answer, since it is not down: it waits.
 */
#pragma once

#include <glib.h>

typedef enum {
	MACHINE_IDLE,       /* nothing of ours exists */
	MACHINE_CONNECTING, /* the first instance runs, NetworkManager waits for its address */
	MACHINE_READY,      /* on demand: no Child SA is up, the first packet brings one up */
	MACHINE_UP,         /* at least one Child SA is up and has been reported */
	MACHINE_STOPPING,   /* an instance is being thrown away, another will follow */
	MACHINE_WAITING,    /* none runs; the next one starts when the back-off has passed */
	MACHINE_RECOVERING, /* another instance runs, its Child SA is not up yet */
	MACHINE_ASKING,     /* none runs; the user is asked for what the gateway refused, such as a code
						 * that is good for one login */
	MACHINE_BLOCKED,  /* none runs and none will: nothing comes of it, and what was protected stays
					   * unreachable until it is asked to end */
	MACHINE_CLEANING, /* everything is being thrown away, nothing will follow */
	MACHINE_N_STATES,
} MachineState;

typedef enum {
	EVENT_CONNECT,      /* NetworkManager wants the tunnel */
	EVENT_DISCONNECT,   /* NetworkManager, or the end of the service, wants it gone */
	EVENT_START_FAILED, /* an instance could not be started at all */
	EVENT_HELD_UP, /* likewise, by what a user of this host does: has IKE's port, or a link of a
					* name that no pluto is started with */
	EVENT_INVALID, /* nor can any other: it is the configuration that is refused */
	EVENT_OTHER_COMMAND,  /* pluto wanted to run another command than the updown helper */
	EVENT_PEER_ANSWERED,  /* the gateway has said something sensible */
	EVENT_TRAPPED,        /* on demand: the kernel waits for the first packet, with these nets */
	EVENT_CHILD_UP,       /* a Child SA came up, or the configuration of one changed */
	EVENT_CHILD_DOWN,     /* a Child SA went down; MachineEvent.n_up tells how many are left */
	EVENT_LOST,           /* pluto says that the gateway took the tunnel away, or that it is dead */
	EVENT_LOGIN_SENT,     /* the gateway has been told the XAUTH user name and password */
	EVENT_LOGIN_ACCEPTED, /* and they are right */
	EVENT_LOGIN_REFUSED,  /* the gateway, which is who it should be, refused who we are */
	EVENT_LOGIN_UNCLEAR,  /* it does not say whether our login is right, and may not have got it */
	EVENT_REFUSED,        /* it refused the tunnel for another reason, or libreswan its answer */
	EVENT_SECRET_MISSING, /* a secret is not there that nobody but this host is told, such as the
						   * passphrase of a file, and no instance can be made without it */
	EVENT_SECRET_WRONG,   /* or it is there and is not the right one */
	EVENT_PROMPTED,       /* the gateway asks for more than the password, and pluto waits for it */
	EVENT_LOGIN_DOUBTED, /* somebody, who may be anybody, says that our login or his is not right */
	EVENT_DOUBTED,       /* somebody, who may be anybody, says that nothing will come of it */
	EVENT_UNREACHABLE,   /* this host says that the gateway cannot be reached */
	EVENT_PLUTO_EXITED,  /* pluto is gone without our asking */
	EVENT_PLUTO_HANGS,   /* pluto no longer answers */
	EVENT_STOPPED,       /* STOP is done: pluto is gone, its kernel state swept */
	EVENT_CLEANED,       /* CLEAN is done: nothing of ours exists any more */
	EVENT_UPLINK_CHANGED, /* there is another route to the gateway: back-off makes no sense now */
	EVENT_UPLINK_GONE,    /* there is no route to the gateway */
	EVENT_UPLINK_BACK,    /* there is the same route again */
	EVENT_RESUMED,        /* the machine has slept, long enough for the gateway to forget us */
	EVENT_SECRETS,        /* the user has answered, also what pluto waits for */
	EVENT_NO_SECRETS,     /* likewise, with no other secret than the refused one */
	EVENT_TIMER,          /* the timer that ACTION_ARM asked for has run out */
	MACHINE_N_EVENTS,
} MachineEventKind;

/* Why a connection ended; NetworkManager's codes are in plugin.c. */
typedef enum {
	FAILURE_NONE,
	FAILURE_LOGIN,   /* the gateway refused who we are */
	FAILURE_CONNECT, /* anything else */
} MachineFailure;

/* What is to be done, in this order: MACHINE_ACTIONS(X) is X(NAME, name) for each. */
#define MACHINE_ACTIONS(X)                                                                         \
	X(START, start)   /* start an instance */                                                      \
	X(STOP, stop)     /* throw the instance away; answer with EVENT_STOPPED */                     \
	X(CLEAN, clean)   /* throw away everything; answer with EVENT_CLEANED */                       \
	X(REPORT, report) /* tell NetworkManager the configuration, if it is a new one */              \
	X(REMIND, remind) /* tell NetworkManager the last configuration once more */                   \
	X(FAIL, fail)     /* tell NetworkManager that it is over, with Machine.failure */              \
	X(ARM, arm)       /* arm the one timer with Machine.timer_ms, replacing any */                 \
	X(DISARM, disarm) /* stop the timer */                                                         \
	X(ASK, ask)       /* have the user asked; answer with EVENT_SECRETS */                         \
	X(PROMPT, prompt) /* have the user asked for what pluto waits for; likewise */                 \
	X(ANSWER, answer) /* give pluto the user's answer */                                           \
	X(BLOCK, block)   /* say why nothing follows, and what the user can do */

#define MACHINE_ACTION_NUMBER(NAME, name) MACHINE_ACTION_##NAME,
enum { MACHINE_ACTIONS(MACHINE_ACTION_NUMBER) MACHINE_N_ACTIONS };

#define MACHINE_ACTION_BIT(NAME, name) ACTION_##NAME = 1 << MACHINE_ACTION_##NAME,
typedef enum { MACHINE_ACTIONS(MACHINE_ACTION_BIT) } MachineAction;

typedef struct {
	MachineEventKind kind;
	gint64 now_ms; /* a clock that never goes back and counts suspended time */
	guint n_up;    /* Child SAs that are up after this event */
} MachineEvent;

typedef struct {
	/* The profile's part, set before EVENT_CONNECT. */
	gint64 recovery_ms;   /* how long a recovery may take in all; < 0: for ever */
	gboolean has_person;  /* somebody is there to be asked for secrets */
	gboolean can_ask;     /* and gives the one for the gateway each time */
	gboolean can_correct; /* or it is his, and not this host's: he may have mistyped it */

	/* The machine's own. */
	MachineState state;
	MachineFailure failure; /* what ACTION_FAIL tells, once CLEAN is done */
	gboolean asks;          /* there is no next instance without another secret */
	gboolean was_missing;   /* a person has been asked for the secret that was not there */
	gboolean was_wrong;     /* likewise, since it was not the right one */
	gboolean was_corrected; /* a person has been asked for another login before the first tunnel */
	gboolean connect_again; /* EVENT_CONNECT came while the last tunnel was being cleaned away */
	gboolean held_up;       /* a user of this host kept the last instance from starting */
	gboolean blocks;        /* nothing is to follow the instance that is being thrown away */
	gboolean prompted;      /* pluto waits for the user's answer, and does nothing else */
	gboolean reported;      /* NetworkManager has the connection's configuration */
	gboolean answered;      /* the gateway has answered this instance */
	gboolean login_open;    /* this instance has sent a login, and nobody has judged it yet */
	guint n_unclear;        /* logins without a word whether they were right, since it was up */
	MachineFailure doubt;   /* what somebody says of it, since the gateway answered last */
	gint64 deadline_ms;     /* until when the gateway may take, for all that is said */
	guint attempt;      /* number of the next instance; 0 if the tunnel was last up for a while */
	gboolean flaps;     /* the tunnel that is being thrown away was not up for long */
	gboolean no_uplink; /* there is no route to the gateway, since no_uplink_since_ms */
	gint64 no_uplink_since_ms;
	gint64 connect_since_ms;
	gint64 up_since_ms; /* or ready */
	gint64 down_since_ms;
	gint64 timer_ms; /* for ACTION_ARM: milliseconds from now */
} Machine;

/* How long the gateway may take to say the first word, and from there to the Child SA: the second
 * holds what a person may do meanwhile at the other end, such as confirm a login on a telephone. */
#define MACHINE_SILENCE_MS  20000
#define MACHINE_ANSWERED_MS 60000
/* What is left to the gateway once somebody has said that nothing will come of it: an
 * unauthenticated notification or an ICMP error says so, which anybody on the path can make, hence
 * it is no end; but mostly it is true, and a person waits. pluto sends its message again after 0.5,
 * 1 and 2 s. */
#define MACHINE_DOUBT_MS 3000
/* A first connection has less time in all: after 60 s libnm ends it, and can tell nobody why. */
#define MACHINE_CONNECT_MS 55000
/* A tunnel that was up for less than this has not worked: the next attempt starts when it would
 * have been. */
#define MACHINE_STABLE_MS 2000
/* A tunnel that had no route to the gateway for less than this goes on where it was. */
#define MACHINE_FORGIVEN_MS 5000
/* Without a route to the gateway an attempt is in vain; but that there is none is our belief, and
 * may be wrong where rules and tables are many. So, seldom, there is one all the same. */
#define MACHINE_NO_UPLINK_MS 60000
/* How long a person may take to find the token: NetworkManager gives an agent 120 s, and then ends
 * the connection without a word of ours. */
#define MACHINE_ASKING_MS 110000
/* How long a person may take while the gateway waits for a code: some end it after 30 s, many after
 * a minute. */
#define MACHINE_PROMPT_MS 60000
/* So many logins may be without a word whether they were right, 30 s from each other: an account
 * may be locked by more of them. But that the gateway got them is not known, as somebody on the
 * path can take them away: then the tunnel's end is no plaintext, it stays blocked. */
#define MACHINE_UNCLEAR_MAX 3
/* On demand: one that was ready for less than this when its packet's negotiation failed has to wait
 * before it is ready again, ever longer: packets come by the second. */
#define MACHINE_CALM_MS 60000

/** machine_init: @recovery_ms: milliseconds that a recovery may take, < 0 for ever. */
void machine_init(Machine *m, gint64 recovery_ms);

/**
 * machine_step:
 *
 * Takes one event. Every event is allowed in every state; one that means nothing there changes
 * nothing.
 *
 * Returns: a set of MachineAction, to be done in the order of MACHINE_ACTIONS.
 */
guint machine_step(Machine *m, const MachineEvent *event);

/** machine_has_instance: is there an instance, or one in the making, that nobody has asked to go?
 */
gboolean machine_has_instance(const Machine *m);

/**
 * machine_backoff_ms: milliseconds to wait before attempt number @attempt (0 is the first): at
 * once, then 1, 2, 5, 10 and 30 s. The caller adds the jitter.
 */
gint64 machine_backoff_ms(guint attempt);

/** machine_state_name, machine_event_name: one word for the log. */
const char *machine_state_name(MachineState state);
const char *machine_event_name(MachineEventKind kind);
/** machine_actions_text: (transfer full): the names of the set, for the log. */
char *machine_actions_text(guint actions);
