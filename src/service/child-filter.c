/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "child-filter.h"

#include <string.h>

#include "identity.h"
#include "option.h"

struct ChildFilter {
	const Profile *profile;
	GArray *named;      /* of IpNet: nets of rightsubnet(s) that are not everything */
	GArray *everything; /* of IpNet: 0.0.0.0/0, ::/0 of those */
	GArray *mine;      /* of IpNet: leftsubnet(s), without what only says "whatever we are given" */
	GArray *leases;    /* of IpNet: the addresses that this instance has been given */
	char **domains;    /* the profile's own */
	GHashTable *first; /* connection -> IpNet: what its first Child SA carries, with IKEv1 */
	GHashTable *told;
	GPtrArray *news;
};

/* The nets of both keys, those of everything into @everything; NULL: they are left out. */
static void
take_nets(const Profile *profile, const char *const keys[2], GArray *named, GArray *everything)
{
	for (guint i = 0; i < 2; i++) {
		const char *value = profile_get(profile, keys[i]);
		g_auto(GStrv) texts = g_strsplit(value ? value : "", ",", -1);
		IpNet net;

		for (char **text = texts; *text; text++) {
			GArray *nets = named;

			if (!ip_net_parse(&net, *text))
				continue;
			if (net.prefix == 0)
				nets = everything;
			if (nets)
				g_array_append_val(nets, net);
		}
	}
}

ChildFilter *
child_filter_new(const Profile *profile)
{
	static const char *const right[] = {"rightsubnet", "rightsubnets"};
	static const char *const left[] = {"leftsubnet", "leftsubnets"};
	ChildFilter *self = g_new0(ChildFilter, 1);
	const char *domains = profile_get_domain(profile);

	self->profile = profile;
	self->named = g_array_new(FALSE, FALSE, sizeof(IpNet));
	self->everything = g_array_new(FALSE, FALSE, sizeof(IpNet));
	take_nets(profile, right, self->named, self->everything);
	self->mine = g_array_new(FALSE, FALSE, sizeof(IpNet));
	take_nets(profile, left, self->mine, profile_modecfg_expected(profile) ? NULL : self->mine);
	self->leases = g_array_new(FALSE, FALSE, sizeof(IpNet));
	self->domains = g_strsplit(domains ? domains : "", " ", -1);
	self->first = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	self->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	self->news = g_ptr_array_new_with_free_func(g_free);
	return self;
}

void
child_filter_free(ChildFilter *self)
{
	if (!self)
		return;
	g_array_unref(self->named);
	g_array_unref(self->everything);
	g_array_unref(self->mine);
	g_array_unref(self->leases);
	g_strfreev(self->domains);
	g_hash_table_unref(self->first);
	g_hash_table_unref(self->told);
	g_ptr_array_unref(self->news);
	g_free(self);
}

void
child_filter_begin(ChildFilter *self)
{
	g_hash_table_remove_all(self->first);
	g_array_set_size(self->leases, 0);
}

/* Takes ownership of @text. */
static void
tell(ChildFilter *self, char *text)
{
	if (g_hash_table_size(self->told) >= CHILD_FILTER_NEWS_MAX ||
		g_hash_table_contains(self->told, text)) {
		g_free(text);
		return;
	}
	g_ptr_array_add(self->news, g_strdup(text));
	g_hash_table_add(self->told, text);
}

GPtrArray *
child_filter_take_news(ChildFilter *self)
{
	GPtrArray *news = self->news;

	self->news = g_ptr_array_new_with_free_func(g_free);
	return news;
}

/* Kinds of addresses (RFC 6890) that no gateway has behind it, or can give us. */

typedef enum {
	FOR_US = 1 << 0, /* none of ours can be in there */
	AS_NET = 1 << 1, /* nor a net behind the gateway */
	AS_DNS = 1 << 2, /* nor a DNS server */
	AS_ALL = FOR_US | AS_NET | AS_DNS,
} Use;

static const struct {
	const char *net;
	guint not_for; /* of Use */
	const char *what;
} special[] = {
	{"0.0.0.0/8", AS_ALL, "unspecified"},
	{"127.0.0.0/8", AS_ALL, "loopback"},
	{"169.254.0.0/16", AS_ALL, "link-local"},
	{"224.0.0.0/4", AS_ALL, "multicast"},
	{"255.255.255.255", AS_ALL, "the broadcast address"},
	{"240.0.0.0/4", AS_ALL, "reserved"},
	{"224.0.0.0/3", AS_ALL, "multicast and reserved"},
	{"::", AS_ALL, "unspecified"},
	{"::1", AS_ALL, "loopback"},
	{"::ffff:0.0.0.0/96", AS_ALL, "an IPv4 address in an IPv6 one"},
	{"fe80::/10", AS_ALL, "link-local"},
	{"ff00::/8", AS_ALL, "multicast"},
};

