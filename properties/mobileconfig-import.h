/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Apple's configuration profiles (.mobileconfig): a plist with payloads, of which one is a VPN
 * (com.apple.vpn.managed in "Device Management Profile" of Apple's documentation), and others are
 * the certificates that it refers to.
 */

#pragma once

#include "import-draft.h"

/**
 * mobileconfig_import:
 * @text: the file, UTF-8
 * @draft: gets what it says
 * @error: %PROFILE_ERROR where it is none, or of a kind that libreswan cannot do
 */
gboolean mobileconfig_import(const char *text, ImportDraft *draft, GError **error);
