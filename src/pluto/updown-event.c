/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "updown-event.h"
#include "updown-wire.h"

#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

/* Of a gateway's lists as much as a resolver could use, and of texts what a log line bears. */
#define MAX_DNS     16
#define MAX_DOMAINS 64
#define MAX_BANNER  1024
#define MAX_LABEL   256
#define MAX_ID      2048
#define MAX_SHOWN   60

G_DEFINE_QUARK(nm_libreswan_updown_event_error, updown_event_error)

static const char *const verbs[] = {
	[UPDOWN_VERB_PREPARE] = "prepare", [UPDOWN_VERB_ROUTE] = "route",
	[UPDOWN_VERB_UNROUTE] = "unroute", [UPDOWN_VERB_UP] = "up",
	[UPDOWN_VERB_DOWN] = "down",       [UPDOWN_VERB_DISCONNECT_NM] = "disconnectNM",
};

/* The -v6 of a verb is of the outer address in 4.10 and of the inner in 5.2, so nothing is made of
 * it: the families come from the addresses. */
static const struct {
	const char *suffix;
	gboolean host;
} suffixes[] = {
	{"-host", TRUE},
	{"-host-v6", TRUE},
	{"-client", FALSE},
	{"-client-v6", FALSE},
};

const char *
updown_verb_to_string(UpdownVerb verb)
{
	return (guint) verb < G_N_ELEMENTS(verbs) ? verbs[verb] : "unknown";
}

/* Printable ASCII, anything else as '?', cut at @max bytes. */
static char *
printable(const char *text, gsize max)
{
	char *copy = g_strndup(text, max);

	for (char *p = copy; *p; p++) {
		if (!g_ascii_isprint(*p))
			*p = '?';
	}
	return copy;
}

/* Parsers of values: each fills the field of an UpdownEvent, or says no. */

static gboolean
read_connection(const char *value, gpointer field)
{
	*(char **) field = printable(value, MAX_LABEL);
	return value[0] != '\0' && strcmp(value, *(char **) field) == 0;
}

static gboolean
read_id(const char *value, gpointer field)
{
	*(char **) field = printable(value, MAX_ID);
	return TRUE;
}

static gboolean
read_banner(const char *value, gpointer field)
{
	g_autofree char *banner = printable(value, MAX_BANNER);

	*(char **) field = g_strdup(g_strstrip(banner));
	return TRUE;
}

static gboolean
read_interface(const char *value, gpointer field)
{
	if (strcmp(value, "NULL") == 0 || value[0] == '\0')
		return TRUE;
	if (strlen(value) >= IFNAMSIZ || strcmp(value, ".") == 0 || strcmp(value, "..") == 0)
		return FALSE;
	for (const char *p = value; *p; p++) {
		if (!g_ascii_isgraph(*p) || *p == '/' || *p == ':')
			return FALSE;
	}
	*(char **) field = g_strdup(value);
	return TRUE;
}

static gboolean
read_type(const char *value, gpointer field)
{
	*(gboolean *) field = strcmp(value, "transport") == 0;
	return *(gboolean *) field || strcmp(value, "tunnel") == 0;
}

static gboolean
read_family(const char *value, gpointer field)
{
	*(guint8 *) field = strcmp(value, "ipv4") == 0   ? AF_INET
						: strcmp(value, "ipv6") == 0 ? AF_INET6
													 : AF_UNSPEC;
	return *(guint8 *) field != AF_UNSPEC;
}

static gboolean
read_net(const char *value, gpointer field)
{
	return ip_net_parse(field, value);
}

static gboolean
read_host(const char *value, gpointer field)
{
	return ip_net_parse(field, value) && ip_net_is_host(field);
}

static gboolean
read_zero_or_one(const char *value, gpointer field)
{
	*(gboolean *) field = value[0] == '1';
	return (value[0] == '0' || value[0] == '1') && value[1] == '\0';
}

static gboolean
read_yes_or_empty(const char *value, gpointer field)
{
	*(gboolean *) field = strcmp(value, "yes") == 0;
	return *(gboolean *) field || value[0] == '\0';
}

static gboolean
read_u32(const char *value, gpointer field)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(value, 10, 0, G_MAXUINT32, &number, NULL))
		return FALSE;
	*(guint32 *) field = number;
	return TRUE;
}

