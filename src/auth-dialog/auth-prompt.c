/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "auth-prompt.h"

#include <glib/gi18n.h>
#include <string.h>

static void
prompt_free(gpointer data)
{
	AuthPrompt *prompt = data;

	explicit_bzero(prompt->value, strlen(prompt->value));
	g_free(prompt->value);
	g_free(prompt->label);
	g_free(prompt);
}

static gboolean
is_hinted(const AuthRequest *request, const char *key)
{
	return request->hints && g_strv_contains((const char *const *) request->hints, key);
}

/* (transfer full) (nullable): what somebody has stored. */
static char *
find_value(const AuthRequest *request, const char *key, NMSettingSecretFlags flags,
		   AuthKeyring keyring)
{
	const char *known = g_hash_table_lookup(request->secrets, key);

	if (is_hinted(request, key) || flags & NM_SETTING_SECRET_FLAG_NOT_SAVED)
		return NULL;
	if (known && *known)
		return g_strdup(known);
	return flags & NM_SETTING_SECRET_FLAG_AGENT_OWNED ? keyring(request, key) : NULL;
}

static gboolean
is_to_be_asked(const AuthRequest *request, const char *key, NMSettingSecretFlags flags,
			   const char *value)
{
	if (!request->may_ask)
		return FALSE;
	if (request->hints)
		return is_hinted(request, key);
	/* What NetworkManager itself stores it has already. */
	return !value || request->ask_again ||
		   (request->without_keyring && flags != NM_SETTING_SECRET_FLAG_NONE);
}

static void
add_prompt(GPtrArray *prompts, const AuthRequest *request, const Profile *profile,
		   const Secret *secret, AuthKeyring keyring)
{
	const NMSettingSecretFlags flags = profile_get_secret_flags(profile, secret->key);
	g_autofree char *value = NULL;
	AuthPrompt *prompt;
	gboolean should_ask;

	if (!is_hinted(request, secret->key) && !secret_is_wanted(secret, profile))
		return;
	value = find_value(request, secret->key, flags, keyring);
	should_ask = is_to_be_asked(request, secret->key, flags, value);
	if (!value && !should_ask)
		return;
	prompt = g_new0(AuthPrompt, 1);
	prompt->secret = secret;
	prompt->label = secret_label(secret, profile);
	prompt->value = value ? g_steal_pointer(&value) : g_strdup("");
	prompt->should_ask = should_ask;
	g_ptr_array_add(prompts, prompt);
}

GPtrArray *
auth_prompts_new(const AuthRequest *request, const Profile *profile, AuthKeyring keyring)
{
	GPtrArray *prompts = g_ptr_array_new_with_free_func(prompt_free);
	guint n;
	const Secret *secrets = secret_all(&n);

	for (guint i = 0; i < n; i++)
		add_prompt(prompts, request, profile, &secrets[i], keyring);
	return prompts;
}

guint
auth_prompts_count(const GPtrArray *prompts)
{
	guint n = 0;

	for (guint i = 0; i < prompts->len; i++)
		n += ((const AuthPrompt *) prompts->pdata[i])->should_ask;
	return n;
}

char *
auth_prompts_describe(const GPtrArray *prompts, const AuthRequest *request)
{
	const guint n = auth_prompts_count(prompts);

	if (request->message)
		return g_strdup(request->message);
	for (guint i = 0; n == 1 && i < prompts->len; i++) {
		const AuthPrompt *prompt = prompts->pdata[i];

		if (prompt->should_ask)
			return secret_ask(prompt->secret, request->name);
	}
	return g_strdup_printf(
		n == 0 ? /* Translators: %s is the name of a VPN connection. */
			_("All that is needed to sign in to “%s” is there.")
			   : /* Translators: %s is the name of a VPN connection; the secrets' fields follow. */
			_("“%s” asks for what you sign in with."),
		request->name);
}
