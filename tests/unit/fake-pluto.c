/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pluto, whack and certutil for tests: one program under three names, which does what the test
 * tells it while it runs. libc alone, and linked dynamically, as pluto is.
 *
 * It finds the socket "control" (AF_UNIX, SOCK_SEQPACKET) in the directory of its argv[0], says who
 * it is,
 *
 *	ROLE PID ARGUMENT...
 *
 * with the role "pluto", "version" (pluto --version), "whack" or "certutil", and then does what
 * comes, a message each, in the order of the table below. Each is answered by "done", of "updown"
 * by "done STATUS" (wait(2)), of "hear" by "done 1" or "done 0". A SIGTERM is told as "term". At
 * the end of the test's side it goes.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ike-datagram.h"
#include "xfrm-message.h"

#define MESSAGE_MAX 65536

static char **arguments;
static const char *directory; /* of argv[0] */
static int control = -1;
static int term_status; /* what SIGTERM makes it exit with, -1: it is ignored */

static bool
connect_control(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/control", directory);
	control = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	return control >= 0 &&
		   connect(control, (const struct sockaddr *) &address, sizeof(address)) == 0;
}

static void
tell(const char *text)
{
	if (send(control, text, strlen(text), MSG_NOSIGNAL) < 0)
		_exit(99);
}

/* As pluto has its log: --stderrlog. */
static void
do_log(const char *text)
{
	dprintf(STDERR_FILENO, "%s\n", text);
}

static void
do_raw(const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		ssize_t n = write(STDERR_FILENO, text, len);

		if (n < 0)
			_exit(98);
		text += n;
		len -= (size_t) n;
	}
}

static void
do_out(const char *text)
{
	dprintf(STDOUT_FILENO, "%s\n", text);
}

/* The value of a keyword of the ipsec.conf that pluto was given, without its quotes. */
static const char *
read_conf(const char *keyword)
{
	static char line[4096];
	const size_t len = strlen(keyword);
	const char *path = NULL;
	FILE *f;

	for (char **word = arguments; *word; word++) {
		if (strcmp(*word, "--config") == 0)
			path = word[1];
	}
	f = path ? fopen(path, "re") : NULL;
	while (f && fgets(line, sizeof(line), f)) {
		char *value = line + strspn(line, " \t");

		line[strcspn(line, "\n")] = '\0';
		if (strncmp(value, keyword, len) != 0 || value[len] != '=')
			continue;
		fclose(f);
		value += len + 1;
		value += *value == '"';
		value[strcspn(value, "\"")] = '\0';
		return value;
	}
	dprintf(STDERR_FILENO, "FATAL ERROR: no %s= in %s\n", keyword, path ? path : "nothing");
	_exit(3);
}

/* As do_command() and invoke_command() of pluto do it (kernel.c in 4.10, updown.c in 5.2): a line
 * for popen(), and what the command says and how it ends is logged. pluto stands still meanwhile.
 */
static void
do_updown(const char *rest)
{
	const int len = (int) strcspn(rest, " ");
	char line[256], answer[32];
	char *command;
	int status;
	FILE *f;

	if (asprintf(&command, "2>&1 PLUTO_VERB='%.*s'%s %s", len, rest, rest + len,
				 read_conf("leftupdown")) < 0)
		_exit(92);
	f = popen(command, "r");
	free(command);
	if (!f) {
		dprintf(STDERR_FILENO, "\"vpn\" #2: unable to popen %.*s command\n", len, rest);
		tell("done -1");
		return;
	}
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		dprintf(STDERR_FILENO, "\"vpn\" #2: %.*s output: %s\n", len, rest, line);
	}
	status = pclose(f);
	if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		dprintf(STDERR_FILENO, "\"vpn\" #2: %.*s command exited with status %d\n", len, rest,
				WEXITSTATUS(status));
	snprintf(answer, sizeof(answer), "done %d", status);
	tell(answer);
}

/* Whether the first message of an IKEv1 exchange comes to a socket that is bound as pluto's are. */
static void
do_hear(const char *exchange)
{
	const struct ike_datagram datagram = ike_datagram(true, 1, atoi(exchange), 0, false);
	int fd = ike_datagram_bind(AF_INET, 0);

	if (fd < 0)
		_exit(91);
	tell(ike_datagram_is_heard(fd, &datagram) ? "done 1" : "done 0");
	close(fd);
}

/* On IKE's port of the loopback address, as pluto does it when it has its connection. */
static void
do_listen(const char *unused)
{
	int fd = ike_datagram_bind(AF_INET, 500);

	dprintf(STDERR_FILENO, "%s\n", fd < 0 ? "cannot listen" : "listening for IKE messages");
}

/* As pluto does it when it starts; @by: the call. */
static void
flush_all(ssize_t (*by)(int fd, const void *data, size_t len))
{
	struct xfrm_messages messages = {0};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_XFRM);

	xfrm_message_flush_policies(&messages, 1);
	xfrm_message_flush_states(&messages, 2);
	if (by(fd, messages.bytes, messages.len) < 0)
		_exit(90);
	close(fd);
}

static void
do_flush(const char *unused)
{
	flush_all(write);
}

/* By a system call that no library sees. */
static ssize_t
write_unseen(int fd, const void *data, size_t len)
{
	return syscall(SYS_write, fd, data, len);
}

static void
do_flush_unseen(const char *unused)
{
	flush_all(write_unseen);
}

