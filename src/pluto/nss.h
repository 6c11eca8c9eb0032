/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The NSS database of a connection. pluto does not start without one, and makes none by itself.
 */
#pragma once

#include "libreswan.h"
#include "run-directory.h"

/**
 * nss_create_async:
 *
 * Makes an empty database in nss/ of @directory, with NSS's own certutil(1); one that is there
 * already is kept.
 */
void nss_create_async(const Libreswan *libreswan, RunDirectory *directory,
					  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean nss_create_finish(GAsyncResult *result, GError **error);
