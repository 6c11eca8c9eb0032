/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "xfrm-table.h"

/**
 * The records of the Child SAs that a connection has had, so that what pluto left of them in the
 * kernel is found again, also by whoever comes after a service that died: they are kept in the run
 * directory, as a key file with a group for each Child SA. With an interface they are what is known
 * once somebody has removed it.
 */

/** xfrm_ownership_new: (transfer full) (element-type XfrmOwnership). */
GArray *xfrm_ownership_new(void);

/** xfrm_ownership_add: returns false where it is there already. */
gboolean xfrm_ownership_add(GArray *records, const XfrmOwnership *record);

/** xfrm_ownership_to_text: (transfer full): record number @i of @records as a group, to be
 * appended to those before. */
char *xfrm_ownership_to_text(const GArray *records, guint i);

/** xfrm_ownership_parse: (transfer full) (element-type XfrmOwnership): of such a file. Groups that
 * make no sense are left out; so is the last where a service died while it wrote it. */
GArray *xfrm_ownership_parse(const char *text);

/** xfrm_ownership_sweep: deletes from the kernel what xfrm_table_select_owned() chooses for each of
 * them.
 */
gboolean xfrm_ownership_sweep(const GArray *records, guint *n_deleted, GError **error);