static gboolean
read_u16(const char *value, gpointer field)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(value, 10, 0, G_MAXUINT16, &number, NULL))
		return FALSE;
	*(guint16 *) field = number;
	return TRUE;
}

static gboolean
read_u8(const char *value, gpointer field)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(value, 10, 0, G_MAXUINT8, &number, NULL))
		return FALSE;
	*(guint8 *) field = number;
	return TRUE;
}

/* pluto wrote these from addresses, so a word that is none is a lie; an unspecified or multicast
 * address is a gateway's nonsense, and the tunnel is none the worse for it. */
static gboolean
read_dns(const char *value, gpointer field)
{
	g_auto(GStrv) words = g_strsplit_set(value, " ,", -1);
	GArray *dns = *(GArray **) field;

	for (char **word = words; *word; word++) {
		static const guint8 zero[16];
		IpNet server;

		if ((*word)[0] == '\0')
			continue;
		if (!ip_net_parse(&server, *word) || !ip_net_is_host(&server))
			return FALSE;
		if (ip_net_list_has(dns, &server) || dns->len == MAX_DNS ||
			memcmp(server.bytes, zero, sizeof(zero)) == 0 ||
			(server.family == AF_INET ? IN_MULTICAST((guint32) server.bytes[0] << 24)
									  : server.bytes[0] == 0xff))
			continue;
		g_array_append_val(dns, server);
	}
	return TRUE;
}

static gboolean
is_domain(const char *name)
{
	gsize label = 0;

	if (strlen(name) > 253)
		return FALSE;
	for (const char *p = name; *p; p++) {
		if (*p == '.') {
			if (label == 0 || p[-1] == '-')
				return FALSE;
			label = 0;
		} else if (!(g_ascii_isalnum(*p) || *p == '_' || (*p == '-' && label > 0)) ||
				   ++label > 63) {
			return FALSE;
		}
	}
	return label > 0 && name[strlen(name) - 1] != '-';
}

/* The gateway's text, passed on by pluto: a word that is no domain is left out, and the tunnel is
 * none the worse for it. */
static gboolean
read_domains(const char *value, gpointer field)
{
	g_auto(GStrv) words = g_strsplit_set(value, " ,;", -1);
	g_autoptr(GPtrArray) domains = g_ptr_array_new();

	for (char **word = words; *word && domains->len < MAX_DOMAINS; word++) {
		g_autofree char *domain = g_ascii_strdown(*word, -1);
		gsize len = strlen(domain);

		if (len > 1 && domain[len - 1] == '.')
			domain[len - 1] = '\0';
		if (is_domain(domain) &&
			!g_ptr_array_find_with_equal_func(domains, domain, g_str_equal, NULL))
			g_ptr_array_add(domains, g_steal_pointer(&domain));
	}
	g_ptr_array_add(domains, NULL);
	*(char ***) field = (char **) g_ptr_array_free(g_steal_pointer(&domains), FALSE);
	return TRUE;
}

#define REQUIRED TRUE
#define OPTIONAL FALSE

