/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FAKE_XFRM_INTERFACE_H
#define FAKE_XFRM_INTERFACE_H

#include <stdbool.h>

/** fake_xfrm_interface_is_needed: bridges stand for XFRM interfaces here, as this kernel has none.
 * In a network namespace of the test's own. */
bool fake_xfrm_interface_is_needed(void);

#endif /* FAKE_XFRM_INTERFACE_H */
