/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "host-resources.h"

#include <gio/gio.h>
#include <string.h>

#include "host-check.h"
#include "block-policies.h"
#include "fallback-routes.h"
#include "tunnel-table.h"
#include "underlay-route.h"
#include "xfrm-table.h"

/* Milliseconds that a killed pluto has to be gone. */
#define KILL_MS 2000
/* In the run directory, for whoever comes after us. */
#define XFRM_OWNERSHIP_FILE "xfrm-ownership"
#define XFRM_OWNERSHIP_MAX  (1024 * 1024)
#define ROUTING_TABLE_FILE  "routing-table"
#define ROUTING_TABLE_MAX   16

struct _HostResources {
	RunDirectory *directory;
	GArray *owned; /* of XfrmOwnership */
	gboolean has_interface;
	gboolean had_holes; /* neighbour holes of pluto's were there before us */
	XfrmInterface interface;
	FallbackRoutes *guard; /* NULL without an interface */
	TunnelTable *table;    /* likewise */
	GArray *protected;     /* of IpNet, that host_resources_block_low() said last */
	KernelWatch *watch;
	BlockPolicies *policies; /* NULL with an interface */
};

static void
sweep_if_id(guint32 if_id)
{
	g_autoptr(GError) error = NULL;
	guint n = 0;

	if (!xfrm_table_sweep(if_id, &n, &error))
		g_warning("cannot sweep the kernel's states and policies of if_id %u: %s", if_id,
				  error->message);
	else if (n > 0)
		g_info("swept %u stale states and policies of if_id %u", n, if_id);
}

static gboolean
sweep_owned(const GArray *owned)
{
	g_autoptr(GError) error = NULL;
	guint n = 0;

	if (!xfrm_ownership_sweep(owned, &n, &error)) {
		g_warning("cannot sweep the kernel's states and policies: %s", error->message);
		return FALSE;
	}
	if (n > 0)
		g_info("swept %u stale states and policies", n);
	return TRUE;
}

/* Of a pluto that was killed in a negotiation, and who else would have them: when we began nobody
 * had states here (host_check()), and there is no daemon now. */
static void
sweep_negotiated(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(XfrmTable) table = xfrm_table_read(&error);
	g_autoptr(XfrmTable) left = table ? xfrm_table_select_negotiated(table) : NULL;
	guint n = 0;

	if (left && (left->states->len == 0 || host_check_has_daemon(&host_check_places)))
		return;
	if (!left || !xfrm_table_delete(left, &n, &error))
		g_warning("cannot sweep what negotiations have left in the kernel: %s", error->message);
	else if (n > 0)
		g_info("swept %u states of negotiations", n);
}

/* What the pluto of a dead service has said that it put into the kernel. */
static void
clean_owned(const RunDirectory *directory, const char *uuid)
{
	g_autofree char *text = run_directory_read(directory, XFRM_OWNERSHIP_FILE, XFRM_OWNERSHIP_MAX);
	g_autoptr(GArray) owned = text ? xfrm_ownership_parse(text) : NULL;
	g_autoptr(GError) error = NULL;

	if (owned)
		sweep_owned(owned);
	if (!block_policies_clean_stale(uuid, &error))
		g_warning("cannot lift the blocks of a service that died: %s", error->message);
}

/* @delete: away with them. Returns whether there were any. */
static gboolean
neighbour_holes(gboolean delete)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(XfrmTable) table = xfrm_table_read(&error);
	g_autoptr(XfrmTable) holes = table ? xfrm_table_select_neighbour_holes(table) : NULL;

	if (!holes || holes->policies->len == 0)
		return FALSE;
	if (delete &&!xfrm_table_delete(holes, NULL, &error))
		g_warning("cannot remove the policies that pluto leaves behind: %s", error->message);
	return TRUE;
}

static void
delete_interface(const XfrmInterface *interface)
{
	g_autoptr(GError) error = NULL;

	if (!xfrm_interface_delete(interface, &error))
		g_warning("cannot remove %s: %s", interface->name, error->message);
}

static void
clean_interfaces_of(const char *uuid)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) interfaces = xfrm_interface_list_ours(uuid, &error);

	if (!interfaces) {
		g_info("cannot look for interfaces that were left behind: %s", error->message);
		return;
	}
	for (guint i = 0; i < interfaces->len; i++) {
		const XfrmInterface *interface = &g_array_index(interfaces, XfrmInterface, i);

		g_info("removing %s, left behind by a service that died", interface->name);
		sweep_if_id(interface->if_id);
		delete_interface(interface);
	}
}

static void
note_table(HostResources *self)
{
	g_autofree char *number =
		g_strdup_printf("%" G_GUINT32_FORMAT, tunnel_table_get_number(self->table));
	g_autoptr(GError) error = NULL;

	if (!run_directory_write(self->directory, ROUTING_TABLE_FILE, number, strlen(number), &error))
		g_warning("%s", error->message);
}

