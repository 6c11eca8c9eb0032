/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "xfrm-table.h"

#include <sys/types.h>

/*
 * Before anything is touched: would our pluto disturb another IPsec user of this network
 * namespace? libreswan 5 flushes all states and policies when it starts and when it stops, and
 * pluto binds UDP 500 and 4500 with SO_REUSEADDR, silently taking another daemon's packets.
 */

#define HOST_CHECK_ERROR (host_check_error_quark())
GQuark host_check_error_quark(void);

typedef enum {
	HOST_CHECK_ERROR_XFRM, /* states or policies of somebody else */
	HOST_CHECK_ERROR_PORT, /* another daemon on UDP 500 or 4500 */
	HOST_CHECK_ERROR_USER, /* a program of somebody who is not root on one of them */
} HostCheckError;

/** HostCheckSocket: a bound UDP socket, as /proc/net/udp and udp6 have it (proc(5)). */
typedef struct {
	IpNet address;
	guint16 port;
	uid_t uid;
	guint64 inode;
} HostCheckSocket;

/**
 * host_check_parse_udp: the sockets of a file in the format of /proc/net/udp or udp6 that are bound
 * to one of @ports. Lines that make no sense are skipped.
 *
 * @family: AF_INET or AF_INET6.
 * @ports: ends with 0.
 *
 * Returns: (transfer full) (element-type HostCheckSocket).
 */
GArray *host_check_parse_udp(const char *text, int family, const guint16 *ports);

/** HostCheckPlaces: where the kernel shows itself; folders of files in tests. */
typedef struct {
	const char *proc;
	const char *cgroups;
} HostCheckPlaces;

extern const HostCheckPlaces host_check_places;

/* Where a pluto of ours is to listen. */
typedef struct {
	const IpNet *address; /* the one that it needs */
	gboolean everywhere;  /* and on every other that it gets */
} HostCheckListen;

/**
 * host_check_users: the same of programs that are not root's alone, so also while a pluto of ours
 * has the ports.
 */
gboolean
host_check_users(const HostCheckPlaces *places, const HostCheckListen *listen, GError **error);

/**
 * host_check_ports: would a pluto have to share UDP 500 or 4500 with somebody of this network
 * namespace? Two cannot: where both have set SO_REUSEADDR, which pluto does, the kernel gives each
 * packet to one of them, whoever they belong to.
 *
 * @places: &host_check_places, but in tests; proc's net/udp and net/udp6 are read, and of it and
 * of cgroups what socket-owner.h says.
 * @listen: (nullable): where pluto is to listen; NULL where that is not known, and all of them
 * count. A user's program that is on another address than the one that pluto needs does not.
 * @ours: a pid whose sockets do not count, 0 for none.
 *
 * Returns: false with HOST_CHECK_ERROR_PORT or _USER and a sentence for the user that names
 * program, pid, user and address, as far as they can be seen; or with a G_FILE_ERROR where the
 * files cannot be read.
 */
gboolean host_check_ports(const HostCheckPlaces *places, const HostCheckListen *listen, pid_t ours,
						  GError **error);

/**
 * host_check_has_daemon: is there anybody on UDP 500 or 4500, on whatever address, who could have
 * XFRM states? That takes CAP_NET_ADMIN, so a socket that any user may have is none. True, too,
 * where it cannot be seen.
 */
gboolean host_check_has_daemon(const HostCheckPlaces *places);

/**
 * host_check_xfrm: does @table have states or policies that are not ours?
 *
 * @if_ids: those of our interfaces (xfrm_interface_list_ours), @n_if_ids of them.
 *
 * Returns: false with HOST_CHECK_ERROR_XFRM and a sentence that names the first and counts the
 * rest.
 */
gboolean
host_check_xfrm(const XfrmTable *table, const guint32 *if_ids, gsize n_if_ids, GError **error);

/**
 * host_check: both, with the kernel's own table and /proc. Call it after the leftovers that are
 * ours are gone.
 *
 * @listen: as for host_check_ports().
 */
gboolean host_check(const HostCheckListen *listen, GError **error);
