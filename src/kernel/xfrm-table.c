/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libnl-xfrm 3.7 knows no if_id (XFRMA_IF_ID), which is all that we go by, and makes an object of
 * some twenty allocations of each state. So the messages are read and written here, on libnl's
 * core and linux/xfrm.h.
 */
#include "config.h"

#include "xfrm-table.h"

#include <errno.h>
#include <gio/gio.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <string.h>

/* Messages that go to the kernel at once: below any socket buffer, far above a tunnel's needs. */
#define BATCH 64

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

static bool
fail(GError **error, int nl_error, const char *what)
{
	int code = nl_error == -NLE_PERM || nl_error == -NLE_NOACCESS ? G_IO_ERROR_PERMISSION_DENIED
			   : nl_error == -NLE_PROTO_MISMATCH || nl_error == -NLE_OPNOTSUPP ||
					   nl_error == -NLE_AF_NOSUPPORT
				   ? G_IO_ERROR_NOT_SUPPORTED
				   : G_IO_ERROR_FAILED;

	g_set_error(error, G_IO_ERROR, code, "cannot %s: %s", what, nl_geterror(nl_error));
	return false;
}

static struct nl_sock *
connect_xfrm(GError **error)
{
	struct nl_sock *sock = nl_socket_alloc();
	int n;

	if (!sock) {
		fail(error, -NLE_NOMEM, "talk to the kernel's XFRM");
		return NULL;
	}
	n = nl_connect(sock, NETLINK_XFRM);
	if (n < 0) {
		fail(error, n, "talk to the kernel's XFRM");
		nl_socket_free(sock);
		return NULL;
	}
	/* A dump then comes in a few large pieces. */
	nl_socket_set_msg_buf_size(sock, 32 * 1024);
	return sock;
}

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

