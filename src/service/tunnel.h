/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One connection: carries out what the machine decides (machine.h) with pluto, the kernel and the
 * run directory, and turns what they do into the machine's events.
 */
#pragma once

#include "ip-report.h"
#include "libreswan.h"
#include "machine.h"
#include "profile.h"

typedef struct _Tunnel Tunnel;

typedef struct {
	/* There is a configuration that differs from the last one. */
	void (*report)(const IpReport *report, gpointer user_data);
	/* A secret that the user gives each time was refused in a recovery, one that this host wants
	 * before it begins is missing or wrong, or the gateway wants something else: he is to be asked
	 * for it, for tunnel_give_secrets(). @key: of vpn.secrets; @message: for people; @last:
	 * (nullable): what was reported last. */
	void (*ask)(const char *key, const char *message, const IpReport *last, gpointer user_data);
	/* It is over, and nothing of it is left. @message: a sentence for people. */
	void (*failed)(MachineFailure failure, const char *message, gpointer user_data);
	/* Nothing is left of a tunnel that was asked to end. */
	void (*idle)(gpointer user_data);
} TunnelCallbacks;

/* What a tunnel stands on. */
typedef struct {
	Libreswan *libreswan; /* outlives the tunnel */
	const char *helper;   /* the full path of the updown helper */
	const char *import;   /* the full path of the import program */
	const char *base;     /* of the run directories: RUN_DIRECTORY_BASE, but in tests */
} TunnelParams;

/** tunnel_new: no callback comes from within a call of this module. */
Tunnel *
tunnel_new(const TunnelParams *params, const TunnelCallbacks *callbacks, gpointer user_data);

/** tunnel_free: whatever still runs is killed and cleaned away without waiting for it. */
void tunnel_free(Tunnel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tunnel, tunnel_free)

/**
 * tunnel_connect:
 * @profile: (transfer full)
 * @can_ask: the user is there to be asked for secrets while it is up
 *
 * A tunnel that is just being cleaned away is waited for.
 */
void tunnel_connect(Tunnel *self, Profile *profile, gboolean can_ask);

/**
 * tunnel_give_secrets: what the user has answered: the secrets that @answer has. Where the one that
 * was asked for is not among them, or is the one that was refused, the connection has failed.
 */
void tunnel_give_secrets(Tunnel *self, const Profile *answer);
void tunnel_disconnect(Tunnel *self);

/** tunnel_is_idle: nothing of ours exists. */
gboolean tunnel_is_idle(const Tunnel *self);
