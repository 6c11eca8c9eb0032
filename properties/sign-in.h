/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a person signs in: what an administrator's letter says in a word, and a profile in several
 * keys. One table: which keys a method has, what people call them there, and what it sets.
 */

#pragma once

#include "profile.h"

typedef enum {
	SIGN_IN_GROUP,       /* IKEv1: user name and password, and the secret of a group */
	SIGN_IN_CERTIFICATE, /* IKEv2 */
	SIGN_IN_KEY,         /* IKEv2, or IKEv1 without a user: a key that both ends share */
	SIGN_IN_PASSWORD,    /* IKEv1: user name and password, and a certificate */
	SIGN_IN_OTHER,       /* whatever the profile has */
} SignIn;

#define SIGN_IN_N (SIGN_IN_OTHER + 1)

/* A key that a method has. */
typedef struct {
	const char *key;
	const char *label;   /* what people call it there, to be translated; NULL: as everywhere */
	const char *missing; /* what to say where it is not set; NULL: it may be left out */
	const char *unless;  /* (nullable): another key, with which it may be left out, too */
	gboolean no_default; /* what is so where it is not set means nothing to people there */
} SignInKey;

/* What becomes of a key when a person chooses the method. */
typedef struct {
	const char *key;
	const char *value; /* NULL: it goes; or: */
} SignInSetting;

/* It stays as it is. */
#define SIGN_IN_KEEP ""

/* What the method is called in a list: short, as it is cut there. */
const char *sign_in_name(SignIn method);

/* What it is, for who does not know by its name. */
const char *sign_in_help(SignIn method);

/**
 * sign_in_keys:
 *
 * Returns: the keys that the method shows, in their order; static, ends with a NULL key
 */
const SignInKey *sign_in_keys(SignIn method);

/* Its row for a key, NULL where the method does not show it. */
const SignInKey *sign_in_find_key(SignIn method, const char *key);

/**
 * sign_in_settings:
 *
 * Returns: what choosing the method sets; static, ends with a NULL key. The keys are the same for
 * each method; there are none for %SIGN_IN_OTHER.
 */
const SignInSetting *sign_in_settings(SignIn method);

/**
 * sign_in_find:
 * @profile: a profile
 *
 * Returns: the method that leads to it
 */
SignIn sign_in_find(const Profile *profile);

/* Whether it is one where IKEv1 asks for a user name and password (XAUTH). */
gboolean sign_in_has_user(SignIn method);
