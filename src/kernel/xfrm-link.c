/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "xfrm-link.h"

#include <linux/if_link.h>

#define KIND "xfrm"

guint32
xfrm_link_read(struct nlattr *const *attributes)
{
	struct nlattr *info[IFLA_INFO_MAX + 1], *data[IFLA_XFRM_MAX + 1];

	if (!attributes[IFLA_LINKINFO] ||
		nla_parse_nested(info, IFLA_INFO_MAX, attributes[IFLA_LINKINFO], NULL) < 0 ||
		!info[IFLA_INFO_KIND] || nla_strcmp(info[IFLA_INFO_KIND], KIND) != 0 ||
		!info[IFLA_INFO_DATA] ||
		nla_parse_nested(data, IFLA_XFRM_MAX, info[IFLA_INFO_DATA], NULL) < 0)
		return 0;
	return netlink_attribute_u32(data[IFLA_XFRM_IF_ID]);
}

void
xfrm_link_put(struct nl_msg *message, guint32 if_id)
{
	const struct {
		struct nlattr attribute;
		guint32 if_id;
	} data = {{sizeof(data), IFLA_XFRM_IF_ID}, if_id};
	struct nlattr *info = nla_nest_start(message, IFLA_LINKINFO);

	netlink_message_put(message, IFLA_INFO_KIND, KIND, sizeof(KIND));
	netlink_message_put(message, IFLA_INFO_DATA, &data, sizeof(data));
	nla_nest_end(message, info);
}
