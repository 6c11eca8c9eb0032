/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program that does what pluto does with popen() and bind(), for the tests of the library that is
 * preloaded into pluto: it runs each argument by popen(), or by system() behind "!", or does what
 * one of the words of main() says, and prints what comes of it. No test itself.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ike-datagram.h"
#include "xfrm-message.h"

static void
run(const char *command)
{
	char line[4096];
	FILE *stream;
	int status;

	if (*command == '!') {
		printf("system: %d %s\n", system(command + 1), strerror(errno));
		return;
	}
	stream = popen(command, "r");
	if (!stream) {
		printf("popen: %s\n", strerror(errno));
		return;
	}
	while (fgets(line, sizeof(line), stream))
		printf("| %s", line);
	status = pclose(stream);
	printf("pclose: %s %d\n", WIFEXITED(status) ? "exit" : "signal",
		   WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
}

static void
print_heard(int fd, const char *what, struct ike_datagram datagram)
{
	printf("%s: %s\n", what, ike_datagram_is_heard(fd, &datagram) ? "heard" : "not heard");
}

/* What comes to a UDP socket. */
static void
hear(void)
{
	int fd = ike_datagram_bind(AF_INET, 0);

	if (fd < 0) {
		printf("bind: %s\n", strerror(errno));
		return;
	}
	print_heard(fd, "IKE_SA_INIT", ike_datagram(true, 2, 34, 0x08, false));
	print_heard(fd, "Main Mode", ike_datagram(true, 1, 2, 0, false));
	print_heard(fd, "Aggressive Mode", ike_datagram(true, 1, 4, 0, false));
	print_heard(fd, "INFORMATIONAL", ike_datagram(true, 2, 37, 0, true));
	close(fd);
}

/* As pluto does it, at the loopback address. Returns the socket. */
static int
listen_at(int domain, in_port_t wanted)
{
	const struct sockaddr_in v4 = {.sin_family = AF_INET,
								   .sin_port = htons(wanted),
								   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const struct sockaddr_in6 v6 = {
		.sin6_family = AF_INET6, .sin6_port = htons(wanted), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	int fd = socket(domain, SOCK_DGRAM, 0), yes = 1;
	struct sockaddr_in6 name;
	socklen_t len = sizeof(name);
	in_port_t got;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) < 0)
		abort();
	if (domain == AF_INET ? bind(fd, (const struct sockaddr *) &v4, sizeof(v4)) < 0
						  : bind(fd, (const struct sockaddr *) &v6, sizeof(v6)) < 0) {
		printf("%u: %s\n", wanted, strerror(errno));
		return fd;
	}
	if (getsockname(fd, (struct sockaddr *) &name, &len) < 0)
		abort();
	/* At the same place in both families. */
	got = ntohs(name.sin6_port);
	len = sizeof(yes);
	getsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, &len);
	printf("%u: %s, %s\n", wanted, got == wanted ? "has it" : "has another",
		   yes ? "shared" : "alone");
	return fd;
}

/* As pluto does it when it starts. */
static void
flush(int type)
{
	struct xfrm_messages messages = {0};
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_XFRM);

	if (type == XFRM_MSG_FLUSHSA)
		xfrm_message_flush_states(&messages, 1);
	else
		xfrm_message_flush_policies(&messages, 1);
	if (write(fd, messages.bytes, messages.len) != (ssize_t) messages.len)
		printf("flush: %s\n", strerror(errno));
	close(fd);
}

/* By a system call that the library does not see. */
static void
flush_unseen(void)
{
	struct xfrm_messages messages = {0};
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_XFRM);

	xfrm_message_flush_states(&messages, 1);
	if (syscall(SYS_write, fd, messages.bytes, messages.len) != (long) messages.len)
		printf("flush: %s\n", strerror(errno));
	close(fd);
}

/* Its sockets stay open. */
static void
listen_twice(int domain)
{
	const in_port_t ports[] = {500, 4500, 501};

	for (int i = 0; i < 6; i++)
		listen_at(domain, ports[i / 2]);
}

/* What pluto takes for its port 500, where that is somebody else's. */
static void
hear_elsewhere(void)
{
	int fd;

	listen_at(AF_INET, 500);
	fd = listen_at(AF_INET, 500);
	print_heard(fd, "IKE_SA_INIT", ike_datagram(false, 2, 34, 0x08, false));
	print_heard(fd, "INFORMATIONAL", ike_datagram(false, 2, 37, 0, true));
	fd = listen_at(AF_INET, 4500);
	print_heard(fd, "IKE_SA_INIT, marked", ike_datagram(true, 2, 34, 0x08, false));
}

