/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a gateway answers, byte by byte: written apart from what ike-message.c writes. */
#pragma once

#include <string.h>

#include "ike-message.h"

#define IKE_THEIR_SPI "gateway!"

typedef struct {
	guint8 bytes[1024];
	gsize len;
} IkeBytes;

static inline void
ike_bytes_add(IkeBytes *self, const void *bytes, gsize n)
{
	g_assert_cmpuint(self->len + n, <=, sizeof(self->bytes));
	memcpy(self->bytes + self->len, bytes, n);
	self->len += n;
}

/* In hexadecimal digits, with blanks. */
static inline void
ike_bytes_hex(IkeBytes *self, const char *hex)
{
	for (; *hex; hex++) {
		guint8 byte;

		if (*hex == ' ')
			continue;
		byte = (guint8) (g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
		ike_bytes_add(self, &byte, 1);
		hex++;
	}
}

static inline void
ike_bytes_length(IkeBytes *self)
{
	self->bytes[26] = (guint8) (self->len >> 8);
	self->bytes[27] = (guint8) self->len;
}

/* @head: from the next payload to the message's ID, in hex; @body likewise. */
static inline IkeBytes
ike_answer(const guint8 *spi, const char *head, const char *body)
{
	IkeBytes self = {0};

	ike_bytes_add(&self, spi, IKE_SPI_LEN);
	ike_bytes_add(&self, IKE_THEIR_SPI, IKE_SPI_LEN);
	ike_bytes_hex(&self, head);
	ike_bytes_hex(&self, "00000000");
	ike_bytes_hex(&self, body);
	ike_bytes_length(&self);
	return self;
}

#define IKE_V2_SA_FIRST     "21 20 22 20 00000000"
#define IKE_V2_NOTIFY_FIRST "29 20 22 20 00000000"
#define IKE_V1_MAIN         "01 10 02 00 00000000"
#define IKE_V1_INFORMATION  "0b 10 05 00 00001234"

/* The first proposal: AES-CBC 256, HMAC-SHA2-256 twice, modp2048. */
#define IKE_V2_SA_WITH(group)                                                                      \
	"22 00 0030  00 00 002c 01 01 00 04"                                                           \
	" 03 00 000c 01 00 000c 800e 0100"                                                             \
	" 03 00 0008 02 00 0005"                                                                       \
	" 03 00 0008 03 00 000c"                                                                       \
	" 00 00 0008 04 00 " group
#define IKE_V2_SA           IKE_V2_SA_WITH("000e")
#define IKE_V2_KE_OF(group) " 28 00 000c " group " 0000 01020304"
#define IKE_V2_KE           IKE_V2_KE_OF("000e")
#define IKE_V2_NONCE        " 00 00 0014 000102030405060708090a0b0c0d0e0f"

#define IKE_V2_NO_PROPOSAL  "00 00 0008 00 00 000e"
#define IKE_V2_WANTS_DH19   "00 00 000a 00 00 0011 0013"
#define IKE_V2_WANTS_COOKIE "00 00 000c 00 00 4006 c0c1c2c3"

/* AES-CBC 256, SHA2-256, PSK, modp2048; a vendor ID after it. */
#define IKE_V1_SA                                                                                  \
	"0d 00 003c 00000001 00000001  00 00 0030 01 01 00 01"                                         \
	" 00 00 0028 01 01 0000 8001 0007 800e 0100 8002 0004 8003 0001 8004 000e 800b 0001"           \
	" 000c 0004 00015180"                                                                          \
	" 00 00 0008 afcad713"
#define IKE_V1_NO_PROPOSAL "00 00 000c 00000001 01 00 000e"
