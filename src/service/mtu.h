/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The MTU of the XFRM interface.
 */
#pragma once

#include <glib.h>

/**
 * mtu_of_interface: in bytes.
 *
 * @wanted: what the profile says, 0 where it says nothing
 * @underlay: of the route to the gateway, 0 where it is not known
 *
 * What follows the route may be narrower, hence never more than XFRM_INTERFACE_DEFAULT_MTU of
 * itself; and never less than IPv6 needs (RFC 8200, section 5).
 */
guint32 mtu_of_interface(guint32 wanted, guint32 underlay);
