/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "ip-net.h"

/* The kernel's XFRM_MAX_DEPTH: transforms of one policy. */
#define XFRM_TABLE_MAX_TEMPLATES 6

/** XfrmState: one SA of the kernel; struct xfrm_usersa_info of linux/xfrm.h, and XFRMA_IF_ID. */
typedef struct {
	IpNet src; /* outer hosts */
	IpNet dst;
	guint32 spi; /* host order */
	guint32 reqid;
	guint32 if_id; /* 0: of no interface */
	guint32 mark;  /* XFRMA_MARK */
	guint32 mark_mask;
	guint8 proto;       /* IPPROTO_ESP, IPPROTO_AH, IPPROTO_COMP */
	guint8 mode;        /* XFRM_MODE_TUNNEL, XFRM_MODE_TRANSPORT */
	guint8 family;      /* of the outer addresses, as the kernel keys it */
	gboolean is_larval; /* it has no keys yet: an SPI that a negotiation has taken, or what a packet
						 * waits for */
} XfrmState;

typedef struct {
	IpNet src;
	IpNet dst;
	guint32 spi;
	guint32 reqid;
	guint8 proto;
	guint8 mode;
} XfrmTemplate;

/** XfrmPolicy: one policy of the kernel; struct xfrm_userpolicy_info of linux/xfrm.h. */
typedef struct {
	IpNet src; /* the selector */
	IpNet dst;
	guint16 sport; /* 0 for any */
	guint16 dport;
	guint8 proto; /* 0 for any */
	guint8 family;
	guint8 dir;    /* XFRM_POLICY_IN, _OUT, _FWD; from 3 on a socket's own, which nobody else can
					* delete and which is not counted as somebody's tunnel */
	guint8 action; /* XFRM_POLICY_ALLOW, XFRM_POLICY_BLOCK */
	guint8 type;   /* XFRM_POLICY_TYPE_MAIN, _SUB */
	guint8 n_templates;
	guint32 index; /* the kernel's own number for it, unique while it lives */
	guint32 priority;
	guint32 if_id;
	guint32 mark;
	guint32 mark_mask;
	guint32 user; /* of the selector; see XFRM_BLOCK_USER */
	XfrmTemplate templates[XFRM_TABLE_MAX_TEMPLATES];
} XfrmPolicy;

/* The policies of block-policies.h are known by it: the upper eight bits of `user`, which pluto
 * leaves at 0; such a uid nobody has. The others tell the connections from each other. */
#define XFRM_BLOCK_USER      0xae000000u
#define XFRM_BLOCK_USER_MASK 0xff000000u

/** XfrmTable: what the kernel had at one moment, in its network namespace. */
typedef struct {
	GArray *states;   /* of XfrmState */
	GArray *policies; /* of XfrmPolicy */
} XfrmTable;

/**
 * XfrmChild: a Child SA that is up, as far as the kernel's policies show it.
 */
typedef struct {
	IpNet my_client;
	IpNet peer_client;
	guint8 protocol; /* 0 for any */
	guint16 my_port; /* 0 for any */
	guint16 peer_port;
} XfrmChild;

/** XfrmOwnership: how what pluto puts into the kernel for one Child SA is known. */
typedef struct {
	XfrmChild child;
	IpNet me; /* outer addresses */
	IpNet peer;
	guint32 reqid; /* PLUTO_SA_REQID */
	guint32 if_id; /* of its interface, 0 for none */
} XfrmOwnership;

/** xfrm_table_new: (transfer full): one with nothing in it; it is the caller's, as is every table
 * that is returned here. */
