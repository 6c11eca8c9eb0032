/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program that speaks to NETLINK_XFRM as pluto does, and in each other way that there is, for the
 * tests of the library that is preloaded into pluto. Its first argument is the call ("write"), the
 * others what it is to do (main()). It prints what comes of it. No test itself.
 */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "xfrm-message.h"

/* The message may be in two pieces, where a call takes several. */
static ssize_t
by_write(int fd, const void *data, size_t len)
{
	return write(fd, data, len);
}

static size_t
cut_in_two(struct iovec *pieces, const void *data, size_t len)
{
	const size_t first = len / 2;

	pieces[0] = (struct iovec){.iov_base = (void *) data, .iov_len = first};
	pieces[1] = (struct iovec){.iov_base = (char *) data + first, .iov_len = len - first};
	return 2;
}

static ssize_t
by_writev(int fd, const void *data, size_t len)
{
	struct iovec pieces[2];

	return writev(fd, pieces, (int) cut_in_two(pieces, data, len));
}

static ssize_t
by_send(int fd, const void *data, size_t len)
{
	return send(fd, data, len, 0);
}

static const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};

static bool
is_netlink(int fd)
{
	int domain = 0;
	socklen_t n = sizeof(domain);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &n) == 0 && domain == AF_NETLINK;
}

static ssize_t
by_sendto(int fd, const void *data, size_t len)
{
	if (!is_netlink(fd))
		return sendto(fd, data, len, 0, NULL, 0);
	return sendto(fd, data, len, 0, (const struct sockaddr *) &kernel, sizeof(kernel));
}

static struct msghdr
make_message(int fd, struct iovec *pieces, const void *data, size_t len)
{
	struct msghdr message = {.msg_iov = pieces};

	message.msg_iovlen = cut_in_two(pieces, data, len);
	if (is_netlink(fd)) {
		message.msg_name = (void *) &kernel;
		message.msg_namelen = sizeof(kernel);
	}
	return message;
}

static ssize_t
by_sendmsg(int fd, const void *data, size_t len)
{
	struct iovec pieces[2];
	const struct msghdr message = make_message(fd, pieces, data, len);

	return sendmsg(fd, &message, 0);
}

/* Twice the same. */
static ssize_t
by_sendmmsg(int fd, const void *data, size_t len)
{
	struct iovec pieces[2];
	struct mmsghdr messages[2] = {{.msg_hdr = make_message(fd, pieces, data, len)}};
	int n;

	messages[1] = messages[0];
	n = sendmmsg(fd, messages, 2, 0);
	if (n < 0)
		return -1;
	return n == 2 && messages[0].msg_len == messages[1].msg_len ? (ssize_t) messages[1].msg_len : 0;
}

static const struct {
	const char *name;
	ssize_t (*func)(int fd, const void *data, size_t len);
	int times; /* it is sent */
} calls[] = {
	{"write", by_write, 1},   {"writev", by_writev, 1},   {"send", by_send, 1},
	{"sendto", by_sendto, 1}, {"sendmsg", by_sendmsg, 1}, {"sendmmsg", by_sendmmsg, 2},
};

static int
open_netlink(int protocol)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		abort();
	return fd;
}

static void
print_answer(int fd)
{
	_Alignas(struct nlmsghdr) unsigned char answer[4096];
	const struct nlmsghdr *header = (const struct nlmsghdr *) answer;
	struct nlmsgerr error;

	if (recv(fd, answer, sizeof(answer), 0) < (ssize_t) NLMSG_LENGTH(sizeof(error)) ||
		header->nlmsg_type != NLMSG_ERROR) {
		printf(" no answer");
		return;
	}
	memcpy(&error, answer + NLMSG_HDRLEN, sizeof(error));
	printf(" %u:%d", header->nlmsg_seq, error.error);
}

static void
print_result(ssize_t n, size_t len)
{
	if (n < 0)
		printf("%s\n", strerror(errno));
	else
		printf("%s, errno %d\n", (size_t) n == len ? "whole" : "cut", errno);
}

/* All that must not be done, and behind it what is done as it is: it fails, since there is no such
 * policy. */
static void
flush(size_t call)
{
	const struct xfrm_selector other = {.family = AF_INET, .prefixlen_d = 32};
	struct xfrm_messages messages = {0};
	int fd = open_netlink(NETLINK_XFRM);
	ssize_t n;

	xfrm_message_flush_policies(&messages, 1);
	xfrm_message_flush_states(&messages, 2);
	xfrm_message_put_policy(&messages, XFRM_MSG_UPDPOLICY, 3, xfrm_message_neighbour(135));
	xfrm_message_delete_policy(&messages, 4, xfrm_message_neighbour(136));
	xfrm_message_delete_policy(&messages, 5, other);
	errno = 0;
	n = calls[call].func(fd, messages.bytes, messages.len);
	print_result(n, messages.len);
	printf("answers:");
	for (int i = 0; n > 0 && i < 5 * calls[call].times; i++)
		print_answer(fd);
	printf("\n");
	close(fd);
}

/* More than a message of pluto's has, and what is none. */
static void
send_bad(size_t call)
{
	static const unsigned char zeros[65536];
	struct xfrm_messages messages = {0};
	int fd = open_netlink(NETLINK_XFRM);

	print_result(calls[call].func(fd, zeros, sizeof(zeros)), sizeof(zeros));
	xfrm_message_flush_states(&messages, 1);
	print_result(calls[call].func(fd, messages.bytes, messages.len - 1), messages.len - 1);
	close(fd);
}

/* A flush in the middle of a pipe or of another protocol's socket is none. */
static void
send_others(size_t call)
{
	struct xfrm_messages messages = {0};
	unsigned char heard[8192];
	int ends[2];

	xfrm_message_flush_states(&messages, 1);
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) < 0)
		abort();
	errno = 0;
	print_result(calls[call].func(ends[0], messages.bytes, messages.len), messages.len);
	printf("%s\n", recv(ends[1], heard, sizeof(heard), 0) == (ssize_t) messages.len &&
						   memcmp(heard, messages.bytes, messages.len) == 0
					   ? "as it was"
					   : "changed");
	print_result(calls[call].func(-1, messages.bytes, messages.len), messages.len);
}

/* By write(2) and writev(2) alone. */
static void
send_to_pipe(size_t call)
{
	int ends[2];
	char heard[8];

	if (pipe(ends) < 0)
		abort();
	errno = 0;
	print_result(calls[call].func(ends[1], "words", 5), 5);
	printf("%s\n", read(ends[0], heard, sizeof(heard)) == 5 && memcmp(heard, "words", 5) == 0
					   ? "as it was"
					   : "changed");
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*func)(size_t call);
	} words[] = {
		{"flush", flush}, {"bad", send_bad}, {"others", send_others}, {"pipe", send_to_pipe}};
	size_t call = 0;

	while (call < sizeof(calls) / sizeof(calls[0]) && argc > 1 &&
		   strcmp(calls[call].name, argv[1]) != 0)
		call++;
	if (argc < 2 || call == sizeof(calls) / sizeof(calls[0]))
		return 1;
	for (int i = 2; i < argc; i++) {
		for (size_t j = 0; j < sizeof(words) / sizeof(words[0]); j++) {
			if (strcmp(words[j].name, argv[i]) == 0)
				words[j].func(call);
		}
	}
	return 0;
}
