/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "cert-report.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "distinguished-name.h"
#include "option.h"

/* In hexadecimal digits: a SHA-1. */
#define CKAID_LEN        40

#define WORD(NAME, word) word,
static const char *const field_words[] = {IMPORT_FIELDS(WORD) NULL};
static const char *const key_words[] = {IMPORT_KEYS(WORD) NULL};
static const char *const fault_words[] = {IMPORT_FAULTS(WORD) NULL};

/* The order in which the lines come; each but "issuer" and "other" comes once. */
typedef enum { AT_USER, AT_ISSUER, AT_OTHER, AT_ROOT, AT_END, AT_NOTHING } Place;

static const char *const place_words[] = {
	[AT_USER] = "user", [AT_ISSUER] = "issuer", [AT_OTHER] = "other",
	[AT_ROOT] = "root", [AT_END] = "end",       NULL,
};

void
cert_report_free(CertReport *self)
{
	if (!self)
		return;
	g_free(self->root_name);
	g_free(self->ckaid);
	g_free(self);
}

/* The place of @word among @words; FALSE where it is none of them. */
static gboolean
find_word(const char *const *words, const char *word, guint *place)
{
	for (guint i = 0; words[i]; i++) {
		if (g_str_equal(words[i], word)) {
			*place = i;
			return TRUE;
		}
	}
	return FALSE;
}

static gboolean
read_number(const char *word, gint64 *number)
{
	return g_ascii_string_to_signed(word, 10, G_MININT64, G_MAXINT64, number, NULL);
}

static GBytes *
read_name(const char *word)
{
	const gsize len = strlen(word);
	g_autofree guint8 *bytes = NULL;

	if (len == 0 || len % 2 != 0 || len > 2 * IMPORT_NAME_MAX ||
		strspn(word, "0123456789abcdef") != len)
		return NULL;
	bytes = g_malloc(len / 2);
	for (gsize i = 0; i < len / 2; i++)
		bytes[i] = (guint8) (g_ascii_xdigit_value(word[2 * i]) << 4 |
							 g_ascii_xdigit_value(word[2 * i + 1]));
	return g_bytes_new_take(g_steal_pointer(&bytes), len / 2);
}

static gboolean
take_certificate(CertReport *self, Place place, char **words)
{
	g_autoptr(GBytes) issuer = NULL, subject = NULL;
	gint64 begin, end;
	guint key;

	if (g_strv_length(words) != 6 || !find_word(key_words, words[1], &key) ||
		!read_number(words[2], &begin) || !read_number(words[3], &end) ||
		!(issuer = read_name(words[4])) || !(subject = read_name(words[5])))
		return FALSE;
	if (place == AT_USER)
		self->user_key = (ImportKey) key;
	if (place == AT_ISSUER)
		self->has_issuers = TRUE;
	if (place == AT_ROOT) {
		self->root_key = (ImportKey) key;
		self->root_name =
			distinguished_name_spell(g_bytes_get_data(subject, NULL), g_bytes_get_size(subject));
	}
	return TRUE;
}

static gboolean
take_fault(CertReport *self, char **words)
{
	guint field, fault;

	if (g_strv_length(words) != 4 || !find_word(field_words, words[1], &field) ||
		!find_word(fault_words, words[2], &fault) || !read_number(words[3], &self->number))
		return FALSE;
	self->has_fault = TRUE;
	self->field = (ImportField) field;
	self->fault = (ImportFault) fault;
	return TRUE;
}

/* @last: (inout): where we are. */
static gboolean
take_line(CertReport *self, const char *line, Place *last)
{
	g_auto(GStrv) words = g_strsplit(line, " ", 8);
	guint place;

	if (!words[0] || !find_word(place_words, words[0], &place))
		return FALSE;
	if (*last == AT_NOTHING
			? place != AT_USER
			: place < *last || (place == *last && place != AT_ISSUER && place != AT_OTHER))
		return FALSE;
	if (place == AT_END ? *last != AT_ROOT || words[1] : !take_certificate(self, place, words))
		return FALSE;
	*last = (Place) place;
	return TRUE;
}

/* @lines: the first one is there; the text ends with the end of a line. */
static gboolean
is_one_line(char **lines)
{
	return lines[1] && !lines[1][0] && !lines[2];
}

static gboolean
is_fault(char **lines)
{
	return lines[0] && g_str_has_prefix(lines[0], "fault ");
}

