/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "proposals.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "option.h"

/* libreswan's names (ike_alg_*.c in its lib/libswan), words separated by blanks. A key's length may
 * follow the name of an encryption algorithm. IKE takes fewer. */
#define IKE_AEAD                                                                                   \
	"aes_gcm aes_gcm_8 aes_gcm_12 aes_gcm_16 aes_gcm_a aes_gcm_b aes_gcm_c "                       \
	"chacha20_poly1305 chacha20poly1305"
#define AEAD                                                                                       \
	IKE_AEAD " aes_ccm aes_ccm_8 aes_ccm_12 aes_ccm_16 aes_ccm_a aes_ccm_b aes_ccm_c "             \
			 "null_auth_aes_gmac aes_gmac"
#define IKE_ENCRYPTION "3des 3des_cbc aes aes_cbc aesctr aes_ctr camellia camellia_cbc"
#define ENCRYPTION     IKE_ENCRYPTION " camellia_ctr null"
#define PRF                                                                                        \
	"md5 hmac_md5 sha sha1 hmac_sha1 sha2 sha256 sha2_256 hmac_sha2_256 sha384 sha2_384 "          \
	"hmac_sha2_384 sha512 sha2_512 hmac_sha2_512 aes_xcbc aes128_xcbc"
#define INTEGRITY                                                                                  \
	PRF " hmac_md5_96 sha1_96 hmac_sha1_96 sha2_256_128 hmac_sha2_256_128 sha2_384_192 "           \
		"hmac_sha2_384_192 sha2_512_256 hmac_sha2_512_256 hmac_sha2_256_truncbug aes_xcbc_96 "     \
		"aes128_xcbc_96 aes_cmac aes_cmac_96"
#define NONE "none null"
#define GROUP                                                                                      \
	"modp1536 dh5 modp2048 dh14 modp3072 dh15 modp4096 dh16 modp6144 dh17 modp8192 dh18 "          \
	"dh19 ecp256 ecp_256 dh20 ecp384 ecp_384 dh21 ecp521 ecp_521 dh31 curve25519"
#define RARE_GROUP "modp1024 dh2 dh22 dh23 dh24"

/* What strongSwan and others call it, and libreswan. NULL: it has no such word. */
static const struct {
	const char *theirs, *ours;
} spellings[] = {
	{"prfmd5", "md5"},
	{"prfsha1", "sha1"},
	{"prfsha256", "sha2_256"},
	{"prfsha384", "sha2_384"},
	{"prfsha512", "sha2_512"},
	{"prfaesxcbc", "aes_xcbc"},
	{"aesxcbc", "aes_xcbc"},
	{"aescmac", "aes_cmac"},
	{"hmac-sha1", "sha1"},
	{"sha-1", "sha1"},
	{"sha1_160", "sha1"},
	{"x25519", "dh31"},
	{"modp1024s160", "dh22"},
	{"modp2048s224", "dh23"},
	{"modp2048s256", "dh24"},
	{"group2", "modp1024"},
	{"group5", "modp1536"},
	{"group14", "modp2048"},
	{"esn", NULL},
	{"noesn", NULL},
};

static gboolean
is_word(const char *words, const char *word)
{
	gsize len = strlen(word);

	for (const char *p = words; len && *p; p += strcspn(p, " "), p += strspn(p, " ")) {
		if (g_ascii_strncasecmp(p, word, len) == 0 && (p[len] == ' ' || !p[len]))
			return TRUE;
	}
	return FALSE;
}

/* The key's lengths that there are, in bits. */
static gboolean
is_key_length(const char *digits)
{
	return g_str_equal(digits, "128") || g_str_equal(digits, "192") || g_str_equal(digits, "256");
}

/* An encryption algorithm with or without the length of its key: aes, aes256, aes_gcm_16_256. */
static gboolean
is_encryption(const char *word, ProposalsKind kind, gboolean *aead)
{
	const char *aeads = kind == PROPOSALS_IKE ? IKE_AEAD : AEAD;
	const char *others = kind == PROPOSALS_IKE ? IKE_ENCRYPTION : ENCRYPTION;
	g_autofree char *name = g_strdup(word);
	gsize len = strlen(name);

	if (!is_word(aeads, name) && !is_word(others, name)) {
		if (len <= 3 || !is_key_length(name + len - 3))
			return FALSE;
		name[len - 3] = '\0';
		if (name[len - 4] == '_')
			name[len - 4] = '\0';
		if (is_word("3des 3des_cbc null chacha20_poly1305 chacha20poly1305", name))
			return FALSE; /* have one length */
	}
	*aead = is_word(aeads, name);
	return *aead || is_word(others, name);
}

