/* SPDX-License-Identifier: GPL-2.0-or-later */
/* With a program that says what the test wants, in the place of the real one (test-cert-import.c).
 */
#include "config.h"

#include "credentials.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/stat.h>

#include "fake-libreswan.h"
#include "make-profile.h"

#define UUID  "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
#define FILES "right=gw.example\nikev2=insist\ncert=/c"
#define LAB   "300e310c300a060355040a0c034c6162" /* O=Lab */
#define RSA   " rsa 1 4102444800 " LAB " " LAB "\n"
#define EC    " ec 1 4102444800 " LAB " " LAB "\n"

#define WANTS "authentication failed: peer authentication requires policy "

typedef struct {
	char *base, *program;
	RunDirectory *directory;
	Credentials *credentials;
	GCancellable *cancellable;
	gboolean ended, imported;
	GError *error;
} Fixture;

static void
set_up(Fixture *f, gconstpointer unused)
{
	f->base = g_dir_make_tmp("credentials-XXXXXX", NULL);
	f->directory = run_directory_open(f->base, UUID, NULL);
	g_assert_nonnull(f->directory);
	f->program = g_build_filename(f->base, "import", NULL);
	f->credentials = credentials_new(f->program);
	f->cancellable = g_cancellable_new();
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	credentials_free(f->credentials);
	g_assert_true(run_directory_remove(f->directory, NULL));
	run_directory_close(f->directory);
	g_unlink(f->program);
	g_rmdir(f->base);
	g_free(f->base);
	g_free(f->program);
	g_object_unref(f->cancellable);
	g_clear_error(&f->error);
}

static void
program_says(const Fixture *f, const char *report)
{
	g_autofree char *text = g_strdup_printf("#!/bin/sh\ncat > /dev/null\ncat <<E\n%sE\n", report);

	g_assert_true(g_file_set_contents(f->program, text, -1, NULL));
	g_assert_cmpint(chmod(f->program, 0700), ==, 0);
}

static void
on_imported(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Fixture *f = user_data;

	f->imported = credentials_import_finish(result, &f->error);
	f->ended = TRUE;
}

static void
import(Fixture *f, const Profile *profile)
{
	f->ended = FALSE;
	g_clear_error(&f->error);
	credentials_import_async(f->credentials, f->directory, profile, f->cancellable, on_imported, f);
	g_assert_false(f->ended);
	until(f->ended);
}

static void
expect_auth(Fixture *f, const Profile *profile, const char *leftauth, const char *rightauth)
{
	IpsecConfCertificates found;

	g_assert_true(credentials_find(f->credentials, profile, &found, NULL));
	g_assert_cmpstr(found.leftcert, ==, "user");
	g_assert_cmpstr(found.leftauth, ==, leftauth);
	g_assert_cmpstr(found.rightauth, ==, rightauth);
}

static void
test_no_files(Fixture *f, gconstpointer unused)
{
	g_autoptr(Profile) profile = make_profile("right=gw\npskvalue=a");
	IpsecConfCertificates found;

	import(f, profile); /* there is no program */
	g_assert_true(f->imported);
	g_assert_true(credentials_find(f->credentials, profile, &found, NULL));
	g_assert_null(found.leftcert);
	g_assert_false(credentials_learn(f->credentials, WANTS "ECDSA"));
}

/* Once, for as long as the database is there. */
static void
test_once(Fixture *f, gconstpointer unused)
{
	g_autoptr(Profile) profile = make_profile(FILES);

	program_says(f, "user" RSA "root" RSA "end\n");
	import(f, profile);
	g_assert_true(f->imported);
	g_unlink(f->program);
	import(f, profile);
	g_assert_true(f->imported);
	expect_auth(f, profile, NULL, NULL);
	credentials_forget(f->credentials);
	import(f, profile);
	g_assert_false(f->imported);
	g_assert_nonnull(f->error);
}

