/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "tunnel.h"

#include <net/if.h>
#include <string.h>
#include <time.h>

#include "endpoints.h"
#include "child-filter.h"
#include "credentials.h"
#include "host-resources.h"
#include "host-check.h"
#include "instance.h"
#include "lan-overlap.h"
#include "libreswan-trial.h"
#include "link-names.h"
#include "local-address.h"
#include "log.h"
#include "log-limit.h"
#include "mtu.h"
#include "net-pair.h"
#include "one-line.h"
#include "revival.h"
#include "secret.h"
#include "sleep-watch.h"
#include "story.h"
#include "underlay-watch.h"
#include "verdict.h"

/* A shorter sleep than this the gateway has hardly noticed, and dead peer detection finds out where
 * it has; after a longer one its own may have ended the tunnel, and nobody wants to wait for ours.
 */
#define SLEPT_LONG_MS 10000

/* Within so long of each other the pairs of nets of one Child SA come up: a helper each. */
#define SIBLINGS_MS 300

/* How many of pluto's lines of one kind a minute has: of those that strangers cause, and of those
 * of our own connection, which somebody on the path can cause. */
#define STRANGERS_LINES 5
#define OUR_LINES       50

struct _Tunnel {
	Libreswan *libreswan;
	char *helper;
	char *base;
	const TunnelCallbacks *callbacks;
	gpointer user_data;

	Machine machine;
	GQueue events; /* of MachineEvent; a step may cause the next one */
	gboolean stepping;
	guint step_source;
	guint timer_source;
	guint siblings_source;

	Profile *profile;
	gboolean can_ask;
	Profile *next_profile; /* for the connect that waits for the end of the last tunnel */
	HostResources *resources;
	Instance *instance;
	gboolean was_up;   /* a tunnel of this connection, with what pluto was told */
	gboolean replaces; /* the instance that is being killed has shown what its next one needs */
	Credentials *credentials;
	const Secret *wanted;  /* by this host, before there can be an instance; NULL for none */
	char *gateway_asks;    /* what for, in the gateway's own words; NULL: it has said nothing */
	char *code;            /* the user's answer, until pluto has it */
	gboolean was_prompted; /* pluto has asked for the password, and has it */
	UnderlayWatch *uplink; /* from the first Child SA on */
	Ends *ends;            /* of the instance that runs, or is being prepared */
	LinkNames *names;      /* from the first start on */
	SleepWatch *sleep;
	Revival *revival;
	guint n_instances;
	GCancellable *starting; /* non-NULL while an instance is being prepared */
	guint n_awaited;        /* things that its start needs to know */
	ChildFilter *filter;    /* of the profile */
	ChildTable *children;
	ChildTable *traps; /* on demand: what the kernel waits for with a packet */
	IpReport *last_report;
	Story *story;
	gboolean robbed;      /* a program of a user has taken the packets of the instance */
	char *overlap;        /* of the LAN and the tunnel, as it was said last */
	char *left_out;       /* what of the gateway's was left out first, while nothing is up */
	LogLimit *limit;      /* of pluto's lines */
	char *reason;         /* why it failed, for people: the last attempt's */
	char *obstacle;       /* what the last start of an instance failed of */
	gboolean xauth_again; /* the gateway wants it with every ISAKMP SA, as has been seen */
};

static void step(Tunnel *self);

/* CLOCK_BOOTTIME goes on while the machine sleeps: a recovery's time is the user's time. */
static gint64
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (gint64) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static const char *
name_of(const Tunnel *self)
{
	return self->profile ? profile_get_name(self->profile) : "?";
}

/* Whose its lines are, in the journal. */
static LogConnection
log_of(const Tunnel *self)
{
	return (LogConnection){
		.uuid = self->profile ? profile_get_uuid(self->profile) : NULL,
		.device = self->resources ? host_resources_interface(self->resources) : NULL,
	};
}

static void
push(Tunnel *self, MachineEventKind kind)
{
	MachineEvent *event = g_new0(MachineEvent, 1);

	event->kind = kind;
	event->now_ms = now_ms();
	event->n_up = child_table_size(self->children);
	g_queue_push_tail(&self->events, event);
}

/* For what we notice: pluto may be waiting for us, so it is dealt with now. */
static void
post(Tunnel *self, MachineEventKind kind)
{
	push(self, kind);
	step(self);
}

static gboolean
on_step_source(gpointer user_data)
{
	Tunnel *self = user_data;

	self->step_source = 0;
	step(self);
	return G_SOURCE_REMOVE;
}

/* For what we are asked: our caller does not hear from us before it has its call back. */
static void
post_later(Tunnel *self, MachineEventKind kind)
{
	push(self, kind);
	if (self->step_source == 0)
		self->step_source = g_idle_add_full(G_PRIORITY_DEFAULT, on_step_source, self, NULL);
}

static void
set_reason(Tunnel *self, const char *reason)
{
	if (self->reason)
		return; /* the first is the cause, what follows are its consequences */
	self->reason = g_strdup(reason);
}

/* While it is there every attempt fails of it: that is said once. */
static void
say_obstacle(Tunnel *self, const char *what)
{
	if (g_strcmp0(self->obstacle, what) == 0) {
		g_info("%s: still: %s", name_of(self), what);
		return;
	}
	g_message("%s: %s", name_of(self), what);
	g_free(self->obstacle);
	self->obstacle = g_strdup(what);
}

/* What ends an attempt at recovery do_stop() says. */
static void
say(const Tunnel *self, const char *what)
{
	if (self->machine.state != MACHINE_RECOVERING)
		g_message("%s: %s", name_of(self), what);
}

/* Of a user of this host, whoever's the connection is. */
static gboolean
is_of_a_user(const GError *error)
{
	return g_error_matches(error, HOST_CHECK_ERROR, HOST_CHECK_ERROR_USER) ||
		   g_error_matches(error, LINK_NAMES_ERROR, LINK_NAMES_ERROR_NAME);
}

static void
start_failed(Tunnel *self, const GError *error)
{
	g_cancellable_cancel(self->starting);
	g_clear_object(&self->starting);
	set_reason(self, error->message);
	if (error->domain == CREDENTIALS_ERROR)
		self->wanted = secret_find(credentials_get_wanted(self->credentials));
	post(self, g_error_matches(error, CREDENTIALS_ERROR, CREDENTIALS_ERROR_MISSING)
				   ? EVENT_SECRET_MISSING
			   : error->domain == CREDENTIALS_ERROR ? EVENT_SECRET_WRONG
			   : error->domain == PROFILE_ERROR     ? EVENT_INVALID
			   : is_of_a_user(error)                ? EVENT_HELD_UP
													: EVENT_START_FAILED);
}

