/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "ike-message.h"

#include <string.h>

#define HEADER_LEN  28
#define PAYLOAD_LEN 4 /* of a payload's generic header */

/* Payloads: IKEv1's, then IKEv2's. */
enum {
	NO_NEXT = 0,
	SA_1 = 1,
	PROPOSAL_1 = 2,
	TRANSFORM_1 = 3,
	NOTIFY_1 = 11,
	VENDOR_1 = 13,
	SA_2 = 33,
	KE_2 = 34,
	NONCE_2 = 40,
	NOTIFY_2 = 41,
};

enum {
	MAIN_MODE = 2,
	INFORMATIONAL_1 = 5,
	SA_INIT = 34,
};

enum {
	FLAG_ENCRYPTED_1 = 0x01,
	FLAG_INITIATOR_2 = 0x08,
	FLAG_RESPONSE_2 = 0x20,
	CRITICAL_2 = 0x80,
};

/* Attributes of IKEv1's transforms, and of IKEv2's (the last). */
enum {
	ENCRYPTION_1 = 1,
	HASH_1 = 2,
	AUTH_1 = 3,
	GROUP_1 = 4,
	LIFE_TYPE_1 = 11,
	LIFE_DURATION_1 = 12,
	KEY_LENGTH = 14,
	SHORT_ATTRIBUTE = 0x8000,
};

#define PROTOCOL_IKE   1
#define NOTIFY_ERRORS  16384 /* types below are errors, in both versions */
#define TRANSFORMS_MAX 255

/* draft-ietf-ipsec-isakmp-xauth-06, RFC 3947, RFC 3706: what a client of ours says too. */
static const guint8 vendor_xauth[] = {0x09, 0x00, 0x26, 0x89, 0xdf, 0xd6, 0xb7, 0x12};
static const guint8 vendor_nat[] = {0x4a, 0x13, 0x1c, 0x81, 0x07, 0x03, 0x58, 0x45,
									0x5c, 0x57, 0x28, 0xf2, 0x0e, 0x95, 0x45, 0x2f};
static const guint8 vendor_dpd[] = {0xaf, 0xca, 0xd7, 0x13, 0x68, 0xa1, 0xf1, 0xc9,
									0x6b, 0x86, 0x96, 0xfc, 0x77, 0x57, 0x01, 0x00};

/*****************************************************************************/
/* Writing. */

static void
put8(GByteArray *out, guint value)
{
	const guint8 byte = (guint8) value;

	g_byte_array_append(out, &byte, 1);
}

static void
put16(GByteArray *out, guint value)
{
	put8(out, value >> 8);
	put8(out, value);
}

static void
put32(GByteArray *out, guint32 value)
{
	put16(out, value >> 16);
	put16(out, value & 0xffff);
}

/* A length, or a type of what follows, that was not known when it was due. */
static void
set16(GByteArray *out, guint at, guint value)
{
	out->data[at] = (guint8) (value >> 8);
	out->data[at + 1] = (guint8) value;
}

/* Returns where it begins. */
static guint
begin(GByteArray *out, guint next)
{
	put8(out, next);
	put8(out, 0);
	put16(out, 0);
	return out->len - PAYLOAD_LEN;
}

static void
end(GByteArray *out, guint at)
{
	set16(out, at + 2, out->len - at);
}

static void
put_header(GByteArray *out, const IkeRequest *request, guint first)
{
	static const guint8 none[IKE_SPI_LEN] = {0};

	g_byte_array_append(out, request->spi, IKE_SPI_LEN);
	g_byte_array_append(out, none, IKE_SPI_LEN);
	put8(out, first);
	put8(out, request->ikev2 ? 0x20 : 0x10);
	put8(out, request->ikev2 ? SA_INIT : MAIN_MODE);
	put8(out, request->ikev2 ? FLAG_INITIATOR_2 : 0);
	put32(out, 0);
	put32(out, 0); /* the length */
}

static void
put_attribute(GByteArray *out, guint type, guint value)
{
	put16(out, SHORT_ATTRIBUTE | type);
	put16(out, value);
}