/* Every variable that is looked at: another must not refuse a Child SA. */
static const struct variable {
	const char *name;
	gboolean required;
	gsize field;
	gboolean (*read)(const char *value, gpointer field);
	const char *expected;
} variables[] = {
#define FIELD(name) G_STRUCT_OFFSET(UpdownEvent, name)
	{"PLUTO_CONNECTION", REQUIRED, FIELD(connection), read_connection, "a connection's name"},
	{"PLUTO_CONNECTION_TYPE", OPTIONAL, FIELD(transport), read_type, "tunnel or transport"},
	{"PLUTO_CONN_ADDRFAMILY", REQUIRED, FIELD(outer_family), read_family, "ipv4 or ipv6"},
	{"PLUTO_ME", REQUIRED, FIELD(me), read_host, "an address"},
	{"PLUTO_PEER", REQUIRED, FIELD(peer), read_host, "an address"},
	{"PLUTO_MY_ID", OPTIONAL, FIELD(my_id), read_id, "a text"},
	{"PLUTO_PEER_ID", OPTIONAL, FIELD(peer_id), read_id, "a text"},
	{"PLUTO_MY_CLIENT", REQUIRED, FIELD(my_client), read_net, "a network"},
	{"PLUTO_PEER_CLIENT", REQUIRED, FIELD(peer_client), read_net, "a network"},
	{"PLUTO_MY_PROTOCOL", OPTIONAL, FIELD(my_protocol), read_u8, "an IP protocol, 0 to 255"},
	{"PLUTO_PEER_PROTOCOL", OPTIONAL, FIELD(peer_protocol), read_u8, "an IP protocol, 0 to 255"},
	{"PLUTO_MY_PORT", OPTIONAL, FIELD(my_port), read_u16, "a port, 0 to 65535"},
	{"PLUTO_PEER_PORT", OPTIONAL, FIELD(peer_port), read_u16, "a port, 0 to 65535"},
	{"PLUTO_CFG_CLIENT", REQUIRED, FIELD(cfg_client), read_zero_or_one, "0 or 1"},
	{"PLUTO_PEER_DNS_INFO", OPTIONAL, FIELD(dns), read_dns, "addresses"},
	{"PLUTO_PEER_DOMAIN_INFO", OPTIONAL, FIELD(domains), read_domains, "domains"},
	{"PLUTO_PEER_BANNER", OPTIONAL, FIELD(banner), read_banner, "a text"},
	{"PLUTO_XFRMI_ROUTE", OPTIONAL, FIELD(xfrmi_route), read_yes_or_empty, "yes or nothing"},
	{"PLUTO_VIRT_INTERFACE", OPTIONAL, FIELD(virt_interface), read_interface,
	 "an interface's name or NULL"},
	{"PLUTO_SA_REQID", OPTIONAL, FIELD(reqid), read_u32, "a number below 2^32"},
	{"PLUTO_IS_PEER_CISCO", OPTIONAL, FIELD(peer_is_cisco), read_zero_or_one, "0 or 1"},
#undef FIELD
};

static gboolean
wrong(GError **error, const char *name, const char *value, const char *expected)
{
	g_autofree char *shown = printable(value, MAX_SHOWN);

	g_set_error(error, UPDOWN_EVENT_ERROR, UPDOWN_EVENT_ERROR_VALUE, "%s is \"%s%s\", not %s", name,
				shown, strlen(value) > MAX_SHOWN ? "..." : "", expected);
	return FALSE;
}

static gboolean
missing(GError **error, const char *name)
{
	g_set_error(error, UPDOWN_EVENT_ERROR, UPDOWN_EVENT_ERROR_MISSING, "%s is missing", name);
	return FALSE;
}

/* Splits the message into @values, whose names and values point into @data. */
static gboolean
split(GHashTable *values, char *data, gsize len, GError **error)
{
	const gsize header = sizeof(UPDOWN_WIRE_MAGIC);
	char *end = data + len;

	if (len < header || memcmp(data, UPDOWN_WIRE_MAGIC, header) != 0) {
		g_set_error(error, UPDOWN_EVENT_ERROR, UPDOWN_EVENT_ERROR_WIRE,
					"the message does not begin with \"%s\"", UPDOWN_WIRE_MAGIC);
		return FALSE;
	}
	if (end[-1] != '\0') {
		g_set_error(error, UPDOWN_EVENT_ERROR, UPDOWN_EVENT_ERROR_WIRE,
					"the message is cut off after %" G_GSIZE_FORMAT " bytes", len);
		return FALSE;
	}
	for (char *name = data + header; name < end; name += strlen(name) + 1) {
		g_autofree char *shown = NULL;
		char *value;

		if (name[0] == UPDOWN_WIRE_FAILURE) {
			shown = printable(name + 1, MAX_LABEL);
			g_set_error(error, UPDOWN_EVENT_ERROR, UPDOWN_EVENT_ERROR_HELPER, "the helper says: %s",
						shown);
			return FALSE;
		}
		value = strchr(name, '=');
		if (!value || value == name) {
			shown = printable(name, MAX_SHOWN);
			g_set_error(error, UPDOWN_EVENT_ERROR, UPDOWN_EVENT_ERROR_WIRE,
						"\"%s\" in the message is not NAME=VALUE", shown);
			return FALSE;
		}
		*value++ = '\0';
		if (!g_hash_table_insert(values, name, value)) {
			shown = printable(name, MAX_SHOWN);
			g_set_error(error, UPDOWN_EVENT_ERROR, UPDOWN_EVENT_ERROR_TWICE, "%s is there twice",
						shown);
			return FALSE;
		}
		name = value;
	}
	return TRUE;
}

