/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "ip-report.h"

#include <NetworkManager.h>
#include <nm-vpn-dbus-interface.h>
#include <netinet/in.h>
#include <string.h>

/* Of a gateway's word as much as a host has use for. */
#define MAX_ROUTES  1000
#define MAX_DOMAINS 64

/* How many Child SAs, DNS servers and domains a line of the log shows, of each. */
#define MAX_SHOWN 12

/* NetworkManager wants IPv4 addresses as numbers in network order, and IPv6 ones as bytes. */
static guint32
ip4(const IpNet *net)
{
	guint32 number;

	memcpy(&number, net->bytes, sizeof(number));
	return number;
}

static GVariant *
ip6(const IpNet *net)
{
	return g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, net->bytes, 16, 1);
}

/* Of what is missing the routes stay, and what they need: they lead to an interface that drops what
 * no Child SA takes, or to policies that block it (block-policies.h). Without an interface a lease
 * that is gone is no source for them; what comes from our own address instead is blocked as well.
 */
static gboolean
counts(const ChildTable *table, const IpReportParams *params, guint i)
{
	return i < child_table_size(table) || params->interface || !child_table_get(table, i)->leased;
}

static const IpNet *
lease_of(const ChildTable *table, const IpReportParams *params, int family)
{
	for (guint i = 0; i < child_table_size_protected(table); i++) {
		const ChildSa *child = child_table_get(table, i);

		if (child->leased && child->my_client.family == family && counts(table, params, i))
			return &child->my_client;
	}
	return NULL;
}

static gboolean
carries(const ChildTable *table, const IpReportParams *params, int family)
{
	for (guint i = 0; i < child_table_size_protected(table); i++) {
		if (child_table_get(table, i)->peer_client.family == family && counts(table, params, i))
			return TRUE;
	}
	return FALSE;
}

static void
add_dns(GVariantDict *dict, const ChildTable *table, const IpReportParams *params, int family)
{
	g_autoptr(GArray) dns = child_table_list_dns(table);
	GVariantBuilder builder;
	guint n = 0;

	g_variant_builder_init(&builder,
						   family == AF_INET ? G_VARIANT_TYPE("au") : G_VARIANT_TYPE("aay"));
	for (guint i = 0; i < dns->len; i++) {
		const IpNet *server = &g_array_index(dns, IpNet, i);

		/* What no route leads to would be asked in plaintext. */
		if (server->family != family ||
			!child_table_leads_to(table, server, params->interface != NULL) ||
			(params->left_out && ip_net_list_has(params->left_out, server)))
			continue;
		if (family == AF_INET)
			g_variant_builder_add(&builder, "u", ip4(server));
		else
			g_variant_builder_add_value(&builder, ip6(server));
		n++;
	}
	if (n > 0)
		g_variant_dict_insert_value(dict, NM_VPN_PLUGIN_IP4_CONFIG_DNS,
									g_variant_builder_end(&builder));
	else
		g_variant_builder_clear(&builder);
}

static void
add_domain(GPtrArray *domains, GHashTable *known, char *domain)
{
	if (g_hash_table_add(known, domain))
		g_ptr_array_add(domains, domain);
}

static void
add_domains(GVariantDict *dict, const ChildTable *table, const char *own)
{
	g_autoptr(GPtrArray) domains = g_ptr_array_new();
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
	g_auto(GStrv) owns = g_strsplit(own ? own : "", " ", -1);

	for (guint i = 0; owns[i]; i++)
		add_domain(domains, known, owns[i]);
	for (guint i = 0; i < child_table_size(table); i++) {
		char **domain = child_table_get(table, i)->domains;

		for (; *domain && domains->len < MAX_DOMAINS; domain++)
			add_domain(domains, known, *domain);
	}
	if (domains->len > 0)
		g_variant_dict_insert_value(
			dict, NM_VPN_PLUGIN_IP4_CONFIG_DOMAINS,
			g_variant_new_strv((const char *const *) domains->pdata, domains->len));
}

