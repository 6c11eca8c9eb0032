/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The choices on tables that are made up, and reading and deleting on the kernel's own, in a
 * network namespace of the test's. Policies are added as pluto adds them; states are larval ones
 * (XFRM_MSG_ALLOCSPI), which a kernel without ESP can have too.
 */
#include "config.h"

#include "xfrm-table.h"
#include "kernel-xfrm.h"
#include "own-netns.h"
#include "no-descriptors.h"

#include <gio/gio.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *no_netns;

static XfrmTable *
read_table(void)
{
	g_autoptr(GError) error = NULL;
	XfrmTable *table = xfrm_table_read(&error);

	g_assert_no_error(error);
	return table;
}

static void
assert_size(const XfrmTable *table, guint n_states, guint n_policies)
{
	g_assert_cmpuint(table->states->len, ==, n_states);
	g_assert_cmpuint(table->policies->len, ==, n_policies);
}

static void
assert_kernel(guint n_states, guint n_policies)
{
	g_autoptr(XfrmTable) table = read_table();

	assert_size(table, n_states, n_policies);
}

static const XfrmPolicy *
find_policy(const XfrmTable *table, int dir, const char *src, guint32 if_id)
{
	IpNet wanted = net(src);

	for (guint i = 0; i < table->policies->len; i++) {
		const XfrmPolicy *p = &g_array_index(table->policies, XfrmPolicy, i);

		if (p->dir == dir && p->if_id == if_id && ip_net_equal(&p->src, &wanted))
			return p;
	}
	return NULL;
}

/* Begins with an empty kernel, or skips. */
static gboolean
begin(void)
{
	g_autoptr(XfrmTable) table = NULL;

	if (skipped(no_netns))
		return FALSE;
	table = read_table();
	g_assert_true(xfrm_table_delete(table, NULL, NULL));
	assert_kernel(0, 0);
	return TRUE;
}

static void
test_read(void)
{
	g_autoptr(XfrmTable) table = NULL;
	const XfrmPolicy *policy;
	const XfrmState *state;
	g_autofree char *policy_text = NULL;
	g_autofree char *state_text = NULL;

	if (!begin())
		return;
	add_policy(XFRM_POLICY_OUT, "10.9.0.5", "10.1.0.0/16", 3, 16389, 0);
	add_policy(XFRM_POLICY_OUT, "2001:db8:9::5", "::/0", 3, BLOCK, 7);
	add_state("198.51.100.1", "192.0.2.2", 0xc0ffee, 3, 16389);
	table = read_table();
	assert_size(table, 1, 2);

	policy = find_policy(table, XFRM_POLICY_OUT, "10.9.0.5", 3);
	g_assert_nonnull(policy);
	g_assert_cmpint(policy->action, ==, XFRM_POLICY_ALLOW);
	g_assert_cmpint(policy->type, ==, XFRM_POLICY_TYPE_MAIN);
	g_assert_cmpuint(policy->priority, ==, 1042407);
	g_assert_cmpuint(policy->index, !=, 0);
	g_assert_cmpuint(policy->n_templates, ==, 1);
	g_assert_cmpuint(policy->templates[0].reqid, ==, 16389);
	g_assert_cmpint(policy->templates[0].mode, ==, XFRM_MODE_TUNNEL);
	policy_text = xfrm_policy_to_string(policy);
	g_assert_cmpstr(policy_text, ==, "out policy 10.9.0.5 -> 10.1.0.0/16, if_id 3");

	policy = find_policy(table, XFRM_POLICY_OUT, "2001:db8:9::5", 3);
	g_assert_nonnull(policy);
	g_assert_cmpint(policy->action, ==, XFRM_POLICY_BLOCK);
	g_assert_cmpuint(policy->n_templates, ==, 0);
	g_assert_cmpuint(policy->mark, ==, 7);
	g_assert_cmpuint(policy->mark_mask, ==, 0xffffffff);

	state = &g_array_index(table->states, XfrmState, 0);
	g_assert_cmphex(state->spi, ==, 0xc0ffee);
	g_assert_cmpuint(state->reqid, ==, 16389);
	g_assert_cmpuint(state->if_id, ==, 3);
	g_assert_cmpint(state->proto, ==, IPPROTO_ESP);
	state_text = xfrm_state_to_string(state);
	g_assert_cmpstr(state_text, ==, "ESP state 198.51.100.1 -> 192.0.2.2 SPI 0xc0ffee, if_id 3");
}

static void
test_sweep_all(void)
{
	guint n;

	if (!begin())
		return;
	add_child("10.9.0.6", "10.1.0.0/16", 3, 16389);
	add_child("2001:db8:9::6", "::/0", 3, 16393);
	add_policy(XFRM_POLICY_OUT, "10.9.0.7", "10.1.0.0/16", 3, 16389, 5);
	/* What 5.2 leaves of an address that has changed. */
	add_policy(XFRM_POLICY_OUT, "10.9.0.4", "10.1.0.0/16", 3, BLOCK, 0);
	add_state("192.0.2.2", "198.51.100.1", 0x100, 3, 16389);
	g_assert_true(xfrm_table_sweep(3, &n, NULL));
	g_assert_cmpuint(n, ==, 9);
	assert_kernel(0, 0);

	/* Once more: nothing to do. */
	g_assert_true(xfrm_table_sweep(3, &n, NULL));
	g_assert_cmpuint(n, ==, 0);
}

