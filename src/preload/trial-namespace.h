/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

/*
 * A trial: whether a program leaves alone what others have in the kernel, where there are no
 * others. It runs in a user and a network namespace of its own (user_namespaces(7)), in which there
 * are one XFRM policy and one state that are not its own, and which are looked for at its end.
 *
 * It stays who it was to files: its uid has no name in the user namespace, and none is needed.
 */

/* trial_begin: before the program's main(), and before it has another thread. Returns: false with
 * errno. */
bool trial_begin(void);

/* trial_is_kept: whether both are still there. Not where that cannot be seen. */
bool trial_is_kept(void);
