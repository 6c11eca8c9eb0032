/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "uplink-blocks.h"

#include "make-net.h"
#include "updown-fixture.h"

typedef struct {
	const char *what;
	const char *addresses; /* of the link, with their prefixes */
	const char *next_hop;  /* NULL: on the link */
	const char *children;  /* MINE=THEIRS */
	const char *blocks;    /* MINE=THEIRS */
	const char *overlap;   /* NULL for none */
} Case;

#define LEASE "10.30.1.1/32"

static const Case cases[] = {
	{"a network of the tunnel", "192.0.2.2/24", "192.0.2.1", LEASE "=10.20.0.0/24",
	 "192.0.2.2=10.20.0.0/24", NULL},
	{"several of both", "192.0.2.2/24 192.0.2.77/32", "192.0.2.1",
	 LEASE "=10.20.0.0/24 " LEASE "=10.21.0.0/16",
	 "192.0.2.2=10.20.0.0/24 192.0.2.2=10.21.0.0/16 192.0.2.77=10.20.0.0/24 "
	 "192.0.2.77=10.21.0.0/16",
	 NULL},
	{"everything", "192.0.2.2/24", "192.0.2.1", LEASE "=0.0.0.0/0", "", NULL},
	{"half of everything", "192.0.2.2/24", "192.0.2.1", LEASE "=0.0.0.0/1 " LEASE "=128.0.0.0/1",
	 "192.0.2.2=0.0.0.0/1", "192.0.2.0/24 in 128.0.0.0/1"},
	{"each family its own", "192.0.2.2/24 2001:db8:1::2/64", "192.0.2.1",
	 LEASE "=10.20.0.0/24 2001:db8:30::1/128=2001:db8:20::/64",
	 "192.0.2.2=10.20.0.0/24 2001:db8:1::2=2001:db8:20::/64", NULL},
	{"the address itself", "10.20.0.7/16", "10.20.1.1", LEASE "=10.20.0.0/24", "", NULL},
	{"one of two addresses", "10.20.0.7/16 192.0.2.2/24", "192.0.2.1", LEASE "=10.20.0.0/24",
	 "192.0.2.2=10.20.0.0/24", NULL},
	{"the gateway", "192.0.2.2/24", "192.0.2.1", LEASE "=198.51.100.0/24", "", NULL},
	{"the next hop", "192.0.2.2/24", "10.20.0.1", LEASE "=10.20.0.0/24", "", NULL},
	{"no next hop", "192.0.2.2/24", NULL, LEASE "=10.20.0.0/24", "192.0.2.2=10.20.0.0/24", NULL},
	{"host to subnet, without a lease", "192.0.2.2/24", "192.0.2.1", "192.0.2.2/32=10.20.0.0/24",
	 "", NULL},
	{"subnet to subnet, with us in it", "192.0.2.2/24 192.0.3.2/24", "192.0.2.1",
	 "192.0.2.0/24=10.20.0.0/24", "192.0.3.2=10.20.0.0/24", NULL},
	{"a part by a lease, a part by us", "192.0.2.2/24", "192.0.2.1",
	 LEASE "=10.20.0.0/16 192.0.2.0/24=10.20.0.0/24 " LEASE "=10.21.0.0/16",
	 "192.0.2.2=10.21.0.0/16", NULL},
	{"all by us", "192.0.2.2/24", "192.0.2.1", "192.0.2.0/24=0.0.0.0/0 " LEASE "=10.20.0.0/24", "",
	 NULL},
	{"the LAN within it", "10.20.0.7/25", "10.20.0.1", LEASE "=10.20.0.0/24", "",
	 "10.20.0.0/25 in 10.20.0.0/24"},
	{"the LAN is it", "10.20.0.7/24", "10.20.0.1", LEASE "=10.20.0.0/24", "", NULL},
	{"the LAN around it", "10.20.0.7/23", "10.20.0.1", LEASE "=10.20.1.0/24",
	 "10.20.0.7=10.20.1.0/24", NULL},
	{"a lone address within it", "10.20.0.7/32", NULL, LEASE "=10.20.0.0/24", "", NULL},
	{"the LAN within two", "10.20.0.7/25", "10.20.0.1",
	 LEASE "=10.0.0.0/8 " LEASE "=10.20.0.0/16 " LEASE "=0.0.0.0/0", "",
	 "10.20.0.0/25 in 10.0.0.0/8"},
	{"the LAN within two, the other way round", "10.20.0.7/25", "10.20.0.1",
	 LEASE "=10.20.0.0/16 " LEASE "=10.0.0.0/8", "", "10.20.0.0/25 in 10.0.0.0/8"},
	{"no address", "", "192.0.2.1", LEASE "=10.20.0.0/24", "", NULL},
	{"no tunnel", "192.0.2.2/24", "192.0.2.1", "", "", NULL},
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

static void
take_up(ChildTable *table, const char *mine, const char *theirs)
{
	g_autoptr(UpdownEvent) event =
		fixture_event("up-client", mine, theirs,
					  g_str_equal(mine, LEASE) ? "PLUTO_CFG_CLIENT=1" : "PLUTO_CFG_CLIENT=0", NULL);

	child_table_take(table, event);
}

static ChildTable *
children_of(const char *texts)
{
	ChildTable *table = child_table_new();
	g_auto(GStrv) words = g_strsplit(texts, " ", -1);

	for (char **word = words; *word; word++) {
		g_auto(GStrv) nets = g_strsplit(*word, "=", 2);

		take_up(table, nets[0], nets[1]);
	}
	return table;
}

static char *
to_text(const GArray *blocks)
{
	GString *text = g_string_new(NULL);
	char mine[IP_NET_STRLEN], theirs[IP_NET_STRLEN];

	for (guint i = 0; i < blocks->len; i++) {
		const XfrmChild *block = &g_array_index(blocks, XfrmChild, i);

		g_string_append_printf(text, "%s%s=%s", i ? " " : "",
							   ip_net_to_string(&block->my_client, mine),
							   ip_net_to_string(&block->peer_client, theirs));
	}
	return g_string_free(text, FALSE);
}

static void
assert_case(const Case *c, const ChildTable *children)
{
	g_autoptr(GArray) addresses = addresses_of(c->addresses);
	const IpNet gateway = net("198.51.100.1"), unset = {0};
	const IpNet next_hop = c->next_hop ? net(c->next_hop) : unset;
	const Uplink uplink = {addresses, &gateway, &next_hop};
	g_autoptr(GArray) blocks = uplink_blocks_list(children, &uplink);
	g_autofree char *text = to_text(blocks);
	g_autofree char *overlap = NULL;
	char buffer[IP_NET_STRLEN], other[IP_NET_STRLEN];
	IpNet attached, theirs;

	g_test_message("%s", c->what);
	g_assert_cmpstr(text, ==, c->blocks);
	if (uplink_blocks_find_overlap(children, &uplink, &attached, &theirs))
		overlap = g_strdup_printf("%s in %s", ip_net_to_string(&attached, buffer),
								  ip_net_to_string(&theirs, other));
	g_assert_cmpstr(overlap, ==, c->overlap);
}

static void
test_cases(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(ChildTable) children = children_of(cases[i].children);

		assert_case(&cases[i], children);
		/* Their routes stay while they are missing, and so do these. */
		child_table_lose(children, NULL);
		assert_case(&cases[i], children);
	}
}