static void
test_errors(Fixture *f, gconstpointer unused)
{
	g_autoptr(Profile) profile = make_profile(FILES);

	program_says(f, "fault cert needs-passphrase 0\n");
	import(f, profile);
	g_assert_error(f->error, CREDENTIALS_ERROR, CREDENTIALS_ERROR_MISSING);
	g_assert_cmpstr(credentials_get_wanted(f->credentials), ==, "cert-pass");
	program_says(f, "fault cert wrong-passphrase 0\n");
	import(f, profile);
	g_assert_error(f->error, CREDENTIALS_ERROR, CREDENTIALS_ERROR_WRONG);
	g_assert_cmpstr(credentials_get_wanted(f->credentials), ==, "cert-pass");
	program_says(f, "fault cert not-there 2\n");
	import(f, profile);
	g_assert_error(f->error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
	g_assert_null(credentials_get_wanted(f->credentials));
	g_assert_cmpstr(f->error->message, ==, "cert: \"/c\" is not there");
	program_says(f, "fault database database -8192\n");
	import(f, profile);
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_FAILED);
	program_says(f, "nonsense\n");
	import(f, profile);
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
	/* Nothing of these is kept. */
	program_says(f, "user" RSA "root" RSA "end\n");
	import(f, profile);
	g_assert_true(f->imported);
}

/* Nonsense where it is asked for something else. */
static void
program_expects(const Fixture *f, const char *ca, const char *database, const char *pin,
				const char *final_try, const char *report)
{
	g_autofree char *text =
		g_strdup_printf("#!/bin/sh\n"
						"asked=$(tr '\\000' '|')\n"
						"[ \"$asked\" = '|%s|pkcs11:token=Joe;object=vpn||%s||%s|%s|' ] || exit\n"
						"cat <<E\n%sE\n",
						ca, database, pin, final_try, report);

	g_assert_true(g_file_set_contents(f->program, text, -1, NULL));
	g_assert_cmpint(chmod(f->program, 0700), ==, 0);
}

#define TOKEN "right=gw.example\nikev2=insist\ncert=Joe:vpn\nca=/ca\n"

/* It is looked at before each pluto; the last try is that of the PIN that was just typed. */
static void
test_token(Fixture *f, gconstpointer unused)
{
	static const char *const flags[] = {"0", "1", "2"};
	g_autofree char *nss = run_directory_file(f->directory, "nss");

	for (guint i = 0; i < G_N_ELEMENTS(flags); i++) {
		g_autofree char *text = g_strconcat(TOKEN "pin=12\npin-flags=", flags[i], NULL);
		g_autoptr(Profile) profile = make_profile(text);
		IpsecConfCertificates found;

		credentials_forget(f->credentials);
		program_expects(f, "/ca", nss, "12", i == 2 ? "yes" : "", "user" RSA "root" RSA "end\n");
		import(f, profile);
		g_assert_no_error(f->error);
		g_assert_true(credentials_find(f->credentials, profile, &found, NULL));
		g_assert_cmpstr(found.leftcert, ==, "pkcs11:token=Joe;object=vpn");
		g_assert_cmpstr(found.rightca, ==, "O=#0C034C6162");
		program_expects(f, "", "", "12", "", "end\n");
		import(f, profile);
		g_assert_no_error(f->error);
		/* What was found stays. */
		g_assert_true(credentials_find(f->credentials, profile, &found, NULL));
		g_assert_cmpstr(found.rightca, ==, "O=#0C034C6162");
	}
}

