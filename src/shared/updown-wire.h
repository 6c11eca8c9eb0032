/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/*
 * The wire between the updown helper and the service: one AF_UNIX SOCK_SEQPACKET connection per
 * call of the helper.
 *
 * helper -> service, one message:
 *
 *	UPDOWN_WIRE_MAGIC NUL  NAME=VALUE NUL  NAME=VALUE NUL ...
 *
 * or, where the helper could not collect the variables, so that the service logs it too:
 *
 *	UPDOWN_WIRE_MAGIC NUL  '!' reason NUL
 *
 * service -> helper, one byte, UPDOWN_WIRE_ANSWER: the event has been dealt with, let pluto go on.
 * A connection closed without it means that the service dropped the event; the helper goes on
 * just the same.
 */

/* Identifies the format and its version; a new format gets a new number. */
#define UPDOWN_WIRE_MAGIC "nm-libreswan-updown 1"

/* The longest message, in bytes. libreswan's own command line for updown is at most 2048 bytes of
 * variables (fmt_common_shell_out in pluto), so an honest one stays far below. */
#define UPDOWN_WIRE_MAX (64 * 1024)

/* Begins the record that says why there are no variables. No variable's name can begin so. */
#define UPDOWN_WIRE_FAILURE '!'

/* The answer. */
#define UPDOWN_WIRE_ANSWER 'k'

/* How long, in milliseconds, the helper waits for the service in all, and the service for a
 * connected helper's message. pluto stands still meanwhile: it runs the helper synchronously.
 * The tests build a helper with less patience. */
#ifndef UPDOWN_WIRE_TIMEOUT_MS
#define UPDOWN_WIRE_TIMEOUT_MS 5000
#endif

/* What libreswan exports beside PLUTO_* and the service wants to know. */
#define UPDOWN_WIRE_OTHER_NAMES "SPI_IN", "SPI_OUT", "XAUTH_FAILED"