static void
say_lost(Tunnel *self)
{
	log_event(LOG_EVENT_RECONNECTING, log_of(self), "%s: connection lost, reconnecting%s%s",
			  name_of(self), self->reason ? ": " : "", self->reason ? self->reason : "");
	g_free(self->obstacle);
	self->obstacle = g_strdup(self->reason);
}

/* Of our interface; 0 for none. */
static int
own_ifindex(const Tunnel *self)
{
	return self->resources ? host_resources_ifindex(self->resources) : 0;
}

/* Once for as long as it stays so. */
static void
say_overlap(Tunnel *self)
{
	char name[IF_NAMESIZE] = "?", lan[IP_NET_STRLEN], theirs[IP_NET_STRLEN];
	g_autofree char *last = NULL;
	LanOverlap overlap;

	if (!self->uplink || own_ifindex(self) == 0)
		return;
	last = g_steal_pointer(&self->overlap);
	if (!lan_overlap_find(self->children, underlay_watch_get_addresses(self->uplink), &overlap))
		return;
	if_indextoname((unsigned int) overlap.ifindex, name);
	self->overlap = g_strdup_printf(
		"the network %s of %s is within %s of the tunnel: packets to it leave "
		"outside of the tunnel",
		ip_net_to_string(&overlap.attached, lan), name, ip_net_to_string(&overlap.net, theirs));
	if (g_strcmp0(self->overlap, last) != 0)
		g_message("%s: %s", name_of(self), self->overlap);
}

static void
use_gateway(Tunnel *self, const IpNet *address)
{
	gateway_use(ends_gateway(self->ends), address);
	if (self->resources)
		host_resources_set_gateway(self->resources, address);
}

static void
say_news(Tunnel *self)
{
	g_autoptr(GPtrArray) news = child_filter_take_news(self->filter);

	for (guint i = 0; i < news->len; i++)
		g_warning("%s: %s", name_of(self), (const char *) news->pdata[i]);
}

/* A link that has come may be attached to the network of a DNS server that NetworkManager has from
 * us. It is not asked any more, whatever becomes of the tunnel meanwhile; the next report has it
 * again where that is over. */
static void
drop_dns_of_neighbours(Tunnel *self)
{
	const char *interface = self->resources ? host_resources_interface(self->resources) : NULL;
	g_autoptr(GArray) attached = NULL;
	g_autoptr(GArray) dns = NULL;
	g_autoptr(GArray) neighbours = NULL;
	IpReport *without;

	/* One that ends is not reported any more: to NetworkManager it would begin anew. */
	if (!self->last_report || self->machine.state == MACHINE_CLEANING || !self->resources ||
		!host_resources_is_well(self->resources))
		return;
	attached = local_address_list_nets(interface);
	dns = ip_report_list_dns(self->last_report);
	neighbours = child_filter_find_neighbours(self->filter, dns, interface, attached);
	if (neighbours->len == 0)
		return;
	say_news(self);
	without = ip_report_without_dns(self->last_report, neighbours);
	ip_report_free(self->last_report);
	self->last_report = without;
	/* While somebody is asked NetworkManager has none of ours. */
	if (self->machine.state != MACHINE_ASKING)
		self->callbacks->report(without, self->user_data);
}

static void
on_uplink(UplinkNews news, gpointer user_data)
{
	static const MachineEventKind kinds[] = {
		[UPLINK_NEWS_CHANGED] = EVENT_UPLINK_CHANGED,
		[UPLINK_NEWS_GONE] = EVENT_UPLINK_GONE,
		[UPLINK_NEWS_BACK] = EVENT_UPLINK_BACK,
		/* Perhaps another configuration, of what is up. */
		[UPLINK_NEWS_MTU] = EVENT_CHILD_UP,
		[UPLINK_NEWS_LINK] = EVENT_CHILD_UP,
	};
	Tunnel *self = user_data;
	const UnderlayRoute *underlay = underlay_watch_get(self->uplink);
	g_autofree char *text = underlay ? underlay_route_to_string(underlay) : NULL;
	char gateway[IP_NET_STRLEN];

	if (self->machine.reported) {
		say_overlap(self);
		drop_dns_of_neighbours(self);
	}
	if (news == UPLINK_NEWS_LINK && self->machine.state != MACHINE_UP)
		return;
	if (news == UPLINK_NEWS_CHANGED)
		use_gateway(self, underlay_watch_get_gateway(self->uplink));
	if (news == UPLINK_NEWS_GONE)
		g_message("%s: there is no route to the gateway any more", name_of(self));
	else if (news != UPLINK_NEWS_MTU && news != UPLINK_NEWS_LINK)
		g_message("%s: %s to the gateway %s: %s", name_of(self),
				  news == UPLINK_NEWS_BACK ? "there is a route again" : "there is another route",
				  ip_net_to_string(gateway_get_used(ends_gateway(self->ends)), gateway), text);
	post(self, kinds[news]);
}

static void
claim_route(const IpNet *gateway, gpointer user_data)
{
	Tunnel *self = user_data;

	host_resources_claim_route(self->resources, gateway);
}

static gboolean
route_is_anothers(const IpNet *gateway, gpointer user_data)
{
	Tunnel *self = user_data;

	return host_resources_route_is_anothers(self->resources, gateway);
}

static const UnderlayClaims route_claims = {claim_route, route_is_anothers};

static void
watch_uplink(Tunnel *self, const IpNet *gateway)
{
	int ifindex = own_ifindex(self);
	g_autoptr(GError) error = NULL;

	use_gateway(self, gateway);
	if (self->uplink) {
		underlay_watch_follow(self->uplink, gateway, ifindex);
		return;
	}
	self->uplink = underlay_watch_new(gateway, ifindex, on_uplink, &route_claims, self, &error);
	if (self->uplink)
		underlay_watch_know_others(self->uplink, gateway_get_addresses(ends_gateway(self->ends)));
	else
		g_warning("%s: %s", name_of(self), error->message);
}

/* pluto stands still: what it has put into the kernel for this event is ours, and where that is
 * taken away nothing is to leave in its place. */
static void
cover(Tunnel *self, const ChildTable *table, const UpdownEvent *event)
{
	const XfrmOwnership record = {.child = child_sa_selectors(event),
								  .me = event->me,
								  .peer = event->peer,
								  .reqid = event->reqid};
	g_autoptr(GArray) protected = child_table_list_protected(table);

	host_resources_own(self->resources, &record);
	host_resources_block_low(self->resources, protected);
	/* From here on, not from the report on, which waits for others of a conn. */
	host_resources_expect(self->resources, self->children);
}

