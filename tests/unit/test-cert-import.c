/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The import program itself, as the service runs it, with certificates that are made here. */
#include "config.h"

#include "cert-import.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake-libreswan.h"
#include "make-certificate.h"
#include "make-profile.h"

#define UUID    "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
#define PROGRAM BUILDDIR "/nm-libreswan-service-import"
/* Three bytes to a character of it, a quote and a backslash. */
#define PASSPHRASE "pass phrase €ü\"'\\"

enum {
	ROOT,
	SUB,
	SUBSUB,
	OTHER_ROOT,
	EC_ROOT,
	ED_ROOT,
	OLD_ROOT,
	JOE,
	JOE_EC,
	JOE_PSS,
	JOE_ED,
	JOE_SUB,
	JOE_OLD,
	JOE_NEW,
	N_MADE
};

static const TestCertificateParams to_make[N_MADE];
static TestCertificate made[N_MADE];

static const TestCertificateParams to_make[N_MADE] = {
	[ROOT] = {"CN=Lab \"Root\" Müller\\, CA,O=Lab", .is_authority = TRUE},
	[SUB] = {"CN=Issuing CA,O=Lab", .is_authority = TRUE, .issuer = &made[ROOT]},
	[SUBSUB] = {"CN=Issuing CA 2,O=Lab", .is_authority = TRUE, .issuer = &made[SUB]},
	[OTHER_ROOT] = {"CN=Other CA,O=Other", .is_authority = TRUE},
	[EC_ROOT] = {"CN=EC CA,O=Lab", .algorithm = GNUTLS_PK_ECDSA, .is_authority = TRUE},
	[ED_ROOT] = {"CN=Ed CA,O=Lab", .algorithm = GNUTLS_PK_EDDSA_ED25519, .is_authority = TRUE},
	[OLD_ROOT] = {"CN=Old CA,O=Lab", .is_authority = TRUE, .begin_days = -20, .end_days = -10},
	[JOE] = {"CN=joe,O=Lab", .issuer = &made[ROOT]},
	[JOE_EC] = {"CN=joe,O=Lab", .algorithm = GNUTLS_PK_ECDSA, .issuer = &made[EC_ROOT]},
	[JOE_PSS] = {"CN=joe,O=Lab", .algorithm = GNUTLS_PK_RSA_PSS, .issuer = &made[ROOT]},
	[JOE_ED] = {"CN=joe,O=Lab", .algorithm = GNUTLS_PK_EDDSA_ED25519, .issuer = &made[ROOT]},
	[JOE_SUB] = {"CN=joe,O=Lab", .issuer = &made[SUBSUB]},
	[JOE_OLD] = {"CN=joe,O=Lab", .issuer = &made[ROOT], .begin_days = -20, .end_days = -10},
	[JOE_NEW] = {"CN=joe,O=Lab", .issuer = &made[ROOT], .begin_days = 10, .end_days = 20},
};

typedef struct {
	char *base;
	RunDirectory *directory;
	GCancellable *cancellable;
	gboolean ended;
	CertReport *report;
	char *explanation;
	GError *error;
} Fixture;

static void
set_up(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	f->base = g_dir_make_tmp("import-XXXXXX", &error);
	g_assert_no_error(error);
	f->directory = run_directory_open(f->base, UUID, &error);
	g_assert_no_error(error);
	f->cancellable = g_cancellable_new();
}

static void
forget(Fixture *f)
{
	f->ended = FALSE;
	g_clear_pointer(&f->report, cert_report_free);
	g_clear_pointer(&f->explanation, g_free);
	g_clear_error(&f->error);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GDir) dir = g_dir_open(f->base, 0, NULL);
	const char *name;

	forget(f);
	g_assert_true(run_directory_remove(f->directory, &error));
	run_directory_close(f->directory);
	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(f->base, name, NULL);

		g_remove(path);
	}
	g_rmdir(f->base);
	g_free(f->base);
	g_object_unref(f->cancellable);
}