/* Half of it or more. Of both halves of the internet, which mean all of it, much less is. */
static gboolean
is_mostly(const IpNet *net, const IpNet *inner)
{
	return ip_net_contains(net, inner) && net->prefix + 1 >= inner->prefix;
}

/* What @net is, if it is within such a net, or mostly such a net; else NULL. */
static const char *
find_special(const IpNet *net, Use use)
{
	for (guint i = 0; i < G_N_ELEMENTS(special); i++) {
		IpNet outer;

		if (special[i].not_for & use && ip_net_parse(&outer, special[i].net) &&
			(ip_net_contains(&outer, net) || is_mostly(net, &outer)))
			return special[i].what;
	}
	return NULL;
}

/* Whether @inner is in @attached and reached there, past a tunnel for everything: with an interface
 * the tunnel's routes are before those of what is no LAN (tunnel-table.h). */
static gboolean
is_reached_in(const ChildFilterHost *host, const IpNet *attached, const IpNet *inner)
{
	return ip_net_contains(attached, inner) && (!host->interface || ip_net_is_lan(attached));
}

static const IpNet *
find_attached(const ChildFilterHost *host, const IpNet *inner)
{
	for (guint i = 0; host->attached && i < host->attached->len; i++) {
		const IpNet *attached = &g_array_index(host->attached, IpNet, i);

		if (is_reached_in(host, attached, inner))
			return attached;
	}
	return NULL;
}

/* To the attached network or a part of it the tunnel's route is the better one; that to a network
 * around it is worse than the link's own, which is more specific. */
static gboolean
is_named_within(const ChildFilter *self, const IpNet *attached, const IpNet *host)
{
	for (guint i = 0; i < self->named->len; i++) {
		const IpNet *net = &g_array_index(self->named, IpNet, i);

		if (net->prefix >= attached->prefix && ip_net_contains(net, host))
			return TRUE;
	}
	return FALSE;
}

/* Whether packets to @server go to a neighbour, whatever the profile names. */
static gboolean
is_neighbour(const ChildFilter *self, const ChildFilterHost *host, const IpNet *server)
{
	for (guint i = 0; host->attached && i < host->attached->len; i++) {
		const IpNet *attached = &g_array_index(host->attached, IpNet, i);

		if (is_reached_in(host, attached, server) && !is_named_within(self, attached, server))
			return TRUE;
	}
	return FALSE;
}

static gboolean
names_nets_of(const ChildFilter *self, int family)
{
	for (guint i = 0; i < self->named->len; i++) {
		if (g_array_index(self->named, IpNet, i).family == family)
			return TRUE;
	}
	return FALSE;
}

gboolean
child_filter_asks_for(const ChildFilter *self, const IpNet *net)
{
	return ip_net_list_has(self->named, net) || ip_net_list_has(self->everything, net);
}

/* Identities */

static gboolean
is_by_certificate(const Profile *profile)
{
	return profile_get(profile, "leftcert") || profile_get(profile, "rightcert") ||
		   profile_get(profile, "leftrsasigkey") || profile_get(profile, "rightrsasigkey");
}

/* 4.10 frees the gateway's identity where it takes split includes (IKEv1; "EXPECTATION FAILED: ...
 * that_id=@ is in the wrong bucket"), after it has compared it with rightid. */
static gboolean
is_lost(const ChildFilter *self, const char *key, const char *shown)
{
	return !profile_is_ikev2(self->profile) && g_str_equal(key, "rightid") &&
		   g_str_equal(shown, "@");
}

/* Libreswan 4 takes an identity that it cannot read for none at all, and the address in its place.
 */
