/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What on this host would be in the way of a connection. Nothing is changed by looking.
 */
#pragma once

#include "check-report.h"
#include "host-check.h"
#include "ip-net.h"
#include "libreswan.h"
#include "profile.h"

typedef struct {
	const Profile *profile;
	const Libreswan *libreswan;    /* NULL: it is not known */
	const HostCheckListen *listen; /* as for host_check_ports() */
	int family;                    /* of the gateway; AF_UNSPEC where it is not known */
	const char *root;              /* "/", but in tests: where the kernel's modules are */
} CheckHostParams;

void check_host(CheckReport *report, const CheckHostParams *params);
