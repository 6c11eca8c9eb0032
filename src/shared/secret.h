/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The secrets of a connection, as a table beside the options: a row is all that the rest knows of
 * one.
 */

#pragma once

#include "profile.h"

typedef struct {
	const char *key; /* of vpn.secrets; an option with OPTION_SECRET_KEY */
	/* Whether this profile has a use for it. */
	gboolean (*is_needed)(const Profile *profile);
	/* Whether that is to be seen only on the way: nobody is asked for it before, unless the profile
	 * says by its flags that there is one. */
	gboolean is_optional;
	gboolean is_late; /* it is asked for when the gateway wants it, never before, and never kept */
	gboolean is_of_token; /* of the token that the certificate is on */
	const char *record;   /* its kind of record in ipsec.secrets(5); NULL for none */
	const char *label;    /* what it is to a person */
	/* Whose it is, where the profile says so; %s is the user. NULL for nobody's. */
	const char *label_of_user;
	const char *ask; /* what a person is asked first; %s is the connection's name */
	/* What a person is asked when it was refused: by the gateway while the connection was to be
	 * re-established, or by this host before there was one. %s is the connection's name. NULL where
	 * another is of no use. */
	const char *ask_again;
	/* Likewise, by the gateway before there was a tunnel; NULL where it is not the gateway that
	 * refuses it. */
	const char *correct;
	gboolean is_sent; /* it is the gateway that refuses it, not this host */
} Secret;

/* The key of what a gateway asks for after the password. */
#define SECRET_CODE "xauthcode"

/**
 * secret_all: (transfer none): every secret, in the order in which they are asked for: what a token
 * makes comes first.
 */
const Secret *secret_all(guint *n);

/** secret_find: the row of a key of vpn.secrets, NULL for another key. */
const Secret *secret_find(const char *key);

/**
 * secret_get: (transfer none): what is to be used of it: NULL where the profile does not need it or
 * does not have it.
 */
const char *secret_get(const Secret *secret, const Profile *profile);

/** secret_is_wanted: before there is an instance: it is needed, its flags do not say that there is
 * none, and an optional one's say that there is one. */
gboolean secret_is_wanted(const Secret *secret, const Profile *profile);

/** secret_is_missing: it is wanted, and not there. */
gboolean secret_is_missing(const Secret *secret, const Profile *profile);

/**
 * secret_find_asked: the secret that a person can be asked for again: one that is needed, that the
 * user gives each time (NM_SETTING_SECRET_FLAG_NOT_SAVED), and that the gateway can have refused;
 * NULL for none. (One that this host refuses may be stored: no account is locked by another.)
 */
const Secret *secret_find_asked(const Profile *profile);

/**
 * secret_find_corrected: the secret that a person can be asked for when the gateway has refused it
 * before the first tunnel: one that is his (NM_SETTING_SECRET_FLAG_AGENT_OWNED or _NOT_SAVED). What
 * NetworkManager keeps is of whoever may change the connection. NULL for none.
 */
const Secret *secret_find_corrected(const Profile *profile);

/** secret_label: (transfer full): what the field for it is called, translated. */
char *secret_label(const Secret *secret, const Profile *profile);

/** secret_ask: (transfer full): the first question, translated. @name: of the connection. */
char *secret_ask(const Secret *secret, const char *name);

/** secret_ask_again: (transfer full): the question, translated. @name: of the connection. */
char *secret_ask_again(const Secret *secret, const char *name);

/** secret_correct: (transfer full): the question, translated. @name: of the connection. */
char *secret_correct(const Secret *secret, const char *name);

/** secret_ask_in_words: (transfer full): the question for SECRET_CODE, with what the gateway says.
 * @words: in one line (one-line.h) */
char *secret_ask_in_words(const char *name, const char *words);