static void
take_trap(Tunnel *self, const UpdownEvent *event)
{
	/* While a Child SA is up the trap lies under it, and 4.10 says `route` after `up`. */
	if (!profile_is_on_demand(self->profile) || child_table_size(self->children) > 0 ||
		child_table_take_trap(self->traps, event) != CHILD_WENT_UP)
		return;
	cover(self, self->traps, event);
	watch_uplink(self, &event->peer);
	post(self, EVENT_TRAPPED);
}

/* They are protected still, until their connections have others. */
static void
lose_children(Tunnel *self)
{
	g_clear_handle_id(&self->siblings_source, g_source_remove);
	g_clear_pointer(&self->left_out, g_free);
	child_table_lose(self->children, NULL);
	child_table_clear(self->traps);
}

static void
on_slept(gint64 ms, gpointer user_data)
{
	Tunnel *self = user_data;

	if (!self->profile || ms < SLEPT_LONG_MS)
		return;
	g_message("%s: the machine has slept for %.0f s", name_of(self), (double) ms / 1000);
	post(self, EVENT_RESUMED);
}

/* Of several nets each has its Child SA, and comes up when it does: until then nothing is to go to
 * it by another route. */
static void
protect_nets(Tunnel *self, const IpNet *me)
{
	g_autoptr(GArray) pairs = net_pairs_of_profile(self->profile, me);

	child_table_protect_nets(self->children, (const NetPair *) pairs->data, pairs->len);
}

/* What the gateway wants, or what libreswan has made of the profile, cannot be the tunnel. */
static void
refuse(Tunnel *self, const char *reason)
{
	if (self->machine.state != MACHINE_CONNECTING)
		say_obstacle(self, reason);
	if (self->machine.state == MACHINE_UP) {
		lose_children(self);
		post(self, EVENT_LOST);
		return;
	}
	set_reason(self, reason);
	post(self, EVENT_REFUSED);
}

static gboolean
on_siblings_up(gpointer user_data)
{
	Tunnel *self = user_data;
	g_autofree char *left_out = g_steal_pointer(&self->left_out);

	self->siblings_source = 0;
	if (child_table_size(self->children) > 0)
		post(self, EVENT_CHILD_UP);
	else if (left_out)
		refuse(self, left_out);
	return G_SOURCE_REMOVE;
}

static void
await_siblings(Tunnel *self)
{
	g_clear_handle_id(&self->siblings_source, g_source_remove);
	self->siblings_source = g_timeout_add(SIBLINGS_MS, on_siblings_up, self);
}

/* One negotiation may bring up several: where one Child SA has several pairs of nets, where the
 * profile has several connections, and where the gateway sends nets of its own (IKEv1). Each would
 * be another configuration to NetworkManager. */
static gboolean
has_siblings(const Tunnel *self, const UpdownEvent *event)
{
	return self->siblings_source != 0 || self->machine.state == MACHINE_UP ||
		   profile_has_several_selectors(self->profile) ||
		   (!profile_is_ikev2(self->profile) &&
			!child_filter_asks_for(self->filter, &event->peer_client));
}

static void
child_is_up(Tunnel *self, const UpdownEvent *event)
{
	if (has_siblings(self, event))
		await_siblings(self);
	else
		post(self, EVENT_CHILD_UP);
}

static void
take_event_of_pluto(Tunnel *self, const UpdownEvent *event)
{
	take_trap(self, event);
	switch (child_table_take(self->children, event)) {
	case CHILD_WENT_UP:
		child_table_protect(self->children, self->traps);
		protect_nets(self, &event->me);
		cover(self, self->children, event);
		watch_uplink(self, &event->peer);
		child_is_up(self, event);
		break;
	case CHILD_WENT_DOWN:
		post(self, EVENT_CHILD_DOWN);
		break;
	case CHILD_UNCHANGED:
		break;
	}
}

/* It may be that others follow that can be taken. */
static void
leave_out(Tunnel *self, char **reason)
{
	if (child_table_size(self->children) > 0)
		return;
	if (!self->left_out)
		self->left_out = g_steal_pointer(reason);
	await_siblings(self);
}

static ChildFilterVerdict
look_at_event(Tunnel *self, UpdownEvent *event, char **reason)
{
	const char *interface = host_resources_interface(self->resources);
	g_autoptr(GArray) addresses = local_address_list(interface);
	g_autoptr(GArray) attached = local_address_list_nets(interface);
	UnderlayRoute underlay = {0};
	const ChildFilterHost host = {
		.interface = interface,
		.addresses = addresses,
		.attached = attached,
		.next_hop = &underlay.next_hop,
		.n_up = child_table_size(self->children),
	};

	underlay_route_find(&event->peer, own_ifindex(self), &underlay, NULL);
	return child_filter_look(self->filter, event, &host, reason);
}

static void
on_updown(const UpdownEvent *said, gpointer user_data)
{
	Tunnel *self = user_data;
	g_autoptr(UpdownEvent) event = updown_event_copy(said);
	g_autofree char *text = updown_event_to_string(event);
	g_autofree char *reason = NULL;

	g_debug("updown: %s", text);
	if (!machine_has_instance(&self->machine))
		return; /* pluto tidies up: what it takes down we have given up already */
	switch (look_at_event(self, event, &reason)) {
	case CHILD_FILTER_TAKE:
		take_event_of_pluto(self, event);
		break;
	case CHILD_FILTER_LEAVE:
		leave_out(self, &reason);
		break;
	case CHILD_FILTER_REFUSE:
		refuse(self, reason);
		break;
	}
	if (self->filter)
		say_news(self);
}

/* A gateway that authenticates us anew while the tunnel is up may give another address with it, and
 * pluto keeps the SAs of the old one without a word to the updown command. */
static gboolean
is_other_lease(const Tunnel *self, const PlutoLogLine *line)
{
	IpNet lease;

	return line->kind == PLUTO_LOG_LEASE && ip_net_parse(&lease, pluto_log_address(line)) &&
		   !child_table_has_lease(self->children, &lease);
}

static void
note_reason(Tunnel *self, const PlutoLogLine *line, MachineEventKind kind)
{
	g_autofree char *reason = verdict_reason(line, kind, self->machine.state);

	/* These refute what was doubted. */
	gboolean answer =
		kind == EVENT_PEER_ANSWERED || kind == EVENT_LOGIN_SENT || kind == EVENT_LOGIN_ACCEPTED;

	if ((answer && self->machine.doubt != FAILURE_NONE) ||
		(reason && self->machine.state == MACHINE_UP))
		g_clear_pointer(&self->reason, g_free);
	if (reason)
		set_reason(self, reason);
}

/* One of several Child SAs: the others go on, and what it protected stays so. Only
 * with IKEv2, where all go down with their IKE SA: with IKEv1 the line may be the last that is
 * heard of an ISAKMP SA, and what it had made would stay up at our end alone. */
