/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipsec.conf(5) for the pluto of one connection.
 */

#pragma once

#include "profile.h"

/** What the certificates of a profile's files make of it, once they are known. */
typedef struct {
	const char *leftcert;             /* our nickname; NULL: we have none */
	const char *leftckaid;            /* our key, where we have no certificate */
	const char *rightca;              /* the authority of the gateway, as rightca= has it */
	gboolean sends_issuers;           /* the gateway may not have what is between us and the root */
	const char *leftauth, *rightauth; /* NULL, both of them: libreswan finds out, or authby= says */
} IpsecConfCertificates;

typedef struct {
	guint libreswan_major, libreswan_minor;
	const char *conn_name;                      /* letters, digits and -_. */
	const char *dumpdir, *nssdir, *secretsfile; /* absolute paths; NULL: not written */
	const char *ipsecdir;                       /* an absolute path; NULL: libreswan's own */
	/* The two ends' addresses, so that nobody else looks them up: in place of left=, and the one
	 * that pluto listens on (NULL: left= as it is, and all of them); in place of right= (NULL: that
	 * as it is). */
	const char *listen, *gateway;
	gboolean xauth_again; /* IKEv1: the gateway wants XAUTH with every new ISAKMP SA */
	guint32 if_id;        /* the XFRM interface ipsecN; 0: policy-based */
	guint32 reqid;        /* of the conn's SAs; 0: pluto chooses */
	/* The value of net.core.xfrm_acq_expires, in seconds, so that pluto leaves it as it is; 0: not
	 * known. */
	guint32 acq_expires;
	const char *updown;    /* the complete leftupdown= command; NULL: libreswan's own */
	const char *auto_mode; /* "start", "add", "ondemand" */
	/* Of a profile that uses files; NULL: not known yet, what depends on them is left out. */
	const IpsecConfCertificates *certificates;
} IpsecConfParams;

/**
 * ipsec_conf_write:
 * @profile: a profile
 * @params: what the service adds
 * @error: %PROFILE_ERROR: INVALID, or UNSUPPORTED where this libreswan cannot do it
 *
 * Writes one `config setup` and one `conn`. Every value is checked again where
 * it is written, whoever made it: nothing that could end a line, a quote or a
 * section gets through.
 *
 * Returns: (transfer full): the file's text
 */
char *ipsec_conf_write(const Profile *profile, const IpsecConfParams *params, GError **error);

/**
 * ipsec_conf_append:
 * @conf: the text so far
 * @keyword: a keyword of ipsec.conf(5)
 * @value: its value
 * @error: %PROFILE_ERROR_INVALID
 *
 * Appends one indented line, with quotes where ipsec.conf(5) needs them. This
 * and ipsec_conf_append_number() are the only places that write a value; export
 * uses them too.
 */
gboolean ipsec_conf_append(GString *conf, const char *keyword, const char *value, GError **error);

/* The same for a keyword whose value is a number or a time: libreswan 4 takes
 * digits without quotes for a number and nothing else, with quotes for a text. */
gboolean
ipsec_conf_append_number(GString *conf, const char *keyword, const char *value, GError **error);
