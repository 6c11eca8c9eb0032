/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a connection has on the host from its first moment to its last, over all its instances:
 * the run directory, the XFRM interface, and what guards its routes (fallback-routes.h,
 * tunnel-table.h); without an interface what pluto puts into the kernel for it (xfrm-ownership.h),
 * and what guards its policies (block-policies.h). Taken in one place, given back in one place.
 */
#pragma once

#include "child-sa.h"
#include "host-check.h"
#include "xfrm-ownership.h"
#include "kernel-watch.h"
#include "libreswan.h"
#include "profile.h"
#include "run-directory.h"
#include "xfrm-interface.h"

typedef struct _HostResources HostResources;

/**
 * host_resources_take:
 * @base: of the run directories: RUN_DIRECTORY_BASE, but in tests
 * @libreswan: with its version known
 * @listen: (nullable): as for host_check_ports()
 * @gateway: the address of the gateway
 *
 * Cleans up after services of ours that died, then makes the run directory and, if the profile
 * wants one, the interface and its guard. Where @libreswan is not kept apart from others
 * (libreswan_is_kept_apart()), it refuses where another IPsec user of the host (host-check.h) or
 * another connection of ours would be disturbed. Without an interface, it refuses where libreswan
 * would take the SAs of another tunnel to that gateway for its own. A refusal has touched nothing.
 *
 * Returns: NULL with an error for people; nothing is left then.
 */
HostResources *
host_resources_take(const char *base, const Profile *profile, const Libreswan *libreswan,
					const HostCheckListen *listen, const IpNet *gateway, GError **error);

/**
 * host_resources_note_pluto: which process is pluto, for whoever cleans up after us.
 */
void host_resources_note_pluto(HostResources *self, pid_t pid);

/**
 * host_resources_watch: from now on, @func is told when somebody takes away the interface, or what
 * host_resources_expect() says (kernel-watch.h). Without a watch, which is logged, there is just
 * none.
 */
void host_resources_watch(HostResources *self, KernelWatchFunc func, gpointer user_data);

/** host_resources_expect: these Child SAs are up, and the kernel must carry them until the next
 * sweep.
 */
void host_resources_expect(HostResources *self, const ChildTable *children);

/** host_resources_is_well: there is no interface, or it is as we have made it, and always was. */
gboolean host_resources_is_well(const HostResources *self);

/**
 * host_resources_mend: makes a new interface, of the same number where nobody else has it by now,
 * if somebody has removed, renamed or set down ours. Before each instance, after the sweep.
 *
 * One path for all three: NetworkManager does not put back what the kernel took with the interface,
 * as it believes that it is still there; for an interface that it does not know it puts everything.
 *
 * @mended: whether there is another interface now, about which NetworkManager has to be told.
 *
 * Returns: FALSE with an error where none can be made.
 */
gboolean host_resources_mend(HostResources *self, const Profile *profile,
							 const Libreswan *libreswan, gboolean *mended, GError **error);

/**
 * host_resources_own: pluto says that it has put this Child SA, or its trap, into the kernel, with
 * the outer addresses and the reqid that it names. What bears them is ours from now on, also for
 * whoever comes after us.
 */
void host_resources_own(HostResources *self, const XfrmOwnership *record);

/**
 * host_resources_sweep: deletes every XFRM state and policy that is recorded as ours, and all of
 * our if_id unless another's interface has it by now.
 */
void host_resources_sweep(HostResources *self);

/**
 * host_resources_block_low: @children (of XfrmChild) are up, or trapped: what they carry is refused
 * from now on where they do not. With an interface it only keeps in mind where they lead.
 */
void host_resources_block_low(HostResources *self, const GArray *children);

/**
 * host_resources_block_sub: they are lost, pluto is about to go and another to come: what they
 * carried is refused until host_resources_block_low(). With an interface the guards of its routes
 * do that; where somebody has taken it they get the nets too.
 */
void host_resources_block_sub(HostResources *self);

/**
 * host_resources_set_gateway: the address that the gateway is reached at, which is no part of what
 * goes into the interface (tunnel-table.h).
 */
void host_resources_set_gateway(HostResources *self, const IpNet *gateway);

/**
 * host_resources_claim_route: we have a host route to @gateway from now on (NULL: none any more),
 * for other connections of ours to know, and for whoever comes after us.
 */
void host_resources_claim_route(HostResources *self, const IpNet *gateway);

/** host_resources_route_is_anothers: whether a living connection of ours beside this one has a host
 * route to @gateway. */
gboolean host_resources_route_is_anothers(const HostResources *self, const IpNet *gateway);

/** host_resources_reqid: the reqid that is this connection's alone (reqid= of ipsec.conf(5)); 0
 * where pluto is to choose. */
guint32 host_resources_reqid(const HostResources *self);

/** host_resources_acq_expires: net.core.xfrm_acq_expires, in seconds; 0 where it cannot be read. */
guint32 host_resources_acq_expires(void);

/**
 * host_resources_settle: another configuration has been reported; what guards the routes of the
 * last one may go once it is installed.
 */
void host_resources_settle(HostResources *self);

/** host_resources_remove: sweeps, removes guards, interface and directory, and frees. */
void host_resources_remove(HostResources *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HostResources, host_resources_remove)

RunDirectory *host_resources_directory(HostResources *self);
/* 0 and NULL without an interface. */
guint32 host_resources_if_id(const HostResources *self);
int host_resources_ifindex(const HostResources *self);
const char *host_resources_interface(const HostResources *self);

/** host_resources_clean_dead: away with what dead services of ours left behind, by what is in
 * @base. */
void host_resources_clean_dead(const char *base);
