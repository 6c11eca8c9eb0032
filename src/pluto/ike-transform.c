/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "ike-transform.h"

#include <string.h>

/* The first word of a number is the one that is shown. */
static const struct {
	const char *name;
	guint8 id, v1;
	gboolean aead;
	gboolean has_lengths;
} encryptions[] = {
	{"aes", 12, 7, FALSE, TRUE},
	{"aes_cbc", 12, 7, FALSE, TRUE},
	{"aes_gcm", 20, 0, TRUE, TRUE},
	{"aes_gcm_16", 20, 0, TRUE, TRUE},
	{"aes_gcm_c", 20, 0, TRUE, TRUE},
	{"aes_gcm_12", 19, 0, TRUE, TRUE},
	{"aes_gcm_b", 19, 0, TRUE, TRUE},
	{"aes_gcm_8", 18, 0, TRUE, TRUE},
	{"aes_gcm_a", 18, 0, TRUE, TRUE},
	{"aes_ctr", 13, 0, FALSE, TRUE},
	{"aesctr", 13, 0, FALSE, TRUE},
	{"3des", 3, 5, FALSE, FALSE},
	{"3des_cbc", 3, 5, FALSE, FALSE},
	{"camellia", 23, 8, FALSE, TRUE},
	{"camellia_cbc", 23, 8, FALSE, TRUE},
	{"chacha20_poly1305", 28, 0, TRUE, FALSE},
	{"chacha20poly1305", 28, 0, TRUE, FALSE},
};

/* libreswan's order in IKEv1 (4 and 5), IKEv2 (4 and 5): `ipsec algparse -v1 ike` prints it. */
#define V1_HASHES   "sha2_256+sha2_512+sha1"
#define V1_GROUPS_4 "modp2048+modp1536"
#define V1_GROUPS_5 "modp2048+modp1536+dh19+dh31"
#define V2_HASHES   "sha2_512+sha2_256"
#define V2_GROUPS_4 "modp2048+modp3072+modp4096+modp8192+dh19+dh20+dh21+dh31"
#define V2_GROUPS_5 "dh19+dh20+dh21+dh31+modp4096+modp3072+modp2048+modp8192"

/* A hash is the PRF and the integrity algorithm that are made of it; a word without a PRF names the
 * integrity algorithm alone. */
static const struct {
	const char *name;
	guint8 prf, integrity, v1;
} hashes[] = {
	{"sha2_256", 5, 12, 4},
	{"sha2", 5, 12, 4},
	{"sha256", 5, 12, 4},
	{"hmac_sha2_256", 5, 12, 4},
	{"sha2_256_128", 0, 12, 0},
	{"hmac_sha2_256_128", 0, 12, 0},
	{"sha2_384", 6, 13, 5},
	{"sha384", 6, 13, 5},
	{"hmac_sha2_384", 6, 13, 5},
	{"sha2_384_192", 0, 13, 0},
	{"hmac_sha2_384_192", 0, 13, 0},
	{"sha2_512", 7, 14, 6},
	{"sha512", 7, 14, 6},
	{"hmac_sha2_512", 7, 14, 6},
	{"sha2_512_256", 0, 14, 0},
	{"hmac_sha2_512_256", 0, 14, 0},
	{"sha1", 2, 2, 2},
	{"sha", 2, 2, 2},
	{"hmac_sha1", 2, 2, 2},
	{"sha1_96", 0, 2, 0},
	{"hmac_sha1_96", 0, 2, 0},
	{"md5", 1, 1, 1},
	{"hmac_md5", 1, 1, 1},
	{"hmac_md5_96", 0, 1, 0},
	{"aes_xcbc", 4, 5, 0},
	{"aes128_xcbc", 4, 5, 0},
	{"aes_xcbc_96", 0, 5, 0},
	{"aes128_xcbc_96", 0, 5, 0},
	{"aes_cmac", 0, 8, 0},
	{"aes_cmac_96", 0, 8, 0},
};

/* @size: of a public value, in bytes, where the generator is 2. */
static const struct {
	const char *name;
	guint8 id;
	guint16 size;
} groups[] = {
	{"modp1024", 2, 128},   {"dh2", 2, 128},    {"modp1536", 5, 192},  {"dh5", 5, 192},
	{"modp2048", 14, 256},  {"dh14", 14, 256},  {"modp3072", 15, 384}, {"dh15", 15, 384},
	{"modp4096", 16, 512},  {"dh16", 16, 512},  {"modp6144", 17, 768}, {"dh17", 17, 768},
	{"modp8192", 18, 1024}, {"dh18", 18, 1024}, {"dh19", 19, 0},       {"ecp256", 19, 0},
	{"ecp_256", 19, 0},     {"dh20", 20, 0},    {"ecp384", 20, 0},     {"ecp_384", 20, 0},
	{"dh21", 21, 0},        {"ecp521", 21, 0},  {"ecp_521", 21, 0},    {"dh22", 22, 0},
	{"dh23", 23, 0},        {"dh24", 24, 0},    {"dh31", 31, 0},       {"curve25519", 31, 0},
};

