/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What NetworkManager is told: Config, Ip4Config and Ip6Config of its VPN plugin interface
 * (nm-vpn-dbus-interface.h), derived from the Child SAs that are up.
 */
#pragma once

#include "child-sa.h"

typedef struct {
	const char *interface;  /* ipsecN, or NULL for a tunnel that is policy-based */
	guint32 mtu;            /* bytes, 0: NetworkManager's own choice */
	const char *domain;     /* the profile's search domains, separated by blanks, or NULL */
	const GArray *left_out; /* of IpNet: DNS servers that are not reported, or NULL */
	/* NetworkManager takes no configuration without an address: before 1.48. */
	gboolean needs_address;
	/* Finds an address of this host within a net; local_address_within(), but in tests. */
	gboolean (*find_local)(const IpNet *net, IpNet *address);
	/* The prefix that a link of this host has with an address; local_address_prefix(). NULL: that
	 * of a host. */
	guint8 (*prefix_of)(const IpNet *host);
} IpReportParams;

typedef struct {
	GVariant *config; /* a{sv} each */
	GVariant *ip4;    /* NULL where the tunnel carries no IPv4 */
	GVariant *ip6;    /* NULL where it carries no IPv6 */
} IpReport;

/**
 * ip_report_new:
 * @table: at least one Child SA
 *
 * Addresses are the leases; routes are the peer's nets, without a next hop, 0.0.0.0/0 and ::/0 as
 * the default route, also those of Child SAs that are missing, unless they need a lease that is
 * gone with them. Without an
 * interface each route carries its source address: the kernel would otherwise pick the uplink's
 * own, which no policy covers, and the packet would leave in the clear. Where this host has no
 * address in the net at our end there is nothing to route: what it forwards meets the policies by
 * any route. Nor is there where the tunnel is for one protocol only and joins our own address: the
 * rest is to go where it always went.
 *
 * DNS servers that none of the routes leads to are left out: they would be asked in plaintext.
 *
 * Where there is no lease and an address is needed all the same, it is the one that packets come
 * from, with the prefix that its link has: NetworkManager then finds that it is there already.
 * With another prefix it would be there twice, and libreswan 4 takes neither of two interfaces that
 * share an address. Where there is none, nothing is said of the family.
 *
 * Returns: (transfer full): free with ip_report_free()
 */
IpReport *ip_report_new(const ChildTable *table, const IpReportParams *params);
void ip_report_free(IpReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IpReport, ip_report_free)

gboolean ip_report_equal(const IpReport *a, const IpReport *b);

/** ip_report_list_dns: (transfer full) (element-type IpNet): the DNS servers. */
GArray *ip_report_list_dns(const IpReport *report);

/** ip_report_without_dns: (transfer full): the same but for these DNS servers. @dns: of IpNet */
IpReport *ip_report_without_dns(const IpReport *report, const GArray *dns);

/** ip_report_without_names: (transfer full): the same but for DNS servers and domains. */
IpReport *ip_report_without_names(const IpReport *report);

/**
 * ip_report_with_route_to_itself: (transfer full): the same, and routes to the tunnel's own
 * addresses, which change nothing: the kernel looks its own addresses up before any other route.
 */
IpReport *ip_report_with_route_to_itself(const IpReport *report);

/** ip_report_dns_to_string: (transfer full): the DNS servers and domains, the same text for the
 * same; for comparison. */
char *ip_report_dns_to_string(const IpReport *report);

/** ip_report_to_string: (transfer full): addresses, routes and DNS in one line for the log. */
char *ip_report_to_string(const ChildTable *table);
