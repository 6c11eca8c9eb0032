/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the guard does to packets, in a network namespace of the test's with a link that takes what
 * is not blocked. pluto is played by policies as it adds them, and by a flush as it does one.
 */
#include "config.h"

#include "block-policies.h"
#include "kernel-xfrm.h"
#include "own-netns.h"
#include "no-descriptors.h"
#include "wait-until.h"

#define NUMBER       0x1b2c3d
#define OTHER_NUMBER BLOCK_POLICIES_MAX_NUMBER

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/resource.h>

#define MINE   "10.9.0.5"
#define REMOTE "10.1.0.0/16"

static const char *no_netns;

/* pluto's own for the Child SA; what it lets pass stands for what it encrypts. */
static XfrmPolicy
plutos(const XfrmChild *of)
{
	return (XfrmPolicy){.src = of->my_client,
						.dst = of->peer_client,
						.proto = of->protocol,
						.family = of->my_client.family,
						.dir = XFRM_POLICY_OUT,
						.action = XFRM_POLICY_ALLOW,
						.type = XFRM_POLICY_TYPE_MAIN,
						.priority = 1757393};
}

static void
pluto_puts(const XfrmChild *of)
{
	g_autoptr(XfrmTable) table = xfrm_table_new();
	XfrmPolicy policy = plutos(of);

	g_array_append_val(table->policies, policy);
	g_assert_true(xfrm_table_put(table, NULL));
}

static void
pluto_removes(const XfrmChild *of)
{
	g_autoptr(XfrmTable) table = xfrm_table_new();
	XfrmPolicy policy = plutos(of);
	guint n;

	g_array_append_val(table->policies, policy);
	g_assert_true(xfrm_table_delete(table, &n, NULL));
	g_assert_cmpuint(n, ==, 1);
}

static struct sockaddr_storage
socket_address(const char *text, guint16 port, socklen_t *len)
{
	IpNet host = net(text);
	struct sockaddr_storage storage = {.ss_family = host.family};

	if (host.family == AF_INET) {
		memcpy(&((struct sockaddr_in *) &storage)->sin_addr, host.bytes, 4);
		((struct sockaddr_in *) &storage)->sin_port = htons(port);
		*len = sizeof(struct sockaddr_in);
	} else {
		memcpy(&((struct sockaddr_in6 *) &storage)->sin6_addr, host.bytes, 16);
		((struct sockaddr_in6 *) &storage)->sin6_port = htons(port);
		*len = sizeof(struct sockaddr_in6);
	}
	return storage;
}

/* Returns: 0, or the errno of a packet of UDP from @from to @to. */
static int
send_packet(const char *from, const char *to)
{
	socklen_t from_len, to_len;
	struct sockaddr_storage src = socket_address(from, 0, &from_len);
	struct sockaddr_storage dst = socket_address(to, 9, &to_len);
	int fd = socket(src.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0), error = 0;

	g_assert_cmpint(bind(fd, (struct sockaddr *) &src, from_len), ==, 0);
	if (sendto(fd, "x", 1, 0, (struct sockaddr *) &dst, to_len) < 0)
		error = errno;
	close(fd);
	return error;
}

static gboolean
passes(const char *from, const char *to)
{
	int error = send_packet(from, to);

	if (error != 0)
		g_assert_cmpint(error, ==, EPERM);
	return error == 0;
}

static guint
n_policies(void)
{
	g_autoptr(XfrmTable) table = xfrm_table_read(NULL);

	g_assert_nonnull(table);
	return table->policies->len;
}

static gboolean
begin(void)
{
	static gboolean prepared;

	if (skipped(no_netns))
		return FALSE;
	if (!prepared) {
		ip("link set lo up");
		/* On the loopback link XFRM is off unless asked for. */
		own_namespace_write("/proc/sys/net/ipv4/conf/lo/disable_xfrm", "0");
		ip("addr add 10.9.0.5/32 dev lo");
		ip("addr add 10.9.0.6/32 dev lo");
		ip("route add 10.1.0.0/16 dev lo");
		ip("route add 10.2.0.0/16 dev lo");
		ip("addr add 2001:db8:9::5/128 dev lo nodad");
		ip("route add 2001:db8:1::/64 dev lo");
		prepared = TRUE;
	}
	g_assert_cmpuint(n_policies(), ==, 0);
	return TRUE;
}

