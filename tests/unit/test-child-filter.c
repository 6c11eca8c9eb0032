/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "child-filter.h"

#include "make-profile.h"
#include "updown-fixture.h"

#define IKEV2 "right=203.0.113.1\nrightid=@gw\nikev2=insist\n"
#define IKEV1 "right=203.0.113.1\nrightid=@gw\n"
#define SPLIT "rightsubnet=10.20.0.0/16\n"

/* A host with the address 192.0.2.2 on a LAN, and 2001:db8:1::2. */
typedef struct {
	Profile *profile;
	ChildFilter *filter;
	ChildTable *table;
	GArray *addresses, *attached;
	IpNet router;
	ChildFilterHost host;
} Fixture;

static void
append(GArray *nets, const char *text)
{
	IpNet net;

	g_assert_true(ip_net_parse(&net, text));
	g_array_append_val(nets, net);
}

static void
begin(Fixture *f, const char *profile)
{
	f->profile = make_profile(profile);
	f->filter = child_filter_new(f->profile);
	f->table = child_table_new();
	f->addresses = g_array_new(FALSE, FALSE, sizeof(IpNet));
	f->attached = g_array_new(FALSE, FALSE, sizeof(IpNet));
	append(f->addresses, "192.0.2.2");
	append(f->addresses, "2001:db8:1::2");
	append(f->attached, "192.0.2.0/24");
	append(f->attached, "2001:db8:1::/64");
	g_assert_true(ip_net_parse(&f->router, "198.51.100.1"));
	f->host = (ChildFilterHost){
		.interface = "ipsec1",
		.addresses = f->addresses,
		.attached = f->attached,
		.next_hop = &f->router,
	};
}

static void
end(Fixture *f)
{
	g_autoptr(GPtrArray) news = child_filter_take_news(f->filter);

	g_assert_cmpuint(news->len, ==, 0);
	child_table_free(f->table);
	child_filter_free(f->filter);
	profile_free(f->profile);
	g_array_unref(f->addresses);
	g_array_unref(f->attached);
	*f = (Fixture){0};
}

/* A sentence that is told, and no other. */
static void
assert_news(Fixture *f, const char *pattern)
{
	g_autoptr(GPtrArray) news = child_filter_take_news(f->filter);

	g_assert_cmpuint(news->len, ==, 1);
	if (!g_pattern_match_simple(pattern, news->pdata[0]))
		g_error("\"%s\" instead of \"%s\"", (const char *) news->pdata[0], pattern);
}

static void
assert_verdict(Fixture *f, UpdownEvent *event, ChildFilterVerdict wanted, const char *pattern)
{
	g_autofree char *reason = NULL;
	ChildFilterVerdict verdict = child_filter_look(f->filter, event, &f->host, &reason);
	g_autofree char *text = updown_event_to_string(event);

	if (verdict != wanted || !reason != !pattern ||
		(pattern && !g_pattern_match_simple(pattern, reason)))
		g_error("%s: %u \"%s\" instead of %u \"%s\"", text, verdict, reason, wanted, pattern);
	if (verdict == CHILD_FILTER_TAKE)
		child_table_take(f->table, event);
}

static void
up(Fixture *f, const char *mine, const char *theirs, const char *more, ChildFilterVerdict wanted,
   const char *pattern)
{
	g_autoptr(UpdownEvent) event = fixture_event("up-client", mine, theirs, "PLUTO_CFG_CLIENT=1",
												 "PLUTO_PEER_ID=@gw", more, NULL);

	assert_verdict(f, event, wanted, pattern);
}

#define LEASE  "10.30.1.1/32"
#define LEASE6 "2001:db8:30::1/128"