static gboolean
identity_is_right(const ChildFilter *self, const char *key, const char *shown, char **reason)
{
	const char *wanted = profile_get(self->profile, key);
	g_autofree char *quoted_wanted = option_quote(wanted ? wanted : "");
	g_autofree char *quoted = option_quote(shown);
	gboolean ours = g_str_equal(key, "leftid");

	/* A certificate may say who its owner is where the profile does not. */
	if (*shown == '\0' || is_lost(self, key, shown) ||
		(!wanted && is_by_certificate(self->profile)) || identity_is_shown(wanted, shown))
		return TRUE;
	if (wanted)
		*reason = g_strdup_printf("libreswan takes %s for %s identity, but %s is %s", quoted,
								  ours ? "our" : "the gateway's", key, quoted_wanted);
	else
		*reason = g_strdup_printf("libreswan takes %s for %s identity, but without %s it is the %s "
								  "address",
								  quoted, ours ? "our" : "the gateway's", key,
								  ours ? "local" : "gateway's");
	return FALSE;
}

static gboolean
interface_is_right(const UpdownEvent *event, const ChildFilterHost *host, char **reason)
{
	g_autofree char *quoted = option_quote(event->virt_interface ? event->virt_interface : "");

	if (!event->xfrmi_route && !event->virt_interface)
		return TRUE;
	if (g_strcmp0(event->virt_interface, host->interface) == 0)
		return TRUE;
	*reason = g_strdup_printf("libreswan uses the interface %s, the tunnel's is %s", quoted,
							  host->interface ? host->interface : "none");
	return FALSE;
}

/* Our address */

static gboolean
lease_is_right(const UpdownEvent *event, const ChildFilterHost *host, char **reason)
{
	const char *what = NULL;
	char buffer[IP_NET_STRLEN];
	IpNet lease;

	if (!updown_event_get_lease(event, &lease))
		return TRUE;
	/* Without an interface: no lease at all, the gateway leaves us where we are. */
	if (!host->interface && ip_net_equal(&lease, &event->me))
		return TRUE;
	what = find_special(&lease, FOR_US);
	if (!what && ip_net_equal(&lease, &event->peer))
		what = "its own";
	/* Without an interface it is on a link of others once NetworkManager has put it there. */
	if (!what && host->interface &&
		(ip_net_equal(&lease, &event->me) || ip_net_list_has(host->addresses, &lease)))
		what = "this computer's own already";
	if (!what && host->next_hop && ip_net_equal(&lease, host->next_hop))
		what = "the router's";
	if (what)
		*reason = g_strdup_printf("the gateway gives us an address that cannot be ours: %s is %s",
								  ip_net_to_string(&lease, buffer), what);
	return !what;
}

static void
note_lease(ChildFilter *self, const UpdownEvent *event)
{
	IpNet lease;

	if (updown_event_get_lease(event, &lease))
		g_array_append_val(self->leases, lease);
}

static void
forget_lease(ChildFilter *self, const UpdownEvent *event)
{
	for (guint i = self->leases->len; i > 0; i--) {
		if (ip_net_equal(&g_array_index(self->leases, IpNet, i - 1), &event->my_client))
			g_array_remove_index(self->leases, i - 1);
	}
}

static gboolean
contains_any(const IpNet *net, const GArray *inner)
{
	for (guint i = 0; inner && i < inner->len; i++) {
		if (ip_net_contains(net, &g_array_index(inner, IpNet, i)))
			return TRUE;
	}
	return FALSE;
}

static gboolean
has_lease_of(const ChildFilter *self, int family)
{
	for (guint i = 0; i < self->leases->len; i++) {
		if (g_array_index(self->leases, IpNet, i).family == family)
			return TRUE;
	}
	return FALSE;
}

/* An address that the gateway gives with the first Child SA: another one comes with another
 * instance only. IKEv1 has one of each ISAKMP SA. */
static gboolean
is_new_lease(const ChildFilter *self, const UpdownEvent *event)
{
	IpNet lease;

	return updown_event_get_lease(event, &lease) &&
		   (!profile_is_ikev2(self->profile) || !has_lease_of(self, lease.family));
}

/* With IKEv2 a gateway may begin a Child SA for any two nets within those that we have offered, and
 * to have an address assigned we offer everything at our end. What comes from no address of ours
 * nothing can leave by: its route would swallow what another carries. */
static char *
find_our_fault(const ChildFilter *self, const UpdownEvent *event, const ChildFilterHost *host)
{
	const IpNet *net = &event->my_client;
	char ours[IP_NET_STRLEN], theirs[IP_NET_STRLEN];

	if (!host->interface || is_new_lease(self, event) || contains_any(net, self->leases) ||
		ip_net_contains(net, &event->me) || contains_any(net, host->addresses) ||
		ip_net_list_find_around(self->mine, net))
		return NULL;
	return g_strdup_printf("the network %s of the gateway is for %s at our end, which is neither "
						   "an address of ours nor in leftsubnet",
						   ip_net_to_string(&event->peer_client, theirs),
						   ip_net_to_string(net, ours));
}

