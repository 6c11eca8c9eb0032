/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Identities of IKE (RFC 2407 4.6.2, RFC 7296 3.5) as libreswan reads them in leftid= and rightid=
 * (atoid() in lib/libswan/id.c, the same in 4.10 and 5.2) and as it tells them to the updown
 * command in PLUTO_MY_ID and PLUTO_PEER_ID (jam_id_bytes() there, with \ooo for what means
 * something to a shell):
 *
 *  ipsec.conf                            kind            updown
 *  ------------------------------------  --------------  ------------------------------------
 *  192.0.2.1, 2001:db8::1                address         the same
 *  @vpn.example.com                      ID_FQDN         the same
 *  joe@example.com                       ID_USER_FQDN    the same
 *  @[group], @#67726f7570                ID_KEY_ID       @#0x67726f7570
 *  anything with '=', with or without @  ID_DER_ASN1_DN  C=DE, CN=joe (distinguished-name.h)
 *  @~30...                               ID_DER_ASN1_DN  the same
 *  vpn.example.com                       address         what DNS says
 *  %fromcert                             ID_DER_ASN1_DN  the certificate's subject
 *  %any, %none, 0.0.0.0, none at all     address         that of the host
 *  %null                                 ID_NULL         ID_NULL
 *
 * What it cannot read libreswan 5 refuses with the connection, and 4.10 takes for none at all,
 * without a word.
 */

#pragma once

#include <glib.h>

/**
 * identity_normalize:
 * @text: what a profile says, not empty
 *
 * Returns: (transfer full): what libreswan reads as what is meant: the bytes of a key ID as pluto
 * prints them (@#0x55) as it reads them (@#55), those of @[a=b] in hexadecimal, as every
 * identity with an equals sign would be a distinguished name; ",," as in distinguished-name.h
 */
char *identity_normalize(const char *text);

/**
 * identity_find_fault:
 * @text: what a profile says, not empty
 *
 * Returns: (transfer full): why libreswan does not read it, for a message after the value, or %NULL
 */
char *identity_find_fault(const char *text);

/**
 * identity_is_shown:
 * @wanted: (nullable): what stands in ipsec.conf, without a fault; %NULL for nothing
 * @shown: what libreswan told the updown command
 *
 * Returns: whether @shown is what libreswan makes of @wanted. What @wanted leaves open, such as the
 * subject of a certificate, is any.
 */
gboolean identity_is_shown(const char *wanted, const char *shown);

/**
 * identity_is_any:
 * @wanted: what a profile says, not empty
 *
 * Returns: whether it lets everybody be who is asked for: a word such as %any, the address of
 * nobody, or a subject whose attributes are all '*'
 */
gboolean identity_is_any(const char *wanted);