static GVariant *
route4(const IpNet *net, const IpNet *source)
{
	GVariantBuilder route;

	g_variant_builder_init(&route, G_VARIANT_TYPE("au"));
	g_variant_builder_add(&route, "u", ip4(net));
	g_variant_builder_add(&route, "u", (guint32) net->prefix);
	g_variant_builder_add(&route, "u", 0u);
	g_variant_builder_add(&route, "u", 0u);
	if (source)
		g_variant_builder_add(&route, "u", ip4(source));
	return g_variant_builder_end(&route);
}

static GVariant *
route6(const IpNet *net, const IpNet *source, gboolean with_source)
{
	static const IpNet none;

	if (!with_source)
		return g_variant_new("(@ayu@ayu)", ip6(net), (guint32) net->prefix, ip6(&none), 0u);
	return g_variant_new("(@ayu@ayu@ay)", ip6(net), (guint32) net->prefix, ip6(&none), 0u,
						 ip6(source ? source : &none));
}

/* The address that packets for @child are to come from, where the link has none of its own that
 * would be taken. */
static gboolean
find_source(const ChildSa *child, const IpReportParams *params, IpNet *source)
{
	/* Any at all: a trap of what will have a lease. */
	if (params->interface && (child->leased || child->my_client.prefix == 0))
		return FALSE;
	if (!ip_net_is_host(&child->my_client))
		return params->find_local && params->find_local(&child->my_client, source);
	*source = child->my_client;
	return TRUE;
}

/* See the header on what has no route. */
static gboolean
is_routed(const ChildSa *child, const IpReportParams *params, gboolean has_source)
{
	if (params->interface)
		return TRUE;
	return has_source && (child->leased || child->protocol == 0);
}

typedef struct {
	IpNet net;
	IpNet source; /* unset: none */
} Route;

static void
add_route(GArray *routes, const IpNet *net, const IpNet *source)
{
	const Route route = {.net = *net, .source = *source};

	g_array_append_val(routes, route);
}

/* A default route has no source address in NetworkManager's interface: its halves have. */
static void
add_halves(GArray *routes, const IpNet *source)
{
	static const guint8 low[16] = {0}, high[16] = {0x80};
	const IpNet halves[] = {ip_net_from_bytes(source->family, low, 1),
							ip_net_from_bytes(source->family, high, 1)};

	for (guint i = 0; i < G_N_ELEMENTS(halves); i++)
		add_route(routes, &halves[i], source);
}

/* The same routes are the same report, whichever Child SA came first. */
static int
compare_routes(gconstpointer a, gconstpointer b)
{
	const Route *left = a, *right = b;
	int order = memcmp(left->net.bytes, right->net.bytes, sizeof(left->net.bytes));

	return order != 0 ? order : left->net.prefix - right->net.prefix;
}

static gboolean
any_source(const GArray *routes)
{
	for (guint i = 0; i < routes->len; i++) {
		if (ip_net_is_set(&g_array_index(routes, Route, i).source))
			return TRUE;
	}
	return FALSE;
}

static void
insert_routes(GVariantDict *dict, GArray *routes, int family)
{
	gboolean with_source = any_source(routes);
	GVariantBuilder builder;

	g_array_sort(routes, compare_routes);
	g_variant_builder_init(&builder, G_VARIANT_TYPE(family == AF_INET ? "aau"
													: with_source     ? "a(ayuayuay)"
																	  : "a(ayuayu)"));
	for (guint i = 0; i < routes->len; i++) {
		const Route *route = &g_array_index(routes, Route, i);
		const IpNet *source = ip_net_is_set(&route->source) ? &route->source : NULL;

		g_variant_builder_add_value(&builder, family == AF_INET
												  ? route4(&route->net, source)
												  : route6(&route->net, source, with_source));
	}
	g_variant_dict_insert_value(dict, NM_VPN_PLUGIN_IP4_CONFIG_ROUTES,
								g_variant_builder_end(&builder));
}

