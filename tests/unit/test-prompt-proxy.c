/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The test is both ends: whack, which comes to the proxy's socket, and pluto, to which the proxy
 * comes. */
#include "config.h"

#include "prompt-proxy.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "wait-until.h"

typedef struct {
	char *directory, *path, *control;
	PromptProxy *proxy;
	int listener, whack, pluto;
	guint n_asked;
	PromptKind kind;
	char *message;
	const char *at_once; /* what is answered from within the question */
} Fixture;

static void
on_prompt(PromptKind kind, const char *message, gpointer user_data)
{
	Fixture *f = user_data;

	f->n_asked++;
	f->kind = kind;
	g_free(f->message);
	f->message = g_strdup(message);
	if (f->at_once)
		g_assert_true(prompt_proxy_answer(f->proxy, f->at_once));
}

static struct sockaddr_un
address_of(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
	return address;
}

static int
connect_to(const char *path)
{
	const struct sockaddr_un address = address_of(path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	g_assert_cmpint(connect(fd, (const struct sockaddr *) &address, sizeof(address)), ==, 0);
	return fd;
}

static void
set_up(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	struct sockaddr_un address;

	f->directory = g_dir_make_tmp("prompt-XXXXXX", NULL);
	f->path = g_build_filename(f->directory, "prompt.ctl", NULL);
	f->control = g_build_filename(f->directory, "pluto.ctl", NULL);
	address = address_of(f->control);
	f->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	g_assert_cmpint(bind(f->listener, (struct sockaddr *) &address, sizeof(address)), ==, 0);
	g_assert_cmpint(listen(f->listener, 1), ==, 0);
	f->proxy = prompt_proxy_new(f->path, f->control, "vpn", on_prompt, f, &error);
	g_assert_no_error(error);
	f->whack = f->pluto = -1;
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	prompt_proxy_free(f->proxy);
	g_assert_false(g_file_test(f->path, G_FILE_TEST_EXISTS));
	close(f->listener);
	if (f->whack >= 0)
		close(f->whack);
	if (f->pluto >= 0)
		close(f->pluto);
	g_unlink(f->control);
	g_assert_cmpint(g_rmdir(f->directory), ==, 0);
	g_free(f->directory);
	g_free(f->path);
	g_free(f->control);
	g_free(f->message);
}

static gboolean
pluto_is_called(Fixture *f)
{
	f->pluto = accept4(f->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	return f->pluto >= 0;
}

static void
begin(Fixture *f)
{
	struct stat status;

	g_assert_cmpint(stat(f->path, &status), ==, 0);
	g_assert_cmpint(status.st_mode & 0777, ==, 0600);
	f->whack = connect_to(f->path);
	g_assert_cmpint(fcntl(f->listener, F_SETFL, O_NONBLOCK), ==, 0);
	WAIT_UNTIL(pluto_is_called(f));
	/* Nobody else comes to it. */
	g_assert_false(g_file_test(f->path, G_FILE_TEST_EXISTS));
}

/* So many bytes that came to @fd are @text. */
static void
assert_heard(int fd, const char *text, gsize len)
{
	g_autofree char *heard = g_malloc(len);
	gsize n = 0;
	gssize more;

	while (n < len) {
		WAIT_UNTIL((more = recv(fd, heard + n, len - n, MSG_DONTWAIT)) >= 0 || errno != EAGAIN);
		g_assert_cmpint(more, >, 0);
		n += (gsize) more;
	}
	g_assert_cmpmem(heard, n, text, len);
}

static void
assert_silent(int fd)
{
	char byte;

	while (g_main_context_iteration(NULL, FALSE))
		;
	g_assert_cmpint(recv(fd, &byte, 1, MSG_DONTWAIT), ==, -1);
	g_assert_cmpint(errno, ==, EAGAIN);
}

static gboolean
has_ended(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_DONTWAIT) == 0;
}

static void
says(int fd, const char *text)
{
	g_assert_cmpint(send(fd, text, strlen(text), MSG_NOSIGNAL), ==, strlen(text));
}

#define INITIATING "002 \"vpn\" #1: initiating IKEv1 Main Mode connection\n"
#define DONE       "004 \"vpn\" #2: IPsec SA established tunnel mode\n"

/* Of both majors: two rounds, each with an answer of its own. */
static void
test_rounds(Fixture *f, gconstpointer unused)
{
	static const char request[] = "whack\0message\xff of any form\n";

	begin(f);
	g_assert_cmpint(send(f->whack, request, sizeof(request), 0), ==, sizeof(request));
	assert_heard(f->pluto, request, sizeof(request));
	says(f->pluto, INITIATING);
	assert_heard(f->whack, INITIATING, strlen(INITIATING));
	f->at_once = "password";
	says(f->pluto, "040 \"vpn\" #1: vpn prompt for Password:\n");
	assert_heard(f->pluto, "password", sizeof("password"));
	g_assert_false(prompt_proxy_is_asking(f->proxy));
	f->at_once = NULL;
	says(f->pluto, "003 \"vpn\" #1: XAUTH Message: Enter your next code\n"
				   "010 \"vpn\" #1: prompt for Password:\n");
	WAIT_UNTIL(f->n_asked == 2);
	g_assert_cmpint(f->kind, ==, PROMPT_PASSWORD);
	g_assert_cmpstr(f->message, ==, "Enter your next code");
	g_assert_true(prompt_proxy_is_asking(f->proxy));
	assert_silent(f->pluto);
	g_assert_true(prompt_proxy_answer(f->proxy, "123456"));
	assert_heard(f->pluto, "123456", sizeof("123456"));
	/* Once for each question, and its words are of one question too. */
	g_assert_false(prompt_proxy_answer(f->proxy, "123456"));
	says(f->pluto, "010 \"vpn\"[1] 192.0.2.1 #1: prompt for Username: \n");
	WAIT_UNTIL(f->n_asked == 3);
	g_assert_cmpint(f->kind, ==, PROMPT_USER);
	g_assert_null(f->message);
	g_assert_true(prompt_proxy_answer(f->proxy, "joe"));
	assert_heard(f->pluto, "joe", sizeof("joe"));
	says(f->pluto, DONE);
	/* What was answered whack has not heard of. */
	assert_heard(f->whack, "003 \"vpn\" #1: XAUTH Message: Enter your next code\n" DONE,
				 strlen("003 \"vpn\" #1: XAUTH Message: Enter your next code\n" DONE));
}

/* In pieces, and several in one. */
static void
test_pieces(Fixture *f, gconstpointer unused)
{
	static const char text[] = "003 \"vpn\" #1: XAUTH Message: One\n040 \"vpn\" #1: vpn prompt for "
							   "Password:\n";

	begin(f);
	for (gsize i = 0; i < strlen(text); i++) {
		g_assert_cmpuint(f->n_asked, ==, 0);
		g_assert_cmpint(send(f->pluto, text + i, 1, 0), ==, 1);
		while (g_main_context_iteration(NULL, FALSE))
			;
	}
	WAIT_UNTIL(f->n_asked == 1);
	g_assert_cmpstr(f->message, ==, "One");
}

/* What is no question of pluto's for this connection goes through. */
static void
test_other_lines(Fixture *f, gconstpointer unused)
{
	static const char *const lines[] = {
		"prompt for Password:\n",
		"040 prompt for Password:\n",
		"040 \"other\" #1: prompt for Password:\n",
		"040 \"vpn\" #1: XAUTH Message: prompt for Password:\n",
		"040 \"vpn\" #1: the prompt for Password:\n",
		"040 \"vpn\" #1: prompt for Password: and more\n",
		"040 \"vpn\" #1: prompt for PIN:\n",
		"04 \"vpn\" #1: prompt for Password:\n",
		"040 \"vpn\n",
		"\n",
	};

	begin(f);
	for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
		says(f->pluto, lines[i]);
		assert_heard(f->whack, lines[i], strlen(lines[i]));
	}
	g_assert_cmpuint(f->n_asked, ==, 0);
}

