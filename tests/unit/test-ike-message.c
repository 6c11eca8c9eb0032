/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "ike-message.h"

#include <string.h>

#include "ike-answer.h"

typedef struct {
	IkeRequest request;
	GPtrArray *proposals;
} Fixture;

static void
set_up(Fixture *f, gboolean ikev2)
{
	memcpy(f->request.spi, "initiato", IKE_SPI_LEN);
	memset(f->request.nonce, 'n', sizeof(f->request.nonce));
	f->proposals =
		ike_transforms_parse("aes256-sha2_256;modp2048+dh19,aes128-sha1;modp2048", ikev2, 5, NULL);
	f->request.ikev2 = ikev2;
	f->request.proposals = f->proposals;
	f->request.group = 14;
	f->request.auth = IKE_AUTH_PSK;
}

static void
set_up_v1(Fixture *f, gconstpointer unused)
{
	set_up(f, FALSE);
}

static void
set_up_v2(Fixture *f, gconstpointer unused)
{
	set_up(f, TRUE);
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	g_ptr_array_unref(f->proposals);
}

/* From the first of both SPIs on; the length is at its place. */
static void
assert_written(const Fixture *f, guint at, const char *hex)
{
	g_autoptr(GByteArray) message = ike_message_write(&f->request);
	IkeBytes expected = {0};

	g_assert_nonnull(message);
	g_assert_cmpuint(message->data[26] << 8 | message->data[27], ==, message->len);
	ike_bytes_hex(&expected, hex);
	g_assert_cmpuint(at + expected.len, <=, message->len);
	g_assert_cmpmem(message->data + at, expected.len, expected.bytes, expected.len);
}

static void
test_write_v2(Fixture *f, gconstpointer unused)
{
	g_autoptr(GByteArray) message = ike_message_write(&f->request);

	/* 28 of the header, 8 + 52 + 44 of SA, 8 + 256 of KE, 4 + 32 of the nonce. */
	g_assert_cmpuint(message->len, ==, 28 + 4 + 52 + 44 + 264 + 36);
	assert_written(f, 0, "696e69746961746f 0000000000000000 21 20 22 08 00000000");
	assert_written(f, 28,
				   "22 00 0064  02 00 0034 01 01 00 05"
				   " 03 00 000c 01 00 000c 800e 0100"
				   " 03 00 0008 02 00 0005"
				   " 03 00 0008 03 00 000c"
				   " 03 00 0008 04 00 000e"
				   " 00 00 0008 04 00 0013"
				   " 00 00 002c 02 01 00 04"
				   " 03 00 000c 01 00 000c 800e 0080"
				   " 03 00 0008 02 00 0002"
				   " 03 00 0008 03 00 0002"
				   " 00 00 0008 04 00 000e"
				   " 28 00 0108 000e 0000");
	assert_written(f, message->len - 36, "00 00 0024 6e6e");
}

static void
test_write_cookie(Fixture *f, gconstpointer unused)
{
	memcpy(f->request.cookie, "\xc0\xc1", 2);
	f->request.cookie_len = 2;
	assert_written(f, 16, "29 20 22 08");
	assert_written(f, 28, "21 00 000a 00 00 4006 c0c1 22 00 0064");
}

static void
test_write_v1(Fixture *f, gconstpointer unused)
{
	assert_written(f, 0, "696e69746961746f 0000000000000000 01 10 02 00 00000000");
	/* Each suite is a transform: modp2048, dh19, and modp2048 of the second proposal. */
	assert_written(f, 28,
				   "0d 00 008c 00000001 00000001  00 00 0080 00 01 00 03"
				   " 03 00 0028 01 01 0000 800b 0001 000c 0004 00015180"
				   " 8001 0007 8002 0004 8003 0001 8004 000e 800e 0100"
				   " 03 00 0028 02 01 0000 800b 0001 000c 0004 00015180"
				   " 8001 0007 8002 0004 8003 0001 8004 0013 800e 0100"
				   " 00 00 0028 03 01 0000 800b 0001 000c 0004 00015180"
				   " 8001 0007 8002 0002 8003 0001 8004 000e 800e 0080");
	f->request.auth = IKE_AUTH_XAUTH_PSK;
	assert_written(f, 28 + 0x8c, "0d 00 000c 09002689dfd6b712 0d 00 0014 4a131c81");
}

