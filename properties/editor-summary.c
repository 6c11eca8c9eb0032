/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "editor-summary.h"

#include <glib/gi18n-lib.h>

static void
add(GString *text, const char *phrase)
{
	/* Translators: between the parts of "All traffic, address from the gateway". */
	g_string_append_printf(text, "%s%s", text->len ? _(", ") : "", phrase);
}

static gboolean
is_all(const char *nets)
{
	return g_str_equal(nets, "0.0.0.0/0") || g_str_equal(nets, "::/0") ||
		   g_str_equal(nets, "0.0.0.0/0,::/0");
}

static void
summarize_nets(const EditorModel *model, const Profile *profile, GString *text)
{
	const char *nets = profile_get(profile, "rightsubnets") ?: profile_get(profile, "rightsubnet");
	g_auto(GStrv) parts = g_strsplit(nets ?: "", ",", -1);
	guint n = g_strv_length(parts);
	g_autofree char *phrase = NULL;

	if (!nets)
		/* Translators: an IPsec tunnel between two computers alone, without networks behind them.
		 */
		phrase = g_strdup(_("The gateway itself"));
	else if (is_all(nets))
		phrase = g_strdup(_("All traffic"));
	else if (n == 1)
		/* Translators: %s is a network that is reached through the VPN. */
		phrase = g_strdup_printf(_("Only %s"), parts[0]);
	else
		phrase = g_strdup_printf(g_dngettext(GETTEXT_PACKAGE, "Only %s and %u more network",
											 "Only %s and %u more networks", n - 1),
								 parts[0], n - 1);
	add(text, phrase);
}

static void
summarize_network(const EditorModel *model, const Profile *profile, GString *text)
{
	summarize_nets(model, profile, text);
	add(text, profile_modecfg_expected(profile) ? _("address from the gateway")
												: _("this computer’s own address"));
	if (!profile_wants_interface(profile))
		add(text, _("no interface"));
}

static void
summarize_security(const EditorModel *model, const Profile *profile, GString *text)
{
	g_autofree char *ike = editor_model_get(model, "ike");
	g_autofree char *esp = editor_model_get(model, "esp");

	if (profile_is_ikev2(profile))
		add(text, _("IKEv2"));
	else
		add(text,
			profile_is_aggressive(profile) ? _("IKEv1, aggressive mode") : _("IKEv1, main mode"));
	if (ike || esp)
		add(text, _("algorithms of your choice"));
	if (g_strcmp0(profile_get(profile, "pfs"), "no") == 0)
		add(text, _("no perfect forward secrecy"));
}

static guint64
seconds_of(const Profile *profile, const char *key)
{
	const char *value = profile_get(profile, key);

	return value ? option_duration(value) : 0;
}

static void
summarize_connection(const EditorModel *model, const Profile *profile, GString *text)
{
	guint64 delay = seconds_of(profile, "dpddelay");
	guint64 timeout =
		seconds_of(profile, profile_is_ikev2(profile) ? "retransmit-timeout" : "dpdtimeout");
	g_autofree char *notices = NULL, *retries = NULL, *phrase = NULL;

	if (profile_is_on_demand(profile))
		add(text, _("Connects when needed"));
	if (delay == 0) {
		add(text, _("Does not notice a silent gateway"));
	} else {
		notices = editor_field_describe_seconds(delay + timeout);
		/* Translators: %s is a time, such as "25 seconds". */
		phrase = g_strdup_printf(_("Notices a silent gateway after %s"), notices);
		add(text, phrase);
		g_clear_pointer(&phrase, g_free);
	}
	if (editor_model_get_persistent(model)) {
		/* Translators: a VPN is tried again as long as it is switched on. */
		add(text, _("reconnects for ever"));
		return;
	}
	retries = editor_field_describe_seconds(profile_get_recovery_timeout(profile));
	/* Translators: %s is how long a VPN is tried again, such as "5 minutes". */
	phrase = g_strdup_printf(_("reconnects for %s"), retries);
	add(text, phrase);
}

char *
editor_summary(const EditorModel *model, EditorPage page)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(Profile) profile = editor_model_make_profile(model, NULL, NULL);

	if (!profile)
		return g_strdup(_("Two of the settings do not fit together"));
	if (page == EDITOR_PAGE_NETWORK)
		summarize_network(model, profile, text);
	else if (page == EDITOR_PAGE_SECURITY)
		summarize_security(model, profile, text);
	else if (page == EDITOR_PAGE_CONNECTION)
		summarize_connection(model, profile, text);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

char *
editor_summary_warning(const EditorModel *model)
{
	g_autoptr(Profile) profile = editor_model_make_profile(model, NULL, NULL);
	const char *weakness = profile ? profile_find_weakness(profile) : NULL;

	if (weakness)
		return editor_model_name_fields(model, weakness);
	if (profile && profile_is_aggressive(profile) && profile_needs_psk(profile))
		return g_strdup(_("Aggressive mode lets whoever listens try to guess the group secret. If "
						  "the gateway can do IKEv2, use that."));
	return NULL;
}

char *
editor_summary_kept(const EditorModel *model)
{
	guint n = editor_model_count_kept(model);

	if (n == 0)
		return NULL;
	/* Translators: settings of a VPN that the editor does not show, and leaves as they are. */
	return g_strdup_printf(
		g_dngettext(GETTEXT_PACKAGE, "%u further setting is kept as it is; nmcli shows it.",
					"%u further settings are kept as they are; nmcli shows them.", n),
		n);
}
