/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>

/* The group of the whole. */
#define EXTERNAL_UI_WHOLE "VPN Plugin UI"

/**
 * external_ui_to_data: the answer in external UI mode: a key file with a group for the whole and
 * one for each secret, named after its key of vpn.secrets.
 *
 * @prompts: (element-type AuthPrompt)
 *
 * Without a group of a secret there is nothing to ask: GNOME Shell and nm-applet demand Title and
 * Description all the same.
 *
 * Returns: (transfer full): with secrets in it
 */
char *external_ui_to_data(const char *title, const char *description, const GPtrArray *prompts,
						  gsize *len);
