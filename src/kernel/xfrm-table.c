/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libnl-xfrm 3.7 knows no if_id (XFRMA_IF_ID), which is all that we go by, and makes an object of
 * some twenty allocations of each state. So the messages are read and written here, on netlink.h
 * and linux/xfrm.h.
 */
#include "config.h"

#include "xfrm-table.h"
#include "netlink.h"

#include <linux/xfrm.h>
#include <netinet/in.h>
#include <string.h>

XfrmTable *
xfrm_table_new(void)
{
	XfrmTable *table = g_new(XfrmTable, 1);

	table->states = g_array_new(FALSE, FALSE, sizeof(XfrmState));
	table->policies = g_array_new(FALSE, FALSE, sizeof(XfrmPolicy));
	return table;
}

void
xfrm_table_free(XfrmTable *table)
{
	if (!table)
		return;
	g_array_unref(table->states);
	g_array_unref(table->policies);
	g_free(table);
}

/* Texts */

static const char *
proto_name(guint8 proto)
{
	switch (proto) {
	case IPPROTO_ESP:
		return "ESP";
	case IPPROTO_AH:
		return "AH";
	case IPPROTO_COMP:
		return "IPCOMP";
	default:
		return "XFRM";
	}
}

char *
xfrm_state_to_string(const XfrmState *state)
{
	char src[IP_NET_STRLEN], dst[IP_NET_STRLEN];

	return g_strdup_printf("%s state %s -> %s SPI 0x%x, if_id %u", proto_name(state->proto),
						   ip_net_to_string(&state->src, src), ip_net_to_string(&state->dst, dst),
						   state->spi, state->if_id);
}

char *
xfrm_policy_to_string(const XfrmPolicy *policy)
{
	static const char *const dirs[] = {"in", "out", "fwd", "socket in", "socket out", "socket fwd"};
	char src[IP_NET_STRLEN], dst[IP_NET_STRLEN];

	return g_strdup_printf("%s policy %s -> %s%s, if_id %u",
						   policy->dir < G_N_ELEMENTS(dirs) ? dirs[policy->dir] : "unknown",
						   ip_net_to_string(&policy->src, src), ip_net_to_string(&policy->dst, dst),
						   policy->action == XFRM_POLICY_BLOCK ? " (block)" : "", policy->if_id);
}

/* Reading */

static IpNet
net_from_xfrm(int family, const xfrm_address_t *address, guint prefix)
{
	return ip_net_from_bytes(family, address, prefix);
}

static IpNet
host_from_xfrm(int family, const xfrm_address_t *address)
{
	return ip_net_from_bytes(family, address, ip_net_max_prefix(family));
}

static void
read_mark(struct nlattr *const *attrs, guint32 *mark, guint32 *mask)
{
	struct xfrm_mark m = {0};

	if (attrs[XFRMA_MARK])
		nla_memcpy(&m, attrs[XFRMA_MARK], sizeof(m));
	*mark = m.v;
	*mask = m.m;
}

static void
read_state(struct nlmsghdr *message, GArray *states, gconstpointer user_data)
{
	const struct xfrm_usersa_info *info = nlmsg_data(message);
	struct nlattr *attrs[XFRMA_MAX + 1];
	XfrmState state = {0};

	if (message->nlmsg_type != XFRM_MSG_NEWSA ||
		!netlink_message_parse(message, sizeof(*info), attrs, XFRMA_MAX))
		return;
	state.family = info->family;
	state.src = host_from_xfrm(info->family, &info->saddr);
	state.dst = host_from_xfrm(info->family, &info->id.daddr);
	state.spi = ntohl(info->id.spi);
	state.proto = info->id.proto;
	state.reqid = info->reqid;
	state.mode = info->mode;
	state.if_id = netlink_attribute_u32(attrs[XFRMA_IF_ID]);
	read_mark(attrs, &state.mark, &state.mark_mask);
	state.is_larval = !attrs[XFRMA_ALG_AEAD] && !attrs[XFRMA_ALG_CRYPT] && !attrs[XFRMA_ALG_AUTH] &&
					  !attrs[XFRMA_ALG_AUTH_TRUNC] && !attrs[XFRMA_ALG_COMP];
	g_array_append_val(states, state);
}

