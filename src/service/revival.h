/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "child-sa.h"

/**
 * Revival: brings back those of several Child SAs that are missing while others are up. pluto is
 * told to revive nothing (pluto.c), and a gateway that takes one of them away leaves the others
 * alone; so that one is asked for again, ever more seldom, until it is up or all are lost. Main
 * loop only (the default main context).
 */
typedef struct Revival Revival;

/* The connection is to be initiated. */
typedef void (*RevivalFunc)(const char *connection, gpointer user_data);

/** revival_new: @second_ms: 1000, but in tests. */
Revival *revival_new(guint second_ms, RevivalFunc func, gpointer user_data);
void revival_free(Revival *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Revival, revival_free)

/**
 * revival_follow: what is up and what is missing now.
 *
 * @table: NULL where nothing is to be revived: no tunnel is up, or it waits for packets.
 */
void revival_follow(Revival *self, const ChildTable *table);
