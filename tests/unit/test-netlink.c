/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In two network namespaces of the test's: one that it is in, and another. */
#include "config.h"

#include "netlink.h"
#include "own-netns.h"

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

/* Their dump takes so many pieces that the kernel does not have the last ready with the first. */
#define MANY 4000

static const char *no_netns;
static int other_netns = -1;

static Netlink *
open_route(int netns)
{
	g_autoptr(GError) error = NULL;
	Netlink *netlink = netlink_open(NETLINK_ROUTE, netns, &error);

	g_assert_no_error(error);
	g_assert_nonnull(netlink);
	return netlink;
}

/* Requests and what they are answered with */

/* 198.18.x.y on the loopback interface, by @number. */
static struct nl_msg *
address_message(int type, int flags, guint number)
{
	const struct ifaddrmsg info = {.ifa_family = AF_INET, .ifa_prefixlen = 32, .ifa_index = 1};
	struct nl_msg *message = netlink_message_new(type, flags, &info, sizeof(info));

	netlink_message_put_u32(message, IFA_LOCAL, htonl(0xc6120000 + number));
	return message;
}

static int
add_address(Netlink *netlink, guint number)
{
	return netlink_request(netlink,
						   address_message(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, number));
}

static int
delete_address(Netlink *netlink, guint number)
{
	return netlink_request(netlink, address_message(RTM_DELADDR, 0, number));
}

/* Adds or deletes those from 1 to @n. */
static void
change_many(Netlink *netlink, int type, guint n)
{
	g_autoptr(GPtrArray) requests = g_ptr_array_new_with_free_func((GDestroyNotify) nlmsg_free);
	g_autofree int *answers = g_new(int, n);

	for (guint i = 1; i <= n; i++)
		g_ptr_array_add(requests, address_message(type, NLM_F_CREATE, i));
	netlink_request_all(netlink, requests, answers);
	for (guint i = 0; i < n; i++)
		g_assert_cmpint(answers[i], ==, 0);
}

static void
read_address(struct nlmsghdr *message, GArray *into, gconstpointer user_data)
{
	struct nlattr *attributes[IFA_MAX + 1];
	guint32 address;

	g_assert_cmpint(message->nlmsg_type, ==, RTM_NEWADDR);
	g_assert_true(netlink_message_parse(message, sizeof(struct ifaddrmsg), attributes, IFA_MAX));
	address = ntohl(netlink_attribute_u32(attributes[IFA_LOCAL]));
	if (address >> 16 == 0xc612)
		g_array_append_val(into, address);
}

static struct nl_msg *
all_addresses(void)
{
	const struct ifaddrmsg info = {.ifa_family = AF_INET};

	return netlink_message_new(RTM_GETADDR, 0, &info, sizeof(info));
}

static guint
count_addresses(Netlink *netlink)
{
	g_autoptr(GArray) addresses = g_array_new(FALSE, FALSE, sizeof(guint32));

	g_assert_cmpint(netlink_dump(netlink, all_addresses(), read_address, addresses, NULL), ==, 0);
	return addresses->len;
}

/* Tests */

static void
test_request(void)
{
	g_autoptr(Netlink) netlink = NULL;

	if (skipped(no_netns))
		return;
	netlink = open_route(NETLINK_OWN_NAMESPACE);
	g_assert_cmpint(add_address(netlink, 1), ==, 0);
	g_assert_cmpint(add_address(netlink, 1), ==, -EEXIST);
	g_assert_cmpuint(count_addresses(netlink), ==, 1);
	g_assert_cmpint(delete_address(netlink, 1), ==, 0);
	g_assert_cmpint(delete_address(netlink, 1), ==, -EADDRNOTAVAIL);
	g_assert_cmpuint(count_addresses(netlink), ==, 0);
}

static void
test_query(void)
{
	const struct ifinfomsg lo = {.ifi_index = 1}, none = {.ifi_index = 4711};
	g_autoptr(GArray) addresses = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_autoptr(Netlink) netlink = NULL;

	if (skipped(no_netns))
		return;
	netlink = open_route(NETLINK_OWN_NAMESPACE);
	g_assert_cmpint(netlink_request(netlink, netlink_message_new(RTM_GETLINK, 0, &lo, sizeof(lo))),
					==, 0);
	g_assert_cmpint(netlink_query(netlink, netlink_message_new(RTM_GETLINK, 0, &none, sizeof(none)),
								  read_address, addresses, NULL),
					==, -ENODEV);
	g_assert_cmpuint(addresses->len, ==, 0);
}

