/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "ike-transform.h"

#include <string.h>

#include "proposals.h"

/* "1:12/256 3:12 2:5 4:14": type, number and bits of each. */
static char *
describe(const GArray *transforms)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < transforms->len; i++) {
		const IkeTransform *t = &g_array_index(transforms, IkeTransform, i);

		g_string_append_printf(text, "%s%u:%u", i ? " " : "", t->type, t->id);
		if (t->bits)
			g_string_append_printf(text, "/%u", t->bits);
	}
	return g_string_free(text, FALSE);
}

static void
test_parse(void)
{
	static const struct {
		const char *text;
		gboolean ikev2;
		const char *expected;
	} cases[] = {
		{"aes256-sha2_256;modp2048", TRUE, "1:12/256 2:5 3:12 4:14"},
		{"aes256-sha2_256-modp2048", TRUE, "1:12/256 2:5 3:12 4:14"},
		{"AES_CBC_128-HMAC_SHA1;DH2", FALSE, "1:12/128 2:2 3:2 4:2"},
		{"aes-256-sha1;dh14", TRUE, "1:12/256 2:2 3:2 4:14"},
		{"aes-sha1;dh14", TRUE, "1:12/256 1:12/128 2:2 3:2 4:14"},
		{"3des-md5;modp1536", FALSE, "1:3 2:1 3:1 4:5"},
		{"aes_gcm256-sha2_512;dh19", TRUE, "1:20/256 2:7 4:19"},
		{"aes_gcm_16_128-none-sha2_256;dh31", TRUE, "1:20/128 2:5 4:31"},
		{"chacha20_poly1305-sha2_512;dh20", TRUE, "1:28 2:7 4:20"},
		{"aes128-sha1_96-sha2_256;dh14", TRUE, "1:12/128 3:2 2:5 4:14"},
		{"aes128-sha2_256_128+sha1;dh14", TRUE, "1:12/128 3:12 3:2 4:14 2:7 2:5"},
		{"aes128-aes_cmac-sha1+sha2_512;dh14", TRUE, "1:12/128 3:8 2:2 2:7 4:14"},
		{"aes256+aes128-sha2_512+sha1;modp2048+dh19", TRUE,
		 "1:12/256 1:12/128 2:7 3:14 2:2 3:2 4:14 4:19"},
		{"aes256;modp2048", TRUE, "1:12/256 4:14 2:7 3:14 2:5 3:12"},
		{"aes256-sha1", FALSE, "1:12/256 2:2 3:2 4:14 4:5 4:19 4:31"},
		{"aes256-sha1", TRUE, "1:12/256 2:2 3:2 4:19 4:20 4:21 4:31 4:16 4:15 4:14 4:18"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) proposals =
			ike_transforms_parse(cases[i].text, cases[i].ikev2, 5, &error);
		g_autofree char *fault = proposals_find_fault(cases[i].text, PROPOSALS_IKE);
		g_autofree char *text = NULL;

		if (fault)
			g_error("%s %s", cases[i].text, fault);
		g_assert_no_error(error);
		g_assert_cmpuint(proposals->len, ==, 1);
		text = describe(proposals->pdata[0]);
		g_assert_cmpstr(text, ==, cases[i].expected);
	}
}

/* libreswan's own are a value like another, and several are several: what `ipsec algparse` of 4.10
 * and 5.2 prints, in number. */
static void
test_defaults(void)
{
	static const struct {
		gboolean ikev2;
		guint major, n_proposals, n_first;
		const char *begins;
	} cases[] = {
		{FALSE, 4, 2, 2 + 3 + 3 + 2, "1:12/256 1:12/128 2:5 3:12 2:7 3:14 2:2 3:2 4:14 4:5"},
		{FALSE, 5, 2, 2 + 3 + 3 + 4, "1:12/256 1:12/128 2:5 3:12 2:7 3:14 2:2 3:2 4:14 4:5 4:19"},
		{TRUE, 4, 4, 1 + 2 + 8, "1:20/256 2:7 2:5 4:14 4:15"},
		{TRUE, 5, 5, 1 + 2 + 8, "1:20/256 2:7 2:5 4:19 4:20"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *value = ike_transforms_default(cases[i].ikev2, cases[i].major);
		g_autofree char *fault = proposals_find_fault(value, PROPOSALS_IKE);
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) proposals =
			ike_transforms_parse(value, cases[i].ikev2, cases[i].major, &error);
		g_autofree char *text = NULL;

		g_assert_null(fault);
		g_assert_no_error(error);
		g_assert_cmpuint(proposals->len, ==, cases[i].n_proposals);
		text = describe(proposals->pdata[0]);
		g_assert_true(g_str_has_prefix(text, cases[i].begins));
		g_assert_cmpuint(((GArray *) proposals->pdata[0])->len, ==, cases[i].n_first);
	}
}