static void
read_templates(XfrmPolicy *policy, struct nlattr *attr)
{
	const struct xfrm_user_tmpl *tmpl = nla_data(attr);
	guint n = nla_len(attr) / sizeof(*tmpl);

	policy->n_templates = MIN(n, XFRM_TABLE_MAX_TEMPLATES);
	for (guint i = 0; i < policy->n_templates; i++) {
		XfrmTemplate *t = &policy->templates[i];

		t->src = host_from_xfrm(tmpl[i].family, &tmpl[i].saddr);
		t->dst = host_from_xfrm(tmpl[i].family, &tmpl[i].id.daddr);
		t->spi = ntohl(tmpl[i].id.spi);
		t->proto = tmpl[i].id.proto;
		t->reqid = tmpl[i].reqid;
		t->mode = tmpl[i].mode;
	}
}

static void
read_policy(struct nlmsghdr *message, GArray *policies, gconstpointer user_data)
{
	const struct xfrm_userpolicy_info *info = nlmsg_data(message);
	const struct xfrm_selector *sel = &info->sel;
	struct nlattr *attrs[XFRMA_MAX + 1];
	XfrmPolicy policy = {0};

	if (message->nlmsg_type != XFRM_MSG_NEWPOLICY ||
		!netlink_message_parse(message, sizeof(*info), attrs, XFRMA_MAX))
		return;
	policy.family = sel->family;
	policy.src = net_from_xfrm(sel->family, &sel->saddr, sel->prefixlen_s);
	policy.dst = net_from_xfrm(sel->family, &sel->daddr, sel->prefixlen_d);
	policy.sport = ntohs(sel->sport);
	policy.dport = ntohs(sel->dport);
	policy.proto = sel->proto;
	policy.dir = info->dir;
	policy.action = info->action;
	policy.index = info->index;
	policy.priority = info->priority;
	policy.user = sel->user;
	policy.if_id = netlink_attribute_u32(attrs[XFRMA_IF_ID]);
	read_mark(attrs, &policy.mark, &policy.mark_mask);
	if (attrs[XFRMA_POLICY_TYPE] &&
		nla_len(attrs[XFRMA_POLICY_TYPE]) >= (int) sizeof(struct xfrm_userpolicy_type))
		policy.type = ((struct xfrm_userpolicy_type *) nla_data(attrs[XFRMA_POLICY_TYPE]))->type;
	if (attrs[XFRMA_TMPL])
		read_templates(&policy, attrs[XFRMA_TMPL]);
	g_array_append_val(policies, policy);
}

static int
dump(Netlink *netlink, int type, NetlinkReadFunc read, GArray *into)
{
	return netlink_dump(netlink, netlink_message_new(type, 0, NULL, 0), read, into, NULL);
}

XfrmTable *
xfrm_table_read(GError **error)
{
	g_autoptr(XfrmTable) table = xfrm_table_new();
	g_autoptr(Netlink) netlink = netlink_open(NETLINK_XFRM, NETLINK_OWN_NAMESPACE, error);
	int n;

	if (!netlink)
		return NULL;
	n = dump(netlink, XFRM_MSG_GETSA, read_state, table->states);
	if (n >= 0)
		n = dump(netlink, XFRM_MSG_GETPOLICY, read_policy, table->policies);
	if (n >= 0)
		return g_steal_pointer(&table);
	netlink_fail(error, n, "read the kernel's XFRM states and policies");
	return NULL;
}

/* Choosing */

#define STATE(table, i)  (&g_array_index((table)->states, XfrmState, i))
#define POLICY(table, i) (&g_array_index((table)->policies, XfrmPolicy, i))

/* A socket's own policies (IP_XFRM_POLICY: what an IKE daemon lets its own packets pass by) are in
 * the dump with directions from 3 on, and go with the socket alone. */
static gboolean
of_socket(const XfrmPolicy *policy)
{
	return policy->dir >= XFRM_POLICY_MAX;
}

XfrmTable *
xfrm_table_select_if_id(const XfrmTable *table, guint32 if_id)
{
	XfrmTable *chosen = xfrm_table_new();

	for (guint i = 0; i < table->states->len; i++) {
		if (STATE(table, i)->if_id == if_id)
			g_array_append_vals(chosen->states, STATE(table, i), 1);
	}
	for (guint i = 0; i < table->policies->len; i++) {
		if (POLICY(table, i)->if_id == if_id && !of_socket(POLICY(table, i)))
			g_array_append_vals(chosen->policies, POLICY(table, i), 1);
	}
	return chosen;
}