/* One that is refused among others, over several batches. */
static void
test_request_all(void)
{
	g_autoptr(GPtrArray) requests = g_ptr_array_new_with_free_func((GDestroyNotify) nlmsg_free);
	g_autoptr(Netlink) netlink = NULL;
	int answers[150];

	if (skipped(no_netns))
		return;
	netlink = open_route(NETLINK_OWN_NAMESPACE);
	for (guint i = 0; i < G_N_ELEMENTS(answers); i++)
		g_ptr_array_add(requests, address_message(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL,
												  i == 70 || i == 71 ? 1 : i + 1));
	netlink_request_all(netlink, requests, answers);
	for (guint i = 0; i < G_N_ELEMENTS(answers); i++)
		g_assert_cmpint(answers[i], ==, i == 70 || i == 71 ? -EEXIST : 0);
	g_assert_cmpuint(count_addresses(netlink), ==, 148);
	/* None at all. */
	g_ptr_array_set_size(requests, 0);
	netlink_request_all(netlink, requests, answers);
	for (guint i = 0; i < G_N_ELEMENTS(answers); i++) {
		if (i != 70 && i != 71)
			g_assert_cmpint(delete_address(netlink, i + 1), ==, 0);
	}
}

/* More than the socket takes: it never gets to the kernel, and the one after it does. */
static void
test_failed_send(void)
{
	g_autoptr(Netlink) netlink = NULL;
	const gsize size = 8 * 1024 * 1024;

	if (skipped(no_netns))
		return;
	netlink = open_route(NETLINK_OWN_NAMESPACE);
	for (guint i = 1; i <= 3; i++) {
		struct nl_msg *huge = nlmsg_alloc_size(size + 4096);

		nlmsg_put(huge, 0, 0, RTM_NEWADDR, (int) size, 0);
		g_assert_cmpint(netlink_request(netlink, huge), ==, -EMSGSIZE);
		g_assert_cmpint(add_address(netlink, i), ==, 0);
		g_assert_cmpuint(count_addresses(netlink), ==, i);
	}
	change_many(netlink, RTM_DELADDR, 3);
}

/* What a dump ends with is an error too, and the next one is not concerned. */
static void
test_failed_dump(void)
{
	const struct rtmsg info = {.rtm_family = AF_INET};
	g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_autoptr(Netlink) netlink = NULL;
	struct nl_msg *request;

	if (skipped(no_netns))
		return;
	netlink = open_route(NETLINK_OWN_NAMESPACE);
	request = netlink_message_new(RTM_GETROUTE, 0, &info, sizeof(info));
	netlink_message_put_u32(request, RTA_OIF, 4711);
	g_assert_cmpint(netlink_dump(netlink, request, read_address, none, NULL), ==, -ENODEV);
	g_assert_cmpuint(count_addresses(netlink), ==, 0);
}

/* Reading, and changing meanwhile what is read. */
typedef struct {
	Netlink *meddler;
	guint n_left; /* changes that it makes, one in each dump */
	guint n_dumps;
} Meddling;

static void
read_and_meddle(struct nlmsghdr *message, GArray *into, gconstpointer user_data)
{
	Meddling *meddling = *(Meddling *const *) user_data;

	read_address(message, into, NULL);
	if (into->len != 1)
		return;
	meddling->n_dumps++;
	if (meddling->n_left > 0) {
		meddling->n_left--;
		g_assert_cmpint(add_address(meddling->meddler, MANY + 1 + meddling->n_left), ==, 0);
	}
}

static int
dump_and_meddle(Netlink *netlink, guint n_changes, guint *n_dumps, GArray *addresses)
{
	g_autoptr(Netlink) meddler = open_route(NETLINK_OWN_NAMESPACE);
	Meddling meddling = {meddler, n_changes, 0}, *user_data = &meddling;
	int answer = netlink_dump(netlink, all_addresses(), read_and_meddle, addresses, &user_data);

	*n_dumps = meddling.n_dumps;
	for (guint i = meddling.n_left; i < n_changes; i++)
		g_assert_cmpint(delete_address(meddler, MANY + 1 + i), ==, 0);
	return answer;
}