static gboolean
read_verb(UpdownEvent *event, GHashTable *values, GError **error)
{
	const char *value = g_hash_table_lookup(values, "PLUTO_VERB");

	if (!value)
		return missing(error, "PLUTO_VERB");
	for (guint verb = 0; verb < G_N_ELEMENTS(verbs); verb++) {
		gsize len = strlen(verbs[verb]);

		if (strncmp(value, verbs[verb], len) != 0)
			continue;
		for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++) {
			if (strcmp(value + len, suffixes[i].suffix) == 0) {
				event->verb = verb;
				event->host = suffixes[i].host;
				return TRUE;
			}
		}
	}
	return wrong(error, "PLUTO_VERB", value, "a verb of updown such as up-client or down-host-v6");
}

/* pluto says each net twice; an event in which they differ is not pluto's. A network address
 * translator makes it say them differently in transport mode. */
static gboolean
check_net(const UpdownEvent *event, GHashTable *values, const char *side, const IpNet *net,
		  GError **error)
{
	g_autofree char *net_name = g_strdup_printf("PLUTO_%s_CLIENT_NET", side);
	g_autofree char *mask_name = g_strdup_printf("PLUTO_%s_CLIENT_MASK", side);
	const char *address = g_hash_table_lookup(values, net_name);
	const char *mask = g_hash_table_lookup(values, mask_name);
	g_autofree char *expected = NULL;
	char buffer[IP_NET_STRLEN];
	IpNet again;

	if (!address || !mask || event->transport)
		return TRUE;
	if (ip_net_parse_mask(&again, address, mask) && ip_net_equal(&again, net))
		return TRUE;
	expected = g_strdup_printf("the network %s with its mask", ip_net_to_string(net, buffer));
	return wrong(error, net_name, address, expected);
}

/* Of leftsubnets= and rightsubnets= libreswan makes a connection for each pair, vpn/1x2 for the
 * first and the second of them; 0 counts what stands in leftsubnet= or rightsubnet= (4.10). */
static gboolean
is_of_connection(const char *name, const char *connection)
{
	gsize left, right;

	if (!g_str_has_prefix(name, connection))
		return FALSE;
	name += strlen(connection);
	if (*name == '\0')
		return TRUE;
	left = strspn(name + 1, "0123456789");
	if (*name != '/' || left == 0 || name[1 + left] != 'x')
		return FALSE;
	name += 2 + left;
	right = strspn(name, "0123456789");
	return right > 0 && name[right] == '\0';
}

static gboolean
check(const UpdownEvent *event, GHashTable *values, const char *connection, GError **error)
{
	if (connection && !is_of_connection(event->connection, connection)) {
		g_set_error(error, UPDOWN_EVENT_ERROR, UPDOWN_EVENT_ERROR_CONNECTION,
					"PLUTO_CONNECTION is \"%s\", not \"%s\"", event->connection, connection);
		return FALSE;
	}
	if (event->me.family != event->outer_family)
		return wrong(error, "PLUTO_ME", g_hash_table_lookup(values, "PLUTO_ME"),
					 "an address of PLUTO_CONN_ADDRFAMILY");
	if (event->peer.family != event->outer_family)
		return wrong(error, "PLUTO_PEER", g_hash_table_lookup(values, "PLUTO_PEER"),
					 "an address of PLUTO_CONN_ADDRFAMILY");
	if (event->my_client.family != event->peer_client.family)
		return wrong(error, "PLUTO_PEER_CLIENT", g_hash_table_lookup(values, "PLUTO_PEER_CLIENT"),
					 "a network of the family of PLUTO_MY_CLIENT");
	if (event->xfrmi_route && !event->virt_interface)
		return wrong(error, "PLUTO_VIRT_INTERFACE", "NULL",
					 "an interface's name, though PLUTO_XFRMI_ROUTE is yes");
	return check_net(event, values, "MY", &event->my_client, error) &&
		   check_net(event, values, "PEER", &event->peer_client, error);
}

