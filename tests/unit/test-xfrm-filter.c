/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "xfrm-filter.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>

#include "udp-ports.h"
#include "xfrm-message.h"

#define BOTH (XFRM_FILTER_FLUSH_STATES | XFRM_FILTER_FLUSH_POLICIES)

static void
set_type(struct xfrm_messages *messages, size_t begin, guint16 type)
{
	memcpy(messages->bytes + begin + offsetof(struct nlmsghdr, nlmsg_type), &type, sizeof(type));
}

static void
set_len(struct xfrm_messages *messages, size_t begin, guint32 len)
{
	memcpy(messages->bytes + begin, &len, sizeof(len));
}

/* Runs the filter: it changes the types at @noops (which ends with -1) and nothing else. */
static void
assert_filtered(const struct xfrm_messages *messages, const int *noops, unsigned expected)
{
	struct xfrm_messages result = *messages, wanted = *messages;
	unsigned flushes = ~0u;

	for (; *noops >= 0; noops++)
		set_type(&wanted, (size_t) *noops, NLMSG_NOOP);
	g_assert_cmpint(xfrm_filter(result.bytes, result.len, &flushes), ==, 0);
	g_assert_cmpuint(flushes, ==, expected);
	g_assert_cmpmem(result.bytes, result.len, wanted.bytes, wanted.len);
}

#define assert_stopped(messages, flushes, ...)                                                     \
	assert_filtered(messages, (const int[]){__VA_ARGS__, -1}, flushes)
#define assert_unchanged(messages) assert_filtered(messages, (const int[]){-1}, 0)

static void
test_flushes(void)
{
	struct xfrm_messages states = {0}, policies = {0};

	xfrm_message_flush_states(&states, 1);
	assert_stopped(&states, XFRM_FILTER_FLUSH_STATES, 0);
	xfrm_message_flush_policies(&policies, 2);
	assert_stopped(&policies, XFRM_FILTER_FLUSH_POLICIES, 0);
}

/* Each message of a buffer is looked at, wherever it stands. */
static void
test_every_message(void)
{
	const struct xfrm_selector other = {.family = AF_INET, .prefixlen_d = 32};
	struct xfrm_messages messages = {0};
	size_t first, second, third;

	xfrm_message_delete_policy(&messages, 1, other);
	first = xfrm_message_flush_policies(&messages, 2);
	/* Of a length that is not a multiple of the alignment. */
	xfrm_message_add(&messages, XFRM_MSG_GETSADINFO, 3, "abcde", 5);
	second = xfrm_message_flush_states(&messages, 4);
	third = xfrm_message_flush_policies(&messages, 5);
	xfrm_message_delete_policy(&messages, 6, other);
	assert_stopped(&messages, BOTH, (int) first, (int) second, (int) third);
}

static void
test_neighbours(void)
{
	for (int type = 135; type <= 136; type++) {
		const struct xfrm_selector selector = xfrm_message_neighbour(type);
		struct xfrm_messages messages = {0};
		size_t add, replace, delete;

		add = xfrm_message_put_policy(&messages, XFRM_MSG_NEWPOLICY, 1, selector);
		replace = xfrm_message_put_policy(&messages, XFRM_MSG_UPDPOLICY, 2, selector);
		delete = xfrm_message_delete_policy(&messages, 3, selector);
		assert_stopped(&messages, 0, (int) add, (int) replace, (int) delete);
	}
}

/* What only looks like them. */
static void
test_other_policies(void)
{
	struct xfrm_selector selectors[8];

	for (guint i = 0; i < G_N_ELEMENTS(selectors); i++)
		selectors[i] = xfrm_message_neighbour(135);
	selectors[0].proto = IPPROTO_UDP;
	selectors[1].family = AF_INET;
	selectors[2].prefixlen_s = 64;
	selectors[3].prefixlen_d = 128;
	selectors[4].sport = htons(128);
	selectors[5].sport = 0;
	selectors[6].dport = htons(1);
	selectors[7].sport = htons(137);
	for (guint i = 0; i < G_N_ELEMENTS(selectors); i++) {
		struct xfrm_messages messages = {0};

		xfrm_message_put_policy(&messages, XFRM_MSG_NEWPOLICY, 1, selectors[i]);
		xfrm_message_put_policy(&messages, XFRM_MSG_UPDPOLICY, 2, selectors[i]);
		xfrm_message_delete_policy(&messages, 3, selectors[i]);
		assert_unchanged(&messages);
	}
}

/* With an if_id they are of one interface; 0 is none, and of several the last one counts. */
static void
test_if_id(void)
{
	const struct xfrm_selector selector = xfrm_message_neighbour(136);
	struct xfrm_messages messages = {0};
	size_t begin = xfrm_message_put_policy(&messages, XFRM_MSG_UPDPOLICY, 1, selector);

	xfrm_message_add_if_id(&messages, begin, 7);
	assert_unchanged(&messages);
	begin = xfrm_message_delete_policy(&messages, 2, selector);
	xfrm_message_add_if_id(&messages, begin, 7);
	assert_unchanged(&messages);
	xfrm_message_add_if_id(&messages, begin, 0);
	assert_stopped(&messages, 0, (int) begin);
	xfrm_message_add_if_id(&messages, begin, 8);
	assert_unchanged(&messages);
}