static void
test_lease(void)
{
	static const struct {
		const char *lease, *fault;
	} rows[] = {
		{LEASE, NULL},
		{"192.0.2.77/32", NULL},
		{"100.64.0.1/32", NULL},
		{"0.0.0.0/32", "*: 0.0.0.0 is unspecified"},
		{"0.1.2.3/32", "*: 0.1.2.3 is unspecified"},
		{"127.0.0.1/32",
		 "the gateway gives us an address that cannot be ours: 127.0.0.1 is loopback"},
		{"169.254.1.1/32", "*: 169.254.1.1 is link-local"},
		{"224.0.0.1/32", "*: 224.0.0.1 is multicast"},
		{"255.255.255.255/32", "*: 255.255.255.255 is the broadcast address"},
		{"250.0.0.1/32", "*: 250.0.0.1 is reserved"},
		{"203.0.113.1/32", "*: 203.0.113.1 is its own"},
		{"192.0.2.2/32", "*: 192.0.2.2 is this computer's own already"},
		{"198.51.100.1/32", "*: 198.51.100.1 is the router's"},
	};
	static const struct {
		const char *lease, *fault;
	} rows6[] = {
		{LEASE6, NULL},
		{"fd00::1/128", NULL},
		{"::/128", "*: :: is unspecified"},
		{"::1/128", "*: ::1 is loopback"},
		{"fe80::1/128", "*: fe80::1 is link-local"},
		{"ff02::1/128", "*: ff02::1 is multicast"},
		{"::ffff:10.0.0.1/128", "*: ::ffff:10.0.0.1 is an IPv4 address in an IPv6 one"},
		{"2001:db8:1::2/128", "*: 2001:db8:1::2 is this computer's own already"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		Fixture f;

		begin(&f, IKEV2);
		up(&f, rows[i].lease, "0.0.0.0/0", NULL,
		   rows[i].fault ? CHILD_FILTER_REFUSE : CHILD_FILTER_TAKE, rows[i].fault);
		end(&f);
	}
	for (guint i = 0; i < G_N_ELEMENTS(rows6); i++) {
		Fixture f;

		begin(&f, IKEV2 "rightsubnet=::/0");
		up(&f, rows6[i].lease, "::/0", NULL,
		   rows6[i].fault ? CHILD_FILTER_REFUSE : CHILD_FILTER_TAKE, rows6[i].fault);
		end(&f);
	}
}

/* Without an interface NetworkManager puts the lease on a link of others, where it is in the next
 * instance; and where the gateway gives none, ours is what we have. */
static void
test_lease_without_interface(void)
{
	Fixture f;

	begin(&f, IKEV2 "ipsec-interface=no\nrightsubnet=10.20.0.0/24");
	f.host.interface = NULL;
	append(f.addresses, "10.30.1.1");
	up(&f, LEASE, "10.20.0.0/24", NULL, CHILD_FILTER_TAKE, NULL);
	up(&f, "192.0.2.2/32", "10.20.0.0/24", NULL, CHILD_FILTER_TAKE, NULL);
	up(&f, "127.0.0.1/32", "10.20.0.0/24", NULL, CHILD_FILTER_REFUSE, "*loopback");
	up(&f, "203.0.113.1/32", "10.20.0.0/24", NULL, CHILD_FILTER_REFUSE, "*its own");
	end(&f);
}

/* The profile asks for everything; the gateway narrows. */
static void
test_nets_of_everything(void)
{
	static const struct {
		const char *mine, *net, *fault;
	} rows[] = {
		{LEASE, "0.0.0.0/0", NULL},
		{LEASE, "10.20.0.0/24", NULL},
		{LEASE, "0.0.0.0/1", NULL},
		{LEASE, "128.0.0.0/1", NULL},
		{LEASE, "192.0.0.0/16", NULL}, /* the LAN's own route is narrower */
		{LEASE, "192.0.3.0/24", NULL},
		{LEASE, "127.0.0.0/8", "the network 127.0.0.0/8 of the gateway is loopback"},
		{LEASE, "127.0.0.53/32", "*loopback"},
		{LEASE, "169.254.0.0/16", "*link-local"},
		{LEASE, "169.254.169.254/32", "*link-local"},
		{LEASE, "224.0.0.0/4", "*multicast"},
		/* Mostly such a net. */
		{LEASE, "224.0.0.0/3", "*multicast*"},
		{LEASE, "169.254.0.0/15", "*link-local"},
		{LEASE, "126.0.0.0/7", "*loopback"},
		{LEASE, "224.0.0.251/32", "*multicast"},
		{LEASE, "255.255.255.255/32", "*the broadcast address"},
		{LEASE, "203.0.113.1/32", "*the gateway itself"},
		{LEASE, "192.0.2.0/24",
		 "*192.0.2.0/24 of the gateway is in 192.0.2.0/24, to which this "
		 "computer is attached; rightsubnet=192.0.2.0/24 would take it"},
		{LEASE, "192.0.2.128/25", "*is in 192.0.2.0/24*"},
		{LEASE, "192.0.2.9/32", "*is in 192.0.2.0/24*"},
		{LEASE6, "::/0", NULL},
		{LEASE6, "2001:db8:20::/64", NULL},
		{LEASE6, "2001:db8:1::/64", "*is in 2001:db8:1::/64*"},
		{LEASE6, "2001:db8:1::/48", NULL},
		{LEASE6, "::1/128", "*loopback"},
		{LEASE6, "fe80::/10", "*link-local"},
		{LEASE6, "fe80::/64", "*link-local"},
		{LEASE6, "ff00::/8", "*multicast"},
	};
	Fixture f;

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		begin(&f, IKEV2 "rightsubnet=0.0.0.0/0,::/0");
		up(&f, rows[i].mine, rows[i].net, NULL,
		   rows[i].fault ? CHILD_FILTER_LEAVE : CHILD_FILTER_TAKE, rows[i].fault);
		if (rows[i].fault) {
			g_autofree char *told = g_strconcat(rows[i].fault, ": it is left out", NULL);

			assert_news(&f, told);
			/* And not again. */
			up(&f, rows[i].mine, rows[i].net, NULL, CHILD_FILTER_LEAVE, rows[i].fault);
		}
		end(&f);
		/* Without an interface the policies are there, with or without a route. */
		begin(&f, IKEV2 "rightsubnet=0.0.0.0/0,::/0\nipsec-interface=no");
		f.host.interface = NULL;
		if (rows[i].fault && !strstr(rows[i].fault, "itself"))
			up(&f, rows[i].mine, rows[i].net, NULL, CHILD_FILTER_REFUSE, rows[i].fault);
		end(&f);
	}
}

