/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each in a process of its own: GLib takes a writer of log messages once. */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "log.h"

#define FORGED                                                                                     \
	"office\nNov 27 00:00:00 host sshd[1]: Accepted publickey for root\r\033[2K\342\200\256end"

static void
in_subprocess(void)
{
	log_start(TRUE);
	g_log_set_always_fatal(G_LOG_LEVEL_ERROR);
	g_message("%s: connecting", FORGED);
	g_warning("%s: failed", FORGED);
	g_info("%s", FORGED);
	g_debug("%s", FORGED);
}

/* GLib writes info and debug to standard output. */
static void
assert_lines(const char *text, guint wanted)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	guint n = 0;

	for (char **line = lines; *line; line++) {
		if (**line == '\0')
			continue;
		n++;
		g_assert_nonnull(strstr(*line, "office\\nNov 27 00:00:00 host sshd[1]: Accepted"));
		g_assert_nonnull(strstr(*line, "root\\r\\u001b[2K\\u202eend"));
		g_assert_null(strchr(*line, '\033'));
		g_assert_null(strchr(*line, '\r'));
	}
	g_assert_cmpuint(n, ==, wanted);
}

static void
test_stream(void)
{
	const char *argv[] = {NULL, "--write", NULL};
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *out = NULL;
	g_autofree char *err = NULL;
	g_autoptr(GError) error = NULL;
	int status;

	argv[0] = self;
	g_assert_true(g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err,
							   &status, &error));
	g_assert_no_error(error);
	g_assert_true(status == 0);
	assert_lines(err, 2);
}

int
main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--write") == 0) {
		in_subprocess();
		return 0;
	}
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/log/stream", test_stream);
	return g_test_run();
}
