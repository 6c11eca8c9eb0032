/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is told of a connection's configuration in the log, in a line each time that it is worth
 * one.
 */
#pragma once

#include "log-event.h"

typedef struct _Story Story;

Story *story_new(void);
void story_free(Story *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Story, story_free)

/** story_connects: somebody wants the connection, at @now_ms. */
void story_connects(Story *self, gint64 now_ms);

/** story_is_up: it is up, as was told last. */
gboolean story_is_up(const Story *self);

/** story_is_lost: it is down since @since_ms. Returns: whether it was before, and so an attempt at
 * recovery has failed. */
gboolean story_is_lost(Story *self, gint64 since_ms);

/** story_ends: nothing of it is left. */
void story_ends(Story *self);

typedef struct {
	gint64 now_ms;      /* of the same clock as the others */
	gboolean on_demand; /* it waits for a packet; no Child SA is up */
	const char *where;  /* the interface, or NULL for a policy-based tunnel */
	gboolean changed;   /* NetworkManager is told another configuration than the last */
	const char *text;   /* the configuration, for people */
} StoryReport;

/**
 * story_tell:
 * @event: (out): which one the line tells of, where there is one
 *
 * Returns: (transfer full) (nullable): the line, without the connection's name: "connected after
 * 0.6 s on ipsec1: address 10.30.1.1, ..."; NULL where there is nothing new to be told.
 */
char *story_tell(Story *self, const StoryReport *report, LogEvent *event);
