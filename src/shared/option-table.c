/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rows. What they mean is in option.h; whoever adds one adds nothing else.
 */

#include "config.h"

#include "option.h"

#include <glib/gi18n-lib.h>

/* pluto reads ipsec.secrets(5) in lines of at most 2047 bytes (MAX_TOK_LEN in its
 * lex.h), and we write a secret in base64 in a line of its own; 4.10 and 5.2 take 1532 bytes. */
#define SECRET_MAX 1500
/* And of what is typed where pluto asks (XAUTH_MAX_PASS_LENGTH of its whack.h). */
#define CODE_MAX 127

/* MAX_XAUTH_USERNAME_LEN in libreswan, less the terminating zero. */
#define USER_NAME_MAX 127

/* It is in a line of a file of at most 4096 bytes, and cards have PINs of 4 to 16 digits. */
#define PIN_MAX 255

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
	{"always", "always"},
	{"sendifasked", "sendifasked"},
	{"never", "never"},
	{"alwayssend", "always"},
	{"yes", "always"},
	{"no", "never"},
	{"ifasked", "sendifasked"},
	{"disabled", "never"},
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
	{"none", "hold"}, {NULL, NULL},
};

static const OptionWord words_forever[] = {
	{"%forever", "0"},
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

/* As of NetworkManager's secret flags: "not saved", since a code is good for one login. */
static const OptionWord words_code_flags[] = {
	{"2", "2"},
	{NULL, NULL},
};

static const OptionWord words_peer_type[] = {
	{"cisco", "cisco"},
	{NULL, NULL},
};

static const OptionWord words_authby[] = {
	{"secret", "secret"},
	{"psk", "secret"},
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
		.fallback = N_("the name in 'right' where 'cert' is set, otherwise the gateway's address"),
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
		.fallback = N_("%fromcert where 'cert' is set, otherwise the local address"),
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
		.fallback = N_("yes with IKEv1 where 'leftid' is set and 'cert' is not, otherwise no"),
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
		.key = "cert",
		.kind = OPTION_OBJECT,
		.ike = OPTION_IKE,
		.flags = OPTION_NM_ONLY | OPTION_NEW,
		.help = N_("The file of our certificate: PEM, DER or PKCS#12. It is read as the user whose "
				   "connection it is (connection.permissions), otherwise as root. Or our "
				   "certificate on a smart card or another token, which must have its private key "
				   "too: a PKCS#11 URI (RFC 7512), or the token's name, a colon and the "
				   "certificate's."),
	},
	{
		.key = "key",
		.kind = OPTION_OBJECT,
		.ike = OPTION_IKE,
		.flags = OPTION_NM_ONLY | OPTION_NEW,
		.fallback = N_("the file or token of 'cert'"),
		.help = N_("The file of our private key: RSA or ECDSA, PEM or DER, encrypted or not. With "
				   "a certificate on a token, the key on the same token; it need not be set. "
				   "Without 'cert', an RSA key for 'rightrsasigkey'."),
	},
	{
		.key = "ca",
		.kind = OPTION_FILE,
		.ike = OPTION_IKE,
		.flags = OPTION_NM_ONLY | OPTION_NEW,
		.fallback = N_("the authority in the file of 'cert'"),
		.help = N_("The file of the authority that must have signed the gateway's certificate: its "
				   "root, and intermediate ones where the gateway does not send them."),
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
		.fallback = N_("%cert where 'cert' or 'leftcert' is set"),
		.help = N_("Our public key. Its private half is in the system's NSS database."),
	},
	{
		.key = "leftckaid",
		.kind = OPTION_KEY_ID,
		.ike = OPTION_IKE,
		.conf4 = "leftckaid",
		.conf5 = "leftckaid",
		.flags = OPTION_NEW,
		.help = N_("The CKAID of our key in the system's NSS database, instead of "
				   "'leftrsasigkey'."),
	},
	{
		.key = "leftsendcert",
		.kind = OPTION_ENUM,
		.ike = OPTION_IKE,
		.conf4 = "leftsendcert",
		.conf5 = "leftsendcert",
		.words = words_sendcert,
		.fallback = N_("always where 'cert' is set, otherwise sendifasked"),
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
		.fallback = N_("%cert where 'cert', 'leftcert' or 'rightcert' is set"),
		.help = N_("The gateway's public key."),
	},
	{
		.key = "rightca",
		.kind = OPTION_STRING,
		.ike = OPTION_IKE,
		.conf4 = "rightca",
		.conf5 = "rightca",
		.fallback = N_("the authority of 'ca' where 'cert' is set"),
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
		.fallback = N_("1390, which a path of 1500 bytes takes with every cipher"),
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
		.fallback = N_("24h with IKEv1, 45m with IKEv2 and an address from the gateway, otherwise "
					   "libreswan's default"),
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
		.flags = OPTION_DERIVED | OPTION_IGNORED,
		.words = words_forever,
		.min = 0,
		.max = 1000000,
		.help = N_("Ignored; it was how often pluto tries by itself, and recovery is "
				   "NetworkManager's."),
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
		.help = N_("How long to wait for the gateway's answer before it counts as dead; 0 for "
				   "never."),
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
		.help =
			N_("Whether pluto moves the tunnel to another local address by MOBIKE (RFC 4555). It "
			   "cannot where the tunnel has an interface; there, and without MOBIKE, the tunnel "
			   "is made anew from the new address."),
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
		.fallback = N_("cisco where 'vendor' is Cisco, otherwise none"),
		.help = N_("'cisco' is for gateways that do not ask for user name and password (XAUTH) and "
				   "give no address (ModeCfg) again when the IKE SA is made anew. DNS servers, "
				   "domains and a banner are understood without it."),
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
				   "succeeds before that. Not with IKEv2 where the gateway gives the address: "
				   "libreswan cannot."),
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
		.kind = OPTION_DOMAINS,
		.ike = OPTION_IKE,
		.flags = OPTION_NM_ONLY,
		.help = N_("A search domain for names behind the gateway, beside those that the gateway "
				   "sends."),
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
		.key = "xauthcode-flags",
		.kind = OPTION_ENUM,
		.ike = OPTION_IKEV1,
		.flags = OPTION_NM_ONLY | OPTION_NEW,
		.words = words_code_flags,
		.help = N_("2: the gateway may ask for more than the password, such as a token's next code "
				   "or a new PIN. Whoever connects is asked for each with the gateway's own words. "
				   "The answer is the secret 'xauthcode', which is never stored. Not with "
				   "nm-connect-mode=ondemand."),
	},
	{
		.key = "cert-pass-flags",
		.kind = OPTION_NUMBER,
		.ike = OPTION_IKE,
		.flags = OPTION_NM_ONLY | OPTION_NEW,
		.min = 0,
		.max = 7,
		.fallback = "0",
		.help = N_("How NetworkManager handles 'cert-pass', see the secret flag types in "
				   "nm-settings(5)."),
	},
	{
		.key = "pin-flags",
		.kind = OPTION_NUMBER,
		.ike = OPTION_IKE,
		.flags = OPTION_NM_ONLY | OPTION_NEW,
		.min = 0,
		.max = 7,
		.fallback = "0",
		.help = N_("How NetworkManager handles 'pin', see the secret flag types in "
				   "nm-settings(5). The last try that a token gives is used only for a PIN that "
				   "is asked for each time (2)."),
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
	{
		.key = "xauthcode",
		.kind = OPTION_SECRET,
		.ike = OPTION_IKEV1,
		.flags = OPTION_NM_ONLY | OPTION_SECRET_KEY | OPTION_NEW,
		.max = CODE_MAX,
		.help = N_("What the gateway asks for after the password; see 'xauthcode-flags'."),
	},
	{
		.key = "cert-pass",
		.kind = OPTION_SECRET,
		.ike = OPTION_IKE,
		.flags = OPTION_NM_ONLY | OPTION_SECRET_KEY | OPTION_NEW,
		.max = SECRET_MAX,
		.help = N_("The passphrase of the files 'key' and 'cert', where they are encrypted."),
	},
	{
		.key = "pin",
		.kind = OPTION_SECRET,
		.ike = OPTION_IKE,
		.flags = OPTION_NM_ONLY | OPTION_SECRET_KEY | OPTION_NEW,
		.max = PIN_MAX,
		.help = N_("The PIN of the token that 'cert' names."),
	},
};

const Option *
option_all(guint *n)
{
	if (n)
		*n = G_N_ELEMENTS(options);
	return options;
}
