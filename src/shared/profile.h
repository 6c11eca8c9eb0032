/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A profile: the keys of one VPN connection, checked, with their effective
 * values. What a key may be is option.h's; how keys depend on each other, and
 * what is filled in where the user said nothing, is decided here, once.
 */

#pragma once

#include <NetworkManager.h>

#include "option.h"

typedef struct _Profile Profile;

/**
 * profile_new:
 * @connection: a connection with an NMSettingVpn
 * @error: %PROFILE_ERROR; the message names the key
 *
 * Secrets that are there are taken along; none are demanded.
 *
 * Returns: (transfer full): the profile, free with profile_free()
 */
Profile *profile_new(NMConnection *connection, GError **error);

/**
 * profile_take: likewise, and @connection has no secrets afterwards, whatever comes of it.
 *
 * Who has to keep a secret keeps the profile. libnm wipes what it gives back itself only in part:
 * wiping-free.c does so in the service.
 */
Profile *profile_take(NMConnection *connection, GError **error);

/**
 * profile_new_from_data:
 * @uuid: (nullable): the connection's UUID
 * @id: (nullable): its name, for people
 * @data: (element-type utf8 utf8): vpn.data
 * @secrets: (nullable) (element-type utf8 utf8): vpn.secrets
 * @user_name: (nullable): the user on whose behalf NetworkManager acts, for XAUTH
 * @error: %PROFILE_ERROR
 *
 * The same from plain tables.
 */
Profile *profile_new_from_data(const char *uuid, const char *id, GHashTable *data,
							   GHashTable *secrets, const char *user_name, GError **error);

/* Frees it, and wipes its secrets. */
void profile_free(Profile *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Profile, profile_free)

/**
 * profile_validate_setting:
 * @setting: what is about to be saved
 * @error: %PROFILE_ERROR
 */
gboolean profile_validate_setting(NMSettingVpn *setting, GError **error);

/* NULL where the connection has none. */
const char *profile_get_uuid(const Profile *profile);
const char *profile_get_id(const Profile *profile);

/* The id as messages have it (one_line()); "?" where the connection has none. */
const char *profile_get_name(const Profile *profile);

/* The effective value of a key: what the user set, or what is filled in for
 * it; NULL where neither is. Secrets are to be had by profile_get_secret(). */
const char *profile_get(const Profile *profile, const char *key);
const char *profile_get_option(const Profile *profile, const Option *option);

/* A key of vpn.secrets (secret.h); NULL where the profile was made without it. */
const char *profile_get_secret(const Profile *profile, const char *key);

/* Replaces a secret: what the user typed when asked. NULL forgets it. FALSE
 * and an error where it cannot be one. */
gboolean profile_set_secret(Profile *profile, const char *key, const char *value, GError **error);

/* Whether somebody is to be asked for what the gateway's XAUTH wants beside the password. */
gboolean profile_has_codes(const Profile *profile);

/* The flags of a secret, as NetworkManager keeps them in vpn.data. */
NMSettingSecretFlags profile_get_secret_flags(const Profile *profile, const char *key);

gboolean profile_has_auto_defaults(const Profile *profile);
gboolean profile_is_ikev2(const Profile *profile);

/* Whether cert says where our certificate is, in files or on a token; otherwise leftcert may name
 * one of the system's NSS database. */
gboolean profile_uses_files(const Profile *profile);

/* Whether our private key is in a file, and has no certificate: the gateway knows its public half.
 */
gboolean profile_has_key_file(const Profile *profile);

/* Whether the connection has an NSS database of its own, with what is in files or on a token. */
gboolean profile_needs_import(const Profile *profile);

/* (nullable) (transfer none): the URI (token-uri.h) of our certificate where it is on a token, such
 * as a smart card. */
const char *profile_get_token(const Profile *profile);

/* Whether what we have is in files, which may have a passphrase. */
gboolean profile_may_have_passphrase(const Profile *profile);

/* Whether a token wants to know who uses it: pin. */
gboolean profile_needs_pin(const Profile *profile);

/* (nullable): the one user whose connection it is, as whom its files are read: NULL where it is a
 * connection of the whole system. */
const char *profile_get_owner(const Profile *profile);

/* Whether the gateway has to prove who it is; else authby has null in it, and anybody may be it. */
gboolean profile_authenticates_gateway(const Profile *profile);

/* (nullable) (transfer none): one sentence where others than the gateway could be taken for it, for
 * logs and for who imports the profile. */
const char *profile_find_weakness(const Profile *profile);

/* IKEv1 in aggressive mode. */
gboolean profile_is_aggressive(const Profile *profile);

/* Whether the gateway is to give us an address. */
gboolean profile_modecfg_expected(const Profile *profile);

/* Whether the tunnel gets an XFRM interface; else it is policy-based. */
gboolean profile_wants_interface(const Profile *profile);

/* TRUE and the number where the user chose one (ipsec-interface=7). */
gboolean profile_get_interface_number(const Profile *profile, guint32 *number);

/* Whether IKE needs a pre-shared key: pskvalue. */
gboolean profile_needs_psk(const Profile *profile);

/* Whether XAUTH will ask for a password: xauthpassword. */
gboolean profile_needs_xauthpassword(const Profile *profile);

/* Who we are to XAUTH; NULL where XAUTH is not used or nobody is known. */
const char *profile_get_xauth_user(const Profile *profile);

/* nm-connect-mode=ondemand: the first packet brings the tunnel up. */
gboolean profile_is_on_demand(const Profile *profile);

/* Whether one Child SA may carry several pairs of nets: libreswan 5 says each of them up by itself.
 */
gboolean profile_has_several_selectors(const Profile *profile);

/* (transfer full): the nets at one side, "left" or "right", of a profile with several connections:
 * leftsubnets or rightsubnets. Empty where neither is set. */
char **profile_list_nets(const Profile *profile, const char *side);

/* vpn.persistent of the connection. */
gboolean profile_is_persistent(const Profile *profile);

/* The search domains that the user gave, separated by blanks, or NULL. */
const char *profile_get_domain(const Profile *profile);

/* The MTU that the user gave, 0 where he gave none. */
guint32 profile_get_mtu(const Profile *profile);

/* How many seconds a recovery may take before we give up. */
guint32 profile_get_recovery_timeout(const Profile *profile);
