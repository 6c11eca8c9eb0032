/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pairs of nets of a profile with leftsubnets or rightsubnets: each has its Child SA.
 */
#pragma once

#include "ip-net.h"
#include "profile.h"

typedef struct {
	IpNet mine; /* unset where it is the address that the gateway will give us */
	IpNet theirs;
} NetPair;

/**
 * net_pairs_of_profile: (transfer full) (element-type NetPair): none where there is one Child SA,
 * which is protected from when it comes up.
 *
 * @me: our outer address, which is our side where the profile names no net
 */
GArray *net_pairs_of_profile(const Profile *profile, const IpNet *me);
