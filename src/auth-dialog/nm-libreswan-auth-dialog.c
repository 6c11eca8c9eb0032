/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "auth-prompt.h"
#include "auth-window.h"
#include "external-ui.h"
#include "keyring.h"

/* In our own directory; a package may have it apart from us. */
#define WINDOW_PROGRAM "nm-libreswan-auth-window"
/* Without external UI mode: how long an agent has to take the answer and write QUIT, in ms. */
#define QUIT_MS 20000

static char *
find_in_keyring(const AuthRequest *request, const char *key)
{
	g_autoptr(GError) error = NULL;
	char *value = keyring_find(request->uuid, key, request->may_ask, &error);

	if (error)
		g_debug("no keyring: %s", error->message);
	return value;
}

/* nmcli asks a person on the terminal and takes no other answer: of what we know it would give
 * NetworkManager nothing, and the connection would end for want of secrets. */
static gboolean
is_called_by_nmcli(void)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/comm", (int) getppid());
	g_autofree char *comm = NULL;

	return g_file_get_contents(path, &comm, NULL, NULL) && g_str_equal(g_strchomp(comm), "nmcli");
}

static gboolean
print(const char *data, gsize len)
{
	if (fwrite(data, 1, len, stdout) == len && fflush(stdout) == 0)
		return TRUE;
	g_printerr(_("cannot write the answer: %s\n"), g_strerror(errno));
	return FALSE;
}

static int
print_questions(const AuthRequest *request, const GPtrArray *prompts)
{
	g_autofree char *description = auth_prompts_describe(prompts, request);
	gsize len;
	char *data = external_ui_to_data(_("Sign In to VPN"), description, prompts, &len);
	const gboolean is_printed = print(data, len);

	explicit_bzero(data, len);
	g_free(data);
	return is_printed ? EXIT_SUCCESS : EXIT_FAILURE;
}

static char *
find_window(void)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *directory = self ? g_path_get_dirname(self) : g_strdup(LIBEXECDIR);

	return g_build_filename(directory, WINDOW_PROGRAM, NULL);
}

static gboolean
ask_in_window(const AuthRequest *request, GPtrArray *prompts)
{
	g_autofree char *program = find_window();
	g_autofree char *description = auth_prompts_describe(prompts, request);
	g_autoptr(GError) error = NULL;
	gsize len;
	char *data = external_ui_to_data(_("Sign In to VPN"), description, prompts, &len);
	const gboolean is_answered = auth_window_ask(program, data, len, prompts, STDIN_FILENO, &error);

	explicit_bzero(data, len);
	g_free(data);
	if (!is_answered)
		g_printerr(_("“%s”: nobody was asked without --external-ui-mode: %s\n"), request->name,
				   error->message);
	return is_answered;
}

/* Whoever has called us reads, and says so. */
static void
await_quit(void)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	const gint64 until = g_get_monotonic_time() + QUIT_MS * G_TIME_SPAN_MILLISECOND;
	char said[16];
	gint64 left;

	while ((left = until - g_get_monotonic_time()) > 0 &&
		   poll(&in, 1, (int) (left / G_TIME_SPAN_MILLISECOND)) > 0) {
		gssize n = read(STDIN_FILENO, said, sizeof(said) - 1);

		if (n <= 0)
			return;
		said[n] = '\0';
		if (strstr(said, "QUIT"))
			return;
	}
}

/* Two lines for each secret, and an empty one (networkAgent.js, readStdoutOldStyle). */
static int
print_answers(const AuthRequest *request, GPtrArray *prompts)
{
	g_autoptr(GString) answer = g_string_new(NULL);
	gboolean is_printed;

	if (auth_prompts_count(prompts) > 0 && !ask_in_window(request, prompts))
		return EXIT_FAILURE;
	for (guint i = 0; i < prompts->len; i++) {
		const AuthPrompt *prompt = prompts->pdata[i];

		/* The next line would be another key's. */
		if (strchr(prompt->value, '\n')) {
			g_printerr(_("“%s”: a secret with several lines needs --external-ui-mode\n"),
					   request->name);
			return EXIT_FAILURE;
		}
		g_string_append_printf(answer, "%s\n%s\n", prompt->secret->key, prompt->value);
	}
	g_string_append(answer, "\n\n");
	is_printed = print(answer->str, answer->len);
	explicit_bzero(answer->str, answer->len);
	if (is_printed)
		await_quit();
	return is_printed ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
answer(AuthRequest *request, GError **error)
{
	g_autoptr(Profile) profile = NULL;
	g_autoptr(GPtrArray) prompts = NULL;

	request->without_keyring = is_called_by_nmcli();
	if (!auth_request_read(request, STDIN_FILENO, error))
		return EXIT_FAILURE;
	/* Without its secrets: a wrong one is asked for. */
	profile = profile_new_from_data(request->uuid, request->name, request->data, NULL, NULL, error);
	if (!profile)
		return EXIT_FAILURE;
	prompts = auth_prompts_new(request, profile, find_in_keyring);
	return request->external_ui ? print_questions(request, prompts)
								: print_answers(request, prompts);
}

int
main(int argc, char **argv)
{
	g_autoptr(AuthRequest) request = NULL;
	g_autoptr(GError) error = NULL;
	gboolean show_version = FALSE;
	int status = EXIT_FAILURE;

	setlocale(LC_ALL, "");
	bindtextdomain(GETTEXT_PACKAGE, LOCALEDIR);
	bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
	textdomain(GETTEXT_PACKAGE);
	/* No core dump has the secrets, nor a buffer of stdio's. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	setvbuf(stdout, NULL, _IONBF, 0);
	/* A window that has ended, or an agent, is an error that is said. */
	signal(SIGPIPE, SIG_IGN);
	request = auth_request_new(&argc, &argv, &show_version, &error);
	if (request && show_version) {
		g_print("%s\n", PACKAGE_STRING);
		return EXIT_SUCCESS;
	}
	if (request)
		status = answer(request, &error);
	if (error)
		g_printerr("%s\n", error->message);
	return status;
}
