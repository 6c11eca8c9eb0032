/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "config.h"

#include "option.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include <glib/gi18n-lib.h>

/* A quoted value in a message is cut to this many characters. */
#define QUOTE_MAX 48

/* pluto reads ipsec.secrets(5) in lines of at most 2047 bytes (MAX_TOK_LEN in its
 * lex.h), and we write two digits for each byte of a secret. */
#define SECRET_MAX 1000

/* MAX_XAUTH_USERNAME_LEN in libreswan, less the terminating zero. */
#define USER_NAME_MAX 127

/* RFC 1035. */
#define HOST_NAME_MAX_LENGTH 253

/* IFNAMSIZ less the terminating zero. */
#define INTERFACE_NAME_MAX 15

G_DEFINE_QUARK(profile - error - quark, profile_error)

static const OptionWord words_yes_no[] = {
	{"yes", "yes"}, {"no", "no"}, {"true", "yes"}, {"false", "no"}, {"on", "yes"}, {"off", "no"},
	{"y", "yes"},   {"n", "no"},  {"1", "yes"},    {"0", "no"},     {NULL, NULL},
};

/* libreswan 3 knew four answers, libreswan 4 and 5 know two; what each of them
 * came to mean is in their ikev2= keyword tables. */
static const OptionWord words_ikev2[] = {
	{"never", "never"},    {"insist", "insist"}, {"no", "never"},      {"yes", "insist"},
	{"propose", "insist"}, {"permit", "never"},  {"always", "insist"}, {NULL, NULL},
};

static const OptionWord words_family[] = {
	{"ipv4", "ipv4"}, {"ipv6", "ipv6"},  {"v4", "ipv4"}, {"v6", "ipv6"},
	{"inet", "ipv4"}, {"inet6", "ipv6"}, {NULL, NULL},
};

static const OptionWord words_type[] = {
	{"tunnel", "tunnel"},
	{"transport", "transport"},
	{NULL, NULL},
};

static const OptionWord words_sendcert[] = {
	{"always", "always"}, {"sendifasked", "sendifasked"},
	{"never", "never"},   {"alwayssend", "always"},
	{"yes", "always"},    {"no", "never"},
	{NULL, NULL},
};

static const OptionWord words_fragmentation[] = {
	{"yes", "yes"},  {"no", "no"},        {"force", "force"},
	{"never", "no"}, {"insist", "force"}, {NULL, NULL},
};

static const OptionWord words_encapsulation[] = {
	{"auto", "auto"},
	{"yes", "yes"},
	{"no", "no"},
	{NULL, NULL},
};

static const OptionWord words_dpdaction[] = {
	{"hold", "hold"}, {"clear", "clear"}, {"restart", "restart"}, {"restart_by_peer", "restart"},
	{NULL, NULL},
};

static const OptionWord words_connect_mode[] = {
	{"up", "up"}, {"ondemand", "ondemand"}, {"start", "up"}, {"route", "ondemand"}, {NULL, NULL},
};

static const OptionWord words_input_modes[] = {
	{"save", "save"},
	{"ask", "ask"},
	{"unused", "unused"},
	{NULL, NULL},
};

static const OptionWord words_peer_type[] = {
	{"cisco", "cisco"},
	{NULL, NULL},
};

static const OptionWord words_authby[] = {
	{"secret", "secret"},
	{"rsasig", "rsasig"},
	{"rsa", "rsasig"},
	{"rsa-sha1", "rsa-sha1"},
	{"rsa-sha2", "rsa-sha2"},
	{"rsa-sha2_256", "rsa-sha2_256"},
	{"rsa-sha2_384", "rsa-sha2_384"},
	{"rsa-sha2_512", "rsa-sha2_512"},
	{"ecdsa", "ecdsa"},
	{"ecdsa-sha2", "ecdsa-sha2"},
	{"ecdsa-sha2_256", "ecdsa-sha2_256"},
	{"ecdsa-sha2_384", "ecdsa-sha2_384"},
	{"ecdsa-sha2_512", "ecdsa-sha2_512"},
	{"null", "null"},
	{NULL, NULL},
};

/* The order is that of ipsec.conf and of the manual: who, how to prove it, what
 * goes through, which algorithms, how it is kept alive; then what is ours. */