/*****************************************************************************/

static gint
find_encryption(const char *word)
{
	for (guint i = 0; i < G_N_ELEMENTS(encryptions); i++) {
		if (g_ascii_strcasecmp(encryptions[i].name, word) == 0)
			return (gint) i;
	}
	return -1;
}

/* 128, 192 or 256; 0 for anything else. */
static guint16
length_of(const char *digits)
{
	static const guint16 lengths[] = {128, 192, 256};

	for (guint i = 0; i < G_N_ELEMENTS(lengths); i++) {
		g_autofree char *text = g_strdup_printf("%u", lengths[i]);

		if (g_str_equal(text, digits))
			return lengths[i];
	}
	return 0;
}

/* A proposal in the making; libreswan's grammar was checked before. */
typedef struct {
	GArray *transforms;
	gboolean aead;
	gboolean takes_integrity; /* the list of hashes that is read names integrity algorithms */
	gboolean has_integrity;   /* so that none is made of the PRF */
} Proposal;

static void
add(Proposal *self, guint16 type, guint16 id, guint16 bits)
{
	const IkeTransform transform = {type, id, bits};

	for (guint i = 0; i < self->transforms->len; i++) {
		const IkeTransform *have = &g_array_index(self->transforms, IkeTransform, i);

		if (have->type == type && have->id == id && have->bits == bits)
			return;
	}
	g_array_append_val(self->transforms, transform);
}

static gboolean
take_encryption(Proposal *self, const char *word, const char *next, gboolean *took_next)
{
	g_autofree char *name = g_strdup(word);
	const gsize len = strlen(name);
	gint at = find_encryption(name);
	guint16 bits = 0;

	if (at < 0 && len > 3 && (bits = length_of(name + len - 3))) {
		name[len - 3] = '\0';
		if (name[len - 4] == '_')
			name[len - 4] = '\0';
		at = find_encryption(name);
	}
	if (at < 0)
		return FALSE;
	self->aead = encryptions[at].aead;
	if (bits == 0 && next && (bits = length_of(next)))
		*took_next = TRUE;
	if (bits || !encryptions[at].has_lengths) {
		add(self, IKE_ENCRYPTION, encryptions[at].id, bits);
	} else {
		/* Without a length libreswan offers both of these. */
		add(self, IKE_ENCRYPTION, encryptions[at].id, 256);
		add(self, IKE_ENCRYPTION, encryptions[at].id, 128);
	}
	return TRUE;
}

/* Of several words joined by '+' the first says what they are. */
static gboolean
take_hash(Proposal *self, const char *word, gboolean is_first)
{
	guint i = 0;

	if (g_ascii_strcasecmp(word, "none") == 0 || g_ascii_strcasecmp(word, "null") == 0) {
		self->has_integrity = TRUE;
		return TRUE;
	}
	while (i < G_N_ELEMENTS(hashes) && g_ascii_strcasecmp(hashes[i].name, word) != 0)
		i++;
	if (i == G_N_ELEMENTS(hashes))
		return FALSE;
	if (is_first)
		self->takes_integrity = hashes[i].prf == 0;
	self->has_integrity |= self->takes_integrity;
	if (!self->takes_integrity)
		add(self, IKE_PRF, hashes[i].prf, 0);
	if (self->takes_integrity || (!self->aead && !self->has_integrity))
		add(self, IKE_INTEGRITY, hashes[i].integrity, 0);
	return self->takes_integrity || hashes[i].prf != 0;
}

static gboolean
take_group(Proposal *self, const char *word)
{
	for (guint i = 0; i < G_N_ELEMENTS(groups); i++) {
		if (g_ascii_strcasecmp(groups[i].name, word) != 0)
			continue;
		add(self, IKE_GROUP, groups[i].id, 0);
		return TRUE;
	}
	return FALSE;
}

static gboolean
has_type(const Proposal *self, guint16 type)
{
	for (guint i = 0; i < self->transforms->len; i++) {
		if (g_array_index(self->transforms, IkeTransform, i).type == type)
			return TRUE;
	}
	return FALSE;
}

