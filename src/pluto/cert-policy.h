/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What certificates make of ipsec.conf: which authority the gateway's must be of, and how each end
 * proves who it is. libreswan signs with an ECDSA key as if it were RSA unless it is told, and then
 * it wants to be told of the gateway's key, too.
 */
#pragma once

#include "cert-report.h"
#include "ipsec-conf.h"

/**
 * cert_policy_find:
 * @report: without a fault; has to outlive @certificates, as has @profile
 * @gateway: (nullable): how the gateway proves who it is, a word of rightauth=, where it has shown
 * that already
 * @certificates: (out): for ipsec_conf_write()
 * @error: %PROFILE_ERROR_INVALID: this profile cannot be used with these certificates
 */
gboolean cert_policy_find(const Profile *profile, const CertReport *report, const char *gateway,
						  IpsecConfCertificates *certificates, GError **error);

/**
 * cert_policy_check_ours: where nothing is imported: whether we have something to prove who we are
 * with.
 *
 * @error: %PROFILE_ERROR_INVALID: the gateway has a certificate or a key, and we have none; a
 * password in its place is what libreswan cannot
 */
gboolean cert_policy_check_ours(const Profile *profile, GError **error);

/**
 * cert_policy_of_gateway:
 * @text: what pluto says of the gateway's signature (PlutoLogLine.rest)
 *
 * Returns: (transfer none) (nullable): which word of rightauth= it would have passed with; %NULL
 * where it says something else
 */
const char *cert_policy_of_gateway(const char *text);
