/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "net-pair.h"

static void
append(GArray *pairs, const IpNet *mine, const IpNet *theirs)
{
	const NetPair pair = {.mine = *mine, .theirs = *theirs};

	g_array_append_val(pairs, pair);
}

static GArray *
parse_nets(const Profile *profile, const char *side)
{
	g_auto(GStrv) texts = profile_list_nets(profile, side);
	GArray *nets = g_array_new(FALSE, FALSE, sizeof(IpNet));
	IpNet net;

	for (char **text = texts; *text; text++) {
		if (ip_net_parse(&net, *text))
			g_array_append_val(nets, net);
	}
	return nets;
}

GArray *
net_pairs_of_profile(const Profile *profile, const IpNet *me)
{
	GArray *pairs = g_array_new(FALSE, FALSE, sizeof(NetPair));
	g_autoptr(GArray) mine = parse_nets(profile, "left");
	g_autoptr(GArray) theirs = parse_nets(profile, "right");
	/* What stands in leftsubnet then is what the address is to be in. */
	const gboolean is_lease = profile_modecfg_expected(profile);
	const IpNet lease = {0};

	for (guint i = 0; i < theirs->len; i++) {
		const IpNet *right = &g_array_index(theirs, IpNet, i);

		if (is_lease || mine->len == 0)
			append(pairs, is_lease ? &lease : me, right);
		for (guint j = 0; j < mine->len && !is_lease; j++) {
			const IpNet *left = &g_array_index(mine, IpNet, j);

			if (left->family == right->family)
				append(pairs, left, right);
		}
	}
	return pairs;
}