/* Whatever of others is there is afterwards there bit for bit. */
static void
test_others_untouched(void)
{
	g_autoptr(XfrmTable) before = NULL;
	g_autoptr(XfrmTable) after = NULL;

	if (!begin())
		return;
	/* The same nets, addresses and reqids with another if_id, with none, with a mark. */
	add_child("10.9.0.6", "10.1.0.0/16", 0, 16389);
	add_child("10.9.0.6", "10.1.0.0/16", 4, 16389);
	add_policy(XFRM_POLICY_OUT, "10.9.0.6", "10.1.0.0/16", 0, BLOCK, 9);
	add_state("192.0.2.2", "198.51.100.1", 0x100, 0, 16389);
	add_state("198.51.100.1", "192.0.2.2", 0x200, 4, 16389);
	before = read_table();
	assert_size(before, 2, 7);

	add_child("10.9.0.6", "10.1.0.0/16", 3, 16389);
	add_state("198.51.100.1", "192.0.2.2", 0x300, 3, 16389);
	g_assert_true(xfrm_table_sweep(3, NULL, NULL));
	after = read_table();
	assert_size(after, 2, 7);
	g_assert_cmpmem(before->states->data, 2 * sizeof(XfrmState), after->states->data,
					2 * sizeof(XfrmState));
	g_assert_cmpmem(before->policies->data, 7 * sizeof(XfrmPolicy), after->policies->data,
					7 * sizeof(XfrmPolicy));
}