gboolean
xfrm_policy_is_neighbour_hole(const XfrmPolicy *policy)
{
	/* ICMPv6's type stands in the source port (RFC 4301, 4.4.1.1). */
	return policy->proto == IPPROTO_ICMPV6 && (policy->sport == 135 || policy->sport == 136) &&
		   policy->dport == 0 && policy->src.prefix == 0 && policy->dst.prefix == 0 &&
		   policy->family == AF_INET6 && policy->action == XFRM_POLICY_ALLOW &&
		   policy->n_templates == 0 && policy->if_id == 0 && policy->priority == 1;
}

XfrmTable *
xfrm_table_select_foreign(const XfrmTable *table, const guint32 *ours, gsize n_ours)
{
	XfrmTable *chosen = xfrm_table_new();

	for (guint i = 0; i < table->states->len; i++) {
		gboolean is_ours = FALSE;

		for (gsize j = 0; j < n_ours; j++)
			is_ours |= STATE(table, i)->if_id == ours[j];
		if (!is_ours)
			g_array_append_vals(chosen->states, STATE(table, i), 1);
	}
	for (guint i = 0; i < table->policies->len; i++) {
		gboolean is_ours =
			of_socket(POLICY(table, i)) || xfrm_policy_is_neighbour_hole(POLICY(table, i));

		for (gsize j = 0; j < n_ours; j++)
			is_ours |= POLICY(table, i)->if_id == ours[j];
		if (!is_ours)
			g_array_append_vals(chosen->policies, POLICY(table, i), 1);
	}
	return chosen;
}

static gboolean
joins(const XfrmPolicy *policy, const XfrmChild *child)
{
	gboolean out = policy->dir == XFRM_POLICY_OUT;

	return ip_net_equal(&policy->src, out ? &child->my_client : &child->peer_client) &&
		   ip_net_equal(&policy->dst, out ? &child->peer_client : &child->my_client);
}

/* pluto gives a connection four reqids in a row from a multiple of four on, for AH, ESP and IPCOMP;
 * which of them PLUTO_SA_REQID is depends on the version. One chosen by hand (below that) is used
 * as it is. libreswan's reqid.h. */
#define LOWEST_REQID 16384

static gboolean
same_reqid_group(guint32 a, guint32 b)
{
	return a == b || (b >= LOWEST_REQID && (a & ~3u) == (b & ~3u));
}

XfrmTable *
xfrm_table_select_negotiated(const XfrmTable *table, const IpNet *gateway, guint32 reqid)
{
	XfrmTable *chosen = xfrm_table_new();

	for (guint i = 0; i < table->states->len; i++) {
		const XfrmState *state = STATE(table, i);

		if (state->is_larval && state->spi != 0 && state->if_id == 0 &&
			ip_net_equal(&state->src, gateway) &&
			(reqid ? state->reqid == reqid : state->reqid >= LOWEST_REQID))
			g_array_append_vals(chosen->states, state, 1);
	}
	return chosen;
}

gboolean
xfrm_table_has_chosen_reqids(const XfrmTable *table, const IpNet *gateway)
{
	for (guint i = 0; i < table->states->len; i++) {
		const XfrmState *state = STATE(table, i);

		if (state->if_id == 0 && state->reqid >= LOWEST_REQID &&
			(ip_net_equal(&state->src, gateway) || ip_net_equal(&state->dst, gateway)))
			return TRUE;
	}
	return FALSE;
}

static gboolean
same_hosts(const IpNet *src, const IpNet *dst, const IpNet *me, const IpNet *peer)
{
	return (ip_net_equal(src, me) && ip_net_equal(dst, peer)) ||
		   (ip_net_equal(src, peer) && ip_net_equal(dst, me));
}

/* What pluto puts where there is no SA: block and hold have no template; the trap of a connection
 * on demand has one with neither reqid nor addresses, which asks pluto to negotiate. */
static gboolean
is_shunt(const XfrmPolicy *policy)
{
	return policy->n_templates == 0 ||
		   (policy->n_templates == 1 && policy->templates[0].reqid == 0 &&
			policy->templates[0].mode == XFRM_MODE_TRANSPORT);
}

static gboolean
owns_policy(const XfrmOwnership *record, const XfrmPolicy *policy)
{
	if (policy->if_id != record->if_id ||
		(policy->user & XFRM_BLOCK_USER_MASK) == XFRM_BLOCK_USER || of_socket(policy) ||
		!joins(policy, &record->child))
		return FALSE;
	if (is_shunt(policy))
		return policy->dir == XFRM_POLICY_OUT;
	for (guint i = 0; i < policy->n_templates; i++) {
		const XfrmTemplate *t = &policy->templates[i];

		/* A transport template, as of IPCOMP's ESP, has no addresses of its own. */
		if (!same_reqid_group(t->reqid, record->reqid) ||
			(t->mode == XFRM_MODE_TUNNEL &&
			 !same_hosts(&t->src, &t->dst, &record->me, &record->peer)))
			return FALSE;
	}
	return TRUE;
}

