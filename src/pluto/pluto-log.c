/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "pluto-log.h"

#include <string.h>

#include "guard-wire.h"

/* More half-open states than pluto has at a time (ipsec.conf(5): max-halfopen-ike=50000). */
#define MAX_STATES (1 << 17)

/* A topic is cut there. */
#define TOPIC_MAX 40

struct _PlutoLog {
	/* Numbers of states, guint32, ascending. */
	GArray *ours;         /* we have begun them */
	GArray *theirs;       /* the other side has begun them */
	GArray *proven;       /* of the latter: the other side has authenticated itself */
	GArray *keyed;        /* of ours: what they receive is encrypted with the pre-shared key */
	gboolean established; /* a state of ours, once */
	gboolean loaded;      /* the connection, or one of several that libreswan makes of it */
	char *complaint;      /* the last that was said before it was, and that no row knows; or NULL */
	GArray *asked;        /* of ours: XAUTH has been answered, and the gateway has not agreed yet */
	GArray *asked_again;  /* of those: answered twice */
	GArray *leased;       /* of ours: the gateway has given an address in it */
};

enum {
	AUTH = 1 << 0, /* the other side has authenticated itself, or it is this host that says so */
	OURS = 1 << 1, /* a responder says this too: so only of a state that we have begun */
	BARE = 1 << 2, /* also in lines without a state's number: it is pluto or the host that speaks */
	VERB = 1 << 3, /* after one word of pluto's own: the verb of the updown command */
	KEYED = 1 << 4,  /* once the state has sent the third message of IKEv1's Main Mode */
	SHOWS = 1 << 5,  /* it quotes the identity that the gateway shows */
	INSIDE = 1 << 6, /* once an SA is established */
	PSK = 1 << 7,    /* it says so of a pre-shared key; of a certificate it says nothing */
	LAST = 1 << 8,   /* the part is at the last " invalid: ": before it is the gateway's subject */
};

typedef struct {
	const char *begins;
	PlutoLogKind kind;
	guint flags;
	const char *reason;
	const char *part; /* and it contains this: before it there are names of links and addresses */
	const char *reason_without_psk;
} Sentence;

static const char wrong_psk[] = "gateway authentication failed (wrong pre-shared key?)";
static const char no_login[] = "the gateway refused our identity, pre-shared key or certificate";
static const char no_xauth[] = "the gateway refused the XAUTH user name or password";
static const char no_decryption[] =
	"the gateway's answer cannot be decrypted: the pre-shared key is wrong";
static const char no_certificate[] = "the gateway does not accept our certificate";
static const char no_proposal[] = "the gateway accepts none of our proposals: see ike= and esp=";
static const char no_networks[] =
	"the gateway refused the networks: see rightsubnet= and leftsubnet=";
static const char bad_certificate[] =
	"the gateway's certificate is not valid, or not of a CA in the NSS database";
static const char bad_subject[] = "the gateway's certificate is not for the identity of rightid=";
static const char bad_choice[] = "the gateway chooses what we have not proposed: see ike= and esp=";
static const char bad_lease[] =
	"libreswan does not understand the configuration that the gateway sends";
static const char bad_networks[] = "libreswan does not understand the networks of the gateway";
static const char bad_mode[] =
	"the gateway wants the other of tunnel and transport mode: see type=";
static const char bad_answer[] = "libreswan does not accept what the gateway answers";
static const char no_profile[] = "libreswan does not accept the profile";
static const char no_private_key[] =
	"the private key of leftckaid= or leftcert= is not in the NSS database";
static const char no_kernel[] = "the kernel does not take the SA: it may lack an algorithm of esp=";
static const char no_policies[] = "libreswan cannot install the connection's policies or routes";
/* pluto says no more, whether a Delete has come or nothing at all. */
static const char ended[] = "the gateway ended the tunnel, or dead peer detection did";
static const char no_route[] = "there is no route to the gateway";
static const char no_address[] = "there is no route to the gateway, or its name has no address";

/* What stands before a notification's name, and what that says of it. */
static const struct {
	const char *begins;
	guint flags;
} openings[] = {
	/* IKEv1: within an ISAKMP SA or before there is one, the line does not tell, and pluto goes on
	 * waiting. 4.10, then 5.2. */
	{"received and ignored notification payload: ", OURS},
	{"ignoring informational payload ", OURS},
	{"ignoring secured informational payload ", OURS},
	{"ignoring unsecured informational payload ", OURS},
	/* IKEv2: in place of an answer to IKE_SA_INIT; pluto goes on waiting, as RFC 7296 2.21.1 has
	 * it. 4.10, then 5.2. */
	{"dropping unexpected IKE_SA_INIT message containing ", OURS},
	{"ignoring IKE_SA_INIT response containing ", OURS},
	/* IKEv2: encrypted, but to whomever the Diffie-Hellman exchange was with. */
	{"IKE SA authentication request rejected by peer: ", 0},
	{"IKE_AUTH response contained the error notification ", 0},
	{"IKE_AUTH response contained the CHILD SA error notification '", 0},
	/* IKEv2: after the gateway has authenticated itself. */
	{"IKE_AUTH response rejected Child SA with ", AUTH},
	{"CREATE_CHILD_SA failed with error notification ", AUTH},
};

static const Sentence notifications[] = {
	/* RFC 7296 2.21.2, RFC 2408 3.14.1 */
	{"AUTHENTICATION_FAILED", PLUTO_LOG_LOGIN_REFUSED, 0, no_login},
	{"INVALID_HASH_INFORMATION", PLUTO_LOG_LOGIN_REFUSED, 0, no_login},
	{"INVALID_KEY_INFORMATION", PLUTO_LOG_LOGIN_REFUSED, 0, no_login},
	{"INVALID_SIGNATURE", PLUTO_LOG_LOGIN_REFUSED, 0, no_login},
	{"PAYLOAD_MALFORMED", PLUTO_LOG_LOGIN_REFUSED, KEYED,
	 "the gateway cannot decrypt our message: the pre-shared key is wrong"},
	{"INVALID_CERT", PLUTO_LOG_LOGIN_REFUSED, 0, no_certificate},
	{"CERT", PLUTO_LOG_LOGIN_REFUSED, 0, no_certificate},
	{"NO_PROPOSAL_CHOSEN", PLUTO_LOG_REFUSED, 0, no_proposal},
	{"BAD_PROPOSAL_SYNTAX", PLUTO_LOG_REFUSED, 0, no_proposal},
	{"ATTRIBUTES_NOT_SUPPORTED", PLUTO_LOG_REFUSED, 0, no_proposal},
	{"INVALID_ID_INFORMATION", PLUTO_LOG_REFUSED, INSIDE, no_networks},
	{"INVALID_ID_INFORMATION", PLUTO_LOG_REFUSED, 0,
	 "the gateway refused our identity: see leftid="},
	{"TS_UNACCEPTABLE", PLUTO_LOG_REFUSED, 0, no_networks},
	{"INTERNAL_ADDRESS_FAILURE", PLUTO_LOG_REFUSED, 0, "the gateway has no address for us"},
	{"FAILED_CP_REQUIRED", PLUTO_LOG_REFUSED, 0, "the gateway wants us to ask for an address"},
	{"INVALID_MAJOR_VERSION", PLUTO_LOG_REFUSED, 0,
	 "the gateway does not speak this version of IKE: see ikev2="},
	{"INVALID_EXCHANGE_TYPE", PLUTO_LOG_REFUSED, 0,
	 "the gateway does not take this mode of IKEv1: see aggressive= and ikev2="},
	{"UNSUPPORTED_EXCHANGE_TYPE", PLUTO_LOG_REFUSED, 0,
	 "the gateway does not take this mode of IKEv1: see aggressive= and ikev2="},
};

