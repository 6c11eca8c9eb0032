/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is to be asked: of the secrets that a connection needs those that nobody has.
 */

#pragma once

#include "auth-request.h"
#include "profile.h"
#include "secret.h"

typedef struct {
	const Secret *secret;
	char *label;         /* translated */
	char *value;         /* what is known of it; "" for nothing */
	gboolean should_ask; /* else @value is the answer */
} AuthPrompt;

/**
 * AuthKeyring: (transfer full) (nullable): what the user's keyring has for that key of the
 * connection.
 */
typedef char *(*AuthKeyring)(const AuthRequest *request, const char *key);

/**
 * auth_prompts_new: in the order in which they are to be asked.
 *
 * A hint is always asked for, and is not answered from a keyring: it is what the gateway has
 * refused or wants next, and the last answer would be given to it once more.
 *
 * Returns: (transfer full) (element-type AuthPrompt): their values are wiped with it
 */
GPtrArray *
auth_prompts_new(const AuthRequest *request, const Profile *profile, AuthKeyring keyring);

/** auth_prompts_count: those to be asked. */
guint auth_prompts_count(const GPtrArray *prompts);

/** auth_prompts_describe: (transfer full): one sentence above them, translated. */
char *auth_prompts_describe(const GPtrArray *prompts, const AuthRequest *request);
