/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In a network namespace of the test's, with real policies, states and links. Any link will do for
 * the interface: the dummy device, or where the kernel has none a bridge.
 */
#include "config.h"

#include "kernel-watch.h"
#include "kernel-xfrm.h"
#include "own-netns.h"

#include <gio/gio.h>
#include <netlink/route/link.h>

#define PAUSE_MS 20
#define IF_ID    3
#define REQID    16389
#define MINE     "10.9.0.5"
#define PEERS    "10.1.0.0/16"

static const char *no_netns;

typedef struct {
	KernelWatch *watch;
	GPtrArray *said;
	GArray *children;
	XfrmInterface interface;
} Fixture;

static void
on_missing(const char *what, gpointer user_data)
{
	Fixture *f = user_data;

	g_test_message("%s", what);
	g_ptr_array_add(f->said, g_strdup(what));
}

/* Links */

static struct nl_sock *
route_socket(void)
{
	struct nl_sock *sock = nl_socket_alloc();

	g_assert_cmpint(nl_connect(sock, NETLINK_ROUTE), ==, 0);
	return sock;
}

static int
add_link(const char *type, const char *name)
{
	struct nl_sock *sock = route_socket();
	struct rtnl_link *link = rtnl_link_alloc();
	int n;

	rtnl_link_set_type(link, type);
	rtnl_link_set_name(link, name);
	rtnl_link_set_flags(link, IFF_UP);
	n = rtnl_link_add(sock, link, NLM_F_CREATE | NLM_F_EXCL);
	rtnl_link_put(link);
	nl_socket_free(sock);
	return n;
}

static int
index_of(const char *name)
{
	struct nl_sock *sock = route_socket();
	struct rtnl_link *link = NULL;
	int ifindex = rtnl_link_get_kernel(sock, 0, name, &link) == 0 ? rtnl_link_get_ifindex(link) : 0;

	if (link)
		rtnl_link_put(link);
	nl_socket_free(sock);
	return ifindex;
}

static void
delete_link(int ifindex)
{
	struct nl_sock *sock = route_socket();
	struct rtnl_link *link = rtnl_link_alloc();

	rtnl_link_set_ifindex(link, ifindex);
	rtnl_link_delete(sock, link);
	rtnl_link_put(link);
	nl_socket_free(sock);
}

/* @name: NULL to leave it; @up: -1 to leave it. */
static void
change_link(int ifindex, const char *name, int up)
{
	struct nl_sock *sock = route_socket();
	struct rtnl_link *link = rtnl_link_alloc(), *change = rtnl_link_alloc();

	rtnl_link_set_ifindex(link, ifindex);
	if (name)
		rtnl_link_set_name(change, name);
	if (up == 1)
		rtnl_link_set_flags(change, IFF_UP);
	if (up == 0)
		rtnl_link_unset_flags(change, IFF_UP);
	g_assert_cmpint(rtnl_link_change(sock, link, change, 0), ==, 0);
	rtnl_link_put(link);
	rtnl_link_put(change);
	nl_socket_free(sock);
}

/* The tunnel */

static void
add_tunnel(guint32 if_id)
{
	add_child(MINE, PEERS, if_id, REQID);
	add_state("192.0.2.2", "198.51.100.1", 0x1001, if_id, REQID);
	add_state("198.51.100.1", "192.0.2.2", 0x1002, if_id, REQID);
}

static void
remove_tunnel(void)
{
	flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	flush_xfrm(XFRM_MSG_FLUSHSA);
}

static void
delete_tunnel(guint32 if_id)
{
	delete_child(MINE, PEERS, if_id);
	delete_state("198.51.100.1", 0x1001);
	delete_state("192.0.2.2", 0x1002);
}

static gboolean
on_over(gpointer over)
{
	*(gboolean *) over = TRUE;
	return G_SOURCE_REMOVE;
}

static void
run_for(guint ms)
{
	gboolean over = FALSE;

	g_timeout_add(ms, on_over, &over);
	while (!over)
		g_main_context_iteration(NULL, TRUE);
}

static void
until_said(Fixture *f, const char *part)
{
	while (f->said->len == 0)
		g_main_context_iteration(NULL, TRUE);
	g_assert_nonnull(strstr(f->said->pdata[0], part));
	/* And once is enough. */
	run_for(4 * PAUSE_MS);
	g_assert_cmpuint(f->said->len, ==, 1);
}

