/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the service wants: import-wire.h. One buffer, which is wiped as a whole.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "import-wire.h"

typedef struct {
	char bytes[IMPORT_REQUEST_MAX];
	size_t len;
	const char *fields[IMPORT_N_FIELDS]; /* into bytes; empty strings for what there is not */
} Request;

/** request_read: from @fd, to its end. False where it is none. */
bool request_read(Request *self, int fd);

/** request_is_token: our certificate is on a token. */
bool request_is_token(const Request *self);

/** request_is_key: we have a key, and no certificate. */
bool request_is_key(const Request *self);

/** request_wipe: with the passphrase and the PIN. */
void request_wipe(Request *self);