static void
test_under(void)
{
	const XfrmChild mine = child(MINE, REMOTE);
	BlockPolicies *guard;

	if (!begin())
		return;
	guard = block_policies_new(NUMBER, NULL);
	g_assert_true(passes(MINE, "10.1.0.1"));
	pluto_puts(&mine);
	g_assert_true(block_policies_set_low(guard, &mine, 1, NULL));
	g_assert_cmpuint(n_policies(), ==, 4);
	g_assert_true(passes(MINE, "10.1.0.1"));
	/* Twice is as once: a rekey that is told as `up`. */
	g_assert_true(block_policies_set_low(guard, &mine, 1, NULL));
	g_assert_cmpuint(n_policies(), ==, 4);
	/* pluto puts its own again: it does not replace ours. */
	pluto_puts(&mine);
	g_assert_cmpuint(n_policies(), ==, 4);
	pluto_removes(&mine);
	g_assert_false(passes(MINE, "10.1.0.1"));
	/* Nobody else's packets. */
	g_assert_true(passes("10.9.0.6", "10.1.0.1"));
	g_assert_true(passes(MINE, "10.2.0.1"));
	block_policies_free(guard);
	g_assert_true(passes(MINE, "10.1.0.1"));
	g_assert_cmpuint(n_policies(), ==, 0);
}

static void
test_over_a_restart(void)
{
	const XfrmChild mine = child(MINE, REMOTE);
	BlockPolicies *guard;

	if (!begin())
		return;
	guard = block_policies_new(NUMBER, NULL);
	pluto_puts(&mine);
	g_assert_true(block_policies_set_low(guard, &mine, 1, NULL));
	g_assert_true(block_policies_set_sub(guard, NULL));
	/* It comes before pluto's own. */
	g_assert_false(passes(MINE, "10.1.0.1"));
	flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	g_assert_cmpuint(n_policies(), ==, 3);
	g_assert_false(passes(MINE, "10.1.0.1"));
	pluto_puts(&mine);
	g_assert_false(passes(MINE, "10.1.0.1"));
	g_assert_true(block_policies_set_low(guard, &mine, 1, NULL));
	g_assert_true(passes(MINE, "10.1.0.1"));
	pluto_removes(&mine);
	g_assert_false(passes(MINE, "10.1.0.1"));
	block_policies_free(guard);
	g_assert_cmpuint(n_policies(), ==, 0);
}

/* The old address is blocked for as long as the next tunnel lasts, and then no longer. */
static void
test_another_address(void)
{
	const XfrmChild first = child(MINE, REMOTE), second = child("10.9.0.6", REMOTE);
	BlockPolicies *guard;

	if (!begin())
		return;
	guard = block_policies_new(NUMBER, NULL);
	g_assert_true(block_policies_set_low(guard, &first, 1, NULL));
	for (guint i = 0; i < 10; i++) {
		/* The first two attempts fail. */
		for (guint j = 0; j < 3; j++)
			g_assert_true(block_policies_set_sub(guard, NULL));
		flush_xfrm(XFRM_MSG_FLUSHPOLICY);
		pluto_puts(&second);
		g_assert_true(block_policies_set_low(guard, &second, 1, NULL));
		g_assert_true(passes("10.9.0.6", "10.1.0.1"));
		g_assert_cmpint(passes(MINE, "10.1.0.1"), ==, i > 0);
		g_assert_cmpuint(n_policies(), ==, i > 0 ? 4 : 10);
	}
	block_policies_free(guard);
	pluto_removes(&second);
	g_assert_cmpuint(n_policies(), ==, 0);
}