static gboolean
owns_state(const XfrmOwnership *record, const XfrmState *state)
{
	if (state->if_id != record->if_id)
		return FALSE;
	/* One that a trap has made waits for pluto, between the hosts of the packet; one of a policy
	 * that has lost its SA is like any other. */
	if (state->spi == 0 && ip_net_contains(&record->child.my_client, &state->src) &&
		ip_net_contains(&record->child.peer_client, &state->dst))
		return TRUE;
	return same_reqid_group(state->reqid, record->reqid) &&
		   same_hosts(&state->src, &state->dst, &record->me, &record->peer);
}

XfrmTable *
xfrm_table_select_owned(const XfrmTable *table, const XfrmOwnership *record)
{
	XfrmTable *chosen = xfrm_table_new();

	for (guint i = 0; i < table->policies->len; i++) {
		if (owns_policy(record, POLICY(table, i)))
			g_array_append_vals(chosen->policies, POLICY(table, i), 1);
	}
	for (guint i = 0; i < table->states->len; i++) {
		if (owns_state(record, STATE(table, i)))
			g_array_append_vals(chosen->states, STATE(table, i), 1);
	}
	return chosen;
}

/* IPCOMP is left out where it does not pay, and a transport template has no addresses. */
static gboolean
has_state_for(const XfrmTable *table, guint32 if_id, const XfrmTemplate *t)
{
	for (guint i = 0; i < table->states->len; i++) {
		const XfrmState *state = STATE(table, i);

		if (state->if_id == if_id && state->reqid == t->reqid && state->proto == t->proto &&
			(t->mode != XFRM_MODE_TUNNEL || ip_net_equal(&state->dst, &t->dst)))
			return TRUE;
	}
	return t->proto == IPPROTO_COMP;
}

static gboolean
carries(const XfrmTable *table, guint32 if_id, const XfrmPolicy *policy)
{
	gboolean found = policy->if_id == if_id && policy->n_templates > 0 && !is_shunt(policy);

	for (guint i = 0; found && i < policy->n_templates; i++)
		found = has_state_for(table, if_id, &policy->templates[i]);
	return found;
}

gboolean
xfrm_table_carries(const XfrmTable *table, guint32 if_id, const XfrmChild *child)
{
	gboolean in = FALSE, out = FALSE;

	for (guint i = 0; i < table->policies->len; i++) {
		const XfrmPolicy *policy = POLICY(table, i);

		if (of_socket(policy) || !joins(policy, child) || !carries(table, if_id, policy))
			continue;
		in |= policy->dir == XFRM_POLICY_IN;
		out |= policy->dir == XFRM_POLICY_OUT;
	}
	return in && out;
}

static gboolean
same_state(const XfrmState *a, const XfrmState *b)
{
	return a->spi == b->spi && a->proto == b->proto && a->if_id == b->if_id &&
		   a->reqid == b->reqid && a->mark == b->mark && ip_net_equal(&a->src, &b->src) &&
		   ip_net_equal(&a->dst, &b->dst);
}

static gboolean
same_policy(const XfrmPolicy *a, const XfrmPolicy *b)
{
	return a->index == b->index && a->dir == b->dir && a->type == b->type && a->if_id == b->if_id &&
		   a->mark == b->mark && a->proto == b->proto && a->sport == b->sport &&
		   a->dport == b->dport && ip_net_equal(&a->src, &b->src) && ip_net_equal(&a->dst, &b->dst);
}

static gboolean
has_state(const XfrmTable *table, const XfrmState *state)
{
	for (guint i = 0; i < table->states->len; i++) {
		if (same_state(STATE(table, i), state))
			return TRUE;
	}
	return FALSE;
}

static gboolean
has_policy(const XfrmTable *table, const XfrmPolicy *policy)
{
	for (guint i = 0; i < table->policies->len; i++) {
		if (same_policy(POLICY(table, i), policy))
			return TRUE;
	}
	return FALSE;
}

void
xfrm_table_add(XfrmTable *table, const XfrmTable *more)
{
	for (guint i = 0; i < more->states->len; i++) {
		if (!has_state(table, STATE(more, i)))
			g_array_append_vals(table->states, STATE(more, i), 1);
	}
	for (guint i = 0; i < more->policies->len; i++) {
		if (!has_policy(table, POLICY(more, i)))
			g_array_append_vals(table->policies, POLICY(more, i), 1);
	}
}

