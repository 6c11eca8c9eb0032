/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where an editor shows each key of a profile: a row for each, beside the option table. What a key
 * means and may be is option.h's to say; here is what people call it and on which page it is.
 */

#pragma once

#include "option.h"

typedef enum {
	EDITOR_PAGE_SIGN_IN, /* the first page; which of its rows are shown is sign-in.h's to say */
	EDITOR_PAGE_NETWORK,
	EDITOR_PAGE_SECURITY,
	EDITOR_PAGE_CONNECTION,
	EDITOR_PAGE_KEPT, /* on no page: stays as the profile has it, and is counted */
} EditorPage;

typedef enum {
	EDITOR_TEXT,
	EDITOR_SECRET,
	EDITOR_CHOICE, /* one of words, or the default */
	EDITOR_SWITCH, /* yes or no */
} EditorKind;

/* What people read for a value. */
typedef struct {
	const char *word;
	const char *label; /* to be translated with _() */
} EditorWord;

typedef struct {
	const char *key; /* of the option table */
	EditorPage page;
	const char *section;     /* the heading above it, to be translated, or NULL */
	const char *label;       /* a title without a colon, to be translated; NULL where it is kept */
	EditorKind kind;         /* of the control */
	const EditorWord *words; /* EDITOR_CHOICE: those to choose from; ends with a NULL word. Of other
							  * kinds: values that are read otherwise than they are written */
	const char *list;        /* the key that has several of what key has one of, or NULL */
	const char *otherwise; /* what is so where the profile fills in nothing, to be translated; NULL:
							* what the option table says */
} EditorField;

/**
 * editor_field_all:
 * @n: (out): how many rows there are
 *
 * Returns: the rows, static, in the order in which a page shows them
 */
const EditorField *editor_field_all(guint *n);

/**
 * editor_field_find:
 * @key: a key of the option table
 *
 * Older spellings are where the new one is, lists where the one is, and what says how a secret is
 * kept is where the secret is.
 *
 * Returns: the row of the key, static; %NULL where the option table does not have it
 */
const EditorField *editor_field_find(const char *key);

/* (transfer full): the key in which NetworkManager-libreswan says where a secret comes from. */
char *editor_field_modes_key(const char *secret);

/* The field's row in the option table. */
const Option *editor_field_option(const EditorField *field);

/* (transfer full): what the key means, and what a terminal person calls it. */
char *editor_field_tooltip(const EditorField *field);

/**
 * editor_field_describe:
 * @field: a row, of no secret
 * @value: a value of its key, as option_normalize() has it
 *
 * Returns: (transfer full): the value as people read it: "10 minutes", "On", "All traffic"
 */
char *editor_field_describe(const EditorField *field, const char *value);

/* (transfer full): how long that is, in the largest unit that it is a whole number of. */
char *editor_field_describe_seconds(guint64 seconds);

/* The heading of a page. */
const char *editor_page_title(EditorPage page);

/* vpn.persistent, which is no key of vpn.data, as a switch after nm-recovery-timeout: what people
 * call it, and what it means. */
const char *editor_persistent_title(void);
const char *editor_persistent_help(void);