static gboolean
lose_part(Tunnel *self, const PlutoLogLine *line)
{
	g_autofree char *connection = pluto_log_connection(line);

	if (line->kind != PLUTO_LOG_LOST || self->machine.state != MACHINE_UP || !connection ||
		!profile_is_ikev2(self->profile) || !child_table_knows(self->children, connection))
		return FALSE;
	child_table_lose(self->children, connection);
	return child_table_size(self->children) > 0;
}

static void
on_line_passes(const char *text, gpointer user_data)
{
	Tunnel *self = user_data;

	g_info("%s: pluto: %s", name_of(self), text);
}

static const LogLimitCallbacks limit_callbacks = {on_line_passes, NULL};

static void
write_line(Tunnel *self, const PlutoLogLine *line)
{
	guint most = line->kind == PLUTO_LOG_STRANGER ? STRANGERS_LINES : OUR_LINES;
	g_autofree char *topic = pluto_log_topic(line);

	if (line->kind == PLUTO_LOG_NOISE || !log_limit_line(self->limit, topic, most, line->text))
		g_debug("%s: pluto: %s", name_of(self), line->text);
}

/* A pluto that is thrown away may still have sent a login, or had the answer. */
static void
hear_late_login(Tunnel *self, const PlutoLogLine *line)
{
	if (line->kind == PLUTO_LOG_LOGIN_SENT) {
		post(self, EVENT_LOGIN_SENT);
	} else if (line->kind == PLUTO_LOG_LOGIN_REFUSED && line->authenticated) {
		note_reason(self, line, EVENT_LOGIN_REFUSED);
		post(self, EVENT_LOGIN_REFUSED);
	}
}

/* Without listen= pluto tries all addresses, and goes on without those that it does not get. */
static gboolean
is_of_another_address(const Tunnel *self, const PlutoLogLine *line)
{
	const HostCheckListen *ports = ends_get_ports(self->ends);

	return line->kind == PLUTO_LOG_PORT_TAKEN && ports->everywhere &&
		   !pluto_log_is_about(line, ports->address);
}

/* The gateway signs with another kind of key than we have told pluto. To the machine the next
 * instance is the same: it has what is left of this one's time. It has proven nothing yet, so what
 * worked once is not given up for it. */
static gboolean
replace_instance(Tunnel *self, const PlutoLogLine *line)
{
	if (!self->instance || self->was_up || line->kind != PLUTO_LOG_REFUSED ||
		!credentials_learn(self->credentials, line->rest))
		return FALSE;
	g_message("%s: the gateway has another kind of key: trying with that", name_of(self));
	self->replaces = TRUE;
	instance_kill(self->instance);
	return TRUE;
}

static void
on_log_line(const PlutoLogLine *line, gpointer user_data)
{
	Tunnel *self = user_data;
	MachineEventKind kind;

	write_line(self, line);
	if (self->machine.state == MACHINE_STOPPING)
		hear_late_login(self, line);
	if (!machine_has_instance(&self->machine) || self->replaces || replace_instance(self, line))
		return;
	if (lose_part(self, line)) {
		post(self, EVENT_CHILD_DOWN);
		return;
	}
	kind = verdict_event(line, self->machine.state, is_other_lease(self, line));
	if (kind == MACHINE_N_EVENTS || is_of_another_address(self, line))
		return;
	self->xauth_again |= line->kind == PLUTO_LOG_XAUTH_AGAIN;
	note_reason(self, line, kind);
	if (kind == EVENT_LOST && self->machine.state == MACHINE_UP)
		lose_children(self);
	post(self, kind);
}

/* The kernel gives what comes for two on pluto's ports to one (host-check.h), and pluto hears
 * nothing of that: to it, and to its dead peer detection, the gateway has fallen silent. So when
 * pluto is to go it is looked who of the users has them, and when it is gone, who else has. */
static void
look_for_thief(Tunnel *self)
{
	const HostCheckListen *listen = ends_get_ports(self->ends);
	g_autoptr(GError) error = NULL;

	/* Kept apart it shares them with nobody. */
	if (!self->resources || libreswan_is_kept_apart(self->libreswan, NULL) ||
		(self->machine.state == MACHINE_CLEANING && self->machine.failure == FAILURE_NONE) ||
		(self->instance ? host_check_users(&host_check_places, listen, &error)
						: host_check_ports(&host_check_places, listen, 0, &error)) ||
		error->domain != HOST_CHECK_ERROR)
		return;
	self->robbed |= g_error_matches(error, HOST_CHECK_ERROR, HOST_CHECK_ERROR_USER);
	if (self->reason)
		return;
	say_obstacle(self, error->message);
	set_reason(self, error->message);
}

static void
gone(Tunnel *self)
{
	lose_children(self);
	look_for_thief(self);
	if (self->machine.state == MACHINE_CLEANING) {
		child_table_clear(self->children);
		g_clear_pointer(&self->uplink, underlay_watch_free);
		g_clear_pointer(&self->ends, ends_free);
		g_clear_pointer(&self->names, link_names_free);
		g_clear_pointer(&self->resources, host_resources_remove);
		credentials_forget(self->credentials);
		self->robbed = FALSE;
		post(self, EVENT_CLEANED);
		return;
	}
	if (self->resources)
		host_resources_sweep(self->resources);
	if (self->robbed)
		push(self, EVENT_HELD_UP);
	self->robbed = FALSE;
	post(self, EVENT_STOPPED);
}

static void start_instance(Tunnel *self);

static void
on_ended(const char *how, gpointer user_data)
{
	Tunnel *self = user_data;
	const gboolean replaces = self->replaces;
	g_autofree char *what = NULL;

	self->replaces = FALSE;
	g_clear_pointer(&self->instance, instance_free);
	if (!machine_has_instance(&self->machine)) {
		gone(self);
		return;
	}
	if (replaces) {
		lose_children(self);
		host_resources_sweep(self->resources);
		self->starting = g_cancellable_new();
		start_instance(self);
		return;
	}
	what = g_strdup_printf("pluto exited unexpectedly (%s)", how);
	say(self, what);
	set_reason(self, what);
	lose_children(self);
	post(self, EVENT_PLUTO_EXITED);
}

static void
on_hangs(gpointer user_data)
{
	Tunnel *self = user_data;

	if (!machine_has_instance(&self->machine))
		return;
	say(self, "pluto does not answer any more: ending it");
	set_reason(self, "pluto does not answer any more");
	lose_children(self);
	post(self, EVENT_PLUTO_HANGS);
}

static void
on_unwritten(const GError *error, gpointer user_data)
{
	Tunnel *self = user_data;

	if (!machine_has_instance(&self->machine))
		return;
	set_reason(self, error->message);
	post(self, EVENT_START_FAILED);
}