static const Option options[] = {
	/* The two ends. */
	{
		.key = "right",
		.kind = OPTION_ADDRESS,
		.ike = OPTION_IKE,
		.conf4 = "right",
		.conf5 = "right",
		.flags = OPTION_REQUIRED,
		.help = N_("The address or host name of the VPN gateway."),
	},
	{
		.key = "rightid",
		.kind = OPTION_ID,
		.ike = OPTION_IKE,
		.conf4 = "rightid",
		.conf5 = "rightid",
		.fallback = N_("the gateway's address"),
		.help = N_("The identity that the gateway must show."),
	},
	{
		.key = "left",
		.kind = OPTION_ADDRESS,
		.ike = OPTION_IKE,
		.conf4 = "left",
		.conf5 = "left",
		.fallback = "%defaultroute",
		.help = N_("The local address to speak IKE from."),
	},
	{
		.key = "leftid",
		.kind = OPTION_ID,
		.ike = OPTION_IKE,
		.conf4 = "leftid",
		.conf5 = "leftid",
		.fallback = N_("the local address"),
		.help = N_("The identity that we show to the gateway (the group name of a Cisco "
				   "gateway). With IKEv1 it also means aggressive mode, unless 'aggressive' "
				   "says otherwise."),
	},
	{
		.key = "hostaddrfamily",
		.kind = OPTION_ENUM,
		.ike = OPTION_IKE,
		.conf4 = "hostaddrfamily",
		.conf5 = "hostaddrfamily",
		.words = words_family,
		.fallback = N_("that of the addresses in 'right' and 'left', otherwise ipv4"),
		.help = N_("The address family outside the tunnel."),
	},

	/* IKE. */
	{
		.key = "ikev2",
		.kind = OPTION_ENUM,
		.ike = OPTION_IKE,
		.conf4 = "ikev2",
		.conf5 = "keyexchange",
		.words = words_ikev2,
		.fallback = "never",
		.help = N_("Which version of IKE to speak: 'never' is IKEv1, 'insist' is IKEv2. "
				   "The other words are older spellings of these two."),
	},
	{
		.key = "aggressive",
		.kind = OPTION_YES_NO,
		.ike = OPTION_IKEV1,
		.conf4 = "aggressive",
		.conf5 = "aggressive",
		.flags = OPTION_NEW,
		.fallback = N_("yes with IKEv1 where 'leftid' is set, otherwise no"),
		.help = N_("Whether IKEv1 uses aggressive mode or main mode."),
	},
	{
		.key = "aggrmode",
		.kind = OPTION_YES_NO,
		.ike = OPTION_IKEV1,
		.flags = OPTION_DERIVED,
		.same_as = "aggressive",
		.help = N_("Older spelling of 'aggressive'."),
	},
	{
		.key = "authby",
		.kind = OPTION_AUTHBY,
		.ike = OPTION_IKE,
		.conf4 = "authby",
		.conf5 = "authby",
		.words = words_authby,
		.fallback = N_("secret, or libreswan's default where a certificate or key is set"),
		.help = N_("How both ends prove who they are."),
	},
	{
		.key = "leftcert",
		.kind = OPTION_STRING,
		.ike = OPTION_IKE,
		.conf4 = "leftcert",
		.conf5 = "leftcert",
		.help = N_("The nickname of our certificate in libreswan's NSS database."),
	},
	{
		.key = "leftrsasigkey",
		.kind = OPTION_PUBLIC_KEY,
		.ike = OPTION_IKE,
		.conf4 = "leftrsasigkey",
		.conf5 = "leftrsasigkey",
		.fallback = N_("%cert where 'leftcert' is set"),
		.help = N_("Our public key."),
	},
	{
		.key = "leftsendcert",
		.kind = OPTION_ENUM,
		.ike = OPTION_IKE,
		.conf4 = "leftsendcert",
		.conf5 = "leftsendcert",
		.words = words_sendcert,
		.fallback = "sendifasked",
		.help = N_("When to send our certificate to the gateway."),
	},
	{
		.key = "rightcert",
		.kind = OPTION_STRING,
		.ike = OPTION_IKE,
		.conf4 = "rightcert",
		.conf5 = "rightcert",
		.help = N_("The nickname of the gateway's certificate in libreswan's NSS database."),
	},
	{
		.key = "rightrsasigkey",
		.kind = OPTION_PUBLIC_KEY,
		.ike = OPTION_IKE,
		.conf4 = "rightrsasigkey",
		.conf5 = "rightrsasigkey",
		.fallback = N_("%cert where 'leftcert' or 'rightcert' is set"),
		.help = N_("The gateway's public key."),
	},
	{
		.key = "rightca",
		.kind = OPTION_STRING,
		.ike = OPTION_IKE,
		.conf4 = "rightca",
		.conf5 = "rightca",
		.help = N_("The authority that must have signed the gateway's certificate: a "
				   "distinguished name, %any, or %same for the one that signed ours."),
	},
	{
		.key = "require-id-on-certificate",
		.kind = OPTION_YES_NO,
		.ike = OPTION_IKE,
		.conf4 = "require-id-on-certificate",
		.conf5 = "require-id-on-certificate",
		.fallback = "yes",
		.help = N_("Whether the gateway's identity must be in its certificate."),
	},
	{
		.key = "leftusername",
		.kind = OPTION_STRING,
		.ike = OPTION_IKEV1,
		.conf4 = "leftusername",
		.conf5 = "leftusername",
		.max = USER_NAME_MAX,
		.fallback = N_("the user who activates the connection"),
		.help = N_("The user name for XAUTH."),
	},
	{
		.key = "leftxauthusername",
		.kind = OPTION_STRING,
		.ike = OPTION_IKEV1,
		.max = USER_NAME_MAX,
		.same_as = "leftusername",
		.help = N_("Older spelling of 'leftusername'."),
	},
	{
		.key = "leftxauthclient",
		.kind = OPTION_YES_NO,
		.ike = OPTION_IKEV1,
		.conf4 = "leftxauthclient",
		.conf5 = "leftxauthclient",
		.flags = OPTION_DERIVED,
		.fallback = "yes",
		.help = N_("Whether we answer the gateway's question for a user name and password."),
	},
	{
		.key = "rightxauthserver",
		.kind = OPTION_YES_NO,
		.ike = OPTION_IKEV1,
		.conf4 = "rightxauthserver",
		.conf5 = "rightxauthserver",
		.flags = OPTION_DERIVED,
		.fallback = N_("as 'leftxauthclient'"),
		.help = N_("Whether the gateway asks for a user name and password."),
	},

	/* What goes through the tunnel. */
	{
		.key = "leftmodecfgclient",
		.kind = OPTION_YES_NO,
		.ike = OPTION_IKE,
		.conf4 = "leftmodecfgclient",
		.conf5 = "leftmodecfgclient",
		.fallback = "yes",
		.help = N_("Whether the gateway assigns our address inside the tunnel."),
	},
	{
		.key = "rightmodecfgserver",
		.kind = OPTION_YES_NO,
		.ike = OPTION_IKE,
		.conf4 = "rightmodecfgserver",
		.conf5 = "rightmodecfgserver",
		.flags = OPTION_DERIVED,
		.fallback = N_("as 'leftmodecfgclient'"),
		.help = N_("Whether the gateway assigns addresses."),
	},
	{
		.key = "modecfgpull",
		.kind = OPTION_YES_NO,
		.ike = OPTION_IKEV1,
		.conf4 = "modecfgpull",
		.conf5 = "modecfgpull",
		.flags = OPTION_DERIVED,
		.fallback = N_("as 'leftmodecfgclient'"),
		.help = N_("Whether we ask for the address, rather than wait for it."),
	},
	{
		.key = "leftsubnet",
		.kind = OPTION_SUBNET,
		.ike = OPTION_IKE,
		.conf4 = "leftsubnet",
		.conf5 = "leftsubnet",
		.fallback =
			N_("0.0.0.0/0 or ::/0 where the gateway assigns an address and IKEv2 is spoken or "
			   "the family inside is another than outside; otherwise the local address"),
		.help = N_("The subnet on our side of the tunnel."),
	},
	{
		.key = "leftsubnets",
		.kind = OPTION_SUBNETS,
		.ike = OPTION_IKE,
		.conf4 = "leftsubnets",
		.conf5 = "leftsubnets",
		.help = N_("Several subnets on our side, with a tunnel for each."),
	},
	{
		.key = "rightsubnet",
		.kind = OPTION_SUBNET,
		.ike = OPTION_IKE,
		.conf4 = "rightsubnet",
		.conf5 = "rightsubnet",
		.fallback = N_("0.0.0.0/0 or ::/0"),
		.help = N_("The subnet on the gateway's side, to be reached through the tunnel."),
	},
	{
		.key = "rightsubnets",
		.kind = OPTION_SUBNETS,
		.ike = OPTION_IKE,
		.conf4 = "rightsubnets",
		.conf5 = "rightsubnets",
		.help = N_("Several subnets on the gateway's side, with a tunnel for each."),
	},
	{
		.key = "leftprotoport",
		.kind = OPTION_PROTOPORT,
		.ike = OPTION_IKE,
		.conf4 = "leftprotoport",
		.conf5 = "leftprotoport",
		.help = N_("The protocol and port on our side that the tunnel is for."),
	},
	{
		.key = "rightprotoport",
		.kind = OPTION_PROTOPORT,
		.ike = OPTION_IKE,
		.conf4 = "rightprotoport",
		.conf5 = "rightprotoport",
		.help = N_("The protocol and port on the gateway's side that the tunnel is for."),
	},
	{
		.key = "clientaddrfamily",
		.kind = OPTION_ENUM,
		.ike = OPTION_IKE,
		.conf4 = "clientaddrfamily",
		.conf5 = "clientaddrfamily",
		.words = words_family,
		.fallback = N_("that of the subnets"),
		.help = N_("The address family inside the tunnel."),
	},
	{
		.key = "narrowing",
		.kind = OPTION_YES_NO,
		.ike = OPTION_IKEV2,
		.conf4 = "narrowing",
		.conf5 = "narrowing",
		.fallback = N_("yes with an assigned address, otherwise no"),
		.help = N_("Whether the gateway may give us less than the subnets that we ask for."),
	},
	{
		.key = "type",
		.kind = OPTION_ENUM,
		.ike = OPTION_IKE,
		.conf4 = "type",
		.conf5 = "type",
		.words = words_type,
		.fallback = "tunnel",
		.help = N_("Tunnel mode or transport mode."),
	},
	{
		.key = "ipsec-interface",
		.kind = OPTION_INTERFACE,
		.ike = OPTION_IKE,
		.flags = OPTION_NM_ONLY, /* the service chooses the number and writes it */
		.min = 1,                /* an XFRM interface cannot have the if_id 0 */
		.max = G_MAXUINT32 - 1,
		.fallback = N_("yes where the gateway assigns an address, otherwise no"),
		.help = N_("Whether the tunnel gets an interface of its own, and with a number, which: "
				   "7 is ipsec7. Without one the tunnel is policy-based."),
	},
	{
		.key = "mtu",
		.kind = OPTION_NUMBER,
		.ike = OPTION_IKE,
		.flags = OPTION_NM_ONLY | OPTION_NEW,
		.min = 576,
		.max = 65535,
		.fallback = N_("what fits the path to the gateway"),
		.help = N_("The MTU inside the tunnel, in bytes."),
	},

	/* Algorithms. */
	{
		.key = "ike",
		.kind = OPTION_PROPOSALS,
		.ike = OPTION_IKE,
		.conf4 = "ike",
		.conf5 = "ike",
		.fallback = N_("aes256-sha1;modp1536 in aggressive mode, otherwise libreswan's default"),
		.help = N_("The algorithms for the IKE SA (phase 1)."),
	},
	{
		.key = "esp",
		.kind = OPTION_PROPOSALS,
		.ike = OPTION_IKE,
		.conf4 = "esp",
		.conf5 = "esp",
		.fallback = N_("aes256-sha1 in aggressive mode, otherwise libreswan's default"),
		.help = N_("The algorithms for the tunnel itself (phase 2)."),
	},
	{
		.key = "phase2alg",
		.kind = OPTION_PROPOSALS,
		.ike = OPTION_IKE,
		.flags = OPTION_DERIVED,
		.same_as = "esp",
		.help = N_("Older spelling of 'esp'."),
	},
	{
		.key = "pfs",
		.kind = OPTION_YES_NO,
		.ike = OPTION_IKE,
		.conf4 = "pfs",
		.conf5 = "pfs",
		.fallback = "yes",
		.help = N_("Whether the tunnel's keys come from a key exchange of their own (perfect "
				   "forward secrecy)."),
	},

	/* Lifetimes and keeping alive. */
	{
		.key = "ikelifetime",
		.kind = OPTION_DURATION,
		.ike = OPTION_IKE,
		.conf4 = "ikelifetime",
		.conf5 = "ikelifetime",
		.min = 1,
		.max = 365 * 24 * 3600,
		.fallback = N_("24h with IKEv1, otherwise libreswan's default"),
		.help = N_("How long an IKE SA lives."),
	},
	{
		.key = "salifetime",
		.kind = OPTION_DURATION,
		.ike = OPTION_IKE,
		.conf4 = "salifetime",
		.conf5 = "salifetime",
		.min = 1,
		.max = 365 * 24 * 3600,
		.fallback = N_("24h with IKEv1, otherwise libreswan's default"),
		.help = N_("How long the keys of the tunnel live."),
	},
	{
		.key = "rekey",
		.kind = OPTION_YES_NO,
		.ike = OPTION_IKE,
		.conf4 = "rekey",
		.conf5 = "rekey",
		.fallback = "yes",
		.help = N_("Whether we make new keys before the old ones expire."),
	},
	{
		/* libreswan 5 has no use for it and says so in the log. */
		.key = "keyingtries",
		.kind = OPTION_NUMBER,
		.ike = OPTION_IKE,
		.conf4 = "keyingtries",
		.flags = OPTION_DERIVED,
		.min = 0,
		.max = 100,
		.fallback = "1",
		.help = N_("How often pluto tries by itself. Recovery is NetworkManager's, so it is 1."),
	},
	{
		.key = "dpddelay",
		.kind = OPTION_DURATION,
		.ike = OPTION_IKE,
		.conf4 = "dpddelay",
		.conf5 = "dpddelay",
		.min = 0,
		.max = 24 * 3600,
		.fallback = "5s",
		.help = N_("How long the gateway may be silent before we ask whether it lives; 0 for "
				   "never."),
	},
	{
		.key = "dpdtimeout",
		.kind = OPTION_DURATION,
		.ike = OPTION_IKEV1,
		.conf4 = "dpdtimeout",
		.conf5 = "dpdtimeout",
		.min = 0,
		.max = 7 * 24 * 3600, /* four times the longest delay has to fit */
		.fallback = N_("20s, or four times 'dpddelay' where that is set"),
		.help = N_("How long to wait for the gateway's answer before it counts as dead."),
	},
	{
		/* libreswan 5 has one action left and calls the keyword obsolete. */
		.key = "dpdaction",
		.kind = OPTION_ENUM,
		.ike = OPTION_IKE,
		.conf4 = "dpdaction",
		.words = words_dpdaction,
		.fallback = "hold",
		.help = N_("What pluto does with the tunnel of a dead gateway. NetworkManager recovers the "
				   "tunnel whatever is chosen here."),
	},
	{
		/* IKEv2 notices a dead gateway by a message that is never answered. */
		.key = "retransmit-timeout",
		.kind = OPTION_DURATION,
		.ike = OPTION_IKE,
		.conf4 = "retransmit-timeout",
		.conf5 = "retransmit-timeout",
		.flags = OPTION_DERIVED | OPTION_NEW,
		.min = 1,
		.max = 3600,
		.fallback = N_("20s with IKEv2, otherwise libreswan's default"),
		.help = N_("How long an IKE message is sent again before the gateway counts as dead."),
	},
	{
		.key = "mobike",
		.kind = OPTION_YES_NO,
		.ike = OPTION_IKEV2,
		.conf4 = "mobike",
		.conf5 = "mobike",
		.fallback = "no",
		.help = N_("Whether the tunnel may move to another local address (RFC 4555)."),
	},
	{
		.key = "fragmentation",
		.kind = OPTION_ENUM,
		.ike = OPTION_IKE,
		.conf4 = "fragmentation",
		.conf5 = "fragmentation",
		.words = words_fragmentation,
		.fallback = "yes",
		.help = N_("Whether large IKE messages are sent in fragments."),
	},
	{
		.key = "encapsulation",
		.kind = OPTION_ENUM,
		.ike = OPTION_IKE,
		.conf4 = "encapsulation",
		.conf5 = "encapsulation",
		.words = words_encapsulation,
		.flags = OPTION_NEW,
		.fallback = "auto",
		.help = N_("Whether ESP travels in UDP packets: 'auto' does so where there is address "
				   "translation on the way, 'yes' always."),
	},
	{
		.key = "initial-contact",
		.kind = OPTION_YES_NO,
		.ike = OPTION_IKE,
		.conf4 = "initial-contact",
		.conf5 = "initial-contact",
		.flags = OPTION_NEW,
		.fallback = "no",
		.help = N_("Whether to tell the gateway that it may forget our earlier tunnels."),
	},

	/* Other vendors. */
	{
		.key = "vendor",
		.kind = OPTION_ANY,
		.ike = OPTION_IKE,
		.flags = OPTION_NM_ONLY,
		.help = N_("'Cisco' makes us send the Cisco Unity vendor ID. Ignored otherwise."),
	},
	{
		.key = "cisco-unity",
		.kind = OPTION_YES_NO,
		.ike = OPTION_IKEV1,
		.conf4 = "cisco-unity",
		.conf5 = "cisco-unity",
		.flags = OPTION_DERIVED,
		.fallback = N_("yes where 'vendor' is Cisco, otherwise no"),
		.help = N_("Whether to send the Cisco Unity vendor ID."),
	},
	{
		.key = "remote-peer-type",
		.kind = OPTION_ENUM,
		.ike = OPTION_IKEV1,
		.conf4 = "remote-peer-type",
		.conf5 = "remote-peer-type",
		.words = words_peer_type,
		.flags = OPTION_DERIVED,
		.fallback = "cisco",
		.help = N_("Whether to understand the subnets, DNS servers and domains that gateways of "
				   "the Cisco kind send."),
	},
	{
		.key = "remote_peer_type",
		.kind = OPTION_ENUM,
		.ike = OPTION_IKEV1,
		.words = words_peer_type,
		.flags = OPTION_DERIVED,
		.same_as = "remote-peer-type",
		.help = N_("Older spelling of 'remote-peer-type'."),
	},

	/* Ours. */
	{
		.key = "nm-auto-defaults",
		.kind = OPTION_YES_NO,
		.ike = OPTION_IKE,
		.flags = OPTION_NM_ONLY,
		.fallback = "yes",
		.help = N_("With 'no', nothing is filled in for keys that are not set and nothing is "
				   "added to those that are: libreswan's own defaults hold."),
	},
	{
		.key = "nm-connect-mode",
		.kind = OPTION_ENUM,
		.ike = OPTION_IKE,
		.flags = OPTION_NM_ONLY,
		.words = words_connect_mode,
		.fallback = "up",
		.help = N_("With 'ondemand' the first packet for the tunnel brings it up, and activation "
				   "succeeds before that."),
	},
	{
		.key = "nm-recovery-timeout",
		.kind = OPTION_DURATION,
		.ike = OPTION_IKE,
		.flags = OPTION_NM_ONLY | OPTION_NEW,
		.min = 1,
		.max = 30 * 24 * 3600,
		.fallback = "300s",
		.help = N_("How long a tunnel that went down is tried again before the connection is "
				   "given up. With vpn.persistent it is tried for ever."),
	},
	{
		.key = "Domain",
		.kind = OPTION_STRING,
		.ike = OPTION_IKE,
		.flags = OPTION_NM_ONLY,
		.help = N_("A search domain for names behind the gateway."),
	},
	{
		.key = "pskinputmodes",
		.kind = OPTION_ENUM,
		.ike = OPTION_IKE,
		.flags = OPTION_NM_ONLY,
		.words = words_input_modes,
		.help = N_("Where 'pskvalue' comes from: 'unused' says that there is none. For the other "
				   "two, 'pskvalue-flags' has the say."),
	},
	{
		.key = "xauthpasswordinputmodes",
		.kind = OPTION_ENUM,
		.ike = OPTION_IKEV1,
		.flags = OPTION_NM_ONLY,
		.words = words_input_modes,
		.help = N_("Where 'xauthpassword' comes from: 'unused' says that there is none. For the "
				   "other two, 'xauthpassword-flags' has the say."),
	},
	{
		.key = "pskvalue-flags",
		.kind = OPTION_NUMBER,
		.ike = OPTION_IKE,
		.flags = OPTION_NM_ONLY,
		.min = 0,
		.max = 7,
		.fallback = "0",
		.help = N_("How NetworkManager handles 'pskvalue', see the secret flag types in "
				   "nm-settings(5)."),
	},
	{
		.key = "xauthpassword-flags",
		.kind = OPTION_NUMBER,
		.ike = OPTION_IKEV1,
		.flags = OPTION_NM_ONLY,
		.min = 0,
		.max = 7,
		.fallback = "0",
		.help = N_("How NetworkManager handles 'xauthpassword', see the secret flag types in "
				   "nm-settings(5)."),
	},
	{
		.key = "dhgroup",
		.kind = OPTION_ANY,
		.ike = OPTION_IKE,
		.flags = OPTION_NM_ONLY | OPTION_IGNORED,
		.help = N_("Ignored; 'ike' has the group."),
	},
	{
		.key = "pfsgroup",
		.kind = OPTION_ANY,
		.ike = OPTION_IKE,
		.flags = OPTION_NM_ONLY | OPTION_IGNORED,
		.help = N_("Ignored; 'esp' has the group."),
	},

	/* Secrets. */
	{
		.key = "pskvalue",
		.kind = OPTION_SECRET,
		.ike = OPTION_IKE,
		.flags = OPTION_NM_ONLY | OPTION_SECRET_KEY,
		.max = SECRET_MAX,
		.help = N_("The pre-shared key (the group password of a Cisco gateway)."),
	},
	{
		.key = "xauthpassword",
		.kind = OPTION_SECRET,
		.ike = OPTION_IKEV1,
		.flags = OPTION_NM_ONLY | OPTION_SECRET_KEY,
		.max = SECRET_MAX,
		.help = N_("The user's password for XAUTH."),
	},
};

