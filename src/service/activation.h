/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What NetworkManager makes of what it is told: it says of each VPN connection, at the object path
 * of its active connection, when that is activated (org.freedesktop.NetworkManager.VPN.Connection,
 * VpnStateChanged), and has then taken over the DNS servers and domains.
 */
#pragma once

#include <gio/gio.h>

typedef struct Activation Activation;

/**
 * activation_await: has @func called once, from the main loop, when NetworkManager says that the
 * connection of @uuid, which it has called inactive in between, is activated. What it has said
 * before this call does not count.
 *
 * Returns: (transfer full): free with activation_free(), also in @func; @func is not called then
 */
Activation *activation_await(GDBusConnection *bus, const char *uuid,
							 void (*func)(gpointer user_data), gpointer user_data);
void activation_free(Activation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Activation, activation_free)
