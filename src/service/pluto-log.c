/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "pluto-log.h"

#include <string.h>

typedef struct {
	const char *part; /* the line contains this */
	PlutoLogKind kind;
	const char *reason;
} Sentence;

/* Seen in 4.10 and 5.2 where nothing else is said. The first that matches counts. */
static const Sentence sentences[] = {
	/* Log in. IKEv2: the gateway's AUTHENTICATION_FAILED; RFC 7296 2.21.2. */
	{"rejected by peer: AUTHENTICATION_FAILED", PLUTO_LOG_LOGIN_REFUSED,
	 "the gateway refused our identity, pre-shared key or certificate"},
	{"authentication failed: rejecting", PLUTO_LOG_LOGIN_REFUSED, NULL},
	{"XAUTH status: FAIL", PLUTO_LOG_LOGIN_REFUSED,
	 "the gateway refused the XAUTH user name or password"},
	{"XAUTH: FAIL", PLUTO_LOG_LOGIN_REFUSED, "the gateway refused the XAUTH user name or password"},
	/* We do not believe that the gateway is who it should be. */
	{"computed hash does not match", PLUTO_LOG_LOGIN_REFUSED,
	 "the gateway's proof does not fit our pre-shared key"},
	{"AUTH mismatch", PLUTO_LOG_LOGIN_REFUSED,
	 "the gateway's proof does not fit our pre-shared key"},
	{"Peer ID", PLUTO_LOG_OTHER, NULL},
	{"Can't find the private key from the NSS", PLUTO_LOG_BROKEN, NULL},
	{"no file descriptor available for prompt", PLUTO_LOG_LOGIN_REFUSED,
	 "the gateway asks for an XAUTH password and the profile has none"},

	/* What pluto says before it revives a connection by itself; the updown command does not always
	 * hear of it: 4.10 replaces a deleted IPsec SA of IKEv1 without `down` and `up`. */
	{"is supposed to remain up", PLUTO_LOG_LOST, "the gateway ended the tunnel"},
	{"payload: replace IPsec State", PLUTO_LOG_LOST, "the gateway ended the tunnel"}, /* 4.x */
	{"payload: replace CHILD SA", PLUTO_LOG_LOST, "the gateway ended the tunnel"},    /* 4.x */

	/* IKEv1 with remote-peer-type=cisco, which leaves XAUTH out when an ISAKMP SA is replaced; the
	 * gateway then gives the new one up. */
	{"Expecting MODE_CFG_SET, got 1 instead", PLUTO_LOG_XAUTH_AGAIN,
	 "the gateway asks for the XAUTH user again"}, /* 4.10 */
	{"expecting MODE_CFG_SET, got ISAKMP_CFG_REQUEST instead", PLUTO_LOG_XAUTH_AGAIN,
	 "the gateway asks for the XAUTH user again"},

	/* IKEv1. With every new ISAKMP SA, and then no updown verb tells that it is another one. */
	{"Received IPv4 address: ", PLUTO_LOG_LEASE, NULL},

	{"malformed CP attribute", PLUTO_LOG_REFUSED,
	 "libreswan does not understand the configuration that the gateway sends"},
	{"rejected Child SA response", PLUTO_LOG_REFUSED,
	 "libreswan does not accept what the gateway answers"},
	{"NO_PROPOSAL_CHOSEN", PLUTO_LOG_REFUSED,
	 "the gateway accepts none of our proposals: see ike= and esp="},
	{"INVALID_ID_INFORMATION", PLUTO_LOG_REFUSED,
	 "the gateway refused the networks or the id: see rightsubnet= and leftid="},
	{"TS_UNACCEPTABLE", PLUTO_LOG_REFUSED, "the gateway refused the networks: see rightsubnet="},
	{"INTERNAL_ADDRESS_FAILURE", PLUTO_LOG_REFUSED, "the gateway has no address for us"},
	{"FAILED_CP_REQUIRED", PLUTO_LOG_REFUSED, "the gateway wants us to ask for an address"},
	/* Any version: no kernel policy could be made of it. */
	{"non-CIDR Traffic Selector range", PLUTO_LOG_REFUSED,
	 "the gateway's networks are an address range, which libreswan does not support"},
	{"rejected by peer:", PLUTO_LOG_REFUSED, NULL},
	/* All that it tells an updown command has to fit into 2047 bytes. */
	{"command too long!", PLUTO_LOG_REFUSED,
	 "the gateway's banner and domains are too long for libreswan"},
	/* pluto gives the Child SA up, and 4.10 then waits a minute for an answer that it had. While
	 * the tunnel is up it is of no interest. */
	{" command exited with ", PLUTO_LOG_REFUSED,
	 "the updown command failed, without which libreswan makes no tunnel"},

	{"malformed payload in packet", PLUTO_LOG_GARBLED, NULL},
	{"larger than can fit", PLUTO_LOG_GARBLED, NULL},
	{"payload malformed after IV", PLUTO_LOG_GARBLED, NULL},

	/* The path takes only smaller packets, and said so: pluto's next one goes in fragments. */
	{"Message too long", PLUTO_LOG_OTHER, NULL},
	{"asynchronous network error report", PLUTO_LOG_UNREACHABLE,
	 "the network says that the gateway cannot be reached"},
	{"no public interfaces found", PLUTO_LOG_UNREACHABLE, "no network interface has an address"},
	{"Network is unreachable", PLUTO_LOG_UNREACHABLE, "there is no route to the gateway"},

	{"FATAL ERROR", PLUTO_LOG_BROKEN, NULL},
	/* Two that say more about the host than about the configuration, then the rest. */
	{"host address family unknown", PLUTO_LOG_UNREACHABLE,
	 "there is no route to the gateway, or its name has no address"},
	{"must specify host IP address for our side", PLUTO_LOG_UNREACHABLE,
	 "there is no route to the gateway, or its name has no address"},
	{"failed to add", PLUTO_LOG_INVALID, NULL},
	{"cannot load config", PLUTO_LOG_INVALID, NULL},
	{", invalid value: ", PLUTO_LOG_INVALID, NULL}, /* of a keyword of ipsec.conf: 4.10 */
	{"Address already in use", PLUTO_LOG_BROKEN, NULL},
	{"no connection named", PLUTO_LOG_BROKEN, NULL},
	{"cannot identify ourselves with either end of this connection", PLUTO_LOG_BROKEN,
	 "there is no route to the gateway"},

	{"adding UDP interface", PLUTO_LOG_NOISE, NULL},
	{"listening for IKE messages", PLUTO_LOG_READY, NULL},

	/* IKEv1, main and aggressive mode: what we send next proves that the last message was
	 * answered. IKEv2: likewise. */
	{"sent Main Mode I2", PLUTO_LOG_ANSWERED, NULL},
	{"sent Main Mode I3", PLUTO_LOG_ANSWERED, NULL},
	{"STATE_MAIN_I2", PLUTO_LOG_ANSWERED, NULL},
	{"STATE_AGGR_I2", PLUTO_LOG_ANSWERED, NULL},
	{"Peer authenticated", PLUTO_LOG_ANSWERED, NULL},
	{"established", PLUTO_LOG_ANSWERED, NULL},
	{"XAUTH:", PLUTO_LOG_ANSWERED, NULL},
	{"sent IKE_AUTH request", PLUTO_LOG_ANSWERED, NULL},
	{"processed IKE_SA_INIT response", PLUTO_LOG_ANSWERED, NULL},
};

