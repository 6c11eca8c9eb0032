/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "gateway.h"
#include "host-check.h"
#include "profile.h"

/** Endpoints: the two addresses between which IKE is spoken. A plain value. */
typedef struct {
	IpNet gateway;
	IpNet local;
} Endpoints;

typedef struct {
	const GArray *gateways; /* of IpNet, hosts, best first */
	const char *left;       /* of the profile */
	const GArray *lefts;    /* of IpNet: what left= means where it is a host name; else NULL */
	int tunnel;             /* as for underlay_route_find() */
} EndpointsParams;

/**
 * endpoints_find: the first gateway that we have an address towards, IPv4 before IPv6, as libreswan
 * prefers it of a name (ttoaddress_dns()).
 *
 * The local address is what left= says: itself; that of the interface that it names; with
 * %defaultroute the one with which packets to the gateway start.
 *
 * Returns: false, with a sentence for people in a G_IO_ERROR.
 */
gboolean endpoints_find(Endpoints *ends, const EndpointsParams *params, GError **error);

/**
 * Ends: what a profile says of its two ends, and what that means at the moment. Main loop only.
 */
typedef struct Ends Ends;

Ends *ends_new(const Profile *profile);

/** ends_free: an ends_find_async() that has not finished must have been cancelled. */
void ends_free(Ends *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ends, ends_free)

/** ends_gateway: (transfer none): the host that right= names. */
Gateway *ends_gateway(const Ends *self);

/**
 * ends_find_async: finds the addresses of both ends, for an instance that is to start.
 *
 * @again: the gateway's host name is looked up; else the address that is in use is taken.
 * @tunnel: as for underlay_route_find()
 */
void ends_find_async(Ends *self, gboolean again, int tunnel, GCancellable *cancellable,
					 GAsyncReadyCallback callback, gpointer user_data);

/** ends_find_finish: false with a sentence for people in @error. */
gboolean ends_find_finish(GAsyncResult *result, GError **error);

/** ends_get_gateway: (transfer none): the gateway's address, as it was found last. */
const IpNet *ends_get_gateway(const Ends *self);

/**
 * ends_get_listen: (transfer none): the address that pluto is to listen on, as it was found last;
 * NULL where it needs them all.
 */
const IpNet *ends_get_listen(const Ends *self);

/** ends_get_ports: (transfer none): whose sockets are in pluto's way, with the addresses that were
 * found last. */
const HostCheckListen *ends_get_ports(const Ends *self);
