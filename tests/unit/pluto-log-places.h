/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/*
 * Where in pluto's lines stands what the other side chooses, or what somebody else's packet has
 * caused: as libreswan 4.10 and 5.2 write them. %s is that text.
 */

/* What pluto says before, of state #1, of #2 that belongs to it, and of #7 and #9, which others
 * have begun; #9 has authenticated itself. */
static const char *const pluto_log_before[] = {
	"\"vpn\" #1: initiating IKEv1 Main Mode connection",
	"\"vpn\" #2: initiating Quick Mode IKEv1+PSK+ENCRYPT+TUNNEL+PFS",
	"\"vpn\" #7: processing IKE_SA_INIT request from 192.0.2.99:UDP/500 containing SA,KE,Ni",
	"\"vpn\" #8: responding to Main Mode",
	"\"vpn\" #9: responding to Main Mode",
	"\"vpn\" #9: ISAKMP SA established {auth=PRESHARED_KEY}",
};

/* What a responder says whose other end has proved nothing: it does not choose the words, but they
 * may be the same as an initiator's. */
static const char *const pluto_log_strange_states[] = {
	"\"vpn\" #7: %s",
	"\"vpn\"[3] 192.0.2.99 #8: %s",
	"addconn: \"vpn\" #7: %s",
};

static const char *const pluto_log_places[] = {
	/* Strangers' packets. */
	"packet from 192.0.2.66:500: %s",
	"Nov 23 13:43:03.964105: packet from [2001:db8::66]:4500: %s",
	"packet from 127.0.0.1:40000: malformed payload in packet: %s",
	/* Other connections. */
	"\"vpn2\" #1: %s",
	"\"other\" #1: %s",
	"\"vpn/x\" #1: %s",
	/* A number that pluto does not have. */
	"\"vpn\" #99999999999: %s",
	"\"vpn\" #: %s",
	/* Identities and subjects of certificates. */
	"\"vpn\" #1: Peer ID is ID_FQDN: '@%s'",
	"\"vpn\" #1: Peer ID is ID_DER_ASN1_DN: 'CN=%s'",
	"\"vpn\" #1: Peer ID '@%s' mismatched on first found connection and no better connection found",
	"\"vpn\" #1: initiator established IKE SA; authenticated peer using authby=secret and ID_FQDN "
	"'@%s'",
	"\"vpn\" #1: authentication failed: computed hash does not match hash received from peer "
	"ID_FQDN '@%s'",
	"\"vpn\" #1: peer ID_DER_ASN1_DN 'CN=%s' does not match expected 'CN=x'",
	"\"vpn\" #1: peer certificate subjectAltName extension does not match ID_FQDN '@%s'",
	"\"vpn\" #1: certificate verified OK: O=x,CN=%s",
	"\"vpn\" #1: NSS: ERROR: IPsec certificate O=x,CN=%s invalid: SEC_ERROR_BAD_SIGNATURE: Peer's "
	"certificate has an invalid signature.",
	"\"vpn\" #1: initial Aggressive Mode packet claiming to be from @%s on 192.0.2.99:500 but no "
	"connection has been authorized",
	/* Banners, XAUTH messages, domains. */
	"\"vpn\" #1: XAUTH Message: %s",
	"\"vpn\" #1: XAUTH: Bad Message: %s",
	"\"vpn\" #1: Received Banner: %s",
	"\"vpn\" #1: Received Domain: %s",
	"\"vpn\" #2: received INTERNAL_DNS_DOMAIN: %s",
	"\"vpn\" #2: received and ignored INTERNAL_DNS_DOMAIN: %s",
	"\"vpn\" #1: received Vendor ID payload [%s]",
	/* What the updown command printed. */
	"\"vpn\" #2: up-client output: %s",
	"\"vpn\": prepare-host output: %s",
	/* An error of the network, with a name of an interface, which has no blanks. */
	"\"vpn\" #1: something that nobody knows: %s",
};