/* The gateway narrows otherwise than before: the new tunnel is not blocked by the old one's nets.
 */
static void
test_other_nets(void)
{
	const XfrmChild narrow = child(MINE, "10.1.0.0/24"), wide = child(MINE, REMOTE);
	BlockPolicies *guard;

	if (!begin())
		return;
	guard = block_policies_new(NUMBER, NULL);
	g_assert_true(block_policies_set_low(guard, &narrow, 1, NULL));
	g_assert_true(block_policies_set_sub(guard, NULL));
	g_assert_false(passes(MINE, "10.1.0.1"));
	pluto_puts(&wide);
	g_assert_true(block_policies_set_low(guard, &wide, 1, NULL));
	g_assert_true(passes(MINE, "10.1.0.1"));
	block_policies_free(guard);
	pluto_removes(&wide);
	g_assert_cmpuint(n_policies(), ==, 0);
}

/* An uplink's addresses come and go, and none of them is a way around the tunnel. */
static void
test_addresses_of_uplinks(void)
{
	const XfrmChild mine = child(MINE, REMOTE), next = child("10.8.0.4", REMOTE);
	const XfrmChild all = child(MINE, "0.0.0.0/0");
	BlockPolicies *guard;

	if (!begin())
		return;
	ip("link add up0 type veth peer name up0p");
	ip("link set up0 up");
	ip("addr add 10.8.0.2/24 dev up0");
	guard = block_policies_new(NUMBER, NULL);
	/* Everything has no part that is the tunnel's alone. */
	g_assert_true(block_policies_set_low(guard, &all, 1, NULL));
	g_assert_true(passes("10.8.0.2", "10.2.0.1"));
	block_policies_free(guard);

	guard = block_policies_new(NUMBER, NULL);
	pluto_puts(&mine);
	g_assert_true(block_policies_set_low(guard, &mine, 1, NULL));
	g_assert_true(passes(MINE, "10.1.0.1"));
	g_assert_false(passes("10.8.0.2", "10.1.0.1"));
	g_assert_true(passes("10.8.0.2", "10.2.0.1"));
	/* While it is up, */
	ip("addr add 10.8.0.3/24 dev up0");
	WAIT_UNTIL(!passes("10.8.0.3", "10.1.0.1"));
	g_assert_true(passes(MINE, "10.1.0.1"));
	/* while it is lost, and the next pluto flushes, */
	pluto_removes(&mine);
	g_assert_true(block_policies_set_sub(guard, NULL));
	ip("addr add 10.8.0.4/24 dev up0");
	WAIT_UNTIL(!passes("10.8.0.4", "10.1.0.1"));
	flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	g_assert_false(passes("10.8.0.2", "10.1.0.1"));
	g_assert_false(passes("10.8.0.3", "10.1.0.1"));
	g_assert_false(passes("10.8.0.4", "10.1.0.1"));
	/* and where it is what the next tunnel is for. */
	pluto_puts(&next);
	g_assert_true(block_policies_set_low(guard, &next, 1, NULL));
	g_assert_true(passes("10.8.0.4", "10.1.0.1"));
	g_assert_false(passes("10.8.0.2", "10.1.0.1"));
	g_assert_false(passes("10.8.0.3", "10.1.0.1"));
	block_policies_free(guard);
	pluto_removes(&next);
	g_assert_true(passes("10.8.0.2", "10.1.0.1"));
	g_assert_cmpuint(n_policies(), ==, 0);
	ip("link del up0");
}

/* A host that gets ever new addresses does not get ever new policies, and one that comes back is
 * blocked still. */