/* Returns whether there is a default route among them, which has a word of its own. */
static gboolean
add_routes(GVariantDict *dict, const ChildTable *table, const IpReportParams *params, int family)
{
	g_autoptr(GArray) routes = g_array_new(FALSE, FALSE, sizeof(Route));
	g_autoptr(GHashTable) known = g_hash_table_new(ip_net_hash, ip_net_hash_equal);
	gboolean is_default = FALSE;

	for (guint i = 0; i < child_table_size_protected(table); i++) {
		const ChildSa *child = child_table_get(table, i);
		const IpNet *net = &child->peer_client;
		IpNet source = {0};
		gboolean has_source;

		/* The first word on a net is the last, whether there is a route for it or not. */
		if (!g_hash_table_add(known, (gpointer) net) || net->family != family ||
			!counts(table, params, i) || routes->len >= MAX_ROUTES)
			continue;
		has_source = find_source(child, params, &source);
		if (!is_routed(child, params, has_source))
			continue;
		if (net->prefix > 0)
			add_route(routes, net, &source);
		else if (has_source)
			add_halves(routes, &source);
		else
			is_default = TRUE;
	}
	if (routes->len > 0)
		insert_routes(dict, routes, family);
	return is_default;
}

static gboolean
find_address(const ChildTable *table, const IpReportParams *params, int family, IpNet *address)
{
	const IpNet *lease = lease_of(table, params, family);
	/* Asking the kernel for a source takes a dump of its addresses. */
	g_autoptr(GHashTable) known = g_hash_table_new(ip_net_hash, ip_net_hash_equal);

	if (lease)
		*address = *lease;
	for (guint i = 0; !lease && params->needs_address && i < child_table_size_protected(table);
		 i++) {
		const ChildSa *child = child_table_get(table, i);

		if (child->my_client.family == family && counts(table, params, i) &&
			g_hash_table_add(known, (gpointer) &child->my_client) &&
			find_source(child, params, address))
			return TRUE;
	}
	return lease != NULL;
}

/* With which find_address()'s address is reported: a lease is a host's. */
static guint32
prefix_for(const ChildTable *table, const IpReportParams *params, const IpNet *address)
{
	return params->prefix_of && !lease_of(table, params, address->family)
			   ? params->prefix_of(address)
			   : address->prefix;
}

/* Whether there is anything to say of the family. */
static gboolean
has_config(const ChildTable *table, const IpReportParams *params, int family)
{
	IpNet address;

	return carries(table, params, family) &&
		   (!params->needs_address || find_address(table, params, family, &address));
}

/* The words are the same for both families: NM_VPN_PLUGIN_IP6_CONFIG_* equal those for IPv4. */
static GVariant *
ip_config(const ChildTable *table, const IpReportParams *params, int family)
{
	IpNet address;
	gboolean has_address = find_address(table, params, family, &address);
	guint32 prefix = has_address ? prefix_for(table, params, &address) : 0;
	GVariantDict dict;
	gboolean is_default;

	g_variant_dict_init(&dict, NULL);
	if (has_address && family == AF_INET) {
		g_variant_dict_insert(&dict, NM_VPN_PLUGIN_IP4_CONFIG_ADDRESS, "u", ip4(&address));
		g_variant_dict_insert(&dict, NM_VPN_PLUGIN_IP4_CONFIG_PREFIX, "u", prefix);
	} else if (has_address) {
		g_variant_dict_insert_value(&dict, NM_VPN_PLUGIN_IP6_CONFIG_ADDRESS, ip6(&address));
		g_variant_dict_insert(&dict, NM_VPN_PLUGIN_IP6_CONFIG_PREFIX, "u", prefix);
	}
	add_dns(&dict, table, params, family);
	add_domains(&dict, table, params->domain);
	is_default = add_routes(&dict, table, params, family);
	g_variant_dict_insert(&dict, NM_VPN_PLUGIN_IP4_CONFIG_NEVER_DEFAULT, "b", !is_default);
	return g_variant_ref_sink(g_variant_dict_end(&dict));
}

