/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What keys of a profile cannot be together, whatever the gateway says: libreswan (4.10, 5.2) loads
 * no such conn, or makes a tunnel of it that carries nothing.
 */

#pragma once

#include "profile.h"

/**
 * profile_check_given:
 * @profile: with what the user gave, before anything is filled in
 * @error: %PROFILE_ERROR_INVALID; names the key
 */
gboolean profile_check_given(const Profile *profile, GError **error);

/**
 * profile_check:
 * @profile: with what is filled in
 * @error: %PROFILE_ERROR_INVALID; names the key
 */
gboolean profile_check(const Profile *profile, GError **error);
