/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "one-line.h"
#include "option.h"

#include <arpa/inet.h>
#include <limits.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "distinguished-name.h"
#include "duration.h"
#include "identity.h"
#include "proposals.h"
#include "protoport.h"
#include "subnet.h"
#include "token-uri.h"

/* A quoted value in a message is cut to this many characters. */
#define QUOTE_MAX 48

/* RFC 1035. */
#define HOST_NAME_MAX_LENGTH 253

/* Of a key, in bytes: a SHA-1. */
#define KEY_ID_MAX 20

/* IFNAMSIZ less the terminating zero. */
#define INTERFACE_NAME_MAX 15

GQuark
profile_error_quark(void)
{
	return g_quark_from_static_string("profile-error-quark");
}

static const OptionWord words_yes_no[] = {
	{"yes", "yes"}, {"no", "no"}, {"true", "yes"}, {"false", "no"}, {"on", "yes"}, {"off", "no"},
	{"y", "yes"},   {"n", "no"},  {"1", "yes"},    {"0", "no"},     {NULL, NULL},
};

const Option *
option_find(const char *key)
{
	guint n;
	const Option *options = option_all(&n);

	for (guint i = 0; i < n; i++) {
		if (g_strcmp0(options[i].key, key) == 0)
			return &options[i];
	}
	return NULL;
}

guint
option_index(const Option *option)
{
	return (guint) (option - option_all(NULL));
}

/* How many insertions, deletions, replacements and swaps of neighbours make b
 * of a; case counts nothing. */
static guint
edit_distance(const char *a, const char *b)
{
	gsize n = strlen(a), m = strlen(b);
	guint d[3][64];

	if (n >= G_N_ELEMENTS(d[0]) || m >= G_N_ELEMENTS(d[0]))
		return G_MAXUINT;

	for (gsize j = 0; j <= m; j++)
		d[0][j] = (guint) j;
	for (gsize i = 1; i <= n; i++) {
		guint *row = d[i % 3], *above = d[(i + 2) % 3], *before = d[(i + 1) % 3];

		row[0] = (guint) i;
		for (gsize j = 1; j <= m; j++) {
			gboolean same = g_ascii_tolower(a[i - 1]) == g_ascii_tolower(b[j - 1]);

			row[j] = MIN(above[j - 1] + (same ? 0 : 1), MIN(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && g_ascii_tolower(a[i - 1]) == g_ascii_tolower(b[j - 2]) &&
				g_ascii_tolower(a[i - 2]) == g_ascii_tolower(b[j - 1]))
				row[j] = MIN(row[j], before[j - 2] + 1);
		}
	}
	return d[n % 3][m];
}

const char *
option_nearest(const char *key)
{
	const char *nearest = NULL;
	guint n, least = G_MAXUINT;
	const Option *options = option_all(&n);

	for (guint i = 0; i < n; i++) {
		guint distance = edit_distance(key, options[i].key);

		if (distance < least) {
			least = distance;
			nearest = options[i].key;
		}
	}
	/* A third of the letters may be wrong; beyond that a hint misleads. */
	return nearest && least <= MAX(1, strlen(key) / 3) ? nearest : NULL;
}

/* Keys of other programs, for what libreswan has at a gateway alone. */
static const char *const eap_keys[] = {"leftautheap",  "rightautheap", "eap_identity",
									   "eap-identity", "eap",          NULL};

static const char *
why_no_eap(void)
{
	return _("EAP is in libreswan for gateways alone, and this is a client; set cert, for a "
			 "certificate, or pskvalue, or ikev2=never with leftusername, for XAUTH");
}

void
option_unknown_key(const char *key, GError **error)
{
	g_autofree char *quoted = option_quote(key);
	const char *nearest = option_nearest(key);

	if (g_strv_contains(eap_keys, key))
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_UNKNOWN_KEY, _("unknown key %s: %s"),
					quoted, why_no_eap());
	else if (nearest)
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_UNKNOWN_KEY,
					_("unknown key %s; did you mean \"%s\"?"), quoted, nearest);
	else
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_UNKNOWN_KEY,
					_("unknown key %s; nm-settings-libreswan(5) lists those that there are"),
					quoted);
}

