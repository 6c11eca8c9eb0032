/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Algorithms of IKE: libreswan's words for them (the value of ike=, see proposals.h), and their
 * numbers on the wire (IANA, "Internet Key Exchange Version 2 (IKEv2) Parameters" and "Internet Key
 * Exchange (IKE) Attributes").
 */
#pragma once

#include <gio/gio.h>

/* IKEv2's transform types. */
typedef enum {
	IKE_ENCRYPTION = 1,
	IKE_PRF = 2,
	IKE_INTEGRITY = 3,
	IKE_GROUP = 4,
} IkeTransformType;

/** IkeTransform: a plain value; the numbers are IKEv2's, also where IKEv1 is spoken. */
typedef struct {
	guint16 type;
	guint16 id;
	guint16 bits; /* of the key, 0 where the algorithm has one length */
} IkeTransform;

/**
 * ike_transforms_default:
 * @major: libreswan's major version
 *
 * Returns: what libreswan offers where there is no ike=, in its own order
 */
const char *ike_transforms_default(gboolean ikev2, guint major);

/**
 * ike_transforms_parse:
 * @text: proposals that proposals_find_fault() takes
 * @ikev2, @major: whose defaults stand in for what a proposal leaves out
 *
 * Returns: (transfer full) (element-type GArray of IkeTransform): a GArray for each proposal; NULL
 * with a G_IO_ERROR that quotes a word which has no number here
 */
GPtrArray *ike_transforms_parse(const char *text, gboolean ikev2, guint major, GError **error);

/**
 * ike_transforms_to_string:
 * @transforms: what was chosen, one of each type at most
 *
 * Returns: (transfer full): as a value of ike=: "aes256-sha2_256;modp2048"; what has no word is
 * "encryption 99" and the like
 */
char *ike_transforms_to_string(const IkeTransform *transforms, gsize n);

/** ike_group_name: (transfer full): "modp2048", "group 99". */
char *ike_group_name(guint16 id);

/**
 * ike_v1_number: IKEv1's number (attribute value) of an encryption algorithm, of a hash (by the PRF
 * that is made of it) or of a group.
 *
 * Returns: 0 where IKEv1 has none
 */
guint16 ike_v1_number(const IkeTransform *transform);

/** ike_from_v1: the reverse. False where there is no such number. */
gboolean ike_from_v1(IkeTransform *transform, IkeTransformType type, guint16 number, guint16 bits);

/**
 * ike_group_public_value: that of the private key 1: the group's generator. Nobody can be
 * authenticated with it and nothing is protected by it; to a gateway it is one like another.
 *
 * Returns: (transfer full): as in a KE payload; NULL where none is known here
 */
GBytes *ike_group_public_value(guint16 id);