/* Takes ownership of @bytes. */
static void
put(const Fixture *f, const char *name, GString *bytes)
{
	g_autofree char *path = g_build_filename(f->base, name, NULL);

	g_assert_true(g_file_set_contents(path, bytes->str, (gssize) bytes->len, NULL));
	g_assert_cmpint(chmod(path, 0644), ==, 0);
	g_string_free(bytes, TRUE);
}

static void
put_pem(const Fixture *f, const char *name, const guint *which, guint n)
{
	GString *all = g_string_new(NULL);

	for (guint i = 0; i < n; i++) {
		g_autoptr(GString) one = certificate_bytes(&made[which[i]], GNUTLS_X509_FMT_PEM);

		g_string_append(all, one->str);
	}
	put(f, name, all);
}

#define PUT_PEM(f, name, ...)                                                                      \
	put_pem(f, name, (const guint[]){__VA_ARGS__},                                                 \
			sizeof((const guint[]){__VA_ARGS__}) / sizeof(guint))

static void
put_pkcs12(const Fixture *f, guint who, guint authority, const char *passphrase, unsigned flags)
{
	const TestCertificate *const others[] = {&made[authority], NULL};

	put(f, "cert", pkcs12_bytes(&made[who], others, passphrase, flags));
}

static void
on_ended(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Fixture *f = user_data;

	f->report = cert_import_finish(result, &f->explanation, &f->error);
	f->ended = TRUE;
}

/* @keys: which of "cert", "key" and "ca" the profile has, as files of these names in our
 * directory. */
static void
start(Fixture *f, const char *program, const char *keys, const char *passphrase)
{
	g_auto(GStrv) words = g_strsplit(keys, " ", -1);
	g_autoptr(GString) text = g_string_new("right=gw.example\nikev2=insist\n");
	g_autoptr(Profile) profile = NULL;

	forget(f);
	g_assert_true(run_directory_clear(f->directory, NULL));
	for (guint i = 0; words[i]; i++)
		g_string_append_printf(text, "%s=%s/%s\n", words[i], f->base, words[i]);
	if (!g_strv_contains((const char *const *) words, "cert"))
		g_string_append(text, "rightrsasigkey=0sAQ\n");
	profile = make_profile(text->str);
	if (passphrase)
		g_assert_true(profile_set_secret(profile, "cert-pass", passphrase, NULL));
	cert_import_async(program, f->directory, profile, FALSE, f->cancellable, on_ended, f);
	g_assert_false(f->ended);
}

static void
run(Fixture *f, const char *keys, const char *passphrase)
{
	start(f, PROGRAM, keys, passphrase);
	until(f->ended);
	g_assert_no_error(f->error);
}

static gboolean
has_database(const Fixture *f)
{
	g_autofree char *path = g_strdup_printf("%s/%s/nss/key4.db", f->base, UUID);
	struct stat info;

	if (g_stat(path, &info) < 0)
		return FALSE;
	g_assert_cmpuint(info.st_mode & 0777, ==, 0600);
	return TRUE;
}

static void
expect_good(Fixture *f, const char *keys, const char *passphrase, ImportKey user_key,
			ImportKey root_key, gboolean has_issuers)
{
	run(f, keys, passphrase);
	g_assert_cmpstr(f->explanation, ==, NULL);
	g_assert_false(f->report->has_fault);
	g_assert_cmpint(f->report->user_key, ==, user_key);
	g_assert_cmpint(f->report->root_key, ==, root_key);
	g_assert_cmpint(f->report->has_issuers, ==, has_issuers);
	g_assert_nonnull(f->report->root_name);
	g_assert_true(has_database(f));
}

static void
expect_fault(Fixture *f, const char *keys, const char *passphrase, const char *explanation)
{
	run(f, keys, passphrase);
	g_assert_true(f->report->has_fault);
	if (!strstr(f->explanation, explanation))
		g_error("%s\nis not said, but\n%s", explanation, f->explanation);
	g_assert_false(has_database(f));
}