static void
put_proposal_2(GByteArray *out, const GArray *transforms, guint number, gboolean last)
{
	const guint proposal = begin(out, last ? 0 : 2);

	put8(out, number);
	put8(out, PROTOCOL_IKE);
	put8(out, 0);
	put8(out, transforms->len);
	for (guint i = 0; i < transforms->len; i++) {
		const IkeTransform *transform = &g_array_index(transforms, IkeTransform, i);
		const guint at = begin(out, i + 1 == transforms->len ? 0 : 3);

		put8(out, transform->type);
		put8(out, 0);
		put16(out, transform->id);
		if (transform->bits)
			put_attribute(out, KEY_LENGTH, transform->bits);
		end(out, at);
	}
	end(out, proposal);
}

static gboolean
put_body_2(GByteArray *out, const IkeRequest *request)
{
	g_autoptr(GBytes) public = ike_group_public_value(request->group);
	gconstpointer data;
	gsize size;
	guint at;

	if (!public)
		return FALSE;
	if (request->cookie_len > 0) {
		at = begin(out, SA_2);
		put8(out, 0);
		put8(out, 0);
		put16(out, IKE_COOKIE);
		g_byte_array_append(out, request->cookie, (guint) request->cookie_len);
		end(out, at);
	}
	at = begin(out, KE_2);
	for (guint i = 0; i < request->proposals->len; i++)
		put_proposal_2(out, request->proposals->pdata[i], i + 1, i + 1 == request->proposals->len);
	end(out, at);
	at = begin(out, NONCE_2);
	put16(out, request->group);
	put16(out, 0);
	data = g_bytes_get_data(public, &size);
	g_byte_array_append(out, data, (guint) size);
	end(out, at);
	at = begin(out, NO_NEXT);
	g_byte_array_append(out, request->nonce, sizeof(request->nonce));
	end(out, at);
	return TRUE;
}

/* One of IKEv1's transforms is a whole suite. */
typedef struct {
	IkeTransform encryption, hash, group;
} Suite;

static gboolean
next_of(const GArray *transforms, guint16 type, guint *i)
{
	for (; *i < transforms->len; (*i)++) {
		const IkeTransform *transform = &g_array_index(transforms, IkeTransform, *i);

		if (transform->type == type && ike_v1_number(transform))
			return TRUE;
	}
	return FALSE;
}

/* (transfer full) (element-type Suite): the order is libreswan's: a group after the other last. */
static GArray *
list_suites(const GPtrArray *proposals)
{
	GArray *suites = g_array_new(FALSE, FALSE, sizeof(Suite));

	for (guint p = 0; p < proposals->len; p++) {
		const GArray *all = proposals->pdata[p];

		for (guint g = 0; next_of(all, IKE_GROUP, &g); g++) {
			for (guint e = 0; next_of(all, IKE_ENCRYPTION, &e); e++) {
				for (guint h = 0; next_of(all, IKE_PRF, &h); h++) {
					const Suite suite = {g_array_index(all, IkeTransform, e),
										 g_array_index(all, IkeTransform, h),
										 g_array_index(all, IkeTransform, g)};

					if (suites->len < TRANSFORMS_MAX)
						g_array_append_val(suites, suite);
				}
			}
		}
	}
	return suites;
}

static void
put_suite(GByteArray *out, const Suite *suite, guint16 auth, guint number, gboolean last)
{
	const guint at = begin(out, last ? NO_NEXT : TRANSFORM_1);

	put8(out, number);
	put8(out, 1); /* KEY_IKE */
	put16(out, 0);
	put_attribute(out, LIFE_TYPE_1, 1); /* seconds */
	put16(out, LIFE_DURATION_1);
	put16(out, 4);
	put32(out, 24 * 60 * 60);
	put_attribute(out, ENCRYPTION_1, ike_v1_number(&suite->encryption));
	put_attribute(out, HASH_1, ike_v1_number(&suite->hash));
	put_attribute(out, AUTH_1, auth);
	put_attribute(out, GROUP_1, ike_v1_number(&suite->group));
	if (suite->encryption.bits)
		put_attribute(out, KEY_LENGTH, suite->encryption.bits);
	end(out, at);
}

