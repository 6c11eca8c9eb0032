/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "ip-net.h"

/* net: of a text that is one. */
static inline IpNet
net(const char *text)
{
	IpNet parsed;

	g_assert_true(ip_net_parse(&parsed, text));
	return parsed;
}