/* What went meanwhile is no error, and what came in its place is spared. */
static void
test_delete_gone(void)
{
	g_autoptr(XfrmTable) table = NULL;
	g_autoptr(GError) error = NULL;
	guint n;

	if (!begin())
		return;
	add_child("10.9.0.6", "10.1.0.0/16", 3, 16389);
	add_state("198.51.100.1", "192.0.2.2", 0x300, 3, 16389);
	table = read_table();
	g_assert_true(xfrm_table_delete(table, &n, NULL));
	g_assert_cmpuint(n, ==, 4);
	g_assert_true(xfrm_table_delete(table, &n, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(n, ==, 0);
	add_policy(XFRM_POLICY_OUT, "10.9.0.7", "10.1.0.0/16", 3, 16389, 0);
	g_assert_true(xfrm_table_delete(table, &n, NULL));
	g_assert_cmpuint(n, ==, 0);
	assert_kernel(0, 1);
}

/* More than a dump's first piece and more than a batch. */
static void
test_many(void)
{
	gint64 start;
	guint n;

	if (!begin())
		return;
	for (guint i = 0; i < 500; i++) {
		g_autofree char *mine = g_strdup_printf("10.9.%u.%u", i / 250, i % 250);

		add_policy(XFRM_POLICY_OUT, mine, "10.1.0.0/16", 3, 16389, 0);
		add_state("198.51.100.1", "192.0.2.2", 0x1000 + i, 3, 16389);
	}
	assert_kernel(500, 500);
	start = g_get_monotonic_time();
	g_assert_true(xfrm_table_sweep(3, &n, NULL));
	g_test_message("swept 1000 in %" G_GINT64_FORMAT " us", g_get_monotonic_time() - start);
	g_assert_cmpuint(n, ==, 1000);
	assert_kernel(0, 0);
}

/* A packet met a policy without a state: the kernel has made one that has no SPI, and waits for
 * whoever listens. */
static void
test_delete_larval(void)
{
	const struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {htonl(0x0a010001)}};
	g_autoptr(XfrmTable) table = NULL;
	g_autoptr(GError) error = NULL;
	struct nl_sock *listener;
	guint n = 0;
	int fd;

	if (!begin())
		return;
	ip("link add up0 type veth peer name up1");
	ip("link set up1 up");
	ip("link set up0 up");
	ip("addr add 192.0.2.2/24 dev up0");
	ip("route add 10.1.0.0/16 dev up0");
	listener = xfrm_socket();
	g_assert_cmpint(nl_socket_add_membership(listener, XFRMNLGRP_ACQUIRE), ==, 0);
	add_policy(XFRM_POLICY_OUT, "192.0.2.2", "10.1.0.0/16", 0, TRAP, 0);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	(void) sendto(fd, "x", 1, 0, (const struct sockaddr *) &to, sizeof(to));
	table = read_table();
	assert_size(table, 1, 1);
	g_assert_cmphex(g_array_index(table->states, XfrmState, 0).spi, ==, 0);
	g_assert_true(xfrm_table_delete(table, &n, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(n, ==, 2);
	assert_kernel(0, 0);
	close(fd);
	nl_socket_free(listener);
	ip("link del up0");
}

/* An SPI that pluto has taken and not used yet, and what looks like it. */
static void
test_select_negotiated(void)
{
	const IpNet gateway = net("198.51.100.1");
	g_autoptr(XfrmTable) table = NULL;
	g_autoptr(XfrmTable) chosen = NULL;
	g_autoptr(XfrmTable) none = NULL;

	if (!begin())
		return;
	add_state("198.51.100.1", "192.0.2.2", 0x1000, 0, 16389);
	add_state("198.51.100.1", "192.0.2.2", 0x1001, 3, 16389);
	add_state("198.51.100.1", "192.0.2.2", 0x1002, 0, 7);
	add_state("198.51.100.3", "192.0.2.2", 0x1003, 0, 16389);
	table = read_table();
	chosen = xfrm_table_select_negotiated(table, &gateway, 7);
	assert_size(chosen, 1, 0);
	g_assert_cmphex(g_array_index(chosen->states, XfrmState, 0).spi, ==, 0x1002);
	xfrm_table_free(chosen);
	chosen = xfrm_table_select_negotiated(table, &gateway, 0);
	assert_size(chosen, 1, 0);
	g_assert_cmphex(g_array_index(chosen->states, XfrmState, 0).spi, ==, 0x1000);
	/* One with keys; those of a packet that waits have no SPI. */
	g_array_index(chosen->states, XfrmState, 0).is_larval = FALSE;
	none = xfrm_table_select_negotiated(chosen, &gateway, 0);
	assert_size(none, 0, 0);
	g_array_index(chosen->states, XfrmState, 0).is_larval = TRUE;
	g_assert_true(xfrm_table_delete(chosen, NULL, NULL));
	assert_kernel(3, 0);
	flush_xfrm(XFRM_MSG_FLUSHSA);
}

/* An IKE daemon's socket lets its own packets pass: in the dump, but nobody's to delete, and
 * nothing that a pluto of ours would disturb. */
static void
test_socket_policy(void)
{
	struct xfrm_userpolicy_info info = policy_info(XFRM_POLICY_OUT, "0.0.0.0/0", "0.0.0.0/0", 0);
	g_autoptr(XfrmTable) table = NULL;
	g_autoptr(XfrmTable) foreign = NULL;
	g_autoptr(XfrmTable) none = NULL;
	int fd;

	if (!begin())
		return;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (setsockopt(fd, IPPROTO_IP, IP_XFRM_POLICY, &info, sizeof(info)) < 0) {
		g_test_skip("the kernel takes no policy of a socket here");
		close(fd);
		return;
	}
	table = read_table();
	assert_size(table, 0, 1);
	g_assert_cmpint(g_array_index(table->policies, XfrmPolicy, 0).dir, >=, 3);
	foreign = xfrm_table_select_foreign(table, NULL, 0);
	assert_size(foreign, 0, 0);
	none = xfrm_table_select_if_id(table, 0);
	assert_size(none, 0, 0);
	close(fd);
}

static void
test_foreign(void)
{
	const guint32 ours[] = {3, 4};
	g_autoptr(XfrmTable) table = NULL;
	g_autoptr(XfrmTable) foreign = NULL;

	if (!begin())
		return;
	add_child("10.9.0.6", "10.1.0.0/16", 3, 16389);
	add_child("10.9.0.6", "10.2.0.0/16", 5, 16393);
	add_state("192.0.2.2", "198.51.100.1", 0x100, 4, 16389);
	add_state("192.0.2.2", "198.51.100.1", 0x200, 0, 16389);
	table = read_table();
	foreign = xfrm_table_select_foreign(table, ours, G_N_ELEMENTS(ours));
	assert_size(foreign, 1, 3);
	g_assert_cmpuint(g_array_index(foreign->policies, XfrmPolicy, 0).if_id, ==, 5);
	g_assert_cmphex(g_array_index(foreign->states, XfrmState, 0).spi, ==, 0x200);
}

/* What pluto has just put there is owned, what is like it is not. */
static void
test_owned(void)
{
	/* 4.10 says the base of the group, 5.2 the reqid itself. */
	XfrmOwnership record = {child("10.8.0.0/24", "10.1.0.0/16"), net("192.0.2.2"),
							net("198.51.100.1"), 16388};
	g_autoptr(XfrmTable) table = NULL;
	g_autoptr(XfrmTable) owned = NULL;
	g_autoptr(XfrmTable) elsewhere = NULL;
	g_autoptr(XfrmTable) with_interface = NULL;
	g_autoptr(XfrmTable) kept = xfrm_table_new();
	guint n;

	if (!begin())
		return;
	add_child("10.8.0.0/24", "10.1.0.0/16", 0, 16389);
	add_state("198.51.100.1", "192.0.2.2", 0x100, 0, 16389);
	add_state("192.0.2.2", "198.51.100.1", 0x101, 0, 16389);
	/* Not ours: another net, another if_id, another reqid. */
	add_child("10.8.1.0/24", "10.1.0.0/16", 0, 16389);
	add_child("10.8.0.0/24", "10.1.0.0/16", 9, 16389);
	add_state("198.51.100.1", "192.0.2.2", 0x102, 0, 16393);
	add_state("203.0.113.1", "192.0.2.2", 0x103, 0, 16389);
	table = read_table();

	owned = xfrm_table_select_owned(table, &record);
	assert_size(owned, 2, 3);
	xfrm_table_add(kept, owned);
	xfrm_table_add(kept, owned);
	assert_size(kept, 2, 3);
	record.peer = net("198.51.100.2");
	elsewhere = xfrm_table_select_owned(table, &record);
	assert_size(elsewhere, 0, 0);
	record.peer = net("198.51.100.1");
	record.if_id = 9;
	with_interface = xfrm_table_select_owned(table, &record);
	assert_size(with_interface, 0, 3);

	/* pluto died: what was owned goes, and nothing else. */
	g_assert_true(xfrm_table_delete(kept, &n, NULL));
	g_assert_cmpuint(n, ==, 5);
	assert_kernel(2, 6);
}

/* A tunnel on demand without an interface: the trap is owned at route-client, and no other is. */
static void
test_trap(void)
{
	const XfrmOwnership record = {child("10.8.0.0/24", "10.1.0.0/16"), net("192.0.2.2"),
								  net("198.51.100.1"), 16388};
	g_autoptr(XfrmTable) table = NULL;
	g_autoptr(XfrmTable) owned = NULL;

	if (!begin())
		return;
	add_policy(XFRM_POLICY_OUT, "10.8.0.0/24", "10.1.0.0/16", 0, TRAP, 0);
	add_policy(XFRM_POLICY_OUT, "10.8.0.0/24", "10.2.0.0/16", 0, TRAP, 0);
	add_policy(XFRM_POLICY_IN, "10.1.0.0/16", "10.8.0.0/24", 0, TRAP, 0);
	table = read_table();
	owned = xfrm_table_select_owned(table, &record);
	assert_size(owned, 0, 1);
	g_assert_true(xfrm_table_delete(owned, NULL, NULL));
	assert_kernel(0, 2);
}

/* A policy that somebody deleted and made anew is not the one that was read: it stays. */
static void
test_delete_replaced(void)
{
	g_autoptr(XfrmTable) before = NULL;
	guint n;

	if (!begin())
		return;
	add_policy(XFRM_POLICY_OUT, "10.8.0.0/24", "10.1.0.0/16", 0, 16389, 0);
	before = read_table();
	g_assert_true(xfrm_table_delete(before, NULL, NULL));
	add_policy(XFRM_POLICY_OUT, "10.8.7.0/24", "10.1.0.0/16", 0, 16389, 0);
	add_policy(XFRM_POLICY_OUT, "10.8.0.0/24", "10.1.0.0/16", 0, 16389, 0);
	g_assert_true(xfrm_table_delete(before, &n, NULL));
	g_assert_cmpuint(n, ==, 0);
	assert_kernel(0, 2);
}

static gboolean
carries(guint32 if_id, const char *mine, const char *peers)
{
	g_autoptr(XfrmTable) table = read_table();
	const XfrmChild wanted = child(mine, peers);

	return xfrm_table_carries(table, if_id, &wanted);
}

static void
test_carries(void)
{
	if (skipped(no_netns))
		return;
	flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	flush_xfrm(XFRM_MSG_FLUSHSA);
	g_assert_false(carries(3, "10.9.0.5", "10.1.0.0/16"));
	add_policy(XFRM_POLICY_OUT, "10.9.0.5", "10.1.0.0/16", 3, BLOCK, 0);
	add_policy(XFRM_POLICY_OUT, "10.9.0.5", "10.2.0.0/16", 3, TRAP, 0);
	add_policy(XFRM_POLICY_OUT, "10.9.0.5", "10.3.0.0/16", 3, 16389, 0);
	add_child("10.9.0.5", "10.4.0.0/16", 3, 16389);
	add_state("192.0.2.2", "198.51.100.1", 0x1001, 3, 16389);
	/* One direction alone has a state. */
	g_assert_false(carries(3, "10.9.0.5", "10.4.0.0/16"));
	add_state("198.51.100.1", "192.0.2.2", 0x1002, 3, 16389);
	g_assert_true(carries(3, "10.9.0.5", "10.4.0.0/16"));
	g_assert_false(carries(3, "10.9.0.5", "10.1.0.0/16"));
	g_assert_false(carries(3, "10.9.0.5", "10.2.0.0/16"));
	g_assert_false(carries(3, "10.9.0.5", "10.3.0.0/16"));
	g_assert_false(carries(3, "10.9.0.6", "10.4.0.0/16"));
	g_assert_false(carries(4, "10.9.0.5", "10.4.0.0/16"));
	g_assert_false(carries(0, "10.9.0.5", "10.4.0.0/16"));
	flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	flush_xfrm(XFRM_MSG_FLUSHSA);
}

static void
test_no_descriptor(void)
{
	g_autoptr(XfrmTable) table = xfrm_table_new();
	g_autoptr(GError) error = NULL;
	XfrmPolicy policy = {.family = AF_INET, .src = net("10.1.0.0/16"), .dst = net("10.2.0.0/16")};
	XfrmState state = {.family = AF_INET, .spi = 4711, .dst = net("10.2.0.1")};
	guint n;

	g_array_append_val(table->policies, policy);
	no_descriptors_begin();
	assert_no_descriptor(xfrm_table_read(&error), error);
	assert_no_descriptor(xfrm_table_put(table, &error), error);
	g_array_append_val(table->states, state);
	assert_no_descriptor(xfrm_table_delete(table, &n, &error), error);
	assert_no_descriptor(xfrm_table_sweep(7, &n, &error), error);
	no_descriptors_end();
}

/* What has keys is no larval state, whichever kind of keys. */
static void
test_keys(void)
{
	static const char *const keys[] = {
		"aead rfc4106(gcm(aes)) 0x0102030405060708090a0b0c0d0e0f1011121314 128",
		"enc cbc(aes) 0x0102030405060708090a0b0c0d0e0f10 "
		"auth-trunc hmac(sha256) "
		"0x0102030405060708090a0b0c0d0e0f100102030405060708090a0b0c0d0e0f10 128",
		"enc cipher_null 0x auth hmac(sha1) 0x0102030405060708090a0b0c0d0e0f1011121314",
	};

	if (skipped(no_netns))
		return;
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_autofree char *command =
			g_strdup_printf("ip xfrm state add src 192.0.2.2 dst 198.51.100.1 proto esp spi 0x1234 "
							"mode tunnel %s",
							keys[i]);
		g_autoptr(XfrmTable) table = NULL;
		int status;

		g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, &status, NULL));
		if (status != 0) {
			g_test_skip("the kernel has no ESP with these algorithms");
			continue;
		}
		table = xfrm_table_read(NULL);
		g_assert_cmpuint(table->states->len, ==, 1);
		g_assert_false(g_array_index(table->states, XfrmState, 0).is_larval);
		flush_xfrm(XFRM_MSG_FLUSHSA);
	}
}