XfrmTable *xfrm_table_new(void);
void xfrm_table_free(XfrmTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(XfrmTable, xfrm_table_free)

/**
 * xfrm_table_read: dumps states and policies. Two system calls and a bit; needs CAP_NET_ADMIN.
 *
 * Returns: (transfer full): NULL with an error of netlink_fail(): NOT_SUPPORTED for a kernel
 * without XFRM.
 */
XfrmTable *xfrm_table_read(GError **error);

/**
 * xfrm_table_select_if_id: those of @table whose if_id is @if_id, and which can be deleted.
 */
XfrmTable *xfrm_table_select_if_id(const XfrmTable *table, guint32 if_id);

/**
 * xfrm_table_select_owned: what of @table is that of one Child SA of ours: of a policy-based tunnel
 * (if_id 0), or of one whose interface is gone.
 *
 * There nothing marks policies as ours, so certainty comes from what pluto says in the updown event
 * of the Child SA: nets, outer addresses and reqid. What in the kernel has just this if_id, just
 * these nets, and templates of just these addresses and reqids is what pluto has put there, and
 * states between these addresses with these reqids are, whichever SPI a rekey has given them. An
 * outbound block or trap belongs to the record by its nets, and so does the state without SPI that
 * the kernel makes for the packet that has met a trap.
 *
 * The reqid stands for its group of four (AH, ESP, IPCOMP of the connection); see UpdownEvent about
 * what it is in which version.
 */
XfrmTable *xfrm_table_select_owned(const XfrmTable *table, const XfrmOwnership *record);

/**
 * xfrm_table_select_negotiated: the SPIs that a pluto has taken for negotiations with @gateway
 * which are not done: larval, of no interface yet whatever the connection has, with @reqid, or
 * where that is 0 with one of pluto's own choice (16384 and up). They stay for half a minute after
 * it.
 */
XfrmTable *
xfrm_table_select_negotiated(const XfrmTable *table, const IpNet *gateway, guint32 reqid);

/**
 * xfrm_table_has_chosen_reqids: whether there are SAs with @gateway, of no interface, with reqids
 * of an IKE daemon's own choice (16384 and up).
 */
gboolean xfrm_table_has_chosen_reqids(const XfrmTable *table, const IpNet *gateway);

/**
 * xfrm_table_carries: whether packets of @child find what they need in @table: an inbound and an
 * outbound policy with this if_id and these nets, and a state for each of their templates.
 */
gboolean xfrm_table_carries(const XfrmTable *table, guint32 if_id, const XfrmChild *child);

/** xfrm_table_add: adds to @table what of @more it does not have yet. */
void xfrm_table_add(XfrmTable *table, const XfrmTable *more);

/**
 * xfrm_policy_is_neighbour_hole: one of the six policies that pluto 4.x makes when it starts, so
 * that IPv6 neighbour discovery passes, and never takes away again (netlink_v6holes() in
 * kernel_xfrm.c). They let pass what passes without them too: they disturb nobody, and are
 * nobody's tunnel.
 */
gboolean xfrm_policy_is_neighbour_hole(const XfrmPolicy *policy);

/**
 * xfrm_table_select_foreign: what of @table an IKE daemon of ours would disturb, because it is
 * neither a socket's own policy nor a neighbour hole, nor has an if_id among the @n_ours in @ours.
 */
XfrmTable *xfrm_table_select_foreign(const XfrmTable *table, const guint32 *ours, gsize n_ours);

/**
 * xfrm_table_put: adds the policies of @wanted to the kernel, or replaces those of the same
 * selector, type, direction, mark and if_id. Only such as have no templates. In one batch.
 *
 * Returns: false with the first error; the rest was put all the same.
 */
gboolean xfrm_table_put(const XfrmTable *wanted, GError **error);

/**
 * xfrm_table_delete: deletes from the kernel exactly what @doomed lists: policies by index (by
 * selector where it is 0), type, direction, mark and if_id, states by addresses, SPI, protocol and
 * mark. In one batch.
 *
 * What is gone already is no error.
 *
 * Returns: false with the first error; the rest was deleted all the same. @n_deleted, where not
 * NULL, gets how many went.
 */
gboolean xfrm_table_delete(const XfrmTable *doomed, guint *n_deleted, GError **error);

/**
 * xfrm_table_sweep: deletes from the kernel whatever has this if_id, and nothing else.
 *
 * @if_id: not 0.
 *
 * Returns: as xfrm_table_read() and xfrm_table_delete().
 */
gboolean xfrm_table_sweep(guint32 if_id, guint *n_deleted, GError **error);

/** xfrm_state_to_string: (transfer full): "ESP state 192.0.2.1 -> 192.0.2.2 SPI 0xc0ffee, if_id 3".
 */
char *xfrm_state_to_string(const XfrmState *state);

/** xfrm_policy_to_string: (transfer full): "out policy 10.9.0.5 -> 10.1.0.0/16 (block), if_id 3".
 */
char *xfrm_policy_to_string(const XfrmPolicy *policy);