/* What is left out in IKEv1 is not the same in libreswan 4. */
static void
test_major(void)
{
	g_autoptr(GPtrArray) proposals = ike_transforms_parse("aes256-sha1", FALSE, 4, NULL);
	g_autofree char *text = describe(proposals->pdata[0]);

	g_assert_cmpstr(text, ==, "1:12/256 2:2 3:2 4:14 4:5");
}

static const IkeTransform *
pick(const GArray *transforms, guint16 type, GRand *dice)
{
	const IkeTransform *found = NULL;
	guint n = 0;

	for (guint i = 0; i < transforms->len; i++) {
		const IkeTransform *transform = &g_array_index(transforms, IkeTransform, i);

		if (transform->type == type && g_rand_int_range(dice, 0, (gint32) ++n) == 0)
			found = transform;
	}
	return found;
}

/* Whatever is chosen of what was offered is told as libreswan takes it, and means the same. */
static void
test_round_trip(void)
{
	static const char *const values[] = {
		"aes+camellia256+3des-md5+sha1+sha2+sha2_384+sha2_512;modp1024+dh5+dh14+dh22+ecp256",
		"aes-sha1_96+sha2_256_128+aes_cmac+aes_xcbc_96-sha1+sha2_256+aes_xcbc;dh31+modp8192",
		"aes_gcm_8+aes_gcm_12+aes_gcm+chacha20poly1305-none-sha2_512+sha1;dh20+dh24",
		"aes_ctr;dh21",
	};
	GRand *dice = g_rand_new_with_seed(11);

	for (guint i = 0; i < 4000; i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) offered =
			ike_transforms_parse(values[i % G_N_ELEMENTS(values)], TRUE, 5, &error);
		g_autofree char *told = NULL, *fault = NULL, *again = NULL;
		g_autoptr(GPtrArray) back = NULL;
		g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(IkeTransform));
		/* As it is read: encryption, integrity where it is named, PRF, group. */
		guint16 types[] = {IKE_ENCRYPTION, IKE_INTEGRITY, IKE_PRF, IKE_GROUP};

		g_assert_no_error(error);
		for (guint t = 0; t < G_N_ELEMENTS(types); t++) {
			const IkeTransform *one = pick(offered->pdata[0], types[t], dice);

			if (one)
				g_array_append_val(chosen, *one);
		}
		told = ike_transforms_to_string((IkeTransform *) (void *) chosen->data, chosen->len);
		fault = proposals_find_fault(told, PROPOSALS_IKE);
		if (fault)
			g_error("%s %s", told, fault);
		back = ike_transforms_parse(told, TRUE, 5, &error);
		g_assert_no_error(error);
		again =
			ike_transforms_to_string((IkeTransform *) (void *) ((GArray *) back->pdata[0])->data,
									 ((GArray *) back->pdata[0])->len);
		g_assert_cmpstr(told, ==, again);
		g_assert_cmpuint(((GArray *) back->pdata[0])->len, ==, chosen->len);
		for (guint t = 0; t < chosen->len; t++) {
			const IkeTransform *one = &g_array_index(chosen, IkeTransform, t);
			const IkeTransform *same = pick(back->pdata[0], one->type, dice);

			g_assert_nonnull(same);
			g_assert_cmpuint(same->id, ==, one->id);
			g_assert_cmpuint(same->bits, ==, one->bits);
		}
	}
	g_rand_free(dice);
}