static void
print_bind(int fd, const struct sockaddr *address, socklen_t len)
{
	int result = bind(fd, address, len), error = errno;
	socklen_t n = 0; /* of instructions */

	printf("bind: %s", result == 0 ? "bound" : strerror(error));
	if (getsockopt(fd, SOL_SOCKET, SO_GET_FILTER, NULL, &n) == 0)
		printf(", %s", n > 0 ? "filtered" : "not filtered");
	printf("\n");
	close(fd);
}

/* Sockets that are no UDP sockets, and no socket. */
static void
bind_others(void)
{
	const struct sockaddr_in v4 = {.sin_family = AF_INET};
	const struct sockaddr_un local = {.sun_family = AF_UNIX};
	const struct sockaddr *address = (const struct sockaddr *) &v4;

	print_bind(socket(AF_INET, SOCK_STREAM, 0), address, sizeof(v4));
	print_bind(socket(AF_UNIX, SOCK_DGRAM, 0), (const struct sockaddr *) &local,
			   sizeof(local.sun_family));
	print_bind(socket(AF_INET, SOCK_DGRAM, 0), address, sizeof(v4));
	print_bind(-1, address, sizeof(v4));
	print_bind(open("/dev/null", O_RDONLY), address, sizeof(v4));
}

/* A socket that can have no other filter. */
static void
bind_locked(void)
{
	struct sock_filter pass = BPF_STMT(BPF_RET | BPF_K, 0xffffffff);
	const struct sock_fprog program = {.len = 1, .filter = &pass};
	const struct sockaddr_in v4 = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_DGRAM, 0), yes = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) < 0 ||
		setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &yes, sizeof(yes)) < 0)
		abort();
	print_bind(fd, (const struct sockaddr *) &v4, sizeof(v4));
}

/* A child that ends so, and what is heard of it. */
static void
wait_for_child(int exit_status)
{
	pid_t pid = fork(), child;
	int status;

	if (pid == 0) {
		if (exit_status < 0)
			raise(SIGKILL);
		_exit(exit_status);
	}
	child = waitpid(-1, &status, 0);
	if (child != pid)
		printf("waitpid: another child\n");
	else if (WIFEXITED(status))
		printf("waitpid: exit %d\n", WEXITSTATUS(status));
	else
		printf("waitpid: signal %d\n", WTERMSIG(status));
	/* As pluto: until there is none. */
	if (waitpid(-1, NULL, WNOHANG) != -1)
		printf("waitpid: another child\n");
}

/* What pluto does not do, with a command that it would run. */
static void
misuse(const char *command)
{
	const struct rlimit none = {3, 3};
	int result;

	printf("to write: %s\n", popen(command, "w") ? "runs" : strerror(errno));
	result = pclose(stdin);
	printf("not ours: %d %s\n", result, strerror(errno));
	printf("a shell: %d\n", system(NULL));
	if (setrlimit(RLIMIT_NOFILE, &none) < 0)
		abort();
	printf("no descriptor: %s\n", popen(command, "r") ? "runs" : strerror(errno));
}

int
main(int argc, char **argv)
{
	printf("begin, LD_PRELOAD %s\n", getenv("LD_PRELOAD") ? "is there" : "is gone");
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "hear") == 0)
			hear();
		else if (strcmp(argv[i], "hear-elsewhere") == 0)
			hear_elsewhere();
		else if (strcmp(argv[i], "flush-states") == 0)
			flush(XFRM_MSG_FLUSHSA);
		else if (strcmp(argv[i], "flush-unseen") == 0)
			flush_unseen();
		else if (strcmp(argv[i], "flush-policies") == 0)
			flush(XFRM_MSG_FLUSHPOLICY);
		else if (strcmp(argv[i], "listen-twice") == 0)
			listen_twice(AF_INET);
		else if (strcmp(argv[i], "listen-twice-6") == 0)
			listen_twice(AF_INET6);
		else if (strcmp(argv[i], "bind-others") == 0)
			bind_others();
		else if (strcmp(argv[i], "bind-locked") == 0)
			bind_locked();
		else if (strcmp(argv[i], "child-exits") == 0)
			wait_for_child(7);
		else if (strcmp(argv[i], "child-is-killed") == 0)
			wait_for_child(-1);
		else if (strcmp(argv[i], "misuse") == 0 && i + 1 < argc)
			misuse(argv[++i]);
		else
			run(argv[i]);
	}
	return 0;
}