/* Somebody has put a command of his own into that of libreswan. */
static void
on_refused(const char *what, gpointer user_data)
{
	Tunnel *self = user_data;
	g_autofree char *reason = g_strdup_printf(
		"pluto wanted to run another command than the updown helper, and did not: %.300s", what);

	g_warning("%s: %s", name_of(self), reason);
	if (!machine_has_instance(&self->machine))
		return;
	set_reason(self, reason);
	post(self, EVENT_OTHER_COMMAND);
}

/* It may have taken others' tunnels down by a way that is not known. */
static void
on_unproven(gpointer user_data)
{
	Tunnel *self = user_data;

	libreswan_distrust(self->libreswan);
	if (!machine_has_instance(&self->machine))
		return;
	set_reason(self, "pluto cannot be shown to leave the host's other IPsec tunnels alone: it does "
					 "not flush the kernel's states and policies in the way that is known");
	post(self, EVENT_OTHER_COMMAND);
}

/* The first question is for the password, where there is one. */
static void
on_asks(PromptKind kind, const char *message, gpointer user_data)
{
	Tunnel *self = user_data;
	const char *answer = kind == PROMPT_USER  ? profile_get_xauth_user(self->profile)
						 : self->was_prompted ? NULL
											  : profile_get_secret(self->profile, "xauthpassword");

	if (!machine_has_instance(&self->machine))
		return;
	self->was_prompted |= kind == PROMPT_PASSWORD;
	if (answer && instance_answer(self->instance, answer))
		return;
	g_free(self->gateway_asks);
	self->gateway_asks = g_strdup(message);
	/* The instance may go for it, and is in this call. */
	post_later(self, EVENT_PROMPTED);
}

static const InstanceCallbacks instance_callbacks = {
	.unwritten = on_unwritten,
	.refused = on_refused,
	.unproven = on_unproven,
	.log_line = on_log_line,
	.updown = on_updown,
	.asks = on_asks,
	.hangs = on_hangs,
	.ended = on_ended,
};

/* The gateway's name may be one that only the lost tunnel could look up, or its name server was
 * behind it. So every other attempt at recovery is at the address that worked last, and waits for
 * nothing; the others look it up, as it may have moved. */
static gboolean
looks_gateway_up(const Tunnel *self)
{
	return self->machine.state != MACHINE_RECOVERING || self->machine.attempt % 2 == 0;
}

static void
on_started(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GError) error = NULL;
	Instance *instance = instance_start_finish(result, &error);
	Tunnel *self;

	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return; /* there may be no Tunnel any more */
	self = user_data;
	if (!instance) {
		start_failed(self, error);
		return;
	}
	self->instance = instance;
	host_resources_note_pluto(self->resources, instance_get_pid(self->instance));
	g_clear_object(&self->starting);
}

/* With each question of the gateway's: the first is for the password. */
static gboolean
prompts(const Tunnel *self)
{
	const char *password = profile_get_secret(self->profile, "xauthpassword");

	return self->machine.has_person && profile_has_codes(self->profile) &&
		   (!password || strlen(password) <= PROMPT_ANSWER_MAX);
}

static void
start_instance(Tunnel *self)
{
	const IpNet *local = ends_get_listen(self->ends);
	char gateway[IP_NET_STRLEN], listen[IP_NET_STRLEN];
	g_autoptr(GError) error = NULL;
	IpsecConfCertificates certificates;
	const InstanceParams params = {
		.libreswan = self->libreswan,
		.directory = host_resources_directory(self->resources),
		.profile = self->profile,
		.if_id = host_resources_if_id(self->resources),
		.reqid = host_resources_reqid(self->resources),
		.acq_expires = host_resources_acq_expires(),
		.helper = self->helper,
		.number = ++self->n_instances,
		.gateway = ip_net_to_string(ends_get_gateway(self->ends), gateway),
		.listen = local ? ip_net_to_string(local, listen) : NULL,
		.xauth_again = self->xauth_again,
		.prompts = prompts(self),
		.certificates = profile_needs_import(self->profile) ? &certificates : NULL,
	};

	self->was_prompted = FALSE;
	if (!credentials_find(self->credentials, self->profile, &certificates, &error)) {
		start_failed(self, error);
		return;
	}
	instance_start_async(&params, &instance_callbacks, self, self->starting, on_started, self);
}

static void
on_missing(const char *what, gpointer user_data)
{
	Tunnel *self = user_data;

	if (!machine_has_instance(&self->machine))
		return;
	say(self, what);
	set_reason(self, what);
	lose_children(self);
	post(self, EVENT_LOST);
}

/* What outlives the instances: taken for the first, looked after before each other. */
static gboolean
take_host_resources(Tunnel *self, GError **error)
{
	gboolean mended;

	if (!self->resources) {
		self->resources =
			host_resources_take(self->base, self->profile, self->libreswan,
								ends_get_ports(self->ends), ends_get_gateway(self->ends), error);
		if (self->resources)
			host_resources_watch(self->resources, on_missing, self);
		return self->resources != NULL;
	}
	if ((!libreswan_is_kept_apart(self->libreswan, NULL) &&
		 !host_check_ports(&host_check_places, ends_get_ports(self->ends), 0, error)) ||
		!host_resources_mend(self->resources, self->profile, self->libreswan, &mended, error))
		return FALSE;
	if (mended)
		g_clear_pointer(&self->last_report, ip_report_free);
	return TRUE;
}

static gboolean
prepare_host_resources(Tunnel *self, GError **error)
{
	if (!take_host_resources(self, error))
		return FALSE;
	host_resources_set_gateway(self->resources, ends_get_gateway(self->ends));
	return TRUE;
}

static void
on_bad_name(const char *what, gpointer user_data)
{
	Tunnel *self = user_data;

	if (!self->instance)
		return; /* the next one is not started, as long as it is there */
	/* Its goodbye would be updown commands. */
	instance_kill(self->instance);
	if (!machine_has_instance(&self->machine))
		return;
	set_reason(self, what); /* which do_stop() or do_fail() says */
	lose_children(self);
	post(self, EVENT_LOST);
}

/* Before anything is touched. */
static gboolean
check_names(Tunnel *self, GError **error)
{
	if (!self->names)
		self->names = link_names_watch(on_bad_name, self, error);
	return self->names && link_names_check(error);
}

static void
on_imported(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GError) error = NULL;
	gboolean imported = credentials_import_finish(result, &error);

	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return; /* there may be no Tunnel any more */
	if (imported)
		start_instance(user_data);
	else
		start_failed(user_data, error);
}

/* All that the start needs to know is known. */
static void
prepare(Tunnel *self)
{
	g_autoptr(GError) error = NULL;

	if (!check_names(self, &error) || !prepare_host_resources(self, &error)) {
		start_failed(self, error);
		return;
	}
	log_serve(log_of(self));
	credentials_import_async(self->credentials, host_resources_directory(self->resources),
							 self->profile, self->starting, on_imported, self);
}