const Option *
option_all(guint *n)
{
	if (n)
		*n = G_N_ELEMENTS(options);
	return options;
}

const Option *
option_find(const char *key)
{
	for (guint i = 0; i < G_N_ELEMENTS(options); i++) {
		if (g_strcmp0(options[i].key, key) == 0)
			return &options[i];
	}
	return NULL;
}

guint
option_index(const Option *option)
{
	return (guint) (option - options);
}

/* How many insertions, deletions, replacements and swaps of neighbours make b
 * of a; case counts nothing. */
static guint
edit_distance(const char *a, const char *b)
{
	gsize n = strlen(a), m = strlen(b);
	guint d[3][64];

	if (n >= G_N_ELEMENTS(d[0]) || m >= G_N_ELEMENTS(d[0]))
		return G_MAXUINT;

	for (gsize j = 0; j <= m; j++)
		d[0][j] = (guint) j;
	for (gsize i = 1; i <= n; i++) {
		guint *row = d[i % 3], *above = d[(i + 2) % 3], *before = d[(i + 1) % 3];

		row[0] = (guint) i;
		for (gsize j = 1; j <= m; j++) {
			gboolean same = g_ascii_tolower(a[i - 1]) == g_ascii_tolower(b[j - 1]);

			row[j] = MIN(above[j - 1] + (same ? 0 : 1), MIN(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && g_ascii_tolower(a[i - 1]) == g_ascii_tolower(b[j - 2]) &&
				g_ascii_tolower(a[i - 2]) == g_ascii_tolower(b[j - 1]))
				row[j] = MIN(row[j], before[j - 2] + 1);
		}
	}
	return d[n % 3][m];
}

const char *
option_nearest(const char *key)
{
	const char *nearest = NULL;
	guint least = G_MAXUINT;

	for (guint i = 0; i < G_N_ELEMENTS(options); i++) {
		guint distance = edit_distance(key, options[i].key);

		if (distance < least) {
			least = distance;
			nearest = options[i].key;
		}
	}
	/* A third of the letters may be wrong; beyond that a hint misleads. */
	return nearest && least <= MAX(1, strlen(key) / 3) ? nearest : NULL;
}

void
option_unknown_key(const char *key, GError **error)
{
	g_autofree char *quoted = option_quote(key);
	const char *nearest = option_nearest(key);

	if (nearest)
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_UNKNOWN_KEY,
					_("unknown key %s; did you mean \"%s\"?"), quoted, nearest);
	else
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_UNKNOWN_KEY,
					_("unknown key %s; nm-settings-libreswan(5) lists those that there are"),
					quoted);
}

