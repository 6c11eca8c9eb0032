/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times as ipsec.conf(5) has them: 90, 90s, 5m, 24h, 1.5h, 86400.0, 500ms.
 */

#pragma once

#include <glib.h>

/**
 * duration_parse:
 * @text: a time
 * @seconds: (out): in whole seconds; what is less than one is one, and a part of a second counts
 *   as one
 *
 * Returns: whether it is a time
 */
gboolean duration_parse(const char *text, guint64 *seconds);

/**
 * duration_normalize:
 * @text: a time
 *
 * Returns: (transfer full): @text where it is whole seconds, minutes, hours, days or weeks, which
 * every libreswan reads; otherwise the seconds; %NULL where it is no time
 */
char *duration_normalize(const char *text);