/*****************************************************************************/

/* One proposal, its words taken one after the other. */
typedef struct {
	char **words;
	char *before; /* what stands before each word */
	guint n, at;
	char *fault;
} Proposal;

static void
proposal_clear(Proposal *proposal)
{
	g_strfreev(proposal->words);
	g_free(proposal->before);
	g_free(proposal->fault);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Proposal, proposal_clear)

static void
proposal_split(Proposal *proposal, const char *text)
{
	proposal->words = g_strsplit_set(text, "-;+", -1);
	proposal->n = g_strv_length(proposal->words);
	proposal->before = g_new0(char, proposal->n + 1);
	for (guint i = 1; i < proposal->n; i++) {
		text += strlen(proposal->words[i - 1]);
		proposal->before[i] = *text++;
	}
}

static const char *
next_word(const Proposal *proposal)
{
	return proposal->at < proposal->n ? proposal->words[proposal->at] : NULL;
}

static gboolean
refuse_word(Proposal *proposal, const char *what)
{
	const char *word = next_word(proposal);
	g_autofree char *quoted = option_quote(word ? word : "");

	if (!word || !*word)
		proposal->fault = g_strdup_printf(_("has nothing where %s has to be"), what);
	else
		proposal->fault =
			g_strdup_printf(_("has %s where %s has to be that libreswan knows"), quoted, what);
	return FALSE;
}

/* A word and those that are joined to it by '+', if it is one of @words at all. */
static gboolean
take_words(Proposal *proposal, const char *words, const char *what)
{
	do {
		const char *word = next_word(proposal);

		if (!word || !is_word(words, word))
			return refuse_word(proposal, what);
		proposal->at++;
	} while (proposal->before[proposal->at] == '+');
	return TRUE;
}

static gboolean
take_encryption(Proposal *proposal, ProposalsKind kind, gboolean *aead)
{
	do {
		const char *word = next_word(proposal);
		gboolean first = proposal->at == 0, is_aead;

		if (!word || !is_encryption(word, kind, &is_aead))
			return refuse_word(proposal, _("an encryption algorithm"));
		if (!first && is_aead != *aead) {
			proposal->fault = g_strdup(_("has an AEAD (GCM, CCM, ChaCha20-Poly1305) and another "
										 "algorithm in one proposal: write two, with a comma"));
			return FALSE;
		}
		*aead = is_aead;
		proposal->at++;
		word = next_word(proposal); /* aes_gcm-256 */
		if (word && proposal->before[proposal->at] == '-' && is_key_length(word))
			proposal->at++;
	} while (proposal->before[proposal->at] == '+');
	return TRUE;
}

static gboolean
take_hash(Proposal *proposal, ProposalsKind kind, gboolean aead)
{
	const char *word = next_word(proposal);

	if (kind == PROPOSALS_IKE && is_word(PRF, word))
		return take_words(proposal, PRF, _("a PRF"));
	if (!is_word(NONE " " INTEGRITY, word))
		return refuse_word(proposal, _("a hash"));
	if (is_word(NONE, word) != aead) {
		proposal->fault = g_strdup(aead ? _("has an integrity algorithm beside an AEAD (GCM, CCM, "
											"ChaCha20-Poly1305), which has its own: leave it out")
										: _("has no integrity algorithm"));
		return FALSE;
	}
	if (!take_words(proposal, NONE " " INTEGRITY, _("a hash")))
		return FALSE;
	return kind != PROPOSALS_IKE || proposal->before[proposal->at] != '-' ||
		   take_words(proposal, PRF, _("a PRF"));
}

static char *
find_fault_of_one(const char *text, ProposalsKind kind)
{
	const char *groups =
		kind == PROPOSALS_IKE ? GROUP " " RARE_GROUP : GROUP " " RARE_GROUP " none null dh0";
	g_auto(Proposal) proposal = {0};
	gboolean aead = FALSE;
	gboolean right;

	proposal_split(&proposal, text);
	right = take_encryption(&proposal, kind, &aead) &&
			(proposal.before[proposal.at] != '-' || take_hash(&proposal, kind, aead)) &&
			(!next_word(&proposal) || take_words(&proposal, groups, _("a group")));
	if (right && next_word(&proposal))
		refuse_word(&proposal, _("the end of the proposal"));
	return g_steal_pointer(&proposal.fault);
}

