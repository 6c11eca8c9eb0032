/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The option table: one row for each key of a profile's vpn.data and
 * vpn.secrets. Everything that deals with keys (validation, ipsec.conf, import,
 * export, the manual page, the editor) reads this table, so a new key is one
 * new row. nm-settings-libreswan(5) is made from it.
 */

#pragma once

#include <glib.h>

/* What is wrong with a profile or with one of its values. */
#define PROFILE_ERROR (profile_error_quark())
GQuark profile_error_quark(void);

typedef enum {
	PROFILE_ERROR_INVALID,     /* a value that is not allowed for its key */
	PROFILE_ERROR_MISSING,     /* a required key is not there */
	PROFILE_ERROR_UNKNOWN_KEY, /* no row has this key */
	PROFILE_ERROR_UNSUPPORTED, /* this libreswan cannot do it */
} ProfileError;

typedef enum {
	OPTION_ADDRESS,    /* IP address, host name, %defaultroute, %INTERFACE */
	OPTION_ID,         /* identity as in ipsec.conf(5): @name, IP, DN, %fromcert */
	OPTION_STRING,     /* text without quotes and control characters */
	OPTION_DOMAINS,    /* list of DNS domains */
	OPTION_SUBNET,     /* address/prefix; several are for libreswan 5 and IKEv2 */
	OPTION_SUBNETS,    /* list of address/prefix */
	OPTION_YES_NO,     /* yes or no */
	OPTION_ENUM,       /* one of words */
	OPTION_DURATION,   /* a time (duration.h) */
	OPTION_NUMBER,     /* decimal number in min..max, or one of words */
	OPTION_PROPOSALS,  /* list of algorithms */
	OPTION_PROTOPORT,  /* protocol, or protocol/port */
	OPTION_AUTHBY,     /* list of words */
	OPTION_INTERFACE,  /* yes, no or a number in min..max */
	OPTION_PUBLIC_KEY, /* %cert or an encoded public key */
	OPTION_KEY_ID,     /* hexadecimal digits */
	OPTION_FILE,       /* the full path of a file */
	OPTION_OBJECT,     /* likewise, or an object of a token (token-uri.h) */
	OPTION_SECRET,     /* lives in vpn.secrets, is never shown */
	OPTION_ANY,        /* kept and ignored, whatever it is */
} OptionKind;

typedef enum {
	OPTION_REQUIRED = 1 << 0,   /* a profile without it is refused */
	OPTION_NM_ONLY = 1 << 1,    /* means something to us, is no ipsec.conf keyword */
	OPTION_IGNORED = 1 << 2,    /* accepted for old profiles, has no effect */
	OPTION_DERIVED = 1 << 3,    /* normally filled in by us; a user may still set it */
	OPTION_SECRET_KEY = 1 << 4, /* belongs to vpn.secrets, not to vpn.data */
	OPTION_NEW = 1 << 5,        /* not known to NetworkManager-libreswan 1.2.30 */
} OptionFlags;

enum {
	OPTION_IKEV1 = 1 << 0,
	OPTION_IKEV2 = 1 << 1,
	OPTION_IKE = OPTION_IKEV1 | OPTION_IKEV2,
};

/* A word that a value may be, and what it means to us. */
typedef struct {
	const char *word;
	const char *meaning; /* the word that is stored as effective value */
} OptionWord;

typedef struct {
	const char *key;
	OptionKind kind;
	guint ike;               /* the IKE versions it belongs to, OPTION_IKEV1 | OPTION_IKEV2 */
	const char *conf4;       /* keyword for libreswan 4, NULL: not written */
	const char *conf5;       /* keyword for libreswan 5, NULL: not written */
	const char *fallback;    /* what is used where the key is not set, for people; or NULL */
	guint flags;             /* OptionFlags */
	const OptionWord *words; /* ends with a NULL word */
	guint64 min, max;        /* OPTION_NUMBER, OPTION_INTERFACE; OPTION_DURATION in seconds */
	const char *same_as;     /* another spelling of this key, or NULL */
	const char *help;        /* one sentence, to be translated with _() */
} Option;

/* The longest value that any key may have, in bytes. */
#define OPTION_VALUE_MAX 4096

/**
 * option_all:
 * @n: (out): how many rows there are
 *
 * Returns: the table, static
 */
const Option *option_all(guint *n);

/**
 * option_find:
 * @key: a key, case matters
 *
 * Returns: its row, static, or %NULL
 */
const Option *option_find(const char *key);

/* The row's place in the table. */
guint option_index(const Option *option);

/**
 * option_nearest:
 * @key: a key that option_find() does not know
 *
 * Returns: the known key that was most likely meant, static, or %NULL if none is near
 */
const char *option_nearest(const char *key);

/**
 * option_normalize:
 * @option: a row
 * @value: what the user gave
 * @error: key, value, what is wrong with it and what is right; %PROFILE_ERROR_INVALID
 *
 * Checks the value and gives it its one spelling: "true" becomes "yes",
 * "10.1/255.255.0.0" becomes "10.1.0.0/16". Nothing is added that was not meant; the
 * '@' of an identity is a default of the profile, not of the value. A secret's
 * value never appears in the error.
 *
 * Returns: (transfer full): the value, or %NULL
 */
char *option_normalize(const Option *option, const char *value, GError **error);

/**
 * option_explain:
 * @option: a row, of no secret
 * @value: what somebody gave
 *
 * Returns: (transfer full): what is wrong and what is right, without key and value; %NULL where
 * nothing is wrong
 */
char *option_explain(const Option *option, const char *value);

/* As option_normalize(), for those who need the verdict alone. */
gboolean option_validate(const Option *option, const char *value, GError **error);

/**
 * option_unknown_key:
 * @key: a key that no row has
 * @error: (out): gets a message that names the key and, where there is one, the nearest known
 */
void option_unknown_key(const char *key, GError **error);

/**
 * option_quote:
 * @value: any bytes
 *
 * Returns: (transfer full): the value for a message: in quotes, escaped, cut to a readable length
 */
char *option_quote(const char *value);

/**
 * option_allowed:
 * @option: a row
 *
 * Returns: (transfer full): what a value of this key may be, for messages and the manual
 */
char *option_allowed(const Option *option);

/* What a duration such as "90", "5m" or "1.5h" is in seconds; 0 if it is none. */
guint64 option_duration(const char *value);

/**
 * option_find_fault:
 * @value: any bytes
 * @max: how many there may be
 *
 * What the text of a value must not be, whatever its key; a profile refuses it when it is
 * saved, and who writes ipsec.conf once more.
 *
 * Returns: (transfer full): why it cannot be written, for a message, or %NULL
 */
char *option_find_fault(const char *value, gsize max);

/* Whether text can stand in a configuration file at all: valid UTF-8 without
 * control characters, line separators and double quotes. */
gboolean option_text_is_safe(const char *text);

/* Whether value is an address/prefix (or address) of the family AF_INET or
 * AF_INET6, or of any with AF_UNSPEC. */
gboolean option_is_subnet(const char *value, int family);

/* The same for an address. */
gboolean option_is_address(const char *value, int family);

/* Whether name is that of an interface, of letters, digits and -._@ alone: the kernel allows more,
 * but libreswan before 5.4 hands names to a shell. */
gboolean option_is_interface_name(const char *name);