/* Writing */

/* What the kernel looks states and policies up by, beside their own keys. */
static void
put_lookup(struct nl_msg *message, guint32 mark, guint32 mask, guint32 if_id)
{
	const struct xfrm_mark m = {.v = mark, .m = mask};

	if (mark || mask)
		netlink_message_put(message, XFRMA_MARK, &m, sizeof(m));
	if (if_id)
		netlink_message_put_u32(message, XFRMA_IF_ID, if_id);
}

static struct nl_msg *
delete_state_message(const XfrmState *state)
{
	struct xfrm_usersa_id id = {
		.spi = htonl(state->spi), .family = state->family, .proto = state->proto};
	xfrm_address_t src = {0};
	struct nl_msg *message;

	memcpy(&id.daddr, state->dst.bytes, sizeof(id.daddr));
	memcpy(&src, state->src.bytes, sizeof(src));
	message = netlink_message_new(XFRM_MSG_DELSA, 0, &id, sizeof(id));
	/* The source address tells apart what has no SPI of its own; it is harmless otherwise. */
	netlink_message_put(message, XFRMA_SRCADDR, &src, sizeof(src));
	put_lookup(message, state->mark, state->mark_mask, state->if_id);
	return message;
}

static struct xfrm_selector
to_selector(const XfrmPolicy *policy)
{
	struct xfrm_selector sel = {
		.family = policy->family,
		.prefixlen_s = policy->src.prefix,
		.prefixlen_d = policy->dst.prefix,
		.proto = policy->proto,
		.sport = htons(policy->sport),
		.sport_mask = policy->sport ? 0xffff : 0,
		.dport = htons(policy->dport),
		.dport_mask = policy->dport ? 0xffff : 0,
		.user = policy->user,
	};

	memcpy(&sel.saddr, policy->src.bytes, sizeof(sel.saddr));
	memcpy(&sel.daddr, policy->dst.bytes, sizeof(sel.daddr));
	return sel;
}

/* What makes the policy the one that it is, beside its selector and direction. */
static void
put_identity(struct nl_msg *message, const XfrmPolicy *policy)
{
	const struct xfrm_userpolicy_type type = {.type = policy->type};

	netlink_message_put(message, XFRMA_POLICY_TYPE, &type, sizeof(type));
	put_lookup(message, policy->mark, policy->mark_mask, policy->if_id);
}

static struct nl_msg *
delete_policy_message(const XfrmPolicy *policy)
{
	const struct xfrm_userpolicy_id id = {
		.sel = to_selector(policy), .index = policy->index, .dir = policy->dir};
	struct nl_msg *message = netlink_message_new(XFRM_MSG_DELPOLICY, 0, &id, sizeof(id));

	/* Where there is an index it alone decides; type, direction, mark and if_id must agree. */
	put_identity(message, policy);
	return message;
}

static struct nl_msg *
put_policy_message(const XfrmPolicy *policy)
{
	const struct xfrm_userpolicy_info info = {
		.sel = to_selector(policy),
		.lft = {XFRM_INF, XFRM_INF, XFRM_INF, XFRM_INF},
		.priority = policy->priority,
		.dir = policy->dir,
		.action = policy->action,
		.share = XFRM_SHARE_ANY,
	};
	struct nl_msg *message = netlink_message_new(XFRM_MSG_UPDPOLICY, 0, &info, sizeof(info));

	put_identity(message, policy);
	return message;
}

static GPtrArray *
new_requests(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify) nlmsg_free);
}

/* Sends all in few system calls. Returns: the first error other than "is gone". @n_done, where not
 * NULL, gets how many were done. */
static int
send_all(Netlink *netlink, const GPtrArray *requests, guint *n_done)
{
	g_autofree int *answers = g_new(int, requests->len);
	int first = 0;
	guint n = 0;

	netlink_request_all(netlink, requests, answers);
	for (guint i = 0; i < requests->len; i++) {
		if (answers[i] >= 0)
			n++;
		else if (!netlink_is_gone(answers[i]) && first == 0)
			first = answers[i];
	}
	if (n_done)
		*n_done = n;
	return first;
}