/* @known: with the error, where it is not. */
static void
on_known(gpointer user_data, gboolean known, GError *error)
{
	Tunnel *self;

	if (!known) {
		if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
			start_failed(user_data, error);
		return;
	}
	self = user_data;
	if (--self->n_awaited == 0)
		prepare(self);
}

/* One that has failed is started where there are no others. */
static void
on_tried(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GError) error = NULL;

	if (!libreswan_trial_finish(result, &error) &&
		!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		g_message("%s", error->message);
	if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		on_known(user_data, TRUE, NULL);
}

static void
on_version_known(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GError) error = NULL;
	gboolean known = libreswan_query_version_finish(result, &error);
	Tunnel *self;

	if (!known) {
		on_known(user_data, FALSE, error);
		return;
	}
	self = user_data;
	/* While there is a run directory of ours there was a pluto, and it is the same one. */
	if (!self->resources && libreswan_wants_trial(self->libreswan))
		libreswan_trial_async(self->libreswan, self->base, profile_get_uuid(self->profile),
							  self->starting, on_tried, self);
	else
		on_known(self, TRUE, NULL);
}

static void
on_ends_found(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GError) error = NULL;
	gboolean known = ends_find_finish(result, &error);

	on_known(user_data, known, error);
}

/* What was of the last connection alone. */
static void
forget_connection(Tunnel *self)
{
	g_clear_pointer(&self->profile, profile_free);
	g_clear_pointer(&self->last_report, ip_report_free);
	g_clear_pointer(&self->reason, g_free);
	g_clear_pointer(&self->obstacle, g_free);
	g_clear_pointer(&self->overlap, g_free);
	self->n_instances = 0;
	self->was_up = FALSE;
	self->wanted = NULL;
	g_clear_pointer(&self->gateway_asks, g_free);
	story_ends(self->story);
}

static void
take_next_profile(Tunnel *self)
{
	if (!self->next_profile)
		return;
	/* It may have come while the last one was ending. */
	forget_connection(self);
	self->profile = g_steal_pointer(&self->next_profile);
	credentials_forget(self->credentials);
	self->machine.recovery_ms = profile_is_persistent(self->profile)
									? -1
									: (gint64) profile_get_recovery_timeout(self->profile) * 1000;
	self->machine.has_person = self->can_ask;
	self->machine.can_ask = self->can_ask && secret_find_asked(self->profile) != NULL;
	self->machine.can_correct = self->can_ask && secret_find_corrected(self->profile) != NULL;
	self->xauth_again = FALSE;
	child_filter_free(self->filter);
	self->filter = child_filter_new(self->profile);
	ends_free(self->ends);
	self->ends = ends_new(self->profile);
	log_serve(log_of(self));
	log_event(LOG_EVENT_CONNECTING, log_of(self), "%s: connecting to %s with %s", name_of(self),
			  profile_get(self->profile, "right"),
			  profile_is_ikev2(self->profile)        ? "IKEv2"
			  : profile_is_aggressive(self->profile) ? "IKEv1, aggressive mode"
													 : "IKEv1, main mode");
}

static void
do_start(Tunnel *self)
{
	take_next_profile(self);
	/* What a person took to answer is not the connection's. */
	if (self->machine.state == MACHINE_CONNECTING)
		story_connects(self->story, now_ms());
	self->wanted = NULL;
	g_clear_pointer(&self->reason, g_free);
	child_filter_begin(self->filter);
	self->starting = g_cancellable_new();
	self->n_awaited = 2;
	ends_find_async(self->ends, looks_gateway_up(self), own_ifindex(self), self->starting,
					on_ends_found, self);
	libreswan_query_version_async(self->libreswan, self->starting, on_version_known, self);
}

static void
stop_starting(Tunnel *self)
{
	if (self->starting)
		g_cancellable_cancel(self->starting);
	g_clear_object(&self->starting);
}

static const char *
reason_of_end(const Tunnel *self)
{
	if (self->reason)
		return self->reason;
	if (self->machine.no_uplink)
		return "there is no route to the gateway";
	return self->machine.answered ? "the gateway answered, but did not finish in time"
								  : "the gateway does not answer";
}

/* Of an instance that is not there yet nobody can say that the gateway does not answer it. */
static void
note_slow_start(Tunnel *self)
{
	if (self->starting && !self->reason && !self->machine.no_uplink)
		set_reason(self, self->n_awaited > 0 ? "the gateway's address was not found in time"
											 : "libreswan was not started in time");
}

static void
do_stop(Tunnel *self)
{
	const gboolean was_up = story_is_up(self->story);
	const gboolean was_lost =
		self->machine.reported && story_is_lost(self->story, self->machine.down_since_ms);
	/* Else do_ask() or do_block() says why. */
	const gboolean another_follows = !self->machine.asks && !self->machine.blocks;

	if (was_up && another_follows)
		say_lost(self); /* whatever took it down */
	if (self->resources)
		host_resources_block_sub(self->resources);
	note_slow_start(self);
	stop_starting(self);
	if (self->instance)
		look_for_thief(self);
	if (another_follows && (was_lost || self->reason))
		say_obstacle(self, reason_of_end(self));
	/* It is thrown away because it has lost its SAs, or never got them. A polite end would only
	 * leave it time to start something new: pluto asks for another SA when packets want one,
	 * and a gateway counts negotiations that are begun and left. */
	if (self->instance)
		instance_kill(self->instance);
	else
		gone(self);
}

static void
do_clean(Tunnel *self)
{
	/* NetworkManager takes its host route away just when pluto says goodbye: there may be no other,
	 * and even where there is one, a packet that leaves by that which goes is dropped. */
	if (self->uplink)
		underlay_watch_hold(self->uplink);
	if (self->machine.failure != FAILURE_NONE)
		note_slow_start(self);
	stop_starting(self);
	if (self->instance)
		instance_stop(self->instance);
	else
		gone(self);
}

static void
tell(Tunnel *self, gboolean changed, const char *text)
{
	const StoryReport report = {
		.now_ms = now_ms(),
		.on_demand = self->machine.state == MACHINE_READY,
		.where = host_resources_interface(self->resources),
		.changed = changed,
		.text = text,
	};
	LogEvent event;
	g_autofree char *line = story_tell(self->story, &report, &event);

	if (line)
		log_event(event, log_of(self), "%s: %s", name_of(self), line);
}

/* In bytes; 0 without an interface. */
static guint32
mtu_of(const Tunnel *self)
{
	const UnderlayRoute *underlay = self->uplink ? underlay_watch_get(self->uplink) : NULL;

	if (!host_resources_interface(self->resources))
		return 0;
	return mtu_of_interface(profile_get_mtu(self->profile), underlay ? underlay->mtu : 0);
}

