/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The probe against a gateway of the test's own, at a port of the loopback interface. */
#include "config.h"

#include "ike-probe.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ike-answer.h"
#include "make-net.h"
#include "own-netns.h"

static const char *no_netns;

/* What the gateway does with each datagram that comes: the head and body of an answer, in hex,
 * which may be NULL for none. */
typedef struct {
	const char *head, *body;
	gboolean stranger; /* first there is one with another SPI, one that is too short, and a refusal
						* that is right but for the port that it comes from */
} Step;

typedef struct {
	const Step *steps;
	guint n_steps;
	int fd;
	guint n_received;
	guint8 last[2048];
	gsize last_len;
	guint16 from_port;
} Gateway;

static void
send_from_elsewhere(const IkeBytes *bytes, const struct sockaddr_storage *to, socklen_t len)
{
	int fd = socket(to->ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	g_assert_cmpint(sendto(fd, bytes->bytes, bytes->len, 0, (const struct sockaddr *) to, len), ==,
					bytes->len);
	close(fd);
}

static gpointer
serve(gpointer data)
{
	Gateway *self = data;

	for (guint i = 0; i < self->n_steps; i++) {
		struct sockaddr_storage from;
		socklen_t len = sizeof(from);
		const Step *step = &self->steps[i];
		ssize_t n =
			recvfrom(self->fd, self->last, sizeof(self->last), 0, (struct sockaddr *) &from, &len);
		IkeBytes answer;

		if (n <= 0)
			break;
		self->n_received++;
		self->last_len = (gsize) n;
		self->from_port = ntohs(((struct sockaddr_in *) &from)->sin_port); /* IPv6's is there too */
		if (step->stranger) {
			answer = ike_answer((const guint8 *) "somebody", step->head, step->body);
			sendto(self->fd, answer.bytes, answer.len, 0, (struct sockaddr *) &from, len);
			sendto(self->fd, "short", 5, 0, (struct sockaddr *) &from, len);
			answer = ike_answer(self->last, IKE_V2_NOTIFY_FIRST, IKE_V2_NO_PROPOSAL);
			send_from_elsewhere(&answer, &from, len);
		}
		if (!step->head)
			continue;
		answer = ike_answer(self->last, step->head, step->body);
		sendto(self->fd, answer.bytes, answer.len, 0, (struct sockaddr *) &from, len);
	}
	return NULL;
}

/* Binds to a port of @address that is free, and returns it. */
static guint16
gateway_open(Gateway *self, const char *address)
{
	const IpNet host = net(address);
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	struct sockaddr *any =
		host.family == AF_INET ? (struct sockaddr *) &v4 : (struct sockaddr *) &v6;
	socklen_t len = host.family == AF_INET ? sizeof(v4) : sizeof(v6);

	memcpy(&v4.sin_addr, host.bytes, sizeof(v4.sin_addr));
	memcpy(&v6.sin6_addr, host.bytes, sizeof(v6.sin6_addr));
	self->fd = socket(host.family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	g_assert_cmpint(bind(self->fd, any, len), ==, 0);
	g_assert_cmpint(getsockname(self->fd, any, &len), ==, 0);
	return ntohs(host.family == AF_INET ? v4.sin_port : v6.sin6_port);
}

static void
probe_at(Gateway *gateway, const char *address, gboolean ikev2, guint retransmit_ms,
		 IkeProbeResult *result)
{
	const IkeProbeParams params = {
		.gateway = net(address),
		.port = gateway_open(gateway, address),
		.ikev2 = ikev2,
		.auth = IKE_AUTH_PSK,
		.proposals = "aes256-sha2_256;modp2048+dh19",
		.deadline_ms = 3 * retransmit_ms,
		.retransmit_ms = retransmit_ms,
	};
	GThread *thread = g_thread_new("gateway", serve, gateway);

	ike_probe(&params, result);
	shutdown(gateway->fd, SHUT_RDWR); /* it may wait for another */
	g_thread_join(thread);
	close(gateway->fd);
	g_test_message("%s", result->text);
	for (guint i = 0; i < result->notes->len; i++)
		g_test_message("note: %s", (const char *) result->notes->pdata[i]);
	g_assert_cmpuint(gateway->from_port, !=, 500);
	g_assert_cmpuint(gateway->from_port, !=, 4500);
}

/* On the busiest machine the gateway has answered before anything is sent again. */
#define LONG_MS 30000

static void
assert_result(const IkeProbeResult *result, IkeProbeVerdict verdict, const char *pattern)
{
	g_assert_cmpint(result->verdict, ==, verdict);
	if (!g_pattern_match_simple(pattern, result->text))
		g_error("\"%s\" instead of \"%s\"", result->text, pattern);
}

static gboolean
has_note(const IkeProbeResult *result, const char *part)
{
	for (guint i = 0; i < result->notes->len; i++) {
		if (strstr(result->notes->pdata[i], part))
			return TRUE;
	}
	return FALSE;
}

#define ACCEPT                                                                                     \
	{                                                                                              \
		IKE_V2_SA_FIRST, IKE_V2_SA IKE_V2_KE IKE_V2_NONCE, FALSE                                   \
	}

static void
test_accepts(void)
{
	static const char *const addresses[] = {"127.0.0.1", "::1"};
	const Step steps[] = {ACCEPT};

	for (guint i = 0; i < G_N_ELEMENTS(addresses); i++) {
		Gateway gateway = {.steps = steps, .n_steps = 1};
		g_auto(IkeProbeResult) result = {0};

		if (skipped(no_netns))
			return;
		probe_at(&gateway, addresses[i], TRUE, LONG_MS, &result);
		assert_result(&result, IKE_PROBE_ACCEPTED,
					  "it answers after * s and takes ike=aes256-sha2_256;modp2048");
		g_assert_cmpuint(result.notes->len, ==, 0);
	}
}

static void
test_main_mode(void)
{
	const Step steps[] = {{IKE_V1_MAIN, IKE_V1_SA, FALSE}};
	const Step refuses[] = {{IKE_V1_INFORMATION, IKE_V1_NO_PROPOSAL, FALSE}};
	Gateway gateway = {.steps = steps, .n_steps = 1};
	Gateway other = {.steps = refuses, .n_steps = 1};
	g_auto(IkeProbeResult) result = {0};
	g_auto(IkeProbeResult) refused = {0};

	if (skipped(no_netns))
		return;
	probe_at(&gateway, "127.0.0.1", FALSE, LONG_MS, &result);
	assert_result(&result, IKE_PROBE_ACCEPTED, "*takes ike=aes256-sha2_256;modp2048");
	probe_at(&other, "127.0.0.1", FALSE, LONG_MS, &refused);
	assert_result(&refused, IKE_PROBE_REFUSED, "it accepts none of our proposals *");
}

/* Another group, a cookie, and what was asked for in the next message. */
static void
test_wishes(void)
{
	const Step steps[] = {
		{IKE_V2_NOTIFY_FIRST, IKE_V2_WANTS_DH19, FALSE},
		{IKE_V2_NOTIFY_FIRST, IKE_V2_WANTS_COOKIE, FALSE},
		{IKE_V2_SA_FIRST, IKE_V2_SA_WITH("0013") IKE_V2_KE_OF("0013") IKE_V2_NONCE, FALSE}};
	Gateway gateway = {.steps = steps, .n_steps = G_N_ELEMENTS(steps)};
	g_auto(IkeProbeResult) result = {0};
	IkeBytes expected = {0};

	if (skipped(no_netns))
		return;
	probe_at(&gateway, "127.0.0.1", TRUE, LONG_MS, &result);
	assert_result(&result, IKE_PROBE_ACCEPTED, "*");
	g_assert_true(has_note(&result, "it wants the group dh19"));
	g_assert_true(has_note(&result, "cookie"));
	ike_bytes_hex(&expected, "21 00 000c 00 00 4006 c0c1c2c3");
	g_assert_cmpmem(gateway.last + 28, expected.len, expected.bytes, expected.len);
	/* KE, after the cookie and SA (4 + 52): dh19 and its 64 bytes. */
	expected.len = 0;
	ike_bytes_hex(&expected, "28 00 0048 0013 0000 6b17d1f2");
	g_assert_cmpmem(gateway.last + 28 + 12 + 56, expected.len, expected.bytes, expected.len);
}

/* It never says anything else: that is no loop. */
static void
test_insists(void)
{
	const Step cookies[] = {{IKE_V2_NOTIFY_FIRST, IKE_V2_WANTS_COOKIE, FALSE},
							{IKE_V2_NOTIFY_FIRST, IKE_V2_WANTS_COOKIE, FALSE},
							{IKE_V2_NOTIFY_FIRST, IKE_V2_WANTS_COOKIE, FALSE},
							{IKE_V2_NOTIFY_FIRST, IKE_V2_WANTS_COOKIE, FALSE},
							{IKE_V2_NOTIFY_FIRST, IKE_V2_WANTS_COOKIE, FALSE}};
	const Step group[] = {{IKE_V2_NOTIFY_FIRST, "00 00 000a 00 00 0011 0014", FALSE}};
	Gateway gateway = {.steps = cookies, .n_steps = G_N_ELEMENTS(cookies)};
	Gateway other = {.steps = group, .n_steps = 1};
	g_auto(IkeProbeResult) result = {0};
	g_auto(IkeProbeResult) refused = {0};

	if (skipped(no_netns))
		return;
	probe_at(&gateway, "127.0.0.1", TRUE, LONG_MS, &result);
	assert_result(&result, IKE_PROBE_REFUSED, "it refuses with notification COOKIE (16390)");
	g_assert_cmpuint(gateway.n_received, ==, 4);
	/* A group that was not offered. */
	probe_at(&other, "127.0.0.1", TRUE, LONG_MS, &refused);
	assert_result(&refused, IKE_PROBE_REFUSED,
				  "it wants the group dh20, which is not among ours: *");
}

static void
test_refuses(void)
{
	const Step none[] = {{IKE_V2_NOTIFY_FIRST, IKE_V2_NO_PROPOSAL, FALSE}};
	const Step old[] = {{IKE_V1_INFORMATION, "00 00 000c 00000001 01 00 0005", FALSE}};
	Gateway gateway = {.steps = none, .n_steps = 1};
	const Step redirects[] = {{IKE_V2_NOTIFY_FIRST, "00 00 000e 00 00 4017 0104c0000207", FALSE}};
	Gateway other = {.steps = old, .n_steps = 1};
	Gateway third = {.steps = redirects, .n_steps = 1};
	g_auto(IkeProbeResult) result = {0};
	g_auto(IkeProbeResult) refused = {0};
	g_auto(IkeProbeResult) redirected = {0};

	if (skipped(no_netns))
		return;
	probe_at(&gateway, "127.0.0.1", TRUE, LONG_MS, &result);
	assert_result(&result, IKE_PROBE_REFUSED, "*none of our proposals (NO_PROPOSAL_CHOSEN (14))*");
	probe_at(&other, "127.0.0.1", TRUE, LONG_MS, &refused);
	assert_result(&refused, IKE_PROBE_REFUSED, "it does not speak IKEv2 *");
	probe_at(&third, "127.0.0.1", TRUE, LONG_MS, &redirected);
	assert_result(&redirected, IKE_PROBE_REFUSED, "it sends us to another gateway (REDIRECT *");
}

/* The first message is lost; what somebody else says does not count, and is named. */
static void
test_lossy(void)
{
	const Step steps[] = {{NULL, NULL, FALSE},
						  {IKE_V2_SA_FIRST, IKE_V2_SA IKE_V2_KE IKE_V2_NONCE, TRUE}};
	Gateway gateway = {.steps = steps, .n_steps = G_N_ELEMENTS(steps)};
	g_auto(IkeProbeResult) result = {0};

	if (skipped(no_netns))
		return;
	probe_at(&gateway, "127.0.0.1", TRUE, 2000, &result);
	assert_result(&result, IKE_PROBE_ACCEPTED, "*");
	g_assert_cmpuint(gateway.n_received, ==, 2);
	g_assert_true(has_note(&result, "is ignored: it has another SPI than ours"));
	g_assert_true(has_note(&result, "5 bytes is ignored: it is shorter than a header of IKE"));
}

static void
test_silent(void)
{
	const Step steps[] = {{NULL, NULL, FALSE}, {NULL, NULL, FALSE}};
	Gateway gateway = {.steps = steps, .n_steps = G_N_ELEMENTS(steps)};
	g_auto(IkeProbeResult) result = {0};

	if (skipped(no_netns))
		return;
	probe_at(&gateway, "127.0.0.1", TRUE, 400, &result);
	assert_result(&result, IKE_PROBE_SILENT, "no answer to * messages within 1 s: is UDP port *");
}

/* Nobody is there, and the kernel says so. */
static void
test_nobody(void)
{
	IkeProbeParams params = {.ikev2 = TRUE, .port = 9, .deadline_ms = 1000, .retransmit_ms = 300};
	g_auto(IkeProbeResult) refused = {0};
	g_auto(IkeProbeResult) unreachable = {0};
	g_auto(IkeProbeResult) unknown = {0};

	if (skipped(no_netns))
		return;
	params.gateway = net("127.0.0.1");
	ike_probe(&params, &refused);
	assert_result(&refused, IKE_PROBE_SILENT,
				  "no answer to * messages within 1 s: Connection refused");
	params.gateway = net("198.51.100.1");
	ike_probe(&params, &unreachable);
	assert_result(&unreachable, IKE_PROBE_NOT_ASKED, "not asked: Network is unreachable");
	params.gateway = net("127.0.0.1");
	params.proposals = "twofish-sha1";
	ike_probe(&params, &unknown);
	assert_result(&unknown, IKE_PROBE_NOT_ASKED, "not asked: *\"twofish\"");
}

int
main(int argc, char **argv)
{
	no_netns = own_netns_enter();
	g_test_init(&argc, &argv, NULL);
	if (!no_netns)
		ip("link set lo up");
	g_test_add_func("/ike-probe/accepts", test_accepts);
	g_test_add_func("/ike-probe/main-mode", test_main_mode);
	g_test_add_func("/ike-probe/wishes", test_wishes);
	g_test_add_func("/ike-probe/insists", test_insists);
	g_test_add_func("/ike-probe/refuses", test_refuses);
	g_test_add_func("/ike-probe/lossy", test_lossy);
	g_test_add_func("/ike-probe/silent", test_silent);
	g_test_add_func("/ike-probe/nobody", test_nobody);
	return g_test_run();
}
