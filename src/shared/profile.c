/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "identity.h"
#include "one-line.h"
#include "profile.h"
#include "profile-check.h"
#include "token-uri.h"

#include <string.h>
#include <sys/socket.h>

#include <glib/gi18n-lib.h>

/* What NetworkManager-libreswan has always proposed in aggressive mode, where
 * IKEv1 allows a single group: what old gateways accept. */
#define AGGRESSIVE_IKE "aes256-sha1;modp1536"
#define AGGRESSIVE_ESP "aes256-sha1"

#define IKEV1_LIFETIME "24h"
/* libreswan 5.2, asked for new keys by the gateway, refuses where the gateway has narrowed the nets
 * (verify_rekey_child_request_ts()), and the tunnel ends with the old keys. So we ask first:
 * strongSwan does after an hour, others later. */
#define NARROWED_LIFETIME "45m"

/* With these a gateway that died is noticed within 30 seconds: up to two
 * delays until we ask, then the timeout. */
#define DPD_DELAY        "5s"
#define DPD_TIMEOUT      "20s"

#define RECOVERY_TIMEOUT 300

struct _Profile {
	char *uuid;
	char *id;
	char *name; /* the id, for messages */
	char *user_name;
	char *owner;
	gboolean persistent;
	gboolean auto_defaults;
	guint n;
	char **values; /* effective values, at the places of their rows; secrets too */
};

static char **
value_of(const Profile *profile, const char *key)
{
	const Option *option = option_find(key);

	g_assert(option); /* a key in this file that is not in the table */
	return &profile->values[option_index(option)];
}

static gboolean
has(const Profile *profile, const char *key, const char *value)
{
	return g_strcmp0(*value_of(profile, key), value) == 0;
}

static gboolean
is_set(const Profile *profile, const char *key)
{
	return *value_of(profile, key) != NULL;
}

static void
set(Profile *profile, const char *key, const char *value)
{
	char **place = value_of(profile, key);
	char *copy = g_strdup(value);

	g_free(*place);
	*place = copy;
}

/* The default of a key, for where the user said nothing. */
static void
fill_in(Profile *profile, const char *key, const char *value)
{
	if (!is_set(profile, key))
		set(profile, key, value);
}

static void
wipe(char *secret)
{
	if (!secret)
		return;
	explicit_bzero(secret, strlen(secret));
	g_free(secret);
}

void
profile_free(Profile *profile)
{
	const Option *options = option_all(NULL);

	if (!profile)
		return;
	for (guint i = 0; i < profile->n; i++) {
		if (options[i].flags & OPTION_SECRET_KEY)
			wipe(profile->values[i]);
		else
			g_free(profile->values[i]);
	}
	g_free(profile->values);
	g_free(profile->uuid);
	g_free(profile->id);
	g_free(profile->name);
	g_free(profile->user_name);
	g_free(profile->owner);
	g_free(profile);
}

/*****************************************************************************/

/* An identity that is neither an address nor one of libreswan's special words
 * is a name; without the '@' libreswan would resolve it by DNS. So joe@example.com is a name too,
 * as NetworkManager-libreswan has it, and @@joe@example.com (strongSwan's spelling) is the user
 * joe. */
static void
mark_name(Profile *profile, const char *key)
{
	char **place = value_of(profile, key);
	char *marked;

	if (*place && g_str_has_prefix(*place, "@@") && g_ascii_isalnum((*place)[2]) &&
		strchr(*place + 2, '@')) {
		marked = g_strdup(*place + 2);
		g_free(*place);
		*place = marked;
		return;
	}
	if (!*place || (*place)[0] == '@' || (*place)[0] == '%' || option_is_address(*place, AF_UNSPEC))
		return;
	marked = g_strconcat("@", *place, NULL);
	g_free(*place);
	*place = marked;
}

/* The address families of a list of subnets that is in its one spelling. */
static void
families_of(const char *subnets, gboolean *ipv4, gboolean *ipv6)
{
	g_auto(GStrv) parts = subnets ? g_strsplit(subnets, ",", -1) : NULL;

	for (guint i = 0; parts && parts[i]; i++) {
		if (strchr(parts[i], ':'))
			*ipv6 = TRUE;
		else
			*ipv4 = TRUE;
	}
}

