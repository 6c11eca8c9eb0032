/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The members of a map, on their way into a draft: what is of the wrong kind is refused by its
 * name in the file, and what nobody has asked for is named at the end.
 */

#pragma once

#include "import-draft.h"
#include "value-tree.h"

typedef struct {
	ImportDraft *draft;
	Value *map;       /* NULL: it is not there, and has no members */
	const char *path; /* of the map, for people, such as "remote."; "" at the top */
} Fields;

/* (nullable) (transfer none): a text, or number, that is not empty. */
const char *fields_text(const Fields *fields, const char *key);

/* Whether something that is on or off (true, 1) is on; @fallback where it is not there. */
gboolean fields_switch(const Fields *fields, const char *key, gboolean fallback);

/* (nullable) (transfer none): bytes. */
GBytes *fields_bytes(const Fields *fields, const char *key);

/* (nullable) (transfer none): a list. */
Value *fields_list(const Fields *fields, const char *key);

/**
 * fields_map:
 * @path: of that map, a word of ours
 *
 * Returns: the members of a map that is a member
 */
Fields fields_map(const Fields *fields, const char *key, const char *path);

/* (transfer full): what the member is called in a message. */
char *fields_label(const Fields *fields, const char *key);

/* Text becomes the value of a key of vpn.data, or of vpn.secrets. */
void fields_set(const Fields *fields, const char *key, const char *option);
void fields_set_id(const Fields *fields, const char *key, const char *option);
void fields_set_secret(const Fields *fields, const char *key, const char *option);

/* import_draft_note(), import_draft_refuse() */
void fields_note(const Fields *fields, const char *key, const char *why);
void fields_refuse(const Fields *fields, const char *key, const char *why);

/* Members that mean nothing to us. @keys: ends with NULL */
void fields_ignore(const Fields *fields, const char *const *keys);

/* Names all that is left. */
void fields_note_unseen(const Fields *fields);
