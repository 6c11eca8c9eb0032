/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For /etc/ld.so.preload of the native IKE laboratory: on a kernel without ESP, IKE runs to its end
 * all the same. A message that would make an SA (XFRM_MSG_NEWSA, XFRM_MSG_UPDSA) becomes one that
 * changes nothing and is acknowledged: the flush of the SAs of a protocol that nobody here uses. No
 * packet is ever encrypted; what needs traffic belongs into tests/lab.
 */
#define _GNU_SOURCE 1

#include <dlfcn.h>
#include <linux/netlink.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

struct flush {
	struct nlmsghdr header;
	struct xfrm_usersa_flush body;
};

static int
socket_option(int fd, int option)
{
	int value = -1;
	socklen_t len = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, option, &value, &len) == 0 ? value : -1;
}

/* Returns what is to be sent in the place of @data. */
static const void *
replace(int fd, const void *data, size_t *len, struct flush *flush)
{
	struct nlmsghdr header;

	if (*len < sizeof(header))
		return data;
	memcpy(&header, data, sizeof(header));
	if ((header.nlmsg_type != XFRM_MSG_NEWSA && header.nlmsg_type != XFRM_MSG_UPDSA) ||
		socket_option(fd, SO_DOMAIN) != AF_NETLINK ||
		socket_option(fd, SO_PROTOCOL) != NETLINK_XFRM)
		return data;
	memset(flush, 0, sizeof(*flush));
	flush->header.nlmsg_len = sizeof(*flush);
	flush->header.nlmsg_type = XFRM_MSG_FLUSHSA;
	flush->header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	flush->header.nlmsg_seq = header.nlmsg_seq;
	flush->header.nlmsg_pid = header.nlmsg_pid;
	flush->body.proto = IPPROTO_COMP;
	*len = sizeof(*flush);
	return flush;
}

ssize_t
sendto(int fd, const void *data, size_t len, int flags, const struct sockaddr *to, socklen_t to_len)
{
	static ssize_t (*real)(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
	struct flush flush;
	size_t n = len;
	const void *what = replace(fd, data, &n, &flush);

	if (!real)
		real = (__typeof__(real)) dlsym(RTLD_NEXT, "sendto");
	if (what == data)
		return real(fd, data, len, flags, to, to_len);
	return real(fd, what, n, flags, to, to_len) < 0 ? -1 : (ssize_t) len;
}

ssize_t
send(int fd, const void *data, size_t len, int flags)
{
	static ssize_t (*real)(int, const void *, size_t, int);
	struct flush flush;
	size_t n = len;
	const void *what = replace(fd, data, &n, &flush);

	if (!real)
		real = (__typeof__(real)) dlsym(RTLD_NEXT, "send");
	if (what == data)
		return real(fd, data, len, flags);
	return real(fd, what, n, flags) < 0 ? -1 : (ssize_t) len;
}

ssize_t
write(int fd, const void *data, size_t len)
{
	static ssize_t (*real)(int, const void *, size_t);
	struct flush flush;
	size_t n = len;
	const void *what = replace(fd, data, &n, &flush);

	if (!real)
		real = (__typeof__(real)) dlsym(RTLD_NEXT, "write");
	if (what == data)
		return real(fd, data, len);
	return real(fd, what, n) < 0 ? -1 : (ssize_t) len;
}

/* As the guard library sends what it has looked at (xfrm-send.c), in one piece. */
static long
send_message(long (*real)(long, ...), int fd, const struct msghdr *message, long flags)
{
	struct flush flush;
	size_t n = message->msg_iov[0].iov_len;
	const void *what = replace(fd, message->msg_iov[0].iov_base, &n, &flush);
	struct iovec piece = {.iov_base = (void *) what, .iov_len = n};
	struct msghdr other = *message;

	if (what == message->msg_iov[0].iov_base)
		return real(SYS_sendmsg, (long) fd, message, flags);
	other.msg_iov = &piece;
	return real(SYS_sendmsg, (long) fd, &other, flags) < 0 ? -1
														   : (long) message->msg_iov[0].iov_len;
}

long
syscall(long number, ...)
{
	static long (*real)(long, ...);
	long a[6];
	va_list arguments;

	va_start(arguments, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(arguments, long);
	va_end(arguments);
	if (!real)
		real = (__typeof__(real)) dlsym(RTLD_NEXT, "syscall");
	if (number == SYS_sendmsg && ((const struct msghdr *) a[1])->msg_iovlen == 1)
		return send_message(real, (int) a[0], (const struct msghdr *) a[1], a[2]);
	return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