/* Without a word on subnets it is everything, too, also where nothing is filled in. */
static void
test_no_rightsubnet(void)
{
	Fixture f;

	begin(&f, IKEV2);
	up(&f, LEASE, "10.20.0.0/24", NULL, CHILD_FILTER_TAKE, NULL);
	up(&f, LEASE, "169.254.0.0/16", NULL, CHILD_FILTER_LEAVE, "*link-local");
	assert_news(&f, "*169.254.0.0/16*");
	end(&f);
	begin(&f, IKEV2 "nm-auto-defaults=no\nauthby=secret\nleft=%defaultroute");
	f.host.interface = NULL;
	up(&f, "192.0.2.2/32", "203.0.113.1/32", NULL, CHILD_FILTER_TAKE, NULL);
	end(&f);
}

/* The profile names nets. */
static void
test_named_nets(void)
{
	static const struct {
		const char *net;
		gboolean taken;
	} rows[] = {
		{"10.20.0.0/16", TRUE},    {"10.20.7.0/24", TRUE},  {"10.20.7.7/32", TRUE},
		{"10.21.0.0/16", FALSE},   {"10.0.0.0/8", FALSE},   {"0.0.0.0/0", FALSE},
		{"0.0.0.0/1", FALSE},      {"8.8.8.0/24", FALSE},   {"192.0.2.0/24", FALSE},
		{"169.254.9.0/24", TRUE},  {"192.0.2.64/26", TRUE}, {"192.0.2.0/25", FALSE},
		{"203.0.113.1/32", FALSE}, {"127.0.0.0/8", FALSE},  {"224.0.0.0/4", FALSE},
		{"169.254.0.0/16", FALSE}, {"239.1.0.0/16", TRUE},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		Fixture f;

		begin(&f, IKEV2 "rightsubnets=10.20.0.0/16,169.254.9.0/24,192.0.2.64/26,239.1.0.0/16");
		up(&f, LEASE, rows[i].net, NULL, rows[i].taken ? CHILD_FILTER_TAKE : CHILD_FILTER_LEAVE,
		   rows[i].taken ? NULL : "the network * of the gateway is outside of rightsubnet");
		if (!rows[i].taken)
			assert_news(&f, "*is outside of rightsubnet: it is left out");
		end(&f);
	}
}

/* One family is named, of the other everything is asked for. */
static void
test_families(void)
{
	Fixture f;

	begin(&f, IKEV2 "rightsubnet=10.20.0.0/16,::/0");
	up(&f, LEASE6, "::/0", NULL, CHILD_FILTER_TAKE, NULL);
	up(&f, LEASE6, "2001:db8:20::/64", NULL, CHILD_FILTER_TAKE, NULL);
	up(&f, LEASE, "0.0.0.0/0", NULL, CHILD_FILTER_LEAVE, "*outside of rightsubnet");
	assert_news(&f, "*0.0.0.0/0*");
	end(&f);
}

/* What libreswan 4.10 makes of a profile's R and the gateway's X, Y: up for X, Y and R, and one SA,
 * for X. */
