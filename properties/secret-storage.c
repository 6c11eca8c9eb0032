/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "secret-storage.h"

#include <glib/gi18n-lib.h>

static const SecretStorage storages[] = {
	{NM_SETTING_SECRET_FLAG_AGENT_OWNED, "avatar-default-symbolic",
	 /* Translators: where a password is stored. */
	 N_("Stored for you alone")},
	{NM_SETTING_SECRET_FLAG_NONE, "system-users-symbolic", N_("Stored for all users")},
	{NM_SETTING_SECRET_FLAG_NOT_SAVED, "dialog-question-symbolic",
	 /* Translators: a password is not stored. */
	 N_("Asked for each time"), TRUE},
	{NM_SETTING_SECRET_FLAG_NOT_REQUIRED, "action-unavailable-symbolic",
	 /* Translators: there is no password. */
	 N_("Not needed"), TRUE},
};

const SecretStorage *
secret_storage_all(guint *n)
{
	*n = G_N_ELEMENTS(storages);
	return storages;
}

guint
secret_storage_find(NMSettingSecretFlags flags)
{
	guint none = 0;

	for (guint i = G_N_ELEMENTS(storages); i-- > 0;) {
		if (storages[i].flags & flags)
			return i;
		if (storages[i].flags == NM_SETTING_SECRET_FLAG_NONE)
			none = i;
	}
	return none;
}
