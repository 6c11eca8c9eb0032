/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In a network namespace of the test's. Where the kernel has no XFRM interfaces bridges stand for
 * them (fake-xfrm-interface.h), after a look at the error.
 */
#include "config.h"

#include "xfrm-interface.h"
#include "fake-xfrm-interface.h"
#include "kernel-xfrm.h"
#include "own-netns.h"
#include "no-descriptors.h"

#include <gio/gio.h>
#include <linux/xfrm.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/link/xfrmi.h>
#include <sys/socket.h>

#define UUID  "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
#define OTHER "3f2504e0-4f89-41d3-9a0c-0305e82c3302"

static const char *no_netns;

/* The kernel, as another program would change it. */

static struct nl_sock *
route_socket(void)
{
	struct nl_sock *sock = nl_socket_alloc();

	g_assert_cmpint(nl_connect(sock, NETLINK_ROUTE), ==, 0);
	return sock;
}

/* A link of any other type; false where the kernel has not that either. */
static gboolean
add_bridge(const char *name)
{
	struct nl_sock *sock = route_socket();
	struct rtnl_link *link = rtnl_link_alloc();
	int n;

	rtnl_link_set_type(link, "bridge");
	rtnl_link_set_name(link, name);
	n = rtnl_link_add(sock, link, NLM_F_CREATE | NLM_F_EXCL);
	rtnl_link_put(link);
	nl_socket_free(sock);
	return n == 0;
}

static void
set_alias(const char *name, const char *alias)
{
	struct nl_sock *sock = route_socket();
	struct rtnl_link *link, *change = rtnl_link_alloc();

	g_assert_cmpint(rtnl_link_get_kernel(sock, 0, name, &link), ==, 0);
	rtnl_link_set_ifalias(change, alias);
	g_assert_cmpint(rtnl_link_change(sock, link, change, 0), ==, 0);
	rtnl_link_put(link);
	rtnl_link_put(change);
	nl_socket_free(sock);
}

static gboolean
has_link(const char *name)
{
	struct nl_sock *sock = route_socket();
	struct rtnl_link *link = NULL;
	int n = rtnl_link_get_kernel(sock, 0, name, &link);

	if (link)
		rtnl_link_put(link);
	nl_socket_free(sock);
	return n == 0;
}

static guint
mtu_of(const char *name)
{
	struct nl_sock *sock = route_socket();
	struct rtnl_link *link;
	guint mtu;

	g_assert_cmpint(rtnl_link_get_kernel(sock, 0, name, &link), ==, 0);
	mtu = rtnl_link_get_mtu(link);
	rtnl_link_put(link);
	nl_socket_free(sock);
	return mtu;
}

static void
delete_link(const char *name)
{
	struct nl_sock *sock = route_socket();
	struct rtnl_link *link = rtnl_link_alloc();

	rtnl_link_set_name(link, name);
	g_assert_cmpint(rtnl_link_delete(sock, link), ==, 0);
	rtnl_link_put(link);
	nl_socket_free(sock);
}

/* A policy of somebody else, or its end. */
static void
policy(int type, guint32 if_id)
{
	struct xfrm_userpolicy_info add = {.sel = {.family = AF_INET},
									   .lft = {XFRM_INF, XFRM_INF, XFRM_INF, XFRM_INF},
									   .dir = XFRM_POLICY_OUT,
									   .action = XFRM_POLICY_BLOCK};
	struct xfrm_userpolicy_id del = {.sel = {.family = AF_INET}, .dir = XFRM_POLICY_OUT};
	struct nl_sock *sock = nl_socket_alloc();
	struct nl_msg *msg = nlmsg_alloc_simple(type, NLM_F_REQUEST | NLM_F_CREATE);

	g_assert_cmpint(nl_connect(sock, NETLINK_XFRM), ==, 0);
	if (type == XFRM_MSG_NEWPOLICY)
		nlmsg_append(msg, &add, sizeof(add), NLMSG_ALIGNTO);
	else
		nlmsg_append(msg, &del, sizeof(del), NLMSG_ALIGNTO);
	nla_put_u32(msg, XFRMA_IF_ID, if_id);
	g_assert_cmpint(nl_send_auto(sock, msg), >, 0);
	g_assert_cmpint(nl_wait_for_ack(sock), ==, 0);
	nlmsg_free(msg);
	nl_socket_free(sock);
}