static void
test_split_includes(void)
{
	Fixture f;

	/* X alone works. */
	begin(&f, IKEV1 SPLIT);
	up(&f, LEASE, "10.20.7.0/24", NULL, CHILD_FILTER_TAKE, NULL);
	up(&f, LEASE, "10.20.0.0/16", NULL, CHILD_FILTER_LEAVE,
	   "of the network 10.20.0.0/16 the gateway takes 10.20.7.0/24 alone");
	assert_news(&f, "*: it is left out");
	up(&f, LEASE, "10.20.8.0/24", NULL, CHILD_FILTER_TAKE, NULL);
	end(&f);
	/* Nor does a full tunnel lead into an SA that is for a net. */
	begin(&f, IKEV1);
	up(&f, LEASE, "10.20.7.0/24", NULL, CHILD_FILTER_TAKE, NULL);
	up(&f, LEASE, "0.0.0.0/0", NULL, CHILD_FILTER_LEAVE, "*takes 10.20.7.0/24 alone");
	assert_news(&f, "*0.0.0.0/0*");
	end(&f);
	/* The SA is for what was not asked for: it carries nothing of what was. */
	begin(&f, IKEV1 SPLIT);
	up(&f, LEASE, "198.18.0.0/24", NULL, CHILD_FILTER_REFUSE, "*198.18.0.0/24*outside of *");
	end(&f);
	/* Once it is down another negotiation begins, as with another pluto. */
	begin(&f, IKEV1);
	for (guint i = 0; i < 2; i++) {
		g_autoptr(UpdownEvent) down =
			fixture_event("down-client", LEASE, "10.20.7.0/24", "PLUTO_CFG_CLIENT=1", NULL);

		up(&f, LEASE, "10.20.7.0/24", NULL, CHILD_FILTER_TAKE, NULL);
		if (i == 0)
			assert_verdict(&f, down, CHILD_FILTER_TAKE, NULL);
		else
			child_filter_begin(f.filter);
		up(&f, LEASE, "0.0.0.0/0", NULL, CHILD_FILTER_TAKE, NULL);
		child_filter_begin(f.filter);
	}
	end(&f);
	/* With IKEv2 each is an SA of its own. */
	begin(&f, IKEV2);
	up(&f, LEASE, "10.20.7.0/24", NULL, CHILD_FILTER_TAKE, NULL);
	up(&f, LEASE, "0.0.0.0/0", NULL, CHILD_FILTER_TAKE, NULL);
	end(&f);
}

/* What the gateway begins later, with any nets at our end. */
static void
test_our_end(void)
{
	static const struct {
		const char *mine;
		gboolean taken;
	} rows[] = {
		{LEASE, TRUE},           {"10.30.1.0/24", TRUE}, /* with the lease in it */
		{"192.0.2.0/24", TRUE},                          /* with our own address in it */
		{"0.0.0.0/0", TRUE},     {"10.99.0.0/24", FALSE},
		{"10.99.0.7/32", FALSE}, /* another lease */
		{"10.30.2.0/24", FALSE},
	};
	const char *const lacks = "the network 10.21.0.0/24 of the gateway is for * at our end, *";
	Fixture f;

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		begin(&f, IKEV2);
		up(&f, LEASE, "10.20.0.0/24", NULL, CHILD_FILTER_TAKE, NULL);
		/* The address of the other family is no other address. */
		up(&f, LEASE6, "2001:db8:20::/64", NULL, CHILD_FILTER_TAKE, NULL);
		up(&f, rows[i].mine, "10.21.0.0/24", NULL,
		   rows[i].taken ? CHILD_FILTER_TAKE : CHILD_FILTER_LEAVE, rows[i].taken ? NULL : lacks);
		if (!rows[i].taken)
			assert_news(&f, "*10.21.0.0/24*at our end*: it is left out");
		end(&f);
	}
	/* No policy without an interface leads to it, and no route where no address is in it. */
	begin(&f, IKEV2 "ipsec-interface=no");
	f.host.interface = NULL;
	up(&f, LEASE, "10.20.0.0/24", NULL, CHILD_FILTER_TAKE, NULL);
	up(&f, "10.99.0.0/24", "10.21.0.0/24", NULL, CHILD_FILTER_TAKE, NULL);
	end(&f);
	/* The profile's own word, and what is within it. */
	begin(&f, IKEV2 "leftsubnet=10.99.0.0/24");
	up(&f, "10.99.0.0/24", "10.21.0.0/24", NULL, CHILD_FILTER_TAKE, NULL);
	up(&f, "10.99.0.128/25", "10.22.0.0/24", NULL, CHILD_FILTER_TAKE, NULL);
	up(&f, "10.98.0.0/24", "10.23.0.0/24", NULL, CHILD_FILTER_LEAVE, "*for 10.98.0.0/24 at our*");
	assert_news(&f, "*10.98.0.0/24*");
	end(&f);
	/* A later instance has another lease. */
	begin(&f, IKEV2);
	up(&f, LEASE, "10.20.0.0/24", NULL, CHILD_FILTER_TAKE, NULL);
	child_filter_begin(f.filter);
	up(&f, "10.30.2.1/32", "10.20.0.0/24", NULL, CHILD_FILTER_TAKE, NULL);
	up(&f, LEASE, "10.21.0.0/24", NULL, CHILD_FILTER_LEAVE, "*for 10.30.1.1 at our*");
	assert_news(&f, "*10.30.1.1*");
	end(&f);
}

