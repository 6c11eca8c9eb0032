/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files that a profile names, as a file chooser offers them.
 */

#pragma once

#include <gio/gio.h>

#include "editor-field.h"

typedef struct {
	const char *key;             /* of the field */
	const char *title;           /* of the chooser, and of the button that opens it; translatable */
	const char *kind;            /* what it offers, to be translated */
	const char *const *suffixes; /* of the names of such files: in lower case, without the dot */
} EditorFile;

/* The title of the chooser's other offer, translated: any file. */
const char *editor_file_any(void);

/**
 * editor_file_find:
 * @field: a field
 *
 * Returns: (nullable): how its file is chosen, static; %NULL where it is no file
 */
const EditorFile *editor_file_find(const EditorField *field);

/**
 * editor_file_pattern:
 * @suffix: one of the suffixes
 *
 * Returns: (transfer full): a shell's pattern for the names of such files, in either case
 */
char *editor_file_pattern(const char *suffix);

/**
 * editor_file_name:
 * @file: what somebody has chosen
 *
 * Returns: (transfer full): its path; its address where it is none of this computer's, which the
 *   profile's rules then say
 */
char *editor_file_name(GFile *file);