/* By what pluto finds it: the SHA-1 of the modulus. (transfer full) */
static char *
ckaid_of(const TestCertificate *certificate)
{
	gnutls_datum_t modulus, exponent;
	char *ckaid;
	guint zeroes = 0;

	g_assert_cmpint(gnutls_x509_crt_get_pk_rsa_raw(certificate->certificate, &modulus, &exponent),
					==, 0);
	while (modulus.data[zeroes] == 0)
		zeroes++;
	ckaid =
		g_compute_checksum_for_data(G_CHECKSUM_SHA1, modulus.data + zeroes, modulus.size - zeroes);
	gnutls_free(modulus.data);
	gnutls_free(exponent.data);
	return ckaid;
}

/* A key without a certificate. */
static void
test_key_alone(Fixture *f, gconstpointer unused)
{
	g_autofree char *ckaid = ckaid_of(&made[JOE]);

	put(f, "key", key_bytes(&made[JOE], GNUTLS_X509_FMT_PEM));
	run(f, "key", NULL);
	g_assert_cmpstr(f->explanation, ==, NULL);
	g_assert_cmpstr(f->report->ckaid, ==, ckaid);
	g_assert_true(has_database(f));
	put(f, "key", pkcs8_bytes(&made[JOE], GNUTLS_X509_FMT_DER, "p", GNUTLS_PKCS_PBES2_AES_256));
	run(f, "key", "p");
	g_assert_cmpstr(f->report->ckaid, ==, ckaid);
	expect_fault(f, "key", "q", "key: \"");
	expect_fault(f, "key", NULL, "is encrypted, and there is no passphrase in cert-pass");
	put(f, "key", key_bytes(&made[JOE_EC], GNUTLS_X509_FMT_PEM));
	expect_fault(f, "key", NULL, "/key\" has no RSA key");
	PUT_PEM(f, "key", JOE);
	expect_fault(f, "key", NULL, "/key\" has no private key in it");
}

/* Private keys in every form that people have them in. */
static void
test_keys(Fixture *f, gconstpointer unused)
{
	const gnutls_x509_crt_fmt_t formats[] = {GNUTLS_X509_FMT_PEM, GNUTLS_X509_FMT_DER};
	const unsigned ciphers[] = {GNUTLS_PKCS_PBES2_AES_256, GNUTLS_PKCS_PBES2_3DES,
								GNUTLS_PKCS_PKCS12_3DES};

	put(f, "ca", certificate_bytes(&made[ROOT], GNUTLS_X509_FMT_DER));
	put(f, "cert", certificate_bytes(&made[JOE], GNUTLS_X509_FMT_PEM));
	for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
		put(f, "key", key_bytes(&made[JOE], formats[i]));
		expect_good(f, "ca cert key", NULL, IMPORT_KEY_RSA, IMPORT_KEY_RSA, FALSE);
		put(f, "key", pkcs8_bytes(&made[JOE], formats[i], NULL, 0));
		/* A passphrase that nobody wants does no harm. */
		expect_good(f, "ca cert key", "in vain", IMPORT_KEY_RSA, IMPORT_KEY_RSA, FALSE);
		for (guint k = 0; k < G_N_ELEMENTS(ciphers); k++) {
			put(f, "key", pkcs8_bytes(&made[JOE], formats[i], PASSPHRASE, ciphers[k]));
			expect_good(f, "ca cert key", PASSPHRASE, IMPORT_KEY_RSA, IMPORT_KEY_RSA, FALSE);
			expect_fault(f, "ca cert key", NULL, "/key\" is encrypted, and there is no passphrase");
			g_assert_true(cert_report_is_about_passphrase(f->report));
			expect_fault(f, "ca cert key", "wrong", "/key\" is encrypted with another passphrase");
			g_assert_true(cert_report_is_about_passphrase(f->report));
		}
	}
}