/* pluto's holes are known by all that they have: what differs in one thing is somebody else's. */
static void
test_is_neighbour_hole(void)
{
	const XfrmPolicy hole = {.proto = IPPROTO_ICMPV6,
							 .sport = 135,
							 .family = AF_INET6,
							 .action = XFRM_POLICY_ALLOW,
							 .priority = 1};
	XfrmPolicy others[11];

	for (guint i = 0; i < G_N_ELEMENTS(others); i++)
		others[i] = hole;
	g_assert_true(xfrm_policy_is_neighbour_hole(&hole));
	others[0].sport = 136;
	g_assert_true(xfrm_policy_is_neighbour_hole(&others[0]));
	others[0].sport = 134;
	others[1].proto = IPPROTO_ICMP;
	others[2].dport = 1;
	others[3].src.prefix = 64;
	others[4].dst.prefix = 64;
	others[5].family = AF_INET;
	others[6].action = XFRM_POLICY_BLOCK;
	others[7].n_templates = 1;
	others[8].if_id = 7;
	others[9].priority = 0;
	others[10].sport = 137;
	for (guint i = 0; i < G_N_ELEMENTS(others); i++)
		g_assert_false(xfrm_policy_is_neighbour_hole(&others[i]));
}

/* Choices, on tables that are made up: each row differs from the first in one thing. */