/* @requests: none at all is done without the kernel. @what: "delete XFRM states" */
static gboolean
do_all(const GPtrArray *requests, const char *what, guint *n_done, GError **error)
{
	g_autoptr(Netlink) netlink = NULL;
	int n;

	if (n_done)
		*n_done = 0;
	if (requests->len == 0)
		return TRUE;
	netlink = netlink_open(NETLINK_XFRM, NETLINK_OWN_NAMESPACE, error);
	if (!netlink)
		return FALSE;
	n = send_all(netlink, requests, n_done);
	return n >= 0 || netlink_fail(error, n, "%s", what);
}

gboolean
xfrm_table_put(const XfrmTable *wanted, GError **error)
{
	g_autoptr(GPtrArray) requests = new_requests();

	g_return_val_if_fail(wanted->states->len == 0, FALSE);
	for (guint i = 0; i < wanted->policies->len; i++)
		g_ptr_array_add(requests, put_policy_message(POLICY(wanted, i)));
	return do_all(requests, "add XFRM policies", NULL, error);
}

/* A state that waits for its negotiation: the kernel made it for a packet that met a policy. */
static gboolean
is_larval(const XfrmState *state)
{
	return state->spi == 0 && (state->proto == IPPROTO_ESP || state->proto == IPPROTO_AH);
}

static struct nl_msg *
name_state_message(const XfrmState *state)
{
	struct xfrm_userspi_info info = {
		.info = {.family = state->family, .mode = state->mode, .reqid = state->reqid},
		.min = state->spi,
		.max = state->spi,
	};
	struct nl_msg *message;

	info.info.id.proto = state->proto;
	memcpy(&info.info.id.daddr, state->dst.bytes, sizeof(info.info.id.daddr));
	memcpy(&info.info.saddr, state->src.bytes, sizeof(info.info.saddr));
	message = netlink_message_new(XFRM_MSG_ALLOCSPI, 0, &info, sizeof(info));
	put_lookup(message, state->mark, state->mark_mask, state->if_id);
	return message;
}

/* XFRM_MSG_DELSA finds a state by its SPI alone, and these have none. XFRM_MSG_ALLOCSPI finds them
 * by all the rest, and gives them one (net/xfrm/xfrm_user.c, xfrm_alloc_userspi); where a state is
 * gone by then the kernel makes another, which goes the same way. */
static gboolean
delete_larval(const XfrmTable *doomed, guint *n_deleted, GError **error)
{
	g_autoptr(GPtrArray) namings = new_requests();
	g_autoptr(GPtrArray) deletions = new_requests();

	for (guint i = 0; i < doomed->states->len; i++) {
		XfrmState state = *STATE(doomed, i);

		if (!is_larval(&state))
			continue;
		/* Below 256 they are reserved (RFC 4303, 2.1). That it is in use is one in millions. */
		state.spi = (g_random_int() | 0x100) & 0x7fffffff;
		g_ptr_array_add(namings, name_state_message(&state));
		g_ptr_array_add(deletions, delete_state_message(&state));
	}
	return do_all(namings, "name larval XFRM states", NULL, error) &&
		   do_all(deletions, "delete larval XFRM states", n_deleted, error);
}

/* Policies first: without its policy a state carries nothing any more, while a policy without its
 * state asks pluto to negotiate. */
static gboolean
delete_others(const XfrmTable *doomed, guint *n_deleted, GError **error)
{
	g_autoptr(GPtrArray) requests = new_requests();

	for (guint i = 0; i < doomed->policies->len; i++)
		g_ptr_array_add(requests, delete_policy_message(POLICY(doomed, i)));
	for (guint i = 0; i < doomed->states->len; i++)
		g_ptr_array_add(requests, delete_state_message(STATE(doomed, i)));
	return do_all(requests, "delete XFRM states and policies", n_deleted, error);
}

gboolean
xfrm_table_delete(const XfrmTable *doomed, guint *n_deleted, GError **error)
{
	guint n_others = 0, n_larval = 0;
	gboolean ok = delete_others(doomed, &n_others, error);

	ok = delete_larval(doomed, &n_larval, ok ? error : NULL) && ok;
	if (n_deleted)
		*n_deleted = n_others + n_larval;
	return ok;
}

gboolean
xfrm_table_sweep(guint32 if_id, guint *n_deleted, GError **error)
{
	g_autoptr(XfrmTable) table = NULL;
	g_autoptr(XfrmTable) ours = NULL;

	g_return_val_if_fail(if_id != 0, FALSE);
	table = xfrm_table_read(error);
	if (!table)
		return FALSE;
	ours = xfrm_table_select_if_id(table, if_id);
	return xfrm_table_delete(ours, n_deleted, error);
}