/* The encrypted PEM of old OpenSSL, which GnuTLS reads and does not write. */
static void
test_traditional_key(Fixture *f, gconstpointer unused)
{
	g_autofree char *openssl = g_find_program_in_path("openssl");
	g_autofree char *plain = g_build_filename(f->base, "plain", NULL);
	g_autofree char *key = g_build_filename(f->base, "key", NULL);
	const char *const argv[] = {"openssl",      "rsa",     "-in",      plain,
								"-traditional", "-aes128", "-passout", "pass:secret",
								"-out",         key,       NULL};
	g_autofree char *text = NULL;
	int status = 1;

	if (!openssl) {
		g_test_skip("there is no openssl");
		return;
	}
	put(f, "ca", certificate_bytes(&made[ROOT], GNUTLS_X509_FMT_PEM));
	put(f, "cert", certificate_bytes(&made[JOE], GNUTLS_X509_FMT_DER));
	put(f, "plain", key_bytes(&made[JOE], GNUTLS_X509_FMT_PEM));
	g_assert_true(g_spawn_sync(NULL, (char **) argv, NULL,
							   G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
							   NULL, &status, NULL));
	g_assert_cmpint(status, ==, 0);
	g_assert_true(g_file_get_contents(key, &text, NULL, NULL));
	g_assert_nonnull(strstr(text, "4,ENCRYPTED"));
	expect_good(f, "ca cert key", "secret", IMPORT_KEY_RSA, IMPORT_KEY_RSA, FALSE);
	expect_fault(f, "ca cert key", "wrong", "is encrypted with another passphrase");
	expect_fault(f, "ca cert key", NULL, "is encrypted, and there is no passphrase");
}

/* SEC1, behind the parameters of its curve as OpenSSL writes them, and in PKCS#8. */
static void
test_elliptic(Fixture *f, gconstpointer unused)
{
	static const char parameters[] = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n"
									 "-----END EC PARAMETERS-----\n";
	GString *key = key_bytes(&made[JOE_EC], GNUTLS_X509_FMT_PEM);

	g_string_prepend(key, parameters);
	put(f, "key", key);
	PUT_PEM(f, "ca", EC_ROOT);
	PUT_PEM(f, "cert", JOE_EC);
	expect_good(f, "ca cert key", NULL, IMPORT_KEY_EC, IMPORT_KEY_EC, FALSE);
	put(f, "key", pkcs8_bytes(&made[JOE_EC], GNUTLS_X509_FMT_PEM, "p", GNUTLS_PKCS_PBES2_AES_128));
	expect_good(f, "ca cert key", "p", IMPORT_KEY_EC, IMPORT_KEY_EC, FALSE);
	put_pkcs12(f, JOE_EC, EC_ROOT, "p", GNUTLS_PKCS_PBES2_AES_128);
	expect_good(f, "cert", "p", IMPORT_KEY_EC, IMPORT_KEY_EC, FALSE);
}

static void
test_pss(Fixture *f, gconstpointer unused)
{
	put_pkcs12(f, JOE_PSS, ROOT, "p", GNUTLS_PKCS_PBES2_AES_128);
	expect_good(f, "cert", "p", IMPORT_KEY_RSA_PSS, IMPORT_KEY_RSA, FALSE);
}

static void
test_ed25519(Fixture *f, gconstpointer unused)
{
	put_pkcs12(f, JOE_ED, ROOT, "p", GNUTLS_PKCS_PBES2_AES_128);
	expect_fault(f, "cert", "p", "cert: \"");
	g_assert_nonnull(strstr(f->explanation, "has an Ed25519 or Ed448 key, which libreswan cannot"));
	PUT_PEM(f, "ca", ED_ROOT);
	PUT_PEM(f, "cert", JOE);
	put(f, "key", key_bytes(&made[JOE], GNUTLS_X509_FMT_PEM));
	expect_fault(f, "ca cert key", NULL, "ca\" has an Ed25519");
}

