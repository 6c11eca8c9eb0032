/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where to log is said once in a process: each case is a child, and what it says is read. The
 * journal is a socket of the test's, in a mount namespace of its own.
 */
#include "config.h"

#include "log.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "count-text.h"
#include "own-netns.h"

static const char *no_mounts;

/* In the child. */
static void
log_everything(gboolean debug)
{
	g_log_set_default_handler(g_log_default_handler, NULL); /* not GTest's */
	g_log_set_always_fatal(G_LOG_FATAL_MASK);
	log_start(debug);
	g_warning("a warning");
	g_message("a message");
	g_info("an info");
	g_debug("a debug");
}

#define FORGED                                                                                     \
	"office\nNov 27 00:00:00 host sshd[1]: Accepted publickey for root\r\033[2K\342\200\256end"

static void
log_forged(gboolean debug)
{
	g_log_set_default_handler(g_log_default_handler, NULL);
	g_log_set_always_fatal(G_LOG_FATAL_MASK);
	log_start(debug);
	g_message("%s: connecting", FORGED);
	g_warning("%s: failed", FORGED);
	g_info("%s", FORGED);
	g_debug("%s", FORGED);
}

/* What a child says in which @func logs. */
static char *
listen_to(void (*func)(gboolean debug), gboolean debug)
{
	GString *said = g_string_new(NULL);
	char buffer[4096];
	int fds[2], status;
	ssize_t n;
	pid_t pid;

	g_assert_cmpint(pipe(fds), ==, 0);
	pid = fork();
	if (pid == 0) {
		/* GLib's informational levels go to standard output. */
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		close(fds[1]);
		func(debug);
		_exit(0);
	}
	close(fds[1]);
	while ((n = read(fds[0], buffer, sizeof(buffer))) > 0)
		g_string_append_len(said, buffer, n);
	close(fds[0]);
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_cmpint(status, ==, 0);
	return g_string_free(said, FALSE);
}

static void
test_terminal(void)
{
	g_autofree char *said = listen_to(log_everything, FALSE);

	g_assert_nonnull(strstr(said, "a warning"));
	g_assert_nonnull(strstr(said, "a message"));
	g_assert_null(strstr(said, "an info"));
	g_assert_null(strstr(said, "a debug"));
}

static void
test_debug(void)
{
	g_autofree char *said = listen_to(log_everything, TRUE);

	g_assert_nonnull(strstr(said, "a warning"));
	g_assert_nonnull(strstr(said, "a message"));
	g_assert_nonnull(strstr(said, "an info"));
	g_assert_nonnull(strstr(said, "a debug"));
}

/* What somebody has chosen, in a message, makes no line of its own. */
static void
test_forged(void)
{
	g_autofree char *said = listen_to(log_forged, TRUE);
	g_auto(GStrv) lines = g_strsplit(said, "\n", -1);
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
	g_assert_cmpuint(n, ==, 4);
}

/* The journal, which is a directory of sockets. */

#define JOURNAL "/run/systemd/journal"

static int
listen_at(const char *path, int type)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
	g_assert_cmpint(bind(fd, (struct sockaddr *) &address, sizeof(address)), ==, 0);
	if (type == SOCK_STREAM)
		g_assert_cmpint(listen(fd, 8), ==, 0);
	return fd;
}

/* As systemd starts a service. */
static int
connect_stream(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = JOURNAL "/stdout"};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	g_assert_cmpint(connect(fd, (struct sockaddr *) &address, sizeof(address)), ==, 0);
	return fd;
}

static void
log_to_journal(int stream, void (*func)(gboolean debug))
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		dup2(stream, STDOUT_FILENO);
		dup2(stream, STDERR_FILENO);
		func(FALSE);
		_exit(0);
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_cmpint(status, ==, 0);
}

static char *
next_text(int fd)
{
	char buffer[4096];
	ssize_t n = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT);

	return n > 0 ? g_strndup(buffer, n) : NULL;
}

static void
assert_entry(int entries, const char *message, const char *priority)
{
	g_autofree char *entry = next_text(entries);

	g_assert_nonnull(entry);
	g_assert_nonnull(strstr(entry, message));
	g_assert_nonnull(strstr(entry, priority));
	/* The kernel's name of the process ends after 15 letters. */
	g_assert_nonnull(strstr(entry, "SYSLOG_IDENTIFIER=nm-libreswan-service\n"));
}

typedef struct {
	int streams, entries, stream, accepted;
} Journal;

static void
journal_start(Journal *journal)
{
	g_assert_cmpint(mount("run", "/run", "tmpfs", 0, NULL), ==, 0);
	g_assert_cmpint(g_mkdir_with_parents(JOURNAL, 0755), ==, 0);
	journal->streams = listen_at(JOURNAL "/stdout", SOCK_STREAM);
	journal->entries = listen_at(JOURNAL "/socket", SOCK_DGRAM);
	journal->stream = connect_stream();
	journal->accepted = accept(journal->streams, NULL, NULL);
}

static void
journal_end(Journal *journal)
{
	close(journal->stream);
	close(journal->accepted);
	close(journal->streams);
	close(journal->entries);
	g_assert_cmpint(umount("/run"), ==, 0);
}

#define UUID   "6f1c3a5e-57a5-4bd8-8d4c-0f7a3a1b2c3d"
#define OTHER  "00000000-57a5-4bd8-8d4c-0f7a3a1b2c3d"
#define FAILED "MESSAGE_ID=c8e2cfbebe9440629b43d73f0a31e1c9\n"

