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
#include "xfrm-user.h"

/* Milliseconds that a killed pluto has to be gone. */
#define KILL_MS 2000
/* In the run directory, for whoever comes after us. */
#define XFRM_OWNERSHIP_FILE "xfrm-ownership"
#define XFRM_OWNERSHIP_MAX  (1024 * 1024)
#define ROUTING_TABLE_FILE  "routing-table"
#define ROUTING_TABLE_MAX   16
#define GATEWAY_FILE        "gateway"        /* the address that pluto talks to */
#define CHOOSES_FILE        "chooses-reqids" /* likewise, where its pluto chooses them */
#define GATEWAYS_FILE       "gateways"       /* likewise, and all before it */
#define MAX_GATEWAYS        256
#define HOST_ROUTE_FILE     "host-route" /* the gateway that we have a host route to */
#define ADDRESS_MAX         IP_NET_STRLEN
#define REQID_FILE          "reqid"
#define BLOCK_FILE          "block-policies" /* the number that they bear */
#define NUMBER_MAX_LEN      16
#define MAX_NUMBER_TRIES    100
#define ACQ_EXPIRES         "/proc/sys/net/core/xfrm_acq_expires"

struct _HostResources {
	RunDirectory *directory;
	GArray *owned; /* of XfrmOwnership */
	gboolean has_interface;
	guint32 reqid; /* of its Child SA; 0: pluto chooses, as where all that were tried are taken */
	gboolean chooses; /* pluto does, and another tunnel to the gateway would be in the way */
	IpNet gateway;    /* that its pluto talks to */
	GArray *gateways; /* of IpNet: all that it has been */
	XfrmInterface interface;
	FallbackRoutes *guard; /* NULL without an interface */
	TunnelTable *table;    /* likewise */
	GArray *protected;     /* of IpNet, that host_resources_block_low() said last */
	KernelWatch *watch;
	char *daemon; /* another IKE daemon of the host, as of the last Child SA; NULL for none */
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

static gboolean
read_address(const char *text, IpNet *address)
{
	return text && ip_net_parse(address, text) && ip_net_is_host(address);
}

/* Whether a living service of ours beside it has this address in its file @name. */
static gboolean
is_anothers(const RunDirectory *directory, const char *name, const IpNet *address)
{
	g_autoptr(GPtrArray) texts = run_directory_read_others(directory, name, ADDRESS_MAX);

	for (guint i = 0; i < texts->len; i++) {
		IpNet theirs;

		if (read_address(texts->pdata[i], &theirs) && ip_net_equal(&theirs, address))
			return TRUE;
	}
	return FALSE;
}

/* All that a living service beside it has had, a line each. */
static GArray *
list_others_gateways(gboolean *complete, gpointer user_data)
{
	const HostResources *self = user_data;
	g_autoptr(GPtrArray) texts =
		run_directory_read_others(self->directory, GATEWAYS_FILE, MAX_GATEWAYS * ADDRESS_MAX);
	GArray *addresses = g_array_new(FALSE, FALSE, sizeof(IpNet));

	for (guint i = 0; i < texts->len; i++) {
		g_auto(GStrv) lines = g_strsplit(texts->pdata[i], "\n", -1);

		for (guint j = 0; lines[j]; j++) {
			IpNet theirs;

			if (read_address(lines[j], &theirs))
				g_array_append_val(addresses, theirs);
		}
		if (g_strv_length(lines) > MAX_GATEWAYS)
			*complete = FALSE;
	}
	return addresses;
}

/* Of a pluto that was killed in a negotiation. Whose they are, the gateway tells and nothing else:
 * where there is another IKE daemon, which may be talking to it, they are left to expire, which
 * takes half a minute; they let nothing pass. With a reqid of our own they are ours. */
static void
sweep_negotiated(const RunDirectory *directory, const IpNet *gateway, guint32 reqid)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(XfrmTable) table = NULL;
	g_autoptr(XfrmTable) left = NULL;
	guint n = 0;

