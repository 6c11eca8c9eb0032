/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What goes between the dialog and its window, which is a program of its own: there the questions,
 * as the key file that external UI mode prints (external-ui.h), and back the answers, two lines for
 * each question in their order, its key and what was entered.
 */

#pragma once

#include <gio/gio.h>

typedef struct {
	char *key; /* of vpn.secrets */
	char *label;
} Question;

typedef struct {
	char *title;
	char *description;
	GPtrArray *asked; /* (element-type Question): at least one */
} Questions;

/**
 * questions_parse:
 *
 * What is not to be asked is left out.
 *
 * Returns: (transfer full): NULL with %G_IO_ERROR_INVALID_DATA where there is nothing to ask
 */
Questions *questions_parse(const char *data, gsize len, GError **error);
void questions_free(Questions *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Questions, questions_free)

/** questions_answer: appends an answer to @text. FALSE where @value is none of one line. */
gboolean questions_answer(GString *text, const char *key, const char *value);

/**
 * questions_find_answer:
 * @at: (inout): where the next answer begins in the text
 * @key: of the question that it has to be for
 *
 * Returns: (transfer full): NULL where the next two lines are none
 */
char *questions_find_answer(const char **at, const char *key);