/* Makes one, or skips. */
static gboolean
begin(XfrmInterface *made)
{
	g_autoptr(GError) error = NULL;

	if (skipped(no_netns))
		return FALSE;
	g_assert_true(xfrm_interface_create(UUID, 1, 0, made, &error));
	g_assert_no_error(error);
	return TRUE;
}

static void
finish(const XfrmInterface *made)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(xfrm_interface_delete(made, &error));
	g_assert_no_error(error);
	g_assert_false(has_link(made->name));
}

static void
test_find_free(void)
{
	g_autoptr(GError) error = NULL;

	if (skipped(no_netns))
		return;
	g_assert_cmpuint(xfrm_interface_find_free(0, &error), ==, 1);
	g_assert_no_error(error);
	g_assert_cmpuint(xfrm_interface_find_free(7, NULL), ==, 7);
	policy(XFRM_MSG_NEWPOLICY, 1);
	g_assert_cmpuint(xfrm_interface_find_free(1, NULL), ==, 2);
	if (add_bridge("ipsec2")) {
		g_assert_cmpuint(xfrm_interface_find_free(1, NULL), ==, 3);
		delete_link("ipsec2");
	}
	policy(XFRM_MSG_DELPOLICY, 1);
	g_assert_cmpuint(xfrm_interface_find_free(1, NULL), ==, 1);

	g_assert_cmpuint(xfrm_interface_find_free(65536, &error), ==, 0);
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

static void
test_taken(void)
{
	g_autoptr(GError) error = NULL;
	XfrmInterface made;

	if (skipped(no_netns))
		return;
	policy(XFRM_MSG_NEWPOLICY, 5);
	g_assert_false(xfrm_interface_create_numbered(UUID, 5, 0, &made, &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS);
	g_assert_nonnull(strstr(error->message, "5"));
	policy(XFRM_MSG_DELPOLICY, 5);
}

/* Not an XFRM interface, whatever its name and its alias. */
static void
test_not_ours(void)
{
	const XfrmInterface none = {.if_id = 9, .ifindex = 4711, .name = "ipsec9", .uuid = UUID};
	g_autoptr(GArray) ours = NULL;
	g_autoptr(GError) error = NULL;
	XfrmInterface impostor = {.if_id = 8, .name = "ipsec8", .uuid = UUID};

	if (skipped(no_netns))
		return;
	/* Gone already is no error. */
	g_assert_true(xfrm_interface_delete(&none, &error));
	g_assert_no_error(error);

	if (!add_bridge("ipsec8")) {
		g_test_skip("the kernel has no bridges");
		return;
	}
	set_alias("ipsec8", "nm-libreswan " UUID);
	impostor.ifindex = if_nametoindex("ipsec8");
	ours = xfrm_interface_list_ours(NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(ours->len, ==, 0);
	g_assert_false(xfrm_interface_delete(&impostor, &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS);
	g_assert_true(has_link("ipsec8"));
	delete_link("ipsec8");
}

/* The kernel has none: it is said so, and nothing is left. */
static void
test_not_supported(void)
{
	g_autoptr(GError) error = NULL;
	XfrmInterface made;

	if (skipped(no_netns))
		return;
	if (!fake_xfrm_interface_is_needed()) {
		g_test_skip("the kernel has XFRM interfaces");
		return;
	}
	fake_xfrm_interface_set_off(TRUE);
	g_assert_false(xfrm_interface_create(UUID, 1, 0, &made, &error));
	fake_xfrm_interface_set_off(FALSE);
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
	g_assert_nonnull(strstr(error->message, "ipsec1"));
	g_assert_nonnull(strstr(error->message, "xfrm_interface"));
	g_assert_false(has_link("ipsec1"));
}

static void
test_life(void)
{
	g_autoptr(GArray) ours = NULL;
	g_autoptr(GArray) others = NULL;
	g_autoptr(GError) error = NULL;
	XfrmInterface made, second, *found;
	struct rtnl_link *link;
	struct nl_sock *sock;

	if (!begin(&made))
		return;
	g_assert_cmpuint(made.if_id, ==, 1);
	g_assert_cmpstr(made.name, ==, "ipsec1");

	sock = route_socket();
	g_assert_cmpint(rtnl_link_get_kernel(sock, made.ifindex, NULL, &link), ==, 0);
	g_assert_cmpuint(rtnl_link_get_mtu(link), ==, XFRM_INTERFACE_DEFAULT_MTU);
	g_assert_true(rtnl_link_get_flags(link) & IFF_UP);
	g_assert_cmpint(rtnl_link_get_link(link), ==, 0);
	g_assert_cmpstr(rtnl_link_get_ifalias(link), ==, "nm-libreswan " UUID);
	rtnl_link_put(link);
	nl_socket_free(sock);

	g_assert_true(xfrm_interface_create(OTHER, 1, 1300, &second, &error));
	g_assert_cmpuint(second.if_id, ==, 2);
	g_assert_false(xfrm_interface_create_numbered(OTHER, 2, 0, &(XfrmInterface){0}, NULL));

	ours = xfrm_interface_list_ours(UUID, &error);
	others = xfrm_interface_list_ours(NULL, &error);
	g_assert_cmpuint(ours->len, ==, 1);
	g_assert_cmpuint(others->len, ==, 2);
	found = &g_array_index(ours, XfrmInterface, 0);
	g_assert_cmpuint(found->if_id, ==, 1);
	g_assert_cmpint(found->ifindex, ==, made.ifindex);
	g_assert_cmpstr(found->uuid, ==, UUID);
	g_assert_cmpstr(found->name, ==, "ipsec1");
	finish(&second);
	finish(&made);
}

/* The MTU is the one that was asked for. */
static void
test_mtu(void)
{
	XfrmInterface made;

	if (skipped(no_netns))
		return;
	g_assert_true(xfrm_interface_create(UUID, 3, 1300, &made, NULL));
	g_assert_cmpuint(made.if_id, ==, 3);
	g_assert_cmpuint(mtu_of("ipsec3"), ==, 1300);
	finish(&made);
}

/* A number is taken by an interface's if_id, whatever its name, and by a state. */
static void
test_taken_by_another_name(void)
{
	XfrmInterface made;

	if (!begin(&made))
		return;
	ip("link set ipsec1 down");
	ip("link set ipsec1 name other");
	g_assert_cmpuint(xfrm_interface_find_free(1, NULL), ==, 2);
	add_state("198.51.100.1", "192.0.2.2", 0x1000, 2, 16389);
	g_assert_cmpuint(xfrm_interface_find_free(1, NULL), ==, 3);
	flush_xfrm(XFRM_MSG_FLUSHSA);
	g_assert_cmpuint(xfrm_interface_find_free(1, NULL), ==, 2);
	ip("link del other");
}

static void
test_look(void)
{
	XfrmInterface made;

	if (!begin(&made))
		return;
	g_assert_cmpint(xfrm_interface_look(&made), ==, XFRM_INTERFACE_WELL);
	ip("link set ipsec1 down");
	g_assert_cmpint(xfrm_interface_look(&made), ==, XFRM_INTERFACE_DOWN);
	ip("link set ipsec1 name other");
	g_assert_cmpint(xfrm_interface_look(&made), ==, XFRM_INTERFACE_RENAMED);
	ip("link del other");
	g_assert_cmpint(xfrm_interface_look(&made), ==, XFRM_INTERFACE_GONE);
	/* Where it cannot be asked for nothing is wrong. */
	no_descriptors_begin();
	g_assert_cmpint(xfrm_interface_look(&made), ==, XFRM_INTERFACE_WELL);
	no_descriptors_end();
}

static void
test_is_anothers(void)
{
	XfrmInterface made;

	if (!begin(&made))
		return;
	add_bridge("other");
	g_assert_false(xfrm_interface_is_anothers(&made));
	set_alias("ipsec1", "nm-libreswan " OTHER);
	g_assert_true(xfrm_interface_is_anothers(&made));
	set_alias("ipsec1", "nm-libreswan nonsense");
	g_assert_true(xfrm_interface_is_anothers(&made));
	set_alias("ipsec1", "nm-libreswan " UUID);
	no_descriptors_begin();
	g_assert_true(xfrm_interface_is_anothers(&made));
	no_descriptors_end();
	finish(&made);
	g_assert_false(xfrm_interface_is_anothers(&made));
	delete_link("other");
}

/* An MTU that the kernel refuses: said, and nothing is left. */
static void
test_refused(void)
{
	g_autoptr(GError) error = NULL;
	XfrmInterface made;

	if (skipped(no_netns))
		return;
	g_assert_false(xfrm_interface_create(UUID, 1, 1000000, &made, &error));
	g_assert_nonnull(error);
	g_assert_false(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED));
	g_assert_nonnull(strstr(error->message, "make interface ipsec1"));
	g_assert_false(has_link("ipsec1"));
}

/* Without the mark it is not ours, and stays. */
static void
test_marked_by_another(void)
{
	g_autoptr(GError) error = NULL;
	XfrmInterface made;

	if (!begin(&made))
		return;
	set_alias("ipsec1", "somebody's");
	g_assert_false(xfrm_interface_delete(&made, &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_EXISTS);
	set_alias("ipsec1", "nm-libreswan " UUID);
	finish(&made);
}

static void
test_no_descriptor(void)
{
	const XfrmInterface interface = {.name = "ipsec7", .ifindex = 7, .if_id = 7};
	g_autoptr(GError) error = NULL;
	XfrmInterface made;

	no_descriptors_begin();
	assert_no_descriptor(xfrm_interface_create(UUID, 1, 0, &made, &error), error);
	assert_no_descriptor(xfrm_interface_create_numbered(UUID, 7, 0, &made, &error), error);
	assert_no_descriptor(xfrm_interface_delete(&interface, &error), error);
	assert_no_descriptor(xfrm_interface_list_ours(NULL, &error), error);
	assert_no_descriptor(xfrm_interface_find_free(1, &error), error);
	no_descriptors_end();
}

int
main(int argc, char **argv)
{
	no_netns = own_netns_enter();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/xfrm-interface/find-free", test_find_free);
	g_test_add_func("/xfrm-interface/taken", test_taken);
	g_test_add_func("/xfrm-interface/not-ours", test_not_ours);
	g_test_add_func("/xfrm-interface/not-supported", test_not_supported);
	g_test_add_func("/xfrm-interface/life", test_life);
	g_test_add_func("/xfrm-interface/mtu", test_mtu);
	g_test_add_func("/xfrm-interface/taken-by-another-name", test_taken_by_another_name);
	g_test_add_func("/xfrm-interface/look", test_look);
	g_test_add_func("/xfrm-interface/is-anothers", test_is_anothers);
	g_test_add_func("/xfrm-interface/refused", test_refused);
	g_test_add_func("/xfrm-interface/marked-by-another", test_marked_by_another);
	g_test_add_func("/xfrm-interface/no-descriptor", test_no_descriptor);
	return g_test_run();
}
