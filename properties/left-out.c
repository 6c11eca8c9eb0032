/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "left-out.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#define ANYWAY    NULL /* what is so without it too */
#define ROUTES    N_("NetworkManager makes the routes")
#define RESPONDER N_("is for a gateway that answers clients")
#define TUNING    N_("tunes libreswan and is no part of a connection")
#define RECOVERY  N_("NetworkManager recovers the tunnel itself")
#define THEIRS    N_("is the gateway's affair")
#define ITSELF    N_("the address is found among this computer's own that are in leftsubnet")
#define SHUNT     N_("nothing leaves in plaintext while the tunnel is missing")
#define DNS       N_("set ipv4.ignore-auto-dns of the connection instead")

/* With this value, or with any where there is none. */
static const struct {
	const char *keyword, *value;
	const char *why;
} rows[] = {
	/* Where it goes. */
	{"leftnexthop", "%defaultroute", ANYWAY},
	{"leftnexthop", "%direct", ANYWAY},
	{"leftnexthop", NULL, ROUTES},
	{"rightnexthop", "%defaultroute", ANYWAY},
	{"rightnexthop", "%direct", ANYWAY},
	{"rightnexthop", NULL, ROUTES},
	{"rightsourceip", NULL, THEIRS},
	{"leftsourceip", NULL, ITSELF},
	{"leftinterface-ip", NULL, N_("set ipv4.addresses of the connection instead")},
	{"rightinterface-ip", NULL, THEIRS},
	{"metric", NULL, N_("set ipv4.route-metric of the connection instead")},
	{"leftupdown", "%disabled", ANYWAY},

	/* The other end of a connection between a client and a gateway. */
	{"rightsendcert", NULL, THEIRS},
	{"rightupdown", NULL, THEIRS},
	{"rightusername", NULL, THEIRS},
	{"rightxauthusername", NULL, THEIRS},
	{"rightmodecfgclient", "no", ANYWAY},
	{"leftmodecfgserver", "no", ANYWAY},
	{"leftxauthserver", "no", ANYWAY},
	{"rightxauthclient", "no", ANYWAY},
	{"leftcat", "no", ANYWAY},
	{"rightcat", NULL, THEIRS},
	{"leftautheap", "none", ANYWAY},
	{"rightautheap", "none", ANYWAY},
	{"xauthby", NULL, RESPONDER},
	{"xauthfail", NULL, RESPONDER},
	{"pam-authorize", NULL, RESPONDER},
	{"modecfgdns", NULL, RESPONDER},
	{"modecfgdns1", NULL, RESPONDER},
	{"modecfgdns2", NULL, RESPONDER},
	{"modecfgdomain", NULL, RESPONDER},
	{"modecfgdomains", NULL, RESPONDER},
	{"modecfgbanner", NULL, RESPONDER},
	{"share-lease", NULL, RESPONDER},
	{"cisco-split", NULL, RESPONDER},
	{"send-redirect", NULL, RESPONDER},
	{"redirect-to", NULL, RESPONDER},
	{"ms-dh-downgrade", "no", ANYWAY},
	{"ms-dh-downgrade", NULL, RESPONDER},
	{"pfs-rekey-workaround", "no", ANYWAY},
	{"pfs-rekey-workaround", NULL, RESPONDER},
	{"sendca", NULL, RESPONDER},
	{"leftca", NULL, N_("leftcert names our certificate")},
	{"dns-match-id", NULL, RESPONDER},

	/* Who recovers, and what is so meanwhile. */
	{"keyingtries", "1", ANYWAY},
	{"keyingtries", NULL, RECOVERY},
	{"dpdaction", "hold", ANYWAY},
	{"dpdaction", NULL, RECOVERY},
	{"retransmit-timeout", NULL, RECOVERY},
	{"retransmit-interval", NULL, RECOVERY},
	{"rekeymargin", NULL, N_("follows from the lifetimes")},
	{"rekeyfuzz", NULL, N_("follows from the lifetimes")},
	{"failureshunt", NULL, SHUNT},
	{"negotiationshunt", NULL, SHUNT},
	{"reauth", "no", ANYWAY},
	{"reauth", NULL, TUNING},
	{"nm-configured", NULL, ANYWAY},

	/* Harmless without. */
	{"compress", "no", ANYWAY},
	{"compress", NULL, TUNING},
	{"overlapip", NULL, TUNING},
	{"replay-window", NULL, TUNING},
	{"esn", NULL, TUNING},
	{"nic-offload", NULL, TUNING},
	{"priority", NULL, TUNING},
	{"reqid", NULL, TUNING},
	{"tfc", NULL, TUNING},
	{"send-no-esp-tfc", NULL, TUNING},
	{"nflog", NULL, TUNING},
	{"nflog-group", NULL, TUNING},
	{"clones", NULL, TUNING},
	{"connalias", NULL, TUNING},
	{"decap-dscp", NULL, TUNING},
	{"encap-dscp", NULL, TUNING},
	{"nopmtudisc", NULL, TUNING},
	{"send-vendorid", NULL, TUNING},
	{"fake-strongswan", NULL, TUNING},
	{"ikepad", NULL, TUNING},
	{"nat-keepalive", "yes", ANYWAY},
	{"nat-keepalive", NULL, TUNING},
	{"nat-ikev1-method", NULL, TUNING},
	{"ikev1-natt", NULL, TUNING},
	{"accept-redirect", NULL, TUNING},
	{"accept-redirect-to", NULL, TUNING},
	{"ipsec-max-bytes", NULL, TUNING},
	{"ipsec-max-packets", NULL, TUNING},
	{"session-resumption", NULL, TUNING},
	{"intermediate", NULL, TUNING},
	{"iptfs", "no", ANYWAY},
	{"loopback", "no", ANYWAY},
	{"debug", NULL, TUNING},
	{"plutodebug", NULL, TUNING},
	{"sha2-truncbug", "no", ANYWAY},
	{"forceencaps", "no", ANYWAY},
	{"enable-tcp", "no", ANYWAY},
	{"enable-tcp", "fallback", N_("IKE goes over UDP")},
	{"ppk", "no", ANYWAY},
	{"ppk", "never", ANYWAY},
	{"phase2", "esp", ANYWAY},
	{"auth", "esp", ANYWAY},
	{"leftikeport", "500", ANYWAY},
	{"rightikeport", "500", ANYWAY},
	{"ikeport", "500", ANYWAY},
	{"ignore-peer-dns", "no", ANYWAY},
	{"ignore-peer-dns", NULL, DNS},
	{"vti-routing", "no", ANYWAY},
	{"vti-shared", "no", ANYWAY},
	{"mark-out", "0", ANYWAY},
};

