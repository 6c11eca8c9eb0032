/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * With programs that end as the window may, in its place; and the real one, in an X server of the
 * test's own, with a person's keys.
 */
#include "config.h"

#include "auth-window.h"

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "auth-caller.h"
#include "auth-prompt.h"
#include "make-profile.h"
#include "wait-until.h"

#define WINDOW BUILDDIR "/nm-libreswan-auth-window"
#define TITLE  "Sign In to VPN"

typedef struct {
	char *directory, *program, *seen;
	int quit[2];
	GPtrArray *prompts;
	GHashTable *secrets;
	GError *error;
} Fixture;

static char *
no_keyring(const AuthRequest *request, const char *key)
{
	return NULL;
}

static void
set_up(Fixture *f, gconstpointer unused)
{
	AuthRequest request = {.name = (char *) "office", .may_ask = TRUE};
	g_autoptr(Profile) profile =
		make_profile("right=gw\nleftusername=alice\nxauthpassword-flags=2\npskvalue-flags=1");

	f->directory = g_dir_make_tmp("window-XXXXXX", NULL);
	f->program = g_build_filename(f->directory, "window", NULL);
	f->seen = g_build_filename(f->directory, "seen", NULL);
	g_assert_true(g_unix_open_pipe(f->quit, FD_CLOEXEC, NULL));
	f->secrets = g_hash_table_new(g_str_hash, g_str_equal);
	request.secrets = f->secrets;
	f->prompts = auth_prompts_new(&request, profile, no_keyring);
	g_assert_cmpuint(f->prompts->len, ==, 2);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	g_unlink(f->program);
	g_unlink(f->seen);
	g_assert_cmpint(g_rmdir(f->directory), ==, 0);
	close(f->quit[0]);
	if (f->quit[1] >= 0)
		close(f->quit[1]);
	g_ptr_array_unref(f->prompts);
	g_hash_table_unref(f->secrets);
	g_clear_error(&f->error);
	g_free(f->directory);
	g_free(f->program);
	g_free(f->seen);
}

static gboolean
ask(Fixture *f, const char *script)
{
	g_autofree char *text = g_strdup_printf("#!/bin/sh\ncat > '%s'\n%s\n", f->seen, script);

	g_assert_true(g_file_set_contents(f->program, text, -1, NULL));
	g_assert_cmpint(g_chmod(f->program, 0700), ==, 0);
	g_clear_error(&f->error);
	return auth_window_ask(f->program, "questions", strlen("questions"), f->prompts, f->quit[0],
						   &f->error);
}

static const char *
value_of(const Fixture *f, guint number)
{
	return ((const AuthPrompt *) f->prompts->pdata[number])->value;
}

static void
test_answered(Fixture *f, gconstpointer unused)
{
	g_autofree char *seen = NULL;

	/* What nm-applet says in the same breath as DONE. */
	g_assert_cmpint(write(f->quit[1], "QUIT\n\n", 6), ==, 6);
	g_assert_true(ask(f, "printf 'xauthpassword\\na b\\npskvalue\\nc\\n'"));
	g_assert_no_error(f->error);
	g_assert_cmpstr(value_of(f, 0), ==, "a b");
	g_assert_cmpstr(value_of(f, 1), ==, "c");
	g_assert_true(g_file_get_contents(f->seen, &seen, NULL, NULL));
	g_assert_cmpstr(seen, ==, "questions");
}

/* What is known already stays. */
static void
test_one_of_two(Fixture *f, gconstpointer unused)
{
	AuthPrompt *known = f->prompts->pdata[1];

	known->should_ask = FALSE;
	g_free(known->value);
	known->value = g_strdup("known");
	g_assert_true(ask(f, "printf 'xauthpassword\\ncode\\n'"));
	g_assert_cmpstr(value_of(f, 0), ==, "code");
	g_assert_cmpstr(value_of(f, 1), ==, "known");
	g_assert_false(ask(f, "printf 'xauthpassword\\ncode\\npskvalue\\nmine\\n'"));
	g_assert_cmpstr(value_of(f, 1), ==, "known");
}

