/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The life of ipsec.secrets, and what is told the guard library, with a pluto of the test's own
 * (fake-pluto.c). */
#include "config.h"

#include "instance.h"

#include <glib/gstdio.h>
#include <string.h>

#include "fake-libreswan.h"
#include "make-profile.h"

typedef struct {
	FakeLibreswan *fake;
	Libreswan *libreswan;
	char *base;
	char *secrets; /* path */
	RunDirectory *directory;
	Profile *profile;
	Instance *instance;
	guint n_lines, n_ended;
	PlutoLogKind kind; /* of the last line */
	const char *reason;
	const char *const *nss_places;
} Fixture;

static void
on_line(const PlutoLogLine *line, gpointer user_data)
{
	Fixture *f = user_data;

	f->n_lines++;
	f->kind = line->kind;
	f->reason = line->reason;
}

static void
on_updown(const UpdownEvent *event, gpointer user_data)
{
}

static void
on_refused(const char *what, gpointer user_data)
{
	g_assert_not_reached();
}

static void
on_unwritten(const GError *error, gpointer user_data)
{
	g_assert_no_error(error);
}

static void
on_hangs(gpointer user_data)
{
}

static void
on_ended(const char *how, gpointer user_data)
{
	Fixture *f = user_data;

	f->n_ended++;
	g_clear_pointer(&f->instance, instance_free);
}

static void
on_unproven(gpointer user_data)
{
	g_assert_not_reached();
}

static const InstanceCallbacks callbacks = {
	.log_line = on_line,
	.updown = on_updown,
	.refused = on_refused,
	.unproven = on_unproven,
	.unwritten = on_unwritten,
	.hangs = on_hangs,
	.ended = on_ended,
};

static void
on_version(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_assert_true(libreswan_query_version_finish(result, NULL));
	*(gboolean *) user_data = TRUE;
}

static void
set_up(Fixture *f, gconstpointer unused)
{
	gboolean known = FALSE;

	f->fake = fake_libreswan_new();
	f->libreswan = fake_libreswan_open(f->fake);
	libreswan_query_version_async(f->libreswan, NULL, on_version, &known);
	until(known);
	f->base = g_dir_make_tmp("instance-XXXXXX", NULL);
	f->profile = make_profile("right=192.0.2.1\npskvalue=secret\nxauthpassword=secret\n"
							  "leftxauthusername=joe\n");
	f->directory = run_directory_open(f->base, profile_get_uuid(f->profile), NULL);
	g_assert_nonnull(f->directory);
	f->secrets = run_directory_file(f->directory, "ipsec.secrets");
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	instance_free(f->instance);
	g_assert_true(run_directory_remove(f->directory, NULL));
	run_directory_close(f->directory);
	libreswan_free(f->libreswan);
	fake_libreswan_free(f->fake);
	profile_free(f->profile);
	g_free(f->base);
	g_free(f->secrets);
}

typedef struct {
	gboolean done;
	Instance *instance;
	GError *error;
} Outcome;

static void
on_started(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Outcome *outcome = user_data;

	outcome->done = TRUE;
	outcome->instance = instance_start_finish(result, &outcome->error);
}

static void
begin(Fixture *f, guint number, GCancellable *cancellable, Outcome *outcome)
{
	const InstanceParams params = {
		.libreswan = f->libreswan,
		.directory = f->directory,
		.profile = f->profile,
		.helper = "/bin/true",
		.number = number,
		.gateway = "192.0.2.1",
		.nss_places = f->nss_places,
	};

	instance_start_async(&params, &callbacks, f, cancellable, on_started, outcome);
}

static FakeProcess *
start(Fixture *f, guint number)
{
	Outcome outcome = {0};

	begin(f, number, NULL, &outcome);
	until(outcome.done);
	g_assert_no_error(outcome.error);
	f->instance = outcome.instance;
	return fake_next(f->fake, "pluto");
}

static gboolean
exists(const Fixture *f)
{
	return g_file_test(f->secrets, G_FILE_TEST_EXISTS);
}

static void
say(Fixture *f, FakeProcess *pluto, const char *line)
{
	guint before = f->n_lines;

	fake_send(pluto, "log %s", line);
	until(f->n_lines > before);
}

/* It is there from before pluto can read it until pluto has opened it, in each instance. */
static void
test_read(Fixture *f, gconstpointer unused)
{
	g_autofree char *line = g_strdup_printf("loading secrets from \"%s\"", f->secrets);

	for (guint number = 1; number <= 2; number++) {
		FakeProcess *pluto = start(f, number);

		g_assert_true(exists(f));
		say(f, pluto, "listening for IKE messages");
		g_assert_true(exists(f));
		say(f, pluto, line);
		g_assert_false(exists(f));
		fake_send(pluto, "exit 0");
		until(f->n_ended == number);
		g_assert_false(exists(f));
	}
}