	if (!ip_net_is_set(gateway) || (reqid == 0 && is_anothers(directory, GATEWAY_FILE, gateway)))
		return;
	table = xfrm_table_read(&error);
	left = table ? xfrm_table_select_negotiated(table, gateway, reqid) : NULL;
	if (left &&
		(left->states->len == 0 || (reqid == 0 && host_check_has_daemon(&host_check_places))))
		return;
	if (!left || !xfrm_table_delete(left, &n, &error))
		g_warning("cannot sweep what negotiations have left in the kernel: %s", error->message);
	else if (n > 0)
		g_info("swept %u states of negotiations", n);
}

/* Numbers that each service takes for itself, and notes for the others and whoever comes after it.
 */

typedef gboolean (*IsTakenFunc)(const XfrmTable *table, guint32 number);

typedef struct {
	const char *file;
	guint32 max;
	IsTakenFunc is_taken; /* in the kernel, by anybody */
} NumberKind;

/* @text: (nullable). Returns: 0 for none. */
static guint32
parse_number(const char *text, const NumberKind *kind)
{
	guint64 number;

	return text && g_ascii_string_to_unsigned(text, 10, 1, kind->max, &number, NULL)
			   ? (guint32) number
			   : 0;
}

static gboolean
is_number_anothers(const RunDirectory *directory, const NumberKind *kind, guint32 number)
{
	g_autoptr(GPtrArray) texts = run_directory_read_others(directory, kind->file, NUMBER_MAX_LEN);

	for (guint i = 0; i < texts->len; i++) {
		if (parse_number(texts->pdata[i], kind) == number)
			return TRUE;
	}
	return FALSE;
}

/* Of two services that want the same number at once both see it, and look on.
 *
 * Returns: false with an error of the kernel's or the directory's. *number is 0 where all that were
 * tried are taken. */
static gboolean
claim_number(RunDirectory *directory, const NumberKind *kind, guint32 *number, GError **error)
{
	g_autoptr(XfrmTable) table = xfrm_table_read(error);

	*number = 0;
	for (guint i = 0; table && i < MAX_NUMBER_TRIES; i++) {
		const guint32 wanted = (guint32) g_random_int_range(1, (gint32) kind->max + 1);
		char text[NUMBER_MAX_LEN];

		if (kind->is_taken(table, wanted))
			continue;
		g_snprintf(text, sizeof(text), "%" G_GUINT32_FORMAT, wanted);
		if (!run_directory_write(directory, kind->file, text, strlen(text), error))
			return FALSE;
		if (is_number_anothers(directory, kind, wanted))
			continue;
		*number = wanted;
		return TRUE;
	}
	return table && run_directory_remove_file(directory, kind->file, error);
}

static gboolean
is_reqid_taken(const XfrmTable *table, guint32 reqid)
{
	for (guint i = 0; i < table->states->len; i++) {
		if (g_array_index(table->states, XfrmState, i).reqid == reqid)
			return TRUE;
	}
	for (guint i = 0; i < table->policies->len; i++) {
		const XfrmPolicy *policy = &g_array_index(table->policies, XfrmPolicy, i);

		for (guint j = 0; j < policy->n_templates; j++) {
			if (policy->templates[j].reqid == reqid)
				return TRUE;
		}
	}
	return FALSE;
}

static const NumberKind reqids = {REQID_FILE, LIBRESWAN_MAX_REQID, is_reqid_taken};
static const NumberKind blocks = {BLOCK_FILE, BLOCK_POLICIES_MAX_NUMBER, block_policies_has_number};

/* What a dead service has noted: 0 where a living one has it, too, since it died before it had
 * looked. */
static guint32
read_number_of_dead(const RunDirectory *directory, const NumberKind *kind)
{
	g_autofree char *text = run_directory_read(directory, kind->file, NUMBER_MAX_LEN);
	guint32 number = parse_number(text, kind);

	return number && !is_number_anothers(directory, kind, number) ? number : 0;
}

