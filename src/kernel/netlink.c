/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libnl's sockets are not used: they count a message that could not be sent, and so take the answer
 * to each later one for a wrong one; they lose the errno; they leave out the error that a dump ends
 * with; and they know of no network namespace. What libnl has for messages is.
 */
#include "config.h"

#include "netlink.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <sched.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define DUMP_ATTEMPTS 5

/* Requests that go out at once: their acknowledgements fit into any socket's buffer. */
#define BATCH 64

/* The kernel gives dumps in pieces of up to this, where the reader takes as much. */
#define PIECE (32 * 1024)

/* It answers at once. Whatever may be wrong with it, we do not stand still for ever. */
#define ANSWER_S 10

/* No errno of the kernel's. */
#define UNANSWERED 1

struct Netlink {
	int fd;
	guint32 sequence; /* of the last message */
	guint8 *buffer;   /* one piece, as it came */
	gsize size;
	guint8 *message; /* one message of it */
	gsize message_size;
};

struct NetlinkSubscription {
	const NetlinkInterest *interest;
	gpointer user_data;
	Netlink *netlink;
	guint source;
	gboolean is_reading;
	gboolean is_over; /* netlink_unsubscribe() while reading */
};

/* Some requests that were sent at once, and what is known of their answers. */
typedef struct {
	guint32 first; /* sequence number */
	guint n, n_answered;
	int *answers;
	gboolean is_interrupted;
	NetlinkReadFunc read;
	GArray *into;
	gconstpointer user_data;
} Exchange;

/* Messages */

struct nl_msg *
netlink_message_new(int type, int flags, const void *header, gsize size)
{
	struct nl_msg *message = nlmsg_alloc_simple(type, flags);

	if (!message || (size > 0 && nlmsg_append(message, (void *) header, size, NLMSG_ALIGNTO) < 0))
		g_error("no memory for a netlink message");
	return message;
}

void
netlink_message_put(struct nl_msg *message, int type, const void *data, gsize size)
{
	if (nla_put(message, type, (int) size, data) < 0)
		g_error("a netlink message is too long");
}

void
netlink_message_put_u32(struct nl_msg *message, int type, guint32 value)
{
	netlink_message_put(message, type, &value, sizeof(value));
}

gboolean
netlink_message_parse(struct nlmsghdr *message, gsize header_size, struct nlattr **attributes,
					  int max)
{
	return nlmsg_parse(message, (int) header_size, attributes, max, NULL) >= 0;
}

guint32
netlink_attribute_u32(const struct nlattr *attribute)
{
	return attribute && nla_len(attribute) >= (int) sizeof(guint32) ? nla_get_u32(attribute) : 0;
}

/* Sockets */

static int
socket_here(int protocol)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

	return fd < 0 ? -errno : fd;
}

/* Other threads do not notice: a namespace is a thread's. */
static int
socket_in(int netns, int protocol)
{
	int own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	int fd;

	if (own < 0)
		return -errno;
	if (setns(netns, CLONE_NEWNET) < 0) {
		fd = -errno;
	} else {
		fd = socket_here(protocol);
		if (setns(own, CLONE_NEWNET) < 0)
			g_error("cannot return to the own network namespace: %s", g_strerror(errno));
	}
	close(own);
	return fd;
}

/* Without an address of its own the kernel takes a socket for itself and tells it of nothing. */
static int
set_up(int fd, int protocol)
{
	const struct sockaddr_nl address = {.nl_family = AF_NETLINK};
	const struct timeval patience = {.tv_sec = ANSWER_S};
	int on = 1;

	if (bind(fd, (const struct sockaddr *) &address, sizeof(address)) < 0 ||
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0)
		return -errno;
	/* Without it (before Linux 4.20) a dump of routes is the whole table. */
	if (protocol == NETLINK_ROUTE)
		(void) setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	return 0;
}

