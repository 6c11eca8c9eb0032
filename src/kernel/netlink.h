/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <gio/gio.h>
#include <linux/netlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

/*
 * The one door to the kernel's netlink(7): sockets, requests with their acknowledgement, dumps,
 * and subscriptions to multicast groups. Messages are built and parsed with libnl's core.
 *
 * What the kernel answers is 0 or a negative errno, so that a caller can tell what is no error to
 * it (-EEXIST, netlink_is_gone()); netlink_fail() makes a GError of it, in one way for all.
 */

/* In the place of a file descriptor: the network namespace of the calling thread. */
#define NETLINK_OWN_NAMESPACE (-1)

/* Messages */

/**
 * netlink_message_new: a request that begins with @header, which is the struct of its @type; NULL
 * and a @size of 0 for none.
 *
 * @flags: NLM_F_CREATE and the like; those of requests and dumps come from the functions below.
 *
 * Returns: (transfer full): never NULL.
 */
struct nl_msg *netlink_message_new(int type, int flags, const void *header, gsize size);

/** netlink_message_put: appends an attribute; a message takes some 4000 bytes of them. */
void netlink_message_put(struct nl_msg *message, int type, const void *data, gsize size);
void netlink_message_put_u32(struct nl_msg *message, int type, guint32 value);

/**
 * netlink_message_parse: finds the attributes behind a header of @header_size.
 *
 * @attributes: of @max + 1, by type; NULL for each that is not there.
 *
 * Returns: false where the message is shorter than its header, or garbled.
 */
gboolean netlink_message_parse(struct nlmsghdr *message, gsize header_size,
							   struct nlattr **attributes, int max);

/** netlink_attribute_u32: 0 where @attribute is NULL or too short. */
guint32 netlink_attribute_u32(const struct nlattr *attribute);

/* Requests */

/** Netlink: a socket. It is for one thread at a time. */
typedef struct Netlink Netlink;

/**
 * netlink_open:
 * @protocol: NETLINK_ROUTE, NETLINK_XFRM, NETLINK_SOCK_DIAG
 * @netns: a file descriptor of the network namespace (/proc/PID/ns/net, /run/netns/NAME) that the
 * socket is to be in, which it stays in; it may be closed afterwards. NETLINK_OWN_NAMESPACE, or:
 * the thread enters it for a moment (CAP_SYS_ADMIN in both). If it cannot come back the process
 * ends, as everything after that would be done to the wrong host.
 *
 * Returns: (transfer full): NULL with an error of netlink_fail(); NOT_SUPPORTED where the kernel
 * does not have the protocol.
 */
Netlink *netlink_open(int protocol, int netns, GError **error);
/** netlink_close: also of NULL. */
void netlink_close(Netlink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Netlink, netlink_close)

/**
 * netlink_request: sends @request (transfer full) and waits for its acknowledgement.
 *
 * Returns: 0, or a negative errno, also of the sending. Whatever it is, the next request is not
 * concerned.
 */
int netlink_request(Netlink *self, struct nl_msg *request);

/**
 * netlink_request_all: sends @requests (element-type struct nl_msg) in few system calls; one that
 * is refused does not keep the rest from being done.
 *
 * @answers: of @requests->len, each as netlink_request() returns it.
 */
void netlink_request_all(Netlink *self, const GPtrArray *requests, int *answers);

/**
 * NetlinkReadFunc: appends to @into what @message says. The message lives until it returns; the
 * socket that it comes from is not to be used in here.
 */
typedef void (*NetlinkReadFunc)(struct nlmsghdr *message, GArray *into, gconstpointer user_data);

/** netlink_query: as netlink_request(), for a request that is answered by a message too. */
int netlink_query(Netlink *self, struct nl_msg *request, NetlinkReadFunc read, GArray *into,
				  gconstpointer user_data);

/**
 * netlink_dump: sends @request (transfer full), as a request for all objects of its kind.
 *
 * If they change meanwhile (NLM_F_DUMP_INTR) what has come is of no one moment: then @into is
 * emptied and it begins again, five times at most.
 *
 * Returns: 0, or a negative errno; -EINTR where they never stood still. @into is only whole with 0.
 */
int netlink_dump(Netlink *self, struct nl_msg *request, NetlinkReadFunc read, GArray *into,
				 gconstpointer user_data);

/* Errors */

/** netlink_is_gone: the kernel has no such object: -ENOENT, -ESRCH or -ENODEV, by its kind. */
gboolean netlink_is_gone(int answer);

/** netlink_strerror: (transfer none): the reason as a half sentence. */
const char *netlink_strerror(int answer);

/**
 * netlink_fail: sets @error, a G_IO_ERROR, to "cannot DO: REASON": PERMISSION_DENIED, EXISTS,
 * NOT_FOUND (netlink_is_gone()), NOT_SUPPORTED (no such protocol or operation), else FAILED.
 *
 * @answer: a negative errno
 * @format: what cannot be done: "remove a route"
 *
 * Returns: false.
 */
gboolean netlink_fail(GError **error, int answer, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Subscriptions */

#define NETLINK_MAX_GROUPS 8

/** NetlinkInterest: what somebody wants to be told of. It has to outlive the subscription. */
typedef struct {
	const char *what; /* "the kernel's routes" */
	int protocol;
	int groups[NETLINK_MAX_GROUPS + 1]; /* RTNLGRP_LINK and the like, ended by 0 */
	int buffer;                         /* bytes of messages that may wait; 0 for the usual */
	/* A message has come; it lives until this returns. */
	void (*on_message)(struct nlmsghdr *message, gpointer user_data);
	/* Look again: messages have been lost (ENOBUFS), or there will be none any more, which is
	 * logged. What is there at this moment counts. */
	void (*on_lost)(gpointer user_data);
} NetlinkInterest;

/** NetlinkSubscription: main loop only (the default main context). */
typedef struct NetlinkSubscription NetlinkSubscription;

/**
 * netlink_subscribe: from its return on, nothing that happens is missed.
 *
 * @netns: as for netlink_open()
 *
 * Returns: (transfer full): NULL with an error of netlink_fail().
 */
NetlinkSubscription *
netlink_subscribe(const NetlinkInterest *interest, int netns, gpointer user_data, GError **error);

/** netlink_subscription_read: takes now what is waiting. Not in on_message or on_lost. */
void netlink_subscription_read(NetlinkSubscription *self);

/** netlink_unsubscribe: also in on_message and on_lost; neither comes after it. */
void netlink_unsubscribe(NetlinkSubscription *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetlinkSubscription, netlink_unsubscribe)