/* What the pluto of a dead service has said that it put into the kernel. */
static void
clean_owned(const RunDirectory *directory)
{
	g_autofree char *text = run_directory_read(directory, XFRM_OWNERSHIP_FILE, XFRM_OWNERSHIP_MAX);
	g_autoptr(GArray) owned = text ? xfrm_ownership_parse(text) : NULL;
	guint32 number = read_number_of_dead(directory, &blocks);
	g_autoptr(GError) error = NULL;

	if (owned)
		sweep_owned(owned);
	if (number && !block_policies_clean_stale(number, &error))
		g_warning("cannot lift the blocks of a service that died: %s", error->message);
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

/* Its rules and routes, and the fallbacks behind them. */
static void
clean_table(const RunDirectory *directory)
{
	g_autofree char *text = run_directory_read(directory, ROUTING_TABLE_FILE, ROUTING_TABLE_MAX);
	g_autoptr(GError) error = NULL;
	guint64 number = 0;

	if (text && (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXUINT32 - 1, &number, &error) ||
				 !tunnel_table_clean_stale((guint32) number, &error)))
		g_warning("cannot clean up the routing table of a service that died: %s", error->message);
	g_clear_error(&error);
	if (!fallback_routes_clean_stale((guint32) number, &error))
		g_warning("cannot clean up the routes of a service that died: %s", error->message);
}

/* Its host route to the gateway, unless a living service has it, too. */
static void
clean_host_route(RunDirectory *directory)
{
	g_autofree char *text = run_directory_read(directory, HOST_ROUTE_FILE, ADDRESS_MAX);
	g_autoptr(GError) error = NULL;
	IpNet gateway;

	if (read_address(text, &gateway) && !is_anothers(directory, HOST_ROUTE_FILE, &gateway) &&
		!underlay_route_delete_route(&gateway, &error))
		g_warning("%s", error->message);
}

static void
clean_negotiated(const RunDirectory *directory)
{
	g_autofree char *text = run_directory_read(directory, GATEWAY_FILE, ADDRESS_MAX);
	IpNet gateway;

	if (read_address(text, &gateway))
		sweep_negotiated(directory, &gateway, read_number_of_dead(directory, &reqids));
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
	clean_owned(directory);
	clean_table(directory);
	clean_host_route(directory);
	clean_negotiated(directory);
}

void
host_resources_clean_dead(const char *base)
{
	g_auto(GStrv) uuids = run_directory_list_stale(base);

	for (char **uuid = uuids; *uuid; uuid++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(RunDirectory) directory = run_directory_open_stale(base, *uuid, &error);

		if (!directory) {
			g_info("%s", error->message);
			continue;
		}
		clean_after_dead(directory, *uuid);
		if (!run_directory_remove(directory, &error))
			g_warning("%s", error->message);
	}
}

static gboolean
guard_by_policies(HostResources *self, GError **error)
{
	guint32 number;

	if (!claim_number(self->directory, &blocks, &number, error))
		return FALSE;
	if (number == 0) {
		g_set_error(error, HOST_CHECK_ERROR, HOST_CHECK_ERROR_XFRM,
					"no number is left for the policies that keep packets from leaving without "
					"the tunnel; ‘ip xfrm policy’ shows whose they are");
		return FALSE;
	}
	self->policies = block_policies_new(number, error);
	return self->policies != NULL;
}