static void
do_report(Tunnel *self)
{
	const char *interface = host_resources_interface(self->resources);
	IpReportParams params = {
		.interface = interface,
		.mtu = mtu_of(self),
		.domain = profile_get_domain(self->profile),
		/* libnm comes with NetworkManager, in one version. */
		.needs_address = nm_utils_version() < NM_ENCODE_VERSION(1, 48, 0),
		.find_local = local_address_within,
		.prefix_of = local_address_prefix,
	};
	const ChildTable *table = self->machine.state == MACHINE_READY ? self->traps : self->children;
	g_autoptr(GArray) attached = local_address_list_nets(interface);
	g_autoptr(GArray) left_out = NULL;
	g_autofree char *text = NULL;
	IpReport *report;
	gboolean news;

	/* NetworkManager would give up a tunnel whose interface it does not find. */
	if (!host_resources_is_well(self->resources)) {
		on_missing("somebody has removed or changed the interface", self);
		return;
	}
	self->was_up |= self->machine.state == MACHINE_UP;
	left_out = child_filter_look_at_dns(self->filter, table, interface, attached);
	params.left_out = left_out;
	say_news(self);
	text = ip_report_to_string(table);
	report = ip_report_new(table, &params);
	news = !ip_report_equal(report, self->last_report);
	host_resources_expect(self->resources, self->children);
	say_overlap(self);
	g_clear_pointer(&self->reason, g_free);
	g_clear_pointer(&self->obstacle, g_free);
	tell(self, news, text);
	if (!news) {
		ip_report_free(report);
		return;
	}
	ip_report_free(self->last_report);
	self->last_report = report;
	host_resources_settle(self->resources);
	self->callbacks->report(report, self->user_data);
}

/* To NetworkManager it was a connection in the making while the user was asked; now it is a
 * recovery again. */
static void
do_remind(Tunnel *self)
{
	/* NetworkManager would give up a tunnel whose interface it does not find. */
	if (self->last_report && host_resources_is_well(self->resources))
		self->callbacks->report(self->last_report, self->user_data);
}

static void
do_fail(Tunnel *self)
{
	const char *reason = reason_of_end(self);

	log_event(LOG_EVENT_FAILED, log_of(self), "%s: failed: %s", name_of(self), reason);
	self->callbacks->failed(self->machine.failure, reason, self->user_data);
}

/* To NetworkManager it stays what it was, activated: the interface, its addresses and its routes
 * lead nowhere, and so nothing leaves by another route. */
static void
do_block(Tunnel *self)
{
	/* It is to be copied into a shell, and the name may be that of a file from anywhere. */
	g_autofree char *name = g_shell_quote(name_of(self));

	log_event(LOG_EVENT_BLOCKED, log_of(self),
			  "%s: blocked, and not tried again: %s%s. What it protects is unreachable until it is "
			  "ended: nmcli connection down %s",
			  name_of(self), reason_of_end(self),
			  self->machine.n_unclear >= (self->machine.can_ask ? 1 : MACHINE_UNCLEAR_MAX)
				  ? "; whether the user name and password are right the gateway has not said, and "
					"another attempt could lock the account"
				  : "",
			  name);
}

/* Which one a person is asked for. */
static const Secret *
asked_secret(const Tunnel *self)
{
	if (self->wanted)
		return self->wanted;
	return self->machine.reported ? secret_find_asked(self->profile)
								  : secret_find_corrected(self->profile);
}

/* As do_remind(). */
static void
ask_for(Tunnel *self, const Secret *secret, const char *question)
{
	self->callbacks->ask(secret->key, question,
						 host_resources_is_well(self->resources) ? self->last_report : NULL,
						 self->user_data);
}

static void
do_ask(Tunnel *self)
{
	const Secret *secret = asked_secret(self);
	const gboolean is_there = profile_get_secret(self->profile, secret->key) != NULL;
	g_autofree char *question = !is_there ? secret_ask(secret, name_of(self))
								: secret->is_sent && !self->machine.reported
									? secret_correct(secret, name_of(self))
									: secret_ask_again(secret, name_of(self));

	log_event(LOG_EVENT_ASKING, log_of(self), "%s: asking for %s%s: %s", name_of(self),
			  is_there ? "another " : "", secret->key,
			  self->reason ? self->reason
						   : "the gateway has not said whether the last one is right");
	ask_for(self, secret, question);
}

/* The gateway's words are its own, and are shown as such. */
static void
do_prompt(Tunnel *self)
{
	const Secret *secret = secret_find(SECRET_CODE);
	g_autofree char *question = self->gateway_asks
									? secret_ask_in_words(name_of(self), self->gateway_asks)
									: secret_ask(secret, name_of(self));

	log_event(LOG_EVENT_ASKING, log_of(self), "%s: asking for %s, which the gateway wants%s%s%s",
			  name_of(self), secret->key, self->gateway_asks ? ": '" : "",
			  self->gateway_asks ? self->gateway_asks : "", self->gateway_asks ? "'" : "");
	ask_for(self, secret, question);
}

static void
forget_code(Tunnel *self)
{
	if (self->code)
		explicit_bzero(self->code, strlen(self->code));
	g_clear_pointer(&self->code, g_free);
}

static void
do_answer(Tunnel *self)
{
	/* What a person took to answer is not the connection's. */
	if (self->machine.state == MACHINE_CONNECTING)
		story_connects(self->story, now_ms());
	if (!self->instance || !self->code || !instance_answer(self->instance, self->code))
		g_message("%s: pluto does not wait for the answer any more", name_of(self));
	forget_code(self);
}

/* Whoever reads it afterwards learns that there was a question. */
static void
note_no_answer(Tunnel *self)
{
	g_autofree char *refusal = g_steal_pointer(&self->reason);
	const gboolean of_code = self->machine.prompted;

	self->reason = g_strdup_printf("%s%snobody has answered the question for %s within %d s",
								   refusal ? refusal : "", refusal ? "; " : "",
								   of_code ? SECRET_CODE : asked_secret(self)->key,
								   (of_code ? MACHINE_PROMPT_MS : MACHINE_ASKING_MS) / 1000);
}

static gboolean
on_timer(gpointer user_data)
{
	Tunnel *self = user_data;

	self->timer_source = 0;
	if (self->machine.state == MACHINE_ASKING || self->machine.prompted)
		note_no_answer(self);
	post(self, EVENT_TIMER);
	return G_SOURCE_REMOVE;
}

