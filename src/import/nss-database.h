/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The NSS database of a connection, without a password: pluto reads nothing else, but for the token
 * that our certificate may be on.
 */
#pragma once

#include <stdbool.h>

#include "credential.h"
#include "fault.h"

/**
 * nss_database_make: makes the database in @directory, which is there and empty, with everything of
 * @credential in it; our certificate is IMPORT_NICKNAME.
 *
 * Returns: false with a fault
 */
bool nss_database_make(const char *directory, const Credential *credential, Fault *fault);
