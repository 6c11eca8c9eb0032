/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way back of an exported file: its conn has all that is filled in, and comments say what of it
 * is the user's own (nm-comment.h).
 */

#pragma once

#include "profile.h"

typedef struct {
	char *keys;        /* separated by blanks */
	GHashTable *given; /* key -> how it is spelt */
	char *user_name;   /* vpn.user-name */
} ExportedKeys;

void exported_keys_clear(ExportedKeys *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ExportedKeys, exported_keys_clear)

/* Takes "nm-keys" and "nm-user-name"; FALSE for every other comment. */
gboolean exported_keys_take(ExportedKeys *self, const char *key, const char *value);

/* Takes an "nm-given". */
void exported_keys_add_given(ExportedKeys *self, const char *key, const char *value);

gboolean exported_keys_are_there(const ExportedKeys *self);

/**
 * exported_keys_restore:
 * @self: the file's
 * @entries: (element-type utf8 IpsecConfEntry): those of its conn
 * @comments: (element-type utf8 utf8): what its other comments say, in vpn.data's keys
 * @name: the conn's name
 * @profile: (out) (transfer full): what is returned as a profile
 *
 * Returns: (transfer full) (element-type utf8 utf8): vpn.data; %NULL where it would not be exported
 * as this very conn, as somebody has changed the file
 */
GHashTable *exported_keys_restore(const ExportedKeys *self, GHashTable *entries,
								  GHashTable *comments, const char *name, Profile **profile);