/* Each of its own kind: a PIN is asked for again, a card is not. */
static void
test_token_errors(Fixture *f, gconstpointer unused)
{
	static const struct {
		const char *fault;
		CredentialsError error;
	} of_pin[] = {
		{"needs-pin", CREDENTIALS_ERROR_MISSING},    {"wrong-pin", CREDENTIALS_ERROR_WRONG},
		{"wrong-pin-low", CREDENTIALS_ERROR_WRONG},  {"final-try", CREDENTIALS_ERROR_WRONG},
		{"wrong-pin-last", CREDENTIALS_ERROR_WRONG},
	};
	static const char *const others[] = {"no-token", "no-object", "pin-locked", "pin-pad"};
	g_autoptr(Profile) profile = make_profile(TOKEN "pin=12");
	g_autofree char *nss = run_directory_file(f->directory, "nss");

	for (guint i = 0; i < G_N_ELEMENTS(of_pin); i++) {
		g_autofree char *report = g_strdup_printf("fault cert %s 0\n", of_pin[i].fault);

		program_says(f, report);
		import(f, profile);
		g_assert_error(f->error, CREDENTIALS_ERROR, (int) of_pin[i].error);
		g_assert_cmpstr(credentials_get_wanted(f->credentials), ==, "pin");
		g_assert_cmpint(credentials_is_untried(f->credentials), ==,
						g_str_equal(of_pin[i].fault, "final-try"));
	}
	for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
		g_autofree char *report = g_strdup_printf("fault cert %s 0\n", others[i]);

		program_says(f, report);
		import(f, profile);
		g_assert_error(f->error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
	}
	/* Whoever was asked has typed the answer, whatever the flags say of stored ones. */
	program_says(f, "fault cert final-try 0\n");
	import(f, profile);
	program_expects(f, "/ca", nss, "12", "yes", "user" RSA "root" RSA "end\n");
	import(f, profile);
	g_assert_no_error(f->error);
	credentials_forget(f->credentials);
	/* And that of a card that was pulled out meanwhile. */
	program_says(f, "user" RSA "root" RSA "end\n");
	import(f, profile);
	program_says(f, "fault cert no-token 0\n");
	import(f, profile);
	g_assert_error(f->error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
	g_assert_nonnull(strstr(f->error->message, "is on a token that is not there"));
}

static void
test_cancelled(Fixture *f, gconstpointer unused)
{
	g_autoptr(Profile) profile = make_profile(FILES);

	program_says(f, "user" RSA "root" RSA "end\n");
	credentials_import_async(f->credentials, f->directory, profile, f->cancellable, on_imported, f);
	/* And nobody is there any more. */
	g_cancellable_cancel(f->cancellable);
	g_clear_pointer(&f->credentials, credentials_free);
	until(f->ended);
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* One more attempt, with what the gateway has shown. */
static void
test_learn(Fixture *f, gconstpointer unused)
{
	g_autoptr(Profile) profile = make_profile(FILES);

	program_says(f, "user" EC "root" RSA "end\n");
	import(f, profile);
	expect_auth(f, profile, "ecdsa", "rsasig");
	g_assert_false(credentials_learn(f->credentials, WANTS "RSASIG_v1_5")); /* as it was told */
	g_assert_false(credentials_learn(f->credentials, "authentication failed: no PSK found"));
	g_assert_true(credentials_learn(f->credentials, WANTS "ECDSA"));
	expect_auth(f, profile, "ecdsa", "ecdsa");
	g_assert_false(credentials_learn(f->credentials, WANTS "RSASIG_v1_5"));
	expect_auth(f, profile, "ecdsa", "ecdsa");
	/* Another connection begins anew. */
	credentials_forget(f->credentials);
	import(f, profile);
	expect_auth(f, profile, "ecdsa", "rsasig");
	g_assert_true(credentials_learn(f->credentials, WANTS "ECDSA"));
}

#define ADD(name, test) g_test_add("/credentials/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	signal(SIGPIPE, SIG_IGN); /* as in the service */
	ADD("no-files", test_no_files);
	ADD("once", test_once);
	ADD("errors", test_errors);
	ADD("token", test_token);
	ADD("token-errors", test_token_errors);
	ADD("cancelled", test_cancelled);
	ADD("learn", test_learn);
	return g_test_run();
}
