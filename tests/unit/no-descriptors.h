/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <glib.h>
#include <sys/resource.h>

static struct rlimit no_descriptors_before;

/* no_descriptors_begin: the process can open nothing more: each call that needs a socket fails. */
static inline void
no_descriptors_begin(void)
{
	struct rlimit none;

	g_assert_cmpint(getrlimit(RLIMIT_NOFILE, &no_descriptors_before), ==, 0);
	none = no_descriptors_before;
	none.rlim_cur = 3;
	g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &none), ==, 0);
}

static inline void
no_descriptors_end(void)
{
	g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &no_descriptors_before), ==, 0);
}

/* A call that returns false (or NULL) and says why; @error is clear afterwards. */
#define assert_no_descriptor(call, error)                                                          \
	do {                                                                                           \
		g_assert_false(call);                                                                      \
		g_assert_nonnull(error);                                                                   \
		if (!strstr((error)->message, "Too many open files"))                                      \
			g_error("%s", (error)->message);                                                       \
		g_clear_error(&(error));                                                                   \
	} while (0)
