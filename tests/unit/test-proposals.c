/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is right here and what is wrong was tried with libreswan's algparse (4.10). */

#include "config.h"

#include <string.h>

#include "proposals.h"

static void
test_right(void)
{
	static const char *const ike[] = {
		"aes256-sha2_256;modp2048",
		"aes256-sha1-modp1536",
		"aes-sha1+sha2;dh14+dh15",
		"AES256-SHA256;DH19",
		"aes;dh14",
		"aes_gcm_256-sha2",
		"aes_gcm-256-sha2;dh14",
		"aes_gcm256-null-sha2",
		"3des-md5;modp1024",
		"aes_gcm_c-256-sha2_512",
		"aes256",
		"chacha20_poly1305-sha2_256-curve25519",
		"aes256-sha1_96-sha1;dh14",
		"aes256-sha1,3des-sha1",
		"aes_cbc128-aes_xcbc",
		"aes256-sha2_512_256;ecp384",
	};
	static const char *const esp[] = {
		"aes256-sha2_512", "aes_gcm256-null",        "aes_gcm256",
		"null-sha1",       "aes256-sha1;dh14",       "aes_ccm_8_128-none",
		"aes_gmac",        "aes256-sha256-modp2048", "aes128-sha1,aes_gcm128",
	};

	for (guint i = 0; i < G_N_ELEMENTS(ike); i++) {
		g_autofree char *fault = proposals_find_fault(ike[i], PROPOSALS_IKE);

		g_test_message("%s", ike[i]);
		g_assert_cmpstr(fault, ==, NULL);
	}
	for (guint i = 0; i < G_N_ELEMENTS(esp); i++) {
		g_autofree char *fault = proposals_find_fault(esp[i], PROPOSALS_ESP);

		g_test_message("%s", esp[i]);
		g_assert_cmpstr(fault, ==, NULL);
	}
}

/* The algorithm is named, and where another spelling is meant, ours. */
static void
test_wrong(void)
{
	static const struct {
		const char *text;
		ProposalsKind kind;
		const char *named, *right;
	} cases[] = {
		{"aes256gcm16-prfsha384-ecp384", PROPOSALS_IKE, "\"aes256gcm16\"",
		 "aes_gcm_16_256-sha2_384-ecp384"},
		{"aes256-sha256-modp2048!", PROPOSALS_IKE, "\"modp2048!\"", "aes256-sha256-modp2048"},
		{"aes256-sha1,", PROPOSALS_IKE, "comma", "aes256-sha1"},
		{"aes256-sha1,,aes128-sha1", PROPOSALS_IKE, "comma", "aes256-sha1,aes128-sha1"},
		{"aes256-modp2048", PROPOSALS_IKE, "\"modp2048\"", "aes256;modp2048"},
		{"aes256-sha256-x25519", PROPOSALS_IKE, "\"x25519\"", "aes256-sha256-dh31"},
		{"aes128gcm128", PROPOSALS_ESP, "\"aes128gcm128\"", "aes_gcm_16_128"},
		{"aes128ctr-sha1", PROPOSALS_ESP, "\"aes128ctr\"", "aes_ctr128-sha1"},
		{"aes256-sha256-esn", PROPOSALS_ESP, "\"esn\"", "aes256-sha256"},
		{"aes256-serpent", PROPOSALS_IKE, "\"serpent\"", NULL},
		{"blowfish-sha1;modp1536", PROPOSALS_IKE, "\"blowfish\"", NULL},
		{"aes64-sha1", PROPOSALS_ESP, "\"aes64\"", NULL},
		{"aes256-sha1;modp768", PROPOSALS_IKE, "\"modp768\"", NULL},
		{"aes256-sha1-modp2048-sha1", PROPOSALS_IKE, "\"sha1\"", NULL},
		{"aes256-none", PROPOSALS_ESP, "no integrity", NULL},
		{"aes_gcm256-sha1", PROPOSALS_ESP, "AEAD", NULL},
		{"aes_gcm256+aes256", PROPOSALS_IKE, "AEAD", NULL},
		{"aes256-sha1;none", PROPOSALS_IKE, "\"none\"", NULL},
		{"aes_gmac", PROPOSALS_IKE, "\"aes_gmac\"", NULL},
		{"aes256-sha1;", PROPOSALS_IKE, "nothing", "aes256-sha1"},
		{"-sha1", PROPOSALS_IKE, "nothing", NULL},
		{"aes256:sha1", PROPOSALS_IKE, "\"aes256:sha1\"", NULL},
		{"!", PROPOSALS_IKE, "\"!\"", NULL},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *fault = proposals_find_fault(cases[i].text, cases[i].kind);
		const char *spelling = "; libreswan's spelling is ";
		const char *right = fault ? strstr(fault, spelling) : NULL;

		g_test_message("%s: %s", cases[i].text, fault);
		g_assert_nonnull(fault);
		g_assert_nonnull(strstr(fault, cases[i].named));
		g_assert_cmpstr(right ? right + strlen(spelling) : NULL, ==, cases[i].right);
	}
}

static void
test_rare(void)
{
	g_autofree char *rare = proposals_find_rare("aes256-sha1;modp2048,3des-sha1;modp1024");
	g_autofree char *usual = proposals_find_rare("aes256-sha1;modp1536");
	g_autofree char *none = proposals_find_rare(NULL);

	g_assert_cmpstr(rare, ==, "modp1024");
	g_assert_cmpstr(usual, ==, NULL);
	g_assert_cmpstr(none, ==, NULL);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/proposals/right", test_right);
	g_test_add_func("/proposals/wrong", test_wrong);
	g_test_add_func("/proposals/rare", test_rare);
	return g_test_run();
}