static void
test_interrupted_dump(void)
{
	g_autoptr(GArray) addresses = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_autoptr(Netlink) netlink = NULL;
	guint n_dumps;

	if (skipped(no_netns))
		return;
	netlink = open_route(NETLINK_OWN_NAMESPACE);
	change_many(netlink, RTM_NEWADDR, MANY);
	/* Once more, and once only: nothing of the first is left. */
	g_assert_cmpint(dump_and_meddle(netlink, 1, &n_dumps, addresses), ==, 0);
	g_assert_cmpuint(n_dumps, ==, 2);
	g_assert_cmpuint(addresses->len, ==, MANY + 1);
	/* It never stands still: not for ever, and the socket is good afterwards. */
	g_assert_cmpint(dump_and_meddle(netlink, 99, &n_dumps, addresses), ==, -EINTR);
	g_assert_cmpuint(n_dumps, ==, 5);
	g_assert_cmpuint(count_addresses(netlink), ==, MANY);
	change_many(netlink, RTM_DELADDR, MANY);
}

static void
test_namespace(void)
{
	g_autofree char *before = g_file_read_link("/proc/thread-self/ns/net", NULL);
	g_autofree char *after = NULL;
	g_autoptr(Netlink) here = NULL;
	g_autoptr(Netlink) there = NULL;

	if (skipped(no_netns))
		return;
	here = open_route(NETLINK_OWN_NAMESPACE);
	there = open_route(other_netns);
	after = g_file_read_link("/proc/thread-self/ns/net", NULL);
	g_assert_cmpstr(before, ==, after);
	g_assert_cmpint(add_address(there, 1), ==, 0);
	g_assert_cmpuint(count_addresses(there), ==, 1);
	g_assert_cmpuint(count_addresses(here), ==, 0);
	g_assert_cmpint(delete_address(there, 1), ==, 0);
}

