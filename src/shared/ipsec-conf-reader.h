/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads ipsec.conf(5) as libreswan's own lexer does (lib/libipsecconf/parser.lex):
 * sections with keyword=value lines. It knows no keyword; what they mean is for
 * others. Nothing is included from other files. Bytes that are not UTF-8 are replaced; whoever uses
 * the section looks at not_utf8.
 */

#pragma once

#include "option.h"

/* Files beyond this are refused: no configuration is that long. */
#define IPSEC_CONF_MAX (1024 * 1024)

/* Files with more sections than this are refused, too. */
#define IPSEC_CONF_SECTIONS_MAX 1000u

typedef struct {
	char *keyword; /* in lower case, as libreswan does not mind the case */
	char *value;   /* without the quotes or braces around it; may be empty */
	guint line;    /* counted from 1 */
} IpsecConfEntry;

typedef enum {
	IPSEC_CONF_SETUP,   /* config setup */
	IPSEC_CONF_CONN,    /* conn name */
	IPSEC_CONF_INCLUDE, /* include name */
} IpsecConfSectionType;

typedef struct {
	IpsecConfSectionType type;
	char *name; /* of the conn, or the file to include; NULL for config setup */
	guint line;
	guint not_utf8;     /* the first line of it that is not UTF-8, 0: none */
	GPtrArray *entries; /* (element-type IpsecConfEntry) */
} IpsecConfSection;

typedef struct {
	GPtrArray *sections; /* (element-type IpsecConfSection), in the order of the file */
	GHashTable *conns;   /* name -> IpsecConfSection, the first of that name */
	GPtrArray *comments; /* (element-type utf8): lines that are a comment, without '#' and blanks */
} IpsecConfFile;

/**
 * ipsec_conf_read:
 * @text: (array length=len): the file
 * @len: how many bytes, or -1 where @text ends with a zero
 * @error: %PROFILE_ERROR_INVALID; names the line and what is wrong with it
 *
 * Returns: (transfer full): the file's sections, free with ipsec_conf_file_free()
 */
IpsecConfFile *ipsec_conf_read(const char *text, gssize len, GError **error);

void ipsec_conf_file_free(IpsecConfFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IpsecConfFile, ipsec_conf_file_free)

/* The first conn of that name; NULL where there is none. */
const IpsecConfSection *ipsec_conf_find_conn(const IpsecConfFile *file, const char *name);

/* The entry of a keyword (in lower case), the last where there are several, as
 * it counts for libreswan; NULL where there is none. */
const IpsecConfEntry *ipsec_conf_section_find(const IpsecConfSection *section, const char *keyword);

/**
 * ipsec_conf_show:
 * @said: a keyword, or a whole line
 * @value: what belongs to it, or the same line
 *
 * Returns: (transfer full): @value for a message, quoted; "…" where @said names a secret, as a
 * message goes into logs and onto screens. No keyword of ipsec.conf has one, but people write one
 * there, or take ipsec.secrets for the file to be imported.
 */
char *ipsec_conf_show(const char *said, const char *value);
