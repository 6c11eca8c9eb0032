/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text that somebody else has chosen, such as a connection's name, where it is shown to people: in
 * one line, and with nothing in it that changes how the rest of the line is read.
 */

#pragma once

#include <glib.h>

/* Letters of a connection's name in a message. */
#define ONE_LINE_NAME_MAX 64

/**
 * one_line:
 * @text: any bytes
 * @max: letters after which it is cut, which "…" shows; 0 for none
 *
 * Ordinary text stays as it is. Escaped are control characters ("\n", "\t", "\u001b"), line and
 * paragraph separators, what sets the direction of writing or has no width (U+200B to U+200F,
 * U+202A to U+202E, U+2066 to U+2069, ...), what Unicode has not assigned, and bytes that are not
 * UTF-8 ("\xff").
 *
 * Returns: (transfer full)
 */
char *one_line(const char *text, gsize max);

/** one_line_is_escaped: whether a character is one of these. */
gboolean one_line_is_escaped(gunichar c);