static void
test_no_namespace(void)
{
	g_autofree char *before = g_file_read_link("/proc/thread-self/ns/net", NULL);
	g_autofree char *after = NULL;
	g_autoptr(GError) error = NULL;
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (skipped(no_netns))
		return;
	g_assert_null(netlink_open(NETLINK_ROUTE, fd, &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_FAILED);
	g_assert_true(g_str_has_prefix(error->message, "cannot open a netlink socket: "));
	after = g_file_read_link("/proc/thread-self/ns/net", NULL);
	g_assert_cmpstr(before, ==, after);
	close(fd);
}

static void
test_no_protocol(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(netlink_open(31, NETLINK_OWN_NAMESPACE, &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

static void
test_fail(void)
{
	static const struct {
		int answer, code;
	} rows[] = {
		{-EPERM, G_IO_ERROR_PERMISSION_DENIED},
		{-EACCES, G_IO_ERROR_PERMISSION_DENIED},
		{-EEXIST, G_IO_ERROR_EXISTS},
		{-ENOENT, G_IO_ERROR_NOT_FOUND},
		{-ESRCH, G_IO_ERROR_NOT_FOUND},
		{-ENODEV, G_IO_ERROR_NOT_FOUND},
		{-EPROTONOSUPPORT, G_IO_ERROR_NOT_SUPPORTED},
		{-EOPNOTSUPP, G_IO_ERROR_NOT_SUPPORTED},
		{-EAFNOSUPPORT, G_IO_ERROR_NOT_SUPPORTED},
		{-EINVAL, G_IO_ERROR_FAILED},
		{-EINTR, G_IO_ERROR_FAILED},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *text =
			g_strdup_printf("cannot make ipsec7: %s", netlink_strerror(rows[i].answer));

		g_assert_false(netlink_fail(&error, rows[i].answer, "make ipsec%d", 7));
		g_assert_error(error, G_IO_ERROR, rows[i].code);
		g_assert_cmpstr(error->message, ==, text);
	}
	g_assert_false(netlink_fail(NULL, -EPERM, "do it"));
}

/* Subscriptions */

typedef struct {
	NetlinkSubscription *subscription;
	guint n_messages, n_lost;
	gboolean leaves; /* with the first of either */
} Listener;

static void
maybe_leave(Listener *listener)
{
	if (listener->leaves)
		g_clear_pointer(&listener->subscription, netlink_unsubscribe);
}

static void
on_message(struct nlmsghdr *message, gpointer user_data)
{
	Listener *listener = user_data;

	g_assert_true(message->nlmsg_type == RTM_NEWADDR || message->nlmsg_type == RTM_DELADDR);
	listener->n_messages++;
	maybe_leave(listener);
}

static void
on_lost(gpointer user_data)
{
	Listener *listener = user_data;

	listener->n_lost++;
	maybe_leave(listener);
}

static const NetlinkInterest addresses = {
	.what = "addresses",
	.protocol = NETLINK_ROUTE,
	.groups = {RTNLGRP_IPV4_IFADDR},
	.on_message = on_message,
	.on_lost = on_lost,
};
static const NetlinkInterest few_addresses = {
	.what = "addresses",
	.protocol = NETLINK_ROUTE,
	.groups = {RTNLGRP_IPV4_IFADDR},
	.buffer = 4096,
	.on_message = on_message,
	.on_lost = on_lost,
};

static void
listen_to(Listener *listener, const NetlinkInterest *interest, int netns)
{
	g_autoptr(GError) error = NULL;

	memset(listener, 0, sizeof(*listener));
	listener->subscription = netlink_subscribe(interest, netns, listener, &error);
	g_assert_no_error(error);
	g_assert_nonnull(listener->subscription);
}

static void
run_pending(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

static void
test_subscribe(void)
{
	g_autoptr(Netlink) here = NULL;
	g_autoptr(Netlink) there = NULL;
	Listener listener;

	if (skipped(no_netns))
		return;
	here = open_route(NETLINK_OWN_NAMESPACE);
	there = open_route(other_netns);
	listen_to(&listener, &addresses, other_netns);
	change_many(there, RTM_NEWADDR, 3);
	change_many(here, RTM_NEWADDR, 5);
	g_assert_cmpuint(listener.n_messages, ==, 0);
	run_pending();
	g_assert_cmpuint(listener.n_messages, ==, 3);
	/* At once, without the main loop. */
	change_many(there, RTM_DELADDR, 3);
	change_many(here, RTM_DELADDR, 5);
	netlink_subscription_read(listener.subscription);
	g_assert_cmpuint(listener.n_messages, ==, 6);
	g_assert_cmpuint(listener.n_lost, ==, 0);
	netlink_unsubscribe(listener.subscription);
}

static void
test_overrun(void)
{
	g_autoptr(Netlink) netlink = NULL;
	Listener listener;
	guint n;

	if (skipped(no_netns))
		return;
	netlink = open_route(NETLINK_OWN_NAMESPACE);
	listen_to(&listener, &few_addresses, NETLINK_OWN_NAMESPACE);
	change_many(netlink, RTM_NEWADDR, 100);
	run_pending();
	n = listener.n_messages;
	g_assert_cmpuint(n, >, 0);
	g_assert_cmpuint(n, <, 100);
	g_assert_cmpuint(listener.n_lost, ==, 1);
	/* It goes on. */
	g_assert_cmpint(delete_address(netlink, 1), ==, 0);
	run_pending();
	g_assert_cmpuint(listener.n_messages, ==, n + 1);
	g_assert_cmpuint(listener.n_lost, ==, 1);
	netlink_unsubscribe(listener.subscription);

	/* Nothing comes after the end, whatever there is. */
	g_assert_cmpint(add_address(netlink, 1), ==, 0);
	listen_to(&listener, &few_addresses, NETLINK_OWN_NAMESPACE);
	listener.leaves = TRUE;
	change_many(netlink, RTM_DELADDR, 100);
	run_pending();
	g_assert_cmpuint(listener.n_messages + listener.n_lost, ==, 1);
	g_assert_null(listener.subscription);
}

static void
test_unsubscribe_inside(void)
{
	g_autoptr(Netlink) netlink = NULL;
	Listener listener;

	if (skipped(no_netns))
		return;
	netlink = open_route(NETLINK_OWN_NAMESPACE);
	for (guint i = 0; i < 2; i++) {
		listen_to(&listener, &addresses, NETLINK_OWN_NAMESPACE);
		listener.leaves = TRUE;
		change_many(netlink, i ? RTM_DELADDR : RTM_NEWADDR, 3);
		if (i)
			netlink_subscription_read(listener.subscription);
		else
			run_pending();
		g_assert_cmpuint(listener.n_messages, ==, 1);
		g_assert_null(listener.subscription);
	}
}

/* To every netlink socket of NETLINK_ROUTE in the namespace, as another process could. */
static guint
send_to_all(const void *data, gsize size)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	guint n = 0;

	g_assert_true(g_file_get_contents("/proc/thread-self/net/netlink", &text, NULL, NULL));
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines + 1; *line; line++) {
		struct sockaddr_nl to = {.nl_family = AF_NETLINK};
		unsigned int protocol;

		if (sscanf(*line, "%*s %u %u", &protocol, &to.nl_pid) == 2 && protocol == NETLINK_ROUTE &&
			to.nl_pid != 0 &&
			sendto(fd, data, size, 0, (const struct sockaddr *) &to, sizeof(to)) == (ssize_t) size)
			n++;
	}
	close(fd);
	return n;
}

/* What others send is neither a message nor an answer. */
static void
test_others(void)
{
	g_autoptr(Netlink) netlink = NULL;
	struct nl_msg *message;
	struct nlmsghdr *header;
	Listener listener;

	if (skipped(no_netns))
		return;
	netlink = open_route(NETLINK_OWN_NAMESPACE);
	listen_to(&listener, &addresses, NETLINK_OWN_NAMESPACE);
	message = address_message(RTM_NEWADDR, 0, 1);
	header = nlmsg_hdr(message);
	header->nlmsg_seq = 1; /* as the first request's */
	g_assert_cmpuint(send_to_all(header, header->nlmsg_len), >=, 2);
	header->nlmsg_type = NLMSG_ERROR;
	g_assert_cmpuint(send_to_all(header, header->nlmsg_len), >=, 2);
	g_assert_cmpint(delete_address(netlink, 4711), ==, -EADDRNOTAVAIL);
	g_assert_cmpuint(count_addresses(netlink), ==, 0);
	run_pending();
	g_assert_cmpuint(listener.n_messages + listener.n_lost, ==, 0);
	netlink_unsubscribe(listener.subscription);
	nlmsg_free(message);
}

static void
test_no_group(void)
{
	static const NetlinkInterest nothing = {
		.what = "nothing", .protocol = NETLINK_ROUTE, .groups = {4711}};
	g_autoptr(GError) error = NULL;

	g_assert_null(netlink_subscribe(&nothing, NETLINK_OWN_NAMESPACE, NULL, &error));
	g_assert_error(error, G_IO_ERROR, G_IO_ERROR_FAILED);
	g_assert_true(g_str_has_prefix(error->message, "cannot watch nothing: "));
}

/* Makes both, and stays in the second. */
static const char *
enter_namespaces(void)
{
	const char *why = own_netns_enter();

	if (why)
		return why;
	other_netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	return unshare(CLONE_NEWNET) == 0 ? NULL : "no second network namespace";
}

int
main(int argc, char **argv)
{
	no_netns = enter_namespaces();
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/netlink/request", test_request);
	g_test_add_func("/netlink/request-all", test_request_all);
	g_test_add_func("/netlink/query", test_query);
	g_test_add_func("/netlink/failed-send", test_failed_send);
	g_test_add_func("/netlink/failed-dump", test_failed_dump);
	g_test_add_func("/netlink/interrupted-dump", test_interrupted_dump);
	g_test_add_func("/netlink/namespace", test_namespace);
	g_test_add_func("/netlink/no-namespace", test_no_namespace);
	g_test_add_func("/netlink/no-protocol", test_no_protocol);
	g_test_add_func("/netlink/fail", test_fail);
	g_test_add_func("/netlink/subscribe", test_subscribe);
	g_test_add_func("/netlink/overrun", test_overrun);
	g_test_add_func("/netlink/unsubscribe-inside", test_unsubscribe_inside);
	g_test_add_func("/netlink/others", test_others);
	g_test_add_func("/netlink/no-group", test_no_group);
	return g_test_run();
}
