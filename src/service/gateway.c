/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "gateway.h"

#include <gio/gio.h>

#include "uplink-way.h"

struct Gateway {
	GArray *addresses;
	GCancellable *looking;
	char *used;
};

static void
add_address(Gateway *self, GInetAddress *address)
{
	const int family = g_inet_address_get_family(address);
	IpNet host =
		ip_net_from_bytes(family, g_inet_address_to_bytes(address), ip_net_max_prefix(family));

	if (ip_net_is_set(&host))
		g_array_append_val(self->addresses, host);
}

static void
on_found(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GError) error = NULL;
	GList *found = g_resolver_lookup_by_name_with_flags_finish(G_RESOLVER(source), result, &error);

	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return;
	if (error)
		g_debug("%s", error->message); /* libreswan looks it up as well, and says so */
	for (GList *i = found; i; i = i->next)
		add_address(user_data, i->data);
	g_resolver_free_addresses(found);
}

static GResolverNameLookupFlags
flags_of(int family)
{
	switch (family) {
	case AF_INET:
		return G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY;
	case AF_INET6:
		return G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY;
	default:
		return G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT;
	}
}

Gateway *
gateway_new(const char *host, int family)
{
	Gateway *self = g_new0(Gateway, 1);
	g_autoptr(GResolver) resolver = NULL;
	IpNet address;

	self->addresses = g_array_new(FALSE, FALSE, sizeof(IpNet));
	self->looking = g_cancellable_new();
	if (ip_net_parse(&address, host))
		return self;
	resolver = g_resolver_get_default();
	g_resolver_lookup_by_name_with_flags_async(resolver, host, flags_of(family), self->looking,
											   on_found, self);
	return self;
}

void
gateway_free(Gateway *self)
{
	if (!self)
		return;
	g_cancellable_cancel(self->looking);
	g_object_unref(self->looking);
	g_array_unref(self->addresses);
	g_free(self->used);
	g_free(self);
}

GArray *
gateway_get_addresses(const Gateway *self)
{
	return self->addresses;
}

void
gateway_use(Gateway *self, const IpNet *address)
{
	char text[IP_NET_STRLEN];

	g_free(self->used);
	self->used = g_strdup(ip_net_address_to_string(address, text));
}

const char *
gateway_get_used(const Gateway *self)
{
	return self->used;
}

char *
gateway_only_way(const Gateway *self, int tunnel)
{
	char text[IP_NET_STRLEN];
	const IpNet *address;
	UplinkWay way;

	if (uplink_way_find_first(self->addresses, AF_INET, tunnel, &way))
		return NULL;
	address = uplink_way_find_first(self->addresses, AF_INET6, tunnel, &way);
	return address ? g_strdup(ip_net_address_to_string(address, text)) : NULL;
}
