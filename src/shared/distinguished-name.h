/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Distinguished names (X.501) as text: what libreswan reads in leftid=, rightid= and rightca=
 * (atodn() in lib/libswan/x509dn.c, the same in 4.10 and 5.2), and what it prints (jam_dn() there).
 * It is RFC 4514 with these differences:
 *
 *  - the order is that of the certificate, where RFC 4514 has the reverse;
 *  - '/' separates as ',' does, any number of either: /C=DE/O=x is C=DE, O=x. In what it prints
 *    '/' is itself;
 *  - the attributes have libreswan's own short names (E, not emailAddress, in what it prints; both
 *    are read), or are numbers, whose value must then be # and the hexadecimal of its BER;
 *  - an RDN of several values, A=x+B=y, it does not know: it would be one value of A;
 *  - double quotes do not quote.
 *
 * No libreswan refuses all of what is none: 4.10 goes on without the identity, and takes the
 * address of the host for it.
 */

#pragma once

#include <glib.h>

typedef struct _DistinguishedName DistinguishedName;

/* The longest that libreswan takes, in bytes of DER. */
#define DISTINGUISHED_NAME_MAX 512

/**
 * distinguished_name_parse:
 * @text: what a profile says
 * @fault: (out) (optional): (transfer full): which part is wrong, and what would be right, to
 * follow "a distinguished name", where it is none that libreswan takes as it is meant
 *
 * Returns: (transfer full): or NULL
 */
DistinguishedName *distinguished_name_parse(const char *text, char **fault);

/**
 * distinguished_name_parse_printed:
 * @text: what libreswan prints, without the escapes that are for a shell
 *
 * Returns: (transfer full): NULL where an attribute has one of those names that libreswan prints
 * and does not read
 */
DistinguishedName *distinguished_name_parse_printed(const char *text);

/**
 * distinguished_name_from_der:
 *
 * Returns: (transfer full): NULL where @der is no Name (RFC 5280) of strings
 */
DistinguishedName *distinguished_name_from_der(const guint8 *der, gsize len);

void distinguished_name_free(DistinguishedName *name);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DistinguishedName, distinguished_name_free)

/** distinguished_name_to_der: (transfer full): as libreswan would send it. */
GByteArray *distinguished_name_to_der(const DistinguishedName *name);

/**
 * distinguished_name_spell:
 * @der: a Name (RFC 5280)
 *
 * Text with umlauts, quotes and commas libreswan does not read as what is meant, so each value is
 * written as # and the hexadecimal of its DER.
 *
 * Returns: (transfer full): what libreswan reads as exactly this name; %NULL where it cannot (an
 * RDN of several values, an attribute that it cannot write), or where @der is none
 */
char *distinguished_name_spell(const guint8 *der, gsize len);

/**
 * distinguished_name_matches: is @shown a name that @wanted asks for? As libreswan compares a
 * certificate's subject with rightid= (match_dn_any_order_wild()): in any order; "*" is any value.
 * Case does not count.
 */
gboolean
distinguished_name_matches(const DistinguishedName *shown, const DistinguishedName *wanted);

/** distinguished_name_is_any: is every attribute that it asks for '*', or is there none? */
gboolean distinguished_name_is_any(const DistinguishedName *name);

/**
 * distinguished_name_escape_commas:
 * @text: what a profile says
 *
 * ",," was once a comma in a value. libreswan reads it so only where no '@' stands before the name,
 * and in a profile's identity one does; without it even where two separators were meant.
 *
 * Returns: (transfer full): @text, with "\," for each ",,", or "," where TYPE= follows
 */
char *distinguished_name_escape_commas(const char *text);