static void
test_write_none(Fixture *f, gconstpointer unused)
{
	g_autoptr(GPtrArray) gcm = ike_transforms_parse("aes_gcm256-sha2_256;dh19", TRUE, 5, NULL);

	f->request.proposals = gcm;
	f->request.ikev2 = FALSE;
	g_assert_null(ike_message_write(&f->request));
	f->request.ikev2 = TRUE;
	f->request.group = 22;
	g_assert_null(ike_message_write(&f->request));
}

static gboolean
reads(const Fixture *f, const IkeBytes *bytes, IkeAnswer *answer, const char **why)
{
	/* Of its own length, so that a byte too many is seen. */
	g_autofree guint8 *copy = g_malloc(MAX(bytes->len, 1));

	memcpy(copy, bytes->bytes, bytes->len);
	return ike_message_read(copy, bytes->len, &f->request, answer, why);
}

static void
assert_ignored(const Fixture *f, const IkeBytes *bytes, const char *expected)
{
	IkeAnswer answer;
	const char *why = NULL;

	g_assert_false(reads(f, bytes, &answer, &why));
	if (!strstr(why, expected))
		g_error("\"%s\" instead of \"%s\"", why, expected);
}

static IkeAnswer
read_well(const Fixture *f, const char *head, const char *body)
{
	const IkeBytes bytes = ike_answer(f->request.spi, head, body);
	IkeAnswer answer;
	const char *why;

	if (!reads(f, &bytes, &answer, &why))
		g_error("not read: %s", why);
	return answer;
}

static void
assert_choice(const IkeAnswer *answer, const char *expected)
{
	g_autofree char *text = ike_transforms_to_string(answer->chosen, answer->n_chosen);

	g_assert_cmpint(answer->kind, ==, IKE_ANSWER_CHOICE);
	g_assert_cmpstr(text, ==, expected);
}

static void
test_read_v2(Fixture *f, gconstpointer unused)
{
	IkeAnswer answer = read_well(f, IKE_V2_SA_FIRST, IKE_V2_SA IKE_V2_KE IKE_V2_NONCE);

	assert_choice(&answer, "aes256-sha2_256;modp2048");
	/* A status notification before it tells of an extension. */
	answer =
		read_well(f, IKE_V2_NOTIFY_FIRST, "21 00 0008 00 00 402e" IKE_V2_SA IKE_V2_KE IKE_V2_NONCE);
	assert_choice(&answer, "aes256-sha2_256;modp2048");

	answer = read_well(f, IKE_V2_NOTIFY_FIRST, IKE_V2_NO_PROPOSAL);
	g_assert_cmpint(answer.kind, ==, IKE_ANSWER_NOTIFY);
	g_assert_cmpuint(answer.notify, ==, IKE_NO_PROPOSAL_CHOSEN);
	answer = read_well(f, IKE_V2_NOTIFY_FIRST, IKE_V2_WANTS_DH19);
	g_assert_cmpuint(answer.notify, ==, IKE_INVALID_KE_PAYLOAD);
	g_assert_cmpuint(answer.group, ==, 19);
	answer = read_well(f, IKE_V2_NOTIFY_FIRST, IKE_V2_WANTS_COOKIE);
	g_assert_cmpuint(answer.notify, ==, IKE_COOKIE);
	g_assert_cmpmem(answer.cookie, answer.cookie_len, "\xc0\xc1\xc2\xc3", 4);
	answer = read_well(f, IKE_V2_NOTIFY_FIRST, "00 00 000e 00 00 4017 0104c0000207");
	g_assert_cmpuint(answer.notify, ==, IKE_REDIRECT);
	/* Of a gateway that speaks IKEv1 alone. */
	answer = read_well(f, IKE_V1_INFORMATION, "00 00 000c 00000001 01 00 0005");
	g_assert_cmpuint(answer.notify, ==, IKE_INVALID_MAJOR_VERSION);
}

static void
test_read_v1(Fixture *f, gconstpointer unused)
{
	IkeAnswer answer = read_well(f, IKE_V1_MAIN, IKE_V1_SA);

	assert_choice(&answer, "aes256-sha2_256;modp2048");
	/* INITIAL-CONTACT is no refusal. */
	answer = read_well(f, "0b 10 02 00 00000000", "01 00 000c 00000001 01 00 6002" IKE_V1_SA);
	assert_choice(&answer, "aes256-sha2_256;modp2048");
	answer = read_well(f, IKE_V1_INFORMATION, IKE_V1_NO_PROPOSAL);
	g_assert_cmpint(answer.kind, ==, IKE_ANSWER_NOTIFY);
	g_assert_cmpuint(answer.notify, ==, IKE_NO_PROPOSAL_CHOSEN);
	answer = read_well(f, IKE_V2_NOTIFY_FIRST, "00 00 0008 00 00 0005");
	g_assert_cmpuint(answer.notify, ==, IKE_INVALID_MAJOR_VERSION);
}

