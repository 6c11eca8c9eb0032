/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "revival.h"
#include "updown-fixture.h"

/* Of the attempts: the longest wait between two is 30 of them. */
#define SECOND_MS 20
#define NEVER_MS  (35 * SECOND_MS)

typedef struct {
	GMainLoop *loop;
	GString *asked;
} Fixture;

static void
on_revive(const char *connection, gpointer user_data)
{
	Fixture *f = user_data;

	g_string_append_printf(f->asked, "%s ", connection);
	g_main_loop_quit(f->loop);
}

static gboolean
on_time_is_up(gpointer user_data)
{
	Fixture *f = user_data;

	g_main_loop_quit(f->loop);
	return G_SOURCE_CONTINUE;
}

/* What is asked for within @ms, or "". */
static void
assert_asks(Fixture *f, guint ms, const char *wanted)
{
	guint source = g_timeout_add(ms, on_time_is_up, f);

	g_string_truncate(f->asked, 0);
	g_main_loop_run(f->loop);
	g_source_remove(source);
	g_assert_cmpstr(f->asked->str, ==, wanted);
}

static void
up(ChildTable *table, const char *connection, const char *theirs)
{
	g_autoptr(UpdownEvent) event = fixture_event_of(connection, "up-client", "10.1.0.0/16", theirs,
													"PLUTO_CFG_CLIENT=0", NULL);

	child_table_take(table, event);
}

static void
test_revival(void)
{
	Fixture f = {g_main_loop_new(NULL, FALSE), g_string_new(NULL)};
	g_autoptr(Revival) revival = revival_new(SECOND_MS, on_revive, &f);
	g_autoptr(ChildTable) table = child_table_new();

	up(table, "vpn/1x1", "10.20.0.0/24");
	up(table, "vpn/1x2", "10.21.0.0/24");
	up(table, "vpn/1x2", "10.22.0.0/24");
	revival_follow(revival, table);
	assert_asks(&f, NEVER_MS, "");
	/* Two pairs of nets, one connection. Until it is up it is asked for again. */
	child_table_lose(table, "vpn/1x2");
	revival_follow(revival, table);
	assert_asks(&f, 10000, "vpn/1x2 ");
	revival_follow(revival, table);
	assert_asks(&f, 10000, "vpn/1x2 ");
	up(table, "vpn/1x2", "10.21.0.0/24");
	revival_follow(revival, table);
	assert_asks(&f, NEVER_MS, "");
	/* All are lost, or nobody wants them. */
	child_table_lose(table, "vpn/1x1");
	revival_follow(revival, table);
	revival_follow(revival, NULL);
	assert_asks(&f, NEVER_MS, "");
	child_table_lose(table, NULL);
	revival_follow(revival, table);
	assert_asks(&f, NEVER_MS, "");
	g_main_loop_unref(f.loop);
	g_string_free(f.asked, TRUE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/revival/revival", test_revival);
	return g_test_run();
}
