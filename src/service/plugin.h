/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * NetworkManager's side: the D-Bus service org.freedesktop.NetworkManager.libreswan. It only
 * forwards: to the tunnel what NetworkManager wants, to NetworkManager what the tunnel says.
 */
#pragma once

#include <NetworkManager.h>

#include "tunnel.h"

#define PLUGIN_BUS_NAME "org.freedesktop.NetworkManager.libreswan"

G_DECLARE_FINAL_TYPE(Plugin, plugin, PLUGIN, SERVICE, NMVpnServicePlugin)

/**
 * plugin_new:
 * @bus_name: the name to own
 * @params: of its tunnel; its libreswan outlives the plugin
 */
Plugin *plugin_new(const char *bus_name, const TunnelParams *params, GError **error);

/**
 * plugin_quit: libnm says that NetworkManager needs the service no more. @done is called once
 * nothing of the tunnel is left, perhaps at once; but not while NetworkManager, which begins
 * another connection, asks a person for its secrets (three minutes), nor during that one.
 */
void plugin_quit(Plugin *self, void (*done)(gpointer user_data), gpointer user_data);

/**
 * plugin_shut_down: ends the tunnel. @done is called once nothing of it is left, perhaps at once.
 */
void plugin_shut_down(Plugin *self, void (*done)(gpointer user_data), gpointer user_data);

/**
 * plugin_end:
 * @self: (transfer full): shut down
 *
 * Returns once the bus has all that was said. NetworkManager takes a service whose name goes before
 * it says that it has stopped for one that has crashed, whatever failure it told of before.
 */
void plugin_end(Plugin *self);
