/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "check-report.h"

#include <glib/gi18n-lib.h>

#include "one-line.h"

struct _CheckReport {
	void (*write)(const char *line, gpointer user_data);
	gpointer user_data;
	guint n_problems;
};

CheckReport *
check_report_new(void (*write)(const char *line, gpointer user_data), gpointer user_data)
{
	CheckReport *self = g_new0(CheckReport, 1);

	self->write = write;
	self->user_data = user_data;
	return self;
}

void
check_report_free(CheckReport *self)
{
	g_free(self);
}

static void
write_line(CheckReport *self, const char *before, const char *format, va_list args)
{
	g_autofree char *text = g_strdup_vprintf(format, args);
	g_autofree char *shown = one_line(text, 0);
	g_autofree char *line = g_strconcat(before, shown, "\n", NULL);

	self->write(line, self->user_data);
}

void
check_report_head(CheckReport *self, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_line(self, "", format, args);
	va_end(args);
}

void
check_report_say(CheckReport *self, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_line(self, "  ", format, args);
	va_end(args);
}

void
check_report_warn(CheckReport *self, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_line(self, _("  warning: "), format, args);
	va_end(args);
}

void
check_report_problem(CheckReport *self, const char *format, ...)
{
	va_list args;

	self->n_problems++;
	va_start(args, format);
	write_line(self, _("  problem: "), format, args);
	va_end(args);
}

void
check_report_text(CheckReport *self, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++) {
		const gboolean indented = **line == '\t';

		if (**line)
			check_report_say(self, "%s%s", indented ? "    " : "", *line + (indented ? 1 : 0));
	}
}

guint
check_report_count_problems(const CheckReport *self)
{
	return self->n_problems;
}
