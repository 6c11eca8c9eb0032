/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "revival.h"
#include "test-clock.h"
#include "updown-fixture.h"

/* Longer than any wait between two attempts. */
#define LONG_MS 120000

typedef struct {
	GString *asked;
	ChildTable *table;
	Revival *revival;
} Fixture;

static void
on_revive(const char *connection, gpointer user_data)
{
	Fixture *f = user_data;

	g_string_append_printf(f->asked, "%s ", connection);
}

static void
up(Fixture *f, const char *connection, const char *theirs)
{
	g_autoptr(UpdownEvent) event = fixture_event_of(connection, "up-client", "10.1.0.0/16", theirs,
													"PLUTO_CFG_CLIENT=0", NULL);

	child_table_take(f->table, event);
	revival_follow(f->revival, f->table);
}

static void
lose(Fixture *f, const char *connection)
{
	child_table_lose(f->table, connection);
	revival_follow(f->revival, f->table);
}

static void
set_up(Fixture *f, gconstpointer unused)
{
	f->asked = g_string_new(NULL);
	f->table = child_table_new();
	f->revival = revival_new(1000, on_revive, f);
	up(f, "vpn/1x1", "10.20.0.0/24");
	up(f, "vpn/1x2", "10.21.0.0/24");
	up(f, "vpn/1x2", "10.22.0.0/24");
}

static void
tear_down(Fixture *f, gconstpointer unused)
{
	revival_free(f->revival);
	g_assert_cmpuint(test_clock_count(), ==, 0);
	child_table_free(f->table);
	g_string_free(f->asked, TRUE);
}

/* What is asked for within @ms, or "". */
static void
assert_asks(Fixture *f, guint ms, const char *wanted)
{
	g_string_truncate(f->asked, 0);
	test_clock_advance(ms);
	g_assert_cmpstr(f->asked->str, ==, wanted);
}

/* Not before, and not after. */
static void
assert_asks_at(Fixture *f, guint seconds, const char *wanted)
{
	assert_asks(f, seconds * 1000 - 1, "");
	assert_asks(f, 1, wanted);
}

static void
test_missing(Fixture *f, gconstpointer unused)
{
	assert_asks(f, LONG_MS, "");
	/* Two pairs of nets, one connection. Until it is up it is asked for again. */
	lose(f, "vpn/1x2");
	assert_asks_at(f, 2, "vpn/1x2 ");
	assert_asks_at(f, 5, "vpn/1x2 ");
	up(f, "vpn/1x2", "10.21.0.0/24");
	assert_asks(f, LONG_MS, "");
	/* Several of them, each once. */
	up(f, "vpn/1x3", "10.23.0.0/24");
	lose(f, "vpn/1x2");
	lose(f, "vpn/1x3");
	assert_asks_at(f, 2, "vpn/1x2 vpn/1x3 ");
}

/* All are lost, or nobody wants them. */
static void
test_not_wanted(Fixture *f, gconstpointer unused)
{
	lose(f, "vpn/1x1");
	revival_follow(f->revival, NULL);
	assert_asks(f, LONG_MS, "");
	revival_follow(f->revival, f->table);
	assert_asks_at(f, 2, "vpn/1x1 ");
	lose(f, NULL);
	assert_asks(f, LONG_MS, "");
}

/* Ever more seldom; what follows soon is more of the same, what follows a calm begins anew. */
static void
test_back_off(Fixture *f, gconstpointer unused)
{
	static const guint steps[] = {2, 5, 10, 30, 30};

	lose(f, "vpn/1x1");
	for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
		assert_asks_at(f, steps[i], "vpn/1x1 ");
		/* What else happens does not delay it. */
		revival_follow(f->revival, f->table);
	}
	up(f, "vpn/1x1", "10.20.0.0/24");
	assert_asks(f, 59999, "");
	lose(f, "vpn/1x1");
	assert_asks_at(f, 30, "vpn/1x1 ");
	up(f, "vpn/1x1", "10.20.0.0/24");
	assert_asks(f, 30000, "");
	revival_follow(f->revival, f->table);
	assert_asks(f, 30000, "");
	lose(f, "vpn/1x1");
	assert_asks_at(f, 2, "vpn/1x1 ");
}

#define ADD(name, test) g_test_add("/revival/" name, Fixture, NULL, set_up, test, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("missing", test_missing);
	ADD("not-wanted", test_not_wanted);
	ADD("back-off", test_back_off);
	return g_test_run();
}