static guint32
read_if_id(struct nlattr *const *attrs)
{
	return attrs[XFRMA_IF_ID] && nla_len(attrs[XFRMA_IF_ID]) >= 4 ? nla_get_u32(attrs[XFRMA_IF_ID])
																  : 0;
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
read_state(GArray *states, struct nlmsghdr *header)
{
	const struct xfrm_usersa_info *info = nlmsg_data(header);
	struct nlattr *attrs[XFRMA_MAX + 1];
	XfrmState state = {0};

	if (nlmsg_parse(header, sizeof(*info), attrs, XFRMA_MAX, NULL) < 0)
		return;
	state.family = info->family;
	state.src = host_from_xfrm(info->family, &info->saddr);
	state.dst = host_from_xfrm(info->family, &info->id.daddr);
	state.spi = ntohl(info->id.spi);
	state.proto = info->id.proto;
	state.reqid = info->reqid;
	state.mode = info->mode;
	state.if_id = read_if_id(attrs);
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
read_policy(GArray *policies, struct nlmsghdr *header)
{
	const struct xfrm_userpolicy_info *info = nlmsg_data(header);
	const struct xfrm_selector *sel = &info->sel;
	struct nlattr *attrs[XFRMA_MAX + 1];
	XfrmPolicy policy = {0};

	if (nlmsg_parse(header, sizeof(*info), attrs, XFRMA_MAX, NULL) < 0)
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
	policy.if_id = read_if_id(attrs);
	read_mark(attrs, &policy.mark, &policy.mark_mask);
	if (attrs[XFRMA_POLICY_TYPE] &&
		nla_len(attrs[XFRMA_POLICY_TYPE]) >= (int) sizeof(struct xfrm_userpolicy_type))
		policy.type = ((struct xfrm_userpolicy_type *) nla_data(attrs[XFRMA_POLICY_TYPE]))->type;
	if (attrs[XFRMA_TMPL])
		read_templates(&policy, attrs[XFRMA_TMPL]);
	g_array_append_val(policies, policy);
}

struct reader {
	int type;
	GArray *into;
	void (*read)(GArray *into, struct nlmsghdr *header);
};

static int
on_dumped(struct nl_msg *msg, void *user_data)
{
	struct reader *reader = user_data;
	struct nlmsghdr *header = nlmsg_hdr(msg);

	if (header->nlmsg_type == reader->type)
		reader->read(reader->into, header);
	return NL_OK;
}

static int
dump(struct nl_sock *sock, int request, struct reader reader)
{
	int n = nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, on_dumped, &reader);

	if (n >= 0)
		n = nl_send_simple(sock, request, NLM_F_DUMP, NULL, 0);
	return n < 0 ? n : nl_recvmsgs_default(sock);
}

XfrmTable *
xfrm_table_read(GError **error)
{
	g_autoptr(XfrmTable) table = xfrm_table_new();
	struct nl_sock *sock = connect_xfrm(error);
	int n, attempts = 5;

	if (!sock)
		return NULL;
	/* A change during the dump is not this moment's table: once more. */
	do {
		g_array_set_size(table->states, 0);
		g_array_set_size(table->policies, 0);
		n = dump(sock, XFRM_MSG_GETSA, (struct reader){XFRM_MSG_NEWSA, table->states, read_state});
		if (n >= 0)
			n = dump(sock, XFRM_MSG_GETPOLICY,
					 (struct reader){XFRM_MSG_NEWPOLICY, table->policies, read_policy});
	} while (n == -NLE_DUMP_INTR && --attempts > 0);
	nl_socket_free(sock);
	if (n < 0) {
		fail(error, n, "read the kernel's XFRM states and policies");
		return NULL;
	}
	return g_steal_pointer(&table);
}

/* Choosing */

#define STATE(table, i)  (&g_array_index((table)->states, XfrmState, i))
#define POLICY(table, i) (&g_array_index((table)->policies, XfrmPolicy, i))

/* A socket's own policies (IP_XFRM_POLICY: what an IKE daemon lets its own packets pass by) are in
 * the dump with directions from 3 on, and go with the socket alone. */
static bool
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

bool
xfrm_policy_is_neighbour_hole(const XfrmPolicy *policy)
{
	/* ICMPv6's type stands in the source port (RFC 4301, 4.4.1.1). */
	return policy->proto == IPPROTO_ICMPV6 && (policy->sport == 135 || policy->sport == 136) &&
		   policy->dport == 0 && policy->src.prefix == 0 && policy->dst.prefix == 0 &&
		   policy->family == AF_INET6 && policy->action == XFRM_POLICY_ALLOW &&
		   policy->n_templates == 0 && policy->if_id == 0 && policy->priority == 1;
}

XfrmTable *
xfrm_table_select_neighbour_holes(const XfrmTable *table)
{
	XfrmTable *chosen = xfrm_table_new();

	for (guint i = 0; i < table->policies->len; i++) {
		if (xfrm_policy_is_neighbour_hole(POLICY(table, i)))
			g_array_append_vals(chosen->policies, POLICY(table, i), 1);
	}
	return chosen;
}

XfrmTable *
xfrm_table_select_foreign(const XfrmTable *table, const guint32 *ours, gsize n_ours)
{
	XfrmTable *chosen = xfrm_table_new();

	for (guint i = 0; i < table->states->len; i++) {
		bool is_ours = false;

		for (gsize j = 0; j < n_ours; j++)
			is_ours |= STATE(table, i)->if_id == ours[j];
		if (!is_ours)
			g_array_append_vals(chosen->states, STATE(table, i), 1);
	}
	for (guint i = 0; i < table->policies->len; i++) {
		bool is_ours =
			of_socket(POLICY(table, i)) || xfrm_policy_is_neighbour_hole(POLICY(table, i));

		for (gsize j = 0; j < n_ours; j++)
			is_ours |= POLICY(table, i)->if_id == ours[j];
		if (!is_ours)
			g_array_append_vals(chosen->policies, POLICY(table, i), 1);
	}
	return chosen;
}

static bool
joins(const XfrmPolicy *policy, const XfrmChild *child)
{
	bool out = policy->dir == XFRM_POLICY_OUT;

	return ip_net_equal(&policy->src, out ? &child->my_client : &child->peer_client) &&
		   ip_net_equal(&policy->dst, out ? &child->peer_client : &child->my_client);
}

static bool
is_wanted(const XfrmPolicy *policy, const XfrmChild *children, gsize n_children)
{
	if (policy->n_templates == 0)
		return false;
	for (gsize i = 0; i < n_children; i++) {
		if (joins(policy, &children[i]))
			return true;
	}
	return false;
}

static bool
uses(const XfrmPolicy *policy, const XfrmState *state)
{
	for (guint i = 0; i < policy->n_templates; i++) {
		if (policy->templates[i].reqid == state->reqid)
			return true;
	}
	return false;
}

XfrmTable *
xfrm_table_select_stale(const XfrmTable *ours, const XfrmChild *children, gsize n_children)
{
	XfrmTable *stale = xfrm_table_new();
	g_autoptr(GPtrArray) stay = g_ptr_array_new();

	for (guint i = 0; i < ours->policies->len; i++) {
		if (is_wanted(POLICY(ours, i), children, n_children))
			g_ptr_array_add(stay, POLICY(ours, i));
		else
			g_array_append_vals(stale->policies, POLICY(ours, i), 1);
	}
	for (guint i = 0; i < ours->states->len; i++) {
		bool used = false;

		for (guint j = 0; j < stay->len; j++)
			used |= uses(stay->pdata[j], STATE(ours, i));
		if (!used)
			g_array_append_vals(stale->states, STATE(ours, i), 1);
	}
	return stale;
}

/* pluto gives a connection four reqids in a row from a multiple of four on, for AH, ESP and IPCOMP;
 * which of them PLUTO_SA_REQID is depends on the version. One chosen by hand (below that) is used
 * as it is. libreswan's reqid.h. */
#define LOWEST_REQID 16384

static bool
same_reqid_group(guint32 a, guint32 b)
{
	return a == b || (b >= LOWEST_REQID && (a & ~3u) == (b & ~3u));
}

XfrmTable *
xfrm_table_select_negotiated(const XfrmTable *table)
{
	XfrmTable *chosen = xfrm_table_new();

	for (guint i = 0; i < table->states->len; i++) {
		const XfrmState *state = STATE(table, i);

		if (state->is_larval && state->spi != 0 && state->if_id == 0 &&
			state->reqid >= LOWEST_REQID)
			g_array_append_vals(chosen->states, state, 1);
	}
	return chosen;
}

static bool
same_hosts(const IpNet *src, const IpNet *dst, const IpNet *me, const IpNet *peer)
{
	return (ip_net_equal(src, me) && ip_net_equal(dst, peer)) ||
		   (ip_net_equal(src, peer) && ip_net_equal(dst, me));
}

/* What pluto puts where there is no SA: block and hold have no template; the trap of a connection
 * on demand has one with neither reqid nor addresses, which asks pluto to negotiate. */
static bool
is_shunt(const XfrmPolicy *policy)
{
	return policy->n_templates == 0 ||
		   (policy->n_templates == 1 && policy->templates[0].reqid == 0 &&
			policy->templates[0].mode == XFRM_MODE_TRANSPORT);
}

static bool
owns_policy(const XfrmOwnership *record, const XfrmPolicy *policy)
{
	if (policy->if_id != record->if_id ||
		(policy->user & XFRM_BLOCK_USER_MASK) == XFRM_BLOCK_USER || of_socket(policy) ||
		!joins(policy, &record->child))
		return false;
	if (is_shunt(policy))
		return policy->dir == XFRM_POLICY_OUT;
	for (guint i = 0; i < policy->n_templates; i++) {
		const XfrmTemplate *t = &policy->templates[i];

		/* A transport template, as of IPCOMP's ESP, has no addresses of its own. */
		if (!same_reqid_group(t->reqid, record->reqid) ||
			(t->mode == XFRM_MODE_TUNNEL &&
			 !same_hosts(&t->src, &t->dst, &record->me, &record->peer)))
			return false;
	}
	return true;
}

static bool
owns_state(const XfrmOwnership *record, const XfrmState *state)
{
	if (state->if_id != record->if_id)
		return false;
	/* One that a trap has made waits for pluto, between the hosts of the packet; one of a policy
	 * that has lost its SA is like any other. */
	if (state->spi == 0 && ip_net_contains(&record->child.my_client, &state->src) &&
		ip_net_contains(&record->child.peer_client, &state->dst))
		return true;
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
static bool
has_state_for(const XfrmTable *table, guint32 if_id, const XfrmTemplate *t)
{
	for (guint i = 0; i < table->states->len; i++) {
		const XfrmState *state = STATE(table, i);

		if (state->if_id == if_id && state->reqid == t->reqid && state->proto == t->proto &&
			(t->mode != XFRM_MODE_TUNNEL || ip_net_equal(&state->dst, &t->dst)))
			return true;
	}
	return t->proto == IPPROTO_COMP;
}

static bool
carries(const XfrmTable *table, guint32 if_id, const XfrmPolicy *policy)
{
	bool found = policy->if_id == if_id && policy->n_templates > 0 && !is_shunt(policy);

	for (guint i = 0; found && i < policy->n_templates; i++)
		found = has_state_for(table, if_id, &policy->templates[i]);
	return found;
}

bool
xfrm_table_carries(const XfrmTable *table, guint32 if_id, const XfrmChild *child)
{
	bool in = false, out = false;

	for (guint i = 0; i < table->policies->len; i++) {
		const XfrmPolicy *policy = POLICY(table, i);

		if (of_socket(policy) || !joins(policy, child) || !carries(table, if_id, policy))
			continue;
		in |= policy->dir == XFRM_POLICY_IN;
		out |= policy->dir == XFRM_POLICY_OUT;
	}
	return in && out;
}

static bool
same_state(const XfrmState *a, const XfrmState *b)
{
	return a->spi == b->spi && a->proto == b->proto && a->if_id == b->if_id &&
		   a->reqid == b->reqid && a->mark == b->mark && ip_net_equal(&a->src, &b->src) &&
		   ip_net_equal(&a->dst, &b->dst);
}

static bool
same_policy(const XfrmPolicy *a, const XfrmPolicy *b)
{
	return a->index == b->index && a->dir == b->dir && a->type == b->type && a->if_id == b->if_id &&
		   a->mark == b->mark && a->proto == b->proto && a->sport == b->sport &&
		   a->dport == b->dport && ip_net_equal(&a->src, &b->src) && ip_net_equal(&a->dst, &b->dst);
}

static bool
has_state(const XfrmTable *table, const XfrmState *state)
{
	for (guint i = 0; i < table->states->len; i++) {
		if (same_state(STATE(table, i), state))
			return true;
	}
	return false;
}

static bool
has_policy(const XfrmTable *table, const XfrmPolicy *policy)
{
	for (guint i = 0; i < table->policies->len; i++) {
		if (same_policy(POLICY(table, i), policy))
			return true;
	}
	return false;
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

XfrmTable *
xfrm_table_present(const XfrmTable *table, const XfrmTable *recorded)
{
	XfrmTable *present = xfrm_table_new();

	for (guint i = 0; i < recorded->states->len; i++) {
		if (has_state(table, STATE(recorded, i)))
			g_array_append_vals(present->states, STATE(recorded, i), 1);
	}
	for (guint i = 0; i < recorded->policies->len; i++) {
		if (has_policy(table, POLICY(recorded, i)))
			g_array_append_vals(present->policies, POLICY(recorded, i), 1);
	}
	return present;
}

/* Writing */

static int
put_mark(struct nl_msg *msg, guint32 mark, guint32 mask)
{
	struct xfrm_mark m = {.v = mark, .m = mask};

	return mark || mask ? nla_put(msg, XFRMA_MARK, sizeof(m), &m) : 0;
}

/* What the kernel looks states and policies up by, beside their own keys. */
static int
put_lookup(struct nl_msg *msg, guint32 mark, guint32 mask, guint32 if_id)
{
	int n = put_mark(msg, mark, mask);

	return n >= 0 && if_id ? nla_put_u32(msg, XFRMA_IF_ID, if_id) : n;
}

static struct nl_msg *
delete_state_message(const XfrmState *state)
{
	struct xfrm_usersa_id id = {
		.spi = htonl(state->spi), .family = state->family, .proto = state->proto};
	xfrm_address_t src = {0};
	struct nl_msg *msg = nlmsg_alloc_simple(XFRM_MSG_DELSA, NLM_F_REQUEST | NLM_F_ACK);

	memcpy(&id.daddr, state->dst.bytes, sizeof(id.daddr));
	memcpy(&src, state->src.bytes, sizeof(src));
	/* The source address tells apart what has no SPI of its own; it is harmless otherwise. */
	if (msg && (nlmsg_append(msg, &id, sizeof(id), NLMSG_ALIGNTO) < 0 ||
				nla_put(msg, XFRMA_SRCADDR, sizeof(src), &src) < 0 ||
				put_lookup(msg, state->mark, state->mark_mask, state->if_id) < 0))
		g_clear_pointer(&msg, nlmsg_free);
	return msg;
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
static int
put_identity(struct nl_msg *msg, const XfrmPolicy *policy)
{
	struct xfrm_userpolicy_type type = {.type = policy->type};
	int n = nla_put(msg, XFRMA_POLICY_TYPE, sizeof(type), &type);

	return n >= 0 ? put_lookup(msg, policy->mark, policy->mark_mask, policy->if_id) : n;
}

static struct nl_msg *
delete_policy_message(const XfrmPolicy *policy)
{
	struct xfrm_userpolicy_id id = {
		.sel = to_selector(policy), .index = policy->index, .dir = policy->dir};
	struct nl_msg *msg = nlmsg_alloc_simple(XFRM_MSG_DELPOLICY, NLM_F_REQUEST | NLM_F_ACK);

	/* Where there is an index it alone decides; type, direction, mark and if_id must agree. */
	if (msg &&
		(nlmsg_append(msg, &id, sizeof(id), NLMSG_ALIGNTO) < 0 || put_identity(msg, policy) < 0))
		g_clear_pointer(&msg, nlmsg_free);
	return msg;
}

static struct nl_msg *
put_policy_message(const XfrmPolicy *policy)
{
	struct xfrm_userpolicy_info info = {
		.sel = to_selector(policy),
		.lft = {XFRM_INF, XFRM_INF, XFRM_INF, XFRM_INF},
		.priority = policy->priority,
		.dir = policy->dir,
		.action = policy->action,
		.share = XFRM_SHARE_ANY,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(XFRM_MSG_UPDPOLICY, NLM_F_REQUEST | NLM_F_ACK);

	if (msg && (nlmsg_append(msg, &info, sizeof(info), NLMSG_ALIGNTO) < 0 ||
				put_identity(msg, policy) < 0))
		g_clear_pointer(&msg, nlmsg_free);
	return msg;
}

/* Sends what is in @batch in one system call, collects the answers. The first error other than
 * "is gone" goes to @first. */
static void
flush(struct nl_sock *sock, GByteArray *batch, guint n, guint *n_done, int *first)
{
	int err = nl_sendto(sock, batch->data, batch->len);

	if (err < 0 && *first == 0)
		*first = err;
	for (guint i = 0; err >= 0 && i < n; i++) {
		int answer = nl_wait_for_ack(sock);

		if (answer >= 0)
			*n_done += 1;
		else if (answer != -NLE_OBJ_NOTFOUND && *first == 0)
			*first = answer;
	}
	g_byte_array_set_size(batch, 0);
}

/* A message for each policy of @table, then one for each state. */
static bool
send_all(const XfrmTable *table, struct nl_msg *(*for_policy)(const XfrmPolicy *policy),
		 struct nl_msg *(*for_state)(const XfrmState *state), const char *what, guint *n_done,
		 GError **error)
{
	g_autoptr(GByteArray) batch = g_byte_array_new();
	guint n_policies = table->policies->len, total = n_policies + table->states->len;
	guint pending = 0, done = 0;
	struct nl_sock *sock;
	int first = 0;

	if (n_done)
		*n_done = 0;
	if (total == 0)
		return true;
	sock = connect_xfrm(error);
	if (!sock)
		return false;
	for (guint i = 0; i < total; i++) {
		struct nl_msg *msg =
			i < n_policies ? for_policy(POLICY(table, i)) : for_state(STATE(table, i - n_policies));

		if (!msg) {
			first = first ? first : -NLE_NOMEM;
			break;
		}
		nl_complete_msg(sock, msg);
		g_byte_array_append(batch, (const guint8 *) nlmsg_hdr(msg),
							NLMSG_ALIGN(nlmsg_hdr(msg)->nlmsg_len));
		nlmsg_free(msg);
		if (++pending == BATCH || i == total - 1) {
			flush(sock, batch, pending, &done, &first);
			pending = 0;
		}
	}
	nl_socket_free(sock);
	if (n_done)
		*n_done = done;
	return first == 0 || fail(error, first, what);
}

bool
xfrm_table_put(const XfrmTable *wanted, GError **error)
{
	g_return_val_if_fail(wanted->states->len == 0, false);
	return send_all(wanted, put_policy_message, NULL, "add XFRM policies", NULL, error);
}

/* A state that waits for its negotiation: the kernel made it for a packet that met a policy. */
static bool
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
	struct nl_msg *msg = nlmsg_alloc_simple(XFRM_MSG_ALLOCSPI, NLM_F_REQUEST | NLM_F_ACK);

	info.info.id.proto = state->proto;
	memcpy(&info.info.id.daddr, state->dst.bytes, sizeof(info.info.id.daddr));
	memcpy(&info.info.saddr, state->src.bytes, sizeof(info.info.saddr));
	if (msg && (nlmsg_append(msg, &info, sizeof(info), NLMSG_ALIGNTO) < 0 ||
				put_lookup(msg, state->mark, state->mark_mask, state->if_id) < 0))
		g_clear_pointer(&msg, nlmsg_free);
	return msg;
}

/* XFRM_MSG_DELSA finds a state by its SPI alone, and these have none. XFRM_MSG_ALLOCSPI finds them
 * by all the rest, and gives them one (net/xfrm/xfrm_user.c, xfrm_alloc_userspi); where a state is
 * gone by then the kernel makes another, which goes the same way. */
static bool
delete_larval(const XfrmTable *doomed, guint *n_deleted, GError **error)
{
	g_autoptr(XfrmTable) named = xfrm_table_new();

	for (guint i = 0; i < doomed->states->len; i++) {
		XfrmState state = *STATE(doomed, i);

		if (!is_larval(&state))
			continue;
		/* Below 256 they are reserved (RFC 4303, 2.1). That it is in use is one in millions. */
		state.spi = (g_random_int() | 0x100) & 0x7fffffff;
		g_array_append_val(named->states, state);
	}
	return send_all(named, NULL, name_state_message, "name larval XFRM states", NULL, error) &&
		   send_all(named, NULL, delete_state_message, "delete larval XFRM states", n_deleted,
					error);
}

bool
xfrm_table_delete(const XfrmTable *doomed, guint *n_deleted, GError **error)
{
	guint n_larval = 0;
	bool ok;

	/* Policies first: without its policy a state carries nothing any more, while a policy without
	 * its state asks pluto to negotiate. */
	ok = send_all(doomed, delete_policy_message, delete_state_message,
				  "delete XFRM states and policies", n_deleted, error);
	ok = delete_larval(doomed, &n_larval, ok ? error : NULL) && ok;
	if (n_deleted)
		*n_deleted += n_larval;
	return ok;
}

bool
xfrm_table_sweep(guint32 if_id, const XfrmChild *children, gsize n_children, guint *n_deleted,
				 GError **error)
{
	g_autoptr(XfrmTable) table = NULL;
	g_autoptr(XfrmTable) ours = NULL;
	g_autoptr(XfrmTable) stale = NULL;

	g_return_val_if_fail(if_id != 0, false);
	table = xfrm_table_read(error);
	if (!table)
		return false;
	ours = xfrm_table_select_if_id(table, if_id);
	stale = xfrm_table_select_stale(ours, children, n_children);
	return xfrm_table_delete(stale, n_deleted, error);
}
