/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer: messages of the updown helper, which carry what a gateway wants: what NetworkManager
 * would be told of them stays within what the profile asks for. The input is NAME=VALUE words, each
 * ended by a zero byte; an empty word ends an event.
 */
#include "config.h"

#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "child-filter.h"
#include "ip-report.h"
#include "make-profile.h"
#include "updown-wire.h"

static IpNet asked, loopback, link_local, multicast;

static void
require(gboolean holds)
{
	if (!holds)
		abort();
}

static void
parse(IpNet *net, const char *text)
{
	require(ip_net_parse(net, text));
}

/* What is so of every Child SA that was taken, and of its DNS servers and domains. */
static void
check(const ChildTable *table)
{
	g_autoptr(GArray) dns = child_table_list_dns(table);

	require(child_table_size(table) <= CHILD_FILTER_MAX);
	for (guint i = 0; i < child_table_size(table); i++) {
		const ChildSa *child = child_table_get(table, i);

		require(child->peer_client.family == AF_INET6 ||
				ip_net_contains(&asked, &child->peer_client));
		require(!child->leased || (!ip_net_contains(&loopback, &child->my_client) &&
								   !ip_net_contains(&link_local, &child->my_client) &&
								   !ip_net_contains(&multicast, &child->my_client)));
		for (char **domain = child->domains; *domain; domain++)
			require(strchr(*domain, '.') != NULL);
	}
	for (guint i = 0; i < dns->len; i++) {
		const IpNet *server = &g_array_index(dns, IpNet, i);

		require(!ip_net_contains(&loopback, server) && !ip_net_contains(&link_local, server) &&
				!ip_net_contains(&multicast, server));
	}
}

static void
report(const ChildTable *table)
{
	const IpReportParams params = {.interface = "ipsec2", .needs_address = TRUE};
	g_autofree char *text = NULL;

	if (child_table_size(table) == 0)
		return;
	ip_report_free(ip_report_new(table, &params));
	text = ip_report_to_string(table);
	require(g_utf8_validate(text, -1, NULL));
}

static void
take(ChildTable *table, ChildFilter *filter, const GString *message)
{
	g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(IpNet));
	g_autoptr(UpdownEvent) event = updown_event_parse(message->str, message->len, "vpn", NULL);
	g_autofree char *reason = NULL;
	const ChildFilterHost host = {.interface = "ipsec2",
								  .addresses = none,
								  .attached = none,
								  .n_up = child_table_size(table)};

	if (event && child_filter_look(filter, event, &host, &reason) == CHILD_FILTER_TAKE)
		child_table_take(table, event);
	check(table);
}

static void
begin(GString *message)
{
	g_string_truncate(message, 0);
	g_string_append_len(message, UPDOWN_WIRE_MAGIC, sizeof(UPDOWN_WIRE_MAGIC));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	g_autoptr(Profile) profile = make_profile("right=203.0.113.1\nrightsubnet=10.20.0.0/16");
	g_autoptr(ChildFilter) filter = child_filter_new(profile);
	g_autoptr(ChildTable) table = child_table_new();
	g_autoptr(GString) message = g_string_new(NULL);
	const uint8_t *end = data + len;

	parse(&asked, "10.20.0.0/16");
	parse(&loopback, "127.0.0.0/8");
	parse(&link_local, "169.254.0.0/16");
	parse(&multicast, "224.0.0.0/4");
	begin(message);
	while (data < end) {
		const uint8_t *zero = memchr(data, 0, (size_t) (end - data));
		size_t n = (size_t) ((zero ? zero : end) - data);

		if (n == 0) {
			take(table, filter, message);
			begin(message);
		} else {
			g_string_append_len(message, (const char *) data, (gssize) n);
			g_string_append_c(message, '\0');
		}
		data += n + (zero ? 1 : 0);
	}
	take(table, filter, message);
	report(table);
	return 0;
}