/* What stands behind the number of retransmissions, or the time, after which pluto gives up. Who
 * keeps silent may be anybody on the path. */
static const Sentence silences[] = {
	{"Possible authentication failure: no acceptable response to our first encrypted message",
	 PLUTO_LOG_REFUSED, OURS,
	 "the gateway does not answer our first encrypted message: a key or an id is wrong, or UDP "
	 "port "
	 "4500 is blocked"},
	{"No acceptable response to our first Quick Mode message", PLUTO_LOG_REFUSED, OURS,
	 "the gateway does not answer our Quick Mode: see esp=, rightsubnet= and leftsubnet="},
	{"No response (or no acceptable response) to our first IKE", PLUTO_LOG_UNREACHABLE, OURS,
	 "the gateway does not answer"},
	{"No response (or no acceptable response) to our ", PLUTO_LOG_UNREACHABLE, OURS,
	 "the gateway does not answer any more"},
};

/* What the gateway refuses for a reason that the tables do not name. */
static const Sentence other_refusals[] = {
	{"IKE SA authentication request rejected by peer: ", PLUTO_LOG_REFUSED, 0,
	 "the gateway refused the IKE SA"},
	{"IKE_AUTH response contained the error notification ", PLUTO_LOG_REFUSED, 0,
	 "the gateway refused the IKE SA or the Child SA"},
	{"IKE_AUTH response rejected Child SA with ", PLUTO_LOG_REFUSED, AUTH,
	 "the gateway refused the Child SA"},
};

static const Sentence xauth_sent = {"", PLUTO_LOG_LOGIN_SENT, AUTH, NULL};
static const Sentence xauth_accepted = {"", PLUTO_LOG_LOGIN_ACCEPTED, AUTH, NULL};

/* That the gateway has got our answer to its XAUTH question nobody has said. */
static const Sentence xauth_asked_again = {"", PLUTO_LOG_LOGIN_REFUSED, 0,
										   "the gateway asks for the XAUTH user name and password "
										   "again (where it wants a token's next code, "
										   "set xauthcode-flags=2)",
										   NULL};
static const Sentence xauth_unclear = {
	"", PLUTO_LOG_LOGIN_UNCLEAR, AUTH,
	"the gateway did not accept the XAUTH user name and password, or did not get them", NULL};

/* Whatever was said of it before. */
static const Sentence not_loaded = {"", PLUTO_LOG_INVALID, AUTH | BARE,
									"libreswan has not loaded the connection", NULL};
static const Sentence not_accepted = {"", PLUTO_LOG_INVALID, AUTH | BARE, no_profile, NULL};

