/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The values of leftprotoport= and rightprotoport=: a protocol, with or without a port.
 */

#pragma once

#include <glib.h>

/**
 * protoport_find_fault:
 * @text: a value
 *
 * Returns: (transfer full): why libreswan refuses it, for a message after the value, or %NULL
 */
char *protoport_find_fault(const char *text);

/* Whether the port is %any: only one side may have that. */
gboolean protoport_has_any_port(const char *text);

/* Whether it is that of L2TP, UDP 1701. */
gboolean protoport_is_l2tp(const char *text);
