/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "endpoints.h"

#include <string.h>

#include "local-address.h"
#include "underlay-route.h"

static gboolean
find_default(const EndpointsParams *params, const IpNet *gateway, IpNet *local)
{
	UnderlayRoute underlay;

	if (underlay_route_find(gateway, params->tunnel, &underlay, NULL)) {
		*local = underlay.source;
		return TRUE;
	}
	/* A link may have no address of its own and send from another link's (ip-route(8):
	 * "unnumbered"). With a tunnel of ours that could be the tunnel's. */
	return params->tunnel == 0 && underlay_route_find_source(gateway, local);
}

static gboolean
find_named(const EndpointsParams *params, int family, IpNet *local)
{
	for (guint i = 0; params->lefts && i < params->lefts->len; i++) {
		const IpNet *host = &g_array_index(params->lefts, IpNet, i);

		if (host->family == family && local_address_exists(host)) {
			*local = *host;
			return TRUE;
		}
	}
	return FALSE;
}

static gboolean
find_local(const EndpointsParams *params, const IpNet *gateway, IpNet *local, GError **error)
{
	const char *left = params->left ? params->left : "%defaultroute";
	const char *family = gateway->family == AF_INET ? "IPv4" : "IPv6";
	char text[IP_NET_STRLEN];
	IpNet address;

	if (strcmp(left, "%defaultroute") == 0) {
		if (find_default(params, gateway, local))
			return TRUE;
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE,
					"there is no route to the gateway %s", ip_net_to_string(gateway, text));
	} else if (*left == '%') {
		if (local_address_of_link(left + 1, gateway->family, local))
			return TRUE;
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE,
					"left=%s: there is no such interface, or it has no %s address", left, family);
	} else if (ip_net_parse(&address, left)) {
		if (address.family == gateway->family && local_address_exists(&address)) {
			*local = address;
			return TRUE;
		}
		if (address.family == gateway->family)
			g_set_error(error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE,
						"left=%s: no interface has this address", left);
		else
			g_set_error(error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE,
						"left=%s: the gateway's address is of the other family, %s", left, family);
	} else {
		if (find_named(params, gateway->family, local))
			return TRUE;
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE,
					"left=%s: no interface has an %s address of this name", left, family);
	}
	return FALSE;
}

gboolean
endpoints_find(Endpoints *ends, const EndpointsParams *params, GError **error)
{
	static const int families[] = {AF_INET, AF_INET6};

	for (guint i = 0; i < G_N_ELEMENTS(families); i++) {
		for (guint j = 0; j < params->gateways->len; j++) {
			const IpNet *gateway = &g_array_index(params->gateways, IpNet, j);
			Endpoints found = {.gateway = *gateway};

			if (gateway->family != families[i])
				continue;
			/* The first is what the user is told of. */
			if (find_local(params, gateway, &found.local, error && *error ? NULL : error)) {
				g_clear_error(error);
				*ends = found;
				return TRUE;
			}
		}
	}
	if (error && !*error)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND, "the gateway has no address");
	return FALSE;
}

struct Ends {
	Gateway *gateway;
	Gateway *left_host; /* where left= is a host name; else NULL */
	char *left;
	HostCheckListen ports;
	Endpoints found;
};

typedef struct {
	Ends *ends;
	gboolean again;
	int tunnel;
	guint n_awaited; /* hosts to be looked up */
	gboolean is_over;
} Search;

/* Of which family the outer addresses have to be. */
static int
outer_family(const Profile *profile)
{
	const char *family = profile_get(profile, "hostaddrfamily");
	const char *left = profile_get(profile, "left");
	IpNet address;

	if (family)
		return strcmp(family, "ipv6") == 0 ? AF_INET6 : AF_INET;
	return left && ip_net_parse(&address, left) ? address.family : AF_UNSPEC;
}