static char *
dns_of(const UpdownEvent *event)
{
	GString *text = g_string_new(NULL);
	char buffer[IP_NET_STRLEN];

	for (guint i = 0; i < event->dns->len; i++)
		g_string_append_printf(text, "%s%s", i ? " " : "",
							   ip_net_to_string(&g_array_index(event->dns, IpNet, i), buffer));
	return g_string_free(text, FALSE);
}

/* @expected: the servers that the report is to be without. */
static void
assert_left_out(Fixture *f, const char *expected)
{
	g_autoptr(GArray) left_out =
		child_filter_look_at_dns(f->filter, f->table, f->host.interface, f->attached);
	g_autoptr(GString) text = g_string_new(NULL);
	char buffer[IP_NET_STRLEN];

	for (guint i = 0; i < left_out->len; i++)
		g_string_append_printf(text, "%s%s", i ? " " : "",
							   ip_net_to_string(&g_array_index(left_out, IpNet, i), buffer));
	g_assert_cmpstr(text->str, ==, expected);
}

static void
test_dns(void)
{
	static const char *const bad[] = {
		"127.0.0.1",       "127.0.0.53",     "169.254.169.254", "169.254.1.1",
		"255.255.255.255", "240.0.0.1",      "0.0.0.1",         "::1",
		"fe80::1",         "::ffff:8.8.8.8",
	};
	static const char *const narrow[] = {"192.0.2.0/24", "192.0.2.32/27", "192.0.2.53/32"};
	Fixture f;

	begin(&f, IKEV2);
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *more =
			g_strdup_printf("PLUTO_PEER_DNS_INFO=10.20.0.53 %s 10.20.0.54", bad[i]);
		g_autofree char *news =
			g_strdup_printf("the gateway's DNS server %s is left out: it is *", bad[i]);
		g_autoptr(UpdownEvent) event =
			fixture_event("up-client", LEASE, "0.0.0.0/0", "PLUTO_CFG_CLIENT=1", more, NULL);
		g_autofree char *dns = NULL;

		assert_verdict(&f, event, CHILD_FILTER_TAKE, NULL);
		dns = dns_of(event);
		g_assert_cmpstr(dns, ==, "10.20.0.53 10.20.0.54");
		assert_news(&f, news);
	}
	assert_left_out(&f, "");
	end(&f);

	/* Whatever the routes of the tunnel are, packets to these go by others. */
	begin(&f, IKEV2);
	up(&f, LEASE, "0.0.0.0/0", "PLUTO_PEER_DNS_INFO=192.0.2.53 10.20.0.53", CHILD_FILTER_TAKE,
	   NULL);
	assert_left_out(&f, "192.0.2.53");
	assert_news(&f, "the gateway's DNS server 192.0.2.53 is left out: it is in a network that this "
					"host is attached to");
	/* Only as long as that is so. */
	g_array_set_size(f.attached, 0);
	assert_left_out(&f, "");
	append(f.attached, "10.20.0.0/25");
	assert_left_out(&f, "10.20.0.53");
	assert_news(&f, "the gateway's DNS server 10.20.0.53 is left out: *");
	/* With an interface nothing but IKE, ESP and ICMP goes to the gateway outside of the tunnel. */
	up(&f, LEASE, "0.0.0.0/0", "PLUTO_PEER_DNS_INFO=203.0.113.1", CHILD_FILTER_TAKE, NULL);
	end(&f);
	begin(&f, IKEV2 "ipsec-interface=no");
	f.host.interface = NULL;
	up(&f, LEASE, "0.0.0.0/0", "PLUTO_PEER_DNS_INFO=203.0.113.1", CHILD_FILTER_TAKE, NULL);
	assert_news(&f,
				"the gateway's DNS server 203.0.113.1 is left out: it is the gateway itself, *");
	end(&f);

	/* Half of all addresses are nobody's LAN, which an interface's routes are before. */
	for (guint i = 0; i < 2; i++) {
		begin(&f, i ? IKEV2 : IKEV2 "ipsec-interface=no");
		append(f.attached, "0.0.0.0/1");
		append(f.attached, "2000::/3");
		if (i == 0)
			f.host.interface = NULL;
		up(&f, LEASE, "0.0.0.0/0", "PLUTO_PEER_DNS_INFO=10.20.0.53", CHILD_FILTER_TAKE, NULL);
		assert_left_out(&f, i ? "" : "10.20.0.53");
		if (i == 0)
			assert_news(&f,
						"the gateway's DNS server 10.20.0.53 is left out: it is in a network *");
		end(&f);
	}
	begin(&f, IKEV2);
	append(f.attached, "0.0.0.0/1");
	up(&f, LEASE, "10.20.0.0/24", NULL, CHILD_FILTER_TAKE, NULL);
	end(&f);

	/* Also where the profile names a network around that one: the LAN's route is more specific. */
	begin(&f, IKEV2 "rightsubnet=192.0.0.0/16");
	up(&f, LEASE, "192.0.0.0/16", "PLUTO_PEER_DNS_INFO=192.0.2.53 192.0.3.53", CHILD_FILTER_TAKE,
	   NULL);
	assert_left_out(&f, "192.0.2.53");
	assert_news(&f, "the gateway's DNS server 192.0.2.53 is left out: it is in a network that this "
					"host is attached to");
	end(&f);
	/* Not where it names the same, or a part. */
	for (guint i = 0; i < G_N_ELEMENTS(narrow); i++) {
		g_autofree char *profile = g_strconcat(IKEV2 "rightsubnet=", narrow[i], NULL);

		begin(&f, profile);
		up(&f, LEASE, narrow[i], "PLUTO_PEER_DNS_INFO=192.0.2.53", CHILD_FILTER_TAKE, NULL);
		assert_left_out(&f, "");
		end(&f);
	}
	/* The narrower of two networks of the LAN decides. */
	begin(&f, IKEV2 "rightsubnet=192.0.2.0/24");
	append(f.attached, "192.0.2.48/28");
	up(&f, LEASE, "192.0.2.0/24", "PLUTO_PEER_DNS_INFO=192.0.2.53", CHILD_FILTER_TAKE, NULL);
	assert_left_out(&f, "192.0.2.53");
	assert_news(&f, "the gateway's DNS server 192.0.2.53 is left out: *");
	end(&f);

	begin(&f, IKEV2 SPLIT);
	up(&f, LEASE, "10.20.0.0/24", "PLUTO_PEER_DNS_INFO=10.20.0.53 8.8.8.8", CHILD_FILTER_TAKE,
	   NULL);
	for (guint i = 0; i < 2; i++)
		assert_left_out(&f, "8.8.8.8");
	assert_news(&f,
				"the gateway's DNS server 8.8.8.8 is left out: it would be asked outside of the "
				"tunnel; a rightsubnet with 8.8.8.8 in it *");
	end(&f);
}