static void
test_failures(Fixture *f, gconstpointer unused)
{
	static const struct {
		const char *script;
		GIOErrorEnum code;
	} rows[] = {
		{"exit 2", G_IO_ERROR_CANCELLED},
		{"printf 'xauthpassword\\na\\npskvalue\\nb\\n'; exit 2", G_IO_ERROR_CANCELLED},
		{"exit 3", G_IO_ERROR_NOT_SUPPORTED},
		{"exit 1", G_IO_ERROR_FAILED},
		{"kill -9 $$", G_IO_ERROR_FAILED},
		{"", G_IO_ERROR_INVALID_DATA},
		{"printf 'xauthpassword\\na\\n'", G_IO_ERROR_INVALID_DATA},
		{"printf 'pskvalue\\na\\nxauthpassword\\nb\\n'", G_IO_ERROR_INVALID_DATA},
		{"printf 'xauthpassword\\na\\npskvalue\\nb\\nmore\\n'", G_IO_ERROR_INVALID_DATA},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_assert_false(ask(f, rows[i].script));
		g_assert_error(f->error, G_IO_ERROR, (int) rows[i].code);
	}
	g_unlink(f->program);
	g_clear_error(&f->error);
	g_assert_false(auth_window_ask(f->program, "q", 1, f->prompts, f->quit[0], &f->error));
	g_assert_nonnull(strstr(f->error->message, f->program));
}

static gboolean
say_quit(gpointer user_data)
{
	Fixture *f = user_data;

	if (!g_file_test(f->seen, G_FILE_TEST_EXISTS))
		return G_SOURCE_CONTINUE;
	g_assert_cmpint(write(f->quit[1], "QUIT\n\n", 6), ==, 6);
	return G_SOURCE_REMOVE;
}