static void
test_ever_new_addresses(void)
{
	const XfrmChild mine = child(MINE, REMOTE);
	BlockPolicies *guard;

	if (!begin())
		return;
	ip("link add up0 type veth peer name up0p");
	ip("link set up0 up");
	guard = block_policies_new(NUMBER, NULL);
	g_assert_true(block_policies_set_low(guard, &mine, 1, NULL));
	for (guint i = 1; i < 300; i++) {
		g_autofree char *address = g_strdup_printf("10.8.%u.%u", i / 250, i % 250);

		ip("addr add %s/32 dev up0", address);
		WAIT_UNTIL(!passes(address, "10.1.0.1"));
		ip("addr del %s/32 dev up0", address);
		g_assert_cmpuint(n_policies(), <, 800);
	}
	ip("addr add 10.8.1.49/32 dev up0");
	g_assert_false(passes("10.8.1.49", "10.1.0.1"));
	g_assert_false(passes(MINE, "10.1.0.1"));
	block_policies_free(guard);
	g_assert_cmpuint(n_policies(), ==, 0);
	ip("link del up0");
}

/* In kilobytes (getrusage(2)). */
static long
most_memory(void)
{
	struct rusage usage;

	g_assert_cmpint(getrusage(RUSAGE_SELF, &usage), ==, 0);
	return usage.ru_maxrss;
}

/* Whoever gives this host hundreds of addresses while the tunnel is lost has us say each block
 * once, and not once more for each other address. */
static void
test_many_addresses_while_reconnecting(void)
{
	const XfrmChild mine = child(MINE, REMOTE);
	g_autoptr(GString) batch = g_string_new(NULL);
	g_autofree char *file = g_build_filename(g_get_tmp_dir(), "addresses-XXXXXX", NULL);
	BlockPolicies *guard;
	long before;
	int fd;

	if (!begin())
		return;
	ip("link add up0 type veth peer name up0p");
	ip("link set up0 up");
	guard = block_policies_new(NUMBER, NULL);
	g_assert_true(block_policies_set_low(guard, &mine, 1, NULL));
	g_assert_true(block_policies_set_sub(guard, NULL));
	for (guint i = 0; i < 200; i++)
		g_string_append_printf(batch, "addr add 10.8.2.%u/32 dev up0\n", i);
	fd = g_mkstemp(file);
	g_assert_cmpint(write(fd, batch->str, batch->len), ==, (gssize) batch->len);
	close(fd);
	before = most_memory();
	ip("-batch %s", file);
	g_remove(file);
	WAIT_UNTIL(!passes("10.8.2.199", "10.1.0.1"));
	g_assert_false(passes("10.8.2.0", "10.1.0.1"));
	g_assert_cmpint(most_memory() - before, <, 100 * 1024);
	block_policies_free(guard);
	g_assert_cmpuint(n_policies(), ==, 0);
	ip("link del up0");
}

/* The network of a link that is a part of the tunnel's: its neighbours are reached, and nobody
 * else. */
static void
test_address_within(void)
{
	const XfrmChild mine = child(MINE, REMOTE), other = child("10.9.0.6", REMOTE);
	BlockPolicies *guard;

	if (!begin())
		return;
	ip("link add up0 type veth peer name up0p");
	ip("link set up0 up");
	ip("addr add 10.1.7.5/24 dev up0");
	guard = block_policies_new(NUMBER, NULL);
	g_assert_true(block_policies_set_low(guard, &mine, 1, NULL));
	g_assert_false(passes("10.1.7.5", "10.1.0.1"));
	g_assert_true(passes("10.1.7.5", "10.1.7.9"));
	/* The network becomes another one. */
	ip("addr del 10.1.7.5/24 dev up0");
	ip("addr add 10.1.7.5/30 dev up0");
	WAIT_UNTIL(!passes("10.1.7.5", "10.1.7.9"));
	g_assert_true(passes("10.1.7.5", "10.1.7.6"));
	g_assert_false(passes("10.1.7.5", "10.1.0.1"));
	/* While it is lost, and once more. */
	g_assert_true(block_policies_set_sub(guard, NULL));
	flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	g_assert_true(passes("10.1.7.5", "10.1.7.6"));
	g_assert_false(passes("10.1.7.5", "10.1.0.1"));
	ip("addr add 10.1.8.5/24 dev up0");
	WAIT_UNTIL(!passes("10.1.8.5", "10.1.0.1"));
	g_assert_true(passes("10.1.8.5", "10.1.8.6"));
	pluto_puts(&other);
	g_assert_true(block_policies_set_low(guard, &other, 1, NULL));
	g_assert_true(passes("10.9.0.6", "10.1.0.1"));
	g_assert_false(passes("10.1.7.5", "10.1.0.1"));
	g_assert_true(passes("10.1.8.5", "10.1.8.6"));
	/* A tunnel of that very address takes its neighbours, too. */
	g_assert_true(block_policies_set_sub(guard, NULL));
	{
		const XfrmChild own = child("10.1.8.5", REMOTE);

		g_assert_true(block_policies_set_low(guard, &own, 1, NULL));
		g_assert_false(passes("10.1.8.5", "10.1.8.6"));
		g_assert_true(passes("10.1.7.5", "10.1.7.6"));
	}
	block_policies_free(guard);
	pluto_removes(&other);
	g_assert_cmpuint(n_policies(), ==, 0);
	ip("link del up0");
}

