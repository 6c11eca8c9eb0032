/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a connection has on the host from its first moment to its last, over all its incarnations:
 * the run directory, the XFRM interface, and what guards its routes (route-guard.h). Taken in one
 * place, given back in one place.
 */
#pragma once

#include "libreswan.h"
#include "profile.h"
#include "run-directory.h"
#include "xfrm-interface.h"

typedef struct _Footprint Footprint;

/**
 * footprint_take:
 * @libreswan: with its version known
 *
 * Cleans up after services of ours that died, refuses where another IPsec user of the host would
 * be disturbed (host-check.h), then makes the run directory and, if the profile wants one, the
 * interface and its guard. A refusal has touched nothing.
 *
 * Returns: NULL with an error for people; nothing is left then.
 */
Footprint *footprint_take(const Profile *profile, const Libreswan *libreswan, GError **error);

/**
 * footprint_note_pluto: which process is pluto, for whoever cleans up after us.
 */
void footprint_note_pluto(Footprint *self, pid_t pid);

/** footprint_sweep: deletes every XFRM state and policy of our if_id. */
void footprint_sweep(Footprint *self);

/**
 * footprint_settle: another configuration has been reported; what guards the routes of the last one
 * may go once it is installed.
 */
void footprint_settle(Footprint *self);

/** footprint_remove: sweeps, removes guard, interface and directory, and frees. */
void footprint_remove(Footprint *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Footprint, footprint_remove)

RunDirectory *footprint_directory(Footprint *self);
/* 0 and NULL without an interface. */
guint32 footprint_if_id(const Footprint *self);
const char *footprint_interface(const Footprint *self);

/** footprint_clean_dead: away with what dead services of ours left behind. */
void footprint_clean_dead(void);