static gboolean
take_fault_alone(CertReport *self, char **lines)
{
	g_auto(GStrv) words = g_strsplit(lines[0], " ", 8);

	return take_fault(self, words) && is_one_line(lines);
}

static gboolean
take_key(CertReport *self, char **lines)
{
	const char *ckaid;

	if (is_fault(lines))
		return take_fault_alone(self, lines);
	if (!lines[0] || !g_str_has_prefix(lines[0], "key ") || !lines[1] ||
		!g_str_equal(lines[1], place_words[AT_END]) || !is_one_line(lines + 1))
		return FALSE;
	ckaid = lines[0] + strlen("key ");
	if (strlen(ckaid) != CKAID_LEN || strspn(ckaid, "0123456789abcdef") != CKAID_LEN)
		return FALSE;
	self->ckaid = g_strdup(ckaid);
	return TRUE;
}

static gboolean
take_check(CertReport *self, char **lines)
{
	if (is_fault(lines))
		return take_fault_alone(self, lines);
	return lines[0] && g_str_equal(lines[0], place_words[AT_END]) && is_one_line(lines);
}

static gboolean
take_lines(CertReport *self, char **lines)
{
	Place last = AT_NOTHING;

	if (is_fault(lines))
		return take_fault_alone(self, lines);
	for (guint i = 0; lines[i]; i++) {
		/* The text ends with the end of a line. */
		if (last == AT_END)
			return !lines[i][0] && !lines[i + 1];
		if (!take_line(self, lines[i], &last))
			return FALSE;
	}
	return FALSE;
}

static gboolean (*const takers[CERT_REPORT_N_KINDS])(CertReport *self, char **lines) = {
	[CERT_REPORT_CERTIFICATES] = take_lines,
	[CERT_REPORT_KEY] = take_key,
	[CERT_REPORT_CHECK] = take_check,
};

CertReport *
cert_report_parse(CertReportKind kind, const char *text, gsize len, GError **error)
{
	g_autoptr(CertReport) self = g_new0(CertReport, 1);
	g_autofree char *copy = NULL;
	g_auto(GStrv) lines = NULL;

	if (len > 0 && len <= IMPORT_REPORT_MAX && !memchr(text, '\0', len)) {
		copy = g_strndup(text, len);
		lines = g_strsplit(copy, "\n", -1);
	}
	if (lines && takers[kind](self, lines))
		return g_steal_pointer(&self);
	g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
						"the program that imports certificates has not said what is in them");
	return NULL;
}

gboolean
cert_report_is_about_passphrase(const CertReport *self)
{
	return self->has_fault && (self->fault == IMPORT_FAULT_NEEDS_PASSPHRASE ||
							   self->fault == IMPORT_FAULT_WRONG_PASSPHRASE);
}

gboolean
cert_report_is_about_pin(const CertReport *self)
{
	static const ImportFault faults[] = {IMPORT_FAULT_NEEDS_PIN, IMPORT_FAULT_WRONG_PIN,
										 IMPORT_FAULT_WRONG_PIN_LOW, IMPORT_FAULT_WRONG_PIN_LAST,
										 IMPORT_FAULT_FINAL_TRY};

	for (guint i = 0; self->has_fault && i < G_N_ELEMENTS(faults); i++) {
		if (self->fault == faults[i])
			return TRUE;
	}
	return FALSE;
}

/*****************************************************************************/

static char *
describe_date(gint64 seconds)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(seconds);

	return date ? g_date_time_format(date, "%Y-%m-%d %H:%M UTC") : g_strdup("?");
}

/* Of the file that cannot be read: what follows its name. */
static char *
describe_file_fault(const CertReport *self, const char *user)
{
	g_autofree char *quoted = user[0] ? option_quote(user) : NULL;

	switch (self->fault) {
	case IMPORT_FAULT_NO_SUCH_USER:
		return g_strdup_printf(_("cannot be read as %s, whom connection.permissions names: there "
								 "is no such user"),
							   quoted ? quoted : "?");
	case IMPORT_FAULT_NOT_THERE:
		return g_strdup(_("is not there"));
	case IMPORT_FAULT_NOT_ALLOWED:
		return quoted ? g_strdup_printf(_("may not be read by %s, whose connection it is"), quoted)
					  : g_strdup(_("may not be read by root"));
	case IMPORT_FAULT_HIDDEN:
		return g_strdup(_("is hidden from NetworkManager by ProtectHome= or PrivateTmp= of "
						  "NetworkManager.service; put it into a directory that it sees, such as "
						  "/etc/ipsec.d"));
	case IMPORT_FAULT_NO_FILE:
		return g_strdup(_("is not a regular file"));
	case IMPORT_FAULT_EMPTY:
		return g_strdup(_("is empty"));
	case IMPORT_FAULT_TOO_LARGE:
		return g_strdup(_("is larger than 1 MiB; a file of certificates is not"));
	case IMPORT_FAULT_TOO_SLOW:
		return g_strdup_printf(_("could not be read within %d s"), IMPORT_READ_MS / 1000);
	default:
		return g_strdup_printf(_("cannot be read: %s"),
							   g_strerror((int) CLAMP(self->number, 0, 4096)));
	}
}