/* What is for one protocol leaves the others alone. */
static void
test_protocol(void)
{
	XfrmChild tcp = child(MINE, REMOTE), udp = tcp;
	BlockPolicies *guard;

	if (!begin())
		return;
	tcp.protocol = IPPROTO_TCP;
	udp.protocol = IPPROTO_UDP;
	guard = block_policies_new(NUMBER, NULL);
	g_assert_true(block_policies_set_low(guard, &tcp, 1, NULL));
	g_assert_true(block_policies_set_sub(guard, NULL));
	g_assert_true(passes(MINE, "10.1.0.1"));
	g_assert_true(block_policies_set_low(guard, &udp, 1, NULL));
	g_assert_false(passes(MINE, "10.1.0.1"));
	block_policies_free(guard);
	g_assert_cmpuint(n_policies(), ==, 0);
}

/* Before what pluto has for a Child SA (policy_info()), or neighbours would be looked for in the
 * tunnel: pluto's own holes, of everybody's, are not made. */
static guint
count_holes(guint8 type)
{
	g_autoptr(XfrmTable) table = xfrm_table_read(NULL);
	guint n = 0;

	for (guint i = 0; i < table->policies->len; i++) {
		const XfrmPolicy *policy = &g_array_index(table->policies, XfrmPolicy, i);

		if (policy->proto == IPPROTO_ICMPV6 && policy->action == XFRM_POLICY_ALLOW &&
			policy->type == type && policy->priority < 1042407 &&
			(policy->sport == 135 || policy->sport == 136) &&
			(policy->user & XFRM_BLOCK_USER_MASK) == XFRM_BLOCK_USER)
			n++;
	}
	return n;
}

static void
test_ipv6(void)
{
	const XfrmChild mine = child("2001:db8:9::5", "2001:db8:1::/64");
	BlockPolicies *guard;

	if (!begin())
		return;
	guard = block_policies_new(NUMBER, NULL);
	pluto_puts(&mine);
	g_assert_true(block_policies_set_low(guard, &mine, 1, NULL));
	g_assert_true(passes("2001:db8:9::5", "2001:db8:1::1"));
	pluto_removes(&mine);
	g_assert_false(passes("2001:db8:9::5", "2001:db8:1::1"));
	g_assert_cmpuint(count_holes(XFRM_POLICY_TYPE_MAIN), ==, 4);
	g_assert_true(block_policies_set_sub(guard, NULL));
	flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	g_assert_false(passes("2001:db8:9::5", "2001:db8:1::1"));
	g_assert_cmpuint(count_holes(XFRM_POLICY_TYPE_SUB), ==, 4);
	block_policies_free(guard);
	g_assert_cmpuint(n_policies(), ==, 0);
}

static void
assert_numbers(gboolean dead, gboolean living)
{
	g_autoptr(XfrmTable) table = xfrm_table_read(NULL);

	g_assert_cmpint(block_policies_has_number(table, NUMBER), ==, dead);
	g_assert_cmpint(block_policies_has_number(table, OTHER_NUMBER), ==, living);
}