static void
test_domains(void)
{
	Fixture f;
	g_autoptr(UpdownEvent) event = fixture_event(
		"up-client", LEASE, "0.0.0.0/0", "PLUTO_CFG_CLIENT=1",
		"PLUTO_PEER_DOMAIN_INFO=corp.example com intra.corp localhost local corp.local "
		"x.localhost wanted ~other",
		NULL);
	g_autoptr(GPtrArray) news = NULL;
	g_autofree char *domains = NULL;

	begin(&f, IKEV2 "Domain=Wanted,~corp");
	assert_verdict(&f, event, CHILD_FILTER_TAKE, NULL);
	domains = g_strjoinv(" ", event->domains);
	g_assert_cmpstr(domains, ==, "corp.example intra.corp corp.local wanted");
	news = child_filter_take_news(f.filter);
	g_assert_cmpuint(news->len, ==, 4);
	g_assert_cmpstr(news->pdata[0], ==,
					"the gateway's domain com is left out: it is not the gateway's alone; "
					"Domain=com would take it");
	end(&f);
}

static void
test_interface(void)
{
	Fixture f;

	begin(&f, IKEV2);
	up(&f, LEASE, "0.0.0.0/0", "PLUTO_VIRT_INTERFACE=ipsec1", CHILD_FILTER_TAKE, NULL);
	up(&f, LEASE, "0.0.0.0/0", "PLUTO_VIRT_INTERFACE=NULL", CHILD_FILTER_TAKE, NULL);
	up(&f, LEASE, "0.0.0.0/0", "PLUTO_VIRT_INTERFACE=lo", CHILD_FILTER_REFUSE,
	   "libreswan uses the interface \"lo\", the tunnel's is ipsec1");
	f.host.interface = NULL;
	up(&f, LEASE, "0.0.0.0/0", "PLUTO_VIRT_INTERFACE=ipsec1", CHILD_FILTER_REFUSE,
	   "libreswan uses the interface \"ipsec1\", the tunnel's is none");
	end(&f);
}

