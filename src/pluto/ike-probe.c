/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "ike-probe.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

/* What is no answer is named so often. */
#define NOTES_MAX 5
/* A cookie, another group, and both once more. */
#define ROUNDS_MAX 4
/* Largest datagram that is read; an answer has some hundred bytes. */
#define DATAGRAM_MAX 4096

typedef union {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
} Address;

typedef struct {
	const IkeProbeParams *params;
	IkeProbeResult *result;
	GPtrArray *proposals;
	IkeRequest request;
	int fd;
	gint64 deadline_us;
	guint n_sent, n_ignored;
	int error; /* what this host was told of an earlier datagram (ICMP), 0 for nothing */
} Probe;

static void
conclude(Probe *self, IkeProbeVerdict verdict, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void
conclude(Probe *self, IkeProbeVerdict verdict, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	self->result->verdict = verdict;
	self->result->text = g_strdup_vprintf(format, args);
	va_end(args);
}

static void
note(Probe *self, char *text)
{
	if (self->result->notes->len < NOTES_MAX)
		g_ptr_array_add(self->result->notes, text);
	else
		g_free(text);
}

static socklen_t
make_address(const IpNet *host, guint16 port, Address *address)
{
	memset(address, 0, sizeof(*address));
	address->any.sa_family = host->family;
	if (host->family == AF_INET) {
		address->v4.sin_port = htons(port);
		memcpy(&address->v4.sin_addr, host->bytes, sizeof(address->v4.sin_addr));
		return sizeof(address->v4);
	}
	address->v6.sin6_port = htons(port);
	memcpy(&address->v6.sin6_addr, host->bytes, sizeof(address->v6.sin6_addr));
	return sizeof(address->v6);
}

/* The kernel's choice is neither of IKE's, unless an administrator has made them ephemeral. */
static gboolean
has_good_port(int fd)
{
	Address address;
	socklen_t len = sizeof(address);
	guint16 port;

	if (getsockname(fd, &address.any, &len) != 0)
		return FALSE;
	port = ntohs(address.any.sa_family == AF_INET ? address.v4.sin_port : address.v6.sin6_port);
	return port != 500 && port != 4500;
}

/* Connected: the kernel drops what others send, and tells of ICMP errors. */
static int
open_socket(const IkeProbeParams *params)
{
	Address address;
	const socklen_t len = make_address(&params->gateway, params->port, &address);
	int fd = socket(params->gateway.family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	if (connect(fd, &address.any, len) == 0) {
		if (has_good_port(fd))
			return fd;
		errno = EADDRINUSE;
	}
	close(fd);
	return -1;
}

static guint16
first_group(const GPtrArray *proposals)
{
	for (guint p = 0; p < proposals->len; p++) {
		const GArray *transforms = proposals->pdata[p];

		for (guint i = 0; i < transforms->len; i++) {
			const IkeTransform *transform = &g_array_index(transforms, IkeTransform, i);
			g_autoptr(GBytes) public =
				transform->type == IKE_GROUP ? ike_group_public_value(transform->id) : NULL;

			if (public)
				return transform->id;
		}
	}
	return 0;
}

static gboolean
was_offered(const GPtrArray *proposals, guint16 group)
{
	for (guint p = 0; p < proposals->len; p++) {
		const GArray *transforms = proposals->pdata[p];

		for (guint i = 0; i < transforms->len; i++) {
			const IkeTransform *transform = &g_array_index(transforms, IkeTransform, i);

			if (transform->type == IKE_GROUP && transform->id == group)
				return TRUE;
		}
	}
	return FALSE;
}

static gboolean
prepare(Probe *self)
{
	const IkeProbeParams *params = self->params;
	const char *text = params->proposals ? params->proposals
										 : ike_transforms_default(params->ikev2, params->major);
	g_autoptr(GError) error = NULL;

	self->proposals = ike_transforms_parse(text, params->ikev2, params->major, &error);
	if (!self->proposals) {
		conclude(self, IKE_PROBE_NOT_ASKED, _("not asked: ike=: the probe does not know %s"),
				 error->message);
		return FALSE;
	}
	self->request.ikev2 = params->ikev2;
	self->request.auth = params->auth;
	self->request.proposals = self->proposals;
	self->request.group = first_group(self->proposals);
	if (getrandom(self->request.spi, sizeof(self->request.spi), 0) != sizeof(self->request.spi) ||
		getrandom(self->request.nonce, sizeof(self->request.nonce), 0) !=
			sizeof(self->request.nonce)) {
		conclude(self, IKE_PROBE_NOT_ASKED, _("not asked: %s"), g_strerror(errno));
		return FALSE;
	}
	self->request.spi[0] |= 1; /* never all zero */
	self->fd = open_socket(params);
	if (self->fd < 0)
		conclude(self, IKE_PROBE_NOT_ASKED, _("not asked: %s"), g_strerror(errno));
	return self->fd >= 0;
}

static gboolean
send_request(Probe *self)
{
	g_autoptr(GByteArray) message = ike_message_write(&self->request);

	if (!message) {
		conclude(self, IKE_PROBE_NOT_ASKED,
				 _("not asked: the probe cannot use the groups or algorithms of ike="));
		return FALSE;
	}
	/* An error of an earlier one, or one that passes: it is sent again. */
	if (send(self->fd, message->data, message->len, MSG_NOSIGNAL) < 0)
		self->error = errno;
	self->n_sent++;
	return TRUE;
}

/* FALSE: there is nothing to be read at the moment. */
static gboolean
read_answer(Probe *self, IkeAnswer *answer, gboolean *is_answer)
{
	guint8 bytes[DATAGRAM_MAX];
	const ssize_t n = recv(self->fd, bytes, sizeof(bytes), MSG_TRUNC);
	const char *why = NULL;

	*is_answer = FALSE;
	if (n < 0) {
		if (errno == EAGAIN || errno == EINTR)
			return FALSE;
		self->error = errno;
		return TRUE;
	}
	if ((gsize) n > sizeof(bytes))
		why = _("it is too long");
	else
		*is_answer = ike_message_read(bytes, (gsize) n, &self->request, answer, &why);
	if (!*is_answer) {
		self->n_ignored++;
		note(self, g_strdup_printf(_("a datagram of %zd bytes is ignored: %s"), n, why));
	}
	return TRUE;
}

/* Waits for an answer until @until_us. */
static gboolean
await_answer(Probe *self, gint64 until_us, IkeAnswer *answer)
{
	for (;;) {
		const gint64 left_us = until_us - g_get_monotonic_time();
		struct pollfd poller = {.fd = self->fd, .events = POLLIN};
		gboolean is_answer = FALSE;

		/* Looked at even where the time is over, so that a flood keeps nobody from ending. */
		if (left_us <= 0 || poll(&poller, 1, (int) (left_us / 1000) + 1) == 0)
			return FALSE;
		if (read_answer(self, answer, &is_answer) && is_answer)
			return TRUE;
	}
}

/* With its repetitions. */
static gboolean
ask(Probe *self, IkeAnswer *answer)
{
	gint64 wait_us = self->params->retransmit_ms * (gint64) 1000;

	while (g_get_monotonic_time() < self->deadline_us) {
		const gint64 until_us = MIN(g_get_monotonic_time() + wait_us, self->deadline_us);

		if (!send_request(self))
			return FALSE;
		if (await_answer(self, until_us, answer))
			return TRUE;
		wait_us *= 2;
	}
	return FALSE;
}

static void
conclude_silence(Probe *self)
{
	if (self->error)
		conclude(self, IKE_PROBE_SILENT, _("no answer to %u messages within %u s: %s"),
				 self->n_sent, self->params->deadline_ms / 1000, g_strerror(self->error));
	else
		conclude(self, IKE_PROBE_SILENT,
				 _("no answer to %u messages within %u s: is UDP port %u let through, is it the "
				   "gateway?"),
				 self->n_sent, self->params->deadline_ms / 1000, self->params->port);
	if (!self->params->ikev2)
		note(self, g_strdup(_("some gateways speak IKEv1 with UDP port 500 alone, or in aggressive "
							  "mode alone: they do not answer the probe")));
}

static void
conclude_group(Probe *self, guint16 group)
{
	g_autofree char *name = ike_group_name(group);

	conclude(self, IKE_PROBE_REFUSED, _("it wants the group %s, which is not among ours: see ike="),
			 name);
}

static void
conclude_notify(Probe *self, const IkeAnswer *answer)
{
	g_autofree char *name = ike_notify_name(self->params->ikev2, answer->notify);

	if (answer->notify == IKE_NO_PROPOSAL_CHOSEN)
		conclude(self, IKE_PROBE_REFUSED,
				 _("it accepts none of our proposals (%s): ask for its algorithms and set ike=; or "
				   "it has no such connection for this host"),
				 name);
	else if (answer->notify == IKE_INVALID_MAJOR_VERSION)
		conclude(self, IKE_PROBE_REFUSED, _("it does not speak %s (%s): see ikev2="),
				 self->params->ikev2 ? "IKEv2" : "IKEv1", name);
	else if (answer->notify == IKE_INVALID_KE_PAYLOAD && answer->group)
		conclude_group(self, answer->group);
	else if (answer->notify == IKE_REDIRECT)
		conclude(self, IKE_PROBE_REFUSED,
				 _("it sends us to another gateway (%s): ask for its name"), name);
	else
		conclude(self, IKE_PROBE_REFUSED, _("it refuses with notification %s"), name);
}

/* Whether it is to be asked once more, as it wants it to be. */
static gboolean
take_wish(Probe *self, const IkeAnswer *answer)
{
	g_autofree char *group = NULL;

	if (!self->params->ikev2 || answer->kind != IKE_ANSWER_NOTIFY)
		return FALSE;
	if (answer->notify == IKE_COOKIE) {
		memcpy(self->request.cookie, answer->cookie, answer->cookie_len);
		self->request.cookie_len = answer->cookie_len;
		note(self, g_strdup(_("it asks for a cookie first, as gateways under load do")));
		return TRUE;
	}
	if (answer->notify != IKE_INVALID_KE_PAYLOAD || answer->group == self->request.group ||
		!was_offered(self->proposals, answer->group))
		return FALSE;
	group = ike_group_name(answer->group);
	note(self, g_strdup_printf(_("it wants the group %s"), group));
	self->request.group = answer->group;
	return TRUE;
}

static void
run(Probe *self)
{
	const gint64 began_us = g_get_monotonic_time();
	g_autofree char *chosen = NULL;
	IkeAnswer answer;

	self->deadline_us = began_us + self->params->deadline_ms * (gint64) 1000;
	for (guint round = 0; round < ROUNDS_MAX; round++) {
		if (!ask(self, &answer)) {
			if (!self->result->text)
				conclude_silence(self);
			return;
		}
		if (!take_wish(self, &answer))
			break;
	}
	if (answer.kind == IKE_ANSWER_NOTIFY) {
		conclude_notify(self, &answer);
		return;
	}
	chosen = ike_transforms_to_string(answer.chosen, answer.n_chosen);
	conclude(self, IKE_PROBE_ACCEPTED, _("it answers after %.1f s and takes ike=%s"),
			 (double) (g_get_monotonic_time() - began_us) / G_USEC_PER_SEC, chosen);
}

void
ike_probe(const IkeProbeParams *params, IkeProbeResult *result)
{
	Probe self = {.params = params, .result = result, .fd = -1};

	*result = (IkeProbeResult){.notes = g_ptr_array_new_with_free_func(g_free)};
	if (prepare(&self))
		run(&self);
	if (self.n_ignored > result->notes->len)
		g_ptr_array_add(result->notes,
						g_strdup_printf(_("%u datagrams were ignored in all"), self.n_ignored));
	if (self.fd >= 0)
		close(self.fd);
	g_clear_pointer(&self.proposals, g_ptr_array_unref);
}

void
ike_probe_result_clear(IkeProbeResult *result)
{
	g_free(result->text);
	g_clear_pointer(&result->notes, g_ptr_array_unref);
}