static XfrmPolicy
tunnel_policy(int dir, const char *src, const char *dst)
{
	const IpNet me = net("192.0.2.2"), peer = net("198.51.100.1");
	const gboolean out = dir == XFRM_POLICY_OUT;

	return (XfrmPolicy){.src = net(src),
						.dst = net(dst),
						.family = AF_INET,
						.dir = dir,
						.if_id = 3,
						.n_templates = 1,
						.templates = {{.src = out ? me : peer,
									   .dst = out ? peer : me,
									   .proto = IPPROTO_ESP,
									   .reqid = 16389,
									   .mode = XFRM_MODE_TUNNEL}}};
}

static XfrmState
tunnel_state(const char *src, const char *dst)
{
	return (XfrmState){.src = net(src),
					   .dst = net(dst),
					   .family = AF_INET,
					   .spi = 0x1000,
					   .proto = IPPROTO_ESP,
					   .mode = XFRM_MODE_TUNNEL,
					   .if_id = 3,
					   .reqid = 16389};
}

static XfrmOwnership
ownership(void)
{
	return (XfrmOwnership){child("10.8.0.0/24", "10.1.0.0/16"), net("192.0.2.2"),
						   net("198.51.100.1"), 16388, 3};
}

static gboolean
owns_policy(const XfrmPolicy *policy)
{
	g_autoptr(XfrmTable) table = xfrm_table_new();
	const XfrmOwnership record = ownership();
	g_autoptr(XfrmTable) owned = NULL;

	g_array_append_vals(table->policies, policy, 1);
	owned = xfrm_table_select_owned(table, &record);
	return owned->policies->len == 1;
}

static gboolean
owns_state(const XfrmState *state, guint32 reqid)
{
	g_autoptr(XfrmTable) table = xfrm_table_new();
	XfrmOwnership record = ownership();
	g_autoptr(XfrmTable) owned = NULL;

	record.reqid = reqid;
	g_array_append_vals(table->states, state, 1);
	owned = xfrm_table_select_owned(table, &record);
	return owned->states->len == 1;
}

static void
test_owns_policy(void)
{
	const XfrmPolicy out = tunnel_policy(XFRM_POLICY_OUT, "10.8.0.0/24", "10.1.0.0/16");
	const XfrmPolicy in = tunnel_policy(XFRM_POLICY_IN, "10.1.0.0/16", "10.8.0.0/24");
	XfrmPolicy fwd = in, policy;

	fwd.dir = XFRM_POLICY_FWD;
	g_assert_true(owns_policy(&out));
	g_assert_true(owns_policy(&in));
	g_assert_true(owns_policy(&fwd));
	policy = out;
	policy.if_id = 4;
	g_assert_false(owns_policy(&policy));
	/* A block of ours is no pluto's. */
	policy = out;
	policy.user = XFRM_BLOCK_USER | 1;
	g_assert_false(owns_policy(&policy));
	policy = out;
	policy.user = 1000;
	g_assert_true(owns_policy(&policy));
	policy = in;
	policy.dir = XFRM_POLICY_MAX;
	g_assert_false(owns_policy(&policy));
	policy = out;
	policy.src = net("10.8.1.0/24");
	g_assert_false(owns_policy(&policy));
	policy = out;
	policy.dst = net("10.2.0.0/16");
	g_assert_false(owns_policy(&policy));
	policy = in;
	policy.dir = XFRM_POLICY_OUT;
	g_assert_false(owns_policy(&policy));
	policy = out;
	policy.templates[0].reqid = 16392;
	g_assert_false(owns_policy(&policy));
	policy.templates[0].reqid = 16391;
	g_assert_true(owns_policy(&policy));
	policy = out;
	policy.templates[0].dst = net("198.51.100.2");
	g_assert_false(owns_policy(&policy));
	policy = out;
	policy.templates[0].src = net("192.0.2.3");
	g_assert_false(owns_policy(&policy));
	policy = in;
	policy.templates[0].src = net("198.51.100.2");
	g_assert_false(owns_policy(&policy));
	policy = in;
	policy.templates[0].dst = net("192.0.2.3");
	g_assert_false(owns_policy(&policy));
	/* IPCOMP and behind it an ESP in transport mode, which has no addresses. */
	policy = out;
	policy.n_templates = 2;
	policy.templates[1] = (XfrmTemplate){.reqid = 16390, .mode = XFRM_MODE_TRANSPORT};
	g_assert_true(owns_policy(&policy));
	policy.templates[1].reqid = 0;
	g_assert_false(owns_policy(&policy));
	policy.templates[1].reqid = 16390;
	policy.templates[1].mode = XFRM_MODE_TUNNEL;
	g_assert_false(owns_policy(&policy));
}