/* Also of a trap: on demand nothing else comes at first. */
/* What 4.10 has left of it with split includes, which IKEv1 has. */
static void
test_lost_identity(void)
{
	static const struct {
		const char *version, *id;
		ChildFilterVerdict verdict;
	} rows[] = {
		{"ikev2=never\nleftusername=joe", "PLUTO_PEER_ID=@", CHILD_FILTER_TAKE},
		{"ikev2=insist", "PLUTO_PEER_ID=@", CHILD_FILTER_REFUSE},
		{"ikev2=never\nleftusername=joe", "PLUTO_PEER_ID=@x", CHILD_FILTER_REFUSE},
		{"ikev2=never\nleftusername=joe", "PLUTO_PEER_ID=203.0.113.1", CHILD_FILTER_REFUSE},
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *profile = g_strdup_printf(
			"right=203.0.113.1\nrightid=@gw\nrightsubnet=10.20.0.0/24\n%s", rows[i].version);
		g_autoptr(UpdownEvent) event = fixture_event("up-client", LEASE, "10.20.0.0/24",
													 "PLUTO_CFG_CLIENT=1", rows[i].id, NULL);
		Fixture f;

		begin(&f, profile);
		assert_verdict(&f, event, rows[i].verdict,
					   rows[i].verdict == CHILD_FILTER_TAKE ? NULL : "*rightid*");
		end(&f);
	}
}

static void
test_identities(void)
{
	static const struct {
		const char *profile, *id, *fault;
	} rows[] = {
		{"rightid=@gw", "PLUTO_PEER_ID=@gw", NULL},
		{"rightid=gw", "PLUTO_PEER_ID=@gw", NULL},
		{"rightid=gw", "PLUTO_PEER_ID=", NULL},
		{"rightid=C=DE, CN=gw", "PLUTO_PEER_ID=C=DE, CN=gw", NULL},
		{"rightid=C=DE, CN=gw", "PLUTO_PEER_ID=203.0.113.1",
		 "libreswan takes \"203.0.113.1\" for the gateway's identity, but rightid is "
		 "\"@C=DE, CN=gw\""},
		{"rightid=@[key]", "PLUTO_PEER_ID=@#0x6b6579", NULL},
		{"rightid=203.0.113.9", "PLUTO_PEER_ID=203.0.113.9", NULL},
		{"rightid=203.0.113.9", "PLUTO_PEER_ID=203.0.113.1", "*but rightid is \"203.0.113.9\""},
		{"", "PLUTO_PEER_ID=203.0.113.1", NULL},
		{"", "PLUTO_PEER_ID=@gw",
		 "libreswan takes \"@gw\" for the gateway's identity, but without rightid it is the "
		 "gateway's address"},
		{"leftcert=me", "PLUTO_PEER_ID=C=DE, CN=gw", NULL},
		{"leftcert=me\nrightid=%fromcert", "PLUTO_PEER_ID=C=DE, CN=gw", NULL},
		{"leftcert=me\nrightid=@gw", "PLUTO_PEER_ID=C=DE, CN=gw", "*but rightid is \"@gw\""},
		{"leftid=@me", "PLUTO_MY_ID=@me", NULL},
		{"leftid=@me", "PLUTO_MY_ID=192.0.2.2",
		 "libreswan takes \"192.0.2.2\" for our identity, but leftid is \"@me\""},
		{"", "PLUTO_MY_ID=192.0.2.2", NULL},
		{"", "PLUTO_MY_ID=@me", "*but without leftid it is the local address"},
	};
	static const char *const verbs[] = {"up-client", "route-client"};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		for (guint j = 0; j < G_N_ELEMENTS(verbs); j++) {
			g_autofree char *profile =
				g_strconcat("right=203.0.113.1\nikev2=insist\n", rows[i].profile, NULL);
			g_autoptr(UpdownEvent) event =
				fixture_event(verbs[j], LEASE, "0.0.0.0/0", "PLUTO_CFG_CLIENT=1", rows[i].id, NULL);
			Fixture f;

			begin(&f, profile);
			assert_verdict(&f, event, rows[i].fault ? CHILD_FILTER_REFUSE : CHILD_FILTER_TAKE,
						   rows[i].fault);
			end(&f);
		}
	}
}