static char *
find_fault(const char *text, ProposalsKind kind)
{
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);
	char *fault = parts[0] ? NULL : g_strdup(_("is empty"));

	for (guint i = 0; !fault && parts[i]; i++) {
		if (parts[i][0])
			fault = find_fault_of_one(parts[i], kind);
		else
			fault = g_strdup(_("has a comma with no proposal beside it"));
	}
	return fault;
}

/*****************************************************************************/
/* What was meant. */

/* aes256gcm16, aes128ccm64, aes256ctr: the length and the mode the other way round. */
static char *
respell_mode(const char *word)
{
	static const struct {
		const char *mode, *name;
	} modes[] = {
		{"gcm", "aes_gcm_16_"},   {"gcm16", "aes_gcm_16_"}, {"gcm128", "aes_gcm_16_"},
		{"gcm12", "aes_gcm_12_"}, {"gcm96", "aes_gcm_12_"}, {"gcm8", "aes_gcm_8_"},
		{"gcm64", "aes_gcm_8_"},  {"ccm16", "aes_ccm_16_"}, {"ccm128", "aes_ccm_16_"},
		{"ccm12", "aes_ccm_12_"}, {"ccm96", "aes_ccm_12_"}, {"ccm8", "aes_ccm_8_"},
		{"ccm64", "aes_ccm_8_"},  {"ctr", "aes_ctr"},       {"cbc", "aes"},
	};
	g_autofree char *length = NULL;

	if (g_ascii_strncasecmp(word, "aes", 3) != 0 || strlen(word) < 7)
		return NULL;
	length = g_strndup(word + 3, 3);
	for (guint i = 0; is_key_length(length) && i < G_N_ELEMENTS(modes); i++) {
		if (g_ascii_strcasecmp(word + 6, modes[i].mode) == 0)
			return g_strconcat(modes[i].name, length, NULL);
	}
	return NULL;
}

/* NULL: leave it out. */
static char *
respell_word(const char *word)
{
	char *other = respell_mode(word);

	if (other)
		return other;
	for (guint i = 0; i < G_N_ELEMENTS(spellings); i++) {
		if (g_ascii_strcasecmp(word, spellings[i].theirs) == 0)
			return g_strdup(spellings[i].ours);
	}
	return g_strdup(word);
}

static void
respell_one(GString *text, const char *one)
{
	g_auto(Proposal) proposal = {0};
	gboolean first = TRUE;

	proposal_split(&proposal, one);
	for (guint i = 0; i < proposal.n; i++) {
		g_autofree char *word = respell_word(proposal.words[i]);

		if (!word || !*word)
			continue;
		/* Where there is no hash, a semicolon says so. */
		if (!first)
			g_string_append_c(
				text, i == 1 && is_word(GROUP " " RARE_GROUP, word) ? ';' : proposal.before[i]);
		g_string_append(text, word);
		first = FALSE;
	}
}

/* libreswan's spelling of what is right in another; NULL where there is none. */
static char *
respell(const char *text, ProposalsKind kind)
{
	g_autofree char *plain = g_strdup(text);
	g_autoptr(GString) other = g_string_new(NULL);
	g_autofree char *fault = NULL;
	g_auto(GStrv) parts = NULL;
	gsize len = strlen(plain);

	while (len && strchr("!,", plain[len - 1]))
		plain[--len] = '\0';
	parts = g_strsplit(plain, ",", -1);
	for (guint i = 0; parts[i]; i++) {
		if (other->len && parts[i][0])
			g_string_append_c(other, ',');
		respell_one(other, parts[i]);
	}
	fault = find_fault(other->str, kind);
	return fault ? NULL : g_string_free(g_steal_pointer(&other), FALSE);
}

char *
proposals_find_fault(const char *text, ProposalsKind kind)
{
	g_autofree char *fault = find_fault(text, kind);
	g_autofree char *right = fault ? respell(text, kind) : NULL;

	if (!right)
		return g_steal_pointer(&fault);
	return g_strdup_printf(_("%s; libreswan's spelling is %s"), fault, right);
}

char *
proposals_find_rare(const char *text)
{
	g_auto(GStrv) words = text ? g_strsplit_set(text, "-;+,", -1) : NULL;

	for (guint i = 0; words && words[i]; i++) {
		if (is_word(RARE_GROUP, words[i]))
			return g_strdup(words[i]);
	}
	return NULL;
}
