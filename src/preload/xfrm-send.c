/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The calls by which pluto can send something to a socket: write(2), writev(2), send(2), sendto(2),
 * sendmsg(2) and sendmmsg(2). What goes to the kernel's IPsec (NETLINK_XFRM) is held, looked at and
 * sent as xfrm-filter.h leaves it; what cannot be held or read is refused. pluto sends everything
 * by write(). All else passes as it is.
 *
 * Any thread may call them: what is held lies on the caller's stack, and nothing is locked.
 */
#include "config.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "guard.h"
#include "xfrm-filter.h"

/* pluto's longest message is a policy or a state with its keys: below 2 KiB. */
#define HELD_MAX 16384

enum whose {
	ANOTHERS, /* not for the kernel's IPsec */
	XFRM,
	UNKNOWN, /* cannot be seen; errno says why */
};

/* What can be no socket at all is not the kernel's IPsec; what fails in another way might be. */
static enum whose
whose_is(int fd)
{
	int domain = 0, protocol = 0;
	socklen_t len = sizeof(domain);

	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) < 0)
		return errno == ENOTSOCK || errno == EBADF ? ANOTHERS : UNKNOWN;
	if (domain != AF_NETLINK)
		return ANOTHERS;
	len = sizeof(protocol);
	if (getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len) < 0)
		return UNKNOWN;
	return protocol == NETLINK_XFRM ? XFRM : ANOTHERS;
}

/* Calls that are let through leave errno as it was, unless they fail themselves. */
static enum whose
look(int fd)
{
	const int saved = errno;
	const enum whose whose = whose_is(fd);

	if (whose != UNKNOWN)
		errno = saved;
	return whose;
}

static ssize_t
refuse(int error)
{
	errno = error;
	return -1;
}

static bool
hold(unsigned char *held, size_t *len, const struct iovec *pieces, size_t n)
{
	*len = 0;
	for (size_t i = 0; i < n; i++) {
		if (pieces[i].iov_len > HELD_MAX - *len)
			return false;
		if (pieces[i].iov_len > 0)
			memcpy(held + *len, pieces[i].iov_base, pieces[i].iov_len);
		*len += pieces[i].iov_len;
	}
	return true;
}

/* Not inlined: its stack is for the kernel's IPsec alone. */
__attribute__((noinline)) static ssize_t
send_filtered(int fd, const struct msghdr *message, int flags)
{
	_Alignas(struct nlmsghdr) unsigned char held[HELD_MAX];
	struct msghdr filtered = *message;
	struct iovec whole = {.iov_base = held};
	unsigned flushes;
	ssize_t n;
	int error;

	if (!hold(held, &whole.iov_len, message->msg_iov, message->msg_iovlen))
		return refuse(EMSGSIZE);
	error = xfrm_filter(held, whole.iov_len, &flushes);
	if (error)
		return refuse(error);
	filtered.msg_iov = &whole;
	filtered.msg_iovlen = 1;
	n = syscall(SYS_sendmsg, fd, &filtered, flags);
	if (n >= 0 && flushes) {
		error = errno;
		guard_stopped(flushes);
		errno = error;
	}
	return n;
}

static ssize_t
send_one(int fd, const void *data, size_t len, int flags, const struct sockaddr *to,
		 socklen_t to_len)
{
	struct iovec piece = {.iov_base = (void *) data, .iov_len = len};
	const struct msghdr message = {
		.msg_name = (void *) to, .msg_namelen = to_len, .msg_iov = &piece, .msg_iovlen = 1};

	return send_filtered(fd, &message, flags);
}

ssize_t
write(int fd, const void *data, size_t len)
{
	switch (look(fd)) {
	case XFRM:
		return send_one(fd, data, len, 0, NULL, 0);
	case ANOTHERS:
		return syscall(SYS_write, fd, data, len);
	default:
		return -1;
	}
}

ssize_t
writev(int fd, const struct iovec *pieces, int n)
{
	switch (look(fd)) {
	case XFRM: {
		const struct msghdr message = {.msg_iov = (struct iovec *) pieces,
									   .msg_iovlen = (size_t) n};

		return n < 0 ? refuse(EINVAL) : send_filtered(fd, &message, 0);
	}
	case ANOTHERS:
		return syscall(SYS_writev, fd, pieces, n);
	default:
		return -1;
	}
}

ssize_t
sendto(int fd, const void *data, size_t len, int flags, const struct sockaddr *to, socklen_t to_len)
{
	switch (look(fd)) {
	case XFRM:
		return send_one(fd, data, len, flags, to, to_len);
	case ANOTHERS:
		return syscall(SYS_sendto, fd, data, len, flags, to, to_len);
	default:
		return -1;
	}
}

ssize_t
send(int fd, const void *data, size_t len, int flags)
{
	return sendto(fd, data, len, flags, NULL, 0);
}

ssize_t
sendmsg(int fd, const struct msghdr *message, int flags)
{
	switch (look(fd)) {
	case XFRM:
		return send_filtered(fd, message, flags);
	case ANOTHERS:
		return syscall(SYS_sendmsg, fd, message, flags);
	default:
		return -1;
	}
}

/* As sendmmsg(2): what was sent counts, and an error only where nothing was. */
int
sendmmsg(int fd, struct mmsghdr *messages, unsigned n, int flags)
{
	unsigned done;

	switch (look(fd)) {
	case XFRM:
		break;
	case ANOTHERS:
		return (int) syscall(SYS_sendmmsg, fd, messages, n, flags);
	default:
		return -1;
	}
	for (done = 0; done < n; done++) {
		ssize_t len = send_filtered(fd, &messages[done].msg_hdr, flags);

		if (len < 0)
			break;
		messages[done].msg_len = (unsigned) len;
	}
	return done > 0 || n == 0 ? (int) done : -1;
}