/* A service died: its blocks go, by the number that it wrote down; another's stay, of the same
 * nets, too. */
static void
test_stale(void)
{
	const XfrmChild mine = child(MINE, REMOTE);
	const XfrmChild others[] = {mine, child(MINE, "10.2.0.0/16")};
	BlockPolicies *dead, *living;

	if (!begin())
		return;
	dead = block_policies_new(NUMBER, NULL);
	living = block_policies_new(OTHER_NUMBER, NULL);
	g_assert_true(block_policies_set_low(dead, &mine, 1, NULL));
	g_assert_true(block_policies_set_sub(dead, NULL));
	g_assert_true(block_policies_set_low(living, others, 2, NULL));
	assert_numbers(TRUE, TRUE);
	g_assert_true(block_policies_clean_stale(NUMBER, NULL));
	assert_numbers(FALSE, TRUE);
	g_assert_false(passes(MINE, "10.1.0.1"));
	g_assert_false(passes(MINE, "10.2.0.1"));
	g_assert_cmpuint(n_policies(), ==, 6);
	block_policies_free(living);
	block_policies_free(dead);
	g_assert_cmpuint(n_policies(), ==, 0);
}

static void
test_no_descriptor(void)
{
	const XfrmChild mine = child(MINE, REMOTE);
	g_autoptr(BlockPolicies) guard = NULL;
	g_autoptr(GError) error = NULL;

	if (!begin())
		return;
	guard = block_policies_new(NUMBER, NULL);
	no_descriptors_begin();
	assert_no_descriptor(block_policies_set_low(guard, &mine, 1, &error), error);
	assert_no_descriptor(block_policies_clean_stale(NUMBER, &error), error);
	no_descriptors_end();
	g_assert_true(block_policies_set_low(guard, &mine, 1, NULL));
	no_descriptors_begin();
	assert_no_descriptor(block_policies_set_sub(guard, &error), error);
	no_descriptors_end();
	g_assert_true(block_policies_set_sub(guard, NULL));
}

/* The holes for neighbour discovery too: whoever cleans up knows them by their priority. */
static void
test_stale_ipv6(void)
{
	const XfrmChild mine = child("2001:db8:9::5", "2001:db8:1::/64");
	BlockPolicies *dead;

	if (!begin())
		return;
	dead = block_policies_new(NUMBER, NULL);
	g_assert_true(block_policies_set_low(dead, &mine, 1, NULL));
	g_assert_true(block_policies_set_sub(dead, NULL));
	g_assert_cmpuint(count_holes(XFRM_POLICY_TYPE_MAIN), >, 0);
	g_assert_true(block_policies_clean_stale(NUMBER, NULL));
	g_assert_cmpuint(n_policies(), ==, 0);
	block_policies_free(dead);
}

int
main(int argc, char **argv)
{
	no_netns = own_netns_enter();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/block-policies/under", test_under);
	g_test_add_func("/block-policies/over-a-restart", test_over_a_restart);
	g_test_add_func("/block-policies/another-address", test_another_address);
	g_test_add_func("/block-policies/other-nets", test_other_nets);
	g_test_add_func("/block-policies/addresses-of-uplinks", test_addresses_of_uplinks);
	g_test_add_func("/block-policies/ever-new-addresses", test_ever_new_addresses);
	g_test_add_func("/block-policies/many-addresses-while-reconnecting",
					test_many_addresses_while_reconnecting);
	g_test_add_func("/block-policies/address-within", test_address_within);
	g_test_add_func("/block-policies/protocol", test_protocol);
	g_test_add_func("/block-policies/ipv6", test_ipv6);
	g_test_add_func("/block-policies/stale", test_stale);
	g_test_add_func("/block-policies/no-descriptor", test_no_descriptor);
	g_test_add_func("/block-policies/stale-ipv6", test_stale_ipv6);
	return g_test_run();
}
