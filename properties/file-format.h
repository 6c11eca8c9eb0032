/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What kind of file an administrator has sent, by what is in it: names and suffixes are often
 * wrong.
 */

#pragma once

#include <glib.h>

typedef enum {
	FILE_FORMAT_IPSEC_CONF,   /* also whatever is none of the others */
	FILE_FORMAT_PCF,          /* Cisco's VPN client */
	FILE_FORMAT_MOBILECONFIG, /* Apple's configuration profile */
	FILE_FORMAT_SSWAN,        /* strongSwan's app for Android */
	FILE_FORMAT_PKCS12,       /* a certificate with its key */

	/* What cannot be imported: file_format_explain() says why. */
	FILE_FORMAT_OTHER,
} FileFormat;

/**
 * file_format_find:
 * @bytes: (array length=len): the file
 * @len: how many bytes; a zero follows them
 */
FileFormat file_format_find(const char *bytes, gsize len);

/**
 * file_format_explain:
 *
 * Returns: (transfer none): of an %FILE_FORMAT_OTHER: what it is, and what to do with it,
 * translated
 */
const char *file_format_explain(const char *bytes, gsize len);
