/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>
#include <net/if.h>

/**
 * XfrmInterface: a link `ipsecN` with if_id N (ip-link(8), type xfrm). The number and the name go
 * together because libreswan's ipsec-interface=N means both.
 *
 * It has no underlying link, so it outlives the uplink (IFLA_XFRM_LINK is optional since 4.19;
 * without it the device stays in no other's lower list and the route lookup picks the uplink), and
 * it is marked as ours by its alias, "nm-libreswan UUID", that only root can set.
 */
typedef struct {
	guint32 if_id; /* 1.. */
	int ifindex;
	char name[IFNAMSIZ];
	char uuid[37]; /* of the connection whose mark it bears */
} XfrmInterface;

/* What the usual 1500 bytes leave where nothing is saved: IPv6 40, UDP 8, ESP 8, the IV of AES-CBC
 * 16, the check of SHA2-512 32; of 1396, whole blocks of 16 are 1392, and ESP's trailer is 2. Where
 * a path takes less, the kernel finds out and tells whoever sends too much. */
#define XFRM_INTERFACE_DEFAULT_MTU 1390

/**
 * xfrm_interface_create: makes an interface for the connection @uuid, with the lowest N such that
 * there is no link ipsecN and neither a state nor a policy with if_id N, and sets it up.
 *
 * @from: the lowest N that will do, 1 or more.
 * @mtu: in bytes; 0 for the default.
 * @out: what was made.
 *
 * Returns: false with an error in G_IO_ERROR: NOT_SUPPORTED where the kernel has no XFRM
 * interfaces, PERMISSION_DENIED, NO_SPACE where all 65535 are taken, FAILED. Nothing is left then.
 */
gboolean xfrm_interface_create(const char *uuid, guint32 from, guint32 mtu, XfrmInterface *out,
							   GError **error);

/**
 * xfrm_interface_create_numbered: the same with the N that the user asks for.
 *
 * Returns: also EXISTS, where a link, a state or a policy has that number already.
 */
gboolean xfrm_interface_create_numbered(const char *uuid, guint32 if_id, guint32 mtu,
										XfrmInterface *out, GError **error);

typedef enum {
	XFRM_INTERFACE_WELL, /* also where the kernel cannot be asked */
	XFRM_INTERFACE_GONE,
	XFRM_INTERFACE_RENAMED,
	XFRM_INTERFACE_DOWN,
} XfrmInterfaceHealth;

/** xfrm_interface_look: what has become of it. */
XfrmInterfaceHealth xfrm_interface_look(const XfrmInterface *interface);

/**
 * xfrm_interface_is_anothers: whether an XFRM interface with this if_id is there that is not ours
 * (alias and UUID): states and policies of that if_id are its owner's then. Also where the kernel
 * does not tell.
 */
gboolean xfrm_interface_is_anothers(const XfrmInterface *interface);

/**
 * xfrm_interface_delete: by index, and only while the mark is still there. One that is gone already
 * is no error; one that is somebody else's by now is (EXISTS), and is left alone.
 */
gboolean xfrm_interface_delete(const XfrmInterface *interface, GError **error);

/**
 * xfrm_interface_list_ours: every XFRM interface that bears our mark.
 *
 * @uuid: of this connection; NULL for all of them.
 *
 * Returns: (transfer full) (element-type XfrmInterface): NULL with an error.
 */
GArray *xfrm_interface_list_ours(const char *uuid, GError **error);

/**
 * xfrm_interface_find_free: the lowest free N, as above, from @from on. What is free now can be
 * taken in the next moment; xfrm_interface_create() knows that.
 *
 * Returns: 0 with an error.
 */
guint32 xfrm_interface_find_free(guint32 from, GError **error);