#define INTERFACE N_("a tunnel with an interface of its own has ipsec-interface=yes instead")
#define EAP       N_("EAP is not supported")

/* What cannot be left out, and what there is instead. */
static const struct {
	const char *keyword;
	const char *instead;
} instead[] = {
	{"vti-interface", INTERFACE},
	{"vti-routing", INTERFACE},
	{"vti-shared", INTERFACE},
	{"leftvti", INTERFACE},
	{"rightvti", INTERFACE},
	{"mark", INTERFACE},
	{"mark-in", INTERFACE},
	{"mark-out", INTERFACE},
	{"leftautheap", EAP},
	{"rightautheap", EAP},
	{"ah", N_("only ESP is supported: set esp")},
	{"phase2", N_("only ESP is supported")},
	{"auth", N_("only ESP is supported")},
	{"alsoflip", N_("write also=, with left and right the right way round")},
	{"leftaddresspool",
	 N_("who has addresses to give is a gateway; a client has leftmodecfgclient=yes")},
	{"rightaddresspool",
	 N_("who has addresses to give is a gateway; a client has leftmodecfgclient=yes")},
};

/* The words of strongSwan's ipsec.conf(5) that libreswan has never had; of value: how it begins. */
static const struct {
	const char *keyword, *value;
} strongswan[] = {
	{"eap_identity", NULL},    {"aaa_identity", NULL},      {"charondebug", NULL},
	{"strictcrlpolicy", NULL}, {"cachecrls", NULL},         {"closeaction", NULL},
	{"leftfirewall", NULL},    {"rightfirewall", NULL},     {"lefthostaccess", NULL},
	{"righthostaccess", NULL}, {"leftdns", NULL},           {"leftgroups", NULL},
	{"rightgroups", NULL},     {"leftallowany", NULL},      {"rightallowany", NULL},
	{"mobike", "strict"},      {"leftsourceip", "%config"}, {"leftsourceip", "%modeconfig"},
	{"leftauth", "eap"},       {"rightauth", "eap"},        {"leftauth", "pubkey"},
	{"rightauth", "pubkey"},   {"leftauth", "psk"},         {"rightauth", "psk"},
	{"leftauth", "xauth"},     {"leftauth2", NULL},         {"rightauth2", NULL},
	{"leftcert2", NULL},       {"leftid2", NULL},           {"authby", "xauthpsk"},
	{"authby", "xauthrsasig"}, {"authby", "pubkey"},        {"xauth_identity", NULL},
	{"me_peerid", NULL},       {"mediation", NULL},         {"inactivity", NULL},
};

LeftOut
left_out_find(const char *keyword, const char *value, const char **why)
{
	*why = NULL;
	/* x-anything is a comment to libreswan. */
	if (g_str_has_prefix(keyword, "x-") || g_str_has_prefix(keyword, "x_"))
		return LEFT_OUT_SILENTLY;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (!g_str_equal(keyword, rows[i].keyword) ||
			(rows[i].value && g_ascii_strcasecmp(value, rows[i].value) != 0))
			continue;
		*why = rows[i].why ? _(rows[i].why) : NULL;
		return rows[i].why ? LEFT_OUT_NAMED : LEFT_OUT_SILENTLY;
	}
	for (guint i = 0; i < G_N_ELEMENTS(instead); i++) {
		if (g_str_equal(keyword, instead[i].keyword))
			*why = _(instead[i].instead);
	}
	return LEFT_OUT_NOT;
}

gboolean
left_out_is_strongswan(const char *keyword, const char *value)
{
	for (guint i = 0; i < G_N_ELEMENTS(strongswan); i++) {
		if (g_str_equal(keyword, strongswan[i].keyword) &&
			(!strongswan[i].value || g_str_has_prefix(value, strongswan[i].value)))
			return TRUE;
	}
	return FALSE;
}