/* What others have a part in says nothing about the file. */
static void
test_not_read(Fixture *f, gconstpointer unused)
{
	FakeProcess *pluto = start(f, 1);

	say(f, pluto, "\"vpn\" #1: loading secrets from \"/tmp/x\"");
	say(f, pluto, "packet from 192.0.2.1:500: loading secrets from \"/tmp/x\"");
	say(f, pluto, "loading group \"/etc/ipsec.d/policies/private\"");
	g_assert_true(exists(f));
}

static void
test_ends_before(Fixture *f, gconstpointer unused)
{
	FakeProcess *pluto = start(f, 1);

	g_assert_true(exists(f));
	fake_send(pluto, "exit 3");
	until(f->n_ended == 1);
	g_assert_false(exists(f));
}

/*****************************************************************************/
/* The PIN of a token. */

#define KEY_LOADED "\"vpn\": loaded private key matching left certificate 'Alice Card:alice'"

static void
use_token(Fixture *f)
{
	profile_free(f->profile);
	f->profile =
		make_profile("right=192.0.2.1\nikev2=insist\nca=/ca\ncert=Alice Card:alice\npin=1234");
}

/* (transfer full) (nullable): what is in the file; it is nobody else's to read. */
static char *
read_password(const Fixture *f)
{
	g_autofree char *path = run_directory_file(f->directory, "nsspassword");
	char *text = NULL;
	struct stat info;

	if (g_stat(path, &info) < 0)
		return NULL;
	g_assert_cmpuint(info.st_mode & 0777, ==, 0600);
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return text;
}

static gboolean
has_password(const Fixture *f)
{
	g_autofree char *text = read_password(f);

	return text != NULL;
}

/* In each instance, until it has logged in to the token. */
static void
test_pin_read(Fixture *f, gconstpointer unused)
{
	use_token(f);
	for (guint number = 1; number <= 2; number++) {
		FakeProcess *pluto = start(f, number);
		g_autofree char *text = read_password(f);
		g_autofree char *conf = run_directory_read(f->directory, "ipsec.conf", 100000);
		g_autofree char *ipsecdir =
			g_strdup_printf("\tipsecdir=%s\n", run_directory_get_path(f->directory));

		g_assert_cmpstr(text, ==, "Alice Card:1234\n");
		g_assert_nonnull(strstr(conf, ipsecdir));
		say(f, pluto, "\"vpn\" #1: loaded private key of somebody else");
		g_assert_true(has_password(f));
		say(f, pluto, KEY_LOADED);
		g_assert_false(has_password(f));
		fake_send(pluto, "exit 0");
		until(f->n_ended == number);
	}
}

static void
test_pin_not_read(Fixture *f, gconstpointer unused)
{
	FakeProcess *pluto;

	use_token(f);
	pluto = start(f, 1);
	g_assert_true(has_password(f));
	fake_send(pluto, "exit 3");
	until(f->n_ended == 1);
	g_assert_false(has_password(f));
}

/* How long it is nobody has to know. */
static void
test_pin_unsaid(Fixture *f, gconstpointer unused)
{
	FakeProcess *pluto;

	use_token(f);
	pluto = start(f, 1);
	fake_send(pluto, "log NSS Password from file \"/x/nsspassword\" for token \"Alice Card\" with "
					 "length 4 passed to NSS");
	say(f, pluto, "listening for IKE messages");
	g_assert_cmpuint(f->n_lines, ==, 1);
}

static void
test_no_token(Fixture *f, gconstpointer unused)
{
	g_autofree char *conf = NULL;

	start(f, 1);
	g_assert_false(has_password(f));
	conf = run_directory_read(f->directory, "ipsec.conf", 100000);
	g_assert_null(strstr(conf, "ipsecdir="));
}