/* Seen in 4.10 and 5.2 where nothing else is said. The first that matches counts. */
static const Sentence sentences[] = {
	/* The password is sent, and refused, within the ISAKMP SA: an account may be locked by it. */
	{"Received Cisco XAUTH status: FAIL", PLUTO_LOG_LOGIN_REFUSED, AUTH, no_xauth},
	{"XAUTH: aborting entire IKE Exchange", PLUTO_LOG_LOGIN_REFUSED, AUTH, no_xauth},
	{"XAUTH username requested, but no file descriptor available for prompt",
	 PLUTO_LOG_LOGIN_REFUSED, AUTH,
	 "the gateway asks for an XAUTH user name and the profile has none"}, /* 4.10 */
	{"XAUTH password requested, but no file descriptor available for prompt",
	 PLUTO_LOG_LOGIN_REFUSED, AUTH,
	 "the gateway asks for an XAUTH password and the profile has none"},
	{"XAUTH: Username or password request was received, but XAUTH client mode not enabled",
	 PLUTO_LOG_REFUSED, AUTH,
	 "the gateway asks for XAUTH, and the profile has none: see leftxauthclient= and "
	 "leftusername="},
	{"XAUTH: No username or password request was received", PLUTO_LOG_REFUSED, AUTH,
	 "the gateway's XAUTH asks for something else than a user name and a password"},
	{"XAUTH: Unsupported type: ", PLUTO_LOG_REFUSED, AUTH,
	 "the gateway wants a kind of XAUTH that libreswan does not have"},
	/* We do not believe that the gateway is who it should be. */
	{"authentication failed: computed hash does not match", PLUTO_LOG_LOGIN_REFUSED, OURS,
	 wrong_psk},
	{"authentication failed: no PSK found", PLUTO_LOG_LOGIN_REFUSED, OURS,
	 "there is no pre-shared key for the gateway's identity"},
	{"authentication failed: no certificate matched", PLUTO_LOG_REFUSED, OURS,
	 "the gateway has sent no certificate for its identity"},
	{"authentication failed: peer authentication requires policy", PLUTO_LOG_REFUSED, OURS,
	 "the gateway's key is of another kind than authby= allows"},
	{"authentication failed: ", PLUTO_LOG_LOGIN_REFUSED, OURS,
	 "the gateway does not prove that it is who it should be"},
	{"received Hash Payload does not match computed value", PLUTO_LOG_LOGIN_REFUSED, OURS,
	 wrong_psk}, /* IKEv1 */
	/* No other password will help. */
	{"Peer ID '", PLUTO_LOG_REFUSED, OURS | SHOWS,
	 "the gateway's identity is not the one of rightid="},
	/* IKEv1 with a wrong key: what came and was decrypted is garbage. */
	{"probable authentication failure (mismatch of preshared secrets?): ", PLUTO_LOG_LOGIN_REFUSED,
	 OURS, no_decryption},
	/* pluto names the probable cause in the answer of Main Mode only. A gateway that cannot decrypt
	 * our message says so in an Informational Exchange, which we cannot decrypt then. */
	{"malformed payload in packet", PLUTO_LOG_LOGIN_REFUSED, OURS | KEYED, no_decryption, NULL,
	 /* 4.10, of an encrypted AUTHENTICATION_FAILED. */
	 "the gateway refused our identity or certificate"},
	{"malformed payload in packet", PLUTO_LOG_REFUSED, OURS, "the gateway's answer is malformed"},
	/* Garbage that has the form of a payload, seldom. */
	{"message ignored because it contains a", PLUTO_LOG_LOGIN_REFUSED, OURS | KEYED, no_decryption},
	{"received 'Informational' message ", PLUTO_LOG_LOGIN_REFUSED, OURS | KEYED, no_decryption,
	 " data does not match computed value"},
	/* libreswan as the gateway says nothing at all of what it cannot decrypt. Four seconds after
	 * the message was sent first, and three times since: a path that is slow, or loses a third of
	 * all packets, has brought the answer by then. */
	{"STATE_MAIN_I3: retransmission; will wait 4 seconds", PLUTO_LOG_LOGIN_REFUSED, OURS | PSK,
	 "the gateway does not answer our first encrypted message: the pre-shared key may be wrong"},
	/* Certificates. */
	{"NSS: ERROR: IPsec certificate ", PLUTO_LOG_REFUSED, OURS | LAST,
	 "the gateway's certificate is not valid today: it has expired, or the clock is wrong",
	 " invalid: SEC_ERROR_EXPIRED_CERTIFICATE"},
	{"NSS: ERROR: IPsec certificate ", PLUTO_LOG_REFUSED, OURS | LAST,
	 "the gateway's certificate is of another authority than ours: see ca= and rightca=",
	 " invalid: SEC_ERROR_UNKNOWN_ISSUER"},
	{"NSS: ERROR: IPsec certificate ", PLUTO_LOG_REFUSED, OURS | LAST,
	 "the gateway's certificate has been revoked", " invalid: SEC_ERROR_REVOKED_CERTIFICATE"},
	{"X509: authentication failed; peer certificate ", PLUTO_LOG_REFUSED, OURS, bad_subject},
	{"X509: CERT payload bogus or revoked", PLUTO_LOG_REFUSED, OURS, bad_certificate},
	{"X509: certificate rejected for this connection", PLUTO_LOG_REFUSED, OURS, bad_certificate},
	{"NSS: end certificate invalid", PLUTO_LOG_REFUSED, OURS, bad_certificate},
	{"no Certificate Authority in NSS Certificate DB", PLUTO_LOG_REFUSED, OURS,
	 "the NSS database has no CA certificate to check the gateway's certificate with"},
	{"peer ID_DER_ASN1_DN '", PLUTO_LOG_REFUSED, OURS, bad_subject},
	{"peer certificate ", PLUTO_LOG_REFUSED, OURS, bad_subject}, /* 5.2 */
	{"certificate contains no subjectAltName", PLUTO_LOG_REFUSED, OURS, bad_subject},
	{"certificate subjectAltName extension ", PLUTO_LOG_REFUSED, OURS, bad_subject},

	/* What pluto says before it revives a connection by itself; the updown command does not always
	 * hear of it: 4.10 replaces a deleted IPsec SA of IKEv1 without `down` and `up`. */
	{"connection is supposed to remain up", PLUTO_LOG_LOST, AUTH, ended},
	/* 4.x */
	{"IMPAIR: skipping revival of connection that is supposed to remain up", PLUTO_LOG_LOST, AUTH,
	 ended},
	{"deleting IKE SA but connection is supposed to remain up", PLUTO_LOG_LOST, AUTH, ended},
	{"received Delete SA payload: replace IPsec State", PLUTO_LOG_LOST, AUTH,
	 "the gateway ended the tunnel"},
	{"received Delete SA payload: replace CHILD SA", PLUTO_LOG_LOST, AUTH,
	 "the gateway ended the tunnel"},

	/* IKEv1 with remote-peer-type=cisco, which leaves XAUTH out when an ISAKMP SA is replaced; the
	 * gateway then gives the new one up. 4.10, then 5.2. */
	{"Expecting MODE_CFG_SET, got 1 instead", PLUTO_LOG_XAUTH_AGAIN, AUTH,
	 "the gateway asks for the XAUTH user again"},
	{"expecting MODE_CFG_SET, got ISAKMP_CFG_REQUEST instead", PLUTO_LOG_XAUTH_AGAIN, AUTH,
	 "the gateway asks for the XAUTH user again"},

	/* IKEv1. With every new ISAKMP SA, and then no updown verb tells that it is another one. */
	{"Received IPv4 address: ", PLUTO_LOG_LEASE, AUTH, NULL},

	/* What the gateway chooses, before it has authenticated itself. */
	{"no acceptable Oakley Transform", PLUTO_LOG_REFUSED, OURS, bad_choice},
	{"remote accepted the invalid proposal", PLUTO_LOG_REFUSED, OURS, bad_choice},
	{"Error: more than one accepted proposal received", PLUTO_LOG_REFUSED, OURS, bad_choice},
	{"IKE responder accepted an unsupported algorithm", PLUTO_LOG_REFUSED, OURS, bad_choice},
	{"Discarding unauthenticated INVALID_KE_PAYLOAD response", PLUTO_LOG_REFUSED, OURS,
	 "the gateway wants a Diffie-Hellman group that ike= does not have"},
	{"local policy does not allow legacy RSA-SHA1", PLUTO_LOG_REFUSED, OURS,
	 "the gateway takes none of the signatures that authby= has"},
	{"legacy RSA-SHA1 is not allowed", PLUTO_LOG_REFUSED, OURS,
	 "the gateway takes none of the signatures that authby= has"},
	{"local policy requires ECDSA", PLUTO_LOG_REFUSED, OURS,
	 "the gateway takes none of the signatures that authby= has"},
	{"legacy ECDSA is not implemented", PLUTO_LOG_REFUSED, OURS,
	 "the gateway takes none of the signatures that authby= has"},
	{"ignoring v2N_REDIRECT", PLUTO_LOG_REFUSED, OURS,
	 "the gateway sends us to another one, which the profile does not allow"},
	/* And after it. */
	{"no acceptable Proposal in IPsec SA", PLUTO_LOG_REFUSED, AUTH, bad_choice},
	{"IKE_AUTH initiator accepting remote ESP/AH proposal ", PLUTO_LOG_REFUSED, AUTH, bad_choice},
	{"expecting ", PLUTO_LOG_REFUSED, AUTH, bad_choice,
	 " but remote's accepted proposal includes "},
	{"missing KE payload in ", PLUTO_LOG_REFUSED, AUTH,
	 "the gateway does without perfect forward secrecy: see pfs="},
	{"policy dictates ", PLUTO_LOG_REFUSED, AUTH, bad_mode, ", but peer requested "},
	{"local policy requires T", PLUTO_LOG_REFUSED, AUTH, bad_mode,
	 " but peer requires "}, /* 4.10 */
	{"missing v2CP reply", PLUTO_LOG_REFUSED, AUTH,
	 "the gateway gives us no address, and the profile asks for one: see leftmodecfgclient="},
	{"ERROR malformed ", PLUTO_LOG_REFUSED, AUTH, bad_lease},
	{"ERROR: malformed CP attribute", PLUTO_LOG_REFUSED, AUTH, bad_lease},
	{"malformed CP attribute", PLUTO_LOG_REFUSED, AUTH, bad_lease},
	{"ERROR INTERNAL_IP", PLUTO_LOG_REFUSED, AUTH, bad_lease},
	{"ERROR expected IKEv2_CP_CFG_REPLY", PLUTO_LOG_REFUSED, AUTH, bad_lease},
	{"received malformed TSi/TSr payload", PLUTO_LOG_REFUSED, AUTH, bad_networks},
	{"Traffic Selector range ", PLUTO_LOG_REFUSED, AUTH, bad_networks},
	{"Encountered Traffic Selector", PLUTO_LOG_REFUSED, AUTH, bad_networks},
	{"IKE_AUTH response missing v2SA, v2TSi or v2TSr", PLUTO_LOG_REFUSED, AUTH,
	 "the gateway makes no Child SA"},
	{"received ERROR NOTIFY (", PLUTO_LOG_REFUSED, AUTH, "the gateway refused the Child SA"},
	/* It is ours that says so. What follows it is the next sentence. */
	{"CHILD SA failed: TS_UNACCEPTABLE", PLUTO_LOG_REFUSED, AUTH,
	 "the gateway's networks are others than the profile asks for: see rightsubnet= and "
	 "leftsubnet="},
	{"CHILD SA failed: ", PLUTO_LOG_REFUSED, AUTH, bad_answer},
	{"CHILD SA encountered fatal error: ", PLUTO_LOG_REFUSED, AUTH, bad_answer},
	{"IKE SA established but initiator rejected Child SA response", PLUTO_LOG_REFUSED, AUTH,
	 bad_answer},
	/* What we send is never what the gateway has said; the cause is in the lines before, where
	 * there is one that these tables know. */
	{"sending notification ", PLUTO_LOG_REFUSED, OURS, bad_answer},
	{"sending encrypted notification ", PLUTO_LOG_REFUSED, OURS, bad_answer},
	{"state transition failed: ", PLUTO_LOG_REFUSED, OURS, bad_answer},
	{"encountered fatal error in state ", PLUTO_LOG_REFUSED, OURS, bad_answer},
	/* Any version: no kernel policy could be made of it. */
	{"non-CIDR Traffic Selector range", PLUTO_LOG_REFUSED, AUTH,
	 "the gateway's networks are an address range, which libreswan does not support"},
	/* All that it tells an updown command has to fit into 2047 bytes. */
	{" command too long!", PLUTO_LOG_REFUSED, AUTH | BARE | VERB,
	 "the gateway's banner and domains are too long for libreswan"},
	/* pluto gives the Child SA up, and 4.10 then waits a minute for an answer that it had. While
	 * the tunnel is up it is of no interest. */
	{" command exited with ", PLUTO_LOG_REFUSED, AUTH | BARE | VERB,
	 "the updown command failed, without which libreswan makes no tunnel"},

	/* ICMP, of which anybody may be the author that has seen our packet: pluto looks in it for the
	 * SPIs (find_likely_sender() of its iface_udp.c). "Message too long" says that the path takes
	 * only smaller packets: pluto's next one goes in fragments. */
	{"ERROR: asynchronous network error report", PLUTO_LOG_UNREACHABLE, OURS,
	 "the network says that the gateway cannot be reached"},
	/* Likewise: the kernel tells of the ICMP error at the next sendto(), as if it were its own. */
	{"send on ", PLUTO_LOG_UNREACHABLE, OURS, no_route, ": Network is unreachable (errno "},
	{"no public interfaces found", PLUTO_LOG_UNREACHABLE, AUTH | BARE,
	 "the local address that was chosen (listen=) has gone from this host"},

	/* Two that say more about the host than about the configuration, then the rest. */
	{"failed to add connection: host address family unknown", PLUTO_LOG_UNREACHABLE, AUTH | BARE,
	 no_address},
	{"failed to add connection: must specify host IP address for our side", PLUTO_LOG_UNREACHABLE,
	 AUTH | BARE, no_address},
	{"Failed to load connection ", PLUTO_LOG_INVALID, AUTH | BARE, no_profile},
	{"ipsec addconn: ", PLUTO_LOG_INVALID, AUTH | BARE, no_profile},
	{"failed to add ", PLUTO_LOG_INVALID, AUTH | BARE, no_profile},
	{"cannot load config", PLUTO_LOG_INVALID, AUTH | BARE, no_profile},
	/* The file's path, then a keyword: 4.10 */
	{"/", PLUTO_LOG_INVALID, AUTH | BARE, no_profile, ", invalid value: "},
	{"cannot initiate ", PLUTO_LOG_INVALID, AUTH | BARE, no_profile},
	{"cannot instantiate ", PLUTO_LOG_INVALID, AUTH | BARE, no_profile},
	{"no IKE proposal policy specified in config!", PLUTO_LOG_INVALID, AUTH | BARE, no_profile},
	{"proposals do not contain a valid DH", PLUTO_LOG_INVALID, AUTH | BARE, no_profile},
	{"cannot route template policy", PLUTO_LOG_BROKEN, AUTH | BARE, no_policies},
	{"could not route", PLUTO_LOG_BROKEN, AUTH | BARE, no_policies},
	/* After the gateway has authenticated itself, when what speaks of the host alone says nothing.
	 */
	{"netlink response for Add SA ", PLUTO_LOG_REFUSED, AUTH, no_kernel},
	{"ESP encryption algorithm ", PLUTO_LOG_REFUSED, AUTH, no_kernel},
	{"ESP integrity algorithm ", PLUTO_LOG_REFUSED, AUTH, no_kernel},
	{"add_sa ipcomp failed", PLUTO_LOG_REFUSED, AUTH, no_kernel},
	{"cannot install kernel policy", PLUTO_LOG_REFUSED, AUTH, no_policies},
	{"cannot install eroute", PLUTO_LOG_REFUSED, AUTH, no_policies}, /* 4.10 */
	{"NAT: cannot ", PLUTO_LOG_REFUSED, OURS, "libreswan cannot use UDP port 4500 of this host"},
	{"FATAL ERROR: ", PLUTO_LOG_BROKEN, AUTH | BARE, "libreswan ended with a fatal error"},
	/* What we sign with: IKEv2, and IKEv1. */
	{"private key matching CKAID '", PLUTO_LOG_BROKEN, AUTH | BARE, no_private_key},
	{"connection " PLUTO_LOG_CONN "'s ", PLUTO_LOG_BROKEN, AUTH | BARE, no_private_key,
	 " private key not found"},
	{"No ", PLUTO_LOG_BROKEN, AUTH | BARE, no_private_key, " private key found"},
	{"Failed to find our PreShared Key", PLUTO_LOG_BROKEN, AUTH | BARE,
	 "there is no pre-shared key for our identity and the gateway's"}, /* 4.10 */
	{"unable to locate my private key for ", PLUTO_LOG_BROKEN, AUTH | BARE,
	 "the private key of leftcert= is not in the NSS database"},
	{"bind ", PLUTO_LOG_PORT_TAKEN, AUTH | BARE,
	 "another program has taken the UDP ports 500 and 4500", ": Address already in use (errno "},
	{"we cannot identify ourselves with either end of this connection", PLUTO_LOG_BROKEN,
	 AUTH | BARE, no_route},

	/* IKEv1, main and aggressive mode: what we send next proves that the last message was
	 * answered. IKEv2: likewise. */
	{"sent Main Mode I2", PLUTO_LOG_ANSWERED, 0, NULL},
	{"sent Main Mode I3", PLUTO_LOG_ANSWERED, 0, NULL},
	{"ISAKMP SA established {", PLUTO_LOG_ANSWERED, AUTH, NULL}, /* 5.2 */
	{"IKE SA established {", PLUTO_LOG_ANSWERED, AUTH, NULL},    /* 4.10, with IKEv1 */
	{"IPsec SA established", PLUTO_LOG_ANSWERED, AUTH, NULL},
	{"initiator established ", PLUTO_LOG_ANSWERED, AUTH, NULL},
	{"XAUTH: ", PLUTO_LOG_ANSWERED, AUTH, NULL},
	{"sent IKE_AUTH request", PLUTO_LOG_ANSWERED, 0, NULL},
	{"processed IKE_SA_INIT response", PLUTO_LOG_ANSWERED, 0, NULL},
};

