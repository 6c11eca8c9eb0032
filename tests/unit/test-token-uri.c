/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include <string.h>

#include "make-profile.h"
#include "token-uri.h"

static void
test_is_one(void)
{
	g_assert_true(token_uri_is_one("pkcs11:token=a"));
	g_assert_true(token_uri_is_one("PKCS11:"));
	g_assert_true(token_uri_is_one("Alice Card:alice"));
	g_assert_false(token_uri_is_one("/home/joe/pkcs11:token=a"));
	g_assert_false(token_uri_is_one("joe.p12"));
	g_assert_false(token_uri_is_one("sftp://example.com/joe.p12"));
}

static void
test_spelling(void)
{
	static const struct {
		const char *text, *uri;
	} cases[] = {
		{"pkcs11:token=Alice;object=vpn", "pkcs11:token=Alice;object=vpn"},
		{"Alice Card:alice", "pkcs11:token=Alice%20Card;object=alice"},
		/* Everything behind the first colon. */
		{"a:b:c", "pkcs11:token=a;object=b%3Ac"},
		{"Karte für Zoë:é", "pkcs11:token=Karte%20f%C3%BCr%20Zo%C3%AB;object=%C3%A9"},
		/* As other programs print it: in any order, with what is the same for all. */
		{"pkcs11:model=SoftHSM%20v2;manufacturer=SoftHSM%20project;serial=5f;token=A%20b;id=%a1%00;"
		 "object=c;type=cert",
		 "pkcs11:token=A%20b;manufacturer=SoftHSM%20project;model=SoftHSM%20v2;serial=5f;object=c;"
		 "id=%A1%00"},
		{"PKCS11:token=%41;id=a", "pkcs11:token=A;id=%61"},
		{"pkcs11:token=a;id=1;", "pkcs11:token=a;id=%31"},
		{"pkcs11:token=a%3Bb%3D%25%22;id=1", NULL}, /* a quote */
		{"pkcs11:token=a%3Bb%3D%25%27;id=1", "pkcs11:token=a%3Bb%3D%25%27;id=%31"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *fault = NULL;
		g_autofree char *uri = token_uri_normalize(cases[i].text, &fault);

		g_assert_cmpstr(uri, ==, cases[i].uri);
		g_assert_true(uri ? !fault : fault != NULL);
		if (uri) {
			g_autofree char *again = token_uri_normalize(uri, NULL);

			g_assert_cmpstr(again, ==, uri);
		}
	}
}

static void
test_fault(void)
{
	static const struct {
		const char *text, *fault;
	} cases[] = {
		{"pkcs11:token=a;object=b?module-path=/tmp/evil.so", "module-path"},
		{"pkcs11:token=a;object=b?module-name=evil", "module-name"},
		{"pkcs11:token=a;object=b?pin-value=1234", "secret pin"},
		{"pkcs11:token=a;object=b?pin-source=/etc/shadow", "secret pin"},
		{"pkcs11:token=a;object=b?", "\"?\""},
		{"pkcs11:token=a;object=b;library-manufacturer=x", "library-manufacturer"},
		{"pkcs11:token=a;slot-id=0;object=b", "slot-id"},
		{"pkcs11:token=a;object=b;token=c", "\"token\" twice"},
		{"pkcs11:object=b", "does not have the attribute token"},
		{"pkcs11:token=a", "neither the attribute object nor id"},
		{"pkcs11:token=a;type=cert", "neither the attribute object nor id"},
		{"pkcs11:token=;object=b", "\"token\" whose value"},
		{"pkcs11:token=%0a;object=b", "\"token\" whose value"},
		{"pkcs11:token=%00;object=b", "\"token\" whose value"},
		{"pkcs11:token=%ff;object=b", "\"token\" whose value"},
		{"pkcs11:token=a%2;object=b", "\"token\" whose value"},
		{"pkcs11:token=a%zz;object=b", "\"token\" whose value"},
		{"pkcs11:token=a;id=", "\"id\" whose value"},
		{"pkcs11:token=a;alice", "\"alice\" in it, which is no attribute"},
		{"pkcs11:token=a;;object=b", "no attribute"},
		{":alice", "no token"},
		{"Alice Card:", "no token"},
		{"joe.p12", "neither a PKCS#11 URI"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *fault = NULL;

		g_assert_null(token_uri_normalize(cases[i].text, &fault));
		g_assert_nonnull(fault);
		if (!strstr(fault, cases[i].fault))
			g_test_message("%s: %s", cases[i].text, fault);
		g_assert_nonnull(strstr(fault, cases[i].fault));
	}
}

static void
test_get(void)
{
	g_autofree char *uri = token_uri_normalize("Alice's Card: a", NULL);
	g_autofree char *token = token_uri_get(uri, "token");
	g_autofree char *object = token_uri_get(uri, "object");

	g_assert_cmpstr(token, ==, "Alice's Card");
	g_assert_cmpstr(object, ==, " a");
	g_assert_null(token_uri_get(uri, "serial"));
	g_assert_null(token_uri_get(uri, "nonsense"));
}

static void
test_same_token(void)
{
	g_assert_true(token_uri_same_token("pkcs11:token=a;object=b", "pkcs11:token=a;id=%01"));
	g_assert_true(token_uri_same_token("pkcs11:token=a;serial=1;id=%01", "pkcs11:token=a;id=%01"));
	g_assert_false(token_uri_same_token("pkcs11:token=a;id=%01", "pkcs11:token=b;id=%01"));
	g_assert_false(
		token_uri_same_token("pkcs11:token=a;serial=1;id=%01", "pkcs11:token=a;serial=2;id=%01"));
}

/* What is wrong is said with the key's name, and what would be right. */
static void
expect_refused(const char *text, const char *words)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(make_profile_checked(text, NULL, &error));
	g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
	if (!strstr(error->message, words))
		g_test_message("%s: %s", text, error->message);
	g_assert_nonnull(strstr(error->message, words));
}

#define GW "right=gw\nikev2=insist\n"

static void
test_profile(void)
{
	g_autoptr(Profile) card = make_profile(GW "cert=Joe:vpn\nca=/ca\nkey=pkcs11:token=Joe;id=%01");
	g_autoptr(Profile) file = make_profile(GW "cert=/joe.p12");

	g_assert_cmpstr(profile_get_token(card), ==, "pkcs11:token=Joe;object=vpn");
	g_assert_true(profile_uses_files(card));
	g_assert_true(profile_needs_pin(card));
	g_assert_false(profile_may_have_passphrase(card));
	g_assert_cmpstr(profile_get(card, "leftid"), ==, "%fromcert");
	g_assert_null(profile_get_token(file));
	g_assert_false(profile_needs_pin(file));
	g_assert_true(profile_may_have_passphrase(file));

	expect_refused(GW "cert=Joe:vpn", "ca: is missing");
	expect_refused(GW "cert=Joe:vpn\nca=/ca\nkey=/key", "key: names a file, and the certificate");
	expect_refused(GW "cert=/cert\nca=/ca\nkey=Joe:vpn", "key: is on a token, and the certificate");
	expect_refused(GW "cert=Joe:vpn\nca=/ca\nkey=Jim:vpn", "key: is on another token");
	expect_refused(GW "cert=joe.p12", "cert: \"joe.p12\" is not allowed; allowed is the full path");
	expect_refused(GW "cert=pkcs11:token=a;object=b?module-path=/x.so\nca=/ca",
				   "only the modules are used that p11-kit has configured");
	expect_refused(GW "cert=/cert\nca=Joe:root", "ca: ");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/token-uri/is-one", test_is_one);
	g_test_add_func("/token-uri/spelling", test_spelling);
	g_test_add_func("/token-uri/fault", test_fault);
	g_test_add_func("/token-uri/get", test_get);
	g_test_add_func("/token-uri/same-token", test_same_token);
	g_test_add_func("/token-uri/profile", test_profile);
	return g_test_run();
}