#define BAD(head, body, why)                                                                       \
	do {                                                                                           \
		const IkeBytes bad = ike_answer(f->request.spi, head, body);                               \
		assert_ignored(f, &bad, why);                                                              \
	} while (0)

static void
test_ignored_v2(Fixture *f, gconstpointer unused)
{
	IkeBytes bytes =
		ike_answer((const guint8 *) "somebody", IKE_V2_NOTIFY_FIRST, IKE_V2_NO_PROPOSAL);

	assert_ignored(f, &bytes, "another SPI");
	bytes.len = 27;
	assert_ignored(f, &bytes, "shorter than a header");
	bytes = ike_answer(f->request.spi, IKE_V2_SA_FIRST, IKE_V2_SA IKE_V2_KE IKE_V2_NONCE);
	memset(bytes.bytes + 8, 0, 8);
	assert_ignored(f, &bytes, "without an SPI");
	/* Our own message, sent back. */
	BAD("21 20 22 08 00000000", IKE_V2_SA IKE_V2_KE IKE_V2_NONCE, "no response");
	BAD("21 20 22 28 00000000", IKE_V2_SA IKE_V2_KE IKE_V2_NONCE, "no response");
	BAD("21 20 23 20 00000000", IKE_V2_SA IKE_V2_KE IKE_V2_NONCE, "no response");
	BAD("21 20 22 20 00000001", IKE_V2_SA IKE_V2_KE IKE_V2_NONCE, "no response");
	BAD("21 30 22 20 00000000", "", "another version");
	BAD(IKE_V1_MAIN, IKE_V1_SA, "in another version");
	BAD(IKE_V2_SA_FIRST, "", "malformed");
	BAD("00 20 22 20 00000000", "", "neither");
	BAD(IKE_V2_SA_FIRST, IKE_V2_SA, "malformed");
	BAD(IKE_V2_SA_FIRST, IKE_V2_SA IKE_V2_KE, "malformed");
	BAD(IKE_V2_SA_FIRST, IKE_V2_SA IKE_V2_KE IKE_V2_NONCE "00", "follows");
	BAD("22 20 22 20 00000000", IKE_V2_KE IKE_V2_NONCE, "neither");
	BAD(IKE_V2_SA_FIRST,
		"21"
		"00 0030 00 00 002c 01 01 00 04 03 00 000c 01 00 000c 800e 0100"
		" 03 00 0008 02 00 0005 03 00 0008 03 00 000c 00 00 0008 04 00 000e" IKE_V2_SA IKE_V2_KE
			IKE_V2_NONCE,
		"two SA");
	BAD("99 20 22 20 00000000", "00 80 0004", "critical");
	BAD(IKE_V2_NOTIFY_FIRST, "00 00 0006 00 00", "malformed");
	BAD(IKE_V2_NOTIFY_FIRST, "00 00 0008 00 08 000e", "malformed");
	BAD(IKE_V2_NOTIFY_FIRST, "00 00 0008 00 00 4006", "malformed"); /* no cookie in it */
	BAD(IKE_V2_SA_FIRST, IKE_V2_SA IKE_V2_KE_OF("0013") IKE_V2_NONCE, "neither");
	BAD(IKE_V2_SA_FIRST, IKE_V2_SA_WITH("0013") IKE_V2_KE IKE_V2_NONCE, "another group");
	/* Choices of what was not offered. */
	BAD(IKE_V2_SA_FIRST,
		"22 00 0030 00 00 002c 03 01 00 04 03 00 000c 01 00 000c 800e 0100"
		" 03 00 0008 02 00 0005 03 00 0008 03 00 000c 00 00 0008 04 00 000e" IKE_V2_KE IKE_V2_NONCE,
		"not made");
	BAD(IKE_V2_SA_FIRST,
		"22 00 0030 00 00 002c 01 01 00 04 03 00 000c 01 00 000c 800e 0080"
		" 03 00 0008 02 00 0005 03 00 0008 03 00 000c 00 00 0008 04 00 000e" IKE_V2_KE IKE_V2_NONCE,
		"not offered");
	BAD(IKE_V2_SA_FIRST,
		"22 00 0028 00 00 0024 01 01 00 03 03 00 000c 01 00 000c 800e 0100"
		" 03 00 0008 02 00 0005 00 00 0008 03 00 000c" IKE_V2_KE IKE_V2_NONCE,
		"no algorithm of");
	BAD(IKE_V2_SA_FIRST,
		"22 00 0038 00 00 0034 01 01 00 05 03 00 000c 01 00 000c 800e 0100"
		" 03 00 0008 02 00 0005 03 00 0008 03 00 000c 03 00 0008 04 00 000e 00 00 0008 04 00 "
		"0013" IKE_V2_KE IKE_V2_NONCE,
		"not offered");
}