static void
test_owns_shunt(void)
{
	XfrmPolicy block = tunnel_policy(XFRM_POLICY_OUT, "10.8.0.0/24", "10.1.0.0/16");
	XfrmPolicy trap = block, in = tunnel_policy(XFRM_POLICY_IN, "10.1.0.0/16", "10.8.0.0/24");

	block.n_templates = 0;
	g_assert_true(owns_policy(&block));
	in.n_templates = 0;
	g_assert_false(owns_policy(&in));
	trap.templates[0] = (XfrmTemplate){.mode = XFRM_MODE_TRANSPORT};
	g_assert_true(owns_policy(&trap));
	/* No trap, but somebody's policy without a reqid. */
	trap.templates[0].mode = XFRM_MODE_TUNNEL;
	g_assert_false(owns_policy(&trap));
	trap.templates[0] = (XfrmTemplate){.mode = XFRM_MODE_TRANSPORT, .reqid = 7};
	g_assert_false(owns_policy(&trap));
}

static void
test_owns_state(void)
{
	const XfrmState out = tunnel_state("192.0.2.2", "198.51.100.1");
	const XfrmState in = tunnel_state("198.51.100.1", "192.0.2.2");
	XfrmState state;

	g_assert_true(owns_state(&out, 16388));
	g_assert_true(owns_state(&in, 16388));
	state = out;
	state.if_id = 0;
	g_assert_false(owns_state(&state, 16388));
	state = out;
	state.src = net("192.0.2.3");
	g_assert_false(owns_state(&state, 16388));
	state = out;
	state.dst = net("198.51.100.2");
	g_assert_false(owns_state(&state, 16388));
	state = in;
	state.src = net("198.51.100.2");
	g_assert_false(owns_state(&state, 16388));
	state = in;
	state.dst = net("192.0.2.3");
	g_assert_false(owns_state(&state, 16388));
	/* Groups of four, unless the user has chosen the reqid. */
	state = out;
	state.reqid = 16384;
	g_assert_false(owns_state(&state, 16388));
	g_assert_true(owns_state(&state, 16384));
	g_assert_true(owns_state(&state, 16387));
	g_assert_false(owns_state(&state, 16388));
	state = out;
	state.reqid = 5;
	g_assert_true(owns_state(&state, 5));
	g_assert_false(owns_state(&state, 6));
	g_assert_false(owns_state(&state, 16389));
	/* What a packet waits for in a trap: between hosts of the nets, and without an SPI. */
	state = tunnel_state("10.8.0.5", "10.1.0.1");
	state.reqid = 0;
	g_assert_false(owns_state(&state, 16388));
	state.spi = 0;
	g_assert_true(owns_state(&state, 16388));
	state.src = net("10.8.1.5");
	g_assert_false(owns_state(&state, 16388));
	state.src = net("10.8.0.5");
	state.dst = net("10.2.0.1");
	g_assert_false(owns_state(&state, 16388));
}

static gboolean
is_negotiated(const XfrmState *state)
{
	const IpNet gateway = net("198.51.100.1");
	g_autoptr(XfrmTable) table = xfrm_table_new();
	g_autoptr(XfrmTable) chosen = NULL;

	g_array_append_vals(table->states, state, 1);
	chosen = xfrm_table_select_negotiated(table, &gateway, 0);
	return chosen->states->len == 1;
}

/* SAs that an IKE daemon has numbered by itself, with this gateway, in either direction. */
static void
test_has_chosen_reqids(void)
{
	const IpNet gateway = net("198.51.100.1"), other = net("198.51.100.3");
	const XfrmState rows[] = {tunnel_state("198.51.100.1", "192.0.2.2"),
							  tunnel_state("192.0.2.2", "198.51.100.1")};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(XfrmTable) table = xfrm_table_new();
		XfrmState state = rows[i];

		state.if_id = 0;
		state.reqid = 16384;
		g_array_append_val(table->states, state);
		g_assert_true(xfrm_table_has_chosen_reqids(table, &gateway));
		g_assert_false(xfrm_table_has_chosen_reqids(table, &other));
		g_array_index(table->states, XfrmState, 0).reqid = 16379;
		g_assert_false(xfrm_table_has_chosen_reqids(table, &gateway));
		g_array_index(table->states, XfrmState, 0).reqid = 16384;
		g_array_index(table->states, XfrmState, 0).if_id = 1;
		g_assert_false(xfrm_table_has_chosen_reqids(table, &gateway));
	}
}

static void
test_is_negotiated(void)
{
	XfrmState taken = tunnel_state("198.51.100.1", "192.0.2.2"), state;

	taken.if_id = 0;
	taken.is_larval = TRUE;
	g_assert_true(is_negotiated(&taken));
	state = taken;
	state.is_larval = FALSE;
	g_assert_false(is_negotiated(&state));
	state = taken;
	state.spi = 0;
	g_assert_false(is_negotiated(&state));
	state = taken;
	state.if_id = 1;
	g_assert_false(is_negotiated(&state));
	state = taken;
	state.reqid = 16384;
	g_assert_true(is_negotiated(&state));
	state = taken;
	state.reqid = 16383;
	g_assert_false(is_negotiated(&state));
}

/* A full set of what a Child SA has, with IPCOMP; the test takes something away from it. */
typedef struct {
	XfrmPolicy in, out;
	XfrmState in_state, out_state;
} Carrier;

static Carrier
carrier(void)
{
	Carrier full = {
		.in = tunnel_policy(XFRM_POLICY_IN, "10.1.0.0/16", "10.8.0.0/24"),
		.out = tunnel_policy(XFRM_POLICY_OUT, "10.8.0.0/24", "10.1.0.0/16"),
		.in_state = tunnel_state("198.51.100.1", "192.0.2.2"),
		.out_state = tunnel_state("192.0.2.2", "198.51.100.1"),
	};

	return full;
}

