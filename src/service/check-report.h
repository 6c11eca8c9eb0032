/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What --check says: lines for people under headings, and how many of them are problems.
 */
#pragma once

#include <glib.h>

typedef struct _CheckReport CheckReport;

/** check_report_new: @write gets each line with its line break, as soon as it is known. */
CheckReport *
check_report_new(void (*write)(const char *line, gpointer user_data), gpointer user_data);
void check_report_free(CheckReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CheckReport, check_report_free)

/* Each makes one line, whatever is in the text (one-line.h). */

/** check_report_head: what follows is about this. */
void check_report_head(CheckReport *self, const char *format, ...) G_GNUC_PRINTF(2, 3);
void check_report_say(CheckReport *self, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** check_report_warn: it may be meant so, or may not matter. */
void check_report_warn(CheckReport *self, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** check_report_problem: the connection will not come up, or not as it is meant. */
void check_report_problem(CheckReport *self, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** check_report_text: several lines, each by itself; tabs stay. */
void check_report_text(CheckReport *self, const char *text);

guint check_report_count_problems(const CheckReport *self);
