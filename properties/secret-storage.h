/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ways in which NetworkManager keeps a secret, as people choose among them.
 */

#pragma once

#include <NetworkManager.h>

typedef struct {
	NMSettingSecretFlags flags;
	const char *icon;  /* of an icon theme */
	const char *label; /* to be translated */
	gboolean nothing;  /* there is nothing to enter */
} SecretStorage;

/* Static, in the order in which they are offered. */
const SecretStorage *secret_storage_all(guint *n);

/* Which of them a secret's flags are: of several, the one that leaves least on the disk. */
guint secret_storage_find(NMSettingSecretFlags flags);