static void
clean_table(const RunDirectory *directory)
{
	g_autofree char *text = run_directory_read(directory, ROUTING_TABLE_FILE, ROUTING_TABLE_MAX);
	g_autoptr(GError) error = NULL;
	guint64 number;

	if (text && (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXUINT32 - 1, &number, &error) ||
				 !tunnel_table_clean_stale((guint32) number, &error)))
		g_warning("cannot clean up the routing table of a service that died: %s", error->message);
}

/* @directory is locked by us: its former owner is dead. */
static void
clean_after_dead(RunDirectory *directory, const char *uuid)
{
	g_autoptr(GError) error = NULL;
	ProcessId pluto;

	if (run_directory_read_pluto(directory, &pluto, &error)) {
		if (process_id_kill(&pluto, KILL_MS))
			g_info("killed the pluto (%d) of a service that died", (int) pluto.pid);
	} else {
		g_warning("%s", error->message);
	}
	/* Which if_id was ours, the link tells. Without it somebody else may have the number by now,
	 * and what is left of us is what it has recorded. */
	clean_interfaces_of(uuid);
	clean_owned(directory, uuid);
	clean_table(directory);
	sweep_negotiated();
}

static void
clean_routes(void)
{
	g_autoptr(GError) error = NULL;

	if (!fallback_routes_clean_stale(&error))
		g_warning("cannot clean up the routes of a service that died: %s", error->message);
	g_clear_error(&error);
	if (!underlay_route_delete_routes(NULL, &error))
		g_warning("%s", error->message);
}

void
host_resources_clean_dead(const char *base)
{
	g_auto(GStrv) uuids = run_directory_list_stale(base);
	gboolean found = FALSE;

	for (char **uuid = uuids; *uuid; uuid++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(RunDirectory) directory = run_directory_open(base, *uuid, &error);

		if (!directory) {
			g_info("%s", error->message);
			continue;
		}
		found = TRUE;
		clean_after_dead(directory, *uuid);
		if (!run_directory_remove(directory, &error))
			g_warning("%s", error->message);
	}
	if (found)
		clean_routes();
}

static gboolean
guard(HostResources *self, const char *uuid, GError **error)
{
	if (!self->has_interface) {
		self->policies = block_policies_new(uuid, error);
		return self->policies != NULL;
	}
	self->guard = fallback_routes_new(self->interface.ifindex, error);
	if (self->guard)
		self->table = tunnel_table_new(self->interface.ifindex, error);
	if (!self->table)
		return FALSE;
	note_table(self);
	return TRUE;
}

static gboolean
make_interface(HostResources *self, const Profile *profile, const Libreswan *libreswan,
			   GError **error)
{
	const char *uuid = profile_get_uuid(profile);
	guint32 mtu = profile_get_mtu(profile);
	guint32 lowest = libreswan_lowest_if_id(libreswan);
	guint32 number;

	if (!profile_wants_interface(profile))
		return TRUE;
	if (!libreswan_supports_interface(libreswan, error))
		return FALSE;
	if (!profile_get_interface_number(profile, &number)) {
		self->has_interface = xfrm_interface_create(uuid, lowest, mtu, &self->interface, error);
	} else if (number < lowest) {
		g_warning("ipsec-interface=%u cannot be had with libreswan %u.%u: another number is taken",
				  number, libreswan->major, libreswan->minor);
		self->has_interface = xfrm_interface_create(uuid, lowest, mtu, &self->interface, error);
	} else {
		self->has_interface =
			xfrm_interface_create_numbered(uuid, number, mtu, &self->interface, error);
	}
	return self->has_interface;
}

HostResources *
host_resources_take(const char *base, const Profile *profile, const Libreswan *libreswan,
					const HostCheckListen *listen, GError **error)
{
	g_autoptr(HostResources) self = NULL;
	RunDirectory *directory;

	host_resources_clean_dead(base);
	if (!host_check(listen, error))
		return NULL;
	directory = run_directory_open(base, profile_get_uuid(profile), error);
	if (!directory)
		return NULL;
	self = g_new0(HostResources, 1);
	self->directory = directory;
	self->had_holes = neighbour_holes(FALSE);
	self->owned = xfrm_ownership_new();
	self->protected = g_array_new(FALSE, FALSE, sizeof(IpNet));
	clean_interfaces_of(profile_get_uuid(profile));
	if (!run_directory_clear(directory, error) ||
		!make_interface(self, profile, libreswan, error) ||
		!guard(self, profile_get_uuid(profile), error))
		return NULL;
	return g_steal_pointer(&self);
}

void
host_resources_watch(HostResources *self, KernelWatchFunc func, gpointer user_data)
{
	g_autoptr(GError) error = NULL;

	self->watch =
		kernel_watch_new(self->has_interface ? &self->interface : NULL, func, user_data, &error);
	if (!self->watch)
		g_warning("%s", error->message);
}

void
host_resources_own(HostResources *self, const XfrmOwnership *record)
{
	XfrmOwnership mine = *record;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;

	mine.if_id = host_resources_if_id(self);
	if (!xfrm_ownership_add(self->owned, &mine))
		return;
	text = xfrm_ownership_to_text(self->owned, self->owned->len - 1);
	if (!run_directory_append(self->directory, XFRM_OWNERSHIP_FILE, text, &error))
		g_warning("%s", error->message);
}