/* The start-up of pluto is 120 lines of algorithms and self tests, and addconn repeats what pluto
 * says to it. */
static const char *const noise[] = {
	"| ",
	"addconn: ",
	"skipping interface ",
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
	"proposals (connection add)",
	":IKE=",
	":ESP=",
};

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

const char *
pluto_log_address(const PlutoLogLine *line)
{
	return strrchr(line->text, ' ') + 1;
}

char *
pluto_log_connection(const PlutoLogLine *line)
{
	const char *end = *line->text == '"' ? strchr(line->text + 1, '"') : NULL;

	return end ? g_strndup(line->text + 1, (gsize) (end - line->text - 1)) : NULL;
}

PlutoLogLine
pluto_log_parse(const char *line)
{
	PlutoLogLine result = {PLUTO_LOG_OTHER, NULL, skip_time(line)};

	if (*result.text == ' ' || *result.text == '\0') {
		result.kind = PLUTO_LOG_NOISE;
		return result;
	}
	for (guint i = 0; i < G_N_ELEMENTS(sentences); i++) {
		if (strstr(result.text, sentences[i].part)) {
			result.kind = sentences[i].kind;
			result.reason = sentences[i].reason;
			return result;
		}
	}
	for (guint i = 0; i < G_N_ELEMENTS(noise); i++) {
		if (strstr(result.text, noise[i])) {
			result.kind = PLUTO_LOG_NOISE;
			return result;
		}
	}
	return result;
}
