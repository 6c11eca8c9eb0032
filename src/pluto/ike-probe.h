/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a gateway answers, and what it thinks of our proposals: the first message of IKE, from a
 * port of the probe's own, never 500 or 4500. pluto is left out of it: it would need these ports
 * and root's rights, a tunnel that is up could have them, and it does not stop after the first
 * answer. No login is tried, no identity is said, and the gateway forgets the negotiation by
 * itself.
 */
#pragma once

#include "ike-message.h"
#include "ip-net.h"

/* In all, and until the first message is sent again; then twice as long, each time. */
#define IKE_PROBE_DEADLINE_MS   10000
#define IKE_PROBE_RETRANSMIT_MS 500

typedef struct {
	IpNet gateway;
	guint16 port; /* 500, but in tests */
	gboolean ikev2;
	guint16 auth;          /* IKEv1: see ike-message.h */
	const char *proposals; /* a value of ike=; NULL: libreswan's default */
	guint major;           /* libreswan's, whose defaults are meant */
	guint deadline_ms, retransmit_ms;
} IkeProbeParams;

typedef enum {
	IKE_PROBE_ACCEPTED,  /* it takes a proposal */
	IKE_PROBE_REFUSED,   /* it answers something else */
	IKE_PROBE_SILENT,    /* nobody answers */
	IKE_PROBE_NOT_ASKED, /* this host could not */
} IkeProbeVerdict;

typedef struct {
	IkeProbeVerdict verdict;
	char *text; /* a sentence for people */
	GPtrArray
		*notes; /* (element-type utf8): what came that was no answer, and what was asked for */
} IkeProbeResult;

/**
 * ike_probe: asks and waits for the answer; nothing else happens meanwhile.
 *
 * What comes is not authenticated: anybody on the path may have said it.
 */
void ike_probe(const IkeProbeParams *params, IkeProbeResult *result);

/** ike_probe_result_clear: frees what is in it. */
void ike_probe_result_clear(IkeProbeResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IkeProbeResult, ike_probe_result_clear)