/* The agent has no use for it any more, while the window is there. */
static void
test_quit(Fixture *f, gconstpointer unused)
{
	g_timeout_add(5, say_quit, f);
	g_assert_false(ask(f, "exec sleep 1000"));
	g_assert_error(f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* That it says nothing any more is no word. */
static void
test_closed(Fixture *f, gconstpointer unused)
{
	close(f->quit[1]);
	f->quit[1] = -1;
	g_assert_true(ask(f, "printf 'xauthpassword\\na\\npskvalue\\nb\\n'"));
}

/*****************************************************************************/

typedef struct {
	GSubprocess *server, *dialog;
	char *display;
} Desktop;

/* Returns: false where there is none, or no window. */
static gboolean
begin_desktop(Desktop *self)
{
	static const char *const needed[] = {"Xvfb", "xdotool"};
	g_autoptr(GDataInputStream) numbers = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *number = NULL;

	if (!g_file_test(WINDOW, G_FILE_TEST_IS_EXECUTABLE)) {
		g_test_skip("nm-libreswan-auth-window is not built");
		return FALSE;
	}
	for (guint i = 0; i < G_N_ELEMENTS(needed); i++) {
		g_autofree char *path = g_find_program_in_path(needed[i]);
		g_autofree char *why = g_strdup_printf("there is no %s", needed[i]);

		if (!path) {
			g_test_skip(why);
			return FALSE;
		}
	}
	/* Without -noreset it begins anew when its last client goes, as each xdotool does, and takes no
	 * other meanwhile. */
	self->server = g_subprocess_new(
		G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "Xvfb",
		"-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten", "tcp", "-noreset", NULL);
	g_assert_no_error(error);
	numbers = g_data_input_stream_new(g_subprocess_get_stdout_pipe(self->server));
	number = g_data_input_stream_read_line(numbers, NULL, NULL, &error);
	g_assert_no_error(error);
	g_assert_nonnull(number);
	self->display = g_strconcat(":", number, NULL);
	return TRUE;
}

static void
end_desktop(Desktop *self)
{
	g_clear_object(&self->dialog);
	/* So that it takes its lock away; the next one may want the same number. */
	g_subprocess_send_signal(self->server, SIGTERM);
	g_subprocess_wait(self->server, NULL, NULL);
	g_object_unref(self->server);
	g_free(self->display);
}

static void
set_environment(GSubprocessLauncher *launcher, const Desktop *self)
{
	g_subprocess_launcher_setenv(launcher, "DISPLAY", self->display, TRUE);
	g_subprocess_launcher_setenv(launcher, "GDK_BACKEND", "x11", TRUE);
	g_subprocess_launcher_setenv(launcher, "GSK_RENDERER", "cairo", TRUE);
	g_subprocess_launcher_setenv(launcher, "GTK_A11Y", "none", TRUE);
	/* What GTK and fontconfig keep until their end is theirs. */
	g_subprocess_launcher_setenv(launcher, "ASAN_OPTIONS", "detect_leaks=0", TRUE);
	g_subprocess_launcher_setenv(launcher, "LC_ALL", "C.UTF-8", TRUE);
	g_subprocess_launcher_unsetenv(launcher, "WAYLAND_DISPLAY");
	g_subprocess_launcher_unsetenv(launcher, "DBUS_SESSION_BUS_ADDRESS");
}

static void
start_dialog(Desktop *self)
{
	static const char input[] =
		"DATA_KEY=right\nDATA_VAL=gw\nDATA_KEY=leftusername\nDATA_VAL=alice\n"
		"DATA_KEY=xauthpassword-flags\nDATA_VAL=2\n"
		"DATA_KEY=pskvalue-flags\nDATA_VAL=2\nDONE\n\n";
	g_autoptr(GSubprocessLauncher) launcher =
		g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
								  G_SUBPROCESS_FLAGS_STDERR_SILENCE);
	g_autoptr(GError) error = NULL;

	set_environment(launcher, self);
	self->dialog =
		g_subprocess_launcher_spawn(launcher, &error, AUTH_DIALOG, "-u", AUTH_UUID, "-n", "office",
									"-s", "org.freedesktop.NetworkManager.libreswan", "-i", NULL);
	g_assert_no_error(error);
	g_assert_true(g_output_stream_write_all(g_subprocess_get_stdin_pipe(self->dialog), input,
											strlen(input), NULL, NULL, NULL));
}

/* xdotool with these words, separated by "|". */
static gboolean
try_keys(const Desktop *self, const char *words, char **output)
{
	g_autofree char *text = g_strconcat("xdotool|", words, NULL);
	g_auto(GStrv) argv = g_strsplit(text, "|", -1);
	g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
		G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
	g_autoptr(GSubprocess) process = NULL;
	g_autoptr(GError) error = NULL;

	set_environment(launcher, self);
	process = g_subprocess_launcher_spawnv(launcher, (const char *const *) argv, &error);
	g_assert_no_error(error);
	g_assert_true(g_subprocess_communicate_utf8(process, NULL, NULL, output, NULL, &error));
	g_assert_no_error(error);
	return g_subprocess_get_successful(process);
}

/* Longer than a machine that is busy with other things takes for a window, in seconds. */
#define WINDOW_S 60

/* The window is there, and has the keyboard. */
static gboolean
has_window(const Desktop *self)
{
	g_autofree char *found = NULL, *focused = NULL, *words = NULL;

	if (!try_keys(self, "search|--onlyvisible|--name|" TITLE, &found) || !g_strstrip(found)[0])
		return FALSE;
	words = g_strdup_printf("windowfocus|%s", found);
	return try_keys(self, words, NULL) && try_keys(self, "getwindowfocus", &focused) &&
		   g_str_equal(g_strstrip(focused), found);
}

static void
await_window(const Desktop *self)
{
	const gint64 until = g_get_monotonic_time() + WINDOW_S * G_TIME_SPAN_SECOND;

	while (!has_window(self)) {
		if (g_get_monotonic_time() > until)
			g_error("no window, and the dialog %s",
					g_subprocess_get_identifier(self->dialog) ? "waits" : "has ended");
	}
}

static char *
finish_dialog(Desktop *self, int *status)
{
	GInputStream *out = g_subprocess_get_stdout_pipe(self->dialog);
	g_autoptr(GString) said = g_string_new(NULL);
	char piece[256];
	gssize n;

	while (!g_str_has_suffix(said->str, "\n\n\n") &&
		   (n = g_input_stream_read(out, piece, sizeof(piece), NULL, NULL)) > 0)
		g_string_append_len(said, piece, n);
	g_output_stream_write_all(g_subprocess_get_stdin_pipe(self->dialog), "QUIT\n\n", 6, NULL, NULL,
							  NULL);
	g_subprocess_wait(self->dialog, NULL, NULL);
	*status =
		g_subprocess_get_if_exited(self->dialog) ? g_subprocess_get_exit_status(self->dialog) : -1;
	return g_string_free(g_steal_pointer(&said), FALSE);
}

static void
check_keys(const char *const *keys, const char *expected, int expected_status)
{
	g_autofree char *said = NULL;
	Desktop desktop = {0};
	int status;

	if (!begin_desktop(&desktop))
		return;
	start_dialog(&desktop);
	await_window(&desktop);
	for (; *keys; keys++)
		g_assert_true(try_keys(&desktop, *keys, NULL));
	said = finish_dialog(&desktop, &status);
	g_assert_cmpstr(said, ==, expected);
	g_assert_cmpint(status, ==, expected_status);
	end_desktop(&desktop);
}

static void
test_real_window(void)
{
	/* The first Return does nothing, as the other entry is empty. */
	static const char *const keys[] = {"type|s3cret [x]", "key|Return", "key|Tab",
									   "type|group key",  "key|Return", NULL};

	check_keys(keys, "xauthpassword\ns3cret [x]\npskvalue\ngroup key\n\n\n", 0);
}

static void
test_real_cancel(void)
{
	static const char *const keys[] = {"type|half", "key|Escape", NULL};

	check_keys(keys, "", 1);
}

/* The agent has gone: no window stays behind. */
static void
test_real_killed(void)
{
	Desktop desktop = {0};

	if (!begin_desktop(&desktop))
		return;
	start_dialog(&desktop);
	await_window(&desktop);
	g_subprocess_force_exit(desktop.dialog);
	WAIT_UNTIL(!has_window(&desktop));
	end_desktop(&desktop);
}

/* Alone it has nothing to ask, and where there is no display it says so. */
static void
test_real_alone(void)
{
	g_autofree char *said = NULL, *out = NULL;
	int status;

	if (!g_file_test(WINDOW, G_FILE_TEST_IS_EXECUTABLE)) {
		g_test_skip("nm-libreswan-auth-window is not built");
		return;
	}
	g_assert_true(
		g_spawn_command_line_sync("sh -c '" WINDOW " < /dev/null'", &out, &said, &status, NULL));
	g_assert_nonnull(strstr(said, "nothing to ask"));
	g_assert_cmpstr(out, ==, "");
	g_clear_pointer(&said, g_free);
	g_clear_pointer(&out, g_free);
	out = auth_dialog_say(
		"an-agent", "-i",
		"DATA_KEY=right\nDATA_VAL=gw\nDATA_KEY=pskvalue-flags\nDATA_VAL=2\nDONE\n\n", NULL, &status,
		&said);
	g_assert_cmpstr(out, ==, "");
	g_assert_cmpint(status, ==, 1);
	g_assert_nonnull(strstr(said, "there is no display"));
}

#define ADD(name, test) g_test_add("/auth-window/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	signal(SIGPIPE, SIG_IGN); /* of a dialog that has ended */
	ADD("answered", test_answered);
	ADD("one-of-two", test_one_of_two);
	ADD("failures", test_failures);
	ADD("quit", test_quit);
	ADD("closed", test_closed);
	g_test_add_func("/auth-window/real/answered", test_real_window);
	g_test_add_func("/auth-window/real/cancelled", test_real_cancel);
	g_test_add_func("/auth-window/real/killed", test_real_killed);
	g_test_add_func("/auth-window/real/alone", test_real_alone);
	return g_test_run();
}