char *
option_quote(const char *value)
{
	g_autoptr(GString) text = g_string_new("\"");
	guint n = 0;

	while (*value) {
		gunichar c = g_utf8_get_char_validated(value, -1);

		if (n++ == QUOTE_MAX) {
			g_string_append(text, "…");
			break;
		}
		if (c == (gunichar) -1 || c == (gunichar) -2) {
			g_string_append_printf(text, "\\x%02x", (guchar) *value++);
			continue;
		}
		if (c == '\n')
			g_string_append(text, "\\n");
		else if (c == '"' || c == '\\')
			g_string_append_printf(text, "\\%c", (char) c);
		else if (one_line_is_escaped(c))
			g_string_append_printf(text, "\\u%04x", c);
		else
			g_string_append_unichar(text, c);
		value = g_utf8_next_char(value);
	}
	g_string_append_c(text, '"');
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *
list_words(const OptionWord *words)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (const OptionWord *w = words; w->word; w++)
		g_string_append_printf(text, "%s%s", text->len ? ", " : "", w->word);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

char *
option_allowed(const Option *option)
{
	g_autofree char *words = option->words ? list_words(option->words) : NULL;
	/* xgettext reads these formats, and none that is put together of macros. */
	const unsigned long long min = option->min, max = option->max;

	switch (option->kind) {
	case OPTION_ADDRESS:
		if (option->flags & OPTION_REQUIRED)
			return g_strdup(_("an IP address or a host name"));
		/* xgettext:no-c-format */
		return g_strdup(_("an IP address, a host name, %defaultroute, or % and the name of an "
						  "interface"));
	case OPTION_ID:
		return g_strdup(_("an identity: a name (vpn.example.com), an IP address, a "
						  "distinguished name (C=DE, CN=joe), a key ID "
						  "(@[group]) or %fromcert"));
	case OPTION_STRING:
		if (option->max)
			return g_strdup_printf(_("text of at most %llu bytes, without double quotes, line "
									 "breaks and control characters"),
								   max);
		return g_strdup(_("text without double quotes, line breaks and control characters"));
	case OPTION_DOMAINS:
		return g_strdup(_("a DNS domain such as example.com, or several, separated by blanks or "
						  "commas"));
	case OPTION_SUBNET:
		return g_strdup(_("a subnet such as 10.1.0.0/16 or 2001:db8::/32"));
	case OPTION_SUBNETS:
		return g_strdup(_("a list of subnets such as 10.1.0.0/16,10.2.0.0/16"));
	case OPTION_YES_NO:
		return g_strdup(_("yes or no"));
	case OPTION_ENUM:
		return g_strdup_printf(_("one of: %s"), words);
	case OPTION_AUTHBY:
		return g_strdup_printf(_("one or more of: %s"), words);
	case OPTION_DURATION:
		return g_strdup_printf(_("a time such as 90 (seconds), 90s, 5m, 24h or 2d, from %s to "
								 "%llu seconds"),
							   min ? "1" : "0", max);
	case OPTION_NUMBER:
		return g_strdup_printf(_("a number from %llu to %llu"), min, max);
	case OPTION_PROPOSALS:
		return g_strdup(_("algorithms such as aes256-sha2_256;modp2048,aes128-sha1;modp1536"));
	case OPTION_PROTOPORT:
		return g_strdup(_("a protocol with or without a port, such as 17/1701, tcp/443 or icmp"));
	case OPTION_INTERFACE:
		return g_strdup_printf(_("yes, no or a number from %llu to %llu"), min, max);
	case OPTION_PUBLIC_KEY:
		return g_strdup(_("%cert or a public key (0sAQ…)"));
	case OPTION_KEY_ID:
		return g_strdup(_("hexadecimal digits, two for each byte, mostly 40"));
	case OPTION_FILE:
		return g_strdup(_("the full path of a file, such as /home/joe/vpn/joe.p12"));
	case OPTION_OBJECT:
		return g_strdup(_("the full path of a file, such as /home/joe/vpn/joe.p12, or an object of "
						  "a token, such as pkcs11:token=Joe;object=vpn or Joe:vpn"));
	case OPTION_SECRET:
		return g_strdup_printf(_("text of 1 to %llu bytes"), max);
	case OPTION_ANY:
		return g_strdup(_("text without line breaks and control characters"));
	}
	g_return_val_if_reached(NULL);
}

gboolean
option_text_is_safe(const char *text)
{
	if (!g_utf8_validate(text, -1, NULL))
		return FALSE;
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		GUnicodeType type = g_unichar_type(c);

		if (c == '"' || type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR ||
			type == G_UNICODE_PARAGRAPH_SEPARATOR)
			return FALSE;
	}
	return TRUE;
}