static GVariant *
config(const ChildTable *table, const IpReportParams *params)
{
	const ChildSa *first = child_table_get(table, 0);
	GVariantDict dict;

	g_variant_dict_init(&dict, NULL);
	if (params->interface)
		g_variant_dict_insert(&dict, NM_VPN_PLUGIN_CONFIG_TUNDEV, "s", params->interface);
	if (first->peer.family == AF_INET)
		g_variant_dict_insert(&dict, NM_VPN_PLUGIN_CONFIG_EXT_GATEWAY, "u", ip4(&first->peer));
	else
		g_variant_dict_insert_value(&dict, NM_VPN_PLUGIN_CONFIG_EXT_GATEWAY, ip6(&first->peer));
	if (params->mtu > 0)
		g_variant_dict_insert(&dict, NM_VPN_PLUGIN_CONFIG_MTU, "u", params->mtu);
	if (*first->banner)
		g_variant_dict_insert(&dict, NM_VPN_PLUGIN_CONFIG_BANNER, "s", first->banner);
	g_variant_dict_insert(&dict, NM_VPN_PLUGIN_CONFIG_HAS_IP4, "b",
						  has_config(table, params, AF_INET));
	g_variant_dict_insert(&dict, NM_VPN_PLUGIN_CONFIG_HAS_IP6, "b",
						  has_config(table, params, AF_INET6));
	/* The tunnel survives the loss of its uplink: NetworkManager may keep it with
	 * vpn.persistent. */
	g_variant_dict_insert(&dict, NM_VPN_PLUGIN_CAN_PERSIST, "b", TRUE);
	return g_variant_ref_sink(g_variant_dict_end(&dict));
}

IpReport *
ip_report_new(const ChildTable *table, const IpReportParams *params)
{
	IpReport *report = g_new0(IpReport, 1);

	report->config = config(table, params);
	if (has_config(table, params, AF_INET))
		report->ip4 = ip_config(table, params, AF_INET);
	if (has_config(table, params, AF_INET6))
		report->ip6 = ip_config(table, params, AF_INET6);
	return report;
}

void
ip_report_free(IpReport *report)
{
	if (!report)
		return;
	g_clear_pointer(&report->config, g_variant_unref);
	g_clear_pointer(&report->ip4, g_variant_unref);
	g_clear_pointer(&report->ip6, g_variant_unref);
	g_free(report);
}

/* A GVariantDict is a hash table: the order of its words in the variant means nothing. */
static gboolean
dict_equal(GVariant *a, GVariant *b)
{
	GVariantIter iter;
	const char *key;
	GVariant *value;

	if (!a || !b)
		return a == b;
	if (g_variant_n_children(a) != g_variant_n_children(b))
		return FALSE;
	g_variant_iter_init(&iter, a);
	while (g_variant_iter_loop(&iter, "{&sv}", &key, &value)) {
		g_autoptr(GVariant) other = g_variant_lookup_value(b, key, NULL);

		if (!other || !g_variant_equal(value, other)) {
			g_variant_unref(value);
			return FALSE;
		}
	}
	return TRUE;
}

gboolean
ip_report_equal(const IpReport *a, const IpReport *b)
{
	if (!a || !b)
		return a == b;
	return dict_equal(a->config, b->config) && dict_equal(a->ip4, b->ip4) &&
		   dict_equal(a->ip6, b->ip6);
}

/* @value: as "dns" has it: a number for IPv4, bytes for IPv6. */
static gboolean
read_host(GVariant *value, IpNet *host)
{
	const guint8 *bytes;
	guint32 word;
	gsize len;

	*host = (IpNet){0};
	if (g_variant_is_of_type(value, G_VARIANT_TYPE_UINT32)) {
		word = g_variant_get_uint32(value);
		*host = ip_net_from_bytes(AF_INET, &word, 32);
	} else if (g_variant_is_of_type(value, G_VARIANT_TYPE("ay"))) {
		bytes = g_variant_get_fixed_array(value, &len, 1);
		if (len == 16)
			*host = ip_net_from_bytes(AF_INET6, bytes, 128);
	}
	return ip_net_is_set(host);
}

