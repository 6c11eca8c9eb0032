/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/*
 * The wire between the library in pluto's process (src/preload) and the service: an AF_UNIX
 * SOCK_SEQPACKET socket pair, whose one end is the descriptor GUARD_FD of pluto from its exec on.
 *
 * guard -> service: GUARD_HELLO, once, before main() of the program.
 * service -> guard: GUARD_GO, one of the first two words below, a blank, one of the other three, a
 * blank, and what leftupdown= of ipsec.conf(5) says ("HELPER SOCKET"): the program may go on, and
 * this is the one command that popen() may end with; with nothing behind the blank no command is
 * allowed. The end of the connection instead of a message, or another message: the program ends.
 * guard -> service: GUARD_REFUSED and a sentence, each time that it has refused a command.
 * guard -> service: GUARD_STOPPED and GUARD_STATES or GUARD_POLICIES, each time that the program
 * believes that it has flushed the kernel's XFRM states or policies, and they are still there.
 * guard -> service: GUARD_UNPROVEN, where the program wants UDP 500 or 4500 and has not flushed
 * both before, though it does as the service knows: it has found another way to. It does not get
 * the port.
 *
 * The word is which IKE exchange a peer may begin with the program as the responder:
 * GUARD_INITIATOR: none; GUARD_MAIN_MODE: IKEv1's Main Mode. The other word is what is known of
 * the program, GUARD_FLUSHES: it flushes both when it starts; GUARD_UNKNOWN: it may, or not;
 * GUARD_TRIAL: that is to be found out. Then it runs in a network namespace of its own, and the
 * last that the guard says is GUARD_KEPT, or GUARD_LOST where it has removed what is not its own,
 * or GUARD_NO_TRIAL and a sentence where there can be no such namespace, and it has ended.
 *
 * Messages are texts without a terminating NUL.
 *
 * Beside the wire: a line GUARD_ADDCONN and "exit status N" or "signal N" in pluto's log, when the
 * program has been told that its first child, addconn, has ended; and a line GUARD_PORT, a port and
 * a sentence where another one is used in its place.
 */

/* Identifies the protocol; another one gets another number. */
#define GUARD_HELLO     "pluto-guard 3"
#define GUARD_GO        "go "
#define GUARD_INITIATOR "initiator"
#define GUARD_MAIN_MODE "main-mode"
#define GUARD_FLUSHES   "flushes"
#define GUARD_UNKNOWN   "unknown"
#define GUARD_TRIAL     "trial"
#define GUARD_REFUSED   "refused: "
#define GUARD_STOPPED   "flush stopped: "
#define GUARD_STATES    "states"
#define GUARD_POLICIES  "policies"
#define GUARD_UNPROVEN  "flush not seen"
#define GUARD_KEPT      "trial: kept"
#define GUARD_LOST      "trial: lost"
#define GUARD_NO_TRIAL  "no trial: "
#define GUARD_ADDCONN   "guard: addconn has ended: "
#define GUARD_PORT      "guard: UDP port "

/* The descriptors in the new process: the socket, and the library that LD_PRELOAD names. */
#define GUARD_FD         3
#define GUARD_LIBRARY_FD 4

/* The longest message, in bytes; a sentence that is longer is cut. */
#define GUARD_WIRE_MAX 1024