static void
put_vendor(GByteArray *out, const guint8 *id, guint len, guint next)
{
	const guint at = begin(out, next);

	g_byte_array_append(out, id, len);
	end(out, at);
}

static gboolean
put_body_1(GByteArray *out, const IkeRequest *request)
{
	g_autoptr(GArray) suites = list_suites(request->proposals);
	const gboolean xauth =
		request->auth == IKE_AUTH_XAUTH_PSK || request->auth == IKE_AUTH_XAUTH_RSA;
	guint sa, proposal;

	if (suites->len == 0)
		return FALSE;
	sa = begin(out, VENDOR_1);
	put32(out, 1); /* the IPsec DOI */
	put32(out, 1); /* SIT_IDENTITY_ONLY */
	proposal = begin(out, NO_NEXT);
	put8(out, 0);
	put8(out, PROTOCOL_IKE);
	put8(out, 0);
	put8(out, suites->len);
	for (guint i = 0; i < suites->len; i++)
		put_suite(out, &g_array_index(suites, Suite, i), request->auth, i + 1,
				  i + 1 == suites->len);
	end(out, proposal);
	end(out, sa);
	if (xauth)
		put_vendor(out, vendor_xauth, sizeof(vendor_xauth), VENDOR_1);
	put_vendor(out, vendor_nat, sizeof(vendor_nat), VENDOR_1);
	put_vendor(out, vendor_dpd, sizeof(vendor_dpd), NO_NEXT);
	return TRUE;
}

GByteArray *
ike_message_write(const IkeRequest *request)
{
	g_autoptr(GByteArray) out = g_byte_array_new();

	if (request->ikev2) {
		put_header(out, request, request->cookie_len ? NOTIFY_2 : SA_2);
		if (!put_body_2(out, request))
			return NULL;
	} else {
		put_header(out, request, SA_1);
		if (!put_body_1(out, request))
			return NULL;
	}
	set16(out, 24, out->len >> 16);
	set16(out, 26, out->len & 0xffff);
	return g_steal_pointer(&out);
}

/*****************************************************************************/
/* Reading. */

/* What is left of a payload, or of a part of one. */
typedef struct {
	const guint8 *at;
	gsize len;
} Span;

static guint
get16(const guint8 *at)
{
	return (guint) at[0] << 8 | at[1];
}

static guint32
get32(const guint8 *at)
{
	return (guint32) get16(at) << 16 | get16(at + 2);
}

/* Takes what has a generic header; @next and @flags are its first two bytes. */
static gboolean
take(Span *from, Span *body, guint *next, guint *flags)
{
	guint len;

	if (from->len < PAYLOAD_LEN)
		return FALSE;
	len = get16(from->at + 2);
	if (len < PAYLOAD_LEN || len > from->len)
		return FALSE;
	*next = from->at[0];
	*flags = from->at[1];
	*body = (Span){from->at + PAYLOAD_LEN, len - PAYLOAD_LEN};
	from->at += len;
	from->len -= len;
	return TRUE;
}

static gboolean
take_bytes(Span *from, gsize n, const guint8 **bytes)
{
	if (from->len < n)
		return FALSE;
	*bytes = from->at;
	from->at += n;
	from->len -= n;
	return TRUE;
}

/* @value: 0 where it has another length than a short one's. */
static gboolean
take_attribute(Span *from, guint *type, guint *value)
{
	const guint8 *head, *rest;

	if (!take_bytes(from, 4, &head))
		return FALSE;
	*type = get16(head) & ~(guint) SHORT_ATTRIBUTE;
	*value = 0;
	if (get16(head) & SHORT_ATTRIBUTE) {
		*value = get16(head + 2);
		return TRUE;
	}
	return take_bytes(from, get16(head + 2), &rest);
}