/* The gateway of the Child SA counts as well, where the route is to another address of it. */
static void
test_peer(void)
{
	const Case c = {"", "192.0.2.2/24", "192.0.2.1", "", "", NULL};
	g_autoptr(ChildTable) children = child_table_new();

	take_up(children, LEASE, "203.0.113.0/24"); /* fixture_event()'s gateway */
	assert_case(&c, children);
}

/* What the tunnel does not carry it does not protect. */
static void
test_protocol(void)
{
	g_autoptr(ChildTable) children = child_table_new();
	g_autoptr(GArray) addresses = addresses_of("192.0.2.2/24");
	const IpNet gateway = net("198.51.100.1"), next_hop = {0};
	const Uplink uplink = {addresses, &gateway, &next_hop};
	g_autoptr(GArray) blocks = NULL;
	g_autoptr(UpdownEvent) event =
		fixture_event("up-client", LEASE, "10.20.0.0/24", "PLUTO_CFG_CLIENT=1",
					  "PLUTO_MY_PROTOCOL=6", "PLUTO_PEER_PROTOCOL=6", "PLUTO_PEER_PORT=443", NULL);

	child_table_take(children, event);
	blocks = uplink_blocks_list(children, &uplink);
	g_assert_cmpuint(blocks->len, ==, 1);
	g_assert_cmpuint(g_array_index(blocks, XfrmChild, 0).protocol, ==, 6);
	g_assert_cmpuint(g_array_index(blocks, XfrmChild, 0).my_port, ==, 0);
	g_assert_cmpuint(g_array_index(blocks, XfrmChild, 0).peer_port, ==, 443);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/uplink-blocks/cases", test_cases);
	g_test_add_func("/uplink-blocks/peer", test_peer);
	g_test_add_func("/uplink-blocks/protocol", test_protocol);
	return g_test_run();
}