char *
option_quote(const char *value)
{
	g_autoptr(GString) text = g_string_new("\"");
	guint n = 0;

	while (*value) {
		gunichar c = g_utf8_get_char_validated(value, -1);

		if (n++ == QUOTE_MAX) {
			g_string_append(text, "…");
			break;
		}
		if (c == (gunichar) -1 || c == (gunichar) -2) {
			g_string_append_printf(text, "\\x%02x", (guchar) *value++);
			continue;
		}
		if (c == '\n')
			g_string_append(text, "\\n");
		else if (c == '"' || c == '\\')
			g_string_append_printf(text, "\\%c", (char) c);
		else if (!g_unichar_isprint(c))
			g_string_append_printf(text, "\\u%04x", c);
		else
			g_string_append_unichar(text, c);
		value = g_utf8_next_char(value);
	}
	g_string_append_c(text, '"');
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *
list_words(const OptionWord *words)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (const OptionWord *w = words; w->word; w++)
		g_string_append_printf(text, "%s%s", text->len ? ", " : "", w->word);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

char *
option_allowed(const Option *option)
{
	g_autofree char *words = option->words ? list_words(option->words) : NULL;

	switch (option->kind) {
	case OPTION_ADDRESS:
		if (option->flags & OPTION_REQUIRED)
			return g_strdup(_("an IP address or a host name"));
		return g_strdup(_("an IP address, a host name, %defaultroute, or % and the name of an "
						  "interface"));
	case OPTION_ID:
		return g_strdup(_("an identity: a name (vpn.example.com), an IP address, a "
						  "distinguished name (C=DE, CN=joe), a key ID "
						  "(@[group]) or %fromcert"));
	case OPTION_STRING:
		return g_strdup(_("text without double quotes, line breaks and control characters"));
	case OPTION_SUBNET:
		return g_strdup(_("a subnet such as 10.1.0.0/16 or 2001:db8::/32"));
	case OPTION_SUBNETS:
		return g_strdup(_("a list of subnets such as 10.1.0.0/16,10.2.0.0/16"));
	case OPTION_YES_NO:
		return g_strdup(_("yes or no"));
	case OPTION_ENUM:
		return g_strdup_printf(_("one of: %s"), words);
	case OPTION_AUTHBY:
		return g_strdup_printf(_("one or more of: %s"), words);
	case OPTION_DURATION:
		return g_strdup_printf(_("a time such as 90 (seconds), 90s, 5m, 24h or 2d, from %s to "
								 "%" G_GUINT64_FORMAT " seconds"),
							   option->min ? "1" : "0", option->max);
	case OPTION_NUMBER:
		return g_strdup_printf(_("a number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT),
							   option->min, option->max);
	case OPTION_PROPOSALS:
		return g_strdup(_("algorithms such as aes256-sha2_256;modp2048,aes128-sha1;modp1536"));
	case OPTION_PROTOPORT:
		return g_strdup(_("a protocol with or without a port, such as 17/1701, tcp/443 or icmp"));
	case OPTION_INTERFACE:
		return g_strdup_printf(
			_("yes, no or a number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT), option->min,
			option->max);
	case OPTION_PUBLIC_KEY:
		return g_strdup(_("%cert or a public key (0sAQ…)"));
	case OPTION_SECRET:
		return g_strdup_printf(_("text of 1 to %" G_GUINT64_FORMAT " bytes"), option->max);
	case OPTION_ANY:
		return g_strdup(_("text without line breaks and control characters"));
	}
	g_return_val_if_reached(NULL);
}

gboolean
option_text_is_safe(const char *text)
{
	if (!g_utf8_validate(text, -1, NULL))
		return FALSE;
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		GUnicodeType type = g_unichar_type(c);

		if (c == '"' || type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR ||
			type == G_UNICODE_PARAGRAPH_SEPARATOR)
			return FALSE;
	}
	return TRUE;
}

gboolean
option_is_address(const char *value, int family)
{
	guint8 address[sizeof(struct in6_addr)];

	return (family != AF_INET6 && inet_pton(AF_INET, value, address) == 1) ||
		   (family != AF_INET && inet_pton(AF_INET6, value, address) == 1);
}

/* Without locale, sign, blanks and leading nonsense. */
static gboolean
parse_number(const char *text, gsize len, guint64 *number)
{
	guint64 n = 0;

	if (len == 0 || len > 18)
		return FALSE;
	for (gsize i = 0; i < len; i++) {
		if (!g_ascii_isdigit(text[i]))
			return FALSE;
		n = n * 10 + (guint64) (text[i] - '0');
	}
	*number = n;
	return TRUE;
}

guint64
option_duration(const char *value)
{
	static const struct {
		char unit;
		guint seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 24 * 3600}, {'w', 7 * 24 * 3600}};
	gsize len = strlen(value);
	guint64 n, factor = 1;

	for (guint i = 0; len > 0 && i < G_N_ELEMENTS(units); i++) {
		if (value[len - 1] == units[i].unit) {
			factor = units[i].seconds;
			len--;
			break;
		}
	}
	if (!parse_number(value, len, &n) || n > G_MAXUINT32)
		return 0;
	return n * factor;
}

/* A subnet in its one spelling: network/prefix, bits of the host cleared. */
static char *
normalize_subnet(const char *value, int *family)
{
	g_auto(GStrv) parts = g_strsplit(value, "/", 3);
	guint8 address[sizeof(struct in6_addr)];
	char text[INET6_ADDRSTRLEN];
	guint64 prefix, size;

	if (!parts[0] || (parts[1] && parts[2]))
		return NULL;
	if (inet_pton(AF_INET, parts[0], address) == 1)
		*family = AF_INET;
	else if (inet_pton(AF_INET6, parts[0], address) == 1)
		*family = AF_INET6;
	else
		return NULL;

	size = *family == AF_INET ? 32 : 128;
	prefix = size;
	if (parts[1] && (!parse_number(parts[1], strlen(parts[1]), &prefix) || prefix > size))
		return NULL;
	for (guint bit = (guint) prefix; bit < size; bit++)
		address[bit / 8] &= (guint8) ~(0x80 >> (bit % 8));
	if (!inet_ntop(*family, address, text, sizeof(text)))
		return NULL;
	return g_strdup_printf("%s/%u", text, (guint) prefix);
}

gboolean
option_is_subnet(const char *value, int family)
{
	g_autofree char *normal = NULL;
	int found;

	normal = normalize_subnet(value, &found);
	return normal && (family == AF_UNSPEC || family == found);
}

static char *
normalize_subnets(const char *value)
{
	g_auto(GStrv) parts = NULL;
	g_autoptr(GString) list = g_string_new(NULL);
	gsize len = strlen(value);
	g_autofree char *inner = NULL;

	/* ipsec.conf(5) knows lists in braces; NetworkManager-libreswan did not. */
	if (len >= 2 && value[0] == '{' && value[len - 1] == '}')
		value = inner = g_strndup(value + 1, len - 2);

	parts = g_strsplit_set(value, ", \t", -1);
	for (guint i = 0; parts[i]; i++) {
		g_autofree char *subnet = NULL;
		int family;

		if (!parts[i][0])
			continue;
		subnet = normalize_subnet(parts[i], &family);
		if (!subnet)
			return NULL;
		g_string_append_printf(list, "%s%s", list->len ? "," : "", subnet);
	}
	return list->len ? g_string_free(g_steal_pointer(&list), FALSE) : NULL;
}

static const char *
find_word(const OptionWord *words, const char *value)
{
	for (const OptionWord *w = words; w->word; w++) {
		if (g_ascii_strcasecmp(w->word, value) == 0)
			return w->meaning;
	}
	return NULL;
}

static gboolean
all_in(const char *value, const char *extra)
{
	if (!*value)
		return FALSE;
	for (const char *p = value; *p; p++) {
		if (!g_ascii_isalnum(*p) && !strchr(extra, *p))
			return FALSE;
	}
	return TRUE;
}

static gboolean
is_host_name(const char *value)
{
	return strlen(value) <= HOST_NAME_MAX_LENGTH && all_in(value, "-._") &&
		   g_ascii_isalnum(value[0]) && !strstr(value, "..");
}

/* 300.1.2.3 is no host name although its letters are those of one. */
static gboolean
looks_like_address(const char *value)
{
	return strspn(value, "0123456789.") == strlen(value) || strchr(value, ':');
}

static gboolean
address_is_right(const Option *option, const char *value)
{
	if (option_is_address(value, AF_UNSPEC))
		return TRUE;
	if (value[0] == '%') {
		if (option->flags & OPTION_REQUIRED)
			return FALSE;
		return g_str_equal(value, "%defaultroute") ||
			   (strlen(value + 1) <= INTERFACE_NAME_MAX && all_in(value + 1, "-._@"));
	}
	return is_host_name(value) && !looks_like_address(value);
}

static char *
normalize_authby(const OptionWord *words, const char *value)
{
	g_auto(GStrv) parts = g_strsplit_set(value, ",| \t", -1);
	g_autoptr(GString) list = g_string_new(NULL);

	for (guint i = 0; parts[i]; i++) {
		const char *meaning;

		if (!parts[i][0])
			continue;
		meaning = find_word(words, parts[i]);
		if (!meaning)
			return NULL;
		g_string_append_printf(list, "%s%s", list->len ? "," : "", meaning);
	}
	return list->len ? g_string_free(g_steal_pointer(&list), FALSE) : NULL;
}

/* ipsec.conf(5) allows blanks between proposals; without them there is one
 * spelling, and nothing to quote. */
static char *
normalize_proposals(const char *value)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (const char *p = value; *p; p++) {
		if (*p != ' ' && *p != '\t')
			g_string_append_c(text, *p);
	}
	return all_in(text->str, "-_+,;:=!/.") ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

static gboolean
protoport_is_right(const char *value)
{
	g_auto(GStrv) parts = g_strsplit(value, "/", 3);

	if (!parts[0] || (parts[1] && parts[2]) || strlen(value) > 64)
		return FALSE;
	for (guint i = 0; parts[i]; i++) {
		const char *part = parts[i];

		if (part[0] == '%')
			part++;
		if (!all_in(part, "-"))
			return FALSE;
	}
	return TRUE;
}

static gboolean
number_is_right(const Option *option, const char *value)
{
	guint64 n;

	return parse_number(value, strlen(value), &n) && n >= option->min && n <= option->max;
}

static gboolean
duration_is_right(const Option *option, const char *value)
{
	guint64 seconds = option_duration(value);

	if (seconds == 0 &&
		!(all_in(value, "") && value[0] == '0' && strspn(value, "0smhdw") == strlen(value)))
		return FALSE;
	return seconds >= option->min && seconds <= option->max;
}

/* The value in its one spelling, or NULL where it is not allowed. */
static char *
normalize(const Option *option, const char *value)
{
	switch (option->kind) {
	case OPTION_ADDRESS:
		return address_is_right(option, value) ? g_strdup(value) : NULL;
	case OPTION_ID:
		/* libreswan resolves a lone % word by name and knows few. */
		if (value[0] == '%' && !all_in(value + 1, "-"))
			return NULL;
		return g_strdup(value);
	case OPTION_STRING:
		return option->max == 0 || strlen(value) <= option->max ? g_strdup(value) : NULL;
	case OPTION_SUBNET:
	case OPTION_SUBNETS:
		return normalize_subnets(value);
	case OPTION_YES_NO:
		return g_strdup(find_word(words_yes_no, value));
	case OPTION_ENUM:
		return g_strdup(find_word(option->words, value));
	case OPTION_AUTHBY:
		return normalize_authby(option->words, value);
	case OPTION_DURATION:
		return duration_is_right(option, value) ? g_strdup(value) : NULL;
	case OPTION_NUMBER:
		return number_is_right(option, value) ? g_strdup(value) : NULL;
	case OPTION_PROPOSALS:
		return normalize_proposals(value);
	case OPTION_PROTOPORT:
		return protoport_is_right(value) ? g_strdup(value) : NULL;
	case OPTION_INTERFACE:
		if (g_ascii_isdigit(value[0]))
			return number_is_right(option, value) ? g_strdup(value) : NULL;
		return g_strdup(find_word(words_yes_no, value));
	case OPTION_PUBLIC_KEY:
		return all_in(value[0] == '%' ? value + 1 : value, "+/=-_") ? g_strdup(value) : NULL;
	case OPTION_SECRET:
	case OPTION_ANY:
		return g_strdup(value);
	}
	g_return_val_if_reached(NULL);
}

static void
refuse(const Option *option, const char *value, const char *why, GError **error)
{
	g_autofree char *allowed = option_allowed(option);
	g_autofree char *quoted = option->flags & OPTION_SECRET_KEY ? NULL : option_quote(value);

	if (!quoted)
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID,
					_("%s: the value %s; allowed is %s"), option->key, why, allowed);
	else
		g_set_error(error, PROFILE_ERROR, PROFILE_ERROR_INVALID, _("%s: %s %s; allowed is %s"),
					option->key, quoted, why, allowed);
}