static gboolean
guard(HostResources *self, GError **error)
{
	if (!self->has_interface)
		return guard_by_policies(self, error);
	self->guard = fallback_routes_new(self->interface.ifindex, error);
	if (self->guard)
		self->table = tunnel_table_new(self->interface.ifindex, error);
	if (!self->table)
		return FALSE;
	tunnel_table_list_others_by(self->table, list_others_gateways, self);
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

/* With several nets libreswan makes several connections of the conn, and gives all of them the one
 * reqid that is written, so that the SA of one would be taken for another's; so it does with the
 * nets that a gateway of Cisco's sends. With an interface the if_id tells apart what is whose. */
static gboolean
wants_own_reqid(const Profile *profile)
{
	return !profile_wants_interface(profile) && !profile_has_several_selectors(profile) &&
		   !profile_get(profile, "leftsubnets") && !profile_get(profile, "rightsubnets") &&
		   g_strcmp0(profile_get(profile, "remote-peer-type"), "cisco") != 0;
}

static gboolean
lets_pluto_choose(const Profile *profile)
{
	return !profile_wants_interface(profile) && !wants_own_reqid(profile);
}

/* Two plutos choose the same reqids, by which alone the kernel tells the SAs of one gateway from
 * each other where there is no interface. */
static gboolean
fail_same_gateway(const IpNet *gateway, GError **error)
{
	char text[IP_NET_STRLEN];

	g_set_error(error, HOST_CHECK_ERROR, HOST_CHECK_ERROR_XFRM,
				"another IPsec tunnel to the gateway %s is up without an interface, and each would "
				"take the other's SAs for its own; take it down first, or have ipsec-interface=yes "
				"or one network at each end",
				ip_net_to_string(gateway, text));
	return FALSE;
}

static gboolean
check_same_gateway(const Profile *profile, const IpNet *gateway, GError **error)
{
	g_autoptr(XfrmTable) table = NULL;

	if (!gateway || !lets_pluto_choose(profile))
		return TRUE;
	table = xfrm_table_read(error);
	return table &&
		   (!xfrm_table_has_chosen_reqids(table, gateway) || fail_same_gateway(gateway, error));
}

/* A pluto that cannot be kept from others' states, policies and ports is started where there are
 * none. */
static gboolean
may_begin(const RunDirectory *directory, const Libreswan *libreswan, const HostCheckListen *listen,
		  GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GError) other = NULL;

	if (libreswan_is_kept_apart(libreswan, &why))
		return TRUE;
	if (run_directory_has_others(directory))
		g_set_error(&other, HOST_CHECK_ERROR, HOST_CHECK_ERROR_XFRM,
					"another connection of this kind is up, and this one would end it; take it "
					"down first");
	else if (host_check(listen, &other))
		return TRUE;
	g_set_error(error, other->domain, other->code, "%s (%s)", other->message, why->message);
	return FALSE;
}

/* Another that has none in the kernel yet, or none any more, has noted it: what two note at once
 * both see, and neither goes on. */
static gboolean
claim_gateway(HostResources *self, const IpNet *gateway, GError **error)
{
	char text[IP_NET_STRLEN];

	if (!self->chooses || !gateway)
		return TRUE;
	ip_net_to_string(gateway, text);
	return run_directory_write(self->directory, CHOOSES_FILE, text, strlen(text), error) &&
		   (!is_anothers(self->directory, CHOOSES_FILE, gateway) ||
			fail_same_gateway(gateway, error));
}

HostResources *
host_resources_take(const char *base, const Profile *profile, const Libreswan *libreswan,
					const HostCheckListen *listen, const IpNet *gateway, GError **error)
{
	g_autoptr(HostResources) self = NULL;
	RunDirectory *directory;

	host_resources_clean_dead(base);
	directory = run_directory_open(base, profile_get_uuid(profile), error);
	if (!directory)
		return NULL;
	if (!may_begin(directory, libreswan, listen, error) ||
		!check_same_gateway(profile, gateway, error)) {
		run_directory_remove(directory, NULL);
		run_directory_close(directory);
		return NULL;
	}
	self = g_new0(HostResources, 1);
	self->directory = directory;
	self->owned = xfrm_ownership_new();
	self->protected = g_array_new(FALSE, FALSE, sizeof(IpNet));
	self->gateways = g_array_new(FALSE, FALSE, sizeof(IpNet));
	clean_interfaces_of(profile_get_uuid(profile));
	self->chooses = lets_pluto_choose(profile);
	if (!run_directory_clear(directory, error) || !claim_gateway(self, gateway, error) ||
		(wants_own_reqid(profile) && !claim_number(directory, &reqids, &self->reqid, error)) ||
		!make_interface(self, profile, libreswan, error) || !guard(self, error))
		return NULL;
	return g_steal_pointer(&self);
}