/* MOBIKE (RFC 4555) moves the SAs to an address that pluto does not listen on yet, nor would if it
 * were told of one alone; and it finds that address by what left= says. Without an interface only,
 * as with one it is not written (ipsec-conf.c). */
static gboolean
may_move(const Profile *profile)
{
	return profile_is_ikev2(profile) && !profile_wants_interface(profile) &&
		   g_strcmp0(profile_get(profile, "mobike"), "yes") == 0;
}

Ends *
ends_new(const Profile *profile)
{
	const char *left = profile_get(profile, "left");
	Ends *self = g_new0(Ends, 1);
	IpNet address;

	self->gateway = gateway_new(profile_get(profile, "right"), outer_family(profile));
	self->left = g_strdup(left);
	if (left && *left != '%' && !ip_net_parse(&address, left))
		self->left_host = gateway_new(left, outer_family(profile));
	self->ports = (HostCheckListen){&self->found.local, may_move(profile)};
	return self;
}

void
ends_free(Ends *self)
{
	if (!self)
		return;
	gateway_free(self->gateway);
	gateway_free(self->left_host);
	g_free(self->left);
	g_free(self);
}

Gateway *
ends_gateway(const Ends *self)
{
	return self->gateway;
}

static gboolean
find_now(const Search *search, GError **error)
{
	Ends *self = search->ends;
	g_autoptr(GArray) used = g_array_new(FALSE, FALSE, sizeof(IpNet));
	const EndpointsParams params = {
		.gateways = search->again ? gateway_get_addresses(self->gateway) : used,
		.left = self->left,
		.lefts = self->left_host ? gateway_get_addresses(self->left_host) : NULL,
		.tunnel = search->tunnel,
	};

	g_array_append_vals(used, gateway_get_used(self->gateway), 1);
	return endpoints_find(&self->found, &params, error);
}

static void
on_host_found(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GTask) task = user_data;
	Search *search = g_task_get_task_data(task);
	g_autoptr(GError) error = NULL;
	gboolean found = gateway_find_finish(result, &error);

	search->n_awaited--;
	if (search->is_over)
		return; /* the other one has failed */
	search->is_over = !found || search->n_awaited == 0;
	if (!search->is_over)
		return;
	/* Once it is cancelled there may be no Ends any more; then nothing was found, either. */
	if (found && find_now(search, &error))
		g_task_return_boolean(task, TRUE);
	else
		g_task_return_error(task, g_steal_pointer(&error));
}

static void
look_up(GTask *task, Gateway *host)
{
	Search *search = g_task_get_task_data(task);

	search->n_awaited++;
	gateway_find_async(host, g_task_get_cancellable(task), on_host_found, g_object_ref(task));
}

void
ends_find_async(Ends *self, gboolean again, int tunnel, GCancellable *cancellable,
				GAsyncReadyCallback callback, gpointer user_data)
{
	g_autoptr(GTask) task = g_task_new(NULL, cancellable, callback, user_data);
	Search *search = g_new0(Search, 1);
	GError *error = NULL;

	search->ends = self;
	search->again = again || !ip_net_is_set(gateway_get_used(self->gateway));
	search->tunnel = tunnel;
	g_task_set_task_data(task, search, g_free);
	if (search->again)
		look_up(task, self->gateway);
	if (self->left_host)
		look_up(task, self->left_host);
	if (search->n_awaited > 0)
		return;
	if (find_now(search, &error))
		g_task_return_boolean(task, TRUE);
	else
		g_task_return_error(task, error);
}

gboolean
ends_find_finish(GAsyncResult *result, GError **error)
{
	return g_task_propagate_boolean(G_TASK(result), error);
}

const IpNet *
ends_get_gateway(const Ends *self)
{
	return &self->found.gateway;
}

const IpNet *
ends_get_listen(const Ends *self)
{
	return self->ports.everywhere ? NULL : &self->found.local;
}

const HostCheckListen *
ends_get_ports(const Ends *self)
{
	return &self->ports;
}