/* The gateway's text is one line, and no longer than a question. */
static void
test_messages(Fixture *f, gconstpointer unused)
{
	g_autofree char *letters = g_strnfill(2000, 'x');
	g_autofree char *many = g_strdup_printf(
		"003 \"vpn\" #1: XAUTH Message: %s\n040 \"vpn\" #1: prompt for Password:\n", letters);
	guint n = 0;
	static const struct {
		const char *text, *message;
	} rows[] = {
		{"Choose a PIN\nof 4 digits\n", "Choose a PIN of 4 digits"},
		{"\a\033[31mred\n", "\\u0007\\u001b[31mred"},
		{"\xe2\x80\xaeolleh\n", "\\u202eolleh"},
		{"\xff\n", "\\xff"},
		{"%s %n\n", "%s %n"},
		{"  \n", NULL},
		{"first\n003 \"vpn\" #1: XAUTH Message: second\n", "second"},
	};

	f->at_once = "code";
	begin(f);
	for (; n < G_N_ELEMENTS(rows); n++) {
		g_autofree char *text = g_strdup_printf(
			"003 \"vpn\" #1: XAUTH Message: %s040 \"vpn\" #1: prompt for Password:\n",
			rows[n].text);

		says(f->pluto, text);
		WAIT_UNTIL(f->n_asked == n + 1);
		g_assert_cmpstr(f->message, ==, rows[n].message);
	}
	says(f->pluto, many);
	WAIT_UNTIL(f->n_asked == n + 1);
	g_assert_cmpint(g_utf8_strlen(f->message, -1), ==, PROMPT_MESSAGE_MAX + 1);
	g_assert_true(g_str_has_suffix(f->message, "x…"));
}

