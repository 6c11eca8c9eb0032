/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of a gateway's word becomes part of the tunnel. It passes between updown events and Child
 * SAs, with both versions of IKE and of libreswan: what libreswan has negotiated is what the
 * gateway wanted, and that may be more than the profile asked for, or what is no business of any
 * gateway.
 *
 * The profile's words decide first: a net within a rightsubnet that it names is taken, whatever net
 * it is. Otherwise:
 *
 *  - where it names nets there is nothing beyond them; less is fine;
 *  - where it asks for everything (0.0.0.0/0, ::/0), what the gateway narrows that to is not taken
 *    where it is within loopback, link-local or multicast, is the gateway itself, or is within a
 *    net that a link of this host is attached to: neighbours stay neighbours. Everything stays
 *    everything;
 *  - an address for us that is no host's, or is the gateway's or this host's own, is refused with
 *    the connection;
 *  - a Child SA that carries neither an address of ours nor anything in leftsubnet is not taken:
 *    nothing could leave by it;
 *  - DNS servers that nobody can have behind a gateway are left out, and so are those that no route
 *    of the tunnel leads to: they would be asked in plaintext (ip-report.h);
 *  - domains without a dot, such as com, and localhost and local, are left out unless they are the
 *    profile's own: names of half the internet would be asked of the gateway's servers.
 *
 * A net that is not taken has no route and no fallback route. The connection goes on without it
 * where there is another, which needs an interface: policies without one take packets whether a
 * route leads to them or not. What is left out is said once for each kind and value.
 */
#pragma once

#include "child-sa.h"
#include "profile.h"

typedef struct ChildFilter ChildFilter;

typedef enum {
	CHILD_FILTER_TAKE,   /* the event, as it is now */
	CHILD_FILTER_LEAVE,  /* nothing of it */
	CHILD_FILTER_REFUSE, /* nothing of the whole connection */
} ChildFilterVerdict;

/* How many Child SAs one connection may have up; a gateway brings up as many as it likes. */
#define CHILD_FILTER_MAX 256

/* What is so on this host at the moment. */
typedef struct {
	const char *interface;   /* the tunnel's, or NULL for one that is policy-based */
	const GArray *addresses; /* of IpNet: local_address_list(), without that interface */
	const GArray *attached;  /* of IpNet: local_address_list_nets(), likewise */
	const IpNet *next_hop;   /* of the route to the gateway; NULL or unset for none */
	guint n_up;              /* Child SAs that are up */
} ChildFilterHost;

/** child_filter_new: @profile: (transfer none): outlives it */
ChildFilter *child_filter_new(const Profile *profile);
void child_filter_free(ChildFilter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChildFilter, child_filter_free)

/** child_filter_begin: another instance: what was negotiated before is past. */
void child_filter_begin(ChildFilter *self);

/**
 * child_filter_look: what becomes of an event, of any verb. Events that say that something is there
 * (up, route) are looked at, the others taken.
 *
 * @event: what is left out is taken from it
 * @reason: (out): (transfer full): a sentence, with CHILD_FILTER_LEAVE and CHILD_FILTER_REFUSE; for
 * people, where the connection fails of it
 */
ChildFilterVerdict child_filter_look(ChildFilter *self, UpdownEvent *event,
									 const ChildFilterHost *host, char **reason);

/** child_filter_asks_for: is this, and no part of it, a net that the profile asks for? */
gboolean child_filter_asks_for(const ChildFilter *self, const IpNet *net);

/**
 * child_filter_look_at_dns: which DNS servers of @table the report is to be without, and says so:
 * no route of the tunnel leads to them (child_table_leads_to()), or a link of this host is attached
 * to their network, perhaps only since it is up.
 *
 * @interface, @attached: as in ChildFilterHost
 *
 * Returns: (transfer full) (element-type IpNet)
 */
GArray *child_filter_look_at_dns(ChildFilter *self, const ChildTable *table, const char *interface,
								 const GArray *attached);

/**
 * child_filter_find_neighbours: likewise, of @dns (of IpNet) that were reported before, those whose
 * network a link of this host is attached to by now.
 */
GArray *child_filter_find_neighbours(ChildFilter *self, const GArray *dns, const char *interface,
									 const GArray *attached);

/**
 * child_filter_take_news: (transfer full) (element-type utf8): sentences that were not told before,
 * each of what was left out and why; empty for none. Of a gateway that goes on sending others the
 * first CHILD_FILTER_NEWS_MAX are told.
 */
GPtrArray *child_filter_take_news(ChildFilter *self);
#define CHILD_FILTER_NEWS_MAX 64