static void
test_unknown(void)
{
	static const char *const texts[] = {"twofish-sha1", "aes-nohash;modp2048", "aes-sha1;modp1",
										"aes256+aes_gcmm-sha1", ""};

	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(ike_transforms_parse(texts[i], TRUE, 5, &error));
		g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
	}
}

static void
assert_text(const IkeTransform *transforms, gsize n, const char *expected)
{
	g_autofree char *text = ike_transforms_to_string(transforms, n);

	g_assert_cmpstr(text, ==, expected);
}

static void
test_to_string(void)
{
	const IkeTransform cbc[] = {
		{IKE_ENCRYPTION, 12, 256}, {IKE_PRF, 5, 0}, {IKE_INTEGRITY, 12, 0}, {IKE_GROUP, 14, 0}};
	const IkeTransform gcm[] = {{IKE_GROUP, 19, 0}, {IKE_ENCRYPTION, 20, 128}, {IKE_PRF, 7, 0}};
	const IkeTransform odd[] = {
		{IKE_ENCRYPTION, 12, 128}, {IKE_INTEGRITY, 2, 0}, {IKE_PRF, 5, 0}, {IKE_GROUP, 99, 0}};
	g_autofree char *group = ike_group_name(2);

	assert_text(cbc, G_N_ELEMENTS(cbc), "aes256-sha2_256;modp2048");
	assert_text(gcm, G_N_ELEMENTS(gcm), "aes_gcm128-sha2_512;dh19");
	assert_text(odd, G_N_ELEMENTS(odd), "aes128-sha1_96-sha2_256;group 99");
	assert_text(NULL, 0, "?-?;?");
	g_assert_cmpstr(group, ==, "modp1024");
}

static void
test_v1(void)
{
	const IkeTransform aes = {IKE_ENCRYPTION, 12, 256}, gcm = {IKE_ENCRYPTION, 20, 256};
	const IkeTransform sha512 = {IKE_PRF, 7, 0}, group = {IKE_GROUP, 14, 0};
	IkeTransform back;

	g_assert_cmpuint(ike_v1_number(&aes), ==, 7);
	g_assert_cmpuint(ike_v1_number(&gcm), ==, 0);
	g_assert_cmpuint(ike_v1_number(&sha512), ==, 6);
	g_assert_cmpuint(ike_v1_number(&group), ==, 14);
	g_assert_true(ike_from_v1(&back, IKE_ENCRYPTION, 7, 128));
	g_assert_cmpuint(back.id, ==, 12);
	g_assert_cmpuint(back.bits, ==, 128);
	g_assert_true(ike_from_v1(&back, IKE_PRF, 4, 0));
	g_assert_cmpuint(back.id, ==, 5);
	g_assert_false(ike_from_v1(&back, IKE_PRF, 0, 0));
	g_assert_false(ike_from_v1(&back, IKE_ENCRYPTION, 99, 0));
}

/* RFC 3526, 5903 and 7748 say how long each is. */
static void
test_public_values(void)
{
	static const struct {
		guint16 id;
		gsize size;
	} sizes[] = {{2, 128},   {5, 192}, {14, 256}, {15, 384}, {16, 512}, {17, 768},
				 {18, 1024}, {19, 64}, {20, 96},  {21, 132}, {31, 32}};

	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autoptr(GBytes) value = ike_group_public_value(sizes[i].id);

		g_assert_nonnull(value);
		g_assert_cmpuint(g_bytes_get_size(value), ==, sizes[i].size);
	}
	g_assert_null(ike_group_public_value(0));
	g_assert_null(ike_group_public_value(22));
	g_assert_null(ike_group_public_value(65535));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ike-transform/parse", test_parse);
	g_test_add_func("/ike-transform/defaults", test_defaults);
	g_test_add_func("/ike-transform/major", test_major);
	g_test_add_func("/ike-transform/round-trip", test_round_trip);
	g_test_add_func("/ike-transform/unknown", test_unknown);
	g_test_add_func("/ike-transform/to-string", test_to_string);
	g_test_add_func("/ike-transform/v1", test_v1);
	g_test_add_func("/ike-transform/public-values", test_public_values);
	return g_test_run();
}
