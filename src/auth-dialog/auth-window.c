/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "auth-window.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "auth-prompt.h"
#include "auth-window-status.h"
#include "questions.h"

typedef struct {
	GSubprocess *process;
	GMainLoop *loop;
	GBytes *answers;
	GError *error;
	gboolean quits;
} Window;

static void
end_with_parent(gpointer unused)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
}

static gboolean
says_quit(int fd, gboolean *ended)
{
	char said[64];
	const gssize n = read(fd, said, sizeof(said) - 1);

	*ended = n <= 0;
	if (*ended)
		return FALSE;
	said[n] = '\0';
	return strstr(said, "QUIT") != NULL;
}

/* An agent may say QUIT at once, in the same breath as its DONE (nm-applet does). */
static gboolean
pass_over(int fd)
{
	struct pollfd in = {.fd = fd, .events = POLLIN};
	gboolean ended = FALSE;

	while (!ended && poll(&in, 1, 0) > 0)
		says_quit(fd, &ended);
	return !ended;
}

static gboolean
on_quit(gint fd, GIOCondition condition, gpointer user_data)
{
	Window *self = user_data;
	gboolean ended;

	if (says_quit(fd, &ended)) {
		self->quits = TRUE;
		g_subprocess_force_exit(self->process);
	}
	return ended ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static void
on_ended(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Window *self = user_data;

	g_subprocess_communicate_finish(G_SUBPROCESS(source), result, &self->answers, NULL,
									&self->error);
	g_main_loop_quit(self->loop);
}

static void
replace_value(AuthPrompt *prompt, char *value)
{
	explicit_bzero(prompt->value, strlen(prompt->value));
	g_free(prompt->value);
	prompt->value = value;
}

static gboolean
take_answers(const char *text, GPtrArray *prompts)
{
	const char *at = text;

	for (guint i = 0; i < prompts->len; i++) {
		AuthPrompt *prompt = prompts->pdata[i];
		char *value = prompt->should_ask ? questions_find_answer(&at, prompt->secret->key) : NULL;

		if (prompt->should_ask && !value)
			return FALSE;
		if (value)
			replace_value(prompt, value);
	}
	return *at == '\0';
}

static gboolean
read_answers(const Window *self, GPtrArray *prompts, GError **error)
{
	gsize len = 0;
	const char *data = self->answers ? g_bytes_get_data(self->answers, &len) : NULL;
	g_autofree char *text = g_strndup(data ? data : "", len);
	const gboolean are_all = take_answers(text, prompts);

	explicit_bzero(text, len);
	if (!are_all)
		g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
							_("the window has not said what was entered"));
	return are_all;
}

static gboolean
find_outcome(Window *self, GPtrArray *prompts, GError **error)
{
	const int status = self->error || !g_subprocess_get_if_exited(self->process)
						   ? -1
						   : g_subprocess_get_exit_status(self->process);

	if (self->error && !self->quits) {
		g_propagate_error(error, g_steal_pointer(&self->error));
		return FALSE;
	}
	if (self->quits || status == AUTH_WINDOW_CANCELLED) {
		g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("nobody wants to sign in"));
		return FALSE;
	}
	if (status == AUTH_WINDOW_NO_DISPLAY) {
		g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
							_("there is no display for a window"));
		return FALSE;
	}
	if (status == AUTH_WINDOW_ANSWERED)
		return read_answers(self, prompts, error);
	g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, _("the window has failed"));
	return FALSE;
}

gboolean
auth_window_ask(const char *program, const char *data, gsize len, GPtrArray *prompts, int quit_fd,
				GError **error)
{
	g_autoptr(GSubprocessLauncher) launcher =
		g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
	g_autoptr(GBytes) questions = g_bytes_new_static(data, len);
	const char *const argv[] = {program, NULL};
	gboolean is_answered;
	Window self = {0};
	guint source = 0;

	g_subprocess_launcher_set_child_setup(launcher, end_with_parent, NULL, NULL);
	self.process = g_subprocess_launcher_spawnv(launcher, argv, error);
	if (!self.process)
		return FALSE;
	self.loop = g_main_loop_new(NULL, FALSE);
	if (pass_over(quit_fd))
		source = g_unix_fd_add(quit_fd, G_IO_IN | G_IO_HUP, on_quit, &self);
	g_subprocess_communicate_async(self.process, questions, NULL, on_ended, &self);
	g_main_loop_run(self.loop);
	if (source != 0 && g_main_context_find_source_by_id(NULL, source))
		g_source_remove(source);
	is_answered = find_outcome(&self, prompts, error);
	g_clear_pointer(&self.answers, g_bytes_unref);
	g_clear_error(&self.error);
	g_main_loop_unref(self.loop);
	g_object_unref(self.process);
	return is_answered;
}