/* Likewise, of what is in it; NULL for another kind of fault. */
static char *
describe_content_fault(const CertReport *self, gboolean is_key)
{
	g_autofree char *date = describe_date(self->number);

	switch (self->fault) {
	case IMPORT_FAULT_UNKNOWN_FORMAT:
		return g_strdup(_("cannot be understood; allowed is PEM, DER or PKCS#12"));
	case IMPORT_FAULT_NEEDS_PASSPHRASE:
		return g_strdup(_("is encrypted, and there is no passphrase in cert-pass"));
	case IMPORT_FAULT_WRONG_PASSPHRASE:
		return g_strdup(_("is encrypted with another passphrase than cert-pass"));
	case IMPORT_FAULT_NO_CERTIFICATE:
		return g_strdup(_("has no certificate in it"));
	case IMPORT_FAULT_NO_KEY:
		return g_strdup(is_key ? _("has no private key in it")
							   : _("has no private key in it; set key to the file that has it"));
	case IMPORT_FAULT_OTHER_KEY:
		return g_strdup(is_key ? _("has a private key that is not that of the certificate in cert")
							   : _("has a private key that is not that of a certificate in it"));
	case IMPORT_FAULT_ED25519:
		return g_strdup(_("has an Ed25519 or Ed448 key, which libreswan cannot use; allowed is RSA "
						  "or ECDSA"));
	case IMPORT_FAULT_UNKNOWN_KEY:
		return g_strdup(_("has a key that libreswan cannot use; allowed is RSA, or ECDSA with "
						  "P-256, P-384 or P-521"));
	case IMPORT_FAULT_NO_RSA_KEY:
		return g_strdup(_("has no RSA key; allowed without a certificate is an RSA key"));
	case IMPORT_FAULT_LONG_NAME:
		return g_strdup_printf(
			_("has a certificate with a name of more than %d bytes, which libreswan does not take"),
			IMPORT_NAME_MAX);
	case IMPORT_FAULT_EXPIRED:
		return g_strdup_printf(_("has a certificate that has expired on %s"), date);
	case IMPORT_FAULT_NOT_YET_VALID:
		return g_strdup_printf(
			_("has a certificate that is not valid before %s; is the clock right?"), date);
	case IMPORT_FAULT_NO_AUTHORITY:
		return g_strdup(_("has no certificate of an authority in it"));
	case IMPORT_FAULT_NO_ROOT:
		return g_strdup(_("has only intermediate authorities in it; libreswan wants the root, "
						  "which has signed its own certificate"));
	case IMPORT_FAULT_SEVERAL_ROOTS:
		return g_strdup(_("has several root authorities in it, and none of them has signed our "
						  "certificate; allowed is one"));
	case IMPORT_FAULT_OTHER_ROOT:
		return g_strdup(
			_("has a certificate in it that may sign others and is signed by itself, and "
			  "is not the authority in ca: libreswan would trust it as well"));
	case IMPORT_FAULT_TOO_MANY:
		return g_strdup_printf(_("has more than %d certificates in it"), IMPORT_CERTIFICATES_MAX);
	default:
		return NULL;
	}
}