/* A trap has our own address and the profile's nets; what goes down goes. */
static void
test_other_verbs(void)
{
	g_autoptr(UpdownEvent) trap =
		fixture_event("route-client", "192.0.2.2/32", "192.0.2.0/24", "PLUTO_CFG_CLIENT=1", NULL);
	g_autoptr(UpdownEvent) down =
		fixture_event("down-client", "127.0.0.1/32", "127.0.0.0/8", "PLUTO_CFG_CLIENT=1", NULL);
	Fixture f;

	begin(&f, IKEV2);
	assert_verdict(&f, trap, CHILD_FILTER_TAKE, NULL);
	assert_verdict(&f, down, CHILD_FILTER_TAKE, NULL);
	end(&f);
}

static void
test_bounds(void)
{
	g_autoptr(GPtrArray) news = NULL;
	Fixture f;

	begin(&f, IKEV2);
	f.host.n_up = CHILD_FILTER_MAX - 1;
	up(&f, LEASE, "10.20.0.0/24", NULL, CHILD_FILTER_TAKE, NULL);
	f.host.n_up = CHILD_FILTER_MAX;
	for (guint i = 0; i < 3; i++) {
		g_autofree char *net = g_strdup_printf("10.21.%u.0/24", i);

		up(&f, LEASE, net, NULL, CHILD_FILTER_LEAVE,
		   "the gateway brings up more than 256 Child SAs");
	}
	assert_news(&f, "*: it is left out");
	/* One that makes up new nonsense each time is not listened to for ever. */
	f.host.n_up = 0;
	for (guint i = 0; i < 2 * CHILD_FILTER_NEWS_MAX; i++) {
		g_autofree char *net = g_strdup_printf("127.0.%u.0/24", i);

		up(&f, LEASE, net, NULL, CHILD_FILTER_LEAVE, "*loopback");
	}
	news = child_filter_take_news(f.filter);
	g_assert_cmpuint(news->len, ==, CHILD_FILTER_NEWS_MAX - 1);
	end(&f);
}

static void
test_asks_for(void)
{
	IpNet net, part;
	Fixture f;

	g_assert_true(ip_net_parse(&net, "10.20.0.0/16"));
	g_assert_true(ip_net_parse(&part, "10.20.1.0/24"));
	begin(&f, IKEV1 SPLIT);
	g_assert_true(child_filter_asks_for(f.filter, &net));
	g_assert_false(child_filter_asks_for(f.filter, &part));
	end(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/child-filter/lease", test_lease);
	g_test_add_func("/child-filter/lease-without-interface", test_lease_without_interface);
	g_test_add_func("/child-filter/nets-of-everything", test_nets_of_everything);
	g_test_add_func("/child-filter/no-rightsubnet", test_no_rightsubnet);
	g_test_add_func("/child-filter/named-nets", test_named_nets);
	g_test_add_func("/child-filter/families", test_families);
	g_test_add_func("/child-filter/split-includes", test_split_includes);
	g_test_add_func("/child-filter/our-end", test_our_end);
	g_test_add_func("/child-filter/dns", test_dns);
	g_test_add_func("/child-filter/domains", test_domains);
	g_test_add_func("/child-filter/interface", test_interface);
	g_test_add_func("/child-filter/identities", test_identities);
	g_test_add_func("/child-filter/lost-identity", test_lost_identity);
	g_test_add_func("/child-filter/other-verbs", test_other_verbs);
	g_test_add_func("/child-filter/bounds", test_bounds);
	g_test_add_func("/child-filter/asks-for", test_asks_for);
	return g_test_run();
}