static void
fill_in_authentication(Profile *profile)
{
	gboolean has_own = is_set(profile, "leftcert") || profile_uses_files(profile);

	if (has_own)
		fill_in(profile, "leftrsasigkey", "%cert");
	if (has_own || is_set(profile, "rightcert"))
		fill_in(profile, "rightrsasigkey", "%cert");
	/* libreswan as the gateway does not ask for it where it has not been told of an authority. */
	if (profile_uses_files(profile))
		fill_in(profile, "leftsendcert", "always");

	/* A profile with keys authenticates by them, one without by the secret,
	 * whatever an older editor left in authby. */
	if (is_set(profile, "leftrsasigkey") || is_set(profile, "rightrsasigkey") ||
		is_set(profile, "leftckaid")) {
		if (has(profile, "authby", "secret"))
			set(profile, "authby", NULL);
	} else if (!has(profile, "authby", "null")) {
		set(profile, "authby", "secret");
	}
}

/* In IKEv2 the assigned address has to be within the traffic selector that we
 * offer, and we do not know it yet: offer everything, and let the gateway narrow
 * it. */
static void
fill_in_selectors(Profile *profile)
{
	gboolean ipv4 = FALSE, ipv6 = FALSE;
	gboolean many = is_set(profile, "rightsubnets");

	fill_in(profile, "narrowing", "yes");
	fill_in(profile, "salifetime", NARROWED_LIFETIME);
	if (is_set(profile, "leftsubnet") || is_set(profile, "leftsubnets"))
		return;
	families_of(*value_of(profile, many ? "rightsubnets" : "rightsubnet"), &ipv4, &ipv6);
	if (ipv4 && ipv6)
		set(profile, many ? "leftsubnets" : "leftsubnet", "0.0.0.0/0,::/0");
	else
		set(profile, "leftsubnet", ipv6 ? "::/0" : "0.0.0.0/0");
}

/* IKEv1 replaces our side by the assigned address, but libreswan takes it for
 * the host's until then, and refuses a tunnel between two address families. */
static void
fill_in_other_family(Profile *profile)
{
	gboolean outside6 = has(profile, "hostaddrfamily", "ipv6");
	gboolean inside6 = has(profile, "clientaddrfamily", "ipv6");

	if (outside6 != inside6 && !is_set(profile, "leftsubnets"))
		fill_in(profile, "leftsubnet", inside6 ? "::/0" : "0.0.0.0/0");
}

static void
fill_in_subnets(Profile *profile)
{
	static const char *const keys[] = {"leftsubnet", "leftsubnets", "rightsubnet", "rightsubnets"};
	gboolean ipv4 = FALSE, ipv6 = FALSE;

	if (has(profile, "type", "transport"))
		return; /* it is about the two hosts alone */

	for (guint i = 0; i < G_N_ELEMENTS(keys); i++)
		families_of(*value_of(profile, keys[i]), &ipv4, &ipv6);
	/* libreswan 4 takes the subnets for IPv4 unless told. */
	if (ipv6 && !ipv4)
		fill_in(profile, "clientaddrfamily", "ipv6");
	if (!is_set(profile, "rightsubnets"))
		fill_in(profile, "rightsubnet",
				has(profile, "clientaddrfamily", "ipv6") ? "::/0" : "0.0.0.0/0");
	if (profile_is_ikev2(profile) && profile_modecfg_expected(profile))
		fill_in_selectors(profile);
	else if (profile_modecfg_expected(profile))
		fill_in_other_family(profile);
}

/* XAUTH asks for a name: that of the user on whose behalf NetworkManager acts, where the profile
 * has none. What NetworkManager gives is checked as what a profile says. */
static gboolean
fill_in_user_name(Profile *profile, GError **error)
{
	Option option = *option_find("leftusername");
	g_autofree char *normal = NULL;

	if (profile_is_ikev2(profile) || !has(profile, "leftxauthclient", "yes") ||
		is_set(profile, "leftusername") || !profile->user_name || !profile->user_name[0])
		return TRUE;
	option.key = "vpn.user-name"; /* for the message */
	normal = option_normalize(&option, profile->user_name, error);
	if (!normal)
		return FALSE;
	set(profile, "leftusername", normal);
	return TRUE;
}