/* As server_fork_sigchld_handler() of pluto does it with addconn: 5.2 logs what it has said last
 * before it asks for another child. @how: a status, or a signal as "-9", and then a text or not. */
static void
do_addconn(const char *how)
{
	const char *text = strchr(how, ' ');
	siginfo_t info;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGABRT, SIG_DFL);
		if (*how == '-')
			kill(getpid(), atoi(how + 1));
		_exit(atoi(how));
	}
	waitid(P_PID, (id_t) pid, &info, WEXITED | WNOWAIT);
	while (waitpid(-1, &status, WNOHANG) > 0) {
		if (text)
			dprintf(STDERR_FILENO, "addconn: %s\n", text + 1);
	}
}

static void
do_on_term(const char *what)
{
	term_status = strcmp(what, "ignore") == 0 ? -1 : atoi(what);
}

static void
do_close_log(const char *unused)
{
	close(STDOUT_FILENO);
	close(STDERR_FILENO);
}

/* A child, in a process group of its own, that has the log open for as long as the test lives: it
 * has a connection of its own to the test, on which nothing is ever said. */
static void
do_keep_log(const char *unused)
{
	if (fork() == 0) {
		struct pollfd test = {.events = POLLIN};

		setpgid(0, 0);
		close(control);
		if (!connect_control())
			_exit(97);
		test.fd = control;
		while (poll(&test, 1, -1) < 0 && errno == EINTR)
			;
		_exit(0);
	}
}

static void
do_stop(const char *unused)
{
	raise(SIGSTOP);
}

static void
do_exit(const char *status)
{
	_exit(atoi(status));
}

static void
do_abort(const char *unused)
{
	abort();
}

static void
make_file(const char *where, const char *name)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", where, name);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, name, strlen(name)) < 0)
		_exit(96);
	close(fd);
}

/* What `certutil -N -d sql:DIRECTORY` leaves there. */
static void
do_make_database(const char *unused)
{
	for (char **word = arguments; *word; word++) {
		if (strncmp(*word, "sql:", 4) != 0)
			continue;
		make_file(*word + 4, "pkcs11.txt");
		make_file(*word + 4, "cert9.db");
		make_file(*word + 4, "key4.db");
	}
}

static const struct {
	const char *word;
	void (*func)(const char *rest);
	bool answers; /* by itself */
} commands[] = {
	{"log", do_log, false},                     /* TEXT: a line of the log */
	{"raw", do_raw, false},                     /* TEXT: to the log as it is */
	{"out", do_out, false},                     /* TEXT: a line of standard output */
	{"updown", do_updown, true},                /* VERB VARIABLES: runs leftupdown= */
	{"flush", do_flush, false},                 /* all states and policies */
	{"flush-unseen", do_flush_unseen, false},   /* without the guard library */
	{"listen", do_listen, false},               /* on UDP 500 */
	{"hear", do_hear, true},                    /* EXCHANGE: its first message */
	{"addconn", do_addconn, false},             /* STATUS or -SIGNAL, TEXT: it ends */
	{"on-term", do_on_term, false},             /* STATUS or "ignore" */
	{"close-log", do_close_log, false},         /* and live on */
	{"keep-log", do_keep_log, false},           /* a child has it open until the test ends */
	{"make-database", do_make_database, false}, /* of NSS */
	{"stop", do_stop, false},                   /* SIGSTOP */
	{"exit", do_exit, false},                   /* STATUS */
	{"abort", do_abort, false},
};

static void
obey(char *message)
{
	char *rest = message + strcspn(message, " ");

	if (*rest)
		*rest++ = '\0';
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].word, message) != 0)
			continue;
		commands[i].func(rest);
		if (!commands[i].answers)
			tell("done");
		return;
	}
	_exit(95);
}

static void
introduce(const char *role)
{
	char text[MESSAGE_MAX];
	size_t used = (size_t) snprintf(text, sizeof(text), "%s %d", role, (int) getpid());

	for (char **word = arguments + 1; *word && used < sizeof(text); word++)
		used += (size_t) snprintf(text + used, sizeof(text) - used, " %s", *word);
	tell(text);
}

static void
on_sigterm(int signals)
{
	struct signalfd_siginfo info;

	if (read(signals, &info, sizeof(info)) < 0)
		return;
	tell("term");
	/* As pluto: what is to be done at exit is done. */
	if (term_status >= 0)
		exit(term_status);
}

static void
on_control(void)
{
	static char message[MESSAGE_MAX];
	ssize_t n = recv(control, message, sizeof(message) - 1, 0);

	if (n <= 0)
		_exit(0);
	message[n] = '\0';
	obey(message);
}

int
main(int argc, char **argv)
{
	char *path = strdup(argv[0]);
	const char *role = basename(path);
	sigset_t term;
	int signals;

	arguments = argv;
	if (argc > 1 && strcmp(argv[1], "--version") == 0)
		role = "version";
	directory = dirname(strdup(argv[0]));
	if (!connect_control()) {
		fprintf(stderr, "%s: no test: %s\n", argv[0], strerror(errno));
		return 94;
	}
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	signals = signalfd(-1, &term, SFD_CLOEXEC);
	introduce(role);
	for (;;) {
		struct pollfd fds[] = {{.fd = control, .events = POLLIN},
							   {.fd = signals, .events = POLLIN}};

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return 93;
		if (fds[0].revents)
			on_control();
		if (fds[1].revents)
			on_sigterm(signals);
	}
}