char *
option_normalize(const Option *option, const char *value, GError **error)
{
	gsize len = strlen(value);
	gsize max = option->flags & OPTION_SECRET_KEY ? option->max : OPTION_VALUE_MAX;
	char *normal;

	if (len == 0) {
		refuse(option, value, _("is empty"), error);
		return NULL;
	}
	if (len > max) {
		g_autofree char *why = g_strdup_printf(
			_("is too long (%" G_GSIZE_FORMAT " bytes, at most %" G_GSIZE_FORMAT ")"), len, max);

		refuse(option, value, why, error);
		return NULL;
	}
	if (!(option->flags & OPTION_SECRET_KEY) && !option_text_is_safe(value)) {
		refuse(option, value,
			   g_utf8_validate(value, -1, NULL)
				   ? _("has a double quote, a line break or a control character in it")
				   : _("is not valid UTF-8"),
			   error);
		return NULL;
	}
	normal = normalize(option, value);
	if (!normal)
		refuse(option, value, _("is not allowed"), error);
	return normal;
}

gboolean
option_validate(const Option *option, const char *value, GError **error)
{
	g_autofree char *normal = option_normalize(option, value, error);

	/* A secret may be among them. */
	if (normal)
		explicit_bzero(normal, strlen(normal));
	return normal != NULL;
}