gboolean
option_is_address(const char *value, int family)
{
	guint8 address[sizeof(struct in6_addr)];

	return (family != AF_INET6 && inet_pton(AF_INET, value, address) == 1) ||
		   (family != AF_INET && inet_pton(AF_INET6, value, address) == 1);
}

/* Without locale, sign, blanks and leading nonsense. */
static gboolean
parse_number(const char *text, gsize len, guint64 *number)
{
	guint64 n = 0;

	if (len == 0 || len > 18)
		return FALSE;
	for (gsize i = 0; i < len; i++) {
		if (!g_ascii_isdigit(text[i]))
			return FALSE;
		n = n * 10 + (guint64) (text[i] - '0');
	}
	*number = n;
	return TRUE;
}

guint64
option_duration(const char *value)
{
	guint64 seconds;

	return duration_parse(value, &seconds) ? seconds : 0;
}

gboolean
option_is_subnet(const char *value, int family)
{
	int found;
	g_autofree char *normal = subnet_normalize(value, &found);

	return normal && (family == AF_UNSPEC || family == found);
}

static const char *
find_word(const OptionWord *words, const char *value)
{
	for (const OptionWord *w = words; w->word; w++) {
		if (g_ascii_strcasecmp(w->word, value) == 0)
			return w->meaning;
	}
	return NULL;
}

static gboolean
all_in(const char *value, const char *extra)
{
	if (!*value)
		return FALSE;
	for (const char *p = value; *p; p++) {
		if (!g_ascii_isalnum(*p) && !strchr(extra, *p))
			return FALSE;
	}
	return TRUE;
}

static gboolean
is_host_name(const char *value)
{
	return strlen(value) <= HOST_NAME_MAX_LENGTH && all_in(value, "-._") &&
		   g_ascii_isalnum(value[0]) && !strstr(value, "..");
}

/* 300.1.2.3 is no host name although its letters are those of one. */
static gboolean
looks_like_address(const char *value)
{
	return strspn(value, "0123456789.") == strlen(value) || strchr(value, ':');
}

/* NetworkManager knows ~example.com too: asked here, but not a search domain. */
static char *
normalize_domains(const char *value)
{
	g_auto(GStrv) parts = g_strsplit_set(value, ",; \t", -1);
	g_autoptr(GString) list = g_string_new(NULL);

	for (guint i = 0; parts[i]; i++) {
		const char *domain = parts[i] + (parts[i][0] == '~');
		gsize len = strlen(domain);

		if (!parts[i][0])
			continue;
		if (len > 1 && domain[len - 1] == '.')
			parts[i][strlen(parts[i]) - 1] = '\0';
		/* One dot may end it, not two. */
		if (!is_host_name(domain) || g_str_has_suffix(domain, "."))
			return NULL;
		g_string_append_printf(list, "%s%s", list->len ? " " : "", parts[i]);
	}
	return list->len ? g_string_free(g_steal_pointer(&list), FALSE) : NULL;
}

gboolean
option_is_interface_name(const char *name)
{
	return strlen(name) <= INTERFACE_NAME_MAX && all_in(name, "-._@");
}

static gboolean
address_is_right(const Option *option, const char *value)
{
	if (option_is_address(value, AF_UNSPEC))
		return TRUE;
	if (value[0] == '%') {
		if (option->flags & OPTION_REQUIRED)
			return FALSE;
		return g_str_equal(value, "%defaultroute") || option_is_interface_name(value + 1);
	}
	return is_host_name(value) && !looks_like_address(value);
}

/* A host name of other letters than those of DNS is asked for in the form that DNS has of it. */
static char *
normalize_address(const Option *option, const char *value)
{
	g_autofree char *ascii = g_hostname_is_non_ascii(value) ? g_hostname_to_ascii(value) : NULL;

	if (!ascii)
		ascii = g_strdup(value);
	return address_is_right(option, ascii) ? g_steal_pointer(&ascii) : NULL;
}