/* libreswan's defaults for what is left out. */
static void
complete(Proposal *self, gboolean ikev2, guint major)
{
	g_auto(GStrv) hash = g_strsplit(ikev2 ? V2_HASHES : V1_HASHES, "+", -1);
	g_auto(GStrv) group = g_strsplit(ikev2       ? (major < 5 ? V2_GROUPS_4 : V2_GROUPS_5)
									 : major < 5 ? V1_GROUPS_4
												 : V1_GROUPS_5,
									 "+", -1);
	const gboolean has_prf = has_type(self, IKE_PRF), has_group = has_type(self, IKE_GROUP);

	for (guint i = 0; !has_prf && hash[i]; i++)
		take_hash(self, hash[i], i == 0);
	for (guint i = 0; !has_group && group[i]; i++)
		take_group(self, group[i]);
}

static GArray *
parse_one(const char *text, gboolean ikev2, guint major, GError **error)
{
	g_auto(GStrv) words = g_strsplit_set(text, "-;+", -1);
	g_autoptr(GArray) transforms = g_array_new(FALSE, FALSE, sizeof(IkeTransform));
	Proposal proposal = {.transforms = transforms};
	const char *at = text;
	char before = '\0', kind = 'e';

	for (guint i = 0; words[i]; i++) {
		const char *word = words[i];
		gboolean took_next = FALSE;

		/* An encryption algorithm, then hashes, then groups; '+' goes on with what it was. */
		if (i > 0 && before != '+')
			kind = take_group(&proposal, word) ? 'g' : 'h';
		if (kind == 'e' && !take_encryption(&proposal, word, words[i + 1], &took_next))
			goto unknown;
		if (kind == 'h' && !take_hash(&proposal, word, before != '+'))
			goto unknown;
		if (kind == 'g' && !take_group(&proposal, word))
			goto unknown;
		at += strlen(word);
		if (took_next)
			at += 1 + strlen(words[++i]);
		before = *at ? *at++ : '\0';
		continue;
	unknown:
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "\"%s\"", word);
		return NULL;
	}
	complete(&proposal, ikev2, major);
	return g_steal_pointer(&transforms);
}

static void
unref_array(gpointer array)
{
	g_array_unref(array);
}

GPtrArray *
ike_transforms_parse(const char *text, gboolean ikev2, guint major, GError **error)
{
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);
	g_autoptr(GPtrArray) proposals = g_ptr_array_new_with_free_func(unref_array);

	for (guint i = 0; parts[i]; i++) {
		GArray *one = parse_one(parts[i], ikev2, major, error);

		if (!one)
			return NULL;
		g_ptr_array_add(proposals, one);
	}
	if (proposals->len == 0) {
		g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "\"\"");
		return NULL;
	}
	return g_steal_pointer(&proposals);
}

const char *
ike_transforms_default(gboolean ikev2, guint major)
{
	if (ikev2 && major < 5)
		return "aes_gcm256-" V2_HASHES ";" V2_GROUPS_4 ",aes_gcm128-" V2_HASHES ";" V2_GROUPS_4
			   ",aes256-" V2_HASHES ";" V2_GROUPS_4 ",aes128-" V2_HASHES ";" V2_GROUPS_4;
	if (ikev2)
		return "aes_gcm256-" V2_HASHES ";" V2_GROUPS_5 ",aes_gcm128-" V2_HASHES ";" V2_GROUPS_5
			   ",chacha20_poly1305-" V2_HASHES ";" V2_GROUPS_5 ",aes256-" V2_HASHES ";" V2_GROUPS_5
			   ",aes128-" V2_HASHES ";" V2_GROUPS_5;
	return major < 5 ? "aes-" V1_HASHES ";" V1_GROUPS_4 ",3des-" V1_HASHES ";" V1_GROUPS_4
					 : "aes-" V1_HASHES ";" V1_GROUPS_5 ",3des-" V1_HASHES ";" V1_GROUPS_5;
}

/*****************************************************************************/

static char *
name_of(const IkeTransform *transform)
{
	static const char *const types[] = {
		[IKE_ENCRYPTION] = "encryption",
		[IKE_PRF] = "PRF",
		[IKE_INTEGRITY] = "integrity",
		[IKE_GROUP] = "group",
	};

	for (guint i = 0; transform->type == IKE_ENCRYPTION && i < G_N_ELEMENTS(encryptions); i++) {
		if (encryptions[i].id != transform->id)
			continue;
		return transform->bits ? g_strdup_printf("%s%u", encryptions[i].name, transform->bits)
							   : g_strdup(encryptions[i].name);
	}
	for (guint i = 0; transform->type == IKE_PRF && i < G_N_ELEMENTS(hashes); i++) {
		if (hashes[i].prf == transform->id)
			return g_strdup(hashes[i].name);
	}
	for (guint i = 0; transform->type == IKE_INTEGRITY && i < G_N_ELEMENTS(hashes); i++) {
		if (hashes[i].integrity == transform->id && hashes[i].prf == 0)
			return g_strdup(hashes[i].name);
	}
	for (guint i = 0; transform->type == IKE_GROUP && i < G_N_ELEMENTS(groups); i++) {
		if (groups[i].id == transform->id)
			return g_strdup(groups[i].name);
	}
	return g_strdup_printf("%s %u", types[transform->type], transform->id);
}