/* @interface: whether to have one. */
static void
set_up(Fixture *f, gconstpointer interface)
{
	g_autoptr(GError) error = NULL;
	const XfrmChild children[] = {child(MINE, PEERS)};

	if (no_netns)
		return;
	f->said = g_ptr_array_new_with_free_func(g_free);
	f->children = g_array_new(FALSE, FALSE, sizeof(XfrmChild));
	g_array_append_vals(f->children, children, 1);
	if (interface) {
		if (add_link("dummy", "ipsec3") < 0 && add_link("bridge", "ipsec3") < 0)
			return;
		f->interface =
			(XfrmInterface){.if_id = IF_ID, .ifindex = index_of("ipsec3"), .name = "ipsec3"};
	}
	f->watch = kernel_watch_new(interface ? &f->interface : NULL, on_missing, f, &error);
	g_assert_no_error(error);
	kernel_watch_set_pause(f->watch, PAUSE_MS);
}

static void
tear_down(Fixture *f, gconstpointer interface)
{
	if (no_netns)
		return;
	kernel_watch_free(f->watch);
	remove_tunnel();
	if (f->interface.ifindex)
		delete_link(f->interface.ifindex);
	g_ptr_array_unref(f->said);
	g_array_unref(f->children);
}

static gboolean
ready(const Fixture *f)
{
	if (!f->watch)
		g_test_skip(no_netns ? no_netns : "the kernel has neither dummy devices nor bridges");
	return f->watch != NULL;
}

static void
test_flushed(Fixture *f, int what, guint32 if_id)
{
	add_tunnel(if_id);
	kernel_watch_expect(f->watch, f->children);
	run_for(4 * PAUSE_MS);
	g_assert_cmpuint(f->said->len, ==, 0);
	flush_xfrm(what);
	until_said(f, "for " MINE " and " PEERS);
}

static void
test_policies_flushed(Fixture *f, gconstpointer interface)
{
	if (ready(f))
		test_flushed(f, XFRM_MSG_FLUSHPOLICY, IF_ID);
}

static void
test_states_flushed(Fixture *f, gconstpointer interface)
{
	if (ready(f))
		test_flushed(f, XFRM_MSG_FLUSHSA, IF_ID);
}

static void
test_without_interface(Fixture *f, gconstpointer interface)
{
	if (ready(f))
		test_flushed(f, XFRM_MSG_FLUSHPOLICY, 0);
}

/* Flushed in the very moment in which it was reported. */
static void
test_flushed_at_once(Fixture *f, gconstpointer interface)
{
	if (!ready(f))
		return;
	add_tunnel(IF_ID);
	kernel_watch_expect(f->watch, f->children);
	flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	until_said(f, "policies");
}

static char *
on_who(guint32 port, gpointer user_data)
{
	guint32 *asked = user_data;

	*asked = port;
	return g_strdup("racoon (pid 7)");
}

/* A flush is certain, and whoever it was is asked for at once; what goes one by one is not, and
 * nobody's. */
static void
test_who_flushes(Fixture *f, gconstpointer interface)
{
	guint32 asked = 0;

	if (!ready(f))
		return;
	kernel_watch_set_who(f->watch, on_who, &asked);
	add_tunnel(IF_ID);
	/* It is not waited for. */
	kernel_watch_set_pause(f->watch, 3600 * 1000);
	kernel_watch_expect(f->watch, f->children);
	flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	until_said(f, "racoon (pid 7) removed the kernel's policies or states for " MINE);
	g_assert_cmpuint(asked, !=, 0);

	kernel_watch_set_pause(f->watch, PAUSE_MS);
	/* While nothing is waited for it is no news. */
	remove_tunnel();
	run_for(PAUSE_MS);
	add_tunnel(IF_ID);
	kernel_watch_expect(f->watch, f->children);
	g_ptr_array_set_size(f->said, 0);
	delete_tunnel(IF_ID);
	until_said(f, "somebody removed the kernel's policies or states for " MINE);
}

/* Traps and what blocks are policies, too, and go with the others; states have none of that. */
static void
test_nothing_but_policies(Fixture *f, gconstpointer interface)
{
	g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(XfrmChild));

	if (!ready(f))
		return;
	/* The kernel tells of no flush that had nothing to do. */
	add_tunnel(IF_ID);
	run_for(PAUSE_MS);
	kernel_watch_expect(f->watch, none);
	flush_xfrm(XFRM_MSG_FLUSHSA);
	run_for(4 * PAUSE_MS);
	g_assert_cmpuint(f->said->len, ==, 0);
	flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	/* Between the first Child SA and the report of all. */
	kernel_watch_expect(f->watch, none);
	until_said(f, "somebody removed all of the kernel's IPsec policies");
	/* It is over. */
	kernel_watch_expect(f->watch, NULL);
	g_ptr_array_set_size(f->said, 0);
	add_tunnel(IF_ID);
	flush_xfrm(XFRM_MSG_FLUSHPOLICY);
	run_for(4 * PAUSE_MS);
	g_assert_cmpuint(f->said->len, ==, 0);
}

