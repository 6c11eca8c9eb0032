/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "story.h"

static void
check(Story *story, const StoryReport *report, LogEvent expected_event, const char *expected)
{
	LogEvent event;
	g_autofree char *line = story_tell(story, report, &event);

	g_assert_cmpstr(line, ==, expected);
	if (line)
		g_assert_cmpint(event, ==, expected_event);
}

#define REPORT(...) (&(const StoryReport){__VA_ARGS__})

static void
test_connect_and_recover(void)
{
	g_autoptr(Story) story = story_new();

	story_connects(story, 1000);
	check(story, REPORT(.now_ms = 1640, .where = "ipsec1", .changed = TRUE, .text = "address a"),
		  LOG_EVENT_CONNECTED, "connected after 0.6 s on ipsec1: address a");
	/* Nothing new is no line. */
	check(story, REPORT(.now_ms = 1700, .where = "ipsec1", .text = "address a"), LOG_N_EVENTS,
		  NULL);
	/* NetworkManager is told nothing else, but a network is missing. */
	check(story, REPORT(.now_ms = 1800, .text = "address a; b is missing"), LOG_EVENT_CHANGED,
		  "the same configuration: address a; b is missing");
	check(story, REPORT(.now_ms = 1900, .changed = TRUE, .text = "address c"), LOG_EVENT_CHANGED,
		  "another configuration: address c");

	g_assert_true(story_is_up(story));
	g_assert_false(story_is_lost(story, 2000));
	g_assert_false(story_is_up(story));
	g_assert_true(story_is_lost(story, 2000)); /* the next attempt is in vain */
	check(story, REPORT(.now_ms = 4500, .changed = TRUE, .text = "address d"),
		  LOG_EVENT_RECONNECTED, "reconnected after 2.5 s: another configuration: address d");
	g_assert_true(story_is_up(story));
	g_assert_false(story_is_lost(story, 5000));
	check(story, REPORT(.now_ms = 6000, .text = "address d"), LOG_EVENT_RECONNECTED,
		  "reconnected after 1.0 s: the same configuration: address d");
	check(story, REPORT(.now_ms = 6100, .text = "address d"), LOG_N_EVENTS, NULL);
}

static void
test_policies(void)
{
	g_autoptr(Story) story = story_new();

	story_connects(story, 1);
	check(story, REPORT(.now_ms = 1001, .changed = TRUE, .text = "from a"), LOG_EVENT_CONNECTED,
		  "connected after 1.0 s on policies: from a");
}

static void
test_on_demand(void)
{
	g_autoptr(Story) story = story_new();

	story_connects(story, 1000);
	check(story, REPORT(.now_ms = 1100, .on_demand = TRUE, .changed = TRUE, .text = "from a"),
		  LOG_EVENT_WAITING, "waiting for a packet after 0.1 s on policies: from a");
	check(story, REPORT(.now_ms = 9000, .text = "from a"), LOG_EVENT_CONNECTED,
		  "connected on demand: from a");
	check(story, REPORT(.now_ms = 9100, .text = "from a"), LOG_N_EVENTS, NULL);
	story_is_lost(story, 10000);
	check(story, REPORT(.now_ms = 10500, .on_demand = TRUE, .text = "from a"), LOG_EVENT_WAITING,
		  "waiting for a packet after 0.5 s: the same configuration: from a");
}

/* A loss before the end is not told of the next connection. */
static void
test_end(void)
{
	g_autoptr(Story) story = story_new();

	story_is_lost(story, 500);
	story_ends(story);
	check(story, REPORT(.now_ms = 900, .text = "from a"), LOG_EVENT_CHANGED,
		  "the same configuration: from a");
	story_is_lost(story, 500);
	story_connects(story, 1000);
	check(story, REPORT(.now_ms = 1500, .where = "ipsec2", .changed = TRUE, .text = "from a"),
		  LOG_EVENT_CONNECTED, "connected after 0.5 s on ipsec2: from a");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/story/connect-and-recover", test_connect_and_recover);
	g_test_add_func("/story/policies", test_policies);
	g_test_add_func("/story/on-demand", test_on_demand);
	g_test_add_func("/story/end", test_end);
	return g_test_run();
}
