/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLAIMS_H
#define CLAIMS_H

#include "xfrm-table.h"

/**
 * Claims: the Child SAs that a connection has had, so that what pluto left of them in the kernel is
 * found again, also by whoever comes after a service that died: they are kept as text in the run
 * directory. With an interface they are what is known once somebody has removed it.
 */

/** claims_new: (transfer full) (element-type XfrmClaim). */
GArray *claims_new(void);

/** claims_add: returns false where it is there already. */
bool claims_add(GArray *claims, const XfrmClaim *claim);

/** claims_to_text: (transfer full): a line each,
 * "ME PEER MY_CLIENT PEER_CLIENT PROTOCOL MY_PORT PEER_PORT REQID IF_ID". */
char *claims_to_text(const GArray *claims);

/** claims_parse: (transfer full): of a text as above; lines that make no sense are left out.
 * Without the last word, as a service of before had them, the if_id is 0. */
GArray *claims_parse(const char *text);

/** claims_children: (transfer full) (element-type XfrmChild). */
GArray *claims_children(const GArray *claims);

/** claims_sweep: deletes from the kernel what xfrm_table_select_claim() chooses for each of them.
 */
bool claims_sweep(const GArray *claims, guint *n_deleted, GError **error);

#endif /* CLAIMS_H */