/* A state that we have begun says this first. The larval Child SA of an IKE_AUTH request of ours
 * says nothing of the kind. */
static const char *const ours[] = {
	"initiating IKEv",
	"initiating Quick Mode",
	"initiating Child SA",
	"initiating rekey",
};

/* A state that the other side has begun says one of these before it says anything that matters. */
static const char *const theirs[] = {
	"responding to Main Mode",
	"responding to Aggressive Mode",
	"processing IKE_SA_INIT request", /* 5.x */
	"processing IKE_SESSION_RESUME request",
	"sent IKE_SA_INIT reply", /* 4.x */
	"sent IKE_SA_INIT response",
	/* 4.10 says no more of one that it refuses. */
	"proposal 1:IKE=",
	"no local proposal matches remote proposals",
	"initiator guessed wrong keying material group",
	"encountered fatal error in state STATE_V2_PARENT_R",
	"deleting state (STATE_V2_PARENT_R",
	"deleting state (STATE_MAIN_R",
	"deleting state (STATE_AGGR_R",
};

/* And these when the other side has authenticated itself, or had before. */
static const char *const proven[] = {
	"responder established IKE SA", "responder rekeyed IKE SA", "ISAKMP SA established {", /* 5.2 */
	"IKE SA established {", /* 4.10 */
};