/* A daemon that ends flushes last of all, and may be gone when it is asked who that was. */
static char *
who_flushes(guint32 port, gpointer user_data)
{
	HostResources *self = user_data;
	char *who = xfrm_user_by_port(host_check_places.proc, port);

	if (!who)
		who = xfrm_user_daemon(host_check_places.proc);
	return who ? who : g_strdup(self->daemon);
}

void
host_resources_watch(HostResources *self, KernelWatchFunc func, gpointer user_data)
{
	g_autoptr(GError) error = NULL;

	self->watch =
		kernel_watch_new(self->has_interface ? &self->interface : NULL, func, user_data, &error);
	if (self->watch)
		kernel_watch_set_who(self->watch, who_flushes, self);
	else
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

	g_free(self->daemon);
	self->daemon = xfrm_user_daemon(host_check_places.proc);
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
	sweep_negotiated(self->directory, &self->gateway, self->reqid);
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

/* For whoever comes after us, and for living services beside us. @address: NULL for none. */
static void
note_address(HostResources *self, const char *name, const IpNet *address)
{
	g_autoptr(GError) error = NULL;
	char text[IP_NET_STRLEN];
	gboolean noted;

	if (address) {
		ip_net_to_string(address, text);
		noted = run_directory_write(self->directory, name, text, strlen(text), &error);
	} else {
		noted = run_directory_remove_file(self->directory, name, &error);
	}
	if (!noted)
		g_warning("%s", error->message);
}

/* For the tables of living services beside us. As many lines as there may be say that there may be
 * more gateways. */
static void
note_gateway(HostResources *self, const IpNet *gateway)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *line = NULL;
	char text[IP_NET_STRLEN];

	if (self->gateways->len >= MAX_GATEWAYS || ip_net_list_has(self->gateways, gateway))
		return;
	g_array_append_val(self->gateways, *gateway);
	line = g_strconcat(ip_net_to_string(gateway, text), "\n", NULL);
	if (!run_directory_append(self->directory, GATEWAYS_FILE, line, &error))
		g_warning("%s", error->message);
}

void
host_resources_set_gateway(HostResources *self, const IpNet *gateway)
{
	if (ip_net_is_set(gateway) && !ip_net_equal(gateway, &self->gateway)) {
		note_gateway(self, gateway);
		note_address(self, GATEWAY_FILE, gateway);
		if (self->chooses)
			note_address(self, CHOOSES_FILE, gateway);
	}
	self->gateway = *gateway;
	if (self->table)
		tunnel_table_set_gateway(self->table, gateway);
}

void
host_resources_claim_route(HostResources *self, const IpNet *gateway)
{
	note_address(self, HOST_ROUTE_FILE, gateway);
}

gboolean
host_resources_route_is_anothers(const HostResources *self, const IpNet *gateway)
{
	return is_anothers(self->directory, HOST_ROUTE_FILE, gateway);
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
	g_free(self->daemon);
	self->watch = NULL;
	tunnel_table_free(self->table);
	fallback_routes_free(self->guard);
	host_resources_sweep(self);
	block_policies_free(self->policies);
	if (self->has_interface)
		delete_interface(&self->interface);
	g_array_unref(self->owned);
	g_array_unref(self->protected);
	g_array_unref(self->gateways);
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
host_resources_reqid(const HostResources *self)
{
	return self->reqid;
}

guint32
host_resources_acq_expires(void)
{
	g_autofree char *text = NULL;
	guint64 seconds;

	if (!g_file_get_contents(ACQ_EXPIRES, &text, NULL, NULL) ||
		!g_ascii_string_to_unsigned(g_strchomp(text), 10, 1, G_MAXINT32, &seconds, NULL))
		return 0;
	return (guint32) seconds;
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