static gboolean
is_among(const GArray *transforms, const IkeTransform *wanted)
{
	for (guint i = 0; i < transforms->len; i++) {
		const IkeTransform *transform = &g_array_index(transforms, IkeTransform, i);

		if (transform->type == wanted->type && transform->id == wanted->id &&
			transform->bits == wanted->bits)
			return TRUE;
	}
	return FALSE;
}

static gboolean
has_type(const IkeAnswer *answer, guint16 type)
{
	for (guint i = 0; i < answer->n_chosen; i++) {
		if (answer->chosen[i].type == type)
			return TRUE;
	}
	return FALSE;
}

static gboolean
choose(IkeAnswer *answer, const IkeTransform *transform)
{
	if (has_type(answer, transform->type) || answer->n_chosen == G_N_ELEMENTS(answer->chosen))
		return FALSE;
	answer->chosen[answer->n_chosen++] = *transform;
	return TRUE;
}

static gboolean
read_transform_2(Span body, IkeTransform *transform)
{
	const guint8 *head;

	if (!take_bytes(&body, 4, &head))
		return FALSE;
	*transform = (IkeTransform){head[0], (guint16) get16(head + 2), 0};
	while (body.len > 0) {
		guint type, value;

		if (!take_attribute(&body, &type, &value))
			return FALSE;
		if (type == KEY_LENGTH)
			transform->bits = (guint16) value;
	}
	return TRUE;
}

/* A choice is one proposal with one transform of each type that it offered. */
static const char *
read_choice_2(Span sa, const IkeRequest *request, IkeAnswer *answer)
{
	Span proposal, transform_body;
	guint next, flags, n;
	const guint8 *head;
	const GArray *offered;

	if (!take(&sa, &proposal, &next, &flags) || next != 0 || sa.len > 0 ||
		!take_bytes(&proposal, 4, &head))
		return "its SA payload is malformed";
	if (head[0] == 0 || head[0] > request->proposals->len || head[1] != PROTOCOL_IKE ||
		head[2] != 0)
		return "it chooses a proposal that was not made";
	offered = request->proposals->pdata[head[0] - 1];
	n = head[3];
	for (guint i = 0; i < n; i++) {
		IkeTransform transform;

		if (!take(&proposal, &transform_body, &next, &flags) || next != (i + 1 < n ? 3 : 0) ||
			!read_transform_2(transform_body, &transform))
			return "its SA payload is malformed";
		if (!is_among(offered, &transform) || !choose(answer, &transform))
			return "it chooses an algorithm that was not offered";
	}
	if (proposal.len > 0)
		return "its SA payload is malformed";
	for (guint i = 0; i < answer->n_chosen; i++) {
		if (answer->chosen[i].type == IKE_GROUP && answer->chosen[i].id != request->group)
			return "it chooses another group than that of the key exchange";
	}
	for (guint i = 0; i < offered->len; i++) {
		if (!has_type(answer, g_array_index(offered, IkeTransform, i).type))
			return "it chooses no algorithm of a kind that is needed";
	}
	return NULL;
}

/* Of both versions, after the DOI of IKEv1. */
static gboolean
read_notify(Span body, IkeAnswer *answer)
{
	const guint8 *head, *spi;

	if (!take_bytes(&body, 4, &head) || !take_bytes(&body, head[1], &spi))
		return FALSE;
	answer->notify = (guint16) get16(head + 2);
	if (answer->notify == IKE_INVALID_KE_PAYLOAD && body.len == 2)
		answer->group = (guint16) get16(body.at);
	if (answer->notify == IKE_COOKIE) {
		if (body.len == 0 || body.len > IKE_COOKIE_MAX)
			return FALSE;
		memcpy(answer->cookie, body.at, body.len);
		answer->cookie_len = body.len;
	}
	return TRUE;
}

static gboolean
is_known_2(guint type)
{
	return type >= SA_2 && type <= 48;
}