/* Nets behind the gateway */

static char *
find_net_fault(const ChildFilter *self, const UpdownEvent *event, const ChildFilterHost *host)
{
	const IpNet *net = &event->peer_client;
	const IpNet *attached;
	const char *what;
	char buffer[IP_NET_STRLEN], other[IP_NET_STRLEN];

	if (ip_net_list_find_around(self->named, net))
		return NULL;
	ip_net_to_string(net, buffer);
	if (names_nets_of(self, net->family) && !ip_net_list_find_around(self->everything, net))
		return g_strdup_printf("the network %s of the gateway is outside of rightsubnet", buffer);
	if (net->prefix == 0)
		return NULL;
	if ((what = find_special(net, AS_NET)))
		return g_strdup_printf("the network %s of the gateway is %s", buffer, what);
	if (host->interface && ip_net_equal(net, &event->peer))
		return g_strdup_printf("the network %s of the gateway is the gateway itself", buffer);
	if ((attached = find_attached(host, net)))
		return g_strdup_printf("the network %s of the gateway is in %s, to which this computer is "
							   "attached; rightsubnet=%s would take it",
							   buffer, ip_net_to_string(attached, other), buffer);
	return NULL;
}

/* With IKEv1 a connection negotiates one pair of nets. Libreswan 4 puts the first network that the
 * gateway sends (CISCO_SPLIT_INC, modecfg_inR1()) in the place of what the profile asks for before
 * it does so, says `up` of it first, and then of the others, which no SA is for; the profile's own
 * is among them. A gateway may let a narrower one pass, but with a wider one everything in it would
 * go where nothing takes it.
 */
static char *
find_split_fault(const ChildFilter *self, const UpdownEvent *event)
{
	const IpNet *first = g_hash_table_lookup(self->first, event->connection);
	char buffer[IP_NET_STRLEN], other[IP_NET_STRLEN];

	if (!first || first->family != event->peer_client.family ||
		event->peer_client.prefix >= first->prefix || !ip_net_contains(&event->peer_client, first))
		return NULL;
	return g_strdup_printf("of the network %s the gateway takes %s alone",
						   ip_net_to_string(&event->peer_client, buffer),
						   ip_net_to_string(first, other));
}

static void
note_first(ChildFilter *self, const UpdownEvent *event)
{
	IpNet *first;

	/* With this the first is left out by libreswan itself. */
	if (profile_is_ikev2(self->profile) || event->peer_is_cisco ||
		g_hash_table_contains(self->first, event->connection))
		return;
	first = g_new(IpNet, 1);
	*first = event->peer_client;
	g_hash_table_insert(self->first, g_strdup(event->connection), first);
}

/* DNS */

static void
drop_dns(ChildFilter *self, UpdownEvent *event, const ChildFilterHost *host)
{
	char buffer[IP_NET_STRLEN];

	for (guint i = event->dns->len; i > 0; i--) {
		const IpNet *server = &g_array_index(event->dns, IpNet, i - 1);
		const char *what = find_special(server, AS_DNS);

		if (!what && !host->interface && ip_net_equal(server, &event->peer))
			what = "the gateway itself, which is reached outside of the tunnel";
		if (!what)
			continue;
		tell(self, g_strdup_printf("the gateway's DNS server %s is left out: it is %s",
								   ip_net_to_string(server, buffer), what));
		g_array_remove_index(event->dns, i - 1);
	}
}

GArray *
child_filter_find_neighbours(ChildFilter *self, const GArray *dns, const char *interface,
							 const GArray *attached)
{
	const ChildFilterHost host = {.interface = interface, .attached = attached};
	GArray *neighbours = g_array_new(FALSE, FALSE, sizeof(IpNet));
	char buffer[IP_NET_STRLEN];

	for (guint i = 0; i < dns->len; i++) {
		const IpNet *server = &g_array_index(dns, IpNet, i);

		if (!is_neighbour(self, &host, server))
			continue;
		g_array_append_val(neighbours, *server);
		tell(self, g_strdup_printf("the gateway's DNS server %s is left out: it is in a network "
								   "that this host is attached to",
								   ip_net_to_string(server, buffer)));
	}
	return neighbours;
}