void
host_resources_expect(HostResources *self, const ChildTable *children)
{
	g_autoptr(GArray) list = child_table_list(children);

	if (self->watch)
		kernel_watch_expect(self->watch, list);
}

gboolean
host_resources_is_well(const HostResources *self)
{
	return !self->has_interface || (xfrm_interface_look(&self->interface) == XFRM_INTERFACE_WELL &&
									!(self->watch && kernel_watch_was_down(self->watch)));
}

gboolean
host_resources_mend(HostResources *self, const Profile *profile, const Libreswan *libreswan,
					gboolean *mended, GError **error)
{
	const XfrmInterface old = self->interface;

	*mended = FALSE;
	if (host_resources_is_well(self))
		return TRUE;
	delete_interface(&old);
	*mended = xfrm_interface_create_numbered(profile_get_uuid(profile), old.if_id,
											 profile_get_mtu(profile), &self->interface, NULL) ||
			  make_interface(self, profile, libreswan, error);
	if (!*mended) {
		/* Still to be mended. */
		self->has_interface = TRUE;
		self->interface = old;
		return FALSE;
	}
	g_message("%s is made anew", self->interface.name);
	fallback_routes_follow(self->guard, self->interface.ifindex);
	tunnel_table_follow(self->table, self->interface.ifindex);
	if (self->watch)
		kernel_watch_follow(self->watch, &self->interface);
	return TRUE;
}

static void
forget_owned(HostResources *self)
{
	g_autoptr(GError) error = NULL;

	g_array_set_size(self->owned, 0);
	if (!run_directory_remove_file(self->directory, XFRM_OWNERSHIP_FILE, &error))
		g_warning("%s", error->message);
}

void
host_resources_sweep(HostResources *self)
{
	if (self->watch)
		kernel_watch_expect(self->watch, NULL);
	/* Somebody may have removed our interface, and somebody made another of its number. */
	if (self->has_interface && !xfrm_interface_is_anothers(&self->interface))
		sweep_if_id(self->interface.if_id);
	if (sweep_owned(self->owned))
		forget_owned(self);
	sweep_negotiated();
}

void
host_resources_block_low(HostResources *self, const GArray *children)
{
	g_autoptr(GError) error = NULL;

	g_array_set_size(self->protected, 0);
	for (guint i = 0; i < children->len; i++)
		g_array_append_val(self->protected, g_array_index(children, XfrmChild, i).peer_client);
	if (self->policies &&
		!block_policies_set_low(self->policies, (const XfrmChild *) children->data, children->len,
								&error))
		g_warning("cannot refuse what is to go through the tunnel alone: %s", error->message);
}

void
host_resources_block_sub(HostResources *self)
{
	g_autoptr(GError) error = NULL;

	if (self->guard && !host_resources_is_well(self))
		fallback_routes_stand_in(self->guard, (const IpNet *) self->protected->data,
								 self->protected->len);
	if (self->policies && !block_policies_set_sub(self->policies, &error))
		g_warning("cannot refuse what is to go through the tunnel alone: %s", error->message);
}

void
host_resources_note_pluto(HostResources *self, pid_t pid)
{
	g_autoptr(GError) error = NULL;
	ProcessId pluto;

	process_id_of(pid, &pluto);
	if (!run_directory_write_pluto(self->directory, &pluto, &error))
		g_warning("%s", error->message);
}

void
host_resources_set_gateway(HostResources *self, const IpNet *gateway)
{
	if (self->table)
		tunnel_table_set_gateway(self->table, gateway);
}

void
host_resources_settle(HostResources *self)
{
	if (!self->guard)
		return;
	tunnel_table_update(self->table);
	fallback_routes_settle(self->guard);
}

void
host_resources_remove(HostResources *self)
{
	g_autoptr(GError) error = NULL;

	if (!self)
		return;
	kernel_watch_free(self->watch);
	self->watch = NULL;
	/* Of another pluto, which has come after us, they would be the same. */
	if (!self->had_holes && !host_check_has_daemon(&host_check_places))
		neighbour_holes(TRUE);
	tunnel_table_free(self->table);
	fallback_routes_free(self->guard);
	host_resources_sweep(self);
	block_policies_free(self->policies);
	if (self->has_interface)
		delete_interface(&self->interface);
	g_array_unref(self->owned);
	g_array_unref(self->protected);
	if (!run_directory_remove(self->directory, &error))
		g_warning("%s", error->message);
	run_directory_close(self->directory);
	g_free(self);
}

RunDirectory *
host_resources_directory(HostResources *self)
{
	return self->directory;
}

guint32
host_resources_if_id(const HostResources *self)
{
	return self->has_interface ? self->interface.if_id : 0;
}

int
host_resources_ifindex(const HostResources *self)
{
	return self->has_interface ? self->interface.ifindex : 0;
}

const char *
host_resources_interface(const HostResources *self)
{
	return self->has_interface ? self->interface.name : NULL;
}