static void
log_connections(gboolean debug)
{
	const LogConnection office = {.uuid = UUID, .device = "ipsec7"};
	const LogConnection bad_device = {.uuid = UUID, .device = "ipsec7\nMESSAGE=x"};
	const LogConnection bad_uuid = {.uuid = UUID "\nMESSAGE=x", .device = "ipsec7"};

	g_log_set_default_handler(g_log_default_handler, NULL);
	g_log_set_always_fatal(G_LOG_FATAL_MASK);
	log_start(debug);
	g_message("nobody's");
	log_serve(office);
	g_message("whoever logs it");
	log_event(LOG_EVENT_FAILED, (LogConnection){.uuid = OTHER}, "failed: %s", "gateway");
	log_event(LOG_EVENT_FAILED, bad_device, "another field: a\nNM_DEVICE=forged\n");
	log_event(LOG_EVENT_FAILED, bad_uuid, "an end");
	log_serve((LogConnection){0});
	g_message("nobody's again");
}

/* The fields, in the format of the journal's socket: a line each, but a value with a line break has
 * its length before it. */
static void
test_connections(void)
{
	g_autoptr(GPtrArray) said = g_ptr_array_new_with_free_func(g_free);
	char buffer[4096];
	Journal journal;
	ssize_t n;

	if (skipped(no_mounts))
		return;
	journal_start(&journal);
	log_to_journal(journal.stream, log_connections);
	while ((n = recv(journal.entries, buffer, sizeof(buffer), MSG_DONTWAIT)) > 0) {
		/* The eight bytes of a length have zeros. */
		for (ssize_t i = 0; i < n; i++)
			buffer[i] = buffer[i] ? buffer[i] : '0';
		g_ptr_array_add(said, g_strdup_printf("\n%.*s", (int) n, buffer));
	}
	journal_end(&journal);

	g_assert_cmpuint(said->len, ==, 6);
	for (guint i = 0; i < said->len; i++)
		g_test_message("%s", (const char *) said->pdata[i]);
	for (guint i = 0; i < said->len; i += 5) {
		g_assert_null(strstr(said->pdata[i], "NM_CONNECTION"));
		g_assert_null(strstr(said->pdata[i], "NM_DEVICE"));
	}
	g_assert_nonnull(strstr(said->pdata[1], "\nMESSAGE=whoever logs it\n"));
	g_assert_nonnull(strstr(said->pdata[1], "\nNM_CONNECTION=" UUID "\n"));
	g_assert_nonnull(strstr(said->pdata[1], "\nNM_DEVICE=ipsec7\n"));
	/* Whose it is says the line itself, where it does. */
	g_assert_nonnull(strstr(said->pdata[2], "\nMESSAGE=failed: gateway\n"));
	g_assert_nonnull(strstr(said->pdata[2], "\n" FAILED));
	g_assert_nonnull(strstr(said->pdata[2], "\nPRIORITY=4\n"));
	g_assert_nonnull(strstr(said->pdata[2], "\nNM_CONNECTION=" OTHER "\n"));
	g_assert_cmpuint(count_text(said->pdata[2], "NM_CONNECTION="), ==, 1);
	g_assert_null(strstr(said->pdata[2], "NM_DEVICE"));
	/* A line break begins no field. */
	g_assert_nonnull(strstr(said->pdata[3], "\nMESSAGE\n"));
	g_assert_null(strstr(said->pdata[3], "\nMESSAGE="));
	g_assert_nonnull(strstr(said->pdata[3], "\nNM_CONNECTION=" UUID "\n"));
	g_assert_cmpuint(count_text(said->pdata[3], "NM_DEVICE="), ==, 1);
	g_assert_null(strstr(said->pdata[3], "ipsec7"));
	g_assert_nonnull(strstr(said->pdata[4], "\nMESSAGE=an end\n"));
	g_assert_null(strstr(said->pdata[4], "NM_"));
}

static void
test_journal(void)
{
	g_autofree char *more = NULL;
	Journal journal;
	int entries, stream, accepted;

	if (skipped(no_mounts))
		return;
	journal_start(&journal);
	entries = journal.entries;
	stream = journal.stream;
	accepted = journal.accepted;

	log_to_journal(stream, log_everything);
	assert_entry(entries, "MESSAGE=a warning\n", "PRIORITY=4\n");
	assert_entry(entries, "MESSAGE=a message\n", "PRIORITY=5\n");
	assert_entry(entries, "MESSAGE=an info\n", "PRIORITY=6\n");
	more = next_text(entries);
	g_assert_null(more);
	more = next_text(accepted);
	g_assert_null(more); /* nothing twice */

	/* Where it takes no entries there is still what it reads. */
	unlink(JOURNAL "/socket");
	log_to_journal(stream, log_everything);
	more = next_text(accepted);
	g_assert_nonnull(more);
	g_assert_nonnull(strstr(more, "a warning"));
	journal_end(&journal);
}

int
main(int argc, char **argv)
{
	no_mounts = own_mounts_enter();
	g_test_init(&argc, &argv, NULL);
	g_unsetenv("G_MESSAGES_DEBUG");
	g_test_add_func("/log/terminal", test_terminal);
	g_test_add_func("/log/debug", test_debug);
	g_test_add_func("/log/forged", test_forged);
	g_test_add_func("/log/journal", test_journal);
	g_test_add_func("/log/connections", test_connections);
	return g_test_run();
}
