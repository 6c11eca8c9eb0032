/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/*
 * The wire between the service and the program that imports a connection's certificates
 * (nm-libreswan-service-import), one process for each time.
 *
 * service -> program, its standard input: strings that end in NUL, in the order of ImportField, and
 * then the end of the file. An empty string stands for what there is not. Where CERT is on a token
 * and there is no DATABASE, the token alone is looked at: whether it is there, with the certificate
 * and its key, and takes the PIN. Where there is no CERT the KEY alone is imported, a file.
 *
 * program -> service, its standard output: lines of words with one blank in between.
 *
 *	user KIND BEGIN END ISSUER SUBJECT    our certificate, whose private key is there
 *	issuer KIND BEGIN END ISSUER SUBJECT  an authority between it and its root; any number
 *	other KIND BEGIN END ISSUER SUBJECT   another intermediate one of the profile's; any number
 *	root KIND BEGIN END ISSUER SUBJECT    the authority that the gateway's certificate must be of
 *	end                                   nothing is missing
 *
 * or, where the token alone was to be looked at, its last line; or, where the key alone was to be
 * imported:
 *
 *	key CKAID                             an RSA key, by what NSS finds it
 *	end
 *
 * or, in the place of all that:
 *
 *	fault FIELD WORD NUMBER               the first thing that is wrong
 *
 * KIND is of the key: a word of IMPORT_KEYS. BEGIN and END are when the certificate is good, in
 * seconds since 1970, as decimal numbers. ISSUER and SUBJECT are distinguished names in DER
 * (RFC 5280, Name), as lower-case hexadecimal, as is CKAID. FIELD is a word of IMPORT_FIELDS, WORD
 * one of IMPORT_FAULTS; NUMBER is decimal, and what it counts depends on the fault: seconds since
 * 1970 of a date, an errno, or 0.
 */

/* X(NAME, word): the strings of the request. What is no file has a word too, as it can be at fault.
 */
#define IMPORT_FIELDS(X)                                                                           \
	X(USER, "user") /* whose rights the files are read with; empty: root's */                      \
	X(CA, "ca")     /* a file: the authority */                                                    \
	X(CERT, "cert") /* our certificate: a file, or all of it (PKCS#12); or a PKCS#11 URI */        \
	X(KEY, "key")   /* our private key: a file, or a PKCS#11 URI */                                \
	X(DATABASE, "database") /* the directory of the NSS database to make, which is there */        \
	X(PASSPHRASE, "passphrase")                                                                    \
	X(PIN, "pin")             /* of the token */                                                   \
	X(FINAL_TRY, "final-try") /* any text: the token's last one may be used for it */

#define IMPORT_FIELD_NUMBER(NAME, word) IMPORT_FIELD_##NAME,
typedef enum { IMPORT_FIELDS(IMPORT_FIELD_NUMBER) IMPORT_N_FIELDS } ImportField;

/* X(NAME, word): the kinds of keys that libreswan can use. */
#define IMPORT_KEYS(X)                                                                             \
	X(RSA, "rsa")                                                                                  \
	X(RSA_PSS, "rsa-pss")                                                                          \
	X(EC, "ec")

#define IMPORT_KEY_NUMBER(NAME, word) IMPORT_KEY_##NAME,
typedef enum { IMPORT_KEYS(IMPORT_KEY_NUMBER) IMPORT_N_KEYS } ImportKey;

