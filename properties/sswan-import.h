/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A .sswan file, a profile of strongSwan's app for Android ("VPN Profile Import for the Android VPN
 * Client" in strongSwan's documentation): JSON, with the certificates in it.
 */

#pragma once

#include "import-draft.h"

/**
 * sswan_import:
 * @text: the file, UTF-8
 * @draft: gets what it says
 * @error: %PROFILE_ERROR where it is none, or of a kind that libreswan cannot do
 */
gboolean sswan_import(const char *text, ImportDraft *draft, GError **error);