static gboolean
does_carry(const Carrier *what)
{
	const XfrmChild wanted = child("10.8.0.0/24", "10.1.0.0/16");
	g_autoptr(XfrmTable) table = xfrm_table_new();

	g_array_append_vals(table->policies, &what->in, 1);
	g_array_append_vals(table->policies, &what->out, 1);
	g_array_append_vals(table->states, &what->in_state, 1);
	g_array_append_vals(table->states, &what->out_state, 1);
	return xfrm_table_carries(table, 3, &wanted);
}

static void
test_needs_all_to_carry(void)
{
	const Carrier full = carrier();
	Carrier less;

	g_assert_true(does_carry(&full));
	less = full;
	less.in.dir = XFRM_POLICY_FWD;
	g_assert_false(does_carry(&less));
	less = full;
	less.in.dir = XFRM_POLICY_MAX;
	g_assert_false(does_carry(&less));
	less = full;
	less.in.if_id = 0;
	g_assert_false(does_carry(&less));
	less = full;
	less.out.n_templates = 0;
	g_assert_false(does_carry(&less));
	less = full;
	less.out.templates[0] = (XfrmTemplate){.mode = XFRM_MODE_TRANSPORT};
	g_assert_false(does_carry(&less));
	less = full;
	less.out_state.if_id = 0;
	g_assert_false(does_carry(&less));
	less = full;
	less.out_state.reqid = 16390;
	g_assert_false(does_carry(&less));
	less = full;
	less.out_state.proto = IPPROTO_AH;
	g_assert_false(does_carry(&less));
	less = full;
	less.out_state.dst = net("198.51.100.2");
	g_assert_false(does_carry(&less));
	less = full;
	less.in_state.dst = net("192.0.2.3");
	g_assert_false(does_carry(&less));
	/* A transport template names no host: any will do. */
	less.in.templates[0].mode = XFRM_MODE_TRANSPORT;
	g_assert_true(does_carry(&less));
}

/* IPCOMP before ESP: without a state for it packets go uncompressed, without ESP not at all. */
static void
test_carries_compressed(void)
{
	Carrier pair = carrier();

	pair.out.n_templates = 2;
	pair.out.templates[1] = pair.out.templates[0];
	pair.out.templates[0].proto = IPPROTO_COMP;
	g_assert_true(does_carry(&pair));
	pair.out_state.reqid = 7;
	g_assert_false(does_carry(&pair));
	pair = carrier();
	pair.out.n_templates = 2;
	pair.out.templates[1] = pair.out.templates[0];
	pair.out.templates[1].proto = IPPROTO_AH;
	g_assert_false(does_carry(&pair));
}

/* Twice the same is there once; what differs in one thing is another. */
static void
test_add(void)
{
	const XfrmState state = tunnel_state("192.0.2.2", "198.51.100.1");
	const XfrmPolicy policy = tunnel_policy(XFRM_POLICY_OUT, "10.8.0.0/24", "10.1.0.0/16");
	g_autoptr(XfrmTable) table = xfrm_table_new();
	g_autoptr(XfrmTable) others = xfrm_table_new();
	XfrmState states[7];
	XfrmPolicy policies[10];

	g_array_append_val(table->states, state);
	g_array_append_val(table->policies, policy);
	for (guint i = 0; i < G_N_ELEMENTS(states); i++)
		states[i] = state;
	states[0].spi = 1;
	states[1].proto = IPPROTO_AH;
	states[2].if_id = 1;
	states[3].reqid = 1;
	states[4].mark = 1;
	states[5].src = net("192.0.2.3");
	states[6].dst = net("198.51.100.2");
	g_array_append_vals(others->states, states, G_N_ELEMENTS(states));
	for (guint i = 0; i < G_N_ELEMENTS(policies); i++)
		policies[i] = policy;
	policies[0].index = 1;
	policies[1].dir = XFRM_POLICY_IN;
	policies[2].type = XFRM_POLICY_TYPE_SUB;
	policies[3].if_id = 1;
	policies[4].mark = 1;
	policies[5].proto = IPPROTO_UDP;
	policies[6].sport = 1;
	policies[7].dport = 1;
	policies[8].src = net("10.8.1.0/24");
	policies[9].dst = net("10.2.0.0/16");
	g_array_append_vals(others->policies, policies, G_N_ELEMENTS(policies));
	for (guint i = 0; i < 2; i++) {
		xfrm_table_add(table, others);
		assert_size(table, 8, 11);
	}
}

static void
test_to_string(void)
{
	static const struct {
		guint8 proto;
		const char *name;
	} protos[] = {{IPPROTO_ESP, "ESP state "},
				  {IPPROTO_AH, "AH state "},
				  {IPPROTO_COMP, "IPCOMP state "},
				  {IPPROTO_ICMPV6, "XFRM state "}};
	static const char *const dirs[] = {
		"in policy ",         "out policy ",        "fwd policy ",     "socket in policy ",
		"socket out policy ", "socket fwd policy ", "unknown policy ", "unknown policy "};
	XfrmState state = tunnel_state("192.0.2.2", "198.51.100.1");
	XfrmPolicy policy = tunnel_policy(XFRM_POLICY_OUT, "10.8.0.0/24", "10.1.0.0/16");

	for (guint i = 0; i < G_N_ELEMENTS(protos); i++) {
		g_autofree char *text = NULL;

		state.proto = protos[i].proto;
		text = xfrm_state_to_string(&state);
		g_assert_true(g_str_has_prefix(text, protos[i].name));
	}
	for (guint i = 0; i < G_N_ELEMENTS(dirs); i++) {
		g_autofree char *text = NULL;

		policy.dir = i;
		policy.action = i % 2 ? XFRM_POLICY_BLOCK : XFRM_POLICY_ALLOW;
		text = xfrm_policy_to_string(&policy);
		g_assert_true(g_str_has_prefix(text, dirs[i]));
		g_assert_cmpint(strstr(text, " (block)") != NULL, ==, i % 2);
	}
}