/* Those of @dict that are not among @but_for (of IpNet, or NULL), as IpNet and as they are. */
static void
list_dns(GVariant *dict, const GArray *but_for, GArray *hosts, GVariantBuilder *values)
{
	g_autoptr(GVariant) dns =
		dict ? g_variant_lookup_value(dict, NM_VPN_PLUGIN_IP4_CONFIG_DNS, NULL) : NULL;

	for (gsize i = 0; dns && i < g_variant_n_children(dns); i++) {
		g_autoptr(GVariant) value = g_variant_get_child_value(dns, i);
		IpNet host;

		if (!read_host(value, &host) || (but_for && ip_net_list_has(but_for, &host)))
			continue;
		g_array_append_val(hosts, host);
		if (values)
			g_variant_builder_add_value(values, value);
	}
}

GArray *
ip_report_list_dns(const IpReport *report)
{
	GArray *hosts = g_array_new(FALSE, FALSE, sizeof(IpNet));

	list_dns(report->ip4, NULL, hosts, NULL);
	list_dns(report->ip6, NULL, hosts, NULL);
	return hosts;
}

static GVariant *
without_dns(GVariant *dict, const GArray *dns, const char *type)
{
	g_autoptr(GArray) hosts = g_array_new(FALSE, FALSE, sizeof(IpNet));
	GVariantBuilder values;
	GVariantDict copy;

	if (!dict)
		return NULL;
	g_variant_builder_init(&values, G_VARIANT_TYPE(type));
	list_dns(dict, dns, hosts, &values);
	g_variant_dict_init(&copy, dict);
	g_variant_dict_remove(&copy, NM_VPN_PLUGIN_IP4_CONFIG_DNS);
	if (hosts->len > 0)
		g_variant_dict_insert_value(&copy, NM_VPN_PLUGIN_IP4_CONFIG_DNS,
									g_variant_builder_end(&values));
	else
		g_variant_builder_clear(&values);
	return g_variant_ref_sink(g_variant_dict_end(&copy));
}

IpReport *
ip_report_without_dns(const IpReport *report, const GArray *dns)
{
	IpReport *copy = g_new0(IpReport, 1);

	copy->config = g_variant_ref(report->config);
	copy->ip4 = without_dns(report->ip4, dns, "au");
	copy->ip6 = without_dns(report->ip6, dns, "aay");
	return copy;
}

static GVariant *
without_names(GVariant *dict)
{
	GVariantDict copy;

	if (!dict)
		return NULL;
	g_variant_dict_init(&copy, dict);
	g_variant_dict_remove(&copy, NM_VPN_PLUGIN_IP4_CONFIG_DNS);
	g_variant_dict_remove(&copy, NM_VPN_PLUGIN_IP4_CONFIG_DOMAIN);
	g_variant_dict_remove(&copy, NM_VPN_PLUGIN_IP4_CONFIG_DOMAINS);
	return g_variant_ref_sink(g_variant_dict_end(&copy));
}

IpReport *
ip_report_without_names(const IpReport *report)
{
	IpReport *copy = g_new0(IpReport, 1);

	copy->config = g_variant_ref(report->config);
	copy->ip4 = without_names(report->ip4);
	copy->ip6 = without_names(report->ip6);
	return copy;
}

