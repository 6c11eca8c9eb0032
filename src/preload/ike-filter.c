/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "ike-filter.h"

#include <linux/filter.h>
#include <string.h>
#include <sys/socket.h>

/* What the filter sees begins with the UDP header; behind it, the non-ESP marker. */
#define UDP_LEN    8
#define MARKED_LEN (UDP_LEN + 4)

/* The IKE header: the same in both versions as far as it is read here. */
#define RESPONDER_SPI          8
#define MAJOR_VERSION          17 /* in the upper half */
#define EXCHANGE               18
#define FLAGS                  19
#define READ_LEN               20

#define V1_IDENTITY_PROTECTION 2
#define V1_AGGRESSIVE          4
#define V2_SA_INIT             34
#define V2_SESSION_RESUME      38
#define V2_RESPONSE            0x20

/* The places of the instructions that another one jumps to. */
enum {
	BEGIN = 0,
	MARKED = 1,
	BARE = 7,
	HEADER = 10,
	V2 = 14,
	V2_FLAGS = 17,
	V1 = 19,
	V1_EXCHANGE = 23,
	PASS = 26,
	DROP = 27,
};

#define LOAD(size, mode, offset) BPF_STMT(BPF_LD | (size) | (mode), offset)
#define SET_X(value)             BPF_STMT(BPF_LDX | BPF_W | BPF_IMM, value)
/* At the place @at; a jump counts from the next instruction. */
#define IF(at, test, value, yes, no)                                                               \
	BPF_JUMP(BPF_JMP | (test) | BPF_K, value, (yes) - (at) -1, (no) - (at) -1)
#define GO(at, to) BPF_STMT(BPF_JMP | BPF_JA, (to) - (at) -1)

/* X is where the IKE header begins. */
static const struct sock_filter program[] = {
	[BEGIN] = GO(BEGIN, MARKED), /* or BARE */

	[MARKED] = LOAD(BPF_W, BPF_LEN, 0),
	IF(2, BPF_JGE, MARKED_LEN + READ_LEN, 3, PASS),
	LOAD(BPF_W, BPF_ABS, UDP_LEN),
	IF(4, BPF_JEQ, 0, 5, PASS),
	SET_X(MARKED_LEN),
	GO(6, HEADER),

	[BARE] = LOAD(BPF_W, BPF_LEN, 0),
	IF(8, BPF_JGE, UDP_LEN + READ_LEN, 9, PASS),
	SET_X(UDP_LEN),

	[HEADER] = LOAD(BPF_B, BPF_IND, MAJOR_VERSION),
	BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 4),
	IF(12, BPF_JEQ, 2, V2, 13),
	IF(13, BPF_JEQ, 1, V1, PASS),

	[V2] = LOAD(BPF_B, BPF_IND, EXCHANGE),
	IF(15, BPF_JEQ, V2_SA_INIT, V2_FLAGS, 16),
	IF(16, BPF_JEQ, V2_SESSION_RESUME, V2_FLAGS, PASS),
	[V2_FLAGS] = LOAD(BPF_B, BPF_IND, FLAGS),
	IF(18, BPF_JSET, V2_RESPONSE, PASS, DROP),

	[V1] = LOAD(BPF_W, BPF_IND, RESPONDER_SPI),
	IF(20, BPF_JEQ, 0, 21, PASS),
	LOAD(BPF_W, BPF_IND, RESPONDER_SPI + 4),
	IF(22, BPF_JEQ, 0, V1_EXCHANGE, PASS),
	[V1_EXCHANGE] = LOAD(BPF_B, BPF_IND, EXCHANGE),
	IF(24, BPF_JEQ, V1_AGGRESSIVE, DROP, 25),
	IF(25, BPF_JEQ, V1_IDENTITY_PROTECTION, DROP, PASS),

	[PASS] = BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
	[DROP] = BPF_STMT(BPF_RET | BPF_K, 0),
};

int
ike_filter_attach(int fd, bool main_mode, bool bare)
{
	struct sock_filter filter[sizeof(program) / sizeof(program[0])];
	const struct sock_fprog prog = {.len = sizeof(filter) / sizeof(filter[0]), .filter = filter};
	const int yes = 1;

	memcpy(filter, program, sizeof(program));
	if (bare)
		filter[BEGIN].k = BARE - BEGIN - 1;
	if (main_mode)
		filter[V1_EXCHANGE + 2].jt = filter[V1_EXCHANGE + 2].jf;
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)) < 0)
		return -1;
	return setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &yes, sizeof(yes));
}
