/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "log-limit.h"

typedef struct {
	gint64 now_ms;
	GPtrArray *lines;
} Fixture;

static gint64
on_now(gpointer user_data)
{
	return ((Fixture *) user_data)->now_ms;
}

static void
on_write(const char *text, gpointer user_data)
{
	g_ptr_array_add(((Fixture *) user_data)->lines, g_strdup(text));
}

static const LogLimitCallbacks callbacks = {on_write, on_now};

static void
begin(Fixture *f)
{
	f->now_ms = 5000;
	f->lines = g_ptr_array_new_with_free_func(g_free);
}

static void
end(Fixture *f)
{
	g_ptr_array_unref(f->lines);
}

static const char *
last(const Fixture *f)
{
	return f->lines->pdata[f->lines->len - 1];
}

/* The first few are written, then one line says how many there were. */
static void
test_flood(void)
{
	Fixture f;
	LogLimit *limit;

	begin(&f);
	limit = log_limit_new(&callbacks, &f);
	for (guint i = 0; i < 1000; i++) {
		g_assert_cmpint(log_limit_line(limit, "packet: x", 5, "packet from 192.0.2.66:1: x"), ==,
						i < 5);
		f.now_ms += 10;
	}
	g_assert_cmpuint(f.lines->len, ==, 5);
	/* Another kind does not suffer. */
	g_assert_true(log_limit_line(limit, "y", 5, "y"));
	g_assert_cmpuint(f.lines->len, ==, 6);
	log_limit_look(limit);
	g_assert_cmpuint(f.lines->len, ==, 6);
	f.now_ms = 5000 + LOG_LIMIT_WINDOW_MS;
	log_limit_look(limit);
	g_assert_cmpuint(f.lines->len, ==, 7);
	g_assert_cmpstr(last(&f), ==, "995 more lines of this kind in the last 60 s: packet: x");
	/* And anew. */
	g_assert_true(log_limit_line(limit, "packet: x", 5, "again"));
	g_assert_cmpstr(last(&f), ==, "again");
	log_limit_free(limit);
	g_assert_cmpuint(f.lines->len, ==, 8);
	end(&f);
}

/* A line of a kind whose time is over tells what was left out before it. */
static void
test_late_line(void)
{
	Fixture f;
	LogLimit *limit;

	begin(&f);
	limit = log_limit_new(&callbacks, &f);
	log_limit_line(limit, "x", 1, "1");
	log_limit_line(limit, "x", 1, "2");
	f.now_ms += 10 * LOG_LIMIT_WINDOW_MS;
	log_limit_line(limit, "x", 1, "3");
	g_assert_cmpuint(f.lines->len, ==, 3);
	g_assert_cmpstr(f.lines->pdata[1], ==, "1 more lines of this kind in the last 600 s: x");
	g_assert_cmpstr(last(&f), ==, "3");
	log_limit_free(limit);
	end(&f);
}

/* What is left out when it ends is told. */
static void
test_end(void)
{
	Fixture f;
	LogLimit *limit;

	begin(&f);
	limit = log_limit_new(&callbacks, &f);
	for (guint i = 0; i < 4; i++)
		log_limit_line(limit, "x", 2, "line");
	f.now_ms += 1500;
	log_limit_free(limit);
	g_assert_cmpuint(f.lines->len, ==, 3);
	g_assert_cmpstr(last(&f), ==, "2 more lines of this kind in the last 2 s: x");
	log_limit_free(NULL);
	end(&f);
}

/* Who makes ever new kinds gets no further. */
static void
test_many_kinds(void)
{
	Fixture f;
	LogLimit *limit;

	begin(&f);
	limit = log_limit_new(&callbacks, &f);
	for (guint i = 0; i < 1000; i++) {
		g_autofree char *kind = g_strdup_printf("kind %u", i);

		log_limit_line(limit, kind, 5, kind);
	}
	g_assert_cmpuint(f.lines->len, ==, LOG_LIMIT_KINDS + 5);
	log_limit_free(limit);
	g_assert_cmpstr(last(&f), ==, "963 more lines of this kind in the last 0 s: other lines");
	end(&f);
}

/* Nobody has to say another line: a timer looks. */
static void
test_timer(void)
{
	Fixture f;
	LogLimit *limit;
	GSource *source;

	begin(&f);
	limit = log_limit_new(&callbacks, &f);
	log_limit_line(limit, "x", 1, "1");
	g_assert_null(g_main_context_find_source_by_user_data(NULL, limit));
	log_limit_line(limit, "x", 1, "2");
	source = g_main_context_find_source_by_user_data(NULL, limit);
	g_assert_nonnull(source);
	f.now_ms += LOG_LIMIT_WINDOW_MS;
	g_source_set_ready_time(source, 0);
	g_main_context_iteration(NULL, FALSE);
	g_assert_cmpstr(last(&f), ==, "1 more lines of this kind in the last 60 s: x");
	g_assert_null(g_main_context_find_source_by_user_data(NULL, limit));
	log_limit_free(limit);
	end(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/log-limit/flood", test_flood);
	g_test_add_func("/log-limit/late-line", test_late_line);
	g_test_add_func("/log-limit/end", test_end);
	g_test_add_func("/log-limit/many-kinds", test_many_kinds);
	g_test_add_func("/log-limit/timer", test_timer);
	return g_test_run();
}