static void
test_pkcs12(Fixture *f, gconstpointer unused)
{
	const unsigned ciphers[] = {GNUTLS_PKCS_PBES2_AES_256, GNUTLS_PKCS_PKCS12_3DES,
								GNUTLS_PKCS_PKCS12_RC2_40};

	for (guint i = 0; i < G_N_ELEMENTS(ciphers); i++) {
		put_pkcs12(f, JOE, ROOT, PASSPHRASE, ciphers[i]);
		expect_good(f, "cert", PASSPHRASE, IMPORT_KEY_RSA, IMPORT_KEY_RSA, FALSE);
		expect_fault(f, "cert", "wrong", "/cert\" is encrypted with another passphrase");
		expect_fault(f, "cert", NULL, "/cert\" is encrypted, and there is no passphrase");
	}
	put_pkcs12(f, JOE, ROOT, NULL, 0);
	expect_good(f, "cert", NULL, IMPORT_KEY_RSA, IMPORT_KEY_RSA, FALSE);
	expect_good(f, "cert", "in vain", IMPORT_KEY_RSA, IMPORT_KEY_RSA, FALSE);
}

/* What ca names is trusted, and not what comes along with our certificate. */
static void
test_authority(Fixture *f, gconstpointer unused)
{
	g_autofree char *own = NULL;

	put_pkcs12(f, JOE, ROOT, "p", GNUTLS_PKCS_PBES2_AES_128);
	expect_good(f, "cert", "p", IMPORT_KEY_RSA, IMPORT_KEY_RSA, FALSE);
	own = g_strdup(f->report->root_name);
	/* O, and CN with an umlaut, a comma and quotes. */
	g_assert_cmpstr(own, ==, "O=#13034C6162, CN=#0C164C61622022526F6F7422204DC3BC6C6C65722C204341");
	PUT_PEM(f, "ca", EC_ROOT);
	expect_good(f, "cert ca", "p", IMPORT_KEY_RSA, IMPORT_KEY_EC, FALSE);
	g_assert_cmpstr(f->report->root_name, !=, own);
	/* Of several the one that ours is of, whatever the order. */
	PUT_PEM(f, "ca", OTHER_ROOT, ROOT, EC_ROOT);
	expect_good(f, "cert ca", "p", IMPORT_KEY_RSA, IMPORT_KEY_RSA, FALSE);
	g_assert_cmpstr(f->report->root_name, ==, own);
	PUT_PEM(f, "ca", OTHER_ROOT, EC_ROOT);
	expect_fault(f, "cert ca", "p", "/ca\" has several root authorities in it");
	/* The same twice is one. */
	PUT_PEM(f, "ca", EC_ROOT, EC_ROOT);
	expect_good(f, "cert ca", "p", IMPORT_KEY_RSA, IMPORT_KEY_EC, FALSE);
	PUT_PEM(f, "ca", SUB);
	expect_fault(f, "cert ca", "p", "/ca\" has only intermediate authorities in it");
	PUT_PEM(f, "ca", JOE);
	expect_fault(f, "cert ca", "p", "/ca\" has no certificate of an authority in it");
	PUT_PEM(f, "ca", OLD_ROOT);
	expect_fault(f, "cert ca", "p", "/ca\" has a certificate that has expired on 20");
	PUT_PEM(f, "cert", JOE);
	put(f, "key", key_bytes(&made[JOE], GNUTLS_X509_FMT_PEM));
	expect_fault(f, "cert key", NULL, "ca: is not set, and the file \"");
	PUT_PEM(f, "cert", JOE, OTHER_ROOT, EC_ROOT);
	expect_fault(f, "cert key", NULL, "several root authorities in it; set ca to a file");
}