/* What pluto says most. */
static void
test_others(void)
{
	static const guint16 types[] = {XFRM_MSG_DELSA,     XFRM_MSG_GETSA, XFRM_MSG_ALLOCSPI,
									XFRM_MSG_GETPOLICY, NLMSG_NOOP,     NLMSG_DONE};
	static const guchar payload[300];
	struct xfrm_messages messages = {0};

	assert_unchanged(&messages);
	for (guint i = 0; i < G_N_ELEMENTS(types); i++)
		xfrm_message_add(&messages, types[i], i, payload, sizeof(payload) - i);
	assert_unchanged(&messages);
}

static void
assert_refused(const struct xfrm_messages *messages)
{
	struct xfrm_messages copy = *messages;
	unsigned flushes;

	g_assert_cmpint(xfrm_filter(copy.bytes, copy.len, &flushes), ==, EBADMSG);
}

/* What is no message to its end is not sent, whatever stands in it. */
static void
test_refused(void)
{
	struct xfrm_messages whole = {0};
	size_t begin = xfrm_message_flush_states(&whole, 1);
	struct xfrm_messages messages = whole;

	for (messages.len = 1; messages.len < whole.len; messages.len++)
		assert_refused(&messages);
	messages = whole;
	set_len(&messages, begin, NLMSG_HDRLEN - 1);
	assert_refused(&messages);
	set_len(&messages, begin, (guint32) messages.len + 1);
	assert_refused(&messages);
	set_len(&messages, begin, G_MAXUINT32);
	assert_refused(&messages);
	set_len(&messages, begin, 0);
	assert_refused(&messages);
	/* Something behind it that is too short for another. */
	messages = whole;
	messages.len = NLMSG_ALIGN(messages.len) + 4;
	assert_refused(&messages);
}

/* A policy that cannot be read might be everybody's. */
static void
test_unreadable_policy(void)
{
	const struct xfrm_selector selector = xfrm_message_neighbour(135);
	struct xfrm_messages whole = {0};
	size_t begin = xfrm_message_delete_policy(&whole, 1, selector);
	const struct nlattr shorts[] = {{.nla_len = NLA_HDRLEN - 1, .nla_type = XFRMA_MARK},
									{.nla_len = 64, .nla_type = XFRMA_MARK},
									{.nla_len = NLA_HDRLEN + 3, .nla_type = XFRMA_IF_ID}};
	struct xfrm_messages messages = whole;

	messages.len--;
	set_len(&messages, begin, (guint32) messages.len);
	assert_refused(&messages);
	for (guint i = 0; i < G_N_ELEMENTS(shorts); i++) {
		messages = whole;
		xfrm_message_add_if_id(&messages, begin, 7);
		memcpy(messages.bytes + messages.len - 8, &shorts[i], sizeof(shorts[i]));
		assert_refused(&messages);
	}
}

/* Our end, as pluto sees it and as it is. */
#define PORT  4500
#define OURS  37100
#define OURS6 37106

static xfrm_address_t
address(const char *text)
{
	xfrm_address_t result = {0};

	g_assert_cmpint(inet_pton(strchr(text, ':') ? AF_INET6 : AF_INET, text,
							  strchr(text, ':') ? (void *) &result.in6 : (void *) &result.a4),
					==, 1);
	return result;
}

static size_t
add_encap(struct xfrm_messages *messages, size_t begin)
{
	const struct xfrm_encap_tmpl encap = {.encap_type = 2,
										  .encap_sport = htons(PORT),
										  .encap_dport = htons(PORT),
										  .encap_oa = {.a4 = 7}};

	return xfrm_message_add_attribute(messages, begin, XFRMA_ENCAP, &encap, sizeof(encap));
}

static void
assert_ports(const struct xfrm_messages *messages, size_t at, in_port_t sport, in_port_t dport)
{
	struct xfrm_messages result = *messages, wanted = *messages;
	struct xfrm_encap_tmpl encap;
	unsigned flushes;

	memcpy(&encap, wanted.bytes + at, sizeof(encap));
	encap.encap_sport = htons(sport);
	encap.encap_dport = htons(dport);
	memcpy(wanted.bytes + at, &encap, sizeof(encap));
	g_assert_cmpint(xfrm_filter(result.bytes, result.len, &flushes), ==, 0);
	g_assert_cmpuint(flushes, ==, 0);
	g_assert_cmpmem(result.bytes, result.len, wanted.bytes, wanted.len);
}

