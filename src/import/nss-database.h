/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The NSS database of a connection, without a password: pluto reads nothing else, but for the token
 * that our certificate may be on.
 */
#pragma once

#include <stdbool.h>

#include "credential.h"
#include "fault.h"

/* A CKAID in hexadecimal digits, with its NUL. */
#define NSS_DATABASE_CKAID_SIZE 41

/**
 * nss_database_make_for_key: likewise with @key alone, which is one of RSA.
 *
 * @ckaid: (out): by which NSS and pluto find it
 */
bool nss_database_make_for_key(const char *directory, gnutls_x509_privkey_t key,
							   char ckaid[NSS_DATABASE_CKAID_SIZE], Fault *fault);

/**
 * nss_database_make: makes the database in @directory, which is there and empty, with everything of
 * @credential in it; our certificate is IMPORT_NICKNAME.
 *
 * Returns: false with a fault
 */
bool nss_database_make(const char *directory, const Credential *credential, Fault *fault);
