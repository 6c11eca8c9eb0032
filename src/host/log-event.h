/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a connection's story consists of, as programs find it in the journal: journalctl
 * MESSAGE_ID=..., and the catalog (data/nm-libreswan-service.catalog), which explains each. An
 * identifier stays what it is for ever.
 */
#pragma once

#include <glib.h>

/* LOG_EVENTS(X): X(NAME, level, MESSAGE_ID) for each. */
#define LOG_EVENTS(X)                                                                              \
	X(CONNECTING, G_LOG_LEVEL_MESSAGE, "f96f7fd098484e7c8b05f2e7e17fcb91")                         \
	X(CONNECTED, G_LOG_LEVEL_MESSAGE, "d1d014f3a31445188a55c30c4b46d935")                          \
	/* On demand: a packet is waited for. */                                                       \
	X(WAITING, G_LOG_LEVEL_MESSAGE, "eb3e543273eb4db59f8f829ea22b54c5")                            \
	/* Another configuration, of a tunnel that is up. */                                           \
	X(CHANGED, G_LOG_LEVEL_MESSAGE, "85b119649eec4858b936ed71d819f276")                            \
	X(RECONNECTING, G_LOG_LEVEL_MESSAGE, "a1b21249a63d431f8e6c3f4675acca97")                       \
	X(RECONNECTED, G_LOG_LEVEL_MESSAGE, "334595f8757343ac9c9ab0e60fd91550")                        \
	/* For a secret, before the next attempt. */                                                   \
	X(ASKING, G_LOG_LEVEL_MESSAGE, "cda1c6d9f5c24c82b2d72c408de1eeef")                             \
	X(BLOCKED, G_LOG_LEVEL_WARNING, "b40ca580c3454997bf1e91cffbdca6fc")                            \
	X(FAILED, G_LOG_LEVEL_WARNING, "c8e2cfbebe9440629b43d73f0a31e1c9")                             \
	X(DISCONNECTED, G_LOG_LEVEL_MESSAGE, "bf77f9541e434705a42585e8d3fa9f32")

#define LOG_EVENT_NUMBER(NAME, level, id) LOG_EVENT_##NAME,
typedef enum { LOG_EVENTS(LOG_EVENT_NUMBER) LOG_N_EVENTS } LogEvent;