static void
test_chain(Fixture *f, gconstpointer unused)
{
	put(f, "key", key_bytes(&made[JOE_SUB], GNUTLS_X509_FMT_PEM));
	PUT_PEM(f, "cert", SUB, JOE_SUB, SUBSUB); /* in any order */
	PUT_PEM(f, "ca", ROOT);
	expect_good(f, "cert key ca", NULL, IMPORT_KEY_RSA, IMPORT_KEY_RSA, TRUE);
	PUT_PEM(f, "cert", JOE_SUB);
	PUT_PEM(f, "ca", ROOT, SUBSUB, SUB);
	expect_good(f, "cert key ca", NULL, IMPORT_KEY_RSA, IMPORT_KEY_RSA, TRUE);
	/* The gateway has it. */
	PUT_PEM(f, "ca", ROOT);
	expect_good(f, "cert key ca", NULL, IMPORT_KEY_RSA, IMPORT_KEY_RSA, FALSE);
	/* An intermediate one for the gateway's chain is none of ours. */
	put(f, "key", key_bytes(&made[JOE], GNUTLS_X509_FMT_PEM));
	PUT_PEM(f, "cert", JOE);
	PUT_PEM(f, "ca", SUB, ROOT);
	expect_good(f, "cert key ca", NULL, IMPORT_KEY_RSA, IMPORT_KEY_RSA, FALSE);
}

/* In one file of PEM, which is its own key's too. */
static void
test_one_file(Fixture *f, gconstpointer unused)
{
	g_autoptr(GString) key = key_bytes(&made[JOE], GNUTLS_X509_FMT_PEM);
	GString *all = certificate_bytes(&made[JOE], GNUTLS_X509_FMT_PEM);
	g_autoptr(GString) root = certificate_bytes(&made[ROOT], GNUTLS_X509_FMT_PEM);

	g_string_prepend(all, "Bag Attributes\n    friendlyName: joe\n");
	g_string_append(all, key->str);
	g_string_append(all, root->str);
	put(f, "cert", all);
	expect_good(f, "cert", NULL, IMPORT_KEY_RSA, IMPORT_KEY_RSA, FALSE);
}

static void
test_user(Fixture *f, gconstpointer unused)
{
	put(f, "key", key_bytes(&made[JOE_EC], GNUTLS_X509_FMT_PEM));
	PUT_PEM(f, "ca", ROOT);
	PUT_PEM(f, "cert", JOE);
	expect_fault(f, "cert key ca", NULL,
				 "/key\" has a private key that is not that of the certificate in cert");
	expect_fault(f, "cert ca", NULL, "/cert\" has no private key in it; set key");
	put(f, "key", certificate_bytes(&made[JOE], GNUTLS_X509_FMT_PEM));
	expect_fault(f, "cert key ca", NULL, "/key\" has no private key in it");
	put(f, "key", g_string_new("no key of any kind"));
	expect_fault(f, "cert key ca", NULL, "/key\" cannot be understood; allowed is PEM, DER");
	put(f, "cert", g_string_new("no certificate of any kind"));
	put(f, "key", key_bytes(&made[JOE_EC], GNUTLS_X509_FMT_PEM));
	expect_fault(f, "cert key ca", NULL, "/cert\" cannot be understood");
	put(f, "cert", key_bytes(&made[JOE_EC], GNUTLS_X509_FMT_PEM));
	expect_fault(f, "cert ca", NULL, "/cert\" has no certificate in it");
	put_pkcs12(f, JOE_OLD, ROOT, "p", GNUTLS_PKCS_PBES2_AES_128);
	expect_fault(f, "cert", "p", "/cert\" has a certificate that has expired on 20");
	put_pkcs12(f, JOE_NEW, ROOT, "p", GNUTLS_PKCS_PBES2_AES_128);
	expect_fault(f, "cert", "p", "/cert\" has a certificate that is not valid before 20");
}

static void
test_too_many(Fixture *f, gconstpointer unused)
{
	GString *all = g_string_new(NULL);

	for (guint i = 0; i <= IMPORT_CERTIFICATES_MAX; i++) {
		g_autoptr(GString) one = certificate_bytes(&made[ROOT], GNUTLS_X509_FMT_PEM);

		g_string_append(all, one->str);
	}
	put(f, "ca", all);
	put_pkcs12(f, JOE, ROOT, "p", GNUTLS_PKCS_PBES2_AES_128);
	expect_fault(f, "cert ca", "p", "/ca\" has more than 32 certificates in it");
}