static char *
normalize_authby(const OptionWord *words, const char *value)
{
	g_auto(GStrv) parts = g_strsplit_set(value, ",| \t", -1);
	g_autoptr(GString) list = g_string_new(NULL);

	for (guint i = 0; parts[i]; i++) {
		const char *meaning;

		if (!parts[i][0])
			continue;
		meaning = find_word(words, parts[i]);
		if (!meaning)
			return NULL;
		g_string_append_printf(list, "%s%s", list->len ? "," : "", meaning);
	}
	return list->len ? g_string_free(g_steal_pointer(&list), FALSE) : NULL;
}

/* ipsec.conf(5) allows blanks between proposals; without them there is one
 * spelling, and nothing to quote. */
static char *
normalize_proposals(const char *value)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (const char *p = value; *p; p++) {
		if (*p != ' ' && *p != '\t')
			g_string_append_c(text, *p);
	}
	return all_in(text->str, "-_+,;:=!/.") ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

static gboolean
number_is_right(const Option *option, const char *value)
{
	guint64 n;

	return parse_number(value, strlen(value), &n) && n >= option->min && n <= option->max;
}

static char *
normalize_duration(const Option *option, const char *value)
{
	guint64 seconds;

	if (!duration_parse(value, &seconds) || seconds < option->min || seconds > option->max)
		return NULL;
	return duration_normalize(value);
}

/* libreswan takes no more bytes than these (ckaid_t). */
static char *
normalize_key_id(const char *value)
{
	const gsize len = strlen(value);

	if (len == 0 || len % 2 != 0 || len > 2 * KEY_ID_MAX ||
		strspn(value, "0123456789abcdefABCDEF") != len)
		return NULL;
	return g_ascii_strdown(value, -1);
}

static char *
normalize_file(const char *value)
{
	return value[0] == '/' && strlen(value) < PATH_MAX ? g_strdup(value) : NULL;
}

/* The value in its one spelling, or NULL where it is not allowed. */
static char *
normalize(const Option *option, const char *value)
{
	switch (option->kind) {
	case OPTION_ADDRESS:
		return normalize_address(option, value);
	case OPTION_ID:
		return identity_normalize(value);
	case OPTION_STRING:
		return option->max == 0 || strlen(value) <= option->max ? g_strdup(value) : NULL;
	case OPTION_DOMAINS:
		return normalize_domains(value);
	case OPTION_SUBNET:
	case OPTION_SUBNETS:
		return subnet_normalize_list(value);
	case OPTION_YES_NO:
		return g_strdup(find_word(words_yes_no, value));
	case OPTION_ENUM:
		return g_strdup(find_word(option->words, value));
	case OPTION_AUTHBY:
		return normalize_authby(option->words, value);
	case OPTION_DURATION:
		return normalize_duration(option, value);
	case OPTION_NUMBER:
		if (option->words && find_word(option->words, value))
			return g_strdup(find_word(option->words, value));
		return number_is_right(option, value) ? g_strdup(value) : NULL;
	case OPTION_PROPOSALS:
		return normalize_proposals(value);
	case OPTION_PROTOPORT:
		return g_strdup(value);
	case OPTION_INTERFACE:
		/* To libreswan it is one more number of an interface, which no XFRM interface can have. */
		if (g_str_equal(value, "0"))
			return g_strdup("yes");
		if (g_ascii_isdigit(value[0]))
			return number_is_right(option, value) ? g_strdup(value) : NULL;
		return g_strdup(find_word(words_yes_no, value));
	case OPTION_PUBLIC_KEY:
		return all_in(value[0] == '%' ? value + 1 : value, "+/=-_") ? g_strdup(value) : NULL;
	case OPTION_KEY_ID:
		return normalize_key_id(value);
	case OPTION_FILE:
		return normalize_file(value);
	case OPTION_OBJECT:
		return token_uri_is_one(value) ? token_uri_normalize(value, NULL) : normalize_file(value);
	case OPTION_SECRET:
	case OPTION_ANY:
		return g_strdup(value);
	}
	g_return_val_if_reached(NULL);
}

