/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "mtu.h"

#include "xfrm-interface.h"

/* What ESP in UDP costs at most of a packet, as XFRM_INTERFACE_DEFAULT_MTU has it: the outer
 * headers, ESP's own, the initialisation vector and the integrity check; what is encrypted is whole
 * blocks with a trailer in the last (RFC 4303, section 2). */
#define ESP_OVERHEAD 104
#define ESP_BLOCK    16
#define ESP_TRAILER  2
#define IPV6_MINIMUM 1280

guint32
mtu_of_interface(guint32 wanted, guint32 underlay)
{
	if (wanted > 0)
		return wanted;
	if (underlay == 0)
		return XFRM_INTERFACE_DEFAULT_MTU;
	if (underlay < IPV6_MINIMUM)
		return IPV6_MINIMUM;
	return CLAMP((underlay - ESP_OVERHEAD) / ESP_BLOCK * ESP_BLOCK - ESP_TRAILER, IPV6_MINIMUM,
				 XFRM_INTERFACE_DEFAULT_MTU);
}