/* pluto trusts every authority in its database that NSS takes for self-signed, also one that comes
 * along with our own certificate. */
static void
test_other_root(Fixture *f, gconstpointer unused)
{
	/* The length of the key's id is not as short as it could be: GnuTLS reads it, and NSS does
	 * not. */
	guint8 long_form[25] = {0x30, 0x17, 0x80, 0x81, 0x14};
	const TestCertificateParams self = {.name = "CN=joe,O=Lab", .is_authority = TRUE};
	TestCertificateParams other = {.name = "CN=Other Root,O=Lab",
								   .is_authority = TRUE,
								   .authority_key_id = long_form,
								   .authority_key_id_len = sizeof(long_form)};
	TestCertificate joe = make_certificate(&self), root = make_certificate(&other), of_root;
	const TestCertificate *others[] = {&root, NULL};
	GString *chain;

	put(f, "cert", certificate_bytes(&joe, GNUTLS_X509_FMT_PEM));
	put(f, "key", key_bytes(&joe, GNUTLS_X509_FMT_PEM));
	PUT_PEM(f, "ca", ROOT);
	expect_fault(f, "cert key ca", NULL, "/cert\" has a certificate in it that may sign others");

	of_root = make_certificate(&(TestCertificateParams){.name = "CN=ann,O=Lab", .issuer = &root});
	chain = pkcs12_bytes(&of_root, others, "p", GNUTLS_PKCS_PBES2_AES_128);
	put(f, "cert", chain);
	expect_fault(f, "cert ca", "p", "/cert\" has a certificate in it that may sign others");
	test_certificate_clear(&of_root);
	test_certificate_clear(&root);
	test_certificate_clear(&joe);
}

static void
test_files(Fixture *f, gconstpointer unused)
{
	expect_fault(f, "cert", NULL, "/cert\" is not there");
	put(f, "cert", g_string_new(""));
	expect_fault(f, "cert", NULL, "/cert\" is empty");
}

/* What is not of its form is no report. */
static void
test_no_report(Fixture *f, gconstpointer unused)
{
	put_pkcs12(f, JOE, ROOT, "p", GNUTLS_PKCS_PBES2_AES_128);
	start(f, "/bin/true", "cert", "p");
	until(f->ended);
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
	start(f, "/nonexistent/import", "cert", "p");
	until(f->ended);
	g_assert_nonnull(f->error);
}

static void
test_cancelled(Fixture *f, gconstpointer unused)
{
	g_autofree char *program = g_build_filename(f->base, "program", NULL);

	put(f, "program", g_string_new("#!/bin/sh\nexec tail -f /dev/null\n"));
	g_assert_cmpint(chmod(program, 0755), ==, 0);
	start(f, program, "cert", NULL);
	g_cancellable_cancel(f->cancellable);
	until(f->ended);
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(name, test) g_test_add("/cert-import/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	signal(SIGPIPE, SIG_IGN); /* as in the service */
	for (guint i = 0; i < N_MADE; i++)
		made[i] = make_certificate(&to_make[i]);
	ADD("keys", test_keys);
	ADD("key-alone", test_key_alone);
	ADD("traditional-key", test_traditional_key);
	ADD("elliptic", test_elliptic);
	ADD("pss", test_pss);
	ADD("ed25519", test_ed25519);
	ADD("pkcs12", test_pkcs12);
	ADD("authority", test_authority);
	ADD("chain", test_chain);
	ADD("one-file", test_one_file);
	ADD("user", test_user);
	ADD("too-many", test_too_many);
	ADD("other-root", test_other_root);
	ADD("files", test_files);
	ADD("no-report", test_no_report);
	ADD("cancelled", test_cancelled);
	status = g_test_run();
	for (guint i = 0; i < N_MADE; i++)
		test_certificate_clear(&made[i]);
	return status;
}
