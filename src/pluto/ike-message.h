/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first message of an initiator, and what a gateway says to it, in IKEv2 (RFC 7296,
 * IKE_SA_INIT) and IKEv1 (RFC 2408 and 2409, Main Mode). Nothing of it is authenticated or
 * encrypted, and there is no second message: this is no implementation of IKE. It reads strictly:
 * what is not exactly an answer to what was asked is ignored, with the reason.
 */
#pragma once

#include "ike-transform.h"

#define IKE_SPI_LEN    8
#define IKE_COOKIE_MAX 64

/* IKEv1's authentication methods (RFC 2409, appendix A; draft-ietf-ipsec-isakmp-xauth-06). */
enum {
	IKE_AUTH_PSK = 1,
	IKE_AUTH_RSA = 3,
	IKE_AUTH_XAUTH_PSK = 65001,
	IKE_AUTH_XAUTH_RSA = 65005,
};

/* Types of notifications. */
enum {
	IKE_INVALID_MAJOR_VERSION = 5,
	IKE_NO_PROPOSAL_CHOSEN = 14,
	IKE_INVALID_KE_PAYLOAD = 17,
	IKE_COOKIE = 16390,
	IKE_REDIRECT = 16407, /* RFC 5685 */
};

typedef struct {
	gboolean ikev2;
	guint8 spi[IKE_SPI_LEN]; /* not all zero */
	guint8 nonce[32];
	const GPtrArray *proposals; /* of ike_transforms_parse() */
	guint16 group;              /* IKEv2: of the KE payload */
	guint16 auth;               /* IKEv1 */
	guint8 cookie[IKE_COOKIE_MAX];
	gsize cookie_len; /* IKEv2: 0 before the gateway has asked for it */
} IkeRequest;

/**
 * ike_message_write:
 *
 * Returns: (transfer full): the datagram; NULL where no public value is known of the group, or
 * IKEv1 has none of the algorithms.
 */
GByteArray *ike_message_write(const IkeRequest *request);

typedef enum {
	IKE_ANSWER_CHOICE, /* it takes one of the proposals */
	IKE_ANSWER_NOTIFY, /* it says something else */
} IkeAnswerKind;

typedef struct {
	IkeAnswerKind kind;
	IkeTransform chosen[4];
	guint n_chosen;
	guint16 notify; /* its type */
	guint16 group;  /* with IKE_INVALID_KE_PAYLOAD: the one that it wants */
	guint8 cookie[IKE_COOKIE_MAX];
	gsize cookie_len;
} IkeAnswer;

/**
 * ike_message_read:
 * @request: what was sent
 * @why: (out): where it is no answer to that: what is wrong with it, for people
 */
gboolean ike_message_read(const guint8 *bytes, gsize len, const IkeRequest *request,
						  IkeAnswer *answer, const char **why);

/** ike_notify_name: (transfer full): "NO_PROPOSAL_CHOSEN (14)"; a number where it has no name. */
char *ike_notify_name(gboolean ikev2, guint16 type);
