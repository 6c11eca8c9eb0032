/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <gio/gio.h>

/**
 * keyring_find: a secret of a connection that an agent (GNOME Shell, nm-applet, or
 * NetworkManager-libreswan's dialog) has stored in the user's keyring (the Secret Service API).
 *
 * @key: of vpn.secrets
 * @may_unlock: somebody is there to be asked for the keyring's own password
 * @error: of libsecret's or GDBus's; that there is no keyring is one
 *
 * Waits for the keyring.
 *
 * Returns: (transfer full) (nullable): NULL without an error where it has none
 */
char *keyring_find(const char *uuid, const char *key, gboolean may_unlock, GError **error);
