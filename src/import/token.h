/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Our certificate and its key on a token, such as a smart card. What is wrong with a token pluto
 * does not say: whatever it is, the certificate is not found. So it is looked at here before, in
 * the same way, and with one try of the PIN.
 */
#pragma once

#include <stdbool.h>

#include "bundle.h"
#include "fault.h"

typedef struct {
	const char *cert; /* a PKCS#11 URI, of token-uri.h */
	const char *key;  /* likewise, or empty: the certificate's */
	const char *pin;  /* empty: there is none */
	bool final_try;   /* the last one that the token gives may be used for it */
} TokenParams;

/**
 * token_read: logs in to the token and looks for the certificate and its key there.
 *
 * @found: (out): with the certificate alone; free with bundle_clear()
 *
 * Of modules those are asked that p11-kit has configured (pkcs11.conf(5)), and no other.
 *
 * Returns: false with a fault
 */
bool token_read(const TokenParams *params, Bundle *found, Fault *fault);
