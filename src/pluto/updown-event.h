/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "ip-net.h"

/*
 * One call of libreswan's updown command, read and checked.
 *
 * What pluto exports (programs/pluto: fmt_common_shell_out() and do_command() of kernel.c in 4.10,
 * of updown.c in 5.2), and what differs:
 *
 *  variable                4.10                              5.2
 *  ----------------------  --------------------------------  --------------------------------
 *  PLUTO_VERB              VERB-host or VERB-client, with    -host by the outer, -client by the
 *                          -v6 by the outer family           inner family
 *  PLUTO_CLIENT_FAMILY     -                                 ipv4, ipv6: the inner family
 *  PLUTO_MY_CLIENT,        net/bits                          net/bits; FIRST-LAST is never seen:
 *  PLUTO_PEER_CLIENT                                         both refuse what is no network (up to
 *                                                            5.4, ikev2_ts.c; ikev1_quick.c), as
 *                                                            the kernel has no policy for it
 *  PLUTO_SA_REQID          the connection's base; the        the reqid that the kernel has
 *                          kernel has reqid_esp(base)=base+1
 *                          (base itself below 16384)
 *  PLUTO_MY_SOURCEIP       set once, the *first* lease for   the present lease
 *                          ever
 *  PLUTO_MOBIKE_EVENT      with MY_SOURCEIP only; yes in     with MY_SOURCEIP only; yes in the
 *                          the unroute of a migration        unroute of a migration
 *  PLUTO_XFRMI_FWMARK      with an XFRM interface            the same
 *  SPI_IN, SPI_OUT         *crossed*: SPI_IN is the SPI of   the same
 *                          packets to the peer
 *  verb disconnectNM       with PLUTO_NM_CONFIGURED          with PLUTO_NM_CONFIGURED
 *  several subnets         one connection each               one event for each pair of nets of a
 *                                                            connection
 *
 * In both, all of them together must fit into 2047 bytes: with a banner or many domains beyond
 * that pluto logs "command too long!" and runs nothing, and an `up` that was not run fails the
 * Child SA.
 *
 * What comes when (4.10: route_and_eroute, teardown_ipsec_sa; 5.2: routing.c dispatch,
 * install_outbound_ipsec_kernel_policies):
 *
 *  - A rekey runs no updown at all, IKEv1 or IKEv2, by us or by the peer. 4.10 says `up` only
 *    where the pair of nets has no owner ("already notified" otherwise) and `down` only for the
 *    SA that owns it (teardown_ipsec_sa), and the newer SA takes the ownership over. 5.2 replaces
 *    (ESTABLISH_OUTBOUND in ROUTED_TUNNEL) with up = route = false, and tears down only what the
 *    SA that ends still owns (teardown_child_dispatch_ok). So the SPIs of an `up` are not those of
 *    the `down` that matches it once a rekey has happened. Seen in the laboratory: no event at all
 *    at an IKEv1 rekey of the IPsec SA by strongSwan (4.10, 5.2), nor with IKEv2 at one of the
 *    Child SA or the IKE SA, by either side (5.2).
 *  - An address can change without any verb: IKEv1 does XAUTH and ModeCfg again when the ISAKMP SA
 *    is replaced (not with remote-peer-type=cisco), pluto overwrites the connection's net with
 *    what it is given while the old IPsec SA is up, and the Quick Mode that follows is a rekey.
 *    The `down` of that Child SA then names the new address, and matches no `up`. Only pluto's log
 *    ("Received IPv4 address: ") and the kernel's policies tell.
 *  - MOBIKE, when our address goes: down, unroute; when the peer has agreed to the new one: up,
 *    route (4.10, migration_up) or route, up (5.2, RESUME), with the same nets and SPIs and
 *    another PLUTO_ME. PLUTO_MOBIKE_EVENT=yes is in the `unroute` alone, the very next event after
 *    the `down`; the `down` looks like any other. For policies of an interface it cannot succeed:
 *    pluto's XFRM_MSG_MIGRATE has no XFRMA_IF_ID (4.10 to 5.4, by source). For us the `down` is a
 *    loss like any other, so the tunnel is made anew.
 */

/** UpdownVerb: what libreswan says happened; ipsec.conf(5), leftupdown. */
typedef enum {
	UPDOWN_VERB_PREPARE,
	UPDOWN_VERB_ROUTE,
	UPDOWN_VERB_UNROUTE,
	UPDOWN_VERB_UP,
	UPDOWN_VERB_DOWN,
	UPDOWN_VERB_DISCONNECT_NM, /* meant for the older plugin; means nothing to us */
} UpdownVerb;

#define UPDOWN_EVENT_ERROR (updown_event_error_quark())
GQuark updown_event_error_quark(void);