static void
fill_in_ikev1(Profile *profile)
{
	gboolean has_group = is_set(profile, "leftid") && !profile_uses_files(profile);

	fill_in(profile, "aggressive", has_group ? "yes" : "no");
	if (profile_is_aggressive(profile)) {
		fill_in(profile, "ike", AGGRESSIVE_IKE);
		fill_in(profile, "esp", AGGRESSIVE_ESP);
	}
	fill_in(profile, "ikelifetime", IKEV1_LIFETIME);
	fill_in(profile, "salifetime", IKEV1_LIFETIME);
	fill_in(profile, "leftxauthclient", "yes");
	fill_in(profile, "rightxauthserver", *value_of(profile, "leftxauthclient"));
	if (g_strcmp0(*value_of(profile, "vendor"), "Cisco") == 0) {
		fill_in(profile, "cisco-unity", "yes");
		/* It does not ask for XAUTH and ModeCfg again when the ISAKMP SA is made anew, and pluto
		 * would wait for it. */
		fill_in(profile, "remote-peer-type", "cisco");
	}
	if (profile_modecfg_expected(profile))
		fill_in(profile, "modecfgpull", "yes");
}

/* Zero means never. It is said of both then: with IKEv1, libreswan complains of one without the
 * other, and of a zero beside a number. With IKEv2 it looks at the delay alone. */
static void
settle_never(Profile *profile)
{
	const char *delay = *value_of(profile, "dpddelay"), *timeout = *value_of(profile, "dpdtimeout");
	gboolean counts = timeout && !(delay && profile_is_ikev2(profile));

	if ((delay && option_duration(delay) == 0) || (counts && option_duration(timeout) == 0)) {
		set(profile, "dpddelay", "0");
		set(profile, "dpdtimeout", "0");
	}
}

static void
fill_in_liveness(Profile *profile)
{
	char **delay = value_of(profile, "dpddelay");
	char **timeout = value_of(profile, "dpdtimeout");
	g_autofree char *derived = NULL;

	if (!*delay && !*timeout) {
		set(profile, "dpddelay", DPD_DELAY);
		set(profile, "dpdtimeout", DPD_TIMEOUT);
	} else if (!*timeout) {
		/* IKEv1 in libreswan ignores the one without the other. */
		derived = g_strdup_printf("%" G_GUINT64_FORMAT "s", 4 * option_duration(*delay));
		set(profile, "dpdtimeout", derived);
	} else if (!*delay) {
		derived = g_strdup_printf("%" G_GUINT64_FORMAT "s", MAX(1, option_duration(*timeout) / 4));
		set(profile, "dpddelay", derived);
	}
	if (profile_is_ikev2(profile))
		fill_in(profile, "retransmit-timeout", DPD_TIMEOUT);
	fill_in(profile, "dpdaction", "hold");
}

/* Who has a certificate of the gateway's authority is many; who has one with its name is the
 * gateway. Where there is no name it is the address, libreswan's own default. */
static void
fill_in_identities(Profile *profile)
{
	const char *gateway = *value_of(profile, "right");

	if (!profile_uses_files(profile))
		return;
	fill_in(profile, "leftid", "%fromcert");
	if (!option_is_address(gateway, AF_UNSPEC)) {
		fill_in(profile, "rightid", gateway);
		mark_name(profile, "rightid");
	}
}

/* Everything that is decided for a user who did not say it. The order matters:
 * a default may look at those before it. */
static gboolean
fill_in_defaults(Profile *profile, GError **error)
{
	fill_in(profile, "ikev2", "never");
	mark_name(profile, "leftid");
	mark_name(profile, "rightid");
	if (option_is_address(*value_of(profile, "right"), AF_INET6) ||
		option_is_address(*value_of(profile, "left"), AF_INET6))
		fill_in(profile, "hostaddrfamily", "ipv6");
	fill_in_authentication(profile);
	fill_in(profile, "leftmodecfgclient", "yes");
	if (profile_modecfg_expected(profile))
		fill_in(profile, "rightmodecfgserver", "yes");
	fill_in_subnets(profile);
	if (!profile_is_ikev2(profile))
		fill_in_ikev1(profile);
	fill_in_identities(profile);
	fill_in(profile, "rekey", "yes");
	return fill_in_user_name(profile, error);
}