static GVariant *
with_route_to_itself(GVariant *dict, int family)
{
	g_autoptr(GVariant) value = NULL;
	g_autoptr(GVariant) routes = NULL;
	IpNet address;
	GVariantBuilder builder;
	GVariantDict copy;
	gboolean with_source;

	if (!dict)
		return NULL;
	value = g_variant_lookup_value(dict, NM_VPN_PLUGIN_IP4_CONFIG_ADDRESS, NULL);
	if (!value || !read_host(value, &address))
		return g_variant_ref(dict);
	routes = g_variant_lookup_value(dict, NM_VPN_PLUGIN_IP4_CONFIG_ROUTES, NULL);
	with_source = routes && g_variant_is_of_type(routes, G_VARIANT_TYPE("a(ayuayuay)"));
	if (family == AF_INET)
		g_variant_builder_init(&builder, G_VARIANT_TYPE("aau"));
	else
		g_variant_builder_init(&builder, with_source ? G_VARIANT_TYPE("a(ayuayuay)")
													 : G_VARIANT_TYPE("a(ayuayu)"));
	for (gsize i = 0; routes && i < g_variant_n_children(routes); i++) {
		g_autoptr(GVariant) route = g_variant_get_child_value(routes, i);

		g_variant_builder_add_value(&builder, route);
	}
	g_variant_builder_add_value(&builder, family == AF_INET ? route4(&address, NULL)
															: route6(&address, NULL, with_source));
	g_variant_dict_init(&copy, dict);
	g_variant_dict_insert_value(&copy, NM_VPN_PLUGIN_IP4_CONFIG_ROUTES,
								g_variant_builder_end(&builder));
	return g_variant_ref_sink(g_variant_dict_end(&copy));
}

IpReport *
ip_report_with_route_to_itself(const IpReport *report)
{
	IpReport *copy = g_new0(IpReport, 1);

	copy->config = g_variant_ref(report->config);
	copy->ip4 = with_route_to_itself(report->ip4, AF_INET);
	copy->ip6 = with_route_to_itself(report->ip6, AF_INET6);
	return copy;
}

char *
ip_report_dns_to_string(const IpReport *report)
{
	static const char *const words[] = {NM_VPN_PLUGIN_IP4_CONFIG_DNS,
										NM_VPN_PLUGIN_IP4_CONFIG_DOMAINS};
	GVariant *const families[] = {report->ip4, report->ip6};
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(families); i++) {
		for (guint j = 0; families[i] && j < G_N_ELEMENTS(words); j++) {
			g_autoptr(GVariant) value = g_variant_lookup_value(families[i], words[j], NULL);

			if (value)
				g_variant_print_string(value, text, FALSE);
			g_string_append_c(text, ';');
		}
	}
	return g_string_free(text, FALSE);
}

static void
append_more(GString *text, guint n, guint shown, const char *what)
{
	if (n > shown)
		g_string_append_printf(text, ", and %u more %s", n - shown, what);
}

static void
append_child(GString *text, const ChildSa *child)
{
	const guint n_domains = g_strv_length(child->domains);
	char buffer[IP_NET_STRLEN];

	g_string_append_printf(text, "%s%s %s", text->len ? "; " : "",
						   child->leased ? "address" : "from",
						   ip_net_to_string(&child->my_client, buffer));
	g_string_append_printf(text, ", network %s", ip_net_to_string(&child->peer_client, buffer));
	for (guint i = 0; i < MIN(child->dns->len, MAX_SHOWN); i++)
		g_string_append_printf(text, ", DNS %s",
							   ip_net_to_string(&g_array_index(child->dns, IpNet, i), buffer));
	append_more(text, child->dns->len, MAX_SHOWN, "DNS servers");
	for (guint i = 0; i < MIN(n_domains, MAX_SHOWN); i++)
		g_string_append_printf(text, ", domain %s", child->domains[i]);
	append_more(text, n_domains, MAX_SHOWN, "domains");
}

char *
ip_report_to_string(const ChildTable *table)
{
	const guint n_up = child_table_size(table);
	const guint n_missing = child_table_size_protected(table) - n_up;
	GString *text = g_string_new(NULL);
	char buffer[IP_NET_STRLEN];

	for (guint i = 0; i < MIN(n_up, MAX_SHOWN); i++)
		append_child(text, child_table_get(table, i));
	append_more(text, n_up, MAX_SHOWN, "Child SAs");
	for (guint i = 0; i < MIN(n_missing, MAX_SHOWN); i++)
		g_string_append_printf(
			text, "; network %s is missing",
			ip_net_to_string(&child_table_get(table, n_up + i)->peer_client, buffer));
	append_more(text, n_missing, MAX_SHOWN, "missing");
	return g_string_free(text, FALSE);
}