/* Of a token: what follows the name of the object; NULL for another kind of fault. */
static char *
describe_token_fault(const CertReport *self)
{
	switch (self->fault) {
	case IMPORT_FAULT_NO_P11_KIT:
		return g_strdup(_("is on a token, and the library of p11-kit, which knows the modules for "
						  "tokens, cannot be loaded (" IMPORT_P11_KIT "); is it installed?"));
	case IMPORT_FAULT_NO_TOKEN:
		return g_strdup(_("is on a token that is not there; insert it, and see whether "
						  "\"p11-kit list-modules\" has it"));
	case IMPORT_FAULT_SEVERAL_TOKENS:
		return g_strdup(_("is on a token of which there are several by this name; add serial=, "
						  "the serial number"));
	case IMPORT_FAULT_NEEDS_PIN:
		return g_strdup(_("is on a token that wants a PIN, and there is none in pin"));
	case IMPORT_FAULT_PIN_PAD:
		return g_strdup(_("is on a token whose reader takes the PIN on its own keypad alone, which "
						  "is not supported; use a reader without, or switch its keypad off"));
	case IMPORT_FAULT_WRONG_PIN:
		return g_strdup(_("is on a token that refused the PIN"));
	case IMPORT_FAULT_WRONG_PIN_LOW:
		return g_strdup(_("is on a token that refused the PIN; few tries are left before it locks "
						  "itself"));
	case IMPORT_FAULT_WRONG_PIN_LAST:
		return g_strdup(_("is on a token that refused the PIN; one try is left before it locks "
						  "itself"));
	case IMPORT_FAULT_FINAL_TRY:
		return g_strdup(_("is on a token that has one try of the PIN left before it locks itself: "
						  "a stored PIN is not tried; have the PIN asked for (pin-flags=2)"));
	case IMPORT_FAULT_PIN_LOCKED:
		return g_strdup(_("is on a token that has locked itself after too many wrong PINs; "
						  "whoever issued it can unlock it (PUK, SO PIN)"));
	case IMPORT_FAULT_TOKEN_FAILS:
		return g_strdup_printf(_("is on a token that does not work (error %d of NSS)"),
							   (int) CLAMP(self->number, G_MININT, G_MAXINT));
	case IMPORT_FAULT_NO_OBJECT:
		return g_strdup(_("is no certificate of its token"));
	case IMPORT_FAULT_SEVERAL_OBJECTS:
		return g_strdup(_("is the name of several certificates of its token; add id=, the ID of "
						  "the one"));
	case IMPORT_FAULT_NO_TOKEN_KEY:
		return g_strdup(_("is a certificate without its private key on the token: libreswan wants "
						  "both on the same"));
	case IMPORT_FAULT_OTHER_TOKEN_KEY:
		return g_strdup(_("is not the private key of the certificate in cert; allowed is that, or "
						  "none"));
	default:
		return NULL;
	}
}

/* Where no authority is named it is looked for in the file of our certificate. */
static char *
explain_missing_ca(const CertReport *self, const char *cert)
{
	switch (self->fault) {
	case IMPORT_FAULT_NO_AUTHORITY:
	case IMPORT_FAULT_NO_ROOT:
		return g_strdup_printf(_("ca: is not set, and the file %s of cert does not have the root "
								 "authority in it; set ca to the file that has it"),
							   cert);
	case IMPORT_FAULT_SEVERAL_ROOTS:
		return g_strdup_printf(_("ca: is not set, and the file %s of cert has several root "
								 "authorities in it; set ca to a file with the gateway's"),
							   cert);
	default:
		return NULL;
	}
}

char *
cert_report_explain(const CertReport *self, const char *const fields[IMPORT_N_FIELDS])
{
	const gboolean of_cert = self->field == IMPORT_FIELD_CA && !fields[IMPORT_FIELD_CA][0];
	const char *key = field_words[of_cert ? IMPORT_FIELD_CERT : self->field];
	g_autofree char *file = option_quote(fields[of_cert ? IMPORT_FIELD_CERT : self->field]);
	g_autofree char *fault = NULL;
	char *missing = of_cert ? explain_missing_ca(self, file) : NULL;

	if (missing)
		return missing;
	if (self->fault == IMPORT_FAULT_DATABASE)
		return g_strdup_printf(_("NSS cannot make the database of the certificates (error %d)"),
							   (int) CLAMP(self->number, G_MININT, G_MAXINT));
	if (self->fault == IMPORT_FAULT_BAD_REQUEST)
		return g_strdup(_("the program that imports certificates was asked for something else"));
	fault = describe_content_fault(self, self->field == IMPORT_FIELD_KEY);
	if (!fault)
		fault = describe_token_fault(self);
	if (!fault)
		fault = describe_file_fault(self, fields[IMPORT_FIELD_USER]);
	return g_strdup_printf("%s: %s %s", key, file, fault);
}