/* Returns: NULL with a negative errno in @answer. */
static Netlink *
open_socket(int protocol, int netns, int *answer)
{
	g_autoptr(Netlink) self = g_new0(Netlink, 1);

	self->fd = netns < 0 ? socket_here(protocol) : socket_in(netns, protocol);
	*answer = self->fd < 0 ? self->fd : set_up(self->fd, protocol);
	if (*answer < 0)
		return NULL;
	self->size = PIECE;
	self->buffer = g_malloc(self->size);
	return g_steal_pointer(&self);
}

Netlink *
netlink_open(int protocol, int netns, GError **error)
{
	int answer;
	Netlink *self = open_socket(protocol, netns, &answer);

	if (!self)
		netlink_fail(error, answer, "open a netlink socket");
	return self;
}

void
netlink_close(Netlink *self)
{
	if (!self)
		return;
	if (self->fd >= 0)
		close(self->fd);
	g_free(self->buffer);
	g_free(self->message);
	g_free(self);
}

/* Receiving */

/* As recvfrom(2), but it goes on after a signal, and returns a negative errno. */
static ssize_t
receive_into(Netlink *self, int flags, struct sockaddr_nl *from)
{
	socklen_t size = sizeof(*from);
	ssize_t n;

	do {
		n = recvfrom(self->fd, self->buffer, self->size, flags, (struct sockaddr *) from, &size);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

/* Receives one piece, of whatever size, from the kernel: other processes may send too. */
static ssize_t
receive(Netlink *self, int flags)
{
	struct sockaddr_nl from = {0};
	ssize_t n;

	do {
		n = receive_into(self, flags | MSG_PEEK | MSG_TRUNC, &from);
		if (n > (ssize_t) self->size) {
			self->size = (gsize) n;
			self->buffer = g_realloc(self->buffer, self->size);
		}
		if (n >= 0)
			n = receive_into(self, flags, &from);
	} while (n >= 0 && from.nl_pid != 0);
	return n;
}

/* In a piece they stand at multiples of 4, and some begin with a struct that has 64-bit numbers. */
static struct nlmsghdr *
align(Netlink *self, struct nlmsghdr *message)
{
	if (GPOINTER_TO_SIZE(message) % G_ALIGNOF(guint64) == 0)
		return message;
	if (message->nlmsg_len > self->message_size) {
		self->message_size = message->nlmsg_len;
		self->message = g_realloc(self->message, self->message_size);
	}
	return memcpy(self->message, message, message->nlmsg_len);
}

/* The rest of something that failed; a dump goes on only as it is read, and until its end the
 * kernel begins no other on this socket. */
static void
drain(Netlink *self)
{
	while (receive(self, MSG_DONTWAIT) >= 0)
		;
}

/* Exchanges */

static void
answered(Exchange *exchange, guint i, int answer)
{
	if (exchange->answers[i] != UNANSWERED)
		return;
	exchange->answers[i] = answer;
	exchange->n_answered++;
}

/* What an acknowledgement or the end of a dump says. */
static int
read_result(struct nlmsghdr *message)
{
	int result = 0;

	if (nlmsg_datalen(message) >= (int) sizeof(result))
		memcpy(&result, nlmsg_data(message), sizeof(result));
	return MIN(result, 0);
}

static void
take(Exchange *exchange, struct nlmsghdr *message)
{
	guint i = message->nlmsg_seq - exchange->first;

	/* Of something before, which failed. */
	if (i >= exchange->n)
		return;
	exchange->is_interrupted |= (message->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
	switch (message->nlmsg_type) {
	case NLMSG_NOOP:
		break;
	case NLMSG_ERROR:
	case NLMSG_DONE:
		answered(exchange, i, read_result(message));
		break;
	case NLMSG_OVERRUN:
		answered(exchange, i, -ENOBUFS);
		break;
	default:
		if (exchange->read)
			exchange->read(message, exchange->into, exchange->user_data);
		break;
	}
}

static void
fail_all(Netlink *self, Exchange *exchange, int answer)
{
	for (guint i = 0; i < exchange->n; i++)
		answered(exchange, i, answer);
	drain(self);
}

static void
receive_answers(Netlink *self, Exchange *exchange)
{
	while (exchange->n_answered < exchange->n) {
		ssize_t n = receive(self, 0);
		int left = (int) n;

		if (n < 0) {
			fail_all(self, exchange, n == -EAGAIN ? -ETIMEDOUT : (int) n);
			return;
		}
		for (struct nlmsghdr *message = (void *) self->buffer; nlmsg_ok(message, left);
			 message = nlmsg_next(message, &left))
			take(exchange, align(self, message));
	}
}

static void
append(GByteArray *out, struct nl_msg *request, int flags, guint32 sequence)
{
	struct nlmsghdr *message = nlmsg_hdr(request);
	static const guint8 padding[NLMSG_ALIGNTO];

	message->nlmsg_flags |= NLM_F_REQUEST | flags;
	message->nlmsg_seq = sequence;
	message->nlmsg_pid = 0;
	g_byte_array_append(out, (const guint8 *) message, message->nlmsg_len);
	g_byte_array_append(out, padding, NLMSG_ALIGN(message->nlmsg_len) - message->nlmsg_len);
}

/* Sends @requests, as many as @exchange is of, and reads until each has its answer. */
static void
talk(Netlink *self, struct nl_msg *const *requests, int flags, Exchange *exchange)
{
	g_autoptr(GByteArray) out = g_byte_array_new();

	exchange->first = self->sequence + 1;
	exchange->n_answered = 0;
	exchange->is_interrupted = FALSE;
	for (guint i = 0; i < exchange->n; i++) {
		exchange->answers[i] = UNANSWERED;
		append(out, requests[i], flags, ++self->sequence);
	}
	if (send(self->fd, out->data, out->len, 0) < 0)
		fail_all(self, exchange, -errno);
	else
		receive_answers(self, exchange);
}

int
netlink_query(Netlink *self, struct nl_msg *request, NetlinkReadFunc read, GArray *into,
			  gconstpointer user_data)
{
	int answer;
	Exchange exchange = {
		.n = 1, .answers = &answer, .read = read, .into = into, .user_data = user_data};

	talk(self, &request, NLM_F_ACK, &exchange);
	nlmsg_free(request);
	return answer;
}

int
netlink_request(Netlink *self, struct nl_msg *request)
{
	return netlink_query(self, request, NULL, NULL, NULL);
}

void
netlink_request_all(Netlink *self, const GPtrArray *requests, int *answers)
{
	for (guint i = 0; i < requests->len; i += BATCH) {
		Exchange exchange = {.n = MIN(BATCH, requests->len - i), .answers = answers + i};

		talk(self, (struct nl_msg *const *) requests->pdata + i, NLM_F_ACK, &exchange);
	}
}

int
netlink_dump(Netlink *self, struct nl_msg *request, NetlinkReadFunc read, GArray *into,
			 gconstpointer user_data)
{
	int answer, attempts = DUMP_ATTEMPTS;
	Exchange exchange = {
		.n = 1, .answers = &answer, .read = read, .into = into, .user_data = user_data};

	do {
		g_array_set_size(into, 0);
		talk(self, &request, NLM_F_DUMP, &exchange);
	} while (answer == 0 && exchange.is_interrupted && --attempts > 0);
	nlmsg_free(request);
	return answer == 0 && exchange.is_interrupted ? -EINTR : answer;
}

/* Errors */

gboolean
netlink_is_gone(int answer)
{
	return answer == -ENOENT || answer == -ESRCH || answer == -ENODEV;
}

const char *
netlink_strerror(int answer)
{
	switch (-answer) {
	case EINTR:
		return "it changes faster than it can be read";
	case EEXIST:
		return "there is one already";
	default:
		return g_strerror(-answer);
	}
}

static GIOErrorEnum
code_of(int answer)
{
	switch (-answer) {
	case EPERM:
	case EACCES:
		return G_IO_ERROR_PERMISSION_DENIED;
	case EEXIST:
		return G_IO_ERROR_EXISTS;
	case EPROTONOSUPPORT:
	case EOPNOTSUPP:
	case EAFNOSUPPORT:
		return G_IO_ERROR_NOT_SUPPORTED;
	default:
		return netlink_is_gone(answer) ? G_IO_ERROR_NOT_FOUND : G_IO_ERROR_FAILED;
	}
}

gboolean
netlink_fail(GError **error, int answer, const char *format, ...)
{
	g_autofree char *what = NULL;
	va_list args;

	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, G_IO_ERROR, (int) code_of(answer), "cannot %s: %s", what,
				netlink_strerror(answer));
	return FALSE;
}

/* Subscriptions */

static void
subscription_free(NetlinkSubscription *self)
{
	netlink_close(self->netlink);
	g_free(self);
}

static void
hand_on(NetlinkSubscription *self, ssize_t n)
{
	int left = (int) n;

	for (struct nlmsghdr *message = (void *) self->netlink->buffer;
		 !self->is_over && nlmsg_ok(message, left); message = nlmsg_next(message, &left)) {
		if (message->nlmsg_type == NLMSG_OVERRUN)
			self->interest->on_lost(self->user_data);
		else if (message->nlmsg_type >= NLMSG_MIN_TYPE)
			self->interest->on_message(align(self->netlink, message), self->user_data);
	}
}

static void
end(NetlinkSubscription *self, ssize_t answer)
{
	g_warning("cannot watch %s any more: %s", self->interest->what, netlink_strerror((int) answer));
	g_clear_handle_id(&self->source, g_source_remove);
	self->interest->on_lost(self->user_data);
}

static void
read_all(NetlinkSubscription *self)
{
	ssize_t n;

	do {
		n = receive(self->netlink, MSG_DONTWAIT);
		if (n >= 0)
			hand_on(self, n);
		else if (n == -ENOBUFS)
			self->interest->on_lost(self->user_data);
		else if (n != -EAGAIN)
			end(self, n);
	} while (!self->is_over && (n >= 0 || n == -ENOBUFS));
}

void
netlink_subscription_read(NetlinkSubscription *self)
{
	g_return_if_fail(!self->is_reading);
	if (!self->source)
		return;
	self->is_reading = TRUE;
	read_all(self);
	self->is_reading = FALSE;
	if (self->is_over)
		subscription_free(self);
}

static gboolean
on_readable(gint fd, GIOCondition condition, gpointer user_data)
{
	/* Whoever ends it in there removes this source as well. */
	netlink_subscription_read(user_data);
	return G_SOURCE_CONTINUE;
}

static int
join(int fd, const NetlinkInterest *interest)
{
	if (interest->buffer > 0)
		(void) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &interest->buffer, sizeof(interest->buffer));
	for (const int *group = interest->groups; *group; group++) {
		if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group, sizeof(*group)) < 0)
			return -errno;
	}
	return 0;
}

NetlinkSubscription *
netlink_subscribe(const NetlinkInterest *interest, int netns, gpointer user_data, GError **error)
{
	NetlinkSubscription *self;
	int answer;
	g_autoptr(Netlink) netlink = open_socket(interest->protocol, netns, &answer);

	if (netlink)
		answer = join(netlink->fd, interest);
	if (answer < 0) {
		netlink_fail(error, answer, "watch %s", interest->what);
		return NULL;
	}
	self = g_new0(NetlinkSubscription, 1);
	self->interest = interest;
	self->user_data = user_data;
	self->source = g_unix_fd_add(netlink->fd, G_IO_IN | G_IO_ERR | G_IO_HUP, on_readable, self);
	self->netlink = g_steal_pointer(&netlink);
	return self;
}

void
netlink_unsubscribe(NetlinkSubscription *self)
{
	if (!self)
		return;
	g_clear_handle_id(&self->source, g_source_remove);
	if (self->is_reading)
		self->is_over = TRUE;
	else
		subscription_free(self);
}
