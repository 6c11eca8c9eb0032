/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/*
 * libreswan before 5.4 puts an interface's name between quotes into a command for sh(1), as it is,
 * and the kernel allows all in it but white space, / and : (dev_valid_name()). So with a name that
 * is no plain one (option_is_interface_name()) anywhere in the network namespace no pluto is to
 * run. This is in depth, beside what keeps the shell away from pluto: between a look and pluto's
 * own there is always a moment.
 *
 * What pluto takes for a name is what SIOCGIFCONF says for IPv4 (netdevice(7)), and
 * /proc/net/if_inet6 for IPv6 (find_kernel_ifaces4(), find_kernel_ifaces6()). The latter has the
 * link's own name; the former an address's label (ip-address(8)), which is the link's name unless
 * somebody has given it another, with : and more after it. So links and labels are looked at;
 * alternative names (IFLA_PROP_LIST) are not, as neither of the two has them.
 */

#define LINK_NAMES_ERROR (link_names_error_quark())
GQuark link_names_error_quark(void);

typedef enum {
	LINK_NAMES_ERROR_NAME, /* one that is not plain */
} LinkNamesError;

/**
 * link_names_check: are all names of links, and labels of addresses, plain?
 *
 * Returns: false with a sentence for people: LINK_NAMES_ERROR_NAME where one is not, which it
 * quotes; of netlink_fail() where the kernel does not say.
 */
gboolean link_names_check(GError **error);

/** LinkNames: a watch. Main loop only (the default main context). */
typedef struct LinkNames LinkNames;

/**
 * LinkNamesFunc: there is, newly or by another name, a link or a label that link_names_check()
 * refuses. Comes with each message of the kernel about it. The watch may be freed in here.
 */
typedef void (*LinkNamesFunc)(const char *what, gpointer user_data);

/**
 * link_names_watch: @func is told of names from now on; those that are there already are
 * link_names_check()'s.
 *
 * Returns: (transfer full): NULL with an error of netlink_fail().
 */
LinkNames *link_names_watch(LinkNamesFunc func, gpointer user_data, GError **error);

/** link_names_free: @func is not called any more. */
void link_names_free(LinkNames *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LinkNames, link_names_free)
