/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is set on a page, in a sentence that stands in the row which leads to it: so a person who
 * never opens it knows what would happen.
 */

#pragma once

#include "editor-model.h"

/**
 * editor_summary:
 * @model: the model
 * @page: a page other than the first
 *
 * Returns: (transfer full): the sentence, without a full stop
 */
char *editor_summary(const EditorModel *model, EditorPage page);

/* (transfer full): what a person should think about, a sentence; NULL for nothing. */
char *editor_summary_warning(const EditorModel *model);

/* (transfer full): that there are settings on no page; NULL where there are none. */
char *editor_summary_kept(const EditorModel *model);