/* The start-up of pluto is 120 lines of algorithms and self tests, and addconn repeats what pluto
 * says to it. */
static const char *const noise[] = {
	"| ",
	"skipping interface ",
	"adding UDP interface",
	"impair",
	"Initializing NSS",
	"FIPS",
	"NSS crypto",
	"libcap-ng",
	"Linux audit",
	"has no audit",
	"core dump dir",
	"secrets file:",
	"leak-detective",
	"XAUTH PAM",
	"initializing libevent",
	"NAT-Traversal",
	"algorithms:",
	"testing ",
	"selinux support",
	"SELinux support",
	"systemd watchdog",
	"watchdog:",
	"seccomp",
	"Kernel supports",
	"kernel: ",
	"using Linux xfrm",
	"operating system:",
	"Starting Pluto",
	"IPsec Interface",
	"session resume",
	"helper threads",
	"starting up",
	"started thread",
	"no helpers",
	"adjusting",
	"adding interface",
	"netlink_expire",
	"shutting down interface",
	"forgetting secrets",
	"loading secrets",
	"destroying root certificate",
};

/* The same of our connection; the lists are indented. */
static const char *const noise_of_conn[] = {
	" ",
	"IKE SA proposals (connection add)",
	"Child SA proposals (connection add)",
};

/* What stands before the text of a line. */
typedef enum {
	HEAD_NONE,  /* pluto speaks of itself or of the host */
	HEAD_CONN,  /* of our connection */
	HEAD_STATE, /* of a state of our connection */
	HEAD_OTHER, /* of a packet, or of another connection */
} Head;

typedef enum {
	SPEAKER_PLUTO,    /* or the host */
	SPEAKER_OURS,     /* a state that we have begun */
	SPEAKER_INNER,    /* one of which that is not known: a Child SA's */
	SPEAKER_PROVEN,   /* one that the other side has begun, and has authenticated itself in */
	SPEAKER_STRANGER, /* one that it has begun, and no more; or none of ours */
} Speaker;

/* Ascending, and where numbers come late, nearly so. Returns the place of the first that is not
 * less. */
static guint
find_number(const GArray *numbers, guint32 number)
{
	guint i = numbers->len;

	while (i > 0 && g_array_index(numbers, guint32, i - 1) >= number)
		i--;
	return i;
}

