/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "gateway.h"

struct Gateway {
	grefcount users; /* whoever has made it, and lookups under way */
	char *host;
	int family;
	GArray *addresses;
	gboolean is_name; /* not an address */
	IpNet used;
};

static void
add_address(Gateway *self, GInetAddress *address)
{
	const int family = g_inet_address_get_family(address);
	IpNet host =
		ip_net_from_bytes(family, g_inet_address_to_bytes(address), ip_net_max_prefix(family));

	/* Of libreswan 0.0.0.0 would be %any. */
	if (ip_net_is_set(&host) && !g_inet_address_get_is_any(address) &&
		!g_inet_address_get_is_multicast(address))
		g_array_append_val(self->addresses, host);
}

static void
on_found(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GTask) task = user_data;
	Gateway *self = g_task_get_task_data(task);
	g_autoptr(GError) error = NULL;
	GList *found = g_resolver_lookup_by_name_with_flags_finish(G_RESOLVER(source), result, &error);

	if (g_task_return_error_if_cancelled(task)) {
		g_resolver_free_addresses(found);
		return;
	}
	if (found)
		g_array_set_size(self->addresses, 0);
	for (GList *i = found; i; i = i->next)
		add_address(self, i->data);
	g_resolver_free_addresses(found);
	if (self->addresses->len > 0)
		g_task_return_boolean(task, TRUE);
	else
		g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND,
								"the host name %s has no address%s%s%s", self->host,
								self->family == AF_INET    ? " of IPv4"
								: self->family == AF_INET6 ? " of IPv6"
														   : "",
								error ? ": " : "", error ? error->message : "");
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
	IpNet address;

	g_ref_count_init(&self->users);
	self->host = g_strdup(host);
	self->family = family;
	self->addresses = g_array_new(FALSE, FALSE, sizeof(IpNet));
	if (ip_net_parse(&address, host))
		g_array_append_val(self->addresses, address);
	else
		self->is_name = TRUE;
	return self;
}

void
gateway_free(Gateway *self)
{
	if (!self || !g_ref_count_dec(&self->users))
		return;
	g_array_unref(self->addresses);
	g_free(self->host);
	g_free(self);
}

static void
free_user(gpointer data)
{
	gateway_free(data);
}

void
gateway_find_async(Gateway *self, GCancellable *cancellable, GAsyncReadyCallback callback,
				   gpointer user_data)
{
	g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
	g_autoptr(GResolver) resolver = NULL;

	if (!self->is_name) {
		g_task_return_boolean(task, TRUE);
		return;
	}
	resolver = g_resolver_get_default();
	g_ref_count_inc(&self->users);
	g_task_set_task_data(task, self, free_user);
	g_resolver_lookup_by_name_with_flags_async(resolver, self->host, flags_of(self->family),
											   cancellable, on_found, g_steal_pointer(&task));
}

gboolean
gateway_find_finish(GAsyncResult *result, GError **error)
{
	return g_task_propagate_boolean(G_TASK(result), error);
}

GArray *
gateway_get_addresses(const Gateway *self)
{
	return self->addresses;
}

void
gateway_use(Gateway *self, const IpNet *address)
{
	self->used = *address;
}

const IpNet *
gateway_get_used(const Gateway *self)
{
	return &self->used;
}
