/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Datagrams for a UDP socket on which IKE is spoken; libc alone, for the tests' programs too. */

#define IKE_DATAGRAM_MAX (4 + 28)

struct ike_datagram {
	unsigned char bytes[IKE_DATAGRAM_MAX];
	size_t len;
};

/**
 * ike_datagram: an IKE header alone.
 *
 * @marked: behind the non-ESP marker, as at port 4500
 * @exchange: the exchange type
 * @responder: whether it has a responder's SPI (cookie)
 */
static inline struct ike_datagram
ike_datagram(bool marked, int version, int exchange, int flags, bool responder)
{
	struct ike_datagram datagram = {.len = marked ? IKE_DATAGRAM_MAX : IKE_DATAGRAM_MAX - 4};
	unsigned char *header = datagram.bytes + (marked ? 4 : 0);

	memset(header, 0x11, 8);
	memset(header + 8, responder ? 0x22 : 0, 8);
	header[17] = (unsigned char) (version << 4);
	header[18] = (unsigned char) exchange;
	header[19] = (unsigned char) flags;
	header[27] = 28;
	return datagram;
}

/* ike_datagram_bind: a UDP socket at @port of the loopback address, or -1 with errno. */
static inline int
ike_datagram_bind(int domain, in_port_t port)
{
	const struct sockaddr_in v4 = {
		.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const struct sockaddr_in6 v6 = {
		.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	int fd = socket(domain, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || (domain == AF_INET ? bind(fd, (const struct sockaddr *) &v4, sizeof(v4))
									 : bind(fd, (const struct sockaddr *) &v6, sizeof(v6))) == 0)
		return fd;
	close(fd);
	return -1;
}

/* ike_datagram_is_heard: sends it to the socket @fd itself, and something that passes behind it. */
static inline bool
ike_datagram_is_heard(int fd, const struct ike_datagram *datagram)
{
	static const char last[] = "the last one";
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);
	char got[64];
	ssize_t n;

	if (getsockname(fd, (struct sockaddr *) &address, &len) < 0 ||
		sendto(fd, datagram->bytes, datagram->len, 0, (struct sockaddr *) &address, len) < 0 ||
		sendto(fd, last, sizeof(last), 0, (struct sockaddr *) &address, len) < 0 ||
		(n = recv(fd, got, sizeof(got), 0)) < 0) {
		perror("a datagram to ourselves");
		abort();
	}
	if ((size_t) n == sizeof(last) && memcmp(got, last, sizeof(last)) == 0)
		return false;
	return recv(fd, got, sizeof(got), 0) == sizeof(last);
}
