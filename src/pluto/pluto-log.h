/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What pluto's log lines mean. pluto logs what everybody sends to it: strangers' packets, and
 * texts that the other side chooses. So a line says something of the connection only where it
 * begins with the connection's name, speaks of a state that we have begun (or whose other end has
 * authenticated itself), and goes on with one of the sentences of one table.
 */
#pragma once

#include "ip-net.h"

#include <glib.h>

/* The connection's name in ipsec.conf, and in the lines. */
#define PLUTO_LOG_CONN "vpn"

typedef enum {
	PLUTO_LOG_OTHER,          /* nothing that we act on */
	PLUTO_LOG_NOISE,          /* of use to libreswan's developers only: the start-up lists */
	PLUTO_LOG_STRANGER,       /* of a packet or a state that is none of ours */
	PLUTO_LOG_ANSWERED,       /* the gateway answered with something sensible */
	PLUTO_LOG_LOST,           /* the tunnel is lost, and pluto is about to revive it its own way */
	PLUTO_LOG_LEASE,          /* the gateway has given us an address, which ends the line */
	PLUTO_LOG_XAUTH_AGAIN,    /* the gateway asks for XAUTH in a new ISAKMP SA, and pluto won't */
	PLUTO_LOG_LOGIN_SENT,     /* the gateway was told the XAUTH user name and password */
	PLUTO_LOG_LOGIN_ACCEPTED, /* and says that they are right */
	PLUTO_LOG_LOGIN_REFUSED,  /* the gateway refused who we are, or we who it is */
	PLUTO_LOG_LOGIN_UNCLEAR,  /* it asks for XAUTH again, or ends, without a word on our answers */
	PLUTO_LOG_REFUSED,        /* the gateway refused for another reason */
	PLUTO_LOG_UNREACHABLE,    /* the network says so */
	PLUTO_LOG_INVALID,        /* pluto does not take its configuration */
	PLUTO_LOG_BROKEN,         /* pluto cannot work here: files, keys, the kernel */
	PLUTO_LOG_PORT_TAKEN,     /* nor with this address: a port of it is another program's */
} PlutoLogKind;

typedef struct {
	PlutoLogKind kind;
	/* Said within an SA whose other end has authenticated itself, or by this host. What is not may
	 * come from anybody on the path, for some of it from anybody at all. */
	gboolean authenticated;
	gboolean shows_id;  /* the reason is that the gateway shows another identity, which is quoted */
	gboolean of_psk;    /* it doubts a pre-shared key, and says nothing where none is used */
	const char *reason; /* a sentence of ours for people; NULL where none is needed */
	/* The same where no pre-shared key is used, and the message then has another cause; NULL: as
	 * reason. */
	const char *reason_without_psk;
	const char *text; /* in the line: what follows its time stamp; for the log alone */
	/* In the line: what follows the connection's name and the state's number. Of a connection that
	 * was not loaded: what was said last of it, in a line before; until the next one is taken. */
	const char *rest;
} PlutoLogLine;

/** PlutoLog: what the lines of one pluto have told so far: which of its states others have begun.
 */
typedef struct _PlutoLog PlutoLog;

PlutoLog *pluto_log_new(void);
void pluto_log_free(PlutoLog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlutoLog, pluto_log_free)

/**
 * pluto_log_take:
 * @line: the next line of `pluto --stderrlog`, without its newline; the result points into it
 */
PlutoLogLine pluto_log_take(PlutoLog *self, const char *line);

/** pluto_log_shown_id: (transfer full) (nullable): where the line's shows_id is set: the identity
 * that the gateway shows, as pluto writes it. It may be any text. */
char *pluto_log_shown_id(const PlutoLogLine *line);

/** pluto_log_address: of a PLUTO_LOG_LEASE line: "10.30.1.1" or "10.30.1.1/32". */
const char *pluto_log_address(const PlutoLogLine *line);

/** pluto_log_is_about: a PLUTO_LOG_PORT_TAKEN line names @address, a host, and a port of it. */
gboolean pluto_log_is_about(const PlutoLogLine *line, const IpNet *address);

/**
 * pluto_log_connection: (transfer full) (nullable): of which connection the line speaks, as in
 * `"vpn/1x2" #3: …` and `"vpn"[1] 203.0.113.1 #3: …`.
 */
char *pluto_log_connection(const PlutoLogLine *line);

/**
 * pluto_log_topic: (transfer full): what lines of the same kind have in common: the first words of
 * the text, without numbers and addresses.
 */
char *pluto_log_topic(const PlutoLogLine *line);

/** pluto_log_list_sentences: (transfer full): every text that the tables know, for tests: at these
 * a line of ours has a meaning. */
char **pluto_log_list_sentences(void);