static const struct {
	int family;
	const char *from;
	const char *to;
	in_port_t sport; /* in the place of PORT, as in the next */
	in_port_t dport;
} encap_rows[] = {
	{AF_INET, "192.0.2.2", "203.0.113.1", OURS, PORT},
	{AF_INET, "203.0.113.1", "192.0.2.2", PORT, OURS},
	{AF_INET, "192.0.2.3", "203.0.113.1", PORT, PORT}, /* has what it wanted */
	{AF_INET, "192.0.2.4", "203.0.113.1", PORT, PORT}, /* nothing is known of it */
	{AF_INET6, "2001:db8::2", "2001:db8::1", OURS6, PORT},
	{AF_INET6, "2001:db8::1", "2001:db8::2", PORT, OURS6},
	{AF_UNSPEC, "192.0.2.2", "203.0.113.1", PORT, PORT},
};

static void
know_ports(void)
{
	const xfrm_address_t v4 = address("192.0.2.2"), same = address("192.0.2.3"),
						 v6 = address("2001:db8::2");

	g_assert_true(udp_ports_add(AF_INET, &v4, htons(PORT), htons(OURS)));
	g_assert_true(udp_ports_add(AF_INET, &same, htons(PORT), htons(PORT)));
	g_assert_true(udp_ports_add(AF_INET6, &v6, htons(PORT), htons(OURS6)));
}

/* The SAs have the ports of the sockets. */
static void
test_states(void)
{
	know_ports();
	for (guint i = 0; i < G_N_ELEMENTS(encap_rows); i++) {
		const struct xfrm_usersa_info info = {.family = (guint16) encap_rows[i].family,
											  .saddr = address(encap_rows[i].from),
											  .id.daddr = address(encap_rows[i].to)};
		const guint16 types[] = {XFRM_MSG_NEWSA, XFRM_MSG_UPDSA};

		for (guint j = 0; j < G_N_ELEMENTS(types); j++) {
			struct xfrm_messages messages = {0};
			size_t begin = xfrm_message_add(&messages, types[j], 1, &info, sizeof(info));

			assert_unchanged(&messages);
			xfrm_message_add_if_id(&messages, begin, 7);
			assert_ports(&messages, add_encap(&messages, begin), encap_rows[i].sport,
						 encap_rows[i].dport);
		}
	}
}

/* With MOBIKE they move to another of our addresses. */
static void
test_migration(void)
{
	const struct xfrm_userpolicy_id id = {.dir = XFRM_POLICY_OUT};

	know_ports();
	for (guint i = 0; i < G_N_ELEMENTS(encap_rows); i++) {
		const struct xfrm_user_migrate migrate = {
			.old_saddr = address("192.0.2.3"),
			.old_family = AF_INET,
			.new_saddr = address(encap_rows[i].from),
			.new_daddr = address(encap_rows[i].to),
			.new_family = (guint16) encap_rows[i].family,
		};
		struct xfrm_messages messages = {0};
		size_t begin = xfrm_message_add(&messages, XFRM_MSG_MIGRATE, 1, &id, sizeof(id)), encap;

		encap = add_encap(&messages, begin);
		assert_unchanged(&messages);
		xfrm_message_add_attribute(&messages, begin, XFRMA_MIGRATE, &migrate, sizeof(migrate));
		assert_ports(&messages, encap, encap_rows[i].sport, encap_rows[i].dport);
	}
}

static void
test_unreadable_state(void)
{
	const struct xfrm_usersa_info info = {.family = AF_INET};
	struct xfrm_messages messages = {0};
	size_t begin = xfrm_message_add(&messages, XFRM_MSG_NEWSA, 1, &info, sizeof(info) - 4);

	assert_refused(&messages);
	messages.len = 0;
	begin = xfrm_message_add(&messages, XFRM_MSG_UPDSA, 1, &info, sizeof(info));
	xfrm_message_add_attribute(&messages, begin, XFRMA_ENCAP, &info,
							   sizeof(struct xfrm_encap_tmpl) - 1);
	assert_refused(&messages);
	messages.len = 0;
	begin = xfrm_message_add(&messages, XFRM_MSG_MIGRATE, 1, &info, 8);
	assert_refused(&messages);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/xfrm-filter/flushes", test_flushes);
	g_test_add_func("/xfrm-filter/every-message", test_every_message);
	g_test_add_func("/xfrm-filter/neighbours", test_neighbours);
	g_test_add_func("/xfrm-filter/other-policies", test_other_policies);
	g_test_add_func("/xfrm-filter/if-id", test_if_id);
	g_test_add_func("/xfrm-filter/others", test_others);
	g_test_add_func("/xfrm-filter/states", test_states);
	g_test_add_func("/xfrm-filter/migration", test_migration);
	g_test_add_func("/xfrm-filter/unreadable-state", test_unreadable_state);
	g_test_add_func("/xfrm-filter/refused", test_refused);
	g_test_add_func("/xfrm-filter/unreadable-policy", test_unreadable_policy);
	return g_test_run();
}