static gboolean
has_number(const GArray *numbers, guint32 number)
{
	guint low = 0, high = numbers->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (g_array_index(numbers, guint32, middle) < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < numbers->len && g_array_index(numbers, guint32, low) == number;
}

static void
add_number(GArray *numbers, guint32 number)
{
	if (has_number(numbers, number))
		return;
	if (numbers->len >= MAX_STATES)
		g_array_remove_range(numbers, 0, MAX_STATES / 2);
	g_array_insert_val(numbers, find_number(numbers, number), number);
}

static void
remove_number(GArray *numbers, guint32 number)
{
	if (has_number(numbers, number))
		g_array_remove_index(numbers, find_number(numbers, number));
}

/* `Nov 23 13:43:03.964105: ` */
static const char *
skip_time(const char *line)
{
	const char *colon;

	if (strlen(line) < 17 || line[3] != ' ' || line[9] != ':' || line[12] != ':')
		return line;
	colon = strstr(line + 13, ": ");
	return colon && colon - line < 26 ? colon + 2 : line;
}

/* `/1x2`, which libreswan makes of several subnets. */
static const char *
skip_pair(const char *text)
{
	gsize left = *text == '/' ? strspn(text + 1, "0123456789") : 0;
	gsize right = left > 0 && text[1 + left] == 'x' ? strspn(text + left + 2, "0123456789") : 0;

	return right > 0 ? text + left + 2 + right : text;
}

/* `[1]`, of an instance. */
static const char *
skip_instance(const char *text)
{
	gsize n = *text == '[' ? strspn(text + 1, "0123456789") : 0;

	return n > 0 && text[1 + n] == ']' ? text + n + 2 : text;
}

/* ` 203.0.113.1` or ` 2001:db8::1`, of an instance. What follows it tells it from the text. */
static const char *
skip_address(const char *text)
{
	gsize n = *text == ' ' ? strspn(text + 1, "0123456789abcdefABCDEF.:") : 0;

	if (n == 0)
		return text;
	if (text[1 + n] == ' ' && text[n] != ':')
		return text + 1 + n;
	/* The colon that ends the head is none of the address. */
	return text[n] == ':' && text[1 + n] == ' ' ? text + n : text;
}

/* ` #3`. Returns NULL where it is none of pluto's numbers. */
static const char *
take_number(const char *text, guint32 *number)
{
	gsize n = g_str_has_prefix(text, " #") ? strspn(text + 2, "0123456789") : 0;
	guint64 value;

	if (n == 0 || n > 10)
		return NULL;
	value = g_ascii_strtoull(text + 2, NULL, 10);
	if (value == 0 || value > G_MAXUINT32)
		return NULL;
	*number = (guint32) value;
	return text + 2 + n;
}

/* jam_connection() and jam_state() of both majors. Sets *@text to what follows. */
static Head
read_head(const char **text, guint32 *number)
{
	static const char name[] = "\"" PLUTO_LOG_CONN;
	const char *at = *text, *end;
	Head head = HEAD_CONN;

	if (g_str_has_prefix(at, "packet from "))
		return HEAD_OTHER;
	if (*at != '"')
		return HEAD_NONE;
	if (!g_str_has_prefix(at, name))
		return HEAD_OTHER;
	at = skip_pair(at + strlen(name));
	if (*at++ != '"')
		return HEAD_OTHER;
	at = skip_address(skip_instance(at));
	end = take_number(at, number);
	if (end)
		head = HEAD_STATE;
	else
		end = at;
	if (!g_str_has_prefix(end, ": "))
		return HEAD_OTHER;
	*text = end + 2;
	return head;
}

static gboolean
begins_with_any(const char *text, const char *const *parts, guint n)
{
	for (guint i = 0; i < n; i++) {
		if (g_str_has_prefix(text, parts[i]))
			return TRUE;
	}
	return FALSE;
}

static gboolean
has_part(const Sentence *sentence, const char *text)
{
	const char *last = sentence->flags & LAST ? g_strrstr(text, " invalid: ") : NULL;

	if (!sentence->part)
		return TRUE;
	if (sentence->flags & LAST)
		return last && g_str_has_prefix(last, sentence->part);
	return strstr(text, sentence->part) != NULL;
}

/* @is: what of KEYED and INSIDE is so. */
static gboolean
sentence_matches(const Sentence *sentence, const char *text, guint is)
{
	if (sentence->flags & (KEYED | INSIDE) & ~is)
		return FALSE;
	if (sentence->flags & VERB)
		text += strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
	return g_str_has_prefix(text, sentence->begins) && has_part(sentence, text);
}

static const Sentence *
find_sentence(const Sentence *table, guint n, const char *text, guint is)
{
	for (guint i = 0; i < n; i++) {
		if (sentence_matches(&table[i], text, is))
			return &table[i];
	}
	return NULL;
}

static gboolean
take_sentence(PlutoLogLine *line, const Sentence *sentence, guint flags, Speaker speaker)
{
	flags |= sentence ? sentence->flags : 0;
	if (!sentence || (speaker == SPEAKER_PLUTO && !(flags & BARE)) ||
		(speaker != SPEAKER_OURS && (flags & OURS)) ||
		(speaker == SPEAKER_PROVEN && !(flags & AUTH)))
		return FALSE;
	line->kind = sentence->kind;
	line->authenticated = (flags & AUTH) != 0;
	line->shows_id = (flags & SHOWS) != 0;
	line->of_psk = (flags & PSK) != 0;
	line->reason = sentence->reason;
	line->reason_without_psk = sentence->reason_without_psk;
	return TRUE;
}

static gboolean
take_notification(PlutoLogLine *line, Speaker speaker, guint is)
{
	for (guint i = 0; i < G_N_ELEMENTS(openings); i++) {
		if (g_str_has_prefix(line->rest, openings[i].begins))
			return take_sentence(line,
								 find_sentence(notifications, G_N_ELEMENTS(notifications),
											   line->rest + strlen(openings[i].begins), is),
								 openings[i].flags, speaker);
	}
	return FALSE;
}

static gboolean
is_too_long(const PlutoLogLine *line)
{
	return line->kind == PLUTO_LOG_UNREACHABLE && !line->authenticated &&
		   strstr(line->rest, ": Message too long [") != NULL;
}

/* `STATE_MAIN_I1: 60 second timeout exceeded after 7 retransmits.  No response ...` and
 * `...: max number of retransmissions (8) reached after 60 seconds.  ...`. Returns what follows the
 * full stop; NULL where it is none of these. */
static const char *
skip_silence(const char *text)
{
	gsize state = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	const char *at = text + state;
	const char *end;

	if (state == 0 || !g_str_has_prefix(at, ": "))
		return NULL;
	at += strlen(": ");
	if (!g_str_has_prefix(at, "max number of retransmissions (") &&
		!g_str_has_prefix(at + strspn(at, "0123456789."), " second timeout exceeded after "))
		return NULL;
	end = strstr(at, ".  ");
	return end ? end + strlen(".  ") : NULL;
}

static gboolean
take_silence(PlutoLogLine *line, Speaker speaker, guint is)
{
	const char *tail = skip_silence(line->rest);

	return tail && take_sentence(line, find_sentence(silences, G_N_ELEMENTS(silences), tail, is), 0,
								 speaker);
}

static void
find_meaning(PlutoLogLine *line, Speaker speaker, guint is)
{
	if (!take_notification(line, speaker, is) && !take_silence(line, speaker, is) &&
		!take_sentence(line,
					   find_sentence(other_refusals, G_N_ELEMENTS(other_refusals), line->rest, is),
					   0, speaker))
		take_sentence(line, find_sentence(sentences, G_N_ELEMENTS(sentences), line->rest, is), 0,
					  speaker);
	if (is_too_long(line))
		*line = (PlutoLogLine){.kind = PLUTO_LOG_OTHER, .text = line->text, .rest = line->rest};
}

/* Only where no text of anybody else can stand: nobody is to hide what he does among the noise. */
static gboolean
is_list(const PlutoLogLine *line, Head head)
{
	if (head == HEAD_CONN)
		return begins_with_any(line->rest, noise_of_conn, G_N_ELEMENTS(noise_of_conn));
	for (guint i = 0; head == HEAD_NONE && i < G_N_ELEMENTS(noise); i++) {
		if (strstr(line->text, noise[i]))
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_noise(const PlutoLogLine *line, Head head)
{
	return g_str_has_prefix(line->text, "addconn: ") || is_list(line, head);
}

/* What pluto and addconn say before the connection is there is of the profile, but for this. */
static const char *const no_complaints[] = {
	"listening for IKE messages",
	"netlink response for ", /* 5.2 tries out what the kernel can */
	"xfrmi is not supported",
	"ipsec-interface is not working",
	"warning: ",
	"WARNING: ",
	GUARD_ADDCONN,
	GUARD_PORT,
};

/* pluto goes on without a connection, and nothing is heard of it any more: so the end of addconn is
 * what tells. What it had to say comes before that: 5.2 reads it until the end. 4.10 has addconn
 * ask for a negotiation of what was not loaded. */
static const Sentence *
find_unloaded(PlutoLog *self, PlutoLogLine *line, Head head)
{
	if (self->loaded || head > HEAD_CONN)
		return NULL;
	if (head == HEAD_CONN && g_str_has_prefix(line->rest, "added ")) {
		self->loaded = TRUE;
		return NULL;
	}
	if (g_str_has_prefix(line->rest, GUARD_ADDCONN) ||
		g_str_has_prefix(line->rest, "no connection named ")) {
		self->loaded = TRUE; /* this is said once */
		if (!self->complaint) {
			if (g_str_has_prefix(line->rest, "guard: "))
				line->rest += strlen("guard: ");
			return &not_loaded;
		}
		line->rest = self->complaint;
		return &not_accepted;
	}
	if (*line->rest && !is_list(line, head) &&
		!begins_with_any(line->rest, no_complaints, G_N_ELEMENTS(no_complaints))) {
		g_free(self->complaint);
		self->complaint = g_strdup(line->rest);
	}
	return NULL;
}

static void
note_state(PlutoLog *self, guint32 number, const char *text)
{
	if (begins_with_any(text, ours, G_N_ELEMENTS(ours)) && !has_number(self->theirs, number))
		add_number(self->ours, number);
	else if (begins_with_any(text, theirs, G_N_ELEMENTS(theirs)) && !has_number(self->ours, number))
		add_number(self->theirs, number);
	else if (has_number(self->theirs, number) &&
			 begins_with_any(text, proven, G_N_ELEMENTS(proven)))
		add_number(self->proven, number);
	if (g_str_has_prefix(text, "sent Main Mode I3") && has_number(self->ours, number))
		add_number(self->keyed, number);
}

/* A gateway that asks for user and password once more may have refused what it was told, and so may
 * one that deletes the ISAKMP SA then; or the answer was late or lost: libreswan as the gateway
 * asks again after half a second, with another message ID. pluto would answer again and again, with
 * the same password, so the third question ends it. Returns NULL where it is none of this. */
static const Sentence *
find_xauth_news(PlutoLog *self, guint32 number, const char *text)
{
	if (g_str_has_prefix(text, "XAUTH: Successfully Authenticated")) {
		remove_number(self->asked, number);
		remove_number(self->asked_again, number);
		return &xauth_accepted;
	}
	if (has_number(self->leased, number))
		return NULL; /* a recorded question, see is_replayed() */
	if (!has_number(self->asked, number)) {
		if (!g_str_has_prefix(text, "XAUTH: Answering XAUTH challenge"))
			return NULL;
		add_number(self->asked, number);
		return &xauth_sent;
	}
	if (g_str_has_prefix(text, "received Delete SA payload: self-deleting "))
		return &xauth_unclear;
	if (!g_str_has_prefix(text, "XAUTH: Answering XAUTH challenge"))
		return NULL;
	if (has_number(self->asked_again, number))
		return &xauth_unclear;
	add_number(self->asked_again, number);
	return &xauth_asked_again;
}

/* pluto has no protection against a recorded question that is sent once more. In an ISAKMP SA that
 * has had its address it is none of the gateway's. */
static gboolean
is_replayed(PlutoLog *self, guint32 number, const PlutoLogLine *line)
{
	if (line->kind == PLUTO_LOG_LEASE)
		add_number(self->leased, number);
	return line->kind == PLUTO_LOG_XAUTH_AGAIN && has_number(self->leased, number);
}

/* What a state of theirs says counts once they have authenticated themselves, and as far as that
 * goes: a gateway may make the ISAKMP SA anew by its own Main Mode, and end the tunnel in it. */
static Speaker
find_speaker(PlutoLog *self, Head head, guint32 number, const char *text)
{
	if (head == HEAD_OTHER)
		return SPEAKER_STRANGER;
	if (head != HEAD_STATE)
		return SPEAKER_PLUTO;
	note_state(self, number, text);
	if (has_number(self->ours, number))
		return SPEAKER_OURS;
	if (!has_number(self->theirs, number))
		return SPEAKER_INNER;
	return has_number(self->proven, number) ? SPEAKER_PROVEN : SPEAKER_STRANGER;
}

/* Of the profile and of this host pluto speaks before it negotiates. Later it may be a text of the
 * gateway's with line breaks in it: pluto prints XAUTH messages as they are. */
static gboolean
is_too_late(PlutoLog *self, const PlutoLogLine *line)
{
	self->established |= line->kind == PLUTO_LOG_ANSWERED && line->authenticated;
	return self->established &&
		   (line->kind == PLUTO_LOG_INVALID || line->kind == PLUTO_LOG_BROKEN ||
			line->kind == PLUTO_LOG_PORT_TAKEN);
}

PlutoLog *
pluto_log_new(void)
{
	PlutoLog *self = g_new0(PlutoLog, 1);

	self->ours = g_array_new(FALSE, FALSE, sizeof(guint32));
	self->theirs = g_array_new(FALSE, FALSE, sizeof(guint32));
	self->proven = g_array_new(FALSE, FALSE, sizeof(guint32));
	self->keyed = g_array_new(FALSE, FALSE, sizeof(guint32));
	self->asked = g_array_new(FALSE, FALSE, sizeof(guint32));
	self->asked_again = g_array_new(FALSE, FALSE, sizeof(guint32));
	self->leased = g_array_new(FALSE, FALSE, sizeof(guint32));
	return self;
}

void
pluto_log_free(PlutoLog *self)
{
	if (!self)
		return;
	g_array_unref(self->ours);
	g_array_unref(self->theirs);
	g_array_unref(self->proven);
	g_array_unref(self->keyed);
	g_array_unref(self->asked);
	g_array_unref(self->asked_again);
	g_array_unref(self->leased);
	g_free(self->complaint);
	g_free(self);
}

PlutoLogLine
pluto_log_take(PlutoLog *self, const char *line)
{
	const char *text = skip_time(line);
	PlutoLogLine result = {.kind = PLUTO_LOG_OTHER, .text = text, .rest = text};
	const Sentence *xauth, *unloaded;
	guint32 number = 0;
	Speaker speaker;
	Head head;

	if (*text == ' ' || *text == '\0') {
		result.kind = PLUTO_LOG_NOISE;
		return result;
	}
	/* pluto repeats what addconn says, and the other way round; llog_error() puts its word before
	 * the head. */
	if (g_str_has_prefix(result.rest, "addconn: "))
		result.rest += strlen("addconn: ");
	if (g_str_has_prefix(result.rest, "ERROR: "))
		result.rest += strlen("ERROR: ");
	head = read_head(&result.rest, &number);
	speaker = find_speaker(self, head, number, result.rest);
	xauth = speaker == SPEAKER_OURS ? find_xauth_news(self, number, result.rest) : NULL;
	unloaded = find_unloaded(self, &result, head);
	if (speaker == SPEAKER_STRANGER)
		result.kind = PLUTO_LOG_STRANGER;
	else if (xauth || unloaded)
		take_sentence(&result, xauth ? xauth : unloaded, 0, speaker);
	else
		find_meaning(&result, speaker,
					 (has_number(self->keyed, number) ? KEYED : 0) |
						 (self->established ? INSIDE : 0));
	if (is_too_late(self, &result) || is_replayed(self, number, &result))
		result = (PlutoLogLine){.kind = PLUTO_LOG_OTHER, .text = result.text, .rest = result.rest};
	if (result.kind == PLUTO_LOG_OTHER && is_noise(&result, head))
		result.kind = PLUTO_LOG_NOISE;
	return result;
}

/* `Peer ID '@gateway.example' mismatched on ...`: there may be quotes in it. */
char *
pluto_log_shown_id(const PlutoLogLine *line)
{
	const char *begin = strchr(line->rest, '\'');
	const char *end = begin ? g_strrstr(begin + 1, "' mismatched ") : NULL;

	return end ? g_strndup(begin + 1, (gsize) (end - begin - 1)) : NULL;
}

const char *
pluto_log_address(const PlutoLogLine *line)
{
	return strrchr(line->text, ' ') + 1;
}

gboolean
pluto_log_is_about(const PlutoLogLine *line, const IpNet *address)
{
	char host[IP_NET_STRLEN];
	g_autofree char *endpoint = g_strdup_printf(address->family == AF_INET6 ? " [%s]:" : " %s:",
												ip_net_to_string(address, host));

	return strstr(line->rest, endpoint) != NULL;
}

char *
pluto_log_connection(const PlutoLogLine *line)
{
	const char *end = *line->text == '"' ? strchr(line->text + 1, '"') : NULL;

	return end ? g_strndup(line->text + 1, (gsize) (end - line->text - 1)) : NULL;
}

char *
pluto_log_topic(const PlutoLogLine *line)
{
	const char *at = line->rest;
	GString *topic = g_string_new(NULL);

	if (g_str_has_prefix(at, "packet from ")) {
		const char *end = strstr(at, ": ");

		g_string_append(topic, "packet: ");
		at = end ? end + 2 : at + strlen("packet from ");
	}
	for (; *at && *at != '\'' && topic->len < TOPIC_MAX; at++) {
		if (g_ascii_isalpha(*at) || *at == ' ' || *at == '_')
			g_string_append_c(topic, *at);
	}
	return g_string_free(topic, FALSE);
}

static void
list_table(GPtrArray *list, const char *opening, const Sentence *table, guint n)
{
	for (guint i = 0; i < n; i++)
		g_ptr_array_add(list, g_strconcat(table[i].flags & VERB ? "up-client" : opening,
										  table[i].begins, table[i].part, NULL));
}

char **
pluto_log_list_sentences(void)
{
	GPtrArray *list = g_ptr_array_new();

	for (guint i = 0; i < G_N_ELEMENTS(openings); i++)
		list_table(list, openings[i].begins, notifications, G_N_ELEMENTS(notifications));
	list_table(list, "STATE_MAIN_I1: 60 second timeout exceeded after 7 retransmits.  ", silences,
			   G_N_ELEMENTS(silences));
	list_table(list, "", other_refusals, G_N_ELEMENTS(other_refusals));
	list_table(list, "", sentences, G_N_ELEMENTS(sentences));
	g_ptr_array_add(list, NULL);
	return (char **) g_ptr_array_free(list, FALSE);
}
