/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What pluto's log lines mean. Every sentence that we rely on stands in one table, with the version
 * of libreswan that it was seen in.
 */
#pragma once

#include <glib.h>

typedef enum {
	PLUTO_LOG_OTHER,         /* nothing that we act on */
	PLUTO_LOG_NOISE,         /* of use to libreswan's developers only: the start-up lists */
	PLUTO_LOG_READY,         /* it listens on its ports */
	PLUTO_LOG_ANSWERED,      /* the gateway answered with something sensible */
	PLUTO_LOG_LOST,          /* the tunnel is lost, and pluto is about to revive it its own way */
	PLUTO_LOG_LEASE,         /* the gateway has given us an address, which ends the line */
	PLUTO_LOG_XAUTH_AGAIN,   /* the gateway asks for XAUTH in a new ISAKMP SA, and pluto won't */
	PLUTO_LOG_LOGIN_REFUSED, /* the gateway refused who we are */
	PLUTO_LOG_REFUSED,       /* the gateway refused for another reason */
	PLUTO_LOG_GARBLED,       /* the gateway's answer cannot be decrypted */
	PLUTO_LOG_UNREACHABLE,   /* the network says so */
	PLUTO_LOG_INVALID,       /* pluto does not take its configuration */
	PLUTO_LOG_BROKEN,        /* pluto cannot work here: ports, files */
} PlutoLogKind;

typedef struct {
	PlutoLogKind kind;
	const char *reason; /* a sentence for people; NULL where the line itself says it best */
	const char *text;   /* in the line: what follows its time stamp */
} PlutoLogLine;

/** pluto_log_address: of a PLUTO_LOG_LEASE line: "10.30.1.1" or "10.30.1.1/32". */
const char *pluto_log_address(const PlutoLogLine *line);

/**
 * pluto_log_connection: (transfer full) (nullable): of which connection the line speaks, as in
 * `"vpn/1x2" #3: …` and `"vpn"[1] 203.0.113.1 #3: …`.
 */
char *pluto_log_connection(const PlutoLogLine *line);

/** pluto_log_parse: @line: one line of `pluto --stderrlog`, without its newline. */
PlutoLogLine pluto_log_parse(const char *line);