static void
refuse(const Option *option, const char *value, const char *why, GError **error)
{
	g_autofree char *allowed = option_allowed(option);
	g_autofree char *quoted = option->flags & OPTION_SECRET_KEY ? NULL : option_quote(value);

	if (!quoted)
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("%s: the value %s; allowed is %s"), option->key, why, allowed);
	else
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID, _("%s: %s %s; allowed is %s"),
					option->key, quoted, why, allowed);
}

static char *
find_length_fault(const char *value, gsize max)
{
	gsize len = strlen(value);

	if (len == 0)
		return g_strdup(_("is empty"));
	if (len > max)
		return g_strdup_printf(_("is too long (%zu bytes, at most %zu)"), len, max);
	return NULL;
}

char *
option_find_fault(const char *value, gsize max)
{
	char *fault = find_length_fault(value, max);

	if (fault || option_text_is_safe(value))
		return fault;
	return g_strdup(g_utf8_validate(value, -1, NULL)
						? _("has a double quote, a line break or a control character in it")
						: _("is not valid UTF-8"));
}

/* What only the rules of its kind know. */
static char *
find_fault_of_kind(const Option *option, const char *normal)
{
	switch (option->kind) {
	case OPTION_ID:
		return identity_find_fault(normal);
	case OPTION_PROPOSALS:
		return proposals_find_fault(normal, g_str_equal(option->key, "ike") ? PROPOSALS_IKE
																			: PROPOSALS_ESP);
	case OPTION_PROTOPORT:
		return protoport_find_fault(normal);
	default:
		return NULL;
	}
}

/* Ways to authenticate that other programs have, and libreswan has not. */
static char *
find_reason_of_authby(const char *value)
{
	g_auto(GStrv) words = g_strsplit_set(value, ",| \t", -1);

	for (guint i = 0; words[i]; i++) {
		if (g_str_has_prefix(words[i], "eap"))
			return g_strdup_printf(_("is not possible: %s"), why_no_eap());
		if (strstr(words[i], "hybrid"))
			return g_strdup(
				_("is not possible: libreswan has no hybrid authentication of IKEv1, where a "
				  "password takes the place of our certificate; set cert, or pskvalue"));
	}
	return NULL;
}

/* Why it has no spelling, where more is to be said than what is allowed. */
static char *
find_reason(const Option *option, const char *value)
{
	if (option->kind == OPTION_ADDRESS && option->flags & OPTION_REQUIRED &&
		g_str_equal(value, "%any"))
		return g_strdup(
			_("is for a gateway that waits for its clients, and this is a client, which "
			  "has to know whom to ask"));
	if (option->kind == OPTION_AUTHBY)
		return find_reason_of_authby(value);
	if (option->kind == OPTION_OBJECT && token_uri_is_one(value)) {
		char *fault;

		g_free(token_uri_normalize(value, &fault));
		return fault;
	}
	return NULL;
}

/* The value in its one spelling; or NULL, and what is wrong with it. */
static char *
try_normalize(const Option *option, const char *value, char **fault)
{
	char *normal;

	*fault = option->flags & OPTION_SECRET_KEY ? find_length_fault(value, option->max)
											   : option_find_fault(value, OPTION_VALUE_MAX);
	if (*fault)
		return NULL;
	normal = normalize(option, value);
	*fault = normal ? find_fault_of_kind(option, normal) : find_reason(option, value);
	if (*fault)
		g_clear_pointer(&normal, g_free);
	return normal;
}

char *
option_normalize(const Option *option, const char *value, GError **error)
{
	g_autofree char *fault = NULL;
	char *normal = try_normalize(option, value, &fault);

	if (!normal)
		refuse(option, value, fault ? fault : _("is not allowed"), error);
	return normal;
}

char *
option_explain(const Option *option, const char *value)
{
	g_autofree char *fault = NULL;
	g_autofree char *normal = try_normalize(option, value, &fault);
	g_autofree char *allowed = normal ? NULL : option_allowed(option);

	if (normal)
		return NULL;
	return fault ? g_strdup_printf(_("it %s; allowed is %s"), fault, allowed)
				 : g_strdup_printf(_("allowed is %s"), allowed);
}

gboolean
option_validate(const Option *option, const char *value, GError **error)
{
	g_autofree char *normal = option_normalize(option, value, error);

	/* A secret may be among them. */
	if (normal)
		explicit_bzero(normal, strlen(normal));
	return normal != NULL;
}