/* X(NAME, word): what can be wrong; cert-report.c has a sentence for each. */
#define IMPORT_FAULTS(X)                                                                           \
	/* Of files. */                                                                                \
	X(NO_SUCH_USER, "no-such-user")                                                                \
	X(NOT_THERE, "not-there")                                                                      \
	X(NOT_ALLOWED, "not-allowed")                                                                  \
	X(HIDDEN, "hidden") /* from NetworkManager's service, not from the user */                     \
	X(NO_FILE, "no-file")                                                                          \
	X(EMPTY, "empty")                                                                              \
	X(TOO_LARGE, "too-large")                                                                      \
	X(TOO_SLOW, "too-slow")                                                                        \
	X(UNREADABLE, "unreadable") /* the number is an errno */                                       \
	/* Of what is in them. */                                                                      \
	X(UNKNOWN_FORMAT, "unknown-format")                                                            \
	X(NEEDS_PASSPHRASE, "needs-passphrase")                                                        \
	X(WRONG_PASSPHRASE, "wrong-passphrase")                                                        \
	X(NO_CERTIFICATE, "no-certificate")                                                            \
	X(NO_KEY, "no-key")                                                                            \
	X(OTHER_KEY, "other-key") /* the private key is not that of the certificate */                 \
	X(ED25519, "ed25519")                                                                          \
	X(UNKNOWN_KEY, "unknown-key")                                                                  \
	X(NO_RSA_KEY, "no-rsa-key")       /* and it has no certificate */                              \
	X(LONG_NAME, "long-name")         /* of more than IMPORT_NAME_MAX */                           \
	X(EXPIRED, "expired")             /* the number is the date */                                 \
	X(NOT_YET_VALID, "not-yet-valid") /* likewise */                                               \
	X(NO_AUTHORITY, "no-authority")   /* nothing in it may sign certificates */                    \
	X(NO_ROOT, "no-root")             /* only intermediate authorities */                          \
	X(SEVERAL_ROOTS, "several-roots") /* and none of them is that of our certificate */            \
	X(OTHER_ROOT, "other-root")       /* another root than that of the profile */                  \
	X(TOO_MANY, "too-many")                                                                        \
	/* Of tokens. */                                                                               \
	X(NO_P11_KIT, "no-p11-kit") /* the library that has the modules */                             \
	X(NO_TOKEN, "no-token")                                                                        \
	X(SEVERAL_TOKENS, "several-tokens")                                                            \
	X(NEEDS_PIN, "needs-pin")                                                                      \
	X(PIN_PAD, "pin-pad") /* it takes the PIN on a keypad of its own alone */                      \
	X(WRONG_PIN, "wrong-pin")                                                                      \
	X(WRONG_PIN_LOW, "wrong-pin-low")   /* and few tries are left */                               \
	X(WRONG_PIN_LAST, "wrong-pin-last") /* and one is left */                                      \
	X(FINAL_TRY, "final-try")           /* one is left, which was not used */                      \
	X(PIN_LOCKED, "pin-locked")                                                                    \
	X(TOKEN_FAILS, "token-fails") /* the number is the error of NSS */                             \
	X(NO_OBJECT, "no-object")                                                                      \
	X(SEVERAL_OBJECTS, "several-objects")                                                          \
	X(NO_TOKEN_KEY, "no-token-key")       /* the certificate's key is not on the token */          \
	X(OTHER_TOKEN_KEY, "other-token-key") /* KEY is none, or another one */                        \
	/* Of the rest. */                                                                             \
	X(BAD_REQUEST, "bad-request")                                                                  \
	X(DATABASE, "database") /* NSS cannot make it; the number is its error */

#define IMPORT_FAULT_NUMBER(NAME, word) IMPORT_FAULT_##NAME,
typedef enum { IMPORT_FAULTS(IMPORT_FAULT_NUMBER) IMPORT_N_FAULTS } ImportFault;

/* In bytes: the request, a file, and the report. */
#define IMPORT_REQUEST_MAX (32 * 1024)
#define IMPORT_FILE_MAX    (1024 * 1024)
#define IMPORT_REPORT_MAX  (128 * 1024)

/* How many certificates may be in one file, and how long a name may be, in bytes of DER. */
#define IMPORT_CERTIFICATES_MAX 32
#define IMPORT_NAME_MAX         512

/* How long a file may take to be read, in milliseconds. */
#define IMPORT_READ_MS 3000

/* How a PKCS#11 URI begins; and which library is a module with the tokens of all that p11-kit has
 * configured (p11-kit-proxy.so, which not every system has, is a link to it). */
#define IMPORT_TOKEN_BEGINS "pkcs11:"
#define IMPORT_P11_KIT      "libp11-kit.so.0"

/* What our certificate is called in the database. */
#define IMPORT_NICKNAME "user"