static void
test_pin_of_lines(Fixture *f, gconstpointer unused)
{
	Outcome outcome = {0};

	use_token(f);
	g_assert_true(profile_set_secret(f->profile, "pin", "12\n34", NULL));
	begin(f, 1, NULL, &outcome);
	until(outcome.done);
	g_assert_error(outcome.error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
	g_assert_null(strstr(outcome.error->message, "12"));
	g_clear_error(&outcome.error);
	g_assert_false(has_password(f));
}

/*****************************************************************************/

/* Whoever has cancelled it may have removed everything meanwhile. */
static void
test_cancelled(Fixture *f, gconstpointer unused)
{
	g_autoptr(GCancellable) cancellable = g_cancellable_new();
	Outcome outcome = {0};

	begin(f, 1, cancellable, &outcome);
	g_cancellable_cancel(cancellable);
	g_assert_true(run_directory_remove(f->directory, NULL));
	until(outcome.done);
	g_assert_null(outcome.instance);
	g_assert_error(outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
	g_clear_error(&outcome.error);
	g_assert_false(exists(f));
}

/* Where there is no certutil. */
static void
test_no_nss(Fixture *f, gconstpointer unused)
{
	Outcome outcome = {0};

	g_clear_pointer(&f->libreswan->certutil, g_free);
	begin(f, 1, NULL, &outcome);
	until(outcome.done);
	g_assert_null(outcome.instance);
	g_assert_error(outcome.error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
	g_clear_error(&outcome.error);
	g_assert_false(exists(f));
}

/* Which exchange a peer may begin follows from the profile. */
static void
test_respond(Fixture *f, gconstpointer unused)
{
	static const struct {
		const char *text;
		int main_mode, aggressive_mode; /* is heard */
	} rows[] = {
		{"right=192.0.2.1\nikev2=insist\npskvalue=x\n", 0, 0},
		{"right=192.0.2.1\naggressive=yes\npskvalue=x\nxauthpassword=x\n"
		 "leftxauthusername=joe\n",
		 0, 0},
		{"right=192.0.2.1\naggressive=no\npskvalue=x\nxauthpassword=x\n"
		 "leftxauthusername=joe\n",
		 1, 0},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		FakeProcess *pluto;

		g_test_message("%s", rows[i].text);
		profile_free(f->profile);
		f->profile = make_profile(rows[i].text);
		pluto = start(f, i + 1);
		fake_do(pluto, "hear 2");
		g_assert_cmpint(fake_status(pluto), ==, rows[i].main_mode);
		fake_do(pluto, "hear 4");
		g_assert_cmpint(fake_status(pluto), ==, rows[i].aggressive_mode);
		fake_send(pluto, "exit 0");
		until(f->n_ended == i + 1);
	}
}

static void
use_certificates(Fixture *f)
{
	profile_free(f->profile);
	f->profile = make_profile("right=192.0.2.1\nleftcert=joe\nxauthpasswordinputmodes=unused\n");
}

/* 4.10 does not understand a refusal: whose it is the way to authenticate tells. */
static void
test_reason(Fixture *f, gconstpointer unused)
{
	static const char *const nowhere[] = {NULL};

	f->nss_places = nowhere;
	for (guint number = 1; number <= 2; number++) {
		FakeProcess *pluto = start(f, number);

		say(f, pluto, "\"vpn\" #1: initiating IKEv1 Main Mode connection");
		say(f, pluto, "\"vpn\" #1: sent Main Mode I3");
		say(f, pluto, "\"vpn\" #1: malformed payload in packet");
		g_assert_cmpint(f->kind, ==, PLUTO_LOG_LOGIN_REFUSED);
		g_assert_nonnull(strstr(f->reason, number == 1 ? "pre-shared key" : "or certificate"));
		say(f, pluto,
			"\"vpn\" #1: STATE_MAIN_I3: retransmission; will wait 4 seconds for response");
		g_assert_cmpint(f->kind, ==, number == 1 ? PLUTO_LOG_LOGIN_REFUSED : PLUTO_LOG_OTHER);
		fake_send(pluto, "exit 0");
		until(f->n_ended == number);
		use_certificates(f);
	}
}

/* Who names a nickname gets a copy of the system's database, and no empty one. */
static void
test_nickname(Fixture *f, gconstpointer unused)
{
	g_autofree char *system = g_dir_make_tmp("system-nss-XXXXXX", NULL);
	g_autofree char *cert9 = g_build_filename(system, "cert9.db", NULL);
	g_autofree char *key4 = g_build_filename(system, "key4.db", NULL);
	g_autofree char *nss = run_directory_file(f->directory, "nss");
	g_autofree char *copy = g_build_filename(nss, "key4.db", NULL);
	const char *const places[] = {system, NULL};

	g_assert_true(g_file_set_contents(cert9, "c", -1, NULL));
	g_assert_true(g_file_set_contents(key4, "k", -1, NULL));
	f->nss_places = places;
	use_certificates(f);
	fake_send(start(f, 1), "exit 0");
	g_assert_true(g_file_test(copy, G_FILE_TEST_EXISTS));
	g_assert_cmpuint(fake_libreswan_count(f->fake, "certutil"), ==, 0);
	until(f->n_ended == 1);
	g_unlink(cert9);
	g_unlink(key4);
	g_assert_cmpint(g_rmdir(system), ==, 0);
}

#define ADD(name, test) g_test_add("/instance/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("reason", test_reason);
	ADD("nickname", test_nickname);
	ADD("secrets/read", test_read);
	ADD("secrets/not-read", test_not_read);
	ADD("secrets/ends-before", test_ends_before);
	ADD("pin/read", test_pin_read);
	ADD("pin/not-read", test_pin_not_read);
	ADD("pin/unsaid", test_pin_unsaid);
	ADD("pin/no-token", test_no_token);
	ADD("pin/of-lines", test_pin_of_lines);
	ADD("cancelled", test_cancelled);
	ADD("no-nss", test_no_nss);
	ADD("respond", test_respond);
	return g_test_run();
}
