/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a program with the guard library sends to the kernel's IPsec, in each way that there is. */
#include "config.h"

#include "guarded-launch.h"

#include <string.h>

#include "kernel-xfrm.h"
#include "own-netns.h"

#define PROGRAM BUILDDIR "/tests/unit/guarded-sender"

static const char *no_netns;

static const char *const calls[] = {"write", "writev", "send", "sendto", "sendmsg", "sendmmsg"};

static void
run(Fixture *f, const char *call, const char *word)
{
	const char *const argv[] = {PROGRAM, call, word, NULL};

	g_test_message("%s, %s", call, word);
	launch(f, argv, NULL);
}

/* What others have in the kernel: a state, and a policy of everybody's. */
static void
add_others(void)
{
	add_state("192.0.2.2", "198.51.100.1", 0x100, 0, 16389);
	ip("xfrm policy add src ::/0 dst ::/0 proto ipv6-icmp type 136 dir in priority 1");
}

static void
assert_others(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(XfrmTable) table = xfrm_table_read(&error);

	g_assert_no_error(error);
	g_assert_cmpuint(table->states->len, ==, 1);
	g_assert_cmpuint(table->policies->len, ==, 1);
	g_assert_true(xfrm_policy_is_neighbour_hole(&g_array_index(table->policies, XfrmPolicy, 0)));
}

static void
test_flush(Fixture *f, gconstpointer data)
{
	if (skipped(no_netns))
		return;
	add_others();
	for (guint i = 0; i < G_N_ELEMENTS(calls); i++) {
		gboolean twice = g_str_equal(calls[i], "sendmmsg");

		run(f, calls[i], "flush");
		g_assert_cmpstr(f->output, ==,
						twice
							? "whole, errno 0\nanswers: 1:0 2:0 3:0 4:0 5:-2 1:0 2:0 3:0 4:0 5:-2\n"
							: "whole, errno 0\nanswers: 1:0 2:0 3:0 4:0 5:-2\n");
		g_assert_cmpstr(f->events->str, ==,
						twice ? "ready;states;policies;states;policies;closed;"
							  : "ready;states;policies;closed;");
		assert_others();
	}
}

/* Without the library the same program takes all away: what the test above would see. */
static void
test_unguarded(Fixture *f, gconstpointer data)
{
	const char *const argv[] = {PROGRAM, "write", "flush", NULL};
	g_autoptr(GError) error = NULL;
	g_autoptr(XfrmTable) table = NULL;

	if (skipped(no_netns))
		return;
	launch(f, argv, "/nowhere.so");
	g_assert_cmpstr(f->events->str, ==, "closed;");
	table = xfrm_table_read(&error);
	g_assert_no_error(error);
	g_assert_cmpuint(table->states->len, ==, 0);
}

static void
test_bad(Fixture *f, gconstpointer data)
{
	for (guint i = 0; i < G_N_ELEMENTS(calls); i++) {
		run(f, calls[i], "bad");
		g_assert_cmpstr(f->output, ==, "Message too long\nBad message\n");
		g_assert_cmpstr(f->events->str, ==, "ready;closed;");
	}
}

static void
test_others(Fixture *f, gconstpointer data)
{
	for (guint i = 0; i < G_N_ELEMENTS(calls); i++) {
		run(f, calls[i], "others");
		g_assert_cmpstr(f->output, ==, "whole, errno 0\nas it was\nBad file descriptor\n");
		g_assert_cmpstr(f->events->str, ==, "ready;closed;");
	}
	for (guint i = 0; i < 2; i++) {
		run(f, calls[i], "pipe");
		g_assert_cmpstr(f->output, ==, "whole, errno 0\nas it was\n");
	}
}

int
main(int argc, char **argv)
{
	no_netns = own_netns_enter();
	g_test_init(&argc, &argv, NULL);
#define ADD(name, func) g_test_add("/xfrm-send/" name, Fixture, NULL, set_up, func, tear_down)
	ADD("flush", test_flush);
	ADD("unguarded", test_unguarded);
	ADD("bad", test_bad);
	ADD("others", test_others);
#undef ADD
	return g_test_run();
}
