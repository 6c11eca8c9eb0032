/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Proposals, the values of ike= and esp=: ENCRYPTION-HASH;GROUP, several algorithms of a kind
 * joined by '+', several proposals by commas (the same in libreswan 4.10 and 5.2). What pluto does
 * not understand here it refuses with the whole connection.
 */

#pragma once

#include <glib.h>

typedef enum {
	PROPOSALS_IKE, /* the hash is the PRF, or an integrity algorithm and a PRF */
	PROPOSALS_ESP, /* the hash is the integrity algorithm */
} ProposalsKind;

/**
 * proposals_find_fault:
 * @text: proposals without blanks
 *
 * Returns: (transfer full): what is wrong, by the name of the algorithm, with the right spelling
 * where another one is known, for a message after the value; %NULL where libreswan takes them
 */
char *proposals_find_fault(const char *text, ProposalsKind kind);

/**
 * proposals_find_rare:
 * @text: (nullable): proposals without a fault
 *
 * Returns: (transfer full): a group that they have and many builds of libreswan have not, Debian's
 * and Fedora's among them; or %NULL
 */
char *proposals_find_rare(const char *text);
