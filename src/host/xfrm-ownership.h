/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XFRM_OWNERSHIP_H
#define XFRM_OWNERSHIP_H

#include "xfrm-table.h"

/**
 * XfrmOwnershipFile: the Child SAs that a connection has had, so that what pluto left of them in
 * the kernel is found again, also by whoever comes after a service that died: they are kept as text
 * in the run directory. With an interface they are what is known once somebody has removed it.
 */

/** xfrm_ownership_new: (transfer full) (element-type XfrmOwnership). */
GArray *xfrm_ownership_new(void);

/** xfrm_ownership_add: returns false where it is there already. */
bool xfrm_ownership_add(GArray *claims, const XfrmOwnership *claim);

/** xfrm_ownership_to_text: (transfer full): a line each,
 * "ME PEER MY_CLIENT PEER_CLIENT PROTOCOL MY_PORT PEER_PORT REQID IF_ID". */
char *xfrm_ownership_to_text(const GArray *claims);

/** xfrm_ownership_parse: (transfer full): of a text as above; lines that make no sense are left
 * out. Without the last word, as a service of before had them, the if_id is 0. */
GArray *xfrm_ownership_parse(const char *text);

/** xfrm_ownership_children: (transfer full) (element-type XfrmChild). */
GArray *xfrm_ownership_children(const GArray *claims);

/** xfrm_ownership_sweep: deletes from the kernel what xfrm_table_select_claim() chooses for each of
 * them.
 */
bool xfrm_ownership_sweep(const GArray *claims, guint *n_deleted, GError **error);

#endif /* XFRM_OWNERSHIP_H */