/* What holds even for nm-auto-defaults=no: recovery is the service's, and two
 * who recover the same tunnel race with each other. And it has to learn of a gateway that is
 * silent: without dead peer detection the connection would be activated for ever. */
static void
keep_recovery_ours(Profile *profile)
{
	set(profile, "keyingtries", "1");
	fill_in_liveness(profile);
	if (has(profile, "dpdaction", "restart"))
		set(profile, "dpdaction", "hold");
}

/* Once more, now that defaults are filled in and each value has its one spelling: that may be
 * longer than what the user wrote, and ipsec.conf would be refused when the tunnel is wanted. */
static gboolean
check_effective(const Profile *profile, GError **error)
{
	const Option *options = option_all(NULL);

	for (guint i = 0; i < profile->n; i++) {
		if (profile->values[i] && !(options[i].flags & OPTION_SECRET_KEY) &&
			!option_validate(&options[i], profile->values[i], error))
			return FALSE;
	}
	return TRUE;
}

/*****************************************************************************/

static gboolean
take_value(Profile *profile, const char *key, const char *value, GError **error)
{
	const Option *option = option_find(key);
	g_autofree char *normal = NULL;

	if (!option) {
		option_unknown_key(key, error);
		return FALSE;
	}
	if (option->flags & OPTION_SECRET_KEY) {
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("%s: is a secret and does not belong into vpn.data; put it into "
					  "vpn.secrets"),
					option->key);
		return FALSE;
	}
	if (!value || !*value)
		return TRUE; /* editors write empty values for what is not set */
	normal = option_normalize(option, value, error);
	if (!normal)
		return FALSE;
	set(profile, option->key, normal);
	return TRUE;
}

/* The newer spelling wins where both are there. */
static void
resolve_spellings(Profile *profile)
{
	const Option *options = option_all(NULL);

	for (guint i = 0; i < profile->n; i++) {
		if (!options[i].same_as)
			continue;
		if (profile->values[i])
			fill_in(profile, options[i].same_as, profile->values[i]);
		g_clear_pointer(&profile->values[i], g_free);
	}
}

/* To libreswan a subnet beside a list of subnets is one more of the list. */
static void
merge_subnets(Profile *profile, const char *one, const char *many)
{
	g_autofree char *all = NULL;

	if (!is_set(profile, one) || !is_set(profile, many))
		return;
	all = g_strconcat(*value_of(profile, one), ",", *value_of(profile, many), NULL);
	set(profile, many, all);
	set(profile, one, NULL);
}

gboolean
profile_set_secret(Profile *profile, const char *key, const char *value, GError **error)
{
	const Option *option = option_find(key);
	char **place;

	g_return_val_if_fail(option && option->flags & OPTION_SECRET_KEY, FALSE);

	if (value && *value && !option_validate(option, value, error))
		return FALSE;
	place = value_of(profile, key);
	wipe(*place);
	*place = value && *value ? g_strdup(value) : NULL;
	return TRUE;
}