/* As pluto does it: something goes and comes back, another SA takes the place of the first. */
static void
test_own_changes(Fixture *f, gconstpointer interface)
{
	if (!ready(f))
		return;
	add_tunnel(IF_ID);
	/* Long enough for a machine that is busy with something else. */
	kernel_watch_set_pause(f->watch, 10 * PAUSE_MS);
	kernel_watch_expect(f->watch, f->children);
	for (guint i = 0; i < 5; i++) {
		delete_tunnel(IF_ID);
		run_for(PAUSE_MS / 4);
		add_tunnel(IF_ID);
		run_for(6 * PAUSE_MS);
	}
	g_assert_cmpuint(f->said->len, ==, 0);
}

/* What never was in the kernel is not missed: how a policy looks is libreswan's business. */
static void
test_never_there(Fixture *f, gconstpointer interface)
{
	if (!ready(f))
		return;
	kernel_watch_expect(f->watch, f->children);
	add_child("10.9.0.6", PEERS, IF_ID, REQID);
	run_for(5 * PAUSE_MS);
	g_assert_cmpuint(f->said->len, ==, 0);
}

/* When nothing is expected any more, because an instance ends, its end is no news. */
static void
test_not_expected(Fixture *f, gconstpointer interface)
{
	if (!ready(f))
		return;
	add_tunnel(IF_ID);
	kernel_watch_expect(f->watch, f->children);
	kernel_watch_expect(f->watch, NULL);
	remove_tunnel();
	change_link(f->interface.ifindex, NULL, 0);
	run_for(5 * PAUSE_MS);
	g_assert_cmpuint(f->said->len, ==, 0);
}

static void
test_interface_removed(Fixture *f, gconstpointer interface)
{
	XfrmInterface next = f->interface;

	if (!ready(f))
		return;
	delete_link(f->interface.ifindex);
	until_said(f, "removed the interface ipsec3");
	/* Another is made in its place. */
	if (add_link("dummy", "ipsec3") < 0)
		g_assert_cmpint(add_link("bridge", "ipsec3"), ==, 0);
	next.ifindex = f->interface.ifindex = index_of("ipsec3");
	kernel_watch_follow(f->watch, &next);
	run_for(4 * PAUSE_MS);
	g_assert_cmpuint(f->said->len, ==, 1);
	delete_link(next.ifindex);
	while (f->said->len == 1)
		g_main_context_iteration(NULL, TRUE);
}

static void
test_interface_renamed(Fixture *f, gconstpointer interface)
{
	if (!ready(f))
		return;
	change_link(f->interface.ifindex, NULL, 0);
	change_link(f->interface.ifindex, "other", -1);
	change_link(f->interface.ifindex, NULL, 1);
	until_said(f, "renamed the interface ipsec3");
}

static void
test_interface_down(Fixture *f, gconstpointer interface)
{
	if (!ready(f))
		return;
	kernel_watch_expect(f->watch, f->children);
	g_assert_false(kernel_watch_was_down(f->watch));
	/* Whoever sets it up again does not put back its routes. */
	change_link(f->interface.ifindex, NULL, 0);
	change_link(f->interface.ifindex, NULL, 1);
	until_said(f, "set down the interface ipsec3");
	g_assert_true(kernel_watch_was_down(f->watch));
	kernel_watch_follow(f->watch, &f->interface);
	g_assert_false(kernel_watch_was_down(f->watch));
	kernel_watch_expect(f->watch, f->children);
	g_ptr_array_set_size(f->said, 0);
	run_for(4 * PAUSE_MS);
	g_assert_cmpuint(f->said->len, ==, 0);
	change_link(f->interface.ifindex, NULL, 0);
	until_said(f, "set down the interface ipsec3");
}

#define ADD(name, interface, test)                                                                 \
	g_test_add("/kernel-watch/" name, Fixture, interface, set_up, test, tear_down)

int
main(int argc, char **argv)
{
	no_netns = own_netns_enter();
	g_test_init(&argc, &argv, NULL);
	ADD("policies-flushed", "y", test_policies_flushed);
	ADD("states-flushed", "y", test_states_flushed);
	ADD("without-interface", NULL, test_without_interface);
	ADD("flushed-at-once", "y", test_flushed_at_once);
	ADD("who-flushes", "y", test_who_flushes);
	ADD("nothing-but-policies", "y", test_nothing_but_policies);
	ADD("own-changes", "y", test_own_changes);
	ADD("never-there", "y", test_never_there);
	ADD("not-expected", "y", test_not_expected);
	ADD("interface-removed", "y", test_interface_removed);
	ADD("interface-renamed", "y", test_interface_renamed);
	ADD("interface-down", "y", test_interface_down);
	return g_test_run();
}