static void
do_arm(Tunnel *self)
{
	gint64 ms = self->machine.timer_ms;

	g_clear_handle_id(&self->timer_source, g_source_remove);
	/* A tenth more or less, so that the clients of a gateway that went down do not all come back
	 * in the same moment. */
	if (self->machine.state == MACHINE_WAITING) {
		ms += (gint64) g_random_int_range(0, 1 + (gint32) ms / 10);
		g_message("%s: next attempt in %.1f s", name_of(self), (double) ms / 1000);
	}
	self->timer_source = g_timeout_add((guint) ms, on_timer, self);
}

static void
do_disarm(Tunnel *self)
{
	g_clear_handle_id(&self->timer_source, g_source_remove);
}

#define ACTION_FUNC(NAME, name) do_##name,
static void (*const actions[])(Tunnel *self) = {MACHINE_ACTIONS(ACTION_FUNC)};

static void
on_revive(const char *connection, gpointer user_data)
{
	Tunnel *self = user_data;

	g_message("%s: asking for %s again", name_of(self), connection);
	if (self->instance)
		instance_initiate(self->instance, connection);
}

/* On demand it is packets that ask. */
static gboolean
is_to_be_whole(const Tunnel *self)
{
	return self->machine.state == MACHINE_UP && self->profile &&
		   !profile_is_on_demand(self->profile);
}

static void
settle(Tunnel *self)
{
	revival_follow(self->revival, is_to_be_whole(self) ? self->children : NULL);
	if (self->machine.state != MACHINE_IDLE || !self->profile || !g_queue_is_empty(&self->events))
		return;
	log_event(LOG_EVENT_DISCONNECTED, log_of(self), "%s: disconnected", name_of(self));
	log_serve((LogConnection){0});
	forget_connection(self);
	g_clear_pointer(&self->next_profile, profile_free);
	self->callbacks->idle(self->user_data);
}

static void
take_event(Tunnel *self, const MachineEvent *event)
{
	MachineState before = self->machine.state;
	guint todo = machine_step(&self->machine, event);
	g_autofree char *text = machine_actions_text(todo);

	g_debug("%s: %s in %s -> %s; do: %s", name_of(self), machine_event_name(event->kind),
			machine_state_name(before), machine_state_name(self->machine.state),
			todo ? text : "nothing");
	for (guint i = 0; i < MACHINE_N_ACTIONS; i++) {
		if (todo & (1u << i))
			actions[i](self);
	}
}

static void
step(Tunnel *self)
{
	MachineEvent *event;

	if (self->stepping)
		return;
	self->stepping = TRUE;
	while ((event = g_queue_pop_head(&self->events))) {
		take_event(self, event);
		g_free(event);
	}
	self->stepping = FALSE;
	settle(self);
}

Tunnel *
tunnel_new(const TunnelParams *params, const TunnelCallbacks *callbacks, gpointer user_data)
{
	Tunnel *self = g_new0(Tunnel, 1);

	self->libreswan = params->libreswan;
	self->helper = g_strdup(params->helper);
	self->base = g_strdup(params->base);
	self->credentials = credentials_new(params->import);
	self->callbacks = callbacks;
	self->user_data = user_data;
	self->children = child_table_new();
	self->traps = child_table_new();
	self->sleep = sleep_watch_new(NULL, on_slept, self);
	self->story = story_new();
	self->limit = log_limit_new(&limit_callbacks, self);
	self->revival = revival_new(1000, on_revive, self);
	g_queue_init(&self->events);
	machine_init(&self->machine, 0);
	return self;
}

void
tunnel_free(Tunnel *self)
{
	if (!self)
		return;
	g_clear_handle_id(&self->timer_source, g_source_remove);
	g_clear_handle_id(&self->siblings_source, g_source_remove);
	g_clear_handle_id(&self->step_source, g_source_remove);
	if (self->starting)
		g_cancellable_cancel(self->starting);
	g_clear_object(&self->starting);
	instance_free(self->instance);
	sleep_watch_free(self->sleep);
	revival_free(self->revival);
	underlay_watch_free(self->uplink);
	ends_free(self->ends);
	link_names_free(self->names);
	host_resources_remove(self->resources);
	credentials_free(self->credentials);
	child_filter_free(self->filter);
	child_table_free(self->children);
	child_table_free(self->traps);
	ip_report_free(self->last_report);
	story_free(self->story);
	log_limit_free(self->limit);
	profile_free(self->profile);
	profile_free(self->next_profile);
	g_queue_clear_full(&self->events, g_free);
	forget_code(self);
	g_free(self->gateway_asks);
	g_free(self->left_out);
	g_free(self->overlap);
	g_free(self->reason);
	g_free(self->obstacle);
	g_free(self->helper);
	g_free(self->base);
	g_free(self);
}

void
tunnel_connect(Tunnel *self, Profile *profile, gboolean can_ask)
{
	self->can_ask = can_ask;
	g_clear_pointer(&self->next_profile, profile_free);
	self->next_profile = profile;
	post_later(self, EVENT_CONNECT);
}

/* What has been refused is not tried again, whoever says it again. */
static gboolean
is_answer(const Tunnel *self, const Profile *answer)
{
	const Secret *asked = asked_secret(self);
	const char *value = asked ? profile_get_secret(answer, asked->key) : NULL;

	if (asked && asked == self->wanted && credentials_is_untried(self->credentials))
		return value != NULL;
	return value && g_strcmp0(value, profile_get_secret(self->profile, asked->key)) != 0;
}

/* It goes to pluto alone. */
static void
take_code(Tunnel *self, const char *code)
{
	if (!code) {
		set_reason(self, "the gateway asks for a code, and there is none in the answer");
		post_later(self, EVENT_NO_SECRETS);
		return;
	}
	forget_code(self);
	self->code = g_strdup(code);
	post_later(self, EVENT_SECRETS);
}

void
tunnel_give_secrets(Tunnel *self, const Profile *answer)
{
	guint n;
	const Secret *secrets = secret_all(&n);

	if (self->machine.prompted) {
		take_code(self, profile_get_secret(answer, SECRET_CODE));
		return;
	}
	if (self->machine.state == MACHINE_ASKING && !is_answer(self, answer)) {
		g_message("%s: the answer is no other secret than the one that was refused", name_of(self));
		post_later(self, EVENT_NO_SECRETS);
		return;
	}

	for (guint i = 0; self->profile && i < n; i++) {
		const char *value = secrets[i].is_late ? NULL : profile_get_secret(answer, secrets[i].key);

		if (value)
			profile_set_secret(self->profile, secrets[i].key, value, NULL);
	}
	post_later(self, EVENT_SECRETS);
}

void
tunnel_disconnect(Tunnel *self)
{
	post_later(self, EVENT_DISCONNECT);
}

gboolean
tunnel_is_idle(const Tunnel *self)
{
	return self->machine.state == MACHINE_IDLE && g_queue_is_empty((GQueue *) &self->events);
}