static gboolean
take_data(Profile *profile, GHashTable *data, GError **error)
{
	g_autoptr(GList) keys = g_hash_table_get_keys(data);

	/* In order, so that of two wrong keys it is always the same that is named. */
	keys = g_list_sort(keys, (GCompareFunc) strcmp);
	for (GList *k = keys; k; k = k->next) {
		if (!take_value(profile, k->data, g_hash_table_lookup(data, k->data), error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
take_secrets(Profile *profile, GHashTable *secrets, GError **error)
{
	const Option *options = option_all(NULL);

	for (guint i = 0; i < profile->n; i++) {
		if (!(options[i].flags & OPTION_SECRET_KEY))
			continue;
		if (!profile_set_secret(profile, options[i].key,
								g_hash_table_lookup(secrets, options[i].key), error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
check_required(const Profile *profile, GError **error)
{
	const Option *options = option_all(NULL);

	for (guint i = 0; i < profile->n; i++) {
		g_autofree char *allowed = NULL;

		if (!(options[i].flags & OPTION_REQUIRED) || profile->values[i])
			continue;
		allowed = option_allowed(&options[i]);
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_MISSING,
					_("%s: is missing; it has to be %s"), options[i].key, allowed);
		return FALSE;
	}
	return TRUE;
}

Profile *
profile_new_from_data(const char *uuid, const char *id, GHashTable *data, GHashTable *secrets,
					  const char *user_name, GError **error)
{
	g_autoptr(Profile) profile = g_new0(Profile, 1);

	option_all(&profile->n);
	profile->values = g_new0(char *, profile->n);
	profile->uuid = g_strdup(uuid);
	profile->id = g_strdup(id);
	profile->name = one_line(id ? id : "?", ONE_LINE_NAME_MAX);
	profile->user_name = g_strdup(user_name);

	if (!take_data(profile, data, error))
		return NULL;
	if (secrets && !take_secrets(profile, secrets, error))
		return NULL;
	if (!check_required(profile, error))
		return NULL;
	resolve_spellings(profile);
	merge_subnets(profile, "leftsubnet", "leftsubnets");
	merge_subnets(profile, "rightsubnet", "rightsubnets");
	if (!profile_check_given(profile, error))
		return NULL;
	settle_never(profile);

	fill_in(profile, "left", "%defaultroute"); /* libreswan has no default for it */
	profile->auto_defaults = !has(profile, "nm-auto-defaults", "no");
	if (profile->auto_defaults && !fill_in_defaults(profile, error))
		return NULL;
	keep_recovery_ours(profile);
	if (!check_effective(profile, error) || !profile_check(profile, error))
		return NULL;
	return g_steal_pointer(&profile);
}

static Profile *
profile_new_from_setting(const char *uuid, const char *id, NMSettingVpn *setting, GError **error)
{
	g_autoptr(GHashTable) data = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) secrets = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree const char **keys = nm_setting_vpn_get_data_keys(setting, NULL);
	const Option *options;
	Profile *profile;
	guint n;

	/* Nothing is copied, a secret least of all: what the setting has outlives the tables. */
	for (guint i = 0; keys && keys[i]; i++)
		g_hash_table_insert(data, (gpointer) keys[i],
							(gpointer) nm_setting_vpn_get_data_item(setting, keys[i]));
	options = option_all(&n);
	for (guint i = 0; i < n; i++) {
		const char *secret = options[i].flags & OPTION_SECRET_KEY
								 ? nm_setting_vpn_get_secret(setting, options[i].key)
								 : NULL;

		if (secret)
			g_hash_table_insert(secrets, (gpointer) options[i].key, (gpointer) secret);
	}
	profile = profile_new_from_data(uuid, id, data, secrets, nm_setting_vpn_get_user_name(setting),
									error);
	if (profile)
		profile->persistent = nm_setting_vpn_get_persistent(setting);
	return profile;
}

/* NetworkManager lets nobody activate a connection with permissions but those whom they name. */
static gboolean
take_owner(Profile *profile, NMSettingConnection *setting, GError **error)
{
	const guint n = setting ? nm_setting_connection_get_num_permissions(setting) : 0;
	const char *type = NULL, *user = NULL, *detail;

	if (n == 0)
		return TRUE;
	if (n == 1 && nm_setting_connection_get_permission(setting, 0, &type, &user, &detail) &&
		g_strcmp0(type, "user") == 0 && user && *user) {
		profile->owner = g_strdup(user);
		return TRUE;
	}
	if (!profile_needs_import(profile))
		return TRUE;
	g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
				_("%s: a file is read as the user whose connection it is, and connection."
				  "permissions names %u; allowed is one user, or nobody for a connection of the "
				  "whole system"),
				profile_has_key_file(profile) ? "key" : "cert", n);
	return FALSE;
}

Profile *
profile_new(NMConnection *connection, GError **error)
{
	NMSettingVpn *setting = nm_connection_get_setting_vpn(connection);
	g_autoptr(Profile) profile = NULL;

	if (!setting) {
		g_set_error_literal(error, PROFILE_ERROR, PROFILE_ERROR_MISSING,
							_("the connection has no VPN setting"));
		return NULL;
	}
	profile = profile_new_from_setting(nm_connection_get_uuid(connection),
									   nm_connection_get_id(connection), setting, error);
	if (!profile || !take_owner(profile, nm_connection_get_setting_connection(connection), error))
		return NULL;
	return g_steal_pointer(&profile);
}

Profile *
profile_take(NMConnection *connection, GError **error)
{
	Profile *profile = profile_new(connection, error);

	nm_connection_clear_secrets(connection);
	return profile;
}

gboolean
profile_validate_setting(NMSettingVpn *setting, GError **error)
{
	g_autoptr(Profile) profile = profile_new_from_setting(NULL, NULL, setting, error);

	return profile != NULL;
}

/*****************************************************************************/

const char *
profile_get_uuid(const Profile *profile)
{
	return profile->uuid;
}

const char *
profile_get_id(const Profile *profile)
{
	return profile->id;
}

const char *
profile_get_name(const Profile *profile)
{
	return profile->name;
}

const char *
profile_get_option(const Profile *profile, const Option *option)
{
	return option->flags & OPTION_SECRET_KEY ? NULL : profile->values[option_index(option)];
}

const char *
profile_get(const Profile *profile, const char *key)
{
	const Option *option = option_find(key);

	return option ? profile_get_option(profile, option) : NULL;
}

const char *
profile_get_secret(const Profile *profile, const char *key)
{
	const Option *option = option_find(key);

	g_return_val_if_fail(option && option->flags & OPTION_SECRET_KEY, NULL);
	return profile->values[option_index(option)];
}

NMSettingSecretFlags
profile_get_secret_flags(const Profile *profile, const char *key)
{
	g_autofree char *flags_key = g_strconcat(key, "-flags", NULL);
	const char *flags = profile_get(profile, flags_key);

	return flags ? (NMSettingSecretFlags) g_ascii_strtoull(flags, NULL, 10)
				 : NM_SETTING_SECRET_FLAG_NONE;
}

gboolean
profile_has_auto_defaults(const Profile *profile)
{
	return profile->auto_defaults;
}

gboolean
profile_is_ikev2(const Profile *profile)
{
	const char *ikev2 = *value_of(profile, "ikev2");

	if (ikev2)
		return g_str_equal(ikev2, "insist");
	/* Ours is IKEv1; libreswan's, since 4.0, is IKEv2. */
	return has(profile, "nm-auto-defaults", "no");
}

gboolean
profile_uses_files(const Profile *profile)
{
	return is_set(profile, "cert");
}

gboolean
profile_has_key_file(const Profile *profile)
{
	return is_set(profile, "key") && !is_set(profile, "cert");
}

gboolean
profile_needs_import(const Profile *profile)
{
	return is_set(profile, "key") || is_set(profile, "cert");
}

const char *
profile_get_token(const Profile *profile)
{
	const char *cert = *value_of(profile, "cert");

	return cert && token_uri_is_one(cert) ? cert : NULL;
}

gboolean
profile_may_have_passphrase(const Profile *profile)
{
	return profile_needs_import(profile) && !profile_get_token(profile);
}

gboolean
profile_needs_pin(const Profile *profile)
{
	return profile_get_token(profile) != NULL;
}

const char *
profile_get_owner(const Profile *profile)
{
	return profile->owner;
}

static gboolean
authby_has(const Profile *profile, const char *word)
{
	g_auto(GStrv) words = g_strsplit(*value_of(profile, "authby") ?: "", ",", -1);

	return g_strv_contains((const char *const *) words, word);
}

gboolean
profile_authenticates_gateway(const Profile *profile)
{
	return !authby_has(profile, "null");
}

const char *
profile_find_weakness(const Profile *profile)
{
	const char *key = *value_of(profile, "rightrsasigkey"), *id = *value_of(profile, "rightid");
	gboolean by_authority = !has(profile, "authby", "secret") && !is_set(profile, "rightcert") &&
							(!key || g_str_equal(key, "%cert"));

	if (!profile_authenticates_gateway(profile))
		return _("authby has null in it: the gateway does not have to prove who it is, and whoever "
				 "answers in its place gets what goes through the tunnel");
	/* A certificate is checked against its authority alone where no identity is asked for. */
	if (by_authority && id && identity_is_any(id))
		return _(
			"rightid asks for no identity: whoever has a certificate of the same authority can "
			"take the gateway's place; set rightid to the identity in the gateway's own");
	if (by_authority && has(profile, "require-id-on-certificate", "no"))
		return _("require-id-on-certificate=no asks for no certificate that has the identity of "
				 "rightid: whoever has one of the same authority can take the gateway's place");
	return NULL;
}

gboolean
profile_is_aggressive(const Profile *profile)
{
	return !profile_is_ikev2(profile) && has(profile, "aggressive", "yes");
}

gboolean
profile_modecfg_expected(const Profile *profile)
{
	return has(profile, "leftmodecfgclient", "yes");
}

gboolean
profile_wants_interface(const Profile *profile)
{
	const char *interface = *value_of(profile, "ipsec-interface");

	if (interface)
		return !g_str_equal(interface, "no");
	return profile_modecfg_expected(profile) && !has(profile, "type", "transport");
}

gboolean
profile_get_interface_number(const Profile *profile, guint32 *number)
{
	const char *interface = *value_of(profile, "ipsec-interface");

	if (!interface || !g_ascii_isdigit(interface[0]))
		return FALSE;
	*number = (guint32) g_ascii_strtoull(interface, NULL, 10);
	return TRUE;
}

gboolean
profile_needs_psk(const Profile *profile)
{
	return authby_has(profile, "secret") && !has(profile, "pskinputmodes", "unused");
}

gboolean
profile_needs_xauthpassword(const Profile *profile)
{
	return !profile_is_ikev2(profile) && has(profile, "leftxauthclient", "yes") &&
		   !has(profile, "xauthpasswordinputmodes", "unused");
}

gboolean
profile_has_codes(const Profile *profile)
{
	return profile_get_xauth_user(profile) && is_set(profile, "xauthcode-flags") &&
		   !profile_is_on_demand(profile);
}

const char *
profile_get_xauth_user(const Profile *profile)
{
	if (profile_is_ikev2(profile) || !has(profile, "leftxauthclient", "yes"))
		return NULL;
	return *value_of(profile, "leftusername");
}

gboolean
profile_is_on_demand(const Profile *profile)
{
	return has(profile, "nm-connect-mode", "ondemand");
}

gboolean
profile_has_several_selectors(const Profile *profile)
{
	const char *left = profile_get(profile, "leftsubnet");
	const char *right = profile_get(profile, "rightsubnet");

	return (left && strchr(left, ',')) || (right && strchr(right, ','));
}

char **
profile_list_nets(const Profile *profile, const char *side)
{
	g_autofree char *one = g_strconcat(side, "subnet", NULL);
	g_autofree char *many = g_strconcat(side, "subnets", NULL);
	const char *nets = profile_get(profile, many) ?: profile_get(profile, one);

	if (!nets || !(profile_get(profile, "leftsubnets") || profile_get(profile, "rightsubnets")))
		return g_new0(char *, 1);
	return g_strsplit(nets, ",", -1);
}

gboolean
profile_is_persistent(const Profile *profile)
{
	return profile->persistent;
}

const char *
profile_get_domain(const Profile *profile)
{
	return *value_of(profile, "Domain");
}

guint32
profile_get_mtu(const Profile *profile)
{
	const char *mtu = *value_of(profile, "mtu");

	return mtu ? (guint32) g_ascii_strtoull(mtu, NULL, 10) : 0;
}

guint32
profile_get_recovery_timeout(const Profile *profile)
{
	const char *timeout = *value_of(profile, "nm-recovery-timeout");

	return timeout ? (guint32) option_duration(timeout) : RECOVERY_TIMEOUT;
}