/* What is put is what is read, in each field; and without its index it is found by these. */
static void
test_put(void)
{
	const XfrmPolicy wanted = {.src = net("10.8.0.0/24"),
							   .dst = net("10.1.0.0/16"),
							   .sport = 500,
							   .dport = 4500,
							   .proto = IPPROTO_UDP,
							   .family = AF_INET,
							   .dir = XFRM_POLICY_OUT,
							   .action = XFRM_POLICY_BLOCK,
							   .priority = 4711,
							   .if_id = 3,
							   .mark = 5,
							   .mark_mask = 0xff,
							   .user = XFRM_BLOCK_USER | 7};
	g_autoptr(XfrmTable) table = xfrm_table_new();
	g_autoptr(XfrmTable) put = NULL;
	XfrmPolicy *got, same;
	guint n = 0;

	if (!begin())
		return;
	g_array_append_val(table->policies, wanted);
	g_assert_true(xfrm_table_put(table, NULL));
	put = read_table();
	assert_size(put, 0, 1);
	got = &g_array_index(put->policies, XfrmPolicy, 0);
	g_assert_cmpuint(got->index, !=, 0);
	same = *got;
	same.index = 0;
	g_assert_cmpmem(&same, sizeof(same), &wanted, sizeof(wanted));
	/* Once more is the same one, with another priority. */
	g_array_index(table->policies, XfrmPolicy, 0).priority = 4712;
	g_assert_true(xfrm_table_put(table, NULL));
	assert_kernel(0, 1);
	/* A neighbour that differs in its mark alone. */
	g_array_index(table->policies, XfrmPolicy, 0).mark = 6;
	g_assert_true(xfrm_table_put(table, NULL));
	assert_kernel(0, 2);
	got->index = 0;
	g_assert_true(xfrm_table_delete(put, &n, NULL));
	g_assert_cmpuint(n, ==, 1);
	assert_kernel(0, 1);
	g_assert_true(xfrm_table_delete(table, &n, NULL));
	g_assert_cmpuint(n, ==, 1);
	assert_kernel(0, 0);
}

/* One that the kernel refuses does not keep the rest, and is said. */
static void
test_first_error(void)
{
	g_autoptr(XfrmTable) table = xfrm_table_new();
	g_autoptr(GError) error = NULL;
	XfrmPolicy policy = {.src = net("10.8.0.0/24"),
						 .dst = net("10.1.0.0/16"),
						 .family = AF_INET,
						 .dir = 77,
						 .action = XFRM_POLICY_BLOCK};

	if (!begin())
		return;
	g_array_append_val(table->policies, policy);
	policy.dir = XFRM_POLICY_OUT;
	g_array_append_val(table->policies, policy);
	g_assert_false(xfrm_table_put(table, &error));
	g_assert_nonnull(error);
	g_assert_nonnull(strstr(error->message, "add XFRM policies"));
	g_clear_error(&error);
	assert_kernel(0, 1);
	g_array_index(table->policies, XfrmPolicy, 0).index = 9;
	g_assert_false(xfrm_table_delete(table, NULL, &error));
	g_assert_nonnull(strstr(error->message, "delete XFRM states and policies"));
	assert_kernel(0, 0);
}

int
main(int argc, char **argv)
{
	no_netns = own_netns_enter();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/xfrm-table/read", test_read);
	g_test_add_func("/xfrm-table/sweep-all", test_sweep_all);
	g_test_add_func("/xfrm-table/others-untouched", test_others_untouched);
	g_test_add_func("/xfrm-table/delete-gone", test_delete_gone);
	g_test_add_func("/xfrm-table/delete-larval", test_delete_larval);
	g_test_add_func("/xfrm-table/select-negotiated", test_select_negotiated);
	g_test_add_func("/xfrm-table/many", test_many);
	g_test_add_func("/xfrm-table/socket-policy", test_socket_policy);
	g_test_add_func("/xfrm-table/foreign", test_foreign);
	g_test_add_func("/xfrm-table/owned", test_owned);
	g_test_add_func("/xfrm-table/trap", test_trap);
	g_test_add_func("/xfrm-table/delete-replaced", test_delete_replaced);
	g_test_add_func("/xfrm-table/carries", test_carries);
	g_test_add_func("/xfrm-table/no-descriptor", test_no_descriptor);
	g_test_add_func("/xfrm-table/keys", test_keys);
	g_test_add_func("/xfrm-table/is-neighbour-hole", test_is_neighbour_hole);
	g_test_add_func("/xfrm-table/owns-policy", test_owns_policy);
	g_test_add_func("/xfrm-table/owns-shunt", test_owns_shunt);
	g_test_add_func("/xfrm-table/owns-state", test_owns_state);
	g_test_add_func("/xfrm-table/is-negotiated", test_is_negotiated);
	g_test_add_func("/xfrm-table/has-chosen-reqids", test_has_chosen_reqids);
	g_test_add_func("/xfrm-table/needs-all-to-carry", test_needs_all_to_carry);
	g_test_add_func("/xfrm-table/carries-compressed", test_carries_compressed);
	g_test_add_func("/xfrm-table/add", test_add);
	g_test_add_func("/xfrm-table/to-string", test_to_string);
	g_test_add_func("/xfrm-table/put", test_put);
	g_test_add_func("/xfrm-table/first-error", test_first_error);
	return g_test_run();
}