static const IkeTransform *
find_type(const IkeTransform *transforms, gsize n, guint16 type)
{
	for (gsize i = 0; i < n; i++) {
		if (transforms[i].type == type)
			return &transforms[i];
	}
	return NULL;
}

/* libreswan makes the integrity algorithm of the PRF where none is named. */
static gboolean
are_of_one_hash(const IkeTransform *integrity, const IkeTransform *prf)
{
	for (guint i = 0; i < G_N_ELEMENTS(hashes); i++) {
		if (hashes[i].prf == prf->id && hashes[i].integrity == integrity->id && prf->id)
			return TRUE;
	}
	return FALSE;
}

char *
ike_transforms_to_string(const IkeTransform *transforms, gsize n)
{
	const IkeTransform *encryption = find_type(transforms, n, IKE_ENCRYPTION);
	const IkeTransform *integrity = find_type(transforms, n, IKE_INTEGRITY);
	const IkeTransform *prf = find_type(transforms, n, IKE_PRF);
	const IkeTransform *group = find_type(transforms, n, IKE_GROUP);
	g_autofree char *first = encryption ? name_of(encryption) : g_strdup("?");
	g_autofree char *integrity_name = integrity ? name_of(integrity) : NULL;
	g_autofree char *prf_name = prf ? name_of(prf) : g_strdup("?");
	g_autofree char *last = group ? name_of(group) : g_strdup("?");

	if (integrity && prf && !are_of_one_hash(integrity, prf))
		return g_strdup_printf("%s-%s-%s;%s", first, integrity_name, prf_name, last);
	return g_strdup_printf("%s-%s;%s", first, prf_name, last);
}

char *
ike_group_name(guint16 id)
{
	const IkeTransform group = {IKE_GROUP, id, 0};

	return name_of(&group);
}

guint16
ike_v1_number(const IkeTransform *transform)
{
	for (guint i = 0; transform->type == IKE_ENCRYPTION && i < G_N_ELEMENTS(encryptions); i++) {
		if (encryptions[i].id == transform->id)
			return encryptions[i].v1;
	}
	for (guint i = 0; transform->type == IKE_PRF && i < G_N_ELEMENTS(hashes); i++) {
		if (hashes[i].prf == transform->id)
			return hashes[i].v1;
	}
	return transform->type == IKE_GROUP ? transform->id : 0;
}

gboolean
ike_from_v1(IkeTransform *transform, IkeTransformType type, guint16 number, guint16 bits)
{
	*transform = (IkeTransform){(guint16) type, number, bits};
	for (guint i = 0; type == IKE_ENCRYPTION && i < G_N_ELEMENTS(encryptions); i++) {
		if (number && encryptions[i].v1 == number) {
			transform->id = encryptions[i].id;
			return TRUE;
		}
	}
	for (guint i = 0; type == IKE_PRF && i < G_N_ELEMENTS(hashes); i++) {
		if (number && hashes[i].v1 == number) {
			transform->id = hashes[i].prf;
			return TRUE;
		}
	}
	return type == IKE_GROUP;
}

/*****************************************************************************/

/* The base points of P-256, P-384 and P-521 (SEC 2, section 2), both coordinates: RFC 5903. */
static const char *const base_points[] = {
	[19] = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
		   "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
	[20] = "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a38"
		   "5502f25dbf55296c3a545e3872760ab73617de4a96262c6f5d9e98bf9292dc29"
		   "f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
	[21] = "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d"
		   "3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5"
		   "bd66011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17"
		   "273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be9476"
		   "9fd16650",
};

static GBytes *
from_hex(const char *hex)
{
	const gsize len = strlen(hex) / 2;
	guint8 *bytes = g_malloc(len);

	for (gsize i = 0; i < len; i++)
		bytes[i] =
			(guint8) (g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
	return g_bytes_new_take(bytes, len);
}

GBytes *
ike_group_public_value(guint16 id)
{
	guint8 *bytes;

	if (id < G_N_ELEMENTS(base_points) && base_points[id])
		return from_hex(base_points[id]);
	if (id == 31) {
		bytes = g_malloc0(32);
		bytes[0] = 9; /* RFC 7748, in little-endian order */
		return g_bytes_new_take(bytes, 32);
	}
	for (guint i = 0; i < G_N_ELEMENTS(groups); i++) {
		if (groups[i].id != id || groups[i].size == 0)
			continue;
		bytes = g_malloc0(groups[i].size);
		bytes[groups[i].size - 1] = 2;
		return g_bytes_new_take(bytes, groups[i].size);
	}
	return NULL;
}
