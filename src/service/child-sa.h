/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Child SAs that are up, and what each of them says about addresses, routes and DNS; and those
 * that are missing: they were up, and their connection has no other yet. What they carried is still
 * protected to the tunnel.
 */
#pragma once

#include "net-pair.h"
#include "updown-event.h"
#include "xfrm-table.h"

typedef struct {
	char *key; /* updown_event_child_key() */
	/* libreswan's: one, or with leftsubnets or rightsubnets one of several; "" where it is not
	 * known yet */
	char *connection;
	IpNet my_client;
	IpNet peer_client;
	guint8 protocol; /* what it carries of them alone; 0 for all */
	guint16 my_port; /* 0 for any */
	guint16 peer_port;
	IpNet me; /* outer addresses */
	IpNet peer;
	gboolean leased; /* my_client is the address that the gateway gave us */
	GArray *dns;     /* of IpNet */
	char **domains;
	char *banner; /* "" for none */
} ChildSa;

typedef struct _ChildTable ChildTable;

typedef enum {
	CHILD_UNCHANGED,
	CHILD_WENT_UP, /* also: came up again with another configuration */
	CHILD_WENT_DOWN,
} ChildChange;

/** child_sa_selectors: what the Child SA of @event carries. */
XfrmChild child_sa_selectors(const UpdownEvent *event);

ChildTable *child_table_new(void);
void child_table_free(ChildTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChildTable, child_table_free)

/**
 * child_table_take: takes what one updown event says. Only `up` and `down` carry a configuration:
 * which of the other verbs come, and in which order, differs between 4.10 and 5.2. A `down` for
 * what is not up changes nothing.
 */
ChildChange child_table_take(ChildTable *table, const UpdownEvent *event);

/**
 * child_table_take_trap: likewise for a table of traps, that a connection on demand has in the
 * place of Child SAs until a packet comes: `route` puts one there, `unroute` takes it away.
 */
ChildChange child_table_take_trap(ChildTable *table, const UpdownEvent *event);

/** child_table_knows: has @connection anything that is up or missing? */
gboolean child_table_knows(const ChildTable *table, const char *connection);

/** child_table_lose: those of @connection, of all for NULL, are missing. */
void child_table_lose(ChildTable *table, const char *connection);

/** child_table_protect: what @other has of connections that have nothing here is missing here. */
void child_table_protect(ChildTable *table, const ChildTable *other);

/**
 * child_table_protect_nets: the profile asks for these nets: until a Child SA says that it carries
 * them, they are missing.
 */
void child_table_protect_nets(ChildTable *table, const NetPair *pairs, gsize n_pairs);

/** child_table_clear: nothing is up and nothing is missing. */
void child_table_clear(ChildTable *table);

/** child_table_size: how many are up. */
guint child_table_size(const ChildTable *table);

/** child_table_size_protected: with those that are missing. */
guint child_table_size_protected(const ChildTable *table);

/**
 * child_table_get: (transfer none): number @i: first those that are up, in the order in which they
 * came up, then those that are missing.
 */
const ChildSa *child_table_get(const ChildTable *table, guint i);

/** child_table_list_dns: (transfer full) (element-type IpNet): the DNS servers of those that are
 * up, each once: the first CHILD_TABLE_DNS_MAX. */
GArray *child_table_list_dns(const ChildTable *table);
#define CHILD_TABLE_DNS_MAX 64

/** child_table_has_lease: has one that is up @address from the gateway? */
gboolean child_table_has_lease(const ChildTable *table, const IpNet *address);

/**
 * child_table_leads_to: is @host in what they carry, also those that are missing? But without an
 * interface, where packets of a missing one have no address of the gateway's.
 */
gboolean child_table_leads_to(const ChildTable *table, const IpNet *host, gboolean has_interface);

/** child_table_list: (transfer full) (element-type XfrmChild): what those that are up carry. */
GArray *child_table_list(const ChildTable *table);

/**
 * child_table_list_protected: (transfer full) (element-type XfrmChild): what is to leave by the
 * tunnel or not at all: what they carry, also those that are missing, and where they have a lease,
 * what our own address says to the peer's net: that is what the kernel makes of a packet while
 * NetworkManager changes leases and the route with the source address is missing. Not so for the
 * whole internet, which also is what keeps the uplink alive, nor for a net that we are in.
 */
GArray *child_table_list_protected(const ChildTable *table);
