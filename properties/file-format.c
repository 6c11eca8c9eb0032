/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "file-format.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#define SIGNED                                                                                     \
	N_("the file is signed (CMS), and the signature cannot be checked here: ask for the file "     \
	   "without one, or take it out by: openssl cms -verify -noverify -inform DER -in FILE "       \
	   "-out NEWFILE")
#define ENCRYPTED                                                                                  \
	N_("the file is encrypted (CMS) for the device that it was made for; ask for one that is not")
#define CERTIFICATE                                                                                \
	N_("the file is a certificate or a key, and no connection: make the connection, and choose "   \
	   "the file there; a .p12 file can be imported")
#define FORTICLIENT                                                                                \
	N_("this is FortiClient's configuration, whose secrets only FortiClient can read: make the "   \
	   "connection, enter what is in its <server> and <localid>, and ask for the pre-shared key")
#define FRITZBOX                                                                                   \
	N_("this is the configuration of a FRITZ!Box itself, which does not say how it is reached: "   \
	   "make the connection, and enter there what the box shows of the VPN user (server, IPSec "   \
	   "ID, pre-shared key, user name, password)")

/* Files that begin with these words are of another kind. */
static const struct {
	const char *begin;
	const char *explanation;
} others[] = {
	{"-----BEGIN PKCS7", N_("the file is signed or encrypted (CMS): ask for it as plain text")},
	{"-----BEGIN CMS", N_("the file is signed or encrypted (CMS): ask for it as plain text")},
	{"-----BEGIN ", CERTIFICATE},
	{"vpncfg", FRITZBOX},
	{"bplist",
	 N_("this is a binary plist: turn it into XML by: plutil -convert xml1 FILE (plistutil is in "
		"Debian's libplist-utils)")},
	{"<", N_("this is XML, but of no format that can be imported: .mobileconfig is one")},
	{"[Interface]", N_("this is a WireGuard connection: import it as that")},
	{"client\n", N_("this is an OpenVPN connection: import it as that")},
};

/* A line that is a section of an .ini file. */
static gboolean
has_section(const char *text, const char *section)
{
	for (const char *at = text; at; at = strchr(at, '\n')) {
		at += strspn(at, "\r\n\t ");
		if (g_ascii_strncasecmp(at, section, strlen(section)) == 0)
			return TRUE;
		/* Only comments may be above it. */
		if (*at != ';')
			return FALSE;
	}
	return FALSE;
}

/* Where the text begins. */
static const char *
skip_blanks(const char *text)
{
	if (g_str_has_prefix(text, "\xef\xbb\xbf"))
		text += 3;
	return text + strspn(text, "\r\n\t ");
}

/* What is inside of a DER (or BER) sequence that is the whole file; NULL where it is none. */
static const char *
skip_sequence(const char *bytes, gsize len)
{
	guint8 first = len > 8 ? (guint8) bytes[1] : 0;

	if (len <= 8 || bytes[0] != 0x30 || first > 0x84)
		return NULL;
	return bytes + 2 + (first & 0x80 ? first & 0x7f : 0);
}

/* As a PKCS#12 begins: version 3, and a sequence (RFC 7292, PFX). */
static gboolean
is_pkcs12(const char *bytes, gsize len)
{
	const char *inside = skip_sequence(bytes, len);
	const char begin[] = {0x02, 0x01, 0x03, 0x30};
	const gsize left = inside ? len - (gsize) (inside - bytes) : 0;

	return left >= sizeof(begin) && memcmp(inside, begin, sizeof(begin)) == 0;
}

/* As CMS begins, with an OID of pkcs7 (RFC 5652); others are certificates and keys. */
static const char *
find_other_der(const char *bytes, gsize len)
{
	const char oid[] = {0x06,        0x09,        0x2a, (char) 0x86, 0x48,
						(char) 0x86, (char) 0xf7, 0x0d, 0x01,        0x07};
	const char *inside = skip_sequence(bytes, len);
	const gsize left = inside ? len - (gsize) (inside - bytes) : 0;

	if (left > sizeof(oid) && memcmp(inside, oid, sizeof(oid)) == 0)
		return inside[sizeof(oid)] == 2 ? _(SIGNED) : _(ENCRYPTED);
	return left && (*inside == 0x30 || *inside == 0x02) ? _(CERTIFICATE) : NULL;
}

/* A FRITZ!Box's begins with a comment. */
static const char *
skip_comment(const char *text)
{
	const char *end = g_str_has_prefix(text, "/*") ? strstr(text, "*/") : NULL;

	return end ? skip_blanks(end + 2) : text;
}

static const char *
find_other(const char *bytes, gsize len)
{
	const char *text = skip_comment(skip_blanks(bytes));

	if (bytes[0] == 0x30 && find_other_der(bytes, len))
		return find_other_der(bytes, len);
	if (*text == '<' && strstr(text, "<forticlient_configuration"))
		return _(FORTICLIENT);
	for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
		if (g_str_has_prefix(text, others[i].begin))
			return _(others[i].explanation);
	}
	return NULL;
}

FileFormat
file_format_find(const char *bytes, gsize len)
{
	const char *text = skip_blanks(bytes);

	if (is_pkcs12(bytes, len))
		return FILE_FORMAT_PKCS12;
	if (*text == '<' && strstr(text, "<plist"))
		return FILE_FORMAT_MOBILECONFIG;
	if (*text == '{')
		return FILE_FORMAT_SSWAN;
	if (has_section(text, "[main]"))
		return FILE_FORMAT_PCF;
	return find_other(bytes, len) ? FILE_FORMAT_OTHER : FILE_FORMAT_IPSEC_CONF;
}

const char *
file_format_explain(const char *bytes, gsize len)
{
	return file_format_find(bytes, len) == FILE_FORMAT_OTHER ? find_other(bytes, len) : NULL;
}