UpdownEvent *
updown_event_parse(const char *data, gsize len, const char *connection, GError **error)
{
	g_autoptr(UpdownEvent) event = g_new0(UpdownEvent, 1);
	g_autoptr(GHashTable) values = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree char *copy = g_malloc(len + 1);

	/* An empty @data may be NULL, which memcpy does not take. */
	if (len)
		memcpy(copy, data, len);
	copy[len] = '\0';
	event->dns = g_array_new(FALSE, FALSE, sizeof(IpNet));

	if (!split(values, copy, len, error) || !read_verb(event, values, error))
		return NULL;
	for (guint i = 0; i < G_N_ELEMENTS(variables); i++) {
		const struct variable *v = &variables[i];
		const char *value = g_hash_table_lookup(values, v->name);

		if (!value) {
			if (v->required) {
				missing(error, v->name);
				return NULL;
			}
			continue;
		}
		if (!v->read(value, G_STRUCT_MEMBER_P(event, v->field))) {
			wrong(error, v->name, value, v->expected);
			return NULL;
		}
	}
	if (!check(event, values, connection, error))
		return NULL;

	/* So that readers need not ask. */
	if (!event->domains)
		event->domains = g_new0(char *, 1);
	for (char **texts[] = {&event->my_id, &event->peer_id, &event->banner, NULL}, ***text = texts;
		 *text; text++) {
		if (!**text)
			**text = g_strdup("");
	}
	return g_steal_pointer(&event);
}

UpdownEvent *
updown_event_copy(const UpdownEvent *event)
{
	UpdownEvent *copy = g_new(UpdownEvent, 1);

	*copy = *event;
	copy->connection = g_strdup(event->connection);
	copy->my_id = g_strdup(event->my_id);
	copy->peer_id = g_strdup(event->peer_id);
	copy->dns = g_array_copy(event->dns);
	copy->domains = g_strdupv(event->domains);
	copy->banner = g_strdup(event->banner);
	copy->virt_interface = g_strdup(event->virt_interface);
	return copy;
}

void
updown_event_free(UpdownEvent *event)
{
	if (!event)
		return;
	g_free(event->connection);
	g_free(event->my_id);
	g_free(event->peer_id);
	g_array_unref(event->dns);
	g_strfreev(event->domains);
	g_free(event->banner);
	g_free(event->virt_interface);
	g_free(event);
}

gboolean
updown_event_get_lease(const UpdownEvent *event, IpNet *address)
{
	if (!event->cfg_client || !ip_net_is_host(&event->my_client))
		return FALSE;
	*address = event->my_client;
	return TRUE;
}

char *
updown_event_child_key(const UpdownEvent *event)
{
	char mine[IP_NET_STRLEN], peers[IP_NET_STRLEN];

	return g_strdup_printf("%s %s/%u:%u:%u %s/%u:%u:%u", event->connection,
						   ip_net_address_to_string(&event->my_client, mine),
						   event->my_client.prefix, event->my_protocol, event->my_port,
						   ip_net_address_to_string(&event->peer_client, peers),
						   event->peer_client.prefix, event->peer_protocol, event->peer_port);
}

char *
updown_event_to_string(const UpdownEvent *event)
{
	GString *line = g_string_new(NULL);
	char a[IP_NET_STRLEN], b[IP_NET_STRLEN];

	g_string_append_printf(
		line, "%s-%s of \"%s\": %s%s === %s", updown_verb_to_string(event->verb),
		event->host ? "host" : "client", event->connection, ip_net_to_string(&event->my_client, a),
		event->cfg_client ? " (from the gateway)" : "", ip_net_to_string(&event->peer_client, b));
	g_string_append_printf(line, ", outside %s - %s", ip_net_to_string(&event->me, a),
						   ip_net_to_string(&event->peer, b));
	if (event->virt_interface)
		g_string_append_printf(line, ", interface %s", event->virt_interface);
	for (guint i = 0; i < event->dns->len; i++)
		g_string_append_printf(line, "%s%s", i ? " " : ", DNS ",
							   ip_net_to_string(&g_array_index(event->dns, IpNet, i), a));
	for (guint i = 0; event->domains[i]; i++)
		g_string_append_printf(line, "%s%s", i ? " " : ", domains ", event->domains[i]);
	return g_string_free(line, FALSE);
}
