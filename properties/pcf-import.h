/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A .pcf file of Cisco's VPN Client 4 and 5 ("Cisco VPN Client Administrator Guide", the parameters
 * of a connection profile): IKEv1 with a group's name and secret, and XAUTH.
 */

#pragma once

#include "import-draft.h"

/* More lines than these no such file has. */
#define PCF_LINES_MAX 1000u

/**
 * pcf_import:
 * @text: the file
 * @draft: gets what it says
 * @error: %PROFILE_ERROR where it is none, or of a kind that libreswan cannot do
 */
gboolean pcf_import(const char *text, ImportDraft *draft, GError **error);