typedef enum {
	UPDOWN_EVENT_ERROR_WIRE,       /* not a message of our helper, or cut off */
	UPDOWN_EVENT_ERROR_HELPER,     /* the helper says why it could not report */
	UPDOWN_EVENT_ERROR_MISSING,    /* a variable is not there */
	UPDOWN_EVENT_ERROR_VALUE,      /* a variable has a value that it cannot have */
	UPDOWN_EVENT_ERROR_TWICE,      /* a variable is there twice */
	UPDOWN_EVENT_ERROR_CONNECTION, /* of another connection */
} UpdownEventError;

/** UpdownEvent: owned by whoever made it; updown_event_free(). Strings are never NULL but where
 * said so. */
typedef struct {
	UpdownVerb verb;
	gboolean host; /* verb-host: my side of the tunnel is my own outer address */

	char *connection;    /* PLUTO_CONNECTION */
	gboolean transport;  /* PLUTO_CONNECTION_TYPE=transport, else tunnel */
	guint8 outer_family; /* PLUTO_CONN_ADDRFAMILY: AF_INET, AF_INET6 */

	IpNet me; /* PLUTO_ME, PLUTO_PEER: the outer addresses */
	IpNet peer;
	char *my_id; /* PLUTO_MY_ID, PLUTO_PEER_ID: for identity_is_shown(); "" where not exported */
	char *peer_id;
	IpNet my_client; /* PLUTO_MY_CLIENT, PLUTO_PEER_CLIENT: what the tunnel joins */
	IpNet peer_client;
	guint8 my_protocol; /* PLUTO_MY_PROTOCOL..: IP protocol, 0 for any */
	guint8 peer_protocol;
	guint16 my_port; /* 0 for any */
	guint16 peer_port;

	gboolean cfg_client; /* PLUTO_CFG_CLIENT=1: my_client is the address that the gateway gave us */

	GArray *dns;    /* of IpNet: PLUTO_PEER_DNS_INFO, in order, without repetition */
	char **domains; /* PLUTO_PEER_DOMAIN_INFO, checked, in order, without repetition */
	char *banner;   /* PLUTO_PEER_BANNER, printable, bounded; "" for none */

	gboolean xfrmi_route; /* PLUTO_XFRMI_ROUTE=yes: there is an XFRM interface */
	char *virt_interface; /* PLUTO_VIRT_INTERFACE: its name, NULL for none */

	guint32 reqid;          /* PLUTO_SA_REQID; see the table above */
	gboolean peer_is_cisco; /* PLUTO_IS_PEER_CISCO */
} UpdownEvent;

/**
 * updown_event_parse: reads one message of the helper (updown-wire.h).
 *
 * @data: @len bytes, untrusted.
 * @connection: the connection's name as it must be, NULL for any. One of several that libreswan
 * makes of it for several subnets, as NAME/1x2, is taken as well.
 *
 * Variables that nobody needs are not looked at. One that is there twice, or has a value that
 * libreswan cannot have put there, spoils the whole event.
 *
 * Returns: the event, or NULL with a sentence that names the variable, its value and what would
 * have been right.
 */
UpdownEvent *
updown_event_parse(const char *data, gsize len, const char *connection, GError **error);

/** updown_event_copy: (transfer full) */
UpdownEvent *updown_event_copy(const UpdownEvent *event);
void updown_event_free(UpdownEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UpdownEvent, updown_event_free)

/** updown_verb_to_string: "up", "down"..., without host or client. */
const char *updown_verb_to_string(UpdownVerb verb);

/**
 * updown_event_child_key: what names a Child SA from its `up` to its `down`.
 *
 * The connection's name and both nets, with protocol and port where they restrict. These are what
 * pluto itself keeps a Child SA's updown state by (one owner per pair of nets); they stay the same
 * over rekeys, MOBIKE and (with 5.2) between the several pairs of one connection. SPIs do not: see
 * above. PLUTO_SA_REQID is the connection's, not the Child SA's. PLUTO_UNIQUEID and PLUTO_SPI are
 * of other IKE daemons; libreswan has neither.
 *
 * Returns: (transfer full): "tunnel 10.9.0.5/32:0:0 10.1.0.0/16:0:0", fit for the log and for a
 * hash table.
 */
char *updown_event_child_key(const UpdownEvent *event);

/**
 * updown_event_get_lease: the address that the gateway gave us.
 *
 * Returns: false where it gave none (PLUTO_CFG_CLIENT=0), or where my_client is no single address.
 */
gboolean updown_event_get_lease(const UpdownEvent *event, IpNet *address);

/** updown_event_to_string: (transfer full): one line for the log. No secret is in an event. */
char *updown_event_to_string(const UpdownEvent *event);