static void
test_endless_line(Fixture *f, gconstpointer unused)
{
	g_autofree char *letters = g_strnfill(20000, 'x');

	begin(f);
	says(f->pluto, letters);
	assert_heard(f->whack, letters, 16384); /* the rest is of a line that may still end */
	says(f->pluto, "\n040 \"vpn\" #1: prompt for Password:\n");
	WAIT_UNTIL(f->n_asked == 1);
}

static void
test_answers(Fixture *f, gconstpointer unused)
{
	g_autofree char *longest = g_strnfill(PROMPT_ANSWER_MAX, 'x');
	g_autofree char *longer = g_strnfill(PROMPT_ANSWER_MAX + 1, 'x');

	g_assert_false(prompt_proxy_answer(f->proxy, "early"));
	begin(f);
	g_assert_false(prompt_proxy_answer(f->proxy, "early"));
	says(f->pluto, "040 \"vpn\" #1: prompt for Password:\n");
	WAIT_UNTIL(f->n_asked == 1);
	g_assert_false(prompt_proxy_answer(f->proxy, longer));
	g_assert_false(prompt_proxy_answer(f->proxy, ""));
	g_assert_true(prompt_proxy_is_asking(f->proxy));
	g_assert_true(prompt_proxy_answer(f->proxy, longest));
	assert_heard(f->pluto, longest, PROMPT_ANSWER_MAX + 1);
}

/* Whoever goes takes the other one with him; pluto reads no answer then. */
static void
test_ends(Fixture *f, gconstpointer who)
{
	begin(f);
	says(f->pluto, "040 \"vpn\" #1: prompt for Password:\n");
	WAIT_UNTIL(f->n_asked == 1);
	switch (GPOINTER_TO_INT(who)) {
	case 0:
		close(f->whack);
		f->whack = -1;
		WAIT_UNTIL(has_ended(f->pluto));
		break;
	case 1:
		close(f->pluto);
		f->pluto = -1;
		WAIT_UNTIL(has_ended(f->whack));
		break;
	default:
		g_clear_pointer(&f->proxy, prompt_proxy_free);
		g_assert_true(has_ended(f->pluto));
		g_assert_true(has_ended(f->whack));
		return;
	}
	g_assert_false(prompt_proxy_is_asking(f->proxy));
	g_assert_false(prompt_proxy_answer(f->proxy, "late"));
}

/* There is no pluto any more: whack is told so by its socket's end. */
static void
test_no_pluto(Fixture *f, gconstpointer unused)
{
	g_unlink(f->control);
	f->whack = connect_to(f->path);
	WAIT_UNTIL(has_ended(f->whack));
}

static void
test_bad_path(Fixture *f, gconstpointer unused)
{
	g_autofree char *letters = g_strnfill(200, 'x');
	g_autofree char *path = g_build_filename(f->directory, letters, NULL);
	g_autoptr(GError) error = NULL;

	g_assert_null(prompt_proxy_new(path, f->control, "vpn", on_prompt, f, &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG);
	g_assert_nonnull(strstr(error->message, path));
}

#define ADD(name, test) g_test_add("/prompt-proxy/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("rounds", test_rounds);
	ADD("pieces", test_pieces);
	ADD("other-lines", test_other_lines);
	ADD("messages", test_messages);
	ADD("endless-line", test_endless_line);
	ADD("answers", test_answers);
	for (gintptr who = 0; who < 3; who++) {
		static const char *const names[] = {"whack", "pluto", "proxy"};
		g_autofree char *name = g_strdup_printf("/prompt-proxy/ends/%s", names[who]);

		g_test_add(name, Fixture, GINT_TO_POINTER(who), set_up, test_ends, tear_down);
	}
	ADD("no-pluto", test_no_pluto);
	ADD("bad-path", test_bad_path);
	return g_test_run();
}
