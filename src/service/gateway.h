/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "ip-net.h"

#include <gio/gio.h>

/**
 * Gateway: a host that the profile names, mostly the gateway, and what is known of its addresses.
 * The service looks a name up, and writes the address into ipsec.conf: addconn and pluto each would
 * look it up once more, and could find another. Main loop only.
 */
typedef struct Gateway Gateway;

/**
 * gateway_new:
 * @host: an address, or a name, which gateway_find_async() looks up
 * @family: AF_INET or AF_INET6 where only such addresses count; AF_UNSPEC for both
 */
Gateway *gateway_new(const char *host, int family);

/** gateway_free: a gateway_find_async() that has not finished may still finish. */
void gateway_free(Gateway *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Gateway, gateway_free)

/**
 * gateway_find_async: looks the name up (getaddrinfo(3), so that /etc/hosts and whatever else
 * nsswitch.conf names count). It may be asked for again: what is found then takes the place of what
 * was. An address is found without looking.
 */
void gateway_find_async(Gateway *self, GCancellable *cancellable, GAsyncReadyCallback callback,
						gpointer user_data);

/**
 * gateway_find_finish:
 *
 * Returns: false with a sentence for people in @error where the name has no address and never had
 * one. A name that cannot be looked up any more keeps its addresses: the name server may have been
 * behind the tunnel that is lost.
 */
gboolean gateway_find_finish(GAsyncResult *result, GError **error);

/** gateway_get_addresses: (transfer none): of IpNet, hosts, best first; always the same array. */
GArray *gateway_get_addresses(const Gateway *self);

/** gateway_use: this is the address that is in use. */
void gateway_use(Gateway *self, const IpNet *address);

/** gateway_get_used: (transfer none): unset before gateway_use(). */
const IpNet *gateway_get_used(const Gateway *self);