static const char *
read_body_2(Span rest, guint type, const IkeRequest *request, IkeAnswer *answer)
{
	gboolean has_sa = FALSE, has_ke = FALSE, has_nonce = FALSE;
	const char *why;

	while (type != NO_NEXT) {
		guint next, flags;
		Span body;

		if (!take(&rest, &body, &next, &flags))
			return "its payloads are malformed";
		if (!is_known_2(type) && flags & CRITICAL_2)
			return "it has a critical payload that is not known";
		if (type == NOTIFY_2) {
			IkeAnswer notify = {0};

			if (!read_notify(body, &notify))
				return "its notification is malformed";
			/* The others tell of extensions. */
			if (notify.notify < NOTIFY_ERRORS || notify.notify == IKE_COOKIE ||
				notify.notify == IKE_REDIRECT) {
				*answer = notify;
				answer->kind = IKE_ANSWER_NOTIFY;
				return NULL;
			}
		} else if (type == SA_2) {
			why = has_sa ? "it has two SA payloads" : read_choice_2(body, request, answer);
			if (why)
				return why;
			has_sa = TRUE;
		}
		has_ke |= type == KE_2 && body.len > 4 && get16(body.at) == request->group;
		has_nonce |= type == NONCE_2 && body.len >= 16 && body.len <= 256;
		type = next;
	}
	if (rest.len > 0)
		return "something follows its last payload";
	if (!has_sa || !has_ke || !has_nonce)
		return "it has neither a choice nor a notification";
	answer->kind = IKE_ANSWER_CHOICE;
	return NULL;
}

static const char *
read_attributes_1(Span body, const IkeRequest *request, IkeAnswer *answer)
{
	IkeTransform encryption = {0}, hash = {0}, group = {0};
	guint auth = 0, bits = 0, numbers[5] = {0};

	while (body.len > 0) {
		guint type, value;

		if (!take_attribute(&body, &type, &value))
			return "its SA payload is malformed";
		if (type < G_N_ELEMENTS(numbers))
			numbers[type] = value;
		if (type == AUTH_1)
			auth = value;
		if (type == KEY_LENGTH)
			bits = value;
	}
	if (!ike_from_v1(&encryption, IKE_ENCRYPTION, (guint16) numbers[ENCRYPTION_1],
					 (guint16) bits) ||
		!ike_from_v1(&hash, IKE_PRF, (guint16) numbers[HASH_1], 0) ||
		!ike_from_v1(&group, IKE_GROUP, (guint16) numbers[GROUP_1], 0) || auth != request->auth)
		return "it chooses an algorithm that was not offered";
	for (guint i = 0; i < request->proposals->len; i++) {
		const GArray *offered = request->proposals->pdata[i];

		if (is_among(offered, &encryption) && is_among(offered, &hash) && is_among(offered, &group))
			return choose(answer, &encryption) && choose(answer, &hash) && choose(answer, &group)
					   ? NULL
					   : "its SA payload is malformed";
	}
	return "it chooses an algorithm that was not offered";
}

static const char *
read_choice_1(Span sa, const IkeRequest *request, IkeAnswer *answer)
{
	Span proposal, transform;
	guint next, flags;
	const guint8 *head, *spi;

	if (!take_bytes(&sa, 8, &head) || get32(head) != 1 || get32(head + 4) != 1 ||
		!take(&sa, &proposal, &next, &flags) || next != NO_NEXT || sa.len > 0 ||
		!take_bytes(&proposal, 4, &head) || head[1] != PROTOCOL_IKE || head[3] != 1 ||
		!take_bytes(&proposal, head[2], &spi) || !take(&proposal, &transform, &next, &flags) ||
		next != NO_NEXT || proposal.len > 0 || !take_bytes(&transform, 4, &head) || head[1] != 1)
		return "its SA payload is malformed";
	return read_attributes_1(transform, request, answer);
}

