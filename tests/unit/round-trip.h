/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "ipsec-export.h"
#include "ipsec-import.h"
#include "profile.h"

/** assert_round_trip: what is exported of @connection comes back from an import as itself, or is
 * refused because nobody would have to prove that it is the gateway. One whose certificate is in a
 * file of its own is not exported. */
static inline void
assert_round_trip(NMConnection *connection)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = ipsec_export(connection, &error);
	g_autofree char *text_again = NULL;
	g_autoptr(NMConnection) again = NULL;
	g_autoptr(Profile) profile = profile_new(connection, NULL);

	if (profile_needs_import(profile)) {
		g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_UNSUPPORTED);
		return;
	}
	g_assert_no_error(error);
	again = ipsec_import(text, -1, NULL, NULL, &error);
	if (!profile_authenticates_gateway(profile)) {
		g_assert_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID);
		return;
	}
	g_assert_no_error(error);
	text_again = ipsec_export(again, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(text_again, ==, text);
}
