/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/* How the program with the window ends. */
enum {
	AUTH_WINDOW_ANSWERED = 0,
	AUTH_WINDOW_FAILED = 1, /* what is wrong it says on its standard error */
	AUTH_WINDOW_CANCELLED = 2,
	AUTH_WINDOW_NO_DISPLAY = 3,
};