static const char *
read_body_1(Span rest, guint type, guint exchange, const IkeRequest *request, IkeAnswer *answer)
{
	gboolean has_sa = FALSE;

	while (type != NO_NEXT) {
		guint next, flags;
		const guint8 *doi;
		const char *why;
		Span body;

		if (!take(&rest, &body, &next, &flags))
			return "its payloads are malformed";
		if (type == NOTIFY_1) {
			IkeAnswer notify = {0};

			if (!take_bytes(&body, 4, &doi) || !read_notify(body, &notify))
				return "its notification is malformed";
			if (notify.notify < NOTIFY_ERRORS) {
				*answer = notify;
				answer->kind = IKE_ANSWER_NOTIFY;
				return NULL;
			}
		}
		if (type == SA_1) {
			why = has_sa                  ? "it has two SA payloads"
				  : exchange != MAIN_MODE ? "it has an SA payload in another exchange"
										  : read_choice_1(body, request, answer);
			if (why)
				return why;
			has_sa = TRUE;
		}
		type = next;
	}
	/* IKEv1 may pad. */
	if (!has_sa)
		return "it has neither a choice nor a notification";
	answer->kind = IKE_ANSWER_CHOICE;
	return NULL;
}

static const char *
read_message(const guint8 *bytes, gsize len, const IkeRequest *request, IkeAnswer *answer)
{
	static const guint8 none[IKE_SPI_LEN] = {0};
	Span rest;
	guint version, exchange, flags;
	const char *why;

	if (len < HEADER_LEN)
		return "it is shorter than a header of IKE";
	if (memcmp(bytes, request->spi, IKE_SPI_LEN) != 0)
		return "it has another SPI than ours";
	version = bytes[17] >> 4;
	exchange = bytes[18];
	flags = bytes[19];
	if (get32(bytes + 24) != len)
		return "its length is another than it says";
	rest = (Span){bytes + HEADER_LEN, len - HEADER_LEN};
	if (version == 2) {
		if (exchange != SA_INIT || !(flags & FLAG_RESPONSE_2) || flags & FLAG_INITIATOR_2 ||
			get32(bytes + 20) != 0)
			return "it is no response to IKE_SA_INIT";
		why = read_body_2(rest, bytes[16], request, answer);
	} else if (version == 1) {
		if ((exchange != MAIN_MODE && exchange != INFORMATIONAL_1) || flags & FLAG_ENCRYPTED_1 ||
			(exchange == MAIN_MODE && get32(bytes + 20) != 0))
			return "it is no answer to the first message of Main Mode";
		why = read_body_1(rest, bytes[16], exchange, request, answer);
	} else {
		return "it is of another version of IKE";
	}
	if (why)
		return why;
	if (answer->kind == IKE_ANSWER_CHOICE && (version != (request->ikev2 ? 2 : 1) ||
											  memcmp(bytes + IKE_SPI_LEN, none, IKE_SPI_LEN) == 0))
		return "it chooses without an SPI of its own, or in another version of IKE";
	return NULL;
}

gboolean
ike_message_read(const guint8 *bytes, gsize len, const IkeRequest *request, IkeAnswer *answer,
				 const char **why)
{
	*answer = (IkeAnswer){0};
	*why = read_message(bytes, len, request, answer);
	return *why == NULL;
}

char *
ike_notify_name(gboolean ikev2, guint16 type)
{
	/* The same numbers in both versions, but for what is not below. */
	static const struct {
		guint16 type;
		const char *name;
	} names[] = {
		{1, "UNSUPPORTED_CRITICAL_PAYLOAD"}, {4, "INVALID_IKE_SPI"},
		{5, "INVALID_MAJOR_VERSION"},        {7, "INVALID_SYNTAX"},
		{14, "NO_PROPOSAL_CHOSEN"},          {17, "INVALID_KE_PAYLOAD"},
		{24, "AUTHENTICATION_FAILED"},       {IKE_COOKIE, "COOKIE"},
		{IKE_REDIRECT, "REDIRECT"},
	};

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (names[i].type == type && (ikev2 || type == 5 || type == 14 || type == 24))
			return g_strdup_printf("%s (%u)", names[i].name, type);
	}
	return g_strdup_printf("%u", type);
}
