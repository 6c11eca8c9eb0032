/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A libreswan that is newer than those that are known is tried out before it is trusted: does the
 * guard library keep its pluto from what others have in the kernel? Where there is nobody:
 * pluto runs from its start to its end in a network namespace of its own (GUARD_RUN_TRIAL).
 */
#pragma once

#include "libreswan.h"

/**
 * libreswan_trial_async: where libreswan_wants_trial().
 * @base: of the run directories
 * @uuid: of the connection, whose run directory it has meanwhile
 *
 * @self has to outlive it, also where it is cancelled. A failure is one of the trial: what is known
 * of @self is in its `trial` afterwards.
 */
void
libreswan_trial_async(Libreswan *self, const char *base, const char *uuid,
					  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/** libreswan_trial_finish: FALSE with a reason for people; G_IO_ERROR_CANCELLED: whoever has
 * cancelled it may be gone. */
gboolean libreswan_trial_finish(GAsyncResult *result, GError **error);