static void
test_ignored_v1(Fixture *f, gconstpointer unused)
{
	IkeBytes bytes = ike_answer(f->request.spi, IKE_V1_MAIN, IKE_V1_SA);

	memset(bytes.bytes + 8, 0, 8);
	assert_ignored(f, &bytes, "without an SPI");
	BAD("01 10 02 01 00000000", IKE_V1_SA, "no answer");
	BAD("01 10 04 00 00000000", IKE_V1_SA, "no answer");
	BAD("01 10 02 00 00000001", IKE_V1_SA, "no answer");
	BAD(IKE_V1_INFORMATION, "00 00 000c 00000001 01 00 6002", "neither");
	BAD("01 10 05 00 00000000", IKE_V1_SA, "another exchange");
	BAD("00 10 02 00 00000000", "", "neither");
	BAD(IKE_V1_INFORMATION, "00 00 0008 00000001", "malformed");
	f->request.auth = IKE_AUTH_RSA;
	BAD(IKE_V1_MAIN, IKE_V1_SA, "not offered");
}

/* Whatever is cut off or turned over: it reads nothing beyond, and what it takes for an answer is
 * one of what was offered. */
static void
test_hostile(Fixture *f, gconstpointer unused)
{
	static const char *const heads[] = {IKE_V2_SA_FIRST, IKE_V2_NOTIFY_FIRST, IKE_V1_MAIN,
										IKE_V1_INFORMATION};
	static const char *const bodies[] = {IKE_V2_SA IKE_V2_KE IKE_V2_NONCE, IKE_V2_WANTS_COOKIE,
										 IKE_V1_SA, IKE_V1_NO_PROPOSAL};

	for (guint i = 0; i < G_N_ELEMENTS(heads); i++) {
		const IkeBytes whole = ike_answer(f->request.spi, heads[i], bodies[i]);

		for (gsize len = 0; len < whole.len; len++) {
			IkeBytes cut = whole;
			IkeAnswer answer;
			const char *why;

			cut.len = len;
			g_assert_false(reads(f, &cut, &answer, &why));
			if (len < 28)
				continue;
			ike_bytes_length(&cut);
			g_assert_false(reads(f, &cut, &answer, &why));
		}
		for (gsize at = 0; at < whole.len; at++) {
			for (guint value = 0; value < 256; value++) {
				IkeBytes turned = whole;
				IkeAnswer answer;
				const char *why = NULL;

				turned.bytes[at] = (guint8) value;
				if (reads(f, &turned, &answer, &why))
					g_assert_cmpuint(answer.n_chosen, <=, 4);
				else
					g_assert_nonnull(why);
			}
		}
	}
}

static void
test_names(void)
{
	g_autofree char *none = ike_notify_name(TRUE, 14);
	g_autofree char *other = ike_notify_name(TRUE, 12345);
	g_autofree char *old = ike_notify_name(FALSE, 17);

	g_assert_cmpstr(none, ==, "NO_PROPOSAL_CHOSEN (14)");
	g_assert_cmpstr(other, ==, "12345");
	g_assert_cmpstr(old, ==, "17"); /* INVALID-KEY-INFORMATION */
}

#define ADD(name, version, test)                                                                   \
	g_test_add("/ike-message/" name, Fixture, NULL, set_up_##version, test, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("write-v2", v2, test_write_v2);
	ADD("write-cookie", v2, test_write_cookie);
	ADD("write-v1", v1, test_write_v1);
	ADD("write-none", v2, test_write_none);
	ADD("read-v2", v2, test_read_v2);
	ADD("read-v1", v1, test_read_v1);
	ADD("ignored-v2", v2, test_ignored_v2);
	ADD("ignored-v1", v1, test_ignored_v1);
	ADD("hostile-v2", v2, test_hostile);
	ADD("hostile-v1", v1, test_hostile);
	g_test_add_func("/ike-message/names", test_names);
	return g_test_run();
}
