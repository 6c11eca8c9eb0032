/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/** fake_xfrm_interface_is_needed: bridges stand for XFRM interfaces here, as this kernel has none.
 * In a network namespace of the test's own. */
gboolean fake_xfrm_interface_is_needed(void);

/** fake_xfrm_interface_set_off: until it is set back the kernel is asked, whatever it can. */
void fake_xfrm_interface_set_off(gboolean off);
