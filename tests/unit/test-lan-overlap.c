/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "lan-overlap.h"

#include "local-address.h"
#include "make-net.h"
#include "updown-fixture.h"

#define LEASE  "10.30.1.1/32"
#define LEASE6 "2001:db8:30::1/128"

typedef struct {
	const char *what;
	const char *addresses; /* of the link, with their prefixes */
	const char *nets;      /* of the tunnel */
	const char *overlap;   /* NULL for none */
} Case;

static const Case cases[] = {
	{"a network elsewhere", "192.0.2.2/24", "10.20.0.0/24", NULL},
	{"everything", "192.0.2.2/24", "0.0.0.0/0", NULL},
	{"half of everything", "192.0.2.2/24", "0.0.0.0/1 128.0.0.0/1", "192.0.2.0/24 in 128.0.0.0/1"},
	{"IPv6", "192.0.2.2/24 2001:db8:20:1::2/64", "10.20.0.0/24 2001:db8:20::/48",
	 "2001:db8:20:1::/64 in 2001:db8:20::/48"},
	{"the network within it", "10.20.0.7/25", "10.20.0.0/24", "10.20.0.0/25 in 10.20.0.0/24"},
	{"the network is it", "10.20.0.7/24", "10.20.0.0/24", NULL},
	{"the network around it", "10.20.0.7/23", "10.20.1.0/24", NULL},
	{"a lone address within it", "10.20.0.7/32", "10.20.0.0/24", NULL},
	{"the second address", "192.0.2.2/24 10.20.0.7/25", "10.20.0.0/24",
	 "10.20.0.0/25 in 10.20.0.0/24"},
	{"within two", "10.20.0.7/25", "10.0.0.0/8 10.20.0.0/16 0.0.0.0/0",
	 "10.20.0.0/25 in 10.0.0.0/8"},
	{"within two, the other way round", "10.20.0.7/25", "10.20.0.0/16 10.0.0.0/8",
	 "10.20.0.0/25 in 10.0.0.0/8"},
	{"nobody's LAN", "10.20.0.7/7", "8.0.0.0/6", NULL},
	{"nobody's LAN of IPv6", "2001:db8::2/31", "2001::/16", NULL},
	{"no address", "", "10.20.0.0/24", NULL},
	{"no tunnel", "192.0.2.2/24", "", NULL},
};

static GArray *
addresses_of(const char *texts)
{
	GArray *addresses = g_array_new(FALSE, FALSE, sizeof(LocalAddress));
	g_auto(GStrv) words = g_strsplit(texts, " ", -1);

	for (char **word = words; *word; word++) {
		char *slash = strchr(*word, '/');
		LocalAddress address = {.prefix = (guint8) atoi(slash + 1)};

		*slash = '\0';
		address.host = net(*word);
		g_array_append_val(addresses, address);
	}
	return addresses;
}

static ChildTable *
children_of(const char *nets)
{
	ChildTable *table = child_table_new();
	g_auto(GStrv) words = g_strsplit(nets, " ", -1);

	for (char **word = words; *word; word++) {
		g_autoptr(UpdownEvent) event = fixture_event(
			"up-client", strchr(*word, ':') ? LEASE6 : LEASE, *word, "PLUTO_CFG_CLIENT=1", NULL);

		child_table_take(table, event);
	}
	return table;
}

static void
assert_case(const Case *c, const ChildTable *children)
{
	g_autoptr(GArray) addresses = addresses_of(c->addresses);
	g_autofree char *overlap = NULL;
	char buffer[IP_NET_STRLEN], other[IP_NET_STRLEN];
	LanOverlap found;

	g_test_message("%s", c->what);
	if (lan_overlap_find(children, addresses, &found))
		overlap = g_strdup_printf("%s in %s", ip_net_to_string(&found.attached, buffer),
								  ip_net_to_string(&found.net, other));
	g_assert_cmpstr(overlap, ==, c->overlap);
}

static void
test_cases(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(ChildTable) children = children_of(cases[i].nets);

		assert_case(&cases[i], children);
		/* Their routes stay while they are missing. */
		child_table_lose(children, NULL);
		assert_case(&cases[i], children);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/lan-overlap/cases", test_cases);
	return g_test_run();
}
