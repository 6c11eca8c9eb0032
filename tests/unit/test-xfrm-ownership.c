/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sweep itself is test-xfrm-table's. */
#include "config.h"

#include "xfrm-ownership.h"
#include "make-net.h"

static void
test_there_and_back(void)
{
	const XfrmOwnership subnets = {
		.child = {.my_client = net("10.8.0.0/24"), .peer_client = net("0.0.0.0/0")},
		.me = net("192.0.2.2"),
		.peer = net("198.51.100.1"),
		.reqid = 16389};
	const XfrmOwnership hosts = {.child = {.my_client = net("2001:db8::2"),
										   .peer_client = net("2001:db8::1"),
										   .protocol = 6,
										   .my_port = 0,
										   .peer_port = 5432},
								 .me = net("2001:db8::2"),
								 .peer = net("2001:db8::1"),
								 .reqid = 16393,
								 .if_id = 7};
	XfrmOwnership other = hosts;
	g_autoptr(GArray) records = xfrm_ownership_new();
	g_autoptr(GArray) read = NULL;
	g_autoptr(GString) text = g_string_new(NULL);

	g_assert_true(xfrm_ownership_add(records, &subnets));
	g_assert_true(xfrm_ownership_add(records, &hosts));
	g_assert_false(xfrm_ownership_add(records, &subnets));
	other.if_id = 8;
	g_assert_true(xfrm_ownership_add(records, &other));
	for (guint i = 0; i < records->len; i++) {
		g_autofree char *group = xfrm_ownership_to_text(records, i);

		g_string_append(text, group);
	}
	read = xfrm_ownership_parse(text->str);
	g_assert_cmpuint(read->len, ==, 3);
	for (guint i = 0; i < read->len; i++)
		g_assert_false(xfrm_ownership_add(records, &g_array_index(read, XfrmOwnership, i)));
	g_assert_cmpuint(g_array_index(read, XfrmOwnership, 1).child.peer_port, ==, 5432);
	g_assert_cmpuint(g_array_index(read, XfrmOwnership, 2).if_id, ==, 8);
	g_assert_cmpuint(records->len, ==, 3);
}

static gboolean
survives(const XfrmOwnership *record)
{
	g_autoptr(GArray) written = xfrm_ownership_new();
	g_autoptr(GArray) read = NULL;
	g_autofree char *text = NULL;

	xfrm_ownership_add(written, record);
	text = xfrm_ownership_to_text(written, 0);
	read = xfrm_ownership_parse(text);
	return read->len == 1 && !xfrm_ownership_add(written, &g_array_index(read, XfrmOwnership, 0));
}

/* Each of what a record says makes it another, and comes back from the file as it was. */
static void
test_one_difference(void)
{
	const XfrmOwnership record = {
		.child = {.my_client = net("10.8.0.0/24"), .peer_client = net("10.1.0.0/16")},
		.me = net("192.0.2.2"),
		.peer = net("198.51.100.1"),
		.reqid = 16389};
	g_autoptr(GArray) records = xfrm_ownership_new();
	XfrmOwnership others[10];

	for (guint i = 0; i < G_N_ELEMENTS(others); i++)
		others[i] = record;
	others[1].child.my_client = net("10.8.1.0/24");
	others[2].child.peer_client = net("10.2.0.0/16");
	others[3].child.protocol = G_MAXUINT8;
	others[4].child.my_port = G_MAXUINT16;
	others[5].child.peer_port = G_MAXUINT16;
	others[6].me = net("192.0.2.3");
	others[7].peer = net("198.51.100.2");
	others[8].reqid = G_MAXUINT32;
	others[9].if_id = G_MAXUINT32;
	for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
		g_assert_true(xfrm_ownership_add(records, &others[i]));
		g_assert_true(survives(&others[i]));
	}
	for (guint i = 0; i < G_N_ELEMENTS(others); i++)
		g_assert_false(xfrm_ownership_add(records, &others[i]));
	g_assert_cmpuint(records->len, ==, G_N_ELEMENTS(others));
}

#define GROUP(name, me, my_client, protocol, reqid)                                                \
	"[" name "]\nme=" me "\npeer=198.51.100.1\nmy-client=" my_client                               \
	"\npeer-client=0.0.0.0/0\nprotocol=" protocol "\nmy-port=0\npeer-port=0\nreqid=" reqid         \
	"\nif-id=0\n"
#define GOOD(name, reqid) GROUP(name, "192.0.2.2", "10.8.0.0/24", "0", reqid)

static void
assert_read(const char *text, guint n)
{
	g_autoptr(GArray) records = xfrm_ownership_parse(text);

	g_test_message("%s", text);
	g_assert_cmpuint(records->len, ==, n);
}

static void
test_damaged(void)
{
	assert_read("", 0);
	assert_read("garbage", 0);
	assert_read(GOOD("child-1", "7"), 1);
	assert_read(GOOD("child-1", "7") GOOD("child-2", "7"), 1);
	assert_read(GOOD("child-1", "7") GOOD("child-2", "8"), 2);
	assert_read(GROUP("child-1", "nowhere", "10.8.0.0/24", "0", "7"), 0);
	assert_read(GROUP("child-1", "192.0.2.2", "", "0", "7"), 0);
	assert_read(GROUP("child-1", "192.0.2.2", "10.8.0.0/24", "256", "7"), 0);
	assert_read(GROUP("child-1", "192.0.2.2", "10.8.0.0/24", "0", "-7"), 0);
	assert_read(GROUP("child-1", "192.0.2.2", "10.8.0.0/24", "0", "4294967296"), 0);
	assert_read(GROUP("child-1", "192.0.2.2", "10.8.0.0/24", "0", "x") GOOD("child-2", "8"), 1);
	/* A service that died while it wrote. */
	assert_read(GOOD("child-1", "7") "[child-2]\nme=192.0.2.2\npe", 1);
	assert_read(GOOD("child-1", "7") "[chil", 1);
	assert_read("[child-1]\nme", 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/xfrm-ownership/there-and-back", test_there_and_back);
	g_test_add_func("/xfrm-ownership/one-difference", test_one_difference);
	g_test_add_func("/xfrm-ownership/damaged", test_damaged);
	return g_test_run();
}