GArray *
child_filter_look_at_dns(ChildFilter *self, const ChildTable *table, const char *interface,
						 const GArray *attached)
{
	g_autoptr(GArray) dns = child_table_list_dns(table);
	g_autoptr(GArray) led_to = g_array_new(FALSE, FALSE, sizeof(IpNet));
	g_autoptr(GArray) neighbours = NULL;
	GArray *left_out = g_array_new(FALSE, FALSE, sizeof(IpNet));
	char buffer[IP_NET_STRLEN];

	for (guint i = 0; i < dns->len; i++) {
		const IpNet *server = &g_array_index(dns, IpNet, i);

		if (child_table_leads_to(table, server, interface != NULL)) {
			g_array_append_val(led_to, *server);
			continue;
		}
		g_array_append_val(left_out, *server);
		ip_net_to_string(server, buffer);
		tell(self, g_strdup_printf("the gateway's DNS server %s is left out: it would be asked "
								   "outside of the tunnel; a rightsubnet with %s in it would "
								   "change that",
								   buffer, buffer));
	}
	neighbours = child_filter_find_neighbours(self, led_to, interface, attached);
	g_array_append_vals(left_out, neighbours->data, neighbours->len);
	return left_out;
}

/* Whether it would take the names of others with it. */
static gboolean
is_greedy(const char *domain)
{
	return !strchr(domain, '.') || g_str_has_suffix(domain, ".localhost");
}

static gboolean
is_own_domain(const ChildFilter *self, const char *domain)
{
	for (char **own = self->domains; *own; own++) {
		if (g_ascii_strcasecmp(**own == '~' ? *own + 1 : *own, domain) == 0)
			return TRUE;
	}
	return FALSE;
}

static void
drop_domains(ChildFilter *self, UpdownEvent *event)
{
	char **kept = event->domains;

	for (char **domain = event->domains; *domain; domain++) {
		if (!is_greedy(*domain) || is_own_domain(self, *domain)) {
			*kept++ = *domain;
			continue;
		}
		tell(self, g_strdup_printf("the gateway's domain %s is left out: it is not the gateway's "
								   "alone; Domain=%s would take it",
								   *domain, *domain));
		g_free(*domain);
	}
	*kept = NULL;
}

/* All of it */

static gboolean
is_right(const ChildFilter *self, const UpdownEvent *event, const ChildFilterHost *host,
		 char **reason)
{
	return interface_is_right(event, host, reason) &&
		   identity_is_right(self, "rightid", event->peer_id, reason) &&
		   identity_is_right(self, "leftid", event->my_id, reason) &&
		   (event->verb != UPDOWN_VERB_UP || lease_is_right(event, host, reason));
}

ChildFilterVerdict
child_filter_look(ChildFilter *self, UpdownEvent *event, const ChildFilterHost *host, char **reason)
{
	gboolean alone = !g_hash_table_contains(self->first, event->connection);
	g_autofree char *net_fault = NULL;

	*reason = NULL;
	if (event->verb == UPDOWN_VERB_DOWN) {
		g_hash_table_remove(self->first, event->connection);
		forget_lease(self, event);
	}
	if (event->verb != UPDOWN_VERB_UP && event->verb != UPDOWN_VERB_ROUTE)
		return CHILD_FILTER_TAKE;
	if (event->verb == UPDOWN_VERB_UP)
		net_fault = find_net_fault(self, event, host)
						?: find_split_fault(self, event) ?: find_our_fault(self, event, host);
	if (!is_right(self, event, host, reason)) {
		/* 4.10 loses the gateway's identity where it takes split includes: they are the cause. */
		if (net_fault) {
			g_free(*reason);
			*reason = g_steal_pointer(&net_fault);
		}
		return CHILD_FILTER_REFUSE;
	}
	/* A trap has the profile's nets. */
	if (event->verb != UPDOWN_VERB_UP)
		return CHILD_FILTER_TAKE;
	*reason = g_steal_pointer(&net_fault);
	if (!*reason && host->n_up >= CHILD_FILTER_MAX)
		*reason = g_strdup_printf("the gateway brings up more than %d Child SAs", CHILD_FILTER_MAX);
	note_first(self, event);
	if (!*reason) {
		note_lease(self, event);
		drop_dns(self, event, host);
		drop_domains(self, event);
		return CHILD_FILTER_TAKE;
	}
	/* The one SA of IKEv1 is for what was not asked for. */
	if (!host->interface || (alone && !profile_is_ikev2(self->profile) && !event->peer_is_cisco))
		return CHILD_FILTER_REFUSE;
	tell(self, g_strdup_printf("%s: it is left out", *reason));
	return CHILD_FILTER_LEAVE;
}
